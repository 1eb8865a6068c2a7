package page

// LedgerLine is one reason with its weight.
type LedgerLine struct {
	Source, SourceKind string
	Text               string
	Weight             string
}

// Choice is one certification in the recommendation.
type Choice struct {
	Rank             int
	Code, Name       string
	Link             string
	Mode             string // "Take now" or "Prepare for"
	Availability     string
	AvailabilityKind string
	Measured         bool
	Verdict          string
	VerdictKind      string
	PassText         string
	NoVerdict        string // why there is none, where it isn't measured
	Explanation      string // the reasons for and against, in a sentence or two
	Situation        string // subtotals of the ledger, signed
	Evidence         string
	Score            string
	For              []LedgerLine // the two strongest reasons for it
	Against          *LedgerLine  // the strongest against it
	Ledger           []LedgerLine
	Changes          []string // the smallest first
	Study            []Study
	Hours            Hours
}

// Hours is the study an exam takes to the target, in words.
type Hours struct {
	Short string // "about 60 (33 to 108)", for a table
	Text  string // a sentence
}

// Study is a domain to study with its links.
type Study struct {
	Name, Reason string
	Links        []Link
}

// Retired is a note on an exam that can't be taken any more.
type Retired struct {
	Code, Text, Caveat string
	Instead            []Link
}

// Recommendation is the page that says which certification fits.
type Recommendation struct {
	Frame
	Sitting     string
	Sentence    string
	Empty       bool // nothing tells the exams apart
	Lead        *Choice
	Beside      *Choice // the best exam whose booking is confirmed, where Lead's isn't
	Sequence    *Sequence
	Rest        []Choice
	Retired     []Retired
	Conflicts   []string // where what was said, or the rules, disagree, and how that was settled
	Notes       []string
	Information []string
	Profile     []ProfileLine
	Evidence    string
	Target      string // "80 %"
	KeepIt      bool
	Plan        string // address to plan the lead
	Compare     *Link
	WhatIf      string
	Smallest    string // address of the smallest change, supposed; "" where it can't be
}

// Sequence is the sequence of certifications on its days.
type Sequence struct {
	Hours    string // a week, as in the form
	Action   string // where the form goes
	Events   []SequenceEvent
	Note     string
	Undated  []string // renewals of which no day is known
	Ticks    []SequenceTick
	Sentence string // the steps in one sentence
}

// SequenceEvent is a step of the sequence, or a renewal of something held.
type SequenceEvent struct {
	Kind             string // "step" or "renewal"
	Label            string // beside its mark on the axis
	Place            int    // of a step, from 1
	Code, Name, Link string
	When             string // "22 November 2026 to 14 February 2027"
	Plan             *Link  // the learner's own plan for it; nil for none
	Range            string // "between 9 January and 3 May for faster and slower learners"
	Hours            string
	Transfer         string
	Within           *Within
	Reason           string
	Availability     string
	AvailabilityKind string
	Why              string
	Expected         string
	Cautions         []string
	Experience       string
	Text             string  // of a renewal
	Detail           string  // of a renewal: the vendor's rule
	Start, End, Late float64 // on the axis, percent
}

// Within is how much of a blueprint is within reach, in percent.
type Within struct {
	Today, After float64
}

// SequenceTick is a mark of a time axis.
type SequenceTick struct {
	At    float64 // percent
	Label string
}

// WhatIf is the page on which answers can be supposed.
type WhatIf struct {
	Frame
	Factors   []Factor
	Languages []Option
	Held      []ExamChoice
	Masters   []MasterExam
	Passes    []Option // "suppose I pass this first"
	Outcome   Supposition
	CanKeep   bool // what was said differs, so that it could be kept
}

// MasterExam is an exam whose domains can be supposed to be mastered.
type MasterExam struct {
	Code, Name string
	Open       bool
	Domains    []MasterDomain
}

// MasterDomain is one of its domains.
type MasterDomain struct {
	Value, Name, Weight string
	Chosen              bool
}

// Supposition is what a supposition does to the ranking.
type Supposition struct {
	Sentence string   // what moved, first
	Supposed []string // what is supposed, in words
	Because  []LedgerLine
	Rows     []Move
	Hours    string // the study it takes to bring that about
}

// Move is one exam before and after.
type Move struct {
	Code, Name, Link   string
	Before, After      int // ranks; 0 where it isn't ranked
	ScoreBefore, Score string
	PassBefore, Pass   string
	Kind               string // "up", "down", "same", "in" or "out"
	Text               string // "4 → 1"
	Words              string // the same for screen readers
}

// ProfileLine is one thing a learner said.
type ProfileLine struct {
	Question, Answer string
}
