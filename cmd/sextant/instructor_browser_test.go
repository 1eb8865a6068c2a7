package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sextant/internal/account"
)

// quizWithAMistake is a Moodle file of two questions, of which the second has no
// right answer.
const quizWithAMistake = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category"><category><text>$course$/top/Week 1</text></category></question>
  <question type="multichoice">
    <name><text>Idle nights</text></name>
    <questiontext format="html"><text><![CDATA[<p>A team trains a model every night and may lose the machine at any time.</p><p>Which capacity costs the least?</p>]]></text></questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>What can be interrupted is cheapest on spare capacity.</p>]]></text></generalfeedback>
    <single>true</single><shuffleanswers>true</shuffleanswers>
    <answer fraction="100" format="html"><text>Spare capacity</text><feedback format="html"><text>It is sold below price because it can be taken back.</text></feedback></answer>
    <answer fraction="0" format="html"><text>Reserved capacity</text><feedback format="html"><text>It is paid for by day as well.</text></feedback></answer>
  </question>
  <question type="multichoice">
    <name><text>Small data</text></name>
    <questiontext format="html"><text><![CDATA[<p>A clinic has eighty labelled scans.</p><p>What should it begin with?</p>]]></text></questiontext>
    <single>true</single>
    <answer fraction="0" format="html"><text>A pretrained network, tuned</text><feedback format="html"><text>It needs few labels.</text></feedback></answer>
    <answer fraction="0" format="html"><text>A network from scratch</text><feedback format="html"><text>Eighty scans are too few.</text></feedback></answer>
  </question>
</quiz>
`

// reviewAndPublish sends the questions of a bank to review, has them solved and
// approved by somebody else, and publishes them.
func reviewAndPublish(author, reviewer *profile, bank string, keys map[string]string) {
	author.t.Helper()
	for ask, key := range keys {
		author.open("/banks/" + bank)
		author.leave(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("main a[href$='/edit']")].find((a) => a.closest("tr").textContent.includes("` + ask + `")).click()`))
		edit := author.location()
		author.leave(chromedp.Click(`button[value=submit]`))

		reviewer.open("/reviews")
		reviewer.leave(chromedp.Click(`a.queue-link`))
		reviewer.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("label.option")].find((l) => l.textContent.includes("` + key + `")).querySelector("input").click()`))
		reviewer.leave(chromedp.Click(`button[value=solve]`))
		reviewer.mustSay("Your answer is the key.")
		reviewer.leave(chromedp.Click(`button[value=judge]`))

		author.open(edit)
		author.mustSay("it is approved and can be published")
		author.leave(chromedp.Click(`button[value=publish]`))
		author.mustSay("Version 1 is in use.")
	}
}

func TestAnInstructorTeachesWithAFileOfAnotherSystem(t *testing.T) {
	if testing.Short() {
		t.Skip("what the browser does: runs without -short")
	}
	s := startSite(t, time.Now)
	ann, ben, lea := newProfile(t, s.base), newProfile(t, s.base), newProfile(t, s.base)
	signInAs(t, s, ann, "ann@example.org", account.Instructor)
	signInAs(t, s, ben, "ben@example.org", account.Instructor)
	signInAs(t, s, lea, "lea@example.org", account.Learner)

	// The file comes in; its mistake is named, mended before anything is written.
	file := filepath.Join(t.TempDir(), "week1.xml")
	if err := os.WriteFile(file, []byte(quizWithAMistake), 0o600); err != nil {
		t.Fatal(err)
	}
	ann.preview(file)
	ann.mustSay("Moodle XML")
	ann.mustSay("week1.xml:12")
	ann.axe()
	ann.leave(chromedp.Click(`.import-item.broken a.button`))
	ann.do(chromedp.Click(`form.editor [name=key][value="0"]`))
	ann.leave(chromedp.Click(`form.editor .actions button[value=save]`))
	ann.leave(chromedp.Click(`.import-decision button[value=drafts]`))
	ann.axe()

	// A second person solves every question blind before it is published.
	ann.open("/banks/spring-class/settings")
	ann.do(chromedp.Click(`input[name=visibility][value=class]`))
	ann.leave(chromedp.Click(`form[action="/banks/spring-class/settings"] button[type=submit]`))
	ann.do(chromedp.SendKeys(`form.bank-invite input[name=email]`, "ben@example.org"))
	ann.leave(chromedp.Click(`form.bank-invite button[type=submit]`))
	reviewAndPublish(ann, ben, "spring-class", map[string]string{
		"Which capacity costs the least?": "Spare capacity", "What should it begin with?": "A pretrained network",
	})

	// The class is given the bank and a practice set from it.
	ann.open("/classes/new")
	ann.do(chromedp.SendKeys("input[name=title]", "Evening class"), chromedp.Click(`input[name=exam][value="AIF-C01"]`))
	ann.leave(chromedp.Click(`form.form button[type=submit]`))
	class := strings.TrimSuffix(strings.SplitN(ann.location(), "?", 2)[0], "/people")
	ann.open(class + "/people")
	ann.leave(chromedp.Click(`form[action$="/banks"] button[value=give]`))
	code := evaluate[string](ann, `document.querySelector(".class-code code").textContent`)
	lea.open("/join/" + code)
	lea.leave(chromedp.Click(`form[action^="/join/"] button[type=submit]`))
	lea.axe()
	ann.open(class + "/assignments/new")
	ann.do(chromedp.Click(`input[name=kind][value=practice]`), chromedp.SetValue("select[name=bank]", "spring-class"))
	ann.leave(chromedp.Click(`form.class-assign .actions button[type=submit]`))
	ann.axe()

	// The learner finds it on the front page and does it: one right, one wrong.
	lea.open("/")
	lea.mustSay("Due in your classes")
	lea.leave(chromedp.Click(`.assigned .button`))
	for _, want := range []string{"Spare capacity", "A network from scratch"} {
		if !strings.Contains(lea.text(), want) {
			want = map[string]string{"Spare capacity": "A network from scratch", "A network from scratch": "Spare capacity"}[want]
		}
		lea.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("label.option")].find((l) => l.textContent.includes("` + want + `")).querySelector("input").click()`))
		lea.leave(chromedp.Click(`button[value=answer]`))
		lea.leave(chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-next], a.button[href^='/sittings/'], form[action^='/sittings/'] button.button").click()`))
	}

	// The class and the statistics show it.
	ann.open(class + "/assignments")
	ann.leave(chromedp.Click(`.class-table a[href*="/assignments/"]`))
	ann.mustSay("lea@example.org")
	ann.mustSay("1 of 2")
	ann.axe()
	ann.open("/banks/spring-class/statistics")
	ann.mustSay("Which capacity costs the least?")
	ann.axe()
	ann.leave(chromedp.Click(`main a[href^="/questions/"][href$="/statistics"]`))
	ann.mustSay("Too few answers: 1 of 30")
	ann.axe()
}
