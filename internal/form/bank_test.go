package form_test

import (
	"math/rand/v2"
	"testing"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
	"sextant/internal/testkit"
)

// embedded is what a form of an exam is drawn from in the bank that ships.
func embedded(t testing.TB, code exam.Code) (form.Spec, []form.Candidate) {
	t.Helper()
	cat := testkit.Catalogue(t)
	cert, ok := cat.Certification(code)
	if !ok {
		t.Fatalf("no certification %s", code)
	}
	spec, err := form.SpecFor(cert)
	if err != nil {
		t.Fatal(err)
	}
	counts := func(exam.BankID) bool { return true }
	return spec, form.Candidates(cat, code, testkit.Embedded(t).Questions, counts)
}

func codes(t testing.TB) []exam.Code {
	t.Helper()
	var list []exam.Code
	cat := testkit.Catalogue(t)
	for i := range cat.Certifications {
		list = append(list, cat.Certifications[i].Code)
	}
	return list
}

// A thousand people draw their first form of every certification. Besides the
// rules it shows how often a question is used: the share of the most used one,
// the share two strangers' forms have in common, and what is never used.
func TestAThousandFormsOfEveryCertificationMeetTheBlueprint(t *testing.T) {
	const forms = 1000
	offered := 0
	for _, code := range codes(t) {
		spec, pool := embedded(t, code)
		rng := seeded(7)
		used := map[exam.QuestionID]int{}
		length, shared := form.Length{}, 0.0
		for range forms {
			f, err := form.Draw(spec, pool, nil, rng)
			if err != nil {
				if fault.KindOf(err) != fault.KindInvalid || len(used) > 0 {
					t.Fatal(err)
				}
				t.Logf("%-8s %s", code, fault.Message(err))
				break
			}
			for _, broken := range faults(spec, pool, nil, f) {
				t.Errorf("%s: %s", code, broken)
			}
			if len(used) > 0 && f.Length().Scored != length.Scored {
				t.Errorf("%s: one form has %d scored questions and another %d", code, f.Length().Scored, length.Scored)
			}
			length = f.Length()
			for _, p := range f.Places {
				used[p.Question]++
			}
		}
		if len(used) == 0 {
			continue
		}
		offered++
		most := 0
		for _, n := range used {
			most = max(most, n)
			shared += float64(n) / forms * float64(n) / forms
		}
		total := float64(length.Total())
		t.Logf("%-8s %2d + %2d of %2d + %2d questions from %3d · most used %.2f · overlap %.2f (at least %.2f) · never used %d",
			code, length.Scored, length.Unscored, spec.Scored, spec.Unscored, len(pool), float64(most)/forms,
			shared/total, total/float64(len(pool)), len(pool)-len(used))
		tight := tightest(spec, pool, length.Scored)
		if limit := 3*tight + .15; float64(most)/forms > limit {
			t.Errorf("%s: a question is in %.2f of the forms; the tightest domain uses %.2f of its questions", code, float64(most)/forms, tight)
		}
		if limit := 2*total/float64(len(pool)) + .05; shared/total > limit {
			t.Errorf("%s: two forms share %.2f of their questions, over %.2f", code, shared/total, limit)
		}
	}
	if offered == 0 {
		t.Error("no certification has a form")
	}
}

// tightest is the largest share that any domain's quota is of its questions.
func tightest(spec form.Spec, pool []form.Candidate, scored int) float64 {
	have, tight := map[exam.DomainID]int{}, 0.0
	for _, c := range pool {
		have[c.Domain]++
	}
	for d, quota := range form.Quotas(spec.Domains, scored) {
		tight = max(tight, float64(quota)/float64(have[spec.Domains[d].ID]))
	}
	return tight
}

