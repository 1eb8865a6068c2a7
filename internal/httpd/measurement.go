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
	"sextant/internal/outcome"
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
	told, err := h.Progress.Told(c.Request.Context())
	if err != nil {
		return err
	}
	view := page.Measurement{
		Outcomes: h.outcomes(snapshot, outcome.Count(told, h.codes())),
		Frame:    h.frame(c, "How right is it?", "help"),
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
	if e := inUse.Evidence; e.Items > 0 { // a version may hold refined cuts alone
		spread = fmt.Sprintf("estimated from %d answers of %d learners", e.Answers, e.Learners)
		difficulty = fmt.Sprintf("version %d of %s: estimated for %d questions from %d answers of %d learners; on %d learners held out the log-loss went from %.4f to %.4f. For the others, the author's label with a standard deviation of %.1f logits",
			inUse.Number, catalogue.LongDate(inUse.Made.Format(time.DateOnly)), e.Items, e.Answers, e.Learners, e.HeldOut, e.Before, e.After, measure.ColdSDB)
	}
	return []page.Sourced{
		{Label: "Spread of abilities", Text: fmt.Sprintf("general %.2f, skill %.2f, platform %.2f, skill on a platform %.2f logits; %s", sd.General, sd.Skill, sd.Platform, sd.Cell, spread)},
		{Label: "Difficulty", Text: difficulty},
		{Label: "Guessing", Text: "fixed at the chance of a blind guess for the question's type"},
		{Label: "Cut score", Text: "68, 70 or 72\u00a0% expected score by level, with a spread of 5 points; no vendor publishes a raw cut" + refinedWords(inUse)},
		{Label: "Fading", Text: fmt.Sprintf("answers lose weight with a time constant of %.0f days", measure.FadingDays)},
	}
}

func refinedWords(inUse library.ParameterVersion) string {
	if n := len(inUse.Cuts); n > 0 {
		return fmt.Sprintf(". Refined for %s from results of real exams, above", plural(n, "exam"))
	}
	return ""
}

// codes are the exams in catalogue order.
func (h *Handler) codes() []exam.Code {
	codes := make([]exam.Code, len(h.Catalogue.Certifications))
	for i := range h.Catalogue.Certifications {
		codes[i] = h.Catalogue.Certifications[i].Code
	}
	return codes
}

// outcomes is what results of real exams say of the predictions, as far as they may
// be shown.
func (h *Handler) outcomes(snapshot *library.Snapshot, t outcome.Tally) page.MeasuredOutcomes {
	view := page.MeasuredOutcomes{
		Sentence: fmt.Sprintf("People can tell how their real exam went; each result is held against what was expected of them the evening before. So far %s to be held against it.", toldWords(t.Told)),
		Cuts:     h.refinedCuts(snapshot),
		Notes: []string{
			"Who tells is no random sample: people who passed may tell more readily than those who didn't, or the other way round. So these figures can't prove the predictions right; they can show them wrong.",
			fmt.Sprintf("Results are as people tell them. Where a pass mark is refined, we allow for %.0f\u00a0%% told wrongly and for telling being up to three times as likely after one outcome as after the other.", 100*outcome.Assumed.Mislabelled),
			fmt.Sprintf("Only first attempts count, of people with an account and at least %d answers that bear on the exam. An exam with fewer than %d results isn't listed, and results are counted in steps of %d, so that nobody's shows by itself.", outcome.MinAnswers, outcome.PerExam, outcome.PerExam),
		},
	}
	if t.Told < outcome.MinTally {
		view.Needed = fmt.Sprintf("%d of %d needed before any figure is shown here.", t.Told, outcome.MinTally)
		return view
	}
	for i := range t.Exams {
		view.Rows = append(view.Rows, outcomeRow(string(t.Exams[i].Exam), &t.Exams[i]))
	}
	if t.Others.Results > 0 {
		view.Rows = append(view.Rows, outcomeRow("Other exams, together", &t.Others))
	}
	all := outcomeRow("All", &t.All)
	all.Whole = true
	view.Rows = append(view.Rows, all)
	for _, b := range t.Bins {
		view.Bins = append(view.Bins, page.OutcomeBin{
			Predicted: 100 * b.Expected, Passed: 100 * b.Share, Low: 100 * b.Low, High: 100 * b.High, N: b.Results,
			Text: scoreWords(100*b.Share, 100*b.Low, 100*b.High),
		})
	}
	if t.Score == nil {
		view.Needed = fmt.Sprintf("With %d of %d results the predictions are scored as well.", t.All.Results, outcome.MinScore)
		return view
	}
	view.Score = outcomeScore(t.Score)
	return view
}

func toldWords(n int) string {
	if n == 1 {
		return "there is 1 result"
	}
	return fmt.Sprintf("there are %d results", n)
}

func outcomeRow(name string, t *outcome.ExamTally) page.OutcomeRow {
	return page.OutcomeRow{
		Exam: name, Results: fmt.Sprint(t.Results), Passed: fmt.Sprint(t.Passed),
		Expected: fmt.Sprintf("%.1f (%.0f to %.0f)", t.Expected, t.Low, t.High),
	}
}

func outcomeScore(s *outcome.Score) []page.Sourced {
	verdict := "the interval holds 0, so no bias is shown"
	switch {
	case s.Low > 0:
		verdict = "above 0: people who tell passed more often than predicted"
	case s.High < 0:
		verdict = "below 0: people who tell passed less often than predicted"
	}
	return []page.Sourced{
		{Label: "Brier score", Text: fmt.Sprintf("%.3f over %d results; 0 is best, and telling everybody the share who passed would give %.3f", s.Brier, s.Results, s.Base)},
		{Label: "Calibration intercept", Text: strings.ReplaceAll(fmt.Sprintf("%.2f logits, 90\u00a0%% interval %.2f to %.2f; %s", s.Intercept, s.Low, s.High, verdict), "-", "−")},
	}
}

// refinedCuts lists the pass marks that results refined and that are in use.
func (h *Handler) refinedCuts(snapshot *library.Snapshot) []page.Sourced {
	var list []page.Sourced
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		if cut, ok := snapshot.Parameters().Cuts[cert.Code]; ok {
			list = append(list, page.Sourced{Label: string(cert.Code), Text: fmt.Sprintf("%.1f\u00a0%% with a spread of %.1f points, from %s; assumed before at %.0f\u00a0%% with %.0f",
				cut.Percent, cut.SD, plural(cut.Results, "result"), cert.Cut.Percent, cert.Cut.SD)})
		}
	}
	return list
}
