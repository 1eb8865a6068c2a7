package itemstats

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// MinOthers is how many other answers it takes to place somebody: whoever gave
// fewer takes part in facility and time alone.
const MinOthers = 5

// MinGroup is how many people of either group a comparison of groups takes.
const MinGroup = 100

// Meeting is somebody's first answer to a question.
type Meeting struct {
	Place Place // by their other answers
	Right bool
	Took  float64 // seconds; 0 where not known
}

// Interval is a statistic with its central 95 % interval.
type Interval struct {
	Stat
	Low, High float64
}

// Band is the people of about one ability who met a question.
type Band struct {
	N, Right int
	Ability  float64  // their mean, in logits
	Observed Interval // share right
	Expected float64  // the share that the question's curve expects of them
}

// Times are quartiles of what people took, in seconds, over N of them.
type Times struct {
	N                    int
	Lower, Median, Upper Stat
}

// Study is what first answers say about one question. Everything from
// Discrimination to Bands is over the Placed.
type Study struct {
	N, Right int
	Facility Interval // share right
	Placed   int      // people with MinOthers other answers

	// Discrimination is the correlation of a right answer with the ability that the
	// other answers show, in [−1, 1]: the item-rest correlation, where the rest is
	// whatever each person met. Where people were chosen to be alike, as an adaptive
	// test does, it is small for the best of questions; ExpectedDiscrimination is
	// what the question's curve lets expect of just these people.
	Discrimination         Interval
	ExpectedDiscrimination Stat
	// Expected is the share right that the curve lets expect of these people, and
	// ExpectedOf the share of them who were right.
	Expected, ExpectedOf Stat
	// Surprise is how many standard errors more were right than expected.
	Surprise Stat
	// Infit and Outfit are the information-weighted and the plain mean of squared
	// standardised residuals (Wright & Masters 1982), with the chance taken over what
	// is not known of each ability: 1 where answers scatter as the curve says, more
	// where they scatter beyond it.
	Infit, Outfit Stat

	Bands []Band
	Times Times
	Flags []Flag
}

// What a study can point to besides its options.
const (
	NegativeDiscrimination FlagKind = "negative-discrimination"
	LowDiscrimination      FlagKind = "low-discrimination"
	HarderThanExpected     FlagKind = "harder"
	EasierThanExpected     FlagKind = "easier"
	TooEasy                FlagKind = "too-easy"
	LikeGuessing           FlagKind = "guessing"
	Scattered              FlagKind = "scattered"
)

// Thresholds of a study's flags.
const (
	lowDiscrimination = 0.10  // with the expected one beyond the interval
	clearGap          = 0.15  // of the share right, from what was expected
	surelySurprising  = 2.576 // standard errors, at 1 %: a bank has hundreds of options to be doubted by chance
	nearlyAll         = 0.95
	scatteredFit      = 1.3 // a usual upper bound of the mean square (Wright & Linacre 1994)
	bandSize          = 12  // people a band has at least
	mostBands         = 8
)

// StudyItem studies a question by first answers; guess is the chance of a blind
// guess, in [0, 1). Flags are raised from MinFlagPersons on.
func StudyItem(meetings []Meeting, guess float64) Study {
	s := Study{N: len(meetings)}
	var placed []Meeting
	for _, m := range meetings {
		if m.Right {
			s.Right++
		}
		if m.Place.Others >= MinOthers {
			placed = append(placed, m)
		}
	}
	s.Placed = len(placed)
	s.Facility = share(s.Right, s.N)
	s.Times = timesOf(meetings)
	s.discriminate(placed)
	s.compare(placed)
	s.Bands = bandsOf(placed)
	s.raiseFlags(guess)
	return s
}

// share is a proportion with Wilson's interval (1927).
func share(right, n int) Interval {
	if n == 0 {
		return Interval{}
	}
	const z2 = twoSided95 * twoSided95
	p, size := float64(right)/float64(n), float64(n)
	middle := (p + z2/(2*size)) / (1 + z2/size)
	half := twoSided95 / (1 + z2/size) * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	return Interval{Stat: defined(p), Low: max(middle-half, 0), High: min(middle+half, 1)}
}

func (s *Study) discriminate(placed []Meeting) {
	if len(placed) < 4 { // Fisher's interval divides by n − 3
		return
	}
	abilities, right, chances := make([]float64, len(placed)), make([]float64, len(placed)), make([]float64, len(placed))
	for i, m := range placed {
		abilities[i], chances[i] = m.Place.Mean, m.Place.Chance
		if m.Right {
			right[i] = 1
		}
	}
	s.Discrimination.Stat = pairOf(right, abilities).correlation()
	if r := s.Discrimination; r.OK {
		z, half := math.Atanh(min(max(r.Value, -0.999999), 0.999999)), twoSided95/math.Sqrt(float64(len(placed)-3))
		s.Discrimination.Low, s.Discrimination.High = math.Tanh(z-half), math.Tanh(z+half)
	}
	// By the curve an answer is 1 with its chance, so that its variance over people
	// is p̄(1 − p̄) and its covariance with ability that of the chances.
	p, together := mean(chances), pairOf(chances, abilities)
	if together.varY > 0 {
		s.ExpectedDiscrimination = defined(together.cov / math.Sqrt(p*(1-p)*together.varY))
	}
}

