package bank_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

func TestSummaryHasEveryPlatformTypeLevelExamAndDomain(t *testing.T) {
	cat := repository(t)
	data, err := json.Marshal(bank.Summarise(bank.New("b", nil), cat))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for k := range got {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if diff := cmp.Diff([]string{"by_certification", "by_difficulty", "by_platform", "by_skill", "by_type", "questions"}, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	zero := func(keys ...string) map[string]any {
		m := map[string]any{}
		for _, k := range keys {
			m[k] = 0.0
		}
		return m
	}
	if diff := cmp.Diff(zero("aws", "azure", "gcp", "neutral"), got["by_platform"]); diff != "" {
		t.Errorf("platforms:\n%s", diff)
	}
	if diff := cmp.Diff(zero("single", "multiple", "ordering", "matching", "yes_no"), got["by_type"]); diff != "" {
		t.Errorf("types:\n%s", diff)
	}
	if diff := cmp.Diff(zero("1", "2", "3", "4", "5"), got["by_difficulty"]); diff != "" {
		t.Errorf("difficulties:\n%s", diff)
	}
	want := map[string]any{}
	for _, c := range cat.Certifications {
		var ids []string
		for _, d := range c.Domains {
			ids = append(ids, string(d.ID))
		}
		want[string(c.Code)] = map[string]any{"eligible": 0.0, "domains": zero(ids...)}
	}
	if diff := cmp.Diff(want, got["by_certification"]); diff != "" {
		t.Errorf("certifications:\n%s", diff)
	}
	if skills := got["by_skill"].(map[string]any); len(skills) != len(cat.Skills) {
		t.Errorf("%d skills, want %d", len(skills), len(cat.Skills))
	}
}

func TestSummaryCountsWhatServesEachDomain(t *testing.T) {
	cat := repository(t)
	stats := bank.Summarise(many(5, func(i int, q *exam.Question) { q.Difficulty = i%5 + 1 }), cat)
	if stats.Questions != 5 || stats.ByPlatform[exam.AWS] != 5 || stats.BySkill["model-training"] != 5 || stats.ByType[exam.Single] != 5 || stats.ByDifficulty["3"] != 1 {
		t.Errorf("counts: %+v", stats)
	}
	for code, served := range stats.ByCertification {
		sum := 0
		for _, n := range served.Domains {
			sum += n
		}
		if sum != served.Eligible {
			t.Errorf("%s: domains sum to %d, eligible %d", code, sum, served.Eligible)
		}
	}
	if mla := stats.ByCertification["MLA-C02"]; mla.Eligible != 5 || mla.Domains["2"] != 5 {
		t.Errorf("MLA-C02: %+v", mla)
	}
	if dp := stats.ByCertification["DP-100"]; dp.Eligible != 0 {
		t.Errorf("an AWS question serves DP-100: %+v", dp)
	}
}
