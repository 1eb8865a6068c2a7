package bank_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sampleFiles reads the files of a testdata folder, each named as if it lay
// beside the reader.
func sampleFiles(t testing.TB, dir string) []bank.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", dir, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples in %s: %v", dir, err)
	}
	var files []bank.File
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, bank.File{Name: filepath.Base(p), Data: data})
	}
	return files
}

func report(remarks []bank.Remark) string {
	var b strings.Builder
	for _, r := range remarks {
		b.WriteString(string(r.Severity) + " " + r.String() + "\n")
	}
	return b.String()
}

func TestEveryFaultIsNamedWithItsLineAndRemedy(t *testing.T) {
	for _, f := range sampleFiles(t, "broken") {
		t.Run(strings.TrimSuffix(f.Name, ".yaml"), func(t *testing.T) {
			_, remarks := bank.ParseFiles([]bank.File{f}, "uploads")
			got := report(remarks)
			if got == "" {
				t.Fatal("the fault passed without a remark")
			}
			golden := filepath.Join("testdata", "broken", strings.TrimSuffix(f.Name, ".yaml")+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("remarks differ (-want +got):\n%s", diff)
			}
		})
	}
}

// What an uploaded bank may leave open keeps a question out of the built-in one.
func TestTheBuiltInBankHasNoGaps(t *testing.T) {
	const folder = "aws/feature-engineering/"
	for name, want := range map[string]string{
		"no-platform":         ":1: platform: name the platform: aws, azure, gcp or neutral",
		"no-skill":            ":1: skill: name the one primary skill, e.g. rag-grounding",
		"no-difficulty":       ":1: difficulty: use 1 (recall of purpose) to 5 (design with several trade-offs)",
		"no-rationale":        ":13: option C: no rationale; say which stated constraint rules it out",
		"no-key-rationale":    ":10: option B: no rationale; say why it meets the deciding constraint",
		"prompt-no-rationale": ":12: prompt 1: rationale: say why this option belongs to the prompt",
		"image-not-there":     ":13: explanation: there is no image \"0123abcd.png\" with the file; give it along, or describe in words what it shows",
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile("testdata/broken/" + name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			b, remarks := bank.Load(fstest.MapFS{folder + name + ".yaml": {Data: data}}, exam.BuiltIn)
			if got := report(remarks); !strings.Contains(got, "error "+folder+name+".yaml"+want+"\n") {
				t.Errorf("remarks:\n%swant\n%s", got, want)
			}
			if len(b.Questions) != 0 {
				t.Error("the question was kept")
			}
		})
	}
}

