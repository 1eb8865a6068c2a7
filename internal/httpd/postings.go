package httpd

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/postings"
	"sextant/internal/recommend"
	"sextant/web"
)

const (
	// maxPostings bounds a form with postings, in bytes; saved web pages are much
	// larger than their text.
	maxPostings = 2 << 20
	// boxes is how many text boxes an empty form has, moreBoxes how many a press
	// of the button adds.
	boxes     = 3
	moreBoxes = 3
	// placesShown bounds the sentences shown for a name.
	placesShown = 12
)

// installPostings registers the page that counts job postings. What is pasted
// there lives as long as the request: it is read in memory, never stored, and no
// error carries it.
func (h *Handler) installPostings(r *gin.RouterGroup, wrap func(httpx.HandlerFunc) gin.HandlerFunc, begin gin.HandlerFunc) {
	pages := r.Group("/postings", httpx.LimitBody(maxPostings), httpx.ParseForm(h.failure))
	count := httpx.NewLimiter(2*time.Second, 60).Middleware(h.failure)
	pages.GET("", wrap(h.postingsForm))
	pages.POST("", count, wrap(h.countPostings))
	pages.POST("/keep", begin, wrap(h.keepPostings))
}

func (h *Handler) postingsForm(c *gin.Context) error {
	return h.showPostings(c, http.StatusOK, page.Postings{Boxes: make([]string, boxes)})
}

// showPostings adds to the view what every state of the page has.
func (h *Handler) showPostings(c *gin.Context, status int, view page.Postings) error {
	situation, err := h.situation(c)
	if err != nil {
		return err
	}
	view.Frame = h.frame(c, "What job postings ask for", "readiness")
	view.Limit = fmt.Sprintf("%d postings or %d kB of text", postings.MaxPostings, postings.MaxBytes>>10)
	view.Kept = keptPostings(c, situation.Market)
	for len(view.Boxes) < boxes {
		view.Boxes = append(view.Boxes, "")
	}
	return render(c, status, web.Postings(view))
}

// keptPostings says what a profile holds of postings; nil for nothing.
func keptPostings(c *gin.Context, m *recommend.Market) *page.KeptPostings {
	if m == nil {
		return nil
	}
	var most []string
	for _, p := range exam.Platforms() {
		if n := m.Platforms[p]; n > 0 {
			most = append(most, fmt.Sprintf("%s %d", p.Label(), n))
		}
	}
	text := fmt.Sprintf("Counts of %s, of %s.", plural(m.Postings, "posting"), dayOf(c, m.Counted))
	if len(most) > 0 {
		text += " Named most: " + inWords(most) + "."
	}
	return &page.KeptPostings{Text: text + fmt.Sprintf(" %s and %s are named.", plural(len(m.Skills), "skill"), plural(len(m.Services), "service"))}
}

// pasted is what a form with postings sent.
type pasted struct {
	texts    []string
	rejected []string
	more     bool // another text box is asked for
}

func (h *Handler) countPostings(c *gin.Context) error {
	sent, err := readPostings(c)
	if err != nil {
		return again(err, func(status int, message string) error {
			return h.showPostings(c, status, page.Postings{Problem: message, Boxes: sent.texts})
		})
	}
	view := page.Postings{Boxes: sent.texts, Rejected: sent.rejected}
	if sent.more {
		view.Boxes = append(view.Boxes, make([]string, max(moreBoxes, boxes+moreBoxes-len(view.Boxes)))...)
		return h.showPostings(c, http.StatusOK, view)
	}
	texts, err := splitPostings(sent.texts)
	if err != nil {
		return again(err, func(status int, message string) error {
			view.Problem = message
			return h.showPostings(c, status, view)
		})
	}
	situation, err := h.situation(c)
	if err != nil {
		return err
	}
	now := h.Now()
	count := postings.NewReader(h.Catalogue, now).Count(texts)
	view.Result = h.postingsResult(count, situation, now)
	return h.showPostings(c, http.StatusOK, view)
}

