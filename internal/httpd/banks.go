package httpd

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/httpx"
	"sextant/internal/library"
	"sextant/internal/page"
	"sextant/web"
)

// installBanks registers what keeps banks, brings questions in and takes them out.
func (h *Handler) installBanks(r *gin.RouterGroup) {
	wrap := func(f httpx.HandlerFunc) gin.HandlerFunc { return httpx.Wrap(h.failure, f) }
	forms := r.Group("", httpx.LimitBody(maxForm), httpx.ParseForm(h.failure))
	forms.GET("/banks", wrap(h.banks))
	forms.POST("/banks", wrap(h.createBank))
	forms.GET("/banks/new", wrap(h.bankForm))
	forms.GET("/banks/:id", wrap(h.bank))
	forms.POST("/banks/:id/questions", wrap(h.changeQuestions))
	forms.GET("/banks/:id/settings", wrap(h.bankSettings))
	forms.POST("/banks/:id/settings", wrap(h.saveBankSettings))
	forms.POST("/banks/:id/members", wrap(h.changeMembers))
	forms.POST("/banks/:id/counts", wrap(h.markBank))
	forms.POST("/banks/:id/remove", wrap(h.removeBank))
	forms.GET("/banks/:id/export", wrap(h.exportForm))
	forms.GET("/banks/:id/export/:format", wrap(h.exportFile))

	forms.GET("/imports/new", wrap(h.importForm))
	forms.GET("/imports/:id", wrap(h.importPage))
	forms.POST("/imports/:id", wrap(h.decideImport))
	forms.POST("/imports/:id/labels", wrap(h.mapImport))
	forms.GET("/imports/:id/items/:n", wrap(h.mendForm))
	r.POST("/imports/:id/items/:n", httpx.LimitBody(maxMended), httpx.ParseForm(h.failure), wrap(h.mend))
	sends := httpx.NewLimiter(2*time.Second, 30).Middleware(h.failure)
	r.POST("/imports", httpx.LimitBody(maxImport), sends, wrap(h.sendImport))
	r.GET("/media/:key", wrap(h.media))
}

// maxMended bounds the form of one imported question in bytes.
const maxMended = 1 << 20

// actor is the person as one who writes in banks.
func actor(p *account.Person) authoring.Actor { return authoring.Actor{ID: p.ID, Role: p.Role} }

// instructor is who is asking, if they may write banks at all.
func instructor(c *gin.Context) (*account.Person, error) { return requireRole(c, account.Instructor) }

func (h *Handler) banks(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	view := page.Banks{Frame: h.frame(c, "Question banks", "banks")}
	if view.Groups, err = h.bankGroups(ctx, p); err != nil {
		return err
	}
	if view.Imports, err = h.openImports(c, p); err != nil {
		return err
	}
	if view.Reports, err = h.Authoring.OpenReports(ctx, actor(p), h.Reports); err != nil {
		return err
	}
	return render(c, http.StatusOK, web.Banks(view))
}

