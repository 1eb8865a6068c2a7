package calibrate

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Score is the mark of one answer.
type Score int8

// The scores.
const (
	Missing Score = -1 // not asked, or not to be counted
	Wrong   Score = 0
	Right   Score = 1
)

// Table is responses of persons (rows) to items (columns).
type Table struct {
	Items   []string
	Persons []string  // one per row, or nil when nobody is named
	Freq    []float64 // how often each row occurs, or nil for once each
	Scores  []Score   // row after row, len(Items) each
}

// Rows is the number of rows.
func (t *Table) Rows() int { return len(t.Scores) / max(1, len(t.Items)) }

// Row returns the scores of one row; it belongs to the table.
func (t *Table) Row(r int) []Score { return t.Scores[r*len(t.Items) : (r+1)*len(t.Items)] }

// freq is how often a row occurs.
func (t *Table) freq(r int) float64 {
	if t.Freq == nil {
		return 1
	}
	return t.Freq[r]
}

// Without returns the table without the items named.
func (t *Table) Without(items []string) *Table {
	drop := map[string]bool{}
	for _, name := range items {
		drop[name] = true
	}
	rest := &Table{Persons: t.Persons, Freq: t.Freq}
	for _, name := range t.Items {
		if !drop[name] {
			rest.Items = append(rest.Items, name)
		}
	}
	for k, s := range t.Scores {
		if !drop[t.Items[k%len(t.Items)]] {
			rest.Scores = append(rest.Scores, s)
		}
	}
	return rest
}

func (t *Table) check() error {
	if len(t.Items) == 0 {
		return errors.New("the table has no items")
	}
	if len(t.Scores)%len(t.Items) != 0 {
		return fmt.Errorf("%d scores don't fill rows of %d items", len(t.Scores), len(t.Items))
	}
	if t.Persons != nil && len(t.Persons) != t.Rows() || t.Freq != nil && len(t.Freq) != t.Rows() {
		return fmt.Errorf("%d persons and %d frequencies for %d rows", len(t.Persons), len(t.Freq), t.Rows())
	}
	for i, s := range t.Scores {
		if s < Missing || s > Right {
			return fmt.Errorf("score %d of item %s: must be right, wrong or missing", s, t.Items[i%len(t.Items)])
		}
	}
	for _, f := range t.Freq {
		if !(f >= 0) || math.IsInf(f, 0) {
			return fmt.Errorf("frequency %v: must be finite and not negative", f)
		}
	}
	return nil
}

// SyntaxError says what is wrong with a file, and where.
type SyntaxError struct {
	Line, Column int // from 1; the column counts bytes
	Problem      string
}

func (s *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", s.Line, s.Column, s.Problem)
}

// Names of columns that are not items, in lower case.
var (
	personNames = map[string]bool{"": true, "person": true, "learner": true, "id": true}
	freqNames   = map[string]bool{"freq": true, "frequency": true}
)

// ReadCSV reads responses in one of two layouts, told apart by the header:
//
//	wide: item names, one row per person, scores 0 and 1, blank or NA when
//	      missing; the first column may be person (or learner, id, nothing) and
//	      the last freq, how often the row occurs;
//	long: person, item and score in any order, one row per answer.
//
// What is wrong comes back as a *SyntaxError.
func ReadCSV(r io.Reader) (*Table, error) {
	in := newReader(r)
	header, err := in.next()
	if errors.Is(err, io.EOF) {
		return nil, &SyntaxError{1, 1, "the file is empty; it needs a header of item names"}
	}
	if err != nil {
		return nil, err
	}
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
	}
	if columns, ok := longColumns(names); ok {
		return in.long(columns)
	}
	return in.wide(names)
}

// reader is a CSV reader that knows where it is.
type reader struct{ *csv.Reader }

func newReader(r io.Reader) reader {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if bom, err := buffered.Peek(3); err == nil && string(bom) == "\xef\xbb\xbf" {
		_, _ = buffered.Discard(3) // peeked just now
	}
	in := csv.NewReader(buffered)
	in.ReuseRecord = true
	return reader{in}
}

