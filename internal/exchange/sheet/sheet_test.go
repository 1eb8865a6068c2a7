package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/sheet"
)

func readCSV(text string) *exchange.Document {
	return sheet.Read(exchange.Source{Name: "quiz.csv", Data: []byte(text)}, nil)
}

// workbook makes a workbook of rows, with pictures on cells.
func workbook(t testing.TB, rows [][]any, pictures map[string][]byte) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for cell, data := range pictures {
		if err := book.AddPictureFromBytes("Sheet1", cell, &excelize.Picture{Extension: ".png", File: data, Format: &excelize.GraphicOptions{}}); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func option(id exam.OptionID, text, reason string, key bool) exam.Option {
	return exam.Option{ID: id, Text: text, Rationale: reason, Key: key}
}

const (
	udemy2 = "Question,Question Type,Answer Option 1,Explanation 1,Answer Option 2,Explanation 2,Answer Option 3,Explanation 3,Answer Option 4,Explanation 4," +
		"Answer Option 5,Explanation 5,Answer Option 6,Explanation 6,Correct Answers,Overall Explanation,Domain\n"
	udemy1 = "Question,Question Type (multiple-choice or multi-select),Answer Option 1,Answer Option 2,Answer Option 3,Answer Option 4,Answer Option 5,Answer Option 6," +
		"Correct Response,Explanation,Knowledge Area\r\n"
)

func TestReadingSheets(t *testing.T) {
	tests := []struct {
		name, file string
		want       exam.Question
	}{
		{
			"our own columns", "type,ask,option A,reason A,option B,key\nsingle,Which?,**a**,yes,b,A\n",
			exam.Question{Type: exam.Single, Ask: "Which?", Options: []exam.Option{option("A", "**a**", "yes", true), option("B", "b", "", false)}},
		},
		{
			"any order and case, the type left out", "KEY;Option_B;option a;Ask\nA, B;b;a;Which?\n",
			exam.Question{Type: exam.Multiple, Ask: "Which?", Options: []exam.Option{option("A", "a", "", true), option("B", "b", "", true)}},
		},
		{
			"tabs, and a scenario in one cell with its question", "question\toption 1\toption 2\tanswer\n\"Two weeks.\n\nWhich?\"\ta\tb\t2\n",
			exam.Question{Type: exam.Single, Stem: "Two weeks.", Ask: "Which?", Options: []exam.Option{option("A", "a", "", false), option("B", "b", "", true)}},
		},
		{
			"a key by its text, and Excel's first line", "sep=;\nask;option A;option B;key\nWhich?;ein \"a\";b;b\n",
			exam.Question{Type: exam.Single, Ask: "Which?", Options: []exam.Option{option("A", `ein "a"`, "", false), option("B", "b", "", true)}},
		},
		{
			"ordering", "type,ask,option A,option B,option C,key\nordering,Sort.,x,y,z,\"C, A, B\"\n",
			exam.Question{Type: exam.Ordering, Ask: "Sort.", Options: []exam.Option{{ID: "A", Text: "x", Place: 2}, {ID: "B", Text: "y", Place: 3}, {ID: "C", Text: "z", Place: 1}}},
		},
		{
			"matching", "ask,option A,option B,prompt 1,reason 1,prompt 2,key\nPair.,x,y,p,why,q,B A\n",
			exam.Question{Type: exam.Matching, Ask: "Pair.", Options: []exam.Option{{ID: "A", Text: "x"}, {ID: "B", Text: "y"}}, Prompts: []exam.Prompt{{Text: "p", Match: "B", Rationale: "why"}, {Text: "q", Match: "A"}}},
		},
		{
			"yes or no", "type,ask,statement 1,statement 2,key\nyes_no,Is it so?,p,q,\"yes, no\"\n",
			exam.Question{Type: exam.YesNo, Ask: "Is it so?", Statements: []exam.Statement{{Text: "p", Yes: true}, {Text: "q"}}},
		},
		{
			"true or false", "type,ask,key\ntrue/false,Snow is black.,FALSE\n",
			exam.Question{Type: exam.Single, Ask: "Snow is black.", FixedOrder: true, Options: []exam.Option{option("A", "True", "", false), option("B", "False", "", true)}},
		},
		{
			"labels", "id,ask,option A,option B,key,tags,category,points,platform,skill,difficulty,domains,services,references,weight B\n" +
				"own-id-01,Which?,a,b,A,x;y\\;z,a/b,2,AWS,rag-grounding,3,MLA-C02=1; AIP-C01=2,s3,[S3](https://example.com),50\n",
			exam.Question{
				ID: "own-id-01", Type: exam.Single, Ask: "Which?", Tags: []string{"x", "y;z"}, Category: "a/b", Points: 2, Platform: exam.AWS, Skill: "rag-grounding", Difficulty: 3,
				Domains: map[exam.Code]exam.DomainID{"MLA-C02": "1", "AIP-C01": "2"}, Services: []string{"s3"}, References: []exam.Reference{{Title: "S3", URL: "https://example.com"}},
				Options: []exam.Option{option("A", "a", "", true), {ID: "B", Text: "b", Weight: 50}},
			},
		},
		{
			"an id that isn't one of ours", "id,ask,option A,option B,key\nQ 1,Which?,a,b,a\n",
			exam.Question{SourceID: "Q 1", Type: exam.Single, Ask: "Which?", Options: []exam.Option{option("A", "a", "", true), option("B", "b", "", false)}},
		},
		{
			"Udemy's template", udemy2 + "Is <b>this</b> it?,multi-select,a,yes,b,no,c,*yes*,,,,,,,\"1,3\",In all.,Security\n",
			exam.Question{
				Type: exam.Multiple, Ask: "Is **this** it?", Explanation: "In all.", Category: "Security",
				Options: []exam.Option{option("A", "a", "yes", true), option("B", "b", "no", false), option("C", "c", `\*yes\*`, true)},
			},
		},
		{
			"Udemy's older template", udemy1 + "Which?,multiple-choice,a,b,c,,,,2,In all.,Security\r\n",
			exam.Question{
				Type: exam.Single, Ask: "Which?", Explanation: "In all.", Category: "Security",
				Options: []exam.Option{option("A", "a", "", false), option("B", "b", "", true), option("C", "c", "", false)},
			},
		},
		{
			"Moodle's plugin", "questionname,questiontext,A,B,C,D,Answer 1,Answer 2,answernumbering,correctfeedback,partiallycorrectfeedback,incorrectfeedback,defaultmark\n" +
				"Q1,Which?,a,b,c,d,A,B,ABCD,Right.,Partly.,Wrong.,2\n",
			exam.Question{
				Title: "Q1", Type: exam.Multiple, Ask: "Which?", Points: 2, Replies: exam.Replies{Right: "Right.", Partly: "Partly.", Wrong: "Wrong."},
				Options: []exam.Option{option("A", "a", "", true), option("B", "b", "", true), option("C", "c", "", false), option("D", "d", "", false)},
			},
		},
		{
			"a formula made harmless", "ask,option A,option B,key\n'=1+1,'-1,2,B\n",
			exam.Question{Type: exam.Single, Ask: "=1+1", Options: []exam.Option{option("A", "-1", "", false), option("B", "2", "", true)}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readCSV(tt.file)
			if len(doc.Problems) > 0 || len(doc.Questions) != 1 {
				t.Fatalf("%d questions, problems %v", len(doc.Questions), doc.Problems)
			}
			if diff := cmp.Diff(&tt.want, doc.Questions[0], apart, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +read):\n%s", diff)
			}
			if text := tt.file; !sheet.Known(text) {
				t.Error("the file isn't told to be a table of questions")
			}
		})
	}
}

