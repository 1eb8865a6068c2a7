// Package moodlexml reads and writes Moodle's XML question format, as Moodle 2 to
// 4 export and import it.
//
// What Moodle has and Sextant hasn't is put where it can be read: hints become
// paragraphs "**Hint:** …" behind the explanation, and are hints again when they
// are written. What Sextant has and Moodle hasn't travels in tags that begin with
// "sextant:", in a description for the text of a case set, and in the general
// feedback for reasons, the line to remember and references.
package moodlexml

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/xmltree"
)

// maxQuestions bounds what is read of one file.
const maxQuestions = 100_000

// Read reads a Moodle XML file. It takes what it can: every question of the file
// is in the document's Questions, Skipped or Problems. Images are found in the
// file itself, and failing that with beside.
func Read(src exchange.Source, beside exchange.Beside) *exchange.Document {
	r := &reader{
		doc: &exchange.Document{Name: src.Name, Format: exchange.MoodleXML}, file: src.Name, beside: beside,
		stimuli: map[exam.StimulusID]*exam.Stimulus{},
	}
	if text, ok := r.decode(src.Data); ok {
		r.read(text)
	}
	return r.doc
}

type reader struct {
	doc      *exchange.Document
	file     string
	beside   exchange.Beside
	category string
	stimuli  map[exam.StimulusID]*exam.Stimulus // texts of case sets met so far
	met      int                                // questions, whatever became of them
}

func (r *reader) decode(data []byte) (text string, ok bool) {
	return xmltree.Open(r.doc, r.file, data, xmltree.Kind{
		Name: "Moodle XML", Again: "Export the file from Moodle again, as UTF-8.", Split: "Export the categories of the question bank one by one.",
		Page: "In Moodle, log in and choose Question bank, Export, Moodle XML format; a page saved from the browser holds no questions.",
	})
}

func (r *reader) read(text string) {
	chunks(text, func(c chunk) bool {
		if r.met++; r.met > maxQuestions {
			r.doc.Fault(exchange.Place{File: r.file, Line: c.line}, fmt.Sprintf("the file has more than %d questions; what follows was not read", maxQuestions), "Export the categories one by one.")
			return false
		}
		r.chunk(c)
		return true
	})
	if r.met == 0 {
		r.doc.Fault(exchange.Place{File: r.file}, "there is no <question> in the file", "Export the questions from Moodle as Moodle XML; a backup or a quiz's results are other files.")
	}
}

func (r *reader) chunk(c chunk) {
	where := exchange.Place{File: r.file, Line: c.line, Name: roughName(c.text)}
	if !c.closed {
		r.doc.Fault(where, "the question has no </question>", "Close it where it ends; the questions around it are not affected.")
		return
	}
	node, mended, err := xmltree.Parse(c.text, c.line)
	if broken := (*xmltree.Error)(nil); errors.As(err, &broken) {
		where.Line = broken.Line
		r.doc.Fault(where, "the XML of this question is broken: "+broken.Message, "Correct that line, or export the question again; the others are not affected.")
		return
	}
	if mended {
		r.doc.Warn(where, "has a stray & or <, an entity that isn't known or characters that XML forbids; it was read without their meaning", "Compare the question with the original.")
	}
	r.question(where, node)
}

// roughName finds a question's name without reading its XML.
func roughName(text string) string {
	_, name, ok := strings.Cut(text, "<name>")
	if !ok {
		return ""
	}
	name, _, ok = strings.Cut(name, "</name>")
	if !ok {
		return ""
	}
	if _, inner, ok := strings.Cut(name, "<text>"); ok {
		name, _, _ = strings.Cut(inner, "</text>")
	}
	name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(name), "<![CDATA["), "]]>")
	return exchange.Shorten(name, 60)
}

