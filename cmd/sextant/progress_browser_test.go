package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Somebody looks at their progress and tells how the real exam went, by keyboard, in
// light and dark and on a narrow screen.
func TestProgressByKeyboard(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/progress")
	p.mustSay("There is nothing to show yet")
	p.axe()
	p.open("/diagnostic?exam=MLA-C02")
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	for !strings.HasSuffix(p.location(), "/report") {
		p.leave(chromedp.Click(`button[value=dont_know]`))
	}
	p.open("/progress")
	p.mustSay("Your expected score on MLA-C02 is")
	p.mustSay("The line begins here")
	p.mustSay("A first verdict on MLA-C02.")
	p.axe()
	p.do(chromedp.EmulateViewport(320, 640))
	if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 320 {
		t.Errorf("the page is %d pixels wide in a window of 320", width)
	}
	p.axe()
	p.leave(chromedp.Click("button[name=theme][value=dark]"))
	p.axe()

	// The figures behind the drawings can be unfolded and scrolled.
	p.tabTo(`details.rest > summary`)
	p.press(kb.Enter)
	p.tabTo(`.scroll[tabindex]`)
	p.mustSay("Whole exam")
	p.axe()

	// Another exam, by keyboard.
	p.tabTo(`.progress-exam select`)
	p.press("AI-103")
	p.tabTo(`.progress-exam button`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("AI-103 over time")

	// The result of the real exam, first with a slip.
	p.tabTo(`section[aria-labelledby=real-exam] summary`)
	p.press(kb.Enter)
	p.tabTo(`.tell-result select`)
	p.press("MLA-C02")
	p.do(chromedp.SetValue(`.tell-result input[name=taken]`, time.Now().AddDate(0, 0, -1).Format(time.DateOnly)))
	p.tabTo(`.tell-result input[name=outcome]`)
	p.press(" ")
	p.tabTo(`.tell-result input[name=score]`)
	p.press("500")
	p.tabTo(`.tell-result button`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("don't go together")
	p.axe()
	p.do(chromedp.SetValue(`.tell-result input[name=score]`, "800"))
	p.tabTo(`.tell-result button`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("Thank you. The result is kept")
	p.mustSay("By the evening before you had given 0 answers")
	p.axe()
	p.tabTo(`.told-results button.quiet`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("It is among the certifications you hold.")
	p.tabTo(`.told-results button.plain`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("The result is taken back.")

	p.tabTo(`.study-days button`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("Show the days of the last four weeks")

	p.open("/measurement")
	p.mustSay("0 of 20 needed")
	p.axe()
}
