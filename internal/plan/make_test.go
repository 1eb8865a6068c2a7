package plan

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/questions"
)

func day(text string) Day {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

var today = day("2026-11-22") // a Sunday

// world is the catalogue, the bank and the model that ship.
type world struct {
	cat   *catalogue.Catalogue
	bank  *bank.Bank
	model *readiness.Model
}

var loaded = sync.OnceValues(func() (*world, error) {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		return nil, err
	}
	b, remarks := bank.Load(questions.Bank(), exam.BuiltIn)
	if len(b.Questions) == 0 {
		return nil, fmt.Errorf("no questions: %v", remarks)
	}
	m, err := readiness.NewModel(cat, b.Questions)
	return &world{cat, b, m}, err
})

func load(t testing.TB) *world {
	t.Helper()
	w, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// learner has answered n questions of a platform and the neutral ones, right with
// probability p.
func (w *world) learner(t testing.TB, seed uint64, n int, platform exam.Platform, p float64) *effort.Learner {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	var list []exam.Response
	for _, i := range rng.Perm(len(w.bank.Questions)) {
		q := w.bank.Questions[i]
		if len(list) == n {
			break
		}
		if q.Platform != platform && q.Platform != exam.Neutral {
			continue
		}
		r := exam.Response{Question: q.ID, Outcome: exam.Wrong, At: today.Add(time.Duration(len(list)-n) * time.Minute)}
		if rng.Float64() < p {
			r.Outcome = exam.Right
		}
		list = append(list, r)
	}
	l, err := effort.NewLearner(w.model, w.cat, list, today)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (w *world) make(t testing.TB, l *effort.Learner, in Input) Plan {
	t.Helper()
	p, err := Make(w.cat, l, in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sixHours is six hours a week: an hour on four evenings, two on Saturday.
var sixHours = [7]int{0, 60, 60, 0, 60, 60, 120}

// A page shows one plan. Target: 50 ms on the two cores of architecture.md.
func BenchmarkMake(b *testing.B) {
	w := load(b)
	l := w.learner(b, 3, 30, exam.AWS, .5)
	for _, in := range []struct {
		name string
		Input
	}{
		{"as soon as likely", Input{Wish: Wish{Exam: "MLA-C02", Minutes: sixHours}, Today: today}},
		{"a day", Input{Wish: Wish{Exam: "MLA-C02", Minutes: sixHours, Date: day("2027-03-01")}, Today: today}},
		{"three years", Input{Wish: Wish{Exam: "MLA-C02", Minutes: sixHours, Date: day("2029-11-01")}, Today: today}},
		{"not within a year", Input{Wish: Wish{Exam: "MLA-C02", Minutes: [7]int{1: 30}}, Today: today}},
	} {
		b.Run(in.name, func(b *testing.B) {
			for b.Loop() {
				w.make(b, l, in.Input)
			}
		})
	}
}
