package sitting

import (
	"context"
	"math/rand/v2"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
)

// DrawForm draws a form of a certification's mock exam for nobody in particular,
// so that several people can take the same one. The questions of the banks that
// count take part, and their texts are kept. The same seed draws the same form as
// long as those banks don't change. It returns fault.KindInvalid where the exam
// can't be measured.
func (s *Service) DrawForm(ctx context.Context, code exam.Code, seed uint64) (_ *form.Form, err error) {
	defer fault.Op(&err, "sitting.DrawForm(%s)", code)
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	basis, err := library.MockBasis(code, nil)
	if err != nil {
		return nil, err
	}
	drawn, err := form.Draw(basis.Spec, basis.Pool, form.History{}, rand.New(rand.NewPCG(seed, 0)))
	if err != nil {
		return nil, err
	}
	return drawn, s.keepForm(ctx, drawn)
}

// StartForm begins a mock exam on a form that DrawForm drew, as StartMock does on
// one of the person's own. While another exam of the certification is under way it
// returns fault.KindConflict: two would run side by side.
func (s *Service) StartForm(ctx context.Context, person *account.Person, drawn *form.Form) (sit *Sitting, err error) {
	defer fault.Op(&err, "sitting.StartForm(%s)", drawn.Exam)
	err = untilKept(func() error {
		sit, err = s.startForm(ctx, person, drawn)
		return err
	})
	return sit, err
}

func (s *Service) startForm(ctx context.Context, person *account.Person, drawn *form.Form) (*Sitting, error) {
	if err := s.NoneRunning(ctx, person.ID, drawn.Exam); err != nil {
		return nil, err
	}
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	basis, err := library.MockBasis(drawn.Exam, nil)
	if err != nil {
		return nil, err
	}
	return s.beginMock(ctx, person, s.newMock(person.ID, library, drawn.Exam, nil), drawn, basis.Minutes)
}

// NoneRunning returns fault.KindConflict while a mock exam of the certification is
// under way, which StartMock would return instead of a new one.
func (s *Service) NoneRunning(ctx context.Context, person account.PersonID, code exam.Code) (err error) {
	defer fault.Op(&err, "sitting.NoneRunning(%s)", code)
	running, err := s.running(ctx, person, code)
	if err != nil || running == nil {
		return err
	}
	return fault.Conflict("A mock exam of %s is under way already. End it first, then begin this one; nothing was begun.", code)
}

// Known is what a person's tests have told by now: nothing of it depends on answers
// whose outcome the person has yet to learn.
type Known struct {
	Sittings map[ID]Sitting // all of them, open ones too
	Answers  []Past         // to questions that were come to, whose outcome was told; the oldest first
	Tallies  map[ID]Tally   // of the ended ones
}

// Known returns what a person's tests have told by now.
func (s *Service) Known(ctx context.Context, person account.PersonID) (_ *Known, err error) {
	defer fault.Op(&err, "sitting.Known")
	sittings, err := s.store.Sittings(ctx, person)
	if err != nil {
		return nil, err
	}
	past, err := s.store.History(ctx, person)
	if err != nil {
		return nil, err
	}
	known := &Known{Sittings: make(map[ID]Sitting, len(sittings)), Tallies: tally(sittings, past)}
	for _, one := range sittings {
		known.Sittings[one.ID] = one
	}
	told := toldBy(sittings, s.now())
	for _, p := range past {
		if told(p) && !p.Unreached() {
			known.Answers = append(known.Answers, p)
		}
	}
	return known, nil
}

// Extra is how much longer than the vendor's time an exam runs for the person who
// takes it; of one without a clock, how long it stays open. Other sittings have none.
func (s *Sitting) Extra() time.Duration {
	if s.Form == nil {
		return 0
	}
	usual := *s.Form
	usual.Multiplier = 1
	return max(0, s.Form.allowed()-usual.allowed())
}
