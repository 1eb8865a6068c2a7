package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"pgregory.net/rapid"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/httpx"
)

func TestEveryErrorHasItsStatus(t *testing.T) {
	for _, c := range []struct {
		err     error
		status  int
		message string // "" for our own words
	}{
		{fault.Invalid("words"), 400, "words"},
		{fault.Unauthorized("words"), 401, "words"},
		{fault.Forbidden("words"), 403, "words"},
		{fault.NotFound("words"), 404, "words"},
		{fault.Conflict("words"), 409, "words"},
		{fault.TooMany("words"), 429, "words"},
		{fault.Unavailable("words"), 503, "words"},
		{fmt.Errorf("doing this: %w", fault.NotFound("words")), 404, "words"},
		{errors.New("secret inside"), 500, ""},
		{&fault.Fault{Kind: "new kind", Message: "secret inside"}, 500, ""},
		{fmt.Errorf("reading: %w", &http.MaxBytesError{Limit: 1}), 413, ""},
	} {
		status, message := httpx.Status(c.err)
		if status != c.status || c.message != "" && message != c.message {
			t.Errorf("Status(%v) = %d, %q; want %d, %q", c.err, status, message, c.status, c.message)
		}
		if message == "" || strings.Contains(message, "secret") || strings.Contains(message, "doing this") {
			t.Errorf("Status(%v) tells people %q", c.err, message)
		}
	}
}

// The secret of a calendar's address is logged in no disguise.
func TestTheLogHoldsNoSecretPath(t *testing.T) {
	for path, want := range map[string]string{
		"/":                         "/",
		"/plan/calendar":            "/plan/calendar",
		"/plan/1234/calendar.ics":   "/plan/1234/calendar.ics",
		"/calendar/SECRET.ics":      "/calendar/…",
		"/calendar/SECRET/more":     "/calendar/…",
		"//calendar/SECRET.ics":     "//calendar/…",
		"/Calendar/SECRET.ics":      "/calendar/…",
		"/calendar%2fSECRET.ics":    "/calendar/…",
		"/plan/../calendar/SECRET":  "/plan/../calendar/…",
		"/calendar/a/calendar/b/cd": "/calendar/…",
		// Ⱥ is longer in lower case, K (Kelvin) shorter.
		"/ȺȺȺȺȺȺȺȺȺȺȺȺ/calendar/SECRET": "/ȺȺȺȺȺȺȺȺȺȺȺȺ/calendar/…",
		"/\u212a\u212a/calendar/SECRET": "/\u212a\u212a/calendar/…",
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.org"+path, nil)
		if got := httpx.LoggedPath(request); got != want {
			t.Errorf("%s is logged as %s, want %s", path, got, want)
		}
	}
}

func TestLocalPath(t *testing.T) {
	for path, ok := range map[string]bool{
		"/":                        true,
		"/readiness":               true,
		"/sittings/x?saved=3#here": true,
		"/a//b":                    true,
		"":                         false,
		"readiness":                false,
		"//evil.example":           false,
		"///evil.example":          false,
		`/\evil.example`:           false,
		`\/evil.example`:           false,
		`/a\b`:                     false,
		"https://evil.example/":    false,
		"https:/evil.example":      false,
		"HTTP://evil.example":      false,
		"javascript:alert(1)":      false,
		"data:text/html,x":         false,
		"/\t/evil.example":         false,
		"/\n/evil.example":         false,
		"\u00a0//evil.example":     false,
		"/%zz":                     false,
		"?next=//evil.example":     false,
		"#x":                       false,
	} {
		want := "/fallback"
		if ok {
			want = path
		}
		if got := httpx.LocalPath(path, "/fallback"); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", path, got, want)
		}
	}
	site, err := url.Parse("https://site.example/page")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.StringMatching(`[/\\a:.@?#% \t]{0,8}(evil\.example)?`).Draw(t, "path")
		to, err := site.Parse(httpx.LocalPath(path, "/"))
		if err != nil || to.Scheme != "https" || to.Host != "site.example" {
			t.Fatalf("%q leads to %v, error %v", path, to, err)
		}
	})
}

func write(c *gin.Context, status int, message string) { c.String(status, message) }

func engine(secure bool) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.Use(httpx.Headers(secure))
	return e
}

