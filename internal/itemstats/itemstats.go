// Package itemstats holds the classical statistics of a fixed test form: how
// hard each question was, how well it separated strong from weak learners,
// which options drew whom, how consistent the whole form is, and whether a
// question favours a group of equal ability.
//
// Everything is a pure function of a table of marks. Two kinds of missing are
// kept apart. A question that was presented and left blank has the mark 0, as
// in Moodle, where a null mark counts as zero. A question that a person was
// never shown is NotPresented (NaN): the person takes no part in that
// question's statistics, and the total is the sum of what was presented.
// Reliability and differential item functioning need the same questions from
// everybody and leave out people with any NotPresented mark (listwise).
//
// Classical statistics assume that everybody answered the same form. Adaptive
// sittings break that: whoever is shown a question depends on ability.
package itemstats

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Stat is a statistic that the data may leave undefined: a correlation with a
// constant, a variance of one person. Its zero value is undefined.
type Stat struct {
	Value float64 // finite; 0 when undefined
	OK    bool
}

// defined returns v, or an undefined Stat when v is no finite number.
func defined(v float64) Stat {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Stat{}
	}
	return Stat{Value: v, OK: true}
}

// String writes the value with four significant digits, or "undefined".
func (s Stat) String() string {
	if !s.OK {
		return "undefined"
	}
	return strconv.FormatFloat(s.Value, 'g', 4, 64)
}

// MarshalJSON writes a number, or null when undefined.
func (s Stat) MarshalJSON() ([]byte, error) {
	if !s.OK {
		return []byte("null"), nil
	}
	return json.Marshal(s.Value)
}

// NotPresented marks a question that a person was never shown. Test for it with
// math.IsNaN.
var NotPresented = math.NaN()

// Table is the marks of persons on the questions of one form. It is immutable
// and safe for concurrent use.
type Table struct {
	max    []float64   // by item
	items  [][]float64 // by item, person: columns are read together
	totals []float64   // by person: the sum of the marks presented
	served []float64   // by person: the sum of the maxima presented
}

// NewTable checks and copies marks (persons × items; NotPresented allowed) with
// each item's maximum mark. A maximum may be 0, as for a page of information;
// a mark may be negative, as with penalties, but never lies beyond ±maximum.
func NewTable(maximum []float64, marks [][]float64) (*Table, error) {
	for j, m := range maximum {
		if !(m >= 0) || math.IsInf(m, 0) {
			return nil, fmt.Errorf("item %d: maximum mark %v: must be finite and not negative", j+1, m)
		}
	}
	t := &Table{
		max:    append([]float64(nil), maximum...),
		items:  make([][]float64, len(maximum)),
		totals: make([]float64, len(marks)),
		served: make([]float64, len(marks)),
	}
	for j := range t.items {
		t.items[j] = make([]float64, len(marks))
	}
	for i, row := range marks {
		if err := t.setPerson(i, row); err != nil {
			return nil, fmt.Errorf("person %d: %w", i+1, err)
		}
	}
	return t, nil
}

func (t *Table) setPerson(i int, row []float64) error {
	if len(row) != len(t.max) {
		return fmt.Errorf("%d marks for %d items", len(row), len(t.max))
	}
	for j, mark := range row {
		t.items[j][i] = mark
		if math.IsNaN(mark) {
			continue
		}
		if math.Abs(mark) > t.max[j]*(1+rounding) {
			return fmt.Errorf("item %d: mark %v: beyond the maximum of %v", j+1, mark, t.max[j])
		}
		t.totals[i] += mark
		t.served[i] += t.max[j]
	}
	return nil
}

// Persons returns the number of persons.
func (t *Table) Persons() int { return len(t.totals) }

// Len returns the number of items.
func (t *Table) Len() int { return len(t.max) }

// Rest returns each person's score on the other items as a share of the marks
// presented there, in [−1, 1], or NotPresented where there was nothing else.
func (t *Table) Rest(item int) []float64 {
	rest := make([]float64, t.Persons())
	for i, mark := range t.items[item] {
		score, served := t.totals[i], t.served[i]
		if !math.IsNaN(mark) {
			score -= mark
			served -= t.max[item]
		}
		if served > rounding*t.served[i] {
			rest[i] = score / served
		} else {
			rest[i] = NotPresented
		}
	}
	return rest
}

// complete returns the persons who were presented every item.
func (t *Table) complete() []int {
	persons := make([]int, 0, t.Persons())
	for i := range t.totals {
		whole := true
		for j := range t.items {
			if math.IsNaN(t.items[j][i]) {
				whole = false
				break
			}
		}
		if whole {
			persons = append(persons, i)
		}
	}
	return persons
}

// rounding is the share of a scale below which a difference is arithmetic, not
// data: sums of marks such as 0.1 carry errors of about 1e-16 each.
const rounding = 1e-12
