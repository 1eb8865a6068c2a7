package sitting

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/study"
)

// PracticeStore is where people's own remarks on questions are kept.
type PracticeStore interface {
	// Marks returns a person's marks by question.
	Marks(ctx context.Context, person account.PersonID) (map[exam.QuestionID]Mark, error)
	// SaveMark replaces a person's mark on a question; the zero Mark removes it.
	SaveMark(ctx context.Context, person account.PersonID, question exam.QuestionID, mark Mark) error
	// ReportProblem keeps what somebody says is wrong with a question.
	ReportProblem(ctx context.Context, p Problem) error
	// Person returns whose settings spaced review follows, or fault.KindNotFound.
	Person(ctx context.Context, id account.PersonID) (*account.Person, error)
}

// Mark is what a person keeps on a question, over all sittings.
type Mark struct {
	Flagged bool   `json:"flagged,omitempty"`
	Note    string `json:"note,omitempty"` // at most MaxNote characters
}

// Problem is what somebody says is wrong with a question.
type Problem struct {
	Person   account.PersonID
	Question exam.QuestionID
	Revision string // as it was asked
	Text     string // at most MaxNote characters
	At       time.Time
}

// Source says which questions a practice draws from.
type Source string

// The sources.
const (
	FromHelpful Source = "helps"   // what raises the chance of passing; see drawHelpful
	FromUnseen  Source = "unseen"  // never answered by this person
	FromMissed  Source = "missed"  // whose latest answer was not right
	FromFlagged Source = "flagged" // that bear the person's flag
	FromDue     Source = "due"     // that spaced review brings back now
)

// Sources lists the sources in display order.
func Sources() []Source {
	return []Source{FromHelpful, FromDue, FromMissed, FromUnseen, FromFlagged}
}

// PracticeLengths are the numbers of questions to choose from.
func PracticeLengths() []int { return []int{5, 10, 20} }

// Selection is what somebody wants to practise. Where a list is empty, anything goes.
type Selection struct {
	Exam         exam.Code       `json:"exam,omitempty"` // "" for all certifications at once
	Domains      []exam.DomainID `json:"domains,omitempty"`
	Skills       []exam.SkillID  `json:"skills,omitempty"`
	Types        []exam.Type     `json:"types,omitempty"`
	Difficulties []int           `json:"difficulties,omitempty"` // 1 to 5
	Banks        []exam.BankID   `json:"banks,omitempty"`        // none for those that count
	Source       Source          `json:"source"`
}

// Scope says which questions somebody's practice can draw from.
type Scope struct {
	Exam exam.Code // those that serve it; "" for all, in whatever exam or none
	// Banks are those to draw from, as far as they are open to Person. Where there
	// are none, it is the banks that count.
	Banks  []exam.BankID
	Person account.PersonID // "" for nobody in particular
}

func (sel *Selection) scope(person account.PersonID) Scope {
	return Scope{Exam: sel.Exam, Banks: sel.Banks, Person: person}
}

// takes reports whether a question is of the kind wanted, whatever its source.
func (sel *Selection) takes(p *Practicable) bool {
	return among(sel.Domains, p.Domain) && among(sel.Skills, p.Question.Skill) &&
		among(sel.Types, p.Question.Type) && among(sel.Difficulties, p.Question.Difficulty)
}

func among[T comparable](wanted []T, one T) bool {
	return len(wanted) == 0 || slices.Contains(wanted, one)
}

func (sel *Selection) check(length int) error {
	switch {
	case !slices.Contains(PracticeLengths(), length):
		return fault.Invalid("Choose 5, 10 or 20 questions.")
	case !slices.Contains(Sources(), sel.Source):
		return fault.Invalid("Choose where the questions should come from.")
	case sel.Source == FromHelpful && sel.Exam == "":
		return fault.Invalid("What helps most depends on the exam: choose a certification, or another source.")
	}
	return nil
}

// Practicable is a question that can be practised.
type Practicable struct {
	Question *exam.Question
	Domain   exam.DomainID // in the exam that was asked for; "" when none was
	Group    string        // of the skill, for variety where there is no exam
}

// Queued is one question of a practice.
type Queued struct {
	Question  exam.QuestionID `json:"question"`
	InPlaceOf exam.QuestionID `json:"in_place_of,omitempty"` // the question whose review it stands in for
}

func (s *Sitting) inPlaceOf(id exam.QuestionID) exam.QuestionID {
	for _, q := range s.Queue {
		if q.Question == id {
			return q.InPlaceOf
		}
	}
	return ""
}

