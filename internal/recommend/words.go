package recommend

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// phrases names each factor the way the answer in one sentence does.
var phrases = map[string]string{
	currentCloud: "the cloud you work on",
	targetCloud:  "the cloud you want to work on",
	stack:        "the tools you use",
	role:         "the role you aim at",
	industry:     "your industry",
	background:   "your background",
	goal:         "your goal",
	depth:        "the depth you want",
	ready:        "what you know already",
	"work_style": "the way you work",
}

// answer is the recommendation in one or two sentences.
func (s *subject) answer(r Recommendation) string {
	if len(r.Ranking) == 0 {
		return "No catalogued certification that you don't hold can be taken on this day" + inLanguage(s.language) + "."
	}
	if r.Lead == nil {
		return "Nothing tells the certifications apart yet: say something about your situation, or answer a few questions."
	}
	lead := r.Lead
	var b strings.Builder
	if lead.Mode == PrepareFor {
		fmt.Fprintf(&b, "Prepare for %s: %s. It isn't confirmed that it can be taken today%s", lead.Code, s.because(lead), inLanguage(s.language))
		if r.Beside != nil && r.Then != nil && r.Beside.Code == r.Then.Code {
			fmt.Fprintf(&b, "; %s, which would follow it, can.", r.Then.Code)
			return b.String()
		}
		if r.Beside != nil {
			fmt.Fprintf(&b, "; of those that can, %s fits best", r.Beside.Code)
		}
		b.WriteString(".")
	} else {
		fmt.Fprintf(&b, "%s fits best: %s.", lead.Code, s.because(lead))
	}
	if r.Then != nil {
		fmt.Fprintf(&b, " After it, %s.", r.Then.Code)
	}
	return b.String()
}

// because joins the strongest reasons of the words with what the answers say.
func (s *subject) because(c *Choice) string {
	var reasons []string
	for _, e := range c.Ledger {
		if e.Source == YouSaid && e.Weight > 0 && len(reasons) < 3 {
			if phrase := s.phraseOf(e, reasons); phrase != "" {
				reasons = append(reasons, phrase)
			}
		}
	}
	var parts []string
	switch {
	case len(reasons) > 0:
		parts = append(parts, "it suits "+inWords(reasons))
	case len(c.For) > 0 && c.For[0].Source != YourAnswers && c.For[0].Source != Lifecycle:
		parts = append(parts, "what speaks most for it is "+c.For[0].Brief)
	case !c.Measured && slices.ContainsFunc(c.For, func(e Entry) bool { return e.Source == YourAnswers }):
		parts = append(parts, "what you answered on its subjects speaks for it")
	case !c.Measured:
		parts = append(parts, "little tells the exams apart so far")
	}
	if c.Measured {
		parts = append(parts, passPhrase(c))
	} else {
		parts = append(parts, "how near you are to a pass isn't measured yet")
	}
	return strings.Join(parts, ", and ")
}

func passPhrase(c *Choice) string {
	switch c.Verdict {
	case readiness.Ready:
		return "your answers say you are ready"
	case readiness.Likely:
		return "your answers say a pass is likely"
	case readiness.GettingThere:
		return "your answers say you are getting there"
	case readiness.NotYet:
		return "your answers say there is work to do first"
	case readiness.TooEarly:
	}
	for _, e := range c.Ledger {
		if e.Source == YourAnswers && e.Weight > 0 {
			return "your few answers so far speak for it"
		}
	}
	return "your answers are too few to tell"
}

// phraseOf names the first factor of an entry's rule that isn't named yet; "" if
// there is none.
func (s *subject) phraseOf(e Entry, named []string) string {
	i := slices.IndexFunc(s.cat.Rules, func(r catalogue.Rule) bool { return r.ID == e.RuleID })
	if i < 0 {
		return ""
	}
	f, _ := s.fire(&s.cat.Rules[i])
	for _, factor := range f.factors() {
		if phrase := phrases[factor]; !slices.Contains(named, phrase) {
			return phrase
		}
	}
	return ""
}

// supportText says what was said, the rule's statement, and how it came to count
// for this exam.
func (s *subject) supportText(u support) string {
	if s.quiet {
		return ""
	}
	if u.market {
		return u.rule.Text + s.howItCame(u)
	}
	var saidWords []string
	for _, v := range u.values {
		saidWords = append(saidWords, s.valueLabel(v.factor, v.value))
	}
	saidWords = append(saidWords, s.withWords(u.rule)...)
	if u.also { // the rule's sentence is about another exam
		return fmt.Sprintf("“%s”: the comparison names %s for this; %s is a pointer of ours besides.",
			strings.Join(saidWords, "”, “"), inWords(codeWords(u.rule.Supports)), u.code)
	}
	text := fmt.Sprintf("“%s”: %s", strings.Join(saidWords, "”, “"), u.rule.Text)
	if u.rule.Extension {
		text += " (A rule of ours.)"
	}
	return text + s.howItCame(u)
}

func codeWords(codes []exam.Code) []string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = string(code)
	}
	return words
}

// withWords are the labels of what was said of a rule's further condition.
func (s *subject) withWords(rule *catalogue.Rule) []string {
	var out []string
	for _, factor := range slices.Sorted(maps.Keys(rule.With)) {
		for _, value := range rule.With[factor] {
			if label := s.valueLabel(factor, value); s.said[factor][value] && !slices.Contains(out, label) {
				out = append(out, label)
			}
		}
	}
	return out
}

