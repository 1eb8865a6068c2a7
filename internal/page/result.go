package page

// Result is how a finished mock exam went.
type Result struct {
	Frame
	Sitting, Code, Name string
	Sentence            string // the answer first: pass or not, as an estimate
	Passed              bool
	Scaled              string // "742 of 1000"
	ScaleNote           string // how the scale was estimated
	Raw                 string // what the estimate counts: "48 of 65 scored questions right"
	RawNote             string // why that is what counts; "" where there is no other way
	ByWholes            string // the other way of counting, and what it would have said; "" for none
	Cut                 string // "720", with what is known of it
	CutPercent          float64
	Predicted           string // what was expected before, and how this compares
	Whole               ResultDomain
	Domains             []ResultDomain
	Pace                Pace
	TimeNote            string // "1 h 12 min of 2 h 10 min"
	Missed              *Missed
	Bearing             []string // what else the answers say something about
	Expired             bool
	Shortfall           string
	KeepIt              bool
}

// ResultDomain is one domain of a result, in percent of its points. The whole
// exam has no name and is left out when it has no items.
type ResultDomain struct {
	Name, Score string // Score with its interval: "71 % (55 to 84)"
	Percent     float64
	Low, High   float64 // 90 % interval
	Cut         float64
	Items       int
}

// Pace is how the time of an exam went.
type Pace struct {
	Unknown string // why there is no figure; "" where there is one
	Text    string // the pace in a sentence or two
	Quick   string // answers that came too fast to have been read; "" for none
	// Quickest leads to those.
	Quickest []ReviewLink
	Bars     []PaceBar
	Limit    float64 // where the line of the allowed pace is, 0 to 100; 0 for no line
	LimitText,
	Top string // what the line and the upper edge of the figure stand for
	Slow   []ResultTime // the questions that took longest
	NoSlow string       // what is said where none did
}

// PaceBar is one question of the figure.
type PaceBar struct {
	Number  int
	X, W    float64 // place and width in percent of the figure
	H       float64 // height, 0 to 100
	Over    bool    // longer than the allowed pace
	Time    string
	Outcome string
	Address string
}

// ResultTime is a question and how long it was in view.
type ResultTime struct {
	Number     int
	Address    string
	Text, Time string
	Outcome    string
	OutcomeKey string // right, wrong, unanswered, dont_know
}
