// Package catalogue holds what is known of the certifications: their domains
// and weights, their lifecycle on any date, the skills they examine, the
// services they name, the study links, and the rules that turn a person's
// situation into a recommendation. Every fact keeps its source, its date and,
// where that is not "sourced", its confidence.
package catalogue

import (
	"time"

	"sextant/internal/exam"
)

// Confidence says how well a fact is supported.
type Confidence string

// The confidences. Sourced is the default and is left out of the files.
const (
	Sourced  Confidence = "sourced"  // found in a stored source
	Recalled Confidence = "recalled" // general knowledge, not verified
	Derived  Confidence = "derived"  // our own tagging or inference
	Assumed  Confidence = "assumed"  // a stated assumption of the model
	Unknown  Confidence = "unknown"  // looked for and not found
)

// Provenance is where a fact comes from.
type Provenance struct {
	Sources    []string   // ids in Catalogue.Sources
	AsOf       string     // ISO date, year and month, or year of the evidence; "" if its sources are undated
	Confidence Confidence // never empty after loading
	Note       string
}

// Catalogue is everything, loaded and checked. It is immutable.
type Catalogue struct {
	AsOf           time.Time // the day the facts were last gathered
	NewestEvidence time.Time
	Limit          string          // what the evidence can't tell, in a sentence
	Certifications []Certification // in display order
	Related        []Related
	Vendors        []Vendor
	Skills         []Skill
	Services       []Service
	Renames        []Rename
	Rules          []Rule
	Factors        []Factor
	Remaps         []Remap
	Conflicts      []RuleConflict
	Sequences      []Sequence
	Advice         []Advice
	Equivalents    []Equivalent
	Study          Study
	Labs           []Lab
	Readings       []Reading // by topic, in file order; Reading finds one
	Weights        Weights
	Sources        map[string]Source
	index          index
}

// Level is an exam's depth.
type Level string

// The levels, as the vendors use them.
const (
	Foundational Level = "foundational"
	Fundamentals Level = "fundamentals"
	Business     Level = "business"
	Associate    Level = "associate"
	Professional Level = "professional"
	Specialty    Level = "specialty"
	Expert       Level = "expert"
)

// Status is a stage of an exam's life.
type Status string

// The statuses an Event may carry.
const (
	StatusAnnounced  Status = "announced"   // can't be taken yet
	StatusBeta       Status = "beta"        // may or may not take bookings: unconfirmed
	StatusBetaClosed Status = "beta_closed" // can't be taken
	StatusActive     Status = "active"
	StatusRetiring   Status = "retiring" // can be taken until LastDay
	StatusRetired    Status = "retired"
)

// Event is one dated stage of an exam's life: from From (inclusive), for the
// Languages named (all when empty), until LastDay (inclusive; zero = open) or
// until a later event for the same language takes over.
type Event struct {
	Status    Status
	From      time.Time // zero: since before the catalogue's memory
	LastDay   time.Time // the last day on which the exam can be taken; zero if none is known
	Languages []string  // BCP 47 tags such as "en", "ja", "ko", "zh-Hans"; empty = every language
	// DayUnknown says that From stands for a day nobody told: the first of the month
	// in which it lies, or the first evidence. Note says which.
	DayUnknown bool
	Provenance
}

// Certification is one exam and the credential it gives.
type Certification struct {
	Code      exam.Code
	CodeNote  string        // where the vendor gives no code, or another one during a beta
	Vendor    exam.Platform // aws, azure or gcp
	Name      string        // the vendor's official name
	ExamTitle string        // where it differs from Name
	Level     Level
	Identity  Provenance // of Code, Name, ExamTitle and Level
	// Events are in order of From. Where an event has a LastDay and nothing
	// follows it, the loader adds the retirement that takes effect the day after.
	Events []Event
	// Languages the exam is offered in, as BCP 47 tags.
	Languages []Language
	// LanguagesOpen says that the list is not known to be complete.
	LanguagesOpen       bool
	LanguagesProvenance Provenance
	Replaces            exam.Code   // "" if none in the catalogue
	Successor           exam.Code   // one-to-one successor, "" if none
	Directions          []exam.Code // named directions where there is no one-to-one successor
	Domains             []Domain
	DomainsProvenance   Provenance
	Questions           QuestionCount
	ItemTypes           []string // as the vendor names them
	ItemTypesProvenance Provenance
	Duration            Duration
	Pass                PassMark
	Cut                 Cut // the raw cut the model assumes
	Scoring             Scoring
	PriceUSD            int // 0 = unknown
	PriceProvenance     Provenance
	ValidityYears       int // 0 = does not expire
	ValidityProvenance  Provenance
	Renewal             Fact
	Renewing            Renewing
	Retake              Fact
	Experience          Fact
	Prerequisites       Fact
	Requires            []exam.Code // certifications that must be held before
	OfficialPage        Link
	ExamGuide           Link
	GuideVersion        Fact
	Changes             []string // against the exam it replaces
	ChangesProvenance   Provenance
	Use                 string // what this entry is for in the product
	// KnownAs are other codes and former names people still look for. None is
	// another exam's code or name.
	KnownAs []string
	Proves  Fact // what a holder has shown, in two or three sentences
	Fits    Fits
	// Neighbours are the two to four exams most easily confused with this one, the
	// nearest first.
	Neighbours []Neighbour
	// Expected are days announced or projected that no event rests on yet, in order.
	Expected []Expectation
	// BetaResults says when those who took the beta hear how it went; empty for an
	// exam without a beta.
	BetaResults Fact
}

