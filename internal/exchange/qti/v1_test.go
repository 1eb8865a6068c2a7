package qti_test

import (
	"fmt"
	"strings"
	"testing"

	"sextant/internal/exchange"
	"sextant/internal/exchange/qti"
)

// read reads a file by itself, with the files beside it.
func read(text string, beside map[string]string) *exchange.Document {
	return qti.Read(exchange.Source{Name: "q.xml", Data: []byte(text)}, func(name string) ([]byte, bool) {
		data, ok := beside[name]
		return []byte(data), ok
	})
}

// said is what reading came to, as the goldens have it.
func said(doc *exchange.Document) string {
	var out strings.Builder
	describe(&out, "q.xml", doc)
	return out.String()
}

type construct struct {
	name, xml string
	want      []string // lines, or parts of lines, of what reading came to
}

func check(t *testing.T, tests []construct, wrap func(string) string) {
	t.Helper()
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got := said(read(wrap(c.xml), nil))
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
		})
	}
}

func classicFile(items string) string {
	return `<?xml version="1.0"?><questestinterop><assessment ident="a" title="Quiz"><section ident="root_section">` + items + `</section></assessment></questestinterop>`
}

func classicItem(meta, presentation, processing string) string {
	fields := ""
	for _, f := range strings.Fields(meta) {
		k, v, _ := strings.Cut(f, "=")
		fields += "<qtimetadatafield><fieldlabel>" + k + "</fieldlabel><fieldentry>" + v + "</fieldentry></qtimetadatafield>"
	}
	return `<item ident="i1" title="T"><itemmetadata><qtimetadata>` + fields + `</qtimetadata></itemmetadata><presentation><material><mattext texttype="text/html">&lt;p&gt;Which?&lt;/p&gt;</mattext></material>` +
		presentation + "</presentation><resprocessing>" + processing + "</resprocessing></item>"
}

func lid(ident, cardinality string, labels ...string) string {
	out := `<response_lid ident="` + ident + `" rcardinality="` + cardinality + `"><render_choice>`
	for _, l := range labels {
		out += fmt.Sprintf(`<response_label ident="%s"><material><mattext>text %s</mattext></material></response_label>`, l, l)
	}
	return out + "</render_choice></response_lid>"
}

func when(test, then string) string {
	return "<respcondition><conditionvar>" + test + "</conditionvar>" + then + "</respcondition>"
}

func equal(response, value string) string {
	return `<varequal respident="` + response + `">` + value + "</varequal>"
}

func set(action, value string) string {
	return `<setvar varname="SCORE" action="` + action + `">` + value + "</setvar>"
}

func show(id string) string {
	return `<displayfeedback feedbacktype="Response" linkrefid="` + id + `"/>`
}

