package simulate

import (
	"math"
	"math/rand/v2"
	"time"

	"sextant/internal/exam"
	"sextant/internal/measure"
	"sextant/internal/readiness"
)

// Streams of randomness: each learner has one of their own for every purpose, so
// that the same learner meets the same luck whichever selector asks, and in
// whatever order learners are worked through.
const (
	streamAbility = iota
	streamItems
	streamChoice
	streamExam
)

func stream(seed uint64, learner, purpose int) *rand.Rand {
	key := mix(seed + mix(uint64(learner)+1))
	return rand.New(rand.NewPCG(key, mix(key+uint64(purpose)+1)))
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// learner is one simulated person with the questions as they really are.
type learner struct {
	truth   Truth
	ability []float64 // by cell, at the end of the practice
	bank    []trueItem
}

// trueItem is what the labels only hint at, with the luck of this learner on it.
type trueItem struct {
	slope, location, guess       float64
	knows, slips, abstains, hits float64 // uniform on [0, 1)
}

// newLearner draws a person and, anew for them, the parameters of every question.
func (w *world) newLearner(truth Truth, seed uint64, index int) *learner {
	l := &learner{truth: truth, ability: w.abilities(truth, stream(seed, index, streamAbility))}
	for i := range l.ability {
		l.ability[i] += truth.Shift
	}
	rng := stream(seed, index, streamItems)
	l.bank = make([]trueItem, len(w.items))
	for i := range w.items {
		t := &l.bank[i]
		t.slope = math.Exp(measure.ColdSDLogA * rng.NormFloat64())
		t.location = w.items[i].Curve.B + measure.ColdSDB*rng.NormFloat64()
		t.location += truth.DifficultyError * rng.NormFloat64()
		t.guess = w.items[i].Curve.C
		t.knows, t.slips, t.abstains, t.hits = rng.Float64(), rng.Float64(), rng.Float64(), rng.Float64()
	}
	return l
}

// abilities draws the random effects one by one, as the model states them, and
// not from the covariance matrix that is under test.
func (w *world) abilities(truth Truth, rng *rand.Rand) []float64 {
	theta := make([]float64, len(w.places))
	switch truth.Structure {
	case Independent:
		for i := range theta {
			theta[i] = truth.Spread * w.places[i].sd * rng.NormFloat64()
		}
		return theta
	case OneTrait:
		trait := rng.NormFloat64()
		for i := range theta {
			theta[i] = truth.Spread * w.places[i].sd * trait
		}
		return theta
	case Crossed:
	}
	sd := measure.DefaultComponents
	general := sd.General * rng.NormFloat64()
	platform := map[exam.Platform]float64{}
	for _, p := range exam.Platforms() {
		platform[p] = sd.Platform * rng.NormFloat64()
	}
	skill := map[exam.SkillID]float64{}
	for i, place := range w.places {
		if _, ok := skill[place.Skill]; !ok {
			skill[place.Skill] = sd.Skill * rng.NormFloat64()
		}
		theta[i] = general + skill[place.Skill]
		if place.Platform != exam.Neutral {
			theta[i] += platform[place.Platform] + sd.Cell*rng.NormFloat64()
		}
		theta[i] *= truth.Spread
	}
	return theta
}

// answer is what becomes of a question put to the learner some weeks before the
// end of the practice.
func (l *learner) answer(w *world, at int, before time.Duration) exam.Outcome {
	t := &l.bank[at]
	theta := l.ability[w.items[at].Cell] - l.truth.Learning*before.Hours()/(7*24)
	switch {
	case t.knows < logistic(t.slope*(theta-t.location)):
		return outcome(t.slips >= l.truth.Slips)
	case t.abstains < l.truth.Abstain:
		return exam.DontKnow
	}
	return outcome(t.hits < t.guess)
}

func outcome(right bool) exam.Outcome {
	if right {
		return exam.Right
	}
	return exam.Wrong
}

// passes lets the learner sit a real exam that nobody has seen: its number of
// scored questions in the blueprint's shares, slopes and guessing chances as in
// the bank, locations as on the reference form, and a cut drawn from what is
// known of it.
func (l *learner) passes(e *examWorld, rng *rand.Rand) bool {
	right := 0
	for d, n := range e.perDomain {
		domain := &e.scale.Domains[d]
		for range n {
			cell := domain.Cells[weighted(domain.Weights, rng)]
			slope := math.Exp(measure.ColdSDLogA * rng.NormFloat64())
			location := e.scale.Form.Curve.B + measure.FormSDB*rng.NormFloat64()
			know := logistic(slope * (l.ability[cell] - location))
			guess := e.guesses[rng.IntN(len(e.guesses))]
			if rng.Float64() < guess+(1-l.truth.Slips-guess)*know {
				right++
			}
		}
	}
	form := &e.scale.Form
	return float64(right)/float64(form.Items) >= form.Cut+form.CutSD*rng.NormFloat64()
}

// expected is the true expected share of a domain's questions right, on
// questions like those of the reference form.
func (l *learner) expected(e *examWorld, c measure.Composite) float64 {
	p := 0.0
	for i, cell := range c.Cells {
		p += c.Weights[i] * e.scale.Form.Curve.P(l.ability[cell])
	}
	return p
}

// margin is how many standard deviations the learner's true expected score lies
// above the cut. It orders exams by the true probability of a pass, also where
// that is too close to 0 or 1 to tell them apart.
func (l *learner) margin(e *examWorld) float64 {
	form := &e.scale.Form
	score, variance := -form.Cut, form.CutSD*form.CutSD
	for d := range form.Domains {
		p := l.expected(e, form.Domains[d])
		score += form.Weights[d] * p
		variance += form.Weights[d] * p * (1 - p) / float64(form.Items)
	}
	return score / math.Sqrt(variance)
}

func composite(c measure.Composite, theta []float64) float64 {
	sum := 0.0
	for i, at := range c.Cells {
		sum += c.Weights[i] * theta[at]
	}
	return sum
}

func weighted(weights []float64, rng *rand.Rand) int {
	u := rng.Float64()
	for i, w := range weights {
		if u -= w; u < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// world is the bank and the catalogue as the model sees them, laid out for
// drawing learners.
type world struct {
	model  *readiness.Model
	places []place
	items  []readiness.Item
	exams  []examWorld // those measured
}

// place is a cell with the spread of true abilities in it. Truth is relative to
// the spread assumed until there is data, also where the model under test rests
// on a re-estimated one.
type place struct {
	readiness.Place
	sd float64 // logits
}

func priorSD(p exam.Platform) float64 {
	c := measure.DefaultComponents
	v := c.General*c.General + c.Skill*c.Skill
	if p != exam.Neutral {
		v += c.Platform*c.Platform + c.Cell*c.Cell
	}
	return math.Sqrt(v)
}

// examWorld is one exam to be measured.
type examWorld struct {
	scale     readiness.ExamScale
	perDomain []int     // scored questions of the real exam
	guesses   []float64 // guessing chances of the eligible questions
	domainOf  []int     // by item: the domain it serves, or −1
	eligible  int
}

func newWorld(m *readiness.Model, exams []readiness.ExamScale) *world {
	w := &world{model: m, items: m.Items()}
	for _, p := range m.Places() {
		w.places = append(w.places, place{p, priorSD(p.Platform)})
	}
	for _, scale := range exams {
		e := examWorld{scale: scale, perDomain: apportion(scale.Form.Weights, scale.Form.Items), domainOf: make([]int, len(w.items))}
		for i := range e.domainOf {
			e.domainOf[i] = -1
		}
		for d := range scale.Domains {
			for _, i := range scale.Domains[d].Items {
				e.domainOf[i] = d
				e.guesses = append(e.guesses, w.items[i].Curve.C)
				e.eligible++
			}
		}
		w.exams = append(w.exams, e)
	}
	return w
}

// apportion splits n by weights, the rest going to the largest remainders.
func apportion(weights []float64, n int) []int {
	parts := make([]int, len(weights))
	rest := make([]float64, len(weights))
	left := n
	for i, w := range weights {
		parts[i] = int(w * float64(n))
		rest[i] = w*float64(n) - float64(parts[i])
		left -= parts[i]
	}
	for ; left > 0; left-- {
		largest := 0
		for i := range rest {
			if rest[i] > rest[largest] {
				largest = i
			}
		}
		parts[largest]++
		rest[largest] = -1
	}
	return parts
}
