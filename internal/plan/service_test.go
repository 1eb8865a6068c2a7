package plan

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/study"
)

// Whatever the hours, they add up, on as few days as an hour or so a day takes.
func TestHoursAreSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weekly := rapid.IntRange(0, 7*MaxDay).Draw(t, "weekly")
		minutes := Spread(weekly)
		sum, days, least, most := 0, 0, MaxDay, 0
		for _, n := range minutes {
			if n < 0 || n > MaxDay {
				t.Fatalf("a day of %d minutes", n)
			}
			sum += n
			if n > 0 {
				days++
				least, most = min(least, n), max(most, n)
			}
		}
		if sum != weekly {
			t.Fatalf("%d minutes spread as %d: %v", weekly, sum, minutes)
		}
		if days > 0 && most-least > 2*grain {
			t.Fatalf("days of %d and of %d minutes: %v", least, most, minutes)
		}
		if days > 1 && least < 30 {
			t.Fatalf("a day of %d minutes: %v", least, minutes)
		}
	})
	for weekly, want := range map[int][7]int{
		60:  {0, 0, 0, 0, 0, 0, 60},
		180: {0, 60, 0, 60, 0, 0, 60},
		360: {60, 60, 60, 60, 60, 0, 60},
		420: {60, 60, 60, 60, 60, 60, 60},
		450: {75, 60, 60, 60, 60, 60, 75},
	} {
		if got := Spread(weekly); got != want {
			t.Errorf("%d minutes are spread as %v, want %v", weekly, got, want)
		}
	}
}

