package markup_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/samples"
	"sextant/internal/richtext"
)

func noImages(string, string) (string, bool) { return "", false }

func TestFromHTML(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"plain text", "Which one?", "Which one?"},
		{"paragraphs", "<p>One</p>\n<p>Two &amp; three</p>", "One\n\nTwo & three"},
		{"divs", "<div>One</div><div>Two</div>", "One\n\nTwo"},
		{"breaks", "a<br>b<br/>c", "a\\\nb\\\nc"},
		{"double breaks divide", "a<br><br>b<br> <br>c", "a\n\nb\n\nc"},
		{"empty paragraphs go", "<p>&nbsp;</p><p>x</p><p><br></p>", "x"},
		{"emphasis", "<b>a</b> <i>b</i> <u>c</u> <s>d</s> <strong><em>e</em></strong>", "**a** *b* *c* ~~d~~ ***e***"},
		{"spaces move out of emphasis", "x<b> a </b>y", "x **a** y"},
		{"emphasis beside letters", "un<b>believ</b>able", "un**believ**able"},
		{"emphasis where marks fail", `a<b>"b"</b>c`, `a<strong>"b"</strong>c`},
		{"neighbours join", "<b>a</b><b>b</b>", "**ab**"},
		{"two kinds side by side", "<i>a</i><b>b</b>", "<em>a</em>**b**"},
		{"empty emphasis", "a<b></b> b<i> </i>c", "a b c"},
		{"scripts", "H<sub>2</sub>O, 10<sup>3</sup>", "H<sub>2</sub>O, 10<sup>3</sup>"},
		{"marks stand for themselves", "5*3 _x_ snake_case `q` [a](b) #1 <b>1 &lt; 2 &lt;b&gt;</b>", "5\\*3 \\_x\\_ snake_case \\`q\\` [a\\](b) #1 **1 < 2 \\<b>**"},
		{"blocks that aren't", "<p># no</p><p>- no</p><p>1. no</p><p>&gt; no</p><p>===</p><p>+</p>", "\\# no\n\n\\- no\n\n1\\. no\n\n\\> no\n\n\\===\n\n\\+"},
		{"a text that looks like an entity", "<p>&amp;lt; and AT&amp;T</p>", "\\&lt; and AT&T"},
		{"a backslash", `<p>C:\dir\*.txt \</p>`, `C:\dir\\\*.txt \\`},
		{"code", "<code>a|b `c`</code>", "`` a|b `c` ``"},
		{"code block", "<pre><code class=\"language-go\">x := 1\n\ty\n</code></pre>", "```go\nx := 1\n\ty\n```"},
		{"code block with fences", "<pre>```\nx</pre>", "````\n```\nx\n````"},
		{"code over lines", "<p>See <code>a<br>b</code></p>", "See\n\n```\na\nb\n```"},
		{"list", "<ul><li>a</li><li>b<ol start=3><li>c</li></ol></li></ul>", "- a\n\n- b\n\n  3. c"},
		{"tight nest", "<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b"},
		{"loose", "<ol><li><p>a</p></li><li><p>b</p></li></ol>", "1. a\n\n2. b"},
		{"lists side by side", "<ul><li>a</li></ul><ul><li>b</li></ul><ul><li>c</li></ul>", "- a\n\n+ b\n\n- c"},
		{"heading", "<h1>A #</h1><h5>B</h5>", "## A \\#\n\n#### B"},
		{"quotation and rule", "<blockquote><p>a</p><p>b</p></blockquote><hr>", "> a\n>\n> b\n\n***"},
		{"table", `<table><tr><th>a</th><th style="text-align:right">b</th></tr><tr><td>1|2</td><td><p>x</p><p>y</p></td></tr></table>`, "| a | b |\n|---|---:|\n| 1\\|2 | x<br>y |"},
		{"table without a head", "<table><tr><td>a</td><td>b</td></tr></table>", "| | |\n|---|---|\n| a | b |"},
		{"row heads", "<table><tr><th>a</th><th>b</th></tr><tr><th>c</th><td>d</td></tr></table>", "| a | b |\n|---|---|\n| **c** | d |"},
		{"link", `<a href="https://example.org/a(b)">see <b>it</b></a>`, "[see **it**](https://example.org/a%28b%29)"},
		{"link without words", `<a href="https://example.org"></a>`, "<https://example.org>"},
		{"TeX", `<p>Let \(x_1 &lt; y*z\) and $$\frac{a}{b}$$ or \[e^{x}\], for $5_.</p>`, `Let \(x_1 < y*z\) and $$\frac{a}{b}$$ or \[e^{x}\], for $5\_.`},
		{"TeX without end", `<p>a \( b * c</p>`, `a \\( b * c`},
		{"MathML with its TeX", `<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x_i</annotation></semantics></math>`, `\(x_i\)`},
		{"MathML", `<math display="block"><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><msup><mi>b</mi><mn>2</mn></msup></mfrac><mo>≤</mo><msqrt><mi>x</mi></msqrt></math>`, `\[\frac{a+1}{b^{2}}\le \sqrt{x}\]`},
		{"an equation as an image", `<img class="equation_image" src="/equation_images/x" data-equation-content="\frac{1}{2}" alt="LaTeX: x">`, `\(\frac{1}{2}\)`},
		{"TeX as a script", `<script type="math/tex">a^2</script>`, `\(a^2\)`},
		{"a quotation in a line", "<q>so</q>", "“so”"},
		{"no-break spaces stay", "<p>100&nbsp;GB</p>", "100\u00a0GB"},
		{"white space", "<p>\n  a\n\t b  c\n</p>", "a\nb c"},
		{"unclosed", "<p>a<b>b<p>c", "a**b**\n\n**c**"},
		{"stray list", "<ul><ul><li>a</li></ul></ul>", "- a"},
		{"definitions", "<dl><dt>a</dt><dd>b</dd></dl>", "**a**\n\nb"},
		{"block in emphasis", "<b><p>a</p><p>b</p></b>", "**a**\n\n**b**"},
		{"comment", "a<!-- b -->c", "ac"},
		{"reference definition", "<p>[a]: https://example.org</p>", "[a\\]: https://example.org"},
		{"strike marks", "<p>~a~ and ~~b~~</p>", "\\~a\\~ and &#126;&#126;b&#126;&#126;"},
		{"one tilde", "<p>~30 ms</p>", "~30 ms"},
		{"exclamation before a link", `<p>Look!<a href="https://example.org">here</a></p>`, "Look\\![here](https://example.org)"},
		{"backslash before a break", `<p>a\<br>b</p>`, "a&#92;\\\nb"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got, lost := markup.FromHTML(c.html, noImages)
			if got != c.want || len(lost) > 0 {
				t.Fatalf("FromHTML(%q)\n got %q\nwant %q\nlost %v", c.html, got, c.want, lost)
			}
			if again := markup.Normal(got); again != got {
				t.Errorf("not in its normal form: %q becomes %q", got, again)
			}
		})
	}
}

