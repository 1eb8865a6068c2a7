package recommend

import (
	"fmt"
	"maps"
	"slices"
)

// conflicts says where the rules or what was said disagree and how that was
// settled.
func (s *subject) conflicts(asideByBase []support) []string {
	var out []string
	add := func(text string) {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	for _, c := range s.cat.Conflicts {
		if v, ok := valueOf(c.Factor); ok && c.Void && s.said[v.factor][v.value] {
			add(fmt.Sprintf("“%s”: the comparisons name it for %s alike, so it counts for neither. %s", s.valueLabel(v.factor, v.value), inWords(s.examsOf(c.Rules)), c.Resolution))
		}
	}
	if present, wanted := s.twoEmployers(); present != "" {
		add(fmt.Sprintf("You work on %s and aim at %s. Both count as much; where you aim counts for more.", vendors[present], vendors[wanted]))
	}
	if named, most := s.market.namedMost(); named != "" {
		if wanted := s.wantedCloud(); wanted != "" && wanted != clouds[named] {
			add(fmt.Sprintf("You aim at %s, and %d of the %s you read name %s most.", vendors[cloudOf(wanted)], most, postings(s.market.Postings), vendors[named]))
		}
	}
	if _, gone := s.outgrown(); gone != nil {
		words := make([]string, len(gone))
		for i, v := range gone {
			words[i] = "“" + s.valueLabel(v.factor, v.value) + "”"
		}
		add(fmt.Sprintf("You said %s, and what you hold or have shown lies above an entry exam: that counts instead.", inWords(words)))
	}
	_, aside := s.firings()
	for _, f := range aside {
		add(fmt.Sprintf("“%s” was set aside: %s", f.rule.Text, s.resolution(f.rule.ID, "background and prerequisites decide")))
	}
	for _, u := range asideByBase {
		add(fmt.Sprintf("“%s” was set aside for %s: background and prerequisites override industry.", u.rule.Text, u.code))
	}
	return out
}

// wantedCloud is the value of the cloud aimed at; "" unless it is one cloud.
func (s *subject) wantedCloud() string {
	values := slices.Sorted(maps.Keys(s.said[targetCloud]))
	if len(values) != 1 || cloudOf(values[0]) == "" {
		return ""
	}
	return values[0]
}

// examsOf names the exams that rules support.
func (s *subject) examsOf(rules []string) []string {
	var out []string
	for i := range s.cat.Rules {
		r := &s.cat.Rules[i]
		if !slices.Contains(rules, r.ID) {
			continue
		}
		for _, code := range r.Supports {
			if !slices.Contains(out, string(code)) {
				out = append(out, string(code))
			}
		}
	}
	slices.Sort(out)
	return out
}
