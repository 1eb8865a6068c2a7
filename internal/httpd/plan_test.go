package httpd_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	ical "github.com/emersion/go-ical"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// planned makes a plan through the form and returns its address.
func planned(t *testing.T, client *testkit.Client, changes ...string) string {
	t.Helper()
	form := url.Values{"exam": {"MLA-C02"}, "hours": {"6"}, "when": {"open"}, "target": {"80"}, "week": {"monday"}}
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	reply := client.Post(t, "/plan", form)
	address, done, ok := strings.Cut(reply.Location(), "?")
	if reply.Status != http.StatusSeeOther || !ok || done != "done=plan-made" {
		t.Fatalf("making a plan: status %d, location %q\n%s", reply.Status, reply.Location(), reply.Body)
	}
	return address
}

// calendarOf reads a calendar with a parser that isn't the writer's.
func calendarOf(t *testing.T, r testkit.Reply) *ical.Calendar {
	t.Helper()
	if r.Status != http.StatusOK || r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("status %d, type %q", r.Status, r.Header.Get("Content-Type"))
	}
	cal, err := ical.NewDecoder(strings.NewReader(r.Body)).Decode()
	if err != nil {
		t.Fatalf("the calendar can't be read: %v\n%s", err, r.Body)
	}
	return cal
}

// A guest needs two answers for a plan, and an account takes it over.
func TestAGuestMakesAPlanAndKeepsIt(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	wantWords(t, "the form", client.Get(t, "/plan?exam=MLA-C02").Body, "Plan your study", `<option value="MLA-C02" selected`, `name="hours" value="6"`)
	address := planned(t, client)
	page := client.Get(t, address)
	if page.Status != http.StatusOK {
		t.Fatalf("status %d", page.Status)
	}
	wantWords(t, "the plan", page.Body, "Plan for", "The way there", "The same as a table", "The weeks to come", "Mock exams", "You are a guest", "assumed", "Aim", "80\u00a0%")
	if to := client.Get(t, "/plan").Location(); to != address {
		t.Errorf("/plan leads to %q, want the only plan", to)
	}
	wantWords(t, "the front page", client.Get(t, "/").Body, "MLA-C02", `href="`+address+`"`)

	if to := client.Get(t, "/plan?exam=MLA-C02").Location(); to != address {
		t.Errorf("an exam that is planned leads to %q, want its plan", to)
	}
	wantWords(t, "the form for another exam", client.Get(t, "/plan?exam=").Body, "Your plans", "Plan another exam")
	client.Post(t, "/signup", url.Values{"email": {"new@example.org"}, "password": {testkit.Password}})
	wantNoWords(t, "the plan of an account", client.Get(t, address).Body, "You are a guest")
}

// Signing in to an account with a plan for the exam keeps that, and what was told.
func TestSigningInMergesPlans(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "one@example.org")
	own := planned(t, app.Client(t, p))
	guest := app.Client(t, nil)
	guests, other := planned(t, guest, "hours", "9"), planned(t, guest, "exam", "AI-103")
	guest.Post(t, guests+"/done", url.Values{"kind": {"study"}, "minutes": {"45"}, "day": {"2026-11-22"}})
	guest.Post(t, "/signin", url.Values{"email": {"one@example.org"}, "password": {testkit.Password}})
	wantWords(t, "the account's own", guest.Get(t, own).Body, "45 min", "Change the plan")
	wantWords(t, "the guest's", guest.Get(t, guests).Body, "You ended this plan", "Take it up again")
	wantWords(t, "the guest's other", guest.Get(t, other).Body, "AI-103", "Change the plan")
	if reply := guest.Post(t, guests+"/end", url.Values{"do": {"resume"}}); reply.Status != http.StatusConflict {
		t.Errorf("resuming beside the other: status %d", reply.Status)
	}
}

