package sitting

import (
	"context"
	"errors"
	"strings"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Log is where the events of sittings are kept.
type Log interface {
	// Events returns the sitting's log in order.
	Events(ctx context.Context, id ID) ([]Event, error)
	// Append adds a step to the log of an open sitting and keeps what follows from
	// it, in one transaction. It returns ErrMoved when the log no longer has expected
	// events or the sitting has ended.
	Append(ctx context.Context, s *Sitting, expected int, step Step) error
	// Overdue lists the open sittings whose deadline has passed.
	Overdue(ctx context.Context, now time.Time) ([]ID, error)
}

// Step is what happens to a sitting at once: it is kept whole or not at all.
type Step struct {
	Events []Event
	Given  []Given                  // the answers graded by it
	Marks  map[exam.QuestionID]Mark // of the sitting's person; the zero Mark removes one
}

// ErrMoved means that something else was added to a log in the meantime.
var ErrMoved = fault.Conflict("Something else was saved in the meantime. The page sends this again.")

// tries is how often something is put on a log that others write to as well.
const tries = 5

// maxEvents bounds what tabs can add to one log: sixty for each question of a long
// form. The reserve is for what ends a question or the sitting.
const (
	maxEvents = 5000
	reserve   = 500
)

// untouchedFor is how long a sitting that grows waits for its taker. Skills and
// memory move within weeks, so that answers from before and after a month would
// measure two people.
const untouchedFor = 30 * 24 * time.Hour

// Ack says what the server has.
type Ack struct {
	Seq     int           // the tab's last event taken in
	Left    time.Duration // until the deadline
	Over    bool
	Sent    int // place of the tab's latest answer for good; −1 for none
	Refused []Refusal
}

// Refusal is an event that had no effect, and why.
type Refusal struct {
	Seq  int
	Text string // for people
	Kind fault.Kind
}

// ErrElsewhere reports whether err says that another tab holds the sitting.
func ErrElsewhere(err error) bool { return errors.Is(err, errElsewhere) }

// Stand returns a person's sitting with where it stands. One whose time is up is
// ended first.
func (s *Service) Stand(ctx context.Context, person account.PersonID, id ID) (_ *Sitting, _ *Progress, err error) {
	defer fault.Op(&err, "sitting.Stand(%s)", id)
	for range tries {
		sit, err := s.Open(ctx, person, id)
		if err != nil {
			return nil, nil, err
		}
		p, err := s.progress(ctx, sit)
		if err != nil || p.Over() || !s.late(sit) {
			return sit, p, err
		}
		if err := s.expire(ctx, sit, p); err != nil && !errors.Is(err, ErrMoved) {
			return nil, nil, err
		}
	}
	return nil, nil, ErrMoved
}

// progress is where a sitting's log stands. An open sitting is brought there: what
// was read of it may be older than its log by now.
func (s *Service) progress(ctx context.Context, sit *Sitting) (*Progress, error) {
	events, err := s.log.Events(ctx, sit.ID)
	if err != nil {
		return nil, err
	}
	p, err := Fold(sit.Form, events)
	if err == nil && p.N > 0 && sit.State.Open() {
		sit.follow(p)
	}
	return p, err
}

// late reports whether a sitting's time is up; one without a deadline has all.
func (s *Service) late(sit *Sitting) bool { return late(sit, s.now()) }

func late(sit *Sitting, now time.Time) bool {
	return !sit.Deadline.IsZero() && !now.Before(sit.Deadline)
}

// follow brings what is kept of a sitting beside its log to where the log stands.
func (s *Sitting) follow(p *Progress) {
	s.State, s.Updated, s.Why = p.State, p.Last, p.Why
	if p.Over() {
		s.Finished = p.Last
	}
	if s.Form != nil {
		return
	}
	s.Seq, s.Current = p.Settled, p.Current()
	if !p.Over() {
		s.Deadline = p.Last.Add(untouchedFor)
	}
}

// Record takes in events of one tab, in their order: those it has already are
// passed over, and nothing is taken in after the deadline. An event that doesn't
// fit is refused, which Ack tells, and the others are kept; what was taken in
// before an error stays.
func (s *Service) Record(ctx context.Context, person account.PersonID, id ID, client string, events []Event) (_ Ack, err error) {
	defer fault.Op(&err, "sitting.Record(%s)", id)
	if client == "" {
		return Ack{}, fault.Invalid("The page sent something without saying which tab it comes from. Please reload it.")
	}
	var ack Ack
	err = untilKept(func() error {
		ack, err = s.record(ctx, person, id, client, events)
		return err
	})
	return ack, err
}

// untilKept tries something again while others write to the same log.
func untilKept(try func() error) (err error) {
	for range tries {
		if err = try(); !errors.Is(err, ErrMoved) {
			return err
		}
	}
	return err
}

// turn is what is being done to a sitting at one moment.
type turn struct {
	sit    *Sitting
	p      *Progress
	before int // events in the log
	at     time.Time
	step   Step
}

func (s *Service) turn(ctx context.Context, person account.PersonID, id ID) (*turn, error) {
	sit, p, err := s.Stand(ctx, person, id)
	if err != nil {
		return nil, err
	}
	t := &turn{sit: sit, p: p, before: p.N, at: s.now()}
	if !p.Over() && late(sit, t.at) { // it passed a moment ago
		return nil, ErrMoved
	}
	return t, nil
}

func (s *Service) record(ctx context.Context, person account.PersonID, id ID, client string, events []Event) (Ack, error) {
	t, err := s.turn(ctx, person, id)
	if err != nil {
		return Ack{}, err
	}
	ack := t.ack(client)
	switch {
	case t.p.Over():
		return ack, nil
	case len(events) == 0 && t.p.Acked[client] > 0 && t.p.Holder != client:
		return ack, errElsewhere // it only asks; it should know that it was stopped
	}
	var refused []Refusal
	trouble := s.takeIn(ctx, t, client, events, &refused)
	if trouble != nil && !refusable(trouble) {
		return ack, trouble
	}
	if err := s.keep(ctx, t); err != nil {
		return ack, err
	}
	ack = t.ack(client)
	ack.Refused = refused
	return ack, trouble
}

// refusable reports whether an error says something of the event and not of us.
func refusable(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindConflict, fault.KindInvalid, fault.KindTooMany:
		return true
	case fault.KindUnauthorized, fault.KindForbidden, fault.KindNotFound, fault.KindUnavailable, fault.KindInternal:
	}
	return false
}

