package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sextant/internal/account"
	"sextant/internal/classroom"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
)

type classRow struct {
	ID          string `gorm:"primaryKey"`
	Title       string
	Description string
	Zone        string
	Exams       string
	Code        string
	Open        bool
	Owner       string
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	ArchivedAt  int64
}

func (classRow) TableName() string { return "classes" }

type classInstructorRow struct {
	ClassID  string `gorm:"primaryKey"`
	PersonID string `gorm:"primaryKey"`
	AddedAt  int64
}

func (classInstructorRow) TableName() string { return "class_instructors" }

type classBankRow struct {
	ClassID string `gorm:"primaryKey"`
	BankID  string `gorm:"primaryKey"`
	GivenBy string
	GivenAt int64
}

func (classBankRow) TableName() string { return "class_banks" }

type classMemberRow struct {
	ClassID    string `gorm:"primaryKey"`
	PersonID   string `gorm:"primaryKey"`
	JoinedAt   int64
	SharesFrom int64
	LeftAt     int64
}

func (classMemberRow) TableName() string { return "class_members" }

func (r *classRow) toDomain() (classroom.Class, error) {
	c := classroom.Class{
		ID: classroom.ID(r.ID), Title: r.Title, Description: r.Description, Zone: r.Zone, Code: r.Code, Open: r.Open,
		Owner: account.PersonID(r.Owner), Created: fromMillis(r.CreatedAt), Archived: fromMillis(r.ArchivedAt),
	}
	if err := json.Unmarshal([]byte(r.Exams), &c.Exams); err != nil {
		return c, fmt.Errorf("reading the exams of class %s: %w", r.ID, err)
	}
	return c, nil
}

// Classes satisfies classroom.Register.
func (s *Store) Classes(ctx context.Context, person account.PersonID) (taught, attended []classroom.Class, err error) {
	defer fault.Op(&err, "store.Classes")
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		taught, err = classes(tx, tx.Where("owner = @p OR id IN (SELECT class_id FROM class_instructors WHERE person_id = @p)", map[string]any{"p": string(person)}))
		if err != nil {
			return err
		}
		attended, err = classes(tx, tx.Where("id IN (SELECT class_id FROM class_members WHERE person_id = ? AND left_at = 0)", string(person)))
		return err
	})
	return taught, attended, err
}

// Class satisfies classroom.Register.
func (s *Store) Class(ctx context.Context, id classroom.ID) (_ *classroom.Class, err error) {
	defer fault.Op(&err, "store.Class")
	return s.oneClass(ctx, "id = ?", string(id))
}

// ClassByCode satisfies classroom.Register.
func (s *Store) ClassByCode(ctx context.Context, code string) (_ *classroom.Class, err error) {
	defer fault.Op(&err, "store.ClassByCode")
	return s.oneClass(ctx, "code = ?", code)
}

func (s *Store) oneClass(ctx context.Context, where, value string) (found *classroom.Class, err error) {
	err = s.reader(ctx).Transaction(func(tx *gorm.DB) error {
		list, err := classes(tx, tx.Where(where, value))
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.NotFound("There is no such class, or you are not in it.")
		}
		found = &list[0]
		return nil
	})
	return found, err
}

