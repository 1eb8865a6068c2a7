package page

// Sourced is a fact with where it comes from.
type Sourced struct {
	Label, Text string
	Source      string // how old and how sure it is; on pages without a list of sources where it comes from
	Refs        []int  // numbers in the page's list of sources
}

// Provenance is how old and how sure something is, and where it comes from.
type Provenance struct {
	Text string
	Refs []int // numbers in the page's list of sources
}

// CitedSource is one of a page's sources.
type CitedSource struct {
	Number int
	Where  string
	What   string
	Kind   string // "the vendor's own page", …
	AsOf   string // "" where it is undated
}

// CertificationRow is a certification in the list.
type CertificationRow struct {
	Code, Name, Vendor, Level string
	Link                      string
	About                     string // what most of it is: "operations 29 %, generative AI 23 %"
	Terms                     string // "USD 150, 130 minutes"
	Availability              string
	AvailabilityKind          string
	LanguageNote              string // "no longer in English"; "" for nothing to say
	Found                     string // why it is among the results, where its name doesn't show it
	Questions                 int
	Offered                   bool
}

// CertificationGroup is the certifications of one state.
type CertificationGroup struct {
	ID, Heading, Note string
	Rows              []CertificationRow
}

// Certifications lists what the catalogue knows, narrowed by the address.
type Certifications struct {
	Frame
	Today    string
	AsOf     string
	Words    string // searched for
	Filters  []CertificationFilter
	Narrowed bool
	Sentence string // how many there are of how many
	None     string // instead of groups, where nothing matches
	Groups   []CertificationGroup
	Related  []Sourced // exams that are known of and not catalogued
}

// CertificationFilter is one choice of the search form.
type CertificationFilter struct {
	Name, Label string
	Options     []Option
}

// DomainRow is a domain of an exam.
type DomainRow struct {
	ID, Name, Weight string
	// Low and High are the published weight in percent, for the bar; equal where one
	// figure is published.
	Low, High float64
	Questions int
	Practice  string // address of practice in the domain; "" where there is none
	Tasks     []string
	Links     []Link
	Watch     string // what to beware of
	Note      string
	Services  []ServiceRow
}

// ServiceRow is a service that a domain names.
type ServiceRow struct {
	Name, Former string // former names in words; "" for none
	Status       string // "closed to new customers since 30 July 2026"; "" while it goes on
	Replaced     string
}

// Neighbour is an exam that could be meant instead.
type Neighbour struct {
	Link             Link
	Availability     string
	AvailabilityKind string
	Text             string
	Source           Provenance
	Compare          string // address of the two side by side
}

// Gone is what the page of a retired exam says first.
type Gone struct {
	Sentence string // the last day
	Source   Provenance
	Holders  string // what becomes of a certificate that is held
	HeldFrom Provenance
	Instead  []Neighbour
	Heading  string // over the changes
	Changes  []string
	Changed  Provenance
}

// Beta is what is and isn't known of an exam that is not yet settled.
type Beta struct {
	Known   []Sourced
	Unknown []string
	Check   []Link
}

// OwnStanding is where whoever looks stands with the exam.
type OwnStanding struct {
	Exam
	Sentence string
	Hours    string // how many hours to the study target, with its range; "" where it can't be said
	Basis    string // what the hours rest on
}

// LanguageRow is a language of an exam.
type LanguageRow struct {
	Name, Text       string
	AvailabilityKind string
	Chosen           bool // the one whoever looks would take it in
}

// CertificationAction is something to do from a certification's page.
type CertificationAction struct {
	Label, Address string
	Main           bool
}

