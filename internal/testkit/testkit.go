// Package testkit is what the tests of several rooms share: a clock that tests
// move, a database in a temporary folder, a bank made for testing, and the
// whole site served to a client that keeps cookies.
package testkit

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/classroom"
	"sextant/internal/exam"
	"sextant/internal/httpd"
	"sextant/internal/library"
	"sextant/internal/plan"
	"sextant/internal/progress"
	"sextant/internal/richtext"
	"sextant/internal/sitting"
	"sextant/internal/statistics"
	"sextant/internal/store"
	"sextant/internal/upload"
	"sextant/questions"
)

// Today is where a Clock begins: noon of the day the catalogue describes.
var Today = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// Clock is a clock that moves only when it is told to. It may be used by
// several goroutines.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at Today.
func NewClock() *Clock { return &Clock{now: Today} }

// Now is the time the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to t, forwards or back.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Advance moves the clock forward by d.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

var builtin = sync.OnceValues(func() (*catalogue.Catalogue, error) { return catalogue.Load(questions.Catalogue()) })

// Catalogue is the embedded catalogue. It is shared: don't change it.
func Catalogue(t testing.TB) *catalogue.Catalogue {
	t.Helper()
	cat, err := builtin()
	if err != nil {
		t.Fatalf("loading the catalogue: %v", err)
	}
	return cat
}

var embedded = sync.OnceValue(func() *bank.Bank {
	b, _ := bank.Load(questions.Bank(), exam.BuiltIn) // its remarks are the bank's own tests' business
	return b
})

// Embedded is the bank that ships inside the program. It is shared: don't
// change it.
func Embedded(t testing.TB) *bank.Bank {
	t.Helper()
	return embedded()
}

// Store opens a database in dir and closes it when the test ends.
func Store(t testing.TB, dir string, now func() time.Time) *store.Store {
	t.Helper()
	db, err := store.Open(context.Background(), dir, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return db
}

// App is the whole application on a database of its own.
type App struct {
	Clock      *Clock
	Dir        string
	Store      *store.Store
	Bank       *bank.Bank
	Deps       httpd.Deps
	Accounts   *account.Service
	Library    *library.Library
	Sittings   *sitting.Service
	Authoring  *authoring.Service
	Statistics *statistics.Service
	Classes    *classroom.Service
	Plans      *plan.Service
	Progress   *progress.Service
	Uploads    *upload.Desk

	once   sync.Once
	server *httptest.Server
}

// NewApp wires an application on an empty database with builtin as the bank
// that ships inside the program.
func NewApp(t testing.TB, builtin *bank.Bank) *App {
	t.Helper()
	return OpenApp(t, builtin, t.TempDir(), NewClock())
}

// OpenApp wires an application on the database in dir.
func OpenApp(t testing.TB, builtin *bank.Bank, dir string, clock *Clock) *App {
	t.Helper()
	db := Store(t, dir, clock.Now)
	secret, err := db.TokenSecret(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := account.NewTokens(secret, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	cat := Catalogue(t)
	a := &App{Clock: clock, Dir: dir, Store: db, Bank: builtin}
	a.Library = library.New(cat, builtin, db, clock.Now)
	a.Accounts = account.NewService(db, account.NewHasher(), tokens, clock.Now)
	a.Sittings = sitting.NewService(db, a.Library, clock.Now)
	a.Authoring = authoring.NewService(db, a.Library, func(id exam.QuestionID) bool { _, ok := builtin.Question(id); return ok }, clock.Now)
	logger := slog.New(slog.DiscardHandler)
	a.Uploads = upload.NewDesk(a.Authoring, db, filepath.Join(dir, "uploads"), logger)
	t.Cleanup(a.Uploads.Close) // before the store is closed
	a.Classes = classroom.NewService(db, a.Sittings, a.Library, clock.Now)
	a.Plans = plan.NewService(db, a.Sittings, a.Library, cat, clock.Now)
	a.Progress = progress.NewService(db, a.Sittings, a.Library, cat, clock.Now)
	a.Statistics = statistics.NewService(db, a.Library, a.Authoring, clock.Now)
	t.Cleanup(a.Statistics.Close)
	a.Deps = httpd.Deps{
		Classes:    a.Classes,
		Plans:      a.Plans,
		Progress:   a.Progress,
		Statistics: a.Statistics, Reports: db,
		Accounts: a.Accounts, Sittings: a.Sittings, Library: a.Library, Authoring: a.Authoring, Regrades: db, Imports: db, Uploads: a.Uploads, Images: db, Catalogue: cat, Profiles: db,
		Text: richtext.New(), Ping: db.Ping, Now: clock.Now, Logger: logger,
	}
	return a
}

// Password is the password of everyone whom Person makes.
const Password = "a long enough password"

// passwordHash is made once: hashing is slow on purpose.
var passwordHash = sync.OnceValues(func() (string, error) {
	return account.NewHasher().Hash(context.Background(), Password)
})

// Person makes a person with the role; email is "" for a guest.
func (a *App) Person(t testing.TB, role account.Role, email string) *account.Person {
	t.Helper()
	p := &account.Person{ID: account.PersonID(account.NewID()), Role: role, Created: a.Clock.Now()}
	if role != account.Guest {
		hash, err := passwordHash()
		if err != nil {
			t.Fatal(err)
		}
		p.Email, p.Name, p.Hash = email, string(role), hash
	}
	if err := a.Store.CreatePerson(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	return p
}
