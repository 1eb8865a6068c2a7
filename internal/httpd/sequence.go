package httpd

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/page"
	"sextant/internal/plan"
	"sextant/internal/recommend"
)

// paceOf is the hours a week that the address names, else those of the latest open
// plan, else the default. whose says in words where it comes from.
func paceOf(c *gin.Context, plans []plan.Kept) (pace recommend.Pace, whose string) {
	if hours, err := strconv.ParseFloat(strings.TrimSpace(c.Query("hours")), 64); err == nil {
		return recommend.Pace(hours).Within(), ""
	}
	for i := range plans {
		if minutes := plans[i].Wish.Weekly(); minutes > 0 {
			return recommend.Pace(math.Round(float64(minutes)/6) / 10).Within(), ", the pace of your plan for " + string(plans[i].Wish.Exam)
		}
	}
	return recommend.DefaultPace, ""
}

// openPlans are a person's plans that haven't ended, the latest first.
func (h *Handler) openPlans(ctx context.Context, p *account.Person) ([]plan.Kept, error) {
	if p.ID == "" || h.Plans == nil {
		return nil, nil
	}
	list, err := h.Plans.List(ctx, p.ID)
	return slices.DeleteFunc(list, func(k plan.Kept) bool { return !k.Open() }), err
}

// sequenceView lays the sequence and the renewals out on their days; nil where
// nothing is recommended to begin with and nothing held runs out.
func (h *Handler) sequenceView(c *gin.Context, p *account.Person, rec recommend.Recommendation, situation recommend.Situation, f *fit) (*page.Sequence, error) {
	plans, err := h.openPlans(c.Request.Context(), p)
	if err != nil {
		return nil, err
	}
	pace, whose := paceOf(c, plans)
	steps, err := recommend.Sequence(h.Catalogue, situation, f.evidence(), rec, f.learner, pace, h.Now())
	if err != nil {
		return nil, err
	}
	renewals := recommend.Renewals(h.Catalogue, situation, steps, h.Now())
	if len(steps) == 0 && len(renewals) == 0 {
		return nil, nil
	}
	view := &page.Sequence{
		Hours: strconv.FormatFloat(float64(pace), 'f', -1, 64), Action: c.Request.URL.Path + "#sequence",
		Sentence: sequenceSentence(steps, whose, pace),
		Note:     sequenceNote(h.Catalogue.Study, f.report.Answers == 0),
	}
	scale := scaleOf(h.Now(), steps, renewals)
	view.Ticks = scale.ticks()
	type dated struct {
		day  time.Time
		view page.SequenceEvent
	}
	var events []dated
	for i, s := range steps {
		step := stepView(s, i+1, scale)
		step.Plan = planOf(plans, s.Code)
		events = append(events, dated{s.To, step})
	}
	for _, r := range renewals {
		if r.Ends.IsZero() {
			view.Undated = append(view.Undated, r.Text)
			continue
		}
		events = append(events, dated{r.Ends, renewalView(r, scale)})
	}
	slices.SortStableFunc(events, func(a, b dated) int { return a.day.Compare(b.day) })
	for _, e := range events {
		view.Events = append(view.Events, e.view)
	}
	return view, nil
}

// planOf leads to the open plan for an exam; nil where there is none.
func planOf(plans []plan.Kept, code exam.Code) *page.Link {
	i := slices.IndexFunc(plans, func(k plan.Kept) bool { return k.Wish.Exam == code })
	if i < 0 {
		return nil
	}
	return &page.Link{Label: "Your plan for " + string(code), Address: planAddress(plans[i].ID), Note: "has its own days, hours and aim."}
}

func sequenceSentence(steps []recommend.Step, whose string, pace recommend.Pace) string {
	if len(steps) == 0 {
		return "Nothing is recommended to begin with yet; this is what becomes of what you hold."
	}
	var parts []string
	for i, s := range steps {
		switch {
		case s.To.Equal(s.From) && i == 0:
			parts = append(parts, string(s.Code)+" whenever you like")
		case s.To.Equal(s.From): // the steps before leave nothing to study
			parts = append(parts, string(s.Code)+" at any time after")
		default:
			parts = append(parts, fmt.Sprintf("%s by %s", s.Code, s.To.Format(longDay)))
		}
	}
	return fmt.Sprintf("At %s%s: %s.", pace, whose, inWords(parts))
}

func sequenceNote(study catalogue.Study, unanswered bool) string {
	note := fmt.Sprintf("The days rest on a study model that is assumed, not measured: a step ends when the chance of passing reaches %s, and nine in ten learners are taken to need between %s as long and %s times as long. The days for faster and slower learners are for those who are so in all steps up to there. A plan's days are later: it adds spaced review and mock exams. "+
		"What is within reach is the share of the exam in which you are expected to be at the pass mark or above.",
		percentOf(study.Target), percentOf(1/study.Spread), strconv.FormatFloat(study.Spread, 'f', -1, 64))
	if unanswered {
		note += " You have answered nothing yet, so all of it is for somebody of whom nothing is known; a diagnostic makes it yours."
	}
	return note
}

