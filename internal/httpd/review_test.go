package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// sit takes an exam of some questions by its page: how each is answered is told by
// a letter, r for right, w for wrong and a dash for blank; with f it is flagged too.
func sit(t *testing.T, app *testkit.App, p *account.Person, client *testkit.Client, how string, questions ...*exam.Question) string {
	t.Helper()
	const id = "exam"
	s := app.ExamOf(t, p, id, false, questions...)
	form := url.Values{"do": {"submit"}, "seq": {pageSeq(t, client, id)}}
	for i, one := range strings.Fields(how) {
		prefix := fmt.Sprintf("p%d.", i)
		if strings.Contains(one, "f") {
			form.Set(prefix+"flag", "on")
		}
		if strings.Contains(one, "-") {
			continue
		}
		asked := sitting.Asked{Question: questions[i], Order: s.Order(questions[i])}
		for name, values := range testkit.Form(0, testkit.Pick(asked, strings.Contains(one, "r"))) {
			if name != "seq" && name != "do" {
				form[prefix+name] = values
			}
		}
	}
	if reply := client.Post(t, "/exams/"+id, form); reply.Location() != "/sittings/"+id+"/result" {
		t.Fatalf("handing in led to %q, status %d:\n%s", reply.Location(), reply.Status, reply.Body)
	}
	return "/sittings/" + id
}

// mixed are single choices of several skills.
func mixed(t *testing.T, n int) []*exam.Question {
	t.Helper()
	var questions []*exam.Question
	for _, q := range testkit.Synthetic(t, 2).Questions {
		if q.Type == exam.Single && len(questions) < n {
			questions = append(questions, q)
		}
	}
	return questions
}

var numbers = regexp.MustCompile(`<article class="[^"]*" id="q(\d+)"`)

// shown are the numbers of the questions on a page of the review.
func shown(body string) string {
	var list []string
	for _, m := range numbers.FindAllStringSubmatch(body, -1) {
		list = append(list, m[1])
	}
	return strings.Join(list, " ")
}

func TestTheReviewByKindOfQuestion(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	base := sit(t, app, p, client, "r w - rf w", mixed(t, 5)...)
	wantWords(t, "the readiness after it", client.Get(t, base+"/report").Body, `aria-label="This mock exam"`, base+"/result", "after 5 questions.")
	for kind, want := range map[string]string{
		"": "1 2 3 4 5", "all": "1 2 3 4 5", "missed": "2 3 5", "wrong": "2 5", "unanswered": "3", "flagged": "4",
		"unsure": "", "unscored": "", "no-such-kind": "1 2 3 4 5",
	} {
		body := client.Get(t, base+"/review?show="+kind).Body
		if got := shown(body); got != want {
			t.Errorf("%q shows %q, want %q", kind, got, want)
		}
	}
	body := client.Get(t, base+"/review").Body
	wantWords(t, "the review", body, "2 of 5 scored questions right in every part.",
		`Missed <span class="number">3</span>`, `Wrong <span class="number">2</span>`, `Not answered <span class="number">1</span>`, `Flagged <span class="number">1</span>`,
		`aria-label="Question 3, not answered"`, `aria-label="Question 4, right, flagged"`, "You missed 3 questions.", "Report a problem with this question")
	if strings.Contains(body, "Unsure or guessed") || strings.Contains(body, "Didn&#39;t count") {
		t.Error("an exam that asks nobody how sure they are, with no unscored question, offers such kinds")
	}
}

// A long review comes in pages; a question is found by its number on whichever it is.
func TestALongReviewComesInPages(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	const many = 60
	base := sit(t, app, p, client, strings.Repeat("- ", many), testkit.Synthetic(t, 3).Questions[:many]...)
	numbers := func(from, to int) string {
		var list []string
		for n := from; n <= to; n++ {
			list = append(list, strconv.Itoa(n))
		}
		return strings.Join(list, " ")
	}
	for query, want := range map[string]string{
		"": numbers(1, 25), "?page=2": numbers(26, 50), "?page=3": numbers(51, 60), "?page=4": numbers(1, 25), "?page=-1": numbers(1, 25),
		"?q=26": numbers(26, 50), "?q=60&show=unanswered": numbers(51, 60), "?q=999": numbers(1, 25),
	} {
		body := client.Get(t, base+"/review"+query).Body
		if got := shown(body); got != want {
			t.Errorf("%q shows %q, want %q", query, got, want)
		}
		if n := strings.Count(body, `aria-label="Question `); n != many {
			t.Errorf("%q lists %d numbers, want %d", query, n, many)
		}
	}
	if reply := client.Get(t, base+"/review/41"); reply.Location() != base+"/review?q=42#q42" {
		t.Errorf("the address of a question leads to %q", reply.Location())
	}
}

