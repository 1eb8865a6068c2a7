package measure

import (
	"fmt"
	"math"
)

// Answer is one graded answer as evidence about one cell.
type Answer struct {
	Cell  int
	Curve Curve
	Right bool
	// Weight is the share of a whole answer that the evidence counts for, in
	// [0, 1]: it multiplies the site's parameters. Fading with time and shared
	// stimuli set it below 1.
	Weight float64
}

// FadingWeight is exp(−days/FadingDays), the share an answer given that many
// days ago still counts; 1 for answers of the future.
func FadingWeight(days float64) float64 {
	if !(days > 0) {
		return 1
	}
	return math.Exp(-days / FadingDays)
}

// StimulusWeight is the share each of n answers on one stimulus counts for.
// Such answers hang together beyond ability (a testlet effect of about 0.4
// logits); powering each by 1/√n is this package's treatment of it.
func StimulusWeight(n int) float64 {
	if n < 2 {
		return 1
	}
	return 1 / math.Sqrt(float64(n))
}

// Bounds of the iteration.
const (
	maxSweeps     = 20
	meanTolerance = 1e-7   // logits: a sweep that moves no mean further ends it
	minCavity     = 1e-9   // precision below which a cavity counts as improper
	damping       = 0.5    // share of a step taken once a sweep moved more than the one before
	minZ          = 1e-290 // a likelihood that vanishes everywhere on the grid tells nothing
)

// Tilted moments are taken on a fixed grid in cavity standard deviations: 33
// nodes over ±8. The trapezoidal rule converges so fast for a normal density
// times a logistic that moments are right to 1e-8 at slope × SD of 1 and to 5e-7
// at 2.
const (
	tiltedCount = 33
	tiltedReach = 8.0
	tiltedStep  = 2 * tiltedReach / (tiltedCount - 1)
)

// tiltedWeights are the normal density on the grid, summing to 1.
var tiltedWeights = func() (w [tiltedCount]float64) {
	total := 0.0
	for k := range w {
		x := -tiltedReach + tiltedStep*float64(k)
		w[k] = math.Exp(-x * x / 2)
		total += w[k]
	}
	for k := range w {
		w[k] /= total
	}
	return w
}()

// Posterior returns the distribution of the cells given the answers, by
// expectation propagation (Minka 2001): one Gaussian site per answer, matched to
// the first two moments of the tilted distribution. A site's precision may be
// negative, because a right answer under guessing is not log-concave; a site is
// passed over only while its cavity is not proper. The result does not depend on
// the order of the answers beyond 1e-6.
//
// Only the cells with answers take part in the iteration; the finished sites are
// then applied to the whole prior, which is not changed.
func Posterior(prior *Normal, answers []Answer) (*Normal, error) {
	if err := prior.check(); err != nil {
		return nil, fmt.Errorf("prior: %w", err)
	}
	cells, position, err := answeredCells(prior.Dim(), answers)
	if err != nil {
		return nil, err
	}
	posterior := prior.clone()
	if len(cells) == 0 {
		return posterior, nil
	}
	p := &propagation{
		answers: answers,
		sites:   make([]site, len(answers)),
		at:      make([]int, len(answers)),
		q:       prior.Marginal(cells),
		column:  make([]float64, len(cells)),
	}
	for i, a := range answers {
		p.at[i] = position[a.Cell]
	}
	p.run()
	sums := make([]site, len(cells))
	p.total(sums)
	posterior.applyAll(cells, sums, make([]float64, posterior.Dim()))
	return posterior, nil
}

// answeredCells lists the cells that have answers and, by cell, its place in the list.
func answeredCells(dim int, answers []Answer) (cells, position []int, err error) {
	position = make([]int, dim)
	for i := range position {
		position[i] = -1
	}
	for i, a := range answers {
		if err := checkAnswer(a, dim); err != nil {
			return nil, nil, fmt.Errorf("answer %d: %w", i, err)
		}
		if position[a.Cell] < 0 {
			position[a.Cell] = len(cells)
			cells = append(cells, a.Cell)
		}
	}
	return cells, position, nil
}

// propagation is the state of one run: the current Gaussian q is the prior times
// every site raised to its answer's weight.
type propagation struct {
	answers []Answer
	sites   []site
	at      []int // per answer, its cell within q
	q       *Normal
	column  []float64
	before  []float64 // means a sweep started from
	step    float64
}

func (p *propagation) run() {
	p.step = 1
	last := math.Inf(1)
	for range maxSweeps {
		p.before = append(p.before[:0], p.q.Mean...)
		for i := range p.answers {
			p.update(i)
		}
		move := 0.0
		for k, m := range p.q.Mean {
			move = math.Max(move, math.Abs(m-p.before[k]))
		}
		if move < meanTolerance {
			return
		}
		if move > last {
			p.step = damping
		}
		last = move
	}
}

// update refreshes the site of one answer.
func (p *propagation) update(i int) {
	a, old, cell := &p.answers[i], p.sites[i], p.at[i]
	if a.Weight == 0 {
		return
	}
	precision := 1 / p.q.Var(cell)
	cavityPrecision := precision - a.Weight*old.tau
	if !(cavityPrecision > minCavity) {
		return
	}
	cavityMean := (precision*p.q.Mean[cell] - a.Weight*old.nu) / cavityPrecision
	mean, variance, ok := tilted(a, cavityMean, 1/cavityPrecision)
	if !ok {
		return
	}
	change := site{
		tau: p.step * (1/variance - cavityPrecision - old.tau),
		nu:  p.step * (mean/variance - cavityMean*cavityPrecision - old.nu),
	}
	p.sites[i] = site{old.tau + change.tau, old.nu + change.nu}
	p.q.apply(cell, site{a.Weight * change.tau, a.Weight * change.nu}, p.column)
}

// tilted returns mean and variance of the cavity times the likelihood.
func tilted(a *Answer, mean, variance float64) (m, v float64, ok bool) {
	sd := math.Sqrt(variance)
	var p [tiltedCount]float64
	a.Curve.along(mean-tiltedReach*sd, tiltedStep*sd, p[:])
	var z0, z1, z2 float64
	for k, likelihood := range p {
		if !a.Right {
			likelihood = 1 - likelihood
		}
		likelihood *= tiltedWeights[k]
		x := -tiltedReach + tiltedStep*float64(k)
		z0 += likelihood
		z1 += likelihood * x
		z2 += likelihood * x * x
	}
	if !(z0 > minZ) {
		return 0, 0, false
	}
	z1 /= z0
	v = z2/z0 - z1*z1
	return mean + sd*z1, variance * v, v > 0
}

// total adds the weighted sites of each answered cell to sums.
func (p *propagation) total(sums []site) {
	for i, s := range p.sites {
		sums[p.at[i]].tau += p.answers[i].Weight * s.tau
		sums[p.at[i]].nu += p.answers[i].Weight * s.nu
	}
}

// applyAll multiplies the density by one site per cell. Positive precisions come
// first: every partial product is then at least as precise as the finished one,
// so each stays proper.
// column is scratch of length Dim.
func (n *Normal) applyAll(cells []int, sites []site, column []float64) {
	for _, negative := range [2]bool{false, true} {
		for k, s := range sites {
			if (s.tau < 0) == negative {
				n.apply(cells[k], s, column)
			}
		}
	}
}
