package effort

import (
	"cmp"
	"math"
	"slices"

	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Portion is what an allocation gives to a topic.
type Portion struct {
	Skill exam.SkillID
	Hours float64
	Gain  float64 // what the hours add to the exam's ability, logits
}

// Allocate spreads hours over an exam's topics so that they buy most: the exam's
// ability rises by as much as so many hours can raise it, and the last hour buys
// the same wherever it is spent. Topics that get nothing are left out; the one
// whose first hour buys most comes first. It is empty for an unknown exam, and
// when there is nothing left to learn.
//
// The marginal gain of a topic after h hours is r·exp(−h/τ), so the best spread
// at a common margin λ is h = τ·ln(r/λ) where r > λ; λ is found by bisection.
func (l *Learner) Allocate(code exam.Code, hours float64) []Portion {
	s, ok := l.exams[code]
	if !ok || !(hours > 0) {
		return nil
	}
	rates := l.rates(code, s)
	best := slices.Max(rates)
	if best < negligible {
		return nil
	}
	spent := func(logMargin float64) float64 {
		sum := 0.0
		for i := range s.topics {
			if rates[i] >= negligible {
				sum += s.topics[i].tau * max(0, math.Log(rates[i])-logMargin)
			}
		}
		return sum
	}
	high := math.Log(best)
	low := high - 1
	for spent(low) < hours {
		low -= high - low
	}
	for range 80 {
		middle := (low + high) / 2
		if spent(middle) < hours {
			high = middle
		} else {
			low = middle
		}
	}
	var portions []Portion
	order := map[exam.SkillID]float64{}
	for i := range s.topics {
		t := &s.topics[i]
		if rates[i] < negligible || math.Log(rates[i]) <= low {
			continue
		}
		h := t.tau * (math.Log(rates[i]) - low)
		portions = append(portions, Portion{Skill: t.Skill, Hours: h, Gain: rates[i] * t.tau * -math.Expm1(-h/t.tau)})
		order[t.Skill] = rates[i]
	}
	slices.SortStableFunc(portions, func(a, b Portion) int { return cmp.Compare(order[b.Skill], order[a.Skill]) })
	return portions
}

// negligible is a rate, in logits an hour, below which a topic is as good as known.
const negligible = 1e-9

// studied is the learner after hours spent where they buy most.
func (l *Learner) studied(code exam.Code, hours float64) *Learner {
	by := map[exam.SkillID]float64{}
	for _, p := range l.Allocate(code, hours) {
		by[p.Skill] = p.Hours
	}
	return l.Study(code, by)
}

// Need is the study that a pass takes.
type Need struct {
	Target  float64 // probability of passing aimed at
	Reached bool    // it is reached already; the hours are 0
	// Beyond says that no amount of study reaches the target. The hours are those to come within two points
	// of Best, the probability that study could bring.
	Beyond bool
	Hours  float64
	// Low and High are the hours of fast and slow learners, nine in ten of whom lie
	// between.
	Low, High float64
	Best      float64
}

// The hours looked at, in time constants of an exam: after these, 99.8 % of what
// can be learnt is.
const longest = 6

// nearBest is how near the best that study can bring counts as there.
const nearBest = 0.02

// Need says how many hours of study, spent where they buy most, bring an exam's
// pass probability to a target between 0 and 1. It fails with a not-found fault
// for an unknown exam.
func (l *Learner) Need(code exam.Code, target float64) (need Need, err error) {
	defer fault.Op(&err, "effort.Need(%s)", code)
	now, err := l.Pass(code)
	if err != nil {
		return Need{}, err
	}
	need = Need{Target: target, Best: now}
	if now >= target {
		need.Reached = true
		return need, nil
	}
	most := longest * l.assumed.Hours[l.exams[code].cert.Level]
	if need.Best, err = l.studied(code, most).Pass(code); err != nil {
		return Need{}, err
	}
	aim := target
	if need.Best < target {
		need.Beyond, aim = true, max(now, need.Best-nearBest)
	}
	if need.Hours, err = l.hoursTo(code, aim, most); err != nil {
		return Need{}, err
	}
	need.Low, need.High = need.Hours/l.assumed.Spread, need.Hours*l.assumed.Spread
	return need, nil
}

// hoursTo finds the fewest hours, up to most, that bring the pass probability to
// aim, to a tenth of an hour.
func (l *Learner) hoursTo(code exam.Code, aim, most float64) (float64, error) {
	low, high := 0.0, most
	for high-low > 0.1 {
		middle := (low + high) / 2
		p, err := l.studied(code, middle).Pass(code)
		if err != nil {
			return 0, err
		}
		if p < aim {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}

// Prepared is the learner once they have studied for an exam up to a pass
// probability, or as near as study brings them.
func (l *Learner) Prepared(code exam.Code, target float64) (*Learner, error) {
	need, err := l.Need(code, target)
	if err != nil {
		return nil, err
	}
	return l.studied(code, need.Hours), nil
}
