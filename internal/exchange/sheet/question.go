package sheet

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
)

// kahootExample is the question in the first row of Kahoot's template.
const kahootExample = "which spreadsheet tools can read this sheet and export to xlsx format?"

// entry is one row while a question is made of it.
type entry struct {
	r     *reader
	l     *layout
	where exchange.Place
	cells map[column]string
	lost  []string
}

func (e *entry) get(f field) string { return e.cells[column{field: f}] }

func (e *entry) lose(what string) {
	if !slices.Contains(e.lost, what) {
		e.lost = append(e.lost, what)
	}
}

// row makes a question of a row.
func (r *reader) row(l *layout, row row) {
	e := &entry{r: r, l: l, where: row.where, cells: map[column]string{}}
	text := ""
	for i, c := range l.columns {
		if i >= len(row.cells) && row.pictures[i] == nil || c.field == fieldNone || c.field == fieldIgnored {
			continue
		}
		value := ""
		if i < len(row.cells) {
			value = row.cells[i]
		}
		if r.escaped {
			value = original(value)
		}
		value = e.illustrated(exchange.CleanText(value), row, i)
		e.cells[c] = value
		if c.field != fieldNumber && c.field != fieldTimeLimit {
			text += value
		}
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	e.where.Name = row.where.Name
	if r.passedOver(e) {
		return
	}
	if err := e.question(); err != nil {
		r.doc.Fault(e.where, err.Error(), "Correct the row and import the file again; the other rows are not affected.")
	}
}

// illustrated adds the pictures on a cell to its text, unless a text of the row
// shows them already, as in our own workbooks.
func (e *entry) illustrated(value string, row row, i int) string {
	for _, key := range row.pictures[i] {
		address := exchange.MediaScheme + key
		if !slices.ContainsFunc(row.cells, func(c string) bool { return strings.Contains(c, address) }) {
			value = exchange.JoinText(value, "![]("+address+")")
		}
	}
	return value
}

// passedOver leaves the example of a template out, and says once that time
// limits have no place.
func (r *reader) passedOver(e *entry) bool {
	if e.get(fieldTimeLimit) != "" && !r.timeSaid {
		r.timeSaid = true
		r.doc.Warn(e.where, "time limits for single questions have no place in Sextant; they were passed over", "Set the time of a whole test instead.")
	}
	if e.l.style != kahoot {
		return false
	}
	asked := strings.ToLower(strings.TrimSpace(e.get(fieldText)))
	if asked == kahootExample || strings.HasPrefix(strings.ToLower(e.get(fieldNumber)), "example") {
		r.doc.Skip(e.where, "the example of Kahoot's template")
		return true
	}
	return false
}

// The words for the types, without case and signs.
var types = map[string]exam.Type{
	"single": exam.Single, "single choice": exam.Single, "multiple choice": exam.Single, "multichoice": exam.Single, "mc": exam.Single, "mcq": exam.Single, "sc": exam.Single,
	"single select": exam.Single, "single answer": exam.Single, "radio": exam.Single,
	"multiple": exam.Multiple, "multiple response": exam.Multiple, "multi select": exam.Multiple, "multiple select": exam.Multiple, "multiselect": exam.Multiple,
	"multiple answer": exam.Multiple, "multiple answers": exam.Multiple, "checkbox": exam.Multiple, "ma": exam.Multiple, "mr": exam.Multiple, "msq": exam.Multiple,
	"ordering": exam.Ordering, "order": exam.Ordering, "sequence": exam.Ordering, "ranking": exam.Ordering,
	"matching": exam.Matching, "match": exam.Matching,
	"yes no": exam.YesNo, "yesno": exam.YesNo, "yes no series": exam.YesNo,
}

// The types that Sextant hasn't.
var foreign = regexp.MustCompile(`^(essay|(short|open|free|long)( ended)?( (answer|text|response))?|shortanswer|text( entry)?|numeric(al)?|number|fill.*|fib|blanks?|cloze|poll|survey|opinion|word ?cloud|slide|(file )?upload|drawing|hot ?spot|drag.*|slider|calculated|code|formula|brainstorm|info.*|description)$`)

var typeSigns = regexp.MustCompile(`[\s_/-]+`)

func (e *entry) typeName() string {
	return strings.TrimSpace(typeSigns.ReplaceAllString(strings.ToLower(e.get(fieldType)), " "))
}

func (e *entry) question() error {
	q := &exam.Question{}
	given := e.typeName()
	if foreign.MatchString(given) {
		e.r.doc.Skip(e.where, "the type %s: Sextant asks only questions with options, an order or pairs", strings.TrimSpace(e.get(fieldType)))
		return nil
	}
	truth := given == "true false" || given == "truefalse" || given == "tf" || given == "boolean" || given == "true or false"
	t, known := types[given]
	if !known && !truth && given != "" && given != "quiz" {
		return fmt.Errorf("%q is no type that is known; use single, multiple, ordering, matching, yes_no or true_false", exchange.Shorten(e.get(fieldType), 40))
	}
	q.Type = t
	e.texts(q)
	e.labels(q)
	e.options(q)
	e.parts(q)
	if err := e.key(q, truth); err != nil {
		return err
	}
	e.inCase(q)
	if q.Ask == "" {
		return fmt.Errorf("the row has no question in it")
	}
	if !e.r.doc.Add(e.where, q) {
		return nil
	}
	for _, lost := range e.lost {
		e.r.doc.Warn(e.where, lost, "Put it into the question by hand if it matters.")
	}
	return nil
}

// markdown is a cell's text: Markdown in our own sheets, plain text or HTML in
// those of others.
func (e *entry) markdown(text string) string {
	if e.l.style == own {
		return e.images(text)
	}
	kept := e.images(text)
	if exchange.HasHTML(kept) {
		markdown, lost := markup.FromHTML(kept, func(src, _ string) (string, bool) {
			key, err := e.r.doc.Attach(src, e.r.beside)
			if err != nil {
				e.lose(err.Error())
			}
			return key, err == nil
		})
		for _, what := range lost {
			if !strings.HasPrefix(what, "the image ") {
				e.lose(what + " was taken out")
			}
		}
		return strings.TrimSpace(markdown)
	}
	if strings.Contains(kept, "]("+exchange.MediaScheme) {
		return kept // a picture of the sheet is among the text
	}
	return markup.FromPlain(kept)
}

// images takes in the images that a text names, but for those on the sheet, which
// are in already.
func (e *entry) images(markdown string) string {
	return exchange.ReplaceImages(markdown, func(alt, address string) string {
		key, ours := strings.CutPrefix(address, exchange.MediaScheme)
		if _, held := e.r.doc.Media[key]; ours && held {
			return "![" + alt + "](" + address + ")"
		}
		if ours {
			address = "media/" + key
		}
		found, err := e.r.doc.Attach(address, e.r.beside)
		if err != nil {
			e.lose(err.Error())
			return alt
		}
		return "![" + alt + "](" + exchange.MediaScheme + found + ")"
	})
}

func (e *entry) text(f field) string { return e.markdown(e.get(f)) }

func (e *entry) texts(q *exam.Question) {
	if e.l.split {
		q.Stem, q.Ask = e.text(fieldStem), e.text(fieldAsk)
	}
	if whole := e.text(fieldText); whole != "" && q.Ask == "" {
		q.Stem, q.Ask = exchange.SplitText(exchange.JoinText(q.Stem, whole))
	}
	q.Explanation, q.Remember = e.text(fieldExplanation), e.text(fieldRemember)
	q.Replies = exam.Replies{Right: e.text(fieldRight), Partly: e.text(fieldPartly), Wrong: e.text(fieldWrong)}
	q.References = references(e.get(fieldReferences))
}

// references reads the lines of a cell: [title](address) or a bare address.
func references(cell string) []exam.Reference {
	var found []exam.Reference
	for line := range strings.Lines(cell) {
		line = strings.TrimSpace(line)
		q := &exam.Question{}
		exchange.TakeExplanation(q, referenceOpens+line)
		switch {
		case len(q.References) == 1:
			found = append(found, q.References[0])
		case strings.HasPrefix(line, "https://"):
			found = append(found, exam.Reference{Title: line, URL: line})
		}
	}
	return found
}

// referenceOpens begins a reference in exchange.Explain.
const referenceOpens = "Reference: "

var yearMonth = regexp.MustCompile(`^\d{4}-(?:0[1-9]|1[0-2])$`)

var ownID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,79}$`)

func (e *entry) labels(q *exam.Question) {
	q.SourceID = e.get(fieldSourceID)
	switch id := e.get(fieldID); {
	case e.l.style == own && ownID.MatchString(id):
		q.ID = exam.QuestionID(id)
	case q.SourceID == "":
		q.SourceID = id
	}
	q.Title, q.Category, q.Tags = e.get(fieldTitle), e.get(fieldCategory), list(e.get(fieldTags))
	q.Points = e.number(fieldPoints, 0, 1e9)
	q.FixedOrder, q.OneToOne = yes(e.get(fieldFixedOrder)), yes(e.get(fieldOneToOne))
	q.Choose = int(e.number(fieldChoose, 0, exam.MaxOptions))
	if p := exam.Platform(strings.ToLower(e.get(fieldPlatform))); p.Valid() {
		q.Platform = p
	} else if p != "" {
		e.lose(fmt.Sprintf("the platform %q is none of aws, azure, gcp and neutral; it was left out", exchange.Shorten(string(p), 40)))
	}
	q.Skill = exam.SkillID(e.get(fieldSkill))
	q.Difficulty = int(e.number(fieldDifficulty, 1, 5))
	q.DifficultyReason = e.get(fieldDiffReason)
	q.Domains = domains(e.get(fieldDomains))
	q.Services, q.Enemies = list(e.get(fieldServices)), list(e.get(fieldEnemies))
	if q.FactsAsOf = e.get(fieldFactsAsOf); q.FactsAsOf != "" && !yearMonth.MatchString(q.FactsAsOf) {
		e.lose(fmt.Sprintf("%q is no year and month such as 2026-11; it was left out", exchange.Shorten(q.FactsAsOf, 20)))
		q.FactsAsOf = ""
	}
	if text := e.get(fieldReview); text != "" && !review(q, text) {
		e.lose(fmt.Sprintf("the review %q isn't of the form 3/2/2026-11-20; it was left out", exchange.Shorten(text, 40)))
	}
}

// number reads a number between two bounds; others are named and left out.
func (e *entry) number(f field, low, high float64) float64 {
	text := e.get(f)
	if text == "" {
		return 0
	}
	x, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || !(x >= low && x <= high) {
		e.lose(fmt.Sprintf("%s %q is no number from %g to %g; it was left out", f, exchange.Shorten(text, 40), low, high))
		return 0
	}
	return x
}

func yes(text string) bool {
	return slices.Contains([]string{"yes", "y", "true", "1", "x"}, strings.ToLower(strings.TrimSpace(text)))
}

func domains(cell string) map[exam.Code]exam.DomainID {
	var found map[exam.Code]exam.DomainID
	for _, pair := range list(cell) {
		if code, domain, ok := strings.Cut(pair, "="); ok {
			if found == nil {
				found = map[exam.Code]exam.DomainID{}
			}
			found[exam.Code(strings.TrimSpace(code))] = exam.DomainID(strings.TrimSpace(domain))
		}
	}
	return found
}

func review(q *exam.Question, text string) bool {
	labelled := &exam.Question{}
	exchange.TakeLabels(labelled, []string{"sextant:review=" + text})
	q.Review = labelled.Review
	return len(labelled.Tags) == 0
}

// list divides a cell at semicolons and line breaks; a backslash protects one.
func list(cell string) []string {
	var items []string
	var item strings.Builder
	add := func() {
		if s := strings.TrimSpace(item.String()); s != "" {
			items = append(items, s)
		}
		item.Reset()
	}
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; {
		case c == '\\' && i+1 < len(cell) && (cell[i+1] == ';' || cell[i+1] == '\\'):
			i++
			item.WriteByte(cell[i])
		case c == ';' || c == '\n':
			add()
		default:
			item.WriteByte(c)
		}
	}
	add()
	return items
}

var listEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`)