func TestKahootsWorkbook(t *testing.T) {
	rows := [][]any{
		{}, {"", "Quiz template"}, {"", "Add questions, at least two answers, a time limit and the right answers."}, {},
		{
			"", "Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 - max 75 characters", "Answer 3 - max 75 characters", "Answer 4 - max 75 characters",
			"Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs", "Correct answer(s) - choose at least one",
		},
		{1, "Which spreadsheet tools can read this sheet and export to xlsx format?", "Excel", "Google Docs", "Numbers", "LibreOffice", 60, "1,2,3,4"},
		{2, "Is a < b?", "yes", "no", "", "", 20, 1},
		{3, "Which are even?", 1, 2, 3, 4, 30, "2,4"},
		{4, "Which are odd?", 1, 2, 3, 4, 30, 1.3},
	}
	for n := range 200 {
		rows = append(rows, []any{5 + n})
	}
	doc := sheet.Read(exchange.Source{Name: "kahoot.xlsx", Data: workbook(t, rows, nil)}, nil)
	if len(doc.Questions) != 3 || len(doc.Skipped) != 1 || len(doc.Problems) != 1 || doc.Problems[0].Severity != exchange.Warning {
		t.Fatalf("%d questions, skipped %v, problems %v", len(doc.Questions), doc.Skipped, doc.Problems)
	}
	if got := doc.Skipped[0].Where.String(); got != "kahoot.xlsx (Sheet1!6)" {
		t.Errorf("the example was at %s", got)
	}
	for i, want := range []exam.Type{exam.Single, exam.Multiple, exam.Multiple} {
		if q := doc.Questions[i]; q.Type != want {
			t.Errorf("%q is of the type %s", q.Ask, q.Type)
		}
	}
	if q := doc.Questions[2]; !q.Options[0].Key || q.Options[1].Key || !q.Options[2].Key {
		t.Errorf("a key that the spreadsheet took for a number was read as %v", q.Options)
	}
}

