package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/exam"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

func queryEscape(text string) string { return url.QueryEscape(text) }

func isAPI(path string) bool { return strings.HasPrefix(path, "/api/") }

func (h *Handler) home(c *gin.Context) error {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	view := page.Home{Frame: h.frame(c, "Know where you stand", ""), Exams: len(snapshot.OfferedExams()), Sample: sampleFigure()}
	if builtin, ok := snapshot.Bank(exam.BuiltIn); ok {
		view.Questions = len(builtin.Questions)
	}
	if p := httpx.Person(c); p != nil {
		sittings, err := h.Sittings.List(c.Request.Context(), p.ID)
		if err != nil {
			return err
		}
		schedule, err := h.Sittings.Schedule(c.Request.Context(), p.ID)
		if err != nil {
			return err
		}
		if len(schedule.Cards) > 0 {
			view.Due = dueReview(&schedule)
		}
		view.Open, view.Last = comeBack(sittings, h.Now())
	}
	return render(c, http.StatusOK, web.Home(view))
}

// comeBack is what somebody can go on with, and how their latest test that ended
// went. Exams come first, since their clock runs; of the others the latest is
// enough. It takes sittings with the latest first.
func comeBack(sittings []sitting.Sitting, now time.Time) (open []page.Link, last *page.Link) {
	var other *page.Link
	for i := range sittings {
		s := &sittings[i]
		switch {
		case s.State == sitting.Finished, s.Mode == sitting.Mock && !now.Before(s.Deadline):
			if last == nil {
				last = &page.Link{Label: "Your last report", Address: endedAddress(s), Note: sittingTitle(s) + ", " + s.Started.Format(longDay)}
			}
		case s.Mode == sitting.Mock:
			open = append(open, page.Link{
				Label: fmt.Sprintf("Go on with your %s mock exam, %s", s.Form.Exam, leftWords(*s, now)), Address: "/exams/" + string(s.ID),
			})
		case other == nil:
			other = &page.Link{
				Label: "Go on with your " + kinds[s.Mode], Address: "/sittings/" + string(s.ID),
				Note: fmt.Sprintf("%d of %d answered", s.Seq, s.Plan.Length),
			}
		}
	}
	if other != nil {
		open = append(open, *other)
	}
	return open, last
}

// endedAddress is where it says how a sitting went.
func endedAddress(s *sitting.Sitting) string {
	pages := map[sitting.Mode]string{sitting.Diagnostic: "report", sitting.Practice: "practice", sitting.Mock: "result"}
	return "/sittings/" + string(s.ID) + "/" + pages[s.Mode]
}

// sampleFigure shows what a report looks like; its figures are invented and
// the page says so.
func sampleFigure() page.Figure {
	rows := []page.Bar{
		{Label: "Data preparation", Detail: "weight 28 %", Estimate: 78, Low: 71, High: 85},
		{Label: "Model development", Detail: "weight 24 %", Estimate: 66, Low: 56, High: 76},
		{Label: "Deployment", Detail: "weight 24 %", Estimate: 52, Low: 42, High: 62},
	}
	const cut = 70
	for i := range rows {
		rows[i].Shown = true
		describe(&rows[i], cut)
	}
	return page.Figure{Caption: "Invented example", Cut: cut, CutText: "The line is the exam's overall pass mark. These exams publish no mark per domain.", Rows: rows}
}

func sittingRow(s *sitting.Sitting) page.SittingRow {
	return page.SittingRow{
		ID: string(s.ID), Title: sittingTitle(s), Kind: kinds[s.Mode], Started: s.Started.Format("2 January 2006"),
		Answered: s.Seq, Length: s.Plan.Length, Finished: s.State == sitting.Finished,
	}
}

// kinds are the modes in words.
var kinds = map[sitting.Mode]string{sitting.Diagnostic: "diagnostic", sitting.Practice: "practice", sitting.Mock: "mock exam"}

// sittingTitle is what a sitting is called in a list.
func sittingTitle(s *sitting.Sitting) string {
	switch s.Mode {
	case sitting.Practice:
		return practiceTitle(s.Plan)
	case sitting.Mock:
		return "Mock exam " + string(s.Form.Exam)
	case sitting.Diagnostic:
	}
	return planTitle(s.Plan)
}

func planTitle(p sitting.Plan) string {
	if p.Fit {
		return "Which certification fits me?"
	}
	codes := make([]string, len(p.Targets))
	for i, code := range p.Targets {
		codes[i] = string(code)
	}
	return "How ready am I for " + inWords(codes) + "?"
}

func inWords(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
