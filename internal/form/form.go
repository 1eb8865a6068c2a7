// Package form draws the form of a mock exam: which questions a person is put,
// in which order, which of them count, and which stand together as a case.
//
// What always holds, whatever the pool: every domain has exactly its quota of
// the scored questions; no question comes twice; no two enemies meet; a case
// set comes whole, as a section of its own after the others, or not at all.
// Within that, questions the person hasn't seen come before those seen, and
// those seen longest ago before the rest. Within that again, item types,
// difficulties and skills are brought as close to their targets as exchanges of
// single questions can bring them. Everything left open is decided by lot, from
// the generator that is handed in: the same arguments and the same seed give
// the same form.
//
// A pool too small for the real length gives the longest form whose quotas are
// still exact, with a statement of what is missing; below MinScored scored
// questions it gives an error instead.
package form

import (
	"fmt"
	"strings"
	"time"

	"sextant/internal/exam"
)

// MinScored is the fewest scored questions a shortened form may have. At 20 the
// standard error of a share right of 70 % is 10 points (√(.7·.3/20)); with
// fewer, passed or failed would hardly mean anything.
const MinScored = 20

// Candidate is what a draw needs to know of a question that serves the exam.
type Candidate struct {
	Question   exam.QuestionID
	Revision   string
	Domain     exam.DomainID // the exam's domain that it serves
	Type       exam.Type
	Difficulty int // 1 to 5
	Skill      exam.SkillID
	Stimulus   exam.StimulusID // "" outside a case set
	NoReturn   bool            // its case set can't be gone back in
	Enemies    []string        // two questions that share a tag never meet
	Counts     bool            // its bank counts; if not, it can only fill an unscored place
	Answers    int             // real people's answers to it so far, in any kind of sitting
}

// Seen is how often a person met a question, and when for the last time.
type Seen struct {
	Times int // 0: never
	Last  time.Time
}

// History is what one person has seen, in any kind of sitting.
type History map[exam.QuestionID]Seen

// Form is a drawn form. It is plain data with a stable JSON encoding, and says
// by itself what was asked of whom; only the questions' text is elsewhere.
type Form struct {
	Exam     exam.Code `json:"exam"`
	Full     Length    `json:"full"` // of the real exam's form
	Sections []Section `json:"sections"`
	Places   []Place   `json:"places"` // in the order in which they are put
	// Shortfall is what this form lacks against Full; the zero value: nothing.
	Shortfall Shortfall `json:"shortfall,omitzero"`
}

// Length is a number of questions.
type Length struct {
	Scored   int `json:"scored"`
	Unscored int `json:"unscored"`
}

// Total is the number of all questions.
func (l Length) Total() int { return l.Scored + l.Unscored }

// Section is a part of a form. The ordinary questions, if any, are the first.
type Section struct {
	Stimulus exam.StimulusID `json:"stimulus,omitempty"`  // the case set; "" for the ordinary questions
	Closes   bool            `json:"closes,omitempty"`    // once left, it can't be entered again
	NoReturn bool            `json:"no_return,omitempty"` // inside it, a question once left can't be changed
}

// Place is one question of a form. Scored and Domain are for the score and the
// statistics: nothing that a person sees during the exam may depend on them.
type Place struct {
	Question exam.QuestionID `json:"question"`
	Revision string          `json:"revision"`
	Domain   exam.DomainID   `json:"domain"`
	Scored   bool            `json:"scored"`
	Section  int             `json:"section"` // index in Sections
}

// Shortfall is what a form lacks against the real one.
type Shortfall struct {
	Scored   int `json:"scored,omitempty"`   // scored questions too few
	Unscored int `json:"unscored,omitempty"` // unscored questions too few
	// Domains are those that hold the form back, in the exam's order. It may be
	// empty though Scored isn't: then questions that must not meet do.
	Domains []Missing `json:"domains,omitempty"`
}

// Missing is a domain with fewer questions than the real form has.
type Missing struct {
	Domain exam.DomainID `json:"domain"`
	Name   string        `json:"name,omitempty"`
	Have   int           `json:"have"` // scorable questions that one form could hold
	Need   int           `json:"need"` // its quota on the real form
}

// None reports whether nothing is missing.
func (s Shortfall) None() bool { return s.Scored == 0 && s.Unscored == 0 }

// Length is the number of questions the form has.
func (f *Form) Length() Length {
	var l Length
	for _, p := range f.Places {
		if p.Scored {
			l.Scored++
		} else {
			l.Unscored++
		}
	}
	return l
}

// Minutes is the time for this form when the real one is given full minutes:
// the same time per question, rounded up to a minute.
func (f *Form) Minutes(full int) int {
	total := f.Full.Total()
	if total == 0 || len(f.Places) >= total {
		return full
	}
	return (full*len(f.Places) + total - 1) / total
}

// Statement says for people how the form is shorter than the real one and why,
// and is "" when it isn't.
func (f *Form) Statement() string {
	if f.Shortfall.None() {
		return ""
	}
	length := f.Length()
	text := fmt.Sprintf("This form has %d questions; the real one has %d.", length.Total(), f.Full.Total())
	if f.Shortfall.Scored > 0 {
		text += " The bank can't fill more in the exam's own proportions: " + f.Shortfall.reason() + "."
	}
	if f.Shortfall.Unscored > 0 {
		text += fmt.Sprintf(" It lacks %d unscored questions, which would not count anyway.", f.Shortfall.Unscored)
		if f.Shortfall.Unscored == 1 {
			text = strings.Replace(text, "1 unscored questions", "1 unscored question", 1)
		}
	}
	return text
}

func (s Shortfall) reason() string {
	if len(s.Domains) == 0 {
		return "some of its questions must not be asked together"
	}
	parts := make([]string, len(s.Domains))
	for i, m := range s.Domains {
		name := m.Name
		if name == "" {
			name = "domain " + string(m.Domain)
		}
		parts[i] = fmt.Sprintf("%s has %d of %d", name, m.Have, m.Need)
	}
	return strings.Join(parts, ", ")
}
