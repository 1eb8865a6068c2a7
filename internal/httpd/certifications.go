package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/readiness"
	"sextant/web"
)

const longDay = "2 January 2006"

// installCertifications registers the pages of certifications.
func (h *Handler) installCertifications(pages *gin.RouterGroup, wrap func(httpx.HandlerFunc) gin.HandlerFunc) {
	pages.GET("/certifications", wrap(h.certifications))
	pages.GET("/certifications/compare", wrap(h.compareCertifications))
	pages.GET("/certifications/timeline", wrap(h.certificationTimeline))
	pages.GET("/certifications/:code", wrap(h.certification))
}

func certificationAddress(code exam.Code) string {
	return "/certifications/" + url.PathEscape(string(code))
}

func (h *Handler) certification(c *gin.Context) error {
	asked := c.Param("code")
	cert, ok := h.Catalogue.Certification(exam.Code(asked))
	if !ok {
		if found, ok := h.Catalogue.Resolve(asked); ok {
			return seeOther(c, otherAddress(found, asked))
		}
		return h.noSuchCertification(c, asked)
	}
	view, err := h.certificationView(c, cert)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, web.Certification(view))
}

// otherAddress is the page of an exam for whoever asked by another spelling or a
// former code; the page says so for the latter.
func otherAddress(cert *catalogue.Certification, asked string) string {
	address := certificationAddress(cert.Code)
	for _, name := range cert.KnownAs {
		if strings.EqualFold(name, asked) {
			return address + "?from=" + queryEscape(name)
		}
	}
	return address
}

// mostNear is how many certifications are offered for one that isn't there.
const mostNear = 4

// noSuchCertification says that there is none by the name, and offers those whose
// codes or names are near.
func (h *Handler) noSuchCertification(c *gin.Context, asked string) error {
	if len(asked) > maxSearch {
		asked = asked[:maxSearch]
	}
	near := h.Catalogue.Near(asked)
	for _, f := range h.Catalogue.Find(strings.ReplaceAll(asked, "-", " ")) {
		near = append(near, f.Code)
	}
	view := page.Failure{
		Frame: h.frame(c, "Not found", "certifications"), Heading: "Not found",
		Message: fmt.Sprintf("There is no certification with the code %q in the catalogue.", strings.ToValidUTF8(asked, "")),
	}
	for _, r := range h.Catalogue.Related {
		if r.Code != "" && strings.EqualFold(string(r.Code), asked) {
			view.Message = fmt.Sprintf("%s, %s, is not in this catalogue: %s", r.Code, r.Name, r.Why)
		}
	}
	near = distinctInOrder(near)
	if len(near) > 0 {
		view.Message += " Perhaps you meant one of these."
	}
	for _, code := range near[:min(len(near), mostNear)] {
		cert, _ := h.Catalogue.Certification(code)
		view.Next = append(view.Next, page.Link{Label: string(code), Address: certificationAddress(code), Note: cert.Name})
	}
	view.Next = append(view.Next, page.Link{Label: "All certifications", Address: "/certifications"})
	return render(c, http.StatusNotFound, web.Failure(view))
}

func distinctInOrder[T comparable](list []T) []T {
	var kept []T
	for _, one := range list {
		if !slices.Contains(kept, one) {
			kept = append(kept, one)
		}
	}
	return kept
}

func (h *Handler) certificationView(c *gin.Context, cert *catalogue.Certification) (page.Certification, error) {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return page.Certification{}, err
	}
	model, now, book := snapshot.Model(), h.Now(), h.newSourceBook()
	state, taking := stateOf(cert, now, "")
	total, byDomain := model.Eligible(cert.Code)
	view := page.Certification{
		Frame: h.describedFrame(c, string(cert.Code)+" "+cert.Name, certDescription(cert, taking)),
		Code:  string(cert.Code), Name: cert.Name, Subtitle: subtitle(cert), Vendor: cert.Vendor.Label(), Level: string(cert.Level),
		Asked:        h.askedFor(c, cert),
		Availability: availabilityLabel(taking), AvailabilityKind: string(taking.Availability), Reason: taking.Reason,
		Offered: model.Offered(cert.Code), Questions: total,
		Limit: h.Catalogue.Limit,
	}
	if state == stateRetired {
		view.Gone = h.gone(cert, taking, book, now)
	}
	if state == stateComing {
		view.Beta = h.betaNotes(cert, taking, book, now)
	}
	if state == stateNow {
		view.Ahead, view.Next = expectedFacts(cert, book, now), h.next(cert, book, now)
	}
	view.Proves = book.fact("", cert.Proves.Text, cert.Proves.Provenance)
	view.Fits, view.FitsNot, view.FitsSource = cert.Fits.Whom, cert.Fits.WhomNot, book.cite(cert.Fits.Provenance)
	view.DomainsSource, view.Domains = book.cite(cert.DomainsProvenance), h.domainRows(cert, byDomain, now)
	view.Work, view.Neighbours = workShares(h.Catalogue.Work(cert)), h.neighbours(cert, view.Gone, book, now)
	view.Facts, view.LanguagesSource = h.certFacts(cert, book), book.cite(cert.LanguagesProvenance)
	addRefinedCut(view.Facts, snapshot, cert)
	view.Events, view.Replaces = certEvents(cert, book, now), h.replaced(cert, book, now)
	view.Links, view.Sources = certLinks(cert, book), book.list
	view.Actions, view.ActionNote = certActions(cert, state, view.Offered, total)
	if err := h.addLanguages(c, &view, cert, now); err != nil {
		return view, err
	}
	view.Own, err = h.ownStanding(c, cert)
	return view, err
}

