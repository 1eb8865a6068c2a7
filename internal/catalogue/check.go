package catalogue

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// staleAfterMonths is the age, seen from the day the facts were gathered, from
// which a fact is worth reading again at its source.
const staleAfterMonths = 12

// Check returns remarks on a loaded catalogue: facts of an exam that were
// looked for and not found, that rest on memory alone, or that are old, and
// sources that nothing cites. A loaded catalogue has no errors.
func (c *Catalogue) Check() []Problem {
	var remarks []Problem
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		remarks = append(remarks, c.remarks(path.Join(certDir, fileOf(cert.Code)), cert.facts())...)
	}
	remarks = append(remarks, c.remarks(readingFile, c.readingFacts())...)
	remarks = append(remarks, c.passedExpectations()...)
	cited := c.cited()
	for _, id := range c.sourceIDs() {
		if !cited[id] {
			remarks = append(remarks, Problem{File: sourcesFile, Field: id, Severity: SeverityRemark, Message: "no fact cites this source"})
		}
	}
	return remarks
}

// remarks are those on the facts of one file.
func (c *Catalogue) remarks(file string, facts []namedFact) []Problem {
	var remarks []Problem
	for _, kind := range []struct {
		message string
		is      func(Provenance) bool
	}{
		{"not found anywhere", func(p Provenance) bool { return p.Confidence == Unknown }},
		{"recalled, not verified", func(p Provenance) bool { return p.Confidence == Recalled }},
		{fmt.Sprintf("evidence older than %d months", staleAfterMonths), c.stale},
	} {
		if names := matching(facts, kind.is); len(names) > 0 {
			remarks = append(remarks, Problem{File: file, Severity: SeverityRemark,
				Message: fmt.Sprintf("%s: %s", kind.message, strings.Join(names, ", "))})
		}
	}
	return remarks
}

// readingFacts are the pages of all topics, by the topic's name in the file.
func (c *Catalogue) readingFacts() []namedFact {
	var facts []namedFact
	for _, reading := range c.Readings {
		for _, l := range reading.Links {
			facts = append(facts, namedFact{string(reading.Skill) + "." + string(reading.Platform), l.Provenance})
		}
	}
	return facts
}

// passedExpectations are what was expected by the day the facts were gathered: whether it
// came is worth finding out.
func (c *Catalogue) passedExpectations() []Problem {
	var remarks []Problem
	for i := range c.Certifications {
		cert := &c.Certifications[i]
		for _, e := range cert.Expected {
			if e.To.Before(c.AsOf) {
				remarks = append(remarks, Problem{File: path.Join(certDir, fileOf(cert.Code)), Field: "expected", Severity: SeverityRemark,
					Message: fmt.Sprintf("%s was expected by %s; find out whether it came, and enter an event or drop the expectation", e.Status, longDate(e.To))})
			}
		}
	}
	return remarks
}

func (c *Catalogue) stale(p Provenance) bool {
	asOf, ok := parseWhen(p.AsOf)
	return ok && asOf.AddDate(0, staleAfterMonths, 0).Before(c.AsOf)
}

// namedFact is a fact with the key under which the files hold it.
type namedFact struct {
	name string
	Provenance
}

func matching(facts []namedFact, is func(Provenance) bool) []string {
	var names []string
	for _, f := range facts {
		if is(f.Provenance) && !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	return names
}

func (c *Certification) facts() []namedFact {
	facts := []namedFact{
		{"identity", c.Identity}, {"languages", c.LanguagesProvenance}, {"blueprint", c.DomainsProvenance},
		{"questions", c.Questions.Provenance}, {"item_types", c.ItemTypesProvenance}, {"duration", c.Duration.Provenance},
		{"pass_mark", c.Pass.Provenance}, {"cut", c.Cut.Provenance}, {"price", c.PriceProvenance},
		{"validity", c.ValidityProvenance}, {"renewal", c.Renewal.Provenance}, {"retake", c.Retake.Provenance},
		{"experience", c.Experience.Provenance}, {"prerequisites", c.Prerequisites.Provenance},
		{"official_page", c.OfficialPage.Provenance}, {"exam_guide", c.ExamGuide.Provenance},
		{"guide_version", c.GuideVersion.Provenance}, {"changes", c.ChangesProvenance},
		{"scoring.scale", c.Scoring.Scale.Provenance}, {"scoring.compensatory", c.Scoring.Compensatory.Provenance},
		{"scoring.guess_penalty", c.Scoring.GuessPenalty.Provenance}, {"scoring.partial_credit", c.Scoring.PartialCredit.Provenance},
		{"scoring.feedback", c.Scoring.Feedback.Provenance},
		{"proves", c.Proves.Provenance}, {"fits", c.Fits.Provenance},
	}
	for _, n := range c.Neighbours {
		facts = append(facts, namedFact{"neighbours", n.Provenance})
	}
	for _, e := range c.Expected {
		facts = append(facts, namedFact{"expected", e.Provenance})
	}
	if c.BetaResults.Confidence != "" {
		facts = append(facts, namedFact{"beta_results", c.BetaResults.Provenance})
	}
	for _, e := range c.Events {
		facts = append(facts, namedFact{"lifecycle", e.Provenance})
	}
	for _, d := range c.Domains {
		facts = append(facts, namedFact{"services", d.ServicesProvenance})
		for _, l := range d.Links {
			facts = append(facts, namedFact{"study", l.Provenance})
		}
	}
	return facts
}

// cited is the set of sources that some fact names.
func (c *Catalogue) cited() map[string]bool {
	cited := map[string]bool{}
	mark := func(ids ...string) {
		for _, id := range ids {
			cited[id] = true
		}
	}
	for i := range c.Certifications {
		for _, f := range c.Certifications[i].facts() {
			mark(f.Sources...)
		}
	}
	for _, f := range c.readingFacts() {
		mark(f.Sources...)
	}
	for _, s := range c.Services {
		mark(s.Sources...)
	}
	for _, r := range c.Renames {
		mark(r.Sources...)
	}
	for _, e := range c.Equivalents {
		mark(e.Sources...)
	}
	for _, r := range c.Related {
		mark(r.Sources...)
	}
	for _, r := range c.Rules {
		mark(r.Source)
	}
	for _, s := range c.Sequences {
		mark(s.Source)
	}
	for _, a := range c.Advice {
		mark(a.Source)
	}
	for _, v := range c.Vendors {
		for _, f := range []Fact{v.Delivery, v.Results, v.Discount, v.OpenBook, v.NewFeatures} {
			mark(f.Sources...)
		}
	}
	return cited
}

func (c *Catalogue) sourceIDs() []string {
	ids := make([]string, 0, len(c.Sources))
	for id := range c.Sources {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
