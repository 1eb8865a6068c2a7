package httpd

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/page"
	"sextant/web"
)

// How far the drawn axis reaches from today, in months. The lists beside it hold
// everything.
const (
	monthsBack  = 13
	monthsAhead = 7
)

// axis is the stretch of time that the timeline draws.
type axis struct{ from, to time.Time }

func axisAround(now time.Time) axis {
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	return axis{from: first.AddDate(0, -monthsBack, 0), to: first.AddDate(0, monthsAhead, 0)}
}

// at is the place of a moment on the axis in percent, its ends for what lies beyond.
func (a axis) at(t time.Time) float64 {
	share := float64(t.Sub(a.from)) / float64(a.to.Sub(a.from))
	return 100 * min(max(share, 0), 1)
}

func (a axis) shows(t time.Time) bool { return !t.Before(a.from) && t.Before(a.to) }

func (h *Handler) certificationTimeline(c *gin.Context) error {
	now := h.Now()
	today := dayStart(now)
	a := axisAround(now)
	view := page.ExamTimeline{
		Frame: h.describedFrame(c, "Timeline of the exams", "Retirements, betas, general availability and successors of cloud AI certifications on one axis, with sources and how sure each day is."), Today: now.Format(longDay), TodayAt: a.at(today), Limit: h.Catalogue.Limit,
	}
	for month, i := a.from, 0; month.Before(a.to); month, i = month.AddDate(0, 1, 0), i+1 {
		mark := page.AxisMonth{At: a.at(month)}
		switch {
		case i == 0 || month.Month() == time.January:
			mark.Label, mark.Minor = month.Format("Jan 2006"), i == 0 && month.Month() != time.January
		case i%3 == 0 && month.Month() != time.December && month.Month() != time.February:
			mark.Label, mark.Minor = month.Format("Jan"), true
		}
		view.Months = append(view.Months, mark)
	}
	book := h.newSourceBook()
	var events []datedEvent
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		view.Lanes = append(view.Lanes, lane(cert, a, today))
		events = append(events, eventsOf(cert, book, today)...)
	}
	slices.SortStableFunc(events, func(a, b datedEvent) int { return a.on.Compare(b.on) })
	for _, e := range events {
		if e.until.Before(today) {
			view.Past = append(view.Past, e.ExamEvent)
		} else {
			view.Ahead = append(view.Ahead, e.ExamEvent)
		}
	}
	slices.Reverse(view.Past)
	view.Beginnings, view.Sources = h.undated(), book.list
	return render(c, http.StatusOK, web.ExamTimeline(view))
}

