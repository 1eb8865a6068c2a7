package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

type bankBlind struct {
	jsonFlag
	N          int      `help:"How many questions." default:"40"`
	Seed       uint64   `help:"Number that decides the draw and the order of options; by default a new one, which the form names." placeholder:"N"`
	Exam       []string `help:"Only questions that serve this exam; may be repeated." placeholder:"CODE"`
	Unreviewed bool     `help:"Only questions that record no blind review."`
	Out        string   `help:"Write the form here." type:"path" placeholder:"FILE"`
	Sheet      string   `help:"Write the answer blocks alone here, too: for a form on paper or several solvers." type:"path" placeholder:"FILE"`
	Grade      []string `help:"Grade this filled form or sheet; repeat it for several solvers." type:"path" sep:"none" placeholder:"FILE"`
	On         string   `help:"The day of the review, by default today." placeholder:"2026-11-22"`
	Files      []string `arg:"" optional:"" help:"Files or directories to draw from, instead of the built-in bank; name them for grading as well." type:"path"`
}

// Run makes a form, or grades filled ones.
func (b *bankBlind) Run(std streams) error {
	built, err := loadContent()
	if err != nil {
		return err
	}
	from, err := b.bank(std, built.bank)
	if err != nil {
		return err
	}
	switch {
	case len(b.Grade) > 0 && (b.Out != "" || b.Sheet != ""):
		return usageError{errors.New("--grade reads a filled form, --out and --sheet write a new one; do one at a time")}
	case len(b.Grade) > 0:
		return b.grade(std, from)
	case b.Out == "":
		return usageError{errors.New("--out FILE is missing: the form to write; or --grade FILE, a filled one")}
	}
	return b.write(std, from, built.catalogue)
}

// bank is what to draw from or to grade against.
func (b *bankBlind) bank(std streams, builtIn *bank.Bank) (*bank.Bank, error) {
	if len(b.Files) == 0 {
		return builtIn, nil
	}
	files, err := readFiles(b.Files)
	if err != nil {
		return nil, err
	}
	read, remarks := bank.ParseFiles(files, "files")
	if printErrors(std.err, remarks) {
		return nil, errFound
	}
	return read, nil
}

// maxSeed keeps a drawn seed short enough to be read out.
const maxSeed = 1_000_000

func (b *bankBlind) write(std streams, from *bank.Bank, cat *catalogue.Catalogue) error {
	opts := bank.BlindOptions{N: b.N, Seed: b.Seed, Unreviewed: b.Unreviewed}
	if b.N < 1 {
		return usageError{fmt.Errorf("--n %d: draw at least one question", b.N)}
	}
	for _, code := range b.Exam {
		if _, known := cat.Certification(exam.Code(code)); !known {
			return usageError{fmt.Errorf("--exam %s: there is no such exam in the catalogue", code)}
		}
		opts.Exams = append(opts.Exams, exam.Code(code))
	}
	if opts.Seed == 0 {
		seed, err := newSeed()
		if err != nil {
			return err
		}
		opts.Seed = seed
	}
	form := bank.DrawBlind(from, cat, opts)
	if len(form.Questions) == 0 {
		return errors.New("no question is left to draw: every one is reviewed, or serves another exam")
	}
	text, err := form.Markdown(b.gradeWith(b.Out))
	if err != nil {
		return err
	}
	if b.Sheet != "" { // first, so that a form isn't left without the sheet asked for
		sheet, err := form.Sheet(b.gradeWith(b.Sheet))
		if err != nil {
			return err
		}
		if _, err := os.Stat(b.Out); !errors.Is(err, fs.ErrNotExist) {
			return createFile(b.Out, text) // says what is in the way
		}
		if err := createFile(b.Sheet, sheet); err != nil {
			return err
		}
	}
	if err := createFile(b.Out, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "wrote %s: %s, seed %d\nwhen it is filled in: %s\n", b.Out, plural(len(form.Questions), "question"), form.Seed, b.gradeWith(b.Out))
	return err
}

func newSeed() (uint64, error) {
	var bytes [8]byte
	if _, err := rand.Read(bytes[:]); err != nil {
		return 0, fmt.Errorf("drawing a seed: %w", err)
	}
	return 1 + binary.LittleEndian.Uint64(bytes[:])%maxSeed, nil
}

// gradeWith is the command that grades a form of these files. Names are given
// without the folders of this machine, which are not the solver's.
func (b *bankBlind) gradeWith(form string) string {
	command := "sextant bank blind --grade " + filepath.Base(form)
	for _, f := range b.Files {
		command += " " + filepath.Base(f)
	}
	return command
}

