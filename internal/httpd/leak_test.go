package httpd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var ctx = context.Background()

// readable are the addresses that can be read, with a sitting's id filled in.
func readable(t *testing.T, app *testkit.App, ids ...sitting.ID) []string {
	t.Helper()
	var addresses []string
	for _, r := range routes(t, app) {
		method, path, _ := strings.Cut(r, " ")
		if method != "GET" || strings.HasPrefix(path, "/static/") {
			continue
		}
		path = strings.NewReplacer(":code", "MLA-C02", ":topic", "readiness", ":seq", "0").Replace(path)
		switch {
		case strings.HasPrefix(path, "/banks/:id"):
			addresses = append(addresses, strings.Replace(path, ":id", string(exam.BuiltIn), 1))
		case strings.Contains(path, ":id"):
			for _, id := range ids {
				addresses = append(addresses, strings.Replace(path, ":id", string(id), 1))
			}
		default:
			addresses = append(addresses, path)
		}
	}
	return append(addresses, "/diagnostic?exam=MLA-C02", "/no-such-page", "/sittings/no-such-sitting/review")
}

// leaks are the questions whose secrets the text tells, but for those allowed.
func leaks(text string, allowed map[exam.QuestionID]bool) []string {
	var found []string
	for _, word := range []string{testkit.RationaleWord, testkit.RememberWord} {
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, word)
			if !ok {
				break
			}
			id, _, _ := strings.Cut(strings.TrimPrefix(after, "("), ")")
			if !allowed[exam.QuestionID(id)] {
				found = append(found, word+" of "+id)
			}
			rest = after
		}
	}
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, testkit.ReferenceHost+"/")
		if !ok {
			return found
		}
		if id := after[:strings.IndexAny(after+`"`, `"<>&) `)]; !allowed[exam.QuestionID(id)] {
			found = append(found, "reference of "+id)
		}
		rest = after
	}
}

