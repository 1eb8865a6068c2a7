package httpd_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/outcome"
	"sextant/internal/sitting"
	"sextant/internal/study"
	"sextant/internal/testkit"
)

// practised gives a person answers to questions of MLA-C02, on three days.
func practised(t *testing.T, app *testkit.App, p *account.Person) {
	t.Helper()
	end := app.Clock.Now()
	for d := range 3 {
		app.Clock.Set(end.AddDate(0, 0, 2*d-6))
		s, err := app.Sittings.StartPractice(ctx, p.ID, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromUnseen}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for s.State.Open() {
			app.Clock.Advance(time.Minute)
			choice := testkit.Pick(app.Ask(t, s), s.Seq%3 > 0)
			choice.Confidence = []study.Confidence{study.Guess, study.Sure, study.Sure}[s.Seq%3]
			if s, err = app.Sittings.Answer(ctx, p.ID, s.ID, s.Seq, choice); err != nil {
				t.Fatal(err)
			}
		}
	}
	app.Clock.Set(end)
}

func mustTell(t *testing.T, body string, words ...string) {
	t.Helper()
	text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")), " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("the page doesn't say %q:\n%s", w, text)
		}
	}
}

func TestTheProgressPage(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	nobody := app.Client(t, nil).Get(t, "/progress")
	mustTell(t, nobody.Body, "There is nothing to show yet")
	p := app.Person(t, account.Learner, "learner@example.org")
	client := app.Client(t, p)
	mustTell(t, client.Get(t, "/progress").Body, "There is nothing to show yet")
	practised(t, app, p)
	reply := client.Get(t, "/progress")
	mustTell(t, reply.Body, "Your expected score on MLA-C02 is", "assumed at 70", "On 16 November 2026 it was",
		"Chance of passing", "A first verdict on MLA-C02", "When you said sure, you were right 100", "When you said it was a guess, you were right 0",
		"30 answers in the last 12 weeks", "You answered on 3 of the last 28 days", "The figures behind the drawings")
	if drawings := strings.Count(reply.Body, `class="area"`); drawings < 3 {
		t.Errorf("%d bands are drawn", drawings)
	}
	// Every drawing has its figures in the table: three days and now.
	_, table, _ := strings.Cut(reply.Body, "progress-table")
	if rows := strings.Count(table, `<th scope="row">`); rows < 4 {
		t.Errorf("%d rows of figures", rows)
	}
	mustTell(t, client.Get(t, "/progress?exam=AI-103").Body, "AI-103 over time")
	if r := client.Get(t, "/progress?exam=XYZ-1"); r.Status != 404 {
		t.Errorf("an unknown exam: status %d", r.Status)
	}

	if r := client.Post(t, "/progress/days", url.Values{"do": {"hide"}}); r.Status != 303 {
		t.Fatalf("hiding the days: status %d", r.Status)
	}
	if body := client.Get(t, "/progress").Body; strings.Contains(body, "of the last 28 days") || !strings.Contains(body, "Show the days") {
		t.Error("the days are shown though they were hidden")
	}
	// Other settings leave it alone.
	if r := client.Post(t, "/settings", url.Values{"time": {"1"}, "size": {"100"}, "theme": {"auto"}}); r.Status != 303 {
		t.Fatalf("saving settings: status %d", r.Status)
	}
	if body := client.Get(t, "/progress").Body; strings.Contains(body, "of the last 28 days") {
		t.Error("saving settings brought the days back")
	}
}

func resultForm(code, day, outcome, score string) url.Values {
	return url.Values{"exam": {code}, "taken": {day}, "outcome": {outcome}, "score": {score}}
}

