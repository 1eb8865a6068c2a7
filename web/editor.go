package web

import (
	"strconv"
	"strings"

	"sextant/internal/page"
)

// rationaleLabel says what an option's reason has to do.
func rationaleLabel(kind string, o page.OptionForm) string {
	switch {
	case kind != "single" && kind != "multiple":
		return "A note on it"
	case o.Key:
		return "Why it is right"
	}
	return "Which stated constraint rules it out"
}

// maxShort is how much of an option's text a list of choices shows, in characters.
const maxShort = 60

// shortened is the beginning of a text on one line.
func shortened(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= maxShort {
		return string(runes)
	}
	return string(runes[:maxShort]) + "…"
}

// remarkID is the id of the element that holds the remarks on a field.
func remarkID(field string) string {
	return "on-" + strings.Trim(strings.NewReplacer("[", "-", "]", "", ".", "-", "_", "-").Replace(strings.ToLower(field)), "-")
}

func fieldCount(n int) string {
	if n == 1 {
		return "1 field"
	}
	return strconv.Itoa(n) + " fields"
}

// reviewsLabel names the queue of reviews in the navigation, with what waits in it.
func reviewsLabel(waiting int) string {
	if waiting == 0 {
		return "Reviews"
	}
	return "Reviews (" + strconv.Itoa(waiting) + ")"
}
