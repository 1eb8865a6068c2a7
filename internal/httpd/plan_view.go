package httpd

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/internal/plan"
	"sextant/internal/sitting"
	"sextant/web"
)

func (h *Handler) plan(c *gin.Context) error {
	p, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	return h.showPlan(c, http.StatusOK, p, k, "")
}

// showPlan works a plan out from what is known now and shows it.
func (h *Handler) showPlan(c *gin.Context, status int, p *account.Person, k *plan.Kept, problem string) error {
	ctx := c.Request.Context()
	w, err := h.Plans.Work(ctx, p, k)
	if err != nil {
		return err
	}
	v := planView{h: h, c: c, w: w, code: k.Wish.Exam}
	if v.snapshot, err = h.Library.Snapshot(ctx); err != nil {
		return err
	}
	sittings, err := h.Sittings.List(ctx, p.ID)
	if err != nil {
		return err
	}
	view, err := v.page()
	if err != nil {
		return err
	}
	view.Problem, view.KeepIt, view.Aside = problem, !p.SignedIn(), setAsideNote(sittings)
	if view.Reached, err = h.reachedBefore(ctx, p, k.Wish.Exam); err != nil {
		return err
	}
	if k.Open() && status == http.StatusOK {
		if err := h.Plans.Look(ctx, w); err != nil {
			return err
		}
	}
	return render(c, status, web.Plan(view))
}

// reachedBefore says that an exam that is planned for was passed already, by what the
// person told; "" where they told of nothing. The plan goes on: it may be for a renewal.
func (h *Handler) reachedBefore(ctx context.Context, p *account.Person, code exam.Code) (string, error) {
	results, err := h.Progress.Results(ctx, p.ID)
	if err != nil {
		return "", err
	}
	for i := range results {
		if r := &results[i]; r.Exam == code && r.Passed {
			return fmt.Sprintf("You told that you passed %s on %s. This plan goes on as if it were still ahead.", code, r.Taken.Format(longDay)), nil
		}
	}
	situation, err := h.Profiles.Profile(ctx, p.ID)
	if err != nil || !slices.Contains(situation.Held, code) {
		return "", err
	}
	return fmt.Sprintf("%s is among the certifications you hold. This plan goes on as if it were still ahead.", code), nil
}

// planView turns a worked plan into its page.
type planView struct {
	h        *Handler
	c        *gin.Context
	w        *plan.Worked
	code     exam.Code
	snapshot *library.Snapshot
	asked    map[exam.SkillID]int // questions by topic, counted when first asked for
}

func (v *planView) page() (page.Plan, error) {
	h, w := v.h, v.w
	view := page.Plan{
		Frame: h.frame(v.c, "Plan for "+string(v.code), "plan"), Code: string(v.code), Link: "/certifications/" + string(v.code),
		Address: planAddress(w.ID), Sentence: w.Sentence, Moved: w.Moved, SoFar: w.SoFar, Notes: w.Notes,
	}
	view.Path = view.Address
	cert, ok := h.Catalogue.Certification(v.code)
	if ok {
		view.Name = cert.Name
		view.Facts = v.facts(cert)
	}
	if !w.Open() {
		view.Ended = dayOf(v.c, w.Ended)
	}
	for i := range w.Problems {
		view.Problems = append(view.Problems, v.problem(&w.Problems[i]))
	}
	if len(w.Weeks) > 0 && w.Open() {
		view.Unmeasured = unmeasuredPlan(v.code, w.Standing.Answers)
	}
	view.Over = w.Open() && !w.Kept.Wish.Date.IsZero() && !w.Kept.Wish.Date.After(w.Today)
	view.Today.Shown = w.Open() && (len(w.Weeks) > 0 || len(w.Told) > 0)
	view.Curve = v.curve()
	view.Mocks = v.mocks()
	for _, t := range w.Topics {
		view.Topics = append(view.Topics, page.PlanTopic{Name: t.Name, Time: minutesWords(t.Minutes), Why: t.Why, Lab: t.Lab})
	}
	if n := len(view.Topics); n > shownTopics+1 {
		view.Topics, view.Smaller = view.Topics[:shownTopics], view.Topics[shownTopics:]
		view.SmallerText = fmt.Sprintf("%d topics with less time", n-shownTopics)
	}
	view.Done, view.DoneText = v.done()
	view.Tell = v.tell(cert)
	view.Review = v.review()
	return view, v.addWeeks(&view)
}

