package httpd

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/internal/sitting"
	"sextant/web"
)

/* ---- The life of a question -------------------------------------------------- */

// lifeOf says where a question is in its life, what is needed next and what
// somebody can do about it. faults is how many things keep it from being asked.
func (h *Handler) lifeOf(c *gin.Context, a authoring.Actor, r authoring.Reviewing, faults int) (page.QuestionLife, error) {
	ctx, item := c.Request.Context(), r.Item
	history, err := h.Authoring.History(ctx, a, item.ID)
	if err != nil {
		return page.QuestionLife{}, err
	}
	names, err := h.namesIn(ctx, item, history)
	if err != nil {
		return page.QuestionLife{}, err
	}
	state := item.State()
	life := page.QuestionLife{
		State: state.Label(), StateKind: string(state), Sentence: lifeWords{item, r.Bank, history, faults, c}.words(),
		Action: editorAddress(item.ID, "life"), Comment: editorAddress(item.ID, "comments"),
		Submit: state == authoring.Draft, Recall: state == authoring.InReview,
		Publish: item.Draft != nil && item.Retired.IsZero() && (!r.Bank.Counts || authoring.Reviewed(item, item.Draft, history.Reviews)),
		Discard: item.Draft != nil && item.Published != nil, Retire: item.Retired.IsZero(), Restore: !item.Retired.IsZero(),
	}
	if n := len(history.Versions); n > 0 {
		life.Links = append(life.Links, page.Link{Label: fmt.Sprintf("Versions (%d)", n), Address: editorAddress(item.ID, "versions")})
	}
	if state == authoring.Published { // the first change makes a draft, which can be sent on at once
		life.Submit, life.Publish = true, !r.Bank.Counts
	}
	if mine := r.Mine; mine != nil && !mine.GaveUp() && mine.Verdict == "" {
		life.Judge = &page.Judgement{Action: editorAddress(item.ID, "review")}
	}
	for _, review := range history.Reviews {
		if !review.GaveUp() {
			life.Reviews = append(life.Reviews, reviewLine(c, item, review, names))
		}
	}
	for _, said := range history.Comments {
		life.Comments = append(life.Comments, page.CommentLine{Who: names[said.Person], When: momentOf(c, said.At), Text: said.Text})
	}
	life.Regrade, err = h.regradeLink(ctx, a, item, history.Versions)
	return life, err
}

// namesIn are the names of everybody who has a part in a question.
func (h *Handler) namesIn(ctx context.Context, item *authoring.Item, history authoring.History) (map[account.PersonID]string, error) {
	people := []account.PersonID{item.Author, item.DraftBy}
	for _, v := range history.Versions {
		people = append(people, v.By)
	}
	for _, r := range history.Reviews {
		people = append(people, r.Reviewer)
	}
	for _, said := range history.Comments {
		people = append(people, said.Person)
	}
	slices.Sort(people)
	return h.Authoring.Names(ctx, slices.Compact(people))
}

func reviewLine(c *gin.Context, item *authoring.Item, r authoring.Review, names map[account.PersonID]string) page.ReviewLine {
	l := page.ReviewLine{Who: names[r.Reviewer], When: momentOf(c, r.At), Agreed: r.Agreed, Comment: r.Comment}
	switch {
	case r.Agreed:
		l.What = "Solved it blind and gave the key"
	case r.Answer.DontKnow:
		l.What = "Read it blind and found that it can't be told from the text"
	default:
		l.What = "Solved it blind and gave another answer than the key"
	}
	switch r.Verdict {
	case authoring.Approve:
		l.What += ", and approves of it."
	case authoring.Change:
		l.What += ", and asks for a change."
	default:
		l.What += "."
	}
	if r.Revision != item.Newest().Revision {
		l.What += " That was another text than this one."
	}
	return l
}

// lifeWords says in words what a question's state means and what it needs next.
type lifeWords struct {
	item    *authoring.Item
	bank    *authoring.Bank
	history authoring.History
	faults  int
	c       *gin.Context
}

func (n lifeWords) words() string {
	switch n.item.State() {
	case authoring.Draft:
		return n.draft()
	case authoring.InReview:
		return n.inReview()
	case authoring.Retired:
		return fmt.Sprintf("It was taken out of use on %s. Nobody is asked it any more; the answers that were given stay.", dayOf(n.c, n.item.Retired))
	case authoring.Published:
	}
	said := fmt.Sprintf("Version %d is in use. ", n.item.Version)
	if n.bank.Visibility == authoring.Private {
		said = fmt.Sprintf("Version %d is published, in a private bank: only those who write in it are asked. ", n.item.Version)
	}
	return said + "A change made here is kept as a draft, which nobody is asked until it is published."
}

