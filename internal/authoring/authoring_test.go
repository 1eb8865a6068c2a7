package authoring_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
	"sextant/internal/testkit"
)

var ctx = context.Background()

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got error %v, want one of kind %s", err, kind)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// crew is a site with a bank "ours" of ann's in which ben writes too.
type crew struct {
	*testkit.App
	ann, ben, eve, admin authoring.Actor
}

func newCrew(t *testing.T) *crew {
	t.Helper()
	c := &crew{App: testkit.NewApp(t, testkit.Synthetic(t, 1))}
	person := func(name string, role account.Role) authoring.Actor {
		p := c.Person(t, role, name+"@example.org")
		return authoring.Actor{ID: p.ID, Role: p.Role}
	}
	c.ann, c.ben, c.eve = person("ann", account.Instructor), person("ben", account.Instructor), person("eve", account.Instructor)
	c.admin = person("adam", account.Admin)
	_, err := c.Authoring.CreateBank(ctx, c.ann, "ours", "Ours", authoring.Private)
	must(t, err)
	_, err = c.Authoring.ManageBank(ctx, c.ann, "ours", "add_member", func(b *authoring.Bank) error {
		b.Members = append(b.Members, c.ben.ID)
		return nil
	})
	must(t, err)
	return c
}

func question(id exam.QuestionID, change func(*exam.Question)) *exam.Question {
	q := testkit.Question(id, exam.Single, exam.AWS, "mlops-pipelines")
	if change != nil {
		change(q)
	}
	testkit.Revise(q)
	return q
}

func (c *crew) draft(t *testing.T, id exam.QuestionID) *authoring.Item {
	t.Helper()
	must(t, c.Authoring.AddDrafts(ctx, c.ann, "ours", []*exam.Question{question(id, nil)}))
	item, _, err := c.Authoring.Question(ctx, c.ann, id)
	must(t, err)
	return item
}

func (c *crew) served(t *testing.T, id exam.QuestionID) *exam.Question {
	t.Helper()
	snapshot, err := c.Library.Snapshot(ctx)
	must(t, err)
	q, _ := snapshot.Question(id)
	return q
}

func TestABankIsSeenByThoseWhoWriteInIt(t *testing.T) {
	c := newCrew(t)
	for _, a := range []authoring.Actor{c.ann, c.ben, c.admin, authoring.Operator()} {
		if banks, err := c.Authoring.Banks(ctx, a); err != nil || len(banks) != 1 || banks[0].Title != "Ours" {
			t.Errorf("%s sees %v, error %v", a.ID, banks, err)
		}
	}
	if banks, err := c.Authoring.Banks(ctx, c.eve); err != nil || len(banks) != 0 {
		t.Errorf("a stranger sees %v, error %v", banks, err)
	}
	_, err := c.Authoring.Bank(ctx, c.eve, "ours")
	wantKind(t, err, fault.KindNotFound)
	rename := func(b *authoring.Bank) error { b.Title = "Theirs"; return nil }
	_, err = c.Authoring.ManageBank(ctx, c.ben, "ours", "rename", rename)
	wantKind(t, err, fault.KindForbidden)
	_, err = c.Authoring.ManageBank(ctx, c.ann, "ours", "count", func(b *authoring.Bank) error { b.Counts = true; return nil })
	wantKind(t, err, fault.KindForbidden)
	_, err = c.Authoring.ManageBank(ctx, c.admin, "ours", "count", func(b *authoring.Bank) error { b.Counts = true; return nil })
	must(t, err)
	_, err = c.Authoring.CreateBank(ctx, authoring.Actor{ID: "l", Role: account.Learner}, "learners", "Learners", authoring.Private)
	wantKind(t, err, fault.KindForbidden)
	_, err = c.Authoring.CreateBank(ctx, c.ben, "ours", "Ours", authoring.Private)
	wantKind(t, err, fault.KindConflict)
}

