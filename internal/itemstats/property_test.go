package itemstats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// closeTo lets sums differ by their order.
var closeTo = cmpopts.EquateApprox(1e-9, 1e-9)

// drawMarks draws persons × items of marks from the values given.
func drawMarks(t *rapid.T, persons, items int, values ...float64) [][]float64 {
	marks := make([][]float64, persons)
	for i := range marks {
		marks[i] = rapid.SliceOfN(rapid.SampledFrom(values), items, items).Draw(t, "marks")
	}
	return marks
}

func mustTable(t *rapid.T, maximum []float64, marks [][]float64) *Table {
	tab, err := NewTable(maximum, marks)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestOrderOfPersonsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 25).Draw(t, "persons")
		k := rapid.IntRange(1, 6).Draw(t, "items")
		marks := drawMarks(t, n, k, 0, 1, nan)
		focal := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "focal")
		order := rapid.Permutation(indexes(n)).Draw(t, "order")
		shuffled, shuffledFocal := make([][]float64, n), make([]bool, n)
		for to, from := range order {
			shuffled[to], shuffledFocal[to] = marks[from], focal[from]
		}
		a, b := mustTable(t, ones(k), marks), mustTable(t, ones(k), shuffled)
		if diff := cmp.Diff(a.Items(), b.Items(), closeTo); diff != "" {
			t.Fatalf("items: %s", diff)
		}
		if diff := cmp.Diff(a.Form(), b.Form(), closeTo); diff != "" {
			t.Fatalf("form: %s", diff)
		}
		if diff := cmp.Diff(a.Scale(), b.Scale(), closeTo); diff != "" {
			t.Fatalf("scale: %s", diff)
		}
		da, errA := a.MantelHaenszel(focal)
		db, errB := b.MantelHaenszel(shuffledFocal)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if diff := cmp.Diff(da, db, closeTo); diff != "" {
			t.Fatalf("DIF: %s", diff)
		}
	})
}

func indexes(n int) []int {
	v := make([]int, n)
	for i := range v {
		v[i] = i
	}
	return v
}

func within(t *rapid.T, what string, s Stat, low, high float64) {
	if math.IsNaN(s.Value) || s.OK && (s.Value < low-1e-9 || s.Value > high+1e-9) {
		t.Fatalf("%s: %v outside [%v, %v]", what, s.Value, low, high)
	}
}

func TestStatisticsStayInTheirRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maximum := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 3, .1}), 1, 6).Draw(t, "maxima")
		marks := drawMarks(t, rapid.IntRange(0, 20).Draw(t, "persons"), len(maximum), 0, .3, .5, 1, nan)
		for _, row := range marks {
			for j := range row {
				row[j] *= maximum[j]
			}
		}
		tab := mustTable(t, maximum, marks)
		weights := 0.0
		for _, i := range tab.Items() {
			within(t, "facility", i.Facility, 0, 1)
			within(t, "SD", i.SD, 0, math.Inf(1))
			within(t, "intended weight", i.IntendedWeight, 0, 100)
			within(t, "effective weight", i.EffectiveWeight, 0, 100)
			within(t, "discrimination", i.Discrimination, -100, 100)
			within(t, "efficiency", i.Efficiency, math.Inf(-1), 100)
			within(t, "point-biserial", i.PointBiserial, -1, 1)
			within(t, "corrected point-biserial", i.CorrectedPointBiserial, -1, 1)
			within(t, "upper-lower", i.UpperLower, -1, 1)
			weights += i.EffectiveWeight.Value
		}
		if weights != 0 && math.Abs(weights-100) > 1e-6 {
			t.Fatalf("effective weights sum to %v", weights)
		}
		f, s := tab.Form(), tab.Scale()
		within(t, "error ratio", f.ErrorRatio, 0, math.Inf(1))
		within(t, "alpha", s.Alpha, math.Inf(-1), 1)
		within(t, "lambda6", s.Lambda6, math.Inf(-1), 1)
		within(t, "SEM", s.SEM, 0, math.Inf(1))
		if s.N+s.Dropped != len(marks) {
			t.Fatalf("%d persons and %d dropped of %d", s.N, s.Dropped, len(marks))
		}
	})
}

