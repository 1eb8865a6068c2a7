package richtext_test

import (
	"strings"
	"testing"

	"sextant/internal/richtext"
)

func TestBlockKeepsWhatQuestionsNeed(t *testing.T) {
	got := string(richtext.New().Block("A **bold** claim.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```json\n{\"k\": 1}\n```\n"))
	for _, want := range []string{"<strong>bold</strong>", "<table>", `<td align="right">2</td>`, `<code class="language-json">`, `class="scroll" tabindex="0"`} {
		if !strings.Contains(got, want) {
			t.Errorf("Block lost %q:\n%s", want, got)
		}
	}
}

func TestHeaderCellWithoutWordsIsNoHeader(t *testing.T) {
	got := string(richtext.New().Block("| | a |\n|--:|---|\n| b | 1 |\n"))
	if strings.Count(got, "<th") != 2 || !strings.Contains(got, `<td align="right"></td>`) { // thead and "a"
		t.Errorf("an empty header cell stays a header: %s", got)
	}
}

func TestBlockDropsWhatCouldHarm(t *testing.T) {
	tests := []string{
		"<script>alert(1)</script>",
		"<img src=x onerror=alert(1)>",
		"[x](javascript:alert(1))",
		"<a href=\"javascript:alert(1)\">x</a>",
		"<div onclick=\"alert(1)\" style=\"position:fixed\">x</div>",
		"<iframe src=\"https://example.org\"></iframe>",
		"<svg onload=alert(1)></svg>",
	}
	for _, markdown := range tests {
		got := strings.ToLower(string(richtext.New().Block(markdown)))
		for _, bad := range []string{"<script", "<img", "javascript:", "onclick", "onerror", "onload", "<iframe", "<svg", "style="} {
			if strings.Contains(got, bad) {
				t.Errorf("Block(%q) kept %q: %s", markdown, bad, got)
			}
		}
	}
}

func TestInlineUnwrapsOneParagraphOnly(t *testing.T) {
	r := richtext.New()
	if got := r.Inline("use `x`"); got != "use <code>x</code>" {
		t.Errorf("Inline of one paragraph = %q", got)
	}
	if got := string(r.Inline("one\n\ntwo")); !strings.Contains(got, "<p>one</p>") {
		t.Errorf("Inline of two paragraphs = %q", got)
	}
}

func TestPlainLeavesTheWordsOnly(t *testing.T) {
	if got := richtext.New().Plain("use **`x` & y**\n\n- one"); got != "use x & y one" {
		t.Errorf("Plain = %q", got)
	}
}

func FuzzBlock(f *testing.F) {
	f.Add("**a** <script>x</script> [b](javascript:c)")
	r := richtext.New()
	f.Fuzz(func(t *testing.T, markdown string) {
		if strings.Contains(strings.ToLower(string(r.Block(markdown))), "<script") {
			t.Fatalf("a script got through: %q", markdown)
		}
	})
}
