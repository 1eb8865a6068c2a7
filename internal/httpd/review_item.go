package httpd

import (
	"fmt"
	"slices"

	"sextant/internal/exam"
	"sextant/internal/grade"
	"sextant/internal/page"
	"sextant/internal/richtext"
	"sextant/internal/sitting"
)

const withheldNote = "This question is being asked in another test of yours. Its answer is shown here when that one has ended."

var outcomeWords = map[exam.Outcome]string{exam.Right: "right", exam.Wrong: "wrong", exam.DontKnow: "you said you don't know"}

var difficultyWords = []string{"", "recall of purpose", "one constraint", "two constraints", "diagnosis", "design trade-offs"}

func (h *Handler) reviewItem(number int, r sitting.Reviewed) page.ReviewItem {
	q := r.Question
	item := page.ReviewItem{
		Number: number, Outcome: outcomeWords[r.Given.Outcome], OutcomeKey: string(r.Given.Outcome),
		Skill: h.skillName(q.Skill), Platform: q.Platform.Label(), TypeLabel: q.Type.Label(),
		Stem: h.Text.Block(q.Stem), Ask: h.Text.Inline(q.Ask), Remember: h.Text.Inline(q.Remember),
		Parts: partsNote(q, r.Given.Answer), ReviewNote: reviewNote(q.Review),
	}
	if q.Difficulty > 0 && q.Difficulty < len(difficultyWords) {
		item.Difficulty = fmt.Sprintf("difficulty %d of 5: %s", q.Difficulty, difficultyWords[q.Difficulty])
	}
	if q.Stimulus != nil {
		item.CaseTitle, item.Case = q.Stimulus.Title, h.Text.Block(q.Stimulus.Text)
	}
	for _, ref := range q.References {
		item.References = append(item.References, page.Link{Label: ref.Title, Address: ref.URL, External: true})
	}
	switch q.Type {
	case exam.Single, exam.Multiple:
		item.Options = h.reviewOptions(r)
	case exam.Ordering:
		item.RowsHead, item.Rows = [3]string{"Step", "Your place", "Right place"}, h.reviewOrder(r)
	case exam.Matching:
		item.RowsHead, item.Rows = [3]string{"Line", "Your match", "Right match"}, h.reviewMatches(r)
	case exam.YesNo:
		item.RowsHead, item.Rows = [3]string{"Statement", "You said", "It is"}, h.reviewStatements(r)
	}
	return item
}

// keyedItem is a question with its key and no answer, for those who keep banks.
func (h *Handler) keyedItem(q *exam.Question) page.ReviewItem {
	order := make([]exam.OptionID, len(q.Options))
	for i, o := range q.Options {
		order[i] = o.ID
	}
	// Nothing was answered, which partsNote must not read as every part wrong.
	nothing := sitting.Given{Answer: exam.Answer{DontKnow: true}}
	item := h.reviewItem(0, sitting.Reviewed{Asked: sitting.Asked{Question: q, Order: order}, Given: nothing})
	item.RowsHead[1] = ""
	return item
}

func (h *Handler) skillName(id exam.SkillID) string {
	if skill, ok := h.Catalogue.Skill(id); ok {
		return skill.Name
	}
	return string(id)
}

// partsNote tells what a vendor that gives points per part would have given.
func partsNote(q *exam.Question, a exam.Answer) string {
	if a.DontKnow || q.Type == exam.Single {
		return ""
	}
	right, of := grade.Parts(q, a)
	if right == of {
		return ""
	}
	note := fmt.Sprintf("%d of %d parts right. Readiness counts a question as right or wrong as a whole.", right, of)
	if q.Platform == exam.Azure {
		note += " Microsoft's exams give a point per right part on most such questions."
	}
	return note
}

func reviewNote(r exam.Review) string {
	if r.Solved == 0 {
		return "Nobody has solved this question without sight of the key yet."
	}
	return fmt.Sprintf("Before it was published this question was solved without sight of the key: %d of %d gave the same answer (%s).", r.Agreed, r.Solved, r.Date)
}

func (h *Handler) reviewOptions(r sitting.Reviewed) []page.ReviewOption {
	options := make([]page.ReviewOption, 0, len(r.Order))
	for i, id := range r.Order {
		o, _ := r.Question.Option(id)
		chosen := slices.Contains(r.Given.Answer.Selected, id)
		options = append(options, page.ReviewOption{
			Letter: letter(i), Text: h.Text.Inline(o.Text), Key: o.Key, Chosen: chosen,
			Rationale: h.Text.Inline(o.Rationale), Mark: optionMark(o.Key, chosen),
		})
	}
	return options
}

func optionMark(key, chosen bool) string {
	switch {
	case key && chosen:
		return "right, and you chose it"
	case key:
		return "right"
	case chosen:
		return "you chose this"
	}
	return ""
}

func (h *Handler) reviewOrder(r sitting.Reviewed) []page.ReviewRow {
	rows := make([]page.ReviewRow, 0, len(r.Question.Options))
	for i, o := range r.Question.Options {
		given := "–"
		place := slices.Index(r.Given.Answer.Order, o.ID)
		if place >= 0 {
			given = fmt.Sprint(place + 1)
		}
		rows = append(rows, page.ReviewRow{
			Text: h.Text.Inline(o.Text), Given: richtext.HTML(given), Right: richtext.HTML(fmt.Sprint(i + 1)),
			OK: place == i, Rationale: h.Text.Inline(o.Rationale),
		})
	}
	return rows
}

func (h *Handler) reviewMatches(r sitting.Reviewed) []page.ReviewRow {
	rows := make([]page.ReviewRow, 0, len(r.Question.Prompts))
	for i, p := range r.Question.Prompts {
		var given exam.OptionID
		if i < len(r.Given.Answer.Matches) {
			given = r.Given.Answer.Matches[i]
		}
		rows = append(rows, page.ReviewRow{
			Text: h.Text.Inline(p.Text), Given: h.optionText(r.Question, given), Right: h.optionText(r.Question, p.Match),
			OK: given == p.Match, Rationale: h.Text.Inline(p.Rationale),
		})
	}
	return rows
}

func (h *Handler) optionText(q *exam.Question, id exam.OptionID) richtext.HTML {
	if o, ok := q.Option(id); ok {
		return h.Text.Inline(o.Text)
	}
	return "–"
}

func (h *Handler) reviewStatements(r sitting.Reviewed) []page.ReviewRow {
	rows := make([]page.ReviewRow, 0, len(r.Question.Statements))
	for i, s := range r.Question.Statements {
		right := "no"
		if s.Yes {
			right = "yes"
		}
		given := at(r.Given.Answer.Verdicts, i)
		rows = append(rows, page.ReviewRow{
			Text: h.Text.Inline(s.Text), Given: richtext.HTML(orDash(given)), Right: richtext.HTML(right),
			OK: given == right, Rationale: h.Text.Inline(s.Rationale),
		})
	}
	return rows
}

// orDash shows a stored verdict; grading lets nothing but yes and no through.
func orDash(verdict string) string {
	if verdict == "yes" || verdict == "no" {
		return verdict
	}
	return "–"
}
