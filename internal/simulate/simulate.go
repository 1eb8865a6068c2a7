// Package simulate plays learners whose abilities are known, drawn from right
// and wrong models, through the real bank, the product's own choice of questions
// and its own posterior, and says how often its claims hold.
package simulate

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
	"sextant/internal/readiness"
)

// Options is what to simulate.
type Options struct {
	Exams    []exam.Code // what the sittings are about; with Fit, none means every exam offered
	Fit      bool        // "which fits me?"
	Items    int         // questions in a sitting at most, > 0
	Whole    bool        // ask all of them, whatever the answers have settled
	Learners int         // > 0
	Seed     uint64
	Selector Selector
	Truth    Truth
	// Elapsed reads a running clock, for the times per selection and update; nil
	// leaves them out. Nothing else in the result depends on it.
	Elapsed func() time.Duration
	// Progress, if not nil, hears from time to time how many learners are done.
	Progress func(done int)
}

// Selector says who chooses the questions.
type Selector string

// The selectors. Only the first stops early.
const (
	Adaptive  Selector = "adaptive"  // the product's own
	Random    Selector = "random"    // any eligible question, each equally likely
	Blueprint Selector = "blueprint" // any question of the domain that lags its share most
)

// round is how many learners sit at the same time: each sees how often questions
// were served to those of earlier rounds. It is fixed, so that the outcome
// doesn't depend on the number of processors.
const round = 64

// Sitting times: answers a minute apart in one sitting, or spread evenly over the
// weeks of practice of somebody who learns.
var start = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

const pace = time.Minute

// Run simulates. The same options give the same result but for the times, on any
// number of processors.
func Run(ctx context.Context, m *readiness.Model, opts Options) (_ *Result, err error) {
	defer fault.Op(&err, "simulating")
	w, sittings, err := playEverybody(ctx, m, opts)
	if err != nil {
		return nil, err
	}
	bounds, err := m.ExposureBounds(opts.plan())
	if err != nil {
		return nil, err
	}
	return w.summarise(opts, sittings, bounds), nil
}

func playEverybody(ctx context.Context, m *readiness.Model, opts Options) (*world, []sitting, error) {
	exams, err := chosen(m, opts)
	if err != nil {
		return nil, nil, err
	}
	w := newWorld(m, exams)
	sittings := make([]sitting, opts.Learners)
	served := map[exam.QuestionID]int{}
	for from := 0; from < opts.Learners; from += round {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		now := sittings[from:min(from+round, opts.Learners)]
		if err := w.playAll(opts, from, now, served); err != nil {
			return nil, nil, err
		}
		for i := range now {
			for _, at := range now[i].asked {
				served[w.items[at].ID]++
			}
		}
		if opts.Progress != nil {
			opts.Progress(from + len(now))
		}
	}
	return w, sittings, nil
}

func (o Options) plan() readiness.Plan {
	return readiness.Plan{Targets: o.Exams, Fit: o.Fit, Length: o.Items, Whole: o.Whole}
}

func chosen(m *readiness.Model, opts Options) ([]readiness.ExamScale, error) {
	if opts.Items <= 0 || opts.Learners <= 0 {
		return nil, fault.Invalid("give at least one item and one learner")
	}
	if !slices.Contains([]Selector{Adaptive, Random, Blueprint}, opts.Selector) {
		return nil, fault.Invalid("selector %q: use adaptive, random or blueprint", opts.Selector)
	}
	var exams []readiness.ExamScale
	for _, e := range m.Exams() {
		named := slices.Contains(opts.Exams, e.Code)
		if named && !e.Offered {
			return nil, fault.Invalid("the bank holds too few questions to measure %s: every domain needs %d", e.Code, readiness.MinPerDomain)
		}
		if named || opts.Fit && len(opts.Exams) == 0 && e.Offered {
			exams = append(exams, e)
		}
	}
	for _, code := range opts.Exams {
		if !slices.ContainsFunc(exams, func(e readiness.ExamScale) bool { return e.Code == code }) {
			return nil, fault.NotFound("there is no exam %s in the catalogue", code)
		}
	}
	if len(exams) == 0 {
		return nil, fault.Invalid("choose at least one exam")
	}
	return exams, nil
}

