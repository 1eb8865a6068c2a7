package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/form"
	"sextant/internal/grade"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// Two exams to sit. Every form of the first has questions of all types and a
// section that closes; the second has the fewest questions and one section.
const (
	sectionedExam = "AI-901"
	shortExam     = "AIB-C01"
)

// movable is a clock that runs, and that can be put forward.
type movable struct{ ahead atomic.Int64 }

func (m *movable) now() time.Time          { return time.Now().Add(time.Duration(m.ahead.Load())) }
func (m *movable) forward(d time.Duration) { m.ahead.Add(int64(d)) }
func (m *movable) moveTo(moment time.Time) { m.forward(moment.Sub(m.now())) }

// paper is an exam as the database has it, beside what the browser shows.
type paper struct {
	t   *testing.T
	app *app
	id  sitting.ID
}

// paperOf is the exam on the page, looked at through the site's own directory.
func paperOf(p *profile, s site) paper {
	p.t.Helper()
	id, ok := strings.CutPrefix(p.location(), "/exams/")
	if !ok {
		p.t.Fatalf("%s is no exam:\n%s", p.location(), p.text())
	}
	a, err := openApp(p.t.Context(), s.data, time.Now)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		if err := a.close(); err != nil {
			p.t.Error(err)
		}
	})
	return paper{t: p.t, app: a, id: sitting.ID(id)}
}

func (e paper) sitting() *sitting.Sitting {
	e.t.Helper()
	sit, err := e.app.store.Sitting(e.t.Context(), e.id)
	if err != nil {
		e.t.Fatal(err)
	}
	return sit
}

func (e paper) events() []sitting.Event {
	e.t.Helper()
	events, err := e.app.store.Events(e.t.Context(), e.id)
	if err != nil {
		e.t.Fatal(err)
	}
	return events
}

func (e paper) progress() *sitting.Progress {
	e.t.Helper()
	progress, err := sitting.Fold(e.sitting().Form, e.events())
	if err != nil {
		e.t.Fatal(err)
	}
	return progress
}

func (e paper) asked(place int) sitting.Asked {
	e.t.Helper()
	asked, err := e.app.sittings.AskAt(e.t.Context(), e.sitting(), place)
	if err != nil {
		e.t.Fatal(err)
	}
	return asked
}

// singles are the first n places that ask for one option: one key answers them.
func (e paper) singles(n int) []int {
	e.t.Helper()
	var found []int
	for place := range e.sitting().Form.Places {
		if e.asked(place).Question.Type == exam.Single {
			found = append(found, place)
		}
		if len(found) == n {
			return found
		}
	}
	e.t.Fatalf("the form has only %d questions of that kind, not %d", len(found), n)
	return nil
}

// mustHold fails unless exactly these options are chosen at these places.
func (e paper) mustHold(want map[int]string) {
	e.t.Helper()
	got := map[int]string{}
	for place, choice := range e.progress().Answers {
		got[place] = strings.Join(choice.Selected, " ")
	}
	if !reflect.DeepEqual(got, want) {
		e.t.Errorf("the database has the answers %v, want %v", got, want)
	}
}

// waitFor waits until a condition holds in the page, whichever page that is by then.
func (p *profile) waitFor(condition string) {
	p.t.Helper()
	for end := time.Now().Add(stepTimeout); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		holds, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
		if err == nil && holds { // an error: one page is gone and the next not there yet
			return
		}
	}
	p.t.Fatalf("waited in vain for %s\nat %s\n%s", condition, p.location(), p.text())
}

// atRest waits until the exam has an answer to all that it sent.
func (p *profile) atRest() {
	p.t.Helper()
	p.waitFor(`document.querySelector("[data-exam]").dataset.saved === "saved" && document.querySelector("[data-saved-words]").textContent === "Saved"`)
}

func (p *profile) waitForPage(prefix string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf("document.readyState === 'complete' && location.pathname.startsWith(%q)", prefix))
}

func (p *profile) waitForDialog(name string) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf("document.querySelector(\"[data-dialog='%s']\")?.open", name))
}

// mustReadInDialog fails unless the open dialog says the words.
func (p *profile) mustReadInDialog(words string) {
	p.t.Helper()
	if text := evaluate[string](p, `document.querySelector("dialog[open]")?.innerText ?? "no dialog"`); !strings.Contains(text, words) {
		p.t.Fatalf("the dialog does not say %q: %s", words, text)
	}
}

// useByKeyboard goes to a control with Tab and presses Enter on it.
func (p *profile) useByKeyboard(selector string) {
	p.t.Helper()
	p.tabTo(selector)
	p.press(kb.Enter)
}

// chooseExam marks an exam on the page where one begins.
func (p *profile) chooseExam(code string) {
	p.t.Helper()
	p.open("/mock")
	p.do(chromedp.Click(`input[name=exam][value="` + code + `"]`))
}

// begin starts the short exam and waits until the page has it.
func (p *profile) begin(s site) paper {
	p.t.Helper()
	p.chooseExam(shortExam)
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	p.atRest()
	return paperOf(p, s)
}

// show jumps to a place by way of the navigator.
func (p *profile) show(place int) {
	p.t.Helper()
	p.do(chromedp.Click("[data-navigator]"))
	p.do(chromedp.Click(fmt.Sprintf("[data-rows] tr:nth-child(%d) button", place+1)))
	p.mustView(place)
}

func (p *profile) mustView(place int) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`[...document.querySelectorAll("[data-place]:not([hidden])")].map(s => s.dataset.place).join() === "%d"`, place))
}

// choose shows a place and presses the key of an option.
func (p *profile) choose(place int, key string) {
	p.t.Helper()
	p.show(place)
	p.press(key)
}

// offline cuts this tab from the network, or gives it back.
func (p *profile) offline(off bool) {
	p.t.Helper()
	conditions := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
		{Offline: off, DownloadThroughput: -1, UploadThroughput: -1},
	}}
	if _, err := chromedp.Call(p.ctx, network.EmulateNetworkConditionsByRule, conditions); err != nil {
		p.t.Fatalf("cutting the network: %v", err)
	}
	state := network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}
	if _, err := chromedp.Call(p.ctx, network.OverrideNetworkState, state); err != nil {
		p.t.Fatalf("telling the browser about the network: %v", err)
	}
}

