// Package grade turns an answer into an outcome or a score. The product itself
// scores all or nothing, as AWS and Google do; the partial-credit rules serve
// the vendors and formats that use them. A blank answer scores 0 under every rule.
package grade

import (
	"strconv"

	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Grade judges a complete answer: Right when every part is right, Wrong when
// any is not, DontKnow when the learner said so.
//
// Errors are fault.Invalid with a sentence for the learner: parts left open,
// too many or too few options chosen, an option named twice or not offered,
// or fields that belong to another type of question.
func Grade(q *exam.Question, a exam.Answer) (exam.Outcome, error) {
	if err := wellFormed(q, a); err != nil {
		return "", err
	}
	if a.DontKnow {
		return exam.DontKnow, nil
	}
	if err := complete(q, a); err != nil {
		return "", err
	}
	if perfect(q, a) {
		return exam.Right, nil
	}
	return exam.Wrong, nil
}

// Blank reports whether the answer says nothing at all: nothing chosen, every
// row open, and not "I don't know" either.
func Blank(a exam.Answer) bool {
	return !a.DontKnow && empty(a)
}

func empty(a exam.Answer) bool {
	return len(a.Selected) == 0 && len(a.Order) == 0 && count(a.Matches) == 0 && count(a.Verdicts) == 0
}

// Key is the answer that Grade calls Right.
func Key(q *exam.Question) exam.Answer {
	var a exam.Answer
	switch q.Type {
	case exam.Single, exam.Multiple:
		for _, o := range q.Options {
			if o.Key {
				a.Selected = append(a.Selected, o.ID)
			}
		}
	case exam.Ordering:
		a.Order = make([]exam.OptionID, len(q.Options))
		for _, o := range q.Options {
			a.Order[o.Place-1] = o.ID
		}
	case exam.Matching:
		for _, p := range q.Prompts {
			a.Matches = append(a.Matches, p.Match)
		}
	case exam.YesNo:
		for _, s := range q.Statements {
			a.Verdicts = append(a.Verdicts, verdict(s.Yes))
		}
	}
	return a
}

// The two verdicts on a statement, as Answer.Verdicts holds them.
const (
	Yes = "yes"
	No  = "no"
)

func verdict(yes bool) string {
	if yes {
		return Yes
	}
	return No
}

func perfect(q *exam.Question, a exam.Answer) bool {
	switch q.Type {
	case exam.Single, exam.Multiple:
		return AllOrNothing(tally(q, a)) == 1
	default:
		right, of := rows(q, a)
		return right == of
	}
}

// wellFormed checks everything about an answer except that it is complete.
func wellFormed(q *exam.Question, a exam.Answer) error {
	if a.DontKnow {
		if !empty(a) {
			return fault.Invalid("Either answer or say you don't know yet, not both.")
		}
		return nil
	}
	if err := onlyOwnFields(q, a); err != nil {
		return err
	}
	switch q.Type {
	case exam.Single:
		if len(a.Selected) > 1 {
			return fault.Invalid("Choose exactly one option.")
		}
		return offered(q, a.Selected, true)
	case exam.Multiple:
		if q.Choose > 0 && len(a.Selected) > q.Choose {
			return fault.Invalid("Choose exactly %s options.", words(q.Choose))
		}
		return offered(q, a.Selected, true)
	case exam.Ordering:
		return offered(q, a.Order, true)
	case exam.Matching:
		if len(a.Matches) > len(q.Prompts) {
			return fault.Invalid("This question has %s rows to match, and the answer has more. Reload the page and try again.", words(len(q.Prompts)))
		}
		return offered(q, a.Matches, q.OneToOne)
	case exam.YesNo:
		return verdictsOnly(q, a.Verdicts)
	}
	return fault.Invalid("This question can't be answered: its type %q is not known.", q.Type)
}

func onlyOwnFields(q *exam.Question, a exam.Answer) error {
	choice := q.Type == exam.Single || q.Type == exam.Multiple
	foreign := len(a.Selected) > 0 && !choice ||
		len(a.Order) > 0 && q.Type != exam.Ordering ||
		len(a.Matches) > 0 && q.Type != exam.Matching ||
		len(a.Verdicts) > 0 && q.Type != exam.YesNo
	if foreign {
		return fault.Invalid("That answer belongs to another kind of question. Reload the page and try again.")
	}
	return nil
}

// offered checks that every option named is one of the question's, and where
// once is set, that none is named twice. "" is a row left open.
func offered(q *exam.Question, ids []exam.OptionID, once bool) error {
	seen := map[exam.OptionID]bool{}
	for _, id := range ids {
		if id == "" && q.Type == exam.Matching {
			continue
		}
		if _, ok := q.Option(id); !ok {
			return fault.Invalid("Option %q is not one of this question's options. Reload the page and try again.", id)
		}
		if once && seen[id] {
			return fault.Invalid("Option %s is used twice; use each option at most once.", id)
		}
		seen[id] = true
	}
	return nil
}

func verdictsOnly(q *exam.Question, verdicts []string) error {
	if len(verdicts) > len(q.Statements) {
		return fault.Invalid("This question has %s statements, and the answer has more. Reload the page and try again.", words(len(q.Statements)))
	}
	for _, v := range verdicts {
		if v != Yes && v != No && v != "" {
			return fault.Invalid("Answer each statement with yes or no.")
		}
	}
	return nil
}

// complete checks that a well-formed answer leaves nothing open.
func complete(q *exam.Question, a exam.Answer) error {
	switch q.Type {
	case exam.Single:
		if len(a.Selected) != 1 {
			return fault.Invalid("Choose exactly one option.")
		}
	case exam.Multiple:
		if q.Choose > 0 && len(a.Selected) != q.Choose {
			return fault.Invalid("Choose exactly %s options.", words(q.Choose))
		}
		if len(a.Selected) == 0 {
			return fault.Invalid("Choose every option that applies; at least one does.")
		}
	case exam.Ordering:
		if len(a.Order) != len(q.Options) {
			return fault.Invalid("Put all %s options in order.", words(len(q.Options)))
		}
	case exam.Matching:
		if open := len(q.Prompts) - count(a.Matches); open > 0 {
			return fault.Invalid("Match every row; %s still open.", areOpen(open))
		}
	case exam.YesNo:
		if open := len(q.Statements) - count(a.Verdicts); open > 0 {
			return fault.Invalid("Answer every statement with yes or no; %s still open.", areOpen(open))
		}
	}
	return nil
}

// count is how many of the rows are filled in.
func count[T ~string](filled []T) int {
	n := 0
	for _, f := range filled {
		if f != "" {
			n++
		}
	}
	return n
}

func areOpen(n int) string {
	if n == 1 {
		return "one is"
	}
	return words(n) + " are"
}

func words(n int) string {
	names := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n < 0 || n >= len(names) {
		return strconv.Itoa(n)
	}
	return names[n]
}
