package httpd

import (
	"context"
	"fmt"
	"io"
	"strings"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/page"
	"sextant/internal/richtext"
	"sextant/internal/sitting"
	"sextant/web"
)

// Preview says what WritePreview shows.
type Preview struct {
	Title     string
	Questions []*exam.Question // those of one case set side by side
	NoKey     bool             // leave keys and reasons out
	Catalogue *catalogue.Catalogue
	Text      *richtext.Renderer
}

// WritePreview writes one HTML page that needs nothing from elsewhere and shows
// questions with the site's own components: as learners meet them, then with
// their keys. Options stand as written, so that remarks that name a letter can
// be followed; the steps of an ordering are shuffled.
func WritePreview(ctx context.Context, w io.Writer, p Preview) error {
	h := &Handler{Deps: Deps{Catalogue: p.Catalogue, Text: p.Text}}
	view := page.Preview{Title: p.Title, Sentence: plural(len(p.Questions), "question") + ", as learners see them."}
	var last *exam.Stimulus
	for i, q := range p.Questions {
		if i == 0 || q.Stimulus != last {
			set := page.PreviewSet{}
			if q.Stimulus != nil {
				set = page.PreviewSet{ID: "case-" + string(q.Stimulus.ID), CaseTitle: q.Stimulus.Title, Case: h.Text.Block(q.Stimulus.Text)}
			}
			view.Sets = append(view.Sets, set)
			last = q.Stimulus
		}
		set := &view.Sets[len(view.Sets)-1]
		set.Questions = append(set.Questions, h.previewQuestion(q, p.NoKey))
		view.Contents = append(view.Contents, page.Link{Label: string(q.ID), Address: "#" + string(q.ID)})
	}
	if err := web.Preview(view).Render(ctx, w); err != nil {
		return fmt.Errorf("writing the preview: %w", err)
	}
	return nil
}

// previewSeed shuffles the steps of orderings, the same way every time.
const previewSeed = 0

// previewOrder is the order in which a preview shows the options.
func previewOrder(q *exam.Question) []exam.OptionID {
	if q.Type == exam.Ordering {
		return shuffledOrder(q)
	}
	order := make([]exam.OptionID, len(q.Options))
	for i, o := range q.Options {
		order[i] = o.ID
	}
	return order
}

// shuffledOrder is an order of the options that tells nothing of how they were
// written, the same every time.
func shuffledOrder(q *exam.Question) []exam.OptionID {
	order := make([]exam.OptionID, len(q.Options))
	for place, i := range bank.Shuffled(q, previewSeed) {
		order[place] = q.Options[i].ID
	}
	return order
}

func (h *Handler) previewQuestion(q *exam.Question, noKey bool) page.PreviewQuestion {
	order := previewOrder(q)
	shown := page.PreviewQuestion{
		ID:    string(q.ID),
		Facts: strings.Join([]string{q.Platform.Label(), h.skillName(q.Skill), q.Type.Label(), fmt.Sprintf("difficulty %d", q.Difficulty), h.serves(q)}, " · "),
		Shown: h.questionView(q, order, sitting.Choice{}),
	}
	if !noKey {
		key := h.keyedItem(q)
		shown.Key = &key
	}
	return shown
}