// unmeasuredPlan says that a plan rests on hardly anything known of the learner; ""
// from a verdict on.
func unmeasuredPlan(code exam.Code, answers int) string {
	switch {
	case answers == 0:
		return fmt.Sprintf("Nothing of yours is measured for %s yet: the plan rests on what is assumed of everybody.", code)
	case answers < firstVerdict:
		return fmt.Sprintf("Too few of your answers bear on %s for a verdict (%d so far): the plan still rests mostly on what is assumed of everybody.", code, answers)
	}
	return ""
}

// How many topics and coming weeks are shown before the others fold.
const (
	shownTopics = 8
	shownWeeks  = 5
)

// addWeeks fills in today, the rest of this week, and the weeks to come.
func (v *planView) addWeeks(view *page.Plan) error {
	w := v.w
	view.Today.Heading = w.Today.Format("Monday, 2 January")
	for _, d := range view.Done {
		if d.Day == listDay(w.Today) {
			view.Today.Done = append(view.Today.Done, d)
		}
	}
	for i := range w.Weeks {
		week := v.week(&w.Weeks[i])
		for j := range w.Weeks[i].Dates {
			date := &w.Weeks[i].Dates[j]
			if date.Day.Equal(w.Today) {
				blocks, err := v.today(date)
				if err != nil {
					return err
				}
				view.Today.Blocks = blocks
				continue
			}
			week.Dates = append(week.Dates, v.date(date))
		}
		if !w.Weeks[i].From.After(w.Today) {
			if len(week.Dates) > 0 {
				view.Week = &week
			}
			continue
		}
		view.Weeks = append(view.Weeks, week)
	}
	if n := len(view.Weeks); n > shownWeeks+1 {
		view.Weeks, view.Later = view.Weeks[:shownWeeks], inShort(view.Weeks[shownWeeks:])
		view.LaterText = fmt.Sprintf("%d more weeks, up to %s", n-shownWeeks, w.Weeks[len(w.Weeks)-1].To.Format(longDay))
	}
	if len(view.Today.Blocks) == 0 {
		view.Today.None = v.nothingToday(len(view.Today.Done) > 0)
	}
	return nil
}

// inShort leaves out of weeks what to read and to build: it comes when they do, and
// till then may well be something else.
func inShort(weeks []page.PlanWeek) []page.PlanWeek {
	for i := range weeks {
		for j := range weeks[i].Dates {
			for k := range weeks[i].Dates[j].Blocks {
				b := &weeks[i].Dates[j].Blocks[k]
				b.Text, b.Cost, b.Links = "", "", nil
			}
		}
	}
	return weeks
}

// nothingToday says why there is nothing to do today, and what comes next.
func (v *planView) nothingToday(done bool) string {
	w, words := v.w, "There is nothing left to do today."
	for _, span := range w.Kept.Wish.Off {
		if !w.Today.Before(span.From) && !w.Today.After(span.To) {
			words = "Today is a day off."
			if span.Note != "" {
				words = fmt.Sprintf("Today is a day off (%s).", span.Note)
			}
		}
	}
	switch {
	case done:
		words = "Today's study is done."
	case w.Kept.Wish.Minutes[w.Today.Weekday()] == 0:
		words = fmt.Sprintf("No study today: you keep %ss free.", w.Today.Weekday())
	}
	for i := range w.Weeks {
		for j := range w.Weeks[i].Dates {
			if d := &w.Weeks[i].Dates[j]; d.Day.After(w.Today) && len(d.Blocks) > 0 {
				return fmt.Sprintf("%s Next, on %s: %s.", words, d.Day.Format("Monday, 2 January"), blockWords(&d.Blocks[0]))
			}
		}
	}
	return words
}

// todaysBlock is the first thing up today; nil for nothing.
func todaysBlock(w *plan.Worked) *plan.Block {
	for i := range w.Weeks {
		for j := range w.Weeks[i].Dates {
			if d := &w.Weeks[i].Dates[j]; d.Day.Equal(w.Today) && len(d.Blocks) > 0 {
				return &d.Blocks[0]
			}
		}
	}
	return nil
}

