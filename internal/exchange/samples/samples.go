// Package samples draws random questions for the round-trip tests of the
// formats: of every type, with the texts that formats find hard.
package samples

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// pieces are what texts are put together from.
var pieces = rapid.OneOf(
	rapid.StringMatching(`[A-Za-z0-9 ,.:;#'"&*!|>%@{}=~\[\]()?\\/<_^$+-]{1,20}`),
	rapid.StringMatching(`[A-Za-z]{1,8}( [a-z]{1,8}){0,6}`),
	rapid.SampledFrom([]string{
		"\n", "\n\n", "  ", "\t", "\n- item\n- item\n", "\n1. one\n2. two\n", "```\ncode {x} = ~1\n\n// more\n```", "\n| a | b |\n|---|---|\n| 1 | 2 |\n",
		"`a -> b`", "->", "-&gt;", "####", "//", "::", "\\n", "\\\\", "%50%", "[html]", "=1+1", "-5", "@x", "+1", "True", "yes", "é", "漢", "🙂", "\u00a0", "_____",
		`\(x^2\)`, "$$\\frac{1}{2}$$", "**bold**", "<b>", "&amp;", "&", "]]>", "\"quoted\"", "a,b;c\td", "**Remember:** x", "**Reason 1:** x", "Reference: [a](https://example.com)",
	}),
)

// Text draws a Markdown text as Sextant keeps texts; it is never empty.
func Text(t *rapid.T, label string) string {
	text := strings.Trim(strings.Join(rapid.SliceOfN(pieces, 1, 6).Draw(t, label), ""), " \t\n\u00a0")
	if text = exchange.CleanText(text); text == "" {
		return "text"
	}
	return text
}

// maybe draws a text or none.
func maybe(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, "has "+label) {
		return Text(t, label)
	}
	return ""
}

// Line draws a short text without line breaks or blanks around it.
func Line(t *rapid.T, label string) string {
	return strings.Join(strings.Fields(rapid.StringMatching(`[A-Za-z0-9é漢,.:;#'"&*!|>%@{}=~\[\]()?\\/<_^+ -]{1,30}`).Draw(t, label)+"x"), " ")
}

// Questions draws one to four questions, some of them in a case set, as reading a
// file yields them: with ids, since they are Sextant's own.
func Questions(t *rapid.T) []*exam.Question {
	n := rapid.IntRange(1, 4).Draw(t, "questions")
	var set *exam.Stimulus
	if rapid.Bool().Draw(t, "in a case set") {
		set = &exam.Stimulus{ID: "aws-case-01", Title: Line(t, "case title"), Text: strings.TrimSpace(Text(t, "case text")), NoReturn: rapid.Bool().Draw(t, "no return")}
	}
	var questions []*exam.Question
	for i := range n {
		q := question(t)
		q.ID = exam.QuestionID(fmt.Sprintf("aws-sample-%02d", i+1))
		if set != nil && rapid.Bool().Draw(t, "of the set") {
			q.Stimulus = set
		}
		questions = append(questions, q)
	}
	return questions
}

func question(t *rapid.T) *exam.Question {
	q := &exam.Question{
		Type: rapid.SampledFrom(exam.Types()).Draw(t, "type"),
		Stem: strings.TrimSpace(maybe(t, "stem")), Ask: strings.TrimSpace(Text(t, "ask")),
		Explanation: maybe(t, "explanation"), Remember: maybe(t, "remember"),
	}
	labels(t, q)
	if rapid.Bool().Draw(t, "replies") {
		q.Replies = exam.Replies{Right: maybe(t, "right"), Partly: maybe(t, "partly"), Wrong: maybe(t, "wrong")}
	}
	parts(t, q)
	return q
}

