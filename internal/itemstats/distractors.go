package itemstats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Option is one choice of a question.
type Option struct {
	Label string // what a reader knows it by, such as "B"
	Right bool   // part of the key
}

// The thirds of ability, as indexes.
const (
	Weak = iota
	Middle
	Strong
)

// OptionUse is who chose an option.
type OptionUse struct {
	Option
	Chosen int
	Share  Stat // of all persons, in [0, 1]
	// Thirds counts the choosers among the Weak, Middle and Strong third, and
	// ThirdShares divides by the persons of that third.
	Thirds      [3]int
	ThirdShares [3]Stat
	// MeanRest is the mean rest score of those who chose it.
	MeanRest Stat
	// Discrimination is the correlation of choosing it with the rest score, in
	// [−1, 1]: positive for a good key, negative for a good distractor.
	Discrimination Stat
}

// FlagKind is a kind of finding about an option.
type FlagKind string

// What an option table can point to.
const (
	StrongChooseWrong FlagKind = "strong-choose-wrong" // perhaps the key is wrong
	WeakChooseRight   FlagKind = "weak-choose-right"   // perhaps the key is wrong
	IdleDistractor    FlagKind = "idle-distractor"     // a wrong option nobody falls for
	OftenBlank        FlagKind = "often-blank"         // perhaps unclear, or time ran out
)

// Flag is a finding in words for the question's author.
type Flag struct {
	Kind   FlagKind
	Option string // its label; empty for OftenBlank
	Words  string
}

// Thresholds of the flags. An option is idle below 5 % of choosers, the usual
// bound for a functioning distractor (Haladyna & Downing 1993).
const (
	MinFlagPersons = 30 // below it no flag is raised: thirds of ten say little
	idleShare      = 0.05
	blankShare     = 0.20
	twoSided95     = 1.959963984540054
)

// Distractors is the option table of one question.
type Distractors struct {
	N       int
	Thirds  [3]int // persons in each third
	Options []OptionUse
	Blank   OptionUse // those who chose nothing; its Option is empty
	Flags   []Flag
}

// TabulateDistractors counts who chose what. chosen holds each person's option
// indexes, empty for a blank; rest is the score on everything else in any unit
// (Table.Rest), NotPresented for people who were not shown the question or
// nothing else: they are left out.
//
// Thirds are cut by rest score, so that the question doesn't judge itself;
// people with equal scores stay together, so thirds may differ in size.
func TabulateDistractors(options []Option, chosen [][]int, rest []float64) (Distractors, error) {
	if len(chosen) != len(rest) {
		return Distractors{}, fmt.Errorf("choices of %d persons for rest scores of %d", len(chosen), len(rest))
	}
	var kept []float64
	uses := make([][]bool, len(options)+1) // the last is blank
	for i, picks := range chosen {
		if math.IsNaN(rest[i]) {
			continue
		}
		kept = append(kept, rest[i])
		if err := appendPicks(uses, picks); err != nil {
			return Distractors{}, fmt.Errorf("person %d: %w", i+1, err)
		}
	}
	thirds := thirdsOf(kept)
	d := Distractors{N: len(kept), Options: make([]OptionUse, len(options))}
	for _, third := range thirds {
		d.Thirds[third]++
	}
	for k, o := range options {
		d.Options[k] = d.use(o, uses[k], kept, thirds)
	}
	d.Blank = d.use(Option{}, uses[len(options)], kept, thirds)
	d.raiseFlags()
	return d, nil
}

// appendPicks adds one person's row to the columns of uses.
func appendPicks(uses [][]bool, picks []int) error {
	blank := len(uses) - 1
	for k := range uses {
		uses[k] = append(uses[k], false)
	}
	at := len(uses[blank]) - 1
	for _, k := range picks {
		if k < 0 || k >= blank {
			return fmt.Errorf("option %d of %d", k, blank)
		}
		if uses[k][at] {
			return fmt.Errorf("option %d chosen twice", k)
		}
		uses[k][at] = true
	}
	uses[blank][at] = len(picks) == 0
	return nil
}

