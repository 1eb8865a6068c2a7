package httpd

import (
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/page"
	"sextant/internal/sitting"
)

// listed is how many tests of a kind are listed before the earlier ones fold.
const listed = 8

// keptTests lists a person's tests by kind, open ones too; a kind of which there is
// none is left out. It takes sittings with the latest first.
func (h *Handler) keptTests(c *gin.Context, sittings []sitting.Sitting) ([]page.SittingGroup, error) {
	if len(sittings) == 0 {
		return nil, nil
	}
	tallies, err := h.Sittings.Tallies(c.Request.Context(), sittings[0].Person)
	if err != nil {
		return nil, err
	}
	var groups []page.SittingGroup
	for _, kind := range []struct {
		mode    sitting.Mode
		heading string
	}{{sitting.Diagnostic, "Diagnostics"}, {sitting.Mock, "Mock exams"}, {sitting.Practice, "Practice and review"}} {
		group := page.SittingGroup{ID: "kept-" + string(kind.mode), Heading: kind.heading}
		for i := range sittings {
			if s := &sittings[i]; s.Mode == kind.mode {
				group.Rows = append(group.Rows, h.keptTest(c, s, tallies))
			}
		}
		if len(group.Rows) > listed {
			group.Rows, group.Earlier = group.Rows[:listed], group.Rows[listed:]
		}
		if len(group.Rows) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, nil
}

// endedByItself is what a list says of a test that nobody came back to.
const endedByItself = "ended by itself after 30 days"

// keptTest leads to how a test went or, while it is open, on with it.
func (h *Handler) keptTest(c *gin.Context, s *sitting.Sitting, tallies map[sitting.ID]sitting.Tally) page.Link {
	link := page.Link{Label: sittingTitle(s), Address: endedAddress(s)}
	notes := []string{dayOf(c, s.Started)}
	tally, told := tallies[s.ID]
	switch {
	case s.State.Ended() && s.Mode == sitting.Diagnostic: // its questions are chosen to be near even, so a share says nothing
		notes = append(notes, plural(s.Seq, "answer"))
	case s.State.Ended():
		if told {
			notes = append(notes, fmt.Sprintf("%d of %d right", tally.Right, tally.Of))
		}
		if s.Mode == sitting.Mock {
			notes = append(notes, timeNote(s))
		}
	case s.Mode != sitting.Mock:
		link.Address = "/sittings/" + string(s.ID)
		notes = append(notes, fmt.Sprintf("open, %d of %d answered", s.Seq, s.Plan.Length))
	case over(s, h.Now()): // ends when it is opened, at the latest within a minute
		link.Address = "/exams/" + string(s.ID)
		notes = append(notes, "its time is up")
	default:
		link.Address = "/exams/" + string(s.ID)
		notes = append(notes, "open, "+leftWords(*s, h.Now()))
	}
	if s.State == sitting.StateExpired && s.Mode != sitting.Mock {
		notes = append(notes, endedByItself)
	}
	link.Note = strings.Join(notes, "; ")
	return link
}
