// Package httpd serves the pages: one file per group of actions, every route
// in Install. Handlers read the request, call a use case, fill a view model
// and render it; they decide nothing else.
package httpd

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/catalogue"
	"sextant/internal/classroom"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/internal/plan"
	"sextant/internal/progress"
	"sextant/internal/recommend"
	"sextant/internal/richtext"
	"sextant/internal/sitting"
	"sextant/internal/statistics"
	"sextant/internal/upload"
	"sextant/web"
)

// Profiles keeps what people say about their situation.
type Profiles interface {
	Profile(ctx context.Context, id account.PersonID) (recommend.Situation, error)
	SaveProfile(ctx context.Context, id account.PersonID, situation recommend.Situation) error
}

// Deps is what the pages need.
type Deps struct {
	Accounts   *account.Service
	Sittings   *sitting.Service
	Library    *library.Library
	Authoring  *authoring.Service
	Classes    *classroom.Service
	Statistics *statistics.Service
	Plans      *plan.Service
	Progress   *progress.Service
	Reports    Reports
	Regrades   authoring.RegradeStore
	Imports    authoring.ImportStore
	Uploads    *upload.Desk
	Images     Images
	Catalogue  *catalogue.Catalogue
	Profiles   Profiles
	Text       *richtext.Renderer
	Ping       func(ctx context.Context) error
	Now        func() time.Time
	Secure     bool     // the site is reached by HTTPS
	Proxies    []string // addresses or networks of proxies whose X-Forwarded-For is believed
	Logger     *slog.Logger
}

// Handler serves the pages.
type Handler struct {
	Deps
	help     helpPages
	tries    *httpx.Limiter // sign-ins by account
	measured measurement
	fits     fitCache
}

// maxForm and maxUpload bound request bodies in bytes.
const (
	maxForm   = 256 << 10
	maxExam   = 4 << 20
	maxImport = 64 << 20
)

// New returns the whole site.
func New(deps Deps) (http.Handler, error) {
	h := &Handler{Deps: deps, tries: httpx.NewLimiter(20*time.Second, 12)}
	if err := h.loadHelp(); err != nil {
		return nil, err
	}
	if err := h.loadMeasurement(); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := engine.SetTrustedProxies(deps.Proxies); err != nil {
		return nil, fmt.Errorf("reading the trusted proxies: %w", err)
	}
	engine.HandleMethodNotAllowed = true
	engine.Use(httpx.Log(deps.Logger), h.recovered(), httpx.Headers(deps.Secure))
	h.Install(engine)
	// Refuses state-changing requests that another site made the browser send.
	return http.NewCrossOriginProtection().Handler(engine), nil
}

