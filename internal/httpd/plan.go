package httpd

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/plan"
	"sextant/web"
)

// installPlans registers the pages of study plans, and the feed that calendars read
// without signing in.
func (h *Handler) installPlans(engine *gin.Engine, pages *gin.RouterGroup, wrap func(httpx.HandlerFunc) gin.HandlerFunc, begin gin.HandlerFunc) {
	pages.GET("/plan", wrap(h.plans))
	pages.POST("/plan", begin, wrap(h.beginPlan))
	pages.GET("/plan/calendar", wrap(h.planCalendar))
	pages.POST("/plan/calendar", begin, wrap(h.changeFeed))
	pages.GET("/plan/:id", wrap(h.plan))
	pages.GET("/plan/:id/edit", wrap(h.editPlan))
	pages.POST("/plan/:id/edit", wrap(h.changePlan))
	pages.POST("/plan/:id/offer", wrap(h.takeOffer))
	pages.POST("/plan/:id/done", wrap(h.tellWork))
	pages.POST("/plan/:id/undo", wrap(h.untellWork))
	pages.POST("/plan/:id/end", wrap(h.endPlan))
	pages.GET("/plan/:id/calendar.ics", wrap(h.planFile))

	// Calendars ask every hour or so; several people may share an address.
	reads := httpx.NewLimiter(5*time.Second, 120).Middleware(h.failure)
	engine.GET("/calendar/:token", reads, wrap(h.feed))
	engine.HEAD("/calendar/:token", reads, wrap(h.feed))
}

func planAddress(id plan.ID) string { return "/plan/" + string(id) }

// ownPlan is the plan in the address, of whoever is asking.
func (h *Handler) ownPlan(c *gin.Context) (*account.Person, *plan.Kept, error) {
	p, err := someone(c)
	if err != nil {
		return nil, nil, err
	}
	k, err := h.Plans.Open(c.Request.Context(), p.ID, plan.ID(c.Param("id")))
	return p, k, err
}

// plans lists somebody's plans and begins another. Whoever has an open plan for the
// exam in the address, or names none and has one open plan, is led to it.
func (h *Handler) plans(c *gin.Context) error {
	ctx, p := c.Request.Context(), httpx.Person(c)
	if p != nil {
		list, err := h.Plans.List(ctx, p.ID)
		if err != nil {
			return err
		}
		if k := meant(list, c.Request.URL.Query()); k != nil {
			return seeOther(c, planAddress(k.ID))
		}
	}
	form := usualPlan()
	form.exam = exam.Code(c.Query("exam"))
	if form.exam == "" {
		code, err := h.latestExam(ctx, p)
		if err != nil {
			return err
		}
		form.exam = code
	}
	return h.showPlans(c, http.StatusOK, form, "")
}

// meant is the plan of a list, open ones first, that an address without a plan's id
// leads to; nil for none.
func meant(list []plan.Kept, query url.Values) *plan.Kept {
	code, named := exam.Code(query.Get("exam")), query.Has("exam")
	if !named && len(list) > 0 && list[0].Open() && (len(list) == 1 || !list[1].Open()) {
		return &list[0]
	}
	for i := range list {
		if list[i].Open() && named && list[i].Wish.Exam == code {
			return &list[i]
		}
	}
	return nil
}

func (h *Handler) showPlans(c *gin.Context, status int, form planForm, problem string) error {
	view := page.Plans{Frame: h.frame(c, "Plan your study", "plan")}
	p := httpx.Person(c)
	if err := h.addPlans(c, &view, p); err != nil {
		return err
	}
	view.Form = h.planForm(form, h.todayOf(c))
	view.Form.Problem, view.Form.Action, view.Form.Submit = problem, "/plan", "Make the plan"
	return render(c, status, web.Plans(view))
}

