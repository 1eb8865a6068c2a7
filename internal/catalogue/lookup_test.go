package catalogue

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
)

func TestServes(t *testing.T) {
	c := embedded(t)
	tests := []struct {
		name     string
		platform exam.Platform
		skill    exam.SkillID
		domains  map[exam.Code]exam.DomainID
		want     map[exam.Code]exam.DomainID
	}{
		{"one domain in every exam", exam.AWS, "feature-engineering", nil,
			map[exam.Code]exam.DomainID{"MLS-C01": "2", "MLA-C01": "1", "MLA-C02": "1"}},
		{"neutral serves every vendor", exam.Neutral, "bias-variance", nil,
			map[exam.Code]exam.DomainID{"MLS-C01": "3", "MLA-C01": "2", "MLA-C02": "2", "PMLE": "3"}},
		{"several domains and none named", exam.AWS, "rag-grounding", nil,
			map[exam.Code]exam.DomainID{"AIF-C01": "3"}},
		{"several domains and one named", exam.AWS, "rag-grounding", map[exam.Code]exam.DomainID{"MLA-C02": "3", "AIP-C01": "1"},
			map[exam.Code]exam.DomainID{"AIF-C01": "3", "MLA-C02": "3", "AIP-C01": "1"}},
		{"a domain without the skill", exam.AWS, "rag-grounding", map[exam.Code]exam.DomainID{"MLA-C02": "4"},
			map[exam.Code]exam.DomainID{"AIF-C01": "3"}},
		{"another vendor's exam", exam.AWS, "bias-variance", map[exam.Code]exam.DomainID{"PMLE": "3"},
			map[exam.Code]exam.DomainID{"MLS-C01": "3", "MLA-C01": "2", "MLA-C02": "2"}},
		{"naming the only domain is allowed", exam.GCP, "bias-variance", map[exam.Code]exam.DomainID{"PMLE": "3"},
			map[exam.Code]exam.DomainID{"PMLE": "3"}},
		{"an unknown skill", exam.AWS, "juggling", nil, map[exam.Code]exam.DomainID{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := c.Serves(&exam.Question{Platform: tt.platform, Skill: tt.skill, Domains: tt.domains})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDomainProblems(t *testing.T) {
	c := embedded(t)
	q := &exam.Question{Platform: exam.AWS, Skill: "rag-grounding", Domains: map[exam.Code]exam.DomainID{
		"MLA-C02": "4", "NEW-C01": "1", "PMLE": "1", "DEA-C01": "1", "AIP-C01": "5",
	}}
	var got []string
	for _, p := range c.DomainProblems(q) {
		got = append(got, p.Field+": "+p.Message)
	}
	want := []string{
		`domains.DEA-C01: DEA-C01 does not examine rag-grounding; remove it`,
		`domains.MLA-C02: domain "4" of MLA-C02 has no skill rag-grounding; write "1" or "2" or "3"`,
		`domains.NEW-C01: NEW-C01 is not an exam of the catalogue; remove it or correct the code`,
		`domains.PMLE: PMLE is an exam on Google Cloud and the question is on AWS; remove it`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnplaced(t *testing.T) {
	c := embedded(t)
	q := &exam.Question{Platform: exam.AWS, Skill: "rag-grounding", Domains: map[exam.Code]exam.DomainID{"AIP-C01": "4"}}
	want := map[exam.Code][]exam.DomainID{"MLA-C02": {"1", "2", "3"}}
	if diff := cmp.Diff(want, c.Unplaced(q)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a question serves, what it leaves open and what is wrong with it never
// overlap, and whatever it serves lies in a domain that has its skill.
func TestServesAgreesWithItself(t *testing.T) {
	c := embedded(t)
	rapid.Check(t, func(rt *rapid.T) {
		q := &exam.Question{
			Platform: rapid.SampledFrom(exam.Platforms()).Draw(rt, "platform"),
			Skill:    rapid.SampledFrom(c.Skills).Draw(rt, "skill").ID,
			Domains:  map[exam.Code]exam.DomainID{},
		}
		for range rapid.IntRange(0, 4).Draw(rt, "named") {
			cert := rapid.SampledFrom(c.Certifications).Draw(rt, "exam")
			q.Domains[cert.Code] = rapid.SampledFrom(cert.Domains).Draw(rt, "domain").ID
		}
		served, unplaced := c.Serves(q), c.Unplaced(q)
		faulty := map[string]bool{}
		for _, p := range c.DomainProblems(q) {
			faulty[p.Field] = true
		}
		for code, domain := range served {
			if faulty["domains."+string(code)] || unplaced[code] != nil {
				rt.Fatalf("%+v serves %s and yet has a problem there", q, code)
			}
			if !slices.Contains(c.DomainsOf(code, q.Skill), domain) {
				rt.Fatalf("%+v serves domain %s of %s, which lacks its skill", q, domain, code)
			}
		}
		for code := range q.Domains {
			if _, ok := served[code]; !ok && !faulty["domains."+string(code)] {
				rt.Fatalf("%+v names %s, does not serve it, and no problem says why", q, code)
			}
		}
	})
}

func TestCellWeights(t *testing.T) {
	c := embedded(t)
	// MLA-C01 domain 1: task 1.1 ingestion ½, storage ½; task 1.2 features ½,
	// transformation ¼, quality ¼; task 1.3 quality ½, responsible ¼, privacy ¼.
	third := 1.0 / 3
	want := map[exam.SkillID]float64{
		"data-ingestion-streaming": third / 2, "data-storage-modelling": third / 2,
		"feature-engineering": third / 2, "data-transformation": third / 4,
		"data-quality-labelling":        third/4 + third/2,
		"responsible-ai-explainability": third / 4, "data-privacy-governance": third / 4,
	}
	cells := certification(t, c, "MLA-C01").CellWeights("1")
	if len(cells) != 2*len(want) {
		t.Fatalf("%d cells, want %d", len(cells), 2*len(want))
	}
	for _, cell := range cells {
		share := 0.75
		if cell.Platform == exam.Neutral {
			share = 0.25
		} else if cell.Platform != exam.AWS {
			t.Errorf("cell on %s for an AWS exam", cell.Platform)
		}
		if math.Abs(cell.Weight-share*want[cell.Skill]) > 1e-12 {
			t.Errorf("%s on %s weighs %v, want %v", cell.Skill, cell.Platform, cell.Weight, share*want[cell.Skill])
		}
	}
	if cells[0].Skill != "data-ingestion-streaming" || cells[0].Platform != exam.AWS || cells[1].Platform != exam.Neutral {
		t.Errorf("cells are not in order of first mention: %v", cells[:2])
	}
	if got := certification(t, c, "MLA-C01").CellWeights("9"); got != nil {
		t.Errorf("an unknown domain has cells: %v", got)
	}
}

func TestASkillAloneInItsTaskCarriesItWhole(t *testing.T) {
	c, err := Load(small(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []CellWeight{{"fine-tuning", exam.AWS, 0.75}, {"fine-tuning", exam.Neutral, 0.25}}
	if diff := cmp.Diff(want, certification(t, c, "XYZ-C01").CellWeights("2")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVendorPoliciesAreInherited(t *testing.T) {
	c := embedded(t)
	if got := certification(t, c, "MLA-C02").Retake.Text; !strings.Contains(got, "14 days") {
		t.Errorf("MLA-C02 does not inherit the AWS retake rule: %q", got)
	}
	if got := certification(t, c, "GAIL").Retake; got.Confidence != Recalled {
		t.Errorf("GAIL's own retake rule is overwritten: %+v", got)
	}
	if got := certification(t, c, "AI-103").ItemTypes; !slices.Contains(got, "case study") {
		t.Errorf("AI-103 does not inherit Microsoft's item types: %v", got)
	}
	if got := certification(t, c, "AIP-C01").ItemTypes; !slices.Equal(got, []string{"multiple choice", "multiple response"}) {
		t.Errorf("AIP-C01 has item types %v, want its guide's own", got)
	}
}

func TestCheckRemarksOnWhatIsUnknown(t *testing.T) {
	c := embedded(t)
	want := map[string]string{
		"certifications/ai-500.yaml":  "duration",
		"certifications/aib-c01.yaml": "renewal",
		"certifications/pmle.yaml":    "scoring.partial_credit",
	}
	for _, p := range c.Check() {
		if p.Severity != SeverityRemark {
			t.Errorf("%s: severity %s on a catalogue that loads", p, p.Severity)
		}
		if strings.HasPrefix(p.Message, "not found") && strings.Contains(p.Message, want[p.File]) {
			delete(want, p.File)
		}
	}
	if len(want) > 0 {
		t.Errorf("no remark on %v", want)
	}
}
