package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sextant/internal/account"
	"sextant/internal/fault"
	"sextant/internal/recommend"
)

type personRow struct {
	ID           string `gorm:"primaryKey"`
	Email        *string
	Name         string
	Role         string
	PasswordHash string
	Version      int
	CreatedAt    int64  `gorm:"autoCreateTime:false"`
	Settings     string `gorm:"->"` // written by SaveSettings alone
}

func (personRow) TableName() string { return "people" }

func personToRow(p *account.Person) personRow {
	row := personRow{ID: string(p.ID), Name: p.Name, Role: string(p.Role), PasswordHash: p.Hash, Version: p.Version, CreatedAt: millis(p.Created)}
	if p.Email != "" {
		row.Email = &p.Email
	}
	return row
}

func (r personRow) toDomain() *account.Person {
	p := &account.Person{
		ID: account.PersonID(r.ID), Name: r.Name, Role: account.Role(r.Role),
		Hash: r.PasswordHash, Version: r.Version, Created: fromMillis(r.CreatedAt),
	}
	if r.Email != nil {
		p.Email = *r.Email
	}
	// Settings that can't be read are as good as none: nobody should be kept from
	// signing in by the size of their text.
	_ = json.Unmarshal([]byte(r.Settings), &p.Settings)
	return p
}

// Person satisfies account.Store.
func (s *Store) Person(ctx context.Context, id account.PersonID) (*account.Person, error) {
	return s.person(ctx, "id = ?", string(id))
}

// PersonByEmail satisfies account.Store.
func (s *Store) PersonByEmail(ctx context.Context, email string) (*account.Person, error) {
	return s.person(ctx, "email = ?", email)
}

func (s *Store) person(ctx context.Context, where, value string) (_ *account.Person, err error) {
	defer fault.Op(&err, "store.Person")
	var row personRow
	err = s.reader(ctx).Where(where, value).Take(&row).Error
	if notFound(err) {
		return nil, fault.NotFound("There is no account %q.", value)
	}
	if err != nil {
		return nil, err
	}
	return row.toDomain(), nil
}

// People satisfies account.Store.
func (s *Store) People(ctx context.Context) (_ []account.Person, err error) {
	defer fault.Op(&err, "store.People")
	var rows []personRow
	if err := s.reader(ctx).Where("role <> 'guest'").Order("email").Find(&rows).Error; err != nil {
		return nil, err
	}
	people := make([]account.Person, len(rows))
	for i, row := range rows {
		people[i] = *row.toDomain()
	}
	return people, nil
}

// Names satisfies authoring.Store.
func (s *Store) Names(ctx context.Context, ids []account.PersonID) (_ map[account.PersonID]string, err error) {
	defer fault.Op(&err, "store.Names")
	var rows []personRow
	if err := s.reader(ctx).Select("id", "name").Where("id IN ? AND role <> 'guest'", ids).Find(&rows).Error; err != nil {
		return nil, err
	}
	names := make(map[account.PersonID]string, len(rows))
	for _, row := range rows {
		names[account.PersonID(row.ID)] = row.Name
	}
	return names, nil
}

// CreatePerson satisfies account.Store.
func (s *Store) CreatePerson(ctx context.Context, p *account.Person) (err error) {
	defer fault.Op(&err, "store.CreatePerson")
	return s.change(ctx, func(tx *gorm.DB) error { return s.createPerson(tx, p) })
}

func (s *Store) createPerson(tx *gorm.DB, p *account.Person) error {
	row := personToRow(p)
	if err := tx.Create(&row).Error; err != nil {
		return emailTaken(err, p.Email)
	}
	return s.audit(tx, string(p.ID), "create_person:"+string(p.Role), p.Email)
}

func emailTaken(err error, email string) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fault.Conflict("There is an account for %s already. Sign in instead, or use another address.", email)
	}
	return err
}

// Promote satisfies account.Store.
func (s *Store) Promote(ctx context.Context, p *account.Person) (err error) {
	defer fault.Op(&err, "store.Promote")
	return s.change(ctx, func(tx *gorm.DB) error {
		row := personToRow(p)
		result := tx.Model(&personRow{}).Where("id = ? AND role = 'guest'", row.ID).
			Select("email", "name", "role", "password_hash", "version").Updates(&row)
		if result.Error != nil {
			return emailTaken(result.Error, p.Email)
		}
		if result.RowsAffected == 0 {
			return fault.Conflict("What you did as a guest belongs to an account by now. Sign in to it.")
		}
		return s.audit(tx, row.ID, "sign_up", p.Email)
	})
}

