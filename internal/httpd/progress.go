package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/outcome"
	"sextant/internal/page"
	"sextant/internal/progress"
	"sextant/internal/recommend"
	"sextant/web"
)

// installProgress registers the pages of a person's progress.
func (h *Handler) installProgress(pages *gin.RouterGroup, wrap func(httpx.HandlerFunc) gin.HandlerFunc, begin gin.HandlerFunc) {
	pages.GET("/progress", wrap(h.progress))
	pages.POST("/progress/days", wrap(h.showDays))
	pages.POST("/progress/results", begin, wrap(h.tellResult))
	pages.POST("/progress/results/:id/withdraw", wrap(h.withdrawResult))
	pages.POST("/progress/results/:id/hold", wrap(h.holdResult))
}

func (h *Handler) progress(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		view := page.Progress{
			Frame:    h.frame(c, "Your progress", "readiness"),
			Sentence: "There is nothing to show yet: progress begins with your first answers. If you have an account, sign in to see it.",
			Telling:  page.Telling{Closed: true},
		}
		return render(c, http.StatusOK, web.Progress(view))
	}
	return h.showProgress(c, http.StatusOK, p, h.tellingForm(c, nil))
}

// showProgress shows the page with a form that may have come back.
func (h *Handler) showProgress(c *gin.Context, status int, p *account.Person, form page.Telling) error {
	ctx, zone := c.Request.Context(), zoneOf(c)
	code := exam.Code(c.Query("exam"))
	if code == "" {
		var err error
		if code, err = h.plannedExam(ctx, p); err != nil {
			return err
		}
	}
	found, err := h.Progress.Of(ctx, p.ID, code, zone)
	if err != nil {
		return err
	}
	view := page.Progress{
		Frame: h.frame(c, "Your progress", "readiness"), KeepIt: !p.SignedIn() && found.Answers > 0,
		Sentence: "There is nothing to show yet: progress begins with your first answers.",
		Telling:  form, DaysHidden: p.Settings.HideDays,
	}
	if view.Telling.Told, err = h.toldResults(ctx, p); err != nil {
		return err
	}
	if found.Answers > 0 {
		if err := h.fillProgress(ctx, &view, found, zone); err != nil {
			return err
		}
	}
	return render(c, status, web.Progress(view))
}

// plannedExam is the exam of a person's latest open plan that can be measured, or
// else the first such one of others; "" for none.
func (h *Handler) plannedExam(ctx context.Context, p *account.Person, others ...exam.Code) (exam.Code, error) {
	plans, err := h.openPlans(ctx, p)
	if err != nil {
		return "", err
	}
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	var codes []exam.Code
	for i := range plans {
		codes = append(codes, plans[i].Wish.Exam)
	}
	offered := snapshot.OfferedExams()
	for _, code := range append(codes, others...) {
		if slices.Contains(offered, code) {
			return code, nil
		}
	}
	return "", nil
}

func (h *Handler) fillProgress(ctx context.Context, view *page.Progress, found *progress.Progress, zone *time.Location) error {
	cert, ok := h.Catalogue.Certification(found.Exam)
	if !ok {
		return fault.NotFound("There is no certification %s.", found.Exam)
	}
	view.Code, view.Name = string(cert.Code), cert.Name
	for _, code := range found.Exams {
		view.Exams = append(view.Exams, h.examOption(code, code == found.Exam))
	}
	view.Sentence = progressSentence(found)
	notes, err := h.progressNotes(ctx, found, zone)
	if err != nil {
		return err
	}
	view.Notes = notes
	addBands(view, found.Points)
	view.Table = progressTable(found.Points)
	view.Milestones = milestoneLines(string(cert.Code), found)
	view.Said, view.SaidNote = saidLines(found.Said)
	view.Weeks, view.WeeksNote = weekLines(found.Weeks)
	if !view.DaysHidden {
		view.Days, view.DaysText = dayMarks(found.Days, progress.Day(h.Now(), zone))
	}
	return nil
}

