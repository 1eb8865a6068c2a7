package recommend

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// The tiers of levels.
const (
	entryTier     = 0 // foundational, fundamentals, business
	associateTier = 1
	topTier       = 2 // professional, specialty, expert
)

func tier(l catalogue.Level) int {
	switch l {
	case catalogue.Foundational, catalogue.Fundamentals, catalogue.Business:
		return entryTier
	case catalogue.Professional, catalogue.Specialty, catalogue.Expert:
		return topTier
	default:
		return associateTier
	}
}

// evidence is what the answers say about one measured exam.
type evidence struct {
	report readiness.ExamReport
	p      float64 // pass probability, within bounds that keep the logit finite
	start  float64 // the same before any answer
	weight float64 // the term of the score, points
}

// weigh turns the reports into the evidence terms; see the package comment.
// Reports on exams that can't be taken, are held or aren't measured are left out.
func (s *subject) weigh(report readiness.Report) map[exam.Code]evidence {
	out := map[exam.Code]evidence{}
	for _, e := range report.Exams {
		if _, twice := out[e.Code]; twice || !s.isEligible(e.Code) || !s.measured(e) {
			continue
		}
		out[e.Code] = s.weighed(e)
	}
	return out
}

// indirectly is what the answers say of exams on which too few bear directly for them
// to be measured: such an exam would else stand before all those that the answers
// speak against, for want of answers alone.
func (s *subject) indirectly(report readiness.Report) map[exam.Code]evidence {
	if float64(report.Answers) < s.w.Evidence.From {
		return nil
	}
	out := map[exam.Code]evidence{}
	for _, e := range report.Exams {
		_, twice := out[e.Code]
		_, direct := s.evidence[e.Code]
		if twice || direct || !s.isEligible(e.Code) || !e.Offered || !(e.PassRaw >= 0 && e.PassRaw <= 1) || !(e.Start > 0 && e.Start < 1) {
			continue
		}
		out[e.Code] = s.weighed(e)
	}
	return out
}

// weighed is the evidence term of one report.
func (s *subject) weighed(e readiness.ExamReport) evidence {
	start := s.w.Evidence.Start
	if e.Start > 0 && e.Start < 1 {
		start = e.Start
	}
	one := evidence{report: e, p: s.bounded(e.PassRaw), start: s.bounded(start)}
	one.weight = s.w.Evidence.Cap * math.Tanh((logit(one.p)-logit(one.start))/2)
	return one
}

func (s *subject) bounded(p float64) float64 {
	return math.Min(math.Max(p, s.w.Evidence.Bounds), 1-s.w.Evidence.Bounds)
}

func (s *subject) measured(e readiness.ExamReport) bool {
	return e.Offered && float64(e.Answers) >= s.w.Evidence.From && e.Verdict != "" && !math.IsNaN(e.PassRaw)
}

// placed reports whether the answers say enough for a verdict on the exam.
func (e evidence) placed() bool {
	return e.report.Verdict != readiness.TooEarly
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// round gives the nearest multiple of the ledger's step, a power of two: sums of
// such are exact.
func (s *subject) round(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) || s.w.Step <= 0 {
		return 0
	}
	return math.Round(x/s.w.Step)*s.w.Step + 0 // + 0 turns −0 into 0
}

// scored is one certification with its ledger.
type scored struct {
	cert                *catalogue.Certification
	score               float64
	situation, evidence float64 // the parts of score
	ledger              []Entry
	round               func(float64) float64
}

// add writes a line, whose weight it rounds.
func (s *scored) add(e Entry) {
	e.Weight = s.round(e.Weight)
	s.score += e.Weight
	if e.Source == YourAnswers {
		s.evidence += e.Weight
	} else {
		s.situation += e.Weight
	}
	s.ledger = append(s.ledger, e)
}

// addUnlessZero leaves out a line that would say nothing.
func (s *scored) addUnlessZero(e Entry) {
	if s.round(e.Weight) != 0 {
		s.add(e)
	}
}

