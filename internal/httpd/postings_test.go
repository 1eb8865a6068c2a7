package httpd_test

import (
	"bytes"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/recommend"
	"sextant/internal/testkit"
)

const (
	azurePosting = "AI developer, insurance\n\nRequirements\nAzure OpenAI and Azure AI Search\nPython\nRAG\n\nNice to have\nAI-102 or AI-103\nAzure Cognitive Services"
	awsPosting   = "ML engineer, logistics\n\nWe train in SageMaker and run on AWS Lambda. You know Glue, Athena and S3."
)

// hidden reads the hidden fields of a page.
func hidden(body string) url.Values {
	values := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		values.Add(m[1], m[2])
	}
	return values
}

// Postings are counted with where names stood, and the counts alone can be kept:
// in the profile, with the target cloud if that is wanted, and forgotten again.
func TestPostingsAreCountedAndTheCountsKept(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "learner@example.org")
	client := app.Client(t, p)
	situation := recommend.Situation{Factors: map[string][]string{"target_employer_cloud": {"aws"}, "target_role": {"ml_engineer"}}, Language: "en"}
	if err := app.Store.SaveProfile(ctx, p.ID, situation); err != nil {
		t.Fatal(err)
	}

	page := client.Post(t, "/postings", url.Values{"posting": {azurePosting + "\n\n---\n\n" + azurePosting, azurePosting, azurePosting, azurePosting, awsPosting}})
	for _, want := range []string{
		"Five of six postings name Azure most.", "83\u00a0% of six postings", "Set Azure as my target cloud", "In place of what you told us: AWS.",
		"<mark>Azure OpenAI</mark>", "Azure Cognitive Services is now Foundry Tools", "asked for in 5", "nice to have in 5", "AI-102 Microsoft Certified", `href="/certifications/AI-103"`,
		"Azure AI Search", "<mark>Glue</mark>", "Nothing you paste is stored",
	} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the result doesn't say %q", want)
		}
	}
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the result may be kept: Cache-Control %q", got)
	}
	kept := hidden(page.Body)
	if got := kept.Get("platform.azure") + kept.Get("platform.aws") + kept.Get("skill.rag-grounding") + kept.Get("service.amazon-s3"); got != "5151" {
		t.Errorf("the counts offered are %v", kept)
	}

	kept.Set("counts", "1")
	kept.Set("target", "azure_microsoft")
	if reply := client.Post(t, "/postings/keep", kept); reply.Location() != "/postings?done=postings" {
		t.Fatalf("keeping: %d to %q", reply.Status, reply.Location())
	}
	got, err := app.Store.Profile(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	m := got.Market
	if m == nil || m.Postings != 6 || m.Platforms[exam.Azure] != 5 || m.Services["azure-openai"] != 5 || !m.Counted.Equal(testkit.Today) {
		t.Errorf("kept: %+v", m)
	}
	if f := got.Factors; f["target_employer_cloud"][0] != "azure_microsoft" || f["target_role"][0] != "ml_engineer" || got.Language != "en" {
		t.Errorf("the profile is %+v: it changed in more than the target cloud", got)
	}
	if body := client.Get(t, "/postings").Body; !strings.Contains(body, "Counts of 6 postings, of 22 November 2026. Named most: AWS 1 and Azure 5.") {
		t.Error("the page doesn't say what is kept")
	}
	if body := client.Post(t, "/postings", url.Values{"posting": {azurePosting}}).Body; !strings.Contains(body, "Azure is your target cloud already.") {
		t.Error("the page offers what is set already")
	}

	client.Post(t, "/postings/keep", url.Values{"do": {"forget"}})
	if got, err := app.Store.Profile(ctx, p.ID); err != nil || got.Market != nil || got.Factors["target_role"][0] != "ml_engineer" {
		t.Errorf("forgotten: %+v, error %v", got, err)
	}
}

// The sentence says no more than the counts do.
func TestTheAnswerOfAFewPostings(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	client := app.Client(t, app.Person(t, account.Learner, "learner@example.org"))
	const (
		both      = "Data engineer, harbour\n\nYou know AWS or Azure, and Python."
		none      = "Data engineer, bakery\n\nYou know Python, Docker and SQL well."
		unsettled = "So few can't settle that it is more than half."
	)
	for _, c := range []struct {
		name, says, not string
		texts           []string
	}{
		{"one leads, one is even", "One of three postings names AWS most; no other cloud is named most in any.", unsettled, []string{awsPosting, both, none}},
		{"a third", "Two of six postings name AWS most.", unsettled, []string{awsPosting, awsPosting, azurePosting, none, none, both}},
		{"two thirds of few", unsettled, "No cloud leads", []string{awsPosting, awsPosting, azurePosting}},
		{"none", "None of the two postings names one of the three clouds.", unsettled, []string{none, none}},
	} {
		body := client.Post(t, "/postings", url.Values{"posting": c.texts}).Body
		if !strings.Contains(body, c.says) && !strings.Contains(body, strings.ReplaceAll(c.says, "'", "&#39;")) || strings.Contains(body, c.not) || strings.Contains(body, strings.ReplaceAll(c.not, "'", "&#39;")) {
			t.Errorf("%s: the page doesn't say %q, or says %q", c.name, c.says, c.not)
		}
	}
}

