package httpd

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/web"
)

func (h *Handler) banks(c *gin.Context) error {
	p, err := requireRole(c, account.Instructor)
	if err != nil {
		return err
	}
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	view := page.Banks{Frame: h.frame(c, "Question banks", "banks")}
	for _, e := range snapshot.Banks() {
		uploaded := e.ID != exam.BuiltIn
		row := page.BankRow{
			ID: string(e.ID), Title: e.Title, Questions: len(e.Questions), Counts: e.Counts,
			MayMark:   uploaded && p.Role.Includes(account.Admin),
			MayRemove: uploaded && (p.Role.Includes(account.Admin) || e.Owner == string(p.ID)),
			Added:     "built in",
		}
		if uploaded {
			row.Added = e.Updated.Format(longDay)
		}
		view.Rows = append(view.Rows, row)
	}
	return render(c, http.StatusOK, web.Banks(view))
}

func (h *Handler) bank(c *gin.Context) error {
	if _, err := requireRole(c, account.Instructor); err != nil {
		return err
	}
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	entry, ok := snapshot.Bank(exam.BankID(c.Param("id")))
	if !ok {
		return fault.NotFound("There is no such bank. It may have been withdrawn.")
	}
	view := page.Bank{
		Frame: h.frame(c, entry.Title, "banks"), BankTitle: entry.Title, Counts: entry.Counts, Total: len(entry.Questions),
		Questions: h.bankQuestions(entry.Questions),
	}
	return render(c, http.StatusOK, web.Bank(view))
}

func (h *Handler) bankForm(c *gin.Context) error {
	if _, err := requireRole(c, account.Instructor); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.BankNew(page.BankNew{Frame: h.frame(c, "Add a bank", "banks")}))
}

func (h *Handler) previewBank(c *gin.Context) error {
	p, err := requireRole(c, account.Instructor)
	if err != nil {
		return err
	}
	view := page.BankNew{Frame: h.frame(c, "Add a bank", "banks")}
	files, err := uploadedFiles(c)
	view.BankTitle, view.Text = c.PostForm("title"), c.PostForm("text")
	if err == nil {
		view.Preview, err = h.preview(c, view.BankTitle, files, p)
	}
	if err != nil {
		return again(err, func(status int, message string) error {
			view.Problem = message
			return render(c, status, web.BankNew(view))
		})
	}
	status := http.StatusOK
	if view.Preview.Blocked {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, web.BankNew(view))
}

func (h *Handler) preview(c *gin.Context, title string, files []bank.File, person *account.Person) (*page.BankPreview, error) {
	if len(files) == 0 {
		return nil, fault.Invalid("Choose at least one file, or paste one.")
	}
	p, err := h.Library.Preview(c.Request.Context(), title, files, actor(person))
	if err != nil {
		return nil, err
	}
	payload, err := encodeFiles(files)
	if err != nil {
		return nil, err
	}
	view := &page.BankPreview{
		Blocked: p.Blocked(), Payload: payload, Sentence: previewSentence(p),
		Added: h.withKeys(p.Added), Changed: h.withKeys(p.Changed),
	}
	for _, id := range p.Removed {
		view.Removed = append(view.Removed, string(id))
	}
	for _, r := range p.Remarks {
		place := r.File
		if r.Line > 0 {
			place = fmt.Sprintf("%s:%d", r.File, r.Line)
		}
		if place == "" {
			place = "the bank as a whole"
		}
		view.Remarks = append(view.Remarks, page.Remark{Place: place, Message: r.Message, Error: r.Severity == bank.Error})
	}
	return view, nil
}

func previewSentence(p *library.Preview) string {
	faults := 0
	for _, r := range p.Remarks {
		if r.Severity == bank.Error {
			faults++
		}
	}
	switch {
	case faults > 0:
		return fmt.Sprintf("Nothing can be added yet: %s to mend. Nothing was written.", plural(faults, "error"))
	case p.Total() == 0:
		return "There are no questions in these files. Nothing was written."
	}
	sentence := fmt.Sprintf("%s will be added, %d changed, %d stay as they are, %d will no longer be asked.", plural(len(p.Added), "question"), len(p.Changed), len(p.Same), len(p.Removed))
	if len(p.Remarks) > 0 {
		sentence += fmt.Sprintf(" There are %s to consider.", plural(len(p.Remarks), "remark"))
	}
	return sentence + " Nothing is written until you publish."
}

// withKeys is bankQuestions with the whole of each question, for the preview of
// files that the person holds anyway. Nowhere else are keys shown: an instructor
// may be taking a diagnostic as well.
func (h *Handler) withKeys(questions []*exam.Question) []page.BankQuestion {
	list := h.bankQuestions(questions)
	for i, q := range questions {
		whole := h.keyedItem(q)
		list[i].Whole = &whole
	}
	return list
}

