package statistics

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
	"sextant/internal/itemstats"
	"sextant/internal/library"
)

// tables is what all answers said at one moment. They don't change.
type tables struct {
	mark     string
	snapshot *library.Snapshot
	made     time.Time
	took     time.Duration

	curves  *curves
	ruler   *itemstats.Ruler
	people  map[account.PersonID]*person
	lines   []Line
	lineAt  map[exam.QuestionID]int
	curveOf []int     // by line
	stood   [][]stood // by line: where those stood who answered it, by number
}

// person is somebody with answers.
type person struct {
	number int32 // in the order in which people were visited
	record itemstats.Record
}

// stood is where somebody stood by their other answers, in little room: there may
// be a million of them.
type stood struct {
	person       int32
	others       int32
	mean, chance float32
}

func (s stood) place() itemstats.Place {
	return itemstats.Place{Mean: float64(s.mean), Chance: float64(s.chance), Others: int(s.others)}
}

// meeting is a first answer while tables are made.
type meeting struct {
	stood
	took  float32
	chose uint32 // options by their place; for other types nothing
	right bool
}

// making collects what a pass over the answers finds.
type making struct {
	*tables
	store    Store
	writers  map[exam.BankID]map[account.PersonID]bool
	meetings [][]meeting // by line
	texts    map[textKey]bool
	person   []Answer // of the person whose answers are being visited
	taken    []taken  // of those, what is taken in
}

// taken is a first answer of the person whose answers are being visited.
type taken struct {
	*Answer
	line  int
	right bool
}

type textKey struct {
	id       exam.QuestionID
	revision string
}

// makeTables reads every answer once.
func makeTables(ctx context.Context, store Store, snapshot *library.Snapshot, mark string) (_ *tables, err error) {
	defer fault.Op(&err, "counting all answers")
	t := &tables{
		mark: mark, snapshot: snapshot, curves: newCurves(snapshot.Parameters()),
		people: map[account.PersonID]*person{}, lineAt: map[exam.QuestionID]int{},
	}
	m := &making{tables: t, store: store, writers: map[exam.BankID]map[account.PersonID]bool{}, texts: map[textKey]bool{}}
	if err := m.layOut(); err != nil {
		return nil, err
	}
	err = store.EachAnswer(ctx, func(a *Answer) error {
		if len(m.person) > 0 && m.person[0].Person != a.Person {
			if err := m.takePerson(ctx); err != nil {
				return err
			}
		}
		m.person = append(m.person, *a)
		return nil
	})
	if err == nil {
		err = m.takePerson(ctx)
	}
	if err != nil {
		return nil, err
	}
	for i := range t.lines {
		if err := m.study(i); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// layOut makes a line for every question that is asked.
func (m *making) layOut() error {
	for _, entry := range m.snapshot.Banks() {
		for _, q := range entry.Questions {
			if _, taken := m.lineAt[q.ID]; taken {
				continue
			}
			curve, err := m.curves.of(q)
			if err != nil {
				return err
			}
			m.lineAt[q.ID] = len(m.lines)
			m.lines = append(m.lines, Line{Question: q})
			m.curveOf = append(m.curveOf, curve)
		}
		m.writers[entry.ID] = writersOf(&entry.Meta)
	}
	m.meetings, m.stood = make([][]meeting, len(m.lines)), make([][]stood, len(m.lines))
	var err error
	m.ruler, err = itemstats.NewRuler(m.curves.ability(), m.curves.list)
	return err
}

func writersOf(bank *library.Meta) map[account.PersonID]bool {
	writers := map[account.PersonID]bool{account.PersonID(bank.Owner): true}
	for _, id := range bank.Members {
		writers[account.PersonID(id)] = true
	}
	return writers
}

// takePerson takes in what one person answered.
func (m *making) takePerson(ctx context.Context) error {
	answers := m.person
	m.person, m.taken = m.person[:0], m.taken[:0]
	if len(answers) == 0 {
		return nil
	}
	slices.SortStableFunc(answers, func(a, b Answer) int { return a.At.Compare(b.At) })
	met := make(map[exam.QuestionID]bool, len(answers))
	p := &person{number: int32(len(m.people))}
	for i := range answers {
		a := &answers[i]
		line, known := m.lineAt[a.Question]
		if met[a.Question] || !known {
			continue
		}
		met[a.Question] = true
		if err := m.take(ctx, line, &p.record, a); err != nil {
			return err
		}
	}
	if len(m.taken) > 0 {
		m.people[answers[0].Person] = p
		m.placePerson(p)
	}
	return nil
}

// take adds a first answer to a person's record, if it tells anything.
func (m *making) take(ctx context.Context, line int, record *itemstats.Record, a *Answer) error {
	switch {
	case a.Open:
		return nil
	case grade.Blank(a.Answer):
		m.lines[line].Blank++
		return nil
	}
	right, ok, err := judged(ctx, m.store, m.texts, m.lines[line].Question, a)
	if err != nil {
		return err
	}
	if !ok {
		m.lines[line].Reworded++
		return nil
	}
	m.ruler.Add(record, m.curveOf[line], right)
	m.taken = append(m.taken, taken{a, line, right})
	return nil
}

// placePerson says, for each answer taken, where its person stood by the others.
// Of a test that chose its questions by the answers, those behind the answer stay
// out too, so the answers are gone through backwards.
func (m *making) placePerson(p *person) {
	chosen := map[string]*itemstats.Record{} // by test: the record without what came later in it
	for i := len(m.taken) - 1; i >= 0; i-- {
		t := &m.taken[i]
		curve := m.curveOf[t.line]
		var place itemstats.Place
		if t.Chosen {
			rest := chosen[t.Sitting]
			if rest == nil {
				whole := p.record
				rest = &whole
				chosen[t.Sitting] = rest
			}
			m.ruler.Remove(rest, curve, t.right)
			place = m.ruler.Before(rest, curve)
		} else {
			place = m.ruler.Without(&p.record, curve, t.right)
		}
		m.keep(t, stood{p.number, int32(place.Others), float32(place.Mean), float32(place.Chance)})
	}
}

func (m *making) keep(t *taken, at stood) {
	q := m.lines[t.line].Question
	m.stood[t.line] = append(m.stood[t.line], at)
	if m.writers[q.Bank][t.Person] {
		return
	}
	m.meetings[t.line] = append(m.meetings[t.line], meeting{stood: at, right: t.right, took: float32(t.Took.Seconds()), chose: choiceOf(q, t.Answer)})
}

// judged is whether an answer is right, and false where it was given to a text
// that asked something else. An answer to an earlier text that asked the same is
// judged by the present key.
func judged(ctx context.Context, store Store, texts map[textKey]bool, q *exam.Question, a *Answer) (right, ok bool, err error) {
	if a.Revision == q.Revision {
		return a.Outcome == exam.Right, true, nil
	}
	key := textKey{q.ID, a.Revision}
	same, known := texts[key]
	if !known {
		kept, err := store.KeptQuestion(ctx, q.ID, a.Revision)
		switch {
		case err == nil:
			same = sameAsked(kept, q)
		case fault.KindOf(err) != fault.KindNotFound:
			return false, false, err
		}
		texts[key] = same
	}
	if !same {
		return false, false, nil
	}
	outcome, err := grade.Grade(q, a.Answer)
	var refused *fault.Fault
	if err != nil && !errors.As(err, &refused) {
		return false, false, err
	}
	return err == nil && outcome == exam.Right, true, nil // an incomplete answer of an exam is wrong
}

// mostOptions is how many options of a question are told apart.
const mostOptions = exam.MaxOptions

// choiceOf is which options an answer chose, as bits by their place.
func choiceOf(q *exam.Question, a *Answer) (chose uint32) {
	for _, id := range a.Answer.Selected {
		if at := slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.ID == id }); at >= 0 && at < mostOptions {
			chose |= 1 << at
		}
	}
	return chose
}

