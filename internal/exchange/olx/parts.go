package olx

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// hintNames are the elements inside a choice that aren't its text.
var hintNames = map[string]bool{"choicehint": true, "optionhint": true, "compoundhint": true}

// braces are hints as Studio's simple editor has them.
var (
	braces     = regexp.MustCompile(`\{\{(.*?)\}\}`)
	braceLabel = regexp.MustCompile(`^\s*(?:(?:selected|s)\s*:|[^{}:]{0,40}::)\s*`)
	braceLeft  = regexp.MustCompile(`^\s*(?:unselected|u)\s*:\s*`)
)

// leftOut begins what is said to having left a choice out.
const leftOut = "**If it is left out:** "

// said is a hint, in HTML, with what its paragraph begins with.
type said struct{ opening, text string }

// choiceText is a choice's text and the hints written into it, as HTML.
func choiceText(n *xmltree.Node) (text string, hints []said) {
	shown := *n
	shown.Children = slices.DeleteFunc(slices.Clone(n.Children), func(c *xmltree.Node) bool { return hintNames[c.Name] })
	text = braces.ReplaceAllStringFunc(shown.Inner(), func(found string) string {
		for h := range strings.SplitSeq(strings.Trim(found, "{}"), "}, {") {
			if left := braceLeft.FindString(h); left != "" {
				hints = append(hints, said{leftOut, h[len(left):]})
			} else {
				hints = append(hints, said{"", braceLabel.ReplaceAllString(h, "")})
			}
		}
		return ""
	})
	return text, hints
}

