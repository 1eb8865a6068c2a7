package measure

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// hiddenExams is 2,000 simulated people over seven skills with their answers to a
// bank of 600 questions, and how they fared in three exams of 65 hidden
// questions. Of the bank only the experts' labels are known, or everything.
type hiddenExams struct {
	prior     *Normal
	questions []Question
	abilities [][]float64
	responses [][]string
	forms     []*Form
	passed    [][]float64 // by form, person
}

func readHiddenExams(t testing.TB, calibrated bool) hiddenExams {
	t.Helper()
	cs := hiddenExams{prior: &Normal{Mean: make([]float64, 7)}}
	header, rows := readTable(t, "testdata/s8_sigma.csv") // a matrix without header
	for _, r := range append([][]string{header}, rows...) {
		cs.prior.Cov = append(cs.prior.Cov, numbers(t, r)...)
	}
	cold := coldShape(t)
	_, rows = readTable(t, "testdata/s8_bank600_7skill.csv.gz")
	for _, r := range rows {
		q := Question{Cell: int(number(t, r[4])) - 1, Curve: Curve{cold, number(t, r[6]), number(t, r[3])}}
		if calibrated {
			known, err := NewShape(number(t, r[1]), 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			q.Curve.Shape, q.Curve.B = known, number(t, r[2])
		}
		cs.questions = append(cs.questions, q)
	}
	_, rows = readTable(t, "testdata/s8_theta.csv.gz")
	for _, r := range rows {
		cs.abilities = append(cs.abilities, numbers(t, r[1:]))
	}
	_, cs.responses = readTable(t, "testdata/s8_resp_2000x600.csv.gz")
	cs.readExams(t)
	return cs
}

func (cs *hiddenExams) readExams(t testing.TB) {
	t.Helper()
	// A hidden form is taken to be like the bank: labels spread evenly over
	// ±1.5, locations .6 around them, four options.
	shape, err := NewShape(1, ColdSDLogA, math.Sqrt(1.125+ColdSDB*ColdSDB))
	if err != nil {
		t.Fatal(err)
	}
	_, rows := readTable(t, "testdata/s8_blueprint.csv")
	at := map[string]int{}
	for i, r := range rows {
		at[r[0]] = i
		f := &Form{Curve: Curve{shape, 0, .25}, Items: 65, Cut: (43 - .5) / 65}
		for k, w := range numbers(t, r[1:8]) {
			if w > 0 {
				f.Domains = append(f.Domains, Composite{[]int{k}, []float64{1}})
				f.Weights = append(f.Weights, w)
			}
		}
		cs.forms = append(cs.forms, f)
		cs.passed = append(cs.passed, nil)
	}
	_, rows = readTable(t, "testdata/s8_exam_outcomes.csv.gz")
	for _, r := range rows {
		cs.passed[at[r[1]]] = append(cs.passed[at[r[1]]], number(t, r[5]))
	}
}

func numbers(t testing.TB, row []string) []float64 {
	t.Helper()
	out := make([]float64, len(row))
	for i, s := range row {
		out[i] = number(t, strings.TrimSpace(s))
	}
	return out
}

// quotas are the skills' shares over the exams in question.
func (cs *hiddenExams) quotas(forms []int) []Quota {
	q := make([]Quota, cs.prior.Dim())
	for _, e := range forms {
		f := cs.forms[e]
		for d, w := range f.Weights {
			q[f.Domains[d].Cells[0]].Share += w / float64(len(forms))
		}
	}
	return q
}

// asking is how people are asked.
type asking struct {
	forms    []int // the exams in question
	exposure bool  // by the rules of a bank that is not calibrated, and in step with the blueprint
}

// chooser asks many people, one after the other.
type chooser struct {
	*hiddenExams
	pool    *Pool
	scratch *Scratch
	served  []int
	rng     *rand.Rand
}

// sit asks one person n questions and returns the posterior.
func (c *chooser) sit(t testing.TB, person, n int, how asking) *Normal {
	t.Helper()
	f, err := Follow(c.prior)
	if err != nil {
		t.Fatal(err)
	}
	quotas := c.quotas(how.forms)
	used, allowed := make([]bool, len(c.questions)), make([]bool, len(c.questions))
	for asked := range n {
		due := Due(quotas, asked)
		for i, q := range c.questions {
			allowed[i] = !used[i] && (!how.exposure || !quotas[q.Cell].Full(asked) && (len(due) == 0 || due[0] == q.Cell))
		}
		i := c.next(c.pool.Gains(f.Posterior(), c.value(f.Posterior(), how), c.scratch), allowed, asked, how)
		used[i] = true
		c.served[i]++
		quotas[c.questions[i].Cell].Had++
		if err := f.Add(Answer{c.questions[i].Cell, c.questions[i].Curve, c.responses[person][i] == "1", 1}); err != nil {
			t.Fatal(err)
		}
	}
	return f.Posterior()
}

func (c *chooser) next(gains []float64, allowed []bool, asked int, how asking) int {
	switch {
	case how.exposure && (asked+1)%LeastServedEvery == 0:
		return DrawLeastServed(c.served, allowed, c.rng)
	case how.exposure:
		return DrawNearBest(gains, allowed, NearBest, c.rng)
	}
	best := -1
	for i, ok := range allowed {
		if ok && (best < 0 || gains[i] > gains[best]) {
			best = i
		}
	}
	return best
}

// value is what narrowing each skill is worth for the exams in question.
func (cs *hiddenExams) value(post *Normal, how asking) []float64 {
	value, cov := make([]float64, post.Dim()), make([]float64, post.Dim())
	for _, e := range how.forms {
		f := cs.forms[e]
		post.Covariances(f.Overall(), cov)
		AddValue(value, 1, cov)
		if !how.exposure {
			continue // the pass probability alone is in question
		}
		for d, w := range f.Weights {
			post.Covariances(f.Domains[d], cov)
			AddValue(value, .3*w, cov) // floors already see to the skills
		}
	}
	return value
}

type forecast struct{ pass, passed float64 }

// outcome is what became of everybody.
type outcome struct {
	skills, composites []bool // intervals that hold the truth
	forecasts          []forecast
	served             []int
}

// everybody sits 30 questions, once for every way of asking, on two processors.
func (cs *hiddenExams) everybody(t testing.TB, ways ...asking) outcome {
	t.Helper()
	pool, err := NewPool(cs.prior.Dim(), cs.questions)
	if err != nil {
		t.Fatal(err)
	}
	const workers = 2
	parts := make([]outcome, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			c := &chooser{cs, pool, pool.NewScratch(), make([]int, len(cs.questions)), rand.New(rand.NewPCG(8, uint64(w)))}
			design := NewDesign(cs.prior.Dim())
			for person := w; person < len(cs.abilities); person += workers {
				for _, how := range ways {
					parts[w].add(t, cs, design, person, how, c.sit(t, person, 30, how))
				}
			}
			parts[w].served = c.served
		})
	}
	wait.Wait()
	all := parts[0]
	for _, p := range parts[1:] {
		all.skills, all.composites = append(all.skills, p.skills...), append(all.composites, p.composites...)
		all.forecasts = append(all.forecasts, p.forecasts...)
		for i, n := range p.served {
			all.served[i] += n
		}
	}
	return all
}

