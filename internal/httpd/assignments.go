package httpd

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/classroom"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

// moment is how a day and time of a class are told, and momentField how a form's
// field has them.
const (
	moment      = "Mon 2 January 2006, 15:04"
	momentField = "2006-01-02T15:04"
)

// momentIn tells a moment in a class's time zone, and names the zone.
func momentIn(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(moment) + " (" + zone.String() + ")"
}

func taskWords(a *classroom.Assignment) string {
	switch a.Kind {
	case sitting.Practice:
		return fmt.Sprintf("Practice for %s, %s", a.Task.Exam, plural(a.Task.Length, "question"))
	case sitting.Mock:
		if a.Task.Form != nil {
			return fmt.Sprintf("Mock exam %s, the same questions for everybody", a.Task.Exam)
		}
		return fmt.Sprintf("Mock exam %s, a form of their own for everybody", a.Task.Exam)
	case sitting.Diagnostic:
	}
	return fmt.Sprintf("Diagnostic for %s, %s", a.Task.Exam, plural(a.Task.Length, "question"))
}

func assignmentAddress(a *classroom.Assignment) string {
	return classAddress(a.Class) + "/assignments/" + string(a.ID)
}

// dutyRow is an assignment in a learner's list.
func dutyRow(t *classroom.Duty) page.AssignmentRow {
	zone := t.Of.Location()
	row := page.AssignmentRow{
		Title: t.Title, Address: assignmentAddress(&t.Assignment), Class: t.Of.Title, What: taskWords(&t.Assignment), Due: "due " + momentIn(t.Due, zone), Late: t.Late && !t.Done(),
	}
	switch {
	case t.Done():
		row.State = "finished"
		if t.Late {
			row.State = "finished late"
		}
	case t.Sitting != nil:
		row.State = fmt.Sprintf("under way, %d of %d answered", t.Sitting.Seq, t.Sitting.Plan.Length)
		row.Go, row.GoLabel = "/sittings/"+string(t.Sitting.ID), "Go on"
		if t.Sitting.Mode == sitting.Mock {
			row.State = "under way"
		}
	case t.Phase == classroom.Upcoming:
		row.State = "opens " + momentIn(t.Opens, zone)
	case t.Phase == classroom.Closed:
		row.State = "closed " + momentIn(t.Closes, zone)
	default:
		row.State, row.Begin = "not begun", row.Address+"/begin"
		if t.Phase == classroom.Overdue {
			row.State = "past due, can still be begun"
		}
	}
	return row
}

// dueShown is how many assignments the front page lists.
const dueShown = 5

// assignedHome lists what somebody's classes want of them, for the front page.
func (h *Handler) assignedHome(c *gin.Context) ([]page.AssignmentRow, error) {
	p := httpx.Person(c)
	if !p.SignedIn() {
		return nil, nil
	}
	duties, err := h.Classes.Duties(c.Request.Context(), p)
	if err != nil {
		return nil, err
	}
	var rows []page.AssignmentRow
	for i := range duties {
		t := &duties[i]
		if t.Done() || t.Sitting == nil && (t.Phase == classroom.Upcoming || t.Phase == classroom.Closed) {
			continue
		}
		if len(rows) < dueShown {
			rows = append(rows, dutyRow(t))
		}
	}
	return rows, nil
}

func (h *Handler) assignments(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	list, err := h.Classes.Assignments(c.Request.Context(), p, class.ID)
	if err != nil {
		return err
	}
	view := page.ClassAssignments{Frame: h.frame(c, "Assignments of "+class.Title, "classes"), Head: classHead(class, "assignments")}
	for i := range list {
		_, _, results, err := h.Classes.Results(c.Request.Context(), p, class.ID, list[i].ID)
		if err != nil {
			return err
		}
		view.Rows = append(view.Rows, page.AssignmentRow{
			Title: list[i].Title, Address: assignmentAddress(&list[i]), What: taskWords(&list[i]),
			Due: momentIn(list[i].Due, class.Location()), State: resultSummary(&list[i], results, h.Now()),
		})
	}
	return render(c, http.StatusOK, web.ClassAssignments(view))
}