func TestTellingOfTheRealExam(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "learner@example.org")
	client := app.Client(t, p)
	practised(t, app, p)
	for name, form := range map[string]url.Values{
		"nothing":            {},
		"no outcome":         resultForm("MLA-C02", "2026-11-21", "", ""),
		"tomorrow":           resultForm("MLA-C02", "2026-11-23", "passed", ""),
		"a score in words":   resultForm("MLA-C02", "2026-11-21", "passed", "many"),
		"a score off scale":  resultForm("MLA-C02", "2026-11-21", "passed", "1200"),
		"a contradiction":    resultForm("MLA-C02", "2026-11-21", "failed", "800"),
		"a day of no month":  resultForm("MLA-C02", "2026-02-30", "passed", ""),
		"a code of no exam":  resultForm("XYZ-1", "2026-11-21", "passed", ""),
		"an outcome unknown": resultForm("MLA-C02", "2026-11-21", "nearly", ""),
	} {
		r := client.Post(t, "/progress/results", form)
		if r.Status != 400 || !strings.Contains(r.Body, `id="problem"`) {
			t.Errorf("%s: status %d", name, r.Status)
		}
		if name == "a contradiction" && !strings.Contains(r.Body, `value="800"`) {
			t.Error("what was sent isn't sent back")
		}
	}
	if r := client.Post(t, "/progress/results", resultForm("MLA-C02", "2026-11-21", "passed", "812")); r.Location() != "/progress?done=result-told#real-exam" {
		t.Fatalf("telling: status %d, to %q", r.Status, r.Location())
	}
	body := client.Get(t, "/progress?done=result-told").Body
	mustTell(t, body, "Thank you. The result is kept", "Passed MLA-C02", "21 November 2026", "812, where 720 passes", "The evening before, after 30 answers, we put the chance of passing at", "Add MLA-C02 to what you hold")
	id := regexp.MustCompile(`/progress/results/([^/]+)/withdraw`).FindStringSubmatch(body)[1]
	if r := client.Post(t, "/progress/results", resultForm("MLA-C02", "2026-11-21", "failed", "")); r.Status != 409 {
		t.Errorf("the same day again: status %d", r.Status)
	}

	// Nobody else has anything to do with it, whatever their role.
	for _, role := range []account.Role{account.Guest, account.Learner, account.Instructor, account.Admin} {
		other := app.Client(t, app.Person(t, role, map[bool]string{true: "", false: string(role) + "-2@example.org"}[role == account.Guest]))
		for _, do := range []string{"withdraw", "hold"} {
			if r := other.Post(t, "/progress/results/"+id+"/"+do, nil); r.Status != 404 {
				t.Errorf("%s by %q: status %d", do, role, r.Status)
			}
		}
		if body := other.Get(t, "/progress").Body; strings.Contains(body, id) {
			t.Errorf("%q sees somebody else's result", role)
		}
	}

	if r := client.Post(t, "/progress/results/"+id+"/hold", nil); r.Status != 303 {
		t.Fatalf("holding: status %d", r.Status)
	}
	situation, err := app.Store.Profile(ctx, p.ID)
	if err != nil || len(situation.Held) != 1 || situation.HeldSince["MLA-C02"].Format(time.DateOnly) != "2026-11-21" {
		t.Errorf("held: %+v, %v", situation, err)
	}
	mustTell(t, client.Get(t, "/progress").Body, "It is among the certifications you hold.")
	if r := client.Post(t, "/progress/results/"+id+"/withdraw", nil); r.Status != 303 {
		t.Fatalf("taking it back: status %d", r.Status)
	}
	if body := client.Get(t, "/progress").Body; strings.Contains(body, id) {
		t.Error("what was taken back is shown")
	}
	if r := client.Post(t, "/progress/results/"+id+"/hold", nil); r.Status != 404 {
		t.Errorf("holding what was taken back: status %d", r.Status)
	}
}

func TestAFailedExamIsNotHeld(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Learner, "learner@example.org"))
	client.Post(t, "/progress/results", resultForm("MLA-C02", "2026-11-21", "failed", "640"))
	body := client.Get(t, "/progress").Body
	mustTell(t, body, "Not passed MLA-C02", "too few for an expectation")
	if strings.Contains(body, "to what you hold") {
		t.Error("a failed exam can be held")
	}
	id := regexp.MustCompile(`/progress/results/([^/]+)/withdraw`).FindStringSubmatch(body)[1]
	if r := client.Post(t, "/progress/results/"+id+"/hold", nil); r.Status != 400 {
		t.Errorf("holding it: status %d", r.Status)
	}
}

// The open page counts results, and shows none by itself.
func TestMeasurementCountsResults(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, nil)
	tell := func(code exam.Code, from, n int) {
		t.Helper()
		for i := from; i < from+n; i++ {
			p := app.Person(t, account.Learner, fmt.Sprintf("%s-%d@example.org", code, i))
			err := app.Store.KeepResult(ctx, &outcome.Result{
				ID: outcome.ID(account.NewID()), Person: string(p.ID), Exam: code, Taken: testkit.Today.Truncate(24 * time.Hour), Passed: i%2 == 0,
				Told: testkit.Today.Add(time.Duration(i) * time.Second), Expected: outcome.Expected{At: testkit.Today, Answers: 30, Pass: .6, ThetaMean: 1, ThetaSD: .3},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	section := func() string {
		t.Helper()
		body := client.Get(t, "/measurement").Body
		_, after, ok := strings.Cut(body, `id="real-exams"`)
		own, _, _ := strings.Cut(after, "</section>")
		if !ok {
			t.Fatal("no section on real exams")
		}
		return own
	}
	mustTell(t, section(), "there are 0 results", "0 of 20 needed")
	tell("MLA-C02", 0, 16)
	tell("AI-103", 0, 3)
	few := section()
	mustTell(t, few, "there are 19 results", "19 of 20 needed")
	if strings.Contains(few, "<table") {
		t.Error("19 results are shown")
	}
	tell("AI-103", 3, 1)
	tell("PMLE", 0, 1)
	some := section()
	mustTell(t, some, "MLA-C02 15 8 9.0", "Other exams, together 5", "All 20", "With 20 of 50 results")
	for _, code := range []string{"AI-103", "PMLE"} {
		if strings.Contains(some, code) {
			t.Errorf("%s is listed with fewer than %d results", code, outcome.PerExam)
		}
	}
	tell("MLA-C02", 16, 30)
	mustTell(t, section(), "MLA-C02 45 23", "Brier score", "Calibration intercept", "90 % interval −0.79 to 0.14")

	if _, err := app.Library.ApplyCuts(ctx, ""); err != nil {
		t.Fatal(err)
	}
	mustTell(t, section(), "Pass marks refined from results", "MLA-C02", "from 46 results; assumed before at 70")

	// Wherever the line is drawn, it says where it comes from.
	p := app.Person(t, account.Learner, "learner@example.org")
	app.Take(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(true))
	mine := app.Client(t, p)
	for _, path := range []string{"/readiness", "/progress", "/certifications/MLA-C02"} {
		mustTell(t, mine.Get(t, path).Body, "refined from 46 results")
	}
	if body := mine.Get(t, "/progress?exam=AI-103").Body; strings.Contains(body, "refined from") {
		t.Error("another exam's line is said to be refined")
	}
}
