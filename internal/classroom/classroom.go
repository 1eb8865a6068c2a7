// Package classroom is classes: who teaches one and who is in it, what the class
// is assigned, and what of its members' results those who teach it may see.
//
// What members share is bounded here and nowhere else: answers since they joined
// (or all, if they said so), to questions that serve the class's exams, whose
// outcome they know themselves. Nothing is seen of somebody who left.
package classroom

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// ID names a class.
type ID string

// Class is a group of learners with those who teach them.
type Class struct {
	ID          ID
	Title       string
	Description string
	Zone        string      // IANA name of the time zone its dates are in; "" is UTC
	Exams       []exam.Code // that it prepares for: what members share is about these
	Code        string      // by which people join, as NewCode makes it
	Open        bool        // whether anybody can join by the code
	Owner       account.PersonID
	Instructors []account.PersonID // who teach it besides its owner
	Banks       []Given            // whose questions its members can practise
	Created     time.Time
	Archived    time.Time // zero while it goes on
}

// Given is a bank that a class may practise with.
type Given struct {
	Bank exam.BankID
	By   account.PersonID
	At   time.Time
}

// Location is the time zone of the class's dates.
func (c *Class) Location() *time.Location {
	zone, err := account.ParseZone(c.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// TaughtBy reports whether somebody teaches the class. Admins don't by being one:
// members agreed to be seen by those who teach them.
func (c *Class) TaughtBy(p *account.Person) bool {
	return p.SignedIn() && p.Role.Includes(account.Instructor) && (c.Owner == p.ID || slices.Contains(c.Instructors, p.ID))
}

// BankIDs lists the banks given to the class.
func (c *Class) BankIDs() []exam.BankID {
	ids := make([]exam.BankID, len(c.Banks))
	for i, g := range c.Banks {
		ids[i] = g.Bank
	}
	return ids
}

// Member is somebody in a class.
type Member struct {
	Person account.PersonID
	Name   string
	Email  string
	Joined time.Time
	// Shares is the moment from which on their answers are the class's business;
	// zero for all they ever gave.
	Shares time.Time
	Left   time.Time // zero while they are in it
}

// Limits of what a class can hold.
const (
	MaxMembers     = 500
	maxInstructors = 20
	maxTitle       = 80 // characters
	maxDescription = 2000
)

// check reports what a class can't be, and tidies its words.
func (c *Class) check() error {
	c.Title, c.Description = strings.Join(strings.Fields(c.Title), " "), strings.TrimSpace(c.Description)
	switch {
	case c.Title == "":
		return fault.Invalid("Give the class a title.")
	case utf8.RuneCountInString(c.Title) > maxTitle:
		return fault.Invalid("A title can have %d characters at most.", maxTitle)
	case utf8.RuneCountInString(c.Description) > maxDescription:
		return fault.Invalid("A description can have %d characters at most.", maxDescription)
	case len(c.Exams) == 0:
		return fault.Invalid("Choose at least one certification: what members share is about these exams alone.")
	case len(c.Instructors) > maxInstructors:
		return fault.Invalid("A class can have %d instructors besides its owner.", maxInstructors)
	}
	_, err := account.ParseZone(c.Zone)
	return err
}

// codeLetters has no two that are mistaken for one another.
const codeLetters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

// codeLength makes 31⁸, some 850 billion, codes: at a guess a second nobody finds
// one in a lifetime.
const codeLength = 8

// NewCode draws a code by which people join a class.
func NewCode() string {
	var code strings.Builder
	for b := make([]byte, 1); code.Len() < codeLength; {
		_, _ = rand.Read(b) // crypto/rand.Read never returns an error
		// What is left over of a byte would favour the first letters.
		if n := int(b[0]); n < 256-256%len(codeLetters) {
			code.WriteByte(codeLetters[n%len(codeLetters)])
		}
	}
	return code.String()
}

// ParseCode reads a code as people write it, with spaces and dashes and in small
// letters.
func ParseCode(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\u2011' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToUpper(strings.TrimSpace(text)))
}

// ShowCode is a code as people read it: in two halves.
func ShowCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:codeLength/2] + "-" + code[codeLength/2:]
}