// resultSummary says in a sentence how far a class is with an assignment.
func resultSummary(a *classroom.Assignment, results []classroom.Result, now time.Time) string {
	var begun, done, late int
	for i := range results {
		r := &results[i]
		switch {
		case r.Work == nil:
		case r.State.Ended():
			done++
		default:
			begun++
		}
		if r.Late {
			late++
		}
	}
	words := []string{fmt.Sprintf("%d of %d finished", done, len(results))}
	if begun > 0 {
		words = append(words, fmt.Sprintf("%d under way", begun))
	}
	if late > 0 {
		words = append(words, fmt.Sprintf("%d late", late))
	}
	switch a.Phase(now) {
	case classroom.Upcoming:
		words = []string{"not open yet"}
	case classroom.Closed:
		words = append(words, "closed")
	case classroom.Current, classroom.Overdue:
	}
	return strings.Join(words, ", ")
}

func (h *Handler) assignmentForm(c *gin.Context) error {
	_, class, err := h.taught(c)
	if err != nil {
		return err
	}
	now := h.Now().In(class.Location())
	due := time.Date(now.Year(), now.Month(), now.Day()+7, 23, 59, 0, 0, class.Location())
	kind := sitting.Mode(c.Query("kind"))
	if !slices.Contains([]sitting.Mode{sitting.Diagnostic, sitting.Practice, sitting.Mock}, kind) {
		kind = sitting.Diagnostic
	}
	a := classroom.Assignment{
		Class: class.ID, Kind: kind, Opens: now, Due: due,
		Task: classroom.Task{Exam: chosenExam(c, class), Length: sitting.Lengths()[0], Practice: &sitting.Selection{Source: sitting.FromHelpful}},
	}
	return h.showAssignmentForm(c, http.StatusOK, class, &a, true, "")
}

func (h *Handler) showAssignmentForm(c *gin.Context, status int, class *classroom.Class, a *classroom.Assignment, oneForm bool, problem string) error {
	zone := class.Location()
	view := page.AssignmentForm{
		Frame: h.frame(c, "Assign something", "classes"), Head: classHead(class, "assignments"), Problem: problem,
		Title: a.Title, Note: a.Note, Kind: string(a.Kind), OneForm: oneForm, Zone: zone.String(),
		Opens: fieldMoment(a.Opens, zone), Due: fieldMoment(a.Due, zone), Closes: fieldMoment(a.Closes, zone),
	}
	sel := a.Task.Practice
	if sel == nil {
		sel = &sitting.Selection{Source: sitting.FromHelpful}
	}
	for _, code := range class.Exams {
		cert, ok := h.Catalogue.Certification(code)
		if !ok {
			continue
		}
		view.Exams = append(view.Exams, page.Option{Value: string(code), Label: string(code) + " " + cert.Name, Chosen: code == a.Task.Exam})
		group := page.SkillGroup{Name: string(code)}
		for _, d := range cert.Domains {
			group.Skills = append(group.Skills, page.Option{
				Value: string(code) + "/" + string(d.ID), Label: fmt.Sprintf("%s (%.0f\u00a0%%)", d.Name, 100*d.Weight),
				Chosen: code == a.Task.Exam && slices.Contains(sel.Domains, d.ID),
			})
		}
		view.Domains = append(view.Domains, group)
	}
	for _, n := range sitting.Lengths() {
		view.Lengths = append(view.Lengths, page.Option{Value: strconv.Itoa(n), Label: lengthLabel(n), Chosen: n == a.Task.Length})
	}
	usual := !slices.Contains(sitting.PracticeLengths(), a.Task.Length)
	for _, n := range sitting.PracticeLengths() {
		view.PracticeLengths = append(view.PracticeLengths, page.Option{Value: strconv.Itoa(n), Label: plural(n, "question"), Chosen: n == a.Task.Length || usual && n == usualPractice})
	}
	view.Sources = []page.Option{
		{Value: string(sitting.FromHelpful), Label: "What helps each learner most: unseen questions first", Chosen: sel.Source != sitting.FromUnseen},
		{Value: string(sitting.FromUnseen), Label: "Unseen questions only", Chosen: sel.Source == sitting.FromUnseen},
	}
	view.Skills = h.examinedSkills(class, sel)
	banks, err := h.bankChoices(c.Request.Context(), class, sel)
	if err != nil {
		return err
	}
	view.Banks = banks
	return render(c, status, web.AssignmentForm(view))
}

