package httpd

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/page"
)

var provenanceWords = map[catalogue.Confidence]string{
	catalogue.Recalled: "general knowledge, not verified", catalogue.Derived: "our judgement",
	catalogue.Assumed: "our assumption", catalogue.Unknown: "looked for and not found",
}

// sourceText says where a fact comes from and how sure it is.
func (h *Handler) sourceText(p catalogue.Provenance) string {
	var parts []string
	if words, ok := provenanceWords[p.Confidence]; ok {
		parts = append(parts, words)
	}
	if p.AsOf != "" {
		parts = append(parts, asOfWords(p))
	}
	for _, id := range p.Sources {
		if s, ok := h.Catalogue.Source(id); ok {
			parts = append(parts, s.Where)
		}
	}
	if p.Note != "" {
		parts = append(parts, p.Note)
	}
	return strings.Join(parts, " · ")
}

// asOfWords dates a fact. What we conclude is dated by what it rests on: the
// conclusion itself is as old as the catalogue.
func asOfWords(p catalogue.Provenance) string {
	if p.Confidence == catalogue.Derived || p.Confidence == catalogue.Assumed {
		return "on evidence as of " + catalogue.LongDate(p.AsOf)
	}
	return "as of " + catalogue.LongDate(p.AsOf)
}

// sourceBook numbers the sources of a page in the order in which they are cited.
type sourceBook struct {
	h      *Handler
	number map[string]int
	list   []page.CitedSource
}

func (h *Handler) newSourceBook() *sourceBook {
	return &sourceBook{h: h, number: map[string]int{}}
}

// sourceID is how notes of the catalogue name a source.
var sourceID = regexp.MustCompile(`\bS-[A-Z0-9]+\b`)

// cite says how old and how sure something is, with the numbers of its sources.
func (b *sourceBook) cite(p catalogue.Provenance) page.Provenance {
	var cited page.Provenance
	var parts []string
	if words, ok := provenanceWords[p.Confidence]; ok {
		parts = append(parts, words)
	}
	if p.AsOf != "" {
		parts = append(parts, asOfWords(p))
	}
	cited.Text = strings.Join(parts, ", ")
	for _, id := range p.Sources {
		if n := b.of(id); n > 0 {
			cited.Refs = append(cited.Refs, n)
		}
	}
	if p.Note != "" {
		cited.Text = strings.TrimPrefix(cited.Text+". "+b.note(p.Note), ". ")
	}
	return cited
}

// note is a note with the numbers of the sources that it speaks of.
func (b *sourceBook) note(text string) string {
	text = sourceID.ReplaceAllStringFunc(text, func(id string) string {
		if n := b.of(id); n > 0 {
			return fmt.Sprintf("source %d", n)
		}
		return id
	})
	if strings.HasPrefix(text, "source ") {
		return sentenceStart(text)
	}
	return text
}

var sourceKinds = map[string]string{
	"official": "the vendor's own", "capture": "quotes or copies the vendor", "secondary": "a third party's", "seed": "a comparison",
}

// of is the number of a source, which it gets when it is first cited; 0 for none.
func (b *sourceBook) of(id string) int {
	if n := b.number[id]; n > 0 {
		return n
	}
	s, ok := b.h.Catalogue.Source(id)
	if !ok {
		return 0
	}
	b.number[id] = len(b.list) + 1
	what := sourceID.ReplaceAllStringFunc(s.What, func(id string) string {
		if other, ok := b.h.Catalogue.Source(id); ok {
			return other.Where
		}
		return id
	})
	one := page.CitedSource{Number: b.number[id], Where: s.Where, What: what, Kind: sourceKinds[s.Kind]}
	if s.AsOf != "" {
		one.AsOf = "as of " + catalogue.LongDate(s.AsOf)
	}
	b.list = append(b.list, one)
	return b.number[id]
}

// fact is a fact with its sources.
func (b *sourceBook) fact(label, text string, p catalogue.Provenance) page.Sourced {
	cited := b.cite(p)
	return page.Sourced{Label: label, Text: text, Source: cited.Text, Refs: cited.Refs}
}

