package simulate

import (
	"context"
	"testing"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/questions"
)

func builtIn(t testing.TB) *readiness.Model {
	t.Helper()
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	b, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	m, err := readiness.NewModel(cat, b.Questions)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// BenchmarkLearner is one adaptive sitting of 24 questions with its report.
func BenchmarkLearner(b *testing.B) {
	m := builtIn(b)
	for b.Loop() {
		_, err := Run(context.Background(), m, Options{Exams: []exam.Code{"MLA-C02"}, Items: 24, Learners: 64, Seed: 1, Selector: Adaptive, Truth: ModelTruth()})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(64*b.N)/b.Elapsed().Seconds(), "learners/s")
}
