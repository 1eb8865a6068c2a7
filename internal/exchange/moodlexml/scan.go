package moodlexml

import "strings"

// chunk is the text of one <question>, as it stands in the file.
type chunk struct {
	text   string
	line   int
	closed bool // it has its end tag
}

// chunks hands each question of a file to yield, until that returns false. It
// finds them by their tags alone, so that one that is broken inside doesn't take
// the others with it. Commented-out questions aren't there.
func chunks(text string, yield func(chunk) bool) {
	s := scanner{ahead: ahead{text: text}, line: 1, start: -1}
	for s.next() {
		switch rest := s.text[s.at:]; {
		case strings.HasPrefix(rest, "<!--"):
			s.skipComment()
		case s.start >= 0 && strings.HasPrefix(rest, sectionStart):
			s.skipSection()
		case s.start >= 0 && strings.HasPrefix(rest, partsStart):
			s.parts = true
			s.advance(len(partsStart))
		case s.start >= 0 && strings.HasPrefix(rest, partsEnd):
			s.parts, s.nested = false, 0
			s.advance(len(partsEnd))
		case s.parts && opens(rest):
			if !s.empty() {
				s.nested++
				s.advance(len(openTag))
			}
		case s.nested > 0 && closingTag(rest) > 0:
			s.nested--
			s.advance(closingTag(rest))
		case opens(rest):
			if s.start >= 0 && !yield(s.cut(false)) {
				return
			}
			if s.begin(); s.empty() && !yield(s.cut(true)) {
				return
			}
		case s.start >= 0 && closingTag(rest) > 0:
			s.advance(closingTag(rest))
			if !yield(s.cut(true)) {
				return
			}
		default:
			s.advance(1)
		}
	}
	if s.start >= 0 {
		s.at = len(s.text)
		yield(s.cut(false))
	}
}

type scanner struct {
	ahead
	at   int
	line int // of at

	start, startLine int  // of the question that is open; start −1 for none
	parts            bool // in the part of it that holds questions of its own
	nested           int  // of those, how many are open
}

// next goes to the next <, and reports whether there is one.
func (s *scanner) next() bool {
	i := strings.IndexByte(s.text[s.at:], '<')
	if i < 0 {
		return false
	}
	s.advance(i)
	return true
}

func (s *scanner) advance(n int) {
	s.line += strings.Count(s.text[s.at:s.at+n], "\n")
	s.at += n
}

func (s *scanner) begin() {
	s.start, s.startLine = s.at, s.line
	s.advance(1)
}

// empty goes behind the tag of a question that is closed at once, as in
// <question type="essay"/>.
func (s *scanner) empty() bool {
	end := s.find(tagEnd, s.at)
	if end < 0 || s.text[end-1] != '/' {
		return false
	}
	s.advance(end + 1 - s.at)
	return true
}

func (s *scanner) cut(closed bool) chunk {
	c := chunk{text: s.text[s.start:s.at], line: s.startLine, closed: closed}
	s.start, s.parts, s.nested = -1, false, 0
	return c
}

func (s *scanner) skipComment() {
	end := s.find(commentEnd, s.at)
	if end >= 0 && (s.start < 0 || !before(s.find(questionEnd, s.at), end)) {
		s.advance(end + len(commentEnd) - s.at)
		return
	}
	s.advance(len("<!--"))
}

// skipSection goes behind a CDATA section. One in which another section begins
// after the end of a question was never closed: then only its opening is skipped.
func (s *scanner) skipSection() {
	inside := s.at + len(sectionStart)
	end := s.find(sectionEnd, inside)
	if end < 0 {
		s.advance(len(sectionStart))
		return
	}
	if over := s.find(questionEnd, inside); before(over, end) && before(s.find(sectionStart, over), end) {
		s.advance(len(sectionStart))
		return
	}
	s.advance(end + len(sectionEnd) - s.at)
}

func before(at, end int) bool { return at >= 0 && at < end }

// What the scanner looks ahead for.
const (
	commentEnd   = "-->"
	sectionStart = "<![CDATA["
	sectionEnd   = "]]>"
	questionEnd  = "</question>"
	partsStart   = "<subquestions"
	partsEnd     = "</subquestions"
	tagEnd       = ">"
)

const openTag, closeTag = "<question", "</question"

func opens(rest string) bool {
	return len(rest) > len(openTag) && strings.HasPrefix(rest, openTag) && strings.IndexByte(" \t\n\r>/", rest[len(openTag)]) >= 0
}

// closingTag is the length of the end tag that text begins with, 0 for none.
func closingTag(rest string) int {
	if !strings.HasPrefix(rest, closeTag) {
		return 0
	}
	i := len(closeTag)
	for i < len(rest) && strings.IndexByte(" \t\n\r", rest[i]) >= 0 {
		i++
	}
	if i < len(rest) && rest[i] == '>' {
		return i + 1
	}
	return 0
}