// blockWords is a block in a few words.
func blockWords(b *plan.Block) string {
	words := "“" + b.Title + "”"
	if b.Minutes > 0 {
		words += ", " + minutesWords(b.Minutes)
	}
	return words
}

// doneTexts say what was done.
var doneTexts = map[plan.Kind]string{
	plan.KindProject: "Built a project", plan.KindStudy: "Read", plan.KindLab: "Tried out", plan.KindPractice: "Practised",
	plan.KindReview: "Reviewed", plan.KindMock: "Sat a mock exam",
}

// listDay is a day as lists have it.
func listDay(d plan.Day) string { return d.Format("Mon 2 January 2006") }

// spanWords is a range of days, with the year where it isn't that of the other day.
func spanWords(from, to, than plan.Day) string {
	last := "2 January"
	if to.Year() != than.Year() || from.Year() != to.Year() {
		last = longDay
	}
	switch {
	case from.Equal(to):
		return to.Format(last)
	case from.Year() != to.Year():
		return from.Format(longDay) + " to " + to.Format(last)
	case from.Month() != to.Month():
		return from.Format("2 January") + " to " + to.Format(last)
	}
	return from.Format("2") + " to " + to.Format(last)
}

func (v *planView) week(w *plan.Week) page.PlanWeek {
	names := make([]string, 0, len(w.Topics))
	for _, t := range w.Topics {
		names = append(names, t.Name)
	}
	const named = 3
	topics := strings.Join(names[:min(named, len(names))], "; ") // names hold commas
	if more := len(names) - named; more > 0 {
		topics += fmt.Sprintf("; and %d more", more)
	}
	hours := minutesWords(w.Minutes)
	if w.Minutes == 0 {
		hours = "no study"
	}
	return page.PlanWeek{
		Title: spanWords(w.From, w.To, v.w.Today), Hours: hours, Chance: chanceWords(w.After), Topics: topics,
	}
}

func (v *planView) date(d *plan.Date) page.PlanDate {
	date := page.PlanDate{Day: d.Day.Format("Monday, 2 January"), Time: minutesWords(minutesOf(d))}
	at := v.w.Kept.Wish.Start
	for i := range d.Blocks {
		b := &d.Blocks[i]
		date.Blocks = append(date.Blocks, v.block(b, at))
		if at >= 0 {
			at += b.Minutes
		}
	}
	return date
}

func minutesOf(d *plan.Date) (sum int) {
	for _, b := range d.Blocks {
		sum += b.Minutes
	}
	return sum
}

// block is a block that begins at a time of day, in minutes after midnight, or at
// none (−1).
func (v *planView) block(b *plan.Block, at int) page.PlanBlock {
	block := page.PlanBlock{Kind: string(b.Kind), Title: b.Title, Text: b.Text, Cost: b.Cost}
	switch {
	case b.Minutes == 0:
	case at >= 0:
		block.Time = clockWords(at) + " to " + clockWords(at+b.Minutes)
	default:
		block.Time = minutesWords(b.Minutes)
	}
	for _, l := range b.Links {
		block.Links = append(block.Links, page.Link{Label: l.Title, Address: l.URL, External: true})
	}
	return block
}

// today are today's blocks, with what can be done about them at once.
func (v *planView) today(d *plan.Date) ([]page.PlanBlock, error) {
	date := v.date(d)
	for i := range d.Blocks {
		b, block := &d.Blocks[i], &date.Blocks[i]
		switch b.Kind {
		case plan.KindMock:
			if v.mayMock() {
				block.Go = &page.Link{Label: "To the mock exam", Address: "/mock?exam=" + queryEscape(string(v.code))}
			}
			continue
		case plan.KindExam:
			continue
		case plan.KindReview:
			step, err := v.reviewStep()
			if err != nil {
				return nil, err
			}
			block.Practice = step
			continue
		case plan.KindPractice, plan.KindStudy, plan.KindLab, plan.KindProject:
		}
		block.Practice = v.practice(b)
		if b.Kind != plan.KindPractice { // answers count by themselves
			block.Minutes = strconv.Itoa(b.Minutes)
			block.Tick = []page.Field{
				{Name: "kind", Value: string(b.Kind)}, {Name: "skill", Value: string(b.Skill)}, {Name: "day", Value: d.Day.Format(time.DateOnly)},
			}
		}
	}
	return date.Blocks, nil
}

