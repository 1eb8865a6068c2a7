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

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

// reviewedPerPage is how many questions a page of the review has: enough for most
// practices and diagnostics, and few enough that a phone opens an exam's at once.
const reviewedPerPage = 25

func (h *Handler) review(c *gin.Context, _ *account.Person, s *sitting.Sitting) error {
	return h.showReview(c, http.StatusOK, s, aspectOf(c.Query("show"), sitting.AspectAll), func(*page.Review) {})
}

// aspectOf reads which questions are meant; what isn't known is taken as usual.
func aspectOf(text string, usual sitting.Aspect) sitting.Aspect {
	if a := sitting.Aspect(text); slices.Contains(sitting.Aspects(), a) {
		return a
	}
	return usual
}

// questionAddress leads to a question of a review, whatever page it is on.
func questionAddress(s *sitting.Sitting, seq int) string {
	return reviewAddress(s, sitting.AspectAll, seq)
}

// reviewAddress leads to a question among those of a kind.
func reviewAddress(s *sitting.Sitting, aspect sitting.Aspect, seq int) string {
	query := url.Values{"q": {strconv.Itoa(seq + 1)}}
	if aspect != sitting.AspectAll {
		query.Set("show", string(aspect))
	}
	return fmt.Sprintf("/sittings/%s/review?%s#q%d", s.ID, query.Encode(), seq+1)
}

// reviewedAt leads from the address of one question, as its remarks are sent to, to
// its place in the review.
func (h *Handler) reviewedAt(c *gin.Context, _ *account.Person, s *sitting.Sitting) error {
	return seeOther(c, questionAddress(s, max(0, seqOf(c))))
}

// showReview shows the questions of a kind. One that is asked for by its number, as
// after a remark on it, is shown even if it is of that kind no more.
func (h *Handler) showReview(c *gin.Context, status int, s *sitting.Sitting, aspect sitting.Aspect, amend func(*page.Review)) error {
	entries, err := h.Sittings.Entries(c.Request.Context(), s)
	if err != nil {
		return err
	}
	wanted := wantedQuestion(c)
	shown := slices.Clone(entries)
	shown = slices.DeleteFunc(shown, func(e sitting.Entry) bool { return !e.Is(aspect) && e.Seq != wanted })
	view := page.Review{
		Frame: h.frame(c, "Every question", sections[s.Mode]), Sitting: string(s.ID), Mock: s.Mode == sitting.Mock, Drill: s.Mode == sitting.Practice,
		Summary: reviewSummary(s, entries), Filters: reviewFilters(s, entries, aspect), Missed: retakeOf(s, entries, practisable(aspect)),
		Long: len(shown) > reviewedPerPage,
	}
	view.Path, view.Notice = "/sittings/"+string(s.ID)+"/review", ""
	if aspect == sitting.AspectUnscored { // of the others it is said where they can be practised
		view.Shown = countWords(s.Mode, aspect, len(shown))
	}
	if len(shown) == 0 {
		view.None = "No question is like that."
	}
	reports, err := h.ownReportsOn(c, s.Person)
	if err != nil {
		return err
	}
	first := pageOf(c, shown, wanted)
	last := min(first+reviewedPerPage, len(shown))
	for i := range shown {
		e := &shown[i]
		view.Jumps = append(view.Jumps, reviewJump(s, e, aspect, i >= first && i < last))
		if i >= first && i < last {
			item := h.entryItem(c, s, e, aspect)
			if !e.Withheld { // an answer could tell the key
				item.Reports = reports[e.Question.ID]
			}
			view.Items = append(view.Items, item)
		}
	}
	view.Pages = reviewPages(s, shown, aspect, first)
	amend(&view)
	return render(c, status, web.Review(view))
}

// practisable is the kind of question to practise from a page that shows those of
// another: whatever is wanted there, or what was missed where that is everything.
func practisable(aspect sitting.Aspect) sitting.Aspect {
	if aspect == sitting.AspectAll || aspect == sitting.AspectUnscored {
		return sitting.AspectMissed
	}
	return aspect
}

// wantedQuestion is the place of the question that is asked for, −1 for none.
func wantedQuestion(c *gin.Context) int {
	if c.Param("seq") != "" {
		return seqOf(c)
	}
	if number, err := strconv.Atoi(c.Query("q")); err == nil {
		return number - 1
	}
	return -1
}

// pageOf is where the page begins that has the question wanted or else is asked for
// by its number.
func pageOf(c *gin.Context, shown []sitting.Entry, wanted int) int {
	if at := slices.IndexFunc(shown, func(e sitting.Entry) bool { return e.Seq == wanted }); at >= 0 {
		return at - at%reviewedPerPage
	}
	number, err := strconv.Atoi(c.Query("page"))
	if err != nil || number < 1 || number > (len(shown)+reviewedPerPage-1)/reviewedPerPage {
		return 0
	}
	return (number - 1) * reviewedPerPage
}

