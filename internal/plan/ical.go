package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Calendar is plans for a program that keeps calendars.
type Calendar struct {
	Name  string         // as the program lists it
	Zone  *time.Location // of the learner; nil for UTC
	Alarm int            // minutes before a timed event; 0 for no alarms
	Plans []CalendarPlan
}

// CalendarPlan is a plan in a calendar.
type CalendarPlan struct {
	ID   ID
	Plan *Plan
	// Begun is when the plan was begun, and Changed when anything that it follows
	// from changed last, the day on which it was worked out included: a plan looked
	// at on a later day has other days.
	Begun, Changed time.Time
	Address        string // of the plan's page; "" for none
}

const (
	product = "-//Sextant//Study plan//EN"
	// refresh is how often a program may ask again: plans change with answers.
	refresh = "PT4H"
	// pause is the break after every two hours, and after a mock exam, in minutes.
	pause = 10
)

// ICS writes the calendar in RFC 5545. A day of study is one event, with its
// blocks in the description; a mock exam and the exam itself are events of their
// own. An event keeps its UID when the plan is worked out anew, so that an import
// or a feed brings it up to date and doesn't double it; a day that is no longer in
// the plan is no longer in the calendar. Timed events are in UTC, computed for
// each day from the time at the learner's place; those of a plan without a time of
// day last all day and don't block it. It holds nothing of a person but the plan.
func (c Calendar) ICS() (_ []byte, err error) {
	defer fault.Op(&err, "plan.Calendar.ICS")
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	cal := ics.NewCalendarFor("Sextant")
	cal.SetProductId(product)
	cal.SetCalscale("GREGORIAN")
	cal.SetXWRCalName(plain(c.Name))
	cal.SetName(plain(c.Name))
	cal.SetRefreshInterval(refresh) // the property's name in the package holds its VALUE=DURATION
	cal.SetXPublishedTTL(refresh)
	events := 0
	for i := range c.Plans {
		for _, e := range c.Plans[i].events(c.Zone) {
			e.add(cal, c.Alarm)
			events++
		}
	}
	if events == 0 { // a calendar without any component isn't valid
		utc := cal.AddTimezone("UTC").AddStandard()
		utc.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
		utc.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
	}
	var out bytes.Buffer
	err = cal.SerializeTo(&out, ics.WithNewLineWindows)
	return out.Bytes(), err
}

// event is one entry of a calendar.
type event struct {
	of       *CalendarPlan
	uid      string
	title    string
	lines    []string
	day      Day
	start    time.Time // zero for all day
	minutes  int
	blocking bool // the time counts as taken
}

// events are those of one plan, in order.
func (p *CalendarPlan) events(zone *time.Location) []event {
	var list []event
	mocks := 0
	for _, w := range p.Plan.Weeks {
		for i := range w.Dates {
			list = append(list, p.eventsOf(&w.Dates[i], zone, &mocks)...)
		}
	}
	return list
}

// eventsOf are those of one day. mocks counts the mock exams so far.
func (p *CalendarPlan) eventsOf(d *Date, zone *time.Location, mocks *int) []event {
	var list []event
	var study []Block
	at := p.Plan.Wish.Start
	timed := func(e event, minutes int) event {
		e.minutes = minutes
		if at >= 0 {
			e.start, e.blocking = moment(d.Day, at, zone), true
			at += minutes
		}
		return e
	}
	for _, b := range d.Blocks {
		e := event{of: p, day: d.Day, title: b.Title, lines: []string{b.Text}}
		switch b.Kind {
		case KindExam:
			// Nobody has told at what time it is; and a day that we reckoned isn't booked.
			e.uid, e.blocking = p.uid("exam"), !p.Plan.Wish.Date.IsZero()
			list = append(list, e)
		case KindMock:
			*mocks++
			e.uid = p.uid(fmt.Sprintf("mock-%d", p.mockNumber(d.Day, *mocks)))
			list = append(list, timed(e, b.Minutes))
			at = pausing(at)
		default:
			study = append(study, b)
		}
	}
	if len(study) > 0 {
		e := event{of: p, uid: p.uid(d.Day.Format("20060102")), day: d.Day, title: p.titleOf(study)}
		minutes := 0
		for _, b := range study {
			minutes += b.Minutes
			e.lines = append(e.lines, fmt.Sprintf("%s: %s", timeWords(b.Minutes), b.Title))
		}
		list = append(list, timed(e, minutes+pause*((minutes-1)/longest)))
	}
	return list
}

