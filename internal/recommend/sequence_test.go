package recommend_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/recommend"
	"sextant/questions"
)

// person is what is known of somebody's abilities.
type person struct {
	learner *effort.Learner
	report  readiness.Report
}

// town is the catalogue that ships and a few people who answered its questions.
type town struct {
	cat    *catalogue.Catalogue
	people map[string]person
}

var built = sync.OnceValues(func() (*town, error) {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		return nil, err
	}
	b, remarks := bank.Load(questions.Bank(), exam.BuiltIn)
	if len(b.Questions) == 0 {
		return nil, fmt.Errorf("no questions: %v", remarks)
	}
	model, err := readiness.NewModel(cat, b.Questions)
	if err != nil {
		return nil, err
	}
	w := &town{cat: cat, people: map[string]person{}}
	for name, right := range map[string]map[exam.Platform]float64{
		"nobody known":     nil,
		"a beginner":       {exam.AWS: 0.25, exam.Azure: 0.25, exam.GCP: 0.25, exam.Neutral: 0.3},
		"at home on AWS":   {exam.AWS: 0.9, exam.Azure: 0.4, exam.GCP: 0.4, exam.Neutral: 0.7},
		"at home on Azure": {exam.AWS: 0.4, exam.Azure: 0.9, exam.GCP: 0.4, exam.Neutral: 0.7},
		"an expert":        {exam.AWS: 0.97, exam.Azure: 0.97, exam.GCP: 0.97, exam.Neutral: 1},
	} {
		answers := answersOf(b.Questions, right)
		report, err := model.Report(answers, noon, nil)
		if err != nil {
			return nil, err
		}
		learner, err := effort.NewLearner(model, cat, answers, noon)
		if err != nil {
			return nil, err
		}
		w.people[name] = person{learner, report}
	}
	return w, nil
})

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// answersOf are forty answers, right as often as is said for the platform.
func answersOf(all []*exam.Question, right map[exam.Platform]float64) []exam.Response {
	if right == nil {
		return nil
	}
	rng := rand.New(rand.NewPCG(7, 1))
	var list []exam.Response
	for _, i := range rng.Perm(len(all))[:40] {
		r := exam.Response{Question: all[i].ID, Outcome: exam.Wrong, At: noon.Add(-time.Hour)}
		if rng.Float64() < right[all[i].Platform] {
			r.Outcome = exam.Right
		}
		list = append(list, r)
	}
	return list
}

func build(t testing.TB) *town {
	t.Helper()
	w, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *town) recommend(p person, in recommend.Situation, now time.Time) recommend.Recommendation {
	return recommend.Recommend(w.cat, in, recommend.Evidence{Report: p.report}, now)
}

func (w *town) sequence(t fataler, p person, in recommend.Situation, pace recommend.Pace, now time.Time) []recommend.Step {
	ev := recommend.Evidence{Report: p.report}
	steps, err := recommend.Sequence(w.cat, in, ev, recommend.Recommend(w.cat, in, ev, now), p.learner, pace, now)
	if err != nil {
		t.Fatalf("sequence: %v", err)
	}
	return steps
}

type fataler interface{ Fatalf(string, ...any) }

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

// Over random situations, days, languages, paces and abilities: every step can or
// may be taken on the day planned, gives a credential that nobody holds by then, has
// what it asks for before it, and begins where the one before ends.
func TestASequenceHoldsOnlyWhatCanBeTakenOnItsDay(t *testing.T) {
	w := build(t)
	var names []string
	for name := range w.people {
		names = append(names, name)
	}
	slices.Sort(names)
	var codes []exam.Code
	for _, c := range w.cat.Certifications {
		codes = append(codes, c.Code)
	}
	steps := 0
	rapid.Check(t, func(rt *rapid.T) {
		in := recommend.Situation{
			Factors:  map[string][]string{},
			Language: rapid.SampledFrom([]string{"", "en", "ja", "ko", "zh-Hans", "de", "pt"}).Draw(rt, "language"),
			Held:     rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 0, 3, rapid.ID[exam.Code]).Draw(rt, "held"),
			Targets:  rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 0, 1, rapid.ID[exam.Code]).Draw(rt, "targets"),
		}
		for _, f := range w.cat.Factors {
			if rapid.Bool().Draw(rt, "says "+f.ID) {
				in.Factors[f.ID] = []string{f.Values[rapid.IntRange(0, len(f.Values)-1).Draw(rt, f.ID)].ID}
			}
		}
		p := w.people[rapid.SampledFrom(names).Draw(rt, "person")]
		now := day("2026-01-10").AddDate(0, 0, rapid.IntRange(0, 700).Draw(rt, "day")).Add(15 * time.Hour)
		pace := recommend.Pace(rapid.SampledFrom([]float64{1, 2.5, 6, 12, 40}).Draw(rt, "pace"))
		got := w.sequence(rt, p, in, pace, now)
		steps += len(got)
		checkSequence(rt, w, in, now, got)
	})
	if steps == 0 {
		t.Error("no situation had a sequence")
	}
}

