package httpd_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/httpd"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// routes are the routes of the engine, sorted, as "GET /path".
func routes(t *testing.T, app *testkit.App) []string {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	(&httpd.Handler{Deps: app.Deps}).Install(engine)
	var list []string
	for _, r := range engine.Routes() {
		list = append(list, r.Method+" "+r.Path)
	}
	slices.Sort(list)
	return list
}

// access is what each kind of visitor gets: nobody in particular, a guest, a
// learner, an instructor and an admin.
type access [5]int

var (
	everybody   = access{200, 200, 200, 200, 200}
	learners    = access{401, 401, 200, 200, 200}
	instructors = access{401, 401, 403, 200, 200}
	known       = access{401, 200, 200, 200, 200} // whoever the site knows, guests too
	moves       = access{303, 303, 303, 303, 303}
	noClass     = access{401, 401, 404, 404, 404}
	noPlan      = access{401, 404, 404, 404, 404} // a sitting's id is no plan's
)

// Every route, with who may use it. A POST is sent with an empty form, so that
// one that is let through is told what is missing: 400. Mine stands for a
// sitting of the visitor's own that has ended, and open for one under way.
var table = map[string]access{
	"GET /":                               everybody,
	"GET /account":                        learners,
	"GET /api/v1/me":                      known,
	"GET /api/v1/readiness":               known,
	"GET /api/v1/sittings":                known,
	"GET /api/v1/sittings/:id":            {401, 200, 200, 200, 200},
	"GET /banks":                          instructors,
	"GET /banks/:id":                      instructors,
	"GET /banks/new":                      instructors,
	"GET /certifications":                 everybody,
	"GET /certifications/:code":           everybody,
	"GET /certifications/compare":         everybody,
	"GET /certifications/timeline":        everybody,
	"GET /diagnostic":                     everybody,
	"GET /healthz":                        everybody,
	"GET /measurement":                    everybody,
	"GET /help":                           everybody,
	"GET /help/:topic":                    everybody,
	"GET /practice":                       everybody,
	"GET /profile":                        everybody,
	"GET /progress":                       everybody,
	"POST /progress/days":                 {401, 400, 400, 400, 400},
	"POST /progress/results":              {401, 400, 400, 400, 400},
	"POST /progress/results/:id/withdraw": {401, 404, 404, 404, 404}, // no such result
	"POST /progress/results/:id/hold":     {401, 404, 404, 404, 404},
	"GET /readiness":                      everybody,
	"GET /recommendation":                 everybody,
	"GET /recommendation/whatif":          everybody,
	"GET /exams/:id":                      {401, 404, 404, 404, 404}, // the sitting is a diagnostic
	"GET /mock":                           everybody,
	"GET /settings":                       everybody,
	"GET /sittings/:id/result":            {401, 303, 303, 303, 303}, // a diagnostic's is its report
	"GET /sittings/:id/practice":          {401, 303, 303, 303, 303},
	"GET /sittings/:id/feedback/:seq":     {401, 404, 404, 404, 404}, // a diagnostic tells nothing at once
	"POST /sittings/:id/feedback/:seq":    {401, 404, 404, 404, 404},
	"POST /practice":                      {400, 400, 400, 400, 400},
	"POST /exams/:id":                     {401, 404, 404, 404, 404},
	"POST /exams/:id/events":              {401, 400, 400, 400, 400},
	"POST /mock":                          {400, 400, 400, 400, 400},
	"POST /settings":                      moves,
	"GET /setup":                          {403, 403, 403, 403, 403},
	"GET /signin":                         everybody,
	"GET /signup":                         everybody,
	"GET /sittings/:id":                   {401, 303, 303, 303, 303}, // on to its report
	"GET /sittings/:id/recommendation":    known,
	"GET /sittings/:id/report":            known,
	"GET /sittings/:id/review":            known,
	"GET /sittings/:id/review/:seq":       {401, 303, 303, 303, 303}, // to its place among the others
	"POST /sittings/:id/review/:seq":      {401, 400, 400, 400, 400},
	"POST /sittings/:id/retake":           {401, 400, 400, 400, 400}, // nothing was missed
	"GET /static/*path":                   {404, 404, 404, 404, 404}, // no such file
	"POST /account/password":              {401, 401, 400, 400, 400},
	"POST /api/v1/tokens":                 {400, 400, 400, 400, 400},
	"POST /diagnostic":                    {400, 400, 400, 400, 400},
	"POST /profile":                       moves,
	"GET /postings":                       everybody,
	"POST /postings":                      {400, 400, 400, 400, 400}, // nothing was pasted
	"POST /postings/keep":                 {400, 400, 400, 400, 400}, // no counts
	"POST /setup":                         {400, 400, 400, 400, 400},
	"POST /signin":                        {401, 401, 401, 401, 401},
	"POST /signout":                       moves,
	"POST /signup":                        {400, 400, 400, 400, 400},
	"GET /sittings/:id/answers":           {303, 303, 303, 303, 303},
	"POST /sittings/:id/answers":          {401, 400, 400, 400, 400},
	"POST /sittings/:id/events":           {401, 400, 400, 400, 400},
	"POST /sittings/:id/finish":           {401, 303, 303, 303, 303},
	"POST /theme":                         moves,

	"GET /plan":                  everybody,
	"POST /plan":                 {400, 400, 400, 400, 400},
	"GET /plan/calendar":         known,
	"POST /plan/calendar":        {401, 400, 400, 400, 400},
	"GET /plan/:id":              noPlan,
	"GET /plan/:id/edit":         noPlan,
	"POST /plan/:id/edit":        noPlan,
	"POST /plan/:id/offer":       noPlan,
	"POST /plan/:id/done":        noPlan,
	"POST /plan/:id/undo":        noPlan,
	"POST /plan/:id/end":         noPlan,
	"GET /plan/:id/calendar.ics": noPlan,
	"GET /calendar/:token":       {404, 404, 404, 404, 404}, // nobody's secret
	"HEAD /calendar/:token":      {404, 404, 404, 404, 404},

	// The bank is the built-in one: nobody changes it, and its keys are for admins.
	"POST /banks":                   {401, 401, 403, 400, 400},
	"POST /banks/:id/counts":        {401, 401, 403, 403, 404},
	"POST /banks/:id/remove":        {401, 401, 403, 404, 404},
	"POST /banks/:id/members":       {401, 401, 403, 404, 404},
	"GET /banks/:id/settings":       {401, 401, 403, 404, 404},
	"POST /banks/:id/settings":      {401, 401, 403, 404, 404},
	"POST /banks/:id/questions":     {401, 401, 403, 404, 404},
	"GET /banks/:id/export":         {401, 401, 403, 403, 200},
	"GET /banks/:id/export/:format": {401, 401, 403, 403, 404}, // no such format
	"GET /imports/new":              instructors,
	"POST /imports":                 {401, 401, 403, 400, 400},
	"GET /imports/:id":              {401, 401, 403, 404, 404}, // nobody's own
	"POST /imports/:id":             {401, 401, 403, 404, 404},
	"POST /imports/:id/labels":      {401, 401, 403, 404, 404},
	"GET /imports/:id/items/:n":     {401, 401, 403, 404, 404},
	"POST /imports/:id/items/:n":    {401, 401, 403, 404, 404},
	"GET /media/:key":               {401, 404, 404, 404, 404}, // no such image

	// Banks and questions to somebody who may write in none of them; those who may
	// are in the table of scoped routes.
	"GET /banks/:id/questions/new":  {401, 401, 403, 404, 404},
	"POST /banks/:id/questions/new": {401, 401, 403, 404, 404},
	"POST /banks/:id/media":         {401, 401, 403, 404, 404},
	"GET /questions/:id/edit":       {401, 401, 403, 404, 404},
	"POST /questions/:id/edit":      {401, 401, 403, 404, 404},
	"POST /questions/preview":       {401, 401, 403, 400, 400},
	"POST /questions/:id/life":      {401, 401, 403, 404, 404},
	"POST /questions/:id/comments":  {401, 401, 403, 404, 404},
	"GET /questions/:id/versions":   {401, 401, 403, 404, 404},
	"POST /questions/:id/versions":  {401, 401, 403, 400, 400},
	"GET /questions/:id/review":     {401, 401, 403, 404, 404},
	"POST /questions/:id/review":    {401, 401, 403, 404, 404},
	"GET /questions/:id/regrade":    {401, 401, 403, 404, 404},
	"POST /questions/:id/regrade":   {401, 401, 403, 400, 400},
	"GET /reviews":                  instructors,

	// Statistics and reports; statisticsTable says who else may see a bank's.
	"GET /banks/:id/statistics":     {401, 401, 403, 404, 200},
	"GET /banks/:id/statistics.csv": {401, 401, 403, 404, 200},
	"GET /questions/:id/statistics": {401, 401, 403, 404, 404}, // no such question
	"GET /problems":                 instructors,
	"POST /problems/:id":            {401, 401, 403, 404, 404}, // no such report

	// Of a class there is none with a sitting's id; classTable says who may use them.
	"GET /classes":                                         learners,
	"GET /classes/new":                                     instructors,
	"POST /classes":                                        {401, 401, 403, 400, 400},
	"POST /classes/join":                                   {401, 401, 404, 404, 404},
	"GET /join/:code":                                      {404, 404, 404, 404, 404},
	"POST /join/:code":                                     {401, 401, 404, 404, 404},
	"GET /classes/:id":                                     noClass,
	"GET /classes/:id/shared":                              noClass,
	"POST /classes/:id/leave":                              noClass,
	"GET /classes/:id/people":                              noClass,
	"POST /classes/:id/code":                               noClass,
	"POST /classes/:id/banks":                              noClass,
	"POST /classes/:id/end":                                noClass,
	"GET /classes/:id/settings":                            noClass,
	"POST /classes/:id/settings":                           noClass,
	"POST /classes/:id/members":                            noClass,
	"POST /classes/:id/instructors":                        noClass,
	"GET /classes/:id/standing.csv":                        noClass,
	"GET /classes/:id/assignments":                         noClass,
	"POST /classes/:id/assignments":                        noClass,
	"GET /classes/:id/assignments/new":                     noClass,
	"GET /classes/:id/assignments/:assignment":             noClass,
	"GET /classes/:id/assignments/:assignment/results.csv": noClass,
	"POST /classes/:id/assignments/:assignment/begin":      noClass,
	"POST /classes/:id/assignments/:assignment/window":     noClass,
	"POST /classes/:id/assignments/:assignment/withdraw":   noClass,
}

