package httpd

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/outlet"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/web"
)

// exported is what of a bank can be written to a file.
type exported struct {
	title     string
	questions []*exam.Question
	left      int // drafts and retired questions, which aren't
}

// exportable is the bank in the address with its keys: for those who write in it,
// and of the built-in bank for admins.
func (h *Handler) exportable(c *gin.Context) (found exported, err error) {
	p, err := instructor(c)
	if err != nil {
		return found, err
	}
	ctx, id := c.Request.Context(), exam.BankID(c.Param("id"))
	if id == exam.BuiltIn {
		if !p.Role.Includes(account.Admin) {
			return found, fault.Forbidden("A file of the built-in bank holds every key, and you may be asked its questions yourself. Only admins can write one.")
		}
		snapshot, err := h.Library.Snapshot(ctx)
		if err != nil {
			return found, err
		}
		entry, _ := snapshot.Bank(id)
		return exported{title: entry.Title, questions: entry.Questions}, nil
	}
	b, err := h.Authoring.Bank(ctx, actor(p), id)
	if err != nil {
		return found, err
	}
	items, _, err := h.Authoring.Questions(ctx, actor(p), id, authoring.Filter{})
	if err != nil {
		return found, err
	}
	found.title = b.Title
	for i := range items {
		if items[i].Asked() {
			found.questions = append(found.questions, items[i].Published)
		} else {
			found.left++
		}
	}
	return found, nil
}

// maxWhich is how many of the questions that lose the same are named.
const maxWhich = 5

func (h *Handler) exportForm(c *gin.Context) error {
	found, err := h.exportable(c)
	if err != nil {
		return err
	}
	id := c.Param("id")
	view := page.BankExport{Frame: h.frame(c, "Export "+found.title, "banks"), ID: id, BankTitle: found.title, Questions: len(found.questions)}
	if found.left > 0 {
		view.Note = fmt.Sprintf("%s that %s not published, or retired, stay out.", plural(found.left, "question"), map[bool]string{true: "is", false: "are"}[found.left == 1])
	}
	target, chosen := outlet.Find(c.Query("format"))
	for _, t := range outlet.Targets() {
		view.Formats = append(view.Formats, page.Option{Value: t.Name, Label: t.Format.Label(), Chosen: chosen && t.Name == target.Name})
	}
	if chosen && len(found.questions) > 0 {
		view.Format, view.Label = target.Name, target.Format.Label()
		view.Losses = lossLines(target.Losses(found.questions))
		view.Whole = len(view.Losses) == 0
		view.File = "/banks/" + id + "/export/" + target.Name
	}
	return render(c, http.StatusOK, web.BankExport(view))
}

// lossLines says what a format can't hold, each thing once.
func lossLines(losses []exchange.Loss) []page.ExportLoss {
	lost := map[string][]string{}
	for _, l := range losses {
		lost[l.What] = append(lost[l.What], string(l.Question))
	}
	var lines []page.ExportLoss
	for _, what := range slices.Sorted(maps.Keys(lost)) {
		line := page.ExportLoss{What: what}
		if ids := lost[what]; !slices.Contains(ids, "") {
			line.Which = plural(len(ids), "question") + ": " + strings.Join(ids[:min(len(ids), maxWhich)], ", ")
			if len(ids) > maxWhich {
				line.Which += ", …"
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// exportFile writes a bank in a format.
func (h *Handler) exportFile(c *gin.Context) error {
	found, err := h.exportable(c)
	if err != nil {
		return err
	}
	target, ok := outlet.Find(c.Param("format"))
	switch {
	case !ok:
		return fault.NotFound("That is no format that is written. Choose one on the page before.")
	case len(found.questions) == 0:
		return fault.Conflict("This bank has no published question, so that there is nothing to write.")
	}
	ctx := c.Request.Context()
	images, err := outlet.Images(found.questions, func(key string) (exchange.Media, bool, error) {
		image, err := h.Images.Media(ctx, key)
		if fault.KindOf(err) == fault.KindNotFound { // an address typed by hand
			return image, false, nil
		}
		return image, err == nil, err
	})
	if err != nil {
		return err
	}
	// Written whole before anything is sent, so that a failure shows as a failure.
	var out bytes.Buffer
	if err := target.Write(&out, found.questions, images); err != nil {
		return fmt.Errorf("exporting %s as %s: %w", c.Param("id"), target.Name, err)
	}
	h.logExport(ctx, c, target)
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="%s%s"`, c.Param("id"), target.Extension))
	c.Data(http.StatusOK, "application/octet-stream", out.Bytes())
	return nil
}

// logExport notes who took a bank's keys out.
func (h *Handler) logExport(ctx context.Context, c *gin.Context, target outlet.Target) {
	p, _ := instructor(c)
	h.Logger.InfoContext(ctx, "bank exported", "bank", c.Param("id"), "format", target.Name, "person", string(p.ID))
}
