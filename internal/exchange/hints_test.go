package exchange_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exchange"
)

func TestHintsStandBehindTheExplanation(t *testing.T) {
	cases := []struct {
		explanation string
		hints       []string
		want        string
	}{
		{"Because.", []string{"Look.", "", "Look again.\n\nTwice."}, "Because.\n\n**Hint:** Look.\n\n**Hint:** Look again.\n\nTwice."},
		{"", []string{"Look."}, "**Hint:** Look."},
		{"Because.", nil, "Because."},
	}
	for _, c := range cases {
		got := exchange.AddHints(c.explanation, c.hints)
		if got != c.want {
			t.Errorf("%q with %q is %q, want %q", c.explanation, c.hints, got, c.want)
		}
		rest, hints := exchange.CutHints(got)
		if rest != c.explanation || len(hints) != strings.Count(got, "**Hint:**") {
			t.Errorf("%q is cut into %q and %q", got, rest, hints)
		}
	}
}

func TestHintsAreCutOnlyWhereTheyGiveTheSameTextAgain(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "\n\n", "\n", " ", "**Hint:** ", "**Hint:**"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		rest, hints := exchange.CutHints(text)
		if diff := cmp.Diff(text, exchange.AddHints(rest, hints)); diff != "" {
			t.Fatalf("(-text +again):\n%s", diff)
		}
	})
}
