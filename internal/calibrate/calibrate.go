// Package calibrate estimates item parameters from responses: the one-, two- and
// three-parameter logistic models by marginal maximum likelihood (Bock & Aitkin
// 1981), with standard errors, item fit and scores.
//
// An answer to item i by a person of ability θ is right with probability
//
//	P_i(θ) = c_i + (1 − c_i)·logistic(a_i·θ + d_i),   d_i = −a_i·b_i
//
// with θ ~ N(0, 1) and the lower asymptote c_i fixed. Ability is integrated out on
// equally spaced nodes. Everything is in logits. The same input gives the same
// bits whatever the number of cores.
package calibrate

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// Model is a response model.
type Model string

// The models. OnePL has one slope for all items and traits of variance 1; Rasch
// is the same likelihood told the other way: slopes of 1 and a free variance.
const (
	OnePL   Model = "1pl"
	TwoPL   Model = "2pl"
	ThreePL Model = "3pl"
	Rasch   Model = "rasch"
)

// commonSlope says whether all items share one slope.
func (m Model) commonSlope() bool { return m == OnePL || m == Rasch }

// Normal is a normal distribution.
type Normal struct{ Mean, SD float64 }

// Priors are what is believed of an item before its responses. A prior keeps
// items finite that everybody answered alike, and makes slopes positive.
type Priors struct {
	LogSlope   Normal // of log a
	Difficulty Normal // of b, logits
}

// DefaultPriors are weak: log a ~ N(0, 0.3²), b ~ N(0, 2²).
var DefaultPriors = Priors{LogSlope: Normal{0, 0.3}, Difficulty: Normal{0, 2}}

// The default quadrature: steps of 0.2 over ±6. Coarse Gauss–Hermite quadrature
// is wrong here: with 60 items the likelihood of one person is narrower than the
// gap between 21 such nodes, which loses 19 units of log-likelihood.
const (
	DefaultNodes = 61
	DefaultLimit = 6.0 // logits; covers all but 2e-9 of N(0, 1)
)

// Options say how to estimate. The zero value of a field means its default.
type Options struct {
	Model    Model     // TwoPL by default
	C        []float64 // lower asymptote per item, each in [0, 1); nil is 0. ThreePL only
	Nodes    int       // equally spaced nodes, at least 3
	Limit    float64   // the nodes cover ±Limit
	Priors   *Priors   // nil: none
	MaxIter  int       // evaluations of the likelihood, 1000 by default
	NoErrors bool      // leave out the standard errors
	Fit      bool      // item fit
	Scores   bool      // a score for every row
	// Progress is told every evaluation and the log-likelihood there.
	Progress func(iteration int, loglik float64)
}

// Result is a calibration.
type Result struct {
	Model      Model
	Persons    float64 // rows, counted by their frequencies
	Patterns   int     // distinct rows
	LogLik     float64 // log marginal likelihood; priors are not part of it
	Iterations int     // evaluations of the likelihood and its gradient
	Converged  bool
	Variance   float64 // of the trait: 1, but for Rasch
	Items      []Item
	Scores     []Ability // one per row of the table, when asked for
	Warnings   []string
}

// Parameters is the number of parameters estimated.
func (r *Result) Parameters() int {
	if r.Model.commonSlope() {
		return len(r.Items) + 1
	}
	return 2 * len(r.Items)
}

// Item is what was estimated for one item. Values that can't be had, such as the
// difficulty at slope 0 or an error where the likelihood is flat, are NaN.
type Item struct {
	Name          string
	A, B, C, D    float64 // slope, difficulty, lower asymptote, intercept −a·b
	SEA, SEB, SED float64 // NaN without standard errors; SEA is 0 for Rasch
	N             float64 // answers
	Right         float64 // right answers
	Fit           ItemFit
}

// Ability is the posterior of one row: EAP and SD in units of the trait.
type Ability struct {
	Theta, SD float64
	N         int // items answered
}

