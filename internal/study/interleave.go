package study

import (
	"math/rand/v2"

	"sextant/internal/exam"
)

// Interleave orders the cards so that two of one domain follow each other as
// seldom as they can, and, among such orders, two of one skill; otherwise the
// order is random. (Of domains the least is always reached; of skills wherever
// each lies in one domain.) Within a domain and skill the cards keep their order.
//
// domain tells a card's domain in the exam that is studied, "" for none (such
// cards repeat no domain); nil means that domains play no part. The same
// generator state gives the same order.
func Interleave(cards []Card, domain func(Card) exam.DomainID, rng *rand.Rand) []Card {
	m := newMixer(cards, domain)
	order := make([]Card, 0, len(cards))
	for len(order) < len(cards) {
		order = append(order, m.next(rng))
	}
	return order
}

// pile is what is left of one domain and skill.
type pile struct {
	domain, skill int // as numbered by the mixer's tallies
	cards         []Card
}

// mixer deals cards from their piles.
type mixer struct {
	piles   []*pile // in order of first appearance
	domains tally
	skills  tally
	left    int
}

func newMixer(cards []Card, domain func(Card) exam.DomainID) *mixer {
	m := &mixer{domains: newTally(), skills: newTally(), left: len(cards)}
	at := map[[2]int]*pile{}
	for _, c := range cards {
		var d exam.DomainID
		if domain != nil {
			d = domain(c)
		}
		k := [2]int{m.domains.add(string(d)), m.skills.add(string(c.Skill))}
		if at[k] == nil {
			at[k] = &pile{domain: k[0], skill: k[1]}
			m.piles = append(m.piles, at[k])
		}
		at[k].cards = append(at[k].cards, c)
	}
	return m
}

// next deals one card: of the piles that leave the fewest repeats to come, each
// card left is equally likely to set its pile.
func (m *mixer) next(rng *rand.Rand) Card {
	var best []*pile
	var least cost
	total := 0
	for _, p := range m.piles {
		if len(p.cards) == 0 {
			continue
		}
		c := cost{m.domains.cost(p.domain, m.left), m.skills.cost(p.skill, m.left)}
		if len(best) > 0 && least.less(c) {
			continue
		}
		if len(best) == 0 || c.less(least) {
			best, least, total = best[:0], c, 0
		}
		best = append(best, p)
		total += len(p.cards)
	}
	draw, at := rng.IntN(total), 0
	for draw >= len(best[at].cards) {
		draw -= len(best[at].cards)
		at++
	}
	return m.deal(best[at])
}

func (m *mixer) deal(p *pile) Card {
	card := p.cards[0]
	p.cards = p.cards[1:]
	m.domains.take(p.domain)
	m.skills.take(p.skill)
	m.left--
	return card
}

// cost is how many repeats can't be avoided any more.
type cost struct{ domains, skills int }

func (c cost) less(d cost) bool {
	return c.domains < d.domains || c.domains == d.domains && c.skills < d.skills
}

// none is the kind of what bears no name; it repeats nothing.
const none = 0

// tally counts the cards left of each kind (the domains, or the skills).
type tally struct {
	numbers map[string]int
	left    []int // by number of the kind
	last    int   // the kind dealt last
}

func newTally() tally { return tally{numbers: map[string]int{"": none}, left: []int{0}} }

// add counts one more of the kind and returns its number.
func (t *tally) add(name string) int {
	kind, known := t.numbers[name]
	if !known {
		kind = len(t.left)
		t.numbers[name] = kind
		t.left = append(t.left, 0)
	}
	t.left[kind]++
	return kind
}

func (t *tally) take(kind int) {
	t.left[kind]--
	t.last = kind
}

// cost is the least number of repeats when one of kind is dealt now, of n left:
// whether it repeats the last, and what it leaves to come. Of the n−1 others let
// c be of a kind: the rest of them leave n−1−c+1 gaps for these, one fewer if
// the kind was just dealt, and each beyond the gaps stands beside another. At
// most one kind can exceed its gaps.
func (t *tally) cost(kind, n int) int {
	most := 0
	for k, c := range t.left {
		gaps := n - c
		if k == kind {
			// One of it is gone, which leaves a gap more, but the first is beside it.
			c--
		}
		if k != none {
			most = max(most, c-gaps)
		}
	}
	if kind != none && kind == t.last {
		most++
	}
	return most
}
