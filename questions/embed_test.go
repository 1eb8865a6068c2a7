package questions

import (
	"io/fs"
	"path"
	"strings"
	"testing"
)

func TestTheBankHoldsThePlatformFoldersAndNothingElse(t *testing.T) {
	entries, err := fs.ReadDir(Bank(), ".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != "aws azure gcp neutral" {
		t.Errorf("top level is %q, want the four platforms", got)
	}
	err = fs.WalkDir(Bank(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if path.Ext(name) != ".yaml" && path.Base(name) != "README.md" {
			t.Errorf("%s is neither a question file nor a README.md", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheCatalogueIsRootedAtItsFolder(t *testing.T) {
	if _, err := fs.Stat(Catalogue(), "about.yaml"); err != nil {
		t.Error(err)
	}
}
