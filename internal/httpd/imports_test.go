package httpd_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/library"
	"sextant/internal/testkit"
)

const brokenFile = `id: broken-one
platform: aws
skill: no-such-skill
type: single
difficulty: 9
ask: What now?
options:
  - text: This
    key: true
    rationale: Because.
  - text: That
`

// quiz has three sound questions, one without a key and one that can't be held.
const quiz = `$CATEGORY: AWS/Retrieval augmented generation

::first:: What does Amazon Bedrock need? {=Passages ~Luck}

::second:: Which store keeps vectors? {~An index ~A queue}

$CATEGORY: Week 2

::third:: Is a cache a store? {F}

::fourth:: Write about tokens. {}

::fifth:: Which is an index? {=This ~That}
`

func encoded(t *testing.T, questions ...*exam.Question) []bank.File {
	t.Helper()
	files := make([]bank.File, len(questions))
	for i, q := range questions {
		data, err := bank.Encode(q)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = bank.File{Name: string(q.ID) + ".yaml", Data: data}
	}
	return files
}

func banks(t *testing.T, app *testkit.App) []library.Stored {
	t.Helper()
	stored, err := app.Store.Banks(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// sendFiles sends files to be imported, waits until they are read, and returns where
// the import is.
func sendFiles(t *testing.T, app *testkit.App, client *testkit.Client, title string, files ...bank.File) string {
	t.Helper()
	reply := client.Upload(t, "/imports", title, files...)
	if reply.Status != http.StatusSeeOther || !strings.HasPrefix(reply.Location(), "/imports/") {
		t.Fatalf("sending files: status %d, location %q\n%s", reply.Status, reply.Location(), reply.Body)
	}
	app.Uploads.Wait()
	return reply.Location()
}

func gift(text string) bank.File { return bank.File{Name: "quiz.gift", Data: []byte(text)} }

func TestAFileWithAMistakeIsMendedAndPublished(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Instructor, "owner@example.org"))
	sent := sendFiles(t, app, client, "Spring class", gift(quiz))
	preview := client.Get(t, sent)
	wantWords(t, "the preview", preview.Body, "3 questions will be added and 1 can&#39;t be asked as it is", "Nothing is written yet", "quiz.gift:5", "Publish 3 questions now, and keep 1 as a draft", "Mend it")
	if len(banks(t, app)) != 0 {
		t.Fatal("looking at the preview wrote a bank")
	}
	wantWords(t, "the banks", client.Get(t, "/banks").Body, "Spring class", "waits for your decision")

	item := sent + "/items/3"
	form := client.Get(t, item)
	wantWords(t, "the form", form.Body, "Which store keeps vectors?", "Mend a question")
	mended := url.Values{
		"type": {"single"}, "title": {"second"}, "ask": {"Which store keeps vectors?"}, "category": {"AWS/Retrieval augmented generation"},
		"option.0.text": {"An index"}, "option.1.text": {"A queue"}, "do": {"save"},
	}
	if reply := client.Post(t, item, mended); reply.Status != http.StatusUnprocessableEntity || !strings.Contains(reply.Body, "An index") {
		t.Errorf("mended without a key: status %d", reply.Status)
	}
	mended.Set("key", "0")
	if reply := client.Post(t, item, mended); reply.Status != http.StatusSeeOther {
		t.Fatalf("mended: status %d\n%s", reply.Status, reply.Body)
	}
	if body := client.Get(t, sent).Body; !strings.Contains(body, "Publish 4 questions now") {
		t.Errorf("once it is mended the preview says:\n%s", body)
	}

	published := client.Post(t, sent, url.Values{"do": {"publish"}})
	if published.Location() != "/banks/spring-class?done=imported" {
		t.Fatalf("publishing: status %d, location %s", published.Status, published.Location())
	}
	stored := banks(t, app)
	if len(stored) != 1 || len(stored[0].Questions) != 4 || stored[0].Visibility != authoring.Private || stored[0].Counts {
		t.Fatalf("in the store: %+v", stored)
	}
	if again := client.Post(t, sent, url.Values{"do": {"publish"}}); again.Status != http.StatusConflict || len(banks(t, app)[0].Questions) != 4 {
		t.Errorf("publishing twice: status %d", again.Status)
	}
	wantWords(t, "the import afterwards", client.Get(t, sent).Body, "This import is finished")
}

