package recommend_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/recommend"
	"sextant/questions"
)

// Through the real measurement model, a question of an exam answered right
// instead of wrong, or one more answered right, never lowers what the answers
// give that exam.
func TestRightAnswersNeverLowerTheEvidence(t *testing.T) {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	b, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	model, err := readiness.NewModel(cat, b.Questions)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		asked := rapid.SliceOfNDistinct(rapid.IntRange(0, len(b.Questions)-1), 4, 30, rapid.ID).Draw(t, "questions")
		var before []exam.Response
		for _, i := range asked {
			o := rapid.SampledFrom([]exam.Outcome{exam.Right, exam.Wrong}).Draw(t, "outcome")
			before = append(before, exam.Response{Question: b.Questions[i].ID, Outcome: o, At: noon.Add(-time.Hour)})
		}
		at := rapid.IntRange(0, len(before)-1).Draw(t, "which")
		serves := cat.Serves(b.Questions[asked[at]])
		after := slices.Clone(before)
		if rapid.Bool().Draw(t, "one more") {
			before = slices.Delete(slices.Clone(before), at, at+1)
		} else {
			before[at].Outcome = exam.Wrong
		}
		after[at].Outcome = exam.Right
		part := func(responses []exam.Response) map[exam.Code]float64 {
			report, err := model.Report(responses, noon, nil)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[exam.Code]float64{}
			for _, c := range recommend.Recommend(cat, recommend.Situation{Language: "en"}, recommend.Evidence{Report: report}, noon).Ranking {
				parts[c.Code] = c.Evidence
			}
			return parts
		}
		was, is := part(before), part(after)
		for code := range serves {
			if _, ranked := was[code]; ranked && is[code] < was[code] {
				t.Fatalf("%s: from %v to %v by a right answer to %s", code, was[code], is[code], b.Questions[asked[at]].ID)
			}
		}
	})
}

// Through the real measurement model: somebody who said nothing is led to the
// level that their answers show.
func TestAnswersAloneLeadToTheirLevel(t *testing.T) {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	b, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	model, err := readiness.NewModel(cat, b.Questions)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		right float64 // share of the answers
		entry bool    // an entry exam is meant
	}{{0.25, true}, {0.35, true}, {0.85, false}, {0.95, false}} {
		for seed := range uint64(8) {
			rng := rand.New(rand.NewPCG(seed, 7))
			var given []exam.Response
			for _, i := range rng.Perm(len(b.Questions))[:36] {
				r := exam.Response{Question: b.Questions[i].ID, Outcome: exam.Wrong, At: noon.Add(-time.Hour)}
				if rng.Float64() < tt.right {
					r.Outcome = exam.Right
				}
				given = append(given, r)
			}
			report, err := model.Report(given, noon, nil)
			if err != nil {
				t.Fatal(err)
			}
			lead := recommend.Recommend(cat, recommend.Situation{Language: "en"}, recommend.Evidence{Report: report}, noon).Lead
			if lead == nil {
				t.Fatalf("%.0f %% right, draw %d: nothing leads", 100*tt.right, seed)
			}
			entry := slices.Contains([]catalogue.Level{catalogue.Foundational, catalogue.Fundamentals, catalogue.Business}, lead.Level)
			if entry != tt.entry {
				t.Errorf("%.0f %% right, draw %d: leads with %s", 100*tt.right, seed, lead.Code)
			}
		}
	}
}
