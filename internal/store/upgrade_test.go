package store_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"sextant/internal/exam"
	"sextant/internal/recommend"
	"sextant/internal/store"
	"sextant/internal/testkit"
)

// The tables of plans and results can be taken back with rows in them and made
// again, and whoever is in the database stays.
func TestPlansCanBeTakenBack(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	p := learner("p1", "one@example.org")
	if err := db.CreatePerson(ctx, p); err != nil {
		t.Fatal(err)
	}
	keptPlan(t, db, "a", p.ID, "MLA-C02")
	tell(t, db, "a", "mlops-pipelines", testkit.Today)
	if err := errors.Join(db.KeepFeed(ctx, p.ID, "digest"), db.KeepResult(ctx, result(p, "r", "MLA-C02", 3, true)), db.Close()); err != nil {
		t.Fatal(err)
	}
	downTo(t, dir, 9)

	db = testkit.Store(t, dir, testkit.NewClock().Now)
	plans, err := db.Plans(ctx, p.ID)
	if err != nil || len(plans) != 0 {
		t.Errorf("plans that were taken back: %v, %v", plans, err)
	}
	if again, err := db.Person(ctx, p.ID); err != nil || again.Email != p.Email {
		t.Errorf("the person: %+v, %v", again, err)
	}
	keptPlan(t, db, "a", p.ID, "MLA-C02")
}

// downTo takes back the migrations after a version, as goose's own command would.
func downTo(t *testing.T, dir string, version int64) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, store.FileName)+"?_foreign_keys=1")
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
	if _, err := provider.DownTo(ctx, version); err != nil {
		t.Fatal(err)
	}
}

// A profile that was kept before there were postings and days of earning says the same
// as ever.
func TestAnOldProfileIsRead(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	p := guest(t, db, "g1")
	const old = `{"Factors":{"target_role":["ml_engineer"],"gone_since":["x"]},"Language":"en","Held":["AI-102"],"Targets":null}`
	if _, err := raw(t, dir).ExecContext(ctx, "UPDATE people SET profile = ? WHERE id = ?", old, string(p.ID)); err != nil {
		t.Fatal(err)
	}
	want := recommend.Situation{
		Factors: map[string][]string{"target_role": {"ml_engineer"}, "gone_since": {"x"}}, Language: "en", Held: []exam.Code{"AI-102"},
	}
	got, err := db.Profile(ctx, p.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, profile (-want +got):\n%s", err, diff)
	}
}
