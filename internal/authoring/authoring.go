// Package authoring is the life of questions outside the embedded bank: banks
// and who may write in them, drafts, blind review, publishing, versions,
// retirement, and the correction of a key after the fact.
package authoring

import (
	"strings"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Visibility says who may be asked the questions of a bank.
type Visibility string

// The visibilities, narrowest first.
const (
	Private  Visibility = "private"  // nobody but those who write in it
	ForClass Visibility = "class"    // the members of the classes it is given to
	Everyone Visibility = "everyone" // everybody, in practice; in measurement only once it counts
)

// Visibilities lists them, narrowest first.
func Visibilities() []Visibility { return []Visibility{Private, ForClass, Everyone} }

// Label is the visibility in words.
func (v Visibility) Label() string {
	switch v {
	case Private:
		return "Only those who write in it"
	case ForClass:
		return "The classes it is given to"
	case Everyone:
		return "Everyone"
	}
	return string(v)
}

// Actor is who does something. The command line acts as an admin without an id.
type Actor struct {
	ID   account.PersonID
	Role account.Role
}

// Operator is the command line.
func Operator() Actor { return Actor{Role: account.Admin} }

func (a Actor) admin() bool { return a.Role.Includes(account.Admin) }

// Bank is a set of questions with one owner.
type Bank struct {
	ID          exam.BankID
	Title       string
	Description string
	Owner       account.PersonID // "" for the command line
	Members     []account.PersonID
	Visibility  Visibility
	Counts      bool // its answers count towards readiness
	Added       time.Time
	Updated     time.Time
	Withdrawn   time.Time // zero while it is in use
	Tally       map[State]int
}

// MayWrite reports whether somebody may change the bank's questions: its owner,
// its members and admins.
func (b *Bank) MayWrite(a Actor) bool {
	return a.admin() || a.Role.Includes(account.Instructor) && (b.Owner == a.ID || b.member(a.ID))
}

// MayManage reports whether somebody may say who sees the bank and who writes in
// it, and withdraw it: its owner and admins.
func (b *Bank) MayManage(a Actor) bool {
	return a.admin() || a.Role.Includes(account.Instructor) && b.Owner == a.ID && a.ID != ""
}

// MayRead reports whether somebody may see the bank's questions with their keys:
// those who write in it. Other instructors see of a bank for everyone what
// learners may see.
func (b *Bank) MayRead(a Actor) bool { return b.MayWrite(a) }

func (b *Bank) member(id account.PersonID) bool {
	for _, m := range b.Members {
		if m == id && id != "" {
			return true
		}
	}
	return false
}

// State is where a question is in its life.
type State string

// The states. A published question with a newer draft is in the draft's state
// and goes on being asked as it was published.
const (
	Draft     State = "draft"
	InReview  State = "in_review"
	Published State = "published"
	Retired   State = "retired"
)

// States lists the states in the order a question passes through them.
func States() []State { return []State{Draft, InReview, Published, Retired} }

// Label is the state in words.
func (s State) Label() string {
	switch s {
	case Draft:
		return "Draft"
	case InReview:
		return "In review"
	case Published:
		return "Published"
	case Retired:
		return "Retired"
	}
	return string(s)
}

// Item is a question with its life.
type Item struct {
	ID     exam.QuestionID
	Bank   exam.BankID
	Place  int // in the bank, from 0
	Author account.PersonID

	Version   int            // of what is asked; 0 before the first publication
	Published *exam.Question // what is asked; nil before the first publication
	Retired   time.Time      // zero while it is asked

	Draft    *exam.Question // what is being written; nil when nothing is
	Review   bool           // the draft waits for a reviewer
	DraftSeq int            // rises with every change of the draft: two editors can't overwrite each other
	DraftBy  account.PersonID

	Created, Updated time.Time
}

// State is where the question is in its life.
func (i *Item) State() State {
	switch {
	case !i.Retired.IsZero():
		return Retired
	case i.Draft != nil && i.Review:
		return InReview
	case i.Draft != nil:
		return Draft
	}
	return Published
}

// Newest is the draft, or what is asked where there is none.
func (i *Item) Newest() *exam.Question {
	if i.Draft != nil {
		return i.Draft
	}
	return i.Published
}

// Asked reports whether learners are asked the question.
func (i *Item) Asked() bool { return i.Published != nil && i.Retired.IsZero() }

// Version is one published text, which never changes.
type Version struct {
	Number   int
	Question *exam.Question
	Note     string // why it was published, in the publisher's words
	By       account.PersonID
	At       time.Time
}

// Verdict is what a reviewer says after seeing the key.
type Verdict string

// The verdicts; "" while none has been given.
const (
	Approve Verdict = "approve"
	Change  Verdict = "change"
)

// Review is one blind review of one text.
type Review struct {
	Question exam.QuestionID
	Revision string
	Reviewer account.PersonID
	Answer   exam.Answer
	Agreed   bool // the answer given blind was the key
	Verdict  Verdict
	Comment  string
	At       time.Time
}

// Comment is a remark among those who write in a bank.
type Comment struct {
	Person account.PersonID
	Text   string
	At     time.Time
}

// MaxComment bounds a comment, in characters.
const MaxComment = 4000

// Filter says which questions of a bank are listed, in what order.
type Filter struct {
	Words      string // every word occurs in the question's text, id, title or tags
	State      State
	Type       exam.Type
	Platform   exam.Platform
	Skill      exam.SkillID
	Difficulty int
	Tag        string
	Untagged   bool // without platform, skill or difficulty: they serve practice only
	Sort       Sort
	Down       bool // the largest first
	Limit      int  // 0 for all
	Offset     int
}

// Sort is what a list of questions is ordered by.
type Sort string

// The orders; "" is the place in the bank.
const (
	ByPlace      Sort = ""
	ByText       Sort = "text"
	ByState      Sort = "state"
	ByType       Sort = "type"
	BySkill      Sort = "skill"
	ByDifficulty Sort = "difficulty"
	ByUpdated    Sort = "updated"
)

// Sorts lists the orders.
func Sorts() []Sort {
	return []Sort{ByPlace, ByText, ByState, ByType, BySkill, ByDifficulty, ByUpdated}
}

// SearchText is what Filter.Words are looked for in: everything an author could
// remember of a question, in lower case.
func SearchText(q *exam.Question) string {
	parts := []string{string(q.ID), q.Title, q.Category, q.Stem, q.Ask, q.Remember, q.Explanation}
	if q.Stimulus != nil {
		parts = append(parts, q.Stimulus.Title, q.Stimulus.Text)
	}
	for _, o := range q.Options {
		parts = append(parts, o.Text)
	}
	for _, p := range q.Prompts {
		parts = append(parts, p.Text)
	}
	for _, s := range q.Statements {
		parts = append(parts, s.Text)
	}
	parts = append(parts, q.Tags...)
	parts = append(parts, q.Services...)
	return strings.ToLower(strings.Join(parts, "\n"))
}

// errNotYours answers anybody who may not see a bank as if it weren't there.
var errNotYours = fault.NotFound("There is no such bank, or it isn't yours to write in.")
