package web

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/page"
	"sextant/internal/richtext"
)

// Every question of an exam is in one form, so no two may share a field: radio
// buttons of one name take each other's choice away.
func TestQuestionsOfAnExamHaveFieldsOfTheirOwn(t *testing.T) {
	markup := render(t, Mock(sampleMock(false)))
	field := regexp.MustCompile(`\sname="([^"]+)"`)
	for i, part := range strings.Split(markup, "data-place=")[1:] {
		part, _, _ = strings.Cut(part, `class="exam-end"`)
		names := field.FindAllStringSubmatch(part, -1)
		if len(names) == 0 {
			t.Errorf("question %d has no field", i)
		}
		for _, name := range names {
			if !strings.HasPrefix(name[1], fmt.Sprintf("p%d.", i)) {
				t.Errorf("question %d has a field named %q", i, name[1])
			}
		}
	}
}

// Without scripts, the page has to do everything by itself.
func TestAnExamCanBeTakenWithoutScripts(t *testing.T) {
	tests := map[string]struct {
		exam page.Mock
		want []string
	}{
		"open":         {sampleMock(false), []string{`value="save"`, `value="submit"`}},
		"closing":      {sampleMock(true), []string{`value="save"`, `value="submit"`, `value="close"`}},
		"last section": {lastOf(sampleMock(true)), []string{`value="save"`, `value="submit"`}},
	}
	button := regexp.MustCompile(`name="do" (value="[a-z]+")`)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			markup := render(t, Mock(tt.exam))
			var got []string
			for _, m := range button.FindAllStringSubmatch(markup, -1) {
				got = append(got, m[1])
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("the form can do %v, want %v", got, tt.want)
			}
			// What only a script can work must not be there without one.
			for _, part := range []string{"exam-bar", "exam-review", "exam-figures", "exam-saved"} {
				if !regexp.MustCompile(`class="` + part + `"[^>]*\shidden`).MatchString(markup) {
					t.Errorf("%s is to be seen without scripts", part)
				}
			}
		})
	}
}

func lastOf(p page.Mock) page.Mock {
	p.Section = len(p.Sections) - 1
	return p
}

func TestQuestionsAreNamedInRuns(t *testing.T) {
	tests := []struct {
		numbers []int
		want    string
	}{
		{[]int{7}, "question 7"},
		{[]int{7, 8}, "questions 7 and 8"},
		{[]int{7, 8, 9}, "questions 7 to 9"},
		{[]int{1, 3, 4, 5, 6, 9}, "questions 1, 3 to 6 and 9"},
		{[]int{1, 2, 4, 5, 6}, "questions 1, 2 and 4 to 6"},
	}
	for _, tt := range tests {
		if got := questions(tt.numbers); got != tt.want {
			t.Errorf("%v = %q, want %q", tt.numbers, got, tt.want)
		}
	}
}

// Nothing is lost or added by naming questions in runs.
func TestRunsNameEveryQuestionOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(1, 80), 1, 60, rapid.ID).Draw(t, "numbers")
		slices.Sort(numbers)
		var got []int
		words := strings.NewReplacer("questions ", "", "question ", "", " and ", ", ").Replace(questions(numbers))
		for _, run := range strings.Split(words, ", ") {
			var first, last int
			if n, _ := fmt.Sscanf(run, "%d to %d", &first, &last); n < 2 {
				last = first
			}
			for n := first; n <= last; n++ {
				got = append(got, n)
			}
		}
		if !slices.Equal(got, numbers) {
			t.Fatalf("%v is named %q", numbers, words)
		}
	})
}

func TestTimeLeftIsRoundedDown(t *testing.T) {
	for milliseconds, want := range map[int64]string{
		0: "Less than a minute left", 59_999: "Less than a minute left", 60_000: "1 min left",
		3_599_999: "59 min left", 3_600_000: "1 h 0 min left", 7_860_000: "2 h 11 min left",
	} {
		if got := timeLeft(milliseconds); got != want {
			t.Errorf("%d ms: %q, want %q", milliseconds, got, want)
		}
	}
}

// A domain with a mark of its own keeps its distance from it, and which side it
// is on is told by its whole interval.
func TestResultFigureKeepsSidesAndDistances(t *testing.T) {
	p := sampleResult()
	figure := resultFigure(p)
	if len(figure.Rows) != len(p.Domains)+1 || !figure.Rows[0].Overall {
		t.Fatalf("%d rows for %d domains and the whole", len(figure.Rows), len(p.Domains))
	}
	sides := []string{"above", "straddles", "below", "straddles"}
	for i, d := range p.Domains {
		row := figure.Rows[i+1]
		if got, want := row.Estimate-figure.Cut, d.Percent-d.Cut; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s stands %.1f points from the line, want %.1f", d.Name, got, want)
		}
		if row.Side != sides[i] {
			t.Errorf("%s is %s, want %s", d.Name, row.Side, sides[i])
		}
		if row.Shown != (d.Items > 0) {
			t.Errorf("%s with %d questions: shown %t", d.Name, d.Items, row.Shown)
		}
	}
}

// A script that names another gets its address with the checksum: under its
// plain name nothing is served.
func TestModulesNameEachOtherByAddress(t *testing.T) {
	imported := regexp.MustCompile(`from "([^"]+)"`)
	found := imported.FindAllStringSubmatch(get(t, Asset("exam.js")).Body.String(), -1)
	if len(found) != 3 {
		t.Fatalf("exam.js imports %d modules, want 3", len(found))
	}
	for _, m := range found {
		get(t, m[1])
	}
}