func dayStart(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// undated names the exams whose beginning lies before the catalogue's memory.
func (h *Handler) undated() string {
	var codes []string
	for _, cert := range h.Catalogue.Certifications {
		if cert.Events[0].From.IsZero() {
			codes = append(codes, string(cert.Code))
		}
	}
	if len(codes) == 0 {
		return ""
	}
	return "When " + inWords(codes) + " began lies before our records."
}

// datedEvent is an event with the days by which it is put in order.
type datedEvent struct {
	page.ExamEvent
	on, until time.Time
}

// eventsOf lists what happens to an exam: its stages, last days, languages that end,
// and what is expected.
func eventsOf(cert *catalogue.Certification, book *sourceBook, today time.Time) []datedEvent {
	var events []datedEvent
	add := func(on, until time.Time, what string, p catalogue.Provenance, certainty, kind string) *datedEvent {
		e := datedEvent{on: on, until: until, ExamEvent: page.ExamEvent{
			When: on.Format(longDay), Date: on.Format(time.DateOnly), Code: string(cert.Code), Link: certificationAddress(cert.Code),
			What: what, Certainty: certainty, Kind: kind, Source: book.cite(p),
		}}
		events = append(events, e)
		return &events[len(events)-1]
	}
	for _, e := range cert.Events {
		if e.From.IsZero() {
			continue
		}
		on, what := e.From, stageWords[e.Status]+inLanguageWords(e.Languages)
		if e.Status == catalogue.StatusRetired {
			on = on.AddDate(0, 0, -1)
		}
		certainty, kind := certaintyOf(on, today, e.DayUnknown)
		one := add(on, on, what, e.Provenance, certainty, kind)
		if e.DayUnknown {
			one.When, one.Date = aboutDay(on), ""
		}
		if e.Status == catalogue.StatusRetired && cert.Successor != "" {
			one.Successor = &page.Link{Label: string(cert.Successor), Address: certificationAddress(cert.Successor)}
		}
		if e.Status == catalogue.StatusBeta && !e.LastDay.IsZero() {
			certainty, kind := certaintyOf(e.LastDay, today, false)
			add(e.LastDay, e.LastDay, "Last day of the beta"+inLanguageWords(e.Languages), e.Provenance, certainty, kind)
		}
	}
	for _, end := range languageEnds(cert) {
		certainty, kind := certaintyOf(end.day, today, false)
		add(end.day, end.day, "Last day"+inLanguageWords(end.tags), cert.LanguagesProvenance, certainty, kind)
	}
	for _, e := range cert.Expected {
		one := add(e.From, e.To, expectedText(e, today), e.Provenance, "expected, not firm", "expected")
		one.When, one.Date = stretch(e.From, e.To), ""
	}
	return events
}

var stageWords = map[catalogue.Status]string{
	catalogue.StatusAnnounced: "Announced", catalogue.StatusBeta: "Beta begins", catalogue.StatusBetaClosed: "Beta closed",
	catalogue.StatusActive: "Generally available", catalogue.StatusRetiring: "Retirement ahead", catalogue.StatusRetired: "Last day",
}

func inLanguageWords(tags []string) string {
	if len(tags) == 0 {
		return ""
	}
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = catalogue.LanguageName(tag)
	}
	return " in " + inWords(names)
}

// certaintyOf says how sure a day is: one that has passed is known, one to come was
// announced, and some stand for a day nobody told.
func certaintyOf(on, today time.Time, unknown bool) (words, kind string) {
	switch {
	case unknown:
		return "the day is not known", "derived"
	case on.After(today):
		return "announced", "announced"
	}
	return "known", "known"
}

// aboutDay is a day that stands for one that isn't known. The first of a month stands
// for the month.
func aboutDay(t time.Time) string {
	if t.Day() == 1 {
		return "about " + t.Format("January 2006")
	}
	return "about " + t.Format(longDay)
}

func stretch(from, to time.Time) string {
	switch {
	case from.Equal(to):
		return from.Format(longDay)
	case from.Year() != to.Year():
		return from.Format(longDay) + " to " + to.Format(longDay)
	}
	if from.Month() == to.Month() {
		return from.Format("2") + " to " + to.Format(longDay)
	}
	return from.Format("2 January") + " to " + to.Format(longDay)
}

// languageEnd is the last day of some languages of an exam that goes on in others.
type languageEnd struct {
	day  time.Time
	tags []string
}

// languageEnds are the last days of languages that no stage of the exam tells.
func languageEnds(cert *catalogue.Certification) []languageEnd {
	var ends []languageEnd
	for _, l := range cert.Languages {
		if l.LastDay.IsZero() || toldByStage(cert, l) {
			continue
		}
		i := slices.IndexFunc(ends, func(e languageEnd) bool { return e.day.Equal(l.LastDay) })
		if i < 0 {
			ends, i = append(ends, languageEnd{day: l.LastDay}), len(ends)
		}
		ends[i].tags = append(ends[i].tags, l.Tag)
	}
	return ends
}

