package recommend

import (
	"cmp"
	"slices"
)

// strongest combines the supports of one certification as the package comment
// says under "Families", leaving values of the profile aside where that lets more
// count.
func (s *subject) strongest(supports []support) []support {
	t := newTally(s, supports)
	best, points := t.count(0)
	seen := map[uint64]bool{0: true}
	// What is silent counts only if whatever took its families goes without some of
	// the values it matched. The search follows just those.
	var search func(aside uint64, counted []int)
	search = func(aside uint64, counted []int) {
		for _, next := range t.releases(aside, counted) {
			if seen[next] {
				continue
			}
			seen[next] = true
			c, p := t.count(next)
			if p > points {
				best, points = c, p
			}
			search(next, c)
		}
	}
	search(0, best)
	out := make([]support, len(best))
	for i, at := range best {
		out[i] = t.supports[at]
	}
	return out
}

// tally is the supports of one certification with the values and families of
// each as bits.
type tally struct {
	supports []support
	matches  [][]match // by support
}

// match is a family through which a rule fired, and the values it did so with.
type match struct {
	family string
	values uint64
}

func newTally(s *subject, supports []support) *tally {
	t := &tally{}
	for _, u := range supports {
		if u.weight != 0 {
			t.supports = append(t.supports, u)
		}
	}
	// Any order will do that doesn't depend on the rules': ids are unique.
	slices.SortFunc(t.supports, func(a, b support) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.rule.ID, b.rule.ID))
	})
	bit := map[chosen]uint64{}
	for _, u := range t.supports {
		var found []match
		for _, v := range u.values {
			if _, ok := bit[v]; !ok && len(bit) < 64 {
				bit[v] = 1 << len(bit)
			}
			family := s.families[v.factor]
			at := slices.IndexFunc(found, func(m match) bool { return m.family == family })
			if at < 0 {
				at = len(found)
				found = append(found, match{family: family})
			}
			found[at].values |= bit[v]
		}
		t.matches = append(t.matches, found)
	}
	return t
}

// left lists the families through which a support still fires without the values
// set aside; none if a rule that asks for all of them lost one.
func (t *tally) left(at int, aside uint64) []string {
	var out []string
	for _, m := range t.matches[at] {
		if m.values&^aside != 0 {
			out = append(out, m.family)
		}
	}
	if t.supports[at].asksAll() && len(out) < len(t.matches[at]) {
		return nil
	}
	return out
}

// count takes the supports strongest first, among equals the one that fired
// through more families, then by id. One counts through those of its families
// that none before has taken.
func (t *tally) count(aside uint64) (counted []int, points float64) {
	type candidate struct {
		at       int
		families []string
	}
	order := make([]candidate, 0, len(t.supports))
	for i := range t.supports {
		if f := t.left(i, aside); len(f) > 0 {
			order = append(order, candidate{i, f})
		}
	}
	slices.SortStableFunc(order, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(t.supports[b.at].weight, t.supports[a.at].weight),
			cmp.Compare(len(b.families), len(a.families)),
		)
	})
	var taken []string
	for _, c := range order {
		free := false
		for _, f := range c.families {
			if !slices.Contains(taken, f) {
				free = true
				taken = append(taken, f)
			}
		}
		if free {
			counted = append(counted, c.at)
			points += t.supports[c.at].weight
		}
	}
	return counted, points
}

// releases lists what could be set aside to let a silent support count: the
// values through which one that counts holds a family of a silent one, if it has
// another family.
func (t *tally) releases(aside uint64, counted []int) []uint64 {
	var silent []string
	for i := range t.supports {
		if !slices.Contains(counted, i) {
			silent = append(silent, t.left(i, aside)...)
		}
	}
	if len(silent) == 0 {
		return nil
	}
	var out []uint64
	for _, at := range counted {
		if len(t.left(at, aside)) < 2 {
			continue
		}
		for _, m := range t.matches[at] {
			if m.values&^aside != 0 && slices.Contains(silent, m.family) {
				out = append(out, aside|m.values)
			}
		}
	}
	return out
}
