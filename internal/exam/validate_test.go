package exam_test

import (
	"math"
	"strings"
	"testing"

	"sextant/internal/exam"
)

func options(texts ...string) []exam.Option {
	var opts []exam.Option
	for i, text := range texts {
		opts = append(opts, exam.Option{ID: exam.OptionID(rune('A' + i)), Text: text, Rationale: "because " + text})
	}
	return opts
}

func keyed(opts []exam.Option, keys ...int) []exam.Option {
	for _, k := range keys {
		opts[k].Key = true
	}
	return opts
}

func placed(opts []exam.Option) []exam.Option {
	for i := range opts {
		opts[i].Place = i + 1
	}
	return opts
}

func prompts(matches ...exam.OptionID) []exam.Prompt {
	var list []exam.Prompt
	for _, m := range matches {
		list = append(list, exam.Prompt{Text: "prompt for " + string(m), Match: m, Rationale: "it fits"})
	}
	return list
}

func sample(t exam.Type) *exam.Question {
	q := &exam.Question{ID: "aws-sample-01", Type: t, Platform: exam.AWS, Skill: "feature-engineering", Difficulty: 2, Ask: "Which one?"}
	switch t {
	case exam.Single:
		q.Options = keyed(options("a", "b", "c", "d"), 1)
	case exam.Multiple:
		q.Options, q.Choose = keyed(options("a", "b", "c", "d", "e"), 0, 3), 2
	case exam.Ordering:
		q.Options = placed(options("a", "b", "c", "d"))
	case exam.Matching:
		q.Options, q.Prompts, q.OneToOne = options("a", "b", "c", "d"), prompts("A", "C", "D"), true
	case exam.YesNo:
		q.Statements = []exam.Statement{{Text: "s", Yes: true, Rationale: "r"}, {Text: "t", Rationale: "r"}, {Text: "u", Rationale: "r"}}
	}
	return q
}

func TestValidSamplesHaveNoProblems(t *testing.T) {
	for _, typ := range exam.Types() {
		if problems := sample(typ).Validate(); len(problems) > 0 {
			t.Errorf("%s: %v", typ, problems)
		}
	}
	all := sample(exam.Multiple)
	all.Choose = 0
	if problems := all.Validate(); len(problems) > 0 {
		t.Errorf("select all that apply: %v", problems)
	}
}

