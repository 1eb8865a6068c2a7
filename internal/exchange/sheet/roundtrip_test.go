package sheet_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/samples"
	"sextant/internal/exchange/sheet"
	embedded "sextant/questions"
)

// apart are the fields that belong to the place a question is kept at.
var apart = cmpopts.IgnoreFields(exam.Question{}, "File", "Line", "Bank", "Revision")

// dot is a PNG of one pixel.
var dot, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

type writer func(io.Writer, []*exam.Question, map[string]exchange.Media) error

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func thereAndBack(t failer, write writer, questions []*exam.Question, media map[string]exchange.Media) *exchange.Document {
	t.Helper()
	var file bytes.Buffer
	if err := write(&file, questions, media); err != nil {
		t.Fatalf("writing: %v", err)
	}
	doc := sheet.Read(exchange.Source{Name: "bank", Data: file.Bytes()}, nil)
	if len(doc.Problems) > 0 || len(doc.Skipped) > 0 {
		t.Fatalf("problems %v, skipped %v", doc.Problems, doc.Skipped)
	}
	if diff := cmp.Diff(questions, doc.Questions, apart, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("(-written +read):\n%s", diff)
	}
	return doc
}

func TestWhatIsWrittenAsCSVReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { thereAndBack(t, sheet.WriteCSV, samples.Questions(t), nil) })
}

func TestWhatIsWrittenAsXLSXReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { thereAndBack(t, sheet.WriteXLSX, samples.Questions(t), nil) })
}

func TestTheEmbeddedBankReadsBackTheSame(t *testing.T) {
	b, _ := bank.Load(embedded.Bank(), exam.BuiltIn)
	if len(b.Questions) < 100 {
		t.Fatalf("the bank has %d questions", len(b.Questions))
	}
	thereAndBack(t, sheet.WriteCSV, b.Questions, nil)
	thereAndBack(t, sheet.WriteXLSX, b.Questions, nil)
}

func withImage(t *testing.T) (*exam.Question, *exchange.Document) {
	t.Helper()
	doc := &exchange.Document{}
	key, err := doc.AddMedia("dot.png", dot)
	if err != nil {
		t.Fatal(err)
	}
	picture := "![a dot](" + exchange.MediaScheme + key + ")"
	return &exam.Question{ID: "with-image", Type: exam.Single, Stem: picture, Ask: "What is it?", Options: []exam.Option{
		{ID: "A", Text: "a dot", Key: true, Rationale: picture}, {ID: "B", Text: "a line"},
	}}, doc
}

func TestAWorkbookHoldsImages(t *testing.T) {
	q, doc := withImage(t)
	plain := &exam.Question{ID: "without", Type: exam.Single, Ask: "Is it?", Options: []exam.Option{{ID: "A", Text: "a", Key: true}, {ID: "B", Text: "b"}}}
	back := thereAndBack(t, sheet.WriteXLSX, []*exam.Question{plain, q, plain2(plain)}, doc.Media)
	if len(back.Media) != 1 {
		t.Errorf("%d images came back", len(back.Media))
	}
	if losses := sheet.LossesXLSX([]*exam.Question{q}); len(losses) != 0 {
		t.Errorf("losses %v", losses)
	}
}

func plain2(q *exam.Question) *exam.Question {
	second := *q
	second.ID = "without-2"
	return &second
}

func TestImagesOfACSVFileLieBesideIt(t *testing.T) {
	q, doc := withImage(t)
	if losses := sheet.LossesCSV([]*exam.Question{q}); len(losses) != 1 || losses[0].Question != q.ID {
		t.Errorf("losses %v", losses)
	}
	var file bytes.Buffer
	if err := sheet.WriteCSV(&file, []*exam.Question{q}, doc.Media); err != nil {
		t.Fatal(err)
	}
	src := exchange.Source{Name: "bank.csv", Data: file.Bytes()}
	with := sheet.Read(src, func(name string) ([]byte, bool) {
		m, ok := doc.Media[strings.TrimPrefix(name, "media/")]
		return m.Data, ok
	})
	if diff := cmp.Diff([]*exam.Question{q}, with.Questions, apart, cmpopts.EquateEmpty()); diff != "" || len(with.Media) != 1 {
		t.Errorf("%d images (-written +read):\n%s", len(with.Media), diff)
	}
	without := sheet.Read(src, nil)
	if len(without.Questions) != 1 || strings.Contains(without.Questions[0].Stem, "media:") || len(without.Problems) != 1 {
		t.Errorf("without its image: %v, problems %v", without.Questions, without.Problems)
	}
}

func TestNoCellOfAnExportIsAFormula(t *testing.T) {
	harmful := []string{"=1+1", "+1", "-1", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0"}
	q := &exam.Question{ID: "harmful", Type: exam.Single, Stem: harmful[0], Ask: harmful[1], Explanation: harmful[2], Remember: harmful[3], Title: harmful[4], Options: []exam.Option{
		{ID: "A", Text: harmful[5], Key: true}, {ID: "B", Text: "harmless"},
	}}
	thereAndBack(t, sheet.WriteCSV, []*exam.Question{q}, nil)
	thereAndBack(t, sheet.WriteXLSX, []*exam.Question{q}, nil)
	var file bytes.Buffer
	if err := sheet.WriteCSV(&file, []*exam.Question{q}, nil); err != nil {
		t.Fatal(err)
	}
	for _, cell := range strings.FieldsFunc(file.String(), func(r rune) bool { return r == ',' || r == '\n' }) {
		if strings.IndexAny(strings.Trim(cell, "\"\r"), "=+-@") == 0 {
			t.Errorf("the cell %s is a formula", cell)
		}
	}
	file.Reset()
	if err := sheet.WriteXLSX(&file, []*exam.Question{q}, nil); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"A2", "D2", "E2", "F2", "G2", "H2"} {
		if formula, err := book.GetCellFormula("Questions", name); formula != "" || err != nil {
			t.Errorf("%s holds the formula %q (%v)", name, formula, err)
		}
	}
}

func TestAWorkbookExplainsItself(t *testing.T) {
	q, _ := withImage(t)
	var file bytes.Buffer
	if err := sheet.WriteXLSX(&file, []*exam.Question{q}, nil); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Questions", "Columns"}, book.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +written):\n%s", diff)
	}
	panes, err := book.GetPanes("Questions")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header row isn't frozen: %+v, %v", panes, err)
	}
	rows, err := book.GetRows("Columns")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if len(row) != 2 || row[1] == "" {
			t.Errorf("the column %v isn't explained", row)
			continue
		}
		if !strings.Contains(sheet.Guide, "`"+row[0]+"`") {
			t.Errorf("the guide doesn't name the column %s", row[0])
		}
	}
}

func TestWhatACellCannotHoldIsNamed(t *testing.T) {
	q, _ := withImage(t)
	q.Stem = strings.Repeat("long ", 8000)
	losses := sheet.LossesXLSX([]*exam.Question{q})
	if len(losses) != 1 || !strings.Contains(losses[0].What, "stem") {
		t.Errorf("losses %v", losses)
	}
}
