package httpd

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/internal/upload"
	"sextant/web"
)

// openImports lists the imports that wait for a person.
func (h *Handler) openImports(c *gin.Context, p *account.Person) ([]page.ImportRow, error) {
	imports, err := h.Imports.Imports(c.Request.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	var rows []page.ImportRow
	for i := range imports {
		rows = append(rows, page.ImportRow{
			Address: importAddress(imports[i].ID), Title: h.importTitle(c, p, &imports[i]), Begun: dayOf(c, imports[i].Created),
			State: map[authoring.ImportState]string{
				authoring.Reading: "being read", authoring.Ready: "waits for your decision", authoring.Failed: "could not be read",
			}[imports[i].State],
		})
	}
	return rows, nil
}

func importAddress(id authoring.ImportID) string { return "/imports/" + string(id) }

// importTitle is the title of the bank an import is meant for. One that there is
// already is named by its id.
func (h *Handler) importTitle(c *gin.Context, p *account.Person, i *authoring.Import) string {
	id, err := authoring.BankID(i.Title)
	if err != nil {
		return i.Title
	}
	b, err := h.Authoring.Bank(c.Request.Context(), actor(p), id)
	if err != nil {
		return i.Title
	}
	return b.Title
}

func (h *Handler) importForm(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	return h.showImportForm(c, http.StatusOK, p, sent{bank: c.Query("bank")}, "")
}

// sent is what the form that sends files held besides them.
type sent struct{ bank, title, text string }

func (h *Handler) showImportForm(c *gin.Context, status int, p *account.Person, typed sent, problem string) error {
	banks, err := h.Authoring.Banks(c.Request.Context(), actor(p))
	if err != nil {
		return err
	}
	view := page.ImportNew{
		Frame: h.frame(c, "Bring questions in", "banks"), Problem: problem, BankTitle: typed.title, Text: typed.text, Limit: fmt.Sprintf("%d MB", maxImport>>20),
		Banks: []page.Option{{Label: "A new bank", Chosen: typed.bank == ""}},
	}
	for i := range banks {
		if banks[i].Owner == p.ID || typed.bank == string(banks[i].ID) || !p.Role.Includes(account.Admin) {
			view.Banks = append(view.Banks, page.Option{Value: string(banks[i].ID), Label: banks[i].Title, Chosen: typed.bank == string(banks[i].ID)})
		}
	}
	for _, f := range []exchange.Format{
		exchange.GIFT, exchange.MoodleXML, exchange.CSV, exchange.XLSX, exchange.QTI12, exchange.QTI2, exchange.QTI3, exchange.Cartridge,
		exchange.Aiken, exchange.OLX, exchange.Native, exchange.JSON,
	} {
		view.Formats = append(view.Formats, f.Label())
	}
	return render(c, status, web.ImportNew(view))
}

// Bounds on the fields of the form that sends files, in bytes.
const (
	maxField = 4 << 10
	maxPaste = 1 << 20
)

// sendImport takes files in; they are read in the background.
func (h *Handler) sendImport(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	patient(c)
	files, err := h.Uploads.Open()
	if err != nil {
		return err
	}
	typed, err := receive(c, files)
	if err == nil && files.Len() == 0 {
		err = fault.Invalid("Choose at least one file, or paste questions.")
	}
	var begun *authoring.Import
	if err == nil {
		begun, err = h.Uploads.Take(c.Request.Context(), actor(p), typed.target(files), files)
	}
	if err == nil {
		return seeOther(c, importAddress(begun.ID))
	}
	if gone := files.Discard(); gone != nil {
		h.Logger.ErrorContext(c.Request.Context(), "clearing an upload away", "error", gone)
	}
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return h.showImportForm(c, http.StatusRequestEntityTooLarge, p, typed,
			fmt.Sprintf("That is more than %d MB together. Nothing was taken in; send fewer files at a time, or export them in parts.", maxImport>>20))
	}
	return again(err, func(status int, message string) error { return h.showImportForm(c, status, p, typed, message) })
}

