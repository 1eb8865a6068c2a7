package httpd_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/httpd"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

func wantNoWords(t *testing.T, where, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(body, w) {
			t.Errorf("%s has %q", where, w)
		}
	}
}

func TestTheFrontPageSaysWhatThisIsUntilSomethingIsBegun(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	for who, p := range map[string]*account.Person{"nobody": nil, "a new account": app.Person(t, account.Learner, "new@example.org")} {
		body := app.Client(t, p).Get(t, "/").Body
		wantWords(t, who, body, "Know where you stand before", "Take the diagnostic", "What a report looks like", `href="/practice"`, `href="/mock"`)
		wantNoWords(t, who, body, "Where you stand</h1>", "What to do now", "Due today")
	}
}

func TestTheFrontPageOfSomebodyWhoAnsweredIsTheirOwn(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	s := app.Start(t, p, sitting.Plan{Targets: []exam.Code{"MLA-C02"}, Length: 12})
	s = app.Answer(t, s, true)
	body := client.Get(t, "/").Body
	wantWords(t, "with an open diagnostic", body, "Where you stand</h1>", "Nothing is measured yet. The answers of a diagnostic or an exam count once it has ended.",
		"Go on with your diagnostic", "How ready am I for MLA-C02? 1 of 12 answered.")
	wantNoWords(t, "with an open diagnostic", body, "Know where you stand before", "Finished", "Rests on")

	app.Take(t, s, testkit.Always(true))
	body = client.Get(t, "/").Body
	wantWords(t, "after it", body, "MLA-C02 (about ", "Rests on 12 answers.", `href="/readiness"`, "MLA-C02 against the pass mark", "Due today: 0 questions.",
		"Diagnostics", "/sittings/"+string(s.ID)+"/report", "12 answers", "An account keeps it.", "/signup?next=%2F")
	wantNoWords(t, "after it", body, "Go on with", "What a report looks like", "All 1 ")

	owner := app.Person(t, account.Learner, "owner@example.org")
	app.Take(t, app.Start(t, owner, sitting.Plan{Fit: true, Length: 12}), testkit.Always(false))
	body = app.Client(t, owner).Get(t, "/").Body
	wantWords(t, "an account without a chosen exam", body, "Which certification fits me?", "Your exams against the pass mark")
	wantNoWords(t, "an account", body, "An account keeps it.")
}

func TestFinishedPracticesAreListedWithHowTheyWent(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	var ids []sitting.ID
	for i := range 11 {
		id := practise(t, client, helpful)
		for n := range 5 {
			respond(t, app, client, p, id, n < 3 || i == 0, nil)
		}
		ids = append(ids, id)
		app.Clock.Advance(time.Minute)
	}
	short := practise(t, client, helpful) // nothing is answered in it, so it is in no list
	client.Post(t, "/sittings/"+string(short)+"/finish", nil)
	last, first := string(ids[10]), string(ids[0])
	body := client.Get(t, "/practice").Body
	wantWords(t, "the practices", body, "Practised before", "<small>what helps most</small>", "3 of 5 right", "/sittings/"+last+"/practice", "/sittings/"+last+"/review", "All 11 practices", "22 November 2026")
	wantNoWords(t, "the practices", body, first, "5 of 5 right", string(short))
	body = client.Get(t, "/practice?past=all").Body
	wantWords(t, "all practices", body, first, "5 of 5 right")
	wantNoWords(t, "all practices", body, "All 11", string(short))
	home := client.Get(t, "/").Body
	wantWords(t, "home", home, "/sittings/"+last+"/practice", "22 November 2026; what helps most; 3 of 5 right", `href="/practice?past=all#past"`, "All 11 practices")
	wantNoWords(t, "home", home, first, string(short))
}