func (o *outcome) add(t testing.TB, cs *hiddenExams, design *Design, person int, how asking, post *Normal) {
	t.Helper()
	theta := cs.abilities[person]
	cells := make([]int, len(theta))
	for k := range theta {
		cells[k] = k
		o.skills = append(o.skills, math.Abs(theta[k]-post.Mean[k]) <= IntervalZ*math.Sqrt(post.Var(k)))
	}
	draws, err := design.Draw(post, cells)
	if err != nil {
		t.Error(err)
		return
	}
	for _, e := range how.forms {
		f := cs.forms[e]
		overall := f.Overall()
		mean, variance := post.Moments(overall)
		for i, c := range overall.Cells {
			mean -= overall.Weights[i] * theta[c]
		}
		o.composites = append(o.composites, math.Abs(mean) <= IntervalZ*math.Sqrt(variance))
		pass, err := draws.Pass(f)
		if err != nil {
			t.Error(err)
			return
		}
		o.forecasts = append(o.forecasts, forecast{pass, cs.passed[e][person]})
	}
}

func within(t testing.TB, name string, got, low, high float64) {
	t.Helper()
	if !(got >= low && got <= high) {
		t.Errorf("%s %.4f, want %.3f to %.3f", name, got, low, high)
	}
}

// TestColdBankIsHonest: with nothing known of the questions but their labels, 30
// questions give intervals that cover and pass probabilities that hold, and no
// question is worn out or left unserved. The bounds are the level to reach.
func TestColdBankIsHonest(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of 2,000 people")
	}
	cs := readHiddenExams(t, false)
	o := cs.everybody(t, asking{forms: []int{0, 1, 2}, exposure: true})
	brier, ece := brierScore(o.forecasts), calibrationError(o.forecasts)
	most, overlap, never := exposure(o.served, len(cs.abilities), 30)
	t.Logf("coverage of skills %.3f, composites %.3f; Brier %.3f, ECE %.3f; exposure at most %.3f, overlap %.3f, never served %.3f",
		share(o.skills), share(o.composites), brier, ece, most, overlap, never)
	within(t, "coverage of skills", share(o.skills), .89, .91)
	within(t, "coverage of composites", share(o.composites), .885, .915)
	within(t, "Brier score", brier, 0, .161)
	within(t, "calibration error", ece, 0, .035)
	within(t, "largest exposure", most, 0, .25)
	within(t, "overlap", overlap, 0, .12)
	within(t, "never served", never, 0, .05)
}