func TestPicturesOnCellsComeAlong(t *testing.T) {
	data := workbook(t, [][]any{{"question", "option A", "option B", "key"}, {"What is it?", "a dot", "", "A"}}, map[string][]byte{"A2": dot, "C2": dot})
	doc := sheet.Read(exchange.Source{Name: "quiz.xlsx", Data: data}, nil)
	if len(doc.Questions) != 1 || len(doc.Media) != 1 {
		t.Fatalf("%d questions, %d images, problems %v", len(doc.Questions), len(doc.Media), doc.Problems)
	}
	q := doc.Questions[0]
	if !strings.Contains(q.Stem+q.Ask, "![](media:") || !strings.HasPrefix(q.Options[1].Text, "![](media:") {
		t.Errorf("the pictures stand as %q and %q", q.Stem+q.Ask, q.Options[1].Text)
	}
}

func TestFaultsLeaveTheRowsAroundThemAlone(t *testing.T) {
	const header = "type,ask,option A,option B,option C,prompt 1,prompt 2,key\n"
	tests := []struct{ name, row, message string }{
		{"no key", "single,Which?,a,b,,,,", "names no right answer"},
		{"a key that is no option", "single,Which?,a,b,,,,C", `"C" names no option`},
		{"no question", "single,,a,b,,,,A", "no question in it"},
		{"an unknown type", "quizzical,Which?,a,b,,,,A", `"quizzical" is no type`},
		{"the same option twice", "single,Which?,a,a,,,,A", "repeats an earlier option"},
		{"the same key twice", "multiple,Which?,a,b,,,,\"A,A\"", "names an option twice"},
		{"one option", "single,Which?,a,,,,,A", "2 to 26 options"},
		{"an order that leaves one out", "ordering,Which?,a,b,c,,,\"A,B\"", "each of the 3 once"},
		{"a prompt without its option", "matching,Which?,a,b,c,p,q,A", "name one for each"},
		{"a statement without its answer", "yes_no,Which?,,,,p,q,yes", "give one for each"},
		{"an answer that is neither", "yes_no,Which?,,,,p,q,\"yes, perhaps\"", "neither yes nor no"},
		{"true or false without options or key", ",Which?,,,,,,B", "neither true nor false"},
		{"a quotation mark within a quoted cell", `single,"Which "one"?",a,b,,,,A`, "inside a quoted cell"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readCSV(header + "single,before,a,b,,,,A\n" + tt.row + "\nsingle,after,a,b,,,,B\n")
			if len(doc.Questions) != 2 || doc.Questions[1].Ask != "after" {
				t.Errorf("%d of the 2 questions around it came in", len(doc.Questions))
			}
			faults := doc.Faults()
			if len(faults) != 1 || !strings.Contains(faults[0].Message, tt.message) || faults[0].Remedy == "" {
				t.Fatalf("faults %v", faults)
			}
			if got := faults[0].Where.String(); got != "quiz.csv:3 (row 3)" {
				t.Errorf("at %s", got)
			}
		})
	}
}

