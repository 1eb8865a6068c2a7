package native_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/native"
	"sextant/questions"
)

// ignored is what belongs to a place rather than to a question.
var ignored = cmp.Options{cmpopts.IgnoreFields(exam.Question{}, "Bank", "Revision", "File", "Line"), cmpopts.EquateEmpty()}

// png is the beginning of an image, which is all that tells one.
const png = "\x89PNG\r\n\x1a\n"

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func open(t failer, data []byte) *archive.Archive {
	t.Helper()
	a, err := archive.Open(data)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return a
}

// formats write questions and read them back.
var formats = map[string]func(t failer, questions []*exam.Question, media map[string]exchange.Media) *exchange.Document{
	"zip": func(t failer, questions []*exam.Question, media map[string]exchange.Media) *exchange.Document {
		t.Helper()
		var out bytes.Buffer
		if err := native.WriteZip(&out, questions, media); err != nil {
			t.Fatalf("WriteZip: %v", err)
		}
		return native.ReadPackage(open(t, out.Bytes()), "bank.zip")
	},
	"json": func(t failer, questions []*exam.Question, media map[string]exchange.Media) *exchange.Document {
		t.Helper()
		var out bytes.Buffer
		if err := native.WriteJSON(&out, questions, media); err != nil {
			t.Fatalf("WriteJSON: %v", err)
		}
		return native.Read(exchange.Source{Name: "q.json", Data: out.Bytes()}, nil)
	},
}

func byID(questions []*exam.Question) map[exam.QuestionID]*exam.Question {
	found := map[exam.QuestionID]*exam.Question{}
	for _, q := range questions {
		found[q.ID] = q
	}
	return found
}

func TestTheBuiltInBankReadsBackTheSame(t *testing.T) {
	builtin, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	for name, through := range formats {
		d := through(t, builtin.Questions, nil)
		if len(d.Problems)+len(d.Skipped) > 0 {
			t.Errorf("%s: problems %v, skipped %v", name, d.Problems, d.Skipped)
		}
		if diff := cmp.Diff(byID(builtin.Questions), byID(d.Questions), ignored); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
	}
	if losses := native.Losses(builtin.Questions); len(losses) > 0 {
		t.Errorf("losses %v", losses)
	}
}

// anyQuestion draws a question of any type, with figures and odd characters.
func anyQuestion(t *rapid.T, id exam.QuestionID, key string) *exam.Question {
	piece := rapid.OneOf(
		rapid.StringMatching("[A-Za-z0-9 ,.:#'\"&*!|>%@{}\\[\\]?<>$-]{1,20}"),
		rapid.SampledFrom([]string{"\n\n", "\\(a^2\\)", "```\ncode {x}\n```", "![a *b* \\] c](media:" + key + ")", "é", "漢", "🙂", "\\", "\u00a0", "~", "=", "->", "<script>"}),
	)
	text := func(name string) string {
		return "T" + strings.TrimRight(strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, name), ""), " \n")
	}
	maybe := func(name string) string {
		if rapid.Bool().Draw(t, "has "+name) {
			return text(name)
		}
		return ""
	}
	q := &exam.Question{
		ID: id, Type: rapid.SampledFrom(exam.Types()).Draw(t, "type"), Stem: maybe("stem"), Ask: text("ask"), Title: maybe("title"),
		Explanation: maybe("explanation"), Replies: exam.Replies{Right: maybe("right"), Partly: maybe("partly"), Wrong: maybe("wrong")},
		Remember: maybe("remember"), Category: maybe("category"), SourceID: maybe("source"), FixedOrder: rapid.Bool().Draw(t, "fixed"),
		Points: rapid.SampledFrom([]float64{0, 0.5, 3}).Draw(t, "points"),
	}
	if rapid.Bool().Draw(t, "measures") {
		q.Platform, q.Skill, q.Difficulty = exam.GCP, "rag-grounding", 3
		q.References = []exam.Reference{{Title: text("reference"), URL: "https://example.com/a?b=c&d"}}
		q.Tags = []string{text("tag")}
	}
	n := rapid.IntRange(2, 26).Draw(t, "parts")
	for i := range n {
		letter := exchange.Letter(i)
		o := exam.Option{ID: letter, Text: text("option") + string(letter), Rationale: maybe("rationale")}
		switch q.Type {
		case exam.Single:
			o.Key = i == n-1
		case exam.Multiple:
			o.Key = i%2 == 0
			o.Weight = rapid.SampledFrom([]float64{0, -12.5}).Draw(t, "weight")
		case exam.Ordering:
			o.Place = i + 1
		case exam.YesNo:
			q.Statements = append(q.Statements, exam.Statement{Text: o.Text, Yes: i%3 == 0, Rationale: o.Rationale})
			continue
		case exam.Matching:
			q.Prompts = append(q.Prompts, exam.Prompt{Text: text("prompt"), Match: exchange.Letter((i * i) % n), Rationale: maybe("reason")})
		}
		q.Options = append(q.Options, o)
	}
	return q
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	var d exchange.Document
	key, err := d.AddMedia("network.png", []byte(png+"picture"))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		want := []*exam.Question{anyQuestion(t, "quiz-1", key), anyQuestion(t, "quiz-2", key), anyQuestion(t, "quiz-3", key)}
		if rapid.Bool().Draw(t, "in a case") {
			set := exam.Stimulus{ID: "quiz-case", Title: "Case", Text: "Shared ![x](media:" + key + ")"}
			other := set // the same set as two readers would give it
			want[0].Stimulus, want[2].Stimulus = &set, &other
		}
		for name, through := range formats {
			got := through(t, want, d.Media)
			if len(got.Problems) > 0 {
				t.Fatalf("%s: problems %v", name, got.Problems)
			}
			if diff := cmp.Diff(byID(want), byID(got.Questions), ignored); diff != "" {
				t.Fatalf("%s (-written +read):\n%s", name, diff)
			}
			for _, q := range want {
				for _, k := range exchange.MediaKeys(q) {
					if string(got.Media[k].Data) != png+"picture" {
						t.Fatalf("%s: the image is gone", name)
					}
				}
			}
		}
	})
}

