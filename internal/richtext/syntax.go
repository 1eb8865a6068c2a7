package richtext

import (
	"bufio"
	"bytes"
	stdhtml "html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Syntax is the Markdown of questions beyond CommonMark: tables, ~~strikethrough~~,
// TeX between \( \), \[ \] or $$ $$ that stays as it is written, and the tags sub,
// sup, br, strong, em and del within a line. Images have the src that image makes
// of their address; "" leaves their alternative text.
func Syntax(image func(address string) (src string)) []goldmark.Extender {
	return []goldmark.Extender{
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough,
		inlines{image},
	}
}

type inlines struct{ image func(string) string }

// Extend implements goldmark.Extender.
func (x inlines) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithInlineParsers(util.Prioritized(mathParser{}, 50)),  //nolint:misspell // the library's name
		parser.WithASTTransformers(util.Prioritized(tagPairs{}, 500)), //nolint:misspell // the library's name
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(inlineRenderer(x), 100))) //nolint:misspell // the library's name
}

var mathClosers = map[string]string{`\(`: `\)`, `\[`: `\]`, `$$`: `$$`}

// MathSpan is the length in bytes of the TeX, delimiters included, that s begins
// with; 0 when it begins with none.
func MathSpan(s []byte) int {
	if len(s) < 5 {
		return 0
	}
	closer, ok := mathClosers[string(s[:2])]
	if !ok {
		return 0
	}
	end := bytes.Index(s[2:], []byte(closer))
	if end <= 0 || len(bytes.TrimSpace(s[2:2+end])) == 0 {
		return 0
	}
	return end + 4
}

// Math is TeX within a line, delimiters included.
type Math struct {
	ast.BaseInline
	TeX string
}

// KindMath is the kind of Math.
var KindMath = ast.NewNodeKind("Math")

// Kind implements ast.Node.
func (*Math) Kind() ast.NodeKind { return KindMath }

// Dump implements ast.Node.
func (n *Math) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"TeX": n.TeX}, nil)
}

type mathParser struct{}

// Trigger implements parser.InlineParser.
func (mathParser) Trigger() []byte { return []byte{'\\', '$'} }

// unclosed remembers up to where of the source a closing delimiter was looked for
// in vain, so that many opening ones cost no more than one.
var unclosed = parser.NewContextKey()

// Parse implements parser.InlineParser.
func (mathParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, at := block.PeekLine()
	if len(line) < 2 || mathClosers[string(line[:2])] == "" {
		return nil
	}
	closer := mathClosers[string(line[:2])]
	inVain, _ := pc.Get(unclosed).(map[string]int)
	if at.Start < inVain[closer] {
		return nil
	}
	if bytes.Contains(line[2:], []byte(closer)) {
		n := MathSpan(line)
		if n == 0 {
			return nil
		}
		block.Advance(n)
		return &Math{TeX: string(line[:n])}
	}
	row, start := block.Position()
	whole, end := severalLines(block, closer)
	if whole == nil {
		block.SetPosition(row, start)
		if inVain == nil {
			inVain = map[string]int{}
			pc.Set(unclosed, inVain)
		}
		inVain[closer] = end
		return nil
	}
	return &Math{TeX: string(whole)}
}

// severalLines reads on to the line that holds the closing delimiter; nil when
// there is none up to the end of the block, at offset end of the source.
func severalLines(block text.Reader, closer string) (whole []byte, end int) {
	for line, at := block.PeekLine(); line != nil; line, at = block.PeekLine() {
		end = at.Stop
		if i := bytes.Index(line, []byte(closer)); i >= 0 && len(whole) > 0 {
			block.Advance(i + len(closer))
			return append(whole, line[:i+len(closer)]...), end
		}
		whole = append(whole, line...)
		block.AdvanceLine()
	}
	return nil, end
}

// Script is text set lower or higher: Tag is "sub" or "sup".
type Script struct {
	ast.BaseInline
	Tag string
}

// KindScript is the kind of Script.
var KindScript = ast.NewNodeKind("Script")

// Kind implements ast.Node.
func (*Script) Kind() ast.NodeKind { return KindScript }

// Dump implements ast.Node.
func (n *Script) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Tag": n.Tag}, nil)
}

// LineBreak is a <br> within a line, as table cells need it.
type LineBreak struct{ ast.BaseInline }

// KindLineBreak is the kind of LineBreak.
var KindLineBreak = ast.NewNodeKind("LineBreak")

// Kind implements ast.Node.
func (*LineBreak) Kind() ast.NodeKind { return KindLineBreak }

// Dump implements ast.Node.
func (n *LineBreak) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// tagPairs makes elements of the tags that stand in pairs among siblings. Any
// other tag stays raw HTML, which isn't rendered.
type tagPairs struct{}

