package markup

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNested is how deep lists, quotations and emphasis nest; what lies deeper
// keeps its text.
const maxNested = 24

// FromHTML is the Markdown of an HTML fragment, whoever wrote it, and what of it
// was lost, in words that follow "without": "a script", "the image plan.svg".
// Paragraphs, emphasis, code, lists, tables with alignment, headings, quotations,
// links by https, images, sub- and superscripts, TeX and MathML come through.
func FromHTML(fragment string, images Images) (markdown string, lost []string) {
	fragment = strings.ToValidUTF8(strings.ReplaceAll(fragment, "\x00", ""), "\uFFFD")
	if !strings.ContainsAny(fragment, "<&") {
		return line(tidyRun([]piece{{kind: text, text: collapse(fragment)}}), inParagraph), nil
	}
	fragment = unknownTags(fragment)
	r := &reader{images: images}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"})
	if err != nil { // elements nested beyond all measure: their text is what can be had
		r.lose("its markup, which nests too deeply")
		return FromPlain(bareText(fragment)), r.lost
	}
	root := &html.Node{Type: html.ElementNode, DataAtom: atom.Div, Data: "div"}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return joinBlocks(r.blocks(root, nil, 0), false), r.lost
}

// bareText is what is left of HTML without its tags.
func bareText(fragment string) string {
	var out strings.Builder
	for z := html.NewTokenizer(strings.NewReader(fragment)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(out.String())
		case html.TextToken:
			out.Write(z.Text())
			out.WriteByte(' ')
		default:
		}
	}
}

type reader struct {
	images Images
	lost   []string
}

func (r *reader) lose(what string) {
	if !slices.Contains(r.lost, what) && len(r.lost) < 50 {
		r.lost = append(r.lost, what)
	}
}

// block is a block of Markdown. A list is written when it is known which lists
// stand beside it.
type block struct {
	text string
	list *list
	kind blockKind
}

type blockKind int

const (
	paragraph blockKind = iota
	fenced              // code
	ruled               // a rule, a heading or a quotation, which need no blank line before them
	apart               // a table
)

type list struct {
	ordered bool
	start   int
	items   [][]block
	loose   bool
}

// dropped are the elements whose content is no text of the question, with the
// name of what is lost; "" for what nobody misses.
var dropped = map[string]string{
	"script": "a script", "style": "", "iframe": "an embedded page", "frame": "an embedded page", "frameset": "embedded pages",
	"embed": "an embedded object", "applet": "an applet", "form": "", "input": "an input field", "select": "a drop-down list",
	"textarea": "an input field", "button": "a button", "svg": "a drawing (SVG)", "canvas": "a drawing (canvas)",
	"template": "", "head": "", "title": "", "meta": "", "base": "", "noscript": "", "param": "", "source": "", "track": "",
}

var blockNames = map[string]bool{
	"p": true, "div": true, "ul": true, "ol": true, "li": true, "table": true, "pre": true, "blockquote": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "dl": true, "dt": true, "dd": true, "figure": true,
	"figcaption": true, "section": true, "article": true, "aside": true, "header": true, "footer": true, "main": true, "nav": true,
	"address": true, "center": true, "details": true, "summary": true, "fieldset": true, "legend": true, "caption": true,
	"tbody": true, "thead": true, "tfoot": true, "tr": true, "td": true, "th": true, "form": true, "body": true, "html": true,
}

// holdsBlock reports whether an element is a block or has one within it.
func holdsBlock(n *html.Node) bool {
	if n.Type != html.ElementNode || n.Namespace != "" {
		return false
	}
	if blockNames[n.Data] || isCodeBlock(n) {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if holdsBlock(c) {
			return true
		}
	}
	return false
}

// isCodeBlock reports whether code runs over several lines without a pre.
func isCodeBlock(n *html.Node) bool {
	if n.Data != "code" && n.Data != "samp" {
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "br" && c.PrevSibling != nil && c.NextSibling != nil {
			return true
		}
	}
	return false
}

// blocks are the blocks of an element's children; around are the kinds of
// emphasis that enclose them.
func (r *reader) blocks(n *html.Node, around []kind, depth int) []block {
	var out []block
	var run []piece
	flush := func() {
		for _, part := range paragraphs(wrap(run, around)) {
			out = append(out, block{text: line(part, inParagraph)})
		}
		run = nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !holdsBlock(c) {
			run = append(run, r.inline(c, depth)...)
			continue
		}
		flush()
		out = append(out, r.block(c, around, depth)...)
	}
	flush()
	return out
}

