package exchange_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"sextant/internal/exchange"
)

// pixel begins like a PNG, which is all that tells one.
var pixel = []byte("\x89PNG\r\n\x1a\n and the rest")

func TestReplacingImages(t *testing.T) {
	tests := []struct{ markdown, want string }{
		{"none", "none"},
		{"a ![b](c.png) d", "a <b|c.png> d"},
		{"![](c.png)![e f](<g.png>)", "<|c.png><e f|g.png>"},
		{`![b](c.png "a title")`, "<b|c.png>"},
		{`![a\]b](c.png)`, `<a\]b|c.png>`},
		{"[a link](c.png)", "[a link](c.png)"},
		{"![open](c.png", "![open](c.png"},
	}
	for _, tt := range tests {
		got := exchange.ReplaceImages(tt.markdown, func(alt, address string) string { return "<" + alt + "|" + address + ">" })
		if got != tt.want {
			t.Errorf("%s became %s, want %s", tt.markdown, got, tt.want)
		}
	}
}

func TestAttachingImages(t *testing.T) {
	beside := func(name string) ([]byte, bool) {
		if strings.Contains(name, "..") || strings.HasPrefix(name, "/") {
			t.Errorf("%s was looked for", name)
		}
		return pixel, name == "pics/a b.png"
	}
	tests := []struct{ address, problem string }{
		{"pics/a b.png", ""},
		{"pics/a%20b.png", ""},
		{"./pics/../pics/a b.png", ""},
		{`pics\a b.png`, ""},
		{"@@PLUGINFILE@@/pics/a%20b.png?time=1", ""},
		{exchange.DataAddress(exchange.Media{Type: "image/png", Data: pixel}), ""},
		{"pics/c.png", "isn't beside the file"},
		{"../pics/a b.png", "isn't beside the file"},
		{"/pics/a b.png", "isn't beside the file"},
		{"https://example.com/a.png", "on another site"},
		{"//example.com/a.png", "on another site"},
		{"data:image/png,abc", "isn't base64"},
		{"data:image/png;base64,?", "damaged"},
		{"data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", "no PNG"},
	}
	for _, tt := range tests {
		doc := &exchange.Document{}
		key, err := doc.Attach(tt.address, beside)
		switch {
		case tt.problem == "" && (err != nil || !bytes.Equal(doc.Media[key].Data, pixel)):
			t.Errorf("%s: %v", tt.address, err)
		case tt.problem != "" && (err == nil || !strings.Contains(err.Error(), tt.problem) || len(doc.Media) != 0):
			t.Errorf("%s: %v, want an error with %q", tt.address, err, tt.problem)
		}
	}
}

func TestShortening(t *testing.T) {
	tests := []struct {
		text string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{" two\n lines ", 20, "two lines"},
		{"one two three four", 10, "one two …"},
		{"unbreakable", 5, "unbre …"},
		{"ééééé", 3, "ééé …"},
		{strings.Repeat(" ", 40) + "\xe2\x82", 2, ""},
	}
	for _, tt := range tests {
		if got := exchange.Shorten(tt.text, tt.n); got != tt.want || !utf8.ValidString(got) {
			t.Errorf("%q became %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestTellingHTMLFromPlainText(t *testing.T) {
	for _, text := range []string{"<p>a</p>", "a<br/>b", `<a href="x">`, "a&nbsp;b", "a &lt; b", "&#39;", "<SCRIPT>", "x</em>"} {
		if !exchange.HasHTML(text) {
			t.Errorf("%s is HTML", text)
		}
	}
	for _, text := range []string{"a < b and c > d", "if a<b or b>c", "List<String>", "AT&T; x", "a & b", "<-", "1 <2> 3", "<promptly>"} {
		if exchange.HasHTML(text) {
			t.Errorf("%s is no HTML", text)
		}
	}
}