func TestWhoMayUseWhichRoute(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	var listed []string
	for route := range table {
		listed = append(listed, route)
	}
	slices.Sort(listed)
	if diff := cmp.Diff(listed, routes(t, app)); diff != "" {
		t.Errorf("the table and the site differ; say in the table who may use a new route (-table +site):\n%s", diff)
	}

	roles := []account.Role{"", account.Guest, account.Learner, account.Instructor, account.Admin}
	for i, role := range roles {
		app := testkit.NewApp(t, testkit.Synthetic(t, 1)) // its own, or tries would run out
		var p *account.Person
		id := sitting.ID("somebody-elses")
		if role != "" {
			p = app.Person(t, role, map[bool]string{true: "", false: string(role) + "@example.org"}[role == account.Guest])
			s := app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
			s, err := app.Sittings.Finish(ctx, p.ID, app.Answer(t, s, true).ID)
			if err != nil {
				t.Fatal(err)
			}
			id = s.ID
		}
		for _, route := range listed {
			method, path, _ := strings.Cut(route, " ")
			path = strings.NewReplacer(":code", "MLA-C02", ":topic", "readiness", "*path", "no-such-file.js", ":seq", "0").Replace(path)
			if strings.HasPrefix(path, "/banks/") {
				path = strings.Replace(path, ":id", string(exam.BuiltIn), 1)
			}
			path = strings.Replace(path, ":id", string(id), 1)
			// A client for each request: some of them sign people out.
			reply := app.Client(t, p).Do(t, method, path, nil, "Content-Type", "application/x-www-form-urlencoded")
			if want := table[route][i]; reply.Status != want {
				t.Errorf("%s as %q: status %d, want %d", route, role, reply.Status, want)
			}
			checkReply(t, route, reply)
		}
	}
}