// splitPostings parts what was pasted into postings, within bounds.
func splitPostings(boxes []string) ([]string, error) {
	var texts []string
	size := 0
	for _, box := range boxes {
		for _, text := range postings.Split(box) {
			texts = append(texts, text)
			size += len(text)
		}
	}
	switch {
	case len(texts) == 0:
		return nil, fault.Invalid("There is nothing to count yet: paste a posting into the first box.")
	case size > postings.MaxBytes:
		return nil, fault.Invalid("That is %d kB of text, and %d kB are read at once. Nothing was counted; take a posting or two out.", size>>10, postings.MaxBytes>>10)
	case len(texts) > postings.MaxPostings:
		return nil, fault.Invalid("That reads as %d postings, and %d are counted at once. Nothing was counted; take some out.", len(texts), postings.MaxPostings)
	}
	return texts, nil
}

// readPostings takes the text boxes and files of the form, in memory alone.
func readPostings(c *gin.Context) (pasted, error) {
	if c.ContentType() != "multipart/form-data" {
		return pasted{texts: trimmed(c.PostFormArray("posting")), more: c.PostForm("do") == "more"}, nil
	}
	var sent pasted
	form, err := c.Request.MultipartReader()
	if err != nil {
		return sent, brokenPostings()
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return sent, nil
		}
		if err == nil {
			err = sent.take(part)
		}
		var tooBig *http.MaxBytesError
		switch {
		case err == nil:
		case errors.As(err, &tooBig):
			return sent, fault.Invalid("That is more than %d MB at once. Nothing was counted; choose fewer files, or paste the text alone.", maxPostings>>20)
		default:
			return sent, brokenPostings()
		}
	}
}

func brokenPostings() error {
	return fault.Invalid("What you sent did not come through whole. Nothing was counted; please send it again.")
}

func (s *pasted) take(part *multipart.Part) error {
	data, err := io.ReadAll(part)
	if err != nil {
		return err
	}
	switch {
	case part.FormName() == "posting":
		s.texts = append(s.texts, trimmed([]string{string(data)})...)
	case part.FormName() == "do":
		s.more = string(data) == "more"
	case part.FormName() == "files" && part.FileName() != "":
		s.takeFile(part.FileName(), data)
	}
	return nil
}

// takeFile adds a file's text. What isn't text is told by its name, and left.
func (s *pasted) takeFile(name string, data []byte) {
	name = shortPlain(filepath.Base(name))
	if ext := strings.ToLower(filepath.Ext(name)); slices.Contains([]string{".pdf", ".docx", ".doc", ".odt", ".rtf", ".pages"}, ext) {
		s.rejected = append(s.rejected, fmt.Sprintf("%s is no text file: open it, and paste its text into a box.", name))
		return
	}
	text, _, err := exchange.Text(data)
	if err != nil {
		s.rejected = append(s.rejected, fmt.Sprintf("%s can't be read as text: open it, and paste its text into a box.", name))
		return
	}
	s.texts = append(s.texts, trimmed([]string{postings.Plain(text)})...)
}

