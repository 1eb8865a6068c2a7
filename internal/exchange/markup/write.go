package markup

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"

	"sextant/internal/richtext"
)

// ToHTML is a Markdown text as an XHTML fragment: well-formed, and the same
// elements that learners are shown. Raw HTML beyond sub, sup, br, strong, em and
// del doesn't come through.
func ToHTML(markdown string, sources Sources) string {
	var out bytes.Buffer
	if err := writer.Convert([]byte(legible(markdown)), &out); err != nil {
		return "<p>" + html.EscapeString(markdown) + "</p>"
	}
	return placeImages(strings.TrimSpace(out.String()), sources)
}

// writer leaves images their address; placeImages, which knows the caller's
// sources, puts it right.
var writer = goldmark.New(
	goldmark.WithExtensions(richtext.Syntax(func(address string) string { return address })...),
	goldmark.WithRendererOptions(gmhtml.WithXHTML()),
)

var illegible = regexp.MustCompile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

// legible leaves out the characters that XML can't hold.
func legible(s string) string {
	return illegible.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), "")
}

var imageTag = regexp.MustCompile(`<img src="([^"]*)" alt="([^"]*)" />`)

func placeImages(markup string, sources Sources) string {
	return imageTag.ReplaceAllStringFunc(markup, func(tag string) string {
		match := imageTag.FindStringSubmatch(tag)
		key, ours := strings.CutPrefix(html.UnescapeString(match[1]), scheme)
		src := ""
		if ours && sources != nil {
			src = sources(key)
		}
		if src == "" {
			return match[2]
		}
		return `<img src="` + html.EscapeString(src) + `" alt="` + match[2] + `" />`
	})
}

// Keys are the keys of the images in a Markdown text, in order, each once.
func Keys(markdown string) []string {
	if !strings.Contains(markdown, scheme) {
		return nil
	}
	return keysOf(writer.Parser().Parse(gmtext.NewReader([]byte(markdown))))
}