// tab opens one more tab of the same browser.
func (p *profile) tab() (tab *profile, closeTab func()) {
	p.t.Helper()
	ctx, closeTab := chromedp.NewContext(p.ctx)
	p.t.Cleanup(closeTab)
	tab = &profile{t: p.t, ctx: ctx, base: p.base}
	tab.do(chromedp.Navigate("about:blank"))
	return tab, closeTab
}

// front brings the tab to the front, as a person does who turns to it.
func (p *profile) front() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, page.BringToFront, cdp.Empty{}); err != nil {
		p.t.Fatalf("turning to a tab: %v", err)
	}
}

// give answers the question in view with the keyboard alone.
func (p *profile) give(place int, asked sitting.Asked, c sitting.Choice) {
	p.t.Helper()
	switch asked.Question.Type {
	case exam.Single:
		n, err := strconv.Atoi(c.Selected[0])
		if err != nil {
			p.t.Fatal(err)
		}
		p.press(string(rune('a' + n - 1)))
	case exam.Multiple:
		for _, option := range c.Selected {
			p.press(option)
		}
	case exam.Ordering:
		for rank := range c.Order {
			step := slices.Index(c.Order, strconv.Itoa(rank+1))
			p.tabTo(fmt.Sprintf(`select[name="p%d.order.%d"]`, place, step+1))
			p.press(strconv.Itoa(rank + 1))
		}
	case exam.Matching:
		for line, option := range c.Matches {
			p.tabTo(fmt.Sprintf(`select[name="p%d.match.%d"]`, place, line))
			n, err := strconv.Atoi(option)
			if err != nil {
				p.t.Fatal(err)
			}
			p.press(strings.Repeat(kb.ArrowDown, n))
		}
	case exam.YesNo:
		for line, verdict := range c.Verdicts {
			p.tabTo(fmt.Sprintf(`input[name="p%d.verdict.%d"]`, place, line))
			p.press(map[string]string{"yes": " ", "no": kb.ArrowDown}[verdict])
		}
	}
}

// next goes on by key: Enter, or with Alt an arrow where Enter opens a list.
func (p *profile) next(t exam.Type) {
	p.t.Helper()
	if t == exam.Ordering || t == exam.Matching {
		p.do(chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierAlt)))
		return
	}
	p.press(kb.Enter)
}

// learner says how somebody answers: which questions wrongly, and which not.
type learner struct {
	wrong, blank func(place int) bool
}

func (l learner) right(place int) bool { return !l.blank(place) && !l.wrong(place) }

// sit answers the places from first to last by keyboard and adds to the choices made.
func (l learner) sit(p *profile, e paper, first, last int, made map[int]sitting.Choice) {
	p.t.Helper()
	for place := first; place <= last; place++ {
		p.mustView(place)
		if l.blank(place) {
			p.press(kb.Enter)
			continue
		}
		asked := e.asked(place)
		made[place] = testkit.Pick(asked, l.right(place))
		p.give(place, asked, made[place])
		p.next(asked.Question.Type)
	}
}

// points is what the result must give of a vendor that counts every right part:
// in words for the whole exam, and for each domain. Whatever was answered rightly
// has to earn all that it can.
func (e paper) points(who learner) (whole string, domains []string) {
	e.t.Helper()
	answers, err := e.app.store.Answers(e.t.Context(), e.id)
	if err != nil {
		e.t.Fatal(err)
	}
	var all grade.Points
	byDomain := map[exam.DomainID]grade.Points{}
	for place, at := range e.sitting().Form.Places {
		earned, err := grade.RuleCorrectParts.Points(e.asked(place).Question, answers[place].Answer)
		if err != nil {
			e.t.Fatal(err)
		}
		if who.right(place) != (earned.Earned == earned.Of) {
			e.t.Errorf("question %d earned %d of %d points; answered rightly: %t", place+1, earned.Earned, earned.Of, who.right(place))
		}
		all, byDomain[at.Domain] = all.Plus(earned), byDomain[at.Domain].Plus(earned)
	}
	say := func(p grade.Points) string { return fmt.Sprintf("%d of %d points", p.Earned, p.Of) }
	for _, p := range byDomain {
		domains = append(domains, say(p))
	}
	return say(all), domains
}

// rightOf counts the questions answered rightly.
func (l learner) rightOf(f *sitting.Form) (right int) {
	for place := range f.Places {
		if l.right(place) {
			right++
		}
	}
	return right
}

// mustHaveKept compares what was kept with what was pressed.
func (e paper) mustHaveKept(made map[int]sitting.Choice) {
	e.t.Helper()
	kept := e.progress().Answers
	for place, want := range made {
		got := kept[place]
		slices.Sort(got.Selected)
		slices.Sort(want.Selected)
		if !reflect.DeepEqual(got, want) {
			e.t.Errorf("question %d: kept is %v, want %v", place+1, got, want)
		}
	}
	if len(kept) != len(made) {
		e.t.Errorf("%d questions have an answer, want %d", len(kept), len(made))
	}
}

// types are the types of the questions answered.
func (e paper) types(made map[int]sitting.Choice) map[exam.Type]bool {
	e.t.Helper()
	types := map[exam.Type]bool{}
	for place := range made {
		types[e.asked(place).Question.Type] = true
	}
	return types
}

// beginExamByKeyboard goes from the front page into an exam.
func (p *profile) beginExamByKeyboard(code string) {
	p.t.Helper()
	p.open("/")
	p.tabTo(`nav a[href="/mock"]`)
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.axe()
	p.tabTo("input[name=exam]")
	const moreThanExams = 40
	for range moreThanExams {
		p.press(kb.ArrowDown)
		if evaluate[string](p, "document.querySelector('input[name=exam]:checked').value") == code {
			break
		}
	}
	p.tabTo("form.start button[type=submit]")
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.atRest()
	p.axe()
}

// mark flags the question in view, strikes out its first option and writes a
// note, all by keyboard. It takes a question of options.
func (p *profile) mark(note string) {
	p.t.Helper()
	p.press("f")
	p.press("s")
	p.press("a")
	p.useByKeyboard("[data-place]:not([hidden]) summary")
	p.tabTo("[data-place]:not([hidden]) textarea")
	p.press(note) // with the letters of shortcuts, which mean nothing here
}

