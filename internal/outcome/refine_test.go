package outcome

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sextant/internal/measure"
)

// associate is an exam of 50 questions with the usual assumption.
func associate(t testing.TB) Exam {
	t.Helper()
	curve, err := measure.NewScoreCurve(0, .25, .6)
	if err != nil {
		t.Fatal(err)
	}
	return Exam{Prior: Cut{Percent: 70, SD: 5}, Curve: curve, Items: 50}
}

// world is how results come about.
type world struct {
	cut         float64 // percent
	mislabelled float64 // share told wrongly
	odds        float64 // log odds of telling after a pass rather than a failure
}

// tell simulates n results that are told in a world. People sit the exam when they
// feel about ready: abilities lie around the assumed cut.
func tell(rng *rand.Rand, e Exam, w world, n int) []Result {
	var list []Result
	for len(list) < n {
		sd := .25 + .3*rng.Float64()
		mean := 1 + .7*rng.NormFloat64()
		score := e.Curve.P(mean + sd*rng.NormFloat64())
		form := w.cut + Assumed.FormSD*rng.NormFloat64()
		points := 0
		for range e.Items {
			if rng.Float64() < score {
				points++
			}
		}
		passed := 100*float64(points)/float64(e.Items) >= form
		// The rarer side tells with the odds against it.
		if p := math.Exp(-math.Abs(w.odds)); passed == (w.odds < 0) && rng.Float64() >= p {
			continue
		}
		if rng.Float64() < w.mislabelled {
			passed = !passed
		}
		list = append(list, Result{Passed: passed, Expected: Expected{Answers: 40, ThetaMean: mean, ThetaSD: sd, At: time.Unix(0, 0)}})
	}
	return list
}

// checked is what came of refining over many seeds.
type checked struct {
	covered      float64 // share of 90 % intervals that hold the true cut
	before, rmse float64 // of the assumed and of the refined cut, points
	bias, width  float64
}

func refineOften(t testing.TB, seeds, n int, a Assumptions, draw func(rng *rand.Rand, cut float64) world) checked {
	t.Helper()
	e := associate(t)
	var c checked
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(uint64(seed), uint64(n)))
		// The cuts lie in equal strata of what is assumed of them.
		z := math.Sqrt2 * math.Erfinv((2*float64(seed)+1)/float64(seeds)-1)
		w := draw(rng, e.Prior.Percent+z*math.Sqrt(e.Prior.SD*e.Prior.SD-a.FormSD*a.FormSD))
		got, err := Refine(e, tell(rng, e, w, n), a)
		if err != nil {
			t.Fatal(err)
		}
		if got.Low <= w.cut && w.cut <= got.High {
			c.covered += 1 / float64(seeds)
		}
		off := got.Percent - w.cut
		c.bias += off / float64(seeds)
		c.rmse += off * off / float64(seeds)
		c.before += (e.Prior.Percent - w.cut) * (e.Prior.Percent - w.cut) / float64(seeds)
		c.width += (got.High - got.Low) / float64(seeds)
	}
	c.rmse, c.before = math.Sqrt(c.rmse), math.Sqrt(c.before)
	return c
}

// believed draws a world from the assumptions themselves.
func believed(a Assumptions) func(*rand.Rand, float64) world {
	return func(rng *rand.Rand, cut float64) world {
		return world{cut: cut, mislabelled: a.Mislabelled, odds: a.Selection * rng.NormFloat64()}
	}
}

func TestNoResultsLeaveTheAssumption(t *testing.T) {
	e := associate(t)
	got, err := Refine(e, nil, Assumed)
	if err != nil {
		t.Fatal(err)
	}
	if got.Cut != e.Prior || got.Results != 0 {
		t.Errorf("without results the cut is %+v", got)
	}
	if half := 1.645 * math.Sqrt(25-4); math.Abs(got.High-70-half) > .05 || math.Abs(70-got.Low-half) > .05 {
		t.Errorf("without results the interval is %.2f to %.2f, want ± %.2f", got.Low, got.High, half)
	}
}

// In a world as assumed, nine of ten intervals hold the true cut. 100 worlds leave a
// standard error of 3 percentage points.
func TestIntervalsHoldTheTruth(t *testing.T) {
	for _, n := range []int{10, 100} {
		if c := refineOften(t, *worlds, n, Assumed, believed(Assumed)); c.covered < .82 || c.covered > .98 {
			t.Errorf("%d results: %.1f %% of the 90 %% intervals hold the truth", n, 100*c.covered)
		}
	}
}

