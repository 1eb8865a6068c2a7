package itemstats

import (
	"math"
	"strings"
	"testing"
)

// Admissions to six departments of the University of California, Berkeley, in
// 1973 (Bickel, Hammel & O'Connell 1975, table as in R's UCBAdmissions): men
// admitted, men rejected, women admitted, women rejected. R's mantelhaen.test
// finds an odds ratio of 0.9046968 with 95 % interval 0.7719074 to 1.0603298
// and, with continuity correction, a chi-square of 1.4269, p = 0.2323.
func TestBerkeleyAdmissions(t *testing.T) {
	d := study([]stratum{
		{512, 313, 89, 19}, {353, 207, 17, 8}, {120, 205, 202, 391}, {138, 279, 131, 244}, {53, 138, 94, 299}, {22, 351, 24, 317},
	})
	near(t, "corrected chi-square", d.Chi2Corrected, 1.4269)
	near(t, "p", d.PCorrected, .2323)
	near(t, "odds ratio", d.Alpha, .9046968)
	for sign, bound := range map[float64]float64{-1: .7719074, 1: 1.0603298} {
		if got := math.Exp(math.Log(d.Alpha.Value) + sign*twoSided95*d.SELogAlpha.Value); math.Abs(got-bound) > 1e-6 {
			t.Errorf("bound of the odds ratio: %v, want %v", got, bound)
		}
	}
	if d.Reference != 2691 || d.Focal != 1835 || d.Strata != 6 {
		t.Errorf("%d + %d in %d strata", d.Reference, d.Focal, d.Strata)
	}
}

func TestClassRules(t *testing.T) {
	for _, c := range []struct {
		name      string
		delta, se float64
		p         Stat
		want      Class
	}{
		{"small though significant", .99, .1, Stat{1e-9, true}, Negligible},
		{"large but not significant", 2, 1.2, Stat{.08, true}, Negligible},
		{"moderate", 1.2, .2, Stat{1e-6, true}, Moderate},
		{"not surely above 1", 1.6, .4, Stat{1e-4, true}, Moderate},
		{"surely above 1 but below 1.5", 1.49, .1, Stat{1e-9, true}, Moderate},
		{"large", 1.5, .3, Stat{1e-6, true}, Large},
		{"untested", 2, .3, Stat{}, ""},
	} {
		if got := classify(c.delta, c.se, c.p); got != c.want {
			t.Errorf("%s: class %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMantelHaenszelRefuses(t *testing.T) {
	tab := table(t, ones(2), [][]float64{{1, .5}, {0, 1}})
	if _, err := tab.MantelHaenszel([]bool{true}); err == nil || !strings.Contains(err.Error(), "groups of 1 persons for marks of 2") {
		t.Errorf("short groups: %v", err)
	}
	if _, err := tab.MantelHaenszel([]bool{true, false}); err == nil || !strings.Contains(err.Error(), "person 1, item 2: mark 0.5") {
		t.Errorf("partial credit: %v", err)
	}
}

func TestMantelHaenszelLeavesOutIncompletePeople(t *testing.T) {
	studies, err := table(t, ones(2), [][]float64{{1, 0}, {0, 1}, {1, nan}, {nan, .5}}).MantelHaenszel([]bool{false, true, true, false})
	if err != nil {
		t.Fatal(err)
	}
	if d := studies[0]; d.Reference != 1 || d.Focal != 1 || d.Strata != 1 {
		t.Errorf("%d + %d in %d strata", d.Reference, d.Focal, d.Strata)
	}
	undefined(t, "an infinite odds ratio", studies[0].Alpha)
	near(t, "its chi-square", studies[0].Chi2, 1)
}
