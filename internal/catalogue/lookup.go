package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sextant/internal/exam"
)

// Certification returns the exam with the code, and false if it isn't here.
func (c *Catalogue) Certification(code exam.Code) (*Certification, bool) {
	i, ok := c.index.certs[code]
	if !ok {
		return nil, false
	}
	return &c.Certifications[i], true
}

// Skill returns the skill with the id, and false if there is none.
func (c *Catalogue) Skill(id exam.SkillID) (*Skill, bool) {
	i, ok := c.index.skills[id]
	if !ok {
		return nil, false
	}
	return &c.Skills[i], true
}

// Service returns the service with the id, and false if there is none.
func (c *Catalogue) Service(id string) (*Service, bool) {
	i, ok := c.index.services[id]
	if !ok {
		return nil, false
	}
	return &c.Services[i], true
}

// ServiceByName finds a service by a present, short or former name, in any
// case; former says that the name is no longer in use. A name that several
// services bear belongs to the one for which it is the present name, else to
// the first in the file.
func (c *Catalogue) ServiceByName(name string) (s *Service, former, ok bool) {
	found, ok := c.index.names[strings.ToLower(strings.TrimSpace(name))]
	if !ok {
		return nil, false, false
	}
	return &c.Services[found.at], found.former, true
}

// Source returns the source with the id, and false if there is none.
func (c *Catalogue) Source(id string) (Source, bool) {
	s, ok := c.Sources[id]
	return s, ok
}

// Vendor returns what is true of all exams of a vendor.
func (c *Catalogue) Vendor(p exam.Platform) (*Vendor, bool) {
	for i := range c.Vendors {
		if c.Vendors[i].Platform == p {
			return &c.Vendors[i], true
		}
	}
	return nil, false
}

// StudyLinks are the official pages for a domain of an exam, in file order.
func (c *Catalogue) StudyLinks(code exam.Code, domain exam.DomainID) []StudyLink {
	return slices.Clone(c.index.links[code][domain])
}

// Remap says which current exams stand in for one that the comparisons name.
func (c *Catalogue) Remap(code exam.Code) (Remap, bool) {
	i, ok := c.index.remaps[code]
	if !ok {
		return Remap{}, false
	}
	return c.Remaps[i], true
}

// Domain returns the exam's domain with the id, and false if there is none.
func (c *Certification) Domain(id exam.DomainID) (*Domain, bool) {
	for i := range c.Domains {
		if c.Domains[i].ID == id {
			return &c.Domains[i], true
		}
	}
	return nil, false
}

// Skills are the skills of the domain's tasks, in order of first mention.
func (d *Domain) Skills() []exam.SkillID {
	var skills []exam.SkillID
	for _, t := range d.Tasks {
		for _, s := range t.Skills {
			if !slices.Contains(skills, s) {
				skills = append(skills, s)
			}
		}
	}
	return skills
}

// DomainsOf are the domains of an exam in which a skill lies, in exam order.
func (c *Catalogue) DomainsOf(code exam.Code, skill exam.SkillID) []exam.DomainID {
	return slices.Clone(c.index.domains[code][skill])
}

// Serves derives which exams a question serves, and in which domain: every
// exam of the question's platform (all vendors for a neutral one) that
// examines its skill. Where the skill lies in several domains of an exam the
// question serves it only if it names one of them.
func (c *Catalogue) Serves(q *exam.Question) map[exam.Code]exam.DomainID {
	served := map[exam.Code]exam.DomainID{}
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		if !q.Platform.Serves(cert.Vendor) {
			continue
		}
		domains := c.index.domains[cert.Code][q.Skill]
		named, isNamed := q.Domains[cert.Code]
		switch {
		case isNamed && slices.Contains(domains, named):
			served[cert.Code] = named
		case !isNamed && len(domains) == 1:
			served[cert.Code] = domains[0]
		}
	}
	return served
}

// DomainProblems reports what is wrong with the domains a question names: an
// exam that is unknown or another vendor's, or a domain without its skill.
func (c *Catalogue) DomainProblems(q *exam.Question) []exam.Problem {
	var problems []exam.Problem
	for _, code := range sortedCodes(q.Domains) {
		if message := c.domainProblem(q, code, q.Domains[code]); message != "" {
			problems = append(problems, exam.Problem{Field: "domains." + string(code), Message: message})
		}
	}
	return problems
}

func (c *Catalogue) domainProblem(q *exam.Question, code exam.Code, domain exam.DomainID) string {
	cert, ok := c.Certification(code)
	if !ok {
		return fmt.Sprintf("%s is not an exam of the catalogue; remove it or correct the code", code)
	}
	if !q.Platform.Serves(cert.Vendor) {
		return fmt.Sprintf("%s is an exam on %s and the question is on %s; remove it", code, cert.Vendor.Label(), q.Platform.Label())
	}
	domains := c.index.domains[code][q.Skill]
	if len(domains) == 0 {
		return fmt.Sprintf("%s does not examine %s; remove it", code, q.Skill)
	}
	if !slices.Contains(domains, domain) {
		return fmt.Sprintf("domain %q of %s has no skill %s; write %s", domain, code, q.Skill, orList(domains))
	}
	return ""
}

// Unplaced lists the exams that a question could serve but does not, because
// its skill lies in several of their domains and it names none: the domains to
// choose from, by exam.
func (c *Catalogue) Unplaced(q *exam.Question) map[exam.Code][]exam.DomainID {
	unplaced := map[exam.Code][]exam.DomainID{}
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		domains := c.index.domains[cert.Code][q.Skill]
		if _, named := q.Domains[cert.Code]; named || len(domains) < 2 || !q.Platform.Serves(cert.Vendor) {
			continue
		}
		unplaced[cert.Code] = slices.Clone(domains)
	}
	return unplaced
}

func sortedCodes(domains map[exam.Code]exam.DomainID) []exam.Code {
	codes := make([]exam.Code, 0, len(domains))
	for code := range domains {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

func orList(domains []exam.DomainID) string {
	quoted := make([]string, len(domains))
	for i, d := range domains {
		quoted[i] = fmt.Sprintf("%q", d)
	}
	return strings.Join(quoted, " or ")
}

// StatusOn is the service's status on a day: a retirement date that has come
// means ended, and a closing date still ahead means active.
func (s *Service) StatusOn(on time.Time) ServiceStatus {
	since, dated := parseWhen(s.Since)
	if !dated {
		return s.Status
	}
	day := calendarDay(on)
	switch s.Status {
	case ServiceRetiring:
		if !day.Before(since) {
			return ServiceEnded
		}
	case ServiceClosed, ServiceMaintain, ServiceEnded:
		if day.Before(since) {
			return ServiceActive
		}
	case ServiceActive, ServicePreview:
	}
	return s.Status
}
