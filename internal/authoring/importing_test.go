package authoring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/fault"
)

func TestBankID(t *testing.T) {
	for title, want := range map[string]exam.BankID{
		"Mine":                      "mine",
		"  My  Bank, 2nd edition! ": "my-bank-2nd-edition",
		"--a--b--":                  "a-b",
		"Prüfung":                   "pr-fung",
		"":                          "",
		"   ":                       "",
		"!!!":                       "",
		"日本語":                       "bank-77710aed",
		"builtin":                   "",
		"Built In":                  "built-in",
		" BuiltIn ":                 "",
		strings.Repeat("x", 80):     exam.BankID(strings.Repeat("x", 80)),
		strings.Repeat("x", 81):     "",
		"../../etc/passwd":          "etc-passwd",
		"<script>alert(1)</script>": "script-alert-1-script",
	} {
		got, err := authoring.BankID(title)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("BankID(%q) = %q, %v; want %q", title, got, err, want)
		}
		if err != nil {
			wantKind(t, err, fault.KindInvalid)
		}
	}
}

// reading is what a reader of files yields: two good questions, one broken.
func reading(first string) []*exchange.Document {
	d := &exchange.Document{Name: "quiz.gift", Format: exchange.GIFT}
	for i, ask := range []string{first, "Which second?", ""} {
		q := question(exam.QuestionID(fmt.Sprintf("quiz-%d", i)), func(q *exam.Question) { q.Ask, q.Category = ask, "Week 1" })
		q.Platform, q.Skill, q.Difficulty = "", "", 0
		d.Add(exchange.Place{File: "quiz.gift", Line: 10 * (i + 1), Name: fmt.Sprintf("Q%d", i)}, q)
	}
	return []*exchange.Document{d}
}

func keepIDs(exam.BankID, []*exam.Question) {}

func (c *crew) read(t *testing.T, a authoring.Actor, title, first string) *authoring.Import {
	t.Helper()
	i, err := c.Authoring.BeginImport(ctx, a, c.Store, title)
	must(t, err)
	must(t, c.Authoring.ReadImport(ctx, c.Store, i, reading(first), keepIDs))
	return i
}

func tally(t *testing.T, c *crew, a authoring.Actor, id authoring.ImportID, want map[authoring.Effect]int) *authoring.Proposal {
	t.Helper()
	p, err := c.Authoring.Propose(ctx, a, c.Store, id)
	must(t, err)
	if diff := cmp.Diff(want, p.Tally); diff != "" {
		t.Errorf("the proposal (-want +got):\n%s", diff)
	}
	return p
}

func TestAnImportWritesNothingUntilItIsDecidedUpon(t *testing.T) {
	c := newCrew(t)
	i := c.read(t, c.ann, "Quiz", "Which first?")
	p := tally(t, c, c.ann, i.ID, map[authoring.Effect]int{authoring.Adds: 2, authoring.IsBroken: 1})
	if !p.New || p.Staged[1].Where != "quiz.gift:20" || len(p.Import.Report.Files) != 1 || p.Import.Report.Files[0].Broken != 1 {
		t.Errorf("the proposal: new %v, %+v, %+v", p.New, p.Staged, p.Import.Report)
	}
	_, err := c.Authoring.Bank(ctx, c.ann, "quiz")
	wantKind(t, err, fault.KindNotFound)
	_, err = c.Authoring.Propose(ctx, c.ben, c.Store, i.ID)
	wantKind(t, err, fault.KindNotFound)

	must(t, c.Authoring.MapImport(ctx, c.ann, c.Store, i.ID, authoring.Mapping{
		All:        authoring.Labels{Platform: exam.Neutral, Difficulty: 2},
		Categories: map[string]authoring.Labels{"Week 1": {Platform: exam.AWS, Skill: "mlops-pipelines"}},
	}))
	b, err := c.Authoring.WriteImport(ctx, c.ann, c.Store, i.ID, true)
	must(t, err)
	if b.ID != "quiz" || b.Owner != c.ann.ID || b.Visibility != authoring.Private {
		t.Errorf("the bank is %+v", b)
	}
	if q := c.served(t, "quiz-0"); q == nil || q.Platform != exam.AWS || q.Skill != "mlops-pipelines" || q.Difficulty != 2 {
		t.Errorf("asked is %+v", q)
	}
	half, _, err := c.Authoring.Question(ctx, c.ann, "quiz-2")
	must(t, err)
	if half.State() != authoring.Draft || half.Version != 0 {
		t.Errorf("the broken question is in state %s, version %d; want a draft", half.State(), half.Version)
	}
	_, err = c.Authoring.WriteImport(ctx, c.ann, c.Store, i.ID, true)
	wantKind(t, err, fault.KindConflict) // once
}