func TestADraftIsNotAskedUntilItIsPublished(t *testing.T) {
	c := newCrew(t)
	item := c.draft(t, "ours-one")
	if item.State() != authoring.Draft || c.served(t, "ours-one") != nil {
		t.Fatalf("state %s, asked %v", item.State(), c.served(t, "ours-one"))
	}
	item, err := c.Authoring.Publish(ctx, c.ann, "ours-one", item.DraftSeq, "first")
	must(t, err)
	if item.State() != authoring.Published || item.Version != 1 || c.served(t, "ours-one") == nil {
		t.Fatalf("state %s, version %d, asked %v", item.State(), item.Version, c.served(t, "ours-one"))
	}
	// A newer draft leaves what is asked as it is.
	newer := question("ours-one", func(q *exam.Question) { q.Stem = "Another story altogether." })
	item, err = c.Authoring.SaveDraft(ctx, c.ben, "ours-one", item.DraftSeq, newer)
	must(t, err)
	if item.State() != authoring.Draft || c.served(t, "ours-one").Stem == newer.Stem {
		t.Error("a draft is asked before it was published")
	}
	_, err = c.Authoring.Publish(ctx, c.ann, "ours-one", item.DraftSeq, "second")
	must(t, err)
	history, err := c.Authoring.History(ctx, c.ann, "ours-one")
	must(t, err)
	if n := len(history.Versions); n != 2 || history.Versions[0].Note != "second" || history.Versions[1].Question.Stem == newer.Stem {
		t.Errorf("versions: %+v", history.Versions)
	}
	must(t, c.Authoring.Retire(ctx, c.ben, []exam.QuestionID{"ours-one"}))
	if c.served(t, "ours-one") != nil {
		t.Error("a retired question is asked")
	}
	must(t, c.Authoring.Restore(ctx, c.ben, []exam.QuestionID{"ours-one"}))
	if c.served(t, "ours-one") == nil {
		t.Error("a restored question isn't asked")
	}
}

func TestTwoEditorsDoNotOverwriteEachOther(t *testing.T) {
	c := newCrew(t)
	item := c.draft(t, "ours-one")
	first := question("ours-one", func(q *exam.Question) { q.Ask = "What does Ann ask?" })
	second := question("ours-one", func(q *exam.Question) { q.Ask = "What does Ben ask?" })
	_, err := c.Authoring.SaveDraft(ctx, c.ann, "ours-one", item.DraftSeq, first)
	must(t, err)
	_, err = c.Authoring.SaveDraft(ctx, c.ben, "ours-one", item.DraftSeq, second)
	wantKind(t, err, fault.KindConflict)
	_, err = c.Authoring.Publish(ctx, c.ben, "ours-one", item.DraftSeq, "")
	wantKind(t, err, fault.KindConflict)
	kept, _, err := c.Authoring.Question(ctx, c.ann, "ours-one")
	must(t, err)
	if kept.Draft.Ask != first.Ask {
		t.Errorf("kept %q, want the first editor's", kept.Draft.Ask)
	}
}

func TestABlindReviewComesFromSomebodyElse(t *testing.T) {
	c := newCrew(t)
	item := c.draft(t, "ours-one")
	key := grade.Key(item.Draft)
	_, err := c.Authoring.Solve(ctx, c.ben, "ours-one", item.Draft.Revision, key)
	wantKind(t, err, fault.KindConflict) // not in review yet
	_, err = c.Authoring.Submit(ctx, c.ann, "ours-one", item.DraftSeq)
	must(t, err)
	_, err = c.Authoring.Solve(ctx, c.ann, "ours-one", item.Draft.Revision, key)
	wantKind(t, err, fault.KindForbidden) // its author
	_, err = c.Authoring.Solve(ctx, c.eve, "ours-one", item.Draft.Revision, key)
	wantKind(t, err, fault.KindNotFound) // a stranger
	_, err = c.Authoring.Solve(ctx, c.ben, "ours-one", "another text", key)
	wantKind(t, err, fault.KindConflict)
	wantKind(t, c.Authoring.Judge(ctx, c.ben, "ours-one", authoring.Approve, ""), fault.KindConflict) // unsolved
	review, err := c.Authoring.Solve(ctx, c.ben, "ours-one", item.Draft.Revision, key)
	must(t, err)
	if !review.Agreed {
		t.Error("the key isn't agreed with")
	}
	_, err = c.Authoring.Solve(ctx, c.ben, "ours-one", item.Draft.Revision, key)
	wantKind(t, err, fault.KindConflict) // once
	wantKind(t, c.Authoring.Judge(ctx, c.ben, "ours-one", authoring.Change, " "), fault.KindInvalid)
	must(t, c.Authoring.Judge(ctx, c.ben, "ours-one", authoring.Approve, "clear"))
	published, err := c.Authoring.Publish(ctx, c.ann, "ours-one", item.DraftSeq, "")
	must(t, err)
	if got := published.Published.Review; got.Solved != 1 || got.Agreed != 1 || got.Date != "2026-11-22" {
		t.Errorf("the record of reviews is %+v", got)
	}
}

