package qti

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
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

// Version is a version of QTI that WritePackage writes.
type Version string

// The versions.
const (
	V22 Version = "2.2"
	V30 Version = "3.0"
)

// dialect is how a version spells what is the same in both.
type dialect struct {
	namespace, schema        string
	manifest, manifestSchema string
	lomSchema                string
	schemaName, schemaNumber string
	itemType, testType       string
	kebab                    bool
}

var dialects = map[Version]dialect{
	V22: {
		namespace: "http://www.imsglobal.org/xsd/imsqti_v2p2", schema: "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
		manifest: "http://www.imsglobal.org/xsd/imscp_v1p1", manifestSchema: "http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
		lomSchema:  "http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd",
		schemaName: "QTIv2.2 Package", schemaNumber: "1.0.0", itemType: "imsqti_item_xmlv2p2", testType: "imsqti_test_xmlv2p2",
	},
	V30: {
		namespace: "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", schema: "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd",
		manifest: "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", manifestSchema: "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
		lomSchema:  "https://purl.imsglobal.org/spec/md/v1p3/schema/xsd/imsmd_loose_v1p3p2.xsd",
		schemaName: "QTI Package", schemaNumber: "3.0.0", itemType: "imsqti_item_xmlv3p0", testType: "imsqti_test_xmlv3p0", kebab: true,
	},
}

// The files of a package beside its manifest.
const (
	testFile    = "test.xml"
	itemFolder  = "items/"
	imageFolder = "images/"
)

// WritePackage writes questions as a content package: a file for each question,
// the images they show, a test that lists them, and the manifest, which also
// holds categories, tags and this program's own labels. It returns an error for a
// version it doesn't know, or what writing to w returns.
func WritePackage(w io.Writer, version Version, questions []*exam.Question, media map[string]exchange.Media) error {
	d, ok := dialects[version]
	if !ok {
		return fmt.Errorf("QTI %s isn't written; choose %s or %s", version, V22, V30)
	}
	p := &packageWriter{dialect: d, zip: zip.NewWriter(w), media: media, names: map[string]bool{}, images: map[string]bool{}}
	for _, q := range questions {
		if err := p.add(q); err != nil {
			return err
		}
	}
	if err := p.addImages(); err != nil {
		return err
	}
	if err := p.file(testFile, p.test()); err != nil {
		return err
	}
	if err := p.file(manifestName, p.contents()); err != nil {
		return err
	}
	return p.zip.Close()
}

// Losses are what a package can't hold of the questions.
func Losses(questions []*exam.Question) []exchange.Loss {
	var losses []exchange.Loss
	for _, q := range questions {
		if q.Type != exam.Single && q.Type != exam.Multiple && slices.ContainsFunc(q.Options, func(o exam.Option) bool { return o.Weight != 0 }) {
			losses = append(losses, exchange.Loss{Question: q.ID, What: "the weights of the parts"})
		}
		if slices.ContainsFunc(exchange.Texts(q), func(text *string) bool { return invisible(*text) }) {
			losses = append(losses, exchange.Loss{Question: q.ID, What: "a text of which nothing is shown: it is a comment, raw HTML or the address of a link"})
		}
	}
	return losses
}

// invisible reports whether a text shows nothing to learners and so isn't
// written.
func invisible(markdown string) bool {
	text := strings.TrimSpace(markdown)
	return (strings.HasPrefix(text, "<") || strings.HasPrefix(text, "[")) && markup.Normal(text) == ""
}

type packageWriter struct {
	dialect
	zip    *zip.Writer
	media  map[string]exchange.Media
	names  map[string]bool
	images map[string]bool
	items  []writtenItem
}

type writtenItem struct {
	name   string // identifier, and the file's name
	q      *exam.Question
	images []string // their files
}

func (p *packageWriter) file(name, content string) error {
	f, err := p.zip.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, content)
	return err
}

