package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sextant/internal/exam"
	"sextant/internal/readiness"
)

type assessCommand struct {
	jsonFlag
	Responses string   `help:"CSV file with the columns learner, item, score (0 or 1) and, if known, at (when it was answered: 2026-11-22 or 2026-11-22T09:30:00Z); - reads standard input." required:"" placeholder:"FILE"`
	Exam      []string `help:"Report on these exams only." placeholder:"CODE"`
	On        string   `help:"The day to report for, by default today; older answers count less." placeholder:"2026-11-22"`
}

// assessment is what answers from elsewhere say.
type assessment struct {
	Learners []assessedLearner `json:"learners"`
}

type assessedLearner struct {
	ID             string         `json:"id"`
	Answers        int            `json:"n"` // answers that measure
	Ignored        map[string]int `json:"ignored,omitempty"`
	Certifications []assessedExam `json:"certifications"`
	responses      []exam.Response
}

type assessedExam struct {
	Code exam.Code `json:"code"`
	// PassProbability is not capped; the pages show PassShown.
	PassProbability float64           `json:"pass_probability"`
	PassShown       float64           `json:"pass_shown"`
	Verdict         readiness.Verdict `json:"verdict"`
	Offered         bool              `json:"offered"` // the bank holds enough questions to measure every domain
	N               int               `json:"n"`
	Percent         float64           `json:"percent"`
	Low90           float64           `json:"low90"`
	High90          float64           `json:"high90"`
	Domains         []assessedDomain  `json:"domains"`
}

type assessedDomain struct {
	ID      exam.DomainID `json:"id"`
	Percent float64       `json:"percent"` // expected percent right at the exam's difficulty
	Low90   float64       `json:"low90"`
	High90  float64       `json:"high90"`
	N       int           `json:"n"`
	Shown   bool          `json:"shown"` // enough answers for the pages to show the interval
}

// Run reports on responses given elsewhere to questions of the built-in bank.
func (a *assessCommand) Run(std streams) error {
	now, err := a.day()
	if err != nil {
		return err
	}
	_, model, err := builtInModel()
	if err != nil {
		return err
	}
	in := std.in
	if a.Responses != "-" {
		file, err := os.Open(a.Responses)
		if err != nil {
			return fmt.Errorf("reading responses: %w", err)
		}
		defer func() { _ = file.Close() }() // only read
		in = file
	}
	learners, err := readAnswers(in, a.Responses, model, now)
	if err != nil {
		return err
	}
	var codes []exam.Code
	for _, code := range a.Exam {
		codes = append(codes, exam.Code(code))
	}
	for i := range learners {
		if err := learners[i].assess(model, now, codes); err != nil {
			return err
		}
	}
	if a.JSON {
		return printJSON(std.out, assessment{learners})
	}
	return printAssessment(std.out, learners)
}

// day is the moment to report for: the end of the day named, or now.
func (a *assessCommand) day() (time.Time, error) {
	if a.On == "" {
		return time.Now(), nil
	}
	day, err := time.Parse(time.DateOnly, a.On)
	if err != nil {
		return time.Time{}, fmt.Errorf("--on %q: give a day such as 2026-11-22", a.On)
	}
	return day.AddDate(0, 0, 1), nil
}

// maxProblems is how many faults of a file are listed before the rest is counted.
const maxProblems = 20

// readAnswers reads the file, learners in the order they first occur. Answers
// without a time count as given at now, in the order of the file. Every faulty
// line is named in the error.
func readAnswers(in io.Reader, name string, model *readiness.Model, now time.Time) ([]assessedLearner, error) {
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty: the first line names the columns learner,item,score", name)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	columns, err := answerColumnsOf(header)
	if err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	learners := []assessedLearner{} // never null in JSON
	at := map[string]int{}
	var problems []error
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		learner, response, err := columns.response(record, model, now)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s:%d: %w", name, line, err))
			continue
		}
		if _, ok := at[learner]; !ok {
			at[learner] = len(learners)
			learners = append(learners, assessedLearner{ID: learner})
		}
		l := &learners[at[learner]]
		l.responses = append(l.responses, response)
	}
	if len(problems) > maxProblems {
		rest := fmt.Errorf("and %d more lines like these", len(problems)-maxProblems)
		problems = append(problems[:maxProblems], rest)
	}
	return learners, errors.Join(problems...)
}

