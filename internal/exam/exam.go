// Package exam is the vocabulary every other room speaks: platforms, skills,
// certifications by code, questions and the answers people give to them. It
// knows nothing of files, databases or pages.
package exam

import "time"

// Identifiers are types of their own so that a skill can't be passed where a
// domain is meant.
type (
	// QuestionID names a question for ever, e.g. "aws-feature-engineering-01".
	QuestionID string
	// StimulusID names the shared text of a case set.
	StimulusID string
	// SkillID names one of the catalogue's skills, e.g. "rag-grounding".
	SkillID string
	// Code names a certification exam, e.g. "MLA-C02".
	Code string
	// DomainID names a domain within one exam, e.g. "2".
	DomainID string
	// BankID names a question bank; the embedded one is BuiltIn.
	BankID string
	// OptionID names an option within one question: "A", "B", … in the author's order.
	OptionID string
)

// BuiltIn is the bank that ships inside the program.
const BuiltIn BankID = "builtin"

// Platform is where a skill is exercised.
type Platform string

// The platforms. Neutral marks a concept that belongs to no vendor.
const (
	AWS     Platform = "aws"
	Azure   Platform = "azure"
	GCP     Platform = "gcp"
	Neutral Platform = "neutral"
)

// Platforms lists every platform in display order.
func Platforms() []Platform { return []Platform{AWS, Azure, GCP, Neutral} }

// Valid reports whether p is one of the four platforms.
func (p Platform) Valid() bool {
	return p == AWS || p == Azure || p == GCP || p == Neutral
}

// Label is the platform's name for people.
func (p Platform) Label() string {
	switch p {
	case AWS:
		return "AWS"
	case Azure:
		return "Azure"
	case GCP:
		return "Google Cloud"
	case Neutral:
		return "Neutral"
	}
	return string(p)
}

// Serves reports whether a question on platform p can serve an exam of vendor.
func (p Platform) Serves(vendor Platform) bool { return p == vendor || p == Neutral }

// Type is the form of a question.
type Type string

// The item types.
const (
	Single   Type = "single"   // one key among the options
	Multiple Type = "multiple" // Choose keys among the options; Choose 0 means "select all that apply"
	Ordering Type = "ordering" // every option, in the right order
	Matching Type = "matching" // every prompt matched with one option
	YesNo    Type = "yes_no"   // every statement judged yes or no
)

// Types lists the item types in display order.
func Types() []Type { return []Type{Single, Multiple, Ordering, Matching, YesNo} }

// Label is the type's name for people.
func (t Type) Label() string {
	switch t {
	case Single:
		return "Single choice"
	case Multiple:
		return "Multiple response"
	case Ordering:
		return "Ordering"
	case Matching:
		return "Matching"
	case YesNo:
		return "Yes/no series"
	}
	return string(t)
}

// Option is one answer a question offers.
type Option struct {
	ID        OptionID
	Text      string // Markdown
	Key       bool   // single and multiple: part of the right answer
	Place     int    // ordering: its right place, 1-based; 0 in other types
	Rationale string // Markdown: why it is right, or which stated constraint rules it out
	// Weight is the percentage of the mark, −100 to 100, that another system gives
	// for choosing the option; 0 where it follows from the key. Sextant keeps it
	// for that system and doesn't score by it.
	Weight float64 `json:",omitempty"`
}

// Prompt is the left-hand side of a matching question.
type Prompt struct {
	Text      string   // Markdown
	Match     OptionID // the option that belongs to it
	Rationale string
}

// Statement is one row of a yes/no series.
type Statement struct {
	Text      string // Markdown
	Yes       bool
	Rationale string
}

// Reference is the official page that settles a question.
type Reference struct {
	Title string
	URL   string
}

// Review records a blind review that took place. The zero value means none did.
type Review struct {
	Solved int    // people who answered from the stem and options alone
	Agreed int    // of those, how many gave the key
	Date   string // ISO date of the last of them
}

// Stimulus is the text that the questions of a case set share.
type Stimulus struct {
	ID       StimulusID
	Title    string
	Text     string // Markdown
	NoReturn bool   // questions can't be revisited once left (Microsoft's "does this meet the goal?")
}

// Replies are what another system says to an answer as a whole, in Markdown.
type Replies struct {
	Right  string `json:",omitempty"`
	Partly string `json:",omitempty"`
	Wrong  string `json:",omitempty"`
}

// Question is one item. Its text fields are Markdown.
type Question struct {
	ID       QuestionID
	Bank     BankID
	Revision string // content hash: changes whenever anything a learner or the score sees changes

	Type     Type
	Platform Platform
	Skill    SkillID
	// Domains names the domain for exams in which Skill lies in several.
	Domains map[Code]DomainID

	Difficulty       int // 1 (recall of purpose) to 5 (design with several trade-offs)
	DifficultyReason string

	Stimulus *Stimulus // nil outside a case set
	Stem     string    // the scenario
	Ask      string    // the one question it closes on

	Options    []Option    // single, multiple, ordering, matching
	Choose     int         // multiple: how many to choose; 0 = all that apply
	Prompts    []Prompt    // matching
	OneToOne   bool        // matching: each option belongs to at most one prompt
	Statements []Statement // yes_no

	FixedOrder bool `json:",omitempty"` // the options are shown in the author's order ("all of the above")

	Explanation string  `json:",omitempty"` // what is said about the question as a whole once it is answered
	Replies     Replies `json:",omitzero"`
	Points      float64 `json:",omitempty"` // what it is worth in the system it came from; 0 where that is 1 or unknown

	Remember   string
	References []Reference
	Services   []string // catalogue service ids the question turns on
	Enemies    []string // tags; two questions sharing one never meet in a sitting
	FactsAsOf  string   // year and month the facts were checked, "2026-11"
	Review     Review

	// What it was called where it came from.
	Title    string   `json:",omitempty"` // a short name for editors; learners don't see it
	Category string   `json:",omitempty"` // a path, its parts joined with "/"
	Tags     []string `json:",omitempty"`
	SourceID string   `json:",omitempty"`

	File string // where it was read from, for remarks
	Line int
}

// Image is a picture that a question's Markdown shows, as ![alt](media:KEY).
type Image struct {
	Name string // the name it came with, e.g. "network.png"
	Type string // its media type, as its bytes show it, e.g. "image/png"
	Data []byte
}

// Outcome is what became of a question that was put to a learner.
type Outcome string

// The outcomes. DontKnow scores as wrong and is stored as its own outcome.
const (
	Right    Outcome = "right"
	Wrong    Outcome = "wrong"
	DontKnow Outcome = "dont_know"
)

// Answer is what a learner gave. Exactly the fields of the question's type are
// set; DontKnow set means nothing else is.
type Answer struct {
	Selected []OptionID `json:"selected,omitempty"` // single (one), multiple
	Order    []OptionID `json:"order,omitempty"`    // ordering: every option, first to last
	Matches  []OptionID `json:"matches,omitempty"`  // matching: one per prompt, "" where left open
	Verdicts []string   `json:"verdicts,omitempty"` // yes_no: "yes", "no" or "" per statement
	DontKnow bool       `json:"dont_know,omitempty"`
}

// Response is a graded answer, the only thing measurement rests on.
type Response struct {
	Question QuestionID
	Revision string
	Outcome  Outcome
	At       time.Time
	Pretest  bool // didn't count when it was given: it was an exposure and never measures
}
