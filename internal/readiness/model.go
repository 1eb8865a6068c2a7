package readiness

import (
	"fmt"
	"math"
	"sync"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
)

// MinPerDomain is how many eligible questions every domain of an exam needs
// before the exam is offered for measurement.
const MinPerDomain = 3

// Model joins the catalogue, the questions in use and the measurement model. It
// is immutable and safe for concurrent use.
type Model struct {
	cells      []cell
	prior      *measure.Normal
	parameters Parameters
	design     *measure.Design
	pool       *measure.Pool
	ones       []float64 // one per cell: the value that makes gains "per unit of covariance²"

	items  []item // in the order of the pool
	itemAt map[exam.QuestionID]int
	exams  []examModel // in catalogue order
	examAt map[exam.Code]int

	scratch sync.Pool // of *measure.Scratch
}

// cell is a skill on a platform.
type cell struct {
	skill    exam.SkillID
	platform exam.Platform
}

// item is what the model needs of a question.
type item struct {
	id         exam.QuestionID
	bank       exam.BankID
	kind       exam.Type
	skill      exam.SkillID
	platform   exam.Platform
	stimulus   exam.StimulusID // "" outside a case set
	enemies    []string
	difficulty int
	cell       int
	curve      measure.Curve
	calibrated bool  // the curve was estimated from answers
	domain     []int // by exam: index of the domain served, or −1
}

// scale is a composite with the curve that turns it into an expected score.
type scale struct {
	measure.Composite
	curve    measure.Curve
	priorVar float64
}

type domainModel struct {
	scale
	domain *catalogue.Domain
	cells  []bool // by cell: part of the domain
	items  []int  // eligible questions
}

type skillModel struct {
	scale
	id    exam.SkillID
	name  string
	cells []bool
}

type examModel struct {
	cert    *catalogue.Certification
	cut     CutEstimate
	start   float64 // probability of passing before any answer
	overall scale
	cells   []bool
	form    measure.Form
	domains []domainModel
	skills  []skillModel
	items   int // eligible questions
	offered bool
}

// assumedB is where, in logits, an exam's questions lie by its level: the middle
// of an associate exam is the origin of the scale.
func assumedB(level catalogue.Level) (float64, error) {
	switch level {
	case catalogue.Foundational, catalogue.Fundamentals, catalogue.Business:
		return -0.8, nil
	case catalogue.Associate:
		return 0, nil
	case catalogue.Professional, catalogue.Specialty, catalogue.Expert:
		return 0.6, nil
	}
	return 0, fmt.Errorf("level %q has no assumed difficulty", level)
}

// Assumptions for facts that a vendor doesn't publish.
const (
	assumedItems   = 50   // scored questions
	assumedGuess   = 0.25 // chance of a blind guess, where the bank has no questions of an exam
	platformWeight = 0.75 // of a skill seen from an exam; the rest is its neutral concept
)

// NewModel builds the model from every question in use. It fails when a question
// or an exam can't be placed on the scale; the error says which.
func NewModel(cat *catalogue.Catalogue, questions []*exam.Question) (model *Model, err error) {
	return NewModelWith(cat, questions, Parameters{})
}

// NewModelWith is NewModel with parameters estimated from answers. A question
// without an estimate of its present wording has its author's label.
func NewModelWith(cat *catalogue.Catalogue, questions []*exam.Question, p Parameters) (model *Model, err error) {
	defer fault.Op(&err, "building the measurement model")
	if p.Components == (measure.Components{}) {
		p.Components = measure.DefaultComponents
	}
	m := &Model{parameters: p, itemAt: map[exam.QuestionID]int{}, examAt: map[exam.Code]int{}}
	cellAt := m.layCells(cat)
	m.design = measure.NewDesign(len(m.cells))
	if err := m.addItems(cat, questions, cellAt); err != nil {
		return nil, err
	}
	for i := range cat.Certifications {
		if err := m.addExam(cat, &cat.Certifications[i], cellAt); err != nil {
			return nil, err
		}
	}
	if err := m.begin(); err != nil {
		return nil, err
	}
	m.scratch.New = func() any { return m.pool.NewScratch() }
	return m, nil
}

// layCells makes a cell of every skill on every platform.
func (m *Model) layCells(cat *catalogue.Catalogue) map[cell]int {
	at := map[cell]int{}
	var places []measure.Cell
	for s, skill := range cat.Skills {
		for p, platform := range exam.Platforms() {
			c := cell{skill.ID, platform}
			at[c] = len(m.cells)
			m.cells = append(m.cells, c)
			places = append(places, measure.Cell{Skill: s, Platform: p, Neutral: platform == exam.Neutral})
		}
	}
	m.prior = measure.CellPrior(0, m.parameters.Components, places)
	m.ones = make([]float64, len(m.cells))
	for i := range m.ones {
		m.ones[i] = 1
	}
	return at
}

