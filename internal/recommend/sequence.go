package recommend

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
)

// Pace is how many hours a week somebody studies.
type Pace float64

// DefaultPace is taken where nobody said: an hour on each of six days, which
// people who work beside it can keep up for months. Ours.
const DefaultPace Pace = 6

// The paces that are believed, in hours a week.
const (
	SlowestPace Pace = 1
	FastestPace Pace = 60
)

// Within is the pace within what is believed; what isn't a positive number is
// the default.
func (p Pace) Within() Pace {
	if !(p > 0) {
		return DefaultPace
	}
	return min(max(p, SlowestPace), FastestPace)
}

// days is how many calendar days so many hours take.
func (p Pace) days(hours float64) int { return int(math.Ceil(hours / float64(p) * 7)) }

// String is the pace in words: "6 hours a week".
func (p Pace) String() string {
	if p == 1 {
		return "1 hour a week"
	}
	return strconv.FormatFloat(float64(p), 'f', -1, 64) + " hours a week"
}

// SequenceLength is how many certifications a sequence names at most.
const SequenceLength = 3

// horizonYears is how far ahead steps are placed: what is known of exams hardly
// reaches further.
const horizonYears = 3

// Step is one certification of a sequence, with the days on which it is studied
// for at a pace and what is known of it on the day of the exam.
type Step struct {
	Code   exam.Code
	Name   string
	Vendor exam.Platform
	Level  catalogue.Level
	// From is the day on which study begins, To the one on which it has brought the
	// learner to the target. Early and Late are To for those who learn fast and
	// slowly, nine in ten of whom lie between; they add up over the steps, since who
	// learns fast does so at every one.
	From, To, Early, Late time.Time
	// Availability, Why and LastDay are what is known of the exam for the day To, in
	// the learner's language. It is never catalogue.No.
	Availability catalogue.Availability
	Why          string
	LastDay      time.Time
	Mode         Mode
	// Expected is what has been announced of the exam without a day to rely on; "" if
	// nothing is. MayEnd says that it is its end, before the day To.
	Expected string
	MayEnd   bool
	// Today is the study it takes from where the learner stands now, Need what is
	// left of it after the steps before.
	Today, Need effort.Need
	// WithinToday and Within are the shares of its blueprint, 0 to 1, within reach
	// today and after the steps before; see effort.Learner.WithinReach.
	WithinToday, Within float64
	// Transfer says the shares in words.
	Transfer   string
	Reason     string
	SequenceID string    // the catalogue's sequence it rests on; "" if none
	InsteadOf  exam.Code // what it takes the place of, since that can't be taken then
	Cautions   []string
	Experience string // what the vendor recommends; "" if nothing is known
}

// Sequence lays out the first, second and third certification. Each is placed
// where the study for those before it ends, and only if it can or may be taken
// on the day on which the learner would be ready, in their language. No two give
// the same credential, and none is one they hold. It is empty where rec names
// none to begin with.
//
// The first is the lead of rec, the second what rec lets follow; after that, the
// next step of the catalogue's sequences, and then whatever would rank first on
// that day for somebody who holds the steps before. An exam that asks for
// another certification comes after it.
func Sequence(cat *catalogue.Catalogue, in Situation, ev Evidence, rec Recommendation, l *effort.Learner, pace Pace, now time.Time) ([]Step, error) {
	if cat == nil || l == nil || rec.Lead == nil {
		return nil, nil
	}
	r := newRoute(cat, in, ev, rec, l, pace, now)
	for len(r.steps) < SequenceLength {
		step, err := r.next()
		if err != nil {
			return nil, fmt.Errorf("sequencing step %d: %w", len(r.steps)+1, err)
		}
		if step == nil || len(r.steps) > 0 && step.To.After(r.horizon) {
			break
		}
		r.take(*step)
	}
	return r.steps, nil
}

// route is a sequence in the making.
type route struct {
	cat     *catalogue.Catalogue
	in      Situation // with the steps taken so far among what is held
	rec     Recommendation
	ev      Evidence
	today   *effort.Learner
	after   *effort.Learner // once the steps so far are studied for
	target  float64
	pace    Pace
	horizon time.Time
	steps   []Step
	// day is where the last step ends; early and late are that for fast and slow
	// learners.
	day, early, late time.Time
	wanted           *candidate // waits for the step that it asks for
	missed           []string   // why better candidates are left out, for the next step
}

// candidate is an exam that may be the next step.
type candidate struct {
	code     exam.Code
	reason   string
	sequence string
}

func newRoute(cat *catalogue.Catalogue, in Situation, ev Evidence, rec Recommendation, l *effort.Learner, pace Pace, now time.Time) *route {
	day := calendarDay(now)
	in.Held = slices.Clone(in.Held)
	return &route{
		cat: cat, in: in, rec: rec, ev: ev, today: l, after: l, target: cat.Study.Target, pace: pace.Within(),
		horizon: day.AddDate(horizonYears, 0, 0), day: day, early: day, late: day,
	}
}

