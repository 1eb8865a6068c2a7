package sitting_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

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
	if err != nil || !ended.Expired || !ended.Finished.Equal(sit.Deadline) || progress.Complete(1) || !progress.Complete(0) {
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

// TestExamSurvivesAnything: whatever tabs send, resend or leave out, however often
// the server stops and whenever the clock runs out, the exam stands where its
// acknowledged events put it; nothing acknowledged is lost and nothing after the
// deadline taken in.
func TestExamSurvivesAnything(t *testing.T) {
	bank := testkit.Synthetic(t, 1)
	questions := bank.Questions[:6]
	root := t
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(root.TempDir(), "exam")
		if err != nil {
			t.Fatal(err)
		}
		clock := testkit.NewClock()
		a := testkit.OpenApp(root, bank, dir, clock)
		p := a.Person(root, account.Learner, "ada@example.org")
		sit := a.ExamOf(root, p, "exam", rapid.Bool().Draw(t, "closing"), questions...)
		tabs := []*tab{newTab("one"), newTab("two")}
		acknowledged := map[string]sitting.Event{}
		for range rapid.IntRange(5, 60).Draw(t, "steps") {
			b := rapid.SampledFrom(tabs).Draw(t, "tab")
			switch rapid.SampledFrom([]string{"answer", "answer", "answer", "claim", "close", "flag", "wait", "send", "send", "send", "lost", "crash", "submit"}).Draw(t, "what") {
			case "answer":
				b.add(answered(rapid.IntRange(-1, len(questions)).Draw(t, "place"), rapid.SampledFrom([]string{"1", "2", "99", ""}).Draw(t, "option")))
			case "claim":
				b.add(sitting.Event{Kind: sitting.Claimed})
			case "close":
				b.add(sitting.Event{Kind: sitting.Closed, Place: rapid.IntRange(0, 1).Draw(t, "section")})
			case "flag":
				b.add(sitting.Event{Kind: sitting.Flagged, Place: rapid.IntRange(0, 5).Draw(t, "place"), On: rapid.Bool().Draw(t, "on")})
			case "wait":
				clock.Advance(time.Duration(rapid.IntRange(1, 45).Draw(t, "minutes")) * time.Minute)
			case "send", "lost":
				sent := slices.Clone(b.queue)
				ack, _ := a.Sittings.Record(context.Background(), p.ID, "exam", b.name, sent) // what was taken in before an error stays
				for _, e := range sent {
					if e.Seq <= ack.Seq {
						acknowledged[fmt.Sprint(b.name, e.Seq)] = e
					}
				}
				b.acknowledged(ack.Seq)
			case "crash": // and every tab sends once more what it has
				_ = a.Store.Close()
				a = testkit.OpenApp(root, bank, dir, clock)
			case "submit":
				if rapid.IntRange(0, 4).Draw(t, "really") == 0 {
					b.add(sitting.Event{Kind: sitting.Submitted})
				}
			}
		}
		verify(t, a, p, sit, acknowledged, func() []sitting.Given { return answers(root, a, "exam") })
		_ = a.Store.Close() // the files of hundreds of them would be too many
	})
}

func verify(t *rapid.T, a *testkit.App, p *account.Person, sit *sitting.Sitting, acknowledged map[string]sitting.Event, answers func() []sitting.Given) {
	events, err := a.Store.Events(context.Background(), "exam")
	if err != nil {
		t.Fatal(err)
	}
	logged := map[string]sitting.Event{}
	for i, e := range events {
		if e.N != i+1 {
			t.Fatalf("event %d has number %d", i+1, e.N)
		}
		if e.Kind == sitting.Answered && !e.At.Before(sit.Deadline) {
			t.Fatalf("an answer at %v, after the deadline %v, was taken in", e.At, sit.Deadline)
		}
		logged[fmt.Sprint(e.Client, e.Seq)] = e
	}
	for key, sent := range acknowledged {
		kept, ok := logged[key]
		if !ok || kept.Kind != sent.Kind && kept.Kind != sitting.Refused {
			t.Fatalf("%s was acknowledged and is kept as %+v", key, kept)
		}
	}
	_, progress, err := a.Sittings.Exam(context.Background(), p.ID, "exam")
	if err != nil {
		t.Fatal(err)
	}
	if events, err = a.Store.Events(context.Background(), "exam"); err != nil {
		t.Fatal(err)
	}
	folded, err := sitting.Fold(sit.Form, events)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(folded, progress, cmpopts.IgnoreUnexported(sitting.Progress{})); diff != "" {
		t.Fatalf("the exam stands elsewhere than its events put it (-events +exam):\n%s", diff)
	}
	graded := answers()
	if !progress.Over {
		if len(graded) > 0 {
			t.Fatalf("%d answers graded before the end", len(graded))
		}
		return
	}
	if len(graded) != len(sit.Form.Places) {
		t.Fatalf("%d answers graded, want %d", len(graded), len(sit.Form.Places))
	}
	for i, g := range graded {
		if _, ok := progress.Answers[i]; !ok && g.Outcome != exam.Wrong {
			t.Fatalf("question %d was left blank and is %s", i, g.Outcome)
		}
	}
}
