package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// flatForm is a form of equal domains, one cell each, with no spread of its own.
func flatForm(t testing.TB, cells, items int, cut, sd float64) *Form {
	t.Helper()
	curve, err := NewScoreCurve(0, .25, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := &Form{Curve: curve, Items: items, Cut: cut, CutSD: sd}
	for c := range cells {
		f.Domains = append(f.Domains, Composite{Cells: []int{c}, Weights: []float64{1}})
		f.Weights = append(f.Weights, 1/float64(cells))
	}
	return f
}

func passOf(t testing.TB, posterior *Normal, f *Form) float64 {
	t.Helper()
	cells := f.Overall().Cells
	draws, err := NewDesign(len(cells)).Draw(posterior, cells)
	if err != nil {
		t.Fatal(err)
	}
	p, err := draws.Pass(f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPassOfOneCellIsItsIntegral(t *testing.T) {
	f := flatForm(t, 1, 50, .68, .05)
	for _, m := range []float64{-1.5, -.5, 0, .3, 1, 2.5} {
		for _, sd := range []float64{.1, .5, 1.1} {
			want := simpson(func(z float64) float64 {
				p := f.Curve.P(m + sd*z)
				return phi((p - f.Cut) / math.Sqrt(p*(1-p)/50+.05*.05))
			})
			got := passOf(t, &Normal{Mean: []float64{m}, Cov: []float64{sd * sd}}, f)
			if math.Abs(got-want) > .001 {
				t.Errorf("ability %v ± %v: pass %.4f, want %.4f", m, sd, got, want)
			}
		}
	}
}

func TestPassOfManyCellsMatchesPlainMonteCarlo(t *testing.T) {
	prior := CellPrior(.4, DefaultComponents, grid(3))
	shape := coldShape(t)
	var answers []Answer
	for i := range 25 {
		answers = append(answers, Answer{Cell: (i * 5) % 12, Curve: Curve{shape, difficultyB[i%5], .25}, Right: i%3 > 0, Weight: 1})
	}
	post, err := Posterior(prior, answers)
	if err != nil {
		t.Fatal(err)
	}
	f := flatForm(t, 12, 50, .62, .05)
	l, err := post.cholesky()
	if err != nil {
		t.Fatal(err)
	}
	const n = 40000
	rng := rand.New(rand.NewPCG(1, 1))
	sum, square := 0.0, 0.0
	u := make([]float64, 12)
	for range n {
		for i := range u {
			u[i] = rng.NormFloat64()
		}
		score, variance := 0.0, .05*.05
		for i := range 12 {
			theta := post.Mean[i]
			for j := range i + 1 {
				theta += l[i*12+j] * u[j]
			}
			p := f.Curve.P(theta)
			score += p / 12
			variance += p * (1 - p) / 12 / 50
		}
		p := phi((score - f.Cut) / math.Sqrt(variance))
		sum, square = sum+p, square+p*p
	}
	want := sum / n
	se := math.Sqrt((square/n - want*want) / n)
	if got := passOf(t, post, f); math.Abs(got-want) > .004+3*se {
		t.Errorf("pass %.4f, plain Monte Carlo %.4f ± %.4f", got, want, se)
	}
}

func TestPassRisesWithAbilityAndFallsWithTheCut(t *testing.T) {
	design := NewDesign(4)
	cells := []int{0, 1, 2, 3}
	rapid.Check(t, func(t *rapid.T) {
		f := &Form{Curve: Curve{coldShapeOnce(), 0, .25}, Items: 50, CutSD: .05, Cut: rapid.Float64Range(.4, .9).Draw(t, "cut")}
		for c := range 4 {
			f.Domains = append(f.Domains, Composite{[]int{c}, []float64{1}})
			f.Weights = append(f.Weights, .25)
		}
		post := CellPrior(rapid.Float64Range(-3, 3).Draw(t, "mean"), DefaultComponents, grid(1))
		pass := func(shift, cut float64) float64 {
			n := post.clone()
			for i := range n.Mean {
				n.Mean[i] += shift
			}
			draws, err := design.Draw(n, cells)
			if err != nil {
				t.Fatal(err)
			}
			g := *f
			g.Cut += cut
			p, err := draws.Pass(&g)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		p := pass(0, 0)
		if !(p >= 0 && p <= 1 && pass(.2, 0) >= p && pass(0, .02) <= p) {
			t.Fatalf("pass %.4f, abler %.4f, harder %.4f", p, pass(.2, 0), pass(0, .02))
		}
	})
}

func coldShapeOnce() *Shape {
	s, err := NewShape(1, ColdSDLogA, ColdSDB)
	if err != nil {
		panic(err) // the constants are valid
	}
	return s
}

func TestPassRejectsImpossibleForms(t *testing.T) {
	post := CellPrior(0, DefaultComponents, grid(1))
	draws, err := NewDesign(4).Draw(post, []int{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Form){
		"no items":        func(f *Form) { f.Items = 0 },
		"cut of 1":        func(f *Form) { f.Cut = 1 },
		"negative SD":     func(f *Form) { f.CutSD = -1 },
		"a weight short":  func(f *Form) { f.Weights = f.Weights[1:] },
		"cell not drawn":  func(f *Form) { f.Domains[0].Cells = []int{3} },
		"no answer curve": func(f *Form) { f.Curve.Shape = nil },
	} {
		f := flatForm(t, 3, 50, .7, .05)
		spoil(f)
		if _, err := draws.Pass(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := NewDesign(2).Draw(post, []int{0, 1, 2}); err == nil {
		t.Error("three cells for two dimensions: no error")
	}
}

func TestCapPass(t *testing.T) {
	for p, want := range map[float64]float64{0: .05, .04: .05, .5: .5, .96: .95, 1: .95} {
		if got := CapPass(p); got != want {
			t.Errorf("CapPass(%v) = %v, want %v", p, got, want)
		}
	}
}

// The exact chance of a pass on a known form, 100 people × three exams.
func TestScoreDistributionMatchesExactPasses(t *testing.T) {
	type question struct {
		skill int
		curve Curve
	}
	forms := map[string][]question{}
	_, rows := readTable(t, "testdata/s8_exam_items.csv.gz")
	for _, r := range rows {
		shape, err := NewShape(number(t, r[3]), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		forms[r[0]] = append(forms[r[0]], question{int(number(t, r[2])), Curve{shape, number(t, r[4]), number(t, r[5])}})
	}
	_, theta := readTable(t, "testdata/s8_theta.csv.gz")
	_, want := readTable(t, "testdata/s8_exact_conditional_pass.csv.gz")
	for _, r := range want {
		person := theta[int(number(t, r[0]))-1]
		var p []float64
		for _, q := range forms[r[1]] {
			p = append(p, q.curve.P(number(t, person[q.skill])))
		}
		pass, total := 0.0, 0.0
		for score, chance := range ScoreDistribution(p) {
			total += chance
			if score >= 43 {
				pass += chance
			}
		}
		if w := number(t, r[2]); math.Abs(pass-w) > 1e-7 || math.Abs(total-1) > 1e-12 {
			t.Fatalf("person %s on %s: %.8f of %.12f, want %.8f", r[0], r[1], pass, total, w)
		}
	}
}
