// Package exchange is what the question formats of other systems have in
// common: what reading a file yields, what writing one would lose, and the
// bounds within which a file is read at all. Each format has a room of its own
// below this one.
package exchange

import (
	"fmt"
	"slices"
	"strings"

	"sextant/internal/exam"
)

// Format names a question format.
type Format string

// The formats. Native is our own YAML.
const (
	Native    Format = "yaml"
	JSON      Format = "json"
	GIFT      Format = "gift"
	Aiken     Format = "aiken"
	MoodleXML Format = "moodle-xml"
	QTI12     Format = "qti-1.2"
	QTI2      Format = "qti-2"
	QTI3      Format = "qti-3"
	Cartridge Format = "common-cartridge"
	OLX       Format = "olx"
	CSV       Format = "csv"
	XLSX      Format = "xlsx"
)

// Label is the format's name for people.
func (f Format) Label() string {
	switch f {
	case Native:
		return "Sextant YAML"
	case JSON:
		return "Sextant JSON"
	case GIFT:
		return "Moodle GIFT"
	case Aiken:
		return "Aiken"
	case MoodleXML:
		return "Moodle XML"
	case QTI12:
		return "QTI 1.2"
	case QTI2:
		return "QTI 2"
	case QTI3:
		return "QTI 3"
	case Cartridge:
		return "Common Cartridge"
	case OLX:
		return "Open edX OLX"
	case CSV:
		return "CSV"
	case XLSX:
		return "Excel workbook"
	}
	return string(f)
}

// Source is a file as it came.
type Source struct {
	Name string // its path, as remarks name it, with forward slashes
	Data []byte
}

// Place says where in a file something stands.
type Place struct {
	File string
	Line int    // 1-based; 0 where lines mean nothing
	Name string // what the file calls it: a question's name, a sheet's row; "" for none
}

// String is the place as people read it: "quiz.gift:12 (Q1)".
func (p Place) String() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
	}
	if p.Name != "" {
		s = strings.TrimSpace(s + " (" + p.Name + ")")
	}
	return s
}

// Skip is something that was understood and has no place in Sextant.
type Skip struct {
	Where  Place
	Reason string // e.g. "an essay: Sextant asks only questions with a key"
}

// Severity says whether a problem keeps its question out.
type Severity int

// The severities. A Fault keeps a question, or the whole file, out; a Warning
// tells what was changed or lost while it came in.
const (
	Warning Severity = iota
	Fault
)

// Problem is something wrong with a file.
type Problem struct {
	Where    Place
	Severity Severity
	Message  string // what is wrong
	Remedy   string // what to write instead
}

// Media is an image or another attachment.
type Media = exam.Image

// MediaScheme begins the address of an image in a question's Markdown:
// ![alt](media:KEY), KEY being its key in Document.Media.
const MediaScheme = "media:"

// Document is what reading a file yields. Every question in it passes
// exam.Question.Validate but for its id, which may be empty: giving ids is the
// library's part. Whatever else the file held is in
// Broken, Skipped or Problems.
type Document struct {
	Name      string // the file's path
	Format    Format
	Title     string // what the file calls itself; "" for nothing
	Questions []*exam.Question
	Broken    []*exam.Question // understood, and not fit to be asked: Problems say why
	Skipped   []Skip
	Problems  []Problem
	Media     map[string]Media // by content: the SHA-256 in hexadecimal and an extension
}

// Fault adds a problem that kept a question or the file out.
func (d *Document) Fault(where Place, message, remedy string) {
	d.Problems = append(d.Problems, Problem{Where: where, Severity: Fault, Message: message, Remedy: remedy})
}

// Warn adds a problem with a question that came in nonetheless.
func (d *Document) Warn(where Place, message, remedy string) {
	d.Problems = append(d.Problems, Problem{Where: where, Severity: Warning, Message: message, Remedy: remedy})
}

