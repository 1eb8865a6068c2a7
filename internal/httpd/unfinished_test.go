package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// While a test runs, whatever rests on answers stays where it was: an estimate that
// moved with each of them would tell which were right. What others find at an address
// that somebody gave away is no exception.
func TestARunningTestMovesNothing(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 6))
	p := app.Person(t, account.Learner, "one@example.org")
	client := app.Client(t, p)
	targets := []exam.Code{"MLA-C02"}
	n := 0
	app.Take(t, app.Start(t, p, sitting.Plan{Length: 24, Targets: targets}), func(*exam.Question) bool { n++; return n%2 == 0 })
	address := planned(t, client)
	feed := strings.TrimPrefix(feedAddress.FindStringSubmatch(client.Post(t, "/plan/calendar", url.Values{"do": {"make"}}).Body)[1], app.URL(t))
	pages := []string{
		address, address + "/calendar.ics", feed, "/progress?exam=MLA-C02", "/recommendation", "/recommendation/whatif?part=1&master=MLA-C02/1",
		"/certifications/MLA-C02", "/certifications/compare?codes=MLA-C02,AI-103",
	}
	look := func() map[string]string {
		found := map[string]string{}
		for _, path := range pages {
			reply := client.Get(t, path)
			if reply.Status != http.StatusOK {
				t.Fatalf("%s: status %d", path, reply.Status)
			}
			found[path] = reply.Body
		}
		return found
	}
	s := app.Start(t, p, sitting.Plan{Length: 12, Targets: targets})
	look() // a plan notes a first look
	before := look()
	at := app.Clock.Now()
	for i := range 6 {
		s = app.Answer(t, s, i%2 == 0)
	}
	app.Clock.Set(at) // fading with time is no outcome
	for path, body := range look() {
		if body != before[path] {
			t.Errorf("%s changed while a test runs (-before +now):\n%s", path, cmp.Diff(strings.SplitAfter(before[path], ">"), strings.SplitAfter(body, ">")))
		}
	}
	app.Take(t, s, testkit.Always(true))
	for path, body := range look() {
		if body == before[path] {
			t.Errorf("%s doesn't follow a test that ended, so its standing still above shows nothing", path)
		}
	}
}