// ranking scores every eligible certification, best first, and returns the
// supports that were set aside.
func (s *subject) ranking() (ranked []scored, aside []support) {
	if words, _ := s.outgrown(); words != nil {
		past := *s
		past.said = words
		s = &past
	}
	fired, _ := s.firings()
	supports, aside := s.byCertification(fired)
	for _, c := range s.eligible {
		ranked = append(ranked, s.score(c, supports[c.Code]))
	}
	s.addReach(ranked)
	slices.SortStableFunc(ranked, s.compare)
	return ranked, aside
}

// compare orders by score and, among equals, as the package comment says. The
// sort is stable over the catalogue's order.
func (s *subject) compare(a, b scored) int {
	return cmp.Or(
		cmp.Compare(b.score, a.score),
		cmp.Compare(s.evidence[b.cert.Code].p, s.evidence[a.cert.Code].p),
		cmp.Compare(availabilityRank(s.taking[a.cert.Code].availability), availabilityRank(s.taking[b.cert.Code].availability)),
		cmp.Compare(tierRank(tier(a.cert.Level)), tierRank(tier(b.cert.Level))),
		cmp.Compare(price(a.cert), price(b.cert)),
	)
}

// price is what an exam costs in US dollars; one of unknown price costs most.
func price(c *catalogue.Certification) int {
	if c.PriceUSD <= 0 {
		return math.MaxInt
	}
	return c.PriceUSD
}

func availabilityRank(a catalogue.Availability) int {
	if a == catalogue.Yes {
		return 0
	}
	return 1
}

func tierRank(t int) int { return []int{entryTier: 1, associateTier: 0, topTier: 2}[t] }

func (s *subject) score(c *catalogue.Certification, supports []support) scored {
	out := scored{cert: c, round: s.round}
	named := map[string]bool{}
	for _, u := range supports {
		source := YouSaid
		if u.market {
			source = FromMarket
		}
		out.add(Entry{Source: source, Weight: u.weight, RuleID: u.rule.ID, Via: u.via, Text: s.supportText(u), Brief: s.supportBrief(u, named)})
	}
	s.addAims(&out)
	s.addDepth(&out)
	s.addEvidence(&out)
	s.addStatus(&out)
	s.addJudgement(&out)
	return out
}

// addAims adds what somebody aims at: an exam, a second cloud, the wanted cloud.
func (s *subject) addAims(out *scored) {
	c := out.cert
	if s.targets[c.Code] {
		out.add(Entry{Source: YouSaid, Weight: s.w.Aims.Named, Text: "You have this certification in mind.", Brief: "that you have it in mind"})
	}
	if held := s.otherCloudHeld(c); held != "" {
		out.addUnlessZero(Entry{
			Source: YouSaid, Weight: s.w.Aims.SecondCloud, Brief: "your wish for a second cloud",
			Text: s.say("You want to stand out with two clouds, and %s is on another.", held),
		})
	}
	if s.wantsTwoClouds() && tier(c.Level) > entryTier {
		if held := s.heldOn(c.Vendor); held != "" {
			out.addUnlessZero(Entry{
				Source: YouSaid, Weight: s.w.Aims.HeldCloud, Brief: "your wish for a second cloud",
				Text: s.say("You want to stand out with two clouds, and %s is on this one.", held),
			})
		}
	}
	if present, wanted := s.twoEmployers(); wanted == c.Vendor {
		out.addUnlessZero(Entry{
			Source: YouSaid, Weight: s.w.Aims.Wanted, Brief: "the cloud you aim at",
			Text: s.say("You work on %s and aim at %s: both count as much, and where you aim counts for more.", vendors[present], vendors[wanted]),
		})
	}
}

// twoEmployers returns the present employer's cloud and the one aimed at, where
// both are named and differ.
func (s *subject) twoEmployers() (present, wanted exam.Platform) {
	one := func(factor string) (exam.Platform, bool) {
		var found exam.Platform
		for v, yes := range s.said[factor] {
			p := cloudOf(v)
			if !yes || p == "" {
				continue
			}
			if found != "" {
				return "", false
			}
			found = p
		}
		return found, found != ""
	}
	p, ok := one(currentCloud)
	w, both := one(targetCloud)
	if !ok || !both || p == w {
		return "", ""
	}
	return p, w
}

