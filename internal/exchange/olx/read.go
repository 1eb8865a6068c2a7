// Package olx reads problems of Open edX: a problem's XML, a library or a whole
// course as Studio exports it (.tar.gz), or the same as a zip.
//
// Radio buttons, checkboxes and dropdowns become questions; what is answered in
// words, numbers or by a script of the course is skipped and named. Hints become
// paragraphs "**Hint:** …" behind the explanation.
package olx

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/xmltree"
)

// Read reads one file: a problem, a block of a course with the problems in it, or
// a packed course. Images and the problems that a block names are looked for with
// beside.
func Read(src exchange.Source, beside exchange.Beside) *exchange.Document {
	d := newDocument(src.Name)
	switch {
	case len(src.Data) > xmltree.MaxBytes:
		d.Fault(exchange.Place{File: src.Name}, fmt.Sprintf("the file has %d MB; up to %d MB are read", len(src.Data)>>20, xmltree.MaxBytes>>20), "Export the course in parts, or its libraries one by one.")
	case bytes.HasPrefix(src.Data, []byte("\x1f\x8b")):
		readTar(d, src)
	case archive.IsZip(src.Data):
		a, err := archive.Open(src.Data)
		if err != nil {
			d.Fault(exchange.Place{File: src.Name}, err.Error(), "Export the course again.")
			return d
		}
		return ReadPackage(a, src.Name)
	default:
		r := &reader{doc: d, files: single{src.Name, src.Data, beside}}
		if root, ok := r.load(src.Name); ok {
			at := block{file: src.Name}
			if at.name = root.Attr("url_name"); at.name == "" {
				at.name = stemOf(src.Name)
			}
			if root.Name == "problem" {
				r.problem(root, at)
			} else {
				r.walk(root, at)
			}
		}
		r.tellNothing(src.Name)
	}
	return d
}

// ReadPackage reads a course or library that is packed as a zip.
func ReadPackage(a *archive.Archive, name string) *exchange.Document {
	d := newDocument(name)
	name = path.Clean(name)
	r := &reader{doc: d, files: zipped{a, name}, prefix: name}
	r.course(a.Names())
	return d
}

// stemOf is a file's name without its folder and ending, which is the url_name of
// the block in it.
func stemOf(name string) string { return strings.TrimSuffix(path.Base(name), path.Ext(name)) }

// IsCourse reports whether files of these names are a course or a library of Open
// edX.
func IsCourse(names []string) bool { return root(names) != "" }

// root is the file in which a course or library begins: the one that lies least
// deep; "" for none.
func root(names []string) string {
	found := ""
	for _, name := range names {
		base := path.Base(name)
		if base != "course.xml" && base != "library.xml" {
			continue
		}
		if found == "" || strings.Count(name, "/") < strings.Count(found, "/") {
			found = name
		}
	}
	return found
}

func newDocument(name string) *exchange.Document {
	return &exchange.Document{Name: name, Format: exchange.OLX}
}

// files is where a course's files come from.
type files interface {
	// read returns a file by its name, false when there is none.
	read(name string) ([]byte, bool)
}

// single is one file, and what may lie beside it.
type single struct {
	name   string
	data   []byte
	beside exchange.Beside
}

func (s single) read(name string) ([]byte, bool) {
	if name == s.name {
		return s.data, true
	}
	if s.beside == nil {
		return nil, false
	}
	// A problem lies in the folder problem, its images in the folder static beside that.
	for _, candidate := range []string{name, "../" + name, path.Base(name)} {
		if data, ok := s.beside(candidate); ok {
			return data, true
		}
	}
	return nil, false
}

// zipped is a course in a zip; names begin with the zip's own.
type zipped struct {
	archive *archive.Archive
	name    string
}

func (z zipped) read(name string) ([]byte, bool) {
	data, err := z.archive.Read(strings.TrimPrefix(strings.TrimPrefix(name, z.name), "/"))
	return data, err == nil
}

type reader struct {
	doc     *exchange.Document
	files   files
	prefix  string          // name of the archive that the files are in
	base    string          // folder of the course, with the prefix
	visited map[string]bool // files read, so that none is read twice
	met     int             // problems, whatever became of them
}

// load reads a file's XML; it says what is wrong with it.
func (r *reader) load(name string) (*xmltree.Node, bool) {
	if r.visited == nil {
		r.visited = map[string]bool{}
	}
	r.visited[name] = true
	data, ok := r.files.read(name)
	if !ok {
		return nil, false
	}
	whole := exchange.Place{File: name}
	text, ok := xmltree.Open(r.doc, name, data, xmltree.Kind{
		Name: "a problem", Again: "Export the course from Studio again.", Split: "Export the libraries or sections one by one.",
		Page: "In Studio choose Tools, Export Course, or Export Library.",
	})
	if !ok {
		return nil, false
	}
	root, mended, err := xmltree.Parse(text, 1)
	if broken := (*xmltree.Error)(nil); errors.As(err, &broken) {
		r.doc.Fault(exchange.Place{File: name, Line: broken.Line}, "the XML is broken: "+broken.Message, "Correct that line; Studio shows the problem as broken too.")
		r.met++
		return nil, false
	}
	if mended {
		r.doc.Warn(whole, "has a stray & or <, an entity that isn't known or characters that XML forbids; it was read without their meaning", "Compare the problem with the original.")
	}
	return root, true
}

func (r *reader) tellNothing(name string) {
	if r.met == 0 && len(r.doc.Problems) == 0 && len(r.doc.Skipped) == 0 {
		r.doc.Fault(exchange.Place{File: name}, "there is no <problem> in it", "Export the course or library that holds the problems; a page of text or a video asks nothing.")
	}
}
