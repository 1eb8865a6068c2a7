package calibrate

import "math"

// ItemFit says how well the model describes one item's answers. What can't be
// had is NaN.
type ItemFit struct {
	// Infit and Outfit are mean squared residuals, weighted by information and
	// not, at the persons' EAP abilities; 1 is expected of a long test, less of a
	// short one because the EAP has seen the answer (Wright & Masters 1982).
	Infit, Outfit float64
	// SX2 is S-X² of Orlando & Thissen (2000): observed against expected shares
	// of right answers at every total score, over the persons who answered all
	// items. Scores are merged until right and wrong are each expected once.
	SX2 float64
	DF  int     // merged scores less the item's parameters; 0 when there are too few scores
	P   float64 // chance of a larger SX2 under the model
}

var noFit = ItemFit{Infit: math.NaN(), Outfit: math.NaN(), SX2: math.NaN(), P: math.NaN()}

// score fills in what needs the posterior of every pattern.
func (m *maximiser) score(r *Result, table *Table) {
	abilities := m.e.abilities()
	if m.o.Fit {
		m.residuals(r, abilities)
		m.summedScores(r)
	}
	if !m.o.Scores {
		return
	}
	unit := math.Sqrt(r.Variance)
	r.Scores = make([]Ability, table.Rows())
	for row := range r.Scores {
		a := abilities[m.e.data.of[row]]
		r.Scores[row] = Ability{a.Theta * unit, a.SD * unit, a.N}
	}
}

// abilities returns EAP and posterior SD of every pattern.
func (e *engine) abilities() []Ability {
	list := make([]Ability, e.data.count())
	parallel((len(list)+taskSize-1)/taskSize, func(task int) {
		post := make([]float64, len(e.nodes))
		for p := task * taskSize; p < min(len(list), (task+1)*taskSize); p++ {
			lo, hi, _ := e.posterior(p, post)
			mean, square := 0.0, 0.0
			for q := lo; q < hi; q++ {
				mean += post[q] * e.nodes[q]
			}
			for q := lo; q < hi; q++ {
				square += post[q] * (e.nodes[q] - mean) * (e.nodes[q] - mean)
			}
			n := 0
			for _, s := range e.data.row(p) {
				if s != Missing {
					n++
				}
			}
			list[p] = Ability{mean, math.Sqrt(square), n}
		}
	})
	return list
}

// p is the chance of a right answer.
func (e *engine) p(i int, theta float64) float64 {
	return e.c[i] + (1-e.c[i])/(1+math.Exp(-e.slope[i]*theta-e.intercept[i]))
}

// residuals fills in infit and outfit.
func (m *maximiser) residuals(r *Result, abilities []Ability) {
	e := m.e
	parallel(e.data.items, func(i int) {
		var squares, information, standardised, n float64
		for k, w := range e.data.weight {
			s := e.data.row(k)[i]
			if s == Missing || w == 0 {
				continue
			}
			p := e.p(i, abilities[k].Theta)
			residual := float64(s) - p
			v := p * (1 - p)
			squares += w * residual * residual
			information += w * v
			if v > 0 {
				standardised += w * residual * residual / v
				n += w
			}
		}
		if information > 0 {
			r.Items[i].Fit.Infit = squares / information
			r.Items[i].Fit.Outfit = standardised / n
		}
	})
}

// summedScores fills in S-X².
func (m *maximiser) summedScores(r *Result) {
	e := m.e
	items, k := e.data.items, len(e.nodes)
	persons := make([]float64, items+1)
	right := make([][]float64, items) // per item and score, persons right
	for i := range right {
		right[i] = make([]float64, items+1)
	}
	total := 0.0
	for p, w := range e.data.weight {
		score, complete := 0, true
		for _, s := range e.data.row(p) {
			complete = complete && s != Missing
			score += int(s)
		}
		if !complete || w == 0 {
			continue
		}
		total += w
		persons[score] += w
		for i, s := range e.data.row(p) {
			right[i][score] += w * float64(s)
		}
	}
	if total == 0 || items < 3 {
		return
	}
	chance := make([]float64, items*k)
	for i := range items {
		for q, x := range e.nodes {
			chance[i*k+q] = e.p(i, x)
		}
	}
	all := scoreDistribution(chance, items, k)
	parameters := 2
	if m.o.Model.commonSlope() {
		parameters = 1
	}
	parallel(items, func(i int) {
		fit := &r.Items[i].Fit
		expected := e.expectedRight(all, chance, i)
		x2, cells := pearson(persons[1:items], right[i][1:items], expected[1:items])
		if cells > parameters {
			fit.SX2, fit.DF = x2, cells-parameters
			fit.P = chiSquareTail(x2, fit.DF)
		}
	})
}

