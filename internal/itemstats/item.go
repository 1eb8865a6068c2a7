package itemstats

import (
	"math"
	"slices"
)

// Item is what the marks say about one question. x is its mark, o = total − x
// the mark on everything else, t = x + o; variances and covariances have n − 1
// denominators, over the N persons it was presented to. Facility to
// discriminative efficiency are Moodle's definitions ("Quiz statistics
// calculations", docs.moodle.org/dev).
type Item struct {
	N int // persons it was presented to

	// Facility is mean x / maximum: the mean share of the mark, in [0, 1]
	// unless marks are negative. Undefined for a maximum of 0.
	Facility Stat
	// SD is the standard deviation of x, in marks. Undefined for a maximum of 0.
	SD Stat
	// IntendedWeight is the item's maximum in percent of all maxima: the share
	// of the total that the author meant it to have.
	IntendedWeight Stat
	// EffectiveWeight is 100·√cov(x,t) / Σ√cov(x,t): the share, in percent, of
	// the spread of totals that the item in fact brings. Undefined for an item
	// that covaries negatively with the total; the sum leaves those out.
	EffectiveWeight Stat
	// Discrimination is 100·cov(x,o)/√(var x · var o), in [−100, 100].
	Discrimination Stat
	// Efficiency is 100·cov(x,o)/max cov, where the largest covariance that
	// these marks allow pairs sorted x with sorted o: at most 100. It judges
	// an easy or hard question by what it could have achieved.
	Efficiency Stat

	// PointBiserial is the correlation of x with t, in [−1, 1]: too high, since
	// t contains x.
	PointBiserial Stat
	// CorrectedPointBiserial is the correlation of x with o (item-rest), in [−1, 1].
	CorrectedPointBiserial Stat
	// UpperLower is the facility among the 27 % with the highest totals minus
	// that among the 27 % with the lowest, in [−1, 1] unless marks are negative
	// (Kelley 1939). Totals are shares of the marks presented; persons tied at
	// a group's edge take part with equal fractions.
	UpperLower Stat
}

// Items returns the statistics of every item, in order.
func (t *Table) Items() []Item {
	items := make([]Item, t.Len())
	covTotal := make([]float64, t.Len())
	allMax, rootSum := 0.0, 0.0
	for j := range items {
		items[j], covTotal[j] = t.item(j)
		allMax += t.max[j]
		rootSum += math.Sqrt(max(covTotal[j], 0))
	}
	for j := range items {
		if allMax > 0 {
			items[j].IntendedWeight = defined(100 * t.max[j] / allMax)
		}
		if rootSum > 0 && covTotal[j] >= 0 {
			items[j].EffectiveWeight = defined(100 * math.Sqrt(covTotal[j]) / rootSum)
		}
	}
	return items
}

// item returns all of an item but its weights, and cov(x, t).
func (t *Table) item(j int) (item Item, covTotal float64) {
	x, o, share := t.presented(j)
	item.N = len(x)
	if item.N == 0 {
		return item, 0
	}
	if t.max[j] > 0 {
		item.Facility = defined(mean(x) / t.max[j])
	}
	if item.N < 2 {
		return item, 0
	}
	rest := pairOf(x, o)
	if t.max[j] > 0 {
		item.SD = defined(math.Sqrt(rest.varX))
		item.UpperLower = upperLower(x, share, t.max[j])
	}
	item.CorrectedPointBiserial = rest.correlation()
	if r := item.CorrectedPointBiserial; r.OK {
		item.Discrimination = defined(100 * r.Value)
	}
	total := rest.withTotal()
	item.PointBiserial = total.correlation()
	slices.Sort(x)
	slices.Sort(o)
	if best := pairOf(x, o).cov; best > 0 {
		item.Efficiency = defined(min(100*rest.cov/best, 100))
	}
	return item, total.cov
}

// presented returns, over the persons shown item j, its mark, the mark on
// everything else, and the total as a share of the marks presented.
func (t *Table) presented(j int) (x, o, share []float64) {
	n := t.Persons()
	x, o, share = make([]float64, 0, n), make([]float64, 0, n), make([]float64, 0, n)
	for i, mark := range t.items[j] {
		if math.IsNaN(mark) {
			continue
		}
		x = append(x, mark)
		o = append(o, t.totals[i]-mark)
		whole := t.served[i]
		if whole == 0 {
			whole = 1
		}
		share = append(share, t.totals[i]/whole)
	}
	return x, o, share
}

// tailShare is Kelley's share of persons in each of the extreme groups: with
// normal totals it makes the difference between them most certain.
const tailShare = 0.27

// upperLower returns the difference in facility between the extreme groups.
func upperLower(x, share []float64, maximum float64) Stat {
	if constant(share) {
		return Stat{}
	}
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case share[a] < share[b]:
			return -1
		case share[a] > share[b]:
			return 1
		}
		return 0
	})
	size := max(math.Round(tailShare*float64(len(x))), 1)
	lower := tailMean(x, share, order, size)
	slices.Reverse(order)
	return defined((tailMean(x, share, order, size) - lower) / maximum)
}

// tailMean returns the mean of x over the first size persons in order; where
// persons tie for the last places, each has the same fraction of a place.
func tailMean(x, share []float64, order []int, size float64) float64 {
	sum, left := 0.0, size
	for from := 0; from < len(order) && left > 0; {
		to, tied := from, 0.0
		for to < len(order) && math.Abs(share[order[to]]-share[order[from]]) <= rounding {
			tied += x[order[to]]
			to++
		}
		places := min(float64(to-from), left)
		sum += tied * places / float64(to-from)
		left -= places
		from = to
	}
	return sum / size
}
