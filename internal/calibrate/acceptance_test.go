package calibrate

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// acceptance is the directory of data with known estimates; the tests that need
// it are skipped where there is none.
func acceptance(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("SEXTANT_ACCEPTANCE")
	if dir == "" {
		tb.Skip("SEXTANT_ACCEPTANCE is not set: comparison with the field's data sets skipped")
	}
	return dir
}

func openTable(tb testing.TB, path string) *Table {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	var in io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			tb.Fatal(err)
		}
	}
	table, err := ReadCSV(in)
	if err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
	return table
}

// records reads a CSV file into rows by column name.
func records(tb testing.TB, path string) []map[string]string {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		r := map[string]string{}
		for i, name := range rows[0] {
			r[name] = row[i]
		}
		list = append(list, r)
	}
	return list
}

func number(tb testing.TB, text string) float64 {
	tb.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func estimate(tb testing.TB, table *Table, o Options) *Result {
	tb.Helper()
	r, err := Estimate(tb.Context(), table, o)
	if err != nil {
		tb.Fatal(err)
	}
	if !r.Converged {
		tb.Errorf("did not converge in %d evaluations", r.Iterations)
	}
	return r
}

func within(tb testing.TB, what string, got, want, tolerance float64) {
	tb.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		tb.Errorf("%s: %.8f, want %.8f ± %g", what, got, want, tolerance)
	}
}

func TestExactMaximumLikelihood(t *testing.T) {
	dir := acceptance(t)
	files := map[string]string{
		"lsat6": "lsat6_patterns.csv", "lsat7": "lsat7_patterns.csv", "wirs": "wirs.csv",
		"mobility": "mobility.csv", "abortion": "abortion.csv",
	}
	tolerance := map[string]float64{"mobility": 1e-3, "abortion": 1e-3}
	type key struct{ dataset, model string }
	results := map[key]*Result{}
	for _, row := range records(t, filepath.Join(dir, "public", "exact_mml_N01.csv")) {
		k := key{row["dataset"], row["model"]}
		if results[k] == nil {
			table := openTable(t, filepath.Join(dir, "public", files[k.dataset]))
			results[k] = estimate(t, table, Options{Model: Model(strings.ToLower(k.model)), Nodes: 961, Limit: 12})
			t.Logf("%s %s: %d iterations, %d patterns", k.dataset, k.model, results[k].Iterations, results[k].Patterns)
		}
		r := results[k]
		i := int(number(t, row["item"])) - 1
		most := tolerance[k.dataset]
		if most == 0 {
			most = 1e-5
		}
		what := fmt.Sprintf("%s %s item %d ", k.dataset, k.model, i+1)
		within(t, what+"a", r.Items[i].A, number(t, row["a"]), most)
		within(t, what+"b", r.Items[i].B, number(t, row["b"]), most)
		within(t, what+"d", r.Items[i].D, number(t, row["d"]), most)
		within(t, what+"log-likelihood", r.LogLik, number(t, row["loglik"]), most)
	}
	if len(results) != 10 {
		t.Errorf("%d calibrations, want 5 data sets × 2 models", len(results))
	}
}

func TestSimulatedTables(t *testing.T) {
	dir := filepath.Join(acceptance(t), "sim")
	for _, c := range []struct {
		responses, expected string
		options             Options
		loglik              float64
	}{
		{"s1_2pl_2000x60.csv", "s1_mle_rect61_lim6.csv", Options{Model: TwoPL}, -62729.1695},
		{"s2_2pl_10000x300_miss70.csv.gz", "s2_mle_rect61_lim6.csv", Options{Model: TwoPL, NoErrors: true}, -459148.766},
		{"s3_3pl_2000x60.csv", "s3_mle_fixed_c_rect61_lim6.csv", Options{Model: ThreePL, C: constant(0.25, 60)}, -70855.68949},
	} {
		t.Run(c.responses, func(t *testing.T) {
			r := estimate(t, openTable(t, filepath.Join(dir, c.responses)), c.options)
			t.Logf("log-likelihood %.6f after %d iterations", r.LogLik, r.Iterations)
			if r.LogLik < c.loglik {
				t.Errorf("log-likelihood %.6f, want at least %.6f", r.LogLik, c.loglik)
			}
			worst := 0.0
			for i, row := range records(t, filepath.Join(dir, c.expected)) {
				within(t, "log-likelihood", r.LogLik, number(t, row["loglik"]), 1e-4)
				within(t, fmt.Sprintf("item %d a", i+1), r.Items[i].A, number(t, row["a"]), 1e-4)
				within(t, fmt.Sprintf("item %d d", i+1), r.Items[i].D, number(t, row["d"]), 1e-4)
				worst = max(worst, math.Abs(r.Items[i].A-number(t, row["a"])), math.Abs(r.Items[i].D-number(t, row["d"])))
			}
			t.Logf("worst parameter off by %.1e", worst)
		})
	}
}

func constant(v float64, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = v
	}
	return list
}
