package httpd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/httpx"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// A whole diagnostic through the pages alone, as a guest who signs up at the end.
func TestAGuestTakesADiagnosticAndKeepsIt(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, nil)
	id := client.Begin(t, 12)
	address := "/sittings/" + string(id)
	for seq := 0; ; seq++ {
		reply := client.Get(t, address)
		if reply.Status == http.StatusSeeOther {
			if reply.Location() != address+"/report" {
				t.Fatalf("the end leads to %s", reply.Location())
			}
			break
		}
		if !strings.Contains(reply.Body, fmt.Sprintf("Question %d of 12", seq+1)) {
			t.Fatalf("page %d is another question's:\n%s", seq+1, reply.Body)
		}
		s, err := app.Store.Sitting(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		form := testkit.Form(seq, testkit.Pick(app.Ask(t, s), true))
		if reply := client.Post(t, address+"/answers", form); reply.Status != http.StatusSeeOther {
			t.Fatalf("answer %d: status %d", seq, reply.Status)
		}
		// The same form again, from a page without a name: a page left behind.
		if reply := client.Post(t, address+"/answers", form); reply.Status != http.StatusSeeOther || reply.Location() != address+"?done=behind" {
			t.Fatalf("answer %d twice: status %d, location %s", seq, reply.Status, reply.Location())
		}
	}
	given, err := app.Store.Answers(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range given {
		if g.Outcome != exam.Right {
			t.Errorf("answer %d was right on the page and is kept as %s", g.Seq, g.Outcome)
		}
	}

	signedUp := client.Post(t, "/signup", url.Values{"email": {"New@Example.org"}, "password": {testkit.Password}, "next": {address + "/report"}})
	if signedUp.Status != http.StatusSeeOther || !strings.HasPrefix(signedUp.Location(), address+"/report") {
		t.Fatalf("signing up: status %d, location %s", signedUp.Status, signedUp.Location())
	}
	for _, path := range []string{"/report", "/recommendation", "/review"} {
		if reply := client.Get(t, address+path); reply.Status != http.StatusOK {
			t.Errorf("%s after signing up: status %d", path, reply.Status)
		}
	}
	elsewhere := app.Client(t, nil)
	if reply := elsewhere.Get(t, address+"/report"); reply.Status != http.StatusUnauthorized {
		t.Errorf("the report on another device: status %d, want 401", reply.Status)
	}
	in := elsewhere.Post(t, "/signin", url.Values{"email": {" new@example.ORG "}, "password": {testkit.Password}, "next": {address + "/report"}})
	if in.Location() != address+"/report" || elsewhere.Get(t, address+"/report").Status != http.StatusOK {
		t.Errorf("signing in on another device: status %d, location %s", in.Status, in.Location())
	}
}

// A form that comes back with a problem still holds what was chosen.
func TestARefusedAnswerKeepsWhatWasChosen(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	for _, c := range []struct {
		kind exam.Type
		form url.Values
		want []string
	}{
		{exam.Multiple, url.Values{"option": {"2", "3", "4"}}, []string{`value="2" checked`, `value="3" checked`, `value="4" checked`}},
		{exam.Ordering, url.Values{"order.1": {"2"}, "order.2": {"2"}, "order.3": {""}, "order.4": {"1"}}, []string{`<option value="2" selected`, `<option value="1" selected`}},
		{exam.Matching, url.Values{"match.0": {"3"}, "match.1": {""}, "match.2": {"1"}, "match.3": {"1"}}, []string{`<option value="3" selected`, `<option value="1" selected`}},
		{exam.YesNo, url.Values{"verdict.1": {"no"}, "verdict.3": {"yes"}}, []string{`name="verdict.1" value="no" checked`, `name="verdict.3" value="yes" checked`}},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			q := testkit.Question(exam.QuestionID("form-"+c.kind), c.kind, exam.AWS, "mlops-pipelines")
			s := app.At(t, p, sitting.ID("form-"+c.kind), 3, q)
			c.form.Set("seq", "0")
			c.form.Set("do", "answer")
			reply := client.Post(t, "/sittings/"+string(s.ID)+"/answers", c.form)
			if reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, `id="problem"`) {
				t.Fatalf("status %d, want 400 with the problem named", reply.Status)
			}
			for _, want := range c.want {
				if !strings.Contains(reply.Body, want) {
					t.Errorf("the form lost %s", want)
				}
			}
			marks := strings.Count(reply.Body, " checked") + strings.Count(reply.Body, " selected")
			if sent := len(slices.Concat(c.form["option"], nonEmpty(c.form, "order."), nonEmpty(c.form, "match."), nonEmpty(c.form, "verdict."))); marks != sent {
				t.Errorf("%d marks on the page, %d were sent", marks, sent)
			}
		})
	}
}

