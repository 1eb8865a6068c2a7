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
	adjoined bool     // no blank line stood before it
}

const categoryOpens = "$CATEGORY:"

// split divides a file into blocks. A blank line within braces doesn't divide,
// and a line behind closed braces that begins another question does: Moodle
// refuses the one and runs the other together, but what is meant is plain.
func split(text string) []*block {
	s := splitter{block: &block{}}
	lines := strings.Split(noncharacters.Replace(text), "\n")
	opens := opensBraces(lines)
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch comment, isComment := strings.CutPrefix(trimmed, "//"); {
		case trimmed == "":
			s.flush()
		case isComment && s.ended:
			s.waiting = append(s.waiting, comment)
		case isComment:
			s.block.comments = append(s.block.comments, comment)
		default:
			if s.ended && (opens[i] || begins(trimmed)) {
				s.adjoin()
			}
			s.line(i+1, line, trimmed)
		}
	}
	s.flush()
	return rejoin(s.blocks)
}

// opensBraces says of each line whether it or one behind it, up to the next blank
// line, title or category, has a brace that opens.
func opensBraces(lines []string) []bool {
	opens := make([]bool, len(lines))
	ahead := false
	for i := len(lines) - 1; i >= 0; i-- {
		trimmed := strings.TrimSpace(lines[i])
		switch {
		case strings.HasPrefix(trimmed, "//"):
		case trimmed == "":
			ahead = false
		default:
			ahead = ahead || strings.ContainsRune(hide(trimmed), '{')
		}
		opens[i] = ahead
		ahead = ahead && !begins(trimmed)
	}
	return opens
}

// begins reports whether a line begins a question with a title, or a category.
func begins(trimmed string) bool {
	return strings.HasPrefix(trimmed, "::") || strings.HasPrefix(trimmed, categoryOpens)
}

// splitter gathers lines into blocks.
type splitter struct {
	blocks        []*block
	block         *block
	lines         []string
	waiting       []string // comments behind closed braces: this block's or the next one's
	opened, ended bool     // the block has a brace that opens, and behind it one that closes
}

func (s *splitter) line(number int, line, trimmed string) {
	if len(s.lines) == 0 {
		s.block.line = number
	}
	s.lines = append(s.lines, line)
	bare := hide(line)
	if open := strings.IndexByte(bare, '{'); open >= 0 && !s.opened {
		s.opened, bare = true, bare[open:]
	}
	s.ended = s.ended || s.opened && strings.IndexByte(bare, '}') >= 0
	if len(s.lines) == 1 && strings.HasPrefix(trimmed, categoryOpens) {
		s.flush()
	}
}

// flush ends a block at a blank line.
func (s *splitter) flush() {
	s.block.comments = append(s.block.comments, s.waiting...)
	s.waiting = nil
	s.end()
}

// adjoin ends a block before a question that follows without a blank line, and
// gives that one the comments between them.
func (s *splitter) adjoin() {
	comments := s.waiting
	s.waiting = nil
	s.end()
	s.block.adjoined, s.block.comments = true, comments
}

func (s *splitter) end() {
	if len(s.lines) > 0 {
		s.block.text = hide(strings.TrimSpace(strings.Join(s.lines, "\n")))
		s.blocks = append(s.blocks, s.block)
	}
	s.block, s.lines, s.opened, s.ended = &block{}, nil, false, false
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
