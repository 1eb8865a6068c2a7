package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"sextant/internal/authoring"
	"sextant/internal/bank"
	"sextant/internal/exam"
)

// goMigrations are those that SQL alone can't do.
func goMigrations() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(7, &goose.GoFunc{RunTx: filesToQuestions}, nil),
	}
}

// filesToQuestions gives every question of the banks that were kept as files a
// row of its own, published as its first version.
func filesToQuestions(ctx context.Context, tx *sql.Tx) error {
	files, order, err := bankFiles(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range order {
		// Files were accepted when they were added; should the format refuse one by
		// now, its good questions go on being served.
		parsed, _ := bank.ParseFiles(files[id], id)
		for place, q := range parsed.Questions {
			if err := fileToQuestion(ctx, tx, id, place, q); err != nil {
				return fmt.Errorf("question %s of bank %s: %w", q.ID, id, err)
			}
		}
	}
	_, err = tx.ExecContext(ctx, "DROP TABLE bank_files")
	return err
}

func bankFiles(ctx context.Context, tx *sql.Tx) (files map[exam.BankID][]bank.File, order []exam.BankID, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT bank_id, name, data FROM bank_files ORDER BY bank_id, place")
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }() // read to the end below, or failed already
	files = map[exam.BankID][]bank.File{}
	for rows.Next() {
		var id exam.BankID
		var f bank.File
		if err := rows.Scan(&id, &f.Name, &f.Data); err != nil {
			return nil, nil, err
		}
		if _, seen := files[id]; !seen {
			order = append(order, id)
		}
		files[id] = append(files[id], f)
	}
	return files, order, rows.Err()
}

func fileToQuestion(ctx context.Context, tx *sql.Tx, id exam.BankID, place int, q *exam.Question) error {
	q.File, q.Line = "", 0
	body, err := encodeQuestion(q)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO questions (id, bank_id, place, author, version, revision, body, title, search, type, platform, skill, difficulty, tags, created_at, updated_at)
		SELECT ?, id, ?, owner, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, added_at, updated_at FROM banks WHERE id = ?`,
		string(q.ID), place, q.Revision, body, firstRunes(q.Ask, maxListed), authoring.SearchText(q),
		string(q.Type), string(q.Platform), string(q.Skill), q.Difficulty, tagList(q.Tags), string(id))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO question_versions (question_id, version, revision, body, published_by, published_at)
		SELECT ?, 1, ?, ?, owner, updated_at FROM banks WHERE id = ?`, string(q.ID), q.Revision, body, string(id))
	return err
}