func TestFromHTMLNamesWhatIsLost(t *testing.T) {
	tests := []struct{ html, want, lost string }{
		{"a<script>alert(1)</script>b", "ab", "a script"},
		{`<p onclick="x()">a</p>`, "a", "a script (onclick)"},
		{`<iframe src="https://example.org/v"></iframe>a`, "a", "an embedded page (https://example.org/v)"},
		{`<a href="http://example.org">a</a>`, "a", "the link to http://example.org"},
		{`<a href="javascript:alert(1)">a</a>`, "a", "the link to javascript:alert(1)"},
		{`<img src="x.png" alt="a *plan*">`, `a \*plan\*`, "the image x.png"},
		{`<img src="data:image/png;base64,AAAA" alt="">x`, "x", "the image within the text"},
		{`<svg><text>t</text></svg>a`, "a", "a drawing (SVG)"},
		{`<video src="v.mp4">see there</video>`, "see there", "an video element (v.mp4)"},
		{`<input type="text">a`, "a", "an input field"},
		{`<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></table>`, "| | |\n|---|---|\n| a | |\n| b | c |", "merged table cells"},
		{"<style>p{}</style><p>a</p>", "a", ""},
	}
	for _, c := range tests {
		got, lost := markup.FromHTML(c.html, nil)
		if got != c.want || strings.Join(lost, "; ") != c.lost {
			t.Errorf("FromHTML(%q)\n got %q, lost %q\nwant %q, lost %q", c.html, got, lost, c.want, c.lost)
		}
	}
}

