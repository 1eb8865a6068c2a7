package httpd

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/internal/readiness"
	"sextant/internal/recommend"
	"sextant/internal/sitting"
	"sextant/web"
)

// ended serves what there is to see of an ended sitting to whoever took it. An
// open one is answered with the question it is at.
func (h *Handler) ended(show func(*gin.Context, *account.Person, *sitting.Sitting) error) httpx.HandlerFunc {
	return func(c *gin.Context) error {
		p, err := someone(c)
		if err != nil {
			return err
		}
		s, err := h.Sittings.Open(c.Request.Context(), p.ID, sitting.ID(c.Param("id")))
		if err != nil {
			return err
		}
		if s.State.Open() {
			return seeOther(c, "/sittings/"+string(s.ID))
		}
		return show(c, p, s)
	}
}

func (h *Handler) report(c *gin.Context, p *account.Person, s *sitting.Sitting) error {
	if s.Mode == sitting.Practice {
		return toSummary(c, s)
	}
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, s, nil)
	if err != nil {
		return err
	}
	targets := s.Plan.Targets
	sentence := ""
	if s.Plan.Fit {
		rec, err := h.recommended(c, p, standing)
		if err != nil {
			return err
		}
		sentence, targets = rec.Sentence, inFull(rec)
	}
	view, err := h.reportView(c, standing, targets)
	if err != nil {
		return err
	}
	if sentence != "" {
		view.Sentence = sentence
	}
	view.Sitting, view.Heading, view.KeepIt = string(s.ID), planTitle(s.Plan), !p.SignedIn()
	view.Mock, view.Section = s.Mode == sitting.Mock, sections[s.Mode]
	view.Why = fmt.Sprintf("Ended on %s after %s. %s", dayOf(c, s.Finished), extentOf(s), s.Why)
	return render(c, http.StatusOK, web.Report(view))
}

// extentOf says how much of a test there was: of an exam, what counted apart from
// what didn't.
func extentOf(s *sitting.Sitting) string {
	if s.Form == nil {
		return plural(s.Seq, "answer")
	}
	length := s.Form.Length()
	if length.Unscored == 0 {
		return plural(length.Scored, "question")
	}
	return fmt.Sprintf("%s, of which %d didn't count", plural(length.Total(), "question"), length.Unscored)
}

// inFull picks the exams to show by domain: those of the recommendation that
// answers bear on, in its order.
func inFull(rec recommend.Recommendation) []exam.Code {
	var codes []exam.Code
	for _, choice := range rec.Ranking {
		if choice.Measured {
			codes = append(codes, choice.Code)
		}
	}
	return codes
}

// sortByPass puts the exam most likely to be passed first, and keeps the
// order among equals.
func sortByPass(exams []page.Exam) {
	slices.SortStableFunc(exams, func(a, b page.Exam) int {
		switch {
		case a.Chance > b.Chance:
			return -1
		case a.Chance < b.Chance:
			return 1
		}
		return 0
	})
}

func (h *Handler) readiness(c *gin.Context) error {
	view := page.Report{Frame: h.frame(c, "Readiness", "readiness"), Heading: "Where you stand"}
	p, err := someone(c)
	if err != nil {
		view.Empty = true
		view.Sentence = "Nothing is measured yet. Twelve questions give a first bearing; if you have an account, sign in to see it."
		return render(c, http.StatusOK, web.Report(view))
	}
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, nil, nil)
	if err != nil {
		return err
	}
	sittings, err := h.Sittings.List(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	rec, err := h.recommended(c, p, standing)
	if err != nil {
		return err
	}
	view, err = h.reportView(c, standing, lastTargets(sittings, rec))
	if err != nil {
		return err
	}
	view.Title, view.Heading, view.Empty, view.KeepIt = "Readiness", "Where you stand", standing.Answers == 0, false
	if view.Empty {
		view.Exams, view.Others = nil, nil
		view.Sentence = "Nothing is measured yet. Twelve questions give a first bearing."
	}
	if slices.ContainsFunc(sittings, func(s sitting.Sitting) bool {
		return s.Mode == sitting.Diagnostic && s.State.Open() && s.Seq > 0
	}) {
		view.Banks = append(view.Banks, "Answers of a diagnostic that is still open count once it has ended.")
	}
	if view.Kept, err = h.keptTests(c, sittings); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.Report(view))
}

// lastTargets picks the exams to show by domain over everything answered: what
// the latest sitting with chosen exams was about, else the best of the
// recommendation.
func lastTargets(sittings []sitting.Sitting, rec recommend.Recommendation) []exam.Code {
	for _, s := range sittings {
		if !s.Plan.Fit && len(s.Plan.Targets) > 0 {
			return s.Plan.Targets
		}
	}
	return inFull(rec)
}

