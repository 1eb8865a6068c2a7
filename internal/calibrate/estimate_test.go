package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// The two sections of the Law School Admission Test of Bock & Lieberman (1970),
// "Fitting a response model for n dichotomously scored items", Psychometrika 35:
// how many of 1000 test takers gave each of the 32 patterns, from 00000 to 11111.
var lsat = map[string][32]float64{
	"LSAT-6": {
		3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15,
		10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298,
	},
	"LSAT-7": {
		12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28,
		7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308,
	},
}

// patternTable spells out frequencies of all patterns of right and wrong.
func patternTable(items int, freq []float64) *Table {
	t := &Table{}
	for i := range items {
		t.Items = append(t.Items, fmt.Sprintf("Item %d", i+1))
	}
	for code, f := range freq {
		for i := range items {
			t.Scores = append(t.Scores, Score(code>>(items-1-i)&1))
		}
		t.Freq = append(t.Freq, f)
	}
	return t
}

func lsatTable(name string) *Table {
	freq := lsat[name]
	return patternTable(5, freq[:])
}

// TestLawSchoolAdmissionTest compares with the maximum found by an independent
// optimiser on 961 nodes over ±12, to six decimals.
func TestLawSchoolAdmissionTest(t *testing.T) {
	for _, c := range []struct {
		data   string
		model  Model
		loglik float64
		a, d   [5]float64
	}{
		{"LSAT-6", TwoPL, -2466.653377, [5]float64{0.825660, 0.722744, 0.890875, 0.688368, 0.656856}, [5]float64{2.773234, 0.990201, 0.249148, 1.284757, 2.053270}},
		{"LSAT-6", OnePL, -2466.937600, [5]float64{0.755135, 0.755135, 0.755135, 0.755135, 0.755135}, [5]float64{2.730013, 0.998606, 0.239854, 1.306451, 2.099405}},
		{"LSAT-7", TwoPL, -2658.805114, [5]float64{0.987546, 1.080837, 1.707478, 0.764990, 0.735673}, [5]float64{1.855856, 0.807970, 1.805206, 0.486000, 1.854458}},
		{"LSAT-7", OnePL, -2664.900891, [5]float64{1.011268, 1.011268, 1.011268, 1.011268, 1.011268}, [5]float64{1.868265, 0.791006, 1.460980, 0.521506, 1.992975}},
	} {
		r := estimate(t, lsatTable(c.data), Options{Model: c.model, Nodes: 961, Limit: 12})
		what := c.data + " " + string(c.model)
		within(t, what+" persons", r.Persons, 1000, 0)
		within(t, what+" log-likelihood", r.LogLik, c.loglik, 1e-5)
		for i, it := range r.Items {
			within(t, fmt.Sprintf("%s item %d a", what, i+1), it.A, c.a[i], 1e-5)
			within(t, fmt.Sprintf("%s item %d d", what, i+1), it.D, c.d[i], 1e-5)
			within(t, fmt.Sprintf("%s item %d b", what, i+1), it.B, -c.d[i]/c.a[i], 1e-5)
			within(t, fmt.Sprintf("%s item %d n", what, i+1), it.N, 1000, 0)
		}
	}
}

// Rasch and the model of one slope are one likelihood told two ways; the
// variance .57 is published in the tests of the package mirt (Chalmers 2012).
func TestRaschIsOneSlopeWithFreeVariance(t *testing.T) {
	one := estimate(t, lsatTable("LSAT-6"), Options{Model: OnePL})
	rasch := estimate(t, lsatTable("LSAT-6"), Options{Model: Rasch, Scores: true})
	within(t, "log-likelihood", rasch.LogLik, one.LogLik, 1e-9)
	within(t, "variance", rasch.Variance, 0.570237, 1e-5)
	for i, it := range rasch.Items {
		within(t, "a", it.A, 1, 0)
		within(t, "d", it.D, one.Items[i].D, 1e-9)
		within(t, "b", it.B, -it.D, 0)
		within(t, "error of b", it.SEB, one.Items[i].SED, 1e-9)
	}
	if sd := rasch.Scores[0].SD; !(sd > 0 && sd < math.Sqrt(rasch.Variance)) {
		t.Errorf("posterior SD %v isn't below the trait's %v", sd, math.Sqrt(rasch.Variance))
	}
}