func wrap(run []piece, around []kind) []piece {
	for i := len(around) - 1; i >= 0; i-- {
		run = []piece{{kind: around[i], kids: run}}
	}
	return run
}

// paragraphs divides a run where it breaks twice.
func paragraphs(run []piece) [][]piece {
	run = merge(hoist(run))
	var out [][]piece
	from := 0
	add := func(to int) {
		if part := tidyRun(run[from:to]); len(part) > 0 {
			out = append(out, part)
		}
	}
	for i := 0; i < len(run); i++ {
		if run[i].kind != lineBreak {
			continue
		}
		end := i + 1
		breaks := 1
		for ; end < len(run) && (run[end].kind == lineBreak || run[end].kind == text && strings.TrimSpace(run[end].text) == ""); end++ {
			if run[end].kind == lineBreak {
				breaks++
			}
		}
		if breaks > 1 {
			add(i)
			from = end
		}
		i = end - 1
	}
	add(len(run))
	return out
}

func (r *reader) block(n *html.Node, around []kind, depth int) []block {
	r.handlers(n)
	if name, ok := dropped[n.Data]; ok && n.Data != "form" {
		r.loseElement(name, n)
		return nil
	}
	if depth > maxNested {
		return r.blocks(n, nil, depth)
	}
	switch n.Data {
	case "pre", "code", "samp":
		return codeBlock(n)
	case "ul", "ol":
		return r.list(n, around, depth+1)
	case "table":
		return r.table(n, depth+1)
	case "hr":
		return []block{{text: "***", kind: ruled}}
	case "blockquote":
		inner := joinBlocks(r.blocks(n, around, depth+1), false)
		if inner == "" {
			return nil
		}
		return []block{{text: indent(inner, "> ", ">"), kind: ruled}}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return r.heading(n, depth)
	case "dt", "summary", "legend", "caption":
		return r.blocks(n, append(slices.Clip(around), strong), depth+1)
	}
	if k, ok := emphases[n.Data]; ok {
		return r.blocks(n, append(slices.Clip(around), k), depth+1)
	}
	return r.blocks(n, around, depth+1)
}

// indent puts a prefix before each line, bare before the empty ones.
func indent(s, prefix, bare string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if l == "" {
			lines[i] = bare
			continue
		}
		lines[i] = prefix + l
	}
	return strings.Join(lines, "\n")
}

// heading writes the levels that pages of questions have, 2 to 4.
func (r *reader) heading(n *html.Node, depth int) []block {
	level, _ := strconv.Atoi(n.Data[1:])
	var run []piece
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		run = append(run, r.inline(c, depth)...)
	}
	run = tidyRun(run)
	if len(run) == 0 {
		return nil
	}
	return []block{{text: strings.Repeat("#", min(max(level, 2), 4)) + " " + line(run, inHeading), kind: ruled}}
}

var language = regexp.MustCompile(`(?:^|\s)(?:language-|lang-|brush:\s*|highlight-source-)([A-Za-z0-9+-]{1,20})`)

var blankLine = regexp.MustCompile(`(?m)^[ \t]+$`)

func codeBlock(n *html.Node) []block {
	var out strings.Builder
	verbatim(n, &out)
	code := strings.ReplaceAll(strings.ReplaceAll(out.String(), "\r\n", "\n"), "\r", "\n")
	code = strings.ReplaceAll(control.ReplaceAllString(code, ""), "\u00a0", " ")
	code = blankLine.ReplaceAllString(strings.TrimSuffix(code, "\n"), "")
	if strings.TrimSpace(code) == "" {
		return nil
	}
	mark := "```"
	for strings.Contains(code, mark) {
		mark += "`"
	}
	return []block{{text: mark + languageOf(n) + "\n" + code + "\n" + mark, kind: fenced}}
}

func languageOf(n *html.Node) string {
	if match := language.FindStringSubmatch(attribute(n, "class")); match != nil {
		return strings.ToLower(match[1])
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "code" {
			return languageOf(c)
		}
	}
	return ""
}

