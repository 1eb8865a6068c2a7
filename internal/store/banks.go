package store

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
)

type bankRow struct {
	ID          string `gorm:"primaryKey"`
	Title       string
	Description string
	Owner       string
	Visibility  string
	Counts      bool
	AddedAt     int64
	UpdatedAt   int64 `gorm:"autoUpdateTime:false"`
	WithdrawnAt int64
}

func (bankRow) TableName() string { return "banks" }

// BanksRevision satisfies library.Store.
func (s *Store) BanksRevision(ctx context.Context) (_ int64, err error) {
	defer fault.Op(&err, "store.BanksRevision")
	var text string
	if err := s.reader(ctx).Raw("SELECT value FROM settings WHERE key = 'banks_revision'").Row().Scan(&text); err != nil {
		return 0, err
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading the banks' revision: %w", err)
	}
	return revision, nil
}

func bumpBanks(tx *gorm.DB) error {
	return tx.Exec("UPDATE settings SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'banks_revision'").Error
}

// Banks satisfies library.Store.
func (s *Store) Banks(ctx context.Context) (_ []library.Stored, err error) {
	defer fault.Op(&err, "store.Banks")
	var rows []bankRow
	var members []bankMemberRow
	var bodies []struct{ BankID, Body string }
	var readers map[string][]string
	// One transaction, so that a bank and its questions are of one moment.
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Where("withdrawn_at = 0").Order("id").Find(&rows).Error; err != nil {
			return err
		}
		if err := tx.Order("bank_id, added_at, person_id").Find(&members).Error; err != nil {
			return err
		}
		if readers, err = classReaders(tx); err != nil {
			return err
		}
		return tx.Raw("SELECT bank_id, body FROM questions WHERE version > 0 AND retired_at = 0 ORDER BY bank_id, place").Scan(&bodies).Error
	})
	if err != nil {
		return nil, err
	}
	byBank := map[string][]*exam.Question{}
	cases := map[exam.StimulusID]*exam.Stimulus{}
	for _, b := range bodies {
		q, err := decodeQuestion(b.Body)
		if err != nil {
			return nil, err
		}
		q.Stimulus = shared(cases, q.Stimulus)
		byBank[b.BankID] = append(byBank[b.BankID], q)
	}
	writers := map[string][]string{}
	for _, m := range members {
		writers[m.BankID] = append(writers[m.BankID], m.PersonID)
	}
	stored := make([]library.Stored, len(rows))
	for i, r := range rows {
		stored[i] = library.Stored{
			Meta: library.Meta{
				ID: exam.BankID(r.ID), Title: r.Title, Description: r.Description, Owner: r.Owner, Members: writers[r.ID], Learners: readers[r.ID],
				Counts: r.Counts, Visibility: authoring.Visibility(r.Visibility), Added: fromMillis(r.AddedAt), Updated: fromMillis(r.UpdatedAt),
			},
			Questions: byBank[r.ID],
		}
	}
	return stored, nil
}

// shared makes the questions of a case set share one stimulus again.
func shared(cases map[exam.StimulusID]*exam.Stimulus, s *exam.Stimulus) *exam.Stimulus {
	if s == nil {
		return nil
	}
	if first, ok := cases[s.ID]; ok && *first == *s {
		return first
	}
	cases[s.ID] = s
	return s
}
