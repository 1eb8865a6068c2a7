package form

import (
	"math"
	"math/rand/v2"
	"slices"

	"sextant/internal/exam"
)

// searchSteps bounds the search for a way to fill quotas round enemies. Banks
// that people write have a handful of enemies and need almost none of it; a
// search that gives up costs the form a question, never its rules.
const (
	searchSteps = 5000  // for one question of whether the quotas can be filled
	roundSteps  = 20000 // for all such questions while cases, or the rest, of one length are chosen
)

// selection is a form in the making.
type selection struct {
	*pool
	sets    []int // case sets chosen
	need    []int // by domain: scored questions still to choose
	taken   []bool
	blocked []int // how many of its foes are taken
	free    []int // by domain: loose questions left that have no foes at all
}

func (p *pool) newSelection(quotas []int) *selection {
	s := &selection{
		pool: p, need: slices.Clone(quotas), taken: make([]bool, len(p.all)), blocked: make([]int, len(p.all)),
		free: make([]int, len(quotas)),
	}
	for d := range p.loose {
		for _, i := range p.loose[d] {
			s.countFree(i, +1)
		}
	}
	return s
}

func (s *selection) take(i int) { s.turn(i, true, +1) }
func (s *selection) drop(i int) { s.turn(i, false, -1) }

func (s *selection) turn(i int, taken bool, by int) {
	s.taken[i] = taken
	s.need[s.domain[i]] -= by
	s.countFree(i, -by)
	for _, j := range s.foes[i] {
		s.blocked[j] += by
	}
}

func (s *selection) countFree(i, by int) {
	if s.ordinary[i] && len(s.foes[i]) == 0 {
		s.free[s.domain[i]] += by
	}
}

// fillable reports whether every domain's quota can still be filled.
func (s *selection) fillable() bool {
	allowed := min(searchSteps, s.steps)
	left := allowed
	found := s.search(make([]int, len(s.need)), &left)
	s.steps -= allowed - max(left, 0)
	return found
}

// search tries the questions with foes, in order, wherever those without don't
// suffice. from is where to go on in each domain.
func (s *selection) search(from []int, steps *int) bool {
	d := s.short()
	if d < 0 {
		return true
	}
	start := from[d]
	defer func() { from[d] = start }()
	for at := start; at < len(s.loose[d]); at++ {
		i := s.loose[d][at]
		if s.taken[i] || s.blocked[i] > 0 || len(s.foes[i]) == 0 {
			continue
		}
		if *steps--; *steps < 0 {
			return false
		}
		from[d] = at + 1
		s.take(i)
		found := s.search(from, steps)
		s.drop(i)
		if found {
			return true
		}
	}
	return false
}

// short is a domain whose quota the questions without foes can't fill, or −1.
func (s *selection) short() int {
	for d, n := range s.need {
		if n > s.free[d] {
			return d
		}
	}
	return -1
}

// chooseSets picks the case sets, and reports false when the quotas can't be
// filled with any choice of them. Among the choices that can it takes those
// that put the fewest seen questions into the form, then those nearest to the
// number wanted, then those seen longest ago, then one by lot.
func (p *pool) chooseSets(quotas []int, wanted int, rng *rand.Rand) ([]int, bool) {
	fresh := make([]int, len(quotas))
	for d := range p.loose {
		for _, i := range p.loose[d] {
			if p.tier[i] == 0 {
				fresh[d]++
			}
		}
	}
	var best [][]int
	var bestCost [3]int
	s := p.newSelection(quotas)
	var extend func(chosen []int, from int)
	extend = func(chosen []int, from int) {
		if s.fillable() {
			cost := p.cost(s, chosen, fresh, wanted)
			order := slices.Compare(cost[:], bestCost[:])
			if best == nil || order < 0 {
				best, bestCost = nil, cost
			}
			if best == nil || order == 0 {
				best = append(best, slices.Clone(chosen))
			}
		}
		if len(chosen) == p.spec.MaxCases {
			return
		}
		for at := from; at < len(p.sets); at++ {
			if !s.fits(&p.sets[at]) {
				continue
			}
			s.turnSet(&p.sets[at], s.take)
			extend(append(chosen, at), at+1)
			s.turnSet(&p.sets[at], s.drop)
		}
	}
	extend(nil, 0)
	if best == nil {
		return nil, false
	}
	return best[rng.IntN(len(best))], true
}

