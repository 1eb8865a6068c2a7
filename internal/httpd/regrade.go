package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

// regradeLink leads to the regrade where answers were given under another key than
// the one in use. Only the bank's owner and admins have it.
func (h *Handler) regradeLink(ctx context.Context, a authoring.Actor, item *authoring.Item, versions []authoring.Version) (*page.Link, error) {
	if len(versions) < 2 {
		return nil, nil
	}
	plan, err := h.Authoring.PlanRegrade(ctx, a, h.Regrades, item.ID)
	if fault.KindOf(err) == fault.KindForbidden {
		return nil, nil
	}
	if err != nil || plan.Empty() {
		return nil, err
	}
	n := len(plan.Changes) + plan.Rekeyed
	return &page.Link{
		Label:   "See what judging them again would change",
		Note:    fmt.Sprintf("%s %s given under the former key.", plural(n, "answer"), map[bool]string{true: "was", false: "were"}[n == 1]),
		Address: editorAddress(item.ID, "regrade"),
	}, nil
}

// regradeForm is the dry run: who would be concerned, and by how much.
func (h *Handler) regradeForm(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	return h.showRegrade(c, http.StatusOK, a, "", "")
}

func (h *Handler) regrade(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(c.PostForm("version"))
	if err != nil {
		return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
	}
	id, reason := questionID(c), text(c.Request.PostForm, "reason")
	_, err = h.Authoring.ApplyRegrade(c.Request.Context(), a, h.Regrades, id, version, reason)
	switch kind := fault.KindOf(err); {
	case err == nil:
		return seeOther(c, withDone(editorAddress(id, "regrade"), "regraded"))
	case kind == fault.KindInvalid, kind == fault.KindConflict:
		return again(err, func(status int, message string) error { return h.showRegrade(c, status, a, reason, message) })
	}
	return err
}

func (h *Handler) showRegrade(c *gin.Context, status int, a authoring.Actor, reason, problem string) error {
	ctx, id := c.Request.Context(), questionID(c)
	plan, err := h.Authoring.PlanRegrade(ctx, a, h.Regrades, id)
	if err != nil {
		return err
	}
	r, err := h.Authoring.Reviewing(ctx, a, id)
	if err != nil {
		return err
	}
	past, err := h.Regrades.Regrades(ctx, id)
	if err != nil {
		return err
	}
	people := []account.PersonID{}
	for _, change := range plan.Changes {
		people = append(people, change.Person)
	}
	for _, done := range past {
		people = append(people, done.Actor)
	}
	slices.Sort(people)
	names, err := h.Authoring.Names(ctx, slices.Compact(people))
	if err != nil {
		return err
	}
	view := page.Regrade{
		Frame: h.frame(c, "Judge the answers again", "banks"), Bank: bankLink(r.Bank), Heading: "Judge the answers again",
		Question: heading(r.Item.Published), Editor: page.Link{Label: "To the question", Address: editorAddress(id, "edit")},
		Action: editorAddress(id, "regrade"), Version: plan.Version, Sentence: regradeSentence(plan), Nothing: plan.Empty(), Reason: reason, Problem: problem,
	}
	view.Path = view.Action
	for _, change := range plan.Changes[:min(len(plan.Changes), maxRegraded)] {
		row, err := h.regradeRow(c, r.Item.Published, change)
		if err != nil {
			return err
		}
		row.Who = names[change.Person]
		view.Rows = append(view.Rows, row)
	}
	if more := len(plan.Changes) - len(view.Rows); more > 0 {
		view.More = fmt.Sprintf("and %s more", plural(more, "answer"))
	}
	for _, done := range past {
		view.Past = append(view.Past, page.RegradeLine{
			What: fmt.Sprintf("By the key of version %d: %s, %d gained and %d lost.", done.Version, plural(done.Judged, "answer")+" judged", done.Gained(), done.Lost()),
			Who:  fmt.Sprintf("%s on %s", names[done.Actor], momentOf(c, done.At)), Reason: done.Reason,
		})
	}
	return render(c, status, web.Regrade(view))
}

// maxRegraded bounds how many answers are listed one by one.
const maxRegraded = 200

func regradeSentence(plan *authoring.Regrade) string {
	if plan.Judged+plan.Other == 0 {
		return "Nobody has answered this question yet."
	}
	said := fmt.Sprintf("%s can be judged by the key of version %d. ", plural(plan.Judged, "answer"), plan.Version)
	switch {
	case plan.Empty():
		said += "All of them count as this key says: there is nothing to correct."
	case len(plan.Changes) == 0:
		said += fmt.Sprintf("None would count as something else; %s would be shown this key in the review of the test.", plural(plan.Rekeyed, "person's answer"))
	default:
		said += fmt.Sprintf("%s would count as something else, of %s: %d gained, %d lost.", plural(len(plan.Changes), "answer"), peopleWords(plan.People()), plan.Gained(), plan.Lost())
	}
	if plan.Other > 0 {
		said += fmt.Sprintf(" %s given to another wording or other options, which this key can't judge; they stay as they are.", wereAnswers(plan.Other))
	}
	return said
}

