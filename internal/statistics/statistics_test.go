package statistics_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/itemstats"
	"sextant/internal/statistics"
	"sextant/internal/testkit"
)

var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answers is a store of answers made for a test.
type answers struct {
	list  []statistics.Answer // those of one person together
	kept  map[string]*exam.Question
	mark  string
	reads int
	each  func() // called with every reading
}

func (a *answers) AnswersMark(context.Context) (string, error) { return a.mark, nil }

func (a *answers) EachAnswer(_ context.Context, visit func(*statistics.Answer) error) error {
	a.reads++
	if a.each != nil {
		a.each()
	}
	for i := range a.list {
		one := a.list[i]
		if err := visit(&one); err != nil {
			return err
		}
	}
	return nil
}

func (a *answers) AnswersTo(_ context.Context, id exam.QuestionID) (found []statistics.Answer, _ error) {
	for _, one := range a.list {
		if one.Question == id {
			found = append(found, one)
		}
	}
	return found, nil
}

func (a *answers) KeptQuestion(_ context.Context, id exam.QuestionID, revision string) (*exam.Question, error) {
	if q, ok := a.kept[string(id)+revision]; ok {
		return q, nil
	}
	return nil, fault.NotFound("no such text")
}

// site is a bank "ours" of ann's in which ben writes too.
type site struct {
	*testkit.App
	*answers
	ann, ben, eve, admin authoring.Actor
	service              *statistics.Service
}

func newSite(t testing.TB, questions ...*exam.Question) *site {
	t.Helper()
	s := &site{App: testkit.NewApp(t, testkit.Synthetic(t, 1)), answers: &answers{mark: "1", kept: map[string]*exam.Question{}}}
	person := func(name string, role account.Role) authoring.Actor {
		p := s.Person(t, role, name+"@example.org")
		return authoring.Actor{ID: p.ID, Role: p.Role}
	}
	s.ann, s.ben, s.eve = person("ann", account.Instructor), person("ben", account.Instructor), person("eve", account.Instructor)
	s.admin = person("adam", account.Admin)
	_, err := s.Authoring.CreateBank(ctx, s.ann, "ours", "Ours", authoring.Everyone)
	must(t, err)
	_, err = s.Authoring.ManageBank(ctx, s.ann, "ours", "add_member", func(b *authoring.Bank) error {
		b.Members = append(b.Members, s.ben.ID)
		return nil
	})
	must(t, err)
	must(t, s.Authoring.AddPublished(ctx, s.ann, "ours", questions))
	s.service = statistics.NewService(s.answers, s.Library, s.Authoring, s.Clock.Now)
	t.Cleanup(s.service.Close)
	return s
}

func single(id exam.QuestionID, difficulty int) *exam.Question {
	q := testkit.Question(id, exam.Single, exam.AWS, "mlops-pipelines")
	q.Difficulty = difficulty
	testkit.Revise(q)
	return q
}

func many(n int) []*exam.Question {
	list := make([]*exam.Question, n)
	for i := range list {
		list[i] = single(exam.QuestionID(fmt.Sprintf("ours-%02d", i)), 1+i%5)
	}
	return list
}

// gave is an answer that chose an option.
func (s *site) gave(t testing.TB, who account.PersonID, q *exam.Question, option exam.OptionID, at int) *statistics.Answer {
	t.Helper()
	outcome := exam.Wrong
	if o, ok := q.Option(option); ok && o.Key {
		outcome = exam.Right
	}
	when := testkit.Today.Add(time.Duration(at) * time.Minute)
	s.list = append(s.list, statistics.Answer{
		Person: who, Question: q.ID, Revision: q.Revision, Answer: exam.Answer{Selected: []exam.OptionID{option}}, Outcome: outcome,
		At: when, Took: 40 * time.Second, Sitting: string(who), Targets: []exam.Code{"MLA-C02"},
	})
	return &s.list[len(s.list)-1]
}

// asked is a question as the site has it.
func (s *site) asked(t testing.TB, id exam.QuestionID) *exam.Question {
	t.Helper()
	item, _, err := s.Authoring.Question(ctx, s.ann, id)
	must(t, err)
	return item.Published
}

