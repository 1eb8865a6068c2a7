// Package aiken reads and writes Aiken, the plainest format for questions with
// one right answer: https://docs.moodle.org/en/Aiken_format.
package aiken

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
)

var (
	optionLine = regexp.MustCompile(`^([A-Z])[.)]\s*(.*)$`)
	answerLine = regexp.MustCompile(`^(?i:answer)\s*:\s*(.*)$`)
	oneLetter  = regexp.MustCompile(`^([A-Za-z])[.)]?$`)
)

// Read reads an Aiken file: a question on one line, an option on each of the
// following, then ANSWER: and a letter. A faulty question leaves those around it
// alone.
func Read(src exchange.Source, _ exchange.Beside) *exchange.Document {
	doc := &exchange.Document{Format: exchange.Aiken}
	text, note, err := exchange.Text(src.Data)
	if err != nil {
		doc.Fault(exchange.Place{File: src.Name}, err.Error(), "Save the file as UTF-8 text and import it again.")
		return doc
	}
	if note != "" {
		doc.Warn(exchange.Place{File: src.Name}, note, "Check accented letters in the questions; save the file as UTF-8 to be sure.")
	}
	r := &reader{doc: doc, file: src.Name}
	number := 0
	for line := range strings.Lines(text) {
		number++
		r.line(number, strings.TrimSpace(line))
	}
	r.unfinished()
	if number == 0 || len(doc.Questions)+len(doc.Problems) == 0 {
		doc.Fault(exchange.Place{File: src.Name}, "the file has no question in it", "Write a question on one line, its options on lines that begin with A) B) C), then a line such as ANSWER: B.")
	}
	return doc
}

type reader struct {
	doc  *exchange.Document
	file string

	place   exchange.Place
	stem    []string
	letters []string // as written, in order
	options []string
	blank   bool // the last line was blank
	faulty  bool // the question has been reported
}

func (r *reader) line(number int, line string) {
	blank := r.blank
	r.blank = line == ""
	if line == "" {
		return
	}
	if found := answerLine.FindStringSubmatch(line); found != nil {
		r.answer(number, found[1])
		return
	}
	if found := optionLine.FindStringSubmatch(line); found != nil && (len(r.stem) > 0 || r.faulty) {
		if len(r.options) > exam.MaxOptions {
			return // one more than are possible is enough to say so
		}
		r.letters, r.options = append(r.letters, found[1]), append(r.options, found[2])
		return
	}
	if len(r.options) > 0 || blank && len(r.stem) > 0 {
		r.unfinished()
	}
	if r.faulty && !blank {
		return // the rest of a question that was reported
	}
	r.faulty = false
	if len(r.stem) == 0 {
		r.place = exchange.Place{File: r.file, Line: number, Name: exchange.Shorten(line, 60)}
		if optionLine.MatchString(line) {
			r.fault(number, "an option stands before its question", "Write the question on the line before its first option.")
			return
		}
	}
	r.stem = append(r.stem, line)
}

// fault reports the question that is being read and leaves it out.
func (r *reader) fault(line int, message, remedy string) {
	place := r.place
	place.Line = line
	r.doc.Fault(place, message, remedy)
	r.reset()
	r.faulty = true
}

func (r *reader) reset() { r.stem, r.letters, r.options, r.faulty = nil, nil, nil, false }

// unfinished reports a question that another one, or the end of the file, cuts
// off.
func (r *reader) unfinished() {
	switch {
	case len(r.options) > 0:
		r.fault(r.place.Line, "the question has no ANSWER line", "Write a line such as ANSWER: B below its options.")
	case len(r.stem) > 0:
		r.fault(r.place.Line, "the question has no options", "Write each option on a line of its own that begins with a capital letter: A) or A.")
	}
	r.faulty = false
}

func (r *reader) answer(number int, given string) {
	defer func() { r.reset() }()
	if r.faulty {
		return
	}
	if len(r.stem) == 0 {
		r.place = exchange.Place{File: r.file}
		r.fault(number, "an ANSWER line without a question", "Write the question and its options above it.")
		return
	}
	if len(r.options) == 0 {
		r.unfinished()
		return
	}
	letter := oneLetter.FindStringSubmatch(strings.TrimSpace(given))
	if letter == nil {
		r.fault(number, fmt.Sprintf("the answer %q is not one letter", exchange.Shorten(given, 40)), "Name the one right option: ANSWER: B. Aiken has no questions with several right answers; GIFT has.")
		return
	}
	r.question(number, strings.ToUpper(letter[1]))
}

func (r *reader) question(number int, key string) {
	for i, letter := range r.letters {
		if want := string(exchange.Letter(i)); letter != want {
			r.fault(r.place.Line, fmt.Sprintf("option %s stands where %s is due", letter, want), "Letter the options A, B, C and so on, without a gap.")
			return
		}
	}
	q := &exam.Question{Type: exam.Single}
	for i, text := range r.options {
		q.Options = append(q.Options, exam.Option{Text: markup.FromPlain(text), Key: r.letters[i] == key})
	}
	if q.KeyCount() == 0 {
		r.fault(number, fmt.Sprintf("the answer is %s, but the last option is %s", key, r.letters[len(r.letters)-1]), "Name one of the question's options.")
		return
	}
	q.Stem, q.Ask = exchange.SplitText(markup.FromPlain(strings.Join(r.stem, " ")))
	if r.doc.Add(r.place, q) && len(r.stem) > 1 {
		r.doc.Warn(r.place, fmt.Sprintf("the question goes over %d lines; they were joined", len(r.stem)), "Write it on one line: other systems take the last line only.")
	}
}

// Write writes the single choices among questions as Aiken; Losses names the
// others and what these lose. It returns the writer's errors.
func Write(w io.Writer, questions []*exam.Question, _ map[string]exchange.Media) error {
	out := bufio.NewWriter(w)
	for _, q := range questions {
		if q.Type != exam.Single {
			continue
		}
		fmt.Fprintln(out, stemLine(exchange.FullText(q)))
		key := exam.OptionID("")
		for i, o := range q.Options {
			fmt.Fprintf(out, "%s) %s\n", exchange.Letter(i), oneLine(o.Text))
			if o.Key {
				key = exchange.Letter(i)
			}
		}
		fmt.Fprintf(out, "ANSWER: %s\n\n", key)
	}
	return out.Flush()
}

func oneLine(markdown string) string {
	return strings.Join(strings.Fields(markup.ToPlain(markdown)), " ")
}

// stemLine keeps a question's line from being taken for an option or an answer.
func stemLine(markdown string) string {
	line := oneLine(markdown)
	if optionLine.MatchString(line) || answerLine.MatchString(line) {
		return "– " + line
	}
	return line
}

// Losses lists what Write leaves out: all but the texts and the key of single
// choices.
func Losses(questions []*exam.Question) []exchange.Loss {
	var losses []exchange.Loss
	if len(questions) > 0 {
		losses = append(losses, exchange.Loss{What: "layout and images, explanations and reasons, titles, tags, categories and every other label: Aiken holds plain text and the right letter"})
	}
	for _, q := range questions {
		if q.Type != exam.Single {
			losses = append(losses, exchange.Loss{Question: q.ID, What: "the question: Aiken holds single choices only, and this is of the type " + strings.ToLower(q.Type.Label())})
		}
	}
	return losses
}
