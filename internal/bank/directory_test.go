package bank_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// TestDirectory checks the bank in a directory the way an author wants it
// checked: every remark printed, errors fail.
//
//	SEXTANT_BANK_DIR=$PWD/questions SEXTANT_BANK_ONLY=aws/rag go test ./internal/bank -run TestDirectory -v
func TestDirectory(t *testing.T) {
	dir := os.Getenv("SEXTANT_BANK_DIR")
	if dir == "" {
		t.Skip("SEXTANT_BANK_DIR names no directory with questions to check")
	}
	only := os.Getenv("SEXTANT_BANK_ONLY")
	b, remarks := bank.Load(os.DirFS(dir), exam.BuiltIn)
	remarks = append(remarks, bank.Lint(b, loadCatalogue(t, os.DirFS(dir)), bank.LintOptions{Coverage: only == ""})...)
	kept := 0
	for _, q := range b.Questions {
		if strings.Contains(q.File, only) {
			kept++
		}
	}
	for _, r := range remarks {
		if !strings.Contains(r.File, only) || only != "" && r.File == "" {
			continue
		}
		if r.Severity == bank.Error {
			t.Errorf("error  %s [%s]", r, r.Rule)
		} else {
			t.Logf("remark %s [%s]", r, r.Rule)
		}
	}
	t.Logf("%d questions without errors in files matching %q", kept, only)
}

// loadCatalogue loads the catalogue beside a bank; a bank may come without one.
func loadCatalogue(t *testing.T, questions fs.FS) *catalogue.Catalogue {
	t.Helper()
	sub, err := fs.Sub(questions, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.Stat(sub, "about.yaml"); err != nil {
		t.Logf("no catalogue beside the questions; its checks are left out: %v", err)
		return nil
	}
	cat, err := catalogue.Load(sub)
	if err != nil {
		t.Logf("the catalogue does not load; its checks are left out: %v", err)
		return nil
	}
	return cat
}
