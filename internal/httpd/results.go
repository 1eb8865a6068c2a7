package httpd

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/grade"
	"sextant/internal/measure"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

// result shows how a mock exam went. Everything about passing is an estimate: no
// vendor publishes its raw cut or how it scales.
func (h *Handler) result(c *gin.Context, p *account.Person, s *sitting.Sitting) error {
	if s.Form == nil {
		return seeOther(c, "/sittings/"+string(s.ID)+"/report")
	}
	entries, err := h.Sittings.Entries(c.Request.Context(), s)
	if err != nil {
		return err
	}
	cert, ok := h.Catalogue.Certification(s.Form.Exam)
	if !ok {
		return seeOther(c, "/sittings/"+string(s.ID)+"/review")
	}
	questions, err := h.questionsOf(c.Request.Context(), entries)
	if err != nil {
		return err
	}
	score, err := scoreOf(cert, s.Form, questions, entries)
	if err != nil {
		return err
	}
	if score.items == 0 { // nothing of it can be told yet
		return seeOther(c, "/sittings/"+string(s.ID)+"/review")
	}
	cert, told, err := h.byVersion(c.Request.Context(), cert, s.Parameters)
	if err != nil {
		return err
	}
	cut := rawCut(cert.Cut.Percent, score.points.Of)
	view := page.Result{
		Frame: h.frame(c, "How the mock exam went", "mock"), Sitting: string(s.ID), Code: string(cert.Code), Name: cert.Name,
		Passed: score.points.Earned >= cut, Expired: s.State == sitting.StateExpired, Shortfall: s.Form.Statement(), KeepIt: !p.SignedIn(),
		Raw: score.rawWords(), RawNote: score.rawNote(), ByWholes: score.wholeWords(cert.Cut.Percent),
		CutPercent: cert.Cut.Percent,
		Cut:        score.of(cut, score.points.Of) + ", " + cutOrigin(cert, told),
		Predicted:  predictedWords(s.Form.Predicted, score.points.Earned >= cut),
		TimeNote:   timeNote(s), Missed: missedOf(s, entries), Bearing: h.bearing(cert, questions),
	}
	view.Scaled, view.ScaleNote = scaledWords(cert, score.points, cut)
	view.Sentence = resultSentence(cert, score.points, cut)
	view.Whole = score.domain("", score.points, score.items, cert.Cut.Percent)
	for _, d := range cert.Domains {
		if in := score.domains[d.ID]; in.items > 0 {
			view.Domains = append(view.Domains, score.domain(d.Name, in.points, in.items, cert.Cut.Percent))
		}
	}
	view.Pace = h.pace(s, entries, questions)
	return render(c, http.StatusOK, web.Result(view))
}

// questionsOf are the questions of an exam by whose keys its answers count, in its
// order.
func (h *Handler) questionsOf(ctx context.Context, entries []sitting.Entry) ([]*exam.Question, error) {
	given := make([]sitting.Given, len(entries))
	for i := range entries {
		given[i] = entries[i].Given
	}
	return h.judgedBy(ctx, given)
}

// score is what the scored questions of an exam earned.
type score struct {
	partial  bool         // the vendor gives a point for every right part
	points   grade.Points // as the vendor counts
	whole    grade.Points // a point for every question that is right as a whole
	items    int
	unscored int
	withheld int // scored, and asked just now in another test of the same person's
	domains  map[exam.DomainID]scoredDomain
}

type scoredDomain struct {
	points grade.Points
	items  int
}

// scoreOf counts a finished exam as its vendor does. Entries are its answers and
// questions what they were given to, both in the form's order. What is withheld is
// left out: beside the outcomes of all others, the sum would tell its own.
func scoreOf(cert *catalogue.Certification, f *sitting.Form, questions []*exam.Question, entries []sitting.Entry) (score, error) {
	rule := grade.VendorRule(cert.Vendor)
	sum := score{partial: rule == grade.RuleCorrectParts, domains: map[exam.DomainID]scoredDomain{}}
	for i, place := range f.Places {
		if !place.Scored {
			sum.unscored++
			continue
		}
		if entries[i].Withheld {
			sum.withheld++
			continue
		}
		answer := entries[i].Given.Answer
		points, err := rule.Points(questions[i], answer)
		if err != nil {
			return score{}, err
		}
		whole, err := grade.RuleAllOrNothing.Points(questions[i], answer)
		if err != nil {
			return score{}, err
		}
		sum.points, sum.whole, sum.items = sum.points.Plus(points), sum.whole.Plus(whole), sum.items+1
		in := sum.domains[place.Domain]
		sum.domains[place.Domain] = scoredDomain{in.points.Plus(points), in.items + 1}
	}
	return sum, nil
}

