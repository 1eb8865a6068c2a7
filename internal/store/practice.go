package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
)

type markRow struct {
	PersonID   string `gorm:"primaryKey"`
	QuestionID string `gorm:"primaryKey"`
	Flagged    bool
	Note       string
	UpdatedAt  int64 `gorm:"autoUpdateTime:false"`
}

func (markRow) TableName() string { return "marks" }

type problemRow struct {
	ID         int64 `gorm:"primaryKey"`
	PersonID   string
	QuestionID string
	Revision   string
	Text       string
	At         int64
}

func (problemRow) TableName() string { return "problem_reports" }

// Marks satisfies sitting.PracticeStore.
func (s *Store) Marks(ctx context.Context, person account.PersonID) (_ map[exam.QuestionID]sitting.Mark, err error) {
	defer fault.Op(&err, "store.Marks")
	var rows []markRow
	if err := s.reader(ctx).Where("person_id = ?", string(person)).Find(&rows).Error; err != nil {
		return nil, err
	}
	marks := make(map[exam.QuestionID]sitting.Mark, len(rows))
	for _, row := range rows {
		marks[exam.QuestionID(row.QuestionID)] = sitting.Mark{Flagged: row.Flagged, Note: row.Note}
	}
	return marks, nil
}

// SaveMark satisfies sitting.PracticeStore.
func (s *Store) SaveMark(ctx context.Context, person account.PersonID, question exam.QuestionID, mark sitting.Mark) (err error) {
	defer fault.Op(&err, "store.SaveMark")
	return s.change(ctx, func(tx *gorm.DB) error { return saveMark(tx, person, question, mark, s.now()) })
}

func saveMark(tx *gorm.DB, person account.PersonID, question exam.QuestionID, mark sitting.Mark, now time.Time) error {
	row := markRow{PersonID: string(person), QuestionID: string(question), Flagged: mark.Flagged, Note: mark.Note, UpdatedAt: millis(now)}
	if mark == (sitting.Mark{}) {
		return tx.Delete(&row).Error
	}
	return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Problems lists what people said is wrong with questions, newest first.
func (s *Store) Problems(ctx context.Context) (_ []sitting.Problem, err error) {
	defer fault.Op(&err, "store.Problems")
	var rows []problemRow
	if err := s.reader(ctx).Order("at DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	problems := make([]sitting.Problem, len(rows))
	for i, r := range rows {
		problems[i] = sitting.Problem{
			Person: account.PersonID(r.PersonID), Question: exam.QuestionID(r.QuestionID), Revision: r.Revision,
			Text: r.Text, At: fromMillis(r.At),
		}
	}
	return problems, nil
}

// ReportProblem satisfies sitting.PracticeStore.
func (s *Store) ReportProblem(ctx context.Context, p sitting.Problem) (err error) {
	defer fault.Op(&err, "store.ReportProblem")
	row := problemRow{PersonID: string(p.Person), QuestionID: string(p.Question), Revision: p.Revision, Text: p.Text, At: millis(p.At)}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return s.audit(tx, row.PersonID, "report_problem", row.QuestionID)
	})
}
