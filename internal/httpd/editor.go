package httpd

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/richtext"
	"sextant/internal/sitting"
	"sextant/web"
)

// installEditor registers what edits, reviews and regrades questions.
func (h *Handler) installEditor(r *gin.RouterGroup) {
	wrap := func(f httpx.HandlerFunc) gin.HandlerFunc { return httpx.Wrap(h.failure, f) }
	forms := r.Group("", httpx.LimitBody(maxQuestion), httpx.ParseForm(h.failure))
	forms.GET("/banks/:id/questions/new", wrap(h.newQuestion))
	forms.POST("/banks/:id/questions/new", wrap(h.addQuestion))
	forms.GET("/questions/:id/edit", wrap(h.editQuestion))
	forms.POST("/questions/:id/edit", wrap(h.saveQuestion))
	forms.POST("/questions/preview", wrap(h.previewDraft))
	forms.POST("/questions/:id/life", wrap(h.changeLife))
	forms.POST("/questions/:id/comments", wrap(h.comment))
	forms.GET("/questions/:id/versions", wrap(h.versions))
	forms.POST("/questions/:id/versions", wrap(h.makeDraft))
	forms.GET("/questions/:id/review", wrap(h.blindReview))
	forms.POST("/questions/:id/review", wrap(h.solveReview))
	forms.GET("/reviews", wrap(h.reviewQueue))
	forms.GET("/questions/:id/regrade", wrap(h.regradeForm))
	forms.POST("/questions/:id/regrade", wrap(h.regrade))
	r.POST("/banks/:id/media", httpx.LimitBody(exchange.MaxMediaBytes+maxForm), wrap(h.addImage))
}

// maxQuestion bounds a question's form in bytes.
const maxQuestion = 1 << 20

// writer is who writes in banks, as authoring knows them.
func writer(c *gin.Context) (authoring.Actor, error) {
	p, err := requireRole(c, account.Instructor)
	if err != nil {
		return authoring.Actor{}, err
	}
	return authoring.Actor{ID: p.ID, Role: p.Role}, nil
}

func questionID(c *gin.Context) exam.QuestionID { return exam.QuestionID(c.Param("id")) }

func editorAddress(id exam.QuestionID, what string) string {
	return "/questions/" + url.PathEscape(string(id)) + "/" + what
}

func bankLink(b *authoring.Bank) page.Link {
	return page.Link{Label: b.Title, Address: "/banks/" + url.PathEscape(string(b.ID))}
}

// wantsJSON reports whether a script asks, which reads a status and a few words.
func wantsJSON(c *gin.Context) bool {
	return strings.Contains(c.GetHeader("Accept"), "application/json")
}

/* ---- Showing ---------------------------------------------------------------- */

func (h *Handler) newQuestion(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	b, err := h.Authoring.Bank(c.Request.Context(), a, exam.BankID(c.Param("id")))
	if err != nil {
		return err
	}
	q := &exam.Question{ID: newQuestionID(b.ID), Type: exam.Type(c.Query("type"))}
	if !slices.Contains(exam.Types(), q.Type) {
		q.Type = exam.Single
	}
	fitParts(q, nil)
	return h.showNew(c, http.StatusOK, b, q, "")
}

// newQuestionID makes an id that nobody has: the bank's id and a few letters by lot.
func newQuestionID(id exam.BankID) exam.QuestionID {
	const lot = 10
	return exam.QuestionID(idPrefix(id) + strings.ToLower(account.NewID()[:lot]))
}

// idPrefix is what the ids of a bank's new questions begin with.
func idPrefix(id exam.BankID) string {
	const maxPrefix = 60
	return string(id[:min(len(id), maxPrefix)]) + "-"
}

func (h *Handler) showNew(c *gin.Context, status int, b *authoring.Bank, q *exam.Question, problem string) error {
	form, preview := h.checked(q)
	return render(c, status, web.Editor(page.Editor{
		Frame: h.frame(c, "A new question", "banks"), Bank: bankLink(b), ID: string(q.ID), Heading: "A new question", Problem: problem,
		Action: bankLink(b).Address + "/questions/new", Images: bankLink(b).Address + "/media", New: true, Form: form, Preview: preview,
	}))
}

func (h *Handler) editQuestion(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	r, err := h.Authoring.Reviewing(c.Request.Context(), a, questionID(c))
	if err != nil {
		return err
	}
	if r.May {
		return render(c, http.StatusOK, web.EditorOffer(page.EditorOffer{
			Frame: h.frame(c, "Solve it first", "banks"), Bank: bankLink(r.Bank), Heading: heading(r.Item.Draft), Review: editorAddress(r.Item.ID, "review"),
		}))
	}
	return h.showEditor(c, http.StatusOK, a, r, r.Item.Newest(), func(*page.Editor) {})
}