// examinedSkills are the skills that a class's exams examine.
func (h *Handler) examinedSkills(class *classroom.Class, sel *sitting.Selection) []page.SkillGroup {
	examined := map[exam.SkillID]bool{}
	for _, code := range class.Exams {
		cert, ok := h.Catalogue.Certification(code)
		if !ok {
			continue
		}
		for i := range cert.Domains {
			for _, skill := range cert.Domains[i].Skills() {
				examined[skill] = true
			}
		}
	}
	var groups []page.SkillGroup
	for _, skill := range h.Catalogue.Skills {
		if !examined[skill.ID] {
			continue
		}
		name := groupName(skill)
		if n := len(groups); n == 0 || groups[n-1].Name != name {
			groups = append(groups, page.SkillGroup{Name: name})
		}
		group := &groups[len(groups)-1]
		group.Skills = append(group.Skills, page.Option{Value: string(skill.ID), Label: skill.Name, Chosen: slices.Contains(sel.Skills, skill.ID)})
	}
	return groups
}

// bankChoices are the banks that an assigned practice can draw from.
func (h *Handler) bankChoices(ctx context.Context, class *classroom.Class, sel *sitting.Selection) ([]page.Option, error) {
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	choices := []page.Option{{Label: "The banks that count towards readiness", Chosen: len(sel.Banks) == 0}}
	for _, id := range class.BankIDs() {
		if e, ok := snapshot.Bank(id); ok && e.Visibility == authoring.ForClass {
			choices = append(choices, page.Option{Value: string(id), Label: e.Title + ", whatever it asks", Chosen: slices.Contains(sel.Banks, id)})
		}
	}
	return choices, nil
}

func fieldMoment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(momentField)
}

// readMoment reads a day and time of a form in a class's time zone; "" is none.
func readMoment(text, what string, zone *time.Location) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{momentField, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fault.Invalid("%s %q can't be read. Write it as 2026-12-01 18:30.", what, text)
}

// readWindow reads when an assignment can be begun and is due.
func readWindow(c *gin.Context, zone *time.Location) (opens, due, closes time.Time, err error) {
	if opens, err = readMoment(c.PostForm("opens"), "The opening", zone); err != nil {
		return opens, due, closes, err
	}
	if due, err = readMoment(c.PostForm("due"), "The due date", zone); err != nil {
		return opens, due, closes, err
	}
	closes, err = readMoment(c.PostForm("closes"), "The close", zone)
	return opens, due, closes, err
}

// readAssignment takes an assignment from its form.
func (h *Handler) readAssignment(c *gin.Context, class *classroom.Class) (a classroom.Assignment, err error) {
	a = classroom.Assignment{
		Class: class.ID, Title: c.PostForm("title"), Note: c.PostForm("note"), Kind: sitting.Mode(c.PostForm("kind")),
		Task: classroom.Task{Exam: exam.Code(c.PostForm("exam"))},
	}
	switch a.Kind {
	case sitting.Diagnostic:
		a.Task.Length, _ = strconv.Atoi(c.PostForm("length")) // 0 is refused with words
	case sitting.Practice:
		a.Task.Length, _ = strconv.Atoi(c.PostForm("questions"))
		a.Task.Practice = h.readSet(c, a.Task.Exam)
	case sitting.Mock:
	}
	if strings.TrimSpace(a.Title) == "" && a.Kind != "" {
		a.Title = defaultTitle(&a)
	}
	a.Opens, a.Due, a.Closes, err = readWindow(c, class.Location())
	return a, err
}