var notName = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// name is an identifier for a question that no other has.
func (p *packageWriter) name(q *exam.Question) string {
	base := string(q.ID)
	if base == "" {
		base = q.SourceID
	}
	base = strings.Trim(notName.ReplaceAllString(base, "-"), "-.")
	if base == "" {
		base = "question"
	}
	if len(base) > 80 {
		base = base[:80]
	}
	if !letter(base[0]) {
		base = "q-" + base
	}
	name := base
	for i := 2; p.names[strings.ToLower(name)]; i++ {
		name = base + "-" + strconv.Itoa(i)
	}
	p.names[strings.ToLower(name)] = true
	return name
}

func (p *packageWriter) add(q *exam.Question) error {
	w := &itemWriter{packageWriter: p, name: p.name(q), q: q}
	content := w.item()
	p.items = append(p.items, writtenItem{w.name, q, w.shown})
	return p.file(itemFolder+w.name+".xml", content)
}

func (p *packageWriter) addImages() error {
	for _, key := range sortedKeys(p.images) {
		f, err := p.zip.Create(imageFolder + key)
		if err != nil {
			return err
		}
		if _, err := f.Write(p.media[key].Data); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// tag writes an element with attributes in pairs around content, in the names of
// the version.
func (d dialect) tag(name, content string, attributes ...string) string {
	name = d.spell(name)
	var out strings.Builder
	out.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		key := attributes[i]
		if d.kebab && !strings.Contains(key, ":") && key != "xmlns" {
			key = kebab(key)
		}
		out.WriteString(" " + key + `="` + escape(attributes[i+1]) + `"`)
	}
	if content == "" {
		out.WriteString("/>")
		return out.String()
	}
	out.WriteString(">" + content + "</" + name + ">")
	return out.String()
}

func (d dialect) spell(name string) string {
	if !d.kebab {
		return name
	}
	return "qti-" + kebab(name)
}

func kebab(name string) string {
	var out strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			out.WriteByte('-')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}

func escape(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(xmltree.Clean(s)))
	return out.String()
}

const header = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func (d dialect) root(name, content string, attributes ...string) string {
	base := []string{
		"xmlns", d.namespace, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", d.namespace + " " + d.schema,
	}
	return header + d.tag(name, content, append(base, attributes...)...) + "\n"
}

// itemWriter writes one question.
type itemWriter struct {
	*packageWriter
	name  string
	q     *exam.Question
	shown []string
}

// html is a Markdown text in the HTML that QTI has: what it lacks is written as a
// class that reading undoes.
func (w *itemWriter) html(markdown string) string {
	text := markup.ToHTML(markdown, func(key string) string {
		if _, held := w.media[key]; !held || path.Base(key) != key {
			return ""
		}
		if !slices.Contains(w.shown, imageFolder+key) {
			w.shown = append(w.shown, imageFolder+key)
		}
		w.images[key] = true
		return "../" + imageFolder + key
	})
	text = struck.Replace(text)
	text = numbered.ReplaceAllString(text, `<ol class="`+startClass+`$1">`)
	return withBodies(aligned.ReplaceAllString(text, `<$1 class="`+alignClass+`$2">`))
}

// withBodies gives the tables that have a head only the body that they need.
func withBodies(text string) string {
	tables := strings.Split(text, "<table>")
	for i, t := range tables {
		if inner, rest, closed := strings.Cut(t, "</table>"); closed && i > 0 && !strings.Contains(inner, "<tbody>") {
			tables[i] = headOnly.Replace(inner) + "</table>" + rest
		}
	}
	return strings.Join(tables, "<table>")
}

var (
	struck   = strings.NewReplacer("<del>", `<span class="`+struckClass+`">`, "</del>", "</span>")
	headOnly = strings.NewReplacer("<thead>", "<tbody>", "</thead>", "</tbody>")
	numbered = regexp.MustCompile(`<ol start="(\d+)">`)
	aligned  = regexp.MustCompile(`<(t[dh]) align="(left|right|center)">`)
)

