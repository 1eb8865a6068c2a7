package web

import (
	"strings"

	"sextant/internal/page"
)

// The weights at which a bar is full: no domain and no skill of an exam weighs more.
const (
	fullWeight = 60
	fullSkill  = 45
)

// weightPlace is how far the bar of a domain reaches, in percent of its place.
func weightPlace(percent float64) float64 { return min(100*percent/fullWeight, 100) }

// skillPlace is how far the bar of a skill reaches, in percent of its place.
func skillPlace(percent float64) float64 { return min(100*percent/fullSkill, 100) }

// sentenceList joins parts of a sentence with commas and "and".
func sentenceList(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// monthTick is where the mark of a month begins, from the top.
func monthTick(m page.AxisMonth) string {
	if m.Label != "" {
		return "28"
	}
	return "34"
}

// commonless says why a row of domains has nothing in common: it is one exam's own, or
// what the exams share lies in no skill that all of them name.
func commonless(r page.CompareDomains) string {
	filled := 0
	for _, c := range r.Cells {
		if c.Name != "" {
			filled++
		}
	}
	if filled > 1 {
		return "alike in pairs"
	}
	return "no counterpart"
}

// citedWords says what a source is, how it stands to the vendor and how old it is.
func citedWords(s page.CitedSource) string {
	var parts []string
	for _, part := range []string{s.What, s.Kind, s.AsOf} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "; ")
}
