package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"sextant/internal/recommend"
)

type recommendCommands struct {
	Sensitivity sensitivityCommand `cmd:"" help:"Show how firm first choices are against the weights of the score."`
}

// sensitivityCommand ranks a table of made-up learners under other weights.
type sensitivityCommand struct {
	jsonFlag
	Draws int    `help:"How often all weights are drawn at once." default:"500"`
	Seed  uint64 `help:"Seed of the lots: the same seed gives the same result." default:"1"`
	Out   string `help:"Write the result as JSON to this file, as the help page has it." placeholder:"FILE" type:"path"`
}

// maxDraws takes about five minutes.
const maxDraws = 20_000

// Run varies the weights and prints or writes what becomes of first choices.
func (s *sensitivityCommand) Run(std streams) error {
	if s.Draws < 0 || s.Draws > maxDraws {
		return usageError{fmt.Errorf("--draws must be from 0 to %d", maxDraws)}
	}
	built, err := loadContent()
	if err != nil {
		return err
	}
	options := recommend.UsualSensitivity
	options.Draws, options.Seed = s.Draws, s.Seed
	result := recommend.Sensitive(built.catalogue, recommend.Personas(), options)
	switch {
	case s.Out != "":
		data, err := json.MarshalIndent(result, "", " ")
		if err != nil {
			return err
		}
		return os.WriteFile(s.Out, append(data, '\n'), 0o644)
	case s.JSON:
		return printJSON(std.out, result)
	}
	return printSensitivity(std.out, result)
}

func printSensitivity(w io.Writer, r recommend.Sensitivity) error {
	_, _ = fmt.Fprintf(w, "First choices of %d made-up learners that change, by weight:\n\n", len(r.Personas))
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	header := []string{"weight", "value"}
	for _, f := range r.Factors {
		header = append(header, fmt.Sprintf("×%g", f))
	}
	_, _ = fmt.Fprintln(table, strings.Join(header, "\t")) // errors show at Flush
	quiet := 0
	for _, row := range slices.Concat(r.Weights, r.Rules) {
		if row.Most() == 0 {
			quiet++
			continue
		}
		cells := []string{row.Name, fmt.Sprintf("%g", row.Value)}
		for _, at := range row.At {
			cells = append(cells, fmt.Sprintf("%d (%d wrong)", len(at.Moved), at.Wrong))
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(w, "\n%d other weights alter none. wrong: the new first choice is not one the table accepts.\n", quiet)
	_, _ = fmt.Fprintf(w, "Without rounding, %d differ.\n", len(r.Rounding))
	j := r.Joint
	_, _ = fmt.Fprintf(w, "All weights drawn at once within ±%.0f %%, %d times: %.1f %% keep their first choice (%.1f %% in the worst draw), %.1f %% have an acceptable one.\n\n",
		100*j.Width, j.Draws, 100*j.Kept, 100*j.Least, 100*j.Fine)
	for _, p := range j.Shaky {
		_, _ = fmt.Fprintf(w, "%s: %s, in %.0f %% of the draws another, most often %s\n", p.Persona, orNothing(string(p.From)), 100*p.Moves, orNothing(string(p.To)))
	}
	_, err := fmt.Fprintln(w)
	return err
}

func orNothing(code string) string {
	if code == "" {
		return "nothing"
	}
	return code
}
