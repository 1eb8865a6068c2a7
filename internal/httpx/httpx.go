// Package httpx is what every handler shares: turning errors into responses,
// knowing who is asking, and the headers and limits that protect both sides.
package httpx

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"sextant/internal/account"
	"sextant/internal/fault"
)

// HandlerFunc is a handler that returns what went wrong instead of writing it.
type HandlerFunc func(c *gin.Context) error

// ErrorWriter writes an error response: status and a sentence for people.
type ErrorWriter func(c *gin.Context, status int, message string)

// broken is what people read when the fault is ours.
const broken = "Something broke on our side. Your answers are saved. Please try again in a moment."

// Wrap turns a HandlerFunc into a gin handler. It is the only place that
// decides which status an error has.
func Wrap(write ErrorWriter, h HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := h(c)
		if err == nil {
			return
		}
		if c.Request.Context().Err() != nil {
			return // whoever asked has gone
		}
		status, message := Status(err)
		if status >= http.StatusInternalServerError {
			slog.ErrorContext(c.Request.Context(), "request failed", "method", c.Request.Method, "path", c.FullPath(), "error", err)
		}
		if c.Writer.Written() {
			return
		}
		write(c, status, message)
	}
}

// Status translates an error into a status and a sentence for people.
func Status(err error) (int, string) {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return http.StatusRequestEntityTooLarge, "That is more than can be taken in at once. Nothing was changed; send less."
	}
	status := map[fault.Kind]int{
		fault.KindInvalid:      http.StatusBadRequest,
		fault.KindUnauthorized: http.StatusUnauthorized,
		fault.KindForbidden:    http.StatusForbidden,
		fault.KindNotFound:     http.StatusNotFound,
		fault.KindConflict:     http.StatusConflict,
		fault.KindTooMany:      http.StatusTooManyRequests,
		fault.KindUnavailable:  http.StatusServiceUnavailable,
	}[fault.KindOf(err)]
	if status == 0 {
		return http.StatusInternalServerError, broken
	}
	return status, fault.Message(err)
}

// CookieName is the cookie that carries the sign-in token.
const CookieName = "sextant"

// Resolver finds the person a token names.
type Resolver interface {
	// Resolve also tells whether the token should be renewed.
	Resolve(ctx context.Context, token string) (p *account.Person, old bool, err error)
	Issue(p *account.Person) (token string, expires time.Time, err error)
}

const personKey = "person"

// Session finds out who is asking, from a bearer token or the cookie. Nobody
// in particular is fine; a cookie that no longer counts is dropped. A bearer
// token that doesn't count is refused.
func Session(resolver Resolver, write ErrorWriter) gin.HandlerFunc {
	return func(c *gin.Context) {
		token, bearer := bearerToken(c.Request)
		if !bearer {
			token, _ = c.Cookie(CookieName)
		}
		if token == "" {
			return
		}
		person, old, err := resolver.Resolve(c.Request.Context(), token)
		switch {
		case err == nil:
			c.Set(personKey, person)
			if old && !bearer {
				renew(c, resolver, person)
			}
		case bearer || fault.KindOf(err) != fault.KindUnauthorized:
			status, message := Status(err)
			if status >= http.StatusInternalServerError {
				slog.ErrorContext(c.Request.Context(), "resolving a sign-in failed", "error", err)
			}
			write(c, status, message)
			c.Abort()
		default:
			DropSession(c)
		}
	}
}

// renew keeps somebody who comes back signed in: a guest's diagnostics hang on
// the cookie alone.
func renew(c *gin.Context, resolver Resolver, person *account.Person) {
	token, expires, err := resolver.Issue(person)
	if err != nil {
		slog.ErrorContext(c.Request.Context(), "renewing a sign-in failed", "error", err)
		return
	}
	KeepSession(c, token, expires)
}

