package account

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"sextant/internal/fault"
)

// TokenLife is how long a sign-in lasts.
const TokenLife = 30 * 24 * time.Hour

const (
	issuer         = "sextant"
	audience       = "sextant"
	minSecretBytes = 32
)

// Tokens issues and reads sign-in tokens: HS256 JWTs that name the person and
// the version of their credentials.
type Tokens struct {
	secret []byte
	now    func() time.Time
}

// NewTokens returns Tokens signing with secret, which must have at least 32 bytes.
func NewTokens(secret []byte, now func() time.Time) (*Tokens, error) {
	if len(secret) < minSecretBytes {
		return nil, fmt.Errorf("token secret has %d bytes, needs at least %d", len(secret), minSecretBytes)
	}
	return &Tokens{secret: secret, now: now}, nil
}

type claims struct {
	Version int `json:"ver"`
	jwt.RegisteredClaims
}

// Issue returns a token for p and when it ends.
func (t *Tokens) Issue(p *Person) (string, time.Time, error) {
	now := t.now()
	expires := now.Add(TokenLife)
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Version: p.Version,
		RegisteredClaims: jwt.RegisteredClaims{
			Subject:   string(p.ID),
			Issuer:    issuer,
			Audience:  jwt.ClaimStrings{audience},
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(expires),
		},
	})
	signed, err := token.SignedString(t.secret)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("signing token: %w", err)
	}
	return signed, expires, nil
}

// Claim is what a token says.
type Claim struct {
	Person  PersonID
	Version int // of the credentials it was issued for
	Expires time.Time
}

// Read returns what a token says. Any fault of the token is fault.KindUnauthorized.
func (t *Tokens) Read(text string) (Claim, error) {
	var c claims
	_, err := jwt.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return t.secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithIssuer(issuer),
		jwt.WithAudience(audience),
		jwt.WithTimeFunc(t.now))
	if err != nil || c.Subject == "" {
		return Claim{}, fault.Unauthorized("Your sign-in has ended. Please sign in again.")
	}
	return Claim{Person: PersonID(c.Subject), Version: c.Version, Expires: c.ExpiresAt.Time}, nil
}
