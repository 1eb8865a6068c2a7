package httpd

import (
	"cmp"
	"fmt"
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
	given, err := h.Sittings.Answers(c.Request.Context(), s)
	if err != nil {
		return err
	}
	cert, ok := h.Catalogue.Certification(s.Form.Exam)
	if !ok {
		return seeOther(c, "/sittings/"+string(s.ID)+"/review")
	}
	raw, scored := 0, 0
	for i, g := range given {
		if s.Form.Places[i].Scored {
			scored++
			raw += points(g)
		}
	}
	cut := rawCut(cert.Cut.Percent, scored)
	view := page.Result{
		Frame: h.frame(c, "How the mock exam went", "mock"), Sitting: string(s.ID), Code: string(cert.Code), Name: cert.Name,
		Passed: raw >= cut, Expired: s.Expired, Shortfall: s.Form.Statement(), KeepIt: !p.SignedIn(),
		Raw:        rawWords(cert, raw, scored, len(given)-scored),
		CutPercent: cert.Cut.Percent,
		Cut:        fmt.Sprintf("%d of %d, which is the %.0f\u00a0%% that we assume: the vendor publishes no raw cut, and it may well lie %.0f points to either side", cut, scored, cert.Cut.Percent, cert.Cut.SD),
		Predicted:  predictedWords(s.Form.Predicted, raw >= cut),
		TimeNote:   timeNote(s),
	}
	view.Scaled, view.ScaleNote = scaledWords(cert, raw, cut, scored)
	view.Sentence = resultSentence(cert, raw, cut, scored)
	view.Whole = resultDomain("", raw, scored, cert.Cut.Percent)
	for _, d := range cert.Domains {
		right, of := 0, 0
		for i, place := range s.Form.Places {
			if place.Scored && place.Domain == d.ID {
				of++
				right += points(given[i])
			}
		}
		if of > 0 {
			view.Domains = append(view.Domains, resultDomain(d.Name, right, of, cert.Cut.Percent))
		}
	}
	if view.Times, err = h.slowest(c, s, given); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.Result(view))
}

// rawWords says what the score counts, and what it leaves out.
func rawWords(cert *catalogue.Certification, raw, scored, unscored int) string {
	words := fmt.Sprintf("%d of %d scored questions right", raw, scored)
	if unscored > 0 {
		words += fmt.Sprintf("; %d more were asked that don't count, as in the exam", unscored)
	}
	if cert.Vendor == exam.Azure {
		words += ". A question counts here when all of it is right; Microsoft gives a point for every right part of most questions with several, so this errs on the low side"
	}
	return words
}

func points(g sitting.Given) int {
	if g.Outcome == exam.Right {
		return 1
	}
	return 0
}

// rawCut is the fewest right answers that reach a percentage of so many.
func rawCut(percent float64, items int) int {
	const tolerance = 1e-9 // 70 % of 50 is 35, not 36
	return min(items, max(1, int(math.Ceil(percent/100*float64(items)-tolerance))))
}

// nearCut is how far from the cut, in standard errors of the share right, a
// result is too close to call.
const nearCut = 1

func resultSentence(cert *catalogue.Certification, raw, cut, scored int) string {
	share := float64(raw) / float64(scored)
	spread := math.Hypot(math.Sqrt(share*(1-share)/float64(scored)), cert.Cut.SD/100)
	switch off := (share - cert.Cut.Percent/100) / spread; {
	case off >= nearCut:
		return fmt.Sprintf("By our estimate you would have passed %s.", cert.Code)
	case off <= -nearCut:
		return fmt.Sprintf("By our estimate you would not have passed %s yet.", cert.Code)
	case raw >= cut:
		return fmt.Sprintf("By our estimate you would just have passed %s: too close to the cut to count on it.", cert.Code)
	}
	return fmt.Sprintf("By our estimate you would just have missed %s: too close to the cut to be sure.", cert.Code)
}

func scaledWords(cert *catalogue.Certification, raw, cut, scored int) (score, note string) {
	if !cert.Pass.Published || cert.Pass.Score == 0 {
		return "", "The vendor tells only whether one passed and publishes no scale."
	}
	scale, err := grade.NewScale(0, float64(cut), float64(scored), float64(cert.Pass.Min), float64(cert.Pass.Score), float64(cert.Pass.Max))
	if err != nil {
		return "", "This form is too short to be put on the vendor's scale."
	}
	scaled, err := scale.Scaled(float64(raw))
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

// resultDomain is a share right with its 90 % interval (Wilson 1927).
func resultDomain(name string, right, of int, cut float64) page.ResultDomain {
	n, share := float64(of), float64(right)/float64(max(1, of))
	z2 := measure.IntervalZ * measure.IntervalZ
	centre := (share + z2/(2*n)) / (1 + z2/n)
	half := measure.IntervalZ / (1 + z2/n) * math.Sqrt(share*(1-share)/n+z2/(4*n*n))
	low, high := 100*max(0, centre-half), 100*min(1, centre+half)
	return page.ResultDomain{
		Name: name, Items: of, Percent: 100 * share, Low: low, High: high, Cut: cut,
		Score: fmt.Sprintf("%d of %d right: %.0f\u00a0%% (%.0f to %.0f)", right, of, 100*share, low, high),
	}
}

func timeNote(s *sitting.Sitting) string {
	used := minutesWords(int(s.Finished.Sub(s.Started).Minutes() + .5))
	if s.Form.Multiplier == sitting.Untimed || s.Form.Minutes == 0 {
		return used + ", without a clock"
	}
	return fmt.Sprintf("%s of %s", used, timeWords(s.Form.Minutes, s.Form.Multiplier))
}

// slowestShown is how many questions the table of times has.
const slowestShown = 5

// slowest lists the questions that were in view longest.
func (h *Handler) slowest(c *gin.Context, s *sitting.Sitting, given []sitting.Given) ([]page.ResultTime, error) {
	order := make([]int, len(given))
	for i := range order {
		order[i] = i
	}
	spent := func(i int) time.Duration { return given[i].At.Sub(given[i].Shown) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spent(b), spent(a)) })
	withheld, err := h.Sittings.Asking(c.Request.Context(), s.Person)
	if err != nil {
		return nil, err
	}
	var list []page.ResultTime
	for _, i := range order[:min(slowestShown, len(order))] {
		if spent(i) < time.Second {
			break
		}
		if withheld[given[i].Question] {
			continue
		}
		asked, err := h.Sittings.AskAt(c.Request.Context(), s, i)
		if err != nil {
			return nil, err
		}
		list = append(list, page.ResultTime{
			Number: i + 1, Text: shortPlain(h.Text.Plain(asked.Question.Ask)), Time: secondsWords(spent(i)),
			Outcome: outcomeWords[given[i].Outcome], OutcomeKey: string(given[i].Outcome),
		})
	}
	return list, nil
}

func secondsWords(d time.Duration) string {
	seconds := int(d.Seconds() + .5)
	return fmt.Sprintf("%d:%02d min", seconds/60, seconds%60)
}
