package plan

import (
	"time"

	"sextant/internal/account"
	"sextant/internal/study"
)

// What the forecast of spaced review assumes. None of it is measured: it is of the
// size that people who practise three evenings a week have.
const (
	// reviewMinutes is how long one question in review takes, feedback included.
	reviewMinutes = 1.5
	// newCards is how many questions a week come into review from practice that is
	// still to come: about a third of 25 is missed, or wasn't sure.
	newCards = 8
	// forecastWeeks is how far the forecast looks. Beyond, a week is like its last.
	forecastWeeks = 26
)

// forecast is the minutes of spaced review in each of the coming weeks, the first
// of which begins now: of the cards that there are, and of those that practice will
// bring. Every review is taken to be done when it falls due and to be known, and
// the share that won't be comes on top.
func forecast(cards []study.Card, settings account.Settings, now time.Time) ([]float64, error) {
	s := study.DefaultSettings()
	s.Zone, s.Retention = settings.Location(), float64(settings.Remembered())/100
	scheduler, err := study.New(s)
	if err != nil {
		return nil, err
	}
	weeks := make([]float64, forecastWeeks)
	f := reviewer{scheduler: scheduler, now: now, weeks: weeks, each: reviewMinutes * (2 - s.Retention)}
	for _, c := range cards {
		if err := f.follow(c, 1); err != nil {
			return nil, err
		}
	}
	for w := range weeks {
		missed, err := scheduler.Review(study.Card{State: study.Learning}, study.Again, now.AddDate(0, 0, 7*w))
		if err != nil {
			return nil, err
		}
		if err := f.follow(missed, newCards); err != nil {
			return nil, err
		}
	}
	return weeks, nil
}

// reviewer adds up when cards come back.
type reviewer struct {
	scheduler *study.Scheduler
	now       time.Time
	weeks     []float64
	each      float64 // minutes of one review, with those that it brings when it is missed
}

// follow adds the reviews of so many like cards until they are retired or the
// forecast ends.
func (f *reviewer) follow(c study.Card, like float64) (err error) {
	end := f.now.AddDate(0, 0, 7*len(f.weeks))
	for c.State != study.Retired {
		at := c.Due
		if at.Before(f.now) {
			at = f.now
		}
		if !at.Before(end) {
			return nil
		}
		f.weeks[int(at.Sub(f.now)/(7*24*time.Hour))] += like * f.each
		if c, err = f.scheduler.Review(c, study.Good, at); err != nil {
			return err
		}
	}
	return nil
}
