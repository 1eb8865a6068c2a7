package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/library"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// owned makes a bank of somebody's with published questions that measure.
func owned(t *testing.T, app *testkit.App, owner *account.Person, title string, v authoring.Visibility, n int) exam.BankID {
	t.Helper()
	id, err := authoring.BankID(title)
	if err != nil {
		t.Fatal(err)
	}
	a := authoring.Actor{ID: owner.ID, Role: owner.Role}
	if _, err := app.Authoring.CreateBank(ctx, a, id, title, v); err != nil {
		t.Fatal(err)
	}
	var questions []*exam.Question
	for i := range n {
		questions = append(questions, testkit.Question(exam.QuestionID(fmt.Sprintf("%s-%03d", id, i)), exam.Single, exam.AWS, "mlops-pipelines"))
	}
	if err := app.Authoring.AddPublished(ctx, a, id, questions); err != nil {
		t.Fatal(err)
	}
	return id
}

// Who sees what of a bank: its owner, a member and an admin everything; another
// instructor what is asked, where it is for everyone, and never anything of a key.
func TestWhoSeesWhatOfABank(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	people := map[string]*account.Person{
		"owner": app.Person(t, account.Instructor, "owner@example.org"), "member": app.Person(t, account.Instructor, "member@example.org"),
		"other": app.Person(t, account.Instructor, "other@example.org"), "admin": app.Person(t, account.Admin, "admin@example.org"),
		"learner": app.Person(t, account.Learner, "learner@example.org"),
	}
	for title, v := range map[string]authoring.Visibility{"Private": authoring.Private, "Class": authoring.ForClass, "Open": authoring.Everyone} {
		id := owned(t, app, people["owner"], title, v, 1)
		app.Manage(t, id, func(b *authoring.Bank) { b.Members = []account.PersonID{people["member"].ID} })
	}
	writers, readers, nobody := 200, map[bool]int{true: 200, false: 404}, 403
	for name, p := range people {
		client := app.Client(t, p)
		writes := name == "owner" || name == "member" || name == "admin"
		manages := name == "owner" || name == "admin"
		for _, bank := range []string{"private", "class", "open"} {
			want := func(path string, status int) {
				t.Helper()
				if got := client.Get(t, "/banks/"+bank+path); got.Status != status {
					t.Errorf("%s on %s%s: status %d, want %d", name, bank, path, got.Status, status)
				}
			}
			page, settings, export := readers[bank == "open"], 404, 404
			switch {
			case name == "learner":
				page, settings, export = nobody, nobody, nobody
			case manages:
				page, settings, export = writers, writers, writers
			case writes:
				page, settings, export = writers, nobody, writers
			}
			want("", page)
			want("/settings", settings)
			want("/export", export)
			want("/export?format=gift", export)
			want("/export/gift", export)
			body := client.Get(t, "/banks/"+bank).Body
			if strings.Contains(body, "/edit") != writes || strings.Contains(body, testkit.RationaleWord) || strings.Contains(body, testkit.RememberWord) {
				t.Errorf("%s on %s: a link to edit %t, or a reason", name, bank, strings.Contains(body, "/edit"))
			}
			for _, path := range []string{"/settings", "/members", "/remove", "/questions"} {
				if manages && path == "/remove" {
					continue // the others are still to see it
				}
				reply := client.Post(t, "/banks/"+bank+path, url.Values{"do": {"relabel"}, "difficulty": {"4"}, "q": {bank + "-000"}, "title": {bank}, "visibility": {"no"}, "email": {"x"}})
				refused := reply.Status == 403 || reply.Status == 404
				if may := manages || writes && path == "/questions"; refused == may {
					t.Errorf("%s posting to %s%s: status %d", name, bank, path, reply.Status)
				}
			}
		}
		list := client.Get(t, "/banks").Body
		for _, bank := range []string{"private", "class", "open"} {
			if name != "learner" && strings.Contains(list, `href="/banks/`+bank+`"`) != (writes || bank == "open") && name != "admin" {
				t.Errorf("%s: the list and %s", name, bank)
			}
		}
	}
	if reply := app.Client(t, people["other"]).Get(t, "/banks/builtin/export/json"); reply.Status != http.StatusForbidden {
		t.Errorf("the built-in bank with its keys: status %d", reply.Status)
	}
	if reply := app.Client(t, people["admin"]).Get(t, "/banks/builtin/export/json"); reply.Status != http.StatusOK || !strings.Contains(reply.Header.Get("Content-Disposition"), "builtin.json") {
		t.Errorf("an admin exports the built-in bank: status %d", reply.Status)
	}
}

