package readiness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sextant/internal/exam"
	"sextant/internal/fault"
)

func coin(rng *rand.Rand) func(int) exam.Outcome {
	return func(int) exam.Outcome {
		if rng.Float64() < .6 {
			return exam.Right
		}
		return exam.Wrong
	}
}

func TestNextFollowsTheBlueprint(t *testing.T) {
	b := synthetic(t)
	rng := rand.New(rand.NewPCG(3, 1))
	for _, cert := range b.cat.Certifications {
		e, _ := b.model.exam(cert.Code)
		responses, _ := sit(t, b.model, Plan{Targets: []exam.Code{cert.Code}, Length: 24}, rng, map[exam.QuestionID]int{}, coin(rng))
		had := make([]float64, len(e.domains))
		for _, r := range responses {
			d := b.model.items[b.model.itemAt[r.Question]].domain[b.model.examAt[cert.Code]]
			if d < 0 {
				t.Fatalf("%s: %s does not serve it", cert.Code, r.Question)
			}
			had[d]++
		}
		for d, n := range had {
			due := math.Min(e.form.Weights[d]*float64(len(responses)), float64(len(e.domains[d].items)))
			if math.Abs(n-due) > 1.5 {
				t.Errorf("%s domain %s: %v of %d questions, its share is %.1f", cert.Code, e.domains[d].domain.ID, n, len(responses), due)
			}
		}
	}
}

func TestNextForFitSeesEveryFamily(t *testing.T) {
	m := synthetic(t).model
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 1))
		responses, reason := sit(t, m, Plan{Fit: true, Length: 12}, rng, map[exam.QuestionID]int{}, coin(rng))
		if len(responses) != 12 || reason != reasonLength {
			t.Fatalf("%d questions: %s", len(responses), reason)
		}
		had := map[exam.Platform]int{}
		for _, r := range responses {
			had[m.items[m.itemAt[r.Question]].platform]++
		}
		for _, p := range exam.Platforms() {
			if had[p] < 2 {
				t.Errorf("seed %d: %d questions on %s of 12: %v", seed, had[p], p, had)
			}
		}
	}
}

func TestNextOpensEasilyAndNeverRepeats(t *testing.T) {
	m := synthetic(t).model
	rng := rand.New(rand.NewPCG(5, 1))
	for range 20 {
		responses, _ := sit(t, m, Plan{Targets: []exam.Code{"AIP-C01", "AI-103"}, Length: 24}, rng, map[exam.QuestionID]int{}, coin(rng))
		seen := map[exam.QuestionID]bool{}
		for i, r := range responses {
			if seen[r.Question] {
				t.Fatalf("%s came twice", r.Question)
			}
			seen[r.Question] = true
			if d := m.items[m.itemAt[r.Question]].difficulty; i < 2 && d > easyDifficulty {
				t.Errorf("question %d has difficulty %d", i+1, d)
			}
		}
	}
}