// otherCloudHeld returns a held exam of another vendor, for somebody who wants
// two clouds, holds nothing on this one, and for an exam above the entry level.
func (s *subject) otherCloudHeld(c *catalogue.Certification) exam.Code {
	if tier(c.Level) == entryTier || !s.wantsTwoClouds() {
		return ""
	}
	var other exam.Code
	for _, code := range sortedCodes(s.held) {
		switch held := s.certs[code]; {
		case held == nil:
		case held.Vendor == c.Vendor:
			return ""
		case other == "":
			other = code
		}
	}
	return other
}

// heldOn returns a held exam of a vendor; "" if there is none.
func (s *subject) heldOn(vendor exam.Platform) exam.Code {
	for _, code := range sortedCodes(s.held) {
		if held := s.certs[code]; held != nil && held.Vendor == vendor {
			return code
		}
	}
	return ""
}

func (s *subject) wantsTwoClouds() bool { return s.said.has(goal, "differentiate_with_two_clouds") }

// addDepth sets what was said about depth and base against the exam's level.
func (s *subject) addDepth(out *scored) {
	weight, brief, text := s.depthTerm(out.cert)
	out.addUnlessZero(Entry{Source: YouSaid, Weight: weight, Text: text, Brief: brief})
}

func (s *subject) depthTerm(c *catalogue.Certification) (weight float64, brief, text string) {
	w := s.w.Depth
	deep := s.said.has(depth, "deep_theory_and_custom_models")
	first := s.said.has(goal, firstCertification)
	switch tier(c.Level) {
	case entryTier:
		switch {
		case s.said.asksEntry():
			return w.EntryFirst, s.beginning(), s.say("An entry exam fits %s.", s.beginning())
		case s.said.asksBusiness():
			return w.EntryUnderstand, s.understanding(), s.say("An entry exam asks for understanding rather than building, which fits %s.", s.understanding())
		case (deep || s.said.technicalBase()) && !s.shaken():
			return w.EntryBelow, "a level below your base or the depth you want", "An entry exam is a step below the base or the depth you named."
		case first:
			return w.EntryFirst, "your wish for a first certification", "You want a first certification, and this is an entry exam."
		}
	case associateTier:
		if s.said.asksEntry() {
			return w.AssociateEarly, s.beginning(), s.say("For %s an entry exam comes first.", s.beginning())
		}
	case topTier:
		switch {
		case s.said.asksEntry():
			return w.TopEarly, s.beginning(), s.say("This exam assumes years of practice, which doesn't fit %s.", s.beginning())
		case s.said.asksBusiness():
			return w.TopUnderstand, "that it is about building, not understanding", s.say("This exam is about building, which doesn't fit %s.", s.understanding())
		case first && !s.said.technicalBase() && !deep:
			return w.TopFirst, "that it assumes years of practice", "You want a first certification; this exam assumes years of practice."
		}
	}
	return 0, "", ""
}

// beginning names what speaks for an entry exam, in a learner's own words.
func (s *subject) beginning() string {
	if s.said.has(ready, "little_technical") || s.said.has(background, "non_ml", "business") {
		return "the base you named"
	}
	return "the role you aim at"
}

// understanding names what asks for understanding rather than building.
func (s *subject) understanding() string {
	if s.said.has(depth, "conceptual") {
		return "your wish for concepts without building"
	}
	return "the role you aim at"
}

// addEvidence says what the answers changed.
func (s *subject) addEvidence(out *scored) {
	if e, ok := s.evidence[out.cert.Code]; ok {
		out.add(Entry{Source: YourAnswers, Weight: e.weight, Text: s.evidenceText(e), Brief: s.evidenceBrief(e)})
		return
	}
	out.add(Entry{Source: OurJudgement, Text: s.unmeasuredText(out.cert.Code), Brief: "that how near you are isn't measured yet"})
	if e, ok := s.indirect[out.cert.Code]; ok {
		out.addUnlessZero(Entry{
			Source: YourAnswers, Weight: e.weight, Brief: "what your other answers say of its subjects",
			Text: s.say("What your other answers say of its subjects: a pass is %s likely than was assumed before the first.", moreOrLess(e.weight)),
		})
	}
}

