package recommend

import (
	"slices"
	"strings"
	"testing"

	"sextant/internal/exam"
)

// Every persona is sent where the rules and common sense demand.
func TestPersonas(t *testing.T) {
	cat := embedded(t)
	names := map[string]bool{}
	for _, p := range Personas() {
		t.Run(p.Name, func(t *testing.T) {
			if names[p.Name] || p.Why == "" {
				t.Fatal("a name of its own and a reason are needed")
			}
			names[p.Name] = true
			r := Recommend(cat, p.Situation, p.Evidence(cat), p.On())
			got := code(r.Lead)
			if slices.Contains(p.Never, got) || !slices.Contains(p.First, got) && (got != "" || len(p.First) > 0) {
				t.Errorf("leads with %q, want one of %v and none of %v (%s)\n%s", got, p.First, p.Never, p.Why, top(r))
			}
		})
	}
	if len(names) < 55 {
		t.Errorf("%d personas, want 55 at least", len(names))
	}
}

// top lists the first of a ranking for a failure.
func top(r Recommendation) string {
	var b strings.Builder
	for _, c := range r.Ranking[:min(4, len(r.Ranking))] {
		b.WriteString(string(c.Code) + ": " + c.Explanation + "\n")
		for _, e := range c.Ledger {
			b.WriteString("    " + weighed(e) + " " + e.RuleID + " " + e.Text + "\n")
		}
	}
	return b.String()
}

// Every rule that can fire does for a persona, and counts or is set aside openly.
func TestEveryRuleHasAPersona(t *testing.T) {
	cat := embedded(t)
	fired := map[string]bool{}
	for _, p := range Personas() {
		s := newSubject(cat, p.Situation, p.Evidence(cat).Report, p.On())
		for i := range cat.Rules {
			if f, ok := s.fire(&cat.Rules[i]); ok {
				fired[f.rule.ID] = true
			}
		}
	}
	for _, r := range cat.Rules {
		if !fired[r.ID] && len(r.Factors) > 0 {
			t.Errorf("no persona fires %s: %s", r.ID, r.Text)
		}
	}
}

// For the same role, background and goal, each employer's cloud leads to its own
// exam: no cloud is favoured.
func TestEachCloudLeadsItsOwn(t *testing.T) {
	cat := embedded(t)
	values := func(id string) []string {
		var out []string
		for _, f := range cat.Factors {
			if f.ID != id {
				continue
			}
			for _, v := range f.Values {
				out = append(out, v.ID)
			}
		}
		return append(out, "")
	}
	styles := append(values(workStyle), "")
	for platform, cloud := range clouds {
		for _, employer := range []F{{currentCloud: {cloud}}, {targetCloud: {cloud}}, {currentCloud: {cloud}, targetCloud: {cloud}}} {
			for _, r := range values(role) {
				for _, b := range values(background) {
					for i, g := range values(goal) {
						if g == "research_grade_infrastructure" {
							continue // said of one cloud
						}
						in := Situation{Language: "en", Factors: F{}}
						for f, v := range employer {
							in.Factors[f] = v
						}
						for f, v := range map[string]string{role: r, background: b, goal: g, workStyle: styles[i%len(styles)]} {
							if v != "" {
								in.Factors[f] = []string{v}
							}
						}
						s := newSubject(cat, in, none.Report, today)
						s.quiet = true
						ranked, _ := s.ranking()
						if ranked[0].cert.Vendor != platform {
							t.Errorf("%v leads to %s (%.2f)", in.Factors, ranked[0].cert.Code, ranked[0].score)
						}
					}
				}
			}
		}
	}
}

// Every exam that can or may be taken comes first for somebody.
func TestEveryExamIsReachable(t *testing.T) {
	cat := embedded(t)
	led := map[exam.Code]bool{}
	for _, p := range Personas() {
		r := Recommend(cat, p.Situation, p.Evidence(cat), p.On())
		led[code(r.Lead)] = true
	}
	s := newSubject(cat, Situation{Language: "en"}, none.Report, today)
	for _, c := range s.eligible {
		if !led[c.Code] && c.Code != "AIB-C01" {
			t.Errorf("%s never leads", c.Code)
		}
	}
}