// defaultTitle is what an assignment without a title is called.
func defaultTitle(a *classroom.Assignment) string {
	kind := kinds[a.Kind]
	if kind == "" {
		return ""
	}
	return strings.ToUpper(kind[:1]) + kind[1:] + " " + string(a.Task.Exam)
}

// readSet reads which questions a practice set has. One from a class's own bank
// draws from all of it, also from questions without labels.
func (h *Handler) readSet(c *gin.Context, code exam.Code) *sitting.Selection {
	if bank := c.PostForm("bank"); bank != "" {
		return &sitting.Selection{Banks: []exam.BankID{exam.BankID(bank)}, Source: sitting.FromUnseen}
	}
	sel := h.readSelection(func(name string) []string {
		if name != "domain" {
			return c.PostFormArray(name)
		}
		var own []string
		for _, text := range c.PostFormArray("domain") {
			if d, ok := strings.CutPrefix(text, string(code)+"/"); ok {
				own = append(own, d)
			}
		}
		return own
	})
	sel.Exam, sel.Types, sel.Difficulties, sel.Banks = code, nil, nil, nil
	sel.Source = cmp.Or(sel.Source, sitting.FromHelpful)
	return &sel
}

func (h *Handler) assign(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	a, err := h.readAssignment(c, class)
	oneForm := c.PostForm("form") != "own"
	var made *classroom.Assignment
	if err == nil {
		made, err = h.Classes.Assign(c.Request.Context(), p, a, oneForm)
	}
	if err != nil {
		return again(err, func(status int, message string) error {
			return h.showAssignmentForm(c, status, class, &a, oneForm, message)
		})
	}
	return seeOther(c, withDone(assignmentAddress(made), "assigned"))
}

func assignmentID(c *gin.Context) classroom.AssignmentID {
	return classroom.AssignmentID(c.Param("assignment"))
}

// assignment is an assignment: its results for those who teach the class, and what
// is to be done for those who are in it.
func (h *Handler) assignment(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	_, err = h.Classes.Taught(c.Request.Context(), p, classID(c))
	switch {
	case err == nil:
		return h.showResults(c, http.StatusOK, p, "")
	case fault.KindOf(err) == fault.KindNotFound:
		return h.showTask(c, http.StatusOK, p, "")
	}
	return err
}

func (h *Handler) showResults(c *gin.Context, status int, p *account.Person, problem string) error {
	class, a, results, err := h.Classes.Results(c.Request.Context(), p, classID(c), assignmentID(c))
	if err != nil {
		return err
	}
	zone := class.Location()
	view := page.AssignmentPage{
		Frame: h.frame(c, a.Title, "classes"), Head: classHead(class, "assignments"), ID: string(a.ID), Problem: problem, Title: a.Title, Note: a.Note, What: taskWords(a),
		Window: windowWords(a, zone), Summary: resultSummary(a, results, h.Now()), ScoreHead: scoreHead(a), Zone: zone.String(),
		Opens: fieldMoment(a.Opens, zone), Due: fieldMoment(a.Due, zone), Closes: fieldMoment(a.Closes, zone), CSV: assignmentAddress(a) + "/results.csv",
	}
	for i := range results {
		view.Rows = append(view.Rows, resultRow(&results[i], zone))
	}
	return render(c, status, web.AssignmentPage(view))
}