// Whatever is asked of another person's plan, it doesn't exist.
func TestAnotherPersonsPlanDoesNotExist(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	owner := app.Client(t, app.Person(t, account.Learner, "owner@example.org"))
	address := planned(t, owner)
	owner.Post(t, address+"/done", url.Values{"kind": {"lab"}, "skill": {"mlops-pipelines"}, "minutes": {"45"}, "day": {"2026-11-22"}})
	before := owner.Get(t, address).Body
	for _, role := range []account.Role{account.Guest, account.Learner, account.Instructor, account.Admin} {
		email := map[bool]string{false: string(role) + "@example.org"}[role == account.Guest]
		client := app.Client(t, app.Person(t, role, email))
		for _, path := range []string{"", "/edit", "/calendar.ics"} {
			if reply := client.Get(t, address+path); reply.Status != http.StatusNotFound {
				t.Errorf("GET %s as %s: status %d", path, role, reply.Status)
			}
		}
		for path, form := range map[string]url.Values{
			"/edit":  {"exam": {"AI-103"}, "hours": {"1"}, "target": {"70"}},
			"/offer": {"weekly": {"60"}}, "/undo": {"work": {"1"}}, "/end": {"do": {"end"}},
			"/done": {"kind": {"study"}, "minutes": {"10"}, "day": {"2026-11-22"}},
		} {
			if reply := client.Post(t, address+path, form); reply.Status != http.StatusNotFound {
				t.Errorf("POST %s as %s: status %d", path, role, reply.Status)
			}
		}
	}
	if after := owner.Get(t, address).Body; after != before {
		t.Error("what others sent changed the plan")
	}
}

func TestAFormThatCannotBeRead(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	for name, tt := range map[string]struct {
		field, value, says string
	}{
		"no exam":         {"exam", "", "Choose the exam"},
		"no such exam":    {"exam", "XYZ-1", "Choose the exam"},
		"no hours":        {"hours", "0", "how many hours a week"},
		"hours in words":  {"hours", "six", "Write hours as a number"},
		"too many hours":  {"hours", "100", "hours a day"},
		"no day":          {"when", "date", "Choose the day of the exam"},
		"another target":  {"target", "99", "70, 80 or 90 %"},
		"a time in words": {"start", "evening", "such as 19:30"},
		"a day's hours":   {"day.3", "13", "from 0 to 12"},
		"a negative day":  {"day.3", "-1", "Write hours as a number"},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{"exam": {"MLA-C02"}, "hours": {"6"}, "when": {"open"}, "target": {"80"}, "off.from": {""}, "off.to": {""}, "off.note": {""}}
			form.Set(tt.field, tt.value)
			reply := client.Post(t, "/plan", form)
			if reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, tt.says) {
				t.Errorf("status %d, want 400 and %q:\n%s", reply.Status, tt.says, reply.Body)
			}
		})
	}
	reply := client.Post(t, "/plan", url.Values{
		"exam": {"MLA-C02"}, "hours": {"7.5"}, "when": {"date"}, "date": {"2027-05-02"}, "target": {"90"}, "start": {"19:30"}, "week": {"sunday"},
		"off.from": {"2027-01-05", ""}, "off.to": {"2027-01-01", ""}, "off.note": {"skiing", ""},
	})
	wantWords(t, "what is sent back", reply.Body, "end before they begin", `value="7.5"`, `value="2027-05-02"`, `value="19:30"`, `value="skiing"`, `value="sunday" checked`, `value="90" checked`)
}

// What was written comes back in the form that changes it.
func TestAPlanIsChanged(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	address := planned(t, client, "day.1", "1.5", "day.6", "4", "off.from", "2026-12-24", "off.to", "", "off.note", "a day of rest", "start", "19:30")
	form := client.Get(t, address+"/edit").Body
	wantWords(t, "the form", form, `name="day.1" value="1.5"`, `name="day.6" value="4"`, `name="day.0" value="0"`, `name="off.from" value="2026-12-24"`, `name="off.to" value="2026-12-24"`, `value="a day of rest"`, `name="start" value="19:30"`)
	wantWords(t, "the plan", client.Get(t, address).Body, "5 h 30 min a week: Mon 1 h 30 min, Sat 4 h, from 19:30.", "24 December (a day of rest)")

	reply := client.Post(t, address+"/edit", url.Values{"exam": {"MLA-C02"}, "hours": {"10"}, "when": {"open"}, "target": {"70"}})
	if reply.Status != http.StatusSeeOther {
		t.Fatalf("status %d:\n%s", reply.Status, reply.Body)
	}
	wantWords(t, "the changed plan", client.Get(t, address).Body, "10 h a week", "70\u00a0%")
}

