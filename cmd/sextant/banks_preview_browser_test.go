package main

import (
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sextant/internal/testkit"
)

// The preview holds the markup of every question, so what a browser test of the
// site meets by the luck of the draw is all looked at here.
func TestEveryQuestionIsAccessibleAndFitsAPhone(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole bank in a browser: runs without -short")
	}
	file := filepath.Join(t.TempDir(), "bank.html")
	if code, _, errs := sextant("", "bank", "preview", "--html", file); code != 0 {
		t.Fatal(errs)
	}
	p := newProfile(t, (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String())
	p.open("")
	want := len(testkit.Embedded(t).Questions)
	if shown := evaluate[int](p, `document.querySelectorAll("article.review").length`); shown != want || want == 0 {
		t.Errorf("%d questions are shown, the bank has %d", shown, want)
	}
	evaluate[bool](p, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
	p.axe()

	const phone = 360
	p.do(chromedp.EmulateViewport(phone, 740))
	if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > phone {
		wide := evaluate[string](p, fmt.Sprintf(`[...document.querySelectorAll("article.review, section.case")].filter(a => a.scrollWidth > %d).map(a => a.id || a.textContent.trim().slice(0, 40)).join(", ")`, phone))
		t.Errorf("the page is %d pixels wide in a window of %d: %s", width, phone, wide)
	}
}

func TestTheHelpForAuthorsIsAccessibleAndFitsAPhone(t *testing.T) {
	p := newProfile(t, startSite(t, time.Now).base)
	p.do(chromedp.EmulateViewport(360, 740))
	p.open("/help/writing")
	p.mustSay("sextant bank blind --grade form.md")
	p.axe()
	if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 360 {
		t.Errorf("the page is %d pixels wide in a window of 360", width)
	}
}