// addReach takes back what the other terms gave the exams that the answers put
// out of reach or beneath the learner. Where the words ask for the cloud of an
// exam that is out of reach, what it loses supports the step before it there: its
// associate exam, else its entry exam. Otherwise somebody would be sent to another
// cloud for being a beginner on their own. Where there is no step before, or it
// lies beneath the learner, the exam keeps what was given to it.
func (s *subject) addReach(all []scored) {
	steps := map[exam.Platform]handed{}
	for i := range all {
		if out := &all[i]; tier(out.cert.Level) == topTier {
			s.addOutOfReach(out, s.stepBefore(out.cert, all), steps)
		}
	}
	for _, vendor := range exam.Platforms() {
		if h, ok := steps[vendor]; ok {
			s.addStepBefore(h)
		}
	}
	for i := range all {
		if tier(all[i].cert.Level) == entryTier {
			s.addBeneath(&all[i])
		}
	}
}

// stepBefore is the exam to take on the same cloud before one of a higher level: the
// associate exam for which the situation speaks most, else the entry exam unless
// it is beneath the learner or the higher exam has a subject of its own, which no
// entry exam leads up to; nil if there is none.
func (s *subject) stepBefore(higher *catalogue.Certification, all []scored) *scored {
	best := func(level int) *scored {
		var found *scored
		for i := range all {
			one := &all[i]
			if one.cert.Vendor == higher.Vendor && tier(one.cert.Level) == level && (found == nil || one.situation > found.situation) {
				found = one
			}
		}
		return found
	}
	if step := best(associateTier); step != nil {
		return step
	}
	own, _ := subjectOf(higher.Code)
	if k, _ := s.beyondEntry(); k >= 1 || own != nil {
		return nil
	}
	return best(entryTier)
}

// told is what the answers say of an exam: a verdict of its own, or what enough
// answers on other exams say of its subjects. Without the latter an exam on which
// few answers bear would escape what they say of all others.
func (s *subject) told(code exam.Code) (evidence, bool) {
	if e, ok := s.evidence[code]; ok && (e.placed() || s.answeredEnough()) {
		return e, true
	}
	e, ok := s.indirect[code]
	return e, ok && s.answeredEnough()
}

// answeredEnough reports whether there are answers enough to speak of a level.
func (s *subject) answeredEnough() bool {
	return float64(s.report.Answers) >= s.w.Rules.NotReadyFrom
}

// shaken reports whether the answers say "not yet" of every associate exam they
// say anything of: they speak against the base that was named.
func (s *subject) shaken() bool {
	if !s.answeredEnough() {
		return false
	}
	found := false
	for _, c := range s.eligible {
		if e, ok := s.told(c.Code); ok && tier(c.Level) == associateTier {
			if e.p >= s.w.Rules.NotReady {
				return false
			}
			found = true
		}
	}
	return found
}

// atMost says a small probability as it may be shown.
func atMost(p float64) string {
	if p < 0.05 {
		return "5\u00a0% or less"
	}
	return fmt.Sprintf("about %.0f\u00a0%%", 100*p)
}

// handed is the support of an exam out of reach, for the step before it.
type handed struct {
	to     *scored
	from   exam.Code
	points float64
}

// given is what the situation gave an exam, and whether any of it is for its cloud.
func (s *subject) given(out *scored) (points float64, cloud bool) {
	for _, line := range out.ledger {
		if line.Source == Lifecycle || line.Source == YourAnswers || line.Weight <= 0 {
			continue
		}
		points += line.Weight
		cloud = cloud || line.Source == FromMarket || s.aboutTheCloud[line.RuleID]
	}
	return points, cloud
}

