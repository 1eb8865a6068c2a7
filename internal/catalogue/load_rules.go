package catalogue

import (
	"slices"

	"sextant/internal/exam"
)

// readPolicies reads policies.yaml: the assumed cuts and the vendors' rules.
func (r *reader) readPolicies(c *Catalogue, v value) {
	o := v.object("cuts", "vendors")
	r.cuts = map[Level]Cut{}
	for _, item := range o.need("cuts", "give the assumed raw cut of each level").list() {
		f := item.fact("levels", "percent", "sd")
		cut := cutOf(f)
		for _, l := range f.need("levels", "name the levels it is for").list() {
			level := oneOf(l, Foundational, Fundamentals, Business, Associate, Professional, Specialty, Expert)
			if _, twice := r.cuts[level]; twice {
				l.problem("level %q has a cut already; keep one", level)
			}
			r.cuts[level] = cut
		}
	}
	r.vendors = map[exam.Platform]Vendor{}
	for _, item := range o.need("vendors", "list the vendors").list() {
		vendor := readVendor(item)
		if _, twice := r.vendors[vendor.Platform]; twice {
			item.problem("vendor %q is described twice; keep one", vendor.Platform)
			continue
		}
		r.vendors[vendor.Platform] = vendor
		c.Vendors = append(c.Vendors, vendor)
	}
}

func readVendor(v value) Vendor {
	o := v.object("platform", "name", "scoring", "item_types", "retake", "prerequisites",
		"delivery", "results", "discount", "open_book", "new_features")
	types := o.get("item_types").fact("types")
	return Vendor{
		Platform:            o.need("platform", "use aws, azure or gcp").platform(exam.AWS, exam.Azure, exam.GCP),
		Name:                o.need("name", "give the vendor's name").text(),
		Scoring:             readScoring(o.get("scoring")),
		ItemTypes:           types.get("types").texts(),
		ItemTypesProvenance: types.provenance(),
		Retake:              o.get("retake").factText(),
		Prerequisites:       o.get("prerequisites").factText(),
		Delivery:            o.get("delivery").factText(),
		Results:             o.get("results").factText(),
		Discount:            o.get("discount").factText(),
		OpenBook:            o.get("open_book").factText(),
		NewFeatures:         o.get("new_features").factText(),
	}
}

// readRules reads rules.yaml: the profile's factors, the rules over them, and
// what translates, settles and follows a recommendation.
func (r *reader) readRules(c *Catalogue, v value) {
	o := v.object("factors", "rules", "remaps", "conflicts", "sequences", "advice")
	for _, item := range o.need("factors", "list the questions of the profile").list() {
		c.Factors = append(c.Factors, readFactor(item))
	}
	rules := map[string]bool{}
	for _, item := range o.need("rules", "list the rules").list() {
		rule, f := readRule(c, item)
		if unique(rules, f.get("id"), rule.ID) {
			c.Rules = append(c.Rules, rule)
		}
	}
	readRemaps(c, o.get("remaps"))
	readConflicts(c, o.get("conflicts"), rules)
	readSequences(c, o.get("sequences"))
	readAdvice(c, o.get("advice"))
	checkRemaps(c, o)
}

func readFactor(v value) Factor {
	o := v.object("id", "family", "label", "multi", "values")
	f := Factor{
		ID:     o.need("id", "give the factor an id").text(),
		Family: o.get("family").text(),
		Label:  o.need("label", "write the question as people read it").text(),
		Multi:  o.get("multi").yes(false),
	}
	if f.Family == "" {
		f.Family = f.ID
	}
	seen := map[string]bool{}
	for _, item := range o.need("values", "list its choices").list() {
		choice := item.object("id", "label")
		value := FactorValue{
			ID:    choice.need("id", "give the choice an id").text(),
			Label: choice.need("label", "write the choice as people read it").text(),
		}
		if unique(seen, choice.get("id"), value.ID) {
			f.Values = append(f.Values, value)
		}
	}
	return f
}

func readRule(c *Catalogue, v value) (Rule, object) {
	o := v.object("id", "text", "supports", "also_supports", "when", "match", "with", "weight",
		"extension", "strength", "note", "source", "confidence")
	rule := Rule{
		ID:           o.need("id", "give the rule an id").text(),
		Text:         o.need("text", "write the statement in our words").text(),
		Supports:     o.get("supports").codes(),
		AlsoSupports: o.get("also_supports").codes(),
		Factors:      readConditions(c, o.get("when")),
		Match:        oneOf(o.get("match"), MatchAny, MatchAll),
		With:         readConditions(c, o.get("with")),
		Weight:       o.need("weight", "give 0 for information, or 1 to 3").number(0, 3),
		Extension:    o.get("extension").yes(false),
		Strength:     o.get("strength").text(),
		Note:         o.get("note").text(),
		Confidence:   oneOf(o.get("confidence"), Sourced, Recalled, Derived, Assumed, Unknown),
	}
	if rule.Match == "" {
		rule.Match = MatchAny
	}
	if rule.Confidence == "" {
		rule.Confidence = Sourced
	}
	switch {
	case o.get("source").present():
		rule.Source = v.r.source(o.get("source"))
	case rule.Confidence == Sourced:
		o.get("source").problem("missing; name a source of sources.yaml, or write confidence: derived for a rule of ours")
	}
	if rule.Weight > 0 && o.get("when").isEmpty() {
		o.get("when").problem("missing; a rule that weighs more than 0 says when it applies")
	}
	if rule.Weight > 0 && o.get("supports").isEmpty() {
		o.get("supports").problem("missing; a rule that weighs more than 0 supports an exam")
	}
	return rule, o
}

