package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sextant/internal/account"
)

const password = "a long enough password"

// answerByKeyboard answers the question on the page with the keyboard alone,
// whatever its type, and waits for the next page.
func (p *profile) answerByKeyboard(round int) {
	p.t.Helper()
	kind := evaluate[string](p, `[...document.querySelector("fieldset.options").classList].find(c => c.startsWith("type-")).slice(5)`)
	switch kind {
	case "single":
		p.tabTo("input[name=option]")
		p.press(" ")
		for range round % 3 {
			p.press(kb.ArrowDown)
		}
	case "multiple":
		need := evaluate[int](p, `({two: 2, three: 3, four: 4})[(document.querySelector(".instruction").textContent.match(/two|three|four/) || ["two"])[0]]`)
		for i := range need {
			p.tabTo(`input[name=option][value="` + strconv.Itoa(i+1) + `"]`)
			p.press(" ")
		}
	case "ordering":
		n := evaluate[int](p, `document.querySelectorAll("select[name^='order.']").length`)
		for i := 1; i <= n; i++ {
			p.tabTo(`select[name="order.` + strconv.Itoa(i) + `"]`)
			p.press(strconv.Itoa(i))
		}
	case "matching":
		n := evaluate[int](p, `document.querySelectorAll("select[name^='match.']").length`)
		reuse := strings.Contains(p.text(), "more than once")
		for i := range n {
			p.tabTo(`select[name="match.` + strconv.Itoa(i) + `"]`)
			if reuse {
				p.press("A")
			} else {
				p.press(string(rune('A' + i)))
			}
		}
	case "yes_no":
		n := evaluate[int](p, `document.querySelectorAll("fieldset.statement").length`)
		for i := range n {
			p.tabTo(`input[name="verdict.` + strconv.Itoa(i) + `"]`)
			p.press(" ")
		}
	default:
		p.t.Fatalf("a question of type %q", kind)
	}
	p.tabTo(`button[value=answer]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
}

// beginByKeyboard starts the shortest diagnostic for "which fits me".
func (p *profile) beginByKeyboard() {
	p.t.Helper()
	p.open("/")
	p.tabTo(`a.button[href="/diagnostic"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.axe()
	p.tabTo(`form.start button[type=submit]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
}

func TestGuestTakesADiagnosticByKeyboardAndKeepsIt(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.beginByKeyboard()
	p.mustSay("Question 1 of 12")
	p.axe()
	for round := range 12 {
		p.answerByKeyboard(round)
	}
	if !strings.HasSuffix(p.location(), "/report") {
		t.Fatalf("after 12 answers the page is %s:\n%s", p.location(), p.text())
	}
	report := p.location()
	p.mustSay("Rests on 12 answers")
	p.mustSay("90 % interval")
	p.axe()

	p.tabTo(`nav.tabs a[href$="/recommendation"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("Which certification fits")
	p.axe()
	p.tabTo(`nav.tabs a[href$="/review"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("Remember")
	p.axe()

	p.tabTo(`nav.tabs a[href$="/report"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.tabTo(`aside.keep a[href^="/signup"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.axe()
	p.tabTo("input[name=email]")
	p.press("ada@example.org")
	p.tabTo("input[name=password]")
	p.press(password)
	p.leave(chromedp.KeyEvent(kb.Enter))
	if !strings.HasPrefix(p.location(), report) {
		t.Fatalf("signing up led to %s, not back to the report", p.location())
	}
	p.tabTo(`form[action="/signout"] button`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.mustSay("You are signed out")

	second := newProfile(t, s.base)
	second.open(report)
	second.mustSay("sign in")
	second.tabTo(`main a[href^="/signin"]`)
	second.leave(chromedp.KeyEvent(kb.Enter))
	second.tabTo("input[name=email]")
	second.press("ada@example.org")
	second.tabTo("input[name=password]")
	second.press(password)
	second.leave(chromedp.KeyEvent(kb.Enter))
	if second.location() != report {
		t.Fatalf("signing in led to %s, want %s", second.location(), report)
	}
	second.mustSay("Rests on 12 answers")
}

// fillByClick answers the question on the page with the mouse and no script.
func (p *profile) fillByClick() {
	p.t.Helper()
	html, err := chromedp.Run(p.ctx, chromedp.OuterHTML("fieldset.options"))
	if err != nil {
		p.t.Fatal(err)
	}
	switch {
	case strings.Contains(html, "type-single"):
		p.do(chromedp.Click(`input[name=option][value="2"]`))
	case strings.Contains(html, "type-multiple"):
		p.do(chromedp.Click(`input[name=option][value="1"]`), chromedp.Click(`input[name=option][value="2"]`))
		if strings.Contains(html, "Choose three.") {
			p.do(chromedp.Click(`input[name=option][value="3"]`))
		}
	default:
		p.leave(chromedp.Click(`button[value=dont_know]`))
		return
	}
	p.leave(chromedp.Click(`button[value=answer]`))
}

func TestEverythingWorksWithoutJavaScript(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.withoutJavaScript()
	p.open("/diagnostic")
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	for range 12 {
		p.fillByClick()
	}
	p.mustSay("Rests on 12 answers")
	p.leave(chromedp.Click(`nav.tabs a[href$="/recommendation"]`))
	p.mustSay("Which certification fits")
	p.leave(chromedp.Click(`aside.keep a[href^="/signup"]`))
	p.do(chromedp.SendKeys("input[name=email]", "grace@example.org"), chromedp.SendKeys("input[name=password]", password))
	p.leave(chromedp.Click(`form.form button[type=submit]`))
	p.mustSay("Your account is ready")
	p.leave(chromedp.Click(`button[name=theme][value=dark]`))
	if html, err := chromedp.Run(p.ctx, chromedp.AttributeValue("html", "data-theme")); err != nil || html.Value != "dark" {
		t.Errorf("theme is %v, %v; want dark", html, err)
	}
}

func TestResumeOnTheSameQuestion(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/diagnostic")
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	p.fillByClick()
	p.mustSay("Answer saved")
	before := p.text()
	p.open("/")
	p.leave(chromedp.Click(`.own-now a.button`))
	p.mustSay("Question 2 of 12")
	if got, want := p.text(), strings.Replace(before, "Answer saved", "", 1); !sameWords(got, want) {
		t.Errorf("coming back shows another question:\n%s\nwant\n%s", got, want)
	}
}

// sameWords compares texts without their spacing.
func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
}

// signInAs makes an account with a role and signs the profile in.
func signInAs(t *testing.T, s site, p *profile, email string, role account.Role) {
	t.Helper()
	err := withApp(t.Context(), s.data, func(a *app) error {
		_, err := a.accounts.Create(t.Context(), account.Registration{Email: email, Password: password}, role)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.open("/signin")
	p.do(chromedp.SendKeys("input[name=email]", email), chromedp.SendKeys("input[name=password]", password))
	p.leave(chromedp.Click(`form.form button[type=submit]`))
}

const uploaded = `id: spring-class-evaluation-01
platform: neutral
skill: evaluation-metrics
type: single
difficulty: 2
difficulty_reason: one constraint decides
stem: |
  A post office sorts parcels with a classifier that flags those that may hold batteries. A missed
  battery can start a fire in the van; a false flag costs a clerk a minute at the bench. The team has a
  labelled sample of last month's parcels and must report one figure to the safety officer each week,
  who wants to know how many of the dangerous parcels are caught.
ask: Which metric answers the safety officer?
options:
  - text: Precision of the flagged parcels
    rationale: It tells how many flags were right, not how many dangerous parcels were caught.
  - text: Recall on the dangerous parcels
    key: true
    rationale: It is the share of dangerous parcels that were flagged, which is what the officer asks.
  - text: Accuracy over all of the parcels
    rationale: Most parcels are harmless, so it stays high while dangerous ones are missed.
  - text: Specificity on harmless parcels
    rationale: It tells how many harmless parcels pass, which concerns the clerk and not the officer.
remember: When misses are what hurts, report recall.
references:
  - title: Precision and recall
    url: https://scikit-learn.org/stable/auto_examples/model_selection/plot_precision_recall.html
facts_as_of: "2026-11"
`

func writeBank(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "spring-class-evaluation-01.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func (p *profile) preview(file string) {
	p.t.Helper()
	p.open("/imports/new")
	p.do(chromedp.SendKeys("input[name=title]", "Spring class"), chromedp.SetUploadFiles("input[name=files]", []string{file}))
	p.leave(chromedp.Click(`form[action="/imports"] button[type=submit]`))
	// The page asks again by itself until the files are read.
	p.do(chromedp.WaitVisible(".import-decision"))
}

func TestAnUploadedQuestionAppearsInADiagnostic(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	signInAs(t, s, p, "teacher@example.org", account.Instructor)
	p.preview(writeBank(t, uploaded))
	p.mustSay("1 question will be added")
	p.axe()
	p.leave(chromedp.Click(`button[value=publish]`))
	p.mustSay("The questions are in the bank and published")
	p.axe()
	p.open("/banks/spring-class/settings")
	p.do(chromedp.Click(`input[name=visibility][value=everyone]`))
	p.leave(chromedp.Click(`form[action="/banks/spring-class/settings"] button[type=submit]`))
	p.axe()

	learner := newProfile(t, s.base)
	learner.open("/diagnostic")
	learner.do(chromedp.Focus(`input[name=bank][value="spring-class"]`), chromedp.KeyEvent(" "))
	if !evaluate[bool](learner, `document.querySelector("input[name=bank]").checked`) {
		t.Fatal("the bank could not be chosen")
	}
	learner.leave(chromedp.Click(`form.start button[type=submit]`))
	for range 12 {
		if strings.Contains(learner.text(), "A post office sorts parcels") {
			learner.mustSay("does not count towards your readiness")
			return
		}
		learner.fillByClick()
	}
	t.Error("the uploaded question was not asked in 12 questions")
}

func TestABrokenQuestionIsNamedAndMendedInThePreview(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	signInAs(t, s, p, "teacher@example.org", account.Instructor)
	file := filepath.Join(t.TempDir(), "lesson.gift")
	if err := os.WriteFile(file, []byte("Is a cache a store? {F}\n\nWhich store keeps vectors? {~An index ~A queue}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.preview(file)
	p.mustSay("1 can't be asked as it is")
	p.mustSay("lesson.gift:3")
	p.axe()
	p.open("/banks")
	p.mustSay("waits for your decision")
	p.leave(chromedp.Click(`.bank-imports a`))
	p.leave(chromedp.Click(`.import-moves a`))
	p.mustSay("Mend a question")
	p.axe()
	p.do(chromedp.Click(`input[name="option.0.key"]`))
	p.leave(chromedp.Click(`.actions button[value=save]`))
	p.mustSay("The question is mended")
	p.leave(chromedp.Click(`button[value=publish]`))
	p.mustSay("The questions are in the bank and published")
}

func TestEveryPublicPageIsAccessibleInLightAndDarkAndNarrow(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	pages := []string{"/", "/diagnostic", "/certifications", "/certifications/MLA-C02", "/help", "/help/readiness", "/help/bank-format", "/measurement", "/signin", "/signup", "/readiness", "/recommendation", "/profile", "/nowhere"}
	for _, theme := range []string{"light", "dark"} {
		p.open("/")
		p.leave(chromedp.Click(`button[name=theme][value=` + theme + `]`))
		for _, path := range pages {
			p.open(path)
			p.axe()
		}
	}
	p.do(chromedp.EmulateViewport(320, 640))
	for _, path := range pages {
		p.open(path)
		if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 320 {
			t.Errorf("%s is %d pixels wide in a window of 320", path, width)
		}
	}
}

func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	var elsewhere []string
	ctx := p.ctx
	if err := chromedp.Listen(ctx, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(sent.Request.URL, s.base) {
			elsewhere = append(elsewhere, sent.Request.URL)
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/diagnostic", "/help"} {
		p.open(path)
	}
	if len(elsewhere) > 0 {
		t.Errorf("pages loaded %v", elsewhere)
	}
}