func TestValidateNamesTheFieldAndTheRemedy(t *testing.T) {
	cases := []struct {
		name    string
		typ     exam.Type
		change  func(q *exam.Question)
		field   string
		message string // a part of it
	}{
		{"id", exam.Single, func(q *exam.Question) { q.ID = "AF 17" }, "id", "3 to 80 lower-case"},
		{"id too short", exam.Single, func(q *exam.Question) { q.ID = "ab" }, "id", "3 to 80"},
		{"platform", exam.Single, func(q *exam.Question) { q.Platform = "oracle" }, "platform", `"oracle" is not a platform`},
		{"difficulty high", exam.Single, func(q *exam.Question) { q.Difficulty = 6 }, "difficulty", "1 (recall"},
		{"ask", exam.Single, func(q *exam.Question) { q.Ask = "" }, "ask", "closes on"},
		{"type", exam.Single, func(q *exam.Question) { q.Type = "essay" }, "type", `"essay" is not an item type`},
		{"no key", exam.Single, func(q *exam.Question) { q.Options[1].Key = false }, "options", "mark exactly one option as right; this has 0"},
		{"two keys", exam.Single, func(q *exam.Question) { q.Options[0].Key = true }, "options", "this has 2"},
		{"single with choose", exam.Single, func(q *exam.Question) { q.Choose = 1 }, "choose", "does not belong to type single"},
		{"single with prompts", exam.Single, func(q *exam.Question) { q.Prompts = prompts("A") }, "prompts", "does not belong"},
		{"single with statements", exam.Single, func(q *exam.Question) { q.Statements = make([]exam.Statement, 1) }, "statements", "does not belong"},
		{"single one to one", exam.Single, func(q *exam.Question) { q.OneToOne = true }, "one_to_one", "does not belong"},
		{"single with a place", exam.Single, func(q *exam.Question) { q.Options[0].Place = 1 }, "options[0].place", "does not belong"},
		{"one option", exam.Single, func(q *exam.Question) { q.Options = q.Options[1:2] }, "options", "give 2 to 26 options; this has 1"},
		{"no option text", exam.Single, func(q *exam.Question) { q.Options[2].Text = "" }, "options[2].text", "add the option's text"},
		{"same option twice", exam.Single, func(q *exam.Question) { q.Options[2].Text = "a" }, "options[2].text", "repeats an earlier option"},
		{"same option id twice", exam.Single, func(q *exam.Question) { q.Options[2].ID = "A" }, "options[2].id", "its own id"},
		{"choose disagrees", exam.Multiple, func(q *exam.Question) { q.Choose = 3 }, "choose", "asks for 3 but 2 options"},
		{"choose one", exam.Multiple, func(q *exam.Question) { q.Choose = 1; q.Options[0].Key = false }, "choose", "at least 2"},
		{"choose negative", exam.Multiple, func(q *exam.Question) { q.Choose = -1 }, "choose", "or 0 for all that apply"},
		{"choose everything", exam.Multiple, func(q *exam.Question) { q.Choose = 5; keyed(q.Options, 0, 1, 2, 3, 4) }, "choose", "leave at least one option"},
		{"multiple no key", exam.Multiple, func(q *exam.Question) { q.Choose = 0; q.Options[0].Key = false; q.Options[3].Key = false }, "options", "none is marked"},
		{"ordering with key", exam.Ordering, func(q *exam.Question) { q.Options[1].Key = true }, "options[1].key", "does not belong to type ordering"},
		{"ordering with choose", exam.Ordering, func(q *exam.Question) { q.Choose = 2 }, "choose", "does not belong to type ordering"},
		{"ordering place twice", exam.Ordering, func(q *exam.Question) { q.Options[1].Place = 1 }, "options[1].place", "places 1 to 4"},
		{"ordering place beyond", exam.Ordering, func(q *exam.Question) { q.Options[3].Place = 5 }, "options[3].place", "is 5"},
		{"match unknown", exam.Matching, func(q *exam.Question) { q.Prompts[1].Match = "Z" }, "prompts[1].match", `"Z" is none of`},
		{"match twice", exam.Matching, func(q *exam.Question) { q.Prompts[1].Match = "A" }, "prompts[1].match", "matched twice"},
		{"prompt text", exam.Matching, func(q *exam.Question) { q.Prompts[0].Text = "" }, "prompts[0].text", "add the prompt's text"},
		{"one prompt", exam.Matching, func(q *exam.Question) { q.Prompts = q.Prompts[:1] }, "prompts", "this has 1"},
		{"fewer options than prompts", exam.Matching, func(q *exam.Question) { q.Options = q.Options[:2] }, "options", "at least as many options"},
		{"yes_no with options", exam.YesNo, func(q *exam.Question) { q.Options = options("a", "b") }, "options", "does not belong to type yes_no"},
		{"one statement", exam.YesNo, func(q *exam.Question) { q.Statements = q.Statements[:1] }, "statements", "this has 1"},
		{"statement text", exam.YesNo, func(q *exam.Question) { q.Statements[1].Text = "" }, "statements[1].text", "add the statement's text"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := sample(c.typ)
			c.change(q)
			for _, p := range q.Validate() {
				if p.Field == c.field && strings.Contains(p.Message, c.message) {
					return
				}
			}
			t.Errorf("no problem at %s with %q; got %v", c.field, c.message, q.Validate())
		})
	}
}

// What a question lacks to measure and to teach doesn't keep it from being asked.
func TestGapsNameTheFieldAndTheRemedy(t *testing.T) {
	cases := []struct {
		name    string
		typ     exam.Type
		change  func(q *exam.Question)
		field   string
		message string // a part of it
	}{
		{"platform", exam.Single, func(q *exam.Question) { q.Platform = "" }, "platform", "name the platform"},
		{"skill", exam.Single, func(q *exam.Question) { q.Skill = "" }, "skill", "one primary skill"},
		{"difficulty low", exam.Single, func(q *exam.Question) { q.Difficulty = 0 }, "difficulty", "1 (recall"},
		{"no distractor rationale", exam.Single, func(q *exam.Question) { q.Options[2].Rationale = "" }, "options[2].rationale", "option C: no rationale; say which stated constraint rules it out"},
		{"no key rationale", exam.Single, func(q *exam.Question) { q.Options[1].Rationale = "" }, "options[1].rationale", "option B: no rationale; say why it meets the deciding constraint"},
		{"prompt rationale", exam.Matching, func(q *exam.Question) { q.Prompts[0].Rationale = "" }, "prompts[0].rationale", "say why"},
		{"statement rationale", exam.YesNo, func(q *exam.Question) { q.Statements[1].Rationale = "" }, "statements[1].rationale", "true or false here"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			q := sample(c.typ)
			if gaps := q.Gaps(); len(gaps) > 0 {
				t.Fatalf("the sample has gaps: %v", gaps)
			}
			c.change(q)
			gaps := q.Gaps()
			if len(gaps) != 1 || gaps[0].Field != c.field || !strings.Contains(gaps[0].Message, c.message) {
				t.Errorf("gaps %v, want one at %s with %q", gaps, c.field, c.message)
			}
			if problems := q.Validate(); len(problems) > 0 {
				t.Errorf("it can't be asked: %v", problems)
			}
		})
	}
}