func (n lifeWords) draft() string {
	said := "Nobody is asked it yet. "
	if n.item.Published != nil {
		said = fmt.Sprintf("Version %d goes on being asked until this draft is published. ", n.item.Version)
	}
	asked := slices.ContainsFunc(n.history.Reviews, func(r authoring.Review) bool {
		return r.Revision == n.item.Draft.Revision && r.Verdict == authoring.Change
	})
	switch {
	case asked:
		return said + "A reviewer asks for a change: see below."
	case n.faults > 0:
		return said + fmt.Sprintf("It can't be published yet: %s to mend, each said beside its field.", plural(n.faults, "thing"))
	case authoring.Reviewed(n.item, n.item.Draft, n.history.Reviews):
		return said + "A blind review agrees with the key: it can be published."
	case n.bank.Counts:
		return said + "This bank counts towards readiness: somebody who didn't write the question solves it blind before it is published. Send it to review."
	}
	return said + "Send it to review, or publish it without one; it is then shown as not reviewed."
}

func (n lifeWords) inReview() string {
	said := "It waits for somebody who didn't write it to solve it blind. "
	solved, agreed := 0, 0
	for _, r := range n.history.Reviews {
		if r.Revision == n.item.Draft.Revision && !r.GaveUp() {
			solved++
			if r.Agreed {
				agreed++
			}
		}
	}
	switch {
	case authoring.Reviewed(n.item, n.item.Draft, n.history.Reviews):
		return fmt.Sprintf("Solved blind by %d, of whom %d gave the key; it is approved and can be published.", solved, agreed)
	case solved > agreed:
		return said + fmt.Sprintf("Of %d who did, %d gave another answer than the key: look at the key and at the text before it is published.", solved, solved-agreed)
	case solved > 0:
		return said + "It was solved and the key given; what the reviewer says to it is still to come."
	}
	return said + "To change it, take it back first."
}

// changeLife does what concerns a question as a whole.
func (h *Handler) changeLife(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), questionID(c)
	r, err := h.Authoring.Reviewing(ctx, a, id)
	if err != nil {
		return err
	}
	var done string
	switch ids := []exam.QuestionID{id}; c.PostForm("do") {
	case "recall":
		_, err = h.Authoring.Recall(ctx, a, id)
		done = "recalled"
	case "publish":
		_, err = h.Authoring.Publish(ctx, a, id, r.Item.DraftSeq, line(c.Request.PostForm, "note"))
		done = "question-published"
	case "retire":
		err = h.Authoring.Retire(ctx, a, ids)
		done = "retired"
	case "restore":
		err = h.Authoring.Restore(ctx, a, ids)
		done = "restored"
	default:
		return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
	}
	if err != nil {
		return err
	}
	return seeOther(c, withDone(editorAddress(id, "edit"), done))
}

func (h *Handler) comment(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), questionID(c)
	typed := text(c.Request.PostForm, "text")
	err = h.Authoring.Say(ctx, a, id, typed)
	switch {
	case fault.KindOf(err) != fault.KindInvalid && err != nil:
		return err
	case err == nil:
		return seeOther(c, withDone(editorAddress(id, "edit"), "commented")+"#comments")
	}
	r, errNow := h.Authoring.Reviewing(ctx, a, id)
	if errNow != nil || r.May {
		return cmp.Or(errNow, err)
	}
	return h.showEditor(c, http.StatusBadRequest, a, r, r.Item.Newest(), func(view *page.Editor) {
		view.Life.Typed, view.Life.Problem = typed, fault.Message(err)
	})
}

/* ---- Versions ------------------------------------------------------------------ */

