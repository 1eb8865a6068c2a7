package moodlexml

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	htmlpkg "html"
	"io"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// Write writes questions as one Moodle XML file, with the images they show inside
// it; an image that media hasn't leaves its description. It returns w's errors
// only; what the file doesn't hold, Losses tells beforehand.
func Write(w io.Writer, questions []*exam.Question, media map[string]exchange.Media) error {
	out := bufio.NewWriter(w)
	f := &file{media: media, told: map[exam.StimulusID]string{}}
	for _, q := range questions {
		f.divided = f.divided || q.Category != ""
	}
	_, _ = out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n") // Flush returns the error
	for _, q := range questions {
		f.enter(q.Category)
		if s := q.Stimulus; s != nil && !f.tells(s) {
			f.exactly(func() { f.stimulus(s) })
		}
		f.exactly(func() { f.question(q) })
		if _, err := out.WriteString(f.text.String()); err != nil {
			return err
		}
		f.text.Reset()
	}
	_, _ = out.WriteString("</quiz>\n")
	return out.Flush()
}

type file struct {
	text    bytes.Buffer // of the question at hand
	media   map[string]exchange.Media
	divided bool   // some question has a category
	inside  string // category the file is in, as it was written; "" before the first
	told    map[exam.StimulusID]string

	verbatim bool // texts are written in our Markdown
	inexact  bool // some text was written that Read would read as another
}

func (f *file) put(parts ...string) {
	for _, p := range parts {
		f.text.WriteString(p)
	}
}

// exactly writes in Moodle's Markdown, and in ours where that wouldn't be read
// back the same.
func (f *file) exactly(write func()) {
	start := f.text.Len()
	f.verbatim, f.inexact = false, false
	if write(); f.inexact {
		f.text.Truncate(start)
		f.verbatim = true
		write()
	}
}

// enter puts what follows into a category. A file without categories leaves the
// choice to whoever imports it.
func (f *file) enter(category string) {
	if category == "" {
		category = uncategorised
	}
	if !f.divided || category == f.inside {
		return
	}
	f.inside = category
	f.put("  <question type=\"category\">\n    <category>", textElement("$course$/top/"+category), "</category>\n  </question>\n")
}

// tells reports whether the text of a case set is in the file, and takes it for
// being there from now on.
func (f *file) tells(s *exam.Stimulus) bool {
	text, told := f.told[s.ID]
	f.told[s.ID] = s.Text
	return told && text == s.Text
}

// stimulus writes the text of a case set before its first question.
func (f *file) stimulus(s *exam.Stimulus) {
	name := s.Title
	if name == "" {
		name = string(s.ID)
	}
	f.put("  <question type=\"description\">\n")
	f.put("    <name>", textElement(name), "</name>\n")
	f.element("    ", "questiontext", "", s.Text)
	f.put("    <defaultgrade>0</defaultgrade>\n")
	f.tags(exchange.Labels(&exam.Question{Stimulus: s}))
	if f.verbatim {
		f.put("    <", ownElement, "><", verbatim, "/></", ownElement, ">\n")
	}
	f.put("  </question>\n")
}

func (f *file) question(q *exam.Question) {
	name := q.Title
	if name == "" {
		name = fallbackName(q)
	}
	points := q.Points
	if points == 0 {
		points = 1
	}
	bare := *q
	var hints []string
	bare.Explanation, hints = exchange.CutHints(q.Explanation)
	f.put("  <question type=\"", kindOf(q), "\">\n")
	f.put("    <name>", textElement(name), "</name>\n")
	f.element("    ", "questiontext", "", exchange.FullText(q))
	f.element("    ", "generalfeedback", "", exchange.ExplainParts(&bare))
	f.put("    <defaultgrade>", decimal(points), "</defaultgrade>\n    <penalty>", penalty(q), "</penalty>\n    <hidden>0</hidden>\n")
	f.put("    <idnumber>", escape(idNumber(q)), "</idnumber>\n")
	f.body(q)
	for _, h := range hints {
		f.element("    ", "hint", "", h)
	}
	labels := exchange.Labels(q)
	if order := writtenOrder(q); order != "" {
		labels = append([]string{orderTag + order}, labels...)
	}
	f.tags(labels)
	f.own(q)
	f.put("  </question>\n")
}

