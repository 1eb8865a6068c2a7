package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"sextant/internal/simulate"
)

// measurement is the file that the page /measurement shows.
type measurement struct {
	Command   string           `json:"command"`   // what made it
	AsOf      string           `json:"as_of"`     // of the catalogue
	Questions int              `json:"questions"` // in the built-in bank
	Rows      []measurementRow `json:"rows"`
	// RandomEqual is, by exam, how many random questions leave the error that the
	// items of a chosen sitting leave, interpolated between the rows.
	RandomEqual map[string]float64 `json:"random_equal"`
}

// measurementRow is one simulation with the command that repeats it.
type measurementRow struct {
	ID      string           `json:"id"`
	What    string           `json:"what"`
	Command string           `json:"command"`
	Result  *simulate.Result `json:"result"`
}

// Learners in the simulations of the report.
const (
	claimLearners = 10000 // for what is claimed
	otherRows     = 2000  // for comparisons and wrong truths
)

// reportExams are the exams whose claims are checked, one of each platform.
func reportExams() []string { return []string{"MLA-C02", "AI-103", "PMLE"} }

// reportRows lists every simulation of the report.
func reportRows() []measurementRow {
	var rows []measurementRow
	add := func(id, what string, learners int, args ...string) {
		rows = append(rows, measurementRow{ID: id, What: what, Command: "sextant simulate " +
			strings.Join(args, " ") + " --learners " + strconv.Itoa(learners) + " --seed 1"})
	}
	for _, e := range reportExams() {
		add("claims-"+e, "Learners as the model assumes, up to 24 questions on "+e, claimLearners, "--exam", e)
	}
	add("fit", "Which certification fits me? 24 questions over every exam that can be taken", otherRows, "--exam", "fit")
	for _, e := range reportExams() {
		add("whole-"+e, "Always 24 chosen questions on "+e, otherRows, "--exam", e, "--whole")
		for _, n := range []string{"24", "28", "32", "36", "40"} {
			add("random-"+n+"-"+e, n+" random questions on "+e, otherRows, "--exam", e, "--selector", "random", "--items", n)
		}
	}
	add("blueprint", "24 random questions in the blueprint's shares", otherRows, "--exam", "MLA-C02", "--selector", "blueprint")
	for _, truth := range []struct{ words, what string }{
		{"slips=0.05", "Wrong truth: one known answer in twenty is a slip"},
		{"difficulty-error=0.5", "Wrong truth: the authors' difficulties are off by half a logit more than allowed for"},
		{"learning=0.1", "Wrong truth: ability rises by 0.1 logits a week over eight weeks of practice"},
		{"learning=0.1,shift=0.8", "The same, and the learners start as the prior says, so that they end 0.8 logits above it"},
		{"shift=0.8", "Wrong truth: nobody learns, but all are 0.8 logits better than the prior says"},
		{"spread=1.4", "Wrong truth: learners differ 1.4 times as much as the prior says"},
		{"independent", "Wrong truth: nothing carries over from one cell to another"},
		{"one-trait", "Wrong truth: there is only one ability"},
		{"abstain=0.5", "Wrong truth: half of those who don't know say so instead of guessing"},
	} {
		add("truth-"+truth.words, truth.what, otherRows, "--exam", "MLA-C02", "--truth", truth.words)
	}
	for _, truth := range []string{"spread=1.4", "model", "independent"} {
		add("reestimated-"+truth, "Truth "+truth+", the spread of abilities re-estimated from 500 other learners", otherRows,
			"--exam", "MLA-C02", "--truth", truth, "--reestimate", "500")
	}
	return rows
}

// writeReport runs every simulation of the report.
func (s *simulateCommand) writeReport(ctx context.Context, std streams) error {
	built, err := loadContent()
	if err != nil {
		return err
	}
	out := measurement{
		Command: "sextant simulate --report internal/httpd", AsOf: built.catalogue.AsOf.Format("2006-01-02"),
		Questions: len(built.bank.Questions), Rows: reportRows(),
	}
	for i := range out.Rows {
		row := &out.Rows[i]
		if row.Result, err = runRow(ctx, std, row.Command, fmt.Sprintf("%d of %d, %s: ", i+1, len(out.Rows), row.ID)); err != nil {
			return fmt.Errorf("%s: %w", row.Command, err)
		}
		r := row.Result
		if _, err := fmt.Fprintf(std.out, "%s: %.1f %% covered, RMSE %.3f, calibration error %.3f, %.1f questions\n",
			row.ID, 100*r.Coverage90, r.RMSELogit, r.ECE, r.MeanItems); err != nil {
			return err
		}
	}
	out.RandomEqual = randomEqual(out.Rows)
	data, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	file := filepath.Join(s.Report, "measurement.json")
	if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	_, err = fmt.Fprintf(std.out, "%d simulations written to %s\n", len(out.Rows), file)
	return err
}

// runRow runs a command of the report, read as the command line reads it.
func runRow(ctx context.Context, std streams, command, label string) (*simulate.Result, error) {
	var commands struct {
		Simulate simulateCommand `cmd:""`
	}
	parser, err := kong.New(&commands, kong.Exit(func(int) {}))
	if err != nil {
		return nil, err
	}
	if _, err := parser.Parse(strings.Fields(command)[1:]); err != nil {
		return nil, err
	}
	return commands.Simulate.simulate(ctx, std, label)
}

// randomEqual interpolates, for every exam, where random questions leave the
// error that chosen ones leave.
func randomEqual(rows []measurementRow) map[string]float64 {
	equal := map[string]float64{}
	for _, e := range reportExams() {
		var chosen float64
		type point struct{ n, rmse float64 }
		var random []point
		for _, r := range rows {
			switch {
			case r.ID == "whole-"+e:
				chosen = r.Result.RMSELogit
			case strings.HasPrefix(r.ID, "random-") && strings.HasSuffix(r.ID, e):
				random = append(random, point{r.Result.MeanItems, r.Result.RMSELogit})
			}
		}
		for i := 1; i < len(random); i++ {
			a, b := random[i-1], random[i]
			if a.rmse >= chosen && chosen >= b.rmse {
				equal[e] = a.n + (b.n-a.n)*(a.rmse-chosen)/(a.rmse-b.rmse)
			}
		}
	}
	return equal
}
