// Package qti reads the question files of the 1EdTech (IMS) specifications: QTI
// 1.2 as Canvas, Blackboard and others write it, QTI 2.0 to 2.2, QTI 3.0, content
// packages of them and Common Cartridges; and it writes content packages of QTI
// 2.2 and 3.0.
//
// What an item scores and says is found by answering it: its response processing
// is run on each option, on the key and on a wrong answer.
package qti

import (
	"errors"
	"fmt"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/xmltree"
)

// Bounds on one file.
const (
	maxQuestions = 100_000
	maxText      = 1 << 20 // bytes of HTML, without the images in it
)

// Read reads one XML file of QTI 1.2, 2.x or 3.0: a bank, a test or an item.
// Images, stimuli and a test's items are found with beside.
func Read(src exchange.Source, beside exchange.Beside) *exchange.Document {
	r := newReader(src.Name)
	r.read[src.Name] = true
	beside = belowOnly(beside)
	r.top = beside
	r.file(src, beside)
	r.finish()
	return r.doc
}

// reader collects what the files of one import hold.
type reader struct {
	doc      *exchange.Document
	src      string          // the file that is being read
	beside   exchange.Beside // relative to it
	top      exchange.Beside // relative to where reading began
	met      int
	depth    int // of files that refer to each other
	passages map[string]*passage
	order    []*passage
	about    map[string]*metadata // by file: what the manifest says of an item
	category string
	read     map[string]bool // files read already
	packed   bool            // they come from a package
	// canonical is a file's name as its archive spells it.
	canonical func(name string) string
}

// passage is a text that several questions refer to.
type passage struct {
	stimulus exam.Stimulus
	where    exchange.Place
	used     bool
	shared   *exam.Stimulus
}

func newReader(name string) *reader {
	return &reader{
		doc: &exchange.Document{Name: name}, passages: map[string]*passage{}, about: map[string]*metadata{}, read: map[string]bool{},
		canonical: func(name string) string { return name },
	}
}

// finish tells of the texts that no question refers to.
func (r *reader) finish() {
	for _, p := range r.order {
		if !p.used {
			r.doc.Skip(p.where, "a text that no question refers to: put it in front of the question that it belongs to")
		}
	}
}

// file reads one file into the document.
func (r *reader) file(src exchange.Source, beside exchange.Beside) {
	wasSrc, wasBeside := r.src, r.beside
	r.src, r.beside = src.Name, beside
	defer func() { r.src, r.beside = wasSrc, wasBeside }()
	text, ok := r.decode(src.Data)
	if !ok {
		return
	}
	root := rootName(text)
	switch root {
	case "questestinterop", "assessment", "section", "item", "objectbank":
		r.setFormat(exchange.QTI12)
		r.bank(text)
	case "assessmentItem", "qti-assessment-item":
		r.setFormat(formatOf(root))
		r.single(text)
	case "assessmentTest", "qti-assessment-test", "assessmentSection", "qti-assessment-section":
		r.setFormat(formatOf(root))
		r.test(text)
	case "assessmentStimulus", "qti-assessment-stimulus":
		r.setFormat(formatOf(root))
		r.stimulusFile(text)
	case "manifest":
		r.manifestAlone()
	default:
		r.doc.Fault(exchange.Place{File: r.src}, "this XML isn't QTI: it begins with <"+exchange.Shorten(root, 40)+">", "Export the questions as QTI, or as a zip package, and import that file.")
	}
}

func formatOf(root string) exchange.Format {
	if strings.HasPrefix(root, "qti-") {
		return exchange.QTI3
	}
	return exchange.QTI2
}

func (r *reader) setFormat(f exchange.Format) {
	if r.doc.Format == "" {
		r.doc.Format = f
	}
}

func (r *reader) manifestAlone() {
	r.setFormat(exchange.QTI2)
	r.doc.Fault(exchange.Place{File: r.src}, "this is the table of contents of a package, without its questions", "Import the zip file that it lies in.")
}

func (r *reader) decode(data []byte) (text string, ok bool) {
	return xmltree.Open(r.doc, r.src, data, xmltree.Kind{
		Name: "QTI", Again: "Export the file again, as UTF-8.", Split: "Export the quizzes or banks one by one.",
		Page: "Export the quiz as QTI and import the file that is downloaded; a page saved from the browser holds no questions.",
	})
}

// rootName is the name of the first element.
func rootName(text string) string {
	name := ""
	elements(text, func(string) bool { return false }, func(e element) bool {
		name = e.name
		return false
	})
	return name
}

// Recognises reports whether a text begins as one of the files that Read reads.
func Recognises(text string) bool {
	switch rootName(text[:min(len(text), maxDoctype+maxTag)]) {
	case "questestinterop", "assessmentItem", "qti-assessment-item", "assessmentTest", "qti-assessment-test", "assessmentSection", "qti-assessment-section":
		return true
	}
	return false
}

