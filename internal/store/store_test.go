package store_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
	"sextant/internal/recommend"
	"sextant/internal/sitting"
	"sextant/internal/store"
	"sextant/internal/testkit"
)

var (
	ctx    = context.Background()
	update = flag.Bool("update", false, "write schema.sql from the migrated database")
)

// raw is a connection of its own to the database in dir.
func raw(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, store.FileName)+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func count(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(ctx, query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// schema.sql says what the migrations add up to, so that a change of the
// schema is seen in review as a whole.
func TestTheMigrationsAddUpToTheCommittedSchema(t *testing.T) {
	dir := t.TempDir()
	testkit.Store(t, dir, testkit.NewClock().Now)
	rows, err := raw(t, dir).QueryContext(ctx, `SELECT sql FROM sqlite_master
		WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%' ORDER BY tbl_name, type DESC, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var dump strings.Builder
	dump.WriteString("-- What the migrations add up to. Written by: go test ./internal/store -update\n")
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			t.Fatal(err)
		}
		dump.WriteString("\n" + statement + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	const file = "schema.sql"
	if *update {
		if err := os.WriteFile(file, []byte(dump.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), dump.String()); diff != "" {
		t.Errorf("the migrated database differs from %s; run with -update if that is meant (-committed +migrated):\n%s", file, diff)
	}
}

func TestEveryTableIsStrict(t *testing.T) {
	dir := t.TempDir()
	testkit.Store(t, dir, testkit.NewClock().Now)
	if n := count(t, raw(t, dir), `SELECT COUNT(*) FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'`); n != 0 {
		t.Errorf("%d tables take values of any type", n)
	}
}

func guest(t *testing.T, db *store.Store, id account.PersonID) *account.Person {
	t.Helper()
	p := &account.Person{ID: id, Role: account.Guest, Created: testkit.Today}
	if err := db.CreatePerson(ctx, p); err != nil {
		t.Fatal(err)
	}
	return p
}

func learner(id, email string) *account.Person {
	return &account.Person{ID: account.PersonID(id), Email: email, Name: "Name of " + id, Role: account.Learner, Hash: "hash", Version: 3, Created: testkit.Today}
}

func newSitting(id sitting.ID, person account.PersonID) *sitting.Sitting {
	return &sitting.Sitting{
		Mode: sitting.Diagnostic,
		ID:   id, Person: person, Seed: 1<<63 - 1, State: sitting.StateCreated,
		Plan:    sitting.Plan{Targets: []exam.Code{"AIP-C01", "MLA-C02"}, Length: 12, Pretest: []exam.BankID{"mine"}},
		Current: sitting.Current{Question: "q-0", Revision: "r0", Pretest: true, Shown: testkit.Today},
		Started: testkit.Today, Updated: testkit.Today,
	}
}

// step is the sitting after answer seq, and that answer.
func step(s sitting.Sitting, seq int) (*sitting.Sitting, *sitting.Given) {
	at := testkit.Today.Add(time.Duration(seq+1) * time.Minute)
	given := &sitting.Given{
		Seq: seq, Question: s.Current.Question, Revision: s.Current.Revision, Pretest: s.Current.Pretest,
		Answer: exam.Answer{Selected: []exam.OptionID{"B"}}, Outcome: exam.Right, Shown: s.Current.Shown, At: at,
	}
	s.Seq, s.Updated = seq+1, at
	s.Current = sitting.Current{Question: "q-next", Revision: "r1", Shown: at}
	return &s, given
}

// advance puts an answer (none when the sitting only ends) on a log that has
// expected events, with the event that says so.
func advance(db *store.Store, s *sitting.Sitting, expected int, given ...sitting.Given) error {
	e := sitting.Event{N: expected + 1, Kind: sitting.Settled, At: testkit.Today}
	if len(given) == 0 {
		e.Kind = sitting.Submitted
	}
	return db.Append(ctx, s, expected, sitting.Step{Events: []sitting.Event{e}, Given: given})
}

func mustAdvance(t *testing.T, db *store.Store, s *sitting.Sitting, expected int, given ...sitting.Given) {
	t.Helper()
	if err := advance(db, s, expected, given...); err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got error %v, want one of kind %s", err, kind)
	}
}

// Everything that is kept comes back as it was, also after a restart.
func TestWhatIsKeptComesBack(t *testing.T) {
	dir, clock := t.TempDir(), testkit.NewClock()
	db, err := store.Open(ctx, dir, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	person := learner("p1", "one@example.org")
	if err := db.CreatePerson(ctx, person); err != nil {
		t.Fatal(err)
	}
	first := newSitting("s1", person.ID)
	if err := db.CreateSitting(ctx, first); err != nil {
		t.Fatal(err)
	}
	second, given := step(*first, 0)
	mustAdvance(t, db, second, 0, *given)
	ended := *second
	ended.State, ended.Why, ended.Finished, ended.Current = sitting.StateSubmitted, "It was time.", testkit.Today.Add(time.Hour), sitting.Current{}
	mustAdvance(t, db, &ended, 1)
	open := newSitting("s2", person.ID)
	open.Started = testkit.Today.Add(2 * time.Hour)
	if err := db.CreateSitting(ctx, open); err != nil {
		t.Fatal(err)
	}
	situation := recommend.Situation{Factors: map[string][]string{"role": {"developer", "architect"}}, Language: "ja", Held: []exam.Code{"AIF-C01"}}
	if err := db.SaveProfile(ctx, person.ID, situation); err != nil {
		t.Fatal(err)
	}
	questions := map[exam.Type]*exam.Question{}
	for _, kind := range exam.Types() {
		q := testkit.Question(exam.QuestionID("kept-"+kind), kind, exam.AWS, "mlops-pipelines")
		q.Stimulus = &exam.Stimulus{ID: "case", Title: "Case", Text: "Text", NoReturn: true}
		questions[kind] = q
		for range 2 { // keeping it twice is keeping it once
			if err := db.KeepQuestion(ctx, q); err != nil {
				t.Fatal(err)
			}
		}
	}
	made := authoring.Bank{
		ID: "mine", Title: "Mine", Description: "For the spring.", Owner: person.ID, Members: []account.PersonID{person.ID}, Counts: true,
		Visibility: authoring.ForClass, Added: testkit.Today, Updated: testkit.Today.Add(time.Hour),
	}
	asked := []*exam.Question{testkit.Question("mine-b", exam.Single, exam.AWS, "mlops-pipelines"), testkit.Question("mine-a", exam.Matching, exam.GCP, "mlops-pipelines")}
	if err := errors.Join(db.KeepBank(ctx, &made, person.ID, "make"), db.AddItems(ctx, published("mine", asked...), person.ID, "add")); err != nil {
		t.Fatal(err)
	}
	stored := library.Stored{
		Meta: library.Meta{
			ID: "mine", Title: "Mine", Description: "For the spring.", Owner: string(person.ID), Members: []string{string(person.ID)}, Counts: true,
			Visibility: authoring.ForClass, Added: testkit.Today, Updated: testkit.Today.Add(time.Hour),
		},
		Questions: asked,
	}
	secret, err := db.TokenSecret(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	again := testkit.Store(t, dir, clock.Now)
	same := func(name string, want, got any, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s came back changed (-kept +read):\n%s", name, diff)
		}
	}
	p, err := again.Person(ctx, person.ID)
	same("person", person, p, err)
	p, err = again.PersonByEmail(ctx, person.Email)
	same("person by email", person, p, err)
	people, err := again.People(ctx)
	same("people", []account.Person{*person}, people, err)
	s, err := again.Sitting(ctx, ended.ID)
	same("sitting", &ended, s, err)
	list, err := again.Sittings(ctx, person.ID)
	same("sittings, newest first", []sitting.Sitting{*open, ended}, list, err)
	answers, err := again.Answers(ctx, ended.ID)
	same("answers", []sitting.Given{*given}, answers, err)
	history, err := again.History(ctx, person.ID)
	same("history", []sitting.Past{{Sitting: ended.ID, Given: *given}}, history, err)
	served, err := again.Served(ctx)
	same("served", map[exam.QuestionID]int{given.Question: 1}, served, err)
	profile, err := again.Profile(ctx, person.ID)
	same("profile", situation, profile, err)
	banks, err := again.Banks(ctx)
	same("banks", []library.Stored{stored}, banks, err)
	sameSecret, err := again.TokenSecret(ctx)
	same("secret", secret, sameSecret, err)
	for kind, q := range questions {
		kept, err := again.KeptQuestion(ctx, q.ID, q.Revision)
		same("question of type "+string(kind), q, kept, err)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	_, err := db.Person(ctx, "nobody")
	wantKind(t, err, fault.KindNotFound)
	_, err = db.PersonByEmail(ctx, "nobody@example.org")
	wantKind(t, err, fault.KindNotFound)
	wantKind(t, db.SetRole(ctx, "nobody", account.Admin, "test"), fault.KindNotFound)
	_, err = db.Sitting(ctx, "none")
	wantKind(t, err, fault.KindNotFound)
	_, err = db.KeptQuestion(ctx, "none", "r")
	wantKind(t, err, fault.KindNotFound)
	_, err = db.AuthoredBank(ctx, "none")
	wantKind(t, err, fault.KindNotFound)
	if s, err := db.Profile(ctx, "nobody"); err != nil || s.Language != "" {
		t.Errorf("the profile of nobody is %+v, error %v; want an empty one", s, err)
	}
	wantKind(t, db.CreateSitting(ctx, newSitting("s", "nobody")), fault.KindInternal) // a foreign key
}

func TestAnAnswerIsNeverRewritten(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	s := newSitting("s1", guest(t, db, "p1").ID)
	if err := db.CreateSitting(ctx, s); err != nil {
		t.Fatal(err)
	}
	next, given := step(*s, 0)
	mustAdvance(t, db, next, 0, *given)
	_, err := raw(t, dir).ExecContext(ctx, "UPDATE responses SET outcome = 'wrong'")
	if err == nil || !strings.Contains(err.Error(), "append-only") {
		t.Errorf("rewriting an answer: error %v, want a refusal", err)
	}
	_, err = raw(t, dir).ExecContext(ctx, "DELETE FROM responses")
	if err == nil || !strings.Contains(err.Error(), "append-only") {
		t.Errorf("removing an answer: error %v, want a refusal", err)
	}
	answers, err := db.Answers(ctx, s.ID)
	if err != nil || len(answers) != 1 || answers[0].Outcome != exam.Right {
		t.Errorf("the answer is now %+v, error %v", answers, err)
	}
}

func TestASittingThatMovedOnIsAConflict(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	s := newSitting("s1", guest(t, db, "p1").ID)
	if err := db.CreateSitting(ctx, s); err != nil {
		t.Fatal(err)
	}
	one, first := step(*s, 0)
	mustAdvance(t, db, one, 0, *first)
	again, repeated := step(*s, 0)
	wantKind(t, advance(db, again, 0, *repeated), fault.KindConflict)

	done := *one
	done.State = sitting.StateSubmitted
	mustAdvance(t, db, &done, 1)
	two, second := step(*one, 1)
	wantKind(t, advance(db, two, 2, *second), fault.KindConflict)

	if answers, err := db.Answers(ctx, s.ID); err != nil || len(answers) != 1 {
		t.Errorf("%d answers are kept, error %v; want 1", len(answers), err)
	}
	if kept, err := db.Sitting(ctx, s.ID); err != nil || kept.State != sitting.StateSubmitted || kept.Seq != 1 {
		t.Errorf("the sitting is %+v, error %v", kept, err)
	}
}

// An answer that can't be kept leaves the sitting where it was, and nothing in
// the audit.
func TestAnAnswerAndItsSittingMoveTogether(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	s := newSitting("s1", guest(t, db, "p1").ID)
	if err := db.CreateSitting(ctx, s); err != nil {
		t.Fatal(err)
	}
	audit := raw(t, dir)
	before := count(t, audit, "SELECT COUNT(*) FROM audit")
	next, given := step(*s, 0)
	given.Outcome = "brilliant" // which the table refuses
	if err := advance(db, next, 0, *given); err == nil {
		t.Fatal("an answer with an unknown outcome was kept")
	}
	kept, err := db.Sitting(ctx, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, kept); diff != "" {
		t.Errorf("the sitting moved without its answer (-was +is):\n%s", diff)
	}
	if after := count(t, audit, "SELECT COUNT(*) FROM audit"); after != before {
		t.Errorf("the audit speaks of %d changes that did not happen", after-before)
	}
	// It goes on as if nothing had happened.
	next, given = step(*s, 0)
	mustAdvance(t, db, next, 0, *given)
}

func TestOfManyAtOnceExactlyOneAnswers(t *testing.T) {
	dir, clock := t.TempDir(), testkit.NewClock()
	// Two processes on one database, sixteen callers each.
	stores := []*store.Store{testkit.Store(t, dir, clock.Now), testkit.Store(t, dir, clock.Now)}
	s := newSitting("s1", guest(t, stores[0], "p1").ID)
	if err := stores[0].CreateSitting(ctx, s); err != nil {
		t.Fatal(err)
	}
	const callers = 32
	errs := make([]error, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			next, given := step(*s, 0)
			errs[i] = advance(stores[i%2], next, 0, *given)
		})
	}
	wg.Wait()
	through := 0
	for _, err := range errs {
		switch {
		case err == nil:
			through++
		case fault.KindOf(err) != fault.KindConflict:
			t.Errorf("a caller failed otherwise than by a conflict: %v", err)
		}
	}
	answers, err := stores[1].Answers(ctx, s.ID)
	if through != 1 || len(answers) != 1 || err != nil {
		t.Errorf("%d of %d went through and %d answers are kept, error %v; want one", through, callers, len(answers), err)
	}
}

func TestTheReadersCannotWrite(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	for _, statement := range []string{"INSERT INTO settings (key, value) VALUES ('a', 'b')", "DELETE FROM settings", "CREATE TABLE t (x)"} {
		err := store.ReadExec(ctx, db, statement)
		if err == nil || !strings.Contains(err.Error(), "readonly") {
			t.Errorf("%s through the readers: error %v, want a refusal", statement, err)
		}
	}
}

func TestAnEmailBelongsToOneAccount(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	if err := db.CreatePerson(ctx, learner("p1", "one@example.org")); err != nil {
		t.Fatal(err)
	}
	wantKind(t, db.CreatePerson(ctx, learner("p2", "one@example.org")), fault.KindConflict)
	if err := db.CreatePerson(ctx, learner("p2", "two@example.org")); err != nil {
		t.Fatal(err)
	}
	if p, err := db.Person(ctx, "p2"); err != nil || p.Email != "two@example.org" {
		t.Errorf("p2 is now %+v, error %v", p, err)
	}
	guest(t, db, "g1")
	guest(t, db, "g2") // guests have no email to share
}

func TestAGuestIsMergedIntoAnAccount(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	into := learner("p1", "one@example.org")
	if err := db.CreatePerson(ctx, into); err != nil {
		t.Fatal(err)
	}
	g := guest(t, db, "g1")
	said := recommend.Situation{Language: "ja"}
	if err := db.SaveProfile(ctx, g.ID, said); err != nil {
		t.Fatal(err)
	}
	if err := db.CreateSitting(ctx, newSitting("s1", g.ID)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, from another tab, there is nothing left to do
		if err := db.MergeGuest(ctx, g.ID, into.ID); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := db.Sitting(ctx, "s1"); err != nil || s.Person != into.ID {
		t.Errorf("the guest's sitting belongs to %q, error %v", s.Person, err)
	}
	if p, err := db.Profile(ctx, into.ID); err != nil || p.Language != "ja" {
		t.Errorf("what the guest said is lost: %+v, error %v", p, err)
	}
	_, err := db.Person(ctx, g.ID)
	wantKind(t, err, fault.KindNotFound)

	// What the account said itself stays, and an account is never swallowed.
	other := guest(t, db, "g2")
	if err := errors.Join(db.SaveProfile(ctx, other.ID, recommend.Situation{Language: "de"}), db.MergeGuest(ctx, other.ID, into.ID)); err != nil {
		t.Fatal(err)
	}
	if p, err := db.Profile(ctx, into.ID); err != nil || p.Language != "ja" {
		t.Errorf("a guest overwrote what the account had said: %+v, error %v", p, err)
	}
	second := learner("p2", "two@example.org")
	if err := errors.Join(db.CreatePerson(ctx, second), db.MergeGuest(ctx, into.ID, second.ID)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Person(ctx, into.ID); err != nil {
		t.Errorf("an account was merged away: %v", err)
	}
}

func TestTheFirstAdminIsMadeOnce(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	for _, hash := range []string{"first", "second"} { // a restart offers a new token
		if needed, err := db.OfferSetup(ctx, hash); err != nil || !needed {
			t.Fatalf("offering set-up: needed %t, error %v", needed, err)
		}
	}
	admin := learner("a1", "admin@example.org")
	admin.Role = account.Admin
	for _, hash := range []string{"", "wrong", "first"} {
		wantKind(t, db.ClaimSetup(ctx, hash, admin), fault.KindForbidden)
	}
	if err := db.CreatePerson(ctx, learner("p1", "taken@example.org")); err != nil {
		t.Fatal(err)
	}
	taken := *admin
	taken.Email = "taken@example.org"
	wantKind(t, db.ClaimSetup(ctx, "second", &taken), fault.KindConflict)
	if err := db.ClaimSetup(ctx, "second", admin); err != nil { // the failed try did not use it up
		t.Fatal(err)
	}
	another := learner("a2", "another@example.org")
	another.Role = account.Admin
	wantKind(t, db.ClaimSetup(ctx, "second", another), fault.KindForbidden)
	if needed, err := db.OfferSetup(ctx, "third"); err != nil || needed {
		t.Errorf("with an admin set-up is needed: %t, error %v", needed, err)
	}
	wantKind(t, db.ClaimSetup(ctx, "third", another), fault.KindForbidden)
}

func TestEveryChangeOfABankShowsInItsRevision(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	revision := func() int64 {
		t.Helper()
		n, err := db.BanksRevision(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	b := authoring.Bank{ID: "mine", Title: "Mine", Visibility: authoring.Everyone, Added: testkit.Today, Updated: testkit.Today}
	items := published("mine", testkit.Question("mine-a", exam.Single, exam.AWS, "mlops-pipelines"), testkit.Question("mine-b", exam.Single, exam.AWS, "mlops-pipelines"))
	last := revision()
	for name, c := range []struct {
		change func() error
		asked  int // −1 for no bank
	}{
		{func() error { return db.KeepBank(ctx, &b, "p", "make") }, 0},
		{func() error { return db.AddItems(ctx, items, "p", "add") }, 2},
		{func() error {
			return db.ChangeItems(ctx, []exam.QuestionID{"mine-a"}, "p", "retire", func(i *authoring.Item) (string, error) {
				i.Retired = testkit.Today
				return "", nil
			})
		}, 1},
		{func() error { b.Counts = true; return db.KeepBank(ctx, &b, "p", "count") }, 1},
		{func() error { b.Withdrawn = testkit.Today; return db.KeepBank(ctx, &b, "p", "withdraw") }, -1},
	} {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		if now := revision(); now <= last {
			t.Errorf("change %d: revision %d after %d", name, now, last)
		} else {
			last = now
		}
		stored, err := db.Banks(ctx)
		if err != nil || len(stored) > 0 != (c.asked >= 0) || len(stored) == 1 && len(stored[0].Questions) != c.asked {
			t.Errorf("change %d: banks %+v, error %v", name, stored, err)
		}
	}
}

// published makes questions items that are asked.
func published(id exam.BankID, questions ...*exam.Question) []*authoring.Item {
	var items []*authoring.Item
	for _, q := range questions {
		items = append(items, &authoring.Item{ID: q.ID, Bank: id, Version: 1, Published: q, Created: testkit.Today, Updated: testkit.Today})
	}
	return items
}

func TestEveryChangeIsAudited(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	g := guest(t, db, "p1")
	s := newSitting("s1", g.ID)
	next, given := step(*s, 0)
	done := *next
	done.State = sitting.StateSubmitted
	b := authoring.Bank{ID: "mine", Title: "Mine", Visibility: authoring.Everyone}
	if err := errors.Join(db.CreateSitting(ctx, s), advance(db, next, 0, *given), advance(db, &done, 1),
		db.KeepBank(ctx, &b, "p1", "create_bank"), db.AddItems(ctx, published("mine", testkit.Question("mine-a", exam.Single, exam.AWS, "mlops-pipelines")), "p1", "add_questions"),
		db.KeepBank(ctx, &b, "p1", "withdraw_bank")); err != nil {
		t.Fatal(err)
	}
	rows, err := raw(t, dir).QueryContext(ctx, "SELECT actor || ' ' || action || ' ' || detail FROM audit WHERE at > 0 ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"p1 create_person:guest ", "p1 start_sitting s1", "p1 answer:0 s1", "p1 end_sitting s1",
		"p1 create_bank mine", "p1 add_questions mine: 1", "p1 withdraw_bank mine",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

func TestADirectoryThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("not a directory"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, file, time.Now); err == nil {
		t.Error("a file was opened as a directory")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.FileName), []byte("this is no database, and it is long enough to have a header"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, dir, time.Now); err == nil {
		t.Error("a file that is no database was opened as one")
	}
}

// A directory's name may hold what means something in a database's address.
func TestAnAwkwardDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?mode=memory&x=#1%20é")
	guest(t, testkit.Store(t, dir, time.Now), "p1")
	if _, err := os.Stat(filepath.Join(dir, store.FileName)); err != nil {
		t.Errorf("the database is elsewhere: %v", err)
	}
}
