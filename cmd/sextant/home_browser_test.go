package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Somebody who answered comes back to their own page, and goes on from there by
// keyboard, in light and dark and on a narrow screen.
func TestTheOwnFrontPageByKeyboard(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/diagnostic?exam=MLA-C02")
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	for !strings.HasSuffix(p.location(), "/report") {
		p.leave(chromedp.Click(`button[value=dont_know]`))
	}
	p.open("/")
	p.mustSay("Where you stand")
	p.mustSay("Rests on ")
	p.mustSay("An account keeps it.")
	p.axe()
	p.do(chromedp.EmulateViewport(320, 640))
	if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 320 {
		t.Errorf("the page is %d pixels wide in a window of 320", width)
	}
	p.axe()
	p.leave(chromedp.Click("button[name=theme][value=dark]"))
	p.axe()

	p.tabTo(`.own-now form:not(.due) button, .own-now a.button`) // the next step
	p.leave(chromedp.KeyEvent(kb.Enter))
	if !strings.Contains(p.location(), "/sittings/") {
		t.Fatalf("the next step led to %s", p.location())
	}
	p.mustSay("Question 1 of 10")
	p.open("/")
	p.tabTo(`.own-now a.button[href^="/sittings/"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("Question 1 of 10")
}
