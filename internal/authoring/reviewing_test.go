package authoring_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
)

func (c *crew) submitted(t *testing.T, id exam.QuestionID) *authoring.Item {
	t.Helper()
	item := c.draft(t, id)
	item, err := c.Authoring.Submit(ctx, c.ann, id, item.DraftSeq)
	must(t, err)
	return item
}

func TestAQuestionWaitsForThoseWhoCouldReviewIt(t *testing.T) {
	c := newCrew(t)
	first, second := c.submitted(t, "ours-one"), c.submitted(t, "ours-two")
	c.draft(t, "ours-three") // not sent to review
	wait := func(a authoring.Actor, want ...exam.QuestionID) {
		t.Helper()
		items, total, err := c.Authoring.Waiting(ctx, a, 10)
		must(t, err)
		var got []exam.QuestionID
		for _, i := range items {
			got = append(got, i.ID)
		}
		_, counted, err := c.Authoring.Waiting(ctx, a, 0)
		must(t, err)
		if !slices.Equal(got, want) || total != len(want) || counted != len(want) {
			t.Errorf("%s: %v (%d, %d) wait, want %v", a.ID, got, total, counted, want)
		}
	}
	wait(c.ann) // who wrote them
	wait(c.eve) // who doesn't write in the bank
	wait(authoring.Actor{ID: c.ben.ID, Role: account.Learner})
	wait(c.ben, "ours-one", "ours-two")
	wait(c.admin, "ours-one", "ours-two")
	if items, total, err := c.Authoring.Waiting(ctx, c.ben, 1); err != nil || len(items) != 1 || total != 2 {
		t.Errorf("one of two: %d of %d, error %v", len(items), total, err)
	}
	_, err := c.Authoring.Solve(ctx, c.ben, first.ID, first.Draft.Revision, grade.Key(first.Draft))
	must(t, err)
	must(t, c.Authoring.GiveUp(ctx, c.admin, second.ID))
	wait(c.ben, "ours-two")
	wait(c.admin, "ours-one")
	must(t, c.Authoring.Retire(ctx, c.ann, []exam.QuestionID{"ours-two"}))
	wait(c.ben)
	_, err = c.Authoring.ManageBank(ctx, c.admin, "ours", "withdraw", func(b *authoring.Bank) error { b.Withdrawn = c.Clock.Now(); return nil })
	must(t, err)
	wait(c.admin)
}

func TestGivingUpIsNoReview(t *testing.T) {
	c := newCrew(t)
	item := c.submitted(t, "ours-one")
	wantKind(t, c.Authoring.GiveUp(ctx, c.ann, item.ID), fault.KindForbidden) // its author sees the key anyway
	wantKind(t, c.Authoring.GiveUp(ctx, c.eve, item.ID), fault.KindNotFound)
	must(t, c.Authoring.GiveUp(ctx, c.ben, item.ID))
	wantKind(t, c.Authoring.GiveUp(ctx, c.ben, item.ID), fault.KindConflict)
	_, err := c.Authoring.Solve(ctx, c.ben, item.ID, item.Draft.Revision, grade.Key(item.Draft))
	wantKind(t, err, fault.KindConflict)
	wantKind(t, c.Authoring.Judge(ctx, c.ben, item.ID, authoring.Approve, ""), fault.KindConflict)
	published, err := c.Authoring.Publish(ctx, c.ann, item.ID, item.DraftSeq, "")
	must(t, err)
	if published.Published.Review != (exam.Review{}) {
		t.Errorf("the record of reviews is %+v", published.Published.Review)
	}
}

// A possible reviewer isn't told how others solved the text.
func TestOthersReviewsAreKeptFromWhoeverCouldStillReview(t *testing.T) {
	c := newCrew(t)
	item := c.submitted(t, "ours-one")
	_, err := c.Authoring.Solve(ctx, c.admin, item.ID, item.Draft.Revision, grade.Key(item.Draft))
	must(t, err)
	reviews := func(a authoring.Actor) int {
		h, err := c.Authoring.History(ctx, a, item.ID)
		must(t, err)
		return len(h.Reviews)
	}
	if n := reviews(c.ben); n != 0 {
		t.Errorf("ben sees %d reviews before he solved it", n)
	}
	if reviews(c.ann) != 1 {
		t.Error("the author doesn't see the review")
	}
	_, err = c.Authoring.Solve(ctx, c.ben, item.ID, item.Draft.Revision, exam.Answer{DontKnow: true})
	must(t, err)
	if n := reviews(c.ben); n != 2 {
		t.Errorf("ben sees %d reviews after he solved it", n)
	}
}