func windowWords(a *classroom.Assignment, zone *time.Location) string {
	text := "Opens " + a.Opens.In(zone).Format(moment) + "; due " + a.Due.In(zone).Format(moment)
	if a.Closes.IsZero() {
		return text + " (" + zone.String() + "). It can be begun after that, and is marked late."
	}
	return text + "; closes " + a.Closes.In(zone).Format(moment) + " (" + zone.String() + ")."
}

// scoreHead says what an assignment's scores are.
func scoreHead(a *classroom.Assignment) string {
	if a.Kind == sitting.Diagnostic {
		return "Expected score on the exam, 90 % interval"
	}
	return "Share right, 90 % interval"
}

func resultRow(r *classroom.Result, zone *time.Location) page.ResultRow {
	row := page.ResultRow{Name: r.Name, Email: r.Email, State: "not begun"}
	if r.Late {
		row.Late = "past due"
	}
	if r.Work == nil {
		return row
	}
	row.Progress = fmt.Sprintf("%d of %d answered", r.Answered, r.Of)
	if r.State.Open() {
		row.State = "under way"
		return row
	}
	row.State, row.Finished = "finished", r.Finished.In(zone).Format(moment)
	if r.Late {
		row.Late = "late"
	}
	if s := r.Score; s != nil {
		row.Score = fmt.Sprintf("%.0f\u00a0%% (%.0f to %.0f)", s.Estimate, s.Low, s.High)
		if s.Counted > 0 {
			row.Score += fmt.Sprintf(", %d of %d right", s.Right, s.Counted)
		}
	}
	return row
}

// resultsCSV is an assignment's results as a table for a spreadsheet.
func (h *Handler) resultsCSV(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	class, a, results, err := h.Classes.Results(c.Request.Context(), p, classID(c), assignmentID(c))
	if err != nil {
		return err
	}
	lines := [][]string{{"name", "email", "state", "late", "answered", "of", "finished", "score", "low", "high", "right", "counted"}}
	for i := range results {
		lines = append(lines, resultLine(&results[i], class.Location()))
	}
	return sendCSV(c, class.Title+" "+a.Title, lines)
}

func resultLine(r *classroom.Result, zone *time.Location) []string {
	line := []string{r.Name, r.Email, "not begun", strconv.FormatBool(r.Late), "", "", "", "", "", "", "", ""}
	if r.Work == nil {
		return line
	}
	line[2], line[4], line[5] = "under way", strconv.Itoa(r.Answered), strconv.Itoa(r.Of)
	if r.State.Ended() {
		line[2], line[6] = "finished", r.Finished.In(zone).Format("2006-01-02 15:04")
	}
	if s := r.Score; s != nil {
		copy(line[7:], figures(true, s.Interval))
		if s.Counted > 0 {
			line[10], line[11] = strconv.Itoa(s.Right), strconv.Itoa(s.Counted)
		}
	}
	return line
}

