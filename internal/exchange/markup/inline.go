package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a piece of a line is.
type kind int

const (
	text kind = iota
	code
	tex
	lineBreak
	image
	strong
	em
	del
	sub
	sup
	link
)

// holds reports whether pieces of this kind have pieces of their own.
func (k kind) holds() bool { return k >= strong }

// piece is a piece of a line of text: what HTML calls phrasing content.
type piece struct {
	kind kind
	text string // text, code and tex: their characters; image: its alternative text
	href string // link: its address; image: its key
	kids []piece
}

var (
	spaces  = regexp.MustCompile(`[ \t\f\r\n]+`)
	control = regexp.MustCompile(`[\x00-\x08\x0b\x0e-\x1f\x7f]`)
)

// collapse makes one space, or one line break where there is one among them, of
// a run of white space, as HTML shows it. A no-break space is none.
func collapse(s string) string {
	return spaces.ReplaceAllStringFunc(control.ReplaceAllString(s, ""), func(run string) string {
		if strings.Contains(run, "\n") {
			return "\n"
		}
		return " "
	})
}

// tidy brings the pieces of a run into the form that can be written: no white
// space at the edges of an element, neighbours of a kind as one, TeX by itself.
func tidy(run []piece) []piece {
	run = merge(hoist(run))
	var out []piece
	for i, p := range run {
		if p.kind != text {
			out = append(out, p)
			continue
		}
		if i > 0 && run[i-1].kind == lineBreak { // white space beside a line break shows as nothing
			p.text = strings.TrimLeft(p.text, " \n")
		}
		if i+1 < len(run) && run[i+1].kind == lineBreak {
			p.text = strings.TrimRight(p.text, " \n")
		}
		out = append(out, splitMath(p.text)...)
	}
	return out
}

// tidyRun is tidy for a whole run, whose outer white space means nothing.
func tidyRun(run []piece) []piece {
	run = tidy(run)
	isBlank := func(p piece) bool { return p.kind == lineBreak || p.kind == text && strings.TrimSpace(p.text) == "" }
	for len(run) > 0 && isBlank(run[0]) {
		run = run[1:]
	}
	for len(run) > 0 && isBlank(run[len(run)-1]) {
		run = run[:len(run)-1]
	}
	if len(run) == 0 {
		return nil
	}
	if run[0].kind == text {
		run[0].text = strings.TrimLeftFunc(run[0].text, unicode.IsSpace)
	}
	if last := &run[len(run)-1]; last.kind == text {
		last.text = strings.TrimRightFunc(last.text, unicode.IsSpace)
	}
	return run
}

// hoist moves white space and line breaks at the edges of an element out of it
// and drops elements that hold nothing.
func hoist(run []piece) []piece {
	var out []piece
	for _, p := range run {
		if !p.kind.holds() {
			out = append(out, p)
			continue
		}
		kids := unwrap(p.kind, hoist(p.kids))
		var after []piece
		for len(kids) > 0 {
			lead, rest, whole := edge(kids[0], false)
			out = append(out, lead...)
			if !whole {
				kids[0] = rest
				break
			}
			kids = kids[1:]
		}
		for len(kids) > 0 {
			trail, rest, whole := edge(kids[len(kids)-1], true)
			after = append(trail, after...)
			if !whole {
				kids[len(kids)-1] = rest
				break
			}
			kids = kids[:len(kids)-1]
		}
		if len(kids) > 0 {
			p.kids = tidy(kids)
			out = append(out, p)
		}
		out = append(out, after...)
	}
	return out
}

// edge takes the white space at one end off a piece; whole says that nothing
// else was in it.
func edge(p piece, end bool) (off []piece, rest piece, whole bool) {
	if p.kind == lineBreak {
		return []piece{p}, piece{}, true
	}
	if p.kind != text {
		return nil, p, false
	}
	trimmed := strings.TrimLeft(p.text, " \n")
	cut := p.text[:len(p.text)-len(trimmed)]
	if end {
		trimmed = strings.TrimRight(p.text, " \n")
		cut = p.text[len(trimmed):]
	}
	if cut != "" {
		off = []piece{{kind: text, text: cut}}
	}
	p.text = trimmed
	return off, p, trimmed == ""
}

// unwrap takes an element of a kind out of one of the same kind: bold within
// bold is bold.
func unwrap(k kind, kids []piece) []piece {
	if k == sub || k == sup {
		return kids
	}
	var out []piece
	for _, p := range kids {
		if p.kind == k {
			out = append(out, p.kids...)
			continue
		}
		out = append(out, p)
	}
	return out
}

