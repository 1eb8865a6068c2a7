package sitting

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	mrand "math/rand/v2"
	"slices"
	"strconv"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
	"sextant/internal/readiness"
)

// Store is where sittings are kept.
type Store interface {
	// CreateSitting keeps a sitting that begins, with the first events of its log.
	// It returns ErrMoved where one of the person's is open that it can't be beside:
	// another practice, or another mock exam of the same certification.
	CreateSitting(ctx context.Context, s *Sitting, first ...Event) error
	// Sitting returns fault.KindNotFound when there is none with the id.
	Sitting(ctx context.Context, id ID) (*Sitting, error)
	// Answers returns the sitting's answers in order.
	Answers(ctx context.Context, id ID) ([]Given, error)
	// History returns every answer a person gave in other sittings, oldest
	// first, and the sitting each belongs to.
	History(ctx context.Context, person account.PersonID) ([]Past, error)
	// Sittings lists a person's sittings, newest first.
	Sittings(ctx context.Context, person account.PersonID) ([]Sitting, error)
	// Served counts how often each question was asked, to anyone.
	Served(ctx context.Context) (map[exam.QuestionID]int, error)
	// KeepQuestion keeps a question's text under its revision, once.
	KeepQuestion(ctx context.Context, q *exam.Question) error
	// KeptQuestion returns a kept revision, or fault.KindNotFound.
	KeptQuestion(ctx context.Context, id exam.QuestionID, revision string) (*exam.Question, error)
}

// Past is an answer with the sitting it was given in.
type Past struct {
	Sitting ID
	Given
}

// Library is the questions in use and the model that rests on them, at one moment.
type Library interface {
	// Model measures with the banks that count.
	Model() *readiness.Model
	// ModelAt measures with an earlier version of the parameters.
	ModelAt(ctx context.Context, version int) (*readiness.Model, error)
	// Question finds a question of any published bank.
	Question(id exam.QuestionID) (*exam.Question, bool)
	// Pretest lists the questions of banks that don't count, in order of id,
	// that serve at least one of the exams.
	Pretest(banks []exam.BankID, targets []exam.Code) []*exam.Question
	// MockBasis is what a mock exam is drawn from, or fault.KindInvalid where the
	// exam can't be measured. Of the banks that don't count, those to be tried out
	// take part. The pool is shared and must not be changed.
	MockBasis(code exam.Code, tryOut []exam.BankID) (Basis, error)
	// Practicable lists the questions that can be practised, always in the same
	// order. The list is the caller's own.
	Practicable(scope Scope) []Practicable
	// Counts reports whether an answer to a question measures: its bank counts, and
	// it has what that takes.
	Counts(id exam.QuestionID) bool
	// OfferedExams lists the exams that a diagnostic can measure.
	OfferedExams() []exam.Code
	// OpenExams lists those of them that can, or may, be taken on a day.
	OpenExams(on time.Time) []exam.Code
}

// Shelf hands out the library as it is now.
type Shelf interface {
	Library(ctx context.Context) (Library, error)
}

// Service is what people can do with sittings.
type Service struct {
	store    Store
	log      Log
	practice PracticeStore
	shelf    Shelf
	now      func() time.Time
}

// NewService returns a Service.
func NewService(store interface {
	Store
	Log
	PracticeStore
}, shelf Shelf, now func() time.Time) *Service {
	// What is folded from a log and what is read from a row must be the same moment.
	kept := func() time.Time { return now().UTC().Truncate(time.Millisecond) }
	return &Service{store: store, log: store, practice: store, shelf: shelf, now: kept}
}

// pretestEvery is how often a slot goes to a bank that is being tried out: one
// in four, so that three quarters of the answers measure.
const pretestEvery = 4

// Start begins a diagnostic and chooses its first question.
func (s *Service) Start(ctx context.Context, person account.PersonID, plan Plan) (_ *Sitting, err error) {
	defer fault.Op(&err, "sitting.Start")
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if err := checkPlan(&plan, library, now); err != nil {
		return nil, err
	}
	sit := &Sitting{
		ID: ID(account.NewID()), Person: person, Plan: plan, Seed: randomSeed(),
		State: StateCreated, Started: now, Updated: now, Parameters: library.Model().Version(), Mode: Diagnostic,
	}
	if err := s.begin(ctx, library, sit, "There are no questions to ask for this choice. Please choose another certification."); err != nil {
		return nil, err
	}
	return sit, nil
}