// own writes what neither Moodle nor a tag has a place for into an element that
// Moodle passes over, so that Read finds it as long as the file is the one that
// was written.
func (f *file) own(q *exam.Question) {
	var b strings.Builder
	if f.verbatim {
		fmt.Fprintf(&b, "      <%s/>\n", verbatim)
	}
	stem, ask := exchange.SplitText(exchange.JoinText(q.Stem, q.Ask))
	if stem != q.Stem || ask != q.Ask {
		fmt.Fprintf(&b, "      <%s>%d</%s>\n", askLines, 1+strings.Count(strings.TrimSpace(q.Ask), "\n"), askLines)
	}
	if q.Type == exam.Ordering && q.FixedOrder {
		fmt.Fprintf(&b, "      <%s/>\n", fixedOrder)
	}
	if idNumber(q) != q.SourceID {
		fmt.Fprintf(&b, "      <%s>%s</%s>\n", longID, escape(q.SourceID), longID)
	}
	for _, o := range laidOut(q) {
		content, files := f.pack(o.Text)
		fmt.Fprintf(&b, "      <%s letter=\"%s\">%s%s</%s>\n", rightText, o.ID, textElement(content), files, rightText)
	}
	if b.Len() > 0 {
		f.put("    <", ownElement, ">\n", b.String(), "    </", ownElement, ">\n")
	}
}

// laidOut lists the options of a matching that plain text doesn't hold whole.
func laidOut(q *exam.Question) []exam.Option {
	if q.Type != exam.Matching {
		return nil
	}
	rights := rightSides(q)
	return slices.DeleteFunc(slices.Clone(q.Options), func(o exam.Option) bool { return markup.FromPlain(rights[o.ID]) == o.Text })
}

// kindOf is the Moodle question type that a question becomes.
func kindOf(q *exam.Question) string {
	switch q.Type {
	case exam.Ordering:
		return "ordering"
	case exam.Matching, exam.YesNo:
		return "matching"
	case exam.Single, exam.Multiple:
	}
	if isTrueFalse(q) {
		return "truefalse"
	}
	return "multichoice"
}

// isTrueFalse reports whether a question is one that Moodle's true/false holds
// whole: it has no place for replies or weights.
func isTrueFalse(q *exam.Question) bool {
	return q.Type == exam.Single && q.FixedOrder && len(q.Options) == 2 && q.Replies == exam.Replies{} &&
		q.Options[0].Text == trueText && q.Options[1].Text == falseText && q.Options[0].Weight == 0 && q.Options[1].Weight == 0
}

// penalty is what a further try costs where Moodle allows one: all of it where two
// tries try everything.
func penalty(q *exam.Question) string {
	if isTrueFalse(q) {
		return "1.0000000"
	}
	return "0.3333333"
}