// playAll plays the learners from first on, one per processor at a time.
func (w *world) playAll(opts Options, first int, sittings []sitting, served map[exam.QuestionID]int) error {
	workers := min(runtime.GOMAXPROCS(0), len(sittings))
	errs := make([]error, len(sittings))
	next := make(chan int, len(sittings))
	for i := range sittings {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				sittings[i], errs[i] = w.play(opts, first+i, served)
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("learner %d: %w", first+i, err)
		}
	}
	return nil
}

// sitting is what one learner's sitting came to.
type sitting struct {
	asked          []int // items in order
	right          []bool
	domains        []estimate
	exams          []verdict
	choose, update []time.Duration
}

// estimate compares what is claimed of a composite with the truth.
type estimate struct {
	mean, sd, truth    float64 // logits
	percent, low, high float64 // claimed expected percent right
	expected           float64 // true expected percent right
	shown              bool    // by the report pages
}

func (e *estimate) covered() bool {
	return abs(e.truth-e.mean) <= measure.IntervalZ*e.sd
}

// verdict compares what is claimed of an exam with what happened.
type verdict struct {
	estimate
	pass   float64 // claimed probability, not capped
	passed bool    // the hidden real exam
	margin float64 // true distance from the cut
}

// play leads one learner through a sitting.
func (w *world) play(opts Options, index int, served map[exam.QuestionID]int) (sitting, error) {
	l := w.newLearner(opts.Truth, opts.Seed, index)
	end := start.Add(pace * time.Duration(opts.Items))
	gap := pace
	if opts.Truth.Learning != 0 {
		end = start.AddDate(0, 0, 7*LearningWeeks)
		gap = end.Sub(start) / time.Duration(opts.Items)
	}
	c := w.newChooser(opts, served, stream(opts.Seed, index, streamChoice))
	var s sitting
	var responses []exam.Response
	memory := &readiness.Memory{}
	for {
		// The middle of its share of the time, so that answers are spread evenly.
		now := start.Add(gap*time.Duration(len(responses)) + gap/2)
		if opts.Selector == Adaptive && opts.Elapsed != nil {
			from := opts.Elapsed()
			if _, err := w.model.Posterior(memory, responses, now); err != nil {
				return s, err
			}
			if len(responses) > 0 {
				s.update = append(s.update, opts.Elapsed()-from)
			}
		}
		from := elapsed(opts)
		at, err := c.next(memory, responses, now)
		if err != nil {
			return s, err
		}
		if at < 0 {
			break
		}
		s.choose = append(s.choose, elapsed(opts)-from)
		s.asked = append(s.asked, at)
		r := exam.Response{Question: w.items[at].ID, Outcome: l.answer(w, at, end.Sub(now)), At: now}
		s.right = append(s.right, r.Outcome == exam.Right)
		responses = append(responses, r)
	}
	return s, w.judge(&s, l, responses, end, stream(opts.Seed, index, streamExam))
}

func elapsed(opts Options) time.Duration {
	if opts.Elapsed == nil {
		return 0
	}
	return opts.Elapsed()
}

// judge sets the product's report beside the truth.
func (w *world) judge(s *sitting, l *learner, responses []exam.Response, now time.Time, rng *rand.Rand) error {
	codes := make([]exam.Code, len(w.exams))
	for i := range w.exams {
		codes[i] = w.exams[i].scale.Code
	}
	report, err := w.model.Report(responses, now, codes)
	if err != nil {
		return err
	}
	posterior, err := w.model.Posterior(nil, responses, now)
	if err != nil {
		return err
	}
	for i := range w.exams {
		e := &w.exams[i]
		r, _ := report.Exam(e.scale.Code)
		for d := range e.scale.Domains {
			one := l.estimate(posterior, e, e.scale.Domains[d].Composite, r.Domains[d].Interval)
			one.shown = r.Domains[d].Shown
			s.domains = append(s.domains, one)
		}
		s.exams = append(s.exams, verdict{
			estimate: l.estimate(posterior, e, e.scale.Overall.Composite, r.Overall),
			pass:     r.PassRaw, passed: l.passes(e, rng), margin: l.margin(e),
		})
	}
	return nil
}

