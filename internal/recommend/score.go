package recommend

import (
	"cmp"
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
	weight float64 // the term of the score
}

const (
	evidenceCap  = 2.0  // points: as much as a role or a background
	evidenceHalf = 12.0 // answers at which the term has half its size
	boundP       = 0.02 // keeps logits within ±3.9
	// minAnswers is where evidence begins. Below the eight answers from which a
	// verdict is given it counts as well, shrunk by n / (n + 12): a short
	// sitting over three platforms would otherwise leave everything to the profile.
	minAnswers = 3
)

// weigh turns the reports into the evidence terms; see the package comment.
// Reports on exams that can't be taken, are held or aren't measured are left out.
func weigh(report readiness.Report, eligible func(exam.Code) bool) map[exam.Code]evidence {
	out := map[exam.Code]evidence{}
	var codes []exam.Code // summed in the report's order, so that rounding is reproducible
	for _, e := range report.Exams {
		if _, twice := out[e.Code]; twice || !eligible(e.Code) || !measured(e) {
			continue
		}
		out[e.Code] = evidence{report: e, p: math.Min(math.Max(e.PassRaw, boundP), 1-boundP)}
		codes = append(codes, e.Code)
	}
	mean := 0.0
	for _, code := range codes {
		mean += logit(out[code].p) / float64(len(codes)+1)
	}
	for code, e := range out {
		n := float64(e.report.Answers)
		e.weight = evidenceCap * math.Tanh((logit(e.p)-mean)/2) * n / (n + evidenceHalf)
		out[code] = e
	}
	return out
}

func measured(e readiness.ExamReport) bool {
	return e.Offered && e.Answers >= minAnswers && e.Verdict != "" && !math.IsNaN(e.PassRaw)
}

// placed reports whether the answers say enough for a verdict on the exam.
func (e evidence) placed() bool {
	return e.report.Verdict != readiness.TooEarly
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// quarter rounds to the nearest quarter. Sums of quarters are exact.
func quarter(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(x*4)/4 + 0 // + 0 turns −0 into 0
}

// scored is one certification with its ledger.
type scored struct {
	cert   *catalogue.Certification
	score  float64
	ledger []Entry
}

func (s *scored) add(source Source, weight float64, rule string, via exam.Code, text string) {
	w := quarter(weight)
	s.score += w
	s.ledger = append(s.ledger, Entry{Source: source, Text: text, Weight: w, RuleID: rule, Via: via})
}

// addUnlessZero leaves out a line that would say nothing.
func (s *scored) addUnlessZero(source Source, weight float64, text string) {
	if quarter(weight) != 0 {
		s.add(source, weight, "", "", text)
	}
}

// ranking scores every eligible certification, best first, and returns the
// supports that were set aside.
func (s *subject) ranking() (ranked []scored, aside []support) {
	fired, _ := s.firings()
	supports, aside := s.byCertification(fired)
	for _, c := range s.eligible {
		ranked = append(ranked, s.score(c, supports[c.Code]))
	}
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
	)
}

func availabilityRank(a catalogue.Availability) int {
	if a == catalogue.Yes {
		return 0
	}
	return 1
}

func tierRank(t int) int { return []int{entryTier: 1, associateTier: 0, topTier: 2}[t] }

