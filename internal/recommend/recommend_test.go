package recommend

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/questions"
)

// F abbreviates the factors of a situation.
type F = map[string][]string

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

var (
	today = day(2026, 11, 22)
	none  Evidence
)

func embedded(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// reportOf measures every exam with 24 answers and the pass probability that p
// gives it.
func reportOf(c *catalogue.Catalogue, p func(*catalogue.Certification) float64) Evidence {
	const n = 24
	r := readiness.Report{Answers: n}
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		pass := p(cert)
		r.Exams = append(r.Exams, readiness.ExamReport{
			Code: cert.Code, Offered: true, Answers: n,
			PassRaw: pass, Pass: min(max(pass, 0.05), 0.95), Start: startOf(cert), Verdict: verdictOf(pass), CutPercent: 70,
		})
	}
	return Evidence{Report: r}
}

// startOf is about what the model assumes of a pass before any answer.
func startOf(c *catalogue.Certification) float64 {
	return []float64{entryTier: 0.59, associateTier: 0.23, topTier: 0.065}[tier(c.Level)]
}

func verdictOf(p float64) readiness.Verdict {
	switch {
	case p < 0.2:
		return readiness.NotYet
	case p < 0.5:
		return readiness.GettingThere
	case p <= 0.8:
		return readiness.Likely
	}
	return readiness.Ready
}

// strongIn is a learner who answers everything about one cloud right and the
// rest wrong; entry exams are easier, professional ones harder.
func strongIn(vendor exam.Platform) func(*catalogue.Certification) float64 {
	return func(c *catalogue.Certification) float64 {
		p := []float64{entryTier: 0.3, associateTier: 0.15, topTier: 0.04}
		if c.Vendor == vendor {
			p = []float64{entryTier: 0.95, associateTier: 0.8, topTier: 0.6}
		}
		return p[tier(c.Level)]
	}
}

// levelled is a learner equally far on all clouds.
func levelled(entry, associate, top float64) func(*catalogue.Certification) float64 {
	return func(c *catalogue.Certification) float64 {
		return []float64{entryTier: entry, associateTier: associate, topTier: top}[tier(c.Level)]
	}
}

func code(c *Choice) exam.Code {
	if c == nil {
		return ""
	}
	return c.Code
}

func then(f *Follow) exam.Code {
	if f == nil {
		return ""
	}
	return f.Code
}

