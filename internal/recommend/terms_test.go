package recommend

import (
	"strings"
	"testing"

	"sextant/internal/exam"
)

// lineWith is the weight of the first line of an exam's ledger that has the words,
// and whether there is one.
func lineWith(r Recommendation, code exam.Code, words string) (float64, bool) {
	for _, e := range ranked(r, code).Ledger {
		if strings.Contains(e.Text, words) {
			return e.Weight, true
		}
	}
	return 0, false
}

func TestAnExamThatAsksForAnotherLosesUntilThatIsHeld(t *testing.T) {
	cat := embedded(t)
	in := Situation{Language: "en", Factors: F{currentCloud: {"azure_microsoft"}, role: {"solution_architect"}}}
	if got, found := lineWith(Recommend(cat, in, none, today), "AI-500", "It asks for AI-103"); !found || got != cat.Weights.Depth.PrerequisiteOpen {
		t.Errorf("AI-500 without AI-103: line %v with %v, want %v", found, got, cat.Weights.Depth.PrerequisiteOpen)
	}
	in.Held = []exam.Code{"AI-103"}
	if _, found := lineWith(Recommend(cat, in, none, today), "AI-500", "It asks for"); found {
		t.Error("AI-500 loses for AI-103, which is held")
	}
}

func TestAnExamOffTheSubjectLoses(t *testing.T) {
	cat := embedded(t)
	for role1, want := range map[string]bool{"ai_engineer": true, "data_engineer": false} {
		in := Situation{Language: "en", Factors: F{currentCloud: {"aws"}, role: {role1}}}
		got, found := lineWith(Recommend(cat, in, none, today), "DEA-C01", "nothing you said points there")
		if found != want || found && got != cat.Weights.Judgement.OffSubject {
			t.Errorf("%s: DEA-C01 is off the subject: %v (%v), want %v", role1, found, got, want)
		}
	}
}

func TestACloudSpeaksForItsEntryExamOnlyWhereOneIsAskedFor(t *testing.T) {
	cat := embedded(t)
	for _, tt := range []struct {
		factors F
		want    bool
	}{
		{F{currentCloud: {"aws"}}, false},
		{F{currentCloud: {"aws"}, ready: {"python_api_cloud"}}, false},
		{F{currentCloud: {"aws"}, ready: {"little_technical"}}, true},
		{F{currentCloud: {"aws"}, role: {"business_leader"}}, true},
	} {
		if _, found := lineWith(Recommend(cat, Situation{Language: "en", Factors: tt.factors}, none, today), "AIF-C01", "“AWS”"); found != tt.want {
			t.Errorf("%v: the cloud speaks for AIF-C01: %v, want %v", tt.factors, found, tt.want)
		}
	}
}