func TestImagesAreCarriedBothWays(t *testing.T) {
	got, lost := markup.FromHTML(`See <img src="a.png" alt="two [hubs]"> here`, func(src, alt string) (string, bool) {
		return "k1", src == "a.png" && alt == "two [hubs]"
	})
	if want := `See ![two &#91;hubs\]](media:k1) here`; got != want || lost != nil {
		t.Fatalf("got %q, lost %v; want %q", got, lost, want)
	}
	html := markup.ToHTML(got, func(key string) string { return "pics/" + key + "&.png" })
	if want := `<p>See <img src="pics/k1&amp;.png" alt="two [hubs]" /> here</p>`; html != want {
		t.Fatalf("got %s, want %s", html, want)
	}
	if html := markup.ToHTML(got, nil); html != "<p>See two [hubs] here</p>" {
		t.Errorf("without sources: %s", html)
	}
	if keys := markup.Keys(got + "\n\n![x](media:k2)![x](media:k1)"); strings.Join(keys, " ") != "k1 k2" {
		t.Errorf("keys %v", keys)
	}
	if markup.Normal(got) != got {
		t.Errorf("Normal changed %q", got)
	}
}

func TestOnlyLinksThatAreShownAreWritten(t *testing.T) {
	got := markup.ToHTML("[a](https://x.example/?a=b&c=d) <https://x.example> [b](http://x.example) <x@example.org> [c](javascript:alert(1)) [d](/help)", nil)
	want := `<p><a href="https://x.example/?a=b&amp;c=d">a</a> <a href="https://x.example">https://x.example</a> b x@example.org c d</p>`
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestPlain(t *testing.T) {
	tests := []struct{ plain, markdown string }{
		{"a * b", "a * b"},
		{"*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"},
		{"one\ntwo\n\nthree", "one\\\ntwo\n\nthree"},
		{"if x:\n    y = [1](2)", "if x:\\\n\u00a0\u00a0\u00a0\u00a0y = [1\\](2)"},
		{"# no\n1. no", "\\# no\\\n1\\. no"},
		{`<b>1</b> &amp; \(x_1\)`, `\<b>1\</b> \&amp; \(x_1\)`},
		{"| a |\n|---|", "| a |\\\n\\|---|"},
	}
	for _, c := range tests {
		if got := markup.FromPlain(c.plain); got != c.markdown {
			t.Errorf("FromPlain(%q) = %q, want %q", c.plain, got, c.markdown)
		}
		if got := markup.ToPlain(c.markdown); got != c.plain {
			t.Errorf("ToPlain(%q) = %q, want %q", c.markdown, got, c.plain)
		}
	}
	if got, want := markup.ToPlain("## A **b**\n\n- x\n- [y](https://example.org)\n\n3. z\n\n| a | b |\n|---|---|\n| `1` | H<sub>2</sub> |\n\n```\ncode\n```\n\n> q\n\n![alt](media:k)"),
		"A b\n\n- x\n- y (https://example.org)\n\n3. z\n\na | b\n1 | H2\n\ncode\n\n> q\n\nalt"; got != want {
		t.Errorf("ToPlain\n got %q\nwant %q", got, want)
	}
}

// words are texts with all that could be mistaken for a mark.
var words = rapid.SampledFrom([]string{
	"a", "b c", "*", "**", "_", "__x__", "snake_case", "`", "``", "[", "]", "](", "[x](y)", "<", "<b>", "</p>", "&", "&amp;", "&#42;", "#", "# a", "1.", "2) x", "-", "- a", "+ b",
	"===", "---", "|", "a|b", "|---|", ":--", ">", "> q", "~", "~~", "~~~", "!", "![", "\\", "\\\\", "$", "$5", "ü", "日本", "😀", "\u00a0", "“q”", "(", ")", ".", ",", "x*y", "1*2*3", "'", "\"", "=", "\\*", "http://x.y", "a\u200bb", "\u2028",
})

var sentence = rapid.Custom(func(t *rapid.T) string {
	parts := rapid.SliceOfN(words, 1, 6).Draw(t, "words")
	glue := rapid.SampledFrom([]string{" ", ""}).Draw(t, "glue")
	return strings.Join(parts, glue)
})

// element draws an HTML element within a line.
func element(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		kind := rapid.IntRange(0, 9).Draw(t, "kind")
		if depth == 0 {
			kind = rapid.IntRange(0, 4).Draw(t, "leaf")
		}
		inner := func() string {
			return strings.Join(rapid.SliceOfN(element(depth-1), 1, 3).Draw(t, "inner"), "")
		}
		switch kind {
		case 0, 1, 2:
			return escape(sentence.Draw(t, "text"))
		case 3:
			return "<code>" + escape(sentence.Draw(t, "code")) + "</code>"
		case 4:
			return rapid.SampledFrom([]string{"<br>", " ", "\n", `<img src="k.png" alt="p">`, ` \(x_1*y\)`}).Draw(t, "small")
		case 5:
			return "<b>" + inner() + "</b>"
		case 6:
			return "<i>" + inner() + "</i>"
		case 7:
			return "<s>" + inner() + "</s>"
		case 8:
			return "<sub>" + inner() + "</sub>"
		}
		return `<a href="https://example.org/x?a=b&amp;c=(d)">` + inner() + "</a>"
	})
}