func (h *Handler) examOption(code exam.Code, chosen bool) page.Option {
	o := page.Option{Value: string(code), Label: string(code), Chosen: chosen}
	if cert, ok := h.Catalogue.Certification(code); ok {
		o.Label += " · " + cert.Name
	}
	return o
}

// scoreWords is an expected score with its interval, in percent.
func scoreWords(estimate, low, high float64) string {
	return fmt.Sprintf("%.0f\u00a0%% (%.0f to %.0f)", estimate, low, high)
}

// progressSentence is the answer first: where somebody stands, where they stood, and
// whether the difference is more than chance.
func progressSentence(found *progress.Progress) string {
	n := len(found.Points)
	if n == 0 {
		return fmt.Sprintf("None of your answers bears on %s yet.", found.Exam)
	}
	last := &found.Points[n-1].Report
	now := fmt.Sprintf("Your expected score on %s is %s now; the pass mark is %s.", found.Exam,
		scoreWords(last.Overall.Estimate, last.Overall.Low, last.Overall.High), cutWords(last.CutPercent, last.CutResults))
	if n == 1 {
		return now + " The line begins here: it grows with every day on which you answer."
	}
	first := &found.Points[0]
	was := first.Report.Overall
	text := fmt.Sprintf("%s On %s it was %s", now, first.Day.Format(longDay), scoreWords(was.Estimate, was.Low, was.High))
	switch {
	case last.Overall.Low > was.High:
		return text + ": you rose by more than the estimates can be off."
	case last.Overall.High < was.Low:
		return text + ": it fell by more than the estimates can be off. Answers fade, so an exam left aside for long drifts back too."
	}
	return text + ". The two intervals overlap, so chance may be part of the difference."
}

func cutWords(percent float64, results int) string {
	if results > 0 {
		return fmt.Sprintf("%.0f\u00a0%%, refined from %s of real exams", percent, plural(results, "result"))
	}
	return fmt.Sprintf("assumed at %.0f\u00a0%%", percent)
}

// progressNotes say what the lines rest on.
func (h *Handler) progressNotes(ctx context.Context, found *progress.Progress, zone *time.Location) ([]string, error) {
	notes := []string{"Each point rests on what you had answered by the end of that day; bands are 90\u00a0% intervals, drawn on a scale from 20 to 100\u00a0%, since blind guessing alone gives about 20. Only the first answer to a question measures, and answers fade over about three months: a band widens while you rest."}
	if len(found.Points) >= progress.MaxPoints {
		notes = append(notes, fmt.Sprintf("You answered on more days than can be drawn, so these are %d of them, evenly chosen.", progress.MaxPoints))
	}
	if len(found.Earlier) == 0 {
		return notes, nil
	}
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	present := "authors' labels, since a calibration was undone"
	if v := snapshot.Parameters(); v.Number > 0 {
		present = fmt.Sprintf("version %d of the questions' parameters, in use since %s", v.Number, v.Made.In(zone).Format(longDay))
	}
	earlier := make([]string, len(found.Earlier))
	for i, v := range found.Earlier {
		earlier[i] = "version " + strconv.Itoa(v)
		if v == 0 {
			earlier[i] = "authors' labels"
		}
	}
	return append(notes, fmt.Sprintf("All points are worked out with %s, so that the line shows your change and not ours. Some of your tests were measured with %s, and said something slightly different at the time.", present, inWords(earlier))), nil
}