func TestTheListIsSearchedFilteredSortedAndPagedByItsAddress(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Instructor, "owner@example.org")
	client := app.Client(t, p)
	owned(t, app, p, "Mine", authoring.Private, 120)
	for address, want := range map[string][]string{
		"":                              {"1 to 50 of 120 questions", "mine-000", "Next"},
		"?page=3":                       {"101 to 120 of 120 questions", "mine-119"},
		"?page=99":                      {"101 to 120 of 120 questions"},
		"?words=mine-007":               {"1 question", "mine-007"},
		"?words=nothing+like+this":      {"No question matches"},
		"?state=draft":                  {"No question matches"},
		"?skill=mlops-pipelines&page=2": {"51 to 100"},
		"?difficulty=3&platform=aws":    {"1 to 50 of 120"},
		"?untagged=yes":                 {"No question matches"},
		"?sort=-updated&type=single":    {`aria-sort="descending"`},
		"?sort=nonsense&page=x&type=y":  {"1 to 50 of 120"},
	} {
		reply := client.Get(t, "/banks/mine"+address)
		if reply.Status != http.StatusOK {
			t.Errorf("%s: status %d", address, reply.Status)
		}
		wantWords(t, address, reply.Body, want...)
	}
}

func TestManyQuestionsAreChangedAtOnce(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Instructor, "owner@example.org")
	client := app.Client(t, p)
	owned(t, app, p, "Mine", authoring.Private, 60)
	owned(t, app, p, "Other", authoring.Private, 1)
	post := func(form url.Values) testkit.Reply { return client.Post(t, "/banks/mine/questions", form) }

	ticked := post(url.Values{"do": {"relabel"}, "q": {"mine-000", "mine-001"}, "difficulty": {"5"}, "tag": {"spring"}, "filter": {"page=2&sort=type"}})
	if ticked.Status != http.StatusSeeOther || !strings.Contains(ticked.Location(), "page=2") || !strings.Contains(ticked.Location(), "sort=type") {
		t.Fatalf("ticked: status %d, location %s", ticked.Status, ticked.Location())
	}
	wantWords(t, "those with the tag", client.Get(t, "/banks/mine?tag=spring&difficulty=5").Body, "2 questions")
	all := post(url.Values{"do": {"retire"}, "all": {"yes"}, "filter": {"difficulty=3"}, "total": {"58"}})
	if all.Status != http.StatusSeeOther || len(banks(t, app)[0].Questions) != 2 {
		t.Errorf("all that match: status %d, %d are left", all.Status, len(banks(t, app)[0].Questions))
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
	}{
		"none ticked":              {url.Values{"do": {"retire"}}, 400},
		"nothing to set":           {url.Values{"do": {"relabel"}, "q": {"mine-000"}}, 400},
		"nothing to do":            {url.Values{"q": {"mine-000"}}, 400},
		"no such skill":            {url.Values{"do": {"relabel"}, "q": {"mine-000"}, "skill": {"x"}}, 400},
		"of another bank":          {url.Values{"do": {"retire"}, "q": {"mine-000", "other-000"}}, 400},
		"of no bank":               {url.Values{"do": {"retire"}, "q": {"none"}}, 404},
		"more match than was said": {url.Values{"do": {"retire"}, "all": {"yes"}, "total": {"1"}}, 409},
	} {
		if reply := post(c.form); reply.Status != c.status {
			t.Errorf("%s: status %d, want %d", name, reply.Status, c.status)
		}
	}
	if len(banks(t, app)[0].Questions) != 2 || len(banks(t, app)[1].Questions) != 1 {
		t.Error("a refused change changed something")
	}
}

