package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// tellAboutMe fills in the profile as somebody who works on AWS and holds two
// certifications, one with the day it was earned.
func (p *profile) tellAboutMe() {
	p.t.Helper()
	p.open("/profile")
	p.do(
		chromedp.SetValue(`select[name="f.current_employer_cloud"]`, "aws"),
		chromedp.Click(`input[name="f.target_role"][value="ml_engineer"]`),
		chromedp.Click(`input[name="held"][value="AI-103"]`),
		chromedp.Click(`input[name="held"][value="AI-900"]`),
		chromedp.SetValue(`input[name="since.AI-103"]`, "2026-05-12"),
	)
	p.leave(chromedp.Click(`main form button[type=submit]`))
	p.mustSay("What you told us is kept.")
}

// The days in the test are those of the catalogue.
func thatDay() time.Time { return time.Date(2026, time.November, 22, 20, 0, 0, 0, time.UTC) }

func TestTheRecommendationInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, thatDay)
	p := newProfile(t, s.base)
	p.open("/recommendation")
	p.mustSay("Nothing tells the certifications apart yet")
	p.axe()

	p.tellAboutMe()
	p.mustSay("Your situation")
	p.mustSay("The smallest change that would alter this")
	p.mustSay("Renew AI-103 before 12 May 2027 (free online assessment, open now).")
	p.mustSay("At 6 hours a week: MLA-C02 by")
	p.mustSay("You have answered nothing yet, so all of it is for somebody of whom nothing is known")
	steps := evaluate[int64](p, `document.querySelectorAll(".fit-steps .step").length`)
	if marks := evaluate[int64](p, `document.querySelectorAll(".fit-axis svg.step").length`); steps < 2 || marks != steps {
		t.Errorf("%d steps in words and %d on the axis", steps, marks)
	}
	p.do(chromedp.SetValue(`.fit-pace input[name=hours]`, "12"))
	p.leave(chromedp.Click(`.fit-pace button`))
	p.mustSay("At 12 hours a week: MLA-C02 by")

	for _, theme := range []string{"light", "dark"} {
		p.leave(chromedp.Click("button[name=theme][value=" + theme + "]"))
		for _, width := range []int64{1280, 320} {
			p.do(chromedp.EmulateViewport(width, 800))
			p.open("/recommendation")
			evaluate[bool](p, "document.querySelectorAll('main details').forEach(d => d.open = true), true")
			if got := evaluate[int64](p, "document.documentElement.scrollWidth"); got > width {
				t.Errorf("the page is %d pixels wide in a window of %d", got, width)
			}
			p.axe()
		}
	}
}

// With scripts every change shows at once, the address follows, and the answers are
// kept only when that is asked for.
func TestWhatIfShowsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, thatDay)
	p := newProfile(t, s.base)
	p.tellAboutMe()
	p.open("/recommendation/whatif")
	p.mustSay("MLA-C02 comes first as things are")

	p.tabTo(`select[name="f.current_employer_cloud"]`)
	p.press("G") // to Google Cloud
	p.waitFor(`document.querySelector("[data-sentence]").textContent.includes("PMLE would come first instead of MLA-C02")`)
	p.waitFor(`location.search.includes("f.current_employer_cloud=google_cloud")`)
	if status := evaluate[string](p, `document.querySelector("[data-status]").textContent`); !strings.Contains(status, "PMLE would come first") {
		t.Errorf("what moved is announced as %q", status)
	}
	if focus := evaluate[string](p, `document.activeElement.name`); focus != "f.current_employer_cloud" {
		t.Errorf("the focus went to %q", focus)
	}
	address := p.location()
	p.open(address) // a bookmark
	p.mustSay("PMLE would come first instead of MLA-C02")

	p.do(chromedp.Click(`details:has(input[value="MLA-C02/1"]) summary`), chromedp.Click(`input[value="MLA-C02/1"]`))
	p.waitFor(`document.querySelector("[data-outcome]").textContent.includes("mastered.")`)
	p.do(chromedp.SetValue(`select[name=pass]`, "PMLE"))
	evaluate[bool](p, `document.querySelector("select[name=pass]").dispatchEvent(new Event("change", {bubbles: true}))`)
	p.waitFor(`document.querySelector(".move-out th")?.textContent.startsWith("PMLE") === true`)

	for _, width := range []int64{1280, 320} {
		p.do(chromedp.EmulateViewport(width, 800))
		evaluate[bool](p, "document.querySelectorAll('main details').forEach(d => d.open = true), true")
		if got := evaluate[int64](p, "document.documentElement.scrollWidth"); got > width {
			t.Errorf("the page is %d pixels wide in a window of %d", got, width)
		}
		p.axe()
	}

	p.open("/profile")
	if cloud := evaluate[string](p, `document.querySelector('select[name="f.current_employer_cloud"]').value`); cloud != "aws" {
		t.Errorf("supposing changed the profile to %q", cloud)
	}
	p.open(address)
	p.leave(chromedp.Click(`[data-keep] button`))
	p.mustSay("What you told us is kept.")
	p.mustSay("PMLE")
	p.open("/profile")
	kept := evaluate[string](p, `document.querySelector('select[name="f.current_employer_cloud"]').value + " " + document.querySelector('input[name="since.AI-103"]').value`)
	if kept != "google_cloud 2026-05-12" {
		t.Errorf("kept: %q", kept)
	}
}

func TestWhatIfWithoutJavaScript(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, thatDay)
	p := newProfile(t, s.base)
	p.withoutJavaScript()
	p.tellAboutMe()
	p.open("/recommendation/whatif")
	p.do(chromedp.SetValue(`select[name="f.current_employer_cloud"]`, "google_cloud"))
	p.leave(chromedp.Click(`form[data-whatif] .actions button[type=submit]`))
	p.mustSay("PMLE would come first instead of MLA-C02")
	p.mustSay("“Google Cloud”, instead of “AWS”.")
	p.leave(chromedp.Click(`[data-keep] button`))
	p.mustSay("What you told us is kept.")
	p.mustSay("AI-103 (since 12 May 2026)")
}
