package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/study"
	"sextant/internal/testkit"
)

func TestAPracticeComesBack(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	p := guest(t, db, "p")
	s := newSitting("s", p.ID)
	s.Mode = sitting.Practice
	s.Plan = sitting.Plan{
		Targets: []exam.Code{"MLA-C02"}, Length: 2,
		Practice: &sitting.Selection{
			Exam: "MLA-C02", Source: sitting.FromDue, Domains: []exam.DomainID{"1"}, Skills: []exam.SkillID{"agents"},
			Types: []exam.Type{exam.Single}, Difficulties: []int{2, 3},
		},
	}
	s.Queue = []sitting.Queued{{Question: "q-0", InPlaceOf: "q-9"}, {Question: "q-1"}}
	if err := db.CreateSitting(ctx, s); err != nil {
		t.Fatal(err)
	}
	given := sitting.Given{
		Question: "q-0", Revision: "r0", Answer: exam.Answer{Selected: []exam.OptionID{"A"}}, Outcome: exam.Right,
		Shown: testkit.Today, At: testkit.Today, Confidence: study.Unsure, InPlaceOf: "q-9",
	}
	s.Seq = 1
	if err := advance(db, s, 0, given); err != nil {
		t.Fatal(err)
	}
	again, err := db.Sitting(ctx, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Errorf("the sitting (-kept +read):\n%s", diff)
	}
	answers, err := db.Answers(ctx, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]sitting.Given{given}, answers); diff != "" {
		t.Errorf("the answers (-kept +read):\n%s", diff)
	}
}

func TestAConfidenceIsOneOfThree(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	s := newSitting("s", guest(t, db, "p").ID)
	if err := db.CreateSitting(ctx, s); err != nil {
		t.Fatal(err)
	}
	s.Seq = 1
	if err := advance(db, s, 0, sitting.Given{Question: "q", Outcome: exam.Right, Confidence: "certain"}); err == nil {
		t.Error("an unknown confidence was kept")
	}
}

func TestMarksAreKeptPerPersonAndQuestion(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	one, other := guest(t, db, "one"), guest(t, db, "other")
	save := func(p *account.Person, id exam.QuestionID, m sitting.Mark) {
		t.Helper()
		if err := db.SaveMark(ctx, p.ID, id, m); err != nil {
			t.Fatal(err)
		}
	}
	check := func(p *account.Person, want map[exam.QuestionID]sitting.Mark) {
		t.Helper()
		got, err := db.Marks(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("marks of %s (-want +got):\n%s", p.ID, diff)
		}
	}
	check(one, map[exam.QuestionID]sitting.Mark{})
	save(one, "a", sitting.Mark{Flagged: true})
	save(one, "b", sitting.Mark{Note: "first"})
	save(one, "b", sitting.Mark{Note: "second", Flagged: true})
	save(other, "a", sitting.Mark{Note: "mine"})
	check(one, map[exam.QuestionID]sitting.Mark{"a": {Flagged: true}, "b": {Note: "second", Flagged: true}})
	save(one, "a", sitting.Mark{})
	save(one, "never-marked", sitting.Mark{})
	check(one, map[exam.QuestionID]sitting.Mark{"b": {Note: "second", Flagged: true}})
	check(other, map[exam.QuestionID]sitting.Mark{"a": {Note: "mine"}})
}

// A guest's marks and reports go with them into their account, whose own marks stay.
func TestAGuestsMarksAreMerged(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	g, into := guest(t, db, "g"), learner("l", "l@example.org")
	if err := db.CreatePerson(ctx, into); err != nil {
		t.Fatal(err)
	}
	for _, m := range []struct {
		person account.PersonID
		id     exam.QuestionID
		note   string
	}{{g.ID, "a", "the guest's"}, {g.ID, "b", "the guest's"}, {into.ID, "b", "the account's"}} {
		if err := db.SaveMark(ctx, m.person, m.id, sitting.Mark{Note: m.note}); err != nil {
			t.Fatal(err)
		}
	}
	report := sitting.Problem{Person: g.ID, Question: "a", Revision: "r1", Text: "B is right too", At: testkit.Today}
	if err := db.ReportProblem(ctx, report); err != nil {
		t.Fatal(err)
	}
	if err := db.MergeGuest(ctx, g.ID, into.ID); err != nil {
		t.Fatal(err)
	}
	marks, err := db.Marks(ctx, into.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[exam.QuestionID]sitting.Mark{"a": {Note: "the guest's"}, "b": {Note: "the account's"}}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("marks after merging (-want +got):\n%s", diff)
	}
	problems, err := db.Problems(ctx)
	report.Person = into.ID
	if diff := cmp.Diff([]sitting.Problem{report}, problems); err != nil || diff != "" {
		t.Errorf("problems after merging (-want +got): %v\n%s", err, diff)
	}
	if n := count(t, raw(t, dir), "SELECT COUNT(*) FROM problem_reports WHERE person_id = 'l' AND question_id = 'a' AND revision = 'r1' AND text = 'B is right too' AND at > 0"); n != 1 {
		t.Errorf("%d reports after merging, want 1", n)
	}
}
