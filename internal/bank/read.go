package bank

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sextant/internal/exam"
)

// Bounds on a file, so that an upload can't tire the reader.
const (
	MaxFileBytes     = 256 << 10 // the largest file read; a long case set with figures takes about 40 kB
	MaxDepth         = 12        // nesting of lists and mappings; the format itself needs 7
	MaxListItems     = 50        // options, references, tags: far beyond any sensible question
	MaxCaseQuestions = 100       // questions in one case set
	MaxPoints        = 1_000_000 // what a question is worth elsewhere
)

// source remembers where the parts of a question were written.
type source struct {
	file  string
	line  int
	lines map[string]int
}

// at is the line of a field, or of the nearest thing around it that was written.
func (s source) at(field string) int {
	for field != "" {
		if line, ok := s.lines[field]; ok {
			return line
		}
		field = field[:max(strings.LastIndexAny(field, ".["), 0)]
	}
	return max(s.line, 1)
}

// item is one question with its places. A broken one has an error and stays
// out of the bank.
type item struct {
	question *exam.Question
	source   source
	broken   bool
}

// reading is the work on one file.
type reading struct {
	file           string
	standard       standard
	media          func(key string) bool // whether an image is there; nil where none are
	remarks        []Remark
	question       exam.QuestionID
	lines          map[string]int // of the question being read
	items          []*item
	stimulus       *exam.Stimulus
	stimulusSource source
}

func (r *reading) add(line int, field, rule, format string, args ...any) {
	r.remark(Error, line, field, rule, format, args...)
}

func (r *reading) remark(severity Severity, line int, field, rule, format string, args ...any) {
	r.remarks = append(r.remarks, Remark{
		File: r.file, Line: max(line, 1), Question: r.question, Field: field, Severity: severity, Rule: rule,
		Message: placed(field, fmt.Sprintf(format, args...)),
	})
}

func readFile(f File, s standard, media func(key string) bool) *reading {
	r := &reading{file: f.Name, standard: s, media: media, lines: map[string]int{}}
	data, ok := r.decodeText(f.Data, true)
	if !ok {
		return r
	}
	root, ok := r.document(data)
	if !ok || !r.plain(root, 1) {
		return r
	}
	r.root(root)
	return r
}

// decodeText refuses what is not UTF-8 text, and of a bounded size if it is to be
// one question or case set.
func (r *reading) decodeText(data []byte, bounded bool) ([]byte, bool) {
	if bounded && len(data) > MaxFileBytes {
		r.add(1, "", "file", "is %d kB; a question file is at most %d kB: split it or shorten its figures", (len(data)+1023)/1024, MaxFileBytes>>10)
		return nil, false
	}
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		r.add(1, "", "encoding", "is UTF-16; save it as UTF-8")
		return nil, false
	}
	if rest, found := bytes.CutPrefix(data, []byte("\uFEFF")); found {
		r.remark(Advice, 1, "", "encoding", "starts with a byte order mark; save it as UTF-8 without one")
		data = rest
	}
	line := 1
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.add(line, "", "encoding", "byte 0x%02X is not UTF-8; save the file as UTF-8", data[i])
			return nil, false
		case control(c):
			r.add(line, "", "encoding", "control character U+%04X; remove it", c)
			return nil, false
		case c == '\n':
			line++
		}
		i += size
	}
	return data, true
}

// control reports characters that never belong in a question's text.
func control(c rune) bool {
	return c < 0x20 && c != '\n' && c != '\t' && c != '\r' || c >= 0x7F && c < 0xA0 && c != 0x85 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF
}

var (
	yamlLine = regexp.MustCompile(`line (\d+): ?`)
	// The YAML parser counts lines from 0 in these messages, from 1 in others.
	yamlFromZero = regexp.MustCompile(`did not find expected (<|node content|'-' indicator|key|',' or)`)
	yamlAnchor   = regexp.MustCompile(`unknown anchor '(.+)' referenced`)
)

// document parses the one YAML document of the file.
func (r *reading) document(data []byte) (*yaml.Node, bool) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := decoder.Decode(&first); err != nil {
		if errors.Is(err, io.EOF) {
			r.add(1, "", "yaml", "is empty; start from one of the templates")
			return nil, false
		}
		r.yamlError(err, data)
		return nil, false
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.yamlError(err, data)
		return nil, false
	default:
		r.add(second.Line, "", "yaml", "a second document starts here; write one question or case set per file")
		return nil, false
	}
	if len(first.Content) != 1 {
		r.add(1, "", "yaml", "is empty; start from one of the templates")
		return nil, false
	}
	return first.Content[0], true
}