// classes reads classes with their instructors and banks.
func classes(tx, which *gorm.DB) ([]classroom.Class, error) {
	var rows []classRow
	if err := which.Order("title, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var instructors []classInstructorRow
	if err := tx.Where("class_id IN ?", ids).Order("added_at, person_id").Find(&instructors).Error; err != nil {
		return nil, err
	}
	var banks []classBankRow
	if err := tx.Where("class_id IN ?", ids).Order("given_at, bank_id").Find(&banks).Error; err != nil {
		return nil, err
	}
	list, at := make([]classroom.Class, len(rows)), map[string]*classroom.Class{}
	for i := range rows {
		var err error
		if list[i], err = rows[i].toDomain(); err != nil {
			return nil, err
		}
		at[rows[i].ID] = &list[i]
	}
	for _, r := range instructors {
		at[r.ClassID].Instructors = append(at[r.ClassID].Instructors, account.PersonID(r.PersonID))
	}
	for _, r := range banks {
		at[r.ClassID].Banks = append(at[r.ClassID].Banks, classroom.Given{Bank: exam.BankID(r.BankID), By: account.PersonID(r.GivenBy), At: fromMillis(r.GivenAt)})
	}
	return list, nil
}

// KeepClass satisfies classroom.Register.
func (s *Store) KeepClass(ctx context.Context, c *classroom.Class, actor account.PersonID, action string) (err error) {
	defer fault.Op(&err, "store.KeepClass")
	exams, err := json.Marshal(c.Exams)
	if err != nil {
		return fmt.Errorf("encoding the exams of class %s: %w", c.ID, err)
	}
	row := classRow{
		ID: string(c.ID), Title: c.Title, Description: c.Description, Zone: c.Zone, Exams: string(exams), Code: c.Code, Open: c.Open,
		Owner: string(c.Owner), CreatedAt: millis(c.Created), ArchivedAt: millis(c.Archived),
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		if err := tx.Where("class_id = ?", row.ID).Delete(&classInstructorRow{}).Error; err != nil {
			return err
		}
		for _, p := range c.Instructors {
			if err := tx.Create(&classInstructorRow{ClassID: row.ID, PersonID: string(p), AddedAt: millis(s.now())}).Error; err != nil {
				return err
			}
		}
		if err := tx.Where("class_id = ?", row.ID).Delete(&classBankRow{}).Error; err != nil {
			return err
		}
		for _, g := range c.Banks {
			if err := tx.Create(&classBankRow{ClassID: row.ID, BankID: string(g.Bank), GivenBy: string(g.By), GivenAt: millis(g.At)}).Error; err != nil {
				return err
			}
		}
		// Who may be asked a bank's questions has changed.
		if err := bumpBanks(tx); err != nil {
			return err
		}
		return s.audit(tx, string(actor), action, row.ID)
	})
}

// Members satisfies classroom.Register.
func (s *Store) Members(ctx context.Context, id classroom.ID) (_ []classroom.Member, err error) {
	defer fault.Op(&err, "store.Members")
	var rows []struct {
		PersonID, Name, Email        string
		JoinedAt, SharesFrom, LeftAt int64
	}
	err = s.reader(ctx).Raw(`SELECT m.person_id, m.joined_at, m.shares_from, m.left_at, p.name, COALESCE(p.email, '') AS email FROM class_members m JOIN people p ON p.id = m.person_id
		WHERE m.class_id = ? AND m.left_at = 0 ORDER BY p.name, p.email`, string(id)).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	members := make([]classroom.Member, len(rows))
	for i, r := range rows {
		members[i] = classroom.Member{
			Person: account.PersonID(r.PersonID), Name: r.Name, Email: r.Email,
			Joined: fromMillis(r.JoinedAt), Shares: fromMillis(r.SharesFrom), Left: fromMillis(r.LeftAt),
		}
	}
	return members, nil
}

// KeepMember satisfies classroom.Register.
func (s *Store) KeepMember(ctx context.Context, id classroom.ID, m classroom.Member, actor account.PersonID, action string) (err error) {
	defer fault.Op(&err, "store.KeepMember")
	row := classMemberRow{ClassID: string(id), PersonID: string(m.Person), JoinedAt: millis(m.Joined), SharesFrom: millis(m.Shares), LeftAt: millis(m.Left)}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		// Only a class with banks changes who may be asked what.
		var banks int64
		if err := tx.Model(&classBankRow{}).Where("class_id = ?", row.ClassID).Count(&banks).Error; err != nil {
			return err
		}
		if banks > 0 {
			if err := bumpBanks(tx); err != nil {
				return err
			}
		}
		return s.audit(tx, string(actor), action, row.ClassID+" "+row.PersonID)
	})
}

// classReaders lists by bank who may be asked its questions through a class. It
// reads nothing before a class could be given any.
func classReaders(tx *gorm.DB) (map[string][]string, error) {
	var rows []struct{ BankID, PersonID string }
	err := tx.Raw(`SELECT DISTINCT b.bank_id, m.person_id FROM class_banks b
		JOIN classes c ON c.id = b.class_id AND c.archived_at = 0
		JOIN class_members m ON m.class_id = b.class_id AND m.left_at = 0 ORDER BY 1, 2`).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	readers := map[string][]string{}
	for _, r := range rows {
		readers[r.BankID] = append(readers[r.BankID], r.PersonID)
	}
	return readers, nil
}

