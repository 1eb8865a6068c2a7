package itemstats

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tolerance is how closely the published and the reference program's figures,
// printed with six decimals or more, must be met.
const tolerance = 1e-6

// readTable reads a CSV file with a header row, gzipped or not.
func readTable(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func table(t testing.TB, maximum []float64, marks [][]float64) *Table {
	t.Helper()
	tab, err := NewTable(maximum, marks)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// expect compares a statistic with a published figure; "" is undefined.
func expect(t *testing.T, what string, got Stat, want string, scale float64) {
	t.Helper()
	if want == "" {
		if got.OK {
			t.Errorf("%s: got %v, want undefined", what, got)
		}
		return
	}
	w := number(t, want) / scale
	if !got.OK || math.Abs(got.Value-w) > tolerance*max(1, math.Abs(w)) {
		t.Errorf("%s: got %.9f (%v), want %.9f", what, got.Value, got.OK, w)
	}
}

// moodleFile returns a file of Moodle's own test fixtures, which are not ours to
// copy.
func moodleFile(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("SEXTANT_ACCEPTANCE")
	if dir == "" {
		t.Skip("SEXTANT_ACCEPTANCE is not set: Moodle's test fixtures are not to hand")
	}
	return filepath.Join(dir, "moodle", name)
}

func TestMoodleFixtures(t *testing.T) {
	moodleFile(t, "")
	t.Run("quiz of seven questions", func(t *testing.T) {
		var marks [][]float64
		for _, r := range readTable(t, moodleFile(t, "results00.csv")) {
			row := make([]float64, 7)
			for j := range row {
				row[j] = number(t, r[j+1])
			}
			marks = append(marks, row)
		}
		tab := table(t, ones(7), marks)
		items := tab.Items()
		for j, r := range readTable(t, moodleFile(t, "qstats00_expected.csv")) {
			expect(t, r[0]+" facility", items[j].Facility, r[1], 1)
			expect(t, r[0]+" SD", items[j].SD, r[2], 1)
			expect(t, r[0]+" effective weight", items[j].EffectiveWeight, r[3], 1)
			expect(t, r[0]+" discrimination", items[j].Discrimination, r[7], 1)
			expect(t, r[0]+" efficiency", items[j].Efficiency, r[9], 1)
		}
		f := tab.Form()
		got := map[string]Stat{
			"median": f.Median, "average": f.Mean, "count": {float64(f.N), true}, "standarddeviation": f.SD, "skewness": f.Skewness,
			"kurtosis": f.Kurtosis, "cic": f.Consistency, "errorratio": f.ErrorRatio, "standarderror": f.StandardError,
		}
		for _, r := range readTable(t, moodleFile(t, "quizstats00_expected.csv")) {
			// The fixture states its own precision: marks there have seven decimals.
			want := number(t, r[1])
			if g, ok := got[r[0]]; !ok || !g.OK || math.Abs(g.Value-want) > max(number(t, r[2]), tolerance)*math.Abs(want) {
				t.Errorf("%s: got %.9f (%v), want %.9f", r[0], g.Value, g.OK, want)
			}
		}
	})
	t.Run("quiz of twenty slots", func(t *testing.T) {
		maximum := make([]float64, 20)
		var marks [][]float64
		for _, r := range readTable(t, moodleFile(t, "states.csv")) {
			person, slot := int(number(t, r[0]))-1, int(number(t, r[2]))-1
			for len(marks) <= person {
				marks = append(marks, make([]float64, 20))
			}
			maximum[slot] = number(t, r[3])
			marks[person][slot] = number(t, r[4])
		}
		items := table(t, maximum, marks).Items()
		for j, r := range readTable(t, moodleFile(t, "states_expected.csv")) {
			expect(t, r[0]+" facility", items[j].Facility, r[1], 100)
			expect(t, r[0]+" SD", items[j].SD, r[2], 1000)
			expect(t, r[0]+" effective weight", items[j].EffectiveWeight, r[3], 1)
			expect(t, r[0]+" discrimination", items[j].Discrimination, r[4], 1)
			expect(t, r[0]+" efficiency", items[j].Efficiency, r[5], 1)
		}
	})
}

// simulated is 2,000 people on 30 items, the second thousand a focal group for
// whom items 5, 15 and 25 are .6 logits harder.
func simulated(t testing.TB) (tab *Table, focal []bool) {
	t.Helper()
	var marks [][]float64
	for _, r := range readTable(t, "testdata/s9_dif_2000x30.csv.gz") {
		row := make([]float64, len(r))
		for j := range r {
			row[j] = number(t, r[j])
		}
		marks = append(marks, row)
	}
	for _, r := range readTable(t, "testdata/s9_group.csv.gz") {
		focal = append(focal, r[1] == "1")
	}
	return table(t, ones(30), marks), focal
}

func TestClassicalStatisticsAgreeWithR(t *testing.T) {
	tab, _ := simulated(t)
	items, scale := tab.Items(), tab.Scale()
	for j, r := range readTable(t, "testdata/s9_ctt_expected_R.csv") {
		expect(t, r[0]+" p", items[j].Facility, r[1], 1)
		expect(t, r[0]+" point-biserial", items[j].PointBiserial, r[2], 1)
		expect(t, r[0]+" corrected", items[j].CorrectedPointBiserial, r[3], 1)
		expect(t, r[0]+" alpha if deleted", scale.AlphaIfDeleted[j], r[4], 1)
	}
	got := map[string]Stat{
		"cronbach_alpha": scale.Alpha, "sd_total": scale.SD, "mean_total": scale.Mean, "sem": scale.SEM, "guttman_lambda6": scale.StandardisedLambda6,
	}
	for _, r := range readTable(t, "testdata/s9_ctt_scale_expected_R.csv") {
		expect(t, r[0], got[r[0]], r[1], 1)
	}
}

func TestMantelHaenszelAgreesWithR(t *testing.T) {
	tab, focal := simulated(t)
	studies, err := tab.MantelHaenszel(focal)
	if err != nil {
		t.Fatal(err)
	}
	for j, r := range readTable(t, "testdata/s9_mantel_haenszel_expected_R.csv") {
		d := studies[j]
		if d.Reference != 1000 || d.Focal != 1000 || strconv.Itoa(d.Strata) != r[1] {
			t.Errorf("%s: %d + %d persons in %d strata", r[0], d.Reference, d.Focal, d.Strata)
		}
		expect(t, r[0]+" corrected chi-square", d.Chi2Corrected, r[2], 1)
		expect(t, r[0]+" chi-square", d.Chi2, r[3], 1)
		expect(t, r[0]+" alpha", d.Alpha, r[5], 1)
		expect(t, r[0]+" SE of log alpha", d.SELogAlpha, r[6], 1)
		expect(t, r[0]+" D", d.D, r[7], 1)
		// p is printed with four significant digits.
		if want := number(t, r[4]); math.Abs(d.PCorrected.Value-want) > 1e-3*want {
			t.Errorf("%s: p %v, want %v", r[0], d.PCorrected, want)
		}
	}
}

func TestPlantedDIFIsFlagged(t *testing.T) {
	tab, focal := simulated(t)
	studies, err := tab.MantelHaenszel(focal)
	if err != nil {
		t.Fatal(err)
	}
	// .6 logits against the focal group, judged beside 27 fair items: item 15's
	// D of −1.48 falls just short of large.
	planted := map[int]Class{5: Large, 15: Moderate, 25: Large}
	for j, d := range studies {
		want, ok := planted[j+1]
		if !ok {
			want = Negligible
		}
		if d.Class != want {
			t.Errorf("item %d: class %s at D = %v ± %v, want %s", j+1, d.Class, d.D, d.SE, want)
		}
		if ok && d.D.Value > 0 {
			t.Errorf("item %d: D = %v favours the focal group", j+1, d.D)
		}
	}
}