func (s *subject) score(c *catalogue.Certification, supports []support) scored {
	out := scored{cert: c}
	for _, u := range supports {
		out.add(YouSaid, u.weight, u.rule.ID, u.via, s.supportText(u))
	}
	if s.targets[c.Code] {
		out.add(YouSaid, 2, "", "", "You have this certification in mind.")
	}
	if held := s.otherCloudHeld(c); held != "" {
		out.add(YouSaid, 1, "", "", s.say("You want to stand out with two clouds, and %s is on another.", held))
	}
	weight, text := s.depthTerm(c)
	out.addUnlessZero(YouSaid, weight, text)
	s.addEvidence(&out)
	s.addLifecycle(&out)
	s.addJudgement(&out)
	s.addReach(&out)
	return out
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

func (s *subject) wantsTwoClouds() bool { return s.said.has(goal, "differentiate_with_two_clouds") }

// depthTerm sets what was said about depth and base against the exam's level.
func (s *subject) depthTerm(c *catalogue.Certification) (float64, string) {
	deep := s.said.has(depth, "deep_theory_and_custom_models")
	switch tier(c.Level) {
	case entryTier:
		switch {
		case s.said.asksEntry():
			return 0, ""
		case s.said.asksBusiness():
			return 1, "You want to understand rather than build, which is what an entry exam asks."
		case deep || s.said.technicalBase():
			return -1, "An entry exam is a step below the base or the depth you named."
		case s.said.has(goal, "first_certification"):
			return 1, "You want a first certification, and this is an entry exam."
		}
	case associateTier:
		if s.said.asksEntry() {
			return -1, "You named little technical base so far; an entry exam comes first."
		}
	case topTier:
		switch {
		case s.said.asksEntry():
			return -2, "You named little technical base so far; this exam assumes years of practice."
		case s.said.asksBusiness():
			return -1, "You want to understand rather than build; this exam is about building."
		case s.said.has(goal, "first_certification") && !s.said.technicalBase() && !deep:
			return -1, "You want a first certification; this exam assumes years of practice."
		}
	}
	return 0, ""
}

// addEvidence says how the exam stands among those that are measured.
func (s *subject) addEvidence(out *scored) {
	if e, ok := s.evidence[out.cert.Code]; ok {
		out.add(YourAnswers, e.weight, "", "", s.evidenceText(e))
		return
	}
	out.add(OurJudgement, 0, "", "", s.unmeasuredText(out.cert.Code))
}

// addReach takes back what the other terms gave an exam that the answers put out
// of reach or beneath the learner.
func (s *subject) addReach(out *scored) {
	e, ok := s.evidence[out.cert.Code]
	switch tier(out.cert.Level) {
	case topTier:
		if !ok || !e.placed() {
			return
		}
		given := 0.0
		for _, line := range out.ledger {
			if line.Source != Lifecycle {
				given += math.Max(line.Weight, 0)
			}
		}
		lost := 1 - ramp(e.p, 0.1, 0.3)
		out.addUnlessZero(YourAnswers, -lost*(given+1), s.say(
			"Out of reach today: %q, for an exam of this level. What speaks for it counts again as you come nearer.", e.report.Verdict.Label()))
	case entryTier:
		if s.said.asksEntry() || s.said.asksBusiness() {
			return
		}
		k, why := s.beyondEntry()
		out.addUnlessZero(YourAnswers, -k*(2+math.Max(0, e.weight)), why)
	}
}

// ramp is 0 up to low, 1 from high on, and linear between.
func ramp(x, low, high float64) float64 {
	return math.Min(math.Max((x-low)/(high-low), 0), 1)
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
	return ramp(p, 0.4, 0.5), s.say("A level below you: for %s your answers already say %q.", best.Code, s.evidence[best.Code].report.Verdict.Label())
}

// addLifecycle adds what the calendar says.
func (s *subject) addLifecycle(out *scored) {
	c := out.cert
	t := s.taking[c.Code]
	if t.availability == catalogue.Yes {
		out.add(Lifecycle, 0.5, "", "", s.say("Can be taken on %s.", longDay(s.now)))
	} else {
		out.add(Lifecycle, -0.5, "", "", s.say("Not confirmed that it can be taken on %s. %s", longDay(s.now), t.reason))
	}
	if left, known := s.daysLeft(c.Code); known && left <= soon {
		weight := -0.75
		if left <= 30 {
			weight = -1.5
		}
		out.add(Lifecycle, weight, "", "", s.say("Its last day is %s: %s left.", longDay(t.lastDay), days(left)))
	}
	if s.isEligible(c.Successor) {
		out.add(Lifecycle, -2, "", "", s.say("%s takes its place.", c.Successor))
	}
}

// addJudgement adds the terms that are ours.
func (s *subject) addJudgement(out *scored) {
	c := out.cert
	if id, held := s.nextInSequence(c.Code); id != "" {
		out.add(OurJudgement, 1, id, "", s.say("A usual next step after %s, which you hold: the concepts carry over.", held))
	}
	if held := s.sameCredentialHeld(c); held != "" {
		out.add(OurJudgement, -3, "", "", s.say("You hold this credential already through %s; it is worth taking only to renew it.", held))
	}
	if topic, name := topicOf(c.Code); topic != nil && !holds(topic, s.said, s.said) {
		out.add(OurJudgement, -0.5, "", "", s.say("An exam about %s, and nothing you said points there.", name))
	}
	_, ok := s.evidence[c.Code]
	words := s.said.technicalBase() || s.said.has(depth, "deep_theory_and_custom_models") || s.said.has(goal, "ml_specialisation", "research_grade_infrastructure")
	if tier(c.Level) == topTier && !ok && !words {
		out.add(OurJudgement, -0.5, "", "", "An exam of this level, with nothing yet that shows you are near it.")
	}
}