func TestQTI12(t *testing.T) {
	check(t, []construct{
		{"one right answer", classicItem("question_type=multiple_choice_question", lid("r", "Single", "A", "B"), when(equal("r", "B"), set("Set", "100"))), []string{`single "Which?" | text A | *text B`}},
		{"true or false, the wrong way round", strings.NewReplacer("text A", "false", "text B", "TRUE").Replace(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "B"), set("Set", "1")))), []string{"*True | False | fixed"}},
		{"partial marks", classicItem("points_possible=4", lid("r", "Single", "A", "B", "C"), when(equal("r", "A"), set("Set", "4"))+when(equal("r", "B"), set("Set", "1"))), []string{"*text A | (25%)text B | text C"}},
		{"and with not", classicItem("", lid("r", "Multiple", "A", "B", "C"), when("<and>"+equal("r", "A")+"<not>"+equal("r", "B")+"</not>"+equal("r", "C")+"</and>", set("Set", "100"))), []string{"multiple", "*text A | text B | *text C"}},
		{"marks for each", classicItem("", lid("r", "Multiple", "A", "B", "C"), when(equal("r", "A"), set("Add", "50"))+when(equal("r", "C"), set("Add", "50"))+when(equal("r", "B"), set("Subtract", "25"))), []string{"*text A | (-25%)text B | *text C"}},
		{"all of them", classicItem("", lid("r", "Multiple", "A", "B"), when("<and>"+equal("r", "A")+equal("r", "B")+"</and>", set("Set", "100"))), []string{"*text A | *text B"}},
		{"several that will do", classicItem("", lid("r", "Single", "A", "B", "C"), when("<or>"+equal("r", "B")+"</or>", set("Set", "1"))), []string{"text A | *text B"}},
		{"Blackboard's whole mark", classicItem("", lid("r", "Single", "A", "B"), `<respcondition title="correct"><conditionvar>`+equal("r", "A")+"</conditionvar>"+set("Set", "SCORE.max")+"</respcondition>"), []string{"*text A"}},
		{"no key", classicItem("", lid("r", "Single", "A", "B"), ""), []string{"fault q.xml:1 (T): no option is marked as right"}},
		{"not shuffled", strings.ReplaceAll(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "<render_choice>", `<render_choice shuffle="No">`), []string{"text B | fixed"}},
		{"ordered", classicItem("", lid("r", "Ordered", "A", "B", "C"), when(equal("r", "C")+equal("r", "A")+equal("r", "B"), set("Add", "5"))), []string{`ordering "Which?" | text C | text A | text B`}},
		{"ordered by places", classicItem("", lid("r", "Ordered", "A", "B"), when(`<varequal respident="r" index="1">B</varequal>`, set("Add", "5"))+when(`<varequal respident="r" index="2">A</varequal>`, set("Add", "5"))), []string{"text B | text A"}},
		{"ordered in part", classicItem("", lid("r", "Ordered", "A", "B", "C"), when(equal("r", "C")+equal("r", "A"), set("Add", "5"))), []string{"skipped", "leaves some of its steps out"}},
		{"matching", classicItem("question_type=matching_question", row("r1", "one")+row("r2", "two"), when(equal("r1", "B"), set("Add", "50"))+when(equal("r2", "A"), set("Add", "50"))), []string{`matching "Which?" | text A | text B | one=text B | two=text A`}},
		{"matching with comments", classicItem("question_type=matching_question", row("response_1", "one")+row("response_2", "two"), when(equal("response_1", "B"), set("Add", "50"))+when(equal("response_2", "A"), set("Add", "50"))+when("<not>"+equal("response_1", "B")+"</not>", show("1_fb"))) + "", []string{"one=text B"}},
		{"a word for each gap", strings.ReplaceAll(classicItem("question_type=multiple_dropdowns_question", row("response_x", "x")+row("response_y", "y"), when(equal("response_x", "A"), set("Add", "50"))+when(equal("response_y", "B"), set("Add", "50"))), "Which?", "A [x] and [y]"), []string{`"A [x] and [y]"`, "[x]=text A | [y]=text B"}},
		{"drag and drop", classicItem("", `<response_grp ident="r" rcardinality="Multiple"><render_choice><response_label ident="1" match_group="A,B"><material><mattext>one</mattext></material></response_label><response_label ident="2" match_group="A,B"><material><mattext>two</mattext></material></response_label><response_label ident="A"><material><mattext>a</mattext></material></response_label><response_label ident="B"><material><mattext>b</mattext></material></response_label></render_choice></response_grp>`, when(`<varsubset respident="r">1,B</varsubset>`, set("Add", "1"))+when(`<varsubset respident="r">2,A</varsubset>`, set("Add", "1"))), []string{"matching", "one=b | two=a"}},
		{"yes and no", strings.NewReplacer("text A", "Yes", "text B", "No").Replace(classicItem("", row("r1", "one")+row("r2", "two"), when(equal("r1", "B"), set("Add", "50"))+when(equal("r2", "A"), set("Add", "50")))), []string{`yes_no "Which?" | one=false | two=true`}},
		{"essay", classicItem("question_type=essay_question", `<response_str ident="r"><render_fib/></response_str>`, ""), []string{"skipped q.xml:1 (T): an essay"}},
		{"short answer", classicItem("", `<response_str ident="r"><render_fib/></response_str>`, when(equal("r", "x"), set("Set", "1"))), []string{"a short answer"}},
		{"number", classicItem("", `<response_str ident="r"><render_fib/></response_str>`, when(`<vargte respident="r">1</vargte><varlte respident="r">2</varlte>`, set("Set", "1"))), []string{"a number to enter"}},
		{"place in a picture", classicItem("", `<response_xy ident="r"><render_hotspot/></response_xy>`, ""), []string{"a place in a picture"}},
		{"cartridge profile", classicItem("cc_profile=cc.multiple_response.v0p1", lid("r", "Multiple", "A", "B"), when(equal("r", "A"), set("Set", "100"))), []string{"multiple", "*text A | text B"}},
		{"cartridge essay", classicItem("cc_profile=cc.essay.v0p1", `<response_str ident="r"><render_fib/></response_str>`, ""), []string{"an essay"}},
		{"comments by Canvas's names", classicItem("", lid("r", "Single", "A", "B"), when("<other/>", show("general_fb"))+when(equal("r", "A"), set("Set", "1")+show("correct_fb"))) +
			"", []string{"*text A"}},
		{"Blackboard's texts and bare words", `<item><presentation><flow><material><mat_extension><mat_formattedtext type="HTML">&lt;b&gt;Sure?&lt;/b&gt;</mat_formattedtext></mat_extension></material><response_lid ident="r" rcardinality="Single"><render_choice><flow_label><response_label ident="true"><flow_mat><material><mattext/></material></flow_mat></response_label><response_label ident="false"/></flow_label></render_choice></response_lid></flow></presentation><resprocessing>` + when(equal("r", "false"), set("Set", "SCORE.max")) + "</resprocessing></item>", []string{`"**Sure?**" | True | *False | fixed`}},
		{"several right ones", classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A")+equal("r", "B"), set("Set", "1"))), []string{"*text A | (100%)text B", "several options earn the whole mark"}},
		{"left-over empty options", classicItem("", strings.Replace(lid("r", "Single", "A", "B", "C"), "text C", "", 1), when(equal("r", "A"), set("Set", "1"))), []string{"*text A | text B\n", "1 options without a text"}},
		{"plain text keeps its signs", strings.ReplaceAll(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "<mattext>text B", `<mattext texttype="text/plain">a &lt;b&gt; *c*`), []string{`a \<b> \*c\*`}},
		{"HTML without its type", strings.ReplaceAll(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "text B", "&lt;em&gt;b&lt;/em&gt;"), []string{"| *b*"}},
		{"raw HTML nodes", strings.ReplaceAll(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "text B", "x <b>b</b>"), []string{"| x **b**"}},
		{"end tags missing", strings.Replace(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "</resprocessing>", "", 1), []string{"*text A", "was mended"}},
		{"the next question comes in", `<item ident="x"><presentation><material></presentation` + classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), []string{"*text A"}},
		{"OLAT's whole answer and any other", classicItem("", lid("r", "Multiple", "A", "B", "C"), `<respcondition continue="Yes"><conditionvar><and>`+equal("r", "A")+equal("r", "C")+"</and><not><or>"+equal("r", "B")+"</or></not></conditionvar>"+set("Set", "2")+"</respcondition>"+when("<other/>", set("Set", "0"))), []string{"multiple", "*text A | text B | *text C"}},
		{"OLAT's rows to judge", classicItem("", lid("r", "Multiple", "A", "B"), when("<and>"+equal("r", "A:correct")+equal("r", "B:wrong")+"</and>", set("Set", "1"))), []string{`yes_no "Which?" | text A=true | text B=false`}},
		{"Brightspace's hint", strings.Replace(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "</item>", "<hint><hintmaterial><flow_mat><material><mattext>Look.</mattext></material></flow_mat></hintmaterial></hint></item>", 1), []string{"explained"}},
		{"a bank elsewhere", `<section><selection_ordering><selection><sourcebank_ref>b</sourcebank_ref></selection></selection_ordering></section><bankentry_item item_ref="z"/>`, []string{"drawn from a bank", "(z): a reference"}},
	}, classicFile)
}

