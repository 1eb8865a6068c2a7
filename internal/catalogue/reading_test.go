package catalogue

import (
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sextant/internal/exam"
	"sextant/questions"
)

// topicsOfExams are the topics of all exams that aren't retired, each with the
// exams that examine it.
func topicsOfExams(c *Catalogue) map[exam.Platform]map[exam.SkillID][]exam.Code {
	topics := map[exam.Platform]map[exam.SkillID][]exam.Code{}
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		if retired(cert) {
			continue
		}
		if topics[cert.Vendor] == nil {
			topics[cert.Vendor] = map[exam.SkillID][]exam.Code{}
		}
		for _, d := range cert.Domains {
			for _, skill := range d.Skills() {
				if !slices.Contains(topics[cert.Vendor][skill], cert.Code) {
					topics[cert.Vendor][skill] = append(topics[cert.Vendor][skill], cert.Code)
				}
			}
		}
	}
	return topics
}

// There are no exceptions.
func TestEveryTopicOfACurrentExamHasSomethingToRead(t *testing.T) {
	c := embedded(t)
	topics := topicsOfExams(c)
	for platform, skills := range topics {
		for skill, codes := range skills {
			if len(c.Reading(skill, platform)) == 0 {
				t.Errorf("%s on %s, examined by %v: nothing to read", skill, platform, codes)
			}
		}
	}
	for _, r := range c.Readings {
		if topics[r.Platform][r.Skill] == nil {
			t.Errorf("%s on %s: something to read, but no current exam examines it", r.Skill, r.Platform)
		}
	}
}

func TestReadingIsOfficialAndOfItsPlatform(t *testing.T) {
	c := embedded(t)
	for _, r := range c.Readings {
		var titles, addresses []string
		for _, link := range r.Links {
			u, err := url.Parse(link.URL)
			if err != nil || u.Scheme != "https" || !slices.Contains(vendorHosts[r.Platform], u.Host) {
				t.Errorf("%s on %s: %q is not an https address of the vendor's", r.Skill, r.Platform, link.URL)
			}
			titles, addresses = append(titles, link.Title), append(addresses, pageOf(link.URL))
		}
		for _, list := range [][]string{titles, addresses} {
			slices.Sort(list)
			if n := len(list); len(slices.Compact(list)) != n {
				t.Errorf("%s on %s names a page twice: %q", r.Skill, r.Platform, list)
			}
		}
	}
}

// pageOf is an address without the choice of a version.
func pageOf(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return strings.TrimSuffix(address, "/")
}

// A page has the same label wherever it is named: two labels for one page would
// send somebody there twice.
func TestAPageHasOneTitle(t *testing.T) {
	titles := map[string]string{}
	for _, r := range embedded(t).Readings {
		for _, link := range r.Links {
			if before, ok := titles[link.URL]; ok && before != link.Title {
				t.Errorf("%s is both %q and %q", link.URL, before, link.Title)
			}
			titles[link.URL] = link.Title
		}
	}
}

// What is said of where an address was seen holds: among the references of the
// built-in questions, or the study links of an exam.
func TestReadingWasSeenWhereItSaysSo(t *testing.T) {
	c := embedded(t)
	var bank strings.Builder
	err := fs.WalkDir(questions.Bank(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		data, err := fs.ReadFile(questions.Bank(), name)
		bank.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	referred := map[string]bool{}
	for line := range strings.Lines(bank.String()) {
		if _, address, ok := strings.Cut(line, "url: "); ok {
			referred[strings.Trim(strings.TrimSpace(address), `"'`)] = true
		}
	}
	study := map[string]Link{}
	for _, link := range allLinks(c) {
		study[link.URL] = link.Link
	}
	own := []string{"S-BANK", "S-MSDOCS", "S-CITED"}
	for _, r := range c.Readings {
		for _, link := range r.Links {
			switch from := strings.Join(link.Sources, ""); {
			case from == "S-BANK" && !referred[link.URL]:
				t.Errorf("%s on %s: no question refers to %s any more", r.Skill, r.Platform, link.URL)
			case !slices.Contains(own, from) && (study[link.URL].URL == "" || study[link.URL].Mark != link.Mark):
				t.Errorf("%s on %s: %s is not among the study links, or is marked otherwise there", r.Skill, r.Platform, link.URL)
			}
		}
	}
}

func TestReadingIsFoundByTopic(t *testing.T) {
	c, err := Load(small(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		skill exam.SkillID
		on    exam.Platform
		marks string
	}{
		{"rag-grounding", exam.AWS, "seen sourced, landing recalled"},
		{"rag-grounding", exam.GCP, "series derived"},
		{"rag-grounding", exam.Azure, ""},
		{"rag-grounding", exam.Neutral, ""},
		{"fine-tuning", exam.AWS, ""},
	} {
		var marks []string
		links := c.Reading(tt.skill, tt.on)
		for i, link := range links {
			marks = append(marks, link.Mark+" "+string(link.Confidence))
			links[i].Title = "Written over"
		}
		if got := strings.Join(marks, ", "); got != tt.marks {
			t.Errorf("%s on %s: %s, want %s", tt.skill, tt.on, got, tt.marks)
		}
		if again := c.Reading(tt.skill, tt.on); len(again) > 0 && again[0].Title == "Written over" {
			t.Errorf("%s on %s: a caller can change the catalogue", tt.skill, tt.on)
		}
	}
}
