package bank

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sextant/internal/exam"
)

// standard is what is held against a file besides what makes its questions
// impossible to ask.
type standard struct {
	naming Severity // a file whose name is not its id; "" where files have no such names
	gaps   Severity // what a question lacks to measure and to teach
	// The most options, and prompts or statements, that a question may have.
	options, pairs int
}

var (
	// builtIn is what the program ships with: every question measures and teaches,
	// and none is longer than exams make them.
	builtIn = standard{naming: Error, gaps: Error, options: 12, pairs: 10}
	// uploaded leaves it to an author how far questions go.
	uploaded = standard{naming: Advice, gaps: Advice, options: exam.MaxOptions, pairs: exam.MaxPairs}
	// inList is uploaded for the entries of a list.
	inList = standard{gaps: Advice, options: exam.MaxOptions, pairs: exam.MaxPairs}
)

// beyond lists where a question goes beyond the standard's bounds, though not
// beyond those that Validate knows.
func (s standard) beyond(q *exam.Question) []exam.Problem {
	var problems []exam.Problem
	check := func(n, most, limit int, field string) {
		if n > most && n <= limit {
			problems = append(problems, exam.Problem{Field: field, Message: fmt.Sprintf("the built-in bank has at most %d; this has %d", most, n)})
		}
	}
	check(len(q.Options), s.options, exam.MaxOptions, "options")
	check(len(q.Prompts), s.pairs, exam.MaxPairs, "prompts")
	check(len(q.Statements), s.pairs, exam.MaxPairs, "statements")
	return problems
}

// mediaImage is an image that a question brings along, ![alt](media:KEY).
var mediaImage = regexp.MustCompile(`!\[[^\]]*\]\(\s*<?media:([^)>\s]*)`)

func mediaImages(text string) [][]string {
	if !strings.Contains(text, "media:") {
		return nil // most texts, and much faster
	}
	return mediaImage.FindAllStringSubmatch(text, -1)
}

// MediaKeys lists the keys of the images that a question shows, each once, in the
// order of its texts.
func MediaKeys(q *exam.Question) []string {
	var keys []string
	eachText(q, func(_ string, text string) {
		for _, m := range mediaImages(text) {
			if !slices.Contains(keys, m[1]) {
				keys = append(keys, m[1])
			}
		}
	})
	return keys
}

// missingMedia names the images that a question shows and that are not there.
func missingMedia(q *exam.Question, there func(key string) bool) []exam.Problem {
	var problems []exam.Problem
	eachText(q, func(field, text string) {
		for _, m := range mediaImages(text) {
			if there == nil || !there(m[1]) {
				problems = append(problems, exam.Problem{Field: field, Message: fmt.Sprintf("there is no image %q with the file; give it along, or describe in words what it shows", shorten(m[1], 80))})
				return
			}
		}
	})
	return problems
}

// eachText calls visit for every Markdown text of a question, with its field.
func eachText(q *exam.Question, visit func(field, text string)) {
	if q.Stimulus != nil {
		visit("stimulus.text", q.Stimulus.Text)
	}
	visit("stem", q.Stem)
	visit("ask", q.Ask)
	for i, o := range q.Options {
		visit(fmt.Sprintf("options[%d].text", i), o.Text)
		visit(fmt.Sprintf("options[%d].rationale", i), o.Rationale)
	}
	for i, p := range q.Prompts {
		visit(fmt.Sprintf("prompts[%d].text", i), p.Text)
		visit(fmt.Sprintf("prompts[%d].rationale", i), p.Rationale)
	}
	for i, s := range q.Statements {
		visit(fmt.Sprintf("statements[%d].text", i), s.Text)
		visit(fmt.Sprintf("statements[%d].rationale", i), s.Rationale)
	}
	visit("explanation", q.Explanation)
	visit("replies.right", q.Replies.Right)
	visit("replies.partly", q.Replies.Partly)
	visit("replies.wrong", q.Replies.Wrong)
	visit("remember", q.Remember)
}
