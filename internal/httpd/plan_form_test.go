package httpd

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/page"
	"sextant/internal/plan"
)

func someDay(t *rapid.T, label string) plan.Day {
	return time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 1000).Draw(t, label))
}

// Any wish goes through the form and comes back the same, so that changing one
// thing of a plan changes nothing else.
func TestTheFormHoldsAnyWish(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := plan.Wish{
			Exam: "MLA-C02", Target: rapid.SampledFrom(plan.Targets()).Draw(t, "target"),
			Start: rapid.IntRange(-1, 24*60-1).Draw(t, "start"), Sunday: rapid.Bool().Draw(t, "sunday"),
		}
		if rapid.Bool().Draw(t, "fixed") {
			want.Date = someDay(t, "date")
		}
		if rapid.Bool().Draw(t, "spread") {
			want.Minutes = plan.Spread(rapid.IntRange(1, 7*plan.MaxDay).Draw(t, "weekly"))
		} else {
			for d := range want.Minutes {
				want.Minutes[d] = rapid.IntRange(0, plan.MaxDay).Draw(t, "minutes")
			}
		}
		for range rapid.IntRange(0, 3).Draw(t, "spans") {
			from := someDay(t, "from")
			note := strings.Join(strings.Fields(rapid.StringOfN(rapid.RuneFrom([]rune("ab c<é")), 0, 20, -1).Draw(t, "note")), " ")
			want.Off = append(want.Off, plan.Span{From: from, To: from.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, "days")), Note: note})
		}
		form := formOf(&want)
		got, err := form.wish()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the form changes the wish (-want +got):\n%s", diff)
		}
	})
}

// Whatever is written as hours is refused, or minutes of a week.
func FuzzReadHours(f *testing.F) {
	for _, text := range []string{"", "6", "1.5", "1,5", "-1", "NaN", "Inf", "1e3", "0x10", "168", "169", " 2", "1.2.3", "٣"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		minutes, err := readHours(text)
		if err == nil && (minutes < 0 || minutes > 7*24*60) {
			t.Errorf("%q is read as %d minutes", text, minutes)
		}
	})
}

// Whatever a form holds makes a wish or a sentence, and a wish that can be kept.
func FuzzPlanForm(f *testing.F) {
	f.Add("2027-03-14", "80", "6", "", "", "19:30", "2026-12-24", "2027-01-03", true)
	f.Add("", "x", "", "1.5", "13", "25:00", "", "2027-02-29", false)
	f.Fuzz(func(t *testing.T, date, target, hours, monday, saturday, start, from, to string, byDate bool) {
		form := planForm{exam: exam.Code("MLA-C02"), byDate: byDate, date: date, target: target, hours: hours, start: start}
		form.days[1], form.days[6] = monday, saturday
		form.off = []page.PlanOff{{From: from, To: to}}
		wish, err := form.wish()
		if err != nil {
			return
		}
		if wish.Start < -1 || wish.Start >= 24*60 || wish.Weekly() < 0 {
			t.Errorf("the wish %+v", wish)
		}
		again := formOf(&wish)
		if second, err := again.wish(); err == nil && second.Minutes != wish.Minutes {
			t.Errorf("minutes %v come back as %v", wish.Minutes, second.Minutes)
		}
	})
}
