package sitting

import (
	"math/rand/v2"
	"slices"

	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/study"
)

// cell is where a question lies for review: a skill on a platform.
type cell struct {
	skill    exam.SkillID
	platform exam.Platform
}

// company is what a practice has so far, as far as it keeps others out: no two
// questions share an enemy tag or a case, since the answer to one could tell that
// to the other.
type company struct {
	tags  map[string]bool
	cases map[exam.StimulusID]bool
	queue []Queued
}

func newCompany() *company {
	return &company{tags: map[string]bool{}, cases: map[exam.StimulusID]bool{}}
}

// add queues a question unless it doesn't go with those there.
func (c *company) add(q *exam.Question) bool {
	if slices.ContainsFunc(q.Enemies, func(tag string) bool { return c.tags[tag] }) {
		return false
	}
	if q.Stimulus != nil {
		if c.cases[q.Stimulus.ID] {
			return false
		}
		c.cases[q.Stimulus.ID] = true
	}
	for _, tag := range q.Enemies {
		c.tags[tag] = true
	}
	c.queue = append(c.queue, Queued{Question: q.ID})
	return true
}

// byStaleness orders a pool: what was never seen first, then what was seen
// longest ago; the rest by lot.
func byStaleness(pool []Practicable, known map[exam.QuestionID]meeting, rng *rand.Rand) {
	rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	slices.SortStableFunc(pool, func(a, b Practicable) int {
		return known[a.Question.ID].last.Compare(known[b.Question.ID].last)
	})
}

// drawPlain draws from the unseen, missed or flagged questions.
func drawPlain(pool []Practicable, known map[exam.QuestionID]meeting, source Source, length int, rng *rand.Rand) []Queued {
	byStaleness(pool, known, rng)
	drawn := newCompany()
	for _, p := range pool {
		if len(drawn.queue) == length {
			break
		}
		if known[p.Question.ID].belongs(source) {
			drawn.add(p.Question)
		}
	}
	return drawn.queue
}

// leastRoom keeps a domain in the draw, in points, however well it is known.
const leastRoom = 1

// drawHelpful draws, for every place, a domain with a probability in proportion
// to its weight in the exam times what is missing to 100 points there, and takes
// the domain's stalest question. To first order a point gained in a domain raises
// the expected score of the exam by the domain's weight, and there is most to gain
// where the estimate is lowest.
func drawHelpful(pool []Practicable, known map[exam.QuestionID]meeting, standing []readiness.DomainReport, length int, rng *rand.Rand) []Queued {
	byStaleness(pool, known, rng)
	left := make([][]Practicable, len(standing))
	odds := make([]float64, len(standing))
	for d, domain := range standing {
		odds[d] = domain.Weight * max(leastRoom, 100-domain.Interval.Estimate)
		for _, p := range pool {
			if p.Domain == domain.ID {
				left[d] = append(left[d], p)
			}
		}
	}
	drawn := newCompany()
	for len(drawn.queue) < length {
		d := drawDomain(left, odds, rng)
		if d < 0 {
			break
		}
		drawn.add(left[d][0].Question)
		left[d] = left[d][1:]
	}
	return drawn.queue
}

// drawDomain draws a domain that has questions left; −1 if none has.
func drawDomain(left [][]Practicable, odds []float64, rng *rand.Rand) int {
	total, last := 0.0, -1
	for d := range left {
		if len(left[d]) > 0 {
			total += odds[d]
			last = d
		}
	}
	at := rng.Float64() * total
	for d := range left {
		if len(left[d]) == 0 {
			continue
		}
		if at -= odds[d]; at < 0 {
			return d
		}
	}
	return last // rounding left a little over
}

// drawDue lays out a review of the cards that are due, with questions of the pool.
func drawDue(pool []Practicable, known map[exam.QuestionID]meeting, due []study.Card, length int, rng *rand.Rand) []Queued {
	offer := make([]study.Sibling, len(pool))
	domains, cells := map[exam.QuestionID]exam.DomainID{}, map[cell]exam.DomainID{}
	for i, p := range pool {
		offer[i] = study.SiblingOf(p.Question, known[p.Question.ID].last)
		part := p.Domain
		if part == "" {
			part = exam.DomainID(p.Group) // over all exams, the groups of skills vary it
		}
		domains[p.Question.ID], cells[cell{p.Question.Skill, p.Question.Platform}] = part, part
	}
	domain := func(c study.Card) exam.DomainID {
		if d, ok := domains[c.Question]; ok {
			return d
		}
		return cells[cell{c.Skill, c.Platform}]
	}
	var queue []Queued
	for _, ask := range study.Session(due, offer, length, domain, rng) {
		one := Queued{Question: ask.Question}
		if ask.Question != ask.Card.Question {
			one.InPlaceOf = ask.Card.Question
		}
		queue = append(queue, one)
	}
	return queue
}