// merge makes neighbouring texts, and neighbouring elements of a kind, one.
func merge(run []piece) []piece {
	var out []piece
	for _, p := range run {
		if len(out) == 0 {
			out = append(out, p)
			continue
		}
		last := &out[len(out)-1]
		switch {
		case p.kind == text && last.kind == text:
			last.text = collapse(last.text + p.text)
		case p.kind == code && last.kind == code:
			last.text += p.text
		case p.kind == last.kind && (p.kind == strong || p.kind == em || p.kind == del):
			last.kids = tidy(append(last.kids, p.kids...))
		default:
			out = append(out, p)
		}
	}
	return out
}

// splitMath sets the TeX in a text apart.
func splitMath(s string) []piece {
	var out []piece
	from := 0
	add := func(to int) {
		if from < to {
			out = append(out, piece{kind: text, text: s[from:to]})
		}
	}
	raw := []byte(s)
	vain := map[string]bool{} // delimiters whose other half is no longer to be found
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' && s[i] != '$' {
			continue
		}
		delimiter := s[i:min(i+2, len(s))]
		if delimiter == `\\` {
			i++
			continue
		}
		n := 0
		if !vain[delimiter] {
			n = mathSpan(raw[i:])
		}
		if n == 0 {
			vain[delimiter] = vain[delimiter] || len(delimiter) == 2 && !strings.Contains(s[i+2:], closers[delimiter])
			continue
		}
		add(i)
		out = append(out, piece{kind: tex, text: strings.ReplaceAll(s[i:i+n], "\n", " ")})
		i += n - 1
		from = i + 1
	}
	add(len(s))
	return out
}

var closers = map[string]string{`\(`: `\)`, `\[`: `\]`, "$$": "$$"}

// place is where a run is written; it decides what must be escaped.
type place int

const (
	inParagraph place = iota
	inHeading
	inCell
)

// line writes a tidy run as Markdown.
func line(run []piece, where place) string {
	w := &lineWriter{where: where, tildes: countTildes(run) > 1}
	w.pieces(run, 0)
	return w.out.String()
}

type lineWriter struct {
	out    strings.Builder
	where  place
	tildes bool // more than one ~ among the texts, which could strike through
	linked int  // how many links enclose what is being written
}

func countTildes(run []piece) int {
	n := 0
	for _, p := range run {
		switch p.kind {
		case text:
			n += strings.Count(p.text, "~")
		case del:
			n += 2
		default:
		}
		n += countTildes(p.kids)
	}
	return n
}

// last is the last character written; a line feed stands for the beginning.
func (w *lineWriter) last() rune {
	if w.out.Len() == 0 {
		return '\n'
	}
	s := w.out.String()
	r, _ := utf8.DecodeLastRuneInString(s[max(0, len(s)-utf8.UTFMax):])
	return r
}

// pieces writes a run that the character next follows; 0 is its end.
func (w *lineWriter) pieces(run []piece, next rune) {
	for i, p := range run {
		after := next
		if i+1 < len(run) {
			after = first(run[i+1])
		}
		beforeLink := i+1 < len(run) && run[i+1].kind == link
		w.piece(p, after, beforeLink)
	}
}

// first is a character that stands for what a piece begins with in Markdown.
func first(p piece) rune {
	switch p.kind {
	case text:
		r, _ := utf8.DecodeRuneInString(p.text)
		return r
	case code:
		return '`'
	case tex:
		return '\\'
	case lineBreak:
		return '\n'
	case image:
		return '!'
	case link:
		return '['
	case sub, sup:
		return '<'
	case del:
		return '~'
	case strong, em:
	}
	return '*'
}

func (w *lineWriter) piece(p piece, next rune, beforeLink bool) {
	switch p.kind {
	case text:
		w.text(p.text, next, beforeLink)
	case code:
		w.code(p.text)
	case tex:
		w.tex(p.text)
	case lineBreak:
		w.lineBreak()
	case image:
		w.out.WriteString("![" + w.escaped(p.text) + "](" + scheme + p.href + ")")
	case link:
		w.link(p)
	case sub:
		w.tagged("sub", p.kids)
	case sup:
		w.tagged("sup", p.kids)
	case strong:
		w.emphasis("**", "strong", p.kids, next)
	case em:
		w.emphasis("*", "em", p.kids, next)
	case del:
		w.emphasis("~~", "del", p.kids, next)
	}
}

