package postings

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a run of letters and digits of one kind of script: "AWSクラウド" is
// two. A possessive 's belongs to the run but not to its norm.
type token struct {
	start, end int    // bytes of the text
	norm       string // as names are compared: see norm
	sentence   int    // index of its sentence
	first      bool   // the sentence begins with it, so a capital says nothing
	off        bool   // in an address, or in words about the application: never part of a name
}

// sentence is a stretch of text that ends with a full stop or with its line.
type sentence struct {
	start, end int // bytes of the text
	from, to   int // tokens
	// scope is shared by the short lines of one list, which lend each other context.
	scope int
	// head is the scope of the line with a colon that leads this list in; -1 for none.
	head int
	part Part
	flat bool // capitals say nothing here: all is in capitals, or Every Word Has One
}

// document is a text taken apart.
type document struct {
	text      string
	tokens    []token
	sentences []sentence
}

var (
	tagged = regexp.MustCompile(`(?i)</?(?:p|div|li|ul|ol|br|span|h[1-6]|strong|b|i|em|u|a|table|tbody|thead|tr|td|th|html|head|body|section|article|header|footer|main|nav|font|img|meta|title|dl|dt|dd|hr|pre|code|small|sup|sub|button|label|style|script|svg)(?:\s[^<>]*)?/?>`)
	hiding = regexp.MustCompile(`(?i)<!--|<(script|style|head|svg|template|noscript)\b[^>]*>`)
	broken = regexp.MustCompile(`(?i)</?(?:p|div|ul|ol|br|h[1-6]|table|tr|section|article|header|footer|main|nav|dl|dt|dd|hr|pre|title)(?:\s[^<>]*)?/?>`)
	bullet = regexp.MustCompile(`(?i)<li(?:\s[^<>]*)?>`)
	cell   = regexp.MustCompile(`(?i)</t[dh]>`)
	spaces = regexp.MustCompile(`[ \t]*\n[ \t]*`)
)

// Plain returns text without the tags of HTML, where it has any: paragraphs and
// list items become lines of their own. What is text already stays as it is, so
// "<5 years" is kept.
func Plain(text string) string {
	text = strings.ToValidUTF8(text, " ")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\x00", " ", "\u00ad", "", "\u200b", "").Replace(text)
	if !tagged.MatchString(text) {
		return text
	}
	text = withoutHidden(text)
	text = bullet.ReplaceAllString(text, "\n• ")
	text = broken.ReplaceAllString(text, "\n")
	text = cell.ReplaceAllString(text, " | ")
	text = tagged.ReplaceAllString(text, "")
	text = strings.ReplaceAll(html.UnescapeString(text), "\u00ad", "")
	return strings.TrimSpace(spaces.ReplaceAllString(text, "\n"))
}

// endOf finds the end of what a browser doesn't show, by how it begins.
var endOf = func() map[string]*regexp.Regexp {
	ends := map[string]*regexp.Regexp{"": regexp.MustCompile(`-->`)}
	for _, name := range []string{"script", "style", "head", "svg", "template", "noscript"} {
		ends[name] = regexp.MustCompile(`(?i)</` + name + `\s*>`)
	}
	return ends
}()

// withoutHidden puts a space in place of comments and of elements that a browser
// doesn't show. What never ends hides nothing. It is no regular expression of
// beginning and end at once: that would look for each missing end again from every
// beginning, through all of the text.
func withoutHidden(text string) string {
	var out strings.Builder
	endless := map[string]bool{}
	at := 0 // up to where it is written
	for from := 0; ; {
		begin := hiding.FindStringSubmatchIndex(text[from:])
		if begin == nil {
			return out.String() + text[at:]
		}
		start, name := from+begin[0], ""
		from += begin[1]
		if begin[2] >= 0 {
			name = strings.ToLower(text[start+1 : start+1+begin[3]-begin[2]])
		}
		if endless[name] {
			continue
		}
		end := endOf[name].FindStringIndex(text[from:])
		if end == nil {
			endless[name] = true
			continue
		}
		out.WriteString(text[at:start] + " ")
		from += end[1]
		at = from
	}
}

// addresses are what names inside don't count: web addresses, and host names with
// an ending that is one.
var addresses = regexp.MustCompile(`(?i)\b(?:https?|ftp)://\S+|\bwww\.\S+|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|ai|dev|cloud|app|eu|de|at|ch|fr|es|it|nl|uk|ie|us|ca|in|jp|jobs|careers|tech|xyz|info|biz|edu|gov)\b(?:/\S*)?`)

// mailHost is an e-mail address from its sign on.
var mailHost = regexp.MustCompile(`@[\w-]+(?:\.[\w-]+)+`)

// mails are the places of e-mail addresses. What stands before the sign is found
// from there: an expression that begins with it would look for a sign from every
// word of "a.com+b.com+c.com" to the end.
func mails(text string) [][]int {
	var list [][]int
	after := 0
	for _, at := range mailHost.FindAllStringIndex(text, -1) {
		from := at[0]
		for from > after && inMailbox(text[from-1]) {
			from--
		}
		if from < at[0] {
			list = append(list, []int{from, at[1]})
		}
		after = at[1]
	}
	return list
}

