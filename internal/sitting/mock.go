package sitting

import (
	"context"

	"math"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
	"sextant/internal/grade"
)

// Exam returns an open or finished sitting on a form with where it stands. One
// whose time is up is ended first. A sitting without a form is fault.KindNotFound.
func (s *Service) Exam(ctx context.Context, person account.PersonID, id ID) (_ *Sitting, _ *Progress, err error) {
	defer fault.Op(&err, "sitting.Exam(%s)", id)
	sit, p, err := s.Stand(ctx, person, id)
	if err == nil && sit.Form == nil {
		return nil, nil, fault.NotFound("There is no such exam.")
	}
	return sit, p, err
}

// Answers returns the graded answers of a sitting in order.
func (s *Service) Answers(ctx context.Context, sit *Sitting) (_ []Given, err error) {
	defer fault.Op(&err, "sitting.Answers(%s)", sit.ID)
	return s.store.Answers(ctx, sit.ID)
}

// Asking lists the questions that a person's open sittings ask: of these, nothing is
// told anywhere.
func (s *Service) Asking(ctx context.Context, person account.PersonID) (_ map[exam.QuestionID]bool, err error) {
	defer fault.Op(&err, "sitting.Asking")
	return s.asking(ctx, person)
}

// AskAt returns the question at a place of an exam.
func (s *Service) AskAt(ctx context.Context, sit *Sitting, place int) (_ Asked, err error) {
	defer fault.Op(&err, "sitting.AskAt(%s, %d)", sit.ID, place)
	at := sit.Form.Places[place]
	q, err := s.question(ctx, at.Question, at.Revision)
	if err != nil {
		return Asked{}, err
	}
	return Asked{Question: q, Order: sit.Order(q)}, nil
}

// keepMarks lets the flags and notes of an exam outlive it, for practice.
func (s *Service) keepMarks(ctx context.Context, t *turn) error {
	if len(t.p.Flagged)+len(t.p.Notes) == 0 {
		return nil
	}
	marks, err := s.practice.Marks(ctx, t.sit.Person)
	if err != nil {
		return err
	}
	for i, place := range t.sit.Form.Places {
		mark, note := marks[place.Question], t.p.Notes[i]
		if !t.p.Flagged[i] && note == "" {
			continue
		}
		mark.Flagged = mark.Flagged || t.p.Flagged[i]
		mark.Note = bothNotes(mark.Note, note)
		t.mark(place.Question, mark)
	}
	return nil
}

// bothNotes keeps an earlier note above a new one; where both are too long for
// one, the earlier, which is nowhere else.
func bothNotes(earlier, note string) string {
	switch both := earlier + "\n" + note; {
	case note == "" || strings.Contains(earlier, note):
		return earlier
	case earlier == "":
		return note
	case utf8.RuneCountInString(both) <= MaxNote:
		return both
	}
	return earlier
}

// gradeForm grades every question of a form as it was left. What is blank or
// incomplete is wrong, as it is in the exam.
func (s *Service) gradeForm(ctx context.Context, sit *Sitting, p *Progress) ([]Given, error) {
	given := make([]Given, len(sit.Form.Places))
	for i, place := range sit.Form.Places {
		q, err := s.question(ctx, place.Question, place.Revision)
		if err != nil {
			return nil, err
		}
		g := Given{
			Seq: i, Question: q.ID, Revision: place.Revision, Outcome: exam.Wrong, Pretest: !place.Scored,
			Shown: sit.Finished.Add(-p.Spent[i]), At: sit.Finished,
		}
		if choice, ok := p.Answers[i]; ok {
			g.Answer, g.Outcome = settled(sit, q, choice)
		}
		given[i] = g
	}
	sit.Seq = len(given)
	return given, nil
}

// settled is a choice as it counts at the end.
func settled(sit *Sitting, q *exam.Question, choice Choice) (exam.Answer, exam.Outcome) {
	answer, err := choice.answer(q, sit.Order(q))
	if err != nil {
		return exam.Answer{}, exam.Wrong
	}
	outcome, err := grade.Grade(q, answer)
	if err != nil {
		return answer, exam.Wrong
	}
	return answer, outcome
}

// ExtraTimes are the multiples of the vendor's time that a person can have.
func ExtraTimes() []float64 { return []float64{1, 1.25, 1.5, 2} }

// Untimed is the multiplier of somebody who takes exams without a clock.
const Untimed = 0

// untimedFor is how long an exam without a clock stays open.
const untimedFor = 30 * 24 * time.Hour

// allowed is the time that a form gives.
func (f *Form) allowed() time.Duration {
	if f.Multiplier == Untimed || f.Minutes <= 0 {
		return untimedFor
	}
	return time.Duration(math.Round(float64(f.Minutes)*f.Multiplier*60)) * time.Second
}

// Basis is what a mock exam of one certification is drawn from.
type Basis struct {
	Spec    form.Spec
	Pool    []form.Candidate
	Minutes int // of the real form; 0 where the vendor says nothing
	// Fills is how long a form is that somebody who has seen nothing gets: the real
	// length, where the bank suffices.
	Fills form.Length
}