func (r *reading) yamlError(err error, data []byte) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
		message = strings.Replace(message, m[0], "", 1)
		if yamlFromZero.MatchString(message) {
			line++
		}
	}
	if m := yamlAnchor.FindStringSubmatch(message); m != nil {
		line += bytes.Count(data[:max(bytes.Index(data, []byte("*"+m[1])), 0)], []byte("\n"))
	}
	r.add(line, "", "yaml", "not readable as YAML: %s", strings.TrimSpace(message))
}

// plain refuses the YAML that a question never needs: anchors, aliases, tags
// and deep nesting. One remark per kind of trouble and place.
func (r *reading) plain(n *yaml.Node, depth int) bool {
	if depth > MaxDepth {
		r.add(n.Line, "", "yaml", "lists and mappings are nested more than %d deep; the format needs no such depth", MaxDepth)
		return false
	}
	ok := true
	if n.Kind == yaml.AliasNode {
		r.add(n.Line, "", "yaml", "alias *%s; write the text out, a question file has no anchors or aliases", n.Value)
		return false
	}
	if n.Anchor != "" {
		r.add(n.Line, "", "yaml", "anchor &%s; remove it, a question file has no anchors or aliases", n.Anchor)
		ok = false
	}
	if n.Style&yaml.TaggedStyle != 0 {
		r.add(n.Line, "", "yaml", "tag %s; remove it and write plain text", n.Tag)
		ok = false
	}
	for _, child := range n.Content {
		ok = r.plain(child, depth+1) && ok
	}
	return ok
}

// mapping is the content of one YAML mapping, its keys checked.
type mapping struct {
	r      *reading
	field  string // path of the mapping within the question, "" for the question
	line   int
	values map[string]*yaml.Node
}

// mapping reads a mapping whose keys are among known.
func (r *reading) mapping(n *yaml.Node, field string, known []string) (mapping, bool) {
	m := mapping{r: r, field: field, line: n.Line, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		r.add(n.Line, field, "type", "write keys and values here%s, not %s", examples(known), kindName(n))
		return m, false
	}
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.add(key.Line, field, "unknown-key", "a key must be a plain word, not %s", kindName(key))
			continue
		}
		if known != nil && !slices.Contains(known, key.Value) {
			r.unknownKey(key, field, known)
			continue
		}
		if line, twice := first[key.Value]; twice {
			r.add(key.Line, m.path(key.Value), "duplicate-key", "is given twice (first on line %d); keep one", line)
			continue
		}
		first[key.Value] = key.Line
		m.values[key.Value] = value
		r.lines[m.path(key.Value)] = key.Line
	}
	return m, true
}

func examples(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return " (" + strings.Join(keys[:min(3, len(keys))], ", ") + ")"
}

func (m mapping) path(key string) string {
	if m.field == "" {
		return key
	}
	return m.field + "." + key
}

// has reports whether the key was written.
func (m mapping) has(key string) bool { return m.values[key] != nil }

// text reads a string. Absent is "".
func (m mapping) text(key string) string {
	n := m.values[key]
	if n == nil {
		return ""
	}
	return m.r.text(n, m.path(key))
}

// required reads a string that must be written.
func (m mapping) required(key, remedy string) string {
	if !m.has(key) {
		m.r.add(m.line, m.path(key), "missing", "%s", remedy)
		return ""
	}
	return m.text(key)
}

// integer reads a whole number. Absent is 0.
func (m mapping) integer(key string) int {
	n := m.values[key]
	if n == nil {
		return 0
	}
	value, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || err != nil {
		m.r.add(n.Line, m.path(key), "type", "write a whole number, not %s", kindName(n))
		return 0
	}
	return value
}

// decimal reads a number. Absent is 0.
func (m mapping) decimal(key string) float64 {
	n := m.values[key]
	if n == nil {
		return 0
	}
	value, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" && n.ShortTag() != "!!float" || err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		m.r.add(n.Line, m.path(key), "type", "write a number such as 50 or 33.3, not %s", kindName(n))
		return 0
	}
	return value
}

