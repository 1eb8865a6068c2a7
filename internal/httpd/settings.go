package httpd

import (
	"net/http"
	"strconv"

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
	return h.showSettings(c, http.StatusOK, settings, "")
}

func (h *Handler) showSettings(c *gin.Context, status int, s account.Settings, problem string) error {
	view := page.Settings{
		Frame: h.frame(c, "Settings", "settings"), Problem: problem,
		HideClock: s.HideClock, KeysOff: s.NoKeys, ReduceMotion: s.Still,
		Time: []page.Option{{Value: "1", Label: "The vendor's time", Chosen: s.Multiplier() == 1}},
		Size: []page.Option{{Value: "100", Label: "As it comes", Chosen: s.Size == ""}},
	}
	for _, m := range account.Multiples() {
		value := strconv.FormatFloat(m, 'f', -1, 64)
		view.Time = append(view.Time, page.Option{Value: value, Label: value + " times that", Chosen: s.Multiplier() == m})
	}
	view.Time = append(view.Time, page.Option{Value: "0", Label: "No clock", Chosen: s.Untimed})
	for _, size := range account.Sizes() {
		view.Size = append(view.Size, page.Option{Value: size, Label: size + " %", Chosen: s.Size == size})
	}
	for _, t := range []page.Option{{Value: "auto", Label: "As the device has it"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}} {
		t.Chosen = view.Theme == nil && view.Frame.Theme == "" || t.Value == view.Frame.Theme
		view.Theme = append(view.Theme, t)
	}
	return render(c, status, web.Settings(view))
}

func (h *Handler) saveSettings(c *gin.Context) error {
	settings, err := readSettings(c)
	if err != nil {
		return h.showSettings(c, http.StatusBadRequest, account.Settings{}, fault.Message(err))
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	if err := h.Accounts.SaveSettings(c.Request.Context(), p.ID, settings); err != nil {
		return again(err, func(status int, message string) error { return h.showSettings(c, status, settings, message) })
	}
	theme := c.PostForm("theme")
	if theme == "auto" {
		theme = ""
	}
	if err := h.keepTheme(c, theme); err != nil {
		return err
	}
	return seeOther(c, "/settings?done=settings")
}

func readSettings(c *gin.Context) (account.Settings, error) {
	s := account.Settings{HideClock: c.PostForm("clock") != "", NoKeys: c.PostForm("keys") != "", Still: c.PostForm("motion") != ""}
	switch time := c.PostForm("time"); time {
	case "", "1":
	case "0":
		s.Untimed = true
	default:
		m, err := strconv.ParseFloat(time, 64)
		if err != nil {
			return s, fault.Invalid("Choose one of the times.")
		}
		s.ExtraTime = m
	}
	if size := c.PostForm("size"); size != "100" {
		s.Size = size
	}
	return s, s.Check()
}
