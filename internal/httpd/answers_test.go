package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// sendTo posts events of a tab to a diagnostic or a practice.
func sendTo(t *testing.T, c *testkit.Client, id sitting.ID, client, events string) (int, map[string]any) {
	t.Helper()
	reply := c.PostJSON(t, "/sittings/"+string(id)+"/events", fmt.Sprintf(`{"client":%q,"events":[%s]}`, client, events))
	var got map[string]any
	if err := json.Unmarshal([]byte(reply.Body), &got); err != nil {
		got = map[string]any{"body": reply.Body}
	}
	return reply.Status, got
}

// A tab that may not go on is told why in words that its script can show.
func TestATabThatIsNotListenedToIsToldWhy(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	owner := app.Person(t, account.Learner, "owner@example.org")
	id := practise(t, app.Client(t, owner), helpful)
	for who, c := range map[string]struct {
		client *testkit.Client
		status int
	}{
		"nobody in particular": {app.Client(t, nil), http.StatusUnauthorized},
		"somebody else":        {app.Client(t, app.Person(t, account.Learner, "other@example.org")), http.StatusNotFound},
	} {
		reply := c.client.PostJSON(t, "/sittings/"+string(id)+"/events", `{"client":"tab","events":[]}`, "Accept", "application/json")
		var got struct{ Error struct{ Message string } }
		if err := json.Unmarshal([]byte(reply.Body), &got); err != nil || reply.Status != c.status || got.Error.Message == "" {
			t.Errorf("%s: status %d, want %d; %q, error %v", who, reply.Status, c.status, got.Error.Message, err)
		}
	}
}

// What a tab is told: what the server has, where to go on, that another tab goes
// on, that something is missing, why something had no effect, and the end.
func TestAQuestionsTabIsToldWhereItStands(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	id := practise(t, client, helpful)
	open := "/sittings/" + string(id)
	for i, step := range []struct {
		tab, events string
		status      int
		want        map[string]any
	}{
		{"one", `{"seq":1,"kind":"claimed"},{"seq":2,"kind":"answered","place":0,"choice":{"selected":["1"]}}`, 200, map[string]any{"seq": 2.0, "sent": -1.0, "over": false}},
		{"two", `{"seq":1,"kind":"claimed"}`, 200, map[string]any{"seq": 1.0}},
		{"one", `{"seq":3,"kind":"answered","place":0}`, 409, map[string]any{"elsewhere": true}},
		{"one", ``, 409, map[string]any{"elsewhere": true}},
		{"two", `{"seq":9,"kind":"answered","place":0}`, 409, map[string]any{"missing": true}},
		{"two", `{"seq":2,"kind":"given","place":0,"choice":{}}`, 200, map[string]any{"seq": 2.0, "sent": -1.0}},
		{"two", `{"seq":3,"kind":"given","place":0,"choice":{"dont_know":true},"mark":{"flagged":true,"note":" a thought "}}`, 200, map[string]any{"seq": 3.0, "sent": 0.0, "next": open + "/feedback/0"}},
		{"two", `{"seq":3,"kind":"given","place":0,"choice":{"dont_know":true}}`, 200, map[string]any{"seq": 3.0, "sent": 0.0, "next": open + "/feedback/0"}},
		{"one", `{"seq":3,"kind":"claimed"},{"seq":4,"kind":"given","place":0,"choice":{"dont_know":true}}`, 200, map[string]any{"seq": 4.0, "sent": -1.0, "behind": open + "?done=behind"}},
	} {
		status, got := sendTo(t, client, id, step.tab, step.events)
		if status != step.status {
			t.Errorf("step %d: status %d, want %d: %v", i, status, step.status, got)
		}
		for name, want := range step.want {
			if got[name] != want {
				t.Errorf("step %d: %s is %v, want %v", i, name, got[name], want)
			}
		}
	}
	wantWords(t, "the feedback", client.Get(t, open+"/feedback/0").Body, "a thought", `name="flag" value="1" checked`)
	if given, err := app.Store.Answers(ctx, id); err != nil || len(given) != 1 {
		t.Errorf("%d answers are kept, error %v", len(given), err)
	}
	client.Post(t, open+"/finish", nil)
	if status, got := sendTo(t, client, id, "two", `{"seq":4,"kind":"given","place":1,"choice":{"dont_know":true}}`); status != http.StatusGone || got["seq"] != 3.0 || got["over"] != true {
		t.Errorf("after the end: status %d, %v", status, got)
	}
}