// cost ranks a choice of case sets; smaller is better.
func (p *pool) cost(s *selection, chosen, fresh []int, wanted int) [3]int {
	repeats, staleness := 0, 0
	for d, need := range s.need {
		repeats += max(0, need-fresh[d])
	}
	for _, at := range chosen {
		for _, i := range p.sets[at].members {
			repeats += min(p.tier[i], 1)
			staleness += p.tier[i]
		}
	}
	return [3]int{repeats, max(wanted-len(chosen), len(chosen)-wanted), staleness}
}

// fits reports whether a case set keeps within the quotas and meets no enemy.
func (s *selection) fits(set *caseSet) bool {
	for d, n := range set.byDomain {
		if n > s.need[d] {
			return false
		}
	}
	return !slices.ContainsFunc(set.members, func(i int) bool { return s.blocked[i] > 0 })
}

func (s *selection) turnSet(set *caseSet, turn func(int)) {
	for _, i := range set.members {
		turn(i)
	}
}

// What being one question off the target in a type, a difficulty or a skill
// counts against each other. Type and difficulty are the exam's; the spread
// over skills only keeps chance from crowding one of them.
const (
	typeWeight       = 1
	difficultyWeight = 1
	skillWeight      = 0.5
)

// tally is how many questions there are of each kind, against how many there
// should be.
type tally struct {
	weight      float64
	count, goal []float64
}

func newTally(weight float64, goal []float64) *tally {
	return &tally{weight: weight, count: make([]float64, len(goal)), goal: goal}
}

// change is what it adds to the weighted sum of squared differences to have one
// question of kind b instead of a.
func (t *tally) change(a, b int) float64 {
	if a == b {
		return 0
	}
	return 2 * t.weight * ((t.count[b] - t.goal[b]) - (t.count[a] - t.goal[a]) + 1)
}

// maxRounds bounds the rounds of exchanges; two to four leave nothing to improve.
const maxRounds = 10

// balance exchanges ordinary questions for equally fresh ones of the same
// domain, each for the best, as long as that brings the form nearer to its
// targets.
func (s *selection) balance(rng *rand.Rand) {
	b := s.newBalance(rng)
	var chosen []int
	others := make([][]int, len(s.loose))
	for d := range s.loose {
		others[d] = slices.Clone(s.loose[d])
		rng.Shuffle(len(others[d]), func(i, j int) { others[d][i], others[d][j] = others[d][j], others[d][i] })
		for _, i := range others[d] {
			if s.taken[i] {
				chosen = append(chosen, i)
			}
		}
	}
	rng.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	for range maxRounds {
		improved := false
		for at, out := range chosen {
			in := s.bestFor(b, out, others[s.domain[out]])
			if in == out {
				continue
			}
			s.drop(out)
			s.take(in)
			b.add(s.pool, out, -1)
			b.add(s.pool, in, +1)
			chosen[at], improved = in, true
		}
		if !improved {
			return
		}
	}
}

// bestFor is the best question to have instead of out, or out itself.
func (s *selection) bestFor(b *balance, out int, others []int) int {
	best, gain := out, tolerance
	for _, in := range others {
		if s.taken[in] || s.tier[in] != s.tier[out] {
			continue
		}
		if g := -b.change(s.pool, out, in); g > gain && s.meetsOnly(in, out) {
			best, gain = in, g
		}
	}
	return best
}

// meetsOnly reports whether in has no enemy in the form except perhaps out.
func (s *selection) meetsOnly(in, out int) bool {
	return s.blocked[in] == 0 || s.blocked[in] == 1 && slices.Contains(s.foes[in], out)
}

type balance struct{ types, difficulty, skills *tally }

func (b *balance) change(p *pool, out, in int) float64 {
	return b.types.change(p.kind[out], p.kind[in]) +
		b.difficulty.change(p.all[out].Difficulty-1, p.all[in].Difficulty-1) +
		b.skills.change(p.skill[out], p.skill[in])
}

func (b *balance) add(p *pool, i int, by float64) {
	b.types.count[p.kind[i]] += by
	b.difficulty.count[p.all[i].Difficulty-1] += by
	b.skills.count[p.skill[i]] += by
}

