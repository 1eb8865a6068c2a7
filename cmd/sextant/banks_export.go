package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/outlet"
)

type bankExport struct {
	dataFlag
	Bank    string `help:"Id or title of the bank." placeholder:"BANK" xor:"which"`
	Builtin bool   `help:"The built-in bank." xor:"which"`
	Format  string `help:"One of ${exports}." required:"" placeholder:"FORMAT"`
	Out     string `help:"Write the questions here; - for standard output." placeholder:"FILE"`
	Losses  bool   `help:"Only say what the format can't hold; write nothing."`
}

// exportFormats names the formats, for the help.
func exportFormats() string {
	var names []string
	for _, t := range outlet.Targets() {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

// Run writes a bank in another system's format, after saying what gets lost.
func (b *bankExport) Run(ctx context.Context, std streams) error {
	target, ok := outlet.Find(b.Format)
	switch {
	case !ok:
		return usageError{fmt.Errorf("%q is no format that is written; use one of %s", b.Format, exportFormats())}
	case b.Bank == "" && !b.Builtin:
		return usageError{errors.New("name a bank with --bank, or --builtin for the built-in one")}
	case b.Out == "" && !b.Losses:
		return usageError{errors.New("--out FILE is missing: the file to write; or --losses, to see what the format can't hold")}
	}
	questions, media, err := b.questions(ctx)
	if err != nil {
		return err
	}
	if b.Losses {
		return printLosses(std.out, target, questions)
	}
	if err := printLosses(std.err, target, questions); err != nil {
		return err
	}
	write := func(w io.Writer) error { return target.Write(w, questions, media) }
	if b.Out == "-" {
		return write(std.out)
	}
	if err := writeWhole(b.Out, write); err != nil {
		return fmt.Errorf("writing %s: %w", b.Out, err)
	}
	_, err = fmt.Fprintf(std.out, "wrote %s to %s\n", plural(len(questions), "question"), b.Out)
	return err
}

// questions are those of the bank that are published, with their images.
func (b *bankExport) questions(ctx context.Context) (questions []*exam.Question, media map[string]exchange.Media, err error) {
	if b.Builtin {
		built, err := loadContent()
		if err != nil {
			return nil, nil, err
		}
		return built.bank.Questions, nil, nil
	}
	err = withApp(ctx, b.Data, func(a *app) error {
		snapshot, err := a.library.Snapshot(ctx)
		if err != nil {
			return err
		}
		for _, entry := range snapshot.Banks() {
			if string(entry.ID) == b.Bank || strings.EqualFold(entry.Title, b.Bank) {
				questions = entry.Questions
				media, err = outlet.Images(questions, func(key string) (exchange.Media, bool, error) {
					image, err := a.store.Media(ctx, key)
					return image, err == nil, err
				})
				return err
			}
		}
		return fmt.Errorf("there is no bank %q", b.Bank)
	})
	return questions, media, err
}

// maxNamedLosses is how many of the questions that lose the same are named.
const maxNamedLosses = 3

// printLosses says what a format can't hold, each thing once.
func printLosses(w io.Writer, target outlet.Target, questions []*exam.Question) error {
	lost := map[string][]string{}
	for _, l := range target.Losses(questions) {
		lost[l.What] = append(lost[l.What], string(l.Question))
	}
	var out strings.Builder
	if len(lost) == 0 {
		fmt.Fprintf(&out, "%s holds everything of these questions.\n", target.Format.Label())
	}
	for _, what := range slices.Sorted(maps.Keys(lost)) {
		fmt.Fprintf(&out, "%s loses %s%s\n", target.Format.Label(), what, ofWhich(lost[what]))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// ofWhich names the questions that lose something; "" stands for all of them.
func ofWhich(ids []string) string {
	if slices.Contains(ids, "") {
		return ""
	}
	named := strings.Join(ids[:min(len(ids), maxNamedLosses)], ", ")
	if len(ids) > maxNamedLosses {
		named += ", …"
	}
	return fmt.Sprintf(" (%s: %s)", plural(len(ids), "question"), named)
}

// writeWhole puts a file in place once it is complete: an error leaves what was
// there.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	part, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	if err := errors.Join(write(part), part.Chmod(0o644), part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), name)
}
