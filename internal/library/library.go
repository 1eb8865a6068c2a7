// Package library brings the questions of all banks, embedded and uploaded,
// to the engine through one door, and keeps the model that rests on them.
package library

import (
	"context"
	"slices"
	"sync"
	"time"

	"sextant/internal/authoring"
	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
	"sextant/internal/outcome"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
)

// Meta is what is known of a bank besides its questions.
type Meta struct {
	ID          exam.BankID
	Title       string
	Description string
	Owner       string   // the person who added it, by id; "" for the embedded bank and the command line
	Members     []string // who writes in it besides, by id
	Learners    []string // the members of the classes it is given to, by id
	Counts      bool     // its answers count towards readiness, while it is for everyone
	// Visibility says who may be asked its questions.
	Visibility authoring.Visibility
	Added      time.Time
	Updated    time.Time
}

// Stored is an uploaded bank as it is kept, with the questions that are asked.
type Stored struct {
	Meta
	Questions []*exam.Question
}

// Store is where uploaded banks are kept.
type Store interface {
	// BanksRevision changes whenever any uploaded bank does.
	BanksRevision(ctx context.Context) (int64, error)
	Banks(ctx context.Context) ([]Stored, error)

	// ParametersInUse returns the version in use; one with Number 0 and nothing
	// else when there is none. BanksRevision changes whenever it does.
	ParametersInUse(ctx context.Context) (ParameterVersion, error)
	// ParameterVersion returns a version ever made, or fault.KindNotFound.
	ParameterVersion(ctx context.Context, number int) (ParameterVersion, error)
	// SaveParameters keeps a version, numbers it and puts it to use. It returns
	// fault.KindConflict when v.Previous isn't in use any more.
	SaveParameters(ctx context.Context, v ParameterVersion) (number int, err error)
	// ToldResults lists what people with an account told of real exams, in the order
	// they told it.
	ToldResults(ctx context.Context) ([]outcome.Result, error)
	// UndoParameters goes back to what was in use before the version in use, and
	// returns its number; fault.KindConflict when there is nothing to go back from.
	UndoParameters(ctx context.Context, actor string) (number int, err error)
}

// Snapshot is the library at one moment. What it says doesn't change.
type Snapshot struct {
	catalogue  *catalogue.Catalogue
	banks      []Entry
	byID       map[exam.QuestionID]*exam.Question
	counted    []*exam.Question
	parameters ParameterVersion
	model      *readiness.Model
	offered    []exam.Code

	// Sorted out when first asked for, and then kept: a snapshot doesn't change.
	served      func() map[exam.QuestionID]map[exam.Code]exam.DomainID
	pools       func() map[exam.Code]pool
	practicable func() map[exam.Code][]sitting.Practicable
	counts      func() map[exam.QuestionID]bool

	store    Store
	mu       sync.Mutex
	versions map[int]*readiness.Model // made when first asked for

	classModels map[string]*readiness.Model // by the banks of classes that they rest on besides; made when first asked for
}

// Entry is one bank of a snapshot.
type Entry struct {
	Meta
	Questions []*exam.Question
}

// Measures reports whether answers to the bank count towards readiness: an admin
// said so, and everybody may be asked its questions.
func (m *Meta) Measures() bool { return m.Counts && m.Visibility == authoring.Everyone }

// OpenTo reports whether a person ("" for nobody in particular) may be asked the
// bank's questions.
func (m *Meta) OpenTo(person string) bool {
	switch {
	case m.Visibility == authoring.Everyone:
		return true
	case person == "":
		return false
	case m.Visibility == authoring.ForClass && slices.Contains(m.Learners, person):
		return true
	}
	return m.Owner == person || slices.Contains(m.Members, person)
}

// Model measures with the banks that count.
func (s *Snapshot) Model() *readiness.Model { return s.model }

// Parameters returns the version of the parameters that Model rests on; Number 0
// is authors' labels and assumptions alone.
func (s *Snapshot) Parameters() ParameterVersion { return s.parameters }