func reviewPages(s *sitting.Sitting, shown []sitting.Entry, aspect sitting.Aspect, first int) []page.ReviewPart {
	if len(shown) <= reviewedPerPage {
		return nil
	}
	var pages []page.ReviewPart
	for from := 0; from < len(shown); from += reviewedPerPage {
		to := min(from+reviewedPerPage, len(shown))
		query := url.Values{"show": {string(aspect)}, "page": {strconv.Itoa(from/reviewedPerPage + 1)}}
		label := fmt.Sprintf("%d to %d", shown[from].Seq+1, shown[to-1].Seq+1)
		if to-from == 1 {
			label = strconv.Itoa(shown[from].Seq + 1)
		}
		pages = append(pages, page.ReviewPart{
			Label: label, Current: from == first,
			Address: fmt.Sprintf("/sittings/%s/review?%s#questions", s.ID, query.Encode()),
		})
	}
	return pages
}

// reviewSummary says how a test went, in a sentence or two. What is withheld stays
// out.
func reviewSummary(s *sitting.Sitting, entries []sitting.Entry) string {
	right, told, unscored := 0, 0, 0
	for _, e := range entries {
		switch {
		case e.Withheld:
		case s.Mode == sitting.Mock && e.Given.Pretest:
			unscored++
		default:
			told++
			if e.Given.Outcome == exam.Right {
				right++
			}
		}
	}
	switch s.Mode {
	case sitting.Mock:
		words := fmt.Sprintf("%d of %s right in every part.", right, plural(told, "scored question"))
		if unscored > 0 {
			words += fmt.Sprintf(" %d more didn't count; each of them says so.", unscored)
		}
		return words
	case sitting.Diagnostic:
		return fmt.Sprintf("%d of %s right.", right, plural(told, "answer")) + " The share of right answers is not your readiness: the questions were chosen to be hard for you, and the report allows for that."
	default:
		return fmt.Sprintf("%d of %s right.", right, plural(told, "answer"))
	}
}

// reviewFilters are the kinds of question to choose from, with how many there are.
// A kind that this sort of test doesn't have is left out.
func reviewFilters(s *sitting.Sitting, entries []sitting.Entry, current sitting.Aspect) []page.ReviewFilter {
	labels := map[sitting.Aspect]string{
		sitting.AspectAll: "All", sitting.AspectMissed: "Missed", sitting.AspectWrong: "Wrong", sitting.AspectUnanswered: "Not answered",
		sitting.AspectUnsure: "Unsure or guessed", sitting.AspectFlagged: "Flagged", sitting.AspectUnscored: "Didn't count",
	}
	if s.Mode == sitting.Practice {
		labels[sitting.AspectMissed] = "Missed or unsure"
	}
	var filters []page.ReviewFilter
	for _, aspect := range sitting.Aspects() {
		n := 0
		for i := range entries {
			if entries[i].Is(aspect) {
				n++
			}
		}
		if n == 0 && aspect != current && !alwaysOffered(aspect) {
			continue
		}
		address := fmt.Sprintf("/sittings/%s/review?show=%s", s.ID, aspect)
		if aspect == sitting.AspectAll {
			address = fmt.Sprintf("/sittings/%s/review", s.ID)
		}
		filters = append(filters, page.ReviewFilter{Label: labels[aspect], Count: n, Address: address, Current: aspect == current})
	}
	return filters
}

// alwaysOffered reports whether a kind is offered even where there is none of it:
// that nothing was wrong, or flagged, is worth seeing.
func alwaysOffered(aspect sitting.Aspect) bool {
	return aspect == sitting.AspectAll || aspect == sitting.AspectWrong || aspect == sitting.AspectFlagged
}

// standing is how an answer stands, in words and as the key of its shape.
type standing struct{ words, key string }

func standingOf(e *sitting.Entry) standing {
	switch {
	case e.Withheld:
		return standing{"shown later", "withheld"}
	case grade.Blank(e.Given.Answer):
		return standing{"not answered", "unanswered"}
	}
	return standing{outcomeWords[e.Given.Outcome], string(e.Given.Outcome)}
}

func reviewJump(s *sitting.Sitting, e *sitting.Entry, aspect sitting.Aspect, here bool) page.ReviewJump {
	at := standingOf(e)
	jump := page.ReviewJump{
		Number: e.Seq + 1, Standing: at.key, Flagged: e.Mark.Flagged, Here: here,
		Words: fmt.Sprintf("Question %d, %s", e.Seq+1, at.words), Address: reviewAddress(s, aspect, e.Seq),
	}
	if e.Mark.Flagged {
		jump.Words += ", flagged"
	}
	if here {
		jump.Address = fmt.Sprintf("#q%d", e.Seq+1)
	}
	return jump
}

