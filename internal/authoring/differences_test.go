package authoring_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/testkit"
)

// marked shows pieces as -gone- and +new+ among what was kept.
func marked(pieces []authoring.Piece) string {
	var out strings.Builder
	for _, p := range pieces {
		sign := map[authoring.Edit]string{authoring.Added: "+", authoring.Removed: "-"}[p.Edit]
		out.WriteString(sign + p.Text + sign)
	}
	return out.String()
}

func TestWordsAreComparedWithWords(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"one two", "one two", "one two"},
		{"", "one", "+one+"},
		{"one", "", "-one-"},
		{"train a model", "tune a model", "-train -+tune +a model"},
		{"a b c d", "a c x d", "a -b -c +x +d"},
		{"a\n\nb", "a\n\nc", "a\n\n-b-+c+"},
	} {
		if got := marked(authoring.Words(c.before, c.after)); got != c.want {
			t.Errorf("%q → %q: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

func TestComparedWordsMakeUpBothTexts(t *testing.T) {
	text := rapid.StringMatching(`[ab \n]{0,40}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		var was, is string
		for i, p := range authoring.Words(before, after) {
			if p.Text == "" {
				t.Fatalf("piece %d is empty", i)
			}
			if p.Edit != authoring.Added {
				was += p.Text
			}
			if p.Edit != authoring.Removed {
				is += p.Text
			}
		}
		if was != before || is != after {
			t.Fatalf("%q → %q reads %q → %q", before, after, was, is)
		}
	})
}

func TestTextsTooLongToCompareAreShownWhole(t *testing.T) {
	before, after := strings.Repeat("a b ", 2000), strings.Repeat("c d ", 2000)
	if pieces := authoring.Words(before, after); len(pieces) != 2 {
		t.Errorf("%d pieces, want what goes and what comes", len(pieces))
	}
}

func TestDifferencesNameTheFields(t *testing.T) {
	q := testkit.Question("ours-one", exam.Single, exam.AWS, "mlops-pipelines")
	if got := authoring.Differences(q, q); len(got) != 0 {
		t.Errorf("a question differs from itself: %+v", got)
	}
	other := *q
	other.Options = append([]exam.Option{}, q.Options[:3]...)
	other.Options[0].Key, other.Options[1].Key = false, true
	other.Difficulty, other.Title, other.Remember = 4, "Pipelines", ""
	var names []string
	for _, d := range authoring.Differences(q, &other) {
		names = append(names, d.Field)
	}
	want := "Short name, Option A: right, Option B: right, Option D, Option D: reason, Rule to remember, Difficulty"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("differing fields:\n%s\nwant\n%s", got, want)
	}
	if got := authoring.Differences(nil, q); len(got) < 10 || got[0].Field != "Type" {
		t.Errorf("a new question's fields: %+v", got)
	}
}
