package intake_test

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exchange"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// outcome is what became of one file of a corpus.
type outcome struct {
	Format   exchange.Format `json:"format"`
	Imported int             `json:"imported"`
	Skipped  []string        `json:"skipped,omitempty"` // the reasons
	Faults   []string        `json:"faults,omitempty"`
}

func TestEveryFileOfTheCorporaIsAccountedFor(t *testing.T) {
	dir := os.Getenv("SEXTANT_CORPORA")
	if dir == "" {
		t.Skip("SEXTANT_CORPORA names no directory with files of other systems")
	}
	var files []exchange.Source
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, name)
		files = append(files, exchange.Source{Name: filepath.ToSlash(relative), Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]outcome{}
	for _, d := range read(files...) {
		o := outcome{Format: d.Format, Imported: len(d.Questions)}
		for _, s := range d.Skipped {
			o.Skipped = append(o.Skipped, s.Reason)
		}
		for _, p := range d.Faults() {
			o.Faults = append(o.Faults, p.Message)
		}
		got[d.Name] = o
	}
	for _, f := range files {
		if _, told := got[f.Name]; !told && !strings.HasSuffix(f.Name, ".png") {
			t.Errorf("nothing is said of %s", f.Name)
		}
	}
	compareGolden(t, filepath.Join("testdata", "corpora_golden.json"), got)
}

func compareGolden(t *testing.T, name string, got map[string]outcome) {
	t.Helper()
	if *update {
		data, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]outcome
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	for file := range want { // another collection has other files
		if _, there := got[file]; !there {
			delete(want, file)
		}
	}
	for file := range got {
		if _, known := want[file]; !known {
			delete(got, file)
		}
	}
	if len(got) == 0 {
		t.Error("none of the files is in the golden table")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
