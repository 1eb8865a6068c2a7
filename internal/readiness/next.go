package readiness

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/measure"
)

// Plan is what a sitting is for.
type Plan struct {
	// Targets are the exams in question. With Fit, none means every exam offered.
	Targets []exam.Code
	Fit     bool // "which fits me?": what tells the exams apart counts too
	Length  int  // questions at most, > 0
	// Whole asks for the whole length, whatever the answers have settled.
	Whole bool
}

// History is what has happened so far.
type History struct {
	Earlier []exam.Response          // from earlier sittings
	Current []exam.Response          // of this sitting, in order
	Seen    map[exam.QuestionID]bool // in the learner's last two sittings
	Served  map[exam.QuestionID]int  // how often each question was served to anyone
}

// Step is the next question, or the end with its reason in words.
type Step struct {
	Question exam.QuestionID
	Stop     bool
	Reason   string // when Stop
}

// Reasons to stop.
const (
	reasonLength    = "That was the number of questions you chose."
	reasonExhausted = "There are no more questions for this choice in the bank."
	reasonSettled   = "The pass probability has been clearly on one side for three questions in a row; more would hardly move it."
	reasonPrecise   = "The result is as precise as it needs to be; more questions would hardly narrow it."
	reasonDecided   = "For every exam the result is either clearly on one side or as precise as it needs to be."
	reasonFlat      = "The next questions would hardly narrow the result."
)

// Limits on how a sitting is made up.
const (
	// domainWeight is what an exam's domains count against its composite when
	// gains are added up. Floors already see to the domains; on the simulated cold
	// bank .3 gives the pass probability a Brier score of .160, equal weights .163
	// and domains alone .164.
	domainWeight   = 0.3
	skillCapFactor = 2    // a skill gets at most twice its share of the sitting …
	minSkillCap    = 2    // … but always this many
	neutralShare   = 0.25 // of a "which fits me?" sitting; the vendors share the rest
	easyDifficulty = 3    // the hardest an opening question is

	// The most of a sitting that a type may take. The fewer guesses a type lets
	// through, the more an answer tells, so gain alone would fill a sitting with
	// matching and ordering questions; the exams themselves are mostly choices.
	multipleShare  = 1. / 3
	assembledShare = 1. / 6 // each of ordering, matching, yes/no series
	otherShare     = 1. / 2 // all types but single choice together
)

// Next picks the next question of a sitting or says why it is over. It prefers
// the largest expected reduction of what the plan asks about, within floors and
// ceilings per domain (per platform with Fit), a cap per skill, no enemies, and
// nothing the learner saw lately while something unseen remains. It is a pure
// function of its arguments and the state of rng.
func (m *Model) Next(plan Plan, h History, now time.Time, rng *rand.Rand) (step Step, err error) {
	return m.NextFrom(nil, plan, h, now, rng)
}

// NextFrom is Next with a memory for the posteriors; the result is the same.
func (m *Model) NextFrom(mem *Memory, plan Plan, h History, now time.Time, rng *rand.Rand) (step Step, err error) {
	defer fault.Op(&err, "choosing the next question")
	exams, err := m.targets(plan)
	if err != nil {
		return Step{}, err
	}
	if rng == nil {
		return Step{}, errors.New("no source of randomness")
	}
	if len(h.Current) >= plan.Length {
		return Step{Stop: true, Reason: reasonLength}, nil
	}
	s := m.newSelection(plan, h, exams)
	if !slices.Contains(s.allowed, true) {
		return Step{Stop: true, Reason: reasonExhausted}, nil
	}
	posterior, err := m.posterior(mem, m.evidence(now, h.Earlier, h.Current).answers)
	if err != nil {
		return Step{}, err
	}
	goal := m.newGoal(exams, plan.Fit, posterior)
	scratch := m.scratch.Get().(*measure.Scratch)
	defer m.scratch.Put(scratch)
	gains := m.pool.Gains(posterior, goal.value, scratch)
	for i, answered := range s.answered {
		if answered {
			gains[i] = 0 // a repeat measures nothing
		}
	}
	reason, err := s.stop(mem, now, posterior, goal, gains)
	if err != nil {
		return Step{}, err
	}
	if reason != "" {
		return Step{Stop: true, Reason: reason}, nil
	}
	return Step{Question: m.items[s.pick(gains, rng)].id}, nil
}

