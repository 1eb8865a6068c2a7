package library_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/outcome"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// tell makes n people tell of an exam that they were expected to pass about evenly.
func tell(t *testing.T, a *testkit.App, code exam.Code, n int, passed func(i int) bool) {
	t.Helper()
	for i := range n {
		p := a.Person(t, account.Learner, fmt.Sprintf("%s-%d@example.org", code, i))
		err := a.Store.KeepResult(ctx, &outcome.Result{
			ID: outcome.ID(account.NewID()), Person: string(p.ID), Exam: code, Taken: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Passed: passed(i),
			Told: a.Clock.Now().Add(time.Duration(i) * time.Second), Expected: outcome.Expected{At: a.Clock.Now(), Answers: 30, Pass: .5, ThetaMean: 1, ThetaSD: .3},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func cutOf(t *testing.T, a *testkit.App, code exam.Code) (percent, sd float64, results int) {
	t.Helper()
	report, err := model(t, a).Report(nil, a.Clock.Now(), []exam.Code{code})
	if err != nil {
		t.Fatal(err)
	}
	e := report.Exams[0]
	return e.CutPercent, e.CutSD, e.CutResults
}

// Results move a cut only from MinResults on and only when that is asked for, and it
// can be undone.
func TestResultsRefineACutWhenAsked(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	nearlyAll := func(i int) bool { return i%10 != 0 }
	tell(t, a, "AI-103", outcome.MinResults-1, nearlyAll)
	if _, err := a.Library.ApplyCuts(ctx, ""); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("%d results changed a cut: %v", outcome.MinResults-1, err)
	}
	tell(t, a, "MLA-C02", outcome.MinResults, nearlyAll)
	cuts, err := a.Library.Cuts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cuts {
		if c.Enough() != (c.Exam == "MLA-C02") || c.Assumed.Percent != 70 || c.InUse.Percent != 70 || !(c.Refined.Percent < 69) {
			t.Errorf("%+v", c)
		}
	}
	if percent, sd, results := cutOf(t, a, "MLA-C02"); percent != 70 || sd != 5 || results != 0 {
		t.Errorf("before anybody asked: %v ± %v from %d", percent, sd, results)
	}

	number, err := a.Library.ApplyCuts(ctx, "")
	if err != nil || number != 1 {
		t.Fatalf("version %d, %v", number, err)
	}
	percent, sd, results := cutOf(t, a, "MLA-C02")
	if !(percent < 69) || !(sd < 5 && sd > outcome.Assumed.FormSD) || results != outcome.MinResults {
		t.Errorf("in use: %v ± %v from %d", percent, sd, results)
	}
	if percent, _, results := cutOf(t, a, "AI-103"); percent != 70 || results != 0 {
		t.Errorf("another exam's: %v from %d", percent, results)
	}
	if _, err := a.Library.ApplyCuts(ctx, ""); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("put to use again though nothing is new: %v", err)
	}

	// A calibration of questions keeps what results say.
	c := calibrated(t, a, class(t, a, "class", 150, a.Clock.Now().Add(time.Hour)))
	if err := c.Refusal(); err != nil {
		t.Fatal(err)
	}
	if number := apply(t, a, c); number != 2 {
		t.Errorf("version %d", number)
	}
	if again, _, n := cutOf(t, a, "MLA-C02"); math.Abs(again-percent) > .5 || n != results {
		t.Errorf("after a calibration: %v from %d", again, n)
	}
	for range 2 {
		if _, err := a.Library.UndoCalibration(ctx, ""); err != nil {
			t.Fatal(err)
		}
	}
	if percent, sd, results := cutOf(t, a, "MLA-C02"); percent != 70 || sd != 5 || results != 0 {
		t.Errorf("after undoing both: %v ± %v from %d", percent, sd, results)
	}
}

// With the prior cut, the judge of results sees the probability that the model gives.
func TestResultsAreJudgedAsTheModelPredicts(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := a.Person(t, account.Learner, "learner@example.org")
	for round := range 4 {
		s, err := a.Sittings.StartPractice(ctx, p.ID, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromUnseen}, 20)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		a.Take(t, s, func(*exam.Question) bool { n++; return n%5 > round-2 })
		standing, err := a.Sittings.Standing(ctx, p.ID, nil, []exam.Code{"MLA-C02"})
		if err != nil {
			t.Fatal(err)
		}
		e := standing.Exams[0]
		for _, scale := range model(t, a).Exams() {
			if scale.Code != "MLA-C02" {
				continue
			}
			r := outcome.Result{Expected: outcome.Expected{ThetaMean: e.ThetaMean, ThetaSD: e.ThetaSD}}
			got := outcome.PassProbability(outcome.Exam{Prior: outcome.Cut{Percent: e.CutPercent, SD: e.CutSD}, Curve: scale.Overall.Curve, Items: scale.Form.Items}, &r)
			if math.Abs(got-e.PassRaw) > .03 {
				t.Errorf("round %d: %.3f, the model says %.3f", round, got, e.PassRaw)
			}
		}
	}
}
