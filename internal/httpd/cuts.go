package httpd

import (
	"context"
	"fmt"

	"sextant/internal/catalogue"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/internal/readiness"
)

// byVersion is a certification with the raw cut that a version of the parameters
// measures by, and from how many results of real exams that cut was refined: 0 for an
// assumption.
func (h *Handler) byVersion(ctx context.Context, cert *catalogue.Certification, version int) (_ *catalogue.Certification, results int, err error) {
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return nil, 0, err
	}
	model, err := snapshot.ModelAt(ctx, version)
	if err != nil {
		return nil, 0, err
	}
	cut, ok := model.Cut(cert.Code)
	if !ok || cut.Results == 0 {
		return cert, 0, nil
	}
	refined := *cert
	refined.Cut.Percent, refined.Cut.SD = cut.Percent, cut.SD
	return &refined, cut.Results, nil
}

// cutOrigin says where the raw cut of a mock exam comes from.
func cutOrigin(cert *catalogue.Certification, results int) string {
	if results > 0 {
		return fmt.Sprintf("which is %.0f\u00a0%%, refined from %s of real exams: the vendor publishes no raw cut, and it may well lie %.0f percentage points to either side", cert.Cut.Percent, plural(results, "result"), cert.Cut.SD)
	}
	return fmt.Sprintf("which is the %.0f\u00a0%% that we assume: the vendor publishes no raw cut, and it may well lie %.0f percentage points to either side", cert.Cut.Percent, cert.Cut.SD)
}

// lineWords says what the line of a figure is.
func lineWords(e *readiness.ExamReport) string {
	if e.CutResults > 0 {
		return fmt.Sprintf("The line is the exam's overall pass mark, %.0f\u00a0%% expected score (±%.0f), refined from %s of real exams. No mark is published per domain.", e.CutPercent, e.CutSD, plural(e.CutResults, "result"))
	}
	return fmt.Sprintf("The line is the exam's overall pass mark, assumed at %.0f\u00a0%% expected score (±%.0f). No mark is published per domain.", e.CutPercent, e.CutSD)
}

// cutBasis says what the lines of a report rest on.
func cutBasis(standing readiness.Report) string {
	for i := range standing.Exams {
		if standing.Exams[i].CutResults > 0 {
			return "These exams publish no raw cut score. Each line is our assumption by the exam's level, with a spread of 5 points for what isn't known about cut, form and day, or was refined from results of real exams; below each figure it says which."
		}
	}
	return "These exams publish no raw cut score. The line is our assumption by the exam's level, with a spread of 5 points for what isn't known about cut, form and day."
}

// addRefinedCut adds the cut in use to a certification's facts, where it isn't the one
// assumed.
func addRefinedCut(lists []page.CertificationFacts, snapshot *library.Snapshot, cert *catalogue.Certification) {
	cut, ok := snapshot.Parameters().Cuts[cert.Code]
	if !ok {
		return
	}
	for i := range lists {
		if lists[i].ID == "format" {
			lists[i].Facts = append(lists[i].Facts, page.Sourced{
				Label: "Raw cut in use here", Source: "Results that people told of the real exam; see “How right it is”",
				Text: fmt.Sprintf("%.0f\u00a0%% expected score, spread %.0f points, refined from %s", cut.Percent, cut.SD, plural(cut.Results, "result")),
			})
		}
	}
}
