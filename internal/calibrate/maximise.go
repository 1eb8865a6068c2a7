package calibrate

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// The maximiser climbs the marginal likelihood by quasi-Newton steps whose first
// guess of the curvature is EM's own: the information of the complete data, item
// by item. Alone that is the EM gradient algorithm (Lange 1995), fast in every
// direction but the shift and the stretch of the whole scale; limited-memory BFGS
// updates learn those two within a few steps (quasi-Newton acceleration of EM:
// Jamshidian & Jennrich 1997). Every step costs one E-step and none is downhill.
const (
	memory = 20 // pairs kept
	// decrement is gradient × step, about twice what is left to climb, at which
	// the climb ends: parameters are then within 1e-6 standard errors.
	decrement = 1e-12
	// rounding is the relative error of a log-likelihood.
	rounding    = 1e-13
	sufficient  = 1e-4 // share of the promised gain a step must deliver
	maxHalvings = 40

	maxSlopeStep     = 1.0
	maxInterceptStep = 2.0
)

// Bounds of the parameters. Where the likelihood rises without end, as with few
// persons and steep items, estimates stay here and a warning says so.
const (
	maxSlope     = 30.0
	minSlope     = 1e-3 // with priors, which need a positive slope
	maxIntercept = 100.0
)

type maximiser struct {
	e *engine
	o Options

	x, gradient []float64
	info        []block2 // per item, complete data and priors
	value       float64  // log-likelihood plus log priors
	logLik      float64
	evaluations int
	converged   bool

	steps, changes [][]float64 // of parameters, and of minus the gradient
	curvature      []float64   // their inner products
}

func newMaximiser(e *engine, o Options) *maximiser {
	n := 2 * e.data.items
	if o.Model.commonSlope() {
		n = e.data.items + 1
	}
	m := &maximiser{e: e, o: o, x: make([]float64, n), gradient: make([]float64, n), info: make([]block2, e.data.items)}
	m.start()
	return m
}

// at returns where an item's slope and intercept are among the parameters.
func (m *maximiser) at(i int) (slope, intercept int) {
	if m.o.Model.commonSlope() {
		return 0, 1 + i
	}
	return 2 * i, 2*i + 1
}

func (m *maximiser) isSlope(j int) bool {
	if m.o.Model.commonSlope() {
		return j == 0
	}
	return j%2 == 0
}

// start guesses slopes of 1, or the prior's, and intercepts from the shares of
// right answers.
func (m *maximiser) start() {
	slope := 1.0
	if m.o.Priors != nil {
		slope = min(max(math.Exp(m.o.Priors.LogSlope.Mean), minSlope), maxSlope)
	}
	// A logistic of slope a over N(0, 1) is about one of slope 1 with the argument
	// shrunk by √(1 + 0.346·a²).
	stretch := math.Sqrt(1 + 0.346*slope*slope)
	for i := range m.e.data.items {
		a, d := m.at(i)
		p := (m.e.data.right[i] + 0.5) / (m.e.data.right[i] + m.e.data.wrong[i] + 1)
		p = min(max((p-m.e.c[i])/(1-m.e.c[i]), 0.02), 0.98)
		m.x[a] = slope
		m.x[d] = stretch * math.Log(p/(1-p))
	}
}

// evaluate sets value, gradient and info at x.
func (m *maximiser) evaluate(x []float64) {
	e := m.e
	for i := range e.data.items {
		a, d := m.at(i)
		e.slope[i], e.intercept[i] = x[a], x[d]
	}
	m.logLik = e.evaluate()
	m.value = m.logLik
	m.evaluations++
	clear(m.gradient)
	gradients := make([][2]float64, e.data.items)
	parallel(e.bundles.count(), func(g int) {
		first, last := e.itemsOf(g)
		for i := first; i < last; i++ {
			gradients[i][0], gradients[i][1] = e.gradient(i)
			m.info[i] = e.completeInformation(i)
		}
	})
	for i := range gradients {
		a, d := m.at(i)
		m.gradient[a] += gradients[i][0]
		m.gradient[d] += gradients[i][1]
	}
	m.addPriors(x)
	if m.o.Progress != nil {
		m.o.Progress(m.evaluations, m.logLik)
	}
}

func (m *maximiser) addPriors(x []float64) {
	p := m.o.Priors
	if p == nil {
		return
	}
	for i := range m.info {
		a, d := m.at(i)
		if !m.o.Model.commonSlope() || i == 0 {
			f, g, _ := slopePrior(p.LogSlope, x[a])
			m.value += f
			m.gradient[a] += g
			m.info[i].aa += 1 / (p.LogSlope.SD * p.LogSlope.SD * x[a] * x[a])
		}
		f, ga, gd, _ := difficultyPrior(p.Difficulty, x[a], x[d])
		m.value += f
		m.gradient[a] += ga
		m.gradient[d] += gd
		m.info[i] = m.info[i].plus(difficultyPriorStep(p.Difficulty, x[a], x[d]))
	}
}

