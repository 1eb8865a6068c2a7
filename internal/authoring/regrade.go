package authoring

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
)

// Answered is an answer that was given to a question, as it counts now.
type Answered struct {
	Sitting  string
	Seq      int
	Person   account.PersonID
	Revision string
	Answer   exam.Answer
	Outcome  exam.Outcome
	At       time.Time
	By       int // the version whose key it was last judged by; 0 while that is its own text's
}

// RegradeStore is where answers and their corrections are kept.
type RegradeStore interface {
	// Answered lists every answer to a question, oldest first, with the outcome it
	// counts as now.
	Answered(ctx context.Context, id exam.QuestionID) ([]Answered, error)
	// KeepRegrade keeps a regrade with all its judgements in one transaction. It
	// returns fault.KindConflict when the question's version is another by now, or an
	// answer counts as something else than the regrade was planned on.
	KeepRegrade(ctx context.Context, r Regrade) error
	// Regrades lists the regrades of a question, newest first.
	Regrades(ctx context.Context, id exam.QuestionID) ([]Regrade, error)
}

// Correction is an answer that counts as something else after a regrade.
type Correction struct {
	Sitting  string
	Seq      int
	Person   account.PersonID
	From, To exam.Outcome
}

// Regrade judges the answers to a question again by its present key.
type Regrade struct {
	Question exam.QuestionID
	Version  int // whose key it judges by
	Reason   string
	Actor    account.PersonID
	At       time.Time
	// Changes are the answers that count as something else, and Confirmed those that
	// were judged and count as before: their people are shown this key too.
	Changes, Confirmed []Correction

	Judged  int // answers that were judged again: Changes and Confirmed
	Rekeyed int // of the Confirmed, how many were judged by another key so far
	Other   int // answers to another wording, which can't be judged by this key
}

// Empty reports whether the regrade would change nothing at all, neither what an
// answer counts as nor the key that its person is shown.
func (r *Regrade) Empty() bool { return len(r.Changes)+r.Rekeyed == 0 }

// People counts those whose answers change.
func (r *Regrade) People() int {
	seen := map[account.PersonID]bool{}
	for _, c := range r.Changes {
		seen[c.Person] = true
	}
	return len(seen)
}

// Gained counts the answers that become right, and Lost those that no longer are.
func (r *Regrade) Gained() int { return r.turned(exam.Right) }

// Lost counts the answers that no longer count as right.
func (r *Regrade) Lost() int { return len(r.Changes) - r.turned(exam.Right) }

func (r *Regrade) turned(to exam.Outcome) int {
	n := 0
	for _, c := range r.Changes {
		if c.To == to {
			n++
		}
	}
	return n
}

// PlanRegrade says what judging the answers by the key of the published version
// would change. Nothing is written.
func (s *Service) PlanRegrade(ctx context.Context, a Actor, regrades RegradeStore, id exam.QuestionID) (_ *Regrade, err error) {
	defer fault.Op(&err, "authoring.PlanRegrade(%s)", id)
	item, b, err := s.Question(ctx, a, id)
	if err != nil {
		return nil, err
	}
	switch {
	case !b.MayManage(a):
		return nil, fault.Forbidden("Only the bank's owner or an admin can correct answers after the fact.")
	case item.Published == nil:
		return nil, fault.Conflict("This question was never published, so that nobody has answered it.")
	}
	versions, err := s.store.Versions(ctx, id)
	if err != nil {
		return nil, err
	}
	answers, err := regrades.Answered(ctx, id)
	if err != nil {
		return nil, err
	}
	return plan(item, versions, answers), nil
}

func plan(item *Item, versions []Version, answers []Answered) *Regrade {
	byNumber, byRevision := map[int]*exam.Question{}, map[string]*exam.Question{item.Published.Revision: item.Published}
	for _, v := range versions {
		byNumber[v.Number] = v.Question
		byRevision[v.Question.Revision] = v.Question
	}
	r := &Regrade{Question: item.ID, Version: item.Version}
	for _, given := range answers {
		asked := byRevision[given.Revision]
		if asked == nil || !sameFace(asked, item.Published) {
			r.Other++
			continue
		}
		r.Judged++
		c := Correction{Sitting: given.Sitting, Seq: given.Seq, Person: given.Person, From: given.Outcome, To: judge(item.Published, given)}
		if c.To != c.From {
			r.Changes = append(r.Changes, c)
			continue
		}
		r.Confirmed = append(r.Confirmed, c)
		by := asked
		if judged := byNumber[given.By]; judged != nil {
			by = judged
		}
		if !sameKey(by, item.Published) {
			r.Rekeyed++
		}
	}
	return r
}

// sameKey reports whether two texts of the same face have the same right answer.
func sameKey(a, b *exam.Question) bool { return reflect.DeepEqual(grade.Key(a), grade.Key(b)) }

// judge is what an answer counts as by the question's key. An exam's answer may
// be incomplete, which is wrong there.
func judge(q *exam.Question, given Answered) exam.Outcome {
	outcome, err := grade.Grade(q, given.Answer)
	if err != nil {
		return exam.Wrong
	}
	return outcome
}

// sameFace reports whether two texts offered the same things to choose from, so
// that an answer to one means the same as an answer to the other.
func sameFace(a, b *exam.Question) bool {
	return a.Type == b.Type &&
		slices.EqualFunc(a.Options, b.Options, func(x, y exam.Option) bool { return x.ID == y.ID && x.Text == y.Text }) &&
		slices.EqualFunc(a.Prompts, b.Prompts, func(x, y exam.Prompt) bool { return x.Text == y.Text }) &&
		slices.EqualFunc(a.Statements, b.Statements, func(x, y exam.Statement) bool { return x.Text == y.Text })
}

// ApplyRegrade does what PlanRegrade says for the version, and records why.
// What was answered, and how it was graded at the time, stays on record.
func (s *Service) ApplyRegrade(ctx context.Context, a Actor, regrades RegradeStore, id exam.QuestionID, version int, reason string) (_ *Regrade, err error) {
	defer fault.Op(&err, "authoring.ApplyRegrade(%s)", id)
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return nil, fault.Invalid("Say why the answers are judged again: those concerned are shown it.")
	case utf8.RuneCountInString(reason) > MaxComment:
		return nil, fault.Invalid("A reason can have %d characters at most.", MaxComment)
	}
	r, err := s.PlanRegrade(ctx, a, regrades, id)
	if err != nil {
		return nil, err
	}
	if r.Version != version {
		return nil, fault.Conflict("The question was published anew since you looked. Look again at what would change.")
	}
	if r.Empty() {
		return nil, fault.Conflict("Nothing would change: every answer counts as this key says.")
	}
	r.Reason, r.Actor, r.At = reason, a.ID, s.now()
	return r, regrades.KeepRegrade(ctx, *r)
}