// Flag, note and report are kept from the review of every kind of test, and come
// back where they were made.
func TestRemarksFromTheReview(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	stranger := app.Client(t, app.Person(t, account.Admin, "stranger@example.org"))
	mock := sit(t, app, p, client, "r w -", mixed(t, 3)...)
	diagnostic := app.Take(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(false))
	practice := practise(t, client, helpful)
	for range 5 {
		respond(t, app, client, p, practice, false, nil)
	}
	for _, base := range []string{mock, "/sittings/" + string(diagnostic.ID), "/sittings/" + string(practice)} {
		at := base + "/review/1"
		mark := url.Values{"do": {"mark"}, "show": {"wrong"}, "flag": {"1"}, "note": {"look at quotas"}}
		if reply := client.Post(t, at, mark); reply.Location() != base+"/review?done=marked&q=2&show=wrong#q2" {
			t.Fatalf("%s: status %d, to %q", at, reply.Status, reply.Location())
		}
		wantWords(t, base, client.Get(t, base+"/review?done=marked&q=2&show=wrong").Body, "look at quotas", "Your flag and note are kept.", `aria-label="Question 2, wrong, flagged"`)
		report := url.Values{"do": {"report"}, "flag": {"1"}, "note": {"look at quotas"}, "text": {"Two of the options are right."}}
		if reply := client.Post(t, at, report); reply.Location() != base+"/review?done=reported&q=2#q2" {
			t.Errorf("%s: a report led to %q, status %d", at, reply.Location(), reply.Status)
		}
		for what, form := range map[string]url.Values{
			"an empty report":        {"do": {"report"}, "flag": {"1"}, "note": {"look at quotas"}},
			"a report not sent":      {"do": {"mark"}, "flag": {"1"}, "note": {"look at quotas"}, "text": {"typed, and then the other button"}},
			"a note that is endless": {"do": {"mark"}, "note": {strings.Repeat("x", sitting.MaxNote+1)}},
			"nothing at all":         {},
		} {
			reply := client.Post(t, at, form)
			if reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, form.Get("text")) {
				t.Errorf("%s, %s: status %d", at, what, reply.Status)
			}
		}
		if body := client.Get(t, base+"/review?show=flagged").Body; shown(body) != "2" || !strings.Contains(body, "look at quotas") {
			t.Errorf("%s: what was refused changed flag or note", base)
		}
		if reply := stranger.Post(t, at, mark); reply.Status != http.StatusNotFound {
			t.Errorf("%s by somebody else: status %d", at, reply.Status)
		}
		if reply := client.Post(t, base+"/review/999", mark); reply.Status != http.StatusNotFound {
			t.Errorf("%s: a question that isn't there: status %d", base, reply.Status)
		}
	}
	problems, err := app.Store.Problems(ctx)
	if err != nil || len(problems) != 3 || problems[0].Text != "Two of the options are right." || problems[0].Person != p.ID {
		t.Errorf("kept reports: %+v, %v", problems, err)
	}
}

// Nothing can be said of a question, or practised, before its test has ended.
func TestAnOpenTestTakesNoRemarks(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	s := app.Answer(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), false)
	app.ExamOf(t, p, "exam", false, mixed(t, 3)...)
	for _, id := range []sitting.ID{s.ID, "exam"} {
		for path, form := range map[string]url.Values{
			"/review/0": {"do": {"report"}, "text": {"It is wrong."}}, "/retake": {"show": {"missed"}},
		} {
			reply := client.Post(t, "/sittings/"+string(id)+path, form)
			if reply.Location() != "/sittings/"+string(id) || len(leaks(reply.Body, nil)) > 0 {
				t.Errorf("%s of %s: status %d, to %q", path, id, reply.Status, reply.Location())
			}
		}
	}
	if problems, err := app.Store.Problems(ctx); err != nil || len(problems) != 0 {
		t.Errorf("kept reports: %+v, %v", problems, err)
	}
}