func TestSituationsLeadWhereTheRulesSay(t *testing.T) {
	cat := embedded(t)
	tests := []struct {
		name     string
		factors  F
		language string
		held     []exam.Code
		lead     exam.Code
		mode     Mode
		then     exam.Code
	}{
		{name: "ML engineer on AWS", factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}, language: "en", lead: "MLA-C02", mode: PrepareFor, then: "PMLE"},
		{name: "the same in Japanese", factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}, language: "ja", lead: "MLA-C01", mode: Take, then: "PMLE"},
		{name: "the same in Korean", factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}, language: "ko", lead: "MLA-C01", mode: Take},
		{name: "the same in Simplified Chinese", factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}, language: "zh-Hans", lead: "MLA-C01", mode: Take},
		{name: "data engineer on AWS", factors: F{currentCloud: {"aws"}, role: {"data_engineer"}}, language: "en", lead: "DEA-C01", mode: Take, then: "PDE"},
		{name: "data engineer on Google", factors: F{targetCloud: {"google_cloud"}, role: {"data_engineer"}}, language: "en", lead: "PDE", mode: Take, then: "DEA-C01"},
		{name: "data engineer anywhere", factors: F{role: {"data_engineer"}}, language: "en", lead: "DEA-C01", mode: Take, then: "PDE"},
		{name: "MLOps on Azure", factors: F{targetCloud: {"azure_microsoft"}, role: {"mlops_engineer"}}, language: "en", lead: "AI-300", mode: Take},
		{name: "MLOps anywhere: the comparison names AWS", factors: F{role: {"mlops_engineer"}}, language: "en", lead: "MLA-C02", mode: PrepareFor},
		{name: "MLOps on AWS", factors: F{currentCloud: {"aws"}, role: {"mlops_engineer"}}, language: "en", lead: "MLA-C02", mode: PrepareFor},
		{name: "AI engineer on Azure", factors: F{currentCloud: {"azure_microsoft"}, role: {"ai_engineer"}, depth: {"applied_services"}}, language: "en", lead: "AI-103", mode: Take, then: "MLA-C02"},
		{name: "Microsoft shop, nothing else said", factors: F{stack: {"microsoft_365_entra_teams"}}, language: "en", lead: "AI-103", mode: Take, then: "MLA-C02"},
		{name: "little technical on Azure", factors: F{currentCloud: {"azure_microsoft"}, ready: {"little_technical"}}, language: "en", lead: "AI-901", mode: Take, then: "AI-103"},
		{name: "little technical on AWS", factors: F{currentCloud: {"aws"}, ready: {"little_technical"}}, language: "en", lead: "AIF-C01", mode: Take, then: "MLA-C02"},
		{name: "concepts only, on AWS", factors: F{currentCloud: {"aws"}, ready: {"little_technical"}, depth: {"conceptual"}}, language: "en", lead: "AIF-C01", mode: Take, then: "AI-901"},
		{name: "no base but wants depth", factors: F{currentCloud: {"aws"}, background: {"non_ml"}, depth: {"deep_theory_and_custom_models"}}, language: "en", lead: "AIF-C01", mode: Take, then: "MLA-C02"},
		{name: "business leader on Google", factors: F{currentCloud: {"google_cloud"}, role: {"business_leader"}}, language: "en", lead: "GAIL", mode: Take},
		{name: "research on Google", factors: F{goal: {"research_grade_infrastructure"}, targetCloud: {"google_cloud"}}, language: "en", lead: "PMLE", mode: Take, then: "MLA-C02"},
		{name: "practical AI on AWS", factors: F{goal: {"fast_practical_ai"}, targetCloud: {"aws"}, role: {"ai_engineer"}, ready: {"python_api_cloud"}}, language: "en", lead: "AIP-C01", mode: Take, then: "PMLE"},
		{name: "a holder of AI-103 who wants two clouds", factors: F{goal: {"differentiate_with_two_clouds"}, ready: {"python_api_cloud"}}, language: "en", held: []exam.Code{"AI-103"}, lead: "AIP-C01", mode: Take, then: "PMLE"},
		{name: "a holder of PMLE on Google", factors: F{currentCloud: {"google_cloud"}, role: {"data_engineer"}}, language: "en", held: []exam.Code{"PMLE"}, lead: "PDE", mode: Take, then: "DEA-C01"},
		{name: "financial services alone decide nothing", factors: F{industry: {"financial_services"}}, language: "en"},
		{name: "nothing said", factors: nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Recommend(cat, Situation{Factors: tt.factors, Language: tt.language, Held: tt.held}, none, today)
			if got := code(r.Lead); got != tt.lead {
				t.Fatalf("leads with %q, want %q\n%s", got, tt.lead, r.Sentence)
			}
			if tt.lead != "" && r.Lead.Mode != tt.mode {
				t.Errorf("mode %s, want %s", r.Lead.Mode, tt.mode)
			}
			if tt.then != "" && then(r.Then) != tt.then {
				t.Errorf("then %q, want %q", then(r.Then), tt.then)
			}
		})
	}
}

func TestMovedClock(t *testing.T) {
	cat := embedded(t)
	in := Situation{Language: "en", Factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}, depth: {"deep_theory_and_custom_models"}}}
	has := func(r Recommendation, c exam.Code) bool { return ranked(r, c).Code == c }

	for _, on := range []time.Time{day(2026, 3, 30), day(2026, 3, 31)} {
		r := Recommend(cat, in, none, on)
		if !has(r, "MLS-C01") {
			t.Errorf("%s: MLS-C01 can be taken and isn't ranked", on.Format(time.DateOnly))
		}
		if code(r.Lead) == "MLS-C01" {
			t.Errorf("%s: leads with an exam that ends within two days", on.Format(time.DateOnly))
		}
	}
	r := Recommend(cat, in, none, day(2026, 4, 1))
	if has(r, "MLS-C01") {
		t.Error("MLS-C01 is ranked on the day after its last")
	}
	if code(r.Lead) != "MLA-C01" {
		t.Errorf("in April 2026 %q leads, want MLA-C01, which MLA-C02 hasn't replaced yet", code(r.Lead))
	}
	for _, on := range []time.Time{today, day(2027, 2, 1)} {
		r := Recommend(cat, in, none, on)
		if code(r.Lead) != "MLA-C02" || has(r, "MLA-C01") {
			t.Errorf("%s: leads with %q, MLA-C01 ranked: %v", on.Format(time.DateOnly), code(r.Lead), has(r, "MLA-C01"))
		}
	}
}