// learners lets people of normal ability answer all questions by their labels;
// choose says what somebody chooses who knows or doesn't know the answer.
func (s *site) learners(t testing.TB, people int, questions []*exam.Question, choose func(q *exam.Question, knows bool, random *rand.Rand) exam.OptionID) {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 8))
	for i := range people {
		theta := .9 * random.NormFloat64()
		for n, q := range questions {
			b := .8 * float64(q.Difficulty-3)
			knows := random.Float64() < 1/(1+math.Exp(b-theta))
			s.gave(t, account.PersonID(fmt.Sprintf("learner-%03d", i)), q, choose(q, knows, random), n)
		}
	}
}

// byKey chooses the key where it is known, and else any option.
func byKey(_ *exam.Question, knows bool, random *rand.Rand) exam.OptionID {
	if knows {
		return "A"
	}
	return exam.OptionID([]string{"A", "B", "C", "D"}[random.IntN(4)])
}

func lineOf(t testing.TB, s *site, id exam.QuestionID) statistics.Line {
	t.Helper()
	b, err := s.service.Bank(ctx, s.ann, "ours", statistics.Filter{})
	must(t, err)
	for _, l := range b.Lines {
		if l.Question.ID == id {
			return l
		}
	}
	t.Fatalf("no line of %s", id)
	return statistics.Line{}
}

func words(flags []itemstats.Flag) string {
	var list []string
	for _, f := range flags {
		list = append(list, f.Words)
	}
	return strings.Join(list, "; ")
}

func TestAPlantedWrongKeyIsFlaggedWithTheOptionToLookAt(t *testing.T) {
	s := newSite(t, many(20)...)
	var questions []*exam.Question
	for _, q := range many(20) {
		questions = append(questions, s.asked(t, q.ID))
	}
	const planted = "ours-07"
	s.learners(t, 250, questions, func(q *exam.Question, knows bool, random *rand.Rand) exam.OptionID {
		if q.ID == planted && knows {
			return "B" // what is right, though the key says A
		}
		return byKey(q, knows, random)
	})
	if said := words(lineOf(t, s, planted).Flags); !strings.Contains(said, "strong learners choose B: check the key") {
		t.Errorf("of the wrong key it is said: %q", said)
	}
	b, err := s.service.Bank(ctx, s.ann, "ours", statistics.Filter{Flagged: true})
	must(t, err)
	doubted := 0
	for _, l := range b.Lines {
		if strings.Contains(words(l.Flags), "check the key") {
			doubted++
		}
	}
	if doubted != 1 {
		t.Errorf("%d of 20 keys are doubted, one is wrong", doubted)
	}
	d, err := s.service.Question(ctx, s.ann, planted)
	must(t, err)
	if d.Options.N != 250 || len(d.Curve) == 0 || len(d.Bands) == 0 || d.Calibrated {
		t.Errorf("%d people in the table, %d points, %d bands", d.Options.N, len(d.Curve), len(d.Bands))
	}
	if diff := cmp.Diff(lineOf(t, s, planted).Study, d.Study); diff != "" {
		t.Errorf("the bank's table and the question's page differ (-bank +question):\n%s", diff)
	}
}

// Who meets what when, and what of it counts.
func TestOnlyFirstAnswersOfRealLearnersCount(t *testing.T) {
	s := newSite(t, many(2)...)
	q := s.asked(t, "ours-00")
	s.gave(t, "repeats", q, "B", 1)
	s.gave(t, "repeats", q, "A", 2)
	s.gave(t, "still-open", q, "A", 1).Open = true
	s.gave(t, "open-before", q, "A", 1).Open = true
	s.gave(t, "open-before", q, "A", 2)
	blank := s.gave(t, "blank", q, "A", 1)
	blank.Answer, blank.Outcome = exam.Answer{}, exam.Wrong
	unknown := s.gave(t, "doesn't-know", q, "A", 1)
	unknown.Answer, unknown.Outcome = exam.Answer{DontKnow: true}, exam.DontKnow
	s.gave(t, s.ann.ID, q, "A", 1)
	s.gave(t, s.ben.ID, q, "A", 1)
	s.gave(t, "right", q, "A", 1)

	for name, l := range map[string]statistics.Line{"bank": lineOf(t, s, q.ID), "question": questionLine(t, s, q.ID)} {
		if l.N != 3 || l.Right != 1 || l.Blank != 1 || l.Reworded != 0 {
			t.Errorf("%s: %d answers, %d right, %d blank, %d of another text; want 3, 1, 1, 0", name, l.N, l.Right, l.Blank, l.Reworded)
		}
	}
}

