package effort

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/questions"
)

var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// world is the catalogue, the bank and the model that ship.
type world struct {
	cat   *catalogue.Catalogue
	bank  *bank.Bank
	model *readiness.Model
}

var loaded = sync.OnceValues(func() (*world, error) {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		return nil, err
	}
	b, remarks := bank.Load(questions.Bank(), exam.BuiltIn)
	if len(b.Questions) == 0 {
		return nil, fmt.Errorf("no questions: %v", remarks)
	}
	m, err := readiness.NewModel(cat, b.Questions)
	return &world{cat, b, m}, err
})

func load(t testing.TB) *world {
	t.Helper()
	w, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// answered draws n answers to the questions of a platform and the neutral ones, right with
// probability p.
func (w *world) answered(seed uint64, n int, platform exam.Platform, p float64) []exam.Response {
	rng := rand.New(rand.NewPCG(seed, 1))
	var list []exam.Response
	for _, i := range rng.Perm(len(w.bank.Questions)) {
		q := w.bank.Questions[i]
		if len(list) == n {
			break
		}
		if q.Platform != platform && q.Platform != exam.Neutral {
			continue
		}
		r := exam.Response{Question: q.ID, Outcome: exam.Wrong, At: today.Add(time.Duration(len(list)-n) * time.Minute)}
		if rng.Float64() < p {
			r.Outcome = exam.Right
		}
		list = append(list, r)
	}
	return list
}

func (w *world) learner(t testing.TB, responses []exam.Response) *Learner {
	t.Helper()
	l, err := NewLearner(w.model, w.cat, responses, today)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func pass(t testing.TB, l *Learner, code exam.Code) float64 {
	t.Helper()
	p, err := l.Pass(code)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWithoutStudyALearnerStandsWhereTheReportSays(t *testing.T) {
	w := load(t)
	responses := w.answered(1, 30, exam.AWS, 0.6)
	report, err := w.model.Report(responses, today, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.learner(t, responses).Report(report)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range report.Exams {
		g := got.Exams[i]
		if math.Abs(g.PassRaw-e.PassRaw) > 1e-9 || g.Verdict != e.Verdict || math.Abs(g.ThetaMean-e.ThetaMean) > 1e-9 {
			t.Errorf("%s: pass %v and %q, the report says %v and %q", e.Code, g.PassRaw, g.Verdict, e.PassRaw, e.Verdict)
		}
		for d := range e.Domains {
			if near := math.Abs(g.Domains[d].Interval.Low - e.Domains[d].Interval.Low); near > 1e-9 {
				t.Errorf("%s %s: interval %+v, the report says %+v", e.Code, e.Domains[d].ID, g.Domains[d].Interval, e.Domains[d].Interval)
			}
		}
	}
}

func TestTopicsMakeUpTheExam(t *testing.T) {
	w := load(t)
	l := w.learner(t, nil)
	for _, cert := range w.cat.Certifications {
		sum := 0.0
		for _, topic := range l.Topics(cert.Code) {
			sum += topic.Weight
			if topic.Name == "" || len(topic.Domains) == 0 || topic.Platform != cert.Vendor || topic.Rate <= 0 {
				t.Errorf("%s: %+v", cert.Code, topic)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: topics weigh %v of the exam", cert.Code, sum)
		}
	}
	if l.Topics("NO-SUCH") != nil || l.Allocate("NO-SUCH", 10) != nil || l.WithinReach("NO-SUCH") != 0 {
		t.Error("an unknown exam has topics")
	}
	if _, err := l.Pass("NO-SUCH"); err == nil {
		t.Error("an unknown exam can be passed")
	}
}

func TestHoursAddUp(t *testing.T) {
	w := load(t)
	rapid.Check(t, func(t *rapid.T) {
		l := w.learner(testingOf(t), w.answered(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 40).Draw(t, "answers"), exam.AWS, 0.5))
		one, two, both := map[exam.SkillID]float64{}, map[exam.SkillID]float64{}, map[exam.SkillID]float64{}
		for _, topic := range l.Topics("MLA-C02") {
			a, b := rapid.Float64Range(0, 30).Draw(t, "first"), rapid.Float64Range(0, 30).Draw(t, "second")
			one[topic.Skill], two[topic.Skill], both[topic.Skill] = a, b, a+b
		}
		x, y := l.Study("MLA-C02", one).Study("MLA-C02", two), l.Study("MLA-C02", both)
		if a, b := x.abilities(), y.abilities(); !near(a, b, 1e-9) {
			t.Fatalf("study in two parts and at once lead to different abilities:\n%v\n%v", a, b)
		}
	})
}

func TestMoreStudyNeverHurts(t *testing.T) {
	w := load(t)
	codes := []exam.Code{"MLA-C02", "AI-103", "PMLE", "AIF-C01", "DEA-C01"}
	rapid.Check(t, func(t *rapid.T) {
		l := w.learner(testingOf(t), w.answered(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 40).Draw(t, "answers"), exam.AWS, 0.5))
		code := rapid.SampledFrom(codes).Draw(t, "exam")
		other := rapid.SampledFrom(codes).Draw(t, "other")
		hours := map[exam.SkillID]float64{}
		for _, topic := range l.Topics(code) {
			hours[topic.Skill] = rapid.Float64Range(-1, 40).Draw(t, "hours")
		}
		after := l.Study(code, hours)
		for _, c := range []exam.Code{code, other} {
			if a, b := pass(testingOf(t), l, c), pass(testingOf(t), after, c); b < a-1e-9 {
				t.Fatalf("%s: from %v to %v by studying for %s", c, a, b, code)
			}
			if a, b := l.WithinReach(c), after.WithinReach(c); b < a-1e-12 || b > 1 {
				t.Fatalf("%s: within reach from %v to %v", c, a, b)
			}
		}
		before := map[exam.SkillID]float64{}
		for _, topic := range l.Topics(code) {
			before[topic.Skill] = topic.Rate
		}
		for _, topic := range after.Topics(code) {
			if topic.Rate > before[topic.Skill]+1e-12 {
				t.Fatalf("%s: the next hour buys %v after study and %v before", topic.Skill, topic.Rate, before[topic.Skill])
			}
		}
	})
}

func TestAllocationSpendsAllAndNoOtherBuysMore(t *testing.T) {
	w := load(t)
	rapid.Check(t, func(t *rapid.T) {
		l := w.learner(testingOf(t), w.answered(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 40).Draw(t, "answers"), exam.GCP, 0.6))
		hours := rapid.Float64Range(0.25, 400).Draw(t, "hours")
		portions := l.Allocate("PMLE", hours)
		sum, gain := 0.0, 0.0
		for _, p := range portions {
			sum += p.Hours
			gain += p.Gain
			if p.Hours <= 0 || p.Gain <= 0 {
				t.Fatalf("an empty portion: %+v", p)
			}
		}
		if math.Abs(sum-hours) > 1e-6*hours {
			t.Fatalf("%v hours spent of %v", sum, hours)
		}
		// Moving some hours from one topic to another must not raise the ability.
		topics := l.Topics("PMLE")
		given := map[exam.SkillID]float64{}
		for _, p := range portions {
			given[p.Skill] = p.Hours
		}
		from := rapid.SampledFrom(portions).Draw(t, "from").Skill
		to := rapid.SampledFrom(topics).Draw(t, "to").Skill
		moved := given[from] * rapid.Float64Range(0.01, 1).Draw(t, "share")
		given[from] -= moved
		given[to] += moved
		other := 0.0
		s := l.exams["PMLE"]
		for i, left := range l.left("PMLE", s) {
			topic := &s.topics[i]
			other += topic.moves * left * -math.Expm1(-given[topic.Skill]/topic.tau)
		}
		if other > gain+1e-9 {
			t.Fatalf("moving %v hours from %s to %s buys %v instead of %v", moved, from, to, other, gain)
		}
	})
}

func TestNeedReachesItsTarget(t *testing.T) {
	w := load(t)
	for _, tt := range []struct {
		name    string
		answers []exam.Response
		code    exam.Code
	}{
		{"nothing answered", nil, "MLA-C02"},
		{"weak on AWS", w.answered(2, 40, exam.AWS, 0.35), "MLA-C02"},
		{"middling on AWS", w.answered(3, 40, exam.AWS, 0.65), "MLA-C02"},
		{"middling on AWS, for Google's exam", w.answered(3, 40, exam.AWS, 0.65), "PMLE"},
		{"strong on Azure", w.answered(4, 40, exam.Azure, 0.9), "AI-103"},
		{"an entry exam", w.answered(5, 20, exam.AWS, 0.5), "AIF-C01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := w.learner(t, tt.answers)
			need, err := l.Need(tt.code, 0.8)
			if err != nil {
				t.Fatal(err)
			}
			after, err := l.Prepared(tt.code, 0.8)
			if err != nil {
				t.Fatal(err)
			}
			p := pass(t, after, tt.code)
			t.Logf("from %.2f to %.2f in %.0f hours (%.0f to %.0f), best %.2f", pass(t, l, tt.code), p, need.Hours, need.Low, need.High, need.Best)
			switch {
			case need.Reached:
				if need.Hours != 0 || p < 0.8 {
					t.Errorf("reached with %+v at %v", need, p)
				}
			case need.Beyond:
				if need.Best >= 0.8 || p < need.Best-nearBest-0.005 {
					t.Errorf("%+v, and %v after study", need, p)
				}
			case p < 0.8 || p > 0.81:
				t.Errorf("%v after %v hours, want 0.8", p, need.Hours)
			}
			if need.Low > need.Hours || need.High < need.Hours {
				t.Errorf("%v hours outside %v to %v", need.Hours, need.Low, need.High)
			}
		})
	}
}

func TestStrongerLearnersNeedFewerHours(t *testing.T) {
	w := load(t)
	last := math.Inf(1)
	for _, share := range []float64{0.2, 0.4, 0.6, 0.8} {
		l := w.learner(t, w.answered(7, 60, exam.AWS, share))
		need, err := l.Need("MLA-C02", 0.8)
		if err != nil {
			t.Fatal(err)
		}
		if need.Hours > last {
			t.Errorf("with %.0f %% right %v hours, more than the %v of a weaker learner", 100*share, need.Hours, last)
		}
		last = need.Hours
	}
}

func TestConceptsCarryOverAndPlatformsDoNot(t *testing.T) {
	w := load(t)
	l := w.learner(t, nil)
	after, err := l.Prepared("MLA-C02", 0.8)
	if err != nil {
		t.Fatal(err)
	}
	google, aws := after.WithinReach("PMLE")-l.WithinReach("PMLE"), after.WithinReach("MLA-C02")-l.WithinReach("MLA-C02")
	if google <= 0 || google >= aws {
		t.Errorf("study for MLA-C02 brings %.3f of PMLE within reach and %.3f of itself", google, aws)
	}
	if got := carryOver(w.model.Components()); got <= 0 || got >= 1 {
		t.Errorf("a share of %v carries over", got)
	}
}

func TestMasteringADomainRaisesItMost(t *testing.T) {
	w := load(t)
	responses := w.answered(9, 40, exam.AWS, 0.5)
	report, err := w.model.Report(responses, today, []exam.Code{"MLA-C02"})
	if err != nil {
		t.Fatal(err)
	}
	l := w.learner(t, responses)
	cert, _ := w.cat.Certification("MLA-C02")
	for _, domain := range cert.Domains {
		after, err := l.Mastering("MLA-C02", domain.ID).Report(report)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(after.Exams[0].Domains, func(d readiness.DomainReport) bool { return d.ID == domain.ID })
		before := report.Exams[0].Domains
		own := after.Exams[0].Domains[i].Interval.Estimate - before[i].Interval.Estimate
		for d, other := range after.Exams[0].Domains {
			if moved := other.Interval.Estimate - before[d].Interval.Estimate; moved > own+1e-9 {
				t.Errorf("mastering %s raises %s by %.1f and itself by %.1f", domain.Name, other.Name, moved, own)
			}
		}
		if after.Exams[0].PassRaw <= report.Exams[0].PassRaw {
			t.Errorf("mastering %s doesn't raise the chance of passing", domain.Name)
		}
	}
}

// abilities are the means of all cells over the draws.
func (l *Learner) abilities() []float64 {
	var sum []float64
	l.draws.Each(func(theta []float64) {
		l.after(theta)
		if sum == nil {
			sum = make([]float64, len(theta))
		}
		for i, x := range theta {
			sum[i] += x / 256
		}
	})
	return sum
}

func near(a, b []float64, by float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > by {
			return false
		}
	}
	return len(a) == len(b)
}

// testingOf lets helpers that take a testing.TB fail a rapid check.
func testingOf(t *rapid.T) testing.TB { return rapidTB{TB: nil, t: t} }

type rapidTB struct {
	testing.TB
	t *rapid.T
}

func (r rapidTB) Helper()           {}
func (r rapidTB) Fatal(args ...any) { r.t.Fatal(args...) }

// One page asks for the hours of every exam that can be taken: 14 exams. Target:
// 100 ms on the two cores of architecture.md.
func BenchmarkNeedOfAllExams(b *testing.B) {
	w := load(b)
	responses := w.answered(3, 24, exam.AWS, 0.6)
	for b.Loop() {
		l := w.learner(b, responses)
		for _, cert := range w.cat.Certifications {
			if _, err := l.Need(cert.Code, 0.8); err != nil {
				b.Fatal(err)
			}
		}
	}
}