// StartPractice begins a practice of up to length questions: fewer where no more
// fit, which the sitting's Plan.Length tells. Its questions are drawn at once;
// what an open exam or diagnostic of the person's is asking is left out. A practice
// that was open before ends, its answers kept. It returns
// fault.KindInvalid when nothing fits.
func (s *Service) StartPractice(ctx context.Context, person account.PersonID, sel Selection, length int) (_ *Sitting, err error) {
	defer fault.Op(&err, "sitting.StartPractice")
	if err := sel.check(length); err != nil {
		return nil, err
	}
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	sit := s.newPractice(person, library, sel)
	if sit.Queue, err = s.draw(ctx, library, sit, length); err != nil {
		return nil, err
	}
	return s.beginPractice(ctx, library, sit, nothingFits[sel.Source])
}

// newPractice is a practice for which nothing was drawn yet.
func (s *Service) newPractice(person account.PersonID, library Library, sel Selection) *Sitting {
	now := s.now()
	sit := &Sitting{
		ID: ID(account.NewID()), Person: person, Mode: Practice, Seed: randomSeed(), State: StateCreated,
		Plan:    Plan{Practice: &sel},
		Started: now, Updated: now, Parameters: library.Model().Version(),
	}
	if sel.Exam != "" {
		sit.Plan.Targets = []exam.Code{sel.Exam}
	}
	return sit
}

// beginPractice begins a practice whose questions are drawn. Where none of them can
// be asked, the error says so in the words given.
func (s *Service) beginPractice(ctx context.Context, library Library, sit *Sitting, nothing string) (*Sitting, error) {
	sit.Plan.Length = len(sit.Queue)
	if err := s.begin(ctx, library, sit, nothing); err != nil {
		return nil, err
	}
	return sit, nil
}

var nothingFits = map[Source]string{
	FromHelpful: "There are no questions of this kind. Choose fewer restrictions.",
	FromUnseen:  "You have seen every question of this kind. Choose another source, or fewer restrictions.",
	FromMissed:  "You have missed no question of this kind. Choose another source, or fewer restrictions.",
	FromFlagged: "You have flagged no question of this kind. Choose another source, or fewer restrictions.",
	FromDue:     "Nothing of this kind is due for review now. Choose another source, or fewer restrictions.",
}

// draw chooses the questions of a practice that is beginning.
func (s *Service) draw(ctx context.Context, library Library, sit *Sitting, length int) ([]Queued, error) {
	sel := sit.Plan.Practice
	known, err := s.acquaintance(ctx, sit.Person)
	if err != nil {
		return nil, err
	}
	asking, err := s.asking(ctx, sit.Person, Practice)
	if err != nil {
		return nil, err
	}
	pool := slices.DeleteFunc(library.Practicable(sel.scope(sit.Person)), func(p Practicable) bool {
		return asking[p.Question.ID] || !sel.takes(&p)
	})
	rng := sit.random("draw")
	switch sel.Source {
	case FromHelpful:
		report, err := s.Standing(ctx, sit.Person, nil, []exam.Code{sel.Exam})
		if err != nil {
			return nil, err
		}
		standing, _ := report.Exam(sel.Exam)
		return drawHelpful(pool, known, standing.Domains, length, rng), nil
	case FromDue:
		schedule, err := s.schedule(ctx, library, sit.Person)
		if err != nil {
			return nil, err
		}
		return drawDue(pool, known, schedule.Due, length, rng), nil
	default:
		return drawPlain(pool, known, sel.Source, length, rng), nil
	}
}

// nextPractised moves a practice to its next question, or ends it. Questions that
// another open test came to ask, or that were withdrawn, are passed over.
func (s *Service) nextPractised(ctx context.Context, library Library, sit *Sitting, pending []Given) (Event, error) {
	given, err := s.store.Answers(ctx, sit.ID)
	if err != nil {
		return Event{}, err
	}
	given = append(given, pending...)
	asking, err := s.asking(ctx, sit.Person, Practice)
	if err != nil {
		return Event{}, err
	}
	done := map[exam.QuestionID]bool{}
	for _, g := range given {
		done[g.Question] = true
	}
	for _, queued := range sit.Queue {
		if done[queued.Question] || asking[queued.Question] {
			continue
		}
		if q, ok := library.Question(queued.Question); ok {
			return s.posing(ctx, sit, q, !library.Counts(q.ID))
		}
	}
	why := "You answered all its questions."
	if len(given) < len(sit.Queue) {
		why = "Its other questions are being asked in another test of yours, or are no longer in use."
	}
	return ending(why), nil
}