func (t *turn) ack(client string) Ack {
	ack := Ack{Seq: t.p.Acked[client], Left: max(0, t.sit.Deadline.Sub(t.at)), Over: t.p.Over(), Sent: -1}
	if place, ok := t.p.Sent[client]; ok {
		ack.Sent = place
	}
	return ack
}

// takeIn takes in a tab's events until one of them ends the sitting. A missing
// predecessor and another tab's hold are errors: the tab has to act.
func (s *Service) takeIn(ctx context.Context, t *turn, client string, events []Event, refused *[]Refusal) error {
	for _, e := range events {
		if e.Seq <= t.p.Acked[client] {
			continue
		}
		if t.full(e.Kind) {
			return fault.TooMany("More was sent in this test than anybody can do by hand. What was kept until now stays; end it to see how it went.")
		}
		e = e.ofTab(client)
		err := s.admit(ctx, t, e)
		switch {
		case err == nil:
		case ErrElsewhere(err) || e.Seq != t.p.Acked[client]+1 || !refusable(err):
			return err
		default:
			*refused = append(*refused, Refusal{Seq: e.Seq, Text: fault.Message(err), Kind: fault.KindOf(err)})
			if err := s.admit(ctx, t, Event{Client: client, Seq: e.Seq, Kind: Refused, Text: string(e.Kind)}); err != nil {
				return err
			}
		}
		if t.p.Over() {
			return nil
		}
	}
	return nil
}

// full reports whether the log has no room for an event of a tab's.
func (t *turn) full(kind EventKind) bool {
	room := maxEvents
	switch kind {
	case Submitted:
		return false
	case Claimed, Settled:
		room += reserve
	case Posed, Shown, Answered, Flagged, Struck, Noted, Closed, Expired, Refused:
	}
	return t.p.N >= room
}

