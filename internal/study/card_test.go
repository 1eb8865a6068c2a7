package study_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/study"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var evening = time.Date(2026, 11, 2, 21, 0, 0, 0, time.UTC)

func scheduler(t testing.TB) *study.Scheduler {
	t.Helper()
	s, err := study.New(study.DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func review(t testing.TB, s *study.Scheduler, c study.Card, r study.Rating, at time.Time) study.Card {
	t.Helper()
	next, err := s.Review(c, r, at)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestSettingsOutOfRangeAreRefused(t *testing.T) {
	for name, change := range map[string]func(*study.Settings){
		"no retention":       func(s *study.Settings) { s.Retention = 0 },
		"low retention":      func(s *study.Settings) { s.Retention = 0.69 },
		"high retention":     func(s *study.Settings) { s.Retention = 0.98 },
		"retention NaN":      func(s *study.Settings) { s.Retention = math.NaN() },
		"no interval":        func(s *study.Settings) { s.MaximumInterval = 0 },
		"negative interval":  func(s *study.Settings) { s.MaximumInterval = -1 },
		"over-long interval": func(s *study.Settings) { s.MaximumInterval = 366 },
		"no zone":            func(s *study.Settings) { s.Zone = nil },
	} {
		settings := study.DefaultSettings()
		change(&settings)
		if s, err := study.New(settings); s != nil || fault.KindOf(err) != fault.KindInvalid || fault.Message(err) == "" {
			t.Errorf("%s: %v, %v; want fault.Invalid", name, s, err)
		}
	}
}

func TestRatingOfOutcomeAndConfidence(t *testing.T) {
	for _, c := range []struct {
		outcome    exam.Outcome
		confidence study.Confidence
		want       study.Rating
	}{
		{exam.Wrong, study.Unstated, study.Again}, {exam.Wrong, study.Guess, study.Again},
		{exam.Wrong, study.Unsure, study.Again}, {exam.Wrong, study.Sure, study.Again},
		{exam.DontKnow, study.Unstated, study.Again}, {exam.DontKnow, study.Sure, study.Again},
		{exam.Right, study.Guess, study.Hard}, {exam.Right, study.Unsure, study.Hard},
		{exam.Right, study.Unstated, study.Good}, {exam.Right, study.Sure, study.Good},
	} {
		if got, err := study.RatingOf(c.outcome, c.confidence); err != nil || got != c.want {
			t.Errorf("%s, %q → %v, %v; want %v", c.outcome, c.confidence, got, err, c.want)
		}
	}
	for _, c := range [][2]string{{"", ""}, {"skipped", ""}, {"right", "certain"}, {"wrong", "certain"}} {
		if got, err := study.RatingOf(exam.Outcome(c[0]), study.Confidence(c[1])); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q → %v, %v; want fault.Invalid", c, got, err)
		}
	}
}

func TestReviewRefusesWhatCannotBe(t *testing.T) {
	s := scheduler(t)
	card := review(t, s, study.Card{Question: "q"}, study.Again, evening)
	broken := func(change func(*study.Card)) study.Card { c := card; change(&c); return c }
	for name, c := range map[string]struct {
		card   study.Card
		rating study.Rating
		at     time.Time
		want   fault.Kind
	}{
		"no rating":           {card, 0, evening, fault.KindInvalid},
		"rating 5":            {card, 5, evening, fault.KindInvalid},
		"no time":             {study.Card{}, study.Good, time.Time{}, fault.KindInvalid},
		"before the last":     {card, study.Good, evening.Add(-time.Second), fault.KindConflict},
		"stability 0":         {broken(func(c *study.Card) { c.Stability = 0 }), study.Good, evening, fault.KindInvalid},
		"stability NaN":       {broken(func(c *study.Card) { c.Stability = math.NaN() }), study.Good, evening, fault.KindInvalid},
		"stability endless":   {broken(func(c *study.Card) { c.Stability = math.Inf(1) }), study.Good, evening, fault.KindInvalid},
		"difficulty too low":  {broken(func(c *study.Card) { c.Difficulty = 0.9 }), study.Good, evening, fault.KindInvalid},
		"difficulty too high": {broken(func(c *study.Card) { c.Difficulty = 10.1 }), study.Good, evening, fault.KindInvalid},
	} {
		if got, err := s.Review(c.card, c.rating, c.at); err == nil || fault.KindOf(err) != c.want {
			t.Errorf("%s: %+v, %v; want %s", name, got, err, c.want)
		}
	}
}

// history draws a card that has been through some reviews, and the time of the last.
func history(t *rapid.T, s *study.Scheduler) (study.Card, time.Time) {
	at := evening
	c := study.Card{Question: "q"}
	for range rapid.IntRange(1, 12).Draw(t, "reviews") {
		at = at.Add(time.Duration(rapid.IntRange(0, 60*24*90).Draw(t, "minutes")) * time.Minute)
		next, err := s.Review(c, study.Rating(rapid.IntRange(1, 4).Draw(t, "rating")), at)
		if err != nil {
			t.Fatal(err)
		}
		c = next
	}
	return c, at
}

func anyScheduler(t *rapid.T) (*study.Scheduler, study.Settings) {
	zone := time.UTC
	if name := rapid.SampledFrom([]string{"UTC", "east", "west", "half"}).Draw(t, "zone"); name != "UTC" {
		zone = time.FixedZone(name, map[string]int{"east": 14 * 3600, "west": -11 * 3600, "half": 5*3600 + 1800}[name])
	}
	settings := study.Settings{
		Retention:       rapid.Float64Range(0.7, 0.97).Draw(t, "retention"),
		MaximumInterval: rapid.IntRange(1, 365).Draw(t, "longest"),
		Zone:            zone,
	}
	s, err := study.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return s, settings
}

func TestABetterRatingNeverHurts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, _ := anyScheduler(t)
		c, at := history(t, s)
		at = at.Add(time.Duration(rapid.IntRange(0, 60*24*90).Draw(t, "minutes")) * time.Minute)
		var below study.Card
		for r := study.Again; r <= study.Easy; r++ {
			next, err := s.Review(c, r, at)
			if err != nil {
				t.Fatal(err)
			}
			if r > study.Again && (next.Stability < below.Stability || next.Difficulty > below.Difficulty || next.Due.Before(below.Due)) {
				t.Fatalf("rating %d leaves %+v, rating %d %+v", r-1, below, r, next)
			}
			below = next
		}
	})
}

