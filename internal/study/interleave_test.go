package study_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/study"
)

// deal is a card with its domain hidden in the platform, which Interleave doesn't look at.
func deal(i int, domain, skill string) study.Card {
	return study.Card{Question: exam.QuestionID(fmt.Sprint(i)), Skill: exam.SkillID(skill), Platform: exam.Platform(domain)}
}

func domainOf(c study.Card) exam.DomainID { return exam.DomainID(c.Platform) }

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// repeats counts neighbours of one domain, and of one skill.
func repeats(cards []study.Card) (domains, skills int) {
	for i := 1; i < len(cards); i++ {
		if d := domainOf(cards[i]); d != "" && d == domainOf(cards[i-1]) {
			domains++
		}
		if k := cards[i].Skill; k != "" && k == cards[i-1].Skill {
			skills++
		}
	}
	return domains, skills
}

// fewest finds the smallest number of repeats over every order: domains before skills.
func fewest(cards []study.Card) (domains, skills int) {
	domains, skills = len(cards), len(cards)
	cards = slices.Clone(cards)
	var try func(from int)
	try = func(from int) {
		if from == len(cards) {
			if d, k := repeats(cards); d < domains || d == domains && k < skills {
				domains, skills = d, k
			}
			return
		}
		for i := from; i < len(cards); i++ {
			cards[from], cards[i] = cards[i], cards[from]
			try(from + 1)
			cards[from], cards[i] = cards[i], cards[from]
		}
	}
	try(0)
	return domains, skills
}

func TestInterleavingRepeatsAsSeldomAsCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "cards")
		nested := rapid.Bool().Draw(t, "each skill lies in one domain")
		var cards []study.Card
		for i := range n {
			domain := rapid.SampledFrom([]string{"1", "1", "2", "3", ""}).Draw(t, "domain")
			skill := rapid.SampledFrom([]string{"a", "a", "b", "c"}).Draw(t, "skill")
			if nested {
				skill = domain + skill
			}
			cards = append(cards, deal(i, domain, skill))
		}
		got := study.Interleave(cards, domainOf, seeded(rapid.Uint64().Draw(t, "seed")))
		wantDomains, wantSkills := fewest(cards)
		if d, k := repeats(got); d != wantDomains || nested && k != wantSkills {
			t.Errorf("%d domains and %d skills follow themselves, %d and %d can't be avoided: %v", d, k, wantDomains, wantSkills, got)
		}
	})
}

func TestInterleavingLosesNothingAndKeepsUrgency(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cards []study.Card
		for i := range rapid.IntRange(0, 60).Draw(t, "cards") {
			cards = append(cards, deal(i+100, rapid.StringMatching("[1-5]").Draw(t, "domain"), rapid.StringMatching("[a-h]").Draw(t, "skill")))
		}
		before := slices.Clone(cards)
		seed := rapid.Uint64().Draw(t, "seed")
		got := study.Interleave(cards, domainOf, seeded(seed))
		if !cmp.Equal(got, study.Interleave(cards, domainOf, seeded(seed))) {
			t.Error("one seed gave two orders")
		}
		if !slices.Equal(cards, before) {
			t.Error("the cards handed in were changed")
		}
		last := map[string]exam.QuestionID{}
		for _, c := range got {
			pile := string(c.Platform) + "/" + string(c.Skill)
			if c.Question < last[pile] {
				t.Errorf("%s before %s within %s", last[pile], c.Question, pile)
			}
			last[pile] = c.Question
		}
		slices.SortFunc(got, func(a, b study.Card) int { return strings.Compare(string(a.Question), string(b.Question)) })
		if !slices.Equal(got, before) {
			t.Errorf("%v became %v", before, got)
		}
	})
}

func TestInterleavingVariesWithTheSeedAndNeedsNoDomains(t *testing.T) {
	var cards []study.Card
	for i := range 12 {
		cards = append(cards, deal(i, "", string(rune('a'+i%4))))
	}
	orders := map[string]bool{}
	for seed := range uint64(20) {
		got := study.Interleave(cards, nil, seeded(seed))
		if _, skills := repeats(got); skills != 0 {
			t.Errorf("seed %d: %d skills follow themselves", seed, skills)
		}
		orders[fmt.Sprint(got)] = true
	}
	if len(orders) < 15 {
		t.Errorf("20 seeds gave %d orders", len(orders))
	}
}

// On two shared cores: 0.6 ms.
func BenchmarkInterleave200(b *testing.B) {
	rng := seeded(1)
	var cards []study.Card
	for i := range 200 {
		domain := rng.IntN(5)
		cards = append(cards, deal(i, fmt.Sprint(domain), fmt.Sprint(domain, "/", rng.IntN(7))))
	}
	for b.Loop() {
		if got := study.Interleave(cards, domainOf, rng); len(got) != 200 {
			b.Fatal(len(got))
		}
	}
}