// inline is a text for a place that takes a line: without the paragraph around
// it where it is one.
func (w *itemWriter) inline(markdown string) (text string, oneLine bool) {
	block := w.html(markdown)
	inner, opened := strings.CutPrefix(block, "<p>")
	inner, closed := strings.CutSuffix(inner, "</p>")
	if opened && closed && !strings.Contains(inner, "<p>") {
		return inner, true
	}
	return block, false
}

func (w *itemWriter) line(markdown string) string {
	text, _ := w.inline(markdown)
	return text
}

// item is the question's file.
func (w *itemWriter) item() string {
	title := w.q.Title
	if title == "" {
		title = string(w.q.ID)
	}
	var out strings.Builder
	out.WriteString(w.responseDeclaration())
	out.WriteString(w.tag("outcomeDeclaration", w.floatDefault(0), "identifier", "SCORE", "cardinality", "single", "baseType", "float", "normalMaximum", format(w.mark())))
	out.WriteString(w.tag("outcomeDeclaration", w.floatDefault(w.mark()), "identifier", "MAXSCORE", "cardinality", "single", "baseType", "float"))
	comments := w.comments()
	if len(comments) > 0 {
		out.WriteString(w.tag("outcomeDeclaration", "", "identifier", commentOutcome, "cardinality", "multiple", "baseType", "identifier"))
		out.WriteString(w.tag("outcomeDeclaration", "", "identifier", replyOutcome, "cardinality", "multiple", "baseType", "identifier"))
	}
	out.WriteString("\n" + w.body())
	out.WriteString("\n" + w.processing(comments))
	for _, c := range comments {
		out.WriteString(w.modal(c))
	}
	return w.root("assessmentItem", "\n"+out.String()+"\n", "identifier", w.name, "title", title, "adaptive", "false", "timeDependent", "false", "toolName", toolName)
}

// mark is what the question is worth.
func (w *itemWriter) mark() float64 {
	if w.q.Points > 0 {
		return w.q.Points
	}
	return 1
}

func (w *itemWriter) floatDefault(x float64) string {
	return w.tag("defaultValue", w.tag("value", format(x)))
}

func (w *itemWriter) weighted() bool {
	return slices.ContainsFunc(w.q.Options, func(o exam.Option) bool { return o.Weight != 0 }) && (w.q.Type == exam.Single || w.q.Type == exam.Multiple)
}

func (w *itemWriter) responseDeclaration() string {
	cardinality, base := "multiple", "identifier"
	var correct []string
	switch w.q.Type {
	case exam.Single:
		cardinality = "single"
		fallthrough
	case exam.Multiple:
		for _, o := range w.q.Options {
			if o.Key {
				correct = append(correct, string(o.ID))
			}
		}
	case exam.Ordering:
		cardinality = "ordered"
		correct = make([]string, len(w.q.Options))
		for _, o := range w.q.Options {
			if o.Place >= 1 && o.Place <= len(correct) {
				correct[o.Place-1] = string(o.ID)
			}
		}
	case exam.Matching, exam.YesNo:
		base = "directedPair"
		for i, row := range w.matchRows() {
			correct = append(correct, rowID(i)+" "+row.match)
		}
	}
	var content strings.Builder
	for _, v := range correct {
		content.WriteString(w.tag("value", escape(v)))
	}
	inner := w.tag("correctResponse", content.String())
	if w.weighted() {
		inner += w.mapping()
	}
	return w.tag("responseDeclaration", inner, "identifier", "RESPONSE", "cardinality", cardinality, "baseType", base)
}

func (w *itemWriter) mapping() string {
	var entries strings.Builder
	for i, o := range w.q.Options {
		value := exchange.Weight(w.q, i) / 100 * w.mark()
		entries.WriteString(w.tag("mapEntry", "", "mapKey", string(o.ID), "mappedValue", format(value)))
	}
	return w.tag("mapping", entries.String(), "defaultValue", "0")
}

// row is a row of a matching, or a statement.
type row struct{ text, match string }

