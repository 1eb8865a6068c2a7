package httpd

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/web"
)

const longDay = "2 January 2006"

func (h *Handler) certifications(c *gin.Context) error {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	view := page.Certifications{
		Frame: h.frame(c, "Certifications", "certifications"), Today: h.Now().Format(longDay),
		AsOf: fmt.Sprintf("Facts as gathered on %s; the newest evidence is of %s.", h.Catalogue.AsOf.Format(longDay), h.Catalogue.NewestEvidence.Format(longDay)),
	}
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		taking := cert.Takeable(h.Now(), "")
		total, _ := snapshot.Model().Eligible(cert.Code)
		view.Rows = append(view.Rows, page.CertificationRow{
			Code: string(cert.Code), Name: cert.Name, Vendor: cert.Vendor.Label(), Level: string(cert.Level),
			Link: "/certifications/" + string(cert.Code), Availability: availabilityLabel(taking),
			AvailabilityKind: string(taking.Availability), Questions: total, Offered: snapshot.Model().Offered(cert.Code),
		})
	}
	return render(c, http.StatusOK, web.Certifications(view))
}

func (h *Handler) certification(c *gin.Context) error {
	cert, ok := h.Catalogue.Certification(exam.Code(c.Param("code")))
	if !ok {
		return fault.NotFound("There is no certification with the code %q in the catalogue.", c.Param("code"))
	}
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	taking := cert.Takeable(h.Now(), "")
	_, byDomain := snapshot.Model().Eligible(cert.Code)
	view := page.Certification{
		Frame: h.frame(c, string(cert.Code)+" "+cert.Name, "certifications"),
		Code:  string(cert.Code), Name: cert.Name,
		Availability: availabilityLabel(taking), AvailabilityKind: string(taking.Availability), Reason: taking.Reason,
		Offered: snapshot.Model().Offered(cert.Code), Facts: h.certFacts(cert), Events: h.certEvents(cert),
		Successors: h.successors(cert),
	}
	for _, d := range cert.Domains {
		row := page.DomainRow{Name: d.Name, Weight: weightText(d), Questions: byDomain[d.ID]}
		for _, t := range d.Tasks {
			row.Tasks = append(row.Tasks, t.Name+": "+strings.Join(t.Covers, "; "))
		}
		for _, l := range h.Catalogue.StudyLinks(cert.Code, d.ID) {
			row.Links = append(row.Links, page.Link{Label: l.Title, Address: l.URL, External: true})
		}
		view.Domains = append(view.Domains, row)
	}
	for _, l := range []struct {
		label   string
		address string
	}{{"Official page", cert.OfficialPage.URL}, {"Exam guide", cert.ExamGuide.URL}} {
		if l.address != "" {
			view.Links = append(view.Links, page.Link{Label: l.label, Address: l.address, External: true})
		}
	}
	return render(c, http.StatusOK, web.Certification(view))
}

func weightText(d catalogue.Domain) string {
	if d.Low == d.High {
		return fmt.Sprintf("%.0f\u00a0%% of the exam", d.Low)
	}
	return fmt.Sprintf("%.0f to %.0f\u00a0%% of the exam", d.Low, d.High)
}

func (h *Handler) successors(cert *catalogue.Certification) []page.Link {
	codes := cert.Directions
	if cert.Successor != "" {
		codes = []exam.Code{cert.Successor}
	}
	var links []page.Link
	for _, code := range codes {
		link := page.Link{Label: string(code), Address: "/certifications/" + string(code)}
		if next, ok := h.Catalogue.Certification(code); ok {
			link.Note = next.Name
		}
		links = append(links, link)
	}
	return links
}

// sourceText says where a fact comes from and how sure it is.
func (h *Handler) sourceText(p catalogue.Provenance) string {
	var parts []string
	if p.Confidence != catalogue.Sourced && p.Confidence != "" {
		parts = append(parts, string(p.Confidence))
	}
	if p.AsOf != "" {
		parts = append(parts, "as of "+catalogue.LongDate(p.AsOf))
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

func (h *Handler) certFacts(cert *catalogue.Certification) []page.Sourced {
	var facts []page.Sourced
	add := func(label, text string, p catalogue.Provenance) {
		if text != "" {
			facts = append(facts, page.Sourced{Label: label, Text: text, Source: h.sourceText(p)})
		}
	}
	add("Questions", questionsText(cert.Questions), cert.Questions.Provenance)
	add("Item types", strings.Join(cert.ItemTypes, ", "), cert.ItemTypesProvenance)
	add("Time", minutesText(cert.Duration.Minutes), cert.Duration.Provenance)
	add("Pass mark", passText(cert.Pass), cert.Pass.Provenance)
	add("Raw cut assumed by the model", fmt.Sprintf("%.0f\u00a0%% expected score, spread %.0f points", cert.Cut.Percent, cert.Cut.SD), cert.Cut.Provenance)
	add("Price", priceText(cert.PriceUSD), cert.PriceProvenance)
	add("Valid for", validText(cert.ValidityYears), cert.ValidityProvenance)
	add("Renewal", cert.Renewal.Text, cert.Renewal.Provenance)
	add("Retakes", cert.Retake.Text, cert.Retake.Provenance)
	add("Partial credit", cert.Scoring.PartialCredit.Text, cert.Scoring.PartialCredit.Provenance)
	add("Penalty for guessing", cert.Scoring.GuessPenalty.Text, cert.Scoring.GuessPenalty.Provenance)
	add("Languages", languagesText(cert.Languages), cert.LanguagesProvenance)
	add("Experience the vendor recommends", cert.Experience.Text, cert.Experience.Provenance)
	add("Exam guide followed", cert.GuideVersion.Text, cert.GuideVersion.Provenance)
	return facts
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
	return text
}

func minutesText(minutes int) string {
	if minutes == 0 {
		return "not found"
	}
	return fmt.Sprintf("%d minutes", minutes)
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
	return fmt.Sprintf("USD %d", usd)
}

func validText(years int) string {
	if years == 0 {
		return "does not expire"
	}
	return plural(years, "year")
}

func languagesText(languages []catalogue.Language) string {
	names := make([]string, len(languages))
	for i, l := range languages {
		names[i] = catalogue.LanguageName(l.Tag)
		if !l.LastDay.IsZero() {
			names[i] += " (until " + l.LastDay.Format(longDay) + ")"
		}
	}
	return strings.Join(names, ", ")
}

var statusWords = map[catalogue.Status]string{
	catalogue.StatusAnnounced: "Announced", catalogue.StatusBeta: "Beta", catalogue.StatusBetaClosed: "Beta closed",
	catalogue.StatusActive: "Active", catalogue.StatusRetiring: "Retiring", catalogue.StatusRetired: "Retired",
}

func (h *Handler) certEvents(cert *catalogue.Certification) []page.Sourced {
	var events []page.Sourced
	for _, e := range cert.Events {
		events = append(events, page.Sourced{Label: statusWords[e.Status], Text: eventText(e), Source: h.sourceText(e.Provenance)})
	}
	return events
}

func eventText(e catalogue.Event) string {
	text := "from " + dayOr(e.From, "the beginning of our records")
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
