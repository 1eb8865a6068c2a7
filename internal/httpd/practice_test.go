package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// practise begins a practice by the form and returns its id.
func practise(t *testing.T, client *testkit.Client, form url.Values) sitting.ID {
	t.Helper()
	reply := client.Post(t, "/practice", form)
	id, ok := strings.CutPrefix(reply.Location(), "/sittings/")
	id, _, _ = strings.Cut(id, "?")
	if reply.Status != http.StatusSeeOther || !ok {
		t.Fatalf("starting a practice: status %d, location %q\n%s", reply.Status, reply.Location(), reply.Body)
	}
	return sitting.ID(id)
}

var helpful = url.Values{"exam": {"MLA-C02"}, "source": {"helps"}, "length": {"5"}}

// respond answers the question that a practice is at by its form, with fields of
// more besides.
func respond(t *testing.T, app *testkit.App, client *testkit.Client, p *account.Person, id sitting.ID, right bool, more url.Values) (exam.QuestionID, testkit.Reply) {
	t.Helper()
	s, err := app.Sittings.Open(ctx, p.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	asked := app.Ask(t, s)
	app.Clock.Advance(30 * time.Second)
	form := testkit.Form(s.Seq, testkit.Pick(asked, right))
	for name, values := range more {
		form[name] = values
	}
	return asked.Question.ID, client.Post(t, "/sittings/"+string(id)+"/answers", form)
}

func wantWords(t *testing.T, where, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(body, w) {
			t.Errorf("%s lacks %q", where, w)
		}
	}
}

// The bank has so many questions of each skill that a practice of five can't have
// used up those that could stand in for a missed one.
func TestAPracticeFromItsFormToItsReview(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 8))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	wantWords(t, "the form", client.Get(t, "/practice?exam=MLA-C02").Body, "What helps most", "Due for review", "28\u00a0%", "Skills")
	id := practise(t, client, helpful)
	open := "/sittings/" + string(id)
	wantWords(t, "the question", client.Get(t, open).Body, "Question 1 of 5", "How sure are you?", "Flag this question", "Check the answer")

	first, reply := respond(t, app, client, p, id, false, url.Values{"confidence": {"sure"}, "flag": {"1"}, "note": {" quotas "}})
	if reply.Location() != open+"/feedback/0" {
		t.Fatalf("an answer led to %q", reply.Location())
	}
	told := client.Get(t, reply.Location()).Body
	wantWords(t, "the feedback", told, "You were sure, and wrong", testkit.RationaleWord+"("+string(first)+")", testkit.RememberWord+"("+string(first)+")",
		testkit.ReferenceHost+"/"+string(first), "quotas", `name="flag" value="1" checked`, "It comes back for review on 23 November 2026", "Next question")
	wantWords(t, "the form", client.Get(t, "/practice?exam=MLA-C02&source=flagged").Body, "1 question<", "Go on with Practice for MLA-C02")

	for range 3 {
		respond(t, app, client, p, id, true, nil)
	}
	_, reply = respond(t, app, client, p, id, true, url.Values{"confidence": {"guess"}})
	wantWords(t, "the last feedback", client.Get(t, reply.Location()).Body, "You guessed, and right", "See how it went")

	summary := client.Get(t, open+"/practice").Body
	wantWords(t, "the summary", summary, "4 of 5 answers right", "By domain", "Of 1 answer that you were sure of, 0 were right", "/review?q=1#q1", "Due today: 0", "23 November 2026")
	for _, from := range []string{open, open + "/report"} {
		if reply := client.Get(t, from); reply.Status != http.StatusSeeOther || !strings.HasPrefix(reply.Location(), open+"/") {
			t.Errorf("%s: status %d, location %q", from, reply.Status, reply.Location())
		}
	}
	for _, from := range []string{open + "/report", open + "/recommendation"} {
		if reply := client.Get(t, from); reply.Location() != open+"/practice" {
			t.Errorf("%s led to %q", from, reply.Location())
		}
	}
	wantWords(t, "the review", client.Get(t, open+"/review").Body, testkit.RememberWord+"("+string(first)+")", "How it went")
	wantWords(t, "the readiness", client.Get(t, "/readiness").Body, "Rests on 5 answers", "Practice for MLA-C02")

	wantWords(t, "home", client.Get(t, "/").Body, "Due today: 0 questions.", "The next comes on Monday, 23 November 2026.")
	app.Clock.Advance(24 * time.Hour)
	wantWords(t, "home on the next day", client.Get(t, "/").Body, "Due today: 2 questions.", "Review 2 questions")
	review := practise(t, client, url.Values{"source": {"due"}, "length": {"20"}})
	s, err := app.Sittings.Open(ctx, p.ID, review)
	if err != nil || s.Plan.Length != 2 {
		t.Fatalf("the review has %d questions, error %v; want 2", s.Plan.Length, err)
	}
	_, reply = respond(t, app, client, p, review, true, nil)
	wantWords(t, "feedback on a review", client.Get(t, reply.Location()).Body, "It stood in for a question")
}

