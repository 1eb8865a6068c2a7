package httpd

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/internal/plan"
	"sextant/web"
)

// icsSuffix ends the address of a feed, so that programs know it for a calendar.
const icsSuffix = ".ics"

// planFile sends one plan as a file for calendars.
func (h *Handler) planFile(c *gin.Context) error {
	p, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	w, err := h.Plans.Work(c.Request.Context(), p, k)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="study-plan-%s.ics"`, strings.ToLower(string(k.Wish.Exam))))
	return h.sendCalendar(c, p, []plan.Worked{*w})
}

// feed sends all open plans of whoever's secret is in the address. Whether one was
// revoked or never existed isn't told.
func (h *Handler) feed(c *gin.Context) error {
	token, ok := strings.CutSuffix(c.Param("token"), icsSuffix)
	if !ok {
		return fault.NotFound("There is no calendar at this address. One ends with .ics.")
	}
	p, plans, err := h.Plans.ReadFeed(c.Request.Context(), token)
	if err != nil {
		return err
	}
	return h.sendCalendar(c, p, plans)
}

// sendCalendar answers with a calendar, or with nothing where the reader has it.
func (h *Handler) sendCalendar(c *gin.Context, p *account.Person, plans []plan.Worked) error {
	data, changed, err := h.Plans.Calendar(p, plans, h.site(c))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	c.Header("Content-Type", "text/calendar; charset=utf-8")
	c.Header("Cache-Control", "private, no-cache") // may be kept, and is asked for again by its ETag
	c.Header("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(c.Writer, c.Request, "", changed, bytes.NewReader(data))
	return nil
}

// planCalendar is the page of somebody's calendar address.
func (h *Handler) planCalendar(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	return h.showCalendar(c, p, "")
}

// showCalendar shows the secret address where it was made just now, and never
// again: only its digest is kept.
func (h *Handler) showCalendar(c *gin.Context, p *account.Person, token string) error {
	ctx := c.Request.Context()
	view := page.PlanCalendar{Frame: h.frame(c, "Your plans in your calendar", "plan"), SignedIn: p.SignedIn()}
	view.Path = "/plan/calendar"
	plans, err := h.Plans.List(ctx, p.ID)
	if err != nil {
		return err
	}
	for i := range plans {
		if k := &plans[i]; k.Open() {
			view.Files = append(view.Files, page.Link{Label: "The plan for " + string(k.Wish.Exam), Address: planAddress(k.ID) + "/calendar.ics"})
		}
	}
	feed, err := h.Plans.Feed(ctx, p.ID)
	if err != nil {
		return err
	}
	if feed != nil {
		view.Made = dayOf(c, feed.Made)
		if !feed.Read.IsZero() {
			view.Read = feed.Read.In(zoneOf(c)).Format(longDay + ", 15:04")
		}
	}
	if token != "" {
		site, path := h.site(c), "/calendar/"+token+icsSuffix
		view.Address, view.Webcal = site+path, "webcal://"+c.Request.Host+path
	}
	return render(c, http.StatusOK, web.PlanCalendar(view))
}

// changeFeed makes, replaces or revokes the secret address. What was made is shown
// in the answer itself: an address to be led on to would hold the secret.
func (h *Handler) changeFeed(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	switch c.PostForm("do") {
	case "make":
		token, err := h.Plans.MakeFeed(c.Request.Context(), p)
		if err != nil {
			return err
		}
		return h.showCalendar(c, p, token)
	case "revoke":
		if err := h.Plans.RevokeFeed(c.Request.Context(), p.ID); err != nil {
			return err
		}
		return seeOther(c, "/plan/calendar?done=feed-revoked")
	}
	return fault.Invalid("Make an address or revoke the one in use. Nothing was changed.")
}
