package richtext_test

import (
	"strings"
	"testing"
	"time"

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

func TestImagesOfTheLibraryOnly(t *testing.T) {
	key := strings.Repeat("0a", 32) + ".png"
	tests := map[string]string{
		"![two hubs](media:" + key + ")":               `<p><img loading="lazy" src="/media/` + key + `" alt="two hubs"/></p>`,
		`![a "b" <c>](media:` + key + ")":              `<p><img loading="lazy" src="/media/` + key + `" alt="a &#34;b&#34; "/></p>`,
		"![far](https://example.org/x.png)":            "<p>far</p>",
		"![up](/media/../x.png)":                       "<p>up</p>",
		"![short](media:0a.png)":                       "<p>short</p>",
		"![drawn](media:" + key[:64] + ".svg)":         "<p>drawn</p>",
		"![x](media:" + key + "?a=b)":                  "<p>x</p>",
		"![x](javascript:alert(1))":                    "<p>x</p>",
		"[link](media:" + key + ")":                    "<p>link</p>",
		"![upper](media:" + strings.ToUpper(key) + ")": "<p>upper</p>",
	}
	r := richtext.New()
	for markdown, want := range tests {
		if got := strings.TrimSpace(string(r.Block(markdown))); got != want {
			t.Errorf("Block(%q)\n got %s\nwant %s", markdown, got, want)
		}
	}
	if got := r.Plain("See ![two hubs](media:" + key + ")."); got != "See two hubs." {
		t.Errorf("Plain says of an image: %q", got)
	}
}

func TestTeXStaysAsItIsWritten(t *testing.T) {
	tests := map[string]string{
		`The loss \(a_1*b_2*c < d\) falls.`: `<p>The loss \(a_1*b_2*c &lt; d\) falls.</p>`,
		`\[\sum_{i}^{n} *x*\]`:              `<p>\[\sum_{i}^{n} *x*\]</p>`,
		`$$x_1 \\ y$$ and *more*`:           `<p>$$x_1 \\ y$$ and <em>more</em></p>`,
		"over \\(two\nlines\\) *here*":      "<p>over \\(two\nlines\\) <em>here</em></p>",
		`no end \(x *y*`:                    `<p>no end (x <em>y</em></p>`,
		`\\(x\\)`:                           `<p>\(x\)</p>`,
		`it costs $5 and *$6*`:              `<p>it costs $5 and <em>$6</em></p>`,
		`$$$$ and $$ $$ empty`:              `<p>$$$$ and $$ $$ empty</p>`,
		"`\\(x\\)`":                         `<p><code>\(x\)</code></p>`,
		"| a |\n|---|\n| \\(x_1 y_1\\) |":   "",
	}
	r := richtext.New()
	for markdown, want := range tests {
		got := strings.TrimSpace(string(r.Block(markdown)))
		if want == "" {
			if !strings.Contains(got, `<td>\(x_1 y_1\)</td>`) {
				t.Errorf("Block(%q) = %s", markdown, got)
			}
			continue
		}
		if got != want {
			t.Errorf("Block(%q)\n got %s\nwant %s", markdown, got, want)
		}
	}
}

func TestTagsWithinALine(t *testing.T) {
	tests := map[string]string{
		"H<sub>2</sub>O and x<sup>*n*</sup>": "<p>H<sub>2</sub>O and x<sup><em>n</em></sup></p>",
		"a<br>b<BR/>c":                       "<p>a<br/>b<br/>c</p>",
		"x<strong>(y)</strong>z <em>q</em>":  "<p>x<strong>(y)</strong>z <em>q</em></p>",
		"<del>old</del>":                     "<p><del>old</del></p>",
		"<sub>open":                          "<p>open</p>",
		"<sub>a<sup>b</sub>c</sup>":          "<p>a<sup>bc</sup></p>",
		"<sub onclick=x>a</sub>":             "<p>a</p>",
		"*a<sub>b*c</sub>":                   "<p><em>ab</em>c</p>",
		"<sub>1<sub>2</sub>3</sub>4":         "<p><sub>1<sub>2</sub>3</sub>4</p>",
		"a <script>x</script> b <!-- c -->":  "<p>a x b </p>",
	}
	r := richtext.New()
	for markdown, want := range tests {
		if got := strings.TrimSpace(string(r.Block(markdown))); got != want {
			t.Errorf("Block(%q)\n got %s\nwant %s", markdown, got, want)
		}
	}
}

func TestManyOpeningMarksCostLittle(t *testing.T) {
	done := make(chan int, 1)
	go func() { done <- len(richtext.New().Block(strings.Repeat("\\(\n", 200_000))) }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("200,000 opening marks of TeX without an end take over 30 seconds")
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