// factList gathers facts under one heading.
type factList struct {
	book *sourceBook
	page.CertificationFacts
}

func (l *factList) add(label, text string, p catalogue.Provenance) {
	if text != "" {
		l.Facts = append(l.Facts, l.book.fact(label, text, p))
	}
}

func (l *factList) fact(label string, f catalogue.Fact) {
	text := f.Text
	if text == "" && f.Confidence == catalogue.Unknown {
		text = "not found"
	}
	l.add(label, text, f.Provenance)
}

func (h *Handler) certFacts(cert *catalogue.Certification, book *sourceBook) []page.CertificationFacts {
	list := func(id, heading string) factList {
		return factList{book: book, CertificationFacts: page.CertificationFacts{ID: id, Heading: heading}}
	}
	vendor, _ := h.Catalogue.Vendor(cert.Vendor)
	if vendor == nil {
		vendor = &catalogue.Vendor{}
	}
	before := list("before", "Before you sit it")
	before.fact("Prerequisites", cert.Prerequisites)
	before.fact("Experience the vendor recommends", cert.Experience)
	before.add("Exam guide followed here", cert.GuideVersion.Text, cert.GuideVersion.Provenance)
	before.fact("How soon new services are asked for", vendor.NewFeatures)

	sitting := list("format", "The exam itself")
	sitting.add("Questions", questionsText(cert.Questions), cert.Questions.Provenance)
	sitting.add("Item types", strings.Join(cert.ItemTypes, ", "), cert.ItemTypesProvenance)
	sitting.add("Time", minutesText(cert.Duration), cert.Duration.Provenance)
	sitting.fact("Where", vendor.Delivery)
	sitting.fact("What may be looked up", vendor.OpenBook)
	sitting.add("Pass mark", passText(cert.Pass), cert.Pass.Provenance)
	sitting.add("Raw cut assumed here", fmt.Sprintf("%.0f\u00a0%% expected score, spread %.0f points", cert.Cut.Percent, cert.Cut.SD), cert.Cut.Provenance)
	sitting.fact("Does every domain have to be passed?", cert.Scoring.Compensatory)
	sitting.fact("Partial credit", cert.Scoring.PartialCredit)
	sitting.fact("Penalty for guessing", cert.Scoring.GuessPenalty)
	sitting.fact(resultsLabel(cert), vendor.Results)
	sitting.fact("What the result tells", cert.Scoring.Feedback)

	cost := list("cost", "Cost and renewal")
	cost.add("Price", priceText(cert.PriceUSD), cert.PriceProvenance)
	cost.fact("Discount", vendor.Discount)
	cost.fact("If you fail", cert.Retake)
	cost.add("Valid for", validText(cert.ValidityYears), cert.ValidityProvenance)
	cost.fact("What renewal takes", cert.Renewal)
	return []page.CertificationFacts{before.CertificationFacts, sitting.CertificationFacts, cost.CertificationFacts}
}

// resultsLabel sets the vendor's usual rule apart where a beta has another.
func resultsLabel(cert *catalogue.Certification) string {
	if cert.BetaResults.Confidence != "" {
		return "Results of a settled exam"
	}
	return "Results"
}

func questionsText(q catalogue.QuestionCount) string {
	var text string
	switch {
	case q.Max == 0:
		return "not published"
	case q.Min == q.Max:
		text = fmt.Sprint(q.Max)
	default:
		text = fmt.Sprintf("%d to %d", q.Min, q.Max)
	}
	if q.Scored > 0 && q.Unscored > 0 {
		text += fmt.Sprintf(", of which %d are scored", q.Scored)
	}
	if q.Beta > 0 {
		text += fmt.Sprintf("; %d in the beta", q.Beta)
	}
	return text
}

func minutesText(d catalogue.Duration) string {
	if d.Minutes == 0 {
		return "not found"
	}
	text := fmt.Sprintf("%d minutes", d.Minutes)
	if d.Beta > 0 {
		text += fmt.Sprintf("; %d in the beta", d.Beta)
	}
	return text
}

