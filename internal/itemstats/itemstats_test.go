package itemstats

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

var nan = NotPresented

// near compares with a figure worked out by hand to four decimals or more.
func near(t *testing.T, what string, got Stat, want float64) {
	t.Helper()
	if !got.OK || math.Abs(got.Value-want) > 5e-5 {
		t.Errorf("%s: got %v (%v), want %v", what, got.Value, got.OK, want)
	}
}

func undefined(t *testing.T, what string, got Stat) {
	t.Helper()
	if got.OK || got.Value != 0 {
		t.Errorf("%s: got %v, want undefined", what, got.Value)
	}
}

// A perfect Guttman pattern: the covariances are thirds and twelfths.
func ladder(t *testing.T) *Table {
	t.Helper()
	return table(t, ones(3), [][]float64{{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {0, 0, 0}})
}

func TestItemsByHand(t *testing.T) {
	items := ladder(t).Items()
	for j, want := range []struct{ facility, sd, effective, discrimination, total float64 }{
		{.75, .5, 31.6987, 52.2233, .7746},
		{.5, .57735, 36.6025, 70.7107, .8944},
		{.25, .5, 31.6987, 52.2233, .7746},
	} {
		i := items[j]
		if i.N != 4 {
			t.Errorf("item %d: %d persons", j+1, i.N)
		}
		near(t, "facility", i.Facility, want.facility)
		near(t, "SD", i.SD, want.sd)
		near(t, "intended weight", i.IntendedWeight, 100./3)
		near(t, "effective weight", i.EffectiveWeight, want.effective)
		near(t, "discrimination", i.Discrimination, want.discrimination)
		near(t, "efficiency", i.Efficiency, 100) // nobody could have been ordered better
		near(t, "corrected point-biserial", i.CorrectedPointBiserial, want.discrimination/100)
		near(t, "point-biserial", i.PointBiserial, want.total)
		near(t, "upper-lower", i.UpperLower, 1)
	}
}

func TestScaleByHand(t *testing.T) {
	s := ladder(t).Scale()
	if s.N != 4 || s.Dropped != 0 {
		t.Errorf("%d persons, %d dropped", s.N, s.Dropped)
	}
	near(t, "mean", s.Mean, 1.5)
	near(t, "SD", s.SD, 1.290994)
	near(t, "KR-20", s.Alpha, .75)
	near(t, "SEM", s.SEM, .645497)
	// Residual variances of 1/6 each; of the items' own variances 2/3, 1/2, 2/3.
	near(t, "lambda6", s.Lambda6, .7)
	near(t, "standardised lambda6", s.StandardisedLambda6, 1-(11./6)/(3+2*(2/math.Sqrt(12)*2+1./3)))
	for j, want := range []float64{.727273, .5, .727273} {
		near(t, "alpha if deleted", s.AlphaIfDeleted[j], want)
	}
}

func TestFormByHand(t *testing.T) {
	f := ladder(t).Form()
	near(t, "mean", f.Mean, 1.5)
	near(t, "median", f.Median, 1.5)
	near(t, "SD", f.SD, 1.290994)
	near(t, "skewness", f.Skewness, 0)
	near(t, "kurtosis", f.Kurtosis, -1.2) // 0, 1, 2, 3
	near(t, "consistency", f.Consistency, 75)
	near(t, "error ratio", f.ErrorRatio, 50)
	near(t, "standard error", f.StandardError, .645497)
}

func TestWeightsFollowTheMaxima(t *testing.T) {
	items := table(t, []float64{3, 1, 0}, [][]float64{{3, 1, 0}, {0, 0, 0}, {3, 0, 0}, {0, 1, 0}}).Items()
	near(t, "first", items[0].IntendedWeight, 75)
	near(t, "second", items[1].IntendedWeight, 25)
	near(t, "information page", items[2].IntendedWeight, 0)
	undefined(t, "facility of a page without marks", items[2].Facility)
	near(t, "first in fact", items[0].EffectiveWeight, 75) // independent items: SDs of 3 to 1
}

func TestNegativeItemHasNoEffectiveWeight(t *testing.T) {
	items := table(t, ones(4), [][]float64{{1, 1, 1, 0}, {1, 1, 1, 0}, {0, 0, 0, 1}, {0, 0, 0, 1}}).Items()
	undefined(t, "effective weight", items[3].EffectiveWeight)
	near(t, "the others' weight", items[0].EffectiveWeight, 100./3)
	near(t, "discrimination", items[3].Discrimination, -100)
	near(t, "upper-lower", items[3].UpperLower, -1)
}

func TestNotPresentedTakesNoPart(t *testing.T) {
	tab := table(t, ones(3), [][]float64{{1, 1, nan}, {1, nan, 0}, {0, 0, 1}, {0, 1, 0}})
	items := tab.Items()
	for j, want := range []int{4, 3, 3} {
		if items[j].N != want {
			t.Errorf("item %d: %d persons, want %d", j+1, items[j].N, want)
		}
	}
	near(t, "facility", items[1].Facility, 2./3)
	// x = 1, 0, 1 beside o = 1, 1, 0 of the three who saw item 2.
	near(t, "discrimination", items[1].Discrimination, -50)
	s := tab.Scale()
	if s.N != 2 || s.Dropped != 2 {
		t.Errorf("scale of %d persons, %d dropped", s.N, s.Dropped)
	}
	rest := tab.Rest(0)
	for i, want := range []float64{1, 0, .5, .5} {
		if rest[i] != want {
			t.Errorf("rest of person %d: %v, want %v", i+1, rest[i], want)
		}
	}
	if alone := table(t, ones(2), [][]float64{{1, nan}}).Rest(0); !math.IsNaN(alone[0]) {
		t.Errorf("rest of somebody who saw nothing else: %v", alone[0])
	}
}

func TestUpperLowerSharesPlacesAmongTies(t *testing.T) {
	// Totals 2, 1, 1, 0 and groups of one: no tie at either edge. Then totals
	// 1, 1, 0, 0: either of two people is the best, either the worst.
	items := table(t, ones(2), [][]float64{{1, 1}, {1, 0}, {0, 1}, {0, 0}}).Items()
	near(t, "no tie", items[0].UpperLower, 1)
	items = table(t, ones(2), [][]float64{{1, 0}, {0, 1}, {0, 0}, {0, 0}}).Items()
	near(t, "tied best", items[0].UpperLower, .5)
}

func TestUndefinedStatisticsSaySo(t *testing.T) {
	for name, marks := range map[string][][]float64{
		"nobody":       nil,
		"one person":   {{1, 0}},
		"all the same": {{.1, .7}, {.1, .7}, {.1, .7}},
	} {
		t.Run(name, func(t *testing.T) {
			tab := table(t, ones(2), marks)
			for _, i := range tab.Items() {
				undefined(t, "discrimination", i.Discrimination)
				undefined(t, "efficiency", i.Efficiency)
				undefined(t, "point-biserial", i.PointBiserial)
				undefined(t, "corrected point-biserial", i.CorrectedPointBiserial)
				undefined(t, "effective weight", i.EffectiveWeight)
				undefined(t, "upper-lower", i.UpperLower)
			}
			f, s := tab.Form(), tab.Scale()
			for what, got := range map[string]Stat{
				"skewness": f.Skewness, "kurtosis": f.Kurtosis, "consistency": f.Consistency, "error ratio": f.ErrorRatio,
				"standard error": f.StandardError, "alpha": s.Alpha, "lambda6": s.Lambda6, "SEM": s.SEM,
			} {
				undefined(t, what, got)
			}
			studies, err := tab.MantelHaenszel(make([]bool, len(marks)))
			if name != "all the same" && err != nil {
				t.Fatal(err)
			}
			for _, d := range studies {
				undefined(t, "chi-square", d.Chi2)
				undefined(t, "odds ratio", d.Alpha)
				if d.Class != "" {
					t.Errorf("class %s of nothing", d.Class)
				}
			}
		})
	}
}

func TestLambda6NeedsIndependentItems(t *testing.T) {
	s := table(t, ones(3), [][]float64{{1, 1, 0}, {0, 0, 1}, {1, 1, 1}, {0, 0, 0}}).Scale()
	undefined(t, "lambda6 of twin items", s.Lambda6)
	// A constant item has nothing to predict and doesn't stand in the way.
	s = table(t, ones(3), [][]float64{{1, 1, 1}, {0, 0, 1}, {1, 0, 1}, {0, 1, 1}}).Scale()
	near(t, "lambda6 of independent items", s.Lambda6, 0)
}

func TestTableRefusesWhatIsNoMark(t *testing.T) {
	for name, c := range map[string]struct {
		maximum []float64
		marks   [][]float64
		want    string
	}{
		"ragged":           {ones(2), [][]float64{{1, 1}, {1}}, "person 2: 1 marks for 2 items"},
		"above maximum":    {ones(2), [][]float64{{1, 1.5}}, "person 1: item 2: mark 1.5: beyond the maximum of 1"},
		"infinite mark":    {ones(1), [][]float64{{math.Inf(1)}}, "beyond the maximum"},
		"negative maximum": {[]float64{-1}, nil, "item 1: maximum mark -1"},
		"no maximum":       {[]float64{math.NaN()}, nil, "item 1: maximum mark NaN"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewTable(c.maximum, c.marks)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestStatWrites(t *testing.T) {
	for _, c := range []struct {
		stat        Stat
		text, bytes string
	}{
		{Stat{}, "undefined", "null"},
		{Stat{.704, true}, "0.704", "0.704"},
		{Stat{-87.22309, true}, "-87.22", "-87.22309"},
		{defined(math.Inf(1)), "undefined", "null"},
	} {
		b, err := json.Marshal(c.stat)
		if err != nil || string(b) != c.bytes || c.stat.String() != c.text {
			t.Errorf("%+v: %s and %s (%v), want %s and %s", c.stat, c.stat, b, err, c.text, c.bytes)
		}
	}
}
