package sitting

import (
	"slices"
	"time"
	"unicode/utf8"

	"sextant/internal/fault"
)

// EventKind says what happened in a sitting.
type EventKind string

// The kinds of events. Where a sitting stands is the fold of its events, and
// nothing else. Those of the server's own bear no tab's name.
const (
	Claimed   EventKind = "claimed"   // a tab took the sitting over: only it may go on
	Posed     EventKind = "posed"     // the server put the next question of a sitting that grows
	Shown     EventKind = "shown"     // a question came into view
	Answered  EventKind = "answered"  // an answer as it stands now, complete or not
	Flagged   EventKind = "flagged"   // marked for another look, or no longer
	Struck    EventKind = "struck"    // options struck out; they never count
	Noted     EventKind = "noted"     // a note to oneself
	Settled   EventKind = "given"     // an answer for good: it is graded, and the next question comes
	Closed    EventKind = "closed"    // a section that can't be gone back to
	Submitted EventKind = "submitted" // handed in, or ended since nothing was left to ask
	Expired   EventKind = "expired"   // time was up
)

// Refused takes the place of an event that didn't fit where the sitting stood: it
// is acknowledged, so that the tab goes on, and has no effect.
const Refused EventKind = "refused"

// Event is one thing that happened. Tabs number their events from 1, so that one
// sent twice is known and one lost is missed.
type Event struct {
	N        int       `json:"n"`      // place in the sitting's log, from 1; the server's
	Client   string    `json:"client"` // the tab; "" for the server's own
	Seq      int       `json:"seq"`    // place among the tab's own events, from 1
	Kind     EventKind `json:"kind"`
	Place    int       `json:"place"`              // of the question, from 0; of the section for Closed
	Choice   *Choice   `json:"choice,omitempty"`   // Answered: nil takes the answer back; Settled
	On       bool      `json:"on,omitempty"`       // Flagged
	Struck   []string  `json:"struck,omitempty"`   // Struck: places of options on the page
	Text     string    `json:"text,omitempty"`     // Noted; Submitted: why, in words; Refused: the kind it had
	Question *Current  `json:"question,omitempty"` // Posed
	Mark     *Mark     `json:"mark,omitempty"`     // Settled, in practice: the flag and note as they stand; nil leaves them
	At       time.Time `json:"at"`                 // the server's clock
}

// ofTab is an event as a tab can send it: with what its kind has, and nothing else
// that would be kept without a bound.
func (e Event) ofTab(client string) Event {
	kept := Event{Client: client, Seq: e.Seq, Kind: e.Kind, Place: e.Place}
	switch e.Kind {
	case Answered:
		kept.Choice = e.Choice
	case Flagged:
		kept.On = e.On
	case Struck:
		kept.Struck = e.Struck
	case Noted:
		kept.Text = e.Text
	case Settled:
		kept.Choice, kept.Mark = e.Choice, e.Mark
	case Claimed, Shown, Closed, Submitted, Posed, Expired, Refused:
	}
	return kept
}

// MaxNote bounds a note, in characters.
const MaxNote = 2000

// maxStruck bounds the options struck out of one question.
const maxStruck = 26

// Progress is where somebody stands in a sitting: the fold of its events. Its maps
// are keyed by the question's place.
type Progress struct {
	State   State
	N       int       // events folded
	Posed   []Current // the questions of a sitting that grows, in their order; none for a form
	Settled int       // how many of those are answered for good
	Answers map[int]Choice
	Flagged map[int]bool // in a sitting that grows also false, where a flag was taken back
	Struck  map[int][]string
	Notes   map[int]string // in a sitting that grows also "", where a note was taken back
	Seen    map[int]bool
	Spent   map[int]time.Duration // time in view
	Left    map[int]bool          // questions of a case without return that were left: they can't be changed
	Section int                   // the first section still open
	Holder  string                // the tab that may go on
	Acked   map[string]int        // by tab: its last event taken in
	Sent    map[string]int        // by tab: the place of its latest answer for good
	Last    time.Time             // of the latest event
	Why     string                // why it ended, in words

	inView int // place, or −1
}

