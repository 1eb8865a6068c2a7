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

	"sextant/internal/calibrate"
	"sextant/internal/exam"
	"sextant/internal/measure"
	"sextant/internal/readiness"
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
}

type cellItemReport struct {
	itemReport
	EstimatedA bool `json:"estimated_a"`
	EstimatedB bool `json:"estimated_b"`
}

type excludedReport struct {
	Repeats int `json:"repeats"`
	Rapid   int `json:"rapid"`
	Unknown int `json:"unknown"`
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

// calibrateCells calibrates the built-in bank on answers to its questions.
func (c *calibrateCommand) calibrateCells(ctx context.Context, std streams) error {
	if c.C != "" || c.Priors || c.Scores != "" || c.DropConstant {
		return usageError{errors.New("--c, --priors, --scores and --drop-constant don't go with --model=cells: its priors and asymptotes are the bank's")}
	}
	responses, err := readInput(c.File, std.in, calibrate.ReadResponses)
	if err != nil {
		return err
	}
	_, model, err := builtInModel()
	if err != nil {
		return err
	}
	input := cellsInput(model)
	input.Responses = responses
	if terminal(std.err) {
		const clearLine = "\r\x1b[K"
		input.Progress = func(iteration int, move float64) {
			_, _ = fmt.Fprintf(std.err, "%siteration %d, largest move %.5f", clearLine, iteration, move) // only for the eye
		}
		defer func() { _, _ = io.WriteString(std.err, clearLine) }()
	}
	result, err := calibrate.Cells(ctx, input)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	report := newCellsReport(input, result)
	if result.Learners >= minHoldOut {
		held, err := calibrate.HoldOut(ctx, input)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		report.HeldOut = heldOutReport{held.Learners, held.Answers, figure(held.Before), figure(held.After), held.After < held.Before}
	}
	if c.JSON {
		return printJSON(std.out, report)
	}
	return report.print(std.out)
}

// minHoldOut is how many learners it takes to hold any out.
const minHoldOut = 10

// cellsInput is the built-in bank as the measurement model holds it.
func cellsInput(model *readiness.Model) calibrate.CellsInput {
	var in calibrate.CellsInput
	skills, platforms := map[exam.SkillID]int{}, map[exam.Platform]int{}
	for _, p := range model.Places() {
		if _, ok := skills[p.Skill]; !ok {
			skills[p.Skill] = len(skills)
		}
		if _, ok := platforms[p.Platform]; !ok {
			platforms[p.Platform] = len(platforms)
		}
		in.Cells = append(in.Cells, measure.Cell{
			Skill: skills[p.Skill], Platform: platforms[p.Platform], Neutral: p.Platform == exam.Neutral,
		})
	}
	for _, it := range model.Items() {
		in.Items = append(in.Items, calibrate.CellItem{
			ID: string(it.ID), Cell: it.Cell, C: it.Curve.C,
			Difficulty: calibrate.Normal{Mean: it.Curve.B, SD: measure.ColdSDB},
			LogSlope:   calibrate.Normal{SD: measure.ColdSDLogA},
		})
	}
	return in
}

// newCellsReport lists the items that have answers.
func newCellsReport(in calibrate.CellsInput, r *calibrate.CellsResult) *cellsReport {
	report := &cellsReport{
		Model: cellsModel, Persons: r.Learners, LogLik: figure(r.LogLik), Iterations: r.Iterations, Converged: r.Converged,
		Responses: r.Responses, Items: []cellItemReport{},
		Excluded: excludedReport(r.Excluded),
		Spread:   spreadReport(r.Components),
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
	fmt.Fprintf(&head, "left out: %d repeats, %d too quick to have been read, %d to questions not in the bank\n",
		r.Excluded.Repeats, r.Excluded.Rapid, r.Excluded.Unknown)
	fmt.Fprintf(&head, "SDs of ability: general %.3f, skill %.3f, platform %.3f, skill on platform %.3f logits\n",
		r.Spread.General, r.Spread.Skill, r.Spread.Platform, r.Spread.Cell)
	if r.HeldOut.Learners > 0 {
		fmt.Fprintf(&head, "log-loss of %d learners held out: %.4f before, %.4f after\n",
			r.HeldOut.Learners, float64(r.HeldOut.Before), float64(r.HeldOut.After))
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
