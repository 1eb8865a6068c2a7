package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exam"
	"sextant/internal/readiness"
)

var update = flag.Bool("update", false, "renew golden files")

// shape lists the fields of a JSON value with their types, one a line; of an
// array, those of all its elements together.
func shape(t *testing.T, text string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	lines := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, field := range v {
				walk(path+"."+name, field)
			}
		case []any:
			for _, element := range v {
				walk(path+"[]", element)
			}
		default:
			lines[fmt.Sprintf("%s %T", path, v)] = true
		}
	}
	walk("", value)
	var sorted []string
	for line := range lines {
		sorted = append(sorted, line)
	}
	slices.Sort(sorted)
	return strings.Join(sorted, "\n") + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s", file, diff)
	}
}

// TestSimulateAsJSON: the shape others rely on, and the same figures for the same
// seed but for the times.
func TestSimulateAsJSON(t *testing.T) {
	play := func(args ...string) (string, map[string]any) {
		code, out, errs := sextant("", append([]string{"simulate", "--learners", "20", "--seed", "5", "--json"}, args...)...)
		if code != 0 || errs != "" {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		var fields map[string]any
		if err := json.Unmarshal([]byte(out), &fields); err != nil {
			t.Fatal(err)
		}
		return out, fields
	}
	out, first := play("--exam", "MLA-C02", "--items", "8")
	golden(t, "simulate.shape.golden", shape(t, out))
	if first["select_us_p99"] == 0. || first["update_us_p99"] == 0. {
		t.Error("no times were taken")
	}
	_, second := play("--exam", "MLA-C02", "--items", "8")
	for _, time := range []string{"select_us_p99", "update_us_p99"} {
		delete(first, time)
		delete(second, time)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the same seed: %s", diff)
	}
	out, fit := play("--exam", "fit", "--items", "8", "--learners", "3")
	golden(t, "simulate_fit.shape.golden", shape(t, out))
	if fit["exam"] != "fit" {
		t.Errorf("fit is called %v", fit["exam"])
	}
}

func TestSimulateInWords(t *testing.T) {
	for _, c := range []struct {
		name      string
		args      []string
		code      int
		out, errs string
	}{
		{"two exams", []string{"--exam", "MLA-C02", "--exam", "AI-103", "--selector", "random"}, 0, "MLA-C02/1", ""},
		{"combined truths", []string{"--exam", "AI-103", "--truth", "one-trait|slips=0.05", "--selector", "blueprint"}, 0, "one-trait,slips=0.05", ""},
		{"an unknown exam", []string{"--exam", "NOPE-1"}, 1, "", "no exam NOPE-1"},
		{"an unknown truth", []string{"--exam", "AI-103", "--truth", "luck=1"}, 1, "", "luck"},
		{"an unknown selector", []string{"--exam", "AI-103", "--selector", "psychic"}, 2, "", "psychic"},
		{"no exam", nil, 2, "", "--exam"},
		{"no such day", []string{"--exam", "fit", "--on", "soon"}, 1, "", "soon"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := sextant("", append([]string{"simulate", "--learners", "4", "--items", "4"}, c.args...)...)
			if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) {
				t.Errorf("exit code %d, printed %q, error %q; want %d, %q, %q", code, out, errs, c.code, c.out, c.errs)
			}
		})
	}
}

// TestSimulateOnlyWhatIsOffered: an exam the app doesn't measure isn't simulated.
func TestSimulateOnlyWhatIsOffered(t *testing.T) {
	_, model, err := builtInModel()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range model.Exams() {
		code, _, errs := sextant("", "simulate", "--exam", string(e.Code), "--learners", "1", "--items", "1", "--selector", "random")
		if (code == 0) != e.Offered || !e.Offered && !strings.Contains(errs, "too few questions") {
			t.Errorf("%s (offered: %t): exit code %d, %s", e.Code, e.Offered, code, errs)
		}
	}
}

// answersFile makes answers of two learners to questions of the built-in bank.
func answersFile(t *testing.T, model *readiness.Model) (file string, byLearner map[string][]exam.Response) {
	t.Helper()
	byLearner = map[string][]exam.Response{}
	var text bytes.Buffer
	text.WriteString("at,learner,score,item\n")
	for i, item := range model.Items() {
		if i >= 60 {
			break
		}
		learner, right := "ann", i%3 != 0
		if i%4 == 0 {
			learner, right = "bob, the second", i%8 == 0
		}
		at := time.Date(2026, 9, 1+i%28, 0, 0, 0, 0, time.UTC)
		r := exam.Response{Question: item.ID, Outcome: exam.Wrong, At: at}
		score := 0
		if right {
			r.Outcome, score = exam.Right, 1
		}
		byLearner[learner] = append(byLearner[learner], r)
		fmt.Fprintf(&text, "%s,%q,%d,%s\n", at.Format(time.DateOnly), learner, score, item.ID)
	}
	return writeFiles(t, map[string]string{"answers.csv": text.String()})[0], byLearner
}

