package classroom

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
)

// Standing is where a class stands with one exam.
type Standing struct {
	Class   Class
	Exam    exam.Code
	Rows    []Row // in the order asked for
	Stuck   []Stuck
	Next    []Gain      // what raises the class's score most, the largest first
	Weakest []WeakSkill // skills that come up most often among the weakest, the most often first
}

// Row is where one member stands, as far as they share it.
type Row struct {
	Member
	Report  readiness.ExamReport
	Answers int       // shared, to questions that serve the class's exams, of all modes
	Last    time.Time // the latest of them; zero for none
}

// Order is how the rows of a standing are sorted.
type Order string

// The orders.
const (
	ByNeed Order = "need" // the lowest chance of passing first; those too early to say last
	ByName Order = "name"
	BySeen Order = "seen" // who has not been seen for longest first
)

// Orders lists the orders.
func Orders() []Order { return []Order{ByNeed, ByName, BySeen} }

func (o Order) compare(a, b *Row) int {
	switch o {
	case ByName:
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Email, b.Email))
	case BySeen:
		return cmp.Or(a.Last.Compare(b.Last), ByName.compare(a, b))
	case ByNeed:
	}
	early := func(r *Row) int {
		if r.Report.Verdict == readiness.TooEarly {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(early(a), early(b)), cmp.Compare(a.Report.PassRaw, b.Report.PassRaw), ByName.compare(a, b))
}

// Why says what makes a learner seem stuck.
type Why string

// The reasons.
const (
	Quiet Why = "quiet" // has not answered for a while
	Flat  Why = "flat"  // answered much, and the estimate did not rise
)

// When a learner is named as possibly stuck. A fall in effort or a plateau can have
// many causes, so these ask for a look and judge nothing.
const (
	quietFor    = 14 * 24 * time.Hour
	flatOver    = 28 * 24 * time.Hour
	flatAnswers = 25  // within flatOver: with fewer, a gain of a few points would drown in the interval
	flatGain    = 2.0 // points of expected score that count as a gain
)

// Stuck is a learner whom a word might help.
type Stuck struct {
	Row
	Why Why
	// Days without an answer, of Quiet; since joining for whoever never gave one.
	Days int
	// Recent answers, and the estimates before and after them, of Flat.
	Recent        int
	Before, After readiness.Interval
}

// Gain is what the class would gain by one domain.
type Gain struct {
	Domain exam.DomainID
	Name   string
	// Points of expected score, in percent of the exam, by which the mean of the
	// class would rise if whoever is below the exam's pass mark in this domain came
	// up to it.
	Points float64
	Below  int // learners whose estimate is below the pass mark
	Known  int // learners with enough answers in the domain for an estimate
}

// WeakSkill is a skill that is among the weakest of several learners.
type WeakSkill struct {
	Skill    exam.SkillID
	Name     string
	Learners int
}

