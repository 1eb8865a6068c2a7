package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"sextant/internal/measure"
)

// heldOut is the share of learners kept for the check: one in so many.
const heldOut = 5

// HeldOut says how well learners who took no part in a calibration are
// predicted: the mean of −log p over their answers, each given the earlier ones.
// A calibration should go live only if After isn't above Before.
type HeldOut struct {
	Learners, Answers int
	Before, After     float64
}

// HoldOut calibrates on four learners of five and predicts the fifth.
func HoldOut(ctx context.Context, in CellsInput) (HeldOut, error) {
	all, err := newCellsFit(in)
	if err != nil {
		return HeldOut{}, err
	}
	var kept, tested []cellLearner
	for l, who := range all.learners {
		if l%heldOut == heldOut-1 {
			tested = append(tested, who)
		} else {
			kept = append(kept, who)
		}
	}
	if len(tested) == 0 {
		return HeldOut{}, errors.New("too few learners to hold any out")
	}
	all.restrict(nil) // nothing estimated yet: every item as its prior has it
	before, err := all.predict(tested)
	if err != nil {
		return HeldOut{}, err
	}
	all.restrict(kept)
	if err := all.run(ctx); err != nil {
		return HeldOut{}, fmt.Errorf("calibrating without the learners held out: %w", err)
	}
	after, err := all.predict(tested)
	if err != nil {
		return HeldOut{}, err
	}
	h := HeldOut{Learners: len(tested)}
	for _, who := range tested {
		h.Answers += who.last - who.first
	}
	h.Before, h.After = -before/float64(h.Answers), -after/float64(h.Answers)
	return h, nil
}

// restrict calibrates from some of the learners only.
func (c *cellsFit) restrict(learners []cellLearner) {
	c.learners = learners
	c.effects = c.effects[:len(learners)]
	clear(c.n)
	clear(c.right)
	clear(c.byItem)
	for _, who := range learners {
		c.tally(who.first, who.last)
	}
}

// predict sums the log of the chance given to every answer from the learner's
// earlier ones: by the chain rule their log-likelihood.
func (c *cellsFit) predict(learners []cellLearner) (float64, error) {
	curves, err := c.curves()
	if err != nil {
		return 0, err
	}
	sums, failures := make([]float64, len(learners)), make([]error, len(learners))
	parallel(len(learners), func(l int) { sums[l], failures[l] = c.chain(&learners[l], curves) })
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total, errors.Join(failures...)
}

// chain is the sum over one learner.
func (c *cellsFit) chain(who *cellLearner, curves []measure.Curve) (float64, error) {
	prior := c.prior(who.cells)
	var evidence []measure.Answer
	density := make([]float64, len(c.e.nodes))
	sum := 0.0
	for _, a := range c.answers[who.first:who.last] {
		posterior, err := measure.Posterior(prior, evidence)
		if err != nil {
			return 0, err
		}
		a.mean, a.sd = posterior.Mean[a.place], math.Sqrt(posterior.Var(a.place))
		c.density(&a, density)
		p := 0.0
		for q, x := range c.e.nodes {
			p += density[q] * curves[a.item].P(x)
		}
		if !a.right {
			p = 1 - p
		}
		sum += math.Log(max(p, 1e-12))
		evidence = append(evidence, measure.Answer{Cell: a.place, Curve: curves[a.item], Right: a.right, Weight: 1})
	}
	return sum, nil
}
