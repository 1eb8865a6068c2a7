// Package intake tells which format a file of questions has and reads it,
// whatever it is. It goes by what a file holds, never by its name alone.
package intake

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/aiken"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/gift"
	"sextant/internal/exchange/moodlexml"
	"sextant/internal/exchange/native"
	"sextant/internal/exchange/olx"
	"sextant/internal/exchange/qti"
	"sextant/internal/exchange/sheet"
)

// MaxBytes is the largest file that is read.
const MaxBytes = 64 << 20

// readers read a file of each format that isn't a package.
var readers = map[exchange.Format]func(exchange.Source, exchange.Beside) *exchange.Document{
	exchange.Native: native.Read, exchange.JSON: native.Read, exchange.GIFT: gift.Read, exchange.Aiken: aiken.Read, exchange.MoodleXML: moodlexml.Read,
	exchange.CSV: sheet.Read, exchange.QTI12: qti.Read, exchange.QTI2: qti.Read, exchange.QTI3: qti.Read, exchange.OLX: olx.Read,
}

// Read reads files of any format, and zips of them, one level deep. A package or
// a zip of our own gives one document; a zip of loose files gives one for each, as
// does every other file. A file of no format we read gives a document of format
// Unknown with a fault that says what it looks like. Images give none: they come
// in with the questions that show them, from the folder of the file or below.
//
// progress, which may be nil, hears after each file how many bytes of all are
// read. When ctx ends, what has been read by then is returned.
func Read(ctx context.Context, files []exchange.Source, progress func(done, total int)) []*exchange.Document {
	r := reader{ctx: ctx, neighbours: map[string][]byte{}, whole: map[string]bool{}}
	total, done := 0, 0
	images := 0
	for _, f := range files {
		total += len(f.Data)
		r.neighbours[path.Clean(f.Name)] = f.Data
		if isImage(f.Data) {
			images++
		}
	}
	for _, f := range files {
		if ctx.Err() != nil {
			break
		}
		if !isImage(f.Data) || images == len(files) {
			r.file(f)
		}
		if done += len(f.Data); progress != nil {
			progress(done, total)
		}
	}
	for _, d := range r.documents {
		r.once(d)
	}
	return r.documents
}

type reader struct {
	ctx        context.Context
	neighbours map[string][]byte // the files given, by their path
	whole      map[string]bool   // files that have a document of their own
	documents  []*exchange.Document
}

// add takes in what reading a file of a format yielded.
func (r *reader) add(d *exchange.Document, name string, format exchange.Format) {
	d.Name, d.Format = cmp.Or(d.Name, name), cmp.Or(d.Format, format)
	native.Fit(d)
	r.whole[path.Clean(name)] = true
	r.documents = append(r.documents, d)
}

// once leaves out of a document what it took from other files that have documents
// of their own, as a test does with the questions it lists.
func (r *reader) once(d *exchange.Document) {
	name := path.Clean(d.Name)
	elsewhere := func(file string) bool {
		file = path.Clean(file)
		return file != name && r.whole[file]
	}
	before := len(d.Questions) + len(d.Broken) + len(d.Skipped) + len(d.Problems)
	d.Questions = slices.DeleteFunc(d.Questions, func(q *exam.Question) bool { return elsewhere(q.File) })
	d.Broken = slices.DeleteFunc(d.Broken, func(q *exam.Question) bool { return elsewhere(q.File) })
	d.Skipped = slices.DeleteFunc(d.Skipped, func(s exchange.Skip) bool { return elsewhere(s.Where.File) })
	d.Problems = slices.DeleteFunc(d.Problems, func(p exchange.Problem) bool { return elsewhere(p.Where.File) })
	if len(d.Questions)+len(d.Broken)+len(d.Skipped)+len(d.Problems) < before {
		d.Skip(exchange.Place{File: d.Name}, "the questions it lists are in files of their own, which are read as well")
	}
}

// refuse adds a document for a file that isn't read.
func (r *reader) refuse(name string, format exchange.Format, message, remedy string) {
	d := &exchange.Document{Name: name, Format: format}
	d.Fault(exchange.Place{File: name}, message, remedy)
	r.documents = append(r.documents, d)
}

func (r *reader) file(src exchange.Source) {
	switch {
	case len(src.Data) > MaxBytes:
		r.refuse(src.Name, r.format(src), fmt.Sprintf("the file has more than %d MB, and no more are read", MaxBytes>>20), "Export it in parts, category by category.")
	case archive.IsZip(src.Data):
		r.zip(src)
	case isGzip(src.Data):
		r.gzip(src)
	default:
		folder := path.Dir(path.Clean(src.Name))
		r.loose(src, func(name string) ([]byte, bool) {
			data, ok := r.neighbours[path.Join(folder, strings.ReplaceAll(name, `\`, "/"))]
			return data, ok
		})
	}
}

// format is that of a file which won't be read.
func (r *reader) format(src exchange.Source) exchange.Format {
	if archive.IsZip(src.Data) || isGzip(src.Data) {
		return Archive
	}
	return detect(src.Name, src.Data).format
}

// loose reads a file that is no archive, or says what it is instead.
func (r *reader) loose(src exchange.Source, beside exchange.Beside) {
	v := detect(src.Name, src.Data)
	read, ok := readers[v.format]
	if !ok {
		r.refuse(src.Name, Unknown, "this is "+v.looks, v.remedy)
		return
	}
	r.add(read(src, beside), src.Name, v.format)
}
