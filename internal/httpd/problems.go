package httpd

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/statistics"
	"sextant/web"
)

// Reports keeps what learners say is wrong with questions, and the texts they
// said it of.
type Reports interface {
	authoring.ReportStore
	// KeptQuestion returns what a question said under a revision, or
	// fault.KindNotFound.
	KeptQuestion(ctx context.Context, id exam.QuestionID, revision string) (*exam.Question, error)
}

// reportedPerPage is how many reported questions one page of the queue shows.
const reportedPerPage = 10

// queue is which reports are shown, as the address says it.
type queue struct {
	authoring.ReportFilter
	page int // from 1
}

func readQueue(values url.Values) queue {
	q := queue{page: 1}
	q.Resolved, q.Newest = values.Get("show") == "resolved", values.Get("order") == "newest"
	q.Bank, q.Question = exam.BankID(values.Get("bank")), exam.QuestionID(values.Get("question"))
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 1 && n < 1e6 {
		q.page = n
	}
	q.Limit, q.Offset = reportedPerPage, (q.page-1)*reportedPerPage
	return q
}

func (q queue) values() url.Values {
	v := url.Values{}
	if q.Resolved {
		v.Set("show", "resolved")
	}
	if q.Newest {
		v.Set("order", "newest")
	}
	if q.Bank != "" {
		v.Set("bank", string(q.Bank))
	}
	if q.Question != "" {
		v.Set("question", string(q.Question))
	}
	return v
}

func (q queue) address() string {
	if query := q.values().Encode(); query != "" {
		return "/problems?" + query
	}
	return "/problems"
}

// problems is the queue of what learners reported.
func (h *Handler) problems(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	return h.showProblems(c, http.StatusOK, p, readQueue(c.Request.URL.Query()), func(*page.Problems) {})
}

func (h *Handler) showProblems(c *gin.Context, status int, p *account.Person, q queue, amend func(*page.Problems)) error {
	ctx := c.Request.Context()
	found, total, err := h.Authoring.Reports(ctx, actor(p), h.Reports, q.ReportFilter)
	if err != nil {
		return err
	}
	if len(found) == 0 && total > 0 { // a page beyond the last
		q.page = (total + reportedPerPage - 1) / reportedPerPage
		q.Offset = (q.page - 1) * reportedPerPage
		if found, total, err = h.Authoring.Reports(ctx, actor(p), h.Reports, q.ReportFilter); err != nil {
			return err
		}
	}
	view := page.Problems{Frame: h.frame(c, "Reported problems", "banks"), Filters: queueFilters(q), Orders: queueOrders(q)}
	view.Sentence, view.None = queueWords(q, total)
	rows, err := h.reportedRows(c, p, q, found)
	if err != nil {
		return err
	}
	view.Rows = rows
	view.Pages = pageLinksBy(reportedPerPage, total, q.page, func(n int) string {
		v := q.values()
		v.Set("page", strconv.Itoa(n))
		return "/problems?" + v.Encode()
	})
	amend(&view)
	return render(c, status, web.Problems(view))
}

func queueFilters(q queue) []page.ReviewFilter {
	open, resolved := q, q
	open.Resolved, resolved.Resolved = false, true
	filters := []page.ReviewFilter{
		{Label: "To do", Address: open.address(), Current: !q.Resolved}, {Label: "Resolved", Address: resolved.address(), Current: q.Resolved},
	}
	if q.Bank != "" || q.Question != "" {
		all := queue{}
		all.Resolved = q.Resolved
		filters = append(filters, page.ReviewFilter{Label: "Of every bank of yours", Address: all.address()})
	}
	return filters
}

func queueOrders(q queue) []page.ReviewFilter {
	most, newest := q, q
	most.Newest, newest.Newest = false, true
	return []page.ReviewFilter{
		{Label: "Most reported first", Address: most.address(), Current: !q.Newest}, {Label: "Newest first", Address: newest.address(), Current: q.Newest},
	}
}

func queueWords(q queue, total int) (said, none string) {
	switch {
	case total == 0 && q.Resolved:
		return "", "No report is resolved yet."
	case total == 0:
		return "", "Nothing is reported that waits for you."
	case q.Resolved:
		return plural(total, "question") + " with reports that are done with.", ""
	}
	return plural(total, "question") + " with reports that wait for you. Learners read your answers beside the question and on their front page.", ""
}

