package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// drawCount is the number of draws a pass probability is averaged over.
const drawCount = 256

// Display bounds of a pass probability until it has been validated on about 200
// verified results.
const (
	PassFloor   = 0.05
	PassCeiling = 0.95
)

// CapPass brings a pass probability within the display bounds.
func CapPass(p float64) float64 { return math.Min(PassCeiling, math.Max(PassFloor, p)) }

// Form is an exam as the pass probability sees it.
type Form struct {
	Domains []Composite // weights within each sum to 1
	Weights []float64   // each domain's share of the form; they sum to 1
	Curve   Curve       // score of a cell's ability on a random question of the form
	Items   int         // scored questions, > 0
	Cut     float64     // share of the scored questions needed, in (0, 1)
	CutSD   float64     // what is not known of cut, form and day, ≥ 0
}

// Overall is the composite over the whole form.
func (f *Form) Overall() Composite {
	at := map[int]int{}
	var c Composite
	for d, domain := range f.Domains {
		for i, cell := range domain.Cells {
			k, ok := at[cell]
			if !ok {
				k = len(c.Cells)
				at[cell] = k
				c.Cells = append(c.Cells, cell)
				c.Weights = append(c.Weights, 0)
			}
			c.Weights[k] += f.Weights[d] * domain.Weights[i]
		}
	}
	return c
}

// Design is a fixed Latin hypercube sample of standard normal variables. One
// design serves every learner, so that equal answers give equal probabilities.
type Design struct {
	dim int
	u   []float64 // drawCount × dim
}

// designSeed fixes the design for good: another seed would move every
// probability shown by a few tenths of a percentage point.
const designSeed = 20260101

// NewDesign returns the design for up to dim cells.
func NewDesign(dim int) *Design {
	rng := rand.New(rand.NewPCG(designSeed, uint64(dim)))
	d := &Design{dim: dim, u: make([]float64, drawCount*dim)}
	for j := range dim {
		for i, stratum := range rng.Perm(drawCount) {
			d.u[i*dim+j] = stratumNormal(stratum)
		}
	}
	return d
}

// stratumNormal is the normal quantile at the middle of one of drawCount strata.
func stratumNormal(stratum int) float64 {
	return normalQuantile((float64(stratum) + 0.5) / drawCount)
}

// Draws are deviations from the mean, drawn from a posterior over some cells.
type Draws struct {
	mean      []float64
	cov       *Normal
	position  []int     // by cell of the posterior: its place here, or −1
	deviation []float64 // drawCount × len(mean)
}

// Draw samples the posterior of the cells named. It fails when there are more
// cells than the design has dimensions or the covariance is not positive definite.
func (d *Design) Draw(posterior *Normal, cells []int) (*Draws, error) {
	n := len(cells)
	if n > d.dim {
		return nil, fmt.Errorf("%d cells for a design of %d dimensions", n, d.dim)
	}
	marginal := posterior.Marginal(cells)
	l, err := marginal.cholesky()
	if err != nil {
		return nil, fmt.Errorf("drawing from the posterior: %w", err)
	}
	draws := &Draws{
		mean:      marginal.Mean,
		cov:       marginal,
		position:  make([]int, posterior.Dim()),
		deviation: make([]float64, drawCount*n),
	}
	for i := range draws.position {
		draws.position[i] = -1
	}
	for i, c := range cells {
		draws.position[c] = i
	}
	for s := range drawCount {
		u := d.u[s*d.dim : s*d.dim+n]
		out := draws.deviation[s*n : (s+1)*n]
		for i := range n {
			sum := 0.0
			for j, lij := range l[i*n : i*n+i+1] {
				sum += lij * u[j]
			}
			out[i] = sum
		}
	}
	return draws, nil
}

