package xmltree

import (
	"encoding/xml"
	"regexp"
	"strings"
)

var reference = regexp.MustCompile(`^&(#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)

// mend escapes each & that begins no entity XML or HTML knows and each < that
// begins no tag, and leaves out the characters that XML forbids. Lines stay where
// they are.
func mend(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 64)
	for {
		at := strings.IndexAny(text, "&<")
		if at < 0 {
			b.WriteString(text)
			return allowed(b.String())
		}
		b.WriteString(text[:at])
		text = text[at:]
		n := sectionLength(text)
		switch {
		case n > 0:
			b.WriteString(text[:n])
		case text[0] == '&' && !known(reference.FindString(text[:min(len(text), 40)])):
			n = 1
			b.WriteString("&amp;")
		case text[0] == '<' && !opensMarkup(text):
			n = 1
			b.WriteString("&lt;")
		default:
			n = 1
			b.WriteByte(text[0])
		}
		text = text[n:]
	}
}

// sectionLength is the length of the CDATA section or comment that text begins
// with, up to the end of the text where it isn't closed; 0 for none.
func sectionLength(text string) int {
	closes := "-->"
	switch {
	case strings.HasPrefix(text, "<![CDATA["):
		closes = "]]>"
	case !strings.HasPrefix(text, "<!--"):
		return 0
	}
	if i := strings.Index(text, closes); i >= 0 {
		return i + len(closes)
	}
	return len(text)
}

// opensMarkup reports whether the < that text begins with may open a tag, a
// declaration or an instruction: behind one that means less-than stands a space,
// a digit or a sign.
func opensMarkup(text string) bool {
	if len(text) < 2 {
		return true
	}
	c := text[1]
	return c == '/' || c == '!' || c == '?' || c == '_' || c == ':' || c >= 0x80 || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func known(entity string) bool {
	if entity == "" {
		return false
	}
	if entity[1] == '#' {
		return entity != "&#0;" && entity != "&#x0;"
	}
	switch name := entity[1 : len(entity)-1]; name {
	case "lt", "gt", "amp", "quot", "apos":
		return true
	default:
		return xml.HTMLEntity[name] != ""
	}
}

// allowed leaves out what is no character of XML 1.0.
func allowed(text string) string {
	for _, r := range text {
		if !permitted(r) {
			return strings.Map(func(r rune) rune {
				if permitted(r) {
					return r
				}
				return -1
			}, text)
		}
	}
	return text
}

// permitted follows production [2] of XML 1.0. U+FFFD stands for bytes that are
// no UTF-8, so it stays.
func permitted(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// Clean is text as XML can hold it: without the characters that XML forbids, its
// lines ended by a line feed alone.
func Clean(text string) string {
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return allowed(strings.ToValidUTF8(text, "\uFFFD"))
}
