package readiness

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
)

// When a figure may be shown, and what is worth saying.
const (
	minAnswers       = 8    // bearing on an exam, before its pass probability gets words
	minDomainAnswers = 2    // in a domain's cells, before its interval is shown
	maxVarianceShare = 0.6  // of a domain's prior variance, for the same
	worthNarrowing   = 0.01 // share of the exam's variance a question must promise to remove
	skillsListed     = 3
)

// Report says where a learner stands now, from every response they ever gave.
// codes names the exams to report on; nil means all. It is a pure function of its
// arguments. It fails with a not-found fault for a code that isn't in the catalogue.
func (m *Model) Report(responses []exam.Response, now time.Time, codes []exam.Code) (report Report, err error) {
	defer fault.Op(&err, "readiness report")
	exams, err := m.choose(codes)
	if err != nil {
		return Report{}, err
	}
	ev := m.evidence(now, responses)
	report = Report{Answers: len(ev.answers), Banks: ev.banks, Ignored: ev.ignored, Version: m.Version()}
	for _, at := range ev.items {
		if m.items[at].calibrated {
			report.Calibrated++
		}
	}
	s, err := m.stand(ev, exams)
	if err != nil {
		return Report{}, err
	}
	for _, e := range exams {
		r, err := s.exam(e)
		if err != nil {
			return Report{}, fmt.Errorf("%s: %w", m.exams[e].cert.Code, err)
		}
		report.Exams = append(report.Exams, r)
	}
	return report, nil
}

// choose returns the indexes of the exams named, in catalogue order; all for nil.
func (m *Model) choose(codes []exam.Code) ([]int, error) {
	var exams []int
	if codes == nil {
		for i := range m.exams {
			exams = append(exams, i)
		}
		return exams, nil
	}
	for _, code := range codes {
		i, ok := m.examAt[code]
		if !ok {
			return nil, fault.NotFound("there is no exam %s in the catalogue", code)
		}
		exams = append(exams, i)
	}
	slices.Sort(exams)
	return slices.Compact(exams), nil
}

// standing is a posterior with what is needed to describe it.
type standing struct {
	m          *Model
	ev         *evidence
	posterior  *measure.Normal
	draws      *measure.Draws
	answered   []bool    // by item
	gain       []float64 // by item: variance removed per squared covariance
	covariance []float64 // scratch, by cell
}

func (m *Model) stand(ev *evidence, exams []int) (*standing, error) {
	posterior, err := measure.Posterior(m.prior, ev.answers)
	if err != nil {
		return nil, err
	}
	s := &standing{
		m: m, ev: ev, posterior: posterior,
		answered:   make([]bool, len(m.items)),
		covariance: make([]float64, len(m.cells)),
	}
	for _, at := range ev.items {
		s.answered[at] = true
	}
	if s.draws, err = m.design.Draw(posterior, m.cellsOf(exams)); err != nil {
		return nil, err
	}
	scratch := m.scratch.Get().(*measure.Scratch)
	defer m.scratch.Put(scratch)
	s.gain = slices.Clone(m.pool.Gains(posterior, m.ones, scratch))
	return s, nil
}

// cellsOf lists the cells that any of the exams rests on.
func (m *Model) cellsOf(exams []int) []int {
	var cells []int
	for c := range m.cells {
		if slices.ContainsFunc(exams, func(e int) bool { return m.exams[e].cells[c] }) {
			cells = append(cells, c)
		}
	}
	return cells
}

func (s *standing) exam(index int) (ExamReport, error) {
	e := &s.m.exams[index]
	pass, err := s.draws.Pass(&e.form)
	if err != nil {
		return ExamReport{}, err
	}
	mean, variance := s.posterior.Moments(e.overall.Composite)
	r := ExamReport{
		Code:       e.cert.Code,
		Offered:    e.offered,
		Answers:    s.ev.in(e.cells),
		Pass:       measure.CapPass(pass),
		PassRaw:    pass,
		Start:      e.start,
		Overall:    s.interval(e.overall),
		CutPercent: e.cut.Percent,
		CutSD:      e.cut.SD,
		CutResults: e.cut.Results,
		ThetaMean:  mean,
		ThetaSD:    math.Sqrt(variance),
	}
	r.Verdict = VerdictOf(pass, r.Answers)
	for d := range e.domains {
		r.Domains = append(r.Domains, s.domain(&e.domains[d]))
	}
	r.Strongest, r.Weakest = s.skills(e, r.Overall.Estimate)
	r.Narrow = s.narrow(e, variance)
	return r, nil
}