// inMailbox says that a byte may stand before the sign of an e-mail address.
func inMailbox(c byte) bool {
	return kindOf(rune(c)) == 1 && c < utf8.RuneSelf || strings.IndexByte("_.+-", c) >= 0
}

func parse(text string) *document {
	d := &document{text: text}
	d.lines()
	for i := range d.sentences {
		d.sentences[i].flat = d.flat(&d.sentences[i])
	}
	d.mask(mails(text))
	d.mask(addresses.FindAllStringIndex(text, -1))
	return d
}

// mask takes tokens in addresses off. The places are in order and don't overlap.
func (d *document) mask(places [][]int) {
	m := 0
	for i := range d.tokens {
		t := &d.tokens[i]
		for m < len(places) && places[m][1] <= t.start {
			m++
		}
		t.off = t.off || m < len(places) && places[m][0] < t.end && lowerHost(d.text, places[m])
	}
}

// lowerHost keeps "SageMaker.In", a full stop without its space, from being
// taken for a host name: those are written small at their end.
func lowerHost(text string, at []int) bool {
	found := text[at[0]:at[1]]
	if strings.ContainsAny(found, "@/") || strings.HasPrefix(strings.ToLower(found), "www.") {
		return true
	}
	end := found[strings.LastIndexByte(found, '.')+1:]
	return end == strings.ToLower(end)
}

// layout is what a line tells of the lines after it.
type layout struct {
	part    Part // the section
	head    int  // scope of the line that leads a list in
	short   bool // the line before was short
	inside  bool // it isn't the first line of its paragraph
	open    bool // the line before was long and its sentence may go on
	hangs   bool // and it broke off at a word that asks for another
	wrapped bool // the paragraph was broken for width
	off     bool // the paragraph speaks of the application, not of the work
	scope   int
}

func (d *document) lines() {
	at := layout{head: -1}
	block := 0 // up to where it is known whether lines were broken for width
	for start := 0; start < len(d.text); {
		end := strings.IndexByte(d.text[start:], '\n')
		if end < 0 {
			end = len(d.text)
		} else {
			end += start
		}
		if start >= block {
			at.wrapped, block = wrapped(d.text[start:])
			block += start
		}
		d.line(start, end, &at)
		start = end + 1
	}
}

// wrapped says that the lines up to the next empty one are a paragraph that
// was broken for width, and how long it is: all but the last are of middling
// length, the first begins with a capital, and a third of the others don't.
func wrapped(text string) (bool, int) {
	first, rest, small, length := true, 0, 0, 0
	fits := true
	last := 0
	for length < len(text) {
		line, _, _ := strings.Cut(text[length:], "\n")
		trimmed := strings.TrimSpace(line)
		length += len(line) + 1
		if trimmed == "" {
			break
		}
		switch {
		case first:
			fits = !startsSmall(trimmed)
		case last < 25 || last > 120:
			fits = false
		}
		if !first {
			rest++
			if startsSmall(trimmed) {
				small++
			}
		}
		first, last = false, len(trimmed)
	}
	return fits && rest > 0 && small*3 >= rest, min(length, len(text))
}

const (
	longLine  = 60 // bytes from which a line may be one that was broken for width
	shortLine = 4  // tokens up to which a line is an item of a list
)

// line reads one line of the text into tokens and sentences.
func (d *document) line(start, end int, at *layout) {
	line := strings.TrimSpace(d.text[start:end])
	if line == "" {
		at.short, at.open, at.off, at.inside = false, false, false, false
		return
	}
	from := len(d.tokens)
	d.tokenise(start, end)
	if len(d.tokens) == from {
		at.short, at.open = false, false
		return
	}
	words := d.wordsFrom(from)
	bare := strings.TrimLeft(line, "-–—•*·▪◦‣>●○■□✓✔+#0123456789.) \t")
	if part, ok := heading(bare, words); ok {
		at.part, at.head, at.off = part, -1, false
	}
	goesOn := bare == line && len(d.sentences) > 0 && (at.open && (startsSmall(line) || at.hangs) || at.wrapped && at.inside)
	at.inside = true
	at.off = setAside(line) || at.off && goesOn
	if !goesOn {
		short := words <= shortLine
		if !short || !at.short {
			at.scope++
		}
		at.short = short
		d.open(from, start, at)
	}
	d.sentencesOf(from, end, at)
	if at.off {
		for i := from; i < len(d.tokens); i++ {
			d.tokens[i].off = true
		}
	}
	if strings.HasSuffix(line, ":") {
		at.head, at.short = d.sentences[len(d.sentences)-1].scope, false
	}
	at.open = len(line) >= longLine && !strings.ContainsAny(line[len(line)-1:], ".!?:;")
	at.hangs = hanging.MatchString(line[max(0, len(line)-longestHanging):])
}

// longestHanging is as long as the longest of those words, with what is before it.
const longestHanging = 12

