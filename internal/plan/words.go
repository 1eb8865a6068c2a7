package plan

import (
	"fmt"
	"math"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// longDay is a day as people read it: "14 March 2027".
func longDay(d Day) string { return d.Format("2 January 2006") }

// percent is a share without decimals: "12 %", or "under 1 %".
func percent(share float64) string {
	if share < .005 {
		return "under 1 %"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// Ends of the scale of chances that are shown: nobody's exam is surer than these.
const surest, leastSure = .95, .05

// likely is a chance in words, rounded as on every other page: "about 82 %",
// "95 % or more".
func likely(p float64) string {
	switch p = math.Round(100*p) / 100; {
	case p >= surest:
		return "95\u00a0% or more"
	case p <= leastSure:
		return "5\u00a0% or less"
	}
	return "about " + percent(p)
}

// inRange is a chance with its range: "about 82 % (74 to 88 %)".
func inRange(c Chance) string {
	low := math.Round(100 * min(surest, max(leastSure, c.Low)))
	high := math.Round(100 * min(surest, max(leastSure, c.High)))
	if low == high {
		return likely(c.Expected)
	}
	return fmt.Sprintf("%s (%.0f to %.0f\u00a0%%)", likely(c.Expected), low, high)
}

// timeWords is a length of time: "45 minutes", "6 hours", "1 hour 30 minutes".
func timeWords(minutes int) string {
	h, rest := minutes/60, minutes%60
	switch {
	case h == 0:
		return count(rest, "minute")
	case rest == 0:
		return count(h, "hour")
	}
	return count(h, "hour") + " " + count(rest, "minute")
}

// aWeek is a pace: "6 hours a week".
func aWeek(minutes int) string { return timeWords(minutes) + " a week" }

// daysApart are two days as a range, the month and the year once where they are
// the same: "5 and 30 December 2026".
func daysApart(a, b Day) string {
	first := longDay(a)
	switch {
	case a.Year() == b.Year() && a.Month() == b.Month():
		first = a.Format("2")
	case a.Year() == b.Year():
		first = a.Format("2 January")
	}
	return first + " and " + longDay(b)
}

// sentence is the answer of a plan with a day for the exam.
func (m *maker) sentence(p *Plan) string {
	w := m.in.Wish
	switch {
	case !w.Date.IsZero():
		then, now := inRange(p.OnTheDay), likely(m.now)
		if then == now {
			return fmt.Sprintf("On %s your chance of passing %s is expected to be %s, as it would be today.", longDay(p.Exam), m.cert.Code, then)
		}
		return fmt.Sprintf("On %s your chance of passing %s is expected to be %s; today it would be %s.", longDay(p.Exam), m.cert.Code, then, now)
	case m.need.Reached:
		return fmt.Sprintf("You are likely to pass %s now: your chance is %s. You could take it from %s on; a mock exam before you book tests pace and stamina.",
			m.cert.Code, likely(m.now), longDay(p.Exam))
	case m.need.Beyond:
		return fmt.Sprintf("By %s, at %s, your chance of passing %s is expected to be %s, about as far as study brings it.",
			longDay(p.Exam), aWeek(w.Weekly()), m.cert.Code, inRange(p.OnTheDay))
	}
	between := ""
	switch {
	case p.Range.To.IsZero() && !p.Range.From.IsZero():
		between = fmt.Sprintf(" (between %s and more than two years from now)", longDay(p.Range.From))
	case !p.Range.From.Equal(p.Range.To):
		between = fmt.Sprintf(" (between %s)", daysApart(p.Range.From, p.Range.To))
	}
	return fmt.Sprintf("You are likely to pass %s by %s%s at %s: the chance is then expected to be %s.",
		m.cert.Code, longDay(p.Exam), between, aWeek(w.Weekly()), inRange(p.OnTheDay))
}

// noDay plans a year of study where no day within it is good for the exam, and
// says why.
func (m *maker) noDay(p *Plan, minutes float64) error {
	ready, over := m.h.earliest(minutes, 1, year, func(int) bool { return true }), !m.everTakeable()
	if ready < 0 && over {
		ready = year // an exam that is over stays so, however long study takes
	}
	if ready >= 0 {
		p.Problems = append(p.Problems, m.shut(ready))
		p.Sentence = fmt.Sprintf("There is no day on which you could take %s once you are likely to pass.", m.cert.Code)
		if over {
			p.Sentence = fmt.Sprintf("%s can't be taken, so there is no plan for it.", m.cert.Code)
		}
		return nil
	}
	if err := m.lay(p, year, false); err != nil {
		return err
	}
	aim := percent(m.in.Wish.Target)
	p.Range = m.span()
	p.Sentence = fmt.Sprintf("At %s a chance of %s isn't expected within 52 weeks; it would be %s by then.", aWeek(m.in.Wish.Weekly()), aim, inRange(p.OnTheDay))
	problem := Problem{
		Weekly: m.weeklyFor(func(h *hours) bool { return h.earliest(minutes, 1, year, m.suits) >= 0 }),
		Text: fmt.Sprintf("A chance of %s at %s takes about %s of study, more than there is room for in 52 weeks at %s.",
			aim, m.cert.Code, timeWords(60*int(math.Ceil(minutes/60))), aWeek(m.in.Wish.Weekly())),
	}
	if problem.Weekly > 0 {
		problem.Text += fmt.Sprintf(" With %s there would be room.", aWeek(problem.Weekly))
	}
	if day, ok := m.reach(m.need.Hours, year+1); ok {
		problem.Nearest = day
		problem.Text += fmt.Sprintf(" At your pace the first day would be %s.", longDay(day))
	}
	p.Problems = append(p.Problems, problem)
	return nil
}

// everTakeable reports whether there is a day within a year on which the exam can,
// or may, be taken.
func (m *maker) everTakeable() bool {
	for n := range year + 1 {
		if m.cert.Takeable(m.h.day(n), m.in.Wish.Language).Availability != catalogue.No {
			return true
		}
	}
	return false
}

// shut says that an exam can't be taken once the learner is ready, on day n.
func (m *maker) shut(n int) Problem {
	ready := m.h.day(n)
	taking := m.cert.Takeable(ready, m.in.Wish.Language)
	if taking.Availability != catalogue.No {
		return Problem{Text: fmt.Sprintf("You would be ready by %s, but all days after it within 52 weeks are days off.", longDay(ready))}
	}
	problem := Problem{Text: taking.Reason, Instead: m.instead(ready)}
	if until, ok := m.lastDay(); ok {
		last := daysBetween(m.in.Today, until)
		problem.Nearest = until
		problem.Weekly = m.weeklyFor(func(h *hours) bool { return h.study(last) >= 60*m.need.Hours })
		problem.Text = fmt.Sprintf("At your pace you would be ready by %s at the earliest, and %s can be taken until %s.", longDay(ready), m.cert.Code, longDay(until))
		if problem.Weekly > 0 {
			problem.Text += fmt.Sprintf(" With %s you would be ready by then.", aWeek(problem.Weekly))
		}
	}
	problem.Text += m.insteadWords(problem.Instead)
	return problem
}

// lastDay is the last day on which the exam can be taken, if one is known and
// still to come.
func (m *maker) lastDay() (Day, bool) {
	until := m.cert.Takeable(m.in.Today, m.in.Wish.Language).Until
	return until, until.After(m.in.Today)
}

// instead is an exam that stands in for this one and can be taken on a day.
func (m *maker) instead(on Day) exam.Code {
	if on.Before(m.in.Today) {
		on = m.in.Today
	}
	for _, code := range append([]exam.Code{m.cert.Successor}, m.cert.Directions...) {
		if cert, ok := m.cat.Certification(code); ok && cert.Takeable(on, m.in.Wish.Language).Availability != catalogue.No {
			return code
		}
	}
	return ""
}

func (m *maker) insteadWords(code exam.Code) string {
	if code == "" {
		return ""
	}
	return fmt.Sprintf(" %s takes its place.", code)
}

// nothingToPlan says that no time is left for study within so many days; nil if
// there is some.
func (m *maker) nothingToPlan(within int) *Problem {
	if m.h.until[max(0, within)] > 0 || m.need.Reached {
		return nil
	}
	if m.in.Wish.Weekly() == 0 {
		return &Problem{
			Text:   "No day of your week has any time for study. Say how many hours a week you have.",
			Weekly: m.weeklyFor(func(h *hours) bool { return h.earliest(60*m.need.Hours, 1, year, m.suits) >= 0 }),
		}
	}
	if tooShort(m.in.Wish) {
		return &Problem{Text: fmt.Sprintf("No day of your week has the %d minutes that the shortest block of study takes. Put the time of several days together.", shortest)}
	}
	when := "for 52 weeks"
	if !m.in.Wish.Date.IsZero() {
		when = "until " + longDay(m.in.Wish.Date)
		if within <= 1 {
			return &Problem{Text: fmt.Sprintf("Until %s there is no time for study left.", longDay(m.in.Wish.Date))}
		}
	}
	return &Problem{Text: fmt.Sprintf("There is no day for study %s: all of them are off or have no hours. Take a few back, or choose a later day.", when)}
}

func tooShort(w Wish) bool {
	for _, n := range w.Minutes {
		if n >= shortest {
			return false
		}
	}
	return true
}

// beyond says that no study reaches the target.
func (m *maker) beyond() Problem {
	return Problem{Text: fmt.Sprintf(
		"Study alone isn't expected to bring your chance at %s to %s: at best to %s. What stands in the way is what isn't known of you yet. More answers here would tell, and most of all a diagnostic.",
		m.cert.Code, percent(m.in.Wish.Target), likely(m.need.Best))}
}

// tooEarly says that the wished day comes before the target, what it gives, and
// what would do.
func (m *maker) tooEarly(n int, c Chance) Problem {
	day := m.in.Wish.Date
	problem := Problem{
		Weekly: m.weeklyFor(func(h *hours) bool { return h.study(n) >= 60*m.need.Hours }),
		Text: fmt.Sprintf("Until %s you have about %s of study, and a chance of %s takes about %s. On that day it is expected to be %s.",
			longDay(day), timeWords(60*int(math.Round(m.h.study(n)/60))), percent(m.in.Wish.Target), timeWords(60*int(math.Ceil(m.need.Hours))), inRange(c)),
	}
	if m.h.study(n) < 60 {
		problem.Text = fmt.Sprintf("Until %s there is hardly any study, and a chance of %s takes about %s. On that day it is expected to be %s.",
			longDay(day), percent(m.in.Wish.Target), timeWords(60*int(math.Ceil(m.need.Hours))), inRange(c))
	}
	if near, ok := m.reach(m.need.Hours, n+1); ok {
		problem.Nearest = near
		problem.Text += fmt.Sprintf(" The nearest day at your pace is %s.", longDay(near))
	} else if taking := m.cert.Takeable(day, m.in.Wish.Language); !taking.Until.IsZero() {
		problem.Instead = m.instead(taking.Until.AddDate(0, 0, 1))
		problem.Text += fmt.Sprintf(" Later days don't help: %s", taking.Reason)
		problem.Text += m.insteadWords(problem.Instead)
	}
	if problem.Weekly > 0 {
		problem.Text += fmt.Sprintf(" To be ready by %s you would need %s.", longDay(day), aWeek(problem.Weekly))
	}
	return problem
}

// noExamOn says that there is no exam on day n: it is over, or the exam can't be
// taken then. It is nil for a day that can be planned for.
func (m *maker) noExamOn(n int) (*Problem, error) {
	day := m.in.Wish.Date
	if n < 0 {
		problem := &Problem{Text: fmt.Sprintf("%s is over. Choose a day that is still to come.", longDay(day))}
		m.offer(problem, 1)
		return problem, nil
	}
	taking := m.cert.Takeable(day, m.in.Wish.Language)
	if taking.Availability != catalogue.No {
		return nil, nil
	}
	problem := &Problem{Text: taking.Reason}
	if until, ok := m.lastDay(); ok && until.Before(day) {
		problem.Text = fmt.Sprintf("%s can be taken until %s, and not on %s.", m.cert.Code, longDay(until), longDay(day))
	}
	m.offer(problem, n+1)
	if problem.Nearest.IsZero() {
		if err := m.offerLast(problem, n); err != nil {
			return nil, err
		}
	}
	problem.Instead = m.instead(day)
	problem.Text += m.insteadWords(problem.Instead)
	return problem, nil
}

// offer names the first day from day n on which the target is expected.
func (m *maker) offer(problem *Problem, n int) {
	if m.need.Beyond {
		return
	}
	if near, ok := m.reach(m.need.Hours, n); ok {
		problem.Nearest = near
		problem.Text += fmt.Sprintf(" At your pace the nearest day on which you are likely to pass is %s.", longDay(near))
	}
}

// offerLast names the last day before day n on which the exam can be taken, and
// what to expect of it.
func (m *maker) offerLast(problem *Problem, n int) error {
	until, ok := m.lastDay()
	if !ok || daysBetween(m.in.Today, until) >= n {
		return nil
	}
	c, err := m.chanceAt(m.h.study(daysBetween(m.in.Today, until)))
	if err != nil {
		return err
	}
	problem.Nearest = until
	problem.Text += fmt.Sprintf(" On that last day your chance is expected to be %s.", inRange(c))
	return nil
}

// note adds what a plan rests on.
func (m *maker) note(p *Plan) {
	add := func(format string, args ...any) { p.Notes = append(p.Notes, fmt.Sprintf(format, args...)) }
	if len(p.Weeks) == 0 {
		return
	}
	add("Hours and chances rest on a study model that is assumed, not measured. The ranges are those of nine in ten learners, taken to need between the hours given divided by %.1f and multiplied by it.", m.cat.Study.Spread)
	if m.told > 0 {
		add("%s that you told of, and that no answer on the topic followed yet, count for %s of their time: telling isn't measuring, and answers take their place.",
			timeWords(m.told), percent(m.cat.Study.Told))
	}
	if !p.Exam.IsZero() {
		m.noteExam(add, p.Exam)
	}
	if len(m.in.Review) > 0 && m.in.Review[0] > 0 {
		add("Questions that fall due for review keep what you know. Their time comes on top of the study that raises the chance, and so does that of mock exams.")
	} else {
		add("Mock exams test what you know, and are not counted as raising the chance.")
	}
}

func (m *maker) noteExam(add func(string, ...any), on Day) {
	taking := m.cert.Takeable(on, m.in.Wish.Language)
	if taking.Availability == catalogue.Unconfirmed {
		add("%s", taking.Reason+" Check the vendor's page before you count on the day.")
	}
	if text := m.notInEnglish(on); text != "" {
		add("%s", text)
	}
	if m.cert.Duration.Minutes == 0 {
		add("How long %s lasts isn't known; %s are kept free for a mock exam.", m.cert.Code, timeWords(unknownMock))
	}
	if on.Weekday() == time.Sunday {
		add("%s is a Sunday: not every test centre is open then.", longDay(on))
	}
	if n := daysBetween(m.in.Today, on); m.h.off[n] {
		add("%s is one of your days off.", longDay(on))
	}
}

// notInEnglish says that an exam can be taken on a day, but not in the language of
// this page: somebody who named none would take it for granted. It is "" where they
// named one, and for an exam that is in English.
func (m *maker) notInEnglish(on Day) string {
	english := m.cert.Takeable(on, "en")
	if m.in.Wish.Language != "" || english.Availability != catalogue.No {
		return ""
	}
	text := english.Reason + " This plan is for its other languages."
	if next, ok := m.cat.Certification(m.cert.Successor); ok && next.Takeable(on, "en").Availability != catalogue.No {
		text += fmt.Sprintf(" In English %s takes its place.", next.Code)
	}
	return text
}
