package recommend

import (
	"slices"
	"testing"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// small is a catalogue of two live exams, one retired one and a few rules,
// enough to see how rules combine.
func small(t testing.TB, rules ...catalogue.Rule) *catalogue.Catalogue {
	t.Helper()
	english := []catalogue.Language{{Tag: "en"}}
	live := []catalogue.Event{{Status: catalogue.StatusActive}}
	return &catalogue.Catalogue{
		Certifications: []catalogue.Certification{
			{Code: "X", Vendor: exam.AWS, Name: "Ex", Level: catalogue.Associate, Languages: english, Events: live},
			{Code: "Y", Vendor: exam.Azure, Name: "Why", Level: catalogue.Associate, Languages: english, Events: live},
			{Code: "OLD", Vendor: exam.AWS, Name: "Old", Level: catalogue.Associate, Languages: english, Events: []catalogue.Event{
				{Status: catalogue.StatusActive, LastDay: day(2026, 3, 31)},
				{Status: catalogue.StatusRetired, From: day(2026, 4, 1)},
			}},
		},
		Remaps:  []catalogue.Remap{{From: "OLD", To: []catalogue.RemapTarget{{Code: "X"}}, Caveat: "shallower"}},
		Rules:   rules,
		Weights: embedded(t).Weights,
	}
}

func rule(id string, weight float64, match catalogue.Match, factors map[string][]string, supports ...exam.Code) catalogue.Rule {
	return catalogue.Rule{ID: id, Supports: supports, Text: id, Factors: factors, Match: match, Weight: weight}
}

// counted lists the rules in a certification's ledger.
func counted(r Recommendation, code exam.Code) []string {
	var ids []string
	for _, e := range ranked(r, code).Ledger {
		if e.RuleID != "" {
			ids = append(ids, e.RuleID)
		}
	}
	slices.Sort(ids)
	return ids
}

func ranked(r Recommendation, code exam.Code) Choice {
	for _, c := range r.Ranking {
		if c.Code == code {
			return c
		}
	}
	return Choice{}
}

func TestRulesCombine(t *testing.T) {
	const anyOf, allOf = catalogue.MatchAny, catalogue.MatchAll
	both := map[string][]string{role: {"a"}, background: {"b"}}
	tests := []struct {
		name  string
		rules []catalogue.Rule
		said  map[string][]string
		want  []string
	}{
		{"any fires on one factor", []catalogue.Rule{rule("R1", 2, anyOf, both, "X")}, F{role: {"a"}}, []string{"R1"}},
		{"any stays silent on none", []catalogue.Rule{rule("R1", 2, anyOf, both, "X")}, F{role: {"z"}, goal: {"a"}}, nil},
		{"all needs every factor", []catalogue.Rule{rule("R1", 2, allOf, both, "X")}, F{role: {"a"}}, nil},
		{"all fires on every factor", []catalogue.Rule{rule("R1", 2, allOf, both, "X")}, F{role: {"a"}, background: {"b"}}, []string{"R1"}},
		{"no factors is information", []catalogue.Rule{rule("R1", 2, anyOf, nil, "X")}, F{role: {"a"}}, nil},
		{
			"one family: the strongest",
			[]catalogue.Rule{rule("R1", 2, anyOf, F{role: {"a"}}, "X"), rule("R2", 3, anyOf, F{role: {"a"}}, "X")},
			F{role: {"a"}},
			[]string{"R2"},
		},
		{
			"two families add up",
			[]catalogue.Rule{rule("R1", 2, anyOf, F{role: {"a"}}, "X"), rule("R2", 3, anyOf, F{background: {"b"}}, "X")},
			F{role: {"a"}, background: {"b"}},
			[]string{"R1", "R2"},
		},
		{
			"a rule through two families silences an equal one through either",
			[]catalogue.Rule{rule("R1", 3, anyOf, F{role: {"a"}}, "X"), rule("R2", 3, anyOf, both, "X")},
			F{role: {"a"}, background: {"b"}},
			[]string{"R2"},
		},
		{
			"a weaker rule counts through the family that is left",
			[]catalogue.Rule{rule("R1", 3, anyOf, F{role: {"a"}}, "X"), rule("R2", 1, anyOf, both, "X")},
			F{role: {"a"}, background: {"b"}},
			[]string{"R1", "R2"},
		},
		{
			"families are per certification",
			[]catalogue.Rule{rule("R1", 2, anyOf, F{role: {"a"}}, "X"), rule("R2", 3, anyOf, F{role: {"a"}}, "Y")},
			F{role: {"a"}},
			[]string{"R1"},
		},
		{
			"a retired exam's rule counts for what stands in",
			[]catalogue.Rule{rule("R1", 2, anyOf, F{role: {"a"}}, "OLD")},
			F{role: {"a"}},
			[]string{"R1"},
		},
		{
			"the wish for depth gives way to a missing base",
			[]catalogue.Rule{
				rule("R0-AWS-01", 3, anyOf, F{depth: {"deep_theory_and_custom_models"}}, "X"),
				rule("R1-AZ-04", 2, anyOf, F{background: {"non_ml"}}, "Y"),
			},
			F{depth: {"deep_theory_and_custom_models"}, background: {"non_ml"}},
			nil,
		},
		{
			"background overrides industry",
			[]catalogue.Rule{
				rule("R1", 1, anyOf, F{industry: {"retail"}}, "X"),
				rule("R2", 2, anyOf, F{background: {"b"}}, "Y"),
			},
			F{industry: {"retail"}, background: {"b"}},
			nil,
		},
		{
			"industry counts beside a background that agrees",
			[]catalogue.Rule{
				rule("R1", 1, anyOf, F{industry: {"retail"}}, "X"),
				rule("R2", 2, anyOf, F{background: {"b"}}, "X"),
			},
			F{industry: {"retail"}, background: {"b"}},
			[]string{"R1", "R2"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 {
				r := Recommend(small(t, tt.rules...), Situation{Factors: tt.said}, none, today)
				if got := counted(r, "X"); !slices.Equal(got, tt.want) {
					t.Errorf("rules that count for X: %v, want %v", got, tt.want)
				}
				slices.Reverse(tt.rules)
			}
		})
	}
}

func TestConflictCountsZeroForItsValueOnly(t *testing.T) {
	cat := small(
		t,
		rule("R1", 1, catalogue.MatchAny, F{industry: {"finance", "retail"}}, "X"),
		rule("R2", 1, catalogue.MatchAny, F{industry: {"finance"}}, "Y"),
	)
	cat.Conflicts = []catalogue.RuleConflict{{Factor: "industry=finance", Rules: []string{"R1", "R2"}, Resolution: "They disagree.", Void: true}}

	r := Recommend(cat, Situation{Factors: F{industry: {"finance"}}}, none, today)
	if x, y := counted(r, "X"), counted(r, "Y"); x != nil || y != nil {
		t.Errorf("finance alone: X counts %v and Y %v, want none", x, y)
	}
	if r.Lead != nil {
		t.Errorf("finance alone leads with %s, want nothing", r.Lead.Code)
	}
	if len(r.Information) != 2 || r.Information[0].Label != "set aside: They disagree." {
		t.Errorf("information: %+v, want both rules set aside", r.Information)
	}
	r = Recommend(cat, Situation{Factors: F{industry: {"finance", "retail"}}}, none, today)
	if got := counted(r, "X"); !slices.Equal(got, []string{"R1"}) {
		t.Errorf("retail beside finance: X counts %v, want R1", got)
	}
}

func TestRuleAboutACloudCountsHalfForItsOtherExams(t *testing.T) {
	cat := small(t, rule("R1", 3, catalogue.MatchAny, F{currentCloud: {"aws"}, targetCloud: {"aws"}}, "X"))
	cat.Certifications = append(cat.Certifications, catalogue.Certification{
		Code: "X2", Vendor: exam.AWS, Name: "Ex two", Level: catalogue.Associate,
		Languages: []catalogue.Language{{Tag: "en"}}, Events: []catalogue.Event{{Status: catalogue.StatusActive}},
	})
	r := Recommend(cat, Situation{Factors: F{currentCloud: {"aws"}, targetCloud: {"aws"}}}, none, today)
	for code, want := range map[exam.Code]float64{"X": 3, "X2": 1.5, "Y": 0} {
		got := 0.0
		for _, e := range ranked(r, code).Ledger {
			if e.RuleID == "R1" {
				got += e.Weight
			}
		}
		if got != want {
			t.Errorf("%s gets %.2f from the rule, want %.2f", code, got, want)
		}
	}
}
