package bank

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sextant/internal/exam"
)

// surface is what can be seen of a question's options without understanding
// them. Options are taken in the order of their texts, so that sums, and with
// them every score, come out the same wherever an author put the key.
type surface struct {
	options []exam.Option
	written []int // place of each option in the author's order, from 0
	texts   []string
	stem    map[string]bool
	likes   []float64 // mean likeness of each option to the others, 0 to 1
}

func surfaceOf(q *exam.Question) *surface {
	s := &surface{stem: contentWords(scenario(q) + " " + q.Ask)}
	for i := range q.Options {
		s.written = append(s.written, i)
	}
	slices.SortStableFunc(s.written, func(a, b int) int { return cmp.Compare(q.Options[a].Text, q.Options[b].Text) })
	for _, i := range s.written {
		s.options = append(s.options, q.Options[i])
		s.texts = append(s.texts, q.Options[i].Text)
	}
	s.likes = likenesses(s.texts)
	return s
}

// likenesses are the mean Jaccard overlaps of each text's content words with
// those of the others.
func likenesses(texts []string) []float64 {
	sets := make([]map[string]bool, len(texts))
	for i, text := range texts {
		sets[i] = contentWords(text)
	}
	means := make([]float64, len(texts))
	for i := range sets {
		for j := range sets {
			if i != j {
				means[i] += jaccard(sets[i], sets[j]) / float64(len(sets)-1)
			}
		}
	}
	return means
}

func jaccard(a, b map[string]bool) float64 {
	common := 0
	for w := range a {
		if b[w] {
			common++
		}
	}
	if union := len(a) + len(b) - common; union > 0 {
		return float64(common) / float64(union)
	}
	return 0
}

// feature is one thing the surface model looks at.
type feature struct {
	more, less string // how an option with more or less of it is described
	value      func(s *surface, i int) float64
}

// surfaceFeatures don't depend on the order of the options, which learners get
// shuffled.
var surfaceFeatures = []feature{
	{"longer", "shorter", func(s *surface, i int) float64 { return math.Log1p(float64(length(s.texts[i]))) }},
	{"high in rank of length", "low in rank of length", func(s *surface, i int) float64 { return s.lengthRank(i) }},
	{"the longest", "not the longest", func(s *surface, i int) float64 { return s.extreme(i, s.letters, 1) }},
	{"the shortest", "not the shortest", func(s *surface, i int) float64 { return s.extreme(i, s.letters, -1) }},
	{"repeating the scenario", "not repeating the scenario", func(s *surface, i int) float64 { return float64(echo(s.texts[i], s.stem)) }},
	{"with more commas", "with fewer commas", func(s *surface, i int) float64 { return float64(strings.Count(plainText(s.texts[i]), ",")) }},
	{"with more numbers", "with fewer numbers", func(s *surface, i int) float64 {
		return float64(len(numberPattern.FindAllString(plainText(s.texts[i]), -1)))
	}},
	{"with always, only, must, never or all", "without always, only, must, never or all", func(s *surface, i int) float64 { return float64(len(absolutes(s.texts[i]))) }},
	{"hedged (can, may, often …)", "not hedged (can, may, often …)", func(s *surface, i int) float64 { return float64(countWords(s.texts[i], hedgeWords)) }},
	{"negative (no, not, without …)", "not negative (no, not, without …)", func(s *surface, i int) float64 { return float64(countWords(s.texts[i], negativeWords)) }},
	{"with more names", "with fewer names", func(s *surface, i int) float64 { return float64(properNames(s.texts[i])) }},
	{"with more hyphenated terms", "with fewer hyphenated terms", func(s *surface, i int) float64 { return float64(hyphenated(s.texts[i])) }},
	{"with more code", "with less code", func(s *surface, i int) float64 { return float64(len(codeSpan.FindAllString(s.texts[i], -1))) }},
	{"joined by and, then, with …", "not joined by and, then, with …", func(s *surface, i int) float64 { return float64(countWords(s.texts[i], joiningWords)) }},
	{"like the other options", "unlike the other options", func(s *surface, i int) float64 { return s.likes[i] }},
	{"the odd one out", "not the odd one out", func(s *surface, i int) float64 {
		return s.extreme(i, func(j int) float64 { return s.likes[j] }, -1)
	}},
}

