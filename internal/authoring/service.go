package authoring

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/grade"
)

// Store is where banks and their questions are kept.
type Store interface {
	// AuthoredBanks lists the banks that aren't withdrawn, with their tallies.
	AuthoredBanks(ctx context.Context) ([]Bank, error)
	// AuthoredBank returns fault.KindNotFound when there is none.
	AuthoredBank(ctx context.Context, id exam.BankID) (*Bank, error)
	// KeepBank adds a bank or replaces everything but its questions.
	KeepBank(ctx context.Context, b *Bank, actor account.PersonID, action string) error

	// Items lists questions of a bank, without their texts' versions, and how many
	// match in all.
	Items(ctx context.Context, id exam.BankID, f Filter) (items []Item, total int, err error)
	// Item returns fault.KindNotFound when there is none.
	Item(ctx context.Context, id exam.QuestionID) (*Item, error)
	// AddItems adds questions to a bank behind those it has: all or none. It
	// returns fault.KindConflict when an id is taken.
	AddItems(ctx context.Context, items []*Item, actor account.PersonID, action string) error
	// ChangeItems lets change alter questions of one bank in one transaction; an
	// error leaves all as they were. A version that rose is kept with the note that
	// change returned.
	ChangeItems(ctx context.Context, ids []exam.QuestionID, actor account.PersonID, action string, change func(*Item) (note string, err error)) error
	// Versions lists what was ever published of a question, newest first.
	Versions(ctx context.Context, id exam.QuestionID) ([]Version, error)

	// Reviews lists the blind reviews of a question, newest first.
	Reviews(ctx context.Context, id exam.QuestionID) ([]Review, error)
	// KeepReview adds a review, or the verdict of one. Its answer never changes.
	KeepReview(ctx context.Context, r Review) error
	// Waiting lists the drafts in review that somebody could solve blind, the oldest
	// first: of every bank in use if all is set, else of those they write in.
	Waiting(ctx context.Context, person account.PersonID, all bool, limit int) ([]Item, error)
	// CountWaiting counts what Waiting would list.
	CountWaiting(ctx context.Context, person account.PersonID, all bool) (int, error)
	Comments(ctx context.Context, id exam.QuestionID) ([]Comment, error)
	AddComment(ctx context.Context, id exam.QuestionID, c Comment) error

	// Names tells what those of the people are called who have an account.
	Names(ctx context.Context, ids []account.PersonID) (map[account.PersonID]string, error)
}

// Shelf is told when what learners are asked has changed.
type Shelf interface{ Renew() }

// Service is what people can do with banks.
type Service struct {
	store   Store
	shelf   Shelf
	builtin func(exam.QuestionID) bool // whether the embedded bank has the id
	now     func() time.Time
}

// NewService returns a Service. builtin tells whether an id belongs to the
// embedded bank, whose questions nobody changes here.
func NewService(store Store, shelf Shelf, builtin func(exam.QuestionID) bool, now func() time.Time) *Service {
	return &Service{store: store, shelf: shelf, builtin: builtin, now: now}
}

// Banks lists the banks that somebody may write in.
func (s *Service) Banks(ctx context.Context, a Actor) (_ []Bank, err error) {
	defer fault.Op(&err, "authoring.Banks")
	banks, err := s.store.AuthoredBanks(ctx)
	return slices.DeleteFunc(banks, func(b Bank) bool { return !b.MayRead(a) }), err
}

// Bank returns a bank that somebody may write in; for anybody else there is none.
func (s *Service) Bank(ctx context.Context, a Actor, id exam.BankID) (_ *Bank, err error) {
	defer fault.Op(&err, "authoring.Bank(%s)", id)
	b, err := s.store.AuthoredBank(ctx, id)
	if err != nil {
		return nil, err
	}
	if !b.MayRead(a) {
		return nil, errNotYours
	}
	return b, nil
}

const maxTitle, maxDescription = 80, 2000