// TestErrorsComeFromTheCurvature compares the observed information with second
// differences of the log-likelihood.
func TestErrorsComeFromTheCurvature(t *testing.T) {
	for _, o := range []Options{
		{Model: TwoPL},
		{Model: OnePL},
		{Model: TwoPL, Priors: &DefaultPriors},
		{Model: OnePL, Priors: &DefaultPriors},
		{Model: ThreePL, C: []float64{0.25, 0, 0.2, 0.1, 0}, Priors: &DefaultPriors},
	} {
		for _, table := range []*Table{lsatTable("LSAT-7"), simulated(3, 200, 5, 0.3)} {
			complete, err := o.complete(table)
			if err != nil {
				t.Fatal(err)
			}
			m := newMaximiser(newEngine(collapse(table), complete), complete)
			if err := m.run(t.Context()); err != nil {
				t.Fatal(err)
			}
			h := m.observed()
			x := slices.Clone(m.x)
			const step = 1e-4
			for j := range x {
				at := slices.Clone(x)
				at[j] += step
				m.evaluate(at)
				up := slices.Clone(m.gradient)
				at[j] -= 2 * step
				m.evaluate(at)
				for k := range x {
					want := (m.gradient[k] - up[k]) / (2 * step)
					got := h.row(max(j, k))[min(j, k)]
					within(t, fmt.Sprintf("%s information %d,%d", o.Model, j, k), got, want, 1e-4*(1+math.Abs(want)))
				}
			}
		}
	}
}

// TestGradient compares Fisher's identity with differences of the likelihood.
func TestGradient(t *testing.T) {
	table := simulated(5, 100, 7, 0.2)
	for _, o := range []Options{
		{Model: TwoPL},
		{Model: OnePL, Priors: &DefaultPriors},
		{Model: ThreePL, C: constant(0.25, 7), Priors: &Priors{Normal{0.1, 0.4}, Normal{-0.5, 1.5}}},
	} {
		complete, err := o.complete(table)
		if err != nil {
			t.Fatal(err)
		}
		m := newMaximiser(newEngine(collapse(table), complete), complete)
		m.evaluate(m.x)
		gradient := slices.Clone(m.gradient)
		const step = 1e-5
		for j := range m.x {
			at := slices.Clone(m.x)
			at[j] += step
			m.evaluate(at)
			up := m.value
			at[j] -= 2 * step
			m.evaluate(at)
			within(t, fmt.Sprintf("%s gradient %d", o.Model, j), gradient[j], (up-m.value)/(2*step), 1e-5*(1+math.Abs(gradient[j])))
		}
	}
}

// simulated draws responses from a 2PL with the share given missing.
func simulated(seed uint64, persons, items int, missing float64) *Table {
	random := rand.New(rand.NewPCG(seed, 1))
	t := &Table{}
	a, b := make([]float64, items), make([]float64, items)
	for i := range items {
		t.Items = append(t.Items, fmt.Sprintf("i%d", i+1))
		a[i], b[i] = math.Exp(0.3*random.NormFloat64()), random.NormFloat64()
	}
	for range persons {
		theta := random.NormFloat64()
		for i := range items {
			score := Wrong
			if random.Float64() < 1/(1+math.Exp(-a[i]*(theta-b[i]))) {
				score = Right
			}
			if random.Float64() < missing {
				score = Missing
			}
			t.Scores = append(t.Scores, score)
		}
	}
	return t
}

func TestSameBitsOnAnyNumberOfCores(t *testing.T) {
	table := simulated(1, 3000, 23, 0.2)
	o := Options{Fit: true, Scores: true}
	many := estimate(t, table, o)
	before := runtime.GOMAXPROCS(1)
	one := estimate(t, table, o)
	runtime.GOMAXPROCS(7)
	seven := estimate(t, table, o)
	runtime.GOMAXPROCS(before)
	for _, other := range []*Result{one, seven} {
		if diff := cmp.Diff(many, other, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("results differ (-many +other):\n%s", diff)
		}
	}
}

// drawTable draws small tables, with blanks and all sorts of regularities.
func drawTable(t *rapid.T) *Table {
	items := rapid.IntRange(1, 9).Draw(t, "items")
	persons := rapid.IntRange(1, 40).Draw(t, "persons")
	missing := rapid.SampledFrom([]float64{0, 0.1, 0.7}).Draw(t, "missing")
	table := simulated(rapid.Uint64().Draw(t, "seed"), persons, items, missing)
	if rapid.Bool().Draw(t, "all right on the first item") {
		for r := range table.Rows() {
			table.Row(r)[0] = Right
		}
	}
	return table
}

