package httpd_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// The front page leads to what was reached last.
func TestTheFrontPageNamesTheLatestMilestone(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "learner@example.org")
	client := app.Client(t, p)
	app.Take(t, app.Start(t, p, sitting.Plan{Targets: []exam.Code{"AI-103"}, Length: 12}), testkit.Always(false))
	body := client.Get(t, "/").Body
	mustTell(t, body, "Latest milestone, 22 November 2026: a first verdict on AI-103. Your progress")
	wantWords(t, "the front page", body, `href="/progress?exam=AI-103"`)
	newcomer := app.Client(t, app.Person(t, account.Learner, "new@example.org"))
	planned(t, newcomer)
	wantNoWords(t, "the front page of somebody without answers", newcomer.Get(t, "/").Body, "milestone")
}

// Somebody who plans for an exam sees their progress with it, whatever the latest
// test was about, and finds the plan where the exam is recommended.
func TestAPlanIsFoundOnTheOtherPages(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "learner@example.org")
	client := app.Client(t, p)
	client.Post(t, "/profile", url.Values{"f.current_employer_cloud": {"azure_microsoft"}, "f.target_role": {"ai_engineer"}})
	app.Take(t, app.Start(t, p, sitting.Plan{Targets: []exam.Code{"AI-103"}, Length: 12}), testkit.Always(true))
	address := planned(t, client, "exam", "AI-103", "hours", "9")
	app.Take(t, app.Start(t, p, sitting.Plan{Targets: []exam.Code{"PMLE"}, Length: 12}), testkit.Always(false))
	mustTell(t, client.Get(t, "/progress").Body, "AI-103 over time")
	body := client.Get(t, "/recommendation").Body
	mustTell(t, body, "At 9 hours a week, the pace of your plan for AI-103")
	if strings.Contains(body, `class="place">1</span> <a href="/certifications/AI-103"`) {
		wantWords(t, "the sequence", body, `<a href="`+address+`">Your plan for AI-103</a>`)
	}
}

// The study that a plan holds is the study that the recommendation and the page of
// the certification name, to the precision in which they say it.
func TestHoursAgreeBetweenThePages(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "learner@example.org")
	client := app.Client(t, p)
	app.Take(t, app.Start(t, p, sitting.Plan{Targets: []exam.Code{"PMLE"}, Length: 12}), testkit.Always(false))
	// "210 (115 to 375)" in the table of the recommendation.
	hours := regexp.MustCompile(`hours to 80\x{a0}%: <[^>]*><[^>]*>([0-9]+) \(([0-9]+ to [0-9]+)\)`)
	_, row, _ := strings.Cut(client.Get(t, "/recommendation").Body, "<strong>PMLE</strong>")
	said := hours.FindStringSubmatch(row)
	if said == nil {
		t.Fatalf("no hours to PMLE in the recommendation: %.400s", row)
	}
	mustTell(t, client.Get(t, "/certifications/PMLE").Body, "about "+said[1]+" hours ("+said[2]+")")
	mustTell(t, client.Get(t, "/certifications/compare?codes=PMLE,MLA-C02").Body, "about "+said[1]+" hours ("+said[2]+")")
}

// Without a verdict the plan doesn't give today's chance as if it were known.
func TestAPlanWithoutAVerdictSaysSo(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, app.Person(t, account.Learner, "learner@example.org"))
	address := planned(t, client)
	mustTell(t, client.Get(t, address).Body, "Too early to say; the plan reckons from", "Nothing of yours is measured for MLA-C02 yet",
		"of study that raises the chance", "2 mock exams")
}

// Once the day of the exam has come, the plan asks how it went; after a pass was
// told it says that it goes on as if the exam were ahead.
func TestAPlanAsksHowTheExamWent(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, app.Person(t, account.Learner, "learner@example.org"))
	address := planned(t, client, "when", "date", "date", "2026-12-01")
	wantNoWords(t, "the plan before the day", client.Get(t, address).Body, "Tell how the exam went", "You told that you passed")
	app.Clock.Set(time.Date(2026, 12, 2, 12, 0, 0, 0, time.UTC))
	wantWords(t, "the plan after the day", client.Get(t, address).Body, `href="/progress?tell=MLA-C02#real-exam"`)
	wantWords(t, "the form", client.Get(t, "/progress?tell=MLA-C02").Body, `<option value="MLA-C02" selected`)
	if r := client.Post(t, "/progress/results", resultForm("MLA-C02", "2026-12-01", "passed", "")); r.Status != http.StatusSeeOther {
		t.Fatalf("telling: status %d", r.Status)
	}
	mustTell(t, client.Get(t, address).Body, "You told that you passed MLA-C02 on 1 December 2026.", "End this plan")
}

// A certification that was added to those held stays when the result is taken back,
// and the page doesn't say otherwise.
func TestTakingAPassBackSaysWhatIsStillHeld(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, app.Person(t, account.Learner, "learner@example.org"))
	client.Post(t, "/progress/results", resultForm("MLA-C02", "2026-11-20", "passed", ""))
	id := regexp.MustCompile(`/progress/results/([^/"]+)/hold`).FindStringSubmatch(client.Get(t, "/progress").Body)
	if id == nil {
		t.Fatal("a pass can't be added to what is held")
	}
	client.Post(t, "/progress/results/"+id[1]+"/hold", nil)
	reply := client.Post(t, "/progress/results/"+id[1]+"/withdraw", nil)
	address, _, _ := strings.Cut(reply.Location(), "#")
	mustTell(t, client.Get(t, address).Body, "The certification is still among those you hold")
}

// Whoever follows a plan for an exam has it in mind, and the recommendation knows.
func TestAPlannedExamIsInMind(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, app.Person(t, account.Learner, "learner@example.org"))
	planned(t, client, "exam", "AI-300", "hours", "6")
	wantWords(t, "the recommendation", client.Get(t, "/recommendation").Body, "You have this certification in mind.", "AI-300")
}