// difficultyBasis says what the difficulty of the questions answered rests on.
func difficultyBasis(standing readiness.Report) string {
	if standing.Version == 0 {
		return "How hard a question is rests on its author's label until enough people have answered it; the intervals allow for that."
	}
	return fmt.Sprintf("How hard a question is was estimated from learners' answers for %d of the %s here (version %d of the estimates) and rests on its author's label for the others; the intervals allow for that.",
		standing.Calibrated, plural(standing.Answers, "answer"), standing.Version)
}

func (h *Handler) reportView(c *gin.Context, standing readiness.Report, targets []exam.Code) (page.Report, error) {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return page.Report{}, err
	}
	view := page.Report{
		Frame:    h.frame(c, "Readiness report", "readiness"),
		Evidence: fmt.Sprintf("Rests on %s. Intervals are 90\u00a0%%: of ten such intervals, nine are meant to hold the true value.", plural(standing.Answers, "answer")),
		Banks:    bankLines(snapshot, standing),
		Assumptions: []string{
			cutBasis(standing),
			difficultyBasis(standing),
			"The chance of passing is model-based and not yet validated on real exam results; it is shown between 5\u00a0% and 95\u00a0%.",
			"Answers fade over about three months, since people learn and forget.",
		},
	}
	for _, code := range targets {
		e, ok := standing.Exam(code)
		if !ok {
			continue
		}
		one, err := h.examView(e)
		if err != nil {
			return view, err
		}
		view.Exams = append(view.Exams, one)
	}
	for _, e := range standing.Exams {
		if slices.Contains(targets, e.Code) || e.Answers == 0 || !e.Offered {
			continue
		}
		one, err := h.examView(e)
		if err != nil {
			return view, err
		}
		view.Others = append(view.Others, one)
	}
	sortByPass(view.Others)
	if text := severalBearings(standing); text != "" {
		view.Assumptions = append(view.Assumptions, text)
	}
	view.Sentence = examSentence(view.Exams)
	return view, nil
}

// severalBearings says, where it is so, that one answer counts in several domains
// or exams, since the numbers of answers beside them add up to more than were given.
func severalBearings(standing readiness.Report) string {
	domains, exams := false, 0
	for _, e := range standing.Exams {
		in := 0
		for _, d := range e.Domains {
			in += d.Answers
		}
		domains = domains || in > e.Answers
		if e.Offered {
			exams += e.Answers
		}
	}
	switch {
	case domains && exams > standing.Answers:
		return "One answer may bear on several domains, and on several exams: it speaks for its skill wherever that is asked for. So the numbers of answers add up to more than were given."
	case exams > standing.Answers:
		return "One answer may bear on several exams: it speaks for its skill wherever that is asked for. So the numbers of answers add up to more than were given."
	case domains:
		return "One answer may bear on several domains: it speaks for its skill wherever that is asked for. So the numbers of answers add up to more than were given."
	}
	return ""
}

func bankLines(snapshot *library.Snapshot, standing readiness.Report) []string {
	var lines []string
	for _, e := range snapshot.Banks() {
		if n := standing.Banks[e.ID]; n > 0 {
			lines = append(lines, fmt.Sprintf("%s from the bank %q.", plural(n, "answer"), e.Title))
		}
	}
	reasons := make([]string, 0, len(standing.Ignored))
	for reason := range standing.Ignored {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		lines = append(lines, fmt.Sprintf("%s not counted: %s.", plural(standing.Ignored[reason], "answer"), strings.TrimSuffix(reason, ".")))
	}
	return lines
}

// verdictPhrases begin the sentence on the exams with a verdict, most ready first.
var verdictPhrases = []struct {
	verdict readiness.Verdict
	phrase  string
}{
	{readiness.Ready, "you are ready for "},
	{readiness.Likely, "you are likely to pass "},
	{readiness.GettingThere, "you are getting there with "},
	{readiness.NotYet, "you are not yet ready for "},
	{readiness.TooEarly, "it is too early to say for "},
}

// examSentence is the answer in one sentence, for a report on chosen exams.
func examSentence(exams []page.Exam) string {
	var parts []string
	for _, v := range verdictPhrases {
		var named []string
		for _, e := range exams {
			if readiness.Verdict(e.VerdictKind) != v.verdict {
				continue
			}
			name := e.Code
			if e.PassText != "" {
				name += " (" + e.PassText + " to pass now)"
			}
			named = append(named, name)
		}
		if len(named) > 0 {
			parts = append(parts, v.phrase+inWords(named))
		}
	}
	if len(parts) == 0 {
		return "Nothing is measured yet."
	}
	return sentenceOf(strings.Join(parts, "; "))
}