func row(ident, prompt string) string {
	return strings.Replace(lid(ident, "Single", "A", "B"), "<render_choice>", "<material><mattext>"+prompt+"</mattext></material><render_choice>", 1)
}

func TestQTI12Comments(t *testing.T) {
	text := classicItem("points_possible=3", lid("r", "Single", "A", "B", "C"),
		`<respcondition continue="Yes"><conditionvar><other/></conditionvar>`+show("always")+"</respcondition>"+
			`<respcondition continue="Yes"><conditionvar>`+equal("r", "B")+"</conditionvar>"+show("onB")+"</respcondition>"+
			when(equal("r", "A"), set("Set", "100")+show("Correct"))+
			`<respcondition><conditionvar><not>`+equal("r", "A")+"</not></conditionvar>"+show("nope")+"</respcondition>")
	feedback := ""
	for _, id := range []string{"always", "onB", "Correct", "nope", "C_fb", "never"} {
		feedback += `<itemfeedback ident="` + id + `"><flow_mat><material><mattext>said ` + id + `</mattext></material></flow_mat></itemfeedback>`
	}
	doc := read(classicFile(strings.Replace(text, "</item>", feedback+"</item>", 1)), nil)
	if len(doc.Questions) != 1 {
		t.Fatal(said(doc))
	}
	q := doc.Questions[0]
	if q.Explanation != "said always\n\nsaid never" || q.Replies.Right != "said Correct" || q.Replies.Wrong != "said nope" ||
		q.Options[0].Rationale != "" || q.Options[1].Rationale != "said onB" || q.Options[2].Rationale != "said C_fb" {
		t.Errorf("explanation %q, replies %+v, options %+v", q.Explanation, q.Replies, q.Options)
	}
	if q.Points != 3 || q.SourceID != "i1" || q.Title != "T" || q.Category != "Quiz" || doc.Title != "Quiz" {
		t.Errorf("points %v, source %q, title %q, category %q, document %q", q.Points, q.SourceID, q.Title, q.Category, doc.Title)
	}
}