// Install registers every route.
func (h *Handler) Install(engine *gin.Engine) {
	wrap := func(f httpx.HandlerFunc) gin.HandlerFunc { return httpx.Wrap(h.failure, f) }
	engine.GET("/static/*path", gin.WrapH(web.Static()))
	engine.GET("/healthz", h.health)

	session := httpx.Session(h.Accounts, h.failure)
	r := engine.Group("", session)
	pages := r.Group("", httpx.LimitBody(maxForm), httpx.ParseForm(h.failure))
	pages.GET("/", wrap(h.home))
	pages.POST("/theme", wrap(h.setTheme))

	// Loose by address, since a class may share one; tight by account in signedIn.
	guess := httpx.NewLimiter(time.Second, 60).Middleware(h.failure)
	pages.GET("/signup", wrap(h.signUpForm))
	pages.POST("/signup", guess, wrap(h.signUp))
	pages.GET("/signin", wrap(h.signInForm))
	pages.POST("/signin", guess, wrap(h.signIn))
	pages.POST("/signout", wrap(h.signOut))
	pages.GET("/setup", wrap(h.setupForm))
	pages.POST("/setup", guess, wrap(h.setup))
	pages.GET("/account", wrap(h.account))
	pages.POST("/account/password", guess, wrap(h.changePassword))
	pages.GET("/profile", wrap(h.profileForm))
	// What can make a guest is bounded, so that nobody fills the database with them.
	begin := httpx.NewLimiter(2*time.Second, 60).Middleware(h.failure)
	pages.POST("/profile", begin, wrap(h.saveProfile))
	pages.GET("/diagnostic", wrap(h.startForm))
	pages.POST("/diagnostic", begin, wrap(h.start))
	pages.GET("/sittings/:id", wrap(h.question))
	pages.GET("/sittings/:id/answers", wrap(h.backToQuestion)) // the address bar after a refused answer
	pages.POST("/sittings/:id/answers", wrap(h.answer))
	pages.POST("/sittings/:id/finish", wrap(h.finish))
	pages.GET("/sittings/:id/report", wrap(h.ended(h.report)))
	pages.GET("/sittings/:id/review", wrap(h.ended(h.review)))
	pages.GET("/sittings/:id/result", wrap(h.ended(h.result)))
	pages.GET("/sittings/:id/review/:seq", wrap(h.ended(h.reviewedAt)))
	pages.GET("/sittings/:id/feedback/:seq", wrap(h.feedback))
	remarks := httpx.NewLimiter(200*time.Millisecond, 600).Middleware(h.failure)
	pages.POST("/sittings/:id/events", remarks, wrap(h.questionEvents))
	pages.POST("/sittings/:id/feedback/:seq", remarks, wrap(h.remark))
	pages.POST("/sittings/:id/review/:seq", remarks, wrap(h.ended(h.remarkReviewed)))
	pages.POST("/sittings/:id/retake", begin, wrap(h.ended(h.retake)))
	pages.GET("/sittings/:id/practice", wrap(h.ended(h.practiceSummary)))
	pages.GET("/practice", wrap(h.practiceForm))
	pages.POST("/practice", begin, wrap(h.startPractice))
	pages.GET("/readiness", wrap(h.readiness))
	pages.GET("/mock", wrap(h.mockForm))
	pages.POST("/mock", begin, wrap(h.startMock))
	pages.GET("/exams/:id", wrap(h.exam))
	// A whole exam with a long note to every question is sent at once.
	exams := r.Group("/exams", httpx.LimitBody(maxExam), httpx.ParseForm(h.failure), httpx.NewLimiter(200*time.Millisecond, 600).Middleware(h.failure))
	exams.POST("/:id", wrap(h.saveExam))
	exams.POST("/:id/events", wrap(h.examEvents))
	pages.GET("/settings", wrap(h.settingsForm))
	pages.POST("/settings", begin, wrap(h.saveSettings))
	h.installRecommendation(pages, wrap)

	h.installCertifications(pages, wrap)
	h.installPostings(r, wrap, begin)
	pages.GET("/measurement", wrap(h.measurement))
	pages.GET("/help", wrap(h.helpPage))
	pages.GET("/help/:topic", wrap(h.helpPage))

	h.installBanks(r)

	h.installEditor(r)

	pages.GET("/banks/:id/statistics", wrap(h.bankStatistics))
	pages.GET("/banks/:id/statistics.csv", wrap(h.statisticsFile))
	pages.GET("/questions/:id/statistics", wrap(h.questionStatistics))
	pages.GET("/problems", wrap(h.problems))
	pages.POST("/problems/:id", wrap(h.changeProblem))

	h.installAPI(r.Group("/api/v1", httpx.LimitBody(maxForm)), guess)

	h.installClasses(pages, wrap, guess, begin)
	h.installPlans(engine, pages, wrap, begin)
	h.installProgress(pages, wrap, begin)

	notFound := func(*gin.Context) error {
		return fault.NotFound("There is no page at this address. It may have moved, or the address has a slip in it.")
	}
	engine.NoRoute(session, wrap(notFound))
	engine.NoMethod(session, wrap(func(c *gin.Context) error {
		h.failure(c, http.StatusMethodNotAllowed, "This address doesn't take that kind of request.")
		return nil
	}))
}