// Beyond these chances of passing an exam counts as settled, as it does for
// ending a diagnostic early.
const (
	settledLow  = 0.10
	settledHigh = 0.90
)

func (h *Handler) examView(e readiness.ExamReport) (page.Exam, error) {
	cert, ok := h.Catalogue.Certification(e.Code)
	if !ok {
		return page.Exam{}, fault.NotFound("There is no certification %s.", e.Code)
	}
	taking := cert.Takeable(h.Now(), "")
	view := page.Exam{
		Code: string(e.Code), Name: cert.Name, Link: "/certifications/" + string(e.Code),
		Measured: e.Offered, Verdict: e.Verdict.Label(), VerdictKind: string(e.Verdict), Answers: e.Answers,
		Availability: availabilityLabel(taking), AvailabilityKind: string(taking.Availability),
	}
	if e.Verdict != readiness.TooEarly {
		view.PassText, view.Chance = percentText(e.Pass), e.PassRaw
	}
	view.Figure = page.Figure{
		Caption: "Readiness by domain, " + string(e.Code), Cut: e.CutPercent,
		CutText: lineWords(&e),
	}
	view.Figure.Rows = append(view.Figure.Rows, overallBar(e))
	for _, d := range e.Domains {
		view.Figure.Rows = append(view.Figure.Rows, domainBar(d, e.CutPercent))
		// When the chance of passing is at the end of its scale, nothing more is needed.
		if d.ID == e.Narrow && e.PassRaw > settledLow && e.PassRaw < settledHigh {
			view.Narrow = fmt.Sprintf("More answers in %q would narrow the chance of passing most.", d.Name)
		}
	}
	for _, s := range e.Strongest {
		view.Strongest = append(view.Strongest, skillView(s))
	}
	for _, s := range e.Weakest {
		view.Weakest = append(view.Weakest, skillView(s))
	}
	return view, nil
}

// percentText says a probability no more precisely than it is known, and the
// ends of its display range as what they are.
func percentText(p float64) string {
	rounded := math.Round(p * 100)
	switch {
	case rounded <= 5:
		return "5\u00a0% or less"
	case rounded >= 95:
		return "95\u00a0% or more"
	}
	return fmt.Sprintf("about %.0f\u00a0%%", rounded)
}

// firstBearing is how many answers that bear on an exam its overall interval
// takes to be drawn. From eight on there is a verdict as well.
const firstBearing = 3

func overallBar(e readiness.ExamReport) page.Bar {
	bar := page.Bar{
		Label: "Whole exam", Detail: "weighted by the exam's own weights", Overall: true,
		Shown:    e.Answers >= firstBearing,
		Estimate: e.Overall.Estimate, Low: e.Overall.Low, High: e.Overall.High,
		Missing: fmt.Sprintf("At least %d answers that bear on the exam are needed.", firstBearing),
	}
	describe(&bar, e.CutPercent)
	if bar.Shown && e.Verdict == readiness.TooEarly {
		bar.SideText = "a first bearing, " + bar.SideText
	}
	return bar
}

func domainBar(d readiness.DomainReport, cut float64) page.Bar {
	bar := page.Bar{
		Label: d.Name, Detail: fmt.Sprintf("weight %.0f\u00a0%%, %s", d.Weight*100, plural(d.Answers, "answer")),
		Shown: d.Shown, Missing: d.Missing,
		Estimate: d.Interval.Estimate, Low: d.Interval.Low, High: d.Interval.High,
	}
	describe(&bar, cut)
	return bar
}

// describe says in words what the drawing shows.
func describe(b *page.Bar, cut float64) {
	if !b.Shown {
		b.Side = "unknown"
		return
	}
	b.Text = fmt.Sprintf("%.0f\u00a0%% (%.0f to %.0f)", b.Estimate, b.Low, b.High)
	switch {
	case b.Low >= cut:
		b.Side, b.SideText = "above", "beyond the line"
	case b.High < cut:
		b.Side, b.SideText = "below", "short of the line"
	default:
		b.Side, b.SideText = "straddles", "on both sides of the line: uncertain"
	}
}

func skillView(s readiness.SkillReport) page.Skill {
	return page.Skill{Name: s.Name, Text: fmt.Sprintf("%.0f\u00a0%% (%.0f to %.0f), %s", s.Interval.Estimate, s.Interval.Low, s.Interval.High, plural(s.Answers, "answer"))}
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// sentenceOf makes a sentence of a phrase.
func sentenceOf(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToUpper(phrase[:1]) + strings.TrimSuffix(phrase[1:], ".") + "."
}
