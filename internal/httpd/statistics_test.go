package httpd_test

import (
	"encoding/csv"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// faculty is a site with a bank "ours" of an owner's in which a member writes too,
// and a learner who has answered all of it in a practice that has ended.
type faculty struct {
	*testkit.App
	people  map[string]*account.Person
	sitting sitting.ID
}

func newFaculty(t *testing.T) *faculty {
	t.Helper()
	f := &faculty{App: testkit.NewApp(t, testkit.Synthetic(t, 1)), people: map[string]*account.Person{}}
	for name, role := range map[string]account.Role{
		"owner": account.Instructor, "member": account.Instructor, "other": account.Instructor, "learner": account.Learner, "admin": account.Admin,
	} {
		f.people[name] = f.Person(t, role, name+"@example.org")
	}
	f.people["guest"] = f.Person(t, account.Guest, "")
	owner := authoring.Actor{ID: f.people["owner"].ID, Role: account.Instructor}
	if _, err := f.Authoring.CreateBank(ctx, owner, "ours", "Ours", authoring.Everyone); err != nil {
		t.Fatal(err)
	}
	var questions []*exam.Question
	for i, kind := range exam.Types() {
		q := testkit.Question(exam.QuestionID("ours-"+strconv.Itoa(i)), kind, exam.AWS, "mlops-pipelines")
		questions = append(questions, q)
	}
	questions[0].Ask = "=1+1 of what?"
	testkit.Revise(questions[0])
	if err := f.Authoring.AddPublished(ctx, owner, "ours", questions); err != nil {
		t.Fatal(err)
	}
	f.Manage(t, "ours", func(b *authoring.Bank) { b.Members = []account.PersonID{f.people["member"].ID} })
	snapshot, err := f.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	entry, _ := snapshot.Bank("ours")
	learner := f.people["learner"]
	base := sit(t, f.App, learner, f.Client(t, learner), strings.Repeat("r ", len(entry.Questions)), entry.Questions...)
	f.sitting = sitting.ID(strings.TrimPrefix(base, "/sittings/"))
	return f
}

// statisticsTable says who may see the statistics of a bank and what was reported
// of it: those who write in it, and admins.
func TestWhoMaySeeStatisticsAndReports(t *testing.T) {
	f := newFaculty(t)
	f.report(t, "It is misleading.")
	builtin := string(f.App.Bank.Questions[0].ID)
	for path, want := range map[string]map[string]int{
		"GET /banks/ours/statistics":                {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 200, "owner": 200, "admin": 200},
		"GET /banks/ours/statistics.csv":            {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 200, "owner": 200, "admin": 200},
		"GET /questions/ours-0/statistics":          {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 200, "owner": 200, "admin": 200},
		"GET /banks/builtin/statistics":             {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 404, "owner": 404, "admin": 200},
		"GET /questions/" + builtin + "/statistics": {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 404, "owner": 404, "admin": 200},
		"GET /banks/no-such-bank/statistics":        {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 404, "owner": 404, "admin": 404},
		"GET /problems":                             {"": 401, "guest": 401, "learner": 403, "other": 200, "member": 200, "owner": 200, "admin": 200},
		"POST /problems/1":                          {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 400, "owner": 400, "admin": 400},
		"POST /problems/2":                          {"": 401, "guest": 401, "learner": 403, "other": 404, "member": 404, "owner": 404, "admin": 404},
	} {
		method, address, _ := strings.Cut(path, " ")
		for name, status := range want {
			reply := f.Client(t, f.people[name]).Do(t, method, address, nil, "Content-Type", "application/x-www-form-urlencoded")
			if reply.Status != status {
				t.Errorf("%s as %q: status %d, want %d", path, name, reply.Status, status)
			}
			checkReply(t, path, reply)
			if secret := strings.Contains(reply.Body, testkit.RationaleWord) || strings.Contains(reply.Body, "misleading"); secret && status != 200 && status != 400 || name == "other" && secret {
				t.Errorf("%s as %q tells of the key or the report", path, name)
			}
		}
	}
}

// report reports a problem with the first question of the learner's test.
func (f *faculty) report(t *testing.T, text string) {
	t.Helper()
	if err := f.Sittings.ReportProblem(ctx, f.people["learner"].ID, f.sitting, 0, text); err != nil {
		t.Fatal(err)
	}
}

func TestStatisticsSayWhenAnswersAreTooFew(t *testing.T) {
	f := newFaculty(t)
	owner := f.Client(t, f.people["owner"])
	for _, path := range []string{"/banks/ours/statistics", "/questions/ours-0/statistics"} {
		if body := owner.Get(t, path).Body; !strings.Contains(strings.ToLower(body), "too few answers: 1 of 30") {
			t.Errorf("%s doesn't say that there is one answer of the thirty it takes", path)
		}
	}
	if body := owner.Get(t, "/banks/ours/statistics?flagged=yes").Body; !strings.Contains(body, "No question matches.") {
		t.Error("questions are listed that have nothing to look at")
	}
	if body := owner.Get(t, "/banks/ours/statistics?sort=-answers").Body; !strings.Contains(body, `aria-sort="descending"`) {
		t.Error("the column that sorts isn't named")
	}
}

func TestStatisticsAsAFile(t *testing.T) {
	f := newFaculty(t)
	reply := f.Client(t, f.people["owner"]).Get(t, "/banks/ours/statistics.csv")
	if got := reply.Header.Get("Content-Disposition"); got != `attachment; filename="ours-statistics.csv"` {
		t.Errorf("sent as %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(reply.Body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+len(exam.Types()) {
		t.Fatalf("%d rows", len(rows))
	}
	first := map[string]string{}
	for i, name := range rows[0] {
		first[name] = rows[1][i]
	}
	want := map[string]string{
		"question": "ours-0", "ask": "'=1+1 of what?", "answers": "1", "facility": "1", "discrimination": "", "placed": "0", "look_at": "too few answers: 1 of 30",
	}
	for name, value := range want {
		if first[name] != value {
			t.Errorf("%s is %q, want %q", name, first[name], value)
		}
	}
}

// A report goes to those who look after the question; its reporter reads the
// answer beside the question and on the front page.
func TestAReportIsAnsweredAndResolved(t *testing.T) {
	f := newFaculty(t)
	f.report(t, "Two options are right.")
	owner, learner := f.Client(t, f.people["owner"]), f.Client(t, f.people["learner"])
	if body := owner.Get(t, "/banks").Body; !strings.Contains(strings.Join(strings.Fields(body), " "), "What learners reported (1)") {
		t.Error("the banks' page doesn't say that a report waits")
	}
	body := owner.Get(t, "/problems").Body
	for _, part := range []string{"Two options are right.", "too few answers: 1 of 30", testkit.RationaleWord, `href="/questions/ours-0/edit"`, "A learner, 22 November 2026"} {
		if !strings.Contains(body, part) {
			t.Errorf("the queue lacks %q", part)
		}
	}
	if strings.Contains(body, "learner@example.org") {
		t.Error("the queue names who reported")
	}
	review := "/sittings/" + string(f.sitting) + "/review"
	if !strings.Contains(learner.Get(t, review).Body, "It waits for those who look after the question.") {
		t.Error("the reporter isn't told that the report waits")
	}

	reply := owner.Post(t, "/problems/1", url.Values{"do": {"answer"}, "text": {"  "}, "note": {"seen"}, "back": {"/problems"}})
	if reply.Status != 400 || !strings.Contains(reply.Body, "Write the answer") || !strings.Contains(reply.Body, `value="seen"`) {
		t.Errorf("an empty answer: status %d; what was typed must stay", reply.Status)
	}
	reply = owner.Post(t, "/problems/1", url.Values{"do": {"answer"}, "text": {"Only one is, since <b>June</b>."}, "back": {"/problems?order=newest"}})
	if got, want := reply.Location(), "/problems?done=report-answered&order=newest"; reply.Status != 303 || got != want {
		t.Errorf("answered: status %d, to %q, want %q", reply.Status, got, want)
	}
	for _, path := range []string{"/", review} {
		if body := learner.Get(t, path).Body; !strings.Contains(body, "Only one is, since &lt;b&gt;June&lt;/b&gt;.") {
			t.Errorf("the reporter doesn't read the answer at %s", path)
		}
	}
	if strings.Contains(f.Client(t, f.people["other"]).Get(t, "/").Body, "Only one is") {
		t.Error("somebody else reads the answer")
	}

	owner.Post(t, "/problems/1", url.Values{"do": {"resolve"}, "note": {"Reworded."}})
	if body := owner.Get(t, "/problems").Body; !strings.Contains(body, "Nothing is reported that waits for you.") {
		t.Error("a resolved report waits")
	}
	if body := owner.Get(t, "/problems?show=resolved").Body; !strings.Contains(body, "Reworded.") {
		t.Error("the note of a resolved report isn't shown")
	}
	owner.Post(t, "/problems/1", url.Values{"do": {"reopen"}})
	if body := owner.Get(t, "/problems").Body; !strings.Contains(body, "Two options are right.") {
		t.Error("a reopened report doesn't wait")
	}
}

func TestAReportedQuestionIsRetired(t *testing.T) {
	f := newFaculty(t)
	f.report(t, "It is out of date.")
	owner := f.Client(t, f.people["owner"])
	if reply := owner.Post(t, "/problems/1", url.Values{"do": {"retire"}}); reply.Status != 303 {
		t.Fatalf("status %d: %s", reply.Status, reply.Body)
	}
	item, _, err := f.Authoring.Question(ctx, authoring.Operator(), "ours-0")
	if err != nil || item.Retired.IsZero() {
		t.Errorf("the question is asked on: %+v, error %v", item, err)
	}
	for _, path := range []string{"/problems", "/questions/ours-0/statistics"} {
		if body := owner.Get(t, path).Body; !strings.Contains(body, "retired") {
			t.Errorf("%s doesn't say that the question is retired", path)
		}
	}
}

func TestTheQueueShowsTheMostReportedFirst(t *testing.T) {
	f := newFaculty(t)
	report := func(seq int) {
		f.Clock.Advance(60e9)
		if err := f.Sittings.ReportProblem(ctx, f.people["learner"].ID, f.sitting, seq, "Report of "+strconv.Itoa(seq)); err != nil {
			t.Fatal(err)
		}
	}
	report(1)
	report(1)
	report(2)
	order := func(path string) (list []string) {
		body := f.Client(t, f.people["owner"]).Get(t, path).Body
		for _, part := range strings.Split(body, `<article class="reported"`)[1:] {
			_, id, _ := strings.Cut(part, `id="q-`)
			id, _, _ = strings.Cut(id, `"`)
			list = append(list, id)
		}
		return list
	}
	for path, want := range map[string][]string{
		"/problems": {"ours-1", "ours-2"}, "/problems?order=newest": {"ours-2", "ours-1"}, "/problems?question=ours-2": {"ours-2"}, "/problems?bank=builtin": nil,
		"/problems?page=7": {"ours-1", "ours-2"},
	} {
		if diff := cmp.Diff(want, order(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}