// admit takes one event into the turn, with what follows from it: an answer for
// good is graded and the next question put, an exam that is handed in is graded.
func (s *Service) admit(ctx context.Context, t *turn, e Event) error {
	e.At, e.N = t.at, t.p.N+1
	if e.Kind != Settled {
		if err := t.take(e); err != nil || e.Kind != Submitted || t.sit.Form == nil {
			return err
		}
		return s.close(ctx, t)
	}
	if err := t.p.check(t.sit.Form, e); err != nil {
		return err
	}
	given, err := s.graded(ctx, t.sit, *e.Choice, t.at)
	if err != nil {
		return err
	}
	if err := t.take(e); err != nil {
		return err
	}
	t.step.Given = append(t.step.Given, *given)
	if e.Mark != nil && t.sit.Mode == Practice {
		t.mark(given.Question, Mark{Flagged: e.Mark.Flagged, Note: strings.TrimSpace(e.Mark.Note)})
	}
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return err
	}
	next, err := s.next(ctx, library, t.sit, t.step.Given)
	if err != nil {
		// Whatever it is, the answer isn't to blame, and must not be kept without what follows.
		return &fault.Fault{Kind: fault.KindUnavailable, Message: "The next question could not be found just now. Please try again.", Err: err}
	}
	return t.take(next)
}

// take folds an event in.
func (t *turn) take(e Event) error {
	e.At, e.N = t.at, t.p.N+1
	if err := t.p.Take(t.sit.Form, e); err != nil {
		return err
	}
	t.step.Events = append(t.step.Events, e)
	t.sit.follow(t.p)
	return nil
}

func (t *turn) mark(question exam.QuestionID, m Mark) {
	if t.step.Marks == nil {
		t.step.Marks = map[exam.QuestionID]Mark{}
	}
	t.step.Marks[question] = m
}

// keep is the one place where anything is added to a log.
func (s *Service) keep(ctx context.Context, t *turn) error {
	if len(t.step.Events) == 0 {
		return nil
	}
	return s.log.Append(ctx, t.sit, t.before, t.step)
}

// close grades an exam that has ended and keeps its flags and notes.
func (s *Service) close(ctx context.Context, t *turn) (err error) {
	if t.step.Given, err = s.gradeForm(ctx, t.sit, t.p); err != nil {
		return err
	}
	return s.keepMarks(ctx, t)
}

// submit ends a sitting that grows, with the reason in words.
func (s *Service) submit(ctx context.Context, t *turn, why string) error {
	if err := t.take(Event{Kind: Submitted, Text: why}); err != nil {
		return err
	}
	return s.keep(ctx, t)
}

// expire ends a sitting whose time is up, as it stood at its deadline.
func (s *Service) expire(ctx context.Context, sit *Sitting, p *Progress) error {
	t := &turn{sit: sit, p: p, before: p.N, at: sit.Deadline}
	if err := t.take(Event{Kind: Expired}); err != nil {
		return err
	}
	if sit.Form != nil {
		if err := s.close(ctx, t); err != nil {
			return err
		}
	}
	return s.keep(ctx, t)
}

// ExpireOverdue ends every sitting whose time is up, also those nobody comes back
// to, and returns how many.
func (s *Service) ExpireOverdue(ctx context.Context) (n int, err error) {
	defer fault.Op(&err, "sitting.ExpireOverdue")
	ids, err := s.log.Overdue(ctx, s.now())
	if err != nil {
		return 0, err
	}
	var troubles []error
	for _, id := range ids {
		switch err := s.expireOne(ctx, id); {
		case err == nil:
			n++
		case !errors.Is(err, ErrMoved): // somebody else ended it, or came back in time
			troubles = append(troubles, err) // the others are ended all the same
		}
	}
	return n, errors.Join(troubles...)
}

func (s *Service) expireOne(ctx context.Context, id ID) (err error) {
	defer fault.Op(&err, "ending sitting %s", id)
	sit, err := s.store.Sitting(ctx, id)
	if err != nil {
		return err
	}
	p, err := s.progress(ctx, sit)
	if err != nil {
		return err
	}
	if p.Over() || !s.late(sit) {
		return ErrMoved
	}
	return s.expire(ctx, sit, p)
}

// Sent is an answer for good, with the name of the tab that gives it.
type Sent struct {
	Client string // new for every page made, so that the same page sent twice is known by it
	Place  int    // of the question, from 0
	Choice Choice
	Mark   *Mark // practice: the flag and note as they stand; nil leaves them
}

// A page without scripts is a tab of two events.
const (
	claimOfPage = iota + 1
	answerOfPage
)

// Answer grades and keeps an answer to the question at place expected and moves to
// the next question or to the end. Answering the same question twice (a double
// click, a second tab) is fault.KindConflict and changes nothing.
func (s *Service) Answer(ctx context.Context, person account.PersonID, id ID, expected int, choice Choice) (*Sitting, error) {
	return s.Send(ctx, person, id, Sent{Client: account.NewID(), Place: expected, Choice: choice})
}

