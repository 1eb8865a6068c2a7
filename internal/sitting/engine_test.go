package sitting_test

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sextant/internal/account"
	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

// untouched is how long a diagnostic or a practice waits for its taker.
const untouched = 30 * 24 * time.Hour

// begun are the ways in which the tests below begin a sitting.
var begun = map[sitting.Mode]func(testing.TB, *testkit.App, *account.Person, bool) *sitting.Sitting{
	sitting.Mock: beginExam, sitting.Diagnostic: beginDiagnostic, sitting.Practice: beginPractice,
}

func beginExam(t testing.TB, a *testkit.App, p *account.Person, closing bool) *sitting.Sitting {
	t.Helper()
	return a.ExamOf(t, p, "exam", closing, a.Bank.Questions[:6]...)
}

func beginDiagnostic(t testing.TB, a *testkit.App, p *account.Person, _ bool) *sitting.Sitting {
	t.Helper()
	return a.Start(t, p, sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}})
}

func beginPractice(t testing.TB, a *testkit.App, p *account.Person, _ bool) *sitting.Sitting {
	t.Helper()
	s, err := a.Sittings.StartPractice(ctx, p.ID, sitting.Selection{Exam: "MLA-C02", Source: sitting.FromHelpful}, 5)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// trial is a sitting under random events, crashes and replays, and what is known
// of it from outside.
type trial struct {
	*rapid.T
	root  *testing.T
	bank  *bank.Bank
	shelf sitting.Shelf // made once: what the model rests on takes long to compute
	dir   string
	clock *testkit.Clock
	app   *testkit.App
	id    sitting.ID
	who   *account.Person

	acked   map[string]sitting.Event // by tab and number
	meant   map[string]exam.Outcome  // what an answer for good is worth
	pages   []sitting.Sent           // of pages without scripts, for sending once more
	settled map[string]bool          // those that were taken
}

func key(client string, seq int) string { return fmt.Sprint(client, " ", seq) }

func (t *trial) draw(name string, low, high int) int {
	return rapid.IntRange(low, high).Draw(t.T, name)
}

func (t *trial) stand() (*sitting.Sitting, *sitting.Progress) {
	sit, p, err := t.app.Sittings.Stand(ctx, t.who.ID, t.id)
	if err != nil {
		t.Fatal(err)
	}
	return sit, p
}

// answer is a choice for the question that the sitting is at or one beside it, what
// it is worth, and whether it can be taken now.
func (t *trial) answer() (place int, choice sitting.Choice, worth exam.Outcome, now bool) {
	sit, p := t.stand()
	place = p.Settled + rapid.SampledFrom([]int{0, 0, 0, 0, -1, 1}).Draw(t.T, "offset")
	if p.Over() || place != p.Settled {
		return place, sitting.Choice{DontKnow: true}, exam.DontKnow, false
	}
	asked := t.app.Ask(t.root, sit)
	switch t.draw("answer", 0, 3) {
	case 0:
		return place, sitting.Choice{DontKnow: true}, exam.DontKnow, true
	case 1:
		return place, sitting.Choice{Selected: []string{"99"}}, "", false
	case 2:
		return place, testkit.Pick(asked, true), exam.Right, true
	}
	return place, testkit.Pick(asked, false), exam.Wrong, true
}

// give queues an answer for good in a tab.
func (t *trial) give(b *tab) {
	place, choice, worth, _ := t.answer()
	if t.draw("takes over", 0, 1) == 1 {
		b.add(sitting.Event{Kind: sitting.Claimed})
	}
	b.add(sitting.Event{Kind: sitting.Settled, Place: place, Choice: &choice, Mark: &sitting.Mark{Note: "a note"}})
	t.meant[key(b.name, b.next)] = worth
}

// post sends an answer as a page without scripts does, or one that was sent before.
func (t *trial) post() {
	if n := len(t.pages); n > 0 && rapid.Bool().Draw(t.T, "once more") {
		again := t.pages[t.draw("which", 0, n-1)]
		_, before := t.stand()
		_, err := t.app.Sittings.Send(ctx, t.who.ID, t.id, again)
		_, after := t.stand()
		if t.settled[again.Client] && (err != nil || before.N != after.N) {
			t.Fatalf("the same page sent twice: error %v, %d events and then %d", err, before.N, after.N)
		}
		t.settled[again.Client] = t.settled[again.Client] || err == nil
		return
	}
	place, choice, worth, now := t.answer()
	sent := sitting.Sent{Client: fmt.Sprint("page", len(t.pages)), Place: place, Choice: choice}
	t.pages = append(t.pages, sent)
	t.meant[key(sent.Client, 2)] = worth
	_, err := t.app.Sittings.Send(ctx, t.who.ID, t.id, sent)
	if now != (err == nil) {
		t.Fatalf("an answer that can be taken (%t) was told %v", now, err)
	}
	if t.settled[sent.Client] = err == nil; err == nil {
		t.acked[key(sent.Client, 2)] = sitting.Event{Kind: sitting.Settled}
	}
}

// open starts the program on the trial's directory.
func (t *trial) open() {
	t.app = testkit.OpenApp(t.root, t.bank, t.dir, t.clock)
	t.app.Sittings = sitting.NewService(t.app.Store, t.shelf, t.clock.Now)
}

func (t *trial) crash() {
	_ = t.app.Store.Close()
	t.open()
}

// send sends what a tab has queued. If the acknowledgement is lost on its way, the
// tab sends everything again later.
func (t *trial) send(b *tab, lost bool) {
	sent := slices.Clone(b.queue)
	ack, _ := t.app.Sittings.Record(ctx, t.who.ID, t.id, b.name, sent) // what was taken in before an error stays
	for _, e := range sent {
		if e.Seq <= ack.Seq {
			t.acked[key(b.name, e.Seq)] = e
		}
	}
	if !lost {
		b.acknowledged(ack.Seq)
	}
}

func (t *trial) step(b *tab, mode sitting.Mode) {
	steps := []string{"answer", "answer", "claim", "close", "flag", "note", "strike", "wait", "wait long", "send", "send", "send", "lost", "crash", "sweep", "submit"}
	if mode != sitting.Mock {
		steps = append(steps, "give", "give", "give", "post", "post", "finish")
	}
	last := 6
	if mode != sitting.Mock {
		_, p := t.stand()
		last = p.Settled + 1
	}
	place := t.draw("place", -1, last)
	switch what := rapid.SampledFrom(steps).Draw(t.T, "what"); what {
	case "answer":
		b.add(answered(place, rapid.SampledFrom([]string{"1", "2", "99", ""}).Draw(t.T, "option")))
	case "claim":
		b.add(sitting.Event{Kind: sitting.Claimed})
	case "close":
		b.add(sitting.Event{Kind: sitting.Closed, Place: t.draw("section", 0, 1)})
	case "flag":
		b.add(sitting.Event{Kind: sitting.Flagged, Place: place, On: rapid.Bool().Draw(t.T, "on")})
	case "note":
		b.add(sitting.Event{Kind: sitting.Noted, Place: place, Text: rapid.SampledFrom([]string{"", "quotas"}).Draw(t.T, "note")})
	case "strike":
		b.add(sitting.Event{Kind: sitting.Struck, Place: place, Struck: []string{"2"}})
	case "wait":
		t.clock.Advance(time.Duration(t.draw("minutes", 1, 45)) * time.Minute)
	case "wait long":
		if mode != sitting.Mock && t.draw("really", 0, 2) == 0 {
			t.clock.Advance(time.Duration(t.draw("days", 10, 40)) * 24 * time.Hour)
		}
	case "send", "lost":
		t.send(b, what == "lost")
	case "crash":
		t.crash()
	case "sweep":
		if _, err := t.app.Sittings.ExpireOverdue(ctx); err != nil {
			t.Fatal(err)
		}
	case "submit":
		if mode == sitting.Mock && t.draw("really", 0, 4) == 0 {
			b.add(sitting.Event{Kind: sitting.Submitted})
		}
	case "give":
		t.give(b)
	case "post":
		t.post()
	case "finish":
		if t.draw("really", 0, 9) == 0 {
			if _, err := t.app.Sittings.Finish(ctx, t.who.ID, t.id); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Whatever tabs and pages send, resend or leave out, however often the server
// stops and whenever the clock runs out: in every mode the sitting stands where its
// log puts it, nothing acknowledged is lost, nothing counts twice, and nothing is
// taken in after the deadline.
func TestASittingSurvivesAnything(t *testing.T) {
	questions := testkit.Synthetic(t, 1)
	for mode, begin := range begun {
		t.Run(string(mode), func(root *testing.T) {
			shelf := testkit.NewApp(root, questions).Library
			rapid.Check(root, func(r *rapid.T) {
				dir, err := os.MkdirTemp(root.TempDir(), "sitting")
				if err != nil {
					r.Fatal(err)
				}
				t := &trial{
					T: r, root: root, bank: questions, shelf: shelf, dir: dir, clock: testkit.NewClock(),
					acked: map[string]sitting.Event{}, meant: map[string]exam.Outcome{}, settled: map[string]bool{},
				}
				t.open()
				t.who = t.app.Person(root, account.Learner, "ada@example.org")
				sit := begin(root, t.app, t.who, rapid.Bool().Draw(r, "closing"))
				t.id = sit.ID
				tabs := []*tab{newTab("one"), newTab("two")}
				for range t.draw("steps", 5, 60) {
					t.step(rapid.SampledFrom(tabs).Draw(r, "tab"), mode)
				}
				t.verify(sit)
				_ = t.app.Store.Close() // the files of hundreds of them would be too many
			})
		})
	}
}

func (t *trial) verify(begun *sitting.Sitting) {
	sit, p := t.stand()
	events, err := t.app.Store.Events(ctx, t.id)
	if err != nil {
		t.Fatal(err)
	}
	t.verifyLog(begun, events)
	folded, err := sitting.Fold(sit.Form, events)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(folded, p, cmpopts.IgnoreUnexported(sitting.Progress{})); diff != "" {
		t.Fatalf("the sitting stands elsewhere than its events put it (-events +sitting):\n%s", diff)
	}
	t.verifyRow(sit, p)
	graded := answers(t.root, t.app, t.id)
	served, err := t.app.Store.Served(ctx)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, n := range served {
		total += n
	}
	if total != len(graded) || len(graded) != sit.Seq {
		t.Fatalf("%d answers are kept, %d were counted, and the sitting has %d", len(graded), total, sit.Seq)
	}
	if sit.Form != nil {
		t.verifyExam(sit, p, graded)
		return
	}
	t.verifyAnswers(events, p, graded)
}

// verifyLog makes sure that the log is whole and has all that was acknowledged.
func (t *trial) verifyLog(begun *sitting.Sitting, events []sitting.Event) {
	logged, before := map[string]sitting.Event{}, begun.Started
	for i, e := range events {
		if e.N != i+1 {
			t.Fatalf("event %d has number %d", i+1, e.N)
		}
		deadline := begun.Deadline
		if begun.Form == nil {
			deadline = before.Add(untouched)
		}
		if e.Client != "" && !e.At.Before(deadline) {
			t.Fatalf("%s at %v, after the deadline %v, was taken in", e.Kind, e.At, deadline)
		}
		before = e.At
		if e.Client == "" {
			continue
		}
		if _, twice := logged[key(e.Client, e.Seq)]; twice {
			t.Fatalf("event %d of %s is there twice", e.Seq, e.Client)
		}
		logged[key(e.Client, e.Seq)] = e
	}
	for name, sent := range t.acked {
		if kept, ok := logged[name]; !ok || kept.Kind != sent.Kind && kept.Kind != sitting.Refused {
			t.Fatalf("%s was acknowledged and is kept as %+v", name, kept)
		}
	}
}

// verifyRow makes sure that what lists go by agrees with the log.
func (t *trial) verifyRow(sit *sitting.Sitting, p *sitting.Progress) {
	if sit.State != p.State || sit.Why != p.Why {
		t.Fatalf("the sitting is %s (%q), its log says %s (%q)", sit.State, sit.Why, p.State, p.Why)
	}
	if p.N > 0 && !sit.Updated.Equal(p.Last) || p.Over() && !sit.Finished.Equal(p.Last) {
		t.Fatalf("the sitting changed at %v and ended at %v, its log says %v", sit.Updated, sit.Finished, p.Last)
	}
	if sit.Form != nil {
		return
	}
	if sit.Seq != p.Settled || sit.Current != p.Current() {
		t.Fatalf("the sitting is at %d, %+v; its log says %d, %+v", sit.Seq, sit.Current, p.Settled, p.Current())
	}
	if !p.Over() && (sit.Current.Question == "" || !sit.Deadline.Equal(p.Last.Add(untouched))) {
		t.Fatalf("open, it asks %+v until %v", sit.Current, sit.Deadline)
	}
}

// verifyAnswers makes sure that every answer for good is one kept answer, to the
// question that was put, and worth what it was meant to be.
func (t *trial) verifyAnswers(events []sitting.Event, p *sitting.Progress, graded []sitting.Given) {
	var last []sitting.Event
	for _, e := range events {
		if e.Kind == sitting.Settled {
			last = append(last, e)
		}
	}
	if len(last) != len(graded) {
		t.Fatalf("%d answers were given and %d are kept", len(last), len(graded))
	}
	for i, g := range graded {
		worth := t.meant[key(last[i].Client, last[i].Seq)]
		put := p.Posed[i]
		if last[i].Place != i || g.Seq != i || g.Outcome != worth || !g.At.Equal(last[i].At) ||
			g.Question != put.Question || g.Revision != put.Revision || !g.Shown.Equal(put.Shown) {
			t.Fatalf("answer %d to %+v, worth %q, given as %+v, is kept as %+v", i, put, worth, last[i], g)
		}
	}
}

func (t *trial) verifyExam(sit *sitting.Sitting, p *sitting.Progress, graded []sitting.Given) {
	if !p.Over() {
		if len(graded) > 0 {
			t.Fatalf("%d answers graded before the end", len(graded))
		}
		return
	}
	if len(graded) != len(sit.Form.Places) {
		t.Fatalf("%d answers graded, want %d", len(graded), len(sit.Form.Places))
	}
	for i, g := range graded {
		if _, ok := p.Answers[i]; !ok && g.Outcome != exam.Wrong {
			t.Fatalf("question %d was left blank and is %s", i, g.Outcome)
		}
	}
}

// A sitting is created, is in progress from the first thing done in it, and ends
// for good.
func TestTheLifeOfASitting(t *testing.T) {
	for mode, begin := range begun {
		t.Run(string(mode), func(t *testing.T) {
			for _, end := range []sitting.State{sitting.StateSubmitted, sitting.StateExpired} {
				a := testkit.NewApp(t, testkit.Synthetic(t, 1))
				p := a.Person(t, account.Learner, "ada@example.org")
				sit := begin(t, a, p, false)
				check := func(want sitting.State) {
					t.Helper()
					if got := reopen(t, a, sit); got.State != want {
						t.Fatalf("it is %s, want %s", got.State, want)
					}
				}
				check(sitting.StateCreated)
				record := func(seq int, kind sitting.EventKind) (sitting.Ack, error) {
					return a.Sittings.Record(ctx, p.ID, sit.ID, "tab", []sitting.Event{{Seq: seq, Kind: kind}})
				}
				if _, err := record(1, sitting.Claimed); err != nil {
					t.Fatal(err)
				}
				check(sitting.StateInProgress)
				switch {
				case end == sitting.StateExpired:
					a.Clock.Set(reopen(t, a, sit).Deadline)
					if n, err := a.Sittings.ExpireOverdue(ctx); n != 1 || err != nil {
						t.Fatalf("%d ended, error %v", n, err)
					}
				case mode == sitting.Mock:
					if _, err := record(2, sitting.Submitted); err != nil {
						t.Fatal(err)
					}
				default:
					if _, err := a.Sittings.Finish(ctx, p.ID, sit.ID); err != nil {
						t.Fatal(err)
					}
				}
				check(end)
				if ack, err := record(3, sitting.Claimed); err != nil || !ack.Over {
					t.Errorf("after the end: %+v, error %v", ack, err)
				}
				check(end)
			}
		})
	}
}

// What is chosen, struck out and noted is there when the page is opened again, also
// elsewhere, and the answer that counts is the one given for good.
func TestWhatIsHalfSaidIsKept(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	sit := begun[sitting.Practice](t, a, p, false)
	question := sit.Current.Question
	if err := a.Store.SaveMark(ctx, p.ID, question, sitting.Mark{Flagged: true, Note: "from before"}); err != nil {
		t.Fatal(err)
	}
	half := sitting.Choice{Selected: []string{"2"}, Confidence: "unsure"}
	_, err := a.Sittings.Record(ctx, p.ID, sit.ID, "tab", []sitting.Event{
		{Seq: 1, Kind: sitting.Claimed}, {Seq: 2, Kind: sitting.Answered, Choice: &half},
		{Seq: 3, Kind: sitting.Struck, Struck: []string{"1", "4"}}, {Seq: 4, Kind: sitting.Flagged}, {Seq: 5, Kind: sitting.Noted, Text: "look up"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, progress, err := a.Sittings.Stand(ctx, p.ID, sit.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(half, progress.Answers[0]); diff != "" || !slices.Equal(progress.Struck[0], []string{"1", "4"}) {
		t.Errorf("half said: %v, %s", progress.Struck[0], diff)
	}
	if got, want := progress.Mark(0, sitting.Mark{Flagged: true, Note: "from before"}), (sitting.Mark{Note: "look up"}); got != want {
		t.Errorf("flag and note are %+v, want %+v", got, want)
	}
	if given := answers(t, a, sit.ID); len(given) != 0 {
		t.Errorf("%d answers are kept before one was given", len(given))
	}

	whole := testkit.Pick(a.Ask(t, sit), true)
	ack, err := a.Sittings.Record(ctx, p.ID, sit.ID, "tab", []sitting.Event{
		{Seq: 6, Kind: sitting.Settled, Choice: &whole, Mark: &sitting.Mark{Note: " look up "}},
	})
	if err != nil || ack.Sent != 0 {
		t.Fatalf("acknowledged %+v, error %v", ack, err)
	}
	marks, err := a.Store.Marks(ctx, p.ID)
	if err != nil || marks[question] != (sitting.Mark{Note: "look up"}) {
		t.Errorf("the mark is %+v, error %v", marks[question], err)
	}
	if given := answers(t, a, sit.ID); len(given) != 1 || given[0].Outcome != exam.Right {
		t.Errorf("kept: %+v", given)
	}
}

// A double click is one answer, and both clicks lead on.
func TestTheSamePageSentTwiceAtOnceCountsOnce(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	sit := begun[sitting.Diagnostic](t, a, p, false)
	sent := sitting.Sent{Client: "page", Choice: testkit.Pick(a.Ask(t, sit), true)}
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = a.Sittings.Send(ctx, p.ID, sit.ID, sent) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Errorf("one of them was told %v", err)
		}
	}
	if given := answers(t, a, sit.ID); len(given) != 1 {
		t.Errorf("%d answers are kept", len(given))
	}
	// The same page, but with another answer: it was left behind.
	sent.Choice = sitting.Choice{DontKnow: true}
	_, err := a.Sittings.Send(ctx, p.ID, sit.ID, sent)
	wantKind(t, err, fault.KindConflict)
}

// A tab that another one took over is told so, and one that is behind changes
// nothing; either can go on.
func TestATabIsToldThatAnotherGoesOn(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	sit := begun[sitting.Diagnostic](t, a, p, false)
	record := func(client string, seq int, e sitting.Event) (sitting.Ack, error) {
		e.Seq = seq
		return a.Sittings.Record(ctx, p.ID, sit.ID, client, []sitting.Event{e})
	}
	claim, half := sitting.Event{Kind: sitting.Claimed}, answered(0, "1")
	for _, client := range []string{"first", "second"} {
		if _, err := record(client, 1, claim); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := record("first", 2, half); !sitting.ErrElsewhere(err) {
		t.Errorf("the first tab was told %v", err)
	}
	if _, err := record("first", 5, half); err == nil || sitting.ErrElsewhere(err) {
		t.Errorf("a gap was told as %v", err)
	}
	whole := testkit.Pick(a.Ask(t, sit), true)
	if ack, err := record("second", 2, sitting.Event{Kind: sitting.Settled, Choice: &whole}); err != nil || ack.Sent != 0 || ack.Over {
		t.Fatalf("acknowledged %+v, error %v", ack, err)
	}
	if _, err := record("first", 2, claim); err != nil {
		t.Fatal(err)
	}
	ack, err := record("first", 3, sitting.Event{Kind: sitting.Settled, Choice: &whole})
	if err != nil || len(ack.Refused) != 1 || ack.Refused[0].Kind != fault.KindConflict || ack.Sent != -1 {
		t.Errorf("an answer that came too late: %+v, error %v", ack, err)
	}
	ack, err = record("first", 4, sitting.Event{Kind: sitting.Settled, Place: 1, Choice: &sitting.Choice{}})
	if err != nil || len(ack.Refused) != 1 || ack.Refused[0].Kind != fault.KindInvalid {
		t.Errorf("an answer that isn't complete: %+v, error %v", ack, err)
	}
	if given := answers(t, a, sit.ID); len(given) != 1 {
		t.Errorf("%d answers are kept, want the one", len(given))
	}
}

// Nothing done for thirty days ends a diagnostic and a practice as they stand; what
// was answered counts, what was only chosen doesn't.
func TestWhatIsLeftEndsByItself(t *testing.T) {
	for _, mode := range []sitting.Mode{sitting.Diagnostic, sitting.Practice} {
		t.Run(string(mode), func(t *testing.T) {
			a := testkit.NewApp(t, testkit.Synthetic(t, 1))
			p := a.Person(t, account.Learner, "ada@example.org")
			sit := begun[mode](t, a, p, false)
			sit = a.Answer(t, sit, true)
			half := answered(1, "1")
			half.Seq = 2
			a.Clock.Advance(untouched - time.Second)
			if n, err := a.Sittings.ExpireOverdue(ctx); n != 0 || err != nil {
				t.Fatalf("%d ended too early, error %v", n, err)
			}
			if _, err := a.Sittings.Record(ctx, p.ID, sit.ID, "tab", []sitting.Event{{Seq: 1, Kind: sitting.Claimed}, half}); err != nil {
				t.Fatal(err)
			}
			last := a.Clock.Now()
			a.Clock.Advance(untouched + time.Hour)
			_, err := a.Sittings.Answer(ctx, p.ID, sit.ID, 1, sitting.Choice{DontKnow: true}) // it ends when somebody comes, too
			wantKind(t, err, fault.KindConflict)
			ended := reopen(t, a, sit)
			if ended.State != sitting.StateExpired || !ended.Finished.Equal(last.Add(untouched)) || ended.Why == "" || ended.Seq != 1 {
				t.Errorf("it ended as %+v", ended)
			}
			if given := answers(t, a, sit.ID); len(given) != 1 {
				t.Errorf("%d answers are kept, want 1", len(given))
			}
			report, err := a.Sittings.Standing(ctx, p.ID, nil, nil)
			if err != nil || report.Answers != 1 {
				t.Errorf("%d answers measure, error %v", report.Answers, err)
			}
			if n, err := a.Sittings.ExpireOverdue(ctx); n != 0 || err != nil {
				t.Errorf("%d ended twice, error %v", n, err)
			}
		})
	}
}

// What another page sends in a name that isn't there, or for a kind of event that
// only the server has, is refused.
func TestATabCannotSpeakForTheServer(t *testing.T) {
	a := testkit.NewApp(t, testkit.Synthetic(t, 1))
	p := a.Person(t, account.Learner, "ada@example.org")
	sit := begun[sitting.Diagnostic](t, a, p, false)
	_, err := a.Sittings.Record(ctx, p.ID, sit.ID, "", []sitting.Event{{Seq: 1, Kind: sitting.Submitted}})
	wantKind(t, err, fault.KindInvalid)
	for i, kind := range []sitting.EventKind{sitting.Posed, sitting.Expired, sitting.Submitted, sitting.Closed, "unheard of"} {
		ack, err := a.Sittings.Record(ctx, p.ID, sit.ID, fmt.Sprint("tab", i), []sitting.Event{
			{Seq: 1, Kind: sitting.Claimed}, {Seq: 2, Kind: kind, Place: 1, Question: &sitting.Current{Question: "mine"}},
		})
		if err != nil || len(ack.Refused) != 1 || ack.Over {
			t.Errorf("%s: %+v, error %v", kind, ack, err)
		}
	}
	if again := reopen(t, a, sit); again.Current != sit.Current || again.State != sitting.StateInProgress {
		t.Errorf("it is at %+v, %s", again.Current, again.State)
	}
}
