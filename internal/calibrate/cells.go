package calibrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"sextant/internal/measure"
)

// Response is one graded answer of a learner.
type Response struct {
	Learner, Item string
	Right         bool
	At            time.Time
	Took          time.Duration // 0 when not known
	// Exposure is a meeting that isn't estimated from, such as a question left blank
	// whose key was shown afterwards: what is answered later is no first answer.
	Exposure bool
}

// CellItem is an item before its responses.
type CellItem struct {
	ID         string
	Cell       int     // index of its cell
	C          float64 // lower asymptote, in [0, 1); never estimated
	Difficulty Normal  // of b in logits: the author's label
	LogSlope   Normal
}

// How many responses an item needs, and how much wider errors are stated than
// they come out: without it intervals of simulated items cover too little.
const (
	MinDifficultyResponses = 30
	MinSlopeResponses      = 200
	ErrorInflation         = 1.1
)

// DefaultPseudoLearners is how many learners who differ as the starting components
// say, and whose answers tell as much as those of a real one, pull the components
// towards where they started: with so many real learners the estimate lies half way.
const DefaultPseudoLearners = 200

// DefaultRapid is the time below which an answer counts as a guess without
// reading.
const DefaultRapid = 3 * time.Second

// CellsInput is a calibration of items that sit in cells of skill × platform.
// Zero numbers mean their defaults.
type CellsInput struct {
	Items     []CellItem
	Responses []Response

	// Abilities are normal over Cells with these components, which are
	// re-estimated; or else over Prior, which is taken as it is.
	Cells      []measure.Cell
	Components measure.Components // measure.DefaultComponents
	Prior      *measure.Normal

	PseudoLearners          float64       // see DefaultPseudoLearners; negative is none, nor any understating
	MinDifficulty, MinSlope int           // responses, see above
	Rapid                   time.Duration // DefaultRapid; negative keeps all answers
	MaxIter                 int           // 100
	// Progress is told every iteration and the largest move of a parameter.
	Progress func(iteration int, move float64)
}

// Excluded counts the answers that were left out, by reason.
type Excluded struct {
	Repeats int // not the learner's first answer to the item
	Rapid   int // quicker than reading takes
	Unknown int // of an item that isn't calibrated
}

// CellEstimate is what is known of an item after its responses.
type CellEstimate struct {
	ID                      string
	N, Right                int
	A, B                    float64 // logits
	SDLogA, SDB             float64 // inflated where estimated; the prior's where not
	NewSlope, NewDifficulty bool    // estimated from responses
}

// CellsResult is a calibration of items in cells.
type CellsResult struct {
	Learners, Responses int
	Excluded            Excluded
	// LogLik is the log-likelihood of every answer given the learner's earlier
	// ones, at the estimates.
	LogLik     float64
	Iterations int
	Converged  bool
	Components measure.Components // as given if Prior was
	Items      []CellEstimate     // in the order of the input
}

// ErrNoAnswers means that there is nothing to calibrate from.
var ErrNoAnswers = errors.New("no answers to calibrate from")

// Cells calibrates items from the answers of learners who differ in many cells
// at once: expectation–maximisation in which the E-step is the posterior of
// measure.Posterior, learner by learner, and the M-step maximises each item's
// expected log-likelihood plus its priors. Slopes and difficulties with too few
// responses stay at their priors' means, and the uncertainty of items without any
// estimate is integrated over. The components of ability follow by empirical
// Bayes, pulled towards where they started and understating what cells share. Only
// a learner's first answer to an item counts.
func Cells(ctx context.Context, in CellsInput) (*CellsResult, error) {
	c, err := newCellsFit(in)
	if err != nil {
		return nil, err
	}
	if err := c.run(ctx); err != nil {
		return nil, fmt.Errorf("calibrating: %w", err)
	}
	return c.result()
}

