package httpd

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/page"
)

// maxTold is how many remarks of a kind are listed for one file.
const maxTold = 100

// effectWords are what would become of a question, as a heading and for one.
var effectWords = map[authoring.Effect][2]string{
	authoring.IsBroken:  {"To mend", "can't be asked as it is"},
	authoring.IsTaken:   {"Taken ids", "its id belongs to another bank"},
	authoring.Adds:      {"New", "will be added"},
	authoring.Changes:   {"Changed", "will be changed"},
	authoring.Same:      {"Unchanged", "is in the bank as it is"},
	authoring.IsDropped: {"Left out", "stays out"},
}

// addPreview fills in what an import would do.
func (h *Handler) addPreview(c *gin.Context, view *page.Import, p *account.Person, i *authoring.Import) error {
	proposal, err := h.Authoring.Propose(c.Request.Context(), actor(p), h.Imports, i.ID)
	if err != nil {
		return err
	}
	view.BankTitle = proposal.Bank.Title
	if proposal.New {
		view.BankNote = "A new bank of yours, which nobody else sees until you open it."
	} else {
		view.BankLink = "/banks/" + string(proposal.Bank.ID)
		view.BankNote = "It is there already; " + map[authoring.Visibility]string{
			authoring.Private: "its writers see it.", authoring.ForClass: "its classes see it.", authoring.Everyone: "everyone sees it.",
		}[proposal.Bank.Visibility]
	}
	for _, f := range proposal.Import.Report.Files {
		view.Files = append(view.Files, importFile(f))
	}
	addDecision(view, p, proposal)
	h.addImported(c, view, proposal)
	view.Mapping = h.mapping(proposal)
	return nil
}

func importFile(f authoring.FileReport) page.ImportFile {
	view := page.ImportFile{Name: f.Name, Format: formatLabel(f.Format), Imported: f.Imported, Broken: f.Broken}
	for _, s := range f.Skipped {
		view.Skipped = append(view.Skipped, page.ImportRemark{Where: s.Where.String(), Message: s.Reason})
	}
	for _, problem := range f.Problems {
		told := page.ImportRemark{Where: problem.Where.String(), Message: problem.Message, Remedy: problem.Remedy}
		if problem.Severity == exchange.Fault {
			view.Faults = append(view.Faults, told)
		} else {
			view.Warnings = append(view.Warnings, told)
		}
	}
	view.Skipped, view.MoreSkipped = shortened(view.Skipped)
	view.Faults, view.MoreFaults = shortened(view.Faults)
	view.Warnings, view.MoreWarnings = shortened(view.Warnings)
	return view
}

// formatLabel is a format's name; what isn't one is none of those read.
func formatLabel(f exchange.Format) string {
	switch label := f.Label(); {
	case f == "" || label == "unknown":
		return "not a format we read"
	case label == "archive":
		return "Archive"
	default:
		return label
	}
}

func shortened(list []page.ImportRemark) (told []page.ImportRemark, more int) {
	return list[:min(len(list), maxTold)], max(0, len(list)-maxTold)
}

// addDecision says what would happen and what can be done.
func addDecision(view *page.Import, p *account.Person, proposal *authoring.Proposal) {
	tally := proposal.Tally
	var parts []string
	for _, one := range []struct {
		effect       authoring.Effect
		one, several string
	}{
		{authoring.Adds, "will be added", "will be added"},
		{authoring.Changes, "will be changed", "will be changed"},
		{authoring.Same, "stays as it is", "stay as they are"},
		{authoring.IsBroken, "can't be asked as it is", "can't be asked as they are"},
		{authoring.IsTaken, "has an id of another bank", "have ids of another bank"},
		{authoring.IsDropped, "stays out", "stay out"},
	} {
		switch n := tally[one.effect]; {
		case n > 0 && len(parts) == 0:
			parts = append(parts, verb(n, "question "+one.one, "questions "+one.several))
		case n > 0:
			parts = append(parts, verb(n, one.one, one.several))
		}
	}
	if len(parts) == 0 {
		parts = []string{"There is no question in these files"}
	}
	view.Sentence = inWords(parts) + ". Nothing is written yet."
	sound, broken := tally[authoring.Adds]+tally[authoring.Changes], tally[authoring.IsBroken]
	switch {
	case tally[authoring.IsTaken] > 0:
		view.Nothing = "Questions whose ids belong to another bank can't come in. Leave them out below; then the others can."
	case sound+broken == 0 && len(proposal.Staged) == 0:
		view.Nothing = "There is no question in these files. What was found instead is said below."
	case sound+broken == 0:
		view.Nothing = "There is nothing to bring in: the bank has these questions as they are, or they are left out."
	}
	if view.Nothing != "" {
		return
	}
	view.Drafts = fmt.Sprintf("Bring %s in as drafts", plural(sound+broken, "question"))
	switch {
	case proposal.Bank.Counts && !p.Role.Includes(account.Admin):
		view.NoPublish = "The bank counts towards readiness: what is added to it is reviewed first, so it comes in as drafts."
	case sound == 0:
		view.NoPublish = "Nothing can be published until it is mended; drafts can be mended in the bank as well."
	default:
		view.MayPublish = true
		view.Publish = "Publish " + plural(sound, "question") + " now"
		if broken > 0 {
			view.Publish += fmt.Sprintf(", and keep %d as %s", broken, map[bool]string{true: "a draft", false: "drafts"}[broken == 1])
		}
	}
	if broken > 0 {
		view.Hint = "Mend what can't be asked yet, here or later in the bank: until then it is a draft."
	}
}

