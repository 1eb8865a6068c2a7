package bank

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// Bounds of the rules for one question.
const (
	minScenarioWords = 40
	maxScenarioWords = 130
	maxStimulusWords = 300 // a case set's shared text, which its questions divide among them

	longestMargin  = 1.25 // a key this many times the longest distractor stands out
	longestLetters = 15   // … if it is also longer by this many letters
	cueMargin      = 2    // stem words, or commas and numbers, by which a key stands out
)

// scenarioLength counts prose only: tables and code are read, not waded through.
func (l *linter) scenarioLength(q *exam.Question) {
	stem := len(words(prose(q.Stem)))
	total := len(words(prose(scenario(q))))
	if total < minScenarioWords && !hasFigure(scenario(q)) {
		l.remark(q, Advice, "stem", "stem-length", "the scenario has %d words; give who, what they have, what they need and the deciding constraint in %d to %d", total, minScenarioWords, maxScenarioWords)
	}
	if stem > maxScenarioWords {
		l.remark(q, Advice, "stem", "stem-length", "has %d words of prose; cut what neither the key nor a distractor uses, to at most %d", stem, maxScenarioWords)
	}
	if q.Stimulus == nil {
		return
	}
	if shared := len(words(prose(q.Stimulus.Text))); shared > maxStimulusWords {
		l.remark(q, Advice, "stimulus", "stem-length", "the shared text has %d words of prose; cut it to at most %d", shared, maxStimulusWords)
	}
}

// hasFigure reports whether a table, code block or picture carries part of the scenario.
func hasFigure(markdown string) bool {
	return codeBlock.MatchString(markdown) || tableRow.MatchString(markdown) || strings.Contains(markdown, "![")
}

var (
	negativeAsk = regexp.MustCompile(`(?i)\b(not|except|isn't|aren't|doesn't|don't|cannot|can't|never|incorrect|false|least likely|neither)\b`)
	stated      = regexp.MustCompile(`(?i)\((?:choose|select|pick) (\w+)\.?\)\s*$`)
	numberWords = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
)

func (l *linter) ask(q *exam.Question) {
	ask := strings.TrimSpace(strings.Trim(q.Ask, "*_ "))
	if ask == "" {
		return
	}
	closing := ask
	number := ""
	if m := stated.FindStringSubmatchIndex(ask); m != nil {
		closing, number = strings.TrimSpace(ask[:m[0]]), strings.ToLower(ask[m[2]:m[3]])
	}
	task := q.Type == exam.Ordering || q.Type == exam.Matching || q.Type == exam.YesNo
	if !strings.HasSuffix(closing, "?") && (!task || !strings.HasSuffix(closing, ".")) {
		l.remark(q, Advice, "ask", "ask-form", "does not end as a question; close on one ask with its criterion, ending in “?”")
	}
	if q.Type == exam.Multiple && q.Choose > 0 && q.Choose < len(numberWords) && number != numberWords[q.Choose] && number != strconv.Itoa(q.Choose) {
		l.remark(q, Advice, "ask", "ask-number", "does not state how many to choose; end it with “(Choose %s.)”", numberWords[q.Choose])
	}
	if word := negativeAsk.FindString(ask); word != "" {
		l.remark(q, Advice, "ask", "ask-negative", "asks negatively (“%s”); ask for what is right", word)
	}
}

func (l *linter) references(q *exam.Question) {
	if len(q.References) == 0 {
		l.remark(q, l.severity(), "references", "references", "none given; name the official page that settles the question, with title and https address")
	}
	if q.Remember == "" {
		l.remark(q, Advice, "remember", "remember", "is missing; add the transferable rule in one line")
	}
	if q.DifficultyReason == "" && q.Difficulty > 0 {
		l.remark(q, Advice, "difficulty_reason", "difficulty-reason", "is missing; say in a few words why it is level %d", q.Difficulty)
	}
	if q.FactsAsOf == "" {
		l.remark(q, Advice, "facts_as_of", "facts-as-of", "is missing; give the year and month the deciding fact was checked")
	}
}

var (
	catchAll     = regexp.MustCompile(`(?i)\b(all|none|both|any|neither) of (the (above|options|answers)\b|(the )?(above|these|those|them)[.\s]*$)`)
	optionLetter = regexp.MustCompile(`(?:\b(?i:options?|answers?|both|either|neither)\s+[A-F]\b)|(?:\b[A-F] (?:and|or|&) [A-F]\b)`)
)

