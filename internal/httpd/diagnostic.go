package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/internal/recommend"
	"sextant/internal/sitting"
	"sextant/web"
)

func (h *Handler) startForm(c *gin.Context) error {
	plan := sitting.Plan{Fit: true, Length: sitting.Lengths()[0]}
	for _, code := range c.QueryArray("exam") {
		plan.Fit = false
		plan.Targets = append(plan.Targets, exam.Code(code))
	}
	situation, err := h.situation(c)
	if err != nil {
		return err
	}
	return h.showStart(c, http.StatusOK, plan, situation, "")
}

// situation is what whoever is asking said about themselves before.
func (h *Handler) situation(c *gin.Context) (recommend.Situation, error) {
	p := httpx.Person(c)
	if p == nil {
		return recommend.Situation{}, nil
	}
	return h.Profiles.Profile(c.Request.Context(), p.ID)
}

func (h *Handler) showStart(c *gin.Context, status int, plan sitting.Plan, s recommend.Situation, problem string) error {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	view := page.Start{
		Frame: h.frame(c, "Begin a diagnostic", "diagnostic"), Problem: problem, Fit: plan.Fit,
		Factors: h.factors(s), Languages: h.languages(s), Held: h.held(s),
	}
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		total, _ := snapshot.Model().Eligible(cert.Code)
		view.Exams = append(view.Exams, page.ExamChoice{
			Code: string(cert.Code), Name: cert.Name,
			Offered: snapshot.Model().Offered(cert.Code), Chosen: slices.Contains(plan.Targets, cert.Code),
			Note: h.examNote(cert, snapshot.Model().Offered(cert.Code), total),
		})
	}
	view.Exams, view.Over, view.OverOpen = h.overLast(view.Exams)
	for _, length := range sitting.Lengths() {
		view.Lengths = append(view.Lengths, page.Option{Value: strconv.Itoa(length), Label: lengthLabel(length), Chosen: length == plan.Length})
	}
	for _, e := range snapshot.Banks() {
		if !e.Measures() && e.OpenTo(viewer(c)) {
			view.Banks = append(view.Banks, page.BankChoice{ID: string(e.ID), Title: e.Title, Questions: len(e.Questions), Chosen: slices.Contains(plan.Pretest, e.ID)})
		}
	}
	return render(c, status, web.Start(view))
}

func lengthLabel(length int) string {
	switch length {
	case 12:
		return "12 questions: a first bearing"
	case 24:
		return "24 questions: a good fix"
	}
	return fmt.Sprintf("%d questions: the narrowest intervals", length)
}

func (h *Handler) examNote(cert *catalogue.Certification, offered bool, questions int) string {
	note := withLanguages(cert, availabilityLabel(cert.Takeable(h.Now(), "")), h.Now())
	if offered {
		return fmt.Sprintf("%s; %d questions", note, questions)
	}
	return note + "; not enough questions yet"
}

// availabilityLabel is the state of an exam in a few words.
func availabilityLabel(t catalogue.Taking) string {
	switch t.Availability {
	case catalogue.Yes:
		if !t.Until.IsZero() {
			return "can be taken until " + t.Until.Format("2 January 2006")
		}
		return "can be taken"
	case catalogue.Unconfirmed:
		return "beta, booking not confirmed"
	case catalogue.No:
	}
	if t.Event != nil && t.Event.Status == catalogue.StatusRetired {
		return "retired"
	}
	return "can't be taken today"
}

func (h *Handler) factors(s recommend.Situation) []page.Factor {
	factors := make([]page.Factor, 0, len(h.Catalogue.Factors))
	for _, f := range h.Catalogue.Factors {
		view := page.Factor{ID: f.ID, Label: f.Label, Multi: f.Multi}
		for _, v := range f.Values {
			view.Values = append(view.Values, page.FactorValue{ID: v.ID, Label: v.Label, Chosen: slices.Contains(s.Factors[f.ID], v.ID)})
		}
		factors = append(factors, view)
	}
	return factors
}

func (h *Handler) languages(s recommend.Situation) []page.Option {
	tags := map[string]bool{}
	for _, cert := range h.Catalogue.Certifications {
		for _, l := range cert.Languages {
			tags[l.Tag] = true
		}
	}
	sorted := make([]string, 0, len(tags))
	for tag := range tags {
		sorted = append(sorted, tag)
	}
	slices.SortFunc(sorted, func(a, b string) int {
		return strings.Compare(catalogue.LanguageName(a), catalogue.LanguageName(b))
	})
	options := []page.Option{{Value: "", Label: "Any language", Chosen: s.Language == ""}}
	for _, tag := range sorted {
		options = append(options, page.Option{Value: tag, Label: catalogue.LanguageName(tag), Chosen: s.Language == tag})
	}
	return options
}

