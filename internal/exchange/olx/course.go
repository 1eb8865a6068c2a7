package olx

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"sextant/internal/exchange"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/xmltree"
)

// Bounds on what is kept of a packed course: its XML, and the images that its
// problems name.
const (
	maxXML    = 64 << 20
	maxImages = 128 << 20
)

// readTar reads a course packed as .tar.gz, as Studio exports it. It goes through
// the archive twice, first for the XML and then for the images it names: videos
// and documents of the course are never held.
func readTar(d *exchange.Document, src exchange.Source) {
	held := unpacked{}
	wanted := map[string]bool{}
	var names []string
	err := eachFile(src.Data, func(name string, size int64, content io.Reader) error {
		names = append(names, name)
		if path.Ext(name) != ".xml" {
			return nil
		}
		data, err := held.take(path.Join(src.Name, name), content, size, maxXML)
		for _, m := range imageName.FindAllSubmatch(data, -1) {
			wanted[assetName(string(m[1]))] = true
		}
		return err
	})
	if err == nil {
		total := held.size
		err = eachFile(src.Data, func(name string, size int64, content io.Reader) error {
			if path.Ext(name) == ".xml" || !wanted[path.Base(name)] || size > exchange.MaxMediaBytes {
				return nil
			}
			_, err := held.take(path.Join(src.Name, name), content, size, total+maxImages)
			return err
		})
	}
	if err != nil {
		d.Fault(exchange.Place{File: src.Name}, err.Error(), "Export the course from Studio again, or unpack it and import its problems.")
		return
	}
	r := &reader{doc: d, files: &held, prefix: src.Name}
	r.course(names)
}

var imageName = regexp.MustCompile(`(?i)\ssrc\s*=\s*["']([^"'<>]{1,500})["']`)

// unpacked holds files of a course by name.
type unpacked struct {
	data map[string][]byte
	size int
}

func (u *unpacked) take(name string, content io.Reader, size int64, most int) ([]byte, error) {
	if u.size+int(size) > most {
		return nil, fmt.Errorf("unpacked, the course has over %d MB of what would be read: divide it", most>>20)
	}
	data, err := io.ReadAll(io.LimitReader(content, size))
	if err != nil {
		return nil, errors.New("the archive is damaged or incomplete")
	}
	if u.data == nil {
		u.data = map[string][]byte{}
	}
	u.data[name] = data
	u.size += len(data)
	return data, nil
}

func (u *unpacked) read(name string) ([]byte, bool) {
	data, ok := u.data[name]
	return data, ok
}