func TestWhatMovedIsSaidWithItsCause(t *testing.T) {
	cert := &catalogue.Certification{Domains: []catalogue.Domain{
		{ID: "1", Name: "Data preparation", Weight: .3}, {ID: "2", Name: "Monitoring", Weight: .7},
	}}
	on := func(date string) Glance {
		return Glance{Day: day("2026-11-15"), Exam: day(date), Chance: .8, Answers: 12, Domains: map[exam.DomainID]float64{"1": 60, "2": 50}}
	}
	later := func(g Glance, change func(*Glance)) Glance {
		g.Day = day("2026-11-22")
		g.Domains = map[exam.DomainID]float64{"1": g.Domains["1"], "2": g.Domains["2"]}
		change(&g)
		return g
	}
	before := on("2027-03-14")
	for name, tt := range map[string]struct {
		fixed  bool
		before Glance
		now    Glance
		want   string
	}{
		"never seen": {false, Glance{}, before, ""},
		"nothing":    {false, before, later(before, func(*Glance) {}), ""},
		"earlier by answers": {
			false, before, later(before, func(g *Glance) { g.Exam = day("2027-03-12"); g.Answers = 22; g.Domains["1"] = 66 }),
			"2 days earlier than on 15 November, since “Data preparation” rose by your newer answers.",
		},
		"the domain that weighs more": {
			false, before, later(before, func(g *Glance) { g.Exam = day("2027-03-13"); g.Answers = 22; g.Domains["1"], g.Domains["2"] = 63, 53 }),
			"1 day earlier than on 15 November, since “Monitoring” rose by your newer answers.",
		},
		"later by answers": {
			false, before, later(before, func(g *Glance) { g.Exam = day("2027-03-21"); g.Answers = 13; g.Domains["1"], g.Domains["2"] = 55, 52 }),
			"7 days later than on 15 November, since “Data preparation” fell by your newer answers.",
		},
		"answers that moved no domain alone": {
			false, before, later(before, func(g *Glance) { g.Exam = day("2027-03-13"); g.Answers = 13 }),
			"1 day earlier than on 15 November, by what your newer answers say.",
		},
		"earlier by what was told": {
			false, before, later(before, func(g *Glance) { g.Exam = day("2027-03-13"); g.Told = 90 }),
			"1 day earlier than on 15 November, since you told of 90 minutes.",
		},
		"later by what was taken back": {
			false, later(before, func(g *Glance) { g.Told = 90 }), later(before, func(g *Glance) { g.Exam = day("2027-03-15") }),
			"1 day later than when you made this plan, since you took back what you had told of.",
		},
		"later though something was told": {
			false, before, later(before, func(g *Glance) { g.Exam = day("2027-03-15"); g.Told = 30 }),
			"1 day later than on 15 November, since less shows so far than was planned.",
		},
		"later by what is told at half": {
			false, before, Glance{Day: before.Day, Exam: day("2027-03-15"), Chance: .8, Answers: 12, Domains: before.Domains, Told: 60},
			"1 day later than when you made this plan, since study that is told of counts for less until answers follow.",
		},
		"later by idling": {
			false, before, later(before, func(g *Glance) { g.Exam = day("2027-03-21") }),
			"7 days later than on 15 November, since nothing was answered here or told of in between.",
		},
		"over a change of the clock and the year": {
			false, on("2026-12-31"), later(on("2027-04-01"), func(*Glance) {}),
			"91 days later than on 15 November, since nothing was answered here or told of in between.",
		},
		"a date at last": {false, Glance{Day: day("2026-11-15")}, later(before, func(*Glance) {}), "There is a date now, which there was not on 15 November, by what your newer answers say."},
		"no date any more": {
			false, before, later(before, func(g *Glance) { g.Exam = Day{} }),
			"There is no date any more, as there was on 15 November, since nothing was answered here or told of in between.",
		},
		"a better chance": {
			true, before, later(before, func(g *Glance) { g.Chance = .834; g.Answers = 22; g.Domains["2"] = 58 }),
			"The chance on the day is expected to be 3 percentage points higher than on 15 November, since “Monitoring” rose by your newer answers.",
		},
		"a chance that hardly moved": {true, before, later(before, func(g *Glance) { g.Chance = .805 }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := moved(cert, tt.fixed, tt.before, tt.now); got != tt.want {
				t.Errorf("said:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// A look is compared with the last one of an earlier day, or with the first ever.
func TestALookIsComparedWithAnEarlierDay(t *testing.T) {
	glance := func(date string, chance float64) Glance { return Glance{Day: day(date), Chance: chance} }
	var seen Seen
	for i, step := range []struct {
		look   Glance
		before float64
	}{
		{glance("2026-11-22", .1), .1}, {glance("2026-11-22", .2), .1}, {glance("2026-11-22", .3), .1},
		{glance("2026-11-24", .4), .3}, {glance("2026-11-24", .5), .3}, {glance("2026-12-01", .6), .5},
	} {
		seen = seen.next(step.look)
		if seen.Before.Chance != step.before || seen.Last.Chance != step.look.Chance {
			t.Errorf("look %d is compared with %v and kept as %v", i, seen.Before.Chance, seen.Last.Chance)
		}
	}
}

// The forecast holds what is due, and more cards never make it less.
func TestReviewIsForeseen(t *testing.T) {
	now := today.Add(19 * time.Hour)
	empty, err := forecast(nil, account.Settings{}, now)
	if err != nil {
		t.Fatal(err)
	}
	if empty[0] <= 0 || empty[len(empty)-1] < empty[0] {
		t.Errorf("what practice will bring begins with %.1f minutes and ends with %.1f", empty[0], empty[len(empty)-1])
	}
	if last := empty[len(empty)-1]; last > 120 {
		t.Errorf("%.0f minutes of review a week from new cards alone", last)
	}
	scheduler, err := study.New(study.DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		before, zone := empty, account.Settings{Zone: rapid.SampledFrom([]string{"", "Europe/Berlin", "Australia/Lord_Howe"}).Draw(t, "zone")}
		var cards []study.Card
		for range rapid.IntRange(1, 20).Draw(t, "cards") {
			card, err := scheduler.Review(study.Card{Question: "q", State: study.Learning}, study.Again, now.Add(-time.Duration(rng.IntN(60*24))*time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			cards = append(cards, card)
			weeks, err := forecast(cards, zone, now)
			if err != nil {
				t.Fatal(err)
			}
			if zone.Zone != "" {
				continue // the new cards of empty are UTC's
			}
			for w := range weeks {
				if weeks[w] < before[w]-1e-9 {
					t.Fatalf("a card more takes week %d from %.2f to %.2f minutes", w, before[w], weeks[w])
				}
			}
			before = weeks
		}
	})
}
