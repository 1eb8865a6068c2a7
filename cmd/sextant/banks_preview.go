package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/httpd"
	"sextant/internal/richtext"
)

type bankPreview struct {
	NoKey bool     `help:"Leave keys, reasons and everything else that tells them out."`
	Width int      `help:"Columns to wrap at." default:"100"`
	HTML  string   `help:"Write one HTML page, with the site's own look, instead of printing text." name:"html" type:"path" placeholder:"FILE"`
	What  []string `arg:"" optional:"" name:"what" help:"Files or directories, or ids of questions or case sets of the built-in bank; with --html and none, the whole built-in bank."`
}

// Run shows questions; it fails when some can't be shown for errors.
func (b *bankPreview) Run(ctx context.Context, std streams) error {
	built, err := loadContent()
	if err != nil {
		return err
	}
	list, remarks, err := b.questions(built.bank)
	if err != nil {
		return err
	}
	faults := printErrors(std.err, remarks)
	if b.HTML != "" {
		err = b.writePage(ctx, std, built, list)
	} else {
		err = b.print(std.out, built, list)
	}
	if err == nil && faults {
		return errFound
	}
	return err
}

// questions finds what was named: files, directories and ids.
func (b *bankPreview) questions(builtIn *bank.Bank) ([]*exam.Question, []bank.Remark, error) {
	if len(b.What) == 0 {
		if b.HTML == "" {
			return nil, nil, usageError{errors.New("name files, directories or ids to preview; the whole built-in bank goes with --html FILE")}
		}
		return inSets(builtIn.Questions), nil, nil
	}
	var list []*exam.Question
	var names []string
	for _, what := range b.What {
		if _, err := os.Stat(what); err == nil {
			names = append(names, what)
			continue
		}
		found := withID(builtIn, what)
		if len(found) == 0 {
			return nil, nil, usageError{fmt.Errorf("%s is neither a file nor an id of the built-in bank", what)}
		}
		list = append(list, found...)
	}
	if len(names) == 0 {
		return list, nil, nil
	}
	files, err := readFiles(names)
	if err != nil {
		return nil, nil, err
	}
	read, remarks := bank.ParseFiles(files, "files")
	return append(list, inSets(read.Questions)...), remarks, nil
}

// withID is the question of the id, or those of the case set.
func withID(b *bank.Bank, id string) []*exam.Question {
	if q, known := b.Question(exam.QuestionID(id)); known {
		return []*exam.Question{q}
	}
	var list []*exam.Question
	for _, q := range b.Questions {
		if q.Stimulus != nil && string(q.Stimulus.ID) == id {
			list = append(list, q)
		}
	}
	return inSets(list)
}

// inSets puts the questions of a case set side by side, in the order written.
func inSets(questions []*exam.Question) []*exam.Question {
	set := func(q *exam.Question) string {
		if q.Stimulus != nil {
			return string(q.Stimulus.ID)
		}
		return string(q.ID)
	}
	sorted := slices.Clone(questions)
	slices.SortStableFunc(sorted, func(x, y *exam.Question) int { return cmp.Or(cmp.Compare(set(x), set(y)), cmp.Compare(x.Line, y.Line)) })
	return sorted
}

// printErrors prints the errors among remarks and reports whether there are any.
func printErrors(w io.Writer, remarks []bank.Remark) bool {
	for _, r := range remarks {
		if r.Severity == bank.Error {
			_, _ = fmt.Fprintf(w, "%s [%s]\n", r.String(), r.Rule) // the exit code says it too
		}
	}
	return bank.HasErrors(remarks)
}

func (b *bankPreview) print(w io.Writer, built content, list []*exam.Question) error {
	var out strings.Builder
	for i, q := range list {
		if i > 0 {
			out.WriteString("\n\n")
		}
		out.WriteString(bank.Text(q, built.catalogue, bank.TextOptions{Width: b.Width, NoKey: b.NoKey}))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func (b *bankPreview) writePage(ctx context.Context, std streams, built content, list []*exam.Question) (err error) {
	if ext := filepath.Ext(b.HTML); ext == ".yaml" || ext == ".yml" {
		return usageError{fmt.Errorf("--html %s would overwrite a question file; name an HTML file", b.HTML)}
	}
	title := "The built-in bank"
	if len(b.What) > 0 {
		title = "Preview of questions"
	}
	f, err := os.Create(b.HTML)
	if err != nil {
		return fmt.Errorf("writing the preview: %w", err)
	}
	defer func() { err = firstError(err, f.Close()) }()
	err = httpd.WritePreview(ctx, f, httpd.Preview{Title: title, Questions: list, NoKey: b.NoKey, Catalogue: built.catalogue, Text: richtext.New()})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "wrote %s: %s\n", b.HTML, plural(len(list), "question"))
	return err
}
