// Package native reads and writes questions in Sextant's own format: as YAML, a
// file for each question or case set, zipped with their images; and as JSON, one
// list of them with the same keys. The format holds everything a question has, so
// that what is written reads back the same.
package native

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
)

// mediaFolder is where the images of a zip lie, each named by its key.
const mediaFolder = "media/"

// maxProblems is how many problems of a document are told, so that a file of
// mistakes takes no more memory than one of questions.
const maxProblems = 2000

// Read reads a file of one question or case set, as YAML, or a list of them, as
// JSON. Images lie beside the file, or in a folder media beside it, under the
// names the texts call them by; in JSON they may be part of the text, as data:
// addresses.
func Read(src exchange.Source, beside exchange.Beside) *exchange.Document {
	d := &exchange.Document{Format: exchange.Native}
	parse := func(f bank.File) (*bank.Bank, []bank.Remark) {
		return bank.ParseFilesWith([]bank.File{f}, "", anything)
	}
	text, note, err := exchange.Text(src.Data)
	if err != nil {
		d.Fault(exchange.Place{File: src.Name}, err.Error(), "Save the file as UTF-8 text and import it again.")
		return d
	}
	if note != "" {
		d.Warn(exchange.Place{File: src.Name}, note, "Check accented letters in the questions; save the file as UTF-8 to be sure.")
	}
	if IsJSON([]byte(text)) {
		d.Format = exchange.JSON
		parse = func(f bank.File) (*bank.Bank, []bank.Remark) { return bank.ParseJSON(f, "", anything) }
	}
	read, remarks := parse(bank.File{Name: src.Name, Data: []byte(text)})
	take(d, read.Questions, remarks, beside)
	takeBroken(d, read.Rejected(), remarks, beside)
	return d
}

// ReadPackage reads the YAML files of a zip as one document; name is the zip's.
// Images lie as Read has it, or in a folder media at the top.
func ReadPackage(a *archive.Archive, name string) *exchange.Document {
	d := &exchange.Document{Format: exchange.Native}
	first := map[exam.QuestionID]exchange.Place{}
	for _, inner := range a.Names() {
		if !isYAML(inner) {
			continue
		}
		where := exchange.Place{File: path.Join(name, inner)}
		if size := a.Size(inner); size > bank.MaxFileBytes {
			d.Fault(where, fmt.Sprintf("is %d kB; a question file is at most %d kB", size>>10, bank.MaxFileBytes>>10), "Split it, or shorten its figures.")
			continue
		}
		data, err := a.Read(inner)
		if err != nil {
			d.Fault(where, err.Error(), "The other files of the zip are not affected.")
			continue
		}
		near, top := a.Beside(path.Dir(inner)), a.Beside("")
		one := Read(exchange.Source{Name: where.File, Data: data}, func(image string) ([]byte, bool) {
			if data, ok := near(image); ok {
				return data, true
			}
			return top(image)
		})
		merge(d, one, first)
	}
	return d
}

// isYAML tells question files from whatever else a zip holds.
func isYAML(name string) bool {
	extension := strings.ToLower(path.Ext(name))
	return extension == ".yaml" || extension == ".yml"
}

// merge adds what one file of a zip holds, but for questions whose id an earlier
// file has used.
func merge(d, one *exchange.Document, first map[exam.QuestionID]exchange.Place) {
	for _, p := range one.Problems {
		tell(d, p)
	}
	for key, media := range one.Media {
		if d.Media == nil {
			d.Media = map[string]exchange.Media{}
		}
		d.Media[key] = media
	}
	d.Broken = append(d.Broken, one.Broken...)
	for _, q := range one.Questions {
		where := placeOf(q)
		if earlier, used := first[q.ID]; used {
			d.Fault(where, fmt.Sprintf("id: %s is already used at %s", q.ID, earlier), "Give each question its own id.")
			continue
		}
		first[q.ID] = where
		d.Questions = append(d.Questions, q)
	}
}

// anything puts off the question whether an image is there: take answers it.
func anything(string) bool { return true }

// IsJSON reports whether a file of the format is a list in JSON.
func IsJSON(data []byte) bool {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\uFEFF")), " \t\r\n")
	return bytes.HasPrefix(data, []byte("["))
}