// next returns the next record, io.EOF, or a *SyntaxError.
func (in reader) next() ([]string, error) {
	record, err := in.Read()
	var parse *csv.ParseError
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return record, err
	case errors.Is(err, csv.ErrFieldCount):
		return nil, in.fault(0, "%d fields where the header has %d", len(record), in.FieldsPerRecord)
	case errors.As(err, &parse):
		return nil, &SyntaxError{parse.Line, parse.Column, parse.Err.Error()}
	}
	return nil, fmt.Errorf("reading responses: %w", err)
}

func (in reader) fault(field int, format string, args ...any) error {
	line, column := in.FieldPos(field)
	return &SyntaxError{line, column, fmt.Sprintf(format, args...)}
}

// score reads one mark.
func (in reader) score(field int, text string) (Score, error) {
	switch text {
	case "0":
		return Wrong, nil
	case "1":
		return Right, nil
	case "", "NA":
		return Missing, nil
	}
	if trimmed := strings.TrimSpace(text); trimmed != text {
		return in.score(field, trimmed)
	}
	return 0, in.fault(field, "score %q is not 0, 1 or blank", text)
}

// wide reads the rest of a persons × items table.
func (in reader) wide(names []string) (*Table, error) {
	first, last := 0, len(names)
	if personNames[strings.ToLower(names[0])] {
		first = 1
	}
	if last > first && freqNames[strings.ToLower(names[last-1])] {
		last--
	}
	t := &Table{Items: names[first:last]}
	if err := in.checkItems(t.Items, first); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for {
		record, err := in.next()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		if first == 1 {
			person := strings.Clone(strings.TrimSpace(record[0]))
			if seen[person] {
				return nil, in.fault(0, "person %q has a row already", person)
			}
			seen[person] = true
			t.Persons = append(t.Persons, person)
		}
		for i, text := range record[first:last] {
			score, err := in.score(first+i, text)
			if err != nil {
				return nil, err
			}
			t.Scores = append(t.Scores, score)
		}
		if last < len(record) {
			freq, err := in.freq(last, record[last])
			if err != nil {
				return nil, err
			}
			t.Freq = append(t.Freq, freq)
		}
	}
}

func (in reader) freq(field int, text string) (float64, error) {
	freq, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(freq >= 0) || math.IsInf(freq, 0) {
		return 0, in.fault(field, "frequency %q is not a number of 0 or more", text)
	}
	return freq, nil
}

// checkItems refuses headers that don't name items.
func (in reader) checkItems(items []string, first int) error {
	if len(items) == 0 {
		return in.fault(0, "the header names no items")
	}
	seen := map[string]bool{}
	for i, name := range items {
		switch {
		case name == "":
			return in.fault(first+i, "the header has an item without a name")
		case name == "0" || name == "1":
			return in.fault(first+i, "the header has the item name %q: the first line must name the items", name)
		case seen[name]:
			return in.fault(first+i, "item %q is in the header twice", name)
		}
		seen[name] = true
	}
	return nil
}

// columns are where a long table keeps what.
type columns struct{ person, item, score int }

// longColumns recognises the header of a long table.
func longColumns(names []string) (columns, bool) {
	at := columns{-1, -1, -1}
	for i, name := range names {
		switch strings.ToLower(name) {
		case "person", "learner", "id":
			at.person = i
		case "item":
			at.item = i
		case "score":
			at.score = i
		}
	}
	return at, at.person >= 0 && at.item >= 0 && at.score >= 0
}

// long reads the rest of a table of one answer a row. Persons and items keep
// the order of their first appearance.
func (in reader) long(at columns) (*Table, error) {
	type answer struct {
		person, item int
		score        Score
	}
	t := &Table{Persons: []string{}}
	persons, items := map[string]int{}, map[string]int{}
	given := map[[2]int]bool{}
	var answers []answer
	for {
		record, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		item := strings.TrimSpace(record[at.item])
		if item == "" {
			return nil, in.fault(at.item, "an answer without an item")
		}
		score, err := in.score(at.score, record[at.score])
		if err != nil {
			return nil, err
		}
		a := answer{place(persons, &t.Persons, strings.TrimSpace(record[at.person])), place(items, &t.Items, item), score}
		if given[[2]int{a.person, a.item}] {
			return nil, in.fault(at.item, "person %q has an answer to item %q already", t.Persons[a.person], item)
		}
		given[[2]int{a.person, a.item}] = true
		answers = append(answers, a)
	}
	if len(t.Items) == 0 {
		return nil, in.fault(0, "the file has a header but no answers")
	}
	t.Scores = make([]Score, len(t.Persons)*len(t.Items))
	for i := range t.Scores {
		t.Scores[i] = Missing
	}
	for _, a := range answers {
		t.Scores[a.person*len(t.Items)+a.item] = a.score
	}
	return t, nil
}