func TestSettingsOfABank(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Instructor, "owner@example.org")
	member, learner := app.Person(t, account.Instructor, "member@example.org"), app.Person(t, account.Learner, "learner@example.org")
	client, admin := app.Client(t, p), app.Client(t, app.Person(t, account.Admin, "admin@example.org"))
	made := client.Post(t, "/banks", url.Values{"title": {"My bank"}, "visibility": {"private"}, "description": {"For the spring."}})
	if made.Location() != "/banks/my-bank?done=bank-made" {
		t.Fatalf("making a bank: status %d, location %s", made.Status, made.Location())
	}
	for name, form := range map[string]url.Values{
		"no title": {"visibility": {"private"}}, "no visibility": {"title": {"X1"}}, "the built-in's title": {"title": {"builtin"}, "visibility": {"private"}},
	} {
		if reply := client.Post(t, "/banks", form); reply.Status != http.StatusBadRequest {
			t.Errorf("a bank with %s: status %d", name, reply.Status)
		}
	}
	if reply := client.Post(t, "/banks", url.Values{"title": {"My bank!"}, "visibility": {"private"}}); reply.Status != http.StatusConflict {
		t.Errorf("the same title again: status %d", reply.Status)
	}

	for email, status := range map[string]int{"MEMBER@example.org": 303, "learner@example.org": 400, "nobody@example.org": 400, "owner@example.org": 400, "x": 400} {
		if reply := client.Post(t, "/banks/my-bank/members", url.Values{"email": {email}}); reply.Status != status {
			t.Errorf("adding %s: status %d, want %d", email, reply.Status, status)
		}
	}
	nobody, known := client.Post(t, "/banks/my-bank/members", url.Values{"email": {"nobody@example.org"}}), client.Post(t, "/banks/my-bank/members", url.Values{"email": {learner.Email}})
	if strings.ReplaceAll(nobody.Body, "nobody@", "") != strings.ReplaceAll(known.Body, "learner@", "") {
		t.Error("the answer tells who has an account")
	}
	if reply := app.Client(t, member).Get(t, "/banks/my-bank"); reply.Status != http.StatusOK {
		t.Errorf("the member sees the bank: status %d", reply.Status)
	}
	client.Post(t, "/banks/my-bank/members", url.Values{"remove": {string(member.ID)}})
	if reply := app.Client(t, member).Get(t, "/banks/my-bank"); reply.Status != http.StatusNotFound {
		t.Errorf("who was taken out sees the bank: status %d", reply.Status)
	}

	mark := func(c *testkit.Client) int {
		return c.Post(t, "/banks/my-bank/counts", url.Values{"counts": {"true"}}).Status
	}
	if got := mark(client); got != http.StatusForbidden {
		t.Errorf("the owner lets it count: status %d", got)
	}
	if got := mark(admin); got != http.StatusConflict {
		t.Errorf("an admin lets an empty private bank count: status %d", got)
	}
	q := testkit.Question("mine-one", exam.Single, exam.AWS, "mlops-pipelines")
	app.Publish(t, "My bank", q)
	client.Post(t, "/banks/my-bank/settings", url.Values{"title": {"My bank, renamed"}, "visibility": {"everyone"}})
	if got := mark(admin); got != http.StatusSeeOther {
		t.Errorf("an admin lets it count: status %d", got)
	}
	client.Post(t, "/banks/my-bank/settings", url.Values{"title": {"My bank"}, "visibility": {"private"}})
	if stored := banks(t, app); len(stored) != 1 || !stored[0].Counts || stored[0].Measures() {
		t.Errorf("closed again, it measures: %+v", stored)
	}

	if reply := client.Post(t, "/banks/my-bank/remove", nil); reply.Status != http.StatusSeeOther || len(banks(t, app)) != 0 {
		t.Errorf("withdrawing: status %d", reply.Status)
	}
	again := client.Post(t, "/banks", url.Values{"title": {"My bank"}, "visibility": {"private"}})
	if again.Status != http.StatusConflict || !strings.Contains(again.Body, "Bring back the bank that was withdrawn") {
		t.Errorf("the title of a withdrawn bank: status %d", again.Status)
	}
	if reply := client.Post(t, "/banks/my-bank/remove", url.Values{"back": {"yes"}}); reply.Status != http.StatusSeeOther || len(banks(t, app)) != 1 {
		t.Errorf("bringing it back: status %d", reply.Status)
	}
}

