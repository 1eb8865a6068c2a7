package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// WriteCSV writes questions as a CSV file with our own columns, in UTF-8 with
// commas, behind the mark by which Excel knows UTF-8. A cell that a spreadsheet
// would take for a formula begins with an apostrophe, which Read takes off. It
// returns the writer's errors.
func WriteCSV(w io.Writer, questions []*exam.Question, _ map[string]exchange.Media) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	t := newTable(questions)
	if err := out.Write(t.header()); err != nil {
		return err
	}
	for i := range questions {
		cells := t.row(i)
		for c, value := range cells {
			cells[c] = harmless(value)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// LossesCSV lists what WriteCSV leaves out: images, whose names alone stay.
func LossesCSV(questions []*exam.Question) []exchange.Loss {
	var losses []exchange.Loss
	for _, q := range questions {
		if n := len(exchange.MediaKeys(q)); n > 0 {
			losses = append(losses, exchange.Loss{Question: q.ID, What: images(n) + ": a CSV file holds text only; they come back when they lie beside it in a folder named media"})
		}
	}
	return losses
}

func images(n int) string {
	if n == 1 {
		return "its image"
	}
	return fmt.Sprintf("its %d images", n)
}

// questionSheet is the sheet with the questions.
const questionSheet = "Questions"

// maxCell is how many UTF-16 units a cell of a workbook holds.
const maxCell = excelize.TotalCellChars

// WriteXLSX writes questions as an Excel workbook: one sheet with our own
// columns, on whose last column the images lie, and one that explains the
// columns. All cells are text, so that nothing is taken for a formula. It returns
// the writer's errors.
func WriteXLSX(w io.Writer, questions []*exam.Question, media map[string]exchange.Media) error {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }() // removes temporary files
	if err := book.SetSheetName("Sheet1", questionSheet); err != nil {
		return err
	}
	styles, err := newStyles(book)
	if err != nil {
		return err
	}
	if err := writeQuestions(book, styles, questions, media); err != nil {
		return err
	}
	if err := writeGuide(book, styles); err != nil {
		return err
	}
	return book.Write(w)
}

// LossesXLSX lists what WriteXLSX leaves out: WebP images, which workbooks can't
// hold, and what doesn't fit into a cell.
func LossesXLSX(questions []*exam.Question) []exchange.Loss {
	var losses []exchange.Loss
	t := newTable(questions)
	for i, q := range questions {
		n := 0
		for _, key := range exchange.MediaKeys(q) {
			if strings.HasSuffix(key, ".webp") {
				n++
			}
		}
		if n > 0 {
			losses = append(losses, exchange.Loss{Question: q.ID, What: images(n) + " in WebP: a workbook can't show that kind"})
		}
		for c, value := range t.row(i) {
			if units := len(utf16.Encode([]rune(value))); units > maxCell {
				losses = append(losses, exchange.Loss{Question: q.ID, What: fmt.Sprintf("the end of its %s: a cell holds %d characters, and it has %d", t.header()[c], maxCell, units)})
			}
		}
	}
	return losses
}

type styles struct{ header, text int }

func newStyles(book *excelize.File) (s styles, err error) {
	s.header, err = book.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EDF2"}},
	})
	if err != nil {
		return s, err
	}
	// Number format 49 is text: what is typed into such a cell stays as it is.
	s.text, err = book.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	return s, err
}

