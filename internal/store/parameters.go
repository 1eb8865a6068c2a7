package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/library"
)

type parametersRow struct {
	Number     int `gorm:"primaryKey;autoIncrement:false"`
	Previous   int
	MadeAt     int64
	Actor      string
	Evidence   string
	Parameters string
}

func (parametersRow) TableName() string { return "parameter_versions" }

func parametersToRow(v *library.ParameterVersion) (parametersRow, error) {
	evidence, err := json.Marshal(v.Evidence)
	if err != nil {
		return parametersRow{}, fmt.Errorf("encoding what the parameters rest on: %w", err)
	}
	parameters, err := json.Marshal(v.Parameters)
	if err != nil {
		return parametersRow{}, fmt.Errorf("encoding parameters: %w", err)
	}
	return parametersRow{
		Number: v.Number, Previous: v.Previous, MadeAt: millis(v.Made), Actor: v.Actor,
		Evidence: string(evidence), Parameters: string(parameters),
	}, nil
}

func (r parametersRow) toDomain() (library.ParameterVersion, error) {
	v := library.ParameterVersion{Number: r.Number, Previous: r.Previous, Made: fromMillis(r.MadeAt), Actor: r.Actor}
	if err := json.Unmarshal([]byte(r.Evidence), &v.Evidence); err != nil {
		return v, fmt.Errorf("reading what parameter version %d rests on: %w", r.Number, err)
	}
	if err := json.Unmarshal([]byte(r.Parameters), &v.Parameters); err != nil {
		return v, fmt.Errorf("reading parameter version %d: %w", r.Number, err)
	}
	v.Version = r.Number
	return v, nil
}

const inUseSetting = "parameters_in_use"

func parametersInUse(tx *gorm.DB) (int, error) {
	var text string
	if err := tx.Raw("SELECT value FROM settings WHERE key = ?", inUseSetting).Row().Scan(&text); err != nil {
		return 0, err
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("reading the parameter version in use: %w", err)
	}
	return number, nil
}

func useParameters(tx *gorm.DB, number int) error {
	if err := tx.Exec("UPDATE settings SET value = ? WHERE key = ?", strconv.Itoa(number), inUseSetting).Error; err != nil {
		return err
	}
	return bumpBanks(tx) // servers then look again
}

// ParametersInUse satisfies library.Store.
func (s *Store) ParametersInUse(ctx context.Context) (v library.ParameterVersion, err error) {
	defer fault.Op(&err, "store.ParametersInUse")
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		number, err := parametersInUse(tx)
		if err != nil || number == 0 {
			return err
		}
		v, err = parameterVersion(tx, number)
		return err
	})
	return v, err
}

// ParameterVersion satisfies library.Store.
func (s *Store) ParameterVersion(ctx context.Context, number int) (v library.ParameterVersion, err error) {
	defer fault.Op(&err, "store.ParameterVersion(%d)", number)
	return parameterVersion(s.reader(ctx), number)
}

func parameterVersion(tx *gorm.DB, number int) (library.ParameterVersion, error) {
	var row parametersRow
	if err := tx.Where("number = ?", number).Take(&row).Error; err != nil {
		if notFound(err) {
			return library.ParameterVersion{}, fault.NotFound("There is no parameter version %d.", number)
		}
		return library.ParameterVersion{}, err
	}
	return row.toDomain()
}

// ParameterVersions lists every version made, oldest first, and the number of the
// one in use.
func (s *Store) ParameterVersions(ctx context.Context) (list []library.ParameterVersion, inUse int, err error) {
	defer fault.Op(&err, "store.ParameterVersions")
	var rows []parametersRow
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		if inUse, err = parametersInUse(tx); err != nil {
			return err
		}
		return tx.Order("number").Find(&rows).Error
	})
	if err != nil {
		return nil, 0, err
	}
	for _, row := range rows {
		v, err := row.toDomain()
		if err != nil {
			return nil, 0, err
		}
		list = append(list, v)
	}
	return list, inUse, nil
}

// SaveParameters satisfies library.Store.
func (s *Store) SaveParameters(ctx context.Context, v library.ParameterVersion) (number int, err error) {
	defer fault.Op(&err, "store.SaveParameters")
	err = s.change(ctx, func(tx *gorm.DB) error {
		inUse, err := parametersInUse(tx)
		if err != nil {
			return err
		}
		if inUse != v.Previous {
			return fault.Conflict("Version %d of the parameters came into use in the meantime. Nothing was changed; calibrate again.", inUse)
		}
		if err := tx.Raw("SELECT COALESCE(MAX(number), 0) + 1 FROM parameter_versions").Row().Scan(&v.Number); err != nil {
			return err
		}
		row, err := parametersToRow(&v)
		if err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		if err := useParameters(tx, v.Number); err != nil {
			return err
		}
		return s.audit(tx, v.Actor, "apply_parameters", strconv.Itoa(v.Number))
	})
	return v.Number, err
}

// UndoParameters satisfies library.Store.
func (s *Store) UndoParameters(ctx context.Context, actor string) (number int, err error) {
	defer fault.Op(&err, "store.UndoParameters")
	err = s.change(ctx, func(tx *gorm.DB) error {
		inUse, err := parametersInUse(tx)
		if err != nil {
			return err
		}
		if inUse == 0 {
			return fault.Conflict("No calibration is in use, so there is nothing to undo. Questions are measured with their authors' labels.")
		}
		v, err := parameterVersion(tx, inUse)
		if err != nil {
			return err
		}
		number = v.Previous
		if err := useParameters(tx, number); err != nil {
			return err
		}
		return s.audit(tx, actor, "undo_parameters", strconv.Itoa(inUse))
	})
	return number, err
}

// AllAnswers lists every answer of everybody, each person's in the order they were
// given; those to banks that didn't count too. Questions of an exam that were left
// blank, which may never have been read, and answers of sittings still open are
// exposures only.
func (s *Store) AllAnswers(ctx context.Context) (_ []library.Answer, err error) {
	defer fault.Op(&err, "store.AllAnswers")
	var rows []struct {
		PersonID, QuestionID, Revision, Outcome string
		ShownAt, AnsweredAt                     int64
		Exposure                                bool
	}
	err = s.reader(ctx).Raw(`SELECT s.person_id, responses.question_id, responses.revision, ` + countsAs + ` AS outcome, responses.shown_at, responses.answered_at,
			s.state IN ('created', 'in_progress') OR responses.answer = '{}' AS exposure
		FROM responses JOIN sittings s ON s.id = responses.sitting_id ` + lastCorrection + `
		ORDER BY s.person_id, responses.answered_at, responses.sitting_id, responses.seq`).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	answers := make([]library.Answer, len(rows))
	for i, r := range rows {
		answers[i] = library.Answer{
			Learner: r.PersonID, Question: exam.QuestionID(r.QuestionID), Revision: r.Revision,
			Outcome: exam.Outcome(r.Outcome), At: fromMillis(r.AnsweredAt),
			Took: time.Duration(r.AnsweredAt-r.ShownAt) * time.Millisecond, Exposure: r.Exposure,
		}
	}
	return answers, nil
}
