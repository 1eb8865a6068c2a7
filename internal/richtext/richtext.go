// Package richtext turns the Markdown of questions and help pages into HTML
// that is safe to show, whoever wrote it.
package richtext

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// HTML is sanitised markup. Only this package makes it.
type HTML string

// Renderer renders Markdown and remembers what it rendered. It is safe for
// concurrent use. The zero value is not usable; call New.
type Renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
	cache    sync.Map     // Markdown → HTML
	cached   atomic.Int64 // bytes of Markdown in cache
}

// New returns a Renderer.
func New() *Renderer {
	policy := bluemonday.NewPolicy()
	policy.AllowElements("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote",
		"ul", "ol", "li", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "sub", "sup")
	policy.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,4}$`)).OnElements("ol")
	policy.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	policy.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-z0-9+-]{1,20}$`)).OnElements("code")
	policy.AllowAttrs("href").OnElements("a")
	policy.AllowURLSchemes("https")
	policy.AllowRelativeURLs(true)
	policy.RequireParseableURLs(true)
	policy.RequireNoFollowOnLinks(true)
	policy.AllowAttrs("src").Matching(mediaAddress).OnElements("img")
	policy.AllowAttrs("alt").OnElements("img")
	return &Renderer{
		markdown: goldmark.New(goldmark.WithExtensions(Syntax(mediaSource)...)),
		policy:   policy,
	}
}

var (
	mediaImage   = regexp.MustCompile(`^media:([0-9a-f]{64}\.(?:png|jpg|gif|webp))$`)
	mediaAddress = regexp.MustCompile(`^/media/[0-9a-f]{64}\.(png|jpg|gif|webp)$`)
)

// mediaSource is where the browser finds an image of the library. Images from
// anywhere else aren't shown: they would tell others who reads what.
func mediaSource(address string) string {
	match := mediaImage.FindStringSubmatch(address)
	if match == nil {
		return ""
	}
	return "/media/" + match[1]
}

// maxCached bounds one text that is worth remembering, and maxCache all of them
// in bytes of Markdown: several times a large library's texts. Beyond it the
// cache begins anew, so that texts no longer shown don't pile up.
const (
	maxCached = 64 << 10
	maxCache  = 16 << 20
)

// Block renders Markdown as block elements.
func (r *Renderer) Block(markdown string) HTML {
	if cached, ok := r.cache.Load(markdown); ok {
		return cached.(HTML)
	}
	var out bytes.Buffer
	if err := r.markdown.Convert([]byte(markdown), &out); err != nil {
		return HTML("<p>" + html.EscapeString(markdown) + "</p>")
	}
	safe := HTML(lazyImages(scrollableTables(plainCorner(r.policy.Sanitize(out.String())))))
	r.remember(markdown, safe)
	return safe
}

func (r *Renderer) remember(markdown string, safe HTML) {
	size := int64(len(markdown))
	if size > maxCached {
		return
	}
	if r.cached.Add(size) > maxCache {
		r.cache.Clear()
		r.cached.Store(size)
	}
	r.cache.Store(markdown, safe)
}

var emptyHeader = regexp.MustCompile(`<th( align="[a-z]+")?>\s*</th>`)

// plainCorner makes a header cell without words, usually the corner of a table
// with row labels, an ordinary cell: it heads nothing, and a screen reader
// would announce a header without a name.
func plainCorner(markup string) string {
	return emptyHeader.ReplaceAllString(markup, "<td$1></td>")
}

// scrollableTables lets a wide table or code block scroll by itself, by
// keyboard too, instead of widening the page.
func scrollableTables(markup string) string {
	markup = strings.ReplaceAll(markup, "<table>", `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>`)
	markup = strings.ReplaceAll(markup, "</table>", "</table></div>")
	return strings.ReplaceAll(markup, "<pre>", `<pre tabindex="0">`)
}

// lazyImages lets the browser fetch images as they come into view.
func lazyImages(markup string) string {
	return strings.ReplaceAll(markup, "<img src=", `<img loading="lazy" src=`)
}

// Inline renders Markdown that is one paragraph without its paragraph tags,
// for labels and sentences; several paragraphs stay as they are.
func (r *Renderer) Inline(markdown string) HTML {
	block := strings.TrimSpace(string(r.Block(strings.TrimSpace(markdown))))
	inner, opened := strings.CutPrefix(block, "<p>")
	inner, closed := strings.CutSuffix(inner, "</p>")
	if opened && closed && !strings.Contains(inner, "<p>") {
		return HTML(inner)
	}
	return HTML(block)
}

var pictured = regexp.MustCompile(`<img [^>]*?alt="([^"]*)"[^>]*>`)

// Plain renders Markdown as text without any markup; an image is its
// alternative text.
func (r *Renderer) Plain(markdown string) string {
	text := bluemonday.StrictPolicy().Sanitize(pictured.ReplaceAllString(string(r.Block(markdown)), "$1"))
	return strings.Join(strings.Fields(html.UnescapeString(text)), " ")
}