func escape(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s))
	return out.String()
}

// page draws HTML blocks.
func page(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var out strings.Builder
		for range rapid.IntRange(1, 4).Draw(t, "blocks") {
			kind := rapid.IntRange(0, 9).Draw(t, "block")
			if depth == 0 {
				kind = 0
			}
			run := func() string {
				return strings.Join(rapid.SliceOfN(element(2), 1, 4).Draw(t, "run"), "")
			}
			switch kind {
			case 0, 1, 2:
				out.WriteString("<p>" + run() + "</p>")
			case 3:
				out.WriteString("<ul><li>" + page(depth-1).Draw(t, "item") + "</li><li>" + run() + "</li></ul>")
			case 4:
				out.WriteString("<ol start=\"7\"><li>" + run() + page(depth-1).Draw(t, "item") + "</li></ol>")
			case 5:
				out.WriteString("<blockquote>" + page(depth-1).Draw(t, "quoted") + "</blockquote>")
			case 6:
				out.WriteString("<pre>" + escape(sentence.Draw(t, "pre")) + "\n" + escape(sentence.Draw(t, "pre")) + "</pre>")
			case 7:
				out.WriteString("<table><tr><th>" + run() + "</th><th>b</th></tr><tr><td align=\"right\">" + run() + "</td><td>" + run() + "</td></tr></table>")
			case 8:
				out.WriteString("<h3>" + run() + "</h3>")
			case 9:
				out.WriteString(run() + "<hr>")
			}
		}
		return out.String()
	})
}

func key(src, _ string) (string, bool) { return strings.CutPrefix(src, "k.") }

// What was written is read again as the same, and renders the same.
func TestAnyHTMLHasOneNormalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		html := page(2).Draw(t, "html")
		m, _ := markup.FromHTML(html, key)
		want := markup.ToHTML(m, func(k string) string { return "media:" + k })
		if again := markup.Normal(m); again != m {
			t.Fatalf("not a normal form\nhtml  %q\nfirst %q\nthen  %q\nby    %s", html, m, again, want)
		}
		if err := wellFormed(want); err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, want)
		}
	})
}

// The text of any HTML is the text of the Markdown made of it.
func TestNoTextIsLostOrInvented(t *testing.T) {
	r := richtext.New()
	rapid.Check(t, func(t *rapid.T) {
		s := sentence.Draw(t, "text")
		m, _ := markup.FromHTML("<p>"+escape(s)+" <b>x</b></p>", nil)
		got := r.Plain(m)
		if want := strings.Join(strings.Fields(s+" x"), " "); got != want {
			t.Fatalf("%q becomes %q, shown as %q", want, m, got)
		}
	})
}

