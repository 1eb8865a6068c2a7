package olx

import (
	"fmt"
	"html"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// problem is one problem on its way in. It may ask several things: each is a part.
type problem struct {
	*reader
	node  *xmltree.Node
	at    block
	where exchange.Place
	token string // marks the place of a part in the text; occurs nowhere else
	parts []part
	lost  []string
	told  map[string]bool // images that were told to be missing
}

// kind is how a part is answered.
type kind int

const (
	radio kind = iota
	checkboxes
	dropdown
	other // in a way that Sextant doesn't ask for
)

type part struct {
	kind     kind
	node     *xmltree.Node // that holds the choices
	response *xmltree.Node // around it
}

// maxParts is how many things one problem may ask.
const maxParts = 500

func (r *reader) problem(n *xmltree.Node, at block) {
	r.met++
	p := &problem{reader: r, node: n, at: at, told: map[string]bool{}}
	p.where = exchange.Place{File: at.file, Line: n.Line, Name: exchange.Shorten(n.Attr("display_name"), 60)}
	if p.where.Name == "" {
		p.where.Name = p.at.name
	}
	if script := find(n, "script"); script != nil && strings.Contains(script.Attr("type"), "loncapa") {
		r.doc.Skip(p.where, "a script of the course computes what it asks (%s); write one case of it as an ordinary problem", script.Attr("type"))
		return
	}
	p.token = "qxpart"
	for all := n.Content(); strings.Contains(all, p.token); {
		p.token += "x"
	}
	text := p.text()
	switch {
	case len(p.parts) > maxParts:
		r.doc.Fault(p.where, fmt.Sprintf("the problem asks %d things; at most %d are read", len(p.parts), maxParts), "Divide it into several problems.")
	case len(p.parts) == 0 && len(n.Elements()) == 0 && n.Attr("markdown") != "" && n.Attr("markdown") != "null":
		r.doc.Fault(p.where, "the problem has only its Markdown, and no XML", "Open it in Studio's advanced editor and save it: then it has both.")
	case len(p.parts) == 0:
		r.doc.Skip(p.where, "a problem without a question: it only shows a text")
	case len(p.parts) > 1 && p.allDropdowns():
		p.dropdowns(text)
	case p.parts[0].kind == dropdown && len(p.parts) == 1 && p.inSentence(text):
		p.question(0, p.parts[0], strings.Replace(text, p.mark(0), "**(1)**", 1), "Which choice belongs in the gap?")
	default:
		p.each(text)
	}
	p.tellLost()
}

// mark stands in the text where part i is.
func (p *problem) mark(i int) string { return fmt.Sprintf("%s%dz", p.token, i) }

// inSentence reports whether the one dropdown has text behind it on its line.
func (p *problem) inSentence(text string) bool {
	_, after, _ := strings.Cut(text, p.mark(0))
	line, _, _ := strings.Cut(after, "\n")
	return strings.TrimSpace(line) != ""
}

// find is the first element of that name at any depth.
func find(n *xmltree.Node, name string) *xmltree.Node {
	for _, c := range n.Elements() {
		if c.Name == name {
			return c
		}
		if found := find(c, name); found != nil {
			return found
		}
	}
	return nil
}

// silent are the elements that aren't part of the text learners see at first.
var silent = map[string]bool{
	"solution": true, "solutionset": true, "demandhint": true, "script": true, "style": true, "targetedfeedbackset": true, "targetedfeedback": true,
	"compoundhint": true, "choicehint": true, "optionhint": true, "responseparam": true, "hintgroup": true, "meta": true, "title": true,
}

// text is what learners read, in Markdown, with a token where each part stands.
// It fills parts on the way.
func (p *problem) text() string {
	var b strings.Builder
	p.prose(&b, p.node, nil)
	return p.convert(b.String())
}

func (p *problem) prose(b *strings.Builder, n, response *xmltree.Node) {
	elements := n.Children
	for i := 0; i < len(elements); i++ {
		c := elements[i]
		switch {
		case c.Name == "":
			b.WriteString(html.EscapeString(c.Text))
		case silent[c.Name]:
		case c.Name == "label":
			b.WriteString("<p>" + c.Inner())
			if next := nextElement(elements[i+1:]); next != nil && next.Name == "description" {
				b.WriteString(" " + next.Inner())
				i += slices.Index(elements[i+1:], next) + 1
			}
			b.WriteString("</p>")
		case c.Name == "description":
			b.WriteString("<p>" + c.Inner() + "</p>")
		case p.answered(b, c, response):
		default:
			within := response
			if strings.HasSuffix(c.Name, "response") {
				within = c
			}
			p.element(b, c, within, phrasing[n.Name])
		}
	}
}

func nextElement(nodes []*xmltree.Node) *xmltree.Node {
	for _, n := range nodes {
		if n.Name != "" {
			return n
		}
		if strings.TrimSpace(n.Text) != "" {
			return nil
		}
	}
	return nil
}

// phrasing are the elements in which a response is part of a sentence.
var phrasing = map[string]bool{"p": true, "span": true, "b": true, "i": true, "em": true, "strong": true, "td": true, "th": true, "li": true}

// element writes an element of the text; a response is a block of its own unless
// it stands inline.
func (p *problem) element(b *strings.Builder, n, response *xmltree.Node, inline bool) {
	if n == response || n.Name == "question" || n.Name == "legend" {
		opens, closes := "<div>", "</div>"
		if inline {
			opens, closes = "", ""
		}
		b.WriteString(opens)
		p.prose(b, n, response)
		b.WriteString(closes)
		return
	}
	shell := *n
	shell.Children = nil
	open, closed, ok := strings.Cut(shell.Outer(), "></")
	if !ok { // an element without an end tag, as an image is
		b.WriteString(shell.Outer())
		return
	}
	b.WriteString(open + ">")
	p.prose(b, n, response)
	b.WriteString("</" + closed)
}

var supported = map[string]bool{"multiplechoiceresponse": true, "truefalseresponse": true, "choiceresponse": true, "optionresponse": true}

// answered writes the token of a part where an element is one.
func (p *problem) answered(b *strings.Builder, n, response *xmltree.Node) bool {
	found := part{node: n, response: response}
	switch {
	case n.Name == "choicegroup" && (response == nil || response.Name != "choiceresponse" && response.Name != "truefalseresponse"):
		found.kind = radio
	case n.Name == "checkboxgroup", n.Name == "radiogroup", n.Name == "choicegroup":
		found.kind = checkboxes
	case n.Name == "optioninput", n.Name == "optionresponse" && len(n.All("option")) > 0:
		found.kind = dropdown
	case strings.HasSuffix(n.Name, "response") && !supported[n.Name]:
		found.kind = other
	default:
		return false
	}
	mark := p.mark(len(p.parts))
	p.parts = append(p.parts, found)
	if n.Name == "optioninput" {
		b.WriteString(" " + mark + " ")
	} else {
		b.WriteString("<p>" + mark + "</p>")
	}
	return true
}

// formulas are the marks that Open edX has around TeX.
var formulas = strings.NewReplacer("[mathjaxinline]", `\(`, "[/mathjaxinline]", `\)`, "[mathjax]", `\[`, "[/mathjax]", `\]`)

// convert turns HTML into Markdown, with its images taken in.
func (p *problem) convert(text string) string {
	md, lost := markup.FromHTML(formulas.Replace(text), func(src, _ string) (string, bool) { return p.image(src) })
	for _, l := range lost {
		if !strings.HasPrefix(l, "the image ") { // image has told of those, and why
			p.lost = append(p.lost, l)
		}
	}
	return strings.TrimSpace(md)
}

// image takes in an image of the course, which lies in its folder static.
func (p *problem) image(src string) (key string, ok bool) {
	address := src
	if !strings.HasPrefix(src, "data:") && !strings.Contains(src, "://") {
		address = "static/" + assetName(src)
	}
	key, err := p.doc.Attach(address, func(name string) ([]byte, bool) { return p.files.read(path.Join(p.base, name)) })
	if err != nil && !p.told[src] {
		p.told[src] = true
		p.doc.Warn(p.where, strings.Replace(err.Error(), "isn't beside the file", "isn't in the course", 1), "Import the course as Studio exports it, with its files; the image's description stands in its place.")
	}
	return key, err == nil
}

// assetName is an image's file name in the addresses that Studio gives it.
func assetName(src string) string {
	if at := strings.LastIndex(src, "block@"); at >= 0 {
		src = src[at+len("block@"):]
	}
	return path.Base(src)
}

func (p *problem) tellLost() {
	if len(p.lost) == 0 {
		return
	}
	slices.Sort(p.lost)
	p.doc.Warn(p.where, "left out of the texts: "+strings.Join(slices.Compact(p.lost), ", "), "Look at the question; say in words what they showed, or attach an image.")
}

// each makes a question of every part. The text before the first belongs to all
// of them, but for its last paragraph where parts have no labels of their own.
func (p *problem) each(text string) {
	segments := p.segments(text)
	shared, first := exchange.SplitText(segments[0])
	for i, part := range p.parts {
		own := segments[i]
		if i == 0 {
			own = first
		}
		if own == "" {
			own = p.convert(html.EscapeString(p.labelOf(part)))
		}
		if own == "" && i > 0 {
			own = first
		}
		stem := shared
		if last := segments[len(p.parts)]; i == len(p.parts)-1 && last != "" {
			stem = exchange.JoinText(shared, last) // a text behind the choices
		}
		p.question(i, part, stem, own)
	}
}

// segments divides the text at the tokens: what precedes each part, and what
// follows the last.
func (p *problem) segments(text string) []string {
	var found []string
	for i := range p.parts {
		before, after, ok := strings.Cut(text, p.mark(i))
		if !ok { // it stood in what is left out, e.g. in a hidden element
			found = append(found, "")
			continue
		}
		found = append(found, trimSegment(before))
		text = after
	}
	return append(found, trimSegment(text))
}

var listEnd = regexp.MustCompile(`(^|\n)[ \t>]*([-*+]|[0-9]+[.)])?[ \t]*$`)

// trimSegment takes off the beginning of a list item or quotation that held only
// the part.
func trimSegment(text string) string {
	return strings.TrimSpace(listEnd.ReplaceAllString(strings.TrimSpace(text), ""))
}

// labelOf is the label that a part has for screen readers, which often is all
// there is of its question.
func (p *problem) labelOf(part part) string {
	for _, n := range []*xmltree.Node{part.node, part.response} {
		if label := strings.TrimSpace(n.Attr("label")); label != "" {
			return label
		}
	}
	return ""
}

// question makes a question of one part.
func (p *problem) question(i int, part part, stem, ask string) {
	where := p.where
	where.Line = part.node.Line
	if part.kind == other {
		p.doc.Skip(where, "%s", unsupported(part.node.Name))
		return
	}
	q := &exam.Question{Type: exam.Single, FixedOrder: true}
	q.Stem, q.Ask = stem, ask
	p.header(q, i, part)
	var ok bool
	switch part.kind {
	case checkboxes:
		q.Type = exam.Multiple
		ok = p.checkboxes(q, part, where)
	case dropdown:
		ok = p.dropdown(q, part, where)
	case radio, other:
		ok = p.radio(q, part, where)
	}
	if ok {
		p.doc.Add(where, q)
	}
}

// header gives a question what the problem as a whole says.
func (p *problem) header(q *exam.Question, i int, part part) {
	q.Title, q.SourceID, q.Category = p.node.Attr("display_name"), p.at.name, strings.Join(p.at.path, "/")
	if len(p.parts) > 1 && i >= 0 {
		if q.SourceID != "" {
			q.SourceID = fmt.Sprintf("%s-%d", q.SourceID, i+1)
		}
		if q.Title != "" {
			q.Title = fmt.Sprintf("%s (part %d)", q.Title, i+1)
		}
	} else if weight, err := strconv.ParseFloat(p.node.Attr("weight"), 64); err == nil && weight > 0 && weight < 1e6 {
		q.Points = weight
	}
	if q.Ask == "" && q.Title != "" {
		q.Ask = markup.FromPlain(q.Title)
		p.doc.Warn(p.where, "the problem has no question; its name was taken for it", "Write the question's text.")
	}
	var explanation []string
	solutions := part.response.All("solution")
	if len(solutions) == 0 {
		solutions = p.node.All("solution")
	}
	for _, s := range solutions {
		if text := p.convert(solution(s)); text != "" {
			explanation = append(explanation, text)
		}
	}
	var hints []string
	for _, n := range p.node.All("demandhint") {
		for _, h := range n.All("hint") {
			hints = append(hints, p.convert(h.Inner()))
		}
	}
	q.Explanation = exchange.AddHints(strings.Join(explanation, "\n\n"), hints)
}

// solution is a solution without the heading that Studio's templates give it.
func solution(n *xmltree.Node) string {
	body := n
	if inner := n.Elements(); len(inner) == 1 && inner[0].Name == "div" {
		body = inner[0]
	}
	elements := body.Elements()
	if len(elements) > 1 && strings.EqualFold(strings.TrimSpace(elements[0].Content()), "explanation") {
		copied := *body
		copied.Children = slices.DeleteFunc(slices.Clone(body.Children), func(c *xmltree.Node) bool { return c == elements[0] })
		body = &copied
	}
	return body.Inner()
}

// unsupported says why a part stays out and what could be done.
func unsupported(name string) string {
	choice := "turn it into a choice among the right answer and likely mistakes"
	switch name {
	case "stringresponse":
		return "a text input (stringresponse) is answered in words of one's own; Sextant asks for choices: " + choice
	case "numericalresponse", "formularesponse", "symbolicresponse":
		return fmt.Sprintf("a %s is answered with a number or formula; Sextant asks for choices: %s", name, choice)
	case "customresponse", "coderesponse", "externalresponse", "jsmeresponse", "javascriptresponse":
		return fmt.Sprintf("a %s is marked by a program of the course; ask for the result as a choice", name)
	case "imageresponse", "schematicresponse", "annotationresponse":
		return fmt.Sprintf("a %s is answered on an image or a drawing; ask for the places as a choice, with their names on the image", name)
	case "choicetextresponse":
		return "choices with numbers to fill in (choicetextresponse) can't be asked here; write each case as a choice"
	}
	return fmt.Sprintf("a %s is not known here; if it is a kind of choice, write it as multiple choice, checkboxes or a dropdown", name)
}
