package web

import (
	"fmt"

	"sextant/internal/page"
)

func passKind(passed bool) string {
	if passed {
		return "ready"
	}
	return "not_yet"
}

func passWord(passed bool) string {
	if passed {
		return "Pass"
	}
	return "No pass"
}

// resultFigure draws what was scored in each domain against the pass mark. The
// figure has one line; where a domain's own mark is elsewhere, its sighting is
// moved so that its distance from the line stays as it is.
func resultFigure(p page.Result) page.Figure {
	figure := page.Figure{
		Caption: "Scores by domain", Cut: p.CutPercent, Score: "Score, 90\u00a0% interval",
		CutText: "The line is the pass mark, as assumed for the whole exam. A domain has few questions, so its interval is wide.",
	}
	if p.Whole.Items > 0 {
		row := resultRow(p, p.Whole)
		row.Label, row.Overall = "Whole exam", true
		figure.Rows = append(figure.Rows, row)
	}
	for _, d := range p.Domains {
		figure.Rows = append(figure.Rows, resultRow(p, d))
	}
	return figure
}

func resultRow(p page.Result, d page.ResultDomain) page.Bar {
	shift := p.CutPercent - d.Cut
	row := page.Bar{
		Label: d.Name, Detail: count(d.Items, "question"), Text: d.Score, Shown: d.Items > 0, Missing: "no question that counted",
		Estimate: within(d.Percent + shift), Low: within(d.Low + shift), High: within(d.High + shift),
		Side: "straddles", SideText: "across the line",
	}
	switch {
	case d.Low > d.Cut:
		row.Side, row.SideText = "above", "beyond the line"
	case d.High < d.Cut:
		row.Side, row.SideText = "below", "short of the line"
	}
	return row
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func scoreHead(f page.Figure) string {
	if f.Score != "" {
		return f.Score
	}
	return "Expected score, 90\u00a0% interval"
}

func tabsLabel(mock bool) string {
	if mock {
		return "This mock exam"
	}
	return "This diagnostic"
}

// paceHeight is the height of the figure of times, in pixels.
const paceHeight = 112

// paceTall is the height of a bar in pixels. A question that was in view at all is
// at least a line.
func paceTall(b page.PaceBar) float64 {
	if b.H <= 0 {
		return 0
	}
	return max(1, within(b.H)/100*paceHeight)
}

// pixels writes a length as SVG has it.
func pixels(length float64) string { return fmt.Sprintf("%.1f", length) }

// paceLine is where the line of the allowed pace is, from the top of the figure.
func paceLine(p page.Pace) string {
	return pixels(paceHeight - within(p.Limit)/100*paceHeight)
}