func passText(p catalogue.PassMark) string {
	if !p.Published {
		return "not published"
	}
	return fmt.Sprintf("%d on a scale of %d to %d, which is not a share of right answers", p.Score, p.Min, p.Max)
}

func priceText(usd int) string {
	if usd == 0 {
		return "not found"
	}
	return fmt.Sprintf("USD\u00a0%d", usd)
}

func validText(years int) string {
	if years == 0 {
		return "does not expire"
	}
	return plural(years, "year")
}

// addLanguages fills in the languages with what can be done in each on the day, the
// one whoever looks would take the exam in first.
func (h *Handler) addLanguages(c *gin.Context, view *page.Certification, cert *catalogue.Certification, now time.Time) error {
	chosen := c.Query("language")
	if !h.examLanguage(chosen) {
		situation, err := h.situation(c)
		if err != nil {
			return err
		}
		chosen = situation.Language
	}
	for _, l := range cert.Languages {
		in := cert.Takeable(now, l.Tag)
		row := page.LanguageRow{Name: catalogue.LanguageName(l.Tag), Text: languageText(in), AvailabilityKind: string(in.Availability), Chosen: l.Tag == chosen}
		view.Languages = append(view.Languages, row)
	}
	if cert.LanguagesOpen {
		view.LanguagesNote = "The list is not known to be complete."
	}
	if chosen != "" {
		if in := cert.Takeable(now, chosen); in.Reason != view.Reason {
			view.InLanguage = fmt.Sprintf("In %s: %s", catalogue.LanguageName(chosen), in.Reason)
		}
	}
	return nil
}

// languageText is what can be done in a language, in a few words.
func languageText(t catalogue.Taking) string {
	if t.Availability == catalogue.No && t.Event != nil {
		switch t.Event.Status {
		case catalogue.StatusRetired:
			return "no longer offered; the last day was " + t.Event.From.AddDate(0, 0, -1).Format(longDay)
		case catalogue.StatusActive, catalogue.StatusRetiring:
			return t.Reason
		case catalogue.StatusAnnounced, catalogue.StatusBeta, catalogue.StatusBetaClosed:
		}
	}
	return availabilityLabel(t)
}

var statusWords = map[catalogue.Status]string{
	catalogue.StatusAnnounced: "Announced", catalogue.StatusBeta: "Beta", catalogue.StatusBetaClosed: "Beta closed",
	catalogue.StatusActive: "Active", catalogue.StatusRetiring: "Retiring", catalogue.StatusRetired: "Retired",
}

// certEvents is the life of an exam: its stages, the languages that end by themselves,
// and what is expected.
func certEvents(cert *catalogue.Certification, book *sourceBook, now time.Time) []page.Sourced {
	var events []page.Sourced
	for _, e := range cert.Events {
		events = append(events, book.fact(statusWords[e.Status], eventText(e), e.Provenance))
	}
	for _, e := range cert.Expected {
		events = append(events, book.fact(expectedLabel(e), expectedText(e, now), e.Provenance))
	}
	return events
}

func eventText(e catalogue.Event) string {
	text := "from " + dayOr(e.From, "the beginning of our records")
	if e.DayUnknown {
		text = "from " + aboutDay(e.From)
	}
	if !e.LastDay.IsZero() {
		text += ", last day " + e.LastDay.Format(longDay)
	}
	if len(e.Languages) > 0 {
		names := make([]string, len(e.Languages))
		for i, tag := range e.Languages {
			names[i] = catalogue.LanguageName(tag)
		}
		text += ", in " + inWords(names)
	}
	return text
}

func dayOr(t time.Time, other string) string {
	if t.IsZero() {
		return other
	}
	return t.Format(longDay)
}

// certLinks are the vendor's own pages, each with where it was seen.
func certLinks(cert *catalogue.Certification, book *sourceBook) []page.Sourced {
	var links []page.Sourced
	for _, l := range []struct {
		label string
		link  catalogue.Link
	}{{"The vendor's page", cert.OfficialPage}, {"Exam guide", cert.ExamGuide}} {
		if l.link.URL != "" {
			links = append(links, book.fact(l.label, l.link.URL, l.link.Provenance))
		}
	}
	return links
}
