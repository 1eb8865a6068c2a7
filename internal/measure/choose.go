package measure

import (
	"math"
	"math/rand/v2"
	"sort"
)

// Rules of exposure.
const (
	// NearBest is the share of the best gain from which questions are drawn at
	// random while their parameters are guesses.
	NearBest = 0.8
	// NearBestKnown is the same once every candidate is calibrated: gains are then
	// worth more, and five domains take 27.9 questions instead of 28.5 to know.
	NearBestKnown = 0.9
	// LeastServedEvery is how often a slot goes to the least-served question: one
	// in five costs no accuracy and leaves no question unserved.
	LeastServedEvery = 5
	// EasyStart is the number of opening questions that are easy to middling.
	EasyStart = 2
)

// Exposure of one question: the share of sittings it may be part of.
const (
	mostExposed  = 0.25 // where the bank is large enough
	timesUniform = 1.5  // where it isn't: times what an even use would give
)

// ExposureBound is the largest share of sittings that a question may be part of,
// for sittings of length questions from so many eligible, of which its group is
// due so many out of its own eligible ones.
func ExposureBound(length, eligible int, due float64, eligibleInGroup int) float64 {
	return max(mostExposed,
		timesUniform*float64(length)/float64(eligible),
		timesUniform*due/float64(eligibleInGroup))
}

// DrawNearBest picks at random among the allowed questions whose gain is at
// least a share of the best, and returns −1 when none is allowed.
func DrawNearBest(gains []float64, allowed []bool, share float64, rng *rand.Rand) int {
	best := math.Inf(-1)
	for i, ok := range allowed {
		if ok && gains[i] > best {
			best = gains[i]
		}
	}
	return pick(allowed, rng, func(i int) bool { return gains[i] >= share*best })
}

// DrawLeastServed picks at random among the allowed questions that were served
// least often, and returns −1 when none is allowed.
func DrawLeastServed(served []int, allowed []bool, rng *rand.Rand) int {
	least := math.MaxInt
	for i, ok := range allowed {
		if ok {
			least = min(least, served[i])
		}
	}
	return pick(allowed, rng, func(i int) bool { return served[i] == least })
}

// pick draws one allowed index for which keep holds, each equally likely.
func pick(allowed []bool, rng *rand.Rand, keep func(int) bool) int {
	chosen, n := -1, 0
	for i, ok := range allowed {
		if !ok || !keep(i) {
			continue
		}
		n++
		if rng.IntN(n) == 0 {
			chosen = i
		}
	}
	return chosen
}

// Quota is the share of a sitting that a group of questions is due, with the
// number it had so far.
type Quota struct {
	Share float64 // in [0, 1]
	Had   int
}

// Deficit is how far the group would lag behind its share after the next slot
// if it were not served; negative when it is ahead.
func (q Quota) Deficit(asked int) float64 { return q.Share*float64(asked+1) - float64(q.Had) }

// Due lists the groups that lag a whole question behind, the largest deficit
// first (Kingsbury & Zara 1989); ties keep their order. Serving them first keeps
// every group within about one question of its share at any length.
func Due(quotas []Quota, asked int) []int {
	var due []int
	for g, q := range quotas {
		if q.Deficit(asked) >= 1-1e-9 {
			due = append(due, g)
		}
	}
	sort.SliceStable(due, func(a, b int) bool {
		return quotas[due[a]].Deficit(asked) > quotas[due[b]].Deficit(asked)
	})
	return due
}

// Full reports whether one more question would put the group more than one ahead
// of its share.
func (q Quota) Full(asked int) bool {
	return float64(q.Had+1) > q.Share*float64(asked+1)+1+1e-9
}

// Stopping rules. None but the length applies before EarliestStop answers.
const (
	EarliestStop  = 15
	SettledLow    = 0.10 // pass probability outside this range …
	SettledHigh   = 0.90
	SettledFor    = 3    // … after each of the last so many answers
	PreciseSD     = 0.35 // logits: SD of the exam's composite
	LookAhead     = 5    // questions
	WorthwhileCut = 0.02 // share of the composite variance they must promise to remove
)

// Settled reports whether a pass probability is outside the undecided range.
func Settled(pass float64) bool { return pass < SettledLow || pass > SettledHigh }

// PromisedCut returns the share of a variance that the LookAhead best allowed
// questions would remove if their gains added up: an upper bound.
func PromisedCut(gains []float64, allowed []bool, variance float64) float64 {
	var best [LookAhead]float64 // descending
	for i, ok := range allowed {
		if !ok {
			continue
		}
		g := gains[i]
		for k := range best {
			if g > best[k] {
				g, best[k] = best[k], g
			}
		}
	}
	total := 0.0
	for _, g := range best {
		total += g
	}
	if !(variance > 0) {
		return 0
	}
	return total / variance
}
