package study_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/study"
)

func answer(q exam.QuestionID, outcome exam.Outcome, confidence study.Confidence, at time.Time) study.Event {
	return study.Event{Question: q, Skill: "rag-grounding", Platform: exam.AWS, Outcome: outcome, Confidence: confidence, At: at}
}

func TestACardIsMadeForWhatWasMissedOrNotSure(t *testing.T) {
	s := scheduler(t)
	for _, c := range []struct {
		outcome    exam.Outcome
		confidence study.Confidence
		made       bool
	}{
		{exam.Wrong, study.Unstated, true}, {exam.Wrong, study.Sure, true}, {exam.DontKnow, study.Unstated, true},
		{exam.Right, study.Guess, true}, {exam.Right, study.Unsure, true},
		{exam.Right, study.Sure, false}, {exam.Right, study.Unstated, false},
	} {
		cards := s.Replay([]study.Event{answer("q", c.outcome, c.confidence, evening)}, evening)
		if got := len(cards) == 1; got != c.made {
			t.Errorf("%s, %q: %+v", c.outcome, c.confidence, cards)
			continue
		}
		if c.made && (cards[0].Question != "q" || cards[0].Skill != "rag-grounding" || cards[0].Platform != exam.AWS || cards[0].State != study.Learning) {
			t.Errorf("%s, %q: %+v", c.outcome, c.confidence, cards[0])
		}
	}
}

func TestAStandInMovesTheCardItStandsFor(t *testing.T) {
	s := scheduler(t)
	missed := answer("q", exam.Wrong, "", evening)
	standIn := answer("sibling", exam.Wrong, "", evening.AddDate(0, 0, 1))
	standIn.InPlaceOf = "q"

	cards := s.Replay([]study.Event{missed, standIn}, standIn.At)
	if len(cards) != 1 || cards[0].Question != "q" || cards[0].Lapses != 1 {
		t.Errorf("one weakness makes one card: %+v", cards)
	}

	before := answer("sibling", exam.Wrong, "", evening.Add(time.Hour))
	standIn.Outcome = exam.Right
	cards = s.Replay([]study.Event{missed, before, standIn}, standIn.At)
	if len(cards) != 2 || cards[0].Streak != 1 || cards[1].Streak != 1 {
		t.Errorf("a stand-in with a card of its own moves both: %+v", cards)
	}
	if cards = s.Replay([]study.Event{standIn}, standIn.At); len(cards) != 0 {
		t.Errorf("a sure answer in place of nothing makes %+v", cards)
	}
	standIn.Outcome = exam.Wrong
	if cards = s.Replay([]study.Event{standIn}, standIn.At); len(cards) != 1 || cards[0].Question != "q" {
		t.Errorf("a missed stand-in makes the card it stood for, got %+v", cards)
	}
}

func TestReplayPassesOverWhatCannotBeRated(t *testing.T) {
	s := scheduler(t)
	good := answer("q", exam.Wrong, "", evening)
	cards := s.Replay([]study.Event{
		good,
		answer("ungraded", "", "", evening),
		answer("odd", exam.Wrong, "certain", evening),
		answer("timeless", exam.Wrong, "", time.Time{}),
		answer("tomorrow", exam.Wrong, "", evening.Add(time.Second)),
	}, evening)
	if len(cards) != 1 || cards[0].Question != "q" {
		t.Errorf("%+v", cards)
	}
}

func TestAnswerChangesNothingWhenItFails(t *testing.T) {
	s := scheduler(t)
	deck := study.Deck{}
	for _, e := range []study.Event{answer("q", exam.Wrong, "", evening), answer("sibling", exam.Wrong, "", evening.Add(time.Hour))} {
		if err := s.Answer(deck, e); err != nil {
			t.Fatal(err)
		}
	}
	before := deck.Cards()
	late := answer("sibling", exam.Wrong, "", evening.Add(time.Minute))
	late.InPlaceOf = "q" // the card of q could take it, the sibling's own can't
	for want, e := range map[fault.Kind]study.Event{
		fault.KindConflict: late,
		fault.KindInvalid:  answer("q", "", "", evening.AddDate(0, 0, 1)),
	} {
		if err := s.Answer(deck, e); err == nil || fault.KindOf(err) != want {
			t.Errorf("%+v: %v, want %s", e, err, want)
		}
	}
	if diff := cmp.Diff(before, deck.Cards()); diff != "" {
		t.Error(diff)
	}
}

// events draws a history with distinct times, in order.
func events(t *rapid.T) []study.Event {
	questions := []exam.QuestionID{"a", "b", "c", "d", "e"}
	at := evening
	var list []study.Event
	for range rapid.IntRange(0, 40).Draw(t, "answers") {
		at = at.Add(time.Duration(rapid.IntRange(1, 60*24*10).Draw(t, "minutes")) * time.Minute)
		e := answer(
			rapid.SampledFrom(questions).Draw(t, "question"),
			rapid.SampledFrom([]exam.Outcome{exam.Right, exam.Right, exam.Wrong, exam.DontKnow}).Draw(t, "outcome"),
			rapid.SampledFrom([]study.Confidence{"", "", study.Guess, study.Unsure, study.Sure}).Draw(t, "confidence"), at)
		if rapid.IntRange(0, 3).Draw(t, "stands in") == 0 {
			e.InPlaceOf = rapid.SampledFrom(questions).Draw(t, "for")
		}
		list = append(list, e)
	}
	return list
}