func TestTheNextStepIsWhatTellsMost(t *testing.T) {
	report := func(code exam.Code, verdict readiness.Verdict, answers int, pass float64, narrow exam.DomainID) readiness.ExamReport {
		return readiness.ExamReport{Code: code, Offered: true, Verdict: verdict, Answers: answers, PassRaw: pass, Narrow: narrow, Domains: []readiness.DomainReport{{ID: "2", Name: "Modeling"}}}
	}
	far := report("A", readiness.NotYet, 20, .12, "2")
	near := report("B", readiness.Likely, 20, .60, "2")
	for _, c := range []struct {
		name          string
		aims          []readiness.ExamReport
		text, address string
		fields        string
	}{
		{"no verdict yet", []readiness.ExamReport{near, report("C", readiness.TooEarly, 5, .5, "2")}, "3 more answers on C", "/diagnostic?exam=C", ""},
		{"one answer short", []readiness.ExamReport{report("C", readiness.TooEarly, 7, .5, "2")}, "1 more answer on C", "/diagnostic?exam=C", ""},
		{"the least settled", []readiness.ExamReport{far, near}, "“Modeling” would narrow the chance of passing B most", "/practice", "domain=2 exam=B length=10 source=unseen"},
		{"the only one that answers can settle", []readiness.ExamReport{far, report("B", readiness.Likely, 20, .6, "")}, "passing A most", "/practice", "domain=2 exam=A length=10 source=unseen"},
		{"all but passed", []readiness.ExamReport{report("D", readiness.Ready, 40, .95, "2")}, "A whole exam", "/mock?exam=D", ""},
		{"far from passing", []readiness.ExamReport{report("E", readiness.NotYet, 40, .04, "2")}, "raises the chance of passing E most", "/practice", "exam=E length=10 source=helps"},
		{"nothing left to ask", []readiness.ExamReport{report("F", readiness.GettingThere, 400, .4, "")}, "raises the chance of passing F most", "/practice", "exam=F length=10 source=helps"},
	} {
		step := httpd.NextStep(c.aims)
		var fields []string
		for _, f := range step.Fields {
			fields = append(fields, f.Name+"="+f.Value)
		}
		if !strings.Contains(step.Text, c.text) || step.Address != c.address || strings.Join(fields, " ") != c.fields || step.Label == "" {
			t.Errorf("%s: %+v", c.name, *step)
		}
	}
	if step := httpd.NextStep(nil); step != nil {
		t.Errorf("without an exam: %+v", *step)
	}
}

// The button of the next step begins what it says.
func TestTheNextStepCanBeTaken(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 4))
	p := app.Person(t, account.Guest, "")
	step := httpd.NextStep([]readiness.ExamReport{{Code: "MLA-C02", Offered: true, Verdict: readiness.Likely, Answers: 20, PassRaw: .6, Narrow: "1"}})
	sent := url.Values{}
	for _, f := range step.Fields {
		sent.Add(f.Name, f.Value)
	}
	s, err := app.Sittings.Open(ctx, p.ID, practise(t, app.Client(t, p), sent))
	if err != nil || s.Plan.Practice.Exam != "MLA-C02" || fmt.Sprint(s.Plan.Practice.Domains) != "[1]" || s.Plan.Length != 10 {
		t.Errorf("it began %+v of %d questions, %v", s.Plan.Practice, s.Plan.Length, err)
	}
}

func TestABankIsTriedOutInAMockExamOnlyIfChosen(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	q := testkit.Question("trial-a", exam.Single, exam.AWS, "mlops-pipelines")
	q.Stem, q.Ask = "Drones photograph vineyards, and leaves with mildew are to be found.", "What comes first?"
	testkit.Revise(q)
	publish(t, app, "On trial", q)
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	wantWords(t, "the form", client.Get(t, "/mock").Body, "On trial", "places that don&#39;t count, in ", "MLA-C02")
	for _, c := range []struct {
		code   string
		bank   []string
		placed bool
	}{{"AIP-C01", nil, false}, {"MLA-C02", []string{"on-trial", "nowhere"}, true}} {
		reply := client.Post(t, "/mock", url.Values{"exam": {c.code}, "bank": c.bank})
		id := sitting.ID(strings.TrimPrefix(reply.Location(), "/exams/"))
		s, err := app.Sittings.Open(ctx, p.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		placed := false
		for _, place := range s.Form.Places {
			if place.Question == "trial-a" {
				placed = true
				if place.Scored {
					t.Error("a question on trial is scored")
				}
			}
		}
		if placed != c.placed {
			t.Errorf("%s with %v: on the form is %t", c.code, c.bank, placed)
		}
		wantNoWords(t, "the exam", client.Get(t, "/exams/"+string(id)).Body, "On trial", "on-trial", "t count")
	}
}

// publish adds a bank that doesn't count.
func publish(t *testing.T, app *testkit.App, title string, questions ...*exam.Question) {
	t.Helper()
	app.Publish(t, title, questions...)
}

func TestAPracticeThatWasLeftIsListedAsSuch(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	respond(t, app, client, p, practise(t, client, helpful), true, nil)
	app.Clock.Advance(31 * 24 * time.Hour)
	if n, err := app.Sittings.ExpireOverdue(ctx); err != nil || n != 1 {
		t.Fatalf("%d ended, %v", n, err)
	}
	const words = "1 of 1 right, ended by itself after 30 days"
	client = app.Client(t, p) // the session before has ended
	wantWords(t, "home", client.Get(t, "/").Body, words)
	wantWords(t, "the practices", client.Get(t, "/practice").Body, words)
}
