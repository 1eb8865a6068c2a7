package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
	"sextant/internal/study"
)

type sittingRow struct {
	ID              string `gorm:"primaryKey"`
	PersonID        string
	Plan            string
	Seed            int64
	State           string
	Seq             int
	CurrentQuestion string
	CurrentRevision string
	CurrentPretest  bool
	CurrentShownAt  int64
	Why             string
	StartedAt       int64
	UpdatedAt       int64 `gorm:"autoUpdateTime:false"`
	FinishedAt      int64
	Parameters      int
	Mode            string
	Form            string
	Deadline        int64
	Queue           string
}

func (sittingRow) TableName() string { return "sittings" }

func sittingToRow(s *sitting.Sitting) (sittingRow, error) {
	plan, err := json.Marshal(s.Plan)
	if err != nil {
		return sittingRow{}, fmt.Errorf("encoding plan: %w", err)
	}
	form := ""
	if s.Form != nil {
		encoded, err := json.Marshal(s.Form)
		if err != nil {
			return sittingRow{}, fmt.Errorf("encoding form: %w", err)
		}
		form = string(encoded)
	}
	queue := ""
	if len(s.Queue) > 0 {
		encoded, err := json.Marshal(s.Queue)
		if err != nil {
			return sittingRow{}, fmt.Errorf("encoding queue: %w", err)
		}
		queue = string(encoded)
	}
	return sittingRow{
		Queue: queue,
		Mode:  string(s.Mode), Form: form, Deadline: millis(s.Deadline),
		ID: string(s.ID), PersonID: string(s.Person), Plan: string(plan), Seed: int64(s.Seed),
		State: string(s.State), Seq: s.Seq,
		CurrentQuestion: string(s.Current.Question), CurrentRevision: s.Current.Revision,
		CurrentPretest: s.Current.Pretest, CurrentShownAt: millis(s.Current.Shown), Why: s.Why,
		StartedAt: millis(s.Started), UpdatedAt: millis(s.Updated), FinishedAt: millis(s.Finished), Parameters: s.Parameters,
	}, nil
}

func (r sittingRow) toDomain() (*sitting.Sitting, error) {
	s := &sitting.Sitting{
		ID: sitting.ID(r.ID), Person: account.PersonID(r.PersonID), Seed: uint64(r.Seed),
		State: sitting.State(r.State), Seq: r.Seq, Why: r.Why, Parameters: r.Parameters,
		Current: sitting.Current{
			Question: exam.QuestionID(r.CurrentQuestion), Revision: r.CurrentRevision,
			Pretest: r.CurrentPretest, Shown: fromMillis(r.CurrentShownAt),
		},
		Started: fromMillis(r.StartedAt), Updated: fromMillis(r.UpdatedAt), Finished: fromMillis(r.FinishedAt),
		Mode: sitting.Mode(r.Mode), Deadline: fromMillis(r.Deadline),
	}
	if r.Form != "" {
		s.Form = &sitting.Form{}
		if err := json.Unmarshal([]byte(r.Form), s.Form); err != nil {
			return nil, fmt.Errorf("reading form of sitting %s: %w", r.ID, err)
		}
	}
	if r.Queue != "" {
		if err := json.Unmarshal([]byte(r.Queue), &s.Queue); err != nil {
			return nil, fmt.Errorf("reading queue of sitting %s: %w", r.ID, err)
		}
	}
	if err := json.Unmarshal([]byte(r.Plan), &s.Plan); err != nil {
		return nil, fmt.Errorf("reading plan of sitting %s: %w", r.ID, err)
	}
	return s, nil
}

type responseRow struct {
	SittingID  string `gorm:"primaryKey"`
	Seq        int    `gorm:"primaryKey;autoIncrement:false"`
	QuestionID string
	Revision   string
	Answer     string
	Outcome    string
	Pretest    bool
	ShownAt    int64
	AnsweredAt int64
	Confidence string
	InPlaceOf  string
}

func (responseRow) TableName() string { return "responses" }