// ModelAt measures with the banks that count and the parameters of an earlier
// version, so that what was scored with them is scored alike again.
func (s *Snapshot) ModelAt(ctx context.Context, version int) (_ *readiness.Model, err error) {
	defer fault.Op(&err, "library.ModelAt(%d)", version)
	if version == s.model.Version() {
		return s.model, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if model, ok := s.versions[version]; ok {
		return model, nil
	}
	var p readiness.Parameters
	if version > 0 {
		kept, err := s.store.ParameterVersion(ctx, version)
		if err != nil {
			return nil, err
		}
		p = kept.Parameters
	}
	model, err := readiness.NewModelWith(s.catalogue, s.counted, p)
	if err != nil {
		return nil, err
	}
	s.versions[version] = model
	return model, nil
}

// Question finds a question of any published bank.
func (s *Snapshot) Question(id exam.QuestionID) (*exam.Question, bool) {
	q, ok := s.byID[id]
	return q, ok
}

// Banks lists the banks, the embedded one first.
func (s *Snapshot) Banks() []Entry { return s.banks }

// Bank finds a bank.
func (s *Snapshot) Bank(id exam.BankID) (Entry, bool) {
	for _, e := range s.banks {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}

// OfferedExams lists the exams that a diagnostic can measure, in catalogue order.
func (s *Snapshot) OfferedExams() []exam.Code { return s.offered }

// OpenExams lists the offered exams that can, or may, be taken on a day.
func (s *Snapshot) OpenExams(on time.Time) []exam.Code {
	var open []exam.Code
	for _, code := range s.offered {
		if cert, ok := s.catalogue.Certification(code); ok && cert.Takeable(on, "").Availability != catalogue.No {
			open = append(open, code)
		}
	}
	return open
}

// Pretest lists the questions of banks that don't count and that serve at
// least one of the exams.
func (s *Snapshot) Pretest(banks []exam.BankID, targets []exam.Code) []*exam.Question {
	var found []*exam.Question
	for _, e := range s.banks {
		if e.Measures() || !slices.Contains(banks, e.ID) {
			continue
		}
		for _, q := range e.Questions {
			// An id that another bank had first stands for that bank's question.
			if s.byID[q.ID] == q && s.serves(q, targets) {
				found = append(found, q)
			}
		}
	}
	return found
}

// MockBasis is what a mock exam is drawn from: the questions of the banks that
// count, and those of the banks to be tried out, which can fill unscored places
// only. Nobody is put an unreviewed bank's unasked: tryOut is what the person
// chose, and of it those that count already, or that there are not, are passed
// over. It returns fault.KindInvalid where the exam can't be measured. The pool
// is shared: it must not be changed.
func (s *Snapshot) MockBasis(code exam.Code, tryOut []exam.BankID) (basis sitting.Basis, err error) {
	cert, ok := s.catalogue.Certification(code)
	if !ok || !slices.Contains(s.offered, code) {
		return basis, fault.Invalid("There is no mock exam for %s: the bank has not enough questions for it. Choose another.", code)
	}
	basis.Minutes = cert.Duration.Minutes
	if basis.Spec, err = form.SpecFor(cert); err != nil {
		return basis, err
	}
	known := s.pools()[code]
	basis.Pool, basis.Fills = known.candidates, known.fills
	if tried := s.Pretest(tryOut, []exam.Code{code}); len(tried) > 0 {
		counts := func(exam.BankID) bool { return false }
		basis.Pool = slices.Concat(basis.Pool, form.Candidates(s.catalogue, code, tried, counts))
	}
	return basis, nil
}

// CanTryOut reports whether a bank that doesn't count has questions which anybody
// may try out in unscored places of an exam: it is everybody's, the exam has such
// places, and the bank serves it.
func (s *Snapshot) CanTryOut(bank exam.BankID, code exam.Code) bool {
	entry, known := s.Bank(bank)
	cert, ok := s.catalogue.Certification(code)
	return ok && known && entry.Visibility == authoring.Everyone && cert.Questions.Unscored > 0 && slices.Contains(s.offered, code) &&
		len(s.Pretest([]exam.BankID{bank}, []exam.Code{code})) > 0
}

// makeServed says of every question which domains of which exams it serves.
func (s *Snapshot) makeServed() map[exam.QuestionID]map[exam.Code]exam.DomainID {
	served := make(map[exam.QuestionID]map[exam.Code]exam.DomainID, len(s.byID))
	for id, q := range s.byID {
		served[id] = s.catalogue.Serves(q)
	}
	return served
}

// pool is the questions that count and serve an exam.
type pool struct {
	candidates []form.Candidate
	fills      form.Length // what somebody's first form has of them
}

// makePools sorts the questions that count by the exams they serve.
func (s *Snapshot) makePools() map[exam.Code]pool {
	pools := map[exam.Code]pool{}
	for _, code := range s.offered {
		p := pool{candidates: form.Candidates(s.catalogue, code, s.counted, func(exam.BankID) bool { return true })}
		if cert, ok := s.catalogue.Certification(code); ok {
			p.fills = form.Fills(cert, p.candidates)
		}
		pools[code] = p
	}
	return pools
}

// Practicable satisfies sitting.Library. Of banks that are named every question
// can be practised, without labels too.
func (s *Snapshot) Practicable(scope sitting.Scope) []sitting.Practicable {
	if len(scope.Banks) == 0 {
		return slices.Clone(s.practicable()[scope.Exam])
	}
	var found []sitting.Practicable
	for _, e := range s.banks {
		if !slices.Contains(scope.Banks, e.ID) || !e.OpenTo(string(scope.Person)) {
			continue
		}
		for _, q := range e.Questions {
			domain, serves := s.served()[q.ID][scope.Exam]
			// An id that another bank had first stands for that bank's question.
			if s.byID[q.ID] == q && (serves || scope.Exam == "") {
				one := s.practice(q)
				one.Domain = domain
				found = append(found, one)
			}
		}
	}
	return found
}

// Counts satisfies sitting.Library.
func (s *Snapshot) Counts(id exam.QuestionID) bool { return s.counts()[id] }

func (s *Snapshot) makeCounts() map[exam.QuestionID]bool {
	counts := make(map[exam.QuestionID]bool, len(s.counted))
	for _, q := range s.counted {
		counts[q.ID] = true
	}
	return counts
}

func (s *Snapshot) practice(q *exam.Question) sitting.Practicable {
	one := sitting.Practicable{Question: q}
	if skill, ok := s.catalogue.Skill(q.Skill); ok {
		one.Group = skill.Group
	}
	return one
}

// makePracticable sorts the questions that count by the exams they serve, and
// all of them under "".
func (s *Snapshot) makePracticable() map[exam.Code][]sitting.Practicable {
	found := map[exam.Code][]sitting.Practicable{}
	for _, q := range s.counted {
		one := s.practice(q)
		found[""] = append(found[""], one)
		for code, domain := range s.served()[q.ID] {
			one.Domain = domain
			found[code] = append(found[code], one)
		}
	}
	return found
}

func (s *Snapshot) serves(q *exam.Question, targets []exam.Code) bool {
	served := s.served()[q.ID]
	return slices.ContainsFunc(targets, func(code exam.Code) bool {
		_, ok := served[code]
		return ok
	})
}

// Library hands out snapshots and renews them when an uploaded bank changes,
// in this process or another.
type Library struct {
	catalogue *catalogue.Catalogue
	builtin   *bank.Bank
	store     Store
	now       func() time.Time

	mu       sync.Mutex
	current  *Snapshot
	revision int64
	checked  time.Time
}

// checkEvery bounds how long another process's change stays unseen.
const checkEvery = 2 * time.Second

// New returns a library over the embedded bank and the store's banks.
func New(cat *catalogue.Catalogue, builtin *bank.Bank, store Store, now func() time.Time) *Library {
	return &Library{catalogue: cat, builtin: builtin, store: store, now: now}
}

// Library satisfies sitting.Shelf.
func (l *Library) Library(ctx context.Context) (sitting.Library, error) { return l.Snapshot(ctx) }

// Snapshot returns the library as it is now.
func (l *Library) Snapshot(ctx context.Context) (_ *Snapshot, err error) {
	defer fault.Op(&err, "library.Snapshot")
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current != nil && l.now().Sub(l.checked) < checkEvery {
		return l.current, nil
	}
	revision, err := l.store.BanksRevision(ctx)
	if err != nil {
		return nil, err
	}
	if l.current == nil || revision != l.revision {
		snapshot, err := l.build(ctx)
		if err != nil {
			return nil, err
		}
		l.current, l.revision = snapshot, revision
	}
	l.checked = l.now()
	return l.current, nil
}

// Renew makes the next Snapshot look again; call it after a change.
func (l *Library) Renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.checked = time.Time{}
}

func (l *Library) build(ctx context.Context) (*Snapshot, error) {
	stored, err := l.store.Banks(ctx)
	if err != nil {
		return nil, err
	}
	entries := []Entry{{Meta: Meta{ID: exam.BuiltIn, Title: authoring.BuiltInTitle, Counts: true, Visibility: authoring.Everyone}, Questions: l.builtin.Questions}}
	for _, s := range stored {
		entries = append(entries, Entry(s))
	}
	parameters, err := l.store.ParametersInUse(ctx)
	if err != nil {
		return nil, err
	}
	return newSnapshot(l.catalogue, entries, parameters, l.store)
}

func newSnapshot(cat *catalogue.Catalogue, entries []Entry, parameters ParameterVersion, store Store) (*Snapshot, error) {
	s := &Snapshot{
		catalogue: cat, banks: entries, byID: map[exam.QuestionID]*exam.Question{},
		parameters: parameters, store: store, versions: map[int]*readiness.Model{},
	}
	for _, e := range entries {
		for _, q := range e.Questions {
			if _, taken := s.byID[q.ID]; taken {
				continue
			}
			s.byID[q.ID] = q
			if e.Measures() && q.Measures() {
				s.counted = append(s.counted, q)
			}
		}
	}
	s.served, s.pools, s.practicable = sync.OnceValue(s.makeServed), sync.OnceValue(s.makePools), sync.OnceValue(s.makePracticable)
	s.counts = sync.OnceValue(s.makeCounts)
	model, err := readiness.NewModelWith(cat, s.counted, parameters.Parameters)
	if err != nil {
		return nil, err
	}
	s.model = model
	for i := range cat.Certifications {
		if code := cat.Certifications[i].Code; model.Offered(code) {
			s.offered = append(s.offered, code)
		}
	}
	return s, nil
}