var offerDay = regexp.MustCompile(`name="date" value="(\d{4}-\d\d-\d\d)"`)

// A day that can't be met is answered with buttons, each of which does it.
func TestAnImpossibleDayIsAnsweredWithOffers(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	address := planned(t, client, "when", "date", "date", "2026-12-20")
	page := client.Get(t, address).Body
	wantWords(t, "the plan", page, "The nearest day at your pace is", ">Use ")
	day := offerDay.FindStringSubmatch(page)
	if day == nil {
		t.Fatalf("no day is offered:\n%s", page)
	}
	if reply := client.Post(t, address+"/offer", url.Values{"date": {day[1]}}); reply.Status != http.StatusSeeOther {
		t.Fatalf("status %d", reply.Status)
	}
	page = client.Get(t, address).Body
	wantNoWords(t, "the plan for the offered day", page, "The nearest day at your pace is", `class="plan-problem"`)
	wantWords(t, "the form", client.Get(t, address+"/edit").Body, `name="date" value="`+day[1]+`"`)
	if reply := client.Post(t, address+"/offer", url.Values{"weekly": {"540"}}); reply.Status != http.StatusSeeOther {
		t.Fatalf("status %d", reply.Status)
	}
	wantWords(t, "at nine hours", client.Get(t, address).Body, "9 h a week")
	for _, form := range []url.Values{{}, {"weekly": {"-5"}}, {"weekly": {"1000000"}}, {"date": {"soon"}}} {
		if reply := client.Post(t, address+"/offer", form); reply.Status != http.StatusBadRequest {
			t.Errorf("the offer %v: status %d", form, reply.Status)
		}
	}
}

var undo = regexp.MustCompile(`name="work" value="(\d+)"`)

// What was told moves the plan, and can be taken back.
func TestWorkIsToldAndTakenBack(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	address := planned(t, client)
	tell := func(kind, skill, minutes, day string) testkit.Reply {
		return client.Post(t, address+"/done", url.Values{"kind": {kind}, "skill": {skill}, "minutes": {minutes}, "day": {day}})
	}
	before := client.Get(t, address).Body
	for name, reply := range map[string]testkit.Reply{
		"no kind":        tell("", "", "30", "2026-11-22"),
		"the exam":       tell("exam", "", "30", "2026-11-22"),
		"no minutes":     tell("study", "", "", "2026-11-22"),
		"too many":       tell("study", "", "721", "2026-11-22"),
		"tomorrow":       tell("study", "", "30", "2026-11-23"),
		"long ago":       tell("study", "", "30", "2026-01-01"),
		"no such topic":  tell("study", "juggling", "30", "2026-11-22"),
		"no day":         tell("study", "", "30", ""),
		"a day in words": tell("study", "", "30", "today"),
	} {
		if reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, `role="alert"`) {
			t.Errorf("%s: status %d", name, reply.Status)
		}
	}
	if after := client.Get(t, address).Body; after != before {
		t.Error("what was refused changed the plan")
	}
	if reply := tell("study", "mlops-pipelines", "600", "2026-11-22"); reply.Status != http.StatusSeeOther || reply.Location() != address+"?done=work-kept" {
		t.Fatalf("status %d, location %q:\n%s", reply.Status, reply.Location(), reply.Body)
	}
	page := client.Get(t, address).Body
	wantWords(t, "the plan", page, "10 h that you told of", "Done today", "since you told of 600 minutes", "earlier than when you made this plan")
	work := undo.FindStringSubmatch(page)
	if work == nil {
		t.Fatal("it can't be taken back")
	}
	if reply := client.Post(t, address+"/undo", url.Values{"work": {work[1]}}); reply.Status != http.StatusSeeOther {
		t.Fatalf("status %d", reply.Status)
	}
	wantNoWords(t, "the plan", client.Get(t, address).Body, "10 h that you told of", "Done today")
	if reply := client.Post(t, address+"/undo", url.Values{"work": {work[1]}}); reply.Status != http.StatusNotFound {
		t.Errorf("taking back twice: status %d", reply.Status)
	}
}

