package httpd

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/internal/sitting"
)

// asSiblings is what the form sends for other questions on the same skills.
const asSiblings = "siblings"

// retake begins a practice of the questions of a finished test that are of one kind.
func (h *Handler) retake(c *gin.Context, p *account.Person, s *sitting.Sitting) error {
	aspect := aspectOf(c.PostForm("show"), sitting.AspectMissed)
	practice, err := h.Sittings.StartRetake(c.Request.Context(), p.ID, s.ID, aspect, c.PostForm("as") == asSiblings)
	if fault.KindOf(err) == fault.KindInvalid && err != nil {
		return h.showReview(c, http.StatusBadRequest, s, aspect, func(view *page.Review) { view.Problem = fault.Message(err) })
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/sittings/"+string(practice.ID))
}

// missedOf offers to practise what was missed; nil where nothing was.
func missedOf(s *sitting.Sitting, entries []sitting.Entry) *page.Missed {
	return retakeOf(s, entries, sitting.AspectMissed)
}

// retakeOf offers to practise the questions of a kind. Those that another test asks
// just now are not counted: nothing is told about them.
func retakeOf(s *sitting.Sitting, entries []sitting.Entry, aspect sitting.Aspect) *page.Missed {
	n := 0
	for i := range entries {
		if e := &entries[i]; !e.Withheld && e.Is(aspect) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &page.Missed{
		Action: "/sittings/" + string(s.ID) + "/retake", Show: string(aspect),
		Text:  countWords(s.Mode, aspect, n),
		Label: "Practise " + itOrThem(n), Other: "Practise others on the same skills",
	}
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return fmt.Sprintf("these %d", n)
}

// countWords is the sentence that counts the questions of a kind.
func countWords(m sitting.Mode, aspect sitting.Aspect, n int) string {
	sentences := map[sitting.Aspect]string{
		sitting.AspectAll: "It had %s.", sitting.AspectMissed: "You missed %s.", sitting.AspectWrong: "You got %s wrong.",
		sitting.AspectUnanswered: "You left %s open.", sitting.AspectUnsure: "You guessed, or were unsure of, %s.",
		sitting.AspectFlagged: "You flagged %s.", sitting.AspectUnscored: "%s didn't count.",
	}
	if m == sitting.Practice {
		sentences[sitting.AspectMissed] = "You missed, or weren't sure of, %s."
	}
	return fmt.Sprintf(sentences[aspect], plural(n, "question"))
}
