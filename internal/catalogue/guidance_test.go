package catalogue

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
)

// gatheredOn is the day the embedded facts are of.
var gatheredOn = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)

func retired(c *Certification) bool {
	t := c.Takeable(gatheredOn, "")
	return t.Event != nil && t.Event.Status == StatusRetired
}

// entry reports whether an exam is a first step, which may name a deeper one as the
// next without being its neighbour in turn.
func entry(c *Certification) bool {
	return slices.Contains([]Level{Foundational, Fundamentals, Business}, c.Level)
}

func TestEveryExamSaysWhatItProvesAndWhomItFits(t *testing.T) {
	c := embedded(t)
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		if n := strings.Count(cert.Proves.Text, ". ") + 1; n < 2 || n > 4 {
			t.Errorf("%s: %d sentences on what it proves, want 2 to 4", cert.Code, n)
		}
		if cert.Proves.Confidence != Derived || cert.Fits.Confidence != Derived {
			t.Errorf("%s: our judgement is not marked as such", cert.Code)
		}
		if n := len(cert.Neighbours); n < 2 || n > mostNeighbours {
			t.Errorf("%s: %d neighbours, want 2 to %d", cert.Code, n, mostNeighbours)
		}
		for _, n := range cert.Neighbours {
			if n.Confidence == Sourced {
				t.Errorf("%s: how it differs from %s is our judgement", cert.Code, n.Code)
			}
		}
	}
}

func TestNeighboursAreMutual(t *testing.T) {
	c := embedded(t)
	names := func(a, b exam.Code) bool {
		cert := certification(t, c, a)
		return slices.ContainsFunc(cert.Neighbours, func(n Neighbour) bool { return n.Code == b })
	}
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		for _, n := range cert.Neighbours {
			other := certification(t, c, n.Code)
			if retired(cert) || retired(other) || entry(cert) != entry(other) {
				continue
			}
			if !names(n.Code, cert.Code) {
				t.Errorf("%s names %s, but not the other way round", cert.Code, n.Code)
			}
		}
		if next := cert.Successor; next != "" && !names(cert.Code, next) {
			t.Errorf("%s says nothing of its successor %s", cert.Code, next)
		}
	}
}

// What is said of figures in our sentences has to be what the catalogue holds.
func TestTheSentencesAgreeWithTheFigures(t *testing.T) {
	c := embedded(t)
	for _, claim := range []struct {
		code exam.Code
		says string
		true func(*Certification) bool
	}{
		{"AIF-C01", "More than half of the exam is about generative AI", func(a *Certification) bool { return a.Domains[1].Weight+a.Domains[2].Weight > 0.5 }},
		{"AIF-C01", "more than a quarter about responsible use", func(a *Certification) bool { return a.Domains[3].Weight+a.Domains[4].Weight > 0.25 }},
		{"DEA-C01", "A third of the exam is ingestion", func(a *Certification) bool { return math.Abs(a.Domains[0].Weight-1.0/3) < 0.02 }},
		{"AI-901", "More than half of the exam is such building", func(a *Certification) bool { return a.Domains[1].Low > 50 }},
		{"PAA", "Custom agents are a third", func(a *Certification) bool { return math.Abs(a.Domains[2].Weight-1.0/3) < 0.02 }},
		{"PAA", "evaluation and deployment more than a fifth", func(a *Certification) bool { return a.Domains[3].Weight > 0.2 }},
		{"MLS-C01", "Nearly half of the exam was data", func(a *Certification) bool {
			w := a.Domains[0].Weight + a.Domains[1].Weight
			return w > 0.4 && w < 0.5
		}},
		{"MLS-C01", "more than a third the framing", func(a *Certification) bool { return a.Domains[2].Weight > 1.0/3 }},
		{"MLA-C01", "take nearly half of the exam", func(a *Certification) bool {
			w := a.Domains[2].Weight + a.Domains[3].Weight
			return w > 0.4 && w < 0.5
		}},
		{"AI-500", "evaluation, security and safe deployment together weigh more", func(a *Certification) bool { return a.Domains[2].Weight+a.Domains[3].Weight > a.Domains[1].Weight }},
		{"PDE", "Ingestion and processing is the largest", func(a *Certification) bool { return a.Domains[1].Weight == largest(a) }},
		{"GAIL", "Google's own products are the largest", func(a *Certification) bool { return a.Domains[1].Weight == largest(a) }},
		{"AI-103", "Generative AI and agents are the largest domain", func(a *Certification) bool { return a.Domains[1].Weight == largest(a) }},
	} {
		cert := certification(t, c, claim.code)
		if !strings.Contains(cert.Proves.Text, claim.says) {
			t.Errorf("%s no longer says %q; change the claim tested here too", claim.code, claim.says)
		}
		if !claim.true(cert) {
			t.Errorf("%s says %q, and its weights don't", claim.code, claim.says)
		}
	}
}

func largest(c *Certification) float64 {
	most := 0.0
	for _, d := range c.Domains {
		most = max(most, d.Weight)
	}
	return most
}

