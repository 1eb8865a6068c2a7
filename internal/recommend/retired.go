package recommend

import (
	"fmt"
	"slices"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// isRetired reports whether an exam is over in every language, with its last
// day if that is known.
func (s *subject) isRetired(c *catalogue.Certification) (bool, time.Time) {
	t := c.Takeable(s.now, "")
	if t.Availability == catalogue.Yes || t.Availability == catalogue.Unconfirmed {
		return false, time.Time{}
	}
	today := calendarDay(s.now)
	var last time.Time
	over := false
	for _, e := range c.Events {
		if e.LastDay.After(last) && e.LastDay.Before(today) {
			last = e.LastDay
		}
		if e.Status == catalogue.StatusRetired && !e.From.After(today) {
			over = true
			if last.IsZero() && !e.From.IsZero() {
				last = e.From.AddDate(0, 0, -1)
			}
		}
	}
	if !over {
		return false, time.Time{}
	}
	return true, last
}

// retired tells what became of the exams that the fired rules, the held
// certifications and the targets point at, in the catalogue's order.
func (s *subject) retired(in Situation) []RetiredNote {
	named := map[exam.Code]bool{}
	fired, aside := s.firings()
	for _, f := range append(fired, aside...) {
		for _, code := range f.rule.Supports {
			named[code] = true
		}
	}
	for _, code := range slices.Concat(in.Held, in.Targets) {
		named[code] = true
	}
	var out []RetiredNote
	for i := range s.cat.Certifications {
		c := &s.cat.Certifications[i]
		if !named[c.Code] || s.certs[c.Code] != c {
			continue
		}
		if over, last := s.isRetired(c); over {
			note := s.retiredNote(c, last)
			note.Targeted = slices.Contains(in.Targets, c.Code)
			out = append(out, note)
		}
	}
	return out
}

func (s *subject) retiredNote(c *catalogue.Certification, last time.Time) RetiredNote {
	note := RetiredNote{Code: c.Code, Name: c.Name, LastDay: last, Held: s.held[c.Code]}
	if next, ok := s.certs[c.Successor]; ok {
		note.Successor, note.SuccessorName = next.Code, next.Name
		note.SuccessorAvailability = s.taking[next.Code].availability
		note.Changes = slices.Clone(next.Changes)
	}
	remap, mapped := s.remap(c.Code)
	note.Caveat = remap.Caveat
	if !mapped {
		for _, code := range c.Directions {
			remap.To = append(remap.To, catalogue.RemapTarget{Code: code})
		}
	}
	chosen := s.directions(remap, firing{rule: &catalogue.Rule{}})
	for _, t := range remap.To {
		target, ok := s.certs[t.Code]
		if !ok {
			continue
		}
		note.Directions = append(note.Directions, Direction{
			Code: t.Code, Name: target.Name, When: t.When,
			Fits:         slices.Contains(chosen, t.Code),
			Availability: s.taking[t.Code].availability,
		})
	}
	return note
}

// notes says which directions were closed on the day or in the language, and
// what the ranking can't know.
func (s *subject) notes() []string {
	var out []string
	add := func(text string) {
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	fired, _ := s.firings()
	for _, f := range fired {
		for _, code := range f.rule.Supports {
			add(s.closedNote(code))
		}
	}
	slices.Sort(out) // whatever the order of the rules
	for _, code := range sortedCodes(s.held) {
		if s.certs[code] == nil {
			add(fmt.Sprintf("%s isn't one of the exams catalogued here, so it plays no part in the ranking.", code))
		}
	}
	return out
}

// closedNote says that what a rule names can't be taken and nothing stands in.
func (s *subject) closedNote(code exam.Code) string {
	first := code
	stand := s.standIn(code)
	if remap, ok := s.remap(code); ok && !s.isEligible(code) && len(remap.To) > 0 {
		first, stand = remap.To[0].Code, s.defaultOf(remap)
	}
	t, known := s.taking[first]
	if !known || stand == first || s.held[first] {
		return ""
	}
	if stand == "" {
		return sentence(fmt.Sprintf("%s would fit what you said, but can't be taken now", first), t.reason)
	}
	return sentence(fmt.Sprintf("%s stands in for %s, which can't be taken now", stand, first), t.reason)
}

// information lists what fired without weight and what was set aside.
func (s *subject) information(asideByBase []support) []Information {
	var out []Information
	fired, aside := s.firings()
	named := map[exam.Code]bool{}
	for _, f := range fired {
		for _, code := range f.rule.Supports {
			named[code] = true
		}
		if f.rule.Weight == 0 {
			out = append(out, informationOf(f.rule, ""))
		}
	}
	// A rule without factors is shown to those for whom another rule names the
	// same exam.
	for i := range s.cat.Rules {
		r := &s.cat.Rules[i]
		if len(r.Factors) == 0 && slices.ContainsFunc(r.Supports, func(c exam.Code) bool { return named[c] }) {
			out = append(out, informationOf(r, ""))
		}
	}
	for _, f := range aside {
		out = append(out, informationOf(f.rule, "set aside: "+s.resolution(f.rule.ID, "background and prerequisites decide")))
	}
	for _, u := range asideByBase {
		i := informationOf(u.rule, "set aside: background and prerequisites override industry")
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	out = append(out, s.voidInformation()...)
	slices.SortStableFunc(out, func(a, b Information) int { return compareText(a.RuleID, b.RuleID) })
	return out
}

// voidInformation lists the rules that a conflict made count zero here.
func (s *subject) voidInformation() []Information {
	var out []Information
	for v, ids := range s.void {
		if !s.said[v.factor][v.value] {
			continue
		}
		for i := range s.cat.Rules {
			if r := &s.cat.Rules[i]; slices.Contains(ids, r.ID) {
				out = append(out, informationOf(r, "set aside: "+s.resolution(r.ID, "the rules disagree")))
			}
		}
	}
	slices.SortFunc(out, func(a, b Information) int { return compareText(a.RuleID, b.RuleID) })
	return slices.Compact(out)
}

// resolution is how the catalogue settles the narrowest conflict over a rule.
func (s *subject) resolution(rule, fallback string) string {
	best, size := fallback, 0
	for _, c := range s.cat.Conflicts {
		if slices.Contains(c.Rules, rule) && c.Resolution != "" && (size == 0 || len(c.Rules) < size) {
			best, size = c.Resolution, len(c.Rules)
		}
	}
	return best
}

func informationOf(r *catalogue.Rule, label string) Information {
	switch {
	case label != "":
	case r.Strength == "provider_claim":
		label = "a provider's claim, not evidence"
	case r.Strength == "general_method":
		label = "method"
	default:
		label = "information"
	}
	return Information{RuleID: r.ID, Text: r.Text, Label: label}
}
