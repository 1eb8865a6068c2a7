// Package study schedules spaced review: questions that were missed, or
// answered without being sure, come back when they are about to be forgotten.
//
// A question that needs review has a Card. Cards are a pure fold of the answers
// a person gave (Replay), so nothing but answers has to be kept. When a card
// falls due follows from FSRS-6 with its published default weights, as
// implemented by github.com/open-spaced-repetition/go-fsrs/v4: a card has a
// stability (days after which it is recalled with probability .9) and a
// difficulty, and every answer moves both.
//
// Three things differ from flash cards, because a question with a scenario and
// four options is not one:
//
//   - There are no learning steps of minutes. A scenario read again ten minutes
//     later tests the memory of its wording, so no card returns on the same day;
//     answers given on one day still move the memory by FSRS's same-day formula.
//   - Days are the learner's days, which begin at four in the morning. A card is
//     due from the start of a day, whatever the time of the last answer, so that
//     somebody who studies at nine one evening and at eight the next finds it.
//   - Intervals are not blurred at random. The order within a session is drawn
//     (Interleave), and another question may stand in for the same words
//     (Substitute), which serve the same purpose; the cards stay a function of
//     the answers alone.
package study

import (
	"math"
	"time"

	fsrs "github.com/open-spaced-repetition/go-fsrs/v4"

	"sextant/internal/fault"
)

// What Settings may hold.
const (
	minRetention = 0.70 // below, most reviews of a session are failures
	maxRetention = 0.97 // above, daily reviews grow without end
	longestEver  = 365  // days; catalogue facts are older than that by then
)

// When a card has done its work. Counted from a miss, the default weights reach
// this with the fourth sure answer in a row, 26 days later.
const (
	retireAfter     = 3    // days in a row on which the answer was sure
	retireStability = 30.0 // days: a month on it is still recalled with probability .9
)

// Settings are what a person or an administrator may choose.
type Settings struct {
	// Retention is the probability of recall at which a card falls due, 0.70 to 0.97.
	Retention float64
	// MaximumInterval is the longest time between two reviews, in days, 1 to 365.
	// With an exam booked, the days left to it are a sensible value.
	MaximumInterval int
	// Zone tells when the learner's days begin.
	Zone *time.Location
}

// DefaultSettings are a retention of 0.9, at most 90 days, and days by UTC.
func DefaultSettings() Settings {
	return Settings{Retention: 0.9, MaximumInterval: 90, Zone: time.UTC}
}

// Scheduler moves cards. It is immutable and safe for concurrent use.
type Scheduler struct {
	settings Settings
	model    fsrs.Parameters
}

// New returns a scheduler, or fault.Invalid if a setting is out of range:
// nothing is replaced by a default.
func New(s Settings) (*Scheduler, error) {
	if math.IsNaN(s.Retention) || s.Retention < minRetention || s.Retention > maxRetention {
		return nil, fault.Invalid("The share to be remembered must lie between %.0f %% and %.0f %%.", 100*minRetention, 100*maxRetention)
	}
	if s.MaximumInterval < 1 || s.MaximumInterval > longestEver {
		return nil, fault.Invalid("The longest interval must lie between 1 and %d days.", longestEver)
	}
	if s.Zone == nil {
		return nil, fault.Invalid("A time zone is needed to tell when a day begins.")
	}
	return &Scheduler{settings: s, model: fsrs.DefaultParam()}, nil
}
