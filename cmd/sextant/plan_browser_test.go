package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// narrow checks a page in a window of 320 pixels.
func (p *profile) narrow() {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(320, 640))
	if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 320 {
		p.t.Errorf("%s is %d pixels wide in a window of 320", p.location(), width)
	}
	p.axe()
	p.do(chromedp.EmulateViewport(1100, 900))
}

// A plan is made by keyboard, ticked off, worked out anew, changed, downloaded and
// subscribed to.
func TestAPlanByKeyboard(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/diagnostic?exam=AIF-C01")
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	for !strings.HasSuffix(p.location(), "/report") {
		p.leave(chromedp.Click(`button[value=dont_know]`))
	}

	p.open("/plan")
	p.axe()
	p.narrow()
	p.do(chromedp.Click("[data-plan-days] > summary"), chromedp.SendKeys(`[name="day.1"]`, "1"), chromedp.SendKeys(`[name="day.6"]`, "2.5"))
	if said := evaluate[string](p, `document.querySelector("[data-plan-sum]").textContent`); !strings.HasPrefix(said, "3.5 hours a week.") {
		t.Errorf("the days add up to %q", said)
	}
	p.do(chromedp.SetValue(`[name="day.1"]`, ""), chromedp.SetValue(`[name="day.6"]`, ""))
	for day := range 7 { // so that there is something to do today, whatever day it is
		p.do(chromedp.SetValue(`[name="day.`+string(rune('0'+day))+`"]`, "1.5"))
	}
	rows := `document.querySelectorAll(".plan-off").length`
	before := evaluate[int](p, rows)
	p.do(chromedp.Click("details:has([data-plan-off]) > summary"), chromedp.SendKeys(".plan-off:last-of-type [name='off.note']", "holidays"))
	if after := evaluate[int](p, rows); after != before+1 {
		t.Errorf("filling in the last of %d rows for days off makes %d", before, after)
	}
	p.axe()
	p.tabTo(`.plan-form button[type=submit]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	address, _, _ := strings.Cut(p.location(), "?")
	p.mustSay("Plan for AIF-C01")
	p.mustSay("10 h 30 min a week")
	p.mustSay("You are a guest")
	p.axe()
	p.narrow()

	// Ticking the first block off works the plan out anew.
	first := evaluate[string](p, `document.querySelector(".plan-today .plan-what strong").textContent`)
	p.tabTo(".plan-tick button")
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("It is kept, and the plan is worked out anew.")
	p.mustSay("Done today")
	if now := evaluate[string](p, `document.querySelector(".plan-today .plan-what strong")?.textContent ?? ""`); now == first {
		t.Errorf("“%s” is still up first", now)
	}
	p.axe()
	p.tabTo(".plan-done button")
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("It is taken back")

	p.leave(chromedp.Click("button[name=theme][value=dark]"))
	p.axe()
	p.open("/")
	p.mustSay("in your plan for AIF-C01")
	p.open(address + "/edit")
	p.axe()

	file := evaluate[string](p, `fetch("`+address+`/calendar.ics").then(r => r.text())`)
	if !strings.HasPrefix(file, "BEGIN:VCALENDAR\r\n") || !strings.Contains(file, "Mock exam: AIF-C01") {
		t.Errorf("the file for calendars is\n%.300s", file)
	}

	p.open("/signup?next=%2Fplan%2Fcalendar")
	p.do(chromedp.SendKeys("[name=email]", "learner@example.org"), chromedp.SendKeys("[name=password]", "a long enough password"))
	p.leave(chromedp.Click("main form button[type=submit]"))
	p.axe()
	p.tabTo("main button[value=make]")
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("it isn't shown again")
	p.axe()
	p.narrow()
	feed := evaluate[string](p, `fetch(new URL(document.querySelector("[data-plan-address]").textContent).pathname, {credentials: "omit"}).then(r => r.text())`)
	if !strings.HasPrefix(feed, "BEGIN:VCALENDAR\r\n") {
		t.Errorf("the feed is\n%.300s", feed)
	}
	p.open("/plan/calendar")
	p.mustSay("last read on")
	p.leave(chromedp.Click("main button[value=revoke]"))
	p.mustSay("The address is revoked.")
}

// All of it goes without scripts.
func TestAPlanWithoutJavaScript(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.withoutJavaScript()
	p.open("/plan?exam=MLA-C02")
	p.do(chromedp.Click(`[name=when][value=date]`), chromedp.SetValue(`[name=date]`, time.Now().AddDate(0, 0, 20).Format(time.DateOnly)))
	p.leave(chromedp.Click(`.plan-form button[type=submit]`))
	p.mustSay("The nearest day at your pace is")
	p.leave(chromedp.Click(`.plan-problem button`))
	p.mustSay("The plan is changed.")
	p.do(chromedp.SetValue(`.plan-tell [name=minutes]`, "50"))
	p.leave(chromedp.Click(`.plan-tell button`))
	p.mustSay("50 min that you told of")
	p.leave(chromedp.Click(`.plan-done button`))
	p.mustSay("It is taken back")
	p.leave(chromedp.Click(`.plan-wish button[value=end]`))
	p.mustSay("You ended this plan on")
	p.leave(chromedp.Click(`.plan-ended button`))
	p.mustSay("The plan goes on.")
	p.leave(chromedp.Click(`.plan-today form[action="/practice"] button`))
	p.mustSay("Question 1 of")
}
