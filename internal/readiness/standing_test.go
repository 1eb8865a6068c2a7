package readiness

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/fault"
)

// answers gives one outcome to the first perCell questions of every cell of an
// exam, on its platform only.
func answers(t testing.TB, m *Model, code exam.Code, perCell int, outcome exam.Outcome) []exam.Response {
	t.Helper()
	e, ok := m.exam(code)
	if !ok {
		t.Fatalf("no exam %s", code)
	}
	var responses []exam.Response
	had := map[int]int{}
	for i := range m.items {
		it := &m.items[i]
		if !e.cells[it.cell] || it.platform == exam.Neutral || had[it.cell] == perCell {
			continue
		}
		had[it.cell]++
		responses = append(responses, exam.Response{Question: it.id, Outcome: outcome, At: today.Add(time.Duration(i) * time.Second)})
	}
	return responses
}

func report(t testing.TB, m *Model, responses []exam.Response, codes ...exam.Code) Report {
	t.Helper()
	r, err := m.Report(responses, today.Add(time.Hour), codes)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReportWithoutAnswersSaysItIsTooEarly(t *testing.T) {
	r := report(t, synthetic(t).model, nil)
	for _, e := range r.Exams {
		if e.Verdict != TooEarly || e.Answers != 0 {
			t.Errorf("%s: verdict %s after %d answers", e.Code, e.Verdict, e.Answers)
		}
		if e.Narrow == "" {
			t.Errorf("%s: no domain to narrow", e.Code)
		}
		if len(e.Strongest)+len(e.Weakest) != 0 {
			t.Errorf("%s: skills listed without answers", e.Code)
		}
		for _, d := range e.Domains {
			if d.Shown || !strings.HasPrefix(d.Missing, "Not enough answers here yet") {
				t.Errorf("%s domain %s: shown %v, missing %q", e.Code, d.ID, d.Shown, d.Missing)
			}
		}
	}
}

func TestReportRisesWithRightAnswers(t *testing.T) {
	m := synthetic(t).model
	const code = exam.Code("MLA-C02")
	right := report(t, m, answers(t, m, code, 1, exam.Right), code).Exams[0]
	wrong := report(t, m, answers(t, m, code, 1, exam.Wrong), code).Exams[0]
	unsure := report(t, m, answers(t, m, code, 1, exam.DontKnow), code).Exams[0]
	if !(right.PassRaw > .8 && right.Verdict == Ready && right.Pass <= .95) {
		t.Errorf("all right: pass %.3f (shown %.3f), %s", right.PassRaw, right.Pass, right.Verdict)
	}
	if !(wrong.PassRaw < .2 && wrong.Verdict == NotYet && wrong.Pass >= .05) {
		t.Errorf("all wrong: pass %.3f (shown %.3f), %s", wrong.PassRaw, wrong.Pass, wrong.Verdict)
	}
	if diff := cmp.Diff(wrong, unsure); diff != "" {
		t.Errorf("\"don't know\" counts otherwise than wrong:\n%s", diff)
	}
	for i, d := range right.Domains {
		if !(d.Interval.Estimate > wrong.Domains[i].Interval.Estimate) {
			t.Errorf("domain %s: all right %.1f, all wrong %.1f", d.ID, d.Interval.Estimate, wrong.Domains[i].Interval.Estimate)
		}
	}
}

func TestReportMovesThePlatformThatWasAnswered(t *testing.T) {
	m := synthetic(t).model
	responses := slices.Concat(answers(t, m, "MLA-C02", 1, exam.Right), answers(t, m, "AI-103", 1, exam.Wrong))
	r := report(t, m, responses)
	aws, _ := r.Exam("MLA-C02")
	azure, _ := r.Exam("AI-103")
	other, ok := r.Exam("DEA-C01")
	if !(aws.ThetaMean > azure.ThetaMean+.5) {
		t.Errorf("all AWS right and all Azure wrong: abilities %.2f and %.2f", aws.ThetaMean, azure.ThetaMean)
	}
	if !ok || !(other.ThetaMean > azure.ThetaMean) {
		t.Errorf("another AWS exam stands at %.2f, below Azure's %.2f", other.ThetaMean, azure.ThetaMean)
	}
}

func TestReportCountsWhatDoesNotMeasure(t *testing.T) {
	m := synthetic(t).model
	q := m.items[0].id
	first := exam.Response{Question: q, Outcome: exam.Wrong, At: today.Add(-time.Hour)}
	responses := []exam.Response{
		{Question: q, Outcome: exam.Right, At: today}, // a repeat, though listed first
		first,
		{Question: "gone-01", Outcome: exam.Right, At: today},
		{Question: m.items[1].id, At: today},
	}
	r := report(t, m, responses)
	want := map[string]int{IgnoredRepeat: 1, IgnoredUnknown: 1, IgnoredOutcome: 1}
	if diff := cmp.Diff(want, r.Ignored); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
	if r.Answers != 1 || r.Banks[exam.BuiltIn] != 1 {
		t.Errorf("%d answers count, %v by bank; want 1", r.Answers, r.Banks)
	}
	alone := report(t, m, []exam.Response{first})
	if diff := cmp.Diff(alone.Exams, r.Exams); diff != "" {
		t.Errorf("answers that don't measure change the report:\n%s", diff)
	}
}

// An answer that didn't count when it was given, such as to an unscored question of
// an exam, never measures, and neither does what is answered after it: the key has
// been shown.
func TestWhatDidNotCountKeepsLaterAnswersFromMeasuring(t *testing.T) {
	m := synthetic(t).model
	q := m.items[0].id
	r := report(t, m, []exam.Response{
		{Question: q, Outcome: exam.Wrong, At: today.Add(-time.Hour), Pretest: true},
		{Question: "of-another-bank-01", Outcome: exam.Wrong, At: today.Add(-time.Hour), Pretest: true},
		{Question: q, Outcome: exam.Right, At: today},
	})
	if want := map[string]int{IgnoredRepeat: 1}; r.Answers != 0 || !cmp.Equal(want, r.Ignored) {
		t.Errorf("%d answers count and %v are ignored, want none and one repeat", r.Answers, r.Ignored)
	}
}

func TestReportFadesWithTime(t *testing.T) {
	m := synthetic(t).model
	const code = exam.Code("MLA-C02")
	responses := answers(t, m, code, 1, exam.Right)
	last := math.Inf(1)
	for _, days := range []int{1, 90, 900} {
		r, err := m.Report(responses, today.AddDate(0, 0, days), []exam.Code{code})
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Exams[0].PassRaw; p >= last {
			t.Errorf("after %d days the pass probability is %.3f, not below %.3f", days, p, last)
		} else {
			last = p
		}
	}
}

func TestReportDoesNotDependOnOrder(t *testing.T) {
	m := synthetic(t).model
	responses := answers(t, m, "AIP-C01", 1, exam.Right)
	for i := range responses {
		if i%3 == 0 {
			responses[i].Outcome = exam.Wrong
		}
	}
	want := report(t, m, responses)
	rng := rand.New(rand.NewPCG(1, 1))
	rng.Shuffle(len(responses), func(i, j int) { responses[i], responses[j] = responses[j], responses[i] })
	if diff := cmp.Diff(want, report(t, m, responses)); diff != "" {
		t.Error(diff)
	}
}

func TestReportNamesUnknownExams(t *testing.T) {
	_, err := synthetic(t).model.Report(nil, today, []exam.Code{"NOPE-1"})
	if fault.KindOf(err) != fault.KindNotFound || !strings.Contains(fault.Message(err), "NOPE-1") {
		t.Errorf("error %v", err)
	}
}

func TestReportKeepsItsPromises(t *testing.T) {
	b := synthetic(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		bias := rapid.Float64Range(0, 1).Draw(t, "bias")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var responses []exam.Response
		for range n {
			o := exam.Wrong
			if rng.Float64() < bias {
				o = exam.Right
			}
			responses = append(responses, exam.Response{Question: b.bank[rng.IntN(len(b.bank))].ID, Outcome: o, At: today.AddDate(0, 0, -rng.IntN(400))})
		}
		r, err := b.model.Report(responses, today, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range r.Exams {
			checkExam(t, e)
		}
	})
}

func checkExam(t *rapid.T, e ExamReport) {
	if !(e.PassRaw >= 0 && e.PassRaw <= 1 && e.Pass >= .05 && e.Pass <= .95) {
		t.Fatalf("%s: pass %v, raw %v", e.Code, e.Pass, e.PassRaw)
	}
	if (e.Answers < minAnswers) != (e.Verdict == TooEarly) {
		t.Fatalf("%s: %s after %d answers", e.Code, e.Verdict, e.Answers)
	}
	inOrder := func(i Interval) bool {
		return 0 <= i.Low && i.Low <= i.Estimate && i.Estimate <= i.High && i.High <= 100
	}
	weight := 0.0
	for _, d := range e.Domains {
		weight += d.Weight
		if !inOrder(d.Interval) || d.Shown != (d.Missing == "") || d.Shown && d.Answers < minDomainAnswers {
			t.Fatalf("%s: %+v", e.Code, d)
		}
	}
	if !inOrder(e.Overall) || math.Abs(weight-1) > 1e-9 {
		t.Fatalf("%s: overall %+v, weights sum to %v", e.Code, e.Overall, weight)
	}
	named := map[exam.SkillID]bool{}
	for _, s := range slices.Concat(e.Strongest, e.Weakest) {
		if s.Answers == 0 || named[s.Skill] || !inOrder(s.Interval) {
			t.Fatalf("%s: skill %+v", e.Code, s)
		}
		named[s.Skill] = true
	}
	if len(e.Strongest) > skillsListed || len(e.Weakest) > skillsListed {
		t.Fatalf("%s: %d strongest, %d weakest", e.Code, len(e.Strongest), len(e.Weakest))
	}
}

func TestVerdictsMatchTheirRanges(t *testing.T) {
	for _, tt := range []struct {
		pass    float64
		answers int
		want    Verdict
	}{
		{.99, 7, TooEarly}, {.99, 8, Ready}, {.81, 20, Ready}, {.80, 20, Likely}, {.50, 20, Likely},
		{.4999, 20, GettingThere}, {.20, 20, GettingThere}, {.1999, 20, NotYet}, {0, 20, NotYet},
	} {
		if got := VerdictOf(tt.pass, tt.answers); got != tt.want {
			t.Errorf("%.4f after %d answers is %q, want %q", tt.pass, tt.answers, got, tt.want)
		}
	}
}

// Goal for Next and Report of 40 answers over all exams: well under 50 ms together.
func BenchmarkReport(b *testing.B) {
	m := synthetic(b).model
	responses := answers(b, m, "MLA-C02", 2, exam.Right)
	responses = responses[:min(40, len(responses))]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Report(responses, today, nil); err != nil {
			b.Fatal(err)
		}
	}
}
