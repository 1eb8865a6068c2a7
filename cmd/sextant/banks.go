package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"sextant/internal/authoring"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange/intake"
)

type bankCommands struct {
	Stats   bankStats   `cmd:"" help:"Count the questions of the built-in bank."`
	New     bankNew     `cmd:"" help:"Start a question or case set from a template."`
	Lint    bankLint    `cmd:"" help:"Check the built-in bank, or files."`
	Preview bankPreview `cmd:"" help:"Show questions as readers see them, with keys and reasons."`
	Blind   bankBlind   `cmd:"" help:"Make a form to be solved without sight of the keys, or grade one."`

	Import bankImport `cmd:"" help:"Add questions from files of other systems to a bank."`
	Export bankExport `cmd:"" help:"Write a bank in another system's format."`

	Problems bankProblems `cmd:"" help:"List what learners reported of questions."`
	Add      bankAdd      `cmd:"" help:"Publish files as a bank for everyone: all of their questions or none."`
}

type jsonFlag struct {
	JSON bool `help:"Print JSON." name:"json"`
}

func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

type bankStats struct{ jsonFlag }

// Run counts the built-in bank.
func (b *bankStats) Run(std streams) error {
	built, err := loadContent()
	if err != nil {
		return err
	}
	stats := bank.Summarise(built.bank, built.catalogue)
	if b.JSON {
		return printJSON(std.out, stats)
	}
	table := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(table, "questions\t%d\t\n", stats.Questions) // errors show at Flush
	for _, p := range exam.Platforms() {
		_, _ = fmt.Fprintf(table, "%s\t%d\t\n", p.Label(), stats.ByPlatform[p])
	}
	for _, t := range exam.Types() {
		_, _ = fmt.Fprintf(table, "%s\t%d\t\n", t.Label(), stats.ByType[t])
	}
	for _, c := range built.catalogue.Certifications {
		_, _ = fmt.Fprintf(table, "eligible for %s\t%d\t\n", c.Code, stats.ByCertification[c.Code].Eligible)
	}
	return table.Flush()
}

// readFiles reads files, and every YAML file below directories.
func readFiles(names []string) ([]bank.File, error) {
	var files []bank.File
	for _, name := range names {
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path != name && filepath.Ext(path) != ".yaml" {
				return err
			}
			data, err := os.ReadFile(path)
			files = append(files, bank.File{Name: filepath.Base(path), Data: data})
			return err
		})
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil, usageError{fmt.Errorf("there is no file %s; name YAML files or directories of them", name)}
			}
			return nil, fmt.Errorf("reading bank files: %w", err)
		}
	}
	return files, nil
}

type bankAdd struct {
	dataFlag
	Title  string   `help:"Title of the bank, by default the first file's name; one that exists is added to." placeholder:"TITLE"`
	DryRun bool     `help:"Read the files and say what is in them; write nothing." short:"n"`
	Counts bool     `help:"Let answers to it count towards readiness."`
	Files  []string `arg:"" help:"Files of any format, zips of them, or directories."`
}

// Run publishes files as a bank for everyone: all of their questions or, where
// anything is wrong with one, none.
func (b *bankAdd) Run(ctx context.Context, std streams) error {
	files, found, err := importFiles(b.Files)
	if err != nil {
		return err
	}
	documents := intake.Read(ctx, files, nil)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("reading the files: %w; nothing was written", err)
	}
	report := reportOn(documents, found)
	if report.errors() > 0 {
		_, err := fmt.Fprintln(std.err, "sextant: nothing was added; mend the errors and try again")
		return firstError(report.print(std.out, false), err, errFound)
	}
	if b.DryRun {
		return report.print(std.out, false)
	}
	adding := bankImport{dataFlag: b.dataFlag, Title: b.Title, Files: b.Files}
	if report.Bank, err = adding.write(ctx, documents); err != nil {
		return err
	}
	if err := b.open(ctx, exam.BankID(report.Bank.ID)); err != nil {
		return err
	}
	return report.print(std.out, false)
}

// open lets everybody be asked the bank's questions and, where that is wanted,
// lets it count.
func (b *bankAdd) open(ctx context.Context, id exam.BankID) error {
	return withApp(ctx, b.Data, func(a *app) error {
		_, err := a.authors.ManageBank(ctx, authoring.Operator(), id, "open_bank", func(bank *authoring.Bank) error {
			bank.Visibility = authoring.Everyone
			bank.Counts = bank.Counts || b.Counts
			return nil
		})
		return err
	})
}

func firstError(errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}
