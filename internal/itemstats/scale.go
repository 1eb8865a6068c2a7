package itemstats

import "math"

// Scale is the reliability of the form as one scale, over the persons who were
// presented every item (listwise; Dropped counts the others).
type Scale struct {
	N, Dropped int
	Mean, SD   Stat // of the total, in marks
	// Alpha is Cronbach's coefficient (1951), k/(k−1)·(1 − Σ var x / var t): at
	// most 1, and a lower bound to reliability. For marks of 0 and 1 it is the
	// Kuder–Richardson formula 20.
	Alpha Stat
	// AlphaIfDeleted is alpha of the form without the item, by item. Higher
	// than Alpha means that the item harms consistency.
	AlphaIfDeleted []Stat
	// SEM is the standard error of measurement SD·√(1 − Alpha), in marks.
	SEM Stat
	// Lambda6 is Guttman's (1945) lower bound, 1 − Σ e²/var t, with e² the part
	// of an item's variance that the other items don't predict linearly. It is
	// undefined where an item is a linear combination of others, as whenever
	// there are no more persons than items.
	Lambda6 Stat
	// StandardisedLambda6 is the same of items scaled to equal variance, from
	// their correlations: what R's psych::alpha prints as G6. Constant items
	// are left out.
	StandardisedLambda6 Stat
}

// Scale returns the reliability of the form.
func (t *Table) Scale() Scale {
	persons := t.complete()
	s := Scale{N: len(persons), Dropped: t.Persons() - len(persons), AlphaIfDeleted: make([]Stat, t.Len())}
	if s.N == 0 || t.Len() == 0 {
		return s
	}
	totals := make([]float64, s.N)
	for at, i := range persons {
		totals[at] = t.totals[i]
	}
	s.Mean = defined(mean(totals))
	if s.N < 2 {
		return s
	}
	total := variance(totals)
	s.SD = defined(math.Sqrt(total))
	cov := t.covariances(persons)
	s.reliability(cov, total)
	s.withoutEach(cov, total)
	return s
}

// reliability fills in alpha, SEM and both lambda6 for a total of the given variance.
func (s *Scale) reliability(cov [][]float64, total float64) {
	if total == 0 {
		return
	}
	if k := len(cov); k > 1 {
		a := alpha(k, trace(cov), total)
		s.Alpha = defined(a)
		s.SEM = defined(math.Sqrt(total * max(1-a, 0)))
	}
	residual, varying, ok := residualVariances(cov)
	if !ok {
		return
	}
	var unpredicted, share, correlations float64
	for at, j := range varying {
		unpredicted += residual[at]
		share += residual[at] / cov[j][j]
		for _, m := range varying {
			correlations += cov[j][m] / math.Sqrt(cov[j][j]*cov[m][m])
		}
	}
	s.Lambda6 = defined(1 - unpredicted/total)
	if correlations > rounding {
		s.StandardisedLambda6 = defined(1 - share/correlations)
	}
}

// withoutEach fills in alpha for each form that lacks one item: the total's
// variance loses var x and twice the covariance of x with the rest.
func (s *Scale) withoutEach(cov [][]float64, total float64) {
	k := len(cov)
	if k < 3 {
		return
	}
	sum := trace(cov)
	for j := range cov {
		withTotal := 0.0
		for _, c := range cov[j] {
			withTotal += c
		}
		left := total - 2*withTotal + cov[j][j]
		if left > rounding*(total+cov[j][j]) {
			s.AlphaIfDeleted[j] = defined(alpha(k-1, sum-cov[j][j], left))
		}
	}
}

// alpha is Cronbach's coefficient of k ≥ 2 items whose variances sum to
// variances, with a total of variance total > 0.
func alpha(k int, variances, total float64) float64 {
	return float64(k) / float64(k-1) * (1 - variances/total)
}

func trace(m [][]float64) float64 {
	sum := 0.0
	for j := range m {
		sum += m[j][j]
	}
	return sum
}

// covariances returns the items' covariance matrix over n ≥ 2 persons; rows of
// constant items are exactly 0.
func (t *Table) covariances(persons []int) [][]float64 {
	k := t.Len()
	centred, cov := make([][]float64, k), make([][]float64, k)
	for j := range centred {
		x := make([]float64, len(persons))
		for at, i := range persons {
			x[at] = t.items[j][i]
		}
		m := mean(x)
		if constant(x) {
			clear(x)
			m = 0
		}
		for at := range x {
			x[at] -= m
		}
		centred[j], cov[j] = x, make([]float64, k)
	}
	for a := range k {
		for b := range a + 1 {
			sum := 0.0
			y := centred[b]
			for at, v := range centred[a] {
				sum += v * y[at]
			}
			sum /= float64(len(persons) - 1)
			cov[a][b], cov[b][a] = sum, sum
		}
	}
	return cov
}

// residualVariances returns, for each item that varies, the part of its variance
// that the other items don't predict linearly: 1/(C⁻¹)_jj. It is false where an
// item is a linear combination of others.
func residualVariances(cov [][]float64) (residual []float64, varying []int, ok bool) {
	for j := range cov {
		if cov[j][j] > 0 {
			varying = append(varying, j)
		}
	}
	lower, ok := cholesky(cov, varying)
	if !ok {
		return nil, nil, false
	}
	// (C⁻¹)_jj is the squared length of column j of L⁻¹, by forward substitution.
	residual, column := make([]float64, len(varying)), make([]float64, len(varying))
	for j := range varying {
		column[j] = 1 / lower[j][j]
		precision := column[j] * column[j]
		for r := j + 1; r < len(varying); r++ {
			v := 0.0
			for c := j; c < r; c++ {
				v -= lower[r][c] * column[c]
			}
			column[r] = v / lower[r][r]
			precision += column[r] * column[r]
		}
		residual[j] = 1 / precision
	}
	return residual, varying, true
}

// singular is the share of an item's variance below which what the items before
// it leave unexplained is rounding.
const singular = 1e-10

// cholesky factors the rows and columns of cov named by index; false when an
// item is a linear combination of those before it.
func cholesky(cov [][]float64, index []int) (lower [][]float64, ok bool) {
	lower = make([][]float64, len(index))
	for r, jr := range index {
		lower[r] = make([]float64, r+1)
		for c := range r + 1 {
			v := cov[jr][index[c]]
			for m := range c {
				v -= lower[r][m] * lower[c][m]
			}
			if c < r {
				lower[r][c] = v / lower[c][c]
				continue
			}
			if v <= singular*cov[jr][jr] {
				return nil, false
			}
			lower[r][r] = math.Sqrt(v)
		}
	}
	return lower, true
}
