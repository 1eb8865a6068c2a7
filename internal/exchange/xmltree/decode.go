package xmltree

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"

	"sextant/internal/exchange"
)

var (
	declaration = regexp.MustCompile(`^\s*<\?xml\s[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)
	page        = regexp.MustCompile(`(?is)^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])`)
	entityDecl  = regexp.MustCompile(`<!ENTITY\s+(%\s+)?[\w.:-]+`)
)

// Kind is what somebody whose file can't be read is told about files like it.
type Kind struct {
	Name  string // what the file should have been: "Moodle XML"
	Again string // how to get a sound one
	Page  string // what to do about a web page in its place
	Split string // how to get smaller ones
}

// MaxBytes is the largest file that is read.
const MaxBytes = 64 << 20

// Open is the text of an XML file of a kind. What keeps it from being read becomes
// a fault of the document, what had to be decided on the way a warning.
func Open(d *exchange.Document, file string, data []byte, k Kind) (text string, ok bool) {
	whole := exchange.Place{File: file}
	if len(data) > MaxBytes {
		d.Fault(whole, fmt.Sprintf("the file has %d MB; up to %d MB are read", len(data)>>20, MaxBytes>>20), k.Split)
		return "", false
	}
	text, note, err := Decode(data)
	switch {
	case err != nil:
		d.Fault(whole, err.Error(), k.Again)
		return "", false
	case IsPage(text):
		d.Fault(whole, "this is a web page, not "+k.Name, k.Page)
		return "", false
	}
	if note != "" {
		d.Warn(whole, note, "Look through the letters with accents; if they are wrong, save the file as UTF-8.")
	}
	if DeclaresEntities(text) {
		d.Warn(whole, "the file declares entities of its own; they are never expanded", "Write the texts they stand for into the questions.")
	}
	return text, true
}

// Decode is the text of an XML file in UTF-8 with lines ended by a line feed,
// whatever character set it declares or shows. The note says what had to be
// decided on the way; "" for nothing.
func Decode(data []byte) (text, note string, err error) {
	declared := declaration.FindSubmatch(data[:min(len(data), 400)])
	if declared == nil || isUnicode(string(declared[1])) {
		return exchange.Text(data)
	}
	label := string(declared[1])
	encoding, _ := charset.Lookup(label)
	if encoding == nil {
		return "", "", fmt.Errorf("the file says that its character set is %q, which is not known: save it as UTF-8", label)
	}
	decoded, err := io.ReadAll(encoding.NewDecoder().Reader(bytes.NewReader(data)))
	if err != nil {
		return "", "", fmt.Errorf("the file is not in the character set %q that it declares: %w", label, err)
	}
	return strings.ReplaceAll(string(decoded), "\r\n", "\n"), "", nil
}

func isUnicode(label string) bool {
	label = strings.ToLower(label)
	return strings.HasPrefix(label, "utf") || strings.HasPrefix(label, "iso-10646") || strings.HasPrefix(label, "ucs") || label == "us-ascii" || label == "ascii"
}

// IsPage reports whether a text is a web page rather than data.
func IsPage(text string) bool { return page.MatchString(text[:min(len(text), 8000)]) }

// DeclaresEntities reports whether a file's document type declares entities of
// its own, which are never expanded.
func DeclaresEntities(text string) bool {
	at := strings.Index(text[:min(len(text), 64<<10)], "<!DOCTYPE")
	return at >= 0 && entityDecl.MatchString(text[at:min(len(text), at+(64<<10))])
}