// addImported fills in the questions of one effect, a page at a time.
func (h *Handler) addImported(c *gin.Context, view *page.Import, proposal *authoring.Proposal) {
	show := authoring.Effect(c.Query("show"))
	for _, e := range authoring.Effects() {
		if proposal.Tally[e] > 0 && !slices.ContainsFunc(authoring.Effects(), func(o authoring.Effect) bool { return o == show && proposal.Tally[o] > 0 }) {
			show = e // the first there is
		}
	}
	at, _ := strconv.Atoi(c.Query("page"))
	for _, e := range authoring.Effects() {
		if n := proposal.Tally[e]; n > 0 {
			view.Filters = append(view.Filters, page.BankFilter{
				Label: effectWords[e][0], Count: n, Current: e == show, Address: importAddress(proposal.Import.ID) + "?show=" + string(e) + "#questions",
			})
		}
	}
	var shown []int
	for k, e := range proposal.Effects {
		if e == show {
			shown = append(shown, k)
		}
	}
	at = max(1, min(at, (len(shown)+listedPerPage-1)/listedPerPage))
	first := (at - 1) * listedPerPage
	for _, k := range shown[first:min(first+listedPerPage, len(shown))] {
		view.Rows = append(view.Rows, h.importItem(proposal, k))
	}
	view.Shown = "show=" + string(show)
	view.Pages = pageLinks(len(shown), at, func(n int) string {
		return importAddress(proposal.Import.ID) + "?" + url.Values{"show": {string(show)}, "page": {strconv.Itoa(n)}}.Encode() + "#questions"
	})
}

func (h *Handler) importItem(p *authoring.Proposal, k int) page.ImportItem {
	staged, effect := &p.Staged[k], p.Effects[k]
	q := staged.Question
	row := h.questionRow(q)
	labels := []string{row.Type}
	for _, text := range []string{row.Platform, row.Skill, row.Gaps, row.Note} {
		if text != "" {
			labels = append(labels, text)
		}
	}
	item := page.ImportItem{
		N: staged.N, Address: itemAddress(p.Import.ID, staged.N), Effect: string(effect), EffectLabel: effectWords[effect][1], Where: staged.Where,
		ID: string(q.ID), Ask: row.Ask, Labels: strings.Join(labels, " · "), Dropped: staged.Dropped, Mendable: effect == authoring.IsBroken,
	}
	switch effect {
	case authoring.IsBroken:
		for _, found := range q.Validate() {
			item.Problems = append(item.Problems, problemWords(found))
		}
	case authoring.Changes:
		item.Differences = fieldChanges(p.Before(q.ID), q)
	case authoring.Adds, authoring.Same, authoring.IsTaken, authoring.IsDropped:
	}
	if effect != authoring.IsBroken {
		whole := h.keyedItem(q)
		item.Whole = &whole
	}
	return item
}

// maxCategories is how many categories are labelled in one form.
const maxCategories = 40

// categoriesOf lists the categories that have questions without some label, the
// largest first, and counts those questions.
func categoriesOf(p *authoring.Proposal) (list []string, questions map[string][]*exam.Question) {
	questions = map[string][]*exam.Question{}
	for k := range p.Staged {
		if e := p.Effects[k]; e == authoring.IsDropped || e == authoring.Same {
			continue
		}
		q := p.Bare(k)
		if q.Platform != "" && q.Skill != "" && q.Difficulty > 0 {
			continue
		}
		if _, seen := questions[q.Category]; !seen {
			list = append(list, q.Category)
		}
		questions[q.Category] = append(questions[q.Category], q)
	}
	slices.SortStableFunc(list, func(a, b string) int { return len(questions[b]) - len(questions[a]) })
	return list, questions
}