// Skip adds something that has no place in Sextant.
func (d *Document) Skip(where Place, format string, args ...any) {
	d.Skipped = append(d.Skipped, Skip{Where: where, Reason: fmt.Sprintf(format, args...)})
}

// Faults are the problems that kept something out.
func (d *Document) Faults() []Problem {
	return slices.DeleteFunc(slices.Clone(d.Problems), func(p Problem) bool { return p.Severity != Fault })
}

// MaxQuestionBytes is how much text a question may have in all. A long case study
// has a hundredth of it; more comes of a quotation mark or a brace that is missing.
const MaxQuestionBytes = 1 << 20

// Add takes a question in if it can be asked; otherwise it becomes faults at
// its place. The question's File and Line are set from the place.
func (d *Document) Add(where Place, q *exam.Question) bool {
	q.File, q.Line = where.File, where.Line
	if size := textBytes(q); size > MaxQuestionBytes {
		d.Fault(where, fmt.Sprintf("the question has %d MB of text; at most %d MB are read", size>>20, MaxQuestionBytes>>20), "See whether it ends where it should in the file; put large tables and listings into an image.")
		return false
	}
	Settle(q)
	sound := true
	for _, p := range q.Validate() {
		if p.Field == "id" && q.ID == "" {
			continue
		}
		sound = false
		d.Fault(where, p.String(), "Mend it in the preview of the import, or correct the file and import it again; the others are not affected.")
	}
	if !sound {
		d.Broken = append(d.Broken, q)
		return false
	}
	d.Questions = append(d.Questions, q)
	return true
}

// textBytes is the length of all that learners read of a question.
func textBytes(q *exam.Question) int {
	size := len(q.Stem) + len(q.Ask) + len(q.Explanation) + len(q.Replies.Right) + len(q.Replies.Partly) + len(q.Replies.Wrong) + len(q.Remember)
	for _, o := range q.Options {
		size += len(o.Text) + len(o.Rationale)
	}
	for _, p := range q.Prompts {
		size += len(p.Text) + len(p.Rationale)
	}
	for _, s := range q.Statements {
		size += len(s.Text) + len(s.Rationale)
	}
	return size
}

// Loss is something that a format can't hold.
type Loss struct {
	Question exam.QuestionID // "" for all of them
	What     string          // e.g. "the reasons for each pair", in words that follow "loses"
}

// Settle brings a question that was read into its normal form: option ids A, B,
// C … in the order given, weights that follow from the key left out.
func Settle(q *exam.Question) {
	letters := map[exam.OptionID]exam.OptionID{}
	for i := range q.Options {
		id := Letter(i)
		letters[q.Options[i].ID] = id
		q.Options[i].ID = id
	}
	for i := range q.Prompts {
		if id, ok := letters[q.Prompts[i].Match]; ok {
			q.Prompts[i].Match = id
		}
	}
	for i, o := range q.Options {
		if near(o.Weight, DefaultWeight(q, i)) {
			q.Options[i].Weight = 0
		}
	}
	if near(q.Points, 1) {
		q.Points = 0
	}
}

// Letter is the id of the i-th option, from 0: A to Z; beyond them Z1, Z2 …,
// which no valid question needs.
func Letter(i int) exam.OptionID {
	if i < 26 {
		return exam.OptionID(rune('A' + i))
	}
	return exam.OptionID(fmt.Sprintf("Z%d", i-25))
}

// DefaultWeight is the percentage of the mark that choosing option i earns
// where nothing else is said: a key's share of 100, and 0 for the others.
func DefaultWeight(q *exam.Question, i int) float64 {
	if !q.Options[i].Key {
		return 0
	}
	return 100 / float64(max(q.KeyCount(), 1))
}

// Weight is the percentage of the mark that choosing option i earns.
func Weight(q *exam.Question, i int) float64 {
	if w := q.Options[i].Weight; w != 0 {
		return w
	}
	return DefaultWeight(q, i)
}

// near allows for the five decimals of other systems' thirds and sevenths.
func near(a, b float64) bool { return a-b < 1e-3 && b-a < 1e-3 }