func (w *lineWriter) tagged(tag string, kids []piece) {
	w.out.WriteString("<" + tag + ">")
	w.pieces(kids, '<')
	w.out.WriteString("</" + tag + ">")
}

// emphasis writes an element between marks where CommonMark takes them as such,
// and between tags where it wouldn't: beside letters or other marks.
func (w *lineWriter) emphasis(mark, tag string, kids []piece, next rune) {
	before := w.last()
	inner, innerMark := kids, ""
	if len(kids) == 1 && (kids[0].kind == strong || kids[0].kind == em) && mark != "~~" { // both kinds on the same words
		inner, innerMark = kids[0].kids, "*"
		if kids[0].kind == strong {
			innerMark = "**"
		}
	}
	if !holds(before, next, inner) || innerMark != "" && (!sideways(before) || !sideways(next)) {
		w.tagged(tag, kids)
		return
	}
	w.out.WriteString(mark + innerMark)
	w.pieces(inner, rune(mark[0]))
	w.out.WriteString(innerMark + mark)
}

// holds reports whether marks around kids, between the two characters outside,
// are taken as marks.
func holds(before, next rune, kids []piece) bool {
	head, tail := kids[0], kids[len(kids)-1]
	return opens(before, first(head)) && opens(next, lastOf(tail)) && !marked(head) && !marked(tail) &&
		before != '*' && next != '*' && before != '~' && next != '~'
}

func marked(p piece) bool { return p.kind == strong || p.kind == em || p.kind == del }

// sideways reports whether a character beside marks leaves them their sense
// whatever they enclose: white space or an end.
func sideways(r rune) bool { return r == 0 || unicode.IsSpace(r) }

// opens reports whether marks between the outer and the inner character hold:
// they lean on the inner one.
func opens(outer, inner rune) bool {
	if unicode.IsSpace(inner) {
		return false
	}
	if !punctuation(inner) {
		return true
	}
	return sideways(outer) || punctuation(outer)
}

