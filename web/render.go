// Package web has the pages and their components, and the static files they use.
package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"sextant/internal/page"
	"sextant/internal/richtext"
)

func pct(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }

// tick is where the i-th mark of the graduated scale begins: every second one
// is longer.
func tick(i int) string {
	if i%2 == 0 {
		return "28"
	}
	return "32"
}

func pressed(on bool) string { return strconv.FormatBool(on) }

// unfoldedExams is how many exams a report shows in full; more are drawn in
// one figure and folded below it.
const unfoldedExams = 3

// overviewCut is where the figure over several exams draws its line, in
// percent of the width.
const overviewCut = 70.0

// overview draws each exam's overall estimate against one line. The exams have
// different assumed pass marks, so each sighting is moved until its own mark
// lies on the line: distances from the line, in points, stay as they are.
func overview(exams []page.Exam) page.Figure {
	figure := page.Figure{
		Caption: "All exams at a glance", Cut: overviewCut, Small: true,
		CutText: "The line is each exam's own assumed pass mark; one division of the scale is 5 points of expected score. The figures on the right are not moved.",
	}
	for _, e := range exams {
		row := page.Bar{Side: "unknown", Missing: "too early to say"}
		if i := slices.IndexFunc(e.Figure.Rows, func(b page.Bar) bool { return b.Overall }); i >= 0 {
			row = e.Figure.Rows[i]
		}
		shift := overviewCut - e.Figure.Cut
		row.Label, row.Detail, row.Overall = e.Code, e.Name, false
		row.Estimate, row.Low, row.High = within(row.Estimate+shift), within(row.Low+shift), within(row.High+shift)
		figure.Rows = append(figure.Rows, row)
	}
	return figure
}

// aims draws the exams that somebody aims at: one against its own pass mark,
// several as in the overview.
func aims(exams []page.Exam) page.Figure {
	figure := overview(exams)
	figure.Caption = "Your exams against the pass mark"
	if len(exams) != 1 {
		return figure
	}
	figure.Caption, figure.Cut = exams[0].Code+" against the pass mark", exams[0].Figure.Cut
	figure.CutText = fmt.Sprintf("The line is the exam's overall pass mark, assumed at %.0f\u00a0%% expected score.", exams[0].Figure.Cut)
	if i := slices.IndexFunc(exams[0].Figure.Rows, func(b page.Bar) bool { return b.Overall }); i >= 0 {
		row := exams[0].Figure.Rows[i]
		row.Label, row.Detail, row.Overall = exams[0].Code, exams[0].Name, false
		figure.Rows = []page.Bar{row}
	}
	return figure
}

// within keeps a place in percent inside the drawing.
func within(v float64) float64 { return min(max(v, 0), 100) }

func rightOrWrong(ok bool) string {
	if ok {
		return "right:"
	}
	return "wrong:"
}

func pathQuery(path string) string { return url.QueryEscape(path) }

// rich shows markup that richtext has made safe.
func rich(html richtext.HTML) templ.Component { return templ.Raw(string(html)) }

func firstHead(f page.Figure) string {
	if f.Small {
		return "Exam"
	}
	return "Domain"
}

// orDash fills a cell that would otherwise be empty.
func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// coveragePlace puts a share between 80 and 100 % on a scale of that width.
func coveragePlace(share float64) float64 { return within((share - 0.8) * 500) }

func place(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// chosenOf counts what is chosen in lists of options.
func chosenOf(lists ...[]page.Option) (n int) {
	for _, list := range lists {
		for _, o := range list {
			if o.Chosen {
				n++
			}
		}
	}
	return n
}

func skillsChosen(groups []page.SkillGroup) (n int) {
	for _, g := range groups {
		n += chosenOf(g.Skills)
	}
	return n
}

// chosenWords says how many of a folded list are chosen when the page comes.
func chosenWords(n int) string {
	if n == 0 {
		return "none chosen: any"
	}
	return strconv.Itoa(n) + " chosen"
}

// counted is a number with the words for one or for several.
func counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + several
}
