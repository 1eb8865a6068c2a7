package sitting

import (
	"slices"
	"time"
	"unicode/utf8"

	"sextant/internal/fault"
)

// EventKind says what happened in a sitting on a form.
type EventKind string

// The kinds of events. Every state of a sitting on a form is the fold of its
// events, and nothing else.
const (
	Claimed   EventKind = "claimed"   // a tab took the sitting over: only it may go on
	Shown     EventKind = "shown"     // a question came into view
	Answered  EventKind = "answered"  // an answer as it stands now, complete or not
	Flagged   EventKind = "flagged"   // marked for another look, or no longer
	Struck    EventKind = "struck"    // options struck out; they never count
	Noted     EventKind = "noted"     // a note to oneself
	Closed    EventKind = "closed"    // a section that can't be gone back to
	Submitted EventKind = "submitted" // handed in
	Expired   EventKind = "expired"   // time was up
)

// Event is one thing that happened. Tabs number their events from 1, so that one
// sent twice is known and one lost is missed.
type Event struct {
	N      int       `json:"n"`      // place in the sitting's log, from 1; the server's
	Client string    `json:"client"` // the tab
	Seq    int       `json:"seq"`    // place among the tab's own events, from 1
	Kind   EventKind `json:"kind"`
	Place  int       `json:"place"`            // of the question on the form, from 0; of the section for Closed
	Choice *Choice   `json:"choice,omitempty"` // Answered: nil takes the answer back
	On     bool      `json:"on,omitempty"`     // Flagged
	Struck []string  `json:"struck,omitempty"` // Struck: places of options on the page
	Text   string    `json:"text,omitempty"`   // Noted
	At     time.Time `json:"at"`               // the server's clock
}

// MaxNote bounds a note, in characters.
const MaxNote = 2000

// maxStruck bounds the options struck out of one question.
const maxStruck = 26

// Progress is where somebody stands in a sitting on a form: the fold of its
// events. Its maps are keyed by the question's place.
type Progress struct {
	N       int // events folded
	Answers map[int]Choice
	Flagged map[int]bool
	Struck  map[int][]string
	Notes   map[int]string
	Seen    map[int]bool
	Spent   map[int]time.Duration // time in view
	Left    map[int]bool          // questions of a case without return that were left: they can't be changed
	Section int                   // the first section still open
	Holder  string                // the tab that may go on
	Acked   map[string]int        // by tab: its last event taken in
	Last    time.Time             // of the latest event
	Over    bool

	inView int // place, or −1
}

// NewProgress is a sitting in which nothing has happened.
func NewProgress() *Progress {
	return &Progress{
		Answers: map[int]Choice{}, Flagged: map[int]bool{}, Struck: map[int][]string{}, Notes: map[int]string{},
		Seen: map[int]bool{}, Left: map[int]bool{}, Spent: map[int]time.Duration{}, Acked: map[string]int{}, inView: -1,
	}
}

// Fold is the progress after all events of a sitting on the form.
func Fold(form *Form, events []Event) (*Progress, error) {
	p := NewProgress()
	for _, e := range events {
		if err := p.Take(form, e); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Complete reports whether the question at a place has an answer.
func (p *Progress) Complete(place int) bool {
	_, ok := p.Answers[place]
	return ok
}

// errElsewhere means that another tab holds the sitting.
var errElsewhere = fault.Conflict("This exam was opened in another tab or on another device, and goes on there. Nothing is lost: you can go on here instead.")

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
	switch e.Kind {
	case Claimed:
		p.Holder, p.inView = e.Client, -1
	case Shown:
		p.show(form, e.Place)
	case Answered:
		p.answer(e)
	case Flagged:
		setOrDelete(p.Flagged, e.Place, e.On, e.On)
	case Struck:
		setOrDelete(p.Struck, e.Place, slices.Clone(e.Struck), len(e.Struck) > 0)
	case Noted:
		setOrDelete(p.Notes, e.Place, e.Text, e.Text != "")
	case Closed:
		p.Section = e.Place + 1
	case Submitted, Expired:
		p.Over = true
	case Refused:
	}
	return nil
}

// show brings a question into view; the one that was there before is left.
func (p *Progress) show(form *Form, place int) {
	if p.inView >= 0 && p.inView != place && form.Sections[form.Places[p.inView].Section].NoReturn {
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

func (p *Progress) answer(e Event) {
	p.Seen[e.Place] = true
	if e.Choice == nil || e.Choice.empty() {
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
	case p.Over:
		return fault.Conflict("This exam has ended. What was answered before its end is kept.")
	case e.Kind == Expired || e.Kind == Submitted && e.Client == "":
		return nil // the server's own
	case e.Client == "":
		return fault.Invalid("The page sent something without saying which tab it comes from. Please reload it.")
	case e.Seq != p.Acked[e.Client]+1:
		return fault.Conflict("Something sent before this is missing; the page sends it again.")
	case e.Kind == Claimed || e.Kind == Refused:
		return nil
	case e.Client != p.Holder:
		return errElsewhere
	}
	return p.checkPlace(form, e)
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
	case utf8.RuneCountInString(e.Text) > MaxNote:
		return fault.Invalid("A note can have %d characters at most.", MaxNote)
	case len(e.Struck) > maxStruck:
		return fault.Invalid("More options are struck out than there are.")
	}
	return nil
}
