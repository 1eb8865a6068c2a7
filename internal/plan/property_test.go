package plan

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sextant/internal/effort"
	"sextant/internal/exam"
)

// some learners to plan for, from one who has answered nothing to a strong one.
func (w *world) some(t testing.TB) []*effort.Learner {
	t.Helper()
	return []*effort.Learner{
		w.learner(t, 1, 0, exam.AWS, 0), w.learner(t, 2, 40, exam.AWS, .45), w.learner(t, 3, 60, exam.Azure, .7), w.learner(t, 4, 120, exam.AWS, .95),
	}
}

var codes = []exam.Code{"AIF-C01", "MLA-C02", "AI-103", "AI-901", "PMLE", "AIP-C01", "AI-500", "DEA-C01"}

// drawWish draws hours, holidays and an exam.
func drawWish(t *rapid.T, from Day) Wish {
	w := Wish{
		Exam:   rapid.SampledFrom(codes).Draw(t, "exam"),
		Target: rapid.SampledFrom([]float64{.7, .8, .9}).Draw(t, "target"),
		Start:  rapid.SampledFrom([]int{-1, 0, 9 * 60, 20*60 + 30}).Draw(t, "start"),
		Sunday: rapid.Bool().Draw(t, "sunday"),
	}
	for i := range w.Minutes {
		w.Minutes[i] = rapid.SampledFrom([]int{0, 0, 10, 15, 25, 30, 45, 60, 60, 90, 120, 187, 300, 600}).Draw(t, "minutes")
	}
	for range rapid.IntRange(0, 3).Draw(t, "holidays") {
		begins := from.AddDate(0, 0, rapid.IntRange(-10, 200).Draw(t, "off"))
		w.Off = append(w.Off, Span{From: begins, To: begins.AddDate(0, 0, rapid.IntRange(0, 25).Draw(t, "days"))})
	}
	return w
}

func drawInput(t *rapid.T) Input {
	in := Input{Today: today.AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, "today"))}
	in.Wish = drawWish(t, in.Today)
	if rapid.Bool().Draw(t, "fixed") {
		in.Wish.Date = in.Today.AddDate(0, 0, rapid.IntRange(-3, 400).Draw(t, "date"))
	}
	for range rapid.IntRange(0, 4).Draw(t, "weeks") {
		in.Review = append(in.Review, rapid.Float64Range(0, 400).Draw(t, "review"))
	}
	for range rapid.IntRange(0, 5).Draw(t, "work") {
		in.Done = append(in.Done, Work{
			Day: in.Today.AddDate(0, 0, -rapid.IntRange(0, 4).Draw(t, "ago")), Minutes: rapid.IntRange(1, 200).Draw(t, "done"),
			Kind:  rapid.SampledFrom([]Kind{KindStudy, KindLab, KindPractice, KindProject}).Draw(t, "kind"),
			Skill: rapid.SampledFrom([]exam.SkillID{"", "rag-grounding", "ml-fundamentals", "agents-tools"}).Draw(t, "skill"),
			Told:  rapid.Bool().Draw(t, "told"),
		})
	}
	return in
}

func isOff(w *Wish, d Day) bool {
	return slices.ContainsFunc(w.Off, func(s Span) bool { return !d.Before(s.From) && !d.After(s.To) })
}

// minutesOn is the time a wish has on a day, worked out the simple way.
func minutesOn(in *Input, d Day) int {
	if isOff(&in.Wish, d) {
		return 0
	}
	minutes := in.Wish.Minutes[d.Weekday()]
	for _, w := range in.Done {
		if d.Equal(in.Today) && w.Day.Equal(d) {
			minutes -= w.Minutes
		}
	}
	if minutes < shortest {
		return 0
	}
	return minutes
}

func TestHoursAndDatesAddUp(t *testing.T) {
	w := load(t)
	learners := w.some(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		learner := rapid.SampledFrom(learners).Draw(t, "learner")
		p, err := Make(w.cat, learner, in)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Weeks) == 0 {
			if len(p.Problems) == 0 || !p.Exam.IsZero() {
				t.Fatalf("no weeks, the exam on %v, and no problem said", p.Exam)
			}
			return
		}
		checkWeeks(t, &in, &p)
		checkDays(t, &in, &p)
		checkMocks(t, w, &in, &p)
		checkOrder(t, w, &p)
		checkChances(t, &p)
		checkTopics(t, w, learner, &in, &p)
	})
}