// howItCame says how a rule about one exam came to count for another.
func (s *subject) howItCame(u support) string {
	switch {
	case u.half && u.via == "":
		return " It counts less here, since the rest of your profile points at another exam of the same cloud."
	case u.half && u.market:
		return " It counts less for other exams than the one that leads there."
	case u.half:
		return fmt.Sprintf(" The rule names %s; for another exam of the same cloud it counts less.", u.via)
	case u.market:
		return ""
	case u.via != "":
		return fmt.Sprintf(" The rule names %s; %s stands in for it.", s.withLastDay(u.via), u.code)
	}
	return ""
}

func (s *subject) withLastDay(code exam.Code) string {
	if c, ok := s.certs[code]; ok {
		if over, last := s.isRetired(c); over && !last.IsZero() {
			return fmt.Sprintf("%s, whose last day was %s", code, longDate(last))
		}
	}
	return string(code)
}

func (s *subject) valueLabel(factor, value string) string {
	for _, f := range s.cat.Factors {
		if f.ID != factor {
			continue
		}
		for _, v := range f.Values {
			if v.ID == value && v.Label != "" {
				return v.Label
			}
		}
	}
	return strings.ReplaceAll(value, "_", " ")
}

func (s *subject) factorLabel(factor string) string {
	for _, f := range s.cat.Factors {
		if f.ID == factor && f.Label != "" {
			return f.Label
		}
	}
	return strings.ReplaceAll(factor, "_", " ")
}

// say formats a line of a ledger, unless only the figures are wanted.
func (s *subject) say(format string, args ...any) string {
	if s.quiet {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func (s *subject) evidenceText(e evidence) string {
	if s.quiet {
		return ""
	}
	before := fmt.Sprintf("%.0f\u00a0%% was assumed before the first", 100*e.start)
	if !e.placed() {
		return fmt.Sprintf("A first bearing from %s, too few for a verdict: %s what was assumed before the first.", answers(e.report.Answers), againstStart(s.round(e.weight)))
	}
	return fmt.Sprintf("%s (%.0f\u00a0%% to pass, from %s; %s).",
		upperFirst(e.report.Verdict.Label()), 100*e.report.Pass, answers(e.report.Answers), before)
}

func againstStart(weight float64) string {
	switch {
	case weight > 0:
		return "above"
	case weight < 0:
		return "below"
	}
	return "near"
}

func moreOrLess(weight float64) string {
	if weight > 0 {
		return "more"
	}
	return "less"
}

// evidenceBrief says in a few words what the answers speak.
func (s *subject) evidenceBrief(e evidence) string {
	switch w := s.round(e.weight); {
	case w > 0:
		return "what your answers show"
	case w < 0:
		return "what your answers don't show yet"
	}
	return "your answers"
}

// supportBrief names what a rule rests on, as far as no stronger line has named it
// before.
func (s *subject) supportBrief(u support, before map[string]bool) string {
	if s.quiet {
		return ""
	}
	if u.market {
		return "the postings you read"
	}
	var all, fresh []string
	for _, factor := range u.factors() {
		phrase := phrases[factor]
		if phrase == "" {
			phrase = s.factorLabel(factor)
		}
		all = append(all, phrase)
		if !before[phrase] {
			fresh = append(fresh, phrase)
		}
		before[phrase] = true
	}
	if len(fresh) == 0 {
		fresh = all
	}
	return inWords(fresh)
}

// unmeasuredText says why an exam isn't measured.
func (s *subject) unmeasuredText(code exam.Code) string {
	r, offered := s.report.Exam(code)
	if offered && r.Offered && r.Answers == 0 {
		return "Nothing you answered bears on it yet: ranked by your situation only."
	}
	if _, ok := s.indirect[code]; ok {
		return s.say("Too early to say from %s that bear on it.", answers(r.Answers))
	}
	if offered && r.Offered {
		return s.say("Too early to say from %s: ranked by your situation only.", answers(r.Answers))
	}
	return "Not enough questions here to measure it: ranked by your situation only."
}

func answers(n int) string {
	if n == 1 {
		return "1 answer"
	}
	return fmt.Sprintf("%d answers", n)
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

func inLanguage(tag string) string {
	if tag == "" {
		return ""
	}
	return " in " + catalogue.LanguageName(tag)
}

// sentence ends the first part with a full stop and appends the reason.
func sentence(first, reason string) string {
	return strings.TrimSpace(strings.TrimSuffix(first, ".") + ". " + reason)
}

func longDate(t time.Time) string { return t.Format("2 January 2006") }

// longDay is a time that formats as its date.
type longDay time.Time

func (d longDay) String() string { return longDate(time.Time(d)) }

// inWords joins phrases as a sentence does: "a, b and c".
func inWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

func upperFirst(s string) string { return mapFirst(s, unicode.ToUpper) }

func mapFirst(s string, f func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(f(r)) + s[size:]
}

func compareText(a, b string) int { return cmp.Compare(a, b) }

func sortedCodes(set map[exam.Code]bool) []exam.Code { return slices.Sorted(maps.Keys(set)) }