// patient lets an upload take as long as a slow line needs. What is sent stays
// bounded, and only instructors get here.
func patient(c *gin.Context) {
	control := http.NewResponseController(c.Writer)
	// Where the server can't do it its usual limits hold.
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
}

// target is the title of the bank that is meant: a bank that exists is named by
// its id, which stays the same when its title is changed.
func (s sent) target(files *upload.Files) string {
	switch {
	case s.bank != "":
		return s.bank
	case strings.TrimSpace(s.title) != "":
		return s.title
	}
	return files.Title()
}

// receive streams a form into files, none of it through memory but the fields.
func receive(c *gin.Context, files *upload.Files) (typed sent, err error) {
	broken := fault.Invalid("The upload did not come through whole. Nothing was taken in; please send it again.")
	form, err := c.Request.MultipartReader()
	if err != nil {
		return typed, broken
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return typed, typed.addText(files)
		}
		if err == nil {
			err = typed.take(part, files)
		}
		var tooBig *http.MaxBytesError
		switch {
		case err == nil:
		case errors.As(err, &tooBig), fault.KindOf(err) != fault.KindInternal:
			return typed, err
		default:
			return typed, broken
		}
	}
}

func (s *sent) take(part *multipart.Part, files *upload.Files) error {
	fields := map[string]*string{"bank": &s.bank, "title": &s.title, "text": &s.text}
	name := part.FormName()
	switch field := fields[name]; {
	case name == "files" && part.FileName() != "":
		return files.Add(part.FileName(), part)
	case field != nil:
		limit := maxField
		if name == "text" {
			limit = maxPaste
		}
		text, err := io.ReadAll(io.LimitReader(part, int64(limit)+1))
		if err == nil && len(text) > limit {
			err = fault.Invalid("What you pasted has more than %d kB. Save it to a file and send that.", limit>>10)
		}
		*field = string(text[:min(len(text), limit)])
		return err
	}
	_, err := io.Copy(io.Discard, part)
	return err
}

// addText makes what was pasted one more file; its content tells its format.
func (s *sent) addText(files *upload.Files) error {
	if strings.TrimSpace(s.text) == "" {
		return nil
	}
	return files.Add("pasted.txt", strings.NewReader(strings.ReplaceAll(s.text, "\r\n", "\n")+"\n"))
}

// ownImport is the import in the address.
func (h *Handler) ownImport(c *gin.Context) (*account.Person, *authoring.Import, error) {
	p, err := instructor(c)
	if err != nil {
		return nil, nil, err
	}
	i, err := h.Authoring.OwnImport(c.Request.Context(), actor(p), h.Imports, authoring.ImportID(c.Param("id")))
	return p, i, err
}

func (h *Handler) importPage(c *gin.Context) error {
	p, i, err := h.ownImport(c)
	if err != nil {
		return err
	}
	return h.showImport(c, http.StatusOK, p, i, "")
}

// refreshEvery is how often the page of an import that is being read asks again,
// in seconds. It does so without scripts.
const refreshEvery = "2"

func (h *Handler) showImport(c *gin.Context, status int, p *account.Person, i *authoring.Import, problem string) error {
	title := h.importTitle(c, p, i)
	view := page.Import{Frame: h.frame(c, "Import into "+title, "banks"), ID: string(i.ID), BankTitle: title, Problem: problem}
	switch i.State {
	case authoring.Reading:
		view.Reading = h.reading(i)
		c.Header("Refresh", refreshEvery)
	case authoring.Failed:
		view.Failure = i.Report.Failure
	case authoring.Done:
		view.Finished = true
		if id, err := authoring.BankID(i.Title); err == nil {
			if _, err := h.Authoring.Bank(c.Request.Context(), actor(p), id); err == nil {
				view.BankLink = "/banks/" + string(id)
			}
		}
	case authoring.Ready:
		if err := h.addPreview(c, &view, p, i); err != nil {
			return err
		}
	}
	return render(c, status, web.Import(view))
}

