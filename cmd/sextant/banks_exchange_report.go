package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"sextant/internal/exchange"
	"sextant/internal/exchange/intake"
)

// importReport is what --json prints.
type importReport struct {
	Files []importedFile `json:"files"`
	Bank  *importedBank  `json:"bank,omitempty"` // only when something was to be written
}

type importedFile struct {
	Path     string        `json:"path"`
	Format   string        `json:"format"`
	Imported int           `json:"imported"`
	Skipped  []skippedPart `json:"skipped"`
	Errors   []importError `json:"errors"`

	warnings []importError
}

type skippedPart struct {
	Where  string `json:"where"`
	Reason string `json:"reason"`
}

type importError struct {
	Where   string `json:"where"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

type importedBank struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Added   int    `json:"added"`
	Changed int    `json:"changed"`
	Same    int    `json:"unchanged"`
	Drafts  int    `json:"drafts"` // broken questions, kept to be mended
}

// reportOn says what became of every file. A file that only lay in a directory and
// is none of questions is no error.
func reportOn(documents []*exchange.Document, found map[string]bool) importReport {
	report := importReport{Files: []importedFile{}}
	for _, d := range documents {
		file := importedFile{Path: d.Name, Format: string(d.Format), Imported: len(d.Questions), Skipped: []skippedPart{}, Errors: []importError{}}
		for _, s := range d.Skipped {
			file.Skipped = append(file.Skipped, skippedPart{s.Where.String(), s.Reason})
		}
		for _, p := range d.Problems {
			told := importError{p.Where.String(), p.Message, p.Remedy}
			switch {
			case p.Severity == exchange.Warning:
				file.warnings = append(file.warnings, told)
			case d.Format == intake.Unknown && found[d.Name]:
				file.Skipped = append(file.Skipped, skippedPart{told.Where, told.Message})
			default:
				file.Errors = append(file.Errors, told)
			}
		}
		report.Files = append(report.Files, file)
	}
	return report
}

func (r importReport) errors() int {
	n := 0
	for _, f := range r.Files {
		n += len(f.Errors)
	}
	return n
}

func (r importReport) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, r)
	}
	var out strings.Builder
	questions, skipped := 0, 0
	for _, f := range r.Files {
		questions += f.Imported
		skipped += len(f.Skipped)
		f.print(&out)
	}
	fmt.Fprintf(&out, "%s in %s, %d skipped, %s\n", plural(questions, "question"), plural(len(r.Files), "file"), skipped, plural(r.errors(), "error"))
	if b := r.Bank; b != nil {
		fmt.Fprintf(&out, "bank %s: added %d, changed %d, unchanged %d", b.ID, b.Added, b.Changed, b.Same)
		if b.Drafts > 0 {
			fmt.Fprintf(&out, ", kept as drafts to be mended %d", b.Drafts)
		}
		out.WriteString("\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// maxTold is how many entries of a kind are printed for a file.
const maxTold = 50

func (f importedFile) print(out *strings.Builder) {
	fmt.Fprintf(out, "%s (%s): %s\n", f.Path, exchange.Format(f.Format).Label(), plural(f.Imported, "question"))
	for _, s := range f.Skipped[:min(len(f.Skipped), maxTold)] {
		fmt.Fprintf(out, "  skipped  %s: %s\n", s.Where, s.Reason)
	}
	more(out, len(f.Skipped), "skipped; --json lists them all")
	for _, list := range []struct {
		kind string
		told []importError
	}{{"error", f.Errors}, {"warning", f.warnings}} {
		for _, e := range list.told[:min(len(list.told), maxTold)] {
			fmt.Fprintf(out, "  %-7s  %s: %s\n           %s\n", list.kind, e.Where, e.Message, e.Remedy)
		}
		more(out, len(list.told), list.kind+"s")
	}
}

func more(out *strings.Builder, n int, of string) {
	if n > maxTold {
		fmt.Fprintf(out, "  … %d more %s\n", n-maxTold, of)
	}
}

// progress is a line on a terminal that says how far something is.
type progress struct {
	w    io.Writer // nil where nobody looks
	what string
	last int
}

func newProgress(w io.Writer, what string) *progress {
	p := &progress{what: what, last: -1}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.w = w
		}
	}
	return p
}

const progressWidth = 40

func (p *progress) set(done, total int) {
	if p.w == nil || total == 0 {
		return
	}
	percent := int(100 * int64(done) / int64(total))
	if percent == p.last {
		return
	}
	p.last = percent
	full := progressWidth * percent / 100
	_, _ = fmt.Fprintf(p.w, "\r%s %s%s %3d %%", p.what, strings.Repeat("█", full), strings.Repeat("░", progressWidth-full), percent) // a terminal that can't be written to shows nothing
}

func (p *progress) end() {
	if p.w != nil && p.last >= 0 {
		_, _ = fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", len(p.what)+progressWidth+8))
	}
}
