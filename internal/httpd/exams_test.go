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
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// beginExam begins a mock exam by the form and returns its id.
func beginExam(t *testing.T, c *testkit.Client) sitting.ID {
	t.Helper()
	reply := c.Post(t, "/mock", url.Values{"exam": {"MLA-C02"}})
	id, ok := strings.CutPrefix(reply.Location(), "/exams/")
	if reply.Status != http.StatusSeeOther || !ok {
		t.Fatalf("beginning an exam: status %d, to %q:\n%s", reply.Status, reply.Location(), reply.Body)
	}
	return sitting.ID(id)
}

// send posts events of a tab and returns the reply's status and contents.
func send(t *testing.T, c *testkit.Client, id sitting.ID, client, events string) (int, map[string]any) {
	t.Helper()
	reply := c.PostJSON(t, "/exams/"+string(id)+"/events", fmt.Sprintf(`{"client":%q,"events":[%s]}`, client, events))
	var got map[string]any
	if err := json.Unmarshal([]byte(reply.Body), &got); err != nil {
		got = map[string]any{"body": reply.Body}
	}
	return reply.Status, got
}

// pageSeq is what an exam's page without scripts sends along: the events it knows of.
func pageSeq(t *testing.T, c *testkit.Client, id sitting.ID) string {
	t.Helper()
	_, rest, ok := strings.Cut(c.Get(t, "/exams/"+string(id)).Body, `name="seq" value="`)
	if !ok {
		t.Fatal("the exam's page has no seq")
	}
	seq, _, _ := strings.Cut(rest, `"`)
	return seq
}

func TestAnOpenExamLeaksNothing(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	owner := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, owner)
	id := beginExam(t, client)
	s, err := app.Sittings.Open(ctx, owner.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	clients := map[string]*testkit.Client{
		"owner": client, "stranger": app.Client(t, app.Person(t, account.Learner, "stranger@example.org")), "nobody": app.Client(t, nil),
	}
	seen := false
	for who, c := range clients {
		for _, path := range append(readable(t, app, id, id), "/exams/"+string(id)) {
			reply := c.Get(t, path)
			for range 3 {
				if reply.Location() == "" {
					break
				}
				reply = c.Get(t, reply.Location())
			}
			if found := leaks(reply.Body, nil); len(found) > 0 {
				t.Errorf("%s, %s: tells %s", who, path, found)
			}
			first := "[" + string(s.Form.Places[0].Question) + "]"
			if who != "owner" && strings.Contains(reply.Body, first) {
				t.Errorf("%s sees the exam at %s", who, path)
			}
			seen = seen || strings.Contains(reply.Body, first)
		}
	}
	if !seen {
		t.Error("the exam itself was never seen: this test looks in the wrong places")
	}
	for name, events := range map[string]string{
		"claimed":  `{"seq":1,"kind":"claimed"},{"seq":2,"kind":"answered","place":0,"choice":{"selected":["1"]}}`,
		"nonsense": `{"seq":3,"kind":"answered","place":999,"choice":{"selected":["1"]}}`,
	} {
		reply := client.PostJSON(t, "/exams/"+string(id)+"/events", `{"client":"tab","events":[`+events+`]}`)
		if found := leaks(reply.Body, nil); len(found) > 0 {
			t.Errorf("%s: tells %s", name, found)
		}
	}
	if reply := client.Post(t, "/exams/"+string(id), url.Values{"do": {"submit"}, "seq": {pageSeq(t, client, id)}}); reply.Location() != "/sittings/"+string(id)+"/result" {
		t.Fatalf("handing in led to %q, status %d", reply.Location(), reply.Status)
	}
	if body := client.Get(t, "/sittings/"+string(id)+"/review").Body; !strings.Contains(body, testkit.RationaleWord) {
		t.Error("the review after the end tells nothing")
	}
	if body := client.Get(t, "/sittings/"+string(id)+"/result").Body; !strings.Contains(body, "By our estimate you would not have passed MLA-C02 yet.") {
		t.Errorf("the result of an exam left blank:\n%s", body)
	}
}

