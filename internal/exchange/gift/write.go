package gift

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
)

// Write writes questions as GIFT that Moodle imports and that Read reads back
// the same. Images are written into the texts. It returns the writer's errors.
func Write(w io.Writer, questions []*exam.Question, media map[string]exchange.Media) error {
	out := &writer{Writer: bufio.NewWriter(w), media: media, cases: map[exam.StimulusID]bool{}}
	for _, q := range questions {
		if q.Category != out.category {
			out.setCategory(q.Category)
		}
		if s := q.Stimulus; s != nil && !out.cases[s.ID] {
			out.caseText(s)
		}
		out.question(q)
	}
	return out.Flush()
}

// Losses lists what Moodle doesn't get from the file that Write writes. All of
// it but the weight of a right option stays in the file, so that Read finds it.
func Losses(questions []*exam.Question) []exchange.Loss {
	var losses []exchange.Loss
	for _, q := range questions {
		lose := func(what string) { losses = append(losses, exchange.Loss{Question: q.ID, What: what}) }
		if key := oddKey(q); key >= 0 {
			lose(fmt.Sprintf("the weight of its right option, %g%%: in GIFT it is 100%%", q.Options[key].Weight))
		}
		if q.Type == exam.Ordering && exchange.ExplainParts(q) != "" {
			lose("its explanation and the reasons for its steps: Moodle's GIFT has no feedback for an ordering (they stay in a comment, which Sextant reads)")
		}
		if q.Replies != (exam.Replies{}) {
			lose("the replies to a right, partly right and wrong answer: GIFT has no place for them (they stay in comments, which Sextant reads)")
		}
		if q.Points != 0 {
			lose("its points: GIFT has no place for them (they stay in a comment, which Sextant reads)")
		}
		if q.FixedOrder && !isTrueFalse(q) {
			lose("the fixed order of its options: GIFT has no place for it (it stays in a comment, which Sextant reads)")
		}
		if q.Type == exam.Matching && !plainOptions(q) {
			lose("the layout of its right-hand sides: Moodle shows them as plain text")
		}
	}
	return losses
}

// oddKey is the index of a single choice's key that earns another share than
// the full mark, or −1.
func oddKey(q *exam.Question) int {
	if q.Type != exam.Single {
		return -1
	}
	return slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.Key && o.Weight != 0 })
}

