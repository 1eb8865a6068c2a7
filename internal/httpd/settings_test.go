package httpd_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	views "sextant/internal/page"
	"sextant/internal/testkit"
)

var markupTag = regexp.MustCompile(`<[^>]*>`)

// wordsOf is what a page says, its tags left out and its spaces made one.
func wordsOf(body string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markupTag.ReplaceAllString(body, " "))), " ")
}

// The exam, the settings, the question and the help name the same keys in the same
// words: those of the one list.
func TestEveryListOfKeysIsTheSame(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	client := app.Client(t, app.Person(t, account.Guest, ""))
	examPage := client.Get(t, "/exams/"+string(beginExam(t, client))).Body
	question := client.Get(t, "/sittings/"+string(practise(t, client, helpful))).Body
	help, settings := client.Get(t, "/help/tests").Body, client.Get(t, "/settings").Body
	for where, list := range map[string]struct {
		body string
		keys []views.Key
	}{
		"the exam":                    {examPage, views.ExamKeys()},
		"the settings":                {settings, views.ExamKeys()},
		"the help, on exams":          {help, views.ExamKeys()},
		"a question":                  {question, views.QuestionKeys()},
		"the help, on every question": {help, views.QuestionKeys()},
	} {
		said := bare(wordsOf(list.body))
		for _, k := range list.keys {
			for _, words := range []string{k.Press, k.Does} {
				if !strings.Contains(said, bare(words)) {
					t.Errorf("%s doesn't say %q", where, words)
				}
			}
		}
	}
	for _, left := range []string{"{{", "}}"} {
		if strings.Contains(help, left) {
			t.Errorf("the help has %q, which stands for a list", left)
		}
	}
}

// bare leaves out the signs of keys, and spaces, which tags may stand for.
func bare(text string) string { return strings.NewReplacer("[", "", "]", "", " ", "").Replace(text) }

func settingsOf(t *testing.T, app *testkit.App, id account.PersonID) account.Settings {
	t.Helper()
	p, err := app.Store.Person(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return p.Settings
}

func TestSettingsAreKeptAndShown(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "p@example.org")
	client := app.Client(t, p)
	form := url.Values{
		"time": {"0"}, "clock": {"hide"}, "keys": {"off"}, "motion": {"reduce"}, "size": {"130"},
		"theme": {"dark"}, "zone": {" Asia/Kolkata "}, "retention": {"95"},
	}
	reply := client.Post(t, "/settings", form)
	if reply.Status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", reply.Status, reply.Body)
	}
	want := account.Settings{Untimed: true, HideClock: true, NoKeys: true, Still: true, Size: "130", Zone: "Asia/Kolkata", Retention: 95}
	if got := settingsOf(t, app, p.ID); got != want {
		t.Errorf("kept is %+v, want %+v", got, want)
	}
	wantWords(t, "the settings", client.Get(t, reply.Header.Get("Location")).Body,
		"Your settings are kept.", `value="Asia/Kolkata"`, `name="retention" value="95" checked`, `name="theme" value="dark" checked`, `name="time" value="0" checked`)
}

// A form that is refused comes back as it was filled in, and changes nothing.
func TestRefusedSettingsComeBackAsTheyWere(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "p@example.org")
	client := app.Client(t, p)
	for field, wrong := range map[string]string{"zone": "Mars/Olympus", "retention": "60", "time": "9", "size": "400"} {
		form := url.Values{"time": {"1.5"}, "size": {"130"}, "theme": {"dark"}, "zone": {"Asia/Tokyo"}, "retention": {"85"}, "keys": {"off"}}
		form.Set(field, wrong)
		reply := client.Post(t, "/settings", form)
		if reply.Status != http.StatusBadRequest {
			t.Errorf("%s %q: status %d", field, wrong, reply.Status)
		}
		words := []string{`name="keys" value="off" checked`, `name="theme" value="dark" checked`, `role="alert"`}
		if field != "zone" {
			words = append(words, `value="Asia/Tokyo"`)
		}
		if field != "size" {
			words = append(words, `name="size" value="130" checked`)
		}
		wantWords(t, field, reply.Body, words...)
	}
	if got := settingsOf(t, app, p.ID); got != (account.Settings{}) {
		t.Errorf("a refused form was kept: %+v", got)
	}
}

// Without a zone of their own people get their device's, once they begin
// something; what a device says that can't be is passed over.
func TestTheDevicesZoneIsAdoptedOnce(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	for _, nonsense := range []string{"Local", "Mars/Olympus", "../../etc/passwd"} {
		client.SetCookie(t, "zone", nonsense)
		practise(t, client, helpful)
		if got := settingsOf(t, app, p.ID).Zone; got != "" {
			t.Fatalf("a device in %q: the zone is %q", nonsense, got)
		}
	}
	for _, device := range []string{"Pacific/Auckland", "Europe/Berlin"} {
		client.SetCookie(t, "zone", device)
		practise(t, client, helpful)
		if got := settingsOf(t, app, p.ID).Zone; got != "Pacific/Auckland" {
			t.Errorf("a device in %s: the zone is %q", device, got)
		}
	}
}

// Days are named as the person has them: late in the evening by UTC it is the next
// day in Auckland.
func TestDatesAreThePersonsOwn(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	app.Clock.Set(time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC))
	client := app.Client(t, app.Person(t, account.Learner, "p@example.org"))
	beginExam(t, client)
	begun := func() string {
		words := wordsOf(client.Get(t, "/mock").Body)
		_, after, found := strings.Cut(words, "begun ")
		if !found {
			t.Fatalf("the exam isn't listed:\n%s", words)
		}
		return after[:len("22 November 2026")]
	}
	if got := begun(); got != "22 November 2026" {
		t.Errorf("by UTC it was begun on %s", got)
	}
	client.SetCookie(t, "zone", "Pacific/Auckland")
	if got := begun(); got != "23 November 2026" {
		t.Errorf("on a device in Auckland it was begun on %s", got)
	}
	client.Post(t, "/settings", url.Values{"zone": {"America/Lima"}})
	if got := begun(); got != "22 November 2026" {
		t.Errorf("for somebody who chose Lima it was begun on %s", got)
	}
}