func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 5).Draw(t, "items")
		marks := drawMarks(t, rapid.IntRange(3, 20).Draw(t, "persons"), k, 0, .5, 1)
		unit := rapid.SampledFrom([]float64{.01, 7, 1000}).Draw(t, "unit")
		scaled, maximum := make([][]float64, len(marks)), make([]float64, k)
		for i, row := range marks {
			scaled[i] = make([]float64, k)
			for j := range row {
				scaled[i][j] = row[j] * unit
			}
		}
		for j := range maximum {
			maximum[j] = unit
		}
		a, b := mustTable(t, ones(k), marks), mustTable(t, maximum, scaled)
		ignoreSD := cmpopts.IgnoreFields(Item{}, "SD")
		if diff := cmp.Diff(a.Items(), b.Items(), closeTo, ignoreSD); diff != "" {
			t.Fatalf("items: %s", diff)
		}
		if diff := cmp.Diff(a.Scale(), b.Scale(), closeTo, cmpopts.IgnoreFields(Scale{}, "Mean", "SD", "SEM")); diff != "" {
			t.Fatalf("scale: %s", diff)
		}
	})
}

func TestCountingErrorsInsteadOfPointsMirrorsFacility(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 5).Draw(t, "items")
		marks := drawMarks(t, rapid.IntRange(2, 20).Draw(t, "persons"), k, 0, 1)
		errors := make([][]float64, len(marks))
		for i, row := range marks {
			errors[i] = make([]float64, k)
			for j := range row {
				errors[i][j] = 1 - row[j]
			}
		}
		a, b := mustTable(t, ones(k), marks), mustTable(t, ones(k), errors)
		mirrored := b.Items()
		for j := range mirrored {
			mirrored[j].Facility.Value = 1 - mirrored[j].Facility.Value
		}
		if diff := cmp.Diff(a.Items(), mirrored, closeTo); diff != "" {
			t.Fatalf("items: %s", diff)
		}
	})
}

func TestConsistencyOfTheFormIsAlpha(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(t, "items")
		tab := mustTable(t, ones(k), drawMarks(t, rapid.IntRange(3, 20).Draw(t, "persons"), k, 0, .5, 1))
		f, s := tab.Form(), tab.Scale()
		got, want := f.Consistency, Stat{100 * s.Alpha.Value, s.Alpha.OK}
		if diff := cmp.Diff(got, want, closeTo); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(f.StandardError, s.SEM, closeTo); diff != "" {
			t.Fatal(diff)
		}
	})
}

// KR-20 as Kuder & Richardson (1937) wrote it, from the shares of right answers
// and the total's variance over n.
func TestAlphaOfRightAndWrongIsKR20(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(2, 20).Draw(t, "persons"), rapid.IntRange(2, 6).Draw(t, "items")
		marks := drawMarks(t, n, k, 0, 1)
		var pq, sum, squares float64
		for j := range k {
			p := 0.0
			for i := range n {
				p += marks[i][j] / float64(n)
			}
			pq += p * (1 - p)
		}
		for i := range n {
			total := 0.0
			for j := range k {
				total += marks[i][j]
			}
			sum += total
			squares += total * total
		}
		spread := squares/float64(n) - sum*sum/float64(n*n)
		got := mustTable(t, ones(k), marks).Scale().Alpha
		if spread < 1e-9 {
			if got.OK {
				t.Fatalf("alpha %v of totals that don't vary", got)
			}
			return
		}
		if want := float64(k) / float64(k-1) * (1 - pq/spread); math.Abs(got.Value-want) > 1e-9*max(1, math.Abs(want)) {
			t.Fatalf("alpha %v, KR-20 %v", got.Value, want)
		}
	})
}

// Two parallel items have one spread, and alpha is then Spearman and Brown's
// reliability of doubled length, 2r/(1 + r).
func TestAlphaOfParallelItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 1), 3, 20).Draw(t, "first item")
		y := rapid.Permutation(x).Draw(t, "second item")
		marks := make([][]float64, len(x))
		for i := range marks {
			marks[i] = []float64{x[i], y[i]}
		}
		tab := mustTable(t, ones(2), marks)
		r, alpha := tab.Items()[0].CorrectedPointBiserial, tab.Scale().Alpha
		if !r.OK || !alpha.OK || r.Value < -.99 {
			t.Skip("no spread to speak of")
		}
		if want := 2 * r.Value / (1 + r.Value); math.Abs(alpha.Value-want) > 1e-6*max(1, math.Abs(want)) {
			t.Fatalf("alpha %v of items that correlate %v, want %v", alpha, r, want)
		}
	})
}

