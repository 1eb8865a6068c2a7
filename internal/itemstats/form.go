package itemstats

import (
	"math"
	"slices"
)

// Form is what the totals say about the whole test, as Moodle's quiz report
// defines it ("Quiz statistics calculations", docs.moodle.org/dev). Totals are
// sums of the marks presented.
type Form struct {
	N            int
	Mean, Median Stat // marks
	SD           Stat // marks, n − 1 denominator
	// Skewness and Kurtosis are k₃/k₂^1.5 and k₄/k₂² of the k-statistics: 0 for
	// a normal distribution. They need three and four persons.
	Skewness, Kurtosis Stat
	// Consistency is the coefficient of internal consistency in percent:
	// Cronbach's alpha × 100 over all persons, with every item counted. As in
	// Moodle it needs three persons and two items; it may be negative.
	Consistency Stat
	// ErrorRatio is 100·√(1 − Consistency/100): the percentage of the standard
	// deviation that is due to chance rather than to ability.
	ErrorRatio Stat
	// StandardError is that part of the standard deviation, in marks.
	StandardError Stat
}

// Form returns the statistics of the whole test.
func (t *Table) Form() Form {
	f := Form{N: t.Persons()}
	if f.N == 0 {
		return f
	}
	f.Mean = defined(mean(t.totals))
	f.Median = defined(median(t.totals))
	if f.N < 2 {
		return f
	}
	k2 := variance(t.totals)
	f.SD = defined(math.Sqrt(k2))
	if k2 == 0 || f.N < 3 {
		return f
	}
	f.Skewness, f.Kurtosis = shape(t.totals, k2)
	if t.Len() < 2 {
		return f
	}
	ratio := alpha(t.Len(), t.sumOfVariances(), k2)
	f.Consistency = defined(100 * ratio)
	if ratio <= 1 {
		f.ErrorRatio = defined(100 * math.Sqrt(1-ratio))
		f.StandardError = defined(math.Sqrt(1-ratio) * math.Sqrt(k2))
	}
	return f
}

// sumOfVariances adds up var x over the items, each over whom it was presented to.
func (t *Table) sumOfVariances() float64 {
	sum := 0.0
	for j := range t.items {
		if x, _, _ := t.presented(j); len(x) > 1 {
			sum += variance(x)
		}
	}
	return sum
}

func median(values []float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// shape returns skewness and kurtosis from the unbiased k-statistics (Kenney &
// Keeping 1951), for n ≥ 3 values of variance k2 > 0.
func shape(x []float64, k2 float64) (skewness, kurtosis Stat) {
	n, m := float64(len(x)), mean(x)
	var m2, m3, m4 float64
	for _, v := range x {
		d := v - m
		m2 += d * d / n
		m3 += d * d * d / n
		m4 += d * d * d * d / n
	}
	k3 := n * n * m3 / ((n - 1) * (n - 2))
	skewness = defined(k3 / math.Pow(k2, 1.5))
	if len(x) > 3 {
		k4 := n * n * ((n+1)*m4 - 3*(n-1)*m2*m2) / ((n - 1) * (n - 2) * (n - 3))
		kurtosis = defined(k4 / (k2 * k2))
	}
	return skewness, kurtosis
}
