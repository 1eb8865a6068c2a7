package progress

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/outcome"
	"sextant/internal/sitting"
)

// Store keeps what people told of real exams.
type Store interface {
	// ResultsOf lists a person's results that aren't withdrawn, the latest taken first.
	ResultsOf(ctx context.Context, person account.PersonID) ([]outcome.Result, error)
	// KeepResult adds a result. It returns fault.KindConflict when the person told of
	// that exam on that day already.
	KeepResult(ctx context.Context, r *outcome.Result) error
	// WithdrawResult takes a result of the person's back; fault.KindNotFound when they
	// have none with the id.
	WithdrawResult(ctx context.Context, person account.PersonID, id outcome.ID) error
	// ToldResults lists everybody's results that aren't withdrawn, those of guests
	// apart, in the order they were told.
	ToldResults(ctx context.Context) ([]outcome.Result, error)
}

// Service is what people can see of their progress, and tell.
type Service struct {
	store     Store
	tests     *sitting.Service
	shelf     sitting.Shelf
	catalogue *catalogue.Catalogue
	now       func() time.Time
	memory    *memory
}

// NewService returns a Service.
func NewService(store Store, tests *sitting.Service, shelf sitting.Shelf, cat *catalogue.Catalogue, now func() time.Time) *Service {
	return &Service{store: store, tests: tests, shelf: shelf, catalogue: cat, now: now, memory: newMemory()}
}

// Progress is what a person's answers say over time, of one exam and in all.
type Progress struct {
	Exam       exam.Code // "" for somebody without answers
	Exams      []exam.Code
	Points     []Point
	Milestones []Milestone // of the exam, the latest first
	Beginnings []Milestone // of all that was done
	Weeks      []Week
	Days       [Days]int // answers by day, today last
	Said       []Said
	Answers    int // told by now
	// Version is that of the parameters everything is worked out with, and Earlier
	// are the others that tests were asked with meanwhile, in ascending order.
	Version int
	Earlier []int
}

// Of returns a person's progress with an exam, by the days of a zone; "" stands for
// the exam of their latest test, or else the one that most of their answers bear on.
// It returns fault.KindNotFound for an exam that can't be measured.
func (s *Service) Of(ctx context.Context, person account.PersonID, code exam.Code, zone *time.Location) (_ *Progress, err error) {
	defer fault.Op(&err, "progress.Of(%s)", code)
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	exams := library.OfferedExams()
	if code != "" && !slices.Contains(exams, code) {
		return nil, fault.NotFound("There is no progress to show for %q: the bank can't measure it.", code)
	}
	known, err := s.tests.Known(ctx, person)
	if err != nil {
		return nil, err
	}
	now, answers := s.now(), Answers(known)
	p := &Progress{
		Exam: code, Exams: exams, Answers: len(answers), Beginnings: Beginnings(answers, zone),
		Weeks: Volume(answers, now, zone), Days: Studied(answers, now, zone),
		Said: OwnJudgement(answers, chances(library)), Version: library.Model().Version(),
	}
	if len(answers) == 0 {
		return p, nil
	}
	p.Earlier = versions(known, p.Version)
	if p.Exam == "" {
		if p.Exam, err = likeliest(library, known, answers, now); err != nil {
			return nil, err
		}
	}
	p.Points, err = series(library.Model(), p.Exam, answers, moments(answers, now, zone), s.memory)
	if err != nil {
		return nil, err
	}
	p.Milestones = Milestones(p.Points)
	return p, nil
}

func chances(library sitting.Library) func(exam.QuestionID) (float64, bool) {
	return func(id exam.QuestionID) (float64, bool) {
		q, ok := library.Question(id)
		if !ok {
			return 0, false
		}
		return q.GuessChance(), true
	}
}

// versions lists the parameters that a person's tests were asked with, but for the
// present ones.
func versions(known *sitting.Known, present int) []int {
	var list []int
	for _, s := range known.Sittings {
		if s.Seq > 0 && s.Parameters != present && !slices.Contains(list, s.Parameters) {
			list = append(list, s.Parameters)
		}
	}
	slices.Sort(list)
	return list
}

// likeliest is the exam that a person most likely asks about.
func likeliest(library sitting.Library, known *sitting.Known, answers []Answer, now time.Time) (exam.Code, error) {
	var latest *sitting.Sitting
	for _, s := range known.Sittings {
		if !s.Plan.Fit && len(s.Plan.Targets) > 0 && slices.Contains(library.OfferedExams(), s.Plan.Targets[0]) &&
			(latest == nil || s.Started.After(latest.Started)) {
			latest = &s
		}
	}
	if latest != nil {
		return latest.Plan.Targets[0], nil
	}
	responses := make([]exam.Response, len(answers))
	for i := range answers {
		responses[i] = answers[i].Response()
	}
	report, err := library.Model().Report(responses, now, library.OfferedExams())
	if err != nil || len(report.Exams) == 0 {
		return "", err
	}
	best := report.Exams[0]
	for _, e := range report.Exams[1:] {
		if e.Answers > best.Answers {
			best = e
		}
	}
	return best.Code, nil
}

// Telling is what somebody says of a real exam.
type Telling struct {
	Exam   exam.Code
	Taken  time.Time // the calendar day, 00:00 UTC
	Passed bool
	Score  int // on the vendor's scale; 0 for none
}

// maxResults bounds what one person can tell, and oldest how far back.
const (
	maxResults  = 60
	oldestYears = 10
)