func TestRetiredExamNamesWhatStandsIn(t *testing.T) {
	cat := embedded(t)
	in := Situation{
		Language: "en",
		Factors:  F{currentCloud: {"aws"}, role: {"data_engineer"}},
		Targets:  []exam.Code{"AI-102"},
	}
	r := Recommend(cat, in, none, today)
	notes := map[exam.Code]RetiredNote{}
	for _, n := range r.Retired {
		notes[n.Code] = n
	}
	mls := notes["MLS-C01"]
	if mls.LastDay != day(2026, 3, 31) || mls.Successor != "" || !strings.Contains(mls.Caveat, "no current AWS exam") {
		t.Errorf("MLS-C01: %+v", mls)
	}
	var fits []exam.Code
	for _, d := range mls.Directions {
		if d.Fits {
			fits = append(fits, d.Code)
		}
	}
	if !slices.Equal(fits, []exam.Code{"DEA-C01"}) {
		t.Errorf("directions that fit a data engineer: %v, want DEA-C01", fits)
	}
	ai := notes["AI-102"]
	if ai.Successor != "AI-103" || ai.SuccessorAvailability != catalogue.Yes || !ai.Targeted || ai.LastDay != day(2026, 6, 30) {
		t.Errorf("AI-102: %+v", ai)
	}
	if got := ranked(r, "AI-103").Ledger; !slices.ContainsFunc(got, func(e Entry) bool { return e.Weight == 2 && e.Source == YouSaid }) {
		t.Errorf("a retired target does nothing for its successor: %+v", got)
	}
	for _, e := range r.Lead.Ledger {
		if e.RuleID == "R1-AWS-02" && e.Via != "MLS-C01" {
			t.Errorf("the entry doesn't say that the rule names MLS-C01: %+v", e)
		}
	}
}

func TestBetaLeadsBesideAConfirmedExam(t *testing.T) {
	r := Recommend(embedded(t), Situation{Language: "en", Factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}}, none, today)
	if r.Lead.Availability != catalogue.Unconfirmed || r.Lead.Mode != PrepareFor {
		t.Fatalf("lead: %+v", r.Lead)
	}
	if r.Beside == nil || r.Beside.Availability != catalogue.Yes {
		t.Fatalf("beside: %+v", r.Beside)
	}
	for _, c := range r.Ranking {
		if c.Availability == catalogue.Yes && c.Score > r.Beside.Score {
			t.Errorf("%s is confirmed and fits better than %s", c.Code, r.Beside.Code)
		}
	}
	if !strings.HasPrefix(r.Sentence, "Prepare for MLA-C02: ") || !strings.Contains(r.Sentence, string(r.Beside.Code)) {
		t.Errorf("sentence: %s", r.Sentence)
	}
}

func TestOppositeStrengthsLeadApart(t *testing.T) {
	cat := embedded(t)
	in := Situation{Language: "en", Factors: F{role: {"undecided"}, targetCloud: {"mixed_unknown"}}}
	leads := map[exam.Platform]*Choice{}
	for _, v := range []exam.Platform{exam.AWS, exam.Azure} {
		r := Recommend(cat, in, reportOf(cat, strongIn(v)), today)
		if r.Lead == nil || r.Lead.Vendor != v {
			t.Fatalf("strong on %s: leads with %q", v, code(r.Lead))
		}
		leads[v] = r.Lead
		i := slices.IndexFunc(r.Lead.Ledger, func(e Entry) bool { return e.Source == YourAnswers })
		if i < 0 || r.Lead.Ledger[i].Weight <= 0 {
			t.Errorf("strong on %s: the ledger doesn't credit the answers: %+v", v, r.Lead.Ledger)
		}
		if tier(r.Lead.Level) == entryTier {
			t.Errorf("strong on %s: sent to the entry exam %s", v, r.Lead.Code)
		}
	}
	if leads[exam.AWS].Code == leads[exam.Azure].Code {
		t.Errorf("both lead with %s", leads[exam.AWS].Code)
	}
}

func TestEmployersCloudIsNotSwamped(t *testing.T) {
	cat := embedded(t)
	in := Situation{Language: "en", Factors: F{currentCloud: {"azure_microsoft"}}}
	r := Recommend(cat, in, reportOf(cat, strongIn(exam.AWS)), today)
	if r.Lead.Vendor != exam.Azure {
		t.Errorf("leads with %s against the employer's cloud", r.Lead.Code)
	}
}