func TestSavingWhatIsThereChangesNothing(t *testing.T) {
	c := newCrew(t)
	item := c.submitted(t, "ours-one")
	same := *item.Draft
	again, err := c.Authoring.SaveDraft(ctx, c.ben, item.ID, item.DraftSeq, &same)
	must(t, err)
	if again.DraftSeq != item.DraftSeq || again.State() != authoring.InReview || again.DraftBy != c.ann.ID {
		t.Errorf("an unchanged save made it %s at %d by %s", again.State(), again.DraftSeq, again.DraftBy)
	}
	item, err = c.Authoring.Publish(ctx, c.ann, item.ID, item.DraftSeq, "")
	must(t, err)
	tagged := *item.Published // learners don't see tags, and they are kept nevertheless
	tagged.Tags = []string{"week 3"}
	item, err = c.Authoring.SaveDraft(ctx, c.ann, item.ID, item.DraftSeq, &tagged)
	must(t, err)
	if item.Draft == nil || !slices.Equal(item.Draft.Tags, []string{"week 3"}) {
		t.Error("a change of tags alone is lost")
	}
}

func TestAnImageIsKeptForThoseWhoWrite(t *testing.T) {
	c := newCrew(t)
	png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 20)...)
	key, err := c.Authoring.AddImage(ctx, c.ben, c.Store, "ours", "a/b.png", png)
	must(t, err)
	if kept, err := c.Store.Media(ctx, key); err != nil || kept.Type != "image/png" || kept.Name != "b.png" {
		t.Errorf("kept %+v, error %v", kept, err)
	}
	_, err = c.Authoring.AddImage(ctx, c.eve, c.Store, "ours", "b.png", png)
	wantKind(t, err, fault.KindNotFound)
	_, err = c.Authoring.AddImage(ctx, c.ben, c.Store, "ours", "b.svg", []byte("<svg/>"))
	wantKind(t, err, fault.KindInvalid)
}

// counted are answers that follow the regrades kept of them, as the database's do.
type counted struct {
	answers
}

func (a *counted) apply(r *authoring.Regrade) {
	for _, c := range slices.Concat(r.Changes, r.Confirmed) {
		for i := range a.list {
			if a.list[i].Sitting == c.Sitting && a.list[i].Seq == c.Seq {
				a.list[i].Outcome, a.list[i].By = c.To, r.Version
			}
		}
	}
}

// Whatever was answered and however the key wandered: after a regrade every answer
// to the same options counts as the present key says, a second regrade is empty,
// and going back to the first key brings every outcome back.
func TestRegradesSettle(t *testing.T) {
	c := newCrew(t)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		id := exam.QuestionID("ours-" + string(rune('a'+run%26)) + rapid.StringMatching(`[a-z0-9]{12}`).Draw(t, "id"))
		first := question(id, nil)
		if err := c.Authoring.AddPublished(ctx, c.ann, "ours", []*exam.Question{first}); err != nil {
			t.Skip("the id was drawn before")
		}
		store := &counted{}
		for i := range rapid.IntRange(0, 6).Draw(t, "answers") {
			given := authoring.Answered{Sitting: "s", Seq: i, Person: "p", Revision: first.Revision}
			given.Answer = rapid.SampledFrom([]exam.Answer{{DontKnow: true}, {}, {Selected: []exam.OptionID{"A"}}, {Selected: []exam.OptionID{"B"}}, {Selected: []exam.OptionID{"C"}}}).Draw(t, "answer")
			given.Outcome = outcomeOf(first, given.Answer)
			store.list = append(store.list, given)
		}
		graded := slices.Clone(store.list)
		keys := append(rapid.SliceOfN(rapid.IntRange(0, 2), 0, 4).Draw(t, "keys"), 0)
		key := 0
		for _, next := range keys {
			if next != key {
				c.publishKey(t, id, next)
				key = next
			}
			plan, err := c.Authoring.PlanRegrade(ctx, c.ann, store, id)
			if err != nil {
				t.Fatal(err)
			}
			if plan.Gained()+plan.Lost() != len(plan.Changes) || plan.Judged != len(store.list) {
				t.Fatalf("the plan is %+v", plan)
			}
			store.apply(plan)
			again, err := c.Authoring.PlanRegrade(ctx, c.ann, store, id)
			if err != nil || !again.Empty() {
				t.Fatalf("a second regrade changes %+v, error %v", again, err)
			}
		}
		for i := range graded {
			if store.list[i].Outcome != graded[i].Outcome {
				t.Fatalf("with the first key again, answer %d counts as %s, was %s", i, store.list[i].Outcome, graded[i].Outcome)
			}
		}
	})
}

func outcomeOf(q *exam.Question, a exam.Answer) exam.Outcome {
	outcome, err := grade.Grade(q, a)
	if err != nil {
		return exam.Wrong
	}
	return outcome
}

func (c *crew) publishKey(t *rapid.T, id exam.QuestionID, key int) {
	item, _, err := c.Authoring.Question(ctx, c.ann, id)
	if err != nil {
		t.Fatal(err)
	}
	q := *item.Published
	q.Options = slices.Clone(q.Options)
	for i := range q.Options {
		q.Options[i].Key = i == key
	}
	if item, err = c.Authoring.SaveDraft(ctx, c.ann, id, item.DraftSeq, &q); err != nil {
		t.Fatal(err)
	}
	if _, err = c.Authoring.Publish(ctx, c.ann, id, item.DraftSeq, ""); err != nil {
		t.Fatal(err)
	}
}
