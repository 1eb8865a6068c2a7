package outcome

import (
	"fmt"
	"math"
	"slices"

	"sextant/internal/fault"
	"sextant/internal/measure"
)

// MinResults is how many people's results an exam needs before they change its cut.
// In 1,000 simulated worlds (TestWhatResultsDoToACut) 30 results bring the error of a
// cut from 4.6 points to 3.2; where one in ten misreports and one outcome is told 2.7
// times as readily as the other, to 3.7 or 3.8. Below, the gain is small beside what
// a few people could do on purpose.
const MinResults = 30

// Assumptions are what is believed of results that people tell.
type Assumptions struct {
	// Mislabelled is the share that is told wrongly, by a slip, a mix-up or a boast.
	Mislabelled float64
	// Selection is the SD of the log odds of telling after a pass rather than after
	// a failure. Who tells is no random sample, and it isn't known whom it leaves
	// out: the odds are taken to be even on average, and common to an exam.
	Selection float64
	// FormSD is how much the cut differs from form to form and day to day, in points
	// of expected score. It is part of what an assumed cut's SD covers, and more
	// results don't make it smaller.
	FormSD float64
}

// Assumed are the assumptions in use; none of the three can be estimated yet. A
// Selection of 0.7 allows the odds to be 3.2 to either side with 90 % probability.
// Vendors equate their forms, which leaves about 2 points.
var Assumed = Assumptions{Mislabelled: 0.03, Selection: 0.7, FormSD: 2}

// Cut is a raw cut in percent of expected score, with the SD of what is not known of
// cut, form and day, in points.
type Cut struct{ Percent, SD float64 }

// Exam is an exam as its results are judged.
type Exam struct {
	Prior Cut           // assumed before any result
	Curve measure.Curve // expected share right at a blueprint-weighted ability
	Items int           // scored questions
}

// Estimate is what results say of a cut.
type Estimate struct {
	Cut
	Low, High float64 // 90 % interval of the exam's cut itself, without forms and days
	Results   int
}

// The grids of the posterior. Cuts run four SDs to either side of the assumption
// within 5 and 99 %; abilities and odds over ±gridReach SDs.
const (
	cutStep    = 0.5 // points
	cutReach   = 4.0
	lowestCut  = 5.0
	highestCut = 99.0
	gridReach  = 3.0
	abilities  = 17
	oddsNodes  = 13
)

// Refine returns the posterior of an exam's cut given results, by summation over a
// grid:
//
//	p(κ) ∝ N(κ; prior) · ∫ N(s; 0, Selection²) Π t(result | κ, s) ds
//	t(passed | κ, s) = (1 − m)·q + m·(1 − q),  logit q = logit P(pass | κ) + s
//	P(pass | κ) = ∫ Φ((T(θ) − κ)/√(T(1 − T)/items + FormSD²)) N(θ; mean, SD²) dθ
//
// with T the expected share right and m the share mislabelled. Without results it is
// the prior exactly. The formula is ours; it takes the pass probability's own form.
func Refine(e Exam, results []Result, a Assumptions) (estimate Estimate, err error) {
	defer fault.Op(&err, "refining a cut from %d results", len(results))
	if err := check(e, a); err != nil {
		return Estimate{}, err
	}
	location := math.Sqrt(e.Prior.SD*e.Prior.SD - a.FormSD*a.FormSD)
	cuts, log := priorOfCut(e.Prior.Percent, location)
	odds, weights := normalGrid(oddsNodes)
	for s := range odds {
		odds[s] = math.Exp(a.Selection * odds[s])
	}
	joint := slices.Repeat([]likelihood{{rest: 1}}, len(cuts)*oddsNodes) // by cut and odds
	for i := range results {
		for k, pass := range passAt(e, a, &results[i], cuts) {
			for s, ratio := range odds {
				joint[k*oddsNodes+s].times(told(pass, ratio, a.Mislabelled, results[i].Passed))
			}
		}
	}
	for k := range log {
		log[k] += logSum(joint[k*oddsNodes:(k+1)*oddsNodes], weights)
	}
	estimate = summary(cuts, log)
	estimate.SD = math.Hypot(estimate.SD, a.FormSD)
	estimate.Results = len(results)
	if len(results) == 0 { // to the last digit, whatever the grid
		estimate.Cut = e.Prior
	}
	return estimate, nil
}

