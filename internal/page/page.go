// Package page has one view model per page: what the page shows, in words and
// numbers ready to be shown. It decides nothing and computes nothing.
package page

import "sextant/internal/richtext"

// Frame is what every page has around its content.
type Frame struct {
	Title   string
	Path    string // where the page is, for "sign in and come back"
	Viewer  Viewer
	Theme   string // "", "light" or "dark"
	Section string // which entry of the navigation is current
	Notice  string // one sentence about what just happened
	Size    string // of the text, in percent: "" or "100", "115", "130"

	StillMotion bool // nothing moves, whatever the system says
	KeysOff     bool // no shortcuts with single keys

	Description string // what the page is about, for search engines; "" where they have no business
}

// Viewer is who looks at the page.
type Viewer struct {
	SignedIn   bool
	Name       string
	Email      string
	Role       string
	Instructor bool
	Reviews    int // questions that wait for their review
}

// Home is the front page: what this is for whoever comes for the first time, and
// their own page for everybody else.
type Home struct {
	Frame
	Own       *OwnHome        // nil for whoever began nothing yet
	Assigned  []AssignmentRow // what classes want of whoever looks at it
	Questions int
	Exams     int // exams that can be measured
	Sample    Figure
}

// OwnHome is where somebody stands and what they can go on with.
type OwnHome struct {
	Sentence  string    // the answer first
	Evidence  string    // how many answers it rests on; "" for none
	Milestone *Link     // what was reached last; nil for nothing yet
	Exams     []Exam    // those aimed at, a few
	Open      []Link    // tests to come back to, exams with a running clock first
	Plan      *HomePlan // what is up in the plan of the nearest exam; nil for none
	Due       DueReview
	Step      *HomeStep
	Aside     string // what beginning a practice ends; "" for nothing
	Done      []DoneGroup
	Answers   []OwnReport // lately given to what the person reported
	KeepIt    bool        // a guest: offer an account
}

// HomeStep is the one thing that would tell most now: a page to go to, or with
// Fields a form to send there.
type HomeStep struct {
	Text, Label, Address string
	Fields               []Field
}

// DoneGroup is ended tests of one kind, the latest first.
type DoneGroup struct {
	Heading string
	Rows    []Link
	All     *Link // where there are more than these
}

// DoneRow is one ended test with how it went.
type DoneRow struct {
	Title, Address, Date string
	What                 string // which questions a practice asked: "unseen, 2 domains"
	Outcome              string // "7 of 10 right", "24 answers"
	Review               string // address of its questions; "" where nothing was answered
}

// SittingRow is a sitting in a list.
type SittingRow struct {
	ID       string
	Title    string
	Started  string
	Answered int
	Length   int
	Finished bool
	Kind     string // "diagnostic", "practice" or "mock exam"
}

// SittingGroup is a person's tests of one kind.
type SittingGroup struct {
	ID      string // of its heading
	Heading string
	Rows    []Link // the latest first
	Earlier []Link // further ones, folded away
}

// Bar is one row of the horizon figure, positions in percent of the width.
type Bar struct {
	Label               string
	Detail              string // "weight 28 %"
	Overall             bool   // the row for the whole exam
	Shown               bool
	Estimate, Low, High float64
	Text                string // "61 % (48 to 73)"
	Side                string // "above", "below" or "straddles" the line
	SideText            string
	Missing             string
}

// Figure is the horizon: estimates with their intervals against the pass mark.
type Figure struct {
	Caption string
	Cut     float64
	CutText string
	Rows    []Bar
	Small   bool
	Score   string // what the readings are; "" for expected scores
}

// Exam is one exam's standing, as in the report.
type Exam struct {
	Code, Name         string
	Link               string
	Measured           bool
	Verdict            string  // words
	VerdictKind        string  // class: ready, likely, getting_there, not_yet, too_early
	PassText           string  // "about 62 %"
	Chance             float64 // 0 to 1, for sorting only
	Answers            int
	Figure             Figure
	Strongest, Weakest []Skill
	Narrow             string
	Availability       string // "can be taken", …
	AvailabilityKind   string // yes, unconfirmed, no
}

// Skill is a skill's standing in words.
type Skill struct {
	Name, Text string
}

// Report is the readiness report of a sitting or of everything so far.
type Report struct {
	Frame
	Sitting     string // id; "" for the overall report
	Mock        bool   // the sitting is a mock exam
	Heading     string
	Sentence    string // the answer first
	Evidence    string // how many answers it rests on
	Why         string // why the diagnostic ended
	Banks       []string
	Exams       []Exam // the ones asked about, in order
	Others      []Exam
	Assumptions []string
	Kept        []SittingGroup
	Empty       bool
	KeepIt      bool // a guest: offer an account
}