// of says a number of points in the words of the vendor's way of counting.
func (s *score) of(earned, of int) string {
	if s.partial {
		return fmt.Sprintf("%d of %d points", earned, of)
	}
	return fmt.Sprintf("%d of %d", earned, of)
}

// rawWords says what the score counts, and what it leaves out.
func (s *score) rawWords() string {
	words := fmt.Sprintf("%d of %d scored questions right", s.points.Earned, s.points.Of)
	if s.partial {
		words = fmt.Sprintf("%d of %d points, from %s", s.points.Earned, s.points.Of, plural(s.items, "question"))
	}
	if s.unscored > 0 {
		words += fmt.Sprintf("; %d more were asked that don't count, as in the exam", s.unscored)
	}
	if s.withheld > 0 {
		words += fmt.Sprintf("; %s left out until another test of yours, which asks the same, has ended", wereWords(s.withheld))
	}
	return words
}

func (s *score) rawNote() string {
	if !s.partial {
		return ""
	}
	return "The estimate counts points: Microsoft says that most questions with several parts give a point for each right part, and takes none off for a wrong one. Which questions are the exceptions it doesn't say."
}

// wholeWords is the other way of counting, and what it would have said.
func (s *score) wholeWords(percent float64) string {
	if !s.partial {
		return ""
	}
	verdict, cut := "below", rawCut(percent, s.whole.Of)
	if s.whole.Earned >= cut {
		verdict = "at or above"
	}
	return fmt.Sprintf("%d of %d right in every part: %s the mark, if that were counted. Readiness counts this way, and so errs on the low side for Microsoft's exams.", s.whole.Earned, s.whole.Of, verdict)
}

// domain is a share of the points with its 90 % interval.
func (s *score) domain(name string, points grade.Points, items int, cut float64) page.ResultDomain {
	low, high := points.Interval(measure.IntervalZ)
	words := fmt.Sprintf("%d of %d right", points.Earned, points.Of)
	if s.partial {
		words = s.of(points.Earned, points.Of)
	}
	share, low, high := 100*points.Share(), 100*low, 100*high
	return page.ResultDomain{
		Name: name, Items: items, Percent: share, Low: low, High: high, Cut: cut,
		Score: fmt.Sprintf("%s: %.0f\u00a0%% (%.0f to %.0f)", words, share, low, high),
	}
}

// rawCut is the fewest points that reach a percentage of so many.
func rawCut(percent float64, of int) int {
	const tolerance = 1e-9 // 70 % of 50 is 35, not 36
	return min(of, max(1, int(math.Ceil(percent/100*float64(of)-tolerance))))
}

// nearCut is how far from the cut, in standard errors of the share right, a
// result is too close to call.
const nearCut = 1

func resultSentence(cert *catalogue.Certification, points grade.Points, cut int) string {
	spread := math.Hypot(points.StandardError(), cert.Cut.SD/100)
	switch off := (points.Share() - cert.Cut.Percent/100) / spread; {
	case off >= nearCut:
		return fmt.Sprintf("By our estimate you would have passed %s.", cert.Code)
	case off <= -nearCut:
		return fmt.Sprintf("By our estimate you would not have passed %s yet.", cert.Code)
	case points.Earned >= cut:
		return fmt.Sprintf("By our estimate you would just have passed %s: too close to the cut to count on it.", cert.Code)
	}
	return fmt.Sprintf("By our estimate you would just have missed %s: too close to the cut to be sure.", cert.Code)
}