// next is the first candidate that can be placed; nil if there is none. The
// ranking on the day is worked out only where nothing before it will do.
func (r *route) next() (*Step, error) {
	r.missed = nil
	tried := map[exam.Code]bool{}
	for _, list := range []func() ([]candidate, error){r.likeliest, r.ranked} {
		candidates, err := list()
		if err != nil {
			return nil, err
		}
		for _, c := range candidates {
			if tried[c.code] || r.given(c.code) {
				continue
			}
			tried[c.code] = true
			if step, err := r.place(c); step != nil || err != nil {
				return step, err
			}
		}
	}
	return nil, nil
}

// given reports whether the credential of an exam is held or among the steps.
func (r *route) given(code exam.Code) bool {
	c, ok := r.cat.Certification(code)
	return !ok || r.holds(c)
}

func (r *route) holds(c *catalogue.Certification) bool {
	return slices.ContainsFunc(r.in.Held, func(held exam.Code) bool {
		other, ok := r.cat.Certification(held)
		return held == c.Code || ok && sameCredential(c, other)
	})
}

// place puts a candidate after the steps so far; nil if it can't be taken then,
// and nothing that stands in for it can.
func (r *route) place(c candidate) (*Step, error) {
	cert, ok := r.cat.Certification(c.code)
	if !ok {
		return nil, nil
	}
	if before, missing := r.asksFor(cert); missing {
		return r.prerequisite(c, before)
	}
	step, err := r.stepOn(cert, c)
	if err != nil {
		return nil, err
	}
	if step.Availability != catalogue.No {
		return r.allowed(step), nil
	}
	gone := r.gone(cert, step)
	for _, code := range r.standIns(cert) {
		other, ok := r.cat.Certification(code)
		if !ok || r.holds(other) {
			continue
		}
		if _, missing := r.asksFor(other); missing {
			continue
		}
		instead, err := r.stepOn(other, c)
		if err != nil {
			return nil, err
		}
		if instead.Availability != catalogue.No {
			instead.InsteadOf = cert.Code
			instead.Cautions = append([]string{sentence(gone, fmt.Sprintf("%s takes its place here.", code))}, instead.Cautions...)
			return r.allowed(instead), nil
		}
	}
	r.missed = append(r.missed, gone)
	return nil, nil
}

// allowed adds what better candidates were left out for.
func (r *route) allowed(step *Step) *Step {
	step.Cautions = append(step.Cautions, r.missed...)
	return step
}

// asksFor returns a certification that an exam asks for and that is neither held
// nor among the steps.
func (r *route) asksFor(c *catalogue.Certification) (exam.Code, bool) {
	for _, code := range c.Requires {
		if !r.given(code) {
			return code, true
		}
	}
	return "", false
}

// prerequisite places what a candidate asks for, and lets the candidate wait for
// it. In the last place it would lead nowhere.
func (r *route) prerequisite(c candidate, before exam.Code) (*Step, error) {
	if len(r.steps) == SequenceLength-1 {
		return nil, nil
	}
	step, err := r.place(candidate{code: before, reason: fmt.Sprintf("%s asks for it.", c.code)})
	if step != nil {
		c.reason = sentence(c.reason, fmt.Sprintf("It asks for %s, the step before.", before))
		r.wanted = &c
	}
	return step, err
}

// standIns lists what may take the place of an exam that can't be taken: its
// successor, what the rules are remapped to, the directions named for it.
func (r *route) standIns(c *catalogue.Certification) []exam.Code {
	var codes []exam.Code
	if c.Successor != "" {
		codes = append(codes, c.Successor)
	}
	if remap, ok := r.cat.Remap(c.Code); ok {
		for _, t := range remap.To {
			codes = append(codes, t.Code)
		}
	}
	return append(codes, c.Directions...)
}

// gone says that an exam can't be taken on the day on which the learner would be
// ready, and the pace at which it still could.
func (r *route) gone(c *catalogue.Certification, step *Step) string {
	now := c.Takeable(r.day, r.in.Language)
	if now.Availability == catalogue.No || now.Until.IsZero() {
		return fmt.Sprintf("%s can't be taken on %s, when you would be ready. %s", c.Code, longDate(step.To), step.Why)
	}
	text := fmt.Sprintf("%s can last be taken on %s, before you would be ready at %s (%s).", c.Code, longDate(now.Until), r.pace, longDate(step.To))
	if weeks := now.Until.Sub(r.day).Hours() / (7 * 24); weeks >= 1 {
		if pace := math.Ceil(step.Need.Hours / weeks); pace <= bearable {
			text += fmt.Sprintf(" At %s you would still be in time.", Pace(pace))
		}
	}
	return text
}