// runsOf cuts the points at which something is shown into stretches, in the places of
// a drawing.
func runsOf(points []progress.Point, at func(i int) (middle, low, high float64, shown bool), area bool) []page.BandRun {
	from, to := points[0].At, points[len(points)-1].At
	var runs []page.BandRun
	var upper, lower, line []string
	finish := func() {
		if len(line) == 0 {
			return
		}
		run := &runs[len(runs)-1]
		run.Line = strings.Join(line, " ")
		if area {
			slices.Reverse(lower)
			run.Area = strings.Join(append(upper, lower...), " ")
		}
		upper, lower, line = nil, nil, nil
	}
	for i := range points {
		middle, low, high, shown := at(i)
		if !shown {
			finish()
			continue
		}
		if len(line) == 0 {
			runs = append(runs, page.BandRun{})
		}
		x := 100.0
		if to.After(from) {
			x = 100 * float64(points[i].At.Sub(from)) / float64(to.Sub(from))
		}
		place := func(y float64) string { return fmt.Sprintf("%.2f,%.2f", x, 100-y) }
		upper, lower, line = append(upper, place(high)), append(lower, place(low)), append(line, place(middle))
		run := &runs[len(runs)-1]
		run.X, run.Y, run.Low, run.High, run.Last = x, 100-middle, 100-low, 100-high, i == len(points)-1
	}
	finish()
	return runs
}

// addBands draws the whole exam, the chance of passing, and every domain.
func addBands(view *page.Progress, points []progress.Point) {
	if len(points) == 0 {
		return
	}
	last := &points[len(points)-1].Report
	whole := intervalBand("Expected score", "the whole exam", points, func(i int) (page.Bar, bool) {
		r := points[i].Report.Overall
		return page.Bar{Estimate: r.Estimate, Low: r.Low, High: r.High}, true
	}, "")
	view.Figures = []page.Band{whole, chanceBand(points)}
	for d, domain := range last.Domains {
		view.Domains = append(view.Domains, intervalBand(domain.Name, fmt.Sprintf("weight %.0f\u00a0%%", 100*domain.Weight), points, func(i int) (page.Bar, bool) {
			one := points[i].Report.Domains[d]
			return page.Bar{Estimate: one.Interval.Estimate, Low: one.Interval.Low, High: one.Interval.High}, one.Shown
		}, domain.Missing))
	}
}

// lowestScore is where the scale of expected scores begins.
const lowestScore = 20

// scoreHeight is where an expected score lies on its scale, 0 at the bottom to 100.
func scoreHeight(percent float64) float64 {
	return max(0, 100*(percent-lowestScore)/(100-lowestScore))
}

// begun is the day at which a drawing begins; "" where there is only now.
func begun(points []progress.Point) string {
	if len(points) == 1 {
		return ""
	}
	return points[0].Day.Format(longDay)
}

func intervalBand(title, detail string, points []progress.Point, at func(i int) (page.Bar, bool), missing string) page.Band {
	cut := points[len(points)-1].Report.CutPercent
	b := page.Band{Title: title, Detail: detail, Cut: 100 - scoreHeight(cut), CutText: "pass mark"}
	b.From, b.To = begun(points), "now"
	b.Runs = runsOf(points, func(i int) (float64, float64, float64, bool) {
		bar, shown := at(i)
		return scoreHeight(bar.Estimate), scoreHeight(bar.Low), scoreHeight(bar.High), shown
	}, true)
	now, shown := at(len(points) - 1)
	if shown {
		now.Shown = true
		describe(&now, cut)
		b.Now, b.Side, b.SideText = now.Text, now.Side, now.SideText
	} else {
		b.SideText = missing
	}
	if len(b.Runs) == 0 {
		b.Missing, b.SideText = missing, ""
		return b
	}
	first := 0
	was, drawn := at(first)
	for !drawn {
		first++
		was, drawn = at(first)
	}
	b.Label = fmt.Sprintf("%s: %s on %s", title, scoreWords(was.Estimate, was.Low, was.High), points[first].Day.Format(longDay))
	if shown && first < len(points)-1 {
		b.Label += ", " + now.Text + " now"
	}
	b.Label += fmt.Sprintf("; the pass mark is %.0f\u00a0%%", cut)
	return b
}