// plenty is a pool made for a certification: three forms' worth in every
// domain, two cases, and difficulties and types as a bank has them.
func plenty(t testing.TB, code exam.Code, rng *rand.Rand) (form.Spec, []form.Candidate) {
	t.Helper()
	spec, _ := embedded(t, code)
	var pool []form.Candidate
	for d, quota := range form.Quotas(spec.Domains, spec.Scored) {
		questions := stock(spec.Domains[d].ID, 3*quota+10)
		rng.Shuffle(len(questions), func(i, j int) { questions[i].Type, questions[j].Type = questions[j].Type, questions[i].Type })
		for i := range questions {
			questions[i].Domain = spec.Domains[d].ID
		}
		pool = append(pool, questions...)
		if d < 2 {
			pool = append(pool, inCase(exam.StimulusID("case-"+spec.Domains[d].ID), stock(spec.Domains[d].ID, 3))...)
		}
	}
	return spec, pool
}

func TestTheNextFormIsNewWhereTheBankAllowsIt(t *testing.T) {
	for _, code := range codes(t) {
		rng := seeded(11)
		spec, pool := plenty(t, code, rng)
		for range 50 {
			history := form.History{}
			first, err := form.Draw(spec, pool, history, rng)
			if err != nil {
				t.Fatal(err)
			}
			remember(history, first, noon)
			second, err := form.Draw(spec, pool, history, rng)
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range faults(spec, pool, history, second) {
				t.Errorf("%s: %s", code, broken)
			}
			if n := shared(first, second); n > 0 {
				t.Fatalf("%s: two forms in succession share %d questions", code, n)
			}
		}
	}
}

// One person sits five exams in a row: what comes again is only what has to.
func TestFormsInSuccessionRepeatOnlyWhatTheyMust(t *testing.T) {
	for _, code := range codes(t) {
		spec, pool := embedded(t, code)
		rng := seeded(13)
		history := form.History{}
		var before *form.Form
		var again []int
		var lengths []form.Length
		for round := range 5 {
			f, err := form.Draw(spec, pool, history, rng)
			if fault.KindOf(err) == fault.KindInvalid && err != nil {
				break // the bank is too small for this one, which other tests see to
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range faults(spec, pool, history, f) {
				t.Errorf("%s, form %d: %s", code, round+1, broken)
			}
			if extra := needless(spec, pool, history, f); extra > 0 {
				t.Errorf("%s, form %d: %d questions come again though new ones are left", code, round+1, extra)
			}
			if before != nil {
				again = append(again, shared(before, f))
			}
			before, lengths = f, append(lengths, f.Length())
			remember(history, f, noon.AddDate(0, 0, round))
		}
		if before != nil {
			t.Logf("%-8s forms of %v questions from %d: in common with the one before %v", code, lengths, len(pool), again)
		}
	}
}

// needless counts the repeats of a form in place of which its domain had an
// ordinary question that was never seen and is not in the form.
func needless(spec form.Spec, pool []form.Candidate, history form.History, f *form.Form) (n int) {
	in := map[exam.QuestionID]bool{}
	for _, p := range f.Places {
		in[p.Question] = true
	}
	for _, d := range spec.Domains {
		repeats, left := 0, 0
		for _, c := range pool {
			seen := history[c.Question].Times > 0
			switch {
			case c.Domain != d.ID:
			case in[c.Question] && seen:
				repeats++
			case !in[c.Question] && !seen && c.Stimulus == "" && len(c.Enemies) == 0:
				left++
			}
		}
		n += min(repeats, left)
	}
	return n
}

// 0.2 ms for the largest pool of the embedded bank, on one core of a small server.
func BenchmarkDraw(b *testing.B) {
	spec, pool := embedded(b, "MLA-C02")
	rng := seeded(1)
	for b.Loop() {
		if _, err := form.Draw(spec, pool, nil, rng); err != nil {
			b.Fatal(err)
		}
	}
}

// The same with three forms' worth in every domain.
func BenchmarkDrawFromPlenty(b *testing.B) {
	spec, pool := plenty(b, "MLA-C02", seeded(1))
	rng := seeded(1)
	for b.Loop() {
		if _, err := form.Draw(spec, pool, nil, rng); err != nil {
			b.Fatal(err)
		}
	}
}
