// Package fault is the project's error vocabulary: an error with a kind that
// a transport can translate and a sentence that a person can act on.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of thing went wrong, independent of any transport.
type Kind string

// The kinds of fault. Anything that is not a *Fault counts as Internal.
const (
	KindInvalid      Kind = "invalid"      // the request can't be understood or breaks a rule
	KindUnauthorized Kind = "unauthorized" // nobody is signed in
	KindForbidden    Kind = "forbidden"    // signed in, but not allowed
	KindNotFound     Kind = "not_found"
	KindConflict     Kind = "conflict"    // the state moved on since the page was loaded
	KindTooMany      Kind = "too_many"    // a limit was reached; waiting helps
	KindUnavailable  Kind = "unavailable" // a dependency is down; retrying helps
	KindInternal     Kind = "internal"
)

// Fault is an error whose Message may be shown to people as it stands.
type Fault struct {
	Kind    Kind
	Message string
	Err     error // what caused it; never shown to people
}

// Error implements error.
func (f *Fault) Error() string {
	if f.Err == nil {
		return f.Message
	}
	return f.Message + ": " + f.Err.Error()
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

func newf(kind Kind, format string, args []any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Invalid reports input that breaks a rule; the text says which.
func Invalid(format string, args ...any) error { return newf(KindInvalid, format, args) }

// Unauthorized reports that nobody is signed in.
func Unauthorized(format string, args ...any) error { return newf(KindUnauthorized, format, args) }

// Forbidden reports that the person signed in may not do this.
func Forbidden(format string, args ...any) error { return newf(KindForbidden, format, args) }

// NotFound reports that what was asked for does not exist (or not for this person).
func NotFound(format string, args ...any) error { return newf(KindNotFound, format, args) }

// Conflict reports that the state changed since the caller last saw it.
func Conflict(format string, args ...any) error { return newf(KindConflict, format, args) }

// TooMany reports that a rate limit was reached.
func TooMany(format string, args ...any) error { return newf(KindTooMany, format, args) }

// Unavailable reports that something we depend on is down for the moment.
func Unavailable(format string, args ...any) error { return newf(KindUnavailable, format, args) }

// KindOf returns the kind of the outermost Fault in err's chain, and
// KindInternal when there is none.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return KindInternal
}

// Message returns the sentence for people, and "" when err carries none.
func Message(err error) string {
	var f *Fault
	if errors.As(err, &f) {
		return f.Message
	}
	return ""
}

// Op prefixes *err with what was being done. Use it deferred:
//
//	defer fault.Op(&err, "sitting.Answer(%s)", id)
func Op(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
