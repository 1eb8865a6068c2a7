package page

// Progress is how somebody's readiness moved, what they practised, and what they told
// of real exams.
type Progress struct {
	Frame
	Sentence   string // the answer first
	Notes      []string
	Exams      []Option // to choose from
	Code, Name string   // of the exam shown; "" for somebody without answers
	Figures    []Band   // the whole exam and the chance of passing
	Domains    []Band
	Table      ProgressTable
	Milestones []MilestoneLine
	Said       []SaidLine
	SaidNote   string
	Weeks      []WeekLine
	WeeksNote  string
	Days       []DayMark // nil where they don't want to see them
	DaysText   string
	DaysHidden bool
	Telling    Telling
	KeepIt     bool // a guest: offer an account
}

// Band is an estimate with its interval over time, as a drawing: places are in percent
// of its width, and of its height from the top.
type Band struct {
	Title, Detail string
	Now           string // "64 % (57 to 71)"
	Side          string // above, below or straddles; "" where there is no line
	SideText      string
	Label         string // the drawing in words
	Cut           float64
	CutText       string    // beside the line; "" for no line
	Levels        []float64 // further thin lines
	Runs          []BandRun
	From, To      string // the days at its ends
	Missing       string // why nothing is drawn; "" otherwise
}

// BandRun is a stretch of time without a gap.
type BandRun struct {
	Area string  // points of the polygon between the ends of the intervals; "" for a line alone
	Line string  // points of the middle
	X, Y float64 // the last middle
	Low  float64 // and its interval, from the top
	High float64
	Last bool // it reaches today
}

// ProgressTable is what the drawings show, in figures.
type ProgressTable struct {
	Columns []string
	Rows    []ProgressRow
}

// ProgressRow is one day.
type ProgressRow struct {
	Day   string
	Cells []string
}

// MilestoneLine is a milestone in words.
type MilestoneLine struct {
	Day, Text string
	Lost      string // what became of it; "" while it holds
}

// SaidLine is how often somebody was right when they said how sure they were.
type SaidLine struct {
	Said, Text          string
	Shown               bool
	Estimate, Low, High float64 // percent
	Chance              float64 // percent; 0 for none to show
	Remark              string
}

// WeekLine is what was practised in a week.
type WeekLine struct {
	Week                       string
	Diagnostic, Practice, Mock int
	Spent                      string
	Share                      float64 // of the busiest week's answers, in percent
}

// DayMark is one day of the strip.
type DayMark struct {
	Label string
	On    bool
}

// Telling is the form in which somebody tells of a real exam, and what they told.
type Telling struct {
	Closed  bool // nobody in particular: there is nobody to keep it for
	Problem string
	Exams   []Option
	Taken   string
	Today   string // the latest day that can be given
	Outcome string // "passed" or "failed"; "" for none chosen
	Score   string
	Open    bool // the form is unfolded
	Told    []ToldResult
}

// ToldResult is one result that somebody told.
type ToldResult struct {
	ID, Code, Name, Day string
	Passed              bool
	Score               string
	Expected            string // what was expected the evening before
	MayHold             bool   // it can be added to the certifications held
	Held                bool
}

// MeasuredOutcomes is what real exams said of the predictions.
type MeasuredOutcomes struct {
	Sentence string
	Needed   string // "7 of 20 needed"; "" once there are enough
	Rows     []OutcomeRow
	Bins     []OutcomeBin
	Score    []Sourced
	Cuts     []Sourced
	Notes    []string
}

// OutcomeRow is the results of an exam.
type OutcomeRow struct {
	Exam, Results, Passed, Expected string
	Whole                           bool
}

// OutcomeBin is results that were expected about alike, in percent.
type OutcomeBin struct {
	Predicted, Passed, Low, High float64
	N                            int
	Text                         string
}
