package httpd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// desk is a site with a bank "ours" of ann's in which ben writes too; eve is an
// instructor elsewhere, and adam an admin.
type desk struct {
	*testkit.App
	people map[string]*account.Person
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{App: testkit.NewApp(t, testkit.Synthetic(t, 1)), people: map[string]*account.Person{"nobody": nil}}
	for name, role := range map[string]account.Role{
		"ann": account.Instructor, "ben": account.Instructor, "eve": account.Instructor, "adam": account.Admin, "lea": account.Learner, "guest": account.Guest,
	} {
		email := name + "@example.org"
		if role == account.Guest {
			email = ""
		}
		d.people[name] = d.Person(t, role, email)
	}
	if _, err := d.Authoring.CreateBank(ctx, d.ann(), "ours", "Ours", authoring.Everyone); err != nil {
		t.Fatal(err)
	}
	_, err := d.Authoring.ManageBank(ctx, d.ann(), "ours", "add_member", func(b *authoring.Bank) error {
		b.Members = append(b.Members, d.people["ben"].ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) ann() authoring.Actor {
	return authoring.Actor{ID: d.people["ann"].ID, Role: d.people["ann"].Role}
}

func (d *desk) as(t *testing.T, name string) *testkit.Client {
	t.Helper()
	return d.Client(t, d.people[name])
}

// draft adds a question of ann's as a draft.
func (d *desk) draft(t *testing.T, id exam.QuestionID) *authoring.Item {
	t.Helper()
	q := testkit.Question(id, exam.Single, exam.AWS, "mlops-pipelines")
	if err := d.Authoring.AddDrafts(ctx, d.ann(), "ours", []*exam.Question{q}); err != nil {
		t.Fatal(err)
	}
	return d.item(t, id)
}

func (d *desk) item(t *testing.T, id exam.QuestionID) *authoring.Item {
	t.Helper()
	item, _, err := d.Authoring.Question(ctx, d.ann(), id)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

// submitted is a draft of ann's that waits for review.
func (d *desk) submitted(t *testing.T, id exam.QuestionID) {
	t.Helper()
	if _, err := d.Authoring.Submit(ctx, d.ann(), id, d.draft(t, id).DraftSeq); err != nil {
		t.Fatal(err)
	}
}

// questionFields is what the form of a question with four options sends.
func questionFields(id exam.QuestionID, seq int, ask string) url.Values {
	form := url.Values{
		"id": {string(id)}, "seq": {fmt.Sprint(seq)}, "type": {"single"}, "stem": {"A story."}, "ask": {ask}, "key": {"0"}, "do": {"save"},
		"platform": {"aws"}, "skill": {"mlops-pipelines"}, "difficulty": {"3"},
	}
	for i, text := range []string{"one", "two", "three", "four"} {
		form.Set(fmt.Sprintf("option.%d.text", i), text)
		form.Set(fmt.Sprintf("option.%d.rationale", i), "because "+text)
	}
	return form
}

// Who may do what with a bank's questions: nobody, a guest, a learner, an
// instructor who doesn't write in the bank, a member, its owner, an admin.
// A POST is sent with an empty form, so that whoever is let through is told what
// is missing: 400.
func TestWhoMayDoWhatWithAQuestion(t *testing.T) {
	visitors := []string{"nobody", "guest", "lea", "eve", "ben", "ann", "adam"}
	writers := func(status int) [7]int { return [7]int{401, 401, 403, 404, status, status, status} }
	scoped := map[string][7]int{
		"GET /banks/ours/questions/new":     writers(200),
		"POST /banks/ours/questions/new":    writers(400),
		"POST /banks/ours/media":            writers(400),
		"GET /questions/ours-one/edit":      writers(200),
		"POST /questions/ours-one/edit":     writers(400),
		"POST /questions/ours-one/life":     writers(400),
		"POST /questions/ours-one/comments": writers(400),
		"GET /questions/ours-one/versions":  writers(200),
		"POST /questions/ours-one/versions": {401, 401, 403, 400, 400, 400, 400},
		"GET /questions/ours-one/review":    writers(303), // nothing waits: on to the editor
		"POST /questions/ours-one/review":   writers(400),
		"GET /questions/ours-one/regrade":   {401, 401, 403, 404, 403, 200, 200},
		"POST /questions/ours-one/regrade":  {401, 401, 403, 400, 400, 400, 400},
		"POST /questions/preview":           {401, 401, 403, 400, 400, 400, 400},
		"GET /reviews":                      {401, 401, 403, 200, 200, 200, 200},
	}
	d := newDesk(t)
	item := d.draft(t, "ours-one")
	if _, err := d.Authoring.Publish(ctx, d.ann(), item.ID, item.DraftSeq, ""); err != nil {
		t.Fatal(err)
	}
	for route, want := range scoped {
		method, path, _ := strings.Cut(route, " ")
		for i, name := range visitors {
			reply := d.as(t, name).Do(t, method, path, nil, "Content-Type", "application/x-www-form-urlencoded")
			if reply.Status != want[i] {
				t.Errorf("%s as %s: status %d, want %d", route, name, reply.Status, want[i])
			}
			if found := leaks(reply.Body, nil); len(found) > 0 && want[i] >= 401 {
				t.Errorf("%s as %s tells %s", route, name, found)
			}
		}
	}
	// Nor can anybody else change it with a whole form.
	for _, name := range []string{"guest", "lea", "eve"} {
		d.as(t, name).Post(t, "/questions/ours-one/edit", questionFields("ours-one", d.item(t, "ours-one").DraftSeq, "Mine now?"))
		d.as(t, name).Post(t, "/questions/ours-one/regrade", url.Values{"version": {"1"}, "reason": {"because"}})
	}
	if now := d.item(t, "ours-one"); now.Draft != nil || now.Version != 1 {
		t.Errorf("somebody else changed the question: %+v", now)
	}
}

func TestANewQuestionIsKeptOnceHoweverOftenItIsSent(t *testing.T) {
	d := newDesk(t)
	client := d.as(t, "ann")
	page := client.Get(t, "/banks/ours/questions/new?type=single")
	_, rest, _ := strings.Cut(page.Body, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	form := questionFields(exam.QuestionID(id), 0, "Which?")
	first := client.Post(t, "/banks/ours/questions/new", form)
	if first.Status != http.StatusSeeOther || !strings.HasPrefix(first.Location(), "/questions/"+id+"/edit") {
		t.Fatalf("status %d, location %q: %s", first.Status, first.Location(), first.Body)
	}
	if second := client.Post(t, "/banks/ours/questions/new", form, "Accept", "application/json"); second.Status != http.StatusOK {
		t.Errorf("the same form again: %d %s", second.Status, second.Body)
	}
	items, total, err := d.Authoring.Questions(ctx, d.ann(), "ours", authoring.Filter{})
	if err != nil || total != 1 || items[0].Draft.Ask != "Which?" || items[0].State() != authoring.Draft {
		t.Errorf("the bank has %d questions, error %v", total, err)
	}
	for _, made := range []string{"theirs-0123456789", "ours-../../x", "ours-A"} {
		form.Set("id", made)
		if reply := client.Post(t, "/banks/ours/questions/new", form); reply.Status != http.StatusBadRequest {
			t.Errorf("the id %q: status %d, want 400", made, reply.Status)
		}
	}
}

func TestAutosaveAnswersAScript(t *testing.T) {
	d := newDesk(t)
	seq := d.draft(t, "ours-one").DraftSeq
	client := d.as(t, "ann")
	send := func(form url.Values) (int, map[string]any) {
		t.Helper()
		form.Set("do", "autosave")
		reply := client.Post(t, "/questions/ours-one/edit", form, "Accept", "application/json")
		var answer map[string]any
		if err := json.Unmarshal([]byte(reply.Body), &answer); err != nil {
			t.Fatalf("%d %q: %v", reply.Status, reply.Body, err)
		}
		return reply.Status, answer
	}
	status, answer := send(questionFields("ours-one", seq, "Which now?"))
	if status != 200 || answer["seq"] != float64(seq+1) || d.item(t, "ours-one").Draft.Ask != "Which now?" {
		t.Fatalf("%d %v", status, answer)
	}
	// The same once more changes nothing, so that no other editor is put in the wrong.
	if status, answer = send(questionFields("ours-one", seq+1, "Which now?")); status != 200 || answer["seq"] != float64(seq+1) {
		t.Errorf("unchanged: %d %v", status, answer)
	}
	if status, answer = send(questionFields("ours-one", seq, "Behind?")); status != 409 || answer["stale"] != true {
		t.Errorf("a page left behind: %d %v", status, answer)
	}
	wrong := questionFields("ours-one", seq+1, "Which?")
	wrong.Set("points", "many")
	if status, answer = send(wrong); status != 400 || !strings.Contains(fmt.Sprint(answer["message"]), "many") {
		t.Errorf("a number that is none: %d %v", status, answer)
	}
}

func TestAnEditorWhoIsBehindChoosesBetweenTheTexts(t *testing.T) {
	d := newDesk(t)
	seq := d.draft(t, "ours-one").DraftSeq
	if reply := d.as(t, "ben").Post(t, "/questions/ours-one/edit", questionFields("ours-one", seq, "What does Ben ask?")); reply.Status != http.StatusSeeOther {
		t.Fatalf("ben: %d %s", reply.Status, reply.Body)
	}
	ann := d.as(t, "ann")
	form := questionFields("ours-one", seq, "What does Ann ask?")
	reply := ann.Post(t, "/questions/ours-one/edit", form)
	for _, want := range []string{"<del>Ben </del>", "<ins>Ann </ins>", "Keep mine", "Take theirs", "changed by instructor"} {
		if !strings.Contains(reply.Body, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
	if reply.Status != http.StatusConflict || d.item(t, "ours-one").Draft.Ask != "What does Ben ask?" {
		t.Fatalf("status %d, kept %q", reply.Status, d.item(t, "ours-one").Draft.Ask)
	}
	form.Set("seq", fmt.Sprint(seq+1))
	form.Set("do", "keep")
	if reply := ann.Post(t, "/questions/ours-one/edit", form); reply.Status != http.StatusSeeOther || d.item(t, "ours-one").Draft.Ask != "What does Ann ask?" {
		t.Errorf("keeping mine: status %d, kept %q", reply.Status, d.item(t, "ours-one").Draft.Ask)
	}
}

func TestWhatIsInReviewIsNotChangedInPassing(t *testing.T) {
	d := newDesk(t)
	d.submitted(t, "ours-one")
	seq := d.item(t, "ours-one").DraftSeq
	form := questionFields("ours-one", seq, "Another?")
	form.Set("do", "autosave")
	if reply := d.as(t, "ann").Post(t, "/questions/ours-one/edit", form, "Accept", "application/json"); reply.Status != http.StatusConflict {
		t.Errorf("status %d, want 409", reply.Status)
	}
	if now := d.item(t, "ours-one"); now.State() != authoring.InReview || now.Draft.Ask == "Another?" {
		t.Errorf("the question in review was changed: %s %q", now.State(), now.Draft.Ask)
	}
	if page := d.as(t, "ann").Get(t, "/questions/ours-one/edit"); strings.Contains(page.Body, "<textarea name=\"ask\"") {
		t.Error("its author is offered a form while it is in review")
	}
}

func TestAPossibleReviewerSeesNoKeyBeforeSolving(t *testing.T) {
	d := newDesk(t)
	d.submitted(t, "ours-one")
	ben := d.as(t, "ben")
	queue := ben.Get(t, "/reviews")
	if !strings.Contains(queue.Body, "/questions/ours-one/review") || !strings.Contains(queue.Body, "Reviews (1)") {
		t.Error("the question isn't in the queue, or the navigation doesn't count it")
	}
	blind := 0
	for _, path := range []string{"/reviews", "/questions/ours-one/edit", "/questions/ours-one/review", "/questions/ours-one/versions", "/"} {
		reply := ben.Get(t, path)
		if found := leaks(reply.Body, nil); len(found) > 0 {
			t.Errorf("%s tells %s", path, found)
		}
		if strings.Contains(reply.Body, "[ours-one]") {
			blind++
		}
	}
	if blind == 0 {
		t.Error("the question was on no page, so nothing was tested")
	}
	// A comment in vain shows no more than a page would.
	for _, form := range []url.Values{{"text": {""}}, {"text": {"Hm."}}} {
		if found := leaks(ben.Post(t, "/questions/ours-one/comments", form).Body, nil); len(found) > 0 {
			t.Errorf("commenting tells %s", found)
		}
	}

	item := d.item(t, "ours-one")
	answer := url.Values{"do": {"solve"}, "revision": {item.Draft.Revision}, "option": {"1"}}
	if reply := ben.Post(t, "/questions/ours-one/review", answer); reply.Status != http.StatusSeeOther {
		t.Fatalf("solving: %d %s", reply.Status, reply.Body)
	}
	after := ben.Get(t, "/questions/ours-one/review")
	if len(leaks(after.Body, nil)) == 0 || !strings.Contains(after.Body, "What do you say to it?") {
		t.Error("the key isn't shown after solving, or no verdict is asked for")
	}
	if reply := ben.Post(t, "/questions/ours-one/review", url.Values{"do": {"judge"}, "verdict": {"change"}}); reply.Status != http.StatusBadRequest {
		t.Errorf("asking for a change without saying which: %d", reply.Status)
	}
	ben.Post(t, "/questions/ours-one/review", url.Values{"do": {"judge"}, "verdict": {"change"}, "comment": {"Two are right."}})
	if page := d.as(t, "ann").Get(t, "/questions/ours-one/edit"); !strings.Contains(page.Body, "Two are right.") || d.item(t, "ours-one").State() != authoring.Draft {
		t.Error("the question isn't back with its author, with what the reviewer says")
	}
}

// The statistics of a question show the key of the text in use, which is mostly the
// draft's too.
func TestStatisticsTellAPossibleReviewerNoKey(t *testing.T) {
	d := newDesk(t)
	item := d.draft(t, "ours-one")
	if _, err := d.Authoring.Publish(ctx, d.ann(), item.ID, item.DraftSeq, "First."); err != nil {
		t.Fatal(err)
	}
	const address = "/questions/ours-one/statistics"
	ben := d.as(t, "ben")
	if reply := ben.Get(t, address); reply.Status != http.StatusOK || len(leaks(reply.Body, nil)) == 0 {
		t.Fatalf("of a published question: status %d, and no key is shown", reply.Status)
	}
	item = d.item(t, "ours-one")
	next := *item.Published
	next.Ask = "Which one now?"
	item, err := d.Authoring.SaveDraft(ctx, d.ann(), item.ID, item.DraftSeq, &next)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Authoring.Submit(ctx, d.ann(), item.ID, item.DraftSeq); err != nil {
		t.Fatal(err)
	}
	if reply := ben.Get(t, address); reply.Status != http.StatusSeeOther || reply.Location() != "/questions/ours-one/edit" || len(leaks(reply.Body, nil)) > 0 {
		t.Errorf("before solving: status %d to %q", reply.Status, reply.Location())
	}
	if reply := d.as(t, "ann").Get(t, address); reply.Status != http.StatusOK {
		t.Errorf("its author: status %d", reply.Status)
	}
}

func TestWhoeverLooksAtTheKeyReviewsNoMore(t *testing.T) {
	d := newDesk(t)
	d.submitted(t, "ours-one")
	ben := d.as(t, "ben")
	if reply := ben.Post(t, "/questions/ours-one/review", url.Values{"do": {"look"}}); reply.Status != http.StatusSeeOther {
		t.Fatalf("status %d", reply.Status)
	}
	if page := ben.Get(t, "/questions/ours-one/edit"); len(leaks(page.Body, nil)) == 0 {
		t.Error("the key isn't shown to somebody who asked for it")
	}
	item := d.item(t, "ours-one")
	ben.Post(t, "/questions/ours-one/review", url.Values{"do": {"solve"}, "revision": {item.Draft.Revision}, "option": {"1"}})
	history, err := d.Authoring.History(ctx, d.ann(), "ours-one")
	if err != nil || len(history.Reviews) != 1 || !history.Reviews[0].GaveUp() {
		t.Errorf("reviews %+v, error %v", history.Reviews, err)
	}
	if page := ben.Get(t, "/reviews"); strings.Contains(page.Body, "/questions/ours-one/review") {
		t.Error("the question still waits for them")
	}
	published, err := d.Authoring.Publish(ctx, d.ann(), "ours-one", item.DraftSeq, "")
	if err != nil || published.Published.Review.Solved != 0 {
		t.Errorf("looking counts as solving: %+v, error %v", published.Published.Review, err)
	}
}

func TestAnEarlierVersionBecomesTheDraftAgain(t *testing.T) {
	d := newDesk(t)
	client := d.as(t, "ann")
	for _, ask := range []string{"First?", "Second?"} {
		seq := 1
		if ask == "First?" {
			d.draft(t, "ours-one")
		} else {
			seq = d.item(t, "ours-one").DraftSeq
		}
		form := questionFields("ours-one", seq, ask)
		form.Set("do", "publish")
		form.Set("note", "for "+ask)
		if reply := client.Post(t, "/questions/ours-one/edit", form); reply.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", ask, reply.Status, reply.Body)
		}
	}
	page := client.Get(t, "/questions/ours-one/versions")
	for _, want := range []string{"Version 2, the one in use", "for Second?", "<del>First?</del>", "<ins>Second?</ins>", "Make this the draft again"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the versions don't say %q", want)
		}
	}
	seq := d.item(t, "ours-one").DraftSeq
	client.Post(t, "/questions/ours-one/versions", url.Values{"version": {"1"}, "seq": {fmt.Sprint(seq)}})
	if now := d.item(t, "ours-one"); now.Draft == nil || now.Draft.Ask != "First?" || now.Published.Ask != "Second?" {
		t.Errorf("draft %+v", now.Draft)
	}
	form := questionFields("ours-one", d.item(t, "ours-one").DraftSeq, "First?")
	form.Set("do", "discard")
	client.Post(t, "/questions/ours-one/edit", form)
	if now := d.item(t, "ours-one"); now.Draft != nil {
		t.Error("the draft isn't thrown away")
	}
}

func TestAFormIsDrawnAnewForAnotherType(t *testing.T) {
	d := newDesk(t)
	client := d.as(t, "ann")
	form := questionFields("ours-one", 1, "Which?")
	for kind, want := range map[exam.Type]string{
		exam.Multiple: `name="option.0.key" value="yes" checked`, exam.YesNo: `name="statement.0.text"`,
		exam.Ordering: "Steps, in the right order", exam.Matching: `name="prompt.2.match"`,
	} {
		form.Set("type", string(kind))
		form.Set("do", "type")
		reply := client.Post(t, "/questions/preview", form)
		if reply.Status != 200 || !strings.Contains(reply.Body, want) || !strings.Contains(reply.Body, ">three</textarea>") {
			t.Errorf("%s: status %d, want %q and the texts as they were", kind, reply.Status, want)
		}
	}
	if _, total, err := d.Authoring.Questions(ctx, d.ann(), "ours", authoring.Filter{}); err != nil || total != 0 {
		t.Errorf("a preview kept %d questions, error %v", total, err)
	}
}

var tinyPNG = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 40)...)

func sendImage(t *testing.T, c *testkit.Client, path, alt string, data []byte) testkit.Reply {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("image", "network.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := form.WriteField("alt", alt); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return c.Do(t, http.MethodPost, path, &body, "Content-Type", form.FormDataContentType(), "Accept", "application/json")
}

func TestImagesComeWithWhatTheyShow(t *testing.T) {
	d := newDesk(t)
	ann := d.as(t, "ann")
	reply := sendImage(t, ann, "/banks/ours/media", "A [subnet]\nin two zones", tinyPNG)
	var answer struct{ Markdown string }
	if err := json.Unmarshal([]byte(reply.Body), &answer); err != nil || reply.Status != 200 || !strings.HasPrefix(answer.Markdown, "![A (subnet) in two zones](media:") {
		t.Fatalf("%d %s: %v", reply.Status, reply.Body, err)
	}
	if html := string(d.Deps.Text.Block(answer.Markdown)); !strings.Contains(html, `src="/media/`) {
		t.Errorf("the Markdown shows as %s", html)
	}
	for name, c := range map[string]struct {
		alt    string
		data   []byte
		who    string
		status int
	}{
		"no description":  {" ", tinyPNG, "ann", 400},
		"no image":        {"text", []byte("<svg onload=alert(1)>"), "ann", 400},
		"somebody else's": {"text", tinyPNG, "eve", 404},
		"too large":       {"text", make([]byte, 6<<20), "ann", 400},
	} {
		if reply := sendImage(t, d.as(t, c.who), "/banks/ours/media", c.alt, c.data); reply.Status != c.status {
			t.Errorf("%s: status %d, want %d: %s", name, reply.Status, c.status, reply.Body)
		}
	}
}

/* ---- Regrades ---------------------------------------------------------------- */

// rekey publishes a text of the question with another option as its key.
func (d *desk) rekey(t *testing.T, id exam.QuestionID, key int) {
	t.Helper()
	item := d.item(t, id)
	q := *item.Newest()
	q.Options = slices.Clone(q.Options)
	for i := range q.Options {
		q.Options[i].Key = i == key
	}
	item, err := d.Authoring.SaveDraft(ctx, d.ann(), id, item.DraftSeq, &q)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Authoring.Publish(ctx, d.ann(), id, item.DraftSeq, ""); err != nil {
		t.Fatal(err)
	}
}

// answered lets somebody answer the question with an option, alone in a mock exam.
func (d *desk) answered(t *testing.T, who string, id exam.QuestionID, option exam.OptionID) *sitting.Sitting {
	t.Helper()
	q := d.item(t, id).Published
	s := d.ExamOf(t, d.people[who], sitting.ID("exam-"+who), false, q)
	order := s.Order(q)
	place := fmt.Sprint(slices.Index(order, option) + 1)
	client := d.as(t, who)
	form := url.Values{"p0.option": {place}, "do": {"submit"}, "seq": {pageSeq(t, client, s.ID)}}
	if reply := client.Post(t, "/exams/"+string(s.ID), form); reply.Status != http.StatusSeeOther {
		t.Fatalf("the exam of %s: status %d: %s", who, reply.Status, reply.Body)
	}
	return s
}

func (d *desk) outcome(t *testing.T, s *sitting.Sitting) sitting.Given {
	t.Helper()
	given, err := d.Store.Answers(ctx, s.ID)
	if err != nil || len(given) != 1 {
		t.Fatalf("answers %v, error %v", given, err)
	}
	return given[0]
}

func TestACorrectedKeyReachesEverybodyConcerned(t *testing.T) {
	d := newDesk(t)
	item := d.draft(t, "ours-one")
	if _, err := d.Authoring.Publish(ctx, d.ann(), item.ID, item.DraftSeq, ""); err != nil {
		t.Fatal(err)
	}
	lea, eve, guest := d.answered(t, "lea", item.ID, "A"), d.answered(t, "eve", item.ID, "B"), d.answered(t, "guest", item.ID, "C")
	if got := d.outcome(t, lea).Outcome; got != exam.Right {
		t.Fatalf("A is %s before the correction", got)
	}
	ann := d.as(t, "ann")
	if page := ann.Get(t, "/questions/ours-one/regrade"); !strings.Contains(page.Body, "there is nothing to correct") {
		t.Error("a regrade is offered although the key never changed")
	}
	d.rekey(t, item.ID, 1)
	if page := ann.Get(t, "/questions/ours-one/edit"); !strings.Contains(page.Body, "given under the former key") {
		t.Error("the editor doesn't tell of the answers under the former key")
	}
	dry := ann.Get(t, "/questions/ours-one/regrade")
	for _, want := range []string{"3 answers can be judged", "of 2 people: 1 gained, 1 lost", "0 of 1 → 1 of 1", "1 of 1 → 0 of 1"} {
		if !strings.Contains(dry.Body, want) {
			t.Errorf("the dry run doesn't say %q:\n%s", want, dry.Body)
		}
	}
	if strings.Contains(dry.Body, "a guest") {
		t.Error("the dry run lists an answer that stays as it is")
	}
	if got := d.outcome(t, lea); got.Outcome != exam.Right || got.Correction != nil {
		t.Fatal("the dry run changed an answer")
	}
	if reply := ann.Post(t, "/questions/ours-one/regrade", url.Values{"version": {"2"}, "reason": {" "}}); reply.Status != 400 {
		t.Errorf("without a reason: %d", reply.Status)
	}
	if reply := ann.Post(t, "/questions/ours-one/regrade", url.Values{"version": {"2"}, "reason": {"B was right all along"}}); reply.Status != 303 {
		t.Fatalf("status %d: %s", reply.Status, reply.Body)
	}
	for _, c := range []struct {
		who  string
		s    *sitting.Sitting
		want exam.Outcome
		said string
	}{
		{"lea", lea, exam.Wrong, "Your answer no longer counts as right."},
		{"eve", eve, exam.Right, "Your answer counts as right now."},
		{"guest", guest, exam.Wrong, "Your answer counts as before."},
	} {
		got := d.outcome(t, c.s)
		if got.Outcome != c.want || got.Correction == nil {
			t.Errorf("%s: %s, correction %+v", c.who, got.Outcome, got.Correction)
			continue
		}
		page := d.as(t, c.who).Get(t, "/sittings/"+string(c.s.ID)+"/review")
		if want := "The key was corrected on 22 November 2026: B was right all along. " + c.said; !strings.Contains(page.Body, want) {
			t.Errorf("%s isn't told %q:\n%s", c.who, want, page.Body)
		}
		past, err := d.Store.History(ctx, d.people[c.who].ID)
		if err != nil || past[0].Outcome != c.want {
			t.Errorf("%s: in the history %s, error %v", c.who, past[0].Outcome, err)
		}
	}
	all, err := d.Store.AllAnswers(ctx)
	if err != nil || len(all) != 3 {
		t.Fatalf("answers %v, error %v", all, err)
	}
	right := 0
	for _, a := range all {
		if a.Outcome == exam.Right {
			right++
		}
	}
	if right != 1 || all[0].Learner == "" {
		t.Errorf("statistics see %d right answers, want 1", right)
	}
	// Once more changes nothing more.
	if reply := ann.Post(t, "/questions/ours-one/regrade", url.Values{"version": {"2"}, "reason": {"again"}}); reply.Status != http.StatusConflict {
		t.Errorf("a second time: status %d, want 409", reply.Status)
	}
	// The way back: the former key published, and judged again.
	d.rekey(t, item.ID, 0)
	if reply := ann.Post(t, "/questions/ours-one/regrade", url.Values{"version": {"3"}, "reason": {"It was A after all."}}); reply.Status != 303 {
		t.Fatalf("the way back: status %d", reply.Status)
	}
	for s, want := range map[*sitting.Sitting]exam.Outcome{lea: exam.Right, eve: exam.Wrong, guest: exam.Wrong} {
		if got := d.outcome(t, s); got.Outcome != want || got.Correction.Graded != want {
			t.Errorf("%s: counts as %s, was graded %s; want %s", s.ID, got.Outcome, got.Correction.Graded, want)
		}
	}
	if page := ann.Get(t, "/questions/ours-one/regrade"); !strings.Contains(page.Body, "B was right all along") || !strings.Contains(page.Body, "It was A after all.") {
		t.Error("the regrades aren't on record")
	}
}
