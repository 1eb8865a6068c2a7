package classroom

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// The ends of Wilson's interval are the shares at which the observed one lies z
// standard errors away, by its own definition.
func TestShareSolvesTheScoreEquation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.IntRange(1, 200).Draw(t, "of")
		right := rapid.IntRange(0, of).Draw(t, "right")
		i := share(right, of)
		p := float64(right) / float64(of)
		if i.Estimate != 100*p || i.Low > i.Estimate || i.High < i.Estimate {
			t.Fatalf("%d of %d: %+v", right, of, i)
		}
		for _, end := range []float64{i.Low / 100, i.High / 100} {
			distance, allowed := math.Abs(p-end), z90*math.Sqrt(end*(1-end)/float64(of))
			if math.Abs(distance-allowed) > 1e-7 {
				t.Fatalf("%d of %d: the end %v lies %v from the share, want %v", right, of, end, distance, allowed)
			}
		}
	})
}

// row is a learner with an estimate in each of two domains, of weights .7 and .3.
func row(name string, verdict readiness.Verdict, pass, first, second float64) Row {
	domain := func(id exam.DomainID, weight, estimate float64) readiness.DomainReport {
		return readiness.DomainReport{ID: id, Name: "Domain " + string(id), Weight: weight, Shown: true, Interval: readiness.Interval{Estimate: estimate}}
	}
	return Row{Member: Member{Name: name}, Report: readiness.ExamReport{
		Verdict: verdict, PassRaw: pass, CutPercent: 70, Domains: []readiness.DomainReport{domain("1", .7, first), domain("2", .3, second)},
		Weakest: []readiness.SkillReport{{Skill: "drift", Name: "Drift"}},
	}}
}

func TestWhatTheClassWouldGain(t *testing.T) {
	rows := []Row{
		row("a", readiness.NotYet, .1, 60, 20), // 10 and 50 points short
		row("b", readiness.Likely, .7, 80, 70), // nothing short
		row("new", readiness.TooEarly, .5, 5, 5),
	}
	got := gains(rows)
	for i := range got {
		got[i].Points = math.Round(got[i].Points*100) / 100
	}
	want := []Gain{
		{Domain: "2", Name: "Domain 2", Points: 7.5, Below: 1, Known: 2}, // .3 · 50 / 2
		{Domain: "1", Name: "Domain 1", Points: 3.5, Below: 1, Known: 2}, // .7 · 10 / 2
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := gains(rows[2:]); got != nil {
		t.Errorf("of those too early to say: %+v", got)
	}
	if got := gains(rows[1:2]); len(got) != 0 {
		t.Errorf("where nothing is short: %+v", got)
	}
	if diff := cmp.Diff([]WeakSkill{{Skill: "drift", Name: "Drift", Learners: 2}}, weakest(rows)); diff != "" {
		t.Errorf("the weakest skills (-want +got):\n%s", diff)
	}
}

func TestOrders(t *testing.T) {
	a, b, early := row("Ada", readiness.Likely, .7, 0, 0), row("Ben", readiness.NotYet, .1, 0, 0), row("Cy", readiness.TooEarly, .01, 0, 0)
	early.Last = a.Last.AddDate(0, 0, 1)
	for _, c := range []struct {
		order       Order
		first, then *Row
	}{
		{ByNeed, &b, &a}, {ByNeed, &a, &early}, {ByName, &a, &b}, {BySeen, &a, &early}, {BySeen, &a, &b},
	} {
		if c.order.compare(c.first, c.then) >= 0 || c.order.compare(c.then, c.first) <= 0 {
			t.Errorf("by %s: %s doesn't come before %s", c.order, c.first.Name, c.then.Name)
		}
	}
}