// Double clicks and second tabs lead to what was told about the answer that was
// taken, and never to another answer.
func TestAnsweringAPracticeTwiceTellsOfTheFirst(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	id := practise(t, client, helpful)
	respond(t, app, client, p, id, true, nil)
	reply := client.Post(t, "/sittings/"+string(id)+"/answers", url.Values{"seq": {"0"}, "do": {"dont_know"}})
	if want := "/sittings/" + string(id) + "/feedback/0"; reply.Location() != want {
		t.Errorf("answering twice led to %q, want %q", reply.Location(), want)
	}
	if given, err := app.Store.Answers(ctx, id); err != nil || len(given) != 1 || given[0].Outcome != exam.Right {
		t.Errorf("kept were %+v, error %v", given, err)
	}
}

func TestARefusedAnswerKeepsWhatWasTyped(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	id := practise(t, client, helpful)
	address := "/sittings/" + string(id) + "/answers"
	reply := client.Post(t, address, url.Values{"seq": {"0"}, "do": {"answer"}, "confidence": {"unsure"}, "flag": {"1"}, "note": {"half a thought"}})
	if reply.Status != http.StatusBadRequest {
		t.Fatalf("no answer: status %d", reply.Status)
	}
	wantWords(t, "the page", reply.Body, "half a thought", `value="unsure" checked`, `name="flag" value="1" checked`)
	form := url.Values{"confidence": {"certain"}}
	if _, reply := respond(t, app, client, p, id, true, form); reply.Status != http.StatusBadRequest {
		t.Errorf("a confidence that isn't one: status %d", reply.Status)
	}
	_, reply = respond(t, app, client, p, id, true, url.Values{"note": {strings.Repeat("n", sitting.MaxNote+1)}})
	if reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, "2000 characters") || !strings.Contains(reply.Body, "Next question") {
		t.Errorf("a note too long: status %d; the answer is kept and the note given back", reply.Status)
	}
}

func TestWhatCannotBePractisedIsSaid(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Guest, ""))
	for name, c := range map[string]struct {
		form url.Values
		says string
	}{
		"nothing due":       {url.Values{"exam": {"MLA-C02"}, "source": {"due"}, "length": {"5"}}, "Nothing of this kind is due"},
		"nothing flagged":   {url.Values{"source": {"flagged"}, "length": {"5"}}, "flagged no question"},
		"nothing missed":    {url.Values{"source": {"missed"}, "length": {"5"}}, "missed no question"},
		"no length":         {url.Values{"source": {"unseen"}}, "5, 10 or 20"},
		"no source":         {url.Values{"length": {"5"}}, "where the questions should come from"},
		"helps which exam?": {url.Values{"source": {"helps"}, "length": {"5"}}, "choose a certification"},
		"another's skill":   {url.Values{"exam": {"MLA-C02"}, "source": {"unseen"}, "length": {"5"}, "domain": {"1"}, "skill": {"ai-business-strategy"}}, "every question of this kind"},
	} {
		reply := client.Post(t, "/practice", c.form)
		if reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, c.says) {
			t.Errorf("%s: status %d, want 400 and %q", name, reply.Status, c.says)
		}
	}
}

