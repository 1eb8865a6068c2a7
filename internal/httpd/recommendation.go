package httpd

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/effort"
	"sextant/internal/exam"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/readiness"
	"sextant/internal/recommend"
	"sextant/internal/sitting"
	"sextant/web"
)

// installRecommendation registers the recommendation and what can be supposed of it.
func (h *Handler) installRecommendation(pages *gin.RouterGroup, wrap func(httpx.HandlerFunc) gin.HandlerFunc) {
	pages.GET("/recommendation", wrap(h.recommendationOverall))
	pages.GET("/sittings/:id/recommendation", wrap(h.ended(h.recommendation)))
	// A page whose script asks at every change, and whose answers take some work.
	suppose := httpx.NewLimiter(150*time.Millisecond, 300).Middleware(h.failure)
	pages.GET("/recommendation/whatif", suppose, wrap(h.whatIf))
}

// aiming is what a person said of their situation, with what they have in mind:
// whoever follows a plan for an exam does so.
func (h *Handler) aiming(ctx context.Context, p *account.Person) (recommend.Situation, error) {
	situation, err := h.Profiles.Profile(ctx, p.ID)
	if err != nil {
		return recommend.Situation{}, err
	}
	plans, err := h.Plans.List(ctx, p.ID)
	if err != nil {
		return recommend.Situation{}, err
	}
	situation.Targets = nil
	for i := range plans {
		if plans[i].Open() {
			situation.Targets = append(situation.Targets, plans[i].Wish.Exam)
		}
	}
	return situation, nil
}

// recommended is the recommendation on a standing, for what a person said.
func (h *Handler) recommended(c *gin.Context, p *account.Person, standing readiness.Report) (recommend.Recommendation, error) {
	situation, err := h.aiming(c.Request.Context(), p)
	if err != nil {
		return recommend.Recommendation{}, err
	}
	return recommend.Recommend(h.Catalogue, situation, recommend.Evidence{Report: standing}, h.Now()), nil
}

func (h *Handler) recommendation(c *gin.Context, p *account.Person, s *sitting.Sitting) error {
	if s.Mode == sitting.Practice {
		return toSummary(c, s)
	}
	targets := s.Plan.Targets
	if s.Plan.Fit {
		targets = nil // they were not the learner's own choice
	}
	return h.showRecommendation(c, p, s, targets)
}

func (h *Handler) recommendationOverall(c *gin.Context) error {
	return h.showRecommendation(c, asking(c), nil, nil)
}

// asking is who is asking. Reading makes nobody a guest: for nobody in particular
// it rests on nothing said and nothing answered.
func asking(c *gin.Context) *account.Person {
	if p := httpx.Person(c); p != nil {
		return p
	}
	return &account.Person{}
}

func (h *Handler) showRecommendation(c *gin.Context, p *account.Person, upTo *sitting.Sitting, targets []exam.Code) error {
	situation, err := h.aiming(c.Request.Context(), p)
	if err != nil {
		return err
	}
	f, _, err := h.fitOf(c.Request.Context(), p.ID, upTo)
	if err != nil {
		return err
	}
	situation.Targets = append(situation.Targets, targets...)
	rec := recommend.Recommend(h.Catalogue, situation, f.evidence(), h.Now())
	view := h.recommendationView(c, rec, situation, f)
	if upTo != nil {
		view.Sitting, view.KeepIt = string(upTo.ID), !p.SignedIn()
	}
	if view.Sequence, err = h.sequenceView(c, p, rec, situation, f); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.Recommendation(view))
}

