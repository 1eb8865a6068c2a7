package authoring

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/fault"
)

// ImportID names an import.
type ImportID string

// ImportState is where an import is in its life.
type ImportState string

// The states. Nothing of an import is in any bank before it is done.
const (
	Reading ImportState = "reading" // the files are being read
	Ready   ImportState = "ready"   // to be looked at, mended and decided upon
	Failed  ImportState = "failed"  // reading didn't come to its end
	Done    ImportState = "done"    // written, or thrown away
)

// Import is a set of files that somebody looks at before anything is written.
type Import struct {
	ID      ImportID
	Person  account.PersonID
	Title   string // of the bank it is meant for
	State   ImportState
	Done    int // files and questions taken in so far
	Total   int // of how many; 0 while that isn't known
	Report  ImportReport
	Mapping Mapping
	Created time.Time
	Updated time.Time
}

// ImportReport is what reading the files told.
type ImportReport struct {
	Files   []FileReport `json:"files,omitempty"`
	Failure string       `json:"failure,omitempty"` // why reading failed, in words for people
}

// FileReport is what reading one file told.
type FileReport struct {
	Name     string             `json:"name"`
	Format   exchange.Format    `json:"format"`
	Imported int                `json:"imported"`
	Broken   int                `json:"broken,omitempty"` // questions with a mistake, which can be mended
	Skipped  []exchange.Skip    `json:"skipped,omitempty"`
	Problems []exchange.Problem `json:"problems,omitempty"`
}

// Mapping gives imported questions the labels that their files don't: those of
// their category, and where it has none, the general ones. Labels that a question
// came with stay.
type Mapping struct {
	All        Labels            `json:"all,omitzero"`
	Categories map[string]Labels `json:"categories,omitempty"`
}

// on returns the question with the labels it lacks.
func (m Mapping) on(q *exam.Question) *exam.Question {
	mapped := *q
	for _, l := range []Labels{m.Categories[q.Category], m.All} {
		if mapped.Platform == "" {
			mapped.Platform = l.Platform
		}
		if mapped.Skill == "" {
			mapped.Skill = l.Skill
		}
		if mapped.Difficulty == 0 {
			mapped.Difficulty = l.Difficulty
		}
		if l.AddTag != "" && !slices.Contains(mapped.Tags, l.AddTag) {
			mapped.Tags = append(slices.Clone(mapped.Tags), l.AddTag)
		}
	}
	mapped.Revision = bank.Revision(&mapped)
	return &mapped
}

// Staged is one question of an import, as it was read or mended.
type Staged struct {
	N        int
	Where    string // its place in its file
	Question *exam.Question
	Dropped  bool // not wanted
}

// Broken reports whether the question can't be asked as it is.
func (s *Staged) Broken() bool { return len(s.Question.Validate()) > 0 }

// Effect is what writing a staged question would do.
type Effect string

// The effects.
const (
	Adds      Effect = "add"
	Changes   Effect = "change"
	Same      Effect = "same"
	IsBroken  Effect = "broken"  // comes in as a draft at most, until it is mended
	IsTaken   Effect = "taken"   // its id belongs to another bank: it can't come in
	IsDropped Effect = "dropped" // the person doesn't want it
)

// Effects lists the effects in the order in which they are told.
func Effects() []Effect { return []Effect{IsBroken, IsTaken, Adds, Changes, Same, IsDropped} }