// Standing measures a class on one of its exams, for those who teach it.
func (s *Service) Standing(ctx context.Context, p *account.Person, id ID, code exam.Code, order Order) (_ *Standing, err error) {
	defer fault.Op(&err, "classroom.Standing(%s, %s)", id, code)
	c, err := s.Taught(ctx, p, id)
	if err != nil {
		return nil, err
	}
	members, err := s.register.Members(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.standing(ctx, c, members, code, order)
}

// Shared is what those who teach a class see of one member: the standing of a class
// with nobody else in it.
func (s *Service) Shared(ctx context.Context, p *account.Person, id ID, code exam.Code) (_ *Standing, err error) {
	defer fault.Op(&err, "classroom.Shared(%s, %s)", id, code)
	c, m, err := s.Attended(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return s.standing(ctx, c, []Member{*m}, code, ByNeed)
}

func (s *Service) standing(ctx context.Context, c *Class, members []Member, code exam.Code, order Order) (*Standing, error) {
	if !slices.Contains(c.Exams, code) {
		return nil, fault.NotFound("%s is not one of this class's exams.", code)
	}
	basis, err := s.shelf.ForClass(ctx, c.BankIDs())
	if err != nil {
		return nil, err
	}
	now := s.now()
	standing := &Standing{Class: *c, Exam: code}
	for _, m := range members {
		known, err := s.tests.Known(ctx, m.Person)
		if err != nil {
			return nil, err
		}
		row, stuck, err := measured(basis, c, m, shared(basis, c, m, known.Answers), code, now)
		if err != nil {
			return nil, err
		}
		standing.Rows = append(standing.Rows, row)
		if stuck != nil {
			standing.Stuck = append(standing.Stuck, *stuck)
		}
	}
	slices.SortStableFunc(standing.Rows, func(a, b Row) int { return order.compare(&a, &b) })
	slices.SortStableFunc(standing.Stuck, func(a, b Stuck) int { return cmp.Or(-cmp.Compare(a.Days, b.Days), ByName.compare(&a.Row, &b.Row)) })
	standing.Next, standing.Weakest = gains(standing.Rows), weakest(standing.Rows)
	return standing, nil
}

// shared is what of a member's answers is the class's business.
func shared(basis Basis, c *Class, m Member, answers []sitting.Past) []exam.Response {
	var responses []exam.Response
	for i := range answers {
		a := &answers[i]
		if a.At.Before(m.Shares) || !basis.Serves(a.Question, c.Exams) {
			continue
		}
		r := a.Response()
		r.Pretest = r.Pretest && !basis.Adds(a.Question)
		responses = append(responses, r)
	}
	return responses
}

// measured is where a member stands, and whether they seem stuck.
func measured(basis Basis, c *Class, m Member, responses []exam.Response, code exam.Code, now time.Time) (Row, *Stuck, error) {
	row := Row{Member: m, Answers: len(responses)}
	for i := range responses {
		if responses[i].At.After(row.Last) {
			row.Last = responses[i].At
		}
	}
	var err error
	if row.Report, err = report(basis.Model(), responses, code, now); err != nil {
		return row, nil, err
	}
	if row.Report.Verdict == readiness.Ready || !c.Archived.IsZero() {
		return row, nil, nil
	}
	since := m.Joined
	if row.Last.After(since) {
		since = row.Last
	}
	if away := now.Sub(since); away >= quietFor {
		return row, &Stuck{Row: row, Why: Quiet, Days: int(away.Hours() / 24)}, nil
	}
	stuck, err := flat(basis.Model(), &row, responses, code, now)
	return row, stuck, err
}

func report(model *readiness.Model, responses []exam.Response, code exam.Code, at time.Time) (readiness.ExamReport, error) {
	r, err := model.Report(responses, at, []exam.Code{code})
	if err != nil {
		return readiness.ExamReport{}, err
	}
	e, _ := r.Exam(code)
	return e, nil
}

// flat compares a member's estimate with the one before their recent answers; nil
// where there are too few of them, too little was known before, or it rose.
func flat(model *readiness.Model, row *Row, responses []exam.Response, code exam.Code, now time.Time) (*Stuck, error) {
	cut := now.Add(-flatOver)
	var earlier []exam.Response
	for _, r := range responses {
		if r.At.Before(cut) {
			earlier = append(earlier, r)
		}
	}
	recent := len(responses) - len(earlier)
	if recent < flatAnswers || len(earlier) == 0 {
		return nil, nil
	}
	before, err := report(model, earlier, code, cut)
	if err != nil || before.Verdict == readiness.TooEarly {
		return nil, err
	}
	if row.Report.Overall.Estimate-before.Overall.Estimate >= flatGain {
		return nil, nil
	}
	return &Stuck{Row: *row, Why: Flat, Recent: recent, Before: before.Overall, After: row.Report.Overall}, nil
}

// worthNaming is the smallest gain of a class that is worth naming, in points.
const worthNaming = 0.5

// gains says what a class would gain by each domain. Learners of whom too little is
// known don't count; without a few of the others nothing is said.
func gains(rows []Row) []Gain {
	measured := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Report.Verdict == readiness.TooEarly })
	if len(measured) == 0 {
		return nil
	}
	var list []Gain
	for d, domain := range measured[0].Report.Domains {
		g := Gain{Domain: domain.ID, Name: domain.Name}
		for i := range measured {
			one, cut := &measured[i].Report.Domains[d], measured[i].Report.CutPercent
			if one.Shown {
				g.Known++
			}
			if one.Interval.Estimate < cut {
				g.Below++
				g.Points += domain.Weight * (cut - one.Interval.Estimate) / float64(len(measured))
			}
		}
		if g.Points >= worthNaming {
			list = append(list, g)
		}
	}
	slices.SortStableFunc(list, func(a, b Gain) int { return cmp.Compare(b.Points, a.Points) })
	return list
}