// cellsFit is the state of one calibration.
type cellsFit struct {
	in       CellsInput
	excluded Excluded
	learners []cellLearner
	answers  []cellAnswer // learner after learner
	byItem   [][]int      // answers per item

	e          *engine // holds the items' expected counts; its abilities are not used
	n, right   []int
	components measure.Components
	free       measure.Components // as the answers alone would have them
	damping    float64            // share of Fisher's step that is taken; see damped
	lastStep   float64            // length of the last of these steps
	effects    []effectSums       // per learner
	estimating bool               // items, not only the components
	cold       map[shapeKey]*measure.Shape
	iterations int
	converged  bool
}

// shapeKey tells shapes apart by what they integrate over.
type shapeKey struct{ slope, sdLogA, sdB float64 }

type cellLearner struct {
	name        string
	first, last int   // its answers
	cells       []int // distinct
}

type cellAnswer struct {
	item, place int // place of the item's cell among the learner's
	right       bool
	mean, sd    float64 // posterior of the cell's ability
}

// Convergence of the iteration: no parameter moves further.
const cellsTolerance = 2e-4

func newCellsFit(in CellsInput) (*cellsFit, error) {
	if err := in.complete(); err != nil {
		return nil, err
	}
	c := &cellsFit{in: in, components: in.Components, free: in.Components, cold: map[shapeKey]*measure.Shape{}}
	n := len(in.Items)
	c.n, c.right, c.byItem = make([]int, n), make([]int, n), make([][]int, n)
	c.arrange()
	if len(c.answers) == 0 {
		return nil, fmt.Errorf("%w: %+v left out", ErrNoAnswers, c.excluded)
	}
	k := DefaultNodes
	c.e = &engine{
		c: make([]float64, n), slope: make([]float64, n), intercept: make([]float64, n), nodes: make([]float64, k),
		logRight: make([]float64, n*k), logWrong: make([]float64, n*k), know: make([]float64, n*k),
		right: make([]float64, n*k), wrong: make([]float64, n*k),
	}
	for q := range c.e.nodes {
		c.e.nodes[q] = DefaultLimit * float64(2*q-(k-1)) / float64(k-1)
	}
	for i, it := range in.Items {
		c.e.c[i] = it.C
		c.e.slope[i] = math.Exp(it.LogSlope.Mean)
		c.e.intercept[i] = -c.e.slope[i] * it.Difficulty.Mean
	}
	c.effects = make([]effectSums, len(c.learners))
	return c, nil
}

// complete checks the input and fills in defaults.
func (in *CellsInput) complete() error {
	cells := len(in.Cells)
	if in.Prior != nil {
		cells = in.Prior.Dim()
	}
	if in.Components == (measure.Components{}) {
		in.Components = measure.DefaultComponents
	}
	seen := map[string]bool{}
	for _, it := range in.Items {
		switch {
		case seen[it.ID]:
			return fmt.Errorf("item %s occurs twice", it.ID)
		case it.Cell < 0 || it.Cell >= cells:
			return fmt.Errorf("item %s: cell %d of %d", it.ID, it.Cell, cells)
		case !(it.C >= 0 && it.C < 1):
			return fmt.Errorf("item %s: lower asymptote %v outside [0, 1)", it.ID, it.C)
		case !(it.Difficulty.SD > 0) || !(it.LogSlope.SD > 0) || math.IsNaN(it.Difficulty.Mean+it.LogSlope.Mean):
			return fmt.Errorf("item %s: priors %v and %v need positive SDs", it.ID, it.Difficulty, it.LogSlope)
		}
		seen[it.ID] = true
	}
	if in.MinDifficulty == 0 {
		in.MinDifficulty = MinDifficultyResponses
	}
	if in.MinSlope == 0 {
		in.MinSlope = MinSlopeResponses
	}
	if in.PseudoLearners == 0 {
		in.PseudoLearners = DefaultPseudoLearners
	}
	if in.Rapid == 0 {
		in.Rapid = DefaultRapid
	}
	if in.MaxIter == 0 {
		in.MaxIter = 100
	}
	return nil
}