// eachFile hands each file of a .tar.gz to use, within the bounds of archive.
func eachFile(data []byte, use func(name string, size int64, content io.Reader) error) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return errors.New("the archive is damaged or incomplete")
	}
	bounded := &io.LimitedReader{R: unzipped, N: archive.MaxTotal}
	files := tar.NewReader(bounded)
	for count := 0; ; count++ {
		header, err := files.Next()
		switch {
		case bounded.N <= 0:
			return fmt.Errorf("unpacked, the archive would have over %d MB: divide it", archive.MaxTotal>>20)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return errors.New("the archive is damaged or incomplete")
		case count > archive.MaxEntries:
			return fmt.Errorf("the archive holds more than %d files: divide it", archive.MaxEntries)
		case header.Typeflag != tar.TypeReg:
			continue // folders; links lead nowhere
		}
		name := path.Clean(strings.ReplaceAll(header.Name, `\`, "/"))
		if !fs.ValidPath(name) {
			return fmt.Errorf("the archive holds %q, which leads out of it; such archives are refused", exchange.Shorten(header.Name, 80))
		}
		if header.Size > archive.MaxFile && path.Ext(name) == ".xml" {
			return fmt.Errorf("%s in the archive has %d MB; at most %d are read", name, header.Size>>20, archive.MaxFile>>20)
		}
		if err := use(name, header.Size, files); err != nil {
			return err
		}
	}
}

// block is where in a course the reader is.
type block struct {
	file string   // that the block stands in
	path []string // display names of the chapter, section and unit around it
	name string   // by which the block is known: its url_name
}

// course reads the files of a course or library: from its beginning, so that
// problems carry the names of their chapters, then the problems nobody refers to.
func (r *reader) course(names []string) {
	start := root(names)
	r.base = path.Join(r.prefix, path.Dir(start))
	if start != "" {
		if node, ok := r.load(path.Join(r.prefix, start)); ok {
			r.walk(node, block{file: path.Join(r.prefix, start)})
		}
	}
	names = slices.Clone(names)
	slices.Sort(names)
	for _, name := range names {
		full := path.Join(r.prefix, name)
		if path.Ext(name) != ".xml" || r.visited[full] || path.Base(path.Dir(name)) != "problem" && start != "" {
			continue
		}
		if slices.Contains(strings.Split(name, "/"), "drafts") {
			r.doc.Skip(exchange.Place{File: full}, "a draft that isn't published in the course; publish it in Studio and export again")
			continue
		}
		if node, ok := r.load(full); ok && node.Name == "problem" {
			r.problem(node, block{file: full, name: stemOf(name)})
		}
	}
	r.tellNothing(r.prefix)
}

// containers are the blocks that hold others. A library block or a problem bank
// draws some of its problems for each learner; here all of them come in.
var containers = map[string]bool{
	"course": true, "chapter": true, "sequential": true, "vertical": true, "library": true, "library_content": true, "itembank": true,
	"problemset": true, "videosequence": true, "split_test": true, "conditional": true, "wrapper": true, "unit": true,
	"randomize": true, //nolint:misspell // the block's name
}

// otherQuestions are blocks that ask something and are no problems.
var otherQuestions = map[string]string{
	"openassessment":     "an open response assessment has no key; Sextant asks only what can be marked without a person",
	"drag-and-drop-v2":   "a drag-and-drop problem is answered on an image; ask for the places as a dropdown problem",
	"poll":               "a poll has no key",
	"survey":             "a survey has no key",
	"poll_question":      "a poll has no key",
	"word_cloud":         "a word cloud has no key",
	"lti":                "an external tool asks its own questions; export them there",
	"lti_consumer":       "an external tool asks its own questions; export them there",
	"staffgradedxblock":  "a staff-graded exercise has no key",
	"edx_sga":            "a staff-graded assignment has no key",
	"problem-builder":    "a problem builder block keeps its questions in a form of its own; write them as ordinary problems",
	"step-builder":       "a step builder block keeps its questions in a form of its own; write them as ordinary problems",
	"crowdsourcehinter":  "a hinter asks nothing by itself",
	"submit-and-compare": "a submit-and-compare exercise has no key",
}

// walk reads the problems in a block and in those it names.
func (r *reader) walk(n *xmltree.Node, at block) {
	name := strings.ReplaceAll(n.Attr("url_name"), ":", "/")
	if name == "" {
		name = n.Attr("filename")
	}
	at.name = name
	switch {
	case n.Name == "problem" && (name == "" || len(n.Children) > 0):
		r.problem(n, at)
	case n.Name == "problem", containers[n.Name] && name != "" && len(n.Elements()) == 0:
		r.follow(n, at)
	case containers[n.Name]:
		if n.Name == "course" || n.Name == "library" {
			if r.doc.Title == "" {
				r.doc.Title = n.Attr("display_name")
			}
		} else if display := n.Attr("display_name"); display != "" {
			at.path = append(slices.Clone(at.path), strings.ReplaceAll(display, "/", "//"))
		}
		for _, c := range n.Elements() {
			r.walk(c, at)
		}
	case otherQuestions[n.Name] != "":
		r.met++
		r.doc.Skip(exchange.Place{File: at.file, Line: n.Line, Name: n.Attr("display_name")}, "%s", otherQuestions[n.Name])
	}
}

// follow reads the file that a block only names.
func (r *reader) follow(n *xmltree.Node, at block) {
	file := path.Join(r.base, n.Name, at.name+".xml")
	if r.visited[file] {
		return
	}
	known := len(r.doc.Problems)
	node, ok := r.load(file)
	switch {
	case ok && node.Name == "problem":
		at.file = file
		r.problem(node, at)
	case ok && containers[node.Name]:
		name := at.name
		at.file = file
		if len(node.Elements()) == 0 && strings.ReplaceAll(node.Attr("url_name"), ":", "/") == name {
			return // an empty block that names itself
		}
		r.walk(node, at)
	case !ok && len(r.doc.Problems) == known && n.Name == "problem":
		r.met++
		r.doc.Fault(exchange.Place{File: at.file, Line: n.Line, Name: at.name}, "the problem is in a file that isn't there: "+path.Join(n.Name, at.name+".xml"), "Import the whole course or library as Studio exports it.")
	}
}