// showEditor shows q, which is the question as it is kept or as it was typed.
func (h *Handler) showEditor(c *gin.Context, status int, a authoring.Actor, r authoring.Reviewing, q *exam.Question, amend func(*page.Editor)) error {
	form, preview := h.checked(q)
	life, err := h.lifeOf(c, a, r, preview.Faults)
	if err != nil {
		return err
	}
	view := page.Editor{
		Frame: h.frame(c, heading(q), "banks"), Bank: bankLink(r.Bank), ID: string(r.Item.ID), Heading: heading(q), Seq: r.Item.DraftSeq,
		Action: editorAddress(r.Item.ID, "edit"), Images: bankLink(r.Bank).Address + "/media",
		Fixed: fixed(r.Item), Form: form, Preview: preview, Life: life,
	}
	view.Path = editorAddress(r.Item.ID, "edit")
	amend(&view)
	return render(c, status, web.Editor(view))
}

// fixed reports whether a question is shown without being changed: while it is in
// review, so that reviewers solve one text, and once it is retired.
func fixed(i *authoring.Item) bool {
	return i.State() == authoring.InReview || i.State() == authoring.Retired
}

// maxHeading bounds what a page calls a question, in characters.
const maxHeading = 80

// heading is what a page calls a question.
func heading(q *exam.Question) string {
	words := strings.Join(strings.Fields(q.Title), " ")
	if words == "" {
		words = strings.Join(strings.Fields(q.Ask), " ")
	}
	if words == "" {
		return "A question without words yet"
	}
	if utf8.RuneCountInString(words) > maxHeading {
		return string([]rune(words)[:maxHeading-1]) + "…"
	}
	return words
}

/* ---- Checking ---------------------------------------------------------------- */

// checked is the form of a question with the checks' remarks beside its fields, and
// the preview with the others.
func (h *Handler) checked(q *exam.Question) (page.QuestionForm, page.QuestionPreview) {
	form := h.questionForm(q)
	preview := page.QuestionPreview{Shown: h.questionView(q, previewOrder(q), sitting.Choice{}), Key: h.keyedItem(q)}
	preview.Shown.Prefix = "shown."
	for i := range preview.Shown.Options {
		o := &preview.Shown.Options[i]
		o.Text, o.Plain = orEmpty(o.Text), cmp.Or(o.Plain, nothingWritten)
	}
	for i := range preview.Shown.Prompts {
		preview.Shown.Prompts[i].Text = orEmpty(preview.Shown.Prompts[i].Text)
	}
	preview.Key.ReviewNote = ""
	for _, r := range bank.LintQuestion(q, h.Catalogue, bank.LintOptions{On: h.Now(), Uploaded: true}) {
		field, said := formField(q, r.Field)
		if i := slices.IndexFunc(form.Domains, func(d page.DomainForm) bool { return strings.Contains(r.Message, d.Code) }); r.Field == "domains" && i >= 0 {
			field, said = "domains."+form.Domains[i].Code, sentence
		}
		remark := page.FieldRemark{Text: said(r.Message), Fault: r.Severity == bank.Error}
		switch {
		case r.Field == "review": // the question's life tells about reviews
			continue
		case field == "":
			preview.Remarks = append(preview.Remarks, remark)
		default:
			form.Remarks[field] = append(form.Remarks[field], remark)
		}
		if remark.Fault {
			preview.Faults++
		}
	}
	switch {
	case preview.Faults > 0:
		preview.Ready = fmt.Sprintf("It can't be asked yet: %s to mend. A draft is kept as it is.", plural(preview.Faults, "thing"))
	case !q.Measures():
		preview.Ready = "It can be asked, in practice only: to measure it needs platform, skill and difficulty."
	default:
		preview.Ready = "It can be asked."
	}
	return form, preview
}

// nothingWritten stands in a preview for a text that isn't written yet.
const nothingWritten = "nothing written yet"

func orEmpty(text richtext.HTML) richtext.HTML {
	return cmp.Or(text, richtext.HTML("<em>"+nothingWritten+"</em>"))
}

var indexedField = regexp.MustCompile(`^(options|prompts|statements|references|services|enemies)\[(\d+)\](?:\.(\w+))?$`)