// labels draws what a question is called and sorted by.
func labels(t *rapid.T, q *exam.Question) {
	if rapid.Bool().Draw(t, "labelled") {
		q.Platform, q.Skill, q.Difficulty = exam.AWS, "rag-grounding", rapid.IntRange(1, 5).Draw(t, "difficulty")
		q.DifficultyReason, q.FactsAsOf = Line(t, "difficulty reason"), "2026-11"
		q.Domains = map[exam.Code]exam.DomainID{"MLA-C02": "1", "AIP-C01": "2.1"}
		q.Services, q.Enemies = []string{"amazon-s3", "aws-lambda"}, []string{"case.a"}
		q.Review = exam.Review{Solved: 3, Agreed: 2, Date: "2026-11-20"}
		q.References = []exam.Reference{{Title: Line(t, "reference"), URL: "https://example.com/a?b=c#d"}}
	}
	if rapid.Bool().Draw(t, "named") {
		q.Title, q.SourceID = Line(t, "title"), Line(t, "source id")
		q.Category = "Line 1: a/Sub " + rapid.StringMatching(`[A-Za-z0-9 :&]{0,10}[a-z]`).Draw(t, "category")
		q.Category = strings.Join(strings.Fields(q.Category), " ")
		q.Tags = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) string { return Line(t, "tag") }), 1, 3, rapid.ID[string]).Draw(t, "tags")
		q.Points = rapid.SampledFrom([]float64{0, 2, 0.5}).Draw(t, "points")
	}
}

func parts(t *rapid.T, q *exam.Question) {
	n := rapid.IntRange(2, 6).Draw(t, "parts")
	if q.Type == exam.YesNo {
		for range n {
			q.Statements = append(q.Statements, exam.Statement{Text: Text(t, "statement"), Yes: rapid.Bool().Draw(t, "holds"), Rationale: maybe(t, "reason")})
		}
		return
	}
	q.FixedOrder = rapid.Bool().Draw(t, "fixed order")
	places := rapid.Permutation(upTo(n)).Draw(t, "places")
	for i := range n {
		// A letter at the end keeps the options apart.
		o := exam.Option{ID: exchange.Letter(i), Text: Text(t, "option") + " " + string(exchange.Letter(i)), Rationale: maybe(t, "reason")}
		if q.Type == exam.Ordering {
			o.Place = places[i]
		}
		q.Options = append(q.Options, o)
	}
	switch q.Type {
	case exam.Single:
		key := rapid.IntRange(0, n-1).Draw(t, "key")
		q.Options[key].Key = true
		if rapid.Bool().Draw(t, "partial credit") {
			q.Options[(key+1)%n].Weight = rapid.SampledFrom([]float64{-50, 25, 33.33333}).Draw(t, "weight")
		}
	case exam.Multiple:
		multiple(t, q)
	case exam.Matching:
		matching(t, q)
	case exam.Ordering, exam.YesNo:
	}
}

func multiple(t *rapid.T, q *exam.Question) {
	n := len(q.Options)
	keys := rapid.IntRange(1, n).Draw(t, "keys")
	for i := range keys {
		q.Options[i].Key = true
	}
	if keys >= 2 && keys < n && rapid.Bool().Draw(t, "said how many") {
		q.Choose = keys
	}
	if keys == 2 && rapid.Bool().Draw(t, "weighted") {
		q.Options[0].Weight, q.Options[1].Weight = 60, 40
		if n > 2 {
			q.Options[2].Weight = -20
		}
	}
}

func matching(t *rapid.T, q *exam.Question) {
	n := len(q.Options)
	q.OneToOne = rapid.Bool().Draw(t, "one to one")
	order := rapid.Permutation(upTo(n)).Draw(t, "matches")
	for i := range rapid.IntRange(2, n).Draw(t, "prompts") {
		at := order[i] - 1
		if !q.OneToOne {
			at = rapid.IntRange(0, n-1).Draw(t, "match")
		}
		q.Prompts = append(q.Prompts, exam.Prompt{Text: Text(t, "prompt"), Match: q.Options[at].ID, Rationale: maybe(t, "reason")})
	}
}

func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}
