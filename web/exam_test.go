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

// A section says whether one can still get to it.
func TestSectionsSayWhetherTheyAreOpen(t *testing.T) {
	closing := []page.ExamSection{{Title: "Questions", Closes: true, Last: 45}, {Title: "Case", Closes: true, First: 46, Last: 49}, {Title: "Case", First: 50, Last: 50}}
	for open, want := range [][]string{
		{"(1 to 46; closes when you leave it)", "(47 to 50; not open yet)", "(51; not open yet)"},
		{"(1 to 46; closed)", "(47 to 50; closes when you leave it)", "(51; not open yet)"},
		{"(1 to 46; closed)", "(47 to 50; closed)", "(51)"},
	} {
		p := page.Mock{Section: open, Sections: slices.Clone(closing)}
		p.Sections[open].Open = true
		for i := range p.Sections {
			if got := sectionNote(p, i); got != want[i] {
				t.Errorf("in section %d, section %d says %q, want %q", open+1, i+1, got, want[i])
			}
		}
	}
	free := page.Mock{Sections: []page.ExamSection{{Open: true, Last: 45}, {Open: true, First: 46, Last: 49}}}
	for i, want := range []string{"(1 to 46)", "(47 to 50)"} {
		if got := sectionNote(free, i); got != want {
			t.Errorf("where no section closes, one says %q, want %q", got, want)
		}
	}
}

func TestAnExamCanBeSavedOnTheWayWithoutScripts(t *testing.T) {
	p := sampleMock(false)
	for len(p.Places) < 2*saveEvery {
		place := p.Places[0]
		place.Index, place.Number = len(p.Places), len(p.Places)+1
		p.Places = append(p.Places, place)
	}
	// After the last question there is the button that saves everything.
	if n := strings.Count(render(t, Mock(p)), "Save so far"); n != 1 {
		t.Errorf("%d questions: %d buttons between them, want 1", len(p.Places), n)
	}
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

func sampleSettings() page.Settings {
	return page.Settings{
		Frame: frame("Settings"), Problem: "Choose one of the times.", HideClock: true, KeysOff: true, ReduceMotion: true, Zone: "Europe/Berlin",
		Retention: []page.Option{{Value: "85", Label: "85 %"}, {Value: "90", Label: "90 %", Chosen: true}, {Value: "95", Label: "95 %"}},
		Time:      []page.Option{{Value: "1", Label: "The vendor's time", Chosen: true}, {Value: "1.5", Label: "1.5 times that"}, {Value: "0", Label: "No clock"}},
		Theme:     []page.Option{{Value: "auto", Label: "As the device has it", Chosen: true}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}},
		Size:      []page.Option{{Value: "100", Label: "As it comes", Chosen: true}, {Value: "115", Label: "115 %"}, {Value: "130", Label: "130 %"}},
	}
}