func toldByStage(cert *catalogue.Certification, l catalogue.Language) bool {
	return slices.ContainsFunc(cert.Events, func(e catalogue.Event) bool {
		return e.Status == catalogue.StatusRetired && e.From.AddDate(0, 0, -1).Equal(l.LastDay) &&
			(len(e.Languages) == 0 || slices.Contains(e.Languages, l.Tag))
	})
}

// lane draws an exam along the axis: a span for each stretch in which it stands the
// same, paler from today on, since what is to come is only what was last seen.
func lane(cert *catalogue.Certification, a axis, today time.Time) page.ExamLane {
	l := page.ExamLane{
		Code: string(cert.Code), Link: certificationAddress(cert.Code), Vendor: cert.Vendor.Label(), Text: cert.Takeable(today, "").Reason,
	}
	turns := turnsOf(cert, a, today)
	for i, from := range turns[:len(turns)-1] {
		kind := spanKind(cert, from)
		if kind == "" {
			continue
		}
		if !from.Before(today) {
			kind += " ahead"
		}
		l.Spans = appendSpan(l.Spans, page.ExamSpan{From: a.at(from), Width: a.at(turns[i+1]) - a.at(from), Kind: kind})
	}
	for _, e := range cert.Expected {
		if e.To.Before(a.from) || !e.From.Before(a.to) {
			continue
		}
		kind := "expected"
		if e.Status == catalogue.StatusRetired {
			kind = "ending"
		}
		l.Spans = append(l.Spans, page.ExamSpan{From: a.at(e.From), Width: a.at(e.To.AddDate(0, 0, 1)) - a.at(e.From), Kind: kind})
	}
	for _, e := range cert.Events {
		if last := e.From.AddDate(0, 0, -1); e.Status == catalogue.StatusRetired && a.shows(last) {
			kind := "end"
			if len(e.Languages) > 0 {
				kind = "language"
			}
			l.Marks = append(l.Marks, page.ExamMark{At: a.at(last), Kind: kind})
		}
	}
	for _, end := range languageEnds(cert) {
		if a.shows(end.day) {
			l.Marks = append(l.Marks, page.ExamMark{At: a.at(end.day), Kind: "language"})
		}
	}
	return l
}

// turnsOf are the days within the axis on which an exam may change its state, its
// ends included.
func turnsOf(cert *catalogue.Certification, a axis, today time.Time) []time.Time {
	turns := []time.Time{a.from, today, a.to}
	add := func(t time.Time) {
		if a.shows(t) {
			turns = append(turns, t)
		}
	}
	for _, e := range cert.Events {
		add(e.From)
		if !e.LastDay.IsZero() {
			add(e.LastDay.AddDate(0, 0, 1))
		}
	}
	for _, l := range cert.Languages {
		if !l.LastDay.IsZero() {
			add(l.LastDay.AddDate(0, 0, 1))
		}
	}
	slices.SortFunc(turns, time.Time.Compare)
	return slices.CompactFunc(turns, time.Time.Equal)
}

// spanKind is the state of an exam on a day as the drawing shows it; "" where it can't
// be taken and nothing is announced.
func spanKind(cert *catalogue.Certification, day time.Time) string {
	t := cert.Takeable(day, "")
	switch {
	case t.Availability == catalogue.Yes:
		return "yes"
	case t.Availability == catalogue.Unconfirmed:
		return "unconfirmed"
	case t.Event != nil && (t.Event.Status == catalogue.StatusAnnounced || t.Event.Status == catalogue.StatusBetaClosed):
		return "waiting"
	}
	return ""
}

// appendSpan joins a span to the one before where nothing changes.
func appendSpan(spans []page.ExamSpan, s page.ExamSpan) []page.ExamSpan {
	if n := len(spans); n > 0 && spans[n-1].Kind == s.Kind && fmt.Sprintf("%.3f", spans[n-1].From+spans[n-1].Width) == fmt.Sprintf("%.3f", s.From) {
		spans[n-1].Width += s.Width
		return spans
	}
	return append(spans, s)
}