func punctuation(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// lastOf is a character that stands for what a piece ends with in Markdown.
func lastOf(p piece) rune {
	switch p.kind {
	case text:
		r, _ := utf8.DecodeLastRuneInString(p.text)
		return r
	case code:
		return '`'
	case tex:
		return ')'
	case lineBreak:
		return '\n'
	case image, link:
		return ')'
	case sub, sup:
		return '>'
	case del:
		return '~'
	case strong, em:
	}
	return '*'
}

func (w *lineWriter) lineBreak() {
	if w.where == inParagraph && w.last() != '\\' {
		w.out.WriteString("\\\n")
		return
	}
	w.out.WriteString("<br>")
}

func (w *lineWriter) tex(s string) {
	if w.where == inCell {
		s = strings.ReplaceAll(s, `\|`, `\Vert `)
		s = strings.ReplaceAll(s, "|", `\vert `)
	}
	w.out.WriteString(s)
}

func (w *lineWriter) code(s string) {
	longest, run := 0, 0
	for _, r := range s {
		run++
		if r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	mark := "`"
	if longest > 0 {
		mark = strings.Repeat("`", longest+1)
	}
	blank := strings.Trim(s, " ") == ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || !blank && strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	if w.where == inCell {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	w.out.WriteString(mark + s + mark)
}

func (w *lineWriter) link(p piece) {
	if len(p.kids) == 1 && p.kids[0].kind == text && p.kids[0].text == p.href && !strings.ContainsAny(p.href, " <>|\\") {
		w.out.WriteString("<" + p.href + ">")
		return
	}
	w.out.WriteString("[")
	w.linked++
	w.pieces(p.kids, ']')
	w.linked--
	w.out.WriteString("](" + address(p.href) + ")")
}

var addressEscapes = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", "(", "%28", ")", "%29", `\`, "%5C", "|", "%7C", "\n", "", "\t", "", "\r", "")

func address(href string) string { return addressEscapes.Replace(href) }

var (
	// lineStart matches what would begin a block: a heading, a quotation, a list,
	// a rule, an underline, a table's second row.
	lineStart = regexp.MustCompile(`^(#{1,6}(?:\s|$)|>|[-+](?:\s|$)|=+\s*$|[-:|][-:| ]*$|:?-+:?\s*\|)`)
	listStart = regexp.MustCompile(`^(\d{1,9})([.)])(\s|$)`)
	tagStart  = regexp.MustCompile(`^<[A-Za-z/!?]`)
	reference = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]*);`)
)

// text writes the characters of a text so that they stand for themselves.
func (w *lineWriter) text(s string, next rune, beforeLink bool) {
	if w.where != inParagraph {
		s = strings.ReplaceAll(s, "\n", " ")
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if i > 0 {
			w.out.WriteByte('\n')
		}
		following := '\n'
		if i == len(lines)-1 {
			following = next
		}
		w.textLine(l, following, beforeLink && i == len(lines)-1)
	}
}

func (w *lineWriter) textLine(s string, next rune, beforeLink bool) {
	if w.where == inParagraph && w.last() == '\n' {
		s = w.begin(s, next)
	}
	before := w.last()
	outer := before
	for i, r := range s {
		if r != before {
			outer = before
		}
		rest := s[i+utf8.RuneLen(r):]
		c := spot{r: r, before: before, outer: outer, after: next, from: s[i:], rest: rest, beforeLink: beforeLink && rest == ""}
		if rest != "" {
			c.after, _ = utf8.DecodeRuneInString(rest)
		}
		before = r
		switch {
		case r == '[' && w.linked > 0: // its escape would begin TeX
			w.out.WriteString("&#91;")
			continue
		case r == '~' && w.tildes && (c.before == '~' || c.after == '~'): // beside a mark its escape is taken for one
			w.out.WriteString("&#126;")
			continue
		case !w.needsEscape(c):
		case r == '\\' && rest == "" && next == '\n': // goldmark takes no hard break after an escaped backslash
			w.out.WriteString("&#92;")
			continue
		default:
			w.out.WriteByte('\\')
		}
		w.out.WriteRune(r)
	}
}

// spot is a character and what stands around it.
type spot struct {
	r, before, after rune
	outer            rune   // what stands before the run of r to which it belongs
	from, rest       string // the text from it on, and after it
	beforeLink       bool
}

// begin writes the escape that keeps a line from beginning a block and returns
// what remains of it.
func (w *lineWriter) begin(s string, next rune) string {
	ends := next == 0 || next == '\n'
	if m := listStart.FindStringSubmatch(s); m != nil && (m[3] != "" || ends) {
		w.out.WriteString(m[1] + `\` + m[2])
		return s[len(m[1])+1:]
	}
	m := lineStart.FindString(s)
	if m == "" || len(m) == len(s) && !ends && s[0] != '>' && !unicode.IsSpace(rune(s[len(s)-1])) {
		return s
	}
	w.out.WriteString(`\` + s[:1])
	return s[1:]
}

func (w *lineWriter) needsEscape(c spot) bool {
	switch c.r {
	case '\\':
		return c.after == 0 || c.after == '\n' || c.after < utf8.RuneSelf && punctuation(c.after)
	case '`':
		return true
	case '*':
		return c.before != ' ' || c.after != ' '
	case '_':
		return !harmless(c)
	case '~':
		return w.tildes
	case ']':
		return w.linked > 0 || c.after == '(' || c.after == ':' || c.after == '[' || c.rest == "" && c.after != 0
	case '!':
		return c.beforeLink
	case '<':
		return tagStart.MatchString(c.from) || c.rest == ""
	case '&':
		return reference.MatchString(c.from)
	case '|':
		return w.where == inCell
	case '#':
		return w.where == inHeading && strings.Trim(c.from, "# ") == ""
	}
	return false
}

// harmless reports whether a run of underscores lies between letters and digits,
// or one alone between white space, where it emphasises nothing.
func harmless(c spot) bool {
	after := c.after
	if rest := strings.TrimLeft(c.rest, "_"); rest != "" {
		after, _ = utf8.DecodeRuneInString(rest)
	}
	if c.outer == ' ' && c.after == ' ' {
		return c.before == ' '
	}
	return word(c.outer) && word(after)
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// escaped is a text with every mark escaped, for alternative texts.
func (w *lineWriter) escaped(s string) string {
	var out strings.Builder
	for _, r := range strings.TrimSpace(collapse(strings.ReplaceAll(s, "\n", " "))) {
		if r == '[' {
			out.WriteString("&#91;")
			continue
		}
		if r < utf8.RuneSelf && strings.ContainsRune("\\`*_]<>&~|!$", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
