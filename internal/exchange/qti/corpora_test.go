package qti_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/qti"
)

var update = flag.Bool("update", false, "renew the golden files")

// corpus is the directory of QTI files of other systems.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SEXTANT_CORPORA")
	if dir == "" {
		t.Skip("SEXTANT_CORPORA names no directory with question files of other systems")
	}
	return dir
}

func TestEveryFileOfTheCorpusIsAccountedFor(t *testing.T) {
	root := corpus(t)
	var out strings.Builder
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".xml" || !strings.Contains(name, "qti") {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		beside := func(other string) ([]byte, bool) {
			found, err := os.ReadFile(filepath.Join(filepath.Dir(name), filepath.FromSlash(path.Clean("/" + other))[1:]))
			return found, err == nil
		}
		relative, _ := filepath.Rel(root, name)
		describe(&out, filepath.ToSlash(relative), qti.Read(exchange.Source{Name: filepath.Base(name), Data: data}, beside))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"qti22/test_qti_2.2", "qti22/imsqti_2.2_package"} {
		a, err := archive.Open(zipped(t, filepath.Join(root, filepath.FromSlash(folder))))
		if err != nil {
			t.Fatal(err)
		}
		describe(&out, folder+".zip", qti.ReadPackage(a, path.Base(folder)+".zip"))
	}
	golden(t, "corpora_golden.txt", out.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-golden +read):\n%s", name, diff)
	}
}

func zipped(t *testing.T, dir string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// describe writes what reading a file came to: types and keys, skips, problems.
func describe(out *strings.Builder, name string, doc *exchange.Document) {
	fmt.Fprintf(out, "%s: %s, %d imported, %d skipped\n", name, doc.Format, len(doc.Questions), len(doc.Skipped))
	for _, q := range doc.Questions {
		fmt.Fprintf(out, "  %s %s\n", q.Type, summary(q))
	}
	for _, s := range doc.Skipped {
		fmt.Fprintf(out, "  skipped %s: %s\n", s.Where, s.Reason)
	}
	for _, p := range doc.Problems {
		fmt.Fprintf(out, "  %s %s: %s\n", map[exchange.Severity]string{exchange.Fault: "fault", exchange.Warning: "warning"}[p.Severity], p.Where, p.Message)
	}
}

// summary is a question's key and what is said about it, on one line.
func summary(q *exam.Question) string {
	var parts []string
	text := func(s string) string { return exchange.Shorten(s, 40) }
	parts = append(parts, fmt.Sprintf("%q", text(exchange.FullText(q))))
	options := slices.Clone(q.Options)
	if q.Type == exam.Ordering {
		slices.SortFunc(options, func(a, b exam.Option) int { return a.Place - b.Place })
	}
	for _, o := range options {
		mark := ""
		if o.Key {
			mark = "*"
		}
		if o.Weight != 0 {
			mark += fmt.Sprintf("(%g%%)", o.Weight)
		}
		if o.Rationale != "" {
			mark += "!"
		}
		parts = append(parts, mark+text(o.Text))
	}
	for _, p := range q.Prompts {
		o, _ := q.Option(p.Match)
		parts = append(parts, text(p.Text)+"="+text(o.Text)+strings.Repeat("!", min(len(p.Rationale), 1)))
	}
	for _, s := range q.Statements {
		parts = append(parts, fmt.Sprintf("%s=%v", text(s.Text), s.Yes))
	}
	for label, said := range map[string]string{"explained": q.Explanation, "right": q.Replies.Right, "wrong": q.Replies.Wrong} {
		if said != "" {
			parts = append(parts, label)
		}
	}
	slices.Sort(parts[len(parts)-len(saidIn(q)):])
	if q.FixedOrder {
		parts = append(parts, "fixed")
	}
	if q.Stimulus != nil {
		parts = append(parts, "case "+string(q.Stimulus.ID))
	}
	return strings.Join(parts, " | ")
}

func saidIn(q *exam.Question) []string {
	return slices.DeleteFunc([]string{q.Explanation, q.Replies.Right, q.Replies.Wrong}, func(s string) bool { return s == "" })
}
