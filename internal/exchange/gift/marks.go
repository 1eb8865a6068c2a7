package gift

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// marks are what the comments of a question say.
type marks struct {
	id    string
	tags  []string          // those that are no labels begin with plainTag where they could be taken for one
	notes map[string]string // sextant:KEY=VALUE
}

var (
	idMark  = regexp.MustCompile(`\[id:((?:\\\]|[^\]\x00-\x1f\x7f])+)\]`)
	tagMark = regexp.MustCompile(`\[tag:((?:\\\]|[^\]\x00-\x1f\x7f])+)\]`)
)

const (
	notePrefix = "sextant:"
	// tagLabel is the label that carries a tag which the brackets can't hold as it is.
	tagLabel = notePrefix + "tag="
	// labelNote is the note that carries a label too long for a tag.
	labelNote = "label"
	// plainTag begins a tag that came in such a label; no text of a file has it.
	plainTag = "\x00"
)

func readMarks(comments []string) marks {
	m := marks{notes: map[string]string{}}
	for _, comment := range comments {
		if note, ok := strings.CutPrefix(strings.TrimSpace(comment), notePrefix); ok {
			if key, value, ok := strings.Cut(note, "="); ok {
				m.note(key, decode(value))
				continue
			}
		}
		if found := idMark.FindStringSubmatch(comment); found != nil && m.id == "" {
			m.id = strings.TrimSpace(strings.ReplaceAll(found[1], `\]`, "]"))
		}
		for _, found := range tagMark.FindAllStringSubmatch(comment, -1) {
			tag := strings.TrimSpace(strings.ReplaceAll(found[1], `\]`, "]"))
			if value, ok := strings.CutPrefix(tag, tagLabel); ok {
				tag = plainTag + decode(value)
			} else if strings.HasPrefix(tag, notePrefix) {
				tag = decode(tag)
			}
			if tag != "" {
				m.tags = append(m.tags, tag)
			}
		}
	}
	return m
}

func (m *marks) note(key, value string) {
	if key == labelNote {
		m.tags = append(m.tags, value)
		return
	}
	m.notes[key] = value
}

func (m *marks) has(key string) bool { return m.notes[key] != "" }

// number is a note's value, 0 where it is none above 0.
func (m *marks) number(key string) float64 {
	x, err := strconv.ParseFloat(m.notes[key], 64)
	if err != nil || !(x > 0) || x > 1e9 {
		return 0
	}
	return x
}

func (m *marks) count(key string) int { return int(m.number(key)) }

// order is a note that lists each number from 1 to n once; nil when it doesn't.
func (m *marks) order(key string, n int) []int {
	parts := strings.Split(m.notes[key], ",")
	if len(parts) != n {
		return nil
	}
	order, seen := make([]int, n), make([]bool, n)
	for i, part := range parts {
		place, err := strconv.Atoi(part)
		if err != nil || place < 1 || place > n || seen[place-1] {
			return nil
		}
		order[i], seen[place-1] = place-1, true
	}
	return order
}

// encode keeps a value on one line, free of what means something in a comment,
// as percent signs with two hexadecimal digits.
func encode(value string) string {
	var b strings.Builder
	for i := range len(value) {
		switch c := value[i]; {
		case c < ' ' || c == 0x7f || strings.IndexByte("%[]\\<>`", c) >= 0, c == ' ' && (i == 0 || i == len(value)-1):
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

var encoded = regexp.MustCompile(`%[0-9A-F]{2}`)

func decode(value string) string {
	return encoded.ReplaceAllStringFunc(value, func(s string) string {
		c, err := strconv.ParseUint(s[1:], 16, 8)
		if err != nil {
			return s
		}
		return string([]byte{byte(c)})
	})
}
