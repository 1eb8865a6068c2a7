package readiness

import (
	"cmp"
	"slices"
	"time"

	"sextant/internal/exam"
	"sextant/internal/measure"
)

// Reasons why an answer doesn't count, as keys of Report.Ignored.
const (
	IgnoredUnknown = "the question is not in use any more"
	IgnoredRepeat  = "a repeat: only the first answer to a question measures"
	IgnoredOutcome = "the answer was not graded"
)

// evidence is the answers that measure, earliest first.
type evidence struct {
	items   []int // of the model, one per answer
	answers []measure.Answer
	banks   map[exam.BankID]int
	ignored map[string]int
}

// evidence sorts out which responses measure. Only the first exposure to a
// question does; "don't know" counts as wrong, and an answer that didn't count
// when it was given only keeps later ones from counting.
func (m *Model) evidence(now time.Time, sources ...[]exam.Response) *evidence {
	responses := slices.Concat(sources...)
	slices.SortStableFunc(responses, func(a, b exam.Response) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Question, b.Question))
	})
	ev := &evidence{banks: map[exam.BankID]int{}, ignored: map[string]int{}}
	seen := map[int]bool{}
	onStimulus := map[exam.StimulusID]int{}
	for _, r := range responses {
		at, ok := m.itemAt[r.Question]
		switch {
		case r.Pretest:
			if ok {
				seen[at] = true // whatever is answered later is no first exposure
			}
		case !ok:
			ev.ignored[IgnoredUnknown]++
		case r.Outcome != exam.Right && r.Outcome != exam.Wrong && r.Outcome != exam.DontKnow:
			ev.ignored[IgnoredOutcome]++
		case seen[at]:
			ev.ignored[IgnoredRepeat]++
		default:
			seen[at] = true
			ev.add(at, &m.items[at], r, now)
			onStimulus[m.items[at].stimulus]++
		}
	}
	for i, at := range ev.items {
		if id := m.items[at].stimulus; id != "" {
			ev.answers[i].Weight *= measure.StimulusWeight(onStimulus[id])
		}
	}
	return ev
}

func (ev *evidence) add(at int, it *item, r exam.Response, now time.Time) {
	ev.items = append(ev.items, at)
	ev.answers = append(ev.answers, measure.Answer{
		Cell:   it.cell,
		Curve:  it.curve,
		Right:  r.Outcome == exam.Right,
		Weight: measure.FadingWeight(now.Sub(r.At).Hours() / 24),
	})
	ev.banks[it.bank]++
}

// in counts the answers that lie in the cells marked.
func (ev *evidence) in(cells []bool) int {
	n := 0
	for i := range ev.answers {
		if cells[ev.answers[i].Cell] {
			n++
		}
	}
	return n
}
