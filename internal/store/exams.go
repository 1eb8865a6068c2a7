package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sextant/internal/fault"
	"sextant/internal/sitting"
)

type eventRow struct {
	SittingID string `gorm:"primaryKey"`
	N         int    `gorm:"primaryKey;autoIncrement:false"`
	Client    string
	Seq       int
	Body      string
	At        int64
}

func (eventRow) TableName() string { return "sitting_events" }

func eventToRow(id sitting.ID, e sitting.Event) (eventRow, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return eventRow{}, fmt.Errorf("encoding event %d: %w", e.N, err)
	}
	return eventRow{SittingID: string(id), N: e.N, Client: e.Client, Seq: e.Seq, Body: string(body), At: millis(e.At)}, nil
}

func (r eventRow) toDomain() (sitting.Event, error) {
	var e sitting.Event
	if err := json.Unmarshal([]byte(r.Body), &e); err != nil {
		return e, fmt.Errorf("reading event %d of sitting %s: %w", r.N, r.SittingID, err)
	}
	return e, nil
}

// Events satisfies sitting.ExamStore.
func (s *Store) Events(ctx context.Context, id sitting.ID) (_ []sitting.Event, err error) {
	defer fault.Op(&err, "store.Events")
	var rows []eventRow
	if err := s.reader(ctx).Where("sitting_id = ?", string(id)).Order("n").Find(&rows).Error; err != nil {
		return nil, err
	}
	events := make([]sitting.Event, len(rows))
	for i, row := range rows {
		if events[i], err = row.toDomain(); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// AppendEvents satisfies sitting.ExamStore.
func (s *Store) AppendEvents(ctx context.Context, id sitting.ID, expected int, events []sitting.Event) (err error) {
	defer fault.Op(&err, "store.AppendEvents")
	return s.change(ctx, func(tx *gorm.DB) error { return appendEvents(tx, id, expected, events) })
}

// appendEvents adds to the log of an open sitting that has expected events.
func appendEvents(tx *gorm.DB, id sitting.ID, expected int, events []sitting.Event) error {
	var state string
	var n int
	err := tx.Raw("SELECT state, (SELECT COUNT(*) FROM sitting_events WHERE sitting_id = ?) FROM sittings WHERE id = ?", string(id), string(id)).
		Row().Scan(&state, &n)
	if err != nil {
		return err
	}
	if state != string(sitting.Open) || n != expected {
		return fault.Conflict("Something else was saved in the meantime. The page sends this again.")
	}
	rows := make([]eventRow, len(events))
	for i, e := range events {
		if rows[i], err = eventToRow(id, e); err != nil {
			return err
		}
	}
	return tx.CreateInBatches(&rows, eventsATime).Error
}

// eventsATime bounds the variables of one statement.
const eventsATime = 100

// FinishExam satisfies sitting.ExamStore.
func (s *Store) FinishExam(ctx context.Context, sit *sitting.Sitting, expected int, last sitting.Event, given []sitting.Given) (err error) {
	defer fault.Op(&err, "store.FinishExam")
	row, err := sittingToRow(sit)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := appendEvents(tx, sit.ID, expected, []sitting.Event{last}); err != nil {
			return err
		}
		for i := range given {
			answer, err := responseToRow(sit.ID, &given[i])
			if err != nil {
				return err
			}
			if err := tx.Create(&answer).Error; err != nil {
				return err
			}
		}
		ended := tx.Model(&sittingRow{}).Where("id = ? AND state = 'open'", row.ID).
			Select("state", "seq", "why", "updated_at", "finished_at", "expired").Updates(&row)
		if ended.Error != nil {
			return ended.Error
		}
		return s.audit(tx, row.PersonID, "finish_exam", row.ID)
	})
}

// Overdue satisfies sitting.ExamStore.
func (s *Store) Overdue(ctx context.Context, now time.Time) (ids []sitting.ID, err error) {
	defer fault.Op(&err, "store.Overdue")
	err = s.reader(ctx).Raw("SELECT id FROM sittings WHERE state = 'open' AND deadline > 0 AND deadline <= ? ORDER BY deadline", millis(now)).Scan(&ids).Error
	return ids, err
}
