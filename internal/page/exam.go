package page

// MockStart is the page that begins a mock exam.
type MockStart struct {
	Frame
	Problem    string
	Exams      []MockExam
	Multiplier string // "with your extra time, × 1.25"; "" for the vendor's time
	Open       []Link // exams still running
	Past       []Link // exams that have ended, newest first
	Banks      []TrialBank
}

// TrialBank is a bank that can be tried out in places that don't count.
type TrialBank struct {
	BankChoice
	Exams string // those that have such places and that it serves, in words
}

// MockExam is one exam that can be taken as a mock.
type MockExam struct {
	Code, Name string
	Note       string // "two case sections that close behind you", "retired on …"
	Questions  int    // of a form drawn here
	Short      string // that the real one has more, in a sentence; "" where it hasn't
	Minutes    int    // as the vendor gives; 0 where it says nothing
	Time       string // for this person, in words: "2 h 10 min", "no clock"
	Offered    bool
	Chosen     bool
}

// Mock is a mock exam being taken: every question of what is open, in one page.
// With exam.js it shows one at a time; without, all of them below each other.
type Mock struct {
	Frame
	Sitting, Code, Name string
	DeadlineLeft        int64 // milliseconds left when this was rendered; −1 without a clock
	HideClock           bool
	Keys                bool // single keys are shortcuts
	Of                  int  // questions of the whole exam, those of closed and later sections included
	Section             int  // index of the open section where sections close
	Sections            []ExamSection
	Places              []ExamPlace // what is open now
	Client              string      // names the page among the exam's tabs, for the form without scripts
	Seq                 int         // events of the exam when the page was made
	Saved               bool        // the form was saved just now
	Problem             string
	Elsewhere           bool   // another tab sent something in the last two minutes
	Holder              string // the tab that may go on now; "" when none did yet
	Multiplier          string // "× 1.25"; "" for the vendor's time
}

// ExamSection is a part of an exam.
type ExamSection struct {
	Title       string
	Closes      bool // can't be gone back to once left
	Open        bool
	First, Last int // places, from 0
}

// ExamPlace is one question of an exam with what was done to it so far.
type ExamPlace struct {
	Index    int // its place on the form, from 0
	Number   int // as people count, from 1
	Question Question
	Flagged  bool
	Struck   []string // places of options on the page: "1", …
	Note     string
	Answered bool
	Seen     bool
	Section  int
}

// Settings is the page of personal settings.
type Settings struct {
	Frame
	Problem      string
	Time         []Option // "1", "1.25", "1.5", "2", "0"
	Theme        []Option // "auto", "light", "dark"
	Size         []Option // "100", "115", "130"
	Retention    []Option // "85", "90", "95", percent
	Zone         string   // name in the IANA database; "" for none
	HideClock    bool
	KeysOff      bool
	ReduceMotion bool
}
