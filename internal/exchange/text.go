package exchange

import (
	"regexp"
	"strings"

	"sextant/internal/exam"
)

// SplitText divides a question's text as another system gives it into the
// scenario and the one question it closes on: the last paragraph, unless that
// is a table, a list, code, a figure or a quotation. JoinText is its inverse.
func SplitText(markdown string) (stem, ask string) {
	markdown = strings.TrimSpace(markdown)
	cut := lastBreak(markdown)
	if cut < 0 {
		return "", markdown
	}
	stem, ask = strings.TrimSpace(markdown[:cut]), strings.TrimSpace(markdown[cut:])
	if !prose(ask) {
		return "", markdown
	}
	return stem, ask
}

// JoinText is a question's text as one: the scenario, a blank line, the question.
func JoinText(stem, ask string) string {
	return strings.TrimSpace(strings.TrimSpace(stem) + "\n\n" + strings.TrimSpace(ask))
}

// FullText is a question's text with that of its case set in front, for formats
// in which every question stands alone.
func FullText(q *exam.Question) string {
	text := JoinText(q.Stem, q.Ask)
	if q.Stimulus == nil {
		return text
	}
	return JoinText(q.Stimulus.Text, text)
}

var fence = regexp.MustCompile("^ {0,3}(```|~~~)")

// lastBreak is where the last blank line outside fenced code ends, or −1.
func lastBreak(markdown string) int {
	at, last, fenced := 0, -1, false
	for line := range strings.Lines(markdown) {
		if fence.MatchString(line) {
			fenced = !fenced
		}
		at += len(line)
		if !fenced && strings.TrimSpace(line) == "" {
			last = at
		}
	}
	return last
}

var notProse = regexp.MustCompile("^( {4}|\t| {0,3}(```|~~~|[-*+] |\\d{1,9}[.)] |>|#{1,6} |\\||!\\[))")

// prose reports whether a paragraph is a sentence rather than a figure.
func prose(paragraph string) bool {
	return paragraph != "" && !notProse.MatchString(paragraph) && !strings.Contains(paragraph, "\n|") && !strings.Contains(paragraph, "\n```")
}
