package library_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
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

func files(t *testing.T, questions ...*exam.Question) []bank.File {
	t.Helper()
	list := make([]bank.File, len(questions))
	for i, q := range questions {
		data, err := bank.Encode(q)
		if err != nil {
			t.Fatal(err)
		}
		list[i] = bank.File{Name: string(q.ID) + ".yaml", Data: data}
	}
	return list
}

func preview(t *testing.T, a *testkit.App, title string, list []bank.File) *library.Preview {
	t.Helper()
	p, err := a.Library.Preview(ctx, title, list, library.Actor{Admin: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func add(t *testing.T, a *testkit.App, title string, actor library.Actor, questions ...*exam.Question) *library.Preview {
	t.Helper()
	p := preview(t, a, title, files(t, questions...))
	if p.Blocked() {
		t.Fatalf("%q is refused: %v", title, p.Remarks)
	}
	if err := a.Library.Add(ctx, p, actor); err != nil {
		t.Fatal(err)
	}
	return p
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

func stored(t *testing.T, a *testkit.App) []library.Stored {
	t.Helper()
	list, err := a.Store.Banks(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var owner = library.Actor{ID: "owner"}

func TestAPreviewSaysWhatWouldChangeAndWritesNothing(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	add(t, a, "Mine", owner, question(0, "mine-a"), question(1, "mine-b"), question(2, "mine-c"))
	before := stored(t, a)

	changed := question(1, "mine-b")
	changed.Remember = "Something else."
	same := question(0, "mine-a")
	same.DifficultyReason = "an editor's note, which no learner sees"
	p := preview(t, a, " Mine ", files(t, same, changed, question(3, "mine-d")))
	if p.Bank != "mine" || p.Title != "Mine" || p.Blocked() || p.Total() != 3 {
		t.Errorf("the preview is of %q (%s), blocked %t, %d questions", p.Bank, p.Title, p.Blocked(), p.Total())
	}
	for name, c := range map[string]struct{ want, got []exam.QuestionID }{
		"added":   {[]exam.QuestionID{"mine-d"}, ids(p.Added)},
		"changed": {[]exam.QuestionID{"mine-b"}, ids(p.Changed)},
		"same":    {[]exam.QuestionID{"mine-a"}, ids(p.Same)},
		"removed": {[]exam.QuestionID{"mine-c"}, p.Removed},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(before, stored(t, a)); diff != "" {
		t.Errorf("the preview wrote (-before +after):\n%s", diff)
	}

	if err := a.Library.Add(ctx, p, owner); err != nil {
		t.Fatal(err)
	}
	entry, ok := snapshot(t, a).Bank("mine")
	if diff := cmp.Diff([]exam.QuestionID{"mine-a", "mine-b", "mine-d"}, ids(entry.Questions)); !ok || diff != "" {
		t.Errorf("after adding (-want +got):\n%s", diff)
	}
	if _, ok := snapshot(t, a).Question("mine-c"); ok {
		t.Error("the question that is in the files no longer is still asked")
	}
}

func TestFilesWithAnErrorAddNothing(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	good := files(t, question(0, "mine-a"))
	bad := bank.File{Name: "mine-b.yaml", Data: []byte(strings.Replace(string(files(t, question(1, "mine-b"))[0].Data), "difficulty: 3", "difficulty: 9", 1))}
	for name, list := range map[string][]bank.File{
		"one bad file":   append(slices.Clone(good), bad),
		"not YAML":       append(slices.Clone(good), bank.File{Name: "x.yaml", Data: []byte("\t[")}),
		"the same twice": append(slices.Clone(good), good...),
		"no question":    {},
	} {
		t.Run(name, func(t *testing.T) {
			p := preview(t, a, "Mine", list)
			if !p.Blocked() {
				t.Fatalf("the preview would go through: %+v", p.Remarks)
			}
			for _, r := range p.Remarks {
				if r.Severity == bank.Error && (r.File == "" || r.Line < 1 || r.Message == "") {
					t.Errorf("an error without a place: %+v", r)
				}
			}
			wantKind(t, a.Library.Add(ctx, p, owner), fault.KindInvalid)
			if len(stored(t, a)) != 0 {
				t.Error("something was written")
			}
		})
	}
	// Errors come before advice.
	p := preview(t, a, "Mine", append(slices.Clone(good), bad))
	seenAdvice := false
	for _, r := range p.Remarks {
		if r.Severity == bank.Error && seenAdvice {
			t.Errorf("an error after advice: %v", p.Remarks)
		}
		seenAdvice = seenAdvice || r.Severity != bank.Error
	}
}

func TestABankBelongsToWhoeverAddedIt(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	other, admin := library.Actor{ID: "other"}, library.Actor{ID: "admin", Admin: true}
	add(t, a, "Mine", owner, question(0, "mine-a"))
	first := stored(t, a)[0]
	a.Clock.Advance(time.Hour)

	p := preview(t, a, "MINE!", files(t, question(1, "mine-a"))) // the same id by another title
	wantKind(t, a.Library.Add(ctx, p, other), fault.KindForbidden)
	wantKind(t, a.Library.Add(ctx, p, library.Actor{}), fault.KindForbidden)
	wantKind(t, a.Library.Remove(ctx, "mine", other), fault.KindForbidden)
	if diff := cmp.Diff([]library.Stored{first}, stored(t, a)); diff != "" {
		t.Errorf("somebody else changed the bank (-before +after):\n%s", diff)
	}

	if err := a.Library.SetCounts(ctx, "mine", true, "admin"); err != nil {
		t.Fatal(err)
	}
	if err := a.Library.Add(ctx, p, admin); err != nil {
		t.Fatal(err)
	}
	got := stored(t, a)[0]
	if got.Owner != "owner" || !got.Counts || !got.Added.Equal(first.Added) || !got.Updated.Equal(a.Clock.Now()) {
		t.Errorf("replaced by an admin, the bank is %+v; owner, mark and first day should stay", got.Meta)
	}
	if err := a.Library.Add(ctx, preview(t, a, "Mine", files(t, question(1, "mine-a"))), owner); err != nil {
		t.Fatal(err)
	}
	if !stored(t, a)[0].Counts {
		t.Error("adding the same questions again took back that the bank counts")
	}
	if err := a.Library.Add(ctx, preview(t, a, "Mine", files(t, question(2, "mine-a"))), owner); err != nil {
		t.Fatal(err)
	}
	if stored(t, a)[0].Counts {
		t.Error("questions that no admin has seen count towards readiness")
	}
	if err := a.Library.Remove(ctx, "mine", owner); err != nil {
		t.Fatal(err)
	}
	wantKind(t, a.Library.Remove(ctx, "mine", owner), fault.KindNotFound)
	wantKind(t, a.Library.Remove(ctx, exam.BuiltIn, admin), fault.KindNotFound)
	wantKind(t, a.Library.SetCounts(ctx, exam.BuiltIn, false, "admin"), fault.KindNotFound)
}

func TestOnlyBanksThatCountMeasure(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	before, _ := snapshot(t, a).Model().Eligible("MLA-C02")
	q := question(0, "mine-a")
	cat := testkit.Catalogue(t)
	if _, ok := cat.Serves(q)["MLA-C02"]; !ok {
		q.Domains = map[exam.Code]exam.DomainID{"MLA-C02": cat.Unplaced(q)["MLA-C02"][0]}
	}
	p := add(t, a, "Mine", owner, q)
	targets := []exam.Code{"MLA-C02"}
	for _, counts := range []bool{false, true, false} {
		if err := a.Library.SetCounts(ctx, p.Bank, counts, "admin"); err != nil {
			t.Fatal(err)
		}
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
	add(t, there, "Mine", owner, question(0, "mine-a"))
	clock.Advance(3 * time.Second)
	first := snapshot(t, here)
	if _, ok := first.Question("mine-a"); !ok {
		t.Error("three seconds later it isn't seen")
	}
	clock.Advance(time.Hour)
	if snapshot(t, here) != first {
		t.Error("a library that didn't change is built again")
	}
	if err := there.Library.Remove(ctx, "mine", owner); err != nil {
		t.Fatal(err)
	}
	clock.Advance(3 * time.Second)
	if _, ok := snapshot(t, here).Question("mine-a"); ok {
		t.Error("three seconds after it was withdrawn it is still there")
	}
	if _, ok := first.Question("mine-a"); !ok {
		t.Error("a snapshot changed in the hands of those who use it")
	}
}

func TestAnIDBelongsToOneBank(t *testing.T) {
	builtin := testkit.Synthetic(t, 1)
	a := testkit.NewApp(t, builtin)
	add(t, a, "Mine", owner, question(0, "mine-a"))
	for _, id := range []exam.QuestionID{"mine-a", builtin.Questions[0].ID} {
		p := preview(t, a, "Other", files(t, question(1, id)))
		at := slices.IndexFunc(p.Remarks, func(r bank.Remark) bool { return r.Rule == "id-taken" })
		if !p.Blocked() || at < 0 || p.Remarks[at].File == "" || !strings.Contains(p.Remarks[at].Message, string(id)) {
			t.Errorf("%s is taken and the preview says %v", id, p.Remarks)
		}
		wantKind(t, a.Library.Add(ctx, p, library.Actor{ID: "x", Admin: true}), fault.KindInvalid)
	}
}

func TestTheBuiltInBankComesFirstAndCounts(t *testing.T) {
	builtin := testkit.Synthetic(t, 1)
	a := testkit.NewApp(t, builtin)
	add(t, a, "A bank", owner, question(0, "mine-a"))
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
