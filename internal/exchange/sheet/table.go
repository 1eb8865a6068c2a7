package sheet

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// row is one line of a sheet.
type row struct {
	where    exchange.Place
	cells    []string
	pictures map[int][]string // keys of the images that lie on a cell, by its index
}

// style is whose columns a sheet has. It decides how its texts are written.
type style string

const (
	own    style = "own"   // Markdown
	udemy  style = "udemy" // this and the following: plain text or HTML
	kahoot style = "kahoot"
	moodle style = "moodle"
)

// layout is what a header row says.
type layout struct {
	style   style
	columns []column
	split   bool // the ask has a column of its own: a column "question" is the ask
}

// headerRows is how far down a header row is looked for, and headerCells how many
// columns it may have: four for each option and prompt and some more.
const (
	headerRows  = 40
	headerCells = 400
)

// newLayout reads a header row; false when it is none: a header names the
// question and what there is to choose from, or the type and the key.
func newLayout(cells []string) (*layout, bool) {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > headerCells {
		return nil, false
	}
	l := &layout{style: own, columns: recognise(cells)}
	has := func(f field) int {
		n := 0
		for _, c := range l.columns {
			if c.field == f {
				n++
			}
		}
		return n
	}
	asks := has(fieldText)+has(fieldAsk) > 0
	offers := has(fieldOption) >= 2 || has(fieldPrompt) >= 2 || has(fieldType) > 0 && has(fieldKey) > 0
	if !asks || !offers {
		return nil, false
	}
	l.split = has(fieldAsk) > 0
	if has(fieldStem) > 0 && !l.split {
		l.columns[slices.IndexFunc(l.columns, func(c column) bool { return c.field == fieldText })].field = fieldAsk
		l.split = true
	}
	for _, name := range cells {
		switch raw := strings.ToLower(name); {
		case strings.HasPrefix(raw, "answer option"):
			l.style = udemy
		case strings.HasPrefix(raw, "question - max"), strings.HasPrefix(raw, "question – max"), heading(raw) == "time limit":
			l.style = kahoot
		case heading(raw) == "questiontext":
			l.style = moodle
		}
	}
	return l, true
}

// Bounds on what is read of one file. Its text has one of its own: in a workbook a
// long text is stored once, however many cells show it.
const (
	maxRows  = 100_000
	maxCells = 5_000_000
	maxText  = 64 << 20
)

// reader reads the tables of one file.
type reader struct {
	doc      *exchange.Document
	beside   exchange.Beside
	escaped  bool // cells that would be formulas have an apostrophe in front
	rows     int
	cells    int
	text     int // bytes
	cases    map[exam.StimulusID]*caseSet
	timeSaid bool
}

// caseSet is a case set while its rows come in.
type caseSet struct {
	stimulus  *exam.Stimulus
	questions []*exam.Question
	places    []exchange.Place
}

func newReader(doc *exchange.Document, beside exchange.Beside) *reader {
	return &reader{doc: doc, beside: beside, cases: map[exam.StimulusID]*caseSet{}}
}

// table reads a header row and the questions below it; false when there is no
// header row among the first.
func (r *reader) table(rows iter.Seq[row]) bool {
	var l *layout
	seen := 0
	for row := range rows {
		if r.full(row) {
			break
		}
		if l != nil {
			r.row(l, row)
			continue
		}
		if seen++; seen > headerRows {
			break
		}
		if found, ok := newLayout(row.cells); ok {
			l = found
			r.unknownColumns(l, row)
		}
	}
	return l != nil
}

// full reports, once, that a file is too large to be read to its end.
func (r *reader) full(row row) bool {
	if len(row.cells) > 0 {
		r.rows++
	}
	r.cells += len(row.cells)
	for _, cell := range row.cells {
		r.text += len(cell)
	}
	switch {
	case r.rows > maxRows || r.cells > maxCells:
		r.doc.Fault(row.where, fmt.Sprintf("the file has more than %d rows or %d cells; what stands from here on was not read", maxRows, maxCells), "Divide it into several files.")
	case r.text > maxText:
		r.doc.Fault(row.where, fmt.Sprintf("the file has more than %d MB of text; what stands from here on was not read", maxText>>20), "Divide it into several files.")
	default:
		return false
	}
	return true
}

func (r *reader) unknownColumns(l *layout, header row) {
	var names []string
	for i, c := range l.columns {
		if c.field == fieldNone {
			names = append(names, fmt.Sprintf("%q", exchange.Shorten(header.cells[i], 40)))
		}
	}
	if len(names) > 0 {
		r.doc.Warn(header.where, "columns that aren't known were passed over: "+strings.Join(names[:min(len(names), 20)], ", "),
			"Rename them as the page on formats shows if they belong to the questions.")
	}
}

// noTable reports a file without a header row that is known.
func (r *reader) noTable(where exchange.Place) {
	r.doc.Fault(where, "no row names the columns of a table of questions",
		"Begin with a row such as: ask, option A, option B, option C, key. Udemy's, Kahoot's and Moodle's templates are known too.")
}

// finish gives the questions of case sets their texts, and tells of a table that
// holds none.
func (r *reader) finish(whole exchange.Place) {
	if len(r.doc.Questions)+len(r.doc.Problems)+len(r.doc.Skipped) == 0 {
		r.doc.Warn(whole, "no row below the one with the names of the columns holds a question", "Look whether the right sheet was saved.")
	}
	for _, id := range slices.Sorted(maps.Keys(r.cases)) {
		set := r.cases[id]
		if set.stimulus.Text != "" {
			continue
		}
		for i, q := range set.questions {
			q.Stimulus = nil
			r.doc.Warn(set.places[i], fmt.Sprintf("the text of its case set %s isn't in the file; the question came in on its own", id), `Put the text into the column "case text" of one of the set's rows.`)
		}
	}
}
