package itemstats

import (
	"fmt"
	"math"
)

// Where people answer different questions, some of them chosen by how they did,
// a share of right answers compares nobody: an adaptive test gives everybody
// about as many right. What follows therefore places people by ability, with
// the difficulty of what each of them met allowed for, and judges a question by
// the ability that all their other answers show.

// Curve is the chance of a right answer by ability in logits: in (0, 1) and
// rising.
type Curve interface{ P(theta float64) float64 }

// The abilities considered, in logits.
const (
	rulerFrom  = -4.0
	rulerStep  = 0.1
	rulerNodes = 81
)

// onRuler is a value at each of the abilities considered.
type onRuler [rulerNodes]float64

func abilityAt(node int) float64 { return rulerFrom + rulerStep*float64(node) }

// known is a curve at every ability: the chance, and the logarithms of it and
// of its complement.
type known struct{ right, logRight, logWrong onRuler }

// Ruler places people on one scale of ability. It is immutable and safe for
// concurrent use.
type Ruler struct {
	prior  onRuler // log density, without its constant
	curves []known
}

// NewRuler returns a Ruler for questions with the curves, and people whose
// abilities spread normally around 0 with the standard deviation, in logits.
func NewRuler(sd float64, curves []Curve) (*Ruler, error) {
	if !(sd > 0) || math.IsInf(sd, 0) {
		return nil, fmt.Errorf("standard deviation %v: must be positive and finite", sd)
	}
	r := &Ruler{curves: make([]known, len(curves))}
	for k := range r.prior {
		z := abilityAt(k) / sd
		r.prior[k] = -z * z / 2
	}
	for i, c := range curves {
		for k := range rulerNodes {
			p := c.P(abilityAt(k))
			if !(p > 0 && p < 1) {
				return nil, fmt.Errorf("curve %d: chance %v at ability %v: must lie between 0 and 1", i, p, abilityAt(k))
			}
			r.curves[i].right[k], r.curves[i].logRight[k], r.curves[i].logWrong[k] = p, math.Log(p), math.Log(1-p)
		}
	}
	return r, nil
}

// Record is what somebody's answers say of their ability. Its zero value is
// nobody's answers.
type Record struct {
	N   int // answers
	log onRuler
}

// Add adds an answer to the question with a curve of the ruler's.
func (r *Ruler) Add(record *Record, curve int, right bool) {
	record.N++
	for k, v := range r.logs(curve, right) {
		record.log[k] += v
	}
}

// Remove takes back an answer that was added.
func (r *Ruler) Remove(record *Record, curve int, right bool) {
	record.N--
	for k, v := range r.logs(curve, right) {
		record.log[k] -= v
	}
}

func (r *Ruler) logs(curve int, right bool) *onRuler {
	if right {
		return &r.curves[curve].logRight
	}
	return &r.curves[curve].logWrong
}

// Place is where answers put somebody.
type Place struct {
	Mean, SD float64 // of the posterior, in logits
	Chance   float64 // of a right answer to the question concerned, by its curve
	Others   int     // answers it rests on
}

// Without places somebody by every answer of the record but one, which is in it:
// so that a question takes no part in the measure it is judged by. That does for
// a form that was laid down beforehand. Where a test chose its questions by the
// answers before, those chosen later tell how this one went: place people by the
// answers before it then, with Before.
func (r *Ruler) Without(record *Record, curve int, right bool) Place {
	return r.place(record, r.logs(curve, right), &r.curves[curve].right, record.N-1)
}

// Before places somebody by the whole record, which doesn't hold their answer to
// the question with the curve.
func (r *Ruler) Before(record *Record, curve int) Place {
	return r.place(record, &onRuler{}, &r.curves[curve].right, record.N)
}

func (r *Ruler) place(record *Record, less, chance *onRuler, n int) Place {
	var log onRuler
	top := math.Inf(-1)
	for k := range log {
		log[k] = r.prior[k] + record.log[k] - less[k]
		top = max(top, log[k])
	}
	var mass, first, second, right float64
	for k, v := range log {
		if v < top-negligible {
			continue
		}
		w, theta := math.Exp(v-top), abilityAt(k)
		mass += w
		first += w * theta
		second += w * theta * theta
		right += w * chance[k]
	}
	mean := first / mass
	return Place{Mean: mean, SD: math.Sqrt(max(second/mass-mean*mean, 0)), Chance: right / mass, Others: n}
}

// negligible is how far below the peak a log density adds less than rounding.
const negligible = 40.0

// Chance is the chance of a right answer by a curve of the ruler's, at the
// nearest ability considered.
func (r *Ruler) Chance(curve int, ability float64) float64 {
	k := int(math.Round((ability - rulerFrom) / rulerStep))
	return r.curves[curve].right[min(max(k, 0), rulerNodes-1)]
}
