package sitting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
	"sextant/internal/sitting"
	"sextant/internal/study"
	"sextant/internal/testkit"
)

// entriesOf are the questions of a finished sitting as they are looked back at.
func entriesOf(t *testing.T, app *testkit.App, s *sitting.Sitting) []sitting.Entry {
	t.Helper()
	entries, err := app.Sittings.Entries(ctx, reopen(t, app, s))
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// which are the places of the entries of a kind.
func which(entries []sitting.Entry, a sitting.Aspect) []int {
	var places []int
	for i := range entries {
		if entries[i].Is(a) {
			places = append(places, entries[i].Seq)
		}
	}
	return places
}

// leftAs takes a mock exam of five questions: right, wrong, blank, right and
// flagged, wrong with a note.
func leftAs(t *testing.T, app *testkit.App, p *account.Person, questions []*exam.Question) *sitting.Sitting {
	t.Helper()
	sit := app.ExamOf(t, p, "exam", false, questions[:5]...)
	b := newTab("one")
	b.add(sitting.Event{Kind: sitting.Claimed})
	for i, right := range map[int]bool{0: true, 1: false, 3: true, 4: false} {
		choice := testkit.Pick(sitting.Asked{Question: questions[i], Order: sit.Order(questions[i])}, right)
		b.add(sitting.Event{Kind: sitting.Answered, Place: i, Choice: &choice})
	}
	b.add(sitting.Event{Kind: sitting.Flagged, Place: 3, On: true})
	b.add(sitting.Event{Kind: sitting.Noted, Place: 4, Text: "look up"})
	b.add(sitting.Event{Kind: sitting.Submitted})
	mustSend(t, b, app, p)
	return sit
}

func TestWhatAnExamIsLookedBackAtBy(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "ada@example.org")
	sit := leftAs(t, app, p, someQuestions(t, 5))
	entries := entriesOf(t, app, sit)
	for aspect, want := range map[sitting.Aspect][]int{
		sitting.AspectAll: {0, 1, 2, 3, 4}, sitting.AspectMissed: {1, 2, 4}, sitting.AspectWrong: {1, 4},
		sitting.AspectUnanswered: {2}, sitting.AspectUnsure: nil, sitting.AspectFlagged: {3}, sitting.AspectUnscored: nil,
	} {
		if got := which(entries, aspect); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", aspect, got, want)
		}
	}
	if entries[4].Mark.Note != "look up" {
		t.Errorf("the note is %q", entries[4].Mark.Note)
	}
	if which(entries, "no such kind") != nil {
		t.Error("an unknown kind has questions")
	}
}

// Of a question that another test asks just now, nothing is told but one's own flag.
func TestAWithheldQuestionIsOfNoKind(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "ada@example.org")
	questions := someQuestions(t, 6)
	sit := leftAs(t, app, p, questions)
	app.ExamOf(t, p, "another", false, questions[1], questions[3])
	entries := entriesOf(t, app, sit)
	for aspect, want := range map[sitting.Aspect][]int{
		sitting.AspectAll: {0, 1, 2, 3, 4}, sitting.AspectMissed: {2, 4}, sitting.AspectWrong: {4}, sitting.AspectFlagged: {3},
	} {
		if got := which(entries, aspect); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", aspect, got, want)
		}
	}
	retaken, err := app.Sittings.StartRetake(ctx, p.ID, sit.ID, sitting.AspectMissed, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, queued := range retaken.Queue {
		if queued.Question == questions[1].ID || queued.InPlaceOf == questions[1].ID {
			t.Errorf("%+v tells that a withheld question was missed", queued)
		}
	}
}

func TestUnsureAnswersOfPracticeAreToPractiseAgain(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "ada@example.org")
	s := practise(t, app, p, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
	for _, given := range []struct {
		right bool
		said  study.Confidence
	}{{true, study.Sure}, {true, study.Unsure}, {true, study.Guess}, {false, study.Sure}, {true, study.Unstated}} {
		s = sure(t, app, s, given.right, given.said)
	}
	entries := entriesOf(t, app, s)
	if got := which(entries, sitting.AspectUnsure); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("unsure of %v, want 1 and 2", got)
	}
	if got := which(entries, sitting.AspectMissed); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("to practise again %v, want 1, 2 and 3", got)
	}
}

