package sitting_test

import (
	"slices"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
	"sextant/internal/study"
	"sextant/internal/testkit"
)

func practise(t *testing.T, app *testkit.App, p *account.Person, sel sitting.Selection, length int) *sitting.Sitting {
	t.Helper()
	s, err := app.Sittings.StartPractice(ctx, p.ID, sel, length)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sure answers the question that s is at, and says how sure.
func sure(t *testing.T, app *testkit.App, s *sitting.Sitting, right bool, confidence study.Confidence) *sitting.Sitting {
	t.Helper()
	app.Clock.Advance(time.Minute)
	choice := testkit.Pick(app.Ask(t, s), right)
	choice.Confidence = confidence
	s, err := app.Sittings.Answer(ctx, s.Person, s.ID, s.Seq, choice)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAPracticeAsksWhatWasChosen(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "p@example.org")
	sel := sitting.Selection{
		Exam: "MLA-C02", Source: sitting.FromUnseen, Domains: []exam.DomainID{"1", "2"},
		Types: []exam.Type{exam.Single, exam.Multiple}, Difficulties: []int{2, 3, 4},
	}
	s := practise(t, app, p, sel, 10)
	if s.Mode != sitting.Practice || s.Plan.Length != 10 || !slices.Equal(s.Plan.Targets, []exam.Code{"MLA-C02"}) {
		t.Fatalf("began %+v", s)
	}
	asked := map[exam.QuestionID]bool{}
	for s.State.Open() {
		q := app.Ask(t, s).Question
		domain := testkit.Catalogue(t).Serves(q)["MLA-C02"]
		if asked[q.ID] || !slices.Contains(sel.Domains, domain) || !slices.Contains(sel.Types, q.Type) || !slices.Contains(sel.Difficulties, q.Difficulty) {
			t.Errorf("asked %s: domain %q, %s, difficulty %d", q.ID, domain, q.Type, q.Difficulty)
		}
		asked[q.ID] = true
		s = app.Answer(t, reopen(t, app, s), true) // as another device has it
	}
	if len(asked) != 10 {
		t.Errorf("%d questions, want 10", len(asked))
	}
	again := practise(t, app, p, sel, 10)
	for _, q := range again.Queue {
		if asked[q.Question] {
			t.Errorf("%s is no longer unseen", q.Question)
		}
	}
}

func TestMissedAndFlaggedComeFromWhatIsKnown(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "p@example.org")
	s := practise(t, app, p, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
	first := s.Current.Question
	s = app.Answer(t, s, false)
	if err := app.Sittings.SaveMark(ctx, p.ID, s.ID, 0, sitting.Mark{Flagged: true, Note: " a thought "}); err != nil {
		t.Fatal(err)
	}
	app.Take(t, s, testkit.Always(true))
	for _, source := range []sitting.Source{sitting.FromMissed, sitting.FromFlagged} {
		stock, err := app.Sittings.Stock(ctx, p.ID, sitting.Selection{Exam: "MLA-C02"})
		if err != nil || stock[source] != 1 {
			t.Fatalf("%s has %d questions, error %v; want 1", source, stock[source], err)
		}
		again := practise(t, app, p, sitting.Selection{Source: source}, 5)
		if again.Plan.Length != 1 || again.Current.Question != first {
			t.Errorf("%s asks %v, want %s alone", source, again.Queue, first)
		}
		if mark, err := app.Sittings.MarkOf(ctx, p.ID, first); err != nil || mark.Note != "a thought" || !mark.Flagged {
			t.Errorf("the mark is %+v, error %v", mark, err)
		}
	}
	// Right at last, it is missed no more.
	app.Take(t, practise(t, app, p, sitting.Selection{Source: sitting.FromMissed}, 5), testkit.Always(true))
	_, err := app.Sittings.StartPractice(ctx, p.ID, sitting.Selection{Source: sitting.FromMissed}, 5)
	wantKind(t, err, fault.KindInvalid)
}

// An open diagnostic's misses are told neither by what can be practised nor by
// what is due.
func TestAnOpenDiagnosticTellsPracticeNothing(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "p@example.org")
	s := app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
	for range 6 {
		s = app.Answer(t, s, false)
	}
	stock := func() (missed, cards int) {
		t.Helper()
		stock, err := app.Sittings.Stock(ctx, p.ID, sitting.Selection{})
		if err != nil {
			t.Fatal(err)
		}
		schedule, err := app.Sittings.Schedule(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		return stock[sitting.FromMissed], len(schedule.Cards)
	}
	if missed, cards := stock(); missed != 0 || cards != 0 {
		t.Errorf("while it is open %d are missed and %d have cards", missed, cards)
	}
	if _, err := app.Sittings.Finish(ctx, p.ID, s.ID); err != nil {
		t.Fatal(err)
	}
	if missed, cards := stock(); missed != 6 || cards != 6 {
		t.Errorf("after its end %d are missed and %d have cards, want 6", missed, cards)
	}
}

// What an open test is asking is neither drawn nor, if it was drawn before, asked.
func TestAPracticeKeepsAwayFromOpenTests(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "p@example.org")
	sel := sitting.Selection{Exam: "MLA-C02", Source: sitting.FromUnseen, Domains: []exam.DomainID{"1"}}
	before := practise(t, app, p, sel, 5)
	before = app.Answer(t, before, true)

	library, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var form []*exam.Question
	for _, queued := range before.Queue[3:] {
		q, _ := library.Question(queued.Question)
		form = append(form, q)
	}
	running := app.ExamOf(t, p, "the-exam", false, form...)
	for before.State.Open() {
		for _, place := range running.Form.Places {
			if before.Current.Question == place.Question {
				t.Errorf("%s is asked while the exam asks it", place.Question)
			}
		}
		before = app.Answer(t, before, true)
	}
	if before.Seq != 3 || before.Why == "" {
		t.Errorf("it ended after %d answers (%q), want 3", before.Seq, before.Why)
	}
	for _, queued := range practise(t, app, p, sel, 20).Queue {
		if slices.ContainsFunc(form, func(q *exam.Question) bool { return q.ID == queued.Question }) {
			t.Errorf("%s was drawn while the exam asks it", queued.Question)
		}
	}
}