// run climbs until nothing is left to gain.
func (m *maximiser) run(ctx context.Context) error {
	m.evaluate(m.x)
	for m.evaluations < m.o.MaxIter {
		if err := ctx.Err(); err != nil {
			return err
		}
		direction := m.direction()
		gain := dot(m.free(m.gradient), direction)
		if !(gain > 0) && len(m.steps) > 0 {
			m.forget()
			continue
		}
		if gain < decrement {
			m.converged = true
			break
		}
		if m.climb(direction, gain) {
			continue
		}
		if len(m.steps) == 0 {
			break
		}
		m.forget()
	}
	m.orient()
	return nil
}

func (m *maximiser) forget() { m.steps, m.changes, m.curvature = nil, nil, nil }

// free returns v without the coordinates that are at a bound and would leave.
func (m *maximiser) free(v []float64) []float64 {
	free := append([]float64(nil), v...)
	for j := range free {
		low, high := m.bounds(j)
		if m.x[j] <= low && m.gradient[j] < 0 || m.x[j] >= high && m.gradient[j] > 0 {
			free[j] = 0
		}
	}
	return free
}

func (m *maximiser) bounds(j int) (low, high float64) {
	switch {
	case !m.isSlope(j):
		return -maxIntercept, maxIntercept
	case m.o.Priors != nil:
		return minSlope, maxSlope
	}
	return -maxSlope, maxSlope
}

// direction is the quasi-Newton step by the two-loop recursion (Nocedal 1980).
func (m *maximiser) direction() []float64 {
	q := m.free(m.gradient)
	alpha := make([]float64, len(m.steps))
	for k := len(m.steps) - 1; k >= 0; k-- {
		alpha[k] = dot(m.steps[k], q) / m.curvature[k]
		axpy(q, -alpha[k], m.changes[k])
	}
	m.precondition(q)
	for k := range m.steps {
		beta := dot(m.changes[k], q) / m.curvature[k]
		axpy(q, alpha[k]-beta, m.steps[k])
	}
	return m.free(q)
}

// precondition solves with the complete-data information.
func (m *maximiser) precondition(v []float64) {
	if m.o.Model.commonSlope() {
		m.preconditionArrow(v)
		return
	}
	for i, b := range m.info {
		aa, dd := b.aa+tiny, b.dd+tiny
		det := max(aa*dd-b.ad*b.ad, 1e-10*aa*dd)
		a, d := v[2*i], v[2*i+1]
		v[2*i] = (dd*a - b.ad*d) / det
		v[2*i+1] = (aa*d - b.ad*a) / det
	}
}

const tiny = 1e-8 // information that keeps an item without answers solvable

// preconditionArrow does so where all items share the slope: their intercepts
// are eliminated one by one.
func (m *maximiser) preconditionArrow(v []float64) {
	total, schur := tiny, tiny
	for i, b := range m.info {
		total += b.aa
		schur += b.aa - b.ad*b.ad/(b.dd+tiny)
		v[0] -= b.ad / (b.dd + tiny) * v[1+i]
	}
	v[0] /= max(schur, 1e-10*total)
	for i, b := range m.info {
		v[1+i] = (v[1+i] - b.ad*v[0]) / (b.dd + tiny)
	}
}

// climb moves along the direction as far as it pays, and learns from it. It
// returns false, and stays, if no length pays.
func (m *maximiser) climb(direction []float64, gain float64) bool {
	from, value, gradient := m.x, m.value, append([]float64(nil), m.gradient...)
	length := 1.0
	for j, v := range direction {
		most := maxInterceptStep
		if m.isSlope(j) {
			most = maxSlopeStep
		}
		length = min(length, most/max(math.Abs(v), most))
	}
	noise := rounding * (1 + math.Abs(value))
	for range maxHalvings {
		to := m.moved(from, direction, length)
		m.evaluate(to)
		if m.value >= value+sufficient*length*gain-noise {
			m.x = to
			m.learn(from, gradient)
			return true
		}
		length = min(length/2, max(length/10, m.parabola(value, length, gain)))
	}
	m.evaluate(from)
	return false
}

// parabola is the length at which the parabola through the start, its slope and
// the value at hand is highest.
func (m *maximiser) parabola(value, length, gain float64) float64 {
	return gain * length * length / (2 * (value + gain*length - m.value))
}

