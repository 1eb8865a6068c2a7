package httpd

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/calibrate"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/library"
	"sextant/internal/measure"
	"sextant/internal/page"
	"sextant/internal/simulate"
	"sextant/web"
)

// The results of the simulations, written by "make measurement-report".
//
//go:embed measurement.json
var measurementFile []byte

// measurement is the file's shape.
type measurement struct {
	Command     string             `json:"command"`
	AsOf        string             `json:"as_of"`
	Questions   int                `json:"questions"`
	Rows        []measurementRun   `json:"rows"`
	RandomEqual map[string]float64 `json:"random_equal"`
}

type measurementRun struct {
	ID      string           `json:"id"`
	What    string           `json:"what"`
	Command string           `json:"command"`
	Result  *simulate.Result `json:"result"`
}

const (
	claimsPrefix = "claims-"
	randomPrefix = "random-"
	wholePrefix  = "whole-"
)

// loadMeasurement reads the results once, when the site is set up.
func (h *Handler) loadMeasurement() error {
	if err := json.Unmarshal(measurementFile, &h.measured); err != nil {
		return fmt.Errorf("reading the measurement report: %w", err)
	}
	for _, run := range h.measured.Rows {
		if run.Result == nil {
			return fmt.Errorf("reading the measurement report: %s has no result", run.ID)
		}
	}
	return nil
}

func (h *Handler) measurement(c *gin.Context) error {
	m := h.measured
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	view := page.Measurement{
		Frame: h.frame(c, "How right is it?", "help"),
		Made: fmt.Sprintf("Made with %q on a bank of %d questions and the catalogue of %s.",
			m.Command, m.Questions, catalogue.LongDate(m.AsOf)),
		Assumed: assumptions(snapshot),
		Published: []string{
			"NBME reports for its self-assessments that 72\u00a0% of scores lie within one standard deviation, and the probability of passing.",
			"An independent study of a nursing predictor found 78\u00a0% accuracy among 285 people.",
			"We found no provider of practice exams for cloud certifications that reports coverage, a calibration error or a reliability diagram.",
		},
	}
	for _, run := range m.Rows {
		switch {
		case strings.HasPrefix(run.ID, claimsPrefix):
			view.Claims = append(view.Claims, h.claim(run))
			if view.BinsOf == "" {
				view.BinsOf, view.Bins = fmt.Sprintf("%s, %d learners", run.Result.Exam, run.Result.Learners), bins(run.Result)
			}
		case run.Result.Fit != nil:
			view.Fit = append(view.Fit, fitLines(run.Result)...)
		case strings.HasPrefix(run.ID, randomPrefix), strings.HasPrefix(run.ID, wholePrefix):
			// They stand behind RandomEqual.
		default:
			view.Others = append(view.Others, page.MeasurementRow{
				What: run.What, Coverage: share(run.Result.Coverage90), Command: run.Command,
				Error:       fmt.Sprintf("%.1f points", run.Result.RMSEPercent),
				Calibration: fmt.Sprintf("%.1f points", 100*run.Result.ECE),
			})
		}
	}
	view.Random = h.randomLines()
	return render(c, http.StatusOK, web.Measurement(view))
}

func share(v float64) string { return fmt.Sprintf("%.1f\u00a0%%", 100*v) }

func (h *Handler) claim(run measurementRun) page.MeasurementClaim {
	r := run.Result
	claim := page.MeasurementClaim{Code: r.Exam, Command: run.Command}
	add := func(label, format string, args ...any) {
		claim.Facts = append(claim.Facts, page.Sourced{Label: label, Text: fmt.Sprintf(format, args...)})
	}
	add("Learners", "%d, with up to %d questions each, %.1f on average", r.Learners, r.Items, r.MeanItems)
	add("Coverage", "%s of all 90\u00a0%% intervals of domains hold the truth", share(r.Coverage90))
	add("Error", "%.1f points of expected score, %.2f logits", r.RMSEPercent, r.RMSELogit)
	add("Calibration error", "%.1f percentage points; Brier score %.3f; AUC %.3f", 100*r.ECE, r.Brier, r.AUC)
	add("Exposure", "the commonest question is met by %s of learners; two learners share %s of a diagnostic", share(r.MaxExposure), share(r.Overlap))
	cert, _ := h.Catalogue.Certification(exam.Code(r.Exam))
	for _, d := range r.Domains {
		row := page.CoverageRow{Name: d.ID, Share: d.Coverage90, Text: share(d.Coverage90)}
		if cert != nil {
			if domain, ok := cert.Domain(exam.DomainID(d.ID)); ok {
				row.Name = domain.Name
			}
		}
		claim.Domains = append(claim.Domains, row)
	}
	return claim
}

