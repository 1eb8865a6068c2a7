// Package effort says what study buys: how far so many hours move a learner's
// abilities, where they move them most, and how many a pass takes. It rests on a
// study model that is assumed, not measured; the catalogue's study.yaml holds its
// figures and whoever shows hours says so.
//
// # The study model
//
// A topic is a skill on an exam's platform. Studying it for h hours closes part of
// the gap between the ability θ in its cell and a ceiling M above the middle of
// the exam's questions:
//
//	δ(h) = (M − θ)⁺ · (1 − exp(−h/τ))
//
// so that every further hour buys less, and an hour buys the weak more than the
// strong. The time constant τ is the exam's, by level, times the topic's share of
// it: the square root of its weight in the exam over the sum of the roots, since a
// topic of four times the weight isn't four times the matter.
//
// What carries over to the same skill elsewhere is the part of a cell that the
// measurement model gives to the skill and not to the platform:
//
//	κ = σ_s² / (σ_s² + σ_p² + σ_e²)
//
// The neutral cell and the cells of the same skill on other platforms move by
// κ·δ. Nothing carries over to other skills.
//
// Abilities are not known but by a posterior, so all of this happens to every draw
// from it: whoever may be weak may gain much, and study makes learners more alike.
// A draw never falls by study, and so no probability of passing does.
package effort

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
	"sextant/internal/readiness"
)

// Learner is somebody's abilities, today or after the study they are taken to
// have done. It is immutable and safe for concurrent use.
type Learner struct {
	*frame
	done []lesson // in order

	mu   sync.Mutex
	gaps map[exam.Code][]float64 // by topic of an exam: E[(M − θ)⁺] now, logits
}

// lesson is study of one cell.
type lesson struct {
	cell    int     // of the draws
	others  []int   // the same skill elsewhere
	ceiling float64 // M, logits
	closed  float64 // 1 − exp(−h/τ)
}

// frame is what a learner and everything supposed of them share.
type frame struct {
	assumed   catalogue.Study
	carry     float64 // κ
	places    []readiness.Place
	at        map[readiness.Place]int
	drawn     []int           // by cell: its place in a draw, or −1
	posterior *measure.Normal // today's
	draws     *measure.Draws
	exams     map[exam.Code]*subject
}

// subject is an exam as study sees it.
type subject struct {
	scale  readiness.ExamScale
	cert   *catalogue.Certification
	topics []topic
	cut    float64 // the composite ability at which the expected score is the cut, logits
}

// topic is one skill of an exam.
type topic struct {
	Topic
	lesson                    // of no length yet
	ability measure.Composite // of the skill, as the exam sees it
	moves   float64           // of the exam's composite, per logit of the own cell
	tau     float64           // hours
}

// Topic is one skill as an exam examines it.
type Topic struct {
	Skill    exam.SkillID
	Name     string
	Platform exam.Platform
	Weight   float64         // fraction of the exam
	Domains  []exam.DomainID // in which it lies, the one where it weighs most first
	// Rate is what the next hour buys, in logits of the exam's ability an hour.
	Rate float64
}

// NewLearner is a learner as their answers show them. It fails if the model and
// the catalogue don't agree on an exam.
func NewLearner(m *readiness.Model, cat *catalogue.Catalogue, responses []exam.Response, now time.Time) (_ *Learner, err error) {
	defer fault.Op(&err, "effort.NewLearner")
	posterior, err := m.Posterior(nil, responses, now)
	if err != nil {
		return nil, err
	}
	f := &frame{
		assumed: cat.Study, carry: carryOver(m.Components()), places: m.Places(),
		at: map[readiness.Place]int{}, posterior: posterior, exams: map[exam.Code]*subject{},
	}
	for i, place := range f.places {
		f.at[place] = i
	}
	if err := f.draw(m); err != nil {
		return nil, err
	}
	for _, scale := range m.Exams() {
		s, err := f.subject(cat, scale)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", scale.Code, err)
		}
		f.exams[scale.Code] = s
	}
	return &Learner{frame: f}, nil
}

