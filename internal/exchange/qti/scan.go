package qti

import "strings"

// element is one element of a file, as its text stands there.
type element struct {
	name   string // without its namespace's prefix
	tag    string // the start tag
	text   string // the whole of it; for an element that isn't cut out, the tag
	line   int
	ended  bool // the tag is an end tag
	closed bool // it was cut out whole
}

// elements hands the tags of a file to yield in order, until that returns false;
// of those that cut names the whole element at once. Files of any size are read
// this way with memory for one question, and a question that is broken inside
// doesn't take the others with it. Comments, CDATA sections, processing
// instructions and the document type are passed over.
func elements(text string, cut func(name string) bool, yield func(element) bool) {
	s := &scanner{text: text, line: 1, vain: map[string]bool{}}
	for {
		e, ok := s.next()
		if !ok {
			return
		}
		if !e.ended && cut(e.name) && !strings.HasSuffix(e.tag, "/>") {
			s.within(&e)
		}
		if !yield(e) {
			return
		}
	}
}

type scanner struct {
	text string
	at   int
	line int
	vain map[string]bool // what was looked for up to the end without being there
}

func (s *scanner) advance(to int) {
	s.line += strings.Count(s.text[s.at:to], "\n")
	s.at = to
}

// next is the next start or end tag.
func (s *scanner) next() (e element, ok bool) {
	for {
		i := strings.IndexByte(s.text[s.at:], '<')
		if i < 0 {
			return element{}, false
		}
		s.advance(s.at + i)
		if s.pass("<!--", "-->") || s.pass("<![CDATA[", "]]>") || s.pass("<?", "?>") || s.doctype() {
			continue
		}
		end := tagEnd(s.text[s.at:])
		name, ended := tagName(s.text[s.at : s.at+end])
		if name == "" {
			s.advance(s.at + 1)
			continue
		}
		e = element{name: name, ended: ended, line: s.line, tag: s.text[s.at : s.at+end]}
		e.text = e.tag
		s.advance(s.at + end)
		return e, true
	}
}

// pass goes behind what begins with open and ends with end. What has no end is
// passed over by its opening only.
func (s *scanner) pass(open, end string) bool {
	if !strings.HasPrefix(s.text[s.at:], open) {
		return false
	}
	from := s.at + len(open)
	i := -1
	if !s.vain[end] {
		i = strings.Index(s.text[from:], end)
	}
	if i < 0 {
		s.vain[end] = true
		s.advance(from)
		return true
	}
	s.advance(from + i + len(end))
	return true
}

// maxDoctype bounds a document type with its internal subset.
const maxDoctype = 64 << 10

// doctype goes behind a document type, its internal subset included.
func (s *scanner) doctype() bool {
	rest := s.text[s.at:min(len(s.text), s.at+maxDoctype)]
	if !strings.HasPrefix(rest, "<!DOCTYPE") {
		return false
	}
	depth := 0
	for i := range len(rest) {
		switch rest[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '>':
			if depth <= 0 {
				s.advance(s.at + i + 1)
				return true
			}
		}
	}
	s.advance(s.at + 1)
	return true
}

// within takes the element that e began up to its end, or where that is missing
// up to the next of its kind or the end of the file.
func (s *scanner) within(e *element) {
	from, line := s.at-len(e.tag), e.line
	for depth := 1; ; {
		inner, ok := s.next()
		if !ok {
			s.advance(len(s.text))
			e.text = s.text[from:]
			return
		}
		if inner.name != e.name {
			continue
		}
		switch {
		case inner.ended:
			depth--
		case !strings.HasSuffix(inner.tag, "/>"):
			s.at -= len(inner.tag)
			s.line = inner.line
			e.text = s.text[from:s.at]
			return
		}
		if depth == 0 {
			e.text, e.line, e.closed = s.text[from:s.at], line, true
			return
		}
	}
}

// tagEnd is the length of the tag that s begins with; values of attributes may
// hold a >. A tag without an end is one character long.
func tagEnd(s string) int {
	quote := byte(0)
	for i := 1; i < min(len(s), maxTag); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		case c == '<':
			return 1
		}
	}
	return 1
}

const maxTag = 1 << 20

// tagName is a tag's name without its prefix; "" when it is none.
func tagName(tag string) (name string, ended bool) {
	if len(tag) < 3 {
		return "", false
	}
	tag = tag[1 : len(tag)-1]
	tag, ended = strings.CutPrefix(tag, "/")
	end := strings.IndexAny(tag, " \t\r\n/")
	if end < 0 {
		end = len(tag)
	}
	tag = tag[:end]
	if i := strings.LastIndexByte(tag, ':'); i >= 0 {
		tag = tag[i+1:]
	}
	if tag == "" || !letter(tag[0]) && tag[0] != '_' {
		return "", false
	}
	return tag, ended
}

// balanced is an element whose end tags are put right: those that are missing are
// added where an outer element ends, those that close nothing are left out. Other
// systems read such files, so people have them.
func balanced(text string) string {
	var out strings.Builder
	var open []string
	s := &scanner{text: text, line: 1, vain: map[string]bool{}}
	from := 0
	for {
		e, ok := s.next()
		if !ok {
			break
		}
		out.WriteString(text[from : s.at-len(e.tag)])
		from = s.at
		switch {
		case e.ended:
			open = closeTo(&out, open, rawName(e.tag))
		case strings.HasSuffix(e.tag, "/>"):
			out.WriteString(e.tag)
		default:
			out.WriteString(e.tag)
			open = append(open, rawName(e.tag))
		}
	}
	if len(open) > 0 {
		closeTo(&out, open, open[0])
	}
	return out.String()
}

// rawName is a tag's name as it is written.
func rawName(tag string) string {
	tag = strings.TrimPrefix(tag[1:len(tag)-1], "/")
	if end := strings.IndexAny(tag, " \t\r\n/"); end >= 0 {
		tag = tag[:end]
	}
	return tag
}

// closeTo closes the open elements up to the innermost of that name, if there is
// one, and returns those still open.
func closeTo(out *strings.Builder, open []string, name string) []string {
	at := len(open) - 1
	for at >= 0 && open[at] != name {
		at--
	}
	if at < 0 {
		return open
	}
	for i := len(open) - 1; i >= at; i-- {
		out.WriteString("</" + open[i] + ">")
	}
	return open[:at]
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