// CreateBank makes an empty bank.
func (s *Service) CreateBank(ctx context.Context, a Actor, id exam.BankID, title string, v Visibility) (_ *Bank, err error) {
	defer fault.Op(&err, "authoring.CreateBank(%s)", id)
	if !a.Role.Includes(account.Instructor) {
		return nil, fault.Forbidden("Only instructors add banks. An admin can make you one.")
	}
	if _, err := s.store.AuthoredBank(ctx, id); fault.KindOf(err) != fault.KindNotFound {
		if err != nil {
			return nil, err
		}
		return nil, fault.Conflict("There is a bank with this title. Give yours another title.")
	}
	now := s.now()
	b := &Bank{ID: id, Title: title, Owner: a.ID, Visibility: v, Added: now, Updated: now}
	if err := checkBank(b); err != nil {
		return nil, err
	}
	return b, s.store.KeepBank(ctx, b, a.ID, "create_bank")
}

func checkBank(b *Bank) error {
	b.Title = strings.Join(strings.Fields(b.Title), " ")
	switch {
	case b.Title == "":
		return fault.Invalid("Give the bank a title.")
	case utf8.RuneCountInString(b.Title) > maxTitle:
		return fault.Invalid("A title can have %d characters at most.", maxTitle)
	case utf8.RuneCountInString(b.Description) > maxDescription:
		return fault.Invalid("A description can have %d characters at most.", maxDescription)
	case !slices.Contains(Visibilities(), b.Visibility):
		return fault.Invalid("Say who may be asked the bank's questions: private, class or everyone.")
	}
	return nil
}

