package plan

import (
	"slices"
	"time"
)

// Lengths of blocks, in minutes. Below a quarter of an hour settling down costs
// more than is learnt, and after two hours attention is gone: a break follows.
const (
	shortest = 15
	longest  = 120
)

const (
	week = 7 // days
	year = 52 * week
	// farOff is how many days ahead hours are laid out: three years, as far as a
	// day of the exam may lie, and some more.
	farOff = 3*366 + 2*week
	// lastDay is the most that is done on the day before the exam: no more than
	// half of its minutes, and an hour.
	lastDay = 60
	// firstMock and secondMock are how many days before the exam a mock is sat.
	firstMock, secondMock = 14, 7
	// unknownMock is how many minutes a mock is taken to last where the vendor says
	// nothing: between the two hours of most and the three of some.
	unknownMock = 120
)

// hours is the time of a wish, laid out by days from today.
type hours struct {
	wish  Wish
	today Day
	cap   []int // minutes of a day; 0 for one that is too short for a block
	until []int // minutes of all days before a day; one longer than cap
	near  []int // the last day with minutes up to and with a day; −1 for none
	off   []bool
	due   []float64 // minutes of spaced review that fall due on a day
	kept  []float64 // minutes of review kept free in all weeks before a week
	lead  int       // days of the first week that are over
	mock  int       // minutes of a mock exam
	done  int       // of today's minutes, used already
}

// layHours lays a wish's time out. done is how many of today's minutes are used.
func layHours(w Wish, today Day, done int, review []float64, mock int) *hours {
	h := &hours{
		wish: w, today: today, mock: mock, done: done,
		cap: make([]int, farOff), until: make([]int, farOff+1), near: make([]int, farOff),
		off: make([]bool, farOff), due: make([]float64, farOff),
	}
	for _, span := range w.Off {
		for n := max(0, daysBetween(today, span.From)); n < farOff && n <= daysBetween(today, span.To); n++ {
			h.off[n] = true
		}
	}
	first := time.Monday
	if w.Sunday {
		first = time.Sunday
	}
	h.lead = (int(today.Weekday()) - int(first) + week) % week
	last := -1
	for n := range h.cap {
		minutes := w.Minutes[(int(today.Weekday())+n)%week]
		if n == 0 {
			minutes -= done
		}
		if minutes >= shortest && !h.off[n] {
			h.cap[n], last = minutes, n
		}
		h.near[n] = last
		h.until[n+1] = h.until[n] + h.cap[n]
		if len(review) > 0 {
			h.due[n] = max(0, review[min(n/week, len(review)-1)]) / week
		}
	}
	h.kept = make([]float64, h.week(farOff-1)+2)
	for k := range len(h.kept) - 1 {
		h.kept[k+1] = h.kept[k] + h.keep(h.begins(k), min(farOff, h.begins(k+1)))
	}
	return h
}

// daysBetween counts the days from one calendar day to another.
func daysBetween(from, to Day) int { return int(to.Sub(from).Hours()) / 24 } // both at 00:00 UTC

// day is the calendar day so many days from today.
func (h *hours) day(n int) Day { return h.today.AddDate(0, 0, n) }

// week is the number of the calendar week in which a day lies, from 0.
func (h *hours) week(n int) int { return (n + h.lead) / week }

// begins is the first day of a week, today at the earliest.
func (h *hours) begins(k int) int { return max(0, k*week-h.lead) }

// keep is what spaced review takes of the days from one to before another, all of
// one week: what falls due, and at most half of the time there is.
func (h *hours) keep(from, to int) float64 {
	due := 0.0
	for n := from; n < to; n++ {
		due += h.due[n]
	}
	return min(due, float64(h.until[to]-h.until[from])/2)
}

// mocks are the days of the mock exams before an exam on day n, the first one
// first: the study day two weeks before, and one week before, or the nearest
// study day before that; −1 where there is none.
func (h *hours) mocks(n int) (first, second int) {
	first, second = -1, -1
	if n >= firstMock {
		first = h.near[n-firstMock]
	}
	if n >= secondMock && h.near[n-secondMock] > n-firstMock {
		second = h.near[n-secondMock]
	}
	return first, second
}

