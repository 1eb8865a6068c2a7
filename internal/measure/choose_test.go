package measure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDrawNearBestTakesEveryGoodQuestionAndNoOther(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	gains := []float64{.5, 1, .81, .79, .9, 2}
	allowed := []bool{true, true, true, true, true, false}
	had := map[int]int{}
	for range 3000 {
		had[DrawNearBest(gains, allowed, NearBest, rng)]++
	}
	if len(had) != 3 {
		t.Fatalf("drew %v, want questions 1, 2 and 4", had)
	}
	for _, i := range []int{1, 2, 4} {
		if had[i] < 850 || had[i] > 1150 {
			t.Errorf("question %d was drawn %d times of 3000, want about a third", i, had[i])
		}
	}
}

func TestDrawLeastServed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	served := []int{3, 1, 0, 1}
	for range 50 {
		if i := DrawLeastServed(served, []bool{true, true, false, true}, rng); i != 1 && i != 3 {
			t.Fatalf("drew question %d, served %d times", i, served[i])
		}
	}
}

func TestDrawingFromNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	none := []bool{false, false}
	if DrawNearBest([]float64{1, 1}, none, NearBest, rng) != -1 || DrawLeastServed([]int{0, 0}, none, rng) != -1 {
		t.Error("drew a question that is not allowed")
	}
	if i := DrawNearBest([]float64{0, 0}, []bool{false, true}, NearBest, rng); i != 1 {
		t.Errorf("with no gain anywhere drew %d, want 1", i)
	}
}

func TestDueNamesTheLargestDeficitFirst(t *testing.T) {
	quotas := []Quota{{Share: .2, Had: 1}, {Share: .5, Had: 3}, {Share: .3, Had: 1}}
	// After the tenth slot the shares are 2, 5 and 3.
	if got := Due(quotas, 9); !slices.Equal(got, []int{1, 2, 0}) {
		t.Errorf("due %v, want [1 2 0]", got)
	}
	if got := Due(quotas, 0); len(got) != 0 {
		t.Errorf("before anything was asked due %v", got)
	}
}

// Serving what is due first and nothing that is full keeps every group near its
// share, whatever the selector would rather have.
func TestQuotasKeepTheBlueprint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.IntRange(2, 6).Draw(t, "groups")
		quotas := make([]Quota, groups)
		total := 0.0
		for g := range quotas {
			quotas[g].Share = rapid.Float64Range(.1, 1).Draw(t, "share")
			total += quotas[g].Share
		}
		for g := range quotas {
			quotas[g].Share /= total
		}
		favourite := rapid.IntRange(0, groups-1).Draw(t, "favourite")
		for asked := range 40 {
			quotas[choice(quotas, asked, favourite)].Had++
			for g, q := range quotas {
				if off := math.Abs(float64(q.Had) - q.Share*float64(asked+1)); off > 1.5 {
					t.Fatalf("after %d questions group %d is %.2f off its share", asked+1, g, off)
				}
			}
		}
	})
}

func choice(quotas []Quota, asked, favourite int) int {
	if due := Due(quotas, asked); len(due) > 0 {
		return due[0]
	}
	for g := range quotas {
		if k := (favourite + g) % len(quotas); !quotas[k].Full(asked) {
			return k
		}
	}
	return favourite
}

func TestPromisedCutAddsTheBestFive(t *testing.T) {
	gains := []float64{.1, .5, .2, .9, .3, .4, .05, .6}
	allowed := []bool{true, true, true, false, true, true, true, true}
	if got := PromisedCut(gains, allowed, 10); math.Abs(got-.2) > 1e-12 {
		t.Errorf("promised %v, want .2", got)
	}
	if got := PromisedCut(gains, allowed, 0); got != 0 {
		t.Errorf("of nothing promised %v", got)
	}
}

func TestSettled(t *testing.T) {
	for p, want := range map[float64]bool{.05: true, .10: false, .5: false, .90: false, .91: true} {
		if Settled(p) != want {
			t.Errorf("Settled(%v) is %v", p, !want)
		}
	}
}

func TestExposureBound(t *testing.T) {
	for _, c := range []struct {
		length, eligible int
		due              float64
		inGroup          int
		want             float64
	}{
		{30, 600, 6, 120, .25},    // a large bank
		{24, 54, 5, 20, 24. / 36}, // a small one
		{24, 54, 5, 7, 7.5 / 7},   // a small group: no bound can be kept
	} {
		if got := ExposureBound(c.length, c.eligible, c.due, c.inGroup); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: bound %v", c, got)
		}
	}
}