// targets checks the plan and returns its exams.
func (m *Model) targets(plan Plan) ([]int, error) {
	if plan.Length <= 0 {
		return nil, fault.Invalid("choose how many questions to answer")
	}
	if len(plan.Targets) > 0 {
		return m.choose(plan.Targets)
	}
	if !plan.Fit {
		return nil, fault.Invalid("choose at least one exam")
	}
	var exams []int
	for i := range m.exams {
		if m.exams[i].offered {
			exams = append(exams, i)
		}
	}
	return exams, nil
}

// goal is what the answers are to be informative about.
type goal struct {
	value    []float64 // by cell: Σ weight·Cov(η, θ_c)²
	variance float64   // Σ weight·Var(η): what the gains chip away at
}

// newGoal weighs the exams equally: each exam's own composite by 1, because the
// pass probability rests on it, and its domains together by domainWeight, divided
// by blueprint. With contrasts, the differences between the exams count as much
// as the exams.
func (m *Model) newGoal(exams []int, contrasts bool, posterior *measure.Normal) goal {
	n := len(m.cells)
	g := goal{value: make([]float64, n)}
	covariance := make([]float64, n)
	share := 1 / float64(len(exams))
	for _, i := range exams {
		e := &m.exams[i]
		for d := range e.domains {
			weight := share * domainWeight * e.form.Weights[d]
			posterior.Covariances(e.domains[d].Composite, covariance)
			measure.AddValue(g.value, weight, covariance)
			g.variance += weight * dot(e.domains[d].Composite, covariance)
		}
		posterior.Covariances(e.overall.Composite, covariance)
		measure.AddValue(g.value, share, covariance)
		g.variance += share * dot(e.overall.Composite, covariance)
	}
	if contrasts && len(exams) > 1 {
		m.addContrasts(&g, exams, posterior, covariance)
	}
	return g
}

func (m *Model) addContrasts(g *goal, exams []int, posterior *measure.Normal, covariance []float64) {
	n, total := float64(len(exams)), 0.0
	sum, squares := make([]float64, len(m.cells)), make([]float64, len(m.cells))
	for _, i := range exams {
		overall := m.exams[i].overall.Composite
		posterior.Covariances(overall, covariance)
		for c, v := range covariance {
			sum[c] += v
			squares[c] += v * v
		}
		total += n * dot(overall, covariance)
	}
	for _, i := range exams {
		total -= dot(m.exams[i].overall.Composite, sum)
	}
	measure.AddContrastValue(g.value, 1, len(exams), sum, squares)
	g.variance += math.Max(0, total) / (n * (n - 1) / 2)
}

// dot is Σ w·v over a composite's cells.
func dot(c measure.Composite, v []float64) float64 {
	sum := 0.0
	for i, at := range c.Cells {
		sum += c.Weights[i] * v[at]
	}
	return sum
}

// selection is one choice in the making.
type selection struct {
	m        *Model
	plan     Plan
	h        History
	exams    []int
	answered []bool // by item, in any sitting
	allowed  []bool // by item: may be served at all
	groups   []group
	eligible int                  // questions that serve the plan
	perSkill map[exam.SkillID]int // asked in this sitting
	perType  map[exam.Type]int    // asked in this sitting
}

// group is a set of questions that is due a share of the sitting.
type group struct {
	measure.Quota
	ceiling  bool // the share bounds it from above as well
	has      func(*item) bool
	eligible int // questions
	served   int // how often they were, to anyone
}

