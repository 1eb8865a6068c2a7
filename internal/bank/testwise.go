package bank

import (
	"cmp"
	"math"
	"slices"
	"strings"

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
	// GivenAway are, over the whole bank and where the model pays there, the
	// questions it gets right, the surest first: where to begin mending.
	GivenAway []GivenAway `json:",omitempty"`
}

// GivenAway is a question whose keys the model that has not seen it finds.
type GivenAway struct {
	Question exam.QuestionID
	Trust    float64 // the share of its trust that the model puts in the keys, 0 to 1
	Chance   float64 // what blind picking would put there
}

// Strategy is a way of answering without knowing the subject. It picks as many
// options as there are keys; its score on a question is the expected share of
// keys among its picks, ties broken evenly.
type Strategy struct {
	Name      string  // "longest", "echo", "detail", "specific", "no-absolutes", "central", "middle", "model", "model-place"
	Label     string  // completes "choosing …"
	Items     int     // single choices and multiple responses scored
	Score     float64 // mean, 0 to 1
	Chance    float64 // what picking blindly scores on the same questions
	Low, High float64 // 95 % Wilson interval of Score, conservative where questions have several keys
	Pays      bool    // Score is more than 5 points above Chance
	Certain   bool    // the whole interval is: chance can't explain it
	// Cues is what a model goes by, strongest first: "longer", "not hedged …".
	Cues []string `json:",omitempty"`
}

// strategies are the simple ways of guessing: the higher an option is liked,
// the sooner it is picked.
var strategies = []struct {
	name, label string
	like        func(s *surface, i int) float64
}{
	{"longest", "the longest option", func(s *surface, i int) float64 { return s.letters(i) }},
	{"echo", "the option that repeats most words of the scenario", func(s *surface, i int) float64 {
		return float64(echo(s.texts[i], s.stem))
	}},
	{"detail", "the option with most commas and numbers", func(s *surface, i int) float64 { return float64(details(s.texts[i])) }},
	{"specific", "the option with most names, numbers, hyphenated terms and code", func(s *surface, i int) float64 { return float64(specifics(s.texts[i])) }},
	{"no-absolutes", "an option without always, only, must, never or all", func(s *surface, i int) float64 {
		return indicator(len(absolutes(s.texts[i])) == 0)
	}},
	{"central", "the option most like the others", func(s *surface, i int) float64 { return s.likes[i] }},
	{"middle", "an option in the middle of the list as written", func(s *surface, i int) float64 { return -math.Abs(s.place(i)) }},
}

// models are the learned ways of guessing: see fitSurface. The first can be
// used by learners, who get options shuffled; the second on printed copies.
var models = []struct {
	name, label string
	features    []feature
}{
	{modelName, "by a model of how options look", surfaceFeatures},
	{modelName + "-place", "by a model of how options look and where they stand as written", slices.Concat(surfaceFeatures, placeFeatures)},
}

const modelName = "model"

// modelled reports whether the strategy was learned from the bank.
func (s Strategy) modelled() bool { return strings.HasPrefix(s.Name, modelName) }

// Testwise plays every strategy over the bank's single choices and multiple
// responses, and then over those of each certification (none without a
// catalogue). The models learn from the whole bank whatever the certification:
// so would a learner who studied it. The result depends on what the questions
// say and, in the strategies "middle" and "model-place" alone, on the order in
// which the options are written.
func Testwise(b *Bank, cat *catalogue.Catalogue) []TestwiseScope {
	var scored []*exam.Question
	var surfaces []*surface
	for _, q := range b.Questions {
		if keys := q.KeyCount(); (q.Type == exam.Single || q.Type == exam.Multiple) && keys > 0 && keys < len(q.Options) {
			scored, surfaces = append(scored, q), append(surfaces, surfaceOf(q))
		}
	}
	played := playAll(scored, surfaces)
	scopes := []TestwiseScope{score("", scored, played, func(int) bool { return true })}
	scopes[0].GivenAway = givenAway(scored, played)
	if cat == nil {
		return scopes
	}
	served := make([]map[exam.Code]exam.DomainID, len(scored))
	for i, q := range scored {
		served[i] = cat.Serves(q)
	}
	for _, cert := range cat.Certifications {
		scopes = append(scopes, score(cert.Code, scored, played, func(i int) bool {
			_, ok := served[i][cert.Code]
			return ok
		}))
	}
	return scopes
}

