package bank_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

// draw is a number below n that looks random and is the same on every run.
func draw(n int, parts ...any) int {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, parts...) // a hash never fails to write
	x := h.Sum64()
	x ^= x >> 33 // FNV's last bits mix badly
	x *= 0xff51afd7ed558ccd
	return int(x >> 33 % uint64(n))
}

var vocabulary = strings.Fields(`stream batch table bucket queue cluster notebook endpoint feature label schema partition replica cache index
	vector prompt token agent policy role secret budget alarm trace metric sample shard window trigger pipeline registry canary rollback`)

// texts makes options of words and lengths that have nothing to do with the key.
func texts(i, options int) []string {
	list := make([]string, options)
	for o := range list {
		var w []string
		for k := range 4 + draw(6, "length", i, o) {
			w = append(w, vocabulary[draw(len(vocabulary), "word", i, o, k)])
		}
		list[o] = strings.Join(w, " ")
	}
	return list
}

// randomBank has its keys drawn by lot; change may then give them away.
func randomBank(n int, seed string, change func(i int, q *exam.Question)) *bank.Bank {
	return many(n, func(i int, q *exam.Question) {
		key := draw(len(q.Options), "key", seed, i)
		for o, text := range texts(i, len(q.Options)) {
			q.Options[o].Text, q.Options[o].Key = text, o == key
		}
		if change != nil {
			change(i, q)
		}
	})
}

func strategy(t *testing.T, b *bank.Bank, name string) bank.Strategy {
	t.Helper()
	all := bank.Testwise(b, nil)[0].Strategies
	i := slices.IndexFunc(all, func(s bank.Strategy) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no strategy %q", name)
	}
	return all[i]
}

func key(q *exam.Question) *exam.Option {
	return &q.Options[slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.Key })]
}

func TestWhatGivesTheKeyAwayIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("fits the model of looks many times: runs without -short")
	}
	for _, c := range []struct {
		name   string
		change func(i int, q *exam.Question)
		simple string // the simple strategy that finds it, "" for none
		cue    string // must be among what the model goes by
	}{
		{"a product's name", func(_ int, q *exam.Question) { key(q).Text += " in Vertex AI" }, "specific", "with more names"},
		{"a number", func(_ int, q *exam.Question) { key(q).Text += " 250" }, "detail", "with more numbers"},
		{"a hedge", func(_ int, q *exam.Question) { key(q).Text += " can" }, "", "hedged (can, may, often …)"},
		{"an absolute in distractors", func(_ int, q *exam.Question) {
			for o := range q.Options {
				if !q.Options[o].Key {
					q.Options[o].Text += " always"
				}
			}
		}, "no-absolutes", "without always, only, must, never or all"},
		{"words of the scenario", func(i int, q *exam.Question) { key(q).Text += fmt.Sprintf(" w%dx10 w%dx11", i, i) }, "echo", "repeating the scenario"},
		{"words of the distractors", func(_ int, q *exam.Question) {
			for o := range q.Options {
				if !q.Options[o].Key {
					key(q).Text += " " + strings.Fields(q.Options[o].Text)[0]
				}
			}
		}, "central", "like the other options"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := randomBank(120, c.name, c.change)
			if m := strategy(t, b, "model"); !m.Pays || !m.Certain || !slices.Contains(m.Cues, c.cue) {
				t.Errorf("the model misses it: %+v", m)
			}
			if c.simple != "" {
				if s := strategy(t, b, c.simple); !s.Pays || !s.Certain {
					t.Errorf("the simple strategy misses it: %+v", s)
				}
			}
		})
	}
}

func TestTheModelJoinsWeakCues(t *testing.T) {
	if testing.Short() {
		t.Skip("fits the model of looks many times: runs without -short")
	}
	b := randomBank(240, "weak", func(i int, q *exam.Question) {
		for cue, word := range []string{" can", " and", " BigQuery"} {
			if draw(10, "cue", cue, i) < 4 {
				key(q).Text += word
			}
		}
	})
	m := strategy(t, b, "model")
	if !m.Certain {
		t.Errorf("the model misses three weak cues: %+v", m)
	}
	given := bank.Testwise(b, nil)[0].GivenAway
	if len(given) == 0 || given[0].Trust <= given[0].Chance || given[0].Trust > 1 {
		t.Errorf("questions given away: %+v", given)
	}
}