func TestTabsOfAnExam(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	client := app.Client(t, app.Person(t, account.Learner, "owner@example.org"))
	id := beginExam(t, client)
	steps := []struct {
		name, tab, events string
		status            int
		key               string
		want              any
	}{
		{"the first tab claims", "one", `{"seq":1,"kind":"claimed"}`, 200, "seq", 1.0},
		{"and answers", "one", `{"seq":2,"kind":"answered","place":0,"choice":{"selected":["1"]}}`, 200, "seq", 2.0},
		{"sends it twice", "one", `{"seq":2,"kind":"answered","place":0,"choice":{"selected":["2"]}}`, 200, "seq", 2.0},
		{"leaves one out", "one", `{"seq":4,"kind":"flagged","place":0,"on":true}`, 409, "missing", true},
		{"the second takes over", "two", `{"seq":1,"kind":"claimed"}`, 200, "seq", 1.0},
		{"the first is told", "one", `{"seq":3,"kind":"flagged","place":0,"on":true}`, 409, "elsewhere", true},
		{"a kind of the server's", "two", `{"seq":2,"kind":"expired"}`, 400, "", nil},
		{"no such question", "two", `{"seq":2,"kind":"answered","place":999}`, 200, "seq", 2.0},
		{"handed in", "two", `{"seq":3,"kind":"submitted"}`, 410, "over", true},
		{"too late", "two", `{"seq":4,"kind":"flagged","place":0,"on":true}`, 410, "over", true},
	}
	for _, step := range steps {
		status, got := send(t, client, id, step.tab, step.events)
		if status != step.status || step.key != "" && got[step.key] != step.want {
			t.Errorf("%s: status %d, %v", step.name, status, got)
		}
	}
}

func TestAnExamWithoutScripts(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	owner := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, owner)
	id := beginExam(t, client)
	s, err := app.Sittings.Open(ctx, owner.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"do": {"save"}, "seq": {pageSeq(t, client, id)}}
	for i := range s.Form.Places {
		asked, err := app.Sittings.AskAt(ctx, s, i)
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range testkit.Form(0, testkit.Pick(asked, true)) {
			if name != "seq" && name != "do" {
				form[fmt.Sprintf("p%d.%s", i, name)] = values
			}
		}
	}
	if reply := client.Post(t, "/exams/"+string(id), form); reply.Location() != "/exams/"+string(id)+"?saved=1" {
		t.Fatalf("saving: status %d, to %q", reply.Status, reply.Location())
	}
	form.Set("do", "submit")
	if reply := client.Post(t, "/exams/"+string(id), form); reply.Status != http.StatusConflict {
		t.Errorf("an older page's form: status %d", reply.Status)
	}
	form.Set("seq", pageSeq(t, client, id))
	form.Set("p0.note", strings.Repeat("x", sitting.MaxNote+1))
	if reply := client.Post(t, "/exams/"+string(id), form); reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, "Not everything could be saved") {
		t.Errorf("a note that is too long: status %d", reply.Status)
	}
	form.Set("seq", pageSeq(t, client, id))
	form.Set("p0.note", "short")
	client.Post(t, "/exams/"+string(id), form)
	if body := client.Get(t, "/mock").Body; !strings.Contains(body, "Taken before") || !strings.Contains(body, "/sittings/"+string(id)+"/result") {
		t.Error("the exam isn't listed among those taken")
	}
	body := client.Get(t, "/sittings/"+string(id)+"/result").Body
	for _, want := range []string{"By our estimate you would have passed MLA-C02.", fmt.Sprintf("%d of %d scored questions right", s.Form.Length().Scored, s.Form.Length().Scored), "about 1000 on the scale from 100 to 1000"} {
		if !strings.Contains(body, want) {
			t.Errorf("the result doesn't say %q:\n%s", want, body)
		}
	}
}