func bins(r *simulate.Result) []page.ReliabilityBin {
	var list []page.ReliabilityBin
	for _, b := range r.Reliability {
		if b.N > 0 {
			list = append(list, page.ReliabilityBin{Predicted: 100 * b.Predicted, Passed: 100 * b.Passed, N: b.N, Text: share(b.Passed)})
		}
	}
	return list
}

func fitLines(r *simulate.Result) []string {
	f := r.Fit
	lines := []string{fmt.Sprintf("\"Which certification fits me?\" with %d questions names the truly strongest of %d exams first for %s of learners; random order does for %s. "+
		"Entry exams are the easiest to pass, so the strongest is nearly always one of them, and always naming the commonest strongest one is right for %s.",
		r.Items, f.Exams, share(f.FirstChoice), share(f.RandomOrder), share(f.BestConstant))}
	for _, level := range f.WithinLevel {
		codes := make([]string, len(level.Codes))
		for i, code := range level.Codes {
			codes[i] = string(code)
		}
		lines = append(lines, fmt.Sprintf("Among exams of one level, %s: right for %s, random order %s.", inWords(codes), share(level.FirstChoice), share(level.RandomOrder)))
	}
	return lines
}

func (h *Handler) randomLines() []string {
	var lines []string
	for i := range h.Catalogue.Certifications {
		code := string(h.Catalogue.Certifications[i].Code)
		if n, ok := h.measured.RandomEqual[code]; ok {
			lines = append(lines, fmt.Sprintf("%s: 24 chosen questions tell as much as %.0f random ones.", code, n))
		}
	}
	return lines
}

// assumptions lists what the measurement in use on this site rests on.
func assumptions(snapshot *library.Snapshot) []page.Sourced {
	sd, inUse := snapshot.Model().Components(), snapshot.Parameters()
	spread, difficulty := "assumed; to be estimated from real answers", fmt.Sprintf("the author's label, with a standard deviation of %.1f logits, until %d people have answered", measure.ColdSDB, calibrate.MinDifficultyResponses)
	if inUse.Number > 0 {
		e := inUse.Evidence
		spread = fmt.Sprintf("estimated from %d answers of %d learners", e.Answers, e.Learners)
		difficulty = fmt.Sprintf("version %d of %s: estimated for %d questions from %d answers of %d learners; on %d learners held out the log-loss went from %.4f to %.4f. For the others, the author's label with a standard deviation of %.1f logits",
			inUse.Number, catalogue.LongDate(inUse.Made.Format(time.DateOnly)), e.Items, e.Answers, e.Learners, e.HeldOut, e.Before, e.After, measure.ColdSDB)
	}
	return []page.Sourced{
		{Label: "Spread of abilities", Text: fmt.Sprintf("general %.2f, skill %.2f, platform %.2f, skill on a platform %.2f logits; %s", sd.General, sd.Skill, sd.Platform, sd.Cell, spread)},
		{Label: "Difficulty", Text: difficulty},
		{Label: "Guessing", Text: "fixed at the chance of a blind guess for the question's type"},
		{Label: "Cut score", Text: "68, 70 or 72\u00a0% expected score by level, with a spread of 5 points; no vendor publishes a raw cut"},
		{Label: "Fading", Text: fmt.Sprintf("answers lose weight with a time constant of %.0f days", measure.FadingDays)},
	}
}
