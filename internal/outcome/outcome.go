// Package outcome is about real exams: what people tell of them, what that says of
// the raw cuts, and how right the predictions were.
package outcome

import (
	"cmp"
	"slices"
	"time"

	"sextant/internal/exam"
)

// ID names a result for ever.
type ID string

// Result is what somebody told of a real exam, with what was expected of it the
// evening before.
type Result struct {
	ID       ID
	Person   string
	Exam     exam.Code
	Taken    time.Time // the calendar day, as 00:00 UTC
	Passed   bool
	Score    int // on the vendor's scale; 0 where none was told
	Expected Expected
	Told     time.Time
}

// Expected is where somebody stood with an exam at the end of the day before it.
type Expected struct {
	At      time.Time `json:"at"`      // the moment as of which
	Answers int       `json:"answers"` // that bear on the exam
	Pass    float64   `json:"pass"`    // probability of passing, not capped; 0 to 1
	// ThetaMean and ThetaSD describe the blueprint-weighted ability, in logits.
	ThetaMean float64 `json:"theta_mean"`
	ThetaSD   float64 `json:"theta_sd"`
	Version   int     `json:"version"` // of the parameters it was measured with
}

// MinAnswers is how many answers that bear on the exam an expectation needs before
// it is held against a result: with fewer there is no verdict either.
const MinAnswers = 8

// Judgeable reports whether the result can be held against what was expected.
func (r *Result) Judgeable() bool { return r.Expected.Answers >= MinAnswers && r.Expected.ThetaSD > 0 }

// First picks, of the judgeable results, everybody's first attempt at each exam, in
// the order they were told. Further attempts of the same person say little that is
// new, and one person alone must not move a cut.
func First(results []Result) []Result {
	type attempt struct {
		person string
		code   exam.Code
	}
	list := slices.Clone(results)
	slices.SortStableFunc(list, func(a, b Result) int {
		return cmp.Or(a.Taken.Compare(b.Taken), a.Told.Compare(b.Told), cmp.Compare(a.ID, b.ID))
	})
	seen := map[attempt]bool{}
	var first []Result
	for _, r := range list {
		key := attempt{r.Person, r.Exam}
		if !seen[key] && r.Judgeable() {
			first = append(first, r)
		}
		seen[key] = true
	}
	slices.SortStableFunc(first, func(a, b Result) int {
		return cmp.Or(a.Told.Compare(b.Told), cmp.Compare(a.ID, b.ID))
	})
	return first
}