func (h *Handler) reading(i *authoring.Import) *page.ImportReading {
	progress, here := h.Uploads.Progress(i.ID)
	switch {
	case progress.Before > 0:
		return &page.ImportReading{Sentence: fmt.Sprintf("Waiting: %s read first.", verb(progress.Before, "other import is", "other imports are"))}
	case i.Total > 0:
		return &page.ImportReading{Sentence: fmt.Sprintf("Checking: %d of %s.", i.Done, plural(i.Total, "question")), Done: i.Done, Total: i.Total}
	case here && progress.Total > 0 && progress.Done < progress.Total:
		return &page.ImportReading{Sentence: fmt.Sprintf("Reading: %d of %d kB.", progress.Done>>10, progress.Total>>10), Done: progress.Done >> 10, Total: max(progress.Total>>10, 1)}
	}
	return &page.ImportReading{Sentence: "Reading the files."}
}

// verb counts with the words for one or for several.
func verb(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + several
}

// decideImport writes an import or throws it away.
func (h *Handler) decideImport(c *gin.Context) error {
	p, i, err := h.ownImport(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	switch c.PostForm("do") {
	case "publish", "drafts":
		publish := c.PostForm("do") == "publish"
		b, err := h.Authoring.WriteImport(ctx, actor(p), h.Imports, i.ID, publish)
		if err != nil {
			return h.notWritten(c, err)
		}
		done := map[bool]string{true: "imported", false: "imported-drafts"}[publish]
		return seeOther(c, "/banks/"+string(b.ID)+"?done="+done)
	case "abandon":
		if i.State == authoring.Reading {
			return fault.Conflict("These files are still being read. Wait until that is done; then throw them away.")
		}
		if err := h.Authoring.Abandon(ctx, actor(p), h.Imports, i.ID); err != nil {
			return err
		}
		return seeOther(c, "/banks?done=abandoned")
	}
	return fault.Invalid("Choose what to do with the import.")
}

// notWritten shows an import as it is now, with why it wasn't written.
func (h *Handler) notWritten(c *gin.Context, why error) error {
	return again(why, func(status int, message string) error {
		p, now, err := h.ownImport(c)
		if err != nil {
			return err
		}
		return h.showImport(c, status, p, now, message)
	})
}

// mendForm shows one question of an import in a form.
func (h *Handler) mendForm(c *gin.Context) error {
	p, i, err := h.ownImport(c)
	if err != nil {
		return err
	}
	staged, proposal, err := h.stagedAt(c, p, i)
	if err != nil {
		return err
	}
	return h.showMend(c, http.StatusOK, proposal, staged, staged.Question, "")
}

// stagedAt is the question in the address as it came or was mended, without the
// labels that the mapping gives.
func (h *Handler) stagedAt(c *gin.Context, p *account.Person, i *authoring.Import) (*authoring.Staged, *authoring.Proposal, error) {
	ctx := c.Request.Context()
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return nil, nil, fault.NotFound("There is no such question in this import.")
	}
	proposal, err := h.Authoring.Propose(ctx, actor(p), h.Imports, i.ID)
	if err != nil {
		return nil, nil, err
	}
	all, err := h.Imports.Staged(ctx, i.ID)
	if err != nil {
		return nil, nil, err
	}
	for k := range all {
		if all[k].N == n {
			return &all[k], proposal, nil
		}
	}
	return nil, nil, fault.NotFound("There is no such question in this import.")
}

func (h *Handler) showMend(c *gin.Context, status int, proposal *authoring.Proposal, staged *authoring.Staged, q *exam.Question, problem string) error {
	address := importAddress(proposal.Import.ID)
	view := page.ImportMend{
		Frame: h.frame(c, "Question of an import", "banks"), ID: string(proposal.Import.ID), N: staged.N, BankTitle: proposal.Bank.Title, Where: staged.Where,
		Back: address + "?show=" + string(showOf(proposal, staged.N)) + "#questions", Form: h.questionForm(q), Dropped: staged.Dropped,
		Next: nextBroken(proposal, staged.N),
	}
	if problem != "" {
		view.Problems = append(view.Problems, problem)
	}
	remark(&view.Form, q)
	for _, found := range q.Validate() {
		view.Problems = append(view.Problems, problemWords(found))
	}
	view.Sound = len(view.Problems) == 0
	return render(c, status, web.ImportMend(view))
}

