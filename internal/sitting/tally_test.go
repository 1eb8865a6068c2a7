package sitting_test

import (
	"context"
	"testing"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

func TestTalliesAreOfEndedSittingsAndTellNothingThatIsBeingAsked(t *testing.T) {
	ctx := context.Background()
	builtin := testkit.Synthetic(t, 2)
	a := testkit.NewApp(t, builtin)
	p, other := a.Person(t, account.Guest, ""), a.Person(t, account.Guest, "")
	if got, err := a.Sittings.Tallies(ctx, p.ID); err != nil || len(got) != 0 {
		t.Fatalf("before anything: %v, %v", got, err)
	}
	practise := func(who *account.Person) *sitting.Sitting {
		t.Helper()
		s, err := a.Sittings.StartPractice(ctx, who.ID, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromUnseen}, 5)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first, theirs := practise(p), practise(other)
	var asked []*exam.Question
	for n := range 5 {
		asked = append(asked, a.Ask(t, first).Question)
		first = a.Answer(t, first, n != 2)
		theirs = a.Answer(t, theirs, true)
	}
	open := practise(p)
	a.Answer(t, open, true)

	want := func(when string, id sitting.ID, tally sitting.Tally) {
		t.Helper()
		got, err := a.Sittings.Tallies(ctx, p.ID)
		if err != nil || len(got) != 1 || got[id] != tally {
			t.Errorf("%s: %v, %v; want %+v", when, got, err, tally)
		}
	}
	want("after a practice", first.ID, sitting.Tally{Right: 4, Of: 5})
	a.ExamOf(t, p, "exam", false, asked[0], asked[2]) // which asks one that was right and the one that was wrong
	want("while an exam asks two of its questions", first.ID, sitting.Tally{Right: 3, Of: 3})
}
