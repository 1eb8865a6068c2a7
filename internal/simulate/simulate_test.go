package simulate

import (
	"context"
	"encoding/json"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
	"sextant/internal/readiness"
	"sextant/questions"
)

const code exam.Code = "MLA-C02"

var loadBuiltIn = sync.OnceValues(func() (*readiness.Model, error) {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		return nil, err
	}
	b, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	return readiness.NewModel(cat, b.Questions)
})

// builtIn is the model on the bank that ships with the program.
func builtIn(t testing.TB) *readiness.Model {
	t.Helper()
	m, err := loadBuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func run(t testing.TB, change func(*Options)) *Result {
	t.Helper()
	opts := Options{Exams: []exam.Code{code}, Items: 24, Learners: 320, Seed: 1, Selector: Adaptive, Truth: ModelTruth()}
	change(&opts)
	r, err := Run(context.Background(), builtIn(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func truth(t testing.TB, words ...string) Truth {
	t.Helper()
	parsed, err := ParseTruth(words)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if !(got >= low && got <= high) {
		t.Errorf("%s is %.4f, want %.3f to %.3f", what, got, low, high)
	}
}

// TestClaimsHold: with learners from the model, the product's own choice and
// posterior keep what they promise. The bands are about four standard errors of
// 320 learners wide.
func TestClaimsHold(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	r := run(t, func(*Options) {})
	within(t, "coverage of all domains", r.Coverage90, .86, .94)
	within(t, "coverage in percent", r.Coverage90Percent, .86, .95)
	for _, d := range r.Domains {
		within(t, "coverage of domain "+d.ID, d.Coverage90, .83, .97)
		within(t, "RMSE of domain "+d.ID+" against its SD", d.RMSELogit/d.MeanSD, .85, 1.15)
		within(t, "bias of domain "+d.ID, d.Bias, -.13, .13)
	}
	within(t, "correlation", r.Correlation, .6, .9)
	within(t, "calibration error", r.ECE, 0, .09)
	within(t, "Brier score against the base rate's", r.Brier/(r.PassRate*(1-r.PassRate)), .4, .9)
	within(t, "AUC", r.AUC, .7, .95)
	within(t, "overlap", r.Overlap, 24/float64(r.Eligible)*.7, math.Max(.25, 1.5*24/float64(r.Eligible)))
	within(t, "questions asked", r.MeanItems, measure.EarliestStop, 24)
	if r.NeverServed != 0 {
		t.Errorf("%d questions were never served", r.NeverServed)
	}
	n := 0
	for _, b := range r.Reliability {
		n += b.N
		if b.N > 0 && (b.Predicted < b.From || b.Predicted > b.To) {
			t.Errorf("bin %v–%v holds probabilities of %v on average", b.From, b.To, b.Predicted)
		}
	}
	if n != r.Learners || len(r.Reliability) != 10 {
		t.Errorf("the reliability table has %d rows with %d forecasts", len(r.Reliability), n)
	}
}

// TestChoosingBeatsChance: the same learners with the same luck. On the bank of
// 130 questions 24 chosen ones leave the error of 30 random ones; the band allows
// for the sampling of 640 learners.
func TestChoosingBeatsChance(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	adaptive := run(t, func(o *Options) { o.Whole, o.Learners = true, 640 })
	random := run(t, func(o *Options) { o.Selector, o.Learners = Random, 640 })
	blueprint := run(t, func(o *Options) { o.Selector = Blueprint })
	if random.RMSELogit < 1.01*adaptive.RMSELogit {
		t.Errorf("24 random questions leave an RMSE of %.3f, 24 chosen ones %.3f", random.RMSELogit, adaptive.RMSELogit)
	}
	for _, r := range []*Result{adaptive, random, blueprint} {
		within(t, "questions asked by "+r.Selector, r.MeanItems, 24, 24)
		within(t, "coverage of "+r.Selector, r.Coverage90, .86, .94)
	}
}

// TestWrongTruthsShow: what a simulation is for. Each wrong truth moves the figure
// it should, against the same learners from the model.
func TestWrongTruthsShow(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	of := func(words ...string) *Result {
		return run(t, func(o *Options) { o.Selector, o.Truth = Random, truth(t, words...) })
	}
	right := of("model")
	if r := of("slips=0.2"); r.Bias > right.Bias-.1 {
		t.Errorf("slips leave a bias of %+.3f, without them it is %+.3f", r.Bias, right.Bias)
	}
	if r := of("abstain=1"); r.Bias > right.Bias-.1 || math.Abs(r.PassRate-right.PassRate) > 1e-9 {
		t.Errorf("abstaining: bias %+.3f (model %+.3f), pass rate %.3f (%.3f)", r.Bias, right.Bias, r.PassRate, right.PassRate)
	}
	if r := of("spread=1.6"); r.Coverage90 > .85 {
		t.Errorf("learners spread wider than the prior are covered in %.3f", r.Coverage90)
	}
	if r := of("difficulty-error=2"); r.RMSELogit < 1.05*right.RMSELogit {
		t.Errorf("wrong labels: RMSE %.3f against %.3f", r.RMSELogit, right.RMSELogit)
	}
	if r := of("learning=0.1"); r.Bias > right.Bias-.1 {
		t.Errorf("learning leaves a bias of %+.3f, without it %+.3f", r.Bias, right.Bias)
	}
	if r := of("shift=1"); r.Bias > right.Bias-.2 || r.PassRate < right.PassRate+.2 {
		t.Errorf("a population one logit up: bias %+.3f, pass rate %.3f", r.Bias, r.PassRate)
	}
	independent, one := of("independent"), of("one-trait")
	if !(independent.Correlation < right.Correlation-.2 && right.Correlation < one.Correlation) {
		t.Errorf("correlations %.3f (independent), %.3f (model), %.3f (one trait)", independent.Correlation, right.Correlation, one.Correlation)
	}
}

// TestFitNamesTheStrongest more often than a random order would.
func TestFitNamesTheStrongest(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	r := run(t, func(o *Options) { o.Exams, o.Fit, o.Learners = nil, true, 128 })
	if r.Exam != "fit" || r.Fit == nil || r.Fit.Exams != len(r.Exams) {
		t.Fatalf("the result is about %q with %+v", r.Exam, r.Fit)
	}
	if r.Fit.FirstChoice < 2*r.Fit.RandomOrder || r.Fit.TopThree < r.Fit.FirstChoice || r.Fit.BestConstant < r.Fit.RandomOrder {
		t.Errorf("first choice %+v", r.Fit)
	}
	for _, l := range r.Fit.WithinLevel {
		if l.FirstChoice <= l.RandomOrder {
			t.Errorf("among %v: %.3f named, %.3f in random order", l.Codes, l.FirstChoice, l.RandomOrder)
		}
	}
}

// TestSameSeedSameResult: on any number of processors; another seed, another result.
func TestSameSeedSameResult(t *testing.T) {
	text := func(processors int, seed uint64) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		data, err := json.Marshal(run(t, func(o *Options) { o.Learners, o.Seed = round+6, seed }))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	one := text(1, 7)
	if many := text(4, 7); many != one {
		t.Errorf("one processor:\n%s\nfour:\n%s", one, many)
	}
	if other := text(4, 8); other == one {
		t.Error("another seed gives the same result")
	}
}

// TestALearnerIsTheSameForEverySelector: comparisons are between the same people
// with the same luck, so that a difference is the selector's.
func TestALearnerIsTheSameForEverySelector(t *testing.T) {
	w := newWorld(builtIn(t), builtIn(t).Exams()[:1])
	a, b, c := w.newLearner(ModelTruth(), 3, 5), w.newLearner(ModelTruth(), 3, 5), w.newLearner(ModelTruth(), 3, 6)
	if a.ability[0] != b.ability[0] || a.bank[1] != b.bank[1] {
		t.Error("the same learner differs")
	}
	if a.ability[0] == c.ability[0] || a.bank[1] == c.bank[1] {
		t.Error("two learners share abilities or questions")
	}
}

// TestLearnersAreDrawnFromThePrior: means, variances and covariances of the cells
// over 4,000 learners, against the prior's matrix. Bounds of five standard errors.
func TestLearnersAreDrawnFromThePrior(t *testing.T) {
	w := newWorld(builtIn(t), nil)
	const n = 4000
	cells := []int{0, 1, 3, 4, 7} // two skills on platforms and neutral
	for _, c := range []struct {
		words string
		share func(i, j int) float64 // of the prior's covariance, off the diagonal
	}{
		{"model", func(i, j int) float64 { return priorCovariance(w, i, j) }},
		{"independent", func(_, _ int) float64 { return 0 }},
		{"one-trait", func(i, j int) float64 { return w.places[i].sd * w.places[j].sd }},
	} {
		moment := map[[2]int]float64{}
		for l := range n {
			theta := w.abilities(truth(t, c.words), stream(11, l, streamAbility))
			for _, i := range cells {
				for _, j := range cells {
					moment[[2]int{i, j}] += theta[i] * theta[j] / n
				}
			}
		}
		for _, i := range cells {
			for _, j := range cells {
				want := c.share(i, j)
				if i == j {
					want = square(w.places[i].sd)
				}
				if got := moment[[2]int{i, j}]; abs(got-want) > 5*1.5*w.places[i].sd*w.places[j].sd/sqrt(n) {
					t.Errorf("%s: covariance of %v and %v is %.3f, want %.3f", c.words, w.places[i], w.places[j], got, want)
				}
			}
		}
	}
}

func priorCovariance(w *world, i, j int) float64 {
	sd := measure.DefaultComponents
	cells := make([]measure.Cell, 2)
	for k, at := range []int{i, j} {
		p := w.places[at]
		cells[k] = measure.Cell{Neutral: p.Platform == exam.Neutral}
		for s, q := range w.places {
			if q.Skill == p.Skill {
				cells[k].Skill = s
			}
			if q.Platform == p.Platform {
				cells[k].Platform = s
			}
		}
	}
	return measure.CellPrior(0, sd, cells).Cov[1]
}

// TestTheHiddenExamAgreesWithTheMargin: passing it again and again comes out as
// often as the normal approximation of the margin says.
func TestTheHiddenExamAgreesWithTheMargin(t *testing.T) {
	m := builtIn(t)
	exams, err := chosen(m, Options{Exams: []exam.Code{code}, Items: 1, Learners: 1, Selector: Random})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(m, exams)
	for _, shift := range []float64{0, 1, 2} {
		l := w.newLearner(ModelTruth(), 1, 0)
		for i := range l.ability {
			l.ability[i] = shift
		}
		passed := 0.0
		rng := stream(2, 0, streamExam)
		for range 4000 {
			passed += count(l.passes(&w.exams[0], rng)) / 4000
		}
		want := .5 * math.Erfc(-l.margin(&w.exams[0])/math.Sqrt2)
		within(t, "share of passes", passed, want-.05, want+.05)
	}
}

// TestReestimating finds that learners differ more, or hang together less, than
// was assumed, and where neither is so leaves the spread about as it was. It never
// takes cells to share more than they do, by .05 in their correlation: that would
// make intervals too short.
func TestReestimating(t *testing.T) {
	if testing.Short() {
		t.Skip("the statistics of many simulated learners: runs without -short")
	}
	of := func(words string) measure.Components {
		sd, err := Reestimate(context.Background(), builtIn(t), Options{
			Exams: []exam.Code{code}, Items: 24, Learners: 300, Seed: 9, Selector: Random, Truth: truth(t, words),
		})
		if err != nil {
			t.Fatal(err)
		}
		return sd
	}
	assumed := measure.DefaultComponents
	shared := func(c measure.Components) float64 { // correlation of two skills on one platform
		common := c.General*c.General + c.Platform*c.Platform
		return common / (common + c.Skill*c.Skill + c.Cell*c.Cell)
	}
	right := of("model")
	within(t, "general part of learners as assumed", right.General, assumed.General-.12, assumed.General+.12)
	within(t, "shared part of learners as assumed", shared(right), 0, shared(assumed)+.05)
	wide := of("spread=1.6")
	if wide.General < right.General+.05 {
		t.Errorf("learners spread wider: general %.3f against %.3f", wide.General, right.General)
	}
	within(t, "shared part of learners spread wider", shared(wide), 0, shared(assumed)+.05)
	if apart := of("independent"); apart.General > right.General-.05 {
		t.Errorf("independent cells: general %.3f against %.3f", apart.General, right.General)
	}
}

func TestWhatCannotBeSimulated(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"no learners":         func(o *Options) { o.Learners = 0 },
		"no items":            func(o *Options) { o.Items = 0 },
		"an unknown exam":     func(o *Options) { o.Exams = []exam.Code{"NOPE-1"} },
		"no exam":             func(o *Options) { o.Exams = nil },
		"an unknown selector": func(o *Options) { o.Selector = "psychic" },
	} {
		opts := Options{Exams: []exam.Code{code}, Items: 24, Learners: 10, Selector: Adaptive, Truth: ModelTruth()}
		change(&opts)
		if _, err := Run(context.Background(), builtIn(t), opts); fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("%s: error %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, builtIn(t), Options{Exams: []exam.Code{code}, Items: 24, Learners: 10, Selector: Adaptive, Truth: ModelTruth()}); err == nil {
		t.Error("a cancelled simulation gives a result")
	}
}

func TestParseTruth(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string // "" for an error
	}{
		{nil, "model"},
		{[]string{"model"}, "model"},
		{[]string{"slips=0.05", "one-trait"}, "one-trait,slips=0.05"},
		{[]string{"spread=1.4|difficulty-error=0.5"}, "model,spread=1.4,difficulty-error=0.5"},
		{[]string{"independent,abstain=0.5", "learning=0.1,shift=0.8"}, "independent,abstain=0.5,learning=0.1,shift=0.8"},
		{[]string{"slips=0.05", "slips=0.1"}, ""},
		{[]string{"model", "one-trait"}, ""},
		{[]string{"slips"}, ""},
		{[]string{"slips=much"}, ""},
		{[]string{"slips=NaN"}, ""},
		{[]string{"slips=-0.1"}, ""},
		{[]string{"abstain=1.1"}, ""},
		{[]string{"luck=1"}, ""},
	} {
		got, err := ParseTruth(c.words)
		if (err != nil) != (c.want == "") {
			t.Errorf("%v: error %v", c.words, err)
			continue
		}
		if err == nil && got.String() != c.want {
			t.Errorf("%v is %q, want %q", c.words, got, c.want)
		}
		if again := truth(t, strings.Split(c.want, ",")...); err == nil && again != got {
			t.Errorf("%q reads back as %+v, not %+v", c.want, again, got)
		}
	}
}