func scaledWords(cert *catalogue.Certification, points grade.Points, cut int) (score, note string) {
	if !cert.Pass.Published || cert.Pass.Score == 0 {
		return "", "The vendor tells only whether one passed and publishes no scale."
	}
	scale, err := grade.NewScale(0, float64(cut), float64(points.Of), float64(cert.Pass.Min), float64(cert.Pass.Score), float64(cert.Pass.Max))
	if err != nil {
		return "", "This form is too short to be put on the vendor's scale."
	}
	scaled, err := scale.Scaled(float64(points.Earned))
	if err != nil {
		return "", "This result can't be put on the vendor's scale."
	}
	return fmt.Sprintf("about %.0f on the scale from %d to %d", scaled, cert.Pass.Min, cert.Pass.Max),
		fmt.Sprintf("Passing takes %d. The vendor doesn't publish how it scales; we draw one straight line above the assumed cut and one below it.", cert.Pass.Score)
}

func predictedWords(f *sitting.Forecast, passed bool) string {
	if f == nil {
		return "Before this exam too little was known for a forecast; now there is more."
	}
	outcome := "did not"
	if passed {
		outcome = "did"
	}
	return fmt.Sprintf("Before it, the chance of passing was put at about %.0f\u00a0%% (from %s); by our estimate you %s. One exam neither proves nor disproves a forecast.", 100*f.Pass, plural(f.Answers, "answer"), outcome)
}

func timeNote(s *sitting.Sitting) string {
	used := minutesWords(int(s.Finished.Sub(s.Started).Minutes() + .5))
	if s.Form.Multiplier == sitting.Untimed || s.Form.Minutes == 0 {
		return used + ", without a clock"
	}
	return fmt.Sprintf("%s of %s", used, timeWords(s.Form.Minutes, s.Form.Multiplier))
}

// bearing says what else the answers of an exam tell: on which other domains and
// exams they bear. It is empty where they bear on nothing else.
func (h *Handler) bearing(cert *catalogue.Certification, questions []*exam.Question) []string {
	several, beyond, others := 0, 0, map[exam.Code]int{}
	for _, q := range questions {
		domains := 0
		for _, d := range cert.Domains {
			if slices.Contains(d.Skills(), q.Skill) {
				domains++
			}
		}
		if domains > 1 {
			several++
		}
		elsewhere := false
		for code := range h.Catalogue.Serves(q) {
			if code == cert.Code || !h.canBeTaken(code) {
				continue
			}
			others[code]++
			elsewhere = true
		}
		if elsewhere {
			beyond++
		}
	}
	var said []string
	if several > 1 {
		said = append(said, fmt.Sprintf("Here each question counts in one domain. For readiness an answer speaks for its skill in every domain that asks for it; of the %d here, %d speak for several domains of %s.", len(questions), several, cert.Code))
	}
	if beyond > 0 {
		said = append(said, fmt.Sprintf("One answer may also bear on several exams: %s, most on %s.", partOf(beyond, len(questions)), inWords(mostServed(others))))
	}
	return said
}

// partOf says how many of so many do.
func partOf(n, of int) string {
	switch n {
	case of:
		return fmt.Sprintf("all %d do", of)
	case 1:
		return "one of them does"
	}
	return fmt.Sprintf("%d of them do", n)
}

func (h *Handler) canBeTaken(code exam.Code) bool {
	cert, ok := h.Catalogue.Certification(code)
	return ok && cert.Takeable(h.Now(), "").Availability != catalogue.No
}

// mostNamed is how many other exams are named.
const mostNamed = 3

// mostServed names the exams that most questions serve, with how many.
func mostServed(served map[exam.Code]int) []string {
	codes := slices.SortedFunc(maps.Keys(served), func(a, b exam.Code) int {
		return cmp.Or(cmp.Compare(served[b], served[a]), cmp.Compare(a, b))
	})
	var words []string
	for _, code := range codes[:min(mostNamed, len(codes))] {
		words = append(words, fmt.Sprintf("%s (%d)", code, served[code]))
	}
	return words
}