func (h *Handler) held(s recommend.Situation) []page.ExamChoice {
	var held []page.ExamChoice
	for _, cert := range h.Catalogue.Certifications {
		one := page.ExamChoice{Code: string(cert.Code), Name: cert.Name, Chosen: slices.Contains(s.Held, cert.Code), Dated: cert.ValidityYears > 0}
		if since := s.HeldSince[cert.Code]; !since.IsZero() {
			one.Since = since.Format(time.DateOnly)
		}
		held = append(held, one)
	}
	return held
}

// readSituation takes a situation from a form, keeping only what exists.
func (h *Handler) readSituation(c *gin.Context) recommend.Situation {
	return h.situationOf(c.Request.PostForm)
}

// situationOf takes a situation from the fields of the profile's form.
func (h *Handler) situationOf(form url.Values) recommend.Situation {
	s := recommend.Situation{Factors: map[string][]string{}, Language: form.Get("language")}
	for _, f := range h.Catalogue.Factors {
		for _, value := range form["f."+f.ID] {
			known := slices.ContainsFunc(f.Values, func(v catalogue.FactorValue) bool { return v.ID == value })
			if known && !slices.Contains(s.Factors[f.ID], value) {
				s.Factors[f.ID] = append(s.Factors[f.ID], value)
			}
		}
	}
	if !slices.ContainsFunc(h.languages(s), func(o page.Option) bool { return o.Value == s.Language }) {
		s.Language = ""
	}
	for _, text := range form["held"] {
		code := exam.Code(text)
		cert, ok := h.Catalogue.Certification(code)
		if !ok || slices.Contains(s.Held, code) {
			continue
		}
		s.Held = append(s.Held, code)
		if since, err := time.Parse(time.DateOnly, form.Get("since."+text)); err == nil && cert.ValidityYears > 0 && plausibleSince(since, h.Now()) {
			if s.HeldSince == nil {
				s.HeldSince = map[exam.Code]time.Time{}
			}
			s.HeldSince[code] = since
		}
	}
	return s
}

// certificationsBegan is before the first certification that anybody here could
// hold: an earlier day is a slip.
var certificationsBegan = time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC)

// plausibleSince leaves a day of grace for places where it is tomorrow already.
func plausibleSince(day, now time.Time) bool {
	return !day.Before(certificationsBegan) && day.Before(now.AddDate(0, 0, 1))
}

// withMarket keeps what job postings said, which the profile's form doesn't hold.
func (h *Handler) withMarket(c *gin.Context, s recommend.Situation) (recommend.Situation, error) {
	kept, err := h.situation(c)
	s.Market = kept.Market
	return s, err
}

// readPlan takes a plan from a form. Exams are checked where the sitting starts;
// of the banks, those are kept that can be tried out by whoever is asking.
func readPlan(c *gin.Context, snapshot *library.Snapshot) sitting.Plan {
	plan := sitting.Plan{Fit: c.PostForm("goal") == "fit"}
	plan.Length, _ = strconv.Atoi(c.PostForm("length")) // 0 is refused with words by Start
	if !plan.Fit {
		for _, code := range c.PostFormArray("exam") {
			plan.Targets = append(plan.Targets, exam.Code(code))
		}
	}
	chosen := c.PostFormArray("bank")
	for _, e := range snapshot.Banks() {
		if !e.Measures() && e.OpenTo(viewer(c)) && slices.Contains(chosen, string(e.ID)) {
			plan.Pretest = append(plan.Pretest, e.ID)
		}
	}
	return plan
}

// viewer is the id of whoever is asking, "" for nobody in particular.
func viewer(c *gin.Context) string {
	if p := httpx.Person(c); p != nil {
		return string(p.ID)
	}
	return ""
}