// countedRow is an answer with what it counts as by now.
type countedRow struct {
	Row            responseRow `gorm:"embedded"`
	CountsAs       string
	JudgedBy       *string // nil without a correction
	CorrectionNote string
	CorrectedAt    int64
}

// counted selects answers with their latest corrections.
func counted(tx *gorm.DB) *gorm.DB {
	return tx.Table("responses").Joins(lastCorrection).
		Joins("LEFT JOIN question_versions ON question_versions.question_id = regrades.question_id AND question_versions.version = regrades.version").
		Select("responses.*, " + countsAs + ` AS counts_as, question_versions.revision AS judged_by,
			COALESCE(regrades.reason, '') AS correction_note, COALESCE(regrades.at, 0) AS corrected_at`)
}

func (r countedRow) toDomain() (sitting.Past, error) {
	p, err := r.Row.toDomain()
	if err != nil || r.JudgedBy == nil {
		return p, err
	}
	p.Correction = &sitting.Correction{Graded: p.Outcome, Revision: *r.JudgedBy, Reason: r.CorrectionNote, At: fromMillis(r.CorrectedAt)}
	p.Outcome = exam.Outcome(r.CountsAs)
	return p, nil
}

func responseToRow(id sitting.ID, g *sitting.Given) (responseRow, error) {
	answer, err := json.Marshal(g.Answer)
	if err != nil {
		return responseRow{}, fmt.Errorf("encoding answer: %w", err)
	}
	return responseRow{
		SittingID: string(id), Seq: g.Seq, QuestionID: string(g.Question), Revision: g.Revision,
		Answer: string(answer), Outcome: string(g.Outcome), Pretest: g.Pretest,
		ShownAt: millis(g.Shown), AnsweredAt: millis(g.At),
		Confidence: string(g.Confidence), InPlaceOf: string(g.InPlaceOf),
	}, nil
}

func (r responseRow) toDomain() (sitting.Past, error) {
	p := sitting.Past{Sitting: sitting.ID(r.SittingID), Given: sitting.Given{
		Seq: r.Seq, Question: exam.QuestionID(r.QuestionID), Revision: r.Revision,
		Outcome: exam.Outcome(r.Outcome), Pretest: r.Pretest,
		Shown: fromMillis(r.ShownAt), At: fromMillis(r.AnsweredAt),
		Confidence: study.Confidence(r.Confidence), InPlaceOf: exam.QuestionID(r.InPlaceOf),
	}}
	if err := json.Unmarshal([]byte(r.Answer), &p.Answer); err != nil {
		return sitting.Past{}, fmt.Errorf("reading answer %d of sitting %s: %w", r.Seq, r.SittingID, err)
	}
	return p, nil
}

// CreateSitting satisfies sitting.Store.
func (s *Store) CreateSitting(ctx context.Context, sit *sitting.Sitting, first ...sitting.Event) (err error) {
	defer fault.Op(&err, "store.CreateSitting")
	row, err := sittingToRow(sit)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := s.alone(tx, sit); err != nil {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		if err := createEvents(tx, sit.ID, first); err != nil {
			return err
		}
		return s.audit(tx, row.PersonID, "start_sitting", row.ID)
	})
}

// alone returns sitting.ErrMoved where an open sitting can't be beside one that
// begins. It is asked where both would be written, since two may begin at once.
func (s *Store) alone(tx *gorm.DB, begun *sitting.Sitting) error {
	others := tx.Model(&sittingRow{}).Where("person_id = ? AND mode = ? AND state IN ('created', 'in_progress')", string(begun.Person), string(begun.Mode))
	switch {
	case begun.Mode == sitting.Practice:
	case begun.Form != nil:
		others = others.Where("deadline > ? AND json_extract(form, '$.exam') = ?", millis(s.now()), string(begun.Form.Exam))
	default:
		return nil
	}
	var n int64
	if err := others.Count(&n).Error; err != nil {
		return err
	}
	if n > 0 {
		return sitting.ErrMoved
	}
	return nil
}