func stepView(s recommend.Step, place int, scale timeScale) page.SequenceEvent {
	view := page.SequenceEvent{
		Kind: "step", Label: string(s.Code), Place: place, Code: string(s.Code), Name: s.Name, Link: "/certifications/" + string(s.Code),
		When:     s.From.Format(longDay) + " to " + s.To.Format(longDay),
		Hours:    stepHours(s, place),
		Transfer: s.Transfer, Reason: s.Reason, Why: whyThen(s), Expected: s.Expected, Cautions: s.Cautions, Experience: s.Experience,
		Within:       &page.Within{Today: 100 * s.WithinToday, After: 100 * s.Within},
		Availability: availabilityThen(s), AvailabilityKind: string(s.Availability),
		Start: scale.at(s.From), End: scale.at(s.To), Late: scale.at(s.Late),
	}
	if s.MayEnd {
		view.AvailabilityKind = string(catalogue.Unconfirmed)
	}
	if s.To.Equal(s.From) {
		view.When = "From " + s.To.Format(longDay) + ", whenever you like"
		return view
	}
	view.Range = fmt.Sprintf("ready between %s and %s, for faster and slower learners", s.Early.Format(longDay), s.Late.Format(longDay))
	return view
}

// whyThen says what that rests on, where the few words don't say it all.
func whyThen(s recommend.Step) string {
	if s.Availability == catalogue.Yes && s.LastDay.IsZero() {
		return strings.TrimPrefix(s.Why, fmt.Sprintf("%s can be taken", s.Code))
	}
	return s.Why
}

// availabilityThen is what is known of an exam for the day planned, in few words.
func availabilityThen(s recommend.Step) string {
	if s.MayEnd {
		return "may have ended by then"
	}
	if s.Availability != catalogue.Yes {
		return "booking not confirmed for then"
	}
	if !s.LastDay.IsZero() {
		return "can be taken then, until " + s.LastDay.Format(longDay)
	}
	return "can be taken then"
}

func stepHours(s recommend.Step, place int) string {
	text := "No study is left by this model: keep in practice."
	if !s.Need.Reached {
		text = fmt.Sprintf("About %s hours of study (%s to %s)", hoursNumber(s.Need.Hours), hoursNumber(s.Need.Low), hoursNumber(s.Need.High))
	}
	switch {
	case place == 1 && s.Need.Reached:
		return text
	case place == 1:
		return text + "."
	case s.Today.Reached:
		return "No study is left by this model, even today."
	case s.Need.Reached:
		return fmt.Sprintf("No study is left by then; today it would be about %s hours (%s to %s).", hoursNumber(s.Today.Hours), hoursNumber(s.Today.Low), hoursNumber(s.Today.High))
	}
	return fmt.Sprintf("%s, instead of about %s (%s to %s) if you began with it.", text, hoursNumber(s.Today.Hours), hoursNumber(s.Today.Low), hoursNumber(s.Today.High))
}

func renewalView(r recommend.Renewal, scale timeScale) page.SequenceEvent {
	view := page.SequenceEvent{
		Kind: "renewal", Label: "renew " + string(r.Code), Code: string(r.Code), Name: r.Name, Link: "/certifications/" + string(r.Code),
		When: "By " + r.Ends.Format(longDay), Text: r.Text, Detail: r.How.Text,
		Start: scale.at(firstTime(r.Opens, r.Ends)), End: scale.at(r.Ends),
	}
	if r.Past || r.Over || r.By != "" {
		view.Label = string(r.Code) + " ends"
	}
	if r.Past {
		view.When = "Since " + r.Ends.Format(longDay)
	}
	if r.How.AsOf != "" && view.Detail != "" {
		view.Detail += fmt.Sprintf(" As of %s.", catalogue.LongDate(r.How.AsOf))
	}
	return view
}

// firstTime is the first of the times that is set.
func firstTime(times ...time.Time) time.Time {
	i := slices.IndexFunc(times, func(t time.Time) bool { return !t.IsZero() })
	if i < 0 {
		return time.Time{}
	}
	return times[i]
}

// timeScale places days on an axis from today on.
type timeScale struct{ from, to time.Time }

// leastSpan is the shortest axis, so that a step of a few days isn't drawn as years.
const leastSpan = 90

// scaleOf is the axis that holds the sequence, and the renewals up to half as far
// again; later ones stand at its end.
func scaleOf(now time.Time, steps []recommend.Step, renewals []recommend.Renewal) timeScale {
	y, m, d := now.Date()
	s := timeScale{from: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
	s.to = s.from.AddDate(0, 0, leastSpan)
	for _, step := range steps {
		s.to = later(s.to, step.Late)
	}
	furthest := s.from.Add(s.to.Sub(s.from) * 3 / 2)
	for _, r := range renewals {
		if !r.Ends.After(furthest) {
			s.to = later(s.to, r.Ends)
		}
	}
	return s
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// at is where a day stands, in percent of the axis; days beyond it stand at its ends.
func (s timeScale) at(day time.Time) float64 {
	share := float64(day.Sub(s.from)) / float64(s.to.Sub(s.from))
	return 100 * math.Min(1, math.Max(0, share))
}

// ticksAtMost is how many months are named on an axis.
const ticksAtMost = 4

// ticks are the first days of months, as many as can be read side by side.
func (s timeScale) ticks() []page.SequenceTick {
	for _, months := range []int{1, 2, 3, 6, 12, 24} {
		var list []page.SequenceTick
		for day := time.Date(s.from.Year(), s.from.Month()+1, 1, 0, 0, 0, 0, time.UTC); day.Before(s.to); day = day.AddDate(0, months, 0) {
			list = append(list, page.SequenceTick{At: s.at(day), Label: day.Format("Jan 2006")})
		}
		// A label at the right end would be cut off.
		list = slices.DeleteFunc(list, func(t page.SequenceTick) bool { return t.At > 88 })
		if len(list) <= ticksAtMost {
			return list
		}
	}
	return nil
}
