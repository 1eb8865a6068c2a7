package progress_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/outcome"
	"sextant/internal/progress"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
	"sextant/internal/study"
	"sextant/internal/testkit"
)

var ctx = context.Background()

const mla = exam.Code("MLA-C02")

// bench is a model over a synthetic bank, with its questions.
func bench(t testing.TB) (*readiness.Model, []*exam.Question) {
	t.Helper()
	b := testkit.Synthetic(t, 2)
	m, err := readiness.NewModel(testkit.Catalogue(t), b.Questions)
	if err != nil {
		t.Fatal(err)
	}
	return m, b.Questions
}

// history is n answers to questions by lot, some days apart, the last today.
func history(rng *rand.Rand, questions []*exam.Question, n, perDay int) []progress.Answer {
	var list []progress.Answer
	for i := range n {
		at := testkit.Today.AddDate(0, 0, -(n-1-i)/perDay).Add(-time.Duration(n-i) * time.Minute)
		a := progress.Answer{Mode: sitting.Practice, Learn: at}
		a.Question, a.At, a.Shown = questions[rng.IntN(len(questions))].ID, at, at.Add(-40*time.Second)
		a.Outcome = []exam.Outcome{exam.Right, exam.Right, exam.Wrong}[rng.IntN(3)]
		list = append(list, a)
	}
	slices.SortStableFunc(list, func(a, b progress.Answer) int { return a.Learn.Compare(b.Learn) })
	return list
}

func responses(answers []progress.Answer) []exam.Response {
	list := make([]exam.Response, len(answers))
	for i := range answers {
		list[i] = answers[i].Response()
	}
	return list
}

// The last point is the present report, to the last digit; every point before it is
// the report of its own day, with nothing in it that was learnt later.
func TestASeriesReplaysReports(t *testing.T) {
	m, questions := bench(t)
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		answers := history(rng, questions, rapid.IntRange(1, 40).Draw(rt, "answers"), rapid.IntRange(1, 9).Draw(rt, "per day"))
		now := testkit.Today.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours later")) * time.Hour)
		points, err := progress.Series(m, mla, answers, now, time.UTC)
		if err != nil {
			rt.Fatal(err)
		}
		whole, err := m.Report(responses(answers), now, []exam.Code{mla})
		if err != nil {
			rt.Fatal(err)
		}
		if len(points) == 0 {
			if whole.Exams[0].Answers > 0 {
				rt.Fatal("answers that bear on the exam make no point")
			}
			return
		}
		last := points[len(points)-1]
		if diff := cmp.Diff(whole.Exams[0], last.Report); diff != "" || !last.At.Equal(now) {
			rt.Fatalf("the last point, of %s, isn't the present report (-want +got):\n%s", last.At, diff)
		}
		for i, p := range points[:len(points)-1] {
			known := slices.DeleteFunc(slices.Clone(answers), func(a progress.Answer) bool { return !a.Learn.Before(p.At) })
			of, err := m.Report(responses(known), p.At, []exam.Code{mla})
			if err != nil {
				rt.Fatal(err)
			}
			want, got := of.Exams[0], p.Report
			if want.Answers != got.Answers || want.Verdict != got.Verdict || off(want.Overall, got.Overall) > .05 {
				rt.Fatalf("point %d: %d answers, %v; the report of the day has %d, %v", i, got.Answers, got.Overall, want.Answers, want.Overall)
			}
			for d := range want.Domains {
				w, g := want.Domains[d].Interval, got.Domains[d].Interval
				if off(w, g) > .05 || g.High-g.Low < w.High-w.Low-.1 {
					rt.Fatalf("point %d, domain %s: %v, in the report of the day %v", i, want.Domains[d].ID, g, w)
				}
			}
			if i > 0 && !p.At.After(points[i-1].At) {
				rt.Fatalf("point %d is not after the one before", i)
			}
		}
	})
}