func (h *Handler) bankQuestions(questions []*exam.Question) []page.BankQuestion {
	list := make([]page.BankQuestion, 0, len(questions))
	for _, q := range questions {
		served := h.Catalogue.Serves(q)
		codes := make([]string, 0, len(served))
		for code, domain := range served {
			codes = append(codes, fmt.Sprintf("%s domain %s", code, domain))
		}
		slices.Sort(codes)
		serves := "serves no exam"
		if len(codes) > 0 {
			serves = "serves " + strings.Join(codes, ", ")
		}
		list = append(list, page.BankQuestion{
			ID: string(q.ID), Type: q.Type.Label(), Skill: h.skillName(q.Skill), Platform: q.Platform.Label(),
			Difficulty: q.Difficulty, Ask: h.Text.Inline(q.Ask), Serves: serves,
		})
	}
	return list
}

// uploadedFiles reads the files of a form, and the pasted text as one more.
func uploadedFiles(c *gin.Context) ([]bank.File, error) {
	form, err := c.MultipartForm()
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, fmt.Errorf("reading the upload: %w", err)
	case err != nil:
		return nil, fault.Invalid("The upload did not come through whole. Nothing was added; please send it again.")
	}
	var files []bank.File
	for _, header := range form.File["files"] {
		if header.Filename == "" {
			continue
		}
		data, err := readUpload(header)
		if err != nil {
			return nil, err
		}
		files = append(files, bank.File{Name: header.Filename, Data: data})
	}
	if text := strings.TrimSpace(c.PostForm("text")); text != "" {
		files = append(files, bank.File{Name: "pasted.yaml", Data: []byte(strings.ReplaceAll(text, "\r\n", "\n") + "\n")})
	}
	return files, nil
}

func readUpload(header *multipart.FileHeader) (_ []byte, err error) {
	defer fault.Op(&err, "reading the upload %s", header.Filename)
	f, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened for reading: closing can't lose anything
	return io.ReadAll(f)
}

// maxFiles is the most files of one upload: as many parts as a form can have.
const maxFiles = 1000

// encodeFiles carries previewed files through the form to publishing, so that
// what is published is what was looked at. Publishing checks them again.
func encodeFiles(files []bank.File) (string, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if err := json.NewEncoder(zip).Encode(files); err != nil {
		return "", fmt.Errorf("encoding files: %w", err)
	}
	if err := zip.Close(); err != nil {
		return "", fmt.Errorf("encoding files: %w", err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

func decodeFiles(payload string) ([]bank.File, error) {
	lost := fault.Invalid("The previewed files did not come through. Nothing was added; please choose them again.")
	packed, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return nil, lost
	}
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, lost
	}
	// Bounded in bytes and in files, so that a small request can't unpack to
	// something huge.
	files, err := readFiles(json.NewDecoder(io.LimitReader(zip, 2*maxUpload)))
	if err != nil || len(files) == 0 {
		return nil, lost
	}
	return files, nil
}

// readFiles reads a JSON list of at most maxFiles files.
func readFiles(list *json.Decoder) ([]bank.File, error) {
	if _, err := list.Token(); err != nil {
		return nil, err
	}
	var files []bank.File
	for list.More() {
		if len(files) == maxFiles {
			return nil, fmt.Errorf("more than %d files", maxFiles)
		}
		var f bank.File
		if err := list.Decode(&f); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	_, err := list.Token()
	return files, err
}

func (h *Handler) publishBank(c *gin.Context) error {
	p, err := requireRole(c, account.Instructor)
	if err != nil {
		return err
	}
	files, err := decodeFiles(c.PostForm("payload"))
	if err != nil {
		return err
	}
	preview, err := h.Library.Preview(c.Request.Context(), c.PostForm("title"), files, actor(p))
	if err != nil {
		return err
	}
	if err := h.Library.Add(c.Request.Context(), preview, actor(p)); err != nil {
		return err
	}
	return seeOther(c, "/banks/"+string(preview.Bank)+"?done=published")
}

func actor(p *account.Person) library.Actor {
	return library.Actor{ID: string(p.ID), Admin: p.Role.Includes(account.Admin)}
}

func (h *Handler) markBank(c *gin.Context) error {
	p, err := requireRole(c, account.Admin)
	if err != nil {
		return err
	}
	if err := h.Library.SetCounts(c.Request.Context(), exam.BankID(c.Param("id")), c.PostForm("counts") == "true", string(p.ID)); err != nil {
		return err
	}
	return seeOther(c, "/banks?done=counts")
}

func (h *Handler) removeBank(c *gin.Context) error {
	p, err := requireRole(c, account.Instructor)
	if err != nil {
		return err
	}
	if err := h.Library.Remove(c.Request.Context(), exam.BankID(c.Param("id")), actor(p)); err != nil {
		return err
	}
	return seeOther(c, "/banks?done=removed")
}