// mayMock reports whether there are enough questions for a mock exam of the plan's.
func (v *planView) mayMock() bool { return slices.Contains(v.snapshot.OfferedExams(), v.code) }

// practice is the form that practises a block's topic, or what helps most where it
// is about none; nil where the bank has nothing on it.
func (v *planView) practice(b *plan.Block) *page.HomeStep {
	if b.Skill == "" && b.Kind == plan.KindPractice && v.mayMock() {
		length := cmp.Or(b.Questions, usualPractice)
		return &page.HomeStep{
			Label: "Practise " + plural(length, "question"), Address: "/practice",
			Fields: hiddenFields(fields(sitting.Selection{Exam: v.code, Source: sitting.FromHelpful}, length)),
		}
	}
	if v.asked == nil {
		v.asked = map[exam.SkillID]int{}
		for _, one := range v.snapshot.Practicable(sitting.Scope{Exam: v.code}) {
			v.asked[one.Question.Skill]++
		}
	}
	if b.Skill == "" || v.asked[b.Skill] == 0 {
		return nil
	}
	length := wantedLength(min(cmp.Or(b.Questions, usualPractice), v.asked[b.Skill]))
	sel := sitting.Selection{Exam: v.code, Skills: []exam.SkillID{b.Skill}, Source: sitting.FromHelpful}
	return &page.HomeStep{
		Label: fmt.Sprintf("Practise %s on it", plural(min(length, v.asked[b.Skill]), "question")), Address: "/practice", Fields: hiddenFields(fields(sel, length)),
	}
}

// reviewStep is the form that begins a review; without one where nothing is due.
func (v *planView) reviewStep() (*page.HomeStep, error) {
	schedule, err := v.h.Sittings.Schedule(v.c.Request.Context(), v.w.Person)
	if err != nil {
		return nil, err
	}
	due := len(schedule.Due)
	if due == 0 {
		return nil, nil
	}
	lengths := sitting.PracticeLengths()
	most := lengths[len(lengths)-1]
	return &page.HomeStep{
		Label: "Review " + plural(min(due, most), "question"), Address: "/practice",
		Fields: hiddenFields(fields(sitting.Selection{Source: sitting.FromDue}, most)),
	}, nil
}

// chanceWords is a chance of passing with its range.
func chanceWords(chance plan.Chance) string {
	low, high := shownPercent(chance.Low), shownPercent(chance.High)
	if low == high {
		return percentText(chance.Expected)
	}
	return fmt.Sprintf("%s (%d to %d)", percentText(chance.Expected), low, high)
}

// rangeWords is the range of a chance; a dash where it lies beyond what is shown.
func rangeWords(chance plan.Chance) string {
	low, high := shownPercent(chance.Low), shownPercent(chance.High)
	if low == high {
		return "–"
	}
	return fmt.Sprintf("%d to %d\u00a0%%", low, high)
}

// shownPercent is a chance in whole percent, between the ends at which chances are
// shown.
func shownPercent(p float64) int { return int(math.Round(100 * min(.95, max(.05, p)))) }

func (v *planView) facts(cert *catalogue.Certification) []page.PlanFact {
	wish := &v.w.Kept.Wish
	day := "As soon as a pass is likely"
	switch {
	case !wish.Date.IsZero():
		day = wish.Date.Format("Monday, " + longDay)
	case !v.w.Exam.IsZero():
		day += ": " + v.w.Exam.Format("Monday, "+longDay)
	}
	if wish.Language != "" {
		day += ", in " + catalogue.LanguageName(wish.Language)
	}
	aim := fmt.Sprintf("a chance of passing of %d\u00a0%%", int(math.Round(100*wish.Target)))
	facts := []page.PlanFact{
		{Label: "Exam day", Text: day}, {Label: "Can it be taken", Text: sentenceOf(availabilityLabel(cert.Takeable(v.h.Now(), wish.Language)))},
		{Label: "Aim", Text: sentenceOf(aim)}, {Label: "Chance now", Text: v.chanceNow()}, {Label: "Study", Text: v.hours()},
	}
	if total := v.total(); total != "" {
		facts = append(facts, page.PlanFact{Label: "In all", Text: total})
	}
	if len(wish.Off) > 0 {
		var spans []string
		for _, s := range wish.Off {
			words := spanWords(s.From, s.To, v.w.Today)
			if s.Note != "" {
				words += " (" + s.Note + ")"
			}
			spans = append(spans, words)
		}
		facts = append(facts, page.PlanFact{Label: "Days off", Text: strings.Join(spans, "; ") + "."})
	}
	return facts
}

