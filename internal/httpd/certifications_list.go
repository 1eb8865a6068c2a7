package httpd

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/web"
)

// examState is where an exam stands for whoever wants to sit it.
type examState string

// The states, in the order in which the list shows them.
const (
	stateNow       examState = "now"
	stateComing    examState = "coming"
	stateElsewhere examState = "elsewhere" // in other languages than the one chosen
	stateRetired   examState = "retired"
)

// stateOf sorts an exam by whether it can be sat on a day in a language; "" means
// in any.
func stateOf(cert *catalogue.Certification, now time.Time, language string) (examState, catalogue.Taking) {
	taking := cert.Takeable(now, language)
	if taking.Availability == catalogue.Yes {
		return stateNow, taking
	}
	if language != "" {
		// Where it is open in some other language, the one chosen is what stands in the way.
		if other := cert.Takeable(now, ""); openness(other) > openness(taking) {
			return stateElsewhere, taking
		}
	}
	if taking.Event != nil && taking.Event.Status == catalogue.StatusRetired {
		return stateRetired, taking
	}
	return stateComing, taking
}

func openness(t catalogue.Taking) int {
	return slices.Index([]catalogue.Availability{catalogue.No, catalogue.Unconfirmed, catalogue.Yes}, t.Availability)
}

// workKinds are the groups of skills as kinds of work, in the order of the catalogue's
// skills.
var workKinds = []struct{ group, label, short string }{
	{"foundations", "Understanding AI", "understanding AI"},
	{"data", "Working with data", "data"},
	{"modelling", "Training models", "training models"},
	{"operations", "Building and running systems", "building and running systems"},
	{"trust", "Safety, security and governance", "safety and security"},
	{"applied", "Ready-made AI services", "ready-made AI services"},
	{"generative", "Generative AI and agents", "generative AI and agents"},
	{"business", "Strategy and business", "strategy and business"},
}

// examLevels are the levels from the first step to the deepest. Those of different
// vendors are neighbours rather than equals.
var examLevels = []catalogue.Level{
	catalogue.Business, catalogue.Foundational, catalogue.Fundamentals, catalogue.Associate,
	catalogue.Professional, catalogue.Specialty, catalogue.Expert,
}

// examPlatforms are the vendors of exams.
var examPlatforms = []exam.Platform{exam.AWS, exam.Azure, exam.GCP}

// examSort is an order the list can be put in.
type examSort struct {
	value, label string
	by           func(a, b *listedExam) int
}

// examSorts are the orders beside the list's own.
var examSorts = []examSort{
	{"level", "Level, first steps first", func(a, b *listedExam) int {
		return cmp.Compare(slices.Index(examLevels, a.cert.Level), slices.Index(examLevels, b.cert.Level))
	}},
	{"price", "Price, lowest first", func(a, b *listedExam) int { return unknownLast(a.cert.PriceUSD, b.cert.PriceUSD) }},
	{"time", "Time, shortest first", func(a, b *listedExam) int {
		return unknownLast(a.cert.Duration.Minutes, b.cert.Duration.Minutes)
	}},
	{"questions", "Questions here, most first", func(a, b *listedExam) int { return cmp.Compare(b.questions, a.questions) }},
	{"code", "Code", func(a, b *listedExam) int { return cmp.Compare(a.cert.Code, b.cert.Code) }},
}