func (h *Handler) start(c *gin.Context) error {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	plan := readPlan(c, snapshot)
	situation, err := h.withMarket(c, h.readSituation(c))
	if err != nil {
		return err
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	if err := h.Profiles.SaveProfile(c.Request.Context(), p.ID, situation); err != nil {
		return err
	}
	s, err := h.Sittings.Start(c.Request.Context(), p.ID, plan)
	if err != nil {
		return again(err, func(status int, message string) error {
			return h.showStart(c, status, plan, situation, message)
		})
	}
	return seeOther(c, "/sittings/"+string(s.ID))
}

// questionView is a question as a learner sees it, options in the order given,
// with what was chosen so far.
func (h *Handler) questionView(q *exam.Question, order []exam.OptionID, choice sitting.Choice) page.Question {
	view := page.Question{
		Type: string(q.Type), TypeLabel: q.Type.Label(), Stem: h.Text.Block(q.Stem), Ask: h.Text.Inline(q.Ask), Instruction: instruction(q), Choose: q.Choose,
	}
	if q.Stimulus != nil {
		view.CaseTitle, view.Case = q.Stimulus.Title, h.Text.Block(q.Stimulus.Text)
	}
	for i, id := range order {
		option, _ := q.Option(id)
		place := strconv.Itoa(i + 1)
		view.Options = append(view.Options, page.QuestionOption{
			Place: place, Letter: letter(i), Text: h.Text.Inline(option.Text), Plain: shortPlain(h.Text.Plain(option.Text)),
			Chosen: slices.Contains(choice.Selected, place), Rank: at(choice.Order, i),
		})
	}
	for i, prompt := range q.Prompts {
		view.Prompts = append(view.Prompts, page.QuestionPrompt{Index: i, Text: h.Text.Inline(prompt.Text), Chosen: at(choice.Matches, i)})
	}
	for i, s := range q.Statements {
		view.Prompts = append(view.Prompts, page.QuestionPrompt{Index: i, Text: h.Text.Inline(s.Text), Chosen: at(choice.Verdicts, i)})
	}
	return view
}

func (h *Handler) pretestNote(c *gin.Context, q *exam.Question) string {
	title := string(q.Bank)
	if snapshot, err := h.Library.Snapshot(c.Request.Context()); err == nil {
		if entry, ok := snapshot.Bank(q.Bank); ok {
			title = entry.Title
		}
	}
	return fmt.Sprintf("From the bank %q: this question does not count towards your readiness.", title)
}

func letter(i int) string { return string(rune('A' + i)) }

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// maxPlain bounds an option's text in a drop-down list, in characters.
const maxPlain = 70

func shortPlain(text string) string {
	runes := []rune(text)
	if len(runes) <= maxPlain {
		return text
	}
	return strings.TrimSpace(string(runes[:maxPlain-1])) + "…"
}

func instruction(q *exam.Question) string {
	switch q.Type {
	case exam.Single:
		return "Choose one."
	case exam.Multiple:
		if strings.Contains(q.Ask, "(Choose ") {
			return "" // the question says so itself
		}
		if q.Choose > 0 {
			return fmt.Sprintf("Choose %s.", number(q.Choose))
		}
		return "Choose all that apply."
	case exam.Ordering:
		return "Give every step its place, 1 for the first."
	case exam.Matching:
		if q.OneToOne {
			return "Match every line with a letter; each letter is used once at most."
		}
		return "Match every line with a letter; a letter may be used more than once."
	case exam.YesNo:
		return "Judge every statement."
	}
	return ""
}

func number(n int) string {
	words := []string{"none", "one", "two", "three", "four", "five", "six"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

func readChoice(c *gin.Context) sitting.Choice {
	if c.PostForm("do") == "dont_know" {
		return sitting.Choice{DontKnow: true}
	}
	return readChoiceAt(c, "")
}

// readChoiceAt reads the fields whose names begin with prefix.
func readChoiceAt(c *gin.Context, prefix string) sitting.Choice {
	return sitting.Choice{
		Confidence: readConfidence(c),
		Selected:   c.PostFormArray(prefix + "option"),
		Order:      indexed(c, prefix+"order.", 1),
		Matches:    indexed(c, prefix+"match.", 0),
		Verdicts:   indexed(c, prefix+"verdict.", 0),
	}
}

// indexed collects the fields prefix+first, prefix+first+1, … A radio group
// that was left open sends nothing, so gaps are filled up to the last field.
func indexed(c *gin.Context, prefix string, first int) []string {
	var list []string
	for i := range exam.MaxOptions {
		value, sent := c.GetPostForm(prefix + strconv.Itoa(first+i))
		if !sent {
			continue
		}
		for len(list) < i {
			list = append(list, "")
		}
		list = append(list, value)
	}
	return list
}

func (h *Handler) finish(c *gin.Context) error {
	p, err := someone(c)
	if err != nil {
		return err
	}
	s, err := h.Sittings.Finish(c.Request.Context(), p.ID, sitting.ID(c.Param("id")))
	if fault.KindOf(err) == fault.KindConflict {
		return seeOther(c, "/sittings/"+c.Param("id"))
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/sittings/"+string(s.ID)+"/report")
}

func (h *Handler) profileForm(c *gin.Context) error {
	s, err := h.situation(c)
	if err != nil {
		return err
	}
	view := page.Profile{
		Frame: h.frame(c, "About you", ""), Factors: h.factors(s), Languages: h.languages(s), Held: h.held(s),
		Next: httpx.LocalPath(c.Query("next"), "/recommendation"),
	}
	return render(c, http.StatusOK, web.Profile(view))
}

func (h *Handler) saveProfile(c *gin.Context) error {
	situation, err := h.withMarket(c, h.readSituation(c))
	if err != nil {
		return err
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	if err := h.Profiles.SaveProfile(c.Request.Context(), p.ID, situation); err != nil {
		return err
	}
	return seeOther(c, withDone(httpx.LocalPath(c.PostForm("next"), "/recommendation"), "profile"))
}
