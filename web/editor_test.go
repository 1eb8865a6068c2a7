package web

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"sextant/internal/page"
)

// editorPages are the pages of a question's writers, filled.
func editorPages() map[string]templ.Component {
	form := page.QuestionForm{
		ID: "ours-one", Type: "single", Types: []page.Option{{Value: "single", Label: "Single choice", Chosen: true}, {Value: "yes_no", Label: "Yes/no series"}},
		Title: "Capacity", Case: &page.CaseForm{ID: "c", Title: "A bank", Text: "It lends."}, Stem: "A job.", Ask: "Which?",
		Options:    []page.OptionForm{{Letter: "A", Text: "Spot", Rationale: "cheap", Key: true}, {Letter: "B", Text: "On demand"}},
		References: []page.ReferenceForm{{Title: "Prices", URL: "https://example.org"}, {}},
		Domains:    []page.DomainForm{{Code: "MLA-C02", Domains: []page.Option{{Value: "1", Label: "1 Data"}}}},
		Platforms:  []page.Option{{Label: "not said"}}, Skills: []page.Option{{Label: "not said"}}, Difficulties: []page.Option{{Label: "not said"}},
		Remarks: map[string][]page.FieldRemark{"ask": {{Text: "Ends without a question mark."}}, "options[1].text": {{Text: "Add the option's text.", Fault: true}}},
	}
	matching := form
	matching.Type, matching.Prompts = "matching", []page.PromptForm{{Text: "first", Match: "A"}, {Text: "second"}}
	statements := form
	statements.Type, statements.Rows = "yes_no", []page.StatementForm{{Text: "It holds", Holds: "yes"}, {}}
	shown := sampleQuestion("single")
	shown.Frame, shown.Prefix = page.Frame{}, "shown."
	preview := page.QuestionPreview{Shown: shown, Ready: "It can't be asked yet: 1 thing to mend.", Faults: 1, Remarks: []page.FieldRemark{{Text: "Is not served anywhere."}}}
	bank := page.Link{Label: "Ours", Address: "/banks/ours"}
	life := page.QuestionLife{
		State: "Draft", StateKind: "draft", Sentence: "Nobody is asked it yet.", Links: []page.Link{{Label: "Versions (1)", Address: "/questions/ours-one/versions"}},
		Regrade: &page.Link{Note: "1 answer was given under the former key.", Label: "See", Address: "/questions/ours-one/regrade"},
		Submit:  true, Publish: true, Discard: true, Retire: true, Restore: true, Recall: true, Action: "/questions/ours-one/life", Comment: "/questions/ours-one/comments",
		Judge: &page.Judgement{Action: "/questions/ours-one/review", Problem: "Say what should change."}, Typed: "typed", Problem: "Too long.",
		Reviews: []page.ReviewLine{{Who: "Ben", When: "today", What: "Solved it blind.", Comment: "Clear."}}, Comments: []page.CommentLine{{Who: "Ann", When: "today", Text: "Thanks."}},
	}
	edit := page.Editor{Frame: frame("Edit"), Bank: bank, ID: "ours-one", Heading: "Which?", Problem: "Not yet.", Action: "/questions/ours-one/edit", Images: "/banks/ours/media", Seq: 3, Form: form, Preview: preview, Life: life}
	fixed, added := edit, edit
	fixed.Fixed, added.New = true, true
	changes := []page.FieldChange{{Field: "Ask", Before: []page.Words{{Text: "Which "}, {Text: "one?", Differs: true}}, After: []page.Words{{Text: "Which "}, {Text: "two?", Differs: true}}}, {Field: "Title"}}
	pages := map[string]templ.Component{
		"editor": Editor(edit), "editor fixed": Editor(fixed), "editor new": Editor(added), "editor empty": Editor(page.Editor{}),
		"editor image":   EditorImage(page.EditorImage{Frame: frame("Image"), Markdown: "![a](media:b)", Back: bank}),
		"editor offer":   EditorOffer(page.EditorOffer{Frame: frame("First"), Bank: bank, Heading: "Which?", Review: "/questions/ours-one/review"}),
		"blind review":   BlindReview(page.BlindReview{Frame: frame("Blind"), Bank: bank, Heading: "Solve it", Action: "/questions/ours-one/review", Revision: "r", Shown: shown, Problem: "Choose exactly one."}),
		"review done":    ReviewedQuestion(page.ReviewedQuestion{Frame: frame("Review"), Bank: bank, Heading: "Your review", Sentence: "Your answer is the key.", Item: sampleReview().Items[0], Judge: life.Judge, Editor: bank}),
		"review queue":   ReviewQueue(page.ReviewQueue{Frame: frame("Queue"), Sentence: "Solve each.", Rows: []page.ReviewQueueRow{{Text: "Which?", Address: "/questions/ours-one/review", Bank: "Ours", Type: "Single choice", Author: "Ann", Since: "today"}}, Banks: bank}),
		"conflict":       EditorConflict(page.EditorConflict{Frame: frame("Two"), Bank: bank, Heading: "Two texts", Sentence: "Choose.", Theirs: "Kept now", Editor: "/questions/ours-one/edit", Action: "/questions/ours-one/edit", Seq: 4, Fields: []page.Field{{Name: "ask", Value: "Which two?"}}, Changes: changes}),
		"conflict empty": EditorConflict(page.EditorConflict{}),
		"versions": Versions(page.Versions{Frame: frame("Versions"), Bank: bank, Heading: "Versions", Editor: bank, Action: "/questions/ours-one/versions", Draft: changes, Open: true, Rows: []page.VersionRow{
			{Number: 2, What: "Version 2, the one in use", Who: "by Ann", Note: "better", Changes: changes, Current: true}, {Number: 1, What: "Version 1", First: true},
		}}),
		"versions empty": Versions(page.Versions{}),
		"regrade": Regrade(page.Regrade{Frame: frame("Regrade"), Bank: bank, Heading: "Judge again", Sentence: "2 answers.", Action: "/questions/ours-one/regrade", Version: 2, Problem: "Say why.", More: "and 3 more", Editor: bank,
			Rows: []page.RegradeRow{{Who: "Lea", Test: "Mock exam", When: "today", Answer: "wrong → right", Gained: true, Before: "34 of 65", After: "35 of 65", ScaledBefore: "about 712", ScaledAfter: "about 720"}, {Who: "a guest", Answer: "right → wrong"}},
			Past: []page.RegradeLine{{What: "By the key of version 1.", Who: "Ann", Reason: "It was B."}}}),
		"regrade empty": Regrade(page.Regrade{Nothing: true}),
	}
	for name, f := range map[string]page.QuestionForm{"matching": matching, "yes_no": statements} {
		other := edit
		other.Form = f
		pages["editor "+name] = Editor(other)
	}
	return pages
}

// Every remark stands in the element that its field is described by.
func TestFieldsAreDescribedByTheirRemarks(t *testing.T) {
	markup := render(t, editorPages()["editor"])
	for _, want := range []string{`aria-describedby="on-ask"`, `id="on-ask" data-remarks`, `aria-describedby="on-options-1-text"`, `id="on-options-1-text" data-remarks`} {
		if !strings.Contains(markup, want) {
			t.Errorf("the editor lacks %s", want)
		}
	}
	_, after, _ := strings.Cut(markup, `id="on-options-1-text"`)
	if _, first, _ := strings.Cut(after, "<p "); !strings.HasPrefix(first, `class="remark fault">Add the option&#39;s text.`) {
		t.Errorf("the fault of option B isn't beside it: %.200s", after)
	}
}

// Enter in a field saves: it must not move or take out a row.
func TestTheEditorsFirstButtonSaves(t *testing.T) {
	_, form, _ := strings.Cut(render(t, editorPages()["editor"]), `data-form`)
	_, button, _ := strings.Cut(form, "<button")
	if first, _, _ := strings.Cut(button, ">"); !strings.Contains(first, `value="save"`) {
		t.Errorf("the first button is %s", first)
	}
}
