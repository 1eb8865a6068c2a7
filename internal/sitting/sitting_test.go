package sitting_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var ctx = context.Background()

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Fatalf("got error %v, want one of kind %s", err, kind)
	}
}

func answers(t *testing.T, a *testkit.App, id sitting.ID) []sitting.Given {
	t.Helper()
	given, err := a.Store.Answers(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return given
}

func reopen(t *testing.T, a *testkit.App, s *sitting.Sitting) *sitting.Sitting {
	t.Helper()
	again, err := a.Sittings.Open(ctx, s.Person, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// A diagnostic on the bank that ships with the program runs to its end, for
// "which fits me?" and for one exam, and leaves a report and a review.
func TestAFullRun(t *testing.T) {
	app := testkit.NewApp(t, testkit.Embedded(t))
	lib, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	offered := lib.OfferedExams()
	if len(offered) == 0 {
		t.Fatal("the embedded bank offers no exam")
	}
	for name, plan := range map[string]sitting.Plan{
		"fit":      {Fit: true, Length: 24},
		"one exam": {Targets: offered[:1], Length: 12},
	} {
		t.Run(name, func(t *testing.T) {
			p := app.Person(t, account.Guest, "")
			s := app.Start(t, p, plan)
			n := 0
			for s.State.Open() {
				asked := app.Ask(t, s)
				checkAsked(t, lib, asked.Question, s.Plan.Targets)
				s = app.Answer(t, s, n%3 != 0)
				n++
				if s.Seq != n {
					t.Fatalf("after %d answers the sitting is at %d", n, s.Seq)
				}
			}
			if n > plan.Length || n < 8 {
				t.Errorf("ended after %d answers, want 8 to %d", n, plan.Length)
			}
			if s.Why == "" || s.Finished.IsZero() || s.Current != (sitting.Current{}) {
				t.Errorf("the end says nothing of itself: %+v", s)
			}
			given := answers(t, app, s.ID)
			seen := map[exam.QuestionID]bool{}
			for i, g := range given {
				if g.Seq != i || seen[g.Question] {
					t.Errorf("answer %d: sequence %d, question %s (asked before: %t)", i, g.Seq, g.Question, seen[g.Question])
				}
				seen[g.Question] = true
				if want := map[bool]exam.Outcome{true: exam.Right, false: exam.Wrong}[i%3 != 0]; g.Outcome != want {
					t.Errorf("answer %d is %s, want %s", i, g.Outcome, want)
				}
			}
			report, err := app.Sittings.Standing(ctx, p.ID, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if report.Answers != n {
				t.Errorf("the report rests on %d answers, want %d", report.Answers, n)
			}
			reviewed, err := app.Sittings.Review(ctx, s)
			if err != nil || len(reviewed) != n {
				t.Fatalf("review: %d questions, error %v, want %d", len(reviewed), err, n)
			}
			for i, r := range reviewed {
				if r.Question.ID != given[i].Question || r.Question.Revision != given[i].Revision {
					t.Errorf("review %d shows %s, asked was %s", i, r.Question.ID, given[i].Question)
				}
			}
		})
	}
}

// checkAsked makes sure that q serves one of the exams and is in the library.
func checkAsked(t *testing.T, lib *library.Snapshot, q *exam.Question, codes []exam.Code) {
	t.Helper()
	served := testkit.Catalogue(t).Serves(q)
	if !slices.ContainsFunc(codes, func(c exam.Code) bool { _, ok := served[c]; return ok }) {
		t.Errorf("%s was asked and serves none of %v", q.ID, codes)
	}
	if known, ok := lib.Question(q.ID); !ok || known.Revision != q.Revision {
		t.Errorf("%s was asked and is not in the library", q.ID)
	}
}

func TestASittingIsResumedWhereItWas(t *testing.T) {
	clock, dir := testkit.NewClock(), t.TempDir()
	builtin := testkit.Synthetic(t, 1)
	app := testkit.OpenApp(t, builtin, dir, clock)
	p := app.Person(t, account.Guest, "")
	s := app.Start(t, p, sitting.Plan{Fit: true, Length: 12})
	for range 4 {
		s = app.Answer(t, s, true)
	}
	asked := app.Ask(t, s)

	later := testkit.OpenApp(t, builtin, dir, clock) // another process, another day
	clock.Advance(29 * 24 * time.Hour)
	again, err := later.Sittings.Open(ctx, p.ID, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		t.Errorf("the sitting changed while nobody was looking (-was +is):\n%s", diff)
	}
	if diff := cmp.Diff(asked, later.Ask(t, again)); diff != "" {
		t.Errorf("the question changed while nobody was looking (-was +is):\n%s", diff)
	}
	if next := later.Answer(t, again, true); next.Seq != 5 {
		t.Errorf("after going on the sequence is %d, want 5", next.Seq)
	}
}

func TestAnsweringTwiceChangesNothing(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	s := app.Start(t, p, sitting.Plan{Fit: true, Length: 12})
	choice := testkit.Pick(app.Ask(t, s), true)
	moved, err := app.Sittings.Answer(ctx, p.ID, s.ID, 0, choice)
	if err != nil {
		t.Fatal(err)
	}
	before := answers(t, app, s.ID)
	for _, seq := range []int{0, -1, 2, 99} {
		_, err = app.Sittings.Answer(ctx, p.ID, s.ID, seq, sitting.Choice{DontKnow: true})
		wantKind(t, err, fault.KindConflict)
	}
	if diff := cmp.Diff(before, answers(t, app, s.ID)); diff != "" {
		t.Errorf("the answers changed (-was +is):\n%s", diff)
	}
	if diff := cmp.Diff(moved, reopen(t, app, s)); diff != "" {
		t.Errorf("the sitting changed (-was +is):\n%s", diff)
	}
}

func TestAnInvalidAnswerChangesNothing(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	for _, kind := range exam.Types() {
		q := testkit.Question(exam.QuestionID("of-type-"+kind), kind, exam.AWS, "mlops-pipelines")
		s := app.At(t, p, sitting.ID(kind), 7, q)
		for i, choice := range []sitting.Choice{
			{},
			{Selected: []string{"9"}, Order: []string{"9", "1", "2", "3"}, Matches: []string{"9", "1", "2", "3"}, Verdicts: []string{"maybe", "yes", "yes", "yes"}},
			{Selected: []string{"0"}, Order: []string{"1", "1", "2", "3"}, Matches: []string{"x"}, Verdicts: []string{"yes"}},
			{Selected: []string{"1", "2", "3"}, Order: []string{"1"}, Matches: []string{"1"}, Verdicts: []string{""}},
		} {
			_, err := app.Sittings.Answer(ctx, p.ID, s.ID, 0, choice)
			if err == nil || fault.KindOf(err) != fault.KindInvalid || fault.Message(err) == "" {
				t.Errorf("%s, choice %d: error %v, want one that tells the learner what is missing", kind, i, err)
			}
		}
		if diff := cmp.Diff(s, reopen(t, app, s)); diff != "" {
			t.Errorf("%s: the sitting changed (-was +is):\n%s", kind, diff)
		}
		if next := app.Answer(t, s, true); next.Seq != 1 {
			t.Errorf("%s: a complete answer is not taken", kind)
		}
	}
}

func TestASittingBelongsToOnePerson(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	owner, other := app.Person(t, account.Guest, ""), app.Person(t, account.Admin, "admin@example.org")
	s := app.Start(t, owner, sitting.Plan{Fit: true, Length: 12})

	_, err := app.Sittings.Open(ctx, other.ID, s.ID)
	wantKind(t, err, fault.KindNotFound)
	_, err = app.Sittings.Answer(ctx, other.ID, s.ID, 0, testkit.Pick(app.Ask(t, s), true))
	wantKind(t, err, fault.KindNotFound)
	_, err = app.Sittings.Finish(ctx, other.ID, s.ID)
	wantKind(t, err, fault.KindNotFound)
	_, err = app.Sittings.Open(ctx, owner.ID, "no-such-sitting")
	wantKind(t, err, fault.KindNotFound)

	if diff := cmp.Diff(s, reopen(t, app, s)); diff != "" {
		t.Errorf("somebody else changed the sitting (-was +is):\n%s", diff)
	}
	if list, err := app.Sittings.List(ctx, other.ID); err != nil || len(list) != 0 {
		t.Errorf("somebody else's list holds %d sittings, error %v", len(list), err)
	}
}

func TestPlansThatCannotBeMeasuredAreRefused(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	for name, plan := range map[string]sitting.Plan{
		"no length":         {Fit: true},
		"a length of 13":    {Fit: true, Length: 13},
		"a negative length": {Fit: true, Length: -12},
		"no exam":           {Length: 12},
		"an unknown exam":   {Length: 12, Targets: []exam.Code{"XYZ-1"}},
		"one unknown exam":  {Length: 12, Targets: []exam.Code{"MLA-C02", "XYZ-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := app.Sittings.Start(ctx, p.ID, plan)
			wantKind(t, err, fault.KindInvalid)
		})
	}
	if list, _ := app.Sittings.List(ctx, p.ID); len(list) != 0 {
		t.Errorf("%d sittings were kept all the same", len(list))
	}

	empty := testkit.NewApp(t, bank.New(exam.BuiltIn, nil))
	_, err := empty.Sittings.Start(ctx, empty.Person(t, account.Guest, "").ID, sitting.Plan{Fit: true, Length: 12})
	wantKind(t, err, fault.KindInvalid)
}

func TestTargetsAreKeptSortedAndOnce(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	s := app.Start(t, app.Person(t, account.Guest, ""), sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02", "AIP-C01", "MLA-C02"}})
	if want := []exam.Code{"AIP-C01", "MLA-C02"}; !slices.Equal(s.Plan.Targets, want) {
		t.Errorf("targets %v, want %v", s.Plan.Targets, want)
	}
}

// tryOut publishes a bank that doesn't count.
func tryOut(t *testing.T, app *testkit.App, title string, questions ...*exam.Question) exam.BankID {
	t.Helper()
	return app.Publish(t, title, questions...)
}

// tryOutQuestions makes questions that serve AIP-C01, of all types in turn.
func tryOutQuestions(n int) []*exam.Question {
	var questions []*exam.Question
	for i := range n {
		id := exam.QuestionID("tried-" + string(rune('a'+i)))
		questions = append(questions, testkit.Question(id, exam.Types()[i%len(exam.Types())], exam.Neutral, "rag-grounding"))
	}
	for _, q := range questions {
		q.Domains = map[exam.Code]exam.DomainID{"AIP-C01": "1"}
		testkit.Revise(q)
	}
	return questions
}

func TestABankTriedOutTakesEveryFourthSlotAndCountsForNothing(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	id := tryOut(t, app, "Tried out", tryOutQuestions(6)...)
	p := app.Person(t, account.Guest, "")
	s := app.Start(t, p, sitting.Plan{Length: 24, Targets: []exam.Code{"AIP-C01"}, Pretest: []exam.BankID{id}})
	tried := 0
	for s.State.Open() {
		asked := app.Ask(t, s)
		fromTried := asked.Question.Bank == id
		if fromTried != s.Current.Pretest {
			t.Errorf("slot %d: from the bank tried out %t, marked %t", s.Seq, fromTried, s.Current.Pretest)
		}
		if fromTried {
			tried++
		}
		if fromTried != (s.Seq%4 == 3) {
			t.Errorf("slot %d: asked from the bank tried out: %t", s.Seq, fromTried)
		}
		s = app.Answer(t, s, !fromTried)
	}
	if tried == 0 {
		t.Fatal("the bank was not tried out at all")
	}
	report, err := app.Sittings.Standing(ctx, p.ID, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if report.Answers != s.Seq-tried || report.Banks[id] != 0 {
		t.Errorf("the report rests on %d answers, %d of them tried out; want %d and none", report.Answers, report.Banks[id], s.Seq-tried)
	}

	// The same answers without those tried out measure exactly the same.
	var counted []exam.Response
	for _, g := range answers(t, app, s.ID) {
		if !g.Pretest {
			counted = append(counted, g.Response())
		}
	}
	lib, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	same, err := lib.Model().Report(counted, app.Clock.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(same, report); diff != "" {
		t.Errorf("answers tried out moved the report (-without +with):\n%s", diff)
	}

	// Once the bank counts, what was tried out stays tried out.
	app.SetCounts(t, id, true)
	after, err := app.Sittings.Standing(ctx, p.ID, nil, nil)
	if err != nil || after.Answers != report.Answers {
		t.Errorf("after the bank began to count the report rests on %d answers (error %v), want %d", after.Answers, err, report.Answers)
	}
}

func TestTheKeysOfAnOpenSittingStayHere(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Guest, "")
	s := app.Start(t, p, sitting.Plan{Fit: true, Length: 12})
	s = app.Answer(t, s, true)
	_, err := app.Sittings.Review(ctx, s)
	wantKind(t, err, fault.KindForbidden)

	ended, err := app.Sittings.Finish(ctx, p.ID, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if reviewed, err := app.Sittings.Review(ctx, ended); err != nil || len(reviewed) != 1 {
		t.Errorf("review after the end: %d questions, error %v; want the one answered", len(reviewed), err)
	}
	_, err = app.Sittings.Ask(ctx, ended)
	wantKind(t, err, fault.KindConflict)
	_, err = app.Sittings.Answer(ctx, p.ID, s.ID, 1, sitting.Choice{DontKnow: true})
	wantKind(t, err, fault.KindConflict)
	again, err := app.Sittings.Finish(ctx, p.ID, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(reopen(t, app, s), again); diff != "" {
		t.Errorf("ending twice changed the sitting (-was +is):\n%s", diff)
	}
}

func TestTheOrderOfOptions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]exam.Type{exam.Single, exam.Multiple, exam.Matching, exam.Ordering}).Draw(t, "type")
		n := rapid.IntRange(exam.MinOptions, exam.MaxOptions).Draw(t, "options")
		q := &exam.Question{ID: exam.QuestionID(rapid.StringMatching(`[a-z]{3,9}`).Draw(t, "id")), Type: kind, FixedOrder: rapid.Bool().Draw(t, "fixed")}
		var key []exam.OptionID
		for i := range n {
			id := exam.OptionID(rune('A' + i))
			q.Options = append(q.Options, exam.Option{ID: id, Place: i + 1})
			key = append(key, id)
		}
		s := &sitting.Sitting{Seed: rapid.Uint64().Draw(t, "seed")}
		order := s.Order(q)
		if !slices.Equal(order, s.Order(q)) {
			t.Fatal("the order changes from one look to the next")
		}
		if kind == exam.Ordering && n > 2 && slices.Equal(order, key) {
			t.Fatal("an ordering is shown in its right order")
		}
		if q.FixedOrder && kind != exam.Ordering && !slices.Equal(order, key) {
			t.Fatalf("%v: the author's order isn't kept", order)
		}
		if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, key) {
			t.Fatalf("%v is no permutation of %v", order, key)
		}
	})
}

// If some order were shown more often than others, it would hint at the key.
func TestEveryOrderButTheKeyIsEquallyLikely(t *testing.T) {
	for _, c := range []struct {
		steps, orders int
	}{{2, 2}, {3, 5}} {
		q := &exam.Question{ID: "steps", Type: exam.Ordering}
		for i := range c.steps {
			q.Options = append(q.Options, exam.Option{ID: exam.OptionID(rune('A' + i)), Place: i + 1})
		}
		const sittings = 6000
		count := map[string]int{}
		for seed := range uint64(sittings) {
			s := &sitting.Sitting{Seed: seed}
			var order []string
			for _, id := range s.Order(q) {
				order = append(order, string(id))
			}
			count[strings.Join(order, "")]++
		}
		if len(count) != c.orders {
			t.Errorf("%d steps are shown in %d orders, want %d: %v", c.steps, len(count), c.orders, count)
		}
		for order, n := range count {
			// Six standard deviations either side.
			if want := sittings / c.orders; n < want-200 || n > want+200 {
				t.Errorf("order %s came up %d times in %d, want about %d", order, n, sittings, want)
			}
		}
	}
}

// A bank that changes or is withdrawn in mid-sitting changes nothing about a
// question that was shown.
func TestAQuestionIsJudgedAsItWasShown(t *testing.T) {
	for _, how := range []string{"changed", "withdrawn"} {
		t.Run(how, func(t *testing.T) {
			app := testkit.NewApp(t, testkit.Synthetic(t, 1))
			questions := tryOutQuestions(1)
			id := tryOut(t, app, "Moving", questions...)
			p := app.Person(t, account.Guest, "")
			s := app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"AIP-C01"}, Pretest: []exam.BankID{id}})
			for s.Seq < 3 {
				s = app.Answer(t, s, true)
			}
			shown := app.Ask(t, s)
			if shown.Question.Bank != id {
				t.Fatalf("slot 3 shows %s", shown.Question.ID)
			}
			if how == "changed" {
				changed := *questions[0]
				changed.Stem = "Another text altogether, for the same case."
				changed.Options = slices.Clone(changed.Options)
				changed.Options[0].Key, changed.Options[1].Key = false, true
				tryOut(t, app, "Moving", &changed)
			} else {
				app.Withdraw(t, id)
			}
			s = reopen(t, app, s)
			if diff := cmp.Diff(shown, app.Ask(t, s), ignorePlace()); diff != "" {
				t.Errorf("the question changed in mid-sitting (-shown +now):\n%s", diff)
			}
			s, err := app.Sittings.Answer(ctx, p.ID, s.ID, 3, testkit.Pick(shown, true))
			if err != nil {
				t.Fatal(err)
			}
			if g := answers(t, app, s.ID)[3]; g.Outcome != exam.Right || g.Revision != shown.Question.Revision {
				t.Errorf("the answer that was right when shown is kept as %s of revision %s", g.Outcome, g.Revision)
			}
			s = app.Take(t, s, testkit.Always(true))
			reviewed, err := app.Sittings.Review(ctx, s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(shown, reviewed[3].Asked, ignorePlace()); diff != "" {
				t.Errorf("the review shows another text (-shown +reviewed):\n%s", diff)
			}
		})
	}
}

