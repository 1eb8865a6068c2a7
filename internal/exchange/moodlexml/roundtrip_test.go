package moodlexml_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/moodlexml"
	"sextant/internal/exchange/samples"
	embedded "sextant/questions"
)

// apart are the fields that belong to the place a question is kept at.
var apart = cmpopts.IgnoreFields(exam.Question{}, "File", "Line", "Bank", "Revision")

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func written(t failer, questions []*exam.Question, media map[string]exchange.Media) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := moodlexml.Write(&file, questions, media); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return file.Bytes()
}

func thereAndBack(t failer, questions []*exam.Question, media map[string]exchange.Media) *exchange.Document {
	t.Helper()
	file := written(t, questions, media)
	doc := moodlexml.Read(exchange.Source{Name: "bank.xml", Data: file}, nil)
	if len(doc.Problems) > 0 || len(doc.Skipped) > 0 {
		t.Fatalf("problems %v, skipped %v\n%s", doc.Problems, doc.Skipped, file)
	}
	if diff := cmp.Diff(questions, doc.Questions, apart, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("(-written +read):\n%s\n%s", diff, file)
	}
	return doc
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		questions := samples.Questions(t)
		thereAndBack(t, questions, nil)
		decoder := xml.NewDecoder(bytes.NewReader(written(t, questions, nil)))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("the file is no XML: %v", err)
			}
		}
	})
}

func TestTheEmbeddedBankReadsBackTheSame(t *testing.T) {
	b, _ := bank.Load(embedded.Bank(), exam.BuiltIn)
	if len(b.Questions) < 100 {
		t.Fatalf("the bank has %d questions", len(b.Questions))
	}
	thereAndBack(t, b.Questions, nil)
}

// TestMoodlesOwnPassageKeepsTheCore takes the element away that Moodle passes
// over, which is what a file has lost that went through Moodle.
func TestMoodlesOwnPassageKeepsTheCore(t *testing.T) {
	b, _ := bank.Load(embedded.Bank(), exam.BuiltIn)
	file := string(written(t, b.Questions, nil))
	var through strings.Builder
	for file != "" {
		before, rest, _ := strings.Cut(file, "    <sextant>\n")
		through.WriteString(before)
		_, file, _ = strings.Cut(rest, "    </sextant>\n")
	}
	doc := moodlexml.Read(exchange.Source{Name: "bank.xml", Data: []byte(through.String())}, nil)
	same := 0
	for i, q := range doc.Questions {
		if cmp.Equal(b.Questions[i], q, apart, cmpopts.EquateEmpty()) {
			same++
		}
	}
	if len(doc.Questions) != len(b.Questions) || same < len(b.Questions)*9/10 {
		t.Errorf("%d of %d questions come back, %d of them the same", len(doc.Questions), len(b.Questions), same)
	}
}