func TestInABankThatCountsPublishingNeedsAnAgreeingReview(t *testing.T) {
	c := newCrew(t)
	item := c.draft(t, "ours-one")
	_, err := c.Authoring.ManageBank(ctx, c.admin, "ours", "count", func(b *authoring.Bank) error { b.Counts = true; return nil })
	must(t, err)
	publish := func() error {
		_, err := c.Authoring.Publish(ctx, c.ann, "ours-one", item.DraftSeq, "")
		return err
	}
	wantKind(t, publish(), fault.KindConflict)
	_, err = c.Authoring.Submit(ctx, c.ann, "ours-one", item.DraftSeq)
	must(t, err)
	wrong := exam.Answer{DontKnow: true}
	_, err = c.Authoring.Solve(ctx, c.ben, "ours-one", item.Draft.Revision, wrong)
	must(t, err)
	must(t, c.Authoring.Judge(ctx, c.ben, "ours-one", authoring.Approve, ""))
	wantKind(t, publish(), fault.KindConflict) // approved, but the key wasn't given
	_, err = c.Authoring.Solve(ctx, c.admin, "ours-one", item.Draft.Revision, grade.Key(item.Draft))
	must(t, err)
	wantKind(t, publish(), fault.KindConflict) // agreed, but not approved yet
	must(t, c.Authoring.Judge(ctx, c.admin, "ours-one", authoring.Approve, ""))
	must(t, publish())
	wantKind(t, c.Authoring.Relabel(ctx, c.ann, []exam.QuestionID{"ours-one"}, authoring.Labels{Difficulty: 5}), fault.KindForbidden)
	wantKind(t, c.Authoring.AddPublished(ctx, c.ann, "ours", []*exam.Question{question("ours-two", nil)}), fault.KindConflict)
}

func TestAskingForAChangeGivesTheDraftBack(t *testing.T) {
	c := newCrew(t)
	item := c.draft(t, "ours-one")
	_, err := c.Authoring.Submit(ctx, c.ann, "ours-one", item.DraftSeq)
	must(t, err)
	_, err = c.Authoring.Solve(ctx, c.ben, "ours-one", item.Draft.Revision, grade.Key(item.Draft))
	must(t, err)
	must(t, c.Authoring.Judge(ctx, c.ben, "ours-one", authoring.Change, "B is defensible too."))
	got, _, err := c.Authoring.Question(ctx, c.ann, "ours-one")
	must(t, err)
	if got.State() != authoring.Draft {
		t.Errorf("state %s, want draft", got.State())
	}
}

func TestAnUnfinishedDraftIsKeptAndNotPublished(t *testing.T) {
	c := newCrew(t)
	half := &exam.Question{ID: "ours-half", Type: exam.Single, Ask: "Which?"}
	must(t, c.Authoring.AddDrafts(ctx, c.ann, "ours", []*exam.Question{half}))
	_, err := c.Authoring.Publish(ctx, c.ann, "ours-half", 1, "")
	wantKind(t, err, fault.KindInvalid)
	_, err = c.Authoring.Submit(ctx, c.ann, "ours-half", 1)
	wantKind(t, err, fault.KindInvalid)
	wantKind(t, c.Authoring.AddPublished(ctx, c.ann, "ours", []*exam.Question{question("ours-ok", nil), {ID: "ours-bad", Type: exam.Single}}), fault.KindInvalid)
	if c.served(t, "ours-ok") != nil {
		t.Error("a question came in although one beside it was refused")
	}
}