// entryItem is one question of the review with all that is told about it.
func (h *Handler) entryItem(c *gin.Context, s *sitting.Sitting, e *sitting.Entry, aspect sitting.Aspect) page.ReviewItem {
	item := page.ReviewItem{Number: e.Seq + 1, ReviewNote: withheldNote}
	at := standingOf(e)
	if !e.Withheld {
		item = h.reviewItem(e.Seq+1, e.Reviewed)
		item.Confidence, item.Misled = confidenceWords(e.Given)
		item.Time = timeOf(s, e.Given)
		item.Pretest = h.pretestWords(c, s, e)
		item.Corrected = correctedWords(c, e.Given)
		if s.Mode == sitting.Mock {
			item.Parts = h.pointsNote(s, e)
		}
	}
	item.Outcome, item.OutcomeKey = at.words, at.key
	item.Remarks = &page.Remarks{
		Action: fmt.Sprintf("/sittings/%s/review/%d", s.ID, e.Seq), Show: string(aspect), Flagged: e.Mark.Flagged, Note: e.Mark.Note,
	}
	if wantedQuestion(c) == e.Seq {
		item.Remarks.Done = remarkNotices[c.Query("done")]
	}
	return item
}

// remarkNotices say at a question what was done about it just now.
var remarkNotices = map[string]string{"marked": notices["marked"], "reported": notices["reported"]}

func (h *Handler) pretestWords(c *gin.Context, s *sitting.Sitting, e *sitting.Entry) string {
	switch {
	case !e.Given.Pretest:
		return ""
	case s.Mode == sitting.Mock:
		return "One of the questions that don't count: exams have them too, and nothing tells which."
	}
	return h.pretestNote(c, e.Question)
}

// timeOf says how long a question took, where that is known and means something:
// one left in view for half an hour was left alone.
func timeOf(s *sitting.Sitting, g sitting.Given) string {
	spent := g.At.Sub(g.Shown)
	switch {
	case spent < time.Second:
		return ""
	case s.Mode == sitting.Mock:
		return "in view for " + secondsWords(spent)
	case spent > leftAlone:
		return "answered after more than half an hour"
	}
	return "answered after " + secondsWords(spent)
}

const leftAlone = 30 * time.Minute

// pointsNote says what an answer of an exam earned where that isn't all or nothing.
func (h *Handler) pointsNote(s *sitting.Sitting, e *sitting.Entry) string {
	cert, ok := h.Catalogue.Certification(s.Form.Exam)
	if !ok || e.Given.Pretest || grade.VendorRule(cert.Vendor) != grade.RuleCorrectParts {
		return partsNote(e.Question, e.Given.Answer)
	}
	points, err := grade.RuleCorrectParts.Points(e.Question, e.Given.Answer)
	if err != nil || points.Of < 2 {
		return ""
	}
	return fmt.Sprintf("%d of %d points: one for each right part.", points.Earned, points.Of)
}

// remarkReviewed keeps a flag and a note on a question of a finished test and then,
// if asked for, a report of a problem with it. A report that was typed and not sent
// is shown again.
func (h *Handler) remarkReviewed(c *gin.Context, p *account.Person, s *sitting.Sitting) error {
	ctx, seq := c.Request.Context(), seqOf(c)
	aspect := aspectOf(c.PostForm("show"), sitting.AspectAll)
	mark, text, do := readMark(c), c.PostForm("text"), c.PostForm("do")
	if do != "mark" && do != "report" { // an empty form would take flag and note away
		return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
	}
	if err := h.Sittings.SaveMark(ctx, p.ID, s.ID, seq, mark); err != nil {
		return h.reviewAgain(c, s, aspect, err, func(r *page.Remarks) {
			r.NoteProblem, r.Note, r.Flagged, r.Report = fault.Message(err), mark.Note, mark.Flagged, text
		})
	}
	var err error
	done := "marked"
	switch {
	case do == "report":
		err, done = h.Sittings.ReportProblem(ctx, p.ID, s.ID, seq, text), "reported"
	case strings.TrimSpace(text) != "":
		err = fault.Invalid("This is not sent yet. Send it, or empty the field to keep flag and note alone.")
	}
	if err != nil {
		return h.reviewAgain(c, s, aspect, err, func(r *page.Remarks) { r.ReportProblem, r.Report = fault.Message(err), text })
	}
	query := url.Values{"q": {strconv.Itoa(seq + 1)}, "done": {done}}
	if aspect != sitting.AspectAll {
		query.Set("show", string(aspect))
	}
	return seeOther(c, fmt.Sprintf("/sittings/%s/review?%s#q%d", s.ID, query.Encode(), seq+1))
}

// reviewAgain shows the review once more with a remark that was refused.
func (h *Handler) reviewAgain(c *gin.Context, s *sitting.Sitting, aspect sitting.Aspect, err error, amend func(*page.Remarks)) error {
	if fault.KindOf(err) != fault.KindInvalid {
		return err
	}
	number := seqOf(c) + 1
	return h.showReview(c, http.StatusBadRequest, s, aspect, func(view *page.Review) {
		view.Problem = fmt.Sprintf("Question %d: %s", number, fault.Message(err))
		for i := range view.Items {
			if view.Items[i].Number == number {
				amend(view.Items[i].Remarks)
			}
		}
	})
}

// sections are the entries of the navigation under which a sitting is looked back at.
var sections = map[sitting.Mode]string{sitting.Diagnostic: "readiness", sitting.Mock: "mock", sitting.Practice: "practice"}
