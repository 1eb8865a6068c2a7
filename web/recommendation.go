package web

import (
	"strings"

	"sextant/internal/page"
)

// Labels stand over the middle of what they name as long as that is not so far to
// the right that they would be cut off.
const labelTurns = 70

func labelAt(e page.SequenceEvent) float64 {
	if e.Start > labelTurns {
		return e.End
	}
	return e.Start
}

func labelAnchor(e page.SequenceEvent) string {
	if e.Start > labelTurns {
		return "end"
	}
	return "start"
}

// chosenValues names what is chosen of a question, for its folded state.
func chosenValues(f page.Factor) string {
	var names []string
	for _, v := range f.Values {
		if v.Chosen {
			names = append(names, v.Label)
		}
	}
	return strings.Join(names, "; ")
}

func chosenExams(held []page.ExamChoice) string {
	var names []string
	for _, e := range held {
		if e.Chosen {
			names = append(names, e.Code)
		}
	}
	return strings.Join(names, ", ")
}