func check(e Exam, a Assumptions) error {
	switch {
	case !(e.Prior.Percent > lowestCut && e.Prior.Percent < highestCut):
		return fmt.Errorf("assumed cut %v: must lie between %v and %v", e.Prior.Percent, lowestCut, highestCut)
	case !(a.FormSD >= 0 && e.Prior.SD > a.FormSD):
		return fmt.Errorf("assumed SD %v: must exceed the %v points between forms", e.Prior.SD, a.FormSD)
	case e.Items <= 0 || e.Curve.Shape == nil:
		return fmt.Errorf("an exam of %d questions without a curve can't be judged", e.Items)
	case !(a.Mislabelled > 0 && a.Mislabelled < .5 && a.Selection >= 0):
		return fmt.Errorf("assumptions %+v", a)
	}
	return nil
}

// priorOfCut is the grid of cuts with the logarithm of the prior density.
func priorOfCut(mean, sd float64) (cuts, log []float64) {
	from, to := math.Max(lowestCut, mean-cutReach*sd), math.Min(highestCut, mean+cutReach*sd)
	for cut := from; cut <= to+cutStep/2; cut += cutStep {
		z := (cut - mean) / sd
		cuts, log = append(cuts, cut), append(log, -z*z/2)
	}
	return cuts, log
}

// normalGrid is n equally spaced nodes over ±gridReach with normal weights that sum
// to 1.
func normalGrid(n int) (nodes, weights []float64) {
	nodes, weights = make([]float64, n), make([]float64, n)
	total := 0.0
	for i := range nodes {
		nodes[i] = gridReach * (2*float64(i)/float64(n-1) - 1)
		weights[i] = math.Exp(-nodes[i] * nodes[i] / 2)
		total += weights[i]
	}
	for i := range weights {
		weights[i] /= total
	}
	return nodes, weights
}

var abilityNodes, abilityWeights = normalGrid(abilities)

// passAt is the probability of passing at each of the cuts.
func passAt(e Exam, a Assumptions, r *Result, cuts []float64) []float64 {
	pass := make([]float64, len(cuts))
	for i, z := range abilityNodes {
		score := e.Curve.P(r.Expected.ThetaMean + z*r.Expected.ThetaSD)
		sd := math.Hypot(a.FormSD, 100*math.Sqrt(score*(1-score)/float64(e.Items)))
		for k, cut := range cuts {
			pass[k] += abilityWeights[i] * phi((100*score-cut)/sd)
		}
	}
	return pass
}

// PassProbability is the probability of passing that somebody's expected ability gives
// with the assumed cut: what the model's own comes to where an exam is seen as one
// ability rather than as its domains.
func PassProbability(e Exam, r *Result) float64 {
	return passAt(e, Assumptions{FormSD: e.Prior.SD}, r, []float64{e.Prior.Percent})[0]
}

// told is the probability of the result being told as it was, of somebody who tells;
// ratio is how much likelier telling is after a pass.
func told(pass, ratio, mislabelled float64, passed bool) float64 {
	pass = pass * ratio / (pass*ratio + 1 - pass)
	p := (1-mislabelled)*pass + mislabelled*(1-pass)
	if passed {
		return p
	}
	return 1 - p
}

// likelihood is a product that doesn't underflow: e to the power of log, times rest.
type likelihood struct{ log, rest float64 }

// times multiplies by a probability.
func (l *likelihood) times(p float64) {
	const small = 1e-200
	if l.rest *= p; l.rest < small {
		l.log, l.rest = l.log+math.Log(l.rest), 1
	}
}

func (l *likelihood) logarithm() float64 { return l.log + math.Log(l.rest) }

// logSum is log Σ w·l.
func logSum(l []likelihood, w []float64) float64 {
	highest := math.Inf(-1)
	for i := range l {
		highest = math.Max(highest, l[i].logarithm())
	}
	sum := 0.0
	for i := range l {
		sum += w[i] * math.Exp(l[i].logarithm()-highest)
	}
	return highest + math.Log(sum)
}

// summary is the mean, SD and central 90 % interval of a density on a grid, given by
// its logarithm.
func summary(at, log []float64) Estimate {
	highest := math.Inf(-1)
	for _, l := range log {
		highest = math.Max(highest, l)
	}
	density := make([]float64, len(log))
	total, mean := 0.0, 0.0
	for i, l := range log {
		density[i] = math.Exp(l - highest)
		total += density[i]
		mean += density[i] * at[i]
	}
	mean /= total
	variance, below := 0.0, 0.0
	e := Estimate{Low: math.NaN(), High: math.NaN()}
	for i, d := range density {
		variance += d * (at[i] - mean) * (at[i] - mean) / total
		after := below + d/total
		for _, end := range []struct {
			mass float64
			to   *float64
		}{{.05, &e.Low}, {.95, &e.High}} {
			if below < end.mass && after >= end.mass {
				*end.to = at[i] + cutStep*((end.mass-below)/(d/total)-.5)
			}
		}
		below = after
	}
	e.Cut = Cut{Percent: mean, SD: math.Sqrt(variance)}
	return e
}

// phi is the standard normal distribution function.
func phi(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