// optionTexts checks wording that breaks whatever the key is.
func (l *linter) optionTexts(q *exam.Question) {
	for i, o := range q.Options {
		field := fmt.Sprintf("options[%d]", i)
		if phrase := catchAll.FindString(o.Text); phrase != "" {
			l.remark(q, Advice, field, "catch-all", "“%s” tests the reading of options; write an option of its own", phrase)
		}
		if phrase := optionLetter.FindString(o.Text); phrase != "" && !q.FixedOrder {
			l.remark(q, Advice, field, "refers-to-option", "“%s” names other options, which are shuffled for learners; say what is meant", phrase)
		}
	}
	if q.Type != exam.Ordering && !numbersInOrder(q.Options) {
		l.remark(q, Advice, "options", "number-order", "differ only in their numbers but don't stand in numeric order; sort them")
	}
}

// numbersInOrder holds unless the options are the same text around one number
// each, and these neither rise nor fall throughout.
func numbersInOrder(options []exam.Option) bool {
	var values []float64
	frame := ""
	for i, o := range options {
		numbers := numberPattern.FindAllString(o.Text, -1)
		if len(numbers) != 1 {
			return true
		}
		rest := numberPattern.ReplaceAllString(o.Text, "#")
		if i > 0 && rest != frame {
			return true
		}
		frame = rest
		value, err := strconv.ParseFloat(strings.ReplaceAll(numbers[0], ",", ""), 64)
		if err != nil {
			return true
		}
		values = append(values, value)
	}
	falling := slices.Clone(values)
	slices.Reverse(falling)
	return slices.IsSorted(values) || slices.IsSorted(falling)
}

// cues checks what gives a key away to someone who knows nothing of the subject.
func (l *linter) cues(q *exam.Question) {
	stem := contentWords(scenario(q) + " " + q.Ask)
	l.standsOut(q, "key-longest", func(text string) float64 { return float64(length(text)) },
		func(key, rest float64) bool { return key > longestMargin*rest && key >= rest+longestLetters },
		"the key is the longest option by far (%.0f letters against %.0f); shorten it or give the distractors the same detail")
	l.standsOut(q, "key-echoes-stem", func(text string) float64 { return float64(echo(text, stem)) },
		func(key, rest float64) bool { return key >= rest+cueMargin },
		"the key repeats %.0f words of the scenario, no distractor more than %.0f; vary the key's wording or let distractors share it")
	l.standsOut(q, "key-detailed", func(text string) float64 { return float64(details(text)) },
		func(key, rest float64) bool { return key >= rest+cueMargin },
		"the key has %.0f commas and numbers, no distractor more than %.0f; bring the options to the same detail")
	l.absoluteWords(q)
}

// standsOut remarks on a question whose every key measures above every
// distractor by the margin that leads describes.
func (l *linter) standsOut(q *exam.Question, rule string, measure func(string) float64, leads func(key, rest float64) bool, format string) {
	keys, distractors := split(q)
	if len(keys) == 0 || len(distractors) == 0 {
		return
	}
	lowestKey, highestOther := measure(q.Options[keys[0]].Text), 0.0
	for _, i := range keys {
		lowestKey = min(lowestKey, measure(q.Options[i].Text))
	}
	for _, i := range distractors {
		highestOther = max(highestOther, measure(q.Options[i].Text))
	}
	if leads(lowestKey, highestOther) {
		l.remark(q, Advice, fmt.Sprintf("options[%d]", keys[0]), rule, format, lowestKey, highestOther)
	}
}

func split(q *exam.Question) (keys, distractors []int) {
	for i, o := range q.Options {
		if o.Key {
			keys = append(keys, i)
		} else {
			distractors = append(distractors, i)
		}
	}
	return keys, distractors
}

func (l *linter) absoluteWords(q *exam.Question) {
	keys, distractors := split(q)
	for _, i := range keys {
		if len(absolutes(q.Options[i].Text)) > 0 {
			return
		}
	}
	for _, i := range distractors {
		if found := absolutes(q.Options[i].Text); len(found) > 0 {
			l.remark(q, Advice, fmt.Sprintf("options[%d]", i), "absolute-word", "“%s” marks a distractor to the testwise and no key has such a word; reword it", found[0])
		}
	}
}

// services checks the services the question turns on, and the names it uses.
func (l *linter) services(q *exam.Question) {
	if l.cat == nil {
		return
	}
	for i, id := range q.Services {
		field := fmt.Sprintf("services[%d]", i)
		s, known := l.cat.Service(id)
		if !known {
			l.remark(q, Error, field, "service-unknown", "%q is not a service of the catalogue%s", id, l.nearestService(id))
			continue
		}
		l.serviceStatus(q, field, s, keyService(q, s))
	}
	l.unlistedServices(q)
	l.formerNames(q)
}