func TestAnUnclosedQuotationMarkCostsOneRow(t *testing.T) {
	doc := readCSV("ask,option A,option B,key\n\"open,a,b,A\n\nafter,a,b,B\n\"two\nlines\",a,b,A\nlast,a,b,A")
	var asked []string
	for _, q := range doc.Questions {
		asked = append(asked, fmt.Sprintf("%d %s", q.Line, q.Ask))
	}
	// The mark that is open closes at the next one, five lines below; what can't be
	// right about that is the text behind it.
	if len(doc.Faults()) == 0 || len(asked) == 0 || asked[len(asked)-1] != "7 last" {
		t.Errorf("%q, faults %v", asked, doc.Faults())
	}
	doc = readCSV("ask,option A,option B,key\n\"open,a,b,A\nafter,a,b,B\nlast,a,b,A")
	if len(doc.Questions) != 2 || len(doc.Faults()) != 1 || doc.Faults()[0].Where.Line != 2 {
		t.Errorf("%d questions, faults %v", len(doc.Questions), doc.Faults())
	}
}

func TestWhatHasNoPlaceIsNamed(t *testing.T) {
	for _, name := range []string{"essay", "Short Answer", "numeric", "Fill in the blank", "poll", "open-ended", "hotspot"} {
		doc := readCSV("type,ask,option A,option B,key\n" + name + ",Why?,,,\n")
		if len(doc.Skipped) != 1 || !strings.Contains(doc.Skipped[0].Reason, name) || len(doc.Questions)+len(doc.Problems) != 0 {
			t.Errorf("%s: skipped %v, problems %v", name, doc.Skipped, doc.Problems)
		}
	}
}

