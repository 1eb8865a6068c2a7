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

// lastCorrection joins to each answer of the table responses its latest correction,
// where there is one, and countsAs is the outcome that it counts as: that
// correction's, or the one it was graded with.
const (
	lastCorrection = `LEFT JOIN corrections ON corrections.sitting_id = responses.sitting_id AND corrections.seq = responses.seq
		AND corrections.regrade_id = (SELECT max(c.regrade_id) FROM corrections c WHERE c.sitting_id = responses.sitting_id AND c.seq = responses.seq)
	LEFT JOIN regrades ON regrades.id = corrections.regrade_id`
	countsAs = "COALESCE(corrections.outcome, responses.outcome)"
)

// Answered satisfies authoring.RegradeStore.
func (s *Store) Answered(ctx context.Context, id exam.QuestionID) (_ []authoring.Answered, err error) {
	defer fault.Op(&err, "store.Answered")
	var rows []struct {
		SittingID                             string
		Seq                                   int
		PersonID, Revision, Answer, OutcomeIs string
		AnsweredAt                            int64
		Version                               int
	}
	err = s.reader(ctx).Raw(`SELECT responses.sitting_id, responses.seq, sittings.person_id, responses.revision, responses.answer, `+countsAs+` AS outcome_is, responses.answered_at, COALESCE(regrades.version, 0) AS version
		FROM responses JOIN sittings ON sittings.id = responses.sitting_id `+lastCorrection+`
		WHERE responses.question_id = ? ORDER BY responses.answered_at, responses.sitting_id`, string(id)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	answers := make([]authoring.Answered, len(rows))
	for i, r := range rows {
		answers[i] = authoring.Answered{
			Sitting: r.SittingID, Seq: r.Seq, Person: account.PersonID(r.PersonID), Revision: r.Revision,
			Outcome: exam.Outcome(r.OutcomeIs), At: fromMillis(r.AnsweredAt), By: r.Version,
		}
		if err := json.Unmarshal([]byte(r.Answer), &answers[i].Answer); err != nil {
			return nil, fmt.Errorf("reading an answer to %s: %w", id, err)
		}
	}
	return answers, nil
}

type regradeRow struct {
	ID         int64 `gorm:"primaryKey"`
	QuestionID string
	Version    int
	Reason     string
	Actor      string
	At         int64
}

func (regradeRow) TableName() string { return "regrades" }

// KeepRegrade satisfies authoring.RegradeStore.
func (s *Store) KeepRegrade(ctx context.Context, r authoring.Regrade) (err error) {
	defer fault.Op(&err, "store.KeepRegrade")
	row := regradeRow{QuestionID: string(r.Question), Version: r.Version, Reason: r.Reason, Actor: string(r.Actor), At: millis(r.At)}
	return s.change(ctx, func(tx *gorm.DB) error {
		it, err := item(tx, r.Question)
		if err != nil {
			return err
		}
		if it.Version != r.Version {
			return fault.Conflict("The question was published anew since you looked. Nothing was changed.")
		}
		body, err := encodeQuestion(it.Published)
		if err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		for _, c := range slices.Concat(r.Changes, r.Confirmed) {
			if err := correct(tx, row.ID, c); err != nil {
				return err
			}
		}
		// Whoever looks back at an answer is shown the text it counts by.
		err = tx.Exec("INSERT INTO kept_questions (question_id, revision, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row.QuestionID, it.Published.Revision, body).Error
		if err != nil {
			return err
		}
		return s.audit(tx, row.Actor, "regrade", fmt.Sprintf("%s: %d answers", r.Question, len(r.Changes)))
	})
}

// correct keeps what one answer counts as from now on.
func correct(tx *gorm.DB, regrade int64, c authoring.Correction) error {
	result := tx.Exec(`INSERT INTO corrections (sitting_id, seq, regrade_id, outcome)
		SELECT responses.sitting_id, responses.seq, ?, ? FROM responses `+lastCorrection+`
		WHERE responses.sitting_id = ? AND responses.seq = ? AND `+countsAs+` = ?`,
		regrade, string(c.To), c.Sitting, c.Seq, string(c.From))
	if result.Error == nil && result.RowsAffected == 0 {
		return fault.Conflict("Somebody judged these answers again since you looked. Nothing was changed; look again at what would change.")
	}
	return result.Error
}

// Regrades satisfies authoring.RegradeStore.
func (s *Store) Regrades(ctx context.Context, id exam.QuestionID) (_ []authoring.Regrade, err error) {
	defer fault.Op(&err, "store.Regrades")
	var rows []regradeRow
	if err := s.reader(ctx).Where("question_id = ?", string(id)).Order("id DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	regrades := make([]authoring.Regrade, len(rows))
	for i, r := range rows {
		regrades[i] = authoring.Regrade{Question: id, Version: r.Version, Reason: r.Reason, Actor: account.PersonID(r.Actor), At: fromMillis(r.At)}
		if err := s.judgements(ctx, r.ID, &regrades[i]); err != nil {
			return nil, err
		}
	}
	return regrades, nil
}

// judgements reads what a regrade judged, with what each answer counted as before.
func (s *Store) judgements(ctx context.Context, id int64, r *authoring.Regrade) error {
	var rows []struct {
		SittingID, PersonID, Before, After string
		Seq                                int
	}
	err := s.reader(ctx).Raw(`SELECT c.sitting_id, c.seq, c.outcome AS after, sittings.person_id, COALESCE(
			(SELECT earlier.outcome FROM corrections earlier WHERE earlier.sitting_id = c.sitting_id AND earlier.seq = c.seq
				AND earlier.regrade_id < c.regrade_id ORDER BY earlier.regrade_id DESC LIMIT 1), responses.outcome) AS before
		FROM corrections c JOIN sittings ON sittings.id = c.sitting_id
		JOIN responses ON responses.sitting_id = c.sitting_id AND responses.seq = c.seq
		WHERE c.regrade_id = ? ORDER BY c.sitting_id, c.seq`, id).Scan(&rows).Error
	for _, row := range rows {
		c := authoring.Correction{
			Sitting: row.SittingID, Seq: row.Seq, Person: account.PersonID(row.PersonID), From: exam.Outcome(row.Before), To: exam.Outcome(row.After),
		}
		r.Judged++
		if c.From != c.To {
			r.Changes = append(r.Changes, c)
		} else {
			r.Confirmed = append(r.Confirmed, c)
		}
	}
	return err
}
