package recommend

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

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
// ranking again with one thing altered: one answer of the profile given
// differently or left out, the test answers left out, a pass probability raised,
// an unconfirmed exam confirmed. The smallest change of what was said or shown
// that puts another exam first comes back by itself; it is the first line of the
// first choice.
func (s *subject) changes(ranked []scored) (map[exam.Code][]string, *Change) {
	if len(ranked) == 0 {
		return nil, nil
	}
	lead := ranked[0].cert.Code
	out := map[exam.Code][]string{}
	add := func(code exam.Code, text string) {
		limit := otherChanges
		if code == lead {
			limit = leadChanges
		}
		if len(out[code]) < limit && !slices.Contains(out[code], text) {
			out[code] = append(out[code], text)
		}
	}
	single := s.singles(ranked)
	smallest := s.smallest(ranked, single)
	if smallest != nil {
		add(lead, smallest.Text)
	}
	s.unanswered(lead, add)
	s.leftOut(lead, single, add)
	s.confirmed(lead, add)
	s.differently(lead, single, add)
	if len(out[lead]) == 0 {
		add(lead, "No single change found here would put another exam first.")
	}
	for _, one := range ranked[1:] {
		if code := one.cert.Code; len(out[code]) == 0 {
			add(code, s.raised(one, ranked[0]))
		}
	}
	return out, smallest
}

// but is a copy to be altered.
func (s *subject) but() subject {
	c := *s
	c.quiet = true
	return c
}

// first is the code at the head of the ranking; "" if there is none, or nothing
// tells the exams apart.
func (s *subject) first() exam.Code {
	ranked, _ := s.ranking()
	if len(ranked) == 0 || !s.tellsApart(ranked) {
		return ""
	}
	return ranked[0].cert.Code
}

// altered is the change to a profile that answers some factors otherwise, if it
// puts another exam first than lead.
func (s *subject) altered(ranked []scored, factors map[string][]string) (Change, bool) {
	other := s.but()
	for factor, values := range factors {
		other.said = other.said.with(factor, values...)
	}
	other.aim()
	first := other.first()
	if first == ranked[0].cert.Code {
		return Change{}, false
	}
	c := Change{First: first, Answers: len(factors), Factors: factors}
	for factor := range factors {
		if len(s.said[factor]) == 0 {
			c.New++
		}
	}
	for _, one := range ranked {
		if one.cert.Code == first {
			c.Gap = ranked[0].score - one.score
		}
	}
	c.Text = s.changeText(c)
	return c, true
}

// changeText says a change of the profile in words.
func (s *subject) changeText(c Change) string {
	var given, left []string
	for _, f := range s.cat.Factors {
		values, ok := c.Factors[f.ID]
		switch {
		case !ok:
		case len(values) == 0:
			left = append(left, s.factorLabel(f.ID))
		default:
			given = append(given, s.supposition(f.ID, values[0]))
		}
	}
	result := fmt.Sprintf("%s would lead.", c.First)
	if c.First == "" {
		result = "nothing would tell the exams apart."
	}
	if len(given) == 0 {
		if c.First != "" {
			result = fmt.Sprintf("%s would come first.", c.First)
		}
		return fmt.Sprintf("Without your answer to “%s”, %s", strings.Join(left, "” and “"), result)
	}
	return fmt.Sprintf("If %s, %s", strings.Join(given, " and "), result)
}

// supposition puts an answer into a clause after "if".
func (s *subject) supposition(factor, value string) string {
	if cloud := vendors[cloudOf(value)]; cloud != "" {
		switch factor {
		case currentCloud:
			return "your present employer used " + cloud
		case targetCloud:
			return "your target employer used " + cloud
		}
	}
	return fmt.Sprintf("you answered “%s” to “%s”", s.valueLabel(factor, value), s.factorLabel(factor))
}