// draw samples the posterior of all cells that an exam rests on, exactly as a
// report on all exams does.
func (f *frame) draw(m *readiness.Model) (err error) {
	used := make([]bool, len(f.places))
	for _, scale := range m.Exams() {
		for _, cell := range scale.Overall.Cells {
			used[cell] = true
		}
	}
	var cells []int
	f.drawn = make([]int, len(f.places))
	for cell := range f.places {
		f.drawn[cell] = -1
		if used[cell] {
			f.drawn[cell] = len(cells)
			cells = append(cells, cell)
		}
	}
	f.draws, err = m.Design().Draw(f.posterior, cells)
	return err
}

// carryOver is κ of the package comment.
func carryOver(c measure.Components) float64 {
	skill := c.Skill * c.Skill
	return skill / (skill + c.Platform*c.Platform + c.Cell*c.Cell)
}

func (f *frame) subject(cat *catalogue.Catalogue, scale readiness.ExamScale) (*subject, error) {
	cert, ok := cat.Certification(scale.Code)
	if !ok {
		return nil, fmt.Errorf("no such exam in the catalogue")
	}
	hours, ok := f.assumed.Hours[cert.Level]
	if !ok || hours <= 0 {
		return nil, fmt.Errorf("no hours of study are assumed for level %q", cert.Level)
	}
	s := &subject{scale: scale, cert: cert, cut: inverse(scale.Overall.Curve, scale.Form.Cut)}
	weights := map[int]float64{} // of the exam's composite, by cell
	for i, cell := range scale.Overall.Cells {
		weights[cell] += scale.Overall.Weights[i]
	}
	roots := 0.0
	for _, place := range f.skillsOf(scale) {
		t, err := f.topic(cat, s, place, weights)
		if err != nil {
			return nil, err
		}
		roots += math.Sqrt(t.Weight)
		s.topics = append(s.topics, t)
	}
	for i := range s.topics {
		t := &s.topics[i]
		t.tau = hours * math.Sqrt(t.Weight) / roots
	}
	return s, nil
}

// skillsOf lists an exam's cells on its own platform, in the order of its domains.
func (f *frame) skillsOf(scale readiness.ExamScale) []readiness.Place {
	var list []readiness.Place
	for _, cell := range scale.Overall.Cells {
		if place := f.places[cell]; place.Platform != exam.Neutral && !slices.Contains(list, place) {
			list = append(list, place)
		}
	}
	return list
}

func (f *frame) topic(cat *catalogue.Catalogue, s *subject, place readiness.Place, weights map[int]float64) (topic, error) {
	skill, ok := cat.Skill(place.Skill)
	if !ok {
		return topic{}, fmt.Errorf("no skill %s in the catalogue", place.Skill)
	}
	own, neutral := f.at[place], f.at[readiness.Place{Skill: place.Skill, Platform: exam.Neutral}]
	t := topic{
		Topic:  Topic{Skill: skill.ID, Name: skill.Name, Platform: place.Platform, Weight: weights[own] + weights[neutral]},
		lesson: lesson{cell: f.drawn[own], ceiling: s.scale.Form.Curve.B + f.assumed.Ceiling},
	}
	for cell, p := range f.places {
		if p.Skill == place.Skill && p != place && f.drawn[cell] >= 0 {
			t.others = append(t.others, f.drawn[cell])
		}
	}
	t.ability = measure.Composite{Cells: []int{own, neutral}, Weights: []float64{weights[own] / t.Weight, weights[neutral] / t.Weight}}
	t.moves = weights[own] + f.carry*weights[neutral]
	share := map[exam.DomainID]float64{}
	for d, domain := range s.scale.Domains {
		for i, cell := range domain.Cells {
			if cell == own {
				share[domain.ID] += s.scale.Form.Weights[d] * domain.Weights[i]
			}
		}
	}
	t.Domains = slices.SortedFunc(maps.Keys(share), func(a, b exam.DomainID) int {
		return cmp.Or(cmp.Compare(share[b], share[a]), cmp.Compare(a, b))
	})
	return t, nil
}

