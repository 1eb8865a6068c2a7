package qti

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// bank reads a file of QTI 1.2: assessments, sections and item banks.
func (r *reader) bank(text string) {
	b := &bankReader{reader: r}
	if strings.Contains(text, "matref") || strings.Contains(text, "material_ref") {
		b.materials = labelled(text)
	}
	elements(text, func(name string) bool {
		return name == "item" || name == "qtimetadata" || name == "presentation_material"
	}, b.take)
	if r.met == 0 && !b.drawn {
		r.doc.Warn(exchange.Place{File: r.src}, "the file holds no questions", "Look whether the right quiz or bank was exported.")
	}
}

// bankReader follows the sections in which items lie.
type bankReader struct {
	*reader
	titles []string // of the open sections; "" for one without
	open   []string // the elements they belong to
	quiz   string
	drawn  bool // questions are drawn from another file

	materials map[string]*xmltree.Node // by the label that others refer to
}

func (b *bankReader) take(e element) bool {
	switch e.name {
	case "assessment", "section", "objectbank":
		b.container(e)
	case "qtimetadata":
		b.bankTitle(e)
	case "item":
		if b.full(e.line) {
			return false
		}
		if n := b.tree(e.text, e.line, ""); n != nil {
			b.item(n)
		}
	case "presentation_material":
		b.introduction(e)
	case "bankentry_item", "itemref":
		if !e.ended && !b.full(e.line) {
			b.reference(e)
		}
	case "sourcebank_ref":
		if !e.ended {
			b.drawn = true
			b.doc.Skip(exchange.Place{File: b.src, Line: e.line, Name: b.category()}, "questions drawn from a bank that isn't in this file: export that bank too")
		}
	case "or_selection": // Blackboard's
		if !e.ended {
			b.drawn = true
			b.doc.Skip(exchange.Place{File: b.src, Line: e.line, Name: b.category()}, "questions drawn from a pool that isn't in this file: export that pool too")
		}
	}
	return true
}

func (b *bankReader) container(e element) {
	if e.ended {
		if i := slices.Index(b.open, e.name); i >= 0 && len(b.open) > 0 && b.open[len(b.open)-1] == e.name {
			b.open, b.titles = b.open[:len(b.open)-1], b.titles[:len(b.titles)-1]
		}
		return
	}
	n, _, err := xmltree.Parse(strings.TrimSuffix(strings.TrimSuffix(e.tag, ">"), "/")+"/>", e.line)
	title := ""
	if err == nil {
		title = oneLine(n.Attr("title"))
	}
	if e.name == "assessment" {
		b.quiz = title
	}
	if b.doc.Title == "" {
		b.doc.Title = title
	}
	if strings.HasSuffix(e.tag, "/>") || len(b.open) > 100 {
		return
	}
	if e.name != "section" {
		title = "" // a quiz's own name isn't a category of its sections
	}
	b.open, b.titles = append(b.open, e.name), append(b.titles, title)
}

// introduction tells of a text in front of questions.
func (b *bankReader) introduction(e element) {
	n, _, err := xmltree.Parse(e.text, e.line)
	if err != nil {
		return
	}
	if text := oneLine(bare(material(n))); text != "" {
		b.doc.Skip(exchange.Place{File: b.src, Line: e.line, Name: b.category()}, "an introduction (%q): it belongs to no question; put what the questions need into them", exchange.Shorten(text, 60))
	}
}

// bankTitle reads the name of a question bank as Canvas gives it.
func (b *bankReader) bankTitle(e element) {
	n, _, err := xmltree.Parse(e.text, e.line)
	if err != nil {
		return
	}
	for _, f := range n.All("qtimetadatafield") {
		if strings.TrimSpace(f.Child("fieldlabel").Content()) == "bank_title" {
			b.quiz = oneLine(f.Child("fieldentry").Content())
			if b.doc.Title == "" {
				b.doc.Title = b.quiz
			}
		}
	}
}

