package page

// Classes lists the classes somebody teaches and those they are in.
type Classes struct {
	Frame
	Taught   []ClassRow
	Attended []ClassRow
	MayTeach bool
	Code     string // typed in vain
	Problem  string
}

// ClassRow is a class in a list.
type ClassRow struct {
	Title, Address string
	Note           string // "AI-103; 14 members"
	Ended          bool
}

// ClassSharing is what a class shares, in words: to be read before joining, and
// whenever somebody wants to know.
type ClassSharing struct {
	Exams       string   // "AI-103 and MLA-C02"
	Instructors string   // "Ada and Ben"
	Seen        []string // what instructors see
	Unseen      []string // what they don't
}

// ClassJoin asks somebody with a code whether they want to join.
type ClassJoin struct {
	Frame
	Problem     string
	Title       string // of the class
	Description string
	Code        string
	Sharing     ClassSharing
	SignedIn    bool
	Member      string // address of the class, for whoever is in it; else ""
	Teaches     bool
	Next        string // this page, for signing in
}

// ClassForm makes a class or changes it.
type ClassForm struct {
	Frame
	Problem     string
	ID          string // "" for a new one
	ClassTitle  string
	Description string
	Zone        string
	Zones       []string // to choose from
	Exams       []Option
	HasMembers  bool // then no exam can be added
	MayEnd      bool
	Ended       bool
}

// ClassHead is what the pages of a class have at their top.
type ClassHead struct {
	Title, ID string
	Current   string // "standing", "assignments", "people" or "settings"
	Ended     bool
}

// Class is a class for those who teach it: where it stands with an exam.
type Class struct {
	Frame
	Head        ClassHead
	Description string
	Exams       []ReviewPart // the class's exams, to switch between
	Standing    ClassStanding
	Sorts       []ReviewPart
	CSV         string
	Code        string // to join by, "" where it is closed
	Due         []AssignmentRow
	NoMembers   bool
}

// ClassStanding is the heat map with what follows from it. It is the same for
// those who teach and for a member who looks at what they see.
type ClassStanding struct {
	Exam, ExamName string
	CutText        string // what the marks compare with
	Domains        []HeatDomain
	Rows           []HeatRow
	Stuck          []StuckRow
	Next           []GainRow
	Skills         []string
	Basis          string // which banks it rests on
	Own            bool   // one member's own
}

// HeatDomain is a column of the heat map.
type HeatDomain struct {
	Name   string
	Short  string // "1"
	Weight string // "28 %"
}

// HeatRow is one learner's standing.
type HeatRow struct {
	Name, Email string
	Verdict     string
	VerdictKind string
	Pass        string // "about 62 %", "" while it is too early
	Overall     HeatCell
	Cells       []HeatCell
	Answers     string // "34 answers"
	Seen        string // "12 November 2026", "nothing yet"
}

// HeatCell is one estimate. Level is its shade, 0 for unknown and 1 to 5 from the
// lowest to the highest; Side is a shape, so that no colour has to be told. The
// interval is drawn against the pass mark, all in percent.
type HeatCell struct {
	Domain         string
	Level          int
	Low, High, Cut float64
	Estimate       string // "61 %", "" while unknown
	Interval       string // "48 to 73"
	Side           string // "above", "below", "straddles" or "unknown"
	SideText       string
}

// StuckRow names a learner whom a word might help.
type StuckRow struct{ Name, Text string }

// GainRow is a domain that the class would gain by.
type GainRow struct{ Name, Points, Text string }

// AssignmentRow is an assignment in a list.
type AssignmentRow struct {
	Title, Address string
	Class          string // "" where the page is of one class
	What           string // "Mock exam MLA-C02"
	Due            string
	State          string // "open", "late", "opens on …", "finished"
	Late           bool
	Begin          string // where a form that begins it is sent; "" where it can't be begun
	Go             string // where an open test goes on
	GoLabel        string
}

// ClassAssignments lists what a class was assigned.
type ClassAssignments struct {
	Frame
	Head ClassHead
	Rows []AssignmentRow
}

// AssignmentForm makes an assignment.
type AssignmentForm struct {
	Frame
	Head                ClassHead
	Problem             string
	Title, Note         string
	Kind                string
	Exams               []Option
	Lengths             []Option // of a diagnostic
	Domains             []SkillGroup
	Skills              []SkillGroup
	Banks               []Option
	Sources             []Option
	PracticeLengths     []Option
	OneForm             bool
	Opens, Due, Closes  string
	Zone                string
	AssignmentTitleHint string
}

// AssignmentPage is how a class fares with an assignment.
type AssignmentPage struct {
	Frame
	Head               ClassHead
	ID                 string
	Problem            string
	Title, Note, What  string
	Window             string
	Summary            string
	ScoreHead          string
	Rows               []ResultRow
	Opens, Due, Closes string // for the form that changes them
	Zone               string
	CSV                string
}

// ResultRow is how one learner fares with an assignment.
type ResultRow struct {
	Name, Email string
	State       string
	Late        string // "late" or "past due"; "" for neither
	Progress    string // "12 of 24 answered"
	Finished    string
	Score       string // "71 % (58 to 82), 17 of 24 right"
}

// ClassPeople is who is in a class and who teaches it, and how to join.
type ClassPeople struct {
	Frame
	Head        ClassHead
	Problem     string
	Code, Link  string
	Open        bool
	Members     []ClassMember
	Instructors []ClassMember
	Owner       string
	MayManage   bool // the owner looks at it
	Email       string
	Banks       []ClassBank
	Give        []Option // banks that could be given
	Unready     string   // titles of those the viewer writes in that aren't for classes
}

// ClassMember is somebody in a list of people.
type ClassMember struct {
	ID, Name, Email, Note string
	You                   bool
}

// ClassBank is a bank given to a class.
type ClassBank struct {
	ID, Title, Note string
}

// ClassMemberPage is a class for somebody who is in it.
type ClassMemberPage struct {
	Frame
	ID, Title   string
	Description string
	Ended       bool
	Todo        []AssignmentRow
	Done        []AssignmentRow
	Banks       []Link
	Sharing     ClassSharing
}

// ClassShared is what instructors see of the person who looks at it.
type ClassShared struct {
	Frame
	ID, Title string
	Sharing   ClassSharing
	Since     string
	Standings []ClassStanding
	Results   []SharedResult
}

// SharedResult is somebody's own row of an assignment's results.
type SharedResult struct {
	Title, ScoreHead string
	Row              ResultRow
}

// AssignmentTask is an assignment for somebody who is to do it.
type AssignmentTask struct {
	Frame
	ID, Class, Title, Note string
	Row                    AssignmentRow
	State                  string // as a sentence, while it isn't begun
	Window                 string
	Rules                  []string
	Problem                string
	Result                 *ResultRow
	ScoreHead              string
}