func queued(s *sitting.Sitting) (asked, inPlaceOf []exam.QuestionID) {
	for _, q := range s.Queue {
		asked, inPlaceOf = append(asked, q.Question), append(inPlaceOf, q.InPlaceOf)
	}
	return asked, inPlaceOf
}

func TestPractisingWhatWasMissed(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "ada@example.org")
	var questions []*exam.Question
	for i, q := range testkit.Synthetic(t, 3).Questions {
		if i%3 == 0 { // the first of three on its skill
			questions = append(questions, q)
		}
	}
	sit := leftAs(t, app, p, questions)
	missed := []exam.QuestionID{questions[1].ID, questions[2].ID, questions[4].ID}

	again, err := app.Sittings.StartRetake(ctx, p.ID, sit.ID, sitting.AspectMissed, false)
	if err != nil {
		t.Fatal(err)
	}
	if asked, _ := queued(again); !slices.Equal(asked, missed) || again.Plan.Length != 3 || again.Plan.Practice.Exam != "MLA-C02" {
		t.Errorf("it asks %v of %+v, want %v", asked, again.Plan, missed)
	}
	app.Take(t, again, testkit.Always(true))

	// With siblings: another question on each one's skill and platform.
	others, err := app.Sittings.StartRetake(ctx, p.ID, sit.ID, sitting.AspectMissed, true)
	if err != nil {
		t.Fatal(err)
	}
	asked, inPlaceOf := queued(others)
	if !slices.Equal(inPlaceOf, missed) {
		t.Errorf("it asks in place of %v, want %v", inPlaceOf, missed)
	}
	library, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range asked {
		q, _ := library.Question(id)
		was, _ := library.Question(missed[i])
		if slices.Contains(missed, id) || q.Skill != was.Skill || q.Platform != was.Platform {
			t.Errorf("%s stands in for %s", id, missed[i])
		}
	}
	if s := reopen(t, app, again); s.State.Open() {
		t.Error("two practices are open")
	}
	if flagged, err := app.Sittings.StartRetake(ctx, p.ID, sit.ID, sitting.AspectFlagged, false); err != nil || flagged.Queue[0].Question != questions[3].ID {
		t.Errorf("the flagged one: %v", err)
	}
}

// A missed question that another test asks is neither asked nor told of; one that is
// no longer in use gives way to a sibling.
func TestARetakeAsksOnlyWhatCanBeAsked(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1)) // one question of a kind: there are no siblings
	p := app.Person(t, account.Learner, "ada@example.org")
	withdrawn := testkit.Question("withdrawn", exam.Single, exam.AWS, "mlops-pipelines")
	sit := app.ExamOf(t, p, "exam", false, withdrawn)
	b := newTab("one")
	b.add(sitting.Event{Kind: sitting.Claimed})
	b.add(sitting.Event{Kind: sitting.Submitted})
	mustSend(t, b, app, p)
	again, err := app.Sittings.StartRetake(ctx, p.ID, sit.ID, sitting.AspectMissed, false)
	if err != nil {
		t.Fatal(err)
	}
	if asked, inPlaceOf := queued(again); len(asked) != 1 || inPlaceOf[0] != "withdrawn" || !strings.HasPrefix(string(asked[0]), "syn-aws-mlops-pipelines") {
		t.Errorf("asked %v in place of %v", asked, inPlaceOf)
	}
}

func TestWhoMayRetakeWhat(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "ada@example.org")
	other := app.Person(t, account.Learner, "eve@example.org")
	open := app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
	open = app.Answer(t, open, false)
	_, err := app.Sittings.StartRetake(ctx, p.ID, open.ID, sitting.AspectMissed, false)
	wantKind(t, err, fault.KindForbidden)
	done := app.Take(t, open, testkit.Always(true))
	_, err = app.Sittings.StartRetake(ctx, other.ID, done.ID, sitting.AspectMissed, false)
	wantKind(t, err, fault.KindNotFound)
	_, err = app.Sittings.StartRetake(ctx, p.ID, done.ID, sitting.AspectFlagged, false)
	wantKind(t, err, fault.KindInvalid)
	if s, err := app.Sittings.StartRetake(ctx, p.ID, done.ID, sitting.AspectMissed, false); err != nil || s.Plan.Length != 1 {
		t.Errorf("retaking the one that was missed: %v", err)
	}
}

