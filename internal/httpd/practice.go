package httpd

import (
	"cmp"
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
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/internal/study"
	"sextant/web"
)

func (h *Handler) practiceForm(c *gin.Context) error {
	ctx, p := c.Request.Context(), httpx.Person(c)
	sel := h.readSelection(c.QueryArray)
	if _, chosen := c.GetQuery("exam"); !chosen && len(sel.Banks) == 0 {
		code, err := h.latestExam(ctx, p)
		if err != nil {
			return err
		}
		sel.Exam = code
	}
	if otherShown(c.GetQuery, sel.Exam) {
		sel.Domains, sel.Skills = nil, nil
	}
	length, _ := strconv.Atoi(c.Query("length"))
	if !slices.Contains(sitting.PracticeLengths(), length) {
		length = usualPractice
	}
	return h.showPracticeForm(c, http.StatusOK, sel, length, "")
}

// otherShown reports whether a form was filled in below another certification
// than the one chosen in it, so that its domains and skills are not the ones meant.
func otherShown(value func(string) (string, bool), chosen exam.Code) bool {
	shown, sent := value("shown")
	return sent && exam.Code(shown) != chosen
}

// usualPractice is the length offered first, in questions.
const usualPractice = 10

// latestExam is the certification that a person's latest sitting was about, or
// "" for none.
func (h *Handler) latestExam(ctx context.Context, p *account.Person) (exam.Code, error) {
	if p == nil {
		return "", nil
	}
	sittings, err := h.Sittings.List(ctx, p.ID)
	if err != nil {
		return "", err
	}
	for _, s := range sittings {
		if !s.Plan.Fit && len(s.Plan.Targets) > 0 {
			return s.Plan.Targets[0], nil
		}
	}
	return "", nil
}

// readSelection takes a selection from a form or a query, keeping only what
// exists, each thing once.
func (h *Handler) readSelection(values func(string) []string) sitting.Selection {
	first := func(name string) string {
		if list := values(name); len(list) > 0 {
			return list[0]
		}
		return ""
	}
	sel := sitting.Selection{Source: sitting.Source(first("source"))}
	// Whether the bank is open to whoever asks, the library decides.
	if id := first("bank"); id != "" && len(id) <= maxBankID {
		sel.Banks = []exam.BankID{exam.BankID(id)}
	}
	cert, ok := h.Catalogue.Certification(exam.Code(first("exam")))
	if ok {
		sel.Exam = cert.Code
		for _, text := range values("domain") {
			if d, ok := cert.Domain(exam.DomainID(text)); ok {
				sel.Domains = append(sel.Domains, d.ID)
			}
		}
	}
	for _, text := range values("skill") {
		if s, ok := h.Catalogue.Skill(exam.SkillID(text)); ok {
			sel.Skills = append(sel.Skills, s.ID)
		}
	}
	for _, text := range values("type") {
		if t := exam.Type(text); slices.Contains(exam.Types(), t) {
			sel.Types = append(sel.Types, t)
		}
	}
	for _, text := range values("difficulty") {
		if d, err := strconv.Atoi(text); err == nil && d > 0 && d < len(difficultyWords) {
			sel.Difficulties = append(sel.Difficulties, d)
		}
	}
	sel.Domains, sel.Skills = distinct(sel.Domains), distinct(sel.Skills)
	sel.Types, sel.Difficulties = distinct(sel.Types), distinct(sel.Difficulties)
	return sel
}

// maxBankID is the longest id of a bank: it is made of a title.
const maxBankID = 80

