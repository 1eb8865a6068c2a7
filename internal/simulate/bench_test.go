package simulate

import "testing"

// BenchmarkLearners plays adaptive sittings of at most 24 questions on the
// built-in bank, reports and hidden exams included: 300 learners a second on two
// cores when it was written.
func BenchmarkLearners(b *testing.B) {
	builtIn(b)
	for b.Loop() {
		run(b, func(o *Options) { o.Learners = 2 * round })
	}
	b.ReportMetric(float64(2*round*b.N)/b.Elapsed().Seconds(), "learners/s")
}
