package sitting

import (
	"slices"
	"strconv"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/study"
)

// Choice is an answer as a page gives it: in terms of what was shown (1-based
// places on the page), never in the author's ids, so that neither a page nor a
// form tells anything about the key.
type Choice struct {
	Selected []string `json:"selected,omitempty"` // single, multiple: places of the chosen options
	Order    []string `json:"order,omitempty"`    // ordering: for each shown option, the rank it was given
	Matches  []string `json:"matches,omitempty"`  // matching: for each prompt, the place of the option, "" if left open
	Verdicts []string `json:"verdicts,omitempty"` // yes_no: "yes", "no" or "" per statement
	DontKnow bool     `json:"dont_know,omitempty"`
	// Confidence is how sure they say they are; where a test doesn't ask, it is
	// passed over.
	Confidence study.Confidence `json:"confidence,omitempty"`
}

// empty reports whether nothing was chosen.
func (c Choice) empty() bool {
	if c.DontKnow {
		return false
	}
	for _, list := range [][]string{c.Selected, c.Order, c.Matches, c.Verdicts} {
		if slices.ContainsFunc(list, func(s string) bool { return s != "" }) {
			return false
		}
	}
	return true
}

// Equal reports whether two choices say the same.
func (c Choice) Equal(other Choice) bool {
	if c.empty() || other.empty() {
		return c.empty() == other.empty()
	}
	return c.DontKnow == other.DontKnow && slices.Equal(c.Selected, other.Selected) && slices.Equal(c.Order, other.Order) &&
		slices.Equal(c.Matches, other.Matches) && slices.Equal(c.Verdicts, other.Verdicts)
}

// Answer is the choice in the author's ids, for a question that is shown with its
// options in the order given, outside a sitting.
func (c Choice) Answer(q *exam.Question, order []exam.OptionID) (exam.Answer, error) {
	return c.answer(q, order)
}

// answer translates a choice into the author's ids.
func (c Choice) answer(q *exam.Question, order []exam.OptionID) (exam.Answer, error) {
	if c.DontKnow {
		return exam.Answer{DontKnow: true}, nil
	}
	switch q.Type {
	case exam.Single, exam.Multiple:
		selected, err := places(c.Selected, order)
		return exam.Answer{Selected: selected}, err
	case exam.Matching:
		matches, err := places(c.Matches, order)
		return exam.Answer{Matches: matches}, err
	case exam.Ordering:
		ranked, err := ranks(c.Order, order)
		return exam.Answer{Order: ranked}, err
	case exam.YesNo:
		return exam.Answer{Verdicts: c.Verdicts}, nil
	}
	return exam.Answer{}, fault.Invalid("This question can't be answered here.")
}

func places(given []string, order []exam.OptionID) ([]exam.OptionID, error) {
	ids := make([]exam.OptionID, 0, len(given))
	for _, text := range given {
		if text == "" {
			ids = append(ids, "")
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > len(order) {
			return nil, fault.Invalid("That option isn't one of this question's. Please choose again.")
		}
		ids = append(ids, order[n-1])
	}
	return ids, nil
}

// ranks turns "the first shown option comes third, …" into the order itself.
func ranks(given []string, order []exam.OptionID) ([]exam.OptionID, error) {
	if len(given) != len(order) {
		return nil, fault.Invalid("Give every step its place.")
	}
	ranked := make([]exam.OptionID, len(order))
	for i, text := range given {
		if text == "" {
			return nil, fault.Invalid("Give every step its place; step %d has none yet.", i+1)
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > len(order) {
			return nil, fault.Invalid("Places go from 1 to %d.", len(order))
		}
		if ranked[n-1] != "" {
			return nil, fault.Invalid("Two steps have place %d. Give each step a place of its own.", n)
		}
		ranked[n-1] = order[i]
	}
	return ranked, nil
}