func TestLeavingOutAndTakingIn(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Instructor, "owner@example.org"))
	sent := sendFiles(t, app, client, "Spring class", gift(quiz))
	back := client.Post(t, sent+"/items/0", url.Values{"do": {"drop"}, "back": {"show=add"}})
	if back.Location() != sent+"?show=add#questions" {
		t.Errorf("left out: location %s", back.Location())
	}
	wantWords(t, "with one left out", client.Get(t, sent+"?show=dropped").Body, "1 stays out", "Take it in")
	client.Post(t, sent+"/items/0", url.Values{"do": {"take"}, "back": {"//elsewhere.example"}})
	wantWords(t, "taken in again", client.Get(t, sent).Body, "3 questions will be added")
	if reply := client.Post(t, sent, url.Values{"do": {"drafts"}}); reply.Location() != "/banks/spring-class?done=imported-drafts" {
		t.Fatalf("as drafts: status %d", reply.Status)
	}
	if stored := banks(t, app); len(stored) != 1 || len(stored[0].Questions) != 0 {
		t.Errorf("drafts are asked: %+v", stored)
	}
}

// A suggestion is shown with its reason and does nothing until it is taken.
func TestLabelsAreSuggestedAndGivenWhenTaken(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Instructor, "owner@example.org"))
	sent := sendFiles(t, app, client, "Spring class", gift(quiz))
	wantWords(t, "the preview", client.Get(t, sent).Body, "Skill: Retrieval-augmented generation and grounding", "the category&#39;s name says", "practice only: no platform, skill and difficulty")
	labels := url.Values{
		"category.0": {"AWS/Retrieval augmented generation"}, "difficulty.0": {"2"}, "tag.0": {"spring"},
		"category.1": {"Week 2"}, "platform.1": {"neutral"}, "use": {"0"},
	}
	if reply := client.Post(t, sent+"/labels", labels); reply.Status != http.StatusSeeOther {
		t.Fatalf("labels: status %d\n%s", reply.Status, reply.Body)
	}
	client.Post(t, sent, url.Values{"do": {"publish"}})
	for _, q := range banks(t, app)[0].Questions {
		first := q.Title == "first"
		if q.Measures() != first || first && (q.Skill != "rag-grounding" || q.Platform != exam.AWS || q.Difficulty != 2 || len(q.Tags) != 1) {
			t.Errorf("%s: %s %s %d %v", q.Title, q.Platform, q.Skill, q.Difficulty, q.Tags)
		}
		if !first && q.Platform != exam.Neutral {
			t.Errorf("%s is on %q", q.Title, q.Platform)
		}
	}
	labels.Set("difficulty.0", "7")
	another := sendFiles(t, app, client, "Another", gift(quiz))
	if reply := client.Post(t, another+"/labels", labels); reply.Status != http.StatusBadRequest {
		t.Errorf("a difficulty of 7: status %d", reply.Status)
	}
}

func TestAChangedFileShowsWhatDiffers(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Instructor, "owner@example.org"))
	client.Post(t, sendFiles(t, app, client, "Spring class", gift(quiz)), url.Values{"do": {"publish"}})
	sent := sendFiles(t, app, client, "spring-class", gift(strings.Replace(quiz, "=Passages", "=Retrieved passages", 1)))
	body := client.Get(t, sent+"?show=change").Body
	wantWords(t, "the preview", body, "1 question will be changed, 2 stay as they are", "Retrieved", "Option A", "It is there already")
}

func TestABrokenUploadChangesNothingAndNamesEveryLine(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Instructor, "instructor@example.org"))
	good := encoded(t, testkit.Question("good-one", exam.Single, exam.AWS, "mlops-pipelines"))[0]
	sent := sendFiles(t, app, client, "Mine", good,
		bank.File{Name: "broken-one.yaml", Data: []byte(brokenFile)},
		bank.File{Name: "not-yaml.yaml", Data: []byte("id: [\n")},
		bank.File{Name: "empty.yaml"},
		bank.File{Name: "typo.yaml", Data: []byte(strings.Replace(string(good.Data), "ask:", "aks:", 1))})
	body := client.Get(t, sent).Body
	if len(banks(t, app)) != 0 {
		t.Error("a preview wrote a bank")
	}
	for _, want := range []string{"broken-one.yaml:", "not-yaml.yaml", "empty.yaml", "typo.yaml:"} {
		if !strings.Contains(body, want) {
			t.Errorf("the preview doesn't name %s", want)
		}
	}
}

