package testkit

import (
	"context"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/form"
	"sextant/internal/sitting"
)

// Start begins a sitting for p.
func (a *App) Start(t testing.TB, p *account.Person, plan sitting.Plan) *sitting.Sitting {
	t.Helper()
	s, err := a.Sittings.Start(context.Background(), p.ID, plan)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Ask is the question that s is at.
func (a *App) Ask(t testing.TB, s *sitting.Sitting) sitting.Asked {
	t.Helper()
	asked, err := a.Sittings.Ask(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

// Answer answers the question that s is at, half a minute after the last.
func (a *App) Answer(t testing.TB, s *sitting.Sitting, right bool) *sitting.Sitting {
	t.Helper()
	a.Clock.Advance(30 * time.Second)
	next, err := a.Sittings.Answer(context.Background(), s.Person, s.ID, s.Seq, Pick(a.Ask(t, s), right))
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// Take answers a sitting to its end; right decides how.
func (a *App) Take(t testing.TB, s *sitting.Sitting, right func(q *exam.Question) bool) *sitting.Sitting {
	t.Helper()
	for s.State.Open() {
		s = a.Answer(t, s, right(a.Ask(t, s).Question))
	}
	return s
}

// Always gives every answer alike.
func Always(right bool) func(*exam.Question) bool {
	return func(*exam.Question) bool { return right }
}

// At puts p into a sitting of twelve questions that is at q, with everything
// that is drawn by lot fixed.
func (a *App) At(t testing.TB, p *account.Person, id sitting.ID, seed uint64, q *exam.Question) *sitting.Sitting {
	t.Helper()
	ctx := context.Background()
	s := &sitting.Sitting{
		Mode: sitting.Diagnostic,
		ID:   id, Person: p.ID, Plan: sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}, Seed: seed,
		State: sitting.StateCreated, Started: a.Clock.Now(), Updated: a.Clock.Now(),
		Current:  sitting.Current{Question: q.ID, Revision: q.Revision, Shown: a.Clock.Now()},
		Deadline: a.Clock.Now().Add(time.Hour),
	}
	if err := a.Store.KeepQuestion(ctx, q); err != nil {
		t.Fatal(err)
	}
	posed := sitting.Event{N: 1, Kind: sitting.Posed, Question: &s.Current, At: a.Clock.Now()}
	if err := a.Store.CreateSitting(ctx, s, posed); err != nil {
		t.Fatal(err)
	}
	return s
}

// ExamOf puts p into a mock exam of the questions given, in one section or, with
// closing, in two of which the first closes. It lasts an hour.
func (a *App) ExamOf(t testing.TB, p *account.Person, id sitting.ID, closing bool, questions ...*exam.Question) *sitting.Sitting {
	t.Helper()
	ctx := context.Background()
	drawn := &sitting.Form{Form: form.Form{Exam: "MLA-C02", Sections: []form.Section{{}}}, Minutes: 60, Multiplier: 1}
	if closing {
		drawn.Sections = []form.Section{{Closes: true}, {Closes: true}}
	}
	for i, q := range questions {
		if err := a.Store.KeepQuestion(ctx, q); err != nil {
			t.Fatal(err)
		}
		place := form.Place{Question: q.ID, Revision: q.Revision, Domain: "1", Scored: true}
		if closing && i >= len(questions)/2 {
			place.Section = 1
		}
		drawn.Places = append(drawn.Places, place)
	}
	now := a.Clock.Now()
	s := &sitting.Sitting{
		Mode: sitting.Mock, ID: id, Person: p.ID, Seed: 7, State: sitting.StateCreated, Form: drawn,
		Plan:    sitting.Plan{Targets: []exam.Code{drawn.Exam}, Length: len(questions)},
		Started: now, Updated: now, Deadline: now.Add(time.Hour),
	}
	if err := a.Store.CreateSitting(ctx, s); err != nil {
		t.Fatal(err)
	}
	return s
}