// Fits says for whom an exam is made, in our judgement.
type Fits struct {
	Whom    []string // two to four kinds of people
	WhomNot []string // one or two who are better served elsewhere
	Provenance
}

// Neighbour says how an exam differs from another, in a sentence.
type Neighbour struct {
	Code exam.Code
	Fact
}

// Expectation is a stage of life that has been announced or projected, without a
// day that could be relied on. It never makes an exam takeable.
type Expectation struct {
	Status Status
	// From and To bound the days it is expected on; equal for one day.
	From, To time.Time
	Fact
}

// Language is an exam language with the last day it is offered, if one is known.
type Language struct {
	Tag     string    // BCP 47
	LastDay time.Time // zero if open
}

// Fact is a sentence with its provenance.
type Fact struct {
	Text string
	Provenance
}

// Domain is one weighted part of an exam.
type Domain struct {
	ID   exam.DomainID
	Name string // the vendor's official name
	// Low and High bound the published weight in percent; equal where a single
	// figure is published.
	Low, High float64
	Weight    float64 // midpoint over the sum of midpoints: fractions that sum to 1
	Tasks     []Task
	// Services are ids of the services that the guide names for the domain, with
	// a few neighbours (see ServicesProvenance).
	Services           []string
	ServicesProvenance Provenance
	Links              []Link // official pages to study from
	Watch              string // what to beware of when writing or answering here
	Note               string
}

// Task is one task statement of a domain, in our words.
type Task struct {
	ID     string
	Name   string
	Covers []string
	Skills []exam.SkillID // the first is the task's main skill
}

// QuestionCount is the length of a real form.
type QuestionCount struct {
	Min, Max         int // equal where one figure is published; 0 = unknown
	Scored, Unscored int // 0 = not published
	Beta             int // length of the beta form where it differs; 0 otherwise
	Provenance
}

// Duration is the time a sitting lasts, in minutes; 0 = unknown.
type Duration struct {
	Minutes int
	Beta    int // of the beta form where it differs; 0 otherwise
	Provenance
}

// PassMark is the vendor's published pass mark on its own scale. Published is
// false where the vendor names none.
type PassMark struct {
	Published       bool
	Score, Min, Max int
	Provenance
}

// Cut is the raw cut score the model assumes: expected percent correct, with
// the SD (percentage points) of what is not known about cut, form and day.
type Cut struct {
	Percent, SD float64
	Provenance
}

// Scoring is how the vendor scores.
type Scoring struct {
	Scale         Fact
	Compensatory  Fact
	GuessPenalty  Fact
	PartialCredit Fact
	Feedback      Fact
}

// Link is an address with a descriptive label.
type Link struct {
	Title string
	URL   string
	Mark  string // seen, series, landing: see the catalogue's README
	Provenance
}

// Skill is one of the shared skills.
type Skill struct {
	ID     exam.SkillID
	Name   string
	Group  string // foundations, data, modelling, operations, trust, applied, generative, business
	Covers string
	Nature string // concept or mixed
	// BuildsOn are the skills to know first. None rests on itself, directly or
	// through others.
	BuildsOn []exam.SkillID
	// Aliases are everyday names; one may stand for several skills.
	Aliases []string
}

// Service is one cloud service or feature, one record each.
type Service struct {
	ID       string        // e.g. "amazon-kendra"
	Name     string        // its present name
	Also     []string      // other present names and short forms
	Former   []string      // names it had before
	Platform exam.Platform // neutral for open standards and open-source tools
	Status   ServiceStatus
	Since    string // ISO date (or year-month) from which Status holds; "" = open
	Replaced string // what to use instead, in words; "" if none
	Exams    []ServiceUse
	Note     string
	Provenance
}

