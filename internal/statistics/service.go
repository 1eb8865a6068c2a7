package statistics

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/itemstats"
	"sextant/internal/library"
)

// Service answers what can be asked about questions. All answers are counted
// together, since a question is judged by what its people did elsewhere, and
// counted anew when a test has ended or the questions have changed.
type Service struct {
	store     Store
	library   *library.Library
	authoring *authoring.Service
	now       func() time.Time

	mu      sync.Mutex // held while counting, unless older figures can be shown meanwhile
	current *tables
	renewal chan struct{} // closed when counting behind the scenes has ended; nil while none goes on
	failed  error         // of the last counting behind the scenes
}

// NewService returns a Service.
func NewService(store Store, shelf *library.Library, authors *authoring.Service, now func() time.Time) *Service {
	return &Service{store: store, library: shelf, authoring: authors, now: now}
}

// patience is how long counting may take for a page to wait for it again. Where it
// takes longer, the figures last counted are shown while it goes on.
const patience = time.Second

// tables returns the figures as they are now or, where counting takes long, as
// they were counted last; renewing tells that newer ones are on their way.
func (s *Service) tables(ctx context.Context) (t *tables, renewing bool, err error) {
	defer fault.Op(&err, "statistics.tables")
	s.mu.Lock()
	defer s.mu.Unlock()
	snapshot, err := s.library.Snapshot(ctx)
	if err != nil {
		return nil, false, err
	}
	mark, err := s.store.AnswersMark(ctx)
	if err != nil {
		return nil, false, err
	}
	switch {
	case s.current != nil && s.current.mark == mark && s.current.snapshot == snapshot:
		return s.current, false, nil
	case s.renewal != nil:
		return s.current, true, nil
	case s.failed != nil:
		err, s.failed = s.failed, nil
		return nil, false, err
	case s.current != nil && s.current.took > patience:
		s.renew(context.WithoutCancel(ctx), snapshot, mark)
		return s.current, true, nil
	}
	if t, err = s.count(ctx, snapshot, mark); err == nil {
		s.current = t
	}
	return t, false, err
}

func (s *Service) count(ctx context.Context, snapshot *library.Snapshot, mark string) (*tables, error) {
	began := s.now()
	t, err := makeTables(ctx, s.store, snapshot, mark)
	if err != nil {
		return nil, err
	}
	t.made = s.now()
	t.took = t.made.Sub(began)
	return t, nil
}

// renew counts behind the scenes.
func (s *Service) renew(ctx context.Context, snapshot *library.Snapshot, mark string) {
	done := make(chan struct{})
	s.renewal = done
	go func() {
		defer close(done)
		t, err := s.count(ctx, snapshot, mark)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.renewal, s.failed = nil, err; err == nil {
			s.current = t
		}
	}()
}

// Close waits for counting behind the scenes to end.
func (s *Service) Close() {
	s.mu.Lock()
	renewal := s.renewal
	s.mu.Unlock()
	if renewal != nil {
		<-renewal
	}
}

// Sort is what a table of questions is ordered by.
type Sort string

// The orders; "" is the place in the bank.
const (
	ByPlace          Sort = ""
	ByText           Sort = "text"
	ByAnswers        Sort = "answers"
	ByFacility       Sort = "facility"
	ByDiscrimination Sort = "discrimination"
	ByTime           Sort = "time"
	ByFlags          Sort = "flags"
)

// Sorts lists the orders.
func Sorts() []Sort {
	return []Sort{ByPlace, ByText, ByAnswers, ByFacility, ByDiscrimination, ByTime, ByFlags}
}

// Filter says which questions of a bank are listed, in what order.
type Filter struct {
	Words   string // every word occurs in the question's text or id
	Flagged bool   // only those with something to look at
	Enough  bool   // only those with itemstats.MinFlagPersons answers
	Sort    Sort
	Down    bool
}