// Keys drawn by lot are found by nothing. A cross-validation that let the model
// see what it answers would score far above chance here: sixteen effects fit
// some of any eighty questions.
func TestKeysDrawnByLotAreNotFound(t *testing.T) {
	if testing.Short() {
		t.Skip("fits the model of looks many times: runs without -short")
	}
	const banks = 12
	sum := map[string]float64{}
	for seed := range banks {
		for _, s := range bank.Testwise(randomBank(80, fmt.Sprint("lot", seed), nil), nil)[0].Strategies {
			sum[s.Name] += s.Score
			if s.Certain {
				t.Errorf("bank %d: %s is certain: %+v", seed, s.Name, s)
			}
		}
	}
	for name, total := range sum {
		// The standard error of the mean over 12 × 80 questions is 1.4 points.
		if mean := total / banks; math.Abs(mean-0.25) > 0.045 {
			t.Errorf("%s scores %.3f on average, chance is 0.25", name, mean)
		}
	}
}

// The texts of the built-in bank with keys drawn by lot: the model must lose
// what it finds there with the real ones.
func TestTheBuiltInTextsAloneGiveNothingAway(t *testing.T) {
	if testing.Short() {
		t.Skip("fits the model of looks many times: runs without -short")
	}
	builtIn, _ := bank.Load(os.DirFS("../../questions"), exam.BuiltIn)
	const draws = 5
	score, chance := 0.0, 0.0
	for seed := range draws {
		var questions []*exam.Question
		for _, q := range builtIn.Questions {
			if q.Type != exam.Single {
				continue
			}
			other := *q
			other.Options = slices.Clone(q.Options)
			keyed := draw(len(other.Options), "key", seed, string(q.ID))
			for o := range other.Options {
				other.Options[o].Key = o == keyed
			}
			questions = append(questions, &other)
		}
		m := strategy(t, bank.New("b", questions), "model")
		score, chance = score+m.Score/draws, chance+m.Chance/draws
	}
	if math.Abs(score-chance) > 0.06 {
		t.Errorf("with keys drawn by lot the model scores %.3f, chance is %.3f", score, chance)
	}
}

func TestOnlyThePlaceStrategiesSeeTheOrderOfOptions(t *testing.T) {
	reverse := func(_ int, q *exam.Question) { slices.Reverse(q.Options) }
	b := randomBank(60, "order", nil)
	one, other := bank.Testwise(b, nil)[0], bank.Testwise(randomBank(60, "order", reverse), nil)[0]
	if again := bank.Testwise(b, nil)[0]; !cmp.Equal(one, again) {
		t.Errorf("the same bank, another result:\n%s", cmp.Diff(one, again))
	}
	for i, s := range one.Strategies {
		if s.Name == "middle" || s.Name == "model-place" {
			continue
		}
		if diff := cmp.Diff(s, other.Strategies[i]); diff != "" {
			t.Errorf("options in reverse change %s:\n%s", s.Name, diff)
		}
	}
	atEnd := randomBank(80, "order", func(_ int, q *exam.Question) {
		k := slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.Key })
		q.Options[0], q.Options[k] = q.Options[k], q.Options[0]
	})
	if m := strategy(t, atEnd, "model-place"); !m.Certain {
		t.Errorf("a key that always stands first is missed: %+v", m)
	}
	if m := strategy(t, atEnd, "model"); m.Certain {
		t.Errorf("the model of looks sees the place: %+v", m)
	}
}

// A case set's questions share words that a model could learn from one and use
// on another, so they must not be parted.
func TestCaseSetsStayInOneFold(t *testing.T) {
	var names []string
	for i := range 90 {
		names = append(names, fmt.Sprintf("case %d", i/3))
	}
	folds := bank.Deal(names)
	size := map[int]int{}
	for i := range names {
		size[folds[i]]++
		if folds[i] != folds[i/3*3] {
			t.Errorf("%s lies in folds %d and %d", names[i], folds[i], folds[i/3*3])
		}
	}
	for fold := range 10 {
		if size[fold] != 9 {
			t.Errorf("fold %d has %d questions, want 9", fold, size[fold])
		}
	}
}