// Estimate fits a model to a table. It fails when the options make no sense, or
// when an item has no maximum-likelihood estimate because everybody answered it
// alike: the error names these items.
func Estimate(ctx context.Context, table *Table, options Options) (*Result, error) {
	o, err := options.complete(table)
	if err != nil {
		return nil, err
	}
	data := collapse(table)
	if data.persons == 0 {
		return nil, fmt.Errorf("no persons: the table has no rows, or all have frequency 0")
	}
	if o.Priors == nil {
		if names := constantItems(table, data); len(names) > 0 {
			return nil, &ConstantError{Items: names}
		}
	}
	e := newEngine(data, o)
	m := newMaximiser(e, o)
	if err := m.run(ctx); err != nil {
		return nil, fmt.Errorf("estimating: %w", err)
	}
	return m.result(table), nil
}

// ConstantError names the items that everybody answered alike, or nobody
// answered: their difficulty has no maximum-likelihood estimate.
type ConstantError struct{ Items []string }

func (c *ConstantError) Error() string {
	const most = 5
	names := c.Items
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	return fmt.Sprintf("no difficulty can be estimated for items with no right or no wrong answers (%s%s): leave them out or use priors",
		strings.Join(names, ", "), more)
}

func constantItems(table *Table, data *patterns) []string {
	var names []string
	for i, name := range table.Items {
		if data.right[i] == 0 || data.wrong[i] == 0 {
			names = append(names, name)
		}
	}
	return names
}

// complete checks the options and fills in defaults.
func (o Options) complete(table *Table) (Options, error) {
	if err := table.check(); err != nil {
		return o, err
	}
	if o.Model == "" {
		o.Model = TwoPL
	}
	switch o.Model {
	case OnePL, TwoPL, Rasch:
		if o.C != nil {
			return o, fmt.Errorf("model %s has no lower asymptote; use %s", o.Model, ThreePL)
		}
		o.C = make([]float64, len(table.Items))
	case ThreePL:
		if o.C == nil {
			return o, fmt.Errorf("model %s needs the lower asymptotes: they are never estimated", ThreePL)
		}
	default:
		return o, fmt.Errorf("model %q: use %s, %s, %s or %s", o.Model, OnePL, TwoPL, ThreePL, Rasch)
	}
	if len(o.C) != len(table.Items) {
		return o, fmt.Errorf("%d lower asymptotes for %d items", len(o.C), len(table.Items))
	}
	for i, c := range o.C {
		if !(c >= 0 && c < 1) {
			return o, fmt.Errorf("item %s: lower asymptote %v outside [0, 1)", table.Items[i], c)
		}
	}
	return o.completeNumbers()
}

// Bounds of what is worth computing.
const (
	minNodes, maxNodes = 3, 20001
	maxLimit           = 40.0
)

func (o Options) completeNumbers() (Options, error) {
	if o.Nodes == 0 {
		o.Nodes = DefaultNodes
	}
	if o.Nodes < minNodes || o.Nodes > maxNodes {
		return o, fmt.Errorf("%d nodes: use %d to %d", o.Nodes, minNodes, maxNodes)
	}
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if !(o.Limit > 0 && o.Limit <= maxLimit) {
		return o, fmt.Errorf("limit %v: use a number above 0 up to %v", o.Limit, maxLimit)
	}
	if o.MaxIter == 0 {
		o.MaxIter = 1000
	}
	if o.MaxIter < 0 {
		return o, fmt.Errorf("%d iterations: must be positive", o.MaxIter)
	}
	if p := o.Priors; p != nil {
		for _, n := range []Normal{p.LogSlope, p.Difficulty} {
			if !(n.SD > 0) || math.IsInf(n.SD, 0) || math.IsNaN(n.Mean) || math.IsInf(n.Mean, 0) {
				return o, fmt.Errorf("prior of mean %v and SD %v: must be finite, SD positive", n.Mean, n.SD)
			}
		}
	}
	return o, nil
}