func checkSequence(t *rapid.T, w *town, in recommend.Situation, now time.Time, steps []recommend.Step) {
	given := map[string]bool{} // credentials
	codes := map[exam.Code]bool{}
	give := func(code exam.Code) {
		if c, ok := w.cat.Certification(code); ok {
			given[string(c.Vendor)+c.Name], codes[code] = true, true
		}
	}
	for _, code := range in.Held {
		give(code)
	}
	from := day(now.Format(time.DateOnly))
	for i, s := range steps {
		cert, ok := w.cat.Certification(s.Code)
		if !ok {
			t.Fatalf("step %d is %s, which isn't in the catalogue", i+1, s.Code)
		}
		if a := cert.Takeable(s.To, in.Language).Availability; a == catalogue.No || a != s.Availability {
			t.Fatalf("step %d, %s on %s: it says %s and the catalogue %s", i+1, s.Code, s.To.Format(time.DateOnly), s.Availability, a)
		}
		if given[string(cert.Vendor)+cert.Name] {
			t.Fatalf("step %d, %s, gives a credential that is held or planned before", i+1, s.Code)
		}
		for _, need := range cert.Requires {
			c, _ := w.cat.Certification(need)
			if !codes[need] && !given[string(c.Vendor)+c.Name] {
				t.Fatalf("step %d, %s, asks for %s, which doesn't come before", i+1, s.Code, need)
			}
		}
		give(s.Code)
		if !s.From.Equal(from) || s.To.Before(s.From) || s.Early.After(s.To) || s.Late.Before(s.To) {
			t.Fatalf("step %d: from %v to %v, early %v, late %v, after a step that ends on %v", i+1, s.From, s.To, s.Early, s.Late, from)
		}
		from = s.To
		if s.Within < s.WithinToday-1e-12 || s.Need.Hours > s.Today.Hours+0.2 && !s.Need.Beyond {
			t.Fatalf("step %d, %s: within reach %v after %v, hours %v after %v", i+1, s.Code, s.Within, s.WithinToday, s.Need.Hours, s.Today.Hours)
		}
		if s.Reason == "" || s.Transfer == "" || s.Why == "" {
			t.Fatalf("step %d, %s, is told without a reason, transfer or what is known of it: %+v", i+1, s.Code, s)
		}
	}
	if len(steps) > recommend.SequenceLength {
		t.Fatalf("%d steps", len(steps))
	}
}

// Whoever learns more has no less of any exam within reach.
func TestTransferIsMonotone(t *testing.T) {
	w := build(t)
	for name, p := range w.people {
		for _, first := range w.cat.Certifications {
			after, err := p.learner.Prepared(first.Code, w.cat.Study.Target)
			if err != nil {
				t.Fatal(err)
			}
			for _, second := range w.cat.Certifications {
				if before, then := p.learner.WithinReach(second.Code), after.WithinReach(second.Code); then < before-1e-12 {
					t.Errorf("%s: after %s only %v of %s is within reach, and %v before", name, first.Code, then, second.Code, before)
				}
			}
		}
	}
}