func (m *Model) newSelection(plan Plan, h History, exams []int) *selection {
	s := &selection{
		m: m, plan: plan, h: h, exams: exams,
		answered: make([]bool, len(m.items)),
		allowed:  make([]bool, len(m.items)),
		perSkill: map[exam.SkillID]int{},
		perType:  map[exam.Type]int{},
	}
	for _, r := range h.Earlier {
		if at, ok := m.itemAt[r.Question]; ok {
			s.answered[at] = true
		}
	}
	s.groups = m.newGroups(plan, exams)
	asked := map[int]bool{}
	enemies := map[string]bool{}
	stimuli := map[exam.StimulusID]bool{}
	for _, r := range h.Current {
		at, ok := m.itemAt[r.Question]
		if !ok {
			continue
		}
		it := &m.items[at]
		asked[at] = true
		s.answered[at] = true
		s.perSkill[it.skill]++
		s.perType[it.kind]++
		stimuli[it.stimulus] = it.stimulus != ""
		for _, tag := range it.enemies {
			enemies[tag] = true
		}
		for g := range s.groups {
			if s.groups[g].has(it) {
				s.groups[g].Had++
			}
		}
	}
	for i := range m.items {
		it := &m.items[i]
		s.allowed[i] = !asked[i] && !stimuli[it.stimulus] && s.serves(it) &&
			!slices.ContainsFunc(it.enemies, func(tag string) bool { return enemies[tag] })
		s.countServed(it)
	}
	return s
}

// countServed counts a question of the plan towards its groups.
func (s *selection) countServed(it *item) {
	if !s.serves(it) {
		return
	}
	s.eligible++
	for g := range s.groups {
		if s.groups[g].has(it) {
			s.groups[g].eligible++
			s.groups[g].served += s.h.Served[it.id]
		}
	}
}

func (s *selection) serves(it *item) bool {
	return slices.ContainsFunc(s.exams, func(e int) bool { return it.domain[e] >= 0 })
}

// newGroups makes a group of every domain, or with Fit of every platform, so
// that each family of exams gets evidence however short the sitting.
func (m *Model) newGroups(plan Plan, exams []int) []group {
	if plan.Fit {
		return m.platformGroups(exams)
	}
	var groups []group
	share := 1 / float64(len(exams))
	for _, e := range exams {
		for d, weight := range m.exams[e].form.Weights {
			groups = append(groups, group{
				Quota:   measure.Quota{Share: share * weight},
				ceiling: len(exams) == 1, // questions shared by exams would break several ceilings at once
				has:     func(it *item) bool { return it.domain[e] == d },
			})
		}
	}
	return groups
}

func (m *Model) platformGroups(exams []int) []group {
	vendors := map[exam.Platform]bool{}
	for _, e := range exams {
		vendors[m.exams[e].cert.Vendor] = true
	}
	var groups []group
	for _, p := range exam.Platforms() {
		share := neutralShare
		if p != exam.Neutral {
			share = (1 - neutralShare) / float64(len(vendors))
		}
		if p != exam.Neutral && !vendors[p] {
			continue
		}
		groups = append(groups, group{
			Quota: measure.Quota{Share: share},
			has:   func(it *item) bool { return it.platform == p },
		})
	}
	return groups
}

// pick applies the preferences, relaxing them in turn until a question is left:
// first the caps per skill and type, then the ceilings, then freshness. A domain that lags
// goes first. At least one question is allowed when it is called.
func (s *selection) pick(gains []float64, rng *rand.Rand) int {
	caps := s.skillCaps()
	capped := func(i int) bool {
		it := &s.m.items[i]
		return s.perSkill[it.skill] >= caps[it.skill] || s.perType[it.kind] >= typeCap(it.kind, s.plan.Length) ||
			it.kind != exam.Single && s.others() >= int(otherShare*float64(s.plan.Length))
	}
	recent := func(i int) bool { return s.h.Seen[s.m.items[i].id] }
	unseen := func(i int) bool { return !s.answered[i] && !recent(i) }
	for _, keep := range []func(int) bool{
		func(i int) bool { return unseen(i) && !s.full(i) && !capped(i) },
		func(i int) bool { return unseen(i) && !s.full(i) },
		unseen,
		func(i int) bool { return !recent(i) },
		func(int) bool { return true },
	} {
		candidates := s.only(s.allowed, keep)
		if slices.Contains(candidates, true) {
			return s.draw(s.opening(s.unworn(s.due(candidates))), gains, rng)
		}
	}
	return -1
}

