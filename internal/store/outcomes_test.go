package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/outcome"
	"sextant/internal/testkit"
)

// result is one that p told, of an exam on a day of May.
func result(p *account.Person, id string, code exam.Code, day int, passed bool) *outcome.Result {
	return &outcome.Result{
		ID: outcome.ID(id), Person: string(p.ID), Exam: code, Taken: time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC), Passed: passed, Score: 700 + day,
		Told:     testkit.Today.Add(time.Duration(day) * time.Minute),
		Expected: outcome.Expected{At: testkit.Today, Answers: 30, Pass: .62, ThetaMean: .8, ThetaSD: .3, Version: 2},
	}
}

func TestResultsAreKeptAndTakenBack(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	db := app.Store
	p, other := app.Person(t, account.Learner, "a@example.org"), app.Person(t, account.Learner, "b@example.org")
	guest := app.Person(t, account.Guest, "")
	first, second := result(p, "first", "MLA-C02", 3, false), result(p, "second", "MLA-C02", 9, true)
	for _, r := range []*outcome.Result{first, second, result(other, "others", "AI-103", 4, true), result(guest, "guests", "AI-103", 5, true)} {
		if err := db.KeepResult(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	own := func() []outcome.Result {
		t.Helper()
		list, err := db.ResultsOf(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if diff := cmp.Diff([]outcome.Result{*second, *first}, own()); diff != "" {
		t.Errorf("(-told +kept):\n%s", diff)
	}
	if err := db.KeepResult(ctx, result(p, "again", "MLA-C02", 3, true)); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("one exam twice on one day: %v", err)
	}
	told, err := db.ToldResults(ctx)
	if err != nil || len(told) != 3 || told[0].ID != "first" || told[1].ID != "others" {
		t.Errorf("told by people with accounts: %v, %v", told, err)
	}

	if err := db.WithdrawResult(ctx, other.ID, "first"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("somebody else's result was taken back: %v", err)
	}
	if err := db.WithdrawResult(ctx, p.ID, "first"); err != nil {
		t.Fatal(err)
	}
	if err := db.WithdrawResult(ctx, p.ID, "first"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("taken back twice: %v", err)
	}
	if diff := cmp.Diff([]outcome.Result{*second}, own()); diff != "" {
		t.Errorf("after taking one back (-want +got):\n%s", diff)
	}
	var left struct{ Exam, TakenOn, Expected string }
	err = raw(t, app.Dir).QueryRowContext(ctx, "SELECT exam, taken_on, expected FROM exam_results WHERE id = 'first'").Scan(&left.Exam, &left.TakenOn, &left.Expected)
	if err != nil || left.Exam != "-" || left.TakenOn != "" || left.Expected != "{}" {
		t.Errorf("what was taken back is kept: %+v, %v", left, err)
	}
	// Told again on the same day, otherwise.
	if err := db.KeepResult(ctx, result(p, "anew", "MLA-C02", 3, true)); err != nil {
		t.Errorf("telling it again: %v", err)
	}
}

// A guest's results come into the account that takes the guest over; where both told
// of an exam on one day, the account's own stays.
func TestResultsOfAGuestComeAlong(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p, guest := app.Person(t, account.Learner, "a@example.org"), app.Person(t, account.Guest, "")
	for _, r := range []*outcome.Result{
		result(p, "own", "MLA-C02", 3, true), result(guest, "same day", "MLA-C02", 3, false),
		result(guest, "another", "AI-103", 5, true), result(guest, "withdrawn", "AI-103", 6, true),
	} {
		if err := app.Store.KeepResult(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := app.Store.WithdrawResult(ctx, guest.ID, "withdrawn"); err != nil {
		t.Fatal(err)
	}
	if err := app.Store.MergeGuest(ctx, guest.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	list, err := app.Store.ResultsOf(ctx, p.ID)
	if err != nil || len(list) != 2 || list[0].ID != "another" || list[1].ID != "own" || !list[1].Passed {
		t.Errorf("after taking the guest over: %v, %v", list, err)
	}
}
