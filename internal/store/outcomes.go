package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/outcome"
)

type examResultRow struct {
	ID       string `gorm:"primaryKey"`
	PersonID string
	Exam     string
	TakenOn  string
	Passed   bool
	Score    int
	Expected string
	ToldAt   int64
}

func (examResultRow) TableName() string { return "exam_results" }

func (r *examResultRow) toDomain() (outcome.Result, error) {
	result := outcome.Result{
		ID: outcome.ID(r.ID), Person: r.PersonID, Exam: exam.Code(r.Exam), Passed: r.Passed, Score: r.Score, Told: fromMillis(r.ToldAt),
	}
	var err error
	if result.Taken, err = time.Parse(time.DateOnly, r.TakenOn); err != nil {
		return result, fmt.Errorf("reading the day of result %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Expected), &result.Expected); err != nil {
		return result, fmt.Errorf("reading what was expected of result %s: %w", r.ID, err)
	}
	return result, nil
}

// KeepResult satisfies progress.Store.
func (s *Store) KeepResult(ctx context.Context, r *outcome.Result) (err error) {
	defer fault.Op(&err, "store.KeepResult")
	expected, err := json.Marshal(r.Expected)
	if err != nil {
		return err
	}
	row := examResultRow{
		ID: string(r.ID), PersonID: r.Person, Exam: string(r.Exam), TakenOn: r.Taken.Format(time.DateOnly),
		Passed: r.Passed, Score: r.Score, Expected: string(expected), ToldAt: millis(r.Told),
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		kept := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if kept.Error == nil && kept.RowsAffected == 0 {
			return fault.Conflict("You told of %s on that day already. Take that back first, then tell it again; nothing was changed.", r.Exam)
		}
		return kept.Error
	})
}

// withdrawn stands in a row that was taken back for its exam, which the schema wants
// named: which exam somebody sat is part of what they told.
const withdrawn = "-"

// WithdrawResult satisfies progress.Store. The row stays, without what was told.
func (s *Store) WithdrawResult(ctx context.Context, person account.PersonID, id outcome.ID) (err error) {
	defer fault.Op(&err, "store.WithdrawResult(%s)", id)
	return s.change(ctx, func(tx *gorm.DB) error {
		result := tx.Exec(`UPDATE exam_results SET withdrawn_at = ?, exam = ?, taken_on = '', passed = 0, score = 0, expected = '{}'
			WHERE id = ? AND person_id = ? AND withdrawn_at = 0`, millis(s.now()), withdrawn, string(id), string(person))
		if result.Error == nil && result.RowsAffected == 0 {
			return fault.NotFound("There is no such result, or it was taken back already.")
		}
		return result.Error
	})
}

// ResultsOf satisfies progress.Store.
func (s *Store) ResultsOf(ctx context.Context, person account.PersonID) (_ []outcome.Result, err error) {
	defer fault.Op(&err, "store.ResultsOf")
	return results(s.reader(ctx).Where("person_id = ? AND withdrawn_at = 0", string(person)).Order("taken_on DESC, told_at DESC, id"))
}

// ToldResults satisfies progress.Store and library.Store.
func (s *Store) ToldResults(ctx context.Context) (_ []outcome.Result, err error) {
	defer fault.Op(&err, "store.ToldResults")
	return results(s.reader(ctx).Where("withdrawn_at = 0 AND person_id IN (SELECT id FROM people WHERE role <> 'guest')").Order("told_at, id"))
}

func results(which *gorm.DB) ([]outcome.Result, error) {
	var rows []examResultRow
	if err := which.Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]outcome.Result, len(rows))
	for i := range rows {
		var err error
		if list[i], err = rows[i].toDomain(); err != nil {
			return nil, err
		}
	}
	return list, nil
}
