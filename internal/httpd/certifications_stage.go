package httpd

import (
	"slices"
	"strings"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/page"
)

// gone is what the page of a retired exam says first.
func (h *Handler) gone(cert *catalogue.Certification, taking catalogue.Taking, book *sourceBook, now time.Time) *page.Gone {
	g := &page.Gone{
		Sentence: taking.Reason, Source: book.cite(taking.Event.Provenance),
		Holders: cert.Renewal.Text, HeldFrom: book.cite(cert.Renewal.Provenance),
	}
	for _, code := range successorsOf(cert) {
		next, ok := h.Catalogue.Certification(code)
		if !ok {
			continue
		}
		g.Instead = append(g.Instead, h.neighbour(cert, catalogue.Neighbour{Code: code, Fact: differenceOf(cert, code)}, book, now))
		if cert.Successor == code && len(next.Changes) > 0 {
			g.Heading, g.Changes, g.Changed = "What changed with "+string(code), next.Changes, book.cite(next.ChangesProvenance)
		}
	}
	return g
}

// next is the exam that one gives way to.
func (h *Handler) next(cert *catalogue.Certification, book *sourceBook, now time.Time) *page.Neighbour {
	if cert.Successor == "" {
		return nil
	}
	n := h.neighbour(cert, catalogue.Neighbour{Code: cert.Successor, Fact: differenceOf(cert, cert.Successor)}, book, now)
	return &n
}

func expectedFacts(cert *catalogue.Certification, book *sourceBook, now time.Time) []page.Sourced {
	var facts []page.Sourced
	for _, e := range cert.Expected {
		facts = append(facts, book.fact(expectedLabel(e), expectedText(e, now), e.Provenance))
	}
	return facts
}

func successorsOf(cert *catalogue.Certification) []exam.Code {
	if cert.Successor != "" {
		return []exam.Code{cert.Successor}
	}
	return cert.Directions
}

// differenceOf is what an exam's entry says of another, if it says anything.
func differenceOf(cert *catalogue.Certification, code exam.Code) catalogue.Fact {
	for _, n := range cert.Neighbours {
		if n.Code == code {
			return n.Fact
		}
	}
	return catalogue.Fact{}
}

func (h *Handler) replaced(cert *catalogue.Certification, book *sourceBook, now time.Time) *page.Neighbour {
	if _, ok := h.Catalogue.Certification(cert.Replaces); !ok {
		return nil
	}
	n := h.neighbour(cert, catalogue.Neighbour{Code: cert.Replaces, Fact: differenceOf(cert, cert.Replaces)}, book, now)
	if len(cert.Changes) > 0 {
		n.Text, n.Source = strings.Join(cert.Changes, " "), book.cite(cert.ChangesProvenance)
	}
	return &n
}

// neighbours are the exams this one could be confused with, without those that its page
// names at its head.
func (h *Handler) neighbours(cert *catalogue.Certification, gone *page.Gone, book *sourceBook, now time.Time) []page.Neighbour {
	var list []page.Neighbour
	for _, n := range cert.Neighbours {
		if gone == nil || !slices.Contains(successorsOf(cert), n.Code) {
			list = append(list, h.neighbour(cert, n, book, now))
		}
	}
	return list
}

func (h *Handler) neighbour(cert *catalogue.Certification, n catalogue.Neighbour, book *sourceBook, now time.Time) page.Neighbour {
	other, _ := h.Catalogue.Certification(n.Code)
	taking := other.Takeable(now, "")
	return page.Neighbour{
		Link:         page.Link{Label: string(n.Code), Address: certificationAddress(n.Code), Note: other.Name},
		Availability: withLanguages(other, availabilityLabel(taking), now), AvailabilityKind: string(taking.Availability),
		Text: n.Text, Source: book.cite(n.Provenance), Compare: compareAddress(cert.Code, n.Code),
	}
}

// betaNotes is what is and isn't known of an exam that isn't settled, and where to look.
func (h *Handler) betaNotes(cert *catalogue.Certification, taking catalogue.Taking, book *sourceBook, now time.Time) *page.Beta {
	b := &page.Beta{}
	known := func(label, text string, p catalogue.Provenance) {
		if text != "" {
			b.Known = append(b.Known, book.fact(label, text, p))
		}
	}
	if taking.Event != nil {
		known("Where it stands", sentenceOf(statusWords[taking.Event.Status]+" "+eventText(*taking.Event)), taking.Event.Provenance)
	}
	opens := false
	for _, e := range cert.Events {
		if e.From.After(now) {
			known(statusWords[e.Status], sentenceOf(eventText(e)), e.Provenance)
			opens = opens || e.Status == catalogue.StatusActive
		}
	}
	b.Known = append(b.Known, expectedFacts(cert, book, now)...)
	known("Results", cert.BetaResults.Text, cert.BetaResults.Provenance)
	if taking.Availability == catalogue.Unconfirmed {
		b.Unknown = append(b.Unknown, "whether it still takes bookings")
	}
	switch {
	case opens:
	case slices.ContainsFunc(cert.Expected, func(e catalogue.Expectation) bool { return e.Status == catalogue.StatusActive }):
		b.Unknown = append(b.Unknown, "the day of general availability")
	default:
		b.Unknown = append(b.Unknown, "when it becomes generally available")
	}
	b.Unknown = append(b.Unknown, unknownFacts(cert)...)
	for _, l := range []struct {
		label string
		link  catalogue.Link
	}{{"the exam's page", cert.OfficialPage}, {"the exam guide", cert.ExamGuide}} {
		if l.link.URL != "" {
			b.Check = append(b.Check, page.Link{Label: l.label, Address: l.link.URL, External: true})
		}
	}
	return b
}

// unknownFacts names what was looked for and not found.
func unknownFacts(cert *catalogue.Certification) []string {
	var names []string
	for _, f := range []struct {
		name string
		p    catalogue.Provenance
	}{
		{"how long it lasts", cert.Duration.Provenance}, {"what it costs", cert.PriceProvenance},
		{"how it is renewed", cert.Renewal.Provenance}, {"when results come", cert.BetaResults.Provenance},
	} {
		if f.p.Confidence == catalogue.Unknown {
			names = append(names, f.name)
		}
	}
	return names
}

func expectedLabel(e catalogue.Expectation) string {
	words := map[catalogue.Status]string{
		catalogue.StatusActive: "General availability", catalogue.StatusBeta: "Beta", catalogue.StatusRetired: "Last day",
	}
	return words[e.Status] + ", expected"
}

// expectedText is what is expected; once its time has passed it says that whether it
// came isn't known here.
func expectedText(e catalogue.Expectation, now time.Time) string {
	if now.After(e.To.AddDate(0, 0, 1)) {
		return e.Text + " That time has passed; whether it came is not known here."
	}
	return e.Text
}
