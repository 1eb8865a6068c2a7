package httpd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
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
	"sextant/internal/readiness"
	"sextant/web"
)

func classAddress(id classroom.ID) string { return "/classes/" + string(id) }

func classID(c *gin.Context) classroom.ID { return classroom.ID(c.Param("id")) }

// codesOf lists exams in words.
func codesOf(codes []exam.Code) string { return inWords(stringsOf(codes)) }

func (h *Handler) classes(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	return h.showClasses(c, http.StatusOK, p, "", "")
}

func (h *Handler) showClasses(c *gin.Context, status int, p *account.Person, code, problem string) error {
	ctx := c.Request.Context()
	taught, attended, err := h.Classes.Classes(ctx, p)
	if err != nil {
		return err
	}
	view := page.Classes{Frame: h.frame(c, "Classes", "classes"), MayTeach: p.Role.Includes(account.Instructor), Code: code, Problem: problem}
	for i := range taught {
		members, err := h.Classes.Roster(ctx, p, taught[i].ID)
		if err != nil {
			return err
		}
		row := classRow(&taught[i])
		row.Note += "; " + plural(len(members), "member")
		view.Taught = append(view.Taught, row)
	}
	for i := range attended {
		view.Attended = append(view.Attended, classRow(&attended[i]))
	}
	return render(c, status, web.Classes(view))
}

func classRow(c *classroom.Class) page.ClassRow {
	return page.ClassRow{Title: c.Title, Address: classAddress(c.ID), Note: codesOf(c.Exams), Ended: !c.Archived.IsZero()}
}

// enterCode takes a code that was typed to the page of its class.
func (h *Handler) enterCode(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	code := classroom.ParseCode(c.PostForm("code"))
	if _, err := h.Classes.Invitation(c.Request.Context(), code); err != nil {
		return again(err, func(status int, message string) error {
			return h.showClasses(c, status, p, c.PostForm("code"), message)
		})
	}
	return seeOther(c, "/join/"+url.PathEscape(code))
}

func (h *Handler) joinForm(c *gin.Context) error { return h.showJoin(c, http.StatusOK, "") }

func (h *Handler) showJoin(c *gin.Context, status int, problem string) error {
	ctx, p := c.Request.Context(), httpx.Person(c)
	class, err := h.Classes.Invitation(ctx, c.Param("code"))
	if err != nil {
		return err
	}
	sharing, err := h.sharing(ctx, class)
	if err != nil {
		return err
	}
	view := page.ClassJoin{
		Frame: h.frame(c, "Join "+class.Title, "classes"), Problem: problem, Title: class.Title, Description: class.Description, Code: class.Code,
		Sharing: sharing, SignedIn: p.SignedIn(), Teaches: p != nil && class.TaughtBy(p), Next: "/join/" + class.Code,
	}
	if p.SignedIn() {
		if _, _, err := h.Classes.Attended(ctx, p, class.ID); err == nil {
			view.Member = classAddress(class.ID)
		}
	}
	return render(c, status, web.ClassJoin(view))
}

// sharing says what a class's instructors see of its members.
func (h *Handler) sharing(ctx context.Context, class *classroom.Class) (page.ClassSharing, error) {
	names, err := h.Classes.Names(ctx, class)
	exams := codesOf(class.Exams)
	return page.ClassSharing{
		Exams: exams, Instructors: inWords(names),
		Seen: []string{
			"your name and email address, and when you joined",
			fmt.Sprintf("where you stand with %s: the verdict, and the estimate of each domain with its interval", exams),
			fmt.Sprintf("how many questions for %s you answered, in every kind of test, and on which day last", exams),
			"of what the class is assigned: whether you began, when you finished, and your score",
		},
		Unseen: []string{
			"single answers: not which question, nor what you chose",
			"your notes and flags, and what you told about yourself",
			"how you do with any other exam",
			"what you answered before you joined, unless you choose to share it",
		},
	}, err
}

