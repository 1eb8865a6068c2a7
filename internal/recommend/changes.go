package recommend

import (
	"fmt"
	"maps"
	"slices"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// The most lines of "what would change this" for the first choice and for any
// other.
const (
	leadChanges  = 4
	otherChanges = 2
)

// changes says for each certification what would change its place, found by
// ranking again with one thing altered: a factor unsaid, one answer of the
// profile given differently, the test answers left out, a pass probability
// raised, an unconfirmed exam confirmed.
func (s *subject) changes(ranked []scored) map[exam.Code][]string {
	if len(ranked) == 0 {
		return nil
	}
	lead := ranked[0].cert.Code
	out := map[exam.Code][]string{}
	add := func(code exam.Code, text string) {
		limit := otherChanges
		if code == lead {
			limit = leadChanges
		}
		if len(out[code]) < limit {
			out[code] = append(out[code], text)
		}
	}
	s.unsaid(lead, add)
	s.unanswered(lead, add)
	s.confirmed(lead, add)
	s.differently(lead, add)
	if len(out[lead]) == 0 {
		add(lead, "No single change found here would put another exam first.")
	}
	for _, one := range ranked[1:] {
		if code := one.cert.Code; len(out[code]) == 0 {
			add(code, s.raised(one, ranked[0]))
		}
	}
	return out
}

// but is a copy to be altered.
func (s *subject) but() subject {
	c := *s
	c.quiet = true
	return c
}

// first is the code at the head of the ranking; "" if there is none.
func (s *subject) first() exam.Code {
	ranked, _ := s.ranking()
	if len(ranked) == 0 {
		return ""
	}
	return ranked[0].cert.Code
}

func (s *subject) unsaid(lead exam.Code, add func(exam.Code, string)) {
	for _, factor := range slices.Sorted(maps.Keys(s.said)) {
		if len(s.said[factor]) == 0 {
			continue
		}
		other := s.but()
		other.said = s.said.with(factor)
		if first := other.first(); first != lead {
			add(lead, fmt.Sprintf("Without your answer to “%s”, %s would come first.", s.factorLabel(factor), first))
		}
	}
}

func (s *subject) unanswered(lead exam.Code, add func(exam.Code, string)) {
	if len(s.evidence) == 0 {
		add(lead, "A diagnostic would add what you know to what you said.")
		return
	}
	other := s.but()
	other.evidence = nil
	ranked, _ := other.ranking()
	if !other.tellsApart(ranked) {
		add(lead, "What you said tells nothing apart yet; your answers decide.")
		return
	}
	if first := ranked[0].cert.Code; first != lead {
		add(lead, fmt.Sprintf("By your situation alone, %s would come first; your answers made the difference.", first))
		add(first, fmt.Sprintf("Comes first by your situation alone; your answers speak for %s.", lead))
	}
}

func (s *subject) confirmed(lead exam.Code, add func(exam.Code, string)) {
	for _, c := range s.eligible {
		t := s.taking[c.Code]
		if t.availability != catalogue.Unconfirmed || c.Code == lead {
			continue
		}
		other := s.but()
		other.taking = maps.Clone(s.taking)
		other.taking[c.Code] = taking{availability: catalogue.Yes, lastDay: t.lastDay}
		if other.first() == c.Code {
			add(lead, fmt.Sprintf("Once %s is confirmed to take bookings, it would come first.", c.Code))
			add(c.Code, "Would come first once it is confirmed to take bookings.")
		}
	}
}

// differently tries each single choice of each factor. The first choice's lines
// name each other exam once.
func (s *subject) differently(lead exam.Code, add func(exam.Code, string)) {
	told := map[exam.Code]bool{}
	for _, f := range s.cat.Factors {
		for _, v := range f.Values {
			if s.said[f.ID][v.ID] && len(s.said[f.ID]) == 1 {
				continue
			}
			other := s.but()
			other.said = s.said.with(f.ID, v.ID)
			first := other.first()
			if first == lead || first == "" {
				continue
			}
			add(first, fmt.Sprintf("Would come first if you answered “%s” to “%s”.", s.valueLabel(f.ID, v.ID), s.factorLabel(f.ID)))
			if told[first] {
				continue
			}
			told[first] = true
			add(lead, fmt.Sprintf("If you answered “%s” to “%s”, %s would come first.", s.valueLabel(f.ID, v.ID), s.factorLabel(f.ID), first))
		}
	}
}

// raised looks for the pass probability at which an exam would come first, and
// otherwise says how far behind it is.
func (s *subject) raised(one, lead scored) string {
	code := one.cert.Code
	behind := fmt.Sprintf("%.2f behind %s; no single change found here would put it first.", lead.score-one.score, lead.cert.Code)
	e, ok := s.evidence[code]
	if !ok || !s.leadsAt(code, ceiling) {
		return behind
	}
	for _, p := range []float64{0.3, 0.5, 0.65, 0.8, ceiling} {
		if p > e.p && s.leadsAt(code, p) {
			return fmt.Sprintf("Would come first if your chance to pass it rose to about %.0f\u00a0%%.", 100*p)
		}
	}
	return behind
}

// ceiling is the highest pass probability that is shown.
const ceiling = 0.95

// leadsAt reports whether an exam would come first with pass probability p.
func (s *subject) leadsAt(code exam.Code, p float64) bool {
	other := s.but()
	other.report.Exams = slices.Clone(s.report.Exams)
	for i := range other.report.Exams {
		if other.report.Exams[i].Code == code {
			other.report.Exams[i].PassRaw = p
		}
	}
	other.evidence = weigh(other.report, s.isEligible)
	return other.first() == code
}
