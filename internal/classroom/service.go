package classroom

import (
	"context"
	"slices"
	"sync"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
)

// Register is where classes and their members are kept.
type Register interface {
	// Classes lists the classes that somebody teaches or is in, by title.
	Classes(ctx context.Context, person account.PersonID) (taught, attended []Class, err error)
	// Class returns fault.KindNotFound when there is none.
	Class(ctx context.Context, id ID) (*Class, error)
	// ClassByCode returns fault.KindNotFound when there is none.
	ClassByCode(ctx context.Context, code string) (*Class, error)
	// KeepClass adds a class or replaces everything but its members.
	KeepClass(ctx context.Context, c *Class, actor account.PersonID, action string) error
	// Members lists who is in a class, by name.
	Members(ctx context.Context, id ID) ([]Member, error)
	// KeepMember adds a member or replaces what is kept of one.
	KeepMember(ctx context.Context, id ID, m Member, actor account.PersonID, action string) error
}

// Desk is where assignments are kept.
type Desk interface {
	// Assignments lists those of some classes that aren't withdrawn, by due date.
	Assignments(ctx context.Context, classes []ID) ([]Assignment, error)
	// KeepAssignment adds an assignment or replaces it.
	KeepAssignment(ctx context.Context, a *Assignment, actor account.PersonID, action string) error
	// Works lists what was begun for some assignments.
	Works(ctx context.Context, assignments []AssignmentID) ([]Work, error)
	// KeepWork links a test to an assignment; fault.KindConflict if the person has
	// one for it already.
	KeepWork(ctx context.Context, w Work) error
}

// People finds accounts.
type People interface {
	// PersonByEmail returns fault.KindNotFound when nobody has the address.
	PersonByEmail(ctx context.Context, email string) (*account.Person, error)
	// Names tells what those of the people are called who have an account.
	Names(ctx context.Context, ids []account.PersonID) (map[account.PersonID]string, error)
}

// Shelf measures classes.
type Shelf interface {
	// ForClass is what a class is measured with: the banks that count and, of the
	// banks given to it, those that are still for classes.
	ForClass(ctx context.Context, banks []exam.BankID) (Basis, error)
	// Renew is told when who may be asked a bank's questions has changed.
	Renew()
}

// Basis is what a class is measured with.
type Basis interface {
	Model() *readiness.Model
	// Serves reports whether a question serves any of the exams.
	Serves(id exam.QuestionID, codes []exam.Code) bool
	// Adds reports whether the model has a question by the class's own banks alone:
	// elsewhere answers to it measure nothing.
	Adds(id exam.QuestionID) bool
	OfferedExams() []exam.Code
}

// Service is what people can do with classes.
type Service struct {
	register Register
	desk     Desk
	people   People
	tests    *sitting.Service
	shelf    Shelf
	now      func() time.Time

	beginning sync.Mutex // one test at a time is begun for an assignment
}

// NewService returns a Service.
func NewService(store interface {
	Register
	Desk
	People
}, tests *sitting.Service, shelf Shelf, now func() time.Time) *Service {
	return &Service{register: store, desk: store, people: store, tests: tests, shelf: shelf, now: now}
}

// errNoClass answers whoever has nothing to do with a class as if it weren't there.
var errNoClass = fault.NotFound("There is no such class, or you are not in it.")

// Classes lists the classes that somebody teaches and those that they are in.
func (s *Service) Classes(ctx context.Context, p *account.Person) (taught, attended []Class, err error) {
	defer fault.Op(&err, "classroom.Classes")
	taught, attended, err = s.register.Classes(ctx, p.ID)
	taught = slices.DeleteFunc(taught, func(c Class) bool { return !c.TaughtBy(p) })
	return taught, attended, err
}

// Taught returns a class for those who teach it; for anybody else there is none.
func (s *Service) Taught(ctx context.Context, p *account.Person, id ID) (_ *Class, err error) {
	defer fault.Op(&err, "classroom.Taught(%s)", id)
	c, err := s.register.Class(ctx, id)
	if err != nil {
		return nil, err
	}
	if !c.TaughtBy(p) {
		return nil, errNoClass
	}
	return c, nil
}

