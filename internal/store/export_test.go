package store

import (
	"context"
	"errors"
	"path/filepath"
)

// ReadExec runs a statement through the pool of readers.
func ReadExec(ctx context.Context, s *Store, statement string) error {
	return s.reader(ctx).Exec(statement).Error
}

// WriteExec runs a statement through the writing connection.
func WriteExec(ctx context.Context, s *Store, statement string) error {
	return s.write.WithContext(ctx).Exec(statement).Error
}

// Former makes a database in dir as a version of the schema had it, and runs the
// statement on it.
func Former(ctx context.Context, dir string, version int64, statement string, args ...any) (err error) {
	db, err := connect(dsn(filepath.Join(dir, FileName), false), 1, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeDB(db)) }()
	if err := migrate(ctx, db, version); err != nil {
		return err
	}
	return db.Exec(statement, args...).Error
}