func TestWarnings(t *testing.T) {
	tests := []struct{ name, file, message string }{
		{"a column that isn't known", "ask,option A,option B,key,Colour\nWhich?,a,b,A,red\n", `"Colour"`},
		{"a number out of bounds", "ask,option A,option B,key,difficulty\nWhich?,a,b,A,9\n", "from 1 to 5"},
		{"a weight out of bounds", "ask,option A,option B,key,weight B\nWhich?,a,b,A,900\n", "no percentage"},
		{"an unknown platform", "ask,option A,option B,key,platform\nWhich?,a,b,A,moon\n", "moon"},
		{"a review that isn't one", "ask,option A,option B,key,review\nWhich?,a,b,A,soon\n", "3/2/2026-11-20"},
		{"two keys for one", udemy2 + "Which?,multiple-choice,a,,b,,c,,,,,,,,\"1,2\",,\n", "names 2"},
		{"a missing image", "ask,option A,option B,key\n![x](x.png) Which?,a,b,A\n", "x.png isn't beside the file"},
		{"a script", udemy2 + "Which?<script>alert(1)</script>,multiple-choice,a,,b,,,,,,,,,,1,,\n", "script"},
		{"a case set without its text", "case,ask,option A,option B,key\naws-x,Which?,a,b,A\n", "aws-x isn't in the file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := readCSV(tt.file)
			if len(doc.Questions) != 1 {
				t.Fatalf("%d questions, %v", len(doc.Questions), doc.Problems)
			}
			if len(doc.Problems) != 1 || doc.Problems[0].Severity != exchange.Warning || !strings.Contains(doc.Problems[0].Message, tt.message) {
				t.Errorf("problems %v", doc.Problems)
			}
			if strings.Contains(doc.Questions[0].Ask, "alert(1)") {
				t.Error("the script came in")
			}
		})
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	far := workbook(t, [][]any{{"ask", "option A", "option B", "key"}}, nil)
	tests := []struct {
		name string
		data []byte
	}{
		{"nothing", nil},
		{"no header", []byte("a,b\nc,d\n")},
		{"a NUL", []byte("ask,option A,option B,key\nWhich?,a\x00,b,A\n")},
		{"a zip that is no workbook", []byte("PK\x03\x04 and nothing more")},
		{"half a workbook", far[:len(far)/2]},
		{"a workbook with a password", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...)},
		{"an endless line", bytes.Repeat([]byte("x,"), 1<<21)},
		{"a million quotation marks", bytes.Repeat([]byte("\"\n"), 1<<20)},
		{"a million open cells", append([]byte("ask,option A,option B,key\n"), bytes.Repeat([]byte(",\"x,y\n"), 1<<19)...)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := sheet.Read(exchange.Source{Name: "quiz.csv", Data: tt.data}, nil)
			if len(doc.Questions) != 0 || len(doc.Faults()) == 0 {
				t.Errorf("%d questions, problems %v", len(doc.Questions), doc.Problems)
			}
		})
	}
}

func TestSheetsWithoutQuestionsAreNamed(t *testing.T) {
	book := excelize.NewFile()
	for cell, value := range map[string]string{"A1": "ask", "B1": "option A", "C1": "option B", "D1": "key", "A2": "Which?", "B2": "a", "C2": "b", "D2": "B"} {
		if err := book.SetCellStr("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := book.NewSheet("Notes"); err != nil {
		t.Fatal(err)
	}
	if err := book.SetCellStr("Notes", "A1", "to do"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	doc := sheet.Read(exchange.Source{Name: "quiz.xlsx", Data: b.Bytes()}, nil)
	if len(doc.Questions) != 1 || len(doc.Problems) != 0 || len(doc.Skipped) != 1 || doc.Skipped[0].Where.Name != "Notes" {
		t.Errorf("%d questions, skipped %v, problems %v", len(doc.Questions), doc.Skipped, doc.Problems)
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{
		udemy2 + "Which?,multi-select,a,yes,b,no,c,,,,,,,,\"1,3\",In all.,Security\n", udemy1 + "Which?,multiple-choice,a,b,c,,,,2,,\r\n",
		"sep=;\nask;option A;option B;key\n\"a \"\"b\"\"\nc\";'=x;b;A, B\n", "type\task\tstatement 1\tstatement 2\tkey\nyes_no\ta\tb\tc\tyes, no\n",
		"type,ask,option A,option B,prompt 1,prompt 2,key\nmatching,a,b,c,d,e,\"A,B\"\nordering,a,b,c,,,\"B,A\"\n", "case,case text,text,A,B,Answer 1\nx,y,\"a\n\nb\",c,d,B\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := readCSV(text)
		var file bytes.Buffer
		if err := sheet.WriteCSV(&file, doc.Questions, doc.Media); err != nil {
			t.Fatal(err)
		}
		again := readCSV(file.String())
		if len(again.Questions) != len(doc.Questions) {
			t.Errorf("%d of %d questions came back\n%s\n%v", len(again.Questions), len(doc.Questions), file.String(), again.Problems)
		}
	})
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(workbook(f, [][]any{{"ask", "option A", "option B", "key"}, {"Which?", "a", 2, "B"}}, nil))
	f.Add(workbook(f, [][]any{{"ask", "option A", "option B", "key"}, {"Which?", "a", "", "B"}}, map[string][]byte{"C2": dot}))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc := sheet.Read(exchange.Source{Name: "quiz.xlsx", Data: data}, nil)
		if len(doc.Questions) == 0 && len(doc.Problems)+len(doc.Skipped) == 0 {
			t.Error("nothing came in, and nothing was said")
		}
	})
}