// formField is the field of the form that a remark on a field of the question
// stands beside, "" for none, and what it says there.
func formField(q *exam.Question, field string) (string, func(string) string) {
	whole := func(message string) string { return sentence(strings.TrimPrefix(message, field+": ")) }
	m := indexedField.FindStringSubmatch(field)
	if m == nil {
		switch field {
		case "stimulus":
			return "stimulus.text", whole
		case "type", "stem", "ask", "choose", "options", "prompts", "statements", "references", "remember", "explanation",
			"platform", "skill", "difficulty", "difficulty_reason", "services", "enemies", "facts_as_of":
			return field, whole
		case "one_to_one":
			return "prompts", whole
		}
		if code, ok := strings.CutPrefix(field, "domains."); ok && q.Domains[exam.Code(code)] != "" {
			return field, whole
		}
		return "", sentence
	}
	beside := func(message string) string {
		if _, after, ok := strings.Cut(message, ": "); ok {
			message = strings.TrimPrefix(after, m[3]+": ")
		}
		return sentence(message)
	}
	switch kind, part := m[1], m[3]; {
	case kind == "services" || kind == "enemies":
		return kind, sentence
	case slices.Contains([]string{"text", "rationale", "match", "title", "url"}, part):
		return field, beside
	case kind == "references":
		return "references", sentence
	default:
		return fmt.Sprintf("%s[%s].text", kind, m[2]), beside
	}
}

// formWords says in the form's words what the checks say in the words of files.
var formWords = strings.NewReplacer(
	"aws, azure, gcp or neutral", "AWS, Azure, Google Cloud or none of them",
	", e.g. rag-grounding", "",
)

// sentence makes a remark one sentence that stands by itself.
func sentence(message string) string {
	message = formWords.Replace(strings.TrimSpace(message))
	if rest, ok := strings.CutPrefix(message, "is missing; "); ok {
		message = "missing: " + rest
	}
	first, size := utf8.DecodeRuneInString(message)
	if size == 0 {
		return ""
	}
	message = string(unicode.ToUpper(first)) + message[size:]
	if !strings.ContainsAny(message[len(message)-1:], ".?!") {
		message += "."
	}
	return message
}

// problemWords says what is wrong with a question away from its fields: "Option C:
// add its text."
func problemWords(p exam.Problem) string { return sentence(p.String()) }

// previewDraft answers a script with the form and the preview of what is typed;
// nothing is kept.
func (h *Handler) previewDraft(c *gin.Context) error {
	if _, err := writer(c); err != nil {
		return err
	}
	form := c.Request.PostForm
	q, err := readQuestion(form)
	if q == nil {
		return err
	}
	actOn(q, c.PostForm("do"), form)
	fields, preview := h.checked(q)
	if err != nil {
		preview.Remarks = append([]page.FieldRemark{{Text: fault.Message(err), Fault: true}}, preview.Remarks...)
		preview.Faults++
	}
	return render(c, http.StatusOK, web.EditorParts(fields, preview))
}

// actOn does what a button of the form asks, and reports whether it was one that
// changes the form.
func actOn(q *exam.Question, do string, form url.Values) bool {
	if do == "type" {
		fitParts(q, form)
		return true
	}
	return rowAction(q, do)
}

/* ---- Keeping ----------------------------------------------------------------- */

func (h *Handler) addQuestion(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	b, err := h.Authoring.Bank(ctx, a, exam.BankID(c.Param("id")))
	if err != nil {
		return err
	}
	q, err := readQuestion(c.Request.PostForm)
	switch {
	case q == nil:
		return err
	case !strings.HasPrefix(string(q.ID), idPrefix(b.ID)) || !askableID(q.ID):
		return fault.Invalid("The form was incomplete. Nothing was kept; please begin the question anew.")
	}
	do := c.PostForm("do")
	acted := actOn(q, do, c.Request.PostForm)
	if err == nil {
		err = h.Authoring.AddDrafts(ctx, a, b.ID, []*exam.Question{q})
	}
	if fault.KindOf(err) == fault.KindConflict { // sent twice, or left and come back to
		if item, _, taken := h.Authoring.Question(ctx, a, q.ID); taken == nil && item.Bank == b.ID && item.Author == a.ID {
			return h.keep(c, a, q.ID, q, 1, acted)
		}
	}
	if err != nil {
		return again(err, func(status int, message string) error {
			if wantsJSON(c) {
				return notKept(c, status, message)
			}
			return h.showNew(c, status, b, q, message)
		})
	}
	return kept(c, q.ID, 1, acted)
}

// askableID reports whether an id could be a question's.
func askableID(id exam.QuestionID) bool {
	q := exam.Question{ID: id}
	return !slices.ContainsFunc(q.Validate(), func(p exam.Problem) bool { return p.Field == "id" })
}