// What is pasted, or sent in a file, is in no file of the database, in no line
// of the log and in no address, whether it can be counted or not.
func TestNothingPastedIsStored(t *testing.T) {
	const marker = "Quokkaberrysson"
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	var log testkit.Log
	app.Deps.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	standard := slog.Default()
	slog.SetDefault(app.Deps.Logger)
	t.Cleanup(func() { slog.SetDefault(standard) })
	client := app.Client(t, nil)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)

	text := "Engineer at " + marker + "\n\nAWS, SageMaker and S3 for " + marker + "."
	page := client.Post(t, "/postings", url.Values{"posting": {text}})
	if !strings.Contains(page.Body, marker) {
		t.Fatal("the result doesn't show the sentence")
	}
	kept := hidden(page.Body)
	kept.Set("counts", "1")
	client.Post(t, "/postings/keep", kept)
	client.Post(t, "/postings", url.Values{"posting": {strings.Repeat(marker+" ", 40_000)}}) // too much
	client.Post(t, "/postings", url.Values{"posting": {marker}, "do": {"more"}})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, data := range map[string]string{"posting.html": "<p>" + text + strings.Repeat(" padding", 20_000) + "</p>", marker + ".pdf": marker} {
		file, err := form.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	reply := client.Do(t, http.MethodPost, "/postings", &body, "Content-Type", form.FormDataContentType())
	if reply.Status != http.StatusOK || !strings.Contains(reply.Body, "<mark>SageMaker</mark>") || !strings.Contains(reply.Body, "is no text file") {
		t.Errorf("files: %d, %d bytes", reply.Status, len(reply.Body))
	}

	if strings.Contains(log.String(), marker) {
		t.Error("the log holds what was pasted")
	}
	if !strings.Contains(log.String(), "/postings") {
		t.Error("the log holds nothing at all: the test looks in the wrong place")
	}
	for _, dir := range []string{app.Dir, temporary} {
		err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			if bytes.Contains(data, []byte(marker)) {
				t.Errorf("%s holds what was pasted", name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestPostingsThatCannotBeCounted(t *testing.T) {
	client := testkit.NewApp(t, testkit.Synthetic(t, 1)).Client(t, nil)
	for _, c := range []struct {
		name   string
		form   url.Values
		status int
		want   string
	}{
		{"nothing", url.Values{"posting": {"", "  \n"}}, 400, "There is nothing to count yet"},
		{"too long", url.Values{"posting": {strings.Repeat("AWS and text ", 20_000)}}, 400, "253 kB of text, and 200 kB are read at once"},
		{"too many", url.Values{"posting": {strings.Repeat("One more posting that asks for AWS skills.\n\n---\n\n", 41)}}, 400, "reads as 41 postings"},
		{"more boxes", url.Values{"posting": {"kept text"}, "do": {"more"}}, 200, "kept text</textarea>"},
		{"no cloud", url.Values{"posting": {"We bake bread and sell it to people who like bread."}}, 200, "The posting names none of the three clouds."},
	} {
		reply := client.Post(t, "/postings", c.form)
		if reply.Status != c.status || !strings.Contains(reply.Body, c.want) {
			t.Errorf("%s: status %d, want %d with %q", c.name, reply.Status, c.status, c.want)
		}
	}
	for _, form := range []url.Values{
		{"postings": {"0"}, "counts": {"1"}}, {"postings": {"3"}}, {"postings": {"1000"}, "counts": {"1"}}, {"postings": {"3"}, "target": {"mars"}},
		{"postings": {"3"}, "counts": {"1"}, "platform.aws": {"2"}, "platform.azure": {"2"}},
	} {
		if reply := client.Post(t, "/postings/keep", form); reply.Status != http.StatusBadRequest {
			t.Errorf("keeping %v: status %d, want 400", form, reply.Status)
		}
	}
}

// Counts that a form sends are kept only where they can be true.
func TestKeptCountsAreKnownAndPossible(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "learner@example.org")
	app.Client(t, p).Post(t, "/postings/keep", url.Values{
		"postings": {"3"}, "counts": {"1"}, "platform.aws": {"2"}, "platform.mars": {"1"}, "skill.rag-grounding": {"3"}, "skill.x": {"1"},
		"service.amazon-s3": {"4"}, "service.aws-glue": {"-1"}, "service.amazon-kendra": {"1"}, "note.x": {"my text"},
	})
	got, err := app.Store.Profile(ctx, p.ID)
	if err != nil || got.Market == nil {
		t.Fatalf("kept %+v, error %v", got, err)
	}
	m := got.Market
	if len(m.Platforms) != 1 || len(m.Skills) != 1 || len(m.Services) != 1 || m.Services["amazon-kendra"] != 1 {
		t.Errorf("kept %+v", m)
	}
}
