// Package aiken reads and writes Aiken, the plainest format for questions with
// one right answer: https://docs.moodle.org/en/Aiken_format.
package aiken

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
)

var (
	optionLine = regexp.MustCompile(`^(?:\(([A-Za-z])\)|([A-Z])[.)]|([a-z])[.)](?:\s|$))\s*(.*)$`)
	answerLine = regexp.MustCompile(`^(?i:(?:correct\s+)?answers?)\s*:\s*(.*)$`)
	reasonLine = regexp.MustCompile(`^(?i:explanation|feedback|rationale)\s*:\s*(.*)$`)
	oneLetter  = regexp.MustCompile(`^\(?([A-Za-z])[.)]?$`)
	letterText = regexp.MustCompile(`^\(?([A-Za-z])[.)]\s*(.+)$`)
	letterList = regexp.MustCompile(`^[A-Z](?:\s*(?:,|;|/|&|\band\b|\s)?\s*[A-Z])+$`)
	oneCapital = regexp.MustCompile(`[A-Z]`)
)

// Read reads an Aiken file: a question on one line, an option on each of the
// following, then ANSWER: and a letter. A faulty question leaves those around it
// alone. What people write besides, and other systems refuse, is read where it is
// plain: small letters, (A), texts of several lines, ANSWER: A, C, and a line
// EXPLANATION: below the answer.
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

// maxWrapped is how many lines one option may go over.
const maxWrapped = 100

type reader struct {
	doc  *exchange.Document
	file string

	place     exchange.Place
	stem      []string
	letters   []string // as written, in order, in capitals
	options   []string
	wrapped   []string       // lines below the last option: more of it, or the question after one without an answer
	wrappedAt int            // the line of the first of them
	joined    bool           // an option goes over several lines
	small     bool           // an option has a small letter
	blank     bool           // the last line was blank
	faulty    bool           // the question has been reported
	answered  *exam.Question // the last line belongs to what follows its answer
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
	if r.explanation(line, blank) {
		return
	}
	if letter, text, ok := r.isOption(line); ok {
		r.option(letter, text)
		return
	}
	if len(r.options) > 0 && !blank && len(r.wrapped) < maxWrapped {
		if len(r.wrapped) == 0 {
			r.wrappedAt = number
		}
		r.wrapped = append(r.wrapped, line)
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
		r.begin(number, line)
		if optionLine.MatchString(line) {
			r.fault(number, "an option stands before its question", "Write the question on the line before its first option.")
			return
		}
	}
	r.stem = append(r.stem, line)
}

func (r *reader) begin(number int, line string) {
	r.place = exchange.Place{File: r.file, Line: number, Name: exchange.Shorten(line, 60)}
}

// explanation takes a line below an answer that says why.
func (r *reader) explanation(line string, blank bool) bool {
	if r.answered == nil {
		return false
	}
	if found := reasonLine.FindStringSubmatch(line); found != nil && r.answered.Explanation == "" {
		r.answered.Explanation = markup.FromPlain(found[1])
		return true
	}
	if r.answered.Explanation == "" || blank {
		r.answered = nil
		return false
	}
	r.answered.Explanation = strings.TrimSpace(r.answered.Explanation + " " + markup.FromPlain(line))
	return true
}

// isOption reads the letter and the text of an option. Small letters and those in
// round brackets also begin lines of a text: they count where they are due.
func (r *reader) isOption(line string) (letter, text string, ok bool) {
	found := optionLine.FindStringSubmatch(line)
	if found == nil || len(r.stem) == 0 && !r.faulty {
		return "", "", false
	}
	letter = strings.ToUpper(found[1] + found[2] + found[3])
	if found[2] == "" && letter != string(exchange.Letter(len(r.letters))) {
		return "", "", false
	}
	r.small = r.small || found[3] != ""
	return letter, found[4], true
}

func (r *reader) option(letter, text string) {
	if len(r.options) > exam.MaxOptions {
		return // one more than are possible is enough to say so
	}
	if letter == "A" && len(r.wrapped) > 0 {
		stem, at := r.wrapped, r.wrappedAt
		r.unfinished()
		r.begin(at, stem[0])
		r.stem = stem
	}
	r.unwrap()
	r.letters, r.options = append(r.letters, letter), append(r.options, text)
}

