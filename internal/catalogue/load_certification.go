package catalogue

import (
	"path"
	"regexp"
	"slices"
	"time"

	"sextant/internal/exam"
)

var (
	idPattern       = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,79}$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`)
)

var certificationKeys = []string{
	"code", "code_note", "vendor", "name", "exam_title", "level", "identity", "use",
	"replaces", "successor", "directions", "lifecycle", "languages",
	"questions", "item_types", "duration", "pass_mark", "cut", "scoring", "price",
	"validity", "renewal", "renews", "retake", "experience", "prerequisites", "requires",
	"official_page", "exam_guide", "guide_version", "changes", "blueprint", "domains",
	"known_as", "proves", "fits", "neighbours", "expected", "beta_results",
}

// readCertification reads one file of the certifications folder. It reports
// false when the file has no code to file the certification under.
func (r *reader) readCertification(v value) (Certification, bool) {
	o := v.object(certificationKeys...)
	c := Certification{
		Code:       o.need("code", "give the exam code, e.g. MLA-C02").code(),
		CodeNote:   o.get("code_note").text(),
		Vendor:     o.need("vendor", "use aws, azure or gcp").platform(exam.AWS, exam.Azure, exam.GCP),
		Name:       o.need("name", "give the vendor's official name").text(),
		ExamTitle:  o.get("exam_title").text(),
		Level:      oneOf(o.need("level", "name the exam's level"), Foundational, Fundamentals, Business, Associate, Professional, Specialty, Expert),
		Identity:   o.need("identity", "give the sources of name, code and level").fact().provenance(),
		Replaces:   o.get("replaces").code(),
		Successor:  o.get("successor").code(),
		Directions: o.get("directions").codes(),
		Use:        o.get("use").text(),

		Renewal:       o.need("renewal", "say how the credential is renewed").factText(),
		Experience:    o.need("experience", "say what experience the vendor recommends").factText(),
		GuideVersion:  o.need("guide_version", "name the version of the exam guide").factText(),
		OfficialPage:  o.need("official_page", "give the exam's page").link(),
		ExamGuide:     o.need("exam_guide", "give the guide's address").link(),
		Retake:        o.get("retake").factText(),
		Prerequisites: o.get("prerequisites").factText(),
		Scoring:       readScoring(o.get("scoring")),

		Proves:      o.need("proves", "say in two or three sentences what a holder has shown").factText(),
		BetaResults: o.get("beta_results").factText(),
	}
	if c.Code != "" && path.Base(v.file) != fileOf(c.Code) {
		o.get("code").problem("%s belongs in certifications/%s", c.Code, fileOf(c.Code))
		return c, false
	}
	readLanguages(&c, o.need("languages", "list the languages of the exam"))
	c.Events = readEvents(&c, o.need("lifecycle", "give at least one dated event"))
	setLastDays(&c)
	readForm(&c, o)
	readDomains(&c, o)
	readOutlook(&c, o)
	r.readGuidance(&c, o)
	r.inherit(&c, o)
	return c, c.Code != ""
}

// factText reads a sentence with its provenance.
func (v value) factText() Fact {
	if v.node == nil {
		return Fact{}
	}
	o := v.fact("text")
	f := Fact{Text: o.get("text").text(), Provenance: o.provenance()}
	if f.Text == "" && f.Confidence != Unknown {
		o.get("text").problem("missing; write the fact, or confidence: unknown where it was looked for and not found")
	}
	return f
}

// link reads an address with its provenance.
func (v value) link() Link {
	if v.node == nil {
		return Link{}
	}
	o := v.fact("title", "url", "mark")
	return Link{
		Title:      o.get("title").text(),
		URL:        o.need("url", "give the https address").https(),
		Mark:       oneOf(o.get("mark"), "seen", "series", "landing"),
		Provenance: o.provenance(),
	}
}

func readScoring(v value) Scoring {
	o := v.object("scale", "compensatory", "guess_penalty", "partial_credit", "feedback")
	return Scoring{
		Scale:         o.get("scale").factText(),
		Compensatory:  o.get("compensatory").factText(),
		GuessPenalty:  o.get("guess_penalty").factText(),
		PartialCredit: o.get("partial_credit").factText(),
		Feedback:      o.get("feedback").factText(),
	}
}

// inherit fills what the certification is silent on from its vendor's policies
// and its level's assumed cut.
func (r *reader) inherit(c *Certification, o object) {
	vendor := r.vendors[c.Vendor]
	inheritFact(&c.Retake, vendor.Retake)
	inheritFact(&c.Prerequisites, vendor.Prerequisites)
	inheritFact(&c.Scoring.Scale, vendor.Scoring.Scale)
	inheritFact(&c.Scoring.Compensatory, vendor.Scoring.Compensatory)
	inheritFact(&c.Scoring.GuessPenalty, vendor.Scoring.GuessPenalty)
	inheritFact(&c.Scoring.PartialCredit, vendor.Scoring.PartialCredit)
	inheritFact(&c.Scoring.Feedback, vendor.Scoring.Feedback)
	if len(c.ItemTypes) == 0 {
		c.ItemTypes, c.ItemTypesProvenance = vendor.ItemTypes, vendor.ItemTypesProvenance
	}
	if o.get("cut").present() {
		return
	}
	cut, ok := r.cuts[c.Level]
	if !ok && r.cuts != nil && c.Level != "" {
		o.get("level").problem("policies.yaml has no cut for level %q; add one there or give this exam a cut", c.Level)
	}
	c.Cut = cut
}

func inheritFact(f *Fact, from Fact) {
	if f.Confidence == "" {
		*f = from
	}
}

func readLanguages(c *Certification, v value) {
	o := v.fact("offered", "open")
	c.LanguagesProvenance = o.provenance()
	c.LanguagesOpen = o.get("open").yes(false)
	seen := map[string]bool{}
	for _, item := range o.need("offered", "list language tags, e.g. [en, ja]").list() {
		tag, last := item, value{}
		if item.isMapping() {
			entry := item.object("tag", "last_day")
			tag, last = entry.need("tag", "give the language tag, e.g. de"), entry.need("last_day", "give the last day, or write the tag alone")
		}
		language := Language{Tag: tag.text(), LastDay: last.day()}
		if !languagePattern.MatchString(language.Tag) {
			tag.problem("%q is not a language tag; write e.g. en, pt-BR or zh-Hans", language.Tag)
			continue
		}
		if unique(seen, tag, language.Tag) {
			c.Languages = append(c.Languages, language)
		}
	}
	if o.get("offered").present() && o.get("offered").isEmpty() {
		o.get("offered").problem("empty; an exam is offered in at least one language")
	}
}

// readEvents reads the lifecycle and adds the retirement that each last day
// implies when nothing follows it.
func readEvents(c *Certification, v value) []Event {
	var events []Event
	var places []value
	for _, item := range v.list() {
		o := item.fact("status", "from", "last_day", "languages", "day_unknown")
		e := Event{
			Status: oneOf(o.need("status", "use announced, beta, beta_closed, active, retiring or retired"),
				StatusAnnounced, StatusBeta, StatusBetaClosed, StatusActive, StatusRetiring, StatusRetired),
			From:       o.get("from").day(),
			LastDay:    o.get("last_day").day(),
			Languages:  readEventLanguages(c, o.get("languages")),
			DayUnknown: o.get("day_unknown").yes(false),
			Provenance: o.provenance(),
		}
		if !e.LastDay.IsZero() && e.LastDay.Before(e.From) {
			o.get("last_day").problem("%s lies before from %s", e.LastDay.Format(time.DateOnly), e.From.Format(time.DateOnly))
			continue
		}
		if !e.LastDay.IsZero() && (e.Status == StatusRetired || e.Status == StatusBetaClosed) {
			o.get("last_day").problem("does not belong to %s; it is the last day on which the exam can be taken", e.Status)
			continue
		}
		if len(events) > 0 && e.From.Before(events[len(events)-1].From) {
			o.problem("starts before the event above it; keep the events in order of from")
			continue
		}
		events, places = append(events, e), append(places, o.value)
	}
	if v.present() && v.isEmpty() {
		v.problem("empty; give at least one dated event")
	}
	checkEvents(events, places)
	return withRetirements(events)
}

func readEventLanguages(c *Certification, v value) []string {
	var tags []string
	for _, item := range v.list() {
		tag := item.text()
		if !slices.ContainsFunc(c.Languages, func(l Language) bool { return l.Tag == tag }) {
			item.problem("%q is not among the languages offered", tag)
			continue
		}
		tags = append(tags, tag)
	}
	return tags
}

// checkEvents reports pairs of events that contradict each other for some
// language.
func checkEvents(events []Event, places []value) {
	for j, later := range events {
		for i, earlier := range events[:j] {
			if !shareLanguage(earlier, later) {
				continue
			}
			switch {
			case earlier.From.Equal(later.From):
				places[j].problem("begins on the same day as event %d for the same language; an exam has one status a day", i+1)
			case earlier.Status == StatusRetired:
				places[j].problem("follows the retirement of event %d; remove one of the two", i+1)
			case !earlier.LastDay.IsZero() && !earlier.LastDay.Before(later.From):
				places[j].problem("begins on %s, but event %d can be taken until %s; let it begin the day after",
					later.From.Format(time.DateOnly), i+1, earlier.LastDay.Format(time.DateOnly))
			}
		}
	}
}

func shareLanguage(a, b Event) bool {
	if len(a.Languages) == 0 || len(b.Languages) == 0 {
		return true
	}
	return slices.ContainsFunc(a.Languages, func(tag string) bool { return slices.Contains(b.Languages, tag) })
}

func withRetirements(events []Event) []Event {
	all := slices.Clone(events)
	for i, e := range events {
		followed := slices.ContainsFunc(events[i+1:], func(later Event) bool { return shareLanguage(e, later) })
		if e.LastDay.IsZero() || followed {
			continue
		}
		all = append(all, Event{
			Status: StatusRetired, From: e.LastDay.AddDate(0, 0, 1),
			Languages: e.Languages, Provenance: e.Provenance,
		})
	}
	slices.SortStableFunc(all, func(a, b Event) int { return a.From.Compare(b.From) })
	return all
}

// setLastDays gives a language without a last day of its own the one on which
// its last stage ends.
func setLastDays(c *Certification) {
	for i := range c.Languages {
		l := &c.Languages[i]
		if !l.LastDay.IsZero() {
			continue
		}
		for _, e := range c.Events {
			if len(e.Languages) > 0 && !slices.Contains(e.Languages, l.Tag) {
				continue
			}
			l.LastDay = time.Time{}
			if e.Status == StatusRetired {
				l.LastDay = e.From.AddDate(0, 0, -1)
			}
		}
	}
}

// readForm reads what is known of a sitting: its length, item types, time,
// marks, price and validity.
func readForm(c *Certification, o object) {
	q := o.need("questions", "give the number of questions, or confidence: unknown").fact("min", "max", "scored", "unscored", "beta")
	c.Questions = QuestionCount{
		Min: q.get("min").whole(0), Max: q.get("max").whole(0),
		Scored: q.get("scored").whole(0), Unscored: q.get("unscored").whole(0),
		Beta: q.get("beta").whole(0), Provenance: q.provenance(),
	}
	if c.Questions.Max < c.Questions.Min {
		q.get("max").problem("%d is less than min %d", c.Questions.Max, c.Questions.Min)
	}
	if n := c.Questions.Scored + c.Questions.Unscored; c.Questions.Unscored > 0 && n != c.Questions.Max {
		q.get("scored").problem("scored and unscored make %d, but max is %d", n, c.Questions.Max)
	}
	types := o.get("item_types").fact("types")
	c.ItemTypes, c.ItemTypesProvenance = types.get("types").texts(), types.provenance()

	d := o.need("duration", "give the minutes, or confidence: unknown").fact("minutes", "beta")
	c.Duration = Duration{Minutes: d.get("minutes").whole(0), Beta: d.get("beta").whole(0), Provenance: d.provenance()}
	readPassMark(c, o.need("pass_mark", "give the pass mark, or published: false"))
	readCut(c, o.get("cut"))

	price := o.need("price", "give the price, or confidence: unknown").fact("usd")
	c.PriceUSD, c.PriceProvenance = price.get("usd").whole(0), price.provenance()
	validity := o.need("validity", "give the years, or expires: false").fact("years", "expires")
	c.ValidityYears, c.ValidityProvenance = validity.get("years").whole(0), validity.provenance()
	if validity.node != nil && (c.ValidityYears > 0) != validity.get("expires").yes(true) {
		validity.problem("give either years or expires: false")
	}
	changes := o.get("changes").fact("items")
	c.Changes, c.ChangesProvenance = changes.get("items").texts(), changes.provenance()
}

func readPassMark(c *Certification, v value) {
	o := v.fact("published", "score", "min", "max")
	c.Pass = PassMark{
		Published: o.get("published").yes(true),
		Score:     o.get("score").whole(1),
		Min:       o.get("min").whole(0), Max: o.get("max").whole(1),
		Provenance: o.provenance(),
	}
	if v.node == nil {
		c.Pass.Published = false
		return
	}
	if !c.Pass.Published {
		if c.Pass.Score != 0 {
			o.get("score").problem("does not go with published: false; remove one of the two")
		}
		return
	}
	if c.Pass.Score <= c.Pass.Min || c.Pass.Score >= c.Pass.Max {
		o.get("score").problem("give a score between min and max of the vendor's scale, or published: false")
	}
}

func readCut(c *Certification, v value) {
	if v.node == nil {
		return
	}
	o := v.fact("percent", "sd")
	c.Cut = cutOf(o)
}

func cutOf(o object) Cut {
	return Cut{
		Percent:    o.need("percent", "give the assumed raw cut in percent").number(1, 99),
		SD:         o.need("sd", "give its standard deviation in points").number(0.1, 30),
		Provenance: o.provenance(),
	}
}

// readDomains reads the blueprint and turns published weights into fractions.
func readDomains(c *Certification, o object) {
	c.DomainsProvenance = o.need("blueprint", "give the sources of domains, weights and tasks").fact().provenance()
	list := o.need("domains", "list the domains")
	seen := map[exam.DomainID]bool{}
	for _, item := range list.list() {
		d, f := readDomain(item)
		unique(seen, f.get("id"), d.ID)
		c.Domains = append(c.Domains, d)
	}
	weigh(c.Domains, list)
}

func readDomain(v value) (Domain, object) {
	o := v.object("id", "name", "weight", "tasks", "services", "watch", "note", "study")
	d := Domain{
		ID:    exam.DomainID(o.need("id", "number the domain as the guide does").text()),
		Name:  o.need("name", "give the vendor's name of the domain").text(),
		Watch: o.get("watch").text(),
		Note:  o.get("note").text(),
	}
	d.Low, d.High = readWeight(o.need("weight", "give the published percent, e.g. 28, or {low: 25, high: 30}"))
	tasks := o.need("tasks", "list the domain's tasks")
	seen := map[string]bool{}
	for _, item := range tasks.list() {
		t := item.object("id", "name", "covers", "skills")
		task := Task{
			ID:     t.need("id", "number the task").text(),
			Name:   t.need("name", "name the task in our words").text(),
			Covers: t.need("covers", "say what it covers").texts(),
			Skills: t.need("skills", "tag it with at least one skill, the main one first").skills(),
		}
		if t.get("skills").present() && t.get("skills").isEmpty() {
			t.get("skills").problem("empty; tag the task with at least one skill, the main one first")
		}
		if unique(seen, t.get("id"), task.ID) {
			d.Tasks = append(d.Tasks, task)
		}
	}
	if tasks.present() && tasks.isEmpty() {
		tasks.problem("empty; a domain has at least one task")
	}
	readDomainServices(&d, o.get("services"))
	for _, item := range o.get("study").list() {
		d.Links = append(d.Links, readStudyLink(item))
	}
	return d, o
}

// readStudyLink reads an official page. A page marked seen or series names the
// source it was seen in.
func readStudyLink(v value) Link {
	o := v.object("title", "url", "mark", "source", "note")
	l := Link{
		Title: o.need("title", "describe the page").text(),
		URL:   o.need("url", "give the https address").https(),
		Mark:  oneOf(o.get("mark"), "seen", "series", "landing"),
	}
	if l.Mark == "" {
		l.Mark = "seen"
	}
	l.Confidence, l.Note = Sourced, o.get("note").text()
	source := o.get("source")
	switch {
	case l.Mark == "landing":
		l.Confidence = Recalled
	case !source.present():
		source.problem("missing; name the source in which the address was seen, or mark: landing")
	default:
		if id := v.r.source(source); id != "" {
			l.Sources = []string{id}
		}
		l.AsOf = v.r.newest(l.Sources)
		if l.Mark == "series" {
			l.Confidence = Derived
		}
	}
	return l
}

func readDomainServices(d *Domain, v value) {
	if v.node == nil {
		return
	}
	o := v.fact("ids")
	d.ServicesProvenance = o.provenance()
	seen := map[string]bool{}
	for _, item := range o.need("ids", "list ids of services.yaml").list() {
		id := item.text()
		if v.r.services != nil && !v.r.services[id] {
			item.problem("%q is not a service; services.yaml lists them", id)
			continue
		}
		if unique(seen, item, id) {
			d.Services = append(d.Services, id)
		}
	}
}

func readWeight(v value) (low, high float64) {
	if v.isMapping() {
		o := v.object("low", "high")
		low = o.need("low", "give the lower end of the range").number(0, 100)
		high = o.need("high", "give the upper end of the range").number(0, 100)
		if high < low {
			o.get("high").problem("%g is less than low %g", high, low)
		}
		return low, high
	}
	if v.present() && v.text() == "0" {
		v.problem("a domain weighs more than 0")
	}
	x := v.number(0, 100)
	return x, x
}

// weigh sets each domain's weight to its midpoint over the sum of midpoints,
// after checking that the published figures make a whole exam.
func weigh(domains []Domain, at value) {
	var low, high, middle float64
	for _, d := range domains {
		if d.High == 0 {
			return // a missing or impossible weight has been reported
		}
		low, high, middle = low+d.Low, high+d.High, middle+(d.Low+d.High)/2
	}
	if len(domains) == 0 {
		if at.present() {
			at.problem("empty; list the exam's domains")
		}
		return
	}
	if low == high && (low < 99 || high > 101) {
		at.problem("the weights add up to %g; single percentages add up to 99 to 101", low)
	}
	if low < high && (low > 100 || high < 100) {
		at.problem("the ranges add up to %g to %g, which does not include 100", low, high)
	}
	for i := range domains {
		domains[i].Weight = (domains[i].Low + domains[i].High) / 2 / middle
	}
}
