package classroom_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/classroom"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var ctx = context.Background()

const (
	ours   exam.Code = "MLA-C02"
	theirs exam.Code = "AI-103"
)

// school is a class with those who teach it and a learner who isn't in it yet.
type school struct {
	*testkit.App
	owner, other, admin, learner *account.Person
	class                        *classroom.Class
}

func newSchool(t *testing.T) *school {
	t.Helper()
	app := testkit.NewApp(t, testkit.Synthetic(t, 4))
	s := &school{
		App: app, owner: app.Person(t, account.Instructor, "owner@example.org"), other: app.Person(t, account.Instructor, "other@example.org"),
		admin: app.Person(t, account.Admin, "admin@example.org"), learner: app.Person(t, account.Learner, "learner@example.org"),
	}
	class, err := app.Classes.Create(ctx, s.owner, classroom.Class{Title: " Machine  learning ", Zone: "Europe/Berlin", Exams: []exam.Code{ours}})
	if err != nil {
		t.Fatal(err)
	}
	s.class = class
	return s
}

func (s *school) join(t *testing.T, p *account.Person, all bool) {
	t.Helper()
	if _, err := s.Classes.Join(ctx, p, s.class.Code, all); err != nil {
		t.Fatal(err)
	}
}

// take lets somebody take a whole diagnostic, and moves on by an hour. It returns
// the number of answers: a diagnostic ends early where more would tell nothing.
func (s *school) take(t *testing.T, p *account.Person, code exam.Code, right bool) int {
	t.Helper()
	done := s.Take(t, s.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{code}}), testkit.Always(right))
	s.Clock.Advance(time.Hour)
	return done.Seq
}

func (s *school) standing(t *testing.T) *classroom.Standing {
	t.Helper()
	standing, err := s.Classes.Standing(ctx, s.owner, s.class.ID, ours, classroom.ByNeed)
	if err != nil {
		t.Fatal(err)
	}
	return standing
}

// assign assigns a diagnostic that is open for a week from now.
func (s *school) assign(t *testing.T, change func(*classroom.Assignment), oneForm bool) *classroom.Assignment {
	t.Helper()
	now := s.Clock.Now()
	a := classroom.Assignment{
		Class: s.class.ID, Title: "First bearing", Kind: sitting.Diagnostic, Task: classroom.Task{Exam: ours, Length: 12},
		Opens: now, Due: now.Add(7 * 24 * time.Hour), Closes: now.Add(14 * 24 * time.Hour),
	}
	if change != nil {
		change(&a)
	}
	made, err := s.Classes.Assign(ctx, s.owner, a, oneForm)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func kind(err error) fault.Kind {
	if err == nil {
		return ""
	}
	return fault.KindOf(err)
}

func TestAClassIsJoinedByItsCode(t *testing.T) {
	s := newSchool(t)
	if s.class.Title != "Machine learning" {
		t.Errorf("the title is kept as %q", s.class.Title)
	}
	change := func(action string, f func(*classroom.Class)) {
		t.Helper()
		c, err := s.Classes.Change(ctx, s.owner, s.class.ID, action, func(c *classroom.Class) error { f(c); return nil })
		if err != nil {
			t.Fatal(err)
		}
		s.class = c
	}
	joined := func(p *account.Person, code string) fault.Kind {
		_, err := s.Classes.Join(ctx, p, code, false)
		return kind(err)
	}
	first := s.class.Code
	if got := joined(nil, first); got != fault.KindUnauthorized {
		t.Errorf("nobody in particular: %q", got)
	}
	if got := joined(s.Person(t, account.Guest, ""), first); got != fault.KindUnauthorized {
		t.Errorf("a guest: %q", got)
	}
	if got := joined(s.owner, first); got != fault.KindConflict {
		t.Errorf("who teaches it: %q", got)
	}
	if got := joined(s.learner, strings.ToLower(" "+classroom.ShowCode(first)+" ")); got != "" {
		t.Errorf("the code as people write it: %q", got)
	}
	s.Clock.Advance(time.Hour)
	if got := joined(s.learner, first); got != "" {
		t.Errorf("joining twice: %q", got)
	}
	members, err := s.Classes.Roster(ctx, s.owner, s.class.ID)
	if err != nil || len(members) != 1 || !members[0].Joined.Equal(testkit.Today) || members[0].Email != "learner@example.org" {
		t.Errorf("the roster is %+v, error %v", members, err)
	}

	late := s.Person(t, account.Learner, "late@example.org")
	change("close", func(c *classroom.Class) { c.Open = false })
	if got := joined(late, first); got != fault.KindForbidden {
		t.Errorf("while nobody can join: %q", got)
	}
	change("renew", func(c *classroom.Class) { c.Open, c.Code = true, classroom.NewCode() })
	if got := joined(late, first); got != fault.KindNotFound {
		t.Errorf("by a former code: %q", got)
	}
	change("end", func(c *classroom.Class) { c.Archived = s.Clock.Now() })
	if got := joined(late, s.class.Code); got != fault.KindNotFound {
		t.Errorf("after its end: %q", got)
	}
}

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		code := classroom.NewCode()
		if len(code) != 8 || strings.ContainsAny(code, "01ILO") || classroom.ParseCode(strings.ToLower(classroom.ShowCode(code))) != code || seen[code] {
			t.Fatalf("the code %q", code)
		}
		seen[code] = true
	}
}

