// Package gift reads and writes Moodle's GIFT, the text format for questions
// that people type by hand: https://docs.moodle.org/en/GIFT_format.
//
// Texts are written in Markdown behind [markdown]; what Moodle's GIFT has no
// place for travels in comment lines, // sextant:KEY=VALUE, which Moodle passes
// over: the feedback of an ordering, replies to an answer as a whole, points,
// the author's order of the options. What Sextant knows of a question beyond
// that stands in tags (exchange.Labels).
package gift

import (
	"fmt"
	"regexp"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// Read reads a GIFT file. Images are looked for beside it.
func Read(src exchange.Source, beside exchange.Beside) *exchange.Document {
	doc := &exchange.Document{Format: exchange.GIFT}
	text, note, err := exchange.Text(src.Data)
	if err != nil {
		doc.Fault(exchange.Place{File: src.Name}, err.Error(), "Save the file as UTF-8 text and import it again.")
		return doc
	}
	if note != "" {
		doc.Warn(exchange.Place{File: src.Name}, note, "Check accented letters in the questions; save the file as UTF-8 to be sure.")
	}
	r := &reader{doc: doc, file: src.Name, beside: beside, cases: map[exam.StimulusID]*exam.Stimulus{}}
	blocks := split(text)
	for _, b := range blocks {
		r.caseText(b)
	}
	for _, b := range blocks {
		r.block(b)
	}
	if len(blocks) == 0 {
		doc.Fault(exchange.Place{File: src.Name}, "the file has no question in it", "Write questions as https://docs.moodle.org/en/GIFT_format shows.")
	}
	return doc
}

type reader struct {
	doc      *exchange.Document
	file     string
	beside   exchange.Beside
	category string
	cases    map[exam.StimulusID]*exam.Stimulus // the texts of our own case sets
}

// item is a block taken apart; its texts are hidden still.
type item struct {
	place    exchange.Place
	texts    *texts
	title    string
	stem     string
	format   format // the question text's, which the other texts share unless they name their own
	answered bool   // it has braces
	answers  string // what they hold, without the general feedback
	feedback string // the general feedback
	marks    marks
}

// block reads one block.
func (r *reader) block(b *block) {
	if path, ok := strings.CutPrefix(b.text, categoryOpens); ok {
		r.category = categoryPath(reveal.Replace(path))
		return
	}
	it, err := r.take(b)
	if err != nil {
		r.doc.Fault(it.place, err.Error(), "Give the question one { and one }, and write \\{ and \\} for braces in a text: program code, sets, TeX.")
		return
	}
	if !it.answered {
		if !r.isCaseText(it) {
			r.doc.Skip(it.place, "a text without a question: Moodle shows it between the questions")
		}
		return
	}
	if b.adjoined {
		r.doc.Warn(it.place, "no blank line stands before it; Moodle would run it into the question above", "Put a blank line between the two.")
	}
	if b.rejoined {
		r.doc.Warn(it.place, "a blank line stands between the braces; Moodle would refuse the question", "Take the blank line out.")
	}
	r.question(it)
}

var (
	categoryContext = regexp.MustCompile(`^\$[a-z0-9]+\$\s*(?:/|$)`)
	spacedSlash     = regexp.MustCompile(`[ \t]*(/+)[ \t]*`)
)

// categoryPath takes Moodle's context and its uppermost category off: what is
// left is the path that teachers see. A doubled slash belongs to a name.
func categoryPath(path string) string {
	path = strings.TrimSpace(categoryContext.ReplaceAllString(strings.TrimSpace(path), ""))
	path = spacedSlash.ReplaceAllStringFunc(path, func(slash string) string {
		if strings.Contains(slash, "//") {
			return slash
		}
		return "/"
	})
	if path == "top" {
		return ""
	}
	return strings.TrimSpace(strings.TrimPrefix(path, "top/"))
}

// take divides a block into name, text, answers and general feedback, as Moodle
// does: the first brace opens, the first one closes.
func (r *reader) take(b *block) (*item, error) {
	it := &item{
		place: exchange.Place{File: r.file, Line: b.line},
		texts: &texts{doc: r.doc, beside: r.beside},
		marks: readMarks(b.comments),
	}
	text := b.text
	if named, ok := strings.CutPrefix(text, "::"); ok {
		if title, rest, ok := strings.Cut(named, "::"); ok {
			it.title, text = strings.TrimSpace(reveal.Replace(wrapped.ReplaceAllString(title, " "))), strings.TrimSpace(rest)
		} else {
			text = named
		}
	}
	it.place.Name = exchange.Shorten(it.title, 60)
	defer func() {
		if it.title == "" {
			it.place.Name = exchange.Shorten(reveal.Replace(it.stem), 60)
		}
	}()
	it.stem, it.format = formatted(text, formatMoodle)
	opens, closes := strings.IndexByte(text, '{'), strings.IndexByte(text, '}')
	switch {
	case opens < 0 && closes < 0:
		return it, nil
	case opens < 0:
		return it, fmt.Errorf("the answers end with } without having begun with {")
	case closes < 0:
		return it, fmt.Errorf("the answers begin with { and don't end with }")
	case closes < opens:
		return it, fmt.Errorf("a } stands before the { that begins the answers")
	}
	it.answered = true
	it.answers = strings.TrimSpace(text[opens+1 : closes])
	before, after := text[:opens], text[closes+1:]
	if strings.IndexByte(it.answers, '{') >= 0 {
		return it, fmt.Errorf("a { stands within the answers")
	}
	if second := strings.IndexByte(after, '{'); second >= 0 && strings.IndexByte(after[second:], '}') >= 0 {
		return it, fmt.Errorf("there are two pairs of braces; a question has one")
	}
	if after != "" && verdict(it.answers) == "" {
		before += "_____" // a word to be filled in
	}
	it.stem, it.format = formatted(before+after, formatMoodle)
	if at := strings.LastIndex(it.answers, "####"); at >= 0 {
		it.answers, it.feedback = strings.TrimSpace(it.answers[:at]), it.answers[at+len("####"):]
	}
	return it, nil
}

// question reads the answers by the first sign of their type.
func (r *reader) question(it *item) {
	switch a := it.answers; {
	case a == "":
		r.doc.Skip(it.place, "an essay: it has no key to mark an answer by; ask for a choice instead")
	case strings.HasPrefix(a, "#"):
		r.doc.Skip(it.place, "a numerical question: Sextant has no numbers to type in; offer the value and likely mistakes as options")
	case strings.HasPrefix(a, ">"):
		r.ordering(it)
	case strings.Contains(a, "~"):
		r.choice(it)
	case strings.Contains(a, "=") && strings.Contains(a, "->"):
		r.matching(it)
	case verdict(a) != "":
		r.trueFalse(it)
	case strings.EqualFold(a, "true"), strings.EqualFold(a, "false"):
		r.doc.Skip(it.place, "a short answer: for a true/false question write TRUE or FALSE in capitals")
	default:
		r.doc.Skip(it.place, "a short answer: Sextant has no words to type in; offer the answer and likely mistakes as options, with = and ~")
	}
}

// begin starts a question with what all types share.
func (r *reader) begin(it *item, t exam.Type) (*exam.Question, exchange.Labelled) {
	q := &exam.Question{Type: t, Category: r.category, Points: it.marks.number("points"), FixedOrder: it.marks.has("fixed-order")}
	q.SourceID = it.marks.id
	if id, ok := it.marks.notes["source-id"]; ok {
		q.SourceID = id
	}
	labelled := exchange.TakeLabels(q, it.marks.tags)
	for i, tag := range q.Tags {
		q.Tags[i] = strings.TrimPrefix(tag, plainTag)
	}
	if q.Title = it.title; q.Title == string(q.ID) {
		q.Title = "" // our own writer's name for a question that has none
	}
	text := it.texts.markdown(it.stem, it.format)
	if labelled.Case != nil {
		text = r.inCase(it, q, labelled.Case, text)
	}
	q.Stem, q.Ask = splitAt(text, it.marks.count("ask-lines"))
	q.Replies = exam.Replies{Right: it.marks.notes["reply-right"], Partly: it.marks.notes["reply-partly"], Wrong: it.marks.notes["reply-wrong"]}
	return q, labelled
}

// splitAt is exchange.SplitText unless the file says how many lines the closing
// question has.
func splitAt(text string, askLines int) (stem, ask string) {
	lines := strings.Split(text, "\n")
	if askLines <= 0 || askLines > len(lines) {
		return exchange.SplitText(text)
	}
	cut := len(lines) - askLines
	return strings.TrimRight(strings.Join(lines[:cut], "\n"), "\n"), strings.Join(lines[cut:], "\n")
}

// finish adds the general feedback and takes the question in.
func (r *reader) finish(it *item, q *exam.Question) {
	feedback := it.texts.markdown(it.feedback, it.format)
	if kept, ok := it.marks.notes["feedback"]; ok && feedback == "" {
		feedback = it.texts.images(kept)
	}
	exchange.Settle(q) // reasons name options by their letters
	exchange.TakeExplainedParts(q, feedback)
	if !r.doc.Add(it.place, q) {
		return
	}
	for _, lost := range it.texts.lost {
		r.doc.Warn(it.place, lost, "Put it into the question by hand if it matters.")
	}
}

// caseText keeps a description that carries the label of a case set as the
// set's text.
func (r *reader) caseText(b *block) {
	if strings.HasPrefix(b.text, categoryOpens) {
		return
	}
	marks := readMarks(b.comments)
	if len(marks.tags) == 0 {
		return
	}
	found := exchange.TakeLabels(&exam.Question{}, marks.tags).Case
	if found == nil || found.ID == "" {
		return
	}
	it, err := r.take(b)
	if err != nil || it.answered {
		return
	}
	found.Text = it.texts.markdown(it.stem, it.format)
	if found.Text != "" {
		r.cases[found.ID] = found
	}
}

func (r *reader) isCaseText(it *item) bool {
	found := exchange.TakeLabels(&exam.Question{}, it.marks.tags).Case
	return found != nil && r.cases[found.ID] != nil
}

// inCase gives a question the case set it is labelled with and returns its own
// text, without the set's.
func (r *reader) inCase(it *item, q *exam.Question, label *exam.Stimulus, text string) string {
	set := r.cases[label.ID]
	if set == nil {
		r.doc.Warn(it.place, fmt.Sprintf("the text of its case set %s isn't in the file; the question came in on its own", label.ID),
			"Export the whole set, with the description that opens it.")
		return text
	}
	own, ok := strings.CutPrefix(text, strings.TrimSpace(set.Text)+"\n\n")
	if !ok {
		r.doc.Warn(it.place, fmt.Sprintf("it doesn't begin with the text of its case set %s; it came in on its own", label.ID),
			"Make the text of the description and of the question's beginning the same.")
		return text
	}
	q.Stimulus = set
	return own
}
