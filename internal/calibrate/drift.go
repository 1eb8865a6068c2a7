package calibrate

import (
	"math"
	"slices"
)

// DriftFlag is the robust z beyond which an item has moved apart from the others.
const DriftFlag = 2.7

// minDrift is how many items it takes to say what is usual.
const minDrift = 8

// Drift returns, for every item's move in b between two calibrations, how far it
// lies from the usual one: (move − median)/(1.4826·MAD), the robust z of anchor
// studies (Huynh & Meyer 2010). It is all zeros when the items are too few to say
// what is usual or don't differ.
func Drift(moves []float64) []float64 {
	z := make([]float64, len(moves))
	if len(moves) < minDrift {
		return z
	}
	centre := median(moves)
	apart := make([]float64, len(moves))
	for i, m := range moves {
		apart[i] = math.Abs(m - centre)
	}
	const toSD = 1.4826 // a normal sample's SD over its median absolute deviation
	spread := toSD * median(apart)
	if !(spread > 0) {
		return z
	}
	for i, m := range moves {
		z[i] = (m - centre) / spread
	}
	return z
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
