package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	goical "github.com/emersion/go-ical"
	"pgregory.net/rapid"

	"sextant/internal/exam"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// parsed reads a calendar with an independent parser, and has it written again,
// which checks what every component must and must not have.
func parsed(t testing.TB, data []byte) *goical.Calendar {
	t.Helper()
	checkLines(t, data)
	decoder := goical.NewDecoder(bytes.NewReader(data))
	cal, err := decoder.Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if err := goical.NewEncoder(&bytes.Buffer{}).Encode(cal); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	for _, e := range cal.Events() {
		if e.Props.Get(goical.PropDateTimeStart) == nil {
			t.Fatalf("an event without a start:\n%s", data)
		}
		for name, props := range e.Props {
			for param, values := range props[0].Params {
				if len(values) != 1 {
					t.Fatalf("%s has %s %d times", name, param, len(values))
				}
			}
		}
	}
	return cal
}

// checkLines holds RFC 5545's section 3.1: lines end with CR LF, have at most 75
// octets and break between characters.
func checkLines(t testing.TB, data []byte) {
	t.Helper()
	text, ok := strings.CutSuffix(string(data), "\r\n")
	if !ok {
		t.Fatal("the last line doesn't end")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		switch {
		case len(line) > 75:
			t.Fatalf("a line of %d octets: %q", len(line), line)
		case !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00"):
			t.Fatalf("a broken line: %q", line)
		case strings.TrimSpace(line) == "":
			t.Fatal("an empty line")
		}
	}
}

func written(t testing.TB, c Calendar) []byte {
	t.Helper()
	data, err := c.ICS()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var begun, changed = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), time.Date(2026, 11, 22, 5, 30, 0, 0, time.UTC)

func calendarOf(p *Plan, z *time.Location) Calendar {
	return Calendar{Name: "Study plans", Zone: z, Plans: []CalendarPlan{{ID: "p1", Plan: p, Begun: begun, Changed: changed, Address: "https://example.org/plan/p1"}}}
}

// aPlan has one block of an hour on each day, and begins at a time of day.
func aPlan(start int, days ...string) *Plan {
	p := &Plan{Wish: Wish{Exam: "MLA-C02", Start: start}}
	w := Week{From: day(days[0]), To: day(days[len(days)-1])}
	for _, d := range days {
		w.Dates = append(w.Dates, Date{Day: day(d), Minutes: 60, Blocks: []Block{{Kind: KindPractice, Minutes: 60, Title: "Practise", Text: "Questions."}}})
	}
	p.Weeks = []Week{w}
	return p
}

func TestAWholePlanIsImported(t *testing.T) {
	w := load(t)
	for _, start := range []int{-1, 19*60 + 30} {
		in := Input{Wish: Wish{Exam: "AI-103", Minutes: sixHours, Start: start, Date: day("2027-04-01")}, Today: today, Review: []float64{40}}
		p := w.make(t, w.learner(t, 3, 60, exam.Azure, .7), in)
		berlin := zone(t, "Europe/Berlin")
		events := parsed(t, written(t, calendarOf(&p, berlin))).Events()
		want := map[string]Date{}
		for _, week := range p.Weeks {
			for _, d := range week.Dates {
				for _, b := range d.Blocks {
					switch b.Kind {
					case KindExam:
						want["p1-exam@sextant"] = d
					case KindMock:
						want[fmt.Sprintf("p1-mock-%d@sextant", map[bool]int{true: 1, false: 2}[p.Exam.Sub(d.Day).Hours() >= 14*24])] = d
					default:
						want["p1-"+d.Day.Format("20060102")+"@sextant"] = d
					}
				}
			}
		}
		if len(events) != len(want) {
			t.Errorf("%d events, want %d", len(events), len(want))
		}
		for _, e := range events {
			uid, _ := e.Props.Text(goical.PropUID)
			d, ok := want[uid]
			if !ok {
				t.Errorf("unexpected event %s", uid)
				continue
			}
			delete(want, uid)
			checkEvent(t, &p, &e, d, berlin)
		}
	}
}

