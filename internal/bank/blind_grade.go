package bank

import (
	"fmt"
	"slices"
	"strings"

	"sextant/internal/exam"
)

// doubtBelow is the confidence under which an agreement is still a doubt.
const doubtBelow = 60

// BlindReport is how far the solvers of a form agree with the keys.
type BlindReport struct {
	Asked    int     `json:"asked"`    // answer blocks
	Answered int     `json:"answered"` // of those, with an answer; “?” is one
	Agreed   int     `json:"agreed"`
	Share    float64 `json:"share"` // Agreed of Answered, 0 to 1; 0 when nothing was answered
	Low      float64 `json:"low"`   // 95 % Wilson interval of Share
	High     float64 `json:"high"`
	// Mean confidence where the solver agreed and where not, nil where none was given.
	ConfidenceAgreed    *float64        `json:"confidence_agreed"`
	ConfidenceDisagreed *float64        `json:"confidence_disagreed"`
	Questions           []BlindQuestion `json:"questions"`
}

// BlindQuestion is one question of a report.
type BlindQuestion struct {
	ID     exam.QuestionID `json:"id"`
	File   string          `json:"file"`
	Ask    string          `json:"ask"`
	Solved int             `json:"solved"`
	Agreed int             `json:"agreed"`
	// Doubt: an answer disagrees, has a remark, or little confidence.
	Doubt   bool          `json:"doubt"`
	Answers []BlindAnswer `json:"answers"`
	// Review is the line that records the review, what was recorded before
	// included; "" unless everybody agreed.
	Review string `json:"review,omitempty"`
}

// BlindAnswer is one solver's answer, in the letters of that solver's form.
type BlindAnswer struct {
	File       string   `json:"file"`
	Line       int      `json:"line"`
	Given      string   `json:"given"` // "" when left open, "?" when undecided
	Key        string   `json:"key"`
	GivenTexts []string `json:"given_texts"`
	KeyTexts   []string `json:"key_texts"`
	Agrees     bool     `json:"agrees"`
	Confidence *int     `json:"confidence"` // 0 to 100, nil when not given
	Remark     string   `json:"remark,omitempty"`
}

// Open reports whether the solver left the question open.
func (a BlindAnswer) Open() bool { return a.Given == "" }

// Doubtful reports whether an agreement should be looked at again: the solver
// was less than 60 % sure, or remarked on something.
func (a BlindAnswer) Doubtful() bool {
	return a.Remark != "" || a.Confidence != nil && *a.Confidence < doubtBelow
}

// GradeBlind compares filled sheets with the keys of the bank they were drawn
// from. day is the date of the review, as in 2026-11-22. Questions come in the
// order of the sheets. Remarks are errors, each with file and line: an unknown
// question, one whose text has changed since the form was made, an answer that
// doesn't fit its question. With any of them there is no report.
func GradeBlind(b *Bank, entries []SheetEntry, day string) (*BlindReport, []Remark) {
	var remarks []Remark
	report := &BlindReport{Questions: []BlindQuestion{}} // never null in JSON
	at := map[exam.QuestionID]int{}
	for _, e := range entries {
		q, answer, problem := gradeEntry(b, e)
		if problem != nil {
			remarks = append(remarks, *problem)
			continue
		}
		i, known := at[q.ID]
		if !known {
			i = len(report.Questions)
			at[q.ID] = i
			report.Questions = append(report.Questions, BlindQuestion{ID: q.ID, File: q.File, Ask: q.Ask})
		}
		report.Questions[i].Answers = append(report.Questions[i].Answers, answer)
	}
	if len(remarks) > 0 {
		sortRemarks(remarks)
		return nil, remarks
	}
	report.count()
	for i := range report.Questions {
		if q := &report.Questions[i]; q.Solved > 0 && q.Agreed == q.Solved {
			before, _ := b.Question(q.ID)
			q.Review = reviewLine(exam.Review{Solved: before.Review.Solved + q.Solved, Agreed: before.Review.Agreed + q.Agreed, Date: day})
		}
	}
	return report, nil
}

func reviewLine(r exam.Review) string {
	return fmt.Sprintf("review: {solved: %d, agreed: %d, date: %q}", r.Solved, r.Agreed, r.Date)
}

