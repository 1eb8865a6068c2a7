package readiness

import (
	"slices"
	"time"

	"sextant/internal/exam"
	"sextant/internal/measure"
)

// Memory keeps the posteriors after the latest answers, so that whoever leads a
// learner through a whole sitting in one go doesn't work them out again for
// every question. It changes no result: a posterior is reused only for exactly
// the same evidence. The zero value is ready and so is a nil one, which
// remembers nothing. Not safe for concurrent use.
type Memory struct {
	fits []fit // latest last
}

type fit struct {
	answers   []measure.Answer
	posterior *measure.Normal
}

// posterior returns the posterior given the answers, from memory if it is there.
func (m *Model) posterior(mem *Memory, answers []measure.Answer) (*measure.Normal, error) {
	if mem == nil {
		return measure.Posterior(m.prior, answers)
	}
	for i := range mem.fits {
		if slices.Equal(mem.fits[i].answers, answers) {
			return mem.fits[i].posterior, nil
		}
	}
	posterior, err := measure.Posterior(m.prior, answers)
	if err != nil {
		return nil, err
	}
	if len(mem.fits) == measure.SettledFor {
		mem.fits = slices.Delete(mem.fits, 0, 1)
	}
	mem.fits = append(mem.fits, fit{answers, posterior})
	return posterior, nil
}

// Posterior returns the distribution of the cells given the responses that
// measure, as Report and Next see it. The result is shared with the memory: it is
// only to be read.
func (m *Model) Posterior(mem *Memory, responses []exam.Response, now time.Time) (*measure.Normal, error) {
	return m.posterior(mem, m.evidence(now, responses).answers)
}
