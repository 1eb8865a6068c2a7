package grade

import "fmt"

// Scale maps a raw score (points, usually items right) to a reporting scale by
// two straight pieces that meet the published pass mark at the raw cut. No
// vendor publishes its mapping: whatever shows a scaled score must call it an
// estimate.
type Scale struct {
	rawMin, rawCut, rawMax float64
	low, pass, high        float64
}

// NewScale makes a scale. rawMin, rawCut and rawMax are in points, with at
// least one point between rawMin and the cut's lower neighbour and the cut
// below rawMax; low < pass − 1 and pass ≤ high on the reporting scale.
func NewScale(rawMin, rawCut, rawMax, low, pass, high float64) (Scale, error) {
	if !(rawMin < rawCut-1 && rawCut < rawMax) {
		return Scale{}, fmt.Errorf("grade.NewScale: raw cut %g must lie more than a point above %g and below %g", rawCut, rawMin, rawMax)
	}
	if !(low < pass-1 && pass <= high) {
		return Scale{}, fmt.Errorf("grade.NewScale: pass mark %g must lie more than a point above %g and not above %g", pass, low, high)
	}
	return Scale{rawMin: rawMin, rawCut: rawCut, rawMax: rawMax, low: low, pass: pass, high: high}, nil
}

// Scaled is the estimate for a raw score between rawMin and rawMax; anything
// else is an error. At the cut it is the pass mark; below the cut it never
// exceeds the pass mark less one, also for a raw score between two points.
func (s Scale) Scaled(raw float64) (float64, error) {
	if !(raw >= s.rawMin && raw <= s.rawMax) {
		return 0, fmt.Errorf("grade.Scaled: raw score %g lies outside %g to %g", raw, s.rawMin, s.rawMax)
	}
	if raw >= s.rawCut {
		return (raw-s.rawCut)*(s.high-s.pass)/(s.rawMax-s.rawCut) + s.pass, nil
	}
	below := s.pass - 1
	slope := (below - s.low) / (s.rawCut - 1 - s.rawMin)
	return min(below, below-(s.rawCut-1-raw)*slope), nil
}
