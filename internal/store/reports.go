package store

import (
	"context"

	"gorm.io/gorm"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

type reportRow struct {
	ID         int64 `gorm:"primaryKey"`
	PersonID   string
	QuestionID string
	Revision   string
	Text       string
	At         int64
	Answer     string
	AnsweredBy string
	AnsweredAt int64
	Note       string
	ResolvedBy string
	ResolvedAt int64
}

func (reportRow) TableName() string { return "problem_reports" }

func (r *reportRow) toDomain() authoring.Report {
	return authoring.Report{
		ID: r.ID, Person: account.PersonID(r.PersonID), Question: exam.QuestionID(r.QuestionID), Revision: r.Revision, Text: r.Text, At: fromMillis(r.At),
		Answer: r.Answer, AnsweredBy: account.PersonID(r.AnsweredBy), Answered: fromMillis(r.AnsweredAt),
		Note: r.Note, ResolvedBy: account.PersonID(r.ResolvedBy), Resolved: fromMillis(r.ResolvedAt),
	}
}

// reportsOf are the reports that a scope lets see.
func reportsOf(tx *gorm.DB, scope authoring.ReportScope) *gorm.DB {
	query := tx.Table("problem_reports").Joins("LEFT JOIN questions ON questions.id = problem_reports.question_id")
	if scope.All {
		return query
	}
	banks := make([]string, len(scope.Banks))
	for i, id := range scope.Banks {
		banks[i] = string(id)
	}
	return query.Where("questions.bank_id IN ?", banks)
}

// openOrNot narrows reports to those that are done with, or to the others.
func openOrNot(query *gorm.DB, resolved bool) *gorm.DB {
	if resolved {
		return query.Where("problem_reports.resolved_at > 0")
	}
	return query.Where("problem_reports.resolved_at = 0")
}

// CountReports satisfies authoring.ReportStore.
func (s *Store) CountReports(ctx context.Context, scope authoring.ReportScope) (_ int, err error) {
	defer fault.Op(&err, "store.CountReports")
	var n int64
	err = openOrNot(reportsOf(s.reader(ctx), scope), false).Count(&n).Error
	return int(n), err
}

// bankOfReported is the bank of a reported question: what isn't kept here is
// embedded.
const bankOfReported = "COALESCE(questions.bank_id, '" + string(exam.BuiltIn) + "')"

// Reports satisfies authoring.ReportStore.
func (s *Store) Reports(ctx context.Context, scope authoring.ReportScope, f authoring.ReportFilter) (_ []authoring.Reported, total int, err error) {
	defer fault.Op(&err, "store.Reports")
	query := openOrNot(reportsOf(s.reader(ctx), scope), f.Resolved)
	if f.Bank != "" {
		query = query.Where(bankOfReported+" = ?", string(f.Bank))
	}
	if f.Question != "" {
		query = query.Where("problem_reports.question_id = ?", string(f.Question))
	}
	var count int64
	if err := query.Session(&gorm.Session{}).Distinct("problem_reports.question_id").Count(&count).Error; err != nil {
		return nil, 0, err
	}
	order := "count(*) DESC, max(problem_reports.at) DESC, problem_reports.question_id"
	if f.Newest {
		order = "max(problem_reports.at) DESC, problem_reports.question_id"
	}
	var groups []struct {
		QuestionID, BankID string
		RetiredAt          int64
	}
	page := query.Session(&gorm.Session{}).Select("problem_reports.question_id, " + bankOfReported + " AS bank_id, COALESCE(questions.retired_at, 0) AS retired_at").
		Group("problem_reports.question_id").Order(order).Offset(f.Offset)
	if f.Limit > 0 {
		page = page.Limit(f.Limit)
	}
	if err := page.Scan(&groups).Error; err != nil {
		return nil, 0, err
	}
	questions := make([]authoring.Reported, len(groups))
	for i, g := range groups {
		questions[i] = authoring.Reported{Question: exam.QuestionID(g.QuestionID), Bank: exam.BankID(g.BankID), Retired: g.RetiredAt > 0}
		var rows []reportRow
		err := openOrNot(s.reader(ctx).Where("question_id = ?", g.QuestionID), f.Resolved).Order("at DESC, id DESC").Find(&rows).Error
		if err != nil {
			return nil, 0, err
		}
		for j := range rows {
			questions[i].Reports = append(questions[i].Reports, rows[j].toDomain())
		}
	}
	return questions, int(count), nil
}

// Report satisfies authoring.ReportStore.
func (s *Store) Report(ctx context.Context, id int64) (_ *authoring.Report, err error) {
	defer fault.Op(&err, "store.Report(%d)", id)
	row, err := report(s.reader(ctx), id)
	if err != nil {
		return nil, err
	}
	r := row.toDomain()
	return &r, nil
}

func report(tx *gorm.DB, id int64) (*reportRow, error) {
	var row reportRow
	if err := tx.Where("id = ?", id).Take(&row).Error; err != nil {
		if notFound(err) {
			return nil, fault.NotFound("There is no report %d.", id)
		}
		return nil, err
	}
	return &row, nil
}

// ChangeReport satisfies authoring.ReportStore.
func (s *Store) ChangeReport(ctx context.Context, id int64, actor account.PersonID, action string, change func(*authoring.Report) error) (err error) {
	defer fault.Op(&err, "store.ChangeReport(%d)", id)
	return s.change(ctx, func(tx *gorm.DB) error {
		row, err := report(tx, id)
		if err != nil {
			return err
		}
		r := row.toDomain()
		if err := change(&r); err != nil {
			return err
		}
		row.Answer, row.AnsweredBy, row.AnsweredAt = r.Answer, string(r.AnsweredBy), millis(r.Answered)
		row.Note, row.ResolvedBy, row.ResolvedAt = r.Note, string(r.ResolvedBy), millis(r.Resolved)
		if err := tx.Save(row).Error; err != nil {
			return err
		}
		return s.audit(tx, string(actor), action, row.QuestionID)
	})
}

// ReportsBy satisfies authoring.ReportStore.
func (s *Store) ReportsBy(ctx context.Context, person account.PersonID) (_ []authoring.Report, err error) {
	defer fault.Op(&err, "store.ReportsBy")
	var rows []reportRow
	if err := s.reader(ctx).Where("person_id = ?", string(person)).Order("answered_at DESC, at DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	reports := make([]authoring.Report, len(rows))
	for i := range rows {
		reports[i] = rows[i].toDomain()
	}
	return reports, nil
}