// addOutOfReach takes back what was given to an exam that is out of reach, and
// notes what of it the step before lacks.
func (s *subject) addOutOfReach(out, step *scored, steps map[exam.Platform]handed) {
	e, ok := s.told(out.cert.Code)
	if !ok {
		return
	}
	lost := 1 - ramp(e.p, s.w.Reach.TopNone, s.w.Reach.TopFull)
	given, cloud := s.given(out)
	kept := 0.0
	if cloud && step == nil {
		kept = given
	}
	out.addUnlessZero(Entry{
		Source: OurJudgement, Weight: lost * (s.w.Reach.TopPoints + kept - given), Brief: "that it is hardly in reach today",
		Text: s.say("Hardly in reach today: %s to pass, for an exam of this level. What speaks for it counts again as you come nearer.", atMost(e.p)),
	})
	if !cloud || step == nil {
		return
	}
	has, _ := s.given(step)
	if h := (handed{step, out.cert.Code, lost * (given - has)}); h.points > steps[out.cert.Vendor].points {
		steps[out.cert.Vendor] = h
	}
}

// addStepBefore supports the step before an exam as that exam was.
func (s *subject) addStepBefore(h handed) {
	h.to.addUnlessZero(Entry{
		Source: OurJudgement, Weight: s.w.Reach.StepBefore * h.points, Brief: s.say("that it is the step before %s", h.from),
		Text: s.say("%s is hardly in reach today. What you said speaks for it, and this is the step before it on the same cloud.", h.from),
	})
}

// addBeneath takes points from an entry exam that is beneath the learner, unless
// their words ask for one.
func (s *subject) addBeneath(out *scored) {
	if s.said.asksEntry() || s.said.asksBusiness() {
		return
	}
	w := s.w.Reach
	k, why := s.beyondEntry()
	out.addUnlessZero(Entry{
		Source: OurJudgement, Weight: k * (w.EntryPoints - math.Max(0, s.evidence[out.cert.Code].weight)), Brief: "that it is a level below you", Text: why,
	})
}

// ramp is 0 up to low, 1 from high on, and linear between.
func ramp(x, low, high float64) float64 {
	if high <= low {
		return 1
	}
	return math.Min(math.Max((x-low)/(high-low), 0), 1)
}

// modest are the values by which people say that they are at the beginning.
var modest = []chosen{
	{goal, firstCertification}, {background, "non_ml"}, {background, "business"}, {ready, "little_technical"},
}

// outgrown returns what was said without the modest words, and those words, for
// somebody who has shown or holds more than an entry exam asks: what was shown
// says more of the level than what was said. Who wants to understand rather than
// build keeps all but the wish for a first certification, which says nothing of
// the kind of exam. Both are nil where nothing is outgrown.
func (s *subject) outgrown() (said, []chosen) {
	if k, _ := s.beyondEntry(); k < 1 {
		return nil, nil
	}
	words := s.said
	var gone []chosen
	for _, v := range modest {
		if s.said[v.factor][v.value] && (v.factor == goal || !s.said.asksBusiness()) {
			words = words.without(v.factor, v.value)
			gone = append(gone, v)
		}
	}
	if gone == nil {
		return nil, nil
	}
	return words, gone
}

// beyondEntry says how far (0 to 1) the learner is past entry exams, and why.
func (s *subject) beyondEntry() (float64, string) {
	for i := range s.cat.Certifications {
		c := &s.cat.Certifications[i]
		if s.held[c.Code] && tier(c.Level) > entryTier {
			return 1, s.say("You hold %s, a level above this exam.", c.Code)
		}
	}
	var best *catalogue.Certification
	p := 0.0
	for _, c := range s.eligible {
		if e, ok := s.evidence[c.Code]; ok && e.placed() && tier(c.Level) > entryTier && e.p > p {
			best, p = c, e.p
		}
	}
	if best == nil {
		return 0, ""
	}
	return ramp(p, s.w.Reach.EntryNone, s.w.Reach.EntryFull), s.say("A level below you: for %s your answers already say %q.", best.Code, s.evidence[best.Code].report.Verdict.Label())
}