// A cut that is really 5 points off what is assumed is found from 200 results told at
// random, at the stated rate.
func TestACutFivePointsOffIsFound(t *testing.T) {
	random := Assumed
	random.Selection = 0
	for _, cut := range []float64{65, 75} {
		fixed := func(*rand.Rand, float64) world { return world{cut: cut, mislabelled: random.Mislabelled} }
		c := refineOften(t, *worlds, 200, random, fixed)
		if c.covered < .82 || c.covered > .98 {
			t.Errorf("a cut of %v: %.1f %% of the 90 %% intervals hold it", cut, 100*c.covered)
		}
		if c.rmse > 1.5 || math.Abs(c.bias) > .5 {
			t.Errorf("a cut of %v: off by %.2f points, on average %.2f", cut, c.rmse, c.bias)
		}
		// With unknown selection allowed for, intervals are wider, and hold it at least
		// as often.
		wide := refineOften(t, *worlds, 200, Assumed, fixed)
		if wide.covered < .9 || wide.width <= c.width {
			t.Errorf("a cut of %v, selection allowed for: %.1f %% hold it, width %.1f after %.1f", cut, 100*wide.covered, wide.width, c.width)
		}
	}
}

// MinResults rests on this: in a world as assumed the refined cut is clearly nearer to
// the truth from then on, and in two that are worse than assumed it is no farther.
func TestWhatResultsDoToACut(t *testing.T) {
	worse := func(odds float64) func(*rand.Rand, float64) world {
		return func(_ *rand.Rand, cut float64) world { return world{cut: cut, mislabelled: .10, odds: odds} }
	}
	sizes := []int{MinResults, 100}
	if testing.Verbose() {
		sizes = []int{5, 10, 20, MinResults, 50, 100, 200}
	}
	for _, n := range sizes {
		fair := refineOften(t, *worlds, n, Assumed, believed(Assumed))
		eager := refineOften(t, *worlds, n, Assumed, worse(1))
		shy := refineOften(t, *worlds, n, Assumed, worse(-1))
		if testing.Verbose() {
			t.Logf("n %3d: as assumed RMSE %.2f of %.2f, %.0f %% covered, width %.1f; one in ten wrong, passes told 2.7 times as readily: RMSE %.2f of %.2f, %.0f %%; failures: RMSE %.2f, %.0f %%",
				n, fair.rmse, fair.before, 100*fair.covered, fair.width, eager.rmse, eager.before, 100*eager.covered, shy.rmse, 100*shy.covered)
		}
		if n < MinResults {
			continue
		}
		if fair.rmse > .8*fair.before {
			t.Errorf("%d results: off by %.2f points, the assumption by %.2f", n, fair.rmse, fair.before)
		}
		for name, c := range map[string]checked{"eager": eager, "shy": shy} {
			if c.rmse > 1.05*c.before {
				t.Errorf("%d results, %s: off by %.2f points, the assumption by %.2f", n, name, c.rmse, c.before)
			}
		}
	}
}

// worlds is how many worlds are simulated; figures in comments are from 1,000.
var worlds = flag.Int("worlds", 100, "worlds to simulate the refinement of cuts in")

func TestMorePassesNeverRaiseACut(t *testing.T) {
	e := associate(t)
	results := tell(rand.New(rand.NewPCG(1, 1)), e, world{cut: 70, mislabelled: .03}, 40)
	last := math.Inf(1)
	for passed := 0; passed <= len(results); passed += 8 {
		for i := range results {
			results[i].Passed = i < passed
		}
		got, err := Refine(e, results, Assumed)
		if err != nil {
			t.Fatal(err)
		}
		if got.Percent >= last {
			t.Errorf("%d passes of 40 give a cut of %.2f, fewer gave %.2f", passed, got.Percent, last)
		}
		if got.SD < Assumed.FormSD {
			t.Errorf("the SD of %.2f leaves less than forms differ by", got.SD)
		}
		last = got.Percent
	}
}

func TestWhatCannotBeRefined(t *testing.T) {
	good := associate(t)
	for name, change := range map[string]func(*Exam, *Assumptions){
		"a cut of 100 %":            func(e *Exam, _ *Assumptions) { e.Prior.Percent = 100 },
		"an SD below the forms'":    func(e *Exam, _ *Assumptions) { e.Prior.SD = 1 },
		"no questions":              func(e *Exam, _ *Assumptions) { e.Items = 0 },
		"no curve":                  func(e *Exam, _ *Assumptions) { e.Curve = measure.Curve{} },
		"nobody errs":               func(_ *Exam, a *Assumptions) { a.Mislabelled = 0 },
		"selection below 0":         func(_ *Exam, a *Assumptions) { a.Selection = -1 },
		"forms that aren't numbers": func(_ *Exam, a *Assumptions) { a.FormSD = math.NaN() },
	} {
		e, a := good, Assumed
		change(&e, &a)
		if _, err := Refine(e, nil, a); err == nil {
			t.Errorf("%s: refined", name)
		}
	}
}

func ExampleRefine() {
	curve, _ := measure.NewScoreCurve(0, .25, .6)
	results := make([]Result, 40)
	for i := range results {
		results[i] = Result{Passed: i%4 != 0, Expected: Expected{Answers: 40, ThetaMean: .9, ThetaSD: .4}}
	}
	got, _ := Refine(Exam{Prior: Cut{70, 5}, Curve: curve, Items: 50}, results, Assumed)
	fmt.Printf("%.0f ± %.1f from %d results\n", got.Percent, got.SD, got.Results)
	// Output: 70 ± 3.6 from 40 results
}
