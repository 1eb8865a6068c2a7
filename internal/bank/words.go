package bank

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"sextant/internal/exam"
)

var (
	wordPattern   = regexp.MustCompile(`[\p{L}\p{N}]+(?:[-'’.,/][\p{L}\p{N}]+)*`)
	codeBlock     = regexp.MustCompile("(?s)```.*?(?:```|$)|~~~.*?(?:~~~|$)")
	codeSpan      = regexp.MustCompile("`[^`]*`")
	tableRow      = regexp.MustCompile(`(?m)^\s*\|.*$`)
	numberPattern = regexp.MustCompile(`\d+(?:[.,]\d+)*`)
)

// words are the lower-case words of a text; 4,000 and read-only are one each.
func words(text string) []string {
	return wordPattern.FindAllString(strings.ToLower(text), -1)
}

// prose is a text without its code blocks and tables: what is read as sentences.
func prose(markdown string) string {
	return tableRow.ReplaceAllString(codeBlock.ReplaceAllString(markdown, " "), " ")
}

func length(text string) int { return utf8.RuneCountInString(text) }

// common are words too frequent to tell whether an option echoes the stem.
var common = wordSet(`about above across after again against also although among another because been before being below between both
	cannot could does doing down during each either else every from further given have having here high however into itself just keep
	keeps less like made make makes many more most much must need needs never once only other over same should since some such than that
	their them then there these they this those through today under until used user users uses using very what when where whether which
	while will with within without would your`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// contentWords are the distinct words of a text that carry meaning.
func contentWords(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words(text) {
		if utf8.RuneCountInString(w) >= 4 && !common[w] {
			set[stemmed(w)] = true
		}
	}
	return set
}

// stemmed takes the commonest English endings off, so that "uploads" echoes
// "upload".
func stemmed(w string) string {
	for _, ending := range []string{"ies", "ing", "ed", "es", "s"} {
		if short, found := strings.CutSuffix(w, ending); found && utf8.RuneCountInString(short) >= 4 {
			return short
		}
	}
	return w
}

// echo counts the distinct stem words that an option repeats.
func echo(option string, stem map[string]bool) int {
	n := 0
	for w := range contentWords(option) {
		if stem[w] {
			n++
		}
	}
	return n
}

// details counts the commas and numbers of an option.
func details(option string) int {
	plain := codeSpan.ReplaceAllString(option, " ")
	numbers := numberPattern.FindAllString(plain, -1)
	return len(numbers) + strings.Count(numberPattern.ReplaceAllString(plain, ""), ",")
}

var absoluteWords = wordSet("always only must never all")

// absolutes lists the absolute words of an option, outside code.
func absolutes(option string) []string {
	var found []string
	for _, w := range words(codeSpan.ReplaceAllString(option, " ")) {
		if absoluteWords[w] {
			found = append(found, w)
		}
	}
	return found
}

// scenario is everything a learner reads before the ask.
func scenario(q *exam.Question) string {
	if q.Stimulus == nil {
		return q.Stem
	}
	return q.Stimulus.Text + "\n\n" + q.Stem
}

// names reports whether a phrase stands in a text as whole words, in the case given.
func names(text, phrase string) bool {
	_, found := without(text, phrase)
	return found
}

// without takes a phrase out of a text wherever it stands as whole words, and
// reports whether it stood there.
func without(text, phrase string) (rest string, found bool) {
	if phrase == "" || !strings.Contains(text, phrase) {
		return text, false
	}
	var b strings.Builder
	kept := 0
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			break
		}
		start, end := from+i, from+i+len(phrase)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if wordRune(before) || wordRune(after) {
			from = start + 1
			continue
		}
		b.WriteString(text[kept:start] + "\x00")
		kept, from, found = end, end, true
	}
	return b.String() + text[kept:], found
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-')
}
