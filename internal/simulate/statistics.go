package simulate

import (
	"cmp"
	"math"
	"slices"
)

// forecast is a claimed probability with what happened.
type forecast struct {
	p      float64
	passed bool
}

// reliability sorts forecasts into ten bins of equal width and returns the table
// with the expected calibration error: the mean over forecasts of the distance
// between a bin's mean probability and its share of passes (Naeini, Cooper &
// Hauskrecht 2015).
func reliability(forecasts []forecast) (table []Bin, ece float64) {
	table = make([]Bin, bins)
	for i := range table {
		table[i].From, table[i].To = float64(i)/bins, float64(i+1)/bins
	}
	for _, f := range forecasts {
		b := &table[min(int(f.p*bins), bins-1)]
		b.N++
		b.Predicted += f.p
		b.Passed += count(f.passed)
	}
	for i := range table {
		b := &table[i]
		if b.N == 0 {
			continue
		}
		ece += abs(b.Predicted-b.Passed) / float64(len(forecasts))
		b.Predicted /= float64(b.N)
		b.Passed /= float64(b.N)
	}
	return table, ece
}

// auc is the probability that somebody who passed was given a higher probability
// than somebody who didn't, ties counting half; 0 where there is no such pair.
func auc(forecasts []forecast) float64 {
	sorted := slices.SortedFunc(slices.Values(forecasts), func(a, b forecast) int { return cmp.Compare(a.p, b.p) })
	var passed, failed, below float64 // below: pairs in the right order
	for i := 0; i < len(sorted); {
		j, p, f := i, 0.0, 0.0
		for ; j < len(sorted) && sorted[j].p == sorted[i].p; j++ {
			p += count(sorted[j].passed)
			f += count(!sorted[j].passed)
		}
		below += p*failed + p*f/2
		passed += p
		failed += f
		i = j
	}
	if passed == 0 || failed == 0 {
		return 0
	}
	return below / (passed * failed)
}

// correlation is Pearson's, 0 where one of the two doesn't vary.
func correlation(x, y []float64) float64 {
	n := float64(len(x))
	var mx, my float64
	for i := range x {
		mx += x[i] / n
		my += y[i] / n
	}
	var xx, yy, xy float64
	for i := range x {
		xx += square(x[i] - mx)
		yy += square(y[i] - my)
		xy += (x[i] - mx) * (y[i] - my)
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return xy / sqrt(xx*yy)
}

// count is 1 for yes, 0 for no.
func count(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func square(x float64) float64 { return x * x }
func abs(x float64) float64    { return math.Abs(x) }
func sqrt(x float64) float64   { return math.Sqrt(math.Max(0, x)) }
