package bank

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
)

// LintOptions tune Lint.
type LintOptions struct {
	// On is the day on which services are judged; zero is the day the
	// catalogue's facts were last gathered.
	On time.Time
	// Coverage asks for remarks on what the bank as a whole lacks: domains and
	// skills with few questions, the spread of difficulty. A bank that is meant
	// to cover only part of the exams leaves it off.
	Coverage bool
	// Beside holds the questions already in use elsewhere, for the check on
	// near-duplicates.
	Beside []*exam.Question
	// Uploaded marks a bank of somebody's own. What a good bank has, references
	// and no question twice, is advice for it rather than a condition.
	Uploaded bool
}

// Lint applies the mechanical rules of item writing to every question, also to
// those that reading refused, and then to the bank as a whole. Without a
// catalogue (nil) the checks that need one are left out. Remarks come in file
// and line order, those on the bank last.
func Lint(b *Bank, cat *catalogue.Catalogue, opts LintOptions) []Remark {
	l := newLinter(cat, opts)
	for _, q := range b.Questions {
		at, read := b.sources[q]
		l.at = at
		l.validity(q)
		if !read { // reading says what is missing
			l.gaps(q)
		}
		l.item(q)
	}
	for _, q := range b.rejected { // what makes them invalid was said when they were read
		l.at = b.sources[q]
		l.item(q)
	}
	l.bank(b)
	sortRemarks(l.remarks)
	return l.remarks
}

// LintQuestion applies the rules for a single question, for an editor.
func LintQuestion(q *exam.Question, cat *catalogue.Catalogue, opts LintOptions) []Remark {
	l := newLinter(cat, opts)
	l.validity(q)
	l.gaps(q)
	l.item(q)
	if q.Review == (exam.Review{}) {
		l.remark(q, Advice, "review", "review", "no blind review is recorded; ask someone who has not seen the key to answer it")
	}
	sortRemarks(l.remarks)
	return l.remarks
}

type linter struct {
	cat     *catalogue.Catalogue
	on      time.Time
	opts    LintOptions
	at      source        // of the question being linted
	names   []serviceName // longest first
	remarks []Remark
}

// serviceName is one name a service has or had.
type serviceName struct {
	name    string
	former  bool
	service *catalogue.Service
}

func newLinter(cat *catalogue.Catalogue, opts LintOptions) *linter {
	l := &linter{cat: cat, on: opts.On, opts: opts}
	if cat == nil {
		return l
	}
	if l.on.IsZero() {
		l.on = cat.AsOf
	}
	for i := range cat.Services {
		s := &cat.Services[i]
		for _, name := range append([]string{s.Name}, s.Also...) {
			l.names = append(l.names, serviceName{name: name, service: s})
		}
		for _, name := range s.Former {
			l.names = append(l.names, serviceName{name: name, former: true, service: s})
		}
	}
	slices.SortStableFunc(l.names, func(a, b serviceName) int { return len(b.name) - len(a.name) })
	return l
}

func (l *linter) remark(q *exam.Question, severity Severity, field, rule, format string, args ...any) {
	at := l.at
	if at.file == "" {
		at = source{file: q.File, line: q.Line}
	}
	l.remarks = append(l.remarks, Remark{
		File: at.file, Line: at.at(field), Question: q.ID, Field: field, Severity: severity, Rule: rule,
		Message: placed(field, fmt.Sprintf(format, args...)),
	})
}

// onBank adds advice on the bank as a whole.
func (l *linter) onBank(rule, format string, args ...any) {
	l.onExam("", Advice, rule, format, args...)
}

// onExam adds a remark on all the bank's questions for one exam.
func (l *linter) onExam(code exam.Code, severity Severity, rule, format string, args ...any) {
	l.remarks = append(l.remarks, Remark{Exam: code, Severity: severity, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

func (l *linter) validity(q *exam.Question) {
	for _, p := range slices.Concat(q.Validate(), FormProblems(q)) {
		l.remark(q, Error, p.Field, "valid", "%s", p.Message)
	}
}

func (l *linter) gaps(q *exam.Question) {
	for _, p := range q.Gaps() {
		if !l.opts.Uploaded {
			l.remark(q, Error, p.Field, "gap", "%s", p.Message)
			continue
		}
		l.remark(q, Advice, p.Field, "gap", "%s", practiceOnly(p).Message)
	}
}

// severity is that of what an uploaded bank may leave undone.
func (l *linter) severity() Severity {
	if l.opts.Uploaded {
		return Advice
	}
	return Error
}

func (l *linter) item(q *exam.Question) {
	l.placement(q)
	l.scenarioLength(q)
	l.ask(q)
	l.references(q)
	l.optionTexts(q)
	if q.Type == exam.Single || q.Type == exam.Multiple {
		l.cues(q)
	}
	l.services(q)
}

// placement checks skill and domains against the catalogue.
func (l *linter) placement(q *exam.Question) {
	if l.cat == nil || q.Skill == "" {
		return
	}
	if _, known := l.cat.Skill(q.Skill); !known {
		l.remark(q, Error, "skill", "skill-unknown", "%q is not a skill of the catalogue%s", q.Skill, l.nearestSkill(q.Skill))
		return
	}
	for _, p := range l.cat.DomainProblems(q) {
		l.remark(q, Error, p.Field, "domain", "%s", p.Message)
	}
	unplaced := l.cat.Unplaced(q)
	for _, code := range sortedKeys(unplaced) {
		l.remark(q, Advice, "domains", "unplaced", "the question is not served for %s until it names one of domains %s there", code, joinIDs(unplaced[code]))
	}
	if q.Platform != "" && len(unplaced) == 0 && len(l.cat.Serves(q)) == 0 {
		l.remark(q, Advice, "skill", "serves-none", "no exam on %s examines %s, so no learner meets this question in a mock exam", q.Platform.Label(), q.Skill)
	}
}

func (l *linter) nearestSkill(id exam.SkillID) string {
	best, distance := exam.SkillID(""), 6
	for _, s := range l.cat.Skills {
		if d := editDistance(string(id), string(s.ID)); d < distance {
			best, distance = s.ID, d
		}
	}
	if best == "" {
		return "; name one of its skills"
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func joinIDs[T ~string](ids []T) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return strings.Join(texts, ", ")
}
