package bank

import (
	"math"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// testwiseMargin is how far a strategy's score may lie from chance.
const testwiseMargin = 0.05

// z95 is the two-sided 95 % point of the normal distribution.
const z95 = 1.959964

// TestwiseScope is how the strategies do over one set of questions.
type TestwiseScope struct {
	Code       exam.Code // "" for the whole bank
	Strategies []Strategy
}

// Strategy is a way of answering without knowing the subject. It picks as many
// options as there are keys; its score on a question is the expected share of
// keys among its picks, ties broken evenly.
type Strategy struct {
	Name      string  // "longest", "echo", "detail", "no-absolutes", "middle"
	Label     string  // completes "choosing …"
	Items     int     // single choices and multiple responses scored
	Score     float64 // mean, 0 to 1
	Chance    float64 // what picking blindly scores on the same questions
	Low, High float64 // 95 % Wilson interval of Score, conservative where questions have several keys
	Pays      bool    // Score is more than 5 points above Chance
}

// liking is a strategy's rule: the higher, the sooner the option is picked.
type liking func(q *exam.Question, stem map[string]bool, i int) float64

var strategies = []struct {
	name, label string
	like        liking
}{
	{"longest", "the longest option", func(q *exam.Question, _ map[string]bool, i int) float64 { return float64(length(q.Options[i].Text)) }},
	{"echo", "the option that repeats most words of the scenario", func(q *exam.Question, stem map[string]bool, i int) float64 {
		return float64(echo(q.Options[i].Text, stem))
	}},
	{"detail", "the option with most commas and numbers", func(q *exam.Question, _ map[string]bool, i int) float64 { return float64(details(q.Options[i].Text)) }},
	{"no-absolutes", "an option without always, only, must, never or all", func(q *exam.Question, _ map[string]bool, i int) float64 {
		if len(absolutes(q.Options[i].Text)) > 0 {
			return 0
		}
		return 1
	}},
	{"middle", "an option in the middle of the list as written", func(q *exam.Question, _ map[string]bool, i int) float64 {
		return -math.Abs(float64(i) - float64(len(q.Options)-1)/2)
	}},
}

// Testwise plays every strategy over the bank's single choices and multiple
// responses, and then over those of each certification (none without a
// catalogue).
func Testwise(b *Bank, cat *catalogue.Catalogue) []TestwiseScope {
	played := make([][]float64, len(b.Questions))
	for i, q := range b.Questions {
		played[i] = play(q)
	}
	scopes := []TestwiseScope{score("", b.Questions, played, func(int) bool { return true })}
	if cat == nil {
		return scopes
	}
	served := make([]map[exam.Code]exam.DomainID, len(b.Questions))
	for i, q := range b.Questions {
		served[i] = cat.Serves(q)
	}
	for _, cert := range cat.Certifications {
		scopes = append(scopes, score(cert.Code, b.Questions, played, func(i int) bool {
			_, ok := served[i][cert.Code]
			return ok
		}))
	}
	return scopes
}

// play gives each strategy's score on a question, nil where none can be played.
func play(q *exam.Question) []float64 {
	keys := q.KeyCount()
	if q.Type != exam.Single && q.Type != exam.Multiple || keys == 0 || keys >= len(q.Options) {
		return nil
	}
	stem := contentWords(scenario(q) + " " + q.Ask)
	scores := make([]float64, len(strategies))
	for s, strategy := range strategies {
		likes := make([]float64, len(q.Options))
		for i := range q.Options {
			likes[i] = strategy.like(q, stem, i)
		}
		scores[s] = hitShare(q.Options, likes, keys)
	}
	return scores
}

// hitShare is the expected share of keys among the picks most liked.
func hitShare(options []exam.Option, likes []float64, picks int) float64 {
	hits := 0.0
	for i, o := range options {
		if !o.Key {
			continue
		}
		above, tied := 0, 0
		for j := range likes {
			switch {
			case likes[j] > likes[i]:
				above++
			case likes[j] == likes[i]:
				tied++
			}
		}
		hits += min(1, max(0, float64(picks-above)/float64(tied)))
	}
	return hits / float64(picks)
}

func score(code exam.Code, questions []*exam.Question, played [][]float64, in func(int) bool) TestwiseScope {
	scope := TestwiseScope{Code: code}
	n, chance := 0, 0.0
	sums := make([]float64, len(strategies))
	for i, q := range questions {
		if played[i] == nil || !in(i) {
			continue
		}
		n++
		chance += float64(q.KeyCount()) / float64(len(q.Options))
		for s, x := range played[i] {
			sums[s] += x
		}
	}
	for s, strategy := range strategies {
		result := Strategy{Name: strategy.name, Label: strategy.label, Items: n}
		if n > 0 {
			result.Score, result.Chance = sums[s]/float64(n), chance/float64(n)
			result.Low, result.High = wilson(result.Score, n)
			result.Pays = result.Score > result.Chance+testwiseMargin
		}
		scope.Strategies = append(scope.Strategies, result)
	}
	return scope
}

// wilson is the 95 % interval of a proportion p observed in n trials (Wilson
// 1927). For n = 0 it is 0 to 1.
func wilson(p float64, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	size := float64(n)
	z2 := z95 * z95
	centre := (p + z2/(2*size)) / (1 + z2/size)
	half := z95 / (1 + z2/size) * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	return max(0, centre-half), min(1, centre+half)
}
