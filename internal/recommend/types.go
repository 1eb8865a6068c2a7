package recommend

import (
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// Situation is what a person has said about themselves.
type Situation struct {
	// Factors holds the chosen values of each factor, by the catalogue's ids.
	// Order and repetition don't matter; unknown ids are ignored.
	Factors map[string][]string
	// Language is the exam language as a BCP 47 tag; "" stands for any.
	Language string
	Held     []exam.Code // certifications held
	// HeldSince is the day on which a held certification was earned, where it was told.
	HeldSince map[exam.Code]time.Time
	Targets   []exam.Code // certifications they have in mind already
	// Market is what the job postings that somebody read name; nil if none.
	Market *Market
}

// Market is what job postings name, as counts of postings. Nothing of their text
// is kept.
type Market struct {
	Postings  int                   // how many were read
	Platforms map[exam.Platform]int // postings that name a platform most
	Skills    map[string]int        // postings that name a skill, by the catalogue's id
	Services  map[string]int        // postings that name a service, by the catalogue's id
	Counted   time.Time             // when
}

// Evidence is what a person has shown.
type Evidence struct {
	// Report is what their answers say of every exam.
	Report readiness.Report
	// Need is the study that the exams would take, where it was computed. It is
	// shown and doesn't weigh: it rests on the same answers.
	Need map[exam.Code]effort.Need
}

// Source says where a reason comes from.
type Source string

// The sources.
const (
	YouSaid      Source = "you_said"
	YourAnswers  Source = "your_answers"
	FromMarket   Source = "market"
	Lifecycle    Source = "lifecycle"
	OurJudgement Source = "our_judgement"
)

// Label is the source as people read it.
func (s Source) Label() string {
	switch s {
	case YouSaid:
		return "you said"
	case YourAnswers:
		return "your answers"
	case FromMarket:
		return "the market"
	case Lifecycle:
		return "the exam's status"
	case OurJudgement:
		return "our judgement"
	}
	return string(s)
}

// Mode is what a person is advised to do with an exam.
type Mode string

// The modes. An exam of which it isn't confirmed that it can be taken today may
// be prepared for.
const (
	Take       Mode = "take"
	PrepareFor Mode = "prepare_for"
)

// Entry is one line of a ledger.
type Entry struct {
	Source Source
	Text   string
	// Brief is the reason in a few words that fit into a sentence: "the role you
	// aim at".
	Brief  string
	Weight float64 // points; a multiple of the catalogue's Weights.Step
	RuleID string  // the catalogue's rule; "" for terms of the score itself
	// Via is the exam the rule names where another stands in for it.
	Via exam.Code
}

// StudyDomain is a domain to work on, with the reason and where to read.
type StudyDomain struct {
	Domain exam.DomainID
	Name   string
	Reason string
	Links  []catalogue.Link
}

// Choice is one certification in the ranking.
type Choice struct {
	Code   exam.Code
	Name   string
	Vendor exam.Platform
	Level  catalogue.Level
	Score  float64 // the sum of the ledger's weights, exactly
	// Situation and Evidence are the parts of Score: the lines whose source is the
	// answers, and all others. They add up to it exactly.
	Situation, Evidence float64
	Availability        catalogue.Availability
	Why                 string // why it can or may not be available, in words
	LastDay             time.Time
	Mode                Mode
	// Measured says that answers count towards the score. Where it is false the
	// exam is ranked by situation only and Pass and Verdict are zero.
	Measured bool
	Offered  bool    // the bank holds enough questions to measure it
	Pass     float64 // probability of passing today, capped for display
	Verdict  readiness.Verdict
	Answers  int
	// Need is the study that a pass would take; nil where it wasn't computed.
	Need   *effort.Need
	Ledger []Entry
	// For holds the two strongest reasons for the exam, fewer only where there are
	// fewer; Against the strongest against it. Where no line speaks against it,
	// Against is the honest next thing, without weight: the study it takes, that it
	// isn't measured, its price or its renewal.
	For     []Entry
	Against *Entry
	// Explanation says For and Against in one or two sentences.
	Explanation string
	Changes     []string // what would change this place; of the first choice, the smallest change first
	// StudyFirst lists at most three domains, the most useful first.
	StudyFirst []StudyDomain
}

// Follow is the certification to take after the first.
type Follow struct {
	Code         exam.Code
	Name         string
	Vendor       exam.Platform
	Availability catalogue.Availability
	Mode         Mode
	Reason       string
	SequenceID   string // the catalogue's sequence it rests on; "" if none
}

// Direction is an exam that may stand in for one that is gone.
type Direction struct {
	Code         exam.Code
	Name         string
	When         string // in words; "" if unconditional
	Fits         bool   // the condition holds in this situation
	Availability catalogue.Availability
}

// RetiredNote tells what became of an exam that a rule, the held certifications
// or the targets point at.
type RetiredNote struct {
	Code    exam.Code
	Name    string
	LastDay time.Time // zero if unknown
	// Successor is the one-to-one successor, "" if there is none; Directions
	// then lists what stands in for the exam.
	Successor             exam.Code
	SuccessorName         string
	SuccessorAvailability catalogue.Availability // on the day, in the language
	Directions            []Direction
	Caveat                string   // what the change means; "" if nothing is known
	Changes               []string // of the successor against this exam
	Held                  bool     // the learner holds it
	Targeted              bool     // the learner has it in mind
}

// Change is one thing said or shown otherwise that puts another exam first.
type Change struct {
	Text  string
	First exam.Code // the exam that would come first
	// Answers is how many answers of the profile, or probabilities of passing, it
	// alters; New how many of them weren't given yet.
	Answers, New int
	// Factors holds the altered answers by factor; an empty list leaves one unsaid.
	Factors map[string][]string
	// Pass holds altered probabilities of passing.
	Pass map[exam.Code]float64
	Gap  float64 // points between the two exams as things stand
}

// Information is a statement that carries no weight.
type Information struct {
	RuleID string
	Text   string
	Label  string // what kind of statement: "provider's claim", "method", "set aside"
}

// Recommendation is the whole answer.
type Recommendation struct {
	// Sentence is the answer in one or two sentences.
	Sentence string
	// Lead is the exam to go for; nil when nothing tells the exams apart, or none
	// can be taken.
	Lead *Choice
	// Beside is the best exam that can be taken for certain, when Lead can't.
	Beside *Choice
	// Ranking holds every exam that can or may be taken on the day, in the
	// language, and isn't held; best first.
	Ranking []Choice
	Then    *Follow
	Retired []RetiredNote
	Notes   []string
	// Conflicts says where what was said, or the rules, disagree, and how that was
	// settled.
	Conflicts []string
	// Smallest is the smallest change that would alter the first choice; nil where
	// none was found or there is no first choice.
	Smallest *Change
	// Information holds what fired without weight, and what was set aside.
	Information []Information
}