// Time is the minutes that a form of the length in Fills is given.
func (b *Basis) Time() int {
	short := form.Form{Full: b.Spec.Length, Places: make([]form.Place, b.Fills.Total())}
	return short.Minutes(b.Minutes)
}

// enoughToPredict is how many answers a forecast before an exam takes.
const enoughToPredict = 8

// StartMock draws a form of the certification's exam and begins it: the clock
// runs from now on, with the person's extra time. Its unscored places go first
// to the banks that the person wants to try out, and then to the questions with
// the fewest answers. One of the same certification that is under way is
// returned instead.
func (s *Service) StartMock(ctx context.Context, person *account.Person, code exam.Code, tryOut []exam.BankID) (sit *Sitting, err error) {
	defer fault.Op(&err, "sitting.StartMock(%s)", code)
	err = untilKept(func() error { // two begun at once become one
		sit, err = s.startMock(ctx, person, code, tryOut)
		return err
	})
	return sit, err
}

func (s *Service) startMock(ctx context.Context, person *account.Person, code exam.Code, tryOut []exam.BankID) (*Sitting, error) {
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	basis, err := library.MockBasis(code, tryOut)
	if err != nil {
		return nil, err
	}
	past, err := s.met(ctx, person.ID)
	if err != nil {
		return nil, err
	}
	running, err := s.running(ctx, person.ID, code)
	if err != nil || running != nil {
		return running, err
	}
	asking, err := s.asking(ctx, person.ID)
	if err != nil {
		return nil, err
	}
	answers, err := s.store.Served(ctx)
	if err != nil {
		return nil, err
	}
	sit := s.newMock(person.ID, library, code, tryOut)
	drawn, err := form.Draw(basis.Spec, form.WithAnswers(basis.Pool, answers), seenBefore(past, asking, sit.Started), sit.random("form"))
	if err != nil {
		return nil, err
	}
	return s.beginMock(ctx, person, sit, drawn, basis.Minutes)
}

// newMock is a mock exam without a form yet.
func (s *Service) newMock(person account.PersonID, library Library, code exam.Code, tryOut []exam.BankID) *Sitting {
	now := s.now()
	return &Sitting{
		ID: ID(account.NewID()), Person: person, Mode: Mock, Seed: randomSeed(), State: StateCreated,
		Plan:    Plan{Targets: []exam.Code{code}, Pretest: tryOut},
		Started: now, Updated: now, Parameters: library.Model().Version(),
	}
}

// beginMock begins a mock exam on a form: the clock runs from now on, with the
// person's extra time. minutes is the time of the real exam.
func (s *Service) beginMock(ctx context.Context, person *account.Person, sit *Sitting, drawn *form.Form, minutes int) (_ *Sitting, err error) {
	sit.Form = &Form{Form: *drawn, Minutes: drawn.Minutes(minutes), Multiplier: person.Settings.Multiplier()}
	sit.Plan.Length = len(drawn.Places)
	sit.Deadline = sit.Started.Add(sit.Form.allowed())
	if sit.Form.Predicted, err = s.forecast(ctx, person.ID, drawn.Exam); err != nil {
		return nil, err
	}
	if err := s.keepForm(ctx, drawn); err != nil {
		return nil, err
	}
	return sit, s.store.CreateSitting(ctx, sit)
}

// keepForm keeps the text of a form's questions as they are put.
func (s *Service) keepForm(ctx context.Context, drawn *form.Form) error {
	for _, place := range drawn.Places {
		q, err := s.question(ctx, place.Question, place.Revision)
		if fault.KindOf(err) == fault.KindNotFound {
			return fault.Unavailable("A question of the form could not be found. Nothing was begun; please try again.")
		}
		if err != nil {
			return err
		}
		if err := s.store.KeepQuestion(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// running is the person's exam of the certification that is under way, if any: a
// second one would run beside it, and its result tell about the first.
func (s *Service) running(ctx context.Context, person account.PersonID, code exam.Code) (*Sitting, error) {
	sittings, err := s.store.Sittings(ctx, person)
	if err != nil {
		return nil, err
	}
	for i := range sittings {
		one := &sittings[i]
		if one.State.Open() && one.Form != nil && one.Form.Exam == code && !s.late(one) {
			return one, nil
		}
	}
	return nil, nil
}

// seenBefore is when a person met which question; what is being asked elsewhere is
// the last to be put again.
func seenBefore(past []Past, asking map[exam.QuestionID]bool, now time.Time) form.History {
	seen := form.History{}
	for _, p := range past {
		one := seen[p.Question]
		one.Times++
		if p.At.After(one.Last) {
			one.Last = p.At
		}
		seen[p.Question] = one
	}
	for id := range asking {
		seen[id] = form.Seen{Times: seen[id].Times + 1, Last: now}
	}
	return seen
}

// forecast is the pass probability before an exam; nil where it rests on too
// little.
func (s *Service) forecast(ctx context.Context, person account.PersonID, code exam.Code) (*Forecast, error) {
	report, err := s.Standing(ctx, person, nil, []exam.Code{code})
	if err != nil {
		return nil, err
	}
	standing, ok := report.Exam(code)
	if !ok || standing.Answers < enoughToPredict {
		return nil, nil
	}
	return &Forecast{Pass: standing.Pass, Answers: standing.Answers}, nil
}
