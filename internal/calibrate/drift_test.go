package calibrate

import (
	"math"
	"testing"
)

func TestDriftPointsAtTheItemThatMovedApart(t *testing.T) {
	moves := []float64{0.10, 0.12, 0.08, 0.11, 0.09, 0.10, 0.13, 0.07, 0.90}
	z := Drift(moves)
	for i, v := range z {
		if apart := math.Abs(v) > DriftFlag; apart != (i == len(moves)-1) {
			t.Errorf("move %.2f has robust z %.2f", moves[i], v)
		}
	}
	if math.Abs(z[0]) > 1e-9 {
		t.Errorf("the median move has z %v, want 0", z[0])
	}
}

func TestDriftSaysNothingOfTooFewOrEqualMoves(t *testing.T) {
	for _, moves := range [][]float64{nil, {0, 5}, {1, 1, 1, 1, 1, 1, 1, 1, 1}} {
		for i, v := range Drift(moves) {
			if v != 0 {
				t.Errorf("of %v, item %d has z %v", moves, i, v)
			}
		}
	}
}
