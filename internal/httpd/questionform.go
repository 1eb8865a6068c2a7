package httpd

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/page"
)

// maxRows bounds the options, prompts, statements and references of a form, so
// that a made-up request can't ask for more than a question ever has.
const maxRows = 50

// readQuestion makes a question of a posted form. It takes what was written as it
// is: whether that can be asked, exam.Question.Validate tells. What can't be kept
// at all is fault.KindInvalid; the rest of the form is in the question even then,
// which is nil only when the form is none of a question.
func readQuestion(form url.Values) (*exam.Question, error) {
	q := &exam.Question{
		ID: exam.QuestionID(form.Get("id")), Type: exam.Type(form.Get("type")), Title: line(form, "title"),
		Stem: text(form, "stem"), Ask: text(form, "ask"), Explanation: text(form, "explanation"), Remember: text(form, "remember"),
		Replies:  exam.Replies{Right: text(form, "reply.right"), Partly: text(form, "reply.partly"), Wrong: text(form, "reply.wrong")},
		Platform: exam.Platform(form.Get("platform")), Skill: exam.SkillID(form.Get("skill")), DifficultyReason: line(form, "difficulty_reason"),
		Services: words(form.Get("services"), ","), Enemies: words(form.Get("enemies"), ","), Tags: words(form.Get("tags"), "\n"),
		FactsAsOf: line(form, "facts_as_of"), Category: line(form, "category"), SourceID: line(form, "source_id"),
	}
	if !slices.Contains(exam.Types(), q.Type) {
		return nil, fault.Invalid("Choose the question's type.")
	}
	var wrong [3]error
	q.Difficulty, wrong[0] = wholeNumber(form, "difficulty", "difficulty")
	q.Points, wrong[1] = decimal(form.Get("points"), "points")
	q.Domains = readDomains(form)
	q.References = readReferences(form)
	if form.Get("case.text") != "" || form.Get("case.id") != "" {
		q.Stimulus = &exam.Stimulus{
			ID: exam.StimulusID(line(form, "case.id")), Title: line(form, "case.title"), Text: text(form, "case.text"), NoReturn: form.Get("case.no_return") != "",
		}
	}
	wrong[2] = readParts(form, q)
	return q, cmp.Or(wrong[:]...)
}

// readParts reads what belongs to the question's type; the rest of the form is
// left alone, so that a change of type on trial loses nothing but what is saved.
func readParts(form url.Values, q *exam.Question) (err error) {
	if q.Type == exam.YesNo {
		for i := range rows(form, "statement") {
			name := fmt.Sprintf("statement.%d.", i)
			q.Statements = append(q.Statements, exam.Statement{
				Text: text(form, name+"text"), Yes: form.Get(name+"holds") == "yes", Rationale: text(form, name+"rationale"),
			})
		}
		return nil
	}
	q.FixedOrder = form.Get("fixed_order") != "" && q.Type != exam.Ordering
	for i := range rows(form, "option") {
		o, wrong := readOption(form, q.Type, i)
		err = cmp.Or(err, wrong)
		q.Options = append(q.Options, o)
	}
	if q.Type == exam.Multiple {
		var wrong error
		q.Choose, wrong = wholeNumber(form, "choose", "number of options to choose")
		return cmp.Or(err, wrong)
	}
	if q.Type != exam.Matching {
		return err
	}
	q.OneToOne = form.Get("one_to_one") != ""
	for i := range rows(form, "prompt") {
		name := fmt.Sprintf("prompt.%d.", i)
		q.Prompts = append(q.Prompts, exam.Prompt{
			Text: text(form, name+"text"), Match: exam.OptionID(form.Get(name + "match")), Rationale: text(form, name+"rationale"),
		})
	}
	return err
}

func readOption(form url.Values, t exam.Type, i int) (o exam.Option, err error) {
	name := fmt.Sprintf("option.%d.", i)
	o = exam.Option{ID: letterOf(i), Text: text(form, name+"text"), Rationale: text(form, name+"rationale")}
	switch t {
	case exam.Single:
		o.Key = form.Get("key") == strconv.Itoa(i)
	case exam.Multiple:
		o.Key = form.Get(name+"key") != ""
	case exam.Ordering:
		o.Place = i + 1
	case exam.Matching, exam.YesNo:
	}
	if t == exam.Single || t == exam.Multiple {
		o.Weight, err = decimal(form.Get(name+"weight"), "weight of option "+string(o.ID))
	}
	return o, err
}

func letterOf(i int) exam.OptionID {
	return exam.OptionID(rune('A' + min(i, exam.MaxOptions-1)))
}

// rows counts the rows of a kind that a form has: those before the first gap.
func rows(form url.Values, kind string) int {
	n := 0
	for n < maxRows && form.Has(fmt.Sprintf("%s.%d.text", kind, n)) {
		n++
	}
	return n
}