// checkReply looks at what every reply has: the protecting headers, a page for
// people or JSON for the API, and nothing of what went wrong inside.
func checkReply(t *testing.T, route string, r testkit.Reply) {
	t.Helper()
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Cache-Control"} {
		if r.Header.Get(name) == "" {
			t.Errorf("%s (%d): no %s", route, r.Status, name)
		}
	}
	kind := r.Header.Get("Content-Type")
	switch {
	case r.Status == http.StatusSeeOther, strings.Contains(route, "/static/"), strings.Contains(route, "/healthz"):
	case strings.Contains(route, "/api/"):
		if !strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s (%d): an answer of type %q", route, r.Status, kind)
		}
	case strings.HasSuffix(route, ".csv") && r.Status == http.StatusOK:
		if !strings.HasPrefix(kind, "text/csv") {
			t.Errorf("%s (%d): a file of type %q", route, r.Status, kind)
		}
	case !strings.HasPrefix(kind, "text/html"):
		t.Errorf("%s (%d): a page of type %q", route, r.Status, kind)
	}
	for _, inside := range []string{"store.", "gorm", "sitting.Open", "goroutine"} {
		if strings.Contains(r.Body, inside) && !strings.Contains(route, "/help") {
			t.Errorf("%s (%d): speaks of %q", route, r.Status, inside)
		}
	}
}

