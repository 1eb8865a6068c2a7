// Package account keeps the people: guests, learners, instructors and admins,
// their passwords and their sign-in tokens.
package account

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/fault"
)

// PersonID names a person, guest or not, for ever.
type PersonID string

// Role is what a person may do. Each role includes the ones before it.
type Role string

// The roles.
const (
	Guest      Role = "guest"
	Learner    Role = "learner"
	Instructor Role = "instructor"
	Admin      Role = "admin"
)

// Roles lists the roles an account can have, least first.
func Roles() []Role { return []Role{Learner, Instructor, Admin} }

// ParseRole turns text into a role an account can have.
func ParseRole(text string) (Role, error) {
	for _, r := range Roles() {
		if string(r) == text {
			return r, nil
		}
	}
	return "", fault.Invalid("%q is not a role; use learner, instructor or admin", text)
}

func (r Role) rank() int {
	switch r {
	case Admin:
		return 3
	case Instructor:
		return 2
	case Learner:
		return 1
	default:
		return 0
	}
}

// Includes reports whether r may do what other may.
func (r Role) Includes(other Role) bool { return r.rank() >= other.rank() }

// Person is somebody who uses Sextant. A guest has no email and no password.
type Person struct {
	ID      PersonID
	Email   string
	Name    string
	Role    Role
	Hash    string // argon2id in PHC format; "" for a guest
	Version int    // tokens of an earlier version are no longer accepted
	Created time.Time
	// Settings are kept by Store.SaveSettings alone; making or promoting a person
	// leaves them as they are.
	Settings Settings
}

// SignedIn reports whether p has an account.
func (p *Person) SignedIn() bool { return p != nil && p.Role != Guest && p.Role != "" }

// Store is where people are kept.
//
// Person and PersonByEmail return fault.KindNotFound when nobody matches;
// SetPassword and SetRole return fault.KindNotFound when the account is gone;
// CreatePerson, Promote and ClaimSetup return fault.KindConflict
// when the email is taken.
type Store interface {
	Person(ctx context.Context, id PersonID) (*Person, error)
	PersonByEmail(ctx context.Context, email string) (*Person, error)
	People(ctx context.Context) ([]Person, error)
	CreatePerson(ctx context.Context, p *Person) error
	// Promote makes the guest with p's id the account p. It returns
	// fault.KindConflict when that guest has an account by now.
	Promote(ctx context.Context, p *Person) error
	// SetPassword replaces the hash and ends every sign-in by raising the
	// version, which it returns; nothing else about the account changes.
	SetPassword(ctx context.Context, id PersonID, hash, actor, action string) (version int, err error)
	// SaveSettings replaces a person's settings.
	SaveSettings(ctx context.Context, id PersonID, settings Settings) error
	// SetRole changes the role and nothing else.
	SetRole(ctx context.Context, id PersonID, role Role, actor string) error
	// MergeGuest hands everything a guest did to an account and removes the guest.
	MergeGuest(ctx context.Context, guest, into PersonID) error
	// ClaimSetup consumes the one-time setup token with the given hash and
	// creates the first admin in the same transaction.
	ClaimSetup(ctx context.Context, tokenHash string, p *Person) error
	// SetupOpen reports whether ClaimSetup would accept the token.
	SetupOpen(ctx context.Context, tokenHash string) (bool, error)
}

// MinPassword and MaxPassword bound a password's length in characters; the
// upper bound keeps hashing time bounded.
const (
	MinPassword = 10
	MaxPassword = 200
	maxEmail    = 254
	maxName     = 80
)

// NormalizeEmail checks an address and returns it in the form it is compared in.
func NormalizeEmail(text string) (string, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || len(text) > maxEmail {
		return "", fault.Invalid("%q is not an email address; use one like name@example.org", text)
	}
	return text, nil
}

// CheckPassword checks a new password's form.
func CheckPassword(password string) error {
	n := utf8.RuneCountInString(password)
	if n < MinPassword {
		return fault.Invalid("Use a password of at least %d characters; this one has %d.", MinPassword, n)
	}
	if n > MaxPassword {
		return fault.Invalid("Use a password of at most %d characters.", MaxPassword)
	}
	return nil
}

func normalizeName(name, email string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	if utf8.RuneCountInString(name) > maxName {
		return "", fault.Invalid("Use a name of at most %d characters.", maxName)
	}
	return name, nil
}