// Attended returns a class for somebody who is in it; for anybody else there is none.
func (s *Service) Attended(ctx context.Context, p *account.Person, id ID) (_ *Class, _ *Member, err error) {
	defer fault.Op(&err, "classroom.Attended(%s)", id)
	c, err := s.register.Class(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	m, err := s.member(ctx, id, p.ID)
	if err != nil {
		return nil, nil, err
	}
	return c, m, nil
}

func (s *Service) member(ctx context.Context, id ID, person account.PersonID) (*Member, error) {
	members, err := s.register.Members(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := range members {
		if members[i].Person == person {
			return &members[i], nil
		}
	}
	return nil, errNoClass
}

// Create makes a class with a code by which anybody can join it.
func (s *Service) Create(ctx context.Context, p *account.Person, c Class) (_ *Class, err error) {
	defer fault.Op(&err, "classroom.Create")
	if !p.SignedIn() || !p.Role.Includes(account.Instructor) {
		return nil, fault.Forbidden("Only instructors make classes. An admin can make you one.")
	}
	c.ID, c.Owner, c.Created, c.Code, c.Open = ID(account.NewID()), p.ID, s.now(), NewCode(), true
	c.Instructors, c.Banks, c.Archived = nil, nil, time.Time{}
	if err := s.check(ctx, &c); err != nil {
		return nil, err
	}
	return &c, s.register.KeepClass(ctx, &c, p.ID, "create_class")
}

func (s *Service) check(ctx context.Context, c *Class) error {
	basis, err := s.shelf.ForClass(ctx, nil)
	if err != nil {
		return err
	}
	for _, code := range c.Exams {
		if !slices.Contains(basis.OfferedExams(), code) {
			return fault.Invalid("%s can't be measured yet: the bank has not enough questions for it. Choose another.", code)
		}
	}
	return c.check()
}

// Change lets change alter a class's title, description, time zone and exams, its
// code and whether it is open, and its banks. Its instructors and its end are its
// owner's to change.
func (s *Service) Change(ctx context.Context, p *account.Person, id ID, action string, change func(*Class) error) (_ *Class, err error) {
	defer fault.Op(&err, "classroom.Change(%s, %s)", id, action)
	c, err := s.Taught(ctx, p, id)
	if err != nil {
		return nil, err
	}
	before := *c
	before.Instructors, before.Exams, before.Banks = slices.Clone(c.Instructors), slices.Clone(c.Exams), slices.Clone(c.Banks)
	if err := change(c); err != nil {
		return nil, err
	}
	own := slices.Equal(before.Instructors, c.Instructors) && before.Archived.Equal(c.Archived)
	if !own && p.ID != c.Owner {
		return nil, fault.Forbidden("Only the class's owner can change who teaches it, and end it.")
	}
	if err := s.mayWiden(ctx, &before, c); err != nil {
		return nil, err
	}
	c.ID, c.Owner, c.Created = before.ID, before.Owner, before.Created
	if err := s.check(ctx, c); err != nil {
		return nil, err
	}
	if err := s.register.KeepClass(ctx, c, p.ID, action); err != nil {
		return nil, err
	}
	s.shelf.Renew()
	return c, nil
}

// mayWiden keeps what members agreed to share when they joined: while a class has
// members, no exam is added to it.
func (s *Service) mayWiden(ctx context.Context, before, after *Class) error {
	for _, code := range after.Exams {
		if slices.Contains(before.Exams, code) {
			continue
		}
		members, err := s.register.Members(ctx, before.ID)
		if err != nil {
			return err
		}
		if len(members) > 0 {
			return fault.Conflict("Members joined to share how they stand with %s, not %s. Nothing was changed; make another class for it.", inWords(before.Exams), code)
		}
		return nil
	}
	return nil
}

func inWords(codes []exam.Code) string {
	text := ""
	for i, code := range codes {
		switch {
		case i == 0:
		case i == len(codes)-1:
			text += " and "
		default:
			text += ", "
		}
		text += string(code)
	}
	return text
}

// AddInstructor lets somebody teach a class besides its owner, by their address.
func (s *Service) AddInstructor(ctx context.Context, p *account.Person, id ID, email string) (_ *Class, err error) {
	defer fault.Op(&err, "classroom.AddInstructor(%s)", id)
	email, err = account.NormalizeEmail(email)
	if err != nil {
		return nil, err
	}
	other, err := s.people.PersonByEmail(ctx, email)
	if fault.KindOf(err) == fault.KindNotFound || err == nil && !other.Role.Includes(account.Instructor) {
		return nil, fault.Invalid("Nobody with the address %s is an instructor here. An admin can make them one.", email)
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.member(ctx, id, other.ID); err == nil {
		return nil, fault.Invalid("%s is a member of this class. Remove them from its members first.", other.Name)
	}
	return s.Change(ctx, p, id, "add_class_instructor", func(c *Class) error {
		if c.TaughtBy(other) {
			return fault.Invalid("%s teaches this class already.", other.Name)
		}
		c.Instructors = append(c.Instructors, other.ID)
		return nil
	})
}

// DropInstructor lets somebody no longer teach a class: its owner anybody but
// themselves, and everybody themselves.
func (s *Service) DropInstructor(ctx context.Context, p *account.Person, id ID, who account.PersonID) (err error) {
	defer fault.Op(&err, "classroom.DropInstructor(%s)", id)
	c, err := s.Taught(ctx, p, id)
	switch {
	case err != nil:
		return err
	case p.ID != c.Owner && p.ID != who:
		return fault.Forbidden("Only the class's owner can change who teaches it, and end it.")
	case !slices.Contains(c.Instructors, who):
		return fault.NotFound("This person doesn't teach the class besides its owner.")
	}
	c.Instructors = slices.DeleteFunc(c.Instructors, func(one account.PersonID) bool { return one == who })
	return s.register.KeepClass(ctx, c, p.ID, "drop_class_instructor")
}

// Names tells what the instructors of a class are called, its owner first.
func (s *Service) Names(ctx context.Context, c *Class) (_ []string, err error) {
	defer fault.Op(&err, "classroom.Names(%s)", c.ID)
	ids := append([]account.PersonID{c.Owner}, c.Instructors...)
	names, err := s.people.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]string, 0, len(ids))
	for _, id := range ids {
		if name, ok := names[id]; ok {
			list = append(list, name)
		}
	}
	return list, nil
}

// Invitation returns the class that a code leads to, for whoever has the code.
func (s *Service) Invitation(ctx context.Context, code string) (_ *Class, err error) {
	defer fault.Op(&err, "classroom.Invitation")
	c, err := s.register.ClassByCode(ctx, ParseCode(code))
	switch {
	case fault.KindOf(err) == fault.KindNotFound, err == nil && !c.Archived.IsZero():
		return nil, fault.NotFound("No class has this code. It may have been changed since; ask your instructor for the present one.")
	case err != nil:
		return nil, err
	case !c.Open:
		return nil, fault.Forbidden("This class takes nobody in at the moment. Ask your instructor to open it.")
	}
	return c, nil
}

// Join puts somebody into the class that a code leads to. Their answers from now on
// are shared, or with all set also those given before. Joining again changes nothing.
func (s *Service) Join(ctx context.Context, p *account.Person, code string, all bool) (_ *Class, err error) {
	defer fault.Op(&err, "classroom.Join")
	if !p.SignedIn() {
		return nil, fault.Unauthorized("Joining a class needs an account. Sign in or sign up, and you come back here.")
	}
	c, err := s.Invitation(ctx, code)
	if err != nil {
		return nil, err
	}
	if c.TaughtBy(p) {
		return nil, fault.Conflict("You teach this class. Whoever teaches it can't be in it.")
	}
	members, err := s.register.Members(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.ContainsFunc(members, func(m Member) bool { return m.Person == p.ID }):
		return c, nil
	case len(members) >= MaxMembers:
		return nil, fault.Conflict("The class is full: it has %d members.", MaxMembers)
	}
	m := Member{Person: p.ID, Joined: s.now(), Shares: s.now()}
	if all {
		m.Shares = time.Time{}
	}
	if err := s.register.KeepMember(ctx, c.ID, m, p.ID, "join_class"); err != nil {
		return nil, err
	}
	s.shelf.Renew()
	return c, nil
}

// Leave takes a person out of a class: nothing of theirs is seen there any more.
func (s *Service) Leave(ctx context.Context, p *account.Person, id ID) (err error) {
	defer fault.Op(&err, "classroom.Leave(%s)", id)
	return s.takeOut(ctx, id, p.ID, p.ID, "leave_class")
}

// Remove takes a member out of a class, as if they had left.
func (s *Service) Remove(ctx context.Context, p *account.Person, id ID, who account.PersonID) (err error) {
	defer fault.Op(&err, "classroom.Remove(%s)", id)
	if _, err := s.Taught(ctx, p, id); err != nil {
		return err
	}
	return s.takeOut(ctx, id, who, p.ID, "remove_from_class")
}

func (s *Service) takeOut(ctx context.Context, id ID, who, actor account.PersonID, action string) error {
	m, err := s.member(ctx, id, who)
	if err != nil {
		return err
	}
	m.Left = s.now()
	if err := s.register.KeepMember(ctx, id, *m, actor, action); err != nil {
		return err
	}
	s.shelf.Renew()
	return nil
}

// Roster lists who is in a class, for those who teach it.
func (s *Service) Roster(ctx context.Context, p *account.Person, id ID) (_ []Member, err error) {
	defer fault.Op(&err, "classroom.Roster(%s)", id)
	if _, err := s.Taught(ctx, p, id); err != nil {
		return nil, err
	}
	return s.register.Members(ctx, id)
}
