package web

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }

// dash stands for what there is none of.
func dash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// heatLevel is the class of a shade.
func heatLevel(level int) string { return "heat-" + strconv.Itoa(level) }