// hint is what is said to a choice: to having chosen it first, and to having left
// it out in a paragraph of its own.
func (p *problem) hint(n *xmltree.Node, hints []said) string {
	for _, h := range n.Elements() {
		switch {
		case h.Name != "choicehint" && h.Name != "optionhint":
		case h.Attr("selected") == "false":
			hints = append(hints, said{leftOut, h.Inner()})
		default:
			hints = append(hints, said{"", h.Inner()})
		}
	}
	slices.SortStableFunc(hints, func(a, b said) int { return strings.Compare(a.opening, b.opening) })
	var paragraphs []string
	for _, h := range hints {
		if text := p.convert(h.text); text != "" && !slices.Contains(paragraphs, h.opening+text) {
			paragraphs = append(paragraphs, h.opening+text)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

func isTrue(text string) bool { return strings.EqualFold(strings.TrimSpace(text), "true") }

// option reads a choice. One whose text is empty stays, so that it is told.
func (p *problem) option(q *exam.Question, n *xmltree.Node) exam.Option {
	text, hints := choiceText(n)
	return exam.Option{ID: exchange.Letter(len(q.Options)), Text: p.convert(text), Key: isTrue(n.Attr("correct")), Rationale: p.hint(n, hints)}
}

func (p *problem) radio(q *exam.Question, part part, where exchange.Place) bool {
	shuffled, pinned := isTrue(part.node.Attr("shuffle")), false
	byFeedback := map[string]int{}
	for _, c := range part.node.All("choice") {
		o := p.option(q, c)
		if strings.EqualFold(strings.TrimSpace(c.Attr("correct")), "partial") {
			o.Weight = partialWeight(c.Attr("point_value"))
		}
		if id := c.Attr("explanation-id"); id != "" {
			byFeedback[id] = len(q.Options)
		}
		pinned = pinned || isTrue(c.Attr("fixed"))
		q.Options = append(q.Options, o)
	}
	q.FixedOrder = !shuffled || pinned
	p.targeted(q, part, byFeedback)
	switch keys, pool := q.KeyCount(), part.node.Attr("answer-pool"); {
	case keys > 1 && pool != "":
		p.doc.Skip(where, "each learner gets %s of its choices, with one of %d right ones among them; make a question for each right one", pool, keys)
		return false
	case keys > 1:
		p.doc.Skip(where, "a single choice with %d answers that are equally right; leave one of them, or use checkboxes", keys)
		return false
	case keys == 0:
		p.reject(q, where)
		return false
	case pool != "":
		p.doc.Warn(where, fmt.Sprintf("each learner gets %s of its choices in Open edX; here all %d are shown", pool, len(q.Options)), "Take some out if they are too many.")
	}
	return true
}

// partialWeight is what a partly right choice earns, in percent: half unless it
// says otherwise.
func partialWeight(value string) float64 {
	points, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(points > 0 && points < 1) {
		return 50
	}
	return 100 * points
}

// targeted gives choices the feedback that stands apart from them.
func (p *problem) targeted(q *exam.Question, part part, byFeedback map[string]int) {
	for _, holder := range []*xmltree.Node{part.response, p.node} {
		for _, set := range append(holder.All("targetedfeedbackset"), holder.All("solutionset")...) {
			for _, n := range set.Elements() {
				at, ok := byFeedback[n.Attr("explanation-id")]
				if ok && q.Options[at].Rationale == "" {
					q.Options[at].Rationale = p.convert(solution(n))
				}
			}
		}
	}
}

func (p *problem) checkboxes(q *exam.Question, part part, where exchange.Place) bool {
	for _, c := range part.node.All("choice") {
		q.Options = append(q.Options, p.option(q, c))
	}
	q.FixedOrder = !isTrue(part.node.Attr("shuffle"))
	p.compound(q, part)
	if method := part.response.Attr("partial_credit"); method != "" {
		p.doc.Warn(where, fmt.Sprintf("gives partial credit (%s) in Open edX; Sextant marks all or nothing", exchange.Shorten(method, 20)), "Nothing needs to be done if that is what you want.")
	}
	if q.KeyCount() == 0 {
		p.reject(q, where)
		return false
	}
	return true
}

// compound puts what is said to a combination of choices into the explanation,
// with the choices in words: letters change when options are shuffled.
func (p *problem) compound(q *exam.Question, part part) {
	hints := part.node.All("compoundhint")
	if part.response != part.node {
		hints = append(hints, part.response.All("compoundhint")...)
	}
	for _, h := range hints {
		var chosen []string
		for _, letter := range strings.FieldsFunc(h.Attr("value"), func(r rune) bool { return r == ' ' || r == '*' || r == ',' }) {
			if o, ok := q.Option(exam.OptionID(strings.ToUpper(letter))); ok {
				chosen = append(chosen, "“"+exchange.Shorten(markup.ToPlain(o.Text), 40)+"”")
			}
		}
		text := p.convert(h.Inner())
		if text == "" || len(chosen) == 0 {
			continue
		}
		paragraph := "To " + markup.FromPlain(strings.Join(chosen, " and ")) + ": " + text
		rest, hints := exchange.CutHints(q.Explanation)
		if rest != "" {
			paragraph = rest + "\n\n" + paragraph
		}
		q.Explanation = exchange.AddHints(paragraph, hints)
	}
}

// reject tells that no choice is right and keeps the question for whoever mends it.
func (p *problem) reject(q *exam.Question, where exchange.Place) {
	p.doc.Fault(where, "no choice is marked as right", `Mark the right ones with correct="true".`)
	q.File, q.Line = where.File, where.Line
	exchange.Settle(q)
	p.doc.Broken = append(p.doc.Broken, q)
}

func (p *problem) dropdown(q *exam.Question, part part, where exchange.Place) bool {
	q.Options = p.dropdownOptions(part)
	if q.KeyCount() != 1 {
		p.reject(q, where)
		return false
	}
	return true
}

// dropdownOptions are the options of a dropdown: elements, or in old problems a
// list in an attribute.
func (p *problem) dropdownOptions(part part) []exam.Option {
	var q exam.Question
	for _, n := range part.node.All("option") {
		o := p.option(&q, n)
		if n.Attr("correct") == "" && part.node.Attr("correct") != "" {
			o.Key = strings.TrimSpace(n.Content()) == strings.TrimSpace(part.node.Attr("correct"))
		}
		q.Options = append(q.Options, o)
	}
	if len(q.Options) > 0 {
		return q.Options
	}
	correct := strings.TrimSpace(part.node.Attr("correct"))
	for _, text := range tuple(part.node.Attr("options")) {
		q.Options = append(q.Options, exam.Option{ID: exchange.Letter(len(q.Options)), Text: p.convert(html.EscapeString(text)), Key: text == correct})
	}
	return q.Options
}

// tuple reads a list as Python writes one, ('a', "b"), each text once; a list
// without quotes is divided at its commas.
func tuple(list string) []string {
	list = strings.TrimSpace(list)
	list = strings.TrimSuffix(strings.TrimPrefix(list, "("), ")")
	var found []string
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" && !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	if !strings.ContainsAny(list, `'"`) {
		for text := range strings.SplitSeq(list, ",") {
			add(text)
		}
		return found
	}
	var b strings.Builder
	quote := rune(0)
	escaped := false
	for _, r := range list {
		switch {
		case quote == 0:
			if r == '\'' || r == '"' {
				quote = r
			}
		case escaped:
			escaped = false
			b.WriteRune(r)
		case r == '\\':
			escaped = true
		case r == quote:
			add(b.String())
			b.Reset()
			quote = 0
		default:
			b.WriteRune(r)
		}
	}
	add(b.String())
	return found
}

func (p *problem) allDropdowns() bool {
	return !slices.ContainsFunc(p.parts, func(part part) bool { return part.kind != dropdown })
}

// dropdowns makes one matching of several dropdowns with the same options, and a
// question of each where they differ.
func (p *problem) dropdowns(text string) {
	numbered := text
	for i := range p.parts {
		numbered = strings.Replace(numbered, p.mark(i), fmt.Sprintf("**(%d)**", i+1), 1)
	}
	options := make([][]exam.Option, len(p.parts))
	for i, part := range p.parts {
		options[i] = p.dropdownOptions(part)
	}
	if !sameOptions(options) {
		for i, part := range p.parts {
			p.question(i, part, numbered, fmt.Sprintf("Which choice belongs in gap (%d)?", i+1))
		}
		return
	}
	q := &exam.Question{Type: exam.Matching, FixedOrder: true, Stem: numbered, Ask: "Which choice belongs in each gap?"}
	p.header(q, -1, part{response: p.parts[0].response})
	for _, o := range options[0] {
		q.Options = append(q.Options, exam.Option{ID: o.ID, Text: o.Text})
	}
	for i, part := range p.parts {
		prompt := exam.Prompt{Text: fmt.Sprintf("Gap (%d)", i+1)}
		if label := p.labelOf(part); label != "" && label != p.labelOf(p.parts[(i+1)%len(p.parts)]) {
			prompt.Text += ": " + markup.FromPlain(label)
		}
		for _, o := range options[i] {
			if o.Key {
				prompt.Match, prompt.Rationale = o.ID, o.Rationale
			}
		}
		q.Prompts = append(q.Prompts, prompt)
	}
	p.doc.Add(p.where, q)
}

func sameOptions(options [][]exam.Option) bool {
	for _, list := range options[1:] {
		if !slices.EqualFunc(list, options[0], func(a, b exam.Option) bool { return a.Text == b.Text }) {
			return false
		}
	}
	return len(options[0]) > 0
}
