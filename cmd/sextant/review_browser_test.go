package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// longExam has so many questions that its review takes several pages.
const longExam = "AIF-C01"

// handInBlank begins the long exam on a page without scripts and hands it in at once.
func (p *profile) handInBlank(s site) paper {
	p.t.Helper()
	p.chooseExam(longExam)
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	e := paperOf(p, s)
	p.do(chromedp.Click(`details:has(button[value=submit]) summary`))
	p.leave(chromedp.Click("button[name=do][value=submit]"))
	return e
}

// With scripts off all of an exam can be looked back at: the result, the questions
// of a kind, a flag, a note, a report, and practice of what was missed.
func TestAnExamIsLookedBackAtWithoutJavaScript(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.withoutJavaScript()
	e := p.handInBlank(s)
	missed := len(e.sitting().Form.Places)
	p.mustSay("How long each question took isn't known")
	p.mustSay(fmt.Sprintf("You missed %d questions.", missed))

	p.leave(chromedp.Click(`a.button[href$="/review"]`))
	p.leave(chromedp.Click(`.review-filters a[href$="show=unanswered"]`))
	p.mustSay(fmt.Sprintf("You left %d questions open.", missed))
	p.leave(chromedp.Click(`.pages li:nth-child(2) a`))
	p.mustSay("Question 26")
	p.do(chromedp.Click(`#q26 .remarks details:first-of-type summary`), chromedp.Click(`#q26 input[name=flag]`), chromedp.SendKeys(`#q26 textarea[name=note]`, "Look at quotas."))
	p.leave(chromedp.Click(`#q26 button[value=mark]`))
	p.mustSay("Your flag and note are kept.")
	p.mustSay("Look at quotas.")
	p.do(chromedp.Click(`#q26 .remarks details:last-of-type summary`), chromedp.SendKeys(`#q26 textarea[name=text]`, "The second option is right too."))
	p.leave(chromedp.Click(`#q26 button[value=report]`))
	p.mustSay("Thank you.")
	p.leave(chromedp.Click(`.review-filters a[href$="show=flagged"]`))
	p.mustSay("You flagged 1 question.")
	p.leave(chromedp.Click(`form.missed button:not([name])`))
	p.mustSay("Question 1 of 1")
}

func TestResultAndReviewAreAccessibleInDarkAndNarrow(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/")
	p.leave(chromedp.Click("button[name=theme][value=dark]"))
	p.chooseExam(longExam)
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	p.atRest()
	e := paperOf(p, s)
	p.choose(0, "1") // shown and answered in no time
	p.atRest()
	p.do(chromedp.Click(".exam-bar [data-to-review]"), chromedp.Click("[data-review] [data-hand-in]"))
	p.waitForDialog("submit")
	p.do(chromedp.Click("[data-submit]"))
	base := "/sittings/" + string(e.id)
	p.waitForPage(base + "/result")
	p.mustSay("Nothing took longer than the exam's average pace")

	open := "document.querySelector('.review-jumps details').open"
	for _, width := range []int64{1280, 320} {
		p.do(chromedp.EmulateViewport(width, 640))
		for _, path := range []string{"/result", "/review", "/review?show=missed&page=2"} {
			p.open(base + path)
			// Every fold is opened, so that what is in it is looked at too.
			folded := path != "/result" && !evaluate[bool](p, open)
			evaluate[bool](p, "document.querySelectorAll('main details').forEach(d => d.open = true), true")
			if got := evaluate[int64](p, "document.documentElement.scrollWidth"); got > width {
				t.Errorf("%s is %d pixels wide in a window of %d", path, got, width)
			}
			p.axe()
			if path != "/result" && folded != (width == 320) {
				t.Errorf("%s at %d pixels: the list of numbers is folded: %v", path, width, folded)
			}
		}
	}
	p.open(base + "/review")
	p.useByKeyboard(`form.missed button[name=as]`)
	p.waitFor(`document.readyState === "complete" && document.querySelector("[data-question]") !== null`)
	p.mustSay("Question 1 of")
}
