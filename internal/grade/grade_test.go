package grade_test

import (
	"testing"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
)

func ids(letters string) []exam.OptionID {
	var list []exam.OptionID
	for _, l := range letters {
		list = append(list, exam.OptionID(l))
	}
	return list
}

// choice makes a question with n options of which the letters in keys are right.
func choice(t exam.Type, n int, keys string) *exam.Question {
	q := &exam.Question{ID: "q", Type: t}
	for i := range n {
		id := exam.OptionID(rune('A' + i))
		o := exam.Option{ID: id, Text: string(id)}
		for _, k := range ids(keys) {
			o.Key = o.Key || k == id
		}
		q.Options = append(q.Options, o)
	}
	if t == exam.Multiple {
		q.Choose = len(keys)
	}
	return q
}

func allThatApply(n int, keys string) *exam.Question {
	q := choice(exam.Multiple, n, keys)
	q.Choose = 0
	return q
}

// ordering makes a question whose options A, B, C … stand in the right order.
func ordering(n int) *exam.Question {
	q := choice(exam.Ordering, n, "")
	for i := range q.Options {
		q.Options[i].Place = i + 1
	}
	return q
}

func matching(options int, key string, oneToOne bool) *exam.Question {
	q := choice(exam.Matching, options, "")
	q.OneToOne = oneToOne
	for _, id := range ids(key) {
		q.Prompts = append(q.Prompts, exam.Prompt{Text: "p", Match: id})
	}
	return q
}

func series(verdicts ...bool) *exam.Question {
	q := &exam.Question{ID: "q", Type: exam.YesNo}
	for _, v := range verdicts {
		q.Statements = append(q.Statements, exam.Statement{Text: "s", Yes: v})
	}
	return q
}

func selected(letters string) exam.Answer { return exam.Answer{Selected: ids(letters)} }
func ordered(letters string) exam.Answer  { return exam.Answer{Order: ids(letters)} }
func matched(letters ...exam.OptionID) exam.Answer {
	return exam.Answer{Matches: letters}
}
func judged(verdicts ...string) exam.Answer { return exam.Answer{Verdicts: verdicts} }

