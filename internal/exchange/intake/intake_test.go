package intake_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/exchange"
	"sextant/internal/exchange/intake"
)

// png is the beginning of an image, which is all that tells one.
const png = "\x89PNG\r\n\x1a\n"

// Samples of each format, of one question each.
const (
	giftText  = "::Q1:: Is a cache a store? {\n=No ~Yes\n}\n"
	aikenText = "Is a cache a store?\nA) Yes\nB) No\nANSWER: B\n"
	yamlText  = "id: quiz-1\ntype: single\nask: Is a cache a store?\noptions:\n  - text: Surely\n  - text: Hardly\n    key: true\n"
	jsonText  = `[{"id": "quiz-2", "type": "single", "ask": "Is a cache a store?", "options": [{"text": "Surely"}, {"text": "Hardly", "key": true}]}]`
	moodle    = `<?xml version="1.0"?><quiz><question type="multichoice"><name><text>Q</text></name><questiontext format="html"><text>Is it?</text></questiontext>` +
		`<single>true</single><answer fraction="100"><text>No</text></answer><answer fraction="0"><text>Yes</text></answer></question></quiz>`
	qti12 = `<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"/>`
)

func zipped(t testing.TB, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func tarred(t testing.TB, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	packed := gzip.NewWriter(&out)
	w := tar.NewWriter(packed)
	for i := 0; i < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func read(files ...exchange.Source) []*exchange.Document {
	return intake.Read(context.Background(), files, nil)
}

func file(name, data string) exchange.Source {
	return exchange.Source{Name: name, Data: []byte(data)}
}

func utf16(text string) string {
	data := []byte{0xFF, 0xFE}
	for _, c := range text {
		data = append(data, byte(c), byte(c>>8))
	}
	return string(data)
}

// Names mislead throughout: what is in a file decides.
func TestTheFormatIsToldByTheContent(t *testing.T) {
	cases := []struct {
		name, file, data string
		want             exchange.Format
	}{
		{"GIFT", "quiz.txt", giftText, exchange.GIFT},
		{"GIFT with a BOM", "quiz.csv", "\ufeff" + giftText, exchange.GIFT},
		{"GIFT in UTF-16", "quiz.xml", utf16(giftText), exchange.GIFT},
		{"GIFT in Latin-1", "quiz.txt", "O\xf9 est le caf\xe9 ? {=ici ~l\xe0-bas}\n", exchange.GIFT},
		{"GIFT true or false", "quiz.txt", "A cache is a store.{F}\n", exchange.GIFT},
		{"GIFT behind a comment", "quiz.txt", "// comma, semicolon; here\n\nIs it?{\n// the answers\n~%50%a\n~%50%b}\n", exchange.GIFT},
		{"GIFT that begins with a tag", "quiz.html", "<p>Is it?</p>{=a ~b}\n", exchange.GIFT},
		{"GIFT that begins with a bracket", "quiz.json", "[html]Is it?{=a ~b}\n", exchange.GIFT},
		{"GIFT of categories alone", "quiz.txt", "$CATEGORY: a/b\n", exchange.GIFT},
		{"a description, by its name alone", "quiz.gift", "Just a text.\n", exchange.GIFT},
		{"Aiken", "quiz.gift", aikenText, exchange.Aiken},
		{"Aiken with CRLF", "quiz.yaml", strings.ReplaceAll(aikenText, "\n", "\r\n"), exchange.Aiken},
		{"YAML", "quiz.txt", yamlText, exchange.Native},
		{"YAML with comments first", "quiz.gift", "# {=a ~b}\n" + yamlText, exchange.Native},
		{"a case set", "quiz.txt", "stimulus:\n  id: a-case\nquestions:\n", exchange.Native},
		{"our columns in CSV, with other formats in its cells", "quiz.txt", "ask,option A,option B,key\n\"Which?\nANSWER: A\nA) x\ntype: x\nask: {=a ~b}\",Yes,No,A\n", exchange.CSV},
		{"columns with semicolons", "quiz.gift", "Question;Answer Option 1;Answer Option 2;Correct Answers\nIs it?;Yes;No;1\n", exchange.CSV},
		{"a table, by its name alone", "quiz.csv", "one,two\n1,2\n", exchange.CSV},
		{"JSON", "quiz.txt", jsonText, exchange.JSON},
		{"one question as a JSON object", "quiz.json", jsonText[1 : len(jsonText)-1], exchange.Native},
		{"Moodle XML", "quiz.txt", moodle, exchange.MoodleXML},
		{"Moodle XML behind comments", "quiz.gift", "<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE quiz [<!ELEMENT quiz ANY>]>\n<quiz></quiz>", exchange.MoodleXML},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			documents := read(file(c.file, c.data))
			if len(documents) != 1 || documents[0].Format != c.want || documents[0].Name != c.file {
				t.Fatalf("got %+v", documents)
			}
		})
	}
}