// trimmed drops empty texts.
func trimmed(texts []string) []string {
	var kept []string
	for _, t := range texts {
		if t = strings.TrimSpace(strings.ReplaceAll(t, "\r\n", "\n")); t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}

// postingsResult is a count as the page shows it.
func (h *Handler) postingsResult(count *postings.Count, s recommend.Situation, now time.Time) *page.PostingsResult {
	v := &page.PostingsResult{Sentence: postingsSentence(count), Evidence: postingsEvidence(count), Fields: marketFields(count)}
	n := len(count.Postings)
	for i := range count.Postings {
		most := count.Postings[i].Most.Label()
		if most == "" {
			most = "none more than another"
		}
		v.Read = append(v.Read, page.PostingRead{Number: i + 1, Title: count.Postings[i].Title(), Most: most})
	}
	for _, share := range count.Platforms {
		low, high := postings.Wilson(share.Most, n)
		v.Platforms = append(v.Platforms, page.PlatformShare{
			Name: share.Platform.Label(), Naming: ofAll(share.Naming, n), Most: ofAll(share.Most, n),
			Interval: rangeText(low, high), Share: 100 * float64(share.Most) / float64(n), Low: 100 * low, High: 100 * high,
		})
	}
	v.Services = h.servicesNamed(count, now)
	v.Skills = namedGroup("skills-named", "Skills", "Skill", h.namedRows(count, count.Of(postings.Skill), now), count.Of(postings.Skill))
	v.Tools = namedGroup("tools-named", "Tools that run on any cloud", "Tool", h.namedRows(count, count.Of(postings.Tool), now), count.Of(postings.Tool))
	v.Certs = namedGroup("certificates-named", "Certificates", "Certificate", h.certificatesNamed(count, now), nil)
	v.Covered = h.covered(count, now)
	h.offerTarget(v, count, s)
	return v
}

func ofAll(k, n int) string { return fmt.Sprintf("%d of %d", k, n) }

func rangeText(low, high float64) string {
	return fmt.Sprintf("%.0f to %.0f\u00a0%%", 100*low, 100*high)
}

// countWord is a small number as a word.
func countWord(n int) string {
	list := []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n < len(list) {
		return list[n]
	}
	return strconv.Itoa(n)
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// postingsSentence is the answer: which platform is named most.
func postingsSentence(count *postings.Count) string {
	n := len(count.Postings)
	leader, most := count.Leader()
	switch {
	case count.None == n && n == 1:
		return "The posting names none of the three clouds."
	case count.None == n:
		return fmt.Sprintf("None of the %s postings names one of the three clouds.", countWord(n))
	case leader == "" && n == 1:
		return "The posting names no cloud more than another."
	case leader == "":
		return "No cloud leads: " + cloudsNamed(count) + "."
	case n == 1:
		return fmt.Sprintf("The posting names %s most.", leader.Label())
	case most == n:
		return fmt.Sprintf("All %s postings name %s most.", countWord(n), leader.Label())
	case most == 1:
		return fmt.Sprintf("One of %s postings names %s most; no other cloud is named most in any.", countWord(n), leader.Label())
	}
	return fmt.Sprintf("%s of %s postings name %s most.", capital(countWord(most)), countWord(n), leader.Label())
}

// cloudsNamed is how many postings name each platform most: "two name AWS most, two Azure".
func cloudsNamed(count *postings.Count) string {
	var parts []string
	for _, s := range count.Platforms {
		switch {
		case s.Most == 0:
		case len(parts) > 0:
			parts = append(parts, countWord(s.Most)+" "+s.Platform.Label())
		case s.Most == 1:
			parts = append(parts, "one posting names "+s.Platform.Label()+" most")
		default:
			parts = append(parts, countWord(s.Most)+" postings name "+s.Platform.Label()+" most")
		}
	}
	if len(parts) == 0 {
		return "every posting that names one names another as often"
	}
	return strings.Join(parts, ", ")
}

// fewPostings is how many the method asks for at least.
const fewPostings = 5

// postingsEvidence says how sure the sentence is.
func postingsEvidence(count *postings.Count) string {
	n := len(count.Postings)
	var text string
	if leader, most := count.Leader(); leader != "" && n > 1 {
		low, high := postings.Wilson(most, n)
		text = fmt.Sprintf("That is %.0f\u00a0%% of %s postings. If they were drawn at random from all that are like them, the share among those would lie between %.0f and %.0f\u00a0%% (90\u00a0%% interval); chosen by hand, they tell of the jobs you look at.",
			100*float64(most)/float64(n), countWord(n), 100*low, 100*high)
		if 2*most > n && 2*low <= 1 {
			text += " So few can't settle that it is more than half."
		}
	}
	if n < fewPostings {
		text += fmt.Sprintf(" %s is little to go by: the method asks for five to ten.", capital(plural(n, "posting")))
	}
	return strings.TrimSpace(text)
}

// servicesNamed groups the services by platform, that of more postings first.
func (h *Handler) servicesNamed(count *postings.Count, now time.Time) []page.NamedGroup {
	var groups []page.NamedGroup
	for _, share := range count.Platforms {
		tallies := slices.DeleteFunc(count.Of(postings.Service), func(t postings.Tally) bool { return t.Platform != share.Platform })
		if len(tallies) > 0 {
			groups = append(groups, namedGroup("services-"+string(share.Platform), share.Platform.Label(), "Service", h.namedRows(count, tallies, now), tallies))
		}
	}
	return groups
}

// firstRows is how many names are shown in any case; beyond them those that one
// posting alone names are folded away, if they are more than a few.
const firstRows, fewRows = 6, 3

// namedGroup parts rows into those to look at first and the others. Tallies are
// those of the rows; without them all are shown.
func namedGroup(id, heading, what string, rows []page.NamedRow, tallies []postings.Tally) page.NamedGroup {
	g := page.NamedGroup{ID: id, Heading: heading, What: what, Rows: rows}
	at := slices.IndexFunc(tallies, func(t postings.Tally) bool { return t.Postings < 2 })
	if at = max(at, firstRows); len(tallies) > 0 && tallies[0].Postings > 1 && len(rows)-at >= fewRows {
		g.Rows, g.Rest = rows[:at], rows[at:]
	}
	return g
}

func (h *Handler) namedRows(count *postings.Count, tallies []postings.Tally, now time.Time) []page.NamedRow {
	var rows []page.NamedRow
	for i := range tallies {
		rows = append(rows, h.namedRow(count, &tallies[i], now))
	}
	return rows
}

func (h *Handler) namedRow(count *postings.Count, t *postings.Tally, now time.Time) page.NamedRow {
	row := page.NamedRow{Name: t.Name.Name, Count: ofAll(t.Postings, len(count.Postings)), Asked: askedText(t), Exams: h.examinedBy(t, now)}
	for _, place := range t.Places[:min(len(t.Places), placesShown)] {
		before, name, after := count.Postings[place.Posting].Context(place.Mention)
		row.Places = append(row.Places, page.NamedPlace{
			Posting: fmt.Sprintf("Posting %d", place.Posting+1), Before: before, Name: name, After: after,
			Part: map[postings.Part]string{postings.Required: "asked for", postings.Wished: "nice to have"}[place.Part],
		})
	}
	if more := len(t.Places) - placesShown; more > 0 {
		row.More = "and " + plural(more, "more place")
	}
	var former []string
	for _, place := range t.Places {
		if place.Former != "" && !slices.Contains(former, place.Former) {
			former = append(former, place.Former)
		}
	}
	if len(former) > 0 {
		row.Note = inWords(former) + map[bool]string{true: " is", false: " are"}[len(former) == 1] + " now " + t.Name.Name
	}
	if s, ok := h.Catalogue.Service(t.ID); ok {
		if life := serviceLife(s, now); life != "" {
			row.Note, row.Ended = strings.TrimPrefix(row.Note+". "+capital(life), ". "), true
		}
	}
	if sk, ok := h.Catalogue.Skill(t.Skill); ok && t.Kind != postings.Skill {
		row.Skill = sk.Name
	}
	return row
}

// serviceLife says that a service has ended or will; "" for one in use.
func serviceLife(s *catalogue.Service, now time.Time) string {
	var text string
	switch s.StatusOn(now) {
	case catalogue.ServiceEnded:
		text = "it ended" + onDay(s.Since)
	case catalogue.ServiceRetiring:
		text = "it will end" + onDay(s.Since)
	case catalogue.ServiceClosed:
		text = "it is closed to new customers" + sinceDay(s.Since)
	case catalogue.ServiceMaintain:
		text = "it is in maintenance" + sinceDay(s.Since)
	case catalogue.ServiceActive, catalogue.ServicePreview:
		return ""
	}
	if s.Replaced != "" {
		text += "; in its place: " + s.Replaced
	}
	return text
}

func onDay(day string) string {
	switch {
	case day == "":
		return ""
	case len(day) < len(time.DateOnly):
		return " in " + catalogue.LongDate(day)
	}
	return " on " + catalogue.LongDate(day)
}

func sinceDay(day string) string {
	if day == "" {
		return ""
	}
	return " since " + catalogue.LongDate(day)
}

func askedText(t *postings.Tally) string {
	var parts []string
	if t.Required > 0 {
		parts = append(parts, fmt.Sprintf("asked for in %d", t.Required))
	}
	if t.Wished > 0 {
		parts = append(parts, fmt.Sprintf("nice to have in %d", t.Wished))
	}
	return strings.Join(parts, ", ")
}

// examinedBy links to the certifications that can or may be taken and examine a
// skill, or a service by name.
func (h *Handler) examinedBy(t *postings.Tally, now time.Time) []page.Link {
	var links []page.Link
	for i := range h.Catalogue.Certifications {
		cert := &h.Catalogue.Certifications[i]
		if cert.Takeable(now, "").Availability != catalogue.No && postings.Examines(h.Catalogue, cert.Code, t.Name) {
			links = append(links, page.Link{Label: string(cert.Code), Address: "/certifications/" + string(cert.Code)})
		}
	}
	return links
}

func (h *Handler) certificatesNamed(count *postings.Count, now time.Time) []page.NamedRow {
	var rows []page.NamedRow
	for _, t := range count.Of(postings.Certificate) {
		row := h.namedRow(count, &t, now)
		row.Exams = nil
		cert, ok := h.Catalogue.Certification(exam.Code(t.ID))
		if !ok {
			row.Note = "not among the certifications we follow"
			if t.ID != t.Name.Name {
				row.Name = t.ID + " " + t.Name.Name
			}
			rows = append(rows, row)
			continue
		}
		row.Name = t.ID + " " + t.Name.Name
		row.Note = withLanguages(cert, availabilityLabel(cert.Takeable(now, "")), now)
		row.Ended = cert.Takeable(now, "").Availability == catalogue.No
		row.Exams = []page.Link{{Label: t.ID, Address: "/certifications/" + t.ID}}
		if next := inItsPlace(cert); row.Ended && len(next) > 0 {
			row.Note += "; in its place:"
			row.Exams = next
		}
		rows = append(rows, row)
	}
	return rows
}

// inItsPlace links to what stands in for an exam that has ended.
func inItsPlace(cert *catalogue.Certification) []page.Link {
	codes := cert.Directions
	if cert.Successor != "" {
		codes = []exam.Code{cert.Successor}
	}
	var links []page.Link
	for _, code := range codes {
		links = append(links, page.Link{Label: string(code), Address: "/certifications/" + string(code)})
	}
	return links
}

// covered is how much of what is named each certification examines that can or
// may be taken.
func (h *Handler) covered(count *postings.Count, now time.Time) []page.CoveredExam {
	var list []page.CoveredExam
	for _, one := range count.Coverage(h.Catalogue) {
		cert, ok := h.Catalogue.Certification(one.Exam)
		taking := cert.Takeable(now, "")
		if !ok || taking.Availability == catalogue.No || len(one.Examined) == 0 {
			continue
		}
		list = append(list, page.CoveredExam{
			Code: string(cert.Code), Name: cert.Name, Link: "/certifications/" + string(cert.Code), Vendor: cert.Vendor.Label(),
			Availability: withLanguages(cert, availabilityLabel(taking), now), AvailabilityKind: string(taking.Availability),
			Share: fmt.Sprintf("%.0f\u00a0%%", 100*one.Share), Percent: 100 * one.Share, Count: ofAll(len(one.Examined), len(one.Examined)+len(one.Missing)),
			Examined: namesOf(one.Examined), Missing: namesOf(one.Missing),
		})
	}
	return list
}

func namesOf(list []*postings.Name) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n.Name
	}
	return strings.Join(names, ", ")
}