// bearable is the most hours a week that anybody is advised to study.
const bearable = 25

// stepOn works a step out, whether or not it can be taken.
func (r *route) stepOn(cert *catalogue.Certification, c candidate) (*Step, error) {
	s := &Step{
		Code: cert.Code, Name: cert.Name, Vendor: cert.Vendor, Level: cert.Level, From: r.day,
		Reason: c.reason, SequenceID: c.sequence, Experience: cert.Experience.Text,
		WithinToday: r.today.WithinReach(cert.Code), Within: r.after.WithinReach(cert.Code),
	}
	var err error
	if s.Need, err = r.needThen(cert.Code); err != nil {
		return nil, err
	}
	if s.Today, err = r.needToday(cert.Code, s.Need); err != nil {
		return nil, err
	}
	s.To = r.day.AddDate(0, 0, r.pace.days(s.Need.Hours))
	s.Early = r.early.AddDate(0, 0, r.pace.days(s.Need.Low))
	s.Late = r.late.AddDate(0, 0, r.pace.days(s.Need.High))
	t := takingOf(cert, s.To, r.in.Language)
	s.Availability, s.Why, s.LastDay, s.Mode = t.availability, t.reason, t.lastDay, modeOf(t.availability)
	s.Expected, s.MayEnd = expectation(cert, s.To, s.Availability)
	s.Transfer = r.transfer(s)
	s.Cautions = r.cautions(s)
	return s, nil
}

// needThen is the study an exam takes after the steps so far.
func (r *route) needThen(code exam.Code) (effort.Need, error) {
	if need, ok := r.ev.Need[code]; ok && len(r.steps) == 0 && need.Target == r.target {
		return need, nil
	}
	return r.after.Need(code, r.target)
}

// needToday is the study an exam takes from where the learner stands: what is left
// of it for the first step, and what was worked out before where it was.
func (r *route) needToday(code exam.Code, left effort.Need) (effort.Need, error) {
	if len(r.steps) == 0 {
		return left, nil
	}
	if need, ok := r.ev.Need[code]; ok && need.Target == r.target {
		return need, nil
	}
	return r.today.Need(code, r.target)
}

// transfer says how much of an exam is within reach already.
func (r *route) transfer(s *Step) string {
	today := percent(s.WithinToday)
	if len(r.steps) == 0 {
		return fmt.Sprintf("About %s of %s is within reach today.", today, s.Code)
	}
	names := make([]string, len(r.steps))
	for i := range r.steps {
		names[i] = string(r.steps[i].Code)
	}
	then := percent(s.Within)
	if then == today {
		return fmt.Sprintf("About %s of %s is within reach, before %s as well as after.", today, s.Code, inWords(names))
	}
	return fmt.Sprintf("After %s, about %s of %s is within reach already (%s today).", inWords(names), then, s.Code, today)
}

func percent(share float64) string { return fmt.Sprintf("%.0f\u00a0%%", 100*share) }

// cautions says what may go otherwise than planned.
func (r *route) cautions(s *Step) []string {
	var out []string
	if s.Need.Beyond {
		out = append(out, fmt.Sprintf("Study alone brings the chance of passing to about %s by this model, since too little is known of you yet: more answers would tell.", percent(s.Need.Best)))
	}
	if !s.LastDay.IsZero() && s.Late.After(s.LastDay) {
		out = append(out, fmt.Sprintf("Its last day is %s; should study take you longer than most, that is before you are ready.", longDate(s.LastDay)))
	}
	if s.To.After(r.horizon) {
		out = append(out, fmt.Sprintf("That is more than %d years ahead at %s, further than anything is known of exams.", horizonYears, r.pace))
	}
	return out
}

// expectation says what has been announced of an exam, seen from a day; "" where
// nothing has, or the day is sure without it. ends says that it is expected to be
// over by that day.
func expectation(c *catalogue.Certification, day time.Time, on catalogue.Availability) (text string, ends bool) {
	for _, e := range c.Expected {
		opens := e.Status == catalogue.StatusActive && on != catalogue.Yes
		if !opens && e.Status != catalogue.StatusRetired {
			continue
		}
		what := "General availability"
		if e.Status == catalogue.StatusRetired {
			what = "Its retirement"
		}
		when := "around that day"
		switch {
		case e.From.After(day):
			when = "only after that day"
		case e.To.Before(day):
			when = "before that day"
		}
		asOf := ""
		if e.AsOf != "" {
			asOf = fmt.Sprintf(" (as of %s)", catalogue.LongDate(e.AsOf))
		}
		text = fmt.Sprintf("%s is expected %s, and not certain. %s%s.", what, when, strings.TrimSuffix(e.Text, "."), asOf)
		return text, !opens && e.To.Before(day)
	}
	return "", false
}