// ignorePlace leaves out where a question was read from.
func ignorePlace() cmp.Option {
	return cmp.FilterPath(func(p cmp.Path) bool {
		name := p.Last().String()
		return name == ".File" || name == ".Line"
	}, cmp.Ignore())
}

func TestAReportOfAnEndedSittingStands(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Guest, "")
	first := app.Take(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(true))
	before, err := app.Sittings.Standing(ctx, p.ID, first, nil)
	if err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Hour)
	second := app.Take(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(false))
	after, err := app.Sittings.Standing(ctx, p.ID, first, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("a later sitting changed an earlier report (-was +is):\n%s", diff)
	}
	both, err := app.Sittings.Standing(ctx, p.ID, nil, nil)
	if err != nil || both.Answers != first.Seq+second.Seq {
		t.Errorf("overall the standing rests on %d answers (error %v), want %d", both.Answers, err, first.Seq+second.Seq)
	}
	good, _ := before.Exam("MLA-C02")
	mixed, _ := both.Exam("MLA-C02")
	if mixed.PassRaw >= good.PassRaw {
		t.Errorf("twelve wrong answers moved the chance of passing from %.3f to %.3f", good.PassRaw, mixed.PassRaw)
	}
}

func TestAQuestionJustSeenIsNotAskedAgain(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Guest, "")
	seen := map[exam.QuestionID]bool{}
	for n := range 3 {
		s := app.Take(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), testkit.Always(n%2 == 0))
		for _, g := range answers(t, app, s.ID) {
			if seen[g.Question] {
				t.Errorf("sitting %d asks %s again", n+1, g.Question)
			}
			seen[g.Question] = true
		}
		app.Clock.Advance(time.Hour)
	}
}

