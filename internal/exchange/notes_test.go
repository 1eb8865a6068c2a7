package exchange_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

func TestExplainPutsEachNoteIntoAParagraph(t *testing.T) {
	q := &exam.Question{
		Explanation: "A cache answers twice as fast.\n\nIt is also cheaper.", Remember: "Cache what rarely changes.",
		References: []exam.Reference{{Title: "Caching [guide]", URL: "https://example.com/cache_(v2)?a=1&b=2"}, {Title: "Costs", URL: "https://example.com/costs"}},
	}
	want := "A cache answers twice as fast.\n\nIt is also cheaper.\n\n**Remember:** Cache what rarely changes.\n\n" +
		"Reference: [Caching \\[guide\\]](https://example.com/cache_\\(v2\\)?a=1&b=2)\n\nReference: [Costs](https://example.com/costs)"
	if diff := cmp.Diff(want, exchange.Explain(q)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := exchange.Explain(&exam.Question{}); got != "" {
		t.Errorf("a question without notes is explained by %q", got)
	}
}

func TestTakeExplanationReadsWhatOthersMakeOfIt(t *testing.T) {
	reference := func(title, url string) []exam.Reference { return []exam.Reference{{Title: title, URL: url}} }
	cases := []struct {
		name, text string
		want       exam.Question
	}{
		{"somebody else's text", "Because.\n\nSee [the guide](https://example.com).", exam.Question{Explanation: "Because.\n\nSee [the guide](https://example.com)."}},
		{"only a line to remember", "**Remember:** Mind the gap.", exam.Question{Remember: "Mind the gap."}},
		{"a line end behind", "Why.\n\nReference: [A](https://a.example)\n", exam.Question{Explanation: "Why.", References: reference("A", "https://a.example")}},
		{"angle brackets", "Reference: [A](<https://a.example/(x>)", exam.Question{References: reference("A", "https://a.example/(x")}},
		{"balanced brackets", "Reference: [A](https://a.example/(x))", exam.Question{References: reference("A", "https://a.example/(x)")}},
		{"entities", "Reference: [R&amp;D](https://a.example/?x=1&amp;y=2)", exam.Question{References: reference("R&D", "https://a.example/?x=1&y=2")}},
		{"a reference in the middle", "Reference: [A](https://a.example)\n\nand more", exam.Question{Explanation: "Reference: [A](https://a.example)\n\nand more"}},
		{"no link", "Reference: the manual", exam.Question{Explanation: "Reference: the manual"}},
		{"text behind the link", "Reference: [A](https://a.example) (old)", exam.Question{Explanation: "Reference: [A](https://a.example) (old)"}},
		{"inside a paragraph", "First\n**Remember:** not ours", exam.Question{Explanation: "First\n**Remember:** not ours"}},
		{"nothing", "", exam.Question{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got exam.Question
			exchange.TakeExplanation(&got, c.text)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestExplanationsAreTakenBackExactly(t *testing.T) {
	piece := rapid.OneOf(
		rapid.StringMatching("[A-Za-z .,:()\\[\\]<>&;#*_`\\\\$~/-]{1,12}"),
		rapid.SampledFrom([]string{"\n", "\n\n", "**Remember:** ", `**Remember\:** `, "Reference: [", `Reference\\: [a](b)`, "Reference: [a](https://b)", "&amp;", "&copy", "é", "漢"}),
	)
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.TrimRight(strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), ""), " \n")
	})
	rapid.Check(t, func(t *rapid.T) {
		want := exam.Question{Explanation: text.Draw(t, "explanation"), Remember: text.Draw(t, "remember")}
		for range rapid.IntRange(0, 3).Draw(t, "references") {
			want.References = append(want.References, exam.Reference{Title: text.Draw(t, "title"), URL: "https://example.com/" + text.Draw(t, "url")})
		}
		var got exam.Question
		explained := exchange.Explain(&want)
		exchange.TakeExplanation(&got, explained)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%q (-written +taken):\n%s", explained, diff)
		}
	})
}
