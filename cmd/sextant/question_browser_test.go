package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/study"
)

// beginSitting starts the shortest diagnostic, or a practice of questions with one
// right option, and returns its id.
func (p *profile) beginSitting(mode sitting.Mode) sitting.ID {
	p.t.Helper()
	if mode == sitting.Practice {
		p.open("/practice?exam=MLA-C02&type=single&length=5")
	} else {
		p.open("/diagnostic")
	}
	p.leave(chromedp.Click(`form.start .actions button[type=submit], form.start > button[type=submit]`))
	p.ready()
	id, ok := strings.CutPrefix(p.location(), "/sittings/")
	if !ok {
		p.t.Fatalf("%s is no sitting:\n%s", p.location(), p.text())
	}
	return sitting.ID(id)
}

// ready waits until the page of a question listens.
func (p *profile) ready() {
	p.t.Helper()
	p.waitFor(`document.readyState === "complete" && document.querySelector("[data-question]:not([data-locked])")`)
}

// say chooses the nth option, or the nth entry of the first list, whatever the
// kind of question.
func (p *profile) say(n int) {
	p.t.Helper()
	evaluate[bool](p, `(() => {
		const controls = [...document.querySelectorAll("fieldset.options :is(input, select)")];
		if (controls[0].tagName === "SELECT") {
			controls[0].selectedIndex = `+strconv.Itoa(n)+`;
			controls[0].dispatchEvent(new Event("change", {bubbles: true}));
		} else {
			controls[`+strconv.Itoa(n-1)+`].click();
		}
		return true;
	})()`)
}

// said is what is chosen on the page, as one string.
func (p *profile) said() string {
	p.t.Helper()
	return evaluate[string](p, `[...document.querySelectorAll("fieldset.options :is(input:checked, select)")].map((c) => c.name + "=" + c.value).join(" ")`)
}

// standsAs waits until the page says how far the server has what was done.
func (p *profile) standsAs(words string) {
	p.t.Helper()
	p.waitFor(`document.querySelector("[data-saved-words]")?.textContent === "` + words + `"`)
}

var eachGrowing = []sitting.Mode{sitting.Diagnostic, sitting.Practice}

// An answer given without a network is kept, says so, and arrives once when the
// network is back; then the page goes on.
func TestAnAnswerGivenOfflineArrivesOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	for _, mode := range eachGrowing {
		t.Run(string(mode), func(t *testing.T) {
			s := startSite(t, time.Now)
			p := newProfile(t, s.base)
			id := p.beginSitting(mode)
			p.offline(true)
			p.say(2)
			p.standsAs("Offline: kept on this device")
			button := "button[value=dont_know]"
			if mode == sitting.Practice {
				p.do(chromedp.Click(`input[name=confidence][value=sure]`))
				button = "button[value=answer]"
			}
			p.do(chromedp.Click(button))
			p.waitFor(`document.querySelector("[data-saving]").textContent.startsWith("Your answer is kept on this device")`)
			p.do(chromedp.Click(button)) // impatience
			p.axe()
			if _, given := kept(t, s.data, id); len(given) != 0 {
				t.Fatalf("%d answers arrived without a network", len(given))
			}
			p.offline(false)
			if mode == sitting.Practice {
				p.waitForPage("/sittings/" + string(id) + "/feedback/0")
				p.mustSay("You were sure")
			} else {
				p.waitFor(`document.querySelector("h1")?.textContent.startsWith("Question 2 of 12")`)
				p.mustSay("Answer saved")
			}
			sit, given := kept(t, s.data, id)
			if sit.Seq != 1 || len(given) != 1 {
				t.Fatalf("%d answers arrived", len(given))
			}
			want := sitting.Given{Outcome: exam.DontKnow}
			if mode == sitting.Practice {
				want = sitting.Given{Outcome: given[0].Outcome, Confidence: study.Sure}
			}
			if given[0].Confidence != want.Confidence || given[0].Outcome != want.Outcome {
				t.Errorf("kept is %+v", given[0])
			}
		})
	}
}

// An answer whose acknowledgement was lost is sent again and counts once.
func TestAnAnswerWhoseReplyIsLostCountsOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	id := p.beginSitting(sitting.Diagnostic)
	// The server gets what is sent; the first replies don't come back.
	evaluate[bool](p, `(() => {
		const real = window.fetch;
		let lost = 2;
		window.fetch = async (...request) => {
			const reply = await real(...request);
			if (lost-- > 0) throw new TypeError("lost");
			return reply;
		};
		return true;
	})()`)
	p.do(chromedp.Click("button[value=dont_know]"))
	p.waitFor(`document.querySelector("h1")?.textContent.startsWith("Question 2 of 12")`)
	if sit, given := kept(t, s.data, id); sit.Seq != 1 || len(given) != 1 {
		t.Errorf("%d answers are kept", len(given))
	}
}

