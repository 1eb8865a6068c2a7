package exchange_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

func TestExplainPartsGivesEachReasonAParagraph(t *testing.T) {
	q := &exam.Question{
		Type: exam.Ordering, Explanation: "Build, then ship.", Remember: "Ship last.",
		Options: []exam.Option{{ID: "A", Text: "Ship", Place: 2, Rationale: "It needs the build."}, {ID: "B", Text: "Build", Place: 1, Rationale: "All else uses it."}},
	}
	want := "Build, then ship.\n\n**Reason 1:** All else uses it.\n\n**Reason 2:** It needs the build.\n\n**Remember:** Ship last."
	if diff := cmp.Diff(want, exchange.ExplainParts(q)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	single := &exam.Question{Type: exam.Single, Explanation: "**Reason 1:** mine", Options: []exam.Option{{ID: "A", Rationale: "stays with the option"}}}
	if got := exchange.ExplainParts(single); got != "**Reason 1:** mine" {
		t.Errorf("a single choice has no reasons in its explanation: %q", got)
	}
}

func TestReasonsForOtherPartsStayInTheExplanation(t *testing.T) {
	for _, text := range []string{"**Reason 3:** none such", "**Reason 1:** one\n\n**Reason 1:** again", "Text\n**Reason 1:** inside a paragraph"} {
		q := &exam.Question{Type: exam.YesNo, Statements: make([]exam.Statement, 2)}
		exchange.TakeExplainedParts(q, text)
		if q.Explanation != text || q.Statements[0].Rationale != "" {
			t.Errorf("%q became the explanation %q and the reason %q", text, q.Explanation, q.Statements[0].Rationale)
		}
	}
}

func TestReasonsAreTakenBackExactly(t *testing.T) {
	piece := rapid.OneOf(rapid.StringMatching(`[a-z]{1,8}`), rapid.SampledFrom([]string{
		"\n\n", "\n", " ", "**Reason 1:** ", "**Reason 2\\:** ", "**Reason B\\\\:** ", "**Remember:** ", "Reference: [a](https://a.example)", "**",
	}))
	text := rapid.Custom(func(t *rapid.T) string {
		var s string
		for _, p := range rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces") {
			s += p
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		// A last line end is the format's to keep, so the text that comes last has words there.
		want := &exam.Question{Type: exam.Matching, Explanation: text.Draw(t, "explanation"), Remember: "Words."}
		for range 2 {
			want.Prompts = append(want.Prompts, exam.Prompt{Rationale: text.Draw(t, "prompt")})
			want.Options = append(want.Options, exam.Option{Rationale: text.Draw(t, "option")})
		}
		got := &exam.Question{Type: exam.Matching, Prompts: make([]exam.Prompt, 2), Options: make([]exam.Option, 2)}
		exchange.TakeExplainedParts(got, exchange.ExplainParts(want))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, exchange.ExplainParts(want))
		}
	})
}
