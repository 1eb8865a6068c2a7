package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sextant/internal/testkit"
)

const practiceLength = 5

// sureByKeyboard says that the answer to come is sure.
func (p *profile) sureByKeyboard() {
	p.t.Helper()
	p.tabTo(`input[name=confidence]`)
	p.press(" ")
	p.press(kb.ArrowDown)
	p.press(kb.ArrowDown)
}

func TestPracticeByKeyboard(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/")
	p.tabTo(`nav a[href="/practice"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("All certifications")
	p.axe()
	p.tabTo(`.practice-exam select`)
	p.press("MLA-C02")
	p.tabTo(`.practice-exam button`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("What helps most")
	p.axe()
	p.tabTo(`input[name=source]`) // what helps most comes chosen
	p.press(kb.ArrowDown)
	p.press(kb.ArrowUp)
	p.tabTo(`input[name=length]`) // 10 questions come chosen
	p.press(kb.ArrowUp)
	p.tabTo(`form.practice > .actions button`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay(fmt.Sprintf("Question 1 of %d", practiceLength))
	p.axe()

	for round := range practiceLength {
		if strings.HasSuffix(evaluate[string](p, `document.querySelector("fieldset.options").className`), "type-single") && round == 0 {
			p.tabTo(`button.strike`)
			p.press(" ")
			if !evaluate[bool](p, `document.querySelector(".option-row").classList.contains("struck")`) {
				t.Error("the first option isn't struck out")
			}
		}
		if round == 0 {
			p.sureByKeyboard()
		}
		p.answerByKeyboard(round)
		if !strings.HasSuffix(p.location(), fmt.Sprintf("/feedback/%d", round)) {
			t.Fatalf("after answer %d the page is %s:\n%s", round, p.location(), p.text())
		}
		p.mustSay("Remember")
		if round == 0 {
			p.mustSay("You were sure")
			p.axe()
			p.tabTo(`input[name=flag]`)
			p.press(" ")
		}
		p.tabTo(`button[data-next]`) // which keeps the flag
		p.leave(chromedp.KeyEvent(kb.Enter))
	}
	p.mustSay(fmt.Sprintf("of %d answers right", practiceLength))
	p.mustSay("Due today")
	p.axe()
	p.tabTo(`nav.tabs a[href$="/review"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("Every question")
	p.axe()
	p.open("/practice?source=flagged")
	p.mustSay("Flagged 1 question")
}

// With scripts off the whole of practice works: choosing, answering with how sure
// one is, the feedback, a note, a report, the summary, and the review next day.
func TestPracticeWithoutJavaScript(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	clock := testkit.NewClock()
	clock.Set(time.Now()) // as the browser's, which judges cookies by it
	s := startSite(t, clock.Now)
	p := newProfile(t, s.base)
	p.withoutJavaScript()
	p.open("/practice?exam=AIF-C01")
	p.do(chromedp.Click(`input[name=length][value="5"]`))
	p.leave(chromedp.Click(`form.practice > .actions button`))
	for round := range practiceLength {
		p.mustSay(fmt.Sprintf("Question %d of %d", round+1, practiceLength))
		p.do(chromedp.Click(`input[name=confidence][value=unsure]`))
		p.fillByClick()
		p.mustSay("It comes back for review on")
		if round == 0 {
			p.do(chromedp.Click(`.practice-note summary`), chromedp.SendKeys(`textarea[name=note]`, "Look at quotas."))
			p.leave(chromedp.Click(`button[value=mark]`))
			p.mustSay("Your flag and note are kept")
			p.mustSay("Look at quotas.")
			p.do(chromedp.Click(`details.ending summary`), chromedp.SendKeys(`textarea[name=text]`, "The second option is right too."))
			p.leave(chromedp.Click(`button[value=report]`))
			p.mustSay("Thank you.")
		}
		p.leave(chromedp.Click(`button[data-next]`))
	}
	p.mustSay("of 5 answers right")
	p.mustSay("Due today: 0 questions.")

	clock.Advance(30 * time.Hour)
	p.open("/")
	p.mustSay("Due today: 5 questions.")
	p.leave(chromedp.Click(`form.due button`))
	p.mustSay("Question 1 of 5")
}

// With a pointer, choosing a certification is enough to see its domains.
func TestACertificationIsChosenByPointing(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	p := newProfile(t, startSite(t, time.Now).base)
	p.open("/practice")
	point := `(() => {
		const list = document.querySelector(".practice-exam select");
		list.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true}));
		list.value = "MLA-C02";
		list.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	})()`
	p.leave(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](point))
		return err
	}))
	if got := evaluate[string](p, `document.querySelector("input[name=shown]").value`); got != "MLA-C02" {
		t.Errorf("%s shows %q, want what was chosen", p.location(), got)
	}
}

// How sure one is can be said wherever the answer can be checked: from where the
// answers begin, whatever their length.
func TestConfidenceIsAskedInSight(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	p := newProfile(t, startSite(t, time.Now).base)
	p.open("/practice?exam=MLA-C02")
	p.leave(chromedp.Click(`form.practice > .actions button`))
	inSight := `(() => {
		document.querySelector("[data-answer]").scrollIntoView();
		const [sure, check] = ["fieldset.confidence", "button[value=answer]"].map((s) => document.querySelector(s).getBoundingClientRect());
		return sure.top >= 0 && sure.bottom <= check.top && check.bottom <= innerHeight;
	})()`
	if !evaluate[bool](p, inSight) {
		t.Error("where the answers begin, how sure one is or the button is out of sight")
	}
}
