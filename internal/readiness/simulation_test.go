package readiness

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"sextant/internal/exam"
	"sextant/internal/measure"
)

// learner is a person drawn from the model: an ability in every cell.
type learner struct {
	m     *Model
	theta []float64
}

// newLearner draws the random effects one by one, as the model states them,
// rather than from the covariance matrix under test.
func newLearner(m *Model, rng *rand.Rand) learner {
	sd := measure.DefaultComponents
	general := sd.General * rng.NormFloat64()
	platform := map[exam.Platform]float64{}
	for _, p := range exam.Platforms() {
		platform[p] = sd.Platform * rng.NormFloat64()
	}
	skill := map[exam.SkillID]float64{}
	l := learner{m: m, theta: make([]float64, len(m.cells))}
	for i, c := range m.cells {
		if _, ok := skill[c.skill]; !ok {
			skill[c.skill] = sd.Skill * rng.NormFloat64()
		}
		l.theta[i] = general + skill[c.skill]
		if c.platform != exam.Neutral {
			l.theta[i] += platform[c.platform] + sd.Cell*rng.NormFloat64()
		}
	}
	return l
}

// trueItems draws what the labels only hint at: slope and location per question.
func trueItems(m *Model, rng *rand.Rand) (slope, location []float64) {
	for i := range m.items {
		slope = append(slope, math.Exp(measure.ColdSDLogA*rng.NormFloat64()))
		location = append(location, m.items[i].curve.B+measure.ColdSDB*rng.NormFloat64())
	}
	return slope, location
}

func (l learner) answer(at int, slope, location []float64, rng *rand.Rand) exam.Outcome {
	it := &l.m.items[at]
	p := it.curve.C + (1-it.curve.C)/(1+math.Exp(-slope[at]*(l.theta[it.cell]-location[at])))
	if rng.Float64() < p {
		return exam.Right
	}
	return exam.Wrong
}

func (l learner) composite(c measure.Composite) float64 { return dot(c, l.theta) }

// sit lets Next lead a learner through a sitting.
func sit(t testing.TB, m *Model, plan Plan, rng *rand.Rand, served map[exam.QuestionID]int, answer func(at int) exam.Outcome) ([]exam.Response, string) {
	t.Helper()
	var h History
	h.Served = served
	now := today
	for {
		step, err := m.Next(plan, h, now, rng)
		if err != nil {
			t.Fatal(err)
		}
		if step.Stop {
			return h.Current, step.Reason
		}
		served[step.Question]++
		now = now.Add(time.Minute)
		h.Current = append(h.Current, exam.Response{Question: step.Question, Outcome: answer(m.itemAt[step.Question]), At: now})
	}
}

// TestIntervalsCoverTheTruth: 90 % intervals of domains hold for learners of the
// model whose questions are as uncertain as the model says. The bands are four
// standard errors to either side, counting a learner's four or five domains as one
// and a half because they hang together.
func TestIntervalsCoverTheTruth(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of 600 learners")
	}
	m := synthetic(t).model
	rng := rand.New(rand.NewPCG(20261122, 1))
	served := map[exam.QuestionID]int{}
	codes := []exam.Code{"MLA-C02", "AI-103", "AIF-C01"}
	covered, n, overall, exams := 0.0, 0.0, 0.0, 0.0
	var brier, base float64
	for i := range 600 {
		code := codes[i%len(codes)]
		l := newLearner(m, rng)
		slope, location := trueItems(m, rng)
		responses, _ := sit(t, m, Plan{Targets: []exam.Code{code}, Length: 24}, rng, served, func(at int) exam.Outcome {
			return l.answer(at, slope, location, rng)
		})
		r, err := m.Report(responses, today.Add(time.Hour), []exam.Code{code})
		if err != nil {
			t.Fatal(err)
		}
		e := &m.exams[m.examAt[code]]
		for d, dr := range r.Exams[0].Domains {
			truth := 100 * e.domains[d].curve.P(l.composite(e.domains[d].Composite))
			if dr.Interval.Low <= truth && truth <= dr.Interval.High {
				covered++
			}
			n++
		}
		truth := 100 * e.overall.curve.P(l.composite(e.overall.Composite))
		if o := r.Exams[0].Overall; o.Low <= truth && truth <= o.High {
			overall++
		}
		exams++
		passed := 0.0
		if truePass(e, l, rng) {
			passed = 1
		}
		brier += (r.Exams[0].PassRaw - passed) * (r.Exams[0].PassRaw - passed)
		base += passed
	}
	share := base / exams
	t.Logf("domains %.3f, overall %.3f, Brier %.3f against %.3f for the base rate", covered/n, overall/exams, brier/exams, share*(1-share))
	if c := covered / n; c < .86 || c > .94 {
		t.Errorf("90 %% intervals of domains cover %.1f %%", 100*c)
	}
	if c := overall / exams; c < .85 || c > .95 {
		t.Errorf("90 %% intervals of exams cover %.1f %%", 100*c)
	}
	if b := brier / exams; !(b < .85*share*(1-share)) {
		t.Errorf("Brier score %.3f is not clearly better than the base rate's %.3f", b, share*(1-share))
	}
}

// truePass draws one real sitting: questions, answers and the unknown cut.
func truePass(e *examModel, l learner, rng *rand.Rand) bool {
	right := 0.0
	for range e.form.Items {
		c := e.overall.Cells[weighted(e.overall.Weights, rng)]
		if rng.Float64() < e.form.Curve.P(l.theta[c]) {
			right++
		}
	}
	return right/float64(e.form.Items) >= e.form.Cut+e.form.CutSD*rng.NormFloat64()
}

func weighted(weights []float64, rng *rand.Rand) int {
	u := rng.Float64()
	for i, w := range weights {
		if u -= w; u < 0 {
			return i
		}
	}
	return len(weights) - 1
}