// chanceNow is today's chance of passing; without a verdict it is said to be what
// the plan begins from, and no more.
func (v *planView) chanceNow() string {
	chance := chanceWords(v.w.Now)
	if v.w.Standing.Answers < firstVerdict {
		return fmt.Sprintf("Too early to say; the plan reckons from %s.", chance)
	}
	return sentenceOf(chance)
}

// total is the time of the whole plan and what it is for: the study that other
// pages name is a part of it. Mock exams are counted by number, since one may take
// longer than its day has. It is "" for a plan without study.
func (v *planView) total() string {
	var study, review, mocks int
	for i := range v.w.Weeks {
		for j := range v.w.Weeks[i].Dates {
			for _, b := range v.w.Weeks[i].Dates[j].Blocks {
				switch b.Kind {
				case plan.KindReview:
					review += b.Minutes
				case plan.KindMock:
					mocks++
				case plan.KindProject, plan.KindStudy, plan.KindLab, plan.KindPractice:
					study += b.Minutes
				case plan.KindExam:
				}
			}
		}
	}
	if study == 0 {
		return ""
	}
	parts := []string{wholeHours(study) + " of study that raises the chance"}
	if review > 0 {
		parts = append(parts, wholeHours(review)+" of spaced review")
	}
	if mocks > 0 {
		parts = append(parts, plural(mocks, "mock exam"))
	}
	return "About " + inWords(parts) + "."
}

// wholeHours is a length of time without the minutes, where there are hours.
func wholeHours(minutes int) string {
	const hour = 60
	if minutes < 2*hour {
		return minutesWords(minutes)
	}
	return minutesWords(hour * int(math.Round(float64(minutes)/hour)))
}

// hours says how much of the week there is for study.
func (v *planView) hours() string {
	wish := &v.w.Kept.Wish
	var days []string
	for i := range 7 {
		d := (i + 1) % 7
		if wish.Sunday {
			d = i
		}
		if n := wish.Minutes[d]; n > 0 {
			days = append(days, fmt.Sprintf("%s %s", time.Weekday(d).String()[:3], minutesWords(n)))
		}
	}
	words := fmt.Sprintf("%s a week: %s", minutesWords(wish.Weekly()), strings.Join(days, ", "))
	if wish.Start >= 0 {
		words += ", from " + clockWords(wish.Start)
	}
	return words + "."
}

func (v *planView) problem(p *plan.Problem) page.PlanProblem {
	view := page.PlanProblem{Text: p.Text}
	if !p.Nearest.IsZero() {
		view.Offers = append(view.Offers, page.PlanOffer{Label: "Use " + p.Nearest.Format(longDay), Fields: []page.Field{{Name: "date", Value: p.Nearest.Format(time.DateOnly)}}})
	}
	if p.Weekly > 0 {
		view.Offers = append(view.Offers, page.PlanOffer{Label: fmt.Sprintf("Study %s a week", minutesWords(p.Weekly)), Fields: []page.Field{{Name: "weekly", Value: strconv.Itoa(p.Weekly)}}})
	}
	if p.Instead != "" {
		view.Offers = append(view.Offers, page.PlanOffer{Label: fmt.Sprintf("Plan for %s instead", p.Instead), Link: "/plan?exam=" + queryEscape(string(p.Instead))})
	}
	return view
}

