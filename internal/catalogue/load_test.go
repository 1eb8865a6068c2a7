package catalogue

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// small is a catalogue of two exams that has no fault.
func small(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("testdata/small")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSmallCatalogueLoads(t *testing.T) {
	c, err := Load(small(t))
	if err != nil {
		t.Fatalf("the catalogue that the faults are planted in has faults of its own:\n%v", err)
	}
	if got := len(c.Certifications); got != 2 {
		t.Errorf("%d certifications, want 2", got)
	}
}

// Each file of testdata/broken is one file of the small catalogue with one
// fault; the first word of its name says which file it replaces.
func TestEveryFaultIsNamedWithItsPlaceAndRemedy(t *testing.T) {
	broken, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(broken) == 0 {
		t.Fatalf("no broken catalogues: %v", err)
	}
	for _, file := range broken {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			got := loadWith(t, file)
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSuffix(string(want), "\n"), got); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

func loadWith(t *testing.T, brokenFile string) string {
	t.Helper()
	data, err := os.ReadFile(brokenFile)
	if err != nil {
		t.Fatal(err)
	}
	replaces, _, _ := strings.Cut(filepath.Base(brokenFile), "-")
	name := replaces + ".yaml"
	if replaces == "certification" {
		name = "certifications/xyz-c01.yaml"
	}
	files := small(t)
	files[name] = &fstest.MapFile{Data: data}
	c, err := Load(files)
	if err == nil {
		t.Fatal("loads in spite of its fault")
	}
	if c != nil {
		t.Error("a catalogue came back beside the error")
	}
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error of type %T, want Problems", err)
	}
	for _, p := range problems {
		if p.File == "" || p.Message == "" || p.Severity != SeverityError {
			t.Errorf("incomplete problem %+v", p)
		}
	}
	return err.Error()
}

func TestAllFaultsAreListedAtOnce(t *testing.T) {
	files := small(t)
	for name, edit := range map[string][2]string{
		"certifications/xyz-c01.yaml": {"fine-tuning", "fine-tunning"},
		"rules.yaml":                  {"weight: 3", "weight: 9"},
		"services.yaml":               {"platform: aws", "platform: amazon"},
	} {
		files[name].Data = []byte(strings.Replace(string(files[name].Data), edit[0], edit[1], 1))
	}
	delete(files, "equivalents.yaml")
	_, err := Load(files)
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, want Problems", err)
	}
	seen := map[string]bool{}
	for _, p := range problems {
		seen[p.File] = true
	}
	for _, file := range []string{"certifications/xyz-c01.yaml", "rules.yaml", "services.yaml", "equivalents.yaml"} {
		if !seen[file] {
			t.Errorf("no problem reported in %s; got\n%v", file, err)
		}
	}
}

func TestUnreadableFileSystemIsNotAProblemOfTheCatalogue(t *testing.T) {
	_, err := Load(failingFS{})
	var problems Problems
	if err == nil || errors.As(err, &problems) {
		t.Errorf("got %v, want an error other than Problems", err)
	}
}

type failingFS struct{}

func (failingFS) Open(string) (fs.File, error) { return nil, errors.New("disk on fire") }

// FuzzCertification checks that no input makes the loader panic, that it never
// returns a catalogue with a fault, and that weights of what it accepts are
// whole.
func FuzzCertification(f *testing.F) {
	files := small(f)
	f.Add(files["certifications/xyz-c01.yaml"].Data)
	broken, err := filepath.Glob("testdata/broken/certification-*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range broken {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{}
		for name, file := range files {
			fsys[name] = file
		}
		fsys["certifications/xyz-c01.yaml"] = &fstest.MapFile{Data: data}
		c, err := Load(fsys)
		if err != nil {
			var problems Problems
			if !errors.As(err, &problems) || len(problems) == 0 {
				t.Fatalf("error without problems: %v", err)
			}
			return
		}
		cert, ok := c.Certification("XYZ-C01")
		if !ok {
			t.Fatal("accepted, but the certification is gone")
		}
		checkWeights(t, cert)
		cert.Takeable(c.AsOf, "")
	})
}