func (f *file) body(q *exam.Question) {
	switch kindOf(q) {
	case "truefalse":
		for i, o := range q.Options {
			f.put("    <answer fraction=\"", decimal(exchange.Weight(q, i)), "\" format=\"moodle_auto_format\"><text>", strings.ToLower(o.Text), "</text>\n")
			f.element("      ", "feedback", "", o.Rationale)
			f.put("    </answer>\n")
		}
	case "multichoice":
		f.put("    <single>", strconv.FormatBool(q.Type == exam.Single), "</single>\n")
		f.put("    <shuffleanswers>", strconv.FormatBool(!q.FixedOrder), "</shuffleanswers>\n    <answernumbering>abc</answernumbering>\n")
		f.put("    <showstandardinstruction>", strconv.Itoa(boolNumber(q.Type == exam.Multiple && q.Choose == 0)), "</showstandardinstruction>\n")
		f.replies(q)
		for i, o := range q.Options {
			f.answer(decimal(fraction(q, i)), o.Text, o.Rationale)
		}
	case "ordering":
		f.put("    <layouttype>VERTICAL</layouttype>\n    <selecttype>ALL</selecttype>\n    <selectcount>", strconv.Itoa(len(q.Options)), "</selectcount>\n")
		f.put("    <gradingtype>ALL_OR_NOTHING</gradingtype>\n    <showgrading>SHOW</showgrading>\n    <numberingstyle>none</numberingstyle>\n")
		f.replies(q)
		for i, at := range sequence(q) {
			f.answer(strconv.Itoa(i+1), q.Options[at].Text, "")
		}
	case "matching":
		f.put("    <shuffleanswers>", strconv.FormatBool(!q.FixedOrder), "</shuffleanswers>\n")
		f.replies(q)
		f.pairs(q)
	}
}

func (f *file) replies(q *exam.Question) {
	f.element("    ", "correctfeedback", "", q.Replies.Right)
	f.element("    ", "partiallycorrectfeedback", "", q.Replies.Partly)
	f.element("    ", "incorrectfeedback", "", q.Replies.Wrong)
	if q.Type == exam.Multiple || q.Type == exam.Matching || q.Type == exam.YesNo {
		f.put("    <shownumcorrect/>\n")
	}
}

func (f *file) answer(fraction, text, feedback string) {
	content, files := f.pack(text)
	f.put("    <answer fraction=\"", fraction, "\" format=\"markdown\">", textElement(content), files, "\n")
	if feedback != "" {
		f.element("      ", "feedback", "", feedback)
	}
	f.put("    </answer>\n")
}

func (f *file) pairs(q *exam.Question) {
	if q.Type == exam.YesNo {
		given := map[string]bool{}
		for _, s := range q.Statements {
			verdict := no
			if s.Yes {
				verdict = yes
			}
			given[verdict] = true
			f.pair(s.Text, verdict)
		}
		for _, verdict := range []string{yes, no} {
			if !given[verdict] {
				f.pair("", verdict)
			}
		}
		return
	}
	rights := rightSides(q)
	used := map[exam.OptionID]bool{}
	for _, p := range q.Prompts {
		used[p.Match] = true
		f.pair(p.Text, rights[p.Match])
	}
	for _, o := range q.Options {
		if !used[o.ID] {
			f.pair("", rights[o.ID])
		}
	}
}

func (f *file) pair(prompt, right string) {
	f.element("    ", "subquestion", "      <answer>"+textElement(htmlpkg.EscapeString(right))+"</answer>\n", prompt)
}

// rightSides are the options of a matching as plain text, which is all that
// Moodle shows there: in their Markdown where two would come out the same.
func rightSides(q *exam.Question) map[exam.OptionID]string {
	plain, raw := map[exam.OptionID]string{}, map[exam.OptionID]string{}
	seen := map[string]bool{}
	for _, o := range q.Options {
		text := plainRight(o.Text)
		plain[o.ID], raw[o.ID] = text, o.Text
		if seen[text] || text == "" {
			plain = raw
		}
		seen[text] = true
	}
	return plain
}

func plainRight(markdown string) string {
	return cut(strings.Join(strings.Fields(markup.ToPlain(markdown)), " "), maxRight)
}

// maxRight is how many characters Moodle's database has for a right-hand side,
// maxID for an idnumber and maxName for a question's name.
const (
	maxRight = 255
	maxName  = 255
	maxID    = 100
)

func cut(text string, n int) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}

// sequence is the order in which the file has the options of an ordering or a
// matching, as indexes into them: by place, or as the prompts name them.
func sequence(q *exam.Question) []int {
	at := map[exam.OptionID]int{}
	byPlace := make([]int, len(q.Options))
	for i, o := range q.Options {
		at[o.ID] = i
		if q.Type == exam.Ordering {
			byPlace[o.Place-1] = i
		}
	}
	if q.Type != exam.Matching {
		return byPlace
	}
	var order []int
	taken := map[int]bool{}
	take := func(i int) {
		if !taken[i] {
			taken[i] = true
			order = append(order, i)
		}
	}
	for _, p := range q.Prompts {
		take(at[p.Match])
	}
	for i := range q.Options {
		take(i)
	}
	return order
}