// SetPassword satisfies account.Store.
func (s *Store) SetPassword(ctx context.Context, id account.PersonID, hash, actor, action string) (version int, err error) {
	defer fault.Op(&err, "store.SetPassword")
	err = s.change(ctx, func(tx *gorm.DB) error {
		row := tx.Raw("UPDATE people SET password_hash = ?, version = version + 1 WHERE id = ? AND role <> 'guest' RETURNING version", hash, string(id)).Row()
		if err := row.Scan(&version); err != nil {
			return accountGone(err)
		}
		return s.audit(tx, actor, action, string(id))
	})
	return version, err
}

// SetRole satisfies account.Store.
func (s *Store) SetRole(ctx context.Context, id account.PersonID, role account.Role, actor string) (err error) {
	defer fault.Op(&err, "store.SetRole")
	return s.change(ctx, func(tx *gorm.DB) error {
		result := tx.Exec("UPDATE people SET role = ? WHERE id = ? AND role <> 'guest'", string(role), string(id))
		if result.Error != nil {
			return result.Error
		}
		if result.RowsAffected == 0 {
			return accountGone(gorm.ErrRecordNotFound)
		}
		return s.audit(tx, actor, "set_role:"+string(role), string(id))
	})
}

func accountGone(err error) error {
	if notFound(err) {
		return fault.NotFound("This account no longer exists.")
	}
	return err
}

// MergeGuest satisfies account.Store.
func (s *Store) MergeGuest(ctx context.Context, guest, into account.PersonID) (err error) {
	defer fault.Op(&err, "store.MergeGuest")
	return s.change(ctx, func(tx *gorm.DB) error {
		var row personRow
		err := tx.Where("id = ? AND role = 'guest'", string(guest)).Take(&row).Error
		if notFound(err) {
			return nil // already merged, by another tab
		}
		if err != nil {
			return err
		}
		steps := []struct {
			sql  string
			args []any
		}{
			{"UPDATE sittings SET person_id = ? WHERE person_id = ?", []any{string(into), string(guest)}},
			// Of two marks on one question the account's own stays.
			{"UPDATE OR IGNORE marks SET person_id = ? WHERE person_id = ?", []any{string(into), string(guest)}},
			{"DELETE FROM marks WHERE person_id = ?", []any{string(guest)}},
			{"UPDATE problem_reports SET person_id = ? WHERE person_id = ?", []any{string(into), string(guest)}},
			// Of two results of one exam on one day the account's own stays.
			{"UPDATE OR IGNORE exam_results SET person_id = ? WHERE person_id = ?", []any{string(into), string(guest)}},
			{"DELETE FROM exam_results WHERE person_id = ?", []any{string(guest)}},
			{`UPDATE people SET profile = (SELECT profile FROM people WHERE id = ?)
			  WHERE id = ? AND profile = '{}'`, []any{string(guest), string(into)}},
			// A time zone may be the device's and says nothing of whether settings were made.
			{`UPDATE people SET settings = json_patch((SELECT settings FROM people WHERE id = ?), settings)
			  WHERE id = ? AND json_remove(settings, '$.zone') = '{}'`, []any{string(guest), string(into)}},
			{"DELETE FROM people WHERE id = ?", []any{string(guest)}},
		}
		if err := s.mergePlans(tx, guest, into); err != nil {
			return err
		}
		for _, step := range steps {
			if err := tx.Exec(step.sql, step.args...).Error; err != nil {
				return err
			}
		}
		if err := s.setAsideOlder(tx, into); err != nil {
			return err
		}
		return s.audit(tx, string(into), "merge_guest", string(guest))
	})
}

// SaveSettings satisfies account.Store.
func (s *Store) SaveSettings(ctx context.Context, id account.PersonID, settings account.Settings) (err error) {
	defer fault.Op(&err, "store.SaveSettings")
	text, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE people SET settings = ? WHERE id = ?", string(text), string(id)).Error
	})
}

// Profile returns what a person said about their situation.
func (s *Store) Profile(ctx context.Context, id account.PersonID) (_ recommend.Situation, err error) {
	defer fault.Op(&err, "store.Profile")
	var text string
	if err := s.reader(ctx).Raw("SELECT profile FROM people WHERE id = ?", string(id)).Row().Scan(&text); err != nil {
		if notFound(err) {
			return recommend.Situation{}, nil
		}
		return recommend.Situation{}, err
	}
	var situation recommend.Situation
	if err := json.Unmarshal([]byte(text), &situation); err != nil {
		return recommend.Situation{}, fmt.Errorf("reading profile: %w", err)
	}
	return situation, nil
}

// SaveProfile keeps what a person said about their situation.
func (s *Store) SaveProfile(ctx context.Context, id account.PersonID, situation recommend.Situation) (err error) {
	defer fault.Op(&err, "store.SaveProfile")
	text, err := json.Marshal(situation)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE people SET profile = ? WHERE id = ?", string(text), string(id)).Error
	})
}
