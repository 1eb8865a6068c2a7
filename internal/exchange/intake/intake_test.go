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
		{"a text with a zero byte", "::One::Which?\x00 {=a ~b}\n", "a text with zero bytes"},
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
	asks := yamlText + "explanation: \"![n](images/n.png) ![m](m.png)\"\n"
	for name, documents := range map[string][]*exchange.Document{
		"files": read(file("x/images/n.png", png), file("x/q.yaml", asks), file("x/m.png", png+"m")),
		"zip":   read(file("b.zip", zipped(t, "x/images/n.png", png, "x/q.yaml", asks, "x/m.png", png+"m", "README", "x"))),
	} {
		i := slices.IndexFunc(documents, func(d *exchange.Document) bool { return d.Format == exchange.Native })
		if i < 0 || len(documents[i].Media) != 2 || len(documents[i].Problems) != 0 {
			t.Errorf("%s: %v", name, summary(documents))
			for _, d := range documents {
				t.Log(len(d.Media), d.Problems)
			}
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

const (
	item2 = `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="i1" title="Caches"><responseDeclaration identifier="R" cardinality="single" baseType="identifier">` +
		`<correctResponse><value>B</value></correctResponse></responseDeclaration><itemBody><choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>Is it a store?</prompt>` +
		`<simpleChoice identifier="A">Yes</simpleChoice><simpleChoice identifier="B">No</simpleChoice></choiceInteraction></itemBody>` +
		`<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/></assessmentItem>`
	test2 = `<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="t" title="T"><testPart identifier="p"><assessmentSection identifier="s" title="S">` +
		`<assessmentItemRef identifier="i1" href="items/i1.xml"/></assessmentSection></testPart></assessmentTest>`
	problem = `<problem display_name="Caches"><multiplechoiceresponse><label>Is it a store?</label><choicegroup><choice correct="false">Yes</choice>` +
		`<choice correct="true">No</choice></choicegroup></multiplechoiceresponse></problem>`
	manifest = `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><resources><resource identifier="i1" type="imsqti_item_xmlv2p2" href="items/i1.xml"><file href="items/i1.xml"/></resource></resources></manifest>`
)

func TestEveryFormatIsReadByItsReader(t *testing.T) {
	cases := []struct {
		name, data string
		format     exchange.Format
		questions  int
	}{
		{"GIFT", giftText, exchange.GIFT, 1},
		{"Aiken", aikenText, exchange.Aiken, 1},
		{"YAML", yamlText, exchange.Native, 1},
		{"JSON", jsonText, exchange.JSON, 1},
		{"Moodle XML", moodle, exchange.MoodleXML, 1},
		{"QTI 1.2", qti12, exchange.QTI12, 0},
		{"a QTI 2 item", item2, exchange.QTI2, 1},
		{"a QTI 2 package", zipped(t, "imsmanifest.xml", manifest, "items/i1.xml", item2), exchange.QTI2, 1},
		{"a zip of QTI items", zipped(t, "items/i1.xml", item2), exchange.QTI2, 1},
		{"a problem of Open edX", problem, exchange.OLX, 1},
		{"a course of Open edX", tarred(t, "course/course.xml", `<course url_name="r" org="o" course="c"/>`, "course/course/r.xml", "<course><chapter url_name='c'/></course>",
			"course/chapter/c.xml", "<chapter><sequential url_name='s'/></chapter>", "course/sequential/s.xml", "<sequential><vertical url_name='v'/></sequential>",
			"course/vertical/v.xml", "<vertical><problem url_name='p'/></vertical>", "course/problem/p.xml", problem), exchange.OLX, 1},
		{"CSV", "ask,option A,option B,key\nIs it a store?,Yes,No,B\n", exchange.CSV, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			documents := read(file("file", c.data))
			if len(documents) != 1 || documents[0].Format != c.format || len(documents[0].Questions) != c.questions {
				t.Errorf("got %v", summary(documents))
			}
		})
	}
}

// A test lists questions that lie in files of their own: they come in once.
func TestWhatTwoFilesHoldComesInOnce(t *testing.T) {
	for name, documents := range map[string][]*exchange.Document{
		"files": read(file("x/test.xml", test2), file("x/items/i1.xml", item2)),
		"zip":   read(file("b.zip", zipped(t, "x/test.xml", test2, "x/items/i1.xml", item2, "x/quiz.gift", giftText))),
	} {
		questions := 0
		for _, d := range documents {
			for _, q := range d.Questions {
				if q.Title == "Caches" {
					questions++
				}
			}
		}
		if questions != 1 {
			t.Errorf("%s: the question came in %d times: %v", name, questions, summary(documents))
		}
	}
	if alone := read(file("b.zip", zipped(t, "x/test.xml", test2, "x/items/i1.xml", item2))); len(alone) != 1 || len(alone[0].Questions) != 1 {
		t.Errorf("as a package: %v", summary(alone))
	}
}

// FuzzRead holds every reader to the promise of intake: it returns, and whatever
// it keeps is sound, has a place, and leaves nothing unsaid.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		giftText, aikenText, yamlText, jsonText, moodle, qti12, item2, test2, problem, zipped(f, "a.txt", giftText, "b.xml", item2), zipped(f, "a.yaml", yamlText),
		tarred(f, "course/course.xml", "<course/>"), utf16(giftText), "ask,option A,option B,key\nIs it?,Yes,No,B\n", "<!doctype html>", "%PDF-", png,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		documents := read(exchange.Source{Name: "fuzz", Data: data})
		if len(documents) == 0 {
			t.Error("nothing is said of the file")
		}
		for _, d := range documents {
			if d.Format == "" || d.Name == "" {
				t.Errorf("a document without a format or a name: %+v", d)
			}
			for _, p := range d.Problems {
				if p.Message == "" || p.Remedy == "" || p.Where.File == "" {
					t.Errorf("incomplete problem %+v", p)
				}
			}
			for _, s := range d.Skipped {
				if s.Reason == "" || s.Where.File == "" {
					t.Errorf("incomplete skip %+v", s)
				}
			}
			exchange.AssignIDs("fuzz", d.Questions, nil)
			for _, q := range d.Questions {
				if problems := q.Validate(); len(problems) > 0 {
					t.Errorf("kept an invalid question: %v", problems)
				}
			}
		}
	})
}