func TestLevelFits(t *testing.T) {
	cat := embedded(t)
	pmle := F{targetCloud: {"google_cloud"}, goal: {"research_grade_infrastructure"}, industry: {"ai_first_company"}, background: {"ml_experiments"}, role: {"ml_engineer"}}
	tests := []struct {
		name    string
		factors F
		pass    func(*catalogue.Certification) float64
		ok      func(c *Choice) bool
	}{
		{"likely at associate: no entry exam", F{role: {"undecided"}}, levelled(0.97, 0.55, 0.1), func(c *Choice) bool { return tier(c.Level) == associateTier }},
		{"likely at associate on the employer's cloud: no entry exam", F{currentCloud: {"aws"}}, levelled(0.97, 0.6, 0.1), func(c *Choice) bool { return c.Code == "MLA-C02" }},
		{"likely at associate, but asks for concepts", F{role: {"business_leader"}, currentCloud: {"google_cloud"}}, levelled(0.97, 0.6, 0.1), func(c *Choice) bool { return c.Code == "GAIL" }},
		{"no professional exam at 5 %", pmle, levelled(0.4, 0.12, 0.05), func(c *Choice) bool { return tier(c.Level) != topTier }},
		{"a professional exam within reach", pmle, levelled(0.9, 0.7, 0.5), func(c *Choice) bool { return c.Code == "PMLE" }},
		{"not yet, and no technical word: the entry exam first", F{currentCloud: {"aws"}}, levelled(0.4, 0.08, 0.03), func(c *Choice) bool { return c.Code == "AIF-C01" }},
		{"not yet, but a technical base: the associate exam", F{currentCloud: {"aws"}, background: {"data_science_statistics"}}, levelled(0.4, 0.08, 0.03), func(c *Choice) bool { return c.Code == "MLA-C02" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Recommend(cat, Situation{Language: "en", Factors: tt.factors}, reportOf(cat, tt.pass), today)
			if !tt.ok(r.Lead) {
				t.Errorf("leads with %s (%.2f): %+v", r.Lead.Code, r.Lead.Score, r.Lead.Ledger)
			}
		})
	}
}

func TestUnmeasuredExamsAreLabelled(t *testing.T) {
	cat := embedded(t)
	report := reportOf(cat, levelled(0.6, 0.6, 0.6))
	for i := range report.Report.Exams {
		switch report.Report.Exams[i].Code {
		case "AI-103":
			report.Report.Exams[i].Offered = false
		case "AI-200":
			report.Report.Exams[i].Answers, report.Report.Exams[i].Verdict = 2, readiness.TooEarly
		}
	}
	r := Recommend(cat, Situation{Language: "en", Factors: F{currentCloud: {"azure_microsoft"}}}, report, today)
	for code, want := range map[exam.Code]string{"AI-103": "Not enough questions", "AI-200": "Too early to say from 2 answers"} {
		c := ranked(r, code)
		labelled := slices.ContainsFunc(c.Ledger, func(e Entry) bool { return strings.Contains(e.Text, want) && e.Weight == 0 })
		if c.Measured || c.Pass != 0 || c.Verdict != "" || !labelled {
			t.Errorf("%s: measured %v, pass %v, ledger %+v", code, c.Measured, c.Pass, c.Ledger)
		}
	}
}

func TestHeldExamsAreLeftOutAndTheSequenceGoesOn(t *testing.T) {
	cat := embedded(t)
	in := Situation{Language: "en", Held: []exam.Code{"AI-103", "MLA-C01", "NO-SUCH"}, Factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}}
	r := Recommend(cat, in, none, today)
	if ranked(r, "AI-103").Code != "" {
		t.Error("AI-103 is held and ranked")
	}
	mla := ranked(r, "MLA-C02")
	if !slices.ContainsFunc(mla.Ledger, func(e Entry) bool { return e.Weight == -3 && strings.Contains(e.Text, "MLA-C01") }) {
		t.Errorf("MLA-C02 gives the credential held through MLA-C01, and its ledger doesn't say so: %+v", mla.Ledger)
	}
	if then(r.Then) == "MLA-C02" {
		t.Error("the second certification is one that is held already")
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "NO-SUCH") }) {
		t.Errorf("notes don't name the unknown exam: %v", r.Notes)
	}
}

func TestLanguageWithoutTheExamIsExplained(t *testing.T) {
	r := Recommend(embedded(t), Situation{Language: "fr", Factors: F{currentCloud: {"aws"}, role: {"ml_engineer"}}}, none, today)
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "MLA-C02") && strings.Contains(n, "French") }) {
		t.Errorf("notes: %v", r.Notes)
	}
}

func TestProvidersClaimsAreInformationOnly(t *testing.T) {
	r := Recommend(embedded(t), Situation{Language: "en", Factors: F{currentCloud: {"aws"}, targetCloud: {"mixed_unknown"}}}, none, today)
	labels := map[string]string{}
	for _, i := range r.Information {
		labels[i.RuleID] = i.Label
	}
	if labels["R1-AWS-04"] != "a provider's claim, not evidence" || labels["R0-GEN-01"] != "method" {
		t.Errorf("information: %v", labels)
	}
	for _, c := range r.Ranking {
		if slices.Contains(counted(r, c.Code), "R1-AWS-04") {
			t.Errorf("%s counts a claim", c.Code)
		}
	}
}

