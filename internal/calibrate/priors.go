package calibrate

import "math"

// slopePrior returns log density (without its constant), derivative and minus
// the second derivative of the prior of log a with respect to the slope a.
func slopePrior(n Normal, a float64) (f, g, h float64) {
	v := n.SD * n.SD
	u := math.Log(a) - n.Mean
	return -u * u / (2 * v), -u / (v * a), (1 - u) / (v * a * a)
}

// difficultyPrior returns the same of the prior of b = −d/a with respect to
// slope and intercept; g and h are over (a, d).
func difficultyPrior(n Normal, a, d float64) (f, ga, gd float64, h block2) {
	v := n.SD * n.SD
	b := -d / a
	u := b - n.Mean
	ba, bd := -b/a, -1/a // derivatives of b
	return -u * u / (2 * v), -u * ba / v, -u * bd / v, block2{
		aa: (ba*ba + u*2*b/(a*a)) / v,
		ad: (ba*bd + u/(a*a)) / v,
		dd: bd * bd / v,
	}
}

// difficultyPriorStep is the part of the curvature that is never negative, to
// step by.
func difficultyPriorStep(n Normal, a, d float64) block2 {
	v := n.SD * n.SD
	ba, bd := d/(a*a), -1/a
	return block2{ba * ba / v, ba * bd / v, bd * bd / v}
}