// mocks are the mock exams of the plan.
func (v *planView) mocks() []page.PlanMock {
	var list []page.PlanMock
	for i := range v.w.Weeks {
		for j := range v.w.Weeks[i].Dates {
			d := &v.w.Weeks[i].Dates[j]
			for _, b := range d.Blocks {
				if b.Kind == plan.KindMock {
					mock := page.PlanMock{Day: d.Day.Format("Monday, " + longDay), Text: b.Text}
					if v.mayMock() {
						mock.Address = "/mock?exam=" + queryEscape(string(v.code))
					}
					list = append(list, mock)
				}
			}
		}
	}
	return list
}

// review says how much spaced review the plan counts with.
func (v *planView) review() string {
	if len(v.w.Review) == 0 {
		return ""
	}
	const soon, reviewStep = 4, 5 // weeks, and minutes to round to
	sum, n := 0.0, min(soon, len(v.w.Review))
	for _, minutes := range v.w.Review[:n] {
		sum += minutes
	}
	return fmt.Sprintf("Spaced review is counted with about %s a week over the next four weeks: what is in review now, and what practice is likely to add.", minutesWords(reviewStep*int(math.Round(sum/float64(n)/reviewStep))))
}

// shownDone is how much of what was done the page lists.
const shownDone = 12

// done lists what was done, the latest first, and sums it up.
func (v *planView) done() (list []page.PlanDone, text string) {
	w, told, shown := v.w, 0, 0
	type row struct {
		day  plan.Day
		told int64
		page.PlanDone
	}
	var rows []row
	add := func(work plan.Work, id int64) {
		what := doneTexts[work.Kind]
		if id == 0 {
			what += " here"
		}
		if skill, ok := v.h.Catalogue.Skill(work.Skill); ok {
			what += ": " + skill.Name
		}
		one := row{work.Day, id, page.PlanDone{Day: listDay(work.Day), What: what, Minutes: minutesWords(work.Minutes)}}
		if id > 0 {
			one.Undo = strconv.FormatInt(id, 10)
		}
		rows = append(rows, one)
	}
	for _, t := range w.Told {
		add(t.Work, t.ID)
		told += t.Minutes
	}
	for _, work := range byKind(w.Practice) {
		add(work, 0)
		shown += work.Minutes
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(b.day.Compare(a.day), cmp.Compare(b.told, a.told)) })
	for _, r := range rows {
		list = append(list, r.PlanDone)
	}
	switch {
	case told > 0 && shown > 0:
		text = fmt.Sprintf("Since the plan was begun: %s that you told of, and %s of answers here.", minutesWords(told), minutesWords(shown))
	case told > 0:
		text = fmt.Sprintf("Since the plan was begun: %s that you told of.", minutesWords(told))
	case shown > 0:
		text = fmt.Sprintf("Since the plan was begun: %s of answers here.", minutesWords(shown))
	}
	return list[:min(shownDone, len(list))], text
}

// byKind sums up what was done here by day and kind.
func byKind(list []plan.Work) []plan.Work {
	var sums []plan.Work
	for _, work := range list {
		work.Skill = ""
		if n := len(sums); n > 0 && sums[n-1].Day.Equal(work.Day) && sums[n-1].Kind == work.Kind {
			sums[n-1].Minutes += work.Minutes
			continue
		}
		sums = append(sums, work)
	}
	return sums
}

// tell is the form that tells of study done elsewhere.
func (v *planView) tell(cert *catalogue.Certification) page.PlanTell {
	today := v.w.Today
	form := page.PlanTell{
		Day: today.Format(time.DateOnly), First: today.AddDate(0, 0, -plan.Earliest).Format(time.DateOnly), Minutes: "30", Most: strconv.Itoa(plan.MaxDay),
		Kinds: []page.Option{
			{Value: string(plan.KindStudy), Label: "Read or watched"}, {Value: string(plan.KindLab), Label: "Tried something out"},
			{Value: string(plan.KindProject), Label: "Built a project"}, {Value: string(plan.KindPractice), Label: "Practised elsewhere"},
			{Value: string(plan.KindMock), Label: "Sat a mock exam elsewhere"},
		},
		Topics: []page.Option{{Label: "No single topic"}},
	}
	if cert == nil {
		return form
	}
	had := map[exam.SkillID]bool{}
	for _, d := range cert.Domains {
		for _, id := range d.Skills() {
			if skill, ok := v.h.Catalogue.Skill(id); ok && !had[id] {
				had[id] = true
				form.Topics = append(form.Topics, page.Option{Value: string(id), Label: skill.Name})
			}
		}
	}
	return form
}