func bigCSV() []byte {
	var b strings.Builder
	b.WriteString(udemy2)
	for i := range 10_000 {
		fmt.Fprintf(&b, "\"<p>A team runs model %d.</p><p>Which <b>service</b>?</p>\",multiple-choice,a,<p>yes</p>,b,no,c,no,d,no,,,,,1,In all.,Security\n", i)
	}
	return []byte(b.String())
}

// BenchmarkReadCSV reads 10,000 questions: 1.2 s on two cores, 53 MB resident.
func BenchmarkReadCSV(b *testing.B) {
	src := exchange.Source{Name: "big.csv", Data: bigCSV()}
	b.ReportAllocs()
	for b.Loop() {
		if doc := sheet.Read(src, nil); len(doc.Questions) != 10_000 {
			b.Fatalf("%d questions, %v", len(doc.Questions), doc.Problems[:1])
		}
	}
}

// BenchmarkReadXLSX reads 10,000 questions: 1 s on two cores, 96 MB resident.
func BenchmarkReadXLSX(b *testing.B) {
	var file bytes.Buffer
	doc := sheet.Read(exchange.Source{Name: "big.csv", Data: bigCSV()}, nil)
	if err := sheet.WriteXLSX(&file, doc.Questions, nil); err != nil {
		b.Fatal(err)
	}
	src := exchange.Source{Name: "big.xlsx", Data: file.Bytes()}
	b.ReportAllocs()
	for b.Loop() {
		if doc := sheet.Read(src, nil); len(doc.Questions) != 10_000 {
			b.Fatalf("%d questions, %v", len(doc.Questions), doc.Problems[:1])
		}
	}
}

