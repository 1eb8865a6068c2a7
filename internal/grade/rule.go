package grade

import (
	"fmt"
	"slices"

	"sextant/internal/exam"
)

// Rule is a named way of scoring an answer between 0 and 1.
type Rule string

// The rules. All or nothing and one point per correct part apply to every
// type; the others to choices or to orderings as their names say.
const (
	RuleAllOrNothing Rule = "all_or_nothing"
	RuleCorrectParts Rule = "correct_parts"

	RuleNetCorrect Rule = "net_correct"
	RuleEachAnswer Rule = "each_answer"
	RuleCoverage   Rule = "coverage"
	RuleHalves     Rule = "halves"

	RuleAbsolutePlaces  Rule = "absolute_places"
	RuleNextPairs       Rule = "next_pairs"
	RuleConcordantPairs Rule = "concordant_pairs"
	RuleLongestRun      Rule = "longest_run"
	RuleRelativePlaces  Rule = "relative_places"
)

var choiceRules = map[Rule]func(Tally) float64{
	RuleNetCorrect: NetCorrect, RuleEachAnswer: EachAnswer, RuleCoverage: Coverage, RuleHalves: Halves,
}

var orderRules = map[Rule]func([]int) float64{
	RuleAbsolutePlaces: AbsolutePlaces, RuleNextPairs: NextPairs, RuleConcordantPairs: ConcordantPairs,
	RuleLongestRun: LongestRun, RuleRelativePlaces: RelativePlaces,
}

// Rules lists the rules that can score a type of question.
func Rules(t exam.Type) []Rule {
	rules := []Rule{RuleAllOrNothing, RuleCorrectParts}
	switch t {
	case exam.Single, exam.Multiple:
		return append(rules, RuleNetCorrect, RuleEachAnswer, RuleCoverage, RuleHalves)
	case exam.Ordering:
		return append(rules, RuleAbsolutePlaces, RuleNextPairs, RuleConcordantPairs, RuleLongestRun, RuleRelativePlaces)
	default:
		return rules
	}
}

// VendorRule is the rule a vendor's exams use. AWS states that there is no
// partial credit, Google publishes none, and Microsoft gives one point per
// correct part of a multi-part item. Neutral questions follow the strict rule.
func VendorRule(vendor exam.Platform) Rule {
	if vendor == exam.Azure {
		return RuleCorrectParts
	}
	return RuleAllOrNothing
}

// Score is the answer's score under the rule, from 0 to 1. An answer may be
// incomplete: what is left open earns nothing, except that an unfinished
// ordering scores 0 as a whole. A blank answer and "I don't know" score 0.
//
// Errors: fault.Invalid for an answer that does not fit the question; a plain
// error for a rule that can't score this type.
func (r Rule) Score(q *exam.Question, a exam.Answer) (float64, error) {
	if !slices.Contains(Rules(q.Type), r) {
		return 0, fmt.Errorf("grade: rule %q can't score a question of type %q", r, q.Type)
	}
	if err := wellFormed(q, a); err != nil {
		return 0, err
	}
	if a.DontKnow || Blank(a) {
		return 0, nil
	}
	if rule, ok := choiceRules[r]; ok {
		return rule(tally(q, a)), nil
	}
	if rule, ok := orderRules[r]; ok {
		return rule(places(q, a)), nil
	}
	if r == RuleCorrectParts {
		return CorrectParts(Parts(q, a)), nil
	}
	if perfect(q, a) {
		return 1, nil
	}
	return 0, nil
}

// Parts counts the parts of a question and how many of them the answer has
// right: keys for a choice, places for an ordering, rows for a matching or a
// yes/no series. Choosing more options than there are keys takes the surplus
// off again, so that choosing everything earns nothing extra; the vendors
// prevent it by limiting the number of choices. An answer that does not fit the
// question has no part right.
func Parts(q *exam.Question, a exam.Answer) (right, of int) {
	if q.Type == exam.Single || q.Type == exam.Multiple {
		of = q.KeyCount()
	} else {
		_, of = rows(q, exam.Answer{})
	}
	if wellFormed(q, a) != nil || a.DontKnow {
		return 0, of
	}
	if q.Type == exam.Single || q.Type == exam.Multiple {
		t := tally(q, a)
		return max(0, t.Hits-max(0, t.Selected-t.Keys)), of
	}
	return rows(q, a)
}

// rows counts the rows of a question whose parts are judged one by one.
func rows(q *exam.Question, a exam.Answer) (right, of int) {
	switch q.Type {
	case exam.Ordering:
		for i, place := range places(q, a) {
			if place == i+1 {
				right++
			}
		}
		return right, len(q.Options)
	case exam.Matching:
		for i, p := range q.Prompts {
			if i < len(a.Matches) && a.Matches[i] != "" && a.Matches[i] == p.Match {
				right++
			}
		}
		return right, len(q.Prompts)
	case exam.YesNo:
		for i, s := range q.Statements {
			if i < len(a.Verdicts) && a.Verdicts[i] == verdict(s.Yes) {
				right++
			}
		}
		return right, len(q.Statements)
	default:
		return 0, 0
	}
}

// places translates a complete order into right places, nil if it is not complete.
func places(q *exam.Question, a exam.Answer) []int {
	if len(a.Order) != len(q.Options) {
		return nil
	}
	given := make([]int, len(a.Order))
	for i, id := range a.Order {
		o, _ := q.Option(id) // wellFormed has checked that it exists
		given[i] = o.Place
	}
	return given
}