func gradeEntry(b *Bank, e SheetEntry) (*exam.Question, BlindAnswer, *Remark) {
	fault := func(line int, format string, args ...any) *Remark {
		return &Remark{File: e.File, Line: line, Question: e.Question, Severity: Error, Rule: "sheet", Message: fmt.Sprintf(format, args...)}
	}
	q, known := b.Question(e.Question)
	if !known {
		return nil, BlindAnswer{}, fault(e.Line, "there is no question %s in this bank; name the files the form was made from", e.Question)
	}
	if Fingerprint(q) != e.Fingerprint {
		return nil, BlindAnswer{}, fault(e.Line, "%s has changed since the form was made, so this answer may be to another question; make a new form", e.Question)
	}
	order := Shuffled(q, e.Seed)
	a := BlindAnswer{File: e.File, Line: e.Line, Key: keyAnswer(q, order), GivenTexts: []string{}, Remark: e.Remark}
	a.KeyTexts = answerTexts(q, order, a.Key)
	if e.Confidence != NoConfidence {
		a.Confidence = &e.Confidence
	}
	if e.Answer == "" {
		return q, a, nil
	}
	given, problem := readAnswer(q, e.Answer)
	if problem != "" {
		return nil, a, fault(e.AnswerLine, "%s: answer %q: %s", e.Question, shorten(e.Answer, 40), problem)
	}
	a.Given, a.Agrees = given, given == a.Key
	a.GivenTexts = answerTexts(q, order, given)
	return q, a, nil
}

func (r *BlindReport) count() {
	var sure, unsure []int
	for i := range r.Questions {
		q := &r.Questions[i]
		for _, a := range q.Answers {
			r.Asked++
			q.Doubt = q.Doubt || a.Doubtful() || !a.Open() && !a.Agrees
			if a.Open() {
				continue
			}
			q.Solved++
			if a.Agrees {
				q.Agreed++
			}
			switch {
			case a.Confidence == nil:
			case a.Agrees:
				sure = append(sure, *a.Confidence)
			default:
				unsure = append(unsure, *a.Confidence)
			}
		}
		r.Answered += q.Solved
		r.Agreed += q.Agreed
	}
	if r.Answered > 0 {
		r.Share = float64(r.Agreed) / float64(r.Answered)
	}
	r.Low, r.High = wilson(r.Share, r.Answered)
	r.ConfidenceAgreed, r.ConfidenceDisagreed = mean(sure), mean(unsure)
}

func mean(values []int) *float64 {
	if len(values) == 0 {
		return nil
	}
	sum := 0
	for _, v := range values {
		sum += v
	}
	m := float64(sum) / float64(len(values))
	return &m
}

// keyAnswer is the key as a solver would write it whose form shows the options
// in the order given.
func keyAnswer(q *exam.Question, order []int) string {
	shownAs := make([]string, len(order)) // by place in the author's order
	for place, i := range order {
		shownAs[i] = string(letter(place))
	}
	var parts []string
	switch q.Type {
	case exam.Single, exam.Multiple:
		for i, o := range q.Options {
			if o.Key {
				parts = append(parts, shownAs[i])
			}
		}
		return inOrder(parts)
	case exam.Ordering:
		parts = make([]string, len(q.Options))
		for i, o := range q.Options {
			parts[o.Place-1] = shownAs[i]
		}
	case exam.Matching:
		for n, p := range q.Prompts {
			i := slices.IndexFunc(q.Options, func(o exam.Option) bool { return o.ID == p.Match })
			parts = append(parts, fmt.Sprintf("%d %s", n+1, shownAs[i]))
		}
	case exam.YesNo:
		for n, s := range q.Statements {
			verdict := "no"
			if s.Yes {
				verdict = "yes"
			}
			parts = append(parts, fmt.Sprintf("%d %s", n+1, verdict))
		}
	}
	return strings.Join(parts, ", ")
}

func inOrder(letters []string) string {
	slices.Sort(letters)
	return strings.Join(letters, ", ")
}

// answerTexts are the parts of an answer with what they stand for.
func answerTexts(q *exam.Question, order []int, answer string) []string {
	texts := []string{}
	if answer == Undecided {
		return append(texts, "not settled by the text")
	}
	for part := range strings.SplitSeq(answer, ", ") {
		number, value, numbered := strings.Cut(part, " ")
		if !numbered {
			number, value = "", part
		}
		text := part
		for place, i := range order {
			if string(letter(place)) == value {
				text = part + ". " + q.Options[i].Text
			}
		}
		if q.Type == exam.YesNo {
			var n int
			if _, err := fmt.Sscanf(number, "%d", &n); err == nil && n >= 1 && n <= len(q.Statements) {
				text = fmt.Sprintf("%s: %s", part, q.Statements[n-1].Text)
			}
		}
		texts = append(texts, text)
	}
	return texts
}