func writeQuestions(book *excelize.File, styles styles, questions []*exam.Question, media map[string]exchange.Media) error {
	out, err := book.NewStreamWriter(questionSheet)
	if err != nil {
		return err
	}
	t := newTable(questions)
	header := t.header()
	for i, name := range header {
		if err := out.SetColWidth(i+1, i+1, width(name)); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := setRow(out, 1, styles.header, header); err != nil {
		return err
	}
	for i, q := range questions {
		if err := setRow(out, i+2, styles.text, t.row(i)); err != nil {
			return err
		}
		if err := addPictures(book, len(header)+1, i+2, q, media); err != nil {
			return err
		}
	}
	return out.Flush()
}

// width is a column's width in characters.
func width(name string) float64 {
	switch {
	case name == string(fieldStem) || name == string(fieldCaseText) || name == string(fieldExplanation):
		return 60
	case name == string(fieldAsk) || name == string(fieldRemember) || strings.HasPrefix(name, "option") || strings.HasPrefix(name, "reason") || strings.HasPrefix(name, "prompt"):
		return 36
	}
	return 16
}

func setRow(out *excelize.StreamWriter, number, style int, cells []string) error {
	values := make([]any, len(cells))
	for i, value := range cells {
		values[i] = excelize.Cell{StyleID: style, Value: value}
	}
	return out.SetRow("A"+strconv.Itoa(number), values)
}

// addPictures lays the images of a question on one cell, where Read finds them.
func addPictures(book *excelize.File, column, number int, q *exam.Question, media map[string]exchange.Media) error {
	cell, err := excelize.CoordinatesToCellName(column, number)
	if err != nil {
		return err
	}
	for _, key := range exchange.MediaKeys(q) {
		m, held := media[key]
		if !held || m.Type == "image/webp" {
			continue
		}
		err := book.AddPictureFromBytes(questionSheet, cell, &excelize.Picture{
			Extension: key[strings.LastIndexByte(key, '.'):], File: m.Data,
			Format: &excelize.GraphicOptions{AutoFit: true, LockAspectRatio: true, AltText: m.Name},
		})
		if err != nil {
			return fmt.Errorf("the image %s of question %s: %w", m.Name, q.ID, err)
		}
	}
	return nil
}

// writeGuide writes the sheet that explains the columns.
func writeGuide(book *excelize.File, styles styles) error {
	if _, err := book.NewSheet(guideSheet); err != nil {
		return err
	}
	out, err := book.NewStreamWriter(guideSheet)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, 1, 20); err != nil {
		return err
	}
	if err := out.SetColWidth(2, 2, 110); err != nil {
		return err
	}
	if err := setRow(out, 1, styles.header, []string{"Column", "What it holds"}); err != nil {
		return err
	}
	for i, c := range columns {
		if err := setRow(out, i+2, styles.text, []string{c.name, c.about}); err != nil {
			return err
		}
	}
	return out.Flush()
}

// table lays questions out in the columns that they need.
type table struct {
	questions []*exam.Question
	columns   []column
	opens     map[int]bool // the question is the first of its case set, whose text stands on its row
}

// always are the columns that a table has even where no question fills them.
var always = []field{fieldID, fieldType, fieldTags, fieldStem, fieldAsk, fieldKey, fieldExplanation, fieldReferences, fieldPlatform, fieldSkill, fieldDifficulty}

func newTable(questions []*exam.Question) *table {
	t := &table{questions: questions, opens: map[int]bool{}}
	seen := map[exam.StimulusID]bool{}
	used := map[column]bool{{fieldOption, 0}: true, {fieldOption, 1}: true, {fieldReason, 0}: true, {fieldReason, 1}: true}
	for _, f := range always {
		used[column{field: f}] = true
	}
	for i, q := range questions {
		if q.Stimulus != nil && !seen[q.Stimulus.ID] {
			seen[q.Stimulus.ID], t.opens[i] = true, true
		}
		for c, value := range t.cells(i) {
			if value != "" {
				used[c] = true
			}
		}
	}
	t.columns = slices.SortedFunc(maps.Keys(used), func(a, b column) int { return rank(a) - rank(b) })
	return t
}

// rank puts columns into the order of columns, the parts of an option side by
// side.
func rank(c column) int {
	at := slices.IndexFunc(columns, func(d described) bool { return d.field == c.field })
	switch c.field {
	case fieldReason, fieldWeight:
		return rank(column{fieldOption, 0}) + 4*c.index + map[field]int{fieldReason: 1, fieldWeight: 2}[c.field]
	case fieldPartReason:
		return rank(column{fieldPrompt, 0}) + 4*c.index + 1
	default:
		return 1000*at + 4*c.index
	}
}

func (t *table) header() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		at := slices.IndexFunc(columns, func(d described) bool { return d.field == c.field })
		names[i] = columns[at].title(c.index)
	}
	return names
}

func (t *table) row(i int) []string {
	cells := t.cells(i)
	values := make([]string, len(t.columns))
	for at, c := range t.columns {
		values[at] = cells[c]
	}
	return values
}