func checkWeeks(t *rapid.T, in *Input, p *Plan) {
	first := time.Monday
	if in.Wish.Sunday {
		first = time.Sunday
	}
	next := in.Today
	for i, week := range p.Weeks {
		if !week.From.Equal(next) || week.To.Before(week.From) {
			t.Fatalf("week %d from %v to %v, expected from %v", i, week.From, week.To, next)
		}
		if i > 0 && week.From.Weekday() != first {
			t.Fatalf("a week begins on %v", week.From.Weekday())
		}
		sum := 0
		last := week.From.AddDate(0, 0, -1)
		for _, d := range week.Dates {
			if !d.Day.After(last) || d.Day.After(week.To) || len(d.Blocks) == 0 {
				t.Fatalf("%v lies badly in the week from %v to %v", d.Day, week.From, week.To)
			}
			last = d.Day
			for _, b := range d.Blocks {
				sum += b.Minutes
			}
		}
		if sum != week.Minutes {
			t.Fatalf("a week of %d minutes, blocks of %d", week.Minutes, sum)
		}
		next = week.To.AddDate(0, 0, 1)
	}
	if !p.Exam.IsZero() && !p.Weeks[len(p.Weeks)-1].To.Equal(p.Exam) {
		t.Fatalf("the last week ends on %v, the exam is on %v", p.Weeks[len(p.Weeks)-1].To, p.Exam)
	}
}

func checkDays(t *rapid.T, in *Input, p *Plan) {
	had := map[Day]bool{}
	for _, week := range p.Weeks {
		for _, d := range week.Dates {
			had[d.Day] = true
			used, mock, has := 0, false, minutesOn(in, d.Day)
			for _, b := range d.Blocks {
				used += b.Minutes
				mock = mock || b.Kind == KindMock
				isExam := b.Kind == KindExam
				if isExam != d.Day.Equal(p.Exam) {
					t.Fatalf("%s on %v, the exam is on %v", b.Kind, d.Day, p.Exam)
				}
				if !isExam && (b.Minutes < shortest || b.Minutes > longest && b.Kind != KindMock) {
					t.Fatalf("a block of %d minutes of %s", b.Minutes, b.Kind)
				}
				if b.Title == "" || b.Text == "" {
					t.Fatalf("a block without words: %+v", b)
				}
			}
			dayBefore := !p.Exam.IsZero() && d.Day.AddDate(0, 0, 1).Equal(p.Exam)
			switch {
			case d.Minutes != has || used > has:
				t.Fatalf("%v has %d minutes, %d are said and %d used", d.Day, has, d.Minutes, used)
			case dayBefore && (used > lastDay || 2*used > has):
				t.Fatalf("%d of %d minutes on the day before the exam", used, has)
			case !dayBefore && !d.Day.Equal(p.Exam) && !mock && used != has:
				t.Fatalf("%v has %d minutes and uses %d", d.Day, has, used)
			case mock && has-used >= shortest:
				t.Fatalf("%v has a mock and leaves %d of %d minutes", d.Day, has-used, has)
			}
		}
	}
	end := p.Weeks[len(p.Weeks)-1].To
	if !p.Exam.IsZero() {
		end = p.Exam.AddDate(0, 0, -2)
	}
	for d := in.Today; !d.After(end); d = d.AddDate(0, 0, 1) {
		if minutesOn(in, d) > 0 != had[d] {
			t.Fatalf("%v has %d minutes, in the plan: %v", d, minutesOn(in, d), had[d])
		}
	}
}

// checkMocks looks for the mocks 14 and 7 days before the exam, or on a study day
// of the week before that.
func checkMocks(t *rapid.T, w *world, in *Input, p *Plan) {
	var mocks []Day
	for _, week := range p.Weeks {
		for _, d := range week.Dates {
			for _, b := range d.Blocks {
				if b.Kind == KindMock {
					mocks = append(mocks, d.Day)
				}
			}
		}
	}
	if p.Exam.IsZero() {
		if len(mocks) > 0 {
			t.Fatalf("mocks on %v without an exam", mocks)
		}
		return
	}
	cert, _ := w.cat.Certification(in.Wish.Exam)
	length := cert.Duration.Minutes
	if length == 0 {
		length = unknownMock
	}
	var want []Day
	after := in.Today.AddDate(0, 0, -1)
	for _, before := range []int{14, 7} {
		at := p.Exam.AddDate(0, 0, -before)
		if at.Before(in.Today) {
			continue
		}
		for at.After(after) && minutesOn(in, at) == 0 {
			at = at.AddDate(0, 0, -1)
		}
		if !at.After(after) {
			continue
		}
		day := at
		for d := at; d.After(after) && d.After(at.AddDate(0, 0, -7)); d = d.AddDate(0, 0, -1) {
			if minutesOn(in, d) >= length {
				day = d
				break
			}
		}
		want, after = append(want, day), p.Exam.AddDate(0, 0, -before)
	}
	if !slices.EqualFunc(mocks, want, time.Time.Equal) {
		t.Fatalf("exam on %v: mocks on %v, want %v", p.Exam, mocks, want)
	}
}

