package classroom

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
	"sextant/internal/sitting"
)

// AssignmentID names an assignment.
type AssignmentID string

// Assignment is a test that a class is to take within a window of time.
type Assignment struct {
	ID        AssignmentID
	Class     ID
	Title     string
	Note      string // what the instructor says about it
	Kind      sitting.Mode
	Task      Task
	Opens     time.Time
	Due       time.Time
	Closes    time.Time // nobody can begin it any more; zero for never
	By        account.PersonID
	Created   time.Time
	Withdrawn time.Time
}

// Task is what an assignment asks for.
type Task struct {
	Exam     exam.Code          `json:"exam"`
	Length   int                `json:"length,omitempty"`   // in questions, of a diagnostic or a practice
	Practice *sitting.Selection `json:"practice,omitempty"` // of a practice
	// Form is the form of a mock exam that everybody takes; nil where each gets one
	// of their own.
	Form *form.Form `json:"form,omitempty"`
}

// Phase is where an assignment is in its window.
type Phase string

// The phases, in their order.
const (
	Upcoming Phase = "upcoming" // not open yet
	Current  Phase = "open"
	Overdue  Phase = "overdue" // past due, and can still be begun
	Closed   Phase = "closed"
)

// Phase is where the assignment is at a moment.
func (a *Assignment) Phase(now time.Time) Phase {
	switch {
	case now.Before(a.Opens):
		return Upcoming
	case !a.Closes.IsZero() && !now.Before(a.Closes):
		return Closed
	case now.After(a.Due):
		return Overdue
	}
	return Current
}

// Window limits, so that a slip in a year doesn't make an assignment that nobody sees.
const (
	maxNote   = 1000 // characters
	maxWindow = 2 * 365 * 24 * time.Hour
)

func (a *Assignment) check(c *Class) error {
	a.Title, a.Note = strings.Join(strings.Fields(a.Title), " "), strings.TrimSpace(a.Note)
	switch {
	case a.Title == "":
		return fault.Invalid("Give the assignment a title.")
	case utf8.RuneCountInString(a.Title) > maxTitle:
		return fault.Invalid("A title can have %d characters at most.", maxTitle)
	case utf8.RuneCountInString(a.Note) > maxNote:
		return fault.Invalid("A note can have %d characters at most.", maxNote)
	case a.Opens.IsZero() || a.Due.IsZero():
		return fault.Invalid("Say when it opens and when it is due, with day and time.")
	case !a.Due.After(a.Opens):
		return fault.Invalid("It is due before it opens. Choose a later due date.")
	case !a.Closes.IsZero() && a.Closes.Before(a.Due):
		return fault.Invalid("It closes before it is due. Choose a later close, or leave it out.")
	case a.Due.Sub(a.Opens) > maxWindow:
		return fault.Invalid("It is due more than two years after it opens. Is the year right?")
	}
	return a.Task.check(a.Kind, c)
}

func (t *Task) check(kind sitting.Mode, c *Class) error {
	if !slices.Contains(c.Exams, t.Exam) {
		return fault.Invalid("Choose one of the class's exams. The class's settings can add another.")
	}
	switch kind {
	case sitting.Diagnostic:
		if !slices.Contains(sitting.Lengths(), t.Length) {
			return fault.Invalid("Choose a length of 12, 24 or 40 questions.")
		}
	case sitting.Practice:
		if !slices.Contains(sitting.PracticeLengths(), t.Length) {
			return fault.Invalid("Choose 5, 10 or 20 questions.")
		}
		return t.checkPractice(c)
	case sitting.Mock:
	default:
		return fault.Invalid("Choose a diagnostic, a practice set or a mock exam.")
	}
	return nil
}

// checkPractice reports what a practice set can't be. One that names no exam draws
// from all questions of the banks it names, also from those without labels.
func (t *Task) checkPractice(c *Class) error {
	sel := t.Practice
	if sel == nil || sel.Exam != t.Exam && (sel.Exam != "" || len(sel.Banks) == 0) {
		return fault.Invalid("Say which questions are to be practised.")
	}
	for _, bank := range sel.Banks {
		if !slices.Contains(c.BankIDs(), bank) {
			return fault.Invalid("The bank isn't given to this class. Give it to the class first, on its page People and banks.")
		}
	}
	return nil
}

// Work is the test that somebody takes for an assignment.
type Work struct {
	Assignment AssignmentID
	Person     account.PersonID
	Sitting    sitting.ID
	Begun      time.Time
}

// Late reports whether a test for the assignment is late at a moment: past due
// without having ended, or ended after it. Extra time is never late: an exam is in
// time if it would have been without it.
func (a *Assignment) Late(s *sitting.Sitting, now time.Time) bool {
	end := now
	if s.State.Ended() {
		end = s.Finished
	}
	if extra := s.Extra(); extra > 0 && !s.Started.After(a.Due) {
		end = end.Add(-extra)
	}
	return end.After(a.Due)
}
