package authoring

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Report is what somebody says is wrong with a question, and what became of it.
type Report struct {
	ID       int64
	Person   account.PersonID
	Question exam.QuestionID
	Revision string // as it was asked
	Text     string
	At       time.Time

	Answer     string // to the reporter, who reads it; "" while there is none
	AnsweredBy account.PersonID
	Answered   time.Time // zero while there is none

	Note       string // among those who look after the question
	ResolvedBy account.PersonID
	Resolved   time.Time // zero while something is left to do
}

// ReportFilter says which reports a queue shows, by question.
type ReportFilter struct {
	Resolved bool            // those that are done with, instead of the others
	Bank     exam.BankID     // "" for all
	Question exam.QuestionID // "" for all
	Newest   bool            // by the latest report; else the most reported first
	Limit    int             // questions; 0 for all
	Offset   int
}

// ReportScope is whose questions' reports somebody sees.
type ReportScope struct {
	All   bool          // of every question, the embedded bank's too
	Banks []exam.BankID // else of these banks'
}

// Reported is a question with its reports, the newest first.
type Reported struct {
	Question exam.QuestionID
	Bank     exam.BankID // BuiltIn for those of the embedded bank
	Retired  bool
	Reports  []Report
}

// ReportStore is where reports are kept.
type ReportStore interface {
	// Reports lists the questions that have reports of a kind, and how many there
	// are in all.
	Reports(ctx context.Context, scope ReportScope, f ReportFilter) (questions []Reported, total int, err error)
	// CountReports counts the reports in which something is left to do.
	CountReports(ctx context.Context, scope ReportScope) (int, error)
	// Report returns fault.KindNotFound when there is none.
	Report(ctx context.Context, id int64) (*Report, error)
	// ChangeReport lets change alter what became of a report; an error leaves it as
	// it was.
	ChangeReport(ctx context.Context, id int64, actor account.PersonID, action string, change func(*Report) error) error
	// ReportsBy lists a person's own reports, the latest answered first.
	ReportsBy(ctx context.Context, person account.PersonID) ([]Report, error)
}

// reportScope is whose questions' reports somebody may see.
func (s *Service) reportScope(ctx context.Context, a Actor) (ReportScope, error) {
	switch {
	case a.admin():
		return ReportScope{All: true}, nil
	case !a.Role.Includes(account.Instructor):
		return ReportScope{}, fault.Forbidden("Reports are for those who look after questions.")
	}
	banks, err := s.Banks(ctx, a)
	if err != nil {
		return ReportScope{}, err
	}
	var scope ReportScope
	for i := range banks {
		scope.Banks = append(scope.Banks, banks[i].ID)
	}
	return scope, nil
}

// Reports lists the reported questions of the banks that somebody writes in and,
// for admins, of the embedded one.
func (s *Service) Reports(ctx context.Context, a Actor, reports ReportStore, f ReportFilter) (_ []Reported, total int, err error) {
	defer fault.Op(&err, "authoring.Reports")
	scope, err := s.reportScope(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	return reports.Reports(ctx, scope, f)
}

// OpenReports counts the reports in which somebody has something left to do.
func (s *Service) OpenReports(ctx context.Context, a Actor, reports ReportStore) (_ int, err error) {
	defer fault.Op(&err, "authoring.OpenReports")
	scope, err := s.reportScope(ctx, a)
	if err != nil {
		return 0, err
	}
	return reports.CountReports(ctx, scope)
}

// errNoReport answers anybody who doesn't look after the question as if nothing
// had been reported.
var errNoReport = fault.NotFound("There is no such report, or its question isn't yours to look after.")

// Report returns a report for those who look after its question.
func (s *Service) Report(ctx context.Context, a Actor, reports ReportStore, id int64) (_ *Report, err error) {
	defer fault.Op(&err, "authoring.Report(%d)", id)
	r, err := reports.Report(ctx, id)
	switch {
	case fault.KindOf(err) == fault.KindNotFound:
		return nil, errNoReport
	case err != nil:
		return nil, err
	}
	if a.admin() {
		return r, nil
	}
	if s.builtin(r.Question) {
		return nil, errNoReport
	}
	_, _, err = s.Question(ctx, a, r.Question)
	if fault.KindOf(err) == fault.KindNotFound {
		return nil, errNoReport
	}
	return r, err
}

// AnswerReport tells the reporter what is to be said of it. An answer can be
// given anew; the reporter sees the latest.
func (s *Service) AnswerReport(ctx context.Context, a Actor, reports ReportStore, id int64, text string) (err error) {
	defer fault.Op(&err, "authoring.AnswerReport(%d)", id)
	if text = strings.TrimSpace(text); text == "" {
		return fault.Invalid("Write the answer that its reporter will read.")
	}
	return s.changeReport(ctx, a, reports, id, "answer_report", text, func(r *Report) {
		r.Answer, r.AnsweredBy, r.Answered = text, a.ID, s.now()
	})
}

// ResolveReport marks a report as done with; the note, which may be empty, is
// for those who look after the question.
func (s *Service) ResolveReport(ctx context.Context, a Actor, reports ReportStore, id int64, note string) (err error) {
	defer fault.Op(&err, "authoring.ResolveReport(%d)", id)
	note = strings.TrimSpace(note)
	return s.changeReport(ctx, a, reports, id, "resolve_report", note, func(r *Report) {
		r.Note, r.ResolvedBy, r.Resolved = note, a.ID, s.now()
	})
}

// ReopenReport puts a report back into the queue; its note stays.
func (s *Service) ReopenReport(ctx context.Context, a Actor, reports ReportStore, id int64) (err error) {
	defer fault.Op(&err, "authoring.ReopenReport(%d)", id)
	return s.changeReport(ctx, a, reports, id, "reopen_report", "", func(r *Report) {
		r.ResolvedBy, r.Resolved = "", time.Time{}
	})
}

func (s *Service) changeReport(ctx context.Context, a Actor, reports ReportStore, id int64, action, text string, change func(*Report)) error {
	if utf8.RuneCountInString(text) > MaxComment {
		return fault.Invalid("That can have %d characters at most.", MaxComment)
	}
	if _, err := s.Report(ctx, a, reports, id); err != nil {
		return err
	}
	return reports.ChangeReport(ctx, id, a.ID, action, func(r *Report) error {
		change(r)
		return nil
	})
}

// RetireReported takes the question of a report out of use.
func (s *Service) RetireReported(ctx context.Context, a Actor, reports ReportStore, id int64) (err error) {
	defer fault.Op(&err, "authoring.RetireReported(%d)", id)
	r, err := s.Report(ctx, a, reports, id)
	if err != nil {
		return err
	}
	if s.builtin(r.Question) {
		return fault.Conflict("A question that comes with the program can't be retired here. Report it to those who maintain the bank.")
	}
	return s.Retire(ctx, a, []exam.QuestionID{r.Question})
}
