// Package sheet reads and writes tables of questions, one a row: CSV files and
// Excel workbooks with our own columns (columns.md), and those of Udemy's two
// templates, Kahoot's workbook and Moodle's CSV plugin.
package sheet

import (
	"bytes"
	_ "embed"

	"sextant/internal/exchange"
)

// Guide says what our own columns hold, in Markdown.
//
//go:embed columns.md
var Guide string

// Read reads a CSV file or a workbook, whichever it is. Images are taken from
// the workbook's cells, or from beside the file where a text names them. A place
// in a CSV file is its line and row; in a workbook it is the sheet and the row.
func Read(src exchange.Source, beside exchange.Beside) *exchange.Document {
	if bytes.HasPrefix(src.Data, []byte("PK\x03\x04")) || bytes.HasPrefix(src.Data, []byte("\xd0\xcf\x11\xe0")) {
		return readXLSX(src, beside)
	}
	return readCSV(src, beside)
}

// Known reports whether the first rows of a text name the columns of a table of
// questions, so that Read will find them.
func Known(text string) bool {
	text, _ = unannounced(text[:min(len(text), headerBytes)])
	n := 0
	for row := range records(&exchange.Document{}, "", text, delimiter(text), 1) {
		if n++; n > headerRows {
			return false
		}
		if _, ok := newLayout(row.cells); ok {
			return true
		}
	}
	return false
}
