package intake

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"sextant/internal/exchange"
	"sextant/internal/exchange/native"
	"sextant/internal/exchange/sheet"
)

// What a file may be besides a format that is read.
const (
	// Unknown is the format of a file that is none of those we read.
	Unknown exchange.Format = "unknown"
	// Archive is that of what a zip holds besides files of questions, and of one
	// that can't be opened.
	Archive exchange.Format = "archive"
)

// verdict is what a file turned out to be: one of the formats, or in words what
// it looks like and what to do about it.
type verdict struct {
	format exchange.Format
	looks  string // follows "this is "
	remedy string
}

func is(format exchange.Format) verdict { return verdict{format: format} }

func looksLike(looks, remedy string) verdict {
	return verdict{format: Unknown, looks: looks, remedy: remedy}
}

// saveAs is the remedy for documents that people write questions in.
const saveAs = "Copy the questions into our spreadsheet, or type them in GIFT or Aiken; Help, Formats shows how."

// magics tell files by their first bytes.
var magics = []struct {
	bytes string
	verdict
}{
	{"%PDF-", looksLike("a PDF document", saveAs)},
	{"{\\rtf", looksLike("a word processor's document (RTF)", saveAs)},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", looksLike("a Word, Excel or PowerPoint file of the kind in use before 2007", "Open it and save it anew: a spreadsheet as .xlsx. "+saveAs)},
	{"SQLite format 3\x00", looksLike("a database", "Export the questions from the program that made it.")},
	{"Rar!\x1A\x07", looksLike("a RAR archive", "Unpack it, and pack the files as a zip or choose them one by one.")},
	{"7z\xBC\xAF\x27\x1C", looksLike("a 7-Zip archive", "Unpack it, and pack the files as a zip or choose them one by one.")},
	{"BZh", looksLike("an archive packed by bzip2", "Unpack it, and pack the files as a zip or choose them one by one.")},
	{"\xFD7zXZ\x00", looksLike("an archive packed by xz", "Unpack it, and pack the files as a zip or choose them one by one.")},
	{"\x7FELF", looksLike("a program", "Choose the file with the questions.")},
	{"MZ", looksLike("a program", "Choose the file with the questions.")},
}

// isImage reports whether a file is a picture, which comes in with the question
// that shows it.
func isImage(data []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return true
		}
	}
	return bytes.HasPrefix(data, []byte("RIFF")) && len(data) >= 12 && string(data[8:12]) == "WEBP"
}

func isGzip(data []byte) bool { return bytes.HasPrefix(data, []byte("\x1f\x8b")) }

// headBytes is how much of a file is looked at to tell its format.
const headBytes = 1 << 20

// head is the beginning of a file as text, whatever its encoding; false for none.
func head(data []byte) (string, bool) {
	if len(data) > headBytes {
		data = data[:headBytes]
		if cut := bytes.LastIndexByte(data, '\n'); cut > 0 {
			data = data[:cut+1]
		}
	}
	text, _, err := exchange.Text(data)
	if err != nil && bytes.IndexByte(data, 0) < 0 {
		// In an encoding that a reader may be told by the file itself: the marks
		// that tell formats are ASCII in all of them.
		text, err = strings.ToValidUTF8(string(data), "?"), nil
	}
	return strings.TrimLeft(text, "\uFEFF \t\n"), err == nil
}

// textButForZeros reports whether a file would be text without its zero bytes.
func textButForZeros(data []byte) bool {
	rest := bytes.ReplaceAll(data, []byte{0}, nil)
	control := func(r rune) bool { return r < '\t' || r == 0x7f }
	return len(rest) > len(data)*9/10 && utf8.Valid(rest) && bytes.IndexFunc(rest, control) < 0
}

// detect tells the format of a file that is no archive, by what is in it. The
// name decides only between formats that the content allows.
func detect(name string, data []byte) verdict {
	if len(bytes.TrimSpace(data)) == 0 {
		return looksLike("an empty file", "Export it again; something went wrong the first time.")
	}
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.bytes)) {
			return m.verdict
		}
	}
	if isImage(data) {
		return looksLike("an image", "Choose the file with the questions too; an image comes in with the question that shows it.")
	}
	text, ok := head(data)
	if !ok && textButForZeros(data[:min(len(data), headBytes)]) {
		return looksLike("a text with zero bytes in it, as a broken copy has", "Export it again, or save it anew as UTF-8 text.")
	}
	if !ok {
		return looksLike("no text and none of the formats we read", "Choose a file that another system exported; Help, Formats lists what is read.")
	}
	if strings.HasPrefix(text, "<") {
		if v := markup(text); v.format != "" {
			return v
		}
	}
	return plain(strings.ToLower(path.Ext(name)), text)
}

var (
	prolog  = regexp.MustCompile(`^(?s:\s+|<\?.*?\?>|<!--.*?-->|<!(?i:doctype)[^<>\[]*(?:\[.*?\]\s*)?>)`)
	element = regexp.MustCompile(`^<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)`)
)

