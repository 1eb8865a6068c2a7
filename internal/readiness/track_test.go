package readiness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/exam"
)

// history is n responses to questions in a random order, one every two hours up to
// today.
func history(m *Model, seed uint64, n int) []exam.Response {
	rng := rand.New(rand.NewPCG(seed, 3))
	var list []exam.Response
	for i, at := range rng.Perm(len(m.items))[:min(n, len(m.items))] {
		outcome := []exam.Outcome{exam.Right, exam.Right, exam.Wrong, exam.DontKnow}[rng.IntN(4)]
		list = append(list, exam.Response{Question: m.items[at].id, Outcome: outcome, At: today.Add(time.Duration(i-n) * 2 * time.Hour)})
	}
	return list
}

// moments cuts a history into n equal parts.
func moments(responses []exam.Response, n int) []Moment {
	var list []Moment
	for i := range n {
		known := responses[:len(responses)*(i+1)/n]
		list = append(list, Moment{At: today.Add(time.Duration((i+1-n)*len(responses)/n) * 2 * time.Hour), Known: known})
	}
	return list
}

// What a track says of a moment is what a report of that moment says: a band is
// never narrower, and never elsewhere.
func TestATrackSaysWhatReportsSay(t *testing.T) {
	m := synthetic(t).model
	rapid.Check(t, func(rt *rapid.T) {
		responses := history(m, rapid.Uint64().Draw(rt, "seed"), rapid.IntRange(0, 120).Draw(rt, "answers"))
		code := rapid.SampledFrom([]exam.Code{"MLA-C02", "AI-103", "PMLE"}).Draw(rt, "exam")
		list := moments(responses, rapid.IntRange(1, 5).Draw(rt, "moments"))
		track, err := m.Track(code, list)
		if err != nil {
			rt.Fatal(err)
		}
		for i, moment := range list {
			whole, err := m.Report(moment.Known, moment.At, []exam.Code{code})
			if err != nil {
				rt.Fatal(err)
			}
			lenient(t, m, moment, &track[i], &whole.Exams[0])
			if diff := apart(track[i], whole.Exams[0]); diff != "" {
				rt.Fatalf("moment %d: %s", i, diff)
			}
		}
	})
}

// lenient lets a domain be shown in one report alone where the least rounding decides.
func lenient(t *testing.T, m *Model, moment Moment, a, b *ExamReport) {
	t.Helper()
	for d := range a.Domains {
		if a.Domains[d].Shown == b.Domains[d].Shown {
			continue
		}
		posterior, err := m.Posterior(nil, moment.Known, moment.At)
		if err != nil {
			t.Fatal(err)
		}
		e, _ := m.exam(a.Code)
		_, variance := posterior.Moments(e.domains[d].Composite)
		if math.Abs(variance/e.domains[d].priorVar-maxVarianceShare) < 1e-3 {
			a.Domains[d].Shown = b.Domains[d].Shown
		}
	}
}

// apart says where a report of a track differs from a whole one; "" for nowhere.
func apart(a, b ExamReport) string {
	const points = .05
	far := func(x, y Interval) bool {
		return math.Abs(x.Estimate-y.Estimate) > points || math.Abs(x.Low-y.Low) > points || math.Abs(x.High-y.High) > points
	}
	switch {
	case a.Code != b.Code, a.Answers != b.Answers, a.Verdict != b.Verdict, a.CutPercent != b.CutPercent, a.CutSD != b.CutSD, a.CutResults != b.CutResults, a.Start != b.Start, a.Offered != b.Offered:
		return fmt.Sprintf("%+v and %+v", a, b)
	case math.Abs(a.PassRaw-b.PassRaw) > 1e-3:
		return fmt.Sprintf("pass %v and %v", a.PassRaw, b.PassRaw)
	case far(a.Overall, b.Overall):
		return fmt.Sprintf("overall %v and %v", a.Overall, b.Overall)
	case math.Abs(a.ThetaMean-b.ThetaMean) > 2e-3 || math.Abs(a.ThetaSD-b.ThetaSD) > 2e-3:
		return fmt.Sprintf("ability %v ± %v and %v ± %v", a.ThetaMean, a.ThetaSD, b.ThetaMean, b.ThetaSD)
	}
	for d := range b.Domains {
		x, y := a.Domains[d], b.Domains[d]
		y.Missing = ""
		if far(x.Interval, y.Interval) {
			return fmt.Sprintf("domain %s: %v and %v", y.ID, x.Interval, y.Interval)
		}
		x.Interval = y.Interval
		if x != y {
			return fmt.Sprintf("domain %+v and %+v", x, y)
		}
	}
	return ""
}

func TestThereIsNoTrackOfAnUnknownExam(t *testing.T) {
	if _, err := synthetic(t).model.Track("XYZ-1", nil); err == nil {
		t.Error("an unknown exam has a track")
	}
}

// Cuts that results refined are used by the model, and said; the others stay assumed.
func TestRefinedCutsAreUsed(t *testing.T) {
	b := synthetic(t)
	refined, err := NewModelWith(b.cat, b.bank, Parameters{Version: 4, Cuts: map[exam.Code]CutEstimate{"MLA-C02": {Percent: 64, SD: 3, Results: 41}}})
	if err != nil {
		t.Fatal(err)
	}
	responses := history(b.model, 5, 60)
	before, after := report(t, b.model, responses), report(t, refined, responses)
	for i, was := range before.Exams {
		now := after.Exams[i]
		if was.Code != "MLA-C02" {
			if now.PassRaw != was.PassRaw || now.CutPercent != was.CutPercent || now.CutResults != 0 {
				t.Errorf("%s changed with another exam's cut", was.Code)
			}
			continue
		}
		if now.CutPercent != 64 || now.CutSD != 3 || now.CutResults != 41 {
			t.Errorf("measured with a cut of %v ± %v from %d results", now.CutPercent, now.CutSD, now.CutResults)
		}
		if !(now.PassRaw > was.PassRaw) {
			t.Errorf("a lower cut moved the chance of passing from %v to %v", was.PassRaw, now.PassRaw)
		}
		if now.Overall != was.Overall {
			t.Error("a cut moved the estimate of ability")
		}
	}
	if _, err := NewModelWith(b.cat, b.bank, Parameters{Cuts: map[exam.Code]CutEstimate{"MLA-C02": {Percent: 100}}}); err == nil {
		t.Error("a cut of 100 % was taken")
	}
}

// Goal: 60 moments of 600 answers, evenly over every skill on every platform, in 200 ms
// on two cores. As many reports take a second.
func BenchmarkTrack(b *testing.B) {
	m := synthetic(b).model
	list := moments(history(m, 1, 600), 60)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Track("MLA-C02", list); err != nil {
			b.Fatal(err)
		}
	}
}
