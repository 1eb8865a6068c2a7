// Package store keeps everything in a database. It is the only room that
// knows gorm: row structs stay here, and every method speaks the domain's types.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"sextant/internal/fault"
)

//go:embed migrations
var migrations embed.FS

// Store is a SQLite database: one writing connection and a pool of readers.
type Store struct {
	write *gorm.DB
	read  *gorm.DB
	now   func() time.Time
}

// FileName is the database's file within the data directory.
const FileName = "sextant.db"

// Every pragma is in the address, so that each pooled connection has it.
// synchronous=FULL: an acknowledged answer survives a power cut.
func dsn(path string, readOnly bool) string {
	q := url.Values{}
	q.Set("_journal_mode", "WAL")
	q.Set("_synchronous", "FULL")
	q.Set("_foreign_keys", "1")
	q.Set("_busy_timeout", "5000")
	if readOnly {
		q.Set("_query_only", "1")
	} else {
		q.Set("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Open opens (and if need be creates) the database in dir and brings its
// schema up to date.
func Open(ctx context.Context, dir string, now func() time.Time) (_ *Store, err error) {
	defer fault.Op(&err, "opening the database in %s", dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return nil, err
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	// Within a transaction a prepared statement is prepared anew each time and held
	// until its end, which a long one pays for in memory.
	write, err := connect(dsn(path, false), 1, false)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, write, latest); err != nil {
		return nil, errors.Join(err, closeDB(write))
	}
	read, err := connect(dsn(path, true), max(4, runtime.NumCPU()), true)
	if err != nil {
		return nil, errors.Join(err, closeDB(write))
	}
	return &Store{write: write, read: read, now: now}, nil
}

// createPrivate makes the file, if there is none, readable by its owner alone:
// it holds password hashes and the secret that signs tokens. SQLite gives the
// files beside it the same permissions.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func connect(address string, connections int, prepared bool) (*gorm.DB, error) {
	db, err := gorm.Open(sqlite.Open(address), &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		PrepareStmt:            prepared,
		Logger: logger.NewSlogLogger(slog.Default(), logger.Config{
			LogLevel: logger.Error, ParameterizedQueries: true, IgnoreRecordNotFoundError: true,
		}),
	})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return db, nil
}

// latest is the newest version of the schema, whatever its number.
const latest = math.MaxInt64

// migrate brings the schema up to a version.
func migrate(ctx context.Context, db *gorm.DB, version int64) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, files, goose.WithLogger(goose.NopLogger()), goose.WithGoMigrations(goMigrations()...))
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	return nil
}

func closeDB(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Close closes every connection.
func (s *Store) Close() error { return errors.Join(closeDB(s.read), closeDB(s.write)) }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	pool, err := s.read.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

func (s *Store) reader(ctx context.Context) *gorm.DB { return s.read.WithContext(ctx) }

// change runs fn in one writing transaction.
func (s *Store) change(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return s.write.WithContext(ctx).Transaction(fn)
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func notFound(err error) bool {
	return errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, sql.ErrNoRows)
}

type auditRow struct {
	ID     int64 `gorm:"primaryKey"`
	At     int64
	Actor  string
	Action string
	Detail string
}

func (auditRow) TableName() string { return "audit" }

func (s *Store) audit(tx *gorm.DB, actor, action, detail string) error {
	return tx.Create(&auditRow{At: millis(s.now()), Actor: actor, Action: action, Detail: detail}).Error
}