// What was chosen, struck out and noted is there after a reload, and what a tab
// could not send goes out from the next page.
func TestHalfAnAnswerSurvivesAReload(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	for _, mode := range eachGrowing {
		t.Run(string(mode), func(t *testing.T) {
			s := startSite(t, time.Now)
			p := newProfile(t, s.base)
			id := p.beginSitting(mode)
			p.say(2)
			if mode == sitting.Practice {
				p.do(chromedp.Click("button.strike"), chromedp.Click(`input[name=confidence][value=unsure]`))
				p.do(chromedp.Click(".practice-note summary"), chromedp.SendKeys("textarea[name=note]", "Look at quotas."))
				p.do(chromedp.Click("input[name=flag]")) // a note is kept when it is left
			}
			p.standsAs("Saved")
			before := p.said()
			if !strings.ContainsAny(before, "123456789yn") {
				t.Fatalf("nothing is chosen: %q", before)
			}
			p.open("/sittings/" + string(id))
			p.ready()
			if after := p.said(); after != before {
				t.Errorf("after a reload %q is chosen, before it was %q", after, before)
			}
			if mode == sitting.Practice {
				extras := `[document.querySelector("button.strike").getAttribute("aria-pressed"), document.querySelector("[name=confidence]:checked")?.value,
					document.querySelector("[name=flag]").checked, document.querySelector("[name=note]").value].join()`
				if got := evaluate[string](p, extras); got != "true,unsure,true,Look at quotas." {
					t.Errorf("after a reload: %s", got)
				}
			}

			// Without a network: the next page, which has one, sends it.
			p.offline(true)
			p.say(1)
			p.standsAs("Offline: kept on this device")
			offline := p.said()
			next, closeNext := p.tab()
			defer closeNext()
			next.open("/sittings/" + string(id))
			next.ready()
			next.standsAs("Saved")
			if got := next.said(); got != offline {
				t.Errorf("the next page has %q, want %q", got, offline)
			}
			next.open("/sittings/" + string(id))
			next.ready()
			if got := next.said(); got != offline {
				t.Errorf("the server has %q, want %q", got, offline)
			}
		})
	}
}

// In two tabs the later one goes on and the earlier one says so; an answer to a
// question answered elsewhere changes nothing.
func TestAQuestionInTwoTabs(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	for _, mode := range eachGrowing {
		t.Run(string(mode), func(t *testing.T) {
			s := startSite(t, time.Now)
			p := newProfile(t, s.base)
			id := p.beginSitting(mode)
			p.say(1)
			p.standsAs("Saved")
			second, closeSecond := p.tab()
			defer closeSecond()
			second.open("/sittings/" + string(id))
			second.ready()
			second.mustSay("This is open in another tab or on another device as well.")
			second.axe()
			second.say(2)
			second.standsAs("Saved")
			p.front()
			p.say(1)
			p.say(2)
			p.say(1)
			p.waitFor(`document.querySelector("[data-elsewhere]").checkVisibility()`)
			p.axe()
			p.leave(chromedp.Click("[data-go-on]"))
			p.ready()
			p.say(1)
			p.standsAs("Saved")

			// Answered here, and then once more in the tab that was left behind.
			p.do(chromedp.Click("button[value=dont_know]"))
			p.waitFor(`!document.querySelector("[data-answer]") || document.querySelector("h1").textContent.startsWith("Question 2")`)
			second.front()
			second.say(1)
			second.waitFor(`document.querySelector("[data-elsewhere]").checkVisibility()`)
			second.leave(chromedp.Click("[data-go-on]"))
			second.ready()
			second.mustSay("Question 2 of")
			if sit, given := kept(t, s.data, id); sit.Seq != 1 || len(given) != 1 {
				t.Errorf("%d answers are kept", len(given))
			}
		})
	}
}

// A tab that knows nothing of another's answer is told when it gives its own.
func TestAPageLeftBehindIsToldSo(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	id := p.beginSitting(sitting.Diagnostic)
	second, closeSecond := p.tab()
	defer closeSecond()
	second.open("/sittings/" + string(id))
	second.ready()
	p.front()
	p.do(chromedp.Click("button[value=dont_know]"))
	p.waitFor(`document.querySelector("h1")?.textContent.startsWith("Question 2 of 12")`)
	second.front()
	second.do(chromedp.Click("button[value=dont_know]"))
	second.waitFor(`document.querySelector("h1")?.textContent.startsWith("Question 2 of 12")`)
	second.mustSay("That question was answered already.")
	if sit, given := kept(t, s.data, id); sit.Seq != 1 || len(given) != 1 {
		t.Errorf("%d answers are kept", len(given))
	}
}

// What can't be taken is said on the page, and can be mended there.
func TestAnAnswerThatIsNotCompleteIsGivenBack(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	id := p.beginSitting(sitting.Practice)
	p.do(chromedp.Click("button[value=answer]"))
	p.waitFor(`document.querySelector("[data-refused]").checkVisibility()`)
	p.axe()
	p.say(1)
	p.do(chromedp.Click("button[value=answer]"))
	p.waitForPage("/sittings/" + string(id) + "/feedback/0")
	if _, given := kept(t, s.data, id); len(given) != 1 {
		t.Errorf("%d answers are kept", len(given))
	}
}

// S and a letter strike an option out and bring it back; without S the letter
// chooses.
func TestAnOptionIsStruckOutByKey(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.beginSitting(sitting.Practice)
	p.tabTo("input[name=option]")
	for _, want := range []bool{true, false} {
		p.press("s")
		p.waitFor(`document.querySelector("[data-saving]").textContent === "Strike out: which letter?"`)
		p.press("b")
		p.waitFor(`document.querySelectorAll("fieldset.options .struck").length === ` + map[bool]string{true: "1", false: "0"}[want])
		if said := p.said(); said != "" {
			t.Errorf("striking out chose %s", said)
		}
	}
	p.press("b")
	p.waitFor(`document.querySelector("input[name=option]:checked")?.dataset.letter === "B"`)
}
