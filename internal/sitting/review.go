package sitting

import (
	"context"
	"slices"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
	"sextant/internal/study"
)

// Entry is a question of a finished sitting as one looks back at it.
type Entry struct {
	Reviewed
	Seq  int // its place in the sitting, from 0
	Mark Mark
}

// Aspect is a kind of question to look back at.
type Aspect string

// The aspects. Every question is right, wrong or unanswered, unless it is
// withheld; the others cut across these.
const (
	AspectAll        Aspect = "all"
	AspectWrong      Aspect = "wrong"      // answered, or said not to be known, and not right
	AspectUnanswered Aspect = "unanswered" // left blank
	AspectUnsure     Aspect = "unsure"     // said to be unsure or a guess
	AspectFlagged    Aspect = "flagged"    // bears the person's flag now
	AspectUnscored   Aspect = "unscored"   // didn't count
	AspectMissed     Aspect = "missed"     // wrong, unanswered or unsure: what to practise
)

// Aspects lists the aspects in display order.
func Aspects() []Aspect {
	return []Aspect{AspectAll, AspectMissed, AspectWrong, AspectUnanswered, AspectUnsure, AspectFlagged, AspectUnscored}
}

// Is reports whether the question is of a kind. Of a withheld one only the
// person's own flag is told: the rest would tell how it went.
func (e *Entry) Is(a Aspect) bool {
	if e.Withheld && a != AspectFlagged {
		return a == AspectAll
	}
	right := e.Given.Outcome == exam.Right
	blank := grade.Blank(e.Given.Answer)
	unsure := e.Given.Confidence == study.Guess || e.Given.Confidence == study.Unsure
	switch a {
	case AspectAll:
		return true
	case AspectWrong:
		return !right && !blank
	case AspectUnanswered:
		return blank
	case AspectUnsure:
		return unsure
	case AspectFlagged:
		return e.Mark.Flagged
	case AspectUnscored:
		return e.Given.Pretest
	case AspectMissed:
		return !right || unsure
	}
	return false
}

// Entries returns the questions of a finished sitting in the order asked, with
// their answers, keys and the person's marks. Errors as Review.
func (s *Service) Entries(ctx context.Context, sit *Sitting) (_ []Entry, err error) {
	defer fault.Op(&err, "sitting.Entries(%s)", sit.ID)
	reviewed, err := s.Review(ctx, sit)
	if err != nil {
		return nil, err
	}
	marks, err := s.practice.Marks(ctx, sit.Person)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(reviewed))
	for i, r := range reviewed {
		entries[i] = Entry{Reviewed: r, Seq: i, Mark: marks[r.Given.Question]}
	}
	return entries, nil
}

// answerTold returns an answer that its person has been told about: of practice
// from the moment it was given, of every other sitting once that has ended.
// Anything earlier is fault.KindForbidden, and another person's sitting
// fault.KindNotFound.
func (s *Service) answerTold(ctx context.Context, person account.PersonID, id ID, seq int) (Given, error) {
	sit, err := s.Open(ctx, person, id)
	if err != nil {
		return Given{}, err
	}
	if sit.Mode != Practice && sit.State.Open() {
		return Given{}, fault.Forbidden("Its questions can be marked and reported once it has ended.")
	}
	given, err := s.store.Answers(ctx, id)
	if err != nil {
		return Given{}, err
	}
	switch {
	case seq >= 0 && seq < len(given):
		return given[seq], nil
	case sit.State.Open():
		return Given{}, fault.Forbidden("This is told once the question is answered.")
	}
	return Given{}, fault.NotFound("There is no such question in it.")
}

// QuickAnswer is the time in view below which a question can hardly have been
// read.
const QuickAnswer = 5 * time.Second

// Pace is how the time of an exam went.
type Pace struct {
	Spent []time.Duration // in view, by place; 0 for what never was
	// Seen is how many questions were in view for a measurable time. 0 means that
	// nothing is known, as of an exam taken without scripts.
	Seen    int
	Average time.Duration // over those seen
	// Allowed is what the exam gives for a question, with the person's extra time;
	// without a clock, what the vendor gives. 0 where the vendor names no time.
	Allowed time.Duration
	Slow    []int // places that took longer than Allowed or, without it, Average; the longest first
	Quick   []int // places answered in less than QuickAnswer
}

// PaceOf tells how the time of a finished exam went; given are its graded answers.
func PaceOf(f *Form, given []Given) Pace {
	p := Pace{Spent: make([]time.Duration, len(given))}
	var total time.Duration
	for i, g := range given {
		p.Spent[i] = max(0, g.At.Sub(g.Shown))
		if p.Spent[i] == 0 {
			continue
		}
		p.Seen++
		total += p.Spent[i]
		if p.Spent[i] < QuickAnswer && !grade.Blank(g.Answer) {
			p.Quick = append(p.Quick, i)
		}
	}
	if p.Seen == 0 {
		return p
	}
	p.Average = total / time.Duration(p.Seen)
	p.Allowed = f.perQuestion()
	limit := p.Allowed
	if limit == 0 {
		limit = p.Average
	}
	for i, spent := range p.Spent {
		if spent > limit {
			p.Slow = append(p.Slow, i)
		}
	}
	slices.SortStableFunc(p.Slow, func(a, b int) int { return int(p.Spent[b] - p.Spent[a]) })
	return p
}

// perQuestion is the time that a form gives for each of its questions; 0 where the
// vendor names none.
func (f *Form) perQuestion() time.Duration {
	if f.Minutes <= 0 || len(f.Places) == 0 {
		return 0
	}
	whole := time.Duration(f.Minutes) * time.Minute
	if f.Multiplier != Untimed {
		whole = f.allowed()
	}
	return whole / time.Duration(len(f.Places))
}
