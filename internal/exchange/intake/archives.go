package intake

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"

	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/native"
	"sextant/internal/exchange/olx"
	"sextant/internal/exchange/qti"
	"sextant/internal/exchange/sheet"
)

// backup is what a course backup of Moodle's gets, packed either way.
var backup = looksLike("a Moodle course backup", "In Moodle choose Question bank, Export, and the format Moodle XML.")

// documents are what programs keep in zips; each is told by a file in it.
var documents = []struct {
	file string
	verdict
}{
	{"word/document.xml", looksLike("a Word document", saveAs)},
	{"ppt/presentation.xml", looksLike("a PowerPoint presentation", saveAs)},
	{"META-INF/container.xml", looksLike("an e-book", saveAs)},
	{"META-INF/MANIFEST.MF", looksLike("a program", "Choose the file with the questions.")},
	{"content.xml", looksLike("a LibreOffice document", "Save a spreadsheet as .xlsx or CSV. "+saveAs)},
	{"moodle_backup.xml", backup},
}

// zip reads what is packed as a zip: a package, or loose files.
func (r *reader) zip(src exchange.Source) {
	a, err := archive.Open(src.Data)
	if err != nil {
		r.refuse(src.Name, Archive, err.Error(), "Nothing of it was read. Export it again, or import the files in it one by one.")
		return
	}
	if len(a.Names()) == 0 {
		r.refuse(src.Name, Archive, "the zip file is empty", "Export it again; something went wrong the first time.")
		return
	}
	if read := packageReader(a); read != nil {
		r.add(read(a, src), src.Name, Archive)
		return
	}
	for _, d := range documents {
		if _, ok := a.Find(d.file); ok {
			r.refuse(src.Name, Unknown, "this is "+d.looks, d.remedy)
			return
		}
	}
	r.looseFiles(a, src.Name)
}

// packageReader is what reads a zip as one document; nil for loose files.
func packageReader(a *archive.Archive) func(*archive.Archive, exchange.Source) *exchange.Document {
	if _, ok := a.Find("xl/workbook.xml"); ok {
		return func(_ *archive.Archive, src exchange.Source) *exchange.Document { return sheet.Read(src, nil) }
	}
	named := func(read func(*archive.Archive, string) *exchange.Document) func(*archive.Archive, exchange.Source) *exchange.Document {
		return func(a *archive.Archive, src exchange.Source) *exchange.Document { return read(a, src.Name) }
	}
	yaml, xml, others := 0, 0, 0
	for _, name := range a.Names() {
		if path.Base(name) == "imsmanifest.xml" {
			return named(qti.ReadPackage)
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".yaml", ".yml":
			yaml++
		case ".xml", ".qti":
			xml++
		case ".png", ".jpg", ".jpeg", ".gif", ".webp":
		default:
			others++
		}
	}
	switch {
	case olx.IsCourse(a.Names()):
		return named(olx.ReadPackage)
	case yaml > 0 && xml+others == 0:
		return named(native.ReadPackage)
	case xml > 0 && yaml+others == 0 && qti.IsPackage(a) && !holdsOther(a):
		return named(qti.ReadPackage)
	}
	return nil
}

// holdsOther reports whether a zip of XML holds other questions than QTI.
func holdsOther(a *archive.Archive) bool {
	for _, name := range a.Names() {
		if data, err := a.Read(name); err == nil {
			switch detect(name, data).format {
			case exchange.MoodleXML, exchange.OLX:
				return true
			default:
			}
		}
	}
	return false
}

// looseFiles reads the files of a zip one by one. What is of no format we read is
// listed as skipped, beside questions, or told as a fault where there are none.
func (r *reader) looseFiles(a *archive.Archive, name string) {
	rest := &exchange.Document{Name: name, Format: Archive}
	before, images := len(r.documents), 0
	for _, inner := range a.Names() {
		if r.ctx.Err() != nil {
			return
		}
		where := exchange.Place{File: path.Join(name, inner)}
		data, err := a.Read(inner)
		switch {
		case err != nil:
			rest.Fault(where, err.Error(), "The other files of the zip are not affected.")
			continue
		case archive.IsZip(data) || isGzip(data):
			rest.Fault(where, "this is an archive inside an archive", "Unpack the outer one and import what is in it.")
			continue
		case isImage(data):
			images++ // which comes in with the question that shows it
			continue
		}
		v := detect(inner, data)
		if read, ok := readers[v.format]; ok {
			r.add(read(exchange.Source{Name: where.File, Data: data}, a.Beside(path.Dir(inner))), where.File, v.format)
			continue
		}
		rest.Skip(where, "this is %s", v.looks)
	}
	if len(r.documents) == before && len(rest.Problems) == 0 {
		r.refuse(name, Unknown, "the zip holds no file of questions: "+contents(rest.Skipped, images), "Pack the files that another system exported; Help, Formats lists what is read.")
		return
	}
	if len(rest.Skipped)+len(rest.Problems) > 0 {
		r.documents = append(r.documents, rest)
	}
}

// contents names what a zip holds instead of questions.
func contents(skipped []exchange.Skip, images int) string {
	const most = 5
	var names []string
	for _, s := range skipped[:min(len(skipped), most)] {
		names = append(names, fmt.Sprintf("%s (%s)", exchange.Shorten(path.Base(s.Where.File), 60), strings.TrimPrefix(s.Reason, "this is ")))
	}
	if more := len(skipped) - most; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	if images > 0 {
		names = append(names, fmt.Sprintf("images (%d)", images))
	}
	return strings.Join(names, ", ")
}

// gzip reads a packed course, which is what Open edX exports.
func (r *reader) gzip(src exchange.Source) {
	names, err := tarNames(src.Data)
	switch {
	case err != nil:
		r.refuse(src.Name, Archive, "this is a gzip archive that is damaged, or holds no tar archive", "Export it again, or unpack it and import what is in it.")
	case names["moodle_backup.xml"]:
		r.refuse(src.Name, Unknown, "this is "+backup.looks, backup.remedy)
	case !names["course.xml"] && !names["library.xml"]:
		r.refuse(src.Name, Unknown, "this is an archive (.tar.gz) without an Open edX course in it", "Unpack it, and pack the files as a zip or choose them one by one.")
	default:
		r.add(olx.Read(src, nil), src.Name, exchange.OLX)
	}
}

// tarNames are the base names of the first files of a packed archive.
func tarNames(data []byte) (map[string]bool, error) {
	const most, within = 2000, 64 << 20
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	files := tar.NewReader(io.LimitReader(unpacked, within))
	for range most {
		header, err := files.Next()
		if err != nil {
			if len(names) > 0 {
				break // its end, or as far as it is looked at
			}
			return nil, err
		}
		names[path.Base(header.Name)] = true
	}
	return names, nil
}
