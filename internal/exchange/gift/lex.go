package gift

import (
	"slices"
	"strings"
)

// GIFT's control characters lose their meaning behind a backslash. While a text
// is taken apart they stand as noncharacters, which no text contains.
const (
	hiddenColon = '\uFDD0' + iota
	hiddenHash
	hiddenEquals
	hiddenOpen
	hiddenClose
	hiddenTilde
	hiddenNewline
)

var hidden = map[byte]rune{
	':': hiddenColon, '#': hiddenHash, '=': hiddenEquals, '{': hiddenOpen, '}': hiddenClose, '~': hiddenTilde, 'n': hiddenNewline, '\\': '\\',
}

// hide puts noncharacters in the place of what backslashes protect. A backslash
// before anything else stands for itself.
func hide(text string) string {
	if !strings.ContainsRune(text, '\\') {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if r, ok := hidden[text[i+1]]; ok {
				b.WriteRune(r)
				i++
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

var (
	reveal = strings.NewReplacer(
		string(rune(hiddenColon)), ":", string(rune(hiddenHash)), "#", string(rune(hiddenEquals)), "=", string(rune(hiddenOpen)), "{",
		string(rune(hiddenClose)), "}", string(rune(hiddenTilde)), "~", string(rune(hiddenNewline)), "\n",
	)
	protect = strings.NewReplacer(
		`\`, `\\`, ":", `\:`, "#", `\#`, "=", `\=`, "{", `\{`, "}", `\}`, "~", `\~`, "\r", "", "\n", `\n`,
	)
	noncharacters = strings.NewReplacer(
		string(rune(hiddenColon)), "\uFFFD", string(rune(hiddenHash)), "\uFFFD", string(rune(hiddenEquals)), "\uFFFD", string(rune(hiddenOpen)), "\uFFFD",
		string(rune(hiddenClose)), "\uFFFD", string(rune(hiddenTilde)), "\uFFFD", string(rune(hiddenNewline)), "\uFFFD",
	)
)

// block is what stands between two blank lines: a question, a description or a
// change of category.
type block struct {
	line     int      // of its first line that is no comment, 1-based
	text     string   // without comments, hidden
	comments []string // without the slashes
	rejoined bool     // a blank line stood between its braces
}

const categoryOpens = "$CATEGORY:"

// split divides a file into blocks. A blank line within braces doesn't divide:
// Moodle refuses such a question, but what is meant is plain.
func split(text string) []*block {
	var blocks []*block
	var lines []string
	b := &block{}
	flush := func() {
		if len(lines) > 0 {
			b.text = hide(strings.TrimSpace(strings.Join(lines, "\n")))
			blocks = append(blocks, b)
		}
		b, lines = &block{}, nil
	}
	number := 0
	for line := range strings.Lines(noncharacters.Replace(text)) {
		number++
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			flush()
			continue
		}
		if comment, ok := strings.CutPrefix(trimmed, "//"); ok {
			b.comments = append(b.comments, comment)
			continue
		}
		if len(lines) == 0 {
			b.line = number
		}
		lines = append(lines, line)
		if len(lines) == 1 && strings.HasPrefix(trimmed, categoryOpens) {
			flush()
		}
	}
	flush()
	return rejoin(blocks)
}

// rejoin puts together what a blank line within braces divided: a block that
// opens a brace and doesn't close it, up to the one that closes it.
func rejoin(blocks []*block) []*block {
	joined := blocks[:0:0]
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if end := closing(blocks, i); end > i {
			parts := []string{b.text}
			for _, next := range blocks[i+1 : end+1] {
				parts = append(parts, next.text)
				b.comments = slices.Concat(b.comments, next.comments)
			}
			b.text, b.rejoined, i = strings.Join(parts, "\n\n"), true, end
		}
		joined = append(joined, b)
	}
	return joined
}

// closing is the index of the block that closes the brace block i leaves open;
// i when it leaves none open or another question begins before.
func closing(blocks []*block, i int) int {
	if !strings.ContainsRune(blocks[i].text, '{') || strings.ContainsRune(blocks[i].text, '}') {
		return i
	}
	for j := i + 1; j < len(blocks); j++ {
		text := blocks[j].text
		closes, opens := strings.IndexByte(text, '}'), strings.IndexByte(text, '{')
		if strings.HasPrefix(text, categoryOpens) || strings.HasPrefix(text, "::") || opens >= 0 && (closes < 0 || opens < closes) {
			return i
		}
		if closes >= 0 {
			return j
		}
	}
	return i
}
