package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/testkit"
)

type netAddr = net.Addr

// programDir holds the built program for as long as the tests run.
var programDir string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "sextant-test-")
		if err != nil {
			panic(err)
		}
		defer func() { _ = os.RemoveAll(dir) }() // the system tidies its temporary folder anyway
		programDir = dir
		return m.Run()
	}())
}

// output is a buffer that a server may write to while a test reads.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func testStreams(input string) (std streams, out, errs *output) {
	out, errs = &output{}, &output{}
	return streams{in: strings.NewReader(input), out: out, err: errs}, out, errs
}

// sextant runs a command line and returns its exit code and what it printed.
func sextant(input string, args ...string) (code int, out, errs string) {
	std, o, e := testStreams(input)
	err := run(context.Background(), args, std)
	return exitCode(err), o.String(), e.String()
}

func TestExitCodesAndWords(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		code int
		out  string // must be part of what is printed
		errs string // must be part of what is printed as an error
	}{
		{"help", []string{"--help"}, 0, "Usage: sextant", ""},
		{"help of a command", []string{"bank", "lint", "--help"}, 0, "--quiet", ""},
		{"version", []string{"version"}, 0, "sextant ", ""},
		{"no command", nil, 2, "", "expected one of"},
		{"half a command", []string{"bank"}, 2, "", "expected one of"},
		{"an unknown command", []string{"serv"}, 2, "", `did you mean one of "serve"`},
		{"an unknown command below", []string{"bank", "lnt"}, 2, "", `did you mean "lint"`},
		{"an unknown flag", []string{"serve", "--adr", ":1"}, 2, "", `did you mean "--addr"`},
		{"a missing argument", []string{"user", "create"}, 2, "", "<email>"},
		{"no file to add", []string{"bank", "add", "--data", dir}, 2, "", "<files>"},
		{"a file that isn't there", []string{"bank", "lint", "no-such-file.yaml"}, 2, "", "no-such-file.yaml"},
		{"an unknown role", []string{"user", "create", "a@example.org", "--role", "king"}, 2, "", "learner"},
		{"the catalogue", []string{"catalogue", "check"}, 0, "no errors", ""},
		{"the bank", []string{"bank", "stats"}, 0, "eligible for MLA-C02", ""},
		{"no such account", []string{"user", "set-role", "nobody@example.org", "admin", "--data", dir}, 1, "", "no account"},
		{"an address in use", []string{"serve", "--addr", "256.0.0.1:1", "--data", dir}, 1, "", "256.0.0.1"},
		{"nobody serving", []string{"health", "--addr", "127.0.0.1:1"}, 1, "", "health"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := sextant("", c.args...)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if !strings.Contains(out, c.out) {
				t.Errorf("printed %q, want %q in it", out, c.out)
			}
			if !strings.Contains(errs, c.errs) || c.code == 0 && errs != "" {
				t.Errorf("printed the error %q, want %q in it", errs, c.errs)
			}
			if c.code == 2 && !strings.Contains(errs, "--help'") {
				t.Errorf("the error %q doesn't say where help is", errs)
			}
		})
	}
}