func TestIdsAreNeverTakenTwice(t *testing.T) {
	c := newCrew(t)
	c.draft(t, "ours-one")
	wantKind(t, c.Authoring.AddDrafts(ctx, c.ann, "ours", []*exam.Question{question("ours-two", nil), question("ours-one", nil)}), fault.KindConflict)
	_, _, err := c.Authoring.Question(ctx, c.ann, "ours-two")
	wantKind(t, err, fault.KindNotFound)
	taken := c.App.Bank.Questions[0].ID
	wantKind(t, c.Authoring.AddDrafts(ctx, c.ann, "ours", []*exam.Question{question(taken, nil)}), fault.KindConflict)
}

func TestListsAreSearchedFilteredSortedAndPaged(t *testing.T) {
	c := newCrew(t)
	var list []*exam.Question
	for i := range 5 {
		list = append(list, question(exam.QuestionID(fmt.Sprintf("ours-%d", i)), func(q *exam.Question) {
			q.Stem = fmt.Sprintf("A story of %d%% under_way.", 10*i)
			q.Difficulty = 5 - i
			q.Tags = []string{fmt.Sprintf("week %d", i%2)}
			if i == 4 {
				q.Platform, q.Skill, q.Difficulty = "", "", 0
			}
		}))
	}
	must(t, c.Authoring.AddPublished(ctx, c.ann, "ours", list[:3]))
	must(t, c.Authoring.AddDrafts(ctx, c.ann, "ours", list[3:]))
	cases := []struct {
		name  string
		f     authoring.Filter
		want  string
		total int
	}{
		{"all, as they came", authoring.Filter{}, "0 1 2 3 4", 5},
		{"a page", authoring.Filter{Limit: 2, Offset: 2}, "2 3", 5},
		{"words, whatever their case", authoring.Filter{Words: "STORY 20%"}, "2", 1},
		{"a per cent sign is no wild card", authoring.Filter{Words: "1%"}, "", 0},
		{"an underscore is none either", authoring.Filter{Words: "under_way"}, "0 1 2 3 4", 5},
		{"state", authoring.Filter{State: authoring.Draft}, "3 4", 2},
		{"difficulty", authoring.Filter{Difficulty: 4}, "1", 1},
		{"a whole tag", authoring.Filter{Tag: "week 1"}, "1 3", 2},
		{"no part of a tag", authoring.Filter{Tag: "week"}, "", 0},
		{"untagged", authoring.Filter{Untagged: true}, "4", 1},
		{"easiest first", authoring.Filter{Sort: authoring.ByDifficulty, State: authoring.Published}, "2 1 0", 3},
		{"hardest first", authoring.Filter{Sort: authoring.ByDifficulty, Down: true}, "0 1 2 3 4", 5},
		{"skill and platform", authoring.Filter{Skill: "mlops-pipelines", Platform: exam.AWS}, "0 1 2 3", 4},
	}
	for _, cs := range cases {
		items, total, err := c.Authoring.Questions(ctx, c.ben, "ours", cs.f)
		must(t, err)
		var got []string
		for _, i := range items {
			got = append(got, strings.TrimPrefix(string(i.ID), "ours-"))
		}
		if strings.Join(got, " ") != cs.want || total != cs.total {
			t.Errorf("%s: %v of %d, want %s of %d", cs.name, got, total, cs.want, cs.total)
		}
	}
	b, err := c.Authoring.Bank(ctx, c.ann, "ours")
	must(t, err)
	if b.Tally[authoring.Published] != 3 || b.Tally[authoring.Draft] != 2 {
		t.Errorf("tally %v", b.Tally)
	}
}

