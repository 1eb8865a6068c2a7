package httpd

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
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

// recommended is the recommendation on a standing, for what a person said.
func (h *Handler) recommended(c *gin.Context, p *account.Person, standing readiness.Report) (recommend.Recommendation, error) {
	situation, err := h.Profiles.Profile(c.Request.Context(), p.ID)
	if err != nil {
		return recommend.Recommendation{}, err
	}
	return recommend.Recommend(h.Catalogue, situation, standing, h.Now()), nil
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
			"These exams publish no raw cut score. The line is our assumption by the exam's level, with a spread of 5 points for what isn't known about cut, form and day.",
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
		CutText: fmt.Sprintf("The line is the exam's overall pass mark, assumed at %.0f\u00a0%% expected score (±%.0f). No mark is published per domain.", e.CutPercent, e.CutSD),
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

func (h *Handler) recommendation(c *gin.Context, p *account.Person, s *sitting.Sitting) error {
	if s.Mode == sitting.Practice {
		return toSummary(c, s)
	}
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, s, nil)
	if err != nil {
		return err
	}
	targets := s.Plan.Targets
	if s.Plan.Fit {
		targets = nil // they were not the learner's own choice
	}
	return h.showRecommendation(c, p, standing, targets, string(s.ID))
}

func (h *Handler) recommendationOverall(c *gin.Context) error {
	p := httpx.Person(c)
	if p == nil {
		// Reading makes nobody a guest: this rests on nothing said and nothing answered.
		p = &account.Person{}
	}
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, nil, nil)
	if err != nil {
		return err
	}
	return h.showRecommendation(c, p, standing, nil, "")
}

func (h *Handler) showRecommendation(c *gin.Context, p *account.Person, standing readiness.Report, targets []exam.Code, id string) error {
	situation, err := h.Profiles.Profile(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	situation.Targets = targets
	rec := recommend.Recommend(h.Catalogue, situation, standing, h.Now())
	view := page.Recommendation{
		Frame: h.frame(c, "Which certification fits", "readiness"), Sitting: id, Sentence: rec.Sentence,
		Notes: rec.Notes, Profile: h.profileLines(situation), KeepIt: id != "" && !p.SignedIn(),
		Evidence: fmt.Sprintf("From %s, what you told us, and the state of the exams on %s.", plural(standing.Answers, "answer"), dayOf(c, h.Now())),
	}
	for i, choice := range rec.Ranking {
		one := h.choiceView(choice, i+1)
		switch {
		case rec.Lead != nil && choice.Code == rec.Lead.Code:
			view.Lead = &one
		case rec.Beside != nil && choice.Code == rec.Beside.Code:
			view.Beside = &one
		default:
			view.Rest = append(view.Rest, one)
		}
	}
	if rec.Then != nil {
		view.Then = &page.Follow{Code: string(rec.Then.Code), Name: rec.Then.Name, Link: "/certifications/" + string(rec.Then.Code), Reason: sentenceOf(rec.Then.Reason)}
	}
	for _, r := range rec.Retired {
		view.Retired = append(view.Retired, retiredView(r))
	}
	for _, i := range rec.Information {
		view.Information = append(view.Information, i.Text+" ("+i.Label+")")
	}
	return render(c, http.StatusOK, web.Recommendation(view))
}

func (h *Handler) profileLines(s recommend.Situation) []page.ProfileLine {
	var lines []page.ProfileLine
	for _, f := range h.Catalogue.Factors {
		var chosen []string
		for _, v := range f.Values {
			if slices.Contains(s.Factors[f.ID], v.ID) {
				chosen = append(chosen, v.Label)
			}
		}
		if len(chosen) > 0 {
			lines = append(lines, page.ProfileLine{Question: f.Label, Answer: strings.Join(chosen, "; ")})
		}
	}
	if s.Language != "" {
		lines = append(lines, page.ProfileLine{Question: "Exam language", Answer: catalogue.LanguageName(s.Language)})
	}
	if len(s.Held) > 0 {
		held := make([]string, len(s.Held))
		for i, code := range s.Held {
			held[i] = string(code)
		}
		lines = append(lines, page.ProfileLine{Question: "Certifications held", Answer: inWords(held)})
	}
	return lines
}

func (h *Handler) choiceView(choice recommend.Choice, rank int) page.Choice {
	view := page.Choice{
		Rank: rank, Code: string(choice.Code), Name: choice.Name,
		Link: "/certifications/" + string(choice.Code), Measured: choice.Measured,
		Availability: availabilityText(choice), AvailabilityKind: string(choice.Availability),
		Score: signed(choice.Score), Changes: choice.Changes,
	}
	view.Mode = modeWords(choice)
	if choice.Measured {
		view.Verdict, view.VerdictKind = choice.Verdict.Label(), string(choice.Verdict)
		if choice.Verdict != readiness.TooEarly {
			view.PassText = percentText(choice.Pass)
		}
	}
	for _, e := range choice.Ledger {
		view.Ledger = append(view.Ledger, page.LedgerLine{
			Source: e.Source.Label(), SourceKind: string(e.Source), Text: e.Text, Weight: signed(e.Weight),
		})
	}
	for _, d := range choice.StudyFirst {
		study := page.Study{Name: d.Name, Reason: d.Reason}
		for _, l := range d.Links {
			study.Links = append(study.Links, page.Link{Label: l.Title, Address: l.URL, External: true})
		}
		view.Study = append(view.Study, study)
	}
	return view
}

// modeWords says what to do with an exam: nobody is told to go for one they
// would more likely fail.
func modeWords(choice recommend.Choice) string {
	switch {
	case choice.Mode == recommend.PrepareFor:
		return "Prepare for"
	case choice.Verdict == readiness.Likely || choice.Verdict == readiness.Ready:
		return "Go for"
	}
	return "Aim for"
}

func availabilityText(choice recommend.Choice) string {
	switch choice.Availability {
	case catalogue.Yes:
		if !choice.LastDay.IsZero() {
			return "can be taken until " + choice.LastDay.Format("2 January 2006")
		}
		return "can be taken today"
	case catalogue.Unconfirmed:
		return "booking not confirmed today"
	default:
		return "can't be taken today"
	}
}

// signed writes a weight with its sign and a true minus.
func signed(v float64) string {
	text := fmt.Sprintf("%+.2f", v)
	if v == 0 {
		text = "0.00"
	}
	return strings.Replace(text, "-", "−", 1)
}

func retiredView(r recommend.RetiredNote) page.Retired {
	view := page.Retired{Code: string(r.Code), Caveat: r.Caveat}
	ended := "ended"
	if !r.LastDay.IsZero() {
		ended = "could last be taken on " + r.LastDay.Format("2 January 2006")
	}
	if r.Successor != "" {
		view.Text = fmt.Sprintf("%s. Its successor:", ended)
		view.Instead = append(view.Instead, page.Link{Label: string(r.Successor), Address: "/certifications/" + string(r.Successor), Note: r.SuccessorName})
		return view
	}
	view.Text = ended + ". There is no one-to-one successor; what stands in for it:"
	for _, d := range r.Directions {
		view.Instead = append(view.Instead, page.Link{Label: string(d.Code), Address: "/certifications/" + string(d.Code), Note: d.When})
	}
	return view
}

// sentenceOf makes a sentence of a phrase.
func sentenceOf(phrase string) string {
	if phrase == "" {
		return ""
	}
	return strings.ToUpper(phrase[:1]) + strings.TrimSuffix(phrase[1:], ".") + "."
}
