package study

import (
	"math"
	"time"

	fsrs "github.com/open-spaced-repetition/go-fsrs/v4"

	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Confidence is how sure somebody was of an answer, in their own words.
type Confidence string

// The confidences. Unstated is the rule: saying it is optional.
const (
	Unstated Confidence = ""
	Guess    Confidence = "guess"
	Unsure   Confidence = "unsure"
	Sure     Confidence = "sure"
)

// Rating is how well a card was recalled, on FSRS's scale.
type Rating int

// The ratings. No answer is rated Easy by itself.
const (
	Again Rating = 1 + iota
	Hard
	Good
	Easy
)

// RatingOf rates an answer:
//
//	wrong, or "I don't know"        Again
//	right, a guess or unsure        Hard
//	right, sure or nothing said     Good
//
// Each is a step lower than FSRS's own wording for flash cards (there, hesitating
// is still Good): with the options on the page an answer has only to be
// recognised, and one in four blind guesses is right. Stated certainty earns no
// Easy, since people claim it too readily.
//
// The error is fault.Invalid for an outcome or a confidence that isn't known.
func RatingOf(outcome exam.Outcome, confidence Confidence) (Rating, error) {
	switch confidence {
	case Unstated, Guess, Unsure, Sure:
	default:
		return 0, fault.Invalid("How sure you were is one of guess, unsure and sure.")
	}
	switch outcome {
	case exam.Wrong, exam.DontKnow:
		return Again, nil
	case exam.Right:
		if confidence == Guess || confidence == Unsure {
			return Hard, nil
		}
		return Good, nil
	}
	return 0, fault.Invalid("An answer that wasn't graded can't be scheduled for review.")
}

// State is where a card is in its life.
type State string

// The states.
const (
	Learning  State = "learning"  // since it was last missed or not sure, no later day has seen it sure
	Reviewing State = "reviewing" // it has been sure since, and comes back ever later
	Retired   State = "retired"   // known well: returns only if it is missed or not sure again
)

// Card is what is known of a person's memory of one question. Its JSON form is
// stable.
type Card struct {
	Question   exam.QuestionID `json:"question"`
	Skill      exam.SkillID    `json:"skill"`
	Platform   exam.Platform   `json:"platform"`
	State      State           `json:"state"`
	Due        time.Time       `json:"due"`         // UTC; without meaning when retired
	Stability  float64         `json:"stability"`   // days until recall falls to .9; 0.001 to 36500
	Difficulty float64         `json:"difficulty"`  // 1 (easy) to 10
	Reviews    int             `json:"reviews"`     // answers that counted, the first included
	Lapses     int             `json:"lapses"`      // times it was missed after the first answer
	Streak     int             `json:"streak"`      // days in a row on which it was sure, up to the last
	LastReview time.Time       `json:"last_review"` // UTC; zero before the first
}

// The ranges that FSRS-6 keeps stability and difficulty in.
const (
	minStability, maxStability   = 0.001, 36500
	minDifficulty, maxDifficulty = 1, 10
)

// Review returns the card after an answer at now. A card without a last review
// gets its first. It never falls due on the same day, nor later than the
// longest interval from now.
//
// It is retired once it was rated Good or better on three days in a row and its
// stability is 30 days or more; any lower rating brings it back. Ratings of one
// day count as one day.
//
// Errors: fault.Conflict if the card was reviewed after now (the history has to
// be replayed), fault.Invalid for an unknown rating, a zero time, or a card
// whose numbers no review can have produced.
func (s *Scheduler) Review(c Card, r Rating, now time.Time) (Card, error) {
	if err := reviewable(c, r, now); err != nil {
		return Card{}, err
	}
	var memory *fsrs.MemoryState
	elapsed := 0
	if !c.LastReview.IsZero() {
		memory = &fsrs.MemoryState{Stability: c.Stability, Difficulty: c.Difficulty}
		elapsed = s.daysBetween(c.LastReview, now)
	}
	next := s.model.NextState(memory, s.settings.Retention, uint64(elapsed), fsrs.Rating(r))

	if r == Again && memory != nil {
		c.Lapses++
	}
	c.Reviews++
	switch {
	case r < Good:
		c.Streak = 0
	case memory == nil || elapsed > 0:
		c.Streak++
	}
	c.Stability, c.Difficulty = next.Memory.Stability, next.Memory.Difficulty
	c.State = stateOf(c)
	c.LastReview = now.UTC().Round(0)
	c.Due = s.after(c.LastReview, s.interval(next.Interval))
	return c, nil
}

func reviewable(c Card, r Rating, now time.Time) error {
	switch {
	case r < Again || r > Easy:
		return fault.Invalid("%d is not a rating; ratings go from 1 to 4.", r)
	case now.IsZero():
		return fault.Invalid("The time of the answer to %s is missing.", c.Question)
	case c.LastReview.IsZero():
		return nil
	case now.Before(c.LastReview):
		return fault.Conflict("%s was answered again since. Reload the page.", c.Question)
	case !within(c.Stability, minStability, maxStability) || !within(c.Difficulty, minDifficulty, maxDifficulty):
		return fault.Invalid("The review card of %s is damaged; it has to be made anew from the answers.", c.Question)
	}
	return nil
}

// within is false for NaN.
func within(x, low, high float64) bool { return x >= low && x <= high }

func stateOf(c Card) State {
	switch {
	case c.Streak >= retireAfter && c.Stability >= retireStability:
		return Retired
	case c.Streak > 0:
		return Reviewing
	}
	return Learning
}

// interval makes whole days of an interval, 1 to the longest.
func (s *Scheduler) interval(days float64) int {
	return int(max(1, min(math.Round(days), float64(s.settings.MaximumInterval))))
}