// roomier is the last day of the week that ends with a mock's day, but not before
// earliest, that has the whole mock's minutes; the day itself if none has.
func (h *hours) roomier(day, earliest int) int {
	for n := day; n >= max(0, earliest, day-week+1); n-- {
		if h.cap[n] >= h.mock {
			return n
		}
	}
	return day
}

// takes is what a mock on a study day takes of the week that ends with the day,
// of which the days before earliest belong to another mock: its length, and at
// most half of the time there is.
func (h *hours) takes(day, earliest int) float64 {
	if day < 0 {
		return 0
	}
	return min(float64(h.mock), float64(h.until[day+1]-h.until[max(0, earliest, day-week+1)])/2)
}

// study is how many minutes of study there are before an exam on day n: those of
// all days but the last one before it, less spaced review and mock exams. Since
// neither of them takes more than half of the time it is taken from, more minutes
// on any day never leave less.
func (h *hours) study(n int) float64 {
	end := n - 1
	if end <= 0 {
		return 0
	}
	k := h.week(end)
	total := float64(h.until[end]) - h.kept[k] - h.keep(h.begins(k), end)
	first, second := h.mocks(n)
	return max(0, total-h.takes(first, 0)-h.takes(second, n-firstMock+1))
}

// openStudy is how many minutes of study there are before day n when no exam is in
// sight.
func (h *hours) openStudy(n int) float64 {
	k := h.week(n)
	return float64(h.until[n]) - h.kept[k] - h.keep(h.begins(k), n)
}

// before is how many minutes of the study before an exam on day n lie before day
// to. What a mock takes is taken from all days of its week alike.
func (h *hours) before(to, n int) float64 {
	if to >= n-1 {
		return h.study(n)
	}
	first, second := h.mocks(n)
	return max(0, h.openStudy(to)-h.takenBefore(to, first, 0)-h.takenBefore(to, second, n-firstMock+1))
}

// takenBefore is the part of what a mock takes that lies before a day.
func (h *hours) takenBefore(to, day, earliest int) float64 {
	if day < 0 {
		return 0
	}
	from := max(0, earliest, day-week+1)
	if to <= from {
		return 0
	}
	part := float64(h.until[min(to, day+1)] - h.until[from])
	return h.takes(day, earliest) * part / float64(h.until[day+1]-h.until[from])
}

// earliest is the first day from one to another, both included, before which so
// many minutes of study lie and on which the exam suits; −1 for none.
func (h *hours) earliest(minutes float64, from, to int, suits func(n int) bool) int {
	for n := max(1, from); n <= min(to, farOff-1); n++ {
		if h.study(n) >= minutes && suits(n) {
			return n
		}
	}
	return -1
}

// Weekly is how many minutes a week the wish has, holidays aside.
func (w Wish) Weekly() int {
	sum := 0
	for _, n := range w.Minutes {
		sum += n
	}
	return sum
}

// evenly is how hours are spread where no day has any: over the working days.
var evenly = [7]int{0, 1, 1, 1, 1, 1, 0}

// step is the grain of hours that are offered, in minutes.
const step = 5

// AtPace is the wish with so many minutes a week, spread over its days as they are
// now; days get no more than MaxDay, and what is too much for them goes to the
// others. Minutes are rounded down to a multiple of five.
func (w Wish) AtPace(weekly int) Wish {
	pattern := w.Minutes
	if w.Weekly() == 0 {
		pattern = evenly
	}
	sum := 0
	for _, n := range pattern {
		sum += n
	}
	left := min(max(0, weekly), week*MaxDay) / step
	order := make([]int, 0, week)
	var given [7]int
	total := left
	for d, n := range pattern {
		given[d] = min(total*n/sum, MaxDay/step)
		left -= given[d]
		order = append(order, d)
	}
	slices.SortStableFunc(order, func(a, b int) int { return pattern[b] - pattern[a] })
	for _, studied := range []bool{true, false} { // its own study days before the others
		for more := true; more && left > 0; {
			more = false
			for _, d := range order {
				if left > 0 && given[d] < MaxDay/step && (pattern[d] > 0) == studied {
					given[d]++
					left--
					more = true
				}
			}
		}
	}
	for d := range given {
		w.Minutes[d] = given[d] * step
	}
	return w
}