func (r *reader) question(where exchange.Place, node *xmltree.Node) {
	if name := plainText(node.Child("name")); name != "" {
		where.Name = exchange.Shorten(name, 60)
	}
	kind := strings.TrimSpace(node.Attr("type"))
	it := &item{reader: r, node: node, where: where, kind: kind, format: formatOf(node.Child("questiontext"), html), tags: tagsOf(node)}
	it.own = slices.ContainsFunc(it.tags, func(t string) bool { return strings.HasPrefix(t, ownTag) })
	switch kind {
	case "category":
		r.category = categoryPath(plainText(node.Child("category")))
	case "description":
		it.description()
	case "multichoice":
		it.choices()
	case "multichoiceset", "oumultiresponse":
		it.choiceSet()
	case "truefalse":
		it.trueFalse()
	case "matching", "match", "ddmatch":
		it.matching()
	case "ordering":
		it.ordering()
	case "ddwtos", "gapselect":
		it.gaps()
	case "kprime", "mtf":
		it.grid()
	case "":
		r.doc.Fault(where, "the question doesn't say of which type it is", `Give it its type, as in <question type="multichoice">.`)
	default:
		r.doc.Skip(where, "%s", unsupported(kind))
	}
}

// categoryPath is a category's path without the course or system it belongs to
// and without the invisible category above all. A slash within a name stays
// doubled, as Moodle writes it.
func categoryPath(path string) string {
	if strings.HasPrefix(path, "$") {
		_, path, _ = strings.Cut(path, "/")
	}
	path = strings.Trim(strings.TrimSpace(path), "/")
	if path == "top" {
		return ""
	}
	path = strings.TrimPrefix(path, "top/")
	if path == uncategorised {
		return ""
	}
	return path
}

// uncategorised is the category in which questions without one are written when
// others have one.
const uncategorised = "Without a category"

// unsupported says why a question of that type stays out and what could be done.
func unsupported(kind string) string {
	choice := "turn it into a choice among the right answer and likely mistakes"
	switch kind {
	case "shortanswer", "pmatch", "regexp", "wordselect", "guessit", "crossword", "gapfill":
		return fmt.Sprintf("a %s question is answered in words of one's own; Sextant asks for choices: %s", kind, choice)
	case "numerical":
		return "a numerical question is answered with a number; Sextant asks for choices: " + choice
	case "calculated", "calculatedsimple", "calculatedmulti", "formulas", "varnumeric", "varnumericset", "varnumunit":
		return fmt.Sprintf("a %s question computes its numbers anew for everybody; write one case of it as a choice", kind)
	case "essay", "essayautograde", "recordrtc", "poodllrecording", "aitext", "fileresponse":
		return fmt.Sprintf("a question of type %s has no key; Sextant asks only what can be marked without a person", kind)
	case "cloze", "multianswer":
		return fmt.Sprintf("a %s question has gaps inside its text; write each gap as a choice, or all of them as a matching", kind)
	case "combined":
		return "a combined question has several parts of different kinds in one text; ask each as a question of its own"
	case "random", "randomsamatch":
		return fmt.Sprintf("a question of type %s only draws others from a category; import those", kind)
	case "coderunner", "vplquestion", "stack", "jme", "algebra":
		return fmt.Sprintf("a %s question runs code to mark an answer; ask for the result as a choice", kind)
	case "ddimageortext", "ddmarker", "drawing", "imageselect":
		return fmt.Sprintf("a %s question is answered on an image; ask for the places as a matching, with their names on the image", kind)
	}
	return fmt.Sprintf("questions of type %q are not known here; if it is a kind of choice, turn it into multiple choice in Moodle and export it again", kind)
}

// number reads a number as Moodle and careless tools write it.
func number(text string) (float64, bool) {
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	return n, err == nil && n-n == 0 // neither infinite nor not a number
}

// truth reads what Moodle takes for true: all but "false", 0 and nothing.
func truth(n *xmltree.Node, missing bool) bool {
	if n == nil {
		return missing
	}
	switch strings.ToLower(strings.TrimSpace(n.Content())) {
	case "false", "0", "":
		return false
	}
	return true
}
