package catalogue

import (
	"strings"

	"sextant/internal/exam"
)

// index holds look-up tables built by the loader.
type index struct {
	order    []listedCode
	certs    map[exam.Code]int
	skills   map[exam.SkillID]int
	services map[string]int
	names    map[string]namedService // lower-case name → service
	domains  map[exam.Code]map[exam.SkillID][]exam.DomainID
	links    map[exam.Code]map[exam.DomainID][]StudyLink
	remaps   map[exam.Code]int
}

// listedCode is an exam that about.yaml lists, and where.
type listedCode struct {
	code exam.Code
	at   value
}

type namedService struct {
	at     int
	former bool
}

func (c *Catalogue) buildIndex() {
	x := index{
		certs:    map[exam.Code]int{},
		skills:   map[exam.SkillID]int{},
		services: map[string]int{},
		names:    map[string]namedService{},
		domains:  map[exam.Code]map[exam.SkillID][]exam.DomainID{},
		links:    map[exam.Code]map[exam.DomainID][]StudyLink{},
		remaps:   map[exam.Code]int{},
	}
	for i, s := range c.Skills {
		x.skills[s.ID] = i
	}
	for i, s := range c.Services {
		x.services[s.ID] = i
	}
	c.indexNames(&x)
	for i := range c.Certifications {
		c.indexCertification(&x, i)
	}
	for i, r := range c.Remaps {
		x.remaps[r.From] = i
	}
	c.index = x
}

// indexNames lets present names win over former ones, and earlier services
// over later ones.
func (c *Catalogue) indexNames(x *index) {
	add := func(i int, former bool, names ...string) {
		for _, name := range names {
			key := strings.ToLower(name)
			if _, taken := x.names[key]; !taken {
				x.names[key] = namedService{at: i, former: former}
			}
		}
	}
	for i, s := range c.Services {
		add(i, false, s.Name)
	}
	for i, s := range c.Services {
		add(i, false, s.Also...)
	}
	for i, s := range c.Services {
		add(i, true, s.Former...)
	}
}

func (c *Catalogue) indexCertification(x *index, i int) {
	cert := &c.Certifications[i]
	x.certs[cert.Code] = i
	domains := map[exam.SkillID][]exam.DomainID{}
	links := map[exam.DomainID][]StudyLink{}
	for _, d := range cert.Domains {
		for _, skill := range d.Skills() {
			domains[skill] = append(domains[skill], d.ID)
		}
		for _, link := range d.Links {
			links[d.ID] = append(links[d.ID], StudyLink{Exam: cert.Code, Domain: d.ID, Link: link})
		}
		for _, id := range d.Services {
			s := &c.Services[x.services[id]]
			s.Exams = append(s.Exams, ServiceUse{Exam: cert.Code, Domain: d.ID})
		}
	}
	x.domains[cert.Code] = domains
	x.links[cert.Code] = links
}