func (h *Handler) versions(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	r, err := h.Authoring.Reviewing(ctx, a, questionID(c))
	switch {
	case err != nil:
		return err
	case r.May: // the draft's key would show among the changes
		return seeOther(c, editorAddress(r.Item.ID, "edit"))
	}
	history, err := h.Authoring.History(ctx, a, r.Item.ID)
	if err != nil {
		return err
	}
	names, err := h.namesIn(ctx, r.Item, history)
	if err != nil {
		return err
	}
	view := page.Versions{
		Frame: h.frame(c, "Versions", "banks"), Bank: bankLink(r.Bank), Heading: "Versions of “" + heading(r.Item.Newest()) + "”",
		Editor: page.Link{Label: "To the question", Address: editorAddress(r.Item.ID, "edit")},
		Action: editorAddress(r.Item.ID, "versions"), Seq: r.Item.DraftSeq, Open: r.Item.Draft != nil,
	}
	if r.Item.Draft != nil && r.Item.Published != nil {
		view.Draft = fieldChanges(r.Item.Published, r.Item.Draft)
	}
	for i, v := range history.Versions {
		row := page.VersionRow{
			Number: v.Number, What: fmt.Sprintf("Version %d", v.Number), Note: v.Note, Current: v.Number == r.Item.Version,
			Who: fmt.Sprintf("Published by %s on %s", names[v.By], momentOf(c, v.At)),
		}
		if row.Current {
			row.What += ", the one in use"
		}
		if i+1 < len(history.Versions) {
			row.Changes = fieldChanges(history.Versions[i+1].Question, v.Question)
		} else {
			row.First = true
		}
		view.Rows = append(view.Rows, row)
	}
	return render(c, http.StatusOK, web.Versions(view))
}

func (h *Handler) makeDraft(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(c.PostForm("version"))
	seq, seqErr := strconv.Atoi(c.PostForm("seq"))
	if err != nil || seqErr != nil {
		return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
	}
	id := questionID(c)
	if _, err := h.Authoring.MakeDraft(c.Request.Context(), a, id, version, seq); err != nil {
		return err
	}
	return seeOther(c, withDone(editorAddress(id, "edit"), "made-draft"))
}

/* ---- Blind review --------------------------------------------------------------- */

// maxQueue bounds how many questions the queue lists.
const maxQueue = 100

func (h *Handler) reviewQueue(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	items, total, err := h.Authoring.Waiting(ctx, a, maxQueue)
	if err != nil {
		return err
	}
	banks, err := h.Authoring.Banks(ctx, a)
	if err != nil {
		return err
	}
	titles := map[exam.BankID]string{}
	for _, b := range banks {
		titles[b.ID] = b.Title
	}
	authors := make([]account.PersonID, len(items))
	for i := range items {
		authors[i] = items[i].Author
	}
	names, err := h.Authoring.Names(ctx, authors)
	if err != nil {
		return err
	}
	view := page.ReviewQueue{Frame: h.frame(c, "Waiting for your review", "reviews"), Banks: page.Link{Label: "Question banks", Address: "/banks"}}
	view.Sentence = "Solve each from its text and options alone: where your answer isn't the key, either the key or the text wants another look."
	switch {
	case total == 0:
		view.Sentence = "Nothing waits for your review. A question comes here when another writer of one of your banks sends it to review."
	case total > len(items):
		view.Sentence += fmt.Sprintf(" These are the %d that have waited longest, of %d.", len(items), total)
	}
	for i := range items {
		item := &items[i]
		view.Rows = append(view.Rows, page.ReviewQueueRow{
			Text: heading(item.Draft), Address: editorAddress(item.ID, "review"), Bank: titles[item.Bank],
			Type: item.Draft.Type.Label(), Author: names[item.Author], Since: dayOf(c, item.Updated),
		})
	}
	return render(c, http.StatusOK, web.ReviewQueue(view))
}

// blindReview shows a question without its key, and afterwards with it.
func (h *Handler) blindReview(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	r, err := h.Authoring.Reviewing(c.Request.Context(), a, questionID(c))
	switch {
	case err != nil:
		return err
	case r.May:
		return h.showBlind(c, http.StatusOK, r, sitting.Choice{}, "")
	case r.Mine != nil && !r.Mine.GaveUp():
		return h.showReviewed(c, http.StatusOK, r, func(*page.ReviewedQuestion) {})
	}
	return seeOther(c, editorAddress(r.Item.ID, "edit"))
}

func (h *Handler) showBlind(c *gin.Context, status int, r authoring.Reviewing, choice sitting.Choice, problem string) error {
	q := r.Item.Draft
	view := page.BlindReview{
		Frame: h.frame(c, "Blind review", "reviews"), Bank: bankLink(r.Bank), Heading: "Solve it blind", Problem: problem,
		Action: editorAddress(q.ID, "review"), Revision: q.Revision, Shown: h.questionView(q, shuffledOrder(q), choice),
	}
	view.Path, view.Shown.Problem = view.Action, problem
	return render(c, status, web.BlindReview(view))
}

