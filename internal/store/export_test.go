package store

import "context"

// ReadExec runs a statement through the pool of readers.
func ReadExec(ctx context.Context, s *Store, statement string) error {
	return s.reader(ctx).Exec(statement).Error
}