// newBalance sets this form's goals. They are whole numbers, drawn so that each
// is on average what its share asks for: a goal of 0.3 rounded to 0 for good
// would keep a rare kind out of every form and ask too much of its neighbours.
func (s *selection) newBalance(rng *rand.Rand) *balance {
	n, inDomain := 0, make([]int, len(s.loose))
	for i := range s.all {
		if s.taken[i] {
			n++
			inDomain[s.domain[i]]++
		}
	}
	b := &balance{
		newTally(typeWeight, whole(s.mix(), n, rng)), newTally(difficultyWeight, whole(s.spread(), n, rng)),
		newTally(skillWeight, make([]float64, s.skills)),
	}
	for d, skills := range s.skillShares() {
		shares := make([]float64, len(skills))
		for k, share := range skills {
			shares[k] = share.of
		}
		for k, goal := range whole(shares, inDomain[d], rng) {
			b.skills.goal[skills[k].skill] = goal
		}
	}
	for i := range s.all {
		if s.taken[i] {
			b.add(s.pool, i, +1)
		}
	}
	return b
}

// whole divides n by shares that sum to 1 into whole numbers that sum to n,
// each its exact part rounded down or up, and that part on average (systematic
// sampling; Madow 1949).
func whole(shares []float64, n int, rng *rand.Rand) []float64 {
	parts := make([]float64, len(shares))
	reached, before := rng.Float64(), 0.0
	for k, share := range shares {
		reached += share * float64(n)
		upTo := math.Floor(reached)
		if k == len(shares)-1 {
			upTo = float64(n) // whatever rounding in the sum says
		}
		parts[k], before = upTo-before, upTo
	}
	return parts
}

// overuse is how many times its share of the bank a difficulty's share of a form
// is at most. Beyond it, the few hard questions of a bank with few would be in
// every first form and in no second one.
const overuse = 1.5

// spread is the share of each difficulty: the specification's, where the bank
// has enough of it; what it can't give goes to the others in proportion.
func (p *pool) spread() []float64 {
	limit := make([]float64, difficulties)
	p.eachScorable(func(i int) { limit[p.all[i].Difficulty-1]++ })
	limit = normal(limit)
	for k := range limit {
		limit[k] *= overuse
	}
	shares := slices.Clone(p.spec.Difficulty[:])
	for range difficulties { // each time one more is at its limit, or it is done
		excess, open := 0.0, 0.0
		for k := range shares {
			if shares[k] >= limit[k] {
				excess += shares[k] - limit[k]
				shares[k] = limit[k]
			} else {
				open += shares[k]
			}
		}
		if excess < tolerance || open == 0 {
			break
		}
		for k := range shares {
			if shares[k] < limit[k] {
				shares[k] *= 1 + excess/open
			}
		}
	}
	return normal(shares)
}

type skillShare struct {
	skill int
	of    float64
}

// skillShares is by domain what share of its questions each skill has.
func (p *pool) skillShares() [][]skillShare {
	shares, size, at := make([][]skillShare, len(p.loose)), make([]float64, len(p.loose)), make([]int, p.skills)
	seen := make([]bool, p.skills)
	p.eachScorable(func(i int) {
		d, k := p.domain[i], p.skill[i]
		if !seen[k] {
			seen[k], at[k] = true, len(shares[d])
			shares[d] = append(shares[d], skillShare{skill: k})
		}
		shares[d][at[k]].of++
		size[d]++
	})
	for d := range shares {
		for k := range shares[d] {
			shares[d][k].of /= size[d]
		}
	}
	return shares
}

// leastSingle is the share of single choice that a form has at least, unless
// the specification says its mix: the vendors' exams are mostly that.
const leastSingle = 0.5

// mix is the share of each type, in the order of exam.Types; they sum to 1.
func (p *pool) mix() []float64 {
	types := exam.Types()
	shares := make([]float64, len(types))
	if p.spec.Mix != nil {
		for i, t := range types {
			shares[i] = p.spec.Mix[t]
		}
		return normal(shares)
	}
	p.eachScorable(func(i int) {
		if p.wanted[p.kind[i]] {
			shares[p.kind[i]]++
		}
	})
	single := slices.Index(types, exam.Single)
	shares = normal(shares)
	if shares[single] == 0 || shares[single] >= leastSingle {
		return shares
	}
	rest := 1 - shares[single]
	for i := range shares {
		shares[i] *= (1 - leastSingle) / rest
	}
	shares[single] = leastSingle
	return shares
}

func (p *pool) eachScorable(do func(i int)) {
	for i := range p.all {
		if p.all[i].Counts {
			do(i)
		}
	}
}

// normal scales shares to sum to 1; nothing but zeros becomes equal shares.
func normal(shares []float64) []float64 {
	sum := 0.0
	for _, share := range shares {
		sum += share
	}
	for i := range shares {
		if sum > 0 {
			shares[i] /= sum
		} else {
			shares[i] = 1 / float64(len(shares))
		}
	}
	return shares
}