// placeFeatures matter where options are shown as written, on printed copies.
var placeFeatures = []feature{
	{"late in the list", "early in the list", func(s *surface, i int) float64 { return s.place(i) }},
	{"in the middle of the list", "at an end of the list", func(s *surface, i int) float64 { return -math.Abs(s.place(i)) }},
	{"the first", "not the first", func(s *surface, i int) float64 { return indicator(s.written[i] == 0) }},
	{"the last", "not the last", func(s *surface, i int) float64 { return indicator(s.written[i] == len(s.written)-1) }},
}

// place is where the author put option i: −½ first to ½ last.
func (s *surface) place(i int) float64 {
	n := len(s.written) - 1
	return float64(2*s.written[i]-n) / float64(2*n) // in whole numbers first, so that places mirror exactly
}

func (s *surface) letters(i int) float64 { return float64(length(s.texts[i])) }

// lengthRank is the share of the other options that are shorter, ties half.
func (s *surface) lengthRank(i int) float64 {
	shorter := 0.0
	for j := range s.texts {
		switch {
		case i == j:
		case s.letters(j) < s.letters(i):
			shorter++
		case s.letters(j) == s.letters(i):
			shorter += 0.5
		}
	}
	return shorter / float64(len(s.texts)-1)
}

// extreme is 1 for the option that measures highest (sign 1) or lowest (sign
// −1), shared among those that tie.
func (s *surface) extreme(i int, measure func(int) float64, sign float64) float64 {
	tied := 0
	for j := range s.texts {
		switch d := sign * (measure(j) - measure(i)); {
		case d > 0:
			return 0
		case d == 0:
			tied++
		}
	}
	return 1 / float64(tied)
}

func indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// plainText is an option's text without its code, whose commas and capitals
// are not the author's choice.
func plainText(option string) string { return codeSpan.ReplaceAllString(option, " ") }

var (
	hedgeWords    = wordSet("can could may might should often usually typically generally sometimes some likely possibly probably")
	negativeWords = wordSet("no not none never neither nor without cannot can't don't doesn't isn't aren't won't instead")
	joiningWords  = wordSet("and then with plus both while")

	namePattern   = regexp.MustCompile(`[\p{L}\p{N}]+(?:[-'’./][\p{L}\p{N}]+)*`)
	hyphenPattern = regexp.MustCompile(`\p{L}+(?:-[\p{L}\p{N}]+)+`)
)

func countWords(text string, set map[string]bool) int {
	n := 0
	for _, w := range words(plainText(text)) {
		if set[w] {
			n++
		}
	}
	return n
}

func hyphenated(text string) int { return len(hyphenPattern.FindAllString(plainText(text), -1)) }

// properNames counts the words of an option that begin with a capital, or have
// one further on. The option's first word begins with one anyway: it counts
// only with a capital or digit further on ("BigQuery", "KMS"), or as the first
// of several such words ("Vertex AI").
func properNames(option string) int {
	found := namePattern.FindAllString(plainText(option), -1)
	n := 0
	for i, w := range found {
		first, size := utf8.DecodeRuneInString(w)
		inside := strings.ContainsFunc(w[size:], func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) && unicode.IsLetter(first) })
		leads := i == 0 && unicode.IsUpper(first) && len(found) > 1 && startsUpper(found[1])
		if inside || leads || i > 0 && unicode.IsUpper(first) {
			n++
		}
	}
	return n
}

func startsUpper(w string) bool {
	first, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(first)
}

// specifics is how specific an option sounds: its names, numbers, hyphenated
// terms and pieces of code.
func specifics(option string) int {
	return properNames(option) + len(numberPattern.FindAllString(plainText(option), -1)) + hyphenated(option) +
		len(codeSpan.FindAllString(option, -1))
}
