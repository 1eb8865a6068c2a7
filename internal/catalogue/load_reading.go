package catalogue

import (
	"net/url"
	"slices"
	"strings"

	"sextant/internal/exam"
)

const readingFile = "reading.yaml"

// Reading is what to read on a topic: a skill as one platform's exams ask for it.
type Reading struct {
	Skill    exam.SkillID
	Platform exam.Platform // aws, azure or gcp
	Links    []Link        // one to three official pages, the most general first
}

// Reading returns the official pages on a skill on a platform, the most general
// first; none where the catalogue has none, or the platform is neutral.
func (c *Catalogue) Reading(skill exam.SkillID, p exam.Platform) []Link {
	for i := range c.Readings {
		if c.Readings[i].Skill == skill && c.Readings[i].Platform == p {
			return slices.Clone(c.Readings[i].Links)
		}
	}
	return nil
}

// mostPages is how many pages a topic has at most: more would be a list to choose
// from instead of something to read.
const mostPages = 3

// vendorHosts are the vendors' own hosts, by platform: a page elsewhere isn't the
// vendor's word.
var vendorHosts = map[exam.Platform][]string{
	exam.AWS:   {"docs.aws.amazon.com", "aws.amazon.com"},
	exam.Azure: {"learn.microsoft.com"},
	exam.GCP: {
		"docs.cloud.google.com", "cloud.google.com", "developers.google.com",
		"adk.dev", "pair.withgoogle.com", // Google's Agent Development Kit and its People + AI guidebook
	},
}

// readReading reads reading.yaml.
func (r *reader) readReading(c *Catalogue, v value) {
	seen := map[exam.SkillID]bool{}
	for _, item := range v.object("reading").need("reading", "list the skills with their pages").list() {
		o := item.object("skill", string(exam.AWS), string(exam.Azure), string(exam.GCP))
		skill := r.skill(o.need("skill", "name the skill"))
		if seen[skill] {
			o.get("skill").problem("%s is named twice; keep its pages together", skill)
			continue
		}
		seen[skill] = skill != "" // a skill that is missing or unknown has been reported
		some := false
		for _, p := range []exam.Platform{exam.AWS, exam.Azure, exam.GCP} {
			at := o.get(string(p))
			if !at.present() {
				continue
			}
			some = true
			c.Readings = append(c.Readings, Reading{Skill: skill, Platform: p, Links: readPages(at, p)})
		}
		if o.present() && !some {
			item.problem("no pages; name some on at least one of aws, azure, gcp, or remove the skill")
		}
	}
}

// readPages reads the pages of one topic, which lie with the platform's vendor.
func readPages(v value, p exam.Platform) []Link {
	var links []Link
	for _, item := range v.list() {
		link := readStudyLink(item)
		if link.URL == "" {
			continue // reported
		}
		if u, err := url.Parse(link.URL); err != nil || !slices.Contains(vendorHosts[p], u.Hostname()) {
			item.problem("%q is not one of the vendor's hosts (%s)", link.URL, strings.Join(vendorHosts[p], ", "))
			continue
		}
		if slices.ContainsFunc(links, func(l Link) bool { return l.URL == link.URL }) {
			item.problem("%q is named twice for this topic; keep one", link.URL)
			continue
		}
		links = append(links, link)
	}
	switch n := len(v.list()); {
	case v.isEmpty():
		v.problem("empty; name one to %d pages, or remove the platform", mostPages)
	case n > mostPages:
		v.problem("%d pages; keep the %d most general ones", n, mostPages)
	}
	return links
}
