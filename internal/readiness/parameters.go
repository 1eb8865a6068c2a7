package readiness

import (
	"math"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/measure"
)

// Parameters are what answers have taught of questions and of how abilities
// spread, in place of authors' labels and assumptions. The zero value knows
// nothing: labels and assumptions alone.
type Parameters struct {
	Version    int                                `json:"-"`          // 0 for the zero value
	Components measure.Components                 `json:"components"` // measure.DefaultComponents if zero
	Items      map[exam.QuestionID]ItemParameters `json:"items"`
	// Cuts are the raw cuts that results of real exams refined; the others are the
	// catalogue's assumptions.
	Cuts map[exam.Code]CutEstimate `json:"cuts,omitempty"`
}

// CutEstimate is what is known of an exam's raw cut.
type CutEstimate struct {
	Percent float64 `json:"percent"` // expected percent correct, between 0 and 100
	SD      float64 `json:"sd"`      // points: what is not known of cut, form and day
	Results int     `json:"results"` // of real exams behind it; 0 for an assumption
}

// Cut returns the raw cut by which the model measures an exam; false for an unknown one.
func (m *Model) Cut(code exam.Code) (CutEstimate, bool) {
	e, ok := m.exam(code)
	if !ok {
		return CutEstimate{}, false
	}
	return e.cut, true
}

// cutOf is the cut by which an exam is measured: refined, or else assumed.
func (p Parameters) cutOf(cert *catalogue.Certification) CutEstimate {
	if refined, ok := p.Cuts[cert.Code]; ok {
		return refined
	}
	return CutEstimate{Percent: cert.Cut.Percent, SD: cert.Cut.SD}
}

// ItemParameters are the estimates of one wording of a question. They are
// uncertain themselves, and the answer curve integrates over that.
type ItemParameters struct {
	Revision string  `json:"revision"` // of the question; another wording is another item
	A        float64 `json:"a"`        // median slope
	SDLogA   float64 `json:"sd_log_a"`
	B        float64 `json:"b"` // logits
	SDB      float64 `json:"sd_b"`
	N        int     `json:"n"` // answers behind them
}

// Version returns the version of the parameters the model rests on; 0 is labels
// and assumptions alone.
func (m *Model) Version() int { return m.parameters.Version }

// Calibrated counts the questions measured with estimates of their own, rather
// than with their authors' labels.
func (m *Model) Calibrated() int {
	n := 0
	for i := range m.items {
		if m.items[i].calibrated {
			n++
		}
	}
	return n
}

// estimates returns the parameters of a question as it is worded now.
func (p Parameters) estimates(q *exam.Question) (ItemParameters, bool) {
	known, ok := p.Items[q.ID]
	return known, ok && known.Revision == q.Revision
}

// shapes makes answer curves' shapes once for all questions that share one.
type shapes map[[3]float64]*measure.Shape

// sdGrain is what SDs are rounded up to, in logits: errors of errors are larger,
// and questions whose slopes stay at the prior then share a few dozen shapes.
const sdGrain = 0.01

func (s shapes) of(slope, sdLogA, sdB float64) (*measure.Shape, error) {
	key := [3]float64{slope, roundUp(sdLogA), roundUp(sdB)}
	if shape, ok := s[key]; ok {
		return shape, nil
	}
	shape, err := measure.NewShape(key[0], key[1], key[2])
	if err != nil {
		return nil, err
	}
	s[key] = shape
	return shape, nil
}

func roundUp(sd float64) float64 { return math.Ceil(sd/sdGrain-1e-6) * sdGrain }
