package measure

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// At every moment a trail is where Posterior would be, though answers fade, come in
// and weigh less than before in between.
func TestTrailIsWherePosteriorIs(t *testing.T) {
	shape := coldShape(t)
	prior := CellPrior(.2, DefaultComponents, grid(5))
	rapid.Check(t, func(t *rapid.T) {
		cells := make([]int, prior.Dim())
		for i := range cells {
			cells[i] = prior.Dim() - 1 - i
		}
		trail, err := NewTrail(prior, cells)
		if err != nil {
			t.Fatal(err)
		}
		var answers []Answer
		var keys []int
		for range rapid.IntRange(1, 6).Draw(t, "moments") {
			for i := range answers {
				answers[i].Weight *= rapid.Float64Range(.3, 1).Draw(t, "fading")
			}
			for range rapid.IntRange(0, 25).Draw(t, "n") {
				keys = append(keys, len(keys)+7)
				answers = append(answers, Answer{
					Cell:  rapid.IntRange(0, prior.Dim()-1).Draw(t, "cell"),
					Curve: Curve{shape, rapid.SampledFrom(difficultyB[:]).Draw(t, "b"), rapid.SampledFrom([]float64{0, .1, .25, .5}).Draw(t, "c")},
					Right: rapid.Bool().Draw(t, "right"), Weight: rapid.SampledFrom([]float64{1, .7, 0}).Draw(t, "weight"),
				})
			}
			got, err := trail.At(keys, answers)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := Posterior(prior, answers)
			if err != nil {
				t.Fatal(err)
			}
			want := whole.Marginal(cells)
			for k := range want.Mean {
				if d := math.Abs(got.Mean[k] - want.Mean[k]); !(d <= 1e-3) {
					t.Fatalf("cell %d: mean %v, want %v", k, got.Mean[k], want.Mean[k])
				}
			}
			for k := range want.Cov {
				if d := math.Abs(got.Cov[k] - want.Cov[k]); !(d <= 1e-3) {
					t.Fatalf("covariance %d: %v, want %v", k, got.Cov[k], want.Cov[k])
				}
			}
		}
	})
}

func TestTrailKeepsToItsCells(t *testing.T) {
	prior := CellPrior(0, DefaultComponents, grid(2))
	for _, cells := range [][]int{{0, 0}, {-1}, {prior.Dim()}} {
		if _, err := NewTrail(prior, cells); err == nil {
			t.Errorf("cells %v are followed", cells)
		}
	}
	trail, err := NewTrail(prior, []int{2, 0})
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := trail.Within(Composite{Cells: []int{0, 2}, Weights: []float64{.25, .75}}); !ok || !slices.Equal(got.Cells, []int{1, 0}) {
		t.Errorf("the composite lies at %v, %v", got.Cells, ok)
	}
	if _, ok := trail.Within(Composite{Cells: []int{1}, Weights: []float64{1}}); ok {
		t.Error("a cell that isn't followed has a place")
	}
	answer := Answer{Cell: 1, Curve: Curve{Shape: coldShape(t), C: .25}, Weight: 1}
	if _, err := trail.At([]int{0}, []Answer{answer}); err == nil {
		t.Error("an answer in a cell that isn't followed was taken")
	}
	if _, err := trail.At(nil, []Answer{answer}); err == nil {
		t.Error("an answer without a key was taken")
	}
}