func (m *Model) addItems(cat *catalogue.Catalogue, questions []*exam.Question, cellAt map[cell]int) error {
	var err error
	known := shapes{}
	pool := make([]measure.Question, 0, len(questions))
	for _, q := range questions {
		if _, ok := m.itemAt[q.ID]; ok {
			return fmt.Errorf("question %s occurs twice", q.ID)
		}
		it, err := newItem(cat, q, cellAt)
		if err == nil {
			it.curve.Shape, it.curve.B, it.calibrated, err = m.measured(q, known)
		}
		if err != nil {
			return fmt.Errorf("question %s: %w", q.ID, err)
		}
		m.itemAt[q.ID] = len(m.items)
		m.items = append(m.items, it)
		pool = append(pool, measure.Question{Cell: it.cell, Curve: it.curve})
	}
	m.pool, err = measure.NewPool(len(m.cells), pool)
	return err
}

// measured returns what is known of a question's slope and location: its
// estimates, or else its author's label.
func (m *Model) measured(q *exam.Question, known shapes) (shape *measure.Shape, b float64, calibrated bool, err error) {
	if p, ok := m.parameters.estimates(q); ok {
		shape, err = known.of(p.A, p.SDLogA, p.SDB)
		return shape, p.B, true, err
	}
	b, ok := measure.DifficultyB(q.Difficulty)
	if !ok {
		return nil, 0, false, fmt.Errorf("difficulty %d is not 1 to 5", q.Difficulty)
	}
	shape, err = known.of(1, measure.ColdSDLogA, measure.ColdSDB)
	return shape, b, false, err
}

func newItem(cat *catalogue.Catalogue, q *exam.Question, cellAt map[cell]int) (item, error) {
	at, ok := cellAt[cell{q.Skill, q.Platform}]
	if !ok {
		return item{}, fmt.Errorf("skill %q on platform %q is not in the catalogue", q.Skill, q.Platform)
	}
	c := q.GuessChance()
	if !(c > 0 && c < 1) {
		return item{}, fmt.Errorf("a blind guess has chance %v: the question's type and parts don't agree", c)
	}
	it := item{
		id: q.ID, bank: q.Bank, kind: q.Type, skill: q.Skill, platform: q.Platform, enemies: q.Enemies,
		difficulty: q.Difficulty, cell: at,
		curve:  measure.Curve{C: c},
		domain: make([]int, len(cat.Certifications)),
	}
	if q.Stimulus != nil {
		it.stimulus = q.Stimulus.ID
	}
	serves := cat.Serves(q)
	for e := range cat.Certifications {
		cert := &cat.Certifications[e]
		it.domain[e] = -1
		if id, ok := serves[cert.Code]; ok {
			it.domain[e] = domainIndex(cert, id)
		}
	}
	return it, nil
}

func domainIndex(cert *catalogue.Certification, id exam.DomainID) int {
	for d := range cert.Domains {
		if cert.Domains[d].ID == id {
			return d
		}
	}
	return -1
}

func (m *Model) addExam(cat *catalogue.Catalogue, cert *catalogue.Certification, cellAt map[cell]int) error {
	index := len(m.exams)
	beta, err := assumedB(cert.Level)
	if err != nil {
		return fmt.Errorf("%s: %w", cert.Code, err)
	}
	e := examModel{cert: cert, cut: m.parameters.cutOf(cert), cells: make([]bool, len(m.cells)), offered: len(cert.Domains) > 0}
	guess := m.meanGuess(index)
	for d := range cert.Domains {
		domain, err := m.newDomain(cert, d, cellAt, beta, guess)
		if err != nil {
			return fmt.Errorf("%s, domain %s: %w", cert.Code, cert.Domains[d].ID, err)
		}
		for i := range m.items {
			if m.items[i].domain[index] == d {
				domain.items = append(domain.items, i)
			}
		}
		for _, c := range domain.Cells {
			e.cells[c] = true
		}
		e.items += len(domain.items)
		e.offered = e.offered && len(domain.items) >= MinPerDomain
		e.domains = append(e.domains, domain)
		e.form.Domains = append(e.form.Domains, domain.Composite)
		e.form.Weights = append(e.form.Weights, cert.Domains[d].Weight)
	}
	if err := m.finishForm(&e, beta, guess); err != nil {
		return fmt.Errorf("%s: %w", cert.Code, err)
	}
	if err := m.addSkills(&e, cat, cellAt, beta, guess); err != nil {
		return fmt.Errorf("%s: %w", cert.Code, err)
	}
	m.examAt[cert.Code] = index
	m.exams = append(m.exams, e)
	return nil
}

