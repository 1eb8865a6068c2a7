package moodlexml

import (
	"fmt"
	htmlpkg "html"
	"regexp"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// answer is an option as Moodle has it.
type answer struct {
	text, feedback string
	fraction       float64 // percent of the mark
	line           int
}

// answers are the options that have a text or earn something: the form in which
// teachers write leaves empty ones behind. It reports a fraction that isn't one.
func (it *item) answers() (list []answer, ok bool) {
	for i, n := range it.node.All("answer") {
		a := answer{text: it.answerText(n), feedback: it.text(n.Child("feedback")), line: n.Line}
		given := n.Attr("fraction")
		fraction, isNumber := number(given)
		if given != "" && (!isNumber || fraction < -100.001 || fraction > 100.001) {
			it.where.Line = n.Line
			it.fault(fmt.Sprintf("the fraction %q of answer %d is no percentage", exchange.Shorten(given, 20), i+1), "Write a number from −100 to 100, as in fraction=\"33.33333\".")
			return nil, false
		}
		a.fraction = fraction
		if a.text != "" || a.fraction != 0 {
			list = append(list, a)
		}
	}
	return list, true
}

// answerText is an option's text. One that holds nothing but tags of HTML is about
// them, as in "which tag begins a table row?".
func (it *item) answerText(n *xmltree.Node) string {
	text := it.text(n)
	if given := strings.TrimSpace(source(n)); text == "" && bareTag.MatchString(given) {
		return markup.FromPlain(given)
	}
	return text
}

// bareTag is a tag alone, but for those that editors leave in an empty field.
var bareTag = regexp.MustCompile(`^</?(?:a|b|body|br|button|em|form|h[1-6]|head|heading|hr|html|i|input|label|li|link|main|meta|nav|ol|option|script|section|select|small|strong|style|table|td|textarea|th|title|tr|u|ul)\s*/?>$`)

func (it *item) choices() {
	list, ok := it.answers()
	if !ok {
		return
	}
	q := &exam.Question{Type: exam.Multiple, FixedOrder: !truth(it.node.Child("shuffleanswers"), false)}
	if truth(it.node.Child("single"), true) {
		q.Type = exam.Single
	}
	for i, a := range list {
		q.Options = append(q.Options, exam.Option{ID: exchange.Letter(i), Text: a.text, Rationale: a.feedback, Weight: a.fraction, Key: a.fraction > 0 && q.Type == exam.Multiple})
	}
	if q.Type == exam.Single && !it.bestIsKey(q) {
		return
	}
	if q.Type == exam.Multiple && q.KeyCount() == 0 {
		it.reject(q, "no answer earns anything", "Give the right answers a fraction above 0.")
		return
	}
	it.finish(q)
}

// bestIsKey marks the one option that earns most as the key.
func (it *item) bestIsKey(q *exam.Question) bool {
	best, ties := -1, 0
	for i, o := range q.Options {
		switch {
		case best < 0 || o.Weight > q.Options[best].Weight:
			best, ties = i, 1
		case o.Weight == q.Options[best].Weight:
			ties++
		}
	}
	switch {
	case best < 0 || q.Options[best].Weight <= 0:
		it.reject(q, "no answer earns anything", "Give the right answer the fraction 100.")
		return false
	case ties > 1:
		it.doc.Skip(it.where, "a single choice with %d answers that are equally right; leave one of them, or make it a multiple response", ties)
		return false
	}
	q.Options[best].Key = true
	if w := q.Options[best].Weight; w < 99.999 {
		it.doc.Warn(it.where, fmt.Sprintf("no answer earns the whole mark; the best, with %s%%, was taken as the key", strconv.FormatFloat(w, 'f', -1, 64)), "Give the right answer the fraction 100.")
	}
	return true
}

// choiceSet reads the all-or-nothing types of plugins: a fraction above 0 marks a
// key and means no share.
func (it *item) choiceSet() {
	list, ok := it.answers()
	if !ok {
		return
	}
	q := &exam.Question{Type: exam.Multiple, FixedOrder: !truth(it.node.Child("shuffleanswers"), it.kind == "oumultiresponse")}
	for i, a := range list {
		q.Options = append(q.Options, exam.Option{ID: exchange.Letter(i), Text: a.text, Rationale: a.feedback, Key: a.fraction > 0})
	}
	if q.KeyCount() == 0 {
		it.reject(q, "no answer is marked as right", "Give the right answers the fraction 100.")
		return
	}
	it.finish(q)
}

// trueFalse goes by the words true and false, and where a file has them in
// another language by their order, as Moodle does.
func (it *item) trueFalse() {
	var worth [2]float64 // of true, of false
	var feedback [2]string
	given := it.node.All("answer")
	for i, n := range given {
		at := min(i, 1)
		switch strings.ToLower(it.text(n)) {
		case "true":
			at = 0
		case "false":
			at = 1
		}
		worth[at], _ = number(n.Attr("fraction"))
		feedback[at] = it.text(n.Child("feedback"))
	}
	if len(given) == 1 && worth[0] == 0 && worth[1] == 0 {
		worth[1] = 100 // only "true" is there, and it is wrong
	}
	q := &exam.Question{Type: exam.Single, FixedOrder: true, Options: []exam.Option{
		{ID: "A", Text: trueText, Key: worth[0] > worth[1], Rationale: feedback[0]},
		{ID: "B", Text: falseText, Key: worth[1] > worth[0], Rationale: feedback[1]},
	}}
	if worth[0] == worth[1] {
		it.reject(q, "neither true nor false is marked as right", `Give the right one fraction="100" and the other fraction="0".`)
		return
	}
	it.finish(q)
}

// The options of a true/false question.
const trueText, falseText = "True", "False"

func (it *item) matching() {
	q := &exam.Question{Type: exam.Matching, FixedOrder: !truth(it.node.Child("shuffleanswers"), true)}
	ids := map[string]exam.OptionID{}
	var empty []int
	for i, n := range it.node.All("subquestion") {
		prompt, right := it.text(n), it.rightSide(n.Child("answer"))
		if right == "" {
			if prompt != "" {
				empty = append(empty, i+1)
				q.Prompts = append(q.Prompts, exam.Prompt{Text: prompt})
			}
			continue
		}
		if ids[right] == "" {
			ids[right] = exchange.Letter(len(q.Options))
			q.Options = append(q.Options, exam.Option{ID: ids[right], Text: right})
		}
		if prompt != "" { // without one it is an answer that belongs to nothing
			q.Prompts = append(q.Prompts, exam.Prompt{Text: prompt, Match: ids[right]})
		}
	}
	if len(empty) > 0 {
		it.reject(q, fmt.Sprintf("pair %d has nothing on its right-hand side", empty[0]), "Write the answer that belongs to it.")
		return
	}
	it.finish(q)
}

// rightSide is the answer of a pair: formatted in drag-and-drop matching, a label
// in Moodle's own.
func (it *item) rightSide(n *xmltree.Node) string {
	if n.Attr("format") != "" || len(n.All("file")) > 0 {
		return it.text(n)
	}
	return it.label(plainText(n))
}

// label reads a text that Moodle shows on one line without formatting, but in
// which it resolves entities.
func (it *item) label(text string) string {
	if exchange.HasHTML(strings.ReplaceAll(text, "&", "")) { // entities alone are none
		return it.convert(text, html, nil)
	}
	return markup.FromPlain(htmlpkg.UnescapeString(text))
}

func (it *item) ordering() {
	q := &exam.Question{Type: exam.Ordering}
	for _, n := range it.node.All("answer") {
		text := it.text(n)
		if text == "" {
			continue
		}
		place := len(q.Options) + 1
		q.Options = append(q.Options, exam.Option{ID: exchange.Letter(place - 1), Text: text, Place: place, Rationale: it.text(n.Child("feedback"))})
	}
	if count, ok := number(plainText(it.node.Child("selectcount"))); ok && int(count) < len(q.Options) && !strings.EqualFold(plainText(it.node.Child("selecttype")), "ALL") {
		it.doc.Warn(it.where, fmt.Sprintf("Moodle puts %d of its %d items to each learner; Sextant puts all of them", int(count), len(q.Options)), "Divide the question if that is too many.")
	}
	it.finish(q)
}

// grid reads the plugins' multiple true/false: rows that are judged in columns.
// Columns that say true and false, in that order, make a yes/no series; others a
// matching of rows and columns.
func (it *item) grid() {
	q := &exam.Question{Type: exam.Matching, FixedOrder: !truth(it.node.Child("shuffleanswers"), true)}
	ids := map[string]exam.OptionID{} // by the column's number
	for _, n := range it.node.All("column") {
		id := exchange.Letter(len(q.Options))
		ids[n.Attr("number")] = id
		q.Options = append(q.Options, exam.Option{ID: id, Text: it.label(plainText(n.Child("responsetext")))})
	}
	matches := map[string]exam.OptionID{} // by the row's number
	for _, n := range it.node.All("weight") {
		if value, ok := number(plainText(n.Child("value"))); ok && value > 0 {
			matches[n.Attr("rownumber")] = ids[n.Attr("columnnumber")]
		}
	}
	unjudged := 0
	for i, n := range it.node.All("row") {
		text, match := it.text(n.Child("optiontext")), matches[n.Attr("number")]
		if text == "" {
			continue // the form leaves empty rows behind
		}
		if match == "" && unjudged == 0 {
			unjudged = i + 1
		}
		q.Prompts = append(q.Prompts, exam.Prompt{Text: text, Match: match, Rationale: it.text(n.Child("feedbacktext"))})
	}
	if unjudged > 0 {
		it.reject(q, fmt.Sprintf("no column is right for row %d", unjudged), "Give the right column of each row a weight above 0.")
		return
	}
	if len(q.Options) == 2 && affirms[strings.ToLower(q.Options[0].Text)] && denies[strings.ToLower(q.Options[1].Text)] {
		q.Options[0].Text, q.Options[1].Text = yes, no
		becomeYesNo(q)
	}
	it.finish(q)
}

// What the columns of a yes/no series say.
var (
	affirms = map[string]bool{"true": true, "yes": true, "right": true, "correct": true}
	denies  = map[string]bool{"false": true, "no": true, "wrong": true, "incorrect": true}
)

var gap = regexp.MustCompile(`\[\[ ?([0-9]{1,3}) ?\]\]`)

// gaps reads a text with gaps that are filled from one group of choices: a single
// choice for one gap, a matching of gaps and choices for several.
func (it *item) gaps() {
	text := it.node.Child("questiontext")
	chosen := gap.FindAllStringSubmatch(source(text), -1)
	list, again := it.gapChoices()
	if len(chosen) == 0 {
		it.fault("the text has no gap", "Mark each gap with the number of its choice, as in [[1]].")
		return
	}
	group := ""
	for i, m := range chosen {
		n, _ := strconv.Atoi(m[1])
		if n < 1 || n > len(list) {
			it.fault(fmt.Sprintf("gap %d asks for choice %d, which isn't there", i+1, n), "Add the choice, or number the gap after one that is there.")
			return
		}
		if i > 0 && list[n-1].group != group {
			it.doc.Skip(it.where, "a %s question whose gaps draw from different groups of choices; ask each gap as a choice of its own", it.kind)
			return
		}
		group = list[n-1].group
	}
	it.fillGaps(chosen, list, group, again)
}

// gapChoice is what a gap can be filled with; gaps take choices of one group.
type gapChoice struct{ text, group string }

// gapChoices lists the choices; again is set when one may be used several times.
func (it *item) gapChoices() (list []gapChoice, again bool) {
	again = it.kind == "gapselect"
	for _, n := range it.node.Elements() {
		if n.Name != "selectoption" && n.Name != "dragbox" {
			continue
		}
		text := it.label(plainText(n))
		if n.Name == "dragbox" {
			text = it.convert(source(n), html, n)
		}
		again = again || n.Child("infinite") != nil
		group := plainText(n.Child("group"))
		if group == "" {
			group = "1"
		}
		list = append(list, gapChoice{text, group})
	}
	return list, again
}

func (it *item) fillGaps(chosen [][]string, list []gapChoice, group string, again bool) {
	q := &exam.Question{Type: exam.Matching, FixedOrder: !truth(it.node.Child("shuffleanswers"), true)}
	ids := map[string]exam.OptionID{}
	for _, c := range list {
		if c.group != group || c.text == "" || ids[c.text] != "" {
			continue
		}
		ids[c.text] = exchange.Letter(len(q.Options))
		q.Options = append(q.Options, exam.Option{ID: ids[c.text], Text: c.text})
	}
	for i, m := range chosen {
		n, _ := strconv.Atoi(m[1])
		q.Prompts = append(q.Prompts, exam.Prompt{Text: fmt.Sprintf("Gap (%d)", i+1), Match: ids[list[n-1].text]})
	}
	q.Stem, q.Ask = it.numberedGaps(), "Which choice belongs in each gap?"
	if len(chosen) == 1 {
		q.Type, q.Ask = exam.Single, "Which choice belongs in the gap?"
		for i := range q.Options {
			q.Options[i].Key = q.Options[i].ID == q.Prompts[0].Match
		}
		q.Prompts = nil
	}
	q.OneToOne = q.Type == exam.Matching && !again && eachMatchedOnce(q)
	it.finish(q)
}

// numberedGaps is the text with each gap as a number that prompts can name.
func (it *item) numberedGaps() string {
	n := it.node.Child("questiontext")
	template := "<strong>(%d)</strong>"
	if f := formatOf(n, html); f == plain {
		template = "(%d)"
	} else if f == markdown {
		template = "**(%d)**"
	}
	count := 0
	text := gap.ReplaceAllStringFunc(source(n), func(string) string {
		count++
		return fmt.Sprintf(template, count)
	})
	return it.convert(text, formatOf(n, html), n)
}
