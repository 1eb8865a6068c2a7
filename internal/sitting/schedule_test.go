package sitting_test

import (
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/sitting"
	"sextant/internal/study"
	"sextant/internal/testkit"
)

// missAndKnow misses a question and knows it when it comes back, for a person with
// these settings, and returns when it is due each time.
func missAndKnow(t *testing.T, settings account.Settings) (first, second time.Time) {
	t.Helper()
	app := testkit.NewApp(t, testkit.Synthetic(t, 2))
	app.Clock.Set(time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC))
	p := app.Person(t, account.Learner, "p@example.org")
	if err := app.Accounts.SaveSettings(ctx, p.ID, settings); err != nil {
		t.Fatal(err)
	}
	due := func() time.Time {
		schedule, err := app.Sittings.Schedule(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(schedule.Cards) == 0 {
			t.Fatal("nothing is to be reviewed")
		}
		return schedule.Cards[0].Due
	}
	sel := sitting.Selection{Exam: "MLA-C02", Source: sitting.FromUnseen}
	sure(t, app, practise(t, app, p, sel, 5), false, study.Sure)
	first = due()
	app.Clock.Set(first.Add(12 * time.Hour))
	sel.Source = sitting.FromDue
	sure(t, app, practise(t, app, p, sel, 5), true, study.Sure)
	return first, due()
}

// A day of review begins at four in the morning where the person is.
func TestReviewFollowsThePersonsDays(t *testing.T) {
	for _, name := range []string{"", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"} {
		due, _ := missAndKnow(t, account.Settings{Zone: name})
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if local := due.In(zone); local.Hour() != 4 || local.Minute() != 0 {
			t.Errorf("%q: due at %v, want four in the morning there", name, local)
		}
	}
}

func TestAHigherShareToRememberBringsQuestionsBackSooner(t *testing.T) {
	var before time.Duration
	for i, share := range account.Retentions() {
		first, second := missAndKnow(t, account.Settings{Retention: share})
		interval := second.Sub(first)
		if i > 0 && interval >= before {
			t.Errorf("to remember %d %% it returns after %v, no sooner than after %v", share, interval, before)
		}
		before = interval
	}
}
