package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"sextant/internal/sitting"
)

type bankProblems struct {
	jsonFlag
	dataFlag
}

type problemReport struct {
	Question string `json:"question"`
	Current  bool   `json:"current"` // it was reported of the wording in use
	At       string `json:"at"`
	Text     string `json:"text"`
}

// Run lists what learners reported of questions.
func (b *bankProblems) Run(ctx context.Context, std streams) error {
	return withApp(ctx, b.Data, func(a *app) error {
		problems, err := a.store.Problems(ctx)
		if err != nil {
			return err
		}
		snapshot, err := a.library.Snapshot(ctx)
		if err != nil {
			return err
		}
		reports := []problemReport{}
		for _, p := range problems {
			q, ok := snapshot.Question(p.Question)
			reports = append(reports, newProblemReport(p, ok && q.Revision == p.Revision))
		}
		if b.JSON {
			return printJSON(std.out, reports)
		}
		return printProblems(std.out, reports)
	})
}

func newProblemReport(p sitting.Problem, current bool) problemReport {
	return problemReport{Question: string(p.Question), Current: current, At: p.At.Format(time.RFC3339), Text: p.Text}
}

func printProblems(w io.Writer, reports []problemReport) error {
	if len(reports) == 0 {
		_, err := fmt.Fprintln(w, "no problems reported")
		return err
	}
	for _, r := range reports {
		wording := "an earlier wording"
		if r.Current {
			wording = "the present wording"
		}
		text := strings.ReplaceAll(strings.TrimSpace(r.Text), "\n", "\n    ")
		if _, err := fmt.Fprintf(w, "%s  %s, of %s\n    %s\n", r.At, r.Question, wording, text); err != nil {
			return err
		}
	}
	return nil
}