// A private bank is nobody else's to be asked: not in a diagnostic, a mock exam or
// a practice, and not by asking for it by its id.
func TestAPrivateBankIsAskedOfItsWritersAlone(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p, other := app.Person(t, account.Instructor, "owner@example.org"), app.Person(t, account.Learner, "learner@example.org")
	id := owned(t, app, p, "Mine", authoring.Private, 5)
	mine, theirs := app.Client(t, p), app.Client(t, other)
	for path, words := range map[string]string{"/diagnostic": `value="mine"`, "/practice?exam=&bank=mine": `value="mine"`} {
		if !strings.Contains(mine.Get(t, path).Body, words) {
			t.Errorf("%s doesn't offer the owner their bank", path)
		}
		if strings.Contains(theirs.Get(t, path).Body, words) {
			t.Errorf("%s offers it to somebody else", path)
		}
	}
	practice := url.Values{"bank": {"mine"}, "exam": {""}, "source": {"unseen"}, "length": {"5"}}
	if reply := theirs.Post(t, "/practice", practice); reply.Status != http.StatusBadRequest {
		t.Errorf("somebody else practises from it: status %d", reply.Status)
	}
	reply := mine.Post(t, "/practice", practice)
	sat := sitting.ID(strings.TrimPrefix(strings.Split(reply.Location(), "?")[0], "/sittings/"))
	s, err := app.Sittings.Open(ctx, p.ID, sat)
	if err != nil || len(s.Queue) != 5 || !s.Current.Pretest {
		t.Fatalf("the owner's practice: status %d, %+v, error %v", reply.Status, s, err)
	}
	wantWords(t, "the question", mine.Get(t, reply.Location()).Body, "does not count towards your readiness")

	theirs.Post(t, "/diagnostic", url.Values{"goal": {"exam"}, "exam": {"MLA-C02"}, "length": {"12"}, "bank": {"mine"}})
	sittings, err := app.Sittings.List(ctx, other.ID)
	if err != nil || len(sittings) != 1 || len(sittings[0].Plan.Pretest) != 0 {
		t.Errorf("a diagnostic tries it out: %+v, error %v", sittings, err)
	}
	if _, ok := libraryOf(t, app).Bank(id); !ok {
		t.Error("the bank isn't there: this test looks in the wrong place")
	}
}

func TestExportSaysWhatGetsLostBeforeTheFile(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Instructor, "owner@example.org")
	client := app.Client(t, p)
	owned(t, app, p, "Mine", authoring.Private, 2)
	wantWords(t, "aiken", client.Get(t, "/banks/mine/export?format=aiken").Body, "This gets lost", "/banks/mine/export/aiken")
	wantWords(t, "json", client.Get(t, "/banks/mine/export?format=json").Body, "holds everything")
	file := client.Get(t, "/banks/mine/export/json")
	if file.Status != http.StatusOK || !strings.Contains(file.Body, "mine-001") || file.Header.Get("Content-Type") != "application/octet-stream" || file.Header.Get("Content-Disposition") != `attachment; filename="mine.json"` {
		t.Errorf("the file: status %d, %v", file.Status, file.Header)
	}
	if reply := client.Get(t, "/banks/mine/export/word"); reply.Status != http.StatusNotFound {
		t.Errorf("no such format: status %d", reply.Status)
	}
	client.Post(t, "/banks", url.Values{"title": {"Empty"}, "visibility": {"private"}})
	if reply := client.Get(t, "/banks/empty/export/json"); reply.Status != http.StatusConflict {
		t.Errorf("nothing to write: status %d", reply.Status)
	}
}

func libraryOf(t *testing.T, app *testkit.App) *library.Snapshot {
	t.Helper()
	snapshot, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}