// ManageBank lets change alter a bank's title, description, visibility, members
// and withdrawal. Whether it counts towards readiness only an admin changes.
func (s *Service) ManageBank(ctx context.Context, a Actor, id exam.BankID, action string, change func(*Bank) error) (_ *Bank, err error) {
	defer fault.Op(&err, "authoring.ManageBank(%s, %s)", id, action)
	b, err := s.Bank(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if !b.MayManage(a) {
		return nil, fault.Forbidden("Only the bank's owner or an admin can change that.")
	}
	before := *b
	if err := change(b); err != nil {
		return nil, err
	}
	if b.Counts != before.Counts && !a.admin() {
		return nil, fault.Forbidden("Only an admin can say whether a bank counts towards readiness.")
	}
	b.ID, b.Owner, b.Added, b.Updated = before.ID, before.Owner, before.Added, s.now()
	if err := checkBank(b); err != nil {
		return nil, err
	}
	if err := s.store.KeepBank(ctx, b, a.ID, action); err != nil {
		return nil, err
	}
	s.shelf.Renew()
	return b, nil
}

// Questions lists the questions of a bank, and how many match in all.
func (s *Service) Questions(ctx context.Context, a Actor, id exam.BankID, f Filter) (_ []Item, _ int, err error) {
	defer fault.Op(&err, "authoring.Questions(%s)", id)
	if _, err := s.Bank(ctx, a, id); err != nil {
		return nil, 0, err
	}
	return s.store.Items(ctx, id, f)
}

// Question returns a question, with its key, for those who write in its bank.
func (s *Service) Question(ctx context.Context, a Actor, id exam.QuestionID) (_ *Item, _ *Bank, err error) {
	defer fault.Op(&err, "authoring.Question(%s)", id)
	item, err := s.store.Item(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	b, err := s.Bank(ctx, a, item.Bank)
	if err != nil {
		return nil, nil, err
	}
	return item, b, nil
}

// AddDrafts adds questions to a bank as drafts, in their order, all or none.
// They need not be complete.
func (s *Service) AddDrafts(ctx context.Context, a Actor, id exam.BankID, questions []*exam.Question) (err error) {
	defer fault.Op(&err, "authoring.AddDrafts(%s)", id)
	return s.add(ctx, a, id, questions, false)
}

// AddPublished adds questions to a bank that doesn't count and publishes them at
// once, all or none. fault.KindInvalid says what is wrong with one that can't be
// asked.
func (s *Service) AddPublished(ctx context.Context, a Actor, id exam.BankID, questions []*exam.Question) (err error) {
	defer fault.Op(&err, "authoring.AddPublished(%s)", id)
	return s.add(ctx, a, id, questions, true)
}

func (s *Service) add(ctx context.Context, a Actor, id exam.BankID, questions []*exam.Question, publish bool) error {
	b, err := s.Bank(ctx, a, id)
	if err != nil {
		return err
	}
	if publish && b.Counts && !a.admin() {
		return fault.Conflict("This bank counts towards readiness, so that what is added to it is reviewed first. Add the questions as drafts.")
	}
	now := s.now()
	items := make([]*Item, len(questions))
	for i, q := range questions {
		if err := s.take(q, id); err != nil {
			return err
		}
		items[i] = &Item{ID: q.ID, Bank: id, Author: a.ID, Created: now, Updated: now}
		if !publish {
			items[i].Draft, items[i].DraftSeq, items[i].DraftBy = q, 1, a.ID
			continue
		}
		if err := askable(q); err != nil {
			return err
		}
		items[i].Published, items[i].Version = q, 1
	}
	if err := s.store.AddItems(ctx, items, a.ID, "add_questions"); err != nil {
		return err
	}
	s.shelf.Renew()
	return nil
}

// take makes a question one of the bank's.
func (s *Service) take(q *exam.Question, id exam.BankID) error {
	if s.builtin(q.ID) {
		return fault.Conflict("The id %s belongs to the built-in bank. Give the question another.", q.ID)
	}
	q.Bank, q.File, q.Line = id, "", 0
	q.Revision = bank.Revision(q)
	return nil
}

// askable reports what keeps a question from being asked.
func askable(q *exam.Question) error {
	problems := q.Validate()
	if len(problems) == 0 {
		return nil
	}
	words := make([]string, len(problems))
	for i, p := range problems {
		words[i] = p.String()
	}
	return fault.Invalid("%s can't be asked yet. %s.", q.ID, strings.Join(words, "; "))
}

// changed is one question's change, with what every change of a draft checks.
func (s *Service) changed(ctx context.Context, a Actor, id exam.QuestionID, action string, change func(*Item, *Bank) (note string, err error)) (*Item, error) {
	_, b, err := s.Question(ctx, a, id)
	if err != nil {
		return nil, err
	}
	var after Item
	err = s.store.ChangeItems(ctx, []exam.QuestionID{id}, a.ID, action, func(i *Item) (string, error) {
		note, err := change(i, b)
		i.Updated = s.now()
		after = *i
		return note, err
	})
	return &after, err
}

// ErrStale is a fault.KindConflict: somebody else changed the draft since it was
// opened. Nothing was saved.
var ErrStale = fault.Conflict("Somebody else changed this question since you opened it. Yours is not saved yet: compare the two and save again.")

// SaveDraft keeps a draft over the one at seq and returns the question with its
// new seq. It returns ErrStale when the draft has moved on.
func (s *Service) SaveDraft(ctx context.Context, a Actor, id exam.QuestionID, seq int, q *exam.Question) (_ *Item, err error) {
	defer fault.Op(&err, "authoring.SaveDraft(%s)", id)
	return s.changed(ctx, a, id, "save_draft", func(i *Item, _ *Bank) (string, error) {
		if i.DraftSeq != seq {
			return "", ErrStale
		}
		q.ID = i.ID
		if err := s.take(q, i.Bank); err != nil {
			return "", err
		}
		if newest := i.Newest(); newest.Revision == q.Revision {
			q.Review = newest.Review // a form doesn't carry it
		}
		if alike(i.Newest(), q) {
			return "", nil // nothing to save, and nothing to take back from review
		}
		i.Draft, i.DraftBy, i.Review = q, a.ID, false
		i.DraftSeq++
		return "", nil
	})
}

// alike reports whether two questions are written alike, editors' notes included.
func alike(a, b *exam.Question) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// DiscardDraft goes back to what is asked. A question that was never published
// stays a draft.
func (s *Service) DiscardDraft(ctx context.Context, a Actor, id exam.QuestionID, seq int) (_ *Item, err error) {
	defer fault.Op(&err, "authoring.DiscardDraft(%s)", id)
	return s.changed(ctx, a, id, "discard_draft", func(i *Item, _ *Bank) (string, error) {
		if i.DraftSeq != seq {
			return "", ErrStale
		}
		if i.Published == nil {
			return "", fault.Conflict("This question was never published, so that there is nothing to go back to. Retire it if it isn't wanted.")
		}
		i.Draft, i.Review = nil, false
		i.DraftSeq++
		return "", nil
	})
}

// Submit offers a draft for blind review; it must be fit to be asked. Recall
// takes it back.
func (s *Service) Submit(ctx context.Context, a Actor, id exam.QuestionID, seq int) (_ *Item, err error) {
	defer fault.Op(&err, "authoring.Submit(%s)", id)
	return s.changed(ctx, a, id, "submit_for_review", func(i *Item, _ *Bank) (string, error) {
		switch {
		case i.DraftSeq != seq:
			return "", ErrStale
		case i.Draft == nil:
			return "", fault.Conflict("There is no draft to review.")
		}
		i.Review = true
		return "", askable(i.Draft)
	})
}

// Recall takes a draft back from review.
func (s *Service) Recall(ctx context.Context, a Actor, id exam.QuestionID) (_ *Item, err error) {
	defer fault.Op(&err, "authoring.Recall(%s)", id)
	return s.changed(ctx, a, id, "recall_from_review", func(i *Item, _ *Bank) (string, error) {
		i.Review = false
		return "", nil
	})
}

// Blind returns the draft that waits for review to somebody who may review it:
// a writer of the bank who wrote none of it and has not reviewed it yet. The
// caller shows it without its key.
func (s *Service) Blind(ctx context.Context, a Actor, id exam.QuestionID) (_ *exam.Question, err error) {
	defer fault.Op(&err, "authoring.Blind(%s)", id)
	item, _, err := s.Question(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return item.Draft, s.mayReview(ctx, a, item)
}

func (s *Service) mayReview(ctx context.Context, a Actor, item *Item) error {
	switch {
	case item.State() != InReview:
		return fault.Conflict("This question isn't waiting for a review.")
	case item.wrote(a):
		return fault.Forbidden("A question is reviewed by somebody who didn't write it. Ask another writer of the bank.")
	}
	reviews, err := s.store.Reviews(ctx, item.ID)
	if err != nil {
		return err
	}
	switch mine := reviewOf(reviews, a.ID, item.Draft.Revision); {
	case mine == nil:
		return nil
	case mine.GaveUp():
		return fault.Conflict("You looked at the key of this question, so that you can't solve it blind any more. Comment on it instead.")
	}
	return fault.Conflict("You have solved this question already. Your answer is kept.")
}

// Solve keeps a reviewer's blind answer to the text with the revision, for good,
// and says whether it is the key. Only then may the key be shown to them.
func (s *Service) Solve(ctx context.Context, a Actor, id exam.QuestionID, revision string, answer exam.Answer) (_ Review, err error) {
	defer fault.Op(&err, "authoring.Solve(%s)", id)
	item, _, err := s.Question(ctx, a, id)
	if err != nil {
		return Review{}, err
	}
	if err := s.mayReview(ctx, a, item); err != nil {
		return Review{}, err
	}
	if item.Draft.Revision != revision {
		return Review{}, fault.Conflict("The question was changed while you were solving it. Please read it again.")
	}
	outcome, err := grade.Grade(item.Draft, answer)
	if err != nil {
		return Review{}, err
	}
	r := Review{Question: id, Revision: revision, Reviewer: a.ID, Answer: answer, Agreed: outcome == exam.Right, At: s.now()}
	return r, s.store.KeepReview(ctx, r)
}

// Judge keeps a reviewer's verdict on the text they solved. Asking for a change
// gives it back to its writer.
func (s *Service) Judge(ctx context.Context, a Actor, id exam.QuestionID, verdict Verdict, comment string) (err error) {
	defer fault.Op(&err, "authoring.Judge(%s)", id)
	item, _, err := s.Question(ctx, a, id)
	if err != nil {
		return err
	}
	if verdict != Approve && verdict != Change {
		return fault.Invalid("Say whether you approve of the question or ask for a change.")
	}
	comment = strings.TrimSpace(comment)
	switch {
	case verdict == Change && comment == "":
		return fault.Invalid("Say what should change.")
	case utf8.RuneCountInString(comment) > MaxComment:
		return fault.Invalid("A comment can have %d characters at most.", MaxComment)
	case item.State() != InReview:
		return fault.Conflict("This question isn't waiting for a review any more.")
	}
	reviews, err := s.store.Reviews(ctx, id)
	if err != nil {
		return err
	}
	mine := reviewOf(reviews, a.ID, item.Draft.Revision)
	switch {
	case mine == nil:
		return fault.Conflict("Solve the question first; then say what you think of it.")
	case mine.GaveUp():
		return fault.Conflict("You looked at the key instead of solving the question. Comment on it instead.")
	}
	r := *mine
	r.Verdict, r.Comment, r.At = verdict, comment, s.now()
	if err := s.store.KeepReview(ctx, r); err != nil || verdict == Approve {
		return err
	}
	_, err = s.Recall(ctx, a, id)
	return err
}

// Reviewed reports whether somebody other than its writers solved the text blind,
// gave the key, and approved.
func Reviewed(item *Item, q *exam.Question, reviews []Review) bool {
	return slices.ContainsFunc(reviews, func(r Review) bool {
		return r.Revision == q.Revision && r.Agreed && r.Verdict == Approve && r.Reviewer != item.Author && r.Reviewer != item.DraftBy
	})
}

// Publish makes the draft at seq what learners are asked, as a new version. In a
// bank that counts towards readiness it needs a blind review first; elsewhere it
// goes without, and is shown as not reviewed.
func (s *Service) Publish(ctx context.Context, a Actor, id exam.QuestionID, seq int, note string) (_ *Item, err error) {
	defer fault.Op(&err, "authoring.Publish(%s)", id)
	reviews, err := s.store.Reviews(ctx, id)
	if err != nil {
		return nil, err
	}
	item, err := s.changed(ctx, a, id, "publish", func(i *Item, b *Bank) (string, error) {
		switch {
		case i.DraftSeq != seq:
			return "", ErrStale
		case i.Draft == nil:
			return "", fault.Conflict("There is no draft to publish.")
		case b.Counts && !Reviewed(i, i.Draft, reviews):
			return "", fault.Conflict("This bank counts towards readiness: a question is published once somebody who didn't write it has solved it blind, given the key, and approved. Send it to review.")
		}
		if err := askable(i.Draft); err != nil {
			return "", err
		}
		i.Published, i.Draft, i.Review, i.Retired = recorded(i.Draft, reviews), nil, false, time.Time{}
		i.Version++
		i.DraftSeq++
		return strings.TrimSpace(note), nil
	})
	if err == nil {
		s.shelf.Renew()
	}
	return item, err
}

// recorded is the question with the record of its blind reviews here, added to
// none it came with: those were of another text or elsewhere.
func recorded(q *exam.Question, reviews []Review) *exam.Question {
	published := *q
	var here exam.Review
	for _, r := range reviews {
		if r.Revision != q.Revision || r.GaveUp() {
			continue
		}
		here.Solved++
		if r.Agreed {
			here.Agreed++
		}
		here.Date = max(here.Date, r.At.Format(time.DateOnly))
	}
	if here.Solved > 0 {
		published.Review = here
	}
	return &published
}

// Retire takes questions out of use; Restore brings them back. What was answered
// stays.
func (s *Service) Retire(ctx context.Context, a Actor, ids []exam.QuestionID) (err error) {
	defer fault.Op(&err, "authoring.Retire")
	now := s.now()
	return s.bulk(ctx, a, ids, "retire", func(i *Item, _ *Bank) (string, error) {
		if i.Retired.IsZero() {
			i.Retired = now
		}
		return "", nil
	})
}

// Restore brings retired questions back.
func (s *Service) Restore(ctx context.Context, a Actor, ids []exam.QuestionID) (err error) {
	defer fault.Op(&err, "authoring.Restore")
	return s.bulk(ctx, a, ids, "restore", func(i *Item, _ *Bank) (string, error) {
		i.Retired = time.Time{}
		return "", nil
	})
}

// Labels are what bulk tagging sets; empty fields leave a question as it is.
type Labels struct {
	Platform   exam.Platform
	Skill      exam.SkillID
	Difficulty int
	AddTag     string
	RemoveTag  string
}

// Relabel sets labels on many questions at once, on what is asked (as a new
// version) and on the draft alike. In a bank that counts, labels decide what an
// answer measures: there only admins may.
func (s *Service) Relabel(ctx context.Context, a Actor, ids []exam.QuestionID, l Labels) (err error) {
	defer fault.Op(&err, "authoring.Relabel")
	if l.Platform != "" && !l.Platform.Valid() {
		return fault.Invalid("Choose one of the platforms.")
	}
	if l.Difficulty < 0 || l.Difficulty > 5 {
		return fault.Invalid("A difficulty is 1 to 5.")
	}
	return s.bulk(ctx, a, ids, "relabel", func(i *Item, b *Bank) (string, error) {
		if b.Counts && !a.admin() {
			return "", fault.Forbidden("This bank counts towards readiness, and labels decide what an answer measures. Ask an admin.")
		}
		if i.Draft != nil {
			i.Draft = l.on(i.Draft)
			i.DraftSeq++
		}
		if i.Published == nil {
			return "", nil
		}
		relabelled := l.on(i.Published)
		if relabelled.Revision != i.Published.Revision {
			i.Version++
		}
		i.Published = relabelled
		return "Labels changed.", nil
	})
}

// on returns the question with the labels.
func (l Labels) on(q *exam.Question) *exam.Question {
	labelled := *q
	if l.Platform != "" {
		labelled.Platform = l.Platform
	}
	if l.Skill != "" && l.Skill != q.Skill {
		labelled.Skill, labelled.Domains = l.Skill, nil // domains belong to the skill they were named for
	}
	if l.Difficulty > 0 {
		labelled.Difficulty = l.Difficulty
	}
	labelled.Tags = slices.Clone(q.Tags)
	if tag := strings.TrimSpace(l.AddTag); tag != "" && !slices.Contains(labelled.Tags, tag) {
		labelled.Tags = append(labelled.Tags, tag)
	}
	if tag := strings.TrimSpace(l.RemoveTag); tag != "" {
		labelled.Tags = slices.DeleteFunc(labelled.Tags, func(t string) bool { return t == tag })
	}
	labelled.Revision = bank.Revision(&labelled)
	return &labelled
}

// MaxBulk bounds how many questions one action changes.
const MaxBulk = 10000

// bulk changes questions of one bank in one transaction.
func (s *Service) bulk(ctx context.Context, a Actor, ids []exam.QuestionID, action string, change func(*Item, *Bank) (string, error)) error {
	switch {
	case len(ids) == 0:
		return fault.Invalid("Choose at least one question.")
	case len(ids) > MaxBulk:
		return fault.Invalid("Choose at most %d questions at a time.", MaxBulk)
	}
	_, b, err := s.Question(ctx, a, ids[0])
	if err != nil {
		return err
	}
	err = s.store.ChangeItems(ctx, ids, a.ID, action, func(i *Item) (string, error) {
		if i.Bank != b.ID {
			return "", fault.Invalid("Choose questions of one bank.")
		}
		note, err := change(i, b)
		i.Updated = s.now()
		return note, err
	})
	if err != nil {
		return err
	}
	s.shelf.Renew()
	return nil
}

// History is everything that is known of a question's life.
type History struct {
	Versions []Version
	Reviews  []Review
	Comments []Comment
}

// History returns a question's life to those who write in its bank. Answers of
// others' blind reviews of the present draft are kept from somebody who could
// still review it.
func (s *Service) History(ctx context.Context, a Actor, id exam.QuestionID) (_ History, err error) {
	defer fault.Op(&err, "authoring.History(%s)", id)
	mine, err := s.Reviewing(ctx, a, id)
	if err != nil {
		return History{}, err
	}
	var h History
	if h.Versions, err = s.store.Versions(ctx, id); err != nil {
		return History{}, err
	}
	if h.Reviews, err = s.store.Reviews(ctx, id); err != nil {
		return History{}, err
	}
	if mine.May {
		h.Reviews = slices.DeleteFunc(h.Reviews, func(r Review) bool { return r.Revision == mine.Item.Draft.Revision })
	}
	h.Comments, err = s.store.Comments(ctx, id)
	return h, err
}

// Say adds a comment to a question.
func (s *Service) Say(ctx context.Context, a Actor, id exam.QuestionID, text string) (err error) {
	defer fault.Op(&err, "authoring.Say(%s)", id)
	if _, _, err := s.Question(ctx, a, id); err != nil {
		return err
	}
	switch text = strings.TrimSpace(text); {
	case text == "":
		return fault.Invalid("Write a comment first.")
	case utf8.RuneCountInString(text) > MaxComment:
		return fault.Invalid("A comment can have %d characters at most.", MaxComment)
	}
	return s.store.AddComment(ctx, id, Comment{Person: a.ID, Text: text, At: s.now()})
}
