package moodlexml

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// Losses lists what Moodle doesn't get of the questions. Most of it stays in the
// file all the same, where Read finds it; the words say so.
func Losses(questions []*exam.Question) []exchange.Loss {
	var losses []exchange.Loss
	partial, tags := false, map[string][]*exam.Question{}
	for _, q := range questions {
		add := func(format string, args ...any) {
			losses = append(losses, exchange.Loss{Question: q.ID, What: fmt.Sprintf(format, args...)})
		}
		textLosses(q, add)
		matchingLosses(q, add)
		scoringLosses(q, add)
		nameLosses(q, add)
		for _, key := range cutTags(q) {
			tags[key] = append(tags[key], q)
		}
		partial = partial || q.Type == exam.Multiple && !penalised(q)
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		l := exchange.Loss{Question: tags[key][0].ID, What: fmt.Sprintf("in Moodle, part of the tag %q: Moodle keeps %d characters, without < > and backticks", key, maxTag)}
		if n := len(tags[key]); n > 1 {
			l.Question, l.What = "", fmt.Sprintf("%s (%d questions)", l.What, n)
		}
		losses = append(losses, l)
	}
	if partial {
		losses = append(losses, exchange.Loss{What: "all-or-nothing marking of multiple responses: Moodle gives each right option its share and, where no weight is set, takes nothing off for a wrong one"})
	}
	return losses
}

func textLosses(q *exam.Question, add func(string, ...any)) {
	for _, text := range exchange.Texts(q) {
		if xmltree.Clean(*text) != *text {
			add("control characters in its texts")
			break
		}
	}
}

func matchingLosses(q *exam.Question, add func(string, ...any)) {
	if q.Type == exam.Ordering && q.FixedOrder {
		add("that its options are not shuffled: Moodle always shuffles an ordering (it stays in the file, which Sextant reads)")
	}
	if q.Type != exam.Matching {
		return
	}
	for _, o := range laidOut(q) {
		if len([]rune(markup.ToPlain(o.Text))) > maxRight {
			add("what option %s has beyond %d characters: Moodle holds no more in the right-hand side of a pair (all of it stays in the file, which Sextant reads)", o.ID, maxRight)
		} else {
			add("the layout of option %s: Moodle shows the right-hand side of a pair as plain text (it stays in the file, which Sextant reads)", o.ID)
		}
	}
}

func scoringLosses(q *exam.Question, add func(string, ...any)) {
	if q.Type != exam.Single && q.Type != exam.Multiple {
		for _, o := range q.Options {
			if o.Weight != 0 {
				add("the weights of its options: Moodle has none for this type")
				return
			}
		}
		return
	}
	for i, o := range q.Options {
		given, written := exchange.Weight(q, i), fraction(q, i)
		switch {
		case math.Abs(given-written) > 1e-3:
			add("the weight of option %s, which contradicts the key", o.ID)
		case !offered(written):
			add("nothing in the file, but Moodle offers no mark of %s%% (option %s): choose \"Nearest grade if not listed\" when importing", decimal(written), o.ID)
		}
	}
}

func nameLosses(q *exam.Question, add func(string, ...any)) {
	if len([]rune(q.SourceID)) > maxID {
		add("its identifier: an idnumber has at most %d characters in Moodle (it stays in the file, which Sextant reads)", maxID)
	}
	if len([]rune(q.Title)) > maxName {
		add("in Moodle, what its title has beyond %d characters", maxName)
	}
}

// cutTags lists what the question's tags that Moodle would cut are about.
func cutTags(q *exam.Question) []string {
	var keys []string
	for _, tag := range exchange.Labels(q) {
		if len([]rune(tag)) > maxTag || strings.ContainsAny(tag, "<>`\n") {
			key, _, _ := strings.Cut(strings.TrimPrefix(tag, ownTag), "=")
			keys = append(keys, exchange.Shorten(key, 40))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// maxTag is how many characters Moodle keeps of a tag.
const maxTag = 50

// penalised reports whether some wrong option takes something off.
func penalised(q *exam.Question) bool {
	for _, o := range q.Options {
		if !o.Key && o.Weight < 0 {
			return true
		}
	}
	return false
}

// shares are the marks that Moodle offers for an option, in percent, and the same
// below 0.
var shares = []float64{100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10, 5, 0}

func offered(percent float64) bool {
	for _, s := range shares {
		if math.Abs(math.Abs(percent)-s) < 1e-3 {
			return true
		}
	}
	return false
}