// dottedWeeks is up to how many weeks each has a dot on the curve.
const dottedWeeks = 16

// curve draws the chance of passing over the weeks; nil for a plan without any.
func (v *planView) curve() *page.PlanCurve {
	w := v.w
	if len(w.Weeks) == 0 {
		return nil
	}
	last := w.Weeks[len(w.Weeks)-1].To
	days := math.Max(1, last.Sub(w.Made).Hours()/24) // both at midnight UTC
	at := func(d plan.Day) float64 { return 100 * min(1, max(0, d.Sub(w.Made).Hours()/24/days)) }
	target := 100 * w.Kept.Wish.Target
	curve := &page.PlanCurve{
		Target: 100 - target, TargetText: fmt.Sprintf("%.0f\u00a0%%", target),
		Caption: "The chance of passing that is expected at the end of each week, with the range that slower and faster learners would have. How fast people learn is assumed, not measured.",
	}
	var upper, lower, line []string
	point := func(x, y float64) string { return fmt.Sprintf("%.2f,%.2f", x, 100-100*min(1, max(0, y))) }
	add := func(day plan.Day, c plan.Chance, when, hours string) {
		x := at(day)
		upper, lower, line = append(upper, point(x, c.High)), append(lower, point(x, c.Low)), append(line, point(x, c.Expected))
		if ends := day.Equal(w.Made) || day.Equal(last); ends || len(w.Weeks) <= dottedWeeks {
			curve.Dots = append(curve.Dots, page.PlanDot{X: x, Y: 100 - 100*min(1, max(0, c.Expected))})
		}
		curve.Rows = append(curve.Rows, page.PlanPoint{When: when, Chance: percentText(c.Expected), Range: rangeWords(c), Hours: hours})
	}
	add(w.Made, w.Now, "Now", "")
	for i := range w.Weeks {
		week := &w.Weeks[i]
		add(week.To, week.After, "After "+spanWords(week.From, week.To, w.Today), minutesWords(week.Minutes))
	}
	slices.Reverse(lower)
	curve.Band, curve.Line = strings.Join(slices.Concat(upper, lower), " "), strings.Join(line, " ")
	curve.Marks = curveMarks(w, last, at)
	return curve
}

// curveMarks are the days named below the figure: its ends, and what lies between
// while there is room.
func curveMarks(w *plan.Worked, last plan.Day, at func(plan.Day) float64) []page.PlanMark {
	marks := []page.PlanMark{{X: 0, Text: "today", Anchor: "start"}}
	const parts = 4
	for i := 1; i < parts && len(w.Weeks) >= 2*parts; i++ {
		day := w.Weeks[i*len(w.Weeks)/parts].From
		marks = append(marks, page.PlanMark{X: at(day), Text: day.Format("2 Jan"), Anchor: "middle"})
	}
	return append(marks, page.PlanMark{X: 100, Text: last.Format("2 Jan"), Anchor: "end"})
}

// studyModel says in Markdown what the study model assumes.
func studyModel(cat *catalogue.Catalogue) string {
	m := &cat.Study
	var b strings.Builder
	b.WriteString("| Assumed | Figure |\n|---|---|\n")
	line := func(what, figure string, args ...any) {
		fmt.Fprintf(&b, "| %s | %s |\n", what, fmt.Sprintf(figure, args...))
	}
	for _, level := range slices.SortedFunc(maps.Keys(m.Hours), func(a, b catalogue.Level) int { return cmp.Or(cmp.Compare(m.Hours[a], m.Hours[b]), cmp.Compare(a, b)) }) {
		line(fmt.Sprintf("Hours that close 63 %% of the gap in all topics of an exam of level %s", level), "%g", m.Hours[level])
	}
	line("What full study of a topic brings, above the middle of the exam's questions", "%g logits", m.Ceiling)
	line("Nine in ten learners need the hours divided and multiplied by", "%g", m.Spread)
	line("The share of an hour told of that counts until answers follow", "%g %%", 100*m.Told)
	return b.String()
}