// arrange sorts the answers by learner and time and leaves out what doesn't
// measure.
func (c *cellsFit) arrange() {
	itemAt := map[string]int{}
	for i, it := range c.in.Items {
		itemAt[it.ID] = i
	}
	list := slices.Clone(c.in.Responses)
	slices.SortStableFunc(list, func(a, b Response) int {
		return cmp.Or(cmp.Compare(a.Learner, b.Learner), a.At.Compare(b.At))
	})
	var seen map[int]bool
	for k, r := range list {
		if k == 0 || r.Learner != list[k-1].Learner {
			if k > 0 {
				c.endLearner(list[k-1].Learner)
			}
			seen = map[int]bool{}
		}
		item, known := itemAt[r.Item]
		switch {
		case !known:
			c.excluded.Unknown++
		case r.Exposure:
			seen[item] = true
		case seen[item]:
			c.excluded.Repeats++
		case r.Took > 0 && r.Took < c.in.Rapid:
			c.excluded.Rapid++
			seen[item] = true // it has been seen, though not read
		default:
			seen[item] = true
			c.answers = append(c.answers, cellAnswer{item: item, right: r.Right})
		}
	}
	if len(list) > 0 {
		c.endLearner(list[len(list)-1].Learner)
	}
	c.tally(0, len(c.answers))
}

// tally counts answers first … last−1 by item.
func (c *cellsFit) tally(first, last int) {
	for k := first; k < last; k++ {
		a := c.answers[k]
		c.byItem[a.item] = append(c.byItem[a.item], k)
		c.n[a.item]++
		if a.right {
			c.right[a.item]++
		}
	}
}

// endLearner makes a learner of the answers since the last one.
func (c *cellsFit) endLearner(name string) {
	l := cellLearner{name: name, last: len(c.answers)}
	if n := len(c.learners); n > 0 {
		l.first = c.learners[n-1].last
	}
	if l.first == l.last {
		return
	}
	for k := l.first; k < l.last; k++ {
		cell := c.in.Items[c.answers[k].item].Cell
		place := slices.Index(l.cells, cell)
		if place < 0 {
			place = len(l.cells)
			l.cells = append(l.cells, cell)
		}
		c.answers[k].place = place
	}
	c.learners = append(c.learners, l)
}

func (c *cellsFit) newDifficulty(i int) bool { return c.n[i] >= c.in.MinDifficulty }
func (c *cellsFit) newSlope(i int) bool      { return c.newDifficulty(i) && c.n[i] >= c.in.MinSlope }

func (c *cellsFit) run(ctx context.Context) error {
	c.estimating = slices.Max(c.n) >= c.in.MinDifficulty
	for c.iterations < c.in.MaxIter && !c.converged {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.iterations++
		if err := c.expect(); err != nil {
			return err
		}
		moves := make([]float64, len(c.in.Items))
		parallel(len(moves), func(i int) { moves[i] = c.improve(i) })
		move := max(slices.Max(moves), c.spread())
		c.converged = move < cellsTolerance
		if c.in.Progress != nil {
			c.in.Progress(c.iterations, move)
		}
	}
	return nil
}

// curve is an item's answer curve as the E-step sees it.
func (c *cellsFit) curve(i int) (measure.Curve, error) {
	it := c.in.Items[i]
	key := shapeKey{slope: c.e.slope[i]}
	if !c.newDifficulty(i) {
		key.sdLogA, key.sdB = it.LogSlope.SD, it.Difficulty.SD
	}
	shape := c.cold[key]
	if shape == nil {
		var err error
		if shape, err = measure.NewShape(key.slope, key.sdLogA, key.sdB); err != nil {
			return measure.Curve{}, fmt.Errorf("item %s: %w", it.ID, err)
		}
		if !c.newDifficulty(i) {
			c.cold[key] = shape
		}
	}
	return measure.Curve{Shape: shape, B: -c.e.intercept[i] / c.e.slope[i], C: it.C}, nil
}