// lookAround opens the list of keys and the navigator by keyboard.
func (p *profile) lookAround() {
	p.t.Helper()
	p.press("?")
	p.waitForDialog("keys")
	p.axe()
	p.press(kb.Escape)
	p.useByKeyboard("[data-navigator]")
	p.waitForDialog("navigator")
	p.axe()
	p.mustReadInDialog("Flagged")
	p.useByKeyboard("[data-rows] tr:nth-child(3) button")
	p.mustView(2)
}

func TestMockExamByKeyboardAlone(t *testing.T) {
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.beginExamByKeyboard(sectionedExam)
	e := paperOf(p, s)
	f := e.sitting().Form
	if len(f.Sections) != 2 || !f.Sections[0].Closes {
		t.Fatalf("the form has the sections %v", f.Sections)
	}
	inCase := slices.IndexFunc(f.Places, func(at form.Place) bool { return at.Section == 1 })
	last := len(f.Places) - 1
	who := learner{
		wrong: func(place int) bool { return place%5 == 2 },
		blank: func(place int) bool { return place == 4 || place == last },
	}
	made := map[int]sitting.Choice{}

	const note = "safe: A or B?"
	marked := e.singles(1)[0]
	for range marked {
		p.press(kb.ArrowRight)
	}
	p.mustView(marked)
	p.mark(note)
	p.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))) // out of the note, where ? is a letter
	p.lookAround()
	p.press(kb.ArrowLeft)
	p.press(kb.ArrowLeft)
	p.mustView(0)
	p.atRest()
	if got := e.progress(); !got.Flagged[marked] || !slices.Equal(got.Struck[marked], []string{"1"}) || got.Notes[marked] != note {
		t.Errorf("of question %d are kept: flag %v, struck out %v, note %q", marked+1, got.Flagged[marked], got.Struck[marked], got.Notes[marked])
	}

	who.sit(p, e, 0, inCase-1, made)
	p.mustSay(fmt.Sprintf("%d of %d questions of this section are answered", inCase-1, inCase))
	p.axe()
	p.useByKeyboard("[data-close-section]")
	p.waitForDialog("close")
	p.mustReadInDialog("Not answered: question 5.")
	p.axe()
	p.useByKeyboard("[data-close]")
	p.mustView(inCase)
	p.atRest()
	p.mustSay(fmt.Sprintf("(1 to %d; closed)", inCase))
	p.axe()

	who.sit(p, e, inCase, last, made)
	p.atRest()
	e.mustHaveKept(made)
	if types := e.types(made); len(types) != 5 {
		t.Errorf("only questions of the types %v were answered", types)
	}
	p.useByKeyboard("[data-hand-in]")
	p.waitForDialog("submit")
	p.mustReadInDialog(fmt.Sprintf("Not answered: question %d.", last+1))
	p.axe()
	p.useByKeyboard("[data-submit]")
	p.waitForPage("/sittings/" + string(e.id) + "/result")
	p.axe()
	right := who.rightOf(f)
	p.mustSay(fmt.Sprintf("%d of %d right in every part", right, len(f.Places)))
	whole, domains := e.points(who)
	for _, words := range append(domains, whole) {
		p.mustSay(words)
	}
	p.useByKeyboard(`a.button[href$="/review"]`)
	p.waitForPage("/sittings/" + string(e.id) + "/review")
	p.mustSay(fmt.Sprintf("%d of %d scored questions right in every part", right, len(f.Places)))
	p.axe()
}

// mustBeOnce fails unless every tab's events are in the log once and in order.
func (e paper) mustBeOnce() {
	e.t.Helper()
	last := map[string]int{}
	for _, event := range e.events() {
		if event.Client == "" {
			continue // the server's own
		}
		if event.Seq != last[event.Client]+1 {
			e.t.Errorf("event %d of a tab follows its event %d", event.Seq, last[event.Client])
		}
		last[event.Client] = event.Seq
		if event.Kind == sitting.Refused {
			e.t.Errorf("event %d, %s, was refused", event.Seq, event.Text)
		}
	}
}

// given lists what was answered, in the order in which it was taken in.
func (e paper) given() []string {
	e.t.Helper()
	var list []string
	for _, event := range e.events() {
		if event.Kind == sitting.Answered {
			list = append(list, fmt.Sprintf("%d:%s", event.Place, strings.Join(event.Choice.Selected, "+")))
		}
	}
	return list
}

func (e paper) mustHaveGiven(want ...string) {
	e.t.Helper()
	if got := e.given(); !slices.Equal(got, want) {
		e.t.Errorf("answers were taken in as %v, want %v", got, want)
	}
}

func at(place int, option string) string { return fmt.Sprintf("%d:%s", place, option) }

func TestExamAnswersGivenOfflineArriveInOrderAndOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	places := e.singles(3)
	p.choose(places[0], "1")
	p.atRest()

	p.offline(true)
	p.choose(places[0], "2")
	p.waitFor(`document.querySelector("[data-say][role=status]").textContent.includes("Your answers are kept on this device")`)
	p.choose(places[1], "3")
	p.press("f")
	p.choose(places[2], "1")
	p.choose(places[1], "2")
	p.waitFor(`/^Offline: kept on this device, \d+ to send$/.test(document.querySelector("[data-saved-words]").textContent)`)
	p.axe()
	e.mustHaveGiven(at(places[0], "1"))

	p.offline(false)
	p.atRest()
	e.mustHaveGiven(at(places[0], "1"), at(places[0], "2"), at(places[1], "3"), at(places[2], "1"), at(places[1], "2"))
	e.mustBeOnce()
	if !e.progress().Flagged[places[1]] {
		t.Error("the flag was lost")
	}
}

