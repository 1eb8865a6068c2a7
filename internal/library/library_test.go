package library_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var ctx = context.Background()

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got error %v, want one of kind %s", err, kind)
	}
}

// stories keeps made-up questions from being near copies of each other.
var stories = []string{
	"A bakery forecasts its morning sales from weather and holidays.",
	"Nurses dictate notes, which a service turns into structured records.",
	"Drones photograph vineyards, and leaves with mildew are to be found.",
	"An airline answers letters about lost luggage in nine languages.",
}

func question(n int, id exam.QuestionID) *exam.Question {
	q := testkit.Question(id, exam.Single, exam.AWS, "mlops-pipelines")
	q.Stem, q.Ask = stories[n], "What should the team do first?"
	for i := range q.Options {
		q.Options[i].Text = strings.Fields(stories[n])[i+1] + " comes first, says part " + string(q.Options[i].ID)
	}
	testkit.Revise(q)
	return q
}

func snapshot(t *testing.T, a *testkit.App) *library.Snapshot {
	t.Helper()
	s, err := a.Library.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ids(questions []*exam.Question) []exam.QuestionID {
	var list []exam.QuestionID
	for _, q := range questions {
		list = append(list, q.ID)
	}
	return list
}

func TestOnlyBanksThatCountMeasure(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	before, _ := snapshot(t, a).Model().Eligible("MLA-C02")
	q := question(0, "mine-a")
	cat := testkit.Catalogue(t)
	if _, ok := cat.Serves(q)["MLA-C02"]; !ok {
		q.Domains = map[exam.Code]exam.DomainID{"MLA-C02": cat.Unplaced(q)["MLA-C02"][0]}
	}
	id := a.Publish(t, "Mine", q)
	targets := []exam.Code{"MLA-C02"}
	for _, counts := range []bool{false, true, false} {
		a.SetCounts(t, id, counts)
		s := snapshot(t, a)
		want, tried := before, []exam.QuestionID{"mine-a"}
		if counts {
			want, tried = before+1, nil
		}
		if got, _ := s.Model().Eligible("MLA-C02"); got != want {
			t.Errorf("counts %t: %d questions measure, want %d", counts, got, want)
		}
		if got := ids(s.Pretest([]exam.BankID{"mine"}, targets)); !slices.Equal(got, tried) {
			t.Errorf("counts %t: tried out are %v, want %v", counts, got, tried)
		}
		if _, ok := s.Question("mine-a"); !ok {
			t.Errorf("counts %t: the question isn't found", counts)
		}
	}
	s := snapshot(t, a)
	if got := s.Pretest([]exam.BankID{"mine"}, []exam.Code{"AI-103"}); len(got) != 0 {
		t.Errorf("a question on AWS is tried out for Azure: %v", ids(got))
	}
	if got := s.Pretest(nil, targets); len(got) != 0 {
		t.Errorf("tried out without being asked for: %v", ids(got))
	}
	if got := s.Pretest([]exam.BankID{exam.BuiltIn}, targets); len(got) != 0 {
		t.Errorf("the built-in bank counts and is tried out: %d questions", len(got))
	}
}

// What another process publishes is seen here, within a moment.
func TestAnotherProcessIsSeen(t *testing.T) {
	builtin, dir, clock := testkit.Synthetic(t, 1), t.TempDir(), testkit.NewClock()
	here, there := testkit.OpenApp(t, builtin, dir, clock), testkit.OpenApp(t, builtin, dir, clock)
	snapshot(t, here)
	there.Publish(t, "Mine", question(0, "mine-a"))
	clock.Advance(3 * time.Second)
	first := snapshot(t, here)
	if _, ok := first.Question("mine-a"); !ok {
		t.Error("three seconds later it isn't seen")
	}
	clock.Advance(time.Hour)
	if snapshot(t, here) != first {
		t.Error("a library that didn't change is built again")
	}
	there.Withdraw(t, "mine")
	clock.Advance(3 * time.Second)
	if _, ok := snapshot(t, here).Question("mine-a"); ok {
		t.Error("three seconds after it was withdrawn it is still there")
	}
	if _, ok := first.Question("mine-a"); !ok {
		t.Error("a snapshot changed in the hands of those who use it")
	}
}

// What counts measures everybody: while a bank isn't everybody's it measures
// nobody, whatever an admin said.
func TestABankThatIsNotForEveryoneMeasuresNobody(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	id := a.Publish(t, "Mine", question(0, "mine-a"))
	a.SetCounts(t, id, true)
	member := a.Person(t, account.Instructor, "member@example.org").ID
	for _, v := range authoring.Visibilities() {
		a.Manage(t, id, func(b *authoring.Bank) {
			b.Visibility, b.Members = v, []account.PersonID{member}
		})
		s := snapshot(t, a)
		entry, _ := s.Bank(id)
		everybody := v == authoring.Everyone
		if s.Counts("mine-a") != everybody || entry.Measures() != everybody {
			t.Errorf("%s: it counts %t", v, s.Counts("mine-a"))
		}
		for person, writes := range map[string]bool{string(member): true, "somebody": false, "": false} {
			if entry.OpenTo(person) != (writes || everybody) {
				t.Errorf("%s: open to %q is %t", v, person, entry.OpenTo(person))
			}
		}
	}
}

// Of a bank that is named everything can be practised by those whom it is open to;
// without a name what counts can, by everybody.
func TestPracticeDrawsFromTheBanksNamed(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	bare := question(1, "mine-b")
	bare.Skill, bare.Platform, bare.Difficulty = "", "", 0
	testkit.Revise(bare)
	id := a.Publish(t, "Mine", question(0, "mine-a"), bare)
	member := a.Person(t, account.Instructor, "member@example.org")
	a.Manage(t, id, func(b *authoring.Bank) {
		b.Visibility, b.Members = authoring.Private, []account.PersonID{member.ID}
	})
	s := snapshot(t, a)
	all := len(s.Practicable(sitting.Scope{}))
	for name, c := range map[string]struct {
		scope sitting.Scope
		want  int
	}{
		"nothing named":            {sitting.Scope{Person: member.ID}, all},
		"named by a member":        {sitting.Scope{Person: member.ID, Banks: []exam.BankID{id}}, 2},
		"named by somebody else":   {sitting.Scope{Person: "somebody", Banks: []exam.BankID{id}}, 0},
		"named by nobody":          {sitting.Scope{Banks: []exam.BankID{id}}, 0},
		"for an exam":              {sitting.Scope{Person: member.ID, Banks: []exam.BankID{id}, Exam: "AI-103"}, 0},
		"the built-in one by name": {sitting.Scope{Banks: []exam.BankID{exam.BuiltIn}}, all},
		"no such bank":             {sitting.Scope{Banks: []exam.BankID{"nowhere"}}, 0},
	} {
		if got := len(s.Practicable(c.scope)); got != c.want {
			t.Errorf("%s: %d questions, want %d", name, got, c.want)
		}
	}
}

func TestTheBuiltInBankComesFirstAndCounts(t *testing.T) {
	builtin := testkit.Synthetic(t, 1)
	a := testkit.NewApp(t, builtin)
	a.Publish(t, "A bank", question(0, "mine-a"))
	banks := snapshot(t, a).Banks()
	if len(banks) != 2 || banks[0].ID != exam.BuiltIn || !banks[0].Counts || banks[1].Counts {
		t.Errorf("the banks are %+v", banks)
	}
	offered := snapshot(t, a).OfferedExams()
	var catalogueOrder []exam.Code
	for _, cert := range testkit.Catalogue(t).Certifications {
		if slices.Contains(offered, cert.Code) {
			catalogueOrder = append(catalogueOrder, cert.Code)
		}
	}
	if len(offered) == 0 || !slices.Equal(offered, catalogueOrder) {
		t.Errorf("offered are %v, want %v", offered, catalogueOrder)
	}
}