// Marks and reports are for what one has been told about: any answer of practice,
// and everything of a test that has ended.
func TestRemarksOnEveryFinishedSitting(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	p := app.Person(t, account.Learner, "ada@example.org")
	other := app.Person(t, account.Learner, "eve@example.org")
	questions := testkit.Synthetic(t, 2).Questions
	diagnostic := app.Answer(t, app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), false)
	mark := sitting.Mark{Flagged: true, Note: "why?"}
	try := func(who account.PersonID, id sitting.ID, seq int) [2]error {
		return [2]error{app.Sittings.SaveMark(ctx, who, id, seq, mark), app.Sittings.ReportProblem(ctx, who, id, seq, "B is right too.")}
	}
	for _, err := range try(p.ID, diagnostic.ID, 0) {
		wantKind(t, err, fault.KindForbidden)
	}
	if _, err := app.Sittings.Finish(ctx, p.ID, diagnostic.ID); err != nil {
		t.Fatal(err)
	}
	mock := leftAs(t, app, p, questions)
	practice := app.Answer(t, practise(t, app, p, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5), true)
	for _, id := range []sitting.ID{diagnostic.ID, mock.ID, practice.ID} {
		for _, err := range try(other.ID, id, 0) {
			wantKind(t, err, fault.KindNotFound)
		}
		for _, err := range try(p.ID, id, 0) {
			if err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		for _, seq := range []int{-1, 1000} {
			for _, err := range try(p.ID, id, seq) {
				if kind := fault.KindOf(err); err == nil || kind != fault.KindNotFound && kind != fault.KindForbidden {
					t.Errorf("%s, answer %d: %v", id, seq, err)
				}
			}
		}
	}
	problems, err := app.Store.Problems(ctx)
	if err != nil || len(problems) != 3 {
		t.Fatalf("%d reports are kept, error %v; want 3", len(problems), err)
	}
	if got := which(entriesOf(t, app, mock), sitting.AspectFlagged); !slices.Contains(got, 0) {
		t.Errorf("flagged afterwards: %v", got)
	}
}

func TestThePaceOfAnExam(t *testing.T) {
	end := testkit.Today
	spent := func(seconds ...float64) []sitting.Given {
		var given []sitting.Given
		for _, s := range seconds {
			given = append(given, sitting.Given{
				Shown: end.Add(-time.Duration(s * float64(time.Second))), At: end, Answer: exam.Answer{Selected: []exam.OptionID{"A"}},
			})
		}
		return given
	}
	blank := spent(3)
	blank[0].Answer = exam.Answer{}
	cases := []struct {
		name             string
		minutes          int
		multiplier       float64
		given            []sitting.Given
		average, allowed time.Duration
		slow, quick      []int
	}{
		{"steady", 4, 1, spent(50, 60, 55, 45), 52500 * time.Millisecond, time.Minute, nil, nil},
		{"all too fast", 4, 1, spent(2, 2, 2, 2), 2 * time.Second, time.Minute, nil, []int{0, 1, 2, 3}},
		{"two slow, the longest first", 4, 1, spent(61, 10, 200, 5), 69 * time.Second, time.Minute, []int{2, 0}, nil},
		{"extra time", 4, 1.5, spent(61, 10, 200, 5), 69 * time.Second, 90 * time.Second, []int{2}, nil},
		{"no clock: the vendor's time", 4, sitting.Untimed, spent(61, 10, 200, 5), 69 * time.Second, time.Minute, []int{2, 0}, nil},
		{"no time known: one's own average", 0, 1, spent(10, 20, 30, 40), 25 * time.Second, 0, []int{3, 2}, nil},
		{"never seen doesn't slow the average", 4, 1, spent(40, 0, 20, 0), 30 * time.Second, time.Minute, nil, nil},
		{"left blank is not answered fast", 1, 1, blank, 3 * time.Second, time.Minute, nil, nil},
		{"without scripts", 4, 1, spent(0, 0, 0, 0), 0, 0, nil, nil},
	}
	for _, c := range cases {
		f := &sitting.Form{Form: form.Form{Places: make([]form.Place, len(c.given))}, Minutes: c.minutes, Multiplier: c.multiplier}
		p := sitting.PaceOf(f, c.given)
		if p.Average != c.average || p.Allowed != c.allowed || !slices.Equal(p.Slow, c.slow) || !slices.Equal(p.Quick, c.quick) {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
}
