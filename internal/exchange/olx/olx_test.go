package olx_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/olx"
	"sextant/internal/exchange/samples"
)

func read(name, text string) *exchange.Document {
	return olx.Read(exchange.Source{Name: name, Data: []byte(text)}, nil)
}

func TestConstructs(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "problems.xml"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "problems.golden", samples.Dump(read("problems.xml", string(data))))
}

func TestFormulasOfStudioAreFormulas(t *testing.T) {
	d := read("problem.xml", radio("Formulas", "Is [mathjaxinline]a_1*b_2 &lt; c[/mathjaxinline] so?"))
	if len(d.Questions) != 1 || d.Questions[0].Ask != `Is \(a_1*b_2 < c\) so?` {
		t.Errorf("read as\n%s", samples.Dump(d))
	}
}

func TestProblemsOfAnExperimentComeIn(t *testing.T) {
	d := read("split.xml", `<vertical display_name="Unit"><split_test display_name="A or B"><vertical display_name="Group A">`+radio("In A", "A?")+`</vertical><vertical display_name="Group B">`+radio("In B", "B?")+`</vertical></split_test></vertical>`)
	if len(d.Questions) != 2 || d.Questions[1].Category != "Unit/A or B/Group B" {
		t.Errorf("read as\n%s", samples.Dump(d))
	}
}

func TestAProblemOfTooManyPartsIsRefused(t *testing.T) {
	part := "<multiplechoiceresponse><choicegroup><choice correct=\"true\">Yes</choice><choice correct=\"false\">No</choice></choicegroup></multiplechoiceresponse>"
	d := read("problem.xml", "<problem>"+strings.Repeat(part, 501)+"</problem>")
	if faults := d.Faults(); len(d.Questions) != 0 || len(faults) != 1 || !strings.Contains(faults[0].Message, "asks 501 things") {
		t.Errorf("read as\n%s", samples.Dump(d))
	}
}

const dot = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

func radio(name, text string) string {
	return "<problem display_name=\"" + name + "\"><p>" + text + "</p><multiplechoiceresponse><choicegroup type=\"MultipleChoice\"><choice correct=\"true\">Yes</choice><choice correct=\"false\">No</choice></choicegroup></multiplechoiceresponse></problem>"
}

// sampleCourse is a course as Studio exports it, by file name.
func sampleCourse(t testing.TB) map[string]string {
	t.Helper()
	image, err := base64.StdEncoding.DecodeString(dot)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"course/course.xml":                  `<course url_name="2026" org="Harbour" course="H1"/>`,
		"course/course/2026.xml":             `<course display_name="Harbour studies"><chapter url_name="c1"/><chapter url_name="c2"/><wiki slug="w"/></course>`,
		"course/chapter/c1.xml":              `<chapter display_name="Ships"><sequential url_name="s1"/></chapter>`,
		"course/chapter/c2.xml":              `<chapter display_name="Cranes/Winches"><sequential display_name="Inline"><vertical display_name="Unit"><html url_name="h"/>` + radio("Inline problem", "Inline?") + `</vertical></sequential></chapter>`,
		"course/sequential/s1.xml":           `<sequential display_name="Kinds"><vertical url_name="v1"/></sequential>`,
		"course/vertical/v1.xml":             `<vertical display_name="Unit 1"><problem url_name="p1"/><library_content display_name="Bank"><problem url_name="p2"/></library_content><problem url_name="p3"/><problem url_name="p1"/></vertical>`,
		"course/problem/p1.xml":              radio("With an image", `<img src="/static/Images_dot.gif" alt="a dot"/> <img src="/assets/courseware/v1/ab/asset-v1:H+H1+type@asset+block@Images_dot.gif" alt="again"/><img src="/static/none.png" alt="nothing"/> Is it a dot?`),
		"course/problem/p2.xml":              radio("From a bank", "Is it?"),
		"course/problem/p3.xml":              "<problem display_name=\"Broken\">\n<p>Open</problem>",
		"course/problem/orphan.xml":          radio("Nobody's", "Alone?"),
		"course/html/h.xml":                  `<html filename="h"/>`,
		"course/html/h.html":                 `<p>Hello</p>`,
		"course/static/Images_dot.gif":       string(image),
		"course/static/unused.gif":           string(image) + "x",
		"course/policies/2026/policy.json":   "{}",
		"course/about/overview.html":         "<p>About</p>",
		"course/drafts/problem/unwanted.xml": radio("A draft", "Draft?"),
	}
}

