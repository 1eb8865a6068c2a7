package bank

import (
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"sextant/internal/exam"
)

// Bounds of the rules for a whole bank.
const (
	shingleWords   = 3    // words in a row that two questions are compared by
	nearDuplicate  = 0.5  // Jaccard overlap of shingles: worth a look
	duplicate      = 0.8  // the same question in other words
	minPositions   = 40   // single choices before the key's place is judged
	positionMargin = 0.10 // share by which a place may be off
	measurable     = 3    // questions a domain needs to be measured at all
	twoForms       = 15   // questions a domain needs for two mock forms
	perSkill       = 6    // questions every skill should have
	minSpread      = 100  // questions before the spread of difficulty is judged
	spreadMargin   = 0.10
)

// difficultyTarget is the share of each level, 1 to 5, that the bank aims at.
var difficultyTarget = [...]float64{0.10, 0.25, 0.35, 0.20, 0.10}

func (l *linter) bank(b *Bank) {
	if len(b.Questions) == 0 {
		return
	}
	l.duplicates(b)
	l.keyPositions(b)
	l.testwise(b)
	l.reviews(b)
	if l.opts.Coverage && l.cat != nil {
		l.coverage(b)
		l.spread(b)
	}
}

// duplicates compares every question with those before it, and with the ones in
// use elsewhere, by the shingles they share.
func (l *linter) duplicates(b *Bank) {
	all := slices.Concat(l.opts.Beside, b.Questions)
	sets := make([]map[uint64]bool, len(all))
	holders := map[uint64][]int{}
	for i, q := range all {
		sets[i] = shingles(ownText(q))
		shared := map[int]int{}
		for s := range sets[i] {
			for _, earlier := range holders[s] {
				shared[earlier]++
			}
			holders[s] = append(holders[s], i)
		}
		if i >= len(l.opts.Beside) {
			l.at = b.sources[q]
			l.nearest(all, sets, i, shared)
		}
	}
}

// nearest remarks on the earlier question that is most like question i.
func (l *linter) nearest(all []*exam.Question, sets []map[uint64]bool, i int, shared map[int]int) {
	best, overlap := -1, nearDuplicate
	for earlier, common := range shared {
		j := float64(common) / float64(len(sets[i])+len(sets[earlier])-common)
		if j > overlap || j == overlap && (best < 0 || earlier < best) {
			best, overlap = earlier, j
		}
	}
	if best < 0 {
		return
	}
	q, other := all[i], all[best]
	severity, judgement := Advice, "let something else decide in one of them"
	if overlap >= duplicate {
		severity, judgement = l.severity(), "remove one"
	}
	l.remark(q, severity, "", "near-duplicate", "shares %.0f %% of its wording with %s; %s", 100*overlap, other.ID, judgement)
}

// ownText leaves a shared stimulus out: the questions of a case set differ
// below it.
func ownText(q *exam.Question) string {
	alone := *q
	alone.Stimulus, alone.Remember = nil, ""
	return visibleText(&alone)
}

func shingles(text string) map[uint64]bool {
	w := words(text)
	set := map[uint64]bool{}
	for i := 0; i+shingleWords <= len(w); i++ {
		h := fnv.New64a()
		h.Write([]byte(strings.Join(w[i:i+shingleWords], " "))) // a hash never fails to write
		set[h.Sum64()] = true
	}
	return set
}

// keyPositions judges where authors put the key among four options. Learners
// get them shuffled, printed copies do not.
func (l *linter) keyPositions(b *Bank) {
	const places = 4
	var at [places]int
	n := 0
	for _, q := range b.Questions {
		if q.Type != exam.Single || len(q.Options) != places {
			continue
		}
		n++
		at[slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.Key })]++
	}
	if n < minPositions {
		return
	}
	for i, count := range at {
		share := float64(count) / float64(n)
		if low, high := wilson(share, n); math.Abs(share-1./places) > positionMargin && (low > 1./places || high < 1./places) {
			l.onBank("key-position", "the key is option %s in %.0f %% of %d single choices; aim at a quarter", letter(i), 100*share, n)
		}
	}
}