func (h *Handler) join(c *gin.Context) error {
	class, err := h.Classes.Join(c.Request.Context(), httpx.Person(c), c.Param("code"), c.PostForm("share") == "all")
	if err != nil {
		return err
	}
	return seeOther(c, withDone(classAddress(class.ID), "joined"))
}

func (h *Handler) classForm(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	class := &classroom.Class{Zone: zoneOf(c).String()}
	return h.showClassForm(c, http.StatusOK, p, class, "")
}

func (h *Handler) showClassForm(c *gin.Context, status int, p *account.Person, class *classroom.Class, problem string) error {
	ctx := c.Request.Context()
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return err
	}
	view := page.ClassForm{
		Frame: h.frame(c, "A new class", "classes"), Problem: problem, ID: string(class.ID), ClassTitle: class.Title,
		Description: class.Description, Zone: class.Zone, MayEnd: class.ID != "" && class.Owner == p.ID, Ended: !class.Archived.IsZero(),
	}
	if class.ID != "" {
		view.Title = "Settings of the class"
		members, err := h.Classes.Roster(ctx, p, class.ID)
		if err != nil {
			return err
		}
		view.HasMembers = len(members) > 0
	}
	for _, code := range snapshot.OfferedExams() {
		chosen := slices.Contains(class.Exams, code)
		if cert, ok := h.Catalogue.Certification(code); ok && (chosen || !view.HasMembers) {
			view.Exams = append(view.Exams, page.Option{Value: string(code), Label: string(code) + " " + cert.Name, Chosen: chosen})
		}
	}
	return render(c, status, web.ClassForm(view))
}

// readClass takes what a class's form says.
func readClass(c *gin.Context, class *classroom.Class) {
	class.Title, class.Description, class.Zone = c.PostForm("title"), c.PostForm("description"), strings.TrimSpace(c.PostForm("zone"))
	class.Exams = nil
	for _, code := range distinct(c.PostFormArray("exam")) {
		class.Exams = append(class.Exams, exam.Code(code))
	}
}

func (h *Handler) createClass(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	var class classroom.Class
	readClass(c, &class)
	made, err := h.Classes.Create(c.Request.Context(), p, class)
	if err != nil {
		return again(err, func(status int, message string) error { return h.showClassForm(c, status, p, &class, message) })
	}
	return seeOther(c, withDone(classAddress(made.ID)+"/people", "class-made"))
}

// taught is the class in the address, for somebody who teaches it.
func (h *Handler) taught(c *gin.Context) (*account.Person, *classroom.Class, error) {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return nil, nil, err
	}
	class, err := h.Classes.Taught(c.Request.Context(), p, classID(c))
	return p, class, err
}

func (h *Handler) classSettings(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	return h.showClassForm(c, http.StatusOK, p, class, "")
}

func (h *Handler) saveClass(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	read := func(class *classroom.Class) error { readClass(c, class); return nil }
	if _, err := h.Classes.Change(c.Request.Context(), p, class.ID, "change_class", read); err != nil {
		readClass(c, class)
		return again(err, func(status int, message string) error { return h.showClassForm(c, status, p, class, message) })
	}
	return seeOther(c, withDone(classAddress(class.ID), "class-kept"))
}