func drawOptions(t *rapid.T, items int) Options {
	o := Options{Model: rapid.SampledFrom([]Model{OnePL, TwoPL, ThreePL, Rasch}).Draw(t, "model"), Priors: &DefaultPriors, Scores: true, Fit: true}
	if o.Model == ThreePL {
		o.C = constant(rapid.SampledFrom([]float64{0, 0.2, 0.5}).Draw(t, "c"), items)
	}
	return o
}

// close9 compares to nine digits.
func close9(t *rapid.T, what string, got, want float64) {
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		o := drawOptions(t, len(table.Items))
		rows := rapid.Permutation(numbers(table.Rows())).Draw(t, "rows")
		columns := rapid.Permutation(numbers(len(table.Items))).Draw(t, "columns")
		shuffled := &Table{}
		for _, c := range columns {
			shuffled.Items = append(shuffled.Items, table.Items[c])
		}
		for _, r := range rows {
			for _, c := range columns {
				shuffled.Scores = append(shuffled.Scores, table.Row(r)[c])
			}
		}
		want, got := mustEstimate(t, table, o), mustEstimate(t, shuffled, o)
		close9(t, "log-likelihood", got.LogLik, want.LogLik)
		for k, c := range columns {
			close9(t, "a", got.Items[k].A, want.Items[c].A)
			close9(t, "d", got.Items[k].D, want.Items[c].D)
			// Fit and errors depend on the estimates and on the modes kept.
			if math.Abs(got.Items[k].SEA-want.Items[c].SEA) > 1e-6 {
				t.Fatalf("error of a: %v, want %v", got.Items[k].SEA, want.Items[c].SEA)
			}
		}
		for k, r := range rows {
			close9(t, "EAP", got.Scores[k].Theta, want.Scores[r].Theta)
		}
	})
}