// answerColumns are the places of the columns in a line; at is −1 if missing.
type answerColumns struct{ learner, item, score, at int }

func answerColumnsOf(header []string) (answerColumns, error) {
	place := func(name string) int {
		return slices.IndexFunc(header, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name)
		})
	}
	c := answerColumns{place("learner"), place("item"), place("score"), place("at")}
	if c.learner < 0 || c.item < 0 || c.score < 0 {
		return c, fmt.Errorf("the columns are %s; name them learner,item,score and, if known, at", strings.Join(header, ","))
	}
	return c, nil
}

func (c answerColumns) response(record []string, model *readiness.Model, now time.Time) (string, exam.Response, error) {
	field := func(at int) string {
		if at < 0 || at >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[at])
	}
	learner := field(c.learner)
	if learner == "" {
		return "", exam.Response{}, errors.New("no learner")
	}
	r := exam.Response{Question: exam.QuestionID(field(c.item)), At: now}
	if _, ok := model.ItemIndex(r.Question); !ok {
		return "", r, fmt.Errorf("item %q is not in the built-in bank", r.Question)
	}
	switch score := field(c.score); score {
	case "1":
		r.Outcome = exam.Right
	case "0":
		r.Outcome = exam.Wrong
	default:
		return "", r, fmt.Errorf("score %q: use 1 for right and 0 for wrong", score)
	}
	if when := field(c.at); when != "" {
		var err error
		if r.At, err = parseMoment(when); err != nil {
			return "", r, err
		}
	}
	return learner, r, nil
}

func parseMoment(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateTime, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("time %q: write 2026-11-22 or 2026-11-22T09:30:00Z", s)
}

func (l *assessedLearner) assess(model *readiness.Model, now time.Time, codes []exam.Code) error {
	report, err := model.Report(l.responses, now, codes)
	if err != nil {
		return fmt.Errorf("learner %s: %w", l.ID, err)
	}
	l.Answers = report.Answers
	l.Ignored = report.Ignored
	for _, e := range report.Exams {
		out := assessedExam{
			Code: e.Code, PassProbability: e.PassRaw, PassShown: e.Pass, Verdict: e.Verdict,
			Offered: e.Offered, N: e.Answers,
			Percent: e.Overall.Estimate, Low90: e.Overall.Low, High90: e.Overall.High,
		}
		for _, d := range e.Domains {
			out.Domains = append(out.Domains, assessedDomain{
				ID: d.ID, Percent: d.Interval.Estimate, Low90: d.Interval.Low, High90: d.Interval.High,
				N: d.Answers, Shown: d.Shown,
			})
		}
		l.Certifications = append(l.Certifications, out)
	}
	return nil
}

// printAssessment prints, as the pages do, only what there are enough answers for.
func printAssessment(w io.Writer, learners []assessedLearner) error {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "learner\texam\tanswers\texpected score\tpasses\tverdict") // errors show at Flush
	for _, l := range learners {
		for _, e := range l.Certifications {
			if e.Verdict == readiness.TooEarly || !e.Offered {
				continue
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%.0f %% (%.0f–%.0f)\t%.0f %%\t%s\n",
				l.ID, e.Code, e.N, e.Percent, e.Low90, e.High90, 100*e.PassShown, e.Verdict.Label())
			for _, d := range e.Domains {
				score := "not enough answers"
				if d.Shown {
					score = fmt.Sprintf("%.0f %% (%.0f–%.0f)", d.Percent, d.Low90, d.High90)
				}
				_, _ = fmt.Fprintf(table, "\t  domain %s\t%d\t%s\t\t\n", d.ID, d.N, score)
			}
		}
	}
	return table.Flush()
}