const single = "id: quiz-1\ntype: single\nask: Is it?\noptions:\n  - text: Yes it is\n    key: true\n  - text: No\n"

func TestImagesBesideAFileComeAlong(t *testing.T) {
	beside := func(name string) ([]byte, bool) {
		data, ok := map[string]string{"network.png": png, "notes.png": "text"}[name]
		return []byte(data), ok
	}
	src := exchange.Source{Name: "dir/quiz-1.yaml", Data: []byte(single + "explanation: |\n  ![Network](network.png) ![Gone](gone.png) ![Notes](notes.png)\n\n  ![Far](https://example.com/a.png)\n")}
	d := native.Read(src, beside)
	if len(d.Questions) != 1 || len(d.Media) != 1 {
		t.Fatalf("%d questions, %d images, problems %v", len(d.Questions), len(d.Media), d.Problems)
	}
	for key := range d.Media {
		want := "![Network](media:" + key + ") ![Gone](gone.png) ![Notes](notes.png)\n\n![Far](https://example.com/a.png)"
		if got := d.Questions[0].Explanation; got != want {
			t.Errorf("explanation %q, want %q", got, want)
		}
	}
	if len(d.Problems) != 3 || len(d.Faults()) != 0 || !strings.HasPrefix(d.Problems[0].Where.String(), "dir/quiz-1.yaml:1 (quiz-1)") {
		t.Errorf("problems %v", d.Problems)
	}
}

func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A question that was understood can be mended without its file; what only the file
// can tell, or a form can't show, stays out with its fault.
func TestBrokenQuestionsAreKeptToBeMended(t *testing.T) {
	noKey := strings.Replace(single, "    key: true\n", "", 1)
	set := "stimulus: {id: quiz-case, title: A, text: %s}\nquestions:\n  - " + strings.ReplaceAll(strings.TrimSpace(noKey), "\n", "\n    ") + "\n"
	for name, c := range map[string]struct {
		text   string
		broken int
		id     exam.QuestionID
	}{
		"no key":                 {noKey, 1, "quiz-1"},
		"no key and no id":       {strings.Replace(noKey, "quiz-1", "Quiz 1", 1), 1, ""},
		"a key that isn't one":   {strings.Replace(single, "ask:", "asks:", 1), 1, "quiz-1"},
		"only the id":            {strings.Replace(single, "quiz-1", "Quiz 1", 1), 0, ""},
		"an unknown key besides": {single + "colour: red\n", 0, ""},
		"no type":                {strings.Replace(noKey, "type: single", "type: essay", 1), 0, ""},
		"another file":           {"services:\n  - web\n", 0, ""},
		"in a case":              {fmt.Sprintf(set, "So it was."), 1, "quiz-1"},
		"in a case without text": {fmt.Sprintf(set, `""`), 0, ""},
	} {
		for kind, d := range map[string]*exchange.Document{
			"alone":    native.Read(exchange.Source{Name: "quiz-1.yaml", Data: []byte(c.text)}, nil),
			"in a zip": native.ReadPackage(open(t, zipped(t, "quiz-1.yaml", c.text)), "bank.zip"),
		} {
			if len(d.Broken) != c.broken || len(d.Questions) != 0 || len(d.Faults()) == 0 {
				t.Errorf("%s, %s: %d broken, %d questions, faults %v", name, kind, len(d.Broken), len(d.Questions), d.Faults())
				continue
			}
			told := map[string]bool{}
			for _, p := range d.Problems {
				if told[p.Message] {
					t.Errorf("%s, %s: told twice: %s", name, kind, p.Message)
				}
				told[p.Message] = true
			}
			if c.broken > 0 && d.Broken[0].ID != c.id {
				t.Errorf("%s, %s: id %q, want %q", name, kind, d.Broken[0].ID, c.id)
			}
		}
	}
}

