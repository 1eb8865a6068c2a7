package page

import "sextant/internal/richtext"

// ImportNew is the form that sends files.
type ImportNew struct {
	Frame
	Problem   string
	Banks     []Option // those the person writes in
	BankTitle string   // of a new one
	Text      string   // pasted
	Limit     string   // "64 MB"
	Formats   []string
}

// Import is an import's page: its progress, then its preview.
type Import struct {
	Frame
	ID        string
	BankTitle string
	BankNote  string // whether it is new, who sees it
	BankLink  string // "" for a new one
	Problem   string

	Reading  *ImportReading // nil once the files are read
	Failure  string         // why reading failed; "" as a rule
	Finished bool           // it is written or was thrown away

	Sentence string // what would happen
	Hint     string // what to look at first
	Files    []ImportFile
	Filters  []BankFilter
	Rows     []ImportItem
	Shown    string
	None     string
	Pages    []ReviewPart
	Mapping  ImportMapping

	MayPublish bool
	Publish    string // label of the button
	Drafts     string
	NoPublish  string // why it can't be published at once
	Nothing    string // why there is nothing to bring in
}

// ImportReading is how far reading is.
type ImportReading struct {
	Sentence    string
	Done, Total int // Total 0 where that isn't known
}

// ImportFile is what reading one file told.
type ImportFile struct {
	Name, Format string
	Imported     int
	Broken       int
	Skipped      []ImportRemark
	Faults       []ImportRemark
	Warnings     []ImportRemark
	MoreSkipped  int // beyond those listed
	MoreFaults   int
	MoreWarnings int
}

// ImportRemark is something about a place in a file.
type ImportRemark struct {
	Where, Message, Remedy string
}

// ImportItem is one question of an import.
type ImportItem struct {
	N                   int
	Address             string
	Effect, EffectLabel string
	Where               string
	ID                  string
	Ask                 richtext.HTML
	Labels              string
	Problems            []string
	Differences         []FieldChange
	Dropped             bool
	Mendable            bool // it can't be asked as it is
	Whole               *ReviewItem
}

// ImportMapping is the form that gives labels to questions without them.
type ImportMapping struct {
	Needed     bool   // some questions lack labels
	Sentence   string // how many
	Rows       []MappingRow
	More       int // categories beyond those listed
	Suggesting bool
}

// MappingRow is the labels of one category; N numbers it in the form.
type MappingRow struct {
	N            int
	Category     string // as it is sent
	Label        string
	Questions    string
	Platforms    []Option
	Skills       []SkillGroup
	NoSkill      bool // nothing chosen
	Difficulties []Option
	Tag          string
	Suggestions  []Suggestion
}

// Suggestion is a label that the texts speak for, with the reason.
type Suggestion struct {
	Label, Reason string
}

// ImportMend is the page that mends one question of an import.
type ImportMend struct {
	Frame
	ID        string
	N         int
	BankTitle string
	Where     string
	Back      string
	Problems  []string // what keeps it from being asked, as a list
	Form      QuestionForm
	Sound     bool
	Dropped   bool
	Saved     bool
	Next      string // address of the next broken question
}
