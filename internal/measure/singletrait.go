package measure

import (
	"fmt"
	"math"
)

// The grid of a single-trait test: abilities of ±4 logits in 33 nodes, the usual
// choice of adaptive testing programs (catR among them).
const (
	traitReach = 4.0
	traitNodes = 33
	traitStep  = 2 * traitReach / (traitNodes - 1)
)

// derivative returns dF/dx at x logits above the location.
func (s *Shape) derivative(x float64) float64 {
	if s.exact {
		f := logistic(s.slope * x)
		return s.slope * f * (1 - f)
	}
	u := (x + shapeReach) / shapeStep
	if !(u > 0) || u >= float64(shapeLast) {
		return 0
	}
	k := int(u)
	lo, hi := s.table[k], s.table[k+1]
	u -= float64(k)
	rise := hi[0] - lo[0]
	return (lo[1] + u*(2*(3*rise-2*lo[1]-hi[1])+3*u*(lo[1]+hi[1]-2*rise))) / shapeStep
}

// Information returns the Fisher information of one answer about ability theta
// (logits⁻²), P′²/(P·(1 − P)) (Birnbaum 1968): 0 where the answer is certain.
func (c Curve) Information(theta float64) float64 {
	p := c.P(theta)
	spread := p * (1 - p)
	if spread == 0 {
		return 0
	}
	slope := (1 - c.C) * c.Shape.derivative(theta-c.B)
	return slope * slope / spread
}

// SingleTrait is the classical adaptive test of one ability with prior N(0, 1):
// ask where the Fisher information at the estimate is largest, estimate by the
// posterior mean (EAP; Bock & Mislevy 1982) on 33 nodes in [−4, 4]. It is the
// reference that lets this package be compared with other programs step by
// step; readiness itself is measured over cells. It is immutable and safe for
// concurrent use.
type SingleTrait struct {
	curves []Curve
	chance [][traitNodes]float64 // P by item, node
}

// NewSingleTrait prepares a bank. It fails on a curve without shape, with a
// guessing chance outside [0, 1) or an infinite location.
func NewSingleTrait(curves []Curve) (*SingleTrait, error) {
	s := &SingleTrait{curves: curves, chance: make([][traitNodes]float64, len(curves))}
	for i, c := range curves {
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("item %d: %w", i, err)
		}
		c.along(-traitReach, traitStep, s.chance[i][:])
	}
	return s, nil
}

// SingleTraitSitting is one person's test. It belongs to one goroutine.
type SingleTraitSitting struct {
	Mean float64 // posterior mean of ability, logits
	SD   float64 // posterior standard deviation, logits

	bank   *SingleTrait
	weight [traitNodes]float64 // posterior, up to a factor
	asked  []bool
}

// Start begins a test at ability 0.
func (s *SingleTrait) Start() *SingleTraitSitting {
	t := &SingleTraitSitting{bank: s, asked: make([]bool, len(s.curves))}
	for k := range t.weight {
		theta := traitTheta(k)
		t.weight[k] = math.Exp(-theta * theta / 2)
	}
	t.weight[0] /= 2 // the trapezoidal rule
	t.weight[traitNodes-1] /= 2
	t.summarise()
	return t
}

// Next returns the item not yet asked that informs most at the current mean, the
// first of equals, or −1 when all were asked. It doesn't allocate.
func (t *SingleTraitSitting) Next() int {
	best, most := -1, math.Inf(-1)
	for i, c := range t.bank.curves {
		if t.asked[i] {
			continue
		}
		if information := c.Information(t.Mean); information > most {
			best, most = i, information
		}
	}
	return best
}

// Answer updates mean and SD with the answer to an item.
func (t *SingleTraitSitting) Answer(item int, right bool) {
	t.asked[item] = true
	largest := 0.0
	for k, p := range t.bank.chance[item] {
		if !right {
			p = 1 - p
		}
		t.weight[k] *= p
		largest = max(largest, t.weight[k])
	}
	if largest == 0 {
		return // nobody on the grid could have answered so: it can't be learned from
	}
	for k := range t.weight {
		t.weight[k] /= largest
	}
	t.summarise()
}

func (t *SingleTraitSitting) summarise() {
	var total, first, second float64
	for k, w := range t.weight {
		total += w
		first += w * traitTheta(k)
	}
	t.Mean = first / total
	for k, w := range t.weight {
		d := traitTheta(k) - t.Mean
		second += w * d * d
	}
	t.SD = math.Sqrt(second / total)
}

// traitTheta is the ability at node k.
func traitTheta(k int) float64 { return -traitReach + float64(k)*traitStep }
