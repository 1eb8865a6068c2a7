package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"sextant/internal/account"
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
	// One transaction, so that a bank and its questions are of one moment.
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Where("withdrawn_at = 0").Order("id").Find(&rows).Error; err != nil {
			return err
		}
		if err := tx.Order("bank_id, added_at, person_id").Find(&members).Error; err != nil {
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
				ID: exam.BankID(r.ID), Title: r.Title, Description: r.Description, Owner: r.Owner, Members: writers[r.ID],
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

// SaveBank satisfies library.Store.
func (s *Store) SaveBank(ctx context.Context, b library.Stored, reset bool, actor string) (err error) {
	defer fault.Op(&err, "store.SaveBank")
	return s.change(ctx, func(tx *gorm.DB) error {
		id := string(b.ID)
		saved := tx.Exec(`INSERT INTO banks (id, title, owner, counts, visibility, added_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at, withdrawn_at = 0, counts = counts AND NOT ?
			WHERE owner = excluded.owner`, id, b.Title, b.Owner, b.Counts, string(b.Visibility), millis(b.Added), millis(b.Updated), reset)
		if saved.Error != nil {
			return saved.Error
		}
		if saved.RowsAffected == 0 {
			return fault.Conflict("The bank %q belongs to somebody else by now. Give yours another title.", b.Title)
		}
		if err := s.replaceQuestions(tx, b, account.PersonID(actor)); err != nil {
			return err
		}
		if err := bumpBanks(tx); err != nil {
			return err
		}
		return s.audit(tx, actor, "save_bank", id)
	})
}

// replaceQuestions publishes a bank's questions as they are now, with a new
// version where one changed, and retires those it has no more.
func (s *Store) replaceQuestions(tx *gorm.DB, b library.Stored, actor account.PersonID) error {
	if err := tx.Exec("UPDATE questions SET retired_at = ? WHERE bank_id = ? AND retired_at = 0", millis(s.now()), string(b.ID)).Error; err != nil {
		return err
	}
	for place, q := range b.Questions {
		if err := s.publishQuestion(tx, b, q, place, actor); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) publishQuestion(tx *gorm.DB, b library.Stored, q *exam.Question, place int, actor account.PersonID) error {
	found, err := item(tx, q.ID)
	if fault.KindOf(err) == fault.KindNotFound {
		return s.insertItem(tx, &authoring.Item{
			ID: q.ID, Bank: b.ID, Place: place, Author: account.PersonID(b.Owner), Version: 1, Published: q, Created: b.Updated, Updated: b.Updated,
		}, actor)
	}
	if err != nil {
		return err
	}
	if found.Bank != b.ID {
		return fault.Conflict("The id %s is taken by another bank. Nothing was added.", q.ID)
	}
	return s.changeItem(tx, q.ID, actor, func(i *authoring.Item) (string, error) {
		i.Place, i.Retired = place, time.Time{}
		if i.Published == nil || i.Published.Revision != q.Revision {
			i.Version++
			i.Updated = b.Updated
		}
		i.Published, i.Draft, i.Review = q, nil, false
		i.DraftSeq++
		return "", nil
	})
}

// SetBankCounts satisfies library.Store.
func (s *Store) SetBankCounts(ctx context.Context, id exam.BankID, counts bool, actor string) (err error) {
	defer fault.Op(&err, "store.SetBankCounts")
	return s.changeBank(ctx, id, actor, fmt.Sprintf("bank_counts:%t", counts), func(tx *gorm.DB) *gorm.DB {
		return tx.Exec("UPDATE banks SET counts = ? WHERE id = ? AND withdrawn_at = 0", counts, string(id))
	})
}

// RemoveBank satisfies library.Store.
func (s *Store) RemoveBank(ctx context.Context, id exam.BankID, actor string) (err error) {
	defer fault.Op(&err, "store.RemoveBank")
	return s.changeBank(ctx, id, actor, "remove_bank", func(tx *gorm.DB) *gorm.DB {
		return tx.Exec("UPDATE banks SET withdrawn_at = ?, counts = 0 WHERE id = ? AND withdrawn_at = 0", millis(s.now()), string(id))
	})
}

func (s *Store) changeBank(ctx context.Context, id exam.BankID, actor, action string, change func(*gorm.DB) *gorm.DB) error {
	return s.change(ctx, func(tx *gorm.DB) error {
		result := change(tx)
		if result.Error != nil {
			return result.Error
		}
		if result.RowsAffected == 0 {
			return fault.NotFound("There is no bank %q.", id)
		}
		if err := bumpBanks(tx); err != nil {
			return err
		}
		return s.audit(tx, actor, action, string(id))
	})
}
