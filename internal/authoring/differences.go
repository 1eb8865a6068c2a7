package authoring

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sextant/internal/exam"
)

// Edit says what became of a piece of text.
type Edit int

// The edits.
const (
	Kept Edit = iota
	Added
	Removed
)

// Piece is a run of words of which the same became.
type Piece struct {
	Edit Edit
	Text string
}

// Difference is one field of a question that differs between two texts of it.
type Difference struct {
	Field  string // in words: "Scenario", "Option B: reason"
	Pieces []Piece
}

// Differences tells what differs between two texts of a question, field by field
// in the order of the form, words against words. Either may be nil, for nothing.
func Differences(before, after *exam.Question) []Difference {
	was, is := fieldsOf(before), fieldsOf(after)
	at := map[string]int{}
	for i, f := range was {
		at[f.name] = i
	}
	var found []Difference
	add := func(name, before, after string) {
		if before != after {
			found = append(found, Difference{name, Words(before, after)})
		}
	}
	shown := 0
	for _, f := range is {
		i, ok := at[f.name]
		if !ok {
			add(f.name, "", f.text)
			continue
		}
		for ; shown < i; shown++ { // fields that are gone stand where they stood
			if !named(is, was[shown].name) {
				add(was[shown].name, was[shown].text, "")
			}
		}
		shown = max(shown, i+1)
		add(f.name, was[i].text, f.text)
	}
	for ; shown < len(was); shown++ {
		if !named(is, was[shown].name) {
			add(was[shown].name, was[shown].text, "")
		}
	}
	return found
}

type field struct{ name, text string }

func named(fields []field, name string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
}

// fieldsOf is everything that an author writes of a question, empty fields left
// out.
func fieldsOf(q *exam.Question) []field {
	if q == nil {
		return nil
	}
	var fields []field
	add := func(name, text string) {
		if text != "" {
			fields = append(fields, field{name, text})
		}
	}
	add("Type", q.Type.Label())
	add("Short name", q.Title)
	if s := q.Stimulus; s != nil {
		add("Case set", s.Title)
		add("Text of the case set", s.Text)
		add("Going back", map[bool]string{true: "Questions can't be gone back to once they are left."}[s.NoReturn])
	}
	add("Scenario", q.Stem)
	add("Ask", q.Ask)
	partFields(q, add)
	add("Rule to remember", q.Remember)
	add("Explanation", q.Explanation)
	for i, r := range q.References {
		add(fmt.Sprintf("Reference %d", i+1), strings.TrimSpace(r.Title+"\n"+r.URL))
	}
	add("Platform", platformWords(q.Platform))
	add("Skill", string(q.Skill))
	add("Difficulty", numberWords(q.Difficulty))
	add("Why this difficulty", q.DifficultyReason)
	for _, code := range slices.Sorted(maps.Keys(q.Domains)) {
		add("Domain of "+string(code), string(q.Domains[code]))
	}
	add("Tags", strings.Join(q.Tags, "\n"))
	add("Services", strings.Join(q.Services, ", "))
	add("Never together with", strings.Join(q.Enemies, ", "))
	add("Facts checked in", q.FactsAsOf)
	add("Category", q.Category)
	add("Its id where it came from", q.SourceID)
	if q.Points != 0 {
		add("Points elsewhere", strconv.FormatFloat(q.Points, 'f', -1, 64))
	}
	add("Said of a right answer", q.Replies.Right)
	add("Said of a partly right one", q.Replies.Partly)
	add("Said of a wrong one", q.Replies.Wrong)
	return fields
}

func partFields(q *exam.Question, add func(name, text string)) {
	kind := "Option"
	if q.Type == exam.Ordering {
		kind = "Step"
	}
	for i, o := range q.Options {
		name := kind + " " + string(o.ID)
		if q.Type == exam.Ordering {
			name = kind + " " + strconv.Itoa(i+1)
		}
		add(name, o.Text)
		add(name+": right", map[bool]string{true: "It is right."}[o.Key])
		add(name+": reason", o.Rationale)
	}
	if q.Type == exam.Multiple {
		add("How many to choose", map[bool]string{true: "all that apply", false: strconv.Itoa(q.Choose)}[q.Choose == 0])
	}
	add("Order", map[bool]string{true: "The options stay in this order."}[q.FixedOrder])
	for i, p := range q.Prompts {
		name := fmt.Sprintf("Prompt %d", i+1)
		add(name, p.Text)
		add(name+": belongs to", string(p.Match))
		add(name+": reason", p.Rationale)
	}
	add("Matching", map[bool]string{true: "Each option belongs to one prompt at most."}[q.OneToOne])
	for i, s := range q.Statements {
		name := fmt.Sprintf("Statement %d", i+1)
		add(name, s.Text)
		add(name+": holds", map[bool]string{true: "yes", false: "no"}[s.Yes])
		add(name+": reason", s.Rationale)
	}
}

func platformWords(p exam.Platform) string {
	if p == "" {
		return ""
	}
	return p.Label()
}

func numberWords(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// maxCompared bounds the product of the numbers of words of two texts that are
// compared word by word; longer ones are shown whole, one after the other.
const maxCompared = 4 << 20

// Words compares two texts word by word: the pieces that aren't Added make up the
// first, those that aren't Removed the second. White space goes with the word
// before it.
func Words(before, after string) []Piece {
	a, b := split(before), split(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var pieces []Piece
	say := func(c Edit, words ...string) {
		text := strings.Join(words, "")
		switch last := len(pieces) - 1; {
		case text == "":
		case last >= 0 && pieces[last].Edit == c:
			pieces[last].Text += text
		default:
			pieces = append(pieces, Piece{c, text})
		}
	}
	say(Kept, a[:head]...)
	compare(a[head:len(a)-tail], b[head:len(b)-tail], say)
	say(Kept, a[len(a)-tail:]...)
	return pieces
}

// compare says how a becomes b by a longest common subsequence of words; where
// they differ what goes is said before what comes.
func compare(a, b []string, say func(Edit, ...string)) {
	if len(a)*len(b) > maxCompared || len(a) == 0 || len(b) == 0 {
		say(Removed, a...)
		say(Added, b...)
		return
	}
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width) // words in common from i and j on
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			say(Kept, a[i])
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			say(Removed, a[i])
			i++
		default:
			say(Added, b[j])
			j++
		}
	}
	say(Removed, a[i:]...)
	say(Added, b[j:]...)
}

// split cuts a text into words, each with the white space that follows it.
func split(text string) []string {
	var words []string
	start, space := 0, false
	for i, r := range text {
		if space && !unicode.IsSpace(r) {
			words = append(words, text[start:i])
			start = i
		}
		space = unicode.IsSpace(r)
	}
	if start < len(text) {
		words = append(words, text[start:])
	}
	return words
}