// meanGuess is the mean guessing chance of the questions that serve an exam.
func (m *Model) meanGuess(index int) float64 {
	sum, n := 0.0, 0.0
	for i := range m.items {
		if m.items[i].domain[index] >= 0 {
			sum += m.items[i].curve.C
			n++
		}
	}
	if n == 0 {
		return assumedGuess
	}
	return sum / n
}

func (m *Model) newDomain(cert *catalogue.Certification, d int, cellAt map[cell]int, beta, guess float64) (domainModel, error) {
	dm := domainModel{domain: &cert.Domains[d], cells: make([]bool, len(m.cells))}
	var composite measure.Composite
	total := 0.0
	for _, w := range cert.CellWeights(dm.domain.ID) {
		at, ok := cellAt[cell{w.Skill, w.Platform}]
		if !ok {
			return dm, fmt.Errorf("skill %q on platform %q is not in the catalogue", w.Skill, w.Platform)
		}
		composite.Cells = append(composite.Cells, at)
		composite.Weights = append(composite.Weights, w.Weight)
		dm.cells[at] = true
		total += w.Weight
	}
	if math.Abs(total-1) > 1e-6 {
		return dm, fmt.Errorf("cell weights sum to %v, not 1", total)
	}
	var err error
	dm.scale, err = m.newScale(composite, beta, guess)
	return dm, err
}

func (m *Model) newScale(c measure.Composite, beta, guess float64) (scale, error) {
	s := scale{Composite: c}
	_, s.priorVar = m.prior.Moments(c)
	var err error
	s.curve, err = measure.NewScoreCurve(beta, guess, m.prior.Spread(c))
	return s, err
}

func (m *Model) finishForm(e *examModel, beta, guess float64) (err error) {
	if e.form.Curve, err = measure.NewScoreCurve(beta, guess, 0); err != nil {
		return err
	}
	if e.overall, err = m.newScale(e.form.Overall(), beta, guess); err != nil {
		return err
	}
	e.form.Items = scoredItems(e.cert.Questions)
	e.form.Cut, e.form.CutSD = e.cut.Percent/100, e.cut.SD/100
	if !(e.form.Cut > 0 && e.form.Cut < 1 && e.form.CutSD >= 0) {
		return fmt.Errorf("cut %v ± %v percent: give a percentage between 0 and 100", e.cut.Percent, e.cut.SD)
	}
	return nil
}

// scoredItems is the number of scored questions: as published, else the middle
// of the published range of questions, else an assumption.
func scoredItems(n catalogue.QuestionCount) int {
	if n.Scored > 0 {
		return n.Scored
	}
	if n.Max > 0 {
		return (n.Min + n.Max + 1) / 2
	}
	return assumedItems
}

// addSkills lists the exam's skills in the order of its domains.
func (m *Model) addSkills(e *examModel, cat *catalogue.Catalogue, cellAt map[cell]int, beta, guess float64) error {
	names := map[exam.SkillID]string{}
	for _, s := range cat.Skills {
		names[s.ID] = s.Name
	}
	done := map[exam.SkillID]bool{}
	for _, at := range e.overall.Cells {
		id := m.cells[at].skill
		if done[id] {
			continue
		}
		done[id] = true
		own, neutral := cellAt[cell{id, e.cert.Vendor}], cellAt[cell{id, exam.Neutral}]
		s, err := m.newScale(measure.Composite{
			Cells:   []int{own, neutral},
			Weights: []float64{platformWeight, 1 - platformWeight},
		}, beta, guess)
		if err != nil {
			return err
		}
		cells := make([]bool, len(m.cells))
		cells[own], cells[neutral] = true, true
		e.skills = append(e.skills, skillModel{scale: s, id: id, name: names[id], cells: cells})
	}
	return nil
}

// exam returns the exam with the code.
func (m *Model) exam(code exam.Code) (*examModel, bool) {
	i, ok := m.examAt[code]
	if !ok {
		return nil, false
	}
	return &m.exams[i], true
}

// Offered reports whether an exam can be measured: every domain has at least
// MinPerDomain eligible questions. It is false for an unknown exam.
func (m *Model) Offered(code exam.Code) bool {
	e, ok := m.exam(code)
	return ok && e.offered
}

// Eligible counts the questions that serve an exam, in all and by domain. Every
// domain has an entry; an unknown exam has none.
func (m *Model) Eligible(code exam.Code) (total int, byDomain map[exam.DomainID]int) {
	byDomain = map[exam.DomainID]int{}
	e, ok := m.exam(code)
	if !ok {
		return 0, byDomain
	}
	for i := range e.domains {
		byDomain[e.domains[i].domain.ID] = len(e.domains[i].items)
	}
	return e.items, byDomain
}