func distinct[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// fields is a selection as readSelection reads it.
func fields(sel sitting.Selection, length int) url.Values {
	f := url.Values{"exam": {string(sel.Exam)}, "source": {string(sel.Source)}, "length": {strconv.Itoa(length)}}
	for _, b := range sel.Banks {
		f.Add("bank", string(b))
	}
	for _, d := range sel.Domains {
		f.Add("domain", string(d))
	}
	for _, s := range sel.Skills {
		f.Add("skill", string(s))
	}
	for _, t := range sel.Types {
		f.Add("type", string(t))
	}
	for _, d := range sel.Difficulties {
		f.Add("difficulty", strconv.Itoa(d))
	}
	return f
}

func (h *Handler) showPracticeForm(c *gin.Context, status int, sel sitting.Selection, length int, problem string) error {
	ctx, p := c.Request.Context(), httpx.Person(c)
	view := page.PracticeStart{
		Frame: h.frame(c, "Practice", "practice"), Problem: problem, Code: string(sel.Exam),
	}
	if err := h.addExams(ctx, &view, sel); err != nil {
		return err
	}
	if err := h.addBanks(c, &view, sel); err != nil {
		return err
	}
	h.addSkills(&view, sel)
	for _, t := range exam.Types() {
		view.Types = append(view.Types, page.Option{Value: string(t), Label: t.Label(), Chosen: slices.Contains(sel.Types, t)})
	}
	for d := 1; d < len(difficultyWords); d++ {
		view.Difficulties = append(view.Difficulties, page.Option{Value: strconv.Itoa(d), Label: fmt.Sprintf("%d: %s", d, difficultyWords[d]), Chosen: slices.Contains(sel.Difficulties, d)})
	}
	for _, n := range sitting.PracticeLengths() {
		view.Lengths = append(view.Lengths, page.Option{Value: strconv.Itoa(n), Label: plural(n, "question"), Chosen: n == length})
	}
	var id account.PersonID
	if p != nil {
		id = p.ID
		sittings, err := h.Sittings.List(ctx, p.ID)
		if err != nil {
			return err
		}
		for i := range sittings {
			if sittings[i].Mode == sitting.Practice && sittings[i].State.Open() {
				row := sittingRow(&sittings[i])
				view.Open = &row
				break
			}
		}
		if err := h.addPractices(c, &view, sittings); err != nil {
			return err
		}
	}
	// Counted without the finer choices, which a page without scripts can't follow.
	stock, err := h.Sittings.Stock(ctx, id, sitting.Selection{Exam: sel.Exam, Banks: sel.Banks})
	if err != nil {
		return err
	}
	view.Sources = sources(sel, stock)
	return render(c, status, web.PracticeStart(view))
}

// addExams fills in the certifications that have questions, and the domains of
// the one chosen.
func (h *Handler) addExams(ctx context.Context, view *page.PracticeStart, sel sitting.Selection) error {
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return err
	}
	view.Exams = append(view.Exams, page.Option{Label: "All of them", Chosen: sel.Exam == ""})
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		total, _ := snapshot.Model().Eligible(cert.Code)
		if total == 0 && cert.Code != sel.Exam {
			continue
		}
		label := fmt.Sprintf("%s %s", cert.Code, cert.Name)
		if taking := cert.Takeable(h.Now(), ""); taking.Availability == catalogue.No {
			label += " (" + availabilityLabel(taking) + ")"
		}
		view.Exams = append(view.Exams, page.Option{Value: string(cert.Code), Label: label, Chosen: cert.Code == sel.Exam})
		if cert.Code != sel.Exam {
			continue
		}
		view.Name = cert.Name
		for _, d := range cert.Domains {
			view.Domains = append(view.Domains, page.Option{
				Value: string(d.ID), Label: fmt.Sprintf("%s (%.0f\u00a0%% of the exam)", d.Name, 100*d.Weight), Chosen: slices.Contains(sel.Domains, d.ID),
			})
		}
	}
	return nil
}

// addBanks fills in the banks to practise from: those that count, all at once, or
// any other that is open to whoever is asking. There is no choice where there is
// no other.
func (h *Handler) addBanks(c *gin.Context, view *page.PracticeStart, sel sitting.Selection) error {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	others := false
	view.Banks = []page.Option{{Label: "Everything that counts towards readiness", Chosen: len(sel.Banks) == 0}}
	for _, e := range snapshot.Banks() {
		if !e.OpenTo(viewer(c)) || len(e.Questions) == 0 {
			continue
		}
		one := page.Option{Value: string(e.ID), Label: fmt.Sprintf("%s (%s)", e.Title, plural(len(e.Questions), "question")), Chosen: slices.Contains(sel.Banks, e.ID)}
		others = others || e.ID != exam.BuiltIn
		view.Banks = append(view.Banks, one)
		if one.Chosen && !e.Measures() {
			view.BankNote = "Answers from this bank don't count towards your readiness."
		}
	}
	if !others {
		view.Banks = nil
	}
	return nil
}