// targetCloud is the profile's question that postings can answer, and its values.
const targetCloud = "target_employer_cloud"

var targetValues = map[exam.Platform]string{exam.AWS: "aws", exam.Azure: "azure_microsoft", exam.GCP: "google_cloud"}

// offerTarget asks whether the leading platform shall be the target cloud.
func (h *Handler) offerTarget(v *page.PostingsResult, count *postings.Count, s recommend.Situation) {
	leader, most := count.Leader()
	if leader == "" {
		return
	}
	value, now := targetValues[leader], s.Factors[targetCloud]
	if slices.Equal(now, []string{value}) {
		v.Already = leader.Label() + " is your target cloud already."
		return
	}
	offer := page.TargetOffer{Label: "Set " + leader.Label() + " as my target cloud", Value: value, Chosen: 2*most > len(count.Postings) && len(count.Postings) >= fewPostings}
	if len(now) > 0 {
		offer.Note = "In place of what you told us: " + h.targetLabel(now[0]) + "."
	}
	v.Offer = &offer
}

func (h *Handler) targetLabel(value string) string {
	for _, f := range h.Catalogue.Factors {
		for _, v := range f.Values {
			if f.ID == targetCloud && v.ID == value {
				return v.Label
			}
		}
	}
	return value
}

// marketFields are the counts of postings as hidden fields: numbers under the
// catalogue's ids, and nothing of the text.
func marketFields(count *postings.Count) []page.Field {
	values := url.Values{"postings": {strconv.Itoa(len(count.Postings))}}
	for _, s := range count.Platforms {
		if s.Most > 0 {
			values.Set("platform."+string(s.Platform), strconv.Itoa(s.Most))
		}
	}
	for _, t := range count.Tallies {
		switch {
		case !t.Listed:
		case t.Kind == postings.Skill:
			values.Set("skill."+t.ID, strconv.Itoa(t.Postings))
		case t.Kind == postings.Service, t.Kind == postings.Tool:
			values.Set("service."+t.ID, strconv.Itoa(t.Postings))
		}
	}
	return hiddenFields(values)
}