// addStatus adds what the calendar says.
func (s *subject) addStatus(out *scored) {
	c, w := out.cert, s.w.Status
	t := s.taking[c.Code]
	if t.availability == catalogue.Yes {
		out.add(Entry{Source: Lifecycle, Weight: w.Open, Brief: "that it can be taken today", Text: s.say("Can be taken on %s.", longDay(s.now))})
	} else {
		out.add(Entry{
			Source: Lifecycle, Weight: w.Unconfirmed, Brief: "that it isn't confirmed to take bookings",
			Text: s.say("Not confirmed that it can be taken on %s. %s", longDay(s.now), t.reason),
		})
	}
	if s.endsSoon(c.Code) {
		left, _ := s.daysLeft(c.Code)
		weight := w.Ending
		if float64(left) <= w.EndsDays {
			weight = w.Ends
		}
		out.add(Entry{Source: Lifecycle, Weight: weight, Brief: "that it ends soon", Text: s.say("Its last day is %s: %s left.", longDay(t.lastDay), days(left))})
	}
	if s.isEligible(c.Successor) {
		out.add(Entry{Source: Lifecycle, Weight: w.Replaced, Brief: s.say("that %s takes its place", c.Successor), Text: s.say("%s takes its place.", c.Successor)})
	}
}

// addJudgement adds the terms that are ours.
func (s *subject) addJudgement(out *scored) {
	c, w := out.cert, s.w.Judgement
	add := func(weight float64, rule, brief, text string) {
		out.addUnlessZero(Entry{Source: OurJudgement, Weight: weight, RuleID: rule, Brief: brief, Text: text})
	}
	stays := s.wantsTwoClouds() && s.heldOn(c.Vendor) != "" // and so isn't the step that they want next
	if id, held := s.nextInSequence(c.Code); id != "" && !stays {
		add(w.NextStep, id, s.say("that it is a usual step after %s", held), s.say("A usual next step after %s, which you hold: the concepts carry over.", held))
	}
	if held := s.takesThePlaceOf(c); held != "" {
		add(w.Takes, "", s.say("that it takes the place of %s", held), s.say("It takes the place of %s, which you hold and which has ended.", held))
	}
	if held := s.sameCredentialHeld(c); held != "" {
		add(w.SameHeld, "", s.say("that you hold the credential through %s", held), s.say("You hold this credential already through %s; it is worth taking only to renew it.", held))
	}
	if topic, name := subjectOf(c.Code); topic != nil && !holds(topic, s.said, s.said) {
		add(w.OffSubject, "", "its subject, at which nothing you said points", s.say("An exam about %s, and nothing you said points there.", name))
	}
	if missing := s.missingPrerequisite(c); missing != "" {
		add(s.w.Depth.PrerequisiteOpen, "", s.say("that it asks for %s first", missing), s.say("It asks for %s, which you don't hold.", missing))
	}
	near := s.evidence[c.Code].p >= s.w.Reach.EntryFull
	words := s.said.technicalBase() || s.said.has(depth, "deep_theory_and_custom_models") || s.said.has(goal, "ml_specialisation", "research_grade_infrastructure")
	if tier(c.Level) == topTier && !near && !words {
		add(s.w.Depth.TopUnprepared, "", "its level, with nothing yet that shows you are near it", "An exam of this level, with nothing yet that shows you are near it.")
	}
}

// takesThePlaceOf returns a held exam that has ended and whose place c takes,
// under another credential.
func (s *subject) takesThePlaceOf(c *catalogue.Certification) exam.Code {
	for _, code := range sortedCodes(s.held) {
		held, ok := s.certs[code]
		if !ok || held.Successor != c.Code || sameCredential(held, c) {
			continue
		}
		if over, _ := s.isRetired(held); over {
			return code
		}
	}
	return ""
}

// missingPrerequisite returns a certification that c asks for and that isn't
// held; "" if there is none.
func (s *subject) missingPrerequisite(c *catalogue.Certification) exam.Code {
	for _, code := range c.Requires {
		if s.held[code] {
			continue
		}
		if asked, ok := s.certs[code]; ok && s.sameCredentialHeld(asked) == "" {
			return code
		}
	}
	return ""
}
