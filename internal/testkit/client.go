package testkit

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/httpd"
	"sextant/internal/httpx"
	"sextant/internal/sitting"
)

// URL is where the application is served.
func (a *App) URL(t testing.TB) string {
	t.Helper()
	a.once.Do(func() {
		handler, err := httpd.New(a.Deps)
		if err != nil {
			t.Fatal(err)
		}
		a.server = httptest.NewServer(handler)
		t.Cleanup(a.server.Close)
	})
	return a.server.URL
}

// Client asks a site for pages, keeps cookies and follows no redirect by itself.
type Client struct {
	base string
	http *http.Client
}

// NewClient returns a client of the site at base.
func NewClient(t testing.TB, base string) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{base: base, http: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Client returns a browser in which p is signed in; nil is nobody in particular.
func (a *App) Client(t testing.TB, p *account.Person) *Client {
	t.Helper()
	c := NewClient(t, a.URL(t))
	if p == nil {
		return c
	}
	token, _, err := a.Accounts.Issue(p)
	if err != nil {
		t.Fatal(err)
	}
	c.SetCookie(t, httpx.CookieName, token)
	return c
}

func (c *Client) address(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse(c.base)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// SetCookie gives the client a cookie of the site.
func (c *Client) SetCookie(t testing.TB, name, value string) {
	t.Helper()
	c.http.Jar.SetCookies(c.address(t), []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// Cookie is the value of a cookie, "" when there is none.
func (c *Client) Cookie(t testing.TB, name string) string {
	t.Helper()
	for _, cookie := range c.http.Jar.Cookies(c.address(t)) {
		if cookie.Name == name {
			return cookie.Value
		}
	}
	return ""
}

// Reply is a response, read whole.
type Reply struct {
	Status int
	Header http.Header
	Body   string
}

// Location is where a redirect leads.
func (r Reply) Location() string { return r.Header.Get("Location") }

// Do sends a request; header holds names and values in turn.
func (c *Client) Do(t testing.TB, method, path string, body io.Reader, header ...string) Reply {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, c.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := c.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it is read to its end
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Reply{Status: response.StatusCode, Header: response.Header, Body: string(text)}
}

// Get asks for a page.
func (c *Client) Get(t testing.TB, path string, header ...string) Reply {
	t.Helper()
	return c.Do(t, http.MethodGet, path, nil, header...)
}

// Post sends a form.
func (c *Client) Post(t testing.TB, path string, form url.Values, header ...string) Reply {
	t.Helper()
	header = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)
	return c.Do(t, http.MethodPost, path, strings.NewReader(form.Encode()), header...)
}

// PostJSON sends JSON.
func (c *Client) PostJSON(t testing.TB, path, body string, header ...string) Reply {
	t.Helper()
	header = append([]string{"Content-Type", "application/json"}, header...)
	return c.Do(t, http.MethodPost, path, strings.NewReader(body), header...)
}

// Upload sends the form that previews a bank.
func (c *Client) Upload(t testing.TB, path, title string, files ...bank.File) Reply {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(form.WriteField("title", title))
	for _, f := range files {
		w, err := form.CreateFormFile("files", f.Name)
		check(err)
		_, err = w.Write(f.Data)
		check(err)
	}
	check(form.Close())
	return c.Do(t, http.MethodPost, path, &body, "Content-Type", form.FormDataContentType())
}

// Begin starts a diagnostic and returns its id. No target means "which fits me?".
func (c *Client) Begin(t testing.TB, length int, targets ...exam.Code) sitting.ID {
	t.Helper()
	form := url.Values{"goal": {"fit"}, "length": {strconv.Itoa(length)}}
	for _, code := range targets {
		form.Set("goal", "exam")
		form.Add("exam", string(code))
	}
	r := c.Post(t, "/diagnostic", form)
	id, ok := strings.CutPrefix(r.Location(), "/sittings/")
	if r.Status != http.StatusSeeOther || !ok {
		t.Fatalf("starting a diagnostic: status %d, location %q", r.Status, r.Location())
	}
	return sitting.ID(id)
}

// Form is a choice as the question page's form sends it.
func Form(seq int, c sitting.Choice) url.Values {
	form := url.Values{"seq": {strconv.Itoa(seq)}, "do": {"answer"}}
	if c.DontKnow {
		form.Set("do", "dont_know")
		return form
	}
	form["option"] = c.Selected
	for i, rank := range c.Order {
		form.Set("order."+strconv.Itoa(i+1), rank)
	}
	for i, match := range c.Matches {
		form.Set("match."+strconv.Itoa(i), match)
	}
	for i, verdict := range c.Verdicts {
		if verdict != "" {
			form.Set("verdict."+strconv.Itoa(i), verdict)
		}
	}
	return form
}
