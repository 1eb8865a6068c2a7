package moodlexml

import "testing"

func TestMoodlesMarkdown(t *testing.T) {
	cases := []struct{ name, ours, moodles string }{
		{"nothing", "Just *words*.", "Just *words*."},
		{"inline TeX", `If \(x_1 * \alpha\) grows`, `If \\(x\_1 \* \\alpha\\) grows`},
		{"displayed TeX", `\[\frac{a}{b}\]`, `\\[\\frac{a}{b}\\]`},
		{"dollars", `$$a_1 \\ b$$ costs $5`, `$$a\_1 \\\\ b$$ costs $5`},
		{"a line break", "one\\\ntwo", "one  \ntwo"},
		{"an escape", `2 \* 3`, `2 \* 3`},
		{"code", "`\\(x\\)` and\n```\n\\(y_1\\)\\\n```", "`\\(x\\)` and\n```\n\\(y_1\\)\\\n```"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := toMoodle(c.ours); got != c.moodles {
				t.Errorf("to Moodle %q, want %q", got, c.moodles)
			}
			if got := fromMoodle(c.moodles, true); got != c.ours {
				t.Errorf("from Moodle %q, want %q", got, c.ours)
			}
		})
	}
	if got := fromMoodle("one  \ntwo", false); got != "one  \ntwo" {
		t.Errorf("somebody else's line break became %q", got)
	}
}