func off(a, b readiness.Interval) float64 {
	return max(a.Estimate-b.Estimate, b.Estimate-a.Estimate, a.Low-b.Low, b.Low-a.Low, a.High-b.High, b.High-a.High)
}

func TestASeriesIsThinnedEvenly(t *testing.T) {
	m, questions := bench(t)
	answers := history(rand.New(rand.NewPCG(1, 1)), questions, 200, 1)
	points, err := progress.Series(m, mla, answers, testkit.Today, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(points); n < progress.MaxPoints-2 || n > progress.MaxPoints {
		t.Errorf("200 days make %d points", n)
	}
	for i := 2; i < len(points)-1; i++ {
		if gap := points[i].Day.Sub(points[i-1].Day).Hours() / 24; gap < 3 || gap > 4 {
			t.Errorf("point %d comes %.0f days after the one before", i, gap)
		}
	}
	if none, err := progress.Series(m, mla, nil, testkit.Today, time.UTC); err != nil || none != nil {
		t.Errorf("nobody's series: %v, %v", none, err)
	}
}

// point is a day on which a domain stood somewhere.
func point(day int, estimate, low float64, shown bool) progress.Point {
	return progress.Point{
		Day: time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC),
		Report: readiness.ExamReport{
			Answers: 20, Verdict: readiness.NotYet, PassRaw: .1, CutPercent: 70,
			Domains: []readiness.DomainReport{{ID: "1", Name: "Data", Shown: shown, Interval: readiness.Interval{Estimate: estimate, Low: low, High: 99}}},
		},
	}
}

