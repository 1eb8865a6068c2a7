package grade_test

import (
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/grade"
)

func TestScaledScoreMeetsThePassMarkAtTheCut(t *testing.T) {
	scale, err := grade.NewScale(0, 35, 50, 100, 700, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[float64]float64{0: 100, 34: 699, 35: 700, 42: 840, 50: 1000, 34.5: 699, 17: 399.5} {
		got, err := scale.Scaled(raw)
		if err != nil || !near(got, want) {
			t.Errorf("%v → %v, %v; want %v", raw, got, err, want)
		}
	}
	for _, raw := range []float64{-1, 51} {
		if got, err := scale.Scaled(raw); err == nil {
			t.Errorf("%v → %v, want an error", raw, got)
		}
	}
}

func TestNewScaleRefusesWhatHasNoTwoPieces(t *testing.T) {
	for _, p := range [][6]float64{
		{0, 0, 50, 100, 700, 1000}, {0, 1, 50, 100, 700, 1000}, {0, 50, 50, 100, 700, 1000}, {0, 60, 50, 100, 700, 1000},
		{0, 35, 50, 700, 700, 1000}, {0, 35, 50, 100, 1001, 1000},
	} {
		if _, err := grade.NewScale(p[0], p[1], p[2], p[3], p[4], p[5]); err == nil {
			t.Errorf("NewScale%v was accepted", p)
		}
	}
}

func TestScaledScoresRiseAndSplitAtThePassMark(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.IntRange(5, 100).Draw(t, "items")
		cut := rapid.IntRange(2, items-1).Draw(t, "cut")
		scale, err := grade.NewScale(0, float64(cut), float64(items), 100, 720, 1000)
		if err != nil {
			t.Fatal(err)
		}
		last := 0.0
		for half := range 2*items + 1 {
			raw := float64(half) / 2
			got, err := scale.Scaled(raw)
			if err != nil || got < last-tolerance || got < 100-tolerance || got > 1000+tolerance {
				t.Fatalf("%v → %v after %v, %v", raw, got, last, err)
			}
			if (got >= 720) != (raw >= float64(cut)) {
				t.Fatalf("%v → %v, cut %d", raw, got, cut)
			}
			last = got
		}
	})
}
