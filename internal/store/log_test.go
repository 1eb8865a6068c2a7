package store_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
	"sextant/internal/store"
	"sextant/internal/testkit"
)

// before00005 makes a database as it was before sittings had one log, and fills it.
func before00005(t *testing.T, dir, fill string) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	files, err := fs.Sub(os.DirFS("migrations"), "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(ctx, 4); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, fill); err != nil {
		t.Fatal(err)
	}
}

// Odd milliseconds, so that a moment that is rounded on its way shows.
var (
	firstShown  = testkit.Today.Add(-3*time.Hour + 123*time.Millisecond)
	firstGiven  = firstShown.Add(61_007 * time.Millisecond)
	secondShown = firstGiven.Add(1 * time.Millisecond)
	secondGiven = secondShown.Add(30_999 * time.Millisecond)
)

func olderSittings(t *testing.T, dir string, first, second *exam.Question) {
	t.Helper()
	row := func(id, mode, state string, seq int, question, revision string, shown, finished time.Time, why, form string, expired, deadline int64) string {
		ms := func(at time.Time) int64 {
			if at.IsZero() {
				return 0
			}
			return at.UnixMilli()
		}
		return fmt.Sprintf(`INSERT INTO sittings (id, person_id, plan, seed, state, seq, current_question, current_revision, current_shown_at, why, started_at, updated_at, finished_at, mode, form, expired, deadline)
			VALUES ('%s', 'p', '{"targets":["MLA-C02"],"length":12}', 7, '%s', %d, '%s', '%s', %d, '%s', %d, %d, %d, '%s', '%s', %d, %d);`,
			id, state, seq, question, revision, ms(shown), why, ms(firstShown), ms(firstGiven), ms(finished), mode, form, expired, deadline)
	}
	answer := func(id string, seq int, q *exam.Question, pretest int, shown, given time.Time) string {
		return fmt.Sprintf(`INSERT INTO responses (sitting_id, seq, question_id, revision, answer, outcome, pretest, shown_at, answered_at)
			VALUES ('%s', %d, '%s', '%s', '{"DontKnow":true}', 'dont_know', %d, %d, %d);`, id, seq, q.ID, q.Revision, pretest, shown.UnixMilli(), given.UnixMilli())
	}
	form := `{"exam":"MLA-C02","sections":[{}],"places":[{"question":"q","revision":"r"}],"minutes":60,"multiplier":1}`
	deadline := testkit.Today.Add(time.Hour).UnixMilli()
	before00005(t, dir, `INSERT INTO people (id, role, created_at) VALUES ('p', 'guest', 1);`+
		row("fresh", "diagnostic", "open", 0, string(first.ID), first.Revision, firstShown, time.Time{}, "", "", 0, 0)+
		row("going", "diagnostic", "open", 1, string(second.ID), second.Revision, secondShown, time.Time{}, "", "", 0, 0)+
		answer("going", 0, first, 1, firstShown, firstGiven)+
		row("ended", "diagnostic", "finished", 2, "", "", time.Time{}, secondGiven.Add(time.Minute), "You ended it early.", "", 0, 0)+
		answer("ended", 0, first, 0, firstShown, firstGiven)+
		answer("ended", 1, second, 0, secondShown, secondGiven)+
		row("exam", "mock", "open", 0, "", "", time.Time{}, time.Time{}, "", form, 0, deadline)+
		row("late", "mock", "finished", 1, "", "", time.Time{}, firstGiven, "Time was up.", form, 1, firstGiven.UnixMilli())+
		row("handed", "mock", "finished", 1, "", "", time.Time{}, firstGiven, "You handed it in.", form, 0, deadline))
}