func (h *Handler) recommendationView(c *gin.Context, rec recommend.Recommendation, situation recommend.Situation, f *fit) page.Recommendation {
	view := page.Recommendation{
		Frame: h.frame(c, "Which certification fits", "readiness"), Sentence: rec.Sentence,
		Conflicts: rec.Conflicts, Notes: rec.Notes, Profile: h.profileLines(situation),
		Evidence: fmt.Sprintf("From %s, what you told us, and the state of the exams on %s.", plural(f.report.Answers, "answer"), dayOf(c, h.Now())),
		Target:   percentOf(h.Catalogue.Study.Target), WhatIf: "/recommendation/whatif",
		Empty: rec.Lead == nil,
	}
	unanswered := f.report.Answers == 0
	if unanswered {
		view.Evidence = fmt.Sprintf("From what you told us and the state of the exams on %s; no answers yet.", dayOf(c, h.Now()))
	}
	nothing := view.Empty && unanswered && len(view.Profile) == 0
	if nothing {
		view.Evidence = "You have said nothing and answered nothing so far."
	}
	for i, choice := range rec.Ranking {
		one := h.choiceView(choice, i+1, unanswered)
		switch {
		case rec.Lead != nil && choice.Code == rec.Lead.Code:
			view.Lead = &one
		case rec.Beside != nil && choice.Code == rec.Beside.Code:
			view.Beside = &one
		case !nothing: // an order that rests on nothing isn't shown as one
			view.Rest = append(view.Rest, one)
		}
	}
	if view.Lead != nil {
		view.Plan = "/plan?exam=" + url.QueryEscape(view.Lead.Code)
		view.Compare = compareFirst(rec.Ranking)
		view.Smallest = supposeChange(situation, rec.Smallest)
	}
	for _, r := range rec.Retired {
		view.Retired = append(view.Retired, retiredView(r))
	}
	for _, i := range rec.Information {
		view.Information = append(view.Information, i.Text+" ("+i.Label+")")
	}
	return view
}

// comparedAtMost is how many exams are set side by side.
const comparedAtMost = 3

func compareFirst(ranking []recommend.Choice) *page.Link {
	var codes []string
	for _, c := range ranking[:min(comparedAtMost, len(ranking))] {
		codes = append(codes, string(c.Code))
	}
	if len(codes) < 2 {
		return nil
	}
	return &page.Link{Label: "Compare with " + inWords(codes[1:]), Address: "/certifications/compare?codes=" + strings.Join(codes, ",")}
}

func (h *Handler) profileLines(s recommend.Situation) []page.ProfileLine {
	var lines []page.ProfileLine
	for _, f := range h.Catalogue.Factors {
		if chosen := labelsOf(f, s.Factors[f.ID]); len(chosen) > 0 {
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
			if since := s.HeldSince[code]; !since.IsZero() {
				held[i] += " (since " + since.Format(longDay) + ")"
			}
		}
		lines = append(lines, page.ProfileLine{Question: "Certifications held", Answer: inWords(held)})
	}
	if s.Market != nil && s.Market.Postings > 0 {
		lines = append(lines, page.ProfileLine{Question: "Job postings read", Answer: fmt.Sprintf("%d, counted on %s", s.Market.Postings, s.Market.Counted.Format(longDay))})
	}
	return lines
}

// labelsOf are the chosen values of a factor in words, in the catalogue's order.
func labelsOf(f catalogue.Factor, values []string) []string {
	var chosen []string
	for _, v := range f.Values {
		if slices.Contains(values, v.ID) {
			chosen = append(chosen, v.Label)
		}
	}
	return chosen
}

