package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/plan"
)

type planRow struct {
	ID        string `gorm:"primaryKey"`
	PersonID  string
	Exam      string
	Wish      string
	Seen      string `gorm:"<-:create;default:'{}'"` // written by KeepSeen alone
	CreatedAt int64  `gorm:"autoCreateTime:false"`
	UpdatedAt int64  `gorm:"autoUpdateTime:false"`
	EndedAt   int64
}

func (planRow) TableName() string { return "plans" }

func (r *planRow) toDomain() (plan.Kept, error) {
	k := plan.Kept{
		ID: plan.ID(r.ID), Person: account.PersonID(r.PersonID),
		Created: fromMillis(r.CreatedAt), Updated: fromMillis(r.UpdatedAt), Ended: fromMillis(r.EndedAt),
	}
	if err := json.Unmarshal([]byte(r.Wish), &k.Wish); err != nil {
		return k, fmt.Errorf("reading the wish of plan %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Seen), &k.Seen); err != nil {
		return k, fmt.Errorf("reading what was seen of plan %s: %w", r.ID, err)
	}
	return k, nil
}

type planWorkRow struct {
	ID      int64 `gorm:"primaryKey"`
	PlanID  string
	Day     string
	Kind    string
	Topic   string
	Minutes int
	Note    string
	At      int64
}

func (planWorkRow) TableName() string { return "plan_work" }

func (r *planWorkRow) toDomain() (plan.Told, error) {
	day, err := time.Parse(time.DateOnly, r.Day)
	if err != nil {
		return plan.Told{}, fmt.Errorf("reading work %d of plan %s: %w", r.ID, r.PlanID, err)
	}
	return plan.Told{
		ID: r.ID, Plan: plan.ID(r.PlanID), Note: r.Note, At: fromMillis(r.At),
		Work: plan.Work{Day: day, Kind: plan.Kind(r.Kind), Skill: exam.SkillID(r.Topic), Minutes: r.Minutes, Told: true},
	}, nil
}

type feedRow struct {
	PersonID  string `gorm:"primaryKey"`
	Digest    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ReadAt    int64
}

func (feedRow) TableName() string { return "calendar_feeds" }

// Plans satisfies plan.Store.
func (s *Store) Plans(ctx context.Context, person account.PersonID) (_ []plan.Kept, err error) {
	defer fault.Op(&err, "store.Plans")
	var rows []planRow
	if err := s.reader(ctx).Where("person_id = ?", string(person)).Order("ended_at > 0, created_at DESC, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]plan.Kept, len(rows))
	for i := range rows {
		if list[i], err = rows[i].toDomain(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Plan satisfies plan.Store.
func (s *Store) Plan(ctx context.Context, id plan.ID) (_ *plan.Kept, err error) {
	defer fault.Op(&err, "store.Plan")
	var row planRow
	if err := s.reader(ctx).Where("id = ?", string(id)).Take(&row).Error; err != nil {
		if notFound(err) {
			return nil, fault.NotFound("There is no such plan, or it isn't yours. If it is, sign in with the account that made it.")
		}
		return nil, err
	}
	k, err := row.toDomain()
	return &k, err
}

// KeepPlan satisfies plan.Store.
func (s *Store) KeepPlan(ctx context.Context, k *plan.Kept, action string) (err error) {
	defer fault.Op(&err, "store.KeepPlan")
	wish, err := json.Marshal(k.Wish)
	if err != nil {
		return fmt.Errorf("encoding the wish of plan %s: %w", k.ID, err)
	}
	row := planRow{
		ID: string(k.ID), PersonID: string(k.Person), Exam: string(k.Wish.Exam), Wish: string(wish), Seen: "{}",
		CreatedAt: millis(k.Created), UpdatedAt: millis(k.Updated), EndedAt: millis(k.Ended),
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		change := clause.OnConflict{
			Columns: []clause.Column{{Name: "id"}},
			DoUpdates: append(
				clause.Assignments(map[string]any{"seen": gorm.Expr("CASE WHEN plans.wish = excluded.wish THEN plans.seen ELSE '{}' END")}),
				// A guest may have signed in since the plan was read; whose it is stays.
				clause.AssignmentColumns([]string{"exam", "wish", "updated_at", "ended_at"})...),
		}
		err := tx.Clauses(change).Create(&row).Error
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return fault.Conflict("You have an open plan for %s already. Change that one, or end it first.", row.Exam)
		}
		if err != nil {
			return err
		}
		return s.audit(tx, row.PersonID, action, row.ID+" "+row.Exam)
	})
}

// KeepSeen satisfies plan.Store.
func (s *Store) KeepSeen(ctx context.Context, id plan.ID, updated time.Time, seen plan.Seen) (err error) {
	defer fault.Op(&err, "store.KeepSeen")
	text, err := json.Marshal(seen)
	if err != nil {
		return fmt.Errorf("encoding what was seen of plan %s: %w", id, err)
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE plans SET seen = ? WHERE id = ? AND updated_at = ?", string(text), string(id), millis(updated)).Error
	})
}

// PlanWork satisfies plan.Store.
func (s *Store) PlanWork(ctx context.Context, id plan.ID) (_ []plan.Told, err error) {
	defer fault.Op(&err, "store.PlanWork")
	var rows []planWorkRow
	if err := s.reader(ctx).Where("plan_id = ?", string(id)).Order("day, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]plan.Told, len(rows))
	for i := range rows {
		if list[i], err = rows[i].toDomain(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// twice is how soon the same told again is taken for a form sent twice.
const twice = 5 * time.Second

// AddPlanWork satisfies plan.Store.
func (s *Store) AddPlanWork(ctx context.Context, person account.PersonID, t plan.Told) (err error) {
	defer fault.Op(&err, "store.AddPlanWork")
	row := planWorkRow{
		PlanID: string(t.Plan), Day: t.Day.Format(time.DateOnly), Kind: string(t.Kind), Topic: string(t.Skill),
		Minutes: t.Minutes, Note: t.Note, At: millis(t.At),
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		var had, again int64
		if err := tx.Model(&planWorkRow{}).Where("plan_id = ?", row.PlanID).Count(&had).Error; err != nil {
			return err
		}
		if had >= plan.MaxTold {
			return fault.Conflict("This plan holds %d pieces of work; it takes no more. What you told before is kept.", plan.MaxTold)
		}
		same := tx.Model(&planWorkRow{}).Where("plan_id = ? AND day = ? AND kind = ? AND topic = ? AND minutes = ? AND at > ?",
			row.PlanID, row.Day, row.Kind, row.Topic, row.Minutes, row.At-twice.Milliseconds())
		if err := same.Count(&again).Error; err != nil || again > 0 {
			return err
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return s.audit(tx, string(person), "tell_work", row.PlanID+" "+strconv.FormatInt(row.ID, 10))
	})
}

// RemovePlanWork satisfies plan.Store.
func (s *Store) RemovePlanWork(ctx context.Context, person account.PersonID, id plan.ID, work int64) (err error) {
	defer fault.Op(&err, "store.RemovePlanWork")
	return s.change(ctx, func(tx *gorm.DB) error {
		gone := tx.Where("id = ? AND plan_id = ?", work, string(id)).Delete(&planWorkRow{})
		if gone.Error != nil {
			return gone.Error
		}
		if gone.RowsAffected == 0 {
			return fault.NotFound("This was taken back already.")
		}
		// The plan has changed, and calendars tell newer events by when it did.
		if err := tx.Exec("UPDATE plans SET updated_at = ? WHERE id = ?", millis(s.now()), string(id)).Error; err != nil {
			return err
		}
		return s.audit(tx, string(person), "untell_work", string(id)+" "+strconv.FormatInt(work, 10))
	})
}

// Feed satisfies plan.Store.
func (s *Store) Feed(ctx context.Context, person account.PersonID) (_ *plan.Feed, err error) {
	defer fault.Op(&err, "store.Feed")
	var row feedRow
	err = s.reader(ctx).Where("person_id = ?", string(person)).Take(&row).Error
	if notFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &plan.Feed{Made: fromMillis(row.CreatedAt), Read: fromMillis(row.ReadAt)}, nil
}

// KeepFeed satisfies plan.Store.
func (s *Store) KeepFeed(ctx context.Context, person account.PersonID, digest string) (err error) {
	defer fault.Op(&err, "store.KeepFeed")
	row := feedRow{PersonID: string(person), Digest: digest, CreatedAt: millis(s.now())}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		return s.audit(tx, row.PersonID, "make_feed", "")
	})
}

// RevokeFeed satisfies plan.Store.
func (s *Store) RevokeFeed(ctx context.Context, person account.PersonID) (err error) {
	defer fault.Op(&err, "store.RevokeFeed")
	return s.change(ctx, func(tx *gorm.DB) error {
		gone := tx.Where("person_id = ?", string(person)).Delete(&feedRow{})
		if gone.Error != nil || gone.RowsAffected == 0 {
			return gone.Error
		}
		return s.audit(tx, string(person), "revoke_feed", "")
	})
}

// FeedOwner satisfies plan.Store.
func (s *Store) FeedOwner(ctx context.Context, digest string) (_ account.PersonID, err error) {
	defer fault.Op(&err, "store.FeedOwner")
	var row feedRow
	if err := s.reader(ctx).Where("digest = ?", digest).Take(&row).Error; err != nil {
		if notFound(err) {
			return "", fault.NotFound("There is no calendar at this address. It may have been revoked or replaced; its owner finds the one in use on the calendar page.")
		}
		return "", err
	}
	return account.PersonID(row.PersonID), nil
}

// readEvery is how long a feed's last reading stands for later ones: calendars ask
// often, and each noting is a write.
const readEvery = 10 * time.Minute

// FeedRead satisfies plan.Store.
func (s *Store) FeedRead(ctx context.Context, digest string) (err error) {
	defer fault.Op(&err, "store.FeedRead")
	now := millis(s.now())
	var row feedRow
	err = s.reader(ctx).Where("digest = ? AND read_at <= ?", digest, now-readEvery.Milliseconds()).Take(&row).Error
	if err != nil {
		if notFound(err) {
			return nil
		}
		return err
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE calendar_feeds SET read_at = ? WHERE digest = ?", now, digest).Error
	})
}

// mergePlans hands a guest's plans to an account. Of two open ones for an exam the
// account's own stays and takes over what was told of the other, which ends. A
// guest has no feed to hand over: where there is one, it ends.
func (s *Store) mergePlans(tx *gorm.DB, guest, into account.PersonID) error {
	names := map[string]any{"guest": string(guest), "into": string(into), "now": millis(s.now())}
	const double = "SELECT g.id FROM plans g JOIN plans own ON own.exam = g.exam AND own.person_id = @into AND own.ended_at = 0 WHERE g.person_id = @guest AND g.ended_at = 0"
	for _, step := range []string{
		`UPDATE plan_work SET plan_id = (SELECT own.id FROM plans own JOIN plans g ON g.exam = own.exam
			WHERE g.id = plan_work.plan_id AND own.person_id = @into AND own.ended_at = 0) WHERE plan_id IN (` + double + ")",
		"UPDATE plans SET ended_at = @now, updated_at = @now WHERE id IN (" + double + ")",
		"UPDATE plans SET person_id = @into WHERE person_id = @guest",
		"DELETE FROM calendar_feeds WHERE person_id = @guest",
	} {
		if err := tx.Exec(step, names).Error; err != nil {
			return err
		}
	}
	return nil
}