// ReadResponses reads answers one a row: the columns learner (or person), item and
// score, in any order, and if known at (2026-11-22 or 2026-11-22T09:30:00Z) and
// seconds, how long the answer took. Blank scores are passed over. What is wrong
// comes back as a *SyntaxError.
func ReadResponses(r io.Reader) ([]Response, error) {
	in := newReader(r)
	header, err := in.next()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	names := make([]string, len(header))
	at, seconds := -1, -1
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
		switch strings.ToLower(names[i]) {
		case "at":
			at = i
		case "seconds":
			seconds = i
		}
	}
	columns, ok := longColumns(names)
	if !ok {
		return nil, &SyntaxError{1, 1, "the header must have the columns learner, item and score"}
	}
	var list []Response
	for {
		record, err := in.next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		score, err := in.score(columns.score, record[columns.score])
		if err != nil {
			return nil, err
		}
		response := Response{
			Learner: strings.Clone(strings.TrimSpace(record[columns.person])),
			Item:    strings.Clone(strings.TrimSpace(record[columns.item])), Right: score == Right,
		}
		if response.At, err = in.moment(at, record); err != nil {
			return nil, err
		}
		if response.Took, err = in.duration(seconds, record); err != nil {
			return nil, err
		}
		if score != Missing {
			list = append(list, response)
		}
	}
}

// moment reads a time, or the zero time if there is no such column or it is blank.
func (in reader) moment(field int, record []string) (time.Time, error) {
	if field < 0 || strings.TrimSpace(record[field]) == "" {
		return time.Time{}, nil
	}
	text := strings.TrimSpace(record[field])
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, in.fault(field, "time %q is not like 2026-11-22 or 2026-11-22T09:30:00Z", text)
}

// duration reads seconds, or 0 if there is no such column or it is blank.
func (in reader) duration(field int, record []string) (time.Duration, error) {
	if field < 0 || strings.TrimSpace(record[field]) == "" {
		return 0, nil
	}
	const most = 1e8 // three years: more is no answering time, and must fit a Duration
	s, err := strconv.ParseFloat(strings.TrimSpace(record[field]), 64)
	if err != nil || !(s >= 0 && s <= most) {
		return 0, in.fault(field, "%q is not a number of seconds", record[field])
	}
	return time.Duration(s * float64(time.Second)), nil
}

// place finds a name's index and gives it one if it has none.
func place(index map[string]int, names *[]string, name string) int {
	if i, ok := index[name]; ok {
		return i
	}
	name = strings.Clone(name)
	index[name] = len(*names)
	*names = append(*names, name)
	return len(*names) - 1
}

// ReadAsymptotes reads a CSV file with the columns item and c and returns the
// lower asymptotes in the order of items; other columns are passed over. Every
// item needs one.
func ReadAsymptotes(r io.Reader, items []string) ([]float64, error) {
	in := newReader(r)
	header, err := in.next()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	item, value := -1, -1
	for i, name := range header {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "item":
			item = i
		case "c":
			value = i
		}
	}
	if item < 0 || value < 0 {
		return nil, &SyntaxError{1, 1, "the header must have the columns item and c"}
	}
	known := map[string]float64{}
	for {
		record, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		c, err := strconv.ParseFloat(strings.TrimSpace(record[value]), 64)
		if err != nil || !(c >= 0 && c < 1) {
			return nil, in.fault(value, "lower asymptote %q is not a number from 0 to below 1", record[value])
		}
		known[strings.TrimSpace(strings.Clone(record[item]))] = c
	}
	all := make([]float64, len(items))
	for i, name := range items {
		c, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("no lower asymptote for item %q", name)
		}
		all[i] = c
	}
	return all, nil
}
