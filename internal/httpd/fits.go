package httpd

import (
	"container/list"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"weak"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/recommend"
	"sextant/internal/sitting"
)

// fit is somebody's ability with what recommendations need of it, as it is or as
// it is supposed to be. It is shared between requests and never changed.
type fit struct {
	learner *effort.Learner
	report  readiness.Report
	need    map[exam.Code]effort.Need // of the exams that can or may be taken
}

func (f *fit) evidence() recommend.Evidence {
	return recommend.Evidence{Report: f.report, Need: f.need}
}

// supposing is what is supposed of somebody's ability.
type supposing struct {
	master []mastered
	pass   exam.Code // passed first; "" for none
}

type mastered struct {
	code   exam.Code
	domain exam.DomainID
}

func (m mastered) String() string { return string(m.code) + "/" + string(m.domain) }

func (s supposing) none() bool { return len(s.master) == 0 && s.pass == "" }

func (s supposing) String() string {
	names := make([]string, len(s.master))
	for i, m := range s.master {
		names[i] = m.String()
	}
	slices.Sort(names)
	return strings.Join(names, " ") + " > " + string(s.pass)
}

// fitOf is the ability that somebody's answers show.
func (h *Handler) fitOf(ctx context.Context, p account.PersonID, upTo *sitting.Sitting) (*fit, sitting.Grounds, error) {
	g, err := h.Sittings.Grounds(ctx, p, upTo)
	if err != nil {
		return nil, g, err
	}
	f, err := h.fits.of(h.fitKey(g, supposing{}), func() (*fit, error) {
		report, err := g.Model.Report(g.Responses, g.At, nil)
		if err != nil {
			return nil, err
		}
		learner, err := effort.NewLearner(g.Model, h.Catalogue, g.Responses, g.At)
		if err != nil {
			return nil, err
		}
		return h.newFit(learner, report)
	})
	return f, g, err
}

// supposed is an ability as it would be under a supposition.
func (h *Handler) supposed(base *fit, g sitting.Grounds, s supposing) (*fit, error) {
	if s.none() {
		return base, nil
	}
	return h.fits.of(h.fitKey(g, s), func() (*fit, error) {
		learner := base.learner
		for _, m := range s.master {
			learner = learner.Mastering(m.code, m.domain)
		}
		if s.pass != "" {
			var err error
			if learner, err = learner.Prepared(s.pass, h.Catalogue.Study.Target); err != nil {
				return nil, err
			}
		}
		report, err := learner.Report(base.report)
		if err != nil {
			return nil, err
		}
		return h.newFit(learner, report)
	})
}

// newFit adds the study that each exam takes which can or may be taken today.
func (h *Handler) newFit(l *effort.Learner, report readiness.Report) (*fit, error) {
	f := &fit{learner: l, report: report, need: map[exam.Code]effort.Need{}}
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		if cert.Takeable(h.Now(), "").Availability == catalogue.No {
			continue
		}
		need, err := l.Need(cert.Code, h.Catalogue.Study.Target)
		if err != nil {
			return nil, err
		}
		f.need[cert.Code] = need
	}
	return f, nil
}

// fitKey names an ability: the answers, weighed by which model and for which day, the
// day on which exams are asked for, and what is supposed beside them. Whose answers
// they are isn't part of it, so nobody must be able to make theirs look like another's.
// It keeps no model that is out of use: each takes megabytes.
type fitKey struct {
	model      weak.Pointer[readiness.Model]
	answers    [sha256.Size]byte
	day, today string
	suppose    string
}

func (h *Handler) fitKey(g sitting.Grounds, s supposing) fitKey {
	sum := sha256.New()
	for _, r := range g.Responses {
		fmt.Fprintf(sum, "%s\x00%s\x00%v\x00%d\x00%t\n", r.Question, r.Revision, r.Outcome, r.At.UnixMilli(), r.Pretest)
	}
	return fitKey{
		model: weak.Make(g.Model), answers: [sha256.Size]byte(sum.Sum(nil)), suppose: s.String(),
		day: g.At.UTC().Format(time.DateOnly), today: h.Now().UTC().Format(time.DateOnly),
	}
}

// fitsKept is how many abilities are kept: of a few people who look at their
// recommendation, each with the last suppositions they made. One takes about a
// quarter of a megabyte.
const fitsKept = 64

// fitCache keeps the abilities asked for most recently, so that a page that asks
// for the same at every change of a form doesn't work them out anew. The zero
// value is ready.
type fitCache struct {
	mu    sync.Mutex
	order *list.List // of keptFit, most recent first
	at    map[fitKey]*list.Element
}

type keptFit struct {
	key fitKey
	fit *fit
}

// of returns the ability with the key, and makes it where it isn't kept. Two that
// ask at once may both make it: it is the same.
func (c *fitCache) of(key fitKey, create func() (*fit, error)) (*fit, error) {
	if f := c.kept(key); f != nil {
		return f, nil
	}
	f, err := create()
	if err != nil {
		return nil, err
	}
	c.keep(key, f)
	return f, nil
}

func (c *fitCache) kept(key fitKey) *fit {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(keptFit).fit
}

func (c *fitCache) keep(key fitKey, f *fit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == nil {
		c.order, c.at = list.New(), map[fitKey]*list.Element{}
	}
	if _, ok := c.at[key]; ok {
		return
	}
	if c.order.Len() >= fitsKept {
		oldest := c.order.Back()
		c.order.Remove(oldest)
		delete(c.at, oldest.Value.(keptFit).key)
	}
	c.at[key] = c.order.PushFront(keptFit{key, f})
}