func TestAFileOfNoFormatIsToldWhatItLooksLike(t *testing.T) {
	big := bytes.Repeat([]byte("a"), intake.MaxBytes+1)
	cases := []struct{ name, data, want string }{
		{"a page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "an HTML page"},
		{"a page without a doctype", "\n<html lang=en>", "an HTML page"},
		{"a PDF", "%PDF-1.7\n…", "a PDF document"},
		{"a Word document", zipped(t, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>"), "a Word document"},
		{"an old Excel file", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00", "in use before 2007"},
		{"a spreadsheet of LibreOffice", zipped(t, "mimetype", "application/vnd.oasis", "content.xml", "<x/>"), "a LibreOffice document"},
		{"an image", png, "an image"},
		{"nothing", " \n", "an empty file"},
		{"a text", "Dear colleague,\n\nthe questions follow.", "a text in none of the formats"},
		{"bytes", "\x00\x01\x02\x03", "no text and none of the formats"},
		{"foreign JSON", `[{"type": "Essay", "title": "x"}]`, "JSON of a kind we don't read"},
		{"foreign XML", "<rss version='2.0'></rss>", "it begins with <rss>"},
		{"a manifest", "<manifest xmlns='x'/>", "table of contents of a package"},
		{"a Moodle backup", tarred(t, "moodle_backup.xml", "<x/>"), "a Moodle course backup"},
		{"a zipped Moodle backup", zipped(t, "moodle_backup.xml", "<x/>"), "a Moodle course backup"},
		{"any archive", tarred(t, "a.txt", "x"), "without an Open edX course"},
		{"a damaged archive", "\x1f\x8b\x08\x00", "damaged"},
		{"a damaged zip", "PK\x03\x04 and so on", "damaged"},
		{"an empty zip", zipped(t), "empty"},
		{"a zip of other things", zipped(t, "README.txt", "Hello", "a.png", png), "no file of questions: README.txt (a text in none of the formats we read), images (1)"},
		{"too much", string(big), "64 MB"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			documents := read(file("quiz.gift.xml", c.data))
			if len(documents) != 1 || documents[0].Format != intake.Unknown && documents[0].Format != intake.Archive || len(documents[0].Questions) > 0 {
				t.Fatalf("got %+v", documents)
			}
			faults := documents[0].Faults()
			if len(faults) != 1 || !strings.Contains(faults[0].Message, c.want) || faults[0].Remedy == "" || faults[0].Where.File != "quiz.gift.xml" {
				t.Errorf("faults %+v, want %q", faults, c.want)
			}
		})
	}
}

// summary says in a line what became of a document.
func summary(documents []*exchange.Document) []string {
	var lines []string
	for _, d := range documents {
		line := d.Name + " " + string(d.Format)
		for _, q := range d.Questions {
			line += " +" + q.File
		}
		for _, s := range d.Skipped {
			line += " -" + s.Where.File
		}
		for _, p := range d.Faults() {
			line += " !" + p.Where.File
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAZipIsReadOneLevelDeep(t *testing.T) {
	cases := []struct {
		name  string
		files []string
		want  []string
	}{
		{"our own", []string{"aws/rag/quiz-1.yaml", yamlText, "media/x.png", png}, []string{"b.zip yaml +b.zip/aws/rag/quiz-1.yaml"}},
		{"loose files", []string{"a.txt", giftText, "b/c.txt", aikenText, "LICENSE", "free", "__MACOSX/._a.txt", "x"},
			[]string{"b.zip/a.txt gift +b.zip/a.txt", "b.zip/b/c.txt aiken +b.zip/b/c.txt", "b.zip archive -b.zip/LICENSE"}},
		{"our own among others", []string{"a.yaml", yamlText, "a.txt", giftText}, []string{"b.zip/a.txt gift +b.zip/a.txt", "b.zip/a.yaml yaml +b.zip/a.yaml"}},
		{"an archive in it", []string{"a.txt", giftText, "b.zip", zipped(t, "c.txt", giftText)}, []string{"b.zip/a.txt gift +b.zip/a.txt", "b.zip archive !b.zip/b.zip"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, summary(read(file("b.zip", zipped(t, c.files...))))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestImagesAreFoundBesideTheFile(t *testing.T) {
	asks := yamlText + "explanation: \"![n](images/n.png) ![m](../m.png)\"\n"
	for name, documents := range map[string][]*exchange.Document{
		"files": read(file("x/images/n.png", png), file("x/q.yaml", asks), file("m.png", png+"m")),
		"zip":   read(file("b.zip", zipped(t, "x/images/n.png", png, "x/q.yaml", asks, "m.png", png+"m", "README", "x"))),
	} {
		i := slices.IndexFunc(documents, func(d *exchange.Document) bool { return d.Format == exchange.Native })
		if i < 0 || len(documents[i].Media) != 2 || len(documents[i].Problems) != 0 {
			t.Errorf("%s: %+v", name, documents)
		}
	}
}

func TestProgressEndsWithEverything(t *testing.T) {
	var heard []int
	files := []exchange.Source{file("a.txt", giftText), file("n.png", png), file("b.txt", aikenText)}
	total := len(giftText) + len(png) + len(aikenText)
	documents := intake.Read(context.Background(), files, func(done, of int) {
		if of != total {
			t.Errorf("of %d bytes, want %d", of, total)
		}
		heard = append(heard, done)
	})
	if len(documents) != 2 || !slices.IsSorted(heard) || heard[len(heard)-1] != total {
		t.Errorf("%d documents, heard %v", len(documents), heard)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if documents := intake.Read(ctx, files, nil); len(documents) != 0 {
		t.Errorf("%d documents were read after the end", len(documents))
	}
}