// unknownLast compares two figures of which 0 means unknown.
func unknownLast(a, b int) int {
	if a == 0 || b == 0 {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// worthNaming is the share of an exam from which a kind of work counts as part of it.
const worthNaming = 0.10

// examSearch is what of the list is asked for, as the address says it.
type examSearch struct {
	words, language, work, sort string
	platform                    exam.Platform
	level                       catalogue.Level
	state                       examState
}

// maxSearch is the longest text looked for, in bytes; no name is as long.
const maxSearch = 200

// readExamSearch takes a search from an address, keeping only what exists.
func (h *Handler) readExamSearch(values url.Values) examSearch {
	s := examSearch{
		words: strings.TrimSpace(values.Get("q")), platform: exam.Platform(values.Get("platform")), level: catalogue.Level(values.Get("level")),
		state: examState(values.Get("status")), work: values.Get("work"), language: values.Get("language"), sort: values.Get("sort"),
	}
	if len(s.words) > maxSearch {
		s.words = ""
	}
	if !slices.Contains(examPlatforms, s.platform) {
		s.platform = ""
	}
	if !slices.Contains(examLevels, s.level) {
		s.level = ""
	}
	if !slices.Contains([]examState{stateNow, stateComing, stateRetired}, s.state) {
		s.state = ""
	}
	if workLabel(s.work) == "" {
		s.work = ""
	}
	if !h.examLanguage(s.language) {
		s.language = ""
	}
	if !slices.ContainsFunc(examSorts, func(o examSort) bool { return o.value == s.sort }) {
		s.sort = ""
	}
	return s
}

func workLabel(group string) string {
	for _, kind := range workKinds {
		if kind.group == group {
			return kind.label
		}
	}
	return ""
}

// examLanguage reports whether some exam is offered in a language.
func (h *Handler) examLanguage(tag string) bool {
	return slices.ContainsFunc(h.Catalogue.Certifications, func(c catalogue.Certification) bool {
		return slices.ContainsFunc(c.Languages, func(l catalogue.Language) bool { return l.Tag == tag })
	})
}

func (s examSearch) narrowed() bool {
	s.sort = ""
	return s != examSearch{}
}

// listedExam is an exam of the list with what it is sorted and filtered by.
type listedExam struct {
	cert      *catalogue.Certification
	found     string // how words led to it, where its name doesn't show it
	state     examState
	taking    catalogue.Taking
	work      map[string]float64
	questions int
	offered   bool
}

func (h *Handler) certifications(c *gin.Context) error {
	snapshot, err := h.Library.Snapshot(c.Request.Context())
	if err != nil {
		return err
	}
	s := h.readExamSearch(c.Request.URL.Query())
	listed := h.searchExams(s, snapshot)
	view := page.Certifications{
		Frame: h.describedFrame(c, "Certifications", "Cloud AI and machine learning certifications of AWS, Microsoft and Google: which can be taken today, which are coming, which have ended, and what each is about."), Today: h.Now().Format(longDay),
		AsOf:  fmt.Sprintf("Facts as gathered on %s; the newest evidence is of %s.", h.Catalogue.AsOf.Format(longDay), h.Catalogue.NewestEvidence.Format(longDay)),
		Words: s.words, Filters: h.examFilters(s), Narrowed: s.narrowed(), Related: h.relatedExams(s),
		Groups: groupExams(listed, s, h.Now()),
	}
	switch {
	case len(listed) == 0 && len(view.Related) == 0:
		view.None = "No certification is like that. Take a filter away, or look for fewer words."
	case len(listed) == 0:
		view.None = "No certification of the catalogue is like that, but we know the name."
	case s.narrowed():
		view.Sentence = fmt.Sprintf("%d of %s.", len(listed), plural(len(h.Catalogue.Certifications), "certification"))
		if s.work != "" {
			view.Sentence += fmt.Sprintf(" Of each at least %s is %s.", shareOf(worthNaming), lowerFirst(workLabel(s.work)))
		}
	default:
		view.Sentence = fmt.Sprintf("%s of three vendors.", plural(len(listed), "certification"))
	}
	return render(c, http.StatusOK, web.Certifications(view))
}

// searchExams lists the exams that a search asks for, in its order.
func (h *Handler) searchExams(s examSearch, snapshot *library.Snapshot) []listedExam {
	var listed []listedExam
	for _, f := range h.foundExams(s.words) {
		cert, _ := h.Catalogue.Certification(f.Code)
		one := listedExam{cert: cert, found: foundWords(cert, f), work: h.Catalogue.Work(cert)}
		one.state, one.taking = stateOf(cert, h.Now(), s.language)
		one.questions, _ = snapshot.Model().Eligible(cert.Code)
		one.offered = snapshot.Model().Offered(cert.Code)
		if s.keeps(&one) {
			listed = append(listed, one)
		}
	}
	for _, order := range examSorts {
		if order.value == s.sort {
			slices.SortStableFunc(listed, func(a, b listedExam) int { return order.by(&a, &b) })
		}
	}
	if s.sort == "" && s.work != "" {
		slices.SortStableFunc(listed, func(a, b listedExam) int { return cmp.Compare(b.work[s.work], a.work[s.work]) })
	}
	return listed
}

// foundExams is every exam for no words, and those found by them otherwise.
func (h *Handler) foundExams(words string) []catalogue.Finding {
	if words != "" {
		return h.Catalogue.Find(words)
	}
	all := make([]catalogue.Finding, len(h.Catalogue.Certifications))
	for i := range h.Catalogue.Certifications {
		all[i] = catalogue.Finding{Code: h.Catalogue.Certifications[i].Code, Basis: catalogue.ByCode}
	}
	return all
}

func (s *examSearch) keeps(e *listedExam) bool {
	switch {
	case s.platform != "" && e.cert.Vendor != s.platform:
		return false
	case s.level != "" && e.cert.Level != s.level:
		return false
	case s.state != "" && e.state != s.state:
		return false
	}
	return s.work == "" || e.work[s.work] >= worthNaming
}

// foundWords says how a search came to an exam, where that isn't plain to see.
func foundWords(cert *catalogue.Certification, f catalogue.Finding) string {
	switch {
	case f.Basis == catalogue.ByKnownAs:
		return "also looked for as " + f.Through
	case f.Basis == catalogue.ByService:
		return "names " + f.Through
	case f.Basis == catalogue.ByRelation && string(cert.Replaces) == f.Through:
		return "took over from " + f.Through
	case f.Basis == catalogue.ByRelation:
		return "gave way to " + f.Through
	}
	return ""
}

// groupExams puts the exams under the states they are in, keeping their order.
func groupExams(listed []listedExam, s examSearch, now time.Time) []page.CertificationGroup {
	elsewhere := "In other languages"
	if s.language != "" {
		elsewhere = "Not in " + catalogue.LanguageName(s.language) + ", as far as is known"
	}
	var groups []page.CertificationGroup
	for _, kind := range []struct {
		state         examState
		heading, note string
	}{
		{stateNow, "Can be taken now", ""},
		{stateComing, "Coming", "A beta may or may not take bookings, and its results come months later. What is announced can't be booked yet."},
		{stateElsewhere, elsewhere, "They can be taken, or are coming, in another language."},
		{stateRetired, "Retired", "Nobody can sit these any more. Holders keep their certificate until it runs out, and practice goes on here."},
	} {
		group := page.CertificationGroup{ID: "exams-" + string(kind.state), Heading: kind.heading, Note: kind.note}
		for i := range listed {
			if listed[i].state == kind.state {
				group.Rows = append(group.Rows, examRow(&listed[i], s, now))
			}
		}
		if len(group.Rows) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

func examRow(e *listedExam, s examSearch, now time.Time) page.CertificationRow {
	row := page.CertificationRow{
		Code: string(e.cert.Code), Name: e.cert.Name, Vendor: e.cert.Vendor.Label(), Level: string(e.cert.Level),
		Link: "/certifications/" + string(e.cert.Code), About: aboutWork(e.work, s.work), Terms: termsText(e.cert),
		Availability: availabilityLabel(e.taking), AvailabilityKind: string(e.taking.Availability),
		Found: e.found, Questions: e.questions, Offered: e.offered,
	}
	if s.language == "" {
		row.LanguageNote = languageNote(e.cert, now)
		if e.state == stateComing && e.taking.Availability == catalogue.No && e.taking.Event != nil {
			row.Availability = lowerFirst(statusWords[e.taking.Event.Status]) + ", can't be booked"
		}
	} else if e.state == stateElsewhere {
		row.Availability, row.AvailabilityKind, row.LanguageNote = "not in "+catalogue.LanguageName(s.language), string(e.taking.Availability), e.taking.Reason
		if e.taking.Availability == catalogue.Unconfirmed {
			row.Availability = catalogue.LanguageName(s.language) + " not confirmed"
		}
	}
	return row
}

// termsText is price and time in a few words.
func termsText(cert *catalogue.Certification) string {
	var parts []string
	if cert.PriceUSD > 0 {
		parts = append(parts, fmt.Sprintf("USD\u00a0%d", cert.PriceUSD))
	}
	if cert.Duration.Minutes > 0 {
		parts = append(parts, fmt.Sprintf("%d\u00a0min", cert.Duration.Minutes))
	}
	if len(parts) == 0 {
		return "price and time not found"
	}
	return strings.Join(parts, ", ")
}

// kindsNamed is how many kinds of work the list names of an exam.
const kindsNamed = 2

// aboutWork names what most of an exam is, the kind asked for first.
func aboutWork(work map[string]float64, asked string) string {
	kinds := sortedWork(work)
	if asked != "" {
		slices.SortStableFunc(kinds, func(a, b int) int {
			return cmp.Compare(boolRank(workKinds[a].group == asked), boolRank(workKinds[b].group == asked))
		})
	}
	var parts []string
	for _, k := range kinds[:min(kindsNamed, len(kinds))] {
		parts = append(parts, fmt.Sprintf("%s %s", workKinds[k].short, shareOf(work[workKinds[k].group])))
	}
	return strings.Join(parts, ", ")
}

func boolRank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// sortedWork is the indexes into workKinds of what an exam has, the largest first.
func sortedWork(work map[string]float64) []int {
	var kinds []int
	for i, kind := range workKinds {
		if work[kind.group] > 0 {
			kinds = append(kinds, i)
		}
	}
	slices.SortStableFunc(kinds, func(a, b int) int { return cmp.Compare(work[workKinds[b].group], work[workKinds[a].group]) })
	return kinds
}

// shareOf is a share of an exam in whole percent.
func shareOf(share float64) string {
	if share < 0.01 {
		return "under 1\u00a0%"
	}
	return fmt.Sprintf("%.0f\u00a0%%", math.Round(100*share))
}

// languageNote says in which languages an exam that goes on is no longer offered, or
// not for long.
func languageNote(cert *catalogue.Certification, now time.Time) string {
	whole := cert.Takeable(now, "")
	if whole.Availability != catalogue.Yes {
		return ""
	}
	var gone, ending []string
	for _, l := range cert.Languages {
		in := cert.Takeable(now, l.Tag)
		switch {
		case in.Availability == catalogue.No:
			gone = append(gone, catalogue.LanguageName(l.Tag))
		case !in.Until.IsZero() && !in.Until.Equal(whole.Until):
			ending = append(ending, catalogue.LanguageName(l.Tag)+" until "+in.Until.Format(longDay))
		}
	}
	var parts []string
	if len(gone) > 0 {
		parts = append(parts, "not in "+inWords(gone)+" any more")
	}
	return strings.Join(append(parts, ending...), "; ")
}

// withLanguages adds to words on an exam's availability in which languages it is no
// longer offered.
func withLanguages(cert *catalogue.Certification, words string, now time.Time) string {
	if note := languageNote(cert, now); note != "" {
		return words + ", " + note
	}
	return words
}

// relatedExams are exams that are known of and not catalogued, where words name one.
func (h *Handler) relatedExams(s examSearch) []page.Sourced {
	if s.words == "" {
		return nil
	}
	var related []page.Sourced
	for _, r := range h.Catalogue.Related {
		if !relatedMatches(r, s.words) {
			continue
		}
		label := strings.TrimSpace(string(r.Code) + " " + r.Name)
		related = append(related, page.Sourced{Label: label, Text: "Not in this catalogue: " + r.Why, Source: h.sourceText(r.Provenance)})
	}
	return related
}

func relatedMatches(r catalogue.Related, words string) bool {
	text, wanted := strings.ToLower(string(r.Code)+" "+r.Name), strings.ToLower(words)
	return strings.Contains(text, wanted) || strings.Contains(strings.ReplaceAll(text, "-", ""), strings.ReplaceAll(wanted, " ", ""))
}

func (h *Handler) examFilters(s examSearch) []page.CertificationFilter {
	option := func(value, label, chosen string) page.Option {
		return page.Option{Value: value, Label: label, Chosen: value == chosen}
	}
	platforms := page.CertificationFilter{Name: "platform", Label: "Platform", Options: []page.Option{option("", "Every platform", string(s.platform))}}
	for _, p := range examPlatforms {
		platforms.Options = append(platforms.Options, option(string(p), p.Label(), string(s.platform)))
	}
	levels := page.CertificationFilter{Name: "level", Label: "Level", Options: []page.Option{option("", "Every level", string(s.level))}}
	for _, level := range examLevels {
		levels.Options = append(levels.Options, option(string(level), string(level), string(s.level)))
	}
	states := page.CertificationFilter{Name: "status", Label: "State", Options: []page.Option{
		option("", "Every state", string(s.state)), option(string(stateNow), "Can be taken now", string(s.state)),
		option(string(stateComing), "Coming: beta or announced", string(s.state)), option(string(stateRetired), "Retired", string(s.state)),
	}}
	works := page.CertificationFilter{Name: "work", Label: "Kind of work", Options: []page.Option{option("", "Every kind", s.work)}}
	for _, kind := range workKinds {
		works.Options = append(works.Options, option(kind.group, kind.label, s.work))
	}
	sorts := page.CertificationFilter{Name: "sort", Label: "Order", Options: []page.Option{option("", usualOrder(s), s.sort)}}
	for _, order := range examSorts {
		sorts.Options = append(sorts.Options, option(order.value, order.label, s.sort))
	}
	return []page.CertificationFilter{platforms, levels, states, works, h.languageFilter(s.language), sorts}
}

func usualOrder(s examSearch) string {
	switch {
	case s.work != "":
		return "Most of that work first"
	case s.words != "":
		return "Best match first"
	}
	return "By platform"
}

func (h *Handler) languageFilter(chosen string) page.CertificationFilter {
	filter := page.CertificationFilter{Name: "language", Label: "Exam language"}
	tags := map[string]string{}
	for i := range h.Catalogue.Certifications {
		for _, l := range h.Catalogue.Certifications[i].Languages {
			tags[catalogue.LanguageName(l.Tag)] = l.Tag
		}
	}
	filter.Options = append(filter.Options, page.Option{Label: "Any language", Chosen: chosen == ""})
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		filter.Options = append(filter.Options, page.Option{Value: tags[name], Label: name, Chosen: tags[name] == chosen})
	}
	return filter
}

// overLast takes the exams that nobody can sit any more out of a list of choices, and
// puts those that can be taken before those to come.
func (h *Handler) overLast(choices []page.ExamChoice) (open, over []page.ExamChoice, chosen bool) {
	var later []page.ExamChoice
	for _, choice := range choices {
		cert, ok := h.Catalogue.Certification(exam.Code(choice.Code))
		if !ok {
			continue
		}
		switch state, _ := stateOf(cert, h.Now(), ""); state {
		case stateNow:
			open = append(open, choice)
		case stateRetired:
			over, chosen = append(over, choice), chosen || choice.Chosen
		default:
			later = append(later, choice)
		}
	}
	return append(open, later...), over, chosen
}
