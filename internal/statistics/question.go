package statistics

import (
	"cmp"
	"context"
	"slices"
	"time"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
	"sextant/internal/itemstats"
)

// Question is everything that answers say of one question.
type Question struct {
	Line
	Bank      exam.BankID
	BankTitle string
	Retired   bool

	Options itemstats.Distractors // of questions with options to choose; else its N is 0
	// Parts are the rows of a matching, ordering or yes/no question, where "chosen" is
	// got right.
	Parts itemstats.Distractors

	Curve      []Point // the expected curve, from the weakest to the strongest drawn
	Calibrated bool    // it rests on answers, rather than on the author's label
	Groups     []Group // compared, largest first
	Small      []Group // with too few people on one side to compare
	Made       time.Time
	Renewing   bool // newer figures of people's abilities are being counted
}

// Point is a place on a curve.
type Point struct{ Ability, Chance float64 }

// Group is those who prepare for an exam, set beside everybody else.
type Group struct {
	Exam          exam.Code
	Focal, Others int // people
	itemstats.DIF
}

// Question returns the statistics of a question for those who write in its bank
// and, of the embedded one, for admins.
func (s *Service) Question(ctx context.Context, a authoring.Actor, id exam.QuestionID) (_ *Question, err error) {
	defer fault.Op(&err, "statistics.Question(%s)", id)
	d, writers, err := s.find(ctx, a, id)
	if err != nil {
		return nil, err
	}
	t, renewing, err := s.tables(ctx)
	if err != nil {
		return nil, err
	}
	d.Made, d.Renewing = t.made, renewing
	first, err := s.firstAnswers(ctx, d)
	if err != nil {
		return nil, err
	}
	first = slices.DeleteFunc(first, func(f firstAnswer) bool { return writers[f.person] })
	return d, d.judge(t, first)
}

// find looks a question up, with those who know its key.
func (s *Service) find(ctx context.Context, a authoring.Actor, id exam.QuestionID) (*Question, map[account.PersonID]bool, error) {
	snapshot, err := s.library.Snapshot(ctx)
	if err != nil {
		return nil, nil, err
	}
	if q, ok := snapshot.Question(id); ok && q.Bank == exam.BuiltIn {
		if !admin(a) {
			return nil, nil, errNoQuestion
		}
		return &Question{Line: Line{Question: q}, Bank: q.Bank, BankTitle: authoring.BuiltInTitle}, nil, nil
	}
	item, b, err := s.authoring.Question(ctx, a, id)
	switch {
	case fault.KindOf(err) == fault.KindNotFound:
		return nil, nil, errNoQuestion
	case err != nil:
		return nil, nil, err
	case item.Published == nil:
		return nil, nil, fault.NotFound("This question was never published, so that nobody has answered it.")
	}
	writers := map[account.PersonID]bool{b.Owner: true}
	for _, m := range b.Members {
		writers[m] = true
	}
	return &Question{Line: Line{Question: item.Published}, Bank: b.ID, BankTitle: b.Title, Retired: !item.Retired.IsZero()}, writers, nil
}

var errNoQuestion = fault.NotFound("There is no such question, or it isn't yours to look after.")

// firstAnswer is somebody's first answer to the question.
type firstAnswer struct {
	person  account.PersonID
	answer  exam.Answer
	right   bool
	took    time.Duration
	targets []exam.Code
}