// Transform implements parser.ASTTransformer.
func (tagPairs) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	parents := map[ast.Node]bool{}
	var order []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Kind() == ast.KindRawHTML && !parents[n.Parent()] {
			parents[n.Parent()] = true
			order = append(order, n.Parent())
		}
		return ast.WalkContinue, nil
	})
	for _, parent := range order {
		pairUp(parent, source)
	}
}

var inlineTag = regexp.MustCompile(`^<(/?)(sub|sup|strong|em|del|br)\s*/?>$`)

// pairUp goes through the children of parent once, with the tags still open on a
// stack: a closing tag takes what follows its opening one into an element.
func pairUp(parent ast.Node, source []byte) {
	var open []*ast.RawHTML
	var names []string
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		raw, ok := n.(*ast.RawHTML)
		if !ok {
			n = next
			continue
		}
		match := inlineTag.FindStringSubmatch(strings.ToLower(string(raw.Segments.Value(source))))
		switch {
		case match == nil:
		case match[2] == "br":
			parent.ReplaceChild(parent, n, &LineBreak{})
		case match[1] == "":
			open, names = append(open, raw), append(names, match[2])
		case len(names) > 0 && names[len(names)-1] == match[2]:
			last := len(open) - 1
			enclose(parent, open[last], raw, element(match[2]))
			open, names = open[:last], names[:last]
		}
		n = next
	}
}

func enclose(parent ast.Node, from, to *ast.RawHTML, element ast.Node) {
	for n := from.NextSibling(); n != nil && n != ast.Node(to); {
		next := n.NextSibling()
		parent.RemoveChild(parent, n)
		element.AppendChild(element, n)
		n = next
	}
	parent.RemoveChild(parent, to)
	parent.ReplaceChild(parent, from, element)
}

func element(tag string) ast.Node {
	switch tag {
	case "strong":
		return ast.NewEmphasis(2)
	case "em":
		return ast.NewEmphasis(1)
	case "del":
		return extast.NewStrikethrough()
	}
	return &Script{Tag: tag}
}

type inlineRenderer struct{ image func(string) string }

// RegisterFuncs implements renderer.NodeRenderer.
func (r inlineRenderer) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(KindMath, renderMath)
	register.Register(KindScript, renderScript)
	register.Register(KindLineBreak, renderLineBreak)
	register.Register(ast.KindImage, r.renderImage)
	register.Register(ast.KindRawHTML, renderNothing)
	register.Register(ast.KindHTMLBlock, renderNothing)
}

func renderNothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

func renderMath(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.Write(util.EscapeHTML([]byte(n.(*Math).TeX)))
	}
	return ast.WalkContinue, nil
}

func renderScript(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	slash := "/"
	if entering {
		slash = ""
	}
	_, _ = w.WriteString("<" + slash + n.(*Script).Tag + ">")
	return ast.WalkContinue, nil
}

func renderLineBreak(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<br />")
	}
	return ast.WalkContinue, nil
}

func (r inlineRenderer) renderImage(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	alt := util.EscapeHTML([]byte(Words(n, source)))
	src := r.image(string(n.(*ast.Image).Destination))
	if src == "" {
		_, _ = w.Write(alt)
		return ast.WalkSkipChildren, nil
	}
	_, _ = w.WriteString(`<img src="`)
	_, _ = w.Write(util.EscapeHTML([]byte(src)))
	_, _ = w.WriteString(`" alt="`)
	_, _ = w.Write(alt)
	_, _ = w.WriteString(`" />`)
	return ast.WalkSkipChildren, nil
}

// Words is the text of a node of Markdown without its marks, escapes resolved.
func Words(n ast.Node, source []byte) string {
	var out strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			out.WriteString(textOf(n.Segment.Value(source), n.IsRaw()))
			if n.SoftLineBreak() || n.HardLineBreak() {
				out.WriteByte('\n')
			}
		case *ast.String:
			out.WriteString(textOf(n.Value, n.IsRaw() || n.IsCode()))
		case *ast.AutoLink:
			out.Write(n.Label(source))
		case *Math:
			out.WriteString(n.TeX)
		case *LineBreak:
			out.WriteByte('\n')
		}
		return ast.WalkContinue, nil
	})
	return out.String()
}

// textOf resolves the escapes and entities of Markdown text as the renderer of
// HTML does.
func textOf(raw []byte, verbatim bool) string {
	if verbatim {
		return string(raw)
	}
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	html.DefaultWriter.Write(w, raw)
	_ = w.Flush()
	return stdhtml.UnescapeString(out.String())
}
