package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/plan"
	"sextant/internal/store"
	"sextant/internal/testkit"
)

func aWish(code exam.Code) plan.Wish {
	return plan.Wish{
		Exam: code, Language: "en", Date: dayOf("2027-03-14"), Target: .8, Minutes: [7]int{60, 0, 90, 0, 0, 15, 120}, Start: 19*60 + 30, Sunday: true,
		Off: []plan.Span{{From: dayOf("2026-12-24"), To: dayOf("2027-01-03"), Note: "holidays"}},
	}
}

func dayOf(text string) plan.Day {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return day
}

func keptPlan(t *testing.T, db *store.Store, id plan.ID, person account.PersonID, code exam.Code) *plan.Kept {
	t.Helper()
	k := &plan.Kept{ID: id, Person: person, Wish: aWish(code), Created: testkit.Today, Updated: testkit.Today}
	if err := db.KeepPlan(ctx, k, "begin_plan"); err != nil {
		t.Fatal(err)
	}
	return k
}

func tell(t *testing.T, db *store.Store, id plan.ID, skill exam.SkillID, at time.Time) {
	t.Helper()
	work := plan.Told{Plan: id, At: at, Work: plan.Work{Day: dayOf("2026-11-22"), Kind: plan.KindStudy, Skill: skill, Minutes: 45}}
	if err := db.AddPlanWork(ctx, "p1", work); err != nil {
		t.Fatal(err)
	}
}