// remark puts what keeps a question from being asked beside the fields concerned.
func remark(form *page.QuestionForm, q *exam.Question) {
	for _, found := range q.Validate() {
		field, said := formField(q, found.Field)
		form.Remarks[field] = append(form.Remarks[field], page.FieldRemark{Text: said(found.Message), Fault: true})
	}
}

// showOf is the list that a question of an import is in.
func showOf(p *authoring.Proposal, n int) authoring.Effect {
	for k := range p.Staged {
		if p.Staged[k].N == n {
			return p.Effects[k]
		}
	}
	return ""
}

// nextBroken is where the next question is mended; "" when there is none.
func nextBroken(p *authoring.Proposal, n int) string {
	first := -1
	for k := range p.Staged {
		if p.Effects[k] != authoring.IsBroken || p.Staged[k].N == n {
			continue
		}
		if p.Staged[k].N > n {
			return itemAddress(p.Import.ID, p.Staged[k].N)
		}
		if first < 0 {
			first = p.Staged[k].N
		}
	}
	if first < 0 {
		return ""
	}
	return itemAddress(p.Import.ID, first)
}

func itemAddress(id authoring.ImportID, n int) string {
	return fmt.Sprintf("%s/items/%d", importAddress(id), n)
}

// mend changes one question of an import, leaves it out or takes it in again.
func (h *Handler) mend(c *gin.Context) error {
	p, i, err := h.ownImport(c)
	if err != nil {
		return err
	}
	ctx, do := c.Request.Context(), c.PostForm("do")
	staged, proposal, err := h.stagedAt(c, p, i)
	if err != nil {
		return err
	}
	if do == "drop" || do == "take" {
		if err := h.Authoring.DropStaged(ctx, actor(p), h.Imports, i.ID, staged.N, do == "drop"); err != nil {
			return err
		}
		return seeOther(c, importAddress(i.ID)+"?"+backQuery(c.PostForm("back"))+"#questions")
	}
	q, err := readQuestion(c.Request.PostForm)
	if err != nil {
		return again(err, func(status int, message string) error {
			return h.showMend(c, status, proposal, staged, staged.Question, message+" What you typed was not kept.")
		})
	}
	q.ID = staged.Question.ID
	if q.Stimulus != nil && staged.Question.Stimulus != nil {
		q.Stimulus.ID = staged.Question.Stimulus.ID
	}
	if rowAction(q, do) || do == "type" {
		return h.showMend(c, http.StatusOK, proposal, staged, q, "")
	}
	if err := h.Authoring.MendStaged(ctx, actor(p), h.Imports, i.ID, staged.N, q); err != nil {
		return again(err, func(status int, message string) error { return h.showMend(c, status, proposal, staged, q, message) })
	}
	if len(q.Validate()) > 0 {
		return h.showMend(c, http.StatusUnprocessableEntity, proposal, staged, q, "")
	}
	if next := nextBroken(proposal, staged.N); next != "" && do == "next" {
		return seeOther(c, next+"?done=mended")
	}
	return seeOther(c, importAddress(i.ID)+"?done=mended#questions")
}

// backQuery is the part of a list's address that a form brought along.
func backQuery(query string) string {
	show, rest, _ := strings.Cut(query, "&page=")
	values := []string{}
	for _, e := range authoring.Effects() {
		if show == "show="+string(e) {
			values = append(values, show)
		}
	}
	if n, err := strconv.Atoi(rest); err == nil && n > 1 {
		values = append(values, "page="+strconv.Itoa(n))
	}
	return strings.Join(values, "&")
}
