package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

type bankMemberRow struct {
	BankID   string `gorm:"primaryKey"`
	PersonID string `gorm:"primaryKey"`
	AddedAt  int64
}

func (bankMemberRow) TableName() string { return "bank_members" }

type questionRow struct {
	ID         string `gorm:"primaryKey"`
	BankID     string
	Place      int
	Author     string
	Version    int
	Revision   string
	Body       string
	RetiredAt  int64
	Stage      string
	Draft      string
	DraftSeq   int
	DraftBy    string
	Title      string
	Search     string
	Type       string
	Platform   string
	Skill      string
	Difficulty int
	Tags       string
	CreatedAt  int64 `gorm:"autoCreateTime:false"`
	UpdatedAt  int64 `gorm:"autoUpdateTime:false"`
}

func (questionRow) TableName() string { return "questions" }

// maxListed bounds the first words of a question by which lists sort.
const maxListed = 200

func questionRowOf(i *authoring.Item) (questionRow, error) {
	row := questionRow{
		ID: string(i.ID), BankID: string(i.Bank), Place: i.Place, Author: string(i.Author), Version: i.Version,
		RetiredAt: millis(i.Retired), DraftSeq: i.DraftSeq, DraftBy: string(i.DraftBy),
		CreatedAt: millis(i.Created), UpdatedAt: millis(i.Updated),
	}
	var err error
	if i.Published != nil {
		row.Revision = i.Published.Revision
		if row.Body, err = encodeQuestion(i.Published); err != nil {
			return row, err
		}
	}
	if i.Draft != nil {
		row.Stage = string(authoring.Draft)
		if i.Review {
			row.Stage = string(authoring.InReview)
		}
		if row.Draft, err = encodeQuestion(i.Draft); err != nil {
			return row, err
		}
	}
	q := i.Newest()
	if q == nil {
		return row, fmt.Errorf("question %s has no text", i.ID)
	}
	row.Title, row.Search = firstRunes(q.Ask, maxListed), authoring.SearchText(q)
	row.Type, row.Platform, row.Skill, row.Difficulty = string(q.Type), string(q.Platform), string(q.Skill), q.Difficulty
	row.Tags = tagList(q.Tags)
	return row, nil
}

// tagList is a question's tags, one a line, with a line break at either end, so
// that one of them can be looked for whole.
func tagList(tags []string) string {
	if len(tags) == 0 {
		return ""
	}
	return "\n" + strings.Join(tags, "\n") + "\n"
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func encodeQuestion(q *exam.Question) (string, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return "", fmt.Errorf("encoding question %s: %w", q.ID, err)
	}
	return string(body), nil
}

func decodeQuestion(body string) (*exam.Question, error) {
	if body == "" {
		return nil, nil
	}
	q := &exam.Question{}
	if err := json.Unmarshal([]byte(body), q); err != nil {
		return nil, fmt.Errorf("reading a question: %w", err)
	}
	return q, nil
}

func (r *questionRow) item() (*authoring.Item, error) {
	published, err := decodeQuestion(r.Body)
	if err != nil {
		return nil, err
	}
	draft, err := decodeQuestion(r.Draft)
	if err != nil {
		return nil, err
	}
	return &authoring.Item{
		ID: exam.QuestionID(r.ID), Bank: exam.BankID(r.BankID), Place: r.Place, Author: account.PersonID(r.Author),
		Version: r.Version, Published: published, Retired: fromMillis(r.RetiredAt),
		Draft: draft, Review: r.Stage == string(authoring.InReview), DraftSeq: r.DraftSeq, DraftBy: account.PersonID(r.DraftBy),
		Created: fromMillis(r.CreatedAt), Updated: fromMillis(r.UpdatedAt),
	}, nil
}

// stateOf is a question's state in SQL, as authoring.Item.State tells it.
const stateOf = "CASE WHEN retired_at > 0 THEN 'retired' WHEN stage <> '' THEN stage ELSE 'published' END"

