package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

type importRow struct {
	ID        string `gorm:"primaryKey"`
	PersonID  string
	Title     string
	State     string
	Done      int
	Total     int
	Report    string
	Mapping   string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	UpdatedAt int64 `gorm:"autoUpdateTime:false"`
}

func (importRow) TableName() string { return "imports" }

func importRowOf(i *authoring.Import) (importRow, error) {
	row := importRow{
		ID: string(i.ID), PersonID: string(i.Person), Title: i.Title, State: string(i.State), Done: i.Done, Total: i.Total,
		CreatedAt: millis(i.Created), UpdatedAt: millis(i.Updated),
	}
	report, err := json.Marshal(i.Report)
	if err != nil {
		return row, err
	}
	mapping, err := json.Marshal(i.Mapping)
	row.Report, row.Mapping = string(report), string(mapping)
	return row, err
}

func (r *importRow) toDomain() (*authoring.Import, error) {
	i := &authoring.Import{
		ID: authoring.ImportID(r.ID), Person: account.PersonID(r.PersonID), Title: r.Title, State: authoring.ImportState(r.State),
		Done: r.Done, Total: r.Total, Created: fromMillis(r.CreatedAt), Updated: fromMillis(r.UpdatedAt),
	}
	if err := json.Unmarshal([]byte(r.Report), &i.Report); err != nil {
		return nil, fmt.Errorf("reading the report of import %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Mapping), &i.Mapping); err != nil {
		return nil, fmt.Errorf("reading the mapping of import %s: %w", r.ID, err)
	}
	return i, nil
}

// NewImport satisfies authoring.ImportStore.
func (s *Store) NewImport(ctx context.Context, i *authoring.Import) (err error) {
	defer fault.Op(&err, "store.NewImport")
	row, err := importRowOf(i)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error { return tx.Create(&row).Error })
}

// Import satisfies authoring.ImportStore.
func (s *Store) Import(ctx context.Context, id authoring.ImportID) (_ *authoring.Import, err error) {
	defer fault.Op(&err, "store.Import")
	var row importRow
	if err := s.reader(ctx).Where("id = ?", string(id)).Take(&row).Error; err != nil {
		if notFound(err) {
			return nil, fault.NotFound("There is no such import.")
		}
		return nil, err
	}
	return row.toDomain()
}

// Imports satisfies authoring.ImportStore: a person's that aren't done, newest
// first.
func (s *Store) Imports(ctx context.Context, person account.PersonID) (_ []authoring.Import, err error) {
	defer fault.Op(&err, "store.Imports")
	return s.imports(ctx, "person_id = ? AND state <> ?", string(person), string(authoring.Done))
}

func (s *Store) imports(ctx context.Context, which string, values ...any) ([]authoring.Import, error) {
	var rows []importRow
	if err := s.reader(ctx).Where(which, values...).Order("created_at DESC, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	imports := make([]authoring.Import, len(rows))
	for i := range rows {
		one, err := rows[i].toDomain()
		if err != nil {
			return nil, err
		}
		imports[i] = *one
	}
	return imports, nil
}

// InterruptedImports satisfies upload.Store.
func (s *Store) InterruptedImports(ctx context.Context) (_ []authoring.Import, err error) {
	defer fault.Op(&err, "store.InterruptedImports")
	return s.imports(ctx, "person_id <> '' AND state = ?", string(authoring.Reading))
}

// SaveImport satisfies authoring.ImportStore.
func (s *Store) SaveImport(ctx context.Context, i *authoring.Import) (err error) {
	defer fault.Op(&err, "store.SaveImport")
	row, err := importRowOf(i)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		if i.State == authoring.Done {
			if err := tx.Exec("DELETE FROM import_items WHERE import_id = ?", row.ID).Error; err != nil {
				return err
			}
		}
		return tx.Save(&row).Error
	})
}

// Stage satisfies authoring.ImportStore.
func (s *Store) Stage(ctx context.Context, id authoring.ImportID, questions []authoring.Staged, media map[string]exam.Image) (err error) {
	defer fault.Op(&err, "store.Stage")
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := s.keepMedia(tx, media); err != nil {
			return err
		}
		for _, q := range questions {
			if err := stage(tx, id, q); err != nil {
				return err
			}
		}
		return nil
	})
}

