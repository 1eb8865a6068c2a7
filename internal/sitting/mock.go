package sitting

import (
	"context"
	"errors"
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

// ExamStore is where sittings on a form keep their events.
type ExamStore interface {
	// Events returns the sitting's log in order.
	Events(ctx context.Context, id ID) ([]Event, error)
	// AppendEvents adds events to the log of an open sitting. It returns
	// fault.KindConflict when the log no longer has expected events.
	AppendEvents(ctx context.Context, id ID, expected int, events []Event) error
	// FinishExam adds the last event, keeps the graded answers and ends the sitting,
	// in one transaction; fault.KindConflict as AppendEvents.
	FinishExam(ctx context.Context, s *Sitting, expected int, last Event, given []Given) error
	// Overdue lists the open sittings whose deadline has passed.
	Overdue(ctx context.Context, now time.Time) ([]ID, error)
}

// maxEvents bounds the log of one exam: sixty for each question of a long form.
const maxEvents = 5000

// Refused takes the place of an event that didn't fit where the sitting stood: it
// is acknowledged, so that the tab goes on, and has no effect.
const Refused EventKind = "refused"

// Ack says what the server has.
type Ack struct {
	Seq     int           // the tab's last event taken in
	Left    time.Duration // until the deadline
	Over    bool
	Refused []Refusal
}

// Refusal is an event that had no effect, and why, in words.
type Refusal struct {
	Seq  int
	Text string
}

// ErrElsewhere reports whether err says that another tab holds the sitting.
func ErrElsewhere(err error) bool {
	return err != nil && fault.Message(err) == fault.Message(errElsewhere)
}

// Exam returns an open or finished sitting on a form with where it stands. One
// whose time is up is ended first.
func (s *Service) Exam(ctx context.Context, person account.PersonID, id ID) (_ *Sitting, _ *Progress, err error) {
	defer fault.Op(&err, "sitting.Exam(%s)", id)
	sit, err := s.Open(ctx, person, id)
	if err != nil {
		return nil, nil, err
	}
	if sit.Form == nil {
		return nil, nil, fault.NotFound("There is no such exam.")
	}
	p, err := s.progress(ctx, sit)
	if err != nil || p.Over || !s.late(sit) {
		return sit, p, err
	}
	if err := s.expire(ctx, sit, p); err != nil && fault.KindOf(err) != fault.KindConflict {
		return nil, nil, err
	}
	return s.Exam(ctx, person, id)
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

func (s *Service) progress(ctx context.Context, sit *Sitting) (*Progress, error) {
	events, err := s.exams.Events(ctx, sit.ID)
	if err != nil {
		return nil, err
	}
	return Fold(sit.Form, events)
}

// late reports whether a sitting's time is up.
func (s *Service) late(sit *Sitting) bool { return !s.now().Before(sit.Deadline) }

// Record takes in events of one tab, in their order: those it has already are
// passed over, and nothing is taken in after the deadline. What was taken in
// before an error stays.
func (s *Service) Record(ctx context.Context, person account.PersonID, id ID, client string, events []Event) (_ Ack, err error) {
	defer fault.Op(&err, "sitting.Record(%s)", id)
	sit, p, err := s.Exam(ctx, person, id)
	if err != nil {
		return Ack{}, err
	}
	ack := Ack{Seq: p.Acked[client], Left: max(0, sit.Deadline.Sub(s.now())), Over: p.Over}
	if p.Over {
		return ack, nil
	}
	before, now := p.N, s.now()
	if !now.Before(sit.Deadline) { // it passed a moment ago
		return s.Record(ctx, person, id, client, events)
	}
	if len(events) == 0 && p.Acked[client] > 0 && p.Holder != client {
		return ack, errElsewhere // it only asks; it should know that it was stopped
	}
	var taken []Event
	var trouble error
	for _, e := range events {
		if e.Seq <= p.Acked[client] {
			continue
		}
		if p.N >= maxEvents && e.Kind != Submitted {
			trouble = fault.TooMany("More was sent in this exam than anybody can do by hand. What was kept until now stays; hand it in to end it.")
			break
		}
		e.Client, e.At, e.N = client, now, p.N+1
		e, trouble = s.admit(sit, p, e, &ack)
		if trouble != nil {
			break
		}
		if e.Kind == Submitted {
			if err := s.append(ctx, sit, before, taken); err != nil {
				return ack, err
			}
			return s.handIn(ctx, sit, p, e, ack)
		}
		taken = append(taken, e)
	}
	if err := s.append(ctx, sit, before, taken); err != nil {
		return ack, err
	}
	ack.Seq = p.Acked[client]
	return ack, trouble
}

// admit takes one event into the progress, if need be as one refused. A missing
// predecessor and another tab's hold are errors: the tab has to act.
func (s *Service) admit(sit *Sitting, p *Progress, e Event, ack *Ack) (Event, error) {
	err := p.Take(sit.Form, e)
	if err == nil {
		return e, nil
	}
	if ErrElsewhere(err) || e.Seq != p.Acked[e.Client]+1 || e.Client == "" {
		return e, err
	}
	ack.Refused = append(ack.Refused, Refusal{e.Seq, fault.Message(err)})
	refused := Event{N: e.N, Client: e.Client, Seq: e.Seq, Kind: Refused, At: e.At, Text: string(e.Kind)}
	return refused, p.Take(sit.Form, refused)
}

func (s *Service) append(ctx context.Context, sit *Sitting, expected int, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	return s.exams.AppendEvents(ctx, sit.ID, expected, events)
}

// handIn ends an exam at its taker's wish.
func (s *Service) handIn(ctx context.Context, sit *Sitting, p *Progress, last Event, ack Ack) (Ack, error) {
	s.end(sit, "You handed it in.")
	given, err := s.gradeForm(ctx, sit, p)
	if err != nil {
		return ack, err
	}
	if err := s.keepMarks(ctx, sit, p); err != nil {
		return ack, err
	}
	if err := s.exams.FinishExam(ctx, sit, last.N-1, last, given); err != nil {
		return ack, err
	}
	ack.Seq, ack.Over = p.Acked[last.Client], true
	return ack, nil
}

// expire ends an exam whose time is up, as it stood at its deadline.
func (s *Service) expire(ctx context.Context, sit *Sitting, p *Progress) error {
	last := Event{N: p.N + 1, Kind: Expired, At: sit.Deadline}
	if err := p.Take(sit.Form, last); err != nil {
		return err
	}
	s.end(sit, "Time was up.")
	sit.Finished, sit.Expired = sit.Deadline, true
	given, err := s.gradeForm(ctx, sit, p)
	if err != nil {
		return err
	}
	if err := s.keepMarks(ctx, sit, p); err != nil {
		return err
	}
	return s.exams.FinishExam(ctx, sit, last.N-1, last, given)
}

// ExpireOverdue ends every exam whose time is up, also those nobody comes back
// to, and returns how many.
func (s *Service) ExpireOverdue(ctx context.Context) (n int, err error) {
	defer fault.Op(&err, "sitting.ExpireOverdue")
	ids, err := s.exams.Overdue(ctx, s.now())
	if err != nil {
		return 0, err
	}
	var troubles []error
	for _, id := range ids {
		switch err := s.expireOne(ctx, id); {
		case err == nil:
			n++
		case fault.KindOf(err) != fault.KindConflict: // somebody else ended it
			troubles = append(troubles, err) // the others are ended all the same
		}
	}
	return n, errors.Join(troubles...)
}

func (s *Service) expireOne(ctx context.Context, id ID) (err error) {
	defer fault.Op(&err, "ending exam %s", id)
	sit, err := s.store.Sitting(ctx, id)
	if err != nil {
		return err
	}
	p, err := s.progress(ctx, sit)
	if err != nil {
		return err
	}
	return s.expire(ctx, sit, p)
}

// keepMarks lets the flags and notes of an exam outlive it, for practice. Doing so
// before the end is kept is harmless: a second try finds them there.
func (s *Service) keepMarks(ctx context.Context, sit *Sitting, p *Progress) error {
	if len(p.Flagged)+len(p.Notes) == 0 {
		return nil
	}
	marks, err := s.practice.Marks(ctx, sit.Person)
	if err != nil {
		return err
	}
	for i, place := range sit.Form.Places {
		mark, note := marks[place.Question], p.Notes[i]
		if !p.Flagged[i] && note == "" {
			continue
		}
		mark.Flagged = mark.Flagged || p.Flagged[i]
		mark.Note = bothNotes(mark.Note, note)
		if err := s.practice.SaveMark(ctx, sit.Person, place.Question, mark); err != nil {
			return err
		}
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
}

// enoughToPredict is how many answers a forecast before an exam takes.
const enoughToPredict = 8

// StartMock draws a form of the certification's exam and begins it: the clock
// runs from now on, with the person's extra time. One of the same certification
// that is under way is returned instead.
func (s *Service) StartMock(ctx context.Context, person *account.Person, code exam.Code) (_ *Sitting, err error) {
	defer fault.Op(&err, "sitting.StartMock(%s)", code)
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	basis, err := library.MockBasis(code)
	if err != nil {
		return nil, err
	}
	past, err := s.store.History(ctx, person.ID)
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
	now := s.now()
	sit := &Sitting{
		ID: ID(account.NewID()), Person: person.ID, Mode: Mock, Seed: randomSeed(), State: Open,
		Plan:    Plan{Targets: []exam.Code{code}},
		Started: now, Updated: now, Parameters: library.Model().Version(),
	}
	drawn, err := form.Draw(basis.Spec, basis.Pool, seenBefore(past, asking, now), sit.random("form"))
	if err != nil {
		return nil, err
	}
	sit.Form = &Form{Form: *drawn, Minutes: drawn.Minutes(basis.Minutes), Multiplier: person.Settings.Multiplier()}
	sit.Plan.Length = len(drawn.Places)
	sit.Deadline = now.Add(sit.Form.allowed())
	if sit.Form.Predicted, err = s.forecast(ctx, person.ID, code); err != nil {
		return nil, err
	}
	for _, place := range drawn.Places {
		q, ok := library.Question(place.Question)
		if !ok || q.Revision != place.Revision {
			return nil, fault.Unavailable("A question of the form could not be found. Nothing was begun; please try again.")
		}
		if err := s.store.KeepQuestion(ctx, q); err != nil {
			return nil, err
		}
	}
	return sit, s.store.CreateSitting(ctx, sit)
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
		if one.State == Open && one.Form != nil && one.Form.Exam == code && !s.late(one) {
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
