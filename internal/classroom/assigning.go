package classroom

import (
	"context"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
)

// Assign gives a class something to do. For a mock exam with oneForm set the form
// that everybody takes is drawn now.
func (s *Service) Assign(ctx context.Context, p *account.Person, a Assignment, oneForm bool) (_ *Assignment, err error) {
	defer fault.Op(&err, "classroom.Assign(%s)", a.Class)
	c, err := s.Taught(ctx, p, a.Class)
	if err != nil {
		return nil, err
	}
	if !c.Archived.IsZero() {
		return nil, errArchived
	}
	a.ID, a.By, a.Created, a.Withdrawn, a.Task.Form = AssignmentID(account.NewID()), p.ID, s.now(), time.Time{}, nil
	if err := a.check(c); err != nil {
		return nil, err
	}
	if !a.Due.After(s.now()) {
		return nil, fault.Invalid("The due date has passed already. Choose a later one.")
	}
	if a.Kind == sitting.Mock && oneForm {
		// The id is drawn by lot, which is all that a seed has to be.
		if a.Task.Form, err = s.tests.DrawForm(ctx, a.Task.Exam, seedOf(a.ID)); err != nil {
			return nil, err
		}
	}
	return &a, s.desk.KeepAssignment(ctx, &a, p.ID, "assign")
}

var errArchived = fault.Conflict("The class has ended. Nothing can be assigned or begun in it any more.")

// seedOf is the seed of an assignment's form.
func seedOf(id AssignmentID) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a, 64 bits
	seed := uint64(offset)
	for _, b := range []byte(id) {
		seed = (seed ^ uint64(b)) * prime
	}
	return seed
}

// Reschedule changes the window of an assignment.
func (s *Service) Reschedule(ctx context.Context, p *account.Person, class ID, id AssignmentID, opens, due, closes time.Time) (err error) {
	defer fault.Op(&err, "classroom.Reschedule(%s)", id)
	return s.reassign(ctx, p, class, id, "reschedule", func(a *Assignment) { a.Opens, a.Due, a.Closes = opens, due, closes })
}

// Withdraw takes an assignment back. What was begun for it goes on as a test of
// each learner's own.
func (s *Service) Withdraw(ctx context.Context, p *account.Person, class ID, id AssignmentID) (err error) {
	defer fault.Op(&err, "classroom.Withdraw(%s)", id)
	return s.reassign(ctx, p, class, id, "withdraw_assignment", func(a *Assignment) { a.Withdrawn = s.now() })
}

func (s *Service) reassign(ctx context.Context, p *account.Person, class ID, id AssignmentID, action string, change func(*Assignment)) error {
	c, err := s.Taught(ctx, p, class)
	if err != nil {
		return err
	}
	a, err := s.assignment(ctx, class, id)
	if err != nil {
		return err
	}
	change(a)
	if err := a.check(c); err != nil {
		return err
	}
	return s.desk.KeepAssignment(ctx, a, p.ID, action)
}

func (s *Service) assignment(ctx context.Context, class ID, id AssignmentID) (*Assignment, error) {
	list, err := s.desk.Assignments(ctx, []ID{class})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
	}
	return nil, fault.NotFound("There is no such assignment. It may have been withdrawn.")
}

// Duty is an assignment as one learner has it.
type Duty struct {
	Assignment
	Of      Class
	Phase   Phase
	Sitting *sitting.Sitting // their test for it; nil while it isn't begun
	Late    bool
}

// Done reports whether the learner's test has ended.
func (t *Duty) Done() bool { return t.Sitting != nil && t.Sitting.State.Ended() }

// Duties lists what a person's classes assigned to them, by due date.
func (s *Service) Duties(ctx context.Context, p *account.Person) (_ []Duty, err error) {
	defer fault.Op(&err, "classroom.Duties")
	_, attended, err := s.register.Classes(ctx, p.ID)
	if err != nil || len(attended) == 0 {
		return nil, err
	}
	classes, ids := map[ID]Class{}, make([]ID, 0, len(attended))
	for _, c := range attended {
		if c.Archived.IsZero() {
			classes[c.ID], ids = c, append(ids, c.ID)
		}
	}
	assignments, err := s.desk.Assignments(ctx, ids)
	if err != nil || len(assignments) == 0 {
		return nil, err
	}
	works, err := s.worksOf(ctx, p.ID, assignments)
	if err != nil {
		return nil, err
	}
	now := s.now()
	duties := make([]Duty, len(assignments))
	for i, a := range assignments {
		duties[i] = Duty{Assignment: a, Of: classes[a.Class], Phase: a.Phase(now), Late: now.After(a.Due)}
		w, begun := works[a.ID]
		if !begun {
			continue
		}
		if duties[i].Sitting, err = s.tests.Open(ctx, p.ID, w.Sitting); err != nil {
			return nil, err
		}
		duties[i].Late = a.Late(duties[i].Sitting, now)
	}
	return duties, nil
}

