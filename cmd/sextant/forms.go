package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/simulate"
)

type formsCommand struct {
	jsonFlag
	Exam   []string `help:"Look at these exams only." placeholder:"CODE"`
	People int      `help:"How many simulated people sit each exam." default:"200"`
	Forms  int      `help:"How many mock exams each of them takes, a day apart." default:"3"`
	Seed   uint64   `help:"Seed of the lot: the same seed draws the same forms." default:"1"`
}

const maxFormsDrawn = 1_000_000 // about two minutes

// Run draws mock exams for simulated people from the built-in bank.
func (f *formsCommand) Run(std streams) error {
	if f.People < 1 || f.Forms < 1 || f.People > maxFormsDrawn/f.Forms {
		return usageError{fmt.Errorf("--people and --forms must be at least 1 and make %d forms at most", maxFormsDrawn)}
	}
	built, err := loadContent()
	if err != nil {
		return err
	}
	codes := make([]exam.Code, len(f.Exam))
	for i, code := range f.Exam {
		codes[i] = exam.Code(code)
	}
	if len(codes) == 0 {
		for i := range built.catalogue.Certifications {
			codes = append(codes, built.catalogue.Certifications[i].Code)
		}
	}
	var rows []simulate.FormUse
	for _, code := range codes {
		row, err := simulate.Forms(built.catalogue, built.bank.Questions, simulate.FormOptions{Exam: code, People: f.People, Forms: f.Forms, Seed: f.Seed})
		if fault.KindOf(err) == fault.KindNotFound && err != nil {
			return usageError{fmt.Errorf("there is no certification %s; 'sextant bank stats' lists them", code)}
		}
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if f.JSON {
		return printJSON(std.out, map[string]any{"simulated": true, "people": f.People, "forms": f.Forms, "seed": f.Seed, "exams": rows})
	}
	return f.print(std.out, rows)
}

func (f *formsCommand) print(w io.Writer, rows []simulate.FormUse) error {
	_, _ = fmt.Fprintf(w, "Simulated: %d people with %d mock exams each, a day apart, drawn from the built-in bank with seed %d.\n\n", f.People, f.Forms, f.Seed)
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "exam\tform\treal form\tquestions\tused\tmost used\tshared by strangers\tagain from the form before\tagain from any before") // errors show at Flush
	for _, r := range rows {
		if r.None != "" {
			_, _ = fmt.Fprintf(table, "%s\tnone\t%s\t%d\t\t\t\t\t\n", r.Exam, scoredAndNot(r.Full.Scored, r.Full.Unscored), r.Pool)
			continue
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%.0f %%\t%.0f %%\t%s\t%s\n",
			r.Exam, scoredAndNot(r.Form.Scored, r.Form.Unscored), scoredAndNot(r.Full.Scored, r.Full.Unscored), r.Pool, r.Used, 100*r.Most, 100*r.Strangers, shares(r.Successive), shares(r.Repeated))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(w, `
form, real form   scored + unscored questions; in full
most used         the share of all forms that the most used question is in
strangers         the share of its questions that a form has in common with another person's
again             the share of its questions that the same person met in the form before, or in any
                  before; by form, from the second
`)
	return err
}

func scoredAndNot(scored, unscored int) string { return fmt.Sprintf("%d + %d", scored, unscored) }

func shares(list []float64) string {
	if len(list) == 0 {
		return "–"
	}
	words := make([]string, len(list))
	for i, share := range list {
		words[i] = fmt.Sprintf("%.0f %%", 100*share)
	}
	return strings.Join(words, ", ")
}
