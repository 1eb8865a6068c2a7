package recommend

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/readiness"
)

// studyAtMost is the number of domains to begin with.
const studyAtMost = 3

// z90 is the half-width of a 90 % interval in standard deviations.
const z90 = 1.6448536269514722

// studyFirst lists the domains to begin with: of those measured, the ones with
// the largest expected shortfall below the exam's cut times their weight; with
// none measured, the heaviest.
func (s *subject) studyFirst(c *catalogue.Certification, report readiness.ExamReport) []StudyDomain {
	type candidate struct {
		StudyDomain
		gain float64
	}
	var found []candidate
	for _, d := range report.Domains {
		if !d.Shown || !report.Offered || !finite(d.Interval.Estimate, d.Interval.Low, d.Interval.High, d.Weight) {
			continue
		}
		gain := d.Weight * shortfall(d.Interval, report.CutPercent)
		found = append(found, candidate{StudyDomain{Domain: d.ID, Name: d.Name, Reason: gapReason(d, report.CutPercent)}, gain})
	}
	if len(found) == 0 {
		for _, d := range c.Domains {
			reason := fmt.Sprintf("%.0f\u00a0%% of the exam; not measured yet.", 100*d.Weight)
			found = append(found, candidate{StudyDomain{Domain: d.ID, Name: d.Name, Reason: reason}, d.Weight})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.gain, a.gain) })
	out := make([]StudyDomain, 0, studyAtMost)
	for _, f := range found[:min(studyAtMost, len(found))] {
		f.Links = s.links(c.Code, f.Domain)
		out = append(out, f.StudyDomain)
	}
	return out
}

func (s *subject) links(code exam.Code, domain exam.DomainID) []catalogue.Link {
	var out []catalogue.Link
	for _, l := range s.cat.StudyLinks(code, domain) {
		out = append(out, l.Link)
	}
	return out
}

func finite(xs ...float64) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
}

// shortfall is E[max(0, cut − T)] in percentage points for T normal with the
// interval's estimate and spread: a domain that straddles the cut still counts
// for the part of it that lies below.
func shortfall(i readiness.Interval, cut float64) float64 {
	gap := cut - i.Estimate
	sd := (i.High - i.Low) / (2 * z90)
	if sd <= 0 {
		return math.Max(0, gap)
	}
	z := gap / sd
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	return gap*math.Erfc(-z/math.Sqrt2)/2 + sd*density
}

func gapReason(d readiness.DomainReport, cut float64) string {
	where := "straddles"
	switch {
	case d.Interval.High < cut:
		where = "lies below"
	case d.Interval.Low >= cut:
		where = "lies above"
	}
	return fmt.Sprintf("You stand between %.0f and %.0f\u00a0%%, which %s the exam's cut of about %.0f\u00a0%%; %.0f\u00a0%% of the exam.",
		d.Interval.Low, d.Interval.High, where, cut, 100*d.Weight)
}
