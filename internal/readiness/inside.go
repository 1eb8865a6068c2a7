package readiness

import (
	"slices"

	"sextant/internal/exam"
	"sextant/internal/measure"
)

// What follows lets a simulation draw learners and questions from the very
// assumptions the model makes, and compare its claims with the truth.

// Place names a cell: a skill on a platform.
type Place struct {
	Skill    exam.SkillID
	Platform exam.Platform
}

// Item is what the model holds of one question.
type Item struct {
	ID    exam.QuestionID
	Cell  int // index into Places
	Curve measure.Curve
}

// Scale is a composite of cells with the curve that turns it into an expected
// share of questions right.
type Scale struct {
	measure.Composite
	Curve measure.Curve
}

// DomainScale is one domain of an exam.
type DomainScale struct {
	Scale
	ID    exam.DomainID
	Items []int // eligible questions, as indexes into Items
}

// ExamScale is an exam as the model sees it.
type ExamScale struct {
	Code    exam.Code
	Offered bool
	Overall Scale
	Form    measure.Form // Form.Curve.B is where the exam's questions lie, in logits
	Domains []DomainScale
}

// Components is the spread of abilities that the prior assumes.
func (m *Model) Components() measure.Components { return m.parameters.Components }

// Design is the fixed sample behind every pass probability.
func (m *Model) Design() *measure.Design { return m.design }

// Places lists the cells in the order of the prior.
func (m *Model) Places() []Place {
	places := make([]Place, len(m.cells))
	for i, c := range m.cells {
		places[i] = Place{c.skill, c.platform}
	}
	return places
}

// Items lists the questions in the order they were given to NewModel.
func (m *Model) Items() []Item {
	items := make([]Item, len(m.items))
	for i := range m.items {
		items[i] = Item{m.items[i].id, m.items[i].cell, m.items[i].curve}
	}
	return items
}

// ItemIndex returns the place of a question in Items, and false for one the
// model doesn't hold.
func (m *Model) ItemIndex(id exam.QuestionID) (int, bool) {
	at, ok := m.itemAt[id]
	return at, ok
}

// Exams lists every exam in catalogue order.
func (m *Model) Exams() []ExamScale {
	exams := make([]ExamScale, len(m.exams))
	for i := range m.exams {
		e := &m.exams[i]
		exams[i] = ExamScale{
			Code: e.cert.Code, Offered: e.offered, Form: e.form,
			Overall: Scale{e.overall.Composite, e.overall.curve},
		}
		for d := range e.domains {
			domain := &e.domains[d]
			exams[i].Domains = append(exams[i].Domains, DomainScale{
				Scale: Scale{domain.Composite, domain.curve},
				ID:    domain.domain.ID,
				Items: slices.Clone(domain.items),
			})
		}
	}
	return exams
}
