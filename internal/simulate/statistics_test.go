package simulate

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAUC(t *testing.T) {
	for _, c := range []struct {
		name string
		f    []forecast
		want float64
	}{
		{"nothing", nil, 0},
		{"all passed", []forecast{{.1, true}, {.9, true}}, 0},
		{"perfect", []forecast{{.9, true}, {.1, false}, {.8, true}}, 1},
		{"upside down", []forecast{{.1, true}, {.9, false}}, 0},
		{"ties count half", []forecast{{.5, true}, {.5, false}}, .5},
		// Pairs of a pass and a failure: .8>.6, .8>.3, .4<.6, .4>.3 → 3 of 4.
		{"three of four", []forecast{{.8, true}, {.6, false}, {.4, true}, {.3, false}}, .75},
	} {
		if got := auc(c.f); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestReliability(t *testing.T) {
	// Two bins: .2 said, half passed (distance .3, weight ½); 1 said, all passed.
	table, ece := reliability([]forecast{{.2, true}, {.2, false}, {1, true}, {1, true}})
	if math.Abs(ece-.15) > 1e-12 {
		t.Errorf("calibration error %v, want .15", ece)
	}
	if b := table[2]; b.N != 2 || math.Abs(b.Predicted-.2) > 1e-12 || b.Passed != .5 {
		t.Errorf("third bin %+v", b)
	}
	if b := table[9]; b.N != 2 || b.Predicted != 1 || b.Passed != 1 {
		t.Errorf("last bin %+v", b)
	}
}

func TestCorrelation(t *testing.T) {
	if got := correlation([]float64{1, 2, 3}, []float64{2, 4, 6}); math.Abs(got-1) > 1e-12 {
		t.Errorf("of a line: %v", got)
	}
	// Deviations (−1, 0, 1) and (1, −2, 1)/… : Σxy = 0.
	if got := correlation([]float64{1, 2, 3}, []float64{3, 0, 3}); math.Abs(got) > 1e-12 {
		t.Errorf("of a valley: %v", got)
	}
	if got := correlation([]float64{1, 1}, []float64{1, 2}); got != 0 {
		t.Errorf("of a constant: %v", got)
	}
}

func TestP99(t *testing.T) {
	if p99(nil) != 0 {
		t.Error("of nothing")
	}
	var d []time.Duration
	for i := range 101 {
		d = append(d, time.Duration(100-i)*time.Microsecond)
	}
	if got := p99(d); got != 99 {
		t.Errorf("of 0 to 100 µs: %v", got)
	}
}

// TestApportion: parts add up, and each is within one of its due.
func TestApportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(.01, 1), 1, 8).Draw(t, "weights")
		total := 0.0
		for _, w := range weights {
			total += w
		}
		for i := range weights {
			weights[i] /= total
		}
		n := rapid.IntRange(1, 200).Draw(t, "n")
		sum := 0
		for i, part := range apportion(weights, n) {
			sum += part
			if d := float64(part) - weights[i]*float64(n); math.Abs(d) >= 1+1e-9 {
				t.Fatalf("part %d of weight %v of %d", part, weights[i], n)
			}
		}
		if sum != n {
			t.Fatalf("parts add up to %d, not %d", sum, n)
		}
	})
}
