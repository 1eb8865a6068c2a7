package bank_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

var ignorePlace = cmpopts.IgnoreFields(exam.Question{}, "File", "Line")

func reread(t interface {
	Helper()
	Fatalf(string, ...any)
}, questions ...*exam.Question) []*exam.Question {
	t.Helper()
	data, err := bank.Encode(questions...)
	if err != nil {
		t.Fatalf("Encode: %v", err)
	}
	b, remarks := bank.ParseFiles([]bank.File{{Name: "x.yaml", Data: data}}, questions[0].Bank)
	if bank.HasErrors(remarks) {
		t.Fatalf("what Encode wrote can't be read:\n%s\n%s", report(remarks), data)
	}
	return b.Questions
}

func TestEncodedSamplesReadBackTheSame(t *testing.T) {
	b, _ := bank.ParseFiles(sampleFiles(t, "good"), "uploads")
	var set []*exam.Question
	for _, q := range b.Questions {
		if q.Stimulus != nil {
			set = append(set, q)
			continue
		}
		if diff := cmp.Diff([]*exam.Question{q}, reread(t, q), ignorePlace, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-written +read):\n%s", q.ID, diff)
		}
	}
	if diff := cmp.Diff(set, reread(t, set...), ignorePlace, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("case set (-written +read):\n%s", diff)
	}
}

func TestEncodeRefusesWhatOneFileCantHold(t *testing.T) {
	b, _ := bank.ParseFiles(sampleFiles(t, "good"), "uploads")
	if _, err := bank.Encode(); err == nil {
		t.Error("no question was encoded")
	}
	if _, err := bank.Encode(b.Questions[0], b.Questions[1]); err == nil {
		t.Error("two questions without a stimulus were encoded as one file")
	}
	matching, _ := b.Question("neutral-evaluation-metrics-90")
	matching.Prompts[0].Match = "Z"
	if _, err := bank.Encode(matching); err == nil {
		t.Error("a key without an option was encoded")
	}
}

// anyText draws text as a bank keeps it, with what YAML finds hard.
func anyText() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.StringMatching(`[A-Za-z0-9 ,.:#'"&*!|>%@{}\[\]?\-]{1,20}`),
		rapid.SampledFrom([]string{"\n", "\n\n", "  ", "\t", " #", ": ", "- ", "```\ncode\n```", "| a | b |\n", "true", "null", "~", "1.10", "007", "2026-11-22", "---", "...", "é", "漢", "🙂", "\\", "\u00a0", "<<"}),
	)
	return rapid.Custom(func(t *rapid.T) string {
		text := strings.Join(rapid.SliceOfN(piece, 1, 8).Draw(t, "pieces"), "")
		text = strings.TrimRight(text, " \t\n")
		for strings.HasPrefix(strings.TrimLeft(text, " \t"), "\n") {
			_, text, _ = strings.Cut(text, "\n")
		}
		if text == "" {
			return "text"
		}
		return text
	})
}

func anyQuestion(t *rapid.T) *exam.Question {
	text := func(name string) string { return anyText().Draw(t, name) }
	q := &exam.Question{
		ID: "aws-any-01", Bank: "uploads", Type: rapid.SampledFrom(exam.Types()).Draw(t, "type"), Platform: rapid.SampledFrom(exam.Platforms()).Draw(t, "platform"),
		Skill: "rag-grounding", Difficulty: rapid.IntRange(1, 5).Draw(t, "difficulty"), DifficultyReason: text("reason"),
		Stem: text("stem"), Ask: text("ask"), Remember: text("remember"), FactsAsOf: "2026-11",
		References: []exam.Reference{{Title: text("title"), URL: "https://example.com/a?b=c#d"}},
		Services:   []string{"amazon-s3"}, Enemies: rapid.SliceOfN(rapid.SampledFrom([]string{"1", "true", "a.b"}), 0, 2).Draw(t, "enemies"),
	}
	if rapid.Bool().Draw(t, "reviewed") {
		q.Review = exam.Review{Solved: 3, Agreed: 2, Date: "2026-11-20"}
		q.Domains = map[exam.Code]exam.DomainID{"MLA-C02": "1", "AIP-C01": "2.1"}
	}
	n := rapid.IntRange(3, 6).Draw(t, "options")
	if q.Type == exam.YesNo {
		for range n {
			q.Statements = append(q.Statements, exam.Statement{Text: text("statement"), Yes: rapid.Bool().Draw(t, "yes"), Rationale: text("rationale")})
		}
	} else {
		for i := range n {
			// A number at the end keeps the options distinct.
			o := exam.Option{ID: exam.OptionID(rune('A' + i)), Text: text("option") + " " + string(rune('1'+i)), Rationale: text("rationale")}
			if q.Type == exam.Ordering {
				o.Place = i + 1
			}
			q.Options = append(q.Options, o)
		}
	}
	switch q.Type {
	case exam.Single:
		q.Options[rapid.IntRange(0, n-1).Draw(t, "key")].Key = true
	case exam.Multiple:
		q.Options[0].Key, q.Options[n-1].Key = true, true
		q.Choose = rapid.SampledFrom([]int{0, 2}).Draw(t, "choose")
	case exam.Matching:
		q.OneToOne = rapid.Bool().Draw(t, "one to one")
		for i := range 2 {
			q.Prompts = append(q.Prompts, exam.Prompt{Text: text("prompt"), Match: q.Options[n-1-i].ID, Rationale: text("rationale")})
		}
	case exam.Ordering, exam.YesNo:
	}
	if rapid.Bool().Draw(t, "from elsewhere") {
		q.Title, q.Category, q.SourceID, q.Tags = text("title"), text("category"), text("source id"), []string{text("tag"), text("tag")}
		q.Explanation, q.Replies = text("explanation"), exam.Replies{Right: text("right"), Partly: text("partly"), Wrong: text("wrong")}
		q.Points = rapid.Float64Range(1e-6, 1e6).Draw(t, "points")
		q.FixedOrder = rapid.Bool().Draw(t, "fixed order")
		for i := range q.Options {
			q.Options[i].Weight = rapid.Float64Range(-100, 100).Draw(t, "weight")
		}
	}
	if rapid.Bool().Draw(t, "for practice only") {
		q.Platform, q.Skill, q.Difficulty, q.DifficultyReason = "", "", 0, ""
		for i := range q.Options {
			q.Options[i].Rationale = ""
		}
	}
	if rapid.Bool().Draw(t, "in a case") {
		q.Stimulus = &exam.Stimulus{ID: "aws-case", Title: text("case title"), Text: text("case text"), NoReturn: rapid.Bool().Draw(t, "no return")}
	}
	q.Revision = bank.Revision(q)
	return q
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		if problems := q.Validate(); len(problems) > 0 {
			t.Fatalf("the generator made an invalid question: %v", problems)
		}
		got := reread(t, q)
		if diff := cmp.Diff([]*exam.Question{q}, got, ignorePlace, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
	})
}