func readDomains(form url.Values) map[exam.Code]exam.DomainID {
	var domains map[exam.Code]exam.DomainID
	for name := range form {
		code, ok := strings.CutPrefix(name, "domain.")
		if !ok || form.Get(name) == "" {
			continue
		}
		if domains == nil {
			domains = map[exam.Code]exam.DomainID{}
		}
		domains[exam.Code(code)] = exam.DomainID(form.Get(name))
	}
	return domains
}

func readReferences(form url.Values) []exam.Reference {
	var references []exam.Reference
	for i := 0; i < maxRows && form.Has(fmt.Sprintf("reference.%d.url", i)); i++ {
		r := exam.Reference{Title: line(form, fmt.Sprintf("reference.%d.title", i)), URL: line(form, fmt.Sprintf("reference.%d.url", i))}
		if r != (exam.Reference{}) {
			references = append(references, r)
		}
	}
	return references
}

// text is a field of several lines: browsers end theirs with CR LF.
func text(form url.Values, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n"))
}

// line is a field of one line.
func line(form url.Values, name string) string {
	return strings.Join(strings.Fields(form.Get(name)), " ")
}

// words splits a list and leaves out what is empty.
func words(list, separator string) []string {
	var found []string
	for _, one := range strings.Split(strings.ReplaceAll(list, "\r\n", "\n"), separator) {
		if one = strings.TrimSpace(one); one != "" && !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	return found
}

func wholeNumber(form url.Values, name, what string) (int, error) {
	value := strings.TrimSpace(form.Get(name))
	if value == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return 0, fault.Invalid("The %s is %q; write a whole number.", what, value)
	}
	return n, nil
}

func decimal(value, what string) (float64, error) {
	value = strings.TrimSpace(strings.Replace(value, ",", ".", 1))
	if value == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || n < -1000 || n > 1000 || n != n {
		return 0, fault.Invalid("The %s is %q; write a number between −1000 and 1000.", what, value)
	}
	return n, nil
}

// questionForm is the form that shows a question. Remarks come from the caller.
func (h *Handler) questionForm(q *exam.Question) page.QuestionForm {
	f := page.QuestionForm{
		ID: string(q.ID), Type: string(q.Type), Title: q.Title, Stem: q.Stem, Ask: q.Ask, OneToOne: q.OneToOne, Fixed: q.FixedOrder,
		Explanation: q.Explanation, Remember: q.Remember, Right: q.Replies.Right, Partly: q.Replies.Partly, Wrong: q.Replies.Wrong,
		DifficultyReason: q.DifficultyReason, Services: strings.Join(q.Services, ", "), Enemies: strings.Join(q.Enemies, ", "),
		Tags: strings.Join(q.Tags, "\n"), FactsAsOf: q.FactsAsOf, Category: q.Category, SourceID: q.SourceID,
		Points: decimalWords(q.Points), Remarks: map[string][]page.FieldRemark{},
	}
	if q.Choose > 0 {
		f.Choose = strconv.Itoa(q.Choose)
	}
	for _, t := range exam.Types() {
		f.Types = append(f.Types, page.Option{Value: string(t), Label: t.Label(), Chosen: t == q.Type})
	}
	for i, o := range q.Options {
		f.Options = append(f.Options, page.OptionForm{Letter: string(letterOf(i)), Text: o.Text, Rationale: o.Rationale, Weight: decimalWords(o.Weight), Key: o.Key})
	}
	for _, p := range q.Prompts {
		f.Prompts = append(f.Prompts, page.PromptForm{Text: p.Text, Match: string(p.Match), Rationale: p.Rationale})
	}
	for _, s := range q.Statements {
		f.Rows = append(f.Rows, page.StatementForm{Text: s.Text, Rationale: s.Rationale, Holds: map[bool]string{true: "yes", false: "no"}[s.Yes]})
	}
	for _, r := range q.References {
		f.References = append(f.References, page.ReferenceForm{Title: r.Title, URL: r.URL})
	}
	if s := q.Stimulus; s != nil {
		f.Case = &page.CaseForm{ID: string(s.ID), Title: s.Title, Text: s.Text, NoReturn: s.NoReturn}
	}
	h.labelOptions(&f, q)
	return f
}

// labelOptions fills in what can be chosen for a question's labels.
func (h *Handler) labelOptions(f *page.QuestionForm, q *exam.Question) {
	f.Platforms = []page.Option{{Label: "not said", Chosen: q.Platform == ""}}
	for _, p := range exam.Platforms() {
		f.Platforms = append(f.Platforms, page.Option{Value: string(p), Label: p.Label(), Chosen: p == q.Platform})
	}
	f.Skills = []page.Option{{Label: "not said", Chosen: q.Skill == ""}}
	for _, s := range h.Catalogue.Skills {
		f.Skills = append(f.Skills, page.Option{Value: string(s.ID), Label: s.Name, Chosen: s.ID == q.Skill})
	}
	f.Difficulties = difficultyOptions("not said", q.Difficulty)
	unplaced := h.Catalogue.Unplaced(&exam.Question{Platform: q.Platform, Skill: q.Skill})
	for _, code := range slices.Sorted(maps.Keys(unplaced)) {
		d := page.DomainForm{Code: string(code), Domains: []page.Option{{Label: "not asked there", Chosen: q.Domains[code] == ""}}}
		cert, _ := h.Catalogue.Certification(code)
		for _, domain := range cert.Domains {
			if slices.Contains(unplaced[code], domain.ID) {
				d.Domains = append(d.Domains, page.Option{Value: string(domain.ID), Label: string(domain.ID) + " " + domain.Name, Chosen: q.Domains[code] == domain.ID})
			}
		}
		f.Domains = append(f.Domains, d)
	}
}

