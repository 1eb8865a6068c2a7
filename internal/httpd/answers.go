package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

func (h *Handler) question(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	s, progress, err := h.Sittings.Stand(c.Request.Context(), p.ID, sitting.ID(c.Param("id")))
	switch {
	case err != nil:
		return err
	case s.Mode == sitting.Mock:
		return seeOther(c, "/exams/"+string(s.ID))
	case progress.Over():
		return seeOther(c, "/sittings/"+string(s.ID)+"/report")
	}
	said, err := h.saidSoFar(c, p, s, progress)
	if err != nil {
		return err
	}
	return h.showQuestion(c, http.StatusOK, p, s, progress, said, "")
}

// said is what somebody has said to a question without giving it for good.
type said struct {
	choice sitting.Choice
	mark   sitting.Mark // in practice
}

func (h *Handler) saidSoFar(c *gin.Context, p *account.Person, s *sitting.Sitting, progress *sitting.Progress) (said, error) {
	soFar := said{choice: progress.Answers[s.Seq]}
	if s.Mode != sitting.Practice {
		return soFar, nil
	}
	mark, err := h.Sittings.MarkOf(c.Request.Context(), p.ID, s.Current.Question)
	soFar.mark = progress.Mark(s.Seq, mark)
	return soFar, err
}

func (h *Handler) showQuestion(c *gin.Context, status int, p *account.Person, s *sitting.Sitting, progress *sitting.Progress, soFar said, problem string) error {
	asked, err := h.Sittings.Ask(c.Request.Context(), s)
	if err != nil {
		return err
	}
	view := h.questionView(asked.Question, asked.Order, soFar.choice)
	view.Frame = h.frame(c, fmt.Sprintf("Question %d of %d", s.Seq+1, s.Plan.Length), "diagnostic")
	view.Sitting, view.Seq, view.Number, view.Of = string(s.ID), s.Seq, s.Seq+1, s.Plan.Length
	view.Problem, view.Saved, view.KeepIt = problem, c.Query("saved") != "" && problem == "", !p.SignedIn()
	view.Path = "/sittings/" + string(s.ID)
	view.Client, view.Struck = account.NewID(), progress.Struck[s.Seq]
	view.Holder, view.Elsewhere = progress.Holder, inUse(progress, h.Now())
	if s.Mode == sitting.Practice {
		view.Practice, view.Section = practiceAside(soFar.choice.Confidence, soFar.mark), "practice"
	}
	if s.Current.Pretest {
		view.Pretest = h.pretestNote(c, asked.Question)
	}
	return render(c, status, web.Question(view))
}

// activeFor is how long after its last event a tab is taken as still in use.
const activeFor = 2 * time.Minute

// inUse reports whether the tab that holds a sitting is likely still open. A page
// without scripts holds nothing.
func inUse(p *sitting.Progress, now time.Time) bool {
	return p.Holder != "" && !strings.HasPrefix(p.Holder, formClient) && now.Sub(p.Last) < activeFor
}

func (h *Handler) answer(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	id := sitting.ID(c.Param("id"))
	seq, err := strconv.Atoi(c.PostForm("seq"))
	if err != nil {
		return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
	}
	sent := sitting.Sent{Client: clientOf(c), Place: seq, Choice: readChoice(c)}
	mark := readMark(c)
	if fits := utf8.RuneCountInString(mark.Note) <= sitting.MaxNote; fits {
		sent.Mark = &mark
	}
	s, err := h.Sittings.Send(c.Request.Context(), p.ID, id, sent)
	switch {
	case err != nil:
		return h.notTaken(c, p, id, sent, err)
	case s.Mode == sitting.Practice && sent.Mark == nil:
		// The answer is kept; the note is given back to be mended.
		return h.showFeedback(c, http.StatusBadRequest, p, s.ID, seq, func(view *page.Feedback) {
			view.MarkProblem, view.Note, view.Flagged = tooLong, mark.Note, mark.Flagged
		})
	}
	return seeOther(c, answeredAddress(s, seq))
}

var tooLong = fmt.Sprintf("A note can have %d characters at most.", sitting.MaxNote)

// clientOf is the name of the page that a form was sent from, which makes a form
// sent twice known. One that bears none gets a name of its own.
func clientOf(c *gin.Context) string {
	const maxClient = 64
	if name := c.PostForm("client"); name != "" && len(name) <= maxClient {
		return formClient + name
	}
	return formClient + account.NewID()
}

// answeredAddress is where somebody goes on who answered the question at a place.
func answeredAddress(s *sitting.Sitting, place int) string {
	switch {
	case s.Mode == sitting.Practice:
		return feedbackAddress(s.ID, place)
	case s.State.Ended():
		return "/sittings/" + string(s.ID) + "/report"
	}
	return "/sittings/" + string(s.ID) + "?saved=" + strconv.Itoa(place+1)
}

// notTaken answers whoever sent an answer that was not taken because of err.
func (h *Handler) notTaken(c *gin.Context, p *account.Person, id sitting.ID, sent sitting.Sent, err error) error {
	kind := fault.KindOf(err)
	if kind != fault.KindConflict && kind != fault.KindInvalid {
		return err
	}
	s, progress, standErr := h.Sittings.Stand(c.Request.Context(), p.ID, id)
	switch {
	case standErr != nil:
		return standErr
	case kind == fault.KindInvalid && !progress.Over():
		return h.showQuestion(c, http.StatusBadRequest, p, s, progress, said{sent.Choice, readMark(c)}, fault.Message(err))
	case s.Mode == sitting.Practice && sent.Place >= 0 && sent.Place < s.Seq:
		return seeOther(c, feedbackAddress(id, sent.Place))
	}
	// A double click, a second tab or the back button: show where things are.
	return seeOther(c, staleAddress(id))
}

// staleAddress is where somebody goes on whose page was behind.
func staleAddress(id sitting.ID) string { return withDone("/sittings/"+string(id), "behind") }

func (h *Handler) backToQuestion(c *gin.Context) error {
	return seeOther(c, "/sittings/"+url.PathEscape(c.Param("id")))
}

// questionKinds are the events that the page of a question can send.
var questionKinds = []sitting.EventKind{
	sitting.Claimed, sitting.Shown, sitting.Answered, sitting.Flagged, sitting.Struck, sitting.Noted, sitting.Settled,
}

// questionEvents takes in what the page of a question has queued.
func (h *Handler) questionEvents(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	client, events, err := readEvents(c.Request.Body, questionKinds)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), sitting.ID(c.Param("id"))
	s, err := h.Sittings.Open(ctx, p.ID, id)
	if err != nil {
		return err
	}
	if s.Form != nil {
		return fault.NotFound("There is no such diagnostic or practice.")
	}
	ack, err := h.Sittings.Record(ctx, p.ID, id, client, events)
	next := "/sittings/" + string(id) // leads on, also after the end
	if ack.Sent >= 0 && (s.Mode == sitting.Practice || !ack.Over) {
		next = answeredAddress(s, ack.Sent)
	}
	return acknowledge(c, ack, err, gin.H{"next": next, "sent": ack.Sent, "behind": staleAddress(id)})
}