func nonEmpty(form url.Values, prefix string) []string {
	var found []string
	for name, values := range form {
		if strings.HasPrefix(name, prefix) && values[0] != "" {
			found = append(found, values[0])
		}
	}
	return found
}

func TestARefusedStartKeepsWhatWasChosen(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	reply := app.Client(t, nil).Post(t, "/diagnostic", url.Values{"goal": {"exam"}, "exam": {"MLA-C02"}, "length": {"13"}, "language": {"ja"}, "held": {"AIF-C01"}})
	if reply.Status != http.StatusBadRequest {
		t.Fatalf("status %d, want 400", reply.Status)
	}
	for _, want := range []string{`value="MLA-C02" checked`, `value="ja" selected`, `value="AIF-C01" checked`, "12, 24 or 40"} {
		if !strings.Contains(reply.Body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// Wherever a page is asked to go on to, it stays on the site.
func TestNextNeverLeavesTheSite(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	app.Person(t, account.Learner, "learner@example.org")
	for i, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, `\\evil.example`, "javascript:alert(1)", "/\t/evil.example", "evil.example", ""} {
		client := app.Client(t, nil)
		for name, reply := range map[string]testkit.Reply{
			"theme":   client.Post(t, "/theme", url.Values{"theme": {"dark"}, "next": {next}}),
			"profile": client.Post(t, "/profile", url.Values{"next": {next}}),
			"signin":  client.Post(t, "/signin", url.Values{"email": {"learner@example.org"}, "password": {testkit.Password}, "next": {next}}),
			"signup":  client.Post(t, "/signup", url.Values{"email": {fmt.Sprintf("new%d@example.org", i)}, "password": {testkit.Password}, "next": {next}}),
		} {
			to, err := url.Parse(reply.Location())
			if err != nil || reply.Status != http.StatusSeeOther || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(to.Path, "/") || strings.Contains(reply.Location(), "evil") {
				t.Errorf("%s with next=%q: status %d, location %q", name, next, reply.Status, reply.Location())
			}
		}
		for _, path := range []string{"/signin", "/signup", "/setup", "/profile"} {
			if body := client.Get(t, path+"?next="+url.QueryEscape(next)).Body; strings.Contains(body, "evil") || strings.Contains(body, "javascript:") {
				t.Errorf("%s with next=%q offers to go there", path, next)
			}
		}
	}
	client := app.Client(t, nil)
	if to := client.Post(t, "/theme", url.Values{"theme": {"dark"}, "next": {"/help?x=1"}}).Location(); to != "/help?x=1" {
		t.Errorf("a page of our own is not gone to: %q", to)
	}
}

func TestTheTheme(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, nil)
	theme := func() string {
		_, rest, _ := strings.Cut(client.Get(t, "/help").Body, `data-theme="`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	for _, want := range []string{"", "dark", "light", ""} {
		client.Post(t, "/theme", url.Values{"theme": {want}})
		if got := theme(); got != want {
			t.Errorf("after choosing %q the page is %q", want, got)
		}
	}
	if reply := client.Post(t, "/theme", url.Values{"theme": {`"><script>`}}); reply.Status != http.StatusBadRequest {
		t.Errorf("a theme that doesn't exist: status %d", reply.Status)
	}
	client.SetCookie(t, "theme", "mauve")
	if got := theme(); got != "" {
		t.Errorf("a cookie that we didn't send makes the page %q", got)
	}
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, nil)
	limited := false
	for range 25 {
		// An address that can't be one: refused before any hashing.
		reply := client.Post(t, "/signin", url.Values{"email": {"nobody"}, "password": {"x"}})
		limited = limited || reply.Status == http.StatusTooManyRequests && reply.Header.Get("Retry-After") != ""
	}
	if !limited {
		t.Error("25 tries at once were all let through")
	}
	if reply := client.PostJSON(t, "/api/v1/tokens", `{"email":"nobody","password":"x"}`); reply.Status != http.StatusTooManyRequests {
		t.Errorf("the API lets the tries go on: status %d", reply.Status)
	}
	if reply := client.Get(t, "/signin"); reply.Status != http.StatusOK {
		t.Errorf("the form itself is refused: status %d", reply.Status)
	}
}

func TestACookieThatNoLongerCountsIsDropped(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, nil)
	client.SetCookie(t, httpx.CookieName, "garbage")
	if reply := client.Get(t, "/"); reply.Status != http.StatusOK {
		t.Errorf("status %d", reply.Status)
	}
	if left := client.Cookie(t, httpx.CookieName); left != "" {
		t.Errorf("the cookie %q is kept", left)
	}
}

// shape replaces the values of JSON with their kinds, so that what is promised
// about an answer's form can be compared.
func shape(value any) any {
	switch v := value.(type) {
	case map[string]any:
		keys := map[string]any{}
		for k, one := range v {
			keys[k] = shape(one)
		}
		return keys
	case []any:
		if len(v) == 0 {
			return []any{}
		}
		return []any{shape(v[0])}
	case nil:
		return "null"
	}
	return fmt.Sprintf("%T", value)
}

func decode(t *testing.T, reply testkit.Reply) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(reply.Body), &value); err != nil {
		t.Fatalf("status %d, not JSON: %v\n%s", reply.Status, err, reply.Body)
	}
	return value
}

