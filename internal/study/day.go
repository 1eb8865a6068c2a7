package study

import (
	"math"
	"time"
)

const (
	// dayStart is the hour at which a learner's day begins: an evening that runs
	// past midnight belongs to the day before. Anki's default.
	dayStart = 4
	// rest is the shortest time that separates two days of study, whatever the
	// calendar says: without it a wrong time zone would split one evening in two.
	rest = 6 * time.Hour
)

// day numbers the learner's day in which t lies.
func (s *Scheduler) day(t time.Time) int {
	local := t.In(s.settings.Zone)
	y, m, d := local.Date()
	if local.Hour() < dayStart {
		d--
	}
	midnight := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()
	return int(math.Floor(float64(midnight) / (24 * 60 * 60)))
}

// begins is the moment at which the learner's day with that number begins.
func (s *Scheduler) begins(day int) time.Time {
	return time.Date(1970, 1, 1+day, dayStart, 0, 0, 0, s.settings.Zone).UTC()
}

// daysBetween counts the learner's days from one answer to the next, 0 for the
// same day or less than a rest apart.
func (s *Scheduler) daysBetween(from, to time.Time) int {
	if to.Sub(from) < rest {
		return 0
	}
	return max(0, s.day(to)-s.day(from))
}

// after is when a card falls due that is to rest for so many days after t.
func (s *Scheduler) after(t time.Time, days int) time.Time {
	due, earliest := s.begins(s.day(t)+days), t.Add(rest).UTC()
	if due.Before(earliest) {
		return earliest
	}
	return due
}
