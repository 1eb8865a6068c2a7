package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/statistics"
)

// AnswersMark satisfies statistics.Store.
func (s *Store) AnswersMark(ctx context.Context) (mark string, err error) {
	defer fault.Op(&err, "store.AnswersMark")
	err = s.reader(ctx).Raw(`SELECT (SELECT count(*) || '/' || COALESCE(max(finished_at), 0) FROM sittings WHERE state IN ('submitted', 'expired'))
		|| '/' || (SELECT COALESCE(max(id), 0) FROM regrades)`).Row().Scan(&mark)
	return mark, err
}

// answerColumns are what scanAnswer reads.
const answerColumns = "sittings.person_id, responses.question_id, responses.revision, responses.answer, " + countsAs + `,
	responses.shown_at, responses.answered_at, sittings.state IN ('created', 'in_progress'), sittings.id, sittings.mode = 'diagnostic'`

// EachAnswer satisfies statistics.Store. It goes through the people's sittings in
// the order of their index, so that nothing is sorted or held.
func (s *Store) EachAnswer(ctx context.Context, visit func(*statistics.Answer) error) (err error) {
	defer fault.Op(&err, "store.EachAnswer")
	rows, err := s.reader(ctx).Raw("SELECT " + answerColumns + ` FROM sittings CROSS JOIN responses ON responses.sitting_id = sittings.id
		` + lastCorrection + " ORDER BY sittings.person_id").Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		a, err := scanAnswer(rows)
		if err != nil {
			return err
		}
		if err := visit(&a); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanAnswer(rows *sql.Rows, more ...any) (a statistics.Answer, err error) {
	var body []byte
	var shown, answered int64
	err = rows.Scan(append([]any{&a.Person, &a.Question, &a.Revision, &body, &a.Outcome, &shown, &answered, &a.Open, &a.Sitting, &a.Chosen}, more...)...)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(body, &a.Answer); err != nil {
		return a, fmt.Errorf("reading an answer to %s: %w", a.Question, err)
	}
	a.At, a.Took = fromMillis(answered), time.Duration(answered-shown)*time.Millisecond
	return a, nil
}

// AnswersTo satisfies statistics.Store.
func (s *Store) AnswersTo(ctx context.Context, id exam.QuestionID) (answers []statistics.Answer, err error) {
	defer fault.Op(&err, "store.AnswersTo(%s)", id)
	rows, err := s.reader(ctx).Raw("SELECT "+answerColumns+`, sittings.plan FROM responses JOIN sittings ON sittings.id = responses.sitting_id
		`+lastCorrection+" WHERE responses.question_id = ? ORDER BY responses.answered_at, responses.sitting_id", string(id)).Rows()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var plan []byte
		a, err := scanAnswer(rows, &plan)
		if err != nil {
			return nil, err
		}
		var aim struct {
			Targets []exam.Code `json:"targets"`
			Fit     bool        `json:"fit"`
		}
		if err := json.Unmarshal(plan, &aim); err != nil {
			return nil, fmt.Errorf("reading the plan of a test of %s: %w", a.Person, err)
		}
		if !aim.Fit { // whoever asks which exam fits prepares for none yet
			a.Targets = aim.Targets
		}
		answers = append(answers, a)
	}
	return answers, rows.Err()
}