// Sittings of earlier versions have the log that they would have had, stand where
// they stood, and go on.
func TestSittingsFromBeforeTheirLogGoOn(t *testing.T) {
	dir := t.TempDir()
	builtin := testkit.Synthetic(t, 1)
	first, second := builtin.Questions[0], builtin.Questions[1]
	olderSittings(t, dir, first, second)
	a := testkit.OpenApp(t, builtin, dir, testkit.NewClock())
	states := map[sitting.ID]sitting.State{
		"fresh": sitting.StateCreated, "going": sitting.StateInProgress, "ended": sitting.StateSubmitted,
		"exam": sitting.StateCreated, "late": sitting.StateExpired, "handed": sitting.StateSubmitted,
	}
	for id, want := range states {
		if s, err := a.Store.Sitting(ctx, id); err != nil || s.State != want {
			t.Errorf("%s is %s, error %v; want %s", id, s.State, err, want)
		}
	}
	for _, id := range []sitting.ID{"fresh", "going", "ended"} {
		s, p, err := a.Sittings.Stand(ctx, "p", id)
		if err != nil {
			t.Fatal(err)
		}
		if s.State != p.State || s.Seq != p.Settled || s.Why != p.Why || !cmp.Equal(s.Current, p.Current()) {
			t.Errorf("%s is kept as %+v and its log says %+v", id, s, p)
		}
		answers, err := a.Store.Answers(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range answers {
			want := sitting.Current{Question: g.Question, Revision: g.Revision, Pretest: g.Pretest, Shown: g.Shown}
			if diff := cmp.Diff(want, p.Posed[i]); diff != "" {
				t.Errorf("%s, question %d (-answer +log):\n%s", id, i, diff)
			}
		}
	}
	s, _, err := a.Sittings.Stand(ctx, "p", "going")
	if err != nil || !s.Deadline.Equal(secondShown.Add(30*24*time.Hour)) {
		t.Fatalf("it ends by itself at %v, error %v", s.Deadline, err)
	}
	if s = a.Answer(t, s, true); s.Seq != 2 || s.State != sitting.StateInProgress || s.Current.Question == "" {
		t.Errorf("going on led to %+v", s)
	}
	if ended, err := a.Sittings.Finish(ctx, "p", "fresh"); err != nil || ended.State != sitting.StateSubmitted {
		t.Errorf("ending one that was never touched: %v", err)
	}
}

func TestTheLogCanBeTakenBack(t *testing.T) {
	dir := t.TempDir()
	builtin := testkit.Synthetic(t, 1)
	olderSittings(t, dir, builtin.Questions[0], builtin.Questions[1])
	db, err := sql.Open("sqlite3", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	files, err := fs.Sub(os.DirFS("migrations"), "sqlite")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	states := func() (text string) {
		t.Helper()
		if err := db.QueryRowContext(ctx, "SELECT group_concat(id || ' ' || state || ' ' || expired || ' ' || deadline, '; ') FROM (SELECT * FROM sittings ORDER BY id)").Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := states()
	if _, err := provider.UpTo(ctx, 5); err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(ctx, 4); err != nil {
		t.Fatal(err)
	}
	if after := states(); after != before {
		t.Errorf("taken back, they are\n%s\nbefore, they were\n%s", after, before)
	}
	if n := count(t, db, "SELECT COUNT(*) FROM sitting_events"); n != 0 {
		t.Errorf("%d events are left", n)
	}
}

// What a step holds is kept whole or not at all, and only where its log stands.
func TestAStepIsKeptWhole(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	s := newSitting("s1", guest(t, db, "p1").ID)
	posed := sitting.Event{N: 1, Kind: sitting.Posed, Question: &s.Current, At: testkit.Today}
	if err := db.CreateSitting(ctx, s, posed); err != nil {
		t.Fatal(err)
	}
	next, given := step(*s, 0)
	whole := sitting.Step{
		Events: []sitting.Event{{N: 2, Client: "tab", Seq: 1, Kind: sitting.Claimed, At: testkit.Today}, {N: 3, Client: "tab", Seq: 2, Kind: sitting.Settled, At: testkit.Today}},
		Given:  []sitting.Given{*given}, Marks: map[exam.QuestionID]sitting.Mark{"q-0": {Flagged: true}},
	}
	for _, expected := range []int{0, 2} {
		wantKind(t, db.Append(ctx, next, expected, whole), fault.KindConflict)
	}
	broken := whole
	broken.Given = []sitting.Given{*given, *given} // which the table refuses
	if err := db.Append(ctx, next, 1, broken); err == nil {
		t.Error("an answer was kept twice")
	}
	check := func(events, answers, marks, seq int) {
		t.Helper()
		log, err := db.Events(ctx, s.ID)
		kept, err2 := db.Answers(ctx, s.ID)
		all, err3 := db.Marks(ctx, s.Person)
		row, err4 := db.Sitting(ctx, s.ID)
		if err != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Fatal(err, err2, err3, err4)
		}
		if len(log) != events || len(kept) != answers || len(all) != marks || row.Seq != seq {
			t.Errorf("%d events, %d answers, %d marks, at %d; want %d, %d, %d, at %d", len(log), len(kept), len(all), row.Seq, events, answers, marks, seq)
		}
	}
	check(1, 0, 0, 0)
	if err := db.Append(ctx, next, 1, whole); err != nil {
		t.Fatal(err)
	}
	check(3, 1, 1, 1)
	again := sitting.Step{Events: []sitting.Event{{N: 4, Client: "tab", Seq: 2, Kind: sitting.Noted, At: testkit.Today}}}
	if err := db.Append(ctx, next, 3, again); err == nil {
		t.Error("a tab's event was taken in twice")
	}
	check(3, 1, 1, 1)
}

// A guest's open practice and an account's don't stay open beside each other: the
// one begun later goes on, the older one is set aside with its answers.
func TestAGuestsPracticeAndTheAccountsBecomeOne(t *testing.T) {
	for _, guestFirst := range []bool{true, false} {
		a := testkit.NewApp(t, testkit.Synthetic(t, 1))
		g, into := a.Person(t, account.Guest, ""), a.Person(t, account.Learner, "ada@example.org")
		older, newer := into, g
		if guestFirst {
			older, newer = g, into
		}
		begin := func(p *account.Person) *sitting.Sitting {
			t.Helper()
			s, err := a.Sittings.StartPractice(ctx, p.ID, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
			if err != nil {
				t.Fatal(err)
			}
			a.Clock.Advance(time.Minute)
			return s
		}
		diagnostic := a.Answer(t, a.Start(t, g, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}), true)
		before, after := begin(older), begin(newer)
		before = a.Answer(t, before, true) // the last touched, and yet the older
		if err := a.Store.MergeGuest(ctx, g.ID, into.ID); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[sitting.ID]sitting.State{before.ID: sitting.StateSubmitted, after.ID: sitting.StateCreated, diagnostic.ID: sitting.StateInProgress} {
			s, p, err := a.Sittings.Stand(ctx, into.ID, id)
			if err != nil || s.State != want || p.State != want || s.Why != p.Why {
				t.Errorf("guest first %t: %s is %s (%q), in its log %s (%q), error %v; want %s", guestFirst, id, s.State, s.Why, p.State, p.Why, err, want)
			}
		}
		if s, _, _ := a.Sittings.Stand(ctx, into.ID, before.ID); s.Seq != 1 || s.Why != "Set aside when another was begun." {
			t.Errorf("set aside, it is %+v", s)
		}
	}
}
