package httpd

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/httpx"
	"sextant/internal/page"
	"sextant/internal/readiness"
	"sextant/web"
)

// mostCompared is how many certifications fit side by side.
const mostCompared = 3

// compareAddress is the address of certifications side by side.
func compareAddress(codes ...exam.Code) string {
	parts := make([]string, len(codes))
	for i, code := range codes {
		parts[i] = url.QueryEscape(string(code))
	}
	return "/certifications/compare?codes=" + strings.Join(parts, ",")
}

// readCompared takes the certifications from an address, where they stand in one
// value between commas or in several. What can't be used is told in words.
func (h *Handler) readCompared(c *gin.Context) (certs []*catalogue.Certification, problems []string) {
	for _, text := range strings.Split(strings.Join(c.QueryArray("codes"), ","), ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		cert, ok := h.Catalogue.Resolve(text)
		switch {
		case !ok:
			problems = append(problems, unknownCode(text, h.Catalogue.Near(text)))
		case slices.Contains(certs, cert):
			problems = append(problems, fmt.Sprintf("%s was chosen twice; it is shown once.", cert.Code))
		case len(certs) == mostCompared:
			problems = append(problems, fmt.Sprintf("%s is left out: three fit side by side. Take one away to see it.", cert.Code))
		default:
			certs = append(certs, cert)
		}
		if len(problems) == mostProblems {
			break
		}
	}
	return certs, problems
}

// mostProblems is how many faults of an address are told.
const mostProblems = 5

func unknownCode(text string, near []exam.Code) string {
	if len(text) > maxSearch {
		text = text[:maxSearch]
	}
	said := fmt.Sprintf("There is no certification %q here.", strings.ToValidUTF8(text, ""))
	if len(near) > 0 {
		names := make([]string, min(len(near), mostNear))
		for i := range names {
			names[i] = string(near[i])
		}
		said += " Did you mean " + strings.Join(names, " or ") + "?"
	}
	return said
}

func (h *Handler) compareCertifications(c *gin.Context) error {
	certs, problems := h.readCompared(c)
	title := "Compare certifications"
	if len(certs) > 1 {
		title = inWords(certNames(certs)) + " compared"
	}
	view := page.Compare{
		Frame: h.describedFrame(c, title, "Up to three cloud AI certifications side by side: state, price, time, domains by weight, skills, prerequisites, renewal and languages."), Problems: problems,
		Choices: h.compareChoices(certs), Full: len(certs) == mostCompared, Limit: h.Catalogue.Limit,
	}
	for i, cert := range certs {
		others := slices.Delete(slices.Clone(certs), i, i+1)
		view.Columns = append(view.Columns, page.CompareColumn{
			Code: string(cert.Code), Name: cert.Name, Link: certificationAddress(cert.Code), Remove: compareAddress(certCodes(others)...),
		})
	}
	if len(certs) > 0 {
		if err := h.fillCompare(c, &view, certs); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, web.Compare(view))
}

func certCodes(certs []*catalogue.Certification) []exam.Code {
	codes := make([]exam.Code, len(certs))
	for i, cert := range certs {
		codes[i] = cert.Code
	}
	return codes
}

func certNames(certs []*catalogue.Certification) []string {
	return stringsOf(certCodes(certs))
}

// compareChoices are the certifications that can be added, those that can be taken
// first.
func (h *Handler) compareChoices(chosen []*catalogue.Certification) []page.Option {
	var choices []page.Option
	for _, state := range []examState{stateNow, stateComing, stateRetired} {
		for i := range h.Catalogue.Certifications {
			cert := &h.Catalogue.Certifications[i]
			if slices.Contains(chosen, cert) {
				continue
			}
			if in, taking := stateOf(cert, h.Now(), ""); in == state {
				label := string(cert.Code) + " " + cert.Name
				if state != stateNow {
					label += " (" + availabilityLabel(taking) + ")"
				}
				choices = append(choices, page.Option{Value: string(cert.Code), Label: label})
			}
		}
	}
	return choices
}

func (h *Handler) fillCompare(c *gin.Context, view *page.Compare, certs []*catalogue.Certification) error {
	own, err := h.ownRow(c, certs)
	if err != nil {
		return err
	}
	view.Rows = h.compareRows(certs)
	if own != nil {
		view.Rows = append([]page.CompareRow{*own}, view.Rows...)
		view.Own = hoursBasis + " Your standing is model-based, rests on your answers alone and is shown between 5\u00a0% and 95\u00a0%; the interval beside it is of the expected score."
	}
	view.Domains = h.compareDomains(certs)
	view.Skills = h.compareSkills(certs)
	view.Words = h.differences(certs)
	return nil
}

