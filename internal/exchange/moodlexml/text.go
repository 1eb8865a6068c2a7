package moodlexml

import (
	"encoding/base64"
	htmlpkg "html"
	"path"
	"regexp"
	"slices"
	"strings"

	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// format is how a text of a question is written.
type format string

// The formats that Moodle names.
const (
	html     format = "html"
	markdown format = "markdown"
	plain    format = "plain_text"
	auto     format = "moodle_auto_format"
	wiki     format = "wiki_like"
)

// formatOf is the format that an element gives for its text; what Moodle doesn't
// know is HTML, as for Moodle.
func formatOf(n *xmltree.Node, missing format) format {
	switch f := format(strings.TrimSpace(n.Attr("format"))); f {
	case "":
		return missing
	case html, markdown, plain, auto, wiki:
		return f
	}
	return html
}

// plainText is the text of an element that has no format: <name><text>…, or as
// old files have it the element's own.
func plainText(n *xmltree.Node) string {
	if t := n.Child("text"); t != nil {
		return strings.TrimSpace(t.Content())
	}
	return strings.TrimSpace(n.Content())
}

// source is the text of an element as it is written there. Where somebody forgot
// to escape HTML, its elements are text too.
func source(n *xmltree.Node) string {
	if t := n.Child("text"); t != nil {
		n = t
	} else if n != nil && len(n.Elements()) > 0 {
		return "" // an answer whose only text is that of its feedback
	}
	if len(n.Elements()) == 0 {
		return n.Content()
	}
	var b strings.Builder
	for _, c := range n.Children {
		if c.Name == "" {
			b.WriteString(c.Text)
		} else {
			b.WriteString(c.Outer())
		}
	}
	return b.String()
}

// text is the text of an element in Markdown, with its images taken in. An
// element without a format has the question's.
func (it *item) text(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	return it.convert(source(n), formatOf(n, it.format), n)
}

// convert turns a text into Markdown. The files of the element n go before those
// of the rest of the question.
func (it *item) convert(text string, f format, n *xmltree.Node) string {
	text = exchange.CleanText(text)
	if text == "" {
		return ""
	}
	switch f {
	case plain:
		return markup.FromPlain(text)
	case markdown:
		return it.fromMarkdown(text, n)
	case auto, wiki:
		text = breaks(text)
	case html:
	}
	converted, lost := markup.FromHTML(text, func(src, _ string) (string, bool) { return it.attach(src, n) })
	for _, l := range lost {
		if !strings.HasPrefix(l, "the image ") { // attach has told of those, and why
			it.lost = append(it.lost, l)
		}
	}
	return strings.TrimSpace(converted)
}

var (
	blankLines = regexp.MustCompile(`\n[ \t]*\n\s*`)
	betweenTag = regexp.MustCompile(`(?i)(</?(?:p|div|ul|ol|li|table|thead|tbody|tr|td|th|pre|h[1-6]|blockquote|br|hr)\b[^>]*>)\s*\n\s*`)
	beforeTag  = regexp.MustCompile(`(?i)\s*\n\s*(</?(?:p|div|ul|ol|li|table|thead|tbody|tr|td|th|pre|h[1-6]|blockquote|br|hr)\b)`)
)

// breaks does what Moodle's auto-format does to line ends: those beside a block
// mean nothing, a blank line divides paragraphs, any other breaks the line.
func breaks(text string) string {
	text = beforeTag.ReplaceAllString(betweenTag.ReplaceAllString(text, "$1"), "$1")
	text = "<p>" + blankLines.ReplaceAllString(text, "</p><p>") + "</p>"
	return strings.ReplaceAll(text, "\n", "<br>")
}

var (
	imageTag  = regexp.MustCompile(`(?i)<img\s[^>]*>`)
	attribute = regexp.MustCompile(`(?i)\b(src|alt)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)
	anyTag    = regexp.MustCompile(`</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>`)
	code      = regexp.MustCompile("(?s)```.*?(```|$)|~~~.*?(~~~|$)|``.*?``|`[^`\n]+`|\\\\.")
)

// fromMarkdown keeps Markdown as it is, but for where its images are. Other HTML
// inside it isn't shown, so it is told.
func (it *item) fromMarkdown(text string, n *xmltree.Node) string {
	if it.node.Child(ownElement).Child(verbatim) == nil {
		text = fromMoodle(text, it.own)
	}
	text = imageTag.ReplaceAllStringFunc(text, func(tag string) string {
		values := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			values[strings.ToLower(m[1])] = htmlpkg.UnescapeString(strings.Trim(m[2], `"'`))
		}
		if !strings.Contains(values["src"], "@@PLUGINFILE@@") {
			return tag
		}
		key, ok := it.attach(values["src"], n)
		if !ok {
			return values["alt"]
		}
		return "![" + strings.NewReplacer("[", `\[`, "]", `\]`).Replace(values["alt"]) + "](" + exchange.MediaScheme + key + ")"
	})
	text = exchange.ReplaceImages(text, func(alt, address string) string {
		if strings.HasPrefix(address, exchange.MediaScheme) {
			return "![" + alt + "](" + address + ")"
		}
		key, ok := it.attach(address, n)
		if !ok {
			return alt
		}
		return "![" + alt + "](" + exchange.MediaScheme + key + ")"
	})
	if !it.own && anyTag.MatchString(code.ReplaceAllString(text, "")) {
		it.lost = append(it.lost, "HTML tags within Markdown")
	}
	return text
}

// attach takes in the image that a text names and tells once what can't be had.
func (it *item) attach(address string, n *xmltree.Node) (key string, ok bool) {
	asked := reference{n, address}
	if key, known := it.attached[asked]; known {
		return key, key != ""
	}
	key, err := it.doc.Attach(address, func(name string) ([]byte, bool) { return it.fileData(name, n) })
	if err != nil {
		key = ""
		it.doc.Warn(it.where, strings.Replace(err.Error(), "beside the file", "in the file", 1), "Add the image to the question in Moodle and export it again; its description stands in its place.")
	}
	if it.attached == nil {
		it.attached = map[reference]string{}
	}
	it.attached[asked] = key
	return key, err == nil
}

// reference is an image as a text names it, with the element that holds the text.
type reference struct {
	holder  *xmltree.Node
	address string
}

// fileData finds a file of the question: among those of the element n first, then
// among all, then beside the file that is being read.
func (it *item) fileData(name string, n *xmltree.Node) ([]byte, bool) {
	if it.files == nil {
		it.files = map[reference]*xmltree.Node{}
		it.indexFiles(it.node)
	}
	for _, holder := range []*xmltree.Node{n, nil} {
		if f := it.files[reference{holder, name}]; f != nil {
			return fileContent(f.Content(), f.Attr("encoding"))
		}
	}
	if it.beside != nil {
		return it.beside(name)
	}
	return nil, false
}

// indexFiles lists the files in an element by name, and by path and name: the
// first of each in its holder, and under no holder the first of all.
func (it *item) indexFiles(n *xmltree.Node) {
	for _, f := range n.Elements() {
		if f.Name != "file" {
			it.indexFiles(f)
			continue
		}
		name := f.Attr("name")
		full := strings.TrimPrefix(path.Join("/", f.Attr("path"), name), "/")
		for _, key := range []reference{{n, name}, {nil, name}, {n, full}, {nil, full}} {
			if it.files[key] == nil {
				it.files[key] = f
			}
		}
	}
}

func fileContent(text, encoding string) ([]byte, bool) {
	if encoding != "" && encoding != "base64" {
		return []byte(text), true
	}
	return decodeBase64(text)
}

func decodeBase64(text string) ([]byte, bool) {
	text = strings.Join(strings.Fields(text), "")
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		data, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	}
	return data, err == nil
}

// tellLost tells once what the texts of a question held that isn't kept.
func (it *item) tellLost() {
	if len(it.lost) == 0 {
		return
	}
	slices.Sort(it.lost)
	it.doc.Warn(it.where, "left out of the texts: "+strings.Join(slices.Compact(it.lost), ", "), "Look at the question; say in words what they showed, or attach an image.")
}