// A question that another test asks just now is told about nowhere in the review of
// an earlier one, nor in its result.
func TestAReviewWithholdsWhatIsBeingAsked(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	questions := mixed(t, 4)
	base := sit(t, app, p, client, "w wf r -", questions...)
	app.ExamOf(t, p, "another", false, questions[0], questions[3])
	allowed := map[exam.QuestionID]bool{questions[1].ID: true, questions[2].ID: true}
	for _, path := range []string{"/review", "/review?show=missed", "/review?q=1", "/result"} {
		body := client.Get(t, base+path).Body
		if found := leaks(body, allowed); len(found) > 0 {
			t.Errorf("%s tells %s", path, found)
		}
		wantWords(t, path, body, "You missed 1 question.")
	}
	wantWords(t, "the result", client.Get(t, base+"/result").Body, "1 of 2 scored questions right; 2 questions were left out until another test of yours")
	body := client.Get(t, base+"/review").Body
	wantWords(t, "the review", body, `aria-label="Question 1, shown later"`, `aria-label="Question 4, shown later"`, `Wrong <span class="number">1</span>`)
	client.Post(t, "/exams/another", url.Values{"do": {"submit"}, "seq": {pageSeq(t, client, "another")}})
	wantWords(t, "the review afterwards", client.Get(t, base+"/review").Body, testkit.RationaleWord+"("+string(questions[0].ID)+")", "You missed 3 questions.")
	wantWords(t, "the result afterwards", client.Get(t, base+"/result").Body, "1 of 4 scored questions right")
	app.ExamOf(t, p, "once-more", false, questions...)
	if to := client.Get(t, base+"/result").Location(); to != base+"/review" {
		t.Errorf("with nothing to tell, the result led to %q", to)
	}
}

func TestPractisingWhatATestShowed(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	questions := mixed(t, 5)
	base := sit(t, app, p, client, "r w - rf w", questions...)
	wantWords(t, "the result", client.Get(t, base+"/result").Body, "You missed 3 questions.", "Practise these 3")
	begun := func(form url.Values) *sitting.Sitting {
		t.Helper()
		reply := client.Post(t, base+"/retake", form)
		id, ok := strings.CutPrefix(reply.Location(), "/sittings/")
		if !ok {
			t.Fatalf("%v: status %d, to %q", form, reply.Status, reply.Location())
		}
		s, err := app.Sittings.Open(ctx, p.ID, sitting.ID(id))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := begun(url.Values{"show": {"missed"}}); len(s.Queue) != 3 || s.Queue[0].Question != questions[1].ID {
		t.Errorf("it asks %+v", s.Queue)
	}
	if s := begun(url.Values{"show": {"flagged"}}); len(s.Queue) != 1 || s.Queue[0].Question != questions[3].ID {
		t.Errorf("it asks %+v", s.Queue)
	}
	siblings := begun(url.Values{"show": {"wrong"}, "as": {"siblings"}})
	for _, q := range siblings.Queue {
		if q.InPlaceOf == "" {
			t.Errorf("%s stands in for nothing", q.Question)
		}
	}
	reply := client.Post(t, base+"/retake", url.Values{"show": {"unsure"}})
	if reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, "no question here is like that") {
		t.Errorf("nothing to practise: status %d", reply.Status)
	}
}