func checkEvent(t *testing.T, p *Plan, e *goical.Event, d Date, z *time.Location) {
	t.Helper()
	from, err := e.DateTimeStart(z)
	if err != nil {
		t.Fatal(err)
	}
	to, err := e.DateTimeEnd(z)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := e.Props.Text(goical.PropUID)
	description, _ := e.Props.Text(goical.PropDescription)
	sequence, _ := e.Props.Get(goical.PropSequence).Int()
	if sequence != 20*24*60+20*60+30 {
		t.Errorf("%s: sequence %d", uid, sequence)
	}
	if got := from.In(z).Format(time.DateOnly); got != d.Day.Format(time.DateOnly) {
		t.Errorf("%s is on %s, want %s", uid, got, d.Day.Format(time.DateOnly))
	}
	if !strings.HasSuffix(description, "https://example.org/plan/p1") {
		t.Errorf("%s leads nowhere: %q", uid, description)
	}
	transparency, _ := e.Props.Text(goical.PropTransparency)
	isExam := strings.Contains(uid, "exam")
	switch {
	case p.Wish.Start < 0 || isExam:
		if e.Props.Get(goical.PropDateTimeStart).ValueType() != goical.ValueDate || to.Sub(from) < 23*time.Hour || to.Sub(from) > 25*time.Hour {
			t.Errorf("%s from %v to %v, want all day", uid, from, to)
		}
		if isExam != (transparency == "OPAQUE") {
			t.Errorf("%s is %s", uid, transparency)
		}
	default:
		if transparency != "OPAQUE" || to.Sub(from) < shortest*time.Minute {
			t.Errorf("%s from %v to %v is %s", uid, from, to, transparency)
		}
		if local := from.In(z); local.Hour()*60+local.Minute() < p.Wish.Start {
			t.Errorf("%s begins at %v", uid, local)
		}
	}
}

// Wall clocks of different countries, around the nights in which they change.
func TestStudyBeginsAtTheTimeOnTheWall(t *testing.T) {
	for _, tt := range []struct {
		zone string
		day  string
		at   string // on the wall
		utc  string
	}{
		{"Europe/Berlin", "2027-03-27", "19:30", "2027-03-27T18:30"}, // the evening before summer time
		{"Europe/Berlin", "2027-03-28", "19:30", "2027-03-28T17:30"},
		{"Europe/Berlin", "2027-03-28", "02:30", "2027-03-28T01:30"}, // left out: 3:30 summer time
		{"Europe/Berlin", "2027-10-31", "02:30", "2027-10-31T00:30"}, // twice: the first
		{"Europe/Berlin", "2027-10-31", "19:30", "2027-10-31T18:30"},
		{"America/New_York", "2027-03-14", "02:15", "2027-03-14T07:15"},
		{"America/New_York", "2027-03-14", "06:00", "2027-03-14T10:00"},
		{"America/New_York", "2027-11-07", "01:30", "2027-11-07T05:30"},
		{"America/New_York", "2027-11-07", "21:00", "2027-11-08T02:00"},
		{"Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03T14:45"}, // half an hour back: the first
		{"Australia/Lord_Howe", "2027-04-04", "20:00", "2027-04-04T09:30"},
		{"Australia/Lord_Howe", "2027-10-03", "02:15", "2027-10-02T15:45"}, // half an hour left out: 2:45
		{"Australia/Lord_Howe", "2027-10-03", "20:00", "2027-10-03T09:00"},
		{"America/Sao_Paulo", "2027-10-17", "20:00", "2027-10-17T23:00"}, // no summer time since 2019
		{"America/Sao_Paulo", "2027-02-21", "20:00", "2027-02-21T23:00"},
		{"America/Santiago", "2027-09-05", "00:30", "2027-09-05T04:30"}, // no midnight on this day: 1:30
		{"America/Santiago", "2027-09-05", "20:00", "2027-09-05T23:00"},
		{"Africa/Cairo", "2027-04-30", "00:00", "2027-04-29T22:00"}, // no midnight: 1:00
		{"Africa/Cairo", "2027-10-28", "23:30", "2027-10-28T20:30"}, // twice: the first
		{"Europe/Berlin", "2028-02-29", "08:00", "2028-02-29T07:00"},
		{"Pacific/Kiritimati", "2027-12-31", "23:45", "2027-12-31T09:45"},
		{"Asia/Kathmandu", "2028-01-01", "00:00", "2027-12-31T18:15"},
	} {
		clock, err := time.Parse("15:04", tt.at)
		if err != nil {
			t.Fatal(err)
		}
		z := zone(t, tt.zone)
		p := aPlan(clock.Hour()*60+clock.Minute(), tt.day)
		events := parsed(t, written(t, calendarOf(p, z))).Events()
		if len(events) != 1 {
			t.Fatalf("%d events", len(events))
		}
		from, err := events[0].DateTimeStart(time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.UTC().Format("2006-01-02T15:04"); got != tt.utc {
			t.Errorf("%s on %s in %s is %s UTC, want %s", tt.at, tt.day, tt.zone, got, tt.utc)
		}
		if got := from.In(z).Format(time.DateOnly); got != tt.day {
			t.Errorf("%s on %s in %s falls on %s", tt.at, tt.day, tt.zone, got)
		}
		if to, err := events[0].DateTimeEnd(time.UTC); err != nil || to.Sub(from) != time.Hour {
			t.Errorf("an hour of study lasts %v", to.Sub(from))
		}
	}
}

// In every zone on every day a time on the wall is that time, on that day, or, where
// the clock leaves it out, one as much later as it leaves out.
func TestMomentsStayOnTheirDay(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Antarctica/Troll", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones).Draw(t, "zone")
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		d := day("2024-01-01").AddDate(0, 0, rapid.IntRange(0, 4000).Draw(t, "day"))
		minutes := rapid.IntRange(0, 24*60-1).Draw(t, "minutes")
		got := moment(d, minutes, z).In(z)
		wall := got.Hour()*60 + got.Minute()
		if got.Format(time.DateOnly) != d.Format(time.DateOnly) || wall < minutes || wall > minutes+120 {
			t.Fatalf("%d minutes after midnight of %s in %s is %v", minutes, d.Format(time.DateOnly), name, got)
		}
		if wall != minutes && moment(d, wall, z) != got.UTC() && !moment(d, wall, z).Equal(got) {
			t.Fatalf("a time that is left out becomes %v, which is twice", got)
		}
	})
}

