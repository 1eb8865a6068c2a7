package bank

import (
	"strconv"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Stats counts what a bank holds.
type Stats struct {
	Questions       int                             `json:"questions"`
	ByPlatform      map[exam.Platform]int           `json:"by_platform"`
	BySkill         map[exam.SkillID]int            `json:"by_skill"`
	ByType          map[exam.Type]int               `json:"by_type"`
	ByDifficulty    map[string]int                  `json:"by_difficulty"` // "1" to "5"
	ByCertification map[exam.Code]CertificationStat `json:"by_certification"`
}

// CertificationStat counts the questions that serve one exam.
type CertificationStat struct {
	Eligible int                   `json:"eligible"`
	Domains  map[exam.DomainID]int `json:"domains"`
}

// Summarise counts the bank's questions. Every platform, type, difficulty, and
// every skill, exam and domain of the catalogue is there, also with none.
func Summarise(b *Bank, cat *catalogue.Catalogue) Stats {
	stats := Stats{
		Questions:       len(b.Questions),
		ByPlatform:      map[exam.Platform]int{},
		BySkill:         map[exam.SkillID]int{},
		ByType:          map[exam.Type]int{},
		ByDifficulty:    map[string]int{},
		ByCertification: map[exam.Code]CertificationStat{},
	}
	for _, p := range exam.Platforms() {
		stats.ByPlatform[p] = 0
	}
	for _, t := range exam.Types() {
		stats.ByType[t] = 0
	}
	for level := 1; level <= 5; level++ {
		stats.ByDifficulty[strconv.Itoa(level)] = 0
	}
	for _, skill := range cat.Skills {
		stats.BySkill[skill.ID] = 0
	}
	for _, cert := range cat.Certifications {
		domains := map[exam.DomainID]int{}
		for _, d := range cert.Domains {
			domains[d.ID] = 0
		}
		stats.ByCertification[cert.Code] = CertificationStat{Domains: domains}
	}
	for _, q := range b.Questions {
		stats.ByPlatform[q.Platform]++
		stats.BySkill[q.Skill]++
		stats.ByType[q.Type]++
		stats.ByDifficulty[strconv.Itoa(q.Difficulty)]++
		for code, domain := range cat.Serves(q) {
			served := stats.ByCertification[code]
			served.Eligible++
			served.Domains[domain]++
			stats.ByCertification[code] = served
		}
	}
	return stats
}
