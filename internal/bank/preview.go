package bank

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// TextOptions say how Text shows a question.
type TextOptions struct {
	Width int  // columns to wrap prose at; tables and code keep their lines
	NoKey bool // leave out keys, reasons and everything else that tells them
}

// previewSeed shuffles the steps of an ordering whose key is not to be shown.
const previewSeed = 0

// Text is a question for a terminal: what learners see, then the key with its
// reasons. Options have the letters that remarks use, except in an ordering
// without its key, whose steps are shuffled.
func Text(q *exam.Question, cat *catalogue.Catalogue, opts TextOptions) string {
	t := &textWriter{width: max(40, opts.Width)}
	t.line(string(q.ID))
	t.line(strings.Repeat("─", length(string(q.ID))))
	t.wrapped("", strings.Join(facts(q, cat), " · "))
	if q.Stimulus != nil {
		t.blank()
		t.line("Case: " + q.Stimulus.Title)
		t.blank()
		t.markdown("", q.Stimulus.Text)
	}
	if q.Stem != "" {
		t.blank()
		t.markdown("", q.Stem)
	}
	t.blank()
	t.markdown("", q.Ask)
	t.blank()
	t.body(q, opts.NoKey)
	if opts.NoKey {
		return t.out.String()
	}
	for _, said := range []struct{ to, text string }{
		{"", q.Explanation}, {"To a right answer: ", q.Replies.Right}, {"To a partly right answer: ", q.Replies.Partly}, {"To a wrong answer: ", q.Replies.Wrong},
		{"Remember: ", q.Remember},
	} {
		if said.text != "" {
			t.blank()
			t.hanging(said.to, said.text)
		}
	}
	t.notes(q)
	return t.out.String()
}

// facts are what a question is filed under.
func facts(q *exam.Question, cat *catalogue.Catalogue) []string {
	skill := string(q.Skill)
	if s, known := cat.Skill(q.Skill); known {
		skill = s.Name
	}
	level := fmt.Sprintf("difficulty %d", q.Difficulty)
	if q.Difficulty == 0 {
		level = "no difficulty given"
	}
	if q.DifficultyReason != "" {
		level += " (" + q.DifficultyReason + ")"
	}
	served := cat.Serves(q)
	var exams []string
	for _, code := range sortedKeys(served) {
		exams = append(exams, fmt.Sprintf("%s domain %s", code, served[code]))
	}
	serves := "serves no exam yet"
	if len(exams) > 0 {
		serves = "serves " + strings.Join(exams, ", ")
	}
	return []string{cmp.Or(q.Platform.Label(), "no platform given"), cmp.Or(skill, "no skill given"), q.Type.Label(), level, serves}
}

type textWriter struct {
	out   strings.Builder
	width int
}

func (t *textWriter) line(s string) { t.out.WriteString(strings.TrimRight(s, " ") + "\n") }
func (t *textWriter) blank()        { t.out.WriteString("\n") }

func (t *textWriter) body(q *exam.Question, noKey bool) {
	order := make([]int, len(q.Options))
	for i := range order {
		order[i] = i
	}
	if noKey && q.Type == exam.Ordering {
		order = Shuffled(q, previewSeed)
	}
	for place, i := range order {
		o := q.Options[i]
		mark := "  "
		if !noKey && o.Key {
			mark = "✓ "
		}
		label := string(letter(place))
		if !noKey && q.Type == exam.Ordering {
			label = strconv.Itoa(o.Place)
		}
		t.hanging(mark+label+"  ", o.Text)
		t.reason(noKey, o.Rationale)
	}
	if len(q.Prompts) > 0 {
		t.blank()
	}
	for i, p := range q.Prompts {
		t.hanging(fmt.Sprintf("  %d  ", i+1), p.Text)
		if !noKey {
			t.hanging("     → ", string(p.Match))
		}
		t.reason(noKey, p.Rationale)
	}
	for i, s := range q.Statements {
		t.hanging(fmt.Sprintf("  %d  ", i+1), s.Text)
		if !noKey {
			t.hanging("     → ", verdictWord(s.Yes))
		}
		t.reason(noKey, s.Rationale)
	}
}

func verdictWord(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func (t *textWriter) reason(noKey bool, rationale string) {
	if !noKey && rationale != "" {
		t.hanging("     ", rationale)
	}
}

func (t *textWriter) notes(q *exam.Question) {
	if len(q.References) > 0 {
		t.blank()
	}
	for _, r := range q.References {
		t.line(r.Title)
		t.line("  " + r.URL)
	}
	t.blank()
	review := "Not yet solved without sight of the key"
	if q.Review.Solved > 0 {
		review = fmt.Sprintf("Solved without sight of the key by %d, %d agreed (%s)", q.Review.Solved, q.Review.Agreed, q.Review.Date)
	}
	if q.FactsAsOf != "" {
		review += "; facts as of " + q.FactsAsOf
	}
	t.wrapped("", review+".")
}

// hanging writes a text whose further lines stand below its first.
func (t *textWriter) hanging(mark, text string) {
	indent := strings.Repeat(" ", length(mark))
	below := &textWriter{width: t.width}
	below.markdown(indent, text)
	t.out.WriteString(mark + strings.TrimPrefix(below.out.String(), indent))
}

// markdown wraps paragraphs and leaves tables, lists' entries and code as they
// are written.
func (t *textWriter) markdown(indent, text string) {
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			t.wrapped(indent, strings.Join(paragraph, " "))
			paragraph = nil
		}
	}
	fenced := false
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		trimmed := strings.TrimSpace(line)
		fence := strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")
		switch {
		case fence || fenced || strings.HasPrefix(trimmed, "|") || strings.HasPrefix(line, "    "):
			flush()
			t.line(indent + line)
		case trimmed == "":
			flush()
			t.blank()
		case strings.HasPrefix(trimmed, "- ") || strings.HasPrefix(trimmed, "* "):
			flush()
			paragraph = []string{trimmed}
		default:
			paragraph = append(paragraph, trimmed)
		}
		fenced = fenced != fence
	}
	flush()
}

// wrapped breaks prose at blanks so that no line is wider than the width,
// unless one word is.
func (t *textWriter) wrapped(indent, text string) {
	line := indent
	for i, word := range strings.Fields(text) {
		if i > 0 && length(line)+1+length(word) > t.width {
			t.line(line)
			line = indent
		} else if i > 0 {
			line += " "
		}
		line += word
	}
	t.line(line)
}