// endClass ends a class, or lets it go on.
func (h *Handler) endClass(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	_, err = h.Classes.Change(c.Request.Context(), p, class.ID, "end_class", func(class *classroom.Class) error {
		class.Archived = time.Time{}
		if c.PostForm("do") != "reopen" {
			class.Archived = h.Now()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return seeOther(c, withDone(classAddress(class.ID), "class-kept"))
}

// class is the page of a class: of where it stands for those who teach it, and of
// what there is to do for those who are in it.
func (h *Handler) class(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	class, err := h.Classes.Taught(c.Request.Context(), p, classID(c))
	switch {
	case err == nil:
		return h.showClass(c, p, class)
	case fault.KindOf(err) == fault.KindNotFound:
		return h.showAttended(c, p)
	}
	return err
}

// chosenExam is the exam of a class that the address names, or else its first.
func chosenExam(c *gin.Context, class *classroom.Class) exam.Code {
	if code := exam.Code(c.Query("exam")); slices.Contains(class.Exams, code) {
		return code
	}
	return class.Exams[0]
}

func chosenOrder(c *gin.Context) classroom.Order {
	if order := classroom.Order(c.Query("sort")); slices.Contains(classroom.Orders(), order) {
		return order
	}
	return classroom.ByNeed
}

func (h *Handler) showClass(c *gin.Context, p *account.Person, class *classroom.Class) error {
	ctx, code, order := c.Request.Context(), chosenExam(c, class), chosenOrder(c)
	standing, err := h.Classes.Standing(ctx, p, class.ID, code, order)
	if err != nil {
		return err
	}
	view := page.Class{
		Frame: h.frame(c, class.Title, "classes"), Head: classHead(class, "standing"), Description: class.Description, NoMembers: len(standing.Rows) == 0,
	}
	if class.Open && class.Archived.IsZero() {
		view.Code = classroom.ShowCode(class.Code)
	}
	address := func(code exam.Code, order classroom.Order) string {
		return classAddress(class.ID) + "?" + url.Values{"exam": {string(code)}, "sort": {string(order)}}.Encode()
	}
	for _, one := range class.Exams {
		view.Exams = append(view.Exams, page.ReviewPart{Label: string(one), Address: address(one, order), Current: one == code})
	}
	labels := map[classroom.Order]string{classroom.ByNeed: "need", classroom.ByName: "name", classroom.BySeen: "last seen"}
	for _, one := range classroom.Orders() {
		view.Sorts = append(view.Sorts, page.ReviewPart{Label: labels[one], Address: address(code, one) + "#map", Current: one == order})
	}
	view.CSV = classAddress(class.ID) + "/standing.csv?" + url.Values{"exam": {string(code)}, "sort": {string(order)}}.Encode()
	if view.Standing, err = h.standingView(ctx, standing); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.Class(view))
}

func classHead(class *classroom.Class, current string) page.ClassHead {
	return page.ClassHead{Title: class.Title, ID: string(class.ID), Current: current, Ended: !class.Archived.IsZero()}
}

// standingView is where a class stands, in words.
func (h *Handler) standingView(ctx context.Context, s *classroom.Standing) (page.ClassStanding, error) {
	view := page.ClassStanding{Exam: string(s.Exam)}
	cert, ok := h.Catalogue.Certification(s.Exam)
	if !ok {
		return view, fault.NotFound("There is no certification with the code %q in the catalogue.", s.Exam)
	}
	view.ExamName = cert.Name
	mark := fmt.Sprintf("assumed pass mark of %.0f\u00a0%%", cert.Cut.Percent)
	if len(s.Rows) > 0 && s.Rows[0].Report.CutResults > 0 {
		mark = fmt.Sprintf("pass mark of %.0f\u00a0%%, refined from results of real exams", s.Rows[0].Report.CutPercent)
	}
	view.CutText = fmt.Sprintf("▲ the whole interval lies beyond the %s; ▼ short of it; ◆ the mark lies within the interval, so it could be either.", mark)
	for i, d := range cert.Domains {
		view.Domains = append(view.Domains, page.HeatDomain{Name: d.Name, Short: strconv.Itoa(i + 1), Weight: fmt.Sprintf("%.0f\u00a0%%", 100*d.Weight)})
	}
	for i := range s.Rows {
		view.Rows = append(view.Rows, heatRow(&s.Rows[i], s.Class.Location()))
	}
	for i := range s.Stuck {
		view.Stuck = append(view.Stuck, page.StuckRow{Name: s.Stuck[i].Name, Text: stuckWords(&s.Stuck[i])})
	}
	for _, g := range s.Next {
		view.Next = append(view.Next, page.GainRow{
			Name: g.Name, Points: fmt.Sprintf("+%.1f points", g.Points),
			Text: fmt.Sprintf("%s below the pass mark here; the estimate rests on enough answers for %d.", plural(g.Below, "learner"), g.Known),
		})
	}
	for _, skill := range s.Weakest {
		view.Skills = append(view.Skills, fmt.Sprintf("%s (%s)", skill.Name, plural(skill.Learners, "learner")))
	}
	var err error
	view.Basis, err = h.classBasis(ctx, &s.Class)
	return view, err
}

// classBasis names the banks that a class's estimates rest on.
func (h *Handler) classBasis(ctx context.Context, class *classroom.Class) (string, error) {
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	var counting, own []string
	for _, e := range snapshot.Banks() {
		switch {
		case e.Measures():
			counting = append(counting, "“"+e.Title+"”")
		case e.Visibility == authoring.ForClass && slices.Contains(class.BankIDs(), e.ID):
			own = append(own, "“"+e.Title+"”")
		}
	}
	text := "Rests on answers to " + inWords(counting)
	if len(own) > 0 {
		text += " and, for this class alone, to the labelled questions of " + inWords(own)
	}
	return text + ".", nil
}

// shortDay is a day where there is little room.
const shortDay = "2 Jan 2006"

func heatRow(r *classroom.Row, zone *time.Location) page.HeatRow {
	row := page.HeatRow{
		Name: r.Name, Email: r.Email, Verdict: r.Report.Verdict.Label(), VerdictKind: string(r.Report.Verdict), Answers: plural(r.Report.Answers, "answer"), Seen: "none yet",
	}
	early := r.Report.Verdict == readiness.TooEarly
	if !early {
		row.Pass = "chance " + percentText(r.Report.Pass)
	}
	if !r.Last.IsZero() {
		row.Seen = r.Last.In(zone).Format(shortDay)
	}
	row.Overall = heatCell("Whole exam", !early, r.Report.Overall, r.Report.CutPercent)
	for _, d := range r.Report.Domains {
		row.Cells = append(row.Cells, heatCell(d.Name, d.Shown, d.Interval, r.Report.CutPercent))
	}
	return row
}

// shades are the estimates, in percent, from which on a field has the next shade:
// close together where pass marks lie.
var shades = []float64{0, 40, 50, 60, 75}

func heatCell(domain string, known bool, i readiness.Interval, cut float64) page.HeatCell {
	cell := page.HeatCell{Domain: domain, Side: "unknown", SideText: "too few answers"}
	if !known {
		return cell
	}
	for _, from := range shades {
		if i.Estimate >= from {
			cell.Level++
		}
	}
	cell.Low, cell.High, cell.Cut = i.Low, i.High, cut
	cell.Estimate, cell.Interval = fmt.Sprintf("%.0f\u00a0%%", i.Estimate), fmt.Sprintf("%.0f to %.0f", i.Low, i.High)
	switch {
	case i.Low >= cut:
		cell.Side, cell.SideText = "above", "beyond the pass mark"
	case i.High < cut:
		cell.Side, cell.SideText = "below", "short of the pass mark"
	default:
		cell.Side, cell.SideText = "straddles", "on both sides of the pass mark"
	}
	return cell
}

func stuckWords(s *classroom.Stuck) string {
	if s.Why == classroom.Quiet {
		if s.Last.IsZero() {
			return fmt.Sprintf("joined %d days ago and has shared no answer since.", s.Days)
		}
		return fmt.Sprintf("no answer for %d days. That can have many reasons; a word may help.", s.Days)
	}
	return fmt.Sprintf("%s in four weeks, and the estimate went from %.0f\u00a0%% (%.0f to %.0f) to %.0f\u00a0%% (%.0f to %.0f). The intervals are wide enough that this may be chance; it may also be time for another way of studying.",
		plural(s.Recent, "answer"), s.Before.Estimate, s.Before.Low, s.Before.High, s.After.Estimate, s.After.Low, s.After.High)
}

// standingCSV is the heat map as a table for a spreadsheet.
func (h *Handler) standingCSV(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	s, err := h.Classes.Standing(c.Request.Context(), p, class.ID, chosenExam(c, class), chosenOrder(c))
	if err != nil {
		return err
	}
	head := []string{"name", "email", "joined", "verdict", "pass_probability", "answers", "last_answer", "exam", "overall_estimate", "overall_low", "overall_high"}
	if cert, ok := h.Catalogue.Certification(s.Exam); ok {
		for _, d := range cert.Domains {
			head = append(head, d.Name+" estimate", d.Name+" low", d.Name+" high", d.Name+" answers")
		}
	}
	lines := [][]string{head}
	for i := range s.Rows {
		lines = append(lines, standingLine(&s.Rows[i], class.Location()))
	}
	return sendCSV(c, class.Title+" "+string(s.Exam), lines)
}

func standingLine(r *classroom.Row, zone *time.Location) []string {
	known := r.Report.Verdict != readiness.TooEarly
	line := []string{r.Name, r.Email, r.Joined.In(zone).Format(time.DateOnly), r.Report.Verdict.Label(), "", strconv.Itoa(r.Answers), "", string(r.Report.Code)}
	if known {
		line[4] = fmt.Sprintf("%.2f", r.Report.Pass)
	}
	if !r.Last.IsZero() {
		line[6] = r.Last.In(zone).Format(time.DateOnly)
	}
	line = append(line, figures(known, r.Report.Overall)...)
	for _, d := range r.Report.Domains {
		line = append(line, figures(d.Shown, d.Interval)...)
		line = append(line, strconv.Itoa(d.Answers))
	}
	return line
}

// figures are an interval's cells, empty while too little is known.
func figures(known bool, i readiness.Interval) []string {
	if !known {
		return []string{"", "", ""}
	}
	return []string{fmt.Sprintf("%.1f", i.Estimate), fmt.Sprintf("%.1f", i.Low), fmt.Sprintf("%.1f", i.High)}
}

func (h *Handler) classPeople(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	return h.showPeople(c, http.StatusOK, p, class, "")
}

func (h *Handler) showPeople(c *gin.Context, status int, p *account.Person, class *classroom.Class, problem string) error {
	ctx := c.Request.Context()
	members, err := h.Classes.Roster(ctx, p, class.ID)
	if err != nil {
		return err
	}
	names, err := h.Authoring.Names(ctx, append([]account.PersonID{class.Owner}, class.Instructors...))
	if err != nil {
		return err
	}
	view := page.ClassPeople{
		Frame: h.frame(c, "People of "+class.Title, "classes"), Head: classHead(class, "people"), Problem: problem,
		Code: classroom.ShowCode(class.Code), Link: h.site(c) + "/join/" + class.Code, Open: class.Open,
		Owner: names[class.Owner], MayManage: p.ID == class.Owner, Email: c.PostForm("email"),
	}
	for _, m := range members {
		note := "joined " + m.Joined.In(class.Location()).Format(longDay)
		if m.Shares.IsZero() {
			note += "; shares earlier answers too"
		}
		view.Members = append(view.Members, page.ClassMember{ID: string(m.Person), Name: m.Name, Email: m.Email, Note: note})
	}
	for _, id := range class.Instructors {
		view.Instructors = append(view.Instructors, page.ClassMember{ID: string(id), Name: names[id], You: id == p.ID})
	}
	if err := h.addClassBanks(ctx, &view, p, class); err != nil {
		return err
	}
	return render(c, status, web.ClassPeople(view))
}

// site is the address by which this site was reached, for links that are handed on.
func (h *Handler) site(c *gin.Context) string {
	scheme := "http://"
	if h.Secure {
		scheme = "https://"
	}
	return scheme + c.Request.Host
}

// addClassBanks lists the banks given to a class, and those that the viewer could give.
func (h *Handler) addClassBanks(ctx context.Context, view *page.ClassPeople, p *account.Person, class *classroom.Class) error {
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return err
	}
	for _, g := range class.Banks {
		entry, ok := snapshot.Bank(g.Bank)
		one := page.ClassBank{ID: string(g.Bank), Title: entry.Title, Note: plural(len(entry.Questions), "question")}
		switch {
		case !ok:
			one.Title, one.Note = "A bank that was withdrawn", "nobody is asked its questions"
		case entry.Visibility != authoring.ForClass:
			one.Note = "no longer for classes: " + strings.ToLower(entry.Visibility.Label())
		}
		view.Banks = append(view.Banks, one)
	}
	banks, err := h.Authoring.Banks(ctx, actor(p))
	if err != nil {
		return err
	}
	var unready []string
	for i := range banks {
		switch b := &banks[i]; {
		case slices.Contains(class.BankIDs(), b.ID):
		case b.Visibility == authoring.ForClass:
			view.Give = append(view.Give, page.Option{Value: string(b.ID), Label: b.Title})
		case b.Visibility == authoring.Private:
			unready = append(unready, "“"+b.Title+"”")
		}
	}
	view.Unready = inWords(unready)
	return nil
}

// changePeople changes who and what belongs to a class, and shows its people again.
func (h *Handler) changePeople(c *gin.Context, action string, change func(p *account.Person, class *classroom.Class) error) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	_, err = h.Classes.Change(c.Request.Context(), p, class.ID, action, func(class *classroom.Class) error { return change(p, class) })
	if err != nil {
		return again(err, func(status int, message string) error { return h.showPeople(c, status, p, class, message) })
	}
	return seeOther(c, withDone(classAddress(class.ID)+"/people", "class-kept"))
}

