package intake_test

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"sextant/internal/exchange"
	"sextant/internal/exchange/intake"
)

// bankOf is a file of n questions in GIFT, about 1.6 kB each.
func bankOf(n int) []byte {
	const words = "The endpoint serves a model that was trained on last month's orders, and its latency rises with every batch. "
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "// [id:q%d] [tag:latency]\n::Question %d:: %s\nWhich change %d helps? {\n", i, i, strings.Repeat(words, 5), i)
		for k, sign := range []string{"=", "~", "~", "~"} {
			fmt.Fprintf(&b, "%sChange number %d of %d #%s\n", sign, k, i, words)
		}
		fmt.Fprintf(&b, "####%s\n}\n\n", words)
	}
	return []byte(b.String())
}

const (
	benchQuestions = 10_000
	maxHeapBytes   = 300 << 20
)

// BenchmarkRead reads ten thousand questions and gives them ids: 1.1 s of
// processor time and 125 MB of heap; 60 s and 300 MB are the bounds for a whole
// import, which takes 10 s and 200 MB with the database.
func BenchmarkRead(b *testing.B) {
	data := bankOf(benchQuestions)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		documents := intake.Read(context.Background(), []exchange.Source{{Name: "quiz.gift", Data: data}}, nil)
		if n := len(documents[0].Questions); n != benchQuestions {
			b.Fatalf("%d questions", n)
		}
		exchange.AssignIDs("bench", documents[0].Questions, nil)
		b.ReportMetric(float64(heapInUse(b))/(1<<20), "MB-heap")
		runtime.KeepAlive(documents)
	}
}

// heapInUse is the memory that the program's objects and the gaps between them
// take, in bytes.
func heapInUse(tb testing.TB) uint64 {
	tb.Helper()
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	metrics.Read(samples)
	total := samples[0].Value.Uint64() + samples[1].Value.Uint64()
	if total > maxHeapBytes {
		tb.Fatalf("%d MB of heap", total>>20)
	}
	return total
}
