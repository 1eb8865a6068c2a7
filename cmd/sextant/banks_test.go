package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestBankLintTellsExamsAndGuessersApart(t *testing.T) {
	code, out, errs := sextant("", "bank", "lint")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for _, c := range testkit.Catalogue(t).Certifications {
		if !regexp.MustCompile(`(?m)^` + string(c.Code) + ` +\d+ questions? +no errors +\d+ remarks?$`).MatchString(out) {
			t.Errorf("nothing says that %s has no errors", c.Code)
		}
		if !regexp.MustCompile(`(?m)^` + string(c.Code) + ` +\d+ +\d\d +\d+ \d+–\d+ `).MatchString(out) {
			t.Errorf("the guessers' table has no row for %s", c.Code)
		}
	}
	remarks, table := strings.LastIndex(out, ", coverage]\n"), strings.Index(out, "\nBy exam\n")
	if remarks > table || !strings.HasSuffix(strings.TrimSpace(out), "remarks") {
		t.Errorf("remarks come first, the tables next, the counts last:\n%s", out)
	}
	if _, quiet, _ := sextant("", "bank", "lint", "--quiet"); strings.Contains(quiet, "By exam") || strings.Count(quiet, "\n") != 1 {
		t.Errorf("--quiet prints more than errors and the counts:\n%s", quiet)
	}
	_, out, _ = sextant("", "bank", "lint", "--json")
	var report lintReport
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Testwise) != len(report.ByExam) || len(report.Testwise) != len(testkit.Catalogue(t).Certifications)+1 {
		t.Errorf("as JSON: %d and %d exams", len(report.Testwise), len(report.ByExam))
	}
}

func TestBankLintMarksAStrategyThatPays(t *testing.T) {
	files := map[string]string{}
	for i := range 60 {
		id := exam.QuestionID("pay-" + string(rune('a'+i/10)) + string(rune('0'+i%10)))
		files[string(id)+".yaml"] = encode(t, id, func(q *exam.Question) {
			for o := range q.Options {
				if q.Options[o].Key = o == i%4; q.Options[o].Key {
					q.Options[o].Text += ", which is longer and names Vertex AI"
				}
			}
		})
	}
	code, out, _ := sextant("", append([]string{"bank", "lint"}, writeFiles(t, files)...)...)
	if code != 1 || !regexp.MustCompile(`(?m)^the bank +60 +25 +100 94–100 \*\*`).MatchString(out) || !strings.Contains(out, "The model goes by options that are: ") {
		t.Errorf("exit code %d:\n%s", code, out[max(0, len(out)-2500):])
	}
}

func TestBankNewNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	code, out, errs := sextant("", "bank", "new", "aws-rag-grounding-77", "--dir", dir)
	name := filepath.Join(dir, "aws", "rag-grounding", "aws-rag-grounding-77.yaml")
	if code != 0 || !strings.Contains(out, "sextant bank lint "+name) {
		t.Fatalf("exit code %d, printed %s%s", code, out, errs)
	}
	if code, _, errs := sextant("", "bank", "lint", name); code != 0 {
		t.Errorf("the new file has errors: %s", errs)
	}
	if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := sextant("", "bank", "new", "aws-rag-grounding-77", "--dir", dir); code != 2 || !strings.Contains(errs, "aws-rag-grounding-77 already") {
		t.Errorf("the same id again: exit code %d, %s", code, errs)
	}
	if code, _, errs := sextant("", "bank", "new", "aws-rag-grounding-78", "--out", name); code != 1 || !strings.Contains(errs, "exists already") {
		t.Errorf("the same file again: exit code %d, %s", code, errs)
	}
	if read(t, name) != "mine" {
		t.Error("the file was overwritten")
	}
	if code, out, _ := sextant("", "bank", "new", "--platform", "gcp", "--skill", "rag-grounding", "--type", "ordering"); code != 0 || !strings.Contains(out, "\ntype: ordering\n") {
		t.Errorf("printed: exit code %d, %s", code, out)
	}
}