// First answers of practice measure from the moment they are told about; repeats
// never do.
func TestPracticeMeasuresFirstAnswersAtOnce(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "p@example.org")
	counted := func() int {
		t.Helper()
		report, err := app.Sittings.Standing(ctx, p.ID, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return report.Answers
	}
	s := practise(t, app, p, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
	for n := 1; s.State.Open(); n++ {
		s = app.Answer(t, s, false)
		if got := counted(); got != n {
			t.Errorf("after %d answers %d measure", n, got)
		}
	}
	app.Take(t, practise(t, app, p, sitting.Selection{Source: sitting.FromMissed}, 5), testkit.Always(true))
	if got := counted(); got != 5 {
		t.Errorf("after repeats %d answers measure, want 5", got)
	}
}

// What was missed or not sure comes back on the next day at the earliest, as
// another question on the same skill, whose answer moves the same card. The bank
// has so many of each skill that a practice of five can't have used them up.
func TestReviewComesBackInOtherWords(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 8))
	p := app.Person(t, account.Learner, "p@example.org")
	s := practise(t, app, p, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
	missed, unsure := s.Queue[0].Question, s.Queue[1].Question
	s = sure(t, app, s, false, study.Sure)
	s = sure(t, app, s, true, study.Unsure)
	for s.State.Open() {
		s = sure(t, app, s, true, study.Sure)
	}
	due := func() []exam.QuestionID {
		t.Helper()
		schedule, err := app.Sittings.Schedule(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		var ids []exam.QuestionID
		for _, c := range schedule.Due {
			ids = append(ids, c.Question)
		}
		slices.Sort(ids)
		return ids
	}
	if got := due(); len(got) != 0 {
		t.Errorf("due on the same day: %v", got)
	}
	app.Clock.Advance(10 * 24 * time.Hour)
	want := []exam.QuestionID{missed, unsure}
	slices.Sort(want)
	if got := due(); !slices.Equal(got, want) {
		t.Fatalf("due later: %v, want %v", got, want)
	}
	review := practise(t, app, p, sitting.Selection{Source: sitting.FromDue}, 20)
	library, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, queued := range review.Queue {
		asked, _ := library.Question(queued.Question)
		due, _ := library.Question(queued.InPlaceOf)
		if queued.InPlaceOf == "" || asked.Skill != due.Skill || asked.Platform != due.Platform {
			t.Errorf("%+v is no stand-in", queued)
		}
	}
	app.Take(t, review, testkit.Always(true))
	if got := due(); len(got) != 0 {
		t.Errorf("after the review %v are still due", got)
	}
	for _, g := range answers(t, app, review.ID) {
		if g.InPlaceOf == "" {
			t.Errorf("the answer to %s doesn't say what it stood in for", g.Question)
		}
	}
}

func TestOnlyPracticeAsksHowSureOneIs(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "p@example.org")
	diagnostic := sure(t, app, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), true, study.Sure)
	if given := answers(t, app, diagnostic.ID); given[0].Confidence != study.Unstated {
		t.Errorf("a diagnostic kept %q", given[0].Confidence)
	}
	s := practise(t, app, p, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
	s = sure(t, app, s, true, study.Guess)
	if given := answers(t, app, s.ID); given[0].Confidence != study.Guess {
		t.Errorf("practice kept %q", given[0].Confidence)
	}
	choice := testkit.Pick(app.Ask(t, s), true)
	choice.Confidence = "certain"
	_, err := app.Sittings.Answer(ctx, p.ID, s.ID, s.Seq, choice)
	wantKind(t, err, fault.KindInvalid)
	app.Clock.Advance(time.Minute)
	s, err = app.Sittings.Answer(ctx, p.ID, s.ID, s.Seq, sitting.Choice{DontKnow: true, Confidence: study.Sure})
	if err != nil {
		t.Fatal(err)
	}
	if given := answers(t, app, s.ID); given[1].Confidence != study.Unstated {
		t.Errorf("not knowing was kept as %q", given[1].Confidence)
	}
}

// One practice is open at a time: what was answered in the one before is kept.
func TestBeginningAPracticeEndsTheOneBefore(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "p@example.org")
	diagnostic := app.Answer(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), true)
	sel := sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}
	before := app.Answer(t, practise(t, app, p, sel, 5), true)
	practise(t, app, p, sel, 5)
	if s := reopen(t, app, before); s.State.Open() || s.Seq != 1 || s.Why == "" {
		t.Errorf("the practice before is %+v", s)
	}
	if s := reopen(t, app, diagnostic); s.State.Ended() {
		t.Error("the diagnostic ended as well")
	}
}