// play is one strategy with its score on every question.
type play struct {
	strategy Strategy
	shares   []float64
	trust    []float64 // models: the share of trust put in the keys
}

// givenAway lists the questions that the first model gets right, those first in
// whose keys it trusts most beyond chance.
func givenAway(questions []*exam.Question, plays []play) []GivenAway {
	var list []GivenAway
	for _, p := range plays {
		if p.strategy.Name != modelName || !score("", questions, []play{p}, func(int) bool { return true }).Strategies[0].Pays {
			continue
		}
		for i, q := range questions {
			if p.shares[i] == 1 {
				list = append(list, GivenAway{q.ID, p.trust[i], float64(q.KeyCount()) / float64(len(q.Options))})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b GivenAway) int { return cmp.Compare(b.Trust-b.Chance, a.Trust-a.Chance) })
	return list
}

// trustInKeys is the share of the keys in the exponentials of all values.
func trustInKeys(options []exam.Option, values []float64) float64 {
	keys, all := 0.0, 0.0
	for i, v := range values {
		all += math.Exp(v)
		keys += math.Exp(v) * indicator(options[i].Key)
	}
	return keys / all
}

func playAll(questions []*exam.Question, surfaces []*surface) []play {
	var plays []play
	for _, strategy := range strategies {
		p := play{strategy: Strategy{Name: strategy.name, Label: strategy.label}}
		for _, s := range surfaces {
			likes := make([]float64, len(s.options))
			for i := range likes {
				likes[i] = strategy.like(s, i)
			}
			p.shares = append(p.shares, hitShare(s.options, likes))
		}
		plays = append(plays, p)
	}
	for _, model := range models {
		p := play{strategy: Strategy{Name: model.name, Label: model.label}}
		var tasks []task
		for i, s := range surfaces {
			tasks = append(tasks, taskOf(questions[i], s, model.features))
		}
		for i, values := range crossValidate(tasks) {
			p.shares = append(p.shares, hitShare(surfaces[i].options, values))
			p.trust = append(p.trust, trustInKeys(surfaces[i].options, values))
		}
		p.strategy.Cues = fitSurface(tasks).cues(model.features)
		plays = append(plays, p)
	}
	return plays
}

// hitShare is the expected share of keys among as many options as there are
// keys, those most liked.
func hitShare(options []exam.Option, likes []float64) float64 {
	hits, keys := 0.0, 0
	for _, o := range options {
		keys += int(indicator(o.Key))
	}
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
		hits += min(1, max(0, float64(keys-above)/float64(tied)))
	}
	return hits / float64(keys)
}

func score(code exam.Code, questions []*exam.Question, plays []play, in func(int) bool) TestwiseScope {
	scope := TestwiseScope{Code: code}
	n, chance := 0, 0.0
	sums := make([]float64, len(plays))
	for i, q := range questions {
		if !in(i) {
			continue
		}
		n++
		chance += float64(q.KeyCount()) / float64(len(q.Options))
		for p := range plays {
			sums[p] += plays[p].shares[i]
		}
	}
	for p, played := range plays {
		result := played.strategy
		result.Items = n
		if n > 0 {
			result.Score, result.Chance = sums[p]/float64(n), chance/float64(n)
			result.Low, result.High = wilson(result.Score, n)
			result.Pays = result.Score > result.Chance+testwiseMargin
			result.Certain = result.Low > result.Chance+testwiseMargin
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
