package web

import (
	"regexp"
	"strings"
	"testing"

	"sextant/internal/page"
)

// A number in the list of questions says by words, not by colour alone, how it went.
func TestEveryJumpSaysHowItWent(t *testing.T) {
	p := sampleReview()
	markup := render(t, Review(p))
	for _, j := range p.Jumps {
		link := regexp.MustCompile(`<a[^>]*href="` + regexp.QuoteMeta(strings.ReplaceAll(j.Address, "&", "&amp;")) + `"[^>]*aria-label="` + j.Words + `"`)
		if !link.MatchString(markup) {
			t.Errorf("no link to %s that says %q", j.Address, j.Words)
		}
	}
	if !strings.Contains(markup, "flagged</span>") {
		t.Error("the legend doesn't name the flag")
	}
}

// What was typed and refused comes back in its field, with the reason beside it.
func TestARefusedRemarkComesBack(t *testing.T) {
	markup := render(t, Review(sampleReview()))
	for _, want := range []string{">long</textarea>", ">B is right too</textarea>", `aria-describedby="note-problem-`, `aria-describedby="report-problem-`, "Your note</strong> Look up &lt;quotas&gt;."} {
		if !strings.Contains(markup, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func sampleReview() page.Review {
	item := page.ReviewItem{
		Number: 1, Outcome: "wrong", OutcomeKey: "wrong", Skill: "Deployment strategies", Platform: "AWS", TypeLabel: "one answer", Difficulty: "difficulty 3 of 5",
		CaseTitle: "Claims intake", Case: "<p>The scenario.</p>", Stem: sampleQuestion("single").Stem, Ask: sampleQuestion("single").Ask,
		Options: []page.ReviewOption{
			{Letter: "A", Text: "Host the model on a real-time endpoint.", Chosen: true, Mark: "you chose this", Rationale: "One instance runs all day for a few hundred calls in the morning."},
			{Letter: "B", Text: "Use a serverless endpoint and item metadata.", Key: true, Mark: "right answer", Rationale: "It scales to zero, and metadata gives new products a forecast."},
			{Letter: "C", Text: "Run a batch transform job each night.", Rationale: "A product listed during the day has no forecast until the next."},
		},
		Remember: "Intermittent traffic with tolerance for a cold start: serverless inference.", References: []page.Link{{Label: "Serverless inference", Address: "https://docs.aws.amazon.com/", External: true}},
		Parts: "1 of 2 parts right.", Pretest: "Tried out: it did not count.", ReviewNote: "Checked against its sources in 2026-11.",
	}
	right := item
	right.Number, right.Outcome, right.OutcomeKey = 2, "right", "right"
	right.Options = []page.ReviewOption{{Letter: "A", Text: "Host it.", Key: true, Chosen: true, Mark: "right answer, you chose it", Rationale: "Because."}, {Letter: "B", Text: "Don't.", Rationale: "No."}}
	rows := item
	rows.Number, rows.Outcome, rows.OutcomeKey, rows.Options = 3, "you said you don't know", "dont_know", nil
	rows.RowsHead = [3]string{"Step", "Your place", "Right place"}
	rows.Rows = []page.ReviewRow{{Text: "Collect the data", Given: "2", Right: "1", Rationale: "Nothing can start without it."}, {Text: "Train", Given: "2", Right: "2", OK: true}}
	item.Remarks = &page.Remarks{Action: "/sittings/s1/review/0", Show: "wrong", Flagged: true, Note: "Look up <quotas>.", Done: "Your flag and note are kept."}
	right.Remarks = &page.Remarks{Action: "/sittings/s1/review/1", Note: "long", NoteProblem: "A note can have 2000 characters at most.", Report: "B is right too", ReportProblem: "This is not sent yet."}
	rows.Remarks = &page.Remarks{Action: "/sittings/s1/review/2"}
	return page.Review{
		Frame: frame("Review"), Sitting: "s1", Summary: "5 of 12 right, 1 left open.", Items: []page.ReviewItem{item, right, rows},
		Filters: []page.ReviewFilter{{Label: "All", Address: "/sittings/s1/review", Count: 12}, {Label: "Wrong", Address: "/sittings/s1/review?show=wrong", Count: 6, Current: true}},
		Shown:   "You got wrong 6 questions.", Long: true, Problem: "Question 2: this is not sent yet.",
		Jumps:  []page.ReviewJump{{Number: 1, Address: "#q1", Standing: "wrong", Words: "Question 1, wrong, flagged", Flagged: true, Here: true}, {Number: 30, Address: "/sittings/s1/review?q=30#q30", Standing: "unanswered", Words: "Question 30, not answered"}},
		Pages:  []page.ReviewPart{{Label: "1 to 25", Address: "/sittings/s1/review?page=1", Current: true}, {Label: "26 to 30", Address: "/sittings/s1/review?page=2"}},
		Missed: &page.Missed{Action: "/sittings/s1/retake", Show: "missed", Text: "You missed 7 questions.", Label: "Practise these 7", Other: "Practise others on the same skills"},
	}
}