// What carries over is worth saying: somebody at home on one cloud, ready for its
// exam, has a good part of another's behind them.
func TestTransferIsSaidInWords(t *testing.T) {
	w := build(t)
	in := recommend.Situation{Factors: map[string][]string{"current_employer_cloud": {"aws"}, "target_role": {"ml_engineer"}}, Language: "en"}
	steps := w.sequence(t, w.people["a beginner"], in, 6, noon)
	if len(steps) < 2 {
		t.Fatalf("%d steps", len(steps))
	}
	second := steps[1]
	if want := fmt.Sprintf("After %s, about ", steps[0].Code); !strings.HasPrefix(second.Transfer, want) || !strings.Contains(second.Transfer, " today).") {
		t.Errorf("transfer: %s", second.Transfer)
	}
	if second.Within <= second.WithinToday {
		t.Errorf("%s: %v within reach after %s, %v today", second.Code, second.Within, steps[0].Code, second.WithinToday)
	}
}

func TestAnExamThatEndsBeforeOneIsReadyIsReplaced(t *testing.T) {
	w := build(t)
	for _, c := range []struct {
		name, day, language string
		pace                recommend.Pace
		factors             map[string][]string
		targets             []exam.Code
		first, insteadOf    exam.Code
		says                string
	}{
		{
			name: "AI-102 two months before its end, slowly", day: "2026-04-25", language: "en", pace: 2, targets: []exam.Code{"AI-102"},
			factors: map[string][]string{"current_employer_cloud": {"azure_microsoft"}, "goal": {"enterprise_ai_implementation"}},
			first:   "AI-103", insteadOf: "AI-102", says: "AI-102 can last be taken on 30 June 2026, before you would be ready",
		},
		{
			name: "AI-102 two months before its end, in time", day: "2026-04-25", language: "en", pace: 40, targets: []exam.Code{"AI-102"},
			factors: map[string][]string{"current_employer_cloud": {"azure_microsoft"}, "goal": {"enterprise_ai_implementation"}},
			first:   "AI-102",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := recommend.Situation{Factors: c.factors, Targets: c.targets, Language: c.language}
			p := w.people["at home on Azure"]
			rec := w.recommend(p, in, day(c.day))
			// The lead is set, so that the test doesn't turn on how it is found.
			i := slices.IndexFunc(rec.Ranking, func(x recommend.Choice) bool { return x.Code == "AI-102" })
			if i < 0 {
				t.Fatal("AI-102 isn't ranked")
			}
			lead := rec.Ranking[i]
			rec.Ranking = append([]recommend.Choice{lead}, slices.Delete(slices.Clone(rec.Ranking), i, i+1)...)
			rec.Lead = &lead
			steps, err := recommend.Sequence(w.cat, in, recommend.Evidence{Report: p.report}, rec, p.learner, c.pace, day(c.day))
			if err != nil || len(steps) == 0 {
				t.Fatalf("%d steps, error %v", len(steps), err)
			}
			if got := steps[0]; got.Code != c.first || got.InsteadOf != c.insteadOf {
				t.Errorf("first %s instead of %q, want %s instead of %q: %v", got.Code, got.InsteadOf, c.first, c.insteadOf, got.Cautions)
			}
			if told := strings.Join(steps[0].Cautions, "\n"); !strings.Contains(told, c.says) {
				t.Errorf("the first step is told with\n%s\nwhich lacks %q", told, c.says)
			}
		})
	}
}

// An exam that asks for another certification comes after it; who holds it already
// begins with the exam.
func TestWhatAnExamAsksForComesBefore(t *testing.T) {
	w := build(t)
	p := w.people["an expert"]
	for _, held := range [][]exam.Code{nil, {"AI-103"}} {
		in := recommend.Situation{
			Factors: map[string][]string{"current_employer_cloud": {"azure_microsoft"}}, Held: held, Targets: []exam.Code{"AI-500"}, Language: "en",
		}
		rec := w.recommend(p, in, noon)
		i := slices.IndexFunc(rec.Ranking, func(x recommend.Choice) bool { return x.Code == "AI-500" })
		lead := rec.Ranking[i]
		rec.Lead = &lead
		rec.Ranking = append([]recommend.Choice{lead}, slices.Delete(slices.Clone(rec.Ranking), i, i+1)...)
		steps, err := recommend.Sequence(w.cat, in, recommend.Evidence{Report: p.report}, rec, p.learner, 6, noon)
		if err != nil {
			t.Fatal(err)
		}
		want := []exam.Code{"AI-103", "AI-500"}
		if held != nil {
			want = want[1:]
		}
		var got []exam.Code
		for _, s := range steps {
			got = append(got, s.Code)
		}
		if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
			t.Errorf("holding %v: %v, want it to begin with %v", held, got, want)
		}
	}
}

