package web

import (
	"strings"
	"testing"

	"sextant/internal/page"
)

// The figure of times is for the eye; everything in it is in the table too.
func TestThePaceFigureHasATable(t *testing.T) {
	p := sampleResult()
	markup := render(t, Result(p))
	if n := strings.Count(markup, "<rect"); n < len(p.Pace.Bars) {
		t.Errorf("%d bars, want %d", n, len(p.Pace.Bars))
	}
	for _, b := range p.Pace.Bars {
		if !strings.Contains(markup, ">"+b.Time+"<") {
			t.Errorf("the table lacks %s", b.Time)
		}
	}
	p.Pace.Slow, p.Pace.NoSlow = nil, "Nothing took longer than the exam's average pace."
	if markup := render(t, Result(p)); !strings.Contains(markup, "Nothing took longer") {
		t.Error("an empty list of slow questions says nothing")
	}
	p.Pace = page.Pace{Unknown: "It isn't known."}
	if markup := render(t, Result(p)); strings.Contains(markup, "<rect class=\"over") || !strings.Contains(markup, "It isn&#39;t known.") {
		t.Error("unknown times are drawn")
	}
}

func TestABarIsNeverLostOrTooTall(t *testing.T) {
	for height, want := range map[float64]float64{0: 0, .01: 1, 50: paceHeight / 2, 100: paceHeight, 130: paceHeight} {
		if got := paceTall(page.PaceBar{H: height}); got != want {
			t.Errorf("%v %% is %v pixels tall, want %v", height, got, want)
		}
	}
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
		RawNote: "The estimate counts points.", ByWholes: "30 of 50 right in every part.",
		Missed:  &page.Missed{Action: "/sittings/s4/retake", Show: "missed", Text: "You missed 14 questions.", Label: "Practise these 14", Other: "Practise others on the same skills"},
		Bearing: []string{"One answer may also bear on several exams."},
		Pace: page.Pace{
			Text: "On average a question was in view for 1:12 min.", Quick: "1 question was answered in less than 5 seconds:",
			Quickest: []page.ReviewLink{{Number: 3, Text: "3", Address: "/sittings/s4/review?q=3#q3"}},
			Bars: []page.PaceBar{
				{Number: 1, W: 20, H: 100, Over: true, Time: "4:12 min", Outcome: "wrong", Address: "/sittings/s4/review?q=1#q1"},
				{Number: 2, X: 25, W: 20, Time: "not seen", Outcome: "not answered", Address: "/sittings/s4/review?q=2#q2"},
				{Number: 3, X: 50, W: 20, H: .1, Time: "0:02 min", Outcome: "right", Address: "/sittings/s4/review?q=3#q3"},
			},
			Limit: 47.6, LimitText: "The line is the exam's average.", Top: "4:12 min",
			Slow: []page.ResultTime{{Number: 1, Address: "/sittings/s4/review?q=1#q1", Text: "Which approach meets these requirements?", Time: "4:12 min", Outcome: "wrong", OutcomeKey: "wrong"}},
		},
	}
}
