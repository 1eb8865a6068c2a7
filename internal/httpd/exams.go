package httpd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
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
		if view.Open, err = h.openExams(c, p); err != nil {
			return err
		}
	}
	view.Multiplier = multiplierWords(settings.Multiplier())
	for _, code := range snapshot.OfferedExams() {
		basis, err := snapshot.MockBasis(code)
		if err != nil {
			return err
		}
		cert, _ := h.Catalogue.Certification(code)
		one := page.MockExam{
			Code: string(code), Name: cert.Name, Offered: true, Chosen: code == chosen,
			Questions: basis.Spec.Total(), Minutes: basis.Minutes, Time: timeWords(basis.Minutes, settings.Multiplier()),
		}
		if note := string(cert.Takeable(h.Now(), "").Availability); note == "no" {
			one.Note = "This exam can't be taken any more."
		}
		view.Exams = append(view.Exams, one)
	}
	return render(c, status, web.MockStart(view))
}

// openExams are the person's exams that are still running.
func (h *Handler) openExams(c *gin.Context, p *account.Person) ([]page.Link, error) {
	sittings, err := h.Sittings.List(c.Request.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	var open []page.Link
	for _, s := range sittings {
		if s.Mode == sitting.Mock && s.State == sitting.Open && h.Now().Before(s.Deadline) {
			open = append(open, page.Link{
				Label: fmt.Sprintf("%s, begun %s", s.Form.Exam, s.Started.Format(longDay)), Address: "/exams/" + string(s.ID),
				Note: leftWords(s, h.Now()),
			})
		}
	}
	return open, nil
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
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	code := exam.Code(c.PostForm("exam"))
	s, err := h.Sittings.StartMock(c.Request.Context(), p, code)
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
	if progress.Over {
		return seeOther(c, "/sittings/"+string(s.ID)+"/result")
	}
	return h.showExam(c, http.StatusOK, p, s, progress, "")
}

// activeFor is how long after its last event a tab is taken as still in use.
const activeFor = 2 * time.Minute

func (h *Handler) showExam(c *gin.Context, status int, p *account.Person, s *sitting.Sitting, progress *sitting.Progress, problem string) error {
	cert, ok := h.Catalogue.Certification(s.Form.Exam)
	if !ok {
		return fault.NotFound("The exam %s is no longer in the catalogue.", s.Form.Exam)
	}
	view := page.Mock{
		Frame: h.frame(c, "Mock exam "+string(s.Form.Exam), "mock"), Sitting: string(s.ID), Code: string(s.Form.Exam), Name: cert.Name,
		DeadlineLeft: left(s, h.Now()), HideClock: p.Settings.HideClock, Keys: !p.Settings.NoKeys, Of: len(s.Form.Places),
		Section: progress.Section, Client: account.NewID(), Saved: c.Query("saved") != "" && problem == "", Problem: problem,
		Elsewhere: progress.Holder != "" && h.Now().Sub(progress.Last) < activeFor, Holder: progress.Holder,
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
	client, events, err := readEvents(c.Request.Body)
	if err != nil {
		return err
	}
	id := sitting.ID(c.Param("id"))
	ack, err := h.Sittings.Record(c.Request.Context(), p.ID, id, client, events)
	switch {
	case err == nil && ack.Over:
		c.JSON(http.StatusGone, gin.H{"seq": ack.Seq, "over": true, "next": "/sittings/" + string(id) + "/result"})
	case err == nil:
		c.JSON(http.StatusOK, gin.H{"seq": ack.Seq, "left_ms": h.leftOf(c, p, id), "over": false, "refused": refusals(ack)})
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
		list = append(list, gin.H{"seq": r.Seq, "text": r.Text})
	}
	return list
}

// maxEvents bounds what a tab sends at once.
const maxEvents = 500

// wireKinds are the events that a tab can send.
var wireKinds = []sitting.EventKind{
	sitting.Claimed, sitting.Shown, sitting.Answered, sitting.Flagged, sitting.Struck, sitting.Noted, sitting.Closed, sitting.Submitted,
}

func readEvents(body io.Reader) (client string, events []sitting.Event, err error) {
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
		e.N, e.Client, e.At = 0, "", time.Time{} // these are the server's to say
		if !slices.Contains(wireKinds, e.Kind) {
			return "", nil, fault.Invalid("What the page sent can't be read. Please reload it.")
		}
	}
	return sent.Client, sent.Events, nil
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
	if progress.Over {
		return seeOther(c, "/sittings/"+string(id)+"/result")
	}
	ack, err := h.Sittings.Record(c.Request.Context(), p.ID, id, account.NewID(), pageEvents(c, s, progress))
	if err != nil {
		return err
	}
	if ack.Over {
		return seeOther(c, "/sittings/"+string(id)+"/result")
	}
	return seeOther(c, "/exams/"+string(id)+"?saved=1")
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
		events = append(events, sitting.Event{Kind: sitting.Answered, Place: i, Choice: &choice})
		if flag != progress.Flagged[i] {
			events = append(events, sitting.Event{Kind: sitting.Flagged, Place: i, On: flag})
		}
		if note != progress.Notes[i] {
			events = append(events, sitting.Event{Kind: sitting.Noted, Place: i, Text: note})
		}
	}
	switch c.PostForm("do") {
	case "close":
		events = append(events, sitting.Event{Kind: sitting.Closed, Place: progress.Section})
	case "submit":
		events = append(events, sitting.Event{Kind: sitting.Submitted})
	}
	for i := range events {
		events[i].Seq = i + 1
	}
	return events
}
