package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sextant/internal/account"
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

// Events satisfies sitting.Log.
func (s *Store) Events(ctx context.Context, id sitting.ID) (_ []sitting.Event, err error) {
	defer fault.Op(&err, "store.Events")
	return eventsOf(s.reader(ctx), id)
}

func eventsOf(db *gorm.DB, id sitting.ID) ([]sitting.Event, error) {
	var rows []eventRow
	if err := db.Where("sitting_id = ?", string(id)).Order("n").Find(&rows).Error; err != nil {
		return nil, err
	}
	events := make([]sitting.Event, len(rows))
	for i, row := range rows {
		var err error
		if events[i], err = row.toDomain(); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Append satisfies sitting.Log.
func (s *Store) Append(ctx context.Context, sit *sitting.Sitting, expected int, step sitting.Step) (err error) {
	defer fault.Op(&err, "store.Append")
	return s.change(ctx, func(tx *gorm.DB) error { return s.appendStep(tx, sit, expected, step) })
}

// appendStep adds to the log of an open sitting that has expected events, and keeps
// what follows: the answers, the marks, where the sitting is now, and the audit.
func (s *Store) appendStep(tx *gorm.DB, sit *sitting.Sitting, expected int, step sitting.Step) error {
	var person, state string
	var n int
	err := tx.Raw("SELECT person_id, state, (SELECT COALESCE(MAX(n), 0) FROM sitting_events WHERE sitting_id = ?) FROM sittings WHERE id = ?", string(sit.ID), string(sit.ID)).
		Row().Scan(&person, &state, &n)
	if err != nil {
		return err
	}
	if sitting.State(state).Ended() || n != expected {
		return sitting.ErrMoved
	}
	if err := createEvents(tx, sit.ID, step.Events); err != nil {
		return err
	}
	if err := createAnswers(tx, sit.ID, step.Given); err != nil {
		return err
	}
	for question, mark := range step.Marks {
		// Whose it is now: a guest may have signed in since the sitting was read.
		if err := saveMark(tx, account.PersonID(person), question, mark, s.now()); err != nil {
			return err
		}
	}
	row, err := sittingToRow(sit)
	if err != nil {
		return err
	}
	moved := tx.Model(&sittingRow{}).Where("id = ?", row.ID).
		Select("state", "seq", "current_question", "current_revision", "current_pretest", "current_shown_at", "why", "updated_at", "finished_at", "deadline").
		Updates(&row)
	if moved.Error != nil {
		return moved.Error
	}
	for _, action := range actions(sit, step) {
		if err := s.audit(tx, person, action, row.ID); err != nil {
			return err
		}
	}
	return nil
}

// eventsATime bounds the variables of one statement.
const eventsATime = 100

func createEvents(tx *gorm.DB, id sitting.ID, events []sitting.Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]eventRow, len(events))
	for i, e := range events {
		var err error
		if rows[i], err = eventToRow(id, e); err != nil {
			return err
		}
	}
	return tx.CreateInBatches(&rows, eventsATime).Error
}

func createAnswers(tx *gorm.DB, id sitting.ID, given []sitting.Given) error {
	for i := range given {
		row, err := responseToRow(id, &given[i])
		if err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// actions are the lines that a step leaves in the audit: one for every answer of a
// sitting that grows and one for an end. What is changed before an answer is given
// leaves none.
func actions(sit *sitting.Sitting, step sitting.Step) []string {
	if sit.Form != nil {
		if sit.State.Ended() {
			return []string{"finish_exam"}
		}
		return nil
	}
	var list []string
	for _, g := range step.Given {
		list = append(list, fmt.Sprintf("answer:%d", g.Seq))
	}
	switch last := len(list) - 1; {
	case sit.State.Open():
	case last >= 0:
		list[last] = fmt.Sprintf("answer_and_end:%d", step.Given[last].Seq)
	default:
		list = append(list, "end_sitting")
	}
	return list
}

// Overdue satisfies sitting.Log.
func (s *Store) Overdue(ctx context.Context, now time.Time) (ids []sitting.ID, err error) {
	defer fault.Op(&err, "store.Overdue")
	err = s.reader(ctx).Raw("SELECT id FROM sittings WHERE state IN ('created', 'in_progress') AND deadline > 0 AND deadline <= ? ORDER BY deadline", millis(now)).Scan(&ids).Error
	return ids, err
}

// setAsideOlder leaves one practice of a person's open, the one begun last.
func (s *Store) setAsideOlder(tx *gorm.DB, person account.PersonID) error {
	var rows []sittingRow
	err := tx.Order("started_at DESC, id").
		Where("person_id = ? AND mode = ? AND state IN ('created', 'in_progress')", string(person), string(sitting.Practice)).Find(&rows).Error
	if err != nil {
		return err
	}
	for _, row := range rows[min(1, len(rows)):] {
		older, err := row.toDomain()
		if err != nil {
			return err
		}
		events, err := eventsOf(tx, older.ID)
		if err != nil {
			return err
		}
		step, err := sitting.SetAside(older, events, s.now())
		if err != nil {
			return err
		}
		if err := s.appendStep(tx, older, len(events), step); err != nil {
			return err
		}
	}
	return nil
}
