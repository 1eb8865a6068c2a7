package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"sextant/internal/calibrate"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
)

const cellsModel = "cells"

// cellsReport is the calibration of the built-in bank's own model. It begins
// like every calibration's.
type cellsReport struct {
	Model      string           `json:"model"`
	Persons    int              `json:"persons"`
	LogLik     figure           `json:"loglik"`
	Iterations int              `json:"iterations"`
	Items      []cellItemReport `json:"items"`
	Converged  bool             `json:"converged"`
	Responses  int              `json:"responses"`
	Excluded   excludedReport   `json:"excluded"`
	Spread     spreadReport     `json:"spread"`
	HeldOut    heldOutReport    `json:"held_out"`
	Drifted    []driftReport    `json:"drifted"`
	Cuts       []cutReport      `json:"cuts,omitempty"`    // of the exams with results of real exams
	InUse      *int             `json:"in_use,omitempty"`  // version it was compared with
	Applied    int              `json:"applied,omitempty"` // version it became
}

type driftReport struct {
	Item   string  `json:"item"`
	Before float64 `json:"b_before"`
	After  float64 `json:"b_after"`
	Z      float64 `json:"z"`
}

type cellItemReport struct {
	itemReport
	EstimatedA bool `json:"estimated_a"`
	EstimatedB bool `json:"estimated_b"`
}

type excludedReport struct {
	Repeats  int `json:"repeats"`
	Rapid    int `json:"rapid"`
	Unknown  int `json:"unknown"`
	Reworded int `json:"reworded"`
}

// spreadReport are the SDs of the components of ability, in logits.
type spreadReport struct {
	General  float64 `json:"general"`
	Skill    float64 `json:"skill"`
	Platform float64 `json:"platform"`
	Cell     float64 `json:"cell"`
}

type heldOutReport struct {
	Learners int    `json:"learners"`
	Answers  int    `json:"answers"`
	Before   figure `json:"log_loss_before"`
	After    figure `json:"log_loss_after"`
	Better   bool   `json:"better"`
}

// calibrateCells calibrates questions on the answers in the database or in a file.
func (c *calibrateCommand) calibrateCells(ctx context.Context, std streams) error {
	if c.C != "" || c.Priors || c.Scores != "" || c.DropConstant {
		return usageError{errors.New("--c, --priors, --scores and --drop-constant don't go with --model=cells: its priors and asymptotes are the bank's")}
	}
	if c.File != "" && !c.Apply {
		return c.calibrateFile(ctx, std)
	}
	return withApp(ctx, c.Data, func(a *app) error {
		answers, err := c.answers(ctx, a, std.in)
		if err != nil {
			return err
		}
		progress, done := showProgress(std.err)
		calibration, err := a.library.Calibrate(ctx, answers, progress)
		done()
		if errors.Is(err, calibrate.ErrNoAnswers) {
			return fault.Conflict("There are no answers to calibrate from yet. Nothing was changed.")
		}
		if err != nil {
			return err
		}
		report := newCellsReport(calibration.Input, calibration.Result, calibration.Held)
		report.Excluded.Reworded = calibration.Reworded
		report.InUse = &calibration.Against.Number
		for _, d := range calibration.Drifted {
			report.Drifted = append(report.Drifted, driftReport{string(d.ID), d.Before, d.After, d.Z})
		}
		report.Cuts = newCutReports(calibration.Cuts)
		refusal := calibration.Refusal()
		if refusal == nil && c.Apply {
			if report.Applied, err = a.library.Apply(ctx, calibration, ""); err != nil {
				return err
			}
		}
		if err := c.show(std.out, report); err != nil {
			return err
		}
		if c.Apply {
			return refusal
		}
		return c.explainDryRun(std.err, refusal)
	})
}

// explainDryRun says what --apply would have done.
func (c *calibrateCommand) explainDryRun(w io.Writer, refusal error) error {
	text := "sextant: nothing was changed; with --apply this would come into use"
	if refusal != nil {
		text = "sextant: with --apply this would be refused: " + fault.Message(refusal)
	}
	_, err := fmt.Fprintln(w, text)
	return err
}

