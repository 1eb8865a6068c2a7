package authoring

import (
	"context"
	"slices"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// GaveUp reports whether the reviewer looked at the key instead of solving: they
// gave no answer, not even that they don't know.
func (r *Review) GaveUp() bool {
	a := r.Answer
	return !a.DontKnow && len(a.Selected)+len(a.Order)+len(a.Matches)+len(a.Verdicts) == 0
}

// Reviewing is what somebody who writes in a bank can do about the review of one
// of its questions.
type Reviewing struct {
	Item *Item
	Bank *Bank
	May  bool    // they may solve the draft blind, and must not see its key before
	Mine *Review // what they did about the present draft; nil for nothing
}

// Reviewing tells how somebody stands to the review of a question.
func (s *Service) Reviewing(ctx context.Context, a Actor, id exam.QuestionID) (_ Reviewing, err error) {
	defer fault.Op(&err, "authoring.Reviewing(%s)", id)
	item, b, err := s.Question(ctx, a, id)
	if err != nil {
		return Reviewing{}, err
	}
	r := Reviewing{Item: item, Bank: b}
	if item.State() != InReview {
		return r, nil
	}
	reviews, err := s.store.Reviews(ctx, id)
	if err != nil {
		return Reviewing{}, err
	}
	r.Mine = reviewOf(reviews, a.ID, item.Draft.Revision)
	r.May = r.Mine == nil && !item.wrote(a)
	return r, nil
}

// wrote reports whether somebody had a hand in the draft. The command line has
// nobody's eyes and reviews nothing.
func (i *Item) wrote(a Actor) bool { return a.ID == "" || a.ID == i.DraftBy || a.ID == i.Author }

func reviewOf(reviews []Review, by account.PersonID, revision string) *Review {
	i := slices.IndexFunc(reviews, func(r Review) bool { return r.Reviewer == by && r.Revision == revision })
	if i < 0 {
		return nil
	}
	return &reviews[i]
}

// GiveUp records that a possible reviewer looks at the key instead of solving the
// question. They can't review this text any more.
func (s *Service) GiveUp(ctx context.Context, a Actor, id exam.QuestionID) (err error) {
	defer fault.Op(&err, "authoring.GiveUp(%s)", id)
	item, _, err := s.Question(ctx, a, id)
	if err != nil {
		return err
	}
	if err := s.mayReview(ctx, a, item); err != nil {
		return err
	}
	return s.store.KeepReview(ctx, Review{Question: id, Revision: item.Draft.Revision, Reviewer: a.ID, At: s.now()})
}

// Waiting lists the questions that wait for somebody's review, those first that
// have waited longest, and how many there are in all: those of banks they write
// in, of which they wrote nothing and whose key they haven't seen as a reviewer.
func (s *Service) Waiting(ctx context.Context, a Actor, limit int) (_ []Item, total int, err error) {
	defer fault.Op(&err, "authoring.Waiting")
	if a.ID == "" || !a.Role.Includes(account.Instructor) {
		return nil, 0, nil
	}
	total, err = s.store.CountWaiting(ctx, a.ID, a.admin())
	if err != nil || total == 0 || limit == 0 {
		return nil, total, err
	}
	items, err := s.store.Waiting(ctx, a.ID, a.admin(), limit)
	return items, total, err
}

// MakeDraft makes the text of an earlier version the draft again, over the draft
// at seq. It returns ErrStale when the draft has moved on.
func (s *Service) MakeDraft(ctx context.Context, a Actor, id exam.QuestionID, version, seq int) (_ *Item, err error) {
	defer fault.Op(&err, "authoring.MakeDraft(%s, %d)", id, version)
	if _, _, err := s.Question(ctx, a, id); err != nil {
		return nil, err
	}
	versions, err := s.store.Versions(ctx, id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(versions, func(v Version) bool { return v.Number == version })
	if i < 0 {
		return nil, fault.NotFound("This question has no version %d.", version)
	}
	q := *versions[i].Question
	q.Review = exam.Review{} // whoever solved it then, the draft is reviewed anew
	return s.SaveDraft(ctx, a, id, seq, &q)
}

// Names tells what people are called, to those who write in banks: the command
// line is "an operator", and somebody without an account "a guest".
func (s *Service) Names(ctx context.Context, people []account.PersonID) (_ map[account.PersonID]string, err error) {
	defer fault.Op(&err, "authoring.Names")
	names, err := s.store.Names(ctx, people)
	if err != nil {
		return nil, err
	}
	for _, id := range people {
		switch {
		case id == "":
			names[id] = "an operator"
		case names[id] == "":
			names[id] = "a guest"
		}
	}
	return names, nil
}
