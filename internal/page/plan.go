package page

// Plans is the page that lists somebody's plans and begins another.
type Plans struct {
	Frame
	Open, Ended []PlanRow
	Form        PlanForm
	KeepIt      bool // a guest with plans: offer an account
}

// PlanRow is a plan in a list.
type PlanRow struct {
	Code, Name, Address string
	Text                string // the answer in a sentence, or when it ended
	Today               string // what is up today; "" for nothing
}

// PlanForm is the form that begins a plan or changes one.
type PlanForm struct {
	Problem  string
	Action   string
	Submit   string
	Exams    []PlanExams
	ByDate   bool
	Date     string // as a field of a form takes it
	Earliest string
	Targets  []Option
	Hours    string // a week, spread; "" where the days are named
	Days     []PlanDay
	DaysOpen bool
	Off      []PlanOff
	Start    string
	Weeks    []Option // what they begin with
	MoreOpen bool
}

// PlanExams are exams to choose from, those that are alike.
type PlanExams struct {
	Label string
	Exams []Option
}

// PlanDay is the hours of a day of the week.
type PlanDay struct {
	Name, Label, Value string
}

// PlanOff is a range of days off as its fields hold it.
type PlanOff struct {
	N, From, To, Note string
}

// PlanEdit is the page on which a plan is changed.
type PlanEdit struct {
	Frame
	Code, Address string
	Form          PlanForm
}

// Plan is the page of one plan.
type Plan struct {
	Frame
	Code, Name, Link string
	Address          string
	Sentence         string // the answer first
	Moved            string // what moved since it was last seen
	SoFar            string // how what was done compares with the hours there were
	Ended            string // when it was ended; "" while it is open
	Problem          string // of a form that was sent
	Reached          string // that the exam was passed already; "" if it wasn't
	Over             bool   // the day of the exam has come: ask how it went
	Unmeasured       string // that too few answers bear on the exam; "" from a verdict on
	Problems         []PlanProblem
	Facts            []PlanFact
	Curve            *PlanCurve
	Today            PlanToday
	Week             *PlanWeek // the rest of this one
	Weeks            []PlanWeek
	Later            []PlanWeek // further ones, folded away
	LaterText        string
	Mocks            []PlanMock
	Review           string
	Topics           []PlanTopic
	Smaller          []PlanTopic // those with less time, folded away
	SmallerText      string
	Tell             PlanTell
	Done             []PlanDone
	DoneText         string
	Notes            []string
	Aside            string // what beginning a practice ends
	KeepIt           bool
}

// PlanFact is something the plan goes by.
type PlanFact struct {
	Label, Text string
}

// PlanProblem is why the wish can't be met, with what can.
type PlanProblem struct {
	Text   string
	Offers []PlanOffer
}

// PlanOffer is a change that a button makes.
type PlanOffer struct {
	Label  string
	Fields []Field
	Link   string // a page to go to instead
}

// PlanCurve is the expected chance of passing over the weeks, in percent of the
// figure's width and height, the height from above.
type PlanCurve struct {
	Band       string // the range, as points of a polygon
	Line       string // what is expected, as points of a line
	Target     float64
	TargetText string
	Dots       []PlanDot
	Marks      []PlanMark // days below the figure
	Rows       []PlanPoint
	Caption    string
}

// PlanDot is the end of a week on the curve.
type PlanDot struct {
	X, Y float64
}

// PlanMark is a day below the figure.
type PlanMark struct {
	X      float64
	Text   string
	Anchor string // start, middle or end
}

// PlanPoint is a row of the figure's table.
type PlanPoint struct {
	When, Chance, Range, Hours string
}

// PlanToday is what is up today.
type PlanToday struct {
	Shown   bool
	Heading string // the day
	Blocks  []PlanBlock
	None    string // why there is nothing
	Done    []PlanDone
}

// PlanBlock is a stretch of a day.
type PlanBlock struct {
	Kind     string // class
	Title    string
	Text     string
	Cost     string // what it may cost; "" where it needn't
	Time     string // "45 min", "19:30 to 20:15"
	Links    []Link
	Practice *HomeStep
	Go       *Link
	Tick     []Field // what a tick sends besides the minutes; nil where there is none
	Minutes  string
}

// PlanDate is a day with its blocks.
type PlanDate struct {
	Day, Time string
	Blocks    []PlanBlock
}

// PlanWeek is a week with its days.
type PlanWeek struct {
	Title  string // "7 to 13 December"
	Hours  string
	Chance string
	Topics string
	Dates  []PlanDate
}

// PlanMock is a mock exam of the plan.
type PlanMock struct {
	Day, Text string
	Address   string // "" where there is none of that exam
}

// PlanTopic is what the plan spends on a topic.
type PlanTopic struct {
	Name, Time, Why string
	Lab             string // an idea to build; "" for none
}

// PlanTell is the form that tells of study done elsewhere.
type PlanTell struct {
	Kinds, Topics []Option
	Day, First    string // as a field of a form takes it
	Minutes       string
	Most          string // minutes
}

// PlanDone is study that was done.
type PlanDone struct {
	Day, What, Minutes string
	Undo               string // its number, for what was told; "" for what was done here
}

// PlanCalendar is the page of somebody's calendar.
type PlanCalendar struct {
	Frame
	SignedIn bool
	Files    []Link
	Address  string // shown once, after it was made
	Webcal   string
	Made     string // when the one in use was made; "" where there is none
	Read     string
}

// HomePlan is a plan's line on the front page.
type HomePlan struct {
	Text, Label, Address string
}