// decimalWords is a number as a form holds it; "" for none.
func decimalWords(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// rowAction does what a button of the form asks, "add_option", "remove_option.2",
// "up_option.2", and reports whether it was one of them. The question is as the
// form had it.
func rowAction(q *exam.Question, action string) bool {
	verb, rest, _ := strings.Cut(action, "_")
	kind, number, _ := strings.Cut(rest, ".")
	i, err := strconv.Atoi(number)
	if verb != "add" && err != nil {
		return false
	}
	switch kind {
	case "option":
		return optionAction(q, verb, i)
	case "prompt":
		q.Prompts = changed(q.Prompts, verb, i)
	case "statement":
		q.Statements = changed(q.Statements, verb, i)
	case "reference":
		q.References = changed(q.References, verb, i)
	case "case":
		if verb == "add" && q.Stimulus == nil {
			q.Stimulus = &exam.Stimulus{}
		}
	default:
		return false
	}
	return true
}

// startingRows is how many options a new question has, and startingPairs how many
// prompts or statements.
const startingRows, startingPairs = 4, 3

// fitParts gives a question whose type was just chosen the parts of that type:
// what was written in the form for the type before it is carried over, texts,
// reasons and what was marked as right.
func fitParts(q *exam.Question, form url.Values) {
	if q.Type == exam.YesNo {
		for i := range rows(form, "option") {
			if len(q.Statements) <= i {
				name := fmt.Sprintf("option.%d.", i)
				q.Statements = append(q.Statements, exam.Statement{Text: text(form, name+"text"), Yes: marked(form, i), Rationale: text(form, name+"rationale")})
			}
		}
		for len(q.Statements) < startingPairs {
			q.Statements = append(q.Statements, exam.Statement{})
		}
		return
	}
	if len(q.Options) == 0 {
		for i := range rows(form, "statement") {
			name := fmt.Sprintf("statement.%d.", i)
			q.Options = append(q.Options, exam.Option{Text: text(form, name+"text"), Rationale: text(form, name+"rationale")})
		}
	}
	for len(q.Options) < startingRows {
		q.Options = append(q.Options, exam.Option{})
	}
	keyed := false
	for i := range q.Options {
		o := &q.Options[i]
		o.ID, o.Key, o.Place = letterOf(i), false, 0
		switch q.Type {
		case exam.Single:
			o.Key = marked(form, i) && !keyed
			keyed = keyed || o.Key
		case exam.Multiple:
			o.Key = marked(form, i)
		case exam.Ordering:
			o.Place = i + 1
		case exam.Matching, exam.YesNo:
		}
	}
	for q.Type == exam.Matching && len(q.Prompts) < startingPairs {
		q.Prompts = append(q.Prompts, exam.Prompt{})
	}
}

// marked reports whether the row at a place was marked as right, whatever type
// the form was for.
func marked(form url.Values, i int) bool {
	return form.Get("key") == strconv.Itoa(i) || form.Get(fmt.Sprintf("option.%d.key", i)) != "" || form.Get(fmt.Sprintf("statement.%d.holds", i)) == "yes"
}

// optionAction changes the list of options; letters and places are those of the
// new order, and prompts go on pointing to the option they pointed to.
func optionAction(q *exam.Question, verb string, i int) bool {
	q.Options = changed(q.Options, verb, i)
	letters := map[exam.OptionID]exam.OptionID{}
	for k := range q.Options {
		if id := q.Options[k].ID; id != "" { // an option just added has none yet
			letters[id] = letterOf(k)
		}
		q.Options[k].ID = letterOf(k)
		if q.Type == exam.Ordering {
			q.Options[k].Place = k + 1
		}
	}
	for k := range q.Prompts {
		q.Prompts[k].Match = letters[q.Prompts[k].Match]
	}
	return true
}

// changed is a list after a row was added, removed or moved up or down.
func changed[T any](list []T, verb string, i int) []T {
	switch {
	case verb == "add" && len(list) < maxRows:
		var empty T
		return append(list, empty)
	case i < 0 || i >= len(list):
	case verb == "remove":
		return slices.Delete(list, i, i+1)
	case verb == "up" && i > 0:
		list[i-1], list[i] = list[i], list[i-1]
	case verb == "down" && i+1 < len(list):
		list[i+1], list[i] = list[i], list[i+1]
	}
	return list
}