// Whoever doesn't teach a class gets nothing of it and changes nothing, an admin
// too; co-instructors do what its owner does, but for its instructors and its end.
func TestOnlyThoseWhoTeachAClassReachIt(t *testing.T) {
	s := newSchool(t)
	s.join(t, s.learner, false)
	a := s.assign(t, nil, false)
	co := s.Person(t, account.Instructor, "co@example.org")
	if _, err := s.Classes.AddInstructor(ctx, s.owner, s.class.ID, "co@example.org"); err != nil {
		t.Fatal(err)
	}
	former := s.Person(t, account.Learner, "former@example.org") // taught before, and lost the role
	if _, err := s.Classes.Change(ctx, s.owner, s.class.ID, "test", func(c *classroom.Class) error {
		c.Instructors = append(c.Instructors, former.ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	id := s.class.ID
	kept := func(*classroom.Class) error { return nil }
	uses := map[string]func(p *account.Person) error{
		"Taught": func(p *account.Person) error { _, err := s.Classes.Taught(ctx, p, id); return err },
		"Roster": func(p *account.Person) error { _, err := s.Classes.Roster(ctx, p, id); return err },
		"Standing": func(p *account.Person) error {
			_, err := s.Classes.Standing(ctx, p, id, ours, classroom.ByName)
			return err
		},
		"Assignments": func(p *account.Person) error { _, err := s.Classes.Assignments(ctx, p, id); return err },
		"Results":     func(p *account.Person) error { _, _, _, err := s.Classes.Results(ctx, p, id, a.ID); return err },
		"Change":      func(p *account.Person) error { _, err := s.Classes.Change(ctx, p, id, "test", kept); return err },
		"Reschedule": func(p *account.Person) error {
			return s.Classes.Reschedule(ctx, p, id, a.ID, a.Opens, a.Due, a.Closes)
		},
		"Assign": func(p *account.Person) error {
			_, err := s.Classes.Assign(ctx, p, *a, false)
			return err
		},
	}
	for name, use := range uses {
		for who, p := range map[string]*account.Person{"a member": s.learner, "another instructor": s.other, "an admin": s.admin, "a former instructor": former} {
			if got := kind(use(p)); got != fault.KindNotFound {
				t.Errorf("%s as %s: %q, want not found", name, who, got)
			}
		}
		for who, p := range map[string]*account.Person{"the owner": s.owner, "a co-instructor": co} {
			if err := use(p); err != nil {
				t.Errorf("%s as %s: %v", name, who, err)
			}
		}
	}
	end := func(c *classroom.Class) error { c.Archived = s.Clock.Now(); return nil }
	if _, err := s.Classes.Change(ctx, co, id, "end", end); kind(err) != fault.KindForbidden {
		t.Errorf("a co-instructor ends it: %v", err)
	}
	if _, err := s.Classes.AddInstructor(ctx, co, id, "other@example.org"); kind(err) != fault.KindForbidden {
		t.Errorf("a co-instructor adds another: %v", err)
	}
	if _, err := s.Classes.AddInstructor(ctx, s.owner, id, "learner@example.org"); kind(err) != fault.KindInvalid {
		t.Errorf("a learner teaches: %v", err)
	}
	if err := s.Classes.DropInstructor(ctx, co, id, co.ID); err != nil {
		t.Errorf("a co-instructor stops: %v", err)
	}
	if err := uses["Roster"](co); kind(err) != fault.KindNotFound {
		t.Errorf("after that: %v", err)
	}
	for name, use := range map[string]func(p *account.Person) error{
		"Attended":  func(p *account.Person) error { _, _, err := s.Classes.Attended(ctx, p, id); return err },
		"Shared":    func(p *account.Person) error { _, err := s.Classes.Shared(ctx, p, id, ours); return err },
		"Begin":     func(p *account.Person) error { _, err := s.Classes.Begin(ctx, p, id, a.ID); return err },
		"Leave":     func(p *account.Person) error { return s.Classes.Leave(ctx, p, id) },
		"OwnResult": func(p *account.Person) error { _, _, _, err := s.Classes.OwnResult(ctx, p, id, a.ID); return err },
	} {
		for who, p := range map[string]*account.Person{"the owner": s.owner, "an admin": s.admin, "another": s.other} {
			if got := kind(use(p)); got != fault.KindNotFound {
				t.Errorf("%s as %s, who isn't in it: %q, want not found", name, who, got)
			}
		}
	}
}

func TestWhatMembersShare(t *testing.T) {
	s := newSchool(t)
	all := s.Person(t, account.Learner, "all@example.org")
	before := s.take(t, s.learner, ours, false)
	allOf := s.take(t, all, ours, false)
	s.join(t, s.learner, false)
	s.join(t, all, true)

	answers := func() map[string]int {
		counts := map[string]int{}
		for _, r := range s.standing(t).Rows {
			counts[r.Email] = r.Answers
		}
		return counts
	}
	if diff := cmp.Diff(map[string]int{"learner@example.org": 0, "all@example.org": allOf}, answers()); diff != "" {
		t.Errorf("just joined (-want +got):\n%s", diff)
	}

	// An open test tells nothing, neither here nor to the learner.
	open := s.Start(t, s.learner, sitting.Plan{Length: 12, Targets: []exam.Code{ours}})
	open = s.Answer(t, s.Answer(t, open, true), true)
	if got := answers()["learner@example.org"]; got != 0 {
		t.Errorf("answers of an open test count: %d", got)
	}
	since := s.Take(t, open, testkit.Always(true)).Seq
	if got := answers()["learner@example.org"]; got != since {
		t.Errorf("answers since joining: %d, want %d", got, since)
	}

	// Another exam's questions tell nothing, even where they bear on skills of ours.
	s.Clock.Advance(time.Hour)
	s.take(t, s.learner, theirs, false)
	served := 0
	past, err := s.Store.History(ctx, s.learner.ID)
	if err != nil {
		t.Fatal(err)
	}
	cat := testkit.Catalogue(t)
	for _, p := range past[before+since:] {
		if q, _ := s.Bank.Question(p.Question); q != nil {
			if _, ok := cat.Serves(q)[ours]; ok {
				served++
			}
		}
	}
	if served == len(past[before+since:]) {
		t.Fatal("every question of the other exam serves ours too: this test shows nothing")
	}
	if got := answers()["learner@example.org"]; got != since+served {
		t.Errorf("after a test on another exam: %d answers, want %d", got, since+served)
	}

	// What the learner is shown is what the instructor sees, to the last figure.
	own, err := s.Classes.Shared(ctx, s.learner, s.class.ID, ours)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(s.standing(t).Rows, func(r classroom.Row) bool { return r.Person == s.learner.ID })
	if diff := cmp.Diff(s.standing(t).Rows[at], own.Rows[0]); diff != "" || len(own.Rows) != 1 {
		t.Errorf("what instructors see and what the learner is shown differ (-seen +shown):\n%s", diff)
	}
	if _, err := s.Classes.Shared(ctx, s.learner, s.class.ID, theirs); kind(err) != fault.KindNotFound {
		t.Errorf("an exam that isn't the class's: %v", err)
	}
	if _, err := s.Classes.Standing(ctx, s.owner, s.class.ID, theirs, classroom.ByName); kind(err) != fault.KindNotFound {
		t.Errorf("an exam that isn't the class's, for its owner: %v", err)
	}

	// Who left is gone at once, with what was seen; coming back begins anew.
	if err := s.Classes.Leave(ctx, s.learner, s.class.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"all@example.org": allOf}, answers()); diff != "" {
		t.Errorf("after leaving (-want +got):\n%s", diff)
	}
	s.join(t, s.learner, false)
	if got := answers()["learner@example.org"]; got != 0 {
		t.Errorf("after coming back: %d answers", got)
	}
	if err := s.Classes.Remove(ctx, s.owner, s.class.ID, all.ID); err != nil {
		t.Fatal(err)
	}
	if _, gone := answers()["all@example.org"]; gone {
		t.Error("who was removed is still seen")
	}
}

// Members agreed to share how they stand with the exams that the class had then.
func TestNoExamIsAddedOnceSomebodyIsInTheClass(t *testing.T) {
	s := newSchool(t)
	set := func(codes ...exam.Code) error {
		_, err := s.Classes.Change(ctx, s.owner, s.class.ID, "test", func(c *classroom.Class) error { c.Exams = codes; return nil })
		return err
	}
	if err := set(ours, theirs); err != nil {
		t.Errorf("before anybody is in it: %v", err)
	}
	if err := set(ours); err != nil {
		t.Fatal(err)
	}
	s.join(t, s.learner, false)
	if err := set(ours, theirs); kind(err) != fault.KindConflict {
		t.Errorf("with a member: %v", err)
	}
	if err := set(); kind(err) != fault.KindInvalid {
		t.Errorf("no exam: %v", err)
	}
}

func TestAnAssignmentHasAWindow(t *testing.T) {
	s := newSchool(t)
	s.join(t, s.learner, false)
	slow := s.Person(t, account.Learner, "slow@example.org")
	s.join(t, slow, false)
	now := s.Clock.Now()
	a := s.assign(t, func(a *classroom.Assignment) {
		a.Opens, a.Due, a.Closes = now.Add(time.Hour), now.Add(2*time.Hour), now.Add(3*time.Hour)
	}, false)
	begin := func(p *account.Person) (*sitting.Sitting, error) { return s.Classes.Begin(ctx, p, s.class.ID, a.ID) }

	if _, err := begin(s.learner); kind(err) != fault.KindConflict || !strings.Contains(err.Error(), "CET") {
		t.Errorf("before it opens: %v", err)
	}
	s.Clock.Set(now.Add(time.Hour))
	first, err := begin(s.learner)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := begin(s.learner); err != nil || again.ID != first.ID {
		t.Errorf("beginning twice gives %v, error %v; want the same test", again, err)
	}
	s.Clock.Set(now.Add(2*time.Hour - 30*time.Minute))
	s.Take(t, first, testkit.Always(true))
	s.Clock.Set(now.Add(2*time.Hour + time.Minute))
	second, err := begin(slow)
	if err != nil {
		t.Fatalf("past due, and not closed: %v", err)
	}
	s.Clock.Set(now.Add(3 * time.Hour))
	third := s.Person(t, account.Learner, "third@example.org")
	s.join(t, third, false)
	if _, err := begin(third); kind(err) != fault.KindConflict {
		t.Errorf("after it closed: %v", err)
	}
	s.Take(t, second, testkit.Always(false)) // what was begun goes on to its end

	_, _, results, err := s.Classes.Results(ctx, s.owner, s.class.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range results {
		text := fmt.Sprintf("%s late %t", r.State, r.Late)
		if r.Score != nil {
			text += fmt.Sprintf(" low<est<high %t", r.Score.Low < r.Score.Estimate && r.Score.Estimate < r.Score.High)
		}
		got[r.Email] = text
	}
	want := map[string]string{
		"learner@example.org": "submitted late false low<est<high true", "slow@example.org": "submitted late true low<est<high true", "third@example.org": " late true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the results (-want +got):\n%s", diff)
	}
	_, _, own, err := s.Classes.OwnResult(ctx, s.learner, s.class.ID, a.ID)
	at := slices.IndexFunc(results, func(r classroom.Result) bool { return r.Person == s.learner.ID })
	if err != nil || !cmp.Equal(*own, results[at]) {
		t.Errorf("the learner is shown %+v, error %v; instructors see %+v", own, err, results[at])
	}
}

func TestAssignmentsThatCannotBe(t *testing.T) {
	s := newSchool(t)
	now := s.Clock.Now()
	for name, change := range map[string]func(*classroom.Assignment){
		"no title":               func(a *classroom.Assignment) { a.Title = " " },
		"due before it opens":    func(a *classroom.Assignment) { a.Due = a.Opens.Add(-time.Hour) },
		"closes before it's due": func(a *classroom.Assignment) { a.Closes = a.Due.Add(-time.Hour) },
		"due already":            func(a *classroom.Assignment) { a.Opens, a.Due = now.Add(-2*time.Hour), now.Add(-time.Hour) },
		"a slip in the year":     func(a *classroom.Assignment) { a.Due = a.Due.AddDate(100, 0, 0); a.Closes = time.Time{} },
		"another exam":           func(a *classroom.Assignment) { a.Task.Exam = theirs },
		"a length of its own":    func(a *classroom.Assignment) { a.Task.Length = 13 },
		"no kind":                func(a *classroom.Assignment) { a.Kind = "" },
		"no questions":           func(a *classroom.Assignment) { a.Kind, a.Task.Length = sitting.Practice, 10 },
		"somebody else's bank": func(a *classroom.Assignment) {
			a.Kind, a.Task.Length = sitting.Practice, 10
			a.Task.Practice = &sitting.Selection{Banks: []exam.BankID{"not-given"}, Source: sitting.FromUnseen}
		},
	} {
		a := classroom.Assignment{
			Class: s.class.ID, Title: "A test", Kind: sitting.Diagnostic, Task: classroom.Task{Exam: ours, Length: 12},
			Opens: now, Due: now.Add(time.Hour), Closes: now.Add(2 * time.Hour),
		}
		change(&a)
		if _, err := s.Classes.Assign(ctx, s.owner, a, false); kind(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever presses twice, or in two tabs, has one test.
func TestAnAssignmentIsBegunOnce(t *testing.T) {
	s := newSchool(t)
	s.join(t, s.learner, false)
	a := s.assign(t, nil, false)
	ids := make([]sitting.ID, 8)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			test, err := s.Classes.Begin(ctx, s.learner, s.class.ID, a.ID)
			if err != nil {
				t.Errorf("beginning: %v", err)
				return
			}
			ids[i] = test.ID
		})
	}
	wait.Wait()
	slices.Sort(ids)
	if begun := slices.Compact(ids); len(begun) != 1 {
		t.Errorf("%d tests were begun: %v", len(begun), begun)
	}
	if list, err := s.Store.Sittings(ctx, s.learner.ID); err != nil || len(list) != 1 {
		t.Errorf("the learner has %d tests, error %v", len(list), err)
	}
}

func TestOneFormForAll(t *testing.T) {
	s := newSchool(t)
	second := s.Person(t, account.Learner, "second@example.org")
	s.take(t, second, ours, true) // has seen questions, which changes nothing
	s.join(t, s.learner, false)
	s.join(t, second, false)
	mock := func(a *classroom.Assignment) { a.Kind, a.Task.Length = sitting.Mock, 0 }
	a := s.assign(t, mock, true)
	places := map[string]any{}
	tests := map[string]*sitting.Sitting{}
	for _, p := range []*account.Person{s.learner, second} {
		test, err := s.Classes.Begin(ctx, p, s.class.ID, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		places[p.Email], tests[p.Email] = test.Form.Places, test
	}
	if diff := cmp.Diff(places["learner@example.org"], places["second@example.org"]); diff != "" {
		t.Errorf("the forms differ:\n%s", diff)
	}
	if tests["learner@example.org"].Seed == tests["second@example.org"].Seed {
		t.Error("the options are in the same order for both")
	}

	// While one exam is under way another isn't begun, nor taken for it.
	for _, oneForm := range []bool{true, false} {
		next := s.assign(t, mock, oneForm)
		if _, err := s.Classes.Begin(ctx, s.learner, s.class.ID, next.ID); kind(err) != fault.KindConflict {
			t.Errorf("a second exam (one form: %t): %v", oneForm, err)
		}
	}
}

// An exam in time but for somebody's extra time is in time.
func TestExtraTimeIsNeverLate(t *testing.T) {
	s := newSchool(t)
	s.join(t, s.learner, false)
	s.learner.Settings = account.Settings{ExtraTime: 2}
	a := s.assign(t, func(a *classroom.Assignment) { a.Kind, a.Task.Length = sitting.Mock, 0 }, false)
	test, err := s.Classes.Begin(ctx, s.learner, s.class.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	whole := test.Deadline.Sub(test.Started)
	if test.Form.Multiplier != 2 || test.Extra() != whole/2 {
		t.Fatalf("multiplier %v, extra time %v of %v", test.Form.Multiplier, test.Extra(), whole)
	}
	test.State = sitting.StateSubmitted
	for _, c := range []struct {
		name            string
		begun, finished time.Duration // after it is due
		late            bool
	}{
		{"before it is due", -whole, -time.Minute, false},
		{"with the extra time", -whole / 2, whole / 2, false},
		{"later than that", -whole / 2, whole/2 + time.Minute, true},
		{"begun late", time.Minute, time.Hour, true},
	} {
		test.Started, test.Finished = a.Due.Add(c.begun), a.Due.Add(c.finished)
		if got := a.Late(test, test.Finished); got != c.late {
			t.Errorf("%s: late is %t", c.name, got)
		}
	}
}

// A bank given to a class is practised by its members and counts in its figures,
// and nowhere else.
func TestABankOfTheClassCountsThereAlone(t *testing.T) {
	s := newSchool(t)
	s.join(t, s.learner, false)
	var questions []*exam.Question
	for i := range 10 {
		q := testkit.Question(exam.QuestionID(fmt.Sprintf("class-question-%d", i)), exam.Single, exam.AWS, "mlops-pipelines")
		q.Bank = "for-the-class"
		for code, domains := range testkit.Catalogue(t).Unplaced(q) {
			q.Domains = map[exam.Code]exam.DomainID{code: domains[0]}
		}
		testkit.Revise(q)
		questions = append(questions, q)
	}
	actor := authoring.Actor{ID: s.owner.ID, Role: s.owner.Role}
	if _, err := s.Authoring.CreateBank(ctx, actor, "for-the-class", "For the class", authoring.ForClass); err != nil {
		t.Fatal(err)
	}
	if err := s.Authoring.AddPublished(ctx, actor, "for-the-class", questions); err != nil {
		t.Fatal(err)
	}
	task := func(a *classroom.Assignment) {
		a.Kind = sitting.Practice
		a.Task = classroom.Task{Exam: ours, Length: 10, Practice: &sitting.Selection{Banks: []exam.BankID{"for-the-class"}, Source: sitting.FromUnseen}}
	}
	if _, err := s.Classes.Change(ctx, s.owner, s.class.ID, "give", func(c *classroom.Class) error {
		c.Banks = append(c.Banks, classroom.Given{Bank: "for-the-class", By: s.owner.ID, At: s.Clock.Now()})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(time.Minute)
	a := s.assign(t, task, false)
	test, err := s.Classes.Begin(ctx, s.learner, s.class.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.Take(t, test, testkit.Always(true))

	row := s.standing(t).Rows[0]
	if row.Answers != 10 || row.Report.Answers != 10 {
		t.Errorf("the class's figures rest on %d answers, %d of them in the exam's cells; want 10", row.Answers, row.Report.Answers)
	}
	own, err := s.Sittings.Standing(ctx, s.learner.ID, nil, []exam.Code{ours})
	if err != nil || own.Answers != 0 {
		t.Errorf("the learner's own report rests on %d answers, error %v; want none", own.Answers, err)
	}
	_, _, results, err := s.Classes.Results(ctx, s.owner, s.class.ID, a.ID)
	if err != nil || results[0].Score == nil || results[0].Score.Right != 10 || results[0].Score.Counted != 10 {
		t.Errorf("the result is %+v, error %v", results, err)
	}

	// Outside the class nobody is asked its questions.
	outside := s.Person(t, account.Learner, "outside@example.org")
	if _, err := s.Sittings.StartPractice(ctx, outside.ID, *a.Task.Practice, 10); kind(err) != fault.KindInvalid {
		t.Errorf("somebody outside the class practises with its bank: %v", err)
	}
	if err := s.Classes.Leave(ctx, s.learner, s.class.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sittings.StartPractice(ctx, s.learner.ID, sitting.Selection{Banks: a.Task.Practice.Banks, Source: sitting.FromMissed}, 5); kind(err) != fault.KindInvalid {
		t.Errorf("who left practises with its bank: %v", err)
	}

	// Once it isn't for classes any more it counts nowhere.
	s.join(t, s.learner, true)
	s.Clock.Advance(time.Minute)
	if got := s.standing(t).Rows[0].Report.Answers; got != 10 {
		t.Fatalf("sharing everything: %d answers", got)
	}
	if _, err := s.Authoring.ManageBank(ctx, actor, "for-the-class", "hide", func(b *authoring.Bank) error { b.Visibility = authoring.Private; return nil }); err != nil {
		t.Fatal(err)
	}
	if got := s.standing(t).Rows[0].Report.Answers; got != 0 {
		t.Errorf("a private bank counts: %d answers", got)
	}
}

func TestWhatIsDue(t *testing.T) {
	s := newSchool(t)
	s.join(t, s.learner, false)
	a := s.assign(t, nil, false)
	later := s.assign(t, func(a *classroom.Assignment) { a.Title, a.Due = "Later", a.Due.Add(24*time.Hour) }, false)
	duties, err := s.Classes.Duties(ctx, s.learner)
	if err != nil || len(duties) != 2 || duties[0].ID != a.ID || duties[0].Of.Title != "Machine learning" || duties[0].Phase != classroom.Current {
		t.Fatalf("to do: %+v, error %v", duties, err)
	}
	if err := s.Classes.Withdraw(ctx, s.owner, s.class.ID, later.ID); err != nil {
		t.Fatal(err)
	}
	test, err := s.Classes.Begin(ctx, s.learner, s.class.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if duties, err = s.Classes.Duties(ctx, s.learner); err != nil || len(duties) != 1 || duties[0].Sitting.ID != test.ID || duties[0].Done() {
		t.Errorf("begun: %+v, error %v", duties, err)
	}
	if _, err := s.Classes.Begin(ctx, s.learner, s.class.ID, later.ID); kind(err) != fault.KindNotFound {
		t.Errorf("beginning what was withdrawn: %v", err)
	}
	if duties, err := s.Classes.Duties(ctx, s.other); err != nil || len(duties) != 0 {
		t.Errorf("somebody else has to do %+v, error %v", duties, err)
	}
	if _, err := s.Classes.Change(ctx, s.owner, s.class.ID, "end", func(c *classroom.Class) error { c.Archived = s.Clock.Now(); return nil }); err != nil {
		t.Fatal(err)
	}
	if duties, err := s.Classes.Duties(ctx, s.learner); err != nil || len(duties) != 0 {
		t.Errorf("after the class's end: %+v, error %v", duties, err)
	}
}

// Who has been quiet is named after two weeks, and not before.
func TestWhoMayBeStuck(t *testing.T) {
	s := newSchool(t)
	s.join(t, s.learner, false)
	s.Clock.Set(testkit.Today.Add(14*24*time.Hour - time.Minute))
	if got := s.standing(t).Stuck; len(got) != 0 {
		t.Errorf("too early: %+v", got)
	}
	s.Clock.Set(testkit.Today.Add(14 * 24 * time.Hour))
	if got := s.standing(t).Stuck; len(got) != 1 || got[0].Why != classroom.Quiet || got[0].Days != 14 {
		t.Errorf("after two weeks: %+v", got)
	}
	s.take(t, s.learner, ours, false)
	s.take(t, s.learner, ours, false)
	if got := s.standing(t).Stuck; len(got) != 0 {
		t.Errorf("after an answer: %+v", got)
	}

	// Many answers without a gain: some wrong ones, and four weeks later many more.
	s.Clock.Advance(29 * 24 * time.Hour)
	for range 6 {
		s.take(t, s.learner, ours, false)
	}
	got := s.standing(t).Stuck
	if len(got) != 1 || got[0].Why != classroom.Flat || got[0].Recent < 25 {
		t.Fatalf("without a gain: %+v", got)
	}
	if gain := got[0].After.Estimate - got[0].Before.Estimate; gain >= 2 || math.IsNaN(gain) {
		t.Errorf("a gain of %v points is called none", gain)
	}
	// Whoever gains is not named.
	better := s.Person(t, account.Learner, "better@example.org")
	s.join(t, better, false)
	s.take(t, better, ours, false)
	s.Clock.Advance(29 * 24 * time.Hour)
	for range 3 {
		s.take(t, better, ours, true)
	}
	for _, one := range s.standing(t).Stuck {
		if one.Person == better.ID {
			t.Errorf("somebody who gained is named: %+v", one)
		}
	}
}

// BenchmarkStanding measures 40 learners with 48 answers each on one exam of the
// embedded bank. It must stay under a second.
func BenchmarkStanding(b *testing.B) {
	app := testkit.NewApp(b, testkit.Embedded(b))
	owner := app.Person(b, account.Instructor, "owner@example.org")
	class, err := app.Classes.Create(ctx, owner, classroom.Class{Title: "Large", Exams: []exam.Code{ours}})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 40 {
		p := app.Person(b, account.Learner, fmt.Sprintf("learner%d@example.org", i))
		if _, err := app.Classes.Join(ctx, p, class.Code, false); err != nil {
			b.Fatal(err)
		}
		for range 2 {
			s := app.Start(b, p, sitting.Plan{Length: 24, Targets: []exam.Code{ours}})
			for n := 0; s.State.Open(); n++ {
				s = app.Answer(b, s, (n+i)%3 > 0)
			}
		}
	}
	for b.Loop() {
		standing, err := app.Classes.Standing(ctx, owner, class.ID, ours, classroom.ByNeed)
		if err != nil || len(standing.Rows) != 40 {
			b.Fatal(len(standing.Rows), err)
		}
	}
}
