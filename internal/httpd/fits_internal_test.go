package httpd

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"sextant/internal/exam"
	"sextant/internal/readiness"
	"sextant/internal/sitting"
)

// What an estimate follows from is all in its key: whoever answers anything else, at
// another time, or is weighed by another model, is somebody else.
func TestAbilitiesAreToldApart(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	now := at
	h := &Handler{Deps: Deps{Now: func() time.Time { return now }}}
	model := new(readiness.Model)
	grounds := func(change func(g *sitting.Grounds, r *exam.Response)) sitting.Grounds {
		g := sitting.Grounds{Model: model, At: at, Responses: []exam.Response{
			{Question: "q1", Revision: "r1", Outcome: exam.Right, At: at}, {Question: "q2", Revision: "r1", Outcome: exam.Wrong, At: at},
		}}
		change(&g, &g.Responses[0])
		return g
	}
	same := func(*sitting.Grounds, *exam.Response) {}
	key := h.fitKey(grounds(same), supposing{})
	if again := h.fitKey(grounds(same), supposing{}); again != key {
		t.Error("the same ability has two keys")
	}
	for name, change := range map[string]func(g *sitting.Grounds, r *exam.Response){
		"another question": func(_ *sitting.Grounds, r *exam.Response) { r.Question = "q3" },
		"a new wording":    func(_ *sitting.Grounds, r *exam.Response) { r.Revision = "r2" },
		"a regrade":        func(_ *sitting.Grounds, r *exam.Response) { r.Outcome = exam.Wrong },
		"another moment":   func(_ *sitting.Grounds, r *exam.Response) { r.At = at.Add(-time.Minute) },
		"a pretest":        func(_ *sitting.Grounds, r *exam.Response) { r.Pretest = true },
		"one more answer":  func(g *sitting.Grounds, r *exam.Response) { g.Responses = append(g.Responses, *r) },
		"one answer less":  func(g *sitting.Grounds, _ *exam.Response) { g.Responses = g.Responses[:1] },
		"no answers":       func(g *sitting.Grounds, _ *exam.Response) { g.Responses = nil },
		"other parameters": func(g *sitting.Grounds, _ *exam.Response) { g.Model = new(readiness.Model) },
		"another day":      func(g *sitting.Grounds, _ *exam.Response) { g.At = at.AddDate(0, 0, -1) },
	} {
		if h.fitKey(grounds(change), supposing{}) == key {
			t.Errorf("%s isn't told apart", name)
		}
	}
	for _, s := range []supposing{{pass: "MLA-C02"}, {master: []mastered{{"MLA-C02", "1"}}}} {
		if h.fitKey(grounds(same), s) == key {
			t.Errorf("supposing %q isn't told apart", s)
		}
	}
	now = at.AddDate(0, 0, 1) // other exams can be taken
	if h.fitKey(grounds(same), supposing{}) == key {
		t.Error("the day after isn't told apart")
	}
}

// What is kept is bounded, the latest stays, and a model that came out of use isn't
// held by what was worked out with it.
func TestAbilitiesAreKeptWithinBounds(t *testing.T) {
	h := &Handler{Deps: Deps{Now: time.Now}}
	key := func(m *readiness.Model, i int) fitKey {
		return h.fitKey(sitting.Grounds{Model: m}, supposing{pass: exam.Code(fmt.Sprint(i))})
	}
	made := 0
	fill := func(m *readiness.Model) (first fitKey) {
		first = key(m, 0)
		for i := range 3 * fitsKept {
			for _, k := range []fitKey{key(m, i), first} {
				if h.fits.kept(k) == nil {
					made++
					h.fits.keep(k, &fit{})
				}
			}
		}
		if first.model.Value() != m {
			t.Error("the key isn't of its model")
		}
		return first
	}
	first := fill(new(readiness.Model))
	if kept := h.fits.order.Len(); kept != fitsKept || len(h.fits.at) != fitsKept || made != 3*fitsKept {
		t.Errorf("%d and %d kept of %d made, want %d of %d, the first never made again", kept, len(h.fits.at), made, fitsKept, 3*fitsKept)
	}
	runtime.GC()
	if first.model.Value() != nil {
		t.Error("a model out of use is kept by the abilities worked out with it")
	}
}
