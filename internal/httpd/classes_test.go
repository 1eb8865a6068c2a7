package httpd_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/classroom"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// classroomApp is a site with a class that has two members, an assignment that one
// of them did, and a bank of its own that only its owner writes in.
type classroomApp struct {
	*testkit.App
	people map[string]*account.Person // "" is nobody in particular
	class  *classroom.Class
	task   *classroom.Assignment
}

func newClassroom(t *testing.T) *classroomApp {
	t.Helper()
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	a := &classroomApp{App: app, people: map[string]*account.Person{
		"nobody": nil, "guest": app.Person(t, account.Guest, ""),
		"learner": app.Person(t, account.Learner, "learner@example.org"), "instructor": app.Person(t, account.Instructor, "instructor@example.org"),
		"admin": app.Person(t, account.Admin, "admin@example.org"), "member": app.Person(t, account.Learner, "member@example.org"),
		"classmate": app.Person(t, account.Learner, "classmate@example.org"),
		"co":        app.Person(t, account.Instructor, "co@example.org"), "owner": app.Person(t, account.Instructor, "owner@example.org"),
	}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	owner := a.people["owner"]
	class, err := app.Classes.Create(ctx, owner, classroom.Class{Title: "Evening class", Zone: "Asia/Kolkata", Exams: []exam.Code{"MLA-C02"}})
	must(err)
	_, err = app.Classes.AddInstructor(ctx, owner, class.ID, "co@example.org")
	must(err)
	bankOwner := authoring.Actor{ID: owner.ID, Role: owner.Role}
	_, err = app.Authoring.CreateBank(ctx, bankOwner, "class-bank", "Class bank", authoring.ForClass)
	must(err)
	q := testkit.Question("class-question", exam.Single, exam.AWS, "mlops-pipelines")
	q.Bank = "class-bank"
	testkit.Revise(q)
	must(app.Authoring.AddPublished(ctx, bankOwner, "class-bank", []*exam.Question{q}))
	a.class, err = app.Classes.Change(ctx, owner, class.ID, "give", func(c *classroom.Class) error {
		c.Banks = append(c.Banks, classroom.Given{Bank: "class-bank", By: owner.ID, At: app.Clock.Now()})
		return nil
	})
	must(err)
	for _, who := range []string{"member", "classmate"} {
		_, err = app.Classes.Join(ctx, a.people[who], class.Code, false)
		must(err)
	}
	now := app.Clock.Now()
	a.task, err = app.Classes.Assign(ctx, owner, classroom.Assignment{
		Class: class.ID, Title: "Warm-up", Kind: sitting.Diagnostic, Task: classroom.Task{Exam: "MLA-C02", Length: 12}, Opens: now, Due: now.Add(48 * time.Hour),
	}, false)
	must(err)
	s, err := app.Classes.Begin(ctx, a.people["classmate"], class.ID, a.task.ID)
	must(err)
	app.Take(t, s, testkit.Always(true))
	return a
}

// path fills in a route of the class.
func (a *classroomApp) path(route string) string {
	return strings.NewReplacer(":id", string(a.class.ID), ":assignment", string(a.task.ID), ":code", a.class.Code).Replace(route)
}

// classAccess is what each gets of a route of a class, in the order of classRoles.
type classAccess [8]int

var classRoles = []string{"nobody", "guest", "learner", "instructor", "admin", "member", "co", "owner"}

var (
	toTeachers = classAccess{401, 401, 404, 404, 404, 404, 200, 200}
	toMembers  = classAccess{401, 401, 404, 404, 404, 200, 404, 404}
	toBoth     = classAccess{401, 401, 404, 404, 404, 200, 200, 200}
	teachersDo = classAccess{401, 401, 404, 404, 404, 404, 303, 303}
	teachers4x = classAccess{401, 401, 404, 404, 404, 404, 400, 400} // an empty form tells them what is missing
)

// What everybody gets of every route of a class. An admin who doesn't teach it is
// nobody here.
var classTable = map[string]classAccess{
	"GET /join/:code":                                      {200, 200, 200, 200, 200, 200, 200, 200},
	"POST /join/:code":                                     {401, 401, 303, 303, 303, 303, 409, 409},
	"GET /classes/:id":                                     toBoth,
	"GET /classes/:id/shared":                              toMembers,
	"POST /classes/:id/leave":                              {401, 401, 404, 404, 404, 303, 404, 404},
	"GET /classes/:id/people":                              toTeachers,
	"POST /classes/:id/code":                               teachers4x,
	"POST /classes/:id/banks":                              teachers4x,
	"POST /classes/:id/end":                                {401, 401, 404, 404, 404, 404, 403, 303},
	"GET /classes/:id/settings":                            toTeachers,
	"POST /classes/:id/settings":                           teachers4x,
	"POST /classes/:id/members":                            {401, 401, 404, 404, 404, 404, 404, 404}, // nobody is named
	"POST /classes/:id/instructors":                        teachers4x,
	"GET /classes/:id/standing.csv":                        toTeachers,
	"GET /classes/:id/assignments":                         toTeachers,
	"POST /classes/:id/assignments":                        teachers4x,
	"GET /classes/:id/assignments/new":                     toTeachers,
	"GET /classes/:id/assignments/:assignment":             toBoth,
	"GET /classes/:id/assignments/:assignment/results.csv": toTeachers,
	"POST /classes/:id/assignments/:assignment/begin":      {401, 401, 404, 404, 404, 303, 404, 404},
	"POST /classes/:id/assignments/:assignment/window":     teachers4x,
	"POST /classes/:id/assignments/:assignment/withdraw":   teachersDo,
}

func TestWhoMayUseWhichRouteOfAClass(t *testing.T) {
	app := newClassroom(t)
	var listed []string
	for _, route := range routes(t, app.App) {
		if strings.Contains(route, " /classes/:id") || strings.Contains(route, " /join/") {
			listed = append(listed, route)
			if _, ok := classTable[route]; !ok {
				t.Errorf("%s is not in the table: say who may use it", route)
			}
		}
	}
	if len(listed) != len(classTable) {
		t.Errorf("the site has %d routes of a class, the table %d", len(listed), len(classTable))
	}
	for i, role := range classRoles {
		for route, access := range classTable {
			app := app
			if access[i] == http.StatusSeeOther {
				app = newClassroom(t) // what it changes must not show in the next
			}
			method, path, _ := strings.Cut(route, " ")
			reply := app.Client(t, app.people[role]).Do(t, method, app.path(path), nil, "Content-Type", "application/x-www-form-urlencoded")
			if reply.Status != access[i] {
				t.Errorf("%s as %s: status %d, want %d", route, role, reply.Status, access[i])
			}
			if !strings.HasSuffix(path, ".csv") || reply.Status != http.StatusOK {
				checkReply(t, route, reply)
			}
		}
	}
}

// Whoever teaches a class gets no key of a bank they don't write in, and members
// nothing of one another; nobody gets what a member answered before joining.
func TestAClassLeaksNothing(t *testing.T) {
	app := newClassroom(t)
	open := app.Start(t, app.people["member"], sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
	app.Answer(t, open, true)
	read := 0
	for _, role := range classRoles {
		client := app.Client(t, app.people[role])
		for route := range classTable {
			method, path, _ := strings.Cut(route, " ")
			if method != http.MethodGet {
				continue
			}
			reply := client.Get(t, app.path(path))
			if reply.Status == http.StatusOK {
				read++
			}
			if found := leaks(reply.Body, nil); len(found) > 0 {
				t.Errorf("%s as %s tells %s", route, role, found)
			}
			if strings.Contains(reply.Body, "class-question") {
				t.Errorf("%s as %s names a question of the class's bank", route, role)
			}
			seesMembers := role == "owner" || role == "co"
			for _, other := range []string{"member@example.org", "classmate@example.org"} {
				if strings.Contains(reply.Body, other) && !seesMembers && other != role+"@example.org" {
					t.Errorf("%s as %s tells of %s", route, role, other)
				}
			}
		}
	}
	if read < 20 {
		t.Errorf("only %d pages were read: this test looks in the wrong places", read)
	}
	co := app.Client(t, app.people["co"])
	if reply := co.Get(t, "/banks/class-bank"); strings.Contains(reply.Body, testkit.RationaleWord) {
		t.Error("a co-instructor reads the keys of a bank they don't write in")
	}
}

// A class from its making to its results, by hand as a browser without scripts does it.
func TestAClassByItsPages(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	teacher := app.Client(t, app.Person(t, account.Instructor, "teacher@example.org"))
	learner := app.Person(t, account.Learner, "=cmd|evil@example.org")
	pupil := app.Client(t, learner)
	says := func(r testkit.Reply, status int, words ...string) {
		t.Helper()
		if r.Status != status {
			t.Errorf("status %d, want %d: %s", r.Status, status, r.Location())
		}
		for _, w := range words {
			if !strings.Contains(r.Body, w) {
				t.Errorf("the page lacks %q", w)
			}
		}
	}

	says(teacher.Post(t, "/classes", url.Values{"title": {"Kept title"}, "zone": {"Mars/Base"}, "exam": {"MLA-C02"}}), 400, "Kept title", "Mars/Base", "There is no time zone")
	made := teacher.Post(t, "/classes", url.Values{"title": {"Tuesdays"}, "zone": {"Asia/Kolkata"}, "exam": {"MLA-C02"}})
	address, _, _ := strings.Cut(made.Location(), "/people")
	page := teacher.Get(t, address+"/people")
	says(page, 200, "Nobody yet")
	_, rest, _ := strings.Cut(page.Body, "/join/")
	code := rest[:8]

	// Somebody without an account reads what is shared, and is asked to make one.
	says(app.Client(t, nil).Get(t, "/join/"+code), 200, "Tuesdays", "will see", "/signup?next=%2Fjoin%2F"+code)
	says(pupil.Post(t, "/classes/join", url.Values{"code": {"nonsense"}}), 404, "nonsense", "No class has this code")
	if r := pupil.Post(t, "/classes/join", url.Values{"code": {strings.ToLower(code)}}); r.Location() != "/join/"+code {
		t.Errorf("a code leads to %q", r.Location())
	}
	says(pupil.Post(t, "/join/"+code, nil), 303)

	// It is due at the class's evening, whatever the learner's own clock says.
	form := url.Values{
		"kind": {"practice"}, "exam": {"MLA-C02"}, "questions": {"5"}, "source": {"helps"}, "domain": {"MLA-C02/1"},
		"opens": {"2026-11-22T17:00"}, "due": {"2026-11-29T23:59"}, "note": {"Think of <b>drift</b>"},
	}
	wrong := url.Values{}
	for k, v := range form {
		wrong[k] = v
	}
	wrong.Set("due", "tomorrow")
	says(teacher.Post(t, address+"/assignments", wrong), 400, "can&#39;t be read", "Think of &lt;b&gt;drift")
	task := teacher.Post(t, address+"/assignments", form)
	says(task, 303)
	taskAddress, _, _ := strings.Cut(task.Location(), "?")
	says(pupil.Get(t, "/"), 200, "Due in your classes", "Practice MLA-C02", "Sun 29 November 2026, 23:59 (Asia/Kolkata)", taskAddress+"/begin")
	says(pupil.Get(t, taskAddress), 200, "Think of &lt;b&gt;drift", "You do it once")

	begun := pupil.Post(t, taskAddress+"/begin", nil)
	id, ok := strings.CutPrefix(begun.Location(), "/sittings/")
	if !ok {
		t.Fatalf("beginning leads to %q", begun.Location())
	}
	s, err := app.Sittings.Open(ctx, learner.ID, sitting.ID(id))
	if err != nil || s.Mode != sitting.Practice || !slices.Equal(s.Plan.Practice.Domains, []exam.DomainID{"1"}) {
		t.Fatalf("begun is %+v, error %v", s, err)
	}
	says(pupil.Get(t, "/"), 200, "under way, 0 of 5 answered", "/sittings/"+id)
	app.Take(t, s, testkit.Always(true))
	if body := pupil.Get(t, "/").Body; strings.Contains(body, "Due in your classes") {
		t.Error("what is done is still due")
	}
	says(teacher.Get(t, taskAddress), 200, "1 of 1 finished", "5 of 5 right", "100\u00a0%")
	says(pupil.Get(t, address+"/shared"), 200, "5 of 5 right", "This is all that instructor can see of you")
	says(teacher.Get(t, address), 200, "Who may be stuck", "too early to say", "5 answers")

	for _, path := range []string{taskAddress + "/results.csv", address + "/standing.csv"} {
		reply := teacher.Get(t, path)
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(reply.Body, "\uFEFF"))).ReadAll()
		if err != nil || len(lines) != 2 || len(lines[0]) != len(lines[1]) {
			t.Fatalf("%s: %d lines, error %v:\n%s", path, len(lines), err, reply.Body)
		}
		if lines[1][1] != "'=cmd|evil@example.org" {
			t.Errorf("%s: %q is a formula in a spreadsheet", path, lines[1][1])
		}
	}

	// Leaving takes everything away.
	says(pupil.Post(t, address+"/leave", nil), 303)
	says(pupil.Get(t, address), 404)
	for _, path := range []string{address, address + "/people", taskAddress, taskAddress + "/results.csv", address + "/standing.csv"} {
		if body := teacher.Get(t, path).Body; strings.Contains(body, "evil@example.org") {
			t.Errorf("%s still tells of who left", path)
		}
	}
}
