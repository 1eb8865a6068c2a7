package recommend

import (
	"slices"
	"testing"

	"sextant/internal/catalogue"
)

// The conditions in this package speak of exams, factors, values and rules that
// live in the catalogue's files. These tests fail when one of them moves.

func TestEveryRemapTargetHasADirection(t *testing.T) {
	cat := embedded(t)
	found := 0
	for _, remap := range cat.Remaps {
		for i, target := range remap.To {
			d, ok := directions[remapKey{remap.From, target.Code}]
			if !ok || i > 0 && len(d.when) == 0 && len(d.languages) == 0 {
				t.Errorf("%s → %s (%q) has no condition", remap.From, target.Code, target.When)
			}
			found++
		}
	}
	if found != len(directions) {
		t.Errorf("%d directions for %d remap targets", len(directions), found)
	}
}

func TestConditionsUseTheCataloguesVocabulary(t *testing.T) {
	cat := embedded(t)
	check := func(where string, factors map[string][]string) {
		for factor, values := range factors {
			i := slices.IndexFunc(cat.Factors, func(f catalogue.Factor) bool { return f.ID == factor })
			if i < 0 {
				t.Errorf("%s: no factor %q", where, factor)
				continue
			}
			for _, v := range values {
				if !slices.ContainsFunc(cat.Factors[i].Values, func(c catalogue.FactorValue) bool { return c.ID == v }) {
					t.Errorf("%s: %s has no value %q", where, factor, v)
				}
			}
		}
	}
	check("technical", technical)
	check("builders", F{role: builders})
	for _, cloud := range clouds {
		check("clouds", F{currentCloud: {cloud}, targetCloud: {cloud}})
	}
	for key, d := range directions {
		for _, c := range d.when {
			check(string(key.from+" → "+key.to), c.any)
			check(string(key.from+" → "+key.to), c.unless)
		}
	}
	check("terms of the score", F{
		depth: {"deep_theory_and_custom_models", "applied_services", "conceptual"},
		goal:  {"first_certification", "ml_specialisation", "research_grade_infrastructure", "differentiate_with_two_clouds"},
	})
	for _, f := range cat.Factors {
		if phrases[f.ID] == "" {
			t.Errorf("no phrase for factor %s", f.ID)
		}
	}
}

func TestOverridesNameRulesAndAConflict(t *testing.T) {
	cat := embedded(t)
	for loser, winner := range overrides {
		for _, id := range []string{loser, winner} {
			if !slices.ContainsFunc(cat.Rules, func(r catalogue.Rule) bool { return r.ID == id }) {
				t.Errorf("no rule %s", id)
			}
		}
		if !slices.ContainsFunc(cat.Conflicts, func(c catalogue.RuleConflict) bool {
			return slices.Contains(c.Rules, loser) && slices.Contains(c.Rules, winner)
		}) {
			t.Errorf("the catalogue knows no conflict of %s and %s", loser, winner)
		}
	}
}