func peopleWords(n int) string {
	if n == 1 {
		return "one person"
	}
	return fmt.Sprintf("%d people", n)
}

func wereAnswers(n int) string {
	if n == 1 {
		return "1 more answer was"
	}
	return fmt.Sprintf("%d more answers were", n)
}

// regradeRow says how one test would come out by the question's new key.
func (h *Handler) regradeRow(c *gin.Context, q *exam.Question, change authoring.Correction) (page.RegradeRow, error) {
	ctx := c.Request.Context()
	s, err := h.Sittings.Open(ctx, change.Person, sitting.ID(change.Sitting))
	if err != nil {
		return page.RegradeRow{}, err
	}
	before, err := h.Sittings.Answers(ctx, s)
	if err != nil {
		return page.RegradeRow{}, err
	}
	after := slices.Clone(before)
	for i := range after {
		if after[i].Seq == change.Seq {
			after[i].Outcome = change.To
		}
	}
	row := page.RegradeRow{
		Test: sittingTitle(s), When: dayOf(c, s.Started),
		Answer: outcomeWord(change.From) + " → " + outcomeWord(change.To), Gained: change.To == exam.Right,
	}
	if !scored(s, before, change.Seq) {
		row.Before = "not counted there"
		return row, nil
	}
	row.Before, row.After = rightWords(s, before), rightWords(s, after)
	if s.Form == nil || s.State.Open() {
		return row, nil
	}
	if row.ScaledBefore, err = h.scaledOf(ctx, s, before, change.Seq, nil); err != nil {
		return row, err
	}
	row.ScaledAfter, err = h.scaledOf(ctx, s, after, change.Seq, q)
	return row, err
}

// scaledOf is the estimate on the vendor's scale of an exam in which the answer at
// a place is judged by q, or, for nil, as it is judged now; "" where there is none.
func (h *Handler) scaledOf(ctx context.Context, s *sitting.Sitting, given []sitting.Given, place int, q *exam.Question) (string, error) {
	cert, ok := h.Catalogue.Certification(s.Form.Exam)
	if !ok {
		return "", nil
	}
	questions, err := h.judgedBy(ctx, given)
	if err != nil {
		return "", err
	}
	if q != nil && place < len(questions) {
		questions[place] = q
	}
	entries := make([]sitting.Entry, len(given))
	for i := range given {
		entries[i].Given = given[i]
	}
	score, err := scoreOf(cert, s.Form, questions, entries)
	if err != nil {
		return "", err
	}
	if cert, _, err = h.byVersion(ctx, cert, s.Parameters); err != nil {
		return "", err
	}
	scaled, _ := scaledWords(cert, score.points, rawCut(cert.Cut.Percent, score.points.Of))
	return scaled, nil
}

// judgedBy are the questions by whose keys answers count.
func (h *Handler) judgedBy(ctx context.Context, given []sitting.Given) ([]*exam.Question, error) {
	questions := make([]*exam.Question, len(given))
	for i, g := range given {
		q, err := h.Sittings.JudgedBy(ctx, g)
		if err != nil {
			return nil, err
		}
		questions[i] = q
	}
	return questions, nil
}

// correctedWords says that the key was corrected after an answer was given, and
// what the answer counts as since.
func correctedWords(c *gin.Context, g sitting.Given) string {
	k := g.Correction
	if k == nil {
		return ""
	}
	said := fmt.Sprintf("The key was corrected on %s: %s ", dayOf(c, k.At), sentence(k.Reason))
	switch right := g.Outcome == exam.Right; {
	case g.Outcome == k.Graded:
		return said + "Your answer counts as before."
	case right:
		return said + "Your answer counts as right now."
	}
	return said + "Your answer no longer counts as right."
}

func outcomeWord(o exam.Outcome) string {
	if o == exam.DontKnow {
		return "not known"
	}
	return string(o)
}

// scored reports whether the answer at a place counts in the score of its test.
func scored(s *sitting.Sitting, given []sitting.Given, place int) bool {
	return s.Mode == sitting.Practice || !slices.ContainsFunc(given, func(g sitting.Given) bool { return g.Seq == place && g.Pretest })
}

// rightWords counts the right answers of those that count: in practice all do.
func rightWords(s *sitting.Sitting, given []sitting.Given) string {
	right, of := 0, 0
	for _, g := range given {
		if g.Pretest && s.Mode != sitting.Practice {
			continue
		}
		of++
		if g.Outcome == exam.Right {
			right++
		}
	}
	return fmt.Sprintf("%d of %d", right, of)
}
