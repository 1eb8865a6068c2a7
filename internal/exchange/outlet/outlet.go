// Package outlet writes questions in any of the formats that we write, and says
// beforehand what each of them would lose.
package outlet

import (
	"fmt"
	"io"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/aiken"
	"sextant/internal/exchange/gift"
	"sextant/internal/exchange/moodlexml"
	"sextant/internal/exchange/native"
	"sextant/internal/exchange/qti"
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
		{"qti2", exchange.QTI2, ".zip", packageOf(qti.V22), qti.Losses},
		{"qti3", exchange.QTI3, ".zip", packageOf(qti.V30), qti.Losses},
		{"csv", exchange.CSV, ".csv", sheet.WriteCSV, sheet.LossesCSV},
		{"xlsx", exchange.XLSX, ".xlsx", sheet.WriteXLSX, sheet.LossesXLSX},
		{"aiken", exchange.Aiken, ".txt", aiken.Write, aiken.Losses},
		{"yaml", exchange.Native, ".zip", native.WriteZip, native.Losses},
		{"json", exchange.JSON, ".json", native.WriteJSON, native.Losses},
	}
}

func packageOf(version qti.Version) func(io.Writer, []*exam.Question, map[string]exchange.Media) error {
	return func(w io.Writer, questions []*exam.Question, media map[string]exchange.Media) error {
		return qti.WritePackage(w, version, questions, media)
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

// Images collects the images that questions show, each from get, which returns
// false for one that isn't there: it is left out. Errors of get are returned with
// the question concerned.
func Images(questions []*exam.Question, get func(key string) (m exchange.Media, ok bool, err error)) (map[string]exchange.Media, error) {
	images := map[string]exchange.Media{}
	for _, q := range questions {
		for _, key := range exchange.MediaKeys(q) {
			if _, held := images[key]; held {
				continue
			}
			image, ok, err := get(key)
			if err != nil {
				return nil, fmt.Errorf("the image %s of %s: %w", key, q.ID, err)
			}
			if ok {
				images[key] = image
			}
		}
	}
	return images, nil
}
