// Package plan turns a wish, an exam and the hours somebody has, into weeks of
// study: which topic when, with what to read, to build and to practise, and how
// likely a pass becomes on the way.
package plan

import (
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Day is a calendar day: a time at 00:00 UTC. Days are added with AddDate and
// never with durations of local time.
type Day = time.Time

// Span is a range of days, both included.
type Span struct {
	From Day    `json:"from"`
	To   Day    `json:"to"`
	Note string `json:"note,omitempty"` // "holidays"
}

// Wish is what somebody wants of a plan.
type Wish struct {
	Exam     exam.Code `json:"exam"`
	Language string    `json:"language,omitempty"` // of the exam, a BCP 47 tag; "" stands for any
	// Date is the day of the exam; zero for "as soon as I'm likely to pass".
	Date Day `json:"date,omitzero"`
	// Target is the probability of passing to aim at, 0 to 1.
	Target float64 `json:"target"`
	// Minutes are those of each day of the week, Sunday first as in time.Weekday.
	Minutes [7]int `json:"minutes"`
	Off     []Span `json:"off,omitempty"`
	// Start is when study begins on a day, in minutes after midnight in the
	// learner's zone; −1 where they named no time.
	Start int `json:"start"`
	// Sunday says that weeks begin on Sunday and not on Monday.
	Sunday bool `json:"sunday,omitempty"`
}

// Kind says what a block of time is for.
type Kind string

// The kinds of block.
const (
	KindProject  Kind = "project"  // one small project before reading
	KindStudy    Kind = "study"    // reading the official pages of a topic
	KindLab      Kind = "lab"      // hands-on work on a topic
	KindPractice Kind = "practice" // questions on a topic
	KindReview   Kind = "review"   // questions that are due
	KindMock     Kind = "mock"     // a whole exam with its clock
	KindExam     Kind = "exam"     // the exam itself
)

// Block is a stretch of one day.
type Block struct {
	Kind      Kind
	Minutes   int // of the day's; 0 for the exam
	Skill     exam.SkillID
	Domain    exam.DomainID // where the topic weighs most
	Title     string
	Text      string // what to do, in a sentence or two
	Cost      string // what it may cost, and how not to pay more; "" where it needn't cost anything
	Links     []catalogue.Link
	Questions int // of a practice: 5, 10 or 20
}

// Date is one day of a plan with its blocks in order.
type Date struct {
	Day     Day
	Minutes int // there are, of the wish
	Blocks  []Block
}

// Chance is a probability of passing with the range that slower and faster
// learners would have, all 0 to 1.
type Chance struct{ Expected, Low, High float64 }

// Week is seven days of a plan, fewer at its ends.
type Week struct {
	From, To Day
	Dates    []Date // those with blocks
	Minutes  int    // of all blocks
	After    Chance // of passing at the end of the week
	Topics   []TopicTime
}

// TopicTime is what a plan spends on a topic.
type TopicTime struct {
	Skill   exam.SkillID
	Name    string
	Domain  exam.DomainID
	Minutes int
	Why     string // in words: its weight, and what the time buys
	Lab     string // an idea to build, in a sentence or two; "" if there is none
}

// Problem says why a wish can't be met, and what can.
type Problem struct {
	Text string
	// Nearest is the first day on which it could; zero if there is none within
	// reach. Weekly is the minutes a week that the wished day would take; 0 if no
	// week has so many. Instead is an exam to plan for instead; "" for none.
	Nearest Day
	Weekly  int
	Instead exam.Code
}

// Plan is the whole answer to a wish on a day.
type Plan struct {
	Wish Wish
	Made Day
	Exam Day // the day of the exam; zero where none could be found
	// Range is from the day on which a fast learner would reach the target to that
	// of a slow one; a day is zero where there is none within two years.
	Range    Span
	Sentence string // the answer first
	// SoFar says how what was done compares with the hours of the wish; "" on the
	// plan's first day.
	SoFar    string
	Now      Chance
	OnTheDay Chance // on the day of the exam, or at the end of the last week where there is none
	Weeks    []Week
	Topics   []TopicTime // over the whole plan, most time first
	Problems []Problem
	Notes    []string // what it rests on, in sentences
}

// Work is study that was done: practice here, and what the learner told of.
type Work struct {
	Day     Day
	Kind    Kind
	Skill   exam.SkillID // "" where it belongs to none
	Minutes int
	// Told says that the learner told of it, and no answers show it.
	Told bool
}

// Input is all that a plan is made from, beside the learner's ability.
type Input struct {
	Wish   Wish
	Today  Day
	Begun  Day // when the plan was begun; zero for today
	Done   []Work
	Review []float64 // minutes of spaced review by week from today; missing weeks count as the last one
}