func TestGradeIsAllOrNothing(t *testing.T) {
	dontKnow := exam.Answer{DontKnow: true}
	cases := []struct {
		name   string
		q      *exam.Question
		answer exam.Answer
		want   exam.Outcome
	}{
		{"single right", choice(exam.Single, 4, "C"), selected("C"), exam.Right},
		{"single wrong", choice(exam.Single, 4, "C"), selected("A"), exam.Wrong},
		{"multiple right in any order", choice(exam.Multiple, 5, "BD"), selected("DB"), exam.Right},
		{"multiple half right", choice(exam.Multiple, 5, "BD"), selected("BA"), exam.Wrong},
		{"all that apply right", allThatApply(5, "ABE"), selected("ABE"), exam.Right},
		{"all that apply too few", allThatApply(5, "ABE"), selected("AB"), exam.Wrong},
		{"all that apply too many", allThatApply(5, "ABE"), selected("ABCE"), exam.Wrong},
		{"ordering right", ordering(4), ordered("ABCD"), exam.Right},
		{"ordering one swap", ordering(4), ordered("ABDC"), exam.Wrong},
		{"matching right", matching(4, "CAD", true), matched("C", "A", "D"), exam.Right},
		{"matching two swapped", matching(4, "CAD", true), matched("A", "C", "D"), exam.Wrong},
		{"matching with an option used twice", matching(3, "AAB", false), matched("A", "A", "B"), exam.Right},
		{"yes/no right", series(true, false, true), judged("yes", "no", "yes"), exam.Right},
		{"yes/no one wrong", series(true, false, true), judged("yes", "yes", "yes"), exam.Wrong},
		{"don't know single", choice(exam.Single, 4, "C"), dontKnow, exam.DontKnow},
		{"don't know ordering", ordering(3), dontKnow, exam.DontKnow},
	}
	for _, c := range cases {
		got, err := grade.Grade(c.q, c.answer)
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestGradeRefusesMalformedAnswersWithWordsForTheLearner(t *testing.T) {
	single, multiple := choice(exam.Single, 4, "C"), choice(exam.Multiple, 5, "BD")
	cases := []struct {
		name   string
		q      *exam.Question
		answer exam.Answer
		want   string
	}{
		{"blank single", single, exam.Answer{}, "Choose exactly one option."},
		{"two for a single", single, selected("AC"), "Choose exactly one option."},
		{"unknown option", single, selected("Z"), `Option "Z" is not one of this question's options. Reload the page and try again.`},
		{"empty option", single, exam.Answer{Selected: []exam.OptionID{""}}, `Option "" is not one of this question's options. Reload the page and try again.`},
		{"too few", multiple, selected("B"), "Choose exactly two options."},
		{"too many", multiple, selected("ABD"), "Choose exactly two options."},
		{"the same twice", multiple, selected("BB"), "Option B is used twice; use each option at most once."},
		{"blank all that apply", allThatApply(4, "AB"), exam.Answer{}, "Choose every option that applies; at least one does."},
		{"half an order", ordering(4), ordered("AB"), "Put all four options in order."},
		{"blank order", ordering(4), exam.Answer{}, "Put all four options in order."},
		{"an order with a repeat", ordering(3), ordered("AAB"), "Option A is used twice; use each option at most once."},
		{"an order with a stranger", ordering(3), ordered("ABX"), `Option "X" is not one of this question's options. Reload the page and try again.`},
		{"one row open", matching(4, "CAD", true), matched("C", "", "D"), "Match every row; one is still open."},
		{"rows missing", matching(4, "CAD", true), matched("C"), "Match every row; two are still open."},
		{"one-to-one used twice", matching(4, "CAD", true), matched("C", "C", "D"), "Option C is used twice; use each option at most once."},
		{"too many rows", matching(4, "CA", true), matched("C", "A", "D"), "This question has two rows to match, and the answer has more. Reload the page and try again."},
		{"a statement open", series(true, false), judged("yes", ""), "Answer every statement with yes or no; one is still open."},
		{"no verdicts", series(true, false), exam.Answer{}, "Answer every statement with yes or no; two are still open."},
		{"a strange verdict", series(true, false), judged("yes", "maybe"), "Answer each statement with yes or no."},
		{"too many verdicts", series(true, false), judged("yes", "no", "no"), "This question has two statements, and the answer has more. Reload the page and try again."},
		{"wrong shape", single, judged("yes"), "That answer belongs to another kind of question. Reload the page and try again."},
		{"two shapes", single, exam.Answer{Selected: ids("C"), Order: ids("C")}, "That answer belongs to another kind of question. Reload the page and try again."},
		{"don't know and an answer", single, exam.Answer{Selected: ids("C"), DontKnow: true}, "Either answer or say you don't know yet, not both."},
		{"unknown type", &exam.Question{Type: "essay"}, exam.Answer{}, `This question can't be answered: its type "essay" is not known.`},
	}
	for _, c := range cases {
		outcome, err := grade.Grade(c.q, c.answer)
		if outcome != "" || fault.KindOf(err) != fault.KindInvalid || fault.Message(err) != c.want {
			t.Errorf("%s: %q, %v\nwant %s", c.name, outcome, err, c.want)
		}
	}
}

func TestBlank(t *testing.T) {
	for _, a := range []exam.Answer{{}, matched("", ""), judged("", ""), {Selected: []exam.OptionID{}}} {
		if !grade.Blank(a) {
			t.Errorf("%+v is not called blank", a)
		}
	}
	for _, a := range []exam.Answer{selected("A"), ordered("A"), matched("", "B"), judged("no"), {DontKnow: true}} {
		if grade.Blank(a) {
			t.Errorf("%+v is called blank", a)
		}
	}
}
