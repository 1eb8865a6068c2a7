// Package progress is how somebody's readiness moved over time, what they practised,
// how well they judge themselves, and what they told of real exams.
package progress

import (
	"cmp"
	"slices"
	"time"

	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
)

// Answer is an answer with when its outcome was learnt and in which kind of test.
type Answer struct {
	sitting.Given
	Mode  sitting.Mode
	Learn time.Time // practice tells at once, other tests when they end
}

// Answers are what a person's tests have told, in the order in which they told it.
func Answers(known *sitting.Known) []Answer {
	list := make([]Answer, 0, len(known.Answers))
	for _, p := range known.Answers {
		s := known.Sittings[p.Sitting]
		a := Answer{Given: p.Given, Mode: s.Mode, Learn: p.At}
		if s.Mode != sitting.Practice && s.Finished.After(p.At) {
			a.Learn = s.Finished
		}
		list = append(list, a)
	}
	slices.SortStableFunc(list, func(a, b Answer) int {
		return cmp.Or(a.Learn.Compare(b.Learn), a.At.Compare(b.At), cmp.Compare(a.Question, b.Question))
	})
	return list
}

// dayStart is the hour at which a learner's day begins, as in spaced review: an
// evening that runs past midnight belongs to the day before.
const dayStart = 4

// Day is the calendar day in which t lies for somebody in a zone, as 00:00 UTC.
func Day(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	y, m, d := local.Date()
	if local.Hour() < dayStart {
		d--
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Begin is the moment at which a calendar day begins for somebody in a zone.
func Begin(day time.Time, zone *time.Location) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, dayStart, 0, 0, 0, zone)
}

// Point is where somebody stood with an exam at the end of a day, or now.
type Point struct {
	Day    time.Time // calendar day, 00:00 UTC
	At     time.Time // the moment as of which
	Report readiness.ExamReport
}

// MaxPoints is how many points a series has at most.
const MaxPoints = 60

// moment is one to draw: the answers before Known are known at it.
type moment struct {
	day, at time.Time
	known   int
}

// moments are the ends of the days on which something was learnt, and now, thinned
// out evenly to MaxPoints; the first and the last stay.
func moments(answers []Answer, now time.Time, zone *time.Location) []moment {
	var list []moment
	for i := range answers {
		day := Day(answers[i].Learn, zone)
		if len(list) == 0 || list[len(list)-1].day != day {
			list = append(list, moment{day: day})
		}
		last := &list[len(list)-1]
		last.at, last.known = Begin(day.AddDate(0, 0, 1), zone), i+1
	}
	today := Day(now, zone)
	if n := len(list); n > 0 && !list[n-1].at.Before(now) {
		list[n-1].at = now
	} else if n > 0 {
		list = append(list, moment{day: today, at: now, known: len(answers)})
	}
	return thin(list, MaxPoints)
}

// thin picks n of a list evenly, its first and last among them.
func thin[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	picked := make([]T, n)
	for i := range picked {
		picked[i] = list[i*(len(list)-1)/(n-1)]
	}
	return picked
}

// Series replays answers through a model: where somebody stood with an exam at the
// end of each day on which they learnt something, and where they stand now. The last
// point is the present report exactly. It begins with the first answer that bears on
// the exam, and has MaxPoints at most.
func Series(model *readiness.Model, code exam.Code, answers []Answer, now time.Time, zone *time.Location) ([]Point, error) {
	return series(model, code, answers, moments(answers, now, zone), nil)
}

// series is Series at given moments; known says what is known of them already.
func series(model *readiness.Model, code exam.Code, answers []Answer, at []moment, memory *memory) ([]Point, error) {
	if len(at) == 0 {
		return nil, nil
	}
	responses := make([]exam.Response, len(answers))
	for i := range answers {
		responses[i] = answers[i].Response()
	}
	last := len(at) - 1
	points := make([]Point, len(at))
	keys := memory.keys(model, code, responses, at)
	var missing []int
	for i, m := range at {
		points[i] = Point{Day: m.day, At: m.at}
		if report, ok := memory.get(keys, i); ok && i < last {
			points[i].Report = report
		} else if i < last {
			missing = append(missing, i)
		}
	}
	wanted := make([]readiness.Moment, len(missing))
	for k, i := range missing {
		wanted[k] = readiness.Moment{At: at[i].at, Known: responses[:at[i].known]}
	}
	reports, err := model.Track(code, wanted)
	if err != nil {
		return nil, err
	}
	for k, i := range missing {
		points[i].Report = reports[k]
		memory.put(keys, i, reports[k])
	}
	whole, err := model.Report(responses[:at[last].known], at[last].at, []exam.Code{code})
	if err != nil {
		return nil, err
	}
	points[last].Report = whole.Exams[0]
	first := slices.IndexFunc(points, func(p Point) bool { return p.Report.Answers > 0 })
	if first < 0 {
		return nil, nil
	}
	return points[first:], nil
}
