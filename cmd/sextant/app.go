package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
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
	overtime "sextant/internal/progress"
	"sextant/internal/richtext"
	"sextant/internal/sitting"
	"sextant/internal/statistics"
	"sextant/internal/store"
	"sextant/internal/upload"
	"sextant/questions"
)

// content is what is built into the program.
type content struct {
	catalogue *catalogue.Catalogue
	bank      *bank.Bank
}

// loadContent reads the embedded catalogue and bank. Anything wrong with them
// stops the start, with file, line and field.
func loadContent() (content, error) {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		return content{}, fmt.Errorf("loading the catalogue: %w", err)
	}
	builtin, remarks := bank.Load(questions.Bank(), exam.BuiltIn)
	var faults []error
	for _, r := range remarks {
		if r.Severity == bank.Error {
			faults = append(faults, errors.New(r.String()))
		}
	}
	if len(faults) > 0 {
		return content{}, fmt.Errorf("loading the bank: %w", errors.Join(faults...))
	}
	return content{catalogue: cat, bank: builtin}, nil
}

// app is everything wired together on one data directory.
type app struct {
	content
	store      *store.Store
	accounts   *account.Service
	library    *library.Library
	sittings   *sitting.Service
	authors    *authoring.Service
	statistics *statistics.Service
	classes    *classroom.Service
	plans      *plan.Service
	progress   *overtime.Service
	now        func() time.Time
}

// openApp opens the database in dir. now is the clock, so that a test can move it.
func openApp(ctx context.Context, dir string, now func() time.Time) (*app, error) {
	built, err := loadContent()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, dir, now)
	if err != nil {
		return nil, err
	}
	secret, err := db.TokenSecret(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	tokens, err := account.NewTokens(secret, now)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	shelf := library.New(built.catalogue, built.bank, db, now)
	tests := sitting.NewService(db, shelf, now)
	authors := authoring.NewService(db, shelf, func(id exam.QuestionID) bool { _, ok := built.bank.Question(id); return ok }, now)
	return &app{
		content: built, store: db, now: now, library: shelf,
		accounts: account.NewService(db, account.NewHasher(), tokens, now),
		sittings: tests,
		classes:  classroom.NewService(db, tests, shelf, now),
		plans:    plan.NewService(db, tests, shelf, built.catalogue, now),
		progress: overtime.NewService(db, tests, shelf, built.catalogue, now),
		authors:  authors, statistics: statistics.NewService(db, shelf, authors, now),
	}, nil
}

func (a *app) close() error {
	a.statistics.Close()
	return a.store.Close()
}

// siteOptions say how the site is reached.
type siteOptions struct {
	secure  bool     // by HTTPS
	proxies []string // through these, by address or network
}

// uploads reads what people send to be imported, in a folder of the data directory.
func (a *app) uploads(dir string, logger *slog.Logger) *upload.Desk {
	return upload.NewDesk(a.authors, a.store, filepath.Join(dir, "uploads"), logger)
}

func (a *app) handler(s siteOptions, uploads *upload.Desk, logger *slog.Logger) (http.Handler, error) {
	return httpd.New(httpd.Deps{
		Classes:    a.classes,
		Plans:      a.plans,
		Progress:   a.progress,
		Statistics: a.statistics, Reports: a.store,
		Accounts: a.accounts, Sittings: a.sittings, Library: a.library, Authoring: a.authors, Regrades: a.store, Imports: a.store, Uploads: uploads, Images: a.store, Catalogue: a.catalogue,
		Profiles: a.store, Text: richtext.New(), Ping: a.store.Ping, Now: a.now, Secure: s.secure, Proxies: s.proxies, Logger: logger,
	})
}

// dataFlag is the flag that every command on the database shares.
type dataFlag struct {
	Data string `help:"Directory of the database." default:"./data" env:"SEXTANT_DATA" placeholder:"DIR"`
}