func packedTar(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipper := gzip.NewWriter(&out)
	w := tar.NewWriter(zipper)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipper.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func packedZip(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestACourseIsReadFromItsBeginningHoweverItIsPacked(t *testing.T) {
	files := sampleCourse(t)
	d := olx.Read(exchange.Source{Name: "c.tar.gz", Data: packedTar(t, files)}, nil)
	if d.Title != "Harbour studies" {
		t.Errorf("the course is called %q", d.Title)
	}
	golden(t, "course.golden", samples.Dump(d))
	zipped := samples.Dump(olx.Read(exchange.Source{Name: "c.tar.gz", Data: packedZip(t, files)}, nil))
	if zipped != samples.Dump(d) {
		t.Errorf("the zip is read otherwise:\n%s", zipped)
	}
	a, err := archive.Open(packedZip(t, files))
	if err != nil || !olx.IsCourse(a.Names()) || olx.IsCourse([]string{"a/problem/x.xml"}) {
		t.Errorf("a course isn't told from loose problems: %v", err)
	}
}

func TestALibraryAndLooseProblemsAreRead(t *testing.T) {
	library := map[string]string{"library/library.xml": `<library display_name="Bank"><problem url_name="a"/></library>`, "library/problem/a.xml": radio("A", "A?"), "library/problem/b.xml": radio("B", "B?")}
	if d := olx.Read(exchange.Source{Name: "l.tar.gz", Data: packedTar(t, library)}, nil); len(d.Questions) != 2 || d.Title != "Bank" || d.Questions[0].SourceID != "a" {
		t.Error(samples.Dump(d))
	}
	loose := map[string]string{"x/one.xml": radio("One", "One?"), "two.xml": radio("Two", "Two?"), "other.xml": "<svg/>"}
	if d := olx.Read(exchange.Source{Name: "l.zip", Data: packedZip(t, loose)}, nil); len(d.Questions) != 2 {
		t.Error(samples.Dump(d))
	}
}

func TestWhatLiesBesideAProblemIsFound(t *testing.T) {
	image, err := base64.StdEncoding.DecodeString(dot)
	if err != nil {
		t.Fatal(err)
	}
	beside := func(name string) ([]byte, bool) {
		switch name {
		case "../static/dot.gif":
			return image, true
		case "../problem/p.xml":
			return []byte(radio("Named", "Named?")), true
		}
		return nil, false
	}
	d := olx.Read(exchange.Source{Name: "vertical/v.xml", Data: []byte("<vertical>" + radio("Inline", `<img src="/static/dot.gif" alt="dot"/>Is it?`) + `<problem url_name="p"/></vertical>`)}, beside)
	if len(d.Questions) != 2 || len(d.Media) != 1 || len(d.Problems) != 0 {
		t.Error(samples.Dump(d))
	}
}

func TestWhatIsNoProblemIsRefusedInWords(t *testing.T) {
	deep := strings.Repeat("<div>", 1000) + strings.Repeat("</div>", 1000)
	cases := []struct{ name, data, want string }{
		{"a web page", "<!DOCTYPE html><html></html>", "web page"},
		{"text", "hello", "no element"},
		{"another block", "<html><p>x</p></html>", "web page"},
		{"a video", "<video url_name=\"v\"/>", "no <problem>"},
		{"broken XML", "<problem>\n<p></problem>", "broken"},
		{"deep nesting", "<problem>" + deep + "</problem>", "deep"},
		{"damaged gzip", "\x1f\x8bxxxx", "damaged"},
		{"damaged zip", "PK\x03\x04xxxx", "damaged"},
		{"a way out", string(packedTar(t, map[string]string{"../../x.xml": "<problem/>"})), "leads out"},
		{"a name from the root", string(packedTar(t, map[string]string{"/x.xml": "<problem/>"})), "leads out"},
		{"no course inside", string(packedTar(t, map[string]string{"readme.txt": "x"})), "no <problem>"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := read("x.xml", c.data)
			if len(d.Questions) != 0 || len(d.Faults()) != 1 || !strings.Contains(d.Problems[0].Message, c.want) || d.Problems[0].Remedy == "" {
				t.Errorf("want one fault that speaks of %q:\n%s", c.want, samples.Dump(d))
			}
		})
	}
}

// TestAPackedBombIsRefused has a course whose XML would fill the memory.
func TestAPackedBombIsRefused(t *testing.T) {
	zeros := strings.Repeat("\x00", 33<<20)
	d := read("bomb.tar.gz", string(packedTar(t, map[string]string{"a.xml": zeros, "b.xml": zeros, "c.bin": "x"})))
	if len(d.Faults()) != 1 || !strings.Contains(d.Problems[0].Message, "over 64 MB") {
		t.Error(samples.Dump(d))
	}
}

func TestBlocksThatNameEachOtherEnd(t *testing.T) {
	d := read("c.tar.gz", string(packedTar(t, map[string]string{
		"course.xml": `<course url_name="r"/>`, "course/r.xml": `<course><chapter url_name="a"/></course>`,
		"chapter/a.xml": `<chapter><chapter url_name="b"/>` + radio("Sound", "Sound?") + `</chapter>`, "chapter/b.xml": `<chapter><chapter url_name="a"/><chapter url_name="b"/></chapter>`,
	})))
	if len(d.Questions) != 1 || len(d.Problems) != 0 {
		t.Error(samples.Dump(d))
	}
}

func FuzzRead(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "problems.xml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(packedTar(f, sampleCourse(f)))
	f.Add(packedZip(f, sampleCourse(f)))
	f.Add([]byte(radio("qxpart0z", "qxpart0z qxpart1z")))
	f.Add([]byte(`<problem><optioninput options="('a',')" correct="a"/><choicegroup><choice correct="partial" point_value="1e400"/></choicegroup></problem>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := olx.Read(exchange.Source{Name: "f.xml", Data: data}, nil)
		if len(d.Questions)+len(d.Broken)+len(d.Skipped)+len(d.Problems) == 0 {
			t.Error("nothing is said of the file")
		}
		for _, q := range d.Questions {
			if problems := q.Validate(); len(problems) > 1 || len(problems) == 1 && problems[0].Field != "id" {
				t.Errorf("came in with %v", problems)
			}
		}
	})
}

// BenchmarkRead10000 reads a course of 10,000 problems. Two busy cores
// of 2.5 GHz took 1.4 s.
func BenchmarkRead10000(b *testing.B) {
	files := map[string]string{}
	for i := range 10_000 {
		files[fmt.Sprintf("library/problem/p%05d.xml", i)] = radio(fmt.Sprintf("P%d", i), fmt.Sprintf("A team runs <b>%d</b> services.</p><p>Is it enough?", i))
	}
	data := packedTar(b, files)
	b.ReportAllocs()
	for b.Loop() {
		if d := olx.Read(exchange.Source{Name: "l.tar.gz", Data: data}, nil); len(d.Questions) != 10_000 {
			b.Fatalf("%d questions", len(d.Questions))
		}
	}
}
