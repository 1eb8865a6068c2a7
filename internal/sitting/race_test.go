package sitting_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/store"
	"sextant/internal/testkit"
)

// meddled is a store in which something happens, once, between two of the steps of
// whoever uses it.
type meddled struct {
	*store.Store
	afterSitting, beforeCreate func()
}

func once(act *func()) {
	if do := *act; do != nil {
		*act = nil
		do()
	}
}

func (m *meddled) Sitting(ctx context.Context, id sitting.ID) (*sitting.Sitting, error) {
	s, err := m.Store.Sitting(ctx, id)
	once(&m.afterSitting)
	return s, err
}

func (m *meddled) CreateSitting(ctx context.Context, s *sitting.Sitting, first ...sitting.Event) error {
	once(&m.beforeCreate)
	return m.Store.CreateSitting(ctx, s, first...)
}

// meddle returns a service beside a.Sittings, on a store to meddle with.
func meddle(a *testkit.App) (*meddled, *sitting.Service) {
	m := &meddled{Store: a.Store}
	return m, sitting.NewService(m, a.Library, a.Clock.Now)
}

// A sitting read a moment before another tab went on is shown where its log stands,
// not half here and half there.
func TestASittingReadTooEarlyIsBroughtToItsLog(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	sit := begun[sitting.Diagnostic](t, a, p, false)
	m, slow := meddle(a)
	m.afterSitting = func() { a.Answer(t, sit, true) }
	read, progress, err := slow.Stand(ctx, p.ID, sit.ID)
	if err != nil {
		t.Fatal(err)
	}
	if progress.Settled != 1 || read.Seq != 1 || read.Current != progress.Current() {
		t.Errorf("it is read as question %d, %+v; its log is at %d, %+v", read.Seq, read.Current, progress.Settled, progress.Current())
	}
}

// What was done just before the deadline keeps a sitting from being ended by a sweep
// that had read it before.
func TestASweepDoesNotEndWhatJustWentOn(t *testing.T) {
	for _, mode := range []sitting.Mode{sitting.Diagnostic, sitting.Practice} {
		t.Run(string(mode), func(t *testing.T) {
			a := testkit.NewApp(t, testkit.Synthetic(t, 1))
			p := a.Person(t, account.Learner, "ada@example.org")
			sit := begun[mode](t, a, p, false)
			m, sweeper := meddle(a)
			m.afterSitting = func() {
				a.Clock.Set(sit.Deadline.Add(-time.Hour))
				a.Answer(t, sit, true)
				a.Clock.Set(sit.Deadline)
			}
			a.Clock.Set(sit.Deadline)
			if n, err := sweeper.ExpireOverdue(ctx); n != 0 || err != nil {
				t.Errorf("%d were ended, error %v", n, err)
			}
			if s := reopen(t, a, sit); s.State != sitting.StateInProgress || s.Seq != 1 {
				t.Errorf("it is %s after %d answers", s.State, s.Seq)
			}
		})
	}
}