func TestReplayDependsOnTheAnswersAlone(t *testing.T) {
	s := scheduler(t)
	rapid.Check(t, func(t *rapid.T) {
		list := events(t)
		now := evening.AddDate(2, 0, 0)
		want := s.Replay(list, now)
		if diff := cmp.Diff(want, s.Replay(rapid.Permutation(list).Draw(t, "order"), now)); diff != "" {
			t.Errorf("in another order:\n%s", diff)
		}
		if diff := cmp.Diff(want, s.Replay(append(slices.Clone(list), list...), now)); diff != "" {
			t.Errorf("with every answer twice:\n%s", diff)
		}
	})
}

func TestReplayEqualsTakingAnswersAsTheyCome(t *testing.T) {
	s := scheduler(t)
	rapid.Check(t, func(t *rapid.T) {
		list := events(t)
		cut := rapid.IntRange(0, len(list)).Draw(t, "kept")
		now := evening.AddDate(2, 0, 0)
		then := evening
		if cut > 0 {
			then = list[cut-1].At
		}
		// What was kept goes through JSON, as a cache of the cards would.
		raw, err := json.Marshal(s.Replay(list, then))
		if err != nil {
			t.Fatal(err)
		}
		var kept []study.Card
		if err := json.Unmarshal(raw, &kept); err != nil {
			t.Fatal(err)
		}
		deck := study.Deck{}
		for _, c := range kept {
			deck[c.Question] = c
		}
		for _, e := range list[cut:] {
			if err := s.Answer(deck, e); err != nil {
				t.Fatal(err)
			}
		}
		want := s.Replay(list, now)
		if got := deck.Cards(); !cmp.Equal(want, got) && len(want)+len(got) > 0 {
			t.Errorf("replayed and taken as they came:\n%s", cmp.Diff(want, got))
		}
	})
}

// A learner who forgets as FSRS says, and reviews every evening what is due,
// remembers the share asked for.
func TestTheRetentionIsKept(t *testing.T) {
	for _, retention := range []float64{0.8, 0.9, 0.95} {
		settings := study.DefaultSettings()
		settings.Retention = retention
		s, err := study.New(settings)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, uint64(retention*100)))
		deck := study.Deck{}
		const cards = 3000
		for i := range cards {
			if err := s.Answer(deck, answer(exam.QuestionID(fmt.Sprint("q", i)), exam.Wrong, "", evening)); err != nil {
				t.Fatal(err)
			}
		}
		asked, recalled := 0, 0
		for day := 1; day <= 120; day++ {
			now := evening.AddDate(0, 0, day)
			for _, c := range s.Due(deck.Cards(), now) {
				outcome := exam.Wrong
				right := rng.Float64() < s.Recall(c, now)
				if right {
					outcome = exam.Right
				}
				// Rounding to whole days weighs most where the interval is a day.
				if now.Sub(c.LastReview) > 60*time.Hour {
					asked++
					if right {
						recalled++
					}
				}
				if err := s.Answer(deck, answer(c.Question, outcome, "", now)); err != nil {
					t.Fatal(err)
				}
			}
		}
		retired := 0
		for _, c := range deck {
			if c.State == study.Retired {
				retired++
			}
		}
		share := float64(recalled) / float64(asked)
		t.Logf("retention %.2f: %d of %d recalled (%.3f); %d of %d retired after 120 days", retention, recalled, asked, share, retired, cards)
		if share < retention-0.01 || share > retention+0.01 {
			t.Errorf("retention %.2f: %.3f were recalled", retention, share)
		}
		if retired < cards/2 {
			t.Errorf("retention %.2f: only %d cards of %d were retired", retention, retired, cards)
		}
	}
}

// On two shared cores: 6.6 ms and 1.8 MB.
func BenchmarkReplay10000(b *testing.B) {
	s := scheduler(b)
	rng := rand.New(rand.NewPCG(1, 2))
	list := make([]study.Event, 10_000)
	for i := range list {
		outcome := exam.Right
		if rng.IntN(3) == 0 {
			outcome = exam.Wrong
		}
		list[i] = answer(exam.QuestionID(fmt.Sprint("q", rng.IntN(1000))), outcome, "", evening.Add(time.Duration(i)*13*time.Minute))
	}
	now := evening.AddDate(1, 0, 0)
	b.ReportAllocs()
	for b.Loop() {
		if cards := s.Replay(list, now); len(cards) < 900 {
			b.Fatal(len(cards))
		}
	}
}
