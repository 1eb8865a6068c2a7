package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"sextant/internal/page"
)

func progressPages() map[string]templ.Component {
	return map[string]templ.Component{
		"progress":           Progress(sampleProgress()),
		"progress empty":     Progress(page.Progress{Telling: page.Telling{Closed: true}}),
		"progress unstarted": Progress(page.Progress{Telling: page.Telling{Problem: "Say whether you passed.", Open: true}}),
		"measured outcomes":  Measurement(page.Measurement{Frame: frame("How right is it?"), Outcomes: sampleOutcomes()}),
	}
}

func sampleBand() page.Band {
	return page.Band{
		Title: "Data preparation", Detail: "weight 28 %", Now: "64 % (57 to 71)", Side: "straddles", SideText: "on both sides of the line: uncertain",
		Label: "Data preparation: 52 % (38 to 66) on 3 March 2026, 64 % (57 to 71) now; the pass mark is 70 %", Cut: 37.5, CutText: "pass mark",
		Levels: []float64{20, 50}, From: "3 March 2026", To: "now",
		Runs: []page.BandRun{
			{Area: "0,40 10,42 10,60 0,62", Line: "0,50 10,51", X: 10, Y: 51, Low: 60, High: 42},
			{Area: "40,30 100,28 100,46 40,50", Line: "40,40 100,37", X: 100, Y: 37, Low: 46, High: 28, Last: true},
		},
	}
}

func sampleProgress() page.Progress {
	missing := page.Band{Title: "Operations", Missing: "Not enough answers here yet: one more would do."}
	return page.Progress{
		Frame: frame("Your progress"), Sentence: "Your expected score on MLA-C02 is 64 % (57 to 71) now.", Notes: []string{"Bands are 90 % intervals."},
		Exams: sampleChoice, Code: "MLA-C02", Name: "Machine Learning Engineer", Figures: []page.Band{sampleBand()}, Domains: []page.Band{sampleBand(), missing},
		Table:      page.ProgressTable{Columns: []string{"Answers", "Whole exam"}, Rows: []page.ProgressRow{{Day: "now", Cells: []string{"41", "64 % (57 to 71)"}}}},
		Milestones: []page.MilestoneLine{{Day: "3 March 2026", Text: "“Data preparation” crossed the line."}, {Day: "1 March 2026", Text: "A first verdict.", Lost: "Since 9 March 2026 this doesn't hold any more."}},
		Said:       []page.SaidLine{{Said: "guess", Text: "When you said it was a guess, you were right 38 % of the time (20 to 60, 13 answers).", Shown: true, Estimate: 38, Low: 20, High: 60, Chance: 25, Remark: "Better than blind."}, {Said: "sure", Text: "You never said sure."}},
		SaidNote:   "Intervals are 90 %.", Weeks: []page.WeekLine{{Week: "16 Nov", Practice: 20, Spent: "17 min", Share: 100}}, WeeksNote: "20 answers.",
		Days: []page.DayMark{{Label: "21 November: 0 answers"}, {Label: "22 November: 20 answers", On: true}}, DaysText: "You answered on 1 of the last 28 days.", KeepIt: true,
		Telling: page.Telling{
			Problem: "The day lies ahead.", Exams: sampleChoice, Taken: "2026-11-30", Today: "2026-11-22", Outcome: "passed", Score: "812", Open: true,
			Told: []page.ToldResult{
				{ID: "r1", Code: "MLA-C02", Name: "Machine Learning Engineer", Day: "21 November 2026", Passed: true, Score: "812, where 720 passes", Expected: "We put it at about 62 %.", MayHold: true},
				{ID: "r2", Code: "AI-103", Day: "2 May 2026", Expected: "Too few for an expectation."},
				{ID: "r3", Code: "DP-100", Day: "2 April 2026", Passed: true, Held: true},
			},
		},
	}
}

func sampleOutcomes() page.MeasuredOutcomes {
	return page.MeasuredOutcomes{
		Sentence: "So far there are 62 results.", Needed: "More are needed.", Rows: []page.OutcomeRow{{Exam: "MLA-C02", Results: "45", Passed: "23", Expected: "27.0 (22 to 32)"}, {Exam: "All", Results: "60", Passed: "30", Expected: "35.0 (29 to 41)", Whole: true}},
		Bins:  []page.OutcomeBin{{Predicted: 60, Passed: 50, Low: 27, High: 73, N: 10, Text: "50 % (27 to 73)"}},
		Score: []page.Sourced{{Label: "Brier score", Text: "0.21"}}, Cuts: []page.Sourced{{Label: "MLA-C02", Text: "67 %"}}, Notes: []string{"Who tells is no random sample."},
	}
}

// What a drawing of progress shows is said in its label, and by day in the table.
func TestEveryBandIsSaidInWords(t *testing.T) {
	markup := render(t, Progress(sampleProgress()))
	plots := regexp.MustCompile(`(?s)<div class="band-plot">.*?</div>`).FindAllString(markup, -1)
	if len(plots) != 2 {
		t.Fatalf("%d drawings, want 2", len(plots))
	}
	for _, plot := range plots {
		if !strings.Contains(plot, `role="img" aria-label="Data preparation: 52`) {
			t.Errorf("a drawing without words: %.120s", plot)
		}
	}
	if !strings.Contains(markup, "Not enough answers here yet") {
		t.Error("a domain of which too little is known says nothing")
	}
}
