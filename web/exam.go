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

// sectionNote says which questions a section has, and whether one gets to them.
func sectionNote(p page.Mock, i int) string {
	s := p.Sections[i]
	note := fmt.Sprintf("%d to %d", s.First+1, s.Last+1)
	if s.First == s.Last {
		note = strconv.Itoa(s.First + 1)
	}
	switch {
	case !s.Open && i < p.Section:
		note += "; closed"
	case !s.Open:
		note += "; not open yet"
	case s.Closes:
		note += "; closes when you leave it"
	}
	return "(" + note + ")"
}

// saveEvery is after how many questions a page without scripts can be saved, so
// that little is lost when it is left; at its end it can be in any case.
const saveEvery = 10

func saveAfter(p page.Mock, i int) bool {
	return (i+1)%saveEvery == 0 && i < len(p.Places)-1
}

// reviewEnd is what the review of the open questions leads to.
func reviewEnd(p page.Mock) string {
	if lastSection(p) {
		return " and hand in"
	}
	return " and close the section"
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