func checkPlan(plan *Plan, library Library, now time.Time) error {
	if !slices.Contains(Lengths(), plan.Length) {
		return fault.Invalid("Choose a length of 12, 24 or 40 questions.")
	}
	if plan.Fit {
		plan.Targets = slices.Clone(library.OpenExams(now))
	}
	if len(plan.Targets) == 0 {
		return fault.Invalid("Choose at least one certification, or \"Which certification fits me?\".")
	}
	offered := library.OfferedExams()
	for _, code := range plan.Targets {
		if !slices.Contains(offered, code) {
			return fault.Invalid("%s can't be measured yet: the bank has not enough questions for it. Choose another.", code)
		}
	}
	slices.Sort(plan.Targets)
	plan.Targets = slices.Compact(plan.Targets)
	return nil
}

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never returns an error
	// SQLite integers are signed: keep the seed within them.
	return binary.LittleEndian.Uint64(b[:]) >> 1
}

// Open returns a sitting of this person's; anybody else's does not exist for them.
func (s *Service) Open(ctx context.Context, person account.PersonID, id ID) (_ *Sitting, err error) {
	defer fault.Op(&err, "sitting.Open(%s)", id)
	sit, err := s.store.Sitting(ctx, id)
	if err != nil {
		return nil, err
	}
	if sit.Person != person {
		return nil, fault.NotFound("There is no such sitting, or it belongs to another account. If it is yours, sign in first.")
	}
	return sit, nil
}

// Asked is a question as it is put to a learner.
type Asked struct {
	Question *exam.Question
	Order    []exam.OptionID // the options in the order shown
}

// Ask returns the question that an open sitting is at.
func (s *Service) Ask(ctx context.Context, sit *Sitting) (_ Asked, err error) {
	defer fault.Op(&err, "sitting.Ask(%s)", sit.ID)
	if sit.State.Ended() {
		return Asked{}, fault.Conflict("This has ended. Your answers are kept.")
	}
	if sit.Form != nil {
		return Asked{}, fault.Conflict("That is an exam; it goes on where it was left.")
	}
	q, err := s.question(ctx, sit.Current.Question, sit.Current.Revision)
	if err != nil {
		return Asked{}, err
	}
	return Asked{Question: q, Order: sit.Order(q)}, nil
}

// question returns the revision that was shown, even if the bank has moved on.
func (s *Service) question(ctx context.Context, id exam.QuestionID, revision string) (*exam.Question, error) {
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	if q, ok := library.Question(id); ok && q.Revision == revision {
		return q, nil
	}
	return s.store.KeptQuestion(ctx, id, revision)
}

// graded is the answer that a choice gives to the question that sit is at.
func (s *Service) graded(ctx context.Context, sit *Sitting, choice Choice, at time.Time) (*Given, error) {
	asked, err := s.Ask(ctx, sit)
	if err != nil {
		return nil, err
	}
	answer, err := choice.answer(asked.Question, asked.Order)
	if err != nil {
		return nil, err
	}
	outcome, err := grade.Grade(asked.Question, answer)
	if err != nil {
		return nil, err
	}
	confidence, err := confidenceOf(sit, choice)
	if err != nil {
		return nil, err
	}
	return &Given{
		Confidence: confidence, InPlaceOf: sit.inPlaceOf(sit.Current.Question),
		Seq: sit.Seq, Question: sit.Current.Question, Revision: sit.Current.Revision,
		Answer: answer, Outcome: outcome, Pretest: sit.Current.Pretest,
		Shown: sit.Current.Shown, At: at,
	}, nil
}

// next is what follows on the answers of a sitting that grows: its next question,
// or its end. pending are those that the store does not hold yet.
func (s *Service) next(ctx context.Context, library Library, sit *Sitting, pending []Given) (Event, error) {
	if sit.Mode == Practice {
		return s.nextPractised(ctx, library, sit, pending)
	}
	if sit.Seq >= sit.Plan.Length {
		return ending("You answered all the questions you had chosen to."), nil
	}
	history, answered, err := s.history(ctx, sit, pending)
	if err != nil {
		return Event{}, err
	}
	rng := sit.random("next/" + strconv.Itoa(sit.Seq))
	if q := pretest(library, sit, answered, history.Seen, rng); q != nil {
		return s.posing(ctx, sit, q, true)
	}
	plan := readiness.Plan{Targets: sit.Plan.Targets, Fit: sit.Plan.Fit, Length: sit.Plan.Length}
	model, err := library.ModelAt(ctx, sit.Parameters)
	if err != nil {
		return Event{}, err
	}
	step, err := model.Next(plan, history, s.now(), rng)
	if err != nil {
		return Event{}, err
	}
	if step.Stop {
		return ending(step.Reason), nil
	}
	q, ok := library.Question(step.Question)
	if !ok {
		return Event{}, fault.Unavailable("The next question could not be found. Your answers are kept; please reload the page.")
	}
	return s.posing(ctx, sit, q, false)
}

