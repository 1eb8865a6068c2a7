package catalogue

import "sextant/internal/exam"

// How a skill's weight splits between the vendor's platform and the neutral
// concept, and how much of a task its main skill carries.
const (
	platformShare  = 0.75
	mainSkillShare = 0.5
)

// CellWeight is the share of a domain that rests on one cell (a skill on a
// platform).
type CellWeight struct {
	Skill    exam.SkillID
	Platform exam.Platform
	Weight   float64 // fraction of the domain
}

// CellWeights spreads a domain over cells: its tasks weigh equally; within a
// task the main skill has one half and the others share the rest (a lone skill
// has all); each skill is three quarters on the exam's platform and one quarter
// neutral. Skills come in order of first mention, the vendor's platform before
// neutral. The weights sum to 1; an unknown domain has none.
func (c *Certification) CellWeights(d exam.DomainID) []CellWeight {
	domain, ok := c.Domain(d)
	if !ok {
		return nil
	}
	shares := map[exam.SkillID]float64{}
	for _, t := range domain.Tasks {
		for i, s := range t.Skills {
			shares[s] += skillShare(i, len(t.Skills)) / float64(len(domain.Tasks))
		}
	}
	var cells []CellWeight
	for _, s := range domain.Skills() {
		cells = append(cells,
			CellWeight{Skill: s, Platform: c.Vendor, Weight: platformShare * shares[s]},
			CellWeight{Skill: s, Platform: exam.Neutral, Weight: (1 - platformShare) * shares[s]})
	}
	return cells
}

// skillShare is what the i-th of n skills carries of its task.
func skillShare(i, n int) float64 {
	switch {
	case n == 1:
		return 1
	case i == 0:
		return mainSkillShare
	default:
		return (1 - mainSkillShare) / float64(n-1)
	}
}
