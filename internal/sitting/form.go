package sitting

import (
	"slices"

	"sextant/internal/exam"
)

// Mode is how a test is delivered.
type Mode string

// The modes. A diagnostic and practice put one question after the other; a mock
// exam is a form that stays as it was drawn.
const (
	Diagnostic Mode = "diagnostic"
	Practice   Mode = "practice"
	Mock       Mode = "mock"
)

// Form is what a mock exam consists of, kept with the sitting so that a finished
// exam can always be shown as it was.
type Form struct {
	Certification exam.Code `json:"certification"`
	Places        []Place   `json:"places"`
	Sections      []Section `json:"sections"` // at least one
	Minutes       int       `json:"minutes"`  // as the vendor gives, before extra time
	Multiplier    float64   `json:"multiplier"`
	Shortfall     string    `json:"shortfall,omitempty"` // what the form lacks of a real one, in words
	Predicted     *Forecast `json:"predicted,omitempty"` // before it began; nil where nothing was known
}

// Place is one question of a form.
type Place struct {
	Question exam.QuestionID `json:"question"`
	Revision string          `json:"revision"`
	Domain   exam.DomainID   `json:"domain"`
	Scored   bool            `json:"scored"`
	Section  int             `json:"section"` // index into Sections
}

// Section is a part of a form. One that closes can't be gone back to once left.
type Section struct {
	Title  string `json:"title"`
	Closes bool   `json:"closes"`
}

// Forecast is what was expected before an exam began.
type Forecast struct {
	Pass    float64 `json:"pass"` // probability
	Answers int     `json:"answers"`
}

// closes reports whether the sections have to be taken in turn.
func (f *Form) closes() bool {
	return slices.ContainsFunc(f.Sections, func(s Section) bool { return s.Closes })
}

// Scored counts the questions that make the score.
func (f *Form) Scored() int {
	n := 0
	for _, p := range f.Places {
		if p.Scored {
			n++
		}
	}
	return n
}