func TestMilestonesOfADomain(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	at := func(kind progress.Kind, reached, since int) progress.Milestone {
		m := progress.Milestone{Kind: kind, Day: day(reached), Domain: "1", Name: "Data"}
		if since > 0 {
			m.Since = day(since)
		}
		return m
	}
	for name, tt := range map[string]struct {
		points []progress.Point
		want   []progress.Milestone
	}{
		"not yet":        {[]progress.Point{point(1, 60, 50, true), point(2, 69.9, 60, true)}, nil},
		"not shown":      {[]progress.Point{point(1, 80, 75, false)}, nil},
		"crossed":        {[]progress.Point{point(1, 60, 50, true), point(3, 70, 60, true)}, []progress.Milestone{at(progress.AtTheLine, 3, 0)}},
		"beyond at once": {[]progress.Point{point(1, 80, 70, true)}, []progress.Milestone{at(progress.AtTheLine, 1, 0), at(progress.BeyondTheLine, 1, 0)}},
		"beyond later":   {[]progress.Point{point(1, 72, 60, true), point(5, 85, 75, true)}, []progress.Milestone{at(progress.BeyondTheLine, 5, 0), at(progress.AtTheLine, 1, 0)}},
		"fell back":      {[]progress.Point{point(1, 75, 60, true), point(2, 65, 50, true), point(4, 60, 50, true)}, []progress.Milestone{at(progress.AtTheLine, 1, 2)}},
		"came back":      {[]progress.Point{point(1, 75, 60, true), point(2, 65, 50, true), point(4, 71, 50, true)}, []progress.Milestone{at(progress.AtTheLine, 1, 0)}},
		"less is known":  {[]progress.Point{point(1, 75, 60, true), point(2, 75, 55, false)}, []progress.Milestone{at(progress.AtTheLine, 1, 2)}},
	} {
		var got []progress.Milestone
		for _, m := range progress.Milestones(tt.points) {
			if m.Kind != progress.Verdict {
				got = append(got, m)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Milestones follow from the series alone: twice the same, and no later day changes
// what was reached before.
func TestMilestonesFollowFromTheSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var points []progress.Point
		for i := range rapid.IntRange(1, 12).Draw(t, "points") {
			p := point(i+1, rapid.Float64Range(55, 85).Draw(t, "estimate"), rapid.Float64Range(50, 80).Draw(t, "low"), rapid.Bool().Draw(t, "shown"))
			p.Report.PassRaw = rapid.Float64Range(0, 1).Draw(t, "pass")
			p.Report.Answers = rapid.IntRange(0, 20).Draw(t, "answers")
			p.Report.Verdict = readiness.VerdictOf(p.Report.PassRaw, p.Report.Answers)
			points = append(points, p)
		}
		before := fmt.Sprint(points)
		all := progress.Milestones(points)
		if again := progress.Milestones(points); !cmp.Equal(all, again) || fmt.Sprint(points) != before {
			t.Fatal("the same series has other milestones")
		}
		for _, m := range progress.Milestones(points[:len(points)-1]) {
			if !slices.ContainsFunc(all, func(n progress.Milestone) bool { return n.Kind == m.Kind && n.Domain == m.Domain && n.Day.Equal(m.Day) }) {
				t.Fatalf("a later day took %+v away", m)
			}
		}
		for _, m := range all {
			if !m.Since.IsZero() && !m.Since.After(m.Day) {
				t.Fatalf("%+v was lost before it was reached", m)
			}
		}
	})
}

func TestBeginnings(t *testing.T) {
	_, questions := bench(t)
	answers := history(rand.New(rand.NewPCG(2, 2)), questions, 120, 10)
	answers[104].Mode, answers[107].Mode = sitting.Mock, sitting.Mock
	got := progress.Beginnings(answers, time.UTC)
	want := []progress.Milestone{
		{Kind: progress.FirstMock, Day: progress.Day(answers[104].Learn, time.UTC)},
		{Kind: progress.Count, N: 100, Day: progress.Day(answers[99].Learn, time.UTC)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A day begins at four in the morning of the learner's zone, whatever the clocks do.
func TestDaysOfALearner(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 11, 22, 3, 59, 0, 0, berlin), "2026-11-21"},
		{time.Date(2026, 11, 22, 4, 0, 0, 0, berlin), "2026-11-22"},
		{time.Date(2026, 3, 29, 4, 0, 0, 0, berlin), "2026-03-29"}, // the clocks went forward
		{time.Date(2026, 10, 25, 2, 30, 0, 0, berlin), "2026-10-24"},
		{time.Date(2028, 3, 1, 1, 0, 0, 0, berlin), "2028-02-29"},
	} {
		day := progress.Day(tt.at, berlin)
		if got := day.Format(time.DateOnly); got != tt.want {
			t.Errorf("%s lies in %s, want %s", tt.at, got, tt.want)
		}
		if begins, next := progress.Begin(day, berlin), progress.Begin(day.AddDate(0, 0, 1), berlin); tt.at.Before(begins) || !tt.at.Before(next) {
			t.Errorf("%s lies outside its day, %s to %s", tt.at, begins, next)
		}
	}
}

func TestVolumeCountsWeeks(t *testing.T) {
	given := func(at time.Time, mode sitting.Mode, took time.Duration) progress.Answer {
		a := progress.Answer{Mode: mode, Learn: at}
		a.At, a.Shown = at, at.Add(-took)
		return a
	}
	sunday := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	weeks := progress.Volume([]progress.Answer{
		given(sunday, sitting.Practice, time.Minute),
		given(sunday.AddDate(0, 0, -6), sitting.Mock, 3*time.Hour), // its Monday, left open over lunch
		given(sunday.AddDate(0, 0, -7), sitting.Diagnostic, -time.Second),
		given(sunday.AddDate(0, 0, -7*progress.Weeks), sitting.Practice, time.Minute), // before the first
		given(sunday.AddDate(0, 0, 3), sitting.Practice, time.Minute),                 // a clock that was wrong
	}, sunday, time.UTC)
	if len(weeks) != progress.Weeks {
		t.Fatalf("%d weeks", len(weeks))
	}
	last, before := weeks[progress.Weeks-1], weeks[progress.Weeks-2]
	if last.From.Weekday() != time.Monday || last.Total() != 2 || last.Answers[sitting.Mock] != 1 || last.Spent != 11*time.Minute {
		t.Errorf("the present week: %+v", last)
	}
	if before.Total() != 1 || before.Spent != 0 {
		t.Errorf("the week before: %+v", before)
	}
	for _, w := range weeks[:progress.Weeks-2] {
		if w.Total() != 0 {
			t.Errorf("%+v", w)
		}
	}
}

func TestOwnJudgement(t *testing.T) {
	var answers []progress.Answer
	add := func(c study.Confidence, outcome exam.Outcome, n int) {
		for range n {
			a := progress.Answer{}
			a.Question, a.Confidence, a.Outcome = exam.QuestionID(c+"-q"), c, outcome
			answers = append(answers, a)
		}
	}
	add(study.Sure, exam.Right, 32)
	add(study.Sure, exam.Wrong, 9)
	add(study.Guess, exam.Wrong, 3)
	add(study.Unstated, exam.Right, 50)
	add(study.Guess, exam.DontKnow, 5)
	said := progress.OwnJudgement(answers, func(exam.QuestionID) (float64, bool) { return .25, true })
	if sure := said[0]; sure.Confidence != study.Sure || sure.Right != 32 || sure.Of != 41 || fmt.Sprintf("%.2f %.2f %.2f", sure.Estimate, sure.Low, sure.High) != "0.78 0.66 0.87" {
		t.Errorf("sure: %+v", sure)
	}
	if unsure := said[1]; unsure.Of != 0 || unsure.Low != 0 || unsure.High != 1 {
		t.Errorf("unsure: %+v", unsure)
	}
	if guess := said[2]; guess.Of != 3 || guess.Chance != .25 || guess.Low != 0 {
		t.Errorf("guess: %+v", guess)
	}
}

// practise gives a person answers in practice, by lot, over some days until now.
func practise(t testing.TB, app *testkit.App, p *account.Person, days, each int, share float64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(9, 9))
	end := app.Clock.Now()
	for d := range days {
		app.Clock.Set(end.AddDate(0, 0, d-days+1).Add(-time.Hour))
		s, err := app.Sittings.StartPractice(ctx, p.ID, sitting.Selection{Exam: mla, Source: sitting.FromUnseen}, each)
		if err != nil {
			t.Fatal(err)
		}
		app.Take(t, s, func(*exam.Question) bool { return rng.Float64() < share })
	}
	app.Clock.Set(end)
}

