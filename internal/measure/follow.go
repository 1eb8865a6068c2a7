package measure

import (
	"fmt"
	"math"
)

// Follower keeps one learner's posterior up to date while answers come in. It
// starts each time from the sites it already has, which costs a fraction of
// Posterior and ends at the same distribution within 1e-6. Not safe for
// concurrent use.
type Follower struct {
	prior     *Normal
	posterior *Normal
	run       propagation
	cells     []int  // with answers, in the order they first came
	position  []int  // by cell: its place in cells, or −1
	sums      []site // by answered cell
	column    []float64
}

// Follow starts from a prior, which is not changed.
func Follow(prior *Normal) (*Follower, error) {
	if err := prior.check(); err != nil {
		return nil, fmt.Errorf("prior: %w", err)
	}
	f := &Follower{
		prior: prior, posterior: prior.clone(), position: make([]int, prior.Dim()), column: make([]float64, prior.Dim()),
	}
	for i := range f.position {
		f.position[i] = -1
	}
	f.run.q = &Normal{}
	return f, nil
}

// Posterior returns the distribution of the cells given the answers so far. It
// belongs to the follower and lasts until the next Add.
func (f *Follower) Posterior() *Normal { return f.posterior }

// Add takes one more answer into account. After an error nothing has changed.
func (f *Follower) Add(a Answer) error {
	if err := checkAnswer(a, f.prior.Dim()); err != nil {
		return err
	}
	if f.position[a.Cell] < 0 {
		f.widen(a.Cell)
	}
	f.run.answers = append(f.run.answers, a)
	f.run.sites = append(f.run.sites, site{})
	f.run.at = append(f.run.at, f.position[a.Cell])
	f.run.update(len(f.run.answers) - 1)
	f.run.run()
	f.finish()
	return nil
}

// widen takes a cell into the iteration: the prior of the answered cells times the
// sites they have.
func (f *Follower) widen(cell int) {
	f.position[cell] = len(f.cells)
	f.cells = append(f.cells, cell)
	f.total()
	f.run.q = f.prior.Marginal(f.cells)
	f.run.column = make([]float64, len(f.cells))
	places := make([]int, len(f.cells))
	for i := range places {
		places[i] = i
	}
	f.run.q.applyAll(places, f.sums, f.run.column)
}

// total sums the sites of each answered cell.
func (f *Follower) total() {
	f.sums = append(f.sums[:0], make([]site, len(f.cells))...)
	f.run.total(f.sums)
}

// finish applies the sites to the whole prior.
func (f *Follower) finish() {
	f.total()
	copy(f.posterior.Mean, f.prior.Mean)
	copy(f.posterior.Cov, f.prior.Cov)
	f.posterior.applyAll(f.cells, f.sums, f.column)
}

// checkAnswer reports an answer that can't be used over so many cells.
func checkAnswer(a Answer, cells int) error {
	if a.Cell < 0 || a.Cell >= cells {
		return fmt.Errorf("cell %d of %d", a.Cell, cells)
	}
	if err := a.Curve.check(); err != nil {
		return err
	}
	if !(a.Weight >= 0 && a.Weight <= 1) || math.IsNaN(a.Weight) {
		return fmt.Errorf("weight %v outside 0 to 1", a.Weight)
	}
	return nil
}
