package page

// PracticeStart is the page that begins a practice.
type PracticeStart struct {
	Frame
	Problem      string
	Banks        []Option // to practise from; none where there is no choice
	BankNote     string
	Exams        []Option // the certifications, "" for all at once
	Code, Name   string   // of the certification chosen; "" for all at once
	Domains      []Option
	Skills       []SkillGroup
	Types        []Option
	Difficulties []Option
	Lengths      []Option
	Sources      []PracticeSource
	Open         *SittingRow // a practice to come back to
	Past         []DoneRow   // practices that have ended, the latest first
	PastMore     *Link       // to all of them, where there are more
}

// SkillGroup is skills that belong together.
type SkillGroup struct {
	Name   string
	Skills []Option
}

// PracticeSource is where questions can come from.
type PracticeSource struct {
	Value, Label, Note string
	Count              string // "12 questions"; "" where it says nothing
	Chosen, Off        bool
}

// PracticeAside is what a question has in practice besides its answer.
type PracticeAside struct {
	Confidence []Option
	Flagged    bool
	Note       string
}

// Feedback is what is told about an answer of a practice at once.
type Feedback struct {
	Frame
	Sitting       string
	Seq           int
	Number, Of    int
	Heading       string // "Right", "Wrong", …
	Item          ReviewItem
	Withheld      string // why nothing is told yet; "" as a rule
	Confidence    string // what was said about being sure, and what came of it
	SureAndWrong  bool
	Due           string // when it comes back, in a sentence
	Flagged       bool
	Note          string
	MarkProblem   string
	Report        string // what was typed in vain
	ReportProblem string
	NextLabel     string // of the button that goes on
	KeepIt        bool
}

// PracticeSummary is how a practice went.
type PracticeSummary struct {
	Frame
	Sitting  string
	Title    string
	Sentence string // "7 of 10 right."
	Why      string
	Domains  []PracticeDomain
	Sure     string       // how often being sure was right; "" where nothing was said
	Misled   []ReviewLink // sure and wrong
	Due      DueReview
	Again    []Field // the same choice once more
	Other    string  // address of the form for another choice
	Empty    bool    // nothing was answered
	KeepIt   bool
}

// PracticeDomain is how one domain went.
type PracticeDomain struct {
	Name      string
	Right, Of int
	Text      string // "3 of 4 right"
}

// ReviewLink leads to a question of a review.
type ReviewLink struct {
	Number  int
	Text    string
	Address string
}

// Field is a hidden field of a form.
type Field struct {
	Name, Value string
}

// DueReview is what spaced review has waiting.
type DueReview struct {
	Count int    // due now
	Text  string // "7 questions are due for review."
	Next  string // when the next falls due, in a sentence; "" for never
	Label string // of the button that begins the review
	Size  int    // questions of the review it begins
	Main  bool   // its button is the page's first
}