// moved is from plus length × direction within the bounds.
func (m *maximiser) moved(from, direction []float64, length float64) []float64 {
	to := make([]float64, len(from))
	for j := range to {
		low, high := m.bounds(j)
		to[j] = min(max(from[j]+length*direction[j], low), high)
	}
	return to
}

// learn keeps the pair of changes in parameters and gradient, if the likelihood
// curved the right way between them.
func (m *maximiser) learn(from, gradient []float64) {
	step, change := make([]float64, len(from)), make([]float64, len(from))
	for j := range step {
		step[j] = m.x[j] - from[j]
		change[j] = gradient[j] - m.gradient[j]
	}
	c := dot(step, change)
	if !(c > 1e-10*math.Sqrt(dot(step, step)*dot(change, change))) {
		return
	}
	if len(m.steps) == memory {
		m.steps, m.changes, m.curvature = m.steps[1:], m.changes[1:], m.curvature[1:]
	}
	m.steps, m.changes, m.curvature = append(m.steps, step), append(m.changes, change), append(m.curvature, c)
}

// orient turns the scale so that right answers mean more ability: the likelihood
// is the same with all slopes negated.
func (m *maximiser) orient() {
	total := 0.0
	for i := range m.info {
		a, _ := m.at(i)
		total += m.x[a] * (m.e.data.right[i] + m.e.data.wrong[i])
	}
	if total >= 0 {
		return
	}
	for j := range m.x {
		if m.isSlope(j) {
			m.x[j] = -m.x[j]
		}
	}
	m.evaluate(m.x)
}

// atBound says whether a parameter was stopped by its bound.
func (m *maximiser) atBound(j int) bool {
	low, high := m.bounds(j)
	return m.x[j] <= low || m.x[j] >= high
}

// result gathers what was found.
func (m *maximiser) result(table *Table) *Result {
	r := &Result{
		Model: m.o.Model, Persons: m.e.data.persons, Patterns: m.e.data.count(),
		LogLik: m.logLik, Iterations: m.evaluations, Converged: m.converged, Variance: 1,
	}
	errors := m.covariance()
	for i, name := range table.Items {
		a, d := m.at(i)
		item := Item{
			Name: name, A: m.x[a], D: m.x[d], C: m.e.c[i], B: -m.x[d] / m.x[a],
			N: m.e.data.right[i] + m.e.data.wrong[i], Right: m.e.data.right[i], Fit: noFit,
		}
		if math.IsInf(item.B, 0) || math.IsNaN(item.B) {
			item.B = math.NaN()
		}
		item.setErrors(errors[i])
		if m.o.Model == Rasch {
			item.toRasch()
		}
		r.Items = append(r.Items, item)
	}
	if m.o.Model == Rasch {
		r.Variance = m.x[0] * m.x[0]
	}
	r.Warnings = m.warnings(table)
	if m.o.Fit || m.o.Scores {
		m.score(r, table)
	}
	return r
}

// setErrors takes the standard errors from the covariance of slope and
// intercept; that of b by the delta method.
func (it *Item) setErrors(v block2) {
	it.SEA, it.SED = math.Sqrt(v.aa), math.Sqrt(v.dd)
	it.SEB = math.Sqrt(v.dd+it.B*it.B*v.aa+2*it.B*v.ad) / math.Abs(it.A)
	if math.IsInf(it.SEB, 0) {
		it.SEB = math.NaN()
	}
}

// toRasch measures in logits instead of standard deviations of the trait.
func (it *Item) toRasch() {
	it.A, it.B = 1, -it.D
	it.SEA, it.SEB = 0, it.SED
}

func (m *maximiser) warnings(table *Table) []string {
	var list []string
	if !m.converged {
		list = append(list, fmt.Sprintf("the estimates did not settle within %d iterations", m.evaluations))
	}
	var bound []string
	for i, name := range table.Items {
		if a, d := m.at(i); m.atBound(a) || m.atBound(d) {
			bound = append(bound, name)
		}
	}
	if len(bound) > 0 {
		list = append(list, fmt.Sprintf("too few or too regular answers to bound %s: parameters stopped at the limit (slope %v, intercept %v)",
			strings.Join(bound, ", "), maxSlope, maxIntercept))
	}
	return list
}

func dot(a, b []float64) float64 {
	total := 0.0
	for j, v := range a {
		total += v * b[j]
	}
	return total
}

// axpy adds factor × v to dst.
func axpy(dst []float64, factor float64, v []float64) {
	for j := range dst {
		dst[j] += factor * v[j]
	}
}