func (h *Handler) classCode(c *gin.Context) error {
	return h.changePeople(c, "change_class_code", func(_ *account.Person, class *classroom.Class) error {
		switch c.PostForm("do") {
		case "renew":
			class.Code = classroom.NewCode()
		case "close":
			class.Open = false
		case "open":
			class.Open = true
		default:
			return fault.Invalid("Say whether the code should be renewed, or joining closed or opened.")
		}
		return nil
	})
}

// classBanks gives a bank to a class, or takes it back.
func (h *Handler) classBanks(c *gin.Context) error {
	id := exam.BankID(c.PostForm("bank"))
	return h.changePeople(c, "change_class_banks", func(p *account.Person, class *classroom.Class) error {
		at := slices.IndexFunc(class.Banks, func(g classroom.Given) bool { return g.Bank == id })
		if c.PostForm("do") == "take" {
			if at < 0 {
				return fault.Invalid("The bank isn't given to this class.")
			}
			class.Banks = slices.Delete(class.Banks, at, at+1)
			return nil
		}
		bank, err := h.Authoring.Bank(c.Request.Context(), actor(p), id)
		switch {
		case fault.KindOf(err) == fault.KindNotFound:
			return fault.Invalid("Choose one of the banks that you write in.")
		case err != nil:
			return err
		case bank.Visibility != authoring.ForClass:
			return fault.Invalid("The bank “%s” isn't for classes. Its owner can change that in the bank's settings.", bank.Title)
		case at >= 0:
			return fault.Invalid("The bank “%s” is given to this class already.", bank.Title)
		}
		class.Banks = append(class.Banks, classroom.Given{Bank: id, By: p.ID, At: h.Now()})
		return nil
	})
}

