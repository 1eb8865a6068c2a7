package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"sextant/internal/fault"
)

// The argon2id parameters follow the OWASP password storage cheat sheet's
// minimum for argon2id: 19 MiB, two passes, one lane. About 30 ms a hash.
const (
	argonMemory   = 19 * 1024 // KiB
	argonPasses   = 2
	argonLanes    = 1
	saltBytes     = 16
	digestBytes   = 32
	maxConcurrent = 4                // hashes at a time: bounds memory to about 80 MiB and keeps pages quick
	maxWait       = 10 * time.Second // for a turn; whoever would wait longer is told to come back
)

// Hasher hashes and verifies passwords, a bounded number at a time.
type Hasher struct{ slots chan struct{} }

// NewHasher returns a Hasher.
func NewHasher() *Hasher { return &Hasher{slots: make(chan struct{}, maxConcurrent)} }

func (h *Hasher) enter(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.Unavailable("Too many people are signing in just now. Nothing was changed; please try again in a moment.")
	}
}

// Hash returns the password's argon2id hash in PHC format.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer func() { <-h.slots }()
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("reading random salt: %w", err)
	}
	digest := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, digestBytes)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes,
		enc.EncodeToString(salt), enc.EncodeToString(digest)), nil
}

// Verify reports whether password has the given hash. An empty or unreadable
// hash costs as much time as a wrong password, so timing tells nothing.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer func() { <-h.slots }()
	p, err := parsePHC(hash)
	if err != nil {
		argon2.IDKey([]byte(password), make([]byte, saltBytes), argonPasses, argonMemory, argonLanes, digestBytes)
		return false, nil
	}
	digest := argon2.IDKey([]byte(password), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.digest)))
	return subtle.ConstantTimeCompare(digest, p.digest) == 1, nil
}

type phc struct {
	memory, passes uint32
	lanes          uint8
	salt, digest   []byte
}

func parsePHC(hash string) (phc, error) {
	var p phc
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, fmt.Errorf("not an argon2id hash of version %d", argon2.Version)
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return p, fmt.Errorf("reading argon2id parameters: %w", err)
	}
	if p.passes == 0 || p.lanes == 0 {
		return p, fmt.Errorf("argon2id needs at least one pass and one lane")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, fmt.Errorf("reading salt: %w", err)
	}
	if p.digest, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return p, fmt.Errorf("reading digest: %w", err)
	}
	if len(p.salt) == 0 || len(p.digest) == 0 || p.passes == 0 || p.lanes == 0 {
		return p, fmt.Errorf("empty salt or digest, or no passes or lanes")
	}
	return p, nil
}
