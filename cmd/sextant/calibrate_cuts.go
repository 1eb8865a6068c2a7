package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"sextant/internal/fault"
	"sextant/internal/library"
	"sextant/internal/outcome"
)

// cutReport is what results of real exams say of one pass mark, in percent.
type cutReport struct {
	Exam      string  `json:"exam"`
	Results   int     `json:"results"`
	Assumed   float64 `json:"assumed"`
	AssumedSD float64 `json:"assumed_sd"`
	InUse     float64 `json:"in_use"`
	Refined   float64 `json:"refined"`
	SD        float64 `json:"sd"`
	Low       float64 `json:"low"` // 90 % interval of the exam's cut, without forms and days
	High      float64 `json:"high"`
	Enough    bool    `json:"enough"`
}

type cutsReport struct {
	Cuts    []cutReport `json:"cuts"`
	Needed  int         `json:"needed"`            // results that change a cut
	Applied int         `json:"applied,omitempty"` // version it became
}

func newCutReports(cuts []library.Cut) []cutReport {
	list := []cutReport{}
	for i := range cuts {
		c := &cuts[i]
		list = append(list, cutReport{
			Exam: string(c.Exam), Results: c.Refined.Results, Assumed: c.Assumed.Percent, AssumedSD: c.Assumed.SD, InUse: c.InUse.Percent,
			Refined: c.Refined.Percent, SD: c.Refined.SD, Low: c.Refined.Low, High: c.Refined.High, Enough: c.Enough(),
		})
	}
	return list
}

// cutLines says of each pass mark what results would change.
func cutLines(cuts []cutReport) string {
	var b strings.Builder
	for _, c := range cuts {
		fmt.Fprintf(&b, "cut of %s: %.1f %% ± %.1f from %d results (interval %.1f to %.1f), assumed %.0f ± %.0f, in use %.1f",
			c.Exam, c.Refined, c.SD, c.Results, c.Low, c.High, c.Assumed, c.AssumedSD, c.InUse)
		if !c.Enough {
			fmt.Fprintf(&b, "; stays as assumed until there are %d", outcome.MinResults)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// refineCuts shows what results say of pass marks, and puts it to use where asked.
func (c *calibrateCommand) refineCuts(ctx context.Context, std streams) error {
	return withApp(ctx, c.Data, func(a *app) error {
		cuts, err := a.library.Cuts(ctx)
		if err != nil {
			return err
		}
		report := cutsReport{Cuts: newCutReports(cuts), Needed: outcome.MinResults}
		var refusal error
		if c.Apply {
			report.Applied, refusal = a.library.ApplyCuts(ctx, "")
			if refusal != nil && fault.KindOf(refusal) != fault.KindConflict {
				return refusal
			}
		}
		if c.JSON {
			if err := printJSON(std.out, report); err != nil {
				return err
			}
			return refusal
		}
		if err := report.print(std.out, c.Apply); err != nil {
			return err
		}
		return refusal
	})
}

func (r *cutsReport) print(w io.Writer, applying bool) error {
	text := cutLines(r.Cuts)
	switch {
	case len(r.Cuts) == 0:
		text = "nobody told of a real exam that could be held against what was expected of them\n"
	case r.Applied > 0:
		text += fmt.Sprintf("in use now: parameter version %d; sextant calibrate --undo goes back\n", r.Applied)
	case !applying:
		text += "nothing was changed; with --apply the cuts with enough results would come into use\n"
	}
	_, err := io.WriteString(w, text)
	return err
}