func TestImportingAgainChangesOnlyWhatChanged(t *testing.T) {
	c := newCrew(t)
	i := c.read(t, c.ann, "Ours", "Which first?")
	_, err := c.Authoring.WriteImport(ctx, c.ann, c.Store, i.ID, true)
	must(t, err)
	again := c.read(t, c.ben, "Ours", "Which first?") // a member of the bank
	tally(t, c, c.ben, again.ID, map[authoring.Effect]int{authoring.Same: 2, authoring.IsBroken: 1})
	must(t, c.Authoring.DropStaged(ctx, c.ben, c.Store, again.ID, 2, true))
	_, err = c.Authoring.WriteImport(ctx, c.ben, c.Store, again.ID, true)
	wantKind(t, err, fault.KindConflict) // nothing to write
	other := c.read(t, c.ann, "Ours", "Which one, then?")
	tally(t, c, c.ann, other.ID, map[authoring.Effect]int{authoring.Changes: 1, authoring.Same: 1, authoring.IsBroken: 1})
	_, err = c.Authoring.WriteImport(ctx, c.ann, c.Store, other.ID, false)
	must(t, err)
	item, _, err := c.Authoring.Question(ctx, c.ann, "quiz-0")
	must(t, err)
	if item.Published.Ask != "Which first?" || item.Draft.Ask != "Which one, then?" || item.Version != 1 {
		t.Errorf("asked %q, drafted %q, version %d", item.Published.Ask, item.Draft.Ask, item.Version)
	}
	elsewhere := c.read(t, c.eve, "Elsewhere", "Which first?")
	tally(t, c, c.eve, elsewhere.ID, map[authoring.Effect]int{authoring.IsTaken: 3})
	_, err = c.Authoring.BeginImport(ctx, c.eve, c.Store, "Ours")
	wantKind(t, err, fault.KindForbidden)
}

func TestABrokenQuestionIsMendedBeforeItIsWritten(t *testing.T) {
	c := newCrew(t)
	i := c.read(t, c.ann, "Ours", "Which first?")
	p := tally(t, c, c.ann, i.ID, map[authoring.Effect]int{authoring.Adds: 2, authoring.IsBroken: 1})
	mended := *p.Staged[2].Question
	mended.Ask = "Which third?"
	must(t, c.Authoring.MendStaged(ctx, c.ann, c.Store, i.ID, 2, &mended))
	tally(t, c, c.ann, i.ID, map[authoring.Effect]int{authoring.Adds: 3})
}

// A change between looking and writing must not be overwritten.
func TestAnImportYieldsToAChangeMadeMeanwhile(t *testing.T) {
	c := newCrew(t)
	i := c.read(t, c.ann, "Ours", "Which first?")
	_, err := c.Authoring.WriteImport(ctx, c.ann, c.Store, i.ID, true)
	must(t, err)
	item, _, err := c.Authoring.Question(ctx, c.ann, "quiz-0")
	must(t, err)
	item.DraftSeq-- // as a proposal made before the latest change has it
	stale := *item
	now := c.read(t, c.ann, "Ours", "Which one, then?")
	bank, err := c.Authoring.Bank(ctx, c.ann, "ours")
	must(t, err)
	wantKind(t, c.Store.WriteImport(ctx, now, bank, []*authoring.Item{&stale}), fault.KindConflict)
	kept, err := c.Store.Import(ctx, now.ID)
	must(t, err)
	if kept.State != authoring.Ready {
		t.Errorf("the import is %s although it was not written", kept.State)
	}
}

// A corrected file of another system, which knows no labels of ours, takes none of
// those away that were set in the bank; what it says itself counts.
func TestImportingAgainKeepsTheLabelsSetInTheBank(t *testing.T) {
	c := newCrew(t)
	_, err := c.Authoring.WriteImport(ctx, c.ann, c.Store, c.read(t, c.ann, "Quiz", "Which first?").ID, true)
	must(t, err)
	must(t, c.Authoring.Relabel(ctx, c.ann, []exam.QuestionID{"quiz-0", "quiz-1"}, authoring.Labels{Platform: exam.AWS, Skill: "mlops-pipelines", Difficulty: 4, AddTag: "spring"}))
	again := c.read(t, c.ann, "Quiz", "Which first, then?")
	staged, err := c.Store.Staged(ctx, again.ID)
	must(t, err)
	told := *staged[1].Question
	told.Difficulty, told.Tags = 2, []string{"autumn"}
	must(t, c.Authoring.MendStaged(ctx, c.ann, c.Store, again.ID, 1, &told))
	// The mapping gives nothing to questions that have labels in the bank.
	must(t, c.Authoring.MapImport(ctx, c.ann, c.Store, again.ID, authoring.Mapping{All: authoring.Labels{Platform: exam.GCP}}))
	_, err = c.Authoring.WriteImport(ctx, c.ann, c.Store, again.ID, true)
	must(t, err)
	for id, want := range map[exam.QuestionID]struct {
		ask, tag   string
		difficulty int
	}{"quiz-0": {"Which first, then?", "spring", 4}, "quiz-1": {"Which second?", "autumn", 2}} {
		q := c.served(t, id)
		if q == nil || q.Ask != want.ask || q.Platform != exam.AWS || q.Skill != "mlops-pipelines" || q.Difficulty != want.difficulty || !slices.Equal(q.Tags, []string{want.tag}) {
			t.Errorf("asked is %+v", q)
		}
	}
}