func (h *Handler) showReviewed(c *gin.Context, status int, r authoring.Reviewing, amend func(*page.ReviewedQuestion)) error {
	q, mine := r.Item.Draft, r.Mine
	outcome := exam.Wrong
	said := "Your answer isn't the key. Either the key is wrong, or the text leads elsewhere than its author thinks, or you missed something: say which."
	switch {
	case mine.Agreed:
		outcome, said = exam.Right, "Your answer is the key."
	case mine.Answer.DontKnow:
		outcome, said = exam.DontKnow, "You found that it can't be told from the text. Here is what its author means."
	}
	view := page.ReviewedQuestion{
		Frame: h.frame(c, "Blind review", "reviews"), Bank: bankLink(r.Bank), Heading: "Your review", Sentence: said, Agreed: mine.Agreed,
		Item: h.reviewItem(0, sitting.Reviewed{
			Asked: sitting.Asked{Question: q, Order: shuffledOrder(q)}, Given: sitting.Given{Answer: mine.Answer, Outcome: outcome},
		}),
		Editor: page.Link{Label: "To the question", Address: editorAddress(q.ID, "edit")},
	}
	view.Path, view.Item.Parts, view.Item.ReviewNote = editorAddress(q.ID, "review"), "", ""
	switch mine.Verdict {
	case "":
		view.Judge = &page.Judgement{Action: editorAddress(q.ID, "review"), Change: !mine.Agreed}
	case authoring.Approve:
		view.Sentence += " You approved of it on " + dayOf(c, mine.At) + "."
	case authoring.Change:
		view.Sentence += " You asked for a change on " + dayOf(c, mine.At) + "."
	}
	amend(&view)
	return render(c, status, web.ReviewedQuestion(view))
}

// solveReview takes a reviewer's answer, their verdict, or that they look at the
// key instead.
func (h *Handler) solveReview(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), questionID(c)
	r, err := h.Authoring.Reviewing(ctx, a, id)
	if err != nil {
		return err
	}
	switch c.PostForm("do") {
	case "look":
		if err := h.Authoring.GiveUp(ctx, a, id); err != nil {
			return err
		}
		return seeOther(c, editorAddress(id, "edit"))
	case "judge":
		return h.judge(c, a, r)
	case "solve", "dont_know":
		return h.solve(c, a, r)
	}
	return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
}

func (h *Handler) solve(c *gin.Context, a authoring.Actor, r authoring.Reviewing) error {
	id := r.Item.ID
	if !r.May { // also when the form was sent twice
		return seeOther(c, editorAddress(id, "review"))
	}
	choice := readChoice(c)
	answer, err := choice.Answer(r.Item.Draft, shuffledOrder(r.Item.Draft))
	if err == nil {
		_, err = h.Authoring.Solve(c.Request.Context(), a, id, c.PostForm("revision"), answer)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		return seeOther(c, editorAddress(id, "review"))
	case kind == fault.KindInvalid:
		return h.showBlind(c, http.StatusBadRequest, r, choice, fault.Message(err))
	case kind == fault.KindConflict && r.May:
		return h.showBlind(c, http.StatusConflict, r, sitting.Choice{}, fault.Message(err))
	}
	return err
}

func (h *Handler) judge(c *gin.Context, a authoring.Actor, r authoring.Reviewing) error {
	verdict, said := authoring.Verdict(c.PostForm("verdict")), text(c.Request.PostForm, "comment")
	err := h.Authoring.Judge(c.Request.Context(), a, r.Item.ID, verdict, said)
	if fault.KindOf(err) == fault.KindInvalid && err != nil && r.Mine != nil {
		return h.showReviewed(c, http.StatusBadRequest, r, func(view *page.ReviewedQuestion) {
			view.Judge = &page.Judgement{Action: editorAddress(r.Item.ID, "review"), Comment: said, Change: verdict != authoring.Approve, Problem: fault.Message(err)}
		})
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/reviews?done=judged")
}

// waiting is how many questions wait for somebody's review, for the navigation: 0
// when that can't be told just now.
func (h *Handler) waiting(c *gin.Context, p *account.Person) int {
	if h.Authoring == nil || !p.Role.Includes(account.Instructor) {
		return 0
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), time.Second)
	defer cancel()
	_, n, err := h.Authoring.Waiting(ctx, authoring.Actor{ID: p.ID, Role: p.Role}, 0)
	if err != nil {
		h.Logger.ErrorContext(ctx, "counting what waits for review failed", "error", err)
		return 0
	}
	return n
}