// A beta whose general release is announced is offered as what it is, with the
// announcement and its date.
func TestABetaIsToldWithWhatIsAnnounced(t *testing.T) {
	w := build(t)
	in := recommend.Situation{Factors: map[string][]string{"current_employer_cloud": {"aws"}, "target_role": {"ml_engineer"}}, Language: "en"}
	for _, s := range w.sequence(t, w.people["a beginner"], in, 6, noon) {
		if s.Code != "MLA-C02" {
			continue
		}
		if s.Availability != catalogue.Unconfirmed || s.Mode != recommend.PrepareFor {
			t.Errorf("MLA-C02 is %s, to %s", s.Availability, s.Mode)
		}
		if !strings.Contains(s.Expected, "General availability is expected") || !strings.Contains(s.Expected, "not certain") || !strings.Contains(s.Expected, "as of") {
			t.Errorf("of MLA-C02's release it says %q", s.Expected)
		}
		return
	}
	t.Error("MLA-C02 isn't among the steps of a machine learning engineer on AWS")
}

// An exam whose end is expected before the day, without a day to rely on, is told
// as one that may be over.
func TestAnExpectedEndIsTold(t *testing.T) {
	w := build(t)
	in := recommend.Situation{Factors: map[string][]string{"current_employer_cloud": {"aws"}, "target_role": {"ml_engineer"}}, Language: "ja"}
	for pace, want := range map[recommend.Pace]bool{6: true, 60: false} {
		steps := w.sequence(t, w.people["a beginner"], in, pace, noon)
		if len(steps) == 0 || steps[0].Code != "MLA-C01" {
			t.Fatalf("at %s: %+v", pace, steps)
		}
		if got := steps[0]; got.MayEnd != want || !strings.Contains(got.Expected, "Its retirement is expected") {
			t.Errorf("ready on %s: may have ended is %t; %s", got.To.Format(time.DateOnly), got.MayEnd, got.Expected)
		}
	}
}

func TestASequenceNeedsSomethingToBeginWith(t *testing.T) {
	w := build(t)
	if steps := w.sequence(t, w.people["nobody known"], recommend.Situation{}, 6, noon); len(steps) != 0 {
		t.Errorf("nothing is known and %d steps are laid out", len(steps))
	}
}

func TestPaces(t *testing.T) {
	for _, c := range []struct {
		in, want recommend.Pace
		text     string
	}{
		{0, recommend.DefaultPace, "6 hours a week"}, {-3, recommend.DefaultPace, "6 hours a week"},
		{1, 1, "1 hour a week"}, {0.2, 1, "1 hour a week"}, {2.5, 2.5, "2.5 hours a week"}, {500, 60, "60 hours a week"},
	} {
		if got := c.in.Within(); got != c.want || got.String() != c.text {
			t.Errorf("%v is taken for %v, %q", float64(c.in), float64(got), got)
		}
	}
}

