package httpd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

func (h *Handler) mockForm(c *gin.Context) error {
	return h.showMockForm(c, http.StatusOK, exam.Code(c.Query("exam")), "")
}

func (h *Handler) showMockForm(c *gin.Context, status int, chosen exam.Code, problem string) error {
	ctx := c.Request.Context()
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return err
	}
	p := httpx.Person(c)
	var settings account.Settings
	view := page.MockStart{Frame: h.frame(c, "Mock exam", "mock"), Problem: problem}
	if p != nil {
		settings = p.Settings
		if view.Open, view.Past, err = h.examsOf(c, p); err != nil {
			return err
		}
	}
	view.Multiplier = multiplierWords(settings.Multiplier())
	var closed []page.MockExam // those that can't be taken come last
	for _, code := range snapshot.OfferedExams() {
		basis, err := snapshot.MockBasis(code, nil)
		if err != nil {
			return err
		}
		cert, _ := h.Catalogue.Certification(code)
		one := page.MockExam{
			Code: string(code), Name: cert.Name, Offered: true, Chosen: code == chosen,
			Questions: basis.Fills.Total(), Minutes: basis.Minutes, Time: timeWords(basis.Time(), settings.Multiplier()),
		}
		if basis.Fills.Total() < basis.Spec.Total() {
			one.Short = fmt.Sprintf("The real one has %d questions; the bank has no more in its proportions yet. A few unscored ones may come or go by lot.", basis.Spec.Total())
		}
		taking := cert.Takeable(h.Now(), "")
		if taking.Availability != catalogue.Yes {
			one.Note = availabilityLabel(taking)
		}
		if taking.Availability == catalogue.No {
			closed = append(closed, one)
			continue
		}
		view.Exams = append(view.Exams, one)
	}
	view.Exams = append(view.Exams, closed...)
	chosenBanks := c.PostFormArray("bank")
	for _, e := range snapshot.Banks() {
		if codes := triedIn(snapshot, e); len(codes) > 0 {
			view.Banks = append(view.Banks, page.TrialBank{
				BankChoice: page.BankChoice{ID: string(e.ID), Title: e.Title, Questions: len(e.Questions), Chosen: slices.Contains(chosenBanks, string(e.ID))},
				Exams:      inWords(codes),
			})
		}
	}
	return render(c, status, web.MockStart(view))
}

// triedIn lists the exams that can try out a bank in unscored places.
func triedIn(snapshot *library.Snapshot, e library.Entry) []string {
	var codes []string
	for _, code := range snapshot.OfferedExams() {
		if snapshot.CanTryOut(e.ID, code) {
			codes = append(codes, string(code))
		}
	}
	return codes
}