// bankGroups sorts the banks that somebody may see by how they stand to them.
func (h *Handler) bankGroups(ctx context.Context, p *account.Person) ([]page.BankGroup, error) {
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	written, err := h.Authoring.Banks(ctx, actor(p))
	if err != nil {
		return nil, err
	}
	names, err := h.names(ctx)
	if err != nil {
		return nil, err
	}
	mine := page.BankGroup{ID: "mine", Heading: "Yours", None: "You have no bank of your own yet. Bring questions in from files, or make an empty bank and write them here."}
	shared := page.BankGroup{ID: "shared", Heading: "You write in"}
	others := page.BankGroup{ID: "others", Heading: "Other people's"}
	known := map[exam.BankID]bool{}
	for i := range written {
		b := &written[i]
		known[b.ID] = true
		row := bankRow(b, names)
		switch {
		case b.Owner == p.ID:
			mine.Rows = append(mine.Rows, row)
		case slices.Contains(b.Members, p.ID):
			shared.Rows = append(shared.Rows, row)
		default:
			others.Rows = append(others.Rows, row)
		}
	}
	everyone := page.BankGroup{ID: "everyone", Heading: "For everyone"}
	for _, e := range snapshot.Banks() {
		if known[e.ID] || e.Visibility != authoring.Everyone {
			continue
		}
		row := page.BankRow{ID: string(e.ID), Title: e.Title, Questions: len(e.Questions), Seen: "everyone", Readiness: readinessOf(e.Counts), Changed: "built in"}
		if e.ID != exam.BuiltIn {
			row.Owner, row.Changed, row.Description = names[account.PersonID(e.Owner)], e.Updated.Format(longDay), e.Description
		}
		everyone.Rows = append(everyone.Rows, row)
	}
	groups := []page.BankGroup{mine}
	for _, g := range []page.BankGroup{shared, others, everyone} {
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, nil
}

func bankRow(b *authoring.Bank, names map[account.PersonID]string) page.BankRow {
	return page.BankRow{
		ID: string(b.ID), Title: b.Title, Description: b.Description, Owner: ownerName(b, names), Seen: seenBy(b.Visibility),
		Questions: b.Tally[authoring.Published], Others: otherStates(b.Tally), Readiness: readinessOf(b.Counts), Changed: b.Updated.Format(longDay),
	}
}

func ownerName(b *authoring.Bank, names map[account.PersonID]string) string {
	if b.Owner == "" {
		return "whoever runs this site"
	}
	return names[b.Owner]
}

func seenBy(v authoring.Visibility) string {
	switch v {
	case authoring.Private:
		return "its writers"
	case authoring.ForClass:
		return "its classes"
	case authoring.Everyone:
	}
	return "everyone"
}

func readinessOf(counts bool) string {
	if counts {
		return "counts"
	}
	return "practice and trial only"
}

// otherStates counts the questions that aren't published, in words.
func otherStates(tally map[authoring.State]int) string {
	var words []string
	if n := tally[authoring.Draft]; n > 0 {
		words = append(words, plural(n, "draft"))
	}
	for _, s := range []authoring.State{authoring.InReview, authoring.Retired} {
		if n := tally[s]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, strings.ToLower(s.Label())))
		}
	}
	return strings.Join(words, ", ")
}

// names are the names of everybody with an account.
func (h *Handler) names(ctx context.Context) (map[account.PersonID]string, error) {
	people, err := h.Accounts.People(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[account.PersonID]string, len(people))
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return names, nil
}

func (h *Handler) bankForm(c *gin.Context) error {
	if _, err := instructor(c); err != nil {
		return err
	}
	return h.showBankForm(c, http.StatusOK, page.BankNew{Visibilities: visibilities(authoring.Private)})
}

func (h *Handler) showBankForm(c *gin.Context, status int, view page.BankNew) error {
	view.Frame = h.frame(c, "Make a bank", "banks")
	return render(c, status, web.BankNew(view))
}

func visibilities(chosen authoring.Visibility) []page.Option {
	var options []page.Option
	for _, v := range authoring.Visibilities() {
		options = append(options, page.Option{Value: string(v), Label: v.Label(), Chosen: v == chosen})
	}
	return options
}

// createBank makes an empty bank.
func (h *Handler) createBank(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	view := page.BankNew{BankTitle: c.PostForm("title"), Description: c.PostForm("description")}
	visibility := authoring.Visibility(c.PostForm("visibility"))
	view.Visibilities = visibilities(visibility)
	id, err := authoring.BankID(view.BankTitle)
	if err == nil {
		_, err = h.Authoring.CreateBank(ctx, actor(p), id, view.BankTitle, visibility)
	}
	if err == nil && strings.TrimSpace(view.Description) != "" {
		_, err = h.Authoring.ManageBank(ctx, actor(p), id, "describe_bank", func(b *authoring.Bank) error {
			b.Description = described(view.Description)
			return nil
		})
	}
	if err != nil {
		view.Existing = h.withdrawn(ctx, p, id)
		return again(err, func(status int, message string) error {
			view.Problem = message
			return h.showBankForm(c, status, view)
		})
	}
	return seeOther(c, "/banks/"+string(id)+"?done=bank-made")
}

// withdrawn leads to a bank that has the title and that the person can bring
// back; nil for none.
func (h *Handler) withdrawn(ctx context.Context, p *account.Person, id exam.BankID) *page.Link {
	b, err := h.Authoring.Bank(ctx, actor(p), id)
	if err != nil || b.Withdrawn.IsZero() || !b.MayManage(actor(p)) {
		return nil
	}
	return &page.Link{Label: "Bring back the bank that was withdrawn", Address: "/banks/" + string(id) + "/settings"}
}