// unlistedServices remarks on a key that names a service on its way out
// without listing it, where a later check of services would miss it. A name
// may be an everyday term too, so this is never more than a remark.
func (l *linter) unlistedServices(q *exam.Question) {
	for i, o := range q.Options {
		if !o.Key {
			continue
		}
		for _, n := range l.names {
			if n.former {
				continue
			}
			status := n.service.StatusOn(l.on)
			if goingAway(status) && !slices.Contains(q.Services, n.service.ID) && names(o.Text, n.name) {
				l.remark(q, Advice, fmt.Sprintf("options[%d]", i), "service-status", "the key names %s, which is %s; list %s under services or choose another key",
					n.name, statusWords(n.service, status), n.service.ID)
				break
			}
		}
	}
}

func goingAway(status catalogue.ServiceStatus) bool {
	switch status {
	case catalogue.ServiceClosed, catalogue.ServiceMaintain, catalogue.ServiceRetiring, catalogue.ServiceEnded:
		return true
	default:
		return false
	}
}

func (l *linter) nearestService(id string) string {
	best, distance := "", 6
	for _, s := range l.cat.Services {
		if d := editDistance(id, s.ID); d < distance {
			best, distance = s.ID, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// keyService reports whether the right answer rests on the service: a key names
// it, or the question's type has no options that are merely wrong.
func keyService(q *exam.Question, s *catalogue.Service) bool {
	if q.Type != exam.Single && q.Type != exam.Multiple {
		return true
	}
	for _, o := range q.Options {
		for _, name := range slices.Concat([]string{s.Name}, s.Also, s.Former) {
			if o.Key && names(o.Text, name) {
				return true
			}
		}
	}
	return false
}

// serviceStatus refuses keys that can't be carried out any more. A service
// closed to new customers stays a key where an exam the question serves still
// names it: its guide lags, and so does the exam.
func (l *linter) serviceStatus(q *exam.Question, field string, s *catalogue.Service, key bool) {
	status := s.StatusOn(l.on)
	if !goingAway(status) {
		return
	}
	severity := Advice
	if key && (status == catalogue.ServiceEnded || status == catalogue.ServiceClosed && !l.stillExamined(q, s)) {
		severity = Error
	}
	instead := ""
	if s.Replaced != "" {
		instead = "; instead: " + s.Replaced
	}
	role := "the question names"
	if key {
		role = "the key rests on"
	}
	l.remark(q, severity, field, "service-status", "%s %s, which is %s%s", role, s.Name, statusWords(s, status), instead)
}

func (l *linter) stillExamined(q *exam.Question, s *catalogue.Service) bool {
	served := l.cat.Serves(q)
	return slices.ContainsFunc(s.Exams, func(use catalogue.ServiceUse) bool {
		_, ok := served[use.Exam]
		return ok
	})
}

func statusWords(s *catalogue.Service, status catalogue.ServiceStatus) string {
	text := map[catalogue.ServiceStatus]string{
		catalogue.ServiceClosed:   "closed to new customers",
		catalogue.ServiceMaintain: "in maintenance",
		catalogue.ServiceRetiring: "to be retired",
		catalogue.ServiceEnded:    "no longer offered",
	}[status]
	if s.Since == "" {
		return text
	}
	if status == catalogue.ServiceRetiring {
		return text + " on " + s.Since
	}
	return text + " since " + s.Since
}

// formerNames remarks on a former name without a present one of the same
// service beside it. Longer names are taken first, so that a name within
// another is not mistaken for it.
func (l *linter) formerNames(q *exam.Question) {
	text := visibleText(q)
	present := map[*catalogue.Service]bool{}
	var former []serviceName
	for _, n := range l.names {
		rest, found := without(text, n.name)
		if !found {
			continue
		}
		text = rest
		if n.former {
			former = append(former, n)
		} else {
			present[n.service] = true
		}
	}
	for _, n := range former {
		if !present[n.service] {
			l.remark(q, Advice, "stem", "former-name", "“%s” is now %s; use the present name, with the former in brackets the first time", n.name, n.service.Name)
			present[n.service] = true // once is enough
		}
	}
}

// visibleText is everything a learner reads before answering.
func visibleText(q *exam.Question) string {
	parts := []string{scenario(q), q.Ask}
	for _, o := range q.Options {
		parts = append(parts, o.Text)
	}
	for _, p := range q.Prompts {
		parts = append(parts, p.Text)
	}
	for _, s := range q.Statements {
		parts = append(parts, s.Text)
	}
	return strings.Join(append(parts, q.Remember), "\n")
}