// confidenceOf is how sure somebody said they were, where the test asks.
func confidenceOf(sit *Sitting, choice Choice) (study.Confidence, error) {
	if sit.Mode != Practice || choice.DontKnow {
		return study.Unstated, nil
	}
	// The rating is the schedule's business; here it tells whether there is one.
	if _, err := study.RatingOf(exam.Right, choice.Confidence); err != nil {
		return study.Unstated, err
	}
	return choice.Confidence, nil
}

// Feedback is an answered question of a practice with everything about it.
type Feedback struct {
	Reviewed
	Mark Mark
	// Due is when the question comes back for review; zero if it doesn't.
	Due time.Time
}

// Feedback tells about the answer that a person gave at seq of a practice of
// theirs. Other tests tell nothing until they have ended, and then elsewhere:
// fault.KindNotFound. A question that isn't answered yet is fault.KindForbidden.
func (s *Service) Feedback(ctx context.Context, person account.PersonID, id ID, seq int) (_ *Sitting, _ *Feedback, err error) {
	defer fault.Op(&err, "sitting.Feedback(%s, %d)", id, seq)
	sit, given, err := s.practised(ctx, person, id, seq)
	if err != nil {
		return nil, nil, err
	}
	reviewed, err := s.reviewed(ctx, sit, []Given{given})
	if err != nil {
		return nil, nil, err
	}
	f := &Feedback{Reviewed: reviewed[0]}
	marks, err := s.practice.Marks(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	f.Mark = marks[given.Question]
	schedule, err := s.Schedule(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	f.Due = schedule.returns(given)
	return sit, f, nil
}

// practised returns a practice and an answer given in it.
func (s *Service) practised(ctx context.Context, person account.PersonID, id ID, seq int) (*Sitting, Given, error) {
	sit, err := s.Open(ctx, person, id)
	if err != nil {
		return nil, Given{}, err
	}
	if sit.Mode != Practice {
		return nil, Given{}, fault.NotFound("Only practice tells about an answer at once. Of every other test the questions are reviewed after its end.")
	}
	given, err := s.store.Answers(ctx, id)
	if err != nil {
		return nil, Given{}, err
	}
	if seq < 0 || seq >= len(given) {
		return nil, Given{}, fault.Forbidden("This is told once the question is answered.")
	}
	return sit, given[seq], nil
}

// MarkOf is the person's mark on a question.
func (s *Service) MarkOf(ctx context.Context, person account.PersonID, question exam.QuestionID) (_ Mark, err error) {
	defer fault.Op(&err, "sitting.MarkOf")
	marks, err := s.practice.Marks(ctx, person)
	return marks[question], err
}

// SaveMark keeps a person's flag and note on a question answered in a practice of
// theirs, or in another sitting of theirs that has ended.
func (s *Service) SaveMark(ctx context.Context, person account.PersonID, id ID, seq int, mark Mark) (err error) {
	defer fault.Op(&err, "sitting.SaveMark(%s, %d)", id, seq)
	given, err := s.answerTold(ctx, person, id, seq)
	if err != nil {
		return err
	}
	mark.Note = strings.TrimSpace(mark.Note)
	if utf8.RuneCountInString(mark.Note) > MaxNote {
		return fault.Invalid("A note can have %d characters at most.", MaxNote)
	}
	return s.practice.SaveMark(ctx, person, given.Question, mark)
}

// ReportProblem keeps what a person says is wrong with a question answered in a
// practice of theirs, or in another sitting of theirs that has ended.
func (s *Service) ReportProblem(ctx context.Context, person account.PersonID, id ID, seq int, text string) (err error) {
	defer fault.Op(&err, "sitting.ReportProblem(%s, %d)", id, seq)
	given, err := s.answerTold(ctx, person, id, seq)
	if err != nil {
		return err
	}
	switch text = strings.TrimSpace(text); {
	case text == "":
		return fault.Invalid("Say in a few words what is wrong with the question.")
	case utf8.RuneCountInString(text) > MaxNote:
		return fault.Invalid("A report can have %d characters at most.", MaxNote)
	}
	return s.practice.ReportProblem(ctx, Problem{Person: person, Question: given.Question, Revision: given.Revision, Text: text, At: s.now()})
}

// Schedule is where a person's spaced review stands.
type Schedule struct {
	Cards []study.Card
	Due   []study.Card // those due now, the most likely to be forgotten first
	Next  time.Time    // when the next of the others falls due; zero for none
}

// returns is when a question that was answered comes back; zero if it doesn't.
func (s *Schedule) returns(g Given) time.Time {
	for _, id := range []exam.QuestionID{g.InPlaceOf, g.Question} {
		for _, c := range s.Cards {
			if id == c.Question && c.State != study.Retired {
				return c.Due
			}
		}
	}
	return time.Time{}
}

// Schedule makes a person's cards from the answers whose outcome they know:
// those of practice, and of other sittings once they have ended.
func (s *Service) Schedule(ctx context.Context, person account.PersonID) (_ Schedule, err error) {
	defer fault.Op(&err, "sitting.Schedule")
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return Schedule{}, err
	}
	return s.schedule(ctx, library, person)
}

func (s *Service) schedule(ctx context.Context, library Library, person account.PersonID) (Schedule, error) {
	past, err := s.met(ctx, person)
	if err != nil || len(past) == 0 {
		return Schedule{}, err
	}
	now := s.now()
	told, err := s.told(ctx, person, now)
	if err != nil {
		return Schedule{}, err
	}
	scheduler, err := s.scheduler(ctx, person)
	if err != nil {
		return Schedule{}, err
	}
	counts := map[exam.QuestionID]*exam.Question{}
	for _, p := range library.Practicable(Scope{Person: person}) {
		counts[p.Question.ID] = p.Question
	}
	var events []study.Event
	for _, p := range past {
		// A question that was withdrawn, or whose bank doesn't count, is not brought back.
		q, ok := counts[p.Question]
		if !ok || !told(p) {
			continue
		}
		events = append(events, study.Event{
			Question: q.ID, InPlaceOf: p.InPlaceOf, Skill: q.Skill, Platform: q.Platform,
			Outcome: p.Outcome, Confidence: p.Confidence, At: p.At,
		})
	}
	schedule := Schedule{Cards: scheduler.Replay(events, now)}
	schedule.Due = scheduler.Due(schedule.Cards, now)
	schedule.Next, _ = study.NextDue(schedule.Cards, now)
	return schedule, nil
}

// scheduler moves cards as a person's settings say.
func (s *Service) scheduler(ctx context.Context, id account.PersonID) (*study.Scheduler, error) {
	person, err := s.practice.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	settings := study.DefaultSettings()
	settings.Zone = person.Settings.Location()
	settings.Retention = float64(person.Settings.Remembered()) / 100
	return study.New(settings)
}

// Stock counts what each source has of the kind wanted, for a person ("" for
// nobody in particular). Of FromDue it counts the cards.
func (s *Service) Stock(ctx context.Context, person account.PersonID, sel Selection) (_ map[Source]int, err error) {
	defer fault.Op(&err, "sitting.Stock")
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	known, err := s.acquaintance(ctx, person)
	if err != nil {
		return nil, err
	}
	schedule, err := s.schedule(ctx, library, person)
	if err != nil {
		return nil, err
	}
	stock, cells := map[Source]int{}, map[cell]bool{}
	for _, p := range library.Practicable(sel.scope(person)) {
		if !sel.takes(&p) {
			continue
		}
		cells[cell{p.Question.Skill, p.Question.Platform}] = true
		for _, source := range Sources() {
			if source != FromDue && known[p.Question.ID].belongs(source) {
				stock[source]++
			}
		}
	}
	for _, c := range schedule.Due {
		if cells[cell{c.Skill, c.Platform}] {
			stock[FromDue]++
		}
	}
	return stock, nil
}

// meeting is what a person had to do with a question before.
type meeting struct {
	last    time.Time // when they answered it last; zero if never
	missed  bool      // the latest answer whose outcome they know was not right
	flagged bool
}

// belongs reports whether a question so met is one of a source's. Everything can
// help; what is due isn't told by this.
func (m meeting) belongs(source Source) bool {
	switch source {
	case FromUnseen:
		return m.last.IsZero()
	case FromMissed:
		return m.missed
	case FromFlagged:
		return m.flagged
	case FromHelpful:
		return true
	case FromDue:
	}
	return false
}

// acquaintance is what a person had to do with every question they met.
func (s *Service) acquaintance(ctx context.Context, person account.PersonID) (map[exam.QuestionID]meeting, error) {
	past, err := s.met(ctx, person)
	if err != nil {
		return nil, err
	}
	told, err := s.told(ctx, person, s.now())
	if err != nil {
		return nil, err
	}
	marks, err := s.practice.Marks(ctx, person)
	if err != nil {
		return nil, err
	}
	known := map[exam.QuestionID]meeting{}
	for _, p := range past { // oldest first
		m := known[p.Question]
		m.last = p.At
		if told(p) {
			m.missed = p.Outcome != exam.Right
		}
		known[p.Question] = m
	}
	for id, mark := range marks {
		m := known[id]
		m.flagged = mark.Flagged
		known[id] = m
	}
	return known, nil
}