func TestRelabellingIsANewVersionAndNoNewText(t *testing.T) {
	c := newCrew(t)
	must(t, c.Authoring.AddPublished(ctx, c.ann, "ours", []*exam.Question{question("ours-one", nil), question("ours-two", nil)}))
	both := []exam.QuestionID{"ours-one", "ours-two"}
	must(t, c.Authoring.Relabel(ctx, c.ann, both, authoring.Labels{Platform: exam.GCP, AddTag: " new "}))
	for _, id := range both {
		item, _, err := c.Authoring.Question(ctx, c.ann, id)
		must(t, err)
		if q := item.Published; q.Platform != exam.GCP || !slices.Contains(q.Tags, "new") || item.Version != 2 {
			t.Errorf("%s: platform %s, tags %v, version %d", id, q.Platform, q.Tags, item.Version)
		}
	}
	must(t, c.Authoring.Relabel(ctx, c.ann, both, authoring.Labels{RemoveTag: "new"}))
	item, _, err := c.Authoring.Question(ctx, c.ann, "ours-one")
	must(t, err)
	if len(item.Published.Tags) != 0 || item.Version != 2 { // learners don't see tags
		t.Errorf("tags %v, version %d", item.Published.Tags, item.Version)
	}
	wantKind(t, c.Authoring.Relabel(ctx, c.ann, nil, authoring.Labels{}), fault.KindInvalid)
}

// answers stand in for those of the database.
type answers struct {
	authoring.RegradeStore
	list []authoring.Answered
	kept []authoring.Regrade
}

func (a *answers) Answered(context.Context, exam.QuestionID) ([]authoring.Answered, error) {
	return a.list, nil
}

func (a *answers) KeepRegrade(_ context.Context, r authoring.Regrade) error {
	a.kept = append(a.kept, r)
	return nil
}

func TestARegradeJudgesTheAnswersToTheSameOptionsByTheNewKey(t *testing.T) {
	c := newCrew(t)
	first := question("ours-one", nil)
	must(t, c.Authoring.AddPublished(ctx, c.ann, "ours", []*exam.Question{first}))
	item, _, err := c.Authoring.Question(ctx, c.ann, "ours-one")
	must(t, err)
	mended := question("ours-one", func(q *exam.Question) {
		q.Options = slices.Clone(q.Options)
		for i := range q.Options {
			q.Options[i].Key = i == 1
		}
	})
	item, err = c.Authoring.SaveDraft(ctx, c.ann, "ours-one", item.DraftSeq, mended)
	must(t, err)
	_, err = c.Authoring.Publish(ctx, c.ann, "ours-one", item.DraftSeq, "B is the key")
	must(t, err)
	given := func(sitting string, revision string, option exam.OptionID, outcome exam.Outcome) authoring.Answered {
		return authoring.Answered{Sitting: sitting, Person: account.PersonID("p" + sitting), Revision: revision, Answer: exam.Answer{Selected: []exam.OptionID{option}}, Outcome: outcome}
	}
	store := &answers{list: []authoring.Answered{
		given("1", first.Revision, "A", exam.Right), given("2", first.Revision, "B", exam.Wrong), given("3", first.Revision, "C", exam.Wrong),
		given("4", "another wording", "B", exam.Wrong),
	}}
	_, err = c.Authoring.PlanRegrade(ctx, c.ben, store, "ours-one")
	wantKind(t, err, fault.KindForbidden)
	plan, err := c.Authoring.PlanRegrade(ctx, c.ann, store, "ours-one")
	must(t, err)
	if plan.Judged != 3 || plan.Other != 1 || plan.Gained() != 1 || plan.Lost() != 1 || plan.People() != 2 || len(store.kept) != 0 {
		t.Errorf("the plan is %+v", plan)
	}
	_, err = c.Authoring.ApplyRegrade(ctx, c.ann, store, "ours-one", 1, "why")
	wantKind(t, err, fault.KindConflict)
	_, err = c.Authoring.ApplyRegrade(ctx, c.ann, store, "ours-one", 2, " ")
	wantKind(t, err, fault.KindInvalid)
	_, err = c.Authoring.ApplyRegrade(ctx, c.ann, store, "ours-one", 2, "B was right all along.")
	must(t, err)
	if len(store.kept) != 1 || store.kept[0].Reason == "" || len(store.kept[0].Changes) != 2 {
		t.Errorf("kept %+v", store.kept)
	}
}