// Pass returns the probability that the form's score reaches the cut, integrated
// over the posterior of the cells, over the sampling of questions within
// domains, and over what is not known of the cut. Given the abilities the score
// is approximated by a normal with the generalised binomial's mean and variance.
//
// The draws run in 256 equal strata along the form's composite, which carries
// nearly all of the probability's variation; the remaining directions come from
// the design.
func (d *Draws) Pass(f *Form) (float64, error) {
	return d.PassMoved(f, func([]float64) {})
}

// PassMoved is Pass with abilities that are not as they were drawn: move changes
// each draw in place, the cells in the order in which Draw was given them.
func (d *Draws) PassMoved(f *Form, move func(theta []float64)) (float64, error) {
	if err := d.check(f); err != nil {
		return 0, err
	}
	n := len(d.mean)
	overall := make([]float64, n)
	for k, domain := range f.Domains {
		for i, c := range domain.Cells {
			overall[d.position[c]] += f.Weights[k] * domain.Weights[i]
		}
	}
	along := make([]float64, n) // covariance of every cell with the composite
	variance := 0.0
	for i := range n {
		for j, v := range d.cov.row(i) {
			along[i] += v * overall[j]
		}
		variance += overall[i] * along[i]
	}
	if !(variance > 0) {
		return 0, fmt.Errorf("the form's composite has variance %v", variance)
	}
	// What each draw lacks to have its stratum's place along the composite.
	theta := make([]float64, n)
	sum := 0.0
	for s := range drawCount {
		deviation := d.deviation[s*n : (s+1)*n]
		has := 0.0
		for i, w := range overall {
			has += w * deviation[i]
		}
		lacks := (stratumNormal(s)*math.Sqrt(variance) - has) / variance
		for i := range theta {
			theta[i] = d.mean[i] + deviation[i] + lacks*along[i]
		}
		move(theta)
		sum += d.passGiven(f, theta)
	}
	return sum / drawCount, nil
}

// Each calls see with every draw, the cells in the order in which Draw was given
// them. The slice is used again for the next draw.
func (d *Draws) Each(see func(theta []float64)) {
	n := len(d.mean)
	theta := make([]float64, n)
	for s := range drawCount {
		for i, by := range d.deviation[s*n : (s+1)*n] {
			theta[i] = d.mean[i] + by
		}
		see(theta)
	}
}

// passGiven is the pass probability at known abilities.
func (d *Draws) passGiven(f *Form, theta []float64) float64 {
	score, variance := 0.0, f.CutSD*f.CutSD
	for k, domain := range f.Domains {
		p := 0.0
		for i, c := range domain.Cells {
			p += domain.Weights[i] * f.Curve.P(theta[d.position[c]])
		}
		score += f.Weights[k] * p
		variance += f.Weights[k] * p * (1 - p) / float64(f.Items)
	}
	return phi((score - f.Cut) / math.Sqrt(variance))
}

func (d *Draws) check(f *Form) error {
	if f.Items <= 0 || !(f.Cut > 0 && f.Cut < 1) || !(f.CutSD >= 0) {
		return fmt.Errorf("form of %d items with cut %v ± %v", f.Items, f.Cut, f.CutSD)
	}
	if len(f.Domains) != len(f.Weights) {
		return fmt.Errorf("form has %d domains and %d weights", len(f.Domains), len(f.Weights))
	}
	for _, domain := range f.Domains {
		for _, c := range domain.Cells {
			if c < 0 || c >= len(d.position) || d.position[c] < 0 {
				return fmt.Errorf("cell %d was not drawn", c)
			}
		}
	}
	return f.Curve.check()
}

// ScoreDistribution returns the probability of every number right, 0 to len(p),
// on a known form whose questions are right independently with probabilities p
// (Lord & Wingersky 1984).
func ScoreDistribution(p []float64) []float64 {
	dist := make([]float64, 1, len(p)+1)
	dist[0] = 1
	for _, right := range p {
		dist = append(dist, 0)
		for k := len(dist) - 1; k > 0; k-- {
			dist[k] = dist[k]*(1-right) + dist[k-1]*right
		}
		dist[0] *= 1 - right
	}
	return dist
}
