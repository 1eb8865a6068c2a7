package sitting

import (
	"slices"

	"sextant/internal/form"
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
	form.Form
	Minutes    int       `json:"minutes"` // as the vendor gives for a form of this length; 0 where it says nothing
	Multiplier float64   `json:"multiplier"`
	Predicted  *Forecast `json:"predicted,omitempty"` // before it began; nil where too little was known
}

// Forecast is what was expected before an exam began.
type Forecast struct {
	Pass    float64 `json:"pass"` // probability
	Answers int     `json:"answers"`
}

// closes reports whether the sections have to be taken in turn.
func (f *Form) closes() bool {
	return slices.ContainsFunc(f.Sections, func(s form.Section) bool { return s.Closes })
}

// Open reports whether the question at a place can be worked on.
func (f *Form) Open(p *Progress, place int) bool {
	return !f.closes() || f.Places[place].Section == p.Section
}

// last reports whether a section has none after it.
func (f *Form) last(section int) bool { return section >= len(f.Sections)-1 }