// describedFrame is the frame of a page of certifications with what search engines and
// shared links show of it.
func (h *Handler) describedFrame(c *gin.Context, title, description string) page.Frame {
	f := h.frame(c, title, "certifications")
	f.Description = description
	return f
}

// certDescription is a certification's page in a sentence or two.
func certDescription(cert *catalogue.Certification, taking catalogue.Taking) string {
	return fmt.Sprintf("%s (%s): %s What it proves, whom it fits, domains with weights, cost, renewal, sources and free practice.", cert.Name, cert.Code, taking.Reason)
}

// subtitle is the exam's own title and what is peculiar about its code.
func subtitle(cert *catalogue.Certification) string {
	var parts []string
	if cert.ExamTitle != "" && cert.ExamTitle != cert.Name {
		parts = append(parts, "Exam: "+cert.ExamTitle+".")
	}
	if cert.CodeNote != "" {
		parts = append(parts, cert.CodeNote)
	}
	return strings.Join(parts, " ")
}

// askedFor tells whoever came by a former code or name why they are here.
func (h *Handler) askedFor(c *gin.Context, cert *catalogue.Certification) string {
	from := c.Query("from")
	if !slices.Contains(cert.KnownAs, from) {
		return ""
	}
	for _, r := range h.Catalogue.Related {
		if string(r.Code) == from {
			return fmt.Sprintf("You asked for %s, %s. It is not in this catalogue: %s", from, r.Name, r.Why)
		}
	}
	return fmt.Sprintf("You asked for %s, which leads here.", from)
}

// certActions are what can be done with an exam here. A retired one is practised as
// before, and the note says what it is good for.
func certActions(cert *catalogue.Certification, state examState, offered bool, questions int) (actions []page.CertificationAction, note string) {
	query := "?exam=" + queryEscape(string(cert.Code))
	switch {
	case offered:
		actions = append(actions,
			page.CertificationAction{Label: "How ready am I?", Address: "/diagnostic" + query, Main: true},
			page.CertificationAction{Label: "Practise", Address: "/practice" + query},
			page.CertificationAction{Label: "Mock exam", Address: "/mock" + query})
	case questions > 0:
		actions = append(actions, page.CertificationAction{Label: "Practise", Address: "/practice" + query})
		note = "The bank has not enough questions in every domain to measure this exam yet; practice works with those there are."
	default:
		note = "The bank has no questions for this exam yet."
	}
	if state != stateRetired {
		actions = append(actions, page.CertificationAction{Label: "Plan my study", Address: "/plan" + query})
	}
	if state == stateRetired && offered {
		note = "For holders and the curious: the exam is over, so readiness for it is measured against its last version."
	}
	actions = append(actions, page.CertificationAction{Label: "Compare", Address: compareAddress(cert.Code)})
	return actions, note
}