// What the page shows of now is what the report says, though part of it is remembered.
func TestProgressIsThePresentStanding(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "learner@example.org")
	practise(t, app, p, 4, 10, .7)
	s := app.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{mla}}) // open: it mustn't tell
	app.Answer(t, s, true)
	for range 2 {
		found, err := app.Progress.Of(ctx, p.ID, "", time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		standing, err := app.Sittings.Standing(ctx, p.ID, nil, []exam.Code{mla})
		if err != nil {
			t.Fatal(err)
		}
		if found.Exam != mla || len(found.Points) != 4 || found.Answers != 40 {
			t.Fatalf("%s: %d points of %d answers", found.Exam, len(found.Points), found.Answers)
		}
		if diff := cmp.Diff(standing.Exams[0], found.Points[3].Report); diff != "" {
			t.Errorf("now (-report +progress):\n%s", diff)
		}
		app.Clock.Advance(time.Second)
	}
	if _, err := app.Progress.Of(ctx, p.ID, "XYZ-1", time.UTC); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("an unknown exam: %v", err)
	}
	if nobody, err := app.Progress.Of(ctx, "nobody", "", time.UTC); err != nil || nobody.Answers != 0 || nobody.Points != nil {
		t.Errorf("somebody without answers: %+v, %v", nobody, err)
	}
}

