package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/questions"
)

type bankLint struct {
	jsonFlag
	Quiet bool     `help:"Print errors only." short:"q"`
	Files []string `arg:"" optional:"" help:"Files or directories to check instead of the built-in bank." type:"path"`
}

type lintReport struct {
	Questions int                  `json:"questions"`
	Errors    int                  `json:"errors"`
	Remarks   int                  `json:"remarks"`
	List      []lintLine           `json:"list"`
	Testwise  []bank.TestwiseScope `json:"testwise,omitempty"`
	ByExam    []bank.ExamRemarks   `json:"by_exam"`
}

type lintLine struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Field    string `json:"field"`
	Severity string `json:"severity"`
	Rule     string `json:"rule"`
	Message  string `json:"message"`
}

// Run checks a bank; it fails when there are errors.
func (b *bankLint) Run(std streams) error {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		return fmt.Errorf("loading the catalogue: %w", err)
	}
	checked, remarks, err := b.check(cat)
	if err != nil {
		return err
	}
	report := lintReport{Questions: len(checked.Questions), List: []lintLine{}, Testwise: bank.Testwise(checked, cat), ByExam: bank.ByExam(checked, cat, remarks)}
	for _, r := range remarks {
		if r.Severity == bank.Error {
			report.Errors++
		} else {
			report.Remarks++
		}
		report.List = append(report.List, lintLine{r.File, r.Line, r.Field, string(r.Severity), r.Rule, r.Message})
	}
	if err := b.print(std.out, report, remarks); err != nil {
		return err
	}
	if report.Errors > 0 {
		return errFound
	}
	return nil
}

func (b *bankLint) check(cat *catalogue.Catalogue) (*bank.Bank, []bank.Remark, error) {
	opts := bank.LintOptions{On: time.Now()}
	if len(b.Files) == 0 {
		checked, remarks := bank.Load(questions.Bank(), exam.BuiltIn)
		opts.Coverage = true
		return checked, append(remarks, bank.Lint(checked, cat, opts)...), nil
	}
	files, err := readFiles(b.Files)
	if err != nil {
		return nil, nil, err
	}
	checked, remarks := bank.ParseFiles(files, "files")
	return checked, append(remarks, bank.Lint(checked, cat, opts)...), nil
}

// print writes the remarks first, then what they and the guessers make of the
// bank as a whole, and the counts last.
func (b *bankLint) print(w io.Writer, report lintReport, remarks []bank.Remark) error {
	if b.JSON {
		return printJSON(w, report)
	}
	var out strings.Builder
	for _, r := range remarks {
		if !b.Quiet || r.Severity == bank.Error {
			fmt.Fprintf(&out, "%s [%s, %s]\n", r.String(), r.Severity, r.Rule)
		}
	}
	if !b.Quiet {
		report.printByExam(&out)
		report.printTestwise(&out)
	}
	fmt.Fprintf(&out, "%d questions: %d errors, %d remarks\n", report.Questions, report.Errors, report.Remarks)
	_, err := io.WriteString(w, out.String())
	return err
}

// printByExam says for each exam that has questions whether there are errors.
func (r lintReport) printByExam(out *strings.Builder) {
	out.WriteString("\nBy exam\n")
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, e := range r.ByExam {
		if e.Questions == 0 && e.Errors == 0 && (e.Code == "" || e.Remarks == 0) {
			continue
		}
		name, errors := string(e.Code), "no errors"
		if name == "" {
			name = "no exam"
		}
		if e.Errors > 0 {
			errors = plural(e.Errors, "error")
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", name, plural(e.Questions, "question"), errors, plural(e.Remarks, "remark")) // a Builder takes everything
	}
	_ = table.Flush() // into a Builder
}

// minScored is the fewest scored questions of a bank for the guessers' table to
// tell anything: below it every interval is wider than 25 points.
const minScored = 40

var strategyHeads = map[string]string{"no-absolutes": "no absolutes", "model-place": "model+place"}

// printTestwise shows what guessing without the subject scores.
func (r lintReport) printTestwise(out *strings.Builder) {
	bankWide := r.Testwise[0]
	if n := bankWide.Strategies[0].Items; n < minScored {
		fmt.Fprintf(out, "\nGuessing can't be judged: of these questions %d are single choices or multiple responses, and it takes %d.\n\n", n, minScored)
		return
	}
	out.WriteString("\nWhat guessing scores, in percent of the keys, with its 95 % interval\n")
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprint(table, "exam\tscored\tchance")
	for _, s := range bankWide.Strategies {
		head := strategyHeads[s.Name]
		if head == "" {
			head = s.Name
		}
		_, _ = fmt.Fprintf(table, "\t%s", head)
	}
	_, _ = fmt.Fprintln(table)
	for _, scope := range r.Testwise {
		if scope.Strategies[0].Items == 0 {
			continue
		}
		name := string(scope.Code)
		if name == "" {
			name = "the bank"
		}
		_, _ = fmt.Fprintf(table, "%s\t%d\t%.0f", name, scope.Strategies[0].Items, 100*scope.Strategies[0].Chance)
		for _, s := range scope.Strategies {
			_, _ = fmt.Fprintf(table, "\t%.0f %.0f–%.0f%s", 100*s.Score, 100*s.Low, 100*s.High, payMark(s))
		}
		_, _ = fmt.Fprintln(table)
	}
	_ = table.Flush() // into a Builder
	out.WriteString("  *  pays: more than 5 points above chance, though chance may explain it   **  pays, and chance does not explain it\n")
	out.WriteString("  model: learned from how the options of the other questions look; model+place: and from where they stand as written\n")
	printGivenAway(out, bankWide)
	out.WriteString("\n")
}

func payMark(s bank.Strategy) string {
	switch {
	case s.Certain:
		return " **"
	case s.Pays:
		return " *"
	}
	return ""
}

// maxNamed is how many of the questions given away are named.
const maxNamed = 15

// printGivenAway names what the model goes by and the questions it is surest of.
func printGivenAway(out *strings.Builder, scope bank.TestwiseScope) {
	if len(scope.GivenAway) == 0 {
		return
	}
	for _, s := range scope.Strategies {
		if len(s.Cues) > 0 {
			fmt.Fprintf(out, "  The model goes by options that are: %s.\n", strings.Join(s.Cues, "; "))
			break
		}
	}
	fmt.Fprintf(out, "  It gets %d questions right; where it is surest (--json lists all):\n", len(scope.GivenAway))
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, g := range scope.GivenAway[:min(len(scope.GivenAway), maxNamed)] {
		_, _ = fmt.Fprintf(table, "    %s\t%.0f %% of its trust in the key\tchance %.0f %%\n", g.Question, 100*g.Trust, 100*g.Chance)
	}
	_ = table.Flush() // into a Builder
}