func ending(why string) Event { return Event{Kind: Submitted, Text: why} }

// posing is the event that puts a question next, whose text is kept before it.
func (s *Service) posing(ctx context.Context, sit *Sitting, q *exam.Question, isPretest bool) (Event, error) {
	if err := s.store.KeepQuestion(ctx, q); err != nil {
		return Event{}, err
	}
	return Event{Kind: Posed, Place: sit.Seq, Question: &Current{Question: q.ID, Revision: q.Revision, Pretest: isPretest}}, nil
}

// met is every answer of a person's, oldest first, to a question that they came to.
func (s *Service) met(ctx context.Context, person account.PersonID) ([]Past, error) {
	past, err := s.store.History(ctx, person)
	return slices.DeleteFunc(past, func(p Past) bool { return p.Unreached() }), err
}

// recentSittings is how far back a question counts as just seen.
const recentSittings = 2

func (s *Service) history(ctx context.Context, sit *Sitting, pending []Given) (readiness.History, map[exam.QuestionID]bool, error) {
	past, err := s.met(ctx, sit.Person)
	if err != nil {
		return readiness.History{}, nil, err
	}
	served, err := s.store.Served(ctx)
	if err != nil {
		return readiness.History{}, nil, err
	}
	h := readiness.History{Served: served, Seen: recentlySeen(past, sit.ID)}
	asking, err := s.asking(ctx, sit.Person)
	if err != nil {
		return readiness.History{}, nil, err
	}
	for id := range asking {
		h.Seen[id] = true
	}
	answered := map[exam.QuestionID]bool{}
	for _, p := range past {
		if p.Sitting != sit.ID {
			h.Earlier = append(h.Earlier, p.Response())
			continue
		}
		h.Current = append(h.Current, p.Response())
		answered[p.Question] = true
	}
	for _, g := range pending {
		h.Current = append(h.Current, g.Response())
		answered[g.Question] = true
	}
	return h, answered, nil
}

// recentlySeen collects the questions of the person's last two other sittings.
func recentlySeen(past []Past, current ID) map[exam.QuestionID]bool {
	seen := map[exam.QuestionID]bool{}
	var recent []ID
	for _, p := range slices.Backward(past) {
		if p.Sitting == current {
			continue
		}
		if !slices.Contains(recent, p.Sitting) {
			if len(recent) == recentSittings {
				break
			}
			recent = append(recent, p.Sitting)
		}
		seen[p.Question] = true
	}
	return seen
}

