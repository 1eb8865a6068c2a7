package study_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/study"
)

func TestDueCardsComeMostForgottenFirst(t *testing.T) {
	s := scheduler(t)
	fresh := review(t, s, study.Card{Question: "fresh"}, study.Again, evening)
	hard := review(t, s, study.Card{Question: "a-hard"}, study.Hard, evening.AddDate(0, 0, -1))
	twin := review(t, s, study.Card{Question: "b-twin"}, study.Hard, evening.AddDate(0, 0, -1))
	old := review(t, s, study.Card{Question: "old"}, study.Again, evening.AddDate(0, 0, -30))
	later := review(t, s, review(t, s, study.Card{Question: "later"}, study.Easy, evening.AddDate(0, 0, -3)), study.Easy, evening)
	all := []study.Card{fresh, twin, hard, later, old}

	var got []exam.QuestionID
	for _, c := range s.Due(all, evening.AddDate(0, 0, 1)) {
		got = append(got, c.Question)
	}
	want := []exam.QuestionID{"old", "fresh", "a-hard", "b-twin"}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
	if next, ok := study.NextDue(all, evening.AddDate(0, 0, 1)); !ok || !next.Equal(later.Due) {
		t.Errorf("next due %v, %v; want %v", next, ok, later.Due)
	}
	if next, ok := study.NextDue(nil, evening); ok {
		t.Errorf("next due %v of no cards", next)
	}
}

func TestEveryCardIsDueWaitingOrRetired(t *testing.T) {
	s := scheduler(t)
	rapid.Check(t, func(t *rapid.T) {
		cards := s.Replay(events(t), evening.AddDate(2, 0, 0))
		now := evening.Add(time.Duration(rapid.IntRange(0, 24*800).Draw(t, "hours")) * time.Hour)
		due := s.Due(cards, now)
		retired, waiting := 0, 0
		for _, c := range cards {
			switch {
			case c.State == study.Retired:
				retired++
			case c.Due.After(now):
				waiting++
			}
		}
		if len(due)+retired+waiting != len(cards) {
			t.Errorf("%d due, %d retired, %d waiting of %d", len(due), retired, waiting, len(cards))
		}
		if _, ok := study.NextDue(cards, now); ok != (waiting > 0) {
			t.Errorf("%d are waiting, NextDue says %v", waiting, ok)
		}
		for i := 1; i < len(due); i++ {
			if s.Recall(due[i-1], now) > s.Recall(due[i], now) {
				t.Errorf("%+v before %+v", due[i-1], due[i])
			}
		}
	})
}

func TestRecallFallsWithTime(t *testing.T) {
	s := scheduler(t)
	if r := s.Recall(study.Card{}, evening); r != 0 {
		t.Errorf("recall %v of a card never reviewed", r)
	}
	rapid.Check(t, func(t *rapid.T) {
		c, at := history(t, s)
		before := s.Recall(c, at)
		if before != 1 || s.Recall(c, at.Add(-time.Hour)) != 1 {
			t.Errorf("recall %v right after the review", before)
		}
		for range 5 {
			at = at.Add(time.Duration(rapid.IntRange(1, 60*24*100).Draw(t, "minutes")) * time.Minute)
			r := s.Recall(c, at)
			if r >= before || r <= 0 {
				t.Errorf("recall %v after %v", r, before)
			}
			before = r
		}
	})
}
