package readiness

import (
	"math/rand/v2"
	"testing"
	"time"

	"sextant/internal/exam"
	"sextant/internal/measure"
)

// TestMemoryChangesNothing: a sitting led with a memory is the same, question for
// question, as one led without, also when answers fade from one to the next.
func TestMemoryChangesNothing(t *testing.T) {
	m := synthetic(t).model
	for _, pace := range []time.Duration{0, time.Minute, 48 * time.Hour} {
		memory := &Memory{}
		var h History
		now := today
		with, without := rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 2))
		for range 30 {
			plan := Plan{Targets: []exam.Code{"MLA-C02"}, Length: 30}
			got, err := m.NextFrom(memory, plan, h, now, with)
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.Next(plan, h, now, without)
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Fatalf("after %d answers: %+v with a memory, %+v without", len(h.Current), got, want)
			}
			if got.Stop {
				break
			}
			outcome := exam.Right
			if len(h.Current)%3 == 0 {
				outcome = exam.Wrong
			}
			h.Current = append(h.Current, exam.Response{Question: got.Question, Outcome: outcome, At: now})
			now = now.Add(pace)
		}
	}
}

// TestTheWholeLengthIsAsked when the plan says so, although the answers settle it.
func TestTheWholeLengthIsAsked(t *testing.T) {
	m := synthetic(t).model
	for _, whole := range []bool{false, true} {
		rng := rand.New(rand.NewPCG(5, 5))
		responses, _ := sit(t, m, Plan{Targets: []exam.Code{"MLA-C02"}, Length: 30, Whole: whole}, rng, map[exam.QuestionID]int{},
			func(int) exam.Outcome { return exam.Wrong })
		if whole != (len(responses) == 30) {
			t.Errorf("whole: %t, %d questions", whole, len(responses))
		}
	}
}

// TestWornQuestionsRest: what was served far more often than its like gives way
// when the best are drawn, and returns when the others have caught up.
func TestWornQuestionsRest(t *testing.T) {
	m := synthetic(t).model
	plan := Plan{Targets: []exam.Code{"MLA-C02"}, Length: 24}
	bounds, err := m.ExposureBounds(plan)
	if err != nil {
		t.Fatal(err)
	}
	e, _ := m.exam("MLA-C02")
	worn := e.domains[0].items[0]
	if want := measure.ExposureBound(24, e.items, 24*e.form.Weights[0], len(e.domains[0].items)); bounds[worn] != want {
		t.Errorf("bound %v, want %v", bounds[worn], want)
	}
	if _, err := m.ExposureBounds(Plan{}); err == nil {
		t.Error("bounds for no plan")
	}
	served := map[exam.QuestionID]int{}
	for _, i := range e.domains[0].items {
		served[m.items[i].id] = 10
	}
	for _, c := range []struct {
		times int
		worn  bool
	}{{0, false}, {10, false}, {10 * len(e.domains[0].items), true}} {
		served[m.items[worn].id] = c.times
		s := m.newSelection(plan, History{Served: served}, []int{m.examAt["MLA-C02"]})
		if got := s.worn(&m.items[worn]); got != c.worn {
			t.Errorf("served %d times, the others 10: worn is %t", c.times, got)
		}
		all := make([]bool, len(m.items))
		for _, i := range e.domains[0].items {
			all[i] = true
		}
		if got := s.unworn(all)[worn]; got == c.worn {
			t.Errorf("served %d times: drawn from is %t", c.times, got)
		}
		only := make([]bool, len(m.items))
		only[worn] = true
		if !s.unworn(only)[worn] {
			t.Error("the last question left is withheld")
		}
	}
}