func (h *Handler) reportedRows(c *gin.Context, p *account.Person, q queue, found []authoring.Reported) ([]page.ReportedQuestion, error) {
	ctx := c.Request.Context()
	var ids []exam.QuestionID
	var people []account.PersonID
	for _, r := range found {
		ids = append(ids, r.Question)
		for _, one := range r.Reports {
			people = append(people, one.AnsweredBy, one.ResolvedBy) // who reported stays unnamed
		}
	}
	lines, err := h.Statistics.Brief(ctx, ids)
	if err != nil {
		return nil, err
	}
	names, err := h.Authoring.Names(ctx, people)
	if err != nil {
		return nil, err
	}
	titles, err := h.bankTitles(ctx, p)
	if err != nil {
		return nil, err
	}
	rows := make([]page.ReportedQuestion, len(found))
	for i := range found {
		if rows[i], err = h.reportedRow(c, &found[i], lines, titles, names, q); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// bankTitles are the titles of the banks that somebody looks after.
func (h *Handler) bankTitles(ctx context.Context, p *account.Person) (map[exam.BankID]string, error) {
	banks, err := h.Authoring.Banks(ctx, actor(p))
	if err != nil {
		return nil, err
	}
	titles := map[exam.BankID]string{exam.BuiltIn: authoring.BuiltInTitle}
	for i := range banks {
		titles[banks[i].ID] = banks[i].Title
	}
	return titles, nil
}

func (h *Handler) reportedRow(c *gin.Context, r *authoring.Reported, lines map[exam.QuestionID]statistics.Line, titles map[exam.BankID]string, names map[account.PersonID]string, q queue) (page.ReportedQuestion, error) {
	row := page.ReportedQuestion{
		ID: string(r.Question), Heading: string(r.Question), Bank: cmp.Or(titles[r.Bank], "a bank that is withdrawn"), Count: plural(len(r.Reports), "report"),
		Statistics: "/questions/" + string(r.Question) + "/statistics",
	}
	if titles[r.Bank] != "" {
		row.BankLink = "/banks/" + string(r.Bank)
	}
	if r.Bank != exam.BuiltIn {
		row.Edit = "/questions/" + string(r.Question) + "/edit"
	}
	if r.Retired {
		row.State = "retired"
	}
	line, asked := lines[r.Question]
	latest := r.Reports[0]
	text, err := h.Reports.KeptQuestion(c.Request.Context(), r.Question, latest.Revision)
	switch {
	case fault.KindOf(err) == fault.KindNotFound && asked:
		text = line.Question
	case err != nil:
		return row, err
	}
	row.Whole = h.keyedItem(text)
	row.Whole.ReviewNote = ""
	if asked {
		row.Few = tooFew(line.N)
		row.Figures = figuresOf(&line)
		for _, f := range line.Flags {
			row.Flags = append(row.Flags, sentence(f.Words))
		}
		if line.Question.Revision != latest.Revision {
			row.State = "changed since; below is the text it was reported of"
		}
	}
	for i := range r.Reports {
		row.Reports = append(row.Reports, reportRow(c, &r.Reports[i], latest.Revision, names, q, row.Edit != "" && !r.Retired))
	}
	return row, nil
}

func reportRow(c *gin.Context, r *authoring.Report, shown string, names map[account.PersonID]string, q queue, retire bool) page.ReportRow {
	row := page.ReportRow{
		ID: strconv.FormatInt(r.ID, 10), When: dayOf(c, r.At), Text: r.Text,
		Answer: r.Answer, Note: r.Note, Retire: retire, Back: q.address(),
	}
	if r.Revision != shown {
		row.Wording = "of another text than the one shown"
	}
	by := func(at time.Time, id account.PersonID) string {
		if name := names[id]; name != "" {
			return dayOf(c, at) + ", by " + name
		}
		return dayOf(c, at)
	}
	if !r.Answered.IsZero() {
		row.Answered = by(r.Answered, r.AnsweredBy)
	}
	if !r.Resolved.IsZero() {
		row.Resolved = by(r.Resolved, r.ResolvedBy)
	}
	return row
}

// changeProblem does about a report what the button says.
func (h *Handler) changeProblem(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.NotFound("There is no such report, or its question isn't yours to look after.")
	}
	ctx, a, text := c.Request.Context(), actor(p), c.PostForm("text")
	done := ""
	switch c.PostForm("do") {
	case "answer":
		done, err = "report-answered", h.Authoring.AnswerReport(ctx, a, h.Reports, id, text)
	case "resolve":
		done, err = "report-resolved", h.resolve(ctx, a, id, text, c.PostForm("note"))
	case "reopen":
		done, err = "report-reopened", h.Authoring.ReopenReport(ctx, a, h.Reports, id)
	case "retire":
		done, err = "questions-retired", h.Authoring.RetireReported(ctx, a, h.Reports, id)
	default:
		// Only whoever may act on the report is told what is missing.
		if _, err = h.Authoring.Report(ctx, a, h.Reports, id); err == nil {
			err = fault.Invalid("Choose what to do about the report. Nothing was changed.")
		}
	}
	back := httpx.LocalPath(c.PostForm("back"), "/problems")
	if err != nil {
		if fault.KindOf(err) != fault.KindInvalid && fault.KindOf(err) != fault.KindConflict {
			return err
		}
		return again(err, func(status int, message string) error { return h.problemsAgain(c, status, p, back, message) })
	}
	return seeOther(c, "/problems?"+doneIn(back, done))
}

// doneIn is the query of the queue to come back to, with what was done.
func doneIn(back, done string) string {
	values := url.Values{}
	if at, err := url.Parse(back); err == nil {
		values = readQueue(at.Query()).values()
	}
	values.Set("done", done)
	return values.Encode()
}

// resolve marks a report as done with; an answer that was typed and not sent yet
// is sent with it.
func (h *Handler) resolve(ctx context.Context, a authoring.Actor, id int64, text, note string) error {
	if strings.TrimSpace(text) != "" {
		if err := h.Authoring.AnswerReport(ctx, a, h.Reports, id, text); err != nil {
			return err
		}
	}
	return h.Authoring.ResolveReport(ctx, a, h.Reports, id, note)
}

// problemsAgain shows the queue once more with what was typed.
func (h *Handler) problemsAgain(c *gin.Context, status int, p *account.Person, back, message string) error {
	var q queue
	if at, err := url.Parse(back); err == nil {
		q = readQueue(at.Query())
	}
	id := c.Param("id")
	return h.showProblems(c, status, p, q, func(view *page.Problems) {
		view.Problem = message
		for i := range view.Rows {
			for j := range view.Rows[i].Reports {
				if r := &view.Rows[i].Reports[j]; r.ID == id {
					r.Typed, r.Note = c.PostForm("text"), cmp.Or(c.PostForm("note"), r.Note)
				}
			}
		}
	})
}

// answeredShown is how many answered reports the front page shows, and for how
// long after the answer.
const (
	answeredShown = 3
	answeredFor   = 30 * 24 * time.Hour
)

// answeredReports are the answers lately given to what a person reported.
func (h *Handler) answeredReports(c *gin.Context, p *account.Person) ([]page.OwnReport, error) {
	reports, err := h.Reports.ReportsBy(c.Request.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	var list []page.OwnReport
	for i := range reports {
		r := &reports[i]
		if r.Answered.IsZero() || h.Now().Sub(r.Answered) > answeredFor || len(list) == answeredShown {
			break // the latest answered come first
		}
		own := ownReport(c, r)
		q, err := h.Reports.KeptQuestion(c.Request.Context(), r.Question, r.Revision)
		switch {
		case err == nil:
			own.Question = h.Text.Inline(q.Ask)
		case fault.KindOf(err) != fault.KindNotFound:
			return nil, err
		}
		list = append(list, own)
	}
	return list, nil
}

// ownReportsOn are what a person reported of each question, with the answers.
func (h *Handler) ownReportsOn(c *gin.Context, p account.PersonID) (map[exam.QuestionID][]page.OwnReport, error) {
	reports, err := h.Reports.ReportsBy(c.Request.Context(), p)
	if err != nil {
		return nil, err
	}
	by := map[exam.QuestionID][]page.OwnReport{}
	for i := range reports {
		by[reports[i].Question] = append(by[reports[i].Question], ownReport(c, &reports[i]))
	}
	return by, nil
}

func ownReport(c *gin.Context, r *authoring.Report) page.OwnReport {
	own := page.OwnReport{Text: r.Text, When: dayOf(c, r.At), Answer: r.Answer, Resolved: !r.Resolved.IsZero()}
	if !r.Answered.IsZero() {
		own.Answered = dayOf(c, r.Answered)
	}
	return own
}

// pageLinksBy is pageLinks for pages of another size.
func pageLinksBy(size, total, current int, address func(n int) string) []page.ReviewPart {
	pages := (total + size - 1) / size
	return pageLinks(pages*listedPerPage, current, address)
}
