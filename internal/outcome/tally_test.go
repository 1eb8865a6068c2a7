package outcome

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/exam"
)

var codes = []exam.Code{"AAA-1", "BBB-1", "CCC-1", "DDD-1"}

// told makes n results of an exam that come out as was expected.
func people(rng *rand.Rand, code exam.Code, n, from int) []Result {
	var list []Result
	for i := range n {
		p := .1 + .8*rng.Float64()
		list = append(list, Result{
			ID: ID(fmt.Sprintf("%s-%03d", code, from+i)), Person: fmt.Sprintf("person-%d", from+i), Exam: code,
			Taken: time.Unix(int64(from+i)*86400, 0), Told: time.Unix(int64(from+i)*86400+3600, 0),
			Passed:   rng.Float64() < p,
			Expected: Expected{Answers: 30, Pass: p, ThetaMean: 1, ThetaSD: .4},
		})
	}
	return list
}

func TestEverybodysFirstAttemptCounts(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	known := Expected{Answers: MinAnswers, Pass: .5, ThetaSD: .4}
	few := known
	few.Answers--
	results := []Result{
		{ID: "again", Person: "a", Exam: "AAA-1", Taken: day(9), Told: day(10), Expected: known},
		{ID: "first", Person: "a", Exam: "AAA-1", Taken: day(2), Told: day(12), Expected: known},
		{ID: "other exam", Person: "a", Exam: "BBB-1", Taken: day(3), Told: day(4), Expected: known},
		{ID: "other person", Person: "b", Exam: "AAA-1", Taken: day(20), Told: day(21), Expected: known},
		// Of somebody whose first attempt can't be judged, the next isn't a first one.
		{ID: "unjudgeable", Person: "c", Exam: "AAA-1", Taken: day(1), Told: day(1), Expected: few},
		{ID: "after it", Person: "c", Exam: "AAA-1", Taken: day(8), Told: day(8), Expected: known},
	}
	var ids []ID
	for _, r := range First(results) {
		ids = append(ids, r.ID)
	}
	if want := []ID{"other exam", "first", "other person"}; !slices.Equal(ids, want) {
		t.Errorf("first attempts %v, want %v", ids, want)
	}
}

func TestNothingIsShownOfFew(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	got := Count(people(rng, "AAA-1", MinTally-1, 0), codes)
	if got.Told != MinTally-1 || got.Exams != nil || got.Bins != nil || got.Score != nil || got.All.Results != 0 {
		t.Errorf("of %d results it shows %+v", MinTally-1, got)
	}
	// 22 results, of which one exam has 17, another 4 and a third 1.
	results := slices.Concat(people(rng, "AAA-1", 17, 0), people(rng, "BBB-1", 4, 100), people(rng, "CCC-1", 1, 200))
	got = Count(results, codes)
	if len(got.Exams) != 1 || got.Exams[0].Results != 15 {
		t.Errorf("exams listed: %+v", got.Exams)
	}
	if got.Others.Results != 5 || got.All.Results != 20 || got.Told != 22 {
		t.Errorf("others %d, all %d, told %d", got.Others.Results, got.All.Results, got.Told)
	}
	if len(got.Bins) != 2 || got.Score != nil {
		t.Errorf("%d bins, score %v", len(got.Bins), got.Score)
	}
}

// No figure ever rests on fewer than PerExam people, nor do two of them differ by
// fewer: whatever is told, one result more changes nothing or a step of five.
func TestOneResultNeverShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var results []Result
		for i, code := range codes {
			results = append(results, people(rng, code, rapid.IntRange(0, 14).Draw(t, string(code)), 100*i)...)
		}
		got := Count(results, codes)
		sum := got.Others
		for _, e := range got.Exams {
			if e.Results < PerExam || e.Results%PerExam != 0 {
				t.Fatalf("%s has %d results", e.Exam, e.Results)
			}
			sum.Results += e.Results
			sum.Passed += e.Passed
			sum.Expected += e.Expected
		}
		if got.Others.Results%PerExam != 0 || sum.Results != got.All.Results || sum.Passed != got.All.Passed || math.Abs(sum.Expected-got.All.Expected) > 1e-9 {
			t.Fatalf("parts %+v, all %+v", sum, got.All)
		}
		inBins := 0
		for _, b := range got.Bins {
			if b.Results < perBin || !(b.Low <= b.Share && b.Share <= b.High) {
				t.Fatalf("bin %+v", b)
			}
			inBins += b.Results
		}
		if got.Bins != nil && inBins != got.All.Results {
			t.Fatalf("%d results in bins of %d", inBins, got.All.Results)
		}
	})
}

// Of predictions that are right, the intercept's interval holds 0 nine times in ten;
// of predictions a logit too hopeful it holds −1.
func TestTheInterceptFindsWhatIsOff(t *testing.T) {
	const runs, n = 400, 120
	held, found := 0, 0
	for seed := range runs {
		rng := rand.New(rand.NewPCG(uint64(seed), 9))
		results := people(rng, "AAA-1", n, 0)
		s := Count(results, codes).Score
		if s.Low <= 0 && 0 <= s.High {
			held++
		}
		for i := range results {
			p := results[i].Expected.Pass
			results[i].Passed = rng.Float64() < 1/(1+(1-p)/p*math.E)
		}
		off := Count(results, codes).Score
		if off.Low <= -1 && -1 <= off.High {
			found++
		}
		if seed == 0 && (s.Brier > .22 || s.Results != n) {
			t.Errorf("Brier score %.3f of %d results", s.Brier, s.Results)
		}
	}
	for what, k := range map[string]int{"0": held, "-1": found} {
		if share := float64(k) / runs; share < .86 || share > .94 {
			t.Errorf("the interval holds %s in %.1f %% of the runs", what, 100*share)
		}
	}
}

func TestTheInterceptOfOneOutcomeIsFinite(t *testing.T) {
	results := people(rand.New(rand.NewPCG(3, 3)), "AAA-1", MinScore, 0)
	for i := range results {
		results[i].Passed = true
	}
	s := Count(results, codes).Score
	if math.IsNaN(s.Intercept) || math.IsInf(s.High, 0) || s.Intercept <= 0 {
		t.Errorf("the intercept of %d passes is %v (%v to %v)", MinScore, s.Intercept, s.Low, s.High)
	}
}