func TestFeedbackIsForWhoeverAnswered(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client, stranger := app.Client(t, p), app.Client(t, app.Person(t, account.Admin, "stranger@example.org"))
	id := practise(t, client, helpful)
	respond(t, app, client, p, id, true, nil)
	diagnostic := app.Answer(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), true)
	exercise := "/sittings/" + string(id) + "/feedback/"
	for _, c := range []struct {
		who    string
		client *testkit.Client
		path   string
		status int
	}{
		{"owner", client, exercise + "0", 200},
		{"owner", client, exercise + "1", 403}, // not answered yet
		{"owner", client, exercise + "-1", 403},
		{"owner", client, exercise + "x", 403},
		{"owner", client, exercise + "99999999999999999999", 403},
		{"stranger", stranger, exercise + "0", 404},
		{"nobody", app.Client(t, nil), exercise + "0", 401},
		{"owner", client, "/sittings/" + string(diagnostic.ID) + "/feedback/0", 404},
	} {
		if reply := c.client.Get(t, c.path); reply.Status != c.status {
			t.Errorf("%s asking for %s: status %d, want %d", c.who, c.path, reply.Status, c.status)
		}
		if c.status == 200 {
			continue
		}
		for _, do := range []string{"mark", "report"} {
			if reply := c.client.Post(t, c.path, url.Values{"do": {do}, "flag": {"1"}, "text": {"wrong key"}}); reply.Status != c.status {
				t.Errorf("%s sending %s to %s: status %d, want %d", c.who, do, c.path, reply.Status, c.status)
			}
		}
	}
}

func TestAProblemCanBeReported(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	id := practise(t, client, helpful)
	respond(t, app, client, p, id, true, nil)
	address := "/sittings/" + string(id) + "/feedback/0"
	if reply := client.Post(t, address, url.Values{"do": {"report"}, "text": {"  "}}); reply.Status != http.StatusBadRequest || !strings.Contains(reply.Body, "in a few words") {
		t.Errorf("an empty report: status %d", reply.Status)
	}
	reply := client.Post(t, address, url.Values{"do": {"report"}, "text": {"B is right too"}})
	if reply.Status != http.StatusSeeOther {
		t.Fatalf("a report: status %d", reply.Status)
	}
	wantWords(t, "the page after it", client.Get(t, reply.Location()).Body, "Thank you.")
	client.Post(t, address, url.Values{"do": {"mark"}, "note": {"kept"}, "flag": {"1"}})
	wantWords(t, "the page", client.Get(t, address).Body, "kept", `name="flag" value="1" checked`)
	unsent := client.Post(t, address, url.Values{"do": {"next"}, "note": {"kept"}, "text": {"A is wrong"}})
	if unsent.Status != http.StatusBadRequest || !strings.Contains(unsent.Body, "A is wrong") || !strings.Contains(unsent.Body, "not sent yet") {
		t.Errorf("going on with a report unsent: status %d; it is given back", unsent.Status)
	}
	client.Post(t, address, url.Values{"do": {"mark"}})
	if body := client.Get(t, address).Body; strings.Contains(body, "checked") {
		t.Error("a flag that was taken back is still there")
	}
}

// Going on keeps the flag and the note as they stand on the page.
func TestGoingOnKeepsFlagAndNote(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	client := app.Client(t, p)
	id := practise(t, client, helpful)
	respond(t, app, client, p, id, true, nil)
	address := "/sittings/" + string(id) + "/feedback/0"
	reply := client.Post(t, address, url.Values{"do": {"next"}, "flag": {"1"}, "note": {"look again"}})
	if reply.Location() != "/sittings/"+string(id) {
		t.Fatalf("going on: status %d, to %q", reply.Status, reply.Location())
	}
	wantWords(t, "the next question", client.Get(t, reply.Location()).Body, "Question 2 of 5")
	wantWords(t, "the feedback", client.Get(t, address).Body, "look again", `name="flag" value="1" checked`)
	if reply := client.Post(t, address, url.Values{"do": {"next"}, "note": {strings.Repeat("n", sitting.MaxNote+1)}}); reply.Status != http.StatusBadRequest {
		t.Errorf("going on with a note too long: status %d", reply.Status)
	}
}

