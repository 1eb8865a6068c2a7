package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sextant/internal/page"
)

// placeField names a field of one question among several.
func placeField(place page.ExamPlace, name string) string {
	return "p" + strconv.Itoa(place.Index) + "." + name
}

func placeID(place page.ExamPlace, name string) string {
	return "p" + strconv.Itoa(place.Index) + "-" + name
}

// prefixed is a place's question with fields of its own.
func prefixed(place page.ExamPlace) page.Question {
	q := place.Question
	q.Prefix = placeField(place, "")
	return q
}

// closesBehind reports whether leaving the open section is for good.
func closesBehind(p page.Mock) bool {
	return slices.ContainsFunc(p.Sections, func(s page.ExamSection) bool { return s.Closes })
}

// lastSection reports whether what is open now ends the exam.
func lastSection(p page.Mock) bool {
	return !closesBehind(p) || p.Section >= len(p.Sections)-1
}

// sectionNote says which questions a section has.
func sectionNote(s page.ExamSection) string {
	extent := fmt.Sprintf("%d to %d", s.First+1, s.Last+1)
	if s.First == s.Last {
		extent = strconv.Itoa(s.First + 1)
	}
	if s.Closes {
		extent += "; closes when you leave it"
	}
	return "(" + extent + ")"
}

// openWords says what was without an answer when the page was made.
func openWords(p page.Mock) string {
	var open []int
	for _, place := range p.Places {
		if !place.Answered {
			open = append(open, place.Number)
		}
	}
	if len(open) == 0 {
		return "Every question has an answer that is saved."
	}
	return "Without a saved answer: " + questions(open) + "."
}

// questions names ascending numbers: "questions 3, 7 and 12 to 20".
func questions(numbers []int) string {
	var words []string
	for i := 0; i < len(numbers); {
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		if end-i < 2 {
			end = i
			words = append(words, strconv.Itoa(numbers[i]))
		} else {
			words = append(words, fmt.Sprintf("%d to %d", numbers[i], numbers[end]))
		}
		i = end + 1
	}
	last := len(words) - 1
	switch {
	case len(numbers) == 1:
		return "question " + words[0]
	case last == 0:
		return "questions " + words[0]
	}
	return "questions " + strings.Join(words[:last], ", ") + " and " + words[last]
}

// timeLeft says milliseconds in hours and minutes, rounded down.
func timeLeft(milliseconds int64) string {
	left := time.Duration(milliseconds) * time.Millisecond
	if left < time.Minute {
		return "Less than a minute left"
	}
	hours, minutes := int(left.Hours()), int(left.Minutes())%60
	if hours == 0 {
		return fmt.Sprintf("%d min left", minutes)
	}
	return fmt.Sprintf("%d h %d min left", hours, minutes)
}

func examExtent(e page.MockExam) string {
	return fmt.Sprintf("%d questions, %s", e.Questions, e.Time)
}

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