// tree parses one element; what is broken becomes a fault.
func (r *reader) tree(text string, line int, name string) *xmltree.Node {
	n, mended, err := xmltree.Parse(text, line)
	if err != nil {
		where := exchange.Place{File: r.src, Line: line, Name: name}
		message := err.Error()
		if broken := (*xmltree.Error)(nil); errors.As(err, &broken) {
			where.Line, message = broken.Line, broken.Message
		}
		if n, _, again := xmltree.Parse(balanced(text), line); again == nil && n != nil {
			r.doc.Warn(where, "the XML is broken here and was mended: "+message, "Look at the question; it may lack something.")
			return n
		}
		r.doc.Fault(where, "the XML is broken here: "+message, "Correct it in the file, or export the question again; the others are not affected.")
		return nil
	}
	if mended {
		r.doc.Warn(exchange.Place{File: r.src, Line: line, Name: name}, "a stray & or a forbidden character was mended", "Look at the question's text.")
	}
	return n
}

// full reports, once, that no more questions are taken.
func (r *reader) full(line int) bool {
	r.met++
	if r.met == maxQuestions+1 {
		r.doc.Fault(exchange.Place{File: r.src, Line: line}, fmt.Sprintf("there are more than %d questions; what follows was not read", maxQuestions), "Export the banks one by one.")
	}
	return r.met > maxQuestions
}

// item is a question on its way in.
type item struct {
	r     *reader
	q     *exam.Question
	where exchange.Place

	lost, warned []string
	tooLong      bool // one of its texts
}

func (r *reader) newItem(line int, ident, title string) *item {
	name := title
	if name == "" {
		name = ident
	}
	it := &item{r: r, q: &exam.Question{SourceID: ident, Title: title}, where: exchange.Place{File: r.src, Line: line, Name: name}}
	return it
}

func (it *item) skip(format string, args ...any) { it.r.doc.Skip(it.where, format, args...) }

func (it *item) fault(message, remedy string) { it.r.doc.Fault(it.where, message, remedy) }

// warn tells of the same thing once.
func (it *item) warn(message, remedy string) {
	if slices.Contains(it.warned, message) {
		return
	}
	it.warned = append(it.warned, message)
	it.r.doc.Warn(it.where, message, remedy)
}

// markdown is the Markdown of HTML of the item, with its images taken in.
func (it *item) markdown(fragment string) string {
	if len(fragment) > maxText && (!strings.Contains(fragment, ";base64,") || len(inlineData.ReplaceAllString(fragment, "")) > maxText) {
		it.tooLong = true
		return ""
	}
	text, lost := markup.FromHTML(fragment, it.attach)
	for _, l := range lost {
		if !strings.HasPrefix(l, "the image ") && !slices.Contains(it.lost, l) { // attach has told of those, and why
			it.lost = append(it.lost, l)
		}
	}
	return exchange.CleanText(text)
}

var inlineData = regexp.MustCompile(`data:[\w/+.-]+;base64,[\w/+=\s]*`)

func (it *item) attach(src, _ string) (key string, ok bool) {
	key, err := it.r.image(src)
	if err != nil {
		it.warn(err.Error(), "Put the image where the file says, or leave it out; the alternative text stands in its place.")
		return "", false
	}
	return key, true
}