// Notes of many bytes wait offline and then arrive: a browser refuses a request that
// is to outlive its page and is larger than 64 kB, whatever its characters are.
func TestLongNotesWrittenOfflineArrive(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	p.atRest()
	p.offline(true)
	const notes, characters = 12, 1900 // of three bytes each
	evaluate[bool](p, fmt.Sprintf(`[...document.querySelectorAll("[data-note]")].slice(0, %d).every((note) => {
		note.value = "\u6ce8".repeat(%d);
		return note.dispatchEvent(new Event("blur"));
	})`, notes, characters))
	p.waitFor(`/^Offline: kept on this device, \d+ to send$/.test(document.querySelector("[data-saved-words]").textContent)`)
	p.offline(false)
	p.atRest()
	kept := e.progress().Notes
	for place, note := range kept {
		if utf8.RuneCountInString(note) != characters {
			t.Errorf("the note on question %d has %d characters", place+1, utf8.RuneCountInString(note))
		}
	}
	if len(kept) != notes {
		t.Errorf("%d notes arrived, want %d", len(kept), notes)
	}
	e.mustBeOnce()
}

// loseReplies lets requests through to the server and drops what it answers.
func (p *profile) loseReplies() (stop func()) {
	p.t.Helper()
	patterns := fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*/events", RequestStage: fetch.RequestStageResponse}}}
	paused := chromedp.Events(p.ctx, fetch.RequestPaused)
	if _, err := chromedp.Call(p.ctx, fetch.Enable, patterns); err != nil {
		p.t.Fatalf("losing replies: %v", err)
	}
	go func() {
		for event, err := range paused {
			if err != nil {
				return // the browser is gone
			}
			fail := fetch.FailRequestParams{RequestID: event.RequestID, ErrorReason: network.ErrorReasonConnectionReset}
			if _, err := chromedp.Call(p.ctx, fetch.FailRequest, fail); err != nil {
				return
			}
		}
	}()
	return func() {
		p.t.Helper()
		if _, err := chromedp.Call(p.ctx, fetch.Disable, cdp.Empty{}); err != nil {
			p.t.Fatalf("letting replies through: %v", err)
		}
	}
}

func TestExamAnswersWhoseReplyIsLostCountOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	places := e.singles(2)
	p.show(places[0])
	p.atRest()
	letThrough := p.loseReplies()
	p.press("1")
	p.waitFor(`document.querySelector("[data-saved-words]").textContent.startsWith("No answer from the site: kept on this device")`)
	e.mustHaveGiven(at(places[0], "1"))
	p.choose(places[1], "2")
	letThrough()
	p.atRest()
	e.mustHaveGiven(at(places[0], "1"), at(places[1], "2"))
	e.mustBeOnce()
}

// walkAway leaves the page although it warns, and returns whether it did.
func (p *profile) walkAway() (warned bool) {
	p.t.Helper()
	warnings := chromedp.Events(p.ctx, page.JavascriptDialogOpening)
	said := make(chan bool, 1)
	ctx, done := context.WithCancel(p.ctx)
	defer done()
	go func() {
		for warning, err := range warnings {
			if err != nil || ctx.Err() != nil {
				return
			}
			said <- warning.Type == page.DialogTypeBeforeunload
			accept := page.HandleJavaScriptDialogParams{Accept: true}
			if _, err := chromedp.Call(ctx, page.HandleJavaScriptDialog, accept); err != nil {
				return // the navigation fails then, which is reported
			}
			return
		}
	}()
	p.do(chromedp.Navigate("about:blank"))
	select {
	case warned = <-said:
	default:
	}
	return warned
}

// wire is what connects browsers with a site, and can be cut. The browser's own
// emulation of being offline ends before the page that it is for.
type wire struct {
	base string
	site string // address

	mu   sync.Mutex
	cut  bool
	ends []net.Conn
}

func wireTo(t *testing.T, s site) *wire {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{base: "http://" + listener.Addr().String(), site: strings.TrimPrefix(s.base, "http://")}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return // closed below
			}
			go w.carry(t.Context(), near)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close() // nothing depends on it any more
		w.set(true)
	})
	return w
}

// set cuts the wire, connections under way included, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for _, end := range w.ends {
			_ = end.Close() // it may be closed already
		}
		w.ends = nil
	}
}

func (w *wire) carry(ctx context.Context, near net.Conn) {
	defer func() { _ = near.Close() }() // as above
	far, err := (&net.Dialer{}).DialContext(ctx, "tcp", w.site)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return
	}
	w.ends = append(w.ends, near, far)
	w.mu.Unlock()
	go func() {
		_, _ = io.Copy(far, near) // ends with either side
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
}

func TestExamAnswersOfATabClosedWithoutNetworkAreSentByTheNextOne(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	w := wireTo(t, s)
	home := newProfile(t, w.base)
	lost, closeTab := home.tab()
	e := lost.begin(s)
	places := e.singles(2)
	lost.choose(places[0], "1")
	lost.show(places[1])
	lost.atRest()
	w.set(true)
	lost.press("2")
	lost.press("f")
	lost.waitFor(`document.querySelector("[data-saved-words]").textContent === "No answer from the site: kept on this device, 2 to send"`)
	if !lost.walkAway() {
		t.Error("the page let go of unsent answers without a word")
	}
	closeTab()
	e.mustHold(map[int]string{places[0]: "1"})

	w.set(false)
	later, _ := home.tab()
	later.open("/exams/" + string(e.id))
	later.waitForDialog("elsewhere") // the tab was in use a moment ago
	later.do(chromedp.Click("[data-go-on]"))
	later.atRest()
	e.mustHold(map[int]string{places[0]: "1", places[1]: "2"})
	e.mustBeOnce()
	if !e.progress().Flagged[places[1]] {
		t.Error("the flag was lost")
	}
	later.show(places[1])
	if !evaluate[bool](later, fmt.Sprintf(`document.querySelector('[name="p%d.option"][value="2"]').checked`, places[1])) {
		t.Error("the page doesn't show the answer that it sent")
	}
}

func TestExamInTwoTabsGoesOnInOneAndLosesNothing(t *testing.T) {
	s := startSite(t, time.Now)
	first := newProfile(t, s.base)
	e := first.begin(s)
	places := e.singles(4)
	first.choose(places[0], "1")
	first.show(places[2])
	first.atRest()

	second, _ := first.tab()
	second.open("/exams/" + string(e.id))
	second.waitForDialog("elsewhere")
	second.mustReadInDialog("This exam is open elsewhere")
	second.axe()
	e.mustBeOnce()
	second.do(chromedp.Click("[data-go-on]"))
	second.atRest()
	second.choose(places[1], "2")
	second.atRest()

	first.front()
	first.press("3")
	first.waitForDialog("elsewhere")
	first.axe()
	e.mustHold(map[int]string{places[0]: "1", places[1]: "2"})
	first.do(chromedp.Click("[data-go-on]"))
	first.waitFor(`document.querySelector("[data-tell]").textContent.includes("was put in")`)
	first.atRest()
	e.mustHold(map[int]string{places[0]: "1", places[1]: "2", places[2]: "3"})

	second.front()
	second.choose(places[3], "1")
	second.waitForDialog("elsewhere")
	e.mustHold(map[int]string{places[0]: "1", places[1]: "2", places[2]: "3"})
}