func stage(tx *gorm.DB, id authoring.ImportID, q authoring.Staged) error {
	body, err := encodeQuestion(q.Question)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO import_items (import_id, n, body, place, dropped) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (import_id, n) DO UPDATE SET body = excluded.body, dropped = excluded.dropped`,
		string(id), q.N, body, q.Where, q.Dropped).Error
}

// Restage satisfies authoring.ImportStore.
func (s *Store) Restage(ctx context.Context, id authoring.ImportID, q authoring.Staged) (err error) {
	defer fault.Op(&err, "store.Restage")
	return s.change(ctx, func(tx *gorm.DB) error { return stage(tx, id, q) })
}

// Staged satisfies authoring.ImportStore.
func (s *Store) Staged(ctx context.Context, id authoring.ImportID) (_ []authoring.Staged, err error) {
	defer fault.Op(&err, "store.Staged")
	rows, err := s.reader(ctx).Raw("SELECT n, body, place, dropped FROM import_items WHERE import_id = ? ORDER BY n", string(id)).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // read to the end, or failed already
	var staged []authoring.Staged
	cases := map[exam.StimulusID]*exam.Stimulus{}
	for rows.Next() {
		var one authoring.Staged
		var body string
		if err := rows.Scan(&one.N, &body, &one.Where, &one.Dropped); err != nil {
			return nil, err
		}
		if one.Question, err = decodeQuestion(body); err != nil {
			return nil, err
		}
		one.Question.Stimulus = shared(cases, one.Question.Stimulus)
		staged = append(staged, one)
	}
	return staged, rows.Err()
}

// lookup is how many ids one query asks for: SQLite takes 32,766 parameters.
const lookup = 5000

// Standing satisfies authoring.ImportStore.
func (s *Store) Standing(ctx context.Context, ids []exam.QuestionID) (_ map[exam.QuestionID]authoring.Item, err error) {
	defer fault.Op(&err, "store.Standing")
	found := map[exam.QuestionID]authoring.Item{}
	for part := range slices.Chunk(ids, lookup) {
		texts := make([]string, len(part))
		for i, id := range part {
			texts[i] = string(id)
		}
		var rows []questionRow
		if err := s.reader(ctx).Where("id IN ?", texts).Find(&rows).Error; err != nil {
			return nil, err
		}
		for i := range rows {
			one, err := rows[i].item()
			if err != nil {
				return nil, err
			}
			found[one.ID] = *one
		}
	}
	return found, nil
}

// WriteImport satisfies authoring.ImportStore.
func (s *Store) WriteImport(ctx context.Context, i *authoring.Import, b *authoring.Bank, items []*authoring.Item) (err error) {
	defer fault.Op(&err, "store.WriteImport")
	row, err := importRowOf(i)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		taken := tx.Exec("UPDATE imports SET state = ?, updated_at = ? WHERE id = ? AND state = ?", row.State, row.UpdatedAt, row.ID, string(authoring.Ready))
		if taken.Error != nil {
			return taken.Error
		}
		if taken.RowsAffected == 0 {
			return fault.Conflict("This import was written or thrown away already. Nothing was written twice.")
		}
		if err := s.openBank(tx, b); err != nil {
			return err
		}
		if err := s.writeItems(tx, b, items, i.Person); err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM import_items WHERE import_id = ?", row.ID).Error; err != nil {
			return err
		}
		if err := bumpBanks(tx); err != nil {
			return err
		}
		return s.audit(tx, row.PersonID, "import", fmt.Sprintf("%s: %d questions", b.ID, len(items)))
	})
}

// openBank makes the bank, unless it is there.
func (s *Store) openBank(tx *gorm.DB, b *authoring.Bank) error {
	opened := tx.Exec(`INSERT INTO banks (id, title, description, owner, visibility, added_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, withdrawn_at = 0`,
		string(b.ID), b.Title, b.Description, string(b.Owner), string(b.Visibility), millis(b.Added), millis(s.now()))
	return opened.Error
}

// writeItems adds or replaces questions, each with a version of its own where one
// is new.
func (s *Store) writeItems(tx *gorm.DB, b *authoring.Bank, items []*authoring.Item, actor account.PersonID) error {
	place := 0
	if err := tx.Raw("SELECT COALESCE(max(place) + 1, 0) FROM questions WHERE bank_id = ?", string(b.ID)).Row().Scan(&place); err != nil {
		return err
	}
	for _, it := range items {
		was, err := item(tx, it.ID)
		switch {
		case fault.KindOf(err) == fault.KindNotFound:
			it.Place = place
			place++
			if err := s.insertItem(tx, it, actor); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		case was.Bank != b.ID || was.DraftSeq+1 != it.DraftSeq:
			return fault.Conflict("Somebody changed %s since you looked. Nothing was written; look at the import again.", it.ID)
		}
		err = s.changeItem(tx, it.ID, actor, func(now *authoring.Item) (string, error) {
			it.Place = now.Place
			*now = *it
			return "Imported.", nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