func TestOrderOfPersonsChangesNoBit(t *testing.T) {
	table := simulated(9, 500, 12, 0.1)
	reversed := &Table{Items: table.Items}
	for r := table.Rows() - 1; r >= 0; r-- {
		reversed.Scores = append(reversed.Scores, table.Row(r)...)
	}
	o := Options{Fit: true}
	if diff := cmp.Diff(estimate(t, table, o), estimate(t, reversed, o), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("results differ (-forwards +backwards):\n%s", diff)
	}
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func mustEstimate(t *rapid.T, table *Table, o Options) *Result {
	r, err := Estimate(context.Background(), table, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryPersonTwice(t *testing.T) {
	for _, model := range []Model{OnePL, TwoPL} {
		table := simulated(4, 300, 8, 0.1)
		twice := &Table{Items: table.Items, Scores: append(slices.Clone(table.Scores), table.Scores...)}
		once, double := estimate(t, table, Options{Model: model}), estimate(t, twice, Options{Model: model})
		within(t, "persons", double.Persons, 600, 0)
		within(t, "log-likelihood", double.LogLik, 2*once.LogLik, 1e-7)
		for i, it := range double.Items {
			within(t, "a", it.A, once.Items[i].A, 1e-6)
			within(t, "d", it.D, once.Items[i].D, 1e-6)
			within(t, "error of a", it.SEA, once.Items[i].SEA/math.Sqrt2, 1e-6)
			within(t, "error of b", it.SEB, once.Items[i].SEB/math.Sqrt2, 1e-6*once.Items[i].SEB)
		}
		counted := &Table{Items: table.Items, Scores: table.Scores, Freq: constant(2, table.Rows())}
		if diff := cmp.Diff(double, estimate(t, counted, Options{Model: model}), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("a frequency of 2 isn't everybody twice:\n%s", diff)
		}
	}
}

// Right and wrong exchanged mirror the scale.
func TestMirror(t *testing.T) {
	table := simulated(6, 400, 9, 0.15)
	mirrored := &Table{Items: table.Items, Scores: slices.Clone(table.Scores)}
	for i, s := range mirrored.Scores {
		if s != Missing {
			mirrored.Scores[i] = Right - s
		}
	}
	a, b := estimate(t, table, Options{}), estimate(t, mirrored, Options{})
	within(t, "log-likelihood", a.LogLik, b.LogLik, 1e-8)
	for i := range a.Items {
		within(t, "a", a.Items[i].A, b.Items[i].A, 1e-6)
		within(t, "d", a.Items[i].D, -b.Items[i].D, 1e-6)
	}
}

func TestMiskeyedItemHasNegativeSlope(t *testing.T) {
	table := simulated(8, 1000, 10, 0)
	for r := range table.Rows() {
		table.Row(r)[3] = Right - table.Row(r)[3]
	}
	r := estimate(t, table, Options{})
	for i, it := range r.Items {
		if (it.A < 0) != (i == 3) {
			t.Errorf("item %d has slope %v", i+1, it.A)
		}
	}
}

func TestRecoversWhatWasSimulated(t *testing.T) {
	table := simulated(10, 4000, 30, 0.3)
	r := estimate(t, table, Options{})
	random := rand.New(rand.NewPCG(10, 1)) // as simulated draws them
	inside := 0
	for _, it := range r.Items {
		a, b := math.Exp(0.3*random.NormFloat64()), random.NormFloat64()
		for _, z := range []float64{(it.A - a) / it.SEA, (it.B - b) / it.SEB} {
			if math.Abs(z) < 1.96 {
				inside++
			}
			if math.Abs(z) > 4.5 {
				t.Errorf("item %s is %.1f standard errors off", it.Name, z)
			}
		}
	}
	if inside < 51 || inside == 60 && testing.Short() {
		t.Errorf("%d of 60 parameters inside their 95 %% intervals, want about 57", inside)
	}
}

// TestItemFitOfTheLSAT compares S-X² with what mirt 1.47 prints for LSAT-6 with
// one slope (documentation of M2), and with its definition spelt out.
func TestItemFitOfTheLSAT(t *testing.T) {
	r := estimate(t, lsatTable("LSAT-6"), Options{Model: OnePL, Fit: true})
	for i, want := range []float64{0.436, 1.576, 0.871, 0.190, 0.190} {
		within(t, fmt.Sprintf("S-X² of item %d", i+1), r.Items[i].Fit.SX2, want, 1e-3) // mirt stopped climbing at 1e-4
	}
	// Scores 1 to 4 and one parameter; item 3 is expected right less than once
	// among the 20 with a score of 1, so that its first two scores are one.
	for i, want := range []int{3, 3, 2, 3, 3} {
		if r.Items[i].Fit.DF != want {
			t.Errorf("item %d: %d degrees of freedom, want %d", i+1, r.Items[i].Fit.DF, want)
		}
	}
}

// Under the true model S-X² is about χ² and mean squares are about 1.
func TestFitOfTheTrueModel(t *testing.T) {
	r := estimate(t, simulated(12, 3000, 40, 0), Options{Fit: true})
	low := 0
	for _, it := range r.Items {
		if it.Fit.P < 0.05 {
			low++
		}
		if it.Fit.Infit < 0.85 || it.Fit.Infit > 1.15 || it.Fit.Outfit < 0.7 || it.Fit.Outfit > 1.3 {
			t.Errorf("item %s: infit %.2f, outfit %.2f", it.Name, it.Fit.Infit, it.Fit.Outfit)
		}
	}
	if low > 6 {
		t.Errorf("%d of 40 items misfit at the 5 %% level", low)
	}
}

// An item answered at random by half of the persons doesn't fit one slope.
func TestFitFindsTheMisfit(t *testing.T) {
	table := simulated(13, 3000, 20, 0)
	random := rand.New(rand.NewPCG(5, 5))
	for r := range table.Rows() {
		table.Row(r)[7] = Score(random.IntN(2))
	}
	r := estimate(t, table, Options{Model: OnePL, Fit: true})
	if p := r.Items[7].Fit.P; p > 1e-6 {
		t.Errorf("p = %v for an item answered at random", p)
	}
	if r.Items[7].Fit.Outfit < 1.1 {
		t.Errorf("outfit %v for an item answered at random", r.Items[7].Fit.Outfit)
	}
}

// Quantiles of χ² from the tables of Abramowitz & Stegun (26.8).
func TestChiSquareTail(t *testing.T) {
	for _, c := range []struct {
		x    float64
		df   int
		want float64
	}{
		{3.84145882, 1, 0.05}, {5.99146455, 2, 0.05}, {18.3070381, 10, 0.05}, {124.342113, 100, 0.05},
		{6.63489660, 1, 0.01}, {0.00393214, 1, 0.95}, {3.94029914, 10, 0.95}, {0, 3, 1}, {1e4, 3, 0},
	} {
		within(t, fmt.Sprintf("χ²(%d) > %v", c.df, c.x), chiSquareTail(c.x, c.df), c.want, 1e-7)
	}
}

// The expectation of S-X² by brute force over all patterns.
func TestExpectedRightByBruteForce(t *testing.T) {
	table := lsatTable("LSAT-7")
	o, err := Options{}.complete(table)
	if err != nil {
		t.Fatal(err)
	}
	m := newMaximiser(newEngine(collapse(table), o), o)
	if err := m.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := m.e
	k := len(e.nodes)
	chance := make([]float64, 5*k)
	for i := range 5 {
		for q, x := range e.nodes {
			chance[i*k+q] = e.p(i, x)
		}
	}
	all := scoreDistribution(chance, 5, k)
	for item := range 5 {
		var right, anyway [6]float64
		for code := range 32 {
			score, mass := 0, 0.0
			for q := range k {
				p := math.Exp(e.logW[q])
				score = 0
				for i := range 5 {
					if code>>i&1 == 1 {
						p *= chance[i*k+q]
						score++
					} else {
						p *= 1 - chance[i*k+q]
					}
				}
				mass += p
			}
			anyway[score] += mass
			if code>>item&1 == 1 {
				right[score] += mass
			}
		}
		for s, got := range e.expectedRight(all, chance, item) {
			within(t, fmt.Sprintf("item %d score %d", item+1, s), got, right[s]/anyway[s], 1e-12)
		}
	}
}

func TestExtremesStayFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		o := drawOptions(t, len(table.Items))
		if rapid.Bool().Draw(t, "without priors") {
			o.Priors = nil
		}
		o.MaxIter = 300
		r, err := Estimate(context.Background(), table, o)
		var constant *ConstantError
		if errors.As(err, &constant) {
			if o.Priors != nil {
				t.Fatalf("priors should bound %v", constant.Items)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(r.LogLik) || r.LogLik > 0 {
			t.Fatalf("log-likelihood %v", r.LogLik)
		}
		for _, it := range r.Items {
			if math.IsNaN(it.A+it.D) || math.Abs(it.A) > maxSlope || math.Abs(it.D) > maxIntercept {
				t.Fatalf("item %+v", it)
			}
			if o.Priors != nil && (math.IsNaN(it.B) || it.A <= 0) {
				t.Fatalf("item %+v", it)
			}
		}
		for _, s := range r.Scores {
			if math.IsNaN(s.Theta) || !(s.SD >= 0) {
				t.Fatalf("score %+v", s)
			}
		}
	})
}

func TestAllAlike(t *testing.T) {
	alike := &Table{Items: []string{"x", "y"}, Scores: []Score{Right, Wrong, Right, Right, Right, Wrong}}
	_, err := Estimate(t.Context(), alike, Options{})
	var constant *ConstantError
	if !errors.As(err, &constant) || !slices.Equal(constant.Items, []string{"x"}) {
		t.Errorf("error %v, want one that names x", err)
	}
	r := estimate(t, alike, Options{Priors: &DefaultPriors})
	if r.Items[0].B > -0.5 || r.Items[0].B < -6 {
		t.Errorf("an item everybody gets right has b = %v", r.Items[0].B)
	}
	if math.IsNaN(r.Items[0].SEB) {
		t.Error("the prior gives it no standard error")
	}
}

// A perfect scale has no finite slopes: estimates stop at the bound and say so.
func TestPerfectScale(t *testing.T) {
	table := &Table{Items: []string{"x", "y", "z"}, Scores: []Score{0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1}, Freq: constant(25, 4)}
	r, err := Estimate(t.Context(), table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) == 0 || !strings.Contains(r.Warnings[len(r.Warnings)-1], "stopped at the limit") {
		t.Errorf("warnings %q", r.Warnings)
	}
}

func TestBadOptions(t *testing.T) {
	table := lsatTable("LSAT-6")
	for want, o := range map[string]Options{
		"never estimated":    {Model: ThreePL},
		"no lower asymptote": {Model: TwoPL, C: constant(0.2, 5)},
		"4 lower asymptotes": {Model: ThreePL, C: constant(0.2, 4)},
		"outside [0, 1)":     {Model: ThreePL, C: constant(1, 5)},
		`model "4pl"`:        {Model: "4pl"},
		"2 nodes":            {Nodes: 2},
		"limit -1":           {Limit: -1},
		"-3 iterations":      {MaxIter: -3},
		"SD positive":        {Priors: &Priors{}},
	} {
		if _, err := Estimate(t.Context(), table, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Estimate(cancelled, table, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancelling", err)
	}
	if _, err := Estimate(t.Context(), &Table{Items: []string{"x"}}, Options{}); err == nil {
		t.Error("an empty table was calibrated")
	}
}
