package samples

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// Dump is a document as text that people can compare: its questions, those that
// are broken, what was skipped, the problems, and the media by their key.
func Dump(d *exchange.Document) string {
	var b strings.Builder
	for _, q := range d.Questions {
		b.WriteString(dumpQuestion(q))
	}
	for _, q := range d.Broken {
		b.WriteString("BROKEN " + dumpQuestion(q))
	}
	for _, s := range d.Skipped {
		fmt.Fprintf(&b, "SKIPPED %s: %s\n", s.Where, s.Reason)
	}
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "%s %s: %s\n    → %s\n", [...]string{"WARNING", "FAULT"}[p.Severity], p.Where, p.Message, p.Remedy)
	}
	var media []string
	for key, m := range d.Media {
		media = append(media, fmt.Sprintf("MEDIA %.8s %s %s %d bytes\n", key, m.Name, m.Type, len(m.Data)))
	}
	slices.Sort(media)
	return b.String() + strings.Join(media, "")
}

// dumpQuestion leaves out what is empty.
func dumpQuestion(q *exam.Question) string {
	var b strings.Builder
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s: %s\n", name, strings.ReplaceAll(value, "\n", "\n    | "))
		}
	}
	flags := ""
	if q.FixedOrder {
		flags += " fixed-order"
	}
	if q.OneToOne {
		flags += " one-to-one"
	}
	fmt.Fprintf(&b, "%s line %d%s\n", strings.ToUpper(string(q.Type)), q.Line, flags)
	field("id", string(q.ID))
	field("title", q.Title)
	field("category", q.Category)
	field("source id", q.SourceID)
	field("tags", strings.Join(q.Tags, ", "))
	if q.Points != 0 {
		field("points", strconv.FormatFloat(q.Points, 'g', -1, 64))
	}
	field("stem", q.Stem)
	field("ask", q.Ask)
	for _, o := range q.Options {
		mark := string(o.ID)
		if o.Key {
			mark += "*"
		}
		if o.Place != 0 {
			mark += " " + strconv.Itoa(o.Place)
		}
		if o.Weight != 0 {
			mark += fmt.Sprintf(" (%g%%)", o.Weight)
		}
		field(mark, o.Text)
		field("  because", o.Rationale)
	}
	for _, p := range q.Prompts {
		field("→"+string(p.Match), p.Text)
		field("  because", p.Rationale)
	}
	for _, s := range q.Statements {
		field(map[bool]string{true: "yes", false: "no"}[s.Yes], s.Text)
		field("  because", s.Rationale)
	}
	field("explanation", q.Explanation)
	field("right", q.Replies.Right)
	field("partly", q.Replies.Partly)
	field("wrong", q.Replies.Wrong)
	field("remember", q.Remember)
	for _, r := range q.References {
		field("reference", r.Title+" "+r.URL)
	}
	return b.String()
}
