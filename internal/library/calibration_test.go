package library_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/calibrate"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// harder is how much harder every third question of a class is than its label.
const harder = 1.5

// class is the answers of learners to the first questions of a bank, from a
// moment on. Every third question is harder than its author thought.
func class(t *testing.T, a *testkit.App, name string, learners int, from time.Time) []library.Answer {
	t.Helper()
	s, err := a.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	labels, err := s.ModelAt(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(uint64(learners), 7))
	const asked = 12
	var answers []library.Answer
	for l := range learners {
		theta := random.NormFloat64()
		for i, it := range labels.Items()[:asked] {
			b := it.Curve.B
			if i%3 == 0 {
				b += harder
			}
			outcome := exam.Wrong
			if random.Float64() < it.Curve.C+(1-it.Curve.C)/(1+math.Exp(b-theta)) {
				outcome = exam.Right
			}
			answers = append(answers, library.Answer{
				Learner: fmt.Sprintf("%s-%03d", name, l), Question: it.ID, Outcome: outcome,
				At: from.Add(time.Duration(i) * time.Minute), Took: 40 * time.Second,
			})
		}
	}
	return answers
}

func calibrated(t *testing.T, a *testkit.App, answers []library.Answer) *library.Calibration {
	t.Helper()
	c, err := a.Library.Calibrate(ctx, answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func apply(t *testing.T, a *testkit.App, c *library.Calibration) int {
	t.Helper()
	number, err := a.Library.Apply(ctx, c, "")
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func model(t *testing.T, a *testkit.App) *readiness.Model {
	t.Helper()
	s, err := a.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s.Model()
}

func TestCalibrationComesIntoUseAndIsUndone(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	labels := model(t, a)
	answers := class(t, a, "first", 150, a.Clock.Now())
	c := calibrated(t, a, answers)
	if err := c.Refusal(); err != nil {
		t.Fatal(err)
	}
	if number := apply(t, a, c); number != 1 {
		t.Errorf("the first version is %d", number)
	}
	m := model(t, a)
	if m.Version() != 1 || m.Calibrated() != 12 {
		t.Errorf("version %d with %d questions calibrated is in use, want 1 with 12", m.Version(), m.Calibrated())
	}
	for i, it := range m.Items()[:12] {
		move := it.Curve.B - labels.Items()[i].Curve.B
		if i%3 == 0 && move < harder/2 {
			t.Errorf("%s is %.1f logits harder than its label and was moved by %.2f", it.ID, harder, move)
		}
	}
	if m.Items()[12].Curve.B != labels.Items()[12].Curve.B {
		t.Error("a question without answers moved")
	}

	// Another process finds it too.
	b := testkit.OpenApp(t, a.Bank, a.Dir, a.Clock)
	if got := model(t, b); got.Version() != 1 || got.Items()[0].Curve.B != m.Items()[0].Curve.B {
		t.Error("the version is not what was kept")
	}

	for want, kind := range []fault.Kind{"", fault.KindConflict} {
		number, err := a.Library.UndoCalibration(ctx, "")
		if want == 0 && (err != nil || number != 0 || model(t, a).Version() != 0) {
			t.Errorf("undoing led to version %d: %v", number, err)
		}
		if want == 1 {
			wantKind(t, err, kind)
		}
	}
}

func TestSittingKeepsTheParametersItBeganWith(t *testing.T) {
	if testing.Short() {
		t.Skip("calibrates on many answers: runs without -short")
	}
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	plan := sitting.Plan{Targets: []exam.Code{"MLA-C02"}, Length: 12}
	before := a.Take(t, a.Start(t, p, plan), testkit.Always(true))
	first, err := a.Sittings.Standing(ctx, p.ID, before, nil)
	if err != nil {
		t.Fatal(err)
	}
	open := a.Start(t, p, plan)

	// Everything asked turns out to be easier than labelled.
	var answers []library.Answer
	for l := range 120 {
		for i, it := range model(t, a).Items()[:40] {
			outcome := exam.Right
			if (l+i)%9 == 0 {
				outcome = exam.Wrong
			}
			answers = append(answers, library.Answer{Learner: fmt.Sprint(l), Question: it.ID, Outcome: outcome, At: a.Clock.Now()})
		}
	}
	apply(t, a, calibrated(t, a, answers))

	again, err := a.Sittings.Standing(ctx, p.ID, before, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("a calibration moved the report of a sitting scored before it (-then +now):\n%s", diff)
	}
	now, err := a.Sittings.Standing(ctx, p.ID, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if cmp.Equal(first, now) {
		t.Error("the present standing is not measured with the parameters in use")
	}
	if done := a.Take(t, open, testkit.Always(false)); done.Parameters != 0 {
		t.Errorf("a sitting begun with labels ended with version %d", done.Parameters)
	}
	if next := a.Start(t, p, plan); next.Parameters != 1 {
		t.Errorf("a sitting begun now has version %d, want 1", next.Parameters)
	}
}

func TestCalibrationIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("calibrates on many answers: runs without -short")
	}
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	refused := func(c *library.Calibration) {
		t.Helper()
		wantKind(t, c.Refusal(), fault.KindConflict)
		_, err := a.Library.Apply(ctx, c, "")
		wantKind(t, err, fault.KindConflict)
		if got := model(t, a).Version(); got > 1 {
			t.Errorf("version %d came into use", got)
		}
	}
	refused(calibrated(t, a, class(t, a, "few", 20, a.Clock.Now()))) // no question has 30 answers
	refused(calibrated(t, a, class(t, a, "few", 40, a.Clock.Now()))) // eight to hold out

	good := calibrated(t, a, class(t, a, "first", 150, a.Clock.Now()))
	worse := *good
	worse.Held = &calibrate.HeldOut{Learners: 30, Answers: 360, Before: 0.6, After: 0.6001}
	refused(&worse)

	if _, err := a.Library.Calibrate(ctx, nil, nil); err == nil {
		t.Error("nothing was calibrated from no answers")
	}
	apply(t, a, good)
	_, err := a.Library.Apply(ctx, good, "") // made against labels, which are no longer in use
	wantKind(t, err, fault.KindConflict)

	// The next needs learners whom version 1 has not seen.
	a.Clock.Advance(time.Hour)
	old := class(t, a, "first", 150, testkit.Today)
	refused(calibrated(t, a, old))
	next := calibrated(t, a, append(old, class(t, a, "second", 100, a.Clock.Now())...))
	if next.Held == nil || next.Held.Learners != 50 || !next.Fresh {
		t.Fatalf("checked on %+v, want every second of the hundred new learners", next.Held)
	}
}

func TestAnswersToAnEarlierWordingDontCalibrate(t *testing.T) {
	built := testkit.Synthetic(t, 1)
	a := testkit.NewApp(t, built)
	answers := class(t, a, "first", 150, a.Clock.Now())
	for i := range answers {
		q, _ := find(built, answers[i].Question)
		answers[i].Revision = q.Revision
		if answers[i].Question == built.Questions[3].ID {
			answers[i].Revision = "as it was"
		}
	}
	c := calibrated(t, a, answers)
	if c.Reworded != 150 {
		t.Errorf("%d answers to an earlier wording left out, want 150", c.Reworded)
	}
	apply(t, a, c)

	// A question reworded after the calibration is measured by its label again.
	changed := *built.Questions[0]
	changed.Ask = "Which is it, said otherwise?"
	testkit.Revise(&changed)
	others := append([]*exam.Question{&changed}, built.Questions[1:]...)
	b := testkit.OpenApp(t, bank.New(exam.BuiltIn, others), a.Dir, a.Clock)
	if was, now := model(t, a).Calibrated(), model(t, b).Calibrated(); was != 11 || now != 10 {
		t.Errorf("%d questions are calibrated, and %d after one was reworded; want 11 and 10", was, now)
	}
}

func find(b *bank.Bank, id exam.QuestionID) (*exam.Question, bool) {
	for _, q := range b.Questions {
		if q.ID == id {
			return q, true
		}
	}
	return nil, false
}

func TestAnswersOfEndedSittingsAreCalibratedFrom(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	plan := sitting.Plan{Targets: []exam.Code{"MLA-C02"}, Length: 12}
	done := a.Take(t, a.Start(t, p, plan), testkit.Always(true))
	open := a.Start(t, p, plan)
	a.Answer(t, open, true)
	answers, err := a.Store.AllAnswers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(answers) != done.Seq+1 || !answers[done.Seq].Exposure {
		t.Fatalf("%d answers, want the %d of the sitting that ended and one that is only an exposure", len(answers), done.Seq)
	}
	for _, one := range answers[:done.Seq] {
		q, ok := find(a.Bank, one.Question)
		if !ok || one.Revision != q.Revision || one.Learner != string(p.ID) || one.Outcome != exam.Right || one.Took != 30*time.Second {
			t.Errorf("kept as %+v", one)
		}
	}
}

func TestDriftIsPointedOut(t *testing.T) {
	if testing.Short() {
		t.Skip("calibrates on many answers: runs without -short")
	}
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	apply(t, a, calibrated(t, a, class(t, a, "first", 200, a.Clock.Now())))
	a.Clock.Advance(time.Hour)
	later := class(t, a, "second", 300, a.Clock.Now())
	leaked := later[5].Question
	for i := range later {
		if later[i].Question == leaked {
			later[i].Outcome = exam.Right
		}
	}
	c := calibrated(t, a, later)
	if len(c.Drifted) != 1 || c.Drifted[0].ID != leaked || c.Drifted[0].After >= c.Drifted[0].Before {
		t.Errorf("a question that everybody gets right now: %+v", c.Drifted)
	}
}
