// Package xmltree reads the XML of other systems into small trees that know
// their lines, within bounds and without ever expanding an entity of the file.
package xmltree

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"
)

// Bounds on one tree.
const (
	maxDepth = 200
	maxNodes = 200_000
)

// Node is an element, or a run of text between elements.
type Node struct {
	Name     string // without its namespace's prefix; "" for text
	Text     string // of a run of text
	Attrs    []Attr
	Children []*Node
	Line     int // in the file, 1-based
}

// Attr is an attribute of an element.
type Attr struct{ Name, Value string }

// Error is XML that can't be read.
type Error struct {
	Line    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Parse reads the first element of text, which begins at the given line of its
// file. Where the text is broken it returns an *Error. A stray & or < and characters
// that XML forbids are mended first if they are all that is wrong; mended says so.
func Parse(text string, line int) (root *Node, mended bool, err error) {
	root, err = parse(text, line)
	if err == nil {
		return root, false, nil
	}
	repaired := mend(text)
	if repaired == text {
		return nil, false, err
	}
	if root, again := parse(repaired, line); again == nil {
		return root, true, nil
	}
	return nil, false, err
}

func parse(text string, line int) (*Node, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // decoded already
	b := &builder{decoder: d, first: line}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil, &Error{b.line(), b.unclosed()}
		}
		if err != nil {
			return nil, b.broken(err)
		}
		done, err := b.take(token)
		if done != nil || err != nil {
			return done, err
		}
	}
}

// builder makes nodes of tokens. It watches the nesting itself: the decoder's
// own report of it doesn't say where the element that stays open began.
type builder struct {
	decoder *xml.Decoder
	first   int // line at which the text begins
	open    []*Node
	prefix  []string        // as written, of the open elements
	run     strings.Builder // text since the last tag
	runLine int
	nodes   int
}

func (b *builder) line() int {
	line, _ := b.decoder.InputPos()
	return b.first + line - 1
}

func (b *builder) take(token xml.Token) (done *Node, err error) {
	switch t := token.(type) {
	case xml.StartElement:
		if err := b.endRun(); err != nil {
			return nil, err
		}
		return nil, b.start(t)
	case xml.EndElement:
		if err := b.endRun(); err != nil {
			return nil, err
		}
		return b.end(t)
	case xml.CharData:
		if b.run.Len() == 0 {
			b.runLine = b.line()
		}
		b.run.Write(t)
	}
	return nil, nil
}

func (b *builder) start(t xml.StartElement) error {
	line := b.line()
	n := &Node{Name: t.Name.Local, Line: line}
	for _, a := range t.Attr {
		n.Attrs = append(n.Attrs, Attr{a.Name.Local, a.Value})
	}
	if len(b.open) >= maxDepth {
		return &Error{line, fmt.Sprintf("elements lie more than %d deep in each other", maxDepth)}
	}
	if err := b.add(n); err != nil {
		return err
	}
	b.open, b.prefix = append(b.open, n), append(b.prefix, t.Name.Space)
	return nil
}

func (b *builder) end(t xml.EndElement) (done *Node, err error) {
	last := len(b.open) - 1
	if last < 0 {
		return nil, &Error{b.line(), fmt.Sprintf("</%s> closes an element that isn't open", t.Name.Local)}
	}
	n := b.open[last]
	if n.Name != t.Name.Local || b.prefix[last] != t.Name.Space {
		return nil, &Error{b.line(), fmt.Sprintf("</%s> stands where </%s> is due: <%s> was opened in line %d", t.Name.Local, n.Name, n.Name, n.Line)}
	}
	b.open, b.prefix = b.open[:last], b.prefix[:last]
	if last == 0 {
		return n, nil
	}
	return nil, nil
}

// endRun makes a node of the text since the last tag. Comments and the edges of
// CDATA sections don't divide it.
func (b *builder) endRun() error {
	text := b.run.String()
	b.run.Reset()
	if text == "" || len(b.open) == 0 {
		return nil
	}
	return b.add(&Node{Text: text, Line: b.runLine})
}

func (b *builder) add(n *Node) error {
	if b.nodes++; b.nodes > maxNodes {
		return &Error{b.line(), fmt.Sprintf("has more than %d elements", maxNodes)}
	}
	if len(b.open) > 0 {
		parent := b.open[len(b.open)-1]
		parent.Children = append(parent.Children, n)
	}
	return nil
}

func (b *builder) unclosed() string {
	if len(b.open) == 0 {
		return "there is no element"
	}
	n := b.open[len(b.open)-1]
	return fmt.Sprintf("<%s>, opened in line %d, is never closed", n.Name, n.Line)
}

func (b *builder) broken(err error) error {
	if syntax := (*xml.SyntaxError)(nil); errors.As(err, &syntax) {
		switch syntax.Msg {
		case "unexpected EOF":
			return &Error{b.line(), b.unclosed()}
		case "unexpected EOF in CDATA section":
			return &Error{b.first + syntax.Line - 1, "a CDATA section is never closed: ]]> is missing"}
		}
		return &Error{b.first + syntax.Line - 1, syntax.Msg}
	}
	return &Error{b.line(), err.Error()}
}

// Child is the first child element of that name, or nil.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// All are the child elements of that name.
func (n *Node) All(name string) []*Node {
	if n == nil {
		return nil
	}
	var found []*Node
	for _, c := range n.Children {
		if c.Name == name {
			found = append(found, c)
		}
	}
	return found
}

// Elements are the child elements.
func (n *Node) Elements() []*Node {
	if n == nil {
		return nil
	}
	var found []*Node
	for _, c := range n.Children {
		if c.Name != "" {
			found = append(found, c)
		}
	}
	return found
}

// Attr is the value of an attribute; "" when there is none.
func (n *Node) Attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// Content is all text in an element and those below it.
func (n *Node) Content() string {
	if n == nil {
		return ""
	}
	if n.Name == "" {
		return n.Text
	}
	if len(n.Children) == 1 {
		return n.Children[0].Content()
	}
	var b strings.Builder
	for _, c := range n.Children {
		b.WriteString(c.Content())
	}
	return b.String()
}

// Inner is what stands between an element's tags as HTML.
func (n *Node) Inner() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range n.Children {
		c.write(&b)
	}
	return b.String()
}

// Outer is an element with its tags as HTML; of a text, the text escaped.
func (n *Node) Outer() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.write(&b)
	return b.String()
}

var void = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "source": true, "track": true, "wbr": true,
}

func (n *Node) write(b *strings.Builder) {
	if n.Name == "" {
		b.WriteString(html.EscapeString(n.Text))
		return
	}
	b.WriteString("<" + n.Name)
	for _, a := range n.Attrs {
		b.WriteString(" " + a.Name + `="` + html.EscapeString(a.Value) + `"`)
	}
	b.WriteString(">")
	if void[n.Name] && len(n.Children) == 0 {
		return
	}
	for _, c := range n.Children {
		c.write(b)
	}
	b.WriteString("</" + n.Name + ">")
}