func (w *itemWriter) matchRows() []row {
	var rows []row
	for _, p := range w.q.Prompts {
		rows = append(rows, row{p.Text, string(p.Match)})
	}
	for _, s := range w.q.Statements {
		match := "No"
		if s.Yes {
			match = "Yes"
		}
		rows = append(rows, row{s.Text, match})
	}
	return rows
}

func rowID(i int) string { return "P" + strconv.Itoa(i+1) }

// body is the text that the question's case set shares, the scenario, the
// question and what it offers. A question of several blocks stands outside the
// prompt, which takes a line only.
func (w *itemWriter) body() string {
	var out strings.Builder
	if s := w.q.Stimulus; s != nil {
		out.WriteString(`<div class="` + stimulusClass + `">` + w.html(s.Text) + "</div>\n")
	}
	out.WriteString(w.html(w.q.Stem))
	prompt, oneLine := w.inline(w.q.Ask)
	if oneLine {
		prompt = w.tag("prompt", prompt)
	} else {
		out.WriteString(`<div class="` + askClass + `">` + prompt + "</div>")
		prompt = ""
	}
	out.WriteString(w.interaction(prompt))
	return w.tag("itemBody", "\n"+out.String()+"\n")
}

func (w *itemWriter) interaction(prompt string) string {
	shuffle := strconv.FormatBool(!w.q.FixedOrder)
	var choices strings.Builder
	for _, o := range w.q.Options {
		choices.WriteString("\n" + w.tag("simpleChoice", w.line(o.Text), "identifier", string(o.ID)))
	}
	switch w.q.Type {
	case exam.Single:
		return w.tag("choiceInteraction", prompt+choices.String(), "responseIdentifier", "RESPONSE", "shuffle", shuffle, "maxChoices", "1")
	case exam.Multiple:
		attributes := []string{"responseIdentifier", "RESPONSE", "shuffle", shuffle, "maxChoices", strconv.Itoa(w.q.Choose)}
		if w.q.Choose > 0 {
			attributes = append(attributes, "minChoices", strconv.Itoa(w.q.Choose))
		}
		return w.tag("choiceInteraction", prompt+choices.String(), attributes...)
	case exam.Ordering:
		return w.tag("orderInteraction", prompt+choices.String(), "responseIdentifier", "RESPONSE", "shuffle", shuffle)
	case exam.Matching, exam.YesNo:
	}
	return w.match(prompt)
}

func (w *itemWriter) match(prompt string) string {
	var left, right strings.Builder
	rows := w.matchRows()
	for i, r := range rows {
		left.WriteString("\n" + w.tag("simpleAssociableChoice", w.line(r.text), "identifier", rowID(i), "matchMax", "1"))
	}
	most := strconv.Itoa(len(rows))
	if w.q.OneToOne {
		most = "1"
	}
	for _, o := range w.q.Options {
		right.WriteString("\n" + w.tag("simpleAssociableChoice", w.line(o.Text), "identifier", string(o.ID), "matchMax", most))
	}
	shuffle := strconv.FormatBool(!w.q.FixedOrder)
	if w.q.Type == exam.YesNo {
		shuffle = "false"
		for _, word := range []string{"Yes", "No"} {
			right.WriteString("\n" + w.tag("simpleAssociableChoice", word, "identifier", word, "matchMax", most))
		}
	}
	sets := w.tag("simpleMatchSet", left.String()) + w.tag("simpleMatchSet", right.String())
	return w.tag("matchInteraction", prompt+sets, "responseIdentifier", "RESPONSE", "shuffle", shuffle, "maxAssociations", strconv.Itoa(len(rows)))
}

// said is a comment of an item: markdown, or markup where that is set.
type said struct{ outcome, id, title, markdown, markup string }

