// Package sitting is the state machine of taking a test: starting one, being
// asked a question, answering it, coming back to it, ending it.
//
// There is one machine for all modes. What happens is appended to the sitting's log
// as events (Event), where it stands is the fold of that log (Progress), and Sitting
// has what lists and searches need of it, kept in the same transaction. A mock exam
// is a form drawn beforehand; a diagnostic or a practice is a form that grows by a
// question whenever the one before is answered for good.
package sitting

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/grade"
	"sextant/internal/study"
)

// ID names a sitting.
type ID string

// State is where a sitting is in its life.
type State string

// The states, in their order. One that has ended never opens again.
const (
	StateCreated    State = "created"     // begun, and nothing done in it yet
	StateInProgress State = "in_progress" // something was done in it
	StateSubmitted  State = "submitted"   // ended by its taker, or since nothing was left to ask
	StateExpired    State = "expired"     // ended by the clock
)

// Ended reports whether it is over.
func (s State) Ended() bool { return s == StateSubmitted || s == StateExpired }

// Open reports whether it goes on.
func (s State) Open() bool { return !s.Ended() }

// Lengths a diagnostic can have, in questions.
func Lengths() []int { return []int{12, 24, 40} }

// Plan is what a sitting was begun for: of a diagnostic, what to find out.
type Plan struct {
	Targets []exam.Code `json:"targets"` // the exams in question; for Fit, every offered exam open on the day
	Fit     bool        `json:"fit"`     // "Which certification fits me?"
	Length  int         `json:"length"`
	// Practice is what a practice asks; nil for every other mode.
	Practice *Selection    `json:"practice,omitempty"`
	Pretest  []exam.BankID `json:"pretest,omitempty"` // banks tried out in this sitting without counting
}

// Sitting is one test taken by one person.
type Sitting struct {
	ID       ID
	Person   account.PersonID
	Plan     Plan
	Seed     uint64 // fixes the order of options and every random choice
	State    State
	Seq      int // answers given for good
	Current  Current
	Started  time.Time
	Updated  time.Time // of the latest event
	Finished time.Time // zero while open
	Why      string    // why it ended, in words
	// Parameters is the version of the questions' parameters in use when it began:
	// it is asked and scored with that one for good.
	Parameters int

	Mode     Mode
	Form     *Form     // of a mock exam; nil for a sitting that grows
	Deadline time.Time // when it ends by itself: of a sitting that grows, if nothing happens until then
	Queue    []Queued  // what a practice asks, in its order; it stays here
}

// Current is the question being asked.
type Current struct {
	Question exam.QuestionID `json:"question"`
	Revision string          `json:"revision"`
	Pretest  bool            `json:"pretest,omitempty"` // comes from a bank that doesn't count
	Shown    time.Time       `json:"-"`                 // when it was put
}

// Given is an answer as it is kept: append-only.
type Given struct {
	Seq      int // 0-based place in the sitting
	Question exam.QuestionID
	Revision string
	Answer   exam.Answer  // in the author's option ids
	Outcome  exam.Outcome // what it counts as
	Pretest  bool
	Shown    time.Time
	At       time.Time
	// Confidence is how sure somebody said they were; only practice asks.
	Confidence study.Confidence
	// InPlaceOf is the question whose review this one stood in for, "" for none.
	InPlaceOf exam.QuestionID
	// Correction is the correction of the key by which it counts; nil while that is
	// the key it was graded by.
	Correction *Correction
}

// Unreached reports whether somebody never came to the question: it was never in
// view, and nothing was said to it. It is wrong in its exam's score, and tells
// nothing of what they know. Of an exam taken in a page without scripts, which has
// all questions in view, it is whatever was left blank.
func (g Given) Unreached() bool {
	return g.Outcome == exam.Wrong && grade.Blank(g.Answer) && !g.Shown.Before(g.At)
}

// Correction is a correction of a question's key after an answer was given.
type Correction struct {
	Graded   exam.Outcome // what the answer was graded as when it was given
	Revision string       // of the text whose key it counts by
	Reason   string
	At       time.Time
}

// JudgedBy is the revision of the question by whose key the answer counts.
func (g Given) JudgedBy() string {
	if g.Correction != nil {
		return g.Correction.Revision
	}
	return g.Revision
}

// Response is the part of a kept answer that measurement uses.
func (g Given) Response() exam.Response {
	return exam.Response{Question: g.Question, Revision: g.Revision, Outcome: g.Outcome, At: g.At, Pretest: g.Pretest}
}

// Order returns the order in which a question's options are shown in this
// sitting: a permutation of the author's ids that depends on the seed and the
// question alone, so that every device shows the same. Options whose author fixed
// their order stand in it; the steps of an ordering never do.
func (s *Sitting) Order(q *exam.Question) []exam.OptionID {
	ids := make([]exam.OptionID, len(q.Options))
	for i, o := range q.Options {
		ids[i] = o.ID
	}
	if q.FixedOrder && q.Type != exam.Ordering {
		return ids
	}
	rng := s.random("options/" + string(q.ID))
	shuffle := func() { rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] }) }
	shuffle()
	for q.Type == exam.Ordering && len(ids) > 2 && isKey(q, ids) {
		shuffle()
	}
	return ids
}

// isKey reports whether ids is an ordering question's right order. Such an
// order isn't shown, so that leaving the steps untouched is never the answer;
// it is drawn anew rather than altered, so that every other order stays equally
// likely and none hints at the key. Two steps have too few orders for that.
func isKey(q *exam.Question, ids []exam.OptionID) bool {
	for i, o := range q.Options {
		if ids[i] != o.ID {
			return false
		}
	}
	return true
}

// random returns a generator for one purpose within this sitting.
func (s *Sitting) random(purpose string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose)) // fnv never fails
	return rand.New(rand.NewPCG(s.Seed, h.Sum64()))
}
