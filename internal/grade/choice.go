package grade

import "sextant/internal/exam"

// Tally counts a choice of options against the key. A Tally of a real answer
// has 1 ≤ Keys ≤ Options, Selected ≤ Options and Hits ≤ min(Keys, Selected).
type Tally struct {
	Options  int // offered
	Keys     int // right
	Selected int // chosen
	Hits     int // chosen and right
}

// FalsePositives is how many wrong options were chosen.
func (t Tally) FalsePositives() int { return t.Selected - t.Hits }

// FalseNegatives is how many right options were left out.
func (t Tally) FalseNegatives() int { return t.Keys - t.Hits }

func (t Tally) errors() int { return t.FalsePositives() + t.FalseNegatives() }

// blank also covers a question without keys, under which no answer earns anything.
func (t Tally) blank() bool { return t.Selected == 0 || t.Keys == 0 }

func tally(q *exam.Question, a exam.Answer) Tally {
	t := Tally{Options: len(q.Options), Keys: q.KeyCount(), Selected: len(a.Selected)}
	for _, id := range a.Selected {
		if o, ok := q.Option(id); ok && o.Key {
			t.Hits++
		}
	}
	return t
}

// AllOrNothing is 1 when exactly the keys are chosen, else 0. Used by AWS and,
// as far as is known, Google; PrairieLearn "off"; QTI match_correct.
func AllOrNothing(t Tally) float64 {
	if !t.blank() && t.errors() == 0 {
		return 1
	}
	return 0
}

// NetCorrect is max(0, (hits − false positives) / keys). Used by PrairieLearn
// and by Canvas's "partial credit with penalty".
func NetCorrect(t Tally) float64 {
	if t.blank() {
		return 0
	}
	return max(0, float64(t.Hits-t.FalsePositives())/float64(t.Keys))
}

// EachAnswer counts every option as a decision: 1 − errors / options. Used by
// PrairieLearn and by Open edX's "every decision counts".
func EachAnswer(t Tally) float64 {
	if t.blank() {
		return 0
	}
	return 1 - float64(t.errors())/float64(t.Options)
}

// Coverage is hits² / (keys · selected). Used by PrairieLearn.
func Coverage(t Tally) float64 {
	if t.blank() {
		return 0
	}
	return float64(t.Hits*t.Hits) / float64(t.Keys*t.Selected)
}

// Halves is 1 without error, ½ with one error among at least three options, ¼
// with two errors among at least five, else 0. Used by Open edX.
func Halves(t Tally) float64 {
	switch errors := t.errors(); {
	case t.blank():
		return 0
	case errors == 0:
		return 1
	case errors == 1 && t.Options >= 3:
		return 0.5
	case errors == 2 && t.Options >= 5:
		return 0.25
	}
	return 0
}

// Fractions is Moodle's rule: the sum of the chosen options' fractions,
// clamped to 0…1. For a single choice the lower bound is −1: Moodle lets one
// wrong option cost marks.
func Fractions(chosen []float64, single bool) float64 {
	if len(chosen) == 0 {
		return 0
	}
	sum := 0.0
	for _, f := range chosen {
		sum += f
	}
	low := 0.0
	if single {
		low = -1
	}
	return min(max(sum, low), 1)
}

// Mapping is a QTI mapping from response values to points. Lower and Upper
// bound the sum; nil leaves that side open.
type Mapping struct {
	Points       map[string]float64
	Default      float64 // for values that are not in Points
	Lower, Upper *float64
}

// MapResponse is QTI's map_response: the points of each distinct value summed,
// then bounded.
func MapResponse(m Mapping, responses []string) float64 {
	if len(responses) == 0 {
		return 0
	}
	seen := map[string]bool{}
	sum := 0.0
	for _, value := range responses {
		if seen[value] {
			continue
		}
		seen[value] = true
		points, mapped := m.Points[value]
		if !mapped {
			points = m.Default
		}
		sum += points
	}
	if m.Lower != nil {
		sum = max(sum, *m.Lower)
	}
	if m.Upper != nil {
		sum = min(sum, *m.Upper)
	}
	return sum
}

// CorrectParts is one point per correct part without penalty, as a fraction of
// the parts: right / of, and 0 where there are no parts. Used by Microsoft for
// multi-part items.
func CorrectParts(right, of int) float64 {
	if of <= 0 {
		return 0
	}
	return float64(right) / float64(of)
}
