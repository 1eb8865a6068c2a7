package httpd

import (
	"embed"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange/sheet"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/internal/richtext"
	"sextant/web"
)

//go:embed help/*.md
var helpFiles embed.FS

type helpTopic struct {
	id, title string
	body      richtext.HTML
}

type helpPages []helpTopic

// helpTopics lists the pages of help in reading order; the first is /help.
var helpTopics = []string{"start", "tests", "readiness", "recommendation", "sensitivity", "postings", "plan", "progress", "grading", "writing", "bank-format", "formats", "statistics", "instructors", "classes"}

// loadHelp reads and renders the help pages once.
func (h *Handler) loadHelp() error {
	sensitivity, err := sensitivityText()
	if err != nil {
		return err
	}
	for _, id := range helpTopics {
		data, err := helpFiles.ReadFile("help/" + id + ".md")
		if err != nil {
			return fmt.Errorf("reading help page %s: %w", id, err)
		}
		title, body, ok := strings.Cut(string(data), "\n")
		if !ok || !strings.HasPrefix(title, "# ") {
			return fmt.Errorf("help page %s must begin with its title", id)
		}
		if id == "bank-format" {
			body += templates()
		}
		body = strings.NewReplacer("{{exam keys}}", keyList(page.ExamKeys()), "{{question keys}}", keyList(page.QuestionKeys()), "{{sheet columns}}", sheetColumns(), "{{sensitivity}}", sensitivity, "{{study model}}", studyModel(h.Catalogue)).Replace(body)
		if body, err = withWeights(h.Catalogue, body); err != nil {
			return fmt.Errorf("help page %s: %w", id, err)
		}
		h.help = append(h.help, helpTopic{id: id, title: strings.TrimPrefix(title, "# "), body: h.Text.Block(body)})
	}
	return nil
}

// sheetColumns is the guide to the columns of a sheet, one level below a page's
// title.
func sheetColumns() string {
	return strings.NewReplacer("\n## ", "\n### ", "\n# ", "\n## ").Replace("\n" + sheet.Guide)
}

// keyList lists keys in Markdown.
func keyList(keys []page.Key) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteString("- ")
		for _, part := range page.KeyTexts(k.Press + ": " + k.Does) {
			if part.Key {
				part.Text = "**" + part.Text + "**"
			}
			b.WriteString(part.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// templates shows a file of every item type, as the parser accepts it.
func templates() string {
	var b strings.Builder
	b.WriteString("\n## A file of each type to start from\n")
	for _, t := range exam.Types() {
		fmt.Fprintf(&b, "\n### %s\n\n```yaml\n%s\n```\n", t.Label(), strings.TrimRight(bank.Template(t), "\n"))
	}
	return b.String()
}

func (h *Handler) helpPage(c *gin.Context) error {
	wanted := c.Param("topic")
	if wanted == "" {
		wanted = helpTopics[0]
	}
	view := page.Help{}
	found := false
	for _, t := range h.help {
		view.Topics = append(view.Topics, page.Link{Label: t.title, Address: "/help/" + t.id})
		if t.id == wanted {
			view.Frame, view.Body, found = h.frame(c, t.title, "help"), t.body, true
		}
	}
	if !found {
		return fault.NotFound("There is no help page %q.", wanted)
	}
	view.Path = "/help/" + wanted
	return render(c, http.StatusOK, web.Help(view))
}
