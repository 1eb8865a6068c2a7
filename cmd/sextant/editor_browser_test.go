package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/sitting"
)

// newRoom is a site with a bank "ours" of ann's in which ben writes too, and both
// signed in, each in a browser of their own.
func newRoom(t *testing.T) (s site, ann, ben *profile) {
	t.Helper()
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s = startSite(t, time.Now)
	ann, ben = newProfile(t, s.base), newProfile(t, s.base)
	signInAs(t, s, ann, "ann@example.org", account.Instructor)
	signInAs(t, s, ben, "ben@example.org", account.Instructor)
	owner, member := s.person(t, "ann@example.org"), s.person(t, "ben@example.org")
	s.with(t, func(ctx context.Context, a *app) error {
		if _, err := a.authors.CreateBank(ctx, owner, "ours", "Ours", authoring.Everyone); err != nil {
			return err
		}
		_, err := a.authors.ManageBank(ctx, owner, "ours", "add_member", func(b *authoring.Bank) error {
			b.Members = append(b.Members, member.ID)
			return nil
		})
		return err
	})
	return s, ann, ben
}

// with does something in the site's database.
func (s site) with(t *testing.T, do func(ctx context.Context, a *app) error) {
	t.Helper()
	if err := withApp(t.Context(), s.data, func(a *app) error { return do(t.Context(), a) }); err != nil {
		t.Fatal(err)
	}
}

func (s site) person(t *testing.T, email string) (actor authoring.Actor) {
	t.Helper()
	s.with(t, func(ctx context.Context, a *app) error {
		p, err := a.store.PersonByEmail(ctx, email)
		if err == nil {
			actor = authoring.Actor{ID: p.ID, Role: p.Role}
		}
		return err
	})
	return actor
}

func (p *profile) write(name, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(fmt.Sprintf(`form.editor [name=%q]`, name), text))
}

func (p *profile) saved() {
	p.t.Helper()
	p.waitFor(`document.querySelector("form.editor").dataset.saved === "saved"`)
}

// writeQuestion writes a question in the editor, of which the option at key is right.
func (p *profile) writeQuestion(key int) {
	p.t.Helper()
	p.write("stem", "A job takes **two hours** and can be stopped at any time.")
	p.write("ask", "Which capacity costs the least?")
	for i, option := range []string{"Spot", "On demand", "Reserved", "Dedicated"} {
		p.write(fmt.Sprintf("option.%d.text", i), option+" instances")
		p.write(fmt.Sprintf("option.%d.rationale", i), "zqreason "+option)
	}
	p.do(chromedp.Click(fmt.Sprintf(`form.editor [name=key][value="%d"]`, key)))
}

func TestAQuestionIsWrittenReviewedPublishedAndCorrected(t *testing.T) {
	s, ann, ben := newRoom(t)
	ann.open("/banks/ours/questions/new")
	ann.axe()
	ann.writeQuestion(1)
	ann.waitForPage("/questions/ours-") // kept by itself, at an address of its own
	ann.saved()
	ann.waitFor(`document.querySelector("[data-preview] .stem strong")?.textContent === "two hours"`)
	ann.waitFor(`document.querySelector("[data-preview]").textContent.includes("Dedicated instances")`)
	ann.axe()
	address := strings.TrimSuffix(ann.location(), "/edit")
	ann.open(address + "/edit") // now with its whole life
	ann.leave(chromedp.Click(`button[value=submit]`))
	ann.mustSay("It waits for somebody who didn't write it to solve it blind.")
	ann.axe()

	ben.open("/")
	ben.leave(chromedp.Click(`nav a[href="/reviews"]`))
	ben.axe()
	ben.leave(chromedp.Click(`a.queue-link`))
	ben.mustSay("Solve it blind")
	if strings.Contains(ben.text(), "zqreason") {
		t.Error("a reviewer sees reasons before solving")
	}
	ben.axe()
	ben.do(chromedp.Click(fmt.Sprintf(`label.option:nth-of-type(%d)`, 1+evaluate[int](ben, `[...document.querySelectorAll("label.option")].findIndex((l) => l.textContent.includes("On demand"))`))))
	ben.leave(chromedp.Click(`button[value=solve]`))
	ben.mustSay("Your answer is the key.")
	ben.mustSay("zqreason On demand")
	ben.axe()
	ben.leave(chromedp.Click(`button[value=judge]`))
	ben.mustSay("Nothing waits for your review.")

	ann.open(address + "/edit")
	ann.mustSay("it is approved and can be published")
	ann.leave(chromedp.Click(`button[value=publish]`))
	ann.mustSay("Version 1 is in use.")
	ann.axe()

	lea := newProfile(t, s.base)
	signInAs(t, s, lea, "lea@example.org", account.Learner)
	test := s.practise(t, "lea@example.org", exam.OptionID("A"))
	lea.open("/sittings/" + string(test) + "/feedback/0")
	lea.mustSay("Wrong")

	// The key was wrong after all.
	ann.open(address + "/edit")
	ann.do(chromedp.Click(`form.editor [name=key][value="0"]`))
	ann.saved()
	ann.leave(chromedp.Click(`button[value=publish]`))
	ann.mustSay("1 answer was given under the former key.")
	ann.leave(chromedp.Click(`.notice a[href$="/regrade"]`))
	ann.mustSay("1 gained, 0 lost")
	ann.mustSay("wrong → right")
	ann.axe()
	ann.do(chromedp.SendKeys(`textarea[name=reason]`, "Spot capacity is the cheapest."))
	ann.leave(chromedp.Click(`main form button[type=submit]`))
	ann.mustSay("there is nothing to correct")
	ann.axe()

	lea.open("/sittings/" + string(test) + "/feedback/0")
	lea.mustSay("The key was corrected on")
	lea.mustSay("Spot capacity is the cheapest. Your answer counts as right now.")
	lea.axe()
	ann.open(address + "/versions")
	ann.mustSay("Version 2, the one in use")
	ann.axe()
}