// skillsNamed is how many skills a class is told of.
const skillsNamed = 5

func weakest(rows []Row) []WeakSkill {
	bySkill := map[exam.SkillID]*WeakSkill{}
	for i := range rows {
		if rows[i].Report.Verdict == readiness.TooEarly {
			continue
		}
		for _, skill := range rows[i].Report.Weakest {
			one := bySkill[skill.Skill]
			if one == nil {
				one = &WeakSkill{Skill: skill.Skill, Name: skill.Name}
				bySkill[skill.Skill] = one
			}
			one.Learners++
		}
	}
	var list []WeakSkill
	for _, one := range bySkill {
		if one.Learners > 1 || len(rows) == 1 {
			list = append(list, *one)
		}
	}
	slices.SortFunc(list, func(a, b WeakSkill) int {
		return cmp.Or(cmp.Compare(b.Learners, a.Learners), cmp.Compare(a.Skill, b.Skill))
	})
	return list[:min(len(list), skillsNamed)]
}

// Result is how one member fares with an assignment.
type Result struct {
	Member
	Work     *Work // nil while it isn't begun
	State    sitting.State
	Finished time.Time
	Answered int
	Of       int
	Late     bool
	Score    *Score // nil until it has ended, or where nothing counts
}

// Score is a result with its 90 % interval, in percent.
type Score struct {
	readiness.Interval
	// Right of Counted answers; of a diagnostic none, since its questions are chosen
	// to be near even: its estimate is the expected score on the exam.
	Right, Counted int
}

// Results lists how a class fares with an assignment, for those who teach it.
func (s *Service) Results(ctx context.Context, p *account.Person, class ID, id AssignmentID) (_ *Class, _ *Assignment, _ []Result, err error) {
	defer fault.Op(&err, "classroom.Results(%s)", id)
	c, err := s.Taught(ctx, p, class)
	if err != nil {
		return nil, nil, nil, err
	}
	a, err := s.assignment(ctx, class, id)
	if err != nil {
		return nil, nil, nil, err
	}
	members, err := s.register.Members(ctx, class)
	if err != nil {
		return nil, nil, nil, err
	}
	results, err := s.results(ctx, c, a, members)
	return c, a, results, err
}

// OwnResult is how somebody fares with an assignment, as those who teach the class
// see it.
func (s *Service) OwnResult(ctx context.Context, p *account.Person, class ID, id AssignmentID) (_ *Class, _ *Assignment, _ *Result, err error) {
	defer fault.Op(&err, "classroom.OwnResult(%s)", id)
	c, m, err := s.Attended(ctx, p, class)
	if err != nil {
		return nil, nil, nil, err
	}
	a, err := s.assignment(ctx, class, id)
	if err != nil {
		return nil, nil, nil, err
	}
	results, err := s.results(ctx, c, a, []Member{*m})
	if err != nil {
		return nil, nil, nil, err
	}
	return c, a, &results[0], nil
}

