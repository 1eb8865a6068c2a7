package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/xuri/excelize/v2"

	"sextant/internal/exchange"
)

// Bounds on a workbook: how many parts it has, how large they are unpacked, in
// all and each of those that are read whole; and how many pictures are taken in.
const (
	maxParts    = 10_000
	maxUnzipped = 192 << 20
	maxPart     = 8 << 20
	maxPictures = 2000
)

// guideSheet is the sheet of our own workbooks that explains the columns.
const guideSheet = "Columns"

// readXLSX reads a workbook: every sheet that names the columns of a table of
// questions.
func readXLSX(src exchange.Source, beside exchange.Beside) (doc *exchange.Document) {
	doc = &exchange.Document{Format: exchange.XLSX}
	whole := exchange.Place{File: src.Name}
	defer func() {
		if cause := recover(); cause != nil { // the library meets files that no spreadsheet wrote
			doc.Fault(whole, "the workbook is damaged", "Open it in a spreadsheet program, save it as .xlsx and import it again.")
		}
	}()
	large, err := measure(src.Data)
	if err != nil {
		doc.Fault(whole, err.Error(), "Divide it into several workbooks, or save it as CSV and import that.")
		return doc
	}
	book, err := excelize.OpenReader(bytes.NewReader(src.Data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxPart})
	if err != nil {
		doc.Fault(whole, "the workbook can't be read: it is damaged or has a password", "Save it as an .xlsx workbook without a password, or as CSV, and import that.")
		return doc
	}
	defer func() { _ = book.Close() }() // removes temporary files; what was read is in memory
	if part := broken(src.Data); part != "" {
		doc.Fault(exchange.Place{File: src.Name, Name: part}, "the workbook is damaged there: what stands behind the damage is missing", "Open it in a spreadsheet program, save it as .xlsx and import it again.")
	}
	r := newReader(doc, beside)
	found := false
	var strangers []string
	for _, name := range book.GetSheetList() {
		if r.sheet(book, src.Name, name, large) {
			found = true
		} else if r.rows > 0 && name != guideSheet {
			strangers = append(strangers, name)
		}
	}
	if !found {
		r.noTable(whole)
	}
	for _, name := range strangers {
		if found {
			doc.Skip(exchange.Place{File: src.Name, Name: name}, "a sheet without a row that names the columns of a table of questions")
		}
	}
	r.finish(whole)
	return doc
}

// measure refuses a workbook that is too large when unpacked, and says whether a
// sheet of it is too large to be searched for pictures. What is no zip at all is
// left to the reader to refuse.
func measure(data []byte) (large bool, err error) {
	parts, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false, nil //nolint:nilerr // a workbook with a password is no zip; opening it says so
	}
	if len(parts.File) > maxParts {
		return false, fmt.Errorf("the workbook has more than %d parts", maxParts)
	}
	total := uint64(0)
	for _, part := range parts.File {
		name := strings.ToLower(part.Name)
		sheet := strings.HasPrefix(name, "xl/worksheets/sheet")
		streamed := sheet || name == "xl/sharedstrings.xml" || strings.HasPrefix(name, "xl/media/")
		if part.UncompressedSize64 > maxPart && !streamed {
			return false, fmt.Errorf("the workbook's part %s is larger than %d MB when unpacked", exchange.Shorten(part.Name, 60), maxPart>>20)
		}
		large = large || sheet && part.UncompressedSize64 > 2*maxPart
		if total += min(part.UncompressedSize64, maxUnzipped+1); total > maxUnzipped {
			return false, fmt.Errorf("the workbook is larger than %d MB when unpacked", maxUnzipped>>20)
		}
	}
	return large, nil
}

// broken names a part with rows or texts whose XML is broken, "" for none: the
// library stops reading there without a word.
func broken(data []byte) string {
	parts, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ""
	}
	for _, part := range parts.File {
		if name := strings.ToLower(part.Name); !strings.HasPrefix(name, "xl/worksheets/sheet") && name != "xl/sharedstrings.xml" {
			continue
		}
		if !wellFormed(part) {
			return exchange.Shorten(part.Name, 60)
		}
	}
	return ""
}