func joined(items []string) string {
	escaped := make([]string, len(items))
	for i, item := range items {
		escaped[i] = listEscapes.Replace(item)
	}
	return strings.Join(escaped, "; ")
}

// options reads the options that have a text; one left empty between others
// closes up, and the letters of the key follow the columns.
func (e *entry) options(q *exam.Question) {
	for i := range 99 {
		at := column{fieldOption, i}
		text := e.markdown(e.cells[at])
		if text == "" {
			continue
		}
		o := exam.Option{ID: exam.OptionID(strconv.Itoa(i)), Text: text, Rationale: e.markdown(e.cells[column{fieldReason, i}])}
		if share := strings.TrimSuffix(strings.TrimSpace(e.cells[column{fieldWeight, i}]), "%"); share != "" {
			x, err := strconv.ParseFloat(strings.Replace(share, ",", ".", 1), 64)
			if err != nil || !(x >= -100 && x <= 100) {
				e.lose(fmt.Sprintf("the weight %q is no percentage from -100 to 100; it was left out", exchange.Shorten(share, 20)))
				x = 0
			}
			o.Weight = x
		}
		q.Options = append(q.Options, o)
	}
}

// parts reads prompts; those of a yes/no series become statements with the key.
func (e *entry) parts(q *exam.Question) {
	for i := range 99 {
		if text := e.markdown(e.cells[column{fieldPrompt, i}]); text != "" {
			q.Prompts = append(q.Prompts, exam.Prompt{Text: text, Rationale: e.markdown(e.cells[column{fieldPartReason, i}])})
		}
	}
}

// inCase files a question under its case set, whose text may stand on any of its
// rows.
func (e *entry) inCase(q *exam.Question) {
	id := exam.StimulusID(e.get(fieldCase))
	if id == "" {
		return
	}
	set := e.r.cases[id]
	if set == nil {
		set = &caseSet{stimulus: &exam.Stimulus{ID: id}}
		e.r.cases[id] = set
	}
	s := set.stimulus
	if s.Text == "" {
		s.Text = e.text(fieldCaseText)
	}
	if s.Title == "" {
		s.Title = e.get(fieldCaseTitle)
	}
	s.NoReturn = s.NoReturn || yes(e.get(fieldNoReturn))
	q.Stimulus = s
	set.questions, set.places = append(set.questions, q), append(set.places, e.where)
}

// keyTexts are the cells that name the key.
func (e *entry) keyText() string {
	parts := []string{e.get(fieldKey)}
	for _, c := range slices.SortedFunc(maps.Keys(e.cells), func(a, b column) int { return a.index - b.index }) {
		if c.field == fieldKeyPart {
			parts = append(parts, e.cells[c])
		}
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.TrimSpace(strings.Join(parts, ", "))
}