// OwnResults is how somebody fares with everything that a class was assigned, as
// those who teach it see it.
func (s *Service) OwnResults(ctx context.Context, p *account.Person, class ID) (_ []Assignment, _ []Result, err error) {
	defer fault.Op(&err, "classroom.OwnResults(%s)", class)
	c, m, err := s.Attended(ctx, p, class)
	if err != nil {
		return nil, nil, err
	}
	assignments, err := s.desk.Assignments(ctx, []ID{class})
	if err != nil {
		return nil, nil, err
	}
	own := make([]Result, len(assignments))
	for i := range assignments {
		results, err := s.results(ctx, c, &assignments[i], []Member{*m})
		if err != nil {
			return nil, nil, err
		}
		own[i] = results[0]
	}
	return assignments, own, nil
}

func (s *Service) results(ctx context.Context, c *Class, a *Assignment, members []Member) ([]Result, error) {
	works, err := s.desk.Works(ctx, []AssignmentID{a.ID})
	if err != nil {
		return nil, err
	}
	basis, err := s.shelf.ForClass(ctx, c.BankIDs())
	if err != nil {
		return nil, err
	}
	byPerson := map[account.PersonID]Work{}
	for _, w := range works {
		byPerson[w.Person] = w
	}
	now := s.now()
	results := make([]Result, len(members))
	for i, m := range members {
		results[i] = Result{Member: m, Late: now.After(a.Due)}
		w, begun := byPerson[m.Person]
		if !begun {
			continue
		}
		known, err := s.tests.Known(ctx, m.Person)
		if err != nil {
			return nil, err
		}
		if err := results[i].fill(basis.Model(), a, w, known, now); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (r *Result) fill(model *readiness.Model, a *Assignment, w Work, known *sitting.Known, now time.Time) (err error) {
	test, ok := known.Sittings[w.Sitting]
	if !ok {
		return nil
	}
	r.Work, r.State, r.Finished, r.Answered, r.Of = &w, test.State, test.Finished, test.Seq, test.Plan.Length
	r.Late = a.Late(&test, now)
	if test.State.Open() {
		return nil
	}
	r.Score, err = scored(model, &test, known)
	return err
}

// scored is the score of an ended test.
func scored(model *readiness.Model, test *sitting.Sitting, known *sitting.Known) (*Score, error) {
	if test.Mode != sitting.Diagnostic {
		tally, ok := known.Tallies[test.ID]
		if !ok || tally.Of == 0 {
			return nil, nil
		}
		return &Score{Interval: share(tally.Right, tally.Of), Right: tally.Right, Counted: tally.Of}, nil
	}
	var responses []exam.Response
	for i := range known.Answers {
		if known.Answers[i].Sitting == test.ID {
			responses = append(responses, known.Answers[i].Response())
		}
	}
	if len(responses) == 0 {
		return nil, nil
	}
	e, err := report(model, responses, test.Plan.Targets[0], test.Finished)
	if err != nil {
		return nil, err
	}
	return &Score{Interval: e.Overall}, nil
}

// z90 bounds the middle 90 % of a standard normal distribution.
const z90 = 1.6448536

// share is a share of right answers with Wilson's 90 % interval, in percent
// (E. B. Wilson, Probable inference, the law of succession, and statistical
// inference, JASA 22, 1927).
func share(right, of int) readiness.Interval {
	n, p := float64(of), float64(right)/float64(of)
	middle := (p + z90*z90/(2*n)) / (1 + z90*z90/n)
	half := z90 / (1 + z90*z90/n) * math.Sqrt(p*(1-p)/n+z90*z90/(4*n*n))
	// Where none or all are right an end is the share itself, but for rounding.
	return readiness.Interval{Estimate: 100 * p, Low: 100 * max(0, min(p, middle-half)), High: 100 * min(1, max(p, middle+half))}
}