// Whatever people do, the sequence is the number of kept answers.
func TestTheSequenceCountsTheAnswers(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	lib, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		p := app.Person(t, account.Guest, "")
		plan := sitting.Plan{Length: 12, Targets: []exam.Code{rapid.SampledFrom(lib.OfferedExams()).Draw(r, "exam")}}
		s := app.Start(t, p, plan)
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			if s.State.Ended() {
				break
			}
			seq := s.Seq + rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1}).Draw(r, "offset")
			before := s.Seq
			next, err := app.Sittings.Answer(ctx, p.ID, s.ID, seq, anyChoice(r, app.Ask(t, s)))
			switch kind := fault.KindOf(err); {
			case err == nil:
				if seq != before || next.Seq != before+1 {
					r.Fatalf("an answer to %d at %d led to %d", seq, before, next.Seq)
				}
				s = next
			case kind == fault.KindConflict:
				if seq == before {
					r.Fatalf("an answer to the question shown conflicts: %v", err)
				}
			case kind != fault.KindInvalid:
				r.Fatalf("an answer failed: %v", err)
			}
			if kept := reopen(t, app, s); kept.Seq != len(answers(t, app, s.ID)) || kept.Seq != s.Seq {
				r.Fatalf("the sitting is at %d with %d answers", kept.Seq, len(answers(t, app, s.ID)))
			}
		}
	})
}

func anyChoice(r *rapid.T, asked sitting.Asked) sitting.Choice {
	switch rapid.IntRange(0, 3).Draw(r, "kind of choice") {
	case 0:
		return sitting.Choice{DontKnow: true}
	case 1:
		return testkit.Pick(asked, rapid.Bool().Draw(r, "right"))
	}
	place := rapid.SampledFrom([]string{"", "1", "2", "3", "4", "5", "-1", "x"})
	list := rapid.SliceOfN(place, 0, 5)
	return sitting.Choice{
		Selected: list.Draw(r, "selected"), Order: list.Draw(r, "order"), Matches: list.Draw(r, "matches"),
		Verdicts: rapid.SliceOfN(rapid.SampledFrom([]string{"", "yes", "no", "maybe"}), 0, 5).Draw(r, "verdicts"),
	}
}

func TestAStandingWithoutAnswersIsTooEarly(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	report, err := app.Sittings.Standing(ctx, app.Person(t, account.Guest, "").ID, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range report.Exams {
		if e.Verdict != readiness.TooEarly {
			t.Errorf("%s without any answer is %s", e.Code, e.Verdict)
		}
	}
}
