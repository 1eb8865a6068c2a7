package qti

import (
	"path"
	"slices"
	"strings"

	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/xmltree"
)

const manifestName = "imsmanifest.xml"

// IsPackage reports whether an archive is one that ReadPackage reads: a content
// package, a Common Cartridge, or a zip of QTI files.
func IsPackage(a *archive.Archive) bool {
	if manifestOf(a) != "" {
		return true
	}
	return slices.ContainsFunc(a.Names(), func(name string) bool {
		data, ok := questionFile(a, name)
		return ok && Recognises(data)
	})
}

// ReadPackage reads a content package of QTI 1.2, 2.x or 3.0, a Common Cartridge
// or a zip of QTI files. name is what remarks call it.
func ReadPackage(a *archive.Archive, name string) *exchange.Document {
	r := newReader(name)
	r.packed = true
	r.canonical = func(name string) string {
		if found, ok := a.Find(name); ok {
			return found
		}
		return name
	}
	r.top = a.Beside(path.Dir(manifestOf(a)))
	p := &packageReader{reader: r, archive: a}
	p.contents()
	p.questions()
	r.finish()
	return r.doc
}

// packageReader reads a package by its manifest.
type packageReader struct {
	*reader
	archive *archive.Archive
	tests   []string // files, in the manifest's order
	items   []string
	others  int // resources of a course that hold no questions
}

// metadata is what a manifest says of an item.
type metadata struct {
	ident    string
	category string
	keywords []string
}

// ours reports whether the labels are this program's.
func (m *metadata) ours() bool {
	return slices.ContainsFunc(m.keywords, func(k string) bool { return strings.HasPrefix(k, "sextant:id=") })
}

// manifestOf is the manifest of a package: that nearest to the top.
func manifestOf(a *archive.Archive) string {
	best := ""
	for _, name := range a.Names() {
		if strings.EqualFold(path.Base(name), manifestName) && (best == "" || strings.Count(name, "/") < strings.Count(best, "/")) {
			best = name
		}
	}
	return best
}

// contents reads the manifest, a resource at a time.
func (p *packageReader) contents() {
	name := manifestOf(p.archive)
	if name == "" {
		return
	}
	data, err := p.archive.Read(name)
	if err != nil {
		p.doc.Fault(exchange.Place{File: name}, err.Error(), "Export the package again.")
		return
	}
	p.src = name
	text, ok := p.decode(data)
	if !ok {
		return
	}
	if head, _, _ := strings.Cut(text[:min(len(text), 64<<10)], "<resources"); strings.Contains(head, "imscc") || strings.Contains(head, "Common Cartridge") {
		p.doc.Format = exchange.Cartridge
	}
	elements(text, func(name string) bool { return name == "resource" }, func(e element) bool {
		if e.name == "resource" && !e.ended {
			p.resource(e, path.Dir(name))
		}
		return len(p.items)+len(p.tests) <= maxQuestions
	})
}

func (p *packageReader) resource(e element, folder string) {
	text := e.text
	if !e.closed && !strings.HasSuffix(e.tag, "/>") {
		text = strings.TrimSuffix(e.tag, ">") + "/>"
	}
	n := p.tree(text, e.line, manifestName)
	if n == nil {
		return
	}
	kind := strings.ToLower(n.Attr("type"))
	href := n.Attr("href")
	if href == "" {
		href = n.Child("file").Attr("href")
	}
	if href == "" {
		href = n.Attr("file") // Blackboard's bb:file
	}
	var files []string
	for _, f := range append([]string{href}, hrefs(n)...) {
		if f != "" {
			files = append(files, p.canonical(path.Join(folder, unescaped(f))))
		}
	}
	if len(files) == 0 {
		return
	}
	switch {
	case strings.Contains(kind, "imsqti_test"), strings.Contains(kind, "imsqti_section"):
		p.tests = append(p.tests, files[0])
	case strings.Contains(kind, "imsqti_item"), kind == "imsqti_apipitem_xmlv2p1":
		p.items = append(p.items, files[0])
		if about := newMetadata(n.Child("metadata")); about != nil {
			p.about[files[0]] = about
		}
	case strings.Contains(kind, "imsqti_xmlv1"), strings.Contains(kind, "imsqti_asi"), kind == "assessment/x-bb-qti-test", kind == "assessment/x-bb-qti-pool":
		p.items = append(p.items, p.richer(files[0]))
	default:
		if i := slices.IndexFunc(files, isRich); i >= 0 {
			p.items = append(p.items, files[i])
		} else if kind != "webcontent" && !strings.HasPrefix(kind, "associatedcontent") && !strings.Contains(kind, "stimulus") && !strings.Contains(kind, "css") {
			p.others++
		}
	}
}

