package qti_test

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
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/qti"
	"sextant/internal/exchange/samples"
	embedded "sextant/questions"
)

var (
	// apart are the fields that belong to the place a question is kept at.
	apart = cmpopts.IgnoreFields(exam.Question{}, "File", "Line", "Bank", "Revision")
	exact = cmp.Options{apart, cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-6)}
)

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func written(t failer, v qti.Version, questions []*exam.Question, media map[string]exchange.Media) *archive.Archive {
	t.Helper()
	var file bytes.Buffer
	if err := qti.WritePackage(&file, v, questions, media); err != nil {
		t.Fatalf("WritePackage: %v", err)
	}
	a, err := archive.Open(file.Bytes())
	if err != nil {
		t.Fatalf("the package can't be opened: %v", err)
	}
	return a
}

// normal is a question with its texts in the form in which HTML gives them back.
func normal(q *exam.Question) *exam.Question {
	c := *q
	c.Options = append([]exam.Option(nil), q.Options...)
	c.Prompts = append([]exam.Prompt(nil), q.Prompts...)
	c.Statements = append([]exam.Statement(nil), q.Statements...)
	if q.Stimulus != nil {
		s := *q.Stimulus
		c.Stimulus = &s
	}
	for _, text := range exchange.Texts(&c) {
		*text = exchange.CleanText(markup.Normal(*text))
	}
	return &c
}

func thereAndBack(t failer, v qti.Version, questions []*exam.Question, media map[string]exchange.Media) *exchange.Document {
	t.Helper()
	a := written(t, v, questions, media)
	doc := qti.ReadPackage(a, "bank.zip")
	if len(doc.Problems) > 0 || len(doc.Skipped) > 0 {
		t.Fatalf("problems %v, skipped %v\n%s", doc.Problems, doc.Skipped, contents(a))
	}
	var want []*exam.Question
	for _, q := range questions {
		want = append(want, normal(q))
	}
	if diff := cmp.Diff(want, doc.Questions, exact); diff != "" {
		t.Fatalf("(-written +read):\n%s\n%s", diff, contents(a))
	}
	return doc
}

// contents are the files of a small package, for messages.
func contents(a *archive.Archive) string {
	var out strings.Builder
	for _, name := range a.Names() {
		if len(a.Names()) > 10 && strings.HasPrefix(name, "items/") {
			continue
		}
		data, _ := a.Read(name)
		out.WriteString("--- " + name + "\n" + string(data[:min(len(data), 4000)]) + "\n")
	}
	return out.String()
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	for _, v := range []qti.Version{qti.V22, qti.V30} {
		t.Run(string(v), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				questions := samples.Questions(t)
				visible(questions)
				thereAndBack(t, v, questions, nil)
				a := written(t, v, questions, nil)
				for _, name := range a.Names() {
					data, err := a.Read(name)
					if err != nil {
						t.Fatalf("%v", err)
					}
					if err := wellFormed(data); err != nil {
						t.Fatalf("%s is no XML: %v", name, err)
					}
				}
			})
		})
	}
}

// visible gives the parts that hold nothing but markup that isn't shown, and so
// isn't written, a text, and options that differ in such markup alone another.
func visible(questions []*exam.Question) {
	for _, q := range questions {
		n := normal(q)
		if n.Ask == "" {
			q.Ask = "Which?"
		}
		seen := map[string]bool{"": true}
		for i, o := range n.Options {
			if seen[o.Text] {
				q.Options[i].Text = "option " + string(o.ID)
			}
			seen[o.Text] = true
		}
		for i, p := range n.Prompts {
			if p.Text == "" {
				q.Prompts[i].Text = "prompt"
			}
		}
		for i, s := range n.Statements {
			if s.Text == "" {
				q.Statements[i].Text = "statement"
			}
		}
	}
}

func wellFormed(data []byte) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestTheEmbeddedBankReadsBackTheSame(t *testing.T) {
	b, _ := bank.Load(embedded.Bank(), exam.BuiltIn)
	if len(b.Questions) < 100 {
		t.Fatalf("the bank has %d questions", len(b.Questions))
	}
	for _, v := range []qti.Version{qti.V22, qti.V30} {
		t.Run(string(v), func(t *testing.T) {
			thereAndBack(t, v, b.Questions, nil)
			if losses := qti.Losses(b.Questions); losses != nil {
				t.Errorf("losses %v", losses)
			}
		})
	}
}
