package gift

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
)

// format says in which markup a text of the file is written.
type format string

// The formats. Moodle is plain text in which HTML is allowed.
const (
	formatMoodle   format = "moodle"
	formatHTML     format = "html"
	formatPlain    format = "plain"
	formatMarkdown format = "markdown"
)

// formatted takes the format that a hidden text names at its beginning off.
func formatted(raw string, otherwise format) (string, format) {
	raw = strings.TrimSpace(raw)
	if name, rest, ok := strings.Cut(strings.TrimPrefix(raw, "["), "]"); ok && strings.HasPrefix(raw, "[") {
		if f := format(strings.ToLower(name)); slices.Contains([]format{formatMoodle, formatHTML, formatPlain, formatMarkdown}, f) {
			return strings.TrimSpace(rest), f
		}
	}
	return raw, otherwise
}

// texts turns the texts of one question into Markdown and keeps what was lost on
// the way.
type texts struct {
	doc    *exchange.Document
	beside exchange.Beside
	lost   []string
}

// markdown is a hidden text as Markdown; otherwise is its format unless it names
// one itself.
func (t *texts) markdown(raw string, otherwise format) string {
	raw, f := formatted(raw, otherwise)
	switch f {
	case formatMarkdown:
		return t.images(trim(reveal.Replace(raw)))
	case formatHTML:
		return t.html(reveal.Replace(raw))
	case formatMoodle:
		if exchange.HasHTML(reveal.Replace(raw)) {
			return t.html(broken(raw))
		}
	case formatPlain:
	}
	return markup.FromPlain(plain(raw))
}

// trim takes blank lines off the beginning and white space off the end: spaces
// at the beginning mean something in Markdown.
func trim(text string) string {
	return strings.TrimRightFunc(strings.TrimLeft(text, "\n"), unicode.IsSpace)
}

var wrapped = regexp.MustCompile(`\s*\n\s*`)

// plain is a hidden text without markup: the lines of the file are wrapped ones,
// only \n breaks a line.
func plain(raw string) string {
	return strings.TrimSpace(reveal.Replace(wrapped.ReplaceAllString(strings.TrimSpace(raw), " ")))
}

var besideTag = regexp.MustCompile(`>\s*\n\s*|\s*\n\s*<`)

// broken is a text of Moodle's own format that has tags, as HTML: line breaks
// are kept, but for those beside a tag.
func broken(raw string) string {
	text := besideTag.ReplaceAllStringFunc(reveal.Replace(raw), strings.TrimSpace)
	if strings.Contains(text, "<pre") {
		return text
	}
	text = wrapped.ReplaceAllStringFunc(text, func(string) string { return "\n" })
	return strings.ReplaceAll(text, "\n", "<br>")
}

func (t *texts) html(text string) string {
	markdown, lost := markup.FromHTML(text, func(src, _ string) (string, bool) {
		key, err := t.doc.Attach(src, t.beside)
		if err != nil {
			t.lose(err.Error())
		}
		return key, err == nil
	})
	for _, what := range lost {
		if !strings.HasPrefix(what, "the image ") { // said above, with the reason
			t.lose(fmt.Sprintf("%s was taken out", what))
		}
	}
	return strings.TrimSpace(markdown)
}

// images takes in the images of a Markdown text.
func (t *texts) images(markdown string) string {
	return exchange.ReplaceImages(markdown, func(alt, address string) string {
		key, err := t.doc.Attach(address, t.beside)
		if err != nil {
			t.lose(err.Error())
			return alt
		}
		return "![" + alt + "](" + exchange.MediaScheme + key + ")"
	})
}

func (t *texts) lose(what string) {
	if !slices.Contains(t.lost, what) {
		t.lost = append(t.lost, what)
	}
}