func hrefs(n *xmltree.Node) []string {
	var found []string
	for _, f := range n.All("file") {
		found = append(found, f.Attr("href"))
	}
	return found
}

const richFolder = "non_cc_assessments/"

// isRich reports whether a file is Canvas's own copy of a quiz, which holds more
// than the one for other systems beside it.
func isRich(name string) bool {
	return strings.Contains("/"+name, "/"+richFolder) && strings.HasSuffix(name, ".qti")
}

// richer is Canvas's own copy of a quiz where there is one.
func (p *packageReader) richer(name string) string {
	if found, ok := p.archive.Find(path.Join(path.Dir(path.Dir(name)), richFolder, path.Base(path.Dir(name))+".xml.qti")); ok {
		return found
	}
	return name
}

// newMetadata reads the LOM description of a resource; nil for none.
func newMetadata(n *xmltree.Node) *metadata {
	lom := n.Child("lom")
	if lom == nil {
		return nil
	}
	about := &metadata{ident: oneLine(lom.Child("general").Child("identifier").Child("entry").Content())}
	for _, k := range lom.Child("general").All("keyword") {
		for _, s := range k.Elements() { // string, or langstring in older files
			if text := oneLine(s.Content()); text != "" {
				about.keywords = append(about.keywords, text)
			}
		}
	}
	for _, c := range lom.All("classification") {
		purpose := c.Child("purpose").Child("value")
		if !strings.EqualFold(oneLine(purpose.Content()), "discipline") {
			continue
		}
		// Several paths are properties, as a grade or a date, not a place in a tree.
		if paths := c.All("taxonPath"); len(paths) == 1 {
			about.category = taxons(paths[0])
		}
	}
	return about
}

func taxons(path *xmltree.Node) string {
	var parts []string
	for _, t := range path.All("taxon") {
		if text := oneLine(t.Child("entry").Content()); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "/")
}

// questions reads the tests, then the items that no test holds, then whatever
// else in the archive is QTI when the manifest names none.
func (p *packageReader) questions() {
	for _, name := range p.tests {
		p.open(name)
	}
	for _, name := range p.items {
		p.open(name)
	}
	for _, name := range p.archive.Names() {
		if isRich(name) {
			p.open(name)
		}
	}
	if len(p.read) == 0 {
		p.loose()
	}
	if p.others > 0 {
		p.doc.Skip(exchange.Place{File: p.doc.Name}, "%d other parts of the course (pages, discussions, links): they hold no questions", p.others)
	}
	if len(p.read) == 0 && len(p.doc.Faults()) == 0 {
		p.doc.Fault(exchange.Place{File: p.doc.Name}, "the zip file holds no QTI questions", "Export a quiz or a question bank as QTI or as a Common Cartridge.")
	}
}

func (p *packageReader) open(name string) {
	if p.read[name] || p.met > maxQuestions {
		return
	}
	p.read[name] = true
	data, err := p.archive.Read(name)
	if err != nil {
		p.full(0)
		p.doc.Fault(exchange.Place{File: name}, "the manifest names this file, and it can't be had: "+err.Error(), "Export the package again.")
		return
	}
	p.file(exchange.Source{Name: name, Data: data}, p.archive.Beside(path.Dir(name)))
}

// loose reads every QTI file of a zip without a manifest that names them.
func (p *packageReader) loose() {
	for _, name := range p.archive.Names() {
		if text, ok := questionFile(p.archive, name); ok && Recognises(text) {
			p.open(name)
		}
	}
}

// questionFile is the text of a file that may be QTI by its name.
func questionFile(a *archive.Archive, name string) (string, bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml", ".qti", ".dat":
	default:
		return "", false
	}
	data, err := a.Read(name)
	if err != nil {
		return "", false
	}
	text, _, err := xmltree.Decode(data)
	return text, err == nil
}