type assignmentRow struct {
	ID          string `gorm:"primaryKey"`
	ClassID     string
	Title       string
	Note        string
	Kind        string
	Task        string
	OpensAt     int64
	DueAt       int64
	ClosesAt    int64
	CreatedBy   string
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	WithdrawnAt int64
}

func (assignmentRow) TableName() string { return "assignments" }

func (r *assignmentRow) toDomain() (classroom.Assignment, error) {
	a := classroom.Assignment{
		ID: classroom.AssignmentID(r.ID), Class: classroom.ID(r.ClassID), Title: r.Title, Note: r.Note, Kind: sitting.Mode(r.Kind),
		Opens: fromMillis(r.OpensAt), Due: fromMillis(r.DueAt), Closes: fromMillis(r.ClosesAt),
		By: account.PersonID(r.CreatedBy), Created: fromMillis(r.CreatedAt), Withdrawn: fromMillis(r.WithdrawnAt),
	}
	if err := json.Unmarshal([]byte(r.Task), &a.Task); err != nil {
		return a, fmt.Errorf("reading assignment %s: %w", r.ID, err)
	}
	return a, nil
}

type workRow struct {
	AssignmentID string `gorm:"primaryKey"`
	PersonID     string `gorm:"primaryKey"`
	SittingID    string
	BegunAt      int64
}

func (workRow) TableName() string { return "assignment_sittings" }

// Assignments satisfies classroom.Desk.
func (s *Store) Assignments(ctx context.Context, ids []classroom.ID) (_ []classroom.Assignment, err error) {
	defer fault.Op(&err, "store.Assignments")
	var rows []assignmentRow
	if err := s.reader(ctx).Where("class_id IN ? AND withdrawn_at = 0", ids).Order("due_at, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]classroom.Assignment, len(rows))
	for i := range rows {
		if list[i], err = rows[i].toDomain(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// KeepAssignment satisfies classroom.Desk.
func (s *Store) KeepAssignment(ctx context.Context, a *classroom.Assignment, actor account.PersonID, action string) (err error) {
	defer fault.Op(&err, "store.KeepAssignment")
	task, err := json.Marshal(a.Task)
	if err != nil {
		return fmt.Errorf("encoding assignment %s: %w", a.ID, err)
	}
	row := assignmentRow{
		ID: string(a.ID), ClassID: string(a.Class), Title: a.Title, Note: a.Note, Kind: string(a.Kind), Task: string(task),
		OpensAt: millis(a.Opens), DueAt: millis(a.Due), ClosesAt: millis(a.Closes),
		CreatedBy: string(a.By), CreatedAt: millis(a.Created), WithdrawnAt: millis(a.Withdrawn),
	}
	return s.change(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		return s.audit(tx, string(actor), action, row.ID)
	})
}

// Works satisfies classroom.Desk.
func (s *Store) Works(ctx context.Context, ids []classroom.AssignmentID) (_ []classroom.Work, err error) {
	defer fault.Op(&err, "store.Works")
	var rows []workRow
	if err := s.reader(ctx).Where("assignment_id IN ?", ids).Order("assignment_id, begun_at, person_id").Find(&rows).Error; err != nil {
		return nil, err
	}
	works := make([]classroom.Work, len(rows))
	for i, r := range rows {
		works[i] = classroom.Work{
			Assignment: classroom.AssignmentID(r.AssignmentID), Person: account.PersonID(r.PersonID),
			Sitting: sitting.ID(r.SittingID), Begun: fromMillis(r.BegunAt),
		}
	}
	return works, nil
}

// KeepWork satisfies classroom.Desk.
func (s *Store) KeepWork(ctx context.Context, w classroom.Work) (err error) {
	defer fault.Op(&err, "store.KeepWork")
	row := workRow{AssignmentID: string(w.Assignment), PersonID: string(w.Person), SittingID: string(w.Sitting), BegunAt: millis(w.Begun)}
	return s.change(ctx, func(tx *gorm.DB) error {
		err := tx.Create(&row).Error
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return fault.Conflict("You have begun this assignment already. Go on with it from its page.")
		}
		if err != nil {
			return err
		}
		return s.audit(tx, row.PersonID, "begin_assignment", row.AssignmentID+" "+row.SittingID)
	})
}
