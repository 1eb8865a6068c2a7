package xmltree_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/exchange/xmltree"
)

func TestParseKeepsOrderLinesAndText(t *testing.T) {
	root, mended, err := xmltree.Parse("<a:p x='1' y=\"&lt;2&gt;\">one<!-- no -->&amp;\n<![CDATA[<b>]]>\n<img src=\"s\"/>two<div/>&nbsp;&#65;</a:p> rest", 7)
	if err != nil || mended {
		t.Fatal(mended, err)
	}
	if root.Name != "p" || root.Attr("y") != "<2>" || root.Attr("z") != "" || root.Line != 7 {
		t.Errorf("the root is %+v", root)
	}
	if got, want := root.Inner(), "one&amp;\n&lt;b&gt;\n<img src=\"s\">two<div></div>\u00a0A"; got != want {
		t.Errorf("as HTML it is %q, want %q", got, want)
	}
	if got, want := root.Content(), "one&\n<b>\ntwo\u00a0A"; got != want {
		t.Errorf("its text is %q, want %q", got, want)
	}
	if img := root.Child("img"); img == nil || img.Line != 9 || img.Outer() != `<img src="s">` || len(root.Elements()) != 2 || len(root.All("div")) != 1 {
		t.Errorf("its elements are %v", root.Elements())
	}
	if missing := root.Child("nothing"); missing.Child("x") != nil || missing.Content() != "" || missing.Attr("y") != "" || missing.Inner() != "" || missing.Outer() != "" || missing.All("x") != nil || missing.Elements() != nil {
		t.Error("an element that isn't there has something in it")
	}
}

func TestBrokenXMLIsToldByLine(t *testing.T) {
	cases := []struct {
		name, text string
		line       int
		want       string
	}{
		{"an element left open", "<a>\n<b>\n", 3, "<b>, opened in line 2, is never closed"},
		{"elements that cross", "<a>\n<b></a>", 2, "</a> stands where </b> is due"},
		{"another prefix", "<x:a></y:a>", 1, "stands where"},
		{"an end without a beginning", "</a>", 1, "isn't open"},
		{"a section left open", "<a>\n<![CDATA[", 2, "]]> is missing"},
		{"no element", " \n ", 2, "there is no element"},
		{"an attribute without quotes", "<a b=c></a>", 1, "attribute"},
		{"too deep", strings.Repeat("<a>", 1000), 1, "deep"},
		{"too many", "<a>" + strings.Repeat("<b/>", 300_000), 1, "elements"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := xmltree.Parse(c.text, 1)
			var broken *xmltree.Error
			if !errors.As(err, &broken) || broken.Line != c.line || !strings.Contains(broken.Message, c.want) {
				t.Errorf("got %v, want line %d and %q", err, c.line, c.want)
			}
		})
	}
}

func TestWhatIsEasilyMendedIsMended(t *testing.T) {
	cases := []struct{ text, want string }{
		{"<a>R&D &amp; AT&T &unknown; &#65;</a>", "R&D & AT&T &unknown; A"},
		{"<a>one\x0btwo\x00</a>", "onetwo"},
		{"<a><![CDATA[x & y &amp;]]> & z<!-- & --></a>", "x & y &amp; & z"},
		{"<a>&#0;</a>", "&#0;"},
		{"<a>1 < 2 <= 3 <4 <b>x</b></a>", "1 < 2 <= 3 <4 x"},
	}
	for _, c := range cases {
		root, mended, err := xmltree.Parse(c.text, 1)
		if err != nil || !mended || root.Content() != c.want {
			t.Errorf("%q became %q (mended %v, %v), want %q", c.text, root.Content(), mended, err, c.want)
		}
	}
}

// TestEntitiesOfTheFileAreNeverExpanded gives a document type to a text that was
// meant to blow up.
func TestEntitiesOfTheFileAreNeverExpanded(t *testing.T) {
	text := `<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;"><!ENTITY z SYSTEM "file:///etc/hosts">]><a>&y;&z;</a>`
	root, mended, err := xmltree.Parse(text, 1)
	if err != nil || !mended || root.Content() != "&y;&z;" {
		t.Errorf("read as %q (mended %v, %v)", root.Content(), mended, err)
	}
	if !xmltree.DeclaresEntities(text) || xmltree.DeclaresEntities(`<!DOCTYPE a SYSTEM "a.dtd"><a/>`) {
		t.Error("a document type with entities is not told from one without")
	}
}

func TestDecodeGoesByTheDeclaration(t *testing.T) {
	cases := []struct{ name, data, want string }{
		{"UTF-8", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<a>é</a>", "é"},
		{"Latin-2", "<?xml version='1.0' encoding='ISO-8859-2'?><a>\xb1</a>", "ą"},
		{"Shift JIS", "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\x83e</a>", "テ"},
		{"undeclared Windows-1252", "<a>caf\xe9</a>", "café"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text, _, err := xmltree.Decode([]byte(c.data))
			if err != nil || !strings.Contains(text, c.want) || strings.Contains(text, "\r") {
				t.Errorf("read as %q, %v", text, err)
			}
		})
	}
	if _, _, err := xmltree.Decode([]byte("<?xml version=\"1.0\" encoding=\"elvish\"?><a/>")); err == nil || !strings.Contains(err.Error(), "elvish") {
		t.Errorf("an unknown character set gives %v", err)
	}
}

func TestAPageIsToldFromData(t *testing.T) {
	for _, text := range []string{"<!DOCTYPE html><html>", "\n<HTML lang='en'>", "<?xml version=\"1.0\"?><!-- a --><!doctype HTML>", "<head>"} {
		if !xmltree.IsPage(text) {
			t.Errorf("%q is a page", text)
		}
	}
	for _, text := range []string{"<quiz>", "<!-- <html> --><quiz>", "<htmlthing/>", ""} {
		if xmltree.IsPage(text) {
			t.Errorf("%q is no page", text)
		}
	}
}

// TestCleanTextsCanBeWritten writes any string as text and reads it back.
func TestCleanTextsCanBeWritten(t *testing.T) {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	rapid.Check(t, func(t *rapid.T) {
		clean := xmltree.Clean(rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string {
			return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		})).Draw(t, "text"))
		root, mended, err := xmltree.Parse("<a>"+escape.Replace(clean)+"</a>", 1)
		if err != nil || mended || root.Content() != clean {
			t.Fatalf("%q read as %q (mended %v, %v)", clean, root.Content(), mended, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"<a>&b;<![CDATA[x]]></a>", "<a><b c='d'/></a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<?xml version='1.0'?><a:b/>", "<a>\x00</a>", "<!-- --><a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, _, err := xmltree.Parse(text, 1)
		if broken := (*xmltree.Error)(nil); err != nil && (!errors.As(err, &broken) || broken.Line < 1 || broken.Message == "") {
			t.Fatalf("an error that tells no line: %v", err)
		}
		root.Outer()
		if text, _, err := xmltree.Decode([]byte(text)); err == nil {
			xmltree.IsPage(text)
			xmltree.DeclaresEntities(text)
		}
	})
}
