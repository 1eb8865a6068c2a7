package native

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
)

// maxList is how many tags and references a file of the format holds.
const maxList = bank.MaxListItems

// Fit brings the questions of any document into what the native format, and with
// it a bank, can hold: texts in their clean form, the steps of orderings in the
// right order, notes in their form. What has no place where it stood moves to the
// tags or the explanation, with a warning. A question that has nothing but blanks
// where it needs a text becomes a fault.
func Fit(d *exchange.Document) {
	for _, q := range d.Broken {
		fit(d, q)
	}
	questions := d.Questions
	d.Questions = nil
	for _, q := range questions {
		d.Add(fit(d, q), q)
	}
}

func fit(d *exchange.Document, q *exam.Question) exchange.Place {
	f := fitting{document: d, where: exchange.Place{File: q.File, Line: q.Line, Name: q.Title}, q: q}
	f.texts()
	f.stimulus()
	f.numbers()
	f.notes()
	if q.Type == exam.Ordering {
		slices.SortStableFunc(q.Options, func(a, b exam.Option) int { return a.Place - b.Place })
	}
	return f.where
}

type fitting struct {
	document *exchange.Document
	where    exchange.Place
	q        *exam.Question
}

func (f fitting) warn(format string, args ...any) {
	f.document.Warn(f.where, fmt.Sprintf(format, args...), "Look at the question once it is in.")
}

// line is a text of one line.
func line(text string) string { return strings.Join(strings.Fields(exchange.CleanText(text)), " ") }

func (f fitting) texts() {
	q := f.q
	for _, text := range exchange.Texts(q) {
		*text = exchange.CleanText(*text)
	}
	for _, text := range []*string{&q.Title, &q.Category, &q.SourceID, &q.DifficultyReason, &q.FactsAsOf} {
		*text = line(*text)
	}
	q.Skill = exam.SkillID(line(string(q.Skill)))
	for i := range q.References {
		q.References[i] = exam.Reference{Title: line(q.References[i].Title), URL: line(q.References[i].URL)}
	}
	var tags []string
	for _, tag := range q.Tags {
		if tag = line(tag); tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if q.Tags = tags; len(tags) > maxList {
		f.warn("has %d tags; the first %d are kept", len(tags), maxList)
		q.Tags = tags[:maxList]
	}
}

// stimulus gives a case set the title it must have; one without a text is none.
func (f fitting) stimulus() {
	s := f.q.Stimulus
	if s == nil {
		return
	}
	if s.Title = line(s.Title); strings.TrimSpace(s.Text) == "" {
		f.q.Stimulus = nil
	} else if s.Title == "" {
		s.Title = exchange.Shorten(line(s.Text), 60)
	}
}

func (f fitting) numbers() {
	q := f.q
	for i := range q.Options {
		if w := q.Options[i].Weight; math.IsNaN(w) || w < -100 || w > 100 {
			f.warn("option %s: the weight %g is no percentage of the mark and isn't kept", q.Options[i].ID, w)
			q.Options[i].Weight = 0
		}
	}
	if math.IsNaN(q.Points) || q.Points < 0 || q.Points > bank.MaxPoints {
		f.warn("the %g points it is worth aren't kept", q.Points)
		q.Points = 0
	}
}

// notes keeps what the native format has a form for in that form.
func (f fitting) notes() {
	q := f.q
	for code, domain := range q.Domains {
		q.Domains[code] = exam.DomainID(line(string(domain)))
	}
	moved := map[string]bool{} // fields that FormProblems finds fault with
	for _, p := range bank.FormProblems(q) {
		field, part, _ := strings.Cut(p.Field, ".")
		moved[field] = true
		if field == "domains" {
			delete(q.Domains, exam.Code(part))
			f.warn("the domain for %q isn't kept: that is no exam's code, or no domain is named", part)
		}
	}
	var references []exam.Reference
	for i, r := range q.References {
		if moved[fmt.Sprintf("references[%d]", i)] || len(references) == maxList {
			f.warn("the reference %q isn't an https address with a title; it stands in the explanation now", exchange.Shorten(r.URL, 80))
			q.Explanation = exchange.JoinText(q.Explanation, strings.TrimSpace("See "+r.Title+" "+r.URL))
			continue
		}
		references = append(references, r)
	}
	q.References = references
	q.Services = f.toTags("services", q.Services, moved)
	q.Enemies = f.toTags("enemies", q.Enemies, moved)
	if moved["facts_as_of"] {
		f.warn("%q is no year and month in which facts were checked and isn't kept", q.FactsAsOf)
		q.FactsAsOf = ""
	}
	if moved["review"] {
		f.warn("its record of reviews makes no sense and isn't kept")
		q.Review = exam.Review{}
	}
}

// toTags moves the entries at fault to the tags.
func (f fitting) toTags(field string, list []string, moved map[string]bool) []string {
	var kept []string
	for i, entry := range list {
		if !moved[fmt.Sprintf("%s[%d]", field, i)] && len(kept) < maxList {
			kept = append(kept, entry)
			continue
		}
		f.warn("%q can't be among its %s; it is a tag now", exchange.Shorten(entry, 80), field)
		if entry = line(entry); entry != "" && len(f.q.Tags) < maxList && !slices.Contains(f.q.Tags, entry) {
			f.q.Tags = append(f.q.Tags, entry)
		}
	}
	return kept
}
