package moodlexml

import (
	"strings"
)

// Moodle's Markdown takes the backslash of \( and of a line's end for an escape,
// so that TeX and line breaks would be lost there. toMoodle doubles the first and
// writes two spaces for the second; code stays as it is.
func toMoodle(markdown string) string {
	if !strings.Contains(markdown, `\`) && !strings.Contains(markdown, "$$") {
		return markdown
	}
	return replaceTokens(markdown, ourTeX, func(token string, isTeX bool) string {
		switch {
		case isTeX:
			return texEscapes.Replace(token)
		case token == "\\\n":
			return "  \n"
		}
		return token
	})
}

// fromMoodle undoes toMoodle. In files of others, whose authors had to double the
// backslashes themselves, line breaks stay as they are.
func fromMoodle(markdown string, own bool) string {
	if !strings.Contains(markdown, `\`) && !strings.Contains(markdown, "$$") && !strings.Contains(markdown, "  \n") {
		return markdown
	}
	return replaceTokens(markdown, moodlesTeX, func(token string, isTeX bool) string {
		switch {
		case isTeX:
			return texUnescapes.Replace(token)
		case token == "  \n" && own:
			return "\\\n"
		}
		return token
	})
}

// TeX by its marks, as we have them and as Moodle's Markdown needs them.
var (
	ourTeX       = [][2]string{{`\(`, `\)`}, {`\[`, `\]`}, {"$$", "$$"}}
	moodlesTeX   = [][2]string{{`\\(`, `\\)`}, {`\\[`, `\\]`}, {"$$", "$$"}}
	texEscapes   = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, "`", "\\`")
	texUnescapes = strings.NewReplacer(`\\`, `\`, `\*`, `*`, `\_`, `_`, "\\`", "`")
)

// replaceTokens goes through a Markdown text and puts what with returns in the
// place of TeX, escapes and line breaks made by two spaces. Code isn't touched.
func replaceTokens(text string, tex [][2]string, with func(token string, isTeX bool) string) string {
	var b strings.Builder
	b.Grow(len(text) + 16)
	a := ahead{text: text}
	for at := 0; at < len(text); {
		plain := strings.IndexAny(text[at:], "`~\\$ ")
		if plain < 0 {
			b.WriteString(text[at:])
			break
		}
		b.WriteString(text[at : at+plain])
		at += plain
		if n := codeLength(&a, at); n > 0 {
			b.WriteString(text[at : at+n])
			at += n
			continue
		}
		n := texLength(&a, at, tex)
		isTeX := n > 0
		switch {
		case isTeX:
		case strings.HasPrefix(text[at:], "  \n"):
			n = 3
		case text[at] == '\\' && at+1 < len(text):
			n = 2
		default:
			n = 1
		}
		b.WriteString(with(text[at:at+n], isTeX))
		at += n
	}
	return b.String()
}

// codeLength is the length of the code that begins at a place, 0 for none: a
// fence reaches to the end of the text where nothing closes it.
func codeLength(a *ahead, at int) int {
	rest := a.text[at:]
	for _, fence := range []string{"```", "~~~"} {
		if strings.HasPrefix(rest, fence) {
			if end := a.find(fence, at+len(fence)); end >= 0 {
				return end + len(fence) - at
			}
			return len(rest)
		}
	}
	if rest[0] != '`' {
		return 0
	}
	opening := len(rest) - len(strings.TrimLeft(rest, "`"))
	end := a.find("`", at+opening)
	if end < 0 {
		return opening
	}
	for end < len(a.text) && a.text[end] == '`' {
		end++
	}
	return end - at
}

// texLength is the length of the TeX that begins at a place, 0 for none.
func texLength(a *ahead, at int, tex [][2]string) int {
	for _, marks := range tex {
		if !strings.HasPrefix(a.text[at:], marks[0]) {
			continue
		}
		inside := at + len(marks[0])
		if end := a.find(marks[1], inside); end > inside {
			return end + len(marks[1]) - at
		}
	}
	return 0
}