func TestEveryReviewLeavesASoundCard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, settings := anyScheduler(t)
		c, at := history(t, s)
		if c.Stability < 0.001 || c.Stability > 36500 || c.Difficulty < 1 || c.Difficulty > 10 {
			t.Errorf("out of range: %+v", c)
		}
		if wait := c.Due.Sub(at); wait < 6*time.Hour || wait > time.Duration(settings.MaximumInterval)*24*time.Hour+24*time.Hour {
			t.Errorf("falls due %v after the answer", wait)
		}
		if local := c.Due.In(settings.Zone); local.Hour() != 4 && c.Due.Sub(at) != 6*time.Hour {
			t.Errorf("falls due at %v, in the midst of a day", local)
		}
		if !c.LastReview.Equal(at) || c.Due.Location() != time.UTC || c.LastReview.Location() != time.UTC {
			t.Errorf("times %v and %v for an answer at %v", c.LastReview, c.Due, at)
		}
		raw, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back study.Card
		if err := json.Unmarshal(raw, &back); err != nil || back != c {
			t.Errorf("%+v came back as %+v, %v", c, back, err)
		}
	})
}

func TestAHigherRetentionAsksSooner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low, settings := anyScheduler(t)
		settings.Retention = rapid.Float64Range(settings.Retention, 0.97).Draw(t, "higher")
		high, err := study.New(settings)
		if err != nil {
			t.Fatal(err)
		}
		c, at := history(t, low)
		r := study.Rating(rapid.IntRange(1, 4).Draw(t, "last"))
		seldom, err := low.Review(c, r, at)
		if err != nil {
			t.Fatal(err)
		}
		often, err := high.Review(c, r, at)
		if err != nil {
			t.Fatal(err)
		}
		if often.Due.After(seldom.Due) || often.Stability != seldom.Stability {
			t.Errorf("a higher retention: %+v, a lower: %+v", often, seldom)
		}
	})
}

