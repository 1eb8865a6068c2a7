package measure

import (
	"fmt"
	"math"
)

// FormSDB is the spread of question locations on a reference form, in logits.
const FormSDB = 0.8

// NewScoreCurve returns the test characteristic curve T of a reference form: the
// expected share of questions right as a function of a composite ability. The
// form's questions have slope 1, guessing chance c (the mean of the bank's; it
// enters linearly, so the mean is all that matters) and locations N(beta, 0.8²).
// spread is the prior variance of a cell around the composite (Normal.Spread):
// questions are answered with the cells' abilities, not with their average.
func NewScoreCurve(beta, c, spread float64) (Curve, error) {
	shape, err := NewShape(1, 0, math.Sqrt(FormSDB*FormSDB+spread))
	if err != nil {
		return Curve{}, fmt.Errorf("score curve: %w", err)
	}
	curve := Curve{Shape: shape, B: beta, C: c}
	return curve, curve.check()
}

// Range is a central 90 % interval with its middle.
type Range struct{ Middle, Low, High float64 }

// ScoreRange maps a normal composite through a score curve. The curve is
// monotone, so the ends map exactly; the middle is the median.
func ScoreRange(t Curve, mean, variance float64) Range {
	half := IntervalZ * math.Sqrt(math.Max(0, variance))
	return Range{Middle: t.P(mean), Low: t.P(mean - half), High: t.P(mean + half)}
}
