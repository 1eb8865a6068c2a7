package grade_test

import (
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/grade"
)

// What an answer earns with a vendor that gives a point for every right part, and
// with one that doesn't.
func TestPointsOfAnAnswer(t *testing.T) {
	cases := []struct {
		name   string
		q      *exam.Question
		answer exam.Answer
		parts  [2]int // earned, of
		whole  int    // of one
	}{
		{"single, right", choice(exam.Single, 4, "B"), selected("B"), [2]int{1, 1}, 1},
		{"single, wrong", choice(exam.Single, 4, "B"), selected("A"), [2]int{0, 1}, 0},
		{"two of five, both", choice(exam.Multiple, 5, "AC"), selected("AC"), [2]int{2, 2}, 1},
		{"two of five, one", choice(exam.Multiple, 5, "AC"), selected("AB"), [2]int{1, 2}, 0},
		{"two of five, one chosen", choice(exam.Multiple, 5, "AC"), selected("A"), [2]int{1, 2}, 0},
		{"two of five, none", choice(exam.Multiple, 5, "AC"), selected("BD"), [2]int{0, 2}, 0},
		{"all that apply, everything", allThatApply(5, "AC"), selected("ABCDE"), [2]int{0, 2}, 0},
		{"all that apply, one too many", allThatApply(5, "AC"), selected("ABC"), [2]int{1, 2}, 0},
		{"ordering, right", ordering(4), ordered("ABCD"), [2]int{4, 4}, 1},
		{"ordering, two swapped", ordering(4), ordered("ABDC"), [2]int{2, 4}, 0},
		{"ordering, shifted", ordering(4), ordered("BCDA"), [2]int{0, 4}, 0},
		{"matching, right", matching(4, "ABC", true), matched("A", "B", "C"), [2]int{3, 3}, 1},
		{"matching, one open", matching(4, "ABC", true), matched("A", "", "C"), [2]int{2, 3}, 0},
		{"series, right", series(true, false, true), judged("yes", "no", "yes"), [2]int{3, 3}, 1},
		{"series, one wrong", series(true, false, true), judged("yes", "yes", "yes"), [2]int{2, 3}, 0},
		{"series, one open", series(true, false, true), judged("yes", "", "yes"), [2]int{2, 3}, 0},
		{"blank", series(true, false, true), exam.Answer{}, [2]int{0, 3}, 0},
		{"not known", matching(4, "ABC", true), exam.Answer{DontKnow: true}, [2]int{0, 3}, 0},
		{"no such option", choice(exam.Multiple, 5, "AC"), selected("AZ"), [2]int{0, 2}, 0},
	}
	for _, c := range cases {
		parts, err := grade.RuleCorrectParts.Points(c.q, c.answer)
		if got := [2]int{parts.Earned, parts.Of}; err != nil || got != c.parts {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.parts)
		}
		whole, err := grade.RuleAllOrNothing.Points(c.q, c.answer)
		if err != nil || whole.Earned != c.whole || whole.Of != 1 {
			t.Errorf("%s, as a whole: %d of %d, %v; want %d of 1", c.name, whole.Earned, whole.Of, err, c.whole)
		}
	}
	if _, err := grade.RuleNetCorrect.Points(choice(exam.Multiple, 5, "AC"), selected("A")); err == nil {
		t.Error("a rule that gives fractions counted points")
	}
}

// A form of ten single choices, four series of three and a matching of four: 26
// points, which say as much as eleven questions of one point.
func TestPointsOfAForm(t *testing.T) {
	var total grade.Points
	add := func(times int, q *exam.Question, right bool) {
		for range times {
			a := exam.Answer{}
			if right {
				a = grade.Key(q)
			}
			one, err := grade.RuleCorrectParts.Points(q, a)
			if err != nil {
				t.Fatal(err)
			}
			total = total.Plus(one)
		}
	}
	add(6, choice(exam.Single, 4, "B"), true)
	add(4, choice(exam.Single, 4, "B"), false)
	add(1, series(true, false, true), true)
	add(3, series(true, false, true), false)
	add(1, matching(4, "ABCD", true), true)
	if total.Earned != 13 || total.Of != 26 || total.Share() != .5 {
		t.Errorf("%d of %d points", total.Earned, total.Of)
	}
	if want := 26. * 26 / (10 + 4*9 + 16); !near(total.Questions(), want) {
		t.Errorf("as good as %v questions, want %v", total.Questions(), want)
	}
	// Five of ten with one point each, at 1.645 standard errors: the published
	// formula gives .2693 to .7307.
	var ten grade.Points
	for i := range 10 {
		one, err := grade.RuleAllOrNothing.Points(choice(exam.Single, 4, "B"), selected(string("AB"[i%2])))
		if err != nil {
			t.Fatal(err)
		}
		ten = ten.Plus(one)
	}
	low, high := ten.Interval(1.645)
	if ten.Questions() != 10 || !near(low+high, 1) || low < .2692 || low > .2694 {
		t.Errorf("%v questions, interval %v to %v", ten.Questions(), low, high)
	}
	if low, high := (grade.Points{}).Interval(1.645); low != 0 || high != 1 {
		t.Errorf("no question has the interval %v to %v", low, high)
	}
}

func TestMorePartsNeverMakeASurerShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var whole, parts grade.Points
		for range rapid.IntRange(1, 60).Draw(t, "questions") {
			q := series(rapid.SliceOfN(rapid.Bool(), 1, 6).Draw(t, "key")...)
			a := exam.Answer{}
			for range q.Statements {
				a.Verdicts = append(a.Verdicts, rapid.SampledFrom([]string{"yes", "no", ""}).Draw(t, "verdict"))
			}
			one, err := grade.RuleCorrectParts.Points(q, a)
			if err != nil {
				t.Fatal(err)
			}
			all, err := grade.RuleAllOrNothing.Points(q, a)
			if err != nil {
				t.Fatal(err)
			}
			if one.Earned < all.Earned || (one.Earned == one.Of) != (all.Earned == 1) {
				t.Fatalf("%v earns %d of %d in parts and %d as a whole", a, one.Earned, one.Of, all.Earned)
			}
			whole, parts = whole.Plus(all), parts.Plus(one)
		}
		if parts.Questions() > whole.Questions()+1e-9 {
			t.Fatalf("parts are as good as %v questions, of %v", parts.Questions(), whole.Questions())
		}
		low, high := parts.Interval(1.645)
		if low < 0 || high > 1 || low > parts.Share()+1e-12 || high < parts.Share()-1e-12 {
			t.Fatalf("the interval %v to %v leaves %v out", low, high, parts.Share())
		}
	})
}
