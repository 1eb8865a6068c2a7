package httpd

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/recommend"
)

// What becomes of first choices under other weights, written by "make
// sensitivity".
//
//go:embed sensitivity.json
var sensitivityFile []byte

// figure is a weight of the score in a help page: {{evidence.cap}} as it is,
// {{+ evidence.cap}} with its sign, {{% reach.top_none}} in percent.
var figure = regexp.MustCompile(`\{\{([+%]?) ?(step|[a-z_]+\.[a-z_]+)\}\}`)

// withWeights writes the catalogue's weights into a help page.
func withWeights(cat *catalogue.Catalogue, body string) (string, error) {
	values := map[string]float64{"step": cat.Weights.Step}
	for _, w := range cat.Weights.All() {
		values[w.Name] = *w.Value
	}
	var err error
	body = figure.ReplaceAllStringFunc(body, func(found string) string {
		parts := figure.FindStringSubmatch(found)
		value, ok := values[parts[2]]
		if !ok {
			err = fmt.Errorf("there is no weight %q", parts[2])
		}
		switch parts[1] {
		case "%":
			return strconv.FormatFloat(100*value, 'g', 3, 64) + "\u00a0%"
		case "+":
			return points(value)
		}
		return strconv.FormatFloat(value, 'g', -1, 64)
	})
	return body, err
}

// points writes a weight with its sign and a true minus.
func points(value float64) string {
	text := strconv.FormatFloat(value, 'g', -1, 64)
	if value > 0 {
		return "+" + text
	}
	return strings.Replace(text, "-", "−", 1)
}

// sensitivityText is the result of the sensitivity analysis in Markdown.
func sensitivityText() (string, error) {
	var r recommend.Sensitivity
	if err := json.Unmarshal(sensitivityFile, &r); err != nil {
		return "", fmt.Errorf("reading the sensitivity analysis: %w", err)
	}
	var b strings.Builder
	j := r.Joint
	fmt.Fprintf(&b, "## All weights at once\n\nWith every weight multiplied by a lot between %g and %g, %d times, **%.1f in 100 of the %d learners keep their first choice** on average, %.1f in 100 in the worst draw; %.1f in 100 are sent to an exam that was written down as right for them.\n\n",
		1-j.Width, 1+j.Width, j.Draws, 100*j.Kept, len(r.Personas), 100*j.Least, 100*j.Fine)
	if len(j.Shaky) > 0 {
		fmt.Fprintf(&b, "These change in one draw of twenty or more. They are close calls, in which what you prefer may well decide.\n\n| Learner | First | Changes in | Then most often |\n|---|---|---|---|\n")
		for _, p := range j.Shaky {
			fmt.Fprintf(&b, "| %s | %s | %.0f\u00a0%% of draws | %s |\n", p.Persona, examOrNothing(string(p.From)), 100*p.Moves, examOrNothing(string(p.To)))
		}
	}
	fmt.Fprintf(&b, "\n## One weight at a time\n\nHow many of the %d first choices change when one figure is multiplied. In brackets: to an exam that was not written down as right for that learner.\n\n", len(r.Personas))
	b.WriteString(weightTable(r.Factors, slices.Concat(r.Weights, r.Rules)))
	fmt.Fprintf(&b, "\nRounding every line of a ledger to its step changes %s.\n", plural(len(r.Rounding), "first choice"))
	fmt.Fprintf(&b, "\n## Which choices change\n\n")
	b.WriteString(movedList(r))
	fmt.Fprintf(&b, "\nRepeat it with `sextant recommend sensitivity`; the seed was %d.\n", j.Seed)
	return b.String(), nil
}

// weightTable lists the weights that alter any first choice.
func weightTable(factors []float64, rows []recommend.WeightRow) string {
	var b strings.Builder
	b.WriteString("| Weight | Value |")
	for _, f := range factors {
		fmt.Fprintf(&b, " × %g |", f)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(factors)) + "\n")
	quiet := 0
	for _, row := range rows {
		if row.Most() == 0 {
			quiet++
			continue
		}
		fmt.Fprintf(&b, "| %s | %s |", row.Name, points(row.Value))
		for _, at := range row.At {
			fmt.Fprintf(&b, " %d", len(at.Moved))
			if at.Wrong > 0 {
				fmt.Fprintf(&b, " (%d)", at.Wrong)
			}
			b.WriteString(" |")
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\nThe other %d weights, by themselves, change none.\n", quiet)
	return b.String()
}

// movedList names, by weight, whose first choice changes.
func movedList(r recommend.Sensitivity) string {
	var b strings.Builder
	for _, row := range slices.Concat(r.Weights, r.Rules) {
		for _, at := range row.At {
			if len(at.Moved) == 0 {
				continue
			}
			fmt.Fprintf(&b, "- %s × %g: ", row.Name, at.Factor)
			for i, m := range at.Moved {
				if i > 0 {
					b.WriteString("; ")
				}
				fmt.Fprintf(&b, "%s, %s → %s", m.Persona, examOrNothing(string(m.From)), examOrNothing(string(m.To)))
			}
			b.WriteString(".\n")
		}
	}
	return b.String()
}

func examOrNothing(code string) string {
	if code == "" {
		return "nothing"
	}
	return code
}
