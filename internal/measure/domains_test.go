package measure

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestCorrelatedDomainsShareEvidence: five domains that correlate .7 on a
// calibrated bank, asked in step with a blueprint of equal shares and drawn at
// random among the best. Level to reach on 2,000 people: at 30 questions an RMSE
// of at most .50 with 90 % intervals that cover 89–91 %, and a mean SD of .5 after
// 28.5 questions at most (separate tests per domain need 51.8). The bounds here
// allow for the sampling of 500.
func TestCorrelatedDomainsShareEvidence(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of 500 people")
	}
	questions, abilities, responses := readDomains(t)
	prior := correlated(5)
	pool, err := NewPool(5, questions)
	if err != nil {
		t.Fatal(err)
	}
	scratch, rng := pool.NewScratch(), rand.New(rand.NewPCG(7, 7))
	square, needed := 0.0, 0.0
	covered := map[int]float64{15: 0, 30: 0, 40: 0}
	for person, theta := range abilities {
		var answers []Answer
		post := prior
		quotas := []Quota{{Share: .2}, {Share: .2}, {Share: .2}, {Share: .2}, {Share: .2}}
		used := make([]bool, len(questions))
		reached := 0
		for asked := 0; asked < 40; asked++ {
			i := nextOfDomains(pool, questions, post, quotas, used, asked, scratch, rng)
			used[i] = true
			quotas[questions[i].Cell].Had++
			answers = append(answers, Answer{questions[i].Cell, questions[i].Curve, responses[person][i] == "1", 1})
			if post, err = Posterior(prior, answers); err != nil {
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
				covered[n] += hits(post, theta)
			}
			if n == 30 {
				for k, truth := range theta {
					square += (post.Mean[k] - truth) * (post.Mean[k] - truth)
				}
			}
		}
		if reached == 0 {
			reached = 41
		}
		needed += float64(reached)
	}
	people := float64(len(abilities))
	rmse := math.Sqrt(square / people / 5)
	t.Logf("30 questions: RMSE %.3f; coverage at 15, 30, 40: %.3f %.3f %.3f; mean SD of .5 after %.1f questions",
		rmse, covered[15]/people/5, covered[30]/people/5, covered[40]/people/5, needed/people)
	if rmse > .52 {
		t.Errorf("RMSE %.3f at 30 questions, want at most .52", rmse)
	}
	for n, c := range covered {
		if c /= people * 5; c < .88 || c > .92 {
			t.Errorf("90 %% intervals cover %.3f at %d questions", c, n)
		}
	}
	if n := needed / people; n > 29.5 {
		t.Errorf("mean SD of .5 takes %.1f questions, want at most 29.5", n)
	}
}

// hits counts the domains whose 90 % interval holds the truth.
func hits(post *Normal, theta []float64) float64 {
	n := 0.0
	for k, truth := range theta {
		if math.Abs(post.Mean[k]-truth) <= IntervalZ*math.Sqrt(post.Var(k)) {
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
	return DrawNearBest(pool.Gains(post, value, s), allowed, rng)
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
	_, rows = readTable(t, "testdata/s7_theta_500.csv.gz")
	for _, r := range rows {
		abilities = append(abilities, numbers(t, r[1:]))
	}
	_, responses = readTable(t, "testdata/s7_responses_500x300.csv.gz")
	return questions, abilities, responses
}
