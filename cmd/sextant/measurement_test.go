package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"sextant/internal/simulate"
)

// TestReportRowsAreCommands: every row can be repeated by its own command, and no
// two are the same.
func TestReportRowsAreCommands(t *testing.T) {
	ids, commands := map[string]bool{}, map[string]bool{}
	for _, row := range reportRows() {
		if ids[row.ID] || commands[row.Command] || row.What == "" {
			t.Errorf("%+v occurs twice or has no words", row)
		}
		ids[row.ID], commands[row.Command] = true, true
		var parsed cli
		parser, err := kong.New(&parsed, kong.Vars{"exports": exportFormats()})
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(row.Command)
		if _, err := parser.Parse(words[1:]); err != nil || words[0] != "sextant" {
			t.Errorf("%s: %v", row.Command, err)
		}
		if _, err := simulate.ParseTruth(parsed.Simulate.Truth); err != nil {
			t.Errorf("%s: %v", row.Command, err)
		}
	}
}

func TestRandomEqualInterpolates(t *testing.T) {
	row := func(id string, items, rmse float64) measurementRow {
		return measurementRow{ID: id, Result: &simulate.Result{MeanItems: items, RMSELogit: rmse}}
	}
	got := randomEqual([]measurementRow{
		row("whole-PMLE", 24, .525),
		row("random-24-PMLE", 24, .56), row("random-28-PMLE", 28, .54), row("random-32-PMLE", 32, .50),
		row("whole-AI-103", 24, .3), row("random-24-AI-103", 24, .56), row("random-28-AI-103", 28, .54),
	})
	if want := 28 + 4*.015/.04; math.Abs(got["PMLE"]-want) > 1e-9 {
		t.Errorf("%v random questions, want %v", got["PMLE"], want)
	}
	if _, ok := got["AI-103"]; ok {
		t.Error("a figure beyond the rows is made up")
	}
}

// TestReportNeedsADirectory, rather than finding out after minutes of work.
func TestReportNeedsADirectory(t *testing.T) {
	if code, _, errs := sextant("", "simulate", "--report", filepath.Join(t.TempDir(), "missing")); code != 2 || !strings.Contains(errs, "missing") {
		t.Errorf("exit code %d, %s", code, errs)
	}
	if code, _, errs := sextant("", "simulate", "--report", os.TempDir(), "--exam", "PMLE"); code != 2 || errs == "" {
		t.Errorf("a report on one exam: exit code %d, %s", code, errs)
	}
}
