package bank

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
)

// Severity says whether a remark keeps a question out of the bank.
type Severity string

// The severities.
const (
	Error  Severity = "error"  // must be put right before the question is used
	Advice Severity = "remark" // the question works; an editor should look at it
)

// Remark is one thing a reader of the bank should know, with the place to go
// to and what to write there instead.
type Remark struct {
	File     string
	Line     int             // 1-based; 0 for a remark on the bank as a whole
	Question exam.QuestionID // "" when the file never got as far as an id
	Exam     exam.Code       // the exam that a remark on the bank as a whole is about; "" for all
	Field    string          // e.g. "options[2].rationale"
	Severity Severity
	Rule     string // which check speaks, e.g. "key-longest"
	Message  string // whole, for people: "option C: no rationale; say …"
}

// String is the remark as a compiler would print it.
func (r Remark) String() string {
	if r.File == "" && r.Line == 0 {
		return "bank: " + r.Message
	}
	return fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Message)
}

// HasErrors reports whether any of the remarks is an error.
func HasErrors(remarks []Remark) bool {
	return slices.ContainsFunc(remarks, func(r Remark) bool { return r.Severity == Error })
}

// sortRemarks orders by file, line, and then as found; remarks on the whole
// bank come last.
func sortRemarks(remarks []Remark) {
	slices.SortStableFunc(remarks, func(a, b Remark) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

var indexed = regexp.MustCompile(`^(options|prompts|statements|references)\[(\d+)\](?:\.(.+))?$`)

// placed puts the place in front of a message, in the words of the person who
// wrote the file: "options[2].text" is "option C: text".
func placed(field, message string) string {
	if field == "" {
		return message
	}
	place := fieldLabel(field)
	// Some of exam.Validate's sentences name the option themselves.
	if head, _, found := strings.Cut(place, ":"); found && strings.HasPrefix(message, head+":") {
		return message
	}
	return place + ": " + message
}

func fieldLabel(field string) string {
	m := indexed.FindStringSubmatch(field)
	if m == nil {
		return field
	}
	number, err := strconv.Atoi(m[2])
	if err != nil {
		return field
	}
	label := strings.TrimSuffix(m[1], "s") + " " + strconv.Itoa(number+1)
	if m[1] == "options" {
		label = "option " + string(letter(number))
	}
	if m[3] == "" {
		return label
	}
	return label + ": " + m[3]
}

// letter is the id of the option at a 0-based place in the author's order.
func letter(i int) exam.OptionID {
	if i < 0 || i >= 26 {
		return exam.OptionID(fmt.Sprintf("#%d", i+1))
	}
	return exam.OptionID(rune('A' + i))
}