// A button pressed twice begins one exam, and leaves one practice open: the clock of
// a second exam would run out unseen.
func TestTwoBegunAtOnceBecomeOne(t *testing.T) {
	start := map[sitting.Mode]func(*sitting.Service, *account.Person) (*sitting.Sitting, error){
		sitting.Mock: func(s *sitting.Service, p *account.Person) (*sitting.Sitting, error) {
			return s.StartMock(ctx, p, "MLA-C02", nil)
		},
		sitting.Practice: func(s *sitting.Service, p *account.Person) (*sitting.Sitting, error) {
			return s.StartPractice(ctx, p.ID, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
		},
	}
	for mode, begin := range start {
		t.Run(string(mode), func(t *testing.T) {
			a := testkit.NewApp(t, testkit.Synthetic(t, 2))
			p := a.Person(t, account.Learner, "ada@example.org")
			m, slow := meddle(a)
			var first *sitting.Sitting
			m.beforeCreate = func() {
				var err error
				if first, err = begin(a.Sittings, p); err != nil {
					t.Fatal(err)
				}
			}
			second, err := begin(slow, p)
			if err != nil {
				t.Fatal(err)
			}
			if mode == sitting.Mock && second.ID != first.ID {
				t.Error("two exams were begun")
			}
			all, err := a.Store.Sittings(ctx, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			var open []sitting.ID
			for i := range all {
				if all[i].State.Open() {
					open = append(open, all[i].ID)
				}
			}
			if len(open) != 1 || open[0] != second.ID {
				t.Errorf("open are %v; begun last was %s", open, second.ID)
			}
		})
	}
}

// Of what a tab sends, only that is kept which its kind of event has: anything else
// would grow the log without a bound, or speak for the server.
func TestATabsEventsHoldNothingElse(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	sit := begun[sitting.Mock](t, a, p, false)
	long := strings.Repeat("x", 10*sitting.MaxNote)
	stuffed := func(kind sitting.EventKind) sitting.Event {
		return sitting.Event{
			Kind: kind, Text: long, Struck: []string{"1", "2"}, Choice: &sitting.Choice{Selected: []string{"1"}}, On: true,
			Mark: &sitting.Mark{Note: long}, Question: &sitting.Current{Question: "mine"},
		}
	}
	tab := newTab("tab")
	for _, kind := range []sitting.EventKind{sitting.Claimed, sitting.Shown, sitting.Answered, sitting.Flagged, sitting.Struck, sitting.Submitted} {
		tab.add(stuffed(kind))
	}
	if ack := mustSend(t, tab, a, p); len(ack.Refused) > 0 || !ack.Over {
		t.Fatalf("it was answered %+v", ack)
	}
	events, err := a.Store.Events(ctx, sit.ID)
	if err != nil || len(events) != 6 {
		t.Fatalf("%d events, error %v", len(events), err)
	}
	for _, e := range events {
		if e.Text != "" || e.Mark != nil || e.Question != nil || (e.Choice != nil) != (e.Kind == sitting.Answered) ||
			(e.Struck != nil) != (e.Kind == sitting.Struck) || e.On != (e.Kind == sitting.Flagged) {
			t.Errorf("kept of %s: %.200v", e.Kind, e)
		}
	}
	if s := reopen(t, a, sit); s.Why != "You handed it in." {
		t.Errorf("it ended with %.80q", s.Why)
	}
}

// Somebody who begins an exam, and leaves it after two questions, is measured on
// those two. The score counts all of them, as the exam would.
func TestQuestionsNeverComeToSayNothingOfAPerson(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	everything := sitting.Selection{}
	before, err := a.Sittings.Stock(ctx, p.ID, everything)
	if err != nil {
		t.Fatal(err)
	}
	sit := begun[sitting.Mock](t, a, p, false)
	tab := newTab("tab")
	look := func(place int) {
		t.Helper()
		tab.add(sitting.Event{Kind: sitting.Shown, Place: place})
		mustSend(t, tab, a, p)
		a.Clock.Advance(time.Minute)
	}
	tab.add(sitting.Event{Kind: sitting.Claimed})
	look(0)
	tab.add(answered(0, "1"))
	look(1) // and left blank
	a.Clock.Set(sit.Deadline)
	if n, err := a.Sittings.ExpireOverdue(ctx); n != 1 || err != nil {
		t.Fatalf("%d ended, error %v", n, err)
	}
	unreached := 0
	for _, g := range answers(t, a, sit.ID) {
		if g.Unreached() {
			unreached++
		}
	}
	if graded := len(answers(t, a, sit.ID)); graded != 6 || unreached != 4 {
		t.Errorf("%d answers are graded, %d of them to questions never come to; want 6 and 4", graded, unreached)
	}
	report, err := a.Sittings.Standing(ctx, p.ID, nil, []exam.Code{"MLA-C02"})
	if err != nil || report.Answers != 2 {
		t.Errorf("%d answers measure, error %v; want 2", report.Answers, err)
	}
	after, err := a.Sittings.Stock(ctx, p.ID, everything)
	if err != nil || before[sitting.FromUnseen]-after[sitting.FromUnseen] != 2 || after[sitting.FromMissed] > 2 {
		t.Errorf("unseen went from %d to %d, and %d were missed, error %v", before[sitting.FromUnseen], after[sitting.FromUnseen], after[sitting.FromMissed], err)
	}
	schedule, err := a.Sittings.Schedule(ctx, p.ID)
	if err != nil || len(schedule.Cards) > 2 {
		t.Errorf("%d questions come back for review, error %v", len(schedule.Cards), err)
	}
	if tallies, err := a.Sittings.Tallies(ctx, p.ID); err != nil || tallies[sit.ID].Of != 6 {
		t.Errorf("the score counts %d questions, error %v", tallies[sit.ID].Of, err)
	}
}