// others counts the questions of this sitting that are not single choices.
func (s *selection) others() int {
	n := 0
	for kind, asked := range s.perType {
		if kind != exam.Single {
			n += asked
		}
	}
	return n
}

// typeCap is the most questions of a type in a sitting of the given length.
func typeCap(kind exam.Type, length int) int {
	share := assembledShare
	switch kind {
	case exam.Single:
		return length
	case exam.Multiple:
		share = multipleShare
	case exam.Ordering, exam.Matching, exam.YesNo:
	}
	return int(math.Ceil(share * float64(length)))
}

// only narrows a choice.
func (s *selection) only(from []bool, keep func(int) bool) []bool {
	to := make([]bool, len(from))
	for i, ok := range from {
		to[i] = ok && keep(i)
	}
	return to
}

// skillCaps is the most questions each skill may have in the sitting.
func (s *selection) skillCaps() map[exam.SkillID]int {
	share := map[exam.SkillID]float64{}
	for _, e := range s.exams {
		overall := &s.m.exams[e].overall
		for i, c := range overall.Cells {
			share[s.m.cells[c].skill] += overall.Weights[i] / float64(len(s.exams))
		}
	}
	caps := make(map[exam.SkillID]int, len(share))
	for skill, w := range share {
		caps[skill] = max(minSkillCap, int(math.Ceil(skillCapFactor*w*float64(s.plan.Length))))
	}
	return caps
}

// full reports whether a question belongs to a group that has had its share.
func (s *selection) full(i int) bool {
	return slices.ContainsFunc(s.groups, func(g group) bool {
		return g.ceiling && g.Full(len(s.h.Current)) && g.has(&s.m.items[i])
	})
}

// due narrows the choice to the group that lags most, if any lags.
func (s *selection) due(candidates []bool) []bool {
	quotas := make([]measure.Quota, len(s.groups))
	for g := range s.groups {
		quotas[g] = s.groups[g].Quota
	}
	for _, g := range measure.Due(quotas, len(s.h.Current)) {
		within := s.only(candidates, func(i int) bool { return s.groups[g].has(&s.m.items[i]) })
		if slices.Contains(within, true) {
			return within
		}
	}
	return candidates
}

// unworn narrows the choice to questions that too many learners haven't met yet,
// if there are any. Where a few questions tell most, as those that can hardly be
// guessed do, drawing among the best alone would put them into every sitting.
func (s *selection) unworn(candidates []bool) []bool {
	fresh := s.only(candidates, func(i int) bool { return !s.worn(&s.m.items[i]) })
	if slices.Contains(fresh, true) {
		return fresh
	}
	return candidates
}

// worn reports whether a question's share of sittings is above the bound in every
// group it belongs to (the restricted method of Revuelta & Ponsoda 1998). The
// share is what the group is due of a sitting times the question's part of what
// the group was served, each question having been served once more than it was,
// so that the first sittings don't decide.
func (s *selection) worn(it *item) bool {
	worn := false
	for g := range s.groups {
		group := &s.groups[g]
		if !group.has(it) {
			continue
		}
		due := group.Share * float64(s.plan.Length)
		share := due * float64(s.h.Served[it.id]+1) / float64(group.served+group.eligible)
		if share <= s.bound(group) {
			return false
		}
		worn = true
	}
	return worn
}

