package gift_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/gift"
	"sextant/internal/exchange/samples"
	embedded "sextant/questions"
)

// apart are the fields that belong to the place a question is kept at.
var apart = cmpopts.IgnoreFields(exam.Question{}, "File", "Line", "Bank", "Revision")

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func thereAndBack(t failer, questions []*exam.Question, media map[string]exchange.Media) *exchange.Document {
	t.Helper()
	var file bytes.Buffer
	if err := gift.Write(&file, questions, media); err != nil {
		t.Fatalf("Write: %v", err)
	}
	doc := gift.Read(exchange.Source{Name: "bank.gift", Data: file.Bytes()}, nil)
	if len(doc.Problems) > 0 || len(doc.Skipped) > 0 {
		t.Fatalf("problems %v, skipped %v\n%s", doc.Problems, doc.Skipped, file.Bytes())
	}
	if diff := cmp.Diff(questions, doc.Questions, apart, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("(-written +read):\n%s\n%s", diff, file.Bytes())
	}
	return doc
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { thereAndBack(t, samples.Questions(t), nil) })
}

func TestTheEmbeddedBankReadsBackTheSame(t *testing.T) {
	b, _ := bank.Load(embedded.Bank(), exam.BuiltIn)
	if len(b.Questions) < 100 {
		t.Fatalf("the bank has %d questions", len(b.Questions))
	}
	thereAndBack(t, b.Questions, nil)
}

func TestImagesAreWrittenIntoTheTexts(t *testing.T) {
	doc := &exchange.Document{}
	key, err := doc.AddMedia("dot.png", dot)
	if err != nil {
		t.Fatal(err)
	}
	picture := "![a dot](" + exchange.MediaScheme + key + ")"
	q := &exam.Question{ID: "with-image", Type: exam.Single, Stem: picture, Ask: "What is it?", Options: []exam.Option{
		{ID: "A", Text: picture, Key: true, Rationale: picture}, {ID: "B", Text: "a line"},
	}}
	back := thereAndBack(t, []*exam.Question{q}, doc.Media)
	if got := back.Media[key]; !bytes.Equal(got.Data, dot) || got.Type != "image/png" {
		t.Errorf("the image came back as %v", got)
	}
}
