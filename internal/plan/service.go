package plan

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
)

// ID names a plan for ever.
type ID string

// Kept is what is kept of a plan: the wish. The weeks are worked out anew from
// what is known on the day.
type Kept struct {
	ID               ID
	Person           account.PersonID
	Wish             Wish
	Seen             Seen
	Created, Updated time.Time
	Ended            time.Time // zero while it is open
}

// Open reports whether the plan is followed still.
func (k *Kept) Open() bool { return k.Ended.IsZero() }

// Seen is what a plan said when it was looked at: on the last day, and on the
// last day before that one.
type Seen struct {
	Before Glance `json:"before,omitzero"`
	Last   Glance `json:"last,omitzero"`
}

// Told is study that a learner told of.
type Told struct {
	ID   int64
	Plan ID
	Work
	Note string
	At   time.Time // when it was told
}

// Feed is the private address of a person's calendar, of which only a digest is
// kept.
type Feed struct {
	Made time.Time
	Read time.Time // the last time; zero for never
}

// Store is where plans are kept.
type Store interface {
	// Plans lists a person's plans, the open ones first, then the newest.
	Plans(ctx context.Context, person account.PersonID) ([]Kept, error)
	// Plan returns fault.KindNotFound when there is none with the id.
	Plan(ctx context.Context, id ID) (*Kept, error)
	// KeepPlan keeps a plan, new or changed; what was seen of it stays out, and is
	// forgotten where the wish changes: another wish's plan isn't comparable. It
	// returns fault.KindConflict where the person has another open one for the exam.
	KeepPlan(ctx context.Context, k *Kept, action string) error
	// KeepSeen replaces what was seen of a plan as it was last changed at a moment.
	// Where it has changed since, nothing is kept: what was seen is of another plan.
	KeepSeen(ctx context.Context, id ID, updated time.Time, seen Seen) error
	// PlanWork lists what was told of a plan, in order of days.
	PlanWork(ctx context.Context, id ID) ([]Told, error)
	// AddPlanWork keeps what somebody tells. The same told again within a few
	// seconds, as by a double click, is kept once. It returns fault.KindConflict for a
	// plan that holds MaxTold already.
	AddPlanWork(ctx context.Context, person account.PersonID, t Told) error
	// RemovePlanWork takes back what was told; fault.KindNotFound if it isn't there.
	RemovePlanWork(ctx context.Context, person account.PersonID, id ID, work int64) error
	// Feed returns the person's calendar feed, or nil.
	Feed(ctx context.Context, person account.PersonID) (*Feed, error)
	// KeepFeed makes the digest the person's only one.
	KeepFeed(ctx context.Context, person account.PersonID, digest string) error
	// RevokeFeed removes the person's feed, if there is one.
	RevokeFeed(ctx context.Context, person account.PersonID) error
	// FeedOwner returns whose feed has the digest, or fault.KindNotFound.
	FeedOwner(ctx context.Context, digest string) (account.PersonID, error)
	// FeedRead notes that a feed was read. A moment is noted once in several minutes.
	FeedRead(ctx context.Context, digest string) error
	// Person returns whose plan it is, or fault.KindNotFound.
	Person(ctx context.Context, id account.PersonID) (*account.Person, error)
}

// Service is what people can do with plans.
type Service struct {
	store     Store
	tests     *sitting.Service
	shelf     sitting.Shelf
	catalogue *catalogue.Catalogue
	now       func() time.Time
}

// NewService returns a Service.
func NewService(store Store, tests *sitting.Service, shelf sitting.Shelf, cat *catalogue.Catalogue, now func() time.Time) *Service {
	return &Service{store: store, tests: tests, shelf: shelf, catalogue: cat, now: now}
}

// Today is the day on which it is now where the person is.
func (s *Service) Today(p *account.Person) Day { return dayOf(s.now(), p) }

