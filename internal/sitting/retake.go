package sitting

import (
	"context"
	"math/rand/v2"
	"slices"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// StartRetake begins a practice of the questions of a finished sitting that are of
// one kind, in their order: those themselves or, with siblings, another question
// on the same skill and platform for each that has one. A question that can't be
// asked, since it was withdrawn, doesn't count or is being asked in another test,
// gives way to a sibling in any case, and is left out where there is none. As with
// StartPractice, a practice that was open before ends.
//
// It returns fault.KindNotFound for somebody else's sitting, fault.KindForbidden
// for one that hasn't ended, and fault.KindInvalid when nothing is left to ask.
func (s *Service) StartRetake(ctx context.Context, person account.PersonID, id ID, aspect Aspect, siblings bool) (_ *Sitting, err error) {
	defer fault.Op(&err, "sitting.StartRetake(%s, %s)", id, aspect)
	past, err := s.Open(ctx, person, id)
	if err != nil {
		return nil, err
	}
	entries, err := s.Entries(ctx, past)
	if err != nil {
		return nil, err
	}
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.Withheld || !e.Is(aspect) })
	if len(entries) == 0 {
		return nil, fault.Invalid("There is nothing of this kind to practise: no question here is like that.")
	}
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	sit := s.newPractice(person, library, retakeSelection(past, aspect))
	pool, known, err := s.retakePool(ctx, library, person)
	if err != nil {
		return nil, err
	}
	if sit.Queue = drawRetake(entries, pool, known, siblings, sit.random("draw")); len(sit.Queue) == 0 {
		return nil, fault.Invalid("None of these questions can be asked just now: they are no longer in use, or another test of yours asks them.")
	}
	return s.beginPractice(ctx, library, sit, "None of these questions can be asked just now.")
}

// retakeSelection is what such a practice counts as when more of its like is asked
// for: the missed or the flagged questions of the same exam.
func retakeSelection(past *Sitting, aspect Aspect) Selection {
	sel := Selection{Source: FromMissed}
	if aspect == AspectFlagged {
		sel.Source = FromFlagged
	}
	switch {
	case past.Plan.Practice != nil:
		sel.Exam = past.Plan.Practice.Exam
	case len(past.Plan.Targets) == 1 && !past.Plan.Fit:
		sel.Exam = past.Plan.Targets[0]
	}
	return sel
}

// retakePool is every question that can be practised now, and what the person had
// to do with each.
func (s *Service) retakePool(ctx context.Context, library Library, person account.PersonID) ([]Practicable, map[exam.QuestionID]meeting, error) {
	known, err := s.acquaintance(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	asking, err := s.asking(ctx, person, Practice)
	if err != nil {
		return nil, nil, err
	}
	pool := slices.DeleteFunc(library.Practicable(Scope{Person: person}), func(p Practicable) bool { return asking[p.Question.ID] })
	return pool, known, nil
}

// drawRetake chooses what is asked for each entry: itself or a sibling. Siblings
// are the stalest of their skill, are none of the entries, and share no enemy tag
// with what was chosen before them.
func drawRetake(entries []Entry, pool []Practicable, known map[exam.QuestionID]meeting, siblings bool, rng *rand.Rand) []Queued {
	byStaleness(pool, known, rng)
	offer, mates := map[exam.QuestionID]*exam.Question{}, map[cell][]*exam.Question{}
	for _, p := range pool {
		q := p.Question
		offer[q.ID] = q
		at := cell{q.Skill, q.Platform}
		mates[at] = append(mates[at], q)
	}
	taken, tags := map[exam.QuestionID]bool{}, map[string]bool{}
	for i := range entries {
		taken[entries[i].Given.Question] = true
	}
	var queue []Queued
	ask := func(q *exam.Question, inPlaceOf exam.QuestionID) {
		taken[q.ID] = true
		for _, tag := range q.Enemies {
			tags[tag] = true
		}
		queue = append(queue, Queued{Question: q.ID, InPlaceOf: inPlaceOf})
	}
	for i := range entries {
		q := entries[i].Question
		itself, sibling := offer[q.ID], freeMate(mates[cell{q.Skill, q.Platform}], taken, tags)
		switch {
		case itself != nil && (!siblings || sibling == nil):
			ask(itself, "")
		case sibling != nil:
			ask(sibling, q.ID)
		}
	}
	return queue
}

// freeMate is the first question that isn't taken and goes with the tags; nil for
// none.
func freeMate(mates []*exam.Question, taken map[exam.QuestionID]bool, tags map[string]bool) *exam.Question {
	at := slices.IndexFunc(mates, func(q *exam.Question) bool {
		return !taken[q.ID] && q.Stimulus == nil && !slices.ContainsFunc(q.Enemies, func(tag string) bool { return tags[tag] })
	})
	if at < 0 {
		return nil
	}
	return mates[at]
}