func (h *Handler) choiceView(choice recommend.Choice, rank int, unanswered bool) page.Choice {
	view := page.Choice{
		Rank: rank, Code: string(choice.Code), Name: choice.Name,
		Link: "/certifications/" + string(choice.Code), Measured: choice.Measured,
		Availability: availabilityText(choice), AvailabilityKind: string(choice.Availability),
		Situation: signed(choice.Situation), Evidence: signed(choice.Evidence), Score: signed(choice.Score), Changes: choice.Changes,
		Explanation: choice.Explanation, NoVerdict: "Ranked by your situation only: nothing you answered bears on it.",
		Hours: hoursView(choice.Need, unanswered),
	}
	if choice.Evidence != 0 {
		view.NoVerdict = "No verdict yet: too few of your answers bear on it."
	}
	view.Mode = modeWords(choice)
	if choice.Measured {
		view.Verdict, view.VerdictKind = choice.Verdict.Label(), string(choice.Verdict)
		if choice.Verdict != readiness.TooEarly {
			view.PassText = percentText(choice.Pass)
		}
	}
	for _, e := range choice.Ledger {
		view.Ledger = append(view.Ledger, ledgerLine(e))
	}
	for _, e := range choice.For {
		view.For = append(view.For, ledgerLine(e))
	}
	if choice.Against != nil {
		line := ledgerLine(*choice.Against)
		if choice.Against.Weight == 0 {
			line.Weight = "" // no line of the ledger: it is said, and doesn't weigh
		}
		view.Against = &line
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

func ledgerLine(e recommend.Entry) page.LedgerLine {
	return page.LedgerLine{Source: e.Source.Label(), SourceKind: string(e.Source), Text: e.Text, Weight: signed(e.Weight)}
}

// hoursView says what study an exam takes. The same words say that nothing is
// known of a learner who has answered nothing.
func hoursView(need *effort.Need, unanswered bool) page.Hours {
	if need == nil {
		return page.Hours{}
	}
	target := percentOf(need.Target)
	if need.Reached {
		return page.Hours{Short: "none", Text: fmt.Sprintf("By your answers the chance of passing is %s already: keep in practice, and book.", target)}
	}
	span := fmt.Sprintf("%s to %s", hoursNumber(need.Low), hoursNumber(need.High))
	short := fmt.Sprintf("%s (%s)", hoursNumber(need.Hours), span)
	who := ""
	if unanswered {
		who = ", for somebody of whom nothing is known yet"
	}
	if need.Beyond {
		return page.Hours{
			Short: fmt.Sprintf("%s, to %s", short, percentOf(need.Best)),
			Text: fmt.Sprintf("About %s hours of study bring the chance of passing to %s%s: %s for faster and slower learners. More study hardly raises it, since too little is known of you; more answers would.",
				hoursNumber(need.Hours), percentOf(need.Best), who, span),
		}
	}
	return page.Hours{
		Short: short,
		Text:  fmt.Sprintf("About %s hours of study bring the chance of passing to %s%s: %s for faster and slower learners.", hoursNumber(need.Hours), target, who, span),
	}
}

// hoursNumber writes hours no more precisely than they are known: to the hour
// below twenty, and to five hours above.
func hoursNumber(hours float64) string {
	const precise, step = 20, 5
	if hours > precise {
		hours = step * math.Round(hours/step)
	}
	return strconv.FormatFloat(math.Max(1, math.Round(hours)), 'f', 0, 64)
}

func percentOf(share float64) string { return fmt.Sprintf("%.0f\u00a0%%", 100*share) }

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
			return "can be taken until " + choice.LastDay.Format(longDay)
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
		ended = "could last be taken on " + r.LastDay.Format(longDay)
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

// supposeChange is the address at which a change of what was said is supposed; ""
// for none, and for one of what was shown.
func supposeChange(s recommend.Situation, change *recommend.Change) string {
	if change == nil || len(change.Factors) == 0 || len(change.Pass) > 0 {
		return ""
	}
	query := url.Values{"set": {"1"}}
	for id, values := range s.Factors {
		query["f."+id] = values
	}
	for id, values := range change.Factors {
		query["f."+id] = values
	}
	if s.Language != "" {
		query.Set("language", s.Language)
	}
	for _, code := range s.Held {
		query.Add("held", string(code))
		if since := s.HeldSince[code]; !since.IsZero() {
			query.Set("since."+string(code), since.Format(time.DateOnly))
		}
	}
	return "/recommendation/whatif?" + query.Encode()
}

// rankOf is the place of an exam in a ranking, from 1; 0 where it isn't ranked.
func rankOf(ranking []recommend.Choice, code exam.Code) int {
	return 1 + slices.IndexFunc(ranking, func(c recommend.Choice) bool { return c.Code == code })
}

// byRank orders moves by where an exam stands afterwards, those that leave the
// ranking last.
func byRank(a, b page.Move) int {
	place := func(m page.Move) int {
		if m.After == 0 {
			return math.MaxInt
		}
		return m.After
	}
	return cmp.Compare(place(a), place(b))
}
