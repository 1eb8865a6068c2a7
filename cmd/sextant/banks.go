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
	"strings"
	"text/tabwriter"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/library"
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
	Add      bankAdd      `cmd:"" help:"Check files and publish them as a bank."`
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
	Title  string   `help:"Title of the bank, by default the first file's name; a title that exists replaces that bank."`
	DryRun bool     `help:"Check and show what would happen; write nothing." short:"n"`
	Counts bool     `help:"Let answers to it count towards readiness."`
	Files  []string `arg:"" help:"Files in Sextant's format, or directories of them." type:"path"`
}

// Run publishes files as a bank: all of them or none.
func (b *bankAdd) Run(ctx context.Context, std streams) error {
	files, err := readFiles(b.Files)
	if err != nil {
		return err
	}
	return withApp(ctx, b.Data, func(a *app) error {
		operator := library.Actor{Admin: true}
		preview, err := a.library.Preview(ctx, b.title(files), files, operator)
		if err != nil {
			return err
		}
		if err := printPreview(std.out, preview); err != nil {
			return err
		}
		if preview.Blocked() {
			_, err := fmt.Fprintln(std.err, "sextant: nothing was added; mend the errors and try again")
			return firstError(err, errFound)
		}
		if b.DryRun {
			return nil
		}
		if err := a.library.Add(ctx, preview, operator); err != nil {
			return err
		}
		if b.Counts {
			if err := a.library.SetCounts(ctx, preview.Bank, true, operator.ID); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(std.out, "published bank %s\n", preview.Bank)
		return err
	})
}

// title is what the bank will be called.
func (b *bankAdd) title(files []bank.File) string {
	if b.Title != "" || len(files) == 0 {
		return b.Title
	}
	return strings.TrimSuffix(files[0].Name, filepath.Ext(files[0].Name))
}

func firstError(errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

func printPreview(w io.Writer, p *library.Preview) error {
	var out strings.Builder
	for _, r := range p.Remarks {
		fmt.Fprintf(&out, "%s [%s, %s]\n", r.String(), r.Severity, r.Rule)
	}
	fmt.Fprintf(&out, "to add %d, to change %d, unchanged %d, no longer asked %d\n", len(p.Added), len(p.Changed), len(p.Same), len(p.Removed))
	_, err := io.WriteString(w, out.String())
	return err
}