func TestTheResultCountsAsTheVendorDoes(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	reply := client.Post(t, "/mock", url.Values{"exam": {"AI-103"}})
	id := sitting.ID(strings.TrimPrefix(reply.Location(), "/exams/"))
	s, err := app.Sittings.Open(ctx, p.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	// One part of every question is wrong: nothing is right as a whole, and a
	// question of several parts still earns the others.
	form := url.Values{"do": {"submit"}, "seq": {pageSeq(t, client, id)}}
	earned, of, partial := 0, 0, 0
	for i, place := range s.Form.Places {
		if place.Section > 0 && s.Form.Sections[0].Closes {
			continue // closed sections stay blank
		}
		asked, err := app.Sittings.AskAt(ctx, s, i)
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range testkit.Form(0, testkit.Pick(asked, false)) {
			if name != "seq" && name != "do" {
				form[fmt.Sprintf("p%d.%s", i, name)] = values
			}
		}
	}
	client.Post(t, "/exams/"+string(id), form)
	parts := map[exam.Type][2]int{exam.Single: {0, 1}, exam.Multiple: {1, 2}, exam.Ordering: {2, 4}, exam.Matching: {2, 4}, exam.YesNo: {3, 4}}
	for i, place := range s.Form.Places {
		if !place.Scored {
			continue
		}
		asked, err := app.Sittings.AskAt(ctx, s, i)
		if err != nil {
			t.Fatal(err)
		}
		earned, of = earned+parts[asked.Question.Type][0], of+parts[asked.Question.Type][1]
		if parts[asked.Question.Type][0] > 0 {
			partial++
		}
	}
	if partial == 0 {
		t.Fatal("the form has no question of several parts: this test looks at nothing")
	}
	body := client.Get(t, "/sittings/"+string(id)+"/result").Body
	wantWords(t, "the result", body, fmt.Sprintf("%d of %d points, from", earned, of), "The estimate counts points: Microsoft",
		fmt.Sprintf("0 of %d right in every part: below the mark", s.Form.Length().Scored), "By whole questions",
		fmt.Sprintf("%d of %d points, which is the 70", (of*70+99)/100, of))
	wantWords(t, "the review", client.Get(t, "/sittings/"+string(id)+"/review").Body, "points: one for each right part.")
}

// Where all was quick, trifles are not called slow.
func TestNothingTookLong(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	app.ExamOf(t, p, "exam", false, mixed(t, 3)...)
	send(t, client, "exam", "tab", `{"seq":1,"kind":"claimed"},{"seq":2,"kind":"shown","place":0}`)
	app.Clock.Advance(2 * time.Second)
	send(t, client, "exam", "tab", `{"seq":3,"kind":"answered","place":0,"choice":{"selected":["1"]}},{"seq":4,"kind":"shown","place":1}`)
	app.Clock.Advance(40 * time.Second)
	send(t, client, "exam", "tab", `{"seq":5,"kind":"answered","place":1,"choice":{"selected":["1"]}},{"seq":6,"kind":"submitted"}`)
	body := client.Get(t, "/sittings/exam/result").Body
	wantWords(t, "the result", body, "On average a question was in view for 21 s. The exam gives 20:00 min.",
		"1 question was answered in less than 5 seconds", "Nothing took longer than the exam&#39;s average pace of 20:00 min a question.", ">not seen<")

	app.ExamOf(t, p, "blank", false, mixed(t, 3)...)
	send(t, client, "blank", "tab", `{"seq":1,"kind":"claimed"},{"seq":2,"kind":"submitted"}`)
	wantWords(t, "a result without times", client.Get(t, "/sittings/blank/result").Body, "How long each question took isn&#39;t known")
}

func TestTestsAreListedByKind(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	mock := sit(t, app, p, client, "r w -", mixed(t, 3)...)
	diagnostic := app.Take(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(false))
	practice := practise(t, client, helpful)
	respond(t, app, client, p, practice, true, nil)
	app.ExamOf(t, p, "running", false, mixed(t, 6)[3:]...)
	for _, path := range []string{"/readiness", "/account"} {
		body := client.Get(t, path).Body
		for heading, address := range map[string]string{
			`id="kept-diagnostic">Diagnostics<`: "/sittings/" + string(diagnostic.ID) + "/report", `id="kept-mock">Mock exams<`: mock + "/result",
			`id="kept-practice">Practice and review<`: "/sittings/" + string(practice),
		} {
			_, after, ok := strings.Cut(body, heading)
			if section, _, _ := strings.Cut(after, "</section>"); !ok || !strings.Contains(section, `href="`+address+`"`) {
				t.Errorf("%s: %s lacks %s", path, heading, address)
			}
		}
		wantWords(t, path, body, "1 of 3 right; ", `href="/exams/running"`, "open, 1 h left", "open, 1 of 5 answered")
	}
}