func TestSettingsReachThePage(t *testing.T) {
	f := frame("Help")
	if markup := render(t, Help(page.Help{Frame: f})); regexp.MustCompile(`<html[^>]*data-(size|motion|keys)`).MatchString(markup) {
		t.Error("a page without settings has some")
	}
	f.Size, f.StillMotion, f.KeysOff = "130", true, true
	markup := render(t, Help(page.Help{Frame: f}))
	for _, want := range []string{`data-size="130"`, `data-motion="still"`, `data-keys="off"`} {
		if !strings.Contains(markup, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	sheet := get(t, Asset("app.css")).Body.String()
	for _, o := range sampleSettings().Size[1:] {
		if !strings.Contains(sheet, `[data-size="`+o.Value+`"]`) {
			t.Errorf("the stylesheet has no size %s", o.Value)
		}
	}
}

func sampleMockStart() page.MockStart {
	return page.MockStart{
		Frame: frame("Mock exam"), Problem: "Choose an exam.", Multiplier: "× 1.5",
		Exams: []page.MockExam{
			{Code: "MLA-C02", Name: "AWS Certified Machine Learning Engineer – Associate", Questions: 65, Minutes: 130, Time: "3 h 15 min", Offered: true, Chosen: true},
			{Code: "AI-103", Name: "Developing AI apps and agents on Azure", Note: "Sections close behind you.", Questions: 50, Minutes: 100, Time: "2 h 30 min", Offered: true},
			{Code: "AI-102", Name: "Designing and Implementing a Microsoft Azure AI Solution", Note: "not enough questions yet"},
		},
		Open: []page.Link{{Label: "PMLE, begun 21 November 2026", Address: "/exams/s3", Note: "48 min left"}},
	}
}

// sampleMock has a question of every type and, at its end, a case set.
func sampleMock(closing bool) page.Mock {
	p := page.Mock{
		Frame: frame("Mock exam AI-103"), Sitting: "s4", Code: "AI-103", Name: "Developing AI apps and agents on Azure",
		DeadlineLeft: 5_000_000, HideClock: true, Keys: true, Client: "c1", Seq: 4, Saved: true, Problem: "That option isn't one of this question's.", Elsewhere: true, Holder: "c0",
	}
	for i, kind := range []string{"single", "multiple", "ordering", "matching", "yes_no", "single", "single"} {
		q := sampleQuestion(kind)
		q.Frame = page.Frame{}
		if i > 4 {
			q.CaseTitle, q.Case = "Claims intake at a regional insurer", "<p>"+richtext.HTML(strings.Repeat("The insurer takes in forty thousand claims a month. ", 9))+"</p>"
		}
		place := page.ExamPlace{Index: i, Number: i + 1, Question: q, Answered: i%2 == 0, Seen: i < 4}
		if kind == "multiple" {
			place.Question.Choose, place.Flagged, place.Struck, place.Note = 2, true, []string{"1", "4"}, "Look again <here>."
		}
		p.Places = append(p.Places, place)
	}
	p.Of = len(p.Places)
	if closing {
		p.Sections = []page.ExamSection{{Title: "Questions", Closes: true, Open: true, Last: 4}, {Title: "Claims intake", First: 5, Last: 6}}
		p.Places, p.DeadlineLeft, p.Keys = p.Places[:5], -1, false
	}
	return p
}

func sampleResult() page.Result {
	return page.Result{
		Frame: frame("How the mock exam went"), Sitting: "s4", Code: "AI-103", Name: "Developing AI apps and agents on Azure", Passed: true, Expired: true, KeepIt: true,
		Sentence: "By our estimate you would just have passed AI-103: too close to the cut to count on it.", Scaled: "about 712 on the scale from 1 to 1000",
		ScaleNote: "Passing takes 700.", Raw: "36 of 50 scored questions right", Cut: "35 of 50, as we assume", CutPercent: 70, Predicted: "The chance of passing was put at about 55 %.",
		TimeNote: "1 h 12 min of 1 h 40 min", Shortfall: "Two questions fewer than the exam has.",
		Whole: page.ResultDomain{Score: "36 of 50 right: 72 % (60 to 81)", Percent: 72, Low: 60, High: 81, Cut: 70, Items: 50},
		Domains: []page.ResultDomain{
			{Name: "Plan and manage", Score: "14 of 15 right: 93 % (75 to 98)", Percent: 93, Low: 75, High: 98, Cut: 70, Items: 15},
			{Name: "Generative AI and agents", Score: "13 of 20 right: 65 % (46 to 80)", Percent: 65, Low: 46, High: 80, Cut: 60, Items: 20},
			{Name: "Computer vision", Score: "2 of 8 right: 25 % (9 to 53)", Percent: 25, Low: 9, High: 53, Cut: 70, Items: 8},
			{Name: "Information extraction", Cut: 70, Percent: 50, High: 100},
		},
		Times: []page.ResultTime{{Number: 4, Text: "Which approach meets these requirements?", Time: "4:12 min", Outcome: "wrong", OutcomeKey: "wrong"}},
	}
}

func sampleSettings() page.Settings {
	return page.Settings{
		Frame: frame("Settings"), Problem: "Choose one of the times.", HideClock: true, KeysOff: true, ReduceMotion: true,
		Time:  []page.Option{{Value: "1", Label: "The vendor's time", Chosen: true}, {Value: "1.5", Label: "1.5 times that"}, {Value: "0", Label: "No clock"}},
		Theme: []page.Option{{Value: "auto", Label: "As the device has it", Chosen: true}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}},
		Size:  []page.Option{{Value: "100", Label: "As it comes", Chosen: true}, {Value: "115", Label: "115 %"}, {Value: "130", Label: "130 %"}},
	}
}