// examsOf are the person's exams: those still running, and those that have ended.
func (h *Handler) examsOf(c *gin.Context, p *account.Person) (open, past []page.Link, err error) {
	sittings, err := h.Sittings.List(c.Request.Context(), p.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range sittings {
		if s.Mode != sitting.Mock {
			continue
		}
		link := page.Link{Label: fmt.Sprintf("%s, begun %s", s.Form.Exam, dayOf(c, s.Started)), Address: "/exams/" + string(s.ID)}
		switch {
		case s.State.Ended():
			link.Address, link.Note = "/sittings/"+string(s.ID)+"/result", timeNote(&s)
			past = append(past, link)
		case h.Now().Before(s.Deadline):
			link.Note = leftWords(s, h.Now())
			open = append(open, link)
		default: // ends when it is opened, at the latest within a minute
			link.Note = "its time is up"
			past = append(past, link)
		}
	}
	return open, past, nil
}

func leftWords(s sitting.Sitting, now time.Time) string {
	if s.Form.Multiplier == sitting.Untimed {
		return "no clock"
	}
	return minutesWords(int(s.Deadline.Sub(now).Minutes())) + " left"
}

func multiplierWords(m float64) string {
	switch m {
	case 1:
		return ""
	case sitting.Untimed:
		return "without a clock"
	}
	return "× " + strconv.FormatFloat(m, 'f', -1, 64)
}

// timeWords is the time for an exam of so many minutes.
func timeWords(minutes int, multiplier float64) string {
	if multiplier == sitting.Untimed || minutes == 0 {
		return "no clock"
	}
	return minutesWords(int(float64(minutes)*multiplier + .5))
}

func minutesWords(minutes int) string {
	switch hours, rest := minutes/60, minutes%60; {
	case hours == 0:
		return fmt.Sprintf("%d min", rest)
	case rest == 0:
		return fmt.Sprintf("%d h", hours)
	default:
		return fmt.Sprintf("%d h %d min", hours, rest)
	}
}

func (h *Handler) startMock(c *gin.Context) error {
	code := exam.Code(c.PostForm("exam"))
	if code == "" {
		return h.showMockForm(c, http.StatusBadRequest, code, "Choose an exam.")
	}
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	var tryOut []exam.BankID
	for _, e := range snapshot.Banks() {
		if slices.Contains(c.PostFormArray("bank"), string(e.ID)) && snapshot.CanTryOut(e.ID, code) {
			tryOut = append(tryOut, e.ID)
		}
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	s, err := h.Sittings.StartMock(c.Request.Context(), p, code, tryOut)
	if err != nil {
		return again(err, func(status int, message string) error { return h.showMockForm(c, status, code, message) })
	}
	return seeOther(c, "/exams/"+string(s.ID))
}

func (h *Handler) exam(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	s, progress, err := h.Sittings.Exam(c.Request.Context(), p.ID, sitting.ID(c.Param("id")))
	if err != nil {
		return err
	}
	if progress.Over() {
		return seeOther(c, "/sittings/"+string(s.ID)+"/result")
	}
	return h.showExam(c, http.StatusOK, p, s, progress, "")
}

func (h *Handler) showExam(c *gin.Context, status int, p *account.Person, s *sitting.Sitting, progress *sitting.Progress, problem string) error {
	cert, ok := h.Catalogue.Certification(s.Form.Exam)
	if !ok {
		return fault.NotFound("The exam %s is no longer in the catalogue.", s.Form.Exam)
	}
	view := page.Mock{
		Frame: h.frame(c, "Mock exam "+string(s.Form.Exam), "mock"), Sitting: string(s.ID), Code: string(s.Form.Exam), Name: cert.Name,
		DeadlineLeft: left(s, h.Now()), HideClock: p.Settings.HideClock, Keys: !p.Settings.NoKeys, Of: len(s.Form.Places),
		Section: progress.Section, Client: account.NewID(), Seq: progress.N, Saved: c.Query("saved") != "" && problem == "", Problem: problem,
		Elsewhere: inUse(progress, h.Now()), Holder: progress.Holder,
		Multiplier: multiplierWords(s.Form.Multiplier),
	}
	for i := range s.Form.Sections {
		view.Sections = append(view.Sections, examSection(s.Form, progress, i))
	}
	for i := range s.Form.Places {
		if !s.Form.Open(progress, i) {
			continue
		}
		place, err := h.examPlace(c, s, progress, i)
		if err != nil {
			return err
		}
		if place.Question.CaseTitle != "" && s.Form.Sections[place.Section].Stimulus != "" {
			view.Sections[place.Section].Title = place.Question.CaseTitle
		}
		view.Places = append(view.Places, place)
	}
	return render(c, status, web.Mock(view))
}

// left is the time to the deadline in milliseconds; −1 without a clock.
func left(s *sitting.Sitting, now time.Time) int64 {
	if s.Form.Multiplier == sitting.Untimed || s.Form.Minutes == 0 {
		return -1
	}
	return max(0, s.Deadline.Sub(now).Milliseconds())
}

func examSection(f *sitting.Form, p *sitting.Progress, i int) page.ExamSection {
	section := page.ExamSection{Title: "Questions", Closes: f.Sections[i].Closes && i < len(f.Sections)-1, First: -1}
	if f.Sections[i].Stimulus != "" {
		section.Title = "Case"
	}
	for at, place := range f.Places {
		if place.Section != i {
			continue
		}
		if section.First < 0 {
			section.First = at
		}
		section.Last, section.Open = at, f.Open(p, at)
	}
	return section
}

func (h *Handler) examPlace(c *gin.Context, s *sitting.Sitting, progress *sitting.Progress, i int) (page.ExamPlace, error) {
	asked, err := h.Sittings.AskAt(c.Request.Context(), s, i)
	if err != nil {
		return page.ExamPlace{}, err
	}
	question := h.questionView(asked.Question, asked.Order, progress.Answers[i])
	question.Prefix, question.Number, question.Of = fmt.Sprintf("p%d.", i), i+1, len(s.Form.Places)
	return page.ExamPlace{
		Index: i, Number: i + 1, Question: question, Flagged: progress.Flagged[i], Struck: progress.Struck[i],
		Note: progress.Notes[i], Answered: progress.Complete(i), Seen: progress.Seen[i], Section: s.Form.Places[i].Section,
	}, nil
}

// examEvents takes in what a tab has queued.
func (h *Handler) examEvents(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	client, events, err := readEvents(c.Request.Body, examKinds)
	if err != nil {
		return err
	}
	id := sitting.ID(c.Param("id"))
	s, err := h.Sittings.Open(c.Request.Context(), p.ID, id)
	if err != nil {
		return err
	}
	if s.Form == nil {
		return fault.NotFound("There is no such exam.")
	}
	ack, err := h.Sittings.Record(c.Request.Context(), p.ID, id, client, events)
	more := gin.H{"next": "/sittings/" + string(id) + "/result"}
	if err == nil && !ack.Over {
		more = gin.H{"left_ms": h.leftOf(c, p, id)}
	}
	return acknowledge(c, ack, err, more)
}

// acknowledge tells a tab what the server has, and what follows.
func acknowledge(c *gin.Context, ack sitting.Ack, err error, more gin.H) error {
	answer := gin.H{"seq": ack.Seq, "over": ack.Over}
	switch {
	case err == nil:
		answer["refused"] = refusals(ack)
		maps.Copy(answer, more)
		c.JSON(map[bool]int{false: http.StatusOK, true: http.StatusGone}[ack.Over], answer)
	case sitting.ErrElsewhere(err):
		c.JSON(http.StatusConflict, gin.H{"seq": ack.Seq, "elsewhere": true, "text": fault.Message(err)})
	case fault.KindOf(err) == fault.KindConflict:
		c.JSON(http.StatusConflict, gin.H{"seq": ack.Seq, "missing": true})
	default:
		return err
	}
	return nil
}

func (h *Handler) leftOf(c *gin.Context, p *account.Person, id sitting.ID) int64 {
	s, err := h.Sittings.Open(c.Request.Context(), p.ID, id)
	if err != nil {
		return 0 // the next thing sent says why
	}
	return left(s, h.Now())
}

func refusals(ack sitting.Ack) []gin.H {
	list := []gin.H{}
	for _, r := range ack.Refused {
		list = append(list, gin.H{"seq": r.Seq, "text": r.Text, "behind": r.Kind == fault.KindConflict})
	}
	return list
}

// maxEvents bounds what a tab sends at once.
const maxEvents = 500

// examKinds are the events that the page of an exam can send.
var examKinds = []sitting.EventKind{
	sitting.Claimed, sitting.Shown, sitting.Answered, sitting.Flagged, sitting.Struck, sitting.Noted, sitting.Closed, sitting.Submitted,
}

// readEvents reads what a tab sends: events of the kinds given, no larger than those of
// any question.
func readEvents(body io.Reader, kinds []sitting.EventKind) (client string, events []sitting.Event, err error) {
	var sent struct {
		Client string          `json:"client"`
		Events []sitting.Event `json:"events"`
	}
	if err := json.NewDecoder(body).Decode(&sent); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return "", nil, fault.Invalid("That was too much at once.")
		}
		return "", nil, fault.Invalid("What the page sent can't be read. Please reload it.")
	}
	if sent.Client == "" || len(sent.Client) > 64 || len(sent.Events) > maxEvents {
		return "", nil, fault.Invalid("What the page sent can't be read. Please reload it.")
	}
	for i := range sent.Events {
		e := &sent.Events[i]
		e.N, e.Client, e.At, e.Question = 0, "", time.Time{}, nil // these are the server's to say
		if !slices.Contains(kinds, e.Kind) || !bounded(e) {
			return "", nil, fault.Invalid("What the page sent can't be read. Please reload it.")
		}
	}
	return sent.Client, sent.Events, nil
}

