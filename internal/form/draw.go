package form

import (
	"errors"
	"math/bits"
	"math/rand/v2"
	"slices"

	"sextant/internal/catalogue"
	"sextant/internal/fault"
)

// Draw draws a form for one person; see the package's description for what
// holds of it. It is a pure function of its arguments and the state of rng: the
// order of candidates matters, and the questions of a case set keep it.
//
// Unscored places are filled with questions of banks that don't count, and then
// with scorable questions that their domain can spare: so many of it are new to
// the person that the next form's quota still can be. Among either, those with
// the fewest answers come first: of them the statistics know least. A question
// seen before fills none of them, since it tells nothing new. What can't be
// filled so is left out, and the form's Shortfall says so.
//
// Errors: fault.KindInvalid, with words for people, when the candidates don't
// suffice for MinScored scored questions (or the whole length, if that is
// less); a plain error for a specification or candidates that make no sense.
func Draw(spec Spec, candidates []Candidate, history History, rng *rand.Rand) (form *Form, err error) {
	defer fault.Op(&err, "drawing a form of %s", spec.Exam)
	if rng == nil {
		return nil, errors.New("no source of randomness")
	}
	if err := spec.check(); err != nil {
		return nil, err
	}
	p, err := newPool(spec, candidates, history)
	if err != nil {
		return nil, err
	}
	wantedCases := spec.MinCases + rng.IntN(spec.MaxCases-spec.MinCases+1)
	for n := spec.Scored; n >= min(spec.Scored, MinScored); n-- {
		quotas := Quotas(spec.Domains, n)
		s, ok := p.fill(quotas, wantedCases, rng)
		if !ok {
			continue
		}
		s.balance(rng)
		unscored := s.fillUnscored(quotas, spec.Unscored*n/spec.Scored, rng)
		return s.form(unscored, rng), nil
	}
	return nil, p.tooFew()
}

// Fills is the length of the form that somebody gets who has seen none of the
// candidates; zero where there are too few. The scored questions are always as
// many; of a form that is shorter than the real one, lot decides whether a few
// unscored ones fit in besides.
func Fills(cert *catalogue.Certification, candidates []Candidate) Length {
	spec, err := SpecFor(cert)
	if err != nil {
		return Length{}
	}
	f, err := Draw(spec, candidates, nil, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		return Length{}
	}
	return f.Length()
}

// fill makes a selection of scored questions with exactly the quotas: case sets
// first, then the freshest of every domain, by lot among equally fresh ones.
func (p *pool) fill(quotas []int, wantedCases int, rng *rand.Rand) (*selection, bool) {
	p.steps = roundSteps
	sets, ok := p.chooseSets(quotas, wantedCases, rng)
	if !ok {
		return nil, false
	}
	p.steps = roundSteps
	s := p.newSelection(quotas)
	s.sets = sets
	for _, at := range sets {
		for _, i := range p.sets[at].members {
			s.take(i)
		}
	}
	for _, d := range rng.Perm(len(quotas)) {
		s.fillDomain(d, rng)
		if s.need[d] > 0 {
			return nil, false // the search for a way round enemies gave up
		}
	}
	return s, true
}

func (s *selection) fillDomain(d int, rng *rand.Rand) {
	order := slices.Clone(s.loose[d])
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.SortStableFunc(order, func(a, b int) int { return s.tier[a] - s.tier[b] })
	for _, i := range order {
		if s.need[d] == 0 {
			return
		}
		if s.blocked[i] > 0 {
			continue
		}
		s.take(i)
		if len(s.foes[i]) > 0 && !s.fillable() {
			s.drop(i)
		}
	}
}

// fillUnscored picks up to n questions for unscored places: see Draw.
func (s *selection) fillUnscored(quotas []int, n int, rng *rand.Rand) []int {
	var picked []int
	pick := func(from []int, allowed func(i int) bool) {
		order := slices.Clone(from)
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		slices.SortStableFunc(order, func(a, b int) int { return answered(s.all[a]) - answered(s.all[b]) })
		for _, i := range order {
			if len(picked) == n {
				return
			}
			if !s.taken[i] && s.blocked[i] == 0 && s.tier[i] == 0 && allowed(i) {
				s.take(i)
				picked = append(picked, i)
			}
		}
	}
	pick(s.trial, func(int) bool { return true })

	spare := make([]int, len(quotas))
	for d := range s.loose {
		for _, i := range s.loose[d] {
			if s.tier[i] == 0 && !s.taken[i] {
				spare[d]++
			}
		}
		spare[d] -= quotas[d]
	}
	pick(slices.Concat(s.loose...), func(i int) bool {
		d := s.domain[i]
		if spare[d] <= 0 || !s.wanted[s.kind[i]] {
			return false
		}
		spare[d]--
		return true
	})
	return picked
}

