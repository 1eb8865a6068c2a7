package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"sextant/internal/exam"
)

// reader collects the problems of all files, and what later files may refer
// to. A nil set means that its file could not be read: references into it
// pass, so that one broken file is reported once.
type reader struct {
	problems Problems
	sources  map[string]Source
	codes    map[exam.Code]bool
	skills   map[exam.SkillID]bool
	services map[string]bool
	vendors  map[exam.Platform]Vendor
	cuts     map[Level]Cut
	// otherNames are the former codes and names of all exams, in the order read.
	otherNames []otherName
}

// value is one place in a file: a YAML node with the way to it. An absent
// value has a nil node and the line of what it is missing from.
type value struct {
	r    *reader
	file string
	path string
	line int
	node *yaml.Node
}

func (v value) present() bool { return v.node != nil }

func (v value) problem(format string, args ...any) {
	v.r.problems = append(v.r.problems, Problem{
		File: v.file, Line: v.line, Field: v.path,
		Message: fmt.Sprintf(format, args...), Severity: SeverityError,
	})
}

// yamlLine finds the line that the YAML parser complains about.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// document parses one file holding exactly one YAML document.
func (r *reader) document(file string, data []byte) (value, bool) {
	root := value{r: r, file: file, line: 1}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, extra yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			root.problem("the file is empty; see the catalogue's README for its shape")
			return root, false
		}
		r.syntax(root, err)
		return root, false
	}
	if err := decoder.Decode(&extra); !errors.Is(err, io.EOF) {
		if err != nil {
			r.syntax(root, err)
			return root, false
		}
		root.line = extra.Line
		root.problem("a second document starts here; keep one document a file")
		return root, false
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		root.problem("the file is empty; see the catalogue's README for its shape")
		return root, false
	}
	return root.at("", doc.Content[0]), true
}

func (r *reader) syntax(root value, err error) {
	parts := yamlLine.FindStringSubmatch(err.Error())
	if parts == nil {
		root.problem("not YAML: %v", err)
		return
	}
	if n, convErr := strconv.Atoi(parts[1]); convErr == nil {
		root.line = n
	}
	root.problem("not YAML: %s", parts[2])
}