// Send is Answer for a page that bears a name: the same answer sent twice by it is
// taken once, and the second time answered like the first. What can't be taken in
// leaves no trace.
func (s *Service) Send(ctx context.Context, person account.PersonID, id ID, sent Sent) (sit *Sitting, err error) {
	defer fault.Op(&err, "sitting.Send(%s, %d)", id, sent.Place)
	err = untilKept(func() error {
		sit, err = s.send(ctx, person, id, sent)
		return err
	})
	return sit, err
}

func (s *Service) send(ctx context.Context, person account.PersonID, id ID, sent Sent) (*Sitting, error) {
	t, err := s.turn(ctx, person, id)
	if err != nil {
		return nil, err
	}
	if t.sit.Form != nil {
		return nil, fault.Conflict("That is an exam; it goes on where it was left.")
	}
	if place, ok := t.p.Sent[sent.Client]; ok && place == sent.Place && t.p.Answers[place].Equal(sent.Choice) {
		return t.sit, nil
	}
	if t.p.Over() || sent.Place != t.p.Settled {
		return nil, errAnswered
	}
	for _, e := range []Event{
		{Seq: claimOfPage, Kind: Claimed},
		{Seq: answerOfPage, Kind: Settled, Place: sent.Place, Choice: &sent.Choice, Mark: sent.Mark},
	} {
		e.Client = sent.Client
		if err := s.admit(ctx, t, e); err != nil {
			return nil, err
		}
	}
	return t.sit, s.keep(ctx, t)
}

// Finish ends an open sitting that grows early. Ending a finished one changes
// nothing.
func (s *Service) Finish(ctx context.Context, person account.PersonID, id ID) (sit *Sitting, err error) {
	defer fault.Op(&err, "sitting.Finish(%s)", id)
	err = untilKept(func() error {
		t, err := s.turn(ctx, person, id)
		if err != nil {
			return err
		}
		switch sit = t.sit; {
		case t.p.Over():
			return nil
		case sit.Form != nil:
			return fault.Conflict("An exam is handed in where it is taken.")
		}
		return s.submit(ctx, t, "You ended it early.")
	})
	return sit, err
}

// whySetAside is why a sitting ended that another took the place of.
const whySetAside = "Set aside when another was begun."

// SetAside is the event that ends an open sitting because another takes its place,
// where events are in its log; the sitting is brought to its end.
func SetAside(sit *Sitting, events []Event, now time.Time) (Step, error) {
	p, err := Fold(sit.Form, events)
	if err != nil {
		return Step{}, err
	}
	t := &turn{sit: sit, p: p, before: p.N, at: now}
	err = t.take(Event{Kind: Submitted, Text: whySetAside})
	return t.step, err
}

// setAside ends the person's open sittings in which nothing was answered:
// beginning another one shows that they are not wanted. Of practices one at most
// is open, so that beginning one ends the one before.
func (s *Service) setAside(ctx context.Context, person account.PersonID, begun Mode) error {
	sittings, err := s.store.Sittings(ctx, person)
	if err != nil {
		return err
	}
	for i := range sittings {
		one := &sittings[i]
		replaced := begun == Practice && one.Mode == Practice
		if one.State.Ended() || one.Form != nil || one.Seq > 0 && !replaced {
			continue
		}
		err := untilKept(func() error {
			t, err := s.turn(ctx, person, one.ID)
			if err != nil || t.p.Over() || t.p.Settled > one.Seq && !replaced {
				return err
			}
			return s.submit(ctx, t, whySetAside)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// begin puts the first question of a sitting that grows, and keeps both. Where
// there is none to put, the error says so in the words given.
func (s *Service) begin(ctx context.Context, library Library, sit *Sitting, nothing string) error {
	t := &turn{sit: sit, p: NewProgress(), at: sit.Started}
	first, err := s.next(ctx, library, sit, nil)
	if err != nil {
		return err
	}
	if err := t.take(first); err != nil {
		return err
	}
	if t.p.Over() {
		return fault.Invalid("%s", nothing)
	}
	return untilKept(func() error {
		if err := s.setAside(ctx, sit.Person, sit.Mode); err != nil {
			return err
		}
		return s.store.CreateSitting(ctx, sit, t.step.Events...)
	})
}