func TestWhatATabCannotSend(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	id := client.Begin(t, 12, "MLA-C02")
	long := strings.Repeat("9", 20)
	for name, events := range map[string]string{
		"no kind":           `{"seq":1}`,
		"the server's":      `{"seq":1,"kind":"posed","question":{"question":"mine"}}`,
		"an end":            `{"seq":1,"kind":"submitted"}`,
		"an option too far": `{"seq":1,"kind":"answered","choice":{"selected":["` + long + `"]}}`,
		"a confidence":      `{"seq":1,"kind":"answered","choice":{"confidence":"` + long + `"}}`,
		"no JSON":           `{`,
	} {
		if status, got := sendTo(t, client, id, "tab", events); status != http.StatusBadRequest {
			t.Errorf("%s: status %d, %v", name, status, got)
		}
	}
	exercise := beginExam(t, client)
	if status, _ := sendTo(t, client, exercise, "tab", `{"seq":1,"kind":"claimed"}`); status != http.StatusNotFound {
		t.Errorf("an exam as a diagnostic: status %d", status)
	}
	if status, _ := send(t, client, id, "tab", `{"seq":1,"kind":"claimed"}`); status != http.StatusNotFound {
		t.Errorf("a diagnostic as an exam: status %d", status)
	}
	if log, err := app.Store.Events(ctx, id); err != nil || len(log) != 1 {
		t.Errorf("%d events are kept, error %v; want the question alone", len(log), err)
	}
}

// What was chosen without being given is there when the page is opened again, also
// elsewhere and without scripts.
func TestHalfAnAnswerComesBack(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	q := testkit.Question("half", exam.Multiple, exam.AWS, "mlops-pipelines")
	s := app.At(t, p, "half", 3, q)
	if status, got := sendTo(t, app.Client(t, p), s.ID, "tab", `{"seq":1,"kind":"claimed"},{"seq":2,"kind":"answered","place":0,"choice":{"selected":["2"]}},{"seq":3,"kind":"struck","place":0,"struck":["1","4"]}`); status != 200 {
		t.Fatalf("status %d, %v", status, got)
	}
	elsewhere := app.Client(t, p)
	body := elsewhere.Get(t, "/sittings/half").Body
	wantWords(t, "the page", body, `value="2" checked`, `data-struck="1 4"`, `data-holder="tab"`)
	if n := strings.Count(body, " checked"); n != 1 {
		t.Errorf("%d boxes are checked", n)
	}
	app.Clock.Advance(time.Hour)
	if body := elsewhere.Get(t, "/sittings/half").Body; strings.Contains(body, "data-holder") {
		t.Error("a tab that was left an hour ago is said to be open")
	}

	id := practise(t, elsewhere, helpful)
	if status, got := sendTo(t, elsewhere, id, "tab", `{"seq":1,"kind":"claimed"},{"seq":2,"kind":"answered","place":0,"choice":{"confidence":"sure"}},{"seq":3,"kind":"flagged","place":0,"on":true},{"seq":4,"kind":"noted","place":0,"text":"half a thought"}`); status != 200 {
		t.Fatalf("status %d, %v", status, got)
	}
	wantWords(t, "the practice", app.Client(t, p).Get(t, "/sittings/"+string(id)).Body, `value="sure" checked`, `name="flag" value="1" checked`, "half a thought")
}

// The form of one page sent twice is one answer, and both times leads to the same
// place; with another answer it is a page left behind, and is told so.
func TestAFormSentTwiceLeadsOnTwice(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	for mode, begin := range map[string]func() sitting.ID{
		"diagnostic": func() sitting.ID { return client.Begin(t, 12, "MLA-C02") },
		"practice":   func() sitting.ID { return practise(t, client, helpful) },
	} {
		id := begin()
		open := "/sittings/" + string(id)
		_, rest, _ := strings.Cut(client.Get(t, open).Body, `name="client" value="`)
		name, _, _ := strings.Cut(rest, `"`)
		if name == "" {
			t.Fatalf("the %s's page has no name", mode)
		}
		form := url.Values{"seq": {"0"}, "client": {name}, "do": {"dont_know"}, "note": {"first"}}
		want := map[string]string{"diagnostic": open + "?saved=1", "practice": open + "/feedback/0"}[mode]
		for range 2 {
			if reply := client.Post(t, open+"/answers", form); reply.Location() != want {
				t.Errorf("%s: status %d, to %q, want %q", mode, reply.Status, reply.Location(), want)
			}
			form.Set("note", "as it was sent again")
		}
		if given, err := app.Store.Answers(ctx, id); err != nil || len(given) != 1 {
			t.Errorf("%s: %d answers are kept, error %v", mode, len(given), err)
		}
		if mode == "practice" {
			wantWords(t, "the feedback", client.Get(t, want).Body, "first")
			continue
		}
		form.Del("do")
		form.Set("option", "1")
		reply := client.Post(t, open+"/answers", form)
		wantWords(t, "the page", client.Get(t, reply.Location()).Body, "That question was answered already. Nothing was changed; here is where you are.", "Question 2 of 12")
	}
}

// What nobody came back to says so where it is shown.
func TestWhatEndedByItselfSaysSo(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	app.Answer(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), true)
	practised, err := app.Sittings.StartPractice(ctx, p.ID, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
	if err != nil {
		t.Fatal(err)
	}
	practised = app.Answer(t, practised, true)
	app.Clock.Advance(31 * 24 * time.Hour)
	if n, err := app.Sittings.ExpireOverdue(ctx); n != 2 || err != nil {
		t.Fatalf("%d ended, error %v", n, err)
	}
	client := app.Client(t, p)
	const words = "ended by itself after 30 days"
	for _, path := range []string{"/readiness", "/account", "/sittings/" + string(practised.ID) + "/practice"} {
		wantWords(t, path, client.Get(t, path).Body, words)
	}
}