func TestBankPreviewFindsFilesIdsAndCaseSets(t *testing.T) {
	good := writeFiles(t, map[string]string{"good-one.yaml": encode(t, "good-one", nil)})[0]
	broken := writeFiles(t, map[string]string{"bad.yaml": "id: bad\n"})[0]
	var stimulus string
	set := 0
	for _, q := range testkit.Embedded(t).Questions {
		if q.Stimulus != nil && (stimulus == "" || stimulus == string(q.Stimulus.ID)) {
			stimulus = string(q.Stimulus.ID)
			set++
		}
	}
	first := string(testkit.Embedded(t).Questions[0].ID)
	page := filepath.Join(t.TempDir(), "page.html")
	for _, c := range []struct {
		name      string
		args      []string
		code      int
		out, errs string
	}{
		{"a file", []string{good}, 0, "good-one\n────", ""},
		{"an id", []string{first}, 0, first + "\n────", ""},
		{"a broken file beside a good one", []string{good, broken}, 1, "good-one\n────", "bad.yaml:1: "},
		{"neither", []string{"no-such-thing"}, 2, "", "neither a file nor an id"},
		{"nothing", nil, 2, "", "--html FILE"},
		{"over a question", []string{"--html", good, first}, 2, "", "would overwrite a question file"},
		{"as a page", []string{"--html", page, good, first}, 0, "2 questions", ""},
	} {
		code, out, errs := sextant("", append([]string{"bank", "preview"}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) {
			t.Errorf("%s: exit code %d, printed %s, error %s", c.name, code, out, errs)
		}
	}
	if _, out, _ := sextant("", "bank", "preview", stimulus); strings.Count(out, "────\n") != set || set < 2 {
		t.Errorf("the case set %s of %d questions:\n%s", stimulus, set, out)
	}
	q := testkit.Question("good-one", exam.Single, exam.AWS, "mlops-pipelines")
	shown := read(t, page)
	if !strings.Contains(shown, q.Options[0].Rationale) || regexp.MustCompile(`(src|href)="(/|http:)`).MatchString(shown) || strings.Contains(shown, `url("fonts`) {
		t.Error("the page lacks a reason, or needs something from elsewhere")
	}
	if code, _, errs := sextant("", "bank", "preview", "--no-key", "--html", page, good); code != 0 {
		t.Fatal(errs)
	}
	for _, secret := range []string{q.Options[0].Rationale, q.Options[1].Rationale, q.Remember, q.References[0].URL} {
		if strings.Contains(read(t, page), secret) {
			t.Errorf("the page without keys says %q", secret)
		}
	}
}

func TestBankBlindFromDrawToGrade(t *testing.T) {
	dir := t.TempDir()
	form, sheet := filepath.Join(dir, "form.md"), filepath.Join(dir, "sheet.md")
	blind := func(args ...string) (int, string, string) {
		return sextant("", append([]string{"bank", "blind"}, args...)...)
	}
	if code, out, errs := blind("--n", "15", "--seed", "9", "--exam", "PMLE", "--out", form, "--sheet", sheet); code != 0 || !strings.Contains(out, "15 questions, seed 9") {
		t.Fatalf("exit code %d, printed %s%s", code, out, errs)
	}
	if code, _, errs := blind("--n", "15", "--seed", "9", "--out", form); code != 1 || !strings.Contains(errs, "exists already") {
		t.Errorf("over a form: exit code %d, %s", code, errs)
	}
	again := filepath.Join(dir, "again.md")
	if code, _, errs := blind("--n", "15", "--seed", "9", "--exam", "PMLE", "--out", again); code != 0 || strings.ReplaceAll(read(t, again), "again.md", "form.md") != read(t, form) {
		t.Errorf("the same seed makes another form (exit code %d, %s)", code, errs)
	}
	if code, out, _ := blind("--grade", sheet); code != 0 || !strings.Contains(out, "0 of 0 answers") || !strings.Contains(out, "15 left open") {
		t.Errorf("an empty sheet: exit code %d, %s", code, out)
	}

	var report bank.BlindReport
	if _, out, _ := blind("--grade", form, "--json"); json.Unmarshal([]byte(out), &report) != nil || report.Asked != 15 {
		t.Fatalf("as JSON: %s", out)
	}
	text := read(t, form)
	for i, q := range report.Questions {
		answer := q.Answers[0].Key
		if i == 0 {
			answer = "?"
		}
		text = regexp.MustCompile(`(?m)^(question: `+regexp.QuoteMeta(string(q.ID))+` .*\nanswer:)$`).ReplaceAllString(text, "${1} "+answer)
	}
	if err := os.WriteFile(form, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := blind("--grade", form, "--on", "2026-11-30")
	if code != 0 || !strings.HasPrefix(out, "14 of 15 answers agree with the key: 93 % (95 % interval 70 to 99)\n") ||
		!strings.Contains(out, "given   not settled by the text") || strings.Count(out, `date: "2026-11-30"}`) != 14 {
		t.Errorf("exit code %d, printed %s%s", code, out, errs)
	}
	if code, out, _ := blind("--grade", form, "--grade", sheet); code != 0 || !strings.Contains(out, "14 of 15 answers") || !strings.Contains(out, "15 left open") {
		t.Errorf("two solvers: exit code %d, %s", code, out)
	}
	if err := os.WriteFile(form, []byte(strings.Replace(text, "answer: ?", "answer: Z", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := blind("--grade", form); code != 1 || out != "" || !regexp.MustCompile(`^form\.md:\d+: .*answer "Z"`).MatchString(errs) || !strings.Contains(errs, "nothing was graded") {
		t.Errorf("a wrong letter: exit code %d, %s%s", code, out, errs)
	}
}

func TestBankBlindFromFiles(t *testing.T) {
	files := writeFiles(t, map[string]string{"mine-one.yaml": encode(t, "mine-one", nil), "mine-two.yaml": encode(t, "mine-two", nil)})
	form := filepath.Join(t.TempDir(), "form.md")
	blind := func(args ...string) (int, string, string) {
		return sextant("", slices.Concat([]string{"bank", "blind"}, args, files)...)
	}
	if code, out, errs := blind("--out", form); code != 0 || !strings.Contains(out, "--grade form.md mine-one.yaml mine-two.yaml") {
		t.Fatalf("exit code %d, printed %s%s", code, out, errs)
	}
	if strings.Contains(read(t, form), filepath.Dir(form)) {
		t.Error("the form names folders of this machine")
	}
	if code, _, errs := sextant("", "bank", "blind", "--grade", form); code != 1 || !strings.Contains(errs, "name the files the form was made from") {
		t.Errorf("without the files: exit code %d, %s", code, errs)
	}
	changed := strings.Replace(read(t, files[0]), "A team works", "Two teams work", 1)
	if err := os.WriteFile(files[0], []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := blind("--grade", form); code != 1 || !strings.Contains(errs, "mine-one has changed since the form was made") || strings.Contains(errs, "mine-two has") {
		t.Errorf("after a change: exit code %d, %s", code, errs)
	}
	if read(t, files[0]) != changed {
		t.Error("grading wrote to the bank")
	}
	for _, wrong := range [][]string{{"--n", "0", "--out", form}, {"--exam", "XYZ", "--out", form}, {}, {"--grade", form, "--out", form}, {"--grade", "no-such-file"}, {"--grade", form, "--on", "soon"}} {
		if code, _, errs := sextant("", append([]string{"bank", "blind"}, wrong...)...); code != 2 {
			t.Errorf("%v: exit code %d, %s", wrong, code, errs)
		}
	}
}

func TestBankProblemsListsWhatLearnersReported(t *testing.T) {
	data := t.TempDir()
	list := func(args ...string) string {
		t.Helper()
		code, out, errs := sextant("", append([]string{"bank", "problems", "--data", data}, args...)...)
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		return out
	}
	if out := list(); out != "no problems reported\n" {
		t.Errorf("with none: %q", out)
	}
	err := withApp(t.Context(), data, func(a *app) error {
		q := a.bank.Questions[0]
		p, err := a.accounts.Create(t.Context(), account.Registration{Email: "ada@example.org", Password: password}, account.Learner)
		if err != nil {
			return err
		}
		for _, revision := range []string{q.Revision, "as it was"} {
			problem := sitting.Problem{Person: p.ID, Question: q.ID, Revision: revision, Text: "B is right too.\nSee the docs.", At: time.Now()}
			if err := a.store.ReportProblem(t.Context(), problem); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out := list()
	for _, want := range []string{"of the present wording", "of an earlier wording", "    B is right too.\n    See the docs."} {
		if !strings.Contains(out, want) {
			t.Errorf("the list doesn't say %q:\n%s", want, out)
		}
	}
	if out := list("--json"); strings.Count(out, `"question"`) != 2 {
		t.Errorf("as JSON:\n%s", out)
	}
}