// classInstructors adds somebody who teaches the class, or takes them away.
func (h *Handler) classInstructors(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	who := account.PersonID(c.PostForm("person"))
	if c.PostForm("do") == "drop" {
		err = h.Classes.DropInstructor(c.Request.Context(), p, class.ID, who)
	} else {
		_, err = h.Classes.AddInstructor(c.Request.Context(), p, class.ID, c.PostForm("email"))
	}
	switch {
	case err != nil:
		return again(err, func(status int, message string) error { return h.showPeople(c, status, p, class, message) })
	case who == p.ID:
		return seeOther(c, withDone("/classes", "class-left"))
	}
	return seeOther(c, withDone(classAddress(class.ID)+"/people", "class-kept"))
}

func (h *Handler) removeMember(c *gin.Context) error {
	p, class, err := h.taught(c)
	if err != nil {
		return err
	}
	if err := h.Classes.Remove(c.Request.Context(), p, class.ID, account.PersonID(c.PostForm("person"))); err != nil {
		return err
	}
	return seeOther(c, withDone(classAddress(class.ID)+"/people", "member-removed"))
}

// showAttended is the page of a class for somebody who is in it.
func (h *Handler) showAttended(c *gin.Context, p *account.Person) error {
	ctx := c.Request.Context()
	class, _, err := h.Classes.Attended(ctx, p, classID(c))
	if err != nil {
		return err
	}
	view := page.ClassMemberPage{
		Frame: h.frame(c, class.Title, "classes"), ID: string(class.ID), Title: class.Title, Description: class.Description, Ended: !class.Archived.IsZero(),
	}
	if view.Sharing, err = h.sharing(ctx, class); err != nil {
		return err
	}
	duties, err := h.Classes.Duties(ctx, p)
	if err != nil {
		return err
	}
	for i := range duties {
		if duties[i].Of.ID != class.ID {
			continue
		}
		row := dutyRow(&duties[i])
		row.Class = ""
		if duties[i].Done() || duties[i].Phase == classroom.Closed && duties[i].Sitting == nil {
			view.Done = append(view.Done, row)
		} else {
			view.Todo = append(view.Todo, row)
		}
	}
	if view.Banks, err = h.practisable(ctx, p, class); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.ClassMember(view))
}