// firstAnswers sorts out which answers tell about the question, and counts those
// that don't.
func (s *Service) firstAnswers(ctx context.Context, d *Question) ([]firstAnswer, error) {
	answers, err := s.store.AnswersTo(ctx, d.Question.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(answers, func(a, b Answer) int { return a.At.Compare(b.At) })
	met, texts := map[account.PersonID]bool{}, map[textKey]bool{}
	var first []firstAnswer
	for i := range answers {
		a := &answers[i]
		if met[a.Person] {
			continue
		}
		met[a.Person] = true
		if a.Open {
			continue
		}
		if grade.Blank(a.Answer) {
			d.Blank++
			continue
		}
		right, same, err := judged(ctx, s.store, texts, d.Question, a)
		switch {
		case err != nil:
			return nil, err
		case !same:
			d.Reworded++
		default:
			first = append(first, firstAnswer{person: a.Person, answer: a.Answer, right: right, took: a.Took, targets: a.Targets})
		}
	}
	return first, nil
}

// judge fills in what the first answers say.
func (d *Question) judge(t *tables, first []firstAnswer) error {
	q := d.Question
	ruler, curve, err := t.rulerFor(q)
	if err != nil {
		return err
	}
	var meetings []itemstats.Meeting
	var rest []float64
	for _, f := range first {
		place := t.placeOf(q.ID, f.person, ruler, curve)
		meetings = append(meetings, itemstats.Meeting{Place: place, Right: f.right, Took: f.took.Seconds()})
		rest = append(rest, restOf(place))
	}
	d.Study = itemstats.StudyItem(meetings, q.GuessChance())
	if err := d.tabulate(first, rest); err != nil {
		return err
	}
	d.draw(ruler, curve)
	p, known := t.curves.known.Items[q.ID]
	d.Calibrated = known && p.Revision == q.Revision
	return d.group(first, meetings)
}

// rulerFor is a ruler with the question's curve.
func (t *tables) rulerFor(q *exam.Question) (*itemstats.Ruler, int, error) {
	if line, ok := t.lineAt[q.ID]; ok && t.lines[line].Question.Revision == q.Revision {
		return t.ruler, t.curveOf[line], nil
	}
	own := newCurves(t.curves.known)
	curve, err := own.of(q)
	if err != nil {
		return nil, 0, err
	}
	ruler, err := itemstats.NewRuler(own.ability(), own.list)
	return ruler, curve, err
}

// placeOf is where somebody stood who answered a question. An answer to a retired
// question, or given since the figures were counted, is in nobody's record; then
// it is where the whole record puts them.
func (t *tables) placeOf(id exam.QuestionID, who account.PersonID, ruler *itemstats.Ruler, curve int) itemstats.Place {
	p := t.people[who]
	if p == nil {
		return itemstats.Place{}
	}
	if line, ok := t.lineAt[id]; ok {
		at, counted := slices.BinarySearchFunc(t.stood[line], p.number, func(s stood, number int32) int { return cmp.Compare(s.person, number) })
		if counted {
			return t.stood[line][at].place()
		}
	}
	return ruler.Before(&p.record, curve)
}

// tabulate counts who chose what, or got which part right.
func (d *Question) tabulate(first []firstAnswer, rest []float64) (err error) {
	q := d.Question
	chosen := make([][]int, len(first))
	if chooses(q) {
		for i, f := range first {
			chosen[i] = picksOf(choiceOf(q, &Answer{Answer: f.answer}))
		}
		if d.Options, err = itemstats.TabulateDistractors(optionsOf(q), chosen, rest); err == nil {
			d.Flags = joinFlags(d.Options.Flags, d.Flags)
		}
		return err
	}
	labels := partsOf(q)
	for i, f := range first {
		chosen[i] = partsRight(q, f.answer)
	}
	d.Parts, err = itemstats.TabulateDistractors(labels, chosen, rest)
	d.Parts.Flags = nil // they speak of options
	return err
}

func partsOf(q *exam.Question) []itemstats.Option {
	n := len(q.Prompts)
	switch q.Type {
	case exam.Ordering:
		n = len(q.Options)
	case exam.YesNo:
		n = len(q.Statements)
	case exam.Single, exam.Multiple, exam.Matching:
	}
	parts := make([]itemstats.Option, n)
	for i := range parts {
		parts[i].Right = true
	}
	return parts
}

// partsRight lists the parts that an answer has right.
func partsRight(q *exam.Question, a exam.Answer) []int {
	key := grade.Key(q)
	var right []int
	add := func(n int, ok func(i int) bool) {
		for i := range n {
			if ok(i) {
				right = append(right, i)
			}
		}
	}
	add(min(len(key.Order), len(a.Order)), func(i int) bool { return key.Order[i] == a.Order[i] })
	add(min(len(key.Matches), len(a.Matches)), func(i int) bool { return key.Matches[i] == a.Matches[i] })
	add(min(len(key.Verdicts), len(a.Verdicts)), func(i int) bool { return key.Verdicts[i] == a.Verdicts[i] })
	return right
}

// The abilities that a curve is drawn over, in logits.
const (
	DrawnFrom   = -3.0
	DrawnTo     = 3.0
	drawnPoints = 31
)

func (d *Question) draw(ruler *itemstats.Ruler, curve int) {
	for i := range drawnPoints {
		ability := DrawnFrom + (DrawnTo-DrawnFrom)*float64(i)/(drawnPoints-1)
		d.Curve = append(d.Curve, Point{ability, ruler.Chance(curve, ability)})
	}
}

// group compares those who prepare for an exam with everybody else.
func (d *Question) group(first []firstAnswer, meetings []itemstats.Meeting) error {
	var right []bool
	var ability []float64
	var targets [][]exam.Code
	exams := map[exam.Code]int{}
	for i, m := range meetings {
		if m.Place.Others < itemstats.MinOthers {
			continue
		}
		right, ability, targets = append(right, m.Right), append(ability, m.Place.Mean), append(targets, first[i].targets)
		for _, code := range first[i].targets {
			exams[code]++
		}
	}
	for code, n := range exams {
		g := Group{Exam: code, Focal: n, Others: len(right) - n}
		if min(g.Focal, g.Others) < itemstats.MinGroup {
			d.Small = append(d.Small, g)
			continue
		}
		focal := make([]bool, len(right))
		for i, list := range targets {
			focal[i] = slices.Contains(list, code)
		}
		var err error
		if g.DIF, err = itemstats.MatchedDIF(right, focal, ability); err != nil {
			return err
		}
		d.Groups = append(d.Groups, g)
	}
	for _, list := range [][]Group{d.Groups, d.Small} {
		slices.SortFunc(list, func(a, b Group) int {
			if a.Focal != b.Focal {
				return b.Focal - a.Focal
			}
			if a.Exam < b.Exam {
				return -1
			}
			return 1
		})
	}
	return nil
}
