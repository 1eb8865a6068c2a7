package form

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"sextant/internal/exam"
)

// pool is the candidates, sorted out for drawing. Numbers that stand for
// questions are indices in all, those that stand for domains indices in the
// specification's.
type pool struct {
	spec   Spec
	all    []Candidate
	domain []int
	kind   []int   // index in exam.Types
	skill  []int   // a number for each skill in each domain
	skills int     // how many of those there are
	tier   []int   // 0: never seen; then the longer ago, the smaller
	foes   [][]int // those it must not meet
	loose  [][]int // by domain: scorable questions outside case sets
	trial  []int   // questions outside case sets that can't be scored
	// ordinary marks what is in loose.
	ordinary []bool
	wanted   []bool // by type: belongs into this form
	steps    int    // of the search round enemies that are left to this round
	sets     []caseSet
}

// caseSet is the questions on one stimulus that serve the exam.
type caseSet struct {
	members  []int
	byDomain []int // how many of them lie in each domain
}

func newPool(spec Spec, candidates []Candidate, history History) (*pool, error) {
	p := &pool{spec: spec, all: candidates, tier: tiers(candidates, history), foes: foes(candidates)}
	domainAt, skillAt := map[exam.DomainID]int{}, map[skillKey]int{}
	for d := range spec.Domains {
		domainAt[spec.Domains[d].ID] = d
	}
	known := map[exam.QuestionID]bool{}
	for i := range candidates {
		c := &candidates[i]
		domain, ok := domainAt[c.Domain]
		kind := slices.Index(exam.Types(), c.Type)
		switch {
		case known[c.Question]:
			return nil, fmt.Errorf("question %s occurs twice", c.Question)
		case !ok:
			return nil, fmt.Errorf("question %s: %s has no domain %q", c.Question, spec.Exam, c.Domain)
		case kind < 0:
			return nil, fmt.Errorf("question %s: %q is not an item type", c.Question, c.Type)
		case c.Difficulty < 1 || c.Difficulty > difficulties:
			return nil, fmt.Errorf("question %s: difficulty %d is not 1 to %d", c.Question, c.Difficulty, difficulties)
		}
		known[c.Question] = true
		key := skillKey{domain, c.Skill}
		if _, ok := skillAt[key]; !ok {
			skillAt[key] = len(skillAt)
		}
		p.domain, p.kind, p.skill = append(p.domain, domain), append(p.kind, kind), append(p.skill, skillAt[key])
	}
	p.skills = len(skillAt)
	p.sortOut()
	p.wanted = p.wantedTypes()
	return p, nil
}

type skillKey struct {
	domain int
	skill  exam.SkillID
}

// sortOut tells case sets from the rest. A set of which a single question
// serves the exam is no case here: its question stands among the ordinary ones
// and brings its text along, unless it belongs where there is no going back. A
// set with enemies in it can't come whole, and one that doesn't count can't
// come at all: as a section of its own it would show that it isn't scored.
func (p *pool) sortOut() {
	p.loose, p.ordinary = make([][]int, len(p.spec.Domains)), make([]bool, len(p.all))
	members := map[exam.StimulusID][]int{}
	var order []exam.StimulusID
	for i := range p.all {
		id := p.all[i].Stimulus
		if id == "" {
			p.addLoose(i)
			continue
		}
		if members[id] == nil {
			order = append(order, id)
		}
		members[id] = append(members[id], i)
	}
	for _, id := range order {
		p.addSet(members[id])
	}
}

func (p *pool) addLoose(i int) {
	if !p.all[i].Counts {
		p.trial = append(p.trial, i)
		return
	}
	p.ordinary[i] = true
	p.loose[p.domain[i]] = append(p.loose[p.domain[i]], i)
}

func (p *pool) addSet(members []int) {
	noReturn := slices.ContainsFunc(members, func(i int) bool { return p.all[i].NoReturn })
	if len(members) == 1 && !noReturn {
		p.addLoose(members[0])
		return
	}
	set := caseSet{members: members, byDomain: make([]int, len(p.spec.Domains))}
	for _, i := range members {
		if !p.all[i].Counts || slices.ContainsFunc(members, func(j int) bool { return slices.Contains(p.foes[i], j) }) {
			return
		}
		set.byDomain[p.domain[i]]++
	}
	if len(members) > 1 {
		p.sets = append(p.sets, set)
	}
}

// wantedTypes marks the vendor's types where two forms can be made of them, and
// all types elsewhere: see Spec.Types.
func (p *pool) wantedTypes() []bool {
	all, vendors := make([]bool, len(exam.Types())), make([]bool, len(exam.Types()))
	for k, t := range exam.Types() {
		all[k], vendors[k] = true, slices.Contains(p.spec.Types, t)
	}
	have := make([]int, len(p.loose))
	p.eachScorable(func(i int) {
		if vendors[p.kind[i]] {
			have[p.domain[i]]++
		}
	})
	for d, quota := range Quotas(p.spec.Domains, p.spec.Scored) {
		if have[d] < 2*quota {
			return all
		}
	}
	return vendors
}

// foes lists for every candidate those that share a tag with it.
func foes(candidates []Candidate) [][]int {
	tagged := map[string][]int{}
	for i := range candidates {
		for _, tag := range candidates[i].Enemies {
			tagged[tag] = append(tagged[tag], i)
		}
	}
	found := make([][]int, len(candidates))
	for i := range candidates {
		for _, tag := range candidates[i].Enemies {
			for _, j := range tagged[tag] {
				if j != i && !slices.Contains(found[i], j) {
					found[i] = append(found[i], j)
				}
			}
		}
	}
	return found
}

// freshness is how stale a question is for a person. Days, not moments: what
// was seen on one day is equally stale, so that lot and balance have a choice.
type freshness struct {
	day   int64 // since 1970; 0 and Times 0: never seen
	times int
}

// tiers ranks candidates: 0 for those never seen, then by the day they were
// last seen, then by how often.
func tiers(candidates []Candidate, history History) []int {
	const secondsPerDay = 24 * 60 * 60
	each := make([]freshness, len(candidates))
	for i := range candidates {
		if seen := history[candidates[i].Question]; seen.Times > 0 {
			each[i] = freshness{seen.Last.UTC().Truncate(24*time.Hour).Unix() / secondsPerDay, seen.Times}
		}
	}
	compare := func(a, b freshness) int {
		if (a.times == 0) != (b.times == 0) {
			return cmp.Compare(min(a.times, 1), min(b.times, 1))
		}
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.times, b.times))
	}
	kinds := append([]freshness{{}}, each...)
	slices.SortFunc(kinds, compare)
	kinds = slices.Compact(kinds)
	ranks := make([]int, len(each))
	for i := range each {
		ranks[i], _ = slices.BinarySearchFunc(kinds, each[i], compare)
	}
	return ranks
}
