package httpd

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/readiness"
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
	view := page.Home{Frame: h.frame(c, "Know where you stand", ""), Exams: len(snapshot.OfferedExams())}
	if view.Assigned, err = h.assignedHome(c); err != nil {
		return err
	}
	if view.Own, err = h.ownHome(c); err != nil {
		return err
	}
	if view.Own != nil {
		view.Title = "Where you stand"
		return render(c, http.StatusOK, web.Home(view))
	}
	view.Sample = sampleFigure()
	if builtin, ok := snapshot.Bank(exam.BuiltIn); ok {
		view.Questions = len(builtin.Questions)
	}
	return render(c, http.StatusOK, web.Home(view))
}

// ownHome is the front page of somebody who began a test or a plan before; nil for
// everybody else.
func (h *Handler) ownHome(c *gin.Context) (*page.OwnHome, error) {
	ctx, p := c.Request.Context(), httpx.Person(c)
	if p == nil {
		return nil, nil
	}
	sittings, err := h.Sittings.List(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	plan, err := h.homePlan(ctx, p)
	if err != nil || plan == nil && len(sittings) == 0 {
		return nil, err
	}
	schedule, err := h.Sittings.Schedule(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	now := h.Now()
	own := &page.OwnHome{Plan: plan, Due: *dueReview(&schedule, zoneOf(c)), Open: comeBack(sittings, now), Aside: setAsideNote(sittings), KeepIt: !p.SignedIn()}
	own.Due.Main = len(own.Open) == 0
	if err := h.addStanding(c, p, own, sittings); err != nil {
		return nil, err
	}
	if own.Answers, err = h.answeredReports(c, p); err != nil {
		return nil, err
	}
	own.Done, err = h.done(c, sittings)
	return own, err
}

// aimsShown is how many exams the front page draws; the report has all of them.
const aimsShown = 3

// aimedAt lists the exams that a person's latest tests were about, as many as the
// front page draws; nil for somebody who never chose one. It takes sittings with
// the latest first.
func aimedAt(sittings []sitting.Sitting) []exam.Code {
	var aims []exam.Code
	for i := range sittings {
		if sittings[i].Plan.Fit {
			continue
		}
		for _, code := range sittings[i].Plan.Targets {
			if len(aims) < aimsShown && !slices.Contains(aims, code) {
				aims = append(aims, code)
			}
		}
	}
	return aims
}

// addStanding says where somebody stands with the exams they aim at, and what
// would tell most next.
func (h *Handler) addStanding(c *gin.Context, p *account.Person, own *page.OwnHome, sittings []sitting.Sitting) error {
	aims, sentence := aimedAt(sittings), ""
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, nil, aims)
	if err != nil {
		return err
	}
	if standing.Answers == 0 {
		own.Sentence = unmeasured(sittings)
		if len(own.Open) == 0 {
			own.Step = &page.HomeStep{Text: "Twelve questions, about 20 minutes, give a first bearing.", Label: "Take the diagnostic", Address: "/diagnostic"}
		}
		return nil
	}
	if len(aims) == 0 { // whoever chose none is told which fits
		rec, err := h.recommended(c, p, standing)
		if err != nil {
			return err
		}
		aims, sentence = inFull(rec), rec.Sentence
		aims = aims[:min(len(aims), aimsShown)]
	}
	report, err := h.reportView(c, standing, aims)
	if err != nil {
		return err
	}
	own.Exams, own.Sentence = report.Exams, cmp.Or(sentence, report.Sentence)
	if own.Milestone, err = h.homeMilestone(c, p, aims); err != nil {
		return err
	}
	own.Evidence = fmt.Sprintf("Rests on %s.", plural(standing.Answers, "answer"))
	var reports []readiness.ExamReport
	for _, code := range aims {
		if e, ok := standing.Exam(code); ok && e.Offered {
			reports = append(reports, e)
		}
	}
	own.Step = nextStep(reports)
	return nil
}

// homeMilestone is the latest milestone of the exam that is planned for, or else of
// the first one aimed at.
func (h *Handler) homeMilestone(c *gin.Context, p *account.Person, aims []exam.Code) (*page.Link, error) {
	code, err := h.plannedExam(c.Request.Context(), p, aims...)
	if err != nil {
		return nil, err
	}
	return h.latestMilestone(c.Request.Context(), p, code, zoneOf(c))
}

// unmeasured says why there is no estimate yet.
func unmeasured(sittings []sitting.Sitting) string {
	for i := range sittings {
		if sittings[i].State.Open() && sittings[i].Seq > 0 {
			return "Nothing is measured yet. The answers of a diagnostic or an exam count once it has ended."
		}
	}
	return "Nothing is measured yet."
}

// firstVerdict is how many answers that bear on an exam its verdict takes.
const firstVerdict = 8

// nextStep is what would tell most about the exams aimed at: the first verdict
// on one that has none; else the domain that narrows the least settled chance of
// passing; where all is settled, an exam to sit or what helps most.
func nextStep(aims []readiness.ExamReport) *page.HomeStep {
	if len(aims) == 0 {
		return nil
	}
	var open *readiness.ExamReport
	for i := range aims {
		e := &aims[i]
		if e.Verdict == readiness.TooEarly {
			return &page.HomeStep{
				Text:  fmt.Sprintf("%s on %s would give a first verdict.", plural(max(1, firstVerdict-e.Answers), "more answer"), e.Code),
				Label: "Take the diagnostic for " + string(e.Code), Address: "/diagnostic?exam=" + queryEscape(string(e.Code)),
			}
		}
		if e.Narrow != "" && !settled(e) && (open == nil || fromEven(e) < fromEven(open)) {
			open = e
		}
	}
	if open != nil {
		return narrowing(open)
	}
	first := &aims[0]
	if first.PassRaw >= settledHigh {
		return &page.HomeStep{
			Text:  fmt.Sprintf("For %s more single questions would hardly change this. A whole exam with its clock tests what they can't: pace and stamina.", first.Code),
			Label: "Take a mock exam", Address: "/mock?exam=" + queryEscape(string(first.Code)),
		}
	}
	return &page.HomeStep{
		Text:  fmt.Sprintf("What raises the chance of passing %s most: questions from the domains that weigh much and where you are weakest.", first.Code),
		Label: fmt.Sprintf("Practise %d questions", usualPractice), Address: "/practice",
		Fields: practiceFields(sitting.Selection{Exam: first.Code, Source: sitting.FromHelpful}),
	}
}

// settled reports whether the chance of passing is at an end of its scale.
func settled(e *readiness.ExamReport) bool {
	return e.PassRaw <= settledLow || e.PassRaw >= settledHigh
}

// fromEven is how far a chance of passing is from even, where least is settled.
func fromEven(e *readiness.ExamReport) float64 { return max(e.PassRaw-.5, .5-e.PassRaw) }

// narrowing is a practice of the domain that narrows an exam's estimate most.
func narrowing(e *readiness.ExamReport) *page.HomeStep {
	name := string(e.Narrow)
	for _, d := range e.Domains {
		if d.ID == e.Narrow {
			name = d.Name
		}
	}
	return &page.HomeStep{
		Text:    fmt.Sprintf("More answers on “%s” would narrow the chance of passing %s most.", name, e.Code),
		Label:   fmt.Sprintf("Practise %d questions on it", usualPractice),
		Address: "/practice",
		Fields:  practiceFields(sitting.Selection{Exam: e.Code, Domains: []exam.DomainID{e.Narrow}, Source: sitting.FromUnseen}),
	}
}

// practiceFields is a form that begins a practice of the usual length.
func practiceFields(sel sitting.Selection) []page.Field {
	return hiddenFields(fields(sel, usualPractice))
}

// setAsideNote says that beginning a practice ends the one that is open.
func setAsideNote(sittings []sitting.Sitting) string {
	for i := range sittings {
		if sittings[i].Mode == sitting.Practice && sittings[i].State.Open() {
			return "Beginning another practice or review ends the open one; its answers are kept."
		}
	}
	return ""
}

// comeBack is what somebody can go on with. Exams come first, since their clock
// runs; of the others the latest of a kind is enough. It takes sittings with the
// latest first.
func comeBack(sittings []sitting.Sitting, now time.Time) []page.Link {
	var exams, others []page.Link
	had := map[sitting.Mode]bool{}
	for i := range sittings {
		s := &sittings[i]
		switch {
		case over(s, now):
		case s.Mode == sitting.Mock:
			exams = append(exams, page.Link{
				Label: fmt.Sprintf("Go on with your %s mock exam", s.Form.Exam), Address: "/exams/" + string(s.ID), Note: runningWords(s, now),
			})
		case !had[s.Mode]:
			had[s.Mode] = true
			others = append(others, page.Link{
				Label: "Go on with your " + kinds[s.Mode], Address: "/sittings/" + string(s.ID),
				Note: fmt.Sprintf("%s %d of %d answered.", endStop(sittingTitle(s)), s.Seq, s.Plan.Length),
			})
		}
	}
	return append(exams, others...)
}

// runningWords says how long an exam goes on.
func runningWords(s *sitting.Sitting, now time.Time) string {
	if s.Form.Multiplier == sitting.Untimed || s.Form.Minutes == 0 {
		return "A mock exam without a clock. It waits for you."
	}
	return leftWords(*s, now) + ". The clock goes on while you are away."
}

// endStop ends a title as a sentence.
func endStop(title string) string {
	if strings.HasSuffix(title, "?") {
		return title
	}
	return title + "."
}

// over reports whether a sitting has ended, or an exam's time is up.
func over(s *sitting.Sitting, now time.Time) bool {
	return s.State.Ended() || s.Mode == sitting.Mock && !now.Before(s.Deadline)
}

// doneShown is how many ended tests of a kind the front page lists, and
// practicesShown how many the page that begins a practice does.
const (
	doneShown      = 3
	practicesShown = 10
)

// done lists the ended ones of a person's sittings in short by kind.
func (h *Handler) done(c *gin.Context, sittings []sitting.Sitting) ([]page.DoneGroup, error) {
	if len(sittings) == 0 {
		return nil, nil
	}
	tallies, err := h.Sittings.Tallies(c.Request.Context(), sittings[0].Person)
	if err != nil {
		return nil, err
	}
	var groups []page.DoneGroup
	for _, kind := range []struct {
		mode               sitting.Mode
		heading, all, more string
	}{
		{sitting.Mock, "Mock exams", "/mock", "All %d mock exams"},
		{sitting.Practice, "Practice", "/practice?past=all#past", "All %d practices"},
		{sitting.Diagnostic, "Diagnostics", "/readiness", "All %d diagnostics"},
	} {
		rows := h.doneRows(c, sittings, tallies, kind.mode)
		if len(rows) == 0 {
			continue
		}
		group := page.DoneGroup{Heading: kind.heading}
		for _, row := range rows[:min(len(rows), doneShown)] {
			notes := slices.DeleteFunc([]string{row.Date, row.What, row.Outcome}, func(note string) bool { return note == "" })
			group.Rows = append(group.Rows, page.Link{Label: row.Title, Address: row.Address, Note: strings.Join(notes, "; ")})
		}
		if len(rows) > doneShown {
			group.All = &page.Link{Label: fmt.Sprintf(kind.more, len(rows)), Address: kind.all}
		}
		groups = append(groups, group)
	}
	return groups, nil
}

// doneRows lists the ended sittings of a mode in which something was answered.
func (h *Handler) doneRows(c *gin.Context, sittings []sitting.Sitting, tallies map[sitting.ID]sitting.Tally, mode sitting.Mode) []page.DoneRow {
	var rows []page.DoneRow
	for i := range sittings {
		s := &sittings[i]
		if s.Mode != mode || !over(s, h.Now()) || s.Mode != sitting.Mock && s.Seq == 0 {
			continue
		}
		row := page.DoneRow{Title: sittingTitle(s), Address: endedAddress(s), Date: dayOf(c, s.Started)}
		if mode == sitting.Practice {
			row.What = practisedWords(s.Plan.Practice)
		}
		tally, told := tallies[s.ID]
		switch {
		case mode == sitting.Diagnostic: // its questions are chosen to be near even, so a share says nothing
			row.Outcome = plural(s.Seq, "answer")
		case told:
			row.Outcome = fmt.Sprintf("%d of %d right", tally.Right, tally.Of)
		}
		if mode != sitting.Mock && s.State == sitting.StateExpired {
			row.Outcome = strings.TrimPrefix(row.Outcome+", "+endedByItself, ", ")
		}
		if s.State.Ended() {
			row.Review = "/sittings/" + string(s.ID) + "/review"
		}
		rows = append(rows, row)
	}
	return rows
}

// practisedWords says which questions a practice asked for.
func practisedWords(sel *sitting.Selection) string {
	words := []string{map[sitting.Source]string{
		sitting.FromHelpful: "what helps most", sitting.FromUnseen: "unseen", sitting.FromMissed: "missed before",
		sitting.FromFlagged: "flagged", sitting.FromDue: "due for review",
	}[sel.Source]}
	for _, part := range []struct {
		n    int
		what string
	}{
		{len(sel.Domains), "domain"}, {len(sel.Skills), "skill"}, {len(sel.Types), "kind"}, {len(sel.Difficulties), "level of difficulty"},
	} {
		switch {
		case part.n > 1 && part.what == "level of difficulty":
			words = append(words, fmt.Sprintf("%d levels of difficulty", part.n))
		case part.n > 0:
			words = append(words, plural(part.n, part.what))
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// addPractices lists the ended practices of a person's sittings: the latest, or
// all where the address says so.
func (h *Handler) addPractices(c *gin.Context, view *page.PracticeStart, sittings []sitting.Sitting) error {
	if len(sittings) == 0 {
		return nil
	}
	tallies, err := h.Sittings.Tallies(c.Request.Context(), sittings[0].Person)
	if err != nil {
		return err
	}
	view.Past = h.doneRows(c, sittings, tallies, sitting.Practice)
	if n := len(view.Past); n > practicesShown && c.Query("past") != "all" {
		view.Past, view.PastMore = view.Past[:practicesShown], &page.Link{Label: fmt.Sprintf("All %d practices", n), Address: "/practice?past=all#past"}
	}
	return nil
}

// endedAddress is where it says how a sitting went.
func endedAddress(s *sitting.Sitting) string {
	pages := map[sitting.Mode]string{sitting.Diagnostic: "report", sitting.Practice: "practice", sitting.Mock: "result"}
	return "/sittings/" + string(s.ID) + "/" + pages[s.Mode]
}

// hiddenFields are values as a form sends them unseen, in a fixed order.
func hiddenFields(values url.Values) []page.Field {
	var list []page.Field
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			list = append(list, page.Field{Name: name, Value: value})
		}
	}
	return list
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
		Answered: s.Seq, Length: s.Plan.Length, Finished: s.State.Ended(),
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