func TestAnEveningIsOneDay(t *testing.T) {
	newYork := time.FixedZone("EST", -5*3600)
	for name, c := range map[string]struct {
		zone           *time.Location
		first, again   time.Time
		sameDay        bool
		dueAfterMissed time.Time
	}{
		"past midnight": {
			time.UTC, time.Date(2026, 11, 2, 23, 50, 0, 0, time.UTC), time.Date(2026, 11, 3, 0, 20, 0, 0, time.UTC), true,
			time.Date(2026, 11, 3, 5, 50, 0, 0, time.UTC),
		},
		"over midnight UTC in New York": {
			newYork, time.Date(2026, 11, 2, 18, 50, 0, 0, newYork), time.Date(2026, 11, 2, 22, 30, 0, 0, newYork), true,
			time.Date(2026, 11, 3, 4, 0, 0, 0, newYork),
		},
		"a session over the start of a day": {
			time.UTC, time.Date(2026, 11, 2, 3, 50, 0, 0, time.UTC), time.Date(2026, 11, 2, 4, 30, 0, 0, time.UTC), true,
			time.Date(2026, 11, 2, 9, 50, 0, 0, time.UTC),
		},
		"an hour earlier the next evening": {
			time.UTC, evening, evening.Add(23 * time.Hour), false,
			time.Date(2026, 11, 3, 4, 0, 0, 0, time.UTC),
		},
		"early the next morning": {
			time.UTC, time.Date(2026, 11, 2, 23, 0, 0, 0, time.UTC), time.Date(2026, 11, 3, 6, 30, 0, 0, time.UTC), false,
			time.Date(2026, 11, 3, 5, 0, 0, 0, time.UTC),
		},
	} {
		settings := study.DefaultSettings()
		settings.Zone = c.zone
		s, err := study.New(settings)
		if err != nil {
			t.Fatal(err)
		}
		missed := review(t, s, study.Card{Question: "q"}, study.Again, c.first)
		if !missed.Due.Equal(c.dueAfterMissed) {
			t.Errorf("%s: due at %v, want %v", name, missed.Due.In(c.zone), c.dueAfterMissed)
		}
		if again := review(t, s, missed, study.Good, c.again); (again.Streak == 0) != c.sameDay {
			t.Errorf("%s: same day = %v, want %v", name, again.Streak == 0, c.sameDay)
		}
		if due := len(s.Due([]study.Card{missed}, c.again)); (due == 0) != c.sameDay {
			t.Errorf("%s: %d cards due", name, due)
		}
	}
}

func TestDaysSurviveTheChangeOfTheClock(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("no time zone database here")
	}
	settings := study.DefaultSettings()
	settings.Zone = zone
	s, err := study.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, eve := range []time.Time{time.Date(2026, 3, 7, 21, 0, 0, 0, zone), time.Date(2026, 10, 31, 21, 0, 0, 0, zone)} {
		card := review(t, s, study.Card{Question: "q"}, study.Again, eve)
		want := time.Date(eve.Year(), eve.Month(), eve.Day()+1, 4, 0, 0, 0, zone)
		if !card.Due.Equal(want) {
			t.Errorf("missed at %v: due at %v, want %v", eve, card.Due.In(zone), want)
		}
		if next := review(t, s, card, study.Good, want); next.Streak != 1 {
			t.Errorf("%v counts as the same day as %v", want, eve)
		}
	}
}