// ownRow is where whoever looks stands on each; nil for nobody and for who has
// answered nothing.
func (h *Handler) ownRow(c *gin.Context, certs []*catalogue.Certification) (*page.CompareRow, error) {
	p := httpx.Person(c)
	if p == nil {
		return nil, nil
	}
	standing, err := h.Sittings.Standing(c.Request.Context(), p.ID, nil, certCodes(certs))
	if err != nil || standing.Answers == 0 {
		return nil, err
	}
	row := page.CompareRow{Label: "You, today"}
	for _, cert := range certs {
		e, _ := standing.Exam(cert.Code)
		cell := ownCell(e)
		if cell.Class != "" && e.Verdict != readiness.TooEarly {
			hours, err := h.hoursLeft(c, p.ID, cert.Code)
			if err != nil {
				return nil, err
			}
			cell.Note = strings.TrimSpace(cell.Note + ". " + hours)
		}
		row.Cells = append(row.Cells, cell)
	}
	return &row, nil
}

func ownCell(e readiness.ExamReport) page.CompareCell {
	switch {
	case !e.Offered:
		return page.CompareCell{Text: "can't be measured yet", Note: "too few questions in some domain"}
	case e.Answers == 0:
		return page.CompareCell{Text: "not measured yet"}
	}
	cell := page.CompareCell{Text: e.Verdict.Label(), Class: "verdict", Kind: string(e.Verdict)}
	if e.Verdict == readiness.TooEarly {
		cell.Note = plural(e.Answers, "answer") + " so far"
		return cell
	}
	cell.Note = fmt.Sprintf("%s to pass; expected score %.0f\u00a0%% (%.0f to %.0f), from %s",
		percentText(e.Pass), e.Overall.Estimate, e.Overall.Low, e.Overall.High, plural(e.Answers, "answer"))
	return cell
}

// compareRows are the facts side by side. A row says when all are the same.
func (h *Handler) compareRows(certs []*catalogue.Certification) []page.CompareRow {
	now := h.Now()
	plain := func(label string, cell func(*catalogue.Certification) (text, note string)) page.CompareRow {
		row := page.CompareRow{Label: label}
		for _, cert := range certs {
			text, note := cell(cert)
			row.Cells = append(row.Cells, page.CompareCell{Text: text, Note: sourceID.ReplaceAllString(note, "another source")})
		}
		return row
	}
	status := page.CompareRow{Label: "Today"}
	for _, cert := range certs {
		t := cert.Takeable(now, "")
		status.Cells = append(status.Cells, page.CompareCell{Text: availabilityLabel(t), Note: t.Reason, Class: "availability", Kind: string(t.Availability)})
	}
	rows := []page.CompareRow{
		status,
		plain("Platform and level", func(c *catalogue.Certification) (string, string) {
			return c.Vendor.Label() + ", " + string(c.Level), ""
		}),
		plain("What it proves", func(c *catalogue.Certification) (string, string) { return c.Proves.Text, "" }),
		plain("Mostly about", func(c *catalogue.Certification) (string, string) { return aboutWork(h.Catalogue.Work(c), ""), "" }),
		plain("Price", func(c *catalogue.Certification) (string, string) {
			return priceText(c.PriceUSD), c.PriceProvenance.Note
		}),
		plain("Time", func(c *catalogue.Certification) (string, string) { return minutesText(c.Duration), c.Duration.Note }),
		plain("Questions", func(c *catalogue.Certification) (string, string) { return questionsText(c.Questions), c.Questions.Note }),
		plain("Item types", func(c *catalogue.Certification) (string, string) {
			return strings.Join(c.ItemTypes, ", "), c.ItemTypesProvenance.Note
		}),
		plain("Pass mark", func(c *catalogue.Certification) (string, string) { return passText(c.Pass), "" }),
		plain("Prerequisites", func(c *catalogue.Certification) (string, string) { return factText(c.Prerequisites), "" }),
		plain("Experience recommended", func(c *catalogue.Certification) (string, string) { return factText(c.Experience), "" }),
		plain("Valid for", func(c *catalogue.Certification) (string, string) { return validText(c.ValidityYears), "" }),
		plain("Renewal", func(c *catalogue.Certification) (string, string) { return factText(c.Renewal), "" }),
		plain("Retakes", func(c *catalogue.Certification) (string, string) { return factText(c.Retake), "" }),
		plain("Languages", func(c *catalogue.Certification) (string, string) { return openLanguages(c, h), "" }),
		plain("Services named", func(c *catalogue.Certification) (string, string) { return h.servicesText(c), "" }),
	}
	for i := range rows {
		rows[i].Same = len(certs) > 1 && allSame(rows[i].Cells)
	}
	return rows
}