// compare sets what happened beside what the curve expected.
func (s *Study) compare(placed []Meeting) {
	if len(placed) == 0 {
		return
	}
	var right, expected, variance, squares, outer float64
	for _, m := range placed {
		p, x := m.Place.Chance, 0.0
		if m.Right {
			x = 1
		}
		right += x
		expected += p
		variance += p * (1 - p)
		squares += (x - p) * (x - p)
		outer += (x - p) * (x - p) / (p * (1 - p))
	}
	n := float64(len(placed))
	s.Expected, s.ExpectedOf = defined(expected/n), defined(right/n)
	s.Surprise = defined((right - expected) / math.Sqrt(variance))
	s.Infit, s.Outfit = defined(squares/variance), defined(outer/n)
}

// bandsOf cuts people into bands of about the same size by ability; people of
// one ability stay together.
func bandsOf(placed []Meeting) []Band {
	count := min(len(placed)/bandSize, mostBands)
	if count < 2 {
		return nil
	}
	placed = slices.Clone(placed)
	slices.SortStableFunc(placed, func(a, b Meeting) int { return cmp.Compare(a.Place.Mean, b.Place.Mean) })
	var bands []Band
	for from := 0; from < len(placed); {
		to := max(len(placed)*(len(bands)+1)/count, from+1)
		for to < len(placed) && placed[to].Place.Mean-placed[to-1].Place.Mean <= rounding {
			to++
		}
		bands = append(bands, bandOf(placed[from:to]))
		from = to
	}
	return bands
}

func bandOf(people []Meeting) Band {
	b := Band{N: len(people)}
	for _, m := range people {
		b.Ability += m.Place.Mean / float64(len(people))
		b.Expected += m.Place.Chance / float64(len(people))
		if m.Right {
			b.Right++
		}
	}
	b.Observed = share(b.Right, b.N)
	return b
}

func timesOf(meetings []Meeting) Times {
	var took []float64
	for _, m := range meetings {
		if m.Took > 0 {
			took = append(took, m.Took)
		}
	}
	if len(took) == 0 {
		return Times{}
	}
	slices.Sort(took)
	return Times{N: len(took), Lower: quantile(took, 0.25), Median: quantile(took, 0.5), Upper: quantile(took, 0.75)}
}

// quantile interpolates between sorted values (type 7 of Hyndman & Fan 1996).
func quantile(sorted []float64, p float64) Stat {
	at := p * float64(len(sorted)-1)
	low := int(at)
	if low+1 == len(sorted) {
		return defined(sorted[low])
	}
	return defined(sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low]))
}

func (s *Study) raiseFlags(guess float64) {
	if s.N >= MinFlagPersons {
		switch {
		case s.Facility.Low > nearlyAll:
			s.flag(TooEasy, fmt.Sprintf("almost everybody knows it (%s right): it tells little", percent(s.Facility.Value)))
		case s.Facility.High < guess:
			s.flag(LikeGuessing, fmt.Sprintf("right less often than by guessing (%s, a blind guess %s): check the key", percent(s.Facility.Value), percent(guess)))
		case guess > 0 && s.Facility.High < guess*1.5 && s.Facility.Low <= guess:
			s.flag(LikeGuessing, fmt.Sprintf("right no more often than by guessing (%s, a blind guess %s): check the key, or whether it can be answered", percent(s.Facility.Value), percent(guess)))
		}
	}
	if s.Placed < MinFlagPersons {
		return
	}
	switch r := s.Discrimination; {
	case !r.OK:
	case r.High < 0:
		s.flag(NegativeDiscrimination, "strong learners miss it more often than weak ones: check the key")
	case r.Value < lowDiscrimination && r.High < s.ExpectedDiscrimination.Value:
		s.flag(LowDiscrimination, "it hardly tells strong learners from weak ones: check for a second defensible answer, or for a clue")
	}
	switch gap := s.ExpectedOf.Value - s.Expected.Value; {
	case math.Abs(gap) < clearGap || math.Abs(s.Surprise.Value) < surelySurprising:
	case gap < 0:
		s.flag(HarderThanExpected, fmt.Sprintf("harder than expected of these learners (%s right, expected %s)", percent(s.ExpectedOf.Value), percent(s.Expected.Value)))
	default:
		s.flag(EasierThanExpected, fmt.Sprintf("easier than expected of these learners (%s right, expected %s)", percent(s.ExpectedOf.Value), percent(s.Expected.Value)))
	}
	if s.Infit.Value > scatteredFit {
		s.flag(Scattered, fmt.Sprintf("answers scatter beyond what ability explains (fit %.2f, 1 expected)", s.Infit.Value))
	}
}

func (s *Study) flag(kind FlagKind, words string) {
	s.Flags = append(s.Flags, Flag{Kind: kind, Words: words})
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// matchedStrata is into how many groups of like ability people are matched.
const matchedStrata = 10

// MatchedDIF compares a reference and a focal group of like ability on one
// question, where people met different ones and no total matches them: the
// Mantel–Haenszel statistics of DIF over tenths of ability. Within a tenth a
// difference of ability remains, a few hundredths of a logit in the middle and
// more at the ends, so that groups far apart in ability seem to differ a little.
// It fails on lists of different lengths.
func MatchedDIF(right, focal []bool, ability []float64) (DIF, error) {
	if len(right) != len(focal) || len(right) != len(ability) {
		return DIF{}, fmt.Errorf("%d answers, %d groups and %d abilities", len(right), len(focal), len(ability))
	}
	order := make([]int, len(ability))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ability[a], ability[b]) })
	strata := make([]stratum, matchedStrata)
	for rank, i := range order {
		s := &strata[rank*matchedStrata/len(order)]
		switch {
		case focal[i] && right[i]:
			s.focalRight++
		case focal[i]:
			s.focalWrong++
		case right[i]:
			s.refRight++
		default:
			s.refWrong++
		}
	}
	return study(strata), nil
}