// pausing is a time of day after a break; −1 stays.
func pausing(at int) int {
	if at < 0 {
		return at
	}
	return at + pause
}

// mockNumber tells the mock exam two weeks before the exam from that one week
// before, whichever of them are still to come.
func (p *CalendarPlan) mockNumber(day Day, nth int) int {
	if p.Plan.Exam.IsZero() {
		return nth
	}
	if daysBetween(day, p.Plan.Exam) >= firstMock {
		return 1
	}
	return 2
}

// uid names an event for ever, wherever its day moves.
func (p *CalendarPlan) uid(what string) string { return fmt.Sprintf("%s-%s@sextant", p.ID, what) }

// titleOf names what a day is for.
func (p *CalendarPlan) titleOf(blocks []Block) string {
	var names []string
	topics := map[exam.SkillID]string{}
	for _, t := range p.Plan.Topics {
		topics[t.Skill] = t.Name
	}
	for _, b := range blocks {
		if name := topics[b.Skill]; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return fmt.Sprintf("%s: %s", p.Plan.Wish.Exam, blocks[0].Title)
	}
	return fmt.Sprintf("%s: %s", p.Plan.Wish.Exam, strings.Join(names, "; "))
}

// add writes an event into a calendar.
func (e *event) add(cal *ics.Calendar, alarm int) {
	v := cal.AddEvent(e.uid)
	v.SetDtStampTime(e.of.Changed)
	v.SetCreatedTime(e.of.Begun)
	v.SetModifiedAt(e.of.Changed)
	v.SetSequence(max(0, int(e.of.Changed.Sub(e.of.Begun)/time.Minute)))
	v.SetSummary(plain(e.title))
	lines := e.lines
	if e.of.Address != "" {
		lines = append(slices.Clone(lines), e.of.Address)
		v.SetURL(plain(e.of.Address))
	}
	v.SetDescription(plain(strings.Join(lines, "\n")))
	v.SetTimeTransparency(map[bool]ics.TimeTransparency{true: ics.TransparencyOpaque, false: ics.TransparencyTransparent}[e.blocking])
	if e.start.IsZero() {
		v.SetAllDayStartAt(e.day)
		v.SetAllDayEndAt(e.day.AddDate(0, 0, 1))
		return
	}
	v.SetStartAt(e.start)
	v.SetEndAt(e.start.Add(time.Duration(e.minutes) * time.Minute))
	if alarm > 0 {
		a := v.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(fmt.Sprintf("-PT%dM", alarm))
		a.SetDescription(plain(e.title))
	}
}

// plain is a text without what a calendar file can't hold.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text)
}

// moment is when it is so many minutes after midnight, by the clock on the wall,
// on a day in a zone. A time that the clock leaves out or shows twice is taken as
// it was counted before the change, as RFC 5545 has it (section 3.3.5): 2:30 in a
// night when the clock goes from 2 to 3 is 3:30, and when it goes back the first
// 2:30.
func moment(day Day, minutes int, zone *time.Location) time.Time {
	wall := day.Add(time.Duration(minutes) * time.Minute) // as if it were in UTC
	near := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, zone)
	// No zone changes its clock twice in twelve hours.
	before, after := countedAt(wall, near.Add(-6*time.Hour)), countedAt(wall, near.Add(6*time.Hour))
	if !shows(before, wall, zone) && shows(after, wall, zone) {
		return after
	}
	return before
}

// countedAt is a wall time counted as the clock goes at another moment, in UTC.
func countedAt(wall, at time.Time) time.Time {
	_, offset := at.Zone()
	return wall.Add(-time.Duration(offset) * time.Second)
}

// shows reports whether the clock on the wall shows a time at a moment.
func shows(at, wall time.Time, zone *time.Location) bool {
	return at.In(zone).Format(time.DateTime) == wall.Format(time.DateTime)
}
