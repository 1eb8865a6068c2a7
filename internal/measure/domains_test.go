package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestCorrelatedDomainsShareEvidence: five domains that correlate .7 on a
// calibrated bank, asked in step with a blueprint of equal shares and drawn at
// random among the best. The bounds are the level to reach: at 30 questions an
// RMSE of at most .50, 90 % intervals that cover 89–91 % at 15 to 60, and a mean SD
// of .5 after 28.5 questions at most (separate tests per domain need 51.8).
func TestCorrelatedDomainsShareEvidence(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of 2,000 people")
	}
	questions, abilities, responses := readDomains(t)
	prior := correlated(5)
	pool, err := NewPool(5, questions)
	if err != nil {
		t.Fatal(err)
	}
	scratch, rng := pool.NewScratch(), rand.New(rand.NewPCG(7, 7))
	square, needed := 0.0, 0.0
	covered := map[int]float64{15: 0, 20: 0, 30: 0, 40: 0, 60: 0}
	for person, theta := range abilities {
		f, err := Follow(prior)
		if err != nil {
			t.Fatal(err)
		}
		post := f.Posterior()
		quotas := []Quota{{Share: .2}, {Share: .2}, {Share: .2}, {Share: .2}, {Share: .2}}
		used := make([]bool, len(questions))
		reached := 0
		for asked := 0; asked < 60; asked++ {
			i := nextOfDomains(pool, questions, post, quotas, used, asked, scratch, rng)
			used[i] = true
			quotas[questions[i].Cell].Had++
			if err := f.Add(Answer{questions[i].Cell, questions[i].Curve, responses[person][i] == "1", 1}); err != nil {
				t.Fatal(err)
			}
			n, sd := asked+1, 0.0
			for k := range 5 {
				sd += math.Sqrt(post.Var(k)) / 5
			}
			if reached == 0 && sd <= .5 {
				reached = n
			}
			if _, ok := covered[n]; ok {
				covered[n] += hits(f, theta)
			}
			if n == 30 {
				for k, truth := range theta {
					square += (post.Mean[k] - truth) * (post.Mean[k] - truth)
				}
			}
		}
		if reached == 0 {
			reached = 61
		}
		needed += float64(reached)
	}
	people := float64(len(abilities))
	rmse := math.Sqrt(square / people / 5)
	for n := range covered {
		covered[n] /= people * 5
		within(t, fmt.Sprintf("coverage at %d questions", n), covered[n], .89, .91)
	}
	t.Logf("RMSE %.3f at 30 questions; coverage %.4v; mean SD of .5 after %.1f questions", rmse, covered, needed/people)
	within(t, "RMSE at 30 questions", rmse, 0, .50)
	within(t, "questions to a mean SD of .5", needed/people, 0, 28.5)
}

// hits counts the domains whose 90 % interval holds the truth.
func hits(f *Follower, theta []float64) float64 {
	n := 0.0
	for k, truth := range theta {
		if low, high := f.Interval(k, .9); truth >= low && truth <= high {
			n++
		}
	}
	return n
}

func nextOfDomains(pool *Pool, questions []Question, post *Normal, quotas []Quota, used []bool, asked int, s *Scratch, rng *rand.Rand) int {
	value, cov := make([]float64, 5), make([]float64, 5)
	for k := range 5 {
		post.Covariances(Composite{[]int{k}, []float64{1}}, cov)
		AddValue(value, .2, cov)
	}
	due := Due(quotas, asked)
	allowed := make([]bool, len(questions))
	for i, q := range questions {
		allowed[i] = !used[i] && !quotas[q.Cell].Full(asked) && (len(due) == 0 || due[0] == q.Cell)
	}
	return DrawNearBest(pool.Gains(post, value, s), allowed, NearBestKnown, rng)
}

func readDomains(t testing.TB) (questions []Question, abilities [][]float64, responses [][]string) {
	t.Helper()
	_, rows := readTable(t, "testdata/s7_bank300_5dom.csv.gz")
	for _, r := range rows {
		shape, err := NewShape(number(t, r[1]), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		questions = append(questions, Question{int(number(t, r[4])) - 1, Curve{shape, number(t, r[2]), number(t, r[3])}})
	}
	_, rows = readTable(t, "testdata/s7_theta.csv.gz")
	for _, r := range rows {
		abilities = append(abilities, numbers(t, r[1:]))
	}
	_, responses = readTable(t, "testdata/s7_resp_2000x300.csv.gz")
	return questions, abilities, responses
}