func TestValidateReportsEveryProblemAtOnce(t *testing.T) {
	q := &exam.Question{Type: exam.Single}
	if got := len(q.Validate()); got != 4 {
		t.Errorf("an empty single choice has %d problems, want 4 (id, ask, options twice)", got)
	}
	if got := len(q.Gaps()); got != 3 {
		t.Errorf("an empty single choice has %d gaps, want 3 (platform, skill, difficulty)", got)
	}
}

func TestAProblemNamesItsPart(t *testing.T) {
	for want, p := range map[string]exam.Problem{
		"option C: add its text":                                {Field: "options[2].text", Message: "add the option's text"},
		"option Z: is 30; give each place once":                 {Field: "options[25].place", Message: "is 30; give each place once"},
		"option 27: add its text":                               {Field: "options[26].text", Message: "add the option's text"},
		"option B: no rationale; say why":                       {Field: "options[1].rationale", Message: "option B: no rationale; say why"},
		"prompt 1: add its text":                                {Field: "prompts[0].text", Message: "add the prompt's text"},
		"options: mark exactly one option as right; this has 0": {Field: "options", Message: "mark exactly one option as right; this has 0"},
		"how many to choose: leave at least one option":         {Field: "choose", Message: "leave at least one option"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestGuessChance(t *testing.T) {
	change := func(typ exam.Type, f func(q *exam.Question)) *exam.Question {
		q := sample(typ)
		f(q)
		return q
	}
	keep := func(*exam.Question) {}
	cases := []struct {
		name string
		q    *exam.Question
		want float64
	}{
		{"single of 4", change(exam.Single, keep), 1.0 / 4},
		{"choose 2 of 5", change(exam.Multiple, keep), 1.0 / 10},
		{"choose 3 of 6", change(exam.Multiple, func(q *exam.Question) { q.Options, q.Choose = options("a", "b", "c", "d", "e", "f"), 3 }), 1.0 / 20},
		{"all that apply of 5", change(exam.Multiple, func(q *exam.Question) { q.Choose = 0 }), 1.0 / 31},
		{"ordering of 4", change(exam.Ordering, keep), 1.0 / 24},
		{"one-to-one, 3 prompts of 4 options", change(exam.Matching, keep), 1.0 / 24},
		{"one-to-many, 3 prompts of 4 options", change(exam.Matching, func(q *exam.Question) { q.OneToOne = false }), 1.0 / 64},
		{"yes/no of 3", change(exam.YesNo, keep), 1.0 / 8},
		{"no options", change(exam.Single, func(q *exam.Question) { q.Options = nil }), 0},
		{"all that apply of none", change(exam.Multiple, func(q *exam.Question) { q.Options, q.Choose = nil, 0 }), 0},
		{"more prompts than options", change(exam.Matching, func(q *exam.Question) { q.Options = q.Options[:2] }), 0},
		{"unknown type", &exam.Question{Type: "essay"}, 0},
	}
	for _, c := range cases {
		if got := c.q.GuessChance(); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: chance %v, want %v", c.name, got, c.want)
		}
	}
}

func TestOptionLooksUpById(t *testing.T) {
	q := sample(exam.Single)
	if o, ok := q.Option("C"); !ok || o.Text != "c" {
		t.Errorf("Option(C) = %v, %v", o, ok)
	}
	if _, ok := q.Option("Z"); ok {
		t.Error("Option(Z) found an option that is not there")
	}
}

func TestPlatformsServeTheirVendorAndNeutralServesAll(t *testing.T) {
	for _, vendor := range []exam.Platform{exam.AWS, exam.Azure, exam.GCP} {
		for _, p := range exam.Platforms() {
			want := p == vendor || p == exam.Neutral
			if got := p.Serves(vendor); got != want {
				t.Errorf("%s serves %s: %v, want %v", p, vendor, got, want)
			}
		}
	}
}

func TestLabelsAreForPeople(t *testing.T) {
	for _, p := range exam.Platforms() {
		if p.Label() == "" || p.Label() == string(p) || !p.Valid() {
			t.Errorf("platform %s: label %q, valid %v", p, p.Label(), p.Valid())
		}
	}
	for _, typ := range exam.Types() {
		if typ.Label() == "" || typ.Label() == string(typ) {
			t.Errorf("type %s: label %q", typ, typ.Label())
		}
	}
}