// ImportStore is where imports are kept until they are decided upon.
type ImportStore interface {
	NewImport(ctx context.Context, i *Import) error
	// Import returns fault.KindNotFound when there is none.
	Import(ctx context.Context, id ImportID) (*Import, error)
	Imports(ctx context.Context, person account.PersonID) ([]Import, error)
	// SaveImport replaces everything of an import but its questions.
	SaveImport(ctx context.Context, i *Import) error
	// Stage keeps questions of an import and the images they show.
	Stage(ctx context.Context, id ImportID, questions []Staged, media map[string]exam.Image) error
	// Staged lists the questions of an import, in their order.
	Staged(ctx context.Context, id ImportID) ([]Staged, error)
	// Restage replaces one question of an import.
	Restage(ctx context.Context, id ImportID, s Staged) error
	// Standing tells the bank, the state and the newest text's revision of those
	// of the ids that are taken.
	Standing(ctx context.Context, ids []exam.QuestionID) (map[exam.QuestionID]Item, error)
	// WriteImport makes the import's questions the bank's: all of them or none. The
	// items with Version 0 are new; of the others the draft, or what is asked, is
	// replaced. The import is done then.
	WriteImport(ctx context.Context, i *Import, b *Bank, items []*Item) error
}

// BeginImport makes an import for files that will be read by ReadImport.
func (s *Service) BeginImport(ctx context.Context, a Actor, store ImportStore, title string) (_ *Import, err error) {
	defer fault.Op(&err, "authoring.BeginImport")
	if !a.Role.Includes(account.Instructor) {
		return nil, fault.Forbidden("Only instructors add questions. An admin can make you one.")
	}
	if _, err := s.target(ctx, a, title); err != nil {
		return nil, err
	}
	now := s.now()
	i := &Import{ID: ImportID(account.NewID()), Person: a.ID, Title: strings.Join(strings.Fields(title), " "), State: Reading, Created: now, Updated: now}
	return i, store.NewImport(ctx, i)
}

// target is the bank with the title, or a new one of the actor's.
func (s *Service) target(ctx context.Context, a Actor, title string) (*Bank, error) {
	id, err := BankID(title)
	if err != nil {
		return nil, err
	}
	b, err := s.store.AuthoredBank(ctx, id)
	if fault.KindOf(err) == fault.KindNotFound {
		now := s.now()
		b = &Bank{ID: id, Title: title, Owner: a.ID, Visibility: Private, Added: now, Updated: now}
		return b, checkBank(b)
	}
	if err != nil {
		return nil, err
	}
	if !b.MayWrite(a) {
		return nil, fault.Forbidden("The bank %q belongs to somebody else. Give yours another title.", b.Title)
	}
	return b, nil
}

// Assign gives questions that have no id one: always the same to the same
// question, and never one to two.
type Assign func(id exam.BankID, questions []*exam.Question)

// AssignBeside gives imported questions ids that no other bank has. Should the
// store fail to tell, writing the import refuses what is taken.
func (s *Service) AssignBeside(ctx context.Context, store ImportStore) Assign {
	return func(id exam.BankID, questions []*exam.Question) {
		exchange.AssignIDs(id, questions, func(q exam.QuestionID) bool {
			if s.builtin(q) {
				return true
			}
			standing, err := store.Standing(ctx, []exam.QuestionID{q})
			other, ok := standing[q]
			return err == nil && ok && other.Bank != id
		})
	}
}

// stageBatch is how many questions are kept in one transaction while reading.
const stageBatch = 500

// ReadImport takes what reading the files yielded into an import.
func (s *Service) ReadImport(ctx context.Context, store ImportStore, i *Import, documents []*exchange.Document, assign Assign) (err error) {
	defer fault.Op(&err, "authoring.ReadImport(%s)", i.ID)
	id, err := BankID(i.Title)
	if err != nil {
		return err
	}
	var all []*exam.Question
	for _, d := range documents {
		all = append(all, d.Questions...)
		all = append(all, d.Broken...)
	}
	assign(id, all)
	i.Total = len(all)
	n := 0
	for _, d := range documents {
		if err := s.stage(ctx, store, i, slices.Concat(d.Questions, d.Broken), d.Media, &n); err != nil {
			return err
		}
		i.Report.Files = append(i.Report.Files, FileReport{
			Name: d.Name, Format: d.Format, Imported: len(d.Questions), Broken: len(d.Broken), Skipped: d.Skipped, Problems: d.Problems,
		})
	}
	i.State, i.Updated = Ready, s.now()
	return store.SaveImport(ctx, i)
}