func TestAlphaOfCopiesIsOne(t *testing.T) {
	s := table(t, ones(4), [][]float64{{1, 1, 1, 1}, {0, 0, 0, 0}, {.5, .5, .5, .5}}).Scale()
	near(t, "alpha", s.Alpha, 1)
	near(t, "SEM", s.SEM, 0)
}

func TestIdenticalGroupsShowNoDIF(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(t, "items")
		marks := drawMarks(t, rapid.IntRange(1, 20).Draw(t, "persons"), k, 0, 1)
		n := len(marks)
		focal := make([]bool, 2*n)
		for i := range n {
			focal[n+i] = true
		}
		studies, err := mustTable(t, ones(k), append(marks, marks...)).MantelHaenszel(focal)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range studies {
			if d.Alpha.OK && (math.Abs(d.Alpha.Value-1) > 1e-12 || math.Abs(d.D.Value) > 1e-9 || d.Class != Negligible) {
				t.Fatalf("identical groups: %+v", d)
			}
			if d.Chi2.OK && (d.Chi2.Value > 1e-12 || d.P.Value < 1-1e-5) {
				t.Fatalf("identical groups: chi-square %v, p %v", d.Chi2, d.P)
			}
		}
	})
}

func TestSwappingGroupsTurnsTheSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(2, 40).Draw(t, "persons"), rapid.IntRange(2, 4).Draw(t, "items")
		tab := mustTable(t, ones(k), drawMarks(t, n, k, 0, 1))
		focal := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "focal")
		swapped := make([]bool, n)
		for i := range focal {
			swapped[i] = !focal[i]
		}
		a, errA := tab.MantelHaenszel(focal)
		b, errB := tab.MantelHaenszel(swapped)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		for j := range b {
			b[j].Reference, b[j].Focal = b[j].Focal, b[j].Reference
			b[j].D.Value = -b[j].D.Value
			if b[j].Alpha.OK {
				b[j].Alpha.Value = 1 / b[j].Alpha.Value
			}
		}
		if diff := cmp.Diff(a, b, closeTo); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDistractorsCountEverybodyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "persons")
		chosen, rest := make([][]int, n), make([]float64, n)
		for i := range chosen {
			if pick := rapid.IntRange(-1, 3).Draw(t, "pick"); pick >= 0 {
				chosen[i] = []int{pick}
			}
			rest[i] = rapid.SampledFrom([]float64{0, .25, .5, 1, nan}).Draw(t, "rest")
		}
		d, err := TabulateDistractors(abcd, chosen, rest)
		if err != nil {
			t.Fatal(err)
		}
		var thirds [3]int
		counted := 0
		for _, u := range append(slices.Clone(d.Options), d.Blank) {
			counted += u.Chosen
			for third, c := range u.Thirds {
				thirds[third] += c
			}
			within(t, "share", u.Share, 0, 1)
			within(t, "mean rest", u.MeanRest, 0, 1)
			within(t, "discrimination", u.Discrimination, -1, 1)
		}
		if counted != d.N || thirds != d.Thirds {
			t.Fatalf("%d choices in thirds of %v by %d persons in %v", counted, thirds, d.N, d.Thirds)
		}
		slices.Reverse(chosen)
		slices.Reverse(rest)
		reversed, err := TabulateDistractors(abcd, chosen, rest)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, reversed, closeTo); diff != "" {
			t.Fatalf("order of persons: %s", diff)
		}
	})
}

// BenchmarkForm: every statistic of 2,000 people on 60 questions but DIF and
// option tables. A report page computes it on request, so it should stay well
// under 100 ms.
func BenchmarkForm(b *testing.B) {
	tab := random2000x60(b)
	b.ReportAllocs()
	for b.Loop() {
		tab.Items()
		tab.Form()
		tab.Scale()
	}
}

// BenchmarkMantelHaenszel: 60 studies of 2,000 people.
func BenchmarkMantelHaenszel(b *testing.B) {
	tab := random2000x60(b)
	focal := make([]bool, tab.Persons())
	for i := range focal {
		focal[i] = i%2 == 0
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tab.MantelHaenszel(focal); err != nil {
			b.Fatal(err)
		}
	}
}

func random2000x60(b *testing.B) *Table {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	marks := make([][]float64, 2000)
	for i := range marks {
		marks[i] = make([]float64, 60)
		ability := rng.NormFloat64()
		for j := range marks[i] {
			if rng.Float64() < 1/(1+math.Exp(-ability-float64(j-30)/20)) {
				marks[i][j] = 1
			}
		}
	}
	return table(b, ones(60), marks)
}
