package recommend

import (
	"slices"
	"strings"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// Recommend ranks the certifications that can be taken on now's calendar day.
// It never fails: with nothing to go by it recommends nothing and says so. The
// catalogue and the evidence are only read.
func Recommend(cat *catalogue.Catalogue, in Situation, ev Evidence, now time.Time) Recommendation {
	if cat == nil {
		cat = &catalogue.Catalogue{}
	}
	s := newSubject(cat, in, ev.Report, now)
	s.need = ev.Need
	ranked, aside := s.ranking()
	r := Recommendation{
		Retired:     s.retired(in),
		Notes:       s.notes(),
		Conflicts:   s.conflicts(aside),
		Information: s.information(aside),
	}
	changes, smallest := s.changes(ranked)
	for _, one := range ranked {
		r.Ranking = append(r.Ranking, s.choice(one, changes[one.cert.Code]))
	}
	if len(r.Ranking) > 0 && s.tellsApart(ranked) {
		r.Smallest = smallest
		lead := r.Ranking[0]
		r.Lead = &lead
		r.Beside = beside(r.Ranking)
		r.Then = s.follow(ranked)
	}
	r.Sentence = s.answer(r)
	return r
}

// tellsApart reports whether anything but the calendar speaks for an exam.
func (s *subject) tellsApart(ranked []scored) bool {
	return len(s.evidence) > 0 || slices.ContainsFunc(ranked, func(one scored) bool {
		return slices.ContainsFunc(one.ledger, func(e Entry) bool {
			return e.Weight > 0 && e.Source != Lifecycle
		})
	})
}

// beside is the best exam that can be taken for certain, when the first can't.
func beside(ranking []Choice) *Choice {
	if ranking[0].Availability == catalogue.Yes {
		return nil
	}
	for _, c := range ranking[1:] {
		if c.Availability == catalogue.Yes {
			return &c
		}
	}
	return nil
}

func (s *subject) choice(one scored, changes []string) Choice {
	c := one.cert
	t := s.taking[c.Code]
	out := Choice{
		Code:         c.Code,
		Name:         c.Name,
		Vendor:       c.Vendor,
		Level:        c.Level,
		Score:        one.score,
		Situation:    one.situation,
		Evidence:     one.evidence,
		Availability: t.availability,
		Why:          t.reason,
		LastDay:      t.lastDay,
		Mode:         modeOf(t.availability),
		Ledger:       one.ledger,
		Changes:      changes,
	}
	if report, ok := s.report.Exam(c.Code); ok {
		out.Offered, out.Answers = report.Offered, report.Answers
		out.StudyFirst = s.studyFirst(c, report)
	} else {
		out.StudyFirst = s.studyFirst(c, readiness.ExamReport{})
	}
	if e, ok := s.evidence[c.Code]; ok {
		out.Measured, out.Pass, out.Verdict = true, e.report.Pass, e.report.Verdict
	}
	if need, ok := s.need[c.Code]; ok {
		out.Need = &need
	}
	s.explain(&out)
	return out
}

func modeOf(a catalogue.Availability) Mode {
	if a == catalogue.Yes {
		return Take
	}
	return PrepareFor
}

// nextInSequence says whether code is the next step after a held exam in one of
// the catalogue's sequences: the sequence's id and the held exam.
func (s *subject) nextInSequence(code exam.Code) (id string, after exam.Code) {
	for _, q := range s.cat.Sequences {
		for i := 0; i+1 < len(q.Now); i++ {
			if !slices.Contains(q.Now[i+1], code) {
				continue
			}
			steps := slices.Clone(q.Now[i])
			if i < len(q.Steps) {
				steps = append(steps, q.Steps[i])
			}
			for _, step := range steps {
				if held := s.heldAs(step); held != "" {
					return q.ID, held
				}
			}
		}
	}
	return "", ""
}

// heldAs returns the exam through which the credential of a code is held; "" if
// it isn't.
func (s *subject) heldAs(code exam.Code) exam.Code {
	if s.held[code] {
		return code
	}
	if c, ok := s.certs[code]; ok {
		return s.sameCredentialHeld(c)
	}
	return ""
}

// follow names the second certification.
func (s *subject) follow(ranked []scored) *Follow {
	lead := ranked[0].cert
	next := func(reason string, fits func(c *catalogue.Certification) bool) *Follow {
		for _, one := range ranked[1:] {
			if !sameCredential(one.cert, lead) && s.sameCredentialHeld(one.cert) == "" && fits(one.cert) {
				return s.followWith(one.cert, reason, "")
			}
		}
		return nil
	}
	above := func(c *catalogue.Certification) bool { return tier(c.Level) > entryTier }
	elsewhere := func(c *catalogue.Certification) bool { return c.Vendor != lead.Vendor }

	if tier(lead.Level) == entryTier && !s.said.asksBusiness() && !s.wantsTwoClouds() {
		const reason = "the next level on the same cloud, once the ground is laid"
		if c := s.beyond(lead); c != nil {
			return s.followWith(c, reason, "")
		}
		if f := next(reason, func(c *catalogue.Certification) bool { return above(c) && !elsewhere(c) }); f != nil {
			return f
		}
	}
	if f := s.inSequence(lead); f != nil {
		return f
	}
	const carries = "the concepts carry over; only the platform's details are new"
	if f := next(carries, func(c *catalogue.Certification) bool {
		return elsewhere(c) && above(c) == above(lead)
	}); f != nil {
		return f
	}
	if f := next(carries, elsewhere); f != nil {
		return f
	}
	return next("it builds on what the first one asks", func(c *catalogue.Certification) bool {
		return tier(c.Level) >= tier(lead.Level)
	})
}

// beyond is the exam that a remap has in store for somebody who is past its entry
// direction; nil if lead is none, or nothing can be taken.
func (s *subject) beyond(lead *catalogue.Certification) *catalogue.Certification {
	for _, remap := range s.cat.Remaps {
		if !directions[remapKey{remap.From, lead.Code}].entry {
			continue
		}
		var codes []exam.Code
		for _, t := range remap.To {
			if d := directions[remapKey{remap.From, t.Code}]; !d.entry && holds(d.when, s.said, s.said) {
				codes = append(codes, t.Code)
			}
		}
		if c := s.firstOpen(append(codes, s.defaultOf(remap)), lead); c != nil {
			return c
		}
	}
	return nil
}

func (s *subject) followWith(c *catalogue.Certification, reason, sequence string) *Follow {
	a := s.taking[c.Code].availability
	return &Follow{
		Code: c.Code, Name: c.Name, Vendor: c.Vendor,
		Availability: a, Mode: modeOf(a), Reason: reason, SequenceID: sequence,
	}
}

// inSequence finds the step after lead in the catalogue's sequences; failing
// that, the step before it, since concepts carry over in both directions.
func (s *subject) inSequence(lead *catalogue.Certification) *Follow {
	for _, q := range s.cat.Sequences {
		for i := 0; i+1 < len(q.Now); i++ {
			if !s.isStep(q, i, lead) {
				continue
			}
			if c := s.firstOpen(q.Now[i+1], lead); c != nil {
				return s.followWith(c, "a usual order is "+orderName(q)+": the concepts carry over", q.ID)
			}
		}
	}
	for _, q := range s.cat.Sequences {
		for i := 1; i < len(q.Now); i++ {
			if !s.isStep(q, i, lead) {
				continue
			}
			if c := s.firstOpen(q.Now[i-1], lead); c != nil {
				return s.followWith(c, "the usual order, "+orderName(q)+", taken the other way round: the concepts carry over as well", q.ID)
			}
		}
	}
	return nil
}

// orderName is a sequence's text inside a sentence: "Azure first, then AWS".
func orderName(q catalogue.Sequence) string {
	return strings.TrimSuffix(strings.TrimSpace(q.Text), ".")
}

// isStep reports whether lead, or another exam for its credential, is the i-th
// step of the sequence.
func (s *subject) isStep(q catalogue.Sequence, i int, lead *catalogue.Certification) bool {
	if i < len(q.Steps) && q.Steps[i] == lead.Code {
		return true
	}
	return slices.ContainsFunc(q.Now[i], func(code exam.Code) bool {
		c, ok := s.certs[code]
		return ok && (code == lead.Code || sameCredential(c, lead))
	})
}

// firstOpen is the first of the exams that is eligible and gives a credential
// neither lead nor anything held gives.
func (s *subject) firstOpen(codes []exam.Code, lead *catalogue.Certification) *catalogue.Certification {
	for _, code := range codes {
		if c := s.certs[code]; s.isEligible(code) && code != lead.Code && !sameCredential(c, lead) && s.sameCredentialHeld(c) == "" {
			return c
		}
	}
	return nil
}
