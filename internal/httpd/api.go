package httpd

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/sitting"
)

// installAPI registers the JSON API. A token from POST /tokens is sent as
// "Authorization: Bearer …".
func (h *Handler) installAPI(api *gin.RouterGroup, guess gin.HandlerFunc) {
	wrap := func(f httpx.HandlerFunc) gin.HandlerFunc { return httpx.Wrap(h.failure, f) }
	api.POST("/tokens", guess, wrap(h.apiToken))
	api.GET("/me", wrap(h.apiMe))
	api.GET("/sittings", wrap(h.apiSittings))
	api.GET("/sittings/:id", wrap(h.apiSitting))
	api.GET("/readiness", wrap(h.apiReadiness))
}

func (h *Handler) apiToken(c *gin.Context) error {
	var in struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := c.ShouldBindJSON(&in); err != nil {
		return fault.Invalid(`Send a JSON object such as {"email": "name@example.org", "password": "…"}.`)
	}
	p, err := h.signedIn(c, nil, in.Email, in.Password)
	if err != nil {
		return err
	}
	token, expires, err := h.Accounts.Issue(p)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"token": token, "expires": expires})
	return nil
}

func apiPerson(c *gin.Context) (*account.Person, error) {
	if p := httpx.Person(c); p != nil {
		return p, nil
	}
	return nil, fault.Unauthorized("Send a token from POST /api/v1/tokens as \"Authorization: Bearer …\".")
}

func (h *Handler) apiMe(c *gin.Context) error {
	p, err := apiPerson(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"id": p.ID, "email": p.Email, "name": p.Name, "role": p.Role})
	return nil
}

type apiSitting struct {
	ID       sitting.ID    `json:"id"`
	Plan     sitting.Plan  `json:"plan"`
	State    sitting.State `json:"state"`
	Answered int           `json:"answered"`
	Started  string        `json:"started"`
}

func newAPISitting(s *sitting.Sitting) apiSitting {
	return apiSitting{ID: s.ID, Plan: s.Plan, State: s.State, Answered: s.Seq, Started: s.Started.Format("2006-01-02T15:04:05Z07:00")}
}

func (h *Handler) apiSittings(c *gin.Context) error {
	p, err := apiPerson(c)
	if err != nil {
		return err
	}
	sittings, err := h.Sittings.List(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	list := make([]apiSitting, len(sittings))
	for i := range sittings {
		list[i] = newAPISitting(&sittings[i])
	}
	c.JSON(http.StatusOK, gin.H{"sittings": list})
	return nil
}

func (h *Handler) apiSitting(c *gin.Context) error {
	p, err := apiPerson(c)
	if err != nil {
		return err
	}
	s, err := h.Sittings.Open(c.Request.Context(), p.ID, sitting.ID(c.Param("id")))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, newAPISitting(s))
	return nil
}

type apiInterval struct {
	Percent float64 `json:"percent"`
	Low90   float64 `json:"low90"`
	High90  float64 `json:"high90"`
}

type apiDomain struct {
	ID    string `json:"id"`
	Shown bool   `json:"shown"`
	N     int    `json:"n"`
	*apiInterval
}

type apiExam struct {
	Code            string      `json:"code"`
	Verdict         string      `json:"verdict"`
	PassProbability *float64    `json:"pass_probability"` // null while it is too early to say
	N               int         `json:"n"`
	Domains         []apiDomain `json:"domains"`
}

func (h *Handler) apiReadiness(c *gin.Context) error {
	p, err := apiPerson(c)
	if err != nil {
		return err
	}
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, nil, nil)
	if err != nil {
		return err
	}
	exams := []apiExam{}
	for _, e := range standing.Exams {
		if !e.Offered {
			continue
		}
		one := apiExam{Code: string(e.Code), Verdict: string(e.Verdict), N: e.Answers, Domains: []apiDomain{}}
		if e.Verdict != "too_early" {
			pass := e.Pass
			one.PassProbability = &pass
		}
		for _, d := range e.Domains {
			domain := apiDomain{ID: string(d.ID), Shown: d.Shown, N: d.Answers}
			if d.Shown {
				domain.apiInterval = &apiInterval{Percent: d.Interval.Estimate, Low90: d.Interval.Low, High90: d.Interval.High}
			}
			one.Domains = append(one.Domains, domain)
		}
		exams = append(exams, one)
	}
	c.JSON(http.StatusOK, gin.H{"answers": standing.Answers, "certifications": exams})
	return nil
}