// AuthoredBanks satisfies authoring.Store.
func (s *Store) AuthoredBanks(ctx context.Context) (_ []authoring.Bank, err error) {
	defer fault.Op(&err, "store.AuthoredBanks")
	return s.authoredBanks(ctx, func(tx *gorm.DB) *gorm.DB { return tx.Where("withdrawn_at = 0") })
}

// AuthoredBank satisfies authoring.Store.
func (s *Store) AuthoredBank(ctx context.Context, id exam.BankID) (_ *authoring.Bank, err error) {
	defer fault.Op(&err, "store.AuthoredBank")
	banks, err := s.authoredBanks(ctx, func(tx *gorm.DB) *gorm.DB { return tx.Where("id = ?", string(id)) })
	if err != nil {
		return nil, err
	}
	if len(banks) == 0 {
		return nil, fault.NotFound("There is no such bank. It may have been withdrawn.")
	}
	return &banks[0], nil
}

func (s *Store) authoredBanks(ctx context.Context, which func(*gorm.DB) *gorm.DB) ([]authoring.Bank, error) {
	var rows []bankRow
	var members []bankMemberRow
	var tallies []struct {
		BankID, State string
		N             int
	}
	err := s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		if err := which(tx.Order("title, id")).Find(&rows).Error; err != nil {
			return err
		}
		ids := make([]string, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		if err := tx.Where("bank_id IN ?", ids).Order("added_at, person_id").Find(&members).Error; err != nil {
			return err
		}
		return tx.Raw("SELECT bank_id, "+stateOf+" AS state, count(*) AS n FROM questions WHERE bank_id IN ? GROUP BY 1, 2", ids).Scan(&tallies).Error
	})
	if err != nil {
		return nil, err
	}
	banks := make([]authoring.Bank, len(rows))
	at := map[string]*authoring.Bank{}
	for i, r := range rows {
		banks[i] = authoring.Bank{
			ID: exam.BankID(r.ID), Title: r.Title, Description: r.Description, Owner: account.PersonID(r.Owner),
			Visibility: authoring.Visibility(r.Visibility), Counts: r.Counts, Added: fromMillis(r.AddedAt), Updated: fromMillis(r.UpdatedAt),
			Withdrawn: fromMillis(r.WithdrawnAt), Tally: map[authoring.State]int{},
		}
		at[r.ID] = &banks[i]
	}
	for _, m := range members {
		at[m.BankID].Members = append(at[m.BankID].Members, account.PersonID(m.PersonID))
	}
	for _, t := range tallies {
		at[t.BankID].Tally[authoring.State(t.State)] = t.N
	}
	return banks, nil
}

// KeepBank satisfies authoring.Store.
func (s *Store) KeepBank(ctx context.Context, b *authoring.Bank, actor account.PersonID, action string) (err error) {
	defer fault.Op(&err, "store.KeepBank")
	row := bankRow{
		ID: string(b.ID), Title: b.Title, Description: b.Description, Owner: string(b.Owner), Counts: b.Counts,
		Visibility: string(b.Visibility), AddedAt: millis(b.Added), UpdatedAt: millis(b.Updated), WithdrawnAt: millis(b.Withdrawn),
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		if err := tx.Where("bank_id = ?", row.ID).Delete(&bankMemberRow{}).Error; err != nil {
			return err
		}
		for _, m := range b.Members {
			if err := tx.Create(&bankMemberRow{BankID: row.ID, PersonID: string(m), AddedAt: millis(s.now())}).Error; err != nil {
				return err
			}
		}
		if err := bumpBanks(tx); err != nil {
			return err
		}
		return s.audit(tx, string(actor), action, row.ID)
	})
}

// Items satisfies authoring.Store.
func (s *Store) Items(ctx context.Context, id exam.BankID, f authoring.Filter) (_ []authoring.Item, total int, err error) {
	defer fault.Op(&err, "store.Items")
	query := filtered(s.reader(ctx).Table("questions").Where("bank_id = ?", string(id)), f)
	var count int64
	if err := query.Session(&gorm.Session{}).Count(&count).Error; err != nil {
		return nil, 0, err
	}
	query = query.Order(order(f)).Offset(f.Offset)
	if f.Limit > 0 {
		query = query.Limit(f.Limit)
	}
	var rows []questionRow
	if err := query.Find(&rows).Error; err != nil {
		return nil, 0, err
	}
	items := make([]authoring.Item, len(rows))
	for i := range rows {
		item, err := rows[i].item()
		if err != nil {
			return nil, 0, err
		}
		items[i] = *item
	}
	return items, int(count), nil
}