// take adds a step: what it teaches is known after it, and its credential held.
func (r *route) take(s Step) {
	if r.wanted != nil && (r.wanted.code == s.Code || r.wanted.code == s.InsteadOf) {
		r.wanted = nil
	}
	r.steps = append(r.steps, s)
	r.day, r.early, r.late = s.To, s.Early, s.Late
	r.in.Held = append(r.in.Held, s.Code)
	hours := map[exam.SkillID]float64{}
	for _, p := range r.after.Allocate(s.Code, s.Need.Hours) {
		hours[p.Skill] = p.Hours
	}
	r.after = r.after.Study(s.Code, hours)
}

// likeliest lists what comes next if it can: what waits for the last step, what
// the recommendation lets follow, the catalogue's orders. To begin with it is the
// ranking that was given.
func (r *route) likeliest() ([]candidate, error) {
	if len(r.steps) == 0 {
		return r.openers(), nil
	}
	var list []candidate
	if r.wanted != nil {
		list = append(list, *r.wanted)
	}
	if then := r.rec.Then; len(r.steps) == 1 && then != nil && r.leads(r.steps[0]) {
		list = append(list, candidate{then.Code, reasonSentence(then.Reason), then.SequenceID})
	}
	return append(list, r.inOrder()...), nil
}

// leads reports whether a step is the lead, or stands in for it.
func (r *route) leads(s Step) bool {
	return s.Code == r.rec.Lead.Code || s.InsteadOf == r.rec.Lead.Code
}

// openers are the exams of the ranking, in order.
func (r *route) openers() []candidate {
	var list []candidate
	for i, c := range r.rec.Ranking {
		reason := "It comes first in the ranking, for what you said and answered."
		if i > 0 {
			reason = "It is the best of the ranking that can be taken when you would be ready."
		}
		list = append(list, candidate{code: c.Code, reason: reason})
	}
	return list
}

// inOrder are the next steps of the catalogue's sequences, after the latest step first.
func (r *route) inOrder() []candidate {
	var list []candidate
	for _, last := range slices.Backward(r.steps) {
		cert, ok := r.cat.Certification(last.Code)
		if !ok {
			continue
		}
		for _, q := range r.cat.Sequences {
			for i := 0; i+1 < len(q.Now); i++ {
				if !r.within(q.Now[i], cert) {
					continue
				}
				for _, code := range q.Now[i+1] {
					list = append(list, candidate{code, fmt.Sprintf("A usual order is “%s”: the concepts carry over.", orderName(q)), q.ID})
				}
			}
		}
	}
	return list
}

// within reports whether an exam, or another for its credential, is among codes.
func (r *route) within(codes []exam.Code, c *catalogue.Certification) bool {
	return slices.ContainsFunc(codes, func(code exam.Code) bool {
		other, ok := r.cat.Certification(code)
		return code == c.Code || ok && sameCredential(other, c)
	})
}

// ranked is the ranking on the day on which the next step begins, for somebody
// who holds the steps before and knows what they taught. Exams for which nothing
// speaks but the calendar are left out, and those of a first level once a step
// was above it.
func (r *route) ranked() ([]candidate, error) {
	if len(r.steps) == 0 {
		return nil, nil // the ranking of today has been tried
	}
	report, err := r.after.Report(r.ev.Report)
	if err != nil {
		return nil, err
	}
	s := newSubject(r.cat, r.in, report, r.day)
	s.quiet = true
	ranking, _ := s.ranking()
	var list []candidate
	for _, one := range ranking {
		if one.score > 0 && speaks(one.ledger) && tier(one.cert.Level) >= min(r.highest(), associateTier) {
			list = append(list, candidate{code: one.cert.Code, reason: r.carries(one.cert)})
		}
	}
	return list, nil
}

// speaks reports whether anything but the calendar speaks for an exam.
func speaks(ledger []Entry) bool {
	return slices.ContainsFunc(ledger, func(e Entry) bool { return e.Weight > 0 && e.Source != Lifecycle })
}

func (r *route) highest() int {
	highest := entryTier
	for _, s := range r.steps {
		highest = max(highest, tier(s.Level))
	}
	return highest
}

// carries says why an exam is a good one to take after the steps before.
func (r *route) carries(c *catalogue.Certification) string {
	for _, s := range r.steps {
		switch {
		case s.Vendor == c.Vendor && tier(c.Level) > tier(s.Level):
			return "It is the next level on a cloud that you will know by then."
		case s.Vendor == c.Vendor:
			return fmt.Sprintf("It is on the same cloud as %s, and builds on what that asks.", s.Code)
		}
	}
	return "Another cloud: the concepts carry over, and only the platform's details are new."
}

func reasonSentence(reason string) string {
	if reason == "" {
		return ""
	}
	return upperFirst(strings.TrimSuffix(reason, ".")) + "."
}