// cells are what a question has to say, by column.
func (t *table) cells(i int) map[column]string {
	q := t.questions[i]
	cells := map[column]string{}
	set := func(f field, value string) { cells[column{field: f}] = value }
	set(fieldID, string(q.ID))
	set(fieldType, string(q.Type))
	set(fieldTitle, q.Title)
	set(fieldCategory, q.Category)
	set(fieldTags, joined(q.Tags))
	set(fieldStem, q.Stem)
	set(fieldAsk, q.Ask)
	set(fieldKey, key(q))
	set(fieldExplanation, q.Explanation)
	set(fieldRemember, q.Remember)
	set(fieldReferences, referenceLines(q))
	set(fieldRight, q.Replies.Right)
	set(fieldPartly, q.Replies.Partly)
	set(fieldWrong, q.Replies.Wrong)
	set(fieldSourceID, q.SourceID)
	set(fieldPoints, number(q.Points))
	set(fieldChoose, number(float64(q.Choose)))
	set(fieldFixedOrder, yesWord(q.FixedOrder))
	set(fieldOneToOne, yesWord(q.OneToOne))
	t.setLabels(q, set)
	t.setParts(q, cells)
	if s := q.Stimulus; s != nil {
		set(fieldCase, string(s.ID))
		if t.opens[i] {
			set(fieldCaseTitle, s.Title)
			set(fieldCaseText, s.Text)
			set(fieldNoReturn, yesWord(s.NoReturn))
		}
	}
	return cells
}

func (t *table) setLabels(q *exam.Question, set func(field, string)) {
	set(fieldPlatform, string(q.Platform))
	set(fieldSkill, string(q.Skill))
	set(fieldDifficulty, number(float64(q.Difficulty)))
	set(fieldDiffReason, q.DifficultyReason)
	var domains []string
	for _, code := range slices.Sorted(maps.Keys(q.Domains)) {
		domains = append(domains, string(code)+"="+string(q.Domains[code]))
	}
	set(fieldDomains, joined(domains))
	set(fieldServices, joined(q.Services))
	set(fieldEnemies, joined(q.Enemies))
	set(fieldFactsAsOf, q.FactsAsOf)
	if r := q.Review; r != (exam.Review{}) {
		set(fieldReview, fmt.Sprintf("%d/%d/%s", r.Solved, r.Agreed, r.Date))
	}
}

func (t *table) setParts(q *exam.Question, cells map[column]string) {
	for i, o := range q.Options {
		cells[column{fieldOption, i}] = o.Text
		cells[column{fieldReason, i}] = o.Rationale
		cells[column{fieldWeight, i}] = number(o.Weight)
	}
	for i, p := range q.Prompts {
		cells[column{fieldPrompt, i}] = p.Text
		cells[column{fieldPartReason, i}] = p.Rationale
	}
	for i, s := range q.Statements {
		cells[column{fieldPrompt, i}] = s.Text
		cells[column{fieldPartReason, i}] = s.Rationale
	}
}

func number(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func yesWord(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// key is the right answer as the column key has it.
func key(q *exam.Question) string {
	var parts []string
	letterOf := func(id exam.OptionID) string {
		return string(exchange.Letter(slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.ID == id })))
	}
	switch q.Type {
	case exam.Ordering:
		options := slices.SortedFunc(slices.Values(q.Options), func(a, b exam.Option) int { return a.Place - b.Place })
		for _, o := range options {
			parts = append(parts, letterOf(o.ID))
		}
	case exam.Matching:
		for _, p := range q.Prompts {
			parts = append(parts, letterOf(p.Match))
		}
	case exam.YesNo:
		for _, s := range q.Statements {
			answer := "no"
			if s.Yes {
				answer = "yes"
			}
			parts = append(parts, answer)
		}
	default:
		for i, o := range q.Options {
			if o.Key {
				parts = append(parts, string(exchange.Letter(i)))
			}
		}
	}
	return strings.Join(parts, ", ")
}

func referenceLines(q *exam.Question) string {
	var lines []string
	for _, r := range q.References {
		line := exchange.Explain(&exam.Question{References: []exam.Reference{r}})
		lines = append(lines, strings.TrimPrefix(line, referenceOpens))
	}
	return strings.Join(lines, "\n")
}
