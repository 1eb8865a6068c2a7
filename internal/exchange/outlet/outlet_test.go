package outlet_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/intake"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/outlet"
	"sextant/questions"
)

// normal is a question with its texts in the normal form of Markdown, to which
// the formats that write HTML bring them. It is a copy.
func normal(q *exam.Question) *exam.Question {
	n := *q
	n.Options, n.Prompts, n.Statements = slices.Clone(q.Options), slices.Clone(q.Prompts), slices.Clone(q.Statements)
	if q.Stimulus != nil {
		set := *q.Stimulus
		n.Stimulus = &set
	}
	for _, text := range exchange.Texts(&n) {
		*text = markup.Normal(*text)
	}
	return &n
}

// What is written is recognised for what it is and read back the same: all of the
// embedded bank, also where other systems would lose something of it.
func TestEveryFormatBringsTheBankBack(t *testing.T) {
	builtin, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	for _, target := range outlet.Targets() {
		if target.Format == exchange.Aiken {
			continue
		}
		t.Run(target.Name, func(t *testing.T) {
			var out bytes.Buffer
			if err := target.Write(&out, builtin.Questions, nil); err != nil {
				t.Fatal(err)
			}
			documents := intake.Read(context.Background(), []exchange.Source{{Name: "bank", Data: out.Bytes()}}, nil)
			if len(documents) != 1 || documents[0].Format != target.Format {
				t.Fatalf("read as %d documents, the first of %s", len(documents), documents[0].Format)
			}
			if faults := documents[0].Faults(); len(faults) > 0 {
				t.Errorf("faults: %v", faults)
			}
			exchange.AssignIDs("builtin", documents[0].Questions, nil)
			got := map[exam.QuestionID]*exam.Question{}
			for _, q := range documents[0].Questions {
				got[q.ID] = normal(q)
			}
			for _, q := range builtin.Questions {
				if diff := cmp.Diff(normal(q), got[q.ID], cmpopts.EquateEmpty(), cmpopts.IgnoreFields(exam.Question{}, "Bank", "Revision", "File", "Line")); diff != "" {
					t.Errorf("%s (-written +read):\n%s", q.ID, diff)
				}
			}
		})
	}
}

// Aiken holds the question, its options and one key.
func TestAikenBringsBackWhatItHolds(t *testing.T) {
	builtin, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	target, _ := outlet.Find("aiken")
	lost := target.Losses(builtin.Questions)
	var out bytes.Buffer
	if err := target.Write(&out, builtin.Questions, nil); err != nil {
		t.Fatal(err)
	}
	documents := intake.Read(context.Background(), []exchange.Source{{Name: "bank", Data: out.Bytes()}}, nil)
	if len(lost) == 0 || len(documents) != 1 || documents[0].Format != exchange.Aiken || len(documents[0].Faults()) > 0 || len(documents[0].Questions) < 100 {
		t.Errorf("%d losses, %d documents, the first of %s with faults %v", len(lost), len(documents), documents[0].Format, documents[0].Faults())
	}
}

func TestTargetsAreFoundByTheirNames(t *testing.T) {
	for _, target := range outlet.Targets() {
		found, ok := outlet.Find(target.Name)
		if !ok || found.Format != target.Format || !strings.HasPrefix(target.Extension, ".") {
			t.Errorf("%s: %+v", target.Name, found)
		}
	}
	if _, ok := outlet.Find("word"); ok {
		t.Error("there is a target Word")
	}
}