// writtenOrder is what orderTag says: for each option in the author's order the
// letter of its place in the file; "" where the two orders are the same.
func writtenOrder(q *exam.Question) string {
	if q.Type != exam.Ordering && q.Type != exam.Matching {
		return ""
	}
	letters := make([]rune, len(q.Options))
	same := true
	for place, i := range sequence(q) {
		letters[i] = rune('A' + place)
		same = same && place == i
	}
	if same {
		return ""
	}
	return string(letters)
}

// fraction is what choosing option i earns in Moodle, in percent. There a key of a
// multiple response is what earns something, so that the key goes before a weight
// that contradicts it.
func fraction(q *exam.Question, i int) float64 {
	w := exchange.Weight(q, i)
	if q.Type == exam.Multiple && q.Options[i].Key != (w > 0) {
		w = exchange.DefaultWeight(q, i)
	}
	if q.Options[i].Weight == 0 {
		return math.Round(w*1e5) / 1e5
	}
	return w
}

func idNumber(q *exam.Question) string {
	if len([]rune(q.SourceID)) > maxID {
		return ""
	}
	return q.SourceID
}

func (f *file) tags(tags []string) {
	if len(tags) == 0 {
		return
	}
	f.put("    <tags>\n")
	for _, t := range tags {
		f.put("      <tag>", textElement(t), "</tag>\n")
	}
	f.put("    </tags>\n")
}

// element writes an element with a Markdown text and its images, and in front of its
// end tag what else belongs there.
func (f *file) element(indent, name, more, markdown string) {
	content, files := f.pack(markdown)
	f.put(indent, "<", name, " format=\"markdown\">", textElement(content), files)
	if more != "" {
		f.put("\n", more, indent)
	}
	f.put("</", name, ">\n")
}

// pack is a text with the addresses Moodle gives its images, and these as files.
func (f *file) pack(markdown string) (text, files string) {
	if !f.verbatim {
		moodles := toMoodle(markdown)
		f.inexact = f.inexact || fromMoodle(exchange.CleanText(moodles), true) != exchange.CleanText(markdown)
		markdown = moodles
	}
	names := map[string]string{} // by key
	var b strings.Builder
	text = exchange.ReplaceImages(markdown, func(alt, address string) string {
		key, ok := strings.CutPrefix(address, exchange.MediaScheme)
		m, held := f.media[key]
		if !ok || !held {
			return alt
		}
		if names[key] == "" {
			names[key] = freeName(m.Name, key, names)
			fmt.Fprintf(&b, "<file name=\"%s\" path=\"/\" encoding=\"base64\">%s</file>", htmlpkg.EscapeString(xmltree.Clean(names[key])), base64.StdEncoding.EncodeToString(m.Data))
		}
		return "![" + alt + "](@@PLUGINFILE@@/" + url.PathEscape(names[key]) + ")"
	})
	return text, b.String()
}

// freeName is the image's own name, or its key where another image has that name.
func freeName(name, key string, taken map[string]string) string {
	for _, other := range taken {
		if other == name {
			return key
		}
	}
	if name == "" || strings.ContainsAny(name, "?/") {
		return key
	}
	return name
}

func textElement(text string) string { return "<text>" + escape(text) + "</text>" }

// escape is a text as XML holds it: in a CDATA section where it has marks of XML,
// which is what Moodle writes and people can read.
func escape(text string) string {
	text = xmltree.Clean(text)
	if !strings.ContainsAny(text, "<>&\"") {
		return text
	}
	return "<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>"
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func boolNumber(b bool) int {
	if b {
		return 1
	}
	return 0
}
