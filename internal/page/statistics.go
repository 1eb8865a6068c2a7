package page

import "sextant/internal/richtext"

// BankStatistics is what answers say of a bank's questions.
type BankStatistics struct {
	Frame
	ID        string
	BankTitle string
	Editable  bool // the bank has a page of its own for those who write in it
	Sentences []string
	Renewing  string // said while newer figures are being counted
	Action    string // address of the search
	Words     string
	Flagged   bool
	Enough    bool
	Sort      string // carried along
	Narrowed  bool
	CSV       string
	Problems  string // address of the queue of reports
	Columns   []SortColumn
	Rows      []StatisticsRow
	Sentence  string // "51 to 100 of 312 questions"
	None      string
	Pages     []ReviewPart
}

// StatisticsRow is one question among a bank's.
type StatisticsRow struct {
	Address        string
	Ask            richtext.HTML
	ID             string
	Answers        string
	Right          string
	Between        string // the interval of Right
	Discrimination string
	Expected       string // the discrimination to expect
	Time           string
	Curve          *ItemCurve // nil for too few answers
	Flags          []string
	Few            string // "too few answers: 12 of 30"
}

// ItemCurve is a question's expected curve with what was observed.
type ItemCurve struct {
	Line   []CurvePoint // expected, left to right
	Guess  float64      // chance of a blind guess, in percent
	Bands  []CurveBand
	Words  string // what it shows, for whoever can't see it
	Ground string // "its author's label" or "answers so far"
}

// CurvePoint is a place in a figure: X in percent of its width, Y in percent of
// right answers.
type CurvePoint struct{ X, Y float64 }

// CurveBand is learners of about one ability.
type CurveBand struct {
	CurvePoint
	Low, High float64 // percent right, 95 % interval
	Ability   string
	People    string
	Right     string
	Between   string
	Expected  string
}

// QuestionStatistics is everything that answers say of one question.
type QuestionStatistics struct {
	Frame
	ID        string
	BankTitle string
	BankLink  string // statistics of its bank
	Edit      string // address of its editor; "" for the embedded bank
	Problems  string // address of its reports; "" without any
	Reports   string // how many
	Facts     string // platform, skill, type, difficulty
	Retired   bool
	Whole     ReviewItem
	Flags     []string
	Verdict   string // said where there are no flags
	Renewing  string
	Figures   []StatisticsFigure
	Options   *OptionTable
	Curve     *ItemCurve
	CurveNote string // why there is no curve, or what it rests on
	Groups    []GroupRow
	GroupNote string
	LeftOut   []string
}

// StatisticsFigure is one number with what it means.
type StatisticsFigure struct {
	Name, Value, Between, Note string
}

// OptionTable says who chose what, by thirds of ability.
type OptionTable struct {
	Heading string
	Note    string
	What    string // head of the first column
	Mean    string
	Rows    []OptionRow
}

// OptionRow is one option, or one part that could be got right.
type OptionRow struct {
	Label  string
	Text   richtext.HTML
	Key    bool
	Chosen string // "34 (28 %)"
	Thirds []ThirdShare
	Leans  string // discrimination of choosing it
}

// ThirdShare is how many of a third of the learners chose an option.
type ThirdShare struct {
	Name    string // Weak, Middle, Strong
	Percent float64
	Text    string
}

// GroupRow compares those who prepare for an exam with everybody else.
type GroupRow struct {
	Group, People, Odds, Size, Words string
}

// Problems is the queue of what learners reported.
type Problems struct {
	Frame
	Sentence string
	Filters  []ReviewFilter
	Orders   []ReviewFilter
	Rows     []ReportedQuestion
	None     string
	Pages    []ReviewPart
	Problem  string
}

// ReportedQuestion is a question with what was reported of it.
type ReportedQuestion struct {
	ID         string
	Heading    string
	Bank       string
	BankLink   string
	Count      string
	State      string // "retired", "the text has changed since"
	Whole      ReviewItem
	Statistics string // address
	Edit       string // address of the editor; "" for the embedded bank
	Figures    []StatisticsFigure
	Flags      []string
	Few        string
	Reports    []ReportRow
}

// ReportRow is one report with what can be done about it.
type ReportRow struct {
	ID       string
	When     string
	Text     string
	Wording  string // of the present text, or an earlier one
	Answer   string // given so far
	Answered string // when, by whom
	Note     string
	Resolved string // when, by whom; "" while it is open
	Typed    string // an answer or note refused just now
	Retire   bool   // the question can be retired
	Back     string // the queue as it was shown
}

// OwnReport is what a learner reported, with the answer to it.
type OwnReport struct {
	Question richtext.HTML
	Address  string // where the question can be read again; "" where it can't
	Text     string
	When     string
	Answer   string
	Answered string
	Resolved bool
}
