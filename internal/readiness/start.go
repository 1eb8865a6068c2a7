package readiness

import "fmt"

// begin computes each exam's probability of passing before any answer: what a
// report compares with to say what the answers changed.
func (m *Model) begin() error {
	all := make([]int, len(m.exams))
	for i := range all {
		all[i] = i
	}
	draws, err := m.design.Draw(m.prior, m.cellsOf(all))
	if err != nil {
		return err
	}
	for i := range m.exams {
		e := &m.exams[i]
		if e.start, err = draws.Pass(&e.form); err != nil {
			return fmt.Errorf("%s: %w", e.cert.Code, err)
		}
	}
	return nil
}
