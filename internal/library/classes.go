package library

import (
	"context"
	"slices"
	"strings"

	"sextant/internal/authoring"
	"sextant/internal/classroom"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/readiness"
)

// modelsKept bounds how many models of classes' banks a snapshot keeps.
const modelsKept = 32

// ModelWith measures with the banks that count and, of the banks given to a class,
// those that are still for classes: their questions that carry skill, platform and
// difficulty. It is for that class's reports alone.
func (s *Snapshot) ModelWith(banks []exam.BankID) (_ *readiness.Model, err error) {
	defer fault.Op(&err, "library.ModelWith(%s)", banks)
	added, key := s.ofClass(banks)
	if len(added) == 0 {
		return s.model, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if model, ok := s.classModels[key]; ok {
		return model, nil
	}
	model, err := readiness.NewModelWith(s.catalogue, slices.Concat(s.counted, added), s.parameters.Parameters)
	if err != nil {
		return nil, err
	}
	if s.classModels == nil || len(s.classModels) >= modelsKept {
		s.classModels = map[string]*readiness.Model{}
	}
	s.classModels[key] = model
	return model, nil
}

// ofClass lists the questions by which banks add to what counts, and names the
// banks that have any.
func (s *Snapshot) ofClass(banks []exam.BankID) (questions []*exam.Question, key string) {
	var names []string
	for i := range s.banks {
		e := &s.banks[i]
		if e.Visibility != authoring.ForClass || !slices.Contains(banks, e.ID) {
			continue
		}
		before := len(questions)
		for _, q := range e.Questions {
			// An id that another bank had first stands for that bank's question.
			if s.byID[q.ID] == q && s.measurable(q) {
				questions = append(questions, q)
			}
		}
		if len(questions) > before {
			names = append(names, string(e.ID))
		}
	}
	return questions, strings.Join(names, "\n")
}

// measurable reports whether a model can be built with a question. Nobody checked a
// class's bank against the catalogue before it was given to the class.
func (s *Snapshot) measurable(q *exam.Question) bool {
	_, known := s.catalogue.Skill(q.Skill)
	guess := q.GuessChance()
	return q.Measures() && known && slices.Contains(exam.Platforms(), q.Platform) && q.Difficulty >= 1 && q.Difficulty <= 5 && guess > 0 && guess < 1
}

// classBasis satisfies classroom.Basis.
type classBasis struct {
	*Snapshot
	model *readiness.Model
	adds  map[exam.QuestionID]bool
}

func (b classBasis) Model() *readiness.Model { return b.model }

// Serves reports whether a question of any published bank serves any of the exams.
func (b classBasis) Serves(id exam.QuestionID, codes []exam.Code) bool {
	q, ok := b.byID[id]
	return ok && b.serves(q, codes)
}

// Adds satisfies classroom.Basis.
func (b classBasis) Adds(id exam.QuestionID) bool { return b.adds[id] }

// ForClass satisfies classroom.Shelf.
func (l *Library) ForClass(ctx context.Context, banks []exam.BankID) (_ classroom.Basis, err error) {
	defer fault.Op(&err, "library.ForClass")
	snapshot, err := l.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	model, err := snapshot.ModelWith(banks)
	if err != nil {
		return nil, err
	}
	adds := map[exam.QuestionID]bool{}
	added, _ := snapshot.ofClass(banks)
	for _, q := range added {
		adds[q.ID] = true
	}
	return classBasis{Snapshot: snapshot, model: model, adds: adds}, nil
}