// at is the value of a child node. Anchors are refused: a reader should see
// every fact where it stands, and aliases can be nested without bound.
func (v value) at(path string, node *yaml.Node) value {
	child := value{r: v.r, file: v.file, path: path, line: node.Line, node: node}
	if node.Kind == yaml.AliasNode {
		child.problem("aliases are not used here; write the value out")
		child.node = nil
	}
	if isNull(node) {
		child.node = nil
	}
	return child
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// object is a mapping whose keys have been checked.
type object struct {
	value
	fields   map[string]value
	misspelt map[string]bool // known keys that an unknown one is probably meant to be
}

// object reads v as a mapping with some of the known keys and no others.
func (v value) object(known ...string) object {
	o := object{value: v, fields: map[string]value{}, misspelt: map[string]bool{}}
	if v.node == nil {
		return o
	}
	if v.node.Kind != yaml.MappingNode {
		v.problem("expected keys and values; write e.g. %q: …", known[0])
		o.node = nil
		return o
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		o.field(v.node.Content[i], v.node.Content[i+1], known)
	}
	return o
}

func (o object) field(key, content *yaml.Node, known []string) {
	at := value{r: o.r, file: o.file, path: join(o.path, key.Value), line: key.Line}
	if !slices.Contains(known, key.Value) {
		o.misspelt[nearest(key.Value, known)] = true
		at.problem("%s", unknownKey(key.Value, known))
		return
	}
	if _, twice := o.fields[key.Value]; twice {
		at.problem("given twice; keep one")
		return
	}
	o.fields[key.Value] = o.at(join(o.path, key.Value), content)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func unknownKey(key string, known []string) string {
	sorted := slices.Sorted(slices.Values(known))
	if near := nearest(key, known); near != "" {
		return fmt.Sprintf("unknown key %q; did you mean %q?", key, near)
	}
	return fmt.Sprintf("unknown key %q; the keys here are %s", key, strings.Join(sorted, ", "))
}

// get is the value of a key that may be left out.
func (o object) get(key string) value {
	if v, ok := o.fields[key]; ok {
		return v
	}
	return value{r: o.r, file: o.file, path: join(o.path, key), line: o.line}
}

// need is the value of a key that must be there.
func (o object) need(key, what string) value {
	v := o.get(key)
	if !v.present() && o.node != nil && !o.misspelt[key] {
		v.problem("missing; %s", what)
	}
	return v
}

func (v value) isMapping() bool { return v.node != nil && v.node.Kind == yaml.MappingNode }

// text reads a scalar. Absent is "".
func (v value) text() string {
	if v.node == nil {
		return ""
	}
	if v.node.Kind != yaml.ScalarNode {
		v.problem("expected a text or number, not a list or keys")
		return ""
	}
	return strings.TrimSpace(v.node.Value)
}

// isEmpty says that v is absent or a list without entries.
func (v value) isEmpty() bool {
	return v.node == nil || v.node.Kind == yaml.SequenceNode && len(v.node.Content) == 0
}

// list reads a sequence. Absent is empty.
func (v value) list() []value {
	if v.node == nil {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		v.problem("expected a list; write [a, b] or one \"- a\" a line")
		return nil
	}
	items := make([]value, len(v.node.Content))
	for i, n := range v.node.Content {
		items[i] = v.at(fmt.Sprintf("%s[%d]", v.path, i), n)
	}
	return items
}

func (v value) texts() []string {
	var texts []string
	for _, item := range v.list() {
		text := item.text()
		if text == "" {
			item.problem("empty; write a text or remove the entry")
			continue
		}
		texts = append(texts, text)
	}
	return texts
}

// whole reads a whole number of at least low. Absent is 0.
func (v value) whole(low int) int {
	text := v.text()
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low {
		v.problem("%q is not a whole number of at least %d", text, low)
		return 0
	}
	return n
}

// number reads a number between low and high. Absent is 0.
func (v value) number(low, high float64) float64 {
	text := v.text()
	if text == "" {
		return 0
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= low && x <= high) {
		v.problem("%q is not a number from %g to %g", text, low, high)
		return 0
	}
	return x
}

// yes reads true or false. Absent is the fallback.
func (v value) yes(fallback bool) bool {
	switch text := v.text(); text {
	case "":
		return fallback
	case "true":
		return true
	case "false":
		return false
	default:
		v.problem("%q is neither true nor false", text)
		return fallback
	}
}

// day reads an ISO date. Absent is the zero time.
func (v value) day() time.Time {
	text := v.text()
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		v.problem("%q is not a date; write year-month-day, e.g. 2026-09-28", text)
	}
	return day
}

// when reads an ISO date, year and month, or year. Absent is "".
func (v value) when() string {
	text := v.text()
	if text == "" {
		return ""
	}
	if _, ok := parseWhen(text); !ok {
		v.problem("%q is not a date; write 2026-09-28, 2026-09 or 2026", text)
		return ""
	}
	return text
}

// parseWhen gives the first day that an ISO date, month or year covers.
func parseWhen(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if day, err := time.Parse(layout, text); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}

// oneOf reads a text that must be one of the allowed ones. Absent is zero.
func oneOf[T ~string](v value, allowed ...T) T {
	text := v.text()
	if text == "" || slices.Contains(allowed, T(text)) {
		return T(text)
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	v.problem("%q is none of %s", text, strings.Join(names, ", "))
	return ""
}

// https reads an address that must use https.
func (v value) https() string {
	text := v.text()
	if text != "" && !httpsAddress.MatchString(text) {
		v.problem("%q is not an https address", text)
		return ""
	}
	return text
}

var httpsAddress = regexp.MustCompile(`^https://[a-z0-9.-]+\.[a-z]{2,}(/\S*)?$`)

// nearest is the candidate within two edits of text, or "".
func nearest(text string, candidates []string) string {
	best, distance := "", 3
	for _, c := range candidates {
		if d := edits(text, c); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// edits is the Levenshtein distance, cut short at 3 for strings of very
// different length.
func edits(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
