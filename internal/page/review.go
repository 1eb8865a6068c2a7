package page

import "sextant/internal/richtext"

// ReviewOption is an option with its verdict, after the sitting.
type ReviewOption struct {
	Letter    string
	Text      richtext.HTML
	Key       bool
	Chosen    bool
	Rationale richtext.HTML
	Mark      string // words: "right answer, you chose it", …
}

// ReviewRow is a prompt, statement or step with what was given and what is right.
type ReviewRow struct {
	Text, Given, Right richtext.HTML
	OK                 bool
	Rationale          richtext.HTML
}

// ReviewItem is one question of the review.
type ReviewItem struct {
	Number     int
	Outcome    string
	OutcomeKey string // right, wrong, unanswered, dont_know, withheld
	Skill      string
	Platform   string
	TypeLabel  string
	Difficulty string
	Time       string // how long it was in view, where that is known
	Confidence string // what was said about being sure, and what came of it
	Misled     bool   // sure and wrong
	CaseTitle  string
	Case       richtext.HTML
	Stem, Ask  richtext.HTML
	Options    []ReviewOption
	Rows       []ReviewRow
	RowsHead   [3]string
	Remember   richtext.HTML
	References []Link
	Parts      string // partial credit as the vendor would give it
	Pretest    string
	Corrected  string // that the key was corrected after the answer, and what it counts as now
	ReviewNote string
	Reports    []OwnReport // what the reader reported of it, with the answers
	Remarks    *Remarks    // nil where there is nobody to make any
}

// Remarks is what somebody can say of a reviewed question: a flag and a note for
// themselves, and a problem for those who look after the questions.
type Remarks struct {
	Action        string // address that takes them
	Show          string // which questions the page shows, to come back to it
	Flagged       bool
	Note          string
	NoteProblem   string
	Report        string // what was typed in vain
	ReportProblem string
	Done          string // what was done just now
}

// Review is the page with the questions of a finished sitting, or those of one kind.
type Review struct {
	Frame
	Sitting string
	Mock    bool // of a mock exam
	Drill   bool // of a practice
	Summary string
	Filters []ReviewFilter
	Shown   string // what the filter leaves, in words: "Wrong: 12 questions."
	Jumps   []ReviewJump
	Long    bool // so many jumps that they are folded away on a phone
	Items   []ReviewItem
	Pages   []ReviewPart // none where one page holds all
	None    string       // why there is no question, "" where there is one
	Missed  *Missed      // nil where there is nothing to practise
	Problem string
}

// ReviewFilter shows the questions of one kind.
type ReviewFilter struct {
	Label   string
	Note    string // what is of this kind, where the label doesn't tell
	Address string
	Count   int
	Current bool
}

// ReviewJump leads to a question on this page or another.
type ReviewJump struct {
	Number   int
	Address  string
	Standing string // right, wrong, unanswered, dont_know, withheld
	Words    string // "Question 12, wrong, flagged"
	Flagged  bool
	Here     bool // on this page
}

// ReviewPart leads to a part of a review that is too long for one page.
type ReviewPart struct {
	Label   string // "1 to 20"
	Address string
	Current bool
}

// Missed is the practice of what was missed.
type Missed struct {
	Action string
	Show   string // the kind of question practised
	Text   string // what that is and how many, in a sentence
	Label  string // of the button that asks the questions themselves
	Other  string // of the button that asks others on the same skills
}