func filtered(query *gorm.DB, f authoring.Filter) *gorm.DB {
	for _, word := range strings.Fields(strings.ToLower(f.Words)) {
		query = query.Where(`search LIKE ? ESCAPE '\'`, "%"+escapeLike(word)+"%")
	}
	equal := func(column, value string) {
		if value != "" {
			query = query.Where(column+" = ?", value)
		}
	}
	equal(stateOf, string(f.State))
	equal("type", string(f.Type))
	equal("platform", string(f.Platform))
	equal("skill", string(f.Skill))
	if f.Difficulty > 0 {
		query = query.Where("difficulty = ?", f.Difficulty)
	}
	if f.Tag != "" {
		query = query.Where(`tags LIKE ? ESCAPE '\'`, "%\n"+escapeLike(f.Tag)+"\n%")
	}
	if f.Untagged {
		query = query.Where("platform = '' OR skill = '' OR difficulty = 0")
	}
	return query
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func escapeLike(word string) string { return likeEscaper.Replace(word) }

func order(f authoring.Filter) string {
	column := map[authoring.Sort]string{
		authoring.ByText: "title", authoring.ByState: stateOf, authoring.ByType: "type", authoring.BySkill: "skill",
		authoring.ByDifficulty: "difficulty", authoring.ByUpdated: "updated_at",
	}[f.Sort]
	if column == "" {
		column = "place"
	}
	if f.Down {
		column += " DESC"
	}
	return column + ", place, id"
}

// Item satisfies authoring.Store.
func (s *Store) Item(ctx context.Context, id exam.QuestionID) (_ *authoring.Item, err error) {
	defer fault.Op(&err, "store.Item")
	return item(s.reader(ctx), id)
}

func item(tx *gorm.DB, id exam.QuestionID) (*authoring.Item, error) {
	var row questionRow
	if err := tx.Where("id = ?", string(id)).Take(&row).Error; err != nil {
		if notFound(err) {
			return nil, fault.NotFound("There is no question %s.", id)
		}
		return nil, err
	}
	return row.item()
}

// AddItems satisfies authoring.Store.
func (s *Store) AddItems(ctx context.Context, items []*authoring.Item, actor account.PersonID, action string) (err error) {
	defer fault.Op(&err, "store.AddItems")
	if len(items) == 0 {
		return nil
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		place := 0
		err := tx.Raw("SELECT COALESCE(max(place) + 1, 0) FROM questions WHERE bank_id = ?", string(items[0].Bank)).Row().Scan(&place)
		if err != nil {
			return err
		}
		for i, it := range items {
			it.Place = place + i
			if err := s.insertItem(tx, it, actor); err != nil {
				return err
			}
		}
		if err := bumpBanks(tx); err != nil {
			return err
		}
		return s.audit(tx, string(actor), action, fmt.Sprintf("%s: %d", items[0].Bank, len(items)))
	})
}

func (s *Store) insertItem(tx *gorm.DB, i *authoring.Item, actor account.PersonID) error {
	row, err := questionRowOf(i)
	if err != nil {
		return err
	}
	if err := tx.Create(&row).Error; err != nil {
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return fault.Conflict("The id %s is taken by another question. Nothing was added.", i.ID)
		}
		return err
	}
	return s.keepVersion(tx, &row, "", actor)
}

