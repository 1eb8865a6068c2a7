package catalogue

import (
	"slices"
	"strings"
	"testing"

	"sextant/internal/exam"
)

func TestEverySkillOfAnExamHasALab(t *testing.T) {
	c := embedded(t)
	for _, cert := range c.Certifications {
		for _, d := range cert.Domains {
			for _, skill := range d.Skills() {
				lab, setting, ok := c.Lab(skill, cert.Vendor)
				if !ok {
					t.Errorf("%s %s: no lab on %s", cert.Code, d.ID, skill)
					continue
				}
				if setting.With == "" || lab.Build == "" || lab.Look == "" {
					t.Errorf("%s: lab %s is not told: %+v", skill, lab.ID, setting)
				}
			}
		}
	}
}

// A lab with a service that takes no new customers can't be built.
func TestLabsNameServicesThatAreThere(t *testing.T) {
	c := embedded(t)
	present := strings.Builder{}
	for _, s := range c.Services {
		present.WriteString("|" + s.Name + "|" + strings.Join(s.Also, "|"))
	}
	for _, s := range c.Services {
		var gone []string
		if status := s.StatusOn(c.AsOf); status != ServiceActive && status != ServicePreview {
			gone = append(gone, s.Name)
		}
		for _, name := range s.Former {
			if !strings.Contains(present.String(), name) {
				gone = append(gone, name)
			}
		}
		for _, lab := range c.Labs {
			for _, setting := range lab.Settings {
				for _, name := range gone {
					if setting.Platform == s.Platform && strings.Contains(setting.With, name) {
						t.Errorf("lab %s on %s names %s, which is gone or has another name", lab.ID, setting.Platform, name)
					}
				}
			}
		}
	}
}

func TestALabOfOnesOwnMachineStandsIn(t *testing.T) {
	c, err := Load(small(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		on   exam.Platform
		with string
		cost bool
	}{
		{exam.AWS, "A knowledge base.", true},
		{exam.GCP, "A notebook.", false},
		{exam.Neutral, "A notebook.", false},
	} {
		_, setting, ok := c.Lab("rag-grounding", tt.on)
		if !ok || setting.With != tt.with || (setting.Cost != "") != tt.cost {
			t.Errorf("on %s: %+v, %v", tt.on, setting, ok)
		}
	}
	if _, _, ok := c.Lab("fine-tuning", exam.AWS); ok {
		t.Error("a lab for a skill without one")
	}
}

func TestBasesComeInOrderAndNeverHoldTheSkillItself(t *testing.T) {
	c := embedded(t)
	some := false
	for _, skill := range c.Skills {
		bases := c.Bases(skill.ID)
		some = some || len(bases) > 1
		for i, base := range bases {
			if base == skill.ID || slices.Contains(bases[:i], base) {
				t.Errorf("%s rests on %v", skill.ID, bases)
			}
			for _, below := range c.Bases(base) {
				if at := slices.Index(bases, below); at < 0 || at > i {
					t.Errorf("%s: %s comes before %s, on which it rests", skill.ID, base, below)
				}
			}
		}
	}
	if !some {
		t.Error("no skill rests on two others")
	}
}
