package httpd_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// What people write is shown as text, wherever it is shown.
func TestWhatPeopleWriteIsNeverRun(t *testing.T) {
	const script = `<script>alert(1)</script><img src=x onerror=alert(1)>`
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	instructor := app.Client(t, app.Person(t, account.Admin, "admin@example.org"))
	check := func(where string, r testkit.Reply) {
		t.Helper()
		for _, alive := range []string{"<script>alert", "<img", `href="javascript:`, "onerror=alert(1)>"} {
			if strings.Contains(strings.ReplaceAll(r.Body, "&lt;img src=x onerror=alert(1)&gt;", ""), alive) {
				t.Errorf("%s holds %s", where, alive)
			}
		}
	}

	named := app.Client(t, nil)
	named.Post(t, "/signup", url.Values{"email": {"x@example.org"}, "name": {script}, "password": {testkit.Password}})
	check("a page with the name", named.Get(t, "/account"))
	if !strings.Contains(named.Get(t, "/account").Body, "&lt;script&gt;") {
		t.Error("the name is not shown: this test looks in the wrong place")
	}
	check("the form of a refused sign-up", app.Client(t, nil).Post(t, "/signup", url.Values{"email": {script}, "name": {script}, "password": {"x"}}))
	check("the sign-in form", app.Client(t, nil).Post(t, "/signin", url.Values{"email": {script}}))
	check("a page that isn't there", named.Get(t, "/certifications/"+url.PathEscape(script)))
	check("the search for a bank", instructor.Get(t, "/banks/"+url.PathEscape(script)))

	q := testkit.Question("mine-a", exam.Single, exam.AWS, "mlops-pipelines")
	q.Stem, q.Ask, q.Remember = script+" [text](javascript:alert(1))", script+" What now?", script
	for i := range q.Options {
		q.Options[i].Text += script
		q.Options[i].Rationale += script + "[text](javascript:alert(1))"
	}
	testkit.Revise(q)
	broken := bank.File{Name: script + ".yaml", Data: []byte("id: broken-one\ntype: single\nask: " + script + "\noptions:\n  - text: A\n    key: true\n")}
	sent := sendFiles(t, app, instructor, script+"x", append(encoded(t, q), broken)...)
	check("the preview", instructor.Get(t, sent))
	check("what is to mend", instructor.Get(t, sent+"?show=broken"))
	check("what is new", instructor.Get(t, sent+"?show=add"))
	check("the question of an import", instructor.Get(t, sent+"/items/0"))
	published := instructor.Post(t, sent, url.Values{"do": {"publish"}})
	check("the bank", instructor.Get(t, published.Location()))
	check("its settings", instructor.Get(t, strings.Split(published.Location(), "?")[0]+"/settings"))
	check("its export", instructor.Get(t, strings.Split(published.Location(), "?")[0]+"/export?format=gift"))
	check("the banks", instructor.Get(t, "/banks"))
	check("the start", named.Get(t, "/diagnostic"))

	guest := app.Person(t, account.Guest, "")
	s := app.At(t, guest, "sitting-with-it", 1, q)
	client := app.Client(t, guest)
	check("the question", client.Get(t, "/sittings/"+string(s.ID)))
	app.Answer(t, s, true)
	client.Post(t, "/sittings/"+string(s.ID)+"/finish", nil)
	review := client.Get(t, "/sittings/"+string(s.ID)+"/review")
	check("the review", review)
	if !strings.Contains(review.Body, testkit.RationaleWord) {
		t.Error("the review doesn't show the question: this test looks in the wrong place")
	}
}

// A bank that was withdrawn leaves no page broken.
func TestPagesSurviveAWithdrawnBank(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	admin := app.Client(t, app.Person(t, account.Admin, "admin@example.org"))
	q := testkit.Question("mine-a", exam.Single, exam.AWS, "mlops-pipelines")
	app.Publish(t, "Mine", q)
	admin.Post(t, "/banks/mine/counts", url.Values{"counts": {"true"}})

	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	lib, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	published, ok := lib.Question("mine-a")
	if !ok {
		t.Fatal("the bank was not published")
	}
	s := app.At(t, p, "with-mine", 1, published)
	s = app.Answer(t, s, true)
	if reply := admin.Post(t, "/banks/mine/remove", nil); reply.Status != http.StatusSeeOther {
		t.Fatalf("withdrawing: status %d", reply.Status)
	}
	client.Post(t, "/sittings/"+string(s.ID)+"/finish", nil)
	for _, path := range []string{"/", "/readiness", "/recommendation", "/diagnostic", "/sittings/with-mine/report", "/sittings/with-mine/recommendation", "/sittings/with-mine/review", "/api/v1/readiness"} {
		if reply := client.Get(t, path); reply.Status != http.StatusOK {
			t.Errorf("%s: status %d", path, reply.Status)
		}
	}
	if body := client.Get(t, "/sittings/with-mine/review").Body; !strings.Contains(body, "[mine-a]") {
		t.Error("the review lost the text of the question")
	}
	if body := client.Get(t, "/readiness").Body; !strings.Contains(body, "not in use any more") {
		t.Error("the readiness page doesn't say that an answer no longer counts")
	}
}

var staticFile = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)

