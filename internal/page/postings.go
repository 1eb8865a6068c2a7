package page

// Postings is the page on which job postings are counted: the form, and what was
// found in what it sent.
type Postings struct {
	Frame
	Problem  string
	Boxes    []string // what stands in the text boxes
	Limit    string   // how much is read at once, in words
	Kept     *KeptPostings
	Result   *PostingsResult // nil before anything was counted
	Rejected []string        // files that couldn't be read, each with the reason
}

// KeptPostings is what the profile holds of postings counted before.
type KeptPostings struct {
	Text string // "Counts of 8 postings, of 22 November 2026: ..."
}

// PostingsResult is what postings name.
type PostingsResult struct {
	Sentence  string // the answer first
	Evidence  string // how sure it is
	Read      []PostingRead
	Platforms []PlatformShare
	Services  []NamedGroup
	Skills    NamedGroup
	Tools     NamedGroup
	Certs     NamedGroup
	Covered   []CoveredExam
	Offer     *TargetOffer
	Already   string  // "Azure is your target cloud already."; "" if it isn't
	Fields    []Field // the counts, as a form sends them
}

// PostingRead is one posting as it was understood.
type PostingRead struct {
	Number int
	Title  string
	Most   string // the platform it names most, or that there is none
}

// PlatformShare is how often a platform is named.
type PlatformShare struct {
	Name         string
	Naming, Most string // "7 of 8"
	Interval     string // "48 to 91 %"
	// Share, Low and High are of those that name it most, in percent of the width.
	Share, Low, High float64
}

// NamedGroup is names of one kind: those to look at first, and the others.
type NamedGroup struct {
	ID, Heading string
	What        string // what a row is, for the head of the table
	Rows, Rest  []NamedRow
}

// NamedRow is one name with where it stood.
type NamedRow struct {
	Name   string
	Note   string // former names met, or what became of it
	Ended  bool   // the note is a warning
	Count  string // "6 of 8"
	Asked  string // "4 ask for it, 1 as nice to have"; "" where none says
	Places []NamedPlace
	More   string // places that are not shown, in words
	Exams  []Link // certifications that examine it
	Skill  string // the skill it belongs to; "" if none
}

// NamedPlace is the sentence in which a name stands.
type NamedPlace struct {
	Posting             string // "Posting 3"
	Before, Name, After string
	Part                string // "asked for", "nice to have" or ""
}

// CoveredExam is how much of what postings name an exam examines.
type CoveredExam struct {
	Code, Name, Link  string
	Vendor            string
	Availability      string
	AvailabilityKind  string
	Share             string // "62 %"
	Count             string // "18 of 31"
	Percent           float64
	Examined, Missing string // names in a list
}

// TargetOffer asks whether a platform shall be the target cloud.
type TargetOffer struct {
	Label   string // "Set Azure as my target cloud"
	Note    string // what it replaces, or how sure it is
	Value   string
	Chosen  bool
	Current string
}