// checkOrder: what a topic builds on was there before it, whole or for a first pass.
func checkOrder(t *rapid.T, w *world, p *Plan) {
	spent, whole := map[exam.SkillID]int{}, map[exam.SkillID]int{}
	for _, topic := range p.Topics {
		whole[topic.Skill] = topic.Minutes
	}
	const scraps = 2 * shortest // that a neighbour took
	for _, week := range p.Weeks {
		for _, d := range week.Dates {
			for _, b := range d.Blocks {
				if b.Skill == "" {
					continue
				}
				for _, base := range w.cat.Bases(b.Skill) {
					if spent[b.Skill] == 0 && spent[base] < min(whole[base], pass-scraps) {
						t.Fatalf("%s begins on %v, and %s, on which it builds, has had %d of %d minutes", b.Skill, d.Day, base, spent[base], whole[base])
					}
				}
				spent[b.Skill] += b.Minutes
			}
		}
	}
}

func checkChances(t *rapid.T, p *Plan) {
	before := p.Now
	for _, week := range p.Weeks {
		c := week.After
		if c.Low > c.Expected+1e-9 || c.Expected > c.High+1e-9 || c.Low < 0 || c.High > 1 {
			t.Fatalf("a chance of %+v", c)
		}
		if c.Expected < before.Expected-1e-9 || c.Low < before.Low-1e-9 || c.High < before.High-1e-9 {
			t.Fatalf("from %+v to %+v by study", before, c)
		}
		before = c
	}
	if before != p.OnTheDay {
		t.Fatalf("%+v after the last week, %+v on the day", before, p.OnTheDay)
	}
	tooEarly := len(p.Problems) > 0
	if !p.Exam.IsZero() && (p.OnTheDay.Expected < p.Wish.Target-1e-9) != tooEarly {
		t.Fatalf("%+v on the day, aim %v, problems %+v", p.OnTheDay, p.Wish.Target, p.Problems)
	}
}

// checkTopics compares the blocks' time with the allocation.
func checkTopics(t *rapid.T, w *world, learner *effort.Learner, in *Input, p *Plan) {
	m, err := newMaker(w.cat, learner, *in)
	if err != nil {
		t.Fatal(err)
	}
	got, length := map[exam.SkillID]int{}, 0
	for _, topic := range p.Topics {
		if topic.Minutes <= 0 || topic.Name == "" || topic.Domain == "" || topic.Why == "" {
			t.Fatalf("a topic of %+v", topic)
		}
		got[topic.Skill] = topic.Minutes
	}
	for _, week := range p.Weeks {
		for _, topic := range week.Topics {
			got[topic.Skill] -= topic.Minutes
		}
	}
	for skill, left := range got {
		if left != 0 {
			t.Fatalf("%s: the weeks differ from the whole by %d minutes", skill, left)
		}
	}
	for _, topic := range p.Topics {
		got[topic.Skill] = topic.Minutes
		length += topic.Minutes
	}
	total := m.h.openStudy(year)
	if !p.Exam.IsZero() {
		total = m.h.study(daysBetween(in.Today, p.Exam))
	}
	portions := m.learner.Allocate(in.Wish.Exam, total/60)
	kept, smallest := 0.0, math.Inf(1)
	for _, portion := range portions {
		if got[portion.Skill] > 0 {
			kept += portion.Hours
			smallest = min(smallest, portion.Hours)
		}
	}
	for _, portion := range portions {
		want := portion.Hours / kept * float64(length)
		passes := math.Ceil(want / pass) // a scrap may be given away or taken at the ends of each
		if minutes := got[portion.Skill]; minutes > 0 && math.Abs(float64(minutes)-want) > (2*shortest+step)*max(1, passes) {
			t.Fatalf("%s has %d minutes, the allocation gives it %.0f", portion.Skill, minutes, want)
		} else if minutes == 0 && portion.Hours > smallest && want > least+step {
			t.Fatalf("%s has no time, the allocation gives it %.0f minutes", portion.Skill, want)
		}
	}
}

