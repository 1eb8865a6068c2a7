package measure

import (
	"fmt"
	"math"
)

// Normal is a multivariate normal distribution over cells.
type Normal struct {
	Mean []float64
	Cov  []float64 // row-major, symmetric, len(Mean)² values
}

// Cell places one ability on the two crossed factors.
type Cell struct {
	Skill, Platform int
	Neutral         bool // a concept with no platform; Platform is not looked at
}

// CellPrior builds the prior over cells: every mean is mean, and the covariance
// of two cells is
//
//	σ_g² + σ_s²·[same skill] + σ_p²·[same platform] + σ_e²·[same cell]
//
// where the last two apply to cells that have a platform.
func CellPrior(mean float64, sd Components, cells []Cell) *Normal {
	n := len(cells)
	prior := &Normal{Mean: make([]float64, n), Cov: make([]float64, n*n)}
	for i, a := range cells {
		prior.Mean[i] = mean
		for j, b := range cells {
			prior.Cov[i*n+j] = cellCovariance(sd, a, b)
		}
	}
	return prior
}

func cellCovariance(sd Components, a, b Cell) float64 {
	v := sd.General * sd.General
	sameSkill := a.Skill == b.Skill
	samePlatform := !a.Neutral && !b.Neutral && a.Platform == b.Platform
	if sameSkill {
		v += sd.Skill * sd.Skill
	}
	if samePlatform {
		v += sd.Platform * sd.Platform
	}
	if sameSkill && samePlatform {
		v += sd.Cell * sd.Cell
	}
	return v
}

// Dim is the number of cells.
func (n *Normal) Dim() int { return len(n.Mean) }

// Var returns the variance of one cell.
func (n *Normal) Var(cell int) float64 { return n.Cov[cell*len(n.Mean)+cell] }

func (n *Normal) row(i int) []float64 { return n.Cov[i*len(n.Mean) : (i+1)*len(n.Mean)] }

// Marginal returns the distribution of the cells named, in that order.
func (n *Normal) Marginal(cells []int) *Normal {
	m := &Normal{Mean: make([]float64, len(cells)), Cov: make([]float64, len(cells)*len(cells))}
	for i, a := range cells {
		m.Mean[i] = n.Mean[a]
		row, from := m.row(i), n.row(a)
		for j, b := range cells {
			row[j] = from[b]
		}
	}
	return m
}

func (n *Normal) clone() *Normal {
	return &Normal{Mean: append([]float64(nil), n.Mean...), Cov: append([]float64(nil), n.Cov...)}
}

// site is a Gaussian factor on one cell: precision tau (may be negative) and
// precision × mean nu.
type site struct{ tau, nu float64 }

// apply multiplies the density by a site on one cell: a rank-one change of mean
// and covariance. It needs 1 + tau·Var(cell) > 0. column is scratch of length Dim.
func (n *Normal) apply(cell int, s site, column []float64) {
	copy(column, n.row(cell))
	scale := 1 / (1 + s.tau*column[cell])
	shift := (s.nu - s.tau*n.Mean[cell]) * scale
	gain := s.tau * scale
	for i, ci := range column {
		n.Mean[i] += shift * ci
		f := gain * ci
		if f == 0 {
			continue
		}
		row := n.row(i)
		for j, cj := range column {
			row[j] -= f * cj
		}
	}
}

// Composite is a weighted sum of cells.
type Composite struct {
	Cells   []int
	Weights []float64
}

// Moments returns the mean and variance of a composite.
func (n *Normal) Moments(c Composite) (mean, variance float64) {
	for i, a := range c.Cells {
		mean += c.Weights[i] * n.Mean[a]
		row := n.row(a)
		for j, b := range c.Cells {
			variance += c.Weights[i] * c.Weights[j] * row[b]
		}
	}
	return mean, variance
}

// Covariances writes the covariance of a composite with every cell into dst,
// which has length Dim.
func (n *Normal) Covariances(c Composite, dst []float64) {
	clear(dst)
	for i, a := range c.Cells {
		w := c.Weights[i]
		for j, v := range n.row(a) {
			dst[j] += w * v
		}
	}
}

// Spread returns the variance of a cell picked by weight around the composite of
// weights that sum to 1: Σ w·Var(θ_c) − Var(Σ w·θ_c).
func (n *Normal) Spread(c Composite) float64 {
	_, variance := n.Moments(c)
	total := 0.0
	for i, a := range c.Cells {
		total += c.Weights[i] * n.Var(a)
	}
	return math.Max(0, total-variance)
}

// cholesky returns the lower factor L of Cov = L·Lᵀ, row-major.
func (n *Normal) cholesky() ([]float64, error) {
	d := n.Dim()
	l := make([]float64, d*d)
	for i := range d {
		li := l[i*d : i*d+i+1]
		for j := range i + 1 {
			lj := l[j*d : j*d+j+1]
			sum := n.Cov[i*d+j]
			for k := range j {
				sum -= li[k] * lj[k]
			}
			if i != j {
				li[j] = sum / lj[j]
				continue
			}
			if !(sum > 0) {
				return nil, fmt.Errorf("covariance is not positive definite at cell %d", i)
			}
			li[i] = math.Sqrt(sum)
		}
	}
	return l, nil
}

// check reports a distribution that can't serve as a prior.
func (n *Normal) check() error {
	d := n.Dim()
	if len(n.Cov) != d*d {
		return fmt.Errorf("covariance has %d values for %d cells", len(n.Cov), d)
	}
	for i := range d {
		if !(n.Var(i) > 0) || math.IsInf(n.Var(i), 0) || math.IsNaN(n.Mean[i]) || math.IsInf(n.Mean[i], 0) {
			return fmt.Errorf("cell %d has mean %v and variance %v", i, n.Mean[i], n.Var(i))
		}
	}
	return nil
}
