package readiness

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/questions"
)

var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

var loadCatalogue = sync.OnceValues(func() (*catalogue.Catalogue, error) {
	return catalogue.Load(questions.Catalogue())
})

// syntheticBank is perCell single-choice questions for every skill on every
// platform, of difficulties 1 to 5 in turn.
func syntheticBank(cat *catalogue.Catalogue, perCell int) []*exam.Question {
	var bank []*exam.Question
	for _, skill := range cat.Skills {
		for _, platform := range exam.Platforms() {
			for n := range perCell {
				q := &exam.Question{
					ID:   exam.QuestionID(fmt.Sprintf("%s-%s-%02d", platform, skill.ID, n+1)),
					Bank: exam.BuiltIn, Type: exam.Single, Platform: platform, Skill: skill.ID,
					Difficulty: 1 + (2+n)%5,
					Options:    []exam.Option{{ID: "A", Key: true}, {ID: "B"}, {ID: "C"}, {ID: "D"}},
					Domains:    map[exam.Code]exam.DomainID{},
				}
				nameDomains(cat, q, n)
				bank = append(bank, q)
			}
		}
	}
	return bank
}

// nameDomains names one domain for every exam in which the skill lies in several.
func nameDomains(cat *catalogue.Catalogue, q *exam.Question, n int) {
	for i := range cat.Certifications {
		cert := &cat.Certifications[i]
		if !q.Platform.Serves(cert.Vendor) {
			continue
		}
		in := cat.DomainsOf(cert.Code, q.Skill)
		if len(in) > 1 {
			q.Domains[cert.Code] = in[n%len(in)]
		}
	}
}

type bench struct {
	cat   *catalogue.Catalogue
	bank  []*exam.Question
	model *Model
}

var syntheticBench = sync.OnceValues(func() (bench, error) {
	cat, err := loadCatalogue()
	if err != nil {
		return bench{}, err
	}
	b := bench{cat: cat, bank: syntheticBank(cat, 6)}
	b.model, err = NewModel(cat, b.bank)
	return b, err
})

func synthetic(t testing.TB) bench {
	t.Helper()
	b, err := syntheticBench()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSyntheticBankOffersEveryExam(t *testing.T) {
	b := synthetic(t)
	for _, cert := range b.cat.Certifications {
		total, byDomain := b.model.Eligible(cert.Code)
		if !b.model.Offered(cert.Code) {
			t.Errorf("%s is not offered: %v", cert.Code, byDomain)
		}
		sum := 0
		for _, n := range byDomain {
			sum += n
		}
		if sum != total || len(byDomain) != len(cert.Domains) {
			t.Errorf("%s: domains %v sum to %d, total is %d", cert.Code, byDomain, sum, total)
		}
	}
}

func TestNewModelRejectsWhatItCannotPlace(t *testing.T) {
	b := synthetic(t)
	for name, spoil := range map[string]func(q *exam.Question){
		"unknown skill":       func(q *exam.Question) { q.Skill = "juggling" },
		"unknown platform":    func(q *exam.Question) { q.Platform = "mainframe" },
		"difficulty 6":        func(q *exam.Question) { q.Difficulty = 6 },
		"no options to guess": func(q *exam.Question) { q.Options = nil },
	} {
		q := *b.bank[0]
		spoil(&q)
		if _, err := NewModel(b.cat, []*exam.Question{&q}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := NewModel(b.cat, []*exam.Question{b.bank[0], b.bank[0]}); err == nil {
		t.Error("the same question twice: no error")
	}
}

func TestAnEmptyBankOffersNothing(t *testing.T) {
	b := synthetic(t)
	m, err := NewModel(b.cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, cert := range b.cat.Certifications {
		if m.Offered(cert.Code) {
			t.Errorf("%s is offered without questions", cert.Code)
		}
	}
	r, err := m.Report(nil, today, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Exams) != len(b.cat.Certifications) {
		t.Errorf("report on %d exams, want %d", len(r.Exams), len(b.cat.Certifications))
	}
	if m.Offered("NOPE-1") {
		t.Error("an unknown exam is offered")
	}
}