func TestTheSamePlanTwice(t *testing.T) {
	w := load(t)
	learners := w.some(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		l := rapid.SampledFrom(learners).Draw(t, "learner")
		a, err := Make(w.cat, l, in)
		if err != nil {
			t.Fatal(err)
		}
		again := in
		again.Done = slices.Clone(in.Done)
		slices.Reverse(again.Done)
		again.Wish.Off = slices.Clone(in.Wish.Off)
		b, err := Make(w.cat, l, again)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Fatal("two plans from the same input differ")
		}
	})
}

func TestMoreHoursAreNeverWorse(t *testing.T) {
	w := load(t)
	learners := w.some(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		l := rapid.SampledFrom(learners).Draw(t, "learner")
		more := in
		for i := range more.Wish.Minutes {
			more.Wish.Minutes[i] += rapid.SampledFrom([]int{0, 0, 7, 15, 60, 200}).Draw(t, "more")
		}
		a, err := Make(w.cat, l, in)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Make(w.cat, l, more)
		if err != nil {
			t.Fatal(err)
		}
		if in.Wish.Date.IsZero() {
			if !a.Exam.IsZero() && (b.Exam.IsZero() || b.Exam.After(a.Exam)) {
				t.Fatalf("with more hours on %v instead of %v", b.Exam, a.Exam)
			}
			return
		}
		if b.OnTheDay.Expected < a.OnTheDay.Expected-1e-9 {
			t.Fatalf("with more hours %v instead of %v", b.OnTheDay.Expected, a.OnTheDay.Expected)
		}
	})
}

func TestOffersKeepTheirWord(t *testing.T) {
	w := load(t)
	learners := w.some(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		l := rapid.SampledFrom(learners).Draw(t, "learner")
		p, err := Make(w.cat, l, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range p.Problems {
			if problem.Text == "" {
				t.Fatal("a problem without words")
			}
			if !problem.Nearest.IsZero() && problem.Instead == "" {
				near := in
				near.Wish.Date = problem.Nearest
				expectMet(t, w, l, near)
			}
			if problem.Weekly > 0 {
				faster := in
				faster.Wish = faster.Wish.AtPace(problem.Weekly)
				if faster.Wish.Weekly() != problem.Weekly {
					t.Fatalf("a pace of %d minutes a week became %d", problem.Weekly, faster.Wish.Weekly())
				}
				expectMet(t, w, l, faster)
			}
			if problem.Instead != "" {
				cert, ok := w.cat.Certification(problem.Instead)
				if !ok || cert.Code == in.Wish.Exam {
					t.Fatalf("%s is offered instead of %s", problem.Instead, in.Wish.Exam)
				}
			}
		}
	})
}

func expectMet(t *rapid.T, w *world, l *effort.Learner, in Input) {
	p, err := Make(w.cat, l, in)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) > 0 || p.Exam.IsZero() || p.OnTheDay.Expected < in.Wish.Target-1e-9 {
		t.Fatalf("an offer that doesn't help: %s %+v, %+v", in.Wish.Date, p.OnTheDay, p.Problems)
	}
}

func TestAtPaceSpreadsAsTheWishDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWish(t, today)
		weekly := step * rapid.IntRange(0, 7*MaxDay/step).Draw(t, "weekly")
		got := w.AtPace(weekly)
		if got.Weekly() != weekly {
			t.Fatalf("%d minutes a week, asked for %d", got.Weekly(), weekly)
		}
		full := true // the days of the wish
		for i, n := range w.Minutes {
			full = full && (n == 0 || got.Minutes[i] == MaxDay)
		}
		for i, n := range got.Minutes {
			if n < 0 || n > MaxDay {
				t.Fatalf("%d minutes on a day", n)
			}
			if w.Weekly() > 0 && w.Minutes[i] == 0 && n > 0 && !full {
				t.Fatalf("%v became %v", w.Minutes, got.Minutes)
			}
		}
	})
}