// scoreDistribution returns, node after node, the chances of 0 … items right
// (Lord & Wingersky 1984).
func scoreDistribution(chance []float64, items, k int) []float64 {
	all := make([]float64, k*(items+1))
	parallel(k, func(q int) {
		f := all[q*(items+1) : (q+1)*(items+1)]
		f[0] = 1
		for i := range items {
			p := chance[i*k+q]
			for s := i + 1; s > 0; s-- {
				f[s] = f[s]*(1-p) + f[s-1]*p
			}
			f[0] *= 1 - p
		}
	})
	return all
}

// expectedRight returns the share of persons right on item i at every score.
func (e *engine) expectedRight(all, chance []float64, i int) []float64 {
	items, k := e.data.items, len(e.nodes)
	withItem, anyway := make([]float64, items+1), make([]float64, items+1)
	rest := make([]float64, items)
	for q := range k {
		f := all[q*(items+1) : (q+1)*(items+1)]
		p := chance[i*k+q]
		w := math.Exp(e.logW[q])
		withoutItem(f, p, rest)
		for s := range f {
			anyway[s] += w * f[s]
			if s > 0 {
				withItem[s] += w * p * rest[s-1]
			}
		}
	}
	for s := range withItem {
		if anyway[s] > 0 {
			withItem[s] = min(1, withItem[s]/anyway[s])
		}
	}
	return withItem
}

// withoutItem takes an item of chance p out of a score distribution, from the
// end at which errors shrink.
func withoutItem(f []float64, p float64, rest []float64) {
	n := len(rest)
	if p <= 0.5 {
		before := 0.0
		for s := range n {
			before = max(0, (f[s]-p*before)/(1-p))
			rest[s] = before
		}
		return
	}
	after := 0.0
	for s := n - 1; s >= 0; s-- {
		after = max(0, (f[s+1]-(1-p)*after)/p)
		rest[s] = after
	}
}

// pearson sums (observed − expected)²/variance over scores merged from the low
// end until right and wrong are each expected at least once; what is left at the
// high end joins the last cell.
func pearson(persons, right, share []float64) (x2 float64, cells int) {
	type cell struct{ n, observed, expected float64 }
	var merged []cell
	var at cell
	full := func(c cell) bool { return c.expected >= 1 && c.n-c.expected >= 1 }
	for s, n := range persons {
		at.n += n
		at.observed += right[s]
		at.expected += n * share[s]
		if full(at) {
			merged = append(merged, at)
			at = cell{}
		}
	}
	if at.n > 0 && len(merged) > 0 {
		last := &merged[len(merged)-1]
		last.n += at.n
		last.observed += at.observed
		last.expected += at.expected
	}
	for _, c := range merged {
		d := c.observed - c.expected
		x2 += d * d * c.n / (c.expected * (c.n - c.expected))
	}
	return x2, len(merged)
}

// chiSquareTail is the chance that χ² with df degrees of freedom exceeds x: the
// upper incomplete gamma function, by its series or its continued fraction
// (Abramowitz & Stegun 6.5.29, 6.5.31).
func chiSquareTail(x float64, df int) float64 {
	if !(x > 0) {
		return 1
	}
	a, z := float64(df)/2, x/2
	lgamma, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(z) - z - lgamma)
	if z < a+1 {
		term := 1 / a
		sum := term
		for n := 1.0; term > sum*1e-16; n++ {
			term *= z / (a + n)
			sum += term
		}
		return max(0, 1-front*sum)
	}
	// Lentz's algorithm.
	b := z + 1 - a
	c, d := math.Inf(1), 1/b
	h := d
	for n := 1.0; n < 10000; n++ {
		an := -n * (n - a)
		b += 2
		d = 1 / (an*d + b)
		c = b + an/c
		step := c * d
		h *= step
		if math.Abs(step-1) < 1e-15 {
			break
		}
	}
	return front * h
}