// maxWord is the longest entry of a choice, in bytes: "yes", or a place.
const maxWord = 8

// bounded reports whether an event's lists are as short as those of any question.
func bounded(e *sitting.Event) bool {
	lists := [][]string{e.Struck}
	if e.Choice != nil {
		if len(e.Choice.Confidence) > maxWord {
			return false
		}
		lists = append(lists, e.Choice.Selected, e.Choice.Order, e.Choice.Matches, e.Choice.Verdicts)
	}
	for _, list := range lists {
		if len(list) > exam.MaxOptions || slices.ContainsFunc(list, func(s string) bool { return len(s) > maxWord }) {
			return false
		}
	}
	return true
}

// saveExam takes in the whole page of somebody without scripts: what changed, and
// then closing a section or handing in.
func (h *Handler) saveExam(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	id := sitting.ID(c.Param("id"))
	s, progress, err := h.Sittings.Exam(c.Request.Context(), p.ID, id)
	if err != nil {
		return err
	}
	if progress.Over() {
		return seeOther(c, "/sittings/"+string(id)+"/result")
	}
	seq, err := strconv.Atoi(c.PostForm("seq"))
	if err != nil {
		return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
	}
	if seq != progress.N {
		return h.showExam(c, http.StatusConflict, p, s, progress, "Something else was saved since this page was made, perhaps in another tab. Nothing was overwritten: the exam is shown as it stands, without what you had just changed here.")
	}
	client := formClient + account.NewID()
	changes := pageEvents(c, s, progress)
	ack, err := h.Sittings.Record(c.Request.Context(), p.ID, id, client, changes)
	if err != nil {
		return err
	}
	if len(ack.Refused) > 0 {
		s, progress, err := h.Sittings.Exam(c.Request.Context(), p.ID, id)
		if err != nil {
			return err
		}
		return h.showExam(c, http.StatusBadRequest, p, s, progress, "Not everything could be saved: "+ack.Refused[0].Text+" The rest is kept, and the exam goes on.")
	}
	if last, ok := closing(c, progress, len(changes)+1); ok && !ack.Over {
		if ack, err = h.Sittings.Record(c.Request.Context(), p.ID, id, client, []sitting.Event{last}); err != nil {
			return err
		}
	}
	if ack.Over {
		return seeOther(c, "/sittings/"+string(id)+"/result")
	}
	return seeOther(c, "/exams/"+string(id)+"?saved=1")
}

