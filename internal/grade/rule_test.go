package grade_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
)

const tolerance = 1e-12

func near(a, b float64) bool { return math.Abs(a-b) < tolerance }

// Five options, key A and C; the vectors of the published rules.
func TestChoiceRules(t *testing.T) {
	rules := []grade.Rule{grade.RuleAllOrNothing, grade.RuleNetCorrect, grade.RuleEachAnswer, grade.RuleCoverage, grade.RuleHalves}
	cases := []struct {
		selected string
		want     [5]float64
	}{
		{"A", [5]float64{0, 1. / 2, 4. / 5, 1. / 2, 1. / 2}},
		{"ABC", [5]float64{0, 1. / 2, 4. / 5, 2. / 3, 1. / 2}},
		{"AB", [5]float64{0, 0, 3. / 5, 1. / 4, 1. / 4}},
		{"ABCDE", [5]float64{0, 0, 2. / 5, 2. / 5, 0}},
		{"AC", [5]float64{1, 1, 1, 1, 1}},
		{"", [5]float64{0, 0, 0, 0, 0}},
	}
	q := allThatApply(5, "AC")
	for _, c := range cases {
		for i, rule := range rules {
			got, err := rule.Score(q, selected(c.selected))
			if err != nil || !near(got, c.want[i]) {
				t.Errorf("%s of %q: %v, %v; want %v", rule, c.selected, got, err, c.want[i])
			}
		}
	}
}

func TestHalvesNeedsEnoughOptions(t *testing.T) {
	cases := []struct {
		tally grade.Tally
		want  float64
	}{
		{grade.Tally{Options: 2, Keys: 1, Selected: 2, Hits: 1}, 0},
		{grade.Tally{Options: 3, Keys: 1, Selected: 2, Hits: 1}, 0.5},
		{grade.Tally{Options: 4, Keys: 2, Selected: 2, Hits: 1}, 0},
		{grade.Tally{Options: 5, Keys: 2, Selected: 2, Hits: 1}, 0.25},
		{grade.Tally{Options: 8, Keys: 3, Selected: 3, Hits: 1}, 0},
	}
	for _, c := range cases {
		if got := grade.Halves(c.tally); got != c.want {
			t.Errorf("%+v: %v, want %v", c.tally, got, c.want)
		}
	}
}

func TestOrderingRules(t *testing.T) {
	rules := []grade.Rule{grade.RuleAbsolutePlaces, grade.RuleNextPairs, grade.RuleConcordantPairs, grade.RuleLongestRun, grade.RuleRelativePlaces}
	cases := []struct {
		given string
		want  [5]float64
	}{
		{"CABD", [5]float64{1. / 4, 1. / 3, 2. / 3, 3. / 4, 2. / 3}}, // 3124
		{"DCBA", [5]float64{0, 0, 0, 0, 1. / 3}},                     // 4321
		{"BCDA", [5]float64{0, 2. / 3, 1. / 2, 3. / 4, 1. / 2}},      // 2341
		{"ABCD", [5]float64{1, 1, 1, 1, 1}},
		{"AB", [5]float64{0, 0, 0, 0, 0}}, // unfinished
		{"", [5]float64{0, 0, 0, 0, 0}},
	}
	for _, c := range cases {
		for i, rule := range rules {
			got, err := rule.Score(ordering(4), ordered(c.given))
			if err != nil || !near(got, c.want[i]) {
				t.Errorf("%s of %q: %v, %v; want %v", rule, c.given, got, err, c.want[i])
			}
		}
	}
}

func TestOrderingOfOneElementCantBeWrong(t *testing.T) {
	for name, rule := range map[string]func([]int) float64{
		"absolute": grade.AbsolutePlaces, "next": grade.NextPairs, "concordant": grade.ConcordantPairs,
		"run": grade.LongestRun, "relative": grade.RelativePlaces,
	} {
		if one, none := rule([]int{1}), rule(nil); one != 1 || none != 0 {
			t.Errorf("%s: one element %v, none %v; want 1 and 0", name, one, none)
		}
	}
}