// verbatim is the text of an element as it is written, with a line for each br.
func verbatim(n *html.Node, out *strings.Builder) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			out.WriteString(c.Data)
		case c.Type != html.ElementNode:
		case c.Data == "br":
			out.WriteByte('\n')
		case c.Data == "script" || c.Data == "style":
		default:
			verbatim(c, out)
			if (c.Data == "div" || c.Data == "p") && c.NextSibling != nil {
				out.WriteByte('\n')
			}
		}
	}
}

func (r *reader) list(n *html.Node, around []kind, depth int) []block {
	l := &list{ordered: n.Data == "ol", start: 1}
	if start, err := strconv.Atoi(attribute(n, "start")); err == nil && start >= 0 && start <= 9999 {
		l.start = start
	}
	var stray []block
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if c.Data != "li" { // a list within a list without an item around it, as editors write it
			inner := r.block(c, around, depth)
			if len(l.items) > 0 {
				l.items[len(l.items)-1] = append(l.items[len(l.items)-1], inner...)
			} else {
				stray = append(stray, inner...)
			}
			continue
		}
		r.handlers(c)
		item := r.blocks(c, around, depth)
		if len(item) == 0 { // editors leave them behind
			continue
		}
		l.items = append(l.items, item)
		l.loose = l.loose || hasParagraph(c)
	}
	if len(l.items) == 0 {
		return stray
	}
	l.loose = l.loose || slices.ContainsFunc(l.items, needsSpace)
	return append(stray, block{list: l})
}

func hasParagraph(item *html.Node) bool {
	for c := item.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "p" {
			return true
		}
	}
	return false
}

// needsSpace reports whether the blocks of a list item run into each other
// without blank lines.
func needsSpace(item []block) bool {
	for i, b := range item {
		switch {
		case i == 0:
		case b.list != nil && (!b.list.ordered || b.list.start == 1) && item[i-1].list == nil:
		case b.list == nil && (b.kind == fenced || b.kind == ruled) && item[i-1].list == nil && !strings.HasPrefix(item[i-1].text, ">"):
		default:
			return true
		}
	}
	return false
}

// joinBlocks writes blocks under each other. Lists beside each other have
// different marks, or they would be one.
func joinBlocks(blocks []block, tight bool) string {
	var out strings.Builder
	other, wasOrdered, wasList := false, false, false
	for i, b := range blocks {
		if i > 0 {
			out.WriteByte('\n')
			if !tight {
				out.WriteByte('\n')
			}
		}
		if b.list == nil {
			out.WriteString(b.text)
			wasList = false
			continue
		}
		other = wasList && wasOrdered == b.list.ordered && !other
		out.WriteString(b.list.write(other))
		wasList, wasOrdered = true, b.list.ordered
	}
	return out.String()
}

func (l *list) write(otherMark bool) string {
	items := make([]string, len(l.items))
	for i, item := range l.items {
		mark := "-"
		switch {
		case l.ordered && otherMark:
			mark = strconv.Itoa(l.start+i) + ")"
		case l.ordered:
			mark = strconv.Itoa(l.start+i) + "."
		case otherMark:
			mark = "+"
		}
		body := joinBlocks(item, !l.loose)
		pad := strings.Repeat(" ", len(mark)+1)
		items[i] = mark + " " + strings.TrimPrefix(indent(body, pad, ""), pad)
	}
	between := "\n"
	if l.loose {
		between = "\n\n"
	}
	return strings.Join(items, between)
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// handlers names the scripts in an element's attributes.
func (r *reader) handlers(n *html.Node) {
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") && len(a.Key) > 3 {
			r.lose("a script (" + clip(a.Key) + ")")
		}
	}
}

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

func (r *reader) loseElement(name string, n *html.Node) {
	if name == "" {
		return
	}
	if src := attribute(n, "src"); src != "" && !strings.HasPrefix(src, "data:") {
		name = fmt.Sprintf("%s (%s)", name, clip(src))
	}
	r.lose(name)
}

var emphases = map[string]kind{
	"b": strong, "strong": strong, "i": em, "em": em, "cite": em, "var": em, "dfn": em, "u": em, "ins": em,
	"del": del, "s": del, "strike": del, "sub": sub, "sup": sup,
}

