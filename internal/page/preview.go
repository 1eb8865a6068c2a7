package page

import "sextant/internal/richtext"

// Preview shows questions to their authors, apart from the site.
type Preview struct {
	Title    string
	Sentence string
	Contents []Link
	Sets     []PreviewSet
}

// PreviewSet is a case set, or questions that stand alone.
type PreviewSet struct {
	ID        string // of the case's heading on the page
	CaseTitle string // "" for questions that stand alone
	Case      richtext.HTML
	Questions []PreviewQuestion
}

// PreviewQuestion is a question as learners see it, and its key.
type PreviewQuestion struct {
	ID    string
	Facts string
	Shown Question
	Key   *ReviewItem // nil when keys are not to be shown
}