// category is the path of the sections that are open, or what the quiz or bank
// is called.
func (b *bankReader) category() string {
	var path []string
	for _, t := range b.titles {
		if t != "" {
			path = append(path, t)
		}
	}
	if len(path) == 0 {
		return b.quiz
	}
	return strings.Join(path, "/")
}

func (b *bankReader) reference(e element) {
	n, _, err := xmltree.Parse(strings.TrimSuffix(strings.TrimSuffix(e.tag, ">"), "/")+"/>", e.line)
	name := ""
	if err == nil {
		name = n.Attr("item_ref") + n.Attr("linkrefid")
	}
	b.doc.Skip(exchange.Place{File: b.src, Line: e.line, Name: name}, "a reference to a question of a bank that isn't in this file: export that bank too")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// classic is an item of QTI 1.2.
type classic struct {
	*item
	root      *xmltree.Node
	meta      map[string]string
	stem      []string // HTML
	responses []*response
}

// response is what an item asks for: response_lid and its kin.
type response struct {
	kind        string // the element's name
	ident       string
	cardinality string // "single", "multiple", "ordered"
	prompt      string // HTML
	labels      []label
	renders     map[string]bool // names of the elements that show it
	fixed       bool            // not to be shuffled
	least, most int             // how many are to be chosen; 0 for nothing said
}

type label struct {
	ident string
	html  string
	group []string // of a drag and drop: the targets it may go to
}

func (b *bankReader) item(n *xmltree.Node) {
	title := oneLine(html.UnescapeString(n.Attr("title")))
	if strings.EqualFold(title, "question") {
		title = ""
	}
	meta := fields(n)
	ident := strings.TrimSpace(cmp.Or(n.Attr("ident"), meta["bbmd_asi_object_id"], n.Attr("label")))
	c := &classic{item: b.newItem(n.Line, ident, title), root: n, meta: meta}
	if missing := b.insert(n); missing != "" {
		c.warn("the material that the question refers to ("+exchange.Shorten(missing, 40)+") isn't in this file", "Put it into the question.")
	}
	c.q.Category = b.category()
	c.points()
	c.presentation(n)
	switch {
	case n.Child("presentation") == nil:
		c.skip("an item without a question in it")
	case unsuited[c.kind()] != "":
		c.skipType(unsuited[c.kind()])
	case len(c.responses) == 0:
		c.passage()
	default:
		c.question()
	}
}

// fields are an item's metadata, by their labels in lower case.
func fields(n *xmltree.Node) map[string]string {
	found := map[string]string{}
	var walk func(n *xmltree.Node, depth int)
	walk = func(n *xmltree.Node, depth int) {
		for _, c := range n.Elements() {
			switch {
			case c.Name == "qtimetadatafield", c.Name == "qti_metadatafield": // the latter is of QTI 1.1
				found[strings.ToLower(oneLine(c.Child("fieldlabel").Content()))] = oneLine(c.Child("fieldentry").Content())
			case strings.HasPrefix(c.Name, "qmd_") || strings.HasPrefix(c.Name, "bbmd_"):
				found[c.Name] = oneLine(c.Content())
			case depth < 4:
				walk(c, depth+1)
			}
		}
	}
	walk(n.Child("itemmetadata"), 0)
	walk(n.Child("qtimetadata"), 0)
	return found
}

// kind is what the item says it is, in lower case: in the words of Canvas, of
// cartridges, of Blackboard, of Brightspace; "" where it says nothing.
func (c *classic) kind() string {
	return strings.ToLower(cmp.Or(c.meta["question_type"], c.meta["cc_profile"], c.meta["bbmd_questiontype"], c.meta["qmd_questiontype"]))
}

func (c *classic) points() {
	for _, name := range []string{"points_possible", "cc_weighting", "qmd_weighting", "qmd_absolutescore_max", "respondusapi_qpoints"} {
		if p, err := strconv.ParseFloat(c.meta[name], 64); err == nil && p > 0 && p < 1e6 {
			c.q.Points = p
			return
		}
	}
}

// presentation gathers the texts and responses of an item in their order.
func (c *classic) presentation(n *xmltree.Node) {
	for _, p := range n.All("presentation") {
		if right := flow(p, "RIGHT_MATCH_BLOCK", 0); right != nil {
			c.blackboardMatching(p, right)
			continue
		}
		c.walk(p, 0)
	}
}

// flow is the flow of that class below n, or nil.
func flow(n *xmltree.Node, class string, depth int) *xmltree.Node {
	for _, k := range n.All("flow") {
		if k.Attr("class") == class {
			return k
		}
		if depth < 10 {
			if found := flow(k, class, depth+1); found != nil {
				return found
			}
		}
	}
	return nil
}

// blackboardMatching gathers a matching whose labels are bare: the text of each
// stands at the same place in a block of its own, and the text of a prompt beside
// its response.
func (c *classic) blackboardMatching(presentation, right *xmltree.Node) {
	if question := flow(presentation, "QUESTION_BLOCK", 0); question != nil {
		c.walk(question, 0)
	}
	stem := c.stem
	for _, row := range flow(presentation, "RESPONSE_BLOCK", 0).All("flow") {
		c.stem = nil
		before := len(c.responses)
		c.walk(row, 0)
		for _, r := range c.responses[before:] {
			r.prompt = join(r.prompt, strings.Join(c.stem, ""))
		}
	}
	var texts []string
	for _, one := range right.All("flow") {
		c.stem = nil
		c.walk(one, 0)
		texts = append(texts, strings.Join(c.stem, ""))
	}
	c.stem = stem
	for _, r := range c.responses {
		for i := range r.labels {
			if i < len(texts) && strings.TrimSpace(bare(r.labels[i].html)) == "" {
				r.labels[i].html = texts[i]
			}
		}
	}
}

func (c *classic) walk(n *xmltree.Node, depth int) {
	for _, k := range n.Elements() {
		switch k.Name {
		case "material":
			c.stem = append(c.stem, material(k))
		case "response_lid", "response_str", "response_num", "response_xy", "response_grp", "response_na":
			c.responses = append(c.responses, newResponse(k))
		default:
			if depth < 20 {
				c.walk(k, depth+1)
			}
		}
	}
}

func newResponse(n *xmltree.Node) *response {
	r := &response{kind: n.Name, ident: cmp.Or(n.Attr("ident"), n.Attr("respident")), cardinality: strings.ToLower(n.Attr("rcardinality")), renders: map[string]bool{}}
	var prompt []string
	fixedLabels := 0
	var walk func(n *xmltree.Node, depth int)
	walk = func(n *xmltree.Node, depth int) {
		for _, k := range n.Elements() {
			switch {
			case k.Name == "material":
				prompt = append(prompt, material(k))
				continue
			case k.Name == "response_label":
				r.labels = append(r.labels, newLabel(k))
				if strings.EqualFold(k.Attr("rshuffle"), "no") {
					fixedLabels++
				}
				continue
			case strings.HasPrefix(k.Name, "render_") || strings.HasPrefix(k.Name, "ims_render"):
				r.renders[k.Name] = true
				r.fixed = r.fixed || strings.EqualFold(k.Attr("shuffle"), "no")
				r.least, _ = strconv.Atoi(k.Attr("minnumber"))
				r.most, _ = strconv.Atoi(k.Attr("maxnumber"))
			}
			if depth < 20 {
				walk(k, depth+1)
			}
		}
	}
	walk(n, 0)
	r.fixed = r.fixed || fixedLabels > 0 // one label that keeps its place keeps all in theirs
	r.prompt = strings.Join(prompt, "")
	return r
}

// bareWords are the labels that need no text: their idents say it. Those with a
// dot are Blackboard's, whose texts are the same names.
var bareWords = map[string]string{
	"true": "True", "false": "False", "yes": "Yes", "no": "No",
	"yes_no.true": "Yes", "yes_no.false": "No", "agree_disagree.true": "Agree", "agree_disagree.false": "Disagree",
	"right_wrong.true": "Right", "right_wrong.false": "Wrong", "true_false.true": "True", "true_false.false": "False",
}

var tags = regexp.MustCompile(`<[^>]*>`)

func newLabel(n *xmltree.Node) label {
	l := label{ident: n.Attr("ident")}
	if group := n.Attr("match_group"); group != "" {
		l.group = strings.FieldsFunc(group, func(r rune) bool { return r == ',' || r == ' ' })
	}
	var parts []string
	var walk func(n *xmltree.Node, depth int)
	walk = func(n *xmltree.Node, depth int) {
		for _, k := range n.Elements() {
			if k.Name == "material" {
				parts = append(parts, material(k))
			} else if depth < 20 {
				walk(k, depth+1)
			}
		}
	}
	walk(n, 0)
	if len(parts) == 0 && len(n.Elements()) == 0 {
		parts = append(parts, plain(n.Content()))
	}
	l.html = strings.Join(parts, "")
	if word, ok := bareWords[strings.ToLower(l.ident)]; ok {
		if text := html.UnescapeString(tags.ReplaceAllString(l.html, "")); strings.TrimSpace(text) == "" || strings.Contains(l.ident, ".") && strings.TrimSpace(text) == l.ident {
			l.html = word
		}
	}
	return l
}

// material is a material element as HTML.
func material(n *xmltree.Node) string {
	var out strings.Builder
	for _, k := range n.Elements() {
		switch k.Name {
		case "mattext", "matemtext":
			text := mattext(k)
			if k.Name == "matemtext" {
				text = "<em>" + text + "</em>"
			}
			out.WriteString(text)
		case "mat_formattedtext": // Blackboard's
			if text := k.Content(); strings.EqualFold(k.Attr("type"), "plain_text") {
				out.WriteString(plain(text))
			} else {
				out.WriteString(text)
			}
		case "matbreak":
			out.WriteString("<br>")
		case "matimage":
			src := k.Attr("uri")
			if data := strings.TrimSpace(k.Content()); src == "" && data != "" {
				src = "data:" + k.Attr("imagtype") + ";base64," + strings.Join(strings.Fields(data), "")
			}
			out.WriteString(`<img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(k.Attr("label")) + `">`)
		case "mataudio", "matvideo", "matapplet", "matapplication":
			out.WriteString(`<object src="` + html.EscapeString(k.Attr("uri")) + `"></object>`)
		case "altmaterial":
		default: // a material put in for a reference too
			out.WriteString(material(k))
		}
	}
	return "<div>" + out.String() + "</div>"
}

// mattext is a text as HTML. What doesn't say its type is plain text by the
// specification and HTML in many files.
func mattext(n *xmltree.Node) string {
	if len(n.Elements()) > 0 {
		return n.Inner()
	}
	text := n.Content()
	switch kind := strings.ToLower(n.Attr("texttype")); {
	case strings.Contains(kind, "html"), kind == "text/xml":
		return text
	case kind == "" && exchange.HasHTML(text):
		return text
	}
	return plain(text)
}

// passage keeps a text without a question for those that refer to it.
func (c *classic) passage() {
	text := c.markdown(strings.Join(c.stem, ""))
	if c.tooLong {
		c.add() // which says so
		return
	}
	if strings.TrimSpace(text) == "" {
		c.skip("an item without a question in it")
		return
	}
	p := &passage{where: c.where, stimulus: exam.Stimulus{ID: exam.StimulusID(c.q.SourceID), Title: c.q.Title, Text: text}}
	c.r.order = append(c.r.order, p)
	if c.q.SourceID != "" {
		c.r.passages[c.q.SourceID] = p
	}
}

// unsuited are the types that have no place here, by what question_type and
// cc_profile call them.
var unsuited = map[string]string{
	"essay_question": "an essay", "cc.essay.v0p1": "an essay", "essay": "an essay", "file_upload_question": "a file to upload",
	"short_answer_question": "a short answer", "cc.fib.v0p1": "a fill-in-the-blank", "cc.pattern_match.v0p1": "a pattern to match",
	"fill_in_multiple_blanks_question": "a text with blanks to fill in", "numerical_question": "a number to enter",
	"calculated_question": "a formula with numbers drawn by lot", "hot_spot_question": "a place in a picture", "text_only_question": "",
	// Blackboard's
	"short response": "an essay", "file upload": "a file to upload", "fill in the blank": "a fill-in-the-blank", "fill in the blank plus": "a text with blanks to fill in",
	"calculated": "a formula with numbers drawn by lot", "numeric": "a number to enter", "hot spot": "a place in a picture", "quiz bowl": "a short answer", "opinion scale": "an opinion",
	// Brightspace's
	"long answer": "an essay", "written response": "an essay", "short answer": "a short answer", "multi-short answer": "a short answer", "fill in the blanks": "a text with blanks to fill in",
	"arithmetic": "a formula with numbers drawn by lot", "significant figures": "a formula with numbers drawn by lot", "likert": "an opinion",
}

// remedies say what could be made of the types that are skipped.
var remedies = map[string]string{
	"an opinion":                          "no answer to it is right, and Sextant asks only questions with a key",
	"an essay":                            "Sextant asks only questions with a key",
	"a file to upload":                    "Sextant asks only questions with a key",
	"a short answer":                      "offer the likely answers as options instead",
	"a fill-in-the-blank":                 "offer the likely answers as options instead",
	"a pattern to match":                  "offer the likely answers as options instead",
	"a text with blanks to fill in":       "make a matching of the blanks and their answers instead",
	"a number to enter":                   "offer the likely values as options instead",
	"a formula with numbers drawn by lot": "write it out for one set of numbers, with the likely values as options",
	"a place in a picture":                "name the places and offer them as options instead",
}

func (c *classic) skipType(what string) { c.skip("%s: %s", what, remedies[what]) }

func (c *classic) question() {
	kind := c.kind()
	if c.excessive() {
		return
	}
	if what := c.unanswerable(); what != "" {
		c.skipType(what)
		return
	}
	c.texts()
	c.parent()
	switch {
	case kind == "categorization_question":
		c.categories()
	case len(c.responses) > 1 || kind == "matching_question" || kind == "multiple_dropdowns_question":
		c.pairs()
	case c.responses[0].cardinality == "ordered":
		c.ordering()
	case c.responses[0].kind == "response_grp":
		c.dragged()
	default:
		c.choice(kind)
	}
}

// maxParts bounds what is looked at of one item.
const maxParts = 200

func (it *item) tooMany(n int) bool {
	if n > maxParts {
		it.fault("the question has "+strconv.Itoa(n)+" parts; up to 26 can be asked", "Divide it.")
	}
	return n > maxParts
}

func (c *classic) excessive() bool {
	for _, r := range c.responses {
		if c.tooMany(len(r.labels)) {
			return true
		}
	}
	return c.tooMany(len(c.responses))
}

// unanswerable is what a response asks for that isn't a choice among labels.
func (c *classic) unanswerable() string {
	alike := len(c.responses) > 1
	for _, r := range c.responses {
		switch {
		case r.kind == "response_xy" || r.renders["render_hotspot"]:
			return "a place in a picture"
		case r.kind == "response_num" || r.kind == "response_str" && c.tests("vargte", "varlte", "vargt", "varlt"):
			return "a number to enter"
		case r.renders["render_slider"]:
			return "a number to enter"
		case r.kind == "response_str" && len(c.responses) > 1:
			return "a text with blanks to fill in"
		case r.kind == "response_str" && !c.tests("varequal", "varsubstring", "varinside"):
			return "an essay"
		case r.kind == "response_str":
			return "a short answer"
		case len(r.labels) == 0:
			return "a file to upload"
		}
		for _, l := range r.labels {
			alike = alike && strings.EqualFold(bare(l.html), bare(r.labels[0].html))
		}
	}
	if alike { // every "option" of each blank is a spelling of the same word
		return "a text with blanks to fill in"
	}
	return ""
}

// bare is the plain text of HTML, as far as texts are compared.
func bare(fragment string) string {
	return markup.ToPlain(first(markup.FromHTML(fragment[:min(len(fragment), maxCompared)], nil)))
}

const maxCompared = 64 << 10

func first(s string, _ []string) string { return s }

// tests reports whether the response processing uses one of the tests.
func (c *classic) tests(names ...string) bool {
	var within func(n *xmltree.Node, depth int) bool
	within = func(n *xmltree.Node, depth int) bool {
		for _, k := range n.Elements() {
			if slices.Contains(names, k.Name) || depth < 20 && within(k, depth+1) {
				return true
			}
		}
		return false
	}
	return within(c.root.Child("resprocessing"), 0)
}

// texts sets the question's text: that of the item, and of its response where
// there is one only.
func (c *classic) texts() {
	parts := c.stem
	if len(c.responses) == 1 && !c.single() {
		parts = append(parts, c.responses[0].prompt)
	}
	c.q.Stem, c.q.Ask = exchange.SplitText(c.markdown(strings.Join(parts, "")))
}

// single reports whether the only response is a row of a matching, whose text is
// its prompt.
func (c *classic) single() bool { return c.meta["question_type"] == "matching_question" }

func (c *classic) parent() {
	ident := c.meta["parent_stimulus_item_ident"]
	p := c.r.passages[ident]
	if ident == "" {
		return
	}
	if p == nil {
		c.warn("the text that the question refers to ("+exchange.Shorten(ident, 40)+") isn't in front of it in this file", "Put the text into the question.")
		return
	}
	p.used = true
	if p.shared == nil {
		p.shared = &p.stimulus
	}
	c.q.Stimulus = p.shared
}

// options makes the labels of a response the question's options, and returns
// their idents in the same order.
func (c *classic) options(r *response) []string {
	var ids []string
	for i, l := range r.labels {
		c.q.Options = append(c.q.Options, exam.Option{ID: exchange.Letter(i), Text: c.part(l.html)})
		ids = append(ids, l.ident)
	}
	c.q.FixedOrder = r.fixed
	return ids
}

// judged reads OLAT's rows that are each right or wrong: its key names them
// ident:correct and ident:wrong.
func (c *classic) judged(p *processing, r *response) bool {
	right := map[string]bool{}
	for _, value := range p.positives(r.ident) {
		ident, verdict, _ := strings.Cut(value, ":")
		if verdict != "correct" && verdict != "wrong" {
			return false
		}
		right[ident] = verdict == "correct"
	}
	if len(right) == 0 || slices.ContainsFunc(idents(r), func(ident string) bool { _, ok := right[ident]; return !ok }) {
		return false
	}
	c.q.Type = exam.YesNo
	for _, l := range r.labels {
		c.q.Statements = append(c.q.Statements, exam.Statement{Text: c.part(l.html), Yes: right[l.ident]})
	}
	sortWhole(c.q, c.comments(), answer{r.ident: p.positives(r.ident)}, answer{}, p.run)
	c.add()
	return true
}

// severalKinds are the kinds with several right answers.
var severalKinds = map[string]bool{"multiple_answers_question": true, "cc.multiple_response.v0p1": true, "multiple answer": true, "multi-select": true}

func (c *classic) choice(kind string) {
	r := c.responses[0]
	if severalKinds[kind] {
		r.cardinality = "multiple" // whatever the response says of itself
	}
	p := newProcessing(c.root, c.responses)
	if c.judged(p, r) {
		return
	}
	ids := c.options(r)
	key, score := p.bestChoice(r, ids)
	c.q.Type = exam.Single
	if r.cardinality == "multiple" {
		c.q.Type = exam.Multiple
	}
	if gone := p.unknown(r); score <= 0 && len(gone) > 0 {
		c.fault("the key names an option that the question hasn't got ("+exchange.Shorten(gone[0], 40)+")", "Open the question where it comes from, save it anew and export it again.")
		return
	}
	if len(key) == 0 {
		c.fault("no option is marked as right", "Mark the right answer where the question comes from, and export it again.")
		return
	}
	nothing, _ := p.run(answer{}) // leaving wrong options out may earn something
	for i, id := range ids {
		c.q.Options[i].Key = slices.Contains(key, id)
		if s, _ := p.run(answer{r.ident: {id}}); s != nothing && score > nothing {
			c.q.Options[i].Weight = percent(s-nothing, score-nothing)
		}
	}
	c.severalRight()
	if c.q.Type == exam.Multiple && r.most == len(key) && r.least == r.most && len(key) > 1 {
		c.q.Choose = len(key)
	}
	sortChoice(c.q, c.comments(), ids, r.ident, p.run)
	c.dropBlank()
	trueFalse(c.q)
	c.add()
}

func (c *classic) ordering() {
	r := c.responses[0]
	p := newProcessing(c.root, c.responses)
	ids := c.options(r)
	sequence := p.sequence(r.ident)
	if len(sequence) == 0 {
		sequence = p.places(ids)
	}
	if len(sequence) != len(ids) {
		c.skip("an ordering that leaves some of its steps out: Sextant orders all of them")
		return
	}
	c.q.Type = exam.Ordering
	for i, id := range ids {
		c.q.Options[i].Place = slices.Index(sequence, id) + 1
	}
	wrong := slices.Clone(sequence)
	slices.Reverse(wrong)
	sortWhole(c.q, c.comments(), answer{r.ident: sequence}, answer{r.ident: wrong}, p.run)
	c.add()
}

// pairs reads a matching, or a text with a list of words for each gap: a response
// for each prompt.
func (c *classic) pairs() {
	p := newProcessing(c.root, c.responses)
	c.q.Type = exam.Matching
	byText := map[string]exam.OptionID{}
	right, wrong := answer{}, answer{}
	prompts := map[string]int{}
	gaps, uneven := 0, false
	for i, r := range c.responses {
		options := map[string]exam.OptionID{}
		for _, l := range r.labels {
			text := c.part(l.html)
			if text == "" {
				continue
			}
			id, known := byText[text]
			if !known {
				id = exchange.Letter(len(c.q.Options))
				byText[text] = id
				c.q.Options = append(c.q.Options, exam.Option{ID: id, Text: text})
				uneven = uneven || i > 0
			}
			options[l.ident] = id
		}
		prompt := c.part(r.prompt)
		if strings.Contains(strings.Join(c.stem, ""), "["+bare(r.prompt)+"]") && prompt != "" {
			prompt = markup.FromPlain("[" + bare(r.prompt) + "]")
			gaps++
		}
		key, _ := p.bestChoice(r, idents(r))
		if prompt == "" || len(key) == 0 || options[key[0]] == "" {
			c.warn("a row without a text or without a right answer was left out", "Look whether the question still makes sense.")
			continue
		}
		prompts[r.ident] = len(c.q.Prompts)
		c.q.Prompts = append(c.q.Prompts, exam.Prompt{Text: prompt, Match: options[key[0]]})
		right[r.ident] = key
	}
	if len(c.q.Prompts) == 1 {
		c.onePair(right)
		return
	}
	if uneven && gaps > 0 {
		c.warn("each gap had a list of its own; now every gap offers the words of all", "Look whether each gap still has one right answer.")
	}
	comments := c.onPrompts(prompts)
	sortWhole(c.q, comments, right, wrong, p.run)
	if c.q.Ask == "" {
		c.q.Ask = "Match each item with its counterpart."
	}
	c.q.FixedOrder = c.responses[0].fixed
	mergeOptions(c.q)
	yesNo(c.q)
	c.add()
}

// onePair makes a choice of a matching with one row.
func (c *classic) onePair(right answer) {
	prompt := c.q.Prompts[0]
	c.q.Type, c.q.Prompts = exam.Single, nil
	if !strings.Contains(exchange.JoinText(c.q.Stem, c.q.Ask), prompt.Text) {
		c.q.Stem, c.q.Ask = exchange.JoinText(c.q.Stem, c.q.Ask), prompt.Text
	}
	for i, o := range c.q.Options {
		c.q.Options[i].Key = o.ID == prompt.Match
	}
	for _, r := range c.responses {
		if right[r.ident] == nil || len(r.labels) != len(c.q.Options) {
			continue
		}
		sortChoice(c.q, c.comments(), idents(r), r.ident, newProcessing(c.root, c.responses).run)
	}
	c.add()
}

func idents(r *response) []string {
	var ids []string
	for _, l := range r.labels {
		ids = append(ids, l.ident)
	}
	return ids
}

// onPrompts gives prompts the comments that are on them or on one of their
// answers, and returns the others.
func (c *classic) onPrompts(prompts map[string]int) []comment {
	var others []comment
	for _, f := range c.comments() {
		found := false
		for _, r := range c.responses {
			i, ok := prompts[r.ident]
			on := about(f.id, r.ident) || slices.ContainsFunc(idents(r), func(id string) bool { return about(f.id, id) })
			if ok && on && !found {
				c.q.Prompts[i].Rationale = join(c.q.Prompts[i].Rationale, f.text)
				found = true
			}
		}
		if !found {
			others = append(others, f)
		}
	}
	return others
}

// categories reads items to be sorted into categories: a matching the other way
// round.
func (c *classic) categories() {
	p := newProcessing(c.root, c.responses)
	c.q.Type = exam.Matching
	at := map[string]int{}
	left := 0
	for i, r := range c.responses {
		c.q.Options = append(c.q.Options, exam.Option{ID: exchange.Letter(i), Text: c.part(r.prompt)})
		for _, id := range p.positives(r.ident) {
			for _, l := range r.labels {
				if _, again := at[id]; l.ident != id || again {
					continue
				}
				at[id] = len(c.q.Prompts)
				c.q.Prompts = append(c.q.Prompts, exam.Prompt{Text: c.part(l.html), Match: exchange.Letter(i)})
			}
		}
	}
	for _, l := range c.responses[0].labels {
		if _, used := at[l.ident]; !used {
			left++
		}
	}
	if left > 0 {
		c.warn(strconv.Itoa(left)+" items that belong to no category were left out", "To keep them, add a category for what belongs nowhere.")
	}
	sortWhole(c.q, c.comments(), answer{}, answer{}, p.run)
	mergeOptions(c.q)
	c.add()
}

// dragged reads a response_grp: labels with a match_group are put on those
// without.
func (c *classic) dragged() {
	r := c.responses[0]
	p := newProcessing(c.root, c.responses)
	c.q.Type = exam.Matching
	options := map[string]exam.OptionID{}
	for _, l := range r.labels {
		if len(l.group) == 0 {
			options[l.ident] = exchange.Letter(len(c.q.Options))
			c.q.Options = append(c.q.Options, exam.Option{ID: options[l.ident], Text: c.part(l.html)})
		}
	}
	targets := p.subsets(r.ident)
	for _, l := range r.labels {
		if len(l.group) == 0 {
			continue
		}
		target, ok := options[targets[l.ident]]
		if !ok {
			c.skip("a drag and drop in which an item goes nowhere or to several places: make it a matching")
			return
		}
		c.q.Prompts = append(c.q.Prompts, exam.Prompt{Text: c.part(l.html), Match: target})
	}
	sortWhole(c.q, c.comments(), answer{}, answer{}, p.run)
	mergeOptions(c.q)
	c.add()
}

// comments are the item's feedbacks, each with its text in Markdown. Hints are
// named as such.
func (c *classic) comments() []comment {
	var found []comment
	for _, f := range c.root.All("itemfeedback") {
		text, hints := "", ""
		var walk func(n *xmltree.Node, depth int, hint bool)
		walk = func(n *xmltree.Node, depth int, hint bool) {
			for _, k := range n.Elements() {
				switch {
				case k.Name == "material" && hint:
					hints += material(k)
				case k.Name == "material":
					text += material(k)
				case depth < 20:
					walk(k, depth+1, hint || k.Name == "hint")
				}
			}
		}
		walk(f, 0, false)
		if md := c.markdown(text); md != "" {
			found = append(found, comment{f.Attr("ident"), md})
		}
		if md := c.markdown(hints); md != "" {
			found = append(found, comment{"general_fb", "**Hint:** " + md})
		}
	}
	for _, h := range c.root.All("hint") { // Brightspace has them beside the feedback
		if md := c.markdown(material(h)); md != "" {
			found = append(found, comment{"general_fb", "**Hint:** " + md})
		}
	}
	return found
}
