package study

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 2, 12, 30, 0, 0, time.UTC)

// unbounded is a scheduler with FSRS's own longest interval, as the published
// values need it.
func unbounded(t testing.TB) *Scheduler {
	t.Helper()
	s, err := New(DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	s.settings.MaximumInterval = maxStability
	return s
}

func TestPublishedValuesAreReproduced(t *testing.T) {
	file, err := os.Open("testdata/fsrs6.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	s := unbounded(t)
	var name string
	var card Card
	var at time.Time
	compared := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		f := strings.Split(lines.Text(), "\t")
		if f[0] != name {
			name, card, at = f[0], Card{Question: "q"}, noon
		}
		rating, days := number(t, f[1]), number(t, f[2])
		at = at.AddDate(0, 0, int(days))
		if days == 0 {
			at = at.Add(10 * time.Minute)
		}
		if card, err = s.Review(card, Rating(rating), at); err != nil {
			t.Fatal(err)
		}
		got := []float64{card.Stability, card.Difficulty, float64(s.day(card.Due) - s.day(at))}
		for i, what := range []string{"stability", "difficulty", "interval"} {
			if f[3+i] == "-" {
				continue
			}
			compared++
			if want := number(t, f[3+i]); math.Abs(got[i]-want) > 0.00005 {
				t.Errorf("%s, review %d: %s %.5f, published %v", name, card.Reviews, what, got[i], want)
			}
		}
	}
	if compared != 52 {
		t.Errorf("%d values were compared, want 52", compared)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// reference is FSRS-6 as its authors describe it ("The Algorithm", wiki of
// open-spaced-repetition/fsrs4anki), written down a second time so that a new
// version of the module can't change a schedule unnoticed.
type reference struct{ stability, difficulty float64 }

var weights = []float64{
	0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
	1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
}

func clamp(x, low, high float64) float64 { return max(low, min(x, high)) }

func firstDifficulty(g float64) float64 { return weights[4] - math.Exp(weights[5]*(g-1)) + 1 }

func recallAfter(days, stability float64) float64 {
	factor := math.Pow(.9, -1/weights[20]) - 1
	return math.Pow(1+factor*days/stability, -weights[20])
}

func first(g int) reference {
	return reference{weights[g-1], clamp(firstDifficulty(float64(g)), 1, 10)}
}

func (m reference) after(g, days int) reference {
	w, s, d, grade := weights, m.stability, m.difficulty, float64(g)
	damped := d - w[6]*(grade-3)*(10-d)/9
	next := reference{difficulty: clamp(w[7]*firstDifficulty(4)+(1-w[7])*damped, 1, 10)}
	r := recallAfter(float64(days), s)
	switch {
	case days == 0:
		grow := math.Exp(w[17]*(grade-3+w[18])) * math.Pow(s, -w[19])
		if g >= 2 {
			grow = max(1, grow)
		}
		next.stability = s * grow
	case g == 1:
		forgotten := w[11] * math.Pow(d, -w[12]) * (math.Pow(s+1, w[13]) - 1) * math.Exp(w[14]*(1-r))
		next.stability = min(forgotten, s/math.Exp(w[17]*w[18]))
	default:
		factor := 1.0
		if g == 2 {
			factor = w[15]
		}
		if g == 4 {
			factor = w[16]
		}
		next.stability = s * (1 + factor*math.Exp(w[8])*(11-d)*math.Pow(s, -w[9])*(math.Exp(w[10]*(1-r))-1))
	}
	next.stability = clamp(next.stability, 0.001, 36500)
	return next
}

func TestMemoryFollowsThePublishedFormulas(t *testing.T) {
	s := unbounded(t)
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.IntRange(1, 4).Draw(t, "first")
		at, want := noon, first(g)
		card, err := s.Review(Card{Question: "q"}, Rating(g), at)
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 12).Draw(t, "reviews") {
			g, days := rapid.IntRange(1, 4).Draw(t, "rating"), rapid.IntRange(0, 400).Draw(t, "days")
			at, want = at.AddDate(0, 0, days), want.after(g, days)
			if card, err = s.Review(card, Rating(g), at); err != nil {
				t.Fatal(err)
			}
			if !close9(card.Stability, want.stability) || !close9(card.Difficulty, want.difficulty) {
				t.Fatalf("rating %d after %d days: stability %v, difficulty %v; want %+v", g, days, card.Stability, card.Difficulty, want)
			}
			later := rapid.Float64Range(0, 500).Draw(t, "later")
			got := s.Recall(card, at.Add(time.Duration(later*24*float64(time.Hour))))
			if math.Abs(got-recallAfter(later, want.stability)) > 1e-9 {
				t.Fatalf("recall after %v days at stability %v: %v", later, want.stability, got)
			}
		}
	})
}

func close9(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

// The interval is the time in which recall falls to the retention asked for.
func TestIntervalEndsAtTheRetention(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := New(Settings{Retention: rapid.Float64Range(minRetention, maxRetention).Draw(t, "retention"), MaximumInterval: 365, Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		at := noon
		card, err := s.Review(Card{Question: "q"}, Good, at)
		for i := 0; err == nil && i < rapid.IntRange(0, 6).Draw(t, "reviews"); i++ {
			at = card.Due.Add(8 * time.Hour)
			card, err = s.Review(card, Rating(rapid.IntRange(1, 4).Draw(t, "rating")), at)
		}
		if err != nil {
			t.Fatal(err)
		}
		days := float64(s.day(card.Due) - s.day(at))
		if days > 1 && recallAfter(days-0.5, card.Stability) < s.settings.Retention-1e-9 {
			t.Errorf("stability %v returns after %v days at retention %v: too late", card.Stability, days, s.settings.Retention)
		}
		if days < 365 && recallAfter(days+0.5, card.Stability) > s.settings.Retention+1e-9 {
			t.Errorf("stability %v returns after %v days at retention %v: too early", card.Stability, days, s.settings.Retention)
		}
	})
}
