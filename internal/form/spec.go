package form

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Spec is what a form has to be like.
type Spec struct {
	Exam    exam.Code
	Domains []Domain // in the exam's order
	Length           // of the real form
	// Types are those the vendor uses; empty: all. Where they alone would fill two
	// forms, other types come only if a domain has nothing else as fresh. Where
	// they would not, the list is let go: keeping to it would make a person's first
	// form of them and the second of what is left.
	Types []exam.Type
	// Mix is the share of each type among the scored questions; nil means that of
	// the scorable questions (of those Types), with single choice no less than half.
	Mix map[exam.Type]float64
	// Difficulty is the share of each difficulty, 1 to 5, among the scored
	// questions. They sum to 1.
	Difficulty [difficulties]float64
	// MinCases and MaxCases bound the case sets. How many of them a form has is
	// drawn evenly; fewer than MinCases where the bank has no more that fit, or
	// where more would repeat questions that need no repeating.
	MinCases, MaxCases int
	// Closes says that the vendor closes a section once it is left.
	Closes bool
}

// Domain is one weighted part of an exam.
type Domain struct {
	ID     exam.DomainID
	Name   string
	Weight float64 // > 0; only the ratios matter
}

const difficulties = 5

// assumedScored stands in for a length that a vendor doesn't publish.
const assumedScored = 50

// SpecFor is the form of a certification's exam as its vendor describes it.
//
// Length: the published numbers of scored and unscored questions; else the
// middle of the published range, all of them scored. Case sets: one or two for
// Microsoft, each a section that closes behind the candidate, and none or one
// elsewhere. No vendor publishes their number or their place; these numbers, and
// that they come last, are assumptions.
func SpecFor(cert *catalogue.Certification) (spec Spec, err error) {
	defer fault.Op(&err, "describing the form of %s", cert.Code)
	spec = Spec{Exam: cert.Code, Length: realLength(cert.Questions), Types: typesNamed(cert.ItemTypes), MaxCases: 1}
	for _, d := range cert.Domains {
		spec.Domains = append(spec.Domains, Domain{ID: d.ID, Name: d.Name, Weight: d.Weight})
	}
	if cert.Vendor == exam.Azure {
		spec.MinCases, spec.MaxCases, spec.Closes = 1, 2, true
	}
	if spec.Difficulty, err = spread(cert.Level); err != nil {
		return Spec{}, err
	}
	return spec, spec.check()
}

func realLength(n catalogue.QuestionCount) Length {
	switch {
	case n.Scored > 0:
		return Length{Scored: n.Scored, Unscored: n.Unscored}
	case n.Max > 0:
		return Length{Scored: (n.Min + n.Max + 1) / 2}
	default:
		return Length{Scored: assumedScored}
	}
}

// middling is the spread of difficulties of an associate exam: item writers'
// usual bell around the middle label.
var middling = [difficulties]float64{.10, .25, .35, .20, .10}

// spread moves half of every difficulty by one label, down for an entry exam
// and up for a professional or specialty one.
func spread(level catalogue.Level) ([difficulties]float64, error) {
	step := 0
	switch level {
	case catalogue.Foundational, catalogue.Fundamentals, catalogue.Business:
		step = -1
	case catalogue.Associate:
	case catalogue.Professional, catalogue.Specialty, catalogue.Expert:
		step = 1
	default:
		return middling, fmt.Errorf("level %q has no spread of difficulties", level)
	}
	var shifted [difficulties]float64
	for i, share := range middling {
		shifted[i] += share / 2
		shifted[min(max(i+step, 0), difficulties-1)] += share / 2
	}
	return shifted, nil
}

// vendorWords are parts of the vendors' names for item types. A name without
// any of them (case study, labs, hot area) is none of ours.
var vendorWords = map[exam.Type][]string{
	exam.Single:   {"multiple choice"},
	exam.Multiple: {"multiple response", "multiple select"},
	exam.Ordering: {"ordering", "build list"},
	exam.Matching: {"matching", "drag and drop"},
	exam.YesNo:    {"yes/no"},
}

