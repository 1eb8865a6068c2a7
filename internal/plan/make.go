package plan

import (
	"fmt"
	"math"
	"slices"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Make works a plan out: the same arguments give the same plan. A wish that can't
// be met is no error; the plan's Problems say why, and what could. It fails with a
// not-found fault for an exam that isn't in the catalogue, and with an invalid one
// for a wish that nobody can have.
//
// How the hours are used: spaced review takes what falls due, and a mock exam its
// length, each at most half of what its week has; the day before the exam is light
// and counts as no study. The rest goes to topics so that it buys most
// (effort.Learner.Allocate), one after the other, the best first and after what it
// builds on; long ones in several passes, so that all are begun before one is done
// with. Chances are those of the study model; what is done in a mock exam or
// a review keeps and tests, and isn't counted as raising them.
func Make(cat *catalogue.Catalogue, learner *effort.Learner, in Input) (p Plan, err error) {
	defer fault.Op(&err, "plan.Make(%s)", in.Wish.Exam)
	m, err := newMaker(cat, learner, in)
	if err != nil {
		return Plan{}, err
	}
	p = Plan{Wish: m.in.Wish, Made: m.in.Today, SoFar: m.soFar(), Now: Chance{m.now, m.now, m.now}, OnTheDay: Chance{m.now, m.now, m.now}}
	if m.in.Wish.Date.IsZero() {
		err = m.asSoonAsLikely(&p)
	} else {
		err = m.forDate(&p)
	}
	if err != nil {
		return Plan{}, err
	}
	m.note(&p)
	return p, nil
}

// maker is what a plan is worked out from.
type maker struct {
	cat     *catalogue.Catalogue
	cert    *catalogue.Certification
	learner *effort.Learner // with what they told of
	in      Input
	h       *hours
	now     float64 // the pass probability today
	need    effort.Need
	told    int // minutes told of that count, before the discount
	topics  map[exam.SkillID]effort.Topic
	links   map[exam.SkillID][]catalogue.Link
	built   map[exam.SkillID]bool // a lab on it was done
	begun   bool                  // the small project was
}

func newMaker(cat *catalogue.Catalogue, learner *effort.Learner, in Input) (*maker, error) {
	cert, ok := cat.Certification(in.Wish.Exam)
	if !ok {
		return nil, fault.NotFound("there is no exam %s in the catalogue", in.Wish.Exam)
	}
	m := &maker{
		cat: cat, cert: cert, in: in,
		topics: map[exam.SkillID]effort.Topic{}, links: map[exam.SkillID][]catalogue.Link{}, built: map[exam.SkillID]bool{},
	}
	if err := m.settle(); err != nil {
		return nil, err
	}
	done := 0
	for _, w := range in.Done {
		if calendarDay(w.Day).Equal(m.in.Today) {
			done += w.Minutes
		}
		if w.Kind == KindLab || w.Kind == KindProject {
			m.built[w.Skill] = true
		}
		m.begun = m.begun || w.Kind == KindProject
	}
	m.h = layHours(m.in.Wish, m.in.Today, done, in.Review, m.mockMinutes())
	m.learner = learner.Study(cert.Code, m.shown())
	for _, t := range m.learner.Topics(cert.Code) {
		m.topics[t.Skill] = t
	}
	var err error
	if m.now, err = m.learner.Pass(cert.Code); err != nil {
		return nil, err
	}
	m.need, err = m.learner.Need(cert.Code, m.in.Wish.Target)
	return m, err
}

// settle brings days to calendar days, and refuses what no wish can hold.
func (m *maker) settle() error {
	w := &m.in.Wish
	m.in.Today, w.Date = calendarDay(m.in.Today), calendarDay(w.Date)
	w.Off = slices.Clone(w.Off)
	for i := range w.Off {
		w.Off[i].From, w.Off[i].To = calendarDay(w.Off[i].From), calendarDay(w.Off[i].To)
	}
	if w.Target == 0 {
		w.Target = m.cat.Study.Target
	}
	switch {
	case !(w.Target > 0 && w.Target < 1):
		return fault.Invalid("The chance to aim at lies between 0 and 1.")
	case slices.Min(w.Minutes[:]) < 0 || slices.Max(w.Minutes[:]) > 24*60:
		return fault.Invalid("A day has from 0 to 24 hours.")
	case daysBetween(m.in.Today, w.Date) >= farOff:
		return fault.Invalid("Choose a day of the exam within three years: farther ahead no exam can be relied on.")
	}
	return nil
}

// calendarDay is the day of a time as it is written, at 00:00 UTC; zero stays zero.
func calendarDay(t time.Time) Day {
	if t.IsZero() {
		return Day{}
	}
	y, mo, d := t.Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}

// mockMinutes is how long a mock exam takes.
func (m *maker) mockMinutes() int {
	if m.cert.Duration.Minutes > 0 {
		return m.cert.Duration.Minutes
	}
	return unknownMock
}

// shown is the study that was told of and that no answer on the topic followed, in
// hours by topic and less the discount: what was answered on that day or later
// shows by itself what it brought.
func (m *maker) shown() map[exam.SkillID]float64 {
	answered := map[exam.SkillID]Day{}
	for _, w := range m.in.Done {
		if !w.Told && w.Day.After(answered[w.Skill]) {
			answered[w.Skill] = w.Day
		}
	}
	minutes := map[exam.SkillID]int{}
	for _, w := range m.in.Done {
		if w.Told && w.Skill != "" && w.Day.After(answered[w.Skill]) {
			minutes[w.Skill] += w.Minutes
			m.told += w.Minutes
		}
	}
	hours := map[exam.SkillID]float64{}
	for skill, n := range minutes {
		hours[skill] = m.cat.Study.Told * float64(n) / 60
	}
	return hours
}

// chance is the probability of passing after so many hours by topic, and that of
// slower and faster learners: nine in ten lie between.
func (m *maker) chance(hours map[exam.SkillID]float64) (c Chance, err error) {
	spread := m.cat.Study.Spread
	for _, of := range []struct {
		pace float64
		p    *float64
	}{{1, &c.Expected}, {1 / spread, &c.Low}, {spread, &c.High}} {
		at := make(map[exam.SkillID]float64, len(hours))
		for skill, h := range hours {
			at[skill] = h * of.pace
		}
		if *of.p, err = m.learner.Study(m.cert.Code, at).Pass(m.cert.Code); err != nil {
			return Chance{}, err
		}
	}
	return c, nil
}

// chanceAt is the chance after so many minutes of study, spent where they buy most.
func (m *maker) chanceAt(minutes float64) (Chance, error) {
	by := map[exam.SkillID]float64{}
	for _, p := range m.learner.Allocate(m.cert.Code, minutes/60) {
		by[p.Skill] = p.Hours
	}
	return m.chance(by)
}

// suits reports whether the exam can, or may, be taken on a day that is not off,
// and on which test centres are open: not on a Sunday.
func (m *maker) suits(n int) bool {
	return !m.h.off[n] && m.h.day(n).Weekday() != time.Sunday && m.cert.Takeable(m.h.day(n), m.in.Wish.Language).Availability != catalogue.No
}

// reach is the first day from one on, within two years, before which so many hours
// of study lie.
func (m *maker) reach(studyHours float64, from int) (Day, bool) {
	n := m.h.earliest(60*studyHours, from, 2*year, m.suits)
	if n < 0 {
		return Day{}, false
	}
	return m.h.day(n), true
}

// span is the days on which a fast and a slow learner would reach the target.
func (m *maker) span() Span {
	if m.need.Beyond {
		return Span{}
	}
	from, _ := m.reach(m.need.Low, 1)
	to, _ := m.reach(m.need.High, 1)
	return Span{From: from, To: to}
}

// asSoonAsLikely plans for the first day on which the target is expected.
func (m *maker) asSoonAsLikely(p *Plan) error {
	if problem := m.nothingToPlan(year); problem != nil {
		if day, ok := m.reach(m.need.Hours, year+1); ok && !m.need.Beyond {
			problem.Nearest = day
		}
		p.Problems = append(p.Problems, *problem)
		p.Sentence = fmt.Sprintf("There is no plan for %s yet.", m.cert.Code)
		return nil
	}
	minutes := 60 * m.need.Hours
	n := m.h.earliest(minutes, 1, year, m.suits)
	if n < 0 {
		return m.noDay(p, minutes)
	}
	p.Exam, p.Range = m.h.day(n), m.span()
	if err := m.lay(p, n, true); err != nil {
		return err
	}
	if m.need.Beyond {
		p.Problems = append(p.Problems, m.beyond())
	}
	p.Sentence = m.sentence(p)
	return nil
}

// forDate plans for the day that was wished for.
func (m *maker) forDate(p *Plan) error {
	n := daysBetween(m.in.Today, m.in.Wish.Date)
	problem, err := m.noExamOn(n)
	if err != nil {
		return err
	}
	if problem != nil {
		p.Problems = append(p.Problems, *problem)
		p.Sentence = fmt.Sprintf("%s can't be planned for %s.", m.cert.Code, longDay(m.in.Wish.Date))
		return nil
	}
	p.Exam, p.Range = m.in.Wish.Date, m.span()
	if empty := m.nothingToPlan(n); empty != nil && !m.need.Reached {
		empty.Weekly = m.weeklyFor(func(h *hours) bool { return h.study(n) >= 60*m.need.Hours })
		if day, ok := m.reach(m.need.Hours, n+1); ok && !m.need.Beyond {
			empty.Nearest = day
		}
		p.Problems = append(p.Problems, *empty)
	}
	if err := m.lay(p, n, true); err != nil {
		return err
	}
	switch {
	case len(p.Problems) > 0 || m.need.Reached:
	case m.need.Beyond:
		p.Problems = append(p.Problems, m.beyond())
	case p.OnTheDay.Expected < m.in.Wish.Target-1e-9:
		p.Problems = append(p.Problems, m.tooEarly(n, p.OnTheDay))
	}
	p.Sentence = m.sentence(p)
	return nil
}

// evaluated is how many weeks of a plan at most have their chance worked out; those
// between are interpolated by their study. The curve is smooth, and a plan of three
// years should take no longer than one of three months.
const evaluated = 16

// chances gives every week its chance.
func (m *maker) chances(p *Plan, l *line, portions []effort.Portion, total float64, studyUntil func(n int) float64) (err error) {
	shares := make([]float64, len(p.Weeks))
	for i := range p.Weeks {
		if shares[i] = 1; i < len(p.Weeks)-1 && total > 0 {
			shares[i] = min(1, studyUntil(daysBetween(m.in.Today, p.Weeks[i].To)+1)/total)
		}
	}
	every := (len(p.Weeks) + evaluated - 1) / evaluated
	before, last := p.Now, -1
	at := 0.0
	for i := range p.Weeks {
		if (i+1)%every != 0 && i < len(p.Weeks)-1 {
			continue
		}
		c, err := m.chance(l.studied(portions, shares[i]))
		if err != nil {
			return err
		}
		for j := last + 1; j < i; j++ {
			p.Weeks[j].After = between(before, c, at, shares[i], shares[j])
		}
		p.Weeks[i].After = c
		before, last, at = c, i, shares[i]
	}
	p.OnTheDay = before
	return nil
}

// between is the chance at x of the way from a, at from, to b, at to.
func between(a, b Chance, from, to, x float64) Chance {
	t := 1.0
	if to > from {
		t = min(1, max(0, (x-from)/(to-from)))
	}
	mix := func(a, b float64) float64 { return a + t*(b-a) }
	return Chance{mix(a.Expected, b.Expected), mix(a.Low, b.Low), mix(a.High, b.High)}
}

// weeklyMost is the most hours of study in a week that are offered, in minutes: a
// full working week.
const weeklyMost = 40 * 60

// weeklyFor is the fewest minutes a week, by half hours and beyond those of the
// wish, with which something holds of its hours; 0 if none does.
func (m *maker) weeklyFor(holds func(h *hours) bool) int {
	if m.need.Beyond {
		return 0
	}
	const half = 30
	for weekly := half * (m.in.Wish.Weekly()/half + 1); weekly <= weeklyMost; weekly += half {
		if holds(layHours(m.in.Wish.AtPace(weekly), m.in.Today, m.h.done, m.in.Review, m.h.mock)) {
			return weekly
		}
	}
	return 0
}

// soFar compares what was done before today with the hours of the wish.
func (m *maker) soFar() string {
	begun := calendarDay(m.in.Begun)
	if begun.IsZero() || !begun.Before(m.in.Today) {
		return ""
	}
	planned, done := 0, 0
	for day := begun; day.Before(m.in.Today); day = day.AddDate(0, 0, 1) {
		isOff := slices.ContainsFunc(m.in.Wish.Off, func(s Span) bool { return !day.Before(s.From) && !day.After(s.To) })
		if minutes := m.in.Wish.Minutes[day.Weekday()]; minutes >= shortest && !isOff {
			planned += minutes
		}
	}
	for _, w := range m.in.Done {
		if day := calendarDay(w.Day); !day.Before(begun) && day.Before(m.in.Today) {
			done += w.Minutes
		}
	}
	since := "Since " + longDay(begun)
	switch ratio := float64(done) / math.Max(1, float64(planned)); {
	case planned == 0:
		return ""
	case done == 0:
		return fmt.Sprintf("%s nothing was told of or answered here. The weeks below begin where you are; nothing has to be caught up.", since)
	case ratio > 1.1:
		return fmt.Sprintf("%s you have studied %s, more than the %s planned. The weeks below count with it.", since, timeWords(done), timeWords(planned))
	case ratio < 0.9:
		return fmt.Sprintf("%s you have studied %s of the %s planned. The weeks below begin where you are; nothing has to be caught up.", since, timeWords(done), timeWords(planned))
	}
	return fmt.Sprintf("%s you have studied %s, as planned.", since, timeWords(done))
}
