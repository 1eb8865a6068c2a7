package moodlexml_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"sextant/internal/exchange"
	"sextant/internal/exchange/moodlexml"
	"sextant/internal/exchange/samples"
)

// TestCorpora reads every XML file of the corpora, whatever its format: of Moodle
// XML each question is accounted for, anything else is refused with a remedy.
func TestCorpora(t *testing.T) {
	root := os.Getenv("SEXTANT_CORPORA")
	if root == "" {
		t.Skip("SEXTANT_CORPORA names no directory of question files")
	}
	files := os.DirFS(root)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".xml" {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		d := moodlexml.Read(exchange.Source{Name: name, Data: data}, nil)
		if strings.Contains(string(data), "<quiz") {
			told := len(d.Questions) + len(d.Skipped) + len(d.Faults())
			asked := strings.Count(string(data), "<question ") - strings.Count(string(data), `type="category"`)
			if told < asked {
				t.Errorf("%s: of %d questions %d are accounted for\n%s", name, asked, told, samples.Dump(d))
			}
			return nil
		}
		if len(d.Questions) > 0 || len(d.Faults()) == 0 || d.Problems[0].Remedy == "" {
			t.Errorf("%s is no Moodle XML and was read as one", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