// Certification is one certification's page.
type Certification struct {
	Frame
	Code, Name       string
	Subtitle         string // the exam's own title and its code's peculiarity
	Vendor, Level    string
	Asked            string // what the address asked for, where that led here
	Availability     string
	AvailabilityKind string
	Reason           string
	InLanguage       string     // the same for the language of whoever looks; "" where it says nothing new
	Ahead            []Sourced  // what is expected of an exam that can be taken
	Next             *Neighbour // the exam it gives way to, while it can still be taken
	Gone             *Gone
	Beta             *Beta
	Replaces         *Neighbour
	Offered          bool
	Actions          []CertificationAction
	ActionNote       string
	Own              *OwnStanding
	Proves           Sourced
	Fits, FitsNot    []string
	FitsSource       Provenance
	Work             []WorkShare
	Domains          []DomainRow
	DomainsSource    Provenance
	Questions        int
	Neighbours       []Neighbour
	Facts            []CertificationFacts
	Languages        []LanguageRow
	LanguagesNote    string
	LanguagesSource  Provenance
	Events           []Sourced
	Links            []Sourced // addresses, with the source in which they were seen
	Sources          []CitedSource
	Limit            string
}

// WorkShare is how much of an exam is one kind of work.
type WorkShare struct {
	Label, Text string
	Percent     float64
	Link        string // other certifications of that kind
}

// CertificationFacts is facts under one heading.
type CertificationFacts struct {
	ID, Heading string
	Facts       []Sourced
}

// Compare puts up to three certifications side by side.
type Compare struct {
	Frame
	Problems []string // what of the address could not be used
	Columns  []CompareColumn
	Choices  []Option // those that can be added
	Full     bool     // three are chosen
	Words    []string // the differences in sentences
	Rows     []CompareRow
	Domains  []CompareDomains
	Skills   []CompareSkills
	Own      string // what the row of the learner's standing rests on
	Limit    string
}

// CompareColumn is one of the certifications compared.
type CompareColumn struct {
	Code, Name, Link string
	Remove           string // address without it
}

// CompareRow is one fact of each certification, in the order of the columns.
type CompareRow struct {
	Label string
	Same  bool
	Cells []CompareCell
}

// CompareCell is a fact of one certification.
type CompareCell struct {
	Text, Note string
	Kind       string // class of availability or verdict; "" for neither
	Class      string // "availability" or "verdict"
}

// CompareDomains is domains that are about the same, one per certification; empty
// where a certification has none.
type CompareDomains struct {
	Cells  []CompareDomain
	Common string // the skills they share
}

// CompareDomain is a domain in the comparison.
type CompareDomain struct {
	Name, Weight string
	Percent      float64 // of the exam
}

// CompareSkills is the skills of one group with their share of each exam.
type CompareSkills struct {
	Group string
	Rows  []CompareSkill
}

// CompareSkill is one skill's share of each exam, in percent; 0 where it isn't examined.
type CompareSkill struct {
	Name   string
	Shares []float64
	Texts  []string
}

// ExamTimeline is what happened and what is announced to the exams.
type ExamTimeline struct {
	Frame
	Today      string
	TodayAt    float64 // place on the axis in percent
	Months     []AxisMonth
	Lanes      []ExamLane
	Ahead      []ExamEvent // the nearest first
	Past       []ExamEvent // the latest first
	Beginnings string      // those without a dated beginning
	Sources    []CitedSource
	Limit      string
}

// AxisMonth is a mark of the axis.
type AxisMonth struct {
	At    float64
	Label string // "" for a month between
	Minor bool   // a label that a narrow page can do without
}

// ExamLane is one exam along the axis.
type ExamLane struct {
	Code, Link, Vendor string
	Text               string // the lane in words
	Spans              []ExamSpan
	Marks              []ExamMark
}

// ExamSpan is a stretch in which an exam's state is the same, in percent.
type ExamSpan struct {
	From, Width float64
	Kind        string // yes, unconfirmed, waiting, expected, ending; "ahead" after it from today on
}

// ExamMark is a day on which something happens.
type ExamMark struct {
	At   float64
	Kind string // end, language
}

// ExamEvent is something that happens to an exam.
type ExamEvent struct {
	When      string // in words
	Date      string // ISO, for the time element; "" for a stretch
	Code      string
	Link      string
	What      string
	Certainty string // "known", "announced", "stands for an unknown day", "expected"
	Kind      string // class: known, announced, derived, expected
	Source    Provenance
	Successor *Link
}