// Codes in our sentences are of exams that exist, or of ones known and not catalogued.
func TestSentencesNameExamsThatExist(t *testing.T) {
	c := embedded(t)
	code := regexp.MustCompile(`\b(?:AI|AZ|DP)-\d{3}\b|\b[A-Z]{3}-C\d{2}\b|\bPMLE\b|\bGAIL\b|\bPDE\b|\bPAA\b`)
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		texts := slices.Concat([]string{cert.Proves.Text}, cert.Fits.Whom, cert.Fits.WhomNot)
		for _, n := range cert.Neighbours {
			texts = append(texts, n.Text)
		}
		for _, text := range texts {
			for _, named := range code.FindAllString(text, -1) {
				related := slices.ContainsFunc(c.Related, func(r Related) bool { return string(r.Code) == named })
				if _, ok := c.Certification(exam.Code(named)); !ok && !related {
					t.Errorf("%s names %s, which is not known here", cert.Code, named)
				}
			}
		}
	}
}

func TestADayThatStandsForAnotherSaysSo(t *testing.T) {
	c := embedded(t)
	for _, cert := range c.Certifications {
		for _, e := range cert.Events {
			unknown := strings.Contains(e.Note, "day is not known") || strings.Contains(e.Note, "stands for it") ||
				strings.Contains(e.Note, "not found; this is the first evidence") || strings.Contains(e.Note, "first day of the beta and")
			if unknown != e.DayUnknown {
				t.Errorf("%s %s from %s: day_unknown is %t, and its note says %q", cert.Code, e.Status, e.From.Format(time.DateOnly), e.DayUnknown, e.Note)
			}
		}
	}
}

func TestFind(t *testing.T) {
	c := embedded(t)
	for _, test := range []struct {
		words string
		want  []Finding
	}{
		{"DP-100", []Finding{{"DP-100", ByCode, ""}, {"AI-300", ByRelation, "DP-100"}}},
		{"dp100", []Finding{{"DP-100", ByCode, ""}, {"AI-300", ByRelation, "DP-100"}}},
		{"azure ai engineer", []Finding{{"AI-102", ByName, ""}, {"AI-103", ByRelation, "AI-102"}}},
		{"ME1-C02", []Finding{{"MLA-C02", ByKnownAs, "ME1-C02"}, {"MLA-C01", ByRelation, "MLA-C02"}}},
		{"az-204", []Finding{{"AI-200", ByKnownAs, "AZ-204"}}},
		{"operations learning azure", []Finding{{"AI-300", ByName, ""}, {"DP-100", ByRelation, "AI-300"}}},
		{"", nil},
		{" - ", nil},
		{"nothing of the kind", nil},
	} {
		if diff := cmp.Diff(test.want, c.Find(test.words)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.words, diff)
		}
	}
	byService := c.Find("Vertex AI Pipelines")
	if !slices.ContainsFunc(byService, func(f Finding) bool { return f.Code == "PMLE" && f.Basis == ByService }) {
		t.Errorf("a service's former name finds %v, want PMLE among them", byService)
	}
}

func TestResolve(t *testing.T) {
	c := embedded(t)
	for asked, want := range map[string]exam.Code{
		"ai-102": "AI-102", "AI102": "AI-102", "mla c02": "MLA-C02", "ME1-C02": "MLA-C02", "az-204": "AI-200", "gen ai leader": "GAIL",
	} {
		if cert, ok := c.Resolve(asked); !ok || cert.Code != want {
			t.Errorf("%q leads to %v, want %s", asked, cert, want)
		}
	}
	for _, asked := range []string{"", "-", "AI-999", "ai"} {
		if cert, ok := c.Resolve(asked); ok {
			t.Errorf("%q leads to %s, want nothing", asked, cert.Code)
		}
	}
}

func TestNear(t *testing.T) {
	c := embedded(t)
	if got := c.Near("AI-104"); len(got) < 2 || got[0] != "AI-102" || got[1] != "AI-103" {
		t.Errorf("near AI-104: %v, want AI-102 and AI-103 first", got)
	}
	if got := c.Near("something else entirely"); len(got) != 0 {
		t.Errorf("near something else: %v", got)
	}
}

// Whatever is searched for, each exam is found once, and whoever is found by a name is
// found by its code.
func TestFindProperties(t *testing.T) {
	c := embedded(t)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z]{1,4}[- ]?[0-9C]{0,3}`)).Draw(t, "words")
		seen := map[exam.Code]bool{}
		for _, f := range c.Find(words) {
			if seen[f.Code] {
				t.Fatalf("%q finds %s twice", words, f.Code)
			}
			seen[f.Code] = true
		}
		if cert, ok := c.Resolve(words); ok && !seen[cert.Code] {
			t.Fatalf("%q leads to %s, which the search doesn't find", words, cert.Code)
		}
	})
}

func TestSharesOfAnExamAddUp(t *testing.T) {
	c := embedded(t)
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		skills, work := 0.0, 0.0
		for _, share := range cert.SkillShares() {
			skills += share
		}
		for _, share := range c.Work(cert) {
			work += share
		}
		if math.Abs(skills-1) > 1e-9 || math.Abs(work-1) > 1e-9 {
			t.Errorf("%s: skills add up to %g and kinds of work to %g, want 1", cert.Code, skills, work)
		}
	}
}
