package native_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/native"
)

func TestFitMovesWhatHasNoPlace(t *testing.T) {
	q := &exam.Question{
		Type: exam.Ordering, Ask: "Which order?\r\n", Title: " The\torder ", Explanation: "As it\x00 is.", Points: math.NaN(),
		Options:    []exam.Option{{ID: "A", Text: "then", Place: 2, Weight: 400}, {ID: "B", Text: "first", Place: 1}},
		References: []exam.Reference{{Title: "Manual", URL: "http://example.com/a"}, {Title: "Guide", URL: "https://example.com/b"}},
		Services:   []string{"Amazon S3", "amazon-s3"}, Domains: map[exam.Code]exam.DomainID{"mla c02": "1", "MLA-C02": "1"}, FactsAsOf: "last year",
		Review: exam.Review{Solved: 2}, Tags: []string{"a", " a ", ""},
	}
	d := &exchange.Document{Questions: []*exam.Question{q}}
	native.Fit(d)
	want := &exam.Question{
		Type: exam.Ordering, Ask: "Which order?", Title: "The order", Explanation: "As it is.\n\nSee Manual http://example.com/a",
		Options:    []exam.Option{{ID: "A", Text: "first", Place: 1}, {ID: "B", Text: "then", Place: 2}},
		References: []exam.Reference{{Title: "Guide", URL: "https://example.com/b"}},
		Services:   []string{"amazon-s3"}, Domains: map[exam.Code]exam.DomainID{"MLA-C02": "1"}, Tags: []string{"a", "Amazon S3"},
	}
	if diff := cmp.Diff([]*exam.Question{want}, d.Questions, ignored); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(d.Problems) != 7 || len(d.Faults()) != 0 {
		t.Errorf("%d problems: %v", len(d.Problems), d.Problems)
	}
}

func TestFitRefusesBlanks(t *testing.T) {
	d := &exchange.Document{Questions: []*exam.Question{{Type: exam.Single, Ask: "\u0007", Options: []exam.Option{{ID: "A", Text: "a", Key: true}, {ID: "B", Text: "a "}}}}}
	native.Fit(d)
	if len(d.Questions) != 0 || len(d.Faults()) != 2 {
		t.Errorf("%d questions, faults %v", len(d.Questions), d.Faults())
	}
}

// Whatever a reader makes of a file, a bank can hold it once it fits.
func TestWhatFitsCanBeStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", " ", "\x00", "\u0085x", "a\r\rb\u2028c", "\xff", "\n\n    code", "\ufeff"}))
		q := anyQuestion(t, "quiz-1", "")
		q.Stimulus = &exam.Stimulus{ID: "quiz-case", Title: text.Draw(t, "case"), Text: text.Draw(t, "case text")}
		for _, to := range exchange.Texts(q) {
			*to += text.Draw(t, "text")
		}
		for _, to := range []*string{&q.Title, &q.Category, &q.SourceID, &q.FactsAsOf, (*string)(&q.Skill), &q.DifficultyReason} {
			*to += text.Draw(t, "line")
		}
		q.References = append(q.References, exam.Reference{Title: text.Draw(t, "title"), URL: "https://example.com/" + text.Draw(t, "address")})
		q.Services, q.Enemies, q.Tags = []string{text.Draw(t, "service")}, []string{text.Draw(t, "enemy")}, rapid.SliceOfN(text, 0, 60).Draw(t, "tags")
		q.Domains = map[exam.Code]exam.DomainID{exam.Code(text.Draw(t, "code")): exam.DomainID(text.Draw(t, "domain")), "DP-100": "1"}
		q.Points = rapid.Float64().Draw(t, "points")
		d := &exchange.Document{Questions: []*exam.Question{q}}
		native.Fit(d)
		for _, q := range d.Questions {
			data, err := bank.Encode(q)
			if err != nil {
				t.Fatal(err)
			}
			read, remarks := bank.ParseFilesWith([]bank.File{{Name: "quiz-1.yaml", Data: data}}, "b", func(string) bool { return true })
			if bank.HasErrors(remarks) {
				t.Fatalf("%v\n%s", remarks, data)
			}
			if diff := cmp.Diff(d.Questions, read.Questions, ignored); diff != "" {
				t.Fatalf("(-fitted +stored):\n%s", diff)
			}
		}
	})
}