func TestFaultsInAZipLeaveItsOtherFilesAlone(t *testing.T) {
	typo := strings.NewReplacer("ask:", "asks:", "quiz-1", "quiz-b").Replace(single)
	data := zipped(t, "a.yaml", single, "b.yaml", typo, "c.yml", single, "README.md", "id: no question", "big.yaml", strings.Repeat("# long\n", bank.MaxFileBytes/7+1))
	d := native.ReadPackage(open(t, data), "bank.zip")
	if len(d.Questions) != 1 {
		t.Errorf("%d questions", len(d.Questions))
	}
	var got []string
	for _, p := range d.Faults() {
		if p.Remedy == "" {
			t.Errorf("no remedy: %v", p)
		}
		got = append(got, p.Where.String()+": "+p.Message)
	}
	want := []string{
		`bank.zip/b.yaml:3 (quiz-b): "asks" is not a key here; did you mean "ask"?`,
		"bank.zip/big.yaml: is 256 kB; a question file is at most 256 kB",
		"bank.zip/c.yml:1 (quiz-1): id: quiz-1 is already used at bank.zip/a.yaml:1 (quiz-1)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileOfMistakesStaysSmall(t *testing.T) {
	var keys strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&keys, "k%d: x\n", i)
	}
	for name, d := range map[string]*exchange.Document{
		"yaml": native.Read(exchange.Source{Name: "q.yaml", Data: []byte(keys.String())}, nil),
		"zip":  native.ReadPackage(open(t, zipped(t, "a.yaml", keys.String()[:100_000], "b.yaml", keys.String()[:100_000])), "q.zip"),
	} {
		if n := len(d.Problems); n != 2001 || !strings.Contains(d.Problems[n-1].Message, "more mistakes") {
			t.Errorf("%s: %d problems, the last: %+v", name, n, d.Problems[n-1])
		}
	}
}

func TestEveryEncodingIsRead(t *testing.T) {
	text := strings.ReplaceAll(single, "Is it?", "Où est-il?")
	utf16 := []byte{0xFF, 0xFE}
	for _, c := range text {
		utf16 = append(utf16, byte(c), byte(c>>8))
	}
	for name, data := range map[string][]byte{"UTF-16": utf16, "BOM and CRLF": []byte("\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"))} {
		d := native.Read(exchange.Source{Name: "q.yaml", Data: data}, nil)
		if len(d.Questions) != 1 || d.Questions[0].Ask != "Où est-il?" {
			t.Errorf("%s: %d questions, problems %v", name, len(d.Questions), d.Problems)
		}
	}
}

func TestWritingRefusesWhatCantBeReadBack(t *testing.T) {
	q := &exam.Question{ID: "quiz-1", Type: exam.Single, Ask: "![x](media:abc.png)", Options: []exam.Option{{ID: "A", Text: "a", Key: true}, {ID: "B", Text: "b"}}}
	if err := native.WriteZip(io.Discard, []*exam.Question{q}, nil); err == nil || !strings.Contains(err.Error(), "abc.png") {
		t.Errorf("a missing image: %v", err)
	}
	if err := native.WriteJSON(io.Discard, []*exam.Question{q}, nil); err == nil || !strings.Contains(err.Error(), "abc.png") {
		t.Errorf("a missing image: %v", err)
	}
	q.Ask = "Is it?"
	if err := native.WriteZip(io.Discard, []*exam.Question{q, q}, nil); err == nil {
		t.Error("two questions of one id were written")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(single))
	f.Add([]byte(single + "explanation: \"![x](data:image/png;base64,iVBORw0KGgo=)\"\n"))
	f.Add([]byte(`[{"id": "quiz-1", "type": "single", "ask": "![x](a.png)", "options": [{"text": "a", "key": true}, {"text": "b"}]}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := native.Read(exchange.Source{Name: "fuzz", Data: data}, func(string) ([]byte, bool) { return []byte(png), true })
		for _, p := range d.Problems {
			if p.Where.File != "fuzz" || p.Message == "" || p.Remedy == "" {
				t.Errorf("incomplete problem %+v", p)
			}
		}
		if len(d.Questions) == 0 {
			return
		}
		for name, through := range formats {
			again := through(t, d.Questions, d.Media)
			if diff := cmp.Diff(byID(d.Questions), byID(again.Questions), ignored); diff != "" {
				t.Errorf("%s (-read +read again):\n%s\n%v", name, diff, again.Problems)
			}
		}
	})
}