// VerdictOf puts a pass probability into words, for so many answers that bear on
// the exam.
func VerdictOf(pass float64, answers int) Verdict {
	switch {
	case answers < minAnswers:
		return TooEarly
	case pass < .20:
		return NotYet
	case pass < .50:
		return GettingThere
	case pass <= .80:
		return Likely
	}
	return Ready
}

func (s *standing) interval(sc scale) Interval { return interval(s.posterior, sc) }

func interval(posterior *measure.Normal, sc scale) Interval {
	mean, variance := posterior.Moments(sc.Composite)
	r := measure.ScoreRange(sc.curve, mean, variance)
	return Interval{Estimate: 100 * r.Middle, Low: 100 * r.Low, High: 100 * r.High}
}

func (s *standing) domain(d *domainModel) DomainReport {
	_, variance := s.posterior.Moments(d.Composite)
	r := DomainReport{
		ID:       d.domain.ID,
		Name:     d.domain.Name,
		Weight:   d.domain.Weight,
		Interval: s.interval(d.scale),
		Answers:  s.ev.in(d.cells),
		Eligible: len(d.items),
	}
	r.Shown = shown(d, variance, r.Answers)
	if !r.Shown {
		r.Missing = s.missing(d, variance, r.Answers)
	}
	return r
}

// shown reports whether enough is known of a domain for its interval to be shown.
func shown(d *domainModel, variance float64, answers int) bool {
	return variance <= maxVarianceShare*d.priorVar && answers >= minDomainAnswers
}

// missing says what would let a domain be shown.
func (s *standing) missing(d *domainModel, variance float64, answers int) string {
	if len(d.items) == 0 {
		return "The bank has no questions on this domain yet."
	}
	left, gain := s.typicalGain(d)
	if left == 0 {
		return "You have answered every question the bank has on this domain; more questions are needed to place you."
	}
	need := max(1, minDomainAnswers-answers)
	if excess := variance - maxVarianceShare*d.priorVar; excess > 0 && gain > 0 {
		need = max(need, int(math.Min(float64(left)+1, math.Ceil(excess/gain))))
	}
	switch {
	case need > left:
		return fmt.Sprintf("Not enough answers here yet: the bank has %s left on this domain, which may not be enough to place you.", count(left, "question"))
	case need == 1:
		return "Not enough answers here yet: one more would do."
	}
	return fmt.Sprintf("Not enough answers here yet: about %d more would do.", need)
}

func count(n int, thing string) string {
	if n == 1 {
		return "one " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// typicalGain counts the domain's unanswered questions and returns the mean
// variance one of them is expected to remove from the domain's composite.
func (s *standing) typicalGain(d *domainModel) (left int, gain float64) {
	s.posterior.Covariances(d.Composite, s.covariance)
	for _, i := range d.items {
		if s.answered[i] {
			continue
		}
		left++
		cov := s.covariance[s.m.items[i].cell]
		gain += s.gain[i] * cov * cov
	}
	if left > 0 {
		gain /= float64(left)
	}
	return left, gain
}

// narrow picks the domain whose best unanswered question promises to remove most
// of the variance of the exam's composite, the part of the pass probability that
// answers can settle.
func (s *standing) narrow(e *examModel, variance float64) exam.DomainID {
	s.posterior.Covariances(e.overall.Composite, s.covariance)
	best, id := worthNarrowing*variance, exam.DomainID("")
	for d := range e.domains {
		for _, i := range e.domains[d].items {
			if s.answered[i] {
				continue
			}
			cov := s.covariance[s.m.items[i].cell]
			if gain := s.gain[i] * cov * cov; gain > best {
				best, id = gain, e.domains[d].domain.ID
			}
		}
	}
	return id
}

// skills splits the exam's skills with answers at the overall estimate and
// returns the best of the upper part and the worst of the lower, so that no skill
// is both.
func (s *standing) skills(e *examModel, overall float64) (strongest, weakest []SkillReport) {
	for i := range e.skills {
		sk := &e.skills[i]
		answers := s.ev.in(sk.cells)
		if answers == 0 {
			continue
		}
		r := SkillReport{Skill: sk.id, Name: sk.name, Interval: s.interval(sk.scale), Answers: answers}
		if r.Interval.Estimate >= overall {
			strongest = append(strongest, r)
		} else {
			weakest = append(weakest, r)
		}
	}
	slices.SortStableFunc(strongest, func(a, b SkillReport) int { return cmp.Compare(b.Interval.Estimate, a.Interval.Estimate) })
	slices.SortStableFunc(weakest, func(a, b SkillReport) int { return cmp.Compare(a.Interval.Estimate, b.Interval.Estimate) })
	return strongest[:min(skillsListed, len(strongest))], weakest[:min(skillsListed, len(weakest))]
}
