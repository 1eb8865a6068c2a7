package exchange_test

import (
	"strings"
	"testing"

	"sextant/internal/exam"
	"sextant/internal/exchange"
)

func TestAQuestionWithoutAnEndIsRefused(t *testing.T) {
	doc := &exchange.Document{}
	where := exchange.Place{File: "quiz.csv", Line: 2}
	q := &exam.Question{Type: exam.Single, Ask: strings.Repeat("x", exchange.MaxQuestionBytes), Options: []exam.Option{{ID: "A", Text: "a", Key: true}, {ID: "B", Text: "b"}}}
	if doc.Add(where, q) || len(doc.Questions)+len(doc.Broken) != 0 {
		t.Error("a question of over a megabyte came in")
	}
	if faults := doc.Faults(); len(faults) != 1 || faults[0].Where != where || !strings.Contains(faults[0].Message, "1 MB of text") {
		t.Errorf("faults %v", faults)
	}
	q.Ask = strings.Repeat("x", exchange.MaxQuestionBytes-2)
	if !doc.Add(where, q) {
		t.Errorf("a question of a megabyte was refused: %v", doc.Problems)
	}
}