func TestAllDayPlansKnowNoZone(t *testing.T) {
	p := aPlan(-1, "2027-12-31", "2028-02-28", "2028-02-29", "2028-03-01")
	var texts []string
	for _, name := range []string{"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		data := written(t, calendarOf(p, zone(t, name)))
		parsed(t, data)
		texts = append(texts, string(data))
	}
	if texts[0] != texts[1] || texts[1] != texts[2] {
		t.Error("days differ by zone")
	}
	for _, want := range []string{
		"DTSTART;VALUE=DATE:20271231\r\nDTEND;VALUE=DATE:20280101\r\n",
		"DTSTART;VALUE=DATE:20280228\r\nDTEND;VALUE=DATE:20280229\r\n",
		"DTSTART;VALUE=DATE:20280229\r\nDTEND;VALUE=DATE:20280301\r\n",
	} {
		if !strings.Contains(texts[0], want) {
			t.Errorf("%q is missing in\n%s", want, texts[0])
		}
	}
}

// Programs tell by UID and sequence what is new: what stays keeps its UID, what
// moved keeps it too, and what was given up is gone.
func TestAFeedReadAgainUpdates(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 60, exam.Azure, .7)
	in := Input{Wish: Wish{Exam: "AI-103", Minutes: sixHours, Start: 1200, Date: day("2027-02-01")}, Today: today}
	before := w.make(t, l, in)
	in.Wish.Off = []Span{{From: day("2026-12-21"), To: day("2026-12-31")}}
	in.Wish.Date = day("2027-02-03")
	after := w.make(t, l, in)
	later := calendarOf(&after, time.UTC)
	later.Plans[0].Changed = changed.Add(time.Hour)
	was, is := byUID(t, written(t, calendarOf(&before, time.UTC))), byUID(t, written(t, later))
	same := 0
	for uid, e := range is {
		old, ok := was[uid]
		if !ok {
			continue
		}
		same++
		a, _ := old.Props.Get(goical.PropSequence).Int()
		b, _ := e.Props.Get(goical.PropSequence).Int()
		if b <= a {
			t.Errorf("%s: sequence %d after %d", uid, b, a)
		}
	}
	if same < 30 {
		t.Errorf("only %d events keep their UID", same)
	}
	for _, uid := range []string{"p1-exam@sextant", "p1-mock-1@sextant", "p1-mock-2@sextant"} {
		if was[uid] == nil || is[uid] == nil {
			t.Errorf("%s is missing", uid)
		}
	}
	for uid := range is {
		if strings.HasPrefix(uid, "p1-2026122") {
			t.Errorf("%s is still there in the holidays", uid)
		}
	}
	if !bytes.Equal(written(t, calendarOf(&before, time.UTC)), written(t, calendarOf(&before, time.UTC))) {
		t.Error("the same plan gives two different calendars")
	}
}

func byUID(t *testing.T, data []byte) map[string]*goical.Event {
	t.Helper()
	events := map[string]*goical.Event{}
	for _, e := range parsed(t, data).Events() {
		uid, _ := e.Props.Text(goical.PropUID)
		if events[uid] != nil {
			t.Errorf("%s comes twice", uid)
		}
		events[uid] = &e
	}
	return events
}