// Tell keeps a result with what was expected of it as of the evening before.
func (s *Service) Tell(ctx context.Context, person account.PersonID, t Telling, zone *time.Location) (_ *outcome.Result, err error) {
	defer fault.Op(&err, "progress.Tell(%s)", t.Exam)
	if err := s.check(t, zone); err != nil {
		return nil, err
	}
	had, err := s.store.ResultsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	if len(had) >= maxResults {
		return nil, fault.Conflict("You told of %d results, which is as many as are kept. Take one back first; nothing was changed.", len(had))
	}
	r := &outcome.Result{
		ID: outcome.ID(account.NewID()), Person: string(person), Exam: t.Exam, Taken: t.Taken, Passed: t.Passed, Score: t.Score, Told: s.now(),
	}
	if r.Expected, err = s.expected(ctx, person, t.Exam, Begin(t.Taken, zone)); err != nil {
		return nil, err
	}
	return r, s.store.KeepResult(ctx, r)
}

func (s *Service) check(t Telling, zone *time.Location) error {
	cert, ok := s.catalogue.Certification(t.Exam)
	if !ok {
		return fault.Invalid("Choose which exam you sat.")
	}
	today := Day(s.now(), zone)
	switch {
	case t.Taken.IsZero():
		return fault.Invalid("Give the day on which you sat the exam, such as %s.", today.Format(time.DateOnly))
	case t.Taken.After(calendarDay(s.now(), zone)):
		return fault.Invalid("The day lies ahead. Tell of an exam once you have its result; nothing was kept.")
	case t.Taken.Before(today.AddDate(-oldestYears, 0, 0)):
		return fault.Invalid("That is more than %d years ago. Check the year; nothing was kept.", oldestYears)
	case t.Score == 0:
		return nil
	case !cert.Pass.Published:
		return fault.Invalid("%s gives no score, as far as we know. Leave the score empty; nothing was kept.", cert.Code)
	case t.Score < cert.Pass.Min || t.Score > cert.Pass.Max:
		return fault.Invalid("A score of %s lies between %d and %d, and %d is none. Correct it or leave it empty; nothing was kept.", cert.Code, cert.Pass.Min, cert.Pass.Max, t.Score)
	case (t.Score >= cert.Pass.Score) != t.Passed:
		return fault.Invalid("%s is passed with %d, so a score of %d and that outcome don't go together. Correct one of them; nothing was kept.", cert.Code, cert.Pass.Score, t.Score)
	}
	return nil
}

// calendarDay is the date on the wall, which an exam's day is: after midnight the next.
func calendarDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// expected is where a person stood with an exam at a moment, by the parameters that
// their latest test until then was asked with: those were in use.
func (s *Service) expected(ctx context.Context, person account.PersonID, code exam.Code, at time.Time) (outcome.Expected, error) {
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return outcome.Expected{}, err
	}
	known, err := s.tests.Known(ctx, person)
	if err != nil {
		return outcome.Expected{}, err
	}
	var responses []exam.Response
	for _, a := range Answers(known) {
		if a.Learn.Before(at) {
			responses = append(responses, a.Response())
		}
	}
	model, err := library.ModelAt(ctx, versionAt(known, at))
	if err != nil {
		return outcome.Expected{}, err
	}
	report, err := model.Report(responses, at, []exam.Code{code})
	if err != nil {
		return outcome.Expected{}, err
	}
	e := report.Exams[0]
	return outcome.Expected{
		At: at.UTC(), Answers: e.Answers, Pass: e.PassRaw, ThetaMean: e.ThetaMean, ThetaSD: e.ThetaSD, Version: report.Version,
	}, nil
}

// versionAt is that of the latest sitting begun by a moment, 0 for none.
func versionAt(known *sitting.Known, at time.Time) int {
	version, latest := 0, time.Time{}
	for _, one := range known.Sittings {
		if one.Started.Before(at) && !one.Started.Before(latest) {
			version, latest = one.Parameters, one.Started
		}
	}
	return version
}

// Results lists what a person told, the latest exam first.
func (s *Service) Results(ctx context.Context, person account.PersonID) (_ []outcome.Result, err error) {
	defer fault.Op(&err, "progress.Results")
	list, err := s.store.ResultsOf(ctx, person)
	slices.SortStableFunc(list, func(a, b outcome.Result) int {
		return cmp.Or(b.Taken.Compare(a.Taken), b.Told.Compare(a.Told), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// Result returns one of a person's own results; anybody else's doesn't exist for them.
func (s *Service) Result(ctx context.Context, person account.PersonID, id outcome.ID) (_ *outcome.Result, err error) {
	defer fault.Op(&err, "progress.Result(%s)", id)
	list, err := s.store.ResultsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i], nil
		}
	}
	return nil, fault.NotFound("There is no such result, or it belongs to another account. If it is yours, sign in first.")
}

// Withdraw takes back what a person told: it counts nowhere any more.
func (s *Service) Withdraw(ctx context.Context, person account.PersonID, id outcome.ID) (err error) {
	defer fault.Op(&err, "progress.Withdraw(%s)", id)
	return s.store.WithdrawResult(ctx, person, id)
}

// Told lists what everybody told, to be counted together and never shown singly.
func (s *Service) Told(ctx context.Context) (_ []outcome.Result, err error) {
	defer fault.Op(&err, "progress.Told")
	return s.store.ToldResults(ctx)
}