func wellFormed(part *zip.File) bool {
	content, err := part.Open()
	if err != nil {
		return false
	}
	defer func() { _ = content.Close() }() // it was only read
	decoder := xml.NewDecoder(bufio.NewReader(io.LimitReader(content, maxUnzipped)))
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // tags are ASCII in any of them
	for {
		if _, err := decoder.Token(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

func (r *reader) sheet(book *excelize.File, file, name string, large bool) bool {
	var pictures map[int]map[int][]string
	switch {
	case !hasPictures(book):
	case large:
		r.doc.Warn(exchange.Place{File: file, Name: name}, "the sheet is too large to be searched for pictures; they were left out", "Divide it into several workbooks.")
	default:
		pictures = r.pictures(book, file, name)
	}
	r.rows = 0
	return r.table(sheetRows(r.doc, book, file, name, pictures))
}

func place(file, sheet string, number int) exchange.Place {
	return exchange.Place{File: file, Name: fmt.Sprintf("%s!%d", sheet, number)}
}

// sheetRows gives the rows of a sheet one by one, blank ones too.
func sheetRows(doc *exchange.Document, book *excelize.File, file, name string, pictures map[int]map[int][]string) iter.Seq[row] {
	return func(yield func(row) bool) {
		rows, err := book.Rows(name)
		if err != nil {
			doc.Fault(exchange.Place{File: file, Name: name}, "the sheet can't be read", "Save the workbook as .xlsx anew, or the sheet as CSV.")
			return
		}
		defer func() { _ = rows.Close() }()
		for number := 1; rows.Next(); number++ {
			cells, err := rows.Columns()
			if err != nil {
				doc.Fault(place(file, name, number), "the row can't be read", "Save the workbook as .xlsx anew, or the sheet as CSV.")
				return
			}
			for i, c := range cells {
				cells[i] = strings.ReplaceAll(strings.ReplaceAll(c, "\r\n", "\n"), "\r", "\n")
			}
			if !yield(row{where: place(file, name, number), cells: cells, pictures: pictures[number]}) {
				return
			}
		}
	}
}

func hasPictures(book *excelize.File) bool {
	found := false
	book.Pkg.Range(func(part, _ any) bool {
		path, _ := part.(string)
		found = strings.HasPrefix(path, "xl/media/")
		return !found
	})
	return found
}

// pictures takes in the images that lie on cells of a sheet: their keys by row,
// from 1, and column, from 0.
func (r *reader) pictures(book *excelize.File, file, name string) map[int]map[int][]string {
	cells, err := book.GetPictureCells(name)
	if err != nil {
		return nil
	}
	where := exchange.Place{File: file, Name: name}
	if len(cells) > maxPictures {
		r.doc.Warn(where, fmt.Sprintf("only the first %d of %d pictures came in", maxPictures, len(cells)), "Divide the sheet into several.")
		cells = cells[:maxPictures]
	}
	found := map[int]map[int][]string{}
	seen := map[string]bool{}
	for _, cell := range cells {
		if seen[cell] {
			continue // GetPictures gives all that lie on it
		}
		seen[cell] = true
		r.picturesOn(book, name, cell, where, found)
	}
	return found
}

func (r *reader) picturesOn(book *excelize.File, name, cell string, where exchange.Place, found map[int]map[int][]string) {
	column, number, err := excelize.CellNameToCoordinates(cell)
	if err != nil {
		return
	}
	pictures, err := book.GetPictures(name, cell)
	if err != nil {
		return
	}
	for i, p := range pictures {
		key, err := r.doc.AddMedia(fmt.Sprintf("%s-%d%s", cell, i+1, p.Extension), p.File)
		if err != nil {
			r.doc.Warn(place(where.File, name, number), err.Error(), "Save the picture as PNG or JPEG.")
			continue
		}
		if found[number] == nil {
			found[number] = map[int][]string{}
		}
		found[number][column-1] = append(found[number][column-1], key)
	}
}