// sendCSV sends a table for a spreadsheet. What could be taken for a formula there
// is marked as text: names are whatever people call themselves.
func sendCSV(c *gin.Context, title string, lines [][]string) error {
	var out bytes.Buffer
	out.WriteString("\uFEFF") // spreadsheets guess the encoding by it
	w := csv.NewWriter(&out)
	for _, line := range lines {
		for i, cell := range line {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				line[i] = "'" + cell
			}
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="`+fileName(title)+`.csv"`)
	c.Data(http.StatusOK, "text/csv; charset=utf-8", out.Bytes())
	return nil
}

// fileName is a title as a file can be called everywhere.
func fileName(title string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, title)
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	return cmp.Or(strings.Trim(name, "-"), "class")
}

// showTask is an assignment for somebody who is to do it.
func (h *Handler) showTask(c *gin.Context, status int, p *account.Person, problem string) error {
	ctx := c.Request.Context()
	class, a, result, err := h.Classes.OwnResult(ctx, p, classID(c), assignmentID(c))
	if err != nil {
		return err
	}
	duties, err := h.Classes.Duties(ctx, p)
	if err != nil {
		return err
	}
	view := page.AssignmentTask{
		Frame: h.frame(c, a.Title, "classes"), ID: string(class.ID), Class: class.Title, Title: a.Title, Note: a.Note,
		Window: windowWords(a, class.Location()), Rules: taskRules(a, p), Problem: problem, ScoreHead: scoreHead(a),
	}
	view.Row = page.AssignmentRow{What: taskWords(a), State: "The class has ended."}
	for i := range duties {
		if duties[i].ID == a.ID {
			view.Row = dutyRow(&duties[i])
			if duties[i].Done() {
				view.Row.Go, view.Row.GoLabel = endedAddress(duties[i].Sitting), "See how it went"
			}
		}
	}
	if result.Work != nil {
		row := resultRow(result, class.Location())
		view.Result = &row
	} else {
		view.State = strings.ToUpper(view.Row.State[:1]) + strings.TrimSuffix(view.Row.State[1:], ".") + "."
	}
	return render(c, status, web.AssignmentTask(view))
}

// taskRules say what beginning an assignment means.
func taskRules(a *classroom.Assignment, p *account.Person) []string {
	rules := []string{"You do it once. Your instructors see whether you began, when you finished, and your score."}
	switch a.Kind {
	case sitting.Mock:
		rules = append(rules, "The clock starts when you begin, and goes on while you are away.")
		if words := multiplierWords(p.Settings.Multiplier()); words != "" {
			rules = append(rules, "Your setting holds here too: "+words+". It never makes your work late.")
		}
	case sitting.Practice:
		rules = append(rules, "You see the reasons at once. Another practice that is open ends; its answers are kept.")
	case sitting.Diagnostic:
		rules = append(rules, "There is no clock; you can stop and come back. The answers are shown at its end.")
	}
	return rules
}

// ownResults are the rows of a class's results that are somebody's own.
func (h *Handler) ownResults(c *gin.Context, p *account.Person, class *classroom.Class) ([]page.SharedResult, error) {
	assignments, own, err := h.Classes.OwnResults(c.Request.Context(), p, class.ID)
	if err != nil {
		return nil, err
	}
	results := make([]page.SharedResult, len(own))
	for i := range own {
		results[i] = page.SharedResult{Title: assignments[i].Title, ScoreHead: scoreHead(&assignments[i]), Row: resultRow(&own[i], class.Location())}
	}
	return results, nil
}

func (h *Handler) beginAssignment(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	s, err := h.Classes.Begin(c.Request.Context(), p, classID(c), assignmentID(c))
	if err != nil {
		return again(err, func(status int, message string) error {
			if status == http.StatusNotFound {
				return err
			}
			return h.showTask(c, status, p, message)
		})
	}
	switch {
	case s.State.Ended():
		return seeOther(c, endedAddress(s))
	case s.Mode == sitting.Mock:
		return seeOther(c, "/exams/"+string(s.ID))
	}
	return seeOther(c, "/sittings/"+string(s.ID))
}

func (h *Handler) rescheduleAssignment(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	opens, due, closes, err := readWindow(c, class.Location())
	if err == nil {
		err = h.Classes.Reschedule(c.Request.Context(), p, class.ID, assignmentID(c), opens, due, closes)
	}
	if err != nil {
		return again(err, func(status int, message string) error {
			if status == http.StatusNotFound {
				return err
			}
			return h.showResults(c, status, p, message)
		})
	}
	return seeOther(c, withDone(classAddress(class.ID)+"/assignments/"+string(assignmentID(c)), "class-kept"))
}

func (h *Handler) withdrawAssignment(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	if err := h.Classes.Withdraw(c.Request.Context(), p, class.ID, assignmentID(c)); err != nil {
		return err
	}
	return seeOther(c, withDone(classAddress(class.ID)+"/assignments", "withdrawn"))
}