// inverse is the ability at which a score curve reaches a share, within ±8 logits.
func inverse(curve measure.Curve, share float64) float64 {
	low, high := -8.0, 8.0
	for range 60 {
		middle := (low + high) / 2
		if curve.P(middle) < share {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// after does all lessons to one draw, in place.
func (l *Learner) after(theta []float64) {
	for i := range l.done {
		lesson := &l.done[i]
		gap := lesson.ceiling - theta[lesson.cell]
		if gap <= 0 {
			continue
		}
		delta := gap * lesson.closed
		theta[lesson.cell] += delta
		for _, other := range lesson.others {
			theta[other] += l.carry * delta
		}
	}
}

// left is E[(M − θ)⁺] for every topic of an exam, in logits.
func (l *Learner) left(code exam.Code, s *subject) []float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if gaps, ok := l.gaps[code]; ok {
		return gaps
	}
	gaps, n := make([]float64, len(s.topics)), 0.0
	l.draws.Each(func(theta []float64) {
		l.after(theta)
		for i := range s.topics {
			gaps[i] += max(0, s.topics[i].ceiling-theta[s.topics[i].cell])
		}
		n++
	})
	for i := range gaps {
		gaps[i] /= n
	}
	if l.gaps == nil {
		l.gaps = map[exam.Code][]float64{}
	}
	l.gaps[code] = gaps
	return gaps
}

// rates are what the next hour of every topic of an exam buys, in logits of the
// exam's ability.
func (l *Learner) rates(code exam.Code, s *subject) []float64 {
	rates := slices.Clone(l.left(code, s))
	for i := range rates {
		rates[i] *= s.topics[i].moves / s.topics[i].tau
	}
	return rates
}

// Topics lists the topics of an exam, in the order of its domains; none for an
// exam that is unknown.
func (l *Learner) Topics(code exam.Code) []Topic {
	s, ok := l.exams[code]
	if !ok {
		return nil
	}
	list, rates := make([]Topic, len(s.topics)), l.rates(code, s)
	for i := range s.topics {
		list[i] = s.topics[i].Topic
		list[i].Domains = slices.Clone(list[i].Domains)
		list[i].Rate = rates[i]
	}
	return list
}

// with is the learner after further lessons.
func (l *Learner) with(lessons []lesson) *Learner {
	return &Learner{frame: l.frame, done: slices.Concat(l.done, lessons)}
}

// Study is the learner after so many hours on topics of an exam. Skills that the
// exam doesn't examine, and hours that aren't positive, count for nothing. Hours
// add up: studying twice for one hour is studying for two.
func (l *Learner) Study(code exam.Code, hours map[exam.SkillID]float64) *Learner {
	s, ok := l.exams[code]
	if !ok {
		return l
	}
	var lessons []lesson
	for i := range s.topics {
		t := &s.topics[i]
		if h := hours[t.Skill]; h > 0 {
			done := t.lesson
			done.closed = -math.Expm1(-h / t.tau)
			lessons = append(lessons, done)
		}
	}
	return l.with(lessons)
}

// Mastering is the learner with every topic of a domain at the ceiling or above.
func (l *Learner) Mastering(code exam.Code, domain exam.DomainID) *Learner {
	s, ok := l.exams[code]
	if !ok {
		return l
	}
	var lessons []lesson
	for i := range s.topics {
		if t := &s.topics[i]; slices.Contains(t.Domains, domain) {
			done := t.lesson
			done.closed = 1
			lessons = append(lessons, done)
		}
	}
	return l.with(lessons)
}

// Pass is the probability of passing an exam, 0 to 1 and not capped. It fails
// with a not-found fault for an unknown exam.
func (l *Learner) Pass(code exam.Code) (p float64, err error) {
	defer fault.Op(&err, "effort.Pass")
	s, ok := l.exams[code]
	if !ok {
		return 0, fault.NotFound("there is no exam %s in the catalogue", code)
	}
	return l.draws.PassMoved(&s.scale.Form, l.after)
}

// WithinReach is the share of an exam's blueprint, 0 to 1, in which the learner
// is expected to be at the pass mark or above: every skill's weight times the
// probability that the ability in it is. It is 0 for an unknown exam.
func (l *Learner) WithinReach(code exam.Code) float64 {
	s, ok := l.exams[code]
	if !ok {
		return 0
	}
	share, n := 0.0, 0.0
	l.draws.Each(func(theta []float64) {
		l.after(theta)
		for i := range s.topics {
			if l.of(s.topics[i].ability, theta) >= s.cut {
				share += s.topics[i].Weight
			}
		}
		n++
	})
	return share / n
}

// of is a composite of one draw.
func (l *Learner) of(c measure.Composite, theta []float64) float64 {
	sum := 0.0
	for i, cell := range c.Cells {
		sum += c.Weights[i] * theta[l.drawn[cell]]
	}
	return sum
}

// Report is a report on the learner's answers with what follows from ability
// (pass probability, verdict, intervals) as it would be for this learner; what
// rests on answers alone stays. Exams that are unknown stay as they are.
func (l *Learner) Report(r readiness.Report) (_ readiness.Report, err error) {
	defer fault.Op(&err, "effort.Report")
	r.Exams = slices.Clone(r.Exams)
	for i := range r.Exams {
		e := &r.Exams[i]
		s, ok := l.exams[e.Code]
		if !ok {
			continue
		}
		if e.PassRaw, err = l.Pass(e.Code); err != nil {
			return readiness.Report{}, err
		}
		e.Pass, e.Verdict = measure.CapPass(e.PassRaw), readiness.VerdictOf(e.PassRaw, e.Answers)
		l.describe(e, s)
	}
	return r, nil
}

// describe brings an exam's estimates to where the learner is.
func (l *Learner) describe(e *readiness.ExamReport, s *subject) {
	scales, into := []readiness.Scale{s.scale.Overall}, []*readiness.Interval{&e.Overall}
	e.Domains = slices.Clone(e.Domains)
	for d := range e.Domains {
		for _, domain := range s.scale.Domains {
			if domain.ID == e.Domains[d].ID {
				scales, into = append(scales, domain.Scale), append(into, &e.Domains[d].Interval)
			}
		}
	}
	for i, moments := range l.moments(scales) {
		r := measure.ScoreRange(scales[i].Curve, moments.mean, moments.variance)
		*into[i] = readiness.Interval{Estimate: 100 * r.Middle, Low: 100 * r.Low, High: 100 * r.High}
		if i == 0 {
			e.ThetaMean, e.ThetaSD = moments.mean, math.Sqrt(moments.variance)
		}
	}
}

type moments struct{ mean, variance float64 }

// moments are those of composites after the lessons: today's exact ones, moved
// and scaled as the draws are.
func (l *Learner) moments(scales []readiness.Scale) []moments {
	type sums struct{ before, before2, after, after2 float64 }
	sum, n := make([]sums, len(scales)), 0.0
	l.draws.Each(func(theta []float64) {
		for i := range scales {
			x := l.of(scales[i].Composite, theta)
			sum[i].before += x
			sum[i].before2 += x * x
		}
		l.after(theta)
		for i := range scales {
			x := l.of(scales[i].Composite, theta)
			sum[i].after += x
			sum[i].after2 += x * x
		}
		n++
	})
	out := make([]moments, len(scales))
	for i, q := range sum {
		mean, variance := l.posterior.Moments(scales[i].Composite)
		before, after := q.before2/n-q.before/n*q.before/n, q.after2/n-q.after/n*q.after/n
		out[i] = moments{mean + (q.after-q.before)/n, variance * max(after, 0) / before}
	}
	return out
}