// comments are the item's feedbacks: on each option, on the whole, on right and
// wrong answers. What learners need to be told apart has a title.
func (w *itemWriter) comments() []said {
	var all []said
	add := func(s said) {
		if s.markdown != "" || s.markup != "" {
			all = append(all, s)
		}
	}
	chosen := w.q.Type == exam.Single || w.q.Type == exam.Multiple
	for i, o := range w.q.Options {
		if chosen {
			add(said{outcome: commentOutcome, id: string(o.ID), markdown: o.Rationale})
			continue
		}
		add(said{replyOutcome, idReason + string(o.ID), "Reason " + string(exchange.Letter(i)), o.Rationale, ""})
	}
	for i, p := range w.q.Prompts {
		add(said{replyOutcome, idReason + rowID(i), "Reason " + strconv.Itoa(i+1), p.Rationale, ""})
	}
	for i, s := range w.q.Statements {
		add(said{replyOutcome, idReason + rowID(i), "Reason " + strconv.Itoa(i+1), s.Rationale, ""})
	}
	add(said{outcome: replyOutcome, id: idRight, markdown: w.q.Replies.Right})
	add(said{outcome: replyOutcome, id: idPartly, markdown: w.q.Replies.Partly})
	add(said{outcome: replyOutcome, id: idWrong, markdown: w.q.Replies.Wrong})
	add(said{outcome: replyOutcome, id: idGeneral, markdown: w.q.Explanation})
	add(said{replyOutcome, idRemember, "Remember", w.q.Remember, ""})
	add(said{replyOutcome, idReferences, "References", "", references(w.q)})
	return all
}

func references(q *exam.Question) string {
	var out strings.Builder
	for _, r := range q.References {
		out.WriteString(`<li><a href="` + escape(r.URL) + `">` + escape(r.Title) + "</a></li>")
	}
	if out.Len() == 0 {
		return ""
	}
	return "<ul>" + out.String() + "</ul>"
}

func (w *itemWriter) modal(s said) string {
	content := s.markup
	if content == "" {
		content = w.html(s.markdown)
	}
	if w.kebab {
		content = w.tag("contentBody", content)
	}
	attributes := []string{"outcomeIdentifier", s.outcome, "identifier", s.id, "showHide", "show"}
	if s.title != "" {
		attributes = append(attributes, "title", s.title)
	}
	return "\n" + w.tag("modalFeedback", content, attributes...)
}

// processing scores an answer and brings up the comments on it. Without comments
// and weights the standard's own template does.
func (w *itemWriter) processing(comments []said) string {
	commented := len(comments) > 0
	if !commented && !w.weighted() && w.mark() == 1 {
		return w.tag("responseProcessing", "", "template", w.templates()+"match_correct")
	}
	set := func(outcome, value string) string { return w.tag("setOutcomeValue", value, "identifier", outcome) }
	response := w.tag("variable", "", "identifier", "RESPONSE")
	right := w.tag("match", response+w.tag("correct", "", "identifier", "RESPONSE"))
	say := func(id string) string {
		if !commented {
			return ""
		}
		ids := w.baseID(id)
		for _, c := range comments {
			if c.outcome == replyOutcome && c.id != idRight && c.id != idPartly && c.id != idWrong {
				ids += w.baseID(c.id)
			}
		}
		return set(replyOutcome, w.tag("multiple", ids))
	}
	var branches string
	if w.weighted() {
		score := w.tag("mapResponse", "", "identifier", "RESPONSE")
		partly := w.tag("gt", w.tag("variable", "", "identifier", "SCORE")+w.tag("baseValue", "0", "baseType", "float"))
		branches = set("SCORE", score)
		if commented {
			branches += w.tag("responseCondition", w.tag("responseIf", right+say(idRight))+w.tag("responseElseIf", partly+say(idPartly))+w.tag("responseElse", say(idWrong)))
		}
	} else {
		whole := set("SCORE", w.tag("variable", "", "identifier", "MAXSCORE"))
		branches = w.tag("responseIf", right+whole+say(idRight))
		if commented {
			branches += w.tag("responseElse", say(idWrong))
		}
		branches = w.tag("responseCondition", branches)
	}
	if commented && (w.q.Type == exam.Single || w.q.Type == exam.Multiple) {
		branches += set(commentOutcome, w.tag("multiple", response))
	}
	return w.tag("responseProcessing", branches)
}

