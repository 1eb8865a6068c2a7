package moodlexml_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/moodlexml"
	"sextant/internal/exchange/samples"
)

// TestConstructs reads a file for each group of constructs of the format.
func TestConstructs(t *testing.T) {
	for _, name := range []string{"choices", "pairs", "unsupported", "images", "broken"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".golden", samples.Dump(moodlexml.Read(exchange.Source{Name: name + ".xml", Data: data}, nil)))
		})
	}
}

func readText(text string) *exchange.Document {
	return moodlexml.Read(exchange.Source{Name: "quiz.xml", Data: []byte(text)}, nil)
}

// trueFalse is a file with one question of that name and text.
func trueFalse(name, text string) string {
	return "<quiz><question type=\"truefalse\"><name><text>" + name + "</text></name><questiontext format=\"html\"><text>" + text +
		"</text></questiontext><answer fraction=\"100\"><text>true</text></answer><answer fraction=\"0\"><text>false</text></answer></question></quiz>"
}

func TestEveryCharacterSetThatIsDeclaredIsRead(t *testing.T) {
	declare := func(set, text string) string { return "<?xml version=\"1.0\" encoding=\"" + set + "\"?>\n" + text }
	utf16 := func(text string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, r := range text {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	cases := []struct{ name, data string }{
		{"UTF-8", declare("UTF-8", trueFalse("Café", "Entrée?"))},
		{"UTF-8 with a byte order mark", "\xef\xbb\xbf" + declare("utf-8", trueFalse("Café", "Entrée?"))},
		{"nothing declared", trueFalse("Café", "Entrée?")},
		{"ISO-8859-1", declare("ISO-8859-1", trueFalse("Caf\xe9", "Entr\xe9e?"))},
		{"windows-1252 in single quotes", "<?xml version='1.0' encoding='windows-1252'?>" + trueFalse("Caf\xe9", "Entr\xe9e?")},
		{"UTF-16", utf16(declare("UTF-16", trueFalse("Café", "Entrée?")))},
		{"Windows line ends", strings.ReplaceAll(declare("UTF-8", trueFalse("Café", "Entrée?")), "\n", "\r\n")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := readText(c.data)
			if len(d.Questions) != 1 || d.Questions[0].Title != "Café" || d.Questions[0].Ask != "Entrée?" {
				t.Errorf("read as\n%s", samples.Dump(d))
			}
		})
	}
}

func TestTrueAndFalseAreKnownInsideTags(t *testing.T) {
	answer := func(fraction, text string) string {
		return "<answer fraction=\"" + fraction + "\"><text><![CDATA[" + text + "]]></text></answer>"
	}
	for _, answers := range []string{
		answer("100", "<p>False</p>") + answer("0", "<p>True</p>"), answer("0", "<span lang=\"en\">TRUE</span>") + answer("100", "FALSE"),
		answer("0", "vrai") + answer("100", "faux"),
	} {
		d := readText("<quiz><question type=\"truefalse\"><name><text>Snow</text></name><questiontext><text>Snow is black.</text></questiontext>" + answers + "</question></quiz>")
		if len(d.Questions) != 1 || d.Questions[0].Options[0].Key || !d.Questions[0].Options[1].Key {
			t.Errorf("%s: read as\n%s", answers, samples.Dump(d))
		}
	}
}

func TestQuestionsWithinAQuestionArePartsOfIt(t *testing.T) {
	part := "<question type=\"multichoice\"><name><text>1</text></name><questiontext><text></text></questiontext><answer fraction=\"100\"><text>a</text></answer><answer fraction=\"0\"><text>b</text></answer></question>"
	d := readText("<quiz><question type=\"combined\"><name><text>Ports</text></name><questiontext><text>[[1:singlechoice]] [[2:singlechoice]]</text></questiontext><subquestions>" + part + "<question type=\"x\"/>" + part +
		"</subquestions></question>" + strings.TrimPrefix(trueFalse("Next", "Is it?"), "<quiz>"))
	if len(d.Questions) != 1 || d.Questions[0].Title != "Next" || len(d.Skipped) != 1 || d.Skipped[0].Where.Name != "Ports" || len(d.Problems) != 0 {
		t.Errorf("read as\n%s", samples.Dump(d))
	}
}

func TestOptionsThatAreTagsAreText(t *testing.T) {
	d := readText("<quiz><question type=\"multichoice\"><name><text>Rows</text></name><questiontext format=\"html\"><text>Which tag begins a row, and is a &lt; b?</text></questiontext><single>true</single>" +
		"<answer fraction=\"100\"><text>&lt;tr&gt;</text></answer><answer fraction=\"0\"><text><![CDATA[<td>]]></text></answer><answer fraction=\"0\"><text>&lt;row&gt;</text></answer>" +
		"<answer fraction=\"0\"><text>&lt;p&gt;&lt;br&gt;&lt;/p&gt;</text></answer></question></quiz>")
	if len(d.Questions) != 1 {
		t.Fatalf("read as\n%s", samples.Dump(d))
	}
	var texts []string
	for _, o := range d.Questions[0].Options {
		texts = append(texts, o.Text)
	}
	if got := strings.Join(texts, " "); got != `\<tr> \<td> \<row>` {
		t.Errorf("the options are %s", got)
	}
}

func TestFilesThatAreNoMoodleXMLAreRefusedInWords(t *testing.T) {
	cases := []struct{ name, data, want string }{
		{"a web page", "<!DOCTYPE html>\n<html><body><question type=\"x\"></question></body></html>", "web page"},
		{"a web page served as XML", "<?xml version=\"1.0\"?>\n<!-- saved --><HTML lang=\"en\"><body/></HTML>", "web page"},
		{"nothing", "", "no <question>"},
		{"another XML", "<questestinterop/>", "no <question>"},
		{"an unknown character set", "<?xml version=\"1.0\" encoding=\"klingon\"?><quiz/>", "klingon"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := readText(c.data)
			if len(d.Questions) != 0 || len(d.Faults()) != 1 || !strings.Contains(d.Problems[0].Message, c.want) || d.Problems[0].Remedy == "" {
				t.Errorf("want one fault that speaks of %q:\n%s", c.want, samples.Dump(d))
			}
		})
	}
}