// worksOf is what a person began for assignments.
func (s *Service) worksOf(ctx context.Context, person account.PersonID, assignments []Assignment) (map[AssignmentID]Work, error) {
	ids := make([]AssignmentID, len(assignments))
	for i := range assignments {
		ids[i] = assignments[i].ID
	}
	works, err := s.desk.Works(ctx, ids)
	if err != nil {
		return nil, err
	}
	own := map[AssignmentID]Work{}
	for _, w := range works {
		if w.Person == person {
			own[w.Assignment] = w
		}
	}
	return own, nil
}

// Begin begins a learner's test for an assignment, or returns the one they began.
// Outside the window it returns fault.KindConflict, which says when it is open. The
// test is one like any other: what holds for beginning one on one's own holds here.
func (s *Service) Begin(ctx context.Context, p *account.Person, class ID, id AssignmentID) (_ *sitting.Sitting, err error) {
	defer fault.Op(&err, "classroom.Begin(%s)", id)
	c, _, err := s.Attended(ctx, p, class)
	if err != nil {
		return nil, err
	}
	a, err := s.assignment(ctx, class, id)
	if err != nil {
		return nil, err
	}
	s.beginning.Lock()
	defer s.beginning.Unlock()
	works, err := s.worksOf(ctx, p.ID, []Assignment{*a})
	if err != nil {
		return nil, err
	}
	if w, begun := works[a.ID]; begun {
		return s.tests.Open(ctx, p.ID, w.Sitting)
	}
	if err := mayBegin(c, a, s.now()); err != nil {
		return nil, err
	}
	test, err := s.start(ctx, p, a)
	if err != nil {
		return nil, err
	}
	return test, s.desk.KeepWork(ctx, Work{Assignment: a.ID, Person: p.ID, Sitting: test.ID, Begun: s.now()})
}

// when is how a moment is told in an error.
const when = "2 January 2006, 15:04 MST"

func mayBegin(c *Class, a *Assignment, now time.Time) error {
	if !c.Archived.IsZero() {
		return errArchived
	}
	switch a.Phase(now) {
	case Upcoming:
		return fault.Conflict("“%s” opens on %s. Nothing was begun.", a.Title, a.Opens.In(c.Location()).Format(when))
	case Closed:
		return fault.Conflict("“%s” closed on %s and can't be begun any more. Ask your instructor if you need more time.", a.Title, a.Closes.In(c.Location()).Format(when))
	case Current, Overdue:
	}
	return nil
}

func (s *Service) start(ctx context.Context, p *account.Person, a *Assignment) (*sitting.Sitting, error) {
	switch {
	case a.Kind == sitting.Practice:
		return s.practise(ctx, p, a)
	case a.Kind == sitting.Mock && a.Task.Form != nil:
		return s.tests.StartForm(ctx, p, a.Task.Form)
	case a.Kind == sitting.Mock:
		// Else the exam under way would pass for the one assigned.
		if err := s.tests.NoneRunning(ctx, p.ID, a.Task.Exam); err != nil {
			return nil, err
		}
		return s.tests.StartMock(ctx, p, a.Task.Exam, nil)
	}
	return s.tests.Start(ctx, p.ID, sitting.Plan{Targets: []exam.Code{a.Task.Exam}, Length: a.Task.Length})
}

// practise begins a practice set. Where somebody has seen all that a bank has, they
// get what they missed.
func (s *Service) practise(ctx context.Context, p *account.Person, a *Assignment) (*sitting.Sitting, error) {
	sel := *a.Task.Practice
	test, err := s.tests.StartPractice(ctx, p.ID, sel, a.Task.Length)
	if fault.KindOf(err) == fault.KindInvalid && sel.Source == sitting.FromUnseen {
		sel.Source = sitting.FromMissed
		test, err = s.tests.StartPractice(ctx, p.ID, sel, a.Task.Length)
	}
	if fault.KindOf(err) == fault.KindInvalid {
		return nil, fault.Conflict("There is no question left for you in this practice set: you have seen all there are, and missed none. Nothing was begun; tell your instructor.")
	}
	return test, err
}

// Assignments lists what a class was assigned, by due date, for those who teach it.
func (s *Service) Assignments(ctx context.Context, p *account.Person, id ID) (_ []Assignment, err error) {
	defer fault.Op(&err, "classroom.Assignments(%s)", id)
	if _, err := s.Taught(ctx, p, id); err != nil {
		return nil, err
	}
	return s.desk.Assignments(ctx, []ID{id})
}