// readMarket takes counts from a form, keeping what can be true: known ids, and no
// more postings than were read.
func (h *Handler) readMarket(form url.Values, now time.Time) (*recommend.Market, error) {
	broken := fault.Invalid("The counts did not come through. Nothing was kept; please count the postings again.")
	n, err := strconv.Atoi(form.Get("postings"))
	if err != nil || n < 1 || n > postings.MaxPostings {
		return nil, broken
	}
	m := &recommend.Market{Postings: n, Platforms: map[exam.Platform]int{}, Skills: map[string]int{}, Services: map[string]int{}, Counted: now}
	all := 0
	for name := range form {
		kind, id, _ := strings.Cut(name, ".")
		k, err := strconv.Atoi(form.Get(name))
		if id == "" || err != nil || k < 1 || k > n {
			continue
		}
		switch kind {
		case "platform":
			if _, ok := targetValues[exam.Platform(id)]; ok {
				m.Platforms[exam.Platform(id)] = k
				all += k
			}
		case "skill":
			if _, ok := h.Catalogue.Skill(exam.SkillID(id)); ok {
				m.Skills[id] = k
			}
		case "service":
			if _, ok := h.Catalogue.Service(id); ok {
				m.Services[id] = k
			}
		}
	}
	if all > n {
		return nil, broken
	}
	return m, nil
}