// NewProgress is a sitting in which nothing has happened.
func NewProgress() *Progress {
	return &Progress{
		State:   StateCreated,
		Answers: map[int]Choice{}, Flagged: map[int]bool{}, Struck: map[int][]string{}, Notes: map[int]string{},
		Seen: map[int]bool{}, Left: map[int]bool{}, Spent: map[int]time.Duration{}, Acked: map[string]int{}, Sent: map[string]int{}, inView: -1,
	}
}

// Fold is the progress after all events of a sitting on the form; nil is the form
// of a sitting that grows.
func Fold(form *Form, events []Event) (*Progress, error) {
	p := NewProgress()
	for _, e := range events {
		if err := p.Take(form, e); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Over reports whether it has ended.
func (p *Progress) Over() bool { return p.State.Ended() }

// Complete reports whether the question at a place has an answer.
func (p *Progress) Complete(place int) bool {
	_, ok := p.Answers[place]
	return ok
}

// Current is the question that a sitting that grows stands at; the zero value
// where there is none.
func (p *Progress) Current() Current {
	if p.Over() || p.Settled >= len(p.Posed) {
		return Current{}
	}
	return p.Posed[p.Settled]
}

// Mark is a person's flag and note on the question at a place, where m is what
// they had before they came to it.
func (p *Progress) Mark(place int, m Mark) Mark {
	if flagged, ok := p.Flagged[place]; ok {
		m.Flagged = flagged
	}
	if note, ok := p.Notes[place]; ok {
		m.Note = note
	}
	return m
}

// What is said where an event doesn't fit.
var (
	errElsewhere = fault.Conflict("This was opened in another tab or on another device, and goes on there. Nothing is lost: you can go on here instead.")
	errAnswered  = fault.Conflict("That question was answered already. Nothing was changed; here is where you are.")
	errEnded     = fault.Conflict("This has ended. What was answered before its end is kept.")
)

// Why a sitting ended, in words, where the event doesn't say.
const (
	whyHandedIn = "You handed it in."
	whyTimeUp   = "Time was up."
	whyLeft     = "It ended by itself after 30 days in which nothing was done in it."
)

// Take folds one more event in. It returns fault.KindConflict for an event that
// doesn't fit where the sitting stands, and fault.KindInvalid for one that makes
// no sense; the progress is then unchanged.
func (p *Progress) Take(form *Form, e Event) error {
	if err := p.check(form, e); err != nil {
		return err
	}
	p.spend(e.At)
	p.N++
	p.Last = e.At
	if e.Client != "" {
		p.Acked[e.Client] = e.Seq
	}
	if e.Kind != Posed {
		p.State = StateInProgress
	}
	switch e.Kind {
	case Claimed:
		p.Holder, p.inView = e.Client, -1
	case Posed:
		p.pose(e)
	case Shown:
		p.show(form, e.Place)
	case Answered:
		p.answer(form, e)
	case Flagged:
		setOrDelete(p.Flagged, e.Place, e.On, e.On || form == nil)
	case Struck:
		setOrDelete(p.Struck, e.Place, slices.Clone(e.Struck), len(e.Struck) > 0)
	case Noted:
		setOrDelete(p.Notes, e.Place, e.Text, e.Text != "" || form == nil)
	case Settled:
		p.settle(e)
	case Closed:
		p.Section = e.Place + 1
	case Submitted:
		p.State, p.Why = StateSubmitted, orElse(e.Text, whyHandedIn)
	case Expired:
		p.State, p.Why = StateExpired, whyTimeUp
		if form == nil {
			p.Why = whyLeft
		}
	case Refused:
	}
	return nil
}

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

func (p *Progress) pose(e Event) {
	question := *e.Question
	question.Shown = e.At
	p.Posed = append(p.Posed, question)
}

// settle counts an answer given for good, and keeps it as the one at its place. Of
// what was said before it nothing remains but that.
func (p *Progress) settle(e Event) {
	delete(p.Answers, e.Place)
	if e.Choice != nil {
		p.Answers[e.Place] = *e.Choice
	}
	p.Settled = e.Place + 1
	if e.Client != "" {
		p.Sent[e.Client] = e.Place
	}
}

// show brings a question into view; the one that was there before is left.
func (p *Progress) show(form *Form, place int) {
	if form != nil && p.inView >= 0 && p.inView != place && form.Sections[form.Places[p.inView].Section].NoReturn {
		p.Left[p.inView] = true
	}
	p.Seen[place], p.inView = true, place
}

func setOrDelete[V any](m map[int]V, place int, value V, set bool) {
	if set {
		m[place] = value
	} else {
		delete(m, place)
	}
}

func (p *Progress) answer(form *Form, e Event) {
	p.Seen[e.Place] = true
	said := e.Choice != nil && (!e.Choice.empty() || form == nil && e.Choice.Confidence != "")
	if !said {
		delete(p.Answers, e.Place)
		return
	}
	p.Answers[e.Place] = *e.Choice
}

// maxGap is how long a question can be in view without an event and still be
// taken as being looked at.
const maxGap = 20 * time.Minute

// spend books the time since the last event on the question in view.
func (p *Progress) spend(now time.Time) {
	if p.inView < 0 || p.Last.IsZero() || !now.After(p.Last) {
		return
	}
	p.Spent[p.inView] += min(now.Sub(p.Last), maxGap)
}

func (p *Progress) check(form *Form, e Event) error {
	switch {
	case p.Over():
		return errEnded
	case e.Client == "":
		return p.checkOwn(form, e)
	case e.Seq != p.Acked[e.Client]+1:
		return fault.Conflict("Something sent before this is missing; the page sends it again.")
	case e.Kind == Claimed || e.Kind == Refused:
		return nil
	case e.Client != p.Holder:
		return errElsewhere
	case form == nil:
		return p.checkGrowing(e)
	}
	return p.checkPlace(form, e)
}

// checkOwn checks an event of the server's own.
func (p *Progress) checkOwn(form *Form, e Event) error {
	grows := form == nil && e.Place == len(p.Posed)-1
	switch {
	case e.Kind == Expired, e.Kind == Submitted:
		return nil
	case e.Kind == Posed && form == nil && e.Question != nil && e.Place == len(p.Posed) && p.Settled == len(p.Posed):
		return nil
	case e.Kind == Settled && grows && p.Settled == e.Place: // before answers had a tab
		return nil
	}
	return fault.Invalid("The page sent something without saying which tab it comes from. Please reload it.")
}

// checkGrowing checks a tab's event in a sitting that grows: only the question that
// it stands at can be worked on.
func (p *Progress) checkGrowing(e Event) error {
	switch e.Kind {
	case Shown, Answered, Flagged, Struck, Noted, Settled:
	default:
		return fault.Invalid("The page sent something this test doesn't know. Please reload it.")
	}
	switch {
	case e.Place >= 0 && e.Place < p.Settled:
		return errAnswered
	case e.Place != p.Settled || e.Place >= len(p.Posed):
		return fault.Invalid("That question hasn't been asked yet. Please reload the page.")
	case e.Kind == Settled && e.Choice == nil:
		return fault.Invalid("The page sent no answer. Please reload it.")
	case e.Mark != nil && utf8.RuneCountInString(e.Mark.Note) > MaxNote:
		return errNote
	}
	return checkSize(e)
}

var errNote = fault.Invalid("A note can have %d characters at most.", MaxNote)

func checkSize(e Event) error {
	switch {
	case utf8.RuneCountInString(e.Text) > MaxNote:
		return errNote
	case len(e.Struck) > maxStruck:
		return fault.Invalid("More options are struck out than there are.")
	}
	return nil
}

func (p *Progress) checkPlace(form *Form, e Event) error {
	switch e.Kind {
	case Submitted:
		return nil
	case Closed:
		if !form.closes() || e.Place != p.Section || form.last(e.Place) {
			return fault.Conflict("That section can't be closed now.")
		}
		return nil
	case Shown, Answered, Flagged, Struck, Noted:
	default:
		return fault.Invalid("The page sent something this exam doesn't know. Please reload it.")
	}
	switch {
	case e.Place < 0 || e.Place >= len(form.Places):
		return fault.Invalid("There is no such question in this exam.")
	case !form.Open(p, e.Place):
		return fault.Conflict("That question is in a section that isn't open.")
	case e.Kind == Answered && p.Left[e.Place]:
		return fault.Conflict("That question can't be changed once it has been left; the exam says so where its case begins.")
	}
	return checkSize(e)
}