func TestAddressesThatDoNotExist(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	admin := app.Client(t, app.Person(t, account.Admin, "admin@example.org"))
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/no-such-page", 404},
		{"GET", "/certifications/XYZ-1", 404},
		{"GET", "/help/no-such-topic", 404},
		{"GET", "/banks/no-such-bank", 404},
		{"GET", "/sittings/no-such-sitting", 404},
		{"GET", "/sittings/no-such-sitting/report", 404},
		{"GET", "/sittings/no-such-sitting/review", 404},
		{"GET", "/api/v1/no-such-thing", 404},
		{"GET", "/api/v1/sittings/no-such-sitting", 404},
		{"GET", "/static/../httpd.go", 404},
		{"DELETE", "/banks/builtin", 405},
		{"PUT", "/", 405},
		{"POST", "/banks/no-such-bank/counts", 404},
		{"POST", "/banks/no-such-bank/remove", 404},
	} {
		reply := admin.Do(t, c.method, c.path, nil)
		if reply.Status != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, reply.Status, c.status)
		}
		checkReply(t, c.method+" "+c.path, reply)
	}
}

// What another site makes a browser send changes nothing here.
func TestRequestsFromOtherSitesAreRefused(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Admin, "admin@example.org")
	client := app.Client(t, p)
	s := app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
	for route := range table {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodGet || method == http.MethodHead {
			continue
		}
		path = strings.Replace(path, ":id", string(s.ID), 1)
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
			if reply := client.Do(t, method, path, nil, header...); reply.Status != http.StatusForbidden {
				t.Errorf("%s with %v: status %d, want 403", route, header, reply.Status)
			}
		}
	}
	if again, err := app.Sittings.Open(ctx, p.ID, s.ID); err != nil || again.State.Ended() {
		t.Errorf("another site ended the sitting: %+v, error %v", again, err)
	}
	if reply := client.Post(t, "/theme", nil, "Sec-Fetch-Site", "same-origin"); reply.Status != http.StatusSeeOther {
		t.Errorf("a request of our own site's: status %d", reply.Status)
	}
}