// TestAssessSaysWhatTheReportSays: figure for figure.
func TestAssessSaysWhatTheReportSays(t *testing.T) {
	_, model, err := builtInModel()
	if err != nil {
		t.Fatal(err)
	}
	file, byLearner := answersFile(t, model)
	code, out, errs := sextant("", "assess", "--responses", file, "--on", "2026-11-22", "--json")
	if code != 0 || errs != "" {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	golden(t, "assess.shape.golden", shape(t, out))
	var got assessment
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Learners) != 2 {
		t.Fatalf("%d learners", len(got.Learners))
	}
	for _, l := range got.Learners {
		want, err := model.Report(byLearner[l.ID], time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), nil)
		if err != nil {
			t.Fatal(err)
		}
		if l.Answers != want.Answers || len(l.Certifications) != len(want.Exams) {
			t.Fatalf("%s: %d answers about %d exams, want %d about %d", l.ID, l.Answers, len(l.Certifications), want.Answers, len(want.Exams))
		}
		for i, e := range want.Exams {
			c := l.Certifications[i]
			if c.Code != e.Code || c.PassProbability != e.PassRaw || c.PassShown != e.Pass || c.N != e.Answers || len(c.Domains) != len(e.Domains) {
				t.Errorf("%s, %s: %+v, want %+v", l.ID, e.Code, c, e)
			}
			for d, domain := range e.Domains {
				if got := c.Domains[d]; got != (assessedDomain{domain.ID, domain.Interval.Estimate, domain.Interval.Low, domain.Interval.High, domain.Answers, domain.Shown}) {
					t.Errorf("%s, %s, domain %s: %+v, want %+v", l.ID, e.Code, domain.ID, got, domain)
				}
			}
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	code, text, _ := sextant(string(data), "assess", "--responses", "-", "--exam", "MLA-C02")
	if code != 0 || !strings.Contains(text, "ann") || !strings.Contains(text, "MLA-C02") || strings.Contains(text, "PMLE") {
		t.Errorf("in words: exit code %d\n%s", code, text)
	}
}

// TestAssessCountsAnswersWithoutATimeInFull, in the order of the file.
func TestAssessCountsAnswersWithoutATimeInFull(t *testing.T) {
	_, model, err := builtInModel()
	if err != nil {
		t.Fatal(err)
	}
	id := model.Items()[0].ID
	pass := func(csv string) (float64, int) {
		code, out, errs := sextant(csv, "assess", "--responses", "-", "--exam", "MLA-C02", "--on", "2026-11-22", "--json")
		var got assessment
		if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		return got.Learners[0].Certifications[0].PassProbability, got.Learners[0].Answers
	}
	once, _ := pass(fmt.Sprintf("learner,item,score\nann,%s,1\n", id))
	again, n := pass(fmt.Sprintf("learner,item,score\nann,%s,1\nann,%s,0\n", id, id))
	if n != 1 || math.Abs(once-again) > 1e-12 {
		t.Errorf("a repeat counts: %d answers, %v and %v", n, once, again)
	}
	now, _ := pass(fmt.Sprintf("learner,item,score,at\nann,%s,1,2026-11-23T00:00:00Z\n", id))
	if now != once {
		t.Errorf("without a time %v, at the day's end %v", once, now)
	}
	if old, _ := pass(fmt.Sprintf("learner,item,score,at\nann,%s,1,2024-11-23\n", id)); !(old < once) {
		t.Errorf("an answer of two years ago counts as much: %v, %v", old, once)
	}
}

func TestAssessNamesFaultyLines(t *testing.T) {
	_, model, err := builtInModel()
	if err != nil {
		t.Fatal(err)
	}
	id := string(model.Items()[0].ID)
	many := "learner,item,score\n" + strings.Repeat("ann,nonsense,1\n", 25)
	for _, c := range []struct {
		name, csv string
		errs      []string
	}{
		{"nothing", "", []string{"is empty"}},
		{"other columns", "who,what\n", []string{"-:1:", "learner,item,score"}},
		{"an unknown item", "learner,item,score\nann," + id + ",1\nann,nonsense,1\n", []string{"-:3:", `"nonsense"`}},
		{"bad scores", "learner,item,score\nann," + id + ",0.5\n\nbob," + id + ",\n", []string{"-:2:", `"0.5"`, "-:4:", `""`}},
		{"a short line", "learner,item,score\nann," + id + "\n", []string{"-:2:", "score"}},
		{"nobody", "learner,item,score\n," + id + ",1\n", []string{"-:2:", "no learner"}},
		{"a bad time", "learner,item,score,at\nann," + id + ",1,yesterday\n", []string{"-:2:", "yesterday"}},
		{"a broken quote", "learner,item,score\n\"ann," + id + ",1\n", []string{"quote"}},
		{"many", many, []string{"-:21:", "and 5 more"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := sextant(c.csv, "assess", "--responses", "-", "--json")
			if code != 1 || out != "" {
				t.Errorf("exit code %d, printed %q", code, out)
			}
			for _, want := range c.errs {
				if !strings.Contains(errs, want) {
					t.Errorf("the error %q doesn't say %q", errs, want)
				}
			}
		})
	}
	if code, _, errs := sextant("", "assess", "--responses", "no-such-file.csv"); code != 1 || !strings.Contains(errs, "no-such-file.csv") {
		t.Errorf("a file that isn't there: exit code %d, %s", code, errs)
	}
	if code, _, errs := sextant("learner,item,score\n", "assess", "--responses", "-", "--on", "soon"); code != 1 || !strings.Contains(errs, "soon") {
		t.Errorf("no such day: exit code %d, %s", code, errs)
	}
}
