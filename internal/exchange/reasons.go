package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"sextant/internal/exam"
)

// The reasons for the parts of a matching, an ordering or a yes/no series stand
// between the explanation and the line to remember, a paragraph each that opens
// with "**Reason 2:** ": the number of the prompt or statement, or the place of
// the step; for an option of a matching its letter. In texts that have such a
// paragraph themselves the colon gets a backslash, as with those of Explain.
var (
	reasonText    = regexp.MustCompile(`(^|\n\n)(\*\*Reason (?:[0-9]{1,2}|[A-Z]))(\\*:\*\* )`)
	reasonEscaped = regexp.MustCompile(`(^|\n\n)(\*\*Reason (?:[0-9]{1,2}|[A-Z]))\\(\\*:\*\* )`)
	reasonOpening = regexp.MustCompile(`(?:^|\n\n)\*\*Reason ([0-9]{1,2}|[A-Z]):\*\* `)
)

// ExplainParts is Explain with the reasons for the parts of a matching, an
// ordering or a yes/no series added, for formats whose only feedback on them is
// that on the whole question. TakeExplainedParts is the inverse.
func ExplainParts(q *exam.Question) string {
	parts := reasonedParts(q)
	if len(parts) == 0 {
		return Explain(q)
	}
	var paragraphs []string
	add := func(opening, text string) {
		if text != "" {
			paragraphs = append(paragraphs, opening+reasonText.ReplaceAllString(text, `$1$2\$3`))
		}
	}
	add("", q.Explanation)
	for _, p := range parts {
		add("**Reason "+p.label+":** ", *p.reason)
	}
	whole := *q
	whole.Explanation = strings.Join(paragraphs, "\n\n")
	return Explain(&whole)
}

// TakeExplainedParts puts what ExplainParts wrote back into a question that has
// its type and parts already. When a reason is for none of its parts they all
// stay in the explanation.
func TakeExplainedParts(q *exam.Question, markdown string) {
	TakeExplanation(q, markdown)
	reasons := map[string]*string{}
	for _, p := range reasonedParts(q) {
		reasons[p.label] = p.reason
	}
	text := q.Explanation
	found := reasonOpening.FindAllStringSubmatchIndex(text, -1)
	if len(reasons) == 0 || !eachOnce(text, found, reasons) {
		return
	}
	end := len(text)
	for i := len(found) - 1; i >= 0; i-- {
		at := found[i]
		*reasons[text[at[2]:at[3]]] = withoutEscapes(text[at[1]:end])
		end = at[0]
	}
	q.Explanation = withoutEscapes(text[:end])
}

func eachOnce(text string, found [][]int, reasons map[string]*string) bool {
	seen := map[string]bool{}
	for _, at := range found {
		label := text[at[2]:at[3]]
		if seen[label] || reasons[label] == nil {
			return false
		}
		seen[label] = true
	}
	return true
}

func withoutEscapes(text string) string { return reasonEscaped.ReplaceAllString(text, "$1$2$3") }

type reasonedPart struct {
	label  string
	reason *string
}

// reasonedParts lists the parts that reasons belong to, in the order in which
// they are read.
func reasonedParts(q *exam.Question) []reasonedPart {
	var parts []reasonedPart
	add := func(label string, reason *string) { parts = append(parts, reasonedPart{label, reason}) }
	switch q.Type {
	case exam.Matching:
		for i := range q.Prompts {
			add(strconv.Itoa(i+1), &q.Prompts[i].Rationale)
		}
		for i := range q.Options {
			add(string(Letter(i)), &q.Options[i].Rationale)
		}
	case exam.Ordering:
		for place := 1; place <= len(q.Options); place++ {
			for i := range q.Options {
				if q.Options[i].Place == place {
					add(strconv.Itoa(place), &q.Options[i].Rationale)
				}
			}
		}
	case exam.YesNo:
		for i := range q.Statements {
			add(strconv.Itoa(i+1), &q.Statements[i].Rationale)
		}
	case exam.Single, exam.Multiple: // formats have feedback for each option
	}
	return parts
}
