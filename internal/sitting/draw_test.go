package sitting

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/readiness"
)

func practicable(n int, domain func(i int) exam.DomainID) []Practicable {
	pool := make([]Practicable, n)
	for i := range pool {
		pool[i] = Practicable{Question: &exam.Question{ID: exam.QuestionID(fmt.Sprintf("q%02d", i))}, Domain: domain(i)}
	}
	return pool
}

// A domain comes up in proportion to its weight times what is missing to 100.
func TestWhatHelpsMostComesUpMost(t *testing.T) {
	standing := []readiness.DomainReport{
		{ID: "1", Weight: .5, Interval: readiness.Interval{Estimate: 80}}, // .5 × 20 = 10
		{ID: "2", Weight: .3, Interval: readiness.Interval{Estimate: 50}}, // .3 × 50 = 15
		{ID: "3", Weight: .2, Interval: readiness.Interval{Estimate: 25}}, // .2 × 75 = 15
	}
	want := map[exam.DomainID]float64{"1": .25, "2": .375, "3": .375}
	domain := func(i int) exam.DomainID { return standing[i%3].ID }
	const draws = 20_000
	got := map[exam.DomainID]int{}
	rng := rand.New(rand.NewPCG(1, 2))
	for range draws {
		queue := drawHelpful(practicable(9, domain), nil, standing, 1, rng)
		var i int
		if _, err := fmt.Sscanf(string(queue[0].Question), "q%d", &i); err != nil {
			t.Fatal(err)
		}
		got[domain(i)]++
	}
	for id, share := range want {
		// Four standard errors.
		if tolerance := 4 * math.Sqrt(share*(1-share)/draws); math.Abs(float64(got[id])/draws-share) > tolerance {
			t.Errorf("domain %s came up %.3f of the time, want %.3f", id, float64(got[id])/draws, share)
		}
	}
}

// Within a domain what was never seen comes first, then what was seen longest ago.
func TestTheUnseenComesFirstThenTheStalest(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	known := map[exam.QuestionID]meeting{"q00": {last: day(3)}, "q01": {last: day(1)}, "q02": {last: day(2)}}
	standing := []readiness.DomainReport{{ID: "1", Weight: 1, Interval: readiness.Interval{Estimate: 100}}}
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0))
		queue := drawHelpful(practicable(5, func(int) exam.DomainID { return "1" }), known, standing, 5, rng)
		var order []exam.QuestionID
		for _, q := range queue {
			order = append(order, q.Question)
		}
		slices.Sort(order[:2]) // q03 and q04, by lot
		if want := []exam.QuestionID{"q03", "q04", "q01", "q02", "q00"}; !slices.Equal(order, want) {
			t.Errorf("seed %d: order %v, want %v", seed, order, want)
		}
	}
}

// Whatever the pool, a draw has no question twice, none that belongs elsewhere, no
// two that share a tag or a case, and stops short only where nothing else fits.
func TestADrawKeepsItsRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		standing := []readiness.DomainReport{{ID: "1", Weight: .6}, {ID: "2", Weight: .4}}
		n := rapid.IntRange(0, 30).Draw(rt, "questions")
		pool := practicable(n, func(i int) exam.DomainID { return standing[i%2].ID })
		known := map[exam.QuestionID]meeting{}
		byID := map[exam.QuestionID]*exam.Question{}
		for _, p := range pool {
			q := p.Question
			byID[q.ID] = q
			if tag := rapid.IntRange(0, 8).Draw(rt, "tag"); tag < 4 {
				q.Enemies = []string{fmt.Sprint(tag)}
			}
			if set := rapid.IntRange(0, 6).Draw(rt, "case"); set < 2 {
				q.Stimulus = &exam.Stimulus{ID: exam.StimulusID(fmt.Sprint(set))}
			}
			m := meeting{missed: rapid.Bool().Draw(rt, "missed"), flagged: rapid.Bool().Draw(rt, "flagged")}
			if rapid.Bool().Draw(rt, "seen") {
				m.last = time.Unix(rapid.Int64Range(1, 1000).Draw(rt, "at"), 0)
			}
			known[q.ID] = m
		}
		source := rapid.SampledFrom([]Source{FromHelpful, FromUnseen, FromMissed, FromFlagged}).Draw(rt, "source")
		length := rapid.SampledFrom(PracticeLengths()).Draw(rt, "length")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		var queue []Queued
		if source == FromHelpful {
			queue = drawHelpful(slices.Clone(pool), known, standing, length, rng)
		} else {
			queue = drawPlain(slices.Clone(pool), known, source, length, rng)
		}
		company, drawn := newCompany(), map[exam.QuestionID]bool{}
		for _, one := range queue {
			if drawn[one.Question] || !known[one.Question].belongs(source) || !company.add(byID[one.Question]) {
				rt.Fatalf("%s: %v breaks the rules at %s", source, queue, one.Question)
			}
			drawn[one.Question] = true
		}
		if len(queue) > length {
			rt.Fatalf("%d questions, at most %d were wanted", len(queue), length)
		}
		for _, p := range pool {
			if len(queue) < length && !drawn[p.Question.ID] && known[p.Question.ID].belongs(source) && company.add(p.Question) {
				rt.Fatalf("%s was left out of a draw of %d for %d", p.Question.ID, len(queue), length)
			}
		}
	})
}