// answers are those of the file, or else of the database.
func (c *calibrateCommand) answers(ctx context.Context, a *app, in io.Reader) ([]library.Answer, error) {
	if c.File == "" {
		return a.store.AllAnswers(ctx)
	}
	responses, err := readInput(c.File, in, calibrate.ReadResponses)
	if err != nil {
		return nil, err
	}
	answers := make([]library.Answer, len(responses))
	for i, r := range responses {
		answers[i] = library.Answer{Learner: r.Learner, Question: exam.QuestionID(r.Item), Outcome: exam.Wrong, At: r.At, Took: r.Took}
		if r.Right {
			answers[i].Outcome = exam.Right
		}
	}
	return answers, nil
}

// calibrateFile calibrates the built-in bank on a file, without any database.
func (c *calibrateCommand) calibrateFile(ctx context.Context, std streams) error {
	responses, err := readInput(c.File, std.in, calibrate.ReadResponses)
	if err != nil {
		return err
	}
	_, model, err := builtInModel()
	if err != nil {
		return err
	}
	input := library.CellsInput(model)
	input.Responses = responses
	progress, done := showProgress(std.err)
	defer done()
	input.Progress = progress
	result, err := calibrate.Cells(ctx, input)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	var check *calibrate.HeldOut
	switch held, err := calibrate.HoldOut(ctx, input, calibrate.InUse{}); {
	case err == nil:
		check = &held
	case !errors.Is(err, calibrate.ErrTooFew):
		return fmt.Errorf("%s: %w", c.File, err)
	}
	done()
	return c.show(std.out, newCellsReport(input, result, check))
}

func (c *calibrateCommand) show(w io.Writer, report *cellsReport) error {
	if c.JSON {
		return printJSON(w, report)
	}
	return report.print(w)
}

// showProgress returns what to tell of every iteration and what to do at the end;
// nothing is shown where nobody watches.
func showProgress(w io.Writer) (progress func(iteration int, move float64), done func()) {
	if !terminal(w) {
		return nil, func() {}
	}
	const clearLine = "\r\x1b[K"
	return func(iteration int, move float64) {
		_, _ = fmt.Fprintf(w, "%siteration %d, largest move %.5f", clearLine, iteration, move) // only for the eye
	}, func() { _, _ = io.WriteString(w, clearLine) }
}

// undo goes back to the parameters in use before.
func (c *calibrateCommand) undo(ctx context.Context, std streams) error {
	return withApp(ctx, c.Data, func(a *app) error {
		number, err := a.library.UndoCalibration(ctx, "")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.out, "%s in use again; sittings scored with the version undone keep it\n", parametersName(number))
		return err
	})
}

func parametersName(number int) string {
	if number == 0 {
		return "authors' labels"
	}
	return fmt.Sprintf("parameter version %d", number)
}

// versionReport is one line of --versions.
type versionReport struct {
	Number   int    `json:"number"`
	InUse    bool   `json:"in_use"`
	Previous int    `json:"previous"`
	Made     string `json:"made"`
	library.CalibrationEvidence
}

// versions lists what was ever put to use.
func (c *calibrateCommand) versions(ctx context.Context, std streams) error {
	return withApp(ctx, c.Data, func(a *app) error {
		list, inUse, err := a.store.ParameterVersions(ctx)
		if err != nil {
			return err
		}
		reports := []versionReport{}
		for _, v := range list {
			reports = append(reports, versionReport{v.Number, v.Number == inUse, v.Previous, v.Made.Format(time.RFC3339), v.Evidence})
		}
		if c.JSON {
			return printJSON(std.out, reports)
		}
		if _, err := fmt.Fprintf(std.out, "in use: %s\n", parametersName(inUse)); err != nil || len(list) == 0 {
			return err
		}
		table := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "version\tmade\tanswers\tlearners\tquestions\tresults\tlog-loss before\tafter\tinstead of") // errors show at Flush
		for _, r := range reports {
			_, _ = fmt.Fprintf(table, "%d\t%s\t%d\t%d\t%d\t%d\t%.4f\t%.4f\t%s\n", r.Number, r.Made, r.Answers, r.Learners, r.Items, r.Results, r.Before, r.After, parametersName(r.Previous))
		}
		return table.Flush()
	})
}