func TestStaticFilesAreKeptForEverAndHaveTheHeaders(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, nil)
	found := staticFile.FindAllStringSubmatch(client.Get(t, "/").Body, -1)
	if len(found) < 3 {
		t.Fatalf("the front page names %d static files", len(found))
	}
	for _, m := range found {
		reply := client.Get(t, m[1])
		if reply.Status != http.StatusOK || reply.Body == "" {
			t.Errorf("%s: status %d, %d bytes", m[1], reply.Status, len(reply.Body))
		}
		if cache := reply.Header.Get("Cache-Control"); !strings.Contains(cache, "immutable") {
			t.Errorf("%s may be kept: %q", m[1], cache)
		}
		if reply.Header.Get("X-Content-Type-Options") != "nosniff" || reply.Header.Get("Content-Security-Policy") == "" || reply.Header.Get("Content-Type") == "" {
			t.Errorf("%s: headers %v", m[1], reply.Header)
		}
		if reply.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", m[1])
		}
	}
}

func TestHealth(t *testing.T) {
	for name, c := range map[string]struct {
		ping   func(context.Context) error
		status int
	}{
		"well":     {func(context.Context) error { return nil }, 200},
		"not well": {func(context.Context) error { return errors.New("secret inside") }, 503},
		"a panic":  {func(context.Context) error { panic("secret inside") }, 500},
	} {
		t.Run(name, func(t *testing.T) {
			app := testkit.NewApp(t, testkit.Synthetic(t, 1))
			app.Deps.Ping = c.ping
			reply := app.Client(t, nil).Get(t, "/healthz")
			if reply.Status != c.status || strings.Contains(reply.Body, "secret") {
				t.Errorf("status %d, body %q; want %d", reply.Status, reply.Body, c.status)
			}
			checkReply(t, "GET /healthz", reply)
		})
	}
}

// Over HTTPS the cookies are for HTTPS only, and browsers are told to stay.
func TestOverHTTPS(t *testing.T) {
	for _, secure := range []bool{false, true} {
		app := testkit.NewApp(t, testkit.Synthetic(t, 1))
		app.Deps.Secure = secure
		client := app.Client(t, nil)
		theme := client.Post(t, "/theme", url.Values{"theme": {"dark"}})
		start := client.Post(t, "/diagnostic", url.Values{"goal": {"fit"}, "length": {"12"}})
		for name, reply := range map[string]testkit.Reply{"theme": theme, "start": start} {
			cookie := reply.Header.Get("Set-Cookie")
			if cookie == "" || strings.Contains(cookie, "Secure") != secure || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
				t.Errorf("%s over HTTPS %t: cookie %q", name, secure, cookie)
			}
			if got := reply.Header.Get("Strict-Transport-Security") != ""; got != secure {
				t.Errorf("%s over HTTPS %t: strict transport %t", name, secure, got)
			}
		}
	}
}

// Looking around makes nobody a guest: only beginning something does.
func TestReadersLeaveNoTrace(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, nil)
	for _, path := range []string{"/", "/diagnostic", "/profile", "/readiness", "/certifications", "/certifications/MLA-C02", "/help", "/signin", "/signup", "/no-such-page"} {
		if reply := client.Get(t, path); reply.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets %q", path, reply.Header.Get("Set-Cookie"))
		}
	}
	if reply := client.Get(t, "/recommendation"); reply.Header.Get("Set-Cookie") != "" {
		t.Errorf("reading /recommendation makes a guest")
	}
}

// A sitting of another device is answered with words, not with a page of it.
func TestAnotherDevicesSitting(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	s := app.Start(t, app.Person(t, account.Guest, ""), sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
	other := app.Client(t, app.Person(t, account.Guest, ""))
	for _, path := range []string{"", "/report", "/review", "/recommendation"} {
		if reply := other.Get(t, "/sittings/"+string(s.ID)+path); reply.Status != http.StatusNotFound {
			t.Errorf("%q of another's sitting: status %d", path, reply.Status)
		}
	}
	for _, action := range []string{"/answers", "/finish"} {
		if reply := other.Post(t, "/sittings/"+string(s.ID)+action, url.Values{"seq": {"0"}, "do": {"dont_know"}}); reply.Status != http.StatusNotFound {
			t.Errorf("%q of another's sitting: status %d", action, reply.Status)
		}
	}
	if again, err := app.Sittings.Open(ctx, s.Person, s.ID); err != nil || again.Seq != 0 || again.State.Ended() {
		t.Errorf("the sitting is now %+v, error %v", again, err)
	}
}

// Tries are counted by the address that a trusted proxy names, and by no
// address that anybody else names.
func TestTriesAreCountedBehindAProxy(t *testing.T) {
	for _, trusted := range []bool{false, true} {
		app := testkit.NewApp(t, testkit.Synthetic(t, 1))
		if trusted {
			app.Deps.Proxies = []string{"127.0.0.1", "::1"}
		}
		client := app.Client(t, nil)
		tries := 0
		try := func(from string) int {
			tries++ // another account each time: those are counted apart
			form := url.Values{"email": {fmt.Sprintf("nobody%d", tries)}}
			return client.Post(t, "/signin", form, "X-Forwarded-For", from).Status
		}
		last := 0
		for range 80 {
			last = try("192.0.2.1")
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("proxy trusted %t: the 80th try has status %d", trusted, last)
		}
		want := map[bool]int{true: http.StatusUnauthorized, false: http.StatusTooManyRequests}[trusted]
		if got := try("192.0.2.2"); got != want {
			t.Errorf("proxy trusted %t: a try under another name has status %d, want %d", trusted, got, want)
		}
	}
}
