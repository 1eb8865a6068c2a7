package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"sextant/internal/measure"
)

// everyHeldOut is the share of learners kept for the check: one in so many.
const everyHeldOut = 5

// MinHeldOut is how many learners a check needs before it says anything.
const MinHeldOut = 10

// ErrTooFew means that there are not enough learners for a check.
var ErrTooFew = errors.New("too few learners to hold any out")

// InUse is what a calibration has to beat. The zero value is what the input's
// priors say of the items and its components of abilities.
type InUse struct {
	Curves     []measure.Curve    // by item of the input
	Components measure.Components // not looked at if the input has a Prior
	// Tested says who may be held out: those whose answers what is in use has not
	// seen. Every second of them is. Nil is anybody, and every fifth.
	Tested func(learner string) bool
}

// HeldOut says how well learners who took no part in a calibration are
// predicted: the mean of −log p over their answers, each given the earlier ones.
// A calibration should go live only if After isn't above Before.
type HeldOut struct {
	Learners, Answers int
	Before, After     float64
}

// HoldOut calibrates without some of the learners, and predicts their answers
// with what is in use and with the result, each as a model would use it: with the
// uncertainty of every item integrated over. It returns ErrTooFew when fewer than
// MinHeldOut can be held out or nobody is left to calibrate from.
func HoldOut(ctx context.Context, in CellsInput, use InUse) (HeldOut, error) {
	all, err := newCellsFit(in)
	if err != nil {
		return HeldOut{}, err
	}
	kept, tested := use.split(all.learners)
	if len(tested) < MinHeldOut || len(kept) == 0 {
		return HeldOut{}, ErrTooFew
	}
	all.restrict(nil) // nothing estimated yet: every item as its prior has it
	before, err := all.predictInUse(tested, use)
	if err != nil {
		return HeldOut{}, err
	}
	all.restrict(kept)
	if err := all.run(ctx); err != nil {
		return HeldOut{}, fmt.Errorf("calibrating without the learners held out: %w", err)
	}
	curves, err := all.finished()
	if err != nil {
		return HeldOut{}, err
	}
	after, err := all.predict(tested, curves, all.prior)
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

// split divides the learners into those to calibrate from and those to predict.
func (u InUse) split(learners []cellLearner) (kept, tested []cellLearner) {
	every := everyHeldOut
	if u.Tested != nil {
		every = 2
	}
	may := 0
	for _, who := range learners {
		if u.Tested == nil || u.Tested(who.name) {
			may++
			if may%every == 0 {
				tested = append(tested, who)
				continue
			}
		}
		kept = append(kept, who)
	}
	return kept, tested
}

// predictInUse predicts with what the calibration has to beat.
func (c *cellsFit) predictInUse(learners []cellLearner, use InUse) (float64, error) {
	curves, prior := use.Curves, c.prior
	if curves == nil {
		var err error
		if curves, err = c.curves(); err != nil {
			return 0, err
		}
	}
	if use.Components != (measure.Components{}) && c.in.Prior == nil {
		prior = func(cells []int) *measure.Normal { return measure.CellPrior(0, use.Components, c.places(cells)) }
	}
	return c.predict(learners, curves, prior)
}

// finished are the curves of the estimates with their errors integrated over.
func (c *cellsFit) finished() ([]measure.Curve, error) {
	curves, err := c.curves()
	if err != nil {
		return nil, err
	}
	failures := make([]error, len(curves))
	parallel(len(curves), func(i int) {
		if !c.newDifficulty(i) {
			return
		}
		sdLogA, sdB := c.errors(i)
		curves[i].Shape, failures[i] = measure.NewShape(c.e.slope[i], sdLogA, sdB)
	})
	return curves, errors.Join(failures...)
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
func (c *cellsFit) predict(learners []cellLearner, curves []measure.Curve, prior func(cells []int) *measure.Normal) (float64, error) {
	sums, failures := make([]float64, len(learners)), make([]error, len(learners))
	parallel(len(learners), func(l int) { sums[l], failures[l] = c.chain(&learners[l], curves, prior(learners[l].cells)) })
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total, errors.Join(failures...)
}

// chain is the sum over one learner.
func (c *cellsFit) chain(who *cellLearner, curves []measure.Curve, prior *measure.Normal) (float64, error) {
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
