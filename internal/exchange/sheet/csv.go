package sheet

import (
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strings"

	"sextant/internal/exchange"
)

// readCSV reads a file of values separated by commas, semicolons or tabs.
func readCSV(src exchange.Source, beside exchange.Beside) *exchange.Document {
	doc := &exchange.Document{Format: exchange.CSV}
	whole := exchange.Place{File: src.Name}
	text, note, err := exchange.Text(src.Data)
	if err != nil {
		doc.Fault(whole, err.Error(), "Save the sheet as CSV in UTF-8 and import it again.")
		return doc
	}
	if note != "" {
		doc.Warn(whole, note, "Check accented letters in the questions; save the sheet as CSV in UTF-8 to be sure.")
	}
	r := newReader(doc, beside)
	r.escaped = true
	text, first := unannounced(text)
	if !r.table(records(doc, src.Name, text, delimiter(text), first)) {
		r.noTable(whole)
	}
	r.finish(whole)
	return doc
}

// unannounced takes the line off by which Excel is told the delimiter, sep=;
func unannounced(text string) (rest string, firstLine int) {
	if line, rest, ok := strings.Cut(text, "\n"); ok && len(strings.TrimSpace(line)) <= len("sep=;") && strings.HasPrefix(line, "sep=") {
		return rest, 2
	}
	return text, 1
}

// headerBytes is how much of a file is looked through for its header row.
const headerBytes = 256 << 10

// delimiter is the one by which a header row is found, and the most columns of
// it are known.
func delimiter(text string) rune {
	best, most := ',', 0
	text = text[:min(len(text), headerBytes)]
	scratch := &exchange.Document{}
	for _, d := range []rune{',', ';', '\t'} {
		n := 0
		for row := range records(scratch, "", text, d, 1) {
			if n++; n > headerRows {
				break
			}
			l, ok := newLayout(row.cells)
			if !ok {
				continue
			}
			known := 0
			for _, c := range l.columns {
				if c.field != fieldNone && c.field != fieldIgnored {
					known++
				}
			}
			if known > most {
				best, most = d, known
			}
			break
		}
	}
	return best
}

// maxUnclosed bounds how often reading goes on behind a quotation mark that is
// never closed: each time what follows is looked through to its end.
const maxUnclosed = 20

// records reads a text as RFC 4180 has it. A record that breaks its rules is
// reported, and reading goes on with the next line.
func records(doc *exchange.Document, file, text string, delimiter rune, firstLine int) iter.Seq[row] {
	return func(yield func(row) bool) {
		line, unclosed := firstLine, 0
		for number := 1; text != ""; number++ {
			cells, used, err := record(text, byte(delimiter))
			where := exchange.Place{File: file, Line: line, Name: fmt.Sprintf("row %d", number)}
			line += strings.Count(text[:used], "\n")
			text = text[used:]
			if err != nil {
				doc.Fault(where, err.Error(), `Close the quotation mark; one that belongs to the text of a quoted cell is written twice: "".`)
				if unclosed++; unclosed > maxUnclosed {
					doc.Fault(where, "too many quotation marks are wrong; what stands below was not read", "Save the sheet as CSV anew.")
					return
				}
				continue
			}
			if !yield(row{where: where, cells: cells}) {
				return
			}
		}
	}
}

var (
	errUnclosed = errors.New("a quotation mark is never closed")
	errStray    = errors.New("a quotation mark stands inside a quoted cell")
)

// record reads one record and says how many bytes it took: up to the end of the
// line at which it broke the rules, of its first line where a cell never ends.
func record(text string, delimiter byte) (cells []string, used int, err error) {
	at := 0
	for {
		cell, n, err := cell(text[at:], delimiter)
		if errors.Is(err, errUnclosed) {
			return nil, lineEnd(text, 0), err
		}
		at += n
		if err != nil {
			return nil, lineEnd(text, at), err
		}
		cells = append(cells, cell)
		if at >= len(text) {
			return cells, at, nil
		}
		at++
		if text[at-1] == '\n' {
			return cells, at, nil
		}
	}
}

func lineEnd(text string, from int) int {
	if at := strings.IndexByte(text[from:], '\n'); at >= 0 {
		return from + at + 1
	}
	return len(text)
}

// cell reads one cell up to the delimiter or the line break behind it.
func cell(text string, delimiter byte) (value string, used int, err error) {
	if !strings.HasPrefix(text, `"`) {
		end := 0
		for end < len(text) && text[end] != delimiter && text[end] != '\n' {
			end++
		}
		return text[:end], end, nil
	}
	var b strings.Builder
	at := 1
	for {
		end := strings.IndexByte(text[at:], '"')
		if end < 0 {
			return "", 0, errUnclosed
		}
		b.WriteString(text[at : at+end])
		at += end + 1
		switch {
		case at == len(text) || text[at] == delimiter || text[at] == '\n':
			return b.String(), at, nil
		case text[at] != '"':
			return "", at, errStray
		}
		b.WriteByte('"')
		at++
	}
}

// A cell that begins like a formula gets an apostrophe in front, so that a
// spreadsheet takes it for text; so does one that begins with such apostrophes
// already, so that reading is the exact inverse.
var (
	formula      = regexp.MustCompile(`^'*[=+\-@\t\r]`)
	madeHarmless = regexp.MustCompile(`^'+[=+\-@\t\r]`)
)

func harmless(cell string) string {
	if formula.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

func original(cell string) string {
	if madeHarmless.MatchString(cell) {
		return cell[1:]
	}
	return cell
}