func TestQTI12SectionsAreCategoriesAndTextsAreShared(t *testing.T) {
	one := classicItem("parent_stimulus_item_ident=s1", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1")))
	text := `<item ident="s1" title="Case"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>text_only_question</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext>Read this.</mattext></material></presentation></item>`
	doc := read(classicFile(text+`<section title="Part 1"><section title="Inner">`+one+`</section></section>`+strings.ReplaceAll(one, `"i1"`, `"i2"`)), nil)
	if len(doc.Questions) != 2 || len(doc.Skipped)+len(doc.Problems) != 0 {
		t.Fatal(said(doc))
	}
	a, b := doc.Questions[0], doc.Questions[1]
	if a.Category != "Part 1/Inner" || b.Category != "Quiz" {
		t.Errorf("categories %q, %q", a.Category, b.Category)
	}
	if a.Stimulus == nil || a.Stimulus != b.Stimulus || a.Stimulus.Text != "Read this." || a.Stimulus.Title != "Case" {
		t.Errorf("case sets %+v, %+v", a.Stimulus, b.Stimulus)
	}
}

func TestEncodingsOfXML(t *testing.T) {
	item := classicFile(strings.Replace(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "Which?", "Größe?", 1))
	latin := strings.NewReplacer("ö", "\xf6", "ß", "\xdf", `version="1.0"`, `version="1.0" encoding="ISO-8859-1"`).Replace(item)
	for name, text := range map[string]string{"UTF-8": item, "with a mark": "\xef\xbb\xbf" + item, "Latin-1": latin, "CRLF": strings.ReplaceAll(item, "><", ">\r\n<")} {
		if got := said(read(text, nil)); !strings.Contains(got, `"Größe?" | *text A`) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
