package gift_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/gift"
	"sextant/internal/exchange/markup"
)

var update = flag.Bool("update", false, "renew the golden files")

// corpus is the directory of GIFT files that come with what another reader made
// of them.
func corpus(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("SEXTANT_CORPORA")
	if dir == "" {
		t.Skip("SEXTANT_CORPORA names no directory with question files of other systems")
	}
	files, err := filepath.Glob(filepath.Join(dir, "gift", "questions", "*.gift"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no GIFT files in %s (%v)", dir, err)
	}
	return files
}

func readFile(t *testing.T, path string) *exchange.Document {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return gift.Read(exchange.Source{Name: filepath.Base(path), Data: data}, nil)
}

func TestEveryFileOfTheCorpusIsAccountedFor(t *testing.T) {
	var b strings.Builder
	for _, path := range corpus(t) {
		doc := readFile(t, path)
		fmt.Fprintf(&b, "%s: %d imported, %d skipped\n", filepath.Base(path), len(doc.Questions), len(doc.Skipped))
		for _, s := range doc.Skipped {
			fmt.Fprintf(&b, "  skipped %s: %s\n", s.Where, s.Reason)
		}
		for _, p := range doc.Problems {
			fmt.Fprintf(&b, "  %s %s: %s\n", map[exchange.Severity]string{exchange.Fault: "fault", exchange.Warning: "warning"}[p.Severity], p.Where, p.Message)
		}
	}
	golden := filepath.Join("testdata", "corpora_golden.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-golden +read):\n%s", diff)
	}
}

// The oracle is what another GIFT reader makes of the same file.
type oracleText struct{ Format, Text string }

type oracleChoice struct {
	IsCorrect bool
	Weight    *float64
	Text      oracleText
	Feedback  *oracleText
}

type oracleItem struct {
	ID             *string
	Tags           []string
	Type           string
	Title          *string
	Stem           oracleText
	GlobalFeedback *oracleText
	Choices        json.RawMessage
	MatchPairs     []struct {
		Subquestion oracleText
		Subanswer   string
	}
	IsTrue                      bool
	TrueFeedback, FalseFeedback *oracleText
}

// ours are the types of the oracle that Sextant has.
var ours = []string{"MC", "TF", "Matching"}

func TestTheOracleIsAgreedWith(t *testing.T) {
	compared := 0
	for _, path := range corpus(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			items := oracle(t, path)
			doc := readFile(t, path)
			var wanted []oracleItem
			other, category := 0, ""
			for _, item := range items {
				switch {
				case slices.Contains(ours, item.Type):
					wanted = append(wanted, item)
				case item.Type == "Category":
					category = strings.TrimPrefix(*item.Title, "$course$/top/")
				default:
					other++
				}
			}
			if len(doc.Questions) != len(wanted) || len(doc.Skipped) != other || len(doc.Faults()) != 0 {
				t.Fatalf("%d questions, %d skipped, faults %v; want %d and %d", len(doc.Questions), len(doc.Skipped), doc.Faults(), len(wanted), other)
			}
			for i, item := range wanted {
				if diff := cmp.Diff(wantedOf(t, item, category), summary(doc.Questions[i])); diff != "" {
					t.Errorf("question %d (-oracle +read):\n%s", i+1, diff)
				}
				compared++
			}
		})
	}
	if !t.Failed() && compared < 40 {
		t.Errorf("only %d questions were compared", compared)
	}
}

