package itemstats

import "math"

// mean returns Σx/n; n must not be 0.
func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// pair is the joint spread of two variables over the same n ≥ 2 persons, with
// n − 1 denominators. A variance that is only rounding is exactly 0.
type pair struct {
	varX, varY, cov float64
}

func pairOf(x, y []float64) pair {
	mx, my := mean(x), mean(y)
	var p pair
	for i := range x {
		dx, dy := x[i]-mx, y[i]-my
		p.varX += dx * dx
		p.varY += dy * dy
		p.cov += dx * dy
	}
	d := float64(len(x) - 1)
	p.varX, p.varY, p.cov = p.varX/d, p.varY/d, p.cov/d
	if constant(x) {
		p.varX, p.cov = 0, 0
	}
	if constant(y) {
		p.varY, p.cov = 0, 0
	}
	return p
}

// correlation returns Pearson's r in [−1, 1], undefined where either is constant.
func (p pair) correlation() Stat {
	if p.varX == 0 || p.varY == 0 {
		return Stat{}
	}
	return defined(min(max(p.cov/math.Sqrt(p.varX*p.varY), -1), 1))
}

// withTotal returns the spread of x and x + y.
func (p pair) withTotal() pair {
	t := pair{varX: p.varX, varY: p.varX + p.varY + 2*p.cov, cov: p.varX + p.cov}
	if t.varY <= rounding*(p.varX+p.varY) {
		t.varY = 0
	}
	if math.Abs(t.cov) <= rounding*p.varX {
		t.cov = 0
	}
	return t
}

// variance returns the variance with n − 1 denominator of n ≥ 2 values.
func variance(x []float64) float64 {
	if constant(x) {
		return 0
	}
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return sum / float64(len(x)-1)
}

// constant tells whether values differ by rounding at most.
func constant(x []float64) bool {
	low, high, size := math.Inf(1), math.Inf(-1), 0.0
	for _, v := range x {
		low, high, size = min(low, v), max(high, v), max(size, math.Abs(v))
	}
	return high-low <= rounding*max(size, 1)
}