// Whatever Markdown people write, its normal form shows the same words.
func TestTheNormalFormShowsTheSameWords(t *testing.T) {
	r := richtext.New()
	rapid.Check(t, func(t *rapid.T) {
		m := samples.Text(t, "markdown")
		n := markup.Normal(m)
		if before, after := r.Plain(m), r.Plain(n); before != after {
			t.Fatalf("%q becomes %q\nshown as %q\nand then %q", m, n, before, after)
		}
		if again := markup.Normal(n); again != n {
			t.Fatalf("%q becomes %q and then %q", m, n, again)
		}
	})
}

func TestPlainTextShowsAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.TrimSpace(sentence.Draw(t, "line"))
		}), 1, 5).Draw(t, "lines")
		plain := strings.TrimSpace(strings.Join(lines, "\n"))
		for strings.Contains(plain, "\n\n\n") {
			plain = strings.ReplaceAll(plain, "\n\n\n", "\n\n")
		}
		m := markup.FromPlain(plain)
		if got := markup.ToPlain(m); got != plain {
			t.Fatalf("%q becomes %q and then %q", plain, m, got)
		}
		if markup.Normal(m) != m {
			t.Fatalf("FromPlain(%q) = %q isn't its normal form %q", plain, m, markup.Normal(m))
		}
	})
}

func wellFormed(fragment string) error {
	d := xml.NewDecoder(strings.NewReader("<r>" + fragment + "</r>"))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestBoundedWhateverComes(t *testing.T) {
	deep := strings.Repeat("<div><b><ul><li>", 5000) + "text"
	if got, lost := markup.FromHTML(deep, nil); !strings.Contains(got, "text") || len(lost) == 0 {
		t.Errorf("nested 20,000 deep: %d bytes, lost %v", len(got), lost)
	}
	for _, unit := range []string{`\(`, "$$", "<b>", "</b>", "*_`[", "<br>", "<td>", "&lt;", "<ul><li>a</ul>", "~", "<i>a</i><b>b</b>"} {
		got, _ := markup.FromHTML(strings.Repeat(unit, 1<<18/len(unit)), nil)
		_ = markup.ToHTML(got, nil)
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, seed := range []string{"<p>a<b>b", "<table><td>x|y</table>", `\(x\) <math><mi>x</mi></math>`, "<ul><li>1.<li># <pre>`", `<img src=k.1 alt="]">`, "&lt;script&gt;", "<a href=https://x>[x](</a>"} {
		f.Add(seed)
	}
	r := richtext.New()
	f.Fuzz(func(t *testing.T, html string) {
		m, _ := markup.FromHTML(html, key)
		out := markup.ToHTML(m, func(k string) string { return k })
		if err := wellFormed(out); err != nil {
			t.Fatalf("%v: %q", err, out)
		}
		if strings.Contains(strings.ToLower(string(r.Block(m))), "<script") {
			t.Fatalf("a script got through: %q", m)
		}
		markup.ToPlain(m)
		markup.FromPlain(html)
	})
}

func TestWhatOnlyLooksLikeATagIsText(t *testing.T) {
	tests := []struct{ fragment, want string }{
		{"Map<String, Integer> or List<T>?", `Map\<String, Integer> or List\<T>?`},
		{"<p>gs://<your-bucket>/<id></p>", `gs://\<your-bucket>/\<id>`},
		{"<code>#include <stdio.h></code>", "`#include <stdio.h>`"},
		{"a <tool>wrapped</tool> text", "a wrapped text"},
		{"<o:p>Word</o:p> and <o:p>&nbsp;", "Word and"},
		{`a <gap id="1"> b <gap/>`, "a b"},
		{"<p>one<br>two <!-- <T> --></p>", "one\\\ntwo"},
	}
	for _, tt := range tests {
		if got, _ := markup.FromHTML(tt.fragment, nil); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.fragment, got, tt.want)
		}
	}
}