func oracle(t *testing.T, path string) []oracleItem {
	t.Helper()
	data, err := os.ReadFile(strings.TrimSuffix(path, ".gift") + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var items []oracleItem
	if err := json.Unmarshal(data, &items); err != nil {
		t.Fatal(err)
	}
	return items
}

// fact is a question in the words of the oracle: texts without layout and white
// space, for the oracle keeps the markup and we turn it into Markdown.
type fact struct {
	Type, ID, Title, Category, Text, Feedback string
	Tags                                      []string
	Options                                   []factOption
	Pairs                                     [][2]string
}

type factOption struct {
	Text, Feedback string
	Key            bool
	Weight         float64
}

func bare(text string) string { return strings.Join(strings.Fields(text), "") }

func bareText(t *testing.T, o *oracleText) string {
	t.Helper()
	if o == nil {
		return ""
	}
	switch o.Format {
	case "html":
		markdown, _ := markup.FromHTML(o.Text, nil)
		return bare(markup.ToPlain(markdown))
	case "markdown":
		return bare(markup.ToPlain(o.Text))
	}
	return bare(o.Text)
}

func wantedOf(t *testing.T, item oracleItem, category string) fact {
	t.Helper()
	f := fact{Type: item.Type, Category: category, Text: bareText(t, &item.Stem), Feedback: bareText(t, item.GlobalFeedback), Tags: item.Tags}
	if item.ID != nil {
		f.ID = *item.ID
	}
	if item.Title != nil {
		f.Title = *item.Title
	}
	switch item.Type {
	case "MC":
		var choices []oracleChoice
		if err := json.Unmarshal(item.Choices, &choices); err != nil {
			t.Fatal(err)
		}
		f.Options = wantedOptions(t, choices)
	case "TF":
		// The oracle's "true" and "false" feedback are the first and the second
		// text behind the answer: what Moodle says to the wrong and the right one.
		f.Options = []factOption{{Text: "True", Key: item.IsTrue}, {Text: "False", Key: !item.IsTrue}}
		for i := range f.Options {
			f.Options[i].Feedback = bareText(t, item.TrueFeedback)
			if f.Options[i].Key {
				f.Options[i].Weight = 100
				f.Options[i].Feedback = bareText(t, item.FalseFeedback)
			}
		}
	case "Matching":
		for _, p := range item.MatchPairs {
			f.Pairs = append(f.Pairs, [2]string{bareText(t, &p.Subquestion), bare(p.Subanswer)})
		}
	}
	return f
}

// wantedOptions are the oracle's choices. It calls an option correct that is
// marked =; where none is, those that earn something are the key.
func wantedOptions(t *testing.T, choices []oracleChoice) []factOption {
	t.Helper()
	marked := 0
	for _, c := range choices {
		if c.IsCorrect {
			marked++
		}
	}
	var options []factOption
	for _, c := range choices {
		o := factOption{Text: bareText(t, &c.Text), Feedback: bareText(t, c.Feedback), Key: c.IsCorrect}
		if c.Weight != nil {
			o.Weight, o.Key = *c.Weight, c.IsCorrect || marked == 0 && *c.Weight > 0
		} else if c.IsCorrect {
			o.Weight = 100 / float64(marked)
		}
		options = append(options, o)
	}
	return options
}

func summary(q *exam.Question) fact {
	plain := func(markdown string) string { return bare(markup.ToPlain(markdown)) }
	f := fact{
		ID: q.SourceID, Title: q.Title, Category: q.Category, Text: plain(exchange.FullText(q)), Feedback: plain(q.Explanation), Tags: q.Tags,
		Type: map[exam.Type]string{exam.Single: "MC", exam.Multiple: "MC", exam.Matching: "Matching"}[q.Type],
	}
	if q.Type == exam.Matching {
		used := map[exam.OptionID]bool{}
		for _, p := range q.Prompts {
			o, _ := q.Option(p.Match)
			used[o.ID] = true
			f.Pairs = append(f.Pairs, [2]string{plain(p.Text), plain(o.Text)})
		}
		for _, o := range q.Options {
			if !used[o.ID] {
				f.Pairs = append(f.Pairs, [2]string{"", plain(o.Text)})
			}
		}
		return f
	}
	if q.FixedOrder {
		f.Type = "TF"
	}
	for i, o := range q.Options {
		share := exchange.Weight(q, i)
		for _, third := range []float64{33.33333} { // the file's five decimals
			if share > third && share < third+1e-5 {
				share = third
			}
		}
		f.Options = append(f.Options, factOption{Text: plain(o.Text), Feedback: plain(o.Rationale), Key: o.Key, Weight: share})
	}
	return f
}
