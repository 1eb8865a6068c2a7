package library

import (
	"context"
	"fmt"
	"maps"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/outcome"
	"sextant/internal/readiness"
)

// Cut is what results of real exams say of one exam's raw cut.
type Cut struct {
	Exam    exam.Code
	Assumed outcome.Cut           // by the catalogue
	Refined outcome.Estimate      // from everybody's first attempts
	InUse   readiness.CutEstimate // Results 0 while it is assumed
}

// Enough reports whether the results may change the cut.
func (c *Cut) Enough() bool { return c.Refined.Results >= outcome.MinResults }

// Cuts says what results of real exams would change of cuts. Nothing is written.
func (l *Library) Cuts(ctx context.Context) (_ []Cut, err error) {
	defer fault.Op(&err, "library.Cuts")
	snapshot, err := l.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return l.cuts(ctx, snapshot)
}

// cuts lists the exams that have results, in catalogue order.
func (l *Library) cuts(ctx context.Context, snapshot *Snapshot) ([]Cut, error) {
	told, err := l.store.ToldResults(ctx)
	if err != nil {
		return nil, err
	}
	byExam := map[exam.Code][]outcome.Result{}
	for _, r := range outcome.First(told) {
		byExam[r.Exam] = append(byExam[r.Exam], r)
	}
	var list []Cut
	for _, scale := range snapshot.Model().Exams() {
		cert, ok := l.catalogue.Certification(scale.Code)
		results := byExam[scale.Code]
		if !ok || len(results) == 0 {
			continue
		}
		c := Cut{Exam: scale.Code, Assumed: outcome.Cut{Percent: cert.Cut.Percent, SD: cert.Cut.SD}}
		if c.InUse, ok = snapshot.parameters.Cuts[scale.Code]; !ok {
			c.InUse = readiness.CutEstimate{Percent: cert.Cut.Percent, SD: cert.Cut.SD}
		}
		c.Refined, err = outcome.Refine(outcome.Exam{Prior: c.Assumed, Curve: scale.Overall.Curve, Items: scale.Form.Items}, results, outcome.Assumed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", scale.Code, err)
		}
		list = append(list, c)
	}
	return list, nil
}

// refined are the cuts that results may change, as parameters, and how many results
// are behind them.
func refined(cuts []Cut) (map[exam.Code]readiness.CutEstimate, int) {
	var estimates map[exam.Code]readiness.CutEstimate
	results := 0
	for i := range cuts {
		c := &cuts[i]
		if !c.Enough() {
			continue
		}
		if estimates == nil {
			estimates = map[exam.Code]readiness.CutEstimate{}
		}
		estimates[c.Exam] = readiness.CutEstimate{Percent: c.Refined.Percent, SD: c.Refined.SD, Results: c.Refined.Results}
		results += c.Refined.Results
	}
	return estimates, results
}

// ApplyCuts puts what results say of cuts to use as a new version, which takes
// everything else from the version in use. It returns fault.KindConflict, and changes
// nothing, when that would change no cut.
func (l *Library) ApplyCuts(ctx context.Context, actor string) (number int, err error) {
	defer fault.Op(&err, "library.ApplyCuts")
	snapshot, err := l.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	cuts, err := l.cuts(ctx, snapshot)
	if err != nil {
		return 0, err
	}
	if err := refusedCuts(cuts, snapshot.parameters.Cuts); err != nil {
		return 0, err
	}
	v := snapshot.parameters
	v.Number, v.Previous, v.Made, v.Actor = 0, snapshot.parameters.Number, l.now(), actor
	v.Cuts, v.Evidence.Results = refined(cuts)
	if number, err = l.store.SaveParameters(ctx, v); err != nil {
		return 0, err
	}
	l.Renew()
	return number, nil
}

// refusedCuts says why cuts may not be put to use; nil when they may.
func refusedCuts(cuts []Cut, inUse map[exam.Code]readiness.CutEstimate) error {
	estimates, _ := refined(cuts)
	switch {
	case len(estimates) == 0 && len(inUse) == 0:
		return fault.Conflict("No exam has results of %d people yet, so every cut stays as it is assumed. Nothing was changed.", outcome.MinResults)
	case maps.Equal(estimates, inUse):
		return fault.Conflict("The results say what the cuts in use say already. Nothing was changed.")
	}
	return nil
}