// keepPostings keeps the counts, the target cloud, or both; or forgets the
// counts.
func (h *Handler) keepPostings(c *gin.Context) error {
	forget := c.PostForm("do") == "forget"
	var market *recommend.Market
	if !forget {
		var err error
		if market, err = h.readMarket(c.Request.PostForm, h.Now()); err != nil {
			return err
		}
	}
	p, err := h.asGuest(c)
	if err != nil {
		return err
	}
	situation, err := h.Profiles.Profile(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	done := "postings"
	switch target := c.PostForm("target"); {
	case forget:
		situation.Market, done = nil, "postings-gone"
	default:
		if c.PostForm("counts") != "" {
			situation.Market = market
		}
		if h.isTarget(target) {
			if situation.Factors == nil {
				situation.Factors = map[string][]string{}
			}
			situation.Factors[targetCloud] = []string{target}
		}
		if c.PostForm("counts") == "" && !h.isTarget(target) {
			return fault.Invalid("Nothing was ticked, so nothing was kept. Go back to tick the counts, the target cloud or both.")
		}
	}
	if err := h.Profiles.SaveProfile(c.Request.Context(), p.ID, situation); err != nil {
		return err
	}
	return seeOther(c, withDone("/postings", done))
}

func (h *Handler) isTarget(value string) bool {
	for _, v := range targetValues {
		if v == value {
			return true
		}
	}
	return false
}