// newCellsReport lists the items that have answers.
func newCellsReport(in calibrate.CellsInput, r *calibrate.CellsResult, held *calibrate.HeldOut) *cellsReport {
	report := &cellsReport{
		Model: cellsModel, Persons: r.Learners, LogLik: figure(r.LogLik), Iterations: r.Iterations, Converged: r.Converged,
		Responses: r.Responses, Items: []cellItemReport{},
		Excluded: excludedReport{Repeats: r.Excluded.Repeats, Rapid: r.Excluded.Rapid, Unknown: r.Excluded.Unknown},
		Spread:   spreadReport(r.Components), Drifted: []driftReport{},
	}
	if held != nil {
		report.HeldOut = heldOutReport{held.Learners, held.Answers, figure(held.Before), figure(held.After), held.After <= held.Before}
	}
	for i, it := range r.Items {
		if it.N == 0 {
			continue
		}
		report.Items = append(report.Items, cellItemReport{
			itemReport: itemReport{
				Item: it.ID, A: figure(it.A), B: figure(it.B), C: figure(in.Items[i].C), D: figure(-it.A * it.B),
				SEA: figure(it.SDLogA * it.A), SEB: figure(it.SDB), N: figure(it.N), SED: figure(math.NaN()),
			},
			EstimatedA: it.NewSlope, EstimatedB: it.NewDifficulty,
		})
	}
	return report
}

func (r *cellsReport) print(w io.Writer) error {
	var head strings.Builder
	fmt.Fprintf(&head, "%d answers of %d learners, %d iterations\n", r.Responses, r.Persons, r.Iterations)
	fmt.Fprintf(&head, "left out: %d repeats, %d too quick to have been read, %d to questions not in use, %d to questions reworded since\n",
		r.Excluded.Repeats, r.Excluded.Rapid, r.Excluded.Unknown, r.Excluded.Reworded)
	fmt.Fprintf(&head, "SDs of ability: general %.3f, skill %.3f, platform %.3f, skill on platform %.3f logits\n",
		r.Spread.General, r.Spread.Skill, r.Spread.Platform, r.Spread.Cell)
	if r.HeldOut.Learners > 0 {
		fmt.Fprintf(&head, "log-loss of %d learners held out: %.4f before, %.4f after\n",
			r.HeldOut.Learners, float64(r.HeldOut.Before), float64(r.HeldOut.After))
	}
	for _, d := range r.Drifted {
		fmt.Fprintf(&head, "moved apart from the others: %s, b from %.2f to %.2f (robust z %.1f)\n", d.Item, d.Before, d.After, d.Z)
	}
	head.WriteString(cutLines(r.Cuts))
	if r.Applied > 0 {
		fmt.Fprintf(&head, "in use now: parameter version %d instead of %s; sextant calibrate --undo goes back\n", r.Applied, parametersName(*r.InUse))
	}
	if _, err := io.WriteString(w, head.String()); err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "item\tn\ta\tse\tb\tse\tc\testimated\t") // errors show at Flush
	for _, it := range r.Items {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", it.Item, strconv.Itoa(int(it.N)),
			short(float64(it.A)), short(float64(it.SEA)), short(float64(it.B)), short(float64(it.SEB)), short(float64(it.C)), it.estimated())
	}
	return table.Flush()
}

// estimated says which parameters had enough answers.
func (it cellItemReport) estimated() string {
	switch {
	case it.EstimatedA:
		return "a, b"
	case it.EstimatedB:
		return "b"
	}
	return "–"
}
