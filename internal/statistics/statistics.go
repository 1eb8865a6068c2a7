// Package statistics says what learners' answers tell about questions: how hard
// each was, whom it told apart, which options drew whom, and what its author
// should look at.
//
// It rests on the first meeting of each person with a question, where they
// answered it and the test has ended; unscored places take part. Left out are
// repeats, questions left blank (which may never have been read), answers to a
// text that asked something else, and those of people who write in the
// question's bank, who know the key.
//
// People are compared by ability rather than by shares of right answers, since
// adaptive tests and practices ask everybody something else; see
// itemstats.Ruler. The ability is a single one, what somebody's answers have in
// common; what a person knows of one skill beyond that widens every curve. It is
// what all other answers of the person show, a rest score that allows for
// difficulty. In a diagnostic, where each question is chosen by the answers
// before, the ones chosen later would tell how this one went: there it is what the
// answers before show, with those of the person's other tests.
package statistics

import (
	"context"
	"math"
	"time"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/itemstats"
	"sextant/internal/library"
	"sextant/internal/measure"
)

// Answer is one answer of anybody, in the outcome it counts as.
type Answer struct {
	Person   account.PersonID
	Question exam.QuestionID
	Revision string
	Answer   exam.Answer
	Outcome  exam.Outcome
	At       time.Time
	Took     time.Duration
	Sitting  string
	Chosen   bool        // the sitting chose each question by the answers before
	Open     bool        // of a test that hasn't ended
	Targets  []exam.Code // what the test was for; only from AnswersTo
}

// Store is where answers are read.
type Store interface {
	// AnswersMark changes whenever any test ends or any answer is corrected.
	AnswersMark(ctx context.Context) (string, error)
	// EachAnswer visits every answer, those of one person together.
	EachAnswer(ctx context.Context, visit func(*Answer) error) error
	// AnswersTo lists the answers to one question.
	AnswersTo(ctx context.Context, id exam.QuestionID) ([]Answer, error)
	// KeptQuestion returns what a question said under a revision, or
	// fault.KindNotFound.
	KeptQuestion(ctx context.Context, id exam.QuestionID, revision string) (*exam.Question, error)
}

// Line is one question with what its answers say.
type Line struct {
	Question *exam.Question
	itemstats.Study
	Blank    int // left blank at the first meeting
	Reworded int // first answers to a text that asked something else
}

// curves are the answer curves of questions, each once.
type curves struct {
	list   []itemstats.Curve
	at     map[curveKey]int
	shapes map[[3]float64]*measure.Shape
	known  library.ParameterVersion
	spread measure.Components
}

type curveKey struct{ slope, sdLogA, sdB, b, guess float64 }

func newCurves(known library.ParameterVersion) *curves {
	c := &curves{at: map[curveKey]int{}, shapes: map[[3]float64]*measure.Shape{}, known: known, spread: known.Components}
	if c.spread == (measure.Components{}) {
		c.spread = measure.DefaultComponents
	}
	return c
}

// ability is the spread of what somebody's answers have in common: most people
// prepare for the exams of one platform.
func (c *curves) ability() float64 { return math.Hypot(c.spread.General, c.spread.Platform) }

// unlabelledSDB is what isn't known of a difficulty, in logits, where no author
// gave one: the spread of the labels themselves.
const unlabelledSDB = 1.3

// of returns the place of a question's curve in the list. What a person knows of
// a skill beyond their common ability is taken as one more thing that isn't
// known of where the question lies.
func (c *curves) of(q *exam.Question) (int, error) {
	key := curveKey{slope: 1, sdLogA: measure.ColdSDLogA, sdB: measure.ColdSDB, guess: q.GuessChance()}
	if b, ok := measure.DifficultyB(q.Difficulty); ok {
		key.b = b
	} else {
		key.sdB = unlabelledSDB
	}
	if p, ok := c.known.Items[q.ID]; ok && p.Revision == q.Revision {
		key.slope, key.sdLogA, key.b, key.sdB = p.A, p.SDLogA, p.B, p.SDB
	}
	key.sdLogA, key.sdB = rounded(key.sdLogA), rounded(math.Hypot(key.sdB, math.Hypot(c.spread.Skill, c.spread.Cell)))
	if at, ok := c.at[key]; ok {
		return at, nil
	}
	form := [3]float64{key.slope, key.sdLogA, key.sdB}
	shape, ok := c.shapes[form]
	if !ok {
		var err error
		if shape, err = measure.NewShape(form[0], form[1], form[2]); err != nil {
			return 0, err
		}
		c.shapes[form] = shape
	}
	c.at[key] = len(c.list)
	c.list = append(c.list, measure.Curve{Shape: shape, B: key.b, C: min(key.guess, mostGuess)})
	return c.at[key], nil
}

// mostGuess keeps a curve below 1 for a question that anything answers.
const mostGuess = 0.99

// rounded lets questions share the tables behind their curves.
func rounded(sd float64) float64 { return math.Ceil(sd*50-1e-6) / 50 }

// sameAsked reports whether two texts of a question ask the same with the same
// choices, so that answers to one tell about the other. Keys and reasons, which
// nobody saw, may differ.
func sameAsked(a, b *exam.Question) bool {
	return a.Type == b.Type && a.Stem == b.Stem && a.Ask == b.Ask && a.Choose == b.Choose && stimulusText(a) == stimulusText(b) && sameParts(a, b)
}

func stimulusText(q *exam.Question) string {
	if q.Stimulus == nil {
		return ""
	}
	return q.Stimulus.Text
}

func sameParts(a, b *exam.Question) bool {
	if len(a.Options) != len(b.Options) || len(a.Prompts) != len(b.Prompts) || len(a.Statements) != len(b.Statements) {
		return false
	}
	for i := range a.Options {
		if a.Options[i].ID != b.Options[i].ID || a.Options[i].Text != b.Options[i].Text {
			return false
		}
	}
	for i := range a.Prompts {
		if a.Prompts[i].Text != b.Prompts[i].Text {
			return false
		}
	}
	for i := range a.Statements {
		if a.Statements[i].Text != b.Statements[i].Text {
			return false
		}
	}
	return true
}

// errNotYours answers whoever may not see a bank's statistics as if there were
// no such bank.
var errNotYours = fault.NotFound("There is no such bank, or it isn't yours to look after.")

// mayRead tells whether somebody may see the statistics of a bank, with its keys:
// those who write in it, and admins for the embedded one.
func (s *Service) mayRead(ctx context.Context, a authoring.Actor, id exam.BankID) error {
	if id != exam.BuiltIn {
		_, err := s.authoring.Bank(ctx, a, id)
		return err
	}
	if !a.Role.Includes(account.Admin) {
		return errNotYours
	}
	return nil
}