// chanceBand draws the chance of passing, which has its uncertainty within.
func chanceBand(points []progress.Point) page.Band {
	b := page.Band{Title: "Chance of passing", Detail: "lines at 20, 50 and 80\u00a0%: getting there, likely, ready", Levels: []float64{80, 50, 20}}
	b.From, b.To = begun(points), "now"
	b.Runs = runsOf(points, func(i int) (float64, float64, float64, bool) {
		r := &points[i].Report
		return 100 * r.Pass, 0, 0, r.Answers >= firstVerdict
	}, false)
	last := &points[len(points)-1].Report
	if last.Answers < firstVerdict {
		b.Missing = fmt.Sprintf("%s on this exam would give a first verdict.", plural(firstVerdict-last.Answers, "more answer"))
		return b
	}
	b.Now, b.SideText = percentText(last.Pass), last.Verdict.Label()
	first := slices.IndexFunc(points, func(p progress.Point) bool { return p.Report.Answers >= firstVerdict })
	b.Label = fmt.Sprintf("Chance of passing: %s on %s, %s now", percentText(points[first].Report.Pass), points[first].Day.Format(longDay), b.Now)
	return b
}

func progressTable(points []progress.Point) page.ProgressTable {
	t := page.ProgressTable{Columns: []string{"Answers", "Chance of passing", "Whole exam"}}
	for i, p := range slices.Backward(points) {
		r := &p.Report
		row := page.ProgressRow{Day: p.Day.Format("2 Jan 2006"), Cells: []string{strconv.Itoa(r.Answers), "too early", scoreWords(r.Overall.Estimate, r.Overall.Low, r.Overall.High)}}
		if i == len(points)-1 {
			row.Day = "now"
		}
		if r.Answers >= firstVerdict {
			row.Cells[1] = percentText(r.Pass)
		}
		for _, d := range r.Domains {
			if i == len(points)-1 {
				t.Columns = append(t.Columns, d.Name)
			}
			cell := "too little known"
			if d.Shown {
				cell = scoreWords(d.Interval.Estimate, d.Interval.Low, d.Interval.High)
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// milestoneLines are the exam's milestones and those of all practice, the latest first.
func milestoneLines(code string, found *progress.Progress) []page.MilestoneLine {
	list := slices.Concat(found.Milestones, found.Beginnings)
	slices.SortStableFunc(list, func(a, b progress.Milestone) int { return b.Day.Compare(a.Day) })
	var lines []page.MilestoneLine
	for _, m := range list {
		line := page.MilestoneLine{Day: m.Day.Format(longDay), Text: milestoneWords(code, m)}
		if !m.Since.IsZero() {
			line.Lost = fmt.Sprintf("Since %s this doesn't hold any more: further answers, or time without any, moved the estimate back.", m.Since.Format(longDay))
		}
		lines = append(lines, line)
	}
	return lines
}

func milestoneWords(code string, m progress.Milestone) string {
	switch m.Kind {
	case progress.AtTheLine:
		return fmt.Sprintf("“%s” crossed the line: the middle of its interval reached the pass mark.", m.Name)
	case progress.BeyondTheLine:
		return fmt.Sprintf("“%s” is beyond the line with its whole interval.", m.Name)
	case progress.Verdict:
		return "A first verdict on " + code + "."
	case progress.LikelyPass:
		return "A pass of " + code + " became likely: a chance of at least 50\u00a0%."
	case progress.ReadyPass:
		return "Ready for " + code + ": a chance of passing above 80\u00a0%."
	case progress.Count:
		return fmt.Sprintf("%d answers in all.", m.N)
	case progress.FirstMock:
		return "The first mock exam."
	}
	return string(m.Kind)
}

// latestMilestone is what was reached last and still holds, of an exam ("" for the
// likeliest) and of all practice; nil where there is nothing yet.
func (h *Handler) latestMilestone(ctx context.Context, p *account.Person, code exam.Code, zone *time.Location) (*page.Link, error) {
	found, err := h.Progress.Of(ctx, p.ID, code, zone)
	if err != nil {
		return nil, err
	}
	var latest *progress.Milestone
	for _, m := range slices.Concat(found.Milestones, found.Beginnings) {
		if m.Since.IsZero() && (latest == nil || m.Day.After(latest.Day)) {
			latest = &m
		}
	}
	if latest == nil {
		return nil, nil
	}
	return &page.Link{
		Label: "Your progress", Address: "/progress?exam=" + queryEscape(string(found.Exam)),
		Note: fmt.Sprintf("Latest milestone, %s: %s", latest.Day.Format(longDay), lowerFirst(milestoneWords(string(found.Exam), *latest))),
	}, nil
}

// enoughSaid is how many answers it takes before anything is read into a share.
const enoughSaid = 10

// What counts as over- and underconfidence, as shares of right answers. Nobody is told
// what "sure" has to mean; these are ours: one in five wrong is more than most people
// mean by it, and three in four right more than they mean by "unsure".
const (
	sureAtLeast  = .80
	unsureAtMost = .75
)

var saidWords = map[string]string{"sure": "you said sure", "unsure": "you said unsure", "guess": "you said it was a guess"}

func saidLines(said []progress.Said) (lines []page.SaidLine, note string) {
	if !slices.ContainsFunc(said, func(s progress.Said) bool { return s.Of > 0 }) {
		return nil, ""
	}
	for _, s := range said {
		line := page.SaidLine{Said: string(s.Confidence), Shown: s.Of > 0, Estimate: 100 * s.Estimate, Low: 100 * s.Low, High: 100 * s.High}
		if s.Of == 0 {
			line.Text = fmt.Sprintf("You never said %s.", map[string]string{"sure": "sure", "unsure": "unsure", "guess": "it was a guess"}[line.Said])
			lines = append(lines, line)
			continue
		}
		line.Text = fmt.Sprintf("When %s, you were right %.0f\u00a0%% of the time (%.0f to %.0f, %s).", saidWords[line.Said], line.Estimate, line.Low, line.High, plural(s.Of, "answer"))
		if line.Said == "guess" && s.Chance > 0 {
			line.Chance = 100 * s.Chance
			line.Text += fmt.Sprintf(" Blind guessing at those questions would give %.0f\u00a0%%.", line.Chance)
		}
		line.Remark = saidRemark(s)
		lines = append(lines, line)
	}
	return lines, "From practice and review, where you can say how sure you are. Intervals are 90\u00a0%. It changes no estimate of your readiness."
}

// saidRemark reads a share, where it says something for certain.
func saidRemark(s progress.Said) string {
	switch {
	case s.Of < enoughSaid:
		return fmt.Sprintf("With %s more this begins to tell something.", plural(enoughSaid-s.Of, "answer"))
	case s.Confidence == "sure" && s.High < sureAtLeast:
		return "More than one in five of your sure answers was wrong. That is common, and worth knowing: before a sure answer, look once for the word in the question that would make another option right."
	case s.Confidence == "sure" && s.Low >= sureAtLeast:
		return "You can rely on being sure."
	case s.Confidence == "unsure" && s.Low > unsureAtMost:
		return "You know more than you dare say: most of what you doubt is right."
	case s.Confidence == "guess" && s.Chance > 0 && s.Low > s.Chance:
		return "Better than blind: what feels like a guess rests on something you know. Answer rather than leave a question open."
	case s.Confidence == "guess" && s.Chance > 0 && s.High < s.Chance:
		return "Worse than blind: something tempting draws you to wrong options. The reasons in the review say which."
	}
	return ""
}

func weekLines(weeks []progress.Week) (lines []page.WeekLine, note string) {
	most, total, spent := 1, 0, time.Duration(0)
	for i := range weeks {
		most = max(most, weeks[i].Total())
		total += weeks[i].Total()
		spent += weeks[i].Spent
	}
	begun := slices.IndexFunc(weeks, func(w progress.Week) bool { return w.Total() > 0 })
	if begun < 0 {
		begun = len(weeks) - 1
	}
	for i := len(weeks) - 1; i >= begun; i-- {
		w := &weeks[i]
		lines = append(lines, page.WeekLine{
			Week: w.From.Format("2 Jan"), Diagnostic: w.Answers["diagnostic"], Practice: w.Answers["practice"], Mock: w.Answers["mock"],
			Spent: inViewWords(w.Spent), Share: 100 * float64(w.Total()) / float64(most),
		})
	}
	return lines, fmt.Sprintf("%s in the last %d weeks, with questions in view for %s; of one question ten minutes count at most. Tests still open count once they end.",
		plural(total, "answer"), progress.Weeks, inViewWords(spent))
}

func inViewWords(d time.Duration) string {
	minutes := int(d.Round(time.Minute).Minutes())
	if minutes < 60 {
		return fmt.Sprintf("%d\u00a0min", minutes)
	}
	return fmt.Sprintf("%d\u00a0h %d\u00a0min", minutes/60, minutes%60)
}

func dayMarks(days [progress.Days]int, today time.Time) (marks []page.DayMark, text string) {
	on := 0
	for i, n := range days {
		day := today.AddDate(0, 0, i-progress.Days+1)
		marks = append(marks, page.DayMark{Label: day.Format("2 January") + ": " + plural(n, "answer"), On: n > 0})
		if n > 0 {
			on++
		}
	}
	return marks, fmt.Sprintf("You answered on %d of the last %d days. Spread over days, the same practice stays longer in mind; days off are part of it.", on, progress.Days)
}

// showDays turns the strip of days on or off.
func (h *Handler) showDays(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	settings := p.Settings
	switch c.PostForm("do") {
	case "hide":
		settings.HideDays = true
	case "show":
		settings.HideDays = false
	default:
		return fault.Invalid("The days can be shown or hidden. Nothing was changed.")
	}
	if err := h.Accounts.SaveSettings(c.Request.Context(), p.ID, settings); err != nil {
		return err
	}
	return seeOther(c, "/progress#practised")
}

// tellingForm is the form for a real exam's result, as it was sent or, with nil, empty.
func (h *Handler) tellingForm(c *gin.Context, sent *gin.Context) page.Telling {
	form := page.Telling{Today: h.Now().In(zoneOf(c)).Format(time.DateOnly), Open: sent != nil || c.Query("tell") != ""}
	chosen := exam.Code(c.Query("tell"))
	if sent != nil {
		chosen = exam.Code(sent.PostForm("exam"))
		form.Taken, form.Outcome, form.Score = sent.PostForm("taken"), sent.PostForm("outcome"), sent.PostForm("score")
	}
	for i := range h.Catalogue.Certifications {
		code := h.Catalogue.Certifications[i].Code
		form.Exams = append(form.Exams, h.examOption(code, code == chosen))
	}
	return form
}

func (h *Handler) tellResult(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	telling, err := readTelling(c)
	if err == nil {
		_, err = h.Progress.Tell(c.Request.Context(), p.ID, telling, zoneOf(c))
	}
	if err != nil {
		return again(err, func(status int, message string) error {
			form := h.tellingForm(c, c)
			form.Problem = message
			return h.showProgress(c, status, p, form)
		})
	}
	return seeOther(c, "/progress?done=result-told#real-exam")
}

func readTelling(c *gin.Context) (progress.Telling, error) {
	t := progress.Telling{Exam: exam.Code(c.PostForm("exam"))}
	if t.Exam == "" {
		return t, fault.Invalid("Choose which exam you sat.")
	}
	var err error
	if t.Taken, err = time.Parse(time.DateOnly, strings.TrimSpace(c.PostForm("taken"))); err != nil {
		return t, fault.Invalid("Give the day on which you sat the exam as year, month and day, such as 2026-05-31.")
	}
	switch c.PostForm("outcome") {
	case "passed":
		t.Passed = true
	case "failed":
	default:
		return t, fault.Invalid("Say whether you passed.")
	}
	if score := strings.TrimSpace(c.PostForm("score")); score != "" {
		if t.Score, err = strconv.Atoi(score); err != nil || t.Score <= 0 {
			return t, fault.Invalid("The score is a whole number, such as 742; or leave it empty.")
		}
	}
	return t, nil
}

func (h *Handler) withdrawResult(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), outcome.ID(c.Param("id"))
	r, err := h.Progress.Result(ctx, p.ID, id)
	if err != nil {
		return err
	}
	situation, err := h.Profiles.Profile(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := h.Progress.Withdraw(ctx, p.ID, id); err != nil {
		return err
	}
	done := "result-withdrawn"
	if r.Passed && slices.Contains(situation.Held, r.Exam) {
		done = "result-withdrawn-held"
	}
	return seeOther(c, "/progress?done="+done+"#real-exam")
}

// holdResult adds what was passed to the certifications held, with its day.
func (h *Handler) holdResult(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	r, err := h.Progress.Result(ctx, p.ID, outcome.ID(c.Param("id")))
	if err != nil {
		return err
	}
	if !r.Passed {
		return fault.Invalid("Only what was passed can be held. Nothing was changed.")
	}
	situation, err := h.Profiles.Profile(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := h.Profiles.SaveProfile(ctx, p.ID, holding(situation, r)); err != nil {
		return err
	}
	return seeOther(c, "/progress?done=result-held#real-exam")
}

// holding is a situation in which a passed exam's certification is held since that day.
func holding(s recommend.Situation, r *outcome.Result) recommend.Situation {
	if !slices.Contains(s.Held, r.Exam) {
		s.Held = append(slices.Clone(s.Held), r.Exam)
	}
	since := map[exam.Code]time.Time{r.Exam: r.Taken}
	for code, day := range s.HeldSince {
		if code != r.Exam {
			since[code] = day
		}
	}
	s.HeldSince = since
	return s
}

// toldResults lists what a person told, with what was expected of it.
func (h *Handler) toldResults(ctx context.Context, p *account.Person) ([]page.ToldResult, error) {
	list, err := h.Progress.Results(ctx, p.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	situation, err := h.Profiles.Profile(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	var told []page.ToldResult
	for i := range list {
		r := &list[i]
		row := page.ToldResult{
			ID: string(r.ID), Code: string(r.Exam), Day: r.Taken.Format(longDay), Passed: r.Passed, Expected: expectedWords(r),
			Held: r.Passed && slices.Contains(situation.Held, r.Exam),
		}
		row.MayHold = r.Passed && !row.Held
		if cert, ok := h.Catalogue.Certification(r.Exam); ok {
			row.Name = cert.Name
			row.Score = toldScore(cert, r.Score)
		}
		told = append(told, row)
	}
	return told, nil
}

func toldScore(cert *catalogue.Certification, score int) string {
	if score == 0 {
		return ""
	}
	return fmt.Sprintf("%d, where %d passes", score, cert.Pass.Score)
}

// expectedWords says what was expected the evening before, and whether it came true.
func expectedWords(r *outcome.Result) string {
	e := &r.Expected
	if !r.Judgeable() {
		return fmt.Sprintf("By the evening before you had given %s that bear on it: too few for an expectation, so it is kept for you alone and counts nowhere.", plural(e.Answers, "answer"))
	}
	text := fmt.Sprintf("The evening before, after %s, we put the chance of passing at %s.", plural(e.Answers, "answer"), percentText(max(.05, min(.95, e.Pass))))
	switch {
	case r.Passed && e.Pass < .5:
		return text + " You did better than we expected."
	case !r.Passed && e.Pass >= .5:
		return text + " We were too hopeful, or it was one of the times in between."
	}
	return text
}
