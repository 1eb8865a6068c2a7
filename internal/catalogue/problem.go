package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a Problem keeps the catalogue from loading.
type Severity string

// The severities. A remark is worth a look but breaks nothing.
const (
	SeverityError  Severity = "error"
	SeverityRemark Severity = "remark"
)

// Problem is one thing that is wrong with, or worth knowing about, a
// catalogue file.
type Problem struct {
	File     string // relative to the catalogue's root
	Line     int    // 1-based; 0 when the whole file is meant
	Field    string // e.g. "domains[2].weight"; "" for the whole file
	Message  string // what is wrong and what would be right
	Severity Severity
}

// String gives "file:line: field: message", leaving out what is empty.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Problems is every fault of a catalogue at once.
type Problems []Problem

// Error implements error: one line per problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sorted is the problems in the order of the files, each once.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(ps)
}