// pretest picks the question for a slot that tries out a bank, or nil when
// this slot measures.
func pretest(library Library, sit *Sitting, answered, seen map[exam.QuestionID]bool, rng *mrand.Rand) *exam.Question {
	if len(sit.Plan.Pretest) == 0 || sit.Seq%pretestEvery != pretestEvery-1 {
		return nil
	}
	var fresh []*exam.Question
	for _, q := range library.Pretest(sit.Plan.Pretest, sit.Plan.Targets) {
		if !answered[q.ID] && !seen[q.ID] {
			fresh = append(fresh, q)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return fresh[rng.IntN(len(fresh))]
}

// List returns a person's sittings, newest first, without those that ended
// before anything was answered.
func (s *Service) List(ctx context.Context, person account.PersonID) (_ []Sitting, err error) {
	defer fault.Op(&err, "sitting.List")
	sittings, err := s.store.Sittings(ctx, person)
	return slices.DeleteFunc(sittings, func(one Sitting) bool { return one.State.Ended() && one.Seq == 0 }), err
}

// Grounds are what an estimate of a person rests on: the answers that count, the
// model that weighs them, and the moment for which they are weighed.
type Grounds struct {
	Model     *readiness.Model
	Responses []exam.Response // oldest first
	At        time.Time
}

// Standing measures a person on the sittings that had ended when upTo did (or
// that have ended by now, when upTo is nil). An open sitting's answers wait for
// its end: estimates that moved with each of them would tell which were right.
// Those of practice, which tells at once, count from the moment they are given.
// A sitting is measured with the parameters it was asked with, the present with
// those in use.
func (s *Service) Standing(ctx context.Context, person account.PersonID, upTo *Sitting, codes []exam.Code) (_ readiness.Report, err error) {
	defer fault.Op(&err, "sitting.Standing")
	g, err := s.Grounds(ctx, person, upTo)
	if err != nil {
		return readiness.Report{}, err
	}
	return g.Model.Report(g.Responses, g.At, codes)
}

// Grounds are what Standing measures a person on.
func (s *Service) Grounds(ctx context.Context, person account.PersonID, upTo *Sitting) (_ Grounds, err error) {
	defer fault.Op(&err, "sitting.Grounds")
	past, err := s.met(ctx, person)
	if err != nil {
		return Grounds{}, err
	}
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return Grounds{}, err
	}
	g := Grounds{Model: library.Model(), At: s.now()}
	if upTo != nil {
		if g.Model, err = library.ModelAt(ctx, upTo.Parameters); err != nil {
			return Grounds{}, err
		}
	}
	if upTo != nil && upTo.State.Ended() {
		g.At = upTo.Finished
	}
	told, err := s.told(ctx, person, g.At)
	if err != nil {
		return Grounds{}, err
	}
	for _, p := range past {
		if told(p) {
			g.Responses = append(g.Responses, p.Response())
		}
	}
	return g, nil
}

// told reports of an answer whether its outcome was known to the person at a
// moment: it is practice's, or its sitting had ended. One to a question that an
// open exam or diagnostic asks too is withheld, and must not tell in figures either.
func (s *Service) told(ctx context.Context, person account.PersonID, at time.Time) (func(Past) bool, error) {
	sittings, err := s.store.Sittings(ctx, person)
	if err != nil {
		return nil, err
	}
	return toldBy(sittings, at), nil
}

// toldBy is told of a person's sittings.
func toldBy(sittings []Sitting, at time.Time) func(Past) bool {
	ended, practised := map[ID]bool{}, map[ID]bool{}
	for i := range sittings {
		sit := &sittings[i]
		ended[sit.ID] = sit.State.Ended() && !sit.Finished.After(at)
		practised[sit.ID] = sit.Mode == Practice
	}
	asking := askedBy(sittings, Practice)
	return func(p Past) bool {
		return ended[p.Sitting] || practised[p.Sitting] && !p.At.After(at) && !asking[p.Question]
	}
}

// asking collects the questions that a person's open sittings are at: of an exam,
// all of its form. Sittings of the modes in but are passed over.
func (s *Service) asking(ctx context.Context, person account.PersonID, but ...Mode) (map[exam.QuestionID]bool, error) {
	sittings, err := s.store.Sittings(ctx, person)
	if err != nil {
		return nil, err
	}
	return askedBy(sittings, but...), nil
}

// askedBy is asking of a person's sittings.
func askedBy(sittings []Sitting, but ...Mode) map[exam.QuestionID]bool {
	asking := map[exam.QuestionID]bool{}
	for _, one := range sittings {
		switch {
		case one.State.Ended() || slices.Contains(but, one.Mode):
		case one.Form == nil:
			asking[one.Current.Question] = true
		default:
			for _, place := range one.Form.Places {
				asking[place.Question] = true
			}
		}
	}
	return asking
}

// Reviewed is an answered question with everything about it: only for
// questions whose answer has been given in a sitting that has ended.
type Reviewed struct {
	Asked
	Given Given
	// Withheld means that the question is being asked in another open sitting of
	// the same person: its key stays here until that has ended, and Asked is empty.
	Withheld bool
}

// Review returns the questions of a finished sitting with their answers and
// keys. An open sitting's is fault.KindForbidden: its keys stay here.
func (s *Service) Review(ctx context.Context, sit *Sitting) (_ []Reviewed, err error) {
	defer fault.Op(&err, "sitting.Review(%s)", sit.ID)
	if sit.State.Open() {
		return nil, fault.Forbidden("The answers are shown when it has ended.")
	}
	answers, err := s.store.Answers(ctx, sit.ID)
	if err != nil {
		return nil, err
	}
	return s.reviewed(ctx, sit, answers)
}

// JudgedBy is the question as it was asked or, after a correction of its key, as
// it was corrected: the one by whose key an answer counts. It holds the key.
func (s *Service) JudgedBy(ctx context.Context, g Given) (_ *exam.Question, err error) {
	defer fault.Op(&err, "sitting.JudgedBy(%s)", g.Question)
	return s.question(ctx, g.Question, g.JudgedBy())
}

// reviewed puts answers of a sitting beside their questions, for whom they may be told.
func (s *Service) reviewed(ctx context.Context, sit *Sitting, answers []Given) ([]Reviewed, error) {
	asking, err := s.asking(ctx, sit.Person)
	if err != nil {
		return nil, err
	}
	reviewed := make([]Reviewed, 0, len(answers))
	for _, g := range answers {
		if asking[g.Question] {
			reviewed = append(reviewed, Reviewed{Given: g, Withheld: true})
			continue
		}
		q, err := s.JudgedBy(ctx, g)
		if err != nil {
			return nil, err
		}
		reviewed = append(reviewed, Reviewed{Asked: Asked{Question: q, Order: sit.Order(q)}, Given: g})
	}
	return reviewed, nil
}