// todayOf is the day it is where whoever asks is.
func (h *Handler) todayOf(c *gin.Context) plan.Day {
	y, m, d := h.Now().In(zoneOf(c)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// addPlans lists a person's plans, those that are open as they stand now.
func (h *Handler) addPlans(c *gin.Context, view *page.Plans, p *account.Person) error {
	if p == nil {
		return nil
	}
	open, err := h.Plans.WorkOpen(c.Request.Context(), p)
	if err != nil {
		return err
	}
	for i := range open {
		w := &open[i]
		row := h.planRow(&w.Kept, w.Sentence)
		if first := todaysBlock(w); first != nil {
			row.Today = "Up first today: " + blockWords(first) + "."
		}
		view.Open = append(view.Open, row)
	}
	view.KeepIt = len(open) > 0 && !p.SignedIn()
	all, err := h.Plans.List(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	for i := range all {
		if k := &all[i]; !k.Open() {
			view.Ended = append(view.Ended, h.planRow(k, "Ended on "+dayOf(c, k.Ended)+"."))
		}
	}
	return nil
}

func (h *Handler) planRow(k *plan.Kept, text string) page.PlanRow {
	row := page.PlanRow{Code: string(k.Wish.Exam), Address: planAddress(k.ID), Text: text}
	if cert, ok := h.Catalogue.Certification(k.Wish.Exam); ok {
		row.Name = cert.Name
	}
	return row
}

func (h *Handler) beginPlan(c *gin.Context) error {
	form := readPlanForm(c)
	wish, err := form.wish()
	if err != nil {
		return h.showPlans(c, http.StatusBadRequest, form, fault.Message(err))
	}
	if _, ok := h.Catalogue.Certification(wish.Exam); !ok {
		return h.showPlans(c, http.StatusBadRequest, form, "Choose the exam to plan for.")
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	situation, err := h.Profiles.Profile(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	wish.Language = situation.Language
	k, err := h.Plans.Begin(c.Request.Context(), p, wish)
	if err != nil {
		return again(err, func(status int, message string) error { return h.showPlans(c, status, form, message) })
	}
	return seeOther(c, withDone(planAddress(k.ID), "plan-made"))
}

func (h *Handler) editPlan(c *gin.Context) error {
	_, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	return h.showEdit(c, http.StatusOK, k, formOf(&k.Wish), "")
}

func (h *Handler) showEdit(c *gin.Context, status int, k *plan.Kept, form planForm, problem string) error {
	view := page.PlanEdit{Frame: h.frame(c, "Change the plan for "+string(k.Wish.Exam), "plan"), Code: string(k.Wish.Exam), Address: planAddress(k.ID)}
	view.Path = planAddress(k.ID) + "/edit"
	view.Form = h.planForm(form, h.todayOf(c))
	view.Form.Problem, view.Form.Action, view.Form.Submit = problem, planAddress(k.ID)+"/edit", "Keep the plan like this"
	return render(c, status, web.PlanEdit(view))
}

func (h *Handler) changePlan(c *gin.Context) error {
	p, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	form := readPlanForm(c)
	wish, err := form.wish()
	if err != nil {
		return h.showEdit(c, http.StatusBadRequest, k, form, fault.Message(err))
	}
	wish.Language = k.Wish.Language
	if _, err := h.Plans.Change(c.Request.Context(), p.ID, k.ID, wish); err != nil {
		return again(err, func(status int, message string) error { return h.showEdit(c, status, k, form, message) })
	}
	return seeOther(c, withDone(planAddress(k.ID), "plan-kept"))
}

// takeOffer changes what a plan offered to change where its wish can't be met.
func (h *Handler) takeOffer(c *gin.Context) error {
	p, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	wish := k.Wish
	date, weekly := c.PostForm("date"), c.PostForm("weekly")
	switch {
	case date == "open":
		wish.Date = plan.Day{}
	case date != "":
		if wish.Date, err = readDay(date); err != nil {
			return err
		}
	case weekly != "":
		minutes, err := strconv.Atoi(weekly)
		if err != nil || minutes < 1 || minutes > 7*plan.MaxDay {
			return fault.Invalid("This offer can't be read. Nothing was changed; change the plan by hand.")
		}
		wish = wish.AtPace(minutes)
	default:
		return fault.Invalid("Choose one of the offers. Nothing was changed.")
	}
	if _, err := h.Plans.Change(c.Request.Context(), p.ID, k.ID, wish); err != nil {
		return err
	}
	return seeOther(c, withDone(planAddress(k.ID), "plan-kept"))
}

func (h *Handler) tellWork(c *gin.Context) error {
	p, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	minutes, _ := strconv.Atoi(strings.TrimSpace(c.PostForm("minutes"))) // 0 is refused with words
	work := plan.Work{Kind: plan.Kind(c.PostForm("kind")), Skill: exam.SkillID(c.PostForm("skill")), Minutes: minutes}
	if work.Day, err = readDay(c.PostForm("day")); err == nil {
		err = h.Plans.Tell(c.Request.Context(), p, k.ID, work)
	}
	if err != nil {
		return again(err, func(status int, message string) error { return h.showPlan(c, status, p, k, message) })
	}
	return seeOther(c, withDone(planAddress(k.ID), "work-kept"))
}

func (h *Handler) untellWork(c *gin.Context) error {
	p, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	work, _ := strconv.ParseInt(c.PostForm("work"), 10, 64) // 0 is nobody's
	if err := h.Plans.Untell(c.Request.Context(), p.ID, k.ID, work); err != nil {
		return again(err, func(status int, message string) error { return h.showPlan(c, status, p, k, message) })
	}
	return seeOther(c, withDone(planAddress(k.ID), "work-undone"))
}

func (h *Handler) endPlan(c *gin.Context) error {
	p, k, err := h.ownPlan(c)
	if err != nil {
		return err
	}
	change, done := h.Plans.End, "plan-ended"
	if c.PostForm("do") == "resume" {
		change, done = h.Plans.Resume, "plan-resumed"
	}
	if err := change(c.Request.Context(), p.ID, k.ID); err != nil {
		return again(err, func(status int, message string) error { return h.showPlan(c, status, p, k, message) })
	}
	return seeOther(c, withDone(planAddress(k.ID), done))
}

// planForm is the form as it was filled in, so that what can't be read is sent back
// as it was written.
type planForm struct {
	exam                exam.Code
	byDate              bool
	date, target, hours string
	days                [7]string // hours by day, Sunday first
	off                 []page.PlanOff
	start               string
	sunday              bool
}

const (
	usualHours  = 6  // a week
	usualTarget = 80 // percent
)

func usualPlan() planForm {
	return planForm{hours: strconv.Itoa(usualHours), target: strconv.Itoa(usualTarget)}
}

func readPlanForm(c *gin.Context) planForm {
	f := planForm{
		exam: exam.Code(c.PostForm("exam")), byDate: c.PostForm("when") == "date", date: strings.TrimSpace(c.PostForm("date")),
		target: c.PostForm("target"), hours: strings.TrimSpace(c.PostForm("hours")),
		start: strings.TrimSpace(c.PostForm("start")), sunday: c.PostForm("week") == "sunday",
	}
	for d := range f.days {
		f.days[d] = strings.TrimSpace(c.PostForm("day." + strconv.Itoa(d)))
	}
	from, to, note := c.PostFormArray("off.from"), c.PostFormArray("off.to"), c.PostFormArray("off.note")
	for i := range min(len(from), len(to), len(note), plan.MaxOff) {
		row := page.PlanOff{From: strings.TrimSpace(from[i]), To: strings.TrimSpace(to[i]), Note: strings.Join(strings.Fields(note[i]), " ")}
		if row.From != "" || row.To != "" {
			f.off = append(f.off, row)
		}
	}
	return f
}

// formOf fills the form in with a wish.
func formOf(w *plan.Wish) planForm {
	f := planForm{exam: w.Exam, byDate: !w.Date.IsZero(), target: strconv.Itoa(int(math.Round(100 * w.Target))), sunday: w.Sunday}
	if f.byDate {
		f.date = w.Date.Format(time.DateOnly)
	}
	if weekly := w.Weekly(); w.Minutes == plan.Spread(weekly) {
		f.hours = hoursField(weekly)
	} else {
		for d, minutes := range w.Minutes {
			f.days[d] = hoursField(minutes)
		}
	}
	for _, span := range w.Off {
		f.off = append(f.off, page.PlanOff{From: span.From.Format(time.DateOnly), To: span.To.Format(time.DateOnly), Note: span.Note})
	}
	if w.Start >= 0 {
		f.start = clockWords(w.Start)
	}
	return f
}

// hoursField is minutes as a field for hours holds them.
func hoursField(minutes int) string {
	return strconv.FormatFloat(math.Round(float64(minutes)/60*100)/100, 'f', -1, 64)
}

// clockWords is a time of day in minutes after midnight.
func clockWords(minutes int) string {
	minutes = (minutes + 24*60) % (24 * 60)
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

func readDay(text string) (plan.Day, error) {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	if err != nil {
		return plan.Day{}, fault.Invalid("Write days as year-month-day, such as 2027-03-14.")
	}
	return day, nil
}

// readHours reads hours, which may have a fraction after a point or a comma, as
// minutes; an empty field is none.
func readHours(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	hours, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || math.IsNaN(hours) || hours < 0 || hours > 7*24 {
		return 0, fault.Invalid("Write hours as a number, such as 6 or 1.5.")
	}
	return int(math.Round(60 * hours)), nil
}

// wish reads the form.
func (f *planForm) wish() (plan.Wish, error) {
	w := plan.Wish{Exam: f.exam, Start: -1, Sunday: f.sunday}
	var err error
	if f.byDate {
		if f.date == "" {
			return w, fault.Invalid("Choose the day of the exam, or choose “As soon as I'm likely to pass”.")
		}
		if w.Date, err = readDay(f.date); err != nil {
			return w, err
		}
	}
	target, err := strconv.Atoi(f.target)
	if err != nil {
		return w, fault.Invalid("Choose how likely a pass should be.")
	}
	w.Target = float64(target) / 100
	if w.Minutes, err = f.minutes(); err != nil {
		return w, err
	}
	for _, row := range f.off {
		span, err := readSpan(row)
		if err != nil {
			return w, err
		}
		w.Off = append(w.Off, span)
	}
	if f.start != "" {
		at, err := time.Parse("15:04", f.start)
		if err != nil {
			return w, fault.Invalid("Write when you begin as a time of day, such as 19:30, or leave it empty.")
		}
		w.Start = at.Hour()*60 + at.Minute()
	}
	return w, nil
}

// minutes are those of the days where any is named, else the week's, spread.
func (f *planForm) minutes() (minutes [7]int, err error) {
	if f.named() {
		for d, text := range f.days {
			if minutes[d], err = readHours(text); err != nil {
				return minutes, err
			}
		}
		return minutes, nil
	}
	weekly, err := readHours(f.hours)
	if err != nil {
		return minutes, err
	}
	if weekly > 7*plan.MaxDay {
		return minutes, fault.Invalid("That is more than %d hours a day. Write how many hours a week you have.", plan.MaxDay/60)
	}
	return plan.Spread(weekly), nil
}

func (f *planForm) named() bool {
	return slices.ContainsFunc(f.days[:], func(text string) bool { return text != "" })
}

// readSpan reads a range of days off; with one day left out it is that day alone.
func readSpan(row page.PlanOff) (plan.Span, error) {
	if row.To == "" {
		row.To = row.From
	}
	if row.From == "" {
		row.From = row.To
	}
	from, err := readDay(row.From)
	if err != nil {
		return plan.Span{}, err
	}
	to, err := readDay(row.To)
	return plan.Span{From: from, To: to, Note: row.Note}, err
}

// spareOff is how many empty rows for days off the form has.
const spareOff = 2

// planForm shows the form.
func (h *Handler) planForm(f planForm, today plan.Day) page.PlanForm {
	view := page.PlanForm{
		Exams: h.planExams(f.exam), ByDate: f.byDate, Date: f.date, Earliest: today.Format(time.DateOnly),
		Hours: f.hours, DaysOpen: f.named(), Start: f.start, MoreOpen: len(f.off) > 0 || f.start != "" || f.sunday,
		Weeks: []page.Option{{Value: "monday", Label: "Monday", Chosen: !f.sunday}, {Value: "sunday", Label: "Sunday", Chosen: f.sunday}},
	}
	for _, target := range plan.Targets() {
		value := strconv.Itoa(int(math.Round(100 * target)))
		view.Targets = append(view.Targets, page.Option{Value: value, Label: value + "\u00a0%", Chosen: f.target == value})
	}
	for i := range 7 {
		d := (i + 1) % 7 // Monday first
		if f.sunday {
			d = i
		}
		view.Days = append(view.Days, page.PlanDay{Name: "day." + strconv.Itoa(d), Label: time.Weekday(d).String(), Value: f.days[d]})
	}
	view.Off = slices.Concat(f.off, make([]page.PlanOff, max(0, min(spareOff, plan.MaxOff-len(f.off)))))
	for i := range view.Off {
		view.Off[i].N = strconv.Itoa(i + 1)
	}
	return view
}

// planExams are the exams to choose from by whether they can be taken. One that
// can't is there only where it was asked for: the plan says what to do instead.
func (h *Handler) planExams(chosen exam.Code) []page.PlanExams {
	groups := []page.PlanExams{{Label: "Can be taken"}, {Label: "Beta: booking not confirmed"}, {Label: "Can't be taken today"}}
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		option := page.Option{Value: string(cert.Code), Label: fmt.Sprintf("%s %s", cert.Code, cert.Name), Chosen: cert.Code == chosen}
		switch cert.Takeable(h.Now(), "").Availability {
		case catalogue.Yes:
			groups[0].Exams = append(groups[0].Exams, option)
		case catalogue.Unconfirmed:
			groups[1].Exams = append(groups[1].Exams, option)
		case catalogue.No:
			if option.Chosen || announced(cert) {
				groups[2].Exams = append(groups[2].Exams, option)
			}
		}
	}
	return slices.DeleteFunc(groups, func(g page.PlanExams) bool { return len(g.Exams) == 0 })
}

// announced reports of an exam that can't be taken whether it is still to come.
func announced(cert *catalogue.Certification) bool {
	return slices.ContainsFunc(cert.Events, func(e catalogue.Event) bool { return e.Status == catalogue.StatusAnnounced }) &&
		!slices.ContainsFunc(cert.Events, func(e catalogue.Event) bool { return e.Status == catalogue.StatusRetired })
}

// homePlan is the line of the front page for the plan of the nearest exam; nil for
// whoever has none.
func (h *Handler) homePlan(ctx context.Context, p *account.Person) (*page.HomePlan, error) {
	open, err := h.Plans.WorkOpen(ctx, p)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	w := &open[0]
	line := &page.HomePlan{Label: "To the plan", Address: planAddress(w.ID)}
	first := todaysBlock(w)
	if first == nil {
		line.Text = fmt.Sprintf("Your plan for %s has nothing for today.", w.Kept.Wish.Exam)
		return line, nil
	}
	line.Text, line.Label = fmt.Sprintf("Up first today in your plan for %s: %s.", w.Kept.Wish.Exam, blockWords(first)), "Go on with the plan"
	return line, nil
}