func TestExamThatEndedTellsAPageStillOpenWhatCameTooLate(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	clock := &movable{}
	s := startSite(t, clock.now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	places := e.singles(2)
	p.choose(places[0], "1")
	p.show(places[1])
	p.atRest()
	clock.moveTo(e.sitting().Deadline)
	p.press("2")
	p.waitForDialog("ended")
	p.mustReadInDialog(fmt.Sprintf("these answers reached us, so they don't count: question %d.", places[1]+1))
	p.axe()
	p.useByKeyboard(`[data-dialog=ended] a`)
	p.waitForPage("/sittings/" + string(e.id) + "/result")
	p.mustSay("Time was up")
	p.axe()
	e.mustHaveExpired(map[int]string{places[0]: "1"})
}

// mustHaveExpired fails unless the exam ended at its deadline with these answers.
func (e paper) mustHaveExpired(want map[int]string) {
	e.t.Helper()
	sit := e.sitting()
	if sit.State != sitting.StateExpired || !sit.Finished.Equal(sit.Deadline) {
		e.t.Errorf("the exam is %s at %v; its deadline was %v", sit.State, sit.Finished, sit.Deadline)
	}
	e.mustHold(want)
	answers, err := e.app.store.Answers(e.t.Context(), e.id)
	if err != nil {
		e.t.Fatal(err)
	}
	graded := 0
	for place, g := range answers {
		if len(g.Answer.Selected) > 0 {
			graded++
		}
		if (len(g.Answer.Selected) > 0) != (want[place] != "") {
			e.t.Errorf("question %d was graded as %v", place+1, g.Answer)
		}
	}
	if len(answers) != len(sit.Form.Places) || graded != len(want) {
		e.t.Errorf("%d of %d questions were graded, %d with an answer", len(answers), len(sit.Form.Places), graded)
	}
}

func TestExamEndsThoughNobodyComesBack(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	clock := &movable{}
	s := startSite(t, clock.now)
	home := newProfile(t, s.base)
	tab, closeTab := home.tab()
	e := tab.begin(s)
	place := e.singles(1)[0]
	tab.choose(place, "1")
	tab.atRest()
	closeTab()
	clock.moveTo(e.sitting().Deadline)

	a, err := openApp(t.Context(), s.data, clock.now)
	if err != nil {
		t.Fatal(err)
	}
	stop := a.expireTests(t.Context(), slog.New(slog.DiscardHandler))
	for end := time.Now().Add(stepTimeout); e.sitting().State.Open() && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if err := a.close(); err != nil {
		t.Error(err)
	}
	e.mustHaveExpired(map[int]string{place: "1"})

	home.open("/exams/" + string(e.id))
	home.waitForPage("/sittings/" + string(e.id) + "/result")
	home.mustSay("Time was up")
}

func TestExamPageGoesToTheResultWhenItsTimeIsUp(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	clock := &movable{}
	s := startSite(t, clock.now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	place := e.singles(1)[0]
	p.choose(place, "1")
	p.atRest()
	clock.moveTo(e.sitting().Deadline.Add(-2 * time.Second))
	p.open("/exams/" + string(e.id))
	p.waitForPage("/sittings/" + string(e.id) + "/result")
	p.mustSay("Time was up")
	e.mustHaveExpired(map[int]string{place: "1"})
}

// signIn signs somebody in who has an account.
func (p *profile) signIn(email string) {
	p.t.Helper()
	p.open("/signin")
	p.do(chromedp.SendKeys("input[name=email]", email), chromedp.SendKeys("input[name=password]", password))
	p.leave(chromedp.Click(`form.form button[type=submit]`))
}

// clockLeft is the time that the exam's clock shows.
func (p *profile) clockLeft() time.Duration {
	p.t.Helper()
	shown := evaluate[string](p, `document.querySelector("[data-time]").textContent`)
	var hours, minutes, seconds int
	if _, err := fmt.Sscanf(shown, "%d:%d:%d", &hours, &minutes, &seconds); err != nil {
		p.t.Fatalf("the clock shows %q: %v", shown, err)
	}
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second
}

// mustShow fails unless the clock shows this much, give or take the time that a
// slow machine needs.
func (p *profile) mustShow(want time.Duration) {
	p.t.Helper()
	if got := p.clockLeft(); got > want || got < want-stepTimeout {
		p.t.Errorf("the clock shows %v, want %v", got, want)
	}
}

func TestExamGoesOnOnAnotherDevice(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	clock := &movable{}
	s := startSite(t, clock.now)
	p := newProfile(t, s.base)
	const email = "ada@example.org"
	signInAs(t, s, p, email, account.Learner)
	e := p.begin(s)
	places := e.singles(2)
	p.show(places[0])
	p.press("2")
	p.mark("look at B again")
	p.show(places[1])
	p.atRest()
	const away = 10 * time.Minute
	clock.forward(away)

	other := newProfile(t, s.base)
	other.signIn(email)
	other.open("/mock")
	other.leave(chromedp.Click(`.running a[href="/exams/` + string(e.id) + `"]`))
	other.atRest()
	other.mustShow(e.sitting().Deadline.Sub(e.sitting().Started) - away)
	other.show(places[0])
	for what, condition := range map[string]string{
		"the answer":     `document.querySelector("[data-place]:not([hidden]) input[value='2']").checked`,
		"the flag":       `document.querySelector("[data-flag-button]").getAttribute("aria-pressed") === "true"`,
		"the strike-out": `document.querySelector("[data-place]:not([hidden]) .strike").getAttribute("aria-pressed") === "true"`,
		"the note":       `document.querySelector("[data-place]:not([hidden]) textarea").value === "look at B again"`,
	} {
		if !evaluate[bool](other, condition) {
			t.Errorf("%s isn't there", what)
		}
	}
	other.choose(places[1], "1")
	other.atRest()
	e.mustHold(map[int]string{places[0]: "2", places[1]: "1"})
}

func TestExamFollowsTheSettings(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/settings")
	p.axe()
	p.do(chromedp.Click(`input[name=time][value="1.5"]`), chromedp.Click("input[name=clock]"), chromedp.Click("input[name=keys]"))
	p.leave(chromedp.Click("form.start button[type=submit]"))
	p.mustSay("Your settings are kept")
	p.open("/mock")
	p.mustSay("The times are yours: × 1.5")
	e := p.begin(s)
	p.mustFold("time", true)
	p.mustFold("count", false)
	p.do(chromedp.Click("[data-fold=time]"))
	p.mustFold("time", false)
	p.mustShow(time.Duration(e.sitting().Form.Minutes) * time.Minute * 3 / 2)
	place := e.singles(1)[0]
	for _, key := range []string{"a", "1", "f", kb.Enter} {
		p.choose(place, key)
	}
	p.mustView(place)
	p.atRest()
	e.mustHold(map[int]string{})
	if e.progress().Flagged[place] {
		t.Error("a single key flagged a question though they are off")
	}
}

// mustFold fails unless one of the figures above the question is folded away, or
// in sight, and its button says what it would do.
func (p *profile) mustFold(what string, away bool) {
	p.t.Helper()
	p.waitFor(fmt.Sprintf(`document.getElementById("exam-%s").checkVisibility() === %t`, what, !away))
	verb := map[bool]string{true: "Show", false: "Hide"}[away]
	if got := evaluate[string](p, fmt.Sprintf(`document.querySelector("[data-fold=%s]").textContent`, what)); got != verb+" "+what {
		p.t.Errorf("the button of the %s says %q, folded away: %t", what, got, away)
	}
}

// listen keeps what the exam says to a screen reader from now on.
func (p *profile) listen() {
	p.t.Helper()
	evaluate[bool](p, `(window.spoken = [], new MutationObserver(() => {
		const words = document.querySelector("[data-say]").textContent;
		if (words) window.spoken.push(words);
	}).observe(document.querySelector("[data-say]"), {childList: true, characterData: true, subtree: true}), true)`)
}

func TestCountAndTimeAreFoldedEachByItself(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	clock := &movable{}
	s := startSite(t, clock.now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	p.do(chromedp.Click("[data-fold=count]"))
	p.mustFold("count", true)
	p.mustFold("time", false)
	p.useByKeyboard("[data-fold=time]")
	p.mustFold("time", true)
	p.axe()
	p.do(chromedp.Reload())
	p.atRest()
	p.mustFold("count", true)
	p.mustFold("time", true)
	p.do(chromedp.Click("[data-fold=count]"))
	p.mustFold("count", false)
	p.mustFold("time", true)

	clock.moveTo(e.sitting().Deadline.Add(-5*time.Minute + time.Second))
	p.do(chromedp.Reload()) // the five minutes have begun meanwhile
	p.atRest()
	p.mustFold("time", false)
	p.do(chromedp.Click("[data-fold=time]")) // by somebody who wants it so even now
	p.mustFold("time", true)
}

// The clock of an exam that is open passes the mark of five minutes: it comes
// back, and that is all that is said.
func TestTheFoldedTimeComesBackAndIsAnnouncedOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	clock := &movable{}
	s := startSite(t, clock.now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	p.do(chromedp.Click("[data-fold=time]"))
	p.mustFold("time", true)
	p.atRest()
	p.listen()
	clock.moveTo(e.sitting().Deadline.Add(-5 * time.Minute))
	p.press("f") // what is sent brings the server's clock back with it
	p.waitFor(`window.spoken.includes("5 minutes left.")`)
	p.mustFold("time", false)
	p.atRest()
	before := p.clockLeft()
	p.waitFor(fmt.Sprintf(`document.querySelector("[data-time]").textContent.split(":").reduce((sum, part) => 60 * sum + Number(part), 0) <= %d`, int(before.Seconds())-2))
	if got := evaluate[string](p, `window.spoken.filter((words) => words.includes("minute")).join(" | ")`); got != "5 minutes left." {
		t.Errorf("while the clock ran on past the mark, this was said of it: %s", got)
	}
}

func TestAnExamWithoutTimeLimitHasNoClockToHide(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/settings")
	p.do(chromedp.Click(`input[name=time][value="0"]`), chromedp.Click("input[name=clock]"))
	p.leave(chromedp.Click("form.start button[type=submit]"))
	p.begin(s)
	if evaluate[bool](p, `!!document.querySelector("[data-fold=time], [data-time]")`) {
		t.Error("there is a clock, or a button for one")
	}
	if top := evaluate[string](p, `document.querySelector(".exam-top").innerText`); !strings.Contains(top, "No time limit") {
		t.Errorf("above the question it says %q", top)
	}
	p.do(chromedp.Click("[data-fold=count]"))
	p.mustFold("count", true)
	p.axe()
}

// barsTake is the share of the window's height that the bars take.
func (p *profile) barsTake() float64 {
	p.t.Helper()
	return evaluate[float64](p, `[".exam-top", ".exam-bar"].reduce((sum, s) => sum + document.querySelector(s).getBoundingClientRect().height, 0) / innerHeight`)
}

// mustNotCoverTheFocus goes through what can have the focus and fails where a bar
// lies over it.
func (p *profile) mustNotCoverTheFocus(where string) {
	p.t.Helper()
	const enough = 30 // beyond it the rest of the page is alike
	for range enough {
		p.press(kb.Tab)
		covered := evaluate[string](p, `(() => {
			const it = document.activeElement, box = it.getBoundingClientRect();
			if (it === document.body) return ""; // the browser has the focus
			const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
			for (let y = Math.max(box.top, 0); y < Math.min(box.bottom, innerHeight); y += 4) {
				const bar = document.elementFromPoint(x, y)?.closest(".exam-top, .exam-bar");
				if (!bar || bar.contains(it)) return "";
			}
			return it.outerHTML.slice(0, 120) + " can't be seen";
		})()`)
		if covered != "" {
			p.t.Errorf("%s: %s", where, covered)
		}
	}
}

func TestExamBarsLeaveRoomForTheQuestion(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/settings")
	p.do(chromedp.Click(`input[name=size][value="130"]`))
	p.leave(chromedp.Click("form.start button[type=submit]"))
	p.begin(s)
	const most = 0.25
	for _, window := range []struct {
		width, height int64
		what          string
	}{{360, 740, "a phone"}, {320, 640, "a small phone"}, {1280, 800, "a laptop"}} {
		p.do(chromedp.EmulateViewport(window.width, window.height))
		if share := p.barsTake(); share > most {
			t.Errorf("on %s with large text the bars take %.0f %% of the height", window.what, 100*share)
		}
		p.mustNotCoverTheFocus(window.what)
	}
	p.do(chromedp.EmulateViewport(320, 256)) // 1280 by 1024 enlarged to 400 %
	evaluate[bool](p, `(scrollTo(0, document.documentElement.scrollHeight), true)`)
	if !evaluate[bool](p, `document.querySelector(".exam-top").getBoundingClientRect().bottom <= 0`) {
		t.Error("much enlarged, the bar above stays in the way")
	}
	if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 320 {
		t.Errorf("much enlarged, the page is %d pixels wide in a window of 320", width)
	}
	p.mustNotCoverTheFocus("much enlarged")
}

// sectioned starts the exam with questions of all types and a section that closes.
func (p *profile) sectioned(s site) paper {
	p.t.Helper()
	p.chooseExam(sectionedExam)
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	p.atRest()
	return paperOf(p, s)
}

// What is there for the ear alone lies somewhere too, and must not make a page
// longer whose bars are to stay where they are.
func TestExamBarsStayWhereTheyAre(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	e := p.sectioned(s)
	for place, asked := range e.oneOfEach(0) {
		p.show(place)
		if got := evaluate[int](p, `document.documentElement.scrollHeight - innerHeight`); got > 0 {
			t.Errorf("with question %d, %s, the page can be scrolled by %d pixels, bars and all", place+1, asked.Question.Type, got)
		}
	}
}

func TestMatchingOptionsCanBeReadWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	e := p.sectioned(s)
	var asked sitting.Asked
	for place, one := range e.oneOfEach(0) {
		if one.Question.Type == exam.Matching {
			asked = one
			p.show(place)
		}
	}
	const shown = "[data-place]:not([hidden]) "
	for _, width := range []int64{360, 1280} {
		p.do(chromedp.EmulateViewport(width, 800))
		cut := evaluate[string](p, `[...document.querySelectorAll("`+shown+`:is(.pool li, .prompt)")]
			.filter((part) => part.scrollWidth > part.clientWidth || !part.checkVisibility()).map((part) => part.innerText).join("; ")`)
		if cut != "" {
			t.Errorf("%d pixels wide, these are cut off: %s", width, cut)
		}
		const letterAndSomeWords = 240
		if room := evaluate[float64](p, `Math.min(...[...document.querySelectorAll("`+shown+`.prompt select")].map((list) => list.clientWidth))`); room < letterAndSomeWords {
			t.Errorf("%d pixels wide, a list has %.0f pixels for its letter and text", width, room)
		}
	}
	if n := evaluate[int](p, `document.querySelectorAll("`+shown+`.pool li").length`); n != len(asked.Question.Options) {
		t.Errorf("%d of %d options are listed", n, len(asked.Question.Options))
	}
	// What a screen reader calls a list is the whole line that it answers.
	names := evaluate[string](p, `[...document.querySelectorAll("`+shown+`.prompt select")].map((list) => list.labels[0].querySelector(".text").innerText.trim()).join("\n")`)
	if lines := strings.Split(names, "\n"); len(lines) != len(asked.Question.Prompts) || slices.Contains(lines, "") {
		t.Errorf("the lists are called %q, of %d lines", lines, len(asked.Question.Prompts))
	}
}

func TestTheReviewLeadsThroughWhatIsOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	e := p.begin(s)
	last := len(e.sitting().Form.Places) - 1
	flagged := []int{2, 5}
	for _, place := range flagged {
		p.show(place)
		p.press("f")
	}
	p.do(chromedp.Click(".exam-bar [data-to-review]"), chromedp.Click("[data-round-flagged]"))
	p.mustView(flagged[0])
	p.mustSay("Those flagged: 1 of 2.")
	p.axe()
	p.press(kb.Enter)
	p.mustView(flagged[1])
	p.press(kb.ArrowLeft)
	p.mustView(flagged[0])
	p.press(kb.Enter)
	p.press(kb.Enter)
	p.mustSay("Before you hand in")
	p.do(chromedp.Click("[data-round-open]"))
	p.mustView(0)
	p.show(last) // by the navigator, which ends the round
	if evaluate[bool](p, `document.querySelector("[data-round]").checkVisibility()`) {
		t.Error("the round goes on after a jump")
	}
}

// inZone has the browser believe that it is in a time zone.
func (p *profile) inZone(name string) {
	p.t.Helper()
	params := emulation.SetTimezoneOverrideParams{TimezoneID: name}
	if _, err := chromedp.Call(p.ctx, emulation.SetTimezoneOverride, params); err != nil {
		p.t.Fatalf("moving the browser to %s: %v", name, err)
	}
}

func TestSettingsAreShownAsTheyAreChosenAndKept(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.inZone("Asia/Tokyo")
	p.open("/settings")
	p.waitFor(`document.querySelector("[name=zone]").value === "Asia/Tokyo"`)
	p.waitFor(`document.querySelectorAll("#zones option").length > 100`)
	before := evaluate[float64](p, `parseFloat(getComputedStyle(document.documentElement).fontSize)`)
	p.do(chromedp.Click(`input[name=size][value="130"]`), chromedp.Click(`input[name=theme][value=dark]`))
	if after := evaluate[float64](p, `parseFloat(getComputedStyle(document.documentElement).fontSize)`); after < 1.29*before {
		t.Errorf("the text is shown at %.1f pixels, before it was %.1f", after, before)
	}
	p.waitFor(`getComputedStyle(document.documentElement).colorScheme === "dark"`)
	p.mustSay("Changed, not kept yet.")
	p.axe()
	p.leave(chromedp.Click("form.start button[type=submit]"))
	p.mustSay("Your settings are kept.")
	if evaluate[bool](p, `document.querySelector("main").innerText.includes("not kept yet")`) {
		t.Error("what is kept is called not kept")
	}
	for what, condition := range map[string]string{
		"the zone":           `document.querySelector("[name=zone]").value === "Asia/Tokyo"`,
		"the size":           `document.documentElement.dataset.size === "130"`,
		"the colours":        `document.documentElement.dataset.theme === "dark"`,
		"the zone's device":  `document.cookie.includes("zone=Asia/Tokyo")`,
		"the share as usual": `document.querySelector("[name=retention][value='90']").checked`,
	} {
		if !evaluate[bool](p, condition) {
			t.Errorf("%s isn't there after keeping", what)
		}
	}

	plain := newProfile(t, s.base)
	plain.withoutJavaScript()
	plain.open("/settings")
	plain.do(chromedp.Click(`input[name=size][value="115"]`))
	plain.leave(chromedp.Click("form.start button[type=submit]"))
	plain.mustSay("Your settings are kept.")
	if zone := evaluate[string](plain, `document.querySelector("[name=zone]").value`); zone != "" {
		t.Errorf("without scripts the zone is %q, not left to be UTC", zone)
	}
}

// fillIn answers a question of the whole page with the mouse and no script.
func (p *profile) fillIn(place int, c sitting.Choice) {
	p.t.Helper()
	field := func(name string, part int) string { return fmt.Sprintf(`[name="p%d.%s.%d"]`, place, name, part) }
	for _, option := range c.Selected {
		p.do(chromedp.Click(fmt.Sprintf(`input[name="p%d.option"][value="%s"]`, place, option)))
	}
	for i, rank := range c.Order {
		p.do(chromedp.SetValue(field("order", i+1), rank))
	}
	for i, option := range c.Matches {
		p.do(chromedp.SetValue(field("match", i), option))
	}
	for i, verdict := range c.Verdicts {
		p.do(chromedp.Click(field("verdict", i) + `[value="` + verdict + `"]`))
	}
}

// oneOfEach are the first places of a section with a question of each type.
func (e paper) oneOfEach(section int) map[int]sitting.Asked {
	e.t.Helper()
	found, types := map[int]sitting.Asked{}, map[exam.Type]bool{}
	for place, at := range e.sitting().Form.Places {
		asked := e.asked(place)
		if at.Section == section && !types[asked.Question.Type] {
			found[place], types[asked.Question.Type] = asked, true
		}
	}
	return found
}

func TestExamWithoutJavaScriptIsOnePageSavedAndHandedIn(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.withoutJavaScript()
	p.chooseExam(sectionedExam)
	p.leave(chromedp.Click(`form.start button[type=submit]`))
	e := paperOf(p, s)
	made := map[int]sitting.Choice{}
	answer := func(section int) {
		for place, asked := range e.oneOfEach(section) {
			made[place] = testkit.Pick(asked, true)
			p.fillIn(place, made[place])
		}
	}
	answer(0)
	p.do(chromedp.Click(`input[name="p1.flag"]`), chromedp.Click(`[data-place="1"] summary`), chromedp.SendKeys(`textarea[name="p1.note"]`, "two\nlines"))
	p.leave(chromedp.Click(".exam-save button")) // between the questions
	p.mustSay("Your answers are saved.")
	if at := p.location(); !strings.HasSuffix(at, "#p9-heading") {
		t.Errorf("saving after the tenth question led to %s", at)
	}
	p.leave(chromedp.Click(".exam-end button[value=save]"))
	e.mustHaveKept(made)
	if got := e.progress(); !got.Flagged[1] || got.Notes[1] != "two\nlines" {
		t.Errorf("of question 2 are kept: flag %v, note %q", got.Flagged[1], got.Notes[1])
	}

	p.do(chromedp.Click(`details:has(button[value=close]) summary`))
	p.leave(chromedp.Click("button[name=do][value=close]"))
	e.mustHaveKept(made)
	if got := e.progress(); got.Section != 1 || !got.Flagged[1] || got.Notes[1] != "two\nlines" {
		t.Errorf("after the section was closed: section %d is open, flag %v, note %q", got.Section, got.Flagged[1], got.Notes[1])
	}
	answer(1)
	p.do(chromedp.Click(`details:has(button[value=submit]) summary`))
	p.leave(chromedp.Click("button[name=do][value=submit]"))
	if want := "/sittings/" + string(e.id) + "/result"; p.location() != want {
		t.Fatalf("handing in led to %s, want %s", p.location(), want)
	}
	p.mustSay(fmt.Sprintf("%d of %d right in every part", len(made), len(e.sitting().Form.Places)))
	e.mustHaveKept(made)
}

func TestExamPagesAreAccessibleInDarkAndNarrow(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	p := newProfile(t, s.base)
	p.open("/")
	p.leave(chromedp.Click("button[name=theme][value=dark]"))
	p.do(chromedp.EmulateViewport(320, 640))
	look := func(what string) {
		t.Helper()
		if width := evaluate[int](p, "document.documentElement.scrollWidth"); width > 320 {
			t.Errorf("%s is %d pixels wide in a window of 320", what, width)
		}
		p.axe()
	}
	for _, path := range []string{"/settings", "/mock"} {
		p.open(path)
		look(path)
	}
	e := p.begin(s)
	for place := range e.oneOfEach(0) {
		p.show(place)
		look(fmt.Sprintf("question %d", place+1))
	}
	p.do(chromedp.Click("[data-navigator]"))
	p.waitForDialog("navigator")
	look("the navigator")
	p.do(chromedp.Click("[data-dialog=navigator] [data-keys-button]"))
	p.waitForDialog("keys")
	look("the list of keys")
	p.press(kb.Escape)
	p.press(kb.Escape)
	p.do(chromedp.Click(".exam-bar [data-to-review]"))
	look("the review")
	p.do(chromedp.Click("[data-review] [data-hand-in]"))
	p.waitForDialog("submit")
	look("the dialog before the end")
	p.do(chromedp.Click("[data-submit]"))
	p.waitForPage("/sittings/" + string(e.id) + "/result")
	look("the result")
}