func questionLine(t testing.TB, s *site, id exam.QuestionID) statistics.Line {
	t.Helper()
	d, err := s.service.Question(ctx, s.ann, id)
	must(t, err)
	return d.Line
}

// An answer to an earlier text tells about the present one if it asked the same,
// and is judged by the present key.
func TestAnswersToEarlierTexts(t *testing.T) {
	s := newSite(t, many(1)...)
	q := s.asked(t, "ours-00")
	otherKey, otherStem := *q, *q
	otherKey.Options = slices.Clone(q.Options)
	otherKey.Options[0].Key, otherKey.Options[1].Key = false, true
	otherStem.Stem = "Something else altogether."
	testkit.Revise(&otherKey)
	testkit.Revise(&otherStem)
	s.kept[string(q.ID)+otherKey.Revision], s.kept[string(q.ID)+otherStem.Revision] = &otherKey, &otherStem

	s.gave(t, "under-the-wrong-key", &otherKey, "A", 1) // wrong then, right by the present key
	s.gave(t, "asked-something-else", &otherStem, "A", 1)
	lost := s.gave(t, "text-not-kept", q, "A", 1)
	lost.Revision = "gone"
	for name, l := range map[string]statistics.Line{"bank": lineOf(t, s, q.ID), "question": questionLine(t, s, q.ID)} {
		if l.N != 1 || l.Right != 1 || l.Reworded != 2 {
			t.Errorf("%s: %d answers, %d right, %d of another text; want 1, 1, 2", name, l.N, l.Right, l.Reworded)
		}
	}
}

// In a test that chooses its questions, those behind an answer say nothing of
// where its person stood.
func TestWhereATestChoosesOnlyWhatCameBeforePlaces(t *testing.T) {
	s := newSite(t, many(12)...)
	var questions []*exam.Question
	for _, q := range many(12) {
		questions = append(questions, s.asked(t, q.ID))
	}
	for n, q := range questions {
		s.gave(t, "one", q, "A", n).Chosen = true
	}
	if first, last := lineOf(t, s, questions[0].ID), lineOf(t, s, questions[11].ID); first.Placed != 0 || last.Placed != 1 {
		t.Errorf("of the first question %d are placed, of the last %d", first.Placed, last.Placed)
	}
	for i := range s.list {
		s.list[i].Chosen = false
	}
	s.mark = "2"
	if first := lineOf(t, s, questions[0].ID); first.Placed != 1 {
		t.Errorf("on a form laid down beforehand %d are placed", first.Placed)
	}
}