// boolean reads true or false. Absent is false.
func (m mapping) boolean(key string) bool {
	n := m.values[key]
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
		m.r.add(n.Line, m.path(key), "type", "write true or false, not %s", kindName(n))
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

// list reads a list. Absent is nil.
func (m mapping) list(key string, limit int) []*yaml.Node {
	n := m.values[key]
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		m.r.add(n.Line, m.path(key), "type", "write a list (lines that start with a dash), not %s", kindName(n))
		return nil
	}
	if len(n.Content) > limit {
		m.r.add(n.Line, m.path(key), "type", "has %d entries; the limit is %d", len(n.Content), limit)
		return nil
	}
	return n.Content
}

// texts reads a list of strings.
func (m mapping) texts(key string) []string {
	var texts []string
	for i, n := range m.list(key, MaxListItems) {
		field := fmt.Sprintf("%s[%d]", m.path(key), i)
		m.r.lines[field] = n.Line
		texts = append(texts, m.r.text(n, field))
	}
	return texts
}

// text reads a scalar as text, exactly as written. Numbers and booleans must
// be quoted, so that what an author sees is never reinterpreted.
func (r *reading) text(n *yaml.Node, field string) string {
	if n.Kind != yaml.ScalarNode {
		r.add(n.Line, field, "type", "write text here, not %s", kindName(n))
		return ""
	}
	switch n.ShortTag() {
	case "!!str", "!!timestamp":
		return r.clean(n, field)
	case "!!null":
		r.add(n.Line, field, "type", "is empty; write a value or remove the line")
	default:
		r.add(n.Line, field, "type", "%s reads as %s; put it in quotes", n.Value, kindName(n))
	}
	return ""
}

// clean takes the layout's line ends off a text, and refuses characters that
// reached it through an escape.
func (r *reading) clean(n *yaml.Node, field string) string {
	if i := strings.IndexFunc(n.Value, control); i >= 0 {
		c, _ := utf8.DecodeRuneInString(n.Value[i:])
		r.add(n.Line, field, "encoding", "control character U+%04X; remove it", c)
		return ""
	}
	if !utf8.ValidString(n.Value) {
		r.add(n.Line, field, "encoding", "holds an escape that is not UTF-8; remove it")
		return ""
	}
	return cleanText(n.Value)
}

// cleanText is the form in which a text is kept: line ends as \n, no blank
// lines around it, no blanks at its end. Leading blanks stay: they may indent
// Markdown code.
func cleanText(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	text = strings.TrimRight(text, " \t\n")
	for {
		line, rest, found := strings.Cut(text, "\n")
		if !found || strings.Trim(line, " \t") != "" {
			return text
		}
		text = rest
	}
}

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "keys and values"
	case yaml.ScalarNode:
	default:
		return "this"
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!null":
		return "nothing"
	}
	return fmt.Sprintf("%q", shorten(n.Value, 30))
}

func shorten(s string, runes int) string {
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	return string(r[:runes]) + "…"
}

// otherWords are keys that people bring from other formats.
var otherWords = map[string]string{
	"correct": "key", "right": "key", "explanation": "rationale", "feedback": "rationale", "why": "rationale", "reason": "rationale",
	"question": "ask", "prompt": "ask", "scenario": "stem", "answers": "options", "choices": "options", "answer": "holds", "level": "difficulty",
	"links": "references", "refs": "references", "link": "url", "href": "url", "name": "title", "label": "text", "option": "match",
	"fraction": "weight", "shuffle": "fixed_order", "mark": "points", "marks": "points", "grade": "points", "labels": "tags", "general_feedback": "explanation",
}

// unknownKey reports a key that the format doesn't have. If it looks like one
// that it has, the remark stands for that field, so that the field is not
// reported as missing too.
func (r *reading) unknownKey(key *yaml.Node, field string, known []string) {
	shown := shorten(key.Value, 40)
	meant := nearestKey(shown, known)
	if meant == "" {
		r.add(key.Line, field, "unknown-key", "%q is not a key here; the keys are %s", shown, strings.Join(known, ", "))
		return
	}
	r.add(key.Line, field, "unknown-key", "%q is not a key here; did you mean %q?", shown, meant)
	r.remarks[len(r.remarks)-1].Field = mapping{field: field}.path(meant)
}

func nearestKey(key string, known []string) string {
	key = strings.ToLower(key)
	if word, ok := otherWords[key]; ok && slices.Contains(known, word) {
		return word
	}
	best, distance := "", min(2, len(key)/2)+1
	for _, k := range known {
		if d := editDistance(key, k); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// editDistance is Levenshtein's: single-character insertions, deletions and
// replacements that turn a into b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