// testwise turns a strategy that pays into a remark. Where the whole interval
// lies more than the margin above what blind picking scores, chance can't
// explain it, and for a simple strategy, which anybody can use, that is an
// error. Many strategies are played over many exams, so a score above the
// margin whose interval reaches below it may be chance, and the remark says so.
//
// A simple strategy that does worse than blind picking gives the key away to
// whoever avoids it; a model below chance has merely learned nothing. A model
// that pays earns a remark however certain: nobody guesses with its effects at
// hand, and no one question is at fault, so it is no reason to keep a bank out.
func (l *linter) testwise(b *Bank) {
	for _, scope := range Testwise(b, l.cat) {
		looks := false // whether the model that learners can use pays
		for _, s := range scope.Strategies {
			worse := s.Score < s.Chance-testwiseMargin && !s.modelled()
			if s.Items < minPositions || !s.Pays && !worse || s.modelled() && looks {
				continue
			}
			looks = looks || s.modelled()
			severity := Advice
			if s.Certain && !s.modelled() {
				severity = Error
			}
			l.onExam(scope.Code, severity, "testwise", "choosing %s scores %.0f %% over the %d choices of %s, chance is %.0f %% (95 %% interval %.0f to %.0f); %s",
				s.Label, 100*s.Score, s.Items, scopeName(scope.Code), 100*s.Chance, 100*s.Low, 100*s.High, testwiseRemedy(s))
		}
	}
}

func scopeName(code exam.Code) string {
	if code == "" {
		return "the bank"
	}
	return string(code)
}

func testwiseRemedy(s Strategy) string {
	cue := "to be what it looks for"
	if len(s.Cues) > 0 {
		cue = "to be " + strings.Join(s.Cues, ", ")
	}
	switch {
	case !s.Pays:
		return "avoiding it would pay, so let the key be such an option about as often as chance"
	case s.Certain:
		return "this is not chance: keys tend " + cue
	}
	return "it may be chance, or keys tend " + cue
}

func (l *linter) reviews(b *Bank) {
	open := 0
	for _, q := range b.Questions {
		if q.Review.Solved == 0 {
			open++
		}
	}
	if open > 0 {
		l.onBank("review", "%d of %d questions record no blind review", open, len(b.Questions))
	}
}

func (l *linter) coverage(b *Bank) {
	stats := Summarise(b, l.cat)
	for _, cert := range l.cat.Certifications {
		for _, d := range cert.Domains {
			switch n := stats.ByCertification[cert.Code].Domains[d.ID]; {
			case n < measurable:
				l.onExam(cert.Code, Advice, "coverage", "%s domain %s has %d questions; it takes %d to be measured and %d for two mock exams", cert.Code, d.ID, n, measurable, twoForms)
			case n < twoForms:
				l.onExam(cert.Code, Advice, "coverage", "%s domain %s has %d questions; two mock exams without a repeat take %d", cert.Code, d.ID, n, twoForms)
			}
		}
	}
	for _, skill := range l.cat.Skills {
		if n := stats.BySkill[skill.ID]; n < perSkill {
			l.onBank("coverage", "skill %s has %d questions; aim at %d at least", skill.ID, n, perSkill)
		}
	}
}

func (l *linter) spread(b *Bank) {
	if len(b.Questions) < minSpread {
		return
	}
	var count [len(difficultyTarget)]int
	for _, q := range b.Questions {
		if q.Difficulty >= 1 && q.Difficulty <= len(count) {
			count[q.Difficulty-1]++
		}
	}
	for i, n := range count {
		share := float64(n) / float64(len(b.Questions))
		if math.Abs(share-difficultyTarget[i]) > spreadMargin {
			l.onBank("difficulty-spread", "difficulty %d has %.0f %% of the questions; aim at about %.0f %%", i+1, 100*share, 100*difficultyTarget[i])
		}
	}
}
