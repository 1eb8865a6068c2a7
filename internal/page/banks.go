package page

import "sextant/internal/richtext"

// Banks lists the banks that somebody may see.
type Banks struct {
	Frame
	Groups  []BankGroup
	Imports []ImportRow // those that wait for the person
	Reports int         // problems that learners reported and that wait for somebody
}

// BankGroup is banks that somebody stands to alike.
type BankGroup struct {
	ID, Heading, None string // None is said where there are no rows
	Rows              []BankRow
}

// BankRow is a bank in a list.
type BankRow struct {
	ID, Title, Description string
	Owner                  string
	Seen                   string // by whom, in words
	Questions              int    // that are asked
	Others                 string // "3 drafts, 1 in review"; "" for none
	Readiness              string
	Changed                string
}

// ImportRow is an import in a list.
type ImportRow struct {
	Address, Title, State, Begun string
}

// BankNew is the form that makes an empty bank.
type BankNew struct {
	Frame
	Problem      string
	BankTitle    string
	Description  string
	Visibilities []Option
	Existing     *Link // a bank that has the title and can be brought back
}

// Bank is one bank's page.
type Bank struct {
	Frame
	ID          string
	BankTitle   string
	Description string
	Facts       []string // who sees it, what counts, who looks after it
	Writes      bool     // the person writes in it: drafts, bulk actions, links to edit
	Manages     bool
	Statistics  bool // the person may see its statistics
	Exports     bool
	Practised   bool // it has questions that the person can practise
	Withdrawn   bool
	Filters     []BankFilter
	Filter      BankSearch
	List        QuestionTable
	Problem     string
}

// BankFilter is a quick choice above the table.
type BankFilter struct {
	Label, Address string
	Count          int
	Current        bool
}

// BankSearch is the form above the table of questions.
type BankSearch struct {
	Action               string
	Words, Tag           string
	Tags                 []string // to choose from
	States               []Option
	Types, Platforms     []Option
	Skills, Difficulties []Option
	Untagged             bool
	Sort                 string // carried along
	Narrowed             bool   // anything is filtered
	Finer                bool   // anything beyond words and state is
}

// QuestionTable is a page of a bank's questions.
type QuestionTable struct {
	Columns  []SortColumn
	Rows     []QuestionRow
	Sentence string // "51 to 100 of 312 questions"
	None     string // why there is no row
	Pages    []ReviewPart
	Total    int
	Query    string // the filter, as the address has it
	Action   string // where the chosen rows are sent
}

// SortColumn heads a column; with an address it sorts by it.
type SortColumn struct {
	Label, Address string
	Order          string // "ascending", "descending" or ""
}

// QuestionRow is a question in the table.
type QuestionRow struct {
	ID                string
	Ask               richtext.HTML
	Name              string // its short name or id, for the check box
	Note              string // case set, category
	State, StateLabel string
	Type              string
	Platform, Skill   string
	Difficulty        string
	Tags              []string
	Gaps              string // which labels it lacks: it serves practice only
	Changed           string
	Address           string // its editor
	Serves            string
}

// BankSettings is the page of those who manage a bank.
type BankSettings struct {
	Frame
	ID           string
	BankTitle    string
	Problem      string
	Title        string
	Description  string
	Visibilities []Option
	Owner        string
	Members      []BankMember
	Email        string // typed in vain
	Counts       bool
	MayCount     bool
	Measuring    string   // how many of its questions could measure
	Missing      []string // what keeps it from counting
	Withdrawn    bool
}

// BankMember is somebody who writes in a bank besides its owner.
type BankMember struct {
	ID, Name, Email string
}

// BankExport is the page that writes a bank in another format.
type BankExport struct {
	Frame
	ID        string
	BankTitle string
	Questions int
	Formats   []Option
	Format    string // chosen
	Label     string
	File      string // address of the file
	Losses    []ExportLoss
	Whole     bool   // the format holds everything
	Problem   string // why it can't be written in the format
	Note      string
}

// ExportLoss is one thing that a format can't hold.
type ExportLoss struct {
	What  string
	Which string // "3 questions: a, b, c"; "" for all of them
}
