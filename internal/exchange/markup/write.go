package markup

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

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
	goldmark.WithRendererOptions(gmhtml.WithXHTML(), renderer.WithNodeRenderers(util.Prioritized(linkRenderer{}, 90))), //nolint:misspell // the library's name
)

// linkRenderer writes the links that learners are shown, those by https, and of
// any other its words.
type linkRenderer struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (linkRenderer) RegisterFuncs(register renderer.NodeRendererFuncRegisterer) {
	register.Register(ast.KindLink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if to := string(n.(*ast.Link).Destination); entering {
			openLink(w, to)
		} else if shownLink(to) {
			_, _ = w.WriteString("</a>")
		}
		return ast.WalkContinue, nil
	})
	register.Register(ast.KindAutoLink, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		link := n.(*ast.AutoLink)
		openLink(w, string(link.URL(source)))
		_, _ = w.Write(util.EscapeHTML(link.Label(source)))
		if shownLink(string(link.URL(source))) {
			_, _ = w.WriteString("</a>")
		}
		return ast.WalkContinue, nil
	})
}

func shownLink(to string) bool {
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

func openLink(w util.BufWriter, to string) {
	if shownLink(to) {
		_, _ = w.WriteString(`<a href="` + string(util.EscapeHTML(util.URLEscape([]byte(to), true))) + `">`)
	}
}

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
