package moodlexml

import (
	"fmt"
	"slices"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// item is one question on its way in.
type item struct {
	*reader
	node   *xmltree.Node
	where  exchange.Place
	kind   string
	format format // of the question's text, which others have too unless they say
	tags   []string
	own    bool // Sextant wrote it: some of the tags are its labels

	lost     []string // what its texts held that isn't kept
	files    map[reference]*xmltree.Node
	attached map[reference]string
}

// ownTag begins the tags that Sextant writes.
const ownTag = "sextant:"

// orderTag says in which order the author gave the options of an ordering or a
// matching, where Moodle keeps another.
const orderTag = ownTag + "order="

func (it *item) fault(message, remedy string) { it.doc.Fault(it.where, message, remedy) }

// What Sextant alone reads of a question it wrote: ownElement, and in it that its
// texts are in our Markdown rather than Moodle's, the number of lines that its ask
// has, that its options aren't shuffled, an id that is too long for Moodle, and
// the Markdown of a matching's options by letter.
const (
	ownElement = "sextant"
	verbatim   = "verbatim"
	askLines   = "ask-lines"
	fixedOrder = "fixed-order"
	longID     = "source-id"
	rightText  = "right"
)

// tagsOf are a question's tags, those of its course behind them.
func tagsOf(n *xmltree.Node) []string {
	var tags []string
	seen := map[string]bool{}
	for _, list := range []string{"tags", "coursetags"} {
		for _, t := range n.Child(list).All("tag") {
			if text := plainText(t); text != "" && !seen[text] {
				seen[text] = true
				tags = append(tags, text)
			}
		}
	}
	return tags
}

// finish completes a question and hands it over.
func (it *item) finish(q *exam.Question) {
	it.complete(q)
	it.doc.Add(it.where, q)
}

// reject completes a question that can't be asked as it is, for whoever mends it.
func (it *item) reject(q *exam.Question, message, remedy string) {
	it.complete(q)
	it.fault(message, remedy)
	q.File, q.Line = it.where.File, it.where.Line
	exchange.Settle(q)
	it.doc.Broken = append(it.doc.Broken, q)
}

// complete gives a question whose type and parts are known all that every type
// has.
func (it *item) complete(q *exam.Question) {
	tags := slices.DeleteFunc(it.tags, func(t string) bool {
		order, ok := strings.CutPrefix(t, orderTag)
		return ok && restoreOrder(q, order)
	})
	it.layOut(q)
	labelled := exchange.TakeLabels(q, tags)
	it.header(q)
	if labelled.YesNo {
		becomeYesNo(q)
	}
	q.OneToOne = q.OneToOne || labelled.OneToOne && q.Type == exam.Matching && eachMatchedOnce(q)
	if q.Choose > 0 && (q.Type != exam.Multiple || q.Choose != q.KeyCount()) {
		it.doc.Warn(it.where, fmt.Sprintf("its tag asks for %d options, which the key no longer agrees with; learners are told to choose all that apply", q.Choose), "Say in the text how many to choose if that matters.")
		q.Choose = 0
	}
	exchange.TakeExplainedParts(q, it.text(it.node.Child("generalfeedback")))
	it.hints(q)
	it.caseSet(q, labelled.Case)
	if q.Title == fallbackName(q) {
		q.Title = ""
	}
	it.tellLost()
}

func (it *item) header(q *exam.Question) {
	ours := it.node.Child(ownElement)
	q.FixedOrder = q.FixedOrder || ours.Child(fixedOrder) != nil
	q.Title = plainText(it.node.Child("name"))
	q.Category = it.category
	if q.SourceID = plainText(it.node.Child("idnumber")); q.SourceID == "" {
		q.SourceID = plainText(ours.Child(longID))
	}
	if points, ok := number(plainText(it.node.Child("defaultgrade"))); ok && points > 0 {
		q.Points = points
	}
	if q.Ask == "" {
		q.Stem, q.Ask = it.split(it.questionText())
	}
	if q.Ask == "" && q.Title != "" {
		q.Ask = markup.FromPlain(q.Title)
		it.doc.Warn(it.where, "the question has no text; its name was taken for it", "Write the question's text.")
	}
	q.Replies = exam.Replies{
		Right:  it.text(it.node.Child("correctfeedback")),
		Partly: it.text(it.node.Child("partiallycorrectfeedback")),
		Wrong:  it.text(it.node.Child("incorrectfeedback")),
	}
	if truth(it.node.Child("hidden"), false) {
		it.doc.Warn(it.where, "is hidden in Moodle: an old or deleted question", "Leave it out if it is no longer meant to be asked.")
	}
}

// questionText is the question's text with the image that very old files hold
// beside it.
func (it *item) questionText() string {
	text := it.text(it.node.Child("questiontext"))
	data, name := it.node.Child("image_base64").Content(), plainText(it.node.Child("image"))
	if name == "" || strings.TrimSpace(data) == "" {
		return text
	}
	decoded, ok := decodeBase64(data)
	if !ok {
		it.doc.Warn(it.where, "the image "+name+" is damaged", "Export the question again.")
		return text
	}
	key, err := it.doc.AddMedia(name, decoded)
	if err != nil {
		it.doc.Warn(it.where, err.Error(), "Attach another image to the question.")
		return text
	}
	return "![](" + exchange.MediaScheme + key + ")\n\n" + text
}

// hints puts the hints that Moodle shows between tries behind the explanation.
func (it *item) hints(q *exam.Question) {
	var hints []string
	for _, n := range it.node.All("hint") {
		if old := n.Child("hintcontent"); old != nil {
			n = old
		}
		hints = append(hints, it.text(n))
	}
	q.Explanation = exchange.AddHints(q.Explanation, hints)
}

// caseSet takes the text of the case set off the question's own, where a
// description before it holds that text.
func (it *item) caseSet(q *exam.Question, labelled *exam.Stimulus) {
	if labelled == nil || labelled.ID == "" {
		return
	}
	known := it.stimuli[labelled.ID]
	if known == nil {
		it.doc.Warn(it.where, fmt.Sprintf("belongs to the case set %s, whose text isn't in the file", labelled.ID), "Export the description of the case set with its questions; until then the question stands alone.")
		return
	}
	rest, ok := strings.CutPrefix(exchange.JoinText(q.Stem, q.Ask), strings.TrimLeft(known.Text+"\n\n", "\n"))
	if !ok {
		it.doc.Warn(it.where, fmt.Sprintf("belongs to the case set %s but doesn't begin with its text", labelled.ID), "Give the description and the question the same text; until then the question stands alone.")
		return
	}
	q.Stimulus = known
	q.Stem, q.Ask = it.split(rest)
}

// split divides a text into scenario and question: where Sextant says how many
// lines the question has, there.
func (it *item) split(text string) (stem, ask string) {
	if n, ok := number(plainText(it.node.Child(ownElement).Child(askLines))); ok && n >= 1 {
		lines := strings.Split(text, "\n")
		if at := len(lines) - int(min(n, 1e6)); at >= 0 {
			return strings.TrimSpace(strings.Join(lines[:at], "\n")), strings.TrimSpace(strings.Join(lines[at:], "\n"))
		}
	}
	return exchange.SplitText(text)
}

// layOut gives the options of a matching the Markdown that Sextant wrote beside
// their plain text, unless that text was changed since.
func (it *item) layOut(q *exam.Question) {
	if q.Type != exam.Matching {
		return
	}
	markdowns := map[string]string{}
	for _, n := range it.node.Child(ownElement).All(rightText) {
		markdowns[n.Attr("letter")] = it.convert(source(n), markdown, n)
	}
	for i, o := range q.Options {
		text := markdowns[string(exchange.Letter(i))]
		if text != "" && (o.Text == markup.FromPlain(plainRight(text)) || o.Text == markup.FromPlain(text)) {
			q.Options[i].Text = text
		}
	}
}

// description takes the text of a case set; a description of anything else asks
// nothing.
func (it *item) description() {
	labelled := exchange.TakeLabels(&exam.Question{}, it.tags).Case
	if labelled == nil || labelled.ID == "" {
		it.doc.Skip(it.where, "a description asks nothing; if questions need its text, write it into them")
		return
	}
	labelled.Text = it.text(it.node.Child("questiontext"))
	it.stimuli[labelled.ID] = labelled
	it.tellLost()
}

// restoreOrder brings the options into the order of the letters, in which each
// stands for the option's place in the file.
func restoreOrder(q *exam.Question, letters string) bool {
	options := make([]exam.Option, 0, len(q.Options))
	seen := map[rune]bool{}
	for _, r := range letters {
		i := int(r - 'A')
		if i < 0 || i >= len(q.Options) || seen[r] {
			return false
		}
		seen[r] = true
		options = append(options, q.Options[i])
	}
	if len(options) != len(q.Options) {
		return false
	}
	q.Options = options
	return true
}

// becomeYesNo makes a yes/no series of a matching whose options are Yes and No.
func becomeYesNo(q *exam.Question) {
	verdict := map[exam.OptionID]string{}
	for _, o := range q.Options {
		verdict[o.ID] = o.Text
	}
	for _, p := range q.Prompts {
		if v := verdict[p.Match]; v != yes && v != no {
			return
		}
	}
	q.Type = exam.YesNo
	for _, p := range q.Prompts {
		q.Statements = append(q.Statements, exam.Statement{Text: p.Text, Yes: verdict[p.Match] == yes, Rationale: p.Rationale})
	}
	q.Options, q.Prompts = nil, nil
}

// The right-hand sides of a yes/no series.
const yes, no = "Yes", "No"

func eachMatchedOnce(q *exam.Question) bool {
	used := map[exam.OptionID]bool{}
	for _, p := range q.Prompts {
		if used[p.Match] {
			return false
		}
		used[p.Match] = true
	}
	return len(q.Prompts) <= len(q.Options)
}

// fallbackName is what a question without a title is called in Moodle, where
// every question has a name.
func fallbackName(q *exam.Question) string {
	if q.ID != "" {
		return string(q.ID)
	}
	beginning := strings.ToValidUTF8(q.Ask[:min(len(q.Ask), 500)], "")
	return exchange.Shorten(markup.ToPlain(beginning), 60)
}
