package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exam"
)

const (
	giftQuestion  = "// [id:q1]\n::Caches:: Is a cache a store? {\n=No # It forgets.\n~Yes\n}\n"
	aikenQuestion = "Is a cache a store?\nA) Yes\nB) No\nANSWER: B\n"
)

// layOut writes files below a directory and returns it.
func layOut(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestADryRunPrintsWhatBecameOfEveryFile(t *testing.T) {
	dir := layOut(t, map[string]string{
		"a/quiz.txt": giftQuestion + "\nWhat do you think? {}\n\nWhich? {=a ~a}\n", "b.aiken": aikenQuestion, "LICENSE": "Free to use.", ".git/config": "x", "n.png": "\x89PNG\r\n\x1a\n",
	})
	code, out, errs := sextant("", "bank", "import", "--dry-run", "--json", dir)
	if code != 1 || errs != "" {
		t.Errorf("exit code %d, errors %q", code, errs)
	}
	var got map[string][]map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	if len(got) != 1 || len(got["files"]) != 3 {
		t.Fatalf("printed %s", out)
	}
	text := strings.ReplaceAll(out, filepath.ToSlash(dir)+"/", "")
	var report importReport
	if err := json.Unmarshal([]byte(text), &report); err != nil {
		t.Fatal(err)
	}
	for i, f := range report.Files { // the words are their formats' own
		for k := range f.Skipped {
			report.Files[i].Skipped[k].Reason = ""
		}
		for k, e := range f.Errors {
			if e.Message == "" || e.Remedy == "" {
				t.Errorf("an error without words: %+v", e)
			}
			report.Files[i].Errors[k] = importError{Where: e.Where}
		}
	}
	want := []importedFile{
		{Path: "LICENSE", Format: "unknown", Skipped: []skippedPart{{Where: "LICENSE"}}, Errors: []importError{}},
		{Path: "a/quiz.txt", Format: "gift", Imported: 1, Skipped: []skippedPart{{Where: "a/quiz.txt:7 (What do you think?)"}}, Errors: []importError{{Where: "a/quiz.txt:9 (Which?)"}}},
		{Path: "b.aiken", Format: "aiken", Imported: 1, Skipped: []skippedPart{}, Errors: []importError{}},
	}
	if diff := cmp.Diff(want, report.Files, cmp.AllowUnexported(importedFile{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestImportsExitCodes(t *testing.T) {
	dir := layOut(t, map[string]string{"good.gift": giftQuestion, "essay.gift": "What do you think? {}\n", "page.gift": "<!doctype html><html></html>", "bad.gift": "Which? {=a ~a}\n"})
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"everything came in", []string{"good.gift"}, 0, "1 question in 1 file, 0 skipped, 0 errors"},
		{"something has no place", []string{"essay.gift"}, 0, "0 questions in 1 file, 1 skipped, 0 errors"},
		{"a mistake", []string{"good.gift", "bad.gift"}, 1, "1 question in 2 files, 0 skipped, 1 error"},
		{"no file of questions", []string{"page.gift"}, 1, "an HTML page"},
		{"no file", []string{"gone.gift"}, 2, "there is no file"},
		{"an impossible platform", []string{"good.gift", "--platform=oracle"}, 2, "not a platform"},
		{"an impossible difficulty", []string{"good.gift", "--difficulty=6"}, 2, "no difficulty"},
	} {
		args := []string{"bank", "import", "--dry-run"}
		for _, a := range c.args {
			if strings.HasSuffix(a, ".gift") {
				a = filepath.Join(dir, a)
			}
			args = append(args, a)
		}
		if code, out, errs := sextant("", args...); code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("%s: exit code %d:\n%s%s", c.name, code, out, errs)
		}
	}
	if code, _, _ := sextant("", "bank", "import", "--dry-run", t.TempDir()); code != 2 {
		t.Errorf("an empty directory: exit code %d", code)
	}
	if code, _, _ := sextant("", "bank", "import"); code != 2 {
		t.Errorf("no file at all: exit code %d", code)
	}
}

func TestImportingAgainChangesNothing(t *testing.T) {
	dir, data := layOut(t, map[string]string{"quiz.gift": giftQuestion}), t.TempDir()
	file := filepath.Join(dir, "quiz.gift")
	importing := func(says string, args ...string) {
		t.Helper()
		code, out, errs := sextant("", append([]string{"bank", "import", "--data", data, "--bank", "Spring class", file}, args...)...)
		if code != 0 || !strings.Contains(out, says) {
			t.Errorf("exit code %d:\n%s%swant %q", code, out, errs, says)
		}
	}
	importing("bank spring-class: added 1, changed 0, unchanged 0\n", "--skill", "rag-grounding", "--platform", "aws", "--difficulty", "2")
	importing("bank spring-class: added 0, changed 0, unchanged 1\n", "--skill", "rag-grounding", "--platform", "aws", "--difficulty", "2")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(giftQuestion, "It forgets.", "It may forget.")+"\nAnother? {=a ~b}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	importing(`"added": 1,`, "--skill", "rag-grounding", "--platform", "aws", "--difficulty", "2", "--json")
	code, out, errs := sextant("", "bank", "export", "--data", data, "--bank", "spring class", "--format", "json", "--out", "-")
	if code != 0 || !strings.Contains(out, `"id": "spring-class-q1"`) || !strings.Contains(out, "It may forget.") || strings.Count(out, `"skill": "rag-grounding"`) != 2 {
		t.Errorf("exit code %d:\n%s%s", code, out, errs)
	}
	if code, _, errs := sextant("", "bank", "import", "--data", data, "--owner", "nobody@example.org", file); code != 1 || !strings.Contains(errs, "no account") {
		t.Errorf("an owner there isn't: exit code %d: %s", code, errs)
	}
	sextant("", "user", "create", "--data", data, "--role", "instructor", "ines@example.org")
	if code, _, errs := sextant("", "bank", "import", "--data", data, "--owner", "Ines@example.org", "--bank", "Hers", file); code != 0 {
		t.Errorf("an instructor: exit code %d: %s", code, errs)
	}
	if code, _, errs := sextant("", "bank", "import", "--data", data, "--owner", "ines@example.org", "--bank", "Spring class", file); code != 1 || !strings.Contains(errs, "somebody else") {
		t.Errorf("somebody else's bank: exit code %d: %s", code, errs)
	}
}

// What belongs to the built-in bank comes into another one under ids of its own.
func TestTheBuiltInBankComesBackThroughEveryFormat(t *testing.T) {
	dir := t.TempDir()
	for _, format := range strings.Split(exportFormats(), ", ") {
		if format == "aiken" {
			continue // which has little more than options
		}
		t.Run(format, func(t *testing.T) {
			file := filepath.Join(dir, "bank-"+format)
			code, out, errs := sextant("", "bank", "export", "--builtin", "--format", format, "--out", file)
			if code != 0 || !strings.Contains(out, "wrote 5") || errs == "" {
				t.Fatalf("exit code %d:\n%s%s", code, out, errs)
			}
			code, out, _ = sextant("", "bank", "import", "--dry-run", "--json", file)
			var report importReport
			if err := json.Unmarshal([]byte(out), &report); err != nil {
				t.Fatal(err)
			}
			if f := report.Files[0]; code != 0 || len(report.Files) != 1 || f.Imported < 500 || len(f.Errors) > 0 {
				t.Errorf("exit code %d: %d imported, errors %v", code, f.Imported, f.Errors)
			}
		})
	}
	data := t.TempDir()
	if code, out, errs := sextant("", "bank", "import", "--data", data, "--bank", "Mine", filepath.Join(dir, "bank-json")); code != 0 || !strings.Contains(out, "bank mine: added 5") {
		t.Errorf("exit code %d:\n%s%s", code, out, errs)
	}
}

func TestExportSaysFirstWhatGetsLost(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out.txt")
	code, out, errs := sextant("", "bank", "export", "--builtin", "--format", "aiken", "--losses")
	if code != 0 || !strings.Contains(out, "Aiken loses") || errs != "" {
		t.Errorf("exit code %d:\n%s%s", code, out, errs)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--builtin", "--format", "word", "--out", name}, "gift"},
		{[]string{"--format", "gift", "--out", name}, "--builtin"},
		{[]string{"--builtin", "--format", "gift"}, "--out"},
		{[]string{"--builtin", "--bank", "x", "--format", "gift", "--out", name}, "can't be used together"},
	} {
		if code, _, errs := sextant("", append([]string{"bank", "export"}, c.args...)...); code != 2 || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit code %d: %s", c.args, code, errs)
		}
	}
	if code, _, errs := sextant("", "bank", "export", "--data", t.TempDir(), "--bank", "none", "--format", "gift", "--out", name); code != 1 || !strings.Contains(errs, "no bank") {
		t.Errorf("exit code %d: %s", code, errs)
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("something was written")
	}
}

// An image in a zip survives the way into the database and out again.
func TestImagesComeInAndGoOut(t *testing.T) {
	const png = "\x89PNG\r\n\x1a\npicture"
	dir := layOut(t, map[string]string{"quiz.gift": "[markdown]See ![a plan](plan.png). Is it one? {=Yes ~No}\n", "plan.png": png})
	data, out := t.TempDir(), filepath.Join(t.TempDir(), "out.zip")
	if code, said, errs := sextant("", "bank", "import", "--data", data, filepath.Join(dir, "quiz.gift")); code != 0 || strings.Contains(said, "warning") {
		t.Fatalf("exit code %d:\n%s%s", code, said, errs)
	}
	if code, _, errs := sextant("", "bank", "export", "--data", data, "--bank", "quiz", "--format", "yaml", "--out", out); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	archive, err := zip.OpenReader(out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }() // it was only read
	found := false
	for _, f := range archive.File {
		if strings.HasPrefix(f.Name, "media/") {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			var image bytes.Buffer
			if _, err := image.ReadFrom(r); err != nil {
				t.Fatal(err)
			}
			found = image.String() == png
		}
	}
	if !found {
		t.Error("the image isn't in the zip")
	}
}

// longQuiz is a GIFT file of so many questions.
func longQuiz(t testing.TB, questions int) string {
	t.Helper()
	var text strings.Builder
	for i := range questions {
		fmt.Fprintf(&text, `// [id:q%d]
A team of %d trains a model every night on capacity that may be taken back. Which costs the least? {
=Spare capacity %d#It is sold below its price.
~Reserved capacity#It is paid for by day as well.
~Dedicated hosts#They cost most of all.
####What can be interrupted runs on spare capacity.
}

`, i, i, i)
	}
	return filepath.Join(layOut(t, map[string]string{"quiz.gift": text.String()}), "quiz.gift")
}

// An import of 10,000 questions by the program itself, with its database: at most
// 60 s and 300 MB on two cores, as an instructor may expect. 2.7 s and 135 MB on
// two shared cores.
func BenchmarkImportOfTenThousand(b *testing.B) {
	binary, err := program()
	if err != nil {
		b.Fatal(err)
	}
	file := longQuiz(b, 10000)
	for b.Loop() {
		command := exec.CommandContext(b.Context(), binary, "bank", "import", "--data", b.TempDir(), "--bank", "Long", file)
		if out, err := command.CombinedOutput(); err != nil {
			b.Fatalf("%v:\n%s", err, out)
		}
		usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok {
			b.Fatal("this system doesn't tell how much memory a program took")
		}
		b.ReportMetric(float64(usage.Maxrss)/1024, "peak-MB")
	}
}

// However suddenly an import ends, its bank has all of its questions or none of
// them, and it can be done again.
func TestAKilledImportIsWholeOrNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and kills the program")
	}
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	const questions, kills = 10000, 6
	file, data := longQuiz(t, questions), t.TempDir()
	importing := func(title string) *exec.Cmd {
		return exec.CommandContext(context.Background(), binary, "bank", "import", "--data", data, "--bank", title, file)
	}
	begun := time.Now()
	if out, err := importing("Trial").CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	whole := time.Since(begun)
	for i := range kills {
		command := importing(fmt.Sprintf("Trial %d", i))
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(i+1) / kills)
		p := process{command: command}
		p.kill()
	}
	counts := map[exam.BankID]int{}
	err = withApp(context.Background(), data, func(a *app) error {
		snapshot, err := a.library.Snapshot(context.Background())
		if err == nil {
			for _, b := range snapshot.Banks() {
				counts[b.ID] = len(b.Questions)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range counts {
		if id != exam.BuiltIn && n != questions {
			t.Errorf("bank %s has %d of %d questions", id, n, questions)
		}
	}
	if code, out, errs := sextant("", "bank", "import", "--data", data, "--bank", "Trial 0", file); code != 0 {
		t.Errorf("once more: exit code %d:\n%s%s", code, out, errs)
	}
}