// formClient begins the names of the tabs that pages without scripts stand for.
// None of them lives on after its form was sent.
const formClient = "form-"

// closing is what a page without scripts ends, if anything.
func closing(c *gin.Context, progress *sitting.Progress, seq int) (sitting.Event, bool) {
	switch c.PostForm("do") {
	case "close":
		return sitting.Event{Seq: seq, Kind: sitting.Closed, Place: progress.Section}, true
	case "submit":
		return sitting.Event{Seq: seq, Kind: sitting.Submitted}, true
	}
	return sitting.Event{}, false
}

// pageEvents is what a page without scripts changes, as the events of a tab of
// its own.
func pageEvents(c *gin.Context, s *sitting.Sitting, progress *sitting.Progress) []sitting.Event {
	events := []sitting.Event{{Kind: sitting.Claimed}}
	for i := range s.Form.Places {
		if !s.Form.Open(progress, i) {
			continue
		}
		prefix := fmt.Sprintf("p%d.", i)
		choice, flag := readChoiceAt(c, prefix), c.PostForm(prefix+"flag") != ""
		note := strings.ReplaceAll(c.PostForm(prefix+"note"), "\r\n", "\n") // forms send a line's end as two characters
		if !choice.Equal(progress.Answers[i]) {
			events = append(events, sitting.Event{Kind: sitting.Answered, Place: i, Choice: &choice})
		}
		if flag != progress.Flagged[i] {
			events = append(events, sitting.Event{Kind: sitting.Flagged, Place: i, On: flag})
		}
		if note != progress.Notes[i] {
			events = append(events, sitting.Event{Kind: sitting.Noted, Place: i, Text: note})
		}
	}
	for i := range events {
		events[i].Seq = i + 1
	}
	return events
}