func (s *Service) stage(ctx context.Context, store ImportStore, i *Import, questions []*exam.Question, media map[string]exam.Image, n *int) error {
	if len(questions) == 0 && len(media) > 0 {
		return nil // images that no question shows
	}
	for batch := range slices.Chunk(questions, stageBatch) {
		staged := make([]Staged, len(batch))
		for k, q := range batch {
			staged[k] = Staged{N: *n, Where: exchange.Place{File: q.File, Line: q.Line, Name: q.Title}.String(), Question: q}
			*n++
		}
		if err := store.Stage(ctx, i.ID, staged, media); err != nil {
			return err
		}
		media = nil // kept with the first batch
		i.Done, i.Updated = *n, s.now()
		if err := store.SaveImport(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// FailImport records why reading didn't come to its end.
func (s *Service) FailImport(ctx context.Context, store ImportStore, i *Import, why string) error {
	i.State, i.Updated, i.Report.Failure = Failed, s.now(), why
	return store.SaveImport(ctx, i)
}

// OwnImport returns an import of the actor's; anybody else's doesn't exist for
// them.
func (s *Service) OwnImport(ctx context.Context, a Actor, store ImportStore, id ImportID) (_ *Import, err error) {
	defer fault.Op(&err, "authoring.OwnImport(%s)", id)
	i, err := store.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	if i.Person != a.ID || !a.Role.Includes(account.Instructor) {
		return nil, fault.NotFound("There is no such import.")
	}
	return i, nil
}

// Proposal is what writing an import would do.
type Proposal struct {
	Import  *Import
	Bank    *Bank
	New     bool // the bank doesn't exist yet
	Staged  []Staged
	Effects []Effect // of the staged questions, in their order
	Tally   map[Effect]int
	bare    []*exam.Question
	standing
}

// Bare is the i-th staged question without the labels that the mapping gives it:
// with those of its file, and where that says nothing, those it has in the bank.
func (p *Proposal) Bare(i int) *exam.Question { return p.bare[i] }

type standing map[exam.QuestionID]Item

// Before is a question's newest text in its bank, where the import would change
// it; nil for a question that isn't there.
func (p *Proposal) Before(id exam.QuestionID) *exam.Question {
	item, ok := p.standing[id]
	if !ok || item.Bank != p.Bank.ID {
		return nil
	}
	return item.Newest()
}

// Propose says what writing an import would do, with its mapping applied.
func (s *Service) Propose(ctx context.Context, a Actor, store ImportStore, id ImportID) (_ *Proposal, err error) {
	defer fault.Op(&err, "authoring.Propose(%s)", id)
	i, err := s.OwnImport(ctx, a, store, id)
	if err != nil {
		return nil, err
	}
	if i.State != Ready {
		return nil, fault.Conflict("This import isn't ready to be looked at.")
	}
	b, err := s.target(ctx, a, i.Title)
	if err != nil {
		return nil, err
	}
	p := &Proposal{Import: i, Bank: b, Tally: map[Effect]int{}}
	if p.Staged, err = store.Staged(ctx, id); err != nil {
		return nil, err
	}
	ids := make([]exam.QuestionID, len(p.Staged))
	for n := range p.Staged {
		ids[n] = p.Staged[n].Question.ID
	}
	if p.standing, err = store.Standing(ctx, ids); err != nil {
		return nil, err
	}
	for n := range p.Staged {
		bare := keepLabels(p.Before(ids[n]), p.Staged[n].Question)
		p.bare = append(p.bare, bare)
		p.Staged[n].Question = i.Mapping.on(bare)
		p.Staged[n].Question.Bank = b.ID
	}
	_, err = s.store.AuthoredBank(ctx, b.ID)
	p.New = fault.KindOf(err) == fault.KindNotFound
	for n := range p.Staged {
		e := s.effect(p, &p.Staged[n])
		p.Effects = append(p.Effects, e)
		p.Tally[e]++
	}
	return p, nil
}

// keepLabels returns a question with what its file says nothing of as it is in the
// bank: files of other systems hold no labels of ours, and bringing a corrected one
// in again must not take away what was set here.
func keepLabels(old, q *exam.Question) *exam.Question {
	if old == nil {
		return q
	}
	kept := *q
	kept.Platform, kept.Difficulty = cmp.Or(q.Platform, old.Platform), cmp.Or(q.Difficulty, old.Difficulty)
	kept.DifficultyReason, kept.FactsAsOf = cmp.Or(q.DifficultyReason, old.DifficultyReason), cmp.Or(q.FactsAsOf, old.FactsAsOf)
	kept.Remember = cmp.Or(q.Remember, old.Remember)
	if q.Skill == "" {
		kept.Skill, kept.Domains = old.Skill, old.Domains
	}
	kept.Tags, kept.Services = firstFilled(q.Tags, old.Tags), firstFilled(q.Services, old.Services)
	kept.Enemies, kept.References = firstFilled(q.Enemies, old.Enemies), firstFilled(q.References, old.References)
	kept.Revision = bank.Revision(&kept)
	return &kept
}

func firstFilled[T any](lists ...[]T) []T {
	for _, list := range lists {
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

func (s *Service) effect(p *Proposal, staged *Staged) Effect {
	old, known := p.standing[staged.Question.ID]
	switch {
	case staged.Dropped:
		return IsDropped
	case s.builtin(staged.Question.ID) || known && old.Bank != p.Bank.ID:
		return IsTaken
	case staged.Broken():
		return IsBroken
	case !known:
		return Adds
	case sameText(old.Newest(), staged.Question) && old.Retired.IsZero():
		return Same
	}
	return Changes
}

// sameText compares all that a file can say of a question.
func sameText(a, b *exam.Question) bool {
	return a.Revision == b.Revision && a.Title == b.Title && a.Category == b.Category && a.SourceID == b.SourceID &&
		slices.Equal(a.Tags, b.Tags) && slices.Equal(a.Services, b.Services) && slices.Equal(a.Enemies, b.Enemies)
}

// MendStaged replaces a question of an import that isn't written yet.
func (s *Service) MendStaged(ctx context.Context, a Actor, store ImportStore, id ImportID, n int, q *exam.Question) (err error) {
	defer fault.Op(&err, "authoring.MendStaged(%s, %d)", id, n)
	return s.restage(ctx, a, store, id, n, func(staged *Staged) {
		q.ID, q.File, q.Line = staged.Question.ID, staged.Question.File, staged.Question.Line
		q.Revision = bank.Revision(q)
		staged.Question = q
	})
}

// DropStaged leaves a question of an import out, or takes it in again.
func (s *Service) DropStaged(ctx context.Context, a Actor, store ImportStore, id ImportID, n int, dropped bool) (err error) {
	defer fault.Op(&err, "authoring.DropStaged(%s, %d)", id, n)
	return s.restage(ctx, a, store, id, n, func(staged *Staged) { staged.Dropped = dropped })
}

func (s *Service) restage(ctx context.Context, a Actor, store ImportStore, id ImportID, n int, change func(*Staged)) error {
	i, err := s.OwnImport(ctx, a, store, id)
	if err != nil {
		return err
	}
	if i.State != Ready {
		return fault.Conflict("This import is written already, or not read yet.")
	}
	all, err := store.Staged(ctx, id)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(one Staged) bool { return one.N == n })
	if at < 0 {
		return fault.NotFound("There is no such question in this import.")
	}
	change(&all[at])
	return store.Restage(ctx, id, all[at])
}

// MapImport sets the labels that imported questions get.
func (s *Service) MapImport(ctx context.Context, a Actor, store ImportStore, id ImportID, m Mapping) (err error) {
	defer fault.Op(&err, "authoring.MapImport(%s)", id)
	i, err := s.OwnImport(ctx, a, store, id)
	if err != nil {
		return err
	}
	i.Mapping, i.Updated = m, s.now()
	return store.SaveImport(ctx, i)
}

// Abandon throws an import away. Nothing of it was written.
func (s *Service) Abandon(ctx context.Context, a Actor, store ImportStore, id ImportID) (err error) {
	defer fault.Op(&err, "authoring.Abandon(%s)", id)
	i, err := s.OwnImport(ctx, a, store, id)
	if err != nil {
		return err
	}
	i.State, i.Updated = Done, s.now()
	return store.SaveImport(ctx, i)
}

// WriteImport writes an import: all of what it proposes, or nothing. As drafts
// everything comes in, broken questions too; published at once, the broken ones
// alone become drafts. A bank that counts takes drafts only, except from admins.
func (s *Service) WriteImport(ctx context.Context, a Actor, store ImportStore, id ImportID, publish bool) (_ *Bank, err error) {
	defer fault.Op(&err, "authoring.WriteImport(%s)", id)
	p, err := s.Propose(ctx, a, store, id)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Tally[IsTaken] > 0:
		return nil, fault.Conflict("%d questions have ids that belong to another bank. Leave them out, or give them others.", p.Tally[IsTaken])
	case p.Tally[Adds]+p.Tally[Changes]+p.Tally[IsBroken] == 0:
		return nil, fault.Conflict("There is nothing to write: the bank has these questions as they are.")
	case publish && p.Bank.Counts && !a.admin():
		return nil, fault.Conflict("This bank counts towards readiness, so that what is added to it is reviewed first. Bring the questions in as drafts.")
	}
	var items []*Item
	for n := range p.Staged {
		switch p.Effects[n] {
		case Adds, Changes, IsBroken:
			items = append(items, s.written(a, p, p.Staged[n].Question, publish && p.Effects[n] != IsBroken))
		case Same, IsTaken, IsDropped:
		}
	}
	p.Import.State, p.Import.Updated = Done, s.now()
	if err := store.WriteImport(ctx, p.Import, p.Bank, items); err != nil {
		return nil, err
	}
	s.shelf.Renew()
	return p.Bank, nil
}

// written is a question's life after an import.
func (s *Service) written(a Actor, p *Proposal, q *exam.Question, publish bool) *Item {
	now := s.now()
	item, known := p.standing[q.ID]
	if !known {
		item = Item{ID: q.ID, Bank: p.Bank.ID, Author: a.ID, Created: now}
	}
	item.Updated, item.Retired = now, time.Time{}
	item.DraftSeq++
	asked := *q
	asked.File, asked.Line = "", 0
	if !publish {
		item.Draft, item.DraftBy, item.Review = &asked, a.ID, false
		return &item
	}
	if item.Published == nil || item.Published.Revision != q.Revision {
		item.Version++
	}
	item.Published, item.Draft, item.Review = &asked, nil, false
	return &item
}

// BankID makes a bank's id of its title: its letters and digits, or where the
// script has none of a to z, a hash of it.
func BankID(title string) (exam.BankID, error) {
	title = strings.TrimSpace(title)
	if utf8.RuneCountInString(title) > maxTitle || !strings.ContainsFunc(title, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return "", fault.Invalid("Give the bank a title with letters or digits, of %d characters at most.", maxTitle)
	}
	id := exam.BankID(slug(title))
	if id == "" {
		sum := sha256.Sum256([]byte(title))
		id = exam.BankID("bank-" + hex.EncodeToString(sum[:4]))
	}
	if id == exam.BuiltIn || strings.EqualFold(title, BuiltInTitle) {
		return "", fault.Invalid("The title %q belongs to the built-in bank. Choose another.", title)
	}
	return id, nil
}

// BuiltInTitle is what the embedded bank is called.
const BuiltInTitle = "Sextant's own bank"

// slug is a title in lower-case letters, digits and dashes.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
