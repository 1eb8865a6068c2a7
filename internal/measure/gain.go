package measure

import (
	"fmt"
	"math"
)

// The fixed grid on which a question's information is integrated: abilities of
// ±gridReach logits in steps of gridStep. Only the nodes within windowSD
// posterior standard deviations take part, and every second of them where the
// posterior is wide enough to be integrated exactly that way.
const (
	gridReach = 8.0
	gridStep  = 0.2
	gridNodes = int(2*gridReach/gridStep) + 1
	windowSD  = 5.0
	wideSD    = 0.6 // from here on steps of 2·gridStep lose nothing (step < .7 SD)
)

// Question is one item of a pool.
type Question struct {
	Cell  int
	Curve Curve
}

// Pool is a bank prepared for selection. It is immutable; give each goroutine
// its own Scratch.
type Pool struct {
	cells    int
	profiles []profile
	items    []poolItem
}

// profile is one distinct shape and location in one cell: questions that differ
// in guessing alone share its integrals.
type profile struct {
	cell   int
	values *[gridNodes]float64 // F at the grid's nodes
}

type poolItem struct {
	profile int
	cell    int
	c       float64
}

// NewPool prepares questions over the given number of cells. Gains come back in
// the order of questions.
func NewPool(cells int, questions []Question) (*Pool, error) {
	type place struct {
		shape *Shape
		b     float64
	}
	type key struct {
		place
		cell int
	}
	values := map[place]*[gridNodes]float64{}
	profiles := map[key]int{}
	p := &Pool{cells: cells, items: make([]poolItem, len(questions))}
	for i, q := range questions {
		if q.Cell < 0 || q.Cell >= cells {
			return nil, fmt.Errorf("question %d: cell %d of %d", i, q.Cell, cells)
		}
		if err := q.Curve.check(); err != nil {
			return nil, fmt.Errorf("question %d: %w", i, err)
		}
		at := place{q.Curve.Shape, q.Curve.B}
		if values[at] == nil {
			values[at] = gridValues(q.Curve)
		}
		k := key{at, q.Cell}
		if _, ok := profiles[k]; !ok {
			profiles[k] = len(p.profiles)
			p.profiles = append(p.profiles, profile{q.Cell, values[at]})
		}
		p.items[i] = poolItem{profiles[k], q.Cell, q.Curve.C}
	}
	return p, nil
}

func gridValues(c Curve) *[gridNodes]float64 {
	v := new([gridNodes]float64)
	for k := range v {
		v[k] = c.Shape.At(-gridReach + gridStep*float64(k) - c.B)
	}
	return v
}

// Scratch is reusable memory for Gains.
type Scratch struct {
	windows []window
	moments [][2]float64
	gains   []float64
}

// NewScratch returns scratch for the pool.
func (p *Pool) NewScratch() *Scratch {
	return &Scratch{
		windows: make([]window, p.cells),
		moments: make([][2]float64, len(p.profiles)),
		gains:   make([]float64, len(p.items)),
	}
}

// window holds a cell's normalised density, and density × deviation, on the
// nodes that matter: first, first+stride, …
type window struct {
	first, stride, n int
	w, wx            [gridNodes]float64
}

func (w *window) fill(mean, variance float64) {
	sd := math.Sqrt(variance)
	w.stride = 1
	if sd >= wideSD {
		w.stride = 2
	}
	w.first = max(0, int(math.Ceil((mean-windowSD*sd+gridReach)/gridStep)))
	last := min(gridNodes-1, int(math.Floor((mean+windowSD*sd+gridReach)/gridStep)))
	w.n = 0
	total, first := 0.0, 0.0
	for k := w.first; k <= last; k += w.stride {
		x := -gridReach + gridStep*float64(k) - mean
		d := math.Exp(-x * x / (2 * variance))
		w.w[w.n], w.wx[w.n] = d, d*x
		total += d
		first += d * x
		w.n++
	}
	if !(total > 0) { // the whole density lies off the grid
		w.n, w.first = 0, 0
		return
	}
	// The deviations are taken about the discrete mean, so that a constant curve
	// has covariance exactly zero.
	offset := first / total
	for i := range w.n {
		w.wx[i] = (w.wx[i] - offset*w.w[i]) / total
		w.w[i] /= total
	}
}

// Gains returns, for every question, the exact expected reduction of
// Σ_t weight_t·Var(η_t) that its answer brings:
//
//	gain_i = [v − E(v | answer)]·value[c]/v²,  value[c] = Σ_t weight_t·Cov(η_t, θ_c)²
//
// with v the posterior variance of the question's cell c (c-optimality for
// composites: Mulder & van der Linden 2009). Because an answer is right or
// wrong, v − E(v | answer) = Cov(θ_c, answer)²/Var(answer). Cells of value 0 cost
// nothing. The slice belongs to the scratch and lasts until the next call.
func (p *Pool) Gains(posterior *Normal, value []float64, s *Scratch) []float64 {
	for c := range s.windows {
		s.windows[c].n = -1
	}
	for i := range p.profiles {
		f := &p.profiles[i]
		if value[f.cell] == 0 {
			continue
		}
		w := &s.windows[f.cell]
		if w.n < 0 {
			w.fill(posterior.Mean[f.cell], posterior.Var(f.cell))
		}
		s.moments[i] = w.moments(f.values)
	}
	for i := range p.items {
		it := &p.items[i]
		if value[it.cell] == 0 {
			s.gains[i] = 0
			continue
		}
		m := &s.moments[it.profile]
		know := (1 - it.c) * m[0]
		right, wrong := it.c+know, 1-it.c-know
		covariance := (1 - it.c) * m[1]
		v := posterior.Var(it.cell)
		s.gains[i] = 0
		if right > 0 && wrong > 0 {
			s.gains[i] = covariance * covariance / (right * wrong) * value[it.cell] / (v * v)
		}
	}
	return s.gains
}

// moments returns E F and Cov(θ, F) under the window's density. Two nodes at a
// time, because one running sum would wait on itself.
func (w *window) moments(values *[gridNodes]float64) [2]float64 {
	f := values[w.first:]
	density, deviation := w.w[:w.n], w.wx[:w.n]
	var mean, cov, mean2, cov2 float64
	i, k := 0, 0
	for ; i+1 < len(density) && i+1 < len(deviation) && k+w.stride < len(f); i += 2 {
		a, b := f[k], f[k+w.stride]
		mean += density[i] * a
		cov += deviation[i] * a
		mean2 += density[i+1] * b
		cov2 += deviation[i+1] * b
		k += 2 * w.stride
	}
	if i < w.n {
		mean += density[i] * f[k]
		cov += deviation[i] * f[k]
	}
	return [2]float64{mean + mean2, cov + cov2}
}

// AddValue adds weight·Cov(η, θ_c)² to every cell's value, for one target η whose
// covariances with the cells are given.
func AddValue(value []float64, weight float64, covariances []float64) {
	for c, cov := range covariances {
		value[c] += weight * cov * cov
	}
}

// AddContrastValue adds weight × the mean, over all pairs of targets, of
// Cov(η_a − η_b, θ_c)²: what tells the targets apart. sum and squares are, per
// cell, Σ_a Cov(η_a, θ_c) and Σ_a Cov(η_a, θ_c)² over n targets.
func AddContrastValue(value []float64, weight float64, n int, sum, squares []float64) {
	if n < 2 {
		return
	}
	pairs := float64(n) * float64(n-1) / 2
	for c := range value {
		value[c] += weight * math.Max(0, float64(n)*squares[c]-sum[c]*sum[c]) / pairs
	}
}