// unwrap joins the lines below the last option to it.
func (r *reader) unwrap() {
	if len(r.wrapped) == 0 {
		return
	}
	last := len(r.options) - 1
	r.options[last] = strings.TrimSpace(r.options[last] + " " + strings.Join(r.wrapped, " "))
	r.wrapped, r.joined = nil, true
}

// fault reports the question that is being read and leaves it out.
func (r *reader) fault(line int, message, remedy string) {
	place := r.place
	place.Line = line
	r.doc.Fault(place, message, remedy)
	r.reset()
	r.faulty = true
}

func (r *reader) reset() {
	r.stem, r.letters, r.options, r.wrapped, r.joined, r.small, r.faulty, r.answered = nil, nil, nil, nil, false, false, false, nil
}

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
	var q *exam.Question
	defer func() { r.reset(); r.answered = q }()
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
	r.unwrap()
	keys := r.keys(strings.TrimSpace(given))
	if len(keys) == 0 {
		r.fault(number, fmt.Sprintf("the answer %q is not one letter", exchange.Shorten(given, 40)), "Name the one right option: ANSWER: B; several as in ANSWER: A, C.")
		return
	}
	q = r.question(number, keys)
}

// keys are the letters that an ANSWER line names; nil where it names none.
func (r *reader) keys(given string) []string {
	if found := oneLetter.FindStringSubmatch(given); found != nil {
		return []string{strings.ToUpper(found[1])}
	}
	if found := letterText.FindStringSubmatch(given); found != nil {
		letter := strings.ToUpper(found[1])
		if at := slices.Index(r.letters, letter); at >= 0 && strings.HasPrefix(r.options[at], strings.TrimRight(found[2], ".… ")) {
			return []string{letter}
		}
	}
	if !letterList.MatchString(given) {
		return nil
	}
	letters := oneCapital.FindAllString(given, -1)
	for i, letter := range letters {
		if !slices.Contains(r.letters, letter) || i > 0 && letter <= letters[i-1] {
			return nil // a word, not a list
		}
	}
	return letters
}

// question takes a question in; nil where it can't be asked.
func (r *reader) question(number int, keys []string) *exam.Question {
	for i, letter := range r.letters {
		if want := string(exchange.Letter(i)); letter != want {
			r.fault(r.place.Line, fmt.Sprintf("option %s stands where %s is due", letter, want), "Letter the options A, B, C and so on, without a gap.")
			return nil
		}
	}
	q := &exam.Question{Type: exam.Single}
	for i, text := range r.options {
		q.Options = append(q.Options, exam.Option{Text: markup.FromPlain(text), Key: slices.Contains(keys, r.letters[i])})
	}
	if q.KeyCount() == 0 {
		r.fault(number, fmt.Sprintf("the answer is %s, but the last option is %s", keys[0], r.letters[len(r.letters)-1]), "Name one of the question's options.")
		return nil
	}
	if len(keys) > 1 {
		q.Type = exam.Multiple
	}
	q.Stem, q.Ask = exchange.SplitText(markup.FromPlain(strings.Join(r.stem, " ")))
	if !r.doc.Add(r.place, q) {
		return nil
	}
	r.warn(keys)
	return q
}

// warn tells what of a question that came in other systems would refuse.
func (r *reader) warn(keys []string) {
	if r.small {
		r.doc.Warn(r.place, "its options have small letters", "Write capitals, A) or A.: other systems refuse small ones.")
	}
	if len(keys) > 1 {
		r.doc.Warn(r.place, fmt.Sprintf("%d options are named as right; all of them are to be chosen here", len(keys)), "Other systems refuse this in Aiken; GIFT has questions with several right answers.")
	}
	if len(r.stem) > 1 {
		r.doc.Warn(r.place, fmt.Sprintf("the question goes over %d lines; they were joined", len(r.stem)), "Write it on one line: other systems take the last line only.")
	}
	if r.joined {
		r.doc.Warn(r.place, "an option goes over several lines; they were joined", "Write each option on one line: other systems take the first line only.")
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
	if optionLine.MatchString(line) || answerLine.MatchString(line) || reasonLine.MatchString(line) {
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