func (w *itemWriter) baseID(id string) string {
	return w.tag("baseValue", id, "baseType", "identifier")
}

func (w *itemWriter) templates() string {
	if w.kebab {
		return "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
	}
	return "http://www.imsglobal.org/question/qti_v2p2/rptemplates/"
}

// test lists the items.
func (p *packageWriter) test() string {
	var refs strings.Builder
	for _, it := range p.items {
		refs.WriteString("\n" + p.tag("assessmentItemRef", "", "identifier", it.name, "href", itemFolder+it.name+".xml"))
	}
	section := p.tag("assessmentSection", refs.String(), "identifier", "questions", "title", "Questions", "visible", "false")
	part := p.tag("testPart", section, "identifier", "part", "navigationMode", "nonlinear", "submissionMode", "simultaneous")
	outcome := p.tag("outcomeDeclaration", "", "identifier", "SCORE", "cardinality", "single", "baseType", "float")
	return p.root("assessmentTest", outcome+part, "identifier", "test", "title", "Questions")
}

const lomNamespace = "http://ltsc.ieee.org/xsd/LOM"

// contents is the manifest.
func (p *packageWriter) contents() string {
	plain := dialect{}
	var out strings.Builder
	out.WriteString(header + `<manifest xmlns="` + p.manifest + `" xmlns:imsmd="` + lomNamespace + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="` +
		p.manifest + " " + p.manifestSchema + " " + lomNamespace + " " + p.lomSchema + `" identifier="manifest">` + "\n")
	out.WriteString("<metadata><schema>" + p.schemaName + "</schema><schemaversion>" + p.schemaNumber + "</schemaversion></metadata>\n<organizations/>\n<resources>\n") //nolint:misspell // the element's name
	var dependencies strings.Builder
	for _, it := range p.items {
		dependencies.WriteString(plain.tag("dependency", "", "identifierref", "item-"+it.name))
	}
	out.WriteString(plain.tag("resource", plain.tag("file", "", "href", testFile)+dependencies.String(), "identifier", "test", "type", p.testType, "href", testFile) + "\n")
	for _, it := range p.items {
		href := itemFolder + it.name + ".xml"
		content := p.describe(it.q) + plain.tag("file", "", "href", href)
		for _, image := range it.images {
			content += plain.tag("file", "", "href", image)
		}
		out.WriteString(plain.tag("resource", content, "identifier", "item-"+it.name, "type", p.itemType, "href", href) + "\n")
	}
	out.WriteString("</resources>\n</manifest>\n")
	return out.String()
}

// describe is what the manifest says of a question: its title, where it came
// from, its tags and labels, its category.
func (p *packageWriter) describe(q *exam.Question) string {
	plain := dialect{}
	text := func(name, content string) string {
		return plain.tag("imsmd:"+name, plain.tag("imsmd:string", escape(content), "language", "en"))
	}
	general := ""
	if q.SourceID != "" {
		general += plain.tag("imsmd:identifier", plain.tag("imsmd:entry", escape(q.SourceID)))
	}
	if q.Title != "" {
		general += text("title", q.Title)
	}
	for _, label := range exchange.Labels(q) {
		general += text("keyword", label)
	}
	lom := ""
	if general != "" {
		lom = plain.tag("imsmd:general", general)
	}
	if q.Category != "" {
		taxons := ""
		for part := range strings.SplitSeq(q.Category, "/") {
			taxons += plain.tag("imsmd:taxon", text("entry", part))
		}
		purpose := plain.tag("imsmd:purpose", plain.tag("imsmd:source", "LOMv1.0")+plain.tag("imsmd:value", "discipline"))
		source := plain.tag("imsmd:source", plain.tag("imsmd:string", "Category", "language", "en"))
		lom += plain.tag("imsmd:classification", purpose+plain.tag("imsmd:taxonPath", source+taxons))
	}
	if lom == "" {
		return ""
	}
	return plain.tag("metadata", plain.tag("imsmd:lom", lom))
}