func (l *learner) estimate(posterior *measure.Normal, e *examWorld, c measure.Composite, shown readiness.Interval) estimate {
	mean, variance := posterior.Moments(c)
	return estimate{
		mean: mean, sd: sqrt(variance), truth: composite(c, l.ability),
		percent: shown.Estimate, low: shown.Low, high: shown.High,
		expected: 100 * l.expected(e, c),
	}
}

// chooser picks the questions of one sitting.
type chooser struct {
	w       *world
	opts    Options
	plan    readiness.Plan
	history readiness.History
	rng     *rand.Rand
	asked   []bool
	quotas  [][]measure.Quota // by exam and domain
}

func (w *world) newChooser(opts Options, served map[exam.QuestionID]int, rng *rand.Rand) *chooser {
	c := &chooser{
		w: w, opts: opts, rng: rng,
		plan:    opts.plan(),
		history: readiness.History{Served: served},
		asked:   make([]bool, len(w.items)),
	}
	for i := range w.exams {
		var quotas []measure.Quota
		for _, weight := range w.exams[i].scale.Form.Weights {
			quotas = append(quotas, measure.Quota{Share: weight / float64(len(w.exams))})
		}
		c.quotas = append(c.quotas, quotas)
	}
	return c
}

// next returns the next item, or −1 at the end.
func (c *chooser) next(memory *readiness.Memory, responses []exam.Response, now time.Time) (int, error) {
	if c.opts.Selector == Adaptive {
		c.history.Current = responses
		step, err := c.w.model.NextFrom(memory, c.plan, c.history, now, c.rng)
		if err != nil || step.Stop {
			return -1, err
		}
		at, ok := c.w.model.ItemIndex(step.Question)
		if !ok {
			return -1, fmt.Errorf("the model chose %s, which it doesn't hold", step.Question)
		}
		return at, nil
	}
	if len(responses) >= c.opts.Items {
		return -1, nil
	}
	at := c.among(c.due(len(responses)))
	if at >= 0 {
		c.asked[at] = true
		for e := range c.w.exams {
			if d := c.w.exams[e].domainOf[at]; d >= 0 {
				c.quotas[e][d].Had++
			}
		}
	}
	return at, nil
}

// due lists the domains to choose from in the order of preference: each a set of
// items, the last all of them.
func (c *chooser) due(asked int) []func(int) bool {
	examined := func(i int) bool {
		return slices.ContainsFunc(c.w.exams, func(e examWorld) bool { return e.domainOf[i] >= 0 })
	}
	if c.opts.Selector == Random {
		return []func(int) bool{examined}
	}
	type place struct{ exam, domain int }
	var places []place
	for e := range c.quotas {
		for d := range c.quotas[e] {
			places = append(places, place{e, d})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Compare(c.quotas[b.exam][b.domain].Deficit(asked), c.quotas[a.exam][a.domain].Deficit(asked))
	})
	var sets []func(int) bool
	for _, p := range places {
		sets = append(sets, func(i int) bool { return c.w.exams[p.exam].domainOf[i] == p.domain })
	}
	return append(sets, examined)
}

// among draws from the first set that has an item left.
func (c *chooser) among(sets []func(int) bool) int {
	for _, within := range sets {
		chosen, n := -1, 0
		for i := range c.asked {
			if c.asked[i] || !within(i) {
				continue
			}
			n++
			if c.rng.IntN(n) == 0 {
				chosen = i
			}
		}
		if chosen >= 0 {
			return chosen
		}
	}
	return -1
}