func (b *bankBlind) grade(std streams, from *bank.Bank) error {
	day := time.Now().Format(time.DateOnly)
	if b.On != "" {
		if _, err := time.Parse(time.DateOnly, b.On); err != nil {
			return usageError{fmt.Errorf("--on %q: give a day such as 2026-11-22", b.On)}
		}
		day = b.On
	}
	var entries []bank.SheetEntry
	var remarks []bank.Remark
	for _, name := range b.Grade {
		data, err := os.ReadFile(name)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return usageError{fmt.Errorf("there is no file %s to grade", name)}
			}
			return fmt.Errorf("reading a filled form: %w", err)
		}
		found, faults := bank.ParseSheet(filepath.Base(name), data)
		entries, remarks = append(entries, found...), append(remarks, faults...)
	}
	report, faults := bank.GradeBlind(from, entries, day)
	if remarks = append(remarks, faults...); len(remarks) > 0 {
		printErrors(std.err, remarks)
		_, _ = fmt.Fprintf(std.err, "sextant: nothing was graded; mend what is named above and try again\n") // the exit code says it too
		return errFound
	}
	if b.JSON {
		return printJSON(std.out, report)
	}
	_, err := io.WriteString(std.out, gradeText(report))
	return err
}

// gradeText is a report for people: the figure first, what wants work next, the
// lines to copy last.
func gradeText(r *bank.BlindReport) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d of %d answers agree with the key: %.0f %% (95 %% interval %.0f to %.0f)", r.Agreed, r.Answered, 100*r.Share, 100*r.Low, 100*r.High)
	if open := r.Asked - r.Answered; open > 0 {
		fmt.Fprintf(&out, "; %d left open", open)
	}
	out.WriteString("\n")
	if r.ConfidenceAgreed != nil && r.ConfidenceDisagreed != nil {
		fmt.Fprintf(&out, "mean confidence %.0f where they agree, %.0f where not\n", *r.ConfidenceAgreed, *r.ConfidenceDisagreed)
	}
	printAnswers(&out, "\nDisagreements: mend the question, or see what misled the solver\n", r, func(a bank.BlindAnswer) bool { return !a.Open() && !a.Agrees })
	printAnswers(&out, "\nDoubts: the answer agrees, with a remark or little confidence\n", r, func(a bank.BlindAnswer) bool { return a.Agrees && a.Doubtful() })
	printAnswers(&out, "\nLeft open, with a remark\n", r, func(a bank.BlindAnswer) bool { return a.Open() && a.Remark != "" })
	out.WriteString("\nEvery question\n")
	table := tabwriter.NewWriter(&out, 0, 4, 2, ' ', 0)
	for _, q := range r.Questions {
		_, _ = fmt.Fprintf(table, "  %s\t%d of %d agreed\t%s\n", q.ID, q.Agreed, q.Solved, confidences(q)) // into a Builder
	}
	_ = table.Flush() // into a Builder
	printReviewLines(&out, r)
	return out.String()
}

func printAnswers(out *strings.Builder, heading string, r *bank.BlindReport, wanted func(bank.BlindAnswer) bool) {
	for _, q := range r.Questions {
		for _, a := range q.Answers {
			if !wanted(a) {
				continue
			}
			out.WriteString(heading)
			heading = ""
			fmt.Fprintf(out, "\n  %s  %s\n  %s:%d%s\n  %s\n", q.ID, q.File, a.File, a.Line, confidenceWords(a), strings.TrimSpace(q.Ask))
			printParts(out, "key  ", a.KeyTexts)
			if !a.Open() && !a.Agrees {
				printParts(out, "given", a.GivenTexts)
			}
			if a.Remark != "" {
				fmt.Fprintf(out, "    remark: %s\n", strings.ReplaceAll(a.Remark, "\n", "\n            "))
			}
		}
	}
}

func printParts(out *strings.Builder, label string, parts []string) {
	for i, part := range parts {
		if i > 0 {
			label = "     "
		}
		fmt.Fprintf(out, "    %s   %s\n", label, strings.ReplaceAll(part, "\n", "\n               "))
	}
}

func confidenceWords(a bank.BlindAnswer) string {
	if a.Confidence == nil {
		return ""
	}
	return fmt.Sprintf(", confidence %d", *a.Confidence)
}

func confidences(q bank.BlindQuestion) string {
	var list []string
	for _, a := range q.Answers {
		switch {
		case a.Open():
			list = append(list, "left open")
		case a.Confidence != nil:
			list = append(list, fmt.Sprintf("confidence %d", *a.Confidence))
		}
	}
	return strings.Join(list, ", ")
}

// printReviewLines prints what to record for the questions all solvers agreed
// on; what was recorded before is counted in.
func printReviewLines(out *strings.Builder, r *bank.BlindReport) {
	heading := "\nReview lines to put in, earlier reviews counted; first settle what is in doubt\n"
	for _, q := range r.Questions {
		if q.Review == "" {
			continue
		}
		out.WriteString(heading)
		heading = ""
		note := ""
		if q.Doubt {
			note = "   # in doubt"
		}
		fmt.Fprintf(out, "  %s\n    %s%s\n", q.ID, q.Review, note)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
