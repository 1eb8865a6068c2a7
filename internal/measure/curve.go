package measure

import (
	"fmt"
	"math"
)

// The table behind a Shape: ±shapeReach logits around the location. Cubic
// Hermite interpolation at this step is within 1e-6 of the integral.
const (
	shapeReach = 16.0
	shapeStep  = 1.0 / 8
	shapeLast  = int(2 * shapeReach / shapeStep)
	nodesA     = 9
	nodesB     = 21
)

// Shape is the chance of knowing the answer as a function of ability minus
// location, with what is not known of slope and location integrated out:
//
//	F(x) = E logistic(a·(x − δ)),  log a ~ N(log ā, s_a²),  δ ~ N(0, s_b²)
//
// averaged by 9 × 21 Gauss–Hermite nodes and tabulated, because plugging point
// estimates into a cold bank makes intervals too short (86.6 % instead of 90).
// A Shape is immutable and safe for concurrent use.
type Shape struct {
	slope float64
	exact bool // nothing to integrate: the logistic itself
	// table holds value and derivative·step at every node.
	table [][2]float64
}

// NewShape tabulates F for a median slope > 0, an SD of log slope ≥ 0 and an SD
// of location ≥ 0 (logits).
func NewShape(slope, sdLogA, sdB float64) (*Shape, error) {
	if !(slope > 0) || math.IsInf(slope, 0) {
		return nil, fmt.Errorf("slope %v: must be positive and finite", slope)
	}
	if !(sdLogA >= 0 && sdB >= 0) || math.IsInf(sdLogA+sdB, 0) {
		return nil, fmt.Errorf("standard deviations %v and %v: must be finite and not negative", sdLogA, sdB)
	}
	s := &Shape{slope: slope, exact: sdLogA == 0 && sdB == 0}
	if s.exact {
		return s, nil
	}
	s.tabulate(sdLogA, sdB)
	return s, nil
}

func (s *Shape) tabulate(sdLogA, sdB float64) {
	za, wa := gaussHermite(nodesA)
	if sdLogA == 0 {
		za, wa = gaussHermite(1)
	}
	zb, wb := gaussHermite(nodesB)
	s.table = make([][2]float64, shapeLast+1)
	for k := range s.table {
		x := -shapeReach + float64(k)*shapeStep
		for i := range za {
			a := s.slope * math.Exp(sdLogA*za[i])
			for j := range zb {
				p := logistic(a * (x - sdB*zb[j]))
				w := wa[i] * wb[j]
				s.table[k][0] += w * p
				s.table[k][1] += w * a * p * (1 - p) * shapeStep
			}
		}
	}
}

// At returns F(x) for x logits above the location; beyond ±16 logits a tabulated
// shape stays at its end value.
func (s *Shape) At(x float64) float64 {
	if s.exact {
		return logistic(s.slope * x)
	}
	u := (x + shapeReach) / shapeStep
	if !(u > 0) {
		return s.table[0][0]
	}
	k := int(u)
	if u >= float64(shapeLast) {
		return s.table[shapeLast][0]
	}
	return between(&s.table[k], &s.table[k+1], u-float64(k))
}

// between interpolates from node lo (u = 0) to node hi (u = 1).
func between(lo, hi *[2]float64, u float64) float64 {
	rise := hi[0] - lo[0]
	return lo[0] + u*(lo[1]+u*((3*rise-2*lo[1]-hi[1])+u*(lo[1]+hi[1]-2*rise)))
}

// Curve is an item's answer curve: the three-parameter logistic with the lower
// asymptote fixed at the chance of a blind guess,
//
//	P(θ) = c + (1 − c)·F(θ − b).
type Curve struct {
	Shape *Shape
	B     float64 // logits
	C     float64 // in [0, 1)
}

// P returns the probability of a right answer at ability theta (logits).
func (c Curve) P(theta float64) float64 {
	return c.C + (1-c.C)*c.Shape.At(theta-c.B)
}

// along fills dst with P at from, from + step, …: the inner loop of every
// posterior.
func (c Curve) along(from, step float64, dst []float64) {
	know := 1 - c.C
	if c.Shape.exact {
		for k := range dst {
			dst[k] = c.C + know*logistic(c.Shape.slope*(from+float64(k)*step-c.B))
		}
		return
	}
	table := c.Shape.table
	start, stride := (from-c.B+shapeReach)/shapeStep, step/shapeStep
	for k := range dst {
		u := min(max(start+float64(k)*stride, 0), float64(shapeLast)-1e-9)
		i := int(u)
		dst[k] = c.C + know*between(&table[i], &table[i+1], u-float64(i))
	}
}

// check reports a curve that can't be used.
func (c Curve) check() error {
	if c.Shape == nil {
		return fmt.Errorf("curve has no shape")
	}
	if !(c.C >= 0 && c.C < 1) {
		return fmt.Errorf("guessing chance %v: must lie in [0, 1)", c.C)
	}
	if math.IsNaN(c.B) || math.IsInf(c.B, 0) {
		return fmt.Errorf("location %v: must be finite", c.B)
	}
	return nil
}