// answered is how well a question's statistics are known, in steps: each has
// twice the answers of the one before. Within a step lot decides, so that not
// everybody who sits an exam in one week meets the same few questions.
func answered(c Candidate) int { return bits.Len(uint(max(c.Answers, 0))) }

// form puts the selection into its order: the ordinary questions shuffled with
// the unscored spread evenly among them, then the case sets.
func (s *selection) form(unscored []int, rng *rand.Rand) *Form {
	f := &Form{Exam: s.spec.Exam, Full: s.spec.Length}
	var ordinary []int
	inSet := map[int]bool{}
	for _, at := range s.sets {
		for _, i := range s.pool.sets[at].members {
			inSet[i] = true
		}
	}
	for i := range s.all {
		if s.taken[i] && !inSet[i] && !slices.Contains(unscored, i) {
			ordinary = append(ordinary, i)
		}
	}
	closes := s.spec.Closes && len(s.sets) > 0
	if len(ordinary)+len(unscored) > 0 {
		f.Sections = append(f.Sections, Section{Closes: closes})
		s.place(f, mingle(ordinary, unscored, rng), unscored)
	}
	for _, i := range rng.Perm(len(s.sets)) {
		members := s.pool.sets[s.sets[i]].members
		first := s.all[members[0]]
		noReturn := slices.ContainsFunc(members, func(i int) bool { return s.all[i].NoReturn })
		f.Sections = append(f.Sections, Section{Stimulus: first.Stimulus, Closes: closes, NoReturn: noReturn})
		s.place(f, members, nil)
	}
	f.Shortfall = s.shortfall(f.Length())
	return f
}

func (s *selection) place(f *Form, questions, unscored []int) {
	for _, i := range questions {
		c := &s.all[i]
		f.Places = append(f.Places, Place{
			Question: c.Question, Revision: c.Revision, Domain: c.Domain,
			Scored: !slices.Contains(unscored, i), Section: len(f.Sections) - 1,
		})
	}
}

// mingle shuffles the scored and puts one unscored at a random place into each
// of as many equal stretches.
func mingle(scored, unscored []int, rng *rand.Rand) []int {
	shuffle := func(list []int) { rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] }) }
	scored, unscored = slices.Clone(scored), slices.Clone(unscored)
	shuffle(scored)
	shuffle(unscored)
	total := len(scored) + len(unscored)
	special := map[int]int{}
	for k, i := range unscored {
		from, to := k*total/len(unscored), (k+1)*total/len(unscored)
		special[from+rng.IntN(to-from)] = i
	}
	order := make([]int, 0, total)
	for at := range total {
		if i, ok := special[at]; ok {
			order = append(order, i)
			continue
		}
		order, scored = append(order, scored[0]), scored[1:]
	}
	return order
}

// shortfall compares a form's length with the real one.
func (p *pool) shortfall(has Length) Shortfall {
	s := Shortfall{Scored: p.spec.Scored - has.Scored, Unscored: p.spec.Unscored - has.Unscored}
	if s.Scored == 0 {
		return s
	}
	quotas := Quotas(p.spec.Domains, p.spec.Scored)
	for d, domain := range p.spec.Domains {
		if have := p.most(d); have < quotas[d] {
			s.Domains = append(s.Domains, Missing{Domain: domain.ID, Name: domain.Name, Have: have, Need: quotas[d]})
		}
	}
	return s
}

// most is how many scorable questions of a domain one form could hold at most.
func (p *pool) most(d int) int {
	var inSets []int
	for i := range p.sets {
		inSets = append(inSets, p.sets[i].byDomain[d])
	}
	slices.Sort(inSets)
	slices.Reverse(inSets)
	most := len(p.loose[d])
	for _, n := range inSets[:min(len(inSets), p.spec.MaxCases)] {
		most += n
	}
	return most
}

func (p *pool) tooFew() error {
	return fault.Invalid("The bank has too few questions for a mock exam of %s: %s.", p.spec.Exam, p.shortfall(Length{}).reason())
}