func TestOnlyTheCertificationShownIsPractised(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Guest, ""))
	form := url.Values{"shown": {"AIF-C01"}, "exam": {"MLA-C02"}, "domain": {"1"}, "type": {"single"}, "source": {"helps"}, "length": {"5"}}
	reply := client.Post(t, "/practice", form)
	if reply.Status != http.StatusBadRequest {
		t.Fatalf("another certification than was shown: status %d", reply.Status)
	}
	wantWords(t, "the page", reply.Body, "another certification", `name="shown" value="MLA-C02"`, `value="single" checked`)
	if chosen := client.Get(t, "/practice?"+form.Encode()).Body; strings.Contains(chosen, `name="domain" value="1" checked`) || strings.Contains(reply.Body, `name="domain" value="1" checked`) {
		t.Error("a domain of one certification is taken for another's")
	}
	form.Set("shown", "MLA-C02")
	practise(t, client, form)
	for _, ticked := range []string{"domain", "skill"} { // also such as the certification chosen doesn't have
		form := url.Values{"shown": {"AIF-C01"}, "exam": {"MLA-C02"}, ticked: {"99"}, "source": {"unseen"}, "length": {"5"}}
		if reply := client.Post(t, "/practice", form); reply.Status != http.StatusBadRequest {
			t.Errorf("with a %s of another certification: status %d", ticked, reply.Status)
		}
		form.Del(ticked)
		practise(t, client, form) // nothing that was ticked is lost
	}
}

func TestASourceWithoutQuestionsCannotBeChosen(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Guest, ""))
	for query, chosen := range map[string]string{"exam=MLA-C02&source=missed": "helps", "exam=&source=helps": "unseen", "exam=": "unseen", "exam=MLA-C02": "helps"} {
		body := client.Get(t, "/practice?"+query).Body
		wantWords(t, query, body, `value="due" disabled`, `value="missed" disabled`, `value="flagged" disabled`, "You have flagged none.", `name="source" value="`+chosen+`" checked`)
	}
}

func TestAChoiceIsReadOnce(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	form := url.Values{"exam": {"MLA-C02"}, "source": {"unseen"}, "length": {"5"}, "domain": {"2", "1", "2", "1"}, "type": {"yes_no", "single", "single"}, "difficulty": {"5", "1", "2", "3", "4", "1"}}
	s, err := app.Sittings.Open(ctx, p.ID, practise(t, app.Client(t, p), form))
	if err != nil {
		t.Fatal(err)
	}
	got := s.Plan.Practice
	if !slices.Equal(got.Domains, []exam.DomainID{"1", "2"}) || !slices.Equal(got.Types, []exam.Type{exam.Single, exam.YesNo}) || !slices.Equal(got.Difficulties, []int{1, 2, 3, 4, 5}) {
		t.Errorf("read as %+v", got)
	}
}

func TestKeysAreNotExplainedWhereTheyAreOff(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Guest, ""))
	open := "/sittings/" + string(practise(t, client, helpful))
	wantWords(t, "the question", client.Get(t, open).Body, "<kbd>")
	client.Post(t, "/settings", url.Values{"time": {"1"}, "theme": {"auto"}, "size": {"100"}, "keys": {"off"}})
	if strings.Contains(client.Get(t, open).Body, "<kbd>") {
		t.Error("keys that do nothing are explained")
	}
}