// installClasses registers the pages of classes. Guessing codes is bounded, and so is
// what a form can make.
func (h *Handler) installClasses(pages *gin.RouterGroup, wrap func(httpx.HandlerFunc) gin.HandlerFunc, guess, begin gin.HandlerFunc) {
	pages.GET("/join/:code", guess, wrap(h.joinForm))
	pages.POST("/join/:code", guess, wrap(h.join))
	pages.POST("/classes/join", guess, wrap(h.enterCode))
	pages.GET("/classes", wrap(h.classes))
	pages.GET("/classes/new", wrap(h.classForm))
	pages.POST("/classes", begin, wrap(h.createClass))
	pages.GET("/classes/:id", wrap(h.class))
	pages.GET("/classes/:id/standing.csv", wrap(h.standingCSV))
	pages.GET("/classes/:id/settings", wrap(h.classSettings))
	pages.POST("/classes/:id/settings", wrap(h.saveClass))
	pages.POST("/classes/:id/end", wrap(h.endClass))
	pages.GET("/classes/:id/people", wrap(h.classPeople))
	pages.POST("/classes/:id/code", wrap(h.classCode))
	pages.POST("/classes/:id/banks", wrap(h.classBanks))
	pages.POST("/classes/:id/instructors", guess, wrap(h.classInstructors))
	pages.POST("/classes/:id/members", wrap(h.removeMember))
	pages.POST("/classes/:id/leave", wrap(h.leaveClass))
	pages.GET("/classes/:id/shared", wrap(h.classShared))
	pages.GET("/classes/:id/assignments", wrap(h.assignments))
	pages.GET("/classes/:id/assignments/new", wrap(h.assignmentForm))
	pages.POST("/classes/:id/assignments", begin, wrap(h.assign))
	pages.GET("/classes/:id/assignments/:assignment", wrap(h.assignment))
	pages.GET("/classes/:id/assignments/:assignment/results.csv", wrap(h.resultsCSV))
	pages.POST("/classes/:id/assignments/:assignment/begin", begin, wrap(h.beginAssignment))
	pages.POST("/classes/:id/assignments/:assignment/window", wrap(h.rescheduleAssignment))
	pages.POST("/classes/:id/assignments/:assignment/withdraw", wrap(h.withdrawAssignment))
}

func (h *Handler) recovered() gin.HandlerFunc {
	return gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, cause any) {
		h.Logger.ErrorContext(c.Request.Context(), "panic", "path", httpx.LoggedPath(c.Request), "cause", cause, "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			status, message := httpx.Status(fmt.Errorf("panic: %v", cause))
			h.failure(c, status, message)
		}
		c.Abort()
	})
}

// pingTimeout is how long the database may take to answer a health check.
const pingTimeout = 2 * time.Second