// study judges one question by the meetings with it.
func (m *making) study(line int) error {
	l := &m.lines[line]
	var meetings []itemstats.Meeting
	var chosen [][]int
	var rest []float64
	for _, met := range m.meetings[line] {
		place := met.place()
		meetings = append(meetings, itemstats.Meeting{Place: place, Right: met.right, Took: float64(met.took)})
		chosen, rest = append(chosen, picksOf(met.chose)), append(rest, restOf(place))
	}
	m.meetings[line] = nil
	l.Study = itemstats.StudyItem(meetings, l.Question.GuessChance())
	if !chooses(l.Question) {
		return nil
	}
	options, err := itemstats.TabulateDistractors(optionsOf(l.Question), chosen, rest)
	if err != nil {
		return err
	}
	l.Flags = joinFlags(options.Flags, l.Flags)
	return nil
}

// joinFlags puts what concerns options first, the idle ones in one line. Where the
// key is in doubt, what follows from a wrong key isn't said again.
func joinFlags(options, whole []itemstats.Flag) []itemstats.Flag {
	var flags []itemstats.Flag
	var idle []string
	doubted := false
	for _, f := range options {
		if f.Kind == itemstats.IdleDistractor {
			idle = append(idle, f.Option)
			continue
		}
		doubted = doubted || f.Kind == itemstats.StrongChooseWrong || f.Kind == itemstats.WeakChooseRight
		flags = append(flags, f)
	}
	for _, f := range whole {
		if doubted && (f.Kind == itemstats.NegativeDiscrimination || f.Kind == itemstats.LowDiscrimination || f.Kind == itemstats.Scattered) {
			continue
		}
		flags = append(flags, f)
	}
	if n := len(idle); n > 0 {
		f := itemstats.Flag{Kind: itemstats.IdleDistractor, Option: idle[0], Words: "hardly anyone chooses " + idle[0] + ": replace it or drop it"}
		if n > 1 {
			f.Words = "hardly anyone chooses " + strings.Join(idle[:n-1], ", ") + " or " + idle[n-1] + ": replace or drop them"
		}
		flags = append(flags, f)
	}
	return flags
}

// restOf is the ability that options are judged by, or that there is none.
func restOf(p itemstats.Place) float64 {
	if p.Others < itemstats.MinOthers {
		return math.NaN()
	}
	return p.Mean
}

func picksOf(chose uint32) []int {
	var picks []int
	for at := 0; chose != 0; at, chose = at+1, chose>>1 {
		if chose&1 != 0 {
			picks = append(picks, at)
		}
	}
	return picks
}

// chooses reports whether answers to a question choose among its options.
func chooses(q *exam.Question) bool { return q.Type == exam.Single || q.Type == exam.Multiple }

// optionsOf are a question's options by their letters, as authors know them.
func optionsOf(q *exam.Question) []itemstats.Option {
	options := make([]itemstats.Option, min(len(q.Options), mostOptions))
	for i := range options {
		options[i] = itemstats.Option{Label: Letter(i), Right: q.Options[i].Key}
	}
	return options
}

// Letter names the option in a place, from 0.
func Letter(place int) string { return string(rune('A' + place)) }
