package progress

import (
	"cmp"
	"slices"
	"time"

	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
)

// Kind says what a milestone is.
type Kind string

// The milestones.
const (
	// AtTheLine: the middle of a domain's interval reached the pass mark, while enough
	// was known for it to be shown.
	AtTheLine Kind = "at_the_line"
	// BeyondTheLine: a domain's whole interval lies at or beyond the pass mark.
	BeyondTheLine Kind = "beyond_the_line"
	// Verdict: there were enough answers for a first verdict on the exam.
	Verdict Kind = "verdict"
	// LikelyPass and ReadyPass: the chance of passing reached 50 %, and exceeded 80 %.
	LikelyPass Kind = "likely"
	ReadyPass  Kind = "ready"
	// Count: so many answers were given in all.
	Count Kind = "count"
	// FirstMock: a first mock exam was finished.
	FirstMock Kind = "first_mock"
)

// Milestone is the day on which something was reached for the first time. What isn't
// held any more is still a milestone, and says so.
type Milestone struct {
	Kind   Kind
	Day    time.Time     // calendar day, 00:00 UTC
	Domain exam.DomainID // of AtTheLine and BeyondTheLine
	Name   string        // of the domain
	N      int           // of Count
	// Since is the day on which it was found not to hold any more; zero while it does.
	Since time.Time
}

// Milestones reads the milestones of an exam off its series, the latest first. It
// looks at nothing else.
func Milestones(points []Point) []Milestone {
	if len(points) == 0 {
		return nil
	}
	var list []Milestone
	reached := func(m Milestone, holds func(*readiness.ExamReport) bool) {
		if m, ok := reachedAt(points, m, holds); ok {
			list = append(list, m)
		}
	}
	verdict := func(r *readiness.ExamReport) bool { return r.Verdict != readiness.TooEarly }
	reached(Milestone{Kind: Verdict}, verdict)
	reached(Milestone{Kind: LikelyPass}, func(r *readiness.ExamReport) bool { return verdict(r) && r.PassRaw >= .5 })
	reached(Milestone{Kind: ReadyPass}, func(r *readiness.ExamReport) bool { return r.Verdict == readiness.Ready })
	for d, domain := range points[0].Report.Domains {
		of := Milestone{Domain: domain.ID, Name: domain.Name}
		of.Kind = AtTheLine
		reached(of, func(r *readiness.ExamReport) bool {
			return r.Domains[d].Shown && r.Domains[d].Interval.Estimate >= r.CutPercent
		})
		of.Kind = BeyondTheLine
		reached(of, func(r *readiness.ExamReport) bool {
			return r.Domains[d].Shown && r.Domains[d].Interval.Low >= r.CutPercent
		})
	}
	latestFirst(list)
	return list
}

// reachedAt dates a milestone by the first point at which it holds and, where it
// doesn't hold at the last, the first of those at which it hasn't held since.
func reachedAt(points []Point, m Milestone, holds func(*readiness.ExamReport) bool) (Milestone, bool) {
	first, lost := -1, -1
	for i := range points {
		switch {
		case !holds(&points[i].Report):
			if first >= 0 && lost < 0 {
				lost = i
			}
		default:
			if first < 0 {
				first = i
			}
			lost = -1
		}
	}
	if first < 0 {
		return m, false
	}
	m.Day = points[first].Day
	if lost >= 0 {
		m.Since = points[lost].Day
	}
	return m, true
}

// counts are the numbers of answers that are milestones.
var counts = []int{100, 250, 500, 1000, 2500, 5000}

// Beginnings are the milestones of what was done, whatever came of it; the latest
// first.
func Beginnings(answers []Answer, zone *time.Location) []Milestone {
	var list []Milestone
	mock := false
	for i := range answers {
		day := Day(answers[i].Learn, zone)
		if slices.Contains(counts, i+1) {
			list = append(list, Milestone{Kind: Count, Day: day, N: i + 1})
		}
		if !mock && answers[i].Mode == sitting.Mock {
			mock = true
			list = append(list, Milestone{Kind: FirstMock, Day: day})
		}
	}
	latestFirst(list)
	return list
}

func latestFirst(list []Milestone) {
	slices.SortStableFunc(list, func(a, b Milestone) int {
		return cmp.Or(b.Day.Compare(a.Day), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.N, b.N))
	})
}