// practisable are the banks given to a class that its members can practise with.
func (h *Handler) practisable(ctx context.Context, p *account.Person, class *classroom.Class) ([]page.Link, error) {
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil || !class.Archived.IsZero() {
		return nil, err
	}
	var links []page.Link
	for _, id := range class.BankIDs() {
		if e, ok := snapshot.Bank(id); ok && e.Visibility == authoring.ForClass && e.OpenTo(string(p.ID)) {
			links = append(links, page.Link{Label: e.Title, Address: "/practice?bank=" + queryEscape(string(id)), Note: plural(len(e.Questions), "question")})
		}
	}
	return links, nil
}

// classShared shows a member what those who teach the class see of them.
func (h *Handler) classShared(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	class, m, err := h.Classes.Attended(ctx, p, classID(c))
	if err != nil {
		return err
	}
	view := page.ClassShared{Frame: h.frame(c, "What your instructors see", "classes"), ID: string(class.ID), Title: class.Title}
	if view.Sharing, err = h.sharing(ctx, class); err != nil {
		return err
	}
	view.Since = "Answers since you joined on " + m.Joined.In(class.Location()).Format(longDay) + " are shared."
	if m.Shares.IsZero() {
		view.Since = "You chose to share what you had answered before you joined, too."
	}
	for _, code := range class.Exams {
		s, err := h.Classes.Shared(ctx, p, class.ID, code)
		if err != nil {
			return err
		}
		one, err := h.standingView(ctx, s)
		if err != nil {
			return err
		}
		one.Own = true
		view.Standings = append(view.Standings, one)
	}
	if view.Results, err = h.ownResults(c, p, class); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.ClassShared(view))
}

func (h *Handler) leaveClass(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	if err := h.Classes.Leave(c.Request.Context(), p, classID(c)); err != nil {
		return err
	}
	return seeOther(c, withDone("/classes", "class-left"))
}