// A newer practice doesn't hide an exam whose clock runs.
func TestHomeLeadsBack(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	running := beginExam(t, client)
	app.Clock.Advance(time.Minute)
	practised := practise(t, client, helpful)
	respond(t, app, client, p, practised, true, nil)
	body := client.Get(t, "/").Body
	wantWords(t, "home", body, "Go on with your MLA-C02 mock exam", " left", "/exams/"+string(running), "Go on with your practice", "1 of 5 answered")
	if strings.Index(body, "MLA-C02 mock exam") > strings.Index(body, "your practice") {
		t.Error("the practice comes before the running exam")
	}
	client.Post(t, "/sittings/"+string(practised)+"/finish", nil)
	wantWords(t, "home after the practice", client.Get(t, "/").Body, "/sittings/"+string(practised)+"/practice", "Finished")
	app.Clock.Advance(24 * time.Hour)
	second := beginExam(t, client)
	app.Clock.Advance(24 * time.Hour)
	body = client.Get(t, "/").Body
	wantWords(t, "home after the exam", body, "/sittings/"+string(second)+"/result")
	if strings.Contains(body, "Go on with") {
		t.Error("an exam whose time is over is offered to go on with")
	}
}

// What an open exam asks is not told by the practice that asked it as well.
func TestFeedbackWaitsForAnOpenExam(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	client := app.Client(t, p)
	id := practise(t, client, helpful)
	s, err := app.Sittings.Open(ctx, p.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	running := app.ExamOf(t, p, "the-exam", false, app.Ask(t, s).Question)
	question, reply := respond(t, app, client, p, id, true, nil)
	for _, path := range []string{reply.Location(), "/sittings/" + string(id) + "/practice", "/sittings/" + string(id) + "/review"} {
		if found := leaks(client.Get(t, path).Body, nil); len(found) > 0 {
			t.Errorf("%s tells %s", path, found)
		}
	}
	wantWords(t, "the feedback", client.Get(t, reply.Location()).Body, "another test of yours")
	if _, err := app.Sittings.Record(ctx, p.ID, running.ID, "tab", []sitting.Event{{Seq: 1, Kind: sitting.Claimed}, {Seq: 2, Kind: sitting.Submitted}}); err != nil {
		t.Fatal(err)
	}
	wantWords(t, "the feedback after the exam", client.Get(t, reply.Location()).Body, testkit.RememberWord+"("+string(question)+")")
}

// A practice tells about the questions that were answered in it, each on its own
// page and to its owner alone; of the one being asked and of those to come nothing
// is told anywhere.
func TestAnOpenPracticeLeaksNothingAhead(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "owner@example.org")
	clients := map[string]*testkit.Client{"owner": app.Client(t, p), "stranger": app.Client(t, app.Person(t, account.Admin, "stranger@example.org")), "nobody": app.Client(t, nil)}
	id := practise(t, clients["owner"], helpful)
	var answered []exam.QuestionID
	for seq := range 4 {
		paths := readable(t, app, id)
		for at := range seq + 2 {
			paths = append(paths, fmt.Sprintf("/sittings/%s/feedback/%d", id, at))
		}
		for who, client := range clients {
			for _, path := range paths {
				may := map[exam.QuestionID]bool{}
				at := -1
				if _, err := fmt.Sscanf(path, "/sittings/"+string(id)+"/feedback/%d", &at); err == nil && who == "owner" && at < len(answered) {
					may[answered[at]] = true
				}
				reply := client.Get(t, path)
				for range 3 {
					if reply.Location() == "" {
						break
					}
					reply = client.Get(t, reply.Location())
				}
				found := leaks(reply.Body, may)
				if len(found) > 0 {
					t.Errorf("answer %d, %s, %s: tells %s", seq, who, path, found)
				}
				if len(may) > 0 && len(leaks(reply.Body, nil)) == 0 {
					t.Errorf("answer %d, %s tells nothing: this test looks in the wrong places", seq, path)
				}
				if strings.Contains(reply.Body, "queue") {
					t.Errorf("%s: speaks of what is to come", path)
				}
			}
		}
		question, _ := respond(t, app, clients["owner"], p, id, seq%2 == 0, nil)
		answered = append(answered, question)
	}
}
