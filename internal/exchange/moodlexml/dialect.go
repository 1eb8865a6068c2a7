package moodlexml

import (
	"regexp"
	"strings"
)

// Moodle's Markdown takes the backslash of \( and of a line's end for an escape,
// so that TeX and line breaks would be lost there. toMoodle doubles the first and
// writes two spaces for the second; code stays as it is.
func toMoodle(markdown string) string {
	if !strings.Contains(markdown, `\`) && !strings.Contains(markdown, "$$") {
		return markdown
	}
	return ourTokens.ReplaceAllStringFunc(markdown, func(token string) string {
		switch {
		case token == "\\\n":
			return "  \n"
		case isTeX(token):
			return texEscapes.Replace(token)
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
	return moodleTokens.ReplaceAllStringFunc(markdown, func(token string) string {
		switch {
		case token == "  \n" && own:
			return "\\\n"
		case strings.HasPrefix(token, `\\`), isTeX(token):
			return texUnescapes.Replace(token)
		}
		return token
	})
}

func isTeX(token string) bool {
	return len(token) > 4 && (strings.HasPrefix(token, `\(`) || strings.HasPrefix(token, `\[`) || strings.HasPrefix(token, "$$"))
}

const codeTokens = "```.*?(?:```|$)|~~~.*?(?:~~~|$)|`+[^`]*`+"

var (
	ourTokens    = regexp.MustCompile(`(?s)` + codeTokens + `|\\\(.+?\\\)|\\\[.+?\\\]|\$\$.+?\$\$|\\.`)
	moodleTokens = regexp.MustCompile(`(?s)` + codeTokens + `|\\\\\(.+?\\\\\)|\\\\\[.+?\\\\\]|\$\$.+?\$\$|\\.|  \n`)
	texEscapes   = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, "`", "\\`")
	texUnescapes = strings.NewReplacer(`\\`, `\`, `\*`, `*`, `\_`, `_`, "\\`", "`")
)
