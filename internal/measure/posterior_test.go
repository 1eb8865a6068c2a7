package measure

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// readTable reads a CSV file with a header row, gzipped or not.
func readTable(t testing.TB, path string) (header []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// exactCase is 18 known items over three domains that correlate .7, with the
// posteriors of 200 people by brute force on an 81³ grid.
type exactCase struct {
	prior  *Normal
	items  []Question
	people [][]string
}

func readExact(t testing.TB) exactCase {
	t.Helper()
	c := exactCase{prior: correlated(3)}
	_, rows := readTable(t, "testdata/s10_items.csv")
	for _, r := range rows {
		shape, err := NewShape(number(t, r[1]), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		c.items = append(c.items, Question{
			Cell:  int(number(t, r[4])) - 1,
			Curve: Curve{Shape: shape, B: number(t, r[2]), C: number(t, r[3])},
		})
	}
	_, c.people = readTable(t, "testdata/s10_exact_posterior.csv.gz")
	return c
}

func (c exactCase) answers(responses string) []Answer {
	answers := make([]Answer, len(c.items))
	for i, q := range c.items {
		answers[i] = Answer{Cell: q.Cell, Curve: q.Curve, Right: responses[i] == '1', Weight: 1}
	}
	return answers
}

// correlated is a prior of unit variances and correlations of 0.7.
func correlated(dim int) *Normal {
	const rho = .7
	n := &Normal{Mean: make([]float64, dim), Cov: make([]float64, dim*dim)}
	for i := range dim {
		for j := range dim {
			n.Cov[i*dim+j] = rho
		}
		n.Cov[i*dim+i] = 1
	}
	return n
}

func TestPosteriorMatchesBruteForce(t *testing.T) {
	c := readExact(t)
	var meanError, meanWorst, sdError, sdWorst, covWorst float64
	n := 0.0
	for _, person := range c.people {
		post, err := Posterior(c.prior, c.answers(person[1]))
		if err != nil {
			t.Fatal(err)
		}
		for k := range 3 {
			e := math.Abs(post.Mean[k] - number(t, person[2+4*k]))
			sd := number(t, person[3+4*k])
			s := math.Abs(math.Sqrt(post.Var(k))/sd - 1)
			meanError, sdError, n = meanError+e, sdError+s, n+1
			meanWorst, sdWorst = math.Max(meanWorst, e), math.Max(sdWorst, s)
		}
		for k, at := range []int{1, 2, 5} {
			covWorst = math.Max(covWorst, math.Abs(post.Cov[at]-number(t, person[14+k])))
		}
	}
	t.Logf("means %.5f, worst %.5f; SDs %.3f %%, worst %.3f %%; covariances worst %.5f",
		meanError/n, meanWorst, 100*sdError/n, 100*sdWorst, covWorst)
	if meanError/n > .002 || meanWorst > .007 {
		t.Errorf("means are off by %.5f on average, %.5f at worst; want at most .002 and .007", meanError/n, meanWorst)
	}
	if sdError/n > .005 || sdWorst > .02 {
		t.Errorf("SDs are off by %.5f on average, %.5f at worst; want at most .005 and .02", sdError/n, sdWorst)
	}
	if covWorst > .02 {
		t.Errorf("covariances are off by %.5f at worst; want at most .02", covWorst)
	}
}

// coldShape is the curve of a question nobody has calibrated.
func coldShape(t testing.TB) *Shape {
	t.Helper()
	s, err := NewShape(1, ColdSDLogA, ColdSDB)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// grid is the cells of skills × (three platforms and neutral).
func grid(skills int) []Cell {
	var cells []Cell
	for s := range skills {
		for p := range 3 {
			cells = append(cells, Cell{Skill: s, Platform: p})
		}
		cells = append(cells, Cell{Skill: s, Neutral: true})
	}
	return cells
}

func TestPosteriorDoesNotDependOnOrder(t *testing.T) {
	shape := coldShape(t)
	prior := CellPrior(0, DefaultComponents, grid(6))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 120).Draw(t, "n")
		answers := make([]Answer, n)
		for i := range answers {
			answers[i] = Answer{
				Cell:   rapid.IntRange(0, prior.Dim()-1).Draw(t, "cell"),
				Curve:  Curve{shape, rapid.SampledFrom(difficultyB[:]).Draw(t, "b"), rapid.SampledFrom([]float64{0, .1, .25, .5}).Draw(t, "c")},
				Right:  rapid.Bool().Draw(t, "right"),
				Weight: rapid.SampledFrom([]float64{1, 1, 1, .7, .3}).Draw(t, "weight"),
			}
		}
		one, err := Posterior(prior, answers)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed")))
		rng.Shuffle(n, func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
		other, err := Posterior(prior, answers)
		if err != nil {
			t.Fatal(err)
		}
		for c := range one.Mean {
			if d := math.Abs(one.Mean[c] - other.Mean[c]); !(d <= 1e-6) {
				t.Fatalf("cell %d: mean moves by %g with the order of answers", c, d)
			}
			if !(one.Var(c) > 0) || math.Abs(one.Var(c)-other.Var(c)) > 1e-6 {
				t.Fatalf("cell %d: variances %g and %g", c, one.Var(c), other.Var(c))
			}
		}
	})
}

func TestPosteriorOfExtremePatternsIsFinite(t *testing.T) {
	prior := CellPrior(0, DefaultComponents, grid(4))
	sharp, err := NewShape(3, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		shape *Shape
		b     float64
		c     float64
		right func(i int) bool
	}{
		{"all right", coldShape(t), 1.6, .25, func(int) bool { return true }},
		{"all wrong", coldShape(t), -1.6, .25, func(int) bool { return false }},
		{"all right, sharp and far", sharp, 8, 0, func(int) bool { return true }},
		{"all wrong, sharp and far", sharp, -8, .5, func(int) bool { return false }},
		{"wrong on easy, right on hard by guessing", sharp, 3, .5, func(i int) bool { return i%2 == 0 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answers := make([]Answer, 200)
			for i := range answers {
				answers[i] = Answer{Cell: i % 3, Curve: Curve{tt.shape, tt.b, tt.c}, Right: tt.right(i), Weight: 1}
			}
			post, err := Posterior(prior, answers)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := post.cholesky(); err != nil {
				t.Error(err)
			}
			for c, m := range post.Mean {
				if math.IsNaN(m) || math.Abs(m) > 30 || !(post.Var(c) > 0) || post.Var(c) > 2*prior.Var(c) {
					t.Fatalf("cell %d: mean %v, variance %v", c, m, post.Var(c))
				}
			}
		})
	}
}

func TestPosteriorLeavesPriorAndUnansweredAlone(t *testing.T) {
	prior := CellPrior(.3, DefaultComponents, grid(2))
	post, err := Posterior(prior, []Answer{{Cell: 0, Curve: Curve{coldShape(t), 0, .25}, Right: true, Weight: 0}})
	if err != nil {
		t.Fatal(err)
	}
	for c := range prior.Mean {
		if prior.Mean[c] != .3 || post.Mean[c] != .3 || post.Var(c) != prior.Var(c) {
			t.Errorf("cell %d moved by an answer of weight 0: %v ± %v", c, post.Mean[c], post.Var(c))
		}
	}
}

func TestPosteriorSpreadsAnAnswerByKinship(t *testing.T) {
	cells := grid(3) // per skill: three platforms, neutral
	prior := CellPrior(0, DefaultComponents, cells)
	post, err := Posterior(prior, []Answer{{Cell: 0, Curve: Curve{coldShape(t), 0, .25}, Right: true, Weight: 1}})
	if err != nil {
		t.Fatal(err)
	}
	own, skill, platform, neither := post.Mean[0], post.Mean[1], post.Mean[4], post.Mean[5]
	if !(own > skill && skill > platform && platform > neither && neither > 0) {
		t.Errorf("a right answer moves its own cell by %.3f, the same skill elsewhere %.3f, the same platform %.3f, neither %.3f; want descending and positive",
			own, skill, platform, neither)
	}
	if concept := post.Mean[3]; !(concept > neither) {
		t.Errorf("the neutral cell of the skill moves by %.3f, want more than an unrelated %.3f", concept, neither)
	}
}

func TestPosteriorWeighsFadedAnswersLess(t *testing.T) {
	prior := CellPrior(0, DefaultComponents, grid(1))
	last := math.Inf(1)
	for _, days := range []float64{0, 30, 90, 365, 3650} {
		var answers []Answer
		for range 5 {
			answers = append(answers, Answer{Cell: 0, Curve: Curve{coldShape(t), 0, .25}, Right: true, Weight: FadingWeight(days)})
		}
		post, err := Posterior(prior, answers)
		if err != nil {
			t.Fatal(err)
		}
		if m := post.Mean[0]; !(m < last && m > -1e-9) {
			t.Errorf("after %v days five right answers move the mean to %.4f, want below %.4f and not under the prior", days, m, last)
		} else {
			last = m
		}
	}
	if last > 1e-6 {
		t.Errorf("after ten years the mean is still %g", last)
	}
}

func TestPosteriorRejectsWhatItCannotUse(t *testing.T) {
	prior := CellPrior(0, DefaultComponents, grid(1))
	good := Answer{Cell: 0, Curve: Curve{coldShape(t), 0, .25}, Weight: 1}
	for name, spoil := range map[string]func(*Answer){
		"cell out of range": func(a *Answer) { a.Cell = 4 },
		"no shape":          func(a *Answer) { a.Curve.Shape = nil },
		"guessing of 1":     func(a *Answer) { a.Curve.C = 1 },
		"weight above 1":    func(a *Answer) { a.Weight = 1.5 },
		"weight not finite": func(a *Answer) { a.Weight = math.NaN() },
	} {
		a := good
		spoil(&a)
		if _, err := Posterior(prior, []Answer{a}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Posterior(&Normal{Mean: []float64{0}, Cov: []float64{0}}, nil); err == nil {
		t.Error("a prior of variance 0: no error")
	}
}

// Figure to beat: five dimensions, select and update together, p99 60 µs
// (prototype; mirtCAT takes 20–29 ms).
func BenchmarkPosterior(b *testing.B) {
	shape := coldShape(b)
	for _, bm := range []struct {
		name    string
		prior   *Normal
		answers int
	}{
		{"5 domains, 30 answers", correlated(5), 30},
		{"160 cells, 40 answers", CellPrior(0, DefaultComponents, grid(40)), 40},
		{"160 cells, 200 answers", CellPrior(0, DefaultComponents, grid(40)), 200},
	} {
		b.Run(bm.name, func(b *testing.B) {
			answers := make([]Answer, bm.answers)
			for i := range answers {
				answers[i] = Answer{Cell: (i * 7) % bm.prior.Dim(), Curve: Curve{shape, difficultyB[i%5], .25}, Right: i%3 != 0, Weight: 1}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Posterior(bm.prior, answers); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The grid of 33 nodes against one of 2,000, up to the steepest curves in use.
func TestTiltedMomentsAreConverged(t *testing.T) {
	for slope, tolerance := range map[float64]float64{.5: 1e-9, .9: 1e-8, 2: 5e-7} {
		shape, err := NewShape(slope, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, right := range []bool{true, false} {
			a := Answer{Curve: Curve{shape, .4, .25}, Right: right}
			sd := 1.1
			m, v, ok := tilted(&a, -.3, sd*sd)
			likelihood := func(z float64) float64 {
				p := a.Curve.P(-.3 + sd*z)
				if right {
					return p
				}
				return 1 - p
			}
			z0 := simpson(likelihood)
			z1 := simpson(func(z float64) float64 { return z * likelihood(z) }) / z0
			z2 := simpson(func(z float64) float64 { return z * z * likelihood(z) }) / z0
			if wantM, wantV := -.3+sd*z1, sd*sd*(z2-z1*z1); !ok || math.Abs(m-wantM) > tolerance || math.Abs(v-wantV) > tolerance {
				t.Errorf("slope %v, right %v: mean %.10f and variance %.10f, want %.10f and %.10f", slope, right, m, v, wantM, wantV)
			}
		}
	}
}