func TestStatisticsAreForThoseWhoLookAfterTheBank(t *testing.T) {
	s := newSite(t, many(1)...)
	builtin := s.App.Bank.Questions[0].ID
	learner := authoring.Actor{ID: "somebody", Role: account.Learner}
	for _, c := range []struct {
		who          string
		actor        authoring.Actor
		own, builtin bool
	}{
		{"owner", s.ann, true, false}, {"member", s.ben, true, false}, {"another instructor", s.eve, false, false},
		{"learner", learner, false, false}, {"admin", s.admin, true, true},
	} {
		for _, call := range []struct {
			what string
			want bool
			err  error
		}{
			{"the bank", c.own, second(s.service.Bank(ctx, c.actor, "ours", statistics.Filter{}))},
			{"a question", c.own, second(s.service.Question(ctx, c.actor, "ours-00"))},
			{"the embedded bank", c.builtin, second(s.service.Bank(ctx, c.actor, exam.BuiltIn, statistics.Filter{}))},
			{"a question of it", c.builtin, second(s.service.Question(ctx, c.actor, builtin))},
		} {
			if call.want != (call.err == nil) || call.err != nil && fault.KindOf(call.err) != fault.KindNotFound {
				t.Errorf("%s, %s: %v", c.who, call.what, call.err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestLinesAreSearchedFilteredAndSorted(t *testing.T) {
	s := newSite(t, many(3)...)
	for i, right := range []string{"A", "B", "A"} {
		q := s.asked(t, exam.QuestionID(fmt.Sprintf("ours-%02d", i)))
		for n := range i + 1 {
			s.gave(t, account.PersonID(fmt.Sprintf("p%d-%d", i, n)), q, exam.OptionID(right), n)
		}
	}
	ids := func(f statistics.Filter) (list []string) {
		b, err := s.service.Bank(ctx, s.ann, "ours", f)
		must(t, err)
		for _, l := range b.Lines {
			list = append(list, strings.TrimPrefix(string(l.Question.ID), "ours-"))
		}
		return list
	}
	for _, c := range []struct {
		filter statistics.Filter
		want   []string
	}{
		{statistics.Filter{}, []string{"00", "01", "02"}},
		{statistics.Filter{Down: true}, []string{"02", "01", "00"}},
		{statistics.Filter{Words: "OURS-01"}, []string{"01"}},
		{statistics.Filter{Flagged: true}, nil},
		{statistics.Filter{Enough: true}, nil},
		{statistics.Filter{Sort: statistics.ByAnswers, Down: true}, []string{"02", "01", "00"}},
		{statistics.Filter{Sort: statistics.ByFacility}, []string{"01", "00", "02"}},
		{statistics.Filter{Sort: statistics.ByText, Down: true}, []string{"02", "01", "00"}},
		{statistics.Filter{Sort: statistics.ByDiscrimination}, []string{"00", "01", "02"}},
	} {
		if diff := cmp.Diff(c.want, ids(c.filter)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.filter, diff)
		}
	}
}

// Answers are counted when something changed, and not with every page.
func TestAnswersAreCountedOnceUntilSomethingChanges(t *testing.T) {
	s := newSite(t, many(1)...)
	look := func() *statistics.Bank {
		b, err := s.service.Bank(ctx, s.ann, "ours", statistics.Filter{})
		must(t, err)
		return b
	}
	look()
	look()
	if s.reads != 1 {
		t.Errorf("two looks read the answers %d times", s.reads)
	}
	s.gave(t, "new", s.asked(t, "ours-00"), "A", 1)
	s.mark = "2"
	if b := look(); b.Answers != 1 || b.Renewing || s.reads != 2 {
		t.Errorf("after a test ended: %d answers, read %d times", b.Answers, s.reads)
	}
}

// Where counting takes long, the figures last counted are shown meanwhile.
func TestSlowCountingGoesOnBehindTheScenes(t *testing.T) {
	s := newSite(t, many(1)...)
	s.each = func() { s.Clock.Advance(time.Minute) }
	look := func() *statistics.Bank {
		b, err := s.service.Bank(ctx, s.ann, "ours", statistics.Filter{})
		must(t, err)
		return b
	}
	look()
	s.gave(t, "new", s.asked(t, "ours-00"), "A", 1)
	s.mark = "2"
	if b := look(); b.Answers != 0 || !b.Renewing {
		t.Errorf("while counting goes on: %d answers, renewing %v", b.Answers, b.Renewing)
	}
	s.service.Close()
	if b := look(); b.Answers != 1 || b.Renewing {
		t.Errorf("when it is done: %d answers, renewing %v", b.Answers, b.Renewing)
	}
}

// Groups are compared from a hundred people on either side on.
func TestGroupsAreComparedWhereThereAreEnough(t *testing.T) {
	s := newSite(t, many(8)...)
	var questions []*exam.Question
	for _, q := range many(8) {
		questions = append(questions, s.asked(t, q.ID))
	}
	s.learners(t, 260, questions, byKey)
	for i := range s.list {
		if person := i / len(questions); person%2 == 0 {
			s.list[i].Targets = []exam.Code{"AIF-C01"}
		}
	}
	d, err := s.service.Question(ctx, s.ann, "ours-03")
	must(t, err)
	if len(d.Groups) != 2 || len(d.Small) != 0 || d.Groups[0].Focal != 130 || d.Groups[0].Others != 130 {
		t.Fatalf("groups %+v, too small %+v", d.Groups, d.Small)
	}
	if d.Groups[0].Class != itemstats.Negligible {
		t.Errorf("groups that answer alike differ: %+v", d.Groups[0])
	}
	s.list = s.list[:120*len(questions)]
	if d, err = s.service.Question(ctx, s.ann, "ours-03"); err != nil || len(d.Groups) != 0 || len(d.Small) != 2 {
		t.Errorf("of 120 people: groups %+v, too small %+v, error %v", d.Groups, d.Small, err)
	}
}
