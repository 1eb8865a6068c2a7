package study

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"sextant/internal/exam"
)

// Sibling is a question that might be asked, with when this person last met it.
type Sibling struct {
	Question   exam.QuestionID
	Skill      exam.SkillID
	Platform   exam.Platform
	Difficulty int       // 1 to 5
	Enemies    []string  // tags; a question that shares one asks nearly the same thing
	LastSeen   time.Time // zero if never
}

// SiblingOf describes a question of a bank.
func SiblingOf(q *exam.Question, lastSeen time.Time) Sibling {
	return Sibling{
		Question: q.ID, Skill: q.Skill, Platform: q.Platform,
		Difficulty: q.Difficulty, Enemies: q.Enemies, LastSeen: lastSeen,
	}
}

// Substitute chooses what to ask for a card, among the questions on offer of its
// skill and platform, the card's own included while the bank has it: an unseen
// one if there is any, first a variant (one that shares an enemy tag with the
// card's question), then the nearest in difficulty; else the one seen longest
// ago. The same words return only when all else was seen more recently. It is
// false when nothing on offer serves the card.
func Substitute(c Card, offer []Sibling) (exam.QuestionID, bool) {
	own := Sibling{Question: c.Question, LastSeen: c.LastReview}
	if i := slices.IndexFunc(offer, func(o Sibling) bool { return o.Question == c.Question }); i >= 0 {
		own = offer[i]
		own.LastSeen = latest(own.LastSeen, c.LastReview)
	}
	var best Sibling
	found := false
	for _, o := range offer {
		switch {
		case o.Question == c.Question:
			o = own
		case o.Skill != c.Skill || o.Platform != c.Platform:
			continue
		}
		if !found || preferred(own, o, best) < 0 {
			best, found = o, true
		}
	}
	return best.Question, found
}

// latest never lets a card's own question pass for unseen.
func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// preferred compares two questions that might stand in for own: negative if a
// is the better. A zero LastSeen is the earliest, so unseen ones come first.
func preferred(own, a, b Sibling) int {
	return cmp.Or(
		a.LastSeen.Compare(b.LastSeen),
		compareBool(a.Question == own.Question, b.Question == own.Question),
		-compareBool(related(own, a), related(own, b)),
		cmp.Compare(distance(own, a), distance(own, b)),
		cmp.Compare(a.Question, b.Question),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func related(a, b Sibling) bool {
	return slices.ContainsFunc(a.Enemies, func(tag string) bool { return slices.Contains(b.Enemies, tag) })
}

func distance(a, b Sibling) int {
	return max(a.Difficulty-b.Difficulty, b.Difficulty-a.Difficulty)
}

// Ask is one question of a review session.
type Ask struct {
	Card     Card
	Question exam.QuestionID // Card.Question, or the one that stands in for it
}

// Session lays out a review session: for the due cards in their order, up to
// limit of them (0 = all), what to ask, interleaved over domains and skills. No
// question comes twice, none stands in for another while its own card is due, and no two
// share an enemy tag. A card that can't be served under these rules is left for
// another day, and counts towards no limit.
func Session(due []Card, offer []Sibling, limit int, domain func(Card) exam.DomainID, rng *rand.Rand) []Ask {
	s := newSession(due, offer)
	var cards []Card
	asked := map[exam.QuestionID]exam.QuestionID{}
	for _, c := range due {
		if limit > 0 && len(cards) == limit {
			break
		}
		if q, ok := s.choose(c); ok {
			cards = append(cards, c)
			asked[c.Question] = q
		}
	}
	asks := make([]Ask, 0, len(cards))
	for _, c := range Interleave(cards, domain, rng) {
		asks = append(asks, Ask{Card: c, Question: asked[c.Question]})
	}
	return asks
}

// session keeps what has been chosen so far.
type session struct {
	offer map[cell][]Sibling
	own   map[exam.QuestionID]bool // questions whose own card is due
	taken map[exam.QuestionID]bool
	tags  map[string]bool
}

type cell struct {
	skill    exam.SkillID
	platform exam.Platform
}

func newSession(due []Card, offer []Sibling) *session {
	s := &session{offer: map[cell][]Sibling{}, own: map[exam.QuestionID]bool{}, taken: map[exam.QuestionID]bool{}, tags: map[string]bool{}}
	for _, c := range due {
		s.own[c.Question] = true
	}
	for _, o := range offer {
		k := cell{o.Skill, o.Platform}
		s.offer[k] = append(s.offer[k], o)
	}
	return s
}

func (s *session) choose(c Card) (exam.QuestionID, bool) {
	var free []Sibling
	for _, o := range s.offer[cell{c.Skill, c.Platform}] {
		reserved := s.own[o.Question] && o.Question != c.Question
		clashes := slices.ContainsFunc(o.Enemies, func(tag string) bool { return s.tags[tag] })
		if !reserved && !clashes && !s.taken[o.Question] {
			free = append(free, o)
		}
	}
	id, ok := Substitute(c, free)
	if !ok {
		return "", false
	}
	s.taken[id] = true
	chosen := free[slices.IndexFunc(free, func(o Sibling) bool { return o.Question == id })]
	for _, tag := range chosen.Enemies {
		s.tags[tag] = true
	}
	return id, true
}