// Reference: A = LLᵀ with L = [[2],[6,1],[-8,5,3]], the example of Cholesky's
// decomposition usual in textbooks; b = A·(1, 2, 3).
func TestSolve(t *testing.T) {
	a := [][]float64{{4, 0, 0}, {12, 37, 0}, {-16, -43, 98}}
	got := bank.Solve(a, []float64{4 + 24 - 48, 12 + 74 - 129, -16 - 86 + 294})
	for i, want := range []float64{1, 2, 3} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("solution %v, want 1, 2, 3", got)
		}
	}
}

// With one feature, one distractor and n questions the maximum has a closed
// condition: n·(1 − p)·d = ridge·β, where p = 1/(1 + exp(−β·d)) and d is the
// key's distance from the distractor, 2 after scaling.
func TestFitMeetsTheFirstOrderCondition(t *testing.T) {
	for _, n := range []int{1, 10, 100} {
		beta := bank.FitOneFeature(n)
		p := 1 / (1 + math.Exp(-2*beta))
		if left, right := float64(n)*(1-p)*2, 4*beta; math.Abs(left-right) > 1e-6 {
			t.Errorf("%d questions: β = %v, %v ≠ %v", n, beta, left, right)
		}
	}
}

func TestSpecificsCountsNamesNumbersHyphensAndCode(t *testing.T) {
	for text, want := range map[string]int{
		"Train it again":                    0,
		"Use a job in the warehouse":        0,
		"Vertex AI endpoint":                2,
		"BigQuery table":                    1,
		"A table in BigQuery":               1,
		"Keep 30 days in Amazon S3":         4, // Amazon, S3, and the numbers 30 and 3
		"A queue-triggered function":        1,
		"Set `max_depth` to 8":              2,
		"Encrypt with a customer KMS key":   1,
		"read the table and drop duplicate": 0,
	} {
		if got := bank.Specifics(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestAStrategyThatPaysIsRemarkedOnByItsCertainty(t *testing.T) {
	hedged := randomBank(120, "hedge", func(_ int, q *exam.Question) { key(q).Text += " can" })
	found := said(bank.Lint(hedged, nil, bank.LintOptions{}), "testwise")
	i := slices.IndexFunc(found, func(r bank.Remark) bool {
		return strings.HasPrefix(r.Message, "choosing by a model of how options look scores")
	})
	if i < 0 || found[i].Severity != bank.Advice || !strings.Contains(found[i].Message, "this is not chance: keys tend to be hedged") {
		t.Errorf("remarks:\n%s", report(found))
	}
	if slices.ContainsFunc(found, func(r bank.Remark) bool { return strings.Contains(r.Message, "where they stand") }) {
		t.Errorf("the second model repeats the first:\n%s", report(found))
	}
	shortKeys := randomBank(120, "short", func(_ int, q *exam.Question) { key(q).Text = "fold" })
	text := report(said(bank.Lint(shortKeys, nil, bank.LintOptions{}), "testwise"))
	if !strings.Contains(text, "choosing the longest option scores 0 %") || !strings.Contains(text, "avoiding it would pay") {
		t.Errorf("keys that are never the longest:\n%s", text)
	}
}

func TestRemarksAreCountedByExam(t *testing.T) {
	cat := repository(t)
	b := bank.New("b", []*exam.Question{sound()})
	remarks := []bank.Remark{
		{Question: sound().ID, Severity: bank.Error},
		{Question: "gone", Severity: bank.Error},
		{Exam: "PMLE", Severity: bank.Advice},
		{Severity: bank.Advice},
	}
	got := map[exam.Code]bank.ExamRemarks{}
	for _, e := range bank.ByExam(b, cat, remarks) {
		got[e.Code] = e
	}
	for code := range cat.Serves(sound()) {
		if want := (bank.ExamRemarks{Code: code, Questions: 1, Errors: 1}); got[code] != want {
			t.Errorf("%+v, want %+v", got[code], want)
		}
	}
	if want := (bank.ExamRemarks{Code: "PMLE", Remarks: 1}); got["PMLE"] != want {
		t.Errorf("%+v, want %+v", got["PMLE"], want)
	}
	if want := (bank.ExamRemarks{Errors: 1, Remarks: 1}); got[""] != want {
		t.Errorf("%+v, want %+v", got[""], want)
	}
	if len(got) != len(cat.Certifications)+1 {
		t.Errorf("%d entries for %d certifications", len(got), len(cat.Certifications))
	}
}