// Of a result is expected what was known the evening before: answers of the day itself
// and later ones, and those told only then, are no part of it.
func TestWhatWasExpectedTheEveningBefore(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 3))
	p := app.Person(t, account.Learner, "learner@example.org")
	practise(t, app, p, 6, 10, .8)
	taken := progress.Day(app.Clock.Now(), time.UTC).AddDate(0, 0, -2)
	r, err := app.Progress.Tell(ctx, p.ID, progress.Telling{Exam: mla, Taken: taken, Passed: true, Score: 760}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	known, err := app.Sittings.Known(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	eve := progress.Begin(taken, time.UTC)
	var before []exam.Response
	for _, a := range progress.Answers(known) {
		if a.Learn.Before(eve) {
			before = append(before, a.Response())
		}
	}
	snapshot, err := app.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	report, err := snapshot.Model().Report(before, eve, []exam.Code{mla})
	if err != nil {
		t.Fatal(err)
	}
	e := report.Exams[0]
	want := outcome.Expected{At: eve, Answers: e.Answers, Pass: e.PassRaw, ThetaMean: e.ThetaMean, ThetaSD: e.ThetaSD}
	if diff := cmp.Diff(want, r.Expected); diff != "" || e.Answers != 30 {
		t.Errorf("expected after %d answers (-want +got):\n%s", e.Answers, diff)
	}
	kept, err := app.Progress.Results(ctx, p.ID)
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept: %v, %v", kept, err)
	}
	if diff := cmp.Diff(*r, kept[0]); diff != "" {
		t.Errorf("(-told +kept):\n%s", diff)
	}
}

func TestWhatCannotBeTold(t *testing.T) {
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Learner, "learner@example.org")
	today := progress.Day(app.Clock.Now(), time.UTC)
	good := progress.Telling{Exam: mla, Taken: today, Passed: true}
	for name, change := range map[string]func(*progress.Telling){
		"an unknown exam":                    func(t *progress.Telling) { t.Exam = "XYZ-1" },
		"no day":                             func(t *progress.Telling) { t.Taken = time.Time{} },
		"tomorrow":                           func(t *progress.Telling) { t.Taken = today.AddDate(0, 0, 1) },
		"eleven years ago":                   func(t *progress.Telling) { t.Taken = today.AddDate(-11, 0, 0) },
		"a score off the scale":              func(t *progress.Telling) { t.Score = 1001 },
		"a pass below the mark":              func(t *progress.Telling) { t.Score = 500 },
		"a score of an exam that gives none": func(t *progress.Telling) { t.Exam, t.Score = "PMLE", 80 },
	} {
		telling := good
		change(&telling)
		if _, err := app.Progress.Tell(ctx, p.ID, telling, time.UTC); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := app.Progress.Tell(ctx, p.ID, good, time.UTC); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Progress.Tell(ctx, p.ID, good, time.UTC); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("the same day twice: %v", err)
	}
	// In Auckland it is tomorrow already.
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	app.Clock.Set(time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC))
	good.Taken = today.AddDate(0, 0, 1)
	if _, err := app.Progress.Tell(ctx, p.ID, good, auckland); err != nil {
		t.Errorf("today in Auckland: %v", err)
	}
}

// Goal: the series of somebody with 600 answers within 150 ms on two cores the first
// time it is looked at; later the service remembers all but the last point.
func BenchmarkSeries(b *testing.B) {
	m, err := readiness.NewModel(testkit.Catalogue(b), testkit.Embedded(b).Questions)
	if err != nil {
		b.Fatal(err)
	}
	var of []*exam.Question
	for _, q := range testkit.Embedded(b).Questions {
		if _, serves := testkit.Catalogue(b).Serves(q)[mla]; serves {
			of = append(of, q)
		}
	}
	for name, questions := range map[string][]*exam.Question{"one exam": of, "every exam": testkit.Embedded(b).Questions} {
		answers := history(rand.New(rand.NewPCG(1, 1)), questions, 600, 10)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := progress.Series(m, mla, answers, testkit.Today, time.UTC); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