func (c *cellsFit) curves() ([]measure.Curve, error) {
	list := make([]measure.Curve, len(c.in.Items))
	for i := range list {
		var err error
		if list[i], err = c.curve(i); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// expect runs the E-step: every learner's posterior and, from these, the
// expected right and wrong answers of every item at the nodes.
func (c *cellsFit) expect() error {
	curves, err := c.curves()
	if err != nil {
		return err
	}
	const learnersATask = 16
	failures := make([]error, len(c.learners))
	parallel((len(c.learners)+learnersATask-1)/learnersATask, func(task int) {
		for l := task * learnersATask; l < min(len(c.learners), (task+1)*learnersATask); l++ {
			failures[l] = c.learner(l, curves)
		}
	})
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	if c.estimating {
		parallel(len(c.in.Items), c.count)
	}
	return nil
}

// learner computes one posterior over the cells the learner has answers in.
func (c *cellsFit) learner(l int, curves []measure.Curve) error {
	who := &c.learners[l]
	answers := c.answers[who.first:who.last]
	evidence := make([]measure.Answer, len(answers))
	for k, a := range answers {
		evidence[k] = measure.Answer{Cell: a.place, Curve: curves[a.item], Right: a.right, Weight: 1}
	}
	if c.in.Prior == nil {
		// The components that the answers alone make likeliest are climbed towards
		// from where they are, not from those pooled with the start.
		prior := measure.CellPrior(0, c.free, c.places(who.cells))
		posterior, err := measure.Posterior(prior, evidence)
		if err != nil {
			return err
		}
		c.effects[l] = c.sumEffects(who.cells, prior, posterior)
	}
	if !c.estimating {
		return nil
	}
	posterior, err := measure.Posterior(c.prior(who.cells), evidence)
	if err != nil {
		return err
	}
	for k := range answers {
		at := answers[k].place
		answers[k].mean, answers[k].sd = posterior.Mean[at], math.Sqrt(posterior.Var(at))
	}
	return nil
}

func (c *cellsFit) prior(cells []int) *measure.Normal {
	if c.in.Prior != nil {
		return c.in.Prior.Marginal(cells)
	}
	return measure.CellPrior(0, c.components, c.places(cells))
}

func (c *cellsFit) places(cells []int) []measure.Cell {
	places := make([]measure.Cell, len(cells))
	for k, cell := range cells {
		places[k] = c.in.Cells[cell]
	}
	return places
}

// count spreads the answers to one item over the nodes. The Gaussian posterior
// serves as well as the tilted one: on simulated banks their estimates of b agree
// to .001 in RMSE.
func (c *cellsFit) count(i int) {
	if !c.newDifficulty(i) {
		return // nothing will be estimated
	}
	right, wrong := c.e.of(c.e.right, i), c.e.of(c.e.wrong, i)
	clear(right)
	clear(wrong)
	density := make([]float64, len(c.e.nodes))
	for _, k := range c.byItem[i] {
		a := &c.answers[k]
		c.density(a, density)
		if a.right {
			add(right, density)
		} else {
			add(wrong, density)
		}
	}
}

// density is the posterior of the ability behind an answer, at the nodes.
func (c *cellsFit) density(a *cellAnswer, dst []float64) {
	total := 0.0
	for q, x := range c.e.nodes {
		z := (x - a.mean) / a.sd
		dst[q] = math.Exp(-z * z / 2)
		total += dst[q]
	}
	for q := range dst {
		dst[q] /= max(total, math.SmallestNonzeroFloat64)
	}
}

// scoringSteps of Fisher's method climb far enough for one M-step.
const scoringSteps = 3

// improve runs the M-step of one item and returns how far it moved in b or log a.
func (c *cellsFit) improve(i int) float64 {
	if !c.newDifficulty(i) {
		return 0
	}
	e, it := c.e, c.in.Items[i]
	a0, b0 := e.slope[i], -e.intercept[i]/e.slope[i]
	for range scoringSteps {
		e.curve(i)
		a, d := e.slope[i], e.intercept[i]
		ga, gd := e.gradient(i)
		info := e.completeInformation(i).plus(difficultyPriorStep(it.Difficulty, a, d))
		_, pa, pd, _ := difficultyPrior(it.Difficulty, a, d)
		_, sa, _ := slopePrior(it.LogSlope, a)
		info.aa += 1 / (it.LogSlope.SD * it.LogSlope.SD * a * a)
		ga, gd = ga+pa+sa, gd+pd
		if !c.newSlope(i) {
			e.intercept[i] = limit(d+limit(gd/info.dd, 1), maxIntercept)
			continue
		}
		det := max(info.aa*info.dd-info.ad*info.ad, 1e-10*info.aa*info.dd)
		e.slope[i] = min(max(a+limit((info.dd*ga-info.ad*gd)/det, a/2), minSlope), maxSlope)
		e.intercept[i] = limit(d+limit((info.aa*gd-info.ad*ga)/det, 1), maxIntercept)
	}
	return max(math.Abs(-e.intercept[i]/e.slope[i]-b0), math.Abs(math.Log(e.slope[i]/a0)))
}

// limit keeps v within ±most.
func limit(v, most float64) float64 { return min(max(v, -most), most) }

// errors returns the SDs of log a and b of an item by Louis's identity, other
// items' errors left out; estimated ones are inflated.
func (c *cellsFit) errors(i int) (sdLogA, sdB float64) {
	it := c.in.Items[i]
	if !c.newDifficulty(i) {
		return it.LogSlope.SD, it.Difficulty.SD
	}
	e := c.e
	e.curve(i)
	a, d := e.slope[i], e.intercept[i]
	h := e.completeHessian(i)
	_, _, _, prior := difficultyPrior(it.Difficulty, a, d)
	_, _, slope := slopePrior(it.LogSlope, a)
	h = h.plus(prior)
	h.aa += slope
	density := make([]float64, len(e.nodes))
	for _, k := range c.byItem[i] {
		c.density(&c.answers[k], density)
		h = h.plus(c.scoreSpread(i, c.answers[k].right, density))
	}
	det := h.aa*h.dd - h.ad*h.ad
	v := block2{h.dd / det, -h.ad / det, h.aa / det}
	b := -d / a
	// The error of b includes that of the slope, also where the slope stays put.
	sdLogA, sdB = ErrorInflation*math.Sqrt(v.aa)/a, ErrorInflation*math.Sqrt(v.dd+b*b*v.aa+2*b*v.ad)/a
	if !c.newSlope(i) {
		sdLogA = it.LogSlope.SD
	}
	return sdLogA, sdB
}

// scoreSpread is minus the covariance of one answer's score under its ability's
// posterior.
func (c *cellsFit) scoreSpread(i int, right bool, density []float64) block2 {
	var a, d float64
	var s block2
	for q, x := range c.e.nodes {
		u, wrong, _, _ := c.e.derivatives(i, q)
		if !right {
			u = wrong
		}
		w := density[q]
		a += w * u * x
		d += w * u
		s.aa -= w * u * u * x * x
		s.ad -= w * u * u * x
		s.dd -= w * u * u
	}
	return s.plus(block2{a * a, a * d, d * d})
}

func (c *cellsFit) result() (*CellsResult, error) {
	curves, err := c.curves()
	if err != nil {
		return nil, err
	}
	loss, err := c.predict(c.learners, curves, c.prior)
	if err != nil {
		return nil, err
	}
	r := &CellsResult{
		LogLik:   loss,
		Learners: len(c.learners), Responses: len(c.answers), Excluded: c.excluded,
		Iterations: c.iterations, Converged: c.converged, Components: c.components,
	}
	for i, it := range c.in.Items {
		sdLogA, sdB := c.errors(i)
		r.Items = append(r.Items, CellEstimate{
			ID: it.ID, N: c.n[i], Right: c.right[i],
			A: c.e.slope[i], B: -c.e.intercept[i] / c.e.slope[i], SDLogA: sdLogA, SDB: sdB,
			NewSlope: c.newSlope(i), NewDifficulty: c.newDifficulty(i),
		})
	}
	return r, nil
}