// roots tell XML formats by the name of the outermost element.
var roots = map[string]verdict{
	"quiz": is(exchange.MoodleXML), "questestinterop": is(exchange.QTI12),
	"assessmentitem": is(exchange.QTI2), "assessmenttest": is(exchange.QTI2), "assessmentsection": is(exchange.QTI2), "assessmentstimulus": is(exchange.QTI2),
	"qti-assessment-item": is(exchange.QTI3), "qti-assessment-test": is(exchange.QTI3), "qti-assessment-section": is(exchange.QTI3), "qti-assessment-stimulus": is(exchange.QTI3),
	"problem": is(exchange.OLX), "library_content": is(exchange.OLX), "library": is(exchange.OLX), "course": is(exchange.OLX), "chapter": is(exchange.OLX),
	"sequential": is(exchange.OLX), "vertical": is(exchange.OLX), "itembank": is(exchange.OLX), "problemset": is(exchange.OLX),
	"manifest":      looksLike("the table of contents of a package", "Import the zip it came in: then everything in it is read."),
	"moodle_backup": looksLike("part of a Moodle course backup", "In Moodle choose Question bank, Export, and the format Moodle XML."),
	"html":          looksLike("an HTML page", "It may be a sign-in page saved in place of the file. Export the questions again while signed in."),
	"svg":           looksLike("a drawing", "Choose the file with the questions."),
	"schema":        looksLike("an XML schema", "Choose the file with the questions."),
}

// formatWords are elements of HTML with which a text in GIFT may begin.
var formatWords = map[string]bool{"p": true, "b": true, "i": true, "em": true, "strong": true, "span": true, "div": true, "code": true, "pre": true, "img": true, "br": true, "h1": true, "h2": true, "h3": true, "table": true, "ul": true, "ol": true}

// markup tells a file that begins with a tag; its format is "" when that may be
// the beginning of a text.
func markup(text string) verdict {
	if strings.HasPrefix(strings.ToLower(text[:min(len(text), 14)]), "<!doctype html") {
		return roots["html"]
	}
	rest := text
	for {
		found := prolog.FindString(rest)
		if found == "" {
			break
		}
		rest = rest[len(found):]
	}
	m := element.FindStringSubmatch(rest)
	if m == nil {
		return verdict{}
	}
	root := strings.ToLower(m[1])
	if v, ok := roots[root]; ok {
		return v
	}
	if root == "head" || root == "body" {
		return roots["html"]
	}
	if formatWords[root] && (rest == text || giftAnswers.MatchString(text)) {
		return verdict{}
	}
	return looksLike("XML of a kind we don't read: it begins with <"+exchange.Shorten(m[1], 40)+">", "In the system it comes from, choose Moodle XML or QTI as the format of the export.")
}

var (
	yamlFirst   = regexp.MustCompile(`^(?:[ \t]*(?:#[^\n]*|---[ \t]*)?\n)*(?:id|title|platform|skill|type|difficulty|stem|ask|stimulus|questions):(?:[ \t\n]|$)`)
	yamlKeys    = regexp.MustCompile(`(?m)^(?:type|ask|options|statements|stimulus|questions):(?:[ \t\n]|$)`)
	jsonList    = regexp.MustCompile(`^\[\s*(?:\{\s*"|\]\s*$)`)
	jsonKeys    = regexp.MustCompile(`"(?:ask|stimulus|questions)"\s*:`)
	aikenAnswer = regexp.MustCompile(`(?mi)^[ \t]*ANSWER[ \t]*:`)
	aikenOption = regexp.MustCompile(`(?m)^[ \t]*[A-Z][.)]`)
	giftAnswers = regexp.MustCompile(`(?:^|[^\\])\{(?:\s|//[^\n]*\n)*(?:[=~#>}]|%-?[0-9]|(?:T|F|TRUE|FALSE)\b)`)
	giftMarks   = regexp.MustCompile(`(?m)^[ \t]*(?:\$CATEGORY:|::[^\n]+::)`)
)

// plain tells a file of text without markup of its own.
func plain(extension, text string) verdict {
	switch {
	case jsonList.MatchString(text) && (jsonKeys.MatchString(text) || len(strings.TrimSpace(text)) < 8):
		return is(exchange.JSON)
	case jsonList.MatchString(text) || strings.HasPrefix(text, "{") && strings.HasPrefix(strings.TrimSpace(text[1:]), `"`):
		if strings.HasPrefix(text, "{") && jsonKeys.MatchString(text) {
			return is(exchange.Native) // a single question: JSON is YAML too
		}
		return looksLike("JSON of a kind we don't read", "Write a list of questions with our keys; Help, The bank format lists them.")
	case native.IsJSON([]byte(text)) && jsonKeys.MatchString(text):
		return is(exchange.JSON) // with a slip near its beginning
	case yamlFirst.MatchString(text) && yamlKeys.MatchString(text):
		return is(exchange.Native)
	case sheet.Known(text):
		return is(exchange.CSV)
	case aikenAnswer.MatchString(text) && aikenOption.MatchString(text):
		return is(exchange.Aiken)
	case giftAnswers.MatchString(text):
		return is(exchange.GIFT)
	case (extension == ".csv" || extension == ".tsv") && columns.MatchString(text):
		return is(exchange.CSV)
	case giftMarks.MatchString(text), extension == ".gift":
		return is(exchange.GIFT)
	case extension == ".yaml" || extension == ".yml":
		return is(exchange.Native) // whose reader says what is missing
	}
	return looksLike("a text in none of the formats we read", saveAs)
}

// columns is a first row of more than one column: what calls itself CSV need have
// no more for its reader to say what is missing.
var columns = regexp.MustCompile(`^[^\n]*[,;\t]`)
