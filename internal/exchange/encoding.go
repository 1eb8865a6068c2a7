package exchange

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Text is the text of a file whose encoding nobody says: UTF-8 with or without a
// byte-order mark, UTF-16 by its mark or by its pattern of NULs, else
// Windows-1252, of which Latin-1 is a part, where the bytes look like its letters.
// Lines end with a line feed alone. The note, "" for UTF-8, tells people what was
// assumed. It returns an error in words for people when the bytes are no text.
func Text(data []byte) (text string, note string, err error) {
	text, note, err = decode(data)
	if err != nil {
		return "", "", err
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", "", fmt.Errorf("line %d holds a NUL character, so this is no text file; save it as UTF-8 text", 1+strings.Count(text[:i], "\n"))
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), note, nil
}

func decode(data []byte) (text, note string, err error) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		data = rest
	}
	if order, ok := utf16Order(data); ok {
		decoded, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", "", fmt.Errorf("the file begins like UTF-16 and can't be read as such: %w; save it as UTF-8", err)
		}
		return string(decoded), "It was read as UTF-16.", nil
	}
	if utf8.Valid(data) {
		return string(data), "", nil
	}
	line, ok := western(data)
	if !ok {
		return "", "", fmt.Errorf("line %d is no UTF-8, and the file's encoding can't be told; save it as UTF-8", line)
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", "", fmt.Errorf("line %d is no UTF-8, and the file's encoding can't be told: %w; save it as UTF-8", line, err)
	}
	return string(decoded), "It is no UTF-8 and was read as Windows-1252 (Latin-1); look at its accented letters.", nil
}

// utf16Order tells UTF-16 by its byte-order mark or, without one, by every other
// byte of the beginning being NUL.
func utf16Order(data []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return unicode.BigEndian, true
	}
	head := data[:min(len(data), 512)&^1]
	if len(head) < 8 {
		return unicode.LittleEndian, false
	}
	even, odd := 0, 0
	for i, b := range head {
		switch {
		case b != 0:
		case i%2 == 0:
			even++
		default:
			odd++
		}
	}
	half := len(head) / 2
	switch {
	case odd > half*3/4 && even < half/8+1:
		return unicode.LittleEndian, true
	case even > half*3/4 && odd < half/8+1:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// western reports whether bytes that are no UTF-8 are Windows-1252 beyond
// reasonable doubt: no control characters, none of its five gaps, and what isn't
// ASCII mostly letters beside letters, or the dashes, quotes and signs that word
// processors write. line is where UTF-8 breaks first.
func western(data []byte) (line int, ok bool) {
	line = 1
	for rest := data; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		rest = rest[n:]
	}
	high, likely := 0, 0
	for i, b := range data {
		switch {
		case b == '\n' || b == '\r' || b == '\t' || b == '\f':
		case b < 0x20 || b == 0x7f, b == 0x81, b == 0x8d, b == 0x8f, b == 0x90, b == 0x9d:
			return line, false
		case b >= 0xc0 && b != 0xd7 && b != 0xf7:
			high++
			if i > 0 && letter(data[i-1]) || i+1 < len(data) && letter(data[i+1]) {
				likely++
			}
		case b >= 0x80:
			high++
			if strings.IndexByte("\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xab\xae\xb0\xb1\xb2\xb3\xb4\xb5\xb7\xbb\xbd\xd7\xf7\x8a\x9a\x8c\x9c\x8e\x9e", b) >= 0 {
				likely++
			}
		}
	}
	return line, likely*10 >= high*8
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
