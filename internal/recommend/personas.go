package recommend

import (
	"math"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// Persona is a made-up learner with what the rules and common sense demand for
// them. The table stands for the people who come: it says what the ranking must
// do, and sensitivity analysis ranks it again under other weights.
type Persona struct {
	Name      string
	Situation Situation
	Shown     *Shown // nil for somebody who has answered nothing
	// Day is an ISO date; "" for the one the table was written on.
	Day string
	// First holds the exams that may come first; empty where nothing may lead.
	First []exam.Code
	// Never holds exams that mustn't come first, though they may seem to.
	Never []exam.Code
	Why   string // in a line
}

// Shown is what a persona's answers say, in probabilities of passing.
type Shown struct {
	Answers int
	Usual   ByLevel
	On      map[exam.Platform]ByLevel // where a platform differs
}

// ByLevel is a probability of passing by the level of an exam.
type ByLevel struct{ Entry, Associate, Higher float64 }

func (l ByLevel) of(c *catalogue.Certification) float64 {
	return []float64{entryTier: l.Entry, associateTier: l.Associate, topTier: l.Higher}[tier(c.Level)]
}

// assumedStart is about what the measurement model assumes before any answer.
var assumedStart = ByLevel{Entry: 0.59, Associate: 0.23, Higher: 0.065}

// personaDay is the day on which the table was written.
var personaDay = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// On is the persona's day.
func (p Persona) On() time.Time {
	day, err := time.Parse(time.DateOnly, p.Day)
	if err != nil {
		return personaDay
	}
	return day
}

// Evidence is what the persona's answers say of every exam of the catalogue.
func (p Persona) Evidence(cat *catalogue.Catalogue) Evidence {
	if p.Shown == nil {
		return Evidence{}
	}
	r := readiness.Report{Answers: p.Shown.Answers}
	for i := range cat.Certifications {
		c := &cat.Certifications[i]
		level, ok := p.Shown.On[c.Vendor]
		if !ok {
			level = p.Shown.Usual
		}
		pass := level.of(c)
		r.Exams = append(r.Exams, readiness.ExamReport{
			Code: c.Code, Offered: true, Answers: p.Shown.Answers, PassRaw: pass, Pass: math.Min(math.Max(pass, 0.05), ceiling),
			Start: assumedStart.of(c), Verdict: readiness.VerdictOf(pass, p.Shown.Answers), CutPercent: 70,
		})
	}
	return Evidence{Report: r}
}

// answered abbreviates the answers of a profile: factor, values, factor, values …
func answered(pairs ...any) Situation {
	in := Situation{Language: "en", Factors: map[string][]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		factor, _ := pairs[i].(string)
		switch v := pairs[i+1].(type) {
		case string:
			in.Factors[factor] = []string{v}
		case []string:
			in.Factors[factor] = v
		}
	}
	return in
}

func (s Situation) holding(codes ...exam.Code) Situation {
	s.Held = codes
	return s
}

func (s Situation) inMind(codes ...exam.Code) Situation {
	s.Targets = codes
	return s
}

func (s Situation) in(language string) Situation {
	s.Language = language
	return s
}

func (s Situation) reading(n int, named map[exam.Platform]int) Situation {
	s.Market = &Market{Postings: n, Platforms: named, Counted: personaDay}
	return s
}