func typesNamed(names []string) []exam.Type {
	all := strings.ToLower(strings.Join(names, "\n"))
	var types []exam.Type
	for _, t := range exam.Types() {
		if slices.ContainsFunc(vendorWords[t], func(word string) bool { return strings.Contains(all, word) }) {
			types = append(types, t)
		}
	}
	return types
}

func (s *Spec) check() error {
	if len(s.Domains) == 0 {
		return errors.New("it has no domains")
	}
	known := map[exam.DomainID]bool{}
	for _, d := range s.Domains {
		if known[d.ID] {
			return fmt.Errorf("domain %q occurs twice", d.ID)
		}
		known[d.ID] = true
		if !(d.Weight > 0) || math.IsInf(d.Weight, 0) {
			return fmt.Errorf("domain %q has weight %v; it needs one above 0", d.ID, d.Weight)
		}
	}
	if s.Scored < 1 || s.Unscored < 0 {
		return fmt.Errorf("%d scored and %d unscored questions make no form", s.Scored, s.Unscored)
	}
	if s.MinCases < 0 || s.MaxCases < s.MinCases {
		return fmt.Errorf("%d to %d case sets is no range", s.MinCases, s.MaxCases)
	}
	sum := 0.0
	for _, share := range s.Difficulty {
		if !(share >= 0) {
			return fmt.Errorf("a difficulty has share %v", share)
		}
		sum += share
	}
	if math.Abs(sum-1) > tolerance {
		return fmt.Errorf("the shares of difficulties sum to %v, not 1", sum)
	}
	for t, share := range s.Mix {
		if !slices.Contains(exam.Types(), t) || !(share >= 0) {
			return fmt.Errorf("type %q has share %v", t, share)
		}
	}
	return nil
}

// tolerance is what rounding in sums of shares may amount to.
const tolerance = 1e-9

// Quotas divides n questions over domains by largest remainder (Hamilton's
// method): each has its exact share rounded down, and what is left goes, one
// each, to the largest fractions. Equal fractions go to the larger weight, then
// to the earlier domain. The quotas sum to n, and each is less than 1 away from
// the exact share.
func Quotas(domains []Domain, n int) []int {
	total := 0.0
	for _, d := range domains {
		total += d.Weight
	}
	quotas, rest, order := make([]int, len(domains)), make([]float64, len(domains)), make([]int, len(domains))
	left := n
	for i, d := range domains {
		exact := d.Weight / total * float64(n)
		quotas[i] = int(math.Floor(exact + tolerance))
		rest[i] = math.Round((exact - float64(quotas[i])) / tolerance) // whole numbers, so that equal is equal
		left -= quotas[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(rest[b], rest[a]), cmp.Compare(domains[b].Weight, domains[a].Weight))
	})
	for _, i := range order[:min(max(left, 0), len(order))] {
		quotas[i]++
	}
	return quotas
}

// Candidates lists the questions that serve an exam, in the order given.
// counts says which banks count.
func Candidates(cat *catalogue.Catalogue, code exam.Code, questions []*exam.Question, counts func(exam.BankID) bool) []Candidate {
	var pool []Candidate
	for _, q := range questions {
		domain, ok := cat.Serves(q)[code]
		if !ok {
			continue
		}
		c := Candidate{
			Question: q.ID, Revision: q.Revision, Domain: domain, Type: q.Type, Difficulty: q.Difficulty,
			Skill: q.Skill, Enemies: q.Enemies, Counts: counts(q.Bank),
		}
		if q.Stimulus != nil {
			c.Stimulus, c.NoReturn = q.Stimulus.ID, q.Stimulus.NoReturn
		}
		pool = append(pool, c)
	}
	return pool
}

// WithAnswers returns the candidates with the number of answers each has had,
// from anybody; pool itself stays as it is.
func WithAnswers(pool []Candidate, answers map[exam.QuestionID]int) []Candidate {
	known := slices.Clone(pool)
	for i := range known {
		known[i].Answers = answers[known[i].Question]
	}
	return known
}