func described(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

func (h *Handler) bank(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	return h.showBank(c, http.StatusOK, p, exam.BankID(c.Param("id")), c.Request.URL.Query().Encode(), "")
}

// showBank shows a bank to those who write in it with everything, and to others
// what learners may see of it.
func (h *Handler) showBank(c *gin.Context, status int, p *account.Person, id exam.BankID, query, problem string) error {
	ctx := c.Request.Context()
	snapshot, err := h.Library.Snapshot(ctx)
	if err != nil {
		return err
	}
	entry, listed := snapshot.Bank(id)
	search := h.readSearch(query)
	b, err := h.Authoring.Bank(ctx, actor(p), id)
	switch {
	case err == nil:
		return h.showOwnBank(c, status, p, b, entry, search, problem)
	case fault.KindOf(err) != fault.KindNotFound:
		return err
	case !listed || entry.Visibility != authoring.Everyone:
		return fault.NotFound("There is no such bank, or it isn't yours to see. It may have been withdrawn.")
	}
	view := page.Bank{
		Frame: h.frame(c, entry.Title, "banks"), ID: string(id), BankTitle: entry.Title, Description: entry.Description, Problem: problem,
		Facts: []string{"Everyone may be asked its questions.", countsSentence(entry.Counts)}, Practised: len(entry.Questions) > 0,
	}
	if id == exam.BuiltIn {
		view.Description = "The questions that come with Sextant: written from the vendors' public exam guides and documentation, reviewed, and the ruler that readiness is measured with."
		view.Statistics = p.Role.Includes(account.Admin)
		view.Exports = view.Statistics
	}
	view.Facts = append(view.Facts, "You see what is asked; keys and reasons are for those who write in the bank.")
	h.listEntry(&view, entry, search)
	return render(c, status, web.Bank(view))
}

func countsSentence(counts bool) string {
	if counts {
		return "Answers to them count towards readiness."
	}
	return "They serve practice, and can be tried out in tests; answers don't count towards readiness until an admin says so."
}

func (h *Handler) showOwnBank(c *gin.Context, status int, p *account.Person, b *authoring.Bank, entry library.Entry, search bankSearch, problem string) error {
	ctx := c.Request.Context()
	view := page.Bank{
		Frame: h.frame(c, b.Title, "banks"), ID: string(b.ID), BankTitle: b.Title, Description: b.Description, Problem: problem,
		Writes: true, Manages: b.MayManage(actor(p)), Statistics: true, Exports: b.Tally[authoring.Published] > 0,
		Practised: len(entry.Questions) > 0, Withdrawn: !b.Withdrawn.IsZero(),
	}
	view.Facts = []string{
		map[authoring.Visibility]string{
			authoring.Private:  "Nobody but those who write in it may be asked its questions.",
			authoring.ForClass: "The classes it is given to may be asked its questions.",
			authoring.Everyone: "Everyone may be asked its questions.",
		}[b.Visibility],
		countsSentence(b.Counts),
	}
	if b.Counts && b.Visibility != authoring.Everyone {
		view.Facts[1] = "It is marked as counting towards readiness, and does so once it is for everyone."
	}
	names, err := h.names(ctx)
	if err != nil {
		return err
	}
	if b.Owner != p.ID {
		view.Facts = append(view.Facts, "It belongs to "+ownerName(b, names)+".")
	}
	view.Filters = stateFilters(b, search)
	if err := h.listItems(ctx, &view, p, b, search); err != nil {
		return err
	}
	view.Filter.Tags = tagsOf(entry.Questions)
	return render(c, status, web.Bank(view))
}

// tagsOf lists the tags of questions, for choosing one.
func tagsOf(questions []*exam.Question) []string {
	found := map[string]bool{}
	for _, q := range questions {
		for _, tag := range q.Tags {
			found[tag] = true
		}
	}
	tags := slices.Sorted(maps.Keys(found))
	return tags[:min(len(tags), maxTags)]
}

// maxTags bounds the tags offered while typing.
const maxTags = 300

// stateFilters lead to the questions in each state, and to those that lack labels.
func stateFilters(b *authoring.Bank, search bankSearch) []page.BankFilter {
	total := 0
	for _, n := range b.Tally {
		total += n
	}
	filters := []page.BankFilter{{Label: "All", Count: total, Address: bankAddress(b.ID, bankSearch{}), Current: search.State == "" && !search.Untagged}}
	for _, s := range authoring.States() {
		if n := b.Tally[s]; n > 0 || search.State == s {
			filters = append(filters, page.BankFilter{
				Label: s.Label(), Count: n, Current: search.State == s,
				Address: bankAddress(b.ID, bankSearch{Filter: authoring.Filter{State: s}}),
			})
		}
	}
	return filters
}

// changeQuestions does to the chosen questions of a bank what the button says.
func (h *Handler) changeQuestions(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), exam.BankID(c.Param("id"))
	query := c.PostForm("filter")
	done := ""
	ids, err := h.chosen(ctx, p, id, c, query)
	if err == nil {
		done, err = h.changeChosen(c, p, ids)
	}
	if err != nil {
		return again(err, func(status int, message string) error { return h.showBank(c, status, p, id, query, message) })
	}
	search := h.readSearch(query)
	values := search.values()
	values.Set("done", done)
	if search.page > 1 {
		values.Set("page", fmt.Sprint(search.page))
	}
	return seeOther(c, "/banks/"+string(id)+"?"+values.Encode())
}