// Link is an address with its label.
type Link struct {
	Label, Address string
	External       bool
	Note           string
}

// Factor is one question of the profile form.
type Factor struct {
	ID, Label string
	Multi     bool
	Values    []FactorValue
}

// FactorValue is one choice of a factor.
type FactorValue struct {
	ID, Label string
	Chosen    bool
}

// ExamChoice is one certification that can be chosen.
type ExamChoice struct {
	Code, Name string
	Offered    bool
	Chosen     bool
	Note       string // "retired on …", "not enough questions yet"
	Dated      bool   // held for a time only: the day it was earned is asked for
	Since      string // that day, as a date field has it
}

// BankChoice is a bank that can be tried out.
type BankChoice struct {
	ID, Title string
	Questions int
	Chosen    bool
}

// Option is a choice in a select.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Start is the form that begins a diagnostic.
type Start struct {
	Frame
	Problem   string
	Fit       bool
	Exams     []ExamChoice
	Over      []ExamChoice // those that nobody can sit any more
	OverOpen  bool         // one of them is chosen
	Lengths   []Option
	Factors   []Factor
	Languages []Option
	Held      []ExamChoice
	Banks     []BankChoice
}

// Profile is the form that changes a learner's situation.
type Profile struct {
	Frame
	Factors   []Factor
	Languages []Option
	Held      []ExamChoice
	Next      string
}

// QuestionOption is an option as shown: by its place, never by its id.
type QuestionOption struct {
	Place  string // "1", "2", …
	Letter string // "A", "B", … in the order shown
	Text   richtext.HTML
	Plain  string // without markup, for a drop-down list
	Chosen bool
	Rank   string // ordering: the rank given so far
}

// QuestionPrompt is a matching prompt or a yes/no statement.
type QuestionPrompt struct {
	Index  int
	Text   richtext.HTML
	Chosen string
}

// Question is the page that asks one question.
type Question struct {
	Frame
	Sitting     string
	Client      string   // names this page, so that its form sent twice is known
	Seq         int      // the question's place in the sitting, from 0
	Struck      []string // places of the options struck out
	Holder      string   // the tab that the sitting was last worked on in
	Elsewhere   bool     // which is likely still open
	Number, Of  int
	Type        string
	TypeLabel   string
	CaseTitle   string
	Case        richtext.HTML
	Stem        richtext.HTML
	Ask         richtext.HTML
	Instruction string
	Options     []QuestionOption
	Prompts     []QuestionPrompt
	Choose      int    // multiple: how many to choose; 0 where the question doesn't say
	Prefix      string // of its fields' names, "p12.", where a page has several questions
	Pretest     string // the bank this comes from, when it doesn't count
	Problem     string
	Saved       bool // the answer before this one was saved
	KeepIt      bool
	Practice    *PracticeAside // nil outside practice
}

// Form is a sign-up, sign-in, set-up or password page.
type Form struct {
	Frame
	Kind    string // signup, signin, setup
	Email   string
	Name    string
	Problem string
	Next    string
	Token   string
	Guest   bool
}

// Account is a person's own page.
type Account struct {
	Frame
	Problem string
	Kept    []SittingGroup
}

// Help is a page of documentation.
type Help struct {
	Frame
	Body   richtext.HTML
	Topics []Link
}

// Failure is the page shown for an error.
type Failure struct {
	Frame
	Heading string
	Message string
	Next    []Link
}

// Measurement is the page for sceptics: what simulation says of the estimates.
type Measurement struct {
	Frame
	Made      string // what made the results, and on what
	Outcomes  MeasuredOutcomes
	Claims    []MeasurementClaim
	Bins      []ReliabilityBin
	BinsOf    string
	Others    []MeasurementRow
	Fit       []string
	Random    []string
	Assumed   []Sourced
	Published []string
}

// MeasurementClaim is what was found for one exam.
type MeasurementClaim struct {
	Code, Command string
	Facts         []Sourced
	Domains       []CoverageRow
}

// CoverageRow is how often an interval held the truth.
type CoverageRow struct {
	Name, Text string
	Share      float64 // 0 to 1
}

// ReliabilityBin is one point of the reliability figure, in percent.
type ReliabilityBin struct {
	Predicted, Passed float64
	N                 int
	Text              string
}

// MeasurementRow is one further simulation in one line.
type MeasurementRow struct {
	What, Coverage, Error, Calibration, Command string
}