func TestAnImportIsItsOwners(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	owner := app.Client(t, app.Person(t, account.Instructor, "owner@example.org"))
	sent := sendFiles(t, app, owner, "Spring class", gift(quiz))
	for role, email := range map[account.Role]string{account.Instructor: "other@example.org", account.Admin: "admin@example.org"} {
		other := app.Client(t, app.Person(t, role, email))
		for _, path := range []string{sent, sent + "/items/0"} {
			if reply := other.Get(t, path); reply.Status != http.StatusNotFound || strings.Contains(reply.Body, "Passages") {
				t.Errorf("%s as %s: status %d", path, role, reply.Status)
			}
		}
		for _, path := range []string{sent, sent + "/items/0", sent + "/labels"} {
			if reply := other.Post(t, path, url.Values{"do": {"publish"}}); reply.Status != http.StatusNotFound {
				t.Errorf("POST %s as %s: status %d", path, role, reply.Status)
			}
		}
	}
	owner.Post(t, sent, url.Values{"do": {"publish"}})
	other := app.Client(t, app.Person(t, account.Instructor, "third@example.org"))
	if reply := other.Upload(t, "/imports", "Spring class", gift(quiz)); reply.Status != http.StatusForbidden || !strings.Contains(reply.Body, "belongs to somebody else") {
		t.Errorf("into somebody else's bank: status %d", reply.Status)
	}
}

func TestUploadsThatDoNotComeThrough(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Instructor, "instructor@example.org"))
	const field = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s"
	file := "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"big.gift\"\r\n\r\n" + strings.Repeat("x", 65<<20) + "\r\n--b--\r\n"
	for _, c := range []struct {
		name, kind, body string
		status           int
	}{
		{"no form", "text/plain", "hello", 400},
		{"cut off", "multipart/form-data; boundary=b", fmt.Sprintf(field, "title", "Mi"), 400},
		{"no boundary", "multipart/form-data", "hello", 400},
		{"empty", "multipart/form-data; boundary=b", "--b--\r\n", 400},
		{"too much pasted", "multipart/form-data; boundary=b", fmt.Sprintf(field, "text", strings.Repeat("x", 2<<20)) + "\r\n--b--\r\n", 400},
		{"too big", "multipart/form-data; boundary=b", file, 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			reply := client.Do(t, http.MethodPost, "/imports", strings.NewReader(c.body), "Content-Type", c.kind)
			app.Uploads.Wait()
			open, err := app.Store.Imports(ctx, "")
			if reply.Status != c.status || len(banks(t, app)) != 0 || len(open) != 0 || err != nil {
				t.Errorf("status %d, want %d; imports %v, error %v", reply.Status, c.status, open, err)
			}
			wantWords(t, c.name, reply.Body, "role=\"alert\"")
		})
	}
}

// An image comes in with its question and is served for good to those who have a
// session, and to nobody else.
func TestImagesOfImportsAreServed(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Instructor, "owner@example.org"))
	png := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("x"), 64)...)
	yaml := "id: pictured\ntype: single\nask: \"What is shown? ![a net](net.png)\"\noptions:\n  - text: Surely\n  - text: Hardly\n    key: true\n"
	sent := sendFiles(t, app, client, "Pictures", bank.File{Name: "q.yaml", Data: []byte(yaml)}, bank.File{Name: "net.png", Data: png})
	client.Post(t, sent, url.Values{"do": {"publish"}})
	_, key, ok := strings.Cut(client.Get(t, "/banks/pictures").Body, `src="/media/`)
	if !ok {
		t.Fatal("the bank's page shows no image")
	}
	key, _, _ = strings.Cut(key, `"`)
	guest := app.Client(t, app.Person(t, account.Guest, ""))
	reply := guest.Get(t, "/media/"+key)
	if reply.Status != http.StatusOK || reply.Body != string(png) || reply.Header.Get("Content-Type") != "image/png" || !strings.Contains(reply.Header.Get("Cache-Control"), "immutable") || reply.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the image: status %d, %v", reply.Status, reply.Header)
	}
	if again := guest.Get(t, "/media/"+key, "If-None-Match", reply.Header.Get("ETag")); again.Status != http.StatusNotModified {
		t.Errorf("asked again: status %d", again.Status)
	}
	for path, want := range map[string]int{"/media/" + strings.Repeat("0", 64) + ".png": 404, "/media/../sextant.db": 404, "/media/x": 404} {
		if got := guest.Get(t, path); got.Status != want {
			t.Errorf("%s: status %d, want %d", path, got.Status, want)
		}
	}
	if got := app.Client(t, nil).Get(t, "/media/"+key); got.Status != http.StatusUnauthorized {
		t.Errorf("without a session: status %d", got.Status)
	}
}