func TestACardRetiresAndComesBack(t *testing.T) {
	s := scheduler(t)
	card := review(t, s, study.Card{Question: "q"}, study.Again, evening)
	at, answers := evening, 0
	for card.State != study.Retired && answers < 20 {
		at = card.Due.Add(17 * time.Hour)
		card = review(t, s, card, study.Good, at)
		answers++
	}
	if days := int(at.Sub(evening).Hours()) / 24; answers != 4 || days != 26 {
		t.Errorf("retired after %d sure answers in %d days, want 4 in 26", answers, days)
	}
	if recall := s.Recall(card, at.AddDate(0, 0, 30)); recall < 0.9 {
		t.Errorf("a month after it retired it is recalled with probability %v", recall)
	}
	if due := s.Due([]study.Card{card}, at.AddDate(1, 0, 0)); len(due) != 0 {
		t.Errorf("a retired card is due: %+v", due)
	}
	for rating, lapses := range map[study.Rating]int{study.Again: 1, study.Hard: 0} {
		back := review(t, s, card, rating, at.AddDate(0, 0, 60))
		if back.State != study.Learning || back.Lapses != lapses {
			t.Errorf("rated %d when retired: %+v", rating, back)
		}
	}
	if still := review(t, s, card, study.Good, at.AddDate(0, 0, 60)); still.State != study.Retired {
		t.Errorf("rated good when retired: %+v", still)
	}
}

func TestSureAnswersOfOneEveningCountOnce(t *testing.T) {
	s := scheduler(t)
	card := review(t, s, study.Card{Question: "q"}, study.Again, evening.AddDate(0, 0, -1))
	for i := range 5 {
		card = review(t, s, card, study.Good, evening.Add(time.Duration(i)*10*time.Minute))
	}
	if card.Streak != 1 || card.State != study.Reviewing || card.Reviews != 6 {
		t.Errorf("%+v", card)
	}
}

// Typical courses of a card, to be read when anything about scheduling changes.
func TestCourses(t *testing.T) {
	s := scheduler(t)
	var out strings.Builder
	for _, c := range []struct{ name, ratings, late string }{
		{"missed once, then sure on the day", "1333333", "0000000"},
		{"right by a guess, then sure on the day", "233333", "000000"},
		{"missed twice, then sure", "113333333", "000000000"},
		{"sure twice, then missed", "133133333", "000000000"},
		{"always unsure", "122222222", "000000000"},
		{"always missed", "1111111", "0000000"},
		{"sure, each time five days late", "1333333", "0555555"},
		{"twice in one evening, then sure", "13333", "0-000"},
	} {
		fmt.Fprintf(&out, "%s\n", c.name)
		card, at := study.Card{Question: "q"}, evening
		for i, r := range c.ratings {
			recall := s.Recall(card, at)
			switch {
			case i == 0:
			case c.late[i] == '-':
				at = at.Add(20 * time.Minute)
			default:
				at = card.Due.Add(17*time.Hour).AddDate(0, 0, int(c.late[i]-'0'))
				recall = s.Recall(card, at)
			}
			card = review(t, s, card, study.Rating(r-'0'), at)
			fmt.Fprintf(&out, "  %s  recall %.2f  rated %c  %-9s  stability %7.2f  difficulty %5.2f  lapses %d  streak %d  due %s\n",
				at.Format("2006-01-02 15:04"), recall, r, card.State, card.Stability, card.Difficulty, card.Lapses, card.Streak, card.Due.Format("2006-01-02"))
		}
	}
	golden(t, "courses.golden", out.String())
}

func TestCardJSONIsStable(t *testing.T) {
	card := study.Card{
		Question: "aws-rag-grounding-03", Skill: "rag-grounding", Platform: exam.AWS, State: study.Reviewing,
		Due: time.Date(2026, 11, 5, 4, 0, 0, 0, time.UTC), Stability: 1.89, Difficulty: 6.4,
		Reviews: 3, Lapses: 1, Streak: 1, LastReview: evening,
	}
	raw, err := json.MarshalIndent(card, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "card.json", string(raw)+"\n")
}
