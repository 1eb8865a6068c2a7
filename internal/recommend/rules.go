package recommend

import (
	"maps"
	"slices"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// chosen is a factor value that helped to fire a rule.
type chosen struct{ factor, value string }

// firing is a rule that matches the situation, with the values it matched.
type firing struct {
	rule   *catalogue.Rule
	values []chosen // by factor, then in the rule's order
	// market says that job postings and not the learner's words fired it.
	market bool
}

// factors lists the factors through which the rule fired.
func (f firing) factors() []string {
	var ids []string
	for _, v := range f.values {
		if !slices.Contains(ids, v.factor) {
			ids = append(ids, v.factor)
		}
	}
	return ids
}

// scope is the part of the situation that fired the rule.
func (f firing) scope() said {
	s := said{}
	for _, v := range f.values {
		s.choose(v.factor, v.value)
	}
	return s
}

// through reports whether the rule fired through one of the factors.
func (f firing) through(factors ...string) bool {
	return slices.ContainsFunc(f.values, func(v chosen) bool { return slices.Contains(factors, v.factor) })
}

// asksAll reports whether the rule asks for every factor it names.
func (f firing) asksAll() bool { return f.rule.Match == catalogue.MatchAll }

// only reports whether the rule fired through this factor alone.
func (f firing) only(factor string) bool {
	return !slices.ContainsFunc(f.values, func(v chosen) bool { return v.factor != factor })
}

// family is what a factor has in common with others: of the rules that match
// through one family the strongest counts.
func (s *subject) family(factor string) string {
	for _, f := range s.cat.Factors {
		if f.ID == factor && f.Family != "" {
			return f.Family
		}
	}
	return factor
}

// fire matches a rule against the situation. A rule without factors never
// fires: it is information. Values that a conflict voids for the rule don't count.
func (s *subject) fire(rule *catalogue.Rule) (firing, bool) {
	f := firing{rule: rule}
	if len(rule.With) > 0 && !s.said.anyOf(rule.With) {
		return f, false
	}
	for _, factor := range slices.Sorted(maps.Keys(rule.Factors)) {
		before := len(f.values)
		for _, value := range rule.Factors[factor] {
			v := chosen{factor, value}
			if s.said[factor][value] && !slices.Contains(s.void[v], rule.ID) && !slices.Contains(f.values, v) {
				f.values = append(f.values, v)
			}
		}
		if rule.Match == catalogue.MatchAll && len(f.values) == before {
			return firing{}, false
		}
	}
	return f, len(f.values) > 0
}

// voided lists, by factor value, the rules that count zero for it.
func voided(conflicts []catalogue.RuleConflict) map[chosen][]string {
	void := map[chosen][]string{}
	for _, c := range conflicts {
		if v, ok := valueOf(c.Factor); c.Void && ok {
			void[v] = append(void[v], c.Rules...)
		}
	}
	return void
}

// valueOf reads the factor and value that a conflict is about, written
// "industry=financial_services".
func valueOf(text string) (chosen, bool) {
	factor, value, ok := strings.Cut(text, "=")
	return chosen{strings.TrimSpace(factor), strings.TrimSpace(value)}, ok
}

// overrides names the rule that is set aside when the other fires too: wanting
// depth doesn't make up for a missing base.
var overrides = map[string]string{"R0-AWS-01": "R1-AZ-04"}

// firings returns the rules that fire, in the catalogue's order, and those that
// were set aside.
func (s *subject) firings() (counted, aside []firing) {
	fired := map[string]bool{}
	var all []firing
	for i := range s.cat.Rules {
		if f, ok := s.fire(&s.cat.Rules[i]); ok {
			all = append(all, f)
			fired[f.rule.ID] = true
		}
	}
	for _, f := range all {
		if winner, ok := overrides[f.rule.ID]; ok && fired[winner] {
			aside = append(aside, f)
			continue
		}
		counted = append(counted, f)
	}
	return counted, aside
}

// support is a firing translated to one certification.
type support struct {
	firing
	code   exam.Code
	weight float64
	via    exam.Code // the exam the rule names, where another stands in; "" otherwise
	half   bool      // the rule is about the cloud, and names another of its exams
	also   bool      // the exam is one that the rule points at besides
}

// cloudWide reports whether a rule speaks of a cloud as a whole and not of one
// of its exams.
func cloudWide(r *catalogue.Rule) bool {
	if r.Match == catalogue.MatchAll {
		return false
	}
	named := false
	for factor := range r.Factors {
		switch factor {
		case currentCloud, targetCloud:
			named = true
		case stack:
		default:
			return false
		}
	}
	return named
}

// supports translates a firing to the certifications that can be taken. Each
// certification appears at most once.
func (s *subject) supports(f firing) []support {
	var out []support
	add := func(code, via exam.Code, weight float64, half, also bool) {
		if via == code {
			via = ""
		}
		weight = s.round(weight)
		if code != "" && !slices.ContainsFunc(out, func(o support) bool { return o.code == code }) {
			out = append(out, support{firing: f, code: code, weight: weight, via: via, half: half, also: also})
		}
	}
	for _, code := range f.rule.Supports {
		for _, target := range s.translate(code, f) {
			add(target, code, f.rule.Weight, false, false)
		}
	}
	for _, code := range f.rule.AlsoSupports {
		if topic, _ := topicOf(code); topic != nil && !holds(topic, f.scope(), s.said) {
			continue
		}
		add(s.standIn(code), code, f.rule.Weight, false, true)
	}
	if !cloudWide(f.rule) {
		return out
	}
	for _, code := range f.rule.Supports {
		for _, sibling := range s.siblings(code) {
			add(sibling, code, f.rule.Weight*s.w.Rules.Sibling, true, false)
		}
	}
	return out
}

// siblings lists the eligible exams of the same vendor; entry exams only where
// the words ask for one.
func (s *subject) siblings(code exam.Code) []exam.Code {
	named, ok := s.certs[code]
	if !ok {
		return nil
	}
	var out []exam.Code
	for _, c := range s.eligible {
		if c.Vendor == named.Vendor && (tier(c.Level) > entryTier || s.said.asksEntry() || s.said.asksBusiness()) {
			out = append(out, c.Code)
		}
	}
	return out
}

// endsSoon reports whether an exam's last day is so near that a rule counts for
// what comes after it too.
func (s *subject) endsSoon(code exam.Code) bool {
	left, known := s.daysLeft(code)
	return known && float64(left) <= s.w.Status.EndingDays
}

// translate returns the exams for which a rule about code counts.
func (s *subject) translate(code exam.Code, f firing) []exam.Code {
	remap, ok := s.remap(code)
	if !ok {
		return []exam.Code{s.standIn(code)}
	}
	if slices.ContainsFunc(remap.To, func(t catalogue.RemapTarget) bool { return t.Code == code }) {
		return s.directions(remap, f)
	}
	if !s.isEligible(code) {
		return s.directions(remap, f)
	}
	if s.endsSoon(code) {
		return append([]exam.Code{code}, s.directions(remap, f)...)
	}
	return []exam.Code{code}
}

// directions chooses among a remap's targets. A rule that fired through a factor
// on which the directions depend goes where that factor points; any other goes
// where the whole situation points; what points nowhere goes to the default.
func (s *subject) directions(remap catalogue.Remap, f firing) []exam.Code {
	scope := s.said
	if topical(remap, f) {
		scope = f.scope()
	}
	var entries, others []exam.Code
	for i, t := range remap.To {
		d := directions[remapKey{remap.From, t.Code}]
		code := t.Code
		if i == 0 {
			code = s.defaultOf(remap)
		}
		if !s.isEligible(code) || !holds(d.when, scope, s.said) {
			continue
		}
		if d.entry {
			entries = append(entries, code)
			continue
		}
		others = append(others, code)
	}
	if len(entries) > 0 {
		return entries
	}
	if len(others) == 0 {
		others = append(others, s.defaultOf(remap))
	}
	if cloudWide(f.rule) && s.notReadyFor(others[0]) {
		others = append(others, s.entryOf(remap)...)
	}
	return others
}

// topical reports whether the rule fired through a factor on which one of the
// remap's directions depends.
func topical(remap catalogue.Remap, f firing) bool {
	for _, t := range remap.To {
		for _, c := range directions[remapKey{remap.From, t.Code}].when {
			for factor := range c.any {
				if f.through(factor) {
					return true
				}
			}
		}
	}
	return false
}

// defaultOf is the exam that stands in where no condition decides: the direction
// for the learner's language if there is one, else the first, else whatever
// stands in for that. It is "" when none can be taken.
func (s *subject) defaultOf(remap catalogue.Remap) exam.Code {
	for _, t := range remap.To {
		if directions[remapKey{remap.From, t.Code}].speaks(s.language) && s.isEligible(t.Code) {
			return t.Code
		}
	}
	if len(remap.To) == 0 {
		return ""
	}
	return s.standIn(remap.To[0].Code)
}

// standIn is the exam itself if it can be taken, else its successor, else the
// one it replaces; "" when none can be taken.
func (s *subject) standIn(code exam.Code) exam.Code {
	if s.isEligible(code) || s.held[code] {
		return code
	}
	c, ok := s.certs[code]
	if !ok {
		return ""
	}
	for _, other := range []exam.Code{c.Successor, c.Replaces} {
		if s.isEligible(other) {
			return other
		}
	}
	return ""
}

// notReadyFor reports whether the answers say "not yet" of an associate exam and
// no word says that a technical base is there. What becomes of higher ones is told
// under "Reach".
func (s *subject) notReadyFor(code exam.Code) bool {
	e, ok := s.evidence[code]
	return ok && tier(s.certs[code].Level) == associateTier && e.p < s.w.Rules.NotReady && float64(e.report.Answers) >= s.w.Rules.NotReadyFrom && !s.said.technicalBase()
}

// entryOf lists the eligible entry directions of a remap.
func (s *subject) entryOf(remap catalogue.Remap) []exam.Code {
	var out []exam.Code
	for _, t := range remap.To {
		if directions[remapKey{remap.From, t.Code}].entry && s.isEligible(t.Code) {
			out = append(out, t.Code)
		}
	}
	return out
}

// byCertification translates every firing, applies "background and prerequisites
// override industry", and combines the rest within families.
func (s *subject) byCertification(fired []firing) (counted map[exam.Code][]support, aside []support) {
	all := map[exam.Code][]support{}
	based := map[exam.Code]bool{}
	if f, ok := s.marketFiring(); ok {
		fired = append(slices.Clone(fired), f)
	}
	for _, f := range fired {
		for _, u := range s.supports(f) {
			all[u.code] = append(all[u.code], u)
			if f.through(background, ready) && !u.half && u.weight > 0 {
				based[u.code] = true
			}
		}
	}
	counted = make(map[exam.Code][]support, len(all))
	for _, code := range slices.Sorted(maps.Keys(all)) {
		kept := all[code]
		if len(based) > 0 && !based[code] {
			industryOnly := func(u support) bool { return u.weight > 0 && u.only(industry) }
			for _, u := range kept {
				if industryOnly(u) {
					aside = append(aside, u)
				}
			}
			kept = slices.DeleteFunc(kept, industryOnly)
		}
		counted[code] = s.strongest(kept)
	}
	return counted, aside
}