// addSkills fills in the skills of the certification chosen, or all of them.
func (h *Handler) addSkills(view *page.PracticeStart, sel sitting.Selection) {
	cert, chosen := h.Catalogue.Certification(sel.Exam)
	examined := func(id exam.SkillID) bool {
		return slices.ContainsFunc(cert.Domains, func(d catalogue.Domain) bool { return slices.Contains(d.Skills(), id) })
	}
	for _, skill := range h.Catalogue.Skills {
		if chosen && !examined(skill.ID) {
			continue
		}
		name := groupName(skill)
		if n := len(view.Skills); n == 0 || view.Skills[n-1].Name != name {
			view.Skills = append(view.Skills, page.SkillGroup{Name: name})
		}
		group := &view.Skills[len(view.Skills)-1]
		group.Skills = append(group.Skills, page.Option{Value: string(skill.ID), Label: skill.Name, Chosen: slices.Contains(sel.Skills, skill.ID)})
	}
}

func groupName(s catalogue.Skill) string { return strings.ToUpper(s.Group[:1]) + s.Group[1:] }

// sources are the sources to choose from. The one wanted, or else the best of the
// others, is chosen among those that have questions.
func sources(sel sitting.Selection, stock map[sitting.Source]int) []page.PracticeSource {
	const label, what, whyNone = 0, 1, 2
	words := map[sitting.Source][3]string{
		sitting.FromHelpful: {"What helps most", "Chosen to raise your chance of passing: a domain comes up the more often, the more it weighs in the exam and the lower your estimate there. Within it, questions you haven't seen come first, then those seen longest ago.", "There are no questions to draw from."},
		sitting.FromDue:     {"Due for review", "What you missed or weren't sure of comes back when you are about to forget it, as another question on the same skill where there is one.", "Nothing is due now."},
		sitting.FromMissed:  {"Missed before", "Your latest answer to it was not right.", "There is none whose latest answer was not right."},
		sitting.FromUnseen:  {"Unseen", "You have never answered it here.", "You have answered every question."},
		sitting.FromFlagged: {"Flagged", "You put a flag on it.", "You have flagged none."},
	}
	off := func(source sitting.Source) bool {
		return stock[source] == 0 || source == sitting.FromHelpful && sel.Exam == ""
	}
	wanted := append([]sitting.Source{sel.Source, sitting.FromHelpful, sitting.FromUnseen}, sitting.Sources()...)
	chosen := slices.IndexFunc(wanted, func(s sitting.Source) bool { return slices.Contains(sitting.Sources(), s) && !off(s) })
	var list []page.PracticeSource
	for _, source := range sitting.Sources() {
		one := page.PracticeSource{
			Value: string(source), Label: words[source][label], Note: words[source][what], Off: off(source),
			Chosen: chosen >= 0 && wanted[chosen] == source, Count: plural(stock[source], "question"),
		}
		if one.Off {
			one.Note = words[source][whyNone]
		}
		if source == sitting.FromHelpful {
			one.Count = ""
			if sel.Exam == "" {
				one.Note = "Depends on the exam: choose a certification above first."
			}
		}
		list = append(list, one)
	}
	return list
}