// quiet are the remarks of authors' craft, which don't matter to an import: what
// a question lacks to measure is asked for once it is in.
var quiet = map[string]bool{"gap": true, "file-name": true}

func placeOf(q *exam.Question) exchange.Place {
	return exchange.Place{File: q.File, Line: q.Line, Name: string(q.ID)}
}

// tell adds a problem while there are few enough to be read by somebody.
func tell(d *exchange.Document, p exchange.Problem) {
	switch n := len(d.Problems); {
	case n < maxProblems:
		d.Problems = append(d.Problems, p)
	case n == maxProblems:
		d.Fault(p.Where, "there are more mistakes from here on, which aren't told", "Mend those above and import the file again.")
	}
}

func take(d *exchange.Document, questions []*exam.Question, remarks []bank.Remark, beside exchange.Beside) {
	for _, r := range remarks {
		where := exchange.Place{File: r.File, Line: r.Line, Name: string(r.Question)}
		switch {
		case r.Severity == bank.Error:
			tell(d, exchange.Problem{Where: where, Severity: exchange.Fault, Message: r.Message, Remedy: "Correct this in the file and import it again; other questions are not affected."})
		case !quiet[r.Rule]:
			tell(d, exchange.Problem{Where: where, Severity: exchange.Warning, Message: r.Message, Remedy: "Nothing needs to be done for the import."})
		}
	}
	for _, q := range questions {
		add(d, q, beside)
	}
}

func add(d *exchange.Document, q *exam.Question, beside exchange.Beside) {
	a := attachments{document: d, where: placeOf(q), beside: beside}
	for _, text := range exchange.Texts(q) {
		*text = exchange.ReplaceImages(*text, a.image)
	}
	q.Revision = "" // of the texts as they were in the file
	d.Add(a.where, q)
}

// takeBroken keeps the questions that can be mended without their file. The remarks
// have told what is wrong, with its line, so that it isn't told again. Where the
// text that a case set shares is at fault its questions stay out: mended one by one
// they would lose it.
func takeBroken(d *exchange.Document, questions []*exam.Question, remarks []bank.Remark, beside exchange.Beside) {
	if slices.ContainsFunc(remarks, func(r bank.Remark) bool {
		return r.Severity == bank.Error && strings.HasPrefix(r.Field, "stimulus")
	}) {
		return
	}
	for _, q := range questions {
		if !mendable(q) {
			continue
		}
		told, before := d.Problems, len(d.Broken)
		if add(d, q, beside); len(d.Broken) > before {
			d.Problems = told
		}
	}
}

// mendable reports whether a question is known well enough to be shown in a form,
// and has a fault that the form shows. What an unknown key or a value of the wrong
// kind was meant to say only the file can tell; an id that can't be one is left to
// be given anew.
func mendable(q *exam.Question) bool {
	if !slices.Contains(exam.Types(), q.Type) || q.Ask == "" && len(q.Options)+len(q.Statements) == 0 {
		return false
	}
	faults := 0
	for _, p := range q.Validate() {
		if p.Field == "id" {
			q.ID = ""
		} else {
			faults++
		}
	}
	return faults > 0
}

// attachments takes the images of one question in.
type attachments struct {
	document *exchange.Document
	where    exchange.Place
	beside   exchange.Beside
}

// image is what becomes of an image in a text: it is taken in, or the text stays
// with a warning.
func (a attachments) image(alt, address string) string {
	key, err := a.attach(address)
	if err != nil {
		a.document.Warn(a.where, err.Error(), "Put the image there and import the file again, or describe in words what it shows.")
		return "![" + alt + "](" + address + ")"
	}
	return "![" + alt + "](" + exchange.MediaScheme + key + ")"
}

func (a attachments) attach(address string) (key string, err error) {
	name, ours := strings.CutPrefix(address, exchange.MediaScheme)
	if !ours {
		return a.document.Attach(address, a.beside)
	}
	if _, held := a.document.Media[name]; held {
		return name, nil
	}
	if a.beside != nil {
		if data, ok := a.beside(mediaFolder + name); ok {
			return a.document.AddMedia(name, data)
		}
	}
	return a.document.Attach(name, a.beside)
}