// inline are the pieces of a node that is no block.
func (r *reader) inline(n *html.Node, depth int) []piece {
	if n.Type == html.TextNode {
		return []piece{{kind: text, text: collapse(n.Data)}}
	}
	if n.Type != html.ElementNode {
		return nil
	}
	r.handlers(n)
	if n.Namespace == "math" || n.Data == "math" {
		return []piece{{kind: tex, text: mathML(n)}}
	}
	if n.Data == "script" && strings.HasPrefix(attribute(n, "type"), "math/tex") {
		return []piece{{kind: tex, text: delimit(verbatimText(n), strings.Contains(attribute(n, "type"), "display"))}}
	}
	if name, ok := dropped[n.Data]; ok {
		r.loseElement(name, n)
		return nil
	}
	switch n.Data {
	case "br":
		return []piece{{kind: lineBreak}}
	case "wbr":
		return nil
	case "img":
		return r.image(n)
	case "code", "tt", "kbd", "samp":
		return r.code(n, depth)
	case "a":
		return r.link(n, depth)
	case "audio", "video", "object":
		r.loseElement("an "+n.Data+" element", n)
	}
	kids := r.inlines(n, depth+1)
	if k, ok := emphases[n.Data]; ok && depth <= maxNested {
		return []piece{{kind: k, kids: kids}}
	}
	if n.Data == "q" {
		return append(append([]piece{{kind: text, text: "“"}}, kids...), piece{kind: text, text: "”"})
	}
	return kids
}

func (r *reader) inlines(n *html.Node, depth int) []piece {
	var kids []piece
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && blockNames[c.Data] && len(kids) > 0 { // a block where only a line has room
			kids = append(kids, piece{kind: lineBreak})
		}
		kids = append(kids, r.inline(c, depth)...)
	}
	return kids
}

func verbatimText(n *html.Node) string {
	var out strings.Builder
	verbatim(n, &out)
	return out.String()
}

// code is the text of an inline code element; images within it stand after it.
func (r *reader) code(n *html.Node, depth int) []piece {
	s := strings.ReplaceAll(control.ReplaceAllString(verbatimText(n), ""), "\r", "")
	s = strings.ReplaceAll(strings.Trim(s, "\n\t"), "\n", " ")
	if strings.TrimSpace(s) == "" {
		return r.inlines(n, depth+1)
	}
	return []piece{{kind: code, text: s}}
}

func (r *reader) link(n *html.Node, depth int) []piece {
	kids := r.inlines(n, depth+1)
	href := strings.TrimSpace(attribute(n, "href"))
	if href == "" || strings.HasPrefix(href, "#") {
		return kids
	}
	if !shownLink(href) {
		r.lose("the link to " + clip(href))
		return kids
	}
	if len(tidyRun(slices.Clone(kids))) == 0 {
		kids = []piece{{kind: text, text: href}}
	}
	return []piece{{kind: link, href: href, kids: flattenLinks(kids)}}
}

// flattenLinks takes links out of pieces: a link can't hold another.
func flattenLinks(run []piece) []piece {
	var out []piece
	for _, p := range run {
		if p.kind == link {
			out = append(out, flattenLinks(p.kids)...)
			continue
		}
		p.kids = flattenLinks(p.kids)
		out = append(out, p)
	}
	return out
}

func (r *reader) image(n *html.Node) []piece {
	if equation := attribute(n, "data-equation-content"); equation != "" {
		return []piece{{kind: tex, text: delimit(equation, false)}}
	}
	src, alt := strings.TrimSpace(attribute(n, "src")), collapse(attribute(n, "alt"))
	if equation, ok := strings.CutPrefix(strings.TrimSpace(alt), "LaTeX:"); ok && strings.Contains(attribute(n, "class"), "equation_image") {
		return []piece{{kind: tex, text: delimit(equation, false)}}
	}
	if src == "" {
		return []piece{{kind: text, text: alt}}
	}
	if r.images != nil {
		if key, ok := r.images(src, alt); ok {
			return []piece{{kind: image, text: alt, href: key}}
		}
	}
	name := src
	if strings.HasPrefix(src, "data:") {
		name = "within the text"
	}
	r.lose("the image " + clip(name))
	if strings.TrimSpace(alt) == "" {
		return nil
	}
	return []piece{{kind: text, text: alt}}
}

func (r *reader) table(n *html.Node, depth int) []block {
	t := &table{}
	var out []block
	r.rows(n, t, &out, depth, false)
	if len(t.rows) == 0 {
		return out
	}
	return append(out, block{text: t.write(), kind: apart})
}

