package study

import (
	"cmp"
	"slices"
	"time"
)

// Recall is the probability, 0 to 1, that the card is recalled at now, by
// FSRS-6's forgetting curve: (1 + f·t/S)^−w20 with f chosen so that it is .9
// at t = S. It is 0 for a card that was never reviewed.
func (s *Scheduler) Recall(c Card, now time.Time) float64 {
	if c.LastReview.IsZero() {
		return 0
	}
	days := max(0, now.Sub(c.LastReview).Hours()/24)
	return s.model.ForgettingCurve(days, c.Stability)
}

// Due returns the cards that are due at now, those most likely to be forgotten
// first (ties by question). Retired cards never are.
func (s *Scheduler) Due(cards []Card, now time.Time) []Card {
	type ranked struct {
		card   Card
		recall float64
	}
	var due []ranked
	for _, c := range cards {
		if c.State != Retired && !c.Due.After(now) {
			due = append(due, ranked{c, s.Recall(c, now)})
		}
	}
	slices.SortFunc(due, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.recall, b.recall), cmp.Compare(a.card.Question, b.card.Question))
	})
	ordered := make([]Card, len(due))
	for i, d := range due {
		ordered[i] = d.card
	}
	return ordered
}

// NextDue is when the next card that isn't due at now falls due; false if
// nothing is waiting.
func NextDue(cards []Card, now time.Time) (time.Time, bool) {
	var next time.Time
	for _, c := range cards {
		if c.State != Retired && c.Due.After(now) && (next.IsZero() || c.Due.Before(next)) {
			next = c.Due
		}
	}
	return next, !next.IsZero()
}