func (h *Handler) startPractice(c *gin.Context) error {
	sel := h.readSelection(c.PostFormArray)
	length, _ := strconv.Atoi(c.PostForm("length")) // 0 is refused with words
	if otherShown(c.GetPostForm, sel.Exam) {
		sel.Domains, sel.Skills = nil, nil
		if len(c.PostFormArray("domain"))+len(c.PostFormArray("skill")) > 0 {
			return h.showPracticeForm(c, http.StatusBadRequest, sel, length, "You chose another certification than the one whose domains and skills were shown. These are the choices for the one you chose: look at them, then begin.")
		}
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	s, err := h.Sittings.StartPractice(c.Request.Context(), p.ID, sel, length)
	if err != nil {
		return again(err, func(status int, message string) error { return h.showPracticeForm(c, status, sel, length, message) })
	}
	address := "/sittings/" + string(s.ID)
	if s.Plan.Length < length && sel.Source != sitting.FromDue {
		address = withDone(address, "fewer")
	}
	return seeOther(c, address)
}

func practiceAside(confidence study.Confidence, mark sitting.Mark) *page.PracticeAside {
	aside := &page.PracticeAside{Flagged: mark.Flagged, Note: mark.Note}
	for _, o := range []page.Option{
		{Value: string(study.Guess), Label: "A guess"}, {Value: string(study.Unsure), Label: "Unsure"}, {Value: string(study.Sure), Label: "Sure"},
	} {
		o.Chosen = o.Value == string(confidence)
		aside.Confidence = append(aside.Confidence, o)
	}
	return aside
}

func readConfidence(c *gin.Context) study.Confidence {
	return study.Confidence(c.PostForm("confidence"))
}

func readMark(c *gin.Context) sitting.Mark {
	return sitting.Mark{Flagged: c.PostForm("flag") != "", Note: c.PostForm("note")}
}

func feedbackAddress(id sitting.ID, seq int) string {
	return fmt.Sprintf("/sittings/%s/feedback/%d", id, seq)
}

func (h *Handler) feedback(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	return h.showFeedback(c, http.StatusOK, p, sitting.ID(c.Param("id")), seqOf(c), func(*page.Feedback) {})
}

// seqOf is the place of an answer in the address; −1, which is nobody's, for none.
func seqOf(c *gin.Context) int {
	if seq, err := strconv.Atoi(c.Param("seq")); err == nil {
		return seq
	}
	return -1
}

func (h *Handler) showFeedback(c *gin.Context, status int, p *account.Person, id sitting.ID, seq int, amend func(*page.Feedback)) error {
	s, f, err := h.Sittings.Feedback(c.Request.Context(), p.ID, id, seq)
	if err != nil {
		return err
	}
	view := page.Feedback{
		Frame: h.frame(c, fmt.Sprintf("Question %d of %d: how it was", seq+1, s.Plan.Length), "practice"), Sitting: string(id), Seq: seq, Number: seq + 1, Of: s.Plan.Length,
		Heading: headline[f.Given.Outcome], Flagged: f.Mark.Flagged, Note: f.Mark.Note, Due: returns(f, zoneOf(c)),
		NextLabel: "Next question", KeepIt: !p.SignedIn(),
	}
	view.Path = feedbackAddress(id, seq)
	if s.State.Ended() {
		view.NextLabel = "See how it went"
	}
	view.Confidence, view.SureAndWrong = confidenceWords(f.Given)
	if f.Withheld {
		view.Heading, view.Withheld, view.Confidence, view.Due = "Answered", withheldNote, "", ""
	} else {
		view.Item = h.reviewItem(seq+1, f.Reviewed)
		view.Item.Corrected = correctedWords(c, f.Given)
	}
	amend(&view)
	return render(c, status, web.Feedback(view))
}

var headline = map[exam.Outcome]string{exam.Right: "Right", exam.Wrong: "Wrong", exam.DontKnow: "You said you don't know"}

// confidenceWords says back how sure somebody was, and what came of it.
func confidenceWords(g sitting.Given) (text string, misled bool) {
	right := g.Outcome == exam.Right
	switch {
	case g.Confidence == study.Sure && right:
		return "You were sure, and right.", false
	case g.Confidence == study.Sure:
		return "You were sure, and wrong. Nothing teaches more: look at why your answer seemed certain.", true
	case g.Confidence == study.Unsure && right:
		return "You were unsure, and right.", false
	case g.Confidence == study.Unsure:
		return "You were unsure, and wrong.", false
	case g.Confidence == study.Guess && right:
		return "You guessed, and right.", false
	case g.Confidence == study.Guess:
		return "You guessed, and wrong.", false
	}
	return "", false
}

// returns says when a question comes back.
func returns(f *sitting.Feedback, zone *time.Location) string {
	switch {
	case f.Given.InPlaceOf != "" && !f.Due.IsZero():
		return fmt.Sprintf("It stood in for a question that you missed or weren't sure of. The next review of that is on %s.", f.Due.In(zone).Format(longDay))
	case f.Given.InPlaceOf != "":
		return "It stood in for a question that you missed or weren't sure of, which you know well now."
	case !f.Due.IsZero():
		return fmt.Sprintf("It comes back for review on %s.", f.Due.In(zone).Format(longDay))
	}
	return ""
}

// remark keeps a flag and a note on an answered question and then, as was asked
// for, sends a report of a problem, goes on or stays. A report that was typed and
// not sent is shown again: going on would lose it.
func (h *Handler) remark(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	ctx, id, seq := c.Request.Context(), sitting.ID(c.Param("id")), seqOf(c)
	if s, err := h.Sittings.Open(ctx, p.ID, id); err != nil || s.Mode != sitting.Practice {
		return cmp.Or(err, fault.NotFound("Only practice tells about an answer at once. Remarks on every other test are made in its review."))
	}
	mark, text, do := readMark(c), c.PostForm("text"), c.PostForm("do")
	if err := h.Sittings.SaveMark(ctx, p.ID, id, seq, mark); err != nil {
		return h.remarkAgain(c, p, err, func(view *page.Feedback) {
			view.MarkProblem, view.Note, view.Flagged, view.Report = fault.Message(err), mark.Note, mark.Flagged, text
		})
	}
	switch {
	case do == "report":
		err = h.Sittings.ReportProblem(ctx, p.ID, id, seq, text)
	case strings.TrimSpace(text) != "":
		err = fault.Invalid("This is not sent yet. Send it, or empty the field to go on.")
	}
	if err != nil {
		return h.remarkAgain(c, p, err, func(view *page.Feedback) { view.ReportProblem, view.Report = fault.Message(err), text })
	}
	switch do {
	case "report":
		return seeOther(c, withDone(feedbackAddress(id, seq), "reported"))
	case "next":
		return seeOther(c, "/sittings/"+string(id)) // which leads on to how it went, at the end
	}
	return seeOther(c, withDone(feedbackAddress(id, seq), "marked"))
}

// remarkAgain shows the feedback once more with a remark that was refused.
func (h *Handler) remarkAgain(c *gin.Context, p *account.Person, err error, amend func(*page.Feedback)) error {
	if fault.KindOf(err) != fault.KindInvalid {
		return err
	}
	return h.showFeedback(c, http.StatusBadRequest, p, sitting.ID(c.Param("id")), seqOf(c), amend)
}

func toSummary(c *gin.Context, s *sitting.Sitting) error {
	return seeOther(c, "/sittings/"+string(s.ID)+"/practice")
}

func practiceTitle(p sitting.Plan) string {
	title := "Practice"
	if p.Practice.Source == sitting.FromDue {
		title = "Review"
	}
	if p.Practice.Exam != "" {
		title += " for " + string(p.Practice.Exam)
	}
	return title
}

// practiceSummary shows how a practice went.
func (h *Handler) practiceSummary(c *gin.Context, p *account.Person, s *sitting.Sitting) error {
	if s.Mode != sitting.Practice {
		return seeOther(c, "/sittings/"+string(s.ID)+"/report")
	}
	ctx := c.Request.Context()
	reviewed, err := h.Sittings.Review(ctx, s)
	if err != nil {
		return err
	}
	schedule, err := h.Sittings.Schedule(ctx, p.ID)
	if err != nil {
		return err
	}
	again := fields(*s.Plan.Practice, wantedLength(s.Plan.Length))
	view := page.PracticeSummary{
		Frame: h.frame(c, "How the practice went", "practice"), Sitting: string(s.ID), Title: practiceTitle(s.Plan), Why: s.Why,
		Due: *dueReview(&schedule, zoneOf(c)), Other: "/practice?" + again.Encode(), Empty: len(reviewed) == 0, KeepIt: !p.SignedIn(),
	}
	view.Again = hiddenFields(again)
	h.addOutcomes(&view, s, reviewed)
	return render(c, http.StatusOK, web.PracticeSummary(view))
}

// wantedLength is the length to choose for as many questions as there were.
func wantedLength(n int) int {
	lengths := sitting.PracticeLengths()
	for _, length := range lengths {
		if n <= length {
			return length
		}
	}
	return lengths[len(lengths)-1]
}

// addOutcomes says what was right, by domain and by how sure one was. What is
// withheld stays out.
func (h *Handler) addOutcomes(view *page.PracticeSummary, s *sitting.Sitting, reviewed []sitting.Reviewed) {
	if cert, ok := h.Catalogue.Certification(s.Plan.Practice.Exam); ok {
		for _, d := range cert.Domains { // in the exam's order
			view.Domains = append(view.Domains, page.PracticeDomain{Name: d.Name})
		}
	}
	right, told, sure, sureRight := 0, 0, 0, 0
	for i, r := range reviewed {
		if r.Withheld {
			continue
		}
		told++
		hit := 0
		if r.Given.Outcome == exam.Right {
			hit = 1
		}
		right += hit
		h.addToDomain(view, s, r, hit)
		if r.Given.Confidence == study.Sure {
			sure++
			sureRight += hit
		}
		if _, misled := confidenceWords(r.Given); misled {
			view.Misled = append(view.Misled, page.ReviewLink{Number: i + 1, Text: h.Text.Plain(r.Question.Ask), Address: questionAddress(s, i)})
		}
	}
	view.Domains = slices.DeleteFunc(view.Domains, func(d page.PracticeDomain) bool { return d.Of == 0 })
	for i := range view.Domains {
		d := &view.Domains[i]
		d.Text = fmt.Sprintf("%d of %d right", d.Right, d.Of)
	}
	view.Sentence = fmt.Sprintf("%d of %s right.", right, plural(told, "answer"))
	if sure > 0 {
		view.Sure = fmt.Sprintf("Of %s that you were sure of, %d %s right.", plural(sure, "answer"), sureRight, map[bool]string{true: "was", false: "were"}[sureRight == 1])
	}
}

// addToDomain counts an answer to its domain of the exam, or, over all exams, to
// its group of skills.
func (h *Handler) addToDomain(view *page.PracticeSummary, s *sitting.Sitting, r sitting.Reviewed, hit int) {
	name := "Other"
	if cert, ok := h.Catalogue.Certification(s.Plan.Practice.Exam); ok {
		if d, ok := cert.Domain(h.Catalogue.Serves(r.Question)[cert.Code]); ok {
			name = d.Name
		}
	} else if skill, ok := h.Catalogue.Skill(r.Question.Skill); ok {
		name = groupName(*skill)
	}
	at := slices.IndexFunc(view.Domains, func(d page.PracticeDomain) bool { return d.Name == name })
	if at < 0 {
		at = len(view.Domains)
		view.Domains = append(view.Domains, page.PracticeDomain{Name: name})
	}
	view.Domains[at].Right += hit
	view.Domains[at].Of++
}

// dueReview is what a schedule has waiting, in words.
func dueReview(schedule *sitting.Schedule, zone *time.Location) *page.DueReview {
	lengths := sitting.PracticeLengths()
	due := &page.DueReview{Count: len(schedule.Due), Size: lengths[len(lengths)-1]}
	due.Text = fmt.Sprintf("Due today: %s.", plural(due.Count, "question"))
	due.Label = "Review " + plural(due.Count, "question")
	if due.Count > due.Size {
		due.Label = fmt.Sprintf("Review %d of them", due.Size)
	}
	if !schedule.Next.IsZero() {
		due.Next = fmt.Sprintf("The next comes on %s.", dayWords(schedule.Next.In(zone)))
	}
	return due
}

// dayWords is a day with its weekday, which tells without a calendar how far it is.
func dayWords(t time.Time) string { return t.Format("Monday, " + longDay) }