// mapping is the form that gives labels to questions without them.
func (h *Handler) mapping(p *authoring.Proposal) page.ImportMapping {
	categories, questions := categoriesOf(p)
	var view page.ImportMapping
	if len(categories) == 0 {
		return view
	}
	total := 0
	for _, list := range questions {
		total += len(list)
	}
	view.Needed = true
	view.Sentence = fmt.Sprintf("%s without platform, skill or difficulty: they serve practice, and measure nothing. Labels that a question brought along stay as they are.", verb(total, "question comes", "questions come"))
	view.More = max(0, len(categories)-maxCategories)
	suggest := authoring.NewSuggester(h.Catalogue)
	for n, category := range categories[:min(len(categories), maxCategories)] {
		labels := p.Import.Mapping.Categories[category]
		row := page.MappingRow{
			N: n, Category: category, Label: category, Questions: plural(len(questions[category]), "question"), Tag: labels.AddTag,
			Platforms: h.platformOptions("leave it open", labels.Platform), Skills: h.skillsToChoose(labels.Skill), NoSkill: labels.Skill == "",
			Difficulties: difficultyOptions("leave it open", labels.Difficulty),
		}
		if category == "" {
			row.Label = "Without a category"
			if len(categories) == 1 {
				row.Label = "All of them"
			}
		}
		found := suggest.For(category, questions[category])
		if found.Platform != "" && labels.Platform == "" {
			row.Suggestions = append(row.Suggestions, page.Suggestion{Label: "Platform: " + found.Platform.Label(), Reason: found.WhyPlatform})
		}
		if found.Skill != "" && labels.Skill == "" {
			row.Suggestions = append(row.Suggestions, page.Suggestion{Label: "Skill: " + h.skillName(found.Skill), Reason: found.WhySkill})
		}
		view.Suggesting = view.Suggesting || len(row.Suggestions) > 0
		view.Rows = append(view.Rows, row)
	}
	return view
}

// skillsToChoose are the catalogue's skills to choose one from.
func (h *Handler) skillsToChoose(chosen exam.SkillID) []page.SkillGroup {
	var groups []page.SkillGroup
	for _, skill := range h.Catalogue.Skills {
		name := groupName(skill)
		if n := len(groups); n == 0 || groups[n-1].Name != name {
			groups = append(groups, page.SkillGroup{Name: name})
		}
		group := &groups[len(groups)-1]
		group.Skills = append(group.Skills, page.Option{Value: string(skill.ID), Label: skill.Name, Chosen: skill.ID == chosen})
	}
	return groups
}

// mapImport keeps the labels of the categories as the form has them; with "use"
// the suggestions fill in what was left open, of one category or of all.
func (h *Handler) mapImport(c *gin.Context) error {
	p, i, err := h.ownImport(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	proposal, err := h.Authoring.Propose(ctx, actor(p), h.Imports, i.ID)
	if err != nil {
		return err
	}
	use := c.PostForm("use")
	mapping := authoring.Mapping{All: i.Mapping.All, Categories: map[string]authoring.Labels{}}
	categories, questions := categoriesOf(proposal)
	suggest := authoring.NewSuggester(h.Catalogue)
	for n := 0; n < maxCategories; n++ {
		ending := "." + strconv.Itoa(n)
		category, sent := c.GetPostForm("category" + ending)
		if !sent {
			break
		}
		labels, err := h.readLabels(c.PostForm, ending)
		if err != nil {
			return again(err, func(status int, message string) error { return h.showImport(c, status, p, i, message) })
		}
		if use == "all" || use == strconv.Itoa(n) {
			found := suggest.For(category, questions[category])
			if labels.Platform == "" {
				labels.Platform = found.Platform
			}
			if labels.Skill == "" {
				labels.Skill = found.Skill
			}
		}
		if slices.Contains(categories, category) && labels != (authoring.Labels{}) {
			mapping.Categories[category] = labels
		}
	}
	if err := h.Authoring.MapImport(ctx, actor(p), h.Imports, i.ID, mapping); err != nil {
		return again(err, func(status int, message string) error { return h.showImport(c, status, p, i, message) })
	}
	return seeOther(c, importAddress(i.ID)+"?done=mapped#labels")
}
