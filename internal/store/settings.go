package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sextant/internal/account"
	"sextant/internal/fault"
)

type settingRow struct {
	Key   string `gorm:"primaryKey"`
	Value string
}

func (settingRow) TableName() string { return "settings" }

const (
	secretSetting = "token_secret"
	setupSetting  = "setup_token_hash"
	secretBytes   = 32
)

// TokenSecret returns the secret that signs tokens, making one the first time.
// It lives in the database so that several servers share it.
func (s *Store) TokenSecret(ctx context.Context) (_ []byte, err error) {
	defer fault.Op(&err, "store.TokenSecret")
	fresh := make([]byte, secretBytes)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	var row settingRow
	err = s.change(ctx, func(tx *gorm.DB) error {
		first := settingRow{Key: secretSetting, Value: hex.EncodeToString(fresh)}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&first).Error; err != nil {
			return err
		}
		return tx.Where("key = ?", secretSetting).Take(&row).Error
	})
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(row.Value)
	if err != nil {
		return nil, fmt.Errorf("reading the token secret: %w", err)
	}
	return secret, nil
}

// OfferSetup keeps the hash of a one-time token with which the first admin can
// be made, and reports whether one is needed: false when there is an admin.
func (s *Store) OfferSetup(ctx context.Context, tokenHash string) (needed bool, err error) {
	defer fault.Op(&err, "store.OfferSetup")
	err = s.change(ctx, func(tx *gorm.DB) error {
		admin, err := hasAdmin(tx)
		if err != nil || admin {
			return err
		}
		needed = true
		return tx.Save(&settingRow{Key: setupSetting, Value: tokenHash}).Error
	})
	return needed, err
}

func hasAdmin(tx *gorm.DB) (bool, error) {
	var n int64
	err := tx.Model(&personRow{}).Where("role = ?", string(account.Admin)).Count(&n).Error
	return n > 0, err
}

// SetupOpen satisfies account.Store.
func (s *Store) SetupOpen(ctx context.Context, tokenHash string) (open bool, err error) {
	defer fault.Op(&err, "store.SetupOpen")
	var n int64
	err = s.reader(ctx).Model(&settingRow{}).Where("key = ? AND value = ?", setupSetting, tokenHash).Count(&n).Error
	return n > 0, err
}

// ClaimSetup satisfies account.Store.
func (s *Store) ClaimSetup(ctx context.Context, tokenHash string, p *account.Person) (err error) {
	defer fault.Op(&err, "store.ClaimSetup")
	return s.change(ctx, func(tx *gorm.DB) error {
		admin, err := hasAdmin(tx)
		if err != nil {
			return err
		}
		used := tx.Where("key = ? AND value = ?", setupSetting, tokenHash).Delete(&settingRow{})
		if used.Error != nil {
			return used.Error
		}
		if admin || used.RowsAffected == 0 {
			return fault.Forbidden("This set-up link is no longer good. An admin can be made with: sextant user create --role admin")
		}
		return s.createPerson(tx, p)
	})
}
