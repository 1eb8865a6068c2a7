package markup

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	gmtext "github.com/yuin/goldmark/text"

	"sextant/internal/richtext"
)

// FromPlain is the Markdown that shows a plain text as it is: every mark escaped,
// line breaks and indentation kept, blank lines between paragraphs, TeX untouched.
func FromPlain(plain string) string {
	plain = strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(plain, "\r\n", "\n"), "\r", "\n"), "\uFFFD")
	plain = strings.ReplaceAll(control.ReplaceAllString(plain, ""), "\t", "    ")
	var out []string
	var run []piece
	flush := func() {
		if len(run) > 0 {
			out = append(out, line(run, inParagraph))
		}
		run = nil
	}
	for l := range strings.SplitSeq(plain, "\n") {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if l == "" {
			flush()
			continue
		}
		if len(run) > 0 {
			run = append(run, piece{kind: lineBreak})
		}
		body := strings.TrimLeft(l, " ")
		run = append(run, splitMath(strings.Repeat("\u00a0", len(l)-len(body))+body)...)
	}
	flush()
	return strings.Join(out, "\n\n")
}

// ToPlain is the text of a Markdown text for where there is no markup: lines and
// paragraphs, lists with their marks, tables with bars, code as it is, a link's
// address behind its words. ToPlain undoes FromPlain.
func ToPlain(markdown string) string {
	source := []byte(legible(markdown))
	doc := writer.Parser().Parse(gmtext.NewReader(source))
	return strings.Trim(plainBlocks(doc, source, "\n\n"), "\n")
}

func plainBlocks(n ast.Node, source []byte, between string) string {
	var out []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if s := plainBlock(c, source); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, between)
}

func plainBlock(n ast.Node, source []byte) string {
	switch n := n.(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		return strings.TrimSuffix(string(n.Lines().Value(source)), "\n")
	case *ast.ThematicBreak:
		return "---"
	case *ast.HTMLBlock:
		return ""
	case *ast.List:
		return plainList(n, source)
	case *ast.Blockquote:
		return indent(plainBlocks(n, source, "\n\n"), "> ", ">")
	case *extast.Table:
		return plainBlocks(n, source, "\n")
	case *extast.TableHeader, *extast.TableRow:
		var cells []string
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, strings.ReplaceAll(plainLine(c, source), "\n", " "))
		}
		return strings.Join(cells, " | ")
	}
	if n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeBlock {
		return plainBlocks(n, source, "\n\n")
	}
	return plainLine(n, source)
}

func plainList(l *ast.List, source []byte) string {
	var out []string
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		pad := strings.Repeat(" ", len(mark))
		out = append(out, mark+strings.TrimPrefix(indent(plainBlocks(item, source, "\n"), pad, ""), pad))
	}
	return strings.Join(out, "\n")
}

// plainLine is the text of a line's pieces.
func plainLine(n ast.Node, source []byte) string {
	var out strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Link:
			words := plainLine(c, source)
			out.WriteString(words)
			if to := string(c.Destination); to != words {
				out.WriteString(" (" + to + ")")
			}
		case *ast.Emphasis, *extast.Strikethrough, *richtext.Script:
			out.WriteString(plainLine(c, source))
		default:
			out.WriteString(richtext.Words(c, source))
		}
	}
	return unindent(out.String())
}

// unindent gives lines their leading spaces back, which FromPlain made firm.
func unindent(s string) string {
	if !strings.Contains(s, "\u00a0") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		body := strings.TrimLeft(l, "\u00a0")
		lines[i] = strings.Repeat(" ", (len(l)-len(body))/len("\u00a0")) + body
	}
	return strings.Join(lines, "\n")
}

// keysOf are the keys of the images below a node.
func keysOf(doc ast.Node) []string {
	var keys []string
	seen := map[string]bool{}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if img, ok := n.(*ast.Image); ok && entering {
			key, ours := strings.CutPrefix(string(img.Destination), scheme)
			if ours && !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
		return ast.WalkContinue, nil
	})
	return keys
}