// ExposureBounds returns, for every question in the order of Items, the largest
// share of sittings of a plan that it is to be part of; 0 for questions that
// don't serve the plan.
func (m *Model) ExposureBounds(plan Plan) (bounds []float64, err error) {
	defer fault.Op(&err, "exposure bounds")
	exams, err := m.targets(plan)
	if err != nil {
		return nil, err
	}
	s := m.newSelection(plan, History{}, exams)
	bounds = make([]float64, len(m.items))
	for i := range m.items {
		for g := range s.groups {
			if s.serves(&m.items[i]) && s.groups[g].has(&m.items[i]) {
				bounds[i] = max(bounds[i], s.bound(&s.groups[g]))
			}
		}
	}
	return bounds, nil
}

// bound is the largest share of sittings for a question of a group.
func (s *selection) bound(g *group) float64 {
	return measure.ExposureBound(s.plan.Length, s.eligible, g.Share*float64(s.plan.Length), g.eligible)
}

// opening narrows the first questions to easy and middling single choices, as
// far as there are any: nobody should begin with a hard or an unusual one.
func (s *selection) opening(candidates []bool) []bool {
	if len(s.h.Current) >= measure.EasyStart {
		return candidates
	}
	for _, keep := range []func(int) bool{
		func(i int) bool { return s.m.items[i].kind == exam.Single },
		func(i int) bool { return s.m.items[i].difficulty <= easyDifficulty },
	} {
		if narrowed := s.only(candidates, keep); slices.Contains(narrowed, true) {
			candidates = narrowed
		}
	}
	return candidates
}

func (s *selection) draw(candidates []bool, gains []float64, rng *rand.Rand) int {
	if (len(s.h.Current)+1)%measure.LeastServedEvery != 0 {
		return measure.DrawNearBest(gains, candidates, s.nearBest(candidates), rng)
	}
	served := make([]int, len(candidates))
	for i, ok := range candidates {
		if ok {
			served[i] = s.h.Served[s.m.items[i].id]
		}
	}
	return measure.DrawLeastServed(served, candidates, rng)
}

// nearBest is the share of the best gain that a question must bring.
func (s *selection) nearBest(candidates []bool) float64 {
	for i, ok := range candidates {
		if ok && !s.m.items[i].calibrated {
			return measure.NearBest
		}
	}
	return measure.NearBestKnown
}

// stop returns the reason to end the sitting early, or "".
func (s *selection) stop(mem *Memory, now time.Time, posterior *measure.Normal, g goal, gains []float64) (string, error) {
	if s.plan.Whole || len(s.h.Current) < measure.EarliestStop {
		return "", nil
	}
	if measure.PromisedCut(gains, s.allowed, g.variance) < measure.WorthwhileCut {
		return reasonFlat, nil
	}
	var open []int // exams whose composite is not precise yet
	for _, e := range s.exams {
		if _, v := posterior.Moments(s.m.exams[e].overall.Composite); v > measure.PreciseSD*measure.PreciseSD {
			open = append(open, e)
		}
	}
	if len(open) == 0 {
		return reasonPrecise, nil
	}
	settled, err := s.settled(mem, now, posterior, open)
	if err != nil || !settled {
		return "", err
	}
	if len(open) == len(s.exams) {
		return reasonSettled, nil
	}
	return reasonDecided, nil
}

// settled reports whether every exam's pass probability was outside the
// undecided range after each of the last answers. posterior is the one after all.
func (s *selection) settled(mem *Memory, now time.Time, posterior *measure.Normal, exams []int) (bool, error) {
	for back := range measure.SettledFor {
		if back > 0 {
			before := s.h.Current[:len(s.h.Current)-back]
			var err error
			if posterior, err = s.m.posterior(mem, s.m.evidence(now, s.h.Earlier, before).answers); err != nil {
				return false, err
			}
		}
		ok, err := s.m.allSettled(posterior, exams)
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

func (m *Model) allSettled(posterior *measure.Normal, exams []int) (bool, error) {
	draws, err := m.design.Draw(posterior, m.cellsOf(exams))
	if err != nil {
		return false, err
	}
	for _, e := range exams {
		pass, err := draws.Pass(&m.exams[e].form)
		if err != nil {
			return false, err
		}
		if !measure.Settled(pass) {
			return false, nil
		}
	}
	return true, nil
}