func TestCalendarsWithoutEventsAreValid(t *testing.T) {
	for _, c := range []Calendar{{Name: "Study plans"}, calendarOf(&Plan{Wish: Wish{Exam: "AI-102"}}, time.UTC)} {
		if events := parsed(t, written(t, c)).Events(); len(events) != 0 {
			t.Errorf("%d events", len(events))
		}
	}
}

func TestLongDaysHaveBreaksAndAlarmsAreOptional(t *testing.T) {
	p := aPlan(9*60, "2027-05-01")
	p.Weeks[0].Dates[0].Blocks = []Block{
		{Kind: KindMock, Minutes: 130, Title: "Mock exam", Text: "A whole exam."},
		{Kind: KindReview, Minutes: 100, Title: "Review", Text: "What is due."}, {Kind: KindStudy, Minutes: 100, Title: "Read", Text: "Read."},
	}
	c := calendarOf(p, time.UTC)
	if strings.Contains(string(written(t, c)), "VALARM") {
		t.Error("an alarm that nobody asked for")
	}
	c.Alarm = 10
	events := parsed(t, written(t, c)).Events()
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	for i, want := range []struct{ from, to string }{{"09:00", "11:10"}, {"11:20", "14:50"}} {
		from, _ := events[i].DateTimeStart(time.UTC)
		to, _ := events[i].DateTimeEnd(time.UTC)
		if from.Format("15:04") != want.from || to.Format("15:04") != want.to {
			t.Errorf("event %d from %v to %v, want %v", i, from, to, want)
		}
		if len(events[i].Children) != 1 || events[i].Children[0].Props.Get(goical.PropTrigger).Value != "-PT10M" {
			t.Errorf("event %d has no alarm", i)
		}
	}
}

// Whatever stands in a plan's texts, the calendar holds it as it is.
func TestTextsSurviveACalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkTexts(t, rapid.String().Draw(t, "title"), rapid.String().Draw(t, "text")) })
}

func FuzzTextsSurviveACalendar(f *testing.F) {
	f.Add("a, b; c\\n: d", "two\nlines\r\nBEGIN:VEVENT")
	f.Add(strings.Repeat("ä", 100), strings.Repeat("x", 300)+" <b>")
	f.Fuzz(func(t *testing.T, title, text string) { checkTexts(t, title, text) })
}

func checkTexts(t interface {
	Helper()
	Fatalf(string, ...any)
	Fatal(...any)
}, title, text string,
) {
	t.Helper()
	p := aPlan(600, "2027-05-01")
	p.Weeks[0].Dates[0].Blocks[0] = Block{Kind: KindMock, Minutes: 60, Title: title, Text: text}
	c := calendarOf(p, time.UTC)
	c.Name = title
	data, err := c.ICS()
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.SplitSeq(data, []byte("\r\n")) {
		if len(line) > 75 || !utf8.Valid(line) || bytes.ContainsAny(line, "\r\n") {
			t.Fatalf("a broken line: %q", line)
		}
	}
	cal, err := goical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	events := cal.Events()
	if len(events) != 1 {
		t.Fatalf("%d events in\n%s", len(events), data)
	}
	for _, prop := range []struct {
		of   *goical.Prop
		want string
	}{
		{events[0].Props.Get(goical.PropSummary), plain(title)},
		{events[0].Props.Get(goical.PropDescription), plain(text) + "\nhttps://example.org/plan/p1"},
		{cal.Props.Get("X-WR-CALNAME"), plain(title)},
	} {
		if got, err := prop.of.Text(); err != nil || got != prop.want {
			t.Fatalf("%q became %q (%v)", prop.want, got, err)
		}
	}
}

func TestCalendarsNameTheirSource(t *testing.T) {
	cal := parsed(t, written(t, calendarOf(aPlan(600, "2027-05-01"), time.UTC)))
	for name, want := range map[string]string{
		"PRODID": "-//Sextant//Study plan//EN", "VERSION": "2.0", "CALSCALE": "GREGORIAN", "X-WR-CALNAME": "Study plans", "REFRESH-INTERVAL": "PT4H",
	} {
		prop := cal.Props.Get(name)
		if prop == nil || prop.Value != want {
			t.Errorf("%s is %v, want %q", name, prop, want)
		}
	}
	if kind := cal.Props.Get("REFRESH-INTERVAL").Params.Values("VALUE"); !slices.Equal(kind, []string{"DURATION"}) {
		t.Errorf("the interval is of kind %q", kind)
	}
	var names []string
	for name := range cal.Events()[0].Props {
		names = append(names, name)
	}
	slices.Sort(names)
	want := "CREATED DESCRIPTION DTEND DTSTAMP DTSTART LAST-MODIFIED SEQUENCE SUMMARY TRANSP UID URL"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("an event holds %s, want %s", got, want)
	}
}
