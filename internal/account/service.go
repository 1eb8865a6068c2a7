package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"sextant/internal/fault"
)

// Service is what people can do with their accounts.
type Service struct {
	store  Store
	hasher *Hasher
	tokens *Tokens
	now    func() time.Time
}

// NewService returns a Service.
func NewService(store Store, hasher *Hasher, tokens *Tokens, now func() time.Time) *Service {
	return &Service{store: store, hasher: hasher, tokens: tokens, now: now}
}

// NewID returns 128 random bits in hexadecimal.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never returns an error (it ends the program instead)
	return hex.EncodeToString(b[:])
}

// HashToken is how one-time tokens are kept: as their SHA-256.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// StartGuest creates a guest.
func (s *Service) StartGuest(ctx context.Context) (_ *Person, err error) {
	defer fault.Op(&err, "account.StartGuest")
	p := &Person{ID: PersonID(NewID()), Role: Guest, Created: s.now()}
	return p, s.store.CreatePerson(ctx, p)
}

// Registration is what signing up asks for.
type Registration struct {
	Email, Name, Password string
}

// SignUp creates a learner's account. When guest is a guest, the account takes
// over everything the guest did: the guest becomes the account.
func (s *Service) SignUp(ctx context.Context, guest *Person, r Registration) (_ *Person, err error) {
	defer fault.Op(&err, "account.SignUp")
	p, err := s.newPerson(ctx, r, Learner)
	if err != nil {
		return nil, err
	}
	if guest == nil || guest.Role != Guest {
		return p, s.store.CreatePerson(ctx, p)
	}
	p.ID, p.Created, p.Version = guest.ID, guest.Created, guest.Version+1
	return p, s.store.Promote(ctx, p)
}

// Create makes an account with any role; for operators.
func (s *Service) Create(ctx context.Context, r Registration, role Role) (_ *Person, err error) {
	defer fault.Op(&err, "account.Create")
	p, err := s.newPerson(ctx, r, role)
	if err != nil {
		return nil, err
	}
	return p, s.store.CreatePerson(ctx, p)
}

// ClaimSetup creates the first admin with the one-time token from the log.
func (s *Service) ClaimSetup(ctx context.Context, token string, r Registration) (_ *Person, err error) {
	defer fault.Op(&err, "account.ClaimSetup")
	p, err := s.newPerson(ctx, r, Admin)
	if err != nil {
		return nil, err
	}
	return p, s.store.ClaimSetup(ctx, HashToken(token), p)
}

// SetupOpen reports whether a set-up link is still good.
func (s *Service) SetupOpen(ctx context.Context, token string) (bool, error) {
	return s.store.SetupOpen(ctx, HashToken(token))
}

func (s *Service) newPerson(ctx context.Context, r Registration, role Role) (*Person, error) {
	email, err := NormalizeEmail(r.Email)
	if err != nil {
		return nil, err
	}
	name, err := normalizeName(r.Name, email)
	if err != nil {
		return nil, err
	}
	if err := CheckPassword(r.Password); err != nil {
		return nil, err
	}
	hash, err := s.hasher.Hash(ctx, r.Password)
	if err != nil {
		return nil, err
	}
	return &Person{ID: PersonID(NewID()), Email: email, Name: name, Role: role, Hash: hash, Created: s.now()}, nil
}

// SignIn returns the account with the email and password. What guest did is
// handed to the account. It never says which of the two was wrong.
func (s *Service) SignIn(ctx context.Context, guest *Person, email, password string) (_ *Person, err error) {
	defer fault.Op(&err, "account.SignIn")
	wrong := fault.Unauthorized("That email and password don't match an account. Check both, or sign up.")
	normal, err := NormalizeEmail(email)
	if err != nil {
		return nil, wrong
	}
	p, err := s.store.PersonByEmail(ctx, normal)
	if err != nil && fault.KindOf(err) != fault.KindNotFound {
		return nil, err
	}
	hash := ""
	if p != nil {
		hash = p.Hash
	}
	ok, err := s.hasher.Verify(ctx, hash, password)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, wrong
	}
	if guest != nil && guest.Role == Guest {
		if err := s.store.MergeGuest(ctx, guest.ID, p.ID); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// ChangePassword replaces the password and ends every other sign-in.
func (s *Service) ChangePassword(ctx context.Context, p *Person, current, next string) (err error) {
	defer fault.Op(&err, "account.ChangePassword")
	ok, err := s.hasher.Verify(ctx, p.Hash, current)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Invalid("Your current password isn't that. Nothing was changed.")
	}
	return s.setPassword(ctx, p, next, string(p.ID), "change_password")
}

// ResetPassword sets a password without knowing the old one; for operators.
func (s *Service) ResetPassword(ctx context.Context, email, next string) (err error) {
	defer fault.Op(&err, "account.ResetPassword")
	p, err := s.find(ctx, email)
	if err != nil {
		return err
	}
	return s.setPassword(ctx, p, next, Operator, "reset_password")
}

func (s *Service) setPassword(ctx context.Context, p *Person, next, actor, action string) error {
	if err := CheckPassword(next); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, next)
	if err != nil {
		return err
	}
	version, err := s.store.SetPassword(ctx, p.ID, hash, actor, action)
	if err != nil {
		return err
	}
	p.Hash, p.Version = hash, version
	return nil
}

// Operator is who acts in the audit log when an account is changed from the
// command line.
const Operator = "operator"

// SetRole changes what an account may do.
func (s *Service) SetRole(ctx context.Context, email string, role Role) (err error) {
	defer fault.Op(&err, "account.SetRole")
	p, err := s.find(ctx, email)
	if err != nil {
		return err
	}
	return s.store.SetRole(ctx, p.ID, role, Operator)
}

func (s *Service) find(ctx context.Context, email string) (*Person, error) {
	normal, err := NormalizeEmail(email)
	if err != nil {
		return nil, err
	}
	return s.store.PersonByEmail(ctx, normal)
}

// People lists every account, guests excluded, by email.
func (s *Service) People(ctx context.Context) ([]Person, error) { return s.store.People(ctx) }

// Issue returns a sign-in token for p.
func (s *Service) Issue(p *Person) (string, time.Time, error) { return s.tokens.Issue(p) }

// Resolve returns the person a token names, or fault.KindUnauthorized. old says
// that the token is past half its life and should be renewed.
func (s *Service) Resolve(ctx context.Context, token string) (_ *Person, old bool, err error) {
	defer fault.Op(&err, "account.Resolve")
	read, err := s.tokens.Read(token)
	if err != nil {
		return nil, false, err
	}
	p, err := s.store.Person(ctx, read.Person)
	if err != nil && fault.KindOf(err) == fault.KindNotFound {
		return nil, false, fault.Unauthorized("Your sign-in has ended. Please sign in again.")
	}
	if err != nil {
		return nil, false, err
	}
	if p.Version != read.Version {
		return nil, false, fault.Unauthorized("Your sign-in has ended. Please sign in again.")
	}
	return p, s.now().After(read.Expires.Add(-TokenLife / 2)), nil
}

// SaveSettings keeps how a person wants tests and pages to be.
func (s *Service) SaveSettings(ctx context.Context, id PersonID, settings Settings) (err error) {
	defer fault.Op(&err, "account.SaveSettings")
	if err := settings.Check(); err != nil {
		return err
	}
	return s.store.SaveSettings(ctx, id, settings)
}