func TestExtraTimeAndExpiry(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	owner := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, owner)
	if reply := client.Post(t, "/settings", url.Values{"time": {"1.5"}, "size": {"115"}, "theme": {"dark"}}); reply.Status != http.StatusSeeOther {
		t.Fatalf("settings: status %d\n%s", reply.Status, reply.Body)
	}
	if reply := client.Post(t, "/settings", url.Values{"time": {"9"}}); reply.Status != http.StatusBadRequest {
		t.Errorf("nine times the time: status %d", reply.Status)
	}
	id := beginExam(t, client)
	s, err := app.Sittings.Open(ctx, owner.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Duration(s.Form.Minutes) * time.Minute * 3 / 2; s.Deadline.Sub(s.Started) != want {
		t.Errorf("the exam lasts %v, want %v", s.Deadline.Sub(s.Started), want)
	}
	send(t, client, id, "tab", `{"seq":1,"kind":"claimed"}`)
	app.Clock.Set(s.Deadline)
	if status, got := send(t, client, id, "tab", `{"seq":2,"kind":"answered","place":0,"choice":{"selected":["1"]}}`); status != http.StatusGone || got["over"] != true {
		t.Errorf("an answer at the deadline: status %d, %v", status, got)
	}
	if reply := client.Get(t, "/exams/"+string(id)); reply.Location() != "/sittings/"+string(id)+"/result" {
		t.Errorf("coming back led to %q", reply.Location())
	}
	if body := client.Get(t, "/sittings/"+string(id)+"/result").Body; !strings.Contains(strings.ToLower(body), "time was up") && !strings.Contains(body, "Time ran out") {
		t.Errorf("the result doesn't say that time was up")
	}
}

// A form that can't be read whole is refused: taken as empty, it would take every
// answer back.
func TestAFormThatIsTooLargeErasesNothing(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	owner := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, owner)
	id := beginExam(t, client)
	send(t, client, id, "tab", `{"seq":1,"kind":"claimed"},{"seq":2,"kind":"answered","place":0,"choice":{"selected":["1"]}}`)
	for name, form := range map[string]url.Values{
		"too large":       {"seq": {"2"}, "do": {"save"}, "p0.note": {strings.Repeat("x", 5<<20)}},
		"too many fields": {"seq": {"2"}, "do": {"save"}, "p0.option": make([]string, 20000)},
	} {
		if reply := client.Post(t, "/exams/"+string(id), form); reply.Status != http.StatusRequestEntityTooLarge && reply.Status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, reply.Status)
		}
	}
	if _, progress, err := app.Sittings.Exam(ctx, owner.ID, id); err != nil || !progress.Complete(0) {
		t.Errorf("the answer is gone: %v", err)
	}
	if status, _ := send(t, client, id, "tab", `{"seq":3,"kind":"struck","place":0,"struck":["`+strings.Repeat("x", 100)+`"]}`); status != http.StatusBadRequest {
		t.Errorf("a word of a hundred letters: status %d", status)
	}
}

// Beginning an exam that is under way goes on with it.
func TestOneExamOfACertificationAtATime(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	client := app.Client(t, app.Person(t, account.Learner, "owner@example.org"))
	if first, second := beginExam(t, client), beginExam(t, client); first != second {
		t.Errorf("a second exam %s began beside %s", second, first)
	}
}

// An exam under way is not set aside by beginning a diagnostic, and its questions
// are not asked or reviewed elsewhere.
func TestAnOpenExamStaysToItself(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	owner := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, owner)
	id := beginExam(t, client)
	client.Begin(t, 12, "MLA-C02")
	if reply := client.Get(t, "/exams/"+string(id)); reply.Status != http.StatusOK {
		t.Errorf("the exam is gone: status %d", reply.Status)
	}
	if reply := client.Post(t, "/sittings/"+string(id)+"/finish", nil); reply.Status != http.StatusSeeOther {
		t.Errorf("ending it like a diagnostic: status %d", reply.Status)
	}
	if s, err := app.Sittings.Open(ctx, owner.ID, id); err != nil || s.State.Ended() {
		t.Errorf("it ended: %v", err)
	}
}