// thirdsOf places everybody by the middle rank of those with the same score.
func thirdsOf(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	thirds := make([]int, len(scores))
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && scores[order[to]]-scores[order[from]] <= rounding {
			to++
		}
		// Integer arithmetic: a group that straddles both cuts evenly is in the middle.
		third := 3 * (from + to) / (2 * len(order))
		for _, i := range order[from:to] {
			thirds[i] = third
		}
		from = to
	}
	return thirds
}

func (d *Distractors) use(o Option, chose []bool, rest []float64, thirds []int) OptionUse {
	u := OptionUse{Option: o}
	indicator, sum := make([]float64, len(chose)), 0.0
	for i, yes := range chose {
		if !yes {
			continue
		}
		indicator[i] = 1
		sum += rest[i]
		u.Chosen++
		u.Thirds[thirds[i]]++
	}
	if u.Chosen > 0 {
		u.MeanRest = defined(sum / float64(u.Chosen))
	}
	if d.N > 0 {
		u.Share = defined(float64(u.Chosen) / float64(d.N))
	}
	for third, n := range d.Thirds {
		if n > 0 {
			u.ThirdShares[third] = defined(float64(u.Thirds[third]) / float64(n))
		}
	}
	if d.N > 1 {
		u.Discrimination = pairOf(indicator, rest).correlation()
	}
	return u
}

func (d *Distractors) raiseFlags() {
	if d.N < MinFlagPersons {
		return
	}
	for _, u := range d.Options {
		rise := d.rise(u)
		switch {
		case u.Right && rise < -surelySurprising:
			d.flag(WeakChooseRight, u.Label, fmt.Sprintf("weak learners choose the key %s more often than strong ones: check the key", u.Label))
		case !u.Right && (rise > surelySurprising || d.beatsKey(u)):
			d.flag(StrongChooseWrong, u.Label, fmt.Sprintf("strong learners choose %s: check the key", u.Label))
		case !u.Right && u.Chosen == 0:
			d.flag(IdleDistractor, u.Label, fmt.Sprintf("nobody chooses %s: replace it or drop it", u.Label))
		case !u.Right && u.Share.Value < idleShare:
			d.flag(IdleDistractor, u.Label, fmt.Sprintf("hardly anyone chooses %s (%d of %d): replace it or drop it", u.Label, u.Chosen, d.N))
		}
	}
	if d.Blank.Share.Value >= blankShare {
		d.flag(OftenBlank, "", fmt.Sprintf("%d of %d leave it unanswered: unclear, or out of time", d.Blank.Chosen, d.N))
	}
}

func (d *Distractors) flag(kind FlagKind, option, words string) {
	d.Flags = append(d.Flags, Flag{Kind: kind, Option: option, Words: words})
}

// rise is how many standard errors an option's share in the strong third lies
// above that in the weak third (two proportions, pooled variance).
func (d *Distractors) rise(u OptionUse) float64 {
	weak, strong := float64(d.Thirds[Weak]), float64(d.Thirds[Strong])
	if weak == 0 || strong == 0 {
		return 0
	}
	pooled := float64(u.Thirds[Weak]+u.Thirds[Strong]) / (weak + strong)
	se := math.Sqrt(pooled * (1 - pooled) * (1/weak + 1/strong))
	if se == 0 {
		return 0
	}
	return (u.ThirdShares[Strong].Value - u.ThirdShares[Weak].Value) / se
}

// beatsKey tells whether, with one right option, significantly more of the
// strong third choose this wrong one (sign test, normal approximation).
func (d *Distractors) beatsKey(u OptionUse) bool {
	key := -1
	for _, o := range d.Options {
		if o.Right && key >= 0 {
			return false
		}
		if o.Right {
			key = o.Thirds[Strong]
		}
	}
	if key < 0 {
		return false
	}
	gap, both := float64(u.Thirds[Strong]-key), float64(u.Thirds[Strong]+key)
	return gap > twoSided95*math.Sqrt(both)
}
