package sitting_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

func someQuestions(t testing.TB, n int) []*exam.Question {
	t.Helper()
	return testkit.Synthetic(t, 1).Questions[:n]
}

// tab is a browser tab that numbers what it sends and keeps it until it is
// acknowledged.
type tab struct {
	name  string
	queue []sitting.Event
	next  int
	acked int
}

func newTab(name string) *tab { return &tab{name: name} }

func (b *tab) add(e sitting.Event) {
	b.next++
	e.Seq = b.next
	b.queue = append(b.queue, e)
}

func (b *tab) acknowledged(seq int) {
	b.acked = seq
	b.queue = slices.DeleteFunc(b.queue, func(e sitting.Event) bool { return e.Seq <= seq })
}

func answered(place int, option string) sitting.Event {
	return sitting.Event{Kind: sitting.Answered, Place: place, Choice: &sitting.Choice{Selected: []string{option}}}
}

// send sends all that is queued, and takes the acknowledgement in unless it is lost.
func (b *tab) send(t testing.TB, a *testkit.App, p *account.Person) (sitting.Ack, error) {
	t.Helper()
	ack, err := a.Sittings.Record(context.Background(), p.ID, "exam", b.name, b.queue)
	b.acknowledged(ack.Seq)
	return ack, err
}

func mustSend(t testing.TB, b *tab, a *testkit.App, p *account.Person) sitting.Ack {
	t.Helper()
	ack, err := b.send(t, a, p)
	if err != nil {
		t.Fatal(err)
	}
	return ack
}

func TestAnExamIsGradedAsItWasLeft(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	questions := someQuestions(t, 5)
	sit := a.ExamOf(t, p, "exam", false, questions...)
	b := newTab("one")
	b.add(sitting.Event{Kind: sitting.Claimed})
	for i, q := range questions[:4] {
		choice := testkit.Pick(sitting.Asked{Question: q, Order: sit.Order(q)}, i != 1)
		b.add(sitting.Event{Kind: sitting.Answered, Place: i, Choice: &choice})
	}
	right := testkit.Pick(sitting.Asked{Question: questions[1], Order: sit.Order(questions[1])}, true)
	b.add(sitting.Event{Kind: sitting.Answered, Place: 1, Choice: &right}) // changed one's mind
	b.add(sitting.Event{Kind: sitting.Answered, Place: 2})                 // took it back
	b.add(sitting.Event{Kind: sitting.Submitted})
	a.Clock.Advance(10 * time.Minute)
	if ack := mustSend(t, b, a, p); !ack.Over || len(b.queue) != 0 {
		t.Fatalf("acknowledged %+v, %d left", ack, len(b.queue))
	}
	var got []exam.Outcome
	for _, g := range answers(t, a, "exam") {
		got = append(got, g.Outcome)
	}
	want := []exam.Outcome{exam.Right, exam.Right, exam.Wrong, exam.Right, exam.Wrong}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("graded (-want +got):\n%s", diff)
	}
	if _, err := b.send(t, a, p); err != nil {
		t.Errorf("sending nothing more: %v", err)
	}
}

func TestAnExamEndsAtItsDeadlineEvenIfNobodyComesBack(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	sit := a.ExamOf(t, p, "exam", false, someQuestions(t, 3)...)
	b := newTab("one")
	b.add(sitting.Event{Kind: sitting.Claimed})
	b.add(answered(0, "1"))
	mustSend(t, b, a, p)
	a.Clock.Set(sit.Deadline)
	b.add(answered(1, "1"))
	if n, err := a.Sittings.ExpireOverdue(context.Background()); n != 1 || err != nil {
		t.Fatalf("%d exams ended: %v", n, err)
	}
	if ack := mustSend(t, b, a, p); !ack.Over || ack.Seq != 2 {
		t.Errorf("an answer after the deadline: %+v", ack)
	}
	ended, progress, err := a.Sittings.Exam(context.Background(), p.ID, "exam")
	if err != nil || ended.State != sitting.StateExpired || !ended.Finished.Equal(sit.Deadline) || progress.Complete(1) || !progress.Complete(0) {
		t.Errorf("ended %+v with %+v: %v", ended, progress, err)
	}
	if n, err := a.Sittings.ExpireOverdue(context.Background()); n != 0 || err != nil {
		t.Errorf("%d exams ended twice: %v", n, err)
	}
}