func (h *Handler) health(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), pingTimeout)
	defer cancel()
	if err := h.Ping(ctx); err != nil {
		h.Logger.ErrorContext(ctx, "health check failed", "error", err)
		c.String(http.StatusServiceUnavailable, "database unavailable\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}

// render writes a page. The page is rendered whole before the status is
// written, so that a failure shows as a failure.
func render(c *gin.Context, status int, component templ.Component) error {
	var out bytes.Buffer
	if err := component.Render(c.Request.Context(), &out); err != nil {
		return err
	}
	c.Data(status, "text/html; charset=utf-8", out.Bytes())
	return nil
}

const themeCookie = "theme"

// frame is what surrounds every page.
func (h *Handler) frame(c *gin.Context, title, section string) page.Frame {
	f := page.Frame{Title: title, Section: section, Path: placeOf(c), Notice: notices[c.Query("done")]}
	if theme, err := c.Cookie(themeCookie); err == nil && (theme == "light" || theme == "dark") {
		f.Theme = theme
	}
	p := httpx.Person(c)
	if p == nil {
		return f
	}
	f.Size, f.StillMotion, f.KeysOff = p.Settings.Size, p.Settings.Still, p.Settings.NoKeys
	f.Viewer = page.Viewer{
		SignedIn: p.SignedIn(), Name: p.Name, Email: p.Email, Role: string(p.Role),
		Instructor: p.Role.Includes(account.Instructor), Reviews: h.waiting(c, p),
	}
	return f
}

// placeOf is a page to come back to: the one asked for or, when a form was
// sent, the one it belongs to.
func placeOf(c *gin.Context) string {
	route := c.FullPath()
	switch {
	case c.Request.Method == http.MethodGet:
		return c.Request.URL.Path
	case strings.HasPrefix(route, "/sittings/:id/feedback/"):
		return "/sittings/" + c.Param("id") + "/feedback/" + c.Param("seq")
	case strings.HasPrefix(route, "/sittings/:id/review/"), strings.HasPrefix(route, "/sittings/:id/retake"):
		return "/sittings/" + c.Param("id") + "/review"
	case strings.HasPrefix(route, "/sittings/:id/"):
		return "/sittings/" + c.Param("id")
	case strings.HasPrefix(route, "/exams/:id"):
		return "/exams/" + c.Param("id")
	case strings.HasPrefix(route, "/account/"):
		return "/account"
	case route == "/banks/:id/questions":
		return "/banks/" + c.Param("id")
	case strings.HasPrefix(route, "/questions/:id/"):
		return editorAddress(questionID(c), "edit")
	case strings.HasPrefix(route, "/problems"):
		return "/problems"
	case strings.HasPrefix(route, "/plan/:id"):
		return planAddress(plan.ID(c.Param("id")))
	case route == "/plan/calendar":
		return route
	case strings.HasPrefix(route, "/progress"):
		return "/progress"
	case strings.HasPrefix(route, "/classes"):
		return "/classes"
	case route == "/join/:code":
		return c.Request.URL.Path
	case strings.HasPrefix(route, "/banks"):
		return "/banks"
	case strings.HasPrefix(route, "/postings"):
		return "/postings"
	case route == "/imports/:id/items/:n":
		return "/imports/" + c.Param("id") + "/items/" + c.Param("n")
	case strings.HasPrefix(route, "/imports/:id"):
		return "/imports/" + c.Param("id")
	case route == "/imports":
		return "/imports/new"
	case slices.Contains([]string{"/signup", "/signin", "/profile", "/diagnostic", "/practice", "/mock", "/settings", "/plan"}, route):
		return route
	}
	return "/"
}

// notices are the sentences that a redirect may ask the next page to show.
var notices = map[string]string{
	"signed-up": "Your account is ready. What you answered is kept in it.",
	"password":  "Your password is changed. Every other device is signed out.",
	"profile":   "What you told us is kept.",
	"settings":  "Your settings are kept.",
	"postings":  "It is kept. Your recommendation counts it from now on.",
	"behind":    "That question was answered already. Nothing was changed; here is where you are.",
	"fewer":     "Fewer questions fit your choice than you asked for. Here they are.",
	"marked":    "Your flag and note are kept.",
	"reported":  "Thank you. What you wrote is kept for those who look after the questions.",
	"counts":    "Whether the bank counts towards readiness is kept.",
	"removed":   "The bank is withdrawn: its questions are no longer asked. You can bring it back below.",
	"bank-made": "The bank is made. Bring questions in from files, or write them here.",
	"bank-kept": "The settings are kept.",
	"imported":  "The questions are in the bank and published.",
	"abandoned": "The import is thrown away. Nothing of it was written.",
	"mended":    "The question is mended, and comes in with the others.",
	"mapped":    "The labels are kept. They are given to the questions that come without.",

	"imported-drafts":    "The questions are in the bank, as drafts.",
	"brought-back":       "The bank is in use again.",
	"member-added":       "They can write in the bank now.",
	"member-gone":        "They can no longer write in the bank. What they wrote stays.",
	"questions-labelled": "The labels of the chosen questions are set.",
	"questions-retired":  "The chosen questions are retired: they are no longer asked. Answers given to them stay.",
	"questions-restored": "The chosen questions are back.",

	"plan-made":    "Your plan is made. It is worked out anew whenever you look at it.",
	"plan-kept":    "The plan is changed.",
	"plan-ended":   "The plan has ended. What you told of is kept.",
	"plan-resumed": "The plan goes on.",
	"work-kept":    "It is kept, and the plan is worked out anew.",
	"work-undone":  "It is taken back, and the plan is worked out anew.",
	"feed-revoked": "The address is revoked. Calendars that read it find nothing there any more.",

	"result-told":           "Thank you. The result is kept, with what was expected of it.",
	"result-withdrawn":      "The result is taken back. It counts nowhere any more.",
	"result-withdrawn-held": "The result is taken back. The certification is still among those you hold: change what you told us if you don't.",
	"result-held":           "It is among the certifications you hold.",

	"signed-out":      "You are signed out.",
	"postings-gone":   "The counts of the postings are forgotten.",
	"report-answered": "The answer is sent. The report stays in the queue until it is resolved.",
	"report-resolved": "The report is resolved.",
	"report-reopened": "The report is in the queue again.",

	"draft-kept":         "The draft is kept.",
	"discarded":          "The draft is thrown away. Here is what is in use.",
	"submitted":          "The question waits for its review now.",
	"recalled":           "The question is taken back from review.",
	"question-published": "The question is published.",
	"retired":            "The question is taken out of use.",
	"restored":           "The question is back in use.",
	"commented":          "Your comment is added.",
	"made-draft":         "That version is the draft again.",
	"judged":             "Your review is kept. Thank you.",
	"regraded":           "The answers are judged again. Whoever is concerned is told in the review of their test.",
}

// failure writes an error as a page, or as JSON below /api and to the scripts of
// pages, which tell it in a place of their own.
func (h *Handler) failure(c *gin.Context, status int, message string) {
	if isAPI(c.Request.URL.Path) || c.GetHeader("Accept") == "application/json" {
		c.JSON(status, gin.H{"error": gin.H{"status": status, "message": message}})
		return
	}
	next := []page.Link{{Label: "To the front page", Address: "/"}}
	if status == http.StatusUnauthorized {
		next = append([]page.Link{{Label: "Sign in", Address: "/signin?next=" + queryEscape(placeOf(c))}}, next...)
	}
	view := page.Failure{Frame: h.frame(c, headings(status), ""), Heading: headings(status), Message: message, Next: next}
	if err := render(c, status, web.Failure(view)); err != nil {
		h.Logger.ErrorContext(c.Request.Context(), "rendering the error page failed", "error", err)
		c.String(status, message)
	}
}

func headings(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "Sign in first"
	case http.StatusForbidden:
		return "Not allowed"
	case http.StatusNotFound:
		return "Not found"
	case http.StatusConflict:
		return "This has moved on"
	case http.StatusTooManyRequests:
		return "Too many tries"
	case http.StatusServiceUnavailable:
		return "Not available just now"
	case http.StatusInternalServerError:
		return "Something broke"
	}
	return "That didn't work"
}

func (h *Handler) setTheme(c *gin.Context) error {
	if err := h.keepTheme(c, c.PostForm("theme")); err != nil {
		return err
	}
	return seeOther(c, httpx.LocalPath(c.PostForm("next"), "/"))
}

// keepTheme remembers the colours on this device; "" is as the system has them.
func (h *Handler) keepTheme(c *gin.Context, theme string) error {
	if theme != "" && theme != "light" && theme != "dark" {
		return fault.Invalid("The colours are light, dark, or as your system has them.")
	}
	cookie := &http.Cookie{Name: themeCookie, Value: theme, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: h.Secure}
	if theme == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
	return nil
}

func seeOther(c *gin.Context, address string) error {
	c.Redirect(http.StatusSeeOther, address)
	return nil
}

// requireRole lets only people with the role through.
func requireRole(c *gin.Context, role account.Role) (*account.Person, error) {
	p := httpx.Person(c)
	if !p.SignedIn() {
		return nil, fault.Unauthorized("This page needs an account. Sign in, and you come back here.")
	}
	if !p.Role.Includes(role) {
		return nil, fault.Forbidden("This page is for %ss. An admin can give you that role.", role)
	}
	return p, nil
}
