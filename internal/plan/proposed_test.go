package plan

import (
	"testing"
	"time"

	"sextant/internal/exam"
)

// Exam centres are closed on Sundays in most places, and off means off: a day that
// the planner proposes is neither.
func TestAProposedExamDayIsAWorkingDay(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 40, exam.AWS, 0.65)
	for hours := 3; hours <= 24; hours++ {
		in := Input{Today: today, Wish: Wish{Exam: "DEA-C01", Target: 0.8, Start: -1}}
		in.Wish = in.Wish.AtPace(hours * 60)
		free, err := Make(w.cat, l, in)
		if err != nil {
			t.Fatal(err)
		}
		if free.Exam.IsZero() {
			continue
		}
		in.Wish.Off = []Span{{From: free.Exam, To: free.Exam.AddDate(0, 0, 2)}}
		off, err := Make(w.cat, l, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []Plan{free, off} {
			if p.Exam.Weekday() == time.Sunday {
				t.Errorf("%d hours a week: the exam is proposed for %s, a Sunday", hours, p.Exam.Format(time.DateOnly))
			}
		}
		if !off.Exam.IsZero() && !off.Exam.Before(in.Wish.Off[0].From) && !off.Exam.After(in.Wish.Off[0].To) {
			t.Errorf("%d hours a week: the exam is proposed for %s, a day off", hours, off.Exam.Format(time.DateOnly))
		}
	}
}

// However much is due for review, study goes on.
func TestReviewTakesHalfOfAWeekAtMost(t *testing.T) {
	w := load(t)
	l := w.learner(t, 3, 40, exam.AWS, 0.65)
	in := Input{Today: today, Review: []float64{10000}, Wish: Wish{Exam: "DEA-C01", Target: 0.8, Start: -1}.AtPace(360)}
	p, err := Make(w.cat, l, in)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Weeks) < 4 {
		t.Fatalf("%d weeks", len(p.Weeks))
	}
	for _, week := range p.Weeks[1 : len(p.Weeks)-1] { // the first has begun, and the last is cut off by the exam
		review := 0
		for _, d := range week.Dates {
			for _, b := range d.Blocks {
				if b.Kind == KindReview {
					review += b.Minutes
				}
			}
		}
		if 2*review > week.Minutes {
			t.Errorf("week of %s: %d minutes of review of %d", week.From.Format(time.DateOnly), review, week.Minutes)
		}
		if review == 0 && week.Minutes > 120 {
			t.Errorf("week of %s: no review, and much is due", week.From.Format(time.DateOnly))
		}
	}
}