type writer struct {
	*bufio.Writer
	media    map[string]exchange.Media
	category string
	cases    map[exam.StimulusID]bool // those whose text is written
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *writer) setCategory(path string) {
	w.category = path
	full := "$course$/top"
	if path != "" {
		full += "/" + strings.ReplaceAll(oneLine(path), `\`, `\\`)
	}
	w.printf("%s %s\n\n", categoryOpens, full)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// caseText writes the text of a case set as a description before the set's
// first question. The questions carry it too: Moodle shows each on its own.
func (w *writer) caseText(s *exam.Stimulus) {
	w.cases[s.ID] = true
	w.tags(exchange.Labels(&exam.Question{Stimulus: s}), "")
	w.printf("::%s::[markdown]%s\n\n", protect.Replace(s.Title), w.text(strings.TrimSpace(s.Text)))
}

func (w *writer) question(q *exam.Question) {
	w.comments(q)
	name := q.Title
	if name == "" {
		name = string(q.ID)
	}
	if name != "" {
		w.printf("::%s::", protect.Replace(name))
	}
	w.printf("[markdown]%s{", w.text(exchange.FullText(q)))
	switch {
	case isTrueFalse(q):
		w.trueFalse(q)
	case q.Type == exam.Single, q.Type == exam.Multiple:
		w.choice(q)
	case q.Type == exam.Ordering:
		w.ordering(q)
	case q.Type == exam.Matching:
		w.matching(q)
	case q.Type == exam.YesNo:
		w.yesNo(q)
	}
	if feedback := exchange.ExplainParts(q); feedback != "" && q.Type != exam.Ordering {
		w.printf("####%s", w.text(feedback))
	}
	w.printf("}\n\n")
}

// maxTag is where Moodle cuts a tag off, in characters.
const maxTag = 50

// comments writes the id, the tags and what GIFT has no place for.
func (w *writer) comments(q *exam.Question) {
	id := q.SourceID
	if !bracketed(id) {
		w.note("source-id", id)
		id = ""
	}
	own := *q
	own.Tags = nil
	var labels []string
	for _, label := range exchange.Labels(&own) {
		if utf8.RuneCountInString(label) > maxTag {
			w.note(labelNote, label)
			continue
		}
		labels = append(labels, label)
	}
	for _, tag := range q.Tags {
		if strings.HasPrefix(tag, notePrefix) || !bracketed(tag) {
			tag = tagLabel + tag
		}
		labels = append(labels, tag)
	}
	w.tags(labels, id)
	if q.Points != 0 {
		w.note("points", strconv.FormatFloat(q.Points, 'f', -1, 64))
	}
	if q.FixedOrder && !isTrueFalse(q) {
		w.note("fixed-order", "true")
	}
	w.note("reply-right", q.Replies.Right)
	w.note("reply-partly", q.Replies.Partly)
	w.note("reply-wrong", q.Replies.Wrong)
	stem, ask := strings.TrimSpace(q.Stem), strings.TrimSpace(q.Ask)
	if s, a := exchange.SplitText(exchange.JoinText(stem, ask)); s != stem || a != ask {
		w.note("ask-lines", strconv.Itoa(strings.Count(ask, "\n")+1))
	}
	w.conventions(q)
}

// conventions notes how Read undoes what Write had to do to fit a question into
// GIFT.
func (w *writer) conventions(q *exam.Question) {
	switch q.Type {
	case exam.Multiple:
		w.flag("all-or-nothing", allOrNothing(q))
	case exam.Ordering:
		w.note("option-order", orderNote(q, inPlace(q)))
		w.note("feedback", w.withImages(exchange.ExplainParts(q)))
	case exam.Matching:
		w.note("option-order", orderNote(q, inPairs(q)))
		w.flag("markdown-options", !plainOptions(q))
		w.flag("arrows", slices.ContainsFunc(q.Prompts, func(p exam.Prompt) bool { return strings.Contains(p.Text, "->") }))
	case exam.YesNo:
		w.flag("arrows", slices.ContainsFunc(q.Statements, func(s exam.Statement) bool { return strings.Contains(s.Text, "->") }))
	case exam.Single:
	}
}

func (w *writer) flag(key string, set bool) {
	if set {
		w.note(key, "true")
	}
}

// orderNote lists the author's places of options in the order in which they are
// written, "" where the two orders are one.
func orderNote(q *exam.Question, written []exam.Option) string {
	places := make([]string, len(written))
	same := true
	for i, o := range written {
		at := slices.IndexFunc(q.Options, func(other exam.Option) bool { return other.ID == o.ID })
		places[i], same = strconv.Itoa(at+1), same && at == i
	}
	if same {
		return ""
	}
	return strings.Join(places, ",")
}

func (w *writer) note(key, value string) {
	if value != "" {
		w.printf("// %s%s=%s\n", notePrefix, key, encode(value))
	}
}

// bracketed reports whether a tag or an id can stand in [tag:…] as it is.
func bracketed(text string) bool {
	return text == strings.TrimSpace(text) && !strings.HasSuffix(text, `\`) && !strings.Contains(text, `\]`) &&
		!strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune("<>`", r) })
}

func (w *writer) tags(tags []string, id string) {
	if id == "" && len(tags) == 0 {
		return
	}
	w.printf("//")
	if id != "" {
		w.printf(" [id:%s]", strings.ReplaceAll(id, "]", `\]`))
	}
	for _, tag := range tags {
		if strings.HasPrefix(tag, notePrefix) {
			tag = encode(tag)
		}
		w.printf(" [tag:%s]", strings.ReplaceAll(tag, "]", `\]`))
	}
	w.printf("\n")
}

func (w *writer) withImages(markdown string) string {
	return exchange.ReplaceImages(markdown, func(alt, address string) string {
		if key, ok := strings.CutPrefix(address, exchange.MediaScheme); ok {
			if m, ok := w.media[key]; ok {
				address = exchange.DataAddress(m)
			}
		}
		return "![" + alt + "](" + address + ")"
	})
}

// unambiguous puts a line break, which Read and Moodle trim, before a text whose
// beginning they would take for something else: for blanks to trim, a weight, a
// format or a comment.
func unambiguous(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	if unicode.IsSpace(first) || first == '%' || first == '[' || strings.HasPrefix(text, "//") {
		return "\n" + text
	}
	return text
}

// text is Markdown as GIFT: on one line, its control characters protected.
func (w *writer) text(markdown string) string {
	return protect.Replace(w.withImages(unambiguous(trim(markdown))))
}

// isTrueFalse reports whether a single choice is what Read makes of {TRUE} or
// {FALSE}.
func isTrueFalse(q *exam.Question) bool {
	return q.Type == exam.Single && q.FixedOrder && len(q.Options) == 2 && q.Options[0].Text == "True" && q.Options[1].Text == "False" &&
		q.Options[0].Weight == 0 && q.Options[1].Weight == 0
}

func (w *writer) trueFalse(q *exam.Question) {
	answer, right, wrong := "TRUE", q.Options[0].Rationale, q.Options[1].Rationale
	if q.Options[1].Key {
		answer, right, wrong = "FALSE", wrong, right
	}
	w.printf("%s", answer)
	if wrong != "" || right != "" {
		w.printf("#%s", w.text(wrong))
	}
	if right != "" {
		w.printf("#%s", w.text(right))
	}
}

func (w *writer) choice(q *exam.Question) {
	strict := q.Type == exam.Multiple && allOrNothing(q)
	w.printf("\n")
	for i, o := range q.Options {
		sign := "~"
		share := exchange.Weight(q, i)
		switch {
		case q.Type == exam.Single && o.Key:
			sign, share = "=", 0
		case strict && !o.Key:
			share = -100
		}
		if share != 0 {
			sign += "%" + percent(share) + "%"
		}
		w.printf("\t%s%s", sign, w.text(o.Text))
		if o.Rationale != "" {
			w.printf("#%s", w.text(o.Rationale))
		}
		w.printf("\n")
	}
}

// allOrNothing reports whether nothing but the whole key earns a mark, as in
// Sextant. Moodle adds up shares, so each wrong option takes them away again;
// a comment tells Read that these shares say nothing of their own.
func allOrNothing(q *exam.Question) bool {
	return !slices.ContainsFunc(q.Options, func(o exam.Option) bool { return o.Weight != 0 })
}

// percent writes a share with the five decimals by which Moodle knows a third.
func percent(share float64) string {
	s := strconv.FormatFloat(share, 'f', 5, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func (w *writer) matching(q *exam.Question) {
	w.printf("\n")
	plain := plainOptions(q)
	right := func(o exam.Option) string {
		if plain {
			return protect.Replace(markup.ToPlain(o.Text))
		}
		return w.text(o.Text)
	}
	arrowed := slices.ContainsFunc(q.Prompts, func(p exam.Prompt) bool { return strings.Contains(p.Text, "->") })
	for _, p := range q.Prompts {
		o, _ := q.Option(p.Match)
		w.printf("\t=%s -> %s\n", w.left(p.Text, arrowed), right(o))
	}
	for _, o := range inPairs(q)[matched(q):] {
		w.printf("\t= -> %s\n", right(o))
	}
}

// inPairs are a matching's options in the order in which its pairs name them,
// those that belong to no prompt last.
func inPairs(q *exam.Question) []exam.Option {
	var used, left []exam.Option
	for _, p := range q.Prompts {
		if o, ok := q.Option(p.Match); ok && !slices.ContainsFunc(used, func(u exam.Option) bool { return u.ID == o.ID }) {
			used = append(used, o)
		}
	}
	for _, o := range q.Options {
		if !slices.ContainsFunc(used, func(u exam.Option) bool { return u.ID == o.ID }) {
			left = append(left, o)
		}
	}
	return append(used, left...)
}

// matched counts the options that belong to a prompt.
func matched(q *exam.Question) int {
	used := map[exam.OptionID]bool{}
	for _, p := range q.Prompts {
		used[p.Match] = true
	}
	return len(used)
}

func (w *writer) left(text string, arrowed bool) string {
	if arrowed {
		text = hideArrows.Replace(text)
	}
	return w.text(text)
}

// An arrow in a prompt would divide the pair too early. As an entity it doesn't;
// a comment tells Read to undo it.
var (
	hideArrows = strings.NewReplacer("->", "-&gt;", "-&", "-&amp;")
	arrows     = strings.NewReplacer("-&gt;", "->", "-&amp;", "-&")
)

// plainOptions reports whether the right-hand sides are plain text, as Moodle
// shows them. Otherwise they are written as Markdown, and a comment says so.
func plainOptions(q *exam.Question) bool {
	return !slices.ContainsFunc(q.Options, func(o exam.Option) bool { return asPlain(o.Text) != o.Text })
}

// asPlain is what Read makes of a text that was written as plain text.
func asPlain(markdown string) string { return markup.FromPlain(markup.ToPlain(markdown)) }

func (w *writer) yesNo(q *exam.Question) {
	w.printf("\n")
	arrowed := slices.ContainsFunc(q.Statements, func(s exam.Statement) bool { return strings.Contains(s.Text, "->") })
	said := map[string]bool{}
	for _, s := range q.Statements {
		answer := "No"
		if s.Yes {
			answer = "Yes"
		}
		said[answer] = true
		w.printf("\t=%s -> %s\n", w.left(s.Text, arrowed), answer)
	}
	for _, answer := range []string{"Yes", "No"} {
		if !said[answer] {
			w.printf("\t= -> %s\n", answer)
		}
	}
}

// ordering writes the items in their right order. Moodle takes the lines as they
// are, so only what would end the question is protected.
func (w *writer) ordering(q *exam.Question) {
	w.printf(">%d ALL VERTICAL ALL_OR_NOTHING\n", len(q.Options))
	for _, o := range inPlace(q) {
		w.printf("%s\n", w.step(o.Text))
	}
}

var protectStep = strings.NewReplacer(`\`, `\\`, "#", `\#`, "{", `\{`, "}", `\}`, "\r", "", "\n", `\n`)

func (w *writer) step(markdown string) string {
	return protectStep.Replace(w.withImages(unambiguous(trim(markdown))))
}

func inPlace(q *exam.Question) []exam.Option {
	options := slices.Clone(q.Options)
	slices.SortStableFunc(options, func(a, b exam.Option) int { return a.Place - b.Place })
	return options
}