func allSame(cells []page.CompareCell) bool {
	return !slices.ContainsFunc(cells, func(c page.CompareCell) bool { return c.Text != cells[0].Text })
}

func factText(f catalogue.Fact) string {
	if f.Text == "" {
		return "not found"
	}
	if words, ok := provenanceWords[f.Confidence]; ok {
		return f.Text + " (" + words + ")"
	}
	return f.Text
}

// openLanguages names the languages of an exam with what ends when.
func openLanguages(cert *catalogue.Certification, h *Handler) string {
	var names []string
	for _, l := range cert.Languages {
		name := catalogue.LanguageName(l.Tag)
		if !l.LastDay.IsZero() {
			verb := " until "
			if cert.Takeable(h.Now(), l.Tag).Availability == catalogue.No {
				verb = " ended "
			}
			name += " (" + strings.TrimSpace(verb) + " " + l.LastDay.Format(longDay) + ")"
		}
		names = append(names, name)
	}
	text := inWords(names)
	if cert.LanguagesOpen {
		text += "; perhaps others"
	}
	return text
}

// servicesShown is how many services the comparison names of an exam.
const servicesShown = 8

// servicesText names the services that most domains of an exam name.
func (h *Handler) servicesText(cert *catalogue.Certification) string {
	count := map[string]int{}
	var order []string
	for _, d := range cert.Domains {
		for _, id := range d.Services {
			if count[id] == 0 {
				order = append(order, id)
			}
			count[id]++
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return count[b] - count[a] })
	var names []string
	for _, id := range order[:min(len(order), servicesShown)] {
		if s, ok := h.Catalogue.Service(id); ok {
			names = append(names, s.Name)
		}
	}
	text := strings.Join(names, ", ")
	if more := len(order) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// alike is how like each other two domains are, 0 to 1, to stand in one row.
const alike = 0.35

// compareDomains puts domains that are about the same into one row: those of the
// first certification in its order, then what nothing before was like. The best pairs
// are made first.
func (h *Handler) compareDomains(certs []*catalogue.Certification) []page.CompareDomains {
	var rows []alignedRow
	for column, cert := range certs {
		placed := map[int]bool{}
		for _, p := range h.likePairs(rows, certs, column) {
			if !placed[p.domain] && rows[p.row].at[column] < 0 {
				rows[p.row].at[column], placed[p.domain] = p.domain, true
			}
		}
		for d := range cert.Domains {
			if !placed[d] {
				row := alignedRow{at: slices.Repeat([]int{-1}, len(certs))}
				row.at[column] = d
				rows = append(rows, row)
			}
		}
	}
	out := make([]page.CompareDomains, 0, len(rows))
	for _, r := range rows {
		out = append(out, h.domainsRow(certs, r.at))
	}
	return out
}

// alignedRow is the domain of each certification in one row, −1 for none.
type alignedRow struct{ at []int }

// likePair is a domain that could stand in a row.
type likePair struct {
	row, domain int
	like        float64
}

// likePairs are the rows that a certification's domains could stand in, the best first.
func (h *Handler) likePairs(rows []alignedRow, certs []*catalogue.Certification, column int) []likePair {
	var pairs []likePair
	for d := range certs[column].Domains {
		for r, row := range rows {
			best := 0.0
			for other, at := range row.at {
				if at >= 0 {
					best = max(best, h.likeness(certs[other], at, certs[column], d))
				}
			}
			if best >= alike {
				pairs = append(pairs, likePair{r, d, best})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b likePair) int { return cmp.Compare(b.like, a.like) })
	return pairs
}

// likeness is the mean of what two domains have in common by skill and by kind of
// work, 0 to 1: the same skill counts fully, a neighbouring one half.
func (h *Handler) likeness(a *catalogue.Certification, inA int, b *catalogue.Certification, inB int) float64 {
	skillsA, skillsB := domainShares(a, a.Domains[inA].ID), domainShares(b, b.Domains[inB].ID)
	return (overlap(skillsA, skillsB) + overlap(h.byGroup(skillsA), h.byGroup(skillsB))) / 2
}

func (h *Handler) byGroup(skills map[exam.SkillID]float64) map[string]float64 {
	groups := map[string]float64{}
	for _, s := range h.Catalogue.Skills {
		groups[s.Group] += skills[s.ID]
	}
	return groups
}

// domainShares is the share of each skill in a domain.
func domainShares(cert *catalogue.Certification, id exam.DomainID) map[exam.SkillID]float64 {
	shares := map[exam.SkillID]float64{}
	for _, cell := range cert.CellWeights(id) {
		shares[cell.Skill] += cell.Weight
	}
	return shares
}

// overlap is the part that two distributions have in common, 0 to 1.
func overlap[K ~string](a, b map[K]float64) float64 {
	common := 0.0
	for _, key := range slices.Sorted(maps.Keys(a)) { // in order, so that sums round alike every time
		common += min(a[key], b[key])
	}
	return common
}

// mostCommon is how many skills are named that domains of one row share.
const mostCommon = 4

func (h *Handler) domainsRow(certs []*catalogue.Certification, at []int) page.CompareDomains {
	row := page.CompareDomains{}
	common := map[exam.SkillID]int{}
	filled := 0
	for column, d := range at {
		if d < 0 {
			row.Cells = append(row.Cells, page.CompareDomain{})
			continue
		}
		domain := &certs[column].Domains[d]
		row.Cells = append(row.Cells, page.CompareDomain{Name: domain.Name, Weight: weightText(*domain), Percent: 100 * domain.Weight})
		filled++
		for _, skill := range domain.Skills() {
			common[skill]++
		}
	}
	if filled < 2 {
		return row
	}
	var names []string
	for _, s := range h.Catalogue.Skills {
		if common[s.ID] == filled {
			names = append(names, s.Name)
		}
	}
	row.Common = strings.Join(names[:min(len(names), mostCommon)], "; ")
	if more := len(names) - mostCommon; more > 0 {
		row.Common += fmt.Sprintf(" and %d more", more)
	}
	return row
}

// compareSkills is which skills are examined by which, by group.
func (h *Handler) compareSkills(certs []*catalogue.Certification) []page.CompareSkills {
	shares := make([]map[exam.SkillID]float64, len(certs))
	for i, cert := range certs {
		shares[i] = cert.SkillShares()
	}
	var groups []page.CompareSkills
	for _, kind := range workKinds {
		group := page.CompareSkills{Group: kind.label}
		for _, s := range h.Catalogue.Skills {
			if s.Group == kind.group {
				if row, examined := skillShares(s.Name, s.ID, shares); examined {
					group.Rows = append(group.Rows, row)
				}
			}
		}
		if len(group.Rows) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

func skillShares(name string, id exam.SkillID, shares []map[exam.SkillID]float64) (row page.CompareSkill, examined bool) {
	row.Name = name
	for _, of := range shares {
		share := of[id]
		row.Shares = append(row.Shares, 100*share)
		text := "not examined"
		if share > 0 {
			text, examined = shareOf(share), true
		}
		row.Texts = append(row.Texts, text)
	}
	return row, examined
}

// differences says in sentences what sets certifications apart.
func (h *Handler) differences(certs []*catalogue.Certification) []string {
	if len(certs) < 2 {
		return nil
	}
	var said []string
	for _, say := range []func([]*catalogue.Certification) string{
		h.whatCanBeTaken, h.relationWords, priceWords, timeWordsOf, h.commonWords, h.ownSkills,
	} {
		if text := say(certs); text != "" {
			said = append(said, text)
		}
	}
	return said
}

func (h *Handler) whatCanBeTaken(certs []*catalogue.Certification) string {
	var now, not []string
	for _, cert := range certs {
		if cert.Takeable(h.Now(), "").Availability == catalogue.Yes {
			now = append(now, string(cert.Code))
		} else {
			not = append(not, string(cert.Code))
		}
	}
	switch {
	case len(not) == 0:
		return "All of them can be taken today, as far as our sources go."
	case len(now) == 0:
		return "None of them is known to be open today."
	}
	return fmt.Sprintf("Of these only %s %s known to be open today.", inWords(now), isOrAre(len(now)))
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// relationWords says which took over from which, and which asks for another first.
func (h *Handler) relationWords(certs []*catalogue.Certification) string {
	var said []string
	for _, a := range certs {
		for _, b := range certs {
			if a.Replaces == b.Code {
				said = append(said, fmt.Sprintf("%s took over from %s.", a.Code, b.Code))
			}
			if a != b && strings.Contains(a.Prerequisites.Text, string(b.Code)) {
				said = append(said, fmt.Sprintf("%s asks for the certification of %s first.", a.Code, b.Code))
			}
		}
	}
	return strings.Join(said, " ")
}

func priceWords(certs []*catalogue.Certification) string {
	return extremes(certs, func(c *catalogue.Certification) int { return c.PriceUSD },
		func(n int) string { return fmt.Sprintf("USD\u00a0%d", n) }, "cheapest", "dearest", "All cost the same, %s.")
}

func timeWordsOf(certs []*catalogue.Certification) string {
	return extremes(certs, func(c *catalogue.Certification) int { return c.Duration.Minutes },
		func(n int) string { return fmt.Sprintf("%d\u00a0minutes", n) }, "shortest", "longest", "All last the same, %s.")
}

// extremes names the least and the most of a figure that is known of all.
func extremes(certs []*catalogue.Certification, figure func(*catalogue.Certification) int, words func(int) string, least, most, same string) string {
	low, high := certs[0], certs[0]
	for _, cert := range certs {
		if figure(cert) == 0 {
			return ""
		}
		if figure(cert) < figure(low) {
			low = cert
		}
		if figure(cert) > figure(high) {
			high = cert
		}
	}
	if figure(low) == figure(high) {
		return fmt.Sprintf(same, words(figure(low)))
	}
	named := func(n int) string {
		var codes []string
		for _, cert := range certs {
			if figure(cert) == n {
				codes = append(codes, string(cert.Code))
			}
		}
		return inWords(codes)
	}
	return fmt.Sprintf("%s: %s (%s). %s: %s (%s).", sentenceStart(least), named(figure(low)), words(figure(low)), sentenceStart(most), named(figure(high)), words(figure(high)))
}

func sentenceStart(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// commonWords says how much of each exam lies in skills that all examine. On another
// platform it is the same skill with other products.
func (h *Handler) commonWords(certs []*catalogue.Certification) string {
	shares := make([]map[exam.SkillID]float64, len(certs))
	for i, cert := range certs {
		shares[i] = cert.SkillShares()
	}
	common := 0
	totals := make([]float64, len(certs))
	for _, skill := range h.Catalogue.Skills {
		if slices.ContainsFunc(shares, func(of map[exam.SkillID]float64) bool { return of[skill.ID] == 0 }) {
			continue
		}
		common++
		for i := range shares {
			totals[i] += shares[i][skill.ID]
		}
	}
	if common == 0 {
		return "They have no skill in common."
	}
	parts := make([]string, len(certs))
	for i, cert := range certs {
		parts[i] = fmt.Sprintf("%s of %s", shareOf(totals[i]), cert.Code)
	}
	text := fmt.Sprintf("%s in common; they make up %s.", plural(common, "skill"), inWords(parts))
	if slices.ContainsFunc(certs, func(c *catalogue.Certification) bool { return c.Vendor != certs[0].Vendor }) {
		text += " On another platform the idea carries over, the products don't."
	}
	return text
}

// mostOwn is how many skills are named that one exam alone examines.
const mostOwn = 3

// ownSkills names what each alone examines, the largest first.
func (h *Handler) ownSkills(certs []*catalogue.Certification) string {
	var said []string
	for i, cert := range certs {
		shares := cert.SkillShares()
		for j, other := range certs {
			if j != i {
				maps.DeleteFunc(shares, func(s exam.SkillID, _ float64) bool { return other.SkillShares()[s] > 0 })
			}
		}
		ids := slices.SortedFunc(maps.Keys(shares), func(a, b exam.SkillID) int {
			if by := cmp.Compare(shares[b], shares[a]); by != 0 {
				return by
			}
			return strings.Compare(string(a), string(b))
		})
		var names []string
		for _, id := range ids[:min(len(ids), mostOwn)] {
			if s, ok := h.Catalogue.Skill(id); ok {
				names = append(names, lowerFirst(s.Name)+" ("+shareOf(shares[id])+")")
			}
		}
		if len(names) > 0 {
			said = append(said, fmt.Sprintf("Only %s examines %s.", cert.Code, inWords(names)))
		}
	}
	return strings.Join(said, " ")
}

// lowerFirst begins a name in lower case unless it begins with an acronym or with
// a quotation mark.
func lowerFirst(name string) string {
	if name == "" || name[0] >= utf8.RuneSelf || len(name) > 1 && name[1] >= 'A' && name[1] <= 'Z' {
		return name
	}
	return strings.ToLower(name[:1]) + name[1:]
}