// TestCalibratedBankForecasts: with the questions' parameters known, 30 questions
// about all three exams at once, the most telling first, or about one of them by
// the rules that spare a bank's questions. The bounds are the level to reach; with
// those rules and all three exams at once the Brier score is .133.
func TestCalibratedBankForecasts(t *testing.T) {
	if testing.Short() {
		t.Skip("four simulations of 2,000 people")
	}
	cs := readHiddenExams(t, true)
	for name, ways := range map[string][]asking{
		"three exams, most telling": {{forms: []int{0, 1, 2}}},
		"one exam, rules":           {{forms: []int{0}, exposure: true}, {forms: []int{1}, exposure: true}, {forms: []int{2}, exposure: true}},
	} {
		o := cs.everybody(t, ways...)
		brier, ece, auc := brierScore(o.forecasts), calibrationError(o.forecasts), areaUnderCurve(o.forecasts)
		t.Logf("%s: Brier %.4f, ECE %.4f, AUC %.4f; coverage of composites %.3f", name, brier, ece, auc, share(o.composites))
		within(t, name+": Brier score", brier, 0, .130)
		within(t, name+": calibration error", ece, 0, .020)
		within(t, name+": AUC", auc, .895, 1)
	}
}

// areaUnderCurve is the chance that somebody who passed was given a higher
// probability than somebody who failed.
func areaUnderCurve(fs []forecast) float64 {
	slices.SortFunc(fs, func(a, b forecast) int { return cmp.Compare(a.pass, b.pass) })
	passed, failed, pairs := 0.0, 0.0, 0.0
	for _, f := range fs {
		if f.passed > 0 {
			passed++
			pairs += failed
		} else {
			failed++
		}
	}
	return pairs / (passed * failed)
}

func share(hits []bool) float64 {
	n := 0.0
	for _, h := range hits {
		if h {
			n++
		}
	}
	return n / float64(len(hits))
}

func brierScore(fs []forecast) float64 {
	sum := 0.0
	for _, f := range fs {
		sum += (f.pass - f.passed) * (f.pass - f.passed)
	}
	return sum / float64(len(fs))
}

// calibrationError is the expected calibration error over ten bins of equal count.
func calibrationError(fs []forecast) float64 {
	slices.SortFunc(fs, func(a, b forecast) int { return cmp.Compare(a.pass, b.pass) })
	sum := 0.0
	for bin := range slices.Chunk(fs, (len(fs)+9)/10) {
		d := 0.0
		for _, f := range bin {
			d += f.pass - f.passed
		}
		sum += math.Abs(d)
	}
	return sum / float64(len(fs))
}

// exposure returns the largest share of people who saw one question, the mean
// share of questions two people have in common, and the share never served.
func exposure(served []int, people, length int) (most, overlap, never float64) {
	for _, n := range served {
		rate := float64(n) / float64(people)
		most = math.Max(most, rate)
		overlap += rate * rate / float64(length)
		if n == 0 {
			never++
		}
	}
	return most, overlap, never / float64(len(served))
}
