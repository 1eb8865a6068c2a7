package form_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sextant/internal/exam"
	"sextant/internal/form"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// faults lists every rule that a form breaks, by rules written down here anew.
func faults(spec form.Spec, pool []form.Candidate, history form.History, f *form.Form) []string {
	c := &checker{spec: spec, history: history, form: f, byID: map[exam.QuestionID]form.Candidate{}, size: map[exam.StimulusID]int{}}
	for _, candidate := range pool {
		c.byID[candidate.Question] = candidate
		if candidate.Stimulus != "" {
			c.size[candidate.Stimulus]++
		}
	}
	c.places()
	c.blueprint()
	c.enemies()
	c.sections()
	c.lengths()
	return c.found
}

type checker struct {
	spec    form.Spec
	history form.History
	form    *form.Form
	byID    map[exam.QuestionID]form.Candidate
	size    map[exam.StimulusID]int
	found   []string
}

func (c *checker) check(ok bool, format string, args ...any) {
	if !ok {
		c.found = append(c.found, fmt.Sprintf(format, args...))
	}
}

func (c *checker) places() {
	met := map[exam.QuestionID]bool{}
	for _, p := range c.form.Places {
		q, ok := c.byID[p.Question]
		c.check(ok, "%s is no candidate", p.Question)
		c.check(!met[p.Question], "%s comes twice", p.Question)
		met[p.Question] = true
		c.check(q.Revision == p.Revision && q.Domain == p.Domain, "%s: revision %s, domain %s", p.Question, p.Revision, p.Domain)
		c.check(q.Counts || !p.Scored, "%s is scored and its bank doesn't count", p.Question)
		c.check(p.Scored || c.history[p.Question].Times == 0, "%s is unscored and was seen before", p.Question)
	}
}

func (c *checker) blueprint() {
	n, total, sum := 0, 0.0, 0
	count := map[exam.DomainID]int{}
	for _, p := range c.form.Places {
		if p.Scored {
			n++
			count[p.Domain]++
		}
	}
	for _, d := range c.spec.Domains {
		total += d.Weight
	}
	var given, refused []float64 // the fractions that got a question more, and those that didn't
	for _, d := range c.spec.Domains {
		exact := d.Weight / total * float64(n)
		extra := float64(count[d.ID]) - exact
		c.check(math.Abs(extra) < 1-1e-9 || math.Abs(extra) < 1e-9, "domain %s has %d of exactly %v", d.ID, count[d.ID], exact)
		if extra > 1e-9 {
			given = append(given, 1-extra)
		} else {
			refused = append(refused, -extra)
		}
		sum += count[d.ID]
	}
	c.check(sum == n, "domains sum to %d of %d", sum, n)
	if len(given) > 0 && len(refused) > 0 {
		c.check(slices.Min(given) >= slices.Max(refused)-1e-8, "a larger remainder got less: %v against %v", given, refused)
	}
}

func (c *checker) enemies() {
	owner := map[string]exam.QuestionID{}
	for _, p := range c.form.Places {
		for _, tag := range c.byID[p.Question].Enemies {
			c.check(owner[tag] == "" || owner[tag] == p.Question, "%s and %s share the tag %s", owner[tag], p.Question, tag)
			owner[tag] = p.Question
		}
	}
}

func (c *checker) sections() {
	in := make([][]form.Candidate, len(c.form.Sections))
	last, cases := 0, 0
	for _, p := range c.form.Places {
		c.check(p.Section == last || p.Section == last+1, "section %d follows section %d", p.Section, last)
		last = p.Section
		q := c.byID[p.Question]
		in[p.Section] = append(in[p.Section], q)
		c.check(q.Stimulus == "" || c.size[q.Stimulus] == 1 || p.Scored, "%s belongs to a case and isn't scored", q.Question)
	}
	for i, section := range c.form.Sections {
		c.check(len(in[i]) > 0, "section %d is empty", i)
		if section.Stimulus == "" {
			c.check(i == 0, "ordinary questions in section %d", i)
			for _, q := range in[i] {
				c.check(q.Stimulus == "" || c.size[q.Stimulus] == 1 && !q.NoReturn, "%s of case %s stands alone", q.Question, q.Stimulus)
			}
			continue
		}
		cases++
		c.check(len(in[i]) == c.size[section.Stimulus] && len(in[i]) > 1, "case %s has %d of %d questions", section.Stimulus, len(in[i]), c.size[section.Stimulus])
		for _, q := range in[i] {
			c.check(q.Stimulus == section.Stimulus && q.NoReturn == section.NoReturn, "%s in the section of %s", q.Question, section.Stimulus)
		}
	}
	c.check(cases <= c.spec.MaxCases, "%d case sets", cases)
	for _, section := range c.form.Sections {
		c.check(section.Closes == (c.spec.Closes && cases > 0), "a section closes: %v", section.Closes)
	}
}

func (c *checker) lengths() {
	l := c.form.Length()
	c.check(c.form.Full == c.spec.Length && c.form.Exam == c.spec.Exam, "the form is of %s with %v", c.form.Exam, c.form.Full)
	c.check(l.Scored+c.form.Shortfall.Scored == c.spec.Scored, "%d scored and %d missing", l.Scored, c.form.Shortfall.Scored)
	c.check(l.Unscored+c.form.Shortfall.Unscored == c.spec.Unscored, "%d unscored and %d missing", l.Unscored, c.form.Shortfall.Unscored)
	c.check(l.Scored >= min(c.spec.Scored, form.MinScored), "only %d scored", l.Scored)
	c.check((c.form.Statement() == "") == c.form.Shortfall.None(), "statement %q with shortfall %v", c.form.Statement(), c.form.Shortfall)
}

// remember adds a form to what a person has seen.
func remember(history form.History, f *form.Form, at time.Time) {
	for _, p := range f.Places {
		history[p.Question] = form.Seen{Times: history[p.Question].Times + 1, Last: at}
	}
}

// shared is how many questions two forms have in common.
func shared(a, b *form.Form) (n int) {
	for _, p := range a.Places {
		if slices.ContainsFunc(b.Places, func(q form.Place) bool { return q.Question == p.Question }) {
			n++
		}
	}
	return n
}
