package readiness

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
)

// Moment is a time with the responses whose outcome was known by then.
type Moment struct {
	At    time.Time
	Known []exam.Response
}

// Track says where a learner stood with one exam at several moments, earliest
// first: at each of them what Report says of the responses known by then, within
// 0.05 points of expected score, but without Missing, Narrow, Strongest and
// Weakest. It takes a fraction of the time of as many reports.
func (m *Model) Track(code exam.Code, moments []Moment) (reports []ExamReport, err error) {
	defer fault.Op(&err, "readiness.Track(%s)", code)
	index, ok := m.examAt[code]
	if !ok {
		return nil, fault.NotFound("there is no exam %s in the catalogue", code)
	}
	evidences := make([]*evidence, len(moments))
	followed := slices.Clone(m.exams[index].cells)
	for i, moment := range moments {
		evidences[i] = m.evidence(moment.At, moment.Known)
		for _, a := range evidences[i].answers {
			followed[a.Cell] = true
		}
	}
	reports = make([]ExamReport, len(moments))
	faults := make([]error, trackParts)
	var parts sync.WaitGroup
	for part := range trackParts {
		from, to := part*len(moments)/trackParts, (part+1)*len(moments)/trackParts
		parts.Go(func() {
			faults[part] = m.trackPart(&m.exams[index], followed, evidences[from:to], reports[from:to])
		})
	}
	parts.Wait()
	return reports, errors.Join(faults...)
}

// trackParts is how many parts of a track are worked out at once. It is fixed, so that
// a track is the same on every machine.
const trackParts = 2

// trackPart writes the reports of consecutive moments.
func (m *Model) trackPart(e *examModel, followed []bool, evidences []*evidence, reports []ExamReport) error {
	t, err := m.track(e, followed)
	if err != nil {
		return err
	}
	for i, ev := range evidences {
		if reports[i], err = t.at(ev); err != nil {
			return err
		}
	}
	return nil
}

// track is one exam in the places of the cells followed.
type track struct {
	m       *Model
	e       *examModel
	trail   *measure.Trail
	cells   []int // of the exam, in the order in which Report draws them
	form    measure.Form
	overall scale
	domains []scale
}

func (m *Model) track(e *examModel, followed []bool) (*track, error) {
	var cells []int
	for c, yes := range followed {
		if yes {
			cells = append(cells, c)
		}
	}
	trail, err := measure.NewTrail(m.prior, cells)
	if err != nil {
		return nil, err
	}
	t := &track{m: m, e: e, trail: trail, form: e.form}
	place := func(c measure.Composite) measure.Composite {
		within, ok := trail.Within(c)
		if !ok && err == nil {
			err = fmt.Errorf("%s rests on cells outside its own", e.cert.Code)
		}
		return within
	}
	t.form.Domains = nil
	for i := range e.form.Domains {
		t.form.Domains = append(t.form.Domains, place(e.form.Domains[i]))
	}
	t.overall = e.overall
	t.overall.Composite = place(e.overall.Composite)
	for i := range e.domains {
		s := e.domains[i].scale
		s.Composite = place(s.Composite)
		t.domains = append(t.domains, s)
	}
	for i, c := range cells {
		if e.cells[c] {
			t.cells = append(t.cells, i)
		}
	}
	return t, err
}

func (t *track) at(ev *evidence) (ExamReport, error) {
	posterior, err := t.trail.At(ev.items, ev.answers)
	if err != nil {
		return ExamReport{}, err
	}
	draws, err := t.m.design.Draw(posterior, t.cells)
	if err != nil {
		return ExamReport{}, err
	}
	pass, err := draws.Pass(&t.form)
	if err != nil {
		return ExamReport{}, err
	}
	mean, variance := posterior.Moments(t.overall.Composite)
	r := ExamReport{
		Code: t.e.cert.Code, Offered: t.e.offered, Answers: ev.in(t.e.cells),
		Pass: measure.CapPass(pass), PassRaw: pass, Start: t.e.start,
		Overall:    interval(posterior, t.overall),
		CutPercent: t.e.cut.Percent, CutSD: t.e.cut.SD, CutResults: t.e.cut.Results,
		ThetaMean: mean, ThetaSD: math.Sqrt(variance),
	}
	r.Verdict = VerdictOf(pass, r.Answers)
	for i := range t.domains {
		d := &t.e.domains[i]
		_, variance := posterior.Moments(t.domains[i].Composite)
		one := DomainReport{
			ID: d.domain.ID, Name: d.domain.Name, Weight: d.domain.Weight,
			Interval: interval(posterior, t.domains[i]), Answers: ev.in(d.cells), Eligible: len(d.items),
		}
		one.Shown = shown(d, variance, one.Answers)
		r.Domains = append(r.Domains, one)
	}
	return r, nil
}
