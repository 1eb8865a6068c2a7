package upload_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/testkit"
	"sextant/internal/upload"
)

var ctx = context.Background()

const quiz = "::one:: Is a cache a store? {F}\n\n::two:: Which? {=This ~That}\n"

func desk(t *testing.T) (*testkit.App, *upload.Desk, authoring.Actor, string) {
	t.Helper()
	app := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := app.Person(t, account.Instructor, "owner@example.org")
	folder := filepath.Join(t.TempDir(), "uploads")
	d := upload.NewDesk(app.Authoring, app.Store, folder, slog.New(slog.DiscardHandler))
	t.Cleanup(d.Close)
	return app, d, authoring.Actor{ID: p.ID, Role: p.Role}, folder
}

func files(t *testing.T, d *upload.Desk, named ...string) *upload.Files {
	t.Helper()
	f, err := d.Open()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(named); i += 2 {
		if err := f.Add(named[i], strings.NewReader(named[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// left counts what lies in the desk's folder.
func left(t *testing.T, folder string) int {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return len(entries)
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got error %v, want one of kind %s", err, kind)
	}
}

func TestFilesAreReadIntoAnImportAndClearedAway(t *testing.T) {
	app, d, a, folder := desk(t)
	f := files(t, d, "quiz.gift", quiz, "quiz.gift", quiz, "../../evil.gift", "::x:: Which? {=A ~B}")
	if f.Title() != "quiz" || f.Len() != 3 {
		t.Errorf("%d files, titled %q", f.Len(), f.Title())
	}
	begun, err := d.Take(ctx, a, "Mine", f)
	if err != nil {
		t.Fatal(err)
	}
	d.Wait()
	i, err := app.Store.Import(ctx, begun.ID)
	if err != nil || i.State != authoring.Ready || i.Total != 5 || len(i.Report.Files) != 3 {
		t.Fatalf("the import is %+v, error %v", i, err)
	}
	for n, want := range []string{"quiz.gift", "quiz (2).gift", "../../evil.gift"} {
		if got := i.Report.Files[n]; got.Name != want {
			t.Errorf("file %d is told as %q, want %q", n, got.Name, want)
		}
	}
	if n := left(t, folder); n != 0 {
		t.Errorf("%d folders are left", n)
	}
	if _, here := d.Progress(begun.ID); here {
		t.Error("it is said to be being read")
	}
}

func TestWhatIsNotTakenStaysTheSenders(t *testing.T) {
	app, d, a, folder := desk(t)
	learner := app.Person(t, account.Learner, "learner@example.org")
	f := files(t, d, "quiz.gift", quiz)
	_, err := d.Take(ctx, authoring.Actor{ID: learner.ID, Role: learner.Role}, "Mine", f)
	wantKind(t, err, fault.KindForbidden)
	_, err = d.Take(ctx, a, "!", f)
	wantKind(t, err, fault.KindInvalid)
	if left(t, folder) != 1 {
		t.Error("the files are gone")
	}
	if err := f.Discard(); err != nil || left(t, folder) != 0 {
		t.Errorf("discarded, %d folders are left, error %v", left(t, folder), err)
	}
	for range upload.MaxOpen {
		if _, err := app.Authoring.BeginImport(ctx, a, app.Store, "Mine"); err != nil {
			t.Fatal(err)
		}
	}
	_, err = d.Take(ctx, a, "Mine", files(t, d, "quiz.gift", quiz))
	wantKind(t, err, fault.KindConflict)
}

func TestBoundsOnFiles(t *testing.T) {
	_, d, _, _ := desk(t)
	f := files(t, d)
	for i := range upload.MaxFiles {
		if err := f.Add(fmt.Sprintf("%d.gift", i), strings.NewReader("")); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, f.Add("one more.gift", strings.NewReader("")), fault.KindInvalid)
	broken := errors.New("the line broke")
	if err := files(t, d).Add("x.gift", io.MultiReader(strings.NewReader("x"), errReader{broken})); !errors.Is(err, broken) {
		t.Errorf("a broken line is told as %v", err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// slow is a store that reads on only when it is told to.
type slow struct {
	upload.Store
	begun, release chan struct{}
}

func (s slow) Stage(ctx context.Context, id authoring.ImportID, q []authoring.Staged, media map[string]exam.Image) error {
	select {
	case s.begun <- struct{}{}:
	default:
	}
	select {
	case <-s.release:
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.Store.Stage(ctx, id, q, media)
}

// One import is read at a time; the others wait, and too many are refused.
func TestImportsWaitTheirTurn(t *testing.T) {
	app, _, a, folder := desk(t)
	store := slow{app.Store, make(chan struct{}, 1), make(chan struct{})}
	d := upload.NewDesk(app.Authoring, store, folder, slog.New(slog.DiscardHandler))
	t.Cleanup(d.Close)
	var ids []authoring.ImportID
	for range upload.MaxWaiting + 1 {
		begun, err := d.Take(ctx, a, "Mine", files(t, d, "quiz.gift", quiz))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, begun.ID)
	}
	<-store.begun
	for n, id := range ids {
		if progress, here := d.Progress(id); !here || progress.Before != n {
			t.Errorf("import %d: %+v", n, progress)
		}
	}
	_, err := d.Take(ctx, a, "Mine", files(t, d, "quiz.gift", quiz))
	wantKind(t, err, fault.KindTooMany)
	close(store.release)
	d.Wait()
	for _, id := range ids {
		if i, err := app.Store.Import(ctx, id); err != nil || i.State != authoring.Ready {
			t.Errorf("the import is %+v, error %v", i, err)
		}
	}
}

// An import whose reading is broken off says so, by an orderly end or at the next
// start, and nothing of its files is left.
func TestABrokenOffImportSaysSo(t *testing.T) {
	app, _, a, folder := desk(t)
	store := slow{app.Store, make(chan struct{}, 1), make(chan struct{})}
	d := upload.NewDesk(app.Authoring, store, folder, slog.New(slog.DiscardHandler))
	stopped, err := d.Take(ctx, a, "Mine", files(t, d, "quiz.gift", quiz))
	if err != nil {
		t.Fatal(err)
	}
	<-store.begun
	d.Close()
	_, err = d.Take(ctx, a, "Mine", files(t, d, "quiz.gift", quiz))
	wantKind(t, err, fault.KindTooMany)

	killed, err := app.Authoring.BeginImport(ctx, a, app.Store, "Mine")
	if err != nil {
		t.Fatal(err)
	}
	if err := upload.NewDesk(app.Authoring, app.Store, folder, slog.New(slog.DiscardHandler)).Recover(ctx); err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]authoring.ImportID{"stopped": stopped.ID, "killed": killed.ID} {
		i, err := app.Store.Import(ctx, id)
		if err != nil || i.State != authoring.Failed || !strings.Contains(i.Report.Failure, "send the files again") {
			t.Errorf("%s: the import is %+v, error %v", name, i, err)
		}
	}
	if left(t, folder) != 0 {
		t.Error("files are left")
	}
}
