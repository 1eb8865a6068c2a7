package simulate

import (
	"math/rand/v2"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
)

// FormOptions says who draws forms of which mock exam.
type FormOptions struct {
	Exam   exam.Code
	People int // > 0
	Forms  int // of each person, a day apart, > 0
	Seed   uint64
}

// FormUse is what the mock exams of simulated people have in common. Shares are
// from 0 to 1.
type FormUse struct {
	Exam exam.Code   `json:"exam"`
	Form form.Length `json:"form"` // of the first form drawn
	Full form.Length `json:"full"` // of the vendor's
	Pool int         `json:"pool"` // questions that serve the exam
	Used int         `json:"used"` // those in one form at least
	Most float64     `json:"most"` // share of the forms that the most used question is in
	// Strangers is the share of a form's questions that another person's has.
	Strangers float64 `json:"strangers"`
	// By form from the second: the share of its questions that the same person's
	// form before it had, and that any before it had.
	Successive []float64 `json:"successive"`
	Repeated   []float64 `json:"repeated"`
	None       string    `json:"none,omitempty"` // why there is no form
}

// Forms draws mock exams for people who have seen nothing but their earlier ones.
// The same arguments give the same result. It fails with fault.KindNotFound for
// an exam that isn't in the catalogue.
func Forms(cat *catalogue.Catalogue, questions []*exam.Question, o FormOptions) (use FormUse, err error) {
	defer fault.Op(&err, "simulating forms of %s", o.Exam)
	if o.People < 1 || o.Forms < 1 {
		return use, fault.Invalid("There must be a person at least, with a form at least.")
	}
	cert, ok := cat.Certification(o.Exam)
	if !ok {
		return use, fault.NotFound("There is no certification %s.", o.Exam)
	}
	spec, err := form.SpecFor(cert)
	if err != nil {
		return use, err
	}
	pool := form.Candidates(cat, o.Exam, questions, func(exam.BankID) bool { return true })
	use = FormUse{Exam: o.Exam, Full: spec.Length, Pool: len(pool)}
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	people := make([][]*form.Form, o.People)
	for p := range people {
		people[p], err = forms(spec, pool, o.Forms, rng)
		if fault.KindOf(err) == fault.KindInvalid && err != nil {
			use.None = fault.Message(err)
			return use, nil
		}
		if err != nil {
			return use, err
		}
	}
	e := form.ExposureOf(people)
	use.Form, use.Used, use.Most, use.Strangers = people[0][0].Length(), e.Used, e.Most, e.Strangers
	use.Successive, use.Repeated = e.Successive, e.Repeated
	return use, nil
}

// forms draws n forms for one person.
func forms(spec form.Spec, pool []form.Candidate, n int, rng *rand.Rand) ([]*form.Form, error) {
	history := form.History{}
	var drawn []*form.Form
	for day := range n {
		f, err := form.Draw(spec, pool, history, rng)
		if err != nil {
			return nil, err
		}
		for _, p := range f.Places {
			history[p.Question] = form.Seen{Times: history[p.Question].Times + 1, Last: start.AddDate(0, 0, day)}
		}
		drawn = append(drawn, f)
	}
	return drawn, nil
}