// domainRows are the exam's domains with their weights, tasks, services and what the
// bank has for them.
func (h *Handler) domainRows(cert *catalogue.Certification, byDomain map[exam.DomainID]int, now time.Time) []page.DomainRow {
	rows := make([]page.DomainRow, 0, len(cert.Domains))
	for _, d := range cert.Domains {
		row := page.DomainRow{
			ID: string(d.ID), Name: d.Name, Weight: weightText(d), Low: d.Low, High: d.High,
			Questions: byDomain[d.ID], Watch: d.Watch, Note: d.Note,
		}
		if row.Questions > 0 {
			row.Practice = "/practice?" + url.Values{"exam": {string(cert.Code)}, "domain": {string(d.ID)}}.Encode()
		}
		for _, t := range d.Tasks {
			row.Tasks = append(row.Tasks, t.Name+": "+strings.Join(t.Covers, "; "))
		}
		for _, l := range h.Catalogue.StudyLinks(cert.Code, d.ID) {
			row.Links = append(row.Links, page.Link{Label: l.Title, Address: l.URL, External: true})
		}
		for _, id := range d.Services {
			if s, ok := h.Catalogue.Service(id); ok {
				row.Services = append(row.Services, serviceRow(s, now))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

var serviceWords = map[catalogue.ServiceStatus]string{
	catalogue.ServicePreview: "in preview", catalogue.ServiceClosed: "closed to new customers", catalogue.ServiceMaintain: "in maintenance only",
	catalogue.ServiceRetiring: "to be retired", catalogue.ServiceEnded: "ended",
}

func serviceRow(s *catalogue.Service, now time.Time) page.ServiceRow {
	row := page.ServiceRow{Name: s.Name, Former: inWords(s.Former)}
	status := s.StatusOn(now)
	if status == catalogue.ServiceActive {
		if s.Status != catalogue.ServiceActive { // what is announced for a later day
			row.Status = "to be " + serviceWords[s.Status] + " from " + catalogue.LongDate(s.Since)
		}
		return row
	}
	row.Status, row.Replaced = serviceWords[status], s.Replaced
	if s.Since != "" {
		on := " since "
		if status == catalogue.ServiceRetiring {
			on = " on "
		}
		row.Status += on + catalogue.LongDate(s.Since)
	}
	return row
}

func weightText(d catalogue.Domain) string {
	if d.Low == d.High {
		return fmt.Sprintf("%.0f\u00a0%% of the exam", d.Low)
	}
	return fmt.Sprintf("%.0f to %.0f\u00a0%% of the exam", d.Low, d.High)
}

// leastWork is the share of an exam below which a kind of work is left out.
const leastWork = 0.03

func workShares(work map[string]float64) []page.WorkShare {
	var shares []page.WorkShare
	for _, k := range sortedWork(work) {
		kind := workKinds[k]
		if work[kind.group] < leastWork {
			continue
		}
		shares = append(shares, page.WorkShare{
			Label: kind.label, Text: shareOf(work[kind.group]), Percent: 100 * work[kind.group], Link: "/certifications?work=" + kind.group,
		})
	}
	return shares
}

// ownStanding is where whoever looks stands with the exam; nil for nobody and for who
// has answered nothing that bears on it.
func (h *Handler) ownStanding(c *gin.Context, cert *catalogue.Certification) (*page.OwnStanding, error) {
	p := httpx.Person(c)
	if p == nil {
		return nil, nil
	}
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, nil, []exam.Code{cert.Code})
	if err != nil {
		return nil, err
	}
	e, ok := standing.Exam(cert.Code)
	if !ok || !e.Offered || e.Answers == 0 {
		return nil, nil
	}
	view, err := h.examView(e)
	if err != nil {
		return nil, err
	}
	view.Figure.Rows, view.Figure.Small = view.Figure.Rows[:1], true
	view.Figure.Caption = "Your standing on " + string(cert.Code)
	own := &page.OwnStanding{Exam: view, Sentence: ownSentence(e)}
	if e.Verdict == readiness.TooEarly {
		return own, nil
	}
	if own.Hours, err = h.hoursLeft(c, p.ID, cert.Code); err != nil {
		return nil, err
	}
	own.Basis = hoursBasis
	return own, nil
}

func ownSentence(e readiness.ExamReport) string {
	if e.Verdict == readiness.TooEarly {
		return fmt.Sprintf("It is too early to say: %s so far bear on this exam.", plural(e.Answers, "answer"))
	}
	return fmt.Sprintf("Your chance of passing today is %s, from %s that bear on it.", percentText(e.Pass), plural(e.Answers, "answer"))
}

// hoursLeft is how much study an exam still takes of a person; "" for one that can't
// be sat.
func (h *Handler) hoursLeft(c *gin.Context, p account.PersonID, code exam.Code) (string, error) {
	fit, _, err := h.fitOf(c.Request.Context(), p, nil)
	if err != nil {
		return "", err
	}
	need, ok := fit.need[code]
	if !ok {
		return "", nil
	}
	return needText(need), nil
}

const hoursBasis = "Hours of study rest on a model of learning whose figures are assumed, not measured; nine in ten learners are meant to lie in the range."

// needText is how much study an exam still takes, with the range for fast and slow
// learners.
func needText(n effort.Need) string {
	word := "hours"
	if hoursNumber(n.Hours) == "1" {
		word = "hour"
	}
	hours := fmt.Sprintf("about %s %s (%s to %s)", hoursNumber(n.Hours), word, hoursNumber(n.Low), hoursNumber(n.High))
	switch {
	case n.Reached:
		return fmt.Sprintf("That is at or beyond the %.0f\u00a0%% we take for ready enough to sit it.", 100*n.Target)
	case n.Beyond:
		return fmt.Sprintf("Study alone is not expected to bring %.0f\u00a0%%: after %s it would be near %s.", 100*n.Target, hours, percentText(n.Best))
	}
	return fmt.Sprintf("To an %.0f\u00a0%% chance it is %s of study.", 100*n.Target, hours)
}