// kept answers whoever sent a draft that was kept.
func kept(c *gin.Context, id exam.QuestionID, seq int, acted bool) error {
	if wantsJSON(c) {
		c.JSON(http.StatusOK, gin.H{"seq": seq, "action": editorAddress(id, "edit")})
		return nil
	}
	address := editorAddress(id, "edit")
	if do := c.PostForm("do"); acted {
		return seeOther(c, address+"?done=draft-kept#"+anchorOf(do))
	}
	return seeOther(c, withDone(address, "draft-kept"))
}

// anchorOf is where the page goes on after a row was changed.
func anchorOf(do string) string {
	_, rest, _ := strings.Cut(do, "_")
	kind, _, _ := strings.Cut(rest, ".")
	if kind == "" {
		return "main"
	}
	return "rows-" + kind
}

func notKept(c *gin.Context, status int, message string) error {
	c.JSON(status, gin.H{"message": message})
	return nil
}

// saveQuestion keeps the form as the draft and then does what its button says.
func (h *Handler) saveQuestion(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	r, err := h.Authoring.Reviewing(c.Request.Context(), a, questionID(c))
	if err != nil {
		return err
	}
	seq, seqErr := strconv.Atoi(c.PostForm("seq"))
	q, err := readQuestion(c.Request.PostForm)
	switch {
	case seqErr != nil || q == nil:
		return fault.Invalid("The form was incomplete. Nothing was changed; please go back and try again.")
	case r.May:
		return fault.Conflict("This question waits for your review. Solve it first, or look at the key instead.")
	}
	q.ID = r.Item.ID
	acted := actOn(q, c.PostForm("do"), c.Request.PostForm)
	if err != nil {
		return h.refused(c, a, r, q, err)
	}
	if fixed(r.Item) && c.PostForm("do") != "keep" {
		return h.conflict(c, a, r, q)
	}
	return h.keep(c, a, q.ID, q, seq, acted)
}

// keep keeps q over the draft at seq and goes on with what was asked for.
func (h *Handler) keep(c *gin.Context, a authoring.Actor, id exam.QuestionID, q *exam.Question, seq int, acted bool) error {
	ctx := c.Request.Context()
	do := c.PostForm("do")
	if do == "discard" {
		if _, err := h.Authoring.DiscardDraft(ctx, a, id, seq); err != nil {
			return h.notSaved(c, a, id, q, err)
		}
		return seeOther(c, withDone(editorAddress(id, "edit"), "discarded"))
	}
	item, err := h.Authoring.SaveDraft(ctx, a, id, seq, q)
	if err != nil {
		return h.notSaved(c, a, id, q, err)
	}
	var done string
	switch do {
	case "submit":
		_, err = h.Authoring.Submit(ctx, a, id, item.DraftSeq)
		done = "submitted"
	case "publish":
		_, err = h.Authoring.Publish(ctx, a, id, item.DraftSeq, line(c.Request.PostForm, "note"))
		done = "question-published"
	default:
		return kept(c, id, item.DraftSeq, acted)
	}
	if err != nil {
		return h.notSaved(c, a, id, q, err)
	}
	return seeOther(c, withDone(editorAddress(id, "edit"), done))
}

// notSaved answers whoever sent a form that could not be dealt with as asked.
func (h *Handler) notSaved(c *gin.Context, a authoring.Actor, id exam.QuestionID, q *exam.Question, err error) error {
	r, errNow := h.Authoring.Reviewing(c.Request.Context(), a, id)
	if errNow != nil {
		return errNow
	}
	if errors.Is(err, authoring.ErrStale) {
		return h.conflict(c, a, r, q)
	}
	return h.refused(c, a, r, q, err)
}

// refused shows the form again with what was typed and why it was refused.
func (h *Handler) refused(c *gin.Context, a authoring.Actor, r authoring.Reviewing, q *exam.Question, err error) error {
	return again(err, func(status int, message string) error {
		if wantsJSON(c) {
			return notKept(c, status, message)
		}
		return h.showEditor(c, status, a, r, q, func(view *page.Editor) { view.Problem = message })
	})
}