// repacked is a workbook with some of its parts replaced.
func repacked(t *testing.T, book []byte, parts map[string][]byte, declare func(*zip.FileHeader)) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		header := f.FileHeader
		if part, ok := parts[f.Name]; ok {
			header = zip.FileHeader{Name: f.Name, Method: zip.Deflate}
			var packed bytes.Buffer
			deflate, err := flate.NewWriter(&packed, flate.BestSpeed)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := deflate.Write(part); err != nil {
				t.Fatal(err)
			}
			if err := deflate.Close(); err != nil {
				t.Fatal(err)
			}
			header.UncompressedSize64, header.CompressedSize64, header.CRC32 = uint64(len(part)), uint64(packed.Len()), crc32.ChecksumIEEE(part)
			declare(&header)
			r = &packed
		}
		w, err := out.CreateRaw(&header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestATextThatManyCellsShareIsBounded keeps a small workbook from becoming gigabytes:
// it stores a text once, however many cells show it.
func TestATextThatManyCellsShareIsBounded(t *testing.T) {
	rows := [][]any{{"ask", "option A", "option B", "key"}}
	for range 3000 {
		rows = append(rows, []any{strings.Repeat("x", 30_000), "a", "b", "A"})
	}
	doc := sheet.Read(exchange.Source{Name: "quiz.xlsx", Data: workbook(t, rows, nil)}, nil)
	if n := len(doc.Questions); n < 2000 || n > 2500 {
		t.Errorf("%d questions came in", n)
	}
	if faults := doc.Faults(); len(faults) != 1 || !strings.Contains(faults[0].Message, "more than 64 MB of text") {
		t.Errorf("faults %v", faults)
	}
}

func TestADamagedSheetIsTold(t *testing.T) {
	const sheet1 = "xl/worksheets/sheet1.xml"
	row := func(ask string) string {
		return "<row>" + cellOf(ask) + cellOf("a") + cellOf("b") + cellOf("A") + "</row>"
	}
	damaged := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>` + cellOf("ask") + cellOf("option A") + cellOf("option B") + cellOf("key") + "</row>" +
		row("One?") + "<row &>" + row("Two?") + "</sheetData></worksheet>"
	book := repacked(t, workbook(t, nil, nil), map[string][]byte{sheet1: []byte(damaged)}, func(*zip.FileHeader) {})
	doc := sheet.Read(exchange.Source{Name: "quiz.xlsx", Data: book}, nil)
	if faults := doc.Faults(); len(doc.Questions) != 1 || len(faults) != 1 || !strings.Contains(faults[0].Message, "damaged") || faults[0].Where.Name != sheet1 {
		t.Errorf("%d questions, faults %v", len(doc.Questions), faults)
	}
}

func cellOf(text string) string { return `<c t="inlineStr"><is><t>` + text + "</t></is></c>" }

func TestATableWithoutRowsIsTold(t *testing.T) {
	doc := sheet.Read(exchange.Source{Name: "quiz.csv", Data: []byte("ask,option A,option B,key\n,,,\n")}, nil)
	if len(doc.Problems) != 1 || doc.Problems[0].Severity != exchange.Warning || !strings.Contains(doc.Problems[0].Message, "no row below") {
		t.Errorf("problems %v", doc.Problems)
	}
}

func TestWorkbooksThatUnpackToTooMuchAreRefused(t *testing.T) {
	book := workbook(t, [][]any{{"ask", "option A", "option B", "key"}, {"Which?", "a", "b", "A"}}, nil)
	const sheet1 = "xl/worksheets/sheet1.xml"
	wide := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c t="inlineStr"><is><t>ask</t></is></c>` +
		`<c t="inlineStr"><is><t>option A</t></is></c><c t="inlineStr"><is><t>option B</t></is></c><c t="inlineStr"><is><t>key</t></is></c></row>` +
		strings.Repeat(`<row><c r="XFD2"><v>1</v></c></row>`, 2000) + `</sheetData></worksheet>`
	tests := []struct {
		name    string
		part    string
		declare func(*zip.FileHeader)
		message string
	}{
		{"a part that says it is huge", "<worksheet/>", func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 40 }, "larger than"},
		{"a part that says it is small", strings.Repeat(" ", 1<<20), func(h *zip.FileHeader) { h.UncompressedSize64 = 10 }, "no row names"},
		{"rows that begin in the last column", wide, func(*zip.FileHeader) {}, "more than"},
		{"entities", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`, func(*zip.FileHeader) {}, "no row names"},
		{"no XML", strings.Repeat("<row>", 1<<16), func(*zip.FileHeader) {}, ""},
	}
	styles := repacked(t, book, map[string][]byte{"xl/styles.xml": []byte("<styleSheet/>")}, func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 24 })
	if doc := sheet.Read(exchange.Source{Name: "quiz.xlsx", Data: styles}, nil); len(doc.Faults()) != 1 || !strings.Contains(doc.Faults()[0].Message, "xl/styles.xml") {
		t.Errorf("huge styles: %v", doc.Problems)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := repacked(t, book, map[string][]byte{sheet1: []byte(tt.part)}, tt.declare)
			doc := sheet.Read(exchange.Source{Name: "quiz.xlsx", Data: data}, nil)
			faults := doc.Faults()
			if len(doc.Questions) != 0 || len(faults) == 0 {
				t.Fatalf("%d questions, problems %v", len(doc.Questions), doc.Problems)
			}
			if said := faults[len(faults)-1].Message; !strings.Contains(said, tt.message) {
				t.Errorf("said %q", said)
			}
		})
	}
}