// singles are the changes of one answer that put another exam first, in the
// order of the profile; an answer left out stands before those given differently.
func (s *subject) singles(ranked []scored) []Change {
	var out []Change
	for _, f := range s.cat.Factors {
		if len(s.said[f.ID]) > 0 {
			if c, ok := s.altered(ranked, map[string][]string{f.ID: nil}); ok {
				out = append(out, c)
			}
		}
		for _, v := range f.Values {
			if s.said[f.ID][v.ID] && len(s.said[f.ID]) == 1 {
				continue
			}
			if c, ok := s.altered(ranked, map[string][]string{f.ID: {v.ID}}); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// smallest picks the change that alters fewest answers, those that were given
// before others, and brings forward the exam that is nearest already. Where no one answer does, two are
// altered, of which one is an employer's cloud; and where that doesn't, a pass
// probability.
func (s *subject) smallest(ranked []scored, single []Change) *Change {
	if c := nearest(single); c != nil {
		return c
	}
	if c := nearest(s.pairs(ranked)); c != nil {
		return c
	}
	var raised []Change
	for _, one := range ranked[1:] {
		code := one.cert.Code
		if p, ok := s.leadsFrom(code); ok {
			raised = append(raised, Change{
				First: code, Answers: 1, Pass: map[exam.Code]float64{code: p}, Gap: ranked[0].score - one.score,
				Text: fmt.Sprintf("If your chance to pass %s rose to about %.0f\u00a0%%, %s would lead.", code, 100*p, code),
			})
		}
	}
	return nearest(raised)
}

// nearest is the change whose exam is fewest points behind. A change of what was
// said goes before an answer to what wasn't, and among equals an answer given
// differently before one left out. Changes after which nothing leads don't count.
func nearest(changes []Change) *Change {
	var best *Change
	for i := range changes {
		c := &changes[i]
		if c.First == "" {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(c.New, best.New), cmp.Compare(c.Gap, best.Gap), cmp.Compare(leftOut(*c), leftOut(*best))) < 0 {
			best = c
		}
	}
	return best
}

// leftOut counts the answers that a change leaves out.
func leftOut(c Change) int {
	n := 0
	for _, values := range c.Factors {
		if len(values) == 0 {
			n++
		}
	}
	return n
}

// pairs are the changes of an employer's cloud together with one other answer
// that was given.
func (s *subject) pairs(ranked []scored) []Change {
	var out []Change
	for _, employer := range []string{targetCloud, currentCloud} {
		for _, cloud := range s.valuesOf(employer) {
			if s.said[employer][cloud] {
				continue
			}
			for _, f := range s.cat.Factors {
				if f.ID == employer || len(s.said[f.ID]) == 0 {
					continue
				}
				options := [][]string{nil}
				if f.ID == currentCloud || f.ID == targetCloud {
					options = [][]string{{cloud}}
				}
				for _, values := range options {
					if c, ok := s.altered(ranked, map[string][]string{employer: {cloud}, f.ID: values}); ok {
						out = append(out, c)
					}
				}
			}
		}
	}
	return out
}

// valuesOf lists the values of a factor that name a cloud.
func (s *subject) valuesOf(factor string) []string {
	var out []string
	for _, f := range s.cat.Factors {
		if f.ID != factor {
			continue
		}
		for _, v := range f.Values {
			if cloudOf(v.ID) != "" {
				out = append(out, v.ID)
			}
		}
	}
	return out
}

func (s *subject) leftOut(lead exam.Code, single []Change, add func(exam.Code, string)) {
	for _, c := range single {
		if leftOut(c) > 0 {
			add(lead, c.Text)
		}
	}
}

func (s *subject) unanswered(lead exam.Code, add func(exam.Code, string)) {
	if len(s.evidence) == 0 {
		add(lead, "A diagnostic would add what you know to what you said.")
		return
	}
	other := s.but()
	other.evidence, other.indirect = nil, nil
	first := other.first()
	if first == "" {
		add(lead, "What you said tells nothing apart yet; your answers decide.")
		return
	}
	if first != lead {
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

// differently tells of answers given differently; the first choice's lines name
// each other exam once.
func (s *subject) differently(lead exam.Code, single []Change, add func(exam.Code, string)) {
	told := map[exam.Code]bool{"": true}
	for _, c := range single {
		if leftOut(c) > 0 || c.First == "" {
			continue
		}
		for factor, values := range c.Factors {
			add(c.First, fmt.Sprintf("Would come first if %s.", s.supposition(factor, values[0])))
		}
		if !told[c.First] {
			told[c.First] = true
			add(lead, c.Text)
		}
	}
}

// raised names the pass probability at which an exam would come first, and
// otherwise says how far behind it is.
func (s *subject) raised(one, lead scored) string {
	if p, ok := s.leadsFrom(one.cert.Code); ok {
		return fmt.Sprintf("Would come first if your chance to pass it rose to about %.0f\u00a0%%.", 100*p)
	}
	return fmt.Sprintf("%.2f behind %s; no single change found here would put it first.", lead.score-one.score, lead.cert.Code)
}

// ceiling is the highest pass probability that is shown.
const ceiling = 0.95

// leadsFrom is the pass probability from which an exam would come first, of a
// few; false where none would do.
func (s *subject) leadsFrom(code exam.Code) (float64, bool) {
	e, ok := s.evidence[code]
	if !ok || !s.leadsAt(code, ceiling) {
		return 0, false
	}
	for _, p := range []float64{0.3, 0.5, 0.65, 0.8, ceiling} {
		if p > e.p && s.leadsAt(code, p) {
			return p, true
		}
	}
	return 0, false
}

// leadsAt reports whether an exam would come first with pass probability p.
func (s *subject) leadsAt(code exam.Code, p float64) bool {
	other := s.but()
	other.report.Exams = slices.Clone(s.report.Exams)
	for i := range other.report.Exams {
		if other.report.Exams[i].Code == code {
			other.report.Exams[i].PassRaw = p
		}
	}
	other.evidence = s.weigh(other.report)
	return other.first() == code
}
