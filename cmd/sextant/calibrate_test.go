package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Section 6 of the Law School Admission Test (Bock & Lieberman 1970): patterns
// of five answers and how many of 1000 test takers gave each.
const lsat6 = `a,b,c,d,e,freq
0,0,0,0,0,3
0,0,0,0,1,6
0,0,0,1,0,2
0,0,0,1,1,11
0,0,1,0,0,1
0,0,1,0,1,1
0,0,1,1,0,3
0,0,1,1,1,4
0,1,0,0,0,1
0,1,0,0,1,8
0,1,0,1,1,16
0,1,1,0,1,3
0,1,1,1,0,2
0,1,1,1,1,15
1,0,0,0,0,10
1,0,0,0,1,29
1,0,0,1,0,14
1,0,0,1,1,81
1,0,1,0,0,3
1,0,1,0,1,28
1,0,1,1,0,15
1,0,1,1,1,80
1,1,0,0,0,16
1,1,0,0,1,56
1,1,0,1,0,21
1,1,0,1,1,173
1,1,1,0,0,11
1,1,1,0,1,61
1,1,1,1,0,28
1,1,1,1,1,298
`

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCalibrateAsJSON(t *testing.T) {
	code, out, errs := sextant(lsat6, "calibrate", "--json", "-")
	if code != 0 || errs != "" {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	if want := `{
  "model": "2pl",
  "persons": 1000,
  "loglik": -2466.653`; !strings.HasPrefix(out, want) {
		t.Errorf("printed %.80q, want it to begin with %q", out, want)
	}
	if want := `"item": "a",
      "a": 0.825`; !strings.Contains(out, want) {
		t.Errorf("no %q in %.300q", want, out)
	}
	var report struct {
		Iterations int
		Converged  bool
		Items      []struct {
			Item          string
			A, B, C, D, N float64
			SEA           float64 `json:"se_a"`
			SEB           float64 `json:"se_b"`
			Fit           struct {
				SX2 float64 `json:"s_x2"`
				DF  int
				P   float64
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if !report.Converged || report.Iterations == 0 || len(report.Items) != 5 {
		t.Fatalf("report %+v", report)
	}
	for _, it := range report.Items {
		if math.Abs(it.D+it.A*it.B) > 1e-12 || it.N != 1000 || it.SEA <= 0 || it.SEB <= 0 || it.Fit.P <= 0 {
			t.Errorf("item %+v", it)
		}
	}
}

func TestCalibrateForPeople(t *testing.T) {
	code, out, errs := sextant(lsat6, "calibrate", "--model=1pl", "-")
	if code != 0 || errs != "" {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for _, want := range []string{"1PL: 5 items, 1000 persons, log-likelihood -2466.9376", "-3.615", "S-X²"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestCalibrateWritesScores(t *testing.T) {
	path := writeFile(t, "r.csv.gz", "")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	packed := gzip.NewWriter(file)
	_, _ = packed.Write([]byte("person,x,y,z\nann,1,0,1\nbob,0,1,1\ncid,1,,0\ndee,0,0,\n")) // errors show at Close
	if err := firstError(packed.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
	scores := filepath.Join(t.TempDir(), "scores.csv")
	if code, _, errs := sextant("", "calibrate", "--priors", "--scores", scores, path); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	text, err := os.ReadFile(scores)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var first []string
	for _, line := range lines {
		first = append(first, strings.Split(line, ",")[0])
	}
	if !slices.Equal(first, []string{"person", "ann", "bob", "cid", "dee"}) || !strings.HasSuffix(lines[3], ",2") {
		t.Errorf("scores:\n%s", text)
	}
}

func TestCalibrateGuessing(t *testing.T) {
	asymptotes := "item,c\n"
	for _, name := range strings.Split("abcde", "") {
		asymptotes += fmt.Sprintf("%s,0.2\n", name)
	}
	_, one, _ := sextant(lsat6, "calibrate", "--model=3pl", "--c=0.2", "--priors", "--json", "-")
	_, each, errs := sextant(lsat6, "calibrate", "--model=3pl", "--c", writeFile(t, "c.csv", asymptotes), "--priors", "--json", "-")
	if one != each || !strings.Contains(one, `"c": 0.2,`) {
		t.Errorf("one asymptote for all isn't the same as each given: %s", errs)
	}
}

func TestCalibrateDropsConstantItems(t *testing.T) {
	table := "x,y,z,all\n1,0,0,1\n0,1,1,1\n1,1,0,1\n0,0,1,1\n1,0,1,1\n0,1,0,1\n"
	code, _, errs := sextant(table, "calibrate", "--model=1pl", "-")
	if code != 1 || !strings.Contains(errs, "(all)") {
		t.Errorf("exit code %d and %q, want an error that names the item", code, errs)
	}
	code, out, errs := sextant(table, "calibrate", "--model=1pl", "--drop-constant", "--json", "-")
	if code != 0 || !strings.Contains(out, `"excluded": [
    "all"
  ]`) || strings.Contains(out, "NaN") {
		t.Errorf("exit code %d, %s: %s", code, errs, out)
	}
}

func TestCalibrateErrors(t *testing.T) {
	bad := writeFile(t, "bad.csv", "x,y\n1,0\n1,7\n")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{bad}, 1, `bad.csv: line 3, column 3: score "7" is not 0, 1 or blank`},
		{[]string{"no-such-file.csv"}, 1, "no-such-file.csv"},
		{[]string{writeFile(t, "not.gz", "x\n1\n")}, 1, "not.gz"},
		{[]string{"--model=4pl", bad}, 2, "1pl"},
		{[]string{"--model=3pl", "-"}, 2, "needs --c"},
		{[]string{"--c=.2", "-"}, 2, "--model=3pl"},
		{[]string{"--model=3pl", "--c=1.5", "-"}, 1, "outside [0, 1)"},
		{[]string{"--model=3pl", "--c=no-such-file.csv", "-"}, 1, "no-such-file.csv"},
		{[]string{"--nodes=0", "-"}, 2, "above 0"},
		{[]string{"--priors", "--prior-sd-b=0", "-"}, 1, "SD positive"},
	} {
		code, _, errs := sextant(lsat6, append([]string{"calibrate"}, c.args...)...)
		if code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.args, code, errs, c.code, c.want)
		}
	}
}

// The bank's own model, on answers drawn from learners of ability 0.
func TestCalibrateCells(t *testing.T) {
	_, model, err := builtInModel()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	const learners, asked, easier = 60, 30, 0
	items := model.Items()
	text := &strings.Builder{}
	text.WriteString("learner,item,score,seconds\n")
	for l := range learners {
		for i, it := range items[:asked] {
			p := it.Curve.P(0)
			if i == easier {
				p = 0.98
			}
			score := 0
			if random.Float64() < p {
				score = 1
			}
			fmt.Fprintf(text, "l%d,%s,%d,40\n", l, it.ID, score)
		}
	}
	fmt.Fprintf(text, "l0,%s,1,40\nl0,%s,1,1\nl0,nonsense,1,40\n", items[0].ID, items[asked].ID)
	code, out, errs := sextant(text.String(), "calibrate", "--model=cells", "--json", "-")
	if code != 0 || errs != "" {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var report cellsReport
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if want := (excludedReport{Repeats: 1, Rapid: 1, Unknown: 1}); report.Excluded != want {
		t.Errorf("left out %+v, want %+v", report.Excluded, want)
	}
	if !report.Converged || report.Persons != learners || report.Responses != learners*asked || len(report.Items) != asked {
		t.Errorf("report of %d learners, %d answers and %d items, converged %v", report.Persons, report.Responses, len(report.Items), report.Converged)
	}
	if report.HeldOut.Learners != learners/5 || report.HeldOut.Answers != learners/5*asked {
		t.Errorf("held out %+v", report.HeldOut)
	}
	first := report.Items[easier]
	if !first.EstimatedB || first.EstimatedA || float64(first.B) > items[easier].Curve.B-0.3 {
		t.Errorf("an item that 98 %% get right: %+v; its label is %v", first, items[easier].Curve.B)
	}
	code, out, errs = sextant(text.String(), "calibrate", "--model=cells", "-")
	if code != 0 || !strings.Contains(out, "left out: 1 repeats, 1 too quick") {
		t.Errorf("exit code %d, %s: %s", code, errs, out)
	}
	if code, _, errs := sextant(text.String(), "calibrate", "--model=cells", "--priors", "-"); code != 2 || !strings.Contains(errs, "--priors") {
		t.Errorf("exit code %d and %q with --priors", code, errs)
	}
}

// simulatedAnswers are answers of learners to the first questions of the built-in
// bank, every third of which is harder than its label, as a CSV file.
func simulatedAnswers(t *testing.T, learners int) string {
	t.Helper()
	_, model, err := builtInModel()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(4, 4))
	text := &strings.Builder{}
	text.WriteString("learner,item,score\n")
	for l := range learners {
		theta := random.NormFloat64()
		for i, it := range model.Items()[:12] {
			score := 0
			if random.Float64() < it.Curve.P(theta-float64(i%3)) {
				score = 1
			}
			fmt.Fprintf(text, "l%d,%s,%d\n", l, it.ID, score)
		}
	}
	return text.String()
}

func TestCalibrateComesIntoUseAndIsUndone(t *testing.T) {
	data := t.TempDir()
	answers := simulatedAnswers(t, 120)
	steps := []struct {
		name, in string
		args     []string
		code     int
		says     string
	}{
		{"nothing to calibrate from", "", []string{"--model=cells"}, 1, "no answers to calibrate from yet"},
		{"a dry run from a file", answers, []string{"--model=cells", "-"}, 0, "120 learners"},
		{"which wrote nothing", "", []string{"--versions"}, 0, "in use: authors' labels"},
		{"put to use", answers, []string{"--model=cells", "--apply", "-"}, 0, "in use now: parameter version 1"},
		{"listed", "", []string{"--versions"}, 0, "in use: parameter version 1"},
		{"listed as JSON", "", []string{"--versions", "--json"}, 0, `"in_use": true`},
		{"again with learners it has seen", answers, []string{"--model=cells", "--apply", "-"}, 1, "began after version 1"},
		{"undone", "", []string{"--undo"}, 0, "authors' labels in use again"},
		{"nothing left to undo", "", []string{"--undo"}, 1, "nothing to undo"},
		{"another model can't be put to use", answers, []string{"--model=2pl", "--apply", "-"}, 2, "--apply goes with --model=cells"},
		{"no file", "", nil, 2, "name a file of responses"},
		{"two at once", "", []string{"--undo", "--apply"}, 2, "don't go together"},
		{"no results of real exams", "", []string{"--cuts"}, 0, "nobody told of a real exam"},
		{"nothing to refine cuts with", "", []string{"--cuts", "--apply"}, 1, "No exam has results of 30 people yet"},
		{"results as JSON", "", []string{"--cuts", "--json"}, 0, `"needed": 30`},
		{"cuts from a file", answers, []string{"--cuts", "-"}, 2, "takes no file"},
		{"cuts undone", "", []string{"--cuts", "--undo"}, 2, "don't go together"},
	}
	for _, step := range steps {
		code, out, errs := sextant(step.in, append([]string{"calibrate", "--data", data}, step.args...)...)
		if code != step.code || !strings.Contains(out+errs, step.says) {
			t.Errorf("%s: exit code %d, want %d, and %q in:\n%s%s", step.name, code, step.code, step.says, out, errs)
		}
	}
}
