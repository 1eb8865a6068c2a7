package recommend

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/effort"
	"sextant/internal/exam"
)

func TestExplanations(t *testing.T) {
	cat := embedded(t)
	shown := reportOf(cat, levelled(0.7, 0.4, 0.1))
	shown.Need = map[exam.Code]effort.Need{"AI-103": {Target: 0.8, Hours: 41.6, Low: 23.1, High: 74.9}}
	beyond := reportOf(cat, levelled(0.7, 0.4, 0.1))
	beyond.Need = map[exam.Code]effort.Need{"AI-103": {Target: 0.8, Beyond: true, Hours: 300, Low: 170, High: 540, Best: 0.62}}
	tests := []struct {
		name    string
		in      Situation
		ev      Evidence
		code    exam.Code
		want    string
		against Source
	}{
		{
			"two for, one against", answered(currentCloud, aws, role, "ml_engineer"), none, "MLA-C02",
			"What speaks most for MLA-C02: the cloud you work on (+3), and the role you aim at (+2). Most against it: that it isn't confirmed to take bookings (−0.25).", Lifecycle,
		},
		{
			"nothing against, not measured", answered(currentCloud, azure), none, "AI-103",
			"What speaks most for AI-103: the cloud you work on (+3), and that it can be taken today (+0.25). No line of the score speaks against it; to be considered: that how near you are isn't measured yet.", OurJudgement,
		},
		{
			"nothing against, hours known", answered(currentCloud, azure), shown, "AI-103",
			"What speaks most for AI-103: the cloud you work on (+3), and what your answers show (+0.75). No line of the score speaks against it; to be considered: about 40 hours of study to a chance of 80\u00a0%.", YourAnswers,
		},
		{
			"nothing against, out of study's reach", answered(currentCloud, azure), beyond, "AI-103",
			"What speaks most for AI-103: the cloud you work on (+3), and what your answers show (+0.75). No line of the score speaks against it; to be considered: how far study alone would bring you.", YourAnswers,
		},
		{
			"nothing against, hours not computed", answered(currentCloud, azure), reportOf(cat, levelled(0.7, 0.4, 0.1)), "AI-103",
			"What speaks most for AI-103: the cloud you work on (+3), and what your answers show (+0.75). No line of the score speaks against it; to be considered: that it costs USD 165 and it runs out after a year unless it is renewed.", Lifecycle,
		},
		{
			"one for", answered(targetCloud, "mixed_unknown"), none, "AI-103",
			"One thing speaks for AI-103: that it can be taken today (+0.25). No line of the score speaks against it; to be considered: that how near you are isn't measured yet.", OurJudgement,
		},
		{
			"nothing for", answered(), none, "MLA-C02",
			"Nothing speaks for MLA-C02 yet. Most against it: that it isn't confirmed to take bookings (−0.25).", Lifecycle,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := ranked(Recommend(cat, tt.in, tt.ev, today), tt.code)
			if diff := cmp.Diff(tt.want, c.Explanation); diff != "" {
				t.Error(diff)
			}
			if c.Against.Source != tt.against {
				t.Errorf("against comes from %q, want %q: %+v", c.Against.Source, tt.against, c.Against)
			}
		})
	}
}

