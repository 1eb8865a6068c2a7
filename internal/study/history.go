package study

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"sextant/internal/exam"
)

// Event is one graded answer, as far as review is concerned.
type Event struct {
	Question exam.QuestionID
	// InPlaceOf is the question whose card was due when this one was asked
	// instead (see Substitute); "" if it was asked for itself. The answer then
	// moves that card: one weakness keeps one card, whichever words it is met in.
	InPlaceOf  exam.QuestionID
	Skill      exam.SkillID // of Question, as the bank has it now
	Platform   exam.Platform
	Outcome    exam.Outcome
	Confidence Confidence
	At         time.Time
}

// Deck is a person's cards by question.
type Deck map[exam.QuestionID]Card

// Cards lists the deck in order of question.
func (d Deck) Cards() []Card {
	return slices.SortedFunc(maps.Values(d), func(a, b Card) int { return cmp.Compare(a.Question, b.Question) })
}

// Answer takes an answer into the deck. A card is made when a question without
// one was missed, or was right by a guess or unsure; right and sure makes none.
// A question that stood in for another moves the other's card, and its own if
// it has one. An answer at the very moment of a card's last review is that same
// answer again and changes nothing.
//
// Errors are those of RatingOf and Review; the deck is then unchanged.
func (s *Scheduler) Answer(deck Deck, e Event) error {
	rating, err := RatingOf(e.Outcome, e.Confidence)
	if err != nil {
		return err
	}
	own, hasOwn := deck[e.Question]
	subject, hasSubject := own, hasOwn
	standsIn := e.InPlaceOf != "" && e.InPlaceOf != e.Question
	if standsIn {
		subject, hasSubject = deck[e.InPlaceOf]
	}
	if !hasSubject {
		subject = Card{Question: cmp.Or(e.InPlaceOf, e.Question), Skill: e.Skill, Platform: e.Platform}
	}
	if hasSubject || rating < Good {
		if subject, err = s.take(subject, rating, e.At); err != nil {
			return err
		}
		hasSubject = true
	}
	if standsIn && hasOwn {
		if own, err = s.take(own, rating, e.At); err != nil {
			return err
		}
	}
	if hasSubject {
		deck[subject.Question] = subject
	}
	if standsIn && hasOwn {
		deck[own.Question] = own
	}
	return nil
}

// take reviews the card unless it has had this answer.
func (s *Scheduler) take(c Card, r Rating, at time.Time) (Card, error) {
	if !c.LastReview.IsZero() && c.LastReview.Equal(at) {
		return c, nil
	}
	return s.Review(c, r, at)
}

// Replay makes the cards from a person's answers up to and including now, in
// order of question. The order of history doesn't matter, nor does an answer
// that is in it twice. Answers that can't be rated (not graded, or of unknown
// confidence) or bear no time are passed over.
func (s *Scheduler) Replay(history []Event, now time.Time) []Card {
	deck := Deck{}
	for _, e := range inOrder(history) {
		if e.At.IsZero() || e.At.After(now) {
			continue
		}
		// In order of time, what is left to fail is the rating.
		_ = s.Answer(deck, e)
	}
	return deck.Cards()
}

// inOrder sorts a copy of the events by time; ties by everything else, so that
// the order of the input never shows.
func inOrder(history []Event) []Event {
	ordered := slices.Clone(history)
	slices.SortFunc(ordered, func(a, b Event) int {
		return cmp.Or(
			a.At.Compare(b.At), cmp.Compare(a.Question, b.Question), cmp.Compare(a.InPlaceOf, b.InPlaceOf),
			cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Confidence, b.Confidence),
			cmp.Compare(a.Skill, b.Skill), cmp.Compare(a.Platform, b.Platform),
		)
	})
	return ordered
}
