package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The day on which the pages are looked at: retirements behind, a beta under way.
func inNovember() time.Time { return time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC) }

// Somebody looks for a certification by its old name, reads that it has ended, goes on
// to its successor and puts the two side by side; all without JavaScript too.
func TestChoosingACertification(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, inNovember)
	p := newProfile(t, s.base)
	p.withoutJavaScript()
	p.open("/certifications")
	p.do(chromedp.SendKeys(`input[name=q]`, "azure ai engineer"))
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("took over from AI-102")
	p.leave(chromedp.Click(`a[href="/certifications/AI-102"]`))
	p.mustSay("This exam has ended")
	if place := evaluate[int](p, `document.querySelector("main").innerText.indexOf("This exam has ended")`); place > 200 {
		t.Errorf("that it has ended comes %d characters into the page", place)
	}
	p.leave(chromedp.Click(`.gone a[href="/certifications/AI-103"]`))
	p.mustSay("What it proves")

	p.open("/certifications?status=now&platform=gcp")
	p.do(chromedp.Click(`input[value=PMLE]`), chromedp.Click(`input[value=PDE]`))
	p.leave(chromedp.Click(`.exam-compare button`))
	if !strings.Contains(p.location(), "/certifications/compare?codes=PMLE&codes=PDE") {
		t.Fatalf("comparing led to %s", p.location())
	}
	p.mustSay("PMLE and PDE compared")
	p.do(chromedp.SetValue(`select[name=codes]`, "DEA-C01"))
	p.leave(chromedp.Click(`.compare-form button`))
	p.mustSay("PMLE, PDE and DEA-C01 compared")
	p.open("/certifications/timeline")
	p.mustSay("Ahead")
}

// The pages hold on a wide screen and a narrow one, in light and dark.
func TestCertificationPagesWideNarrowAndDark(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, inNovember)
	p := newProfile(t, s.base)
	paths := []string{
		"/certifications", "/certifications/MLA-C02", "/certifications/MLS-C01", "/certifications/PAA", "/certifications/AI-901",
		"/certifications/compare?codes=MLA-C02,AI-300,PMLE", "/certifications/timeline", "/certifications/nothing",
	}
	for _, path := range paths {
		p.open(path)
		p.axe()
	}
	p.do(chromedp.EmulateViewport(320, 640))
	for _, path := range paths {
		p.open(path)
		if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 320 {
			t.Errorf("%s is %d pixels wide in a window of 320", path, width)
		}
		p.axe()
	}
	p.open("/certifications/MLA-C02")
	p.leave(chromedp.Click("button[name=theme][value=dark]"))
	for _, path := range []string{"/certifications", "/certifications/AI-102", "/certifications/compare?codes=GAIL,AIF-C01", "/certifications/timeline"} {
		p.open(path)
		p.axe()
	}
}