func TestTheAPI(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "learner@example.org")
	s := app.Take(t, app.Start(t, p, sitting.Plan{Length: 24, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(true))
	client := app.Client(t, nil)

	for body, status := range map[string]int{
		`{"email":"learner@example.org","password":"wrong password"}`: 401,
		`{"email":"nobody@example.org","password":"x"}`:               401,
		`{"email":`: 400,
		``:          400,
		`[]`:        400,
	} {
		reply := client.PostJSON(t, "/api/v1/tokens", body)
		if want := map[string]any{"error": map[string]any{"message": "string", "status": "float64"}}; reply.Status != status || cmp.Diff(want, shape(decode(t, reply))) != "" {
			t.Errorf("token for %s: status %d, want %d; body %s", body, reply.Status, status, reply.Body)
		}
	}
	issued := decode(t, client.PostJSON(t, "/api/v1/tokens", fmt.Sprintf(`{"email":"Learner@example.org","password":%q}`, testkit.Password)))
	if diff := cmp.Diff(map[string]any{"token": "string", "expires": "string"}, shape(issued)); diff != "" {
		t.Fatalf("token (-want +got):\n%s", diff)
	}
	bearer := []string{"Authorization", "Bearer " + issued["token"].(string)}

	me := decode(t, client.Get(t, "/api/v1/me", bearer...))
	if diff := cmp.Diff(map[string]any{"id": string(p.ID), "email": p.Email, "name": p.Name, "role": "learner"}, me); diff != "" {
		t.Errorf("me (-want +got):\n%s", diff)
	}
	oneSitting := map[string]any{"id": "string", "state": "string", "answered": "float64", "started": "string", "plan": map[string]any{"targets": []any{"string"}, "fit": "bool", "length": "float64"}}
	if diff := cmp.Diff(map[string]any{"sittings": []any{oneSitting}}, shape(decode(t, client.Get(t, "/api/v1/sittings", bearer...)))); diff != "" {
		t.Errorf("sittings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(any(oneSitting), shape(decode(t, client.Get(t, "/api/v1/sittings/"+string(s.ID), bearer...)))); diff != "" {
		t.Errorf("sitting (-want +got):\n%s", diff)
	}
	checkReadiness(t, decode(t, client.Get(t, "/api/v1/readiness", bearer...)), s)

	for _, path := range []string{"me", "sittings", "sittings/" + string(s.ID), "readiness"} {
		for name, header := range map[string][]string{"no token": nil, "garbage": {"Authorization", "Bearer x"}, "tampered": {bearer[0], bearer[1] + "x"}} {
			if reply := client.Get(t, "/api/v1/"+path, header...); reply.Status != 401 {
				t.Errorf("%s with %s: status %d", path, name, reply.Status)
			}
		}
	}
}

func checkReadiness(t *testing.T, got map[string]any, s *sitting.Sitting) {
	t.Helper()
	if got["answers"] != float64(s.Seq) {
		t.Errorf("readiness rests on %v answers, want %d", got["answers"], s.Seq)
	}
	found := false
	for _, item := range got["certifications"].([]any) {
		e := item.(map[string]any)
		keys := []string{"code", "domains", "n", "pass_probability", "verdict"}
		for _, key := range keys {
			if _, ok := e[key]; !ok || len(e) != len(keys) {
				t.Fatalf("an exam has the keys %v, want %v", e, keys)
			}
		}
		if (e["verdict"] == "too_early") != (e["pass_probability"] == nil) {
			t.Errorf("%v: verdict %v with probability %v", e["code"], e["verdict"], e["pass_probability"])
		}
		for _, item := range e["domains"].([]any) {
			d := item.(map[string]any)
			want := map[string]any{"id": "string", "shown": "bool", "n": "float64"}
			if d["shown"] == true {
				want["percent"], want["low90"], want["high90"] = "float64", "float64", "float64"
				found = true
			}
			if diff := cmp.Diff(any(want), shape(item)); diff != "" {
				t.Errorf("domain (-want +got):\n%s", diff)
			}
		}
	}
	if !found {
		t.Error("no domain of any exam is shown after a whole diagnostic")
	}
}