// While a sitting is open, no page and no answer of the API tells why an option
// is right or wrong, what to remember, or where it says so: not to its owner,
// signed in or not, and not to anybody else. The review after the end does.
func TestAnOpenSittingLeaksNothing(t *testing.T) {
	for _, role := range []account.Role{account.Guest, account.Learner, account.Admin} {
		t.Run(string(role), func(t *testing.T) {
			app := testkit.NewApp(t, testkit.Synthetic(t, 2))
			owner := app.Person(t, role, map[bool]string{true: "", false: "owner@example.org"}[role == account.Guest])
			stranger := app.Person(t, account.Admin, "stranger@example.org")

			// An earlier sitting that has ended may be reviewed, and only that.
			earlier := app.Take(t, app.Start(t, owner, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(true))
			allowed := map[exam.QuestionID]bool{}
			given, err := app.Store.Answers(ctx, earlier.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range given {
				allowed[g.Question] = true
			}

			open := app.Start(t, owner, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
			clients := map[string]*testkit.Client{"owner": app.Client(t, owner), "stranger": app.Client(t, stranger), "nobody": app.Client(t, nil)}
			readSomething := false
			for open.State.Open() && open.Seq < 3 {
				asked := app.Ask(t, open).Question
				for who, client := range clients {
					for _, path := range readable(t, app, open.ID, earlier.ID) {
						may := map[exam.QuestionID]bool{}
						if who == "owner" && strings.Contains(path, string(earlier.ID)) {
							may = allowed
						}
						reply := client.Get(t, path)
						for range 3 {
							if reply.Location() == "" {
								break
							}
							reply = client.Get(t, reply.Location())
						}
						if found := leaks(reply.Body, may); len(found) > 0 {
							t.Errorf("answer %d, %s, %s: tells %s", open.Seq, who, path, found)
						}
						readSomething = readSomething || strings.Contains(reply.Body, "["+string(asked.ID)+"]")
					}
				}
				for who, client := range clients {
					for _, reply := range questionReplies(t, client, open) {
						if found := leaks(reply.Body, nil); len(found) > 0 || strings.Contains(reply.Body, string(asked.ID)) {
							t.Errorf("answer %d, %s, an event: tells %s\n%s", open.Seq, who, found, reply.Body)
						}
						if who != "owner" && reply.Status < 400 {
							t.Errorf("answer %d, %s may send an event: status %d", open.Seq, who, reply.Status)
						}
					}
				}
				// A refused answer shows the page again, which is no place to tell either.
				reply := clients["owner"].Post(t, "/sittings/"+string(open.ID)+"/answers", url.Values{"seq": {"0"}, "do": {"answer"}})
				if found := leaks(reply.Body, nil); len(found) > 0 {
					t.Errorf("answer %d, refused: tells %s", open.Seq, found)
				}
				open = app.Answer(t, open, open.Seq%2 == 0)
			}
			if !readSomething {
				t.Error("the question itself was never seen: this test looks in the wrong places")
			}

			open = app.Take(t, open, testkit.Always(false))
			body := clients["owner"].Get(t, "/sittings/"+string(open.ID)+"/review").Body
			given, err = app.Store.Answers(ctx, open.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range given {
				for _, want := range []string{testkit.RationaleWord + "(" + string(g.Question) + ")", testkit.RememberWord + "(" + string(g.Question) + ")", testkit.ReferenceHost + "/" + string(g.Question)} {
					if !strings.Contains(body, want) {
						t.Errorf("the review after the end lacks %s", want)
					}
				}
			}
		})
	}
}

// questionReplies are the answers to what the page of a question can send, short of
// the answer for good.
func questionReplies(t *testing.T, c *testkit.Client, s *sitting.Sitting) []testkit.Reply {
	t.Helper()
	address, tab := "/sittings/"+string(s.ID)+"/events", fmt.Sprintf("tab%d", s.Seq)
	var replies []testkit.Reply
	for i, e := range []string{
		`"kind":"claimed"`, `"kind":"shown"`, `"kind":"answered","choice":{"selected":["1"]}`, `"kind":"struck","struck":["2"]`, `"kind":"noted","text":"?"`,
		`"kind":"flagged","on":true`, `"kind":"given","choice":{}`, `"kind":"given","choice":{"selected":["99"]}`, `"kind":"posed"`,
	} {
		body := fmt.Sprintf(`{"client":%q,"events":[{"seq":%d,"place":%d,%s}]}`, tab, i+1, s.Seq, e)
		replies = append(replies, c.PostJSON(t, address, body))
	}
	return append(replies, c.PostJSON(t, address, fmt.Sprintf(`{"client":%q}`, tab)))
}

// In a diagnostic the reply to a right answer is the reply to a wrong one, to the
// byte.
func TestAReplyDoesNotDependOnTheKey(t *testing.T) {
	for _, kind := range exam.Types() {
		q := testkit.Question("the-question", kind, exam.AWS, "mlops-pipelines")
		said := map[bool]string{}
		for _, right := range []bool{true, false} {
			app := testkit.NewApp(t, testkit.Synthetic(t, 1))
			p := app.Person(t, account.Guest, "")
			s := app.At(t, p, "the-sitting", 3, q)
			choice, err := json.Marshal(testkit.Pick(app.Ask(t, s), right))
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range []string{`"kind":"claimed"`, `"kind":"answered","choice":` + string(choice), `"kind":"given","choice":` + string(choice)} {
				body := fmt.Sprintf(`{"client":"tab","events":[{"seq":%d,"place":0,%s}]}`, i+1, e)
				reply := app.Client(t, p).PostJSON(t, "/sittings/the-sitting/events", body)
				said[right] += fmt.Sprintln(reply.Status, reply.Body)
			}
			if given, err := app.Store.Answers(ctx, s.ID); err != nil || len(given) != 1 || (given[0].Outcome == exam.Right) != right {
				t.Fatalf("kept is %+v, error %v", given, err)
			}
		}
		if diff := cmp.Diff(said[true], said[false]); diff != "" {
			t.Errorf("%s: a right answer is answered otherwise than a wrong one (-right +wrong):\n%s", kind, diff)
		}
	}
}

// Two questions that differ in nothing but their key, rationales, memory line
// and references look the same to the byte.
func TestAQuestionPageDoesNotDependOnTheKey(t *testing.T) {
	for _, kind := range exam.Types() {
		if kind == exam.Ordering {
			continue // its key is the order of its options; see the sitting's own tests
		}
		t.Run(string(kind), func(t *testing.T) {
			one := testkit.Question("the-question", kind, exam.AWS, "mlops-pipelines")
			other := testkit.Question("the-question", kind, exam.AWS, "mlops-pipelines")
			rekey(other)
			if one.Revision == other.Revision {
				t.Fatal("the two questions don't differ")
			}
			for seed := range uint64(5) {
				if a, b := page(t, one, seed), page(t, other, seed); a != b {
					t.Fatalf("seed %d: the pages differ:\n%s\n---\n%s", seed, a, b)
				}
			}
		})
	}
}

// rekey changes everything about a question that its page must not show.
func rekey(q *exam.Question) {
	q.Remember, q.Difficulty, q.DifficultyReason = "Something else to remember, and longer than before.", 5, "another reason"
	q.References = []exam.Reference{{Title: "Another page", URL: "https://another.example/page"}}
	q.Review = exam.Review{Solved: 9, Agreed: 8, Date: "2026-11-01"}
	q.Services, q.Enemies, q.FactsAsOf = []string{"amazon-sagemaker-ai"}, []string{"tag"}, "2026-10"
	for i := range q.Options {
		q.Options[i].Rationale = strings.Repeat("Longer. ", i+1)
	}
	if q.Type == exam.Single || q.Type == exam.Multiple {
		for i := range q.Options {
			q.Options[i].Key = !q.Options[i].Key
		}
		if q.Type == exam.Single {
			q.Options[1].Key, q.Options[2].Key = false, false
		}
	}
	for i := range q.Prompts {
		q.Prompts[i].Match, q.Prompts[i].Rationale = q.Options[len(q.Options)-1-i].ID, "another reason"
	}
	for i := range q.Statements {
		q.Statements[i].Yes, q.Statements[i].Rationale = i == 3, "another reason"
	}
	testkit.Revise(q)
}

// page is the page of a question in a sitting in which all else is fixed.
func page(t *testing.T, q *exam.Question, seed uint64) string {
	t.Helper()
	if problems := q.Validate(); len(problems) > 0 {
		t.Fatalf("the question is not valid: %v", problems)
	}
	app := testkit.NewApp(t, bank.New(exam.BuiltIn, append(slices.Clone(testkit.Synthetic(t, 1).Questions), q)))
	p := app.Person(t, account.Guest, "")
	s := app.At(t, p, "the-sitting", seed, q)
	client := app.Client(t, p)
	half := `{"client":"tab","events":[{"seq":1,"kind":"claimed"},{"seq":2,"kind":"answered","choice":{"selected":["2"],"matches":["2"],"verdicts":["no"]}},{"seq":3,"kind":"struck","struck":["1"]}]}`
	if reply := client.PostJSON(t, "/sittings/"+string(s.ID)+"/events", half); reply.Status != 200 {
		t.Fatalf("half an answer: status %d\n%s", reply.Status, reply.Body)
	}
	reply := client.Get(t, "/sittings/"+string(s.ID))
	if reply.Status != 200 || !strings.Contains(reply.Body, "Choose one") && !strings.Contains(reply.Body, "[the-question]") {
		t.Fatalf("status %d, no question:\n%s", reply.Status, reply.Body)
	}
	return pageName.ReplaceAllString(reply.Body, "")
}

// pageName is the name that every page of a question has of its own, by lot.
var pageName = regexp.MustCompile(`name="client" value="\w+"`)

// An answer's outcome shows nowhere before the sitting ends: whether it was
// right or wrong, every page reads the same, but for the count of answers.
func TestAnOutcomeShowsNowhereBeforeTheEnd(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "learner@example.org")
	client := app.Client(t, p)
	app.Take(t, app.Start(t, p, sitting.Plan{Length: 24, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(true))
	app.Clock.Advance(24 * time.Hour)
	s := app.Start(t, p, sitting.Plan{Length: 24, Targets: []exam.Code{"MLA-C02"}})
	open := "/sittings/" + string(s.ID)
	paths := []string{"/readiness", "/recommendation", "/api/v1/readiness"}
	read := func() map[string]string {
		bodies := map[string]string{}
		for _, path := range paths {
			bodies[path] = counts.ReplaceAllString(client.Get(t, path).Body, "N of")
		}
		return bodies
	}
	s = app.Answer(t, s, true) // from here on the pages may say that answers wait for the end
	before := read()
	for i := range 4 {
		at := app.Clock.Now()
		s = app.Answer(t, s, i%2 == 0)
		app.Clock.Set(at) // fading with time is no outcome
		if diff := cmp.Diff(before, read()); diff != "" {
			t.Fatalf("an answer shows before the end (-before +after):\n%s", diff)
		}
		for _, path := range []string{"/report", "/recommendation", "/review"} {
			if reply := client.Get(t, open+path); reply.Status != http.StatusSeeOther || reply.Location() != open {
				t.Errorf("%s of an open sitting: status %d, location %q; want the question", path, reply.Status, reply.Location())
			}
		}
	}
	client.Post(t, open+"/finish", nil)
	if cmp.Equal(before, read()) {
		t.Error("after the end nothing changed: this test looks in the wrong place")
	}
}

// counts is how the list of sittings tells how far one has come.
var counts = regexp.MustCompile(`\d+ of`)