func TestBankStatsAsJSON(t *testing.T) {
	code, out, errs := sextant("", "bank", "stats", "--json")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &fields); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for key := range fields {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if diff := cmp.Diff([]string{"by_certification", "by_difficulty", "by_platform", "by_skill", "by_type", "questions"}, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	var stats struct {
		Questions       int            `json:"questions"`
		ByPlatform      map[string]int `json:"by_platform"`
		BySkill         map[string]int `json:"by_skill"`
		ByType          map[string]int `json:"by_type"`
		ByDifficulty    map[string]int `json:"by_difficulty"`
		ByCertification map[string]struct {
			Eligible int            `json:"eligible"`
			Domains  map[string]int `json:"domains"`
		} `json:"by_certification"`
	}
	decoder := json.NewDecoder(strings.NewReader(out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&stats); err != nil {
		t.Fatal(err)
	}
	if want := len(testkit.Embedded(t).Questions); stats.Questions != want || want == 0 {
		t.Errorf("%d questions, want %d", stats.Questions, want)
	}
	for name, counts := range map[string]map[string]int{"platform": stats.ByPlatform, "skill": stats.BySkill, "type": stats.ByType, "difficulty": stats.ByDifficulty} {
		sum := 0
		for _, n := range counts {
			sum += n
		}
		if sum != stats.Questions {
			t.Errorf("the counts by %s add up to %d, want %d", name, sum, stats.Questions)
		}
	}
	cat := testkit.Catalogue(t)
	if len(stats.ByCertification) != len(cat.Certifications) {
		t.Errorf("%d certifications, want %d", len(stats.ByCertification), len(cat.Certifications))
	}
	for _, cert := range cat.Certifications {
		one, ok := stats.ByCertification[string(cert.Code)]
		sum := 0
		for _, d := range cert.Domains {
			n, listed := one.Domains[string(d.ID)]
			if !listed {
				t.Errorf("%s: domain %s is missing", cert.Code, d.ID)
			}
			sum += n
		}
		if !ok || sum != one.Eligible || len(one.Domains) != len(cert.Domains) {
			t.Errorf("%s: %d eligible, the domains add up to %d (listed: %t)", cert.Code, one.Eligible, sum, ok)
		}
	}
}

func writeFiles(t *testing.T, files map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	var names []string
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, full)
	}
	slices.Sort(names)
	return names
}