func do(h http.Handler, method, path string, body io.Reader, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, path, body)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestWrapWritesTheErrorUnlessAPageIsWritten(t *testing.T) {
	e := engine(false)
	e.GET("/fine", httpx.Wrap(write, func(c *gin.Context) error { c.String(200, "fine"); return nil }))
	e.GET("/refused", httpx.Wrap(write, func(*gin.Context) error { return fault.Forbidden("not you") }))
	e.GET("/ours", httpx.Wrap(write, func(*gin.Context) error { return errors.New("secret inside") }))
	e.GET("/late", httpx.Wrap(write, func(c *gin.Context) error { c.String(200, "page"); return errors.New("secret inside") }))
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"/fine": {200, "fine"}, "/refused": {403, "not you"}, "/late": {200, "page"}, "/ours": {500, "Something broke"},
	} {
		w := do(e, "GET", path, nil, nil)
		if w.Code != want.status || !strings.HasPrefix(w.Body.String(), want.body) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}

// people resolves the token "good" and is down for the token "down".
type people struct{}

func (people) Resolve(_ context.Context, token string) (*account.Person, bool, error) {
	switch token {
	case "good", "ageing":
		return &account.Person{ID: "p1", Role: account.Learner}, token == "ageing", nil
	case "down":
		return nil, false, errors.New("database gone")
	}
	return nil, false, fault.Unauthorized("ended")
}

func (people) Issue(*account.Person) (string, time.Time, error) {
	return "fresh", time.Now().Add(time.Hour), nil
}

func TestAnOldSignInIsRenewedByCookieOnly(t *testing.T) {
	e := engine(true)
	e.GET("/", httpx.Session(people{}, write), func(c *gin.Context) { c.Status(http.StatusNoContent) })
	tests := []struct {
		name, cookie, bearer string
		renewed              bool
	}{
		{"a young cookie", "good", "", false},
		{"an old cookie", "ageing", "", true},
		{"an old bearer token", "", "ageing", false},
	}
	for _, test := range tests {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		if test.cookie != "" {
			r.AddCookie(&http.Cookie{Name: httpx.CookieName, Value: test.cookie})
		}
		if test.bearer != "" {
			r.Header.Set("Authorization", "Bearer "+test.bearer)
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if got := strings.Contains(w.Header().Get("Set-Cookie"), "=fresh;"); got != test.renewed {
			t.Errorf("%s: renewed %t, want %t", test.name, got, test.renewed)
		}
	}
}

func TestSession(t *testing.T) {
	e := engine(true)
	e.GET("/", httpx.Session(people{}, write), func(c *gin.Context) {
		if p := httpx.Person(c); p != nil {
			c.String(200, string(p.ID))
			return
		}
		c.String(200, "nobody")
	})
	for _, c := range []struct {
		name, authorization, cookie string
		status                      int
		body                        string
		dropped                     bool
	}{
		{"nothing", "", "", 200, "nobody", false},
		{"a good cookie", "", "good", 200, "p1", false},
		{"a cookie that ended", "", "old", 200, "nobody", true},
		{"garbage in the cookie", "", "\x01%%", 200, "nobody", false},
		{"a cookie while we are down", "", "down", 500, "Something broke", false},
		{"a good token", "Bearer good", "", 200, "p1", false},
		{"a good token, any case", "bearer  good", "", 200, "p1", false},
		{"a token that ended", "Bearer old", "", 401, "ended", false},
		{"a token that ended beside a good cookie", "Bearer old", "good", 401, "ended", false},
		{"another scheme", "Basic good", "", 200, "nobody", false},
		{"a token while we are down", "Bearer down", "", 500, "Something broke", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := do(e, "GET", "/", nil, func(r *http.Request) {
				if c.authorization != "" {
					r.Header.Set("Authorization", c.authorization)
				}
				if c.cookie != "" {
					r.Header.Set("Cookie", httpx.CookieName+"="+c.cookie)
				}
			})
			if w.Code != c.status || !strings.HasPrefix(w.Body.String(), c.body) {
				t.Errorf("%d %q, want %d %q", w.Code, w.Body, c.status, c.body)
			}
			dropped := strings.Contains(w.Header().Get("Set-Cookie"), httpx.CookieName+"=;")
			if dropped != c.dropped {
				t.Errorf("the cookie is dropped: %t, want %t", dropped, c.dropped)
			}
		})
	}
}