// chosen are the questions of the ticked rows, or all that the filter finds.
func (h *Handler) chosen(ctx context.Context, p *account.Person, id exam.BankID, c *gin.Context, query string) ([]exam.QuestionID, error) {
	b, err := h.Authoring.Bank(ctx, actor(p), id)
	if err != nil {
		return nil, err
	}
	if c.PostForm("all") == "" {
		var ids []exam.QuestionID
		for _, one := range c.PostFormArray("q") {
			item, _, err := h.Authoring.Question(ctx, actor(p), exam.QuestionID(one))
			if err != nil {
				return nil, err
			}
			if item.Bank != b.ID {
				return nil, fault.Invalid("Choose questions of this bank.")
			}
			ids = append(ids, item.ID)
		}
		return ids, nil
	}
	filter := h.readSearch(query).Filter
	filter.Limit, filter.Offset = 0, 0
	items, total, err := h.Authoring.Questions(ctx, actor(p), b.ID, filter)
	if err != nil {
		return nil, err
	}
	if c.PostForm("total") != fmt.Sprint(total) {
		return nil, fault.Conflict("The questions that match have changed since you looked: there are %d now. Nothing was changed; look again.", total)
	}
	ids := make([]exam.QuestionID, len(items))
	for i := range items {
		ids[i] = items[i].ID
	}
	return ids, nil
}

func (h *Handler) changeChosen(c *gin.Context, p *account.Person, ids []exam.QuestionID) (done string, err error) {
	ctx := c.Request.Context()
	switch c.PostForm("do") {
	case "retire":
		return "questions-retired", h.Authoring.Retire(ctx, actor(p), ids)
	case "restore":
		return "questions-restored", h.Authoring.Restore(ctx, actor(p), ids)
	case "relabel":
		labels, err := h.readLabels(c.PostForm, "")
		if err != nil {
			return "", err
		}
		labels.RemoveTag = strings.TrimSpace(c.PostForm("remove_tag"))
		if labels == (authoring.Labels{}) {
			return "", fault.Invalid("Choose at least one label to set. Nothing was changed.")
		}
		return "questions-labelled", h.Authoring.Relabel(ctx, actor(p), ids, labels)
	}
	return "", fault.Invalid("Choose what to do with the questions.")
}

// readLabels takes labels from the fields of a form whose names end alike.
func (h *Handler) readLabels(value func(string) string, ending string) (l authoring.Labels, err error) {
	l.Platform = exam.Platform(value("platform" + ending))
	l.Skill = exam.SkillID(value("skill" + ending))
	l.AddTag = strings.Join(strings.Fields(value("tag"+ending)), " ")
	if l.Platform != "" && !l.Platform.Valid() {
		return l, fault.Invalid("Choose one of the platforms.")
	}
	if _, known := h.Catalogue.Skill(l.Skill); l.Skill != "" && !known {
		return l, fault.Invalid("There is no skill %s. Choose one of the list.", l.Skill)
	}
	switch text := value("difficulty" + ending); {
	case text == "":
	case len(text) == 1 && text >= "1" && text <= "5":
		l.Difficulty = int(text[0] - '0')
	default:
		return l, fault.Invalid("A difficulty is 1 to 5.")
	}
	return l, nil
}