func TestOnlyOneTabGoesOn(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	a.ExamOf(t, p, "exam", false, someQuestions(t, 3)...)
	first, second := newTab("first"), newTab("second")
	first.add(sitting.Event{Kind: sitting.Claimed})
	mustSend(t, first, a, p)
	second.add(sitting.Event{Kind: sitting.Claimed})
	mustSend(t, second, a, p)
	first.add(answered(0, "1"))
	if _, err := first.send(t, a, p); !sitting.ErrElsewhere(err) {
		t.Errorf("the first tab was told %v", err)
	}
	first.queue[0].Seq++ // it takes over before what it had queued
	first.queue = slices.Insert(first.queue, 0, sitting.Event{Kind: sitting.Claimed, Seq: first.queue[0].Seq - 1})
	first.next++
	if ack := mustSend(t, first, a, p); ack.Seq != 3 {
		t.Errorf("acknowledged %+v", ack)
	}
}

func TestAClosedSectionStaysClosed(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	a.ExamOf(t, p, "exam", true, someQuestions(t, 4)...)
	b := newTab("one")
	b.add(sitting.Event{Kind: sitting.Claimed})
	b.add(answered(0, "1"))
	b.add(answered(2, "1")) // not open yet
	b.add(sitting.Event{Kind: sitting.Closed, Place: 0})
	b.add(answered(0, "2")) // closed
	b.add(answered(2, "2"))
	ack := mustSend(t, b, a, p)
	if len(ack.Refused) != 2 || ack.Refused[0].Seq != 3 || ack.Refused[1].Seq != 5 || ack.Seq != 6 {
		t.Fatalf("acknowledged %+v", ack)
	}
	_, progress, err := a.Sittings.Exam(context.Background(), p.ID, "exam")
	if err != nil || progress.Answers[0].Selected[0] != "1" || progress.Answers[2].Selected[0] != "2" {
		t.Errorf("stands at %+v: %v", progress, err)
	}
}

func TestAnotherPersonsExamDoesNotExist(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	a.ExamOf(t, a.Person(t, account.Learner, "ada@example.org"), "exam", false, someQuestions(t, 2)...)
	other := a.Person(t, account.Learner, "eve@example.org")
	_, err := a.Sittings.Record(context.Background(), other.ID, "exam", "x", nil)
	if fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("got %v", err)
	}
}

func TestFlagsAndNotesOfAnExamOutliveIt(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	questions := someQuestions(t, 3)
	a.ExamOf(t, p, "exam", false, questions...)
	if err := a.Store.SaveMark(context.Background(), p.ID, questions[0].ID, sitting.Mark{Note: "worked out"}); err != nil {
		t.Fatal(err)
	}
	b := newTab("one")
	b.add(sitting.Event{Kind: sitting.Claimed})
	b.add(sitting.Event{Kind: sitting.Noted, Place: 0, Text: "?"})
	b.add(sitting.Event{Kind: sitting.Flagged, Place: 1, On: true})
	b.add(sitting.Event{Kind: sitting.Noted, Place: 2, Text: "look up quotas"})
	b.add(sitting.Event{Kind: sitting.Submitted})
	mustSend(t, b, a, p)
	marks, err := a.Store.Marks(context.Background(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[exam.QuestionID]sitting.Mark{questions[0].ID: {Note: "worked out\n?"}, questions[1].ID: {Flagged: true}, questions[2].ID: {Note: "look up quotas"}}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
}