// Bank is what the answers say of a bank's questions.
type Bank struct {
	ID       exam.BankID
	Title    string
	Lines    []Line // that match, in order
	Total    int    // questions that are asked
	Flagged  int    // with something to look at
	Enough   int    // with enough answers for that
	Answers  int    // first answers to them
	Made     time.Time
	Renewing bool // newer figures are being counted
}

// Bank returns the statistics of a bank for those who write in it and, of the
// embedded one, for admins.
func (s *Service) Bank(ctx context.Context, a authoring.Actor, id exam.BankID, f Filter) (_ *Bank, err error) {
	defer fault.Op(&err, "statistics.Bank(%s)", id)
	if err := s.mayRead(ctx, a, id); err != nil {
		return nil, err
	}
	t, renewing, err := s.tables(ctx)
	if err != nil {
		return nil, err
	}
	entry, ok := t.snapshot.Bank(id)
	if !ok {
		return nil, errNotYours
	}
	b := &Bank{ID: id, Title: entry.Title, Made: t.made, Renewing: renewing}
	for _, q := range entry.Questions {
		l := &t.lines[t.lineAt[q.ID]]
		b.Total++
		b.Answers += l.N
		if len(l.Flags) > 0 {
			b.Flagged++
		}
		if l.N >= itemstats.MinFlagPersons {
			b.Enough++
		}
		if f.finds(l) {
			b.Lines = append(b.Lines, *l)
		}
	}
	f.order(b.Lines)
	return b, nil
}

func (f Filter) finds(l *Line) bool {
	if f.Flagged && len(l.Flags) == 0 || f.Enough && l.N < itemstats.MinFlagPersons {
		return false
	}
	words := strings.Fields(strings.ToLower(f.Words))
	if len(words) == 0 {
		return true
	}
	text := authoring.SearchText(l.Question)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// order sorts lines; where a figure is missing the question comes last either way.
func (f Filter) order(lines []Line) {
	if f.Sort == ByText {
		slices.SortStableFunc(lines, func(a, b Line) int {
			order := cmp.Compare(strings.ToLower(a.Question.Ask), strings.ToLower(b.Question.Ask))
			if f.Down {
				return -order
			}
			return order
		})
		return
	}
	figure := map[Sort]func(*Line) itemstats.Stat{
		ByAnswers:        func(l *Line) itemstats.Stat { return itemstats.Stat{Value: float64(l.N), OK: true} },
		ByFacility:       func(l *Line) itemstats.Stat { return l.Facility.Stat },
		ByDiscrimination: func(l *Line) itemstats.Stat { return l.Discrimination.Stat },
		ByTime:           func(l *Line) itemstats.Stat { return l.Times.Median },
		ByFlags:          func(l *Line) itemstats.Stat { return itemstats.Stat{Value: float64(len(l.Flags)), OK: true} },
	}[f.Sort]
	if figure == nil {
		if f.Down {
			slices.Reverse(lines)
		}
		return
	}
	slices.SortStableFunc(lines, func(a, b Line) int {
		x, y := figure(&a), figure(&b)
		switch {
		case x.OK != y.OK && x.OK:
			return -1
		case x.OK != y.OK:
			return 1
		case f.Down:
			return cmp.Compare(y.Value, x.Value)
		}
		return cmp.Compare(x.Value, y.Value)
	})
}

// Brief returns the lines of questions that are asked, as far as there are any,
// without asking who wants to know: for callers that did.
func (s *Service) Brief(ctx context.Context, ids []exam.QuestionID) (_ map[exam.QuestionID]Line, err error) {
	defer fault.Op(&err, "statistics.Brief")
	t, _, err := s.tables(ctx)
	if err != nil {
		return nil, err
	}
	lines := map[exam.QuestionID]Line{}
	for _, id := range ids {
		if at, ok := t.lineAt[id]; ok {
			lines[id] = t.lines[at]
		}
	}
	return lines, nil
}

// admin is whoever looks after the embedded bank.
func admin(a authoring.Actor) bool { return a.Role.Includes(account.Admin) }
