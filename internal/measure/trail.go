package measure

import (
	"fmt"
	"math"
	"slices"
)

// Trail works out one learner's posterior at one moment after the other. Answers
// fade and others come in between, so each moment has its own posterior; it starts
// from the sites that the moment before ended with, and the answers of one cell are
// taken together, which costs a fraction of Posterior and ends at the same
// distribution within 1e-3 of a standard deviation. Not safe for concurrent use.
type Trail struct {
	prior    *Normal // of the cells followed
	position []int   // by cell: its place among those followed, or −1
	sites    map[int]site
	column   []float64
	fresh    []site // of one cell's answers
}

// A sweep that changes no cell by more than this ends the search, and a cell that
// would change less is left as it is: in standard deviations of its mean, and as a
// share of its precision.
const trailTolerance = 5e-4

// NewTrail follows some cells of a prior, which is not changed. Answers can come in
// these cells alone.
func NewTrail(prior *Normal, cells []int) (*Trail, error) {
	if err := prior.check(); err != nil {
		return nil, fmt.Errorf("prior: %w", err)
	}
	t := &Trail{position: make([]int, prior.Dim()), sites: map[int]site{}, column: make([]float64, len(cells))}
	for i := range t.position {
		t.position[i] = -1
	}
	for i, c := range cells {
		if c < 0 || c >= prior.Dim() || t.position[c] >= 0 {
			return nil, fmt.Errorf("cell %d of %d can't be followed, or not twice", c, prior.Dim())
		}
		t.position[c] = i
	}
	t.prior = prior.Marginal(cells)
	return t, nil
}

// At returns the distribution of the cells followed, in their order, given the
// answers by a moment. keys names each answer alike at every moment.
func (t *Trail) At(keys []int, answers []Answer) (*Normal, error) {
	if len(keys) != len(answers) {
		return nil, fmt.Errorf("%d keys for %d answers", len(keys), len(answers))
	}
	byCell := make([][]int, t.prior.Dim())
	for i, a := range answers {
		if err := checkAnswer(a, len(t.position)); err != nil {
			return nil, fmt.Errorf("answer %d: %w", i, err)
		}
		place := t.position[a.Cell]
		if place < 0 {
			return nil, fmt.Errorf("answer %d: cell %d is not followed", i, a.Cell)
		}
		byCell[place] = append(byCell[place], i)
	}
	sites := make([]site, len(answers))
	for i, key := range keys {
		sites[i] = t.sites[key]
	}
	q, ok := t.begin(byCell, answers, sites)
	if !ok { // what weighs now makes no distribution: start from nothing
		clear(sites)
		q = t.prior.clone()
	}
	t.run(q, byCell, answers, sites)
	for i, key := range keys {
		t.sites[key] = sites[i]
	}
	return q, nil
}

// begin multiplies the prior by the sites that are known; false where that is no
// distribution.
func (t *Trail) begin(byCell [][]int, answers []Answer, sites []site) (*Normal, bool) {
	sums := make([]site, len(byCell))
	for place, list := range byCell {
		for _, i := range list {
			sums[place].tau += answers[i].Weight * sites[i].tau
			sums[place].nu += answers[i].Weight * sites[i].nu
		}
	}
	q := t.prior.clone()
	for _, negative := range [2]bool{false, true} {
		for place, s := range sums {
			if s == (site{}) || (s.tau < 0) != negative {
				continue
			}
			if !(1+s.tau*q.Var(place) > minCavity) {
				return nil, false
			}
			q.apply(place, s, t.column)
		}
	}
	return q, true
}

// run sweeps over the cells until nothing moves, as propagation does over answers.
func (t *Trail) run(q *Normal, byCell [][]int, answers []Answer, sites []site) {
	step, last := 1.0, math.Inf(1)
	for range maxSweeps {
		move := 0.0
		for place, list := range byCell {
			if len(list) > 0 {
				move = math.Max(move, t.update(q, place, list, answers, sites, step))
			}
		}
		if move == 0 {
			return
		}
		if move > last {
			step = damping
		}
		last = move
	}
}

// update refreshes the sites of one cell's answers in turn and returns how far that
// moved the cell, 0 where it was left as it is. Each of them changes the cell's own
// marginal, which is all that the next one looks at; the other cells learn of them
// together.
func (t *Trail) update(q *Normal, place int, list []int, answers []Answer, sites []site, step float64) float64 {
	variance := q.Var(place)
	was := site{1 / variance, q.Mean[place] / variance}
	now := was
	t.fresh = t.fresh[:0]
	for _, i := range list {
		fresh := refreshed(&answers[i], sites[i], now, step)
		now.tau += answers[i].Weight * (fresh.tau - sites[i].tau)
		now.nu += answers[i].Weight * (fresh.nu - sites[i].nu)
		t.fresh = append(t.fresh, fresh)
	}
	change := site{now.tau - was.tau, now.nu - was.nu}
	move := math.Max(math.Abs(now.nu/now.tau-q.Mean[place])/math.Sqrt(variance), math.Abs(change.tau)*variance)
	if move < trailTolerance {
		return 0
	}
	for k, i := range list {
		sites[i] = t.fresh[k]
	}
	q.apply(place, change, t.column)
	return move
}

// refreshed is an answer's site given the marginal of its cell; as it was while its
// cavity, or what would come of it, is no distribution.
func refreshed(a *Answer, old, marginal site, step float64) site {
	cavity := site{marginal.tau - a.Weight*old.tau, marginal.nu - a.Weight*old.nu}
	if a.Weight == 0 || !(cavity.tau > minCavity) {
		return old
	}
	mean, variance, ok := tilted(a, cavity.nu/cavity.tau, 1/cavity.tau)
	if !ok {
		return old
	}
	change := site{step * (1/variance - cavity.tau - old.tau), step * (mean/variance - cavity.nu - old.nu)}
	if !(marginal.tau+a.Weight*change.tau > minCavity) {
		return old
	}
	return site{old.tau + change.tau, old.nu + change.nu}
}

// Within writes a composite in the places of the cells followed; false where it has
// a cell that isn't.
func (t *Trail) Within(c Composite) (Composite, bool) {
	places := make([]int, len(c.Cells))
	for i, cell := range c.Cells {
		if places[i] = t.position[cell]; places[i] < 0 {
			return Composite{}, false
		}
	}
	return Composite{Cells: places, Weights: slices.Clone(c.Weights)}, true
}
