package qti

import (
	"html"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// single reads a file that is one item of QTI 2 or 3.
func (r *reader) single(text string) {
	if r.full(1) {
		return
	}
	n := r.tree(text, 1, path.Base(r.src))
	if n == nil {
		return
	}
	normalise(n, 0)
	r.modern(n, wrappedHTML.MatchString(text))
}

// wrappedHTML is HTML in a CDATA section, which some systems write where the
// standard has elements.
var wrappedHTML = regexp.MustCompile(`<!\[CDATA\[\s*<[a-zA-Z]`)

// normalise gives the elements and attributes of QTI 3 their names in QTI 2:
// qti-simple-choice is simpleChoice.
func normalise(n *xmltree.Node, depth int) {
	if rest, ok := strings.CutPrefix(n.Name, "qti-"); ok {
		n.Name = camel(rest)
		for i, a := range n.Attrs {
			if !strings.HasPrefix(a.Name, "data-") {
				n.Attrs[i].Name = camel(a.Name)
			}
		}
	}
	if depth > 200 {
		return
	}
	for _, c := range n.Children {
		normalise(c, depth+1)
	}
}

func camel(name string) string {
	parts := strings.Split(name, "-")
	for i, p := range parts {
		if i > 0 && p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

// testReader reads a test: its sections are categories, its items files beside it.
func (r *reader) test(text string) {
	var titles []string
	cut := func(name string) bool { return name == "assessmentItemRef" || name == "qti-assessment-item-ref" }
	was := r.category
	defer func() { r.category = was }()
	elements(text, cut, func(e element) bool {
		switch strings.TrimPrefix(e.name, "qti-") {
		case "assessmentTest", "assessment-test":
			if r.doc.Title == "" && !e.ended {
				r.doc.Title = oneLine(attributes(e).Attr("title"))
			}
		case "assessmentSection", "assessment-section":
			switch {
			case e.ended && len(titles) > 0:
				titles = titles[:len(titles)-1]
			case !e.ended && !strings.HasSuffix(e.tag, "/>") && len(titles) < 100:
				titles = append(titles, oneLine(attributes(e).Attr("title")))
			}
			r.category = strings.Join(slices.DeleteFunc(slices.Clone(titles), func(s string) bool { return s == "" }), "/")
		case "assessmentItemRef", "assessment-item-ref", "assessmentSectionRef", "assessment-section-ref":
			if !e.ended {
				r.itemRef(attributes(e).Attr("href"), e.line)
			}
		}
		return r.met <= maxQuestions
	})
	if r.met == 0 {
		r.doc.Warn(exchange.Place{File: r.src}, "the test holds no questions", "Look whether the right test was exported.")
	}
}

// attributes are those of an element's start tag.
func attributes(e element) *xmltree.Node {
	n, _, err := xmltree.Parse(strings.TrimSuffix(strings.TrimSuffix(e.tag, ">"), "/")+"/>", e.line)
	if err != nil {
		return &xmltree.Node{}
	}
	normalise(n, 0)
	return n
}

// maxDepth is how deep tests and sections refer to files of their own.
const maxDepth = 4

func (r *reader) itemRef(href string, line int) {
	name := r.canonical(path.Join(path.Dir(r.src), unescaped(href)))
	if r.read[name] || len(r.read) > 2*maxQuestions {
		return
	}
	r.read[name] = true
	if r.depth >= maxDepth {
		r.doc.Fault(exchange.Place{File: r.src, Line: line, Name: href}, "tests refer to each other too deeply", "Import the tests one by one.")
		return
	}
	r.depth++
	defer func() { r.depth-- }()
	var data []byte
	ok := false
	if r.beside != nil && href != "" {
		data, ok = r.beside(unescaped(href))
	}
	if !ok {
		r.full(line)
		r.doc.Fault(exchange.Place{File: r.src, Line: line, Name: href}, "the item "+exchange.Shorten(href, 80)+" isn't beside the test", "Import the whole package, or the item by itself.")
		return
	}
	r.file(exchange.Source{Name: name, Data: data}, folderBeside(r.beside, path.Dir(unescaped(href))))
}

// modern is an item of QTI 2 or 3.
type modern struct {
	*item
	root  *xmltree.Node
	body  *xmltree.Node
	found []*xmltree.Node // its interactions, in order
	rp    *responses
	own   bool // written by this program, and perhaps handed on by another
	html  bool // texts may be HTML

	besideTexts map[*xmltree.Node]bool // objects that are the question's stimulus
	about       *metadata
}

// toolName marks the items that this package wrote.
const toolName = "Sextant"

func (r *reader) modern(n *xmltree.Node, wrapped bool) {
	m := &modern{item: r.newItem(n.Line, n.Attr("identifier"), ""), root: n, body: n.Child("itemBody"), own: n.Attr("toolName") == toolName, html: wrapped, besideTexts: map[*xmltree.Node]bool{}}
	m.retitle(n.Attr("title"))
	m.q.Category = r.category
	if m.about = r.about[r.src]; m.about != nil {
		m.own = m.own || m.about.ours()
		m.describe()
	}
	m.find(m.body, 0)
	if what := m.unsuited(); what != "" {
		m.skip("%s", what)
		return
	}
	m.rp = newResponses(n)
	if m.points(); m.parts() {
		m.texts()
		m.feedback()
		m.finish()
	}
}

// retitle names the item. Other systems escape their titles twice.
func (m *modern) retitle(title string) {
	if !m.own {
		title = html.UnescapeString(title)
	}
	if m.q.Title = oneLine(title); m.q.Title != "" {
		m.where.Name = m.q.Title
	}
}

// describe takes over what the package's manifest says of the item.
func (m *modern) describe() {
	if m.about.category != "" {
		m.q.Category = m.about.category
	}
	if m.own {
		m.q.SourceID, m.q.Category = m.about.ident, m.about.category
	}
}

var interactions = map[string]string{
	"choiceInteraction": "", "matchInteraction": "", "orderInteraction": "", "inlineChoiceInteraction": "", "gapMatchInteraction": "",
	"associateInteraction": "", "hottextInteraction": "", "endAttemptInteraction": "",
	"textEntryInteraction": "a short answer", "extendedTextInteraction": "an essay", "uploadInteraction": "a file to upload",
	"hotspotInteraction": "a place in a picture", "selectPointInteraction": "a place in a picture", "graphicOrderInteraction": "places in a picture",
	"graphicAssociateInteraction": "places in a picture", "graphicGapMatchInteraction": "places in a picture", "positionObjectInteraction": "places in a picture",
	"positionObjectStage": "places in a picture", "sliderInteraction": "a number to set", "drawingInteraction": "a drawing", "mediaInteraction": "a recording to play",
	"customInteraction": "an interaction of another program", "portableCustomInteraction": "an interaction of another program",
}

// find gathers the interactions of an item.
func (m *modern) find(n *xmltree.Node, depth int) {
	for _, c := range n.Elements() {
		if _, ok := interactions[c.Name]; ok || strings.HasSuffix(c.Name, "Interaction") {
			if c.Name != "endAttemptInteraction" {
				m.found = append(m.found, c)
			}
			continue
		}
		if depth < 100 {
			m.find(c, depth+1)
		}
	}
}

// unsuited says why an item has no place here; "" when it has one.
func (m *modern) unsuited() string {
	if m.body == nil || len(m.found) == 0 {
		return "an item without a question in it"
	}
	if m.root.Child("templateDeclaration") != nil || m.root.Child("templateProcessing") != nil {
		return "an item with values drawn by lot (template processing): write it out for one set of values"
	}
	gaps := 0
	for _, n := range m.found {
		what, known := interactions[n.Name]
		if !known {
			return "an interaction that isn't known (" + exchange.Shorten(n.Name, 60) + "): ask it as a choice, a matching or an ordering"
		}
		if what != "" {
			return what + " (" + n.Name + "): " + remedyOf(what)
		}
		if n.Name == "inlineChoiceInteraction" {
			gaps++
		}
	}
	if len(m.found) > 1 && gaps != len(m.found) {
		return strconv.Itoa(len(m.found)) + " interactions in one item: make a question of each"
	}
	return ""
}

func remedyOf(what string) string {
	if r := remedies[what]; r != "" {
		return r
	}
	return "ask it as a choice, a matching or an ordering"
}

func (m *modern) points() {
	for _, o := range m.root.All("outcomeDeclaration") {
		value := 0.0
		switch o.Attr("identifier") {
		case "MAXSCORE":
			value, _ = strconv.ParseFloat(strings.TrimSpace(o.Child("defaultValue").Child("value").Content()), 64)
		case "SCORE":
			value, _ = strconv.ParseFloat(o.Attr("normalMaximum"), 64)
		}
		if value > 0 && value < 1e6 && (m.q.Points == 0 || o.Attr("identifier") == "MAXSCORE") {
			m.q.Points = value
		}
	}
}

// parts reads what the interaction offers and which answer is right. It reports
// whether that makes a question.
func (m *modern) parts() bool {
	n := m.found[0]
	switch n.Name {
	case "choiceInteraction":
		return m.choice(n, n.All("simpleChoice"))
	case "hottextInteraction":
		var texts []*xmltree.Node
		descend(n, func(c *xmltree.Node) bool {
			if c.Name == "hottext" {
				texts = append(texts, c)
			}
			return c.Name != "hottext"
		})
		return m.choice(n, texts)
	case "orderInteraction":
		return m.ordering(n)
	case "matchInteraction":
		return m.matching(n)
	case "gapMatchInteraction":
		return m.gaps(n)
	case "associateInteraction":
		return m.associate(n)
	}
	if len(m.found) == 1 {
		return m.choice(n, n.All("inlineChoice"))
	}
	return m.inline()
}

// descend visits the elements below n until visit says not to go deeper.
func descend(n *xmltree.Node, visit func(*xmltree.Node) bool) {
	for _, c := range n.Elements() {
		if visit(c) {
			descend(c, visit)
		}
	}
}

// option adds a choice to the question, without the feedback within it.
func (m *modern) option(c *xmltree.Node) {
	m.q.Options = append(m.q.Options, exam.Option{ID: exchange.Letter(len(m.q.Options)), Text: m.part(m.shown(c))})
}

// inner is an element's content as Markdown, without feedback.
func (m *modern) inner(n *xmltree.Node) string {
	return m.markdown(m.shown(n))
}

// shown is the HTML that learners see of an element before they answer: gaps and
// lists within it are marked, feedback is left out.
func (m *modern) shown(n *xmltree.Node) string {
	var out strings.Builder
	m.show(n, &out, 0)
	return out.String()
}

func (m *modern) show(n *xmltree.Node, out *strings.Builder, depth int) {
	if depth > 200 {
		return
	}
	for _, c := range n.Children {
		switch {
		case c.Name == "" && m.html && isHTML.MatchString(c.Text):
			out.WriteString(c.Text)
		case c.Name == "":
			out.WriteString(html.EscapeString(c.Text))
		case m.besideTexts[c]:
		case slices.Contains(m.found, c):
			out.WriteString(m.place(c, depth))
		case hidden(c):
		case c.Name == "gap":
			out.WriteString("[" + strconv.Itoa(m.gapNumber(c)) + "]")
		case c.Name == "object" && m.pictured(c):
			out.WriteString(`<img src="` + html.EscapeString(c.Attr("data")) + `" alt="` + html.EscapeString(oneLine(c.Content())) + `">`)
		case c.Name == "object" && len(c.Elements()) > 0: // what stands in for it
			m.show(c, out, depth+1)
		case c.Name == "hottext":
			out.WriteString("<strong>")
			m.show(c, out, depth+1)
			out.WriteString("</strong>")
		case len(c.Children) == 0:
			out.WriteString(c.Outer())
		default:
			tag := asHTML(c)
			open, closing, _ := strings.Cut(tag, "\x00")
			out.WriteString(open)
			m.show(c, out, depth+1)
			out.WriteString(closing)
		}
	}
}

var isHTML = regexp.MustCompile(`(?s)^\s*<[a-zA-Z][^<]*>.*>\s*$`)

// pictured reports whether an object is shown as a picture. One that can't be had
// gives way to the elements within it.
func (m *modern) pictured(object *xmltree.Node) bool {
	if !strings.HasPrefix(object.Attr("type"), "image/") {
		return false
	}
	if len(object.Elements()) == 0 {
		return true
	}
	_, err := m.r.image(object.Attr("data"))
	return err == nil
}

// hidden are the elements that learners don't see with the question.
func hidden(n *xmltree.Node) bool {
	switch n.Name {
	case "feedbackInline", "feedbackBlock", "modalFeedback", "templateInline", "templateBlock", "infoControl", "endAttemptInteraction", "companionMaterialsInfo", "catalogInfo":
		return true
	case "rubricBlock":
		view := n.Attr("view")
		return view != "" && !strings.Contains(view, "candidate")
	}
	return false
}

// asHTML are the tags of an element around a NUL. The names that this package
// gives what QTI has no element for are undone.
func asHTML(n *xmltree.Node) string {
	shell := &xmltree.Node{Name: n.Name, Attrs: n.Attrs, Children: []*xmltree.Node{{Text: "\x00"}}}
	switch n.Name {
	case "contentBody", "prompt", "stimulusBody":
		shell.Name, shell.Attrs = "div", nil
	case "span":
		if n.Attr("class") == struckClass {
			shell.Name = "del"
		}
	case "ol":
		if start, ok := strings.CutPrefix(n.Attr("class"), startClass); ok {
			shell.Attrs = append(slices.Clone(n.Attrs), xmltree.Attr{Name: "start", Value: start})
		}
	case "td", "th":
		if align, ok := strings.CutPrefix(n.Attr("class"), alignClass); ok {
			shell.Attrs = append(slices.Clone(n.Attrs), xmltree.Attr{Name: "align", Value: align})
		}
	}
	return shell.Outer()
}

// The classes that stand for what QTI's HTML lacks.
const (
	struckClass = "line-through"
	alignClass  = "qti-align-"
	startClass  = "qti-start-"
)

// place is what is seen where an interaction stands: its prompt, and for those
// within a text the text itself.
func (m *modern) place(n *xmltree.Node, depth int) string {
	switch n.Name {
	case "inlineChoiceInteraction":
		if len(m.found) == 1 {
			return "[…]"
		}
		return "[" + strconv.Itoa(slices.Index(m.found, n)+1) + "]"
	case "gapMatchInteraction", "hottextInteraction":
		rest := &xmltree.Node{Name: "div"}
		for _, c := range n.Children {
			if c.Name != "prompt" && c.Name != "gapText" && c.Name != "gapImg" {
				rest.Children = append(rest.Children, c)
			}
		}
		var out strings.Builder
		m.show(rest, &out, depth+1)
		return "<div>" + out.String() + "</div>" + m.promptHTML(n)
	}
	return m.promptHTML(n)
}

func (m *modern) promptHTML(n *xmltree.Node) string {
	if p := n.Child("prompt"); p != nil {
		return "<div>" + m.shown(p) + "</div>"
	}
	return ""
}

func (m *modern) gapNumber(gap *xmltree.Node) int {
	number, found := 0, 0
	descend(m.found[0], func(c *xmltree.Node) bool {
		if c.Name == "gap" {
			number++
			if c == gap {
				found = number
			}
		}
		return true
	})
	return found
}

// texts sets the question's text. This program's own items keep scenario and
// question, and the text of a case set, apart.
func (m *modern) texts() {
	if m.own {
		m.ownTexts()
		return
	}
	m.stimuli()
	text := m.inner(m.body)
	if ask := m.askOfGaps(text); ask != "" {
		m.q.Stem, m.q.Ask = text, ask
		return
	}
	m.q.Stem, m.q.Ask = exchange.SplitText(text)
}

// askOfGaps is the question of a text with gaps that asks none itself; "" where
// there are no gaps.
func (m *modern) askOfGaps(text string) string {
	n := m.found[0]
	gaps := n.Name == "inlineChoiceInteraction" || n.Name == "gapMatchInteraction"
	if !gaps || strings.HasSuffix(text, "?") || strings.TrimSpace(n.Child("prompt").Content()) != "" {
		return ""
	}
	if m.q.Type == exam.Matching {
		return "Which choice belongs in each gap?"
	}
	return "Which choice belongs in the gap?"
}

func (m *modern) ownTexts() {
	rest := &xmltree.Node{Name: "div"}
	for _, c := range m.body.Children {
		if class := c.Attr("class"); c.Name == "div" && class == stimulusClass {
			m.q.Stimulus = &exam.Stimulus{Text: m.inner(c)}
		} else if c.Name == "div" && class == askClass {
			m.q.Ask = m.inner(c)
		} else if !slices.Contains(m.found, c) {
			rest.Children = append(rest.Children, c)
		}
	}
	m.q.Stem = m.inner(rest)
	if p := m.found[0].Child("prompt"); p != nil {
		m.q.Ask = m.inner(p)
	}
	if m.q.Ask == "" { // another system wrote the item anew
		m.q.Stem, m.q.Ask = exchange.SplitText(m.q.Stem)
	}
}

// The classes of the parts of an item's body that this package writes.
const (
	stimulusClass = "stimulus"
	askClass      = "ask"
)

// finish puts labels and the forms of certain types right, and takes the
// question in.
func (m *modern) finish() {
	labels := m.labels()
	if m.own {
		if m.q.Title == string(m.q.ID) {
			m.q.Title = ""
		}
		m.q.OneToOne = m.q.Type == exam.Matching && labels.OneToOne
		if labels.YesNo {
			yesNo(m.q)
		}
		m.add()
		return
	}
	switch m.q.Type {
	case exam.Single, exam.Multiple:
		m.dropBlank()
		trueFalse(m.q)
	case exam.Matching:
		mergeOptions(m.q)
		yesNo(m.q)
	case exam.Ordering, exam.YesNo:
	}
	m.add()
}

// labels takes the item's tags and this program's labels from the manifest.
func (m *modern) labels() exchange.Labelled {
	var found exchange.Labelled
	if m.about == nil {
		return found
	}
	found = exchange.TakeLabels(m.q, m.about.keywords)
	switch {
	case found.Case == nil:
		if m.own {
			m.q.Stimulus = nil
		}
	case m.q.Stimulus != nil:
		m.q.Stimulus = m.r.shared(found.Case, m.q.Stimulus.Text)
	}
	return found
}

// shared is the one case set of its id and text.
func (r *reader) shared(set *exam.Stimulus, text string) *exam.Stimulus {
	set.Text = text
	key := "case\x00" + string(set.ID) + "\x00" + set.Title + "\x00" + text
	if p := r.passages[key]; p != nil {
		return &p.stimulus
	}
	p := &passage{stimulus: *set, used: true}
	r.passages[key] = p
	return &p.stimulus
}

func unescaped(href string) string {
	if plain, err := pathUnescape(href); err == nil {
		return plain
	}
	return href
}

// gapText names the n-th gap of a text.
func gapText(n int) string { return markup.FromPlain("[" + strconv.Itoa(n) + "]") }
