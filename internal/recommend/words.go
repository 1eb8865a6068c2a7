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
	if len(reasons) > 0 {
		parts = append(parts, "it suits "+inWords(reasons))
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
	f, _ := fire(&s.cat.Rules[i], s.said, s.void)
	for _, factor := range f.families() {
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
	var saidWords []string
	for _, v := range u.values {
		saidWords = append(saidWords, s.valueLabel(v.factor, v.value))
	}
	text := fmt.Sprintf("“%s”: %s", strings.Join(saidWords, "”, “"), u.rule.Text)
	switch {
	case u.half && u.via == "":
		text += " It counts half here, since the rest of your profile points at another exam of the same cloud."
	case u.half:
		text += fmt.Sprintf(" The rule names %s; for another exam of the same cloud it counts half.", u.via)
	case u.via != "":
		text += fmt.Sprintf(" The rule names %s; %s stands in for it.", s.withLastDay(u.via), u.code)
	}
	return text
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
	exams := len(s.evidence)
	where := "near your average over"
	switch w := quarter(e.weight); {
	case exams == 1 && !e.placed():
		return fmt.Sprintf("A first bearing from %s, too few for a verdict.", answers(e.report.Answers))
	case exams == 1:
		return fmt.Sprintf("%s (%.0f\u00a0%% to pass, from %s).", upperFirst(e.report.Verdict.Label()), 100*e.report.Pass, answers(e.report.Answers))
	case w > 0:
		where = "above your average over"
	case w < 0:
		where = "below your average over"
	}
	if !e.placed() {
		return fmt.Sprintf("A first bearing from %s, too few for a verdict: %s the %d exams measured.", answers(e.report.Answers), where, exams)
	}
	return fmt.Sprintf("%s (%.0f\u00a0%% to pass, from %s), %s the %d exams measured.",
		upperFirst(e.report.Verdict.Label()), 100*e.report.Pass, answers(e.report.Answers), where, exams)
}

// unmeasuredText says why answers don't count for an exam.
func (s *subject) unmeasuredText(code exam.Code) string {
	if r, ok := s.report.Exam(code); ok && r.Offered {
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