func TestTheSignInCookieIsGuarded(t *testing.T) {
	for _, secure := range []bool{false, true} {
		e := engine(secure)
		e.GET("/", func(c *gin.Context) { httpx.KeepSession(c, "token", time.Now().Add(time.Hour)) })
		cookies := do(e, "GET", "/", nil, nil).Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("cookies: %v", cookies)
		}
		c := cookies[0]
		if c.Name != httpx.CookieName || c.Value != "token" || !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			t.Errorf("over HTTPS %t: %v", secure, c)
		}
	}
}

func TestEveryResponseHasTheHeaders(t *testing.T) {
	for _, secure := range []bool{false, true} {
		e := engine(secure)
		e.GET("/page", func(c *gin.Context) { c.String(200, "page") })
		e.GET("/error", httpx.Wrap(write, func(*gin.Context) error { return errors.New("boom") }))
		for _, path := range []string{"GET /page", "GET /error", "GET /nowhere", "POST /page"} {
			method, address, _ := strings.Cut(path, " ")
			h := do(e, method, address, nil, nil).Header()
			csp := h.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
				if !strings.Contains(csp, part) {
					t.Errorf("%s: the policy lacks %s", path, part)
				}
			}
			if strings.Contains(csp, "unsafe") {
				t.Errorf("%s: the policy allows what is unsafe: %s", path, csp)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") == "" {
				t.Errorf("%s: headers %v", path, h)
			}
			if got := h.Get("Strict-Transport-Security") != ""; got != secure {
				t.Errorf("%s over HTTPS %t: strict transport %t", path, secure, got)
			}
		}
	}
}

func TestABodyHasALimit(t *testing.T) {
	e := engine(false)
	read := 0
	e.POST("/", httpx.LimitBody(10), httpx.Wrap(write, func(c *gin.Context) error {
		body, err := io.ReadAll(c.Request.Body)
		read = len(body)
		return err
	}))
	for size, status := range map[int]int{0: 200, 10: 200, 11: 413, 1 << 20: 413} {
		if w := do(e, "POST", "/", strings.NewReader(strings.Repeat("x", size)), nil); w.Code != status || read > 10 {
			t.Errorf("%d bytes: status %d, %d read; want status %d and 10 at most", size, w.Code, read, status)
		}
	}
}

func TestTheLimiterCountsByAddress(t *testing.T) {
	e := engine(false)
	if err := e.SetTrustedProxies(nil); err != nil {
		t.Fatal(err)
	}
	e.GET("/", httpx.NewLimiter(time.Hour, 3).Middleware(write), func(c *gin.Context) { c.String(200, "in") })
	from := func(address, forwarded string) int {
		return do(e, "GET", "/", nil, func(r *http.Request) {
			r.RemoteAddr = address
			if forwarded != "" {
				r.Header.Set("X-Forwarded-For", forwarded)
			}
		}).Code
	}
	for i, want := range []int{200, 200, 200, 429, 429} {
		if got := from("192.0.2.1:1000", ""); got != want {
			t.Errorf("try %d: status %d, want %d", i+1, got, want)
		}
	}
	for address, want := range map[string]int{"192.0.2.1:2000": 429, "192.0.2.2:1000": 200} {
		if got := from(address, ""); got != want {
			t.Errorf("from %s: status %d, want %d", address, got, want)
		}
	}
	if got := from("192.0.2.1:1000", "203.0.113.9"); got != 429 {
		t.Errorf("with a forwarded address that anybody can write: status %d", got)
	}
	// One subscriber has a whole /64 of IPv6 addresses.
	for i, address := range []string{"[2001:db8:1:2::1]:1", "[2001:db8:1:2::2]:1", "[2001:db8:1:2:ffff::3]:1"} {
		if got := from(address, ""); got != 200 {
			t.Errorf("IPv6 try %d: status %d", i+1, got)
		}
	}
	if got := from("[2001:db8:1:2::4]:1", ""); got != 429 {
		t.Errorf("a fourth address of the same network: status %d", got)
	}
	if got := from("[2001:db8:1:3::1]:1", ""); got != 200 {
		t.Errorf("another network: status %d", got)
	}
}