// practise answers one question of the bank "ours" with an option.
func (s site) practise(t *testing.T, email string, option exam.OptionID) (id sitting.ID) {
	t.Helper()
	who := s.person(t, email)
	s.with(t, func(ctx context.Context, a *app) error {
		test, err := a.sittings.StartPractice(ctx, who.ID, sitting.Selection{Banks: []exam.BankID{"ours"}, Source: sitting.FromUnseen}, 5)
		if err != nil {
			return err
		}
		asked, err := a.sittings.Ask(ctx, test)
		if err != nil {
			return err
		}
		id = test.ID
		_, err = a.sittings.Answer(ctx, who.ID, id, 0, sitting.Choice{Selected: []string{fmt.Sprint(slices.Index(asked.Order, option) + 1)}})
		return err
	})
	return id
}

func TestTwoEditorsAreShownBothTexts(t *testing.T) {
	_, ann, ben := newRoom(t)
	ann.open("/banks/ours/questions/new")
	ann.writeQuestion(0)
	ann.saved()
	ann.waitForPage("/questions/ours-")
	address := ann.location()
	ben.open(address)
	ben.write("ask", " (Ben's)")
	ben.saved()
	ann.write("ask", " (Ann's)")
	ann.waitFor(`document.querySelector("form.editor").dataset.saved === "stopped"`)
	ann.mustSay("changed by ben since you opened it here")
	ann.axe()
	ann.leave(chromedp.Click(`.editor-saved button`))
	ann.mustSay("(Ben's)")
	ann.mustSay("(Ann's)")
	ann.axe()
	ann.leave(chromedp.Click(`button[value=keep]`))
	if got := evaluate[string](ann, `document.querySelector("[name=ask]").value`); !strings.HasSuffix(got, "(Ann's)") {
		t.Errorf("kept %q", got)
	}
}

// What can't be sent stays on the device, and goes out when the network is back;
// if the page is closed before that, the next one offers it.
func TestADraftSurvivesTheNetwork(t *testing.T) {
	_, ann, _ := newRoom(t)
	ann.open("/banks/ours/questions/new")
	ann.writeQuestion(0)
	ann.saved()
	ann.waitForPage("/questions/ours-")
	address := ann.location()
	evaluate[bool](ann, `(() => { window.fetch = () => Promise.reject(new TypeError("no network")); return true; })()`)
	ann.write("remember", "Kept on this device")
	ann.waitFor(`document.querySelector("form.editor").dataset.saved === "offline"`)
	ann.mustSay("what you write is kept on this device")
	ann.open(address)
	ann.mustSay("This device keeps what you wrote here")
	ann.axe()
	ann.do(chromedp.Click(`.notice button`))
	ann.saved()
	ann.open(address)
	if got := evaluate[string](ann, `document.querySelector("[name=remember]").value`); got != "Kept on this device" {
		t.Errorf("the draft has %q", got)
	}
	if strings.Contains(ann.text(), "This device keeps") {
		t.Error("what was saved is offered again")
	}
}

// With scripts off everything goes through forms.
func TestAQuestionIsWrittenWithoutJavaScript(t *testing.T) {
	_, ann, _ := newRoom(t)
	ann.withoutJavaScript()
	ann.open("/banks/ours/questions/new?type=multiple")
	for i, option := range []string{"Spot", "On demand", "Reserved", "Dedicated"} {
		ann.write(fmt.Sprintf("option.%d.text", i), option)
	}
	ann.write("ask", "Which two?")
	ann.do(chromedp.Click(`[name="option.0.key"]`), chromedp.Click(`[name="option.1.key"]`))
	ann.leave(chromedp.Click(`button[value=add_option]`))
	ann.mustSay("The draft is kept.")
	ann.write("option.4.text", "A fifth")
	ann.leave(chromedp.Click(`button[value="remove_option.3"]`))
	if text := ann.text(); strings.Contains(text, "Dedicated") || !strings.Contains(text, "A fifth") {
		t.Errorf("the fourth option isn't out, or the fifth not kept: %s", text)
	}
	ann.leave(chromedp.Click(`button[value=publish]`))
	ann.mustSay("Version 1 is in use.")
}
