package exchange_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"sextant/internal/exchange"
)

func TestText(t *testing.T) {
	utf16 := func(s string, order unicode.Endianness, mark unicode.BOMPolicy) string {
		out, err := unicode.UTF16(order, mark).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	tests := []struct{ name, data, want, note, err string }{
		{"UTF-8", "Größe\n", "Größe\n", "", ""},
		{"with a mark", "\xef\xbb\xbfa", "a", "", ""},
		{"line ends", "a\r\nb\rc\n", "a\nb\nc\n", "", ""},
		{"empty", "", "", "", ""},
		{"UTF-16 little-endian", utf16("Which größe?\r\n", unicode.LittleEndian, unicode.UseBOM), "Which größe?\n", "UTF-16", ""},
		{"UTF-16 big-endian", utf16("Which größe?\n", unicode.BigEndian, unicode.UseBOM), "Which größe?\n", "UTF-16", ""},
		{"UTF-16 without a mark", utf16("Which one is it?", unicode.LittleEndian, unicode.IgnoreBOM), "Which one is it?", "UTF-16", ""},
		{"big-endian without a mark", utf16("Which one is it?", unicode.BigEndian, unicode.IgnoreBOM), "Which one is it?", "UTF-16", ""},
		{"Latin-1", "Gr\xf6\xdfe, caf\xe9", "Größe, café", "Windows-1252", ""},
		{"Windows quotes", "\x93Which\x94 \x96 one\x85 costs 5 \x80?", "“Which” – one… costs 5 €?", "Windows-1252", ""},
		{"neither", "a\nb \xc3\x28\xff\xfe\xfd\xfc\xfb", "", "", "line 2 is no UTF-8"},
		{"a gap of Windows-1252", "caf\xe9 \x81", "", "", "can't be told"},
		{"NUL", "a\nb\x00c", "", "", "line 2 holds a NUL"},
		{"UTF-16 cut short within", "\xff\xfea\x00\x00\x00b", "", "", "NUL"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got, note, err := exchange.Text([]byte(c.data))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil || got != c.want || !strings.Contains(note, c.note) || c.note == "" && note != "" {
				t.Errorf("got %q, note %q, error %v", got, note, err)
			}
		})
	}
}

func TestTextOfUTF8IsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-zÄ-ü日-本 \n]{0,80}`).Draw(t, "text")
		got, note, err := exchange.Text([]byte(s))
		if got != s || note != "" || err != nil {
			t.Fatalf("%q becomes %q, note %q, error %v", s, got, note, err)
		}
	})
}