func readConditions(c *Catalogue, v value) map[string][]string {
	if v.node == nil {
		return nil
	}
	known := make([]string, len(c.Factors))
	for i, f := range c.Factors {
		known[i] = f.ID
	}
	if len(known) == 0 {
		return nil
	}
	o := v.object(known...)
	conditions := map[string][]string{}
	for _, f := range c.Factors {
		at := o.get(f.ID)
		for _, item := range at.list() {
			id := item.text()
			if !slices.ContainsFunc(f.Values, func(choice FactorValue) bool { return choice.ID == id }) {
				item.problem("%q is no choice of factor %s", id, f.ID)
				continue
			}
			conditions[f.ID] = append(conditions[f.ID], id)
		}
	}
	return conditions
}

func readRemaps(c *Catalogue, v value) {
	seen := map[exam.Code]bool{}
	for _, item := range v.list() {
		o := item.object("from", "to", "caveat")
		remap := Remap{From: o.need("from", "name the exam of the comparison").code(), Caveat: o.get("caveat").text()}
		for _, target := range o.need("to", "list the current exams, the default first").list() {
			t := target.object("code", "when")
			remap.To = append(remap.To, RemapTarget{
				Code: t.need("code", "name a current exam").code(),
				When: t.need("when", "say when it is the one to take").text(),
			})
		}
		if o.get("to").present() && o.get("to").isEmpty() {
			o.get("to").problem("empty; name at least one exam")
		}
		if unique(seen, o.get("from"), remap.From) {
			c.Remaps = append(c.Remaps, remap)
		}
	}
}

func readConflicts(c *Catalogue, v value, rules map[string]bool) {
	for _, item := range v.list() {
		o := item.object("factor", "rules", "resolution", "void")
		conflict := RuleConflict{
			Factor:     o.need("factor", "name what the rules disagree on").text(),
			Resolution: o.need("resolution", "say how it is settled").text(),
			Void:       o.get("void").yes(false),
		}
		for _, rule := range o.need("rules", "name the rules").list() {
			if id := rule.text(); !rules[id] {
				rule.problem("%q is not a rule", id)
			} else {
				conflict.Rules = append(conflict.Rules, id)
			}
		}
		c.Conflicts = append(c.Conflicts, conflict)
	}
}

func readSequences(c *Catalogue, v value) {
	seen := map[string]bool{}
	for _, item := range v.list() {
		o := item.object("id", "text", "steps", "now", "note", "source", "confidence")
		s := Sequence{
			ID:         o.need("id", "give the sequence an id").text(),
			Text:       o.need("text", "write the statement in our words").text(),
			Steps:      o.get("steps").codes(),
			Note:       o.get("note").text(),
			Source:     v.r.source(o.need("source", "name a source of sources.yaml")),
			Confidence: oneOf(o.get("confidence"), Sourced, Recalled, Derived, Assumed, Unknown),
		}
		if s.Confidence == "" {
			s.Confidence = Sourced
		}
		for _, step := range o.get("now").list() {
			s.Now = append(s.Now, step.codes())
		}
		if len(s.Now) != len(s.Steps) {
			o.get("now").problem("has %d steps and steps has %d; give the current exams for each step", len(s.Now), len(s.Steps))
		}
		if unique(seen, o.get("id"), s.ID) {
			c.Sequences = append(c.Sequences, s)
		}
	}
}

func readAdvice(c *Catalogue, v value) {
	seen := map[string]bool{}
	for _, item := range v.list() {
		o := item.object("id", "topic", "text", "exams", "source")
		a := Advice{
			ID:     o.need("id", "give the advice an id").text(),
			Topic:  o.need("topic", "name its topic").text(),
			Text:   o.need("text", "write the advice in our words").text(),
			Exams:  o.get("exams").codes(),
			Source: v.r.source(o.need("source", "name a source of sources.yaml")),
		}
		if unique(seen, o.get("id"), a.ID) {
			c.Advice = append(c.Advice, a)
		}
	}
}

// checkRemaps makes sure that no recommendation can end on an exam that was
// retired without a way forward.
func checkRemaps(c *Catalogue, o object) {
	for _, cert := range c.Certifications {
		if taking := cert.Takeable(c.AsOf, ""); taking.Availability != No {
			continue
		}
		supported := slices.ContainsFunc(c.Rules, func(rule Rule) bool { return slices.Contains(rule.Supports, cert.Code) })
		mapped := slices.ContainsFunc(c.Remaps, func(remap Remap) bool { return remap.From == cert.Code })
		if supported && !mapped {
			o.get("remaps").problem("rules support %s, which can't be taken; say which exams stand in for it", cert.Code)
		}
	}
}
