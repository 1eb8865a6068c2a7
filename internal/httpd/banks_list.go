package httpd

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/library"
	"sextant/internal/page"
)

// listedPerPage is how many questions of a bank one page shows.
const listedPerPage = 50

// bankSearch is which questions of a bank are shown, as the address says it.
type bankSearch struct {
	authoring.Filter
	page int // from 1
}

// readSearch takes a search from an address; what makes no sense is left out.
func (h *Handler) readSearch(query string) bankSearch {
	values, _ := url.ParseQuery(query) // a slip leaves the rest as it is
	known := func(name string, list []string) string {
		if slices.Contains(list, values.Get(name)) {
			return values.Get(name)
		}
		return ""
	}
	s := bankSearch{page: 1}
	s.Words = strings.Join(strings.Fields(values.Get("words")), " ")
	s.Tag = strings.TrimSpace(values.Get("tag"))
	s.State = authoring.State(known("state", stringsOf(authoring.States())))
	s.Type = exam.Type(known("type", stringsOf(exam.Types())))
	s.Platform = exam.Platform(known("platform", stringsOf(exam.Platforms())))
	if _, ok := h.Catalogue.Skill(exam.SkillID(values.Get("skill"))); ok {
		s.Skill = exam.SkillID(values.Get("skill"))
	}
	s.Difficulty, _ = strconv.Atoi(known("difficulty", []string{"1", "2", "3", "4", "5"}))
	s.Untagged = values.Get("untagged") != ""
	order, down := strings.CutPrefix(values.Get("sort"), "-")
	if slices.Contains(authoring.Sorts(), authoring.Sort(order)) {
		s.Sort, s.Down = authoring.Sort(order), down
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 1 && n < 1e6 {
		s.page = n
	}
	s.Limit, s.Offset = listedPerPage, (s.page-1)*listedPerPage
	return s
}

func stringsOf[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// values is the search as readSearch reads it, without the page.
func (s bankSearch) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("words", s.Words)
	set("tag", s.Tag)
	set("state", string(s.State))
	set("type", string(s.Type))
	set("platform", string(s.Platform))
	set("skill", string(s.Skill))
	if s.Difficulty > 0 {
		set("difficulty", strconv.Itoa(s.Difficulty))
	}
	if s.Untagged {
		set("untagged", "yes")
	}
	set("sort", s.sortValue())
	return v
}

func (s bankSearch) sortValue() string {
	if s.Down {
		return "-" + string(s.Sort)
	}
	return string(s.Sort)
}

// finer reports whether anything beyond words and state is filtered.
func (s bankSearch) finer() bool {
	return s.Tag != "" || s.Type != "" || s.Platform != "" || s.Skill != "" || s.Difficulty > 0 || s.Untagged
}

func bankAddress(id exam.BankID, s bankSearch) string {
	address := "/banks/" + string(id)
	if query := s.values().Encode(); query != "" {
		address += "?" + query
	}
	return address + "#questions"
}

// searchForm is the form above a table that shows what a search found.
func (h *Handler) searchForm(id exam.BankID, s bankSearch) page.BankSearch {
	form := page.BankSearch{
		Action: "/banks/" + string(id), Words: s.Words, Tag: s.Tag, Untagged: s.Untagged, Sort: s.sortValue(),
		Narrowed: s.Words != "" || s.State != "" || s.finer(), Finer: s.finer(),
		States: []page.Option{{Label: "any state", Chosen: s.State == ""}}, Types: []page.Option{{Label: "any type", Chosen: s.Type == ""}},
		Platforms: h.platformOptions("any platform", s.Platform), Skills: h.skillOptions("any skill", s.Skill), Difficulties: difficultyOptions("any difficulty", s.Difficulty),
	}
	for _, state := range authoring.States() {
		form.States = append(form.States, page.Option{Value: string(state), Label: state.Label(), Chosen: state == s.State})
	}
	for _, t := range exam.Types() {
		form.Types = append(form.Types, page.Option{Value: string(t), Label: t.Label(), Chosen: t == s.Type})
	}
	return form
}

func (h *Handler) platformOptions(none string, chosen exam.Platform) []page.Option {
	options := []page.Option{{Label: none, Chosen: chosen == ""}}
	for _, p := range exam.Platforms() {
		options = append(options, page.Option{Value: string(p), Label: p.Label(), Chosen: p == chosen})
	}
	return options
}

func (h *Handler) skillOptions(none string, chosen exam.SkillID) []page.Option {
	options := []page.Option{{Label: none, Chosen: chosen == ""}}
	for _, s := range h.Catalogue.Skills {
		options = append(options, page.Option{Value: string(s.ID), Label: s.Name, Chosen: s.ID == chosen})
	}
	return options
}

func difficultyOptions(none string, chosen int) []page.Option {
	options := []page.Option{{Label: none, Chosen: chosen == 0}}
	for d := 1; d < len(difficultyWords); d++ {
		options = append(options, page.Option{Value: strconv.Itoa(d), Label: fmt.Sprintf("%d: %s", d, difficultyWords[d]), Chosen: d == chosen})
	}
	return options
}

// listItems fills in a page of a bank's questions for those who write in it.
func (h *Handler) listItems(ctx context.Context, view *page.Bank, p *account.Person, b *authoring.Bank, s bankSearch) error {
	items, total, err := h.Authoring.Questions(ctx, actor(p), b.ID, s.Filter)
	if err != nil {
		return err
	}
	if len(items) == 0 && total > 0 { // a page beyond the last
		s.page = (total + listedPerPage - 1) / listedPerPage
		s.Offset = (s.page - 1) * listedPerPage
		if items, total, err = h.Authoring.Questions(ctx, actor(p), b.ID, s.Filter); err != nil {
			return err
		}
	}
	view.Filter = h.searchForm(b.ID, s)
	view.List = table(b.ID, s, total, []sortable{
		{"Question", authoring.ByText}, {"State", authoring.ByState}, {"Type", authoring.ByType}, {"Skill", authoring.BySkill},
		{"Difficulty", authoring.ByDifficulty}, {"Changed", authoring.ByUpdated},
	})
	for i := range items {
		row := h.questionRow(items[i].Newest())
		row.State, row.StateLabel = string(items[i].State()), items[i].State().Label()
		row.Changed = items[i].Updated.Format(longDay)
		row.Address = "/questions/" + string(items[i].ID) + "/edit"
		if items[i].Published != nil && items[i].Draft != nil && items[i].Retired.IsZero() {
			row.StateLabel += "; an earlier text is asked"
		}
		view.List.Rows = append(view.List.Rows, row)
	}
	if total == 0 && !view.Filter.Narrowed {
		view.List.None = "There is no question in this bank yet. Bring some in from files, or write one."
	}
	return nil
}

type sortable struct {
	label string
	by    authoring.Sort
}

// table is a table of questions without its rows.
func table(id exam.BankID, s bankSearch, total int, columns []sortable) page.QuestionTable {
	t := page.QuestionTable{Total: total, Query: s.queryWithPage(), Action: "/banks/" + string(id) + "/questions"}
	for _, column := range columns {
		other := s
		other.Sort, other.Down = column.by, s.Sort == column.by && !s.Down
		one := page.SortColumn{Label: column.label, Address: bankAddress(id, other)}
		if s.Sort == column.by {
			one.Order = map[bool]string{false: "ascending", true: "descending"}[s.Down]
		}
		t.Columns = append(t.Columns, one)
	}
	last := min(s.Offset+listedPerPage, total)
	switch {
	case total == 0:
		t.None = "No question matches. Take a filter away, or look for fewer words."
	case total <= listedPerPage:
		t.Sentence = plural(total, "question")
	default:
		t.Sentence = fmt.Sprintf("%d to %d of %s", s.Offset+1, last, plural(total, "question"))
	}
	t.Pages = pageLinks(total, s.page, func(n int) string { return "/banks/" + string(id) + "?" + s.onPage(n) + "#questions" })
	return t
}

func (s bankSearch) onPage(n int) string {
	v := s.values()
	v.Set("page", strconv.Itoa(n))
	return v.Encode()
}

func (s bankSearch) queryWithPage() string {
	if s.page > 1 {
		return s.onPage(s.page)
	}
	return s.values().Encode()
}

// pageLinks lead to the pages of a long list: the first, the last and those
// around the one shown.
func pageLinks(total, current int, address func(n int) string) []page.ReviewPart {
	last := (total + listedPerPage - 1) / listedPerPage
	if last < 2 {
		return nil
	}
	const around = 2
	var links []page.ReviewPart
	if current > 1 {
		links = append(links, page.ReviewPart{Label: "Previous", Address: address(current - 1)})
	}
	for n := 1; n <= last; n++ {
		if n == 1 || n == last || n >= current-around && n <= current+around {
			links = append(links, page.ReviewPart{Label: strconv.Itoa(n), Address: address(n), Current: n == current})
		}
	}
	if current < last {
		links = append(links, page.ReviewPart{Label: "Next", Address: address(current + 1)})
	}
	return links
}

// questionRow is what a list says of a question, without anything of its key.
func (h *Handler) questionRow(q *exam.Question) page.QuestionRow {
	row := page.QuestionRow{
		ID: string(q.ID), Ask: h.Text.Inline(q.Ask), Name: cmp.Or(q.Title, string(q.ID)), Type: q.Type.Label(), Tags: q.Tags,
	}
	if row.Ask == "" {
		row.Ask = "nothing is asked yet"
	}
	var gaps []string
	if q.Platform == "" {
		gaps = append(gaps, "platform")
	} else {
		row.Platform = q.Platform.Label()
	}
	if q.Skill == "" {
		gaps = append(gaps, "skill")
	} else {
		row.Skill = h.skillName(q.Skill)
	}
	if q.Difficulty == 0 {
		gaps = append(gaps, "difficulty")
	} else {
		row.Difficulty = strconv.Itoa(q.Difficulty)
	}
	if len(gaps) > 0 {
		row.Gaps = "practice only: no " + inWords(gaps)
	}
	var notes []string
	if q.Stimulus != nil {
		notes = append(notes, "case set “"+q.Stimulus.Title+"”")
	}
	if q.Category != "" {
		notes = append(notes, q.Category)
	}
	row.Note = strings.Join(notes, "; ")
	return row
}

// listEntry fills in a page of a bank's questions for somebody who doesn't write
// in it: what is asked, never anything of the key.
func (h *Handler) listEntry(view *page.Bank, entry library.Entry, s bankSearch) {
	s.State, s.Untagged = "", false
	var found []*exam.Question
	for _, q := range entry.Questions {
		if h.reads(s, q) {
			found = append(found, q)
		}
	}
	sortQuestions(found, s)
	s.page = min(s.page, max(1, (len(found)+listedPerPage-1)/listedPerPage))
	s.Offset = (s.page - 1) * listedPerPage
	view.Filter = h.searchForm(entry.ID, s)
	view.List = table(entry.ID, s, len(found), []sortable{
		{"Question", authoring.ByText}, {"Type", authoring.ByType}, {"Skill", authoring.BySkill}, {"Difficulty", authoring.ByDifficulty},
	})
	for _, q := range found[s.Offset:min(s.Offset+listedPerPage, len(found))] {
		row := h.questionRow(q)
		row.Tags = nil
		row.Serves = h.serves(q)
		view.List.Rows = append(view.List.Rows, row)
	}
	if len(entry.Questions) == 0 {
		view.List.None = "There is no question in this bank yet."
	}
}

// reads reports whether a search finds a question in what somebody may see of it
// who doesn't write in its bank: options and reasons could tell the key.
func (h *Handler) reads(s bankSearch, q *exam.Question) bool {
	shown := strings.ToLower(strings.Join([]string{string(q.ID), q.Ask, h.skillName(q.Skill), q.Platform.Label()}, "\n"))
	for _, word := range strings.Fields(strings.ToLower(s.Words)) {
		if !strings.Contains(shown, word) {
			return false
		}
	}
	return (s.Type == "" || q.Type == s.Type) && (s.Platform == "" || q.Platform == s.Platform) && (s.Skill == "" || q.Skill == s.Skill) &&
		(s.Difficulty == 0 || q.Difficulty == s.Difficulty) && (s.Tag == "" || slices.Contains(q.Tags, s.Tag))
}

func sortQuestions(list []*exam.Question, s bankSearch) {
	key := map[authoring.Sort]func(q *exam.Question) string{
		authoring.ByText:       func(q *exam.Question) string { return q.Ask },
		authoring.ByType:       func(q *exam.Question) string { return string(q.Type) },
		authoring.BySkill:      func(q *exam.Question) string { return string(q.Skill) },
		authoring.ByDifficulty: func(q *exam.Question) string { return strconv.Itoa(q.Difficulty) },
	}[s.Sort]
	if key == nil {
		return
	}
	slices.SortStableFunc(list, func(a, b *exam.Question) int {
		if s.Down {
			a, b = b, a
		}
		return cmp.Compare(key(a), key(b))
	})
}

// serves says which exams' domains a question serves.
func (h *Handler) serves(q *exam.Question) string {
	served := h.Catalogue.Serves(q)
	codes := make([]string, 0, len(served))
	for code, domain := range served {
		codes = append(codes, fmt.Sprintf("%s domain %s", code, domain))
	}
	if len(codes) == 0 {
		return "serves no exam"
	}
	slices.Sort(codes)
	return "serves " + strings.Join(codes, ", ")
}