// TestHostileFilesCostNoMoreThanTheirLength puts what makes careless parsers
// slow or large: each must be answered, and the test's time limit is the bound.
func TestHostileFilesCostNoMoreThanTheirLength(t *testing.T) {
	const n = 1 << 20
	sound := trueFalse("Sound", "Sound?")
	question := func(inside string) string {
		return "<quiz><question type=\"truefalse\">" + inside + "</question>" + sound[len("<quiz>"):]
	}
	cases := []struct {
		name, data string
		problems   int
	}{
		{"comments never closed", "<quiz>" + strings.Repeat("<!--", n) + sound[len("<quiz>"):], 0},
		{"sections never closed", question(strings.Repeat("<![CDATA[", n)), 1},
		{"sections around ends of questions", "<quiz>" + strings.Repeat("<question type=\"x\"><![CDATA[</question>", n/16) + "]]>" + sound, n / 16},
		{"elements in each other", question(strings.Repeat("<a>", n) + strings.Repeat("</a>", n)), 1},
		{"elements beside each other", question(strings.Repeat("<a/>", n)), 1},
		{"comments between letters", question("<name><text>" + strings.Repeat("a<!-- -->", n/4) + "</text></name>"), 2},
		{"stray ampersands", question("<name><text>" + strings.Repeat("&", n/8) + "</text></name>"), 3},
		{"one long line", question("<questiontext><text>" + strings.Repeat("word ", n) + "</text></questiontext>"), 1},
		{"TeX never closed", question("<questiontext format=\"markdown\"><text>" + strings.Repeat(`\\(`, n/4) + "</text></questiontext>"), 1},
		{"code never closed", question("<questiontext format=\"markdown\"><text>" + strings.Repeat("`a``b ", n/4) + "</text></questiontext>"), 1},
		{"empty questions", "<quiz>" + strings.Repeat("<question type=\"essay\"/>", n/16) + sound, 0},
		{"images that aren't there", question("<questiontext format=\"html\"><text><![CDATA[" + strings.Repeat(`<img src="@@PLUGINFILE@@/x.png">`, n/64) + "]]></text></questiontext>"), 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := readText(c.data)
			if last := len(d.Questions) - 1; last != 0 || d.Questions[last].Title != "Sound" {
				t.Errorf("%d questions; want the sound one", last+1)
			}
			if len(d.Problems) != c.problems {
				t.Errorf("%d problems, want %d; the first: %+v", len(d.Problems), c.problems, d.Problems[:min(len(d.Problems), 1)])
			}
		})
	}
	if d := readText(strings.Replace(sound, "Sound?", "So\x00und?", 1)); len(d.Faults()) != 1 {
		t.Errorf("a NUL is answered with\n%s", samples.Dump(d))
	}
}

