package exchange

import (
	"strings"
	"unicode/utf8"

	"sextant/internal/exam"
)

// Texts points to every Markdown text of a question, that of its case set first,
// then in the order in which they are read.
func Texts(q *exam.Question) []*string {
	var texts []*string
	if q.Stimulus != nil {
		texts = append(texts, &q.Stimulus.Text)
	}
	texts = append(texts, &q.Stem, &q.Ask)
	for i := range q.Options {
		texts = append(texts, &q.Options[i].Text, &q.Options[i].Rationale)
	}
	for i := range q.Prompts {
		texts = append(texts, &q.Prompts[i].Text, &q.Prompts[i].Rationale)
	}
	for i := range q.Statements {
		texts = append(texts, &q.Statements[i].Text, &q.Statements[i].Rationale)
	}
	return append(texts, &q.Explanation, &q.Replies.Right, &q.Replies.Partly, &q.Replies.Wrong, &q.Remember)
}

// MediaKeys lists the keys of the images that a question shows, each once.
func MediaKeys(q *exam.Question) []string {
	var keys []string
	seen := map[string]bool{}
	for _, text := range Texts(q) {
		ReplaceImages(*text, func(_, address string) string {
			if key, ok := strings.CutPrefix(address, MediaScheme); ok && !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
			return ""
		})
	}
	return keys
}

// cleanLines ends lines as Markdown does, with \n alone.
var cleanLines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// CleanText is the form in which texts are kept: valid UTF-8 without control
// characters, lines that end in \n, no blank lines around it and no blanks at its
// end. Blanks at its beginning stay: they may indent code.
func CleanText(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	text = cleanLines.Replace(text)
	if strings.IndexFunc(text, control) >= 0 {
		text = strings.Map(func(c rune) rune {
			if control(c) {
				return -1
			}
			return c
		}, text)
	}
	text = strings.TrimRight(text, " \t\n")
	for {
		line, rest, found := strings.Cut(text, "\n")
		if !found || strings.Trim(line, " \t") != "" {
			return text
		}
		text = rest
	}
}

// control reports characters that no text that is read has a use for.
func control(c rune) bool {
	return c < 0x20 && c != '\n' && c != '\t' || c >= 0x7F && c < 0xA0 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF
}