type table struct {
	rows   [][]string
	header bool // the first row heads the others
	aligns []string
}

func (r *reader) rows(n *html.Node, t *table, out *[]block, depth int, inHead bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.Data {
		case "caption":
			*out = append(*out, r.block(c, nil, depth)...)
		case "thead":
			r.rows(c, t, out, depth, true)
		case "tbody", "tfoot":
			r.rows(c, t, out, depth, false)
		case "tr":
			r.row(c, t, depth, inHead)
		}
	}
}

var aligned = regexp.MustCompile(`(?i)text-align\s*:\s*(left|right|center)`)

func (r *reader) row(n *html.Node, t *table, depth int, inHead bool) {
	var cells []string
	heads := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.Data != "td" && c.Data != "th" {
			continue
		}
		r.handlers(c)
		align := strings.ToLower(attribute(c, "align"))
		if match := aligned.FindStringSubmatch(attribute(c, "style")); match != nil {
			align = strings.ToLower(match[1])
		}
		if len(t.aligns) <= len(cells) {
			t.aligns = append(t.aligns, align)
		}
		run := r.cell(c, depth)
		if c.Data == "th" {
			heads++
			if len(t.rows) > 0 && len(run) > 0 {
				run = tidyRun([]piece{{kind: strong, kids: run}})
			}
		}
		cells = append(cells, line(run, inCell))
		for span, _ := strconv.Atoi(attribute(c, "colspan")); span > 1 && span < 100; span-- {
			cells = append(cells, "")
			r.lose("merged table cells")
		}
	}
	if len(cells) == 0 {
		return
	}
	if len(t.rows) == 0 {
		t.header = inHead || heads == len(cells)
	}
	t.rows = append(t.rows, cells)
}

// cell is the content of a table's cell on one line, its blocks divided by breaks.
func (r *reader) cell(n *html.Node, depth int) []piece {
	var run []piece
	gap := func() {
		if len(tidyRun(slices.Clone(run))) > 0 {
			run = append(run, piece{kind: lineBreak})
		}
	}
	if depth > maxNested {
		return []piece{{kind: text, text: collapse(verbatimText(n))}}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !holdsBlock(c) {
			run = append(run, r.inline(c, depth)...)
			continue
		}
		if _, gone := dropped[c.Data]; gone {
			r.block(c, nil, depth)
			continue
		}
		if c.Data == "hr" {
			continue
		}
		gap()
		switch c.Data {
		case "li":
			run = append(run, piece{kind: text, text: "• "})
		case "pre":
			for l := range strings.SplitSeq(strings.Trim(verbatimText(c), "\n"), "\n") {
				if strings.TrimSpace(l) != "" {
					run = append(run, piece{kind: code, text: strings.TrimRightFunc(l, unicode.IsSpace)}, piece{kind: lineBreak})
				}
			}
			continue
		}
		inner := r.cell(c, depth+1)
		if k, ok := emphases[c.Data]; ok {
			inner = []piece{{kind: k, kids: inner}}
		}
		run = append(run, inner...)
		run = append(run, piece{kind: lineBreak})
	}
	return collapseBreaks(tidyRun(run))
}

func collapseBreaks(run []piece) []piece {
	return slices.CompactFunc(run, func(a, b piece) bool { return a.kind == lineBreak && b.kind == lineBreak })
}

func (t *table) write() string {
	width := 0
	for _, row := range t.rows {
		width = max(width, len(row))
	}
	rows := t.rows
	if !t.header {
		rows = append([][]string{make([]string, width)}, rows...)
	}
	var out strings.Builder
	for i, row := range rows {
		for j := range width {
			cell := ""
			if j < len(row) {
				cell = row[j]
			}
			out.WriteString("| ")
			if cell != "" {
				out.WriteString(cell + " ")
			}
		}
		out.WriteString("|")
		if i == 0 {
			out.WriteString("\n" + t.ruler(width))
		}
		if i+1 < len(rows) {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

func (t *table) ruler(width int) string {
	var out strings.Builder
	for j := range width {
		mark := "|---"
		if j < len(t.aligns) {
			switch t.aligns[j] {
			case "left":
				mark = "|:---"
			case "right":
				mark = "|---:"
			case "center":
				mark = "|:---:"
			}
		}
		out.WriteString(mark)
	}
	out.WriteString("|")
	return out.String()
}
