package recommend

import (
	"slices"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// taking is whether an exam can be taken on the day in the language.
type taking struct {
	availability catalogue.Availability
	reason       string
	lastDay      time.Time // zero if none is known
}

// subject is one person on one day: everything a ranking is computed from. It
// isn't changed once made; counterfactuals copy it.
type subject struct {
	cat      *catalogue.Catalogue
	certs    map[exam.Code]*catalogue.Certification
	taking   map[exam.Code]taking
	eligible []*catalogue.Certification // can or may be taken, and not held; in the catalogue's order
	may      map[exam.Code]bool         // the codes of eligible
	w        *catalogue.Weights
	families map[string]string // by factor
	said     said
	market   *Market
	need     map[exam.Code]effort.Need
	held     map[exam.Code]bool
	targets  map[exam.Code]bool // what the learner has in mind, translated to what can be taken
	inMind   []exam.Code        // the same as it was said
	language string
	now      time.Time
	report   readiness.Report
	evidence map[exam.Code]evidence
	indirect map[exam.Code]evidence // of exams that aren't measured
	void     map[chosen][]string    // rules that count zero, by factor value

	aboutTheCloud map[string]bool // by rule: it speaks of a cloud as a whole
	quiet         bool            // only the figures are wanted: ledgers stay without texts
}

func newSubject(cat *catalogue.Catalogue, in Situation, report readiness.Report, now time.Time) *subject {
	s := &subject{
		cat:      cat,
		certs:    make(map[exam.Code]*catalogue.Certification, len(cat.Certifications)),
		taking:   make(map[exam.Code]taking, len(cat.Certifications)),
		may:      map[exam.Code]bool{},
		w:        &cat.Weights,
		families: make(map[string]string, len(cat.Factors)),
		said:     newSaid(in.Factors),
		market:   in.Market,
		held:     map[exam.Code]bool{},
		inMind:   in.Targets,
		language: in.Language,
		now:      now,
		report:   report,
		void:     voided(cat.Conflicts),

		aboutTheCloud: map[string]bool{},
	}
	for i := range cat.Rules {
		rule := &cat.Rules[i]
		s.aboutTheCloud[rule.ID] = cloudWide(rule)
		for factor := range rule.Factors {
			s.families[factor] = s.family(factor)
		}
	}
	s.families[targetCloud] = s.family(targetCloud)
	for _, code := range in.Held {
		s.held[code] = true
	}
	for i := range cat.Certifications {
		c := &cat.Certifications[i]
		if _, twice := s.certs[c.Code]; twice {
			continue
		}
		s.certs[c.Code] = c
		t := takingOf(c, now, in.Language)
		s.taking[c.Code] = t
		if t.availability != catalogue.No && !s.held[c.Code] {
			s.eligible = append(s.eligible, c)
			s.may[c.Code] = true
		}
	}
	s.aim()
	s.evidence = s.weigh(report)
	s.indirect = s.indirectly(report)
	return s
}

// aim translates what the learner has in mind, which depends on all that was said.
func (s *subject) aim() {
	s.targets = map[exam.Code]bool{}
	for _, code := range s.inMind {
		s.targets[s.towards(code)] = true
	}
	delete(s.targets, "")
}

// takingOf asks the catalogue.
func takingOf(c *catalogue.Certification, on time.Time, language string) taking {
	t := c.Takeable(on, language)
	if t.Availability != catalogue.Yes && t.Availability != catalogue.Unconfirmed {
		return taking{availability: catalogue.No, reason: t.Reason}
	}
	return taking{availability: t.Availability, reason: t.Reason, lastDay: t.Until}
}

func (s *subject) isEligible(code exam.Code) bool { return s.may[code] }

// daysLeft is the number of days until an exam's last one, 0 on that day.
func (s *subject) daysLeft(code exam.Code) (int, bool) {
	last := s.taking[code].lastDay
	if last.IsZero() {
		return 0, false
	}
	return max(0, int(calendarDay(last).Sub(calendarDay(s.now))/(24*time.Hour))), true
}

// calendarDay drops the time of day, so that dates subtract as dates.
func calendarDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (s *subject) remap(code exam.Code) (catalogue.Remap, bool) {
	i := slices.IndexFunc(s.cat.Remaps, func(r catalogue.Remap) bool { return r.From == code })
	if i < 0 {
		return catalogue.Remap{}, false
	}
	return s.cat.Remaps[i], true
}

// towards translates an exam somebody has in mind to the one to aim at: its
// successor, or where it has none what the whole situation points at.
func (s *subject) towards(code exam.Code) exam.Code {
	if s.isEligible(code) || s.held[code] {
		return code
	}
	if c, ok := s.certs[code]; ok && s.isEligible(c.Successor) {
		return c.Successor
	}
	if remap, ok := s.remap(code); ok {
		return s.directions(remap, firing{rule: &catalogue.Rule{}})[0]
	}
	return s.standIn(code)
}

// sameCredentialHeld returns the held exam that gives the same credential.
func (s *subject) sameCredentialHeld(c *catalogue.Certification) exam.Code {
	for i := range s.cat.Certifications {
		other := &s.cat.Certifications[i]
		if other.Code != c.Code && s.held[other.Code] && sameCredential(c, other) {
			return other.Code
		}
	}
	return ""
}

func sameCredential(a, b *catalogue.Certification) bool {
	return a.Vendor == b.Vendor && a.Name != "" && a.Name == b.Name
}