// conflict shows both texts: the draft as it is by now, and what was sent.
func (h *Handler) conflict(c *gin.Context, a authoring.Actor, r authoring.Reviewing, q *exam.Question) error {
	names, err := h.Authoring.Names(c.Request.Context(), []account.PersonID{r.Item.DraftBy})
	if err != nil {
		return err
	}
	who := names[r.Item.DraftBy]
	if r.Item.DraftBy == a.ID {
		who = "you (in another tab or on another device)"
	}
	said := fmt.Sprintf("This question was changed by %s since you opened it here. Yours is not saved yet: choose which of the two to go on with.", who)
	if fixed(r.Item) {
		said = fmt.Sprintf("This question is %s by now, so that it isn't changed in passing. Yours is not saved yet: keeping it makes the question a draft again.", strings.ToLower(r.Item.State().Label()))
	}
	if wantsJSON(c) {
		c.JSON(http.StatusConflict, gin.H{"message": said, "stale": true})
		return nil
	}
	theirs := r.Item.Newest()
	q.ID = r.Item.ID
	view := page.EditorConflict{
		Frame: h.frame(c, "Two texts of one question", "banks"), Bank: bankLink(r.Bank), Heading: "Two texts of one question", Sentence: said,
		Theirs: "Kept now, " + momentOf(c, r.Item.Updated), Editor: editorAddress(r.Item.ID, "edit"), Action: editorAddress(r.Item.ID, "edit"),
		Seq: r.Item.DraftSeq, Changes: fieldChanges(theirs, q),
	}
	view.Path = view.Editor
	for name, values := range c.Request.PostForm {
		if name == "seq" || name == "do" || name == "note" {
			continue
		}
		for _, value := range values {
			view.Fields = append(view.Fields, page.Field{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(view.Fields, func(a, b page.Field) int { return strings.Compare(a.Name, b.Name) })
	return render(c, http.StatusConflict, web.EditorConflict(view))
}

// fieldChanges tells how two texts of a question differ.
func fieldChanges(before, after *exam.Question) []page.FieldChange {
	var changes []page.FieldChange
	for _, d := range authoring.Differences(before, after) {
		change := page.FieldChange{Field: d.Field}
		for _, p := range d.Pieces {
			words := page.Words{Text: p.Text, Differs: p.Edit != authoring.Kept}
			if p.Edit != authoring.Added {
				change.Before = append(change.Before, words)
			}
			if p.Edit != authoring.Removed {
				change.After = append(change.After, words)
			}
		}
		changes = append(changes, change)
	}
	return changes
}

// momentOf names a moment as whoever asks has it.
func momentOf(c *gin.Context, t time.Time) string {
	return t.In(zoneOf(c)).Format("2 January 2006, 15:04")
}

/* ---- Images ------------------------------------------------------------------- */

// maxAlt bounds what is said of an image, in characters.
const maxAlt = 300

// addImage keeps an image and answers with the Markdown that shows it.
func (h *Handler) addImage(c *gin.Context) error {
	a, err := writer(c)
	if err != nil {
		return err
	}
	id := exam.BankID(c.Param("id"))
	b, err := h.Authoring.Bank(c.Request.Context(), a, id)
	if err != nil {
		return err
	}
	markdown, err := h.keepImage(c, a, id)
	if wantsJSON(c) {
		if err != nil {
			return again(err, func(status int, message string) error { return notKept(c, status, message) })
		}
		c.JSON(http.StatusOK, gin.H{"markdown": markdown})
		return nil
	}
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, web.EditorImage(page.EditorImage{
		Frame: h.frame(c, "The image is added", "banks"), Markdown: markdown, Back: page.Link{Label: "Back to " + b.Title, Address: bankLink(b).Address},
	}))
}

func (h *Handler) keepImage(c *gin.Context, a authoring.Actor, id exam.BankID) (markdown string, err error) {
	header, err := c.FormFile("image")
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return "", fault.Invalid("An image can have %d MB at most. Nothing was added; make it smaller and send it again.", exchange.MaxMediaBytes>>20)
	case err != nil:
		return "", fault.Invalid("No image came through. Nothing was added; please choose it again.")
	}
	alt := plainAlt(c.PostForm("alt"))
	if alt == "" {
		return "", fault.Invalid("Say what the image shows, for whoever can't see it. Nothing was added.")
	}
	data, err := readImage(header)
	if err != nil {
		return "", err
	}
	key, err := h.Authoring.AddImage(c.Request.Context(), a, h.Images, id, header.Filename, data)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("![%s](%s%s)", alt, exchange.MediaScheme, key), nil
}

func readImage(header *multipart.FileHeader) (_ []byte, err error) {
	defer fault.Op(&err, "reading the image %s", header.Filename)
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened for reading: closing can't lose anything
	return io.ReadAll(f)
}

// plainAlt is an image's description on one line, without what would end it in
// Markdown.
func plainAlt(text string) string {
	text = strings.Join(strings.Fields(strings.NewReplacer("[", "(", "]", ")", `\`, "/").Replace(text)), " ")
	if utf8.RuneCountInString(text) > maxAlt {
		text = string([]rune(text)[:maxAlt])
	}
	return text
}