// image takes in the image of an address. Unlike Document.Attach it lets the
// address lead up from the item's folder: the finders see to it that it doesn't
// lead out of the package.
func (r *reader) image(src string) (key string, err error) {
	if strings.HasPrefix(src, "data:") || strings.HasPrefix(src, "//") || strings.Contains(src, "://") {
		return r.doc.Attach(src, nil)
	}
	name, _, _ := strings.Cut(unescaped(src), "?")
	data, ok := r.nearby(strings.ReplaceAll(name, `\`, "/"))
	if !ok {
		return "", fmt.Errorf("the image %s isn't beside the file", exchange.Shorten(name, 80))
	}
	return r.doc.AddMedia(name, data)
}

// belowOnly keeps a finder to what lies beside the file or below it.
func belowOnly(beside exchange.Beside) exchange.Beside {
	if beside == nil {
		return nil
	}
	return func(name string) ([]byte, bool) {
		name = path.Clean(strings.ReplaceAll(name, `\`, "/"))
		if path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") {
			return nil, false
		}
		return beside(name)
	}
}

// fileBase begins the address of a file of a course in Canvas and in cartridges.
var fileBase = regexp.MustCompile(`(?i)^/?(\$|%24)(IMS[-_]CC[-_]FILE[-_]?BASE|CANVAS_COURSE_REFERENCE)(\$|%24)/?`)

// nearby finds a file beside the one that is being read, or where cartridges
// keep the files of a course.
func (r *reader) nearby(name string) ([]byte, bool) {
	if r.beside == nil {
		return nil, false
	}
	candidates := []string{name}
	if base := fileBase.FindString(name); base != "" {
		rest := strings.TrimPrefix(name[len(base):], "../")
		candidates = []string{"../web_resources/" + rest, "web_resources/" + rest, "../" + rest, rest}
	}
	for _, c := range candidates {
		if data, ok := r.beside(c); ok {
			return data, true
		}
	}
	if r.top == nil {
		return nil, false
	}
	return r.top(candidates[len(candidates)-1]) // some packages mean the top by every address
}

var imageSource = regexp.MustCompile(`<img [^>]*src="([^"]*)"`)

// part is the text of an option or a prompt. One that is nothing but an image
// that isn't to be had is named after it.
func (it *item) part(fragment string) string {
	text := it.markdown(fragment)
	if text != "" {
		return text
	}
	if match := imageSource.FindStringSubmatch(fragment); match != nil {
		return markup.FromPlain("Image " + path.Base(unescaped(html.UnescapeString(match[1]))))
	}
	return ""
}

// add takes the question in, with its own labels put right.
func (it *item) add() {
	if it.tooLong {
		it.fault(fmt.Sprintf("a text of the question has more than %d MB", maxText>>20), "Shorten it, or divide it into questions of their own.")
		return
	}
	if len(it.lost) > 0 {
		it.warn("came in without "+strings.Join(it.lost, ", "), "Look whether the question still makes sense.")
	}
	if strings.TrimSpace(it.q.Ask) == "" && it.q.Title != "" {
		it.q.Ask = markup.FromPlain(it.q.Title)
		it.warn("the question has no text; its title stands for it", "Write the question's text.")
	}
	it.r.doc.Add(it.where, it.q)
}

// severalRight tells of a single choice in which more than one option earns the
// whole mark.
func (it *item) severalRight() {
	if it.q.Type != exam.Single {
		return
	}
	for _, o := range it.q.Options {
		if !o.Key && o.Weight >= 100 {
			it.warn("several options earn the whole mark; the first of them is the key", "Leave one right answer, or make it a multiple response.")
		}
	}
}

// dropBlank leaves out the wrong options that have no text, as editors leave them
// behind.
func (it *item) dropBlank() {
	kept := slices.DeleteFunc(slices.Clone(it.q.Options), func(o exam.Option) bool { return strings.TrimSpace(o.Text) == "" && !o.Key })
	if n := len(it.q.Options) - len(kept); n > 0 && len(kept) > 0 {
		it.q.Options = kept
		it.warn(fmt.Sprintf("%d options without a text were left out", n), "Give them a text where the question comes from, if they were meant.")
	}
}

// mergeOptions makes one option of those of a matching that say the same.
func mergeOptions(q *exam.Question) {
	first := map[string]exam.OptionID{}
	now := map[exam.OptionID]exam.OptionID{}
	var kept []exam.Option
	for _, o := range q.Options {
		id, again := first[o.Text]
		if !again {
			first[o.Text], id = o.ID, o.ID
			kept = append(kept, o)
		}
		now[o.ID] = id
	}
	if len(kept) == len(q.Options) {
		return
	}
	q.Options, q.OneToOne = kept, false
	for i := range q.Prompts {
		q.Prompts[i].Match = now[q.Prompts[i].Match]
	}
}

// trueFalse gives a true/false question of another system its usual form.
func trueFalse(q *exam.Question) {
	if q.Type != exam.Single || len(q.Options) != 2 {
		return
	}
	a, b := strings.ToLower(strings.TrimSpace(q.Options[0].Text)), strings.ToLower(strings.TrimSpace(q.Options[1].Text))
	switch {
	case a == "true" && b == "false":
	case a == "false" && b == "true":
		slices.Reverse(q.Options)
	default:
		return
	}
	q.Options[0].Text, q.Options[1].Text = "True", "False"
	q.FixedOrder = true
}

// yesNo makes a yes/no series of a matching with those two options.
func yesNo(q *exam.Question) {
	if len(q.Options) != 2 || !strings.EqualFold(q.Options[0].Text, "yes") || !strings.EqualFold(q.Options[1].Text, "no") {
		return
	}
	for _, p := range q.Prompts {
		q.Statements = append(q.Statements, exam.Statement{Text: p.Text, Yes: p.Match == q.Options[0].ID, Rationale: p.Rationale})
	}
	q.Type, q.Options, q.Prompts, q.OneToOne, q.FixedOrder = exam.YesNo, nil, nil, false, false
}

// join puts texts under each other, without the empty ones.
func join(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n\n")
}

// plain is HTML that shows a text as it is.
func plain(text string) string {
	return html.EscapeString(strings.Join(strings.Fields(text), " "))
}

// folderBeside is beside for a file in a folder of what beside finds.
func folderBeside(beside exchange.Beside, folder string) exchange.Beside {
	if beside == nil || folder == "." || folder == "" {
		return beside
	}
	return func(name string) ([]byte, bool) { return beside(path.Join(folder, name)) }
}
