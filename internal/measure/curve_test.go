package measure

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestGaussHermiteIntegratesPolynomialsExactly(t *testing.T) {
	for _, n := range []int{1, 2, 5, 9, 21} {
		x, w := gaussHermite(n)
		moment := 1.0 // E Z^(2k) = (2k−1)!!
		for k := range n {
			sum := 0.0
			for i := range x {
				sum += w[i] * math.Pow(x[i], float64(2*k))
			}
			if math.Abs(sum/moment-1) > 1e-9 {
				t.Errorf("%d nodes: E Z^%d = %v, want %v", n, 2*k, sum, moment)
			}
			moment *= float64(2*k + 1)
		}
	}
}

// simpson integrates f against the standard normal density by a rule unlike the
// one under test.
func simpson(f func(z float64) float64) float64 {
	const n, reach = 2000, 9.0
	h := 2 * reach / n
	sum := 0.0
	for i := range n + 1 {
		z := -reach + float64(i)*h
		w := 2.0
		switch {
		case i == 0 || i == n:
			w = 1
		case i%2 == 1:
			w = 4
		}
		sum += w * f(z) * math.Exp(-z*z/2)
	}
	return sum * h / 3 / math.Sqrt(2*math.Pi)
}

func TestShapeIntegratesWhatIsNotKnown(t *testing.T) {
	s := coldShape(t)
	for x := -9.97; x < 10; x += 1.31 {
		want := simpson(func(za float64) float64 {
			a := math.Exp(ColdSDLogA * za)
			// The inner integral on fewer nodes: it is smooth.
			sum, total := 0.0, 0.0
			for z := -8.0; z <= 8; z += .25 {
				w := math.Exp(-z * z / 2)
				sum += w * logistic(a*(x-ColdSDB*z))
				total += w
			}
			return sum / total
		})
		if got := s.At(x); math.Abs(got-want) > 2e-6 {
			t.Errorf("F(%.2f) = %.8f, want %.8f", x, got, want)
		}
	}
}

func TestShapeIsFlatterThanThePlugInCurve(t *testing.T) {
	s := coldShape(t)
	for _, x := range []float64{.5, 1, 2, 3} {
		if got := s.At(x); !(got > .5 && got < logistic(x)) {
			t.Errorf("F(%v) = %.4f, want between .5 and the plug-in %.4f", x, got, logistic(x))
		}
	}
}

func TestCurveRisesBetweenGuessingAndOne(t *testing.T) {
	s := coldShape(t)
	rapid.Check(t, func(t *rapid.T) {
		c := Curve{s, rapid.Float64Range(-4, 4).Draw(t, "b"), rapid.Float64Range(0, .5).Draw(t, "c")}
		lo := rapid.Float64Range(-30, 30).Draw(t, "theta")
		hi := lo + rapid.Float64Range(0, 5).Draw(t, "more")
		p, q := c.P(lo), c.P(hi)
		if !(c.C <= p && p <= q+1e-15 && q <= 1) {
			t.Fatalf("P(%v) = %v and P(%v) = %v with c = %v", lo, p, hi, q, c.C)
		}
	})
}

func TestNewShapeRejectsImpossibleParameters(t *testing.T) {
	for _, p := range [][3]float64{{0, 0, 0}, {-1, 0, 0}, {math.NaN(), 0, 0}, {1, -.1, 0}, {1, 0, math.Inf(1)}, {1, math.NaN(), 0}} {
		if _, err := NewShape(p[0], p[1], p[2]); err == nil {
			t.Errorf("NewShape(%v): no error", p)
		}
	}
}

func TestDifficultyB(t *testing.T) {
	for d, want := range map[int]float64{1: -1.6, 2: -.8, 3: 0, 4: .8, 5: 1.6} {
		if got, ok := DifficultyB(d); !ok || got != want {
			t.Errorf("DifficultyB(%d) = %v, %v; want %v", d, got, ok, want)
		}
	}
	for _, d := range []int{0, 6, -1} {
		if _, ok := DifficultyB(d); ok {
			t.Errorf("DifficultyB(%d) is known", d)
		}
	}
}

func TestScoreCurveAveragesOverTheSpreadOfCells(t *testing.T) {
	const beta, c, spread = .6, .25, .4
	curve, err := NewScoreCurve(beta, c, spread)
	if err != nil {
		t.Fatal(err)
	}
	sd := math.Sqrt(FormSDB*FormSDB + spread)
	for _, eta := range []float64{-3, -1, 0, .6, 2, 4} {
		want := c + (1-c)*simpson(func(z float64) float64 { return logistic(eta - beta + sd*z) })
		if got := curve.P(eta); math.Abs(got-want) > 2e-6 {
			t.Errorf("T(%v) = %.7f, want %.7f", eta, got, want)
		}
	}
}

func TestScoreRangeKeepsItsOrder(t *testing.T) {
	curve, err := NewScoreCurve(0, .25, .3)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		r := ScoreRange(curve, rapid.Float64Range(-5, 5).Draw(t, "mean"), rapid.Float64Range(0, 3).Draw(t, "variance"))
		if !(.25 <= r.Low && r.Low <= r.Middle && r.Middle <= r.High && r.High <= 1) {
			t.Fatalf("%+v is out of order", r)
		}
	})
}
