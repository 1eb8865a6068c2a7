package library_test

import (
	"slices"
	"testing"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/form"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

func mine(pool []form.Candidate) []form.Candidate {
	return slices.DeleteFunc(slices.Clone(pool), func(c form.Candidate) bool { return c.Question != "mine-a" && c.Question != "mine-b" })
}

func TestABankThatDoesntCountIsInAMockExamOnlyWhereItIsTriedOut(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	a.Publish(t, "Mine", question(0, "mine-a"), question(1, "mine-b"))
	s := snapshot(t, a)
	for _, c := range []struct {
		name   string
		code   exam.Code
		tryOut []exam.BankID
		want   int
	}{
		{"unasked", "MLA-C02", nil, 0},
		{"chosen", "MLA-C02", []exam.BankID{"mine"}, 2},
		{"chosen among what there isn't", "MLA-C02", []exam.BankID{"mine", "nowhere", exam.BuiltIn}, 2},
		{"chosen for an exam it doesn't serve", "PMLE", []exam.BankID{"mine"}, 0},
	} {
		basis, err := s.MockBasis(c.code, c.tryOut)
		if err != nil {
			t.Fatal(err)
		}
		found := mine(basis.Pool)
		if len(found) != c.want || slices.ContainsFunc(found, func(q form.Candidate) bool { return q.Counts }) {
			t.Errorf("%s: the pool has %+v of the bank", c.name, found)
		}
	}
	if !s.CanTryOut("mine", "MLA-C02") || s.CanTryOut("mine", "PMLE") || s.CanTryOut(exam.BuiltIn, "MLA-C02") || s.CanTryOut("mine", "nothing") {
		t.Error("it can be tried out in MLA-C02, and nothing else can")
	}
	a.SetCounts(t, "mine", true)
	if basis, err := snapshot(t, a).MockBasis("MLA-C02", []exam.BankID{"mine"}); err != nil || len(mine(basis.Pool)) != 2 || !mine(basis.Pool)[0].Counts {
		t.Errorf("once it counts, the pool has %+v of it (%v)", mine(basis.Pool), err)
	}
}

// Somebody who wants to try out a bank has its questions where the exam doesn't
// count, and nowhere else.
func TestATriedOutBankFillsUnscoredPlacesOnly(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 2))
	a.Publish(t, "Mine", question(0, "mine-a"), question(1, "mine-b"))
	for _, c := range []struct {
		tryOut []exam.BankID
		want   int
	}{{nil, 0}, {[]exam.BankID{"mine"}, 2}} {
		for range 3 {
			p := a.Person(t, account.Guest, "")
			s, err := a.Sittings.StartMock(ctx, p, "MLA-C02", c.tryOut)
			if err != nil {
				t.Fatal(err)
			}
			met := 0
			for _, place := range s.Form.Places {
				if place.Question == "mine-a" || place.Question == "mine-b" {
					met++
					if place.Scored {
						t.Errorf("%s is scored", place.Question)
					}
				}
			}
			if met != c.want || s.Form.Length().Unscored > s.Form.Full.Unscored {
				t.Errorf("trying out %v: %d of its questions, %d unscored of %d", c.tryOut, met, s.Form.Length().Unscored, s.Form.Full.Unscored)
			}
		}
	}
}

func TestWhatASnapshotSortedOutIsNotForCallersToChange(t *testing.T) {
	s := snapshot(t, testkit.NewApp(t, testkit.Synthetic(t, 1)))
	for _, code := range append(s.OfferedExams(), "") {
		first := s.Practicable(sitting.Scope{Exam: code})
		want := slices.Clone(first)
		slices.Reverse(first)
		clear(first)
		if got := s.Practicable(sitting.Scope{Exam: code}); len(got) == 0 || !slices.Equal(got, want) {
			t.Fatalf("%q: a caller's list changed the next one's", code)
		}
	}
	if got := s.Practicable(sitting.Scope{Exam: "nothing"}); len(got) != 0 {
		t.Errorf("an unknown exam has %d questions", len(got))
	}
	if _, err := s.MockBasis("nothing", nil); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("an unknown exam's basis: %v", err)
	}
}

// A page can say beforehand how long a form will be: exactly where it has the real
// length, and but for a few unscored questions where it is shorter.
func TestTheBasisTellsHowLongAFormWillBe(t *testing.T) {
	a := testkit.NewApp(t, testkit.Embedded(t))
	s := snapshot(t, a)
	for _, code := range s.OfferedExams() {
		basis, err := s.MockBasis(code, nil)
		if err != nil {
			t.Fatal(err)
		}
		sat, err := a.Sittings.StartMock(ctx, a.Person(t, account.Guest, ""), code, nil)
		if err != nil {
			t.Fatal(err)
		}
		drawn := sat.Form.Length()
		few := basis.Spec.Unscored * drawn.Scored / basis.Spec.Scored
		short := basis.Fills.Total() < basis.Spec.Total()
		same := basis.Fills == drawn && (basis.Minutes == 0 || basis.Time() == sat.Form.Minutes)
		near := short && basis.Fills.Scored == drawn.Scored && max(basis.Fills.Unscored, drawn.Unscored) <= few
		if !same && !near {
			t.Errorf("%s: promised %+v in %d minutes, drawn %+v in %d", code, basis.Fills, basis.Time(), sat.Form.Length(), sat.Form.Minutes)
		}
	}
}

// What the page that begins a mock exam asks of the library: 18 ms when every
// request sorted the bank out by exam, 20 µs now.
func BenchmarkEveryMockBasis(b *testing.B) {
	a := testkit.NewApp(b, testkit.Embedded(b))
	s, err := a.Library.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, code := range s.OfferedExams() {
			if _, err := s.MockBasis(code, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// What the page that begins a practice and every draw of one ask: 10 µs, most of
// it for the copies.
func BenchmarkPracticable(b *testing.B) {
	a := testkit.NewApp(b, testkit.Embedded(b))
	s, err := a.Library.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.Practicable(sitting.Scope{Exam: "MLA-C02"})
		s.Practicable(sitting.Scope{})
	}
}