// Answers given here count by themselves, and a line says what they moved.
func TestAPlanFollowsAnswers(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 4))
	p := app.Person(t, account.Learner, "one@example.org")
	client := app.Client(t, p)
	address := planned(t, client)
	client.Get(t, address)
	app.Clock.Advance(3 * 24 * time.Hour)
	client = app.Client(t, p)
	app.Take(t, app.Start(t, p, sitting.Plan{Length: 24, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(true))
	wantWords(t, "the plan", client.Get(t, address).Body, "earlier than on 22 November, since “", "rose by your newer answers", "Practised here", "of answers here")
}

func TestAnEndedPlanIsLeftAlone(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	address := planned(t, client)
	if reply := client.Post(t, address+"/end", url.Values{"do": {"end"}}); reply.Status != http.StatusSeeOther {
		t.Fatalf("status %d", reply.Status)
	}
	page := client.Get(t, address).Body
	wantWords(t, "the plan", page, "You ended this plan on 22 November 2026", "Take it up again")
	wantNoWords(t, "the plan", page, "End this plan", "Tell of study elsewhere", `class="plan-today"`)
	for path, form := range map[string]url.Values{
		"/edit":  {"exam": {"MLA-C02"}, "hours": {"1"}, "target": {"70"}},
		"/offer": {"weekly": {"60"}}, "/done": {"kind": {"study"}, "minutes": {"10"}, "day": {"2026-11-22"}}, "/undo": {"work": {"1"}},
	} {
		if reply := client.Post(t, address+path, form); reply.Status != http.StatusConflict {
			t.Errorf("POST %s: status %d", path, reply.Status)
		}
	}
	wantWords(t, "the list", client.Get(t, "/plan").Body, "Plans that have ended", "Ended on 22 November 2026")
	planned(t, client) // another one for the exam is fine now
}

func TestAPlanIsDownloadedForACalendar(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	address := planned(t, client, "when", "date", "date", "2027-03-14", "start", "19:30")
	reply := client.Get(t, address+"/calendar.ics")
	cal := calendarOf(t, reply)
	if got := reply.Header.Get("Content-Disposition"); got != `attachment; filename="study-plan-mla-c02.ics"` {
		t.Errorf("it is sent as %q", got)
	}
	uids, exams := map[string]bool{}, 0
	for _, e := range cal.Events() {
		uid, err := e.Props.Text(ical.PropUID)
		if err != nil || uids[uid] {
			t.Errorf("the UID %q, error %v: missing or twice", uid, err)
		}
		uids[uid] = true
		if summary, _ := e.Props.Text(ical.PropSummary); strings.HasPrefix(summary, "Exam: MLA-C02") {
			exams++
			if day, err := e.DateTimeStart(time.UTC); err != nil || day.Format(time.DateOnly) != "2027-03-14" {
				t.Errorf("the exam is on %v, error %v", day, err)
			}
		}
	}
	if exams != 1 || len(uids) < 20 {
		t.Errorf("%d events, %d of them the exam", len(uids), exams)
	}
}

var feedAddress = regexp.MustCompile(`data-plan-address>(http://[^<]+)<`)

// The feed opens with its secret alone, says nothing of the person, is cheap to ask
// again, and ends at once when it is replaced or revoked.
func TestTheCalendarFeed(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	var log testkit.Log
	app.Deps.Logger = slog.New(slog.NewJSONHandler(&log, nil))
	p := app.Person(t, account.Learner, "somebody@example.org")
	client, stranger := app.Client(t, p), app.Client(t, nil)
	planned(t, client)
	planned(t, client, "exam", "AI-103")
	newFeed := func() string {
		reply := client.Post(t, "/plan/calendar", url.Values{"do": {"make"}})
		found := feedAddress.FindStringSubmatch(reply.Body)
		if reply.Status != http.StatusOK || found == nil {
			t.Fatalf("status %d, no address:\n%s", reply.Status, reply.Body)
		}
		path := strings.TrimPrefix(found[1], app.URL(t))
		wantWords(t, "the page", reply.Body, "it isn't shown again", `href="webcal://`)
		wantNoWords(t, "the page afterwards", client.Get(t, "/plan/calendar").Body, path, "webcal:")
		return path
	}
	first := newFeed()
	reply := stranger.Get(t, first)
	cal := calendarOf(t, reply)
	summaries := ""
	for _, e := range cal.Events() {
		summary, _ := e.Props.Text(ical.PropSummary)
		summaries += summary + "\n"
	}
	for _, code := range []string{"MLA-C02", "AI-103"} {
		if !strings.Contains(summaries, code) {
			t.Errorf("the feed has no event of %s", code)
		}
	}
	wantNoWords(t, "the feed", reply.Body, "somebody@example.org", string(p.ID))
	if got := reply.Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
	if reply.Header.Get("Set-Cookie") != "" {
		t.Error("the feed sets a cookie")
	}
	wantWords(t, "the calendar page", client.Get(t, "/plan/calendar").Body, "last read on 22 November 2026, 12:00")

	etag := reply.Header.Get("ETag")
	if again := stranger.Get(t, first, "If-None-Match", etag); again.Status != http.StatusNotModified || again.Body != "" {
		t.Errorf("asked again: status %d with %d bytes", again.Status, len(again.Body))
	}
	if head := stranger.Do(t, http.MethodHead, first, nil); head.Status != http.StatusOK || head.Header.Get("ETag") != etag {
		t.Errorf("HEAD: status %d, ETag %q", head.Status, head.Header.Get("ETag"))
	}
	app.Clock.Advance(24 * time.Hour)
	if later := stranger.Get(t, first, "If-None-Match", etag); later.Status != http.StatusOK {
		t.Errorf("on the next day: status %d", later.Status)
	}

	second := newFeed()
	if second == first {
		t.Error("the new address is the old one")
	}
	gone := func(path string) {
		t.Helper()
		if reply := stranger.Get(t, path); reply.Status != http.StatusNotFound || strings.Contains(reply.Body, "BEGIN:") {
			t.Errorf("status %d of an address that ended", reply.Status)
		}
	}
	gone(first)
	calendarOf(t, stranger.Get(t, second))
	gone(strings.TrimSuffix(second, ".ics"))
	gone(second + "/more")
	client.Post(t, "/plan/calendar", url.Values{"do": {"revoke"}})
	gone(second)

	for _, path := range []string{first, second} {
		if secret := strings.TrimSuffix(strings.TrimPrefix(path, "/calendar/"), ".ics"); len(secret) < 32 || strings.Contains(log.String(), secret) {
			t.Errorf("the log holds the secret %q, or it is short", secret)
		}
	}
	logged := 0
	for line := range strings.Lines(log.String()) {
		var entry struct{ Path string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Path == "/calendar/…" {
			logged++
		}
	}
	if logged < 8 {
		t.Errorf("%d requests of feeds are logged: this test looks in the wrong place\n%s", logged, log.String())
	}
}

// A guest's feed couldn't be revoked once the cookie is lost.
func TestAFeedNeedsAnAccount(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	client := app.Client(t, nil)
	address := planned(t, client)
	if reply := client.Post(t, "/plan/calendar", url.Values{"do": {"make"}}); reply.Status != http.StatusForbidden {
		t.Errorf("status %d", reply.Status)
	}
	wantWords(t, "the calendar page", client.Get(t, "/plan/calendar").Body, "needs an account", address+"/calendar.ics")
	if reply := client.Post(t, "/plan/calendar", url.Values{"do": {"sell"}}); reply.Status != http.StatusBadRequest {
		t.Errorf("status %d", reply.Status)
	}
}

// A feed without an open plan is a calendar without events, and no fault.
func TestAFeedWithoutPlans(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "somebody@example.org")
	token, err := app.Plans.MakeFeed(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	if cal := calendarOf(t, app.Client(t, nil).Get(t, fmt.Sprintf("/calendar/%s.ics", token))); len(cal.Events()) != 0 {
		t.Errorf("%d events", len(cal.Events()))
	}
}