func TestConflictsAreShown(t *testing.T) {
	cat := embedded(t)
	tests := []struct {
		name string
		in   Situation
		ev   Evidence
		want []string
	}{
		{"none", answered(currentCloud, aws), none, nil},
		{"financial services", answered(industry, "financial_services"), none, []string{
			"“Financial services”: the comparisons name it for AI-102 and MLS-C01 alike, so it counts for neither. Weigh zero for the pair; decide on employer cloud, then role.",
		}},
		{"two clouds", answered(currentCloud, aws, targetCloud, azure), none, []string{
			"You work on AWS and aim at Azure. Both count as much; where you aim counts for more.",
		}},
		{"the postings disagree", answered(targetCloud, aws).reading(10, map[exam.Platform]int{exam.GCP: 7}), none, []string{
			"You aim at AWS, and 7 of the 10 postings you read name Google Cloud most.",
		}},
		{"depth without a base", answered(depth, "deep_theory_and_custom_models", background, "non_ml"), none, []string{
			"“Wants deeper ML theory, custom model building and broad ML specialisation.” was set aside: Background and prerequisites override industry.",
		}},
		{"first certification, past it", answered(goal, "first_certification"), reportOf(cat, levelled(0.97, 0.8, 0.3)), []string{
			"You said “To get a first certification”, and what you hold or have shown lies above an entry exam: that counts instead.",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Recommend(cat, tt.in, tt.ev, today).Conflicts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSmallestChangeInWords(t *testing.T) {
	cat := embedded(t)
	tests := []struct {
		name string
		in   Situation
		want string
	}{
		{"a target cloud", answered(currentCloud, aws, role, "ml_engineer"), ""},
		{"nothing but a cloud", answered(targetCloud, aws), "If your target employer used Azure, AI-103 would lead."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Recommend(cat, tt.in, none, today)
			if r.Smallest == nil || tt.want != "" && r.Smallest.Text != tt.want {
				t.Errorf("%+v, want %q", r.Smallest, tt.want)
			}
		})
	}
}

// Profiles are kept as JSON. What was written before postings were read, and
// before days were told, reads as it did.
func TestSituationsSurviveJSON(t *testing.T) {
	old := `{"Factors":{"target_role":["ml_engineer"]},"Language":"ja","Held":["AIF-C01"],"Targets":null}`
	var in Situation
	if err := json.Unmarshal([]byte(old), &in); err != nil {
		t.Fatal(err)
	}
	if in.Language != "ja" || !slices.Equal(in.Factors["target_role"], []string{"ml_engineer"}) || in.Market != nil || in.HeldSince != nil {
		t.Errorf("an old profile reads as %+v", in)
	}
	in.Market = &Market{
		Postings: 7, Platforms: map[exam.Platform]int{exam.AWS: 4}, Skills: map[string]int{"mlops": 3}, Services: map[string]int{"amazon-s3": 2},
		Counted: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
	in.HeldSince = map[exam.Code]time.Time{"AIF-C01": day(2025, 5, 1)}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var again Situation
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, again); diff != "" {
		t.Error(diff)
	}
}

// A market of impossible counts says nothing.
func TestAnImpossibleMarketIsSilent(t *testing.T) {
	cat := embedded(t)
	for name, m := range map[string]*Market{
		"none read":          {Platforms: map[exam.Platform]int{exam.AWS: 3}},
		"negative":           {Postings: -4, Platforms: map[exam.Platform]int{exam.AWS: 3}},
		"a negative count":   {Postings: 4, Platforms: map[exam.Platform]int{exam.AWS: -3, exam.Azure: 4}},
		"more than read":     {Postings: 4, Platforms: map[exam.Platform]int{exam.AWS: 5}},
		"no platform":        {Postings: 4},
		"a tie":              {Postings: 4, Platforms: map[exam.Platform]int{exam.AWS: 2, exam.GCP: 2}},
		"an unknown one":     {Postings: 4, Platforms: map[exam.Platform]int{"other": 4}},
		"neutral tools only": {Postings: 4, Platforms: map[exam.Platform]int{exam.Neutral: 4}},
	} {
		r := Recommend(cat, Situation{Language: "en", Market: m}, none, today)
		for _, c := range r.Ranking {
			for _, e := range c.Ledger {
				if e.Source == FromMarket {
					t.Errorf("%s: %s gets %+v", name, c.Code, e)
				}
			}
		}
		if r.Lead != nil {
			t.Errorf("%s: %s leads", name, r.Lead.Code)
		}
	}
}

// The answer names the market where it decides.
func TestTheSentenceIsEnglish(t *testing.T) {
	cat := embedded(t)
	for _, p := range Personas() {
		r := Recommend(cat, p.Situation, p.Evidence(cat), p.On())
		for _, text := range []string{r.Sentence, strings.Join(r.Conflicts, " ")} {
			for _, wrong := range []string{"  ", " ,", "..", ": .", ": ,", "%!"} {
				if strings.Contains(text, wrong) {
					t.Errorf("%s: %q in %q", p.Name, wrong, text)
				}
			}
		}
		if !strings.HasSuffix(r.Sentence, ".") {
			t.Errorf("%s: %q has no end", p.Name, r.Sentence)
		}
	}
}