// smallBank is a bank for one exam with a spoiler applied to every question.
func smallBank(t *testing.T, code exam.Code, perCell int, spoil func(i int, q *exam.Question)) *Model {
	t.Helper()
	b := synthetic(t)
	var bank []*exam.Question
	for _, q := range syntheticBank(b.cat, perCell) {
		if _, ok := b.cat.Serves(q)[code]; ok {
			spoil(len(bank), q)
			bank = append(bank, q)
		}
	}
	m, err := NewModel(b.cat, bank)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestNextKeepsEnemiesApart(t *testing.T) {
	stimulus := &exam.Stimulus{ID: "case-1"}
	m := smallBank(t, "MLA-C02", 2, func(i int, q *exam.Question) {
		switch {
		case i%2 == 0:
			q.Stimulus = stimulus
		case i%4 == 1:
			q.Enemies = []string{"tag", fmt.Sprintf("tag-%d", i)}
		}
	})
	rng := rand.New(rand.NewPCG(7, 1))
	responses, _ := sit(t, m, Plan{Targets: []exam.Code{"MLA-C02"}, Length: 14}, rng, map[exam.QuestionID]int{}, coin(rng))
	cases, tagged := 0, 0
	for _, r := range responses {
		it := m.items[m.itemAt[r.Question]]
		if it.stimulus != "" {
			cases++
		}
		if len(it.enemies) > 0 {
			tagged++
		}
	}
	if cases > 1 || tagged > 1 {
		t.Errorf("%d questions of one case set and %d of one enemy tag in a sitting; want at most one each", cases, tagged)
	}
	if len(responses) < 10 {
		t.Errorf("only %d questions", len(responses))
	}
}

func TestNextPrefersWhatTheLearnerHasNotSeen(t *testing.T) {
	m := smallBank(t, "MLA-C02", 2, func(int, *exam.Question) {})
	rng := rand.New(rand.NewPCG(9, 1))
	h := History{Seen: map[exam.QuestionID]bool{}}
	for i := range m.items {
		if i%3 != 0 {
			h.Seen[m.items[i].id] = true
		}
	}
	for range 12 {
		step, err := m.Next(Plan{Targets: []exam.Code{"MLA-C02"}, Length: 12}, h, today, rng)
		if err != nil {
			t.Fatal(err)
		}
		if h.Seen[step.Question] {
			t.Errorf("%s was seen lately though unseen questions remain", step.Question)
		}
		h.Current = append(h.Current, exam.Response{Question: step.Question, Outcome: exam.Right, At: today})
	}
	for i := range m.items {
		h.Seen[m.items[i].id] = true
	}
	h.Current = nil
	if step, err := m.Next(Plan{Targets: []exam.Code{"MLA-C02"}, Length: 12}, h, today, rng); err != nil || step.Stop {
		t.Errorf("with everything seen: %+v, %v; want a question all the same", step, err)
	}
}

func TestNextServesTheLeastServedOneSlotInFive(t *testing.T) {
	m := smallBank(t, "AIF-C01", 3, func(int, *exam.Question) {})
	rng := rand.New(rand.NewPCG(11, 1))
	served := map[exam.QuestionID]int{}
	for range 60 {
		sit(t, m, Plan{Targets: []exam.Code{"AIF-C01"}, Length: 12}, rng, served, coin(rng))
	}
	never := 0
	for i := range m.items {
		if served[m.items[i].id] == 0 {
			never++
		}
	}
	if share := float64(never) / float64(len(m.items)); share > .05 {
		t.Errorf("%.0f %% of %d questions were never served in 60 sittings of 12", 100*share, len(m.items))
	}
}

func TestNextStopsWithItsReason(t *testing.T) {
	m := synthetic(t).model
	alwaysWrong := func(int) exam.Outcome { return exam.Wrong }
	rng := rand.New(rand.NewPCG(13, 1))
	responses, reason := sit(t, m, Plan{Targets: []exam.Code{"MLA-C02"}, Length: 40}, rng, map[exam.QuestionID]int{}, alwaysWrong)
	if reason != reasonSettled || len(responses) < 15 || len(responses) > 20 {
		t.Errorf("all wrong: stopped after %d: %s", len(responses), reason)
	}
	responses, reason = sit(t, m, Plan{Targets: []exam.Code{"MLA-C02"}, Length: 12}, rng, map[exam.QuestionID]int{}, alwaysWrong)
	if reason != reasonLength || len(responses) != 12 {
		t.Errorf("length 12: stopped after %d: %s", len(responses), reason)
	}
	tiny := smallBank(t, "AIB-C01", 1, func(int, *exam.Question) {})
	responses, reason = sit(t, tiny, Plan{Targets: []exam.Code{"AIB-C01"}, Length: 400}, rng, map[exam.QuestionID]int{}, coin(rng))
	if len(responses) > len(tiny.items) || reason == reasonLength || reason == "" {
		t.Errorf("a bank of %d: stopped after %d: %q", len(tiny.items), len(responses), reason)
	}
	empty, err := NewModel(synthetic(t).cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range []Plan{{Targets: []exam.Code{"MLA-C02"}, Length: 12}, {Fit: true, Length: 12}} {
		step, err := empty.Next(plan, History{}, today, rng)
		if err != nil || !step.Stop || step.Reason != reasonExhausted {
			t.Errorf("%+v with no questions: %+v, %v", plan, step, err)
		}
	}
}

func TestNextIsReproducible(t *testing.T) {
	m := synthetic(t).model
	run := func() []exam.QuestionID {
		rng := rand.New(rand.NewPCG(17, 1))
		var ids []exam.QuestionID
		responses, _ := sit(t, m, Plan{Fit: true, Length: 12}, rng, map[exam.QuestionID]int{}, coin(rng))
		for _, r := range responses {
			ids = append(ids, r.Question)
		}
		return ids
	}
	if a, b := run(), run(); !slices.Equal(a, b) {
		t.Errorf("the same seed gives %v and %v", a, b)
	}
}

func TestNextRejectsPlansItCannotFollow(t *testing.T) {
	m := synthetic(t).model
	rng := rand.New(rand.NewPCG(1, 1))
	for _, tt := range []struct {
		plan Plan
		kind fault.Kind
	}{
		{Plan{Targets: []exam.Code{"MLA-C02"}}, fault.KindInvalid},
		{Plan{Length: 12}, fault.KindInvalid},
		{Plan{Targets: []exam.Code{"NOPE-1"}, Length: 12}, fault.KindNotFound},
	} {
		if _, err := m.Next(tt.plan, History{}, today, rng); fault.KindOf(err) != tt.kind {
			t.Errorf("%+v: %v, want a fault of kind %s", tt.plan, err, tt.kind)
		}
	}
}

// Goal: with Report well under 50 ms for 40 answers over all exams.
func BenchmarkNext(b *testing.B) {
	m := synthetic(b).model
	for _, bm := range []struct {
		name string
		plan Plan
		n    int
	}{
		{"one exam, 10 answers", Plan{Targets: []exam.Code{"MLA-C02"}, Length: 60}, 10},
		{"fit, 40 answers", Plan{Fit: true, Length: 60}, 40},
	} {
		b.Run(bm.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			var h History
			for i, r := range rng.Perm(len(m.items))[:bm.n] {
				h.Current = append(h.Current, exam.Response{Question: m.items[r].id, Outcome: []exam.Outcome{exam.Right, exam.Wrong}[i%2], At: today.Add(time.Duration(i) * time.Minute)})
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Next(bm.plan, h, today.Add(time.Hour), rng); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
