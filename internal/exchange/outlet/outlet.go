// Package outlet writes questions in any of the formats that we write, and says
// beforehand what each of them would lose.
package outlet

import (
	"io"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/aiken"
	"sextant/internal/exchange/gift"
	"sextant/internal/exchange/moodlexml"
	"sextant/internal/exchange/native"
	"sextant/internal/exchange/sheet"
)

// Target is a format to write.
type Target struct {
	Name   string // as people give it on the command line, e.g. "moodle-xml"
	Format exchange.Format
	// Extension ends the name of what is written, e.g. ".xml".
	Extension string
	write     func(io.Writer, []*exam.Question, map[string]exchange.Media) error
	losses    func([]*exam.Question) []exchange.Loss
}

// Targets lists the formats in display order.
func Targets() []Target {
	return []Target{
		{"gift", exchange.GIFT, ".gift", gift.Write, gift.Losses},
		{"moodle-xml", exchange.MoodleXML, ".xml", moodlexml.Write, moodlexml.Losses},
		{"csv", exchange.CSV, ".csv", sheet.WriteCSV, sheet.LossesCSV},
		{"xlsx", exchange.XLSX, ".xlsx", sheet.WriteXLSX, sheet.LossesXLSX},
		{"aiken", exchange.Aiken, ".txt", aiken.Write, aiken.Losses},
		{"yaml", exchange.Native, ".zip", native.WriteZip, native.Losses},
		{"json", exchange.JSON, ".json", native.WriteJSON, native.Losses},
	}
}

// Find returns the target of the name, and false when there is none.
func Find(name string) (Target, bool) {
	for _, t := range Targets() {
		if t.Name == name {
			return t, true
		}
	}
	return Target{}, false
}

// Write writes questions and the images they show. It returns an error when a
// question can't be written at all, and those of w.
func (t Target) Write(w io.Writer, questions []*exam.Question, media map[string]exchange.Media) error {
	return t.write(w, questions, media)
}

// Losses lists what writing the questions would leave out.
func (t Target) Losses(questions []*exam.Question) []exchange.Loss { return t.losses(questions) }