// Sitting satisfies sitting.Store.
func (s *Store) Sitting(ctx context.Context, id sitting.ID) (_ *sitting.Sitting, err error) {
	defer fault.Op(&err, "store.Sitting")
	var row sittingRow
	err = s.reader(ctx).Where("id = ?", string(id)).Take(&row).Error
	if notFound(err) {
		return nil, fault.NotFound("There is no such sitting.")
	}
	if err != nil {
		return nil, err
	}
	return row.toDomain()
}

// Sittings satisfies sitting.Store.
func (s *Store) Sittings(ctx context.Context, person account.PersonID) (_ []sitting.Sitting, err error) {
	defer fault.Op(&err, "store.Sittings")
	var rows []sittingRow
	if err := s.reader(ctx).Where("person_id = ?", string(person)).Order("started_at DESC, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]sitting.Sitting, len(rows))
	for i, row := range rows {
		one, err := row.toDomain()
		if err != nil {
			return nil, err
		}
		list[i] = *one
	}
	return list, nil
}

// Answers satisfies sitting.Store.
func (s *Store) Answers(ctx context.Context, id sitting.ID) (_ []sitting.Given, err error) {
	defer fault.Op(&err, "store.Answers")
	var rows []countedRow
	if err := counted(s.reader(ctx)).Where("responses.sitting_id = ?", string(id)).Order("responses.seq").Find(&rows).Error; err != nil {
		return nil, err
	}
	answers := make([]sitting.Given, len(rows))
	for i, row := range rows {
		past, err := row.toDomain()
		if err != nil {
			return nil, err
		}
		answers[i] = past.Given
	}
	return answers, nil
}

// History satisfies sitting.Store.
func (s *Store) History(ctx context.Context, person account.PersonID) (_ []sitting.Past, err error) {
	defer fault.Op(&err, "store.History")
	var rows []countedRow
	err = counted(s.reader(ctx)).
		Joins("JOIN sittings ON sittings.id = responses.sitting_id").
		Where("sittings.person_id = ?", string(person)).
		Order("responses.answered_at, responses.sitting_id, responses.seq").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	history := make([]sitting.Past, len(rows))
	for i, row := range rows {
		if history[i], err = row.toDomain(); err != nil {
			return nil, err
		}
	}
	return history, nil
}

// Served satisfies sitting.Store.
func (s *Store) Served(ctx context.Context) (_ map[exam.QuestionID]int, err error) {
	defer fault.Op(&err, "store.Served")
	var rows []struct {
		QuestionID string
		N          int
	}
	err = s.reader(ctx).Raw("SELECT question_id, n FROM served").Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	served := make(map[exam.QuestionID]int, len(rows))
	for _, row := range rows {
		served[exam.QuestionID(row.QuestionID)] = row.N
	}
	return served, nil
}

// KeepQuestion satisfies sitting.Store.
func (s *Store) KeepQuestion(ctx context.Context, q *exam.Question) (err error) {
	defer fault.Op(&err, "store.KeepQuestion")
	var n int64
	err = s.reader(ctx).Table("kept_questions").
		Where("question_id = ? AND revision = ?", string(q.ID), q.Revision).Count(&n).Error
	if err != nil || n > 0 {
		return err
	}
	body, err := json.Marshal(q)
	if err != nil {
		return fmt.Errorf("encoding question %s: %w", q.ID, err)
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO kept_questions (question_id, revision, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			string(q.ID), q.Revision, string(body)).Error
	})
}

// KeptQuestion satisfies sitting.Store.
func (s *Store) KeptQuestion(ctx context.Context, id exam.QuestionID, revision string) (_ *exam.Question, err error) {
	defer fault.Op(&err, "store.KeptQuestion")
	var body string
	row := s.reader(ctx).Raw("SELECT body FROM kept_questions WHERE question_id = ? AND revision = ?", string(id), revision).Row()
	if err := row.Scan(&body); err != nil {
		if notFound(err) {
			return nil, fault.NotFound("The text of question %s as it was asked is no longer kept.", id)
		}
		return nil, err
	}
	var q exam.Question
	if err := json.Unmarshal([]byte(body), &q); err != nil {
		return nil, fmt.Errorf("reading question %s: %w", id, err)
	}
	return &q, nil
}
