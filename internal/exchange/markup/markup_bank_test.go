package markup_test

import (
	"regexp"
	"strings"
	"testing"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange/markup"
	"sextant/questions"
)

// bankTexts are the Markdown texts of the embedded bank.
func bankTexts(t testing.TB) []string {
	t.Helper()
	b, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	var texts []string
	add := func(s ...string) {
		for _, x := range s {
			if x != "" {
				texts = append(texts, x)
			}
		}
	}
	for _, q := range b.Questions {
		add(q.Stem, q.Ask, q.Remember, q.Explanation)
		if q.Stimulus != nil {
			add(q.Stimulus.Text)
		}
		for _, o := range q.Options {
			add(o.Text, o.Rationale)
		}
		for _, p := range q.Prompts {
			add(p.Text, p.Rationale)
		}
		for _, s := range q.Statements {
			add(s.Text, s.Rationale)
		}
	}
	if len(texts) < 5000 {
		t.Fatalf("the embedded bank has %d texts; that can't be all", len(texts))
	}
	return texts
}

// unpad leaves out what has no place in HTML: the padding of tables and blank
// lines between blocks.
func unpad(markdown string) string {
	var lines []string
	fenced := false
	for l := range strings.SplitSeq(markdown, "\n") {
		if strings.HasPrefix(l, "```") {
			fenced = !fenced
		}
		if l == "" && !fenced {
			continue
		}
		if strings.HasPrefix(l, "|") && !fenced {
			l = padding.ReplaceAllString(dashes.ReplaceAllString(l, "---"), " ")
		}
		lines = append(lines, l)
	}
	return strings.Join(lines, "\n")
}

var (
	dashes  = regexp.MustCompile(`-{3,}`)
	padding = regexp.MustCompile(` {2,}`)
)

func TestEveryTextOfTheBankComesThrough(t *testing.T) {
	for _, m := range bankTexts(t) {
		html := markup.ToHTML(m, nil)
		got, lost := markup.FromHTML(html, nil)
		if len(lost) > 0 || unpad(got) != unpad(m) {
			t.Errorf("lost %v\n got %q\nwant %q", lost, got, unpad(m))
		}
		if again := markup.ToHTML(got, nil); again != html {
			t.Errorf("rendered otherwise:\n%s\n%s", html, again)
		}
		if plain := markup.ToPlain(m); markup.ToPlain(markup.FromPlain(plain)) != plain {
			t.Errorf("plain text changes:\n%s", plain)
		}
	}
}
