package bank

import (
	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// ExamRemarks counts the remarks that concern one exam: those on the questions
// that serve it, and those on the bank as a whole that name it.
type ExamRemarks struct {
	Code      exam.Code `json:"code"` // "" for what can be laid to no exam
	Questions int       `json:"questions"`
	Errors    int       `json:"errors"`
	Remarks   int       `json:"remarks"`
}

// ByExam tells remarks apart by the exams they concern, in the catalogue's
// order. A remark on a question that serves several exams counts for each. The
// last entry, without a code, has what concerns no exam: files that could not
// be read far enough, questions that serve none, the bank as a whole.
func ByExam(b *Bank, cat *catalogue.Catalogue, remarks []Remark) []ExamRemarks {
	served := map[exam.QuestionID]map[exam.Code]exam.DomainID{}
	for _, q := range b.rejected {
		served[q.ID] = cat.Serves(q)
	}
	counts := map[exam.Code]*ExamRemarks{}
	list := make([]ExamRemarks, len(cat.Certifications)+1)
	for i, c := range cat.Certifications {
		list[i].Code = c.Code
		counts[c.Code] = &list[i]
	}
	rest := &list[len(list)-1]
	counts[""] = rest
	for _, q := range b.Questions {
		served[q.ID] = cat.Serves(q)
		for code := range served[q.ID] {
			counts[code].Questions++
		}
		if len(served[q.ID]) == 0 {
			rest.Questions++
		}
	}
	for _, r := range remarks {
		concerned := []exam.Code{r.Exam}
		if serves := served[r.Question]; len(serves) > 0 {
			concerned = sortedKeys(serves)
		}
		for _, code := range concerned {
			if r.Severity == Error {
				counts[code].Errors++
			} else {
				counts[code].Remarks++
			}
		}
	}
	return list
}