func bearerToken(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

// Person returns who is asking, or nil.
func Person(c *gin.Context) *account.Person {
	if value, ok := c.Get(personKey); ok {
		return value.(*account.Person)
	}
	return nil
}

// SetPerson makes p the one who is asking for the rest of this request.
func SetPerson(c *gin.Context, p *account.Person) { c.Set(personKey, p) }

const secureKey = "secure"

// KeepSession sends the sign-in cookie.
func KeepSession(c *gin.Context, token string, expires time.Time) {
	setCookie(c, token, expires)
}

// DropSession removes the sign-in cookie.
func DropSession(c *gin.Context) { setCookie(c, "", time.Unix(1, 0)) }

func setCookie(c *gin.Context, value string, expires time.Time) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: CookieName, Value: value, Path: "/", Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.GetBool(secureKey),
	})
}

// Headers sets the headers that every response carries. secure says that the
// site is reached by HTTPS.
func Headers(secure bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Set(secureKey, secure)
		h := c.Writer.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
	}
}

// LimitBody bounds the size of a request's body.
func LimitBody(bytes int64) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bytes)
	}
}

// ParseForm reads a form once and refuses one that can't be read. Without it gin
// would take a form that is too large for an empty one, which erases.
func ParseForm(write ErrorWriter) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.ContentType() != "application/x-www-form-urlencoded" {
			return
		}
		err := c.Request.ParseForm()
		var tooLarge *http.MaxBytesError
		switch {
		case err == nil:
			return
		case errors.As(err, &tooLarge):
			write(c, http.StatusRequestEntityTooLarge, "That was more than a form here can hold. Nothing was changed; go back, shorten it and send it again.")
		default:
			write(c, http.StatusBadRequest, "The form can't be read. Nothing was changed; please go back and try again.")
		}
		c.Abort()
	}
}

// secretPath comes before a secret in a path: that of a calendar's address.
const secretPath = "/calendar/"

// LoggedPath is the path of a request as it may be logged: without its secret. It
// compares byte for byte: letters beyond ASCII may change their length with their
// case, and a place found in lower case would be another in the path.
func LoggedPath(r *http.Request) string {
	path := r.URL.Path
	for at := 0; at+len(secretPath) <= len(path); at++ {
		if strings.EqualFold(path[at:at+len(secretPath)], secretPath) {
			return path[:at] + secretPath + "…"
		}
	}
	return path
}

// Log writes one line per request, without query strings (they may hold a
// one-time token) and without secrets in the path.
func Log(logger *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		level := slog.LevelInfo
		if c.Writer.Status() >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		logger.Log(c.Request.Context(), level, "request",
			"method", c.Request.Method, "path", LoggedPath(c.Request), "status", c.Writer.Status(),
			"bytes", c.Writer.Size(), "ms", float64(time.Since(start).Microseconds())/1000)
	}
}

// Limiter bounds how often one address may try something.
type Limiter struct {
	buckets *lru
	every   rate.Limit
	burst   int
}

// NewLimiter allows burst tries at once and then one per interval, per address.
func NewLimiter(interval time.Duration, burst int) *Limiter {
	return &Limiter{buckets: newLRU(10_000), every: rate.Every(interval), burst: burst}
}

// Middleware refuses requests beyond the limit.
func (l *Limiter) Middleware(write ErrorWriter) gin.HandlerFunc {
	return func(c *gin.Context) {
		bucket := l.buckets.get(network(c.ClientIP()), func() *rate.Limiter { return rate.NewLimiter(l.every, l.burst) })
		if bucket.Allow() {
			return
		}
		c.Header("Retry-After", "60")
		write(c, http.StatusTooManyRequests, "Too many tries from your address. Nothing was changed; please wait a minute and try again.")
		c.Abort()
	}
}

// Allow refuses a key beyond the limit with fault.KindTooMany.
func (l *Limiter) Allow(key string) error {
	if l.buckets.get(key, func() *rate.Limiter { return rate.NewLimiter(l.every, l.burst) }).Allow() {
		return nil
	}
	return fault.TooMany("Too many tries for this account. Nothing was changed; please wait a minute and try again.")
}

// network groups an IPv6 address with its /64, which one subscriber owns whole.
func network(address string) string {
	ip := net.ParseIP(address)
	if ip == nil || ip.To4() != nil {
		return address
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// LocalPath returns path if it leads to a page of this site, else fallback: a
// "next" parameter must never send people elsewhere.
func LocalPath(path, fallback string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return fallback
	}
	return path
}
