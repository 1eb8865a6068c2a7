package httpd

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/web"
)

func (h *Handler) settingsForm(c *gin.Context) error {
	var settings account.Settings
	if p := httpx.Person(c); p != nil {
		settings = p.Settings
	}
	return h.showSettings(c, http.StatusOK, settings, h.frame(c, "", "").Theme, "")
}

// showSettings shows settings that are kept, or that were wrong and are sent back
// as they were.
func (h *Handler) showSettings(c *gin.Context, status int, s account.Settings, theme, problem string) error {
	view := page.Settings{
		Frame: h.frame(c, "Settings", "settings"), Problem: problem,
		HideClock: s.HideClock, KeysOff: s.NoKeys, ReduceMotion: s.Still, Zone: s.Zone,
		Time: []page.Option{{Value: "1", Label: "The vendor's time", Chosen: s.Multiplier() == 1}},
		Size: []page.Option{{Value: "100", Label: "Usual", Chosen: s.Size == ""}},
	}
	for _, m := range account.Multiples() {
		value := strconv.FormatFloat(m, 'f', -1, 64)
		view.Time = append(view.Time, page.Option{Value: value, Label: "× " + value, Chosen: s.Multiplier() == m})
	}
	view.Time = append(view.Time, page.Option{Value: "0", Label: "No time limit", Chosen: s.Untimed})
	for _, size := range account.Sizes() {
		view.Size = append(view.Size, page.Option{Value: size, Label: size + " %", Chosen: s.Size == size})
	}
	for _, share := range account.Retentions() {
		view.Retention = append(view.Retention, page.Option{Value: strconv.Itoa(share), Label: strconv.Itoa(share) + " %", Chosen: s.Remembered() == share})
	}
	for _, t := range []page.Option{{Value: autoTheme, Label: "As my system"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}} {
		t.Chosen = t.Value == theme || theme == "" && t.Value == autoTheme
		view.Theme = append(view.Theme, t)
	}
	return render(c, status, web.Settings(view))
}

// autoTheme stands in the form for the colours of the system.
const autoTheme = "auto"

func (h *Handler) saveSettings(c *gin.Context) error {
	theme := c.PostForm("theme")
	settings, err := readSettings(c)
	if err != nil {
		return h.showSettings(c, http.StatusBadRequest, settings, theme, fault.Message(err))
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	settings.HideDays = p.Settings.HideDays // is said on the page of progress
	if err := h.Accounts.SaveSettings(c.Request.Context(), p.ID, settings); err != nil {
		return again(err, func(status int, message string) error { return h.showSettings(c, status, settings, theme, message) })
	}
	if theme == autoTheme {
		theme = ""
	}
	if err := h.keepTheme(c, theme); err != nil {
		return err
	}
	return seeOther(c, "/settings?done=settings")
}

func readSettings(c *gin.Context) (account.Settings, error) {
	s := account.Settings{
		HideClock: c.PostForm("clock") != "", NoKeys: c.PostForm("keys") != "", Still: c.PostForm("motion") != "",
		Zone: strings.TrimSpace(c.PostForm("zone")),
	}
	if s.Zone == "" {
		s.Zone = deviceZone(c)
	}
	if size := c.PostForm("size"); size != "100" {
		s.Size = size
	}
	var err error
	if share := c.PostForm("retention"); share != "" {
		if s.Retention, err = strconv.Atoi(share); err != nil {
			return s, fault.Invalid("Choose one of the shares to remember.")
		}
	}
	switch times := c.PostForm("time"); times {
	case "", "1":
	case "0":
		s.Untimed = true
	default:
		if s.ExtraTime, err = strconv.ParseFloat(times, 64); err != nil {
			return s, fault.Invalid("Choose one of the times.")
		}
	}
	return s, s.Check()
}

const zoneCookie = "zone"

// deviceZone names the time zone that the device says it is in; "" where it says
// none that there is.
func deviceZone(c *gin.Context) string {
	name, err := c.Cookie(zoneCookie)
	if err != nil {
		return "" // no cookie
	}
	if _, err := account.ParseZone(name); err != nil {
		return ""
	}
	return name
}

// adoptZone keeps the device's time zone for a person who has none yet: what they
// begin now may come back for review by days, and those are to be their own.
func (h *Handler) adoptZone(c *gin.Context, p *account.Person) error {
	name := deviceZone(c)
	if name == "" || p.Settings.Zone != "" {
		return nil
	}
	settings := p.Settings
	settings.Zone = name
	if err := h.Accounts.SaveSettings(c.Request.Context(), p.ID, settings); err != nil {
		return err
	}
	p.Settings = settings
	return nil
}

// zoneOf is the time zone by which days are named for whoever asks: their own, or
// the device's, or else UTC.
func zoneOf(c *gin.Context) *time.Location {
	settings := account.Settings{Zone: deviceZone(c)}
	if p := httpx.Person(c); p != nil && p.Settings.Zone != "" {
		settings = p.Settings
	}
	return settings.Location()
}

// dayOf names the day of a moment as whoever asks has it.
func dayOf(c *gin.Context, t time.Time) string { return t.In(zoneOf(c)).Format(longDay) }
