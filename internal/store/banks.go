package store

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
)

type bankRow struct {
	ID        string `gorm:"primaryKey"`
	Title     string
	Owner     string
	Counts    bool
	AddedAt   int64
	UpdatedAt int64 `gorm:"autoUpdateTime:false"`
}

func (bankRow) TableName() string { return "banks" }

type bankFileRow struct {
	BankID string `gorm:"primaryKey"`
	Place  int    `gorm:"primaryKey;autoIncrement:false"`
	Name   string
	Data   []byte
}

func (bankFileRow) TableName() string { return "bank_files" }

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
	var files []bankFileRow
	// One transaction, so that a bank and its files are of one moment.
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Order("id").Find(&rows).Error; err != nil {
			return err
		}
		return tx.Order("bank_id, place").Find(&files).Error
	})
	if err != nil {
		return nil, err
	}
	byBank := map[string][]bank.File{}
	for _, f := range files {
		byBank[f.BankID] = append(byBank[f.BankID], bank.File{Name: f.Name, Data: f.Data})
	}
	stored := make([]library.Stored, len(rows))
	for i, r := range rows {
		stored[i] = library.Stored{
			Meta: library.Meta{
				ID: exam.BankID(r.ID), Title: r.Title, Owner: r.Owner, Counts: r.Counts,
				Added: fromMillis(r.AddedAt), Updated: fromMillis(r.UpdatedAt),
			},
			Files: byBank[r.ID],
		}
	}
	return stored, nil
}

// SaveBank satisfies library.Store.
func (s *Store) SaveBank(ctx context.Context, b library.Stored, reset bool, actor string) (err error) {
	defer fault.Op(&err, "store.SaveBank")
	return s.change(ctx, func(tx *gorm.DB) error {
		id := string(b.ID)
		saved := tx.Exec(`INSERT INTO banks (id, title, owner, counts, added_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at, counts = counts AND NOT ?
			WHERE owner = excluded.owner`, id, b.Title, b.Owner, b.Counts, millis(b.Added), millis(b.Updated), reset)
		if saved.Error != nil {
			return saved.Error
		}
		if saved.RowsAffected == 0 {
			return fault.Conflict("The bank %q belongs to somebody else by now. Give yours another title.", b.Title)
		}
		if err := tx.Where("bank_id = ?", id).Delete(&bankFileRow{}).Error; err != nil {
			return err
		}
		for i, f := range b.Files {
			file := bankFileRow{BankID: id, Place: i, Name: f.Name, Data: f.Data}
			if err := tx.Create(&file).Error; err != nil {
				return err
			}
		}
		if err := bumpBanks(tx); err != nil {
			return err
		}
		return s.audit(tx, actor, "save_bank", id)
	})
}

// SetBankCounts satisfies library.Store.
func (s *Store) SetBankCounts(ctx context.Context, id exam.BankID, counts bool, actor string) (err error) {
	defer fault.Op(&err, "store.SetBankCounts")
	return s.changeBank(ctx, id, actor, fmt.Sprintf("bank_counts:%t", counts), func(tx *gorm.DB) *gorm.DB {
		return tx.Exec("UPDATE banks SET counts = ? WHERE id = ?", counts, string(id))
	})
}

// RemoveBank satisfies library.Store.
func (s *Store) RemoveBank(ctx context.Context, id exam.BankID, actor string) (err error) {
	defer fault.Op(&err, "store.RemoveBank")
	return s.changeBank(ctx, id, actor, "remove_bank", func(tx *gorm.DB) *gorm.DB {
		return tx.Exec("DELETE FROM banks WHERE id = ?", string(id))
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