func encode(t *testing.T, id exam.QuestionID, change func(*exam.Question)) string {
	t.Helper()
	q := testkit.Question(id, exam.Single, exam.AWS, "mlops-pipelines")
	if change != nil {
		change(q)
	}
	data, err := bank.Encode(q)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestBankLintFailsOnErrorsOnly(t *testing.T) {
	good := writeFiles(t, map[string]string{"good-one.yaml": encode(t, "good-one", nil)})
	broken := writeFiles(t, map[string]string{
		"good-two.yaml": encode(t, "good-two", nil),
		"bad-one.yaml":  strings.Replace(encode(t, "bad-one", nil), "difficulty: 3", "difficulty: 9", 1),
	})
	if code, out, _ := sextant("", append([]string{"bank", "lint"}, good...)...); code != 0 || !strings.Contains(out, "1 questions: 0 errors") {
		t.Errorf("a good file: exit code %d, printed %s", code, out)
	}
	code, out, errs := sextant("", append([]string{"bank", "lint", "--quiet"}, broken...)...)
	if code != 1 || !strings.Contains(out, "bad-one.yaml:") || strings.Contains(out, "good-two.yaml:") || errs != "" {
		t.Errorf("a broken file: exit code %d, printed %s, error %s", code, out, errs)
	}
	code, out, _ = sextant("", append([]string{"bank", "lint", "--json"}, broken...)...)
	var report lintReport
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if code != 1 || report.Errors == 0 || len(report.List) != report.Errors+report.Remarks {
		t.Errorf("as JSON: exit code %d, %+v", code, report)
	}
	if !slices.ContainsFunc(report.List, func(l lintLine) bool {
		return l.File == "bad-one.yaml" && l.Line > 0 && l.Field == "difficulty" && l.Severity == "error"
	}) {
		t.Errorf("the list doesn't name the difficulty: %+v", report.List)
	}
	if code, out, errs := sextant("", "bank", "lint", "--quiet"); code != 0 {
		t.Errorf("the bank that ships with the program: exit code %d\n%s%s", code, out, errs)
	}
}

func TestBankAdd(t *testing.T) {
	data := t.TempDir()
	first := writeFiles(t, map[string]string{"mine-one.yaml": encode(t, "mine-one", nil), "mine-two.yaml": encode(t, "mine-two", func(q *exam.Question) { q.Stem = "Quite another story, told at some length." })})
	broken := writeFiles(t, map[string]string{"mine-one.yaml": "id: mine-one\n"})
	add := func(files []string, flags ...string) (int, string, string) {
		return sextant("", slices.Concat([]string{"bank", "add", "--data", data, "--title", "Mine"}, flags, files)...)
	}
	if code, out, _ := add(first, "--dry-run"); code != 0 || !strings.Contains(out, "2 questions in 2 files") || strings.Contains(out, "bank mine") {
		t.Errorf("a dry run: exit code %d, printed %s", code, out)
	}
	if code, out, errs := add(broken); code != 1 || !strings.Contains(errs, "nothing was added") || !strings.Contains(out, "mine-one.yaml:") {
		t.Errorf("a broken file: exit code %d, printed %s, error %s", code, out, errs)
	}
	if code, out, errs := add(first, "--counts"); code != 0 || !strings.Contains(out, "bank mine: added 2, changed 0, unchanged 0") {
		t.Errorf("adding: exit code %d, printed %s, error %s", code, out, errs)
	}
	if code, out, _ := add(first[:1]); code != 0 || !strings.Contains(out, "bank mine: added 0, changed 0, unchanged 1") {
		t.Errorf("adding again: exit code %d, printed %s", code, out)
	}
	stored, err := testkit.Store(t, data, testkit.NewClock().Now).Banks(context.Background())
	if err != nil || len(stored) != 1 || !stored[0].Measures() || len(stored[0].Questions) != 2 {
		t.Errorf("kept: %+v, error %v; want one bank of two questions that counts", stored, err)
	}
}

func TestManagingAccounts(t *testing.T) {
	data := t.TempDir()
	user := func(input string, args ...string) (int, string, string) {
		return sextant(input, append([]string{"user", args[0], "--data", data}, args[1:]...)...)
	}
	for _, c := range []struct {
		name, input string
		args        []string
		code        int
		out, errs   string
	}{
		{"create", "a long password\n", []string{"create", "Ann@Example.org", "--name", "Ann", "--password-stdin"}, 0, "created ann@example.org (learner)\n", ""},
		{"the same again", "a long password\n", []string{"create", "ann@example.org", "--password-stdin"}, 1, "", "already"},
		{"a short password", "short\n", []string{"create", "bob@example.org", "--password-stdin"}, 1, "", "at least 10"},
		{"no password", "", []string{"create", "bob@example.org", "--password-stdin"}, 1, "", "at least 10"},
		{"no address", "", []string{"create", "bob"}, 1, "", "not an email"},
		{"made up", "", []string{"create", "bob@example.org", "--role", "instructor"}, 0, "password: ", ""},
		{"set a role", "", []string{"set-role", "ANN@example.org", "admin"}, 0, "ann@example.org is now admin", ""},
		{"reset", "another password\r\n", []string{"reset-password", "ann@example.org", "--password-stdin"}, 0, "has a new password", ""},
		{"reset nobody's", "another password\n", []string{"reset-password", "nobody@example.org", "--password-stdin"}, 1, "", "no account"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := user(c.input, c.args...)
			if code != c.code || !strings.Contains(strings.ToLower(out), c.out) || !strings.Contains(errs, c.errs) {
				t.Errorf("exit code %d, printed %q, error %q; want %d, %q, %q", code, out, errs, c.code, c.out, c.errs)
			}
			if line := strings.TrimSpace(c.input); line != "" && strings.Contains(out+errs, line) {
				t.Error("the password is printed")
			}
		})
	}
	_, out, _ := user("", "list")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "ann@example.org") || !strings.Contains(lines[1], "admin") || !strings.Contains(lines[1], "Ann") || !strings.Contains(lines[2], "instructor") {
		t.Errorf("the list:\n%s", out)
	}

	app := testkit.OpenApp(t, testkit.Embedded(t), data, testkit.NewClock())
	for password, ok := range map[string]bool{"a long password": false, "another password": true} {
		if _, err := app.Accounts.SignIn(context.Background(), nil, "ann@example.org", password); (err == nil) != ok {
			t.Errorf("signing in with %q: error %v", password, err)
		}
	}
}

func TestTheVersionIsOneLine(t *testing.T) {
	_, out, _ := sextant("", "version")
	if strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, "sextant ") {
		t.Errorf("printed %q", out)
	}
	was := version
	defer func() { version = was }()
	version = "v1.2.3"
	if _, out, _ := sextant("", "version"); !strings.HasPrefix(out, fmt.Sprintf("sextant %s (", version)) {
		t.Errorf("a release prints %q", out)
	}
}