// ServiceStatus is where a service is in its life.
type ServiceStatus string

// The service statuses.
const (
	ServiceActive   ServiceStatus = "active"
	ServicePreview  ServiceStatus = "preview"
	ServiceClosed   ServiceStatus = "closed" // closed to new customers
	ServiceMaintain ServiceStatus = "maintenance"
	ServiceRetiring ServiceStatus = "retiring" // retirement date announced in Since
	ServiceEnded    ServiceStatus = "ended"
)

// ServiceUse says which exam's domain names the service.
type ServiceUse struct {
	Exam   exam.Code
	Domain exam.DomainID
}

// Rename is a former name people still meet.
type Rename struct {
	Platform exam.Platform
	Old, New string
	When     string // ISO date, year-month or year; "" if unknown
	Provenance
}

// StudyLink is an official page for a domain of an exam.
type StudyLink struct {
	Exam   exam.Code
	Domain exam.DomainID
	Link
}

// Factor is one question of the profile with the values it may take.
type Factor struct {
	ID     string // e.g. "current_employer_cloud"
	Family string // rules that match through one family count once; the id where none is given
	Label  string // the question as people read it
	Values []FactorValue
	Multi  bool // several values may be chosen
}

// FactorValue is one choice of a factor.
type FactorValue struct {
	ID    string
	Label string
}

// Match says whether a rule needs any or all of its factors.
type Match string

// The two ways of matching.
const (
	MatchAny Match = "any"
	MatchAll Match = "all"
)

// Rule is one "choose X if" statement. A rule supports the codes named in
// Supports; those that are retired are translated through Remaps before use.
type Rule struct {
	ID           string
	Supports     []exam.Code
	AlsoSupports []exam.Code
	Text         string              // the statement, in our words
	Factors      map[string][]string // factor id → values
	Match        Match
	With         map[string][]string // factor id → values, one of which must have been said as well; nil if nothing must
	Weight       float64
	Extension    bool // ours, not from the seed comparisons
	Strength     string
	Note         string
	Source       string
	Confidence   Confidence
}

// Remap says which current exams stand in for a seed certification.
type Remap struct {
	From   exam.Code
	To     []RemapTarget // the first is the default
	Caveat string
}

// RemapTarget is one direction of a remap.
type RemapTarget struct {
	Code exam.Code
	When string
}

// RuleConflict is a known contradiction between rules and how it is settled.
type RuleConflict struct {
	Factor     string // e.g. "industry=financial_services"
	Rules      []string
	Resolution string
	// Void means that the rules named count zero for exactly this factor value.
	Void bool
}

// Sequence is an order in which certifications are taken.
type Sequence struct {
	ID    string
	Text  string
	Steps []exam.Code   // the codes of the comparison; empty for a plain statement
	Now   [][]exam.Code // the current exams for each step, the default first
	Note  string
	// Source of the statement; Confidence is "sourced" for what the source
	// says, which is a provider's claim where Note says so.
	Source     string
	Confidence Confidence
}

// Advice is a piece of study advice.
type Advice struct {
	ID     string
	Topic  string
	Text   string
	Exams  []exam.Code
	Source string
}

// Related is an exam that is not catalogued, and why.
type Related struct {
	Code   exam.Code
	Vendor exam.Platform
	Name   string
	Why    string
	Provenance
}

// Vendor holds what is true of all exams of one vendor. A certification that
// is silent on scoring, item types, retakes or prerequisites inherits these.
type Vendor struct {
	Platform            exam.Platform
	Name                string
	Scoring             Scoring
	ItemTypes           []string
	ItemTypesProvenance Provenance
	Retake              Fact
	Prerequisites       Fact
	Delivery            Fact
	Results             Fact // when a result arrives
	Discount            Fact
	OpenBook            Fact // what may be looked up during an exam
	NewFeatures         Fact // how soon a new service may be examined
}

// Equivalent is the same job on the three platforms.
type Equivalent struct {
	Area   string
	Skills []exam.SkillID
	Names  map[exam.Platform][]string
	Provenance
}

// Source is a place facts came from.
type Source struct {
	ID    string
	Kind  string // seed, official, capture or secondary: see the catalogue's README
	Where string
	What  string
	AsOf  string // ISO date, year and month, or year; "" if undated
	Note  string
}

// Availability answers whether an exam can be taken.
type Availability string

// The answers of Takeable.
const (
	Yes         Availability = "yes"
	Unconfirmed Availability = "unconfirmed"
	No          Availability = "no"
)