// wordsFrom counts the words from a token on; characters that follow each other
// without a space are one.
func (d *document) wordsFrom(from int) int {
	n := 0
	for i := from; i < len(d.tokens); i++ {
		if i == from || d.tokens[i].start > d.tokens[i-1].end {
			n++
		}
	}
	return n
}

// hanging are words at the end of a line after which a name goes on.
var hanging = regexp.MustCompile(`(?i)(?:,|\b(?:and|or|with|of|in|on|the|a|an|to|for|as|using|like|und|oder|mit|aws|amazon|azure|google|cloud|microsoft|vertex))$`)

// startsSmall says that a line goes on with the one before it.
func startsSmall(line string) bool {
	r, _ := utf8.DecodeRuneInString(line)
	return unicode.IsLower(r) || r == '('
}

// open begins a sentence with the token at from.
func (d *document) open(from, start int, at *layout) {
	d.sentences = append(d.sentences, sentence{start: start, from: from, to: from, scope: at.scope, head: at.head, part: at.part})
	d.tokens[from].first = true
}

// sentencesOf gives the tokens after from, and itself, to sentences.
func (d *document) sentencesOf(from, end int, at *layout) {
	for i := from; i < len(d.tokens); i++ {
		t := &d.tokens[i]
		if i > from && ends(d.text, d.tokens[i-1], *t) {
			at.scope++
			d.open(i, t.start, at)
		}
		n := len(d.sentences) - 1
		t.sentence = n
		d.sentences[n].to, d.sentences[n].end = i+1, end
		if n > 0 && d.sentences[n].from == i {
			d.sentences[n-1].end = min(d.sentences[n-1].end, t.start)
		}
	}
}

var abbreviations = map[string]bool{"e.g": true, "i.e": true, "eg": true, "etc": true, "incl": true, "approx": true, "z.b": true, "bzw": true, "u.a": true, "ca": true, "vs": true, "min": true, "no": true, "p.ej": true}

// ends says that a sentence ends between two tokens.
func ends(text string, before, after token) bool {
	gap := text[before.end:after.start]
	at := strings.IndexAny(gap, ".!?。！？")
	if at < 0 || len(gap) < 2 {
		return at >= 0 && gap != "."
	}
	if gap[at] != '.' {
		return true
	}
	space := strings.IndexFunc(gap[at:], unicode.IsSpace)
	if space < 0 {
		return false
	}
	word := text[max(0, before.start-4):before.end]
	word = strings.ToLower(strings.TrimLeft(word[strings.LastIndexFunc(word, unicode.IsSpace)+1:], "("))
	return !abbreviations[word] && utf8.RuneCountInString(text[before.start:before.end]) > 1
}

// flat says that the capitals of a sentence tell nothing.
func (d *document) flat(s *sentence) bool {
	words, capitals, small := 0, 0, 0
	for _, t := range d.tokens[s.from:s.to] {
		w := d.text[t.start:t.end]
		if w != strings.ToUpper(w) {
			small++
		}
		if len(w) < 4 || w == strings.ToUpper(w) {
			continue
		}
		words++
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) {
			capitals++
		}
	}
	if small == 0 {
		return s.to-s.from > 3
	}
	return words >= 5 && capitals*10 >= words*9
}

func (d *document) tokenise(start, end int) {
	kind, from := 0, start
	flush := func(to int) {
		if kind != 0 {
			d.add(from, to)
		}
		kind = 0
	}
	for i := start; i < end; {
		r, size := utf8.DecodeRuneInString(d.text[i:end])
		k := kindOf(r)
		if unicode.Is(unicode.M, r) {
			k = kind
		}
		if k != kind || k == 3 {
			flush(i)
			kind, from = k, i
		}
		i += size
	}
	flush(end)
}

// kindOf tells Latin letters and digits (1) from the letters of other scripts (2)
// and of those that put no space between words (3), each of which is a token.
func kindOf(r rune) int {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return 1
		}
		return 0
	case unicode.Is(unicode.Latin, r):
		return 1
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
		return 3
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return 2
	}
	return 0
}

// add appends a token; the s of a possessive joins the one before it.
func (d *document) add(from, to int) {
	if n := len(d.tokens); n > 0 && to == from+1 && d.text[from] == 's' {
		last := &d.tokens[n-1]
		if gap := d.text[last.end:from]; gap == "'" || gap == "’" {
			last.end = to
			return
		}
	}
	d.tokens = append(d.tokens, token{start: from, end: to, norm: norm(d.text[from:to])})
}

// norm is how words are compared: in small letters, without the s of a plural,
// in one of the two spellings of English.
func norm(word string) string {
	w := strings.ToLower(word)
	for _, pair := range [...][2]string{{"isation", "ization"}, {"ising", "izing"}, {"ised", "ized"}, {"elling", "eling"}, {"elled", "eled"}} {
		if len(w) > len(pair[0])+2 && strings.Contains(w, pair[0]) {
			w = strings.Replace(w, pair[0], pair[1], 1)
		}
	}
	if len(w) < 4 || !strings.HasSuffix(w, "s") {
		return w
	}
	switch w[len(w)-2] {
	case 's', 'i', 'u':
		return w
	}
	return w[:len(w)-1]
}
