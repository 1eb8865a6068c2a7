package outcome

import (
	"cmp"
	"math"
	"slices"

	"sextant/internal/exam"
	"sextant/internal/measure"
)

// When results are shown. An exam's are counted in steps of PerExam, so that no single
// one shows as it is told or taken back.
const (
	PerExam  = 5  // results an exam needs to be listed by itself
	MinTally = 20 // results in all, before any figure is shown
	MinScore = 50 // results in all, before predictions are scored
)

// Tally is how results came out against what was expected, counted so that nobody can
// be recognised.
type Tally struct {
	Told   int // first attempts that can be held against what was expected
	Exams  []ExamTally
	Others ExamTally // exams with fewer than PerExam results, together; Results 0 where there are too few of them too
	All    ExamTally // the exams listed and the others
	Bins   []Bin     // by what was expected, the lowest first; nil below MinTally
	Score  *Score    // nil below MinScore
}

// ExamTally is the results of one exam, or of several.
type ExamTally struct {
	Exam     exam.Code
	Results  int
	Passed   int
	Expected float64 // passes: the sum of the probabilities
	Low      float64 // and its 90 % range, from chance alone
	High     float64
}

// Bin is results that were expected about alike.
type Bin struct {
	Results, Passed  int
	Expected         float64 // mean probability of passing
	Share, Low, High float64 // who passed, with Wilson's 90 % interval
}

// Score is how right the probabilities were.
type Score struct {
	Results int
	Brier   float64 // mean squared error of the probabilities, 0 is best
	Base    float64 // the same of the share who passed, told of everybody
	// Intercept is by how many logits the true chances lie above the predicted ones,
	// were they all off alike, with its 90 % interval (logistic recalibration with the
	// slope fixed at 1; Cox 1958).
	Intercept, Low, High float64
}

// Count tallies what people told. codes is the order of the exams.
func Count(results []Result, codes []exam.Code) Tally {
	first := First(results)
	t := Tally{Told: len(first)}
	if t.Told < MinTally {
		return t
	}
	var counted, rest []Result
	for _, code := range codes {
		var own []Result
		for i := range first {
			if first[i].Exam == code {
				own = append(own, first[i])
			}
		}
		whole := len(own) / PerExam * PerExam
		if whole == 0 {
			rest = append(rest, own...)
			continue
		}
		counted = append(counted, own[:whole]...)
		t.Exams = append(t.Exams, tally(code, own[:whole]))
	}
	slices.SortStableFunc(rest, func(a, b Result) int { return cmp.Or(a.Told.Compare(b.Told), cmp.Compare(a.ID, b.ID)) })
	rest = rest[:len(rest)/PerExam*PerExam]
	t.Others = tally("", rest)
	counted = append(counted, rest...)
	t.All = tally("", counted)
	if len(counted) >= MinTally {
		t.Bins = bins(counted)
	}
	if len(counted) >= MinScore {
		t.Score = score(counted)
	}
	return t
}

func tally(code exam.Code, results []Result) ExamTally {
	t := ExamTally{Exam: code, Results: len(results)}
	variance := 0.0
	for i := range results {
		p := results[i].Expected.Pass
		t.Expected += p
		variance += p * (1 - p)
		if results[i].Passed {
			t.Passed++
		}
	}
	half := measure.IntervalZ * math.Sqrt(variance)
	t.Low, t.High = max(0, t.Expected-half), min(float64(t.Results), t.Expected+half)
	return t
}

// perBin is how many results a bin has at least, and maxBins how many bins there are
// at most.
const (
	perBin  = 10
	maxBins = 5
)

// bins sorts results by what was expected and cuts them into parts of about one size.
func bins(results []Result) []Bin {
	list := slices.Clone(results)
	slices.SortStableFunc(list, func(a, b Result) int { return cmp.Compare(a.Expected.Pass, b.Expected.Pass) })
	n := min(maxBins, len(list)/perBin)
	found := make([]Bin, n)
	for i := range found {
		part := list[len(list)*i/n : len(list)*(i+1)/n]
		t := tally("", part)
		b := Bin{Results: t.Results, Passed: t.Passed, Expected: t.Expected / float64(t.Results)}
		b.Share, b.Low, b.High = measure.Wilson(b.Passed, b.Results)
		found[i] = b
	}
	return found
}

// surest bounds probabilities where their logits are taken.
const surest = 0.999

func score(results []Result) *Score {
	s := &Score{Results: len(results)}
	logits := make([]float64, len(results))
	passed := 0.0
	for i := range results {
		p := results[i].Expected.Pass
		y := hit(results[i].Passed)
		s.Brier += (p - y) * (p - y) / float64(len(results))
		passed += y
		p = min(surest, max(1-surest, p))
		logits[i] = math.Log(p / (1 - p))
	}
	base := passed / float64(len(results))
	s.Base = base * (1 - base)
	information := 0.0
	for range 50 { // Newton's steps; the likelihood is concave in the intercept
		gradient := 0.0
		information = 0
		for i := range results {
			p := 1 / (1 + math.Exp(-logits[i]-s.Intercept))
			gradient += hit(results[i].Passed) - p
			information += p * (1 - p)
		}
		step := max(-1, min(1, gradient/information))
		if s.Intercept = max(-10, min(10, s.Intercept+step)); math.Abs(step) < 1e-9 {
			break
		}
	}
	half := measure.IntervalZ / math.Sqrt(information)
	s.Low, s.High = s.Intercept-half, s.Intercept+half
	return s
}

func hit(passed bool) float64 {
	if passed {
		return 1
	}
	return 0
}