func TestFractions(t *testing.T) {
	cases := []struct {
		name   string
		chosen []float64
		single bool
		want   float64
	}{
		{"two halves", []float64{0.5, 0.5}, false, 1},
		{"a half less a third", []float64{0.5, -1. / 3}, false, 0.5 - 1./3},
		{"never below nothing", []float64{0.5, -1}, false, 0},
		{"never above one", []float64{0.75, 0.75}, false, 1},
		{"a single may cost marks", []float64{-0.25}, true, -0.25},
		{"a single costs one mark at most", []float64{-3}, true, -1},
		{"blank", nil, true, 0},
	}
	for _, c := range cases {
		if got := grade.Fractions(c.chosen, c.single); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestMapResponse(t *testing.T) {
	bound := func(x float64) *float64 { return &x }
	points := map[string]float64{"H": 1, "O": 1, "Cl": -1}
	cases := []struct {
		name      string
		mapping   grade.Mapping
		responses string
		want      float64
	}{
		{"both right", grade.Mapping{Points: points, Lower: bound(0), Upper: bound(2)}, "H O", 2},
		{"one right one wrong", grade.Mapping{Points: points, Lower: bound(0), Upper: bound(2)}, "H Cl", 0},
		{"a value counts once", grade.Mapping{Points: points}, "H H", 1},
		{"unmapped takes the default", grade.Mapping{Points: points, Default: -2}, "H He", -1},
		{"lower bound", grade.Mapping{Points: points, Default: -2, Lower: bound(0)}, "He", 0},
		{"upper bound", grade.Mapping{Points: points, Upper: bound(1)}, "H O", 1},
		{"open below", grade.Mapping{Points: points}, "Cl", -1},
		{"blank earns nothing, whatever the lower bound", grade.Mapping{Points: points, Lower: bound(0.5)}, "", 0},
	}
	for _, c := range cases {
		if got := grade.MapResponse(c.mapping, strings.Fields(c.responses)); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestParts(t *testing.T) {
	cases := []struct {
		name      string
		q         *exam.Question
		answer    exam.Answer
		right, of int
	}{
		{"single right", choice(exam.Single, 4, "C"), selected("C"), 1, 1},
		{"single wrong", choice(exam.Single, 4, "C"), selected("A"), 0, 1},
		{"one of two", choice(exam.Multiple, 5, "BD"), selected("BA"), 1, 2},
		{"both", choice(exam.Multiple, 5, "BD"), selected("BD"), 2, 2},
		{"choosing everything earns nothing", allThatApply(5, "AC"), selected("ABCDE"), 0, 2},
		{"one surplus takes one off", allThatApply(5, "AC"), selected("ABC"), 1, 2},
		{"three of four places need the fourth", ordering(4), ordered("ABDC"), 2, 4},
		{"unfinished order", ordering(4), ordered("AB"), 0, 4},
		{"matching", matching(4, "CAD", true), matched("C", "B", "D"), 2, 3},
		{"matching with a row open", matching(4, "CAD", true), matched("C", "", ""), 1, 3},
		{"yes/no", series(true, false, true), judged("yes", "yes", "yes"), 2, 3},
		{"yes/no partly open", series(true, false, true), judged("", "no"), 1, 3},
		{"blank", series(true, false), exam.Answer{}, 0, 2},
		{"don't know", series(true, false), exam.Answer{DontKnow: true}, 0, 2},
		{"an answer that doesn't fit", series(true, false), selected("A"), 0, 2},
	}
	for _, c := range cases {
		right, of := grade.Parts(c.q, c.answer)
		if right != c.right || of != c.of {
			t.Errorf("%s: %d of %d, want %d of %d", c.name, right, of, c.right, c.of)
		}
		score, err := grade.RuleCorrectParts.Score(c.q, c.answer)
		if err == nil && !near(score, float64(c.right)/float64(c.of)) {
			t.Errorf("%s: score %v", c.name, score)
		}
	}
}

func TestVendorRules(t *testing.T) {
	want := map[exam.Platform]grade.Rule{
		exam.AWS: grade.RuleAllOrNothing, exam.GCP: grade.RuleAllOrNothing, exam.Neutral: grade.RuleAllOrNothing, exam.Azure: grade.RuleCorrectParts,
	}
	for _, p := range exam.Platforms() {
		if got := grade.VendorRule(p); got != want[p] {
			t.Errorf("%s: %s, want %s", p, got, want[p])
		}
	}
}

func TestScoreRefuses(t *testing.T) {
	if _, err := grade.RuleHalves.Score(ordering(3), ordered("ABC")); err == nil || fault.KindOf(err) != fault.KindInternal {
		t.Errorf("a choice rule on an ordering: %v", err)
	}
	if _, err := grade.Rule("generous").Score(ordering(3), ordered("ABC")); err == nil {
		t.Error("an unknown rule scored")
	}
	if _, err := grade.RuleAllOrNothing.Score(ordering(3), selected("A")); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("an answer of another type: %v", err)
	}
}

// anyQuestion draws a valid question of any type.
func anyQuestion(t *rapid.T) *exam.Question {
	letters := func(n int) string { return "ABCDEFGHIJKL"[:n] }
	n := rapid.IntRange(2, 8).Draw(t, "options")
	shuffled := strings.Join(rapid.Permutation(strings.Split(letters(n), "")).Draw(t, "shuffled"), "")
	switch rapid.SampledFrom(exam.Types()).Draw(t, "type") {
	case exam.Single:
		return choice(exam.Single, n, shuffled[:1])
	case exam.Multiple:
		q := choice(exam.Multiple, n+1, shuffled[:rapid.IntRange(2, n).Draw(t, "keys")])
		if rapid.Bool().Draw(t, "all that apply") {
			q.Choose = 0
		}
		return q
	case exam.Ordering:
		return ordering(n)
	case exam.Matching:
		return matching(n, shuffled[:rapid.IntRange(2, n).Draw(t, "prompts")], rapid.Bool().Draw(t, "one to one"))
	default:
		return series(rapid.SliceOfN(rapid.Bool(), 2, 6).Draw(t, "verdicts")...)
	}
}

// anyAnswer draws an answer of the question's own shape, complete or not.
func anyAnswer(t *rapid.T, q *exam.Question) exam.Answer {
	if rapid.IntRange(0, 9).Draw(t, "blank") == 0 {
		return exam.Answer{}
	}
	var offered []exam.OptionID
	for _, o := range q.Options {
		offered = append(offered, o.ID)
	}
	some := func(limit int) []exam.OptionID {
		return rapid.Permutation(offered).Draw(t, "chosen")[:rapid.IntRange(0, min(limit, len(offered))).Draw(t, "how many")]
	}
	switch q.Type {
	case exam.Single:
		return exam.Answer{Selected: some(1)}
	case exam.Multiple:
		if q.Choose > 0 {
			return exam.Answer{Selected: some(q.Choose)}
		}
		return exam.Answer{Selected: some(len(offered))}
	case exam.Ordering:
		return exam.Answer{Order: some(len(offered))}
	case exam.Matching:
		return exam.Answer{Matches: some(len(q.Prompts))}
	default:
		return exam.Answer{Verdicts: rapid.SliceOfN(rapid.SampledFrom([]string{"", "yes", "no"}), len(q.Statements), len(q.Statements)).Draw(t, "verdicts")}
	}
}

func TestEveryRuleScoresBetweenNothingAndOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		a := anyAnswer(t, q)
		outcome, gradeErr := grade.Grade(q, a)
		for _, rule := range grade.Rules(q.Type) {
			score, err := rule.Score(q, a)
			if err != nil || math.IsNaN(score) || score < 0 || score > 1 {
				t.Fatalf("%s: %v, %v", rule, score, err)
			}
			if grade.Blank(a) && score != 0 {
				t.Fatalf("%s gives a blank answer %v", rule, score)
			}
			if gradeErr == nil && (score == 1) != (outcome == exam.Right) {
				t.Fatalf("%s gives %v to an answer that is %s", rule, score, outcome)
			}
			if strict, err := grade.RuleAllOrNothing.Score(q, a); err != nil || score < strict {
				t.Fatalf("%s gives %v, less than all or nothing (%v, %v)", rule, score, strict, err)
			}
		}
	})
}

func TestEveryRuleGivesTheKeyFullMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		key := grade.Key(q)
		outcome, err := grade.Grade(q, key)
		if err != nil || outcome != exam.Right {
			t.Fatalf("the key is %s, %v", outcome, err)
		}
		for _, rule := range grade.Rules(q.Type) {
			if score, err := rule.Score(q, key); err != nil || !near(score, 1) {
				t.Fatalf("%s gives the key %v, %v", rule, score, err)
			}
		}
		if right, of := grade.Parts(q, key); right != of || of == 0 {
			t.Fatalf("the key has %d of %d parts right", right, of)
		}
	})
}

func TestOneMoreRightOptionNeverLowersAScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := allThatApply(6, "ACE")
		wrong := rapid.SampledFrom([]string{"", "B", "BD", "BDF"}).Draw(t, "wrong")
		for _, rule := range grade.Rules(exam.Multiple) {
			last := 0.0
			for _, right := range []string{"", "A", "AC", "ACE"} {
				score, err := rule.Score(q, selected(right+wrong))
				if err != nil || score < last-tolerance {
					t.Fatalf("%s: %q scores %v, fewer keys scored %v (%v)", rule, right+wrong, score, last, err)
				}
				last = score
			}
		}
	})
}

func TestGradeNeverDependsOnTheOrderOfAChoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := allThatApply(6, "ACE")
		chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(ids("ABCDEF")), 1, 6, rapid.ID).Draw(t, "chosen")
		other := rapid.Permutation(chosen).Draw(t, "other order")
		first, err1 := grade.Grade(q, exam.Answer{Selected: chosen})
		second, err2 := grade.Grade(q, exam.Answer{Selected: other})
		if first != second || err1 != nil || err2 != nil {
			t.Fatalf("%v: %s, %v; %v: %s, %v", chosen, first, err1, other, second, err2)
		}
	})
}
