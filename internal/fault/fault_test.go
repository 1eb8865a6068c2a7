package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"sextant/internal/fault"
)

func TestKindsAndMessages(t *testing.T) {
	for kind, err := range map[fault.Kind]error{
		fault.KindInvalid:      fault.Invalid("choose %d", 2),
		fault.KindUnauthorized: fault.Unauthorized("choose %d", 2),
		fault.KindForbidden:    fault.Forbidden("choose %d", 2),
		fault.KindNotFound:     fault.NotFound("choose %d", 2),
		fault.KindConflict:     fault.Conflict("choose %d", 2),
		fault.KindTooMany:      fault.TooMany("choose %d", 2),
		fault.KindUnavailable:  fault.Unavailable("choose %d", 2),
	} {
		wrapped := fmt.Errorf("doing this: %w", fmt.Errorf("doing that: %w", err))
		for _, e := range []error{err, wrapped, errors.Join(io.EOF, err)} {
			if got := fault.KindOf(e); got != kind {
				t.Errorf("KindOf(%v) = %s, want %s", e, got, kind)
			}
			if got := fault.Message(e); got != "choose 2" {
				t.Errorf("Message(%v) = %q; only the sentence for people is wanted", e, got)
			}
		}
	}
}

func TestAnythingElseIsOurs(t *testing.T) {
	for _, err := range []error{io.EOF, errors.New("boom"), fmt.Errorf("doing this: %w", io.EOF)} {
		if kind := fault.KindOf(err); kind != fault.KindInternal {
			t.Errorf("KindOf(%v) = %s", err, kind)
		}
		if message := fault.Message(err); message != "" {
			t.Errorf("Message(%v) = %q; nothing of it is for people", err, message)
		}
	}
}

func TestTheOutermostFaultSpeaks(t *testing.T) {
	cause := fault.NotFound("There is no such file.")
	err := error(&fault.Fault{Kind: fault.KindUnavailable, Message: "Try again later.", Err: cause})
	if fault.KindOf(err) != fault.KindUnavailable || fault.Message(err) != "Try again later." {
		t.Errorf("kind %s, message %q", fault.KindOf(err), fault.Message(err))
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
	if got, want := err.Error(), "Try again later.: There is no such file."; got != want {
		t.Errorf("for the log: %q, want %q", got, want)
	}
}

func TestOpSaysWhatWasBeingDone(t *testing.T) {
	do := func(result error) (err error) {
		defer fault.Op(&err, "reading %s", "a file")
		return result
	}
	if err := do(nil); err != nil {
		t.Errorf("success became %v", err)
	}
	err := do(io.EOF)
	if !errors.Is(err, io.EOF) || err.Error() != "reading a file: EOF" {
		t.Errorf("got %v", err)
	}
	if err := do(fault.Invalid("choose")); fault.KindOf(err) != fault.KindInvalid || fault.Message(err) != "choose" {
		t.Errorf("the kind or the message is lost: %v", err)
	}
}