func TestACaseSetComesTogetherAgain(t *testing.T) {
	question := func(name, text string) string {
		return trueFalse(name, text)[len("<quiz>"):len(trueFalse(name, text))-len("</question></quiz>")] +
			"<tags><tag><text>sextant:case=harbour</text></tag></tags></question>"
	}
	description := "<question type=\"description\"><name><text>The harbour</text></name><questiontext format=\"markdown\"><text>Ships come.\n\nShips go.</text></questiontext>" +
		"<tags><tag><text>sextant:case=harbour</text></tag><tag><text>sextant:case-title=The harbour</text></tag></tags></question>"
	d := readText("<quiz>" + description + question("One", "&lt;p&gt;Ships come.&lt;/p&gt;&lt;p&gt;Ships go.&lt;/p&gt;&lt;p&gt;It rains.&lt;/p&gt;&lt;p&gt;Do they?&lt;/p&gt;") + question("Two", "Another text") + "</quiz>")
	if len(d.Questions) != 2 {
		t.Fatal(samples.Dump(d))
	}
	one, two := d.Questions[0], d.Questions[1]
	if one.Stimulus == nil || one.Stimulus.Title != "The harbour" || one.Stem != "It rains." || one.Ask != "Do they?" {
		t.Errorf("the first question isn't in its set:\n%s", samples.Dump(d))
	}
	if two.Stimulus != nil || two.Ask != "Another text" || len(d.Problems) != 1 {
		t.Errorf("the second question has another text and must stand alone, with a warning:\n%s", samples.Dump(d))
	}
}

// TestWhatWasChangedInMoodleGoesBeforeOurTags changes the key, the options and the
// right-hand sides of questions that Sextant wrote.
func TestWhatWasChangedInMoodleGoesBeforeOurTags(t *testing.T) {
	answer := func(fraction, text string) string {
		return "<answer fraction=\"" + fraction + "\"><text>" + text + "</text></answer>"
	}
	tag := func(text string) string { return "<tags><tag><text>sextant:" + text + "</text></tag></tags>" }
	pair := func(left, right string) string {
		return "<subquestion><text>" + left + "</text><answer><text>" + right + "</text></answer></subquestion>"
	}
	head := func(kind string) string {
		return "<question type=\"" + kind + "\"><name><text>Q</text></name><questiontext format=\"markdown\"><text>Which?</text></questiontext>"
	}
	d := readText("<quiz>" +
		head("multichoice") + "<single>false</single>" + answer("33.33333", "a") + answer("33.33333", "b") + answer("33.33333", "c") + tag("choose=2") + "</question>" +
		head("ordering") + answer("1", "a") + answer("2", "b") + answer("3", "c") + tag("order=BA") + "</question>" +
		head("matching") + pair("p", "Yes") + pair("q", "Perhaps") + tag("type=yes_no") + "</question>" +
		head("matching") + pair("p", "one") + pair("q", "changed") + tag("type=one-to-one") +
		"<sextant><right letter=\"A\"><text>`one`</text></right><right letter=\"B\"><text>`two`</text></right></sextant></question></quiz>")
	if len(d.Questions) != 4 || len(d.Faults()) > 0 {
		t.Fatal(samples.Dump(d))
	}
	multiple, ordering, grid, pairs := d.Questions[0], d.Questions[1], d.Questions[2], d.Questions[3]
	if multiple.Choose != 0 || len(d.Problems) != 1 {
		t.Errorf("three keys and a tag for two: choose %d, %v", multiple.Choose, d.Problems)
	}
	if ordering.Options[0].Text != "a" || len(ordering.Tags) != 1 {
		t.Errorf("an order of two letters was used for three options:\n%s", samples.Dump(d))
	}
	if grid.Type != exam.Matching {
		t.Errorf("a series with Perhaps is a %s", grid.Type)
	}
	if pairs.Options[0].Text != "`one`" || pairs.Options[1].Text != "changed" {
		t.Errorf("the right-hand sides are %q and %q", pairs.Options[0].Text, pairs.Options[1].Text)
	}
}