// dayOf is the calendar day of a moment where a person is.
func dayOf(t time.Time, p *account.Person) Day {
	y, m, d := t.In(p.Settings.Location()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// List returns a person's plans, the open ones first.
func (s *Service) List(ctx context.Context, person account.PersonID) (_ []Kept, err error) {
	defer fault.Op(&err, "plan.List")
	return s.store.Plans(ctx, person)
}

// Open returns a person's plan. That of another person doesn't exist.
func (s *Service) Open(ctx context.Context, person account.PersonID, id ID) (_ *Kept, err error) {
	defer fault.Op(&err, "plan.Open(%s)", id)
	k, err := s.store.Plan(ctx, id)
	if err != nil {
		return nil, err
	}
	if k.Person != person {
		return nil, noPlan()
	}
	return k, nil
}

func noPlan() error {
	return fault.NotFound("There is no such plan, or it isn't yours. If it is, sign in with the account that made it.")
}

// Begin keeps a new plan.
func (s *Service) Begin(ctx context.Context, p *account.Person, w Wish) (_ *Kept, err error) {
	defer fault.Op(&err, "plan.Begin")
	if err := s.checkWish(&w); err != nil {
		return nil, err
	}
	now := s.now()
	k := &Kept{ID: ID(account.NewID()), Person: p.ID, Wish: w, Created: now, Updated: now}
	return k, s.store.KeepPlan(ctx, k, "begin_plan")
}

// Change replaces the wish of a person's open plan. With it goes what the plan
// said before: it isn't comparable.
func (s *Service) Change(ctx context.Context, person account.PersonID, id ID, w Wish) (_ *Kept, err error) {
	defer fault.Op(&err, "plan.Change(%s)", id)
	k, err := s.opened(ctx, person, id)
	if err != nil {
		return nil, err
	}
	if err := s.checkWish(&w); err != nil {
		return nil, err
	}
	k.Wish, k.Seen, k.Updated = w, Seen{}, s.now()
	return k, s.store.KeepPlan(ctx, k, "change_plan")
}

// opened is Open of a plan that hasn't ended.
func (s *Service) opened(ctx context.Context, person account.PersonID, id ID) (*Kept, error) {
	k, err := s.Open(ctx, person, id)
	if err != nil {
		return nil, err
	}
	if !k.Open() {
		return nil, fault.Conflict("This plan has ended; nothing was changed. Take it up again first.")
	}
	return k, nil
}

// End ends a person's plan; what was told of it is kept. Ending one that has
// ended changes nothing.
func (s *Service) End(ctx context.Context, person account.PersonID, id ID) (err error) {
	defer fault.Op(&err, "plan.End(%s)", id)
	k, err := s.Open(ctx, person, id)
	if err != nil || !k.Open() {
		return err
	}
	k.Ended, k.Updated = s.now(), s.now()
	return s.store.KeepPlan(ctx, k, "end_plan")
}

// Resume takes an ended plan up again. It returns fault.KindConflict where
// another one for its exam is open.
func (s *Service) Resume(ctx context.Context, person account.PersonID, id ID) (err error) {
	defer fault.Op(&err, "plan.Resume(%s)", id)
	k, err := s.Open(ctx, person, id)
	if err != nil || k.Open() {
		return err
	}
	k.Ended, k.Updated = time.Time{}, s.now()
	return s.store.KeepPlan(ctx, k, "resume_plan")
}

// What a wish may hold.
const (
	// MaxDay is the most study of a day, in minutes.
	MaxDay = 12 * 60
	// MaxOff is how many ranges of days off it holds, longestSpan how many days each
	// has after its first.
	MaxOff      = 40
	longestSpan = 366
	maxNote     = 80 // characters
	// farthest is how many years ahead an exam can be planned.
	farthest = 3
)

// Targets are the probabilities of passing to choose from.
func Targets() []float64 { return []float64{.7, .8, .9} }

// checkWish reports what no plan can be made from. That a wish can't be met is no
// fault of its form: the plan says so, and offers what can.
func (s *Service) checkWish(w *Wish) error {
	if _, ok := s.catalogue.Certification(w.Exam); !ok {
		return fault.Invalid("Choose the exam to plan for.")
	}
	switch {
	case w.Target < Targets()[0] || w.Target > Targets()[len(Targets())-1]:
		return fault.Invalid("Choose how likely a pass should be: 70, 80 or 90 %%.")
	case !w.Date.IsZero() && w.Date.After(s.now().AddDate(farthest, 0, 0)):
		return fault.Invalid("Choose a day of the exam within %d years: farther ahead no exam can be relied on.", farthest)
	case w.Start < -1 || w.Start >= 24*60:
		return fault.Invalid("Write when you begin as a time of day, such as 19:30, or leave it empty.")
	case len(w.Off) > MaxOff:
		return fault.Invalid("List at most %d ranges of days off.", MaxOff)
	}
	if err := checkMinutes(w.Minutes); err != nil {
		return err
	}
	for _, span := range w.Off {
		if err := checkSpan(span); err != nil {
			return err
		}
	}
	return nil
}

func checkMinutes(minutes [7]int) error {
	sum := 0
	for day, n := range minutes {
		if n < 0 || n > MaxDay {
			return fault.Invalid("The hours on a %s must be from 0 to %d.", time.Weekday(day), MaxDay/60)
		}
		sum += n
	}
	if sum == 0 {
		return fault.Invalid("Say how many hours a week you have: with none there is nothing to plan.")
	}
	return nil
}

func checkSpan(span Span) error {
	switch {
	case span.From.IsZero() || span.To.IsZero():
		return fault.Invalid("Days off need a first and a last day; for a single day, write it twice.")
	case span.To.Before(span.From):
		return fault.Invalid("The days off from %s end before they begin. Exchange the two days.", span.From.Format("2 January 2006"))
	case span.To.After(span.From.AddDate(0, 0, longestSpan)):
		return fault.Invalid("One range of days off can last a year at most.")
	case len([]rune(span.Note)) > maxNote:
		return fault.Invalid("Keep the note to days off within %d characters.", maxNote)
	}
	return nil
}

// What can be told of.
const (
	// MaxTold is how many pieces of work can be told of one plan.
	MaxTold = 2000
	// Earliest is how many days back study can be told of.
	Earliest = 60
)

// Tell keeps study that was done outside, or whose minutes nothing here shows.
func (s *Service) Tell(ctx context.Context, p *account.Person, id ID, w Work) (err error) {
	defer fault.Op(&err, "plan.Tell(%s)", id)
	k, err := s.opened(ctx, p.ID, id)
	if err != nil {
		return err
	}
	if err := s.checkWork(&w, k, s.Today(p)); err != nil {
		return err
	}
	w.Told = true
	return s.store.AddPlanWork(ctx, p.ID, Told{Plan: id, Work: w, At: s.now()})
}

func (s *Service) checkWork(w *Work, k *Kept, today Day) error {
	switch {
	case w.Kind != KindProject && w.Kind != KindStudy && w.Kind != KindLab && w.Kind != KindPractice && w.Kind != KindReview && w.Kind != KindMock:
		return fault.Invalid("Choose what you did.")
	case w.Minutes < 1 || w.Minutes > MaxDay:
		return fault.Invalid("Write how many minutes it took, from 1 to %d.", MaxDay)
	case w.Day.After(today):
		return fault.Invalid("That day is still to come. Tell of it when it is done.")
	case w.Day.Before(today.AddDate(0, 0, -Earliest)):
		return fault.Invalid("Tell of the last %d days only: what lies farther back shows in your answers by now.", Earliest)
	}
	if w.Skill == "" {
		return nil
	}
	cert, _ := s.catalogue.Certification(k.Wish.Exam)
	for _, d := range cert.Domains {
		for _, skill := range d.Skills() {
			if skill == w.Skill {
				return nil
			}
		}
	}
	return fault.Invalid("Choose one of the exam's topics.")
}

// Untell takes back what was told.
func (s *Service) Untell(ctx context.Context, person account.PersonID, id ID, work int64) (err error) {
	defer fault.Op(&err, "plan.Untell(%s)", id)
	if _, err := s.opened(ctx, person, id); err != nil {
		return err
	}
	return s.store.RemovePlanWork(ctx, person, id, work)
}

// Worked is a plan as it stands now.
type Worked struct {
	Kept
	Plan
	Today Day
	// Standing is what the plan says now, and where the learner stands by the answers alone.
	Standing Glance
	Moved    string // what moved since it was last seen, in a sentence; "" for nothing
	Told     []Told
	Practice []Work    // done here since the plan was begun, by day
	Review   []float64 // minutes of spaced review by week that it counts with
	Changed  time.Time // when something that it follows from changed last
}

// bearings is what a person's plans are worked out from, read once for all of them.
type bearings struct {
	person  *account.Person
	today   Day
	now     time.Time
	learner *effort.Learner
	library sitting.Library
	known   *sitting.Known
	review  []float64
	history []exam.Response
}

func (s *Service) bearings(ctx context.Context, p *account.Person) (*bearings, error) {
	library, err := s.shelf.Library(ctx)
	if err != nil {
		return nil, err
	}
	known, err := s.tests.Known(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	schedule, err := s.tests.Schedule(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	b := &bearings{person: p, now: s.now(), library: library, known: known}
	b.today = dayOf(b.now, p)
	for i := range known.Answers {
		b.history = append(b.history, known.Answers[i].Response())
	}
	if b.learner, err = effort.NewLearner(library.Model(), s.catalogue, b.history, b.now); err != nil {
		return nil, err
	}
	b.review, err = forecast(schedule.Cards, p.Settings, b.now)
	return b, err
}

// Work works a person's plan out from what is known now.
func (s *Service) Work(ctx context.Context, p *account.Person, k *Kept) (_ *Worked, err error) {
	defer fault.Op(&err, "plan.Work(%s)", k.ID)
	b, err := s.bearings(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.work(ctx, b, k)
}

// WorkOpen works out all open plans of a person, that of the nearest exam first.
func (s *Service) WorkOpen(ctx context.Context, p *account.Person) (list []Worked, err error) {
	defer fault.Op(&err, "plan.WorkOpen")
	kept, err := s.store.Plans(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	kept = open(kept)
	if len(kept) == 0 {
		return nil, nil
	}
	b, err := s.bearings(ctx, p)
	if err != nil {
		return nil, err
	}
	for i := range kept {
		w, err := s.work(ctx, b, &kept[i])
		if err != nil {
			return nil, err
		}
		list = append(list, *w)
	}
	sortByExam(list)
	return list, nil
}

func (s *Service) work(ctx context.Context, b *bearings, k *Kept) (*Worked, error) {
	told, err := s.store.PlanWork(ctx, k.ID)
	if err != nil {
		return nil, err
	}
	w := &Worked{Kept: *k, Today: b.today, Told: told, Practice: s.practised(b, k), Review: b.review, Changed: b.changed(k, told)}
	in := Input{Wish: k.Wish, Today: b.today, Begun: dayOf(k.Created, b.person), Review: b.review, Done: slices.Clone(w.Practice)}
	for _, t := range told {
		in.Done = append(in.Done, t.Work)
	}
	if w.Plan, err = Make(s.catalogue, b.learner, in); err != nil {
		return nil, err
	}
	if w.Standing, err = s.glance(b, w); err != nil {
		return nil, err
	}
	if cert, ok := s.catalogue.Certification(k.Wish.Exam); ok {
		w.Moved = moved(cert, !k.Wish.Date.IsZero(), k.Seen.next(w.Standing).Before, w.Standing)
	}
	return w, nil
}

// changed is when something last changed that a plan follows from: the day began,
// the wish was changed, or an answer was given or something told.
func (b *bearings) changed(k *Kept, told []Told) time.Time {
	y, m, d := b.today.Date()
	latest := time.Date(y, m, d, 0, 0, 0, 0, b.person.Settings.Location())
	note := func(t time.Time) {
		if t.After(latest) {
			latest = t
		}
	}
	note(k.Updated)
	for i := range told {
		note(told[i].At)
	}
	for i := range b.known.Answers {
		note(b.known.Answers[i].At)
	}
	if latest.After(b.now) { // midnight doesn't come everywhere
		latest = b.now
	}
	return latest.UTC().Truncate(time.Second)
}

// Look notes that a plan was looked at, so that the next look can say what moved.
func (s *Service) Look(ctx context.Context, w *Worked) (err error) {
	defer fault.Op(&err, "plan.Look(%s)", w.ID)
	next := w.Seen.next(w.Standing)
	if reflect.DeepEqual(next, w.Seen) {
		return nil
	}
	return s.store.KeepSeen(ctx, w.ID, w.Updated, next)
}

// glance is what the plan says now.
func (s *Service) glance(b *bearings, w *Worked) (Glance, error) {
	g := Glance{Day: b.today, Exam: w.Exam, Chance: w.OnTheDay.Expected, Domains: map[exam.DomainID]float64{}}
	for _, t := range w.Told {
		g.Told += t.Minutes
	}
	report, err := b.library.Model().Report(b.history, b.now, []exam.Code{w.Kept.Wish.Exam})
	if err != nil {
		return g, err
	}
	standing, _ := report.Exam(w.Kept.Wish.Exam)
	g.Answers = standing.Answers
	for _, d := range standing.Domains {
		g.Domains[d.ID] = d.Interval.Estimate
	}
	return g, nil
}

// longestAnswer bounds what the time of one answer counts for: a tab may stay open.
const longestAnswer = 10 * time.Minute

// practised is what was done here for a plan's exam since it was begun, by day,
// kind and topic. A mock exam counts as a whole.
func (s *Service) practised(b *bearings, k *Kept) []Work {
	cert, ok := s.catalogue.Certification(k.Wish.Exam)
	if !ok {
		return nil
	}
	examined := map[exam.SkillID]bool{}
	for _, d := range cert.Domains {
		for _, skill := range d.Skills() {
			examined[skill] = true
		}
	}
	spent := map[Work]time.Duration{}
	for i := range b.known.Answers {
		a := &b.known.Answers[i]
		test := b.known.Sittings[a.Sitting]
		w := Work{Day: dayOf(a.At, b.person), Kind: kindOf(&test)}
		q, known := b.library.Question(a.Question)
		switch {
		case a.At.Before(k.Created) || !known:
			continue
		case w.Kind == KindMock:
			if test.Form.Exam != cert.Code {
				continue
			}
		case !examined[q.Skill]:
			continue
		default:
			w.Skill = q.Skill
		}
		spent[w] += min(longestAnswer, max(0, a.At.Sub(a.Shown)))
	}
	list := make([]Work, 0, len(spent))
	for w, time := range spent {
		w.Minutes = max(1, int(math.Round(time.Minutes())))
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b Work) int {
		return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Skill, b.Skill))
	})
	return list
}

// kindOf is what a test counts as in a plan.
func kindOf(s *sitting.Sitting) Kind {
	switch {
	case s.Form != nil:
		return KindMock
	case s.Plan.Practice != nil && s.Plan.Practice.Source == sitting.FromDue:
		return KindReview
	}
	return KindPractice
}

// feedBytes is the length of a feed's secret: 192 bits, as 32 characters.
const feedBytes = 24

// Feed returns a person's feed, or nil.
func (s *Service) Feed(ctx context.Context, person account.PersonID) (_ *Feed, err error) {
	defer fault.Op(&err, "plan.Feed")
	return s.store.Feed(ctx, person)
}

// MakeFeed makes the secret by which a person's plans can be read without signing
// in, in place of one made before. It is kept nowhere: this is the only time it is
// told. Only an account can have one, since nobody could revoke that of a guest who
// lost their cookie.
func (s *Service) MakeFeed(ctx context.Context, p *account.Person) (token string, err error) {
	defer fault.Op(&err, "plan.MakeFeed")
	if !p.SignedIn() {
		return "", fault.Forbidden("A calendar address needs an account, so that you can always revoke it. Sign up; your plan comes with you.")
	}
	var secret [feedBytes]byte
	_, _ = rand.Read(secret[:]) // crypto/rand.Read never returns an error (it ends the program instead)
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	return token, s.store.KeepFeed(ctx, p.ID, account.HashToken(token))
}

// RevokeFeed makes a person's feed unreadable at once.
func (s *Service) RevokeFeed(ctx context.Context, person account.PersonID) (err error) {
	defer fault.Op(&err, "plan.RevokeFeed")
	return s.store.RevokeFeed(ctx, person)
}

// ReadFeed returns whose plans a secret opens, and the plans. A secret that opens
// none is fault.KindNotFound, whether it ever did or not.
func (s *Service) ReadFeed(ctx context.Context, token string) (_ *account.Person, _ []Worked, err error) {
	defer fault.Op(&err, "plan.ReadFeed")
	digest := account.HashToken(token)
	id, err := s.store.FeedOwner(ctx, digest)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	plans, err := s.WorkOpen(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	return p, plans, s.store.FeedRead(ctx, digest)
}

// calendarName is what programs list the calendar of several plans as.
const calendarName = "Study plans (Sextant)"

// Calendar is a person's plans as a file for calendars, with the moment of their
// last change. Site is how the addresses of pages begin; "" leaves them out.
func (s *Service) Calendar(p *account.Person, plans []Worked, site string) (data []byte, changed time.Time, err error) {
	defer fault.Op(&err, "plan.Calendar")
	c := Calendar{Name: calendarName, Zone: p.Settings.Location()}
	if len(plans) == 1 {
		c.Name = fmt.Sprintf("%s study plan (Sextant)", plans[0].Kept.Wish.Exam)
	}
	changed = p.Created
	for i := range plans {
		w := &plans[i]
		one := CalendarPlan{ID: w.ID, Plan: &w.Plan, Begun: w.Created, Changed: w.Changed}
		if site != "" {
			one.Address = site + "/plan/" + string(w.ID)
		}
		c.Plans = append(c.Plans, one)
		if w.Changed.After(changed) {
			changed = w.Changed
		}
	}
	data, err = c.ICS()
	return data, changed, err
}