func TestChangesHold(t *testing.T) {
	cat := embedded(t)
	in := Situation{Language: "en", Factors: F{targetCloud: {"azure_microsoft"}, role: {"mlops_engineer"}}}
	r := Recommend(cat, in, none, today)
	want := "Without your answer to “Which role do you want to work in?”, AI-103 would come first."
	if !slices.Contains(r.Lead.Changes, want) {
		t.Fatalf("changes: %q", r.Lead.Changes)
	}
	in.Factors = F{targetCloud: {"azure_microsoft"}}
	if got := code(Recommend(cat, in, none, today).Lead); got != "AI-103" {
		t.Errorf("without the role %s comes first, not AI-103 as was said", got)
	}
	for _, c := range r.Ranking {
		if len(c.Changes) == 0 {
			t.Errorf("%s: nothing says what would change its place", c.Code)
		}
	}
}

func TestStudyFirst(t *testing.T) {
	cat := embedded(t)
	report := reportOf(cat, levelled(0.5, 0.5, 0.5))
	for i := range report.Report.Exams {
		e := &report.Report.Exams[i]
		if e.Code != "AI-103" {
			continue
		}
		e.Domains = []readiness.DomainReport{
			{ID: "1", Name: "Far below, light", Weight: 0.1, Shown: true, Interval: readiness.Interval{Estimate: 50, Low: 45, High: 55}},
			{ID: "2", Name: "Below, heavy", Weight: 0.4, Shown: true, Interval: readiness.Interval{Estimate: 60, Low: 55, High: 65}},
			{ID: "3", Name: "On the cut, uncertain", Weight: 0.3, Shown: true, Interval: readiness.Interval{Estimate: 70, Low: 45, High: 95}},
			{ID: "4", Name: "Above", Weight: 0.1, Shown: true, Interval: readiness.Interval{Estimate: 90, Low: 85, High: 95}},
			{ID: "5", Name: "Not shown", Weight: 0.1},
		}
	}
	r := Recommend(cat, Situation{Language: "en"}, report, today)
	var order []exam.DomainID
	for _, d := range ranked(r, "AI-103").StudyFirst {
		order = append(order, d.Domain)
		if len(d.Links) == 0 {
			t.Errorf("domain %s has no link", d.Domain)
		}
	}
	// 0.4·10 = 4; 0.1·20 = 2; 0.3·15.2·φ(0) = 1.82
	if !slices.Equal(order, []exam.DomainID{"2", "1", "3"}) {
		t.Errorf("order %v, want 2, 1, 3", order)
	}
	heaviest := ranked(r, "PMLE").StudyFirst
	cert, _ := cat.Certification("PMLE")
	for _, d := range cert.Domains {
		first, _ := cert.Domain(heaviest[0].Domain)
		if d.Weight > first.Weight {
			t.Errorf("nothing of PMLE is measured, and %s (%.2f) comes after %s (%.2f)", d.Name, d.Weight, first.Name, first.Weight)
		}
	}
}

func TestShortfall(t *testing.T) {
	// For T ~ N(m, s²): E[max(0, c − T)] = s·φ(0) = 0.3989·s at m = c.
	tests := []struct {
		i    readiness.Interval
		want float64
	}{
		{readiness.Interval{Estimate: 70, Low: 70 - 10*z90, High: 70 + 10*z90}, 3.98942},
		{readiness.Interval{Estimate: 60, Low: 60, High: 60}, 10},
		{readiness.Interval{Estimate: 80, Low: 80, High: 80}, 0},
		{readiness.Interval{Estimate: 60, Low: 60 - 10*z90, High: 60 + 10*z90}, 10.83315},
	}
	for _, tt := range tests {
		if got := shortfall(tt.i, 70); got < tt.want-1e-5 || got > tt.want+1e-5 {
			t.Errorf("shortfall(%v) = %.6f, want %.5f", tt.i, got, tt.want)
		}
	}
}

func TestWithoutACatalogue(t *testing.T) {
	r := Recommend(nil, Situation{Factors: F{role: {"ml_engineer"}}, Held: []exam.Code{"X"}}, none, time.Time{})
	if r.Lead != nil || len(r.Ranking) != 0 || r.Sentence == "" {
		t.Errorf("%+v", r)
	}
}
