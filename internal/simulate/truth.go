package simulate

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"sextant/internal/fault"
)

// Structure is how the true abilities of one learner hang together.
type Structure string

// The structures. Each cell has the same variance in all of them.
const (
	Crossed     Structure = "model"       // as the prior says: general + skill + platform + skill × platform
	Independent Structure = "independent" // every cell on its own
	OneTrait    Structure = "one-trait"   // one ability, on which the cells differ in scale only
)

// Truth is how the simulated learners and questions really are. The zero value
// of every number means "as the model assumes".
type Truth struct {
	Structure Structure
	// Spread multiplies the prior's standard deviations.
	Spread float64
	// Slips is the chance that somebody who knows the answer gives a wrong one:
	// the upper asymptote is 1 − Slips. Slips happen in the real exam as well.
	Slips float64
	// DifficultyError is the SD, in logits, of an error of the authors' labels
	// beyond the one the model allows for.
	DifficultyError float64
	// Abstain is the chance that somebody who doesn't know the answer says so
	// instead of guessing. In the real exam everybody guesses.
	Abstain float64
	// Learning is by how many logits every ability rises in a week, over
	// LearningWeeks of practice through which the answers are spread. The ability
	// to be estimated is the one at the end, and it is that which comes from the
	// prior: with Shift as well, the two effects can be told apart.
	Learning float64
	// Shift is how far, in logits, the learners' mean ability lies above the
	// prior's. Shift = LearningWeeks × Learning is a population that was as the
	// prior says before it practised.
	Shift float64
}

// LearningWeeks is how long the practice of a learner who learns takes.
const LearningWeeks = 8

// ModelTruth is the world as the model assumes it: item parameters are drawn for
// every learner from the priors the model states.
func ModelTruth() Truth { return Truth{Structure: Crossed, Spread: 1} }

// ParseTruth reads words such as "model", "one-trait" or "slips=0.05"; they may
// be combined, also with commas or "|" between them.
func ParseTruth(words []string) (Truth, error) {
	t := ModelTruth()
	given := map[string]bool{}
	split := func(r rune) bool { return r == ',' || r == '|' || r == ' ' }
	for _, word := range strings.FieldsFunc(strings.Join(words, ","), split) {
		name, value, hasValue := strings.Cut(word, "=")
		kind := name
		if !hasValue {
			kind = "structure"
		}
		if given[kind] {
			return Truth{}, fault.Invalid("truth %q: %s is given twice", word, kind)
		}
		given[kind] = true
		if err := t.set(name, value, hasValue); err != nil {
			return Truth{}, err
		}
	}
	return t, nil
}

func (t *Truth) set(name, value string, hasValue bool) error {
	if !hasValue {
		switch s := Structure(name); s {
		case Crossed, Independent, OneTrait:
			t.Structure = s
			return nil
		}
		return fault.Invalid("truth %q: use model, independent, one-trait, spread=, slips=, difficulty-error=, abstain=, learning= or shift=", name)
	}
	x, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return fault.Invalid("truth %s=%s: give a number", name, value)
	}
	var field *float64
	low, high := 0.0, 1.0
	switch name {
	case "spread":
		field, high = &t.Spread, 10
	case "slips":
		field, high = &t.Slips, 0.5
	case "difficulty-error":
		field, high = &t.DifficultyError, 10
	case "abstain":
		field = &t.Abstain
	case "learning":
		field, low = &t.Learning, -1
	case "shift":
		field, low, high = &t.Shift, -5, 5
	default:
		return fault.Invalid("truth %q: use spread, slips, difficulty-error, abstain, learning or shift", name)
	}
	if x < low || x > high {
		return fault.Invalid("truth %s=%s: must lie between %g and %g", name, value, low, high)
	}
	*field = x
	return nil
}

// String is the truth in the words ParseTruth reads.
func (t Truth) String() string {
	words := []string{string(t.Structure)}
	add := func(name string, value, silent float64) {
		if value != silent {
			words = append(words, fmt.Sprintf("%s=%g", name, value))
		}
	}
	add("spread", t.Spread, 1)
	add("slips", t.Slips, 0)
	add("difficulty-error", t.DifficultyError, 0)
	add("abstain", t.Abstain, 0)
	add("learning", t.Learning, 0)
	add("shift", t.Shift, 0)
	return strings.Join(words, ",")
}