// slowestShown is how many questions the list of those that took longest has, and
// quickestShown how many that were answered too fast are named one by one.
const (
	slowestShown  = 5
	quickestShown = 12
)

// pace says how the time of an exam went.
func (h *Handler) pace(s *sitting.Sitting, entries []sitting.Entry, questions []*exam.Question) page.Pace {
	given := make([]sitting.Given, len(entries))
	for i := range entries {
		given[i] = entries[i].Given
	}
	p := sitting.PaceOf(s.Form, given)
	if p.Seen == 0 {
		return page.Pace{Unknown: "How long each question took isn't known: this exam was taken in a page without scripts, which shows all questions at once."}
	}
	view := page.Pace{Text: paceWords(s.Form, p), NoSlow: noSlowWords(p)}
	if n := len(p.Quick); n > 0 {
		view.Quick = fmt.Sprintf("%s answered in less than %d seconds, which is hardly enough to read a question", wereWords(n), int(sitting.QuickAnswer.Seconds()))
		view.Quick += map[bool]string{true: ".", false: ":"}[n > quickestShown]
		for _, i := range p.Quick {
			if n <= quickestShown {
				view.Quickest = append(view.Quickest, page.ReviewLink{Number: i + 1, Text: fmt.Sprint(i + 1), Address: questionAddress(s, i)})
			}
		}
	}
	top := max(slices.Max(p.Spent), p.Allowed)
	view.Top = secondsWords(top)
	if p.Allowed > 0 {
		view.Limit = 100 * float64(p.Allowed) / float64(top)
		view.LimitText = fmt.Sprintf("The line is the exam's average, %s a question.", secondsWords(p.Allowed))
	}
	width := 100 / float64(len(entries))
	for i, e := range entries {
		view.Bars = append(view.Bars, page.PaceBar{
			Number: i + 1, X: float64(i) * width, W: .8 * width, H: 100 * float64(p.Spent[i]) / float64(top),
			Over: slices.Contains(p.Slow, i), Time: spentWords(p.Spent[i]), Outcome: standingOf(&e).words, Address: questionAddress(s, i),
		})
	}
	for _, i := range p.Slow {
		if e := &entries[i]; !e.Withheld && len(view.Slow) < slowestShown {
			at := standingOf(e)
			view.Slow = append(view.Slow, page.ResultTime{
				Number: i + 1, Address: questionAddress(s, i), Text: shortPlain(h.Text.Plain(questions[i].Ask)), Time: spentWords(p.Spent[i]),
				Outcome: at.words, OutcomeKey: at.key,
			})
		}
	}
	return view
}

func wereWords(n int) string {
	if n == 1 {
		return "1 question was"
	}
	return fmt.Sprintf("%d questions were", n)
}

// paceWords compares the average with what the exam gives.
func paceWords(f *sitting.Form, p sitting.Pace) string {
	words := fmt.Sprintf("On average a question was in view for %s", secondsWords(p.Average))
	switch {
	case p.Allowed == 0:
		return words + "; the vendor names no time to compare that with."
	case f.Multiplier == sitting.Untimed:
		return fmt.Sprintf("%s. You had no clock; the vendor gives %s.", words, secondsWords(p.Allowed))
	case f.Multiplier != 1:
		return fmt.Sprintf("%s. The exam gives %s, with your extra time.", words, secondsWords(p.Allowed))
	}
	return fmt.Sprintf("%s. The exam gives %s.", words, secondsWords(p.Allowed))
}

func noSlowWords(p sitting.Pace) string {
	if p.Allowed == 0 {
		return "Nothing took longer than your average pace."
	}
	return fmt.Sprintf("Nothing took longer than the exam's average pace of %s a question.", secondsWords(p.Allowed))
}

// spentWords is the time that a question was in view.
func spentWords(d time.Duration) string {
	if d < time.Second/2 {
		return "not seen"
	}
	return secondsWords(d)
}

func secondsWords(d time.Duration) string {
	seconds := int(d.Seconds() + .5)
	if seconds < 60 {
		return fmt.Sprintf("%d s", seconds)
	}
	return fmt.Sprintf("%d:%02d min", seconds/60, seconds%60)
}