func TestTheBuiltInBankHasNoOverlongQuestions(t *testing.T) {
	const name = "aws/feature-engineering/long.yaml"
	question := func(kind, part string, n int) []byte {
		text := "id: long\nplatform: aws\nskill: feature-engineering\ndifficulty: 1\ntype: " + kind + "\nask: Which of these hold?\n" + part + ":\n"
		for i := range n {
			text += "  - {text: Row " + strconv.Itoa(i) + ", rationale: So it is.}\n"
		}
		return []byte(text)
	}
	holds := func(data []byte) []byte {
		return []byte(strings.ReplaceAll(string(data), "{text", "{holds: true, text"))
	}
	for _, c := range []struct {
		data []byte
		want string
	}{
		{question("ordering", "options", 12), ""},
		{question("ordering", "options", 13), "error " + name + ":7: options: the built-in bank has at most 12; this has 13\n"},
		{holds(question("yes_no", "statements", 10)), ""},
		{holds(question("yes_no", "statements", 11)), "error " + name + ":7: statements: the built-in bank has at most 10; this has 11\n"},
	} {
		_, remarks := bank.Load(fstest.MapFS{name: {Data: c.data}}, exam.BuiltIn)
		if diff := cmp.Diff(c.want, report(remarks)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, remarks := bank.ParseFiles([]bank.File{{Name: "long.yaml", Data: c.data}}, "uploads"); len(remarks) > 0 {
			t.Errorf("an uploaded bank:\n%s", report(remarks))
		}
	}
}

func TestAnImportedQuestionIsReadInFull(t *testing.T) {
	there := func(key string) bool { return key == "0123abcd.png" }
	b, remarks := bank.ParseFilesWith(sampleFiles(t, "imported")[1:], "uploads", there)
	if len(remarks) > 0 || len(b.Questions) != 1 {
		t.Fatalf("%d questions, remarks:\n%s", len(b.Questions), report(remarks))
	}
	want := &exam.Question{
		ID: "imported-everything", Bank: "uploads", Type: exam.Multiple, Platform: exam.AWS, Skill: "feature-engineering", Difficulty: 2,
		FixedOrder: true, Explanation: "Width is what decides here.", Points: 2.5,
		Replies: exam.Replies{Right: "Both are narrow.", Partly: "There is one more.", Wrong: "Count the columns."},
		Title:   "Encoding a wide field", Category: "Course/Chapter 3/Features", Tags: []string{"encoding", "2024", "sextant:not=a label"}, SourceID: "4711",
	}
	ignored := cmpopts.IgnoreFields(exam.Question{}, "Revision", "DifficultyReason", "Stem", "Ask", "Options", "Remember", "References", "FactsAsOf", "File", "Line")
	q := b.Questions[0]
	if diff := cmp.Diff(want, q, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var weights []float64
	for _, o := range q.Options {
		weights = append(weights, o.Weight)
	}
	if diff := cmp.Diff([]float64{-33.33333, 75, 25, 0}, weights); diff != "" {
		t.Errorf("weights (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"0123abcd.png"}, bank.MediaKeys(q)); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
}

func TestAnUploadedQuestionWithGapsIsKeptForPractice(t *testing.T) {
	b, remarks := bank.ParseFiles(sampleFiles(t, "imported")[:1], "uploads")
	if len(b.Questions) != 1 || bank.HasErrors(remarks) || b.Questions[0].Measures() {
		t.Errorf("%d questions, remarks:\n%s", len(b.Questions), report(remarks))
	}
	if !strings.Contains(report(remarks), "remark imported-bare.yaml:1: skill: name the one primary skill, e.g. rag-grounding; until then the question serves practice only\n") {
		t.Errorf("remarks:\n%s", report(remarks))
	}
}

func TestGoodSamplesPassWithoutARemark(t *testing.T) {
	b, remarks := bank.ParseFiles(sampleFiles(t, "good"), "uploads")
	if len(remarks) > 0 {
		t.Errorf("remarks:\n%s", report(remarks))
	}
	if len(b.Questions) != 7 {
		t.Errorf("%d questions, want 5 alone and 2 in the case set", len(b.Questions))
	}
	if lint := bank.Lint(b, nil, bank.LintOptions{}); bank.HasErrors(lint) {
		t.Errorf("lint:\n%s", report(lint))
	}
}

func TestSampleOfEachTypeIsReadInFull(t *testing.T) {
	b, _ := bank.ParseFiles(sampleFiles(t, "good"), "uploads")
	multiple, _ := b.Question("aws-data-storage-modelling-90")
	want := &exam.Question{
		ID: "aws-data-storage-modelling-90", Bank: "uploads", Type: exam.Multiple, Platform: exam.AWS, Skill: "data-storage-modelling",
		Domains: map[exam.Code]exam.DomainID{"MLA-C02": "1"}, Difficulty: 3,
		DifficultyReason: "scanned volume and partition pruning are two separate needs", Choose: 2,
		Ask: "Which two changes reduce the data that each query scans? (Choose two.)", Services: []string{"amazon-athena"},
		FactsAsOf: "2026-11", File: "aws-data-storage-modelling-90.yaml", Line: 1,
		Remember: "For pay-per-scan SQL on files, columns cut the width and partitions cut the length.",
	}
	ignored := cmpopts.IgnoreFields(exam.Question{}, "Revision", "Stem", "Options", "References")
	if diff := cmp.Diff(want, multiple, ignored); diff != "" {
		t.Errorf("multiple (-want +got):\n%s", diff)
	}
	if o := multiple.Options[1]; o.ID != "B" || !o.Key || o.Text != "Partitioning the table by event date" || o.Place != 0 {
		t.Errorf("option B: %+v", o)
	}
	ordering, _ := b.Question("gcp-deployment-strategies-90")
	if o := ordering.Options[4]; o.ID != "E" || o.Place != 5 {
		t.Errorf("last step: %+v", o)
	}
	matching, _ := b.Question("neutral-evaluation-metrics-90")
	if p := matching.Prompts[1]; p.Match != "C" || !matching.OneToOne {
		t.Errorf("second prompt: %+v, one to one %v", p, matching.OneToOne)
	}
	series, _ := b.Question("azure-evaluation-metrics-90")
	if s := series.Statements; !s[0].Yes || s[1].Yes || !s[2].Yes {
		t.Errorf("statements: %+v", s)
	}
}

func TestCaseSetSharesStimulusAndDefaults(t *testing.T) {
	b, _ := bank.ParseFiles(sampleFiles(t, "good"), "uploads")
	first, ok1 := b.Question("neutral-case-orchard-1")
	second, ok2 := b.Question("neutral-case-orchard-2")
	if !ok1 || !ok2 {
		t.Fatal("the questions of the case set are missing")
	}
	if first.Stimulus == nil || first.Stimulus != second.Stimulus || first.Stimulus.Title == "" {
		t.Errorf("stimulus not shared: %v, %v", first.Stimulus, second.Stimulus)
	}
	if first.Platform != exam.Neutral || first.Difficulty != 3 || second.Difficulty != 2 || first.FactsAsOf != "2026-11" {
		t.Errorf("defaults: %s %d %d %q", first.Platform, first.Difficulty, second.Difficulty, first.FactsAsOf)
	}
	if first.File != "neutral-case-orchard.yaml" || first.Line != 18 || second.Line != 32 {
		t.Errorf("places: %s:%d, %d", first.File, first.Line, second.Line)
	}
}

func TestOneBadQuestionLeavesTheRestOfItsCaseSet(t *testing.T) {
	data, err := os.ReadFile("testdata/broken/case-one-bad-question.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := bank.ParseFiles([]bank.File{{Name: "case-one-bad-question.yaml", Data: data}}, "uploads")
	if len(b.Questions) != 1 || b.Questions[0].ID != "case-one-bad-question-1" {
		t.Errorf("kept %v", b.Questions)
	}
}

func TestNoQuestionStandsOnABrokenStimulus(t *testing.T) {
	data, err := os.ReadFile("testdata/broken/stimulus-no-text.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := bank.ParseFiles([]bank.File{{Name: "stimulus-no-text.yaml", Data: data}}, "uploads")
	if len(b.Questions) != 0 {
		t.Errorf("kept %d questions", len(b.Questions))
	}
}

func goodFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "good", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLoadHoldsFoldersToTheQuestions(t *testing.T) {
	single, set := goodFile(t, "neutral-bias-variance-90.yaml"), goodFile(t, "neutral-case-orchard.yaml")
	cases := []struct {
		name string
		path string
		data []byte
		want string
	}{
		{"in its place", "neutral/bias-variance/neutral-bias-variance-90.yaml", single, ""},
		{"case set in its place", "neutral/cases/neutral-case-orchard.yaml", set, ""},
		{"other platform", "aws/bias-variance/neutral-bias-variance-90.yaml", single,
			"error aws/bias-variance/neutral-bias-variance-90.yaml:2: platform: is neutral but the file lies under aws/; move the file or correct the platform\n"},
		{"other skill", "neutral/fine-tuning/neutral-bias-variance-90.yaml", single,
			"error neutral/fine-tuning/neutral-bias-variance-90.yaml:3: skill: is bias-variance but the file lies in fine-tuning/; move the file or correct the skill\n"},
		{"other name", "neutral/bias-variance/b.yaml", single,
			"error neutral/bias-variance/b.yaml:1: id: is neutral-bias-variance-90 but the file is named b.yaml; make the two agree\n"},
		{"no folder", "neutral/neutral-bias-variance-90.yaml", single,
			"error neutral/neutral-bias-variance-90.yaml:1: id: the file belongs in neutral/bias-variance/neutral-bias-variance-90.yaml\n"},
		{"case set elsewhere", "neutral/mlops-pipelines/neutral-case-orchard.yaml", set, "error neutral/mlops-pipelines/neutral-case-orchard.yaml:18: id: a case set belongs in neutral/cases/neutral-case-orchard.yaml\n" +
			"error neutral/mlops-pipelines/neutral-case-orchard.yaml:32: id: a case set belongs in neutral/cases/neutral-case-orchard.yaml\n"},
		{"ending", "neutral/bias-variance/neutral-bias-variance-90.yml", single,
			"error neutral/bias-variance/neutral-bias-variance-90.yml:1: is not read; rename it to end in .yaml\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, remarks := bank.Load(fstest.MapFS{c.path: {Data: c.data}}, exam.BuiltIn)
			if diff := cmp.Diff(c.want, report(remarks)); diff != "" {
				t.Errorf("remarks (-want +got):\n%s", diff)
			}
			if (len(b.Questions) > 0) != (c.want == "") {
				t.Errorf("%d questions kept", len(b.Questions))
			}
		})
	}
}

func TestLoadLeavesOtherFilesAlone(t *testing.T) {
	fsys := fstest.MapFS{
		"neutral/bias-variance/neutral-bias-variance-90.yaml": {Data: goodFile(t, "neutral-bias-variance-90.yaml")},
		"neutral/bias-variance/notes.md":                      {Data: []byte("notes")},
		"catalogue/about.yaml":                                {Data: []byte("horoscope: libra")},
		"schema.json":                                         {Data: []byte("{}")},
	}
	b, remarks := bank.Load(fsys, exam.BuiltIn)
	if len(b.Questions) != 1 || len(remarks) != 0 {
		t.Errorf("%d questions, remarks:\n%s", len(b.Questions), report(remarks))
	}
}

func TestAnIdBelongsToTheFirstFileThatUsesIt(t *testing.T) {
	data := goodFile(t, "neutral-bias-variance-90.yaml")
	b, remarks := bank.ParseFiles([]bank.File{{Name: "a.yaml", Data: data}, {Name: "b.yaml", Data: data}}, "uploads")
	want := "error b.yaml:1: id: neutral-bias-variance-90 is already used at a.yaml:1; give each its own\n"
	if !strings.Contains(report(remarks), want) {
		t.Errorf("remarks:\n%swant\n%s", report(remarks), want)
	}
	if len(b.Questions) != 1 || b.Questions[0].File != "a.yaml" {
		t.Errorf("kept %v", b.Questions)
	}
}

func TestASecondCaseSetWithTheSameIdIsRefusedWhole(t *testing.T) {
	data := goodFile(t, "neutral-case-orchard.yaml")
	other := []byte(strings.ReplaceAll(string(data), "id: neutral-case-orchard-", "id: other-"))
	b, remarks := bank.ParseFiles([]bank.File{{Name: "neutral-case-orchard.yaml", Data: data}, {Name: "x/neutral-case-orchard.yaml", Data: other}}, "uploads")
	want := "error x/neutral-case-orchard.yaml:2: stimulus.id: neutral-case-orchard is already used at neutral-case-orchard.yaml:2; give each its own\n"
	if report(remarks) != want || len(b.Questions) != 2 {
		t.Errorf("%d kept, remarks:\n%s", len(b.Questions), report(remarks))
	}
}

func TestFilesBeyondTheBoundsAreRefused(t *testing.T) {
	big := append(goodFile(t, "neutral-bias-variance-90.yaml"), make([]byte, bank.MaxFileBytes)...)
	_, remarks := bank.ParseFiles([]bank.File{{Name: "big.yaml", Data: big}}, "uploads")
	want := "error big.yaml:1: is 258 kB; a question file is at most 256 kB: split it or shorten its figures\n"
	if report(remarks) != want {
		t.Errorf("got %swant %s", report(remarks), want)
	}
	many := string(goodFile(t, "neutral-bias-variance-90.yaml")) + "services: [" + strings.Repeat("a, ", bank.MaxListItems) + "a]\n"
	_, remarks = bank.ParseFiles([]bank.File{{Name: "neutral-bias-variance-90.yaml", Data: []byte(many)}}, "uploads")
	if got := report(remarks); !strings.Contains(got, "services: has 51 entries; the limit is 50") {
		t.Errorf("got %s", got)
	}
}

func TestWindowsLineEndsChangeNothing(t *testing.T) {
	data := goodFile(t, "neutral-bias-variance-90.yaml")
	parse := func(data []byte) *exam.Question {
		b, remarks := bank.ParseFiles([]bank.File{{Name: "neutral-bias-variance-90.yaml", Data: data}}, "uploads")
		if len(remarks) > 0 || len(b.Questions) != 1 {
			t.Fatalf("remarks:\n%s", report(remarks))
		}
		return b.Questions[0]
	}
	if diff := cmp.Diff(parse(data), parse([]byte(strings.ReplaceAll(string(data), "\n", "\r\n")))); diff != "" {
		t.Errorf("(-unix +windows):\n%s", diff)
	}
}

func TestTemplatesAreValidAsTheyStand(t *testing.T) {
	for _, typ := range exam.Types() {
		b, remarks := bank.ParseFiles([]bank.File{{Name: string(typ) + ".yaml", Data: []byte(bank.Template(typ))}}, "uploads")
		if bank.HasErrors(remarks) || len(b.Questions) != 1 || b.Questions[0].Type != typ {
			t.Errorf("%s:\n%s", typ, report(remarks))
		}
	}
	b, remarks := bank.ParseFiles([]bank.File{{Name: "azure-case-claims.yaml", Data: []byte(bank.CaseSetTemplate())}}, "uploads")
	if len(remarks) > 0 || len(b.Questions) != 2 {
		t.Errorf("case set: %d questions\n%s", len(b.Questions), report(remarks))
	}
	if bank.Template("essay") != "" {
		t.Error("there is a template for an unknown type")
	}
}

// Answers point to revisions for ever, so that a field that is added later must
// leave those of questions without it alone.
func TestRevisionsOfOldQuestionsStay(t *testing.T) {
	b, _ := bank.ParseFiles(sampleFiles(t, "good"), "uploads")
	var got strings.Builder
	for _, q := range b.Questions {
		fmt.Fprintf(&got, "%s %s\n", q.Revision, q.ID)
	}
	want, err := os.ReadFile("testdata/revisions.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRevisionFollowsWhatLearnerAndScoreSee(t *testing.T) {
	parse := func() *exam.Question {
		b, _ := bank.ParseFiles(sampleFiles(t, "good"), "uploads")
		q, _ := b.Question("neutral-case-orchard-1")
		return q
	}
	before := parse().Revision
	if len(before) != 16 || before != parse().Revision {
		t.Fatalf("revision %q is not stable", before)
	}
	seen := map[string]func(q *exam.Question){
		"stem": func(q *exam.Question) { q.Stem += "!" }, "ask": func(q *exam.Question) { q.Ask += "!" },
		"key":   func(q *exam.Question) { q.Options[0].Key, q.Options[1].Key = false, true },
		"order": func(q *exam.Question) { slices.Reverse(q.Options) }, "rationale": func(q *exam.Question) { q.Options[2].Rationale += "!" },
		"difficulty": func(q *exam.Question) { q.Difficulty++ }, "skill": func(q *exam.Question) { q.Skill = "fine-tuning" },
		"domains":  func(q *exam.Question) { q.Domains = map[exam.Code]exam.DomainID{"DP-100": "1"} },
		"stimulus": func(q *exam.Question) { q.Stimulus.Text += "!" }, "remember": func(q *exam.Question) { q.Remember += "!" },
		"explanation": func(q *exam.Question) { q.Explanation = "x" }, "reply": func(q *exam.Question) { q.Replies.Partly = "x" },
		"fixed order": func(q *exam.Question) { q.FixedOrder = true }, "points": func(q *exam.Question) { q.Points = 2 },
		"weight":    func(q *exam.Question) { q.Options[0].Weight = 50 },
		"reference": func(q *exam.Question) { q.References[0].URL += "/x" }, "no return": func(q *exam.Question) { q.Stimulus.NoReturn = true },
	}
	for name, change := range seen {
		q := parse()
		change(q)
		if bank.Revision(q) == before {
			t.Errorf("%s changed, the revision did not", name)
		}
	}
	unseen := map[string]func(q *exam.Question){
		"file": func(q *exam.Question) { q.File, q.Line = "x.yaml", 9 }, "review": func(q *exam.Question) { q.Review.Solved = 3 },
		"reason": func(q *exam.Question) { q.DifficultyReason = "x" }, "enemies": func(q *exam.Question) { q.Enemies = nil },
		"bank": func(q *exam.Question) { q.Bank = "other" }, "facts": func(q *exam.Question) { q.FactsAsOf = "2026-12" },
		"title": func(q *exam.Question) { q.Title = "x" }, "tags": func(q *exam.Question) { q.Tags = []string{"x"} },
		"category": func(q *exam.Question) { q.Category = "x" }, "source": func(q *exam.Question) { q.SourceID = "x" },
	}
	for name, change := range unseen {
		q := parse()
		change(q)
		if bank.Revision(q) != before {
			t.Errorf("%s changed the revision", name)
		}
	}
}