func TestRenewals(t *testing.T) {
	w := build(t)
	since := func(pairs ...string) map[exam.Code]time.Time {
		m := map[exam.Code]time.Time{}
		for i := 0; i < len(pairs); i += 2 {
			m[exam.Code(pairs[i])] = day(pairs[i+1])
		}
		return m
	}
	for _, c := range []struct {
		name  string
		held  []exam.Code
		since map[exam.Code]time.Time
		steps []recommend.Step
		want  []string
	}{
		{"Microsoft renews yearly, by an assessment", []exam.Code{"AI-103"}, since("AI-103", "2026-05-12"), nil, []string{
			"Renew AI-103 before 12 May 2027 (free online assessment, open now).",
		}},
		{"its window not open yet", []exam.Code{"AI-300"}, since("AI-300", "2026-09-30"), nil, []string{
			"Renew AI-300 before 30 September 2027 (free online assessment, open from 30 March 2027).",
		}},
		{"Google's window is counted in days", []exam.Code{"PMLE"}, since("PMLE", "2026-01-31"), nil, []string{
			"Renew PMLE before 31 January 2028 (open from 2 December 2027).",
		}},
		{"AWS after three years", []exam.Code{"DEA-C01"}, since("DEA-C01", "2025-02-03"), nil, []string{"Renew DEA-C01 before 3 February 2028."}},
		{"a higher exam renews a lower one", []exam.Code{"AIF-C01"}, since("AIF-C01", "2024-12-01"),
			[]recommend.Step{{Code: "MLA-C02", To: day("2027-02-14")}}, []string{"AIF-C01 runs out on 1 December 2027; MLA-C02 renews it."}},
		{"but not after the end", []exam.Code{"AIF-C01"}, since("AIF-C01", "2024-01-02"),
			[]recommend.Step{{Code: "MLA-C02", To: day("2027-02-14")}}, []string{"Renew AIF-C01 before 2 January 2027."}},
		{"what can't be renewed any more", []exam.Code{"AI-102"}, since("AI-102", "2026-03-03"), nil, []string{"AI-102 runs out on 3 March 2027 and can't be renewed any more."}},
		{"what has run out", []exam.Code{"AI-102"}, since("AI-102", "2025-03-03"), nil, []string{
			"AI-102 ran out on 3 March 2026 by the day you gave. If you renewed it since, give that day.",
		}},
		{"what never runs out says nothing", []exam.Code{"AI-901", "AI-900"}, since("AI-901", "2026-03-03"), nil, nil},
		{"the nearest first, those without a day last", []exam.Code{"PDE", "AI-103", "MLA-C01"}, since("MLA-C01", "2024-06-01", "AI-103", "2026-09-01"), nil, []string{
			"Renew MLA-C01 before 1 June 2027.",
			"Renew AI-103 before 1 September 2027 (free online assessment, open from 1 March 2027).",
			"PDE holds for 2 years. Tell when you earned it, and the day to renew it stands here.",
		}},
		{"a leap day", []exam.Code{"DEA-C01"}, since("DEA-C01", "2024-02-29"), nil, []string{"Renew DEA-C01 before 1 March 2027."}},
		{"a day to come is a slip", []exam.Code{"DEA-C01"}, since("DEA-C01", "2027-02-28"), nil, []string{
			"DEA-C01 holds for 3 years. Tell when you earned it, and the day to renew it stands here.",
		}},
		{"held twice, and not catalogued", []exam.Code{"NO-SUCH", "DEA-C01", "DEA-C01"}, since("DEA-C01", "2025-02-03"), nil, []string{"Renew DEA-C01 before 3 February 2028."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, r := range recommend.Renewals(w.cat, recommend.Situation{Held: c.held, HeldSince: c.since}, c.steps, noon) {
				got = append(got, r.Text)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// What the catalogue says in words, that an exam asks for another or is renewed on
// the web, it says in figures too: those are what sequences rest on.
func TestTheCatalogueSaysInFiguresWhatItSaysInWords(t *testing.T) {
	w := build(t)
	for _, c := range w.cat.Certifications {
		for _, other := range w.cat.Certifications {
			if named := strings.Contains(c.Prerequisites.Text, string(other.Code)); named != slices.Contains(c.Requires, other.Code) {
				t.Errorf("%s: its prerequisites name %s: %t; requires has it: %t", c.Code, other.Code, named, !named)
			}
		}
		if online := strings.Contains(c.Renewal.Text, "online renewal assessment"); online != c.Renewing.Online {
			t.Errorf("%s: renewed on the web in words: %t, in figures: %t", c.Code, online, c.Renewing.Online)
		}
		if retired := c.Takeable(noon, "").Availability == catalogue.No; c.Renewing.Over && !retired {
			t.Errorf("%s can be taken and not be renewed", c.Code)
		}
	}
}

// The sequence is part of a page that should take no longer than 100 ms.
func BenchmarkSequence(b *testing.B) {
	w := build(b)
	in := recommend.Situation{Factors: map[string][]string{"current_employer_cloud": {"aws"}, "target_role": {"ml_engineer"}}, Language: "en"}
	p := w.people["at home on Azure"]
	ev := recommend.Evidence{Report: p.report}
	rec := recommend.Recommend(w.cat, in, ev, noon)
	for b.Loop() {
		if _, err := recommend.Sequence(w.cat, in, ev, rec, p.learner, 6, noon); err != nil {
			b.Fatal(err)
		}
	}
}
