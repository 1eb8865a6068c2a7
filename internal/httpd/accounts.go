package httpd

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/web"
)

// asGuest returns who is asking, making a guest of nobody in particular.
func (h *Handler) asGuest(c *gin.Context) (*account.Person, error) {
	if p := httpx.Person(c); p != nil {
		return p, h.adoptZone(c, p)
	}
	p, err := h.Accounts.StartGuest(c.Request.Context())
	if err != nil {
		return nil, err
	}
	if err := h.adoptZone(c, p); err != nil {
		return nil, err
	}
	return p, h.keepSession(c, p)
}

func (h *Handler) keepSession(c *gin.Context, p *account.Person) error {
	token, expires, err := h.Accounts.Issue(p)
	if err != nil {
		return err
	}
	httpx.KeepSession(c, token, expires)
	httpx.SetPerson(c, p)
	return nil
}

// afterSignIn is where people go who came from no other page.
const afterSignIn = "/readiness"

func (h *Handler) form(c *gin.Context, kind, title string) page.Form {
	given := c.Query
	if c.Request.Method == http.MethodPost {
		given = c.PostForm
	}
	next := httpx.LocalPath(given("next"), afterSignIn)
	if slices.Contains([]string{"/signin", "/signup", "/setup"}, next) {
		next = afterSignIn // from one form to the other: neither is a place to come back to
	}
	p := httpx.Person(c)
	return page.Form{
		Frame: h.frame(c, title, ""), Kind: kind, Next: next,
		Email: c.PostForm("email"), Name: c.PostForm("name"), Token: given("token"),
		Guest: p != nil && !p.SignedIn(),
	}
}

// again shows a form once more with what was wrong; faults of ours are passed on.
func again(err error, show func(status int, message string) error) error {
	status, message := httpx.Status(err)
	if status >= http.StatusInternalServerError {
		return err
	}
	return show(status, message)
}

func (h *Handler) signUpForm(c *gin.Context) error {
	return render(c, http.StatusOK, web.SignUp(h.form(c, "signup", "Sign up")))
}

func registration(c *gin.Context) account.Registration {
	return account.Registration{Email: c.PostForm("email"), Name: c.PostForm("name"), Password: c.PostForm("password")}
}

func (h *Handler) signUp(c *gin.Context) error {
	form := h.form(c, "signup", "Sign up")
	p, err := h.Accounts.SignUp(c.Request.Context(), httpx.Person(c), registration(c))
	if err != nil {
		return again(err, func(status int, message string) error {
			form.Problem = message
			return render(c, status, web.SignUp(form))
		})
	}
	if err := h.keepSession(c, p); err != nil {
		return err
	}
	return seeOther(c, withDone(form.Next, "signed-up"))
}

func (h *Handler) signInForm(c *gin.Context) error {
	return render(c, http.StatusOK, web.SignIn(h.form(c, "signin", "Sign in")))
}

func (h *Handler) signIn(c *gin.Context) error {
	form := h.form(c, "signin", "Sign in")
	p, err := h.signedIn(c, httpx.Person(c), c.PostForm("email"), c.PostForm("password"))
	if err != nil {
		return again(err, func(status int, message string) error {
			form.Problem = message
			return render(c, status, web.SignIn(form))
		})
	}
	if err := h.keepSession(c, p); err != nil {
		return err
	}
	return seeOther(c, form.Next)
}

// signedIn is SignIn with a bound on tries by account.
func (h *Handler) signedIn(c *gin.Context, guest *account.Person, email, password string) (*account.Person, error) {
	if err := h.tries.Allow(strings.ToLower(strings.TrimSpace(email))); err != nil {
		c.Header("Retry-After", "60")
		return nil, err
	}
	return h.Accounts.SignIn(c.Request.Context(), guest, email, password)
}

func (h *Handler) signOut(c *gin.Context) error {
	httpx.DropSession(c)
	return seeOther(c, "/?done=signed-out")
}

func (h *Handler) setupForm(c *gin.Context) error {
	open, err := h.Accounts.SetupOpen(c.Request.Context(), c.Query("token"))
	if err != nil {
		return err
	}
	if !open {
		return fault.Forbidden("This set-up link is no longer good. The newest one stands in the server's log until there is an admin; then: sextant user create --role admin")
	}
	return render(c, http.StatusOK, web.SignUp(h.form(c, "setup", "Make the first admin")))
}

func (h *Handler) setup(c *gin.Context) error {
	form := h.form(c, "setup", "Make the first admin")
	p, err := h.Accounts.ClaimSetup(c.Request.Context(), c.PostForm("token"), registration(c))
	if err != nil {
		return again(err, func(status int, message string) error {
			form.Problem = message
			return render(c, status, web.SignUp(form))
		})
	}
	if err := h.keepSession(c, p); err != nil {
		return err
	}
	return seeOther(c, withDone("/banks", "signed-up"))
}

func (h *Handler) account(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	return h.showAccount(c, p, http.StatusOK, "")
}

func (h *Handler) showAccount(c *gin.Context, p *account.Person, status int, problem string) error {
	sittings, err := h.Sittings.List(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	view := page.Account{Frame: h.frame(c, "Your account", ""), Problem: problem}
	if view.Kept, err = h.keptTests(c, sittings); err != nil {
		return err
	}
	return render(c, status, web.Account(view))
}

func (h *Handler) changePassword(c *gin.Context) error {
	p, err := requireRole(c, account.Learner)
	if err != nil {
		return err
	}
	if err := h.Accounts.ChangePassword(c.Request.Context(), p, c.PostForm("current"), c.PostForm("password")); err != nil {
		return again(err, func(status int, message string) error { return h.showAccount(c, p, status, message) })
	}
	if err := h.keepSession(c, p); err != nil {
		return err
	}
	return seeOther(c, "/account?done=password")
}

// withDone asks the page at address to say what was done.
func withDone(address, done string) string {
	if strings.Contains(address, "?") {
		return address
	}
	return address + "?done=" + done
}

// someone is who is asking; nobody in particular is asked to sign in.
func someone(c *gin.Context) (*account.Person, error) {
	p := httpx.Person(c)
	if p == nil {
		return nil, fault.Unauthorized("This belongs to somebody. If it is yours, sign in, and you come back here.")
	}
	return p, nil
}