// planDB is a database with the people p1 and p2 and a clock.
func planDB(t *testing.T) (*store.Store, *testkit.Clock) {
	t.Helper()
	clock := testkit.NewClock()
	db := testkit.Store(t, t.TempDir(), clock.Now)
	for _, p := range []*account.Person{learner("p1", "one@example.org"), learner("p2", "two@example.org")} {
		if err := db.CreatePerson(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	return db, clock
}

func TestAPlanIsKeptAsItIs(t *testing.T) {
	db, _ := planDB(t)
	k := keptPlan(t, db, "a", "p1", "MLA-C02")
	k.Seen = plan.Seen{Last: plan.Glance{Day: dayOf("2026-11-22"), Exam: dayOf("2027-03-14"), Chance: .8, Domains: map[exam.DomainID]float64{"1": 61}, Told: 45, Answers: 12}}
	if err := db.KeepSeen(ctx, k.ID, k.Updated, k.Seen); err != nil {
		t.Fatal(err)
	}
	k.Ended, k.Updated = testkit.Today.Add(time.Hour), testkit.Today.Add(time.Hour)
	if err := db.KeepPlan(ctx, k, "end_plan"); err != nil {
		t.Fatal(err)
	}
	got, err := db.Plan(ctx, k.ID)
	if diff := cmp.Diff(k, got); err != nil || diff != "" {
		t.Errorf("error %v, plan (-want +got):\n%s", err, diff)
	}
	if _, err := db.Plan(ctx, "none"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a plan that isn't there: %v", err)
	}
}

// What was seen of a plan is of its wish: it goes with it, in the same step, and a
// look at the plan as it was before leaves nothing.
func TestWhatWasSeenGoesWithItsWish(t *testing.T) {
	db, _ := planDB(t)
	k := keptPlan(t, db, "a", "p1", "MLA-C02")
	seen := plan.Seen{Last: plan.Glance{Day: dayOf("2026-11-22"), Chance: .8}}
	if err := db.KeepSeen(ctx, k.ID, k.Updated, seen); err != nil {
		t.Fatal(err)
	}
	before := k.Updated
	k.Wish.Start, k.Updated = -1, testkit.Today.Add(time.Hour)
	if err := db.KeepPlan(ctx, k, "change_plan"); err != nil {
		t.Fatal(err)
	}
	forgotten := func(after string) {
		got, err := db.Plan(ctx, k.ID)
		if diff := cmp.Diff(k, got); err != nil || diff != "" {
			t.Errorf("after %s: error %v, plan (-want +got):\n%s", after, err, diff)
		}
	}
	forgotten("another wish")
	if err := db.KeepSeen(ctx, k.ID, before, seen); err != nil {
		t.Fatal(err)
	}
	forgotten("a look at the wish before")
}

func TestOneOpenPlanAnExam(t *testing.T) {
	db, clock := planDB(t)
	first := keptPlan(t, db, "a", "p1", "MLA-C02")
	keptPlan(t, db, "b", "p1", "AI-103")  // another exam's is fine
	keptPlan(t, db, "c", "p2", "MLA-C02") // and another person's
	second := &plan.Kept{ID: "d", Person: "p1", Wish: aWish("MLA-C02"), Created: clock.Now()}
	if err := db.KeepPlan(ctx, second, "begin_plan"); fault.KindOf(err) != fault.KindConflict {
		t.Fatalf("a second open plan for an exam: %v", err)
	}
	first.Ended = clock.Now()
	if err := db.KeepPlan(ctx, first, "end_plan"); err != nil {
		t.Fatal(err)
	}
	if err := db.KeepPlan(ctx, second, "begin_plan"); err != nil {
		t.Fatal(err)
	}
	first.Ended = time.Time{}
	if err := db.KeepPlan(ctx, first, "resume_plan"); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("resuming beside another: %v", err)
	}
	list, err := db.Plans(ctx, "p1")
	if err != nil {
		t.Fatal(err)
	}
	var ids []plan.ID
	for _, k := range list {
		ids = append(ids, k.ID)
	}
	if len(ids) != 3 || ids[2] != "a" {
		t.Errorf("the plans are %v, want the ended one last", ids)
	}
}

func TestWhatIsToldTwiceAtOnceCountsOnce(t *testing.T) {
	db, _ := planDB(t)
	keptPlan(t, db, "a", "p1", "MLA-C02")
	tell(t, db, "a", "mlops-pipelines", testkit.Today)
	tell(t, db, "a", "mlops-pipelines", testkit.Today.Add(time.Second))
	tell(t, db, "a", "", testkit.Today.Add(time.Second))
	tell(t, db, "a", "mlops-pipelines", testkit.Today.Add(time.Minute))
	work, err := db.PlanWork(ctx, "a")
	if err != nil || len(work) != 3 {
		t.Fatalf("%d pieces of work, error %v; want 3", len(work), err)
	}
	if w := work[0]; w.Skill != "mlops-pipelines" || w.Minutes != 45 || !w.Told || !w.Day.Equal(dayOf("2026-11-22")) {
		t.Errorf("kept as %+v", w)
	}
	if err := db.RemovePlanWork(ctx, "p1", "other", work[0].ID); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("taking back through another plan: %v", err)
	}
	if err := db.RemovePlanWork(ctx, "p1", "a", work[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := db.RemovePlanWork(ctx, "p1", "a", work[0].ID); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("taking back twice: %v", err)
	}
}

func TestAFeedIsReplacedAndRevoked(t *testing.T) {
	db, clock := planDB(t)
	if feed, err := db.Feed(ctx, "p1"); feed != nil || err != nil {
		t.Fatalf("before any: %v, error %v", feed, err)
	}
	for _, digest := range []string{"first", "second"} {
		if err := db.KeepFeed(ctx, "p1", digest); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.FeedOwner(ctx, "first"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("the replaced one: %v", err)
	}
	if id, err := db.FeedOwner(ctx, "second"); id != "p1" || err != nil {
		t.Errorf("the one in use is %s's, error %v", id, err)
	}
	// Readings are noted once in ten minutes.
	want := clock.Now()
	for range 3 {
		if err := db.FeedRead(ctx, "second"); err != nil {
			t.Fatal(err)
		}
		clock.Advance(4 * time.Minute)
	}
	if feed, err := db.Feed(ctx, "p1"); err != nil || !feed.Read.Equal(want) {
		t.Errorf("read at %v, want %v (error %v)", feed.Read, want, err)
	}
	for range 2 { // revoking twice is no fault
		if err := db.RevokeFeed(ctx, "p1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.FeedOwner(ctx, "second"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("the revoked one: %v", err)
	}
}

func TestWhatBecomesOfPlansIsAudited(t *testing.T) {
	dir := t.TempDir()
	db := testkit.Store(t, dir, testkit.NewClock().Now)
	if err := db.CreatePerson(ctx, learner("p1", "one@example.org")); err != nil {
		t.Fatal(err)
	}
	k := keptPlan(t, db, "a", "p1", "MLA-C02")
	tell(t, db, "a", "mlops-pipelines", testkit.Today)
	k.Ended = testkit.Today
	if err := errors.Join(db.RemovePlanWork(ctx, "p1", "a", 1), db.KeepPlan(ctx, k, "end_plan"), db.KeepFeed(ctx, "p1", "digest"), db.RevokeFeed(ctx, "p1")); err != nil {
		t.Fatal(err)
	}
	if n := count(t, raw(t, dir), `SELECT count(*) FROM audit WHERE actor = 'p1' AND (action, detail) IN (
		VALUES ('begin_plan', 'a MLA-C02'), ('tell_work', 'a 1'), ('untell_work', 'a 1'), ('end_plan', 'a MLA-C02'), ('make_feed', ''), ('revoke_feed', ''))`); n != 6 {
		t.Errorf("%d of 6 changes are in the audit", n)
	}
	if n := count(t, raw(t, dir), "SELECT count(*) FROM audit WHERE detail LIKE '%digest%'"); n != 0 {
		t.Error("the audit holds a feed's digest")
	}
}

// A guest's plans go to the account. Where both have one for an exam, the account's
// stays and takes over what was told of the other.
func TestMergingHandsPlansOver(t *testing.T) {
	db, clock := planDB(t)
	guest(t, db, "g1")
	keptPlan(t, db, "own", "p1", "MLA-C02")
	keptPlan(t, db, "same", "g1", "MLA-C02")
	keptPlan(t, db, "new", "g1", "AI-103")
	tell(t, db, "own", "mlops-pipelines", testkit.Today)
	tell(t, db, "same", "feature-engineering", testkit.Today)
	tell(t, db, "new", "rag-grounding", testkit.Today)
	if err := db.KeepFeed(ctx, "g1", "guests"); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Hour)
	if err := db.MergeGuest(ctx, "g1", "p1"); err != nil {
		t.Fatal(err)
	}
	list, err := db.Plans(ctx, "p1")
	if err != nil {
		t.Fatal(err)
	}
	open, told := map[plan.ID]bool{}, map[plan.ID]int{}
	for _, k := range list {
		open[k.ID] = k.Open()
		work, err := db.PlanWork(ctx, k.ID)
		if err != nil {
			t.Fatal(err)
		}
		told[k.ID] = len(work)
		if k.ID == "same" && !k.Ended.Equal(clock.Now()) {
			t.Errorf("the guest's ended at %v", k.Ended)
		}
	}
	if diff := cmp.Diff(map[plan.ID]bool{"own": true, "same": false, "new": true}, open); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[plan.ID]int{"own": 2, "same": 0, "new": 1}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if _, err := db.FeedOwner(ctx, "guests"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("the guest's feed: %v", err)
	}
}
