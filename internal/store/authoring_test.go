package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/authoring"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/store"
	"sextant/internal/testkit"
)

// A bank that was kept as files before questions had rows of their own goes on
// being asked, each question as its first version.
func TestBanksKeptAsFilesBecomeQuestions(t *testing.T) {
	dir := t.TempDir()
	var want []*exam.Question
	for _, id := range []exam.QuestionID{"mine-one", "mine-two"} {
		q := testkit.Question(id, exam.Matching, exam.AWS, "mlops-pipelines")
		testkit.Revise(q)
		data, err := bank.Encode(q)
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 {
			err = store.Former(ctx, dir, 6, "INSERT INTO banks (id, title, owner, counts, added_at, updated_at) VALUES ('mine', 'Mine', 'ann', 1, 1000, 2000)")
			if err != nil {
				t.Fatal(err)
			}
		}
		err = store.Former(ctx, dir, 6, "INSERT INTO bank_files (bank_id, place, name, data) VALUES ('mine', ?, ?, ?)", len(want), string(id)+".yaml", data)
		if err != nil {
			t.Fatal(err)
		}
		q.Bank = "mine"
		want = append(want, q)
	}
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	banks, err := db.Banks(ctx)
	if err != nil || len(banks) != 1 || !banks[0].Counts || banks[0].Owner != "ann" || banks[0].Visibility != authoring.Everyone {
		t.Fatalf("banks %+v, error %v", banks, err)
	}
	if diff := cmp.Diff(want, banks[0].Questions); diff != "" {
		t.Errorf("the questions came over changed (-filed +now):\n%s", diff)
	}
	versions, err := db.Versions(ctx, "mine-two")
	if err != nil || len(versions) != 1 || versions[0].Number != 1 || versions[0].Question.Revision != want[1].Revision {
		t.Errorf("versions %+v, error %v", versions, err)
	}
	items, total, err := db.Items(ctx, "mine", authoring.Filter{Words: "mine-two"})
	if err != nil || total != 1 || items[0].State() != authoring.Published || items[0].Author != "ann" {
		t.Errorf("items %+v of %d, error %v", items, total, err)
	}
}

func TestPublishedVersionsNeverChange(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	q := testkit.Question("mine-one", exam.Single, exam.AWS, "mlops-pipelines")
	testkit.Revise(q)
	b := &authoring.Bank{ID: "mine", Title: "Mine", Visibility: authoring.Private}
	if err := db.KeepBank(ctx, b, "", "test"); err != nil {
		t.Fatal(err)
	}
	if err := db.AddItems(ctx, []*authoring.Item{{ID: q.ID, Bank: "mine", Version: 1, Published: q}}, "", "test"); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"UPDATE question_versions SET body = '{}'", "DELETE FROM question_versions"} {
		if err := store.WriteExec(ctx, db, statement); err == nil {
			t.Errorf("%s was let through", statement)
		}
	}
}

func TestImagesAreKeptOnceUnderTheirContent(t *testing.T) {
	db := testkit.Store(t, t.TempDir(), testkit.NewClock().Now)
	first := exam.Image{Name: "a.png", Type: "image/png", Data: []byte("picture")}
	for _, image := range []exam.Image{first, {Name: "b.png", Type: "image/png", Data: []byte("picture")}} {
		if err := db.KeepMedia(ctx, map[string]exam.Image{"key.png": image}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := db.Media(ctx, "key.png")
	if diff := cmp.Diff(first, got); err != nil || diff != "" {
		t.Errorf("error %v, (-kept +read):\n%s", err, diff)
	}
}
