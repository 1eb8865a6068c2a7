package exchange

import (
	"html"
	"regexp"
	"strings"

	"sextant/internal/exam"
)

// The paragraphs in which what other systems have no field for stands behind the
// explanation. In texts that happen to have such a paragraph themselves the colon
// gets a backslash, which Markdown doesn't show.
const (
	rememberOpens  = "**Remember:** "
	referenceOpens = "Reference: "
)

var (
	openings = regexp.MustCompile(`(^|\n\n)(\*\*Remember)(\\*:\*\* )|(^|\n\n)(Reference)(\\*: \[)`)
	escaped  = regexp.MustCompile(`(^|\n\n)(\*\*Remember)\\(\\*:\*\* )|(^|\n\n)(Reference)\\(\\*: \[)`)
)

// Explain is what a format with one general feedback says of a question once it
// is answered, in Markdown: its explanation, the line to remember and its
// references, a paragraph each. TakeExplanation is the inverse.
func Explain(q *exam.Question) string {
	var parts []string
	if q.Explanation != "" {
		parts = append(parts, openings.ReplaceAllString(q.Explanation, `$1$2$4$5\$3$6`))
	}
	if q.Remember != "" {
		parts = append(parts, rememberOpens+openings.ReplaceAllString(q.Remember, `$1$2$4$5\$3$6`))
	}
	for _, r := range q.References {
		parts = append(parts, referenceOpens+"["+titleEscapes.Replace(r.Title)+"]("+escapeAddress(r.URL)+")")
	}
	return strings.Join(parts, "\n\n")
}

// TakeExplanation puts what Explain wrote back into the question's fields. A text
// that other people wrote becomes the explanation as it is.
func TakeExplanation(q *exam.Question, markdown string) {
	text, references := cutReferences(markdown)
	q.References = append(q.References, references...)
	if at := lastOpening(text); at >= 0 {
		q.Remember = unescaped(text[at+len(rememberOpens):])
		text = strings.TrimSuffix(text[:at], "\n\n")
	}
	q.Explanation = unescaped(text)
}

func unescaped(text string) string { return escaped.ReplaceAllString(text, "$1$2$4$5$3$6") }

// lastOpening is where the last paragraph that opens with the words before the
// line to remember begins, or −1.
func lastOpening(text string) int {
	if at := strings.LastIndex(text, "\n\n"+rememberOpens); at >= 0 {
		return at + len("\n\n")
	}
	if strings.HasPrefix(text, rememberOpens) {
		return 0
	}
	return -1
}

// cutReferences takes the paragraphs at the end that are references off.
func cutReferences(markdown string) (rest string, references []exam.Reference) {
	rest = markdown
	for {
		trimmed := strings.TrimRight(rest, " \t\n")
		at := max(0, strings.LastIndex(trimmed, "\n\n"))
		link, ok := strings.CutPrefix(strings.TrimPrefix(trimmed[at:], "\n\n"), referenceOpens)
		if !ok {
			return rest, references
		}
		reference, ok := readLink(link)
		if !ok {
			return rest, references
		}
		references = append([]exam.Reference{reference}, references...)
		rest = trimmed[:at]
	}
}

// readLink reads a paragraph that is one Markdown link, [title](address).
func readLink(link string) (exam.Reference, bool) {
	inner, opens := strings.CutPrefix(link, "[")
	inner, closes := strings.CutSuffix(inner, ")")
	end := titleEnd(inner)
	if !opens || !closes || end < 0 || !strings.HasPrefix(inner[end:], "](") {
		return exam.Reference{}, false
	}
	address := inner[end+len("]("):]
	if bare, ok := strings.CutPrefix(address, "<"); ok {
		address = strings.TrimSuffix(bare, ">")
	}
	if strings.ContainsAny(address, " \n") { // a title after the address, or another link: not one of ours
		return exam.Reference{}, false
	}
	return exam.Reference{Title: unescapeMarkdown(inner[:end]), URL: unescapeMarkdown(address)}, true
}

// titleEnd is where the bracket closes that was open before text, or −1.
func titleEnd(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

var titleEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "~", `\~`, "$", `\$`, "\n", "&#10;",
)

var entity = regexp.MustCompile(`^&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)

// escapeAddress keeps an address whole between the brackets of a link.
func escapeAddress(address string) string {
	var b strings.Builder
	for i := range len(address) {
		switch c := address[i]; {
		case c == ' ':
			b.WriteString("&#32;")
		case c == '\n':
			b.WriteString("&#10;")
		case strings.IndexByte(`\()<>`, c) >= 0, c == '&' && entity.MatchString(address[i:]):
			b.WriteByte('\\')
			fallthrough
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// unescapeMarkdown takes the backslashes off and resolves the entities.
func unescapeMarkdown(text string) string {
	if !strings.ContainsAny(text, `\&`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte(punctuation, text[i+1]) >= 0 {
			i++
		} else if found := entity.FindString(text[i:]); found != "" {
			b.WriteString(html.UnescapeString(found))
			i += len(found) - 1
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