// keepVersion keeps what a question's row says is asked, if it is new.
func (s *Store) keepVersion(tx *gorm.DB, row *questionRow, note string, actor account.PersonID) error {
	if row.Version == 0 {
		return nil
	}
	return tx.Exec(`INSERT INTO question_versions (question_id, version, revision, body, note, published_by, published_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, row.ID, row.Version, row.Revision, row.Body, note, string(actor), millis(s.now())).Error
}

// ChangeItems satisfies authoring.Store.
func (s *Store) ChangeItems(ctx context.Context, ids []exam.QuestionID, actor account.PersonID, action string, change func(*authoring.Item) (string, error)) (err error) {
	defer fault.Op(&err, "store.ChangeItems")
	return s.change(ctx, func(tx *gorm.DB) error {
		for _, id := range ids {
			if err := s.changeItem(tx, id, actor, change); err != nil {
				return err
			}
		}
		if err := bumpBanks(tx); err != nil {
			return err
		}
		detail := string(ids[0])
		if len(ids) > 1 {
			detail += fmt.Sprintf(" and %d more", len(ids)-1)
		}
		return s.audit(tx, string(actor), action, detail)
	})
}

func (s *Store) changeItem(tx *gorm.DB, id exam.QuestionID, actor account.PersonID, change func(*authoring.Item) (string, error)) error {
	it, err := item(tx, id)
	if err != nil {
		return err
	}
	version := it.Version
	note, err := change(it)
	if err != nil {
		return err
	}
	row, err := questionRowOf(it)
	if err != nil {
		return err
	}
	if err := tx.Save(&row).Error; err != nil {
		return err
	}
	if it.Version == version {
		return nil
	}
	return s.keepVersion(tx, &row, note, actor)
}

// Versions satisfies authoring.Store.
func (s *Store) Versions(ctx context.Context, id exam.QuestionID) (_ []authoring.Version, err error) {
	defer fault.Op(&err, "store.Versions")
	var rows []struct {
		Version     int
		Body, Note  string
		PublishedBy string
		PublishedAt int64
	}
	err = s.reader(ctx).Raw(`SELECT version, body, note, published_by, published_at FROM question_versions
		WHERE question_id = ? ORDER BY version DESC`, string(id)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	versions := make([]authoring.Version, len(rows))
	for i, r := range rows {
		q, err := decodeQuestion(r.Body)
		if err != nil {
			return nil, err
		}
		versions[i] = authoring.Version{Number: r.Version, Question: q, Note: r.Note, By: account.PersonID(r.PublishedBy), At: fromMillis(r.PublishedAt)}
	}
	return versions, nil
}

type reviewRow struct {
	ID         int64 `gorm:"primaryKey"`
	QuestionID string
	Revision   string
	Reviewer   string
	Answer     string
	Agreed     bool
	Verdict    string
	Comment    string
	At         int64
}

func (reviewRow) TableName() string { return "question_reviews" }

// Reviews satisfies authoring.Store.
func (s *Store) Reviews(ctx context.Context, id exam.QuestionID) (_ []authoring.Review, err error) {
	defer fault.Op(&err, "store.Reviews")
	var rows []reviewRow
	if err := s.reader(ctx).Where("question_id = ?", string(id)).Order("at DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	reviews := make([]authoring.Review, len(rows))
	for i, r := range rows {
		reviews[i] = authoring.Review{
			Question: exam.QuestionID(r.QuestionID), Revision: r.Revision, Reviewer: account.PersonID(r.Reviewer), Agreed: r.Agreed,
			Verdict: authoring.Verdict(r.Verdict), Comment: r.Comment, At: fromMillis(r.At),
		}
		if err := json.Unmarshal([]byte(r.Answer), &reviews[i].Answer); err != nil {
			return nil, fmt.Errorf("reading a review of %s: %w", id, err)
		}
	}
	return reviews, nil
}

// KeepReview satisfies authoring.Store.
func (s *Store) KeepReview(ctx context.Context, r authoring.Review) (err error) {
	defer fault.Op(&err, "store.KeepReview")
	answer, err := json.Marshal(r.Answer)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		err := tx.Exec(`INSERT INTO question_reviews (question_id, revision, reviewer, answer, agreed, verdict, comment, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (question_id, revision, reviewer) DO UPDATE SET verdict = excluded.verdict, comment = excluded.comment, at = excluded.at`,
			string(r.Question), r.Revision, string(r.Reviewer), string(answer), r.Agreed, string(r.Verdict), r.Comment, millis(r.At)).Error
		if err != nil {
			return err
		}
		return s.audit(tx, string(r.Reviewer), "review_question", string(r.Question))
	})
}

// awaits selects the questions in review that a person could solve blind.
const awaits = `stage = 'in_review' AND retired_at = 0 AND author <> @person AND draft_by <> @person
	AND bank_id IN (SELECT id FROM banks WHERE withdrawn_at = 0 AND (@all OR owner = @person
		OR EXISTS (SELECT 1 FROM bank_members m WHERE m.bank_id = banks.id AND m.person_id = @person)))
	AND NOT EXISTS (SELECT 1 FROM question_reviews r
		WHERE r.question_id = questions.id AND r.reviewer = @person AND r.revision = json_extract(questions.draft, '$.Revision'))`

// Waiting satisfies authoring.Store.
func (s *Store) Waiting(ctx context.Context, person account.PersonID, all bool, limit int) (_ []authoring.Item, err error) {
	defer fault.Op(&err, "store.Waiting")
	var rows []questionRow
	err = s.reader(ctx).Where(awaits, map[string]any{"person": string(person), "all": all}).Order("updated_at, id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	items := make([]authoring.Item, len(rows))
	for i := range rows {
		item, err := rows[i].item()
		if err != nil {
			return nil, err
		}
		items[i] = *item
	}
	return items, nil
}

// CountWaiting satisfies authoring.Store.
func (s *Store) CountWaiting(ctx context.Context, person account.PersonID, all bool) (_ int, err error) {
	defer fault.Op(&err, "store.CountWaiting")
	var n int64
	err = s.reader(ctx).Model(&questionRow{}).Where(awaits, map[string]any{"person": string(person), "all": all}).Count(&n).Error
	return int(n), err
}

// Comments satisfies authoring.Store.
func (s *Store) Comments(ctx context.Context, id exam.QuestionID) (_ []authoring.Comment, err error) {
	defer fault.Op(&err, "store.Comments")
	var rows []struct {
		PersonID, Text string
		At             int64
	}
	err = s.reader(ctx).Raw("SELECT person_id, text, at FROM question_comments WHERE question_id = ? ORDER BY at, id", string(id)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	comments := make([]authoring.Comment, len(rows))
	for i, r := range rows {
		comments[i] = authoring.Comment{Person: account.PersonID(r.PersonID), Text: r.Text, At: fromMillis(r.At)}
	}
	return comments, nil
}

// AddComment satisfies authoring.Store.
func (s *Store) AddComment(ctx context.Context, id exam.QuestionID, c authoring.Comment) (err error) {
	defer fault.Op(&err, "store.AddComment")
	return s.change(ctx, func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO question_comments (question_id, person_id, text, at) VALUES (?, ?, ?, ?)",
			string(id), string(c.Person), c.Text, millis(c.At)).Error
	})
}

// KeepMedia keeps images under their keys; what is there already stays.
func (s *Store) KeepMedia(ctx context.Context, images map[string]exam.Image) (err error) {
	defer fault.Op(&err, "store.KeepMedia")
	return s.change(ctx, func(tx *gorm.DB) error { return s.keepMedia(tx, images) })
}

func (s *Store) keepMedia(tx *gorm.DB, images map[string]exam.Image) error {
	for key, m := range images {
		err := tx.Exec("INSERT INTO media (key, name, type, data, added_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			key, m.Name, m.Type, m.Data, millis(s.now())).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// Media returns an image, or fault.KindNotFound.
func (s *Store) Media(ctx context.Context, key string) (m exam.Image, err error) {
	defer fault.Op(&err, "store.Media")
	row := s.reader(ctx).Raw("SELECT name, type, data FROM media WHERE key = ?", key).Row()
	if err := row.Scan(&m.Name, &m.Type, &m.Data); err != nil {
		if notFound(err) {
			return m, fault.NotFound("There is no such image.")
		}
		return m, err
	}
	return m, nil
}
