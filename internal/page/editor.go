package page

// QuestionForm is a question in a form: what its author wrote, whether it makes
// sense or not, with the remarks beside the fields they concern. Remarks are keyed
// by field as exam.Problem names it ("ask", "options[2].rationale").
type QuestionForm struct {
	ID       string
	Type     string
	Types    []Option
	Title    string
	Case     *CaseForm // nil outside a case set
	Stem     string
	Ask      string
	Options  []OptionForm
	Choose   string
	OneToOne bool
	Fixed    bool // the options keep their order
	Prompts  []PromptForm
	Rows     []StatementForm

	Explanation, Remember string
	Right, Partly, Wrong  string // replies
	References            []ReferenceForm
	Platforms, Skills     []Option
	Difficulties          []Option
	DifficultyReason      string
	Domains               []DomainForm // exams in which the skill lies in several domains
	Services              string       // ids, separated by commas
	Tags                  string       // one a line
	Enemies               string
	FactsAsOf             string
	Category              string
	SourceID              string
	Points                string

	Remarks map[string][]FieldRemark
}

// FieldRemark is what the checks say of one field.
type FieldRemark struct {
	Text  string
	Fault bool // the question can't be asked until it is mended
}

// CaseForm is the shared text of a case set.
type CaseForm struct {
	ID, Title, Text string
	NoReturn        bool
}

// OptionForm is one option: the letter it has, and what was written.
type OptionForm struct {
	Letter, Text, Rationale, Weight string
	Key                             bool
}

// PromptForm is one prompt of a matching question.
type PromptForm struct {
	Text, Match, Rationale string
}

// StatementForm is one row of a yes/no series.
type StatementForm struct {
	Text, Rationale string
	Holds           string // "yes", "no" or "" while undecided
}

// ReferenceForm is one official page.
type ReferenceForm struct{ Title, URL string }

// DomainForm is an exam in which the question's skill lies in several domains.
type DomainForm struct {
	Code    string
	Domains []Option
}

// Editor is the page that edits a question, or shows one that isn't to be changed
// just now.
type Editor struct {
	Frame
	Bank    Link // where its bank is
	ID      string
	Heading string
	Problem string
	Action  string // address that takes the form
	Images  string // address that takes images
	Seq     int    // of the draft that the form is over
	New     bool   // not kept yet
	Fixed   bool   // shown, not to be changed
	Form    QuestionForm
	Preview QuestionPreview
	Life    QuestionLife
}

// QuestionPreview is a question as learners see it, with what they are told
// afterwards and what the checks say of no field in particular.
type QuestionPreview struct {
	Shown   Question
	Key     ReviewItem
	Remarks []FieldRemark
	Ready   string // whether it can be asked, in a sentence
	Faults  int
}

// QuestionLife is where a question is in its life and what can be done about it.
type QuestionLife struct {
	State     string // in a word
	StateKind string // draft, in_review, published, retired
	Sentence  string // what that means now, and what is needed next
	Regrade   *Link  // answers that were given under another key
	Links     []Link

	Submit, Recall, Publish, Discard, Retire, Restore bool // what can be done

	Judge    *Judgement // what the viewer, as a reviewer, has still to say
	Reviews  []ReviewLine
	Comments []CommentLine
	Action   string // address that takes what is done without the form
	Comment  string // address that takes comments
	Typed    string // a comment typed in vain
	Problem  string // why it was refused
}

// ReviewLine is one blind review, in words.
type ReviewLine struct {
	Who, When, What, Comment string
	Agreed                   bool
}

// CommentLine is one comment.
type CommentLine struct{ Who, When, Text string }

// EditorOffer asks somebody who could still review a question to solve it before
// they see its key.
type EditorOffer struct {
	Frame
	Bank    Link
	Heading string
	Review  string // address of the blind review, which also takes giving it up
}

// BlindReview is a question to be solved by a reviewer.
type BlindReview struct {
	Frame
	Bank     Link
	Heading  string
	Action   string
	Revision string
	Shown    Question
	Problem  string
}

// ReviewedQuestion is a question that its reviewer has solved, with its key.
type ReviewedQuestion struct {
	Frame
	Bank     Link
	Heading  string
	Sentence string // what came of it
	Agreed   bool
	Item     ReviewItem
	Judge    *Judgement
	Editor   Link
}

// Judgement is what a reviewer is asked after solving.
type Judgement struct {
	Action  string
	Comment string // typed so far
	Change  bool   // asks for a change
	Problem string
}

// ReviewQueue lists the questions that wait for somebody's review.
type ReviewQueue struct {
	Frame
	Sentence string
	Rows     []ReviewQueueRow
	Banks    Link
}

// ReviewQueueRow is one question that waits.
type ReviewQueueRow struct{ Text, Address, Bank, Type, Author, Since string }

// EditorConflict shows two texts of a question of which one can be kept.
type EditorConflict struct {
	Frame
	Bank     Link
	Heading  string
	Sentence string
	Theirs   string // who wrote the other one, and when
	Editor   string // address of the editor with theirs
	Action   string // address that takes mine
	Seq      int
	Fields   []Field // mine, to be sent again
	Changes  []FieldChange
}

// FieldChange is a field that differs between two texts.
type FieldChange struct {
	Field  string
	Before []Words
	After  []Words
}

// Words is a run of words, with whether the other text has them.
type Words struct {
	Text    string
	Differs bool
}

// Versions lists what was ever published of a question.
type Versions struct {
	Frame
	Bank    Link
	Heading string
	Editor  Link
	Action  string
	Seq     int
	Draft   []FieldChange // what the draft would change; none without a draft
	Open    bool          // there is a draft, which making another the draft would replace
	Rows    []VersionRow
}

// VersionRow is one published version with what it changed.
type VersionRow struct {
	Number  int
	What    string // "Version 3, asked now"
	Who     string // by whom and when
	Note    string
	Changes []FieldChange
	First   bool
	Current bool
}

// EditorImage is an image that was just added.
type EditorImage struct {
	Frame
	Markdown string
	Back     Link
}

// Regrade is the page on which the answers to a question are judged by its
// present key.
type Regrade struct {
	Frame
	Bank     Link
	Heading  string
	Question string
	Editor   Link
	Sentence string // what would change
	Nothing  bool   // nothing would
	Rows     []RegradeRow
	More     string // how many aren't listed; "" for none
	Action   string
	Version  int
	Reason   string // typed so far
	Problem  string
	Past     []RegradeLine
}

// RegradeRow is one answer that would count as something else, with its test.
type RegradeRow struct {
	Who, Test, When           string
	Answer                    string // "wrong → right"
	Gained                    bool
	Before, After             string // "34 of 65"
	ScaledBefore, ScaledAfter string // of mock exams
}

// RegradeLine is a regrade that took place.
type RegradeLine struct{ What, Who, Reason string }
