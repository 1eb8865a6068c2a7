package qti_test

import (
	"fmt"
	"strings"
	"testing"

	"sextant/internal/exam"
	"sextant/internal/exchange/qti"
)

// bbItem is an item as Blackboard writes it.
func bbItem(kind, responses, right, processing string) string {
	return `<item maxattempts="0"><itemmetadata><bbmd_asi_object_id>_7_1</bbmd_asi_object_id><bbmd_questiontype>` + kind + `</bbmd_questiontype><qmd_absolutescore_max>4.0</qmd_absolutescore_max><qmd_weighting>0.0</qmd_weighting></itemmetadata>` +
		`<presentation><flow class="Block"><flow class="QUESTION_BLOCK">` + bbFlow("Which?") + `</flow><flow class="RESPONSE_BLOCK">` + responses + `</flow>` + right + `</flow></presentation><resprocessing scoremodel="SumOfScores">` + processing + `</resprocessing>` +
		bbSaid("correct", "Well done.") + bbSaid("incorrect", "Think again.") + `</item>`
}

func bbText(text string) string {
	return `<material><mat_extension><mat_formattedtext type="HTML">` + text + `</mat_formattedtext></mat_extension></material>`
}

func bbFlow(text string) string {
	return `<flow class="FORMATTED_TEXT_BLOCK">` + bbText(text) + `</flow><flow class="FILE_BLOCK"><material/></flow>`
}

func bbSaid(ident, text string) string {
	return `<itemfeedback ident="` + ident + `" view="All"><flow_mat class="Block"><flow_mat class="FORMATTED_TEXT_BLOCK">` + bbText(text) + `</flow_mat></flow_mat></itemfeedback>`
}

func bbRow(ident, prompt string, labels ...string) string {
	out := `<flow class="Block"><response_lid ident="` + ident + `" rcardinality="Single"><render_choice shuffle="No"><flow_label class="Block">`
	for _, l := range labels {
		out += `<response_label ident="` + l + `" shuffle="Yes"/>`
	}
	return out + `</flow_label></render_choice></response_lid>` + bbFlow(prompt) + `</flow>`
}

func TestBlackboard(t *testing.T) {
	right := `<flow class="RIGHT_MATCH_BLOCK"><flow class="Block">` + bbFlow("a hub") + `</flow><flow class="Block">` + bbFlow("a spoke") + `</flow></flow>`
	pair := func(response, label string) string {
		return when("\n"+equal(response, "\n "+label+"\n"), show("correct"))
	}
	lost := `<respcondition title="incorrect"><conditionvar><other/></conditionvar>` + set("Set", "0.0") + show("incorrect") + "</respcondition>"
	all := "<and>" + equal("r", "A") + "<not>" + equal("r", "B") + "</not>" + equal("r", "C") + "</and>"
	check(t, []construct{
		{
			"a matching whose labels are bare", bbItem("Matching", bbRow("r1", "the centre", "x1", "x2")+bbRow("r2", "the edge", "y1", "y2"), right, pair("r1", "x1")+pair("r2", "y2")+lost),
			[]string{`matching "Which?" | a hub | a spoke | the centre=a hub | the edge=a spoke | right | wrong`},
		},
		{
			"several answers that claim to be one", bbItem("Multiple Answer", lid("r", "Single", "A", "B", "C"), "", when(all, set("Set", "SCORE.max")+show("correct"))+lost),
			[]string{`multiple "Which?" | *text A | text B | *text C | right | wrong`},
		},
		{
			"a second variable beside the score", bbItem("Multiple Choice", lid("r", "Single", "A", "B"), "", when(equal("r", "B"), set("Set", "SCORE.max")+`<setvar variablename="single_correct_answer" action="Set">true</setvar>`)+lost),
			[]string{"text A | *text B"},
		},
		{
			"a key of options that are gone", bbItem("Multiple Answer", lid("r", "Multiple", "A", "B"), "", when("<and>"+equal("r", "A")+equal("r", "gone")+"</and>", set("Set", "SCORE.max")+show("correct"))+lost),
			[]string{"fault q.xml:1 (_7_1): the key names an option that the question hasn't got (gone)"},
		},
		{
			"either or", bbItem("Either/Or", strings.NewReplacer(`"A"`, `"agree_disagree.true"`, `"B"`, `"agree_disagree.false"`, "text A", "agree_disagree.true", "text B", "agree_disagree.false").Replace(lid("r", "Single", "A", "B")), "", when(equal("r", "agree_disagree.true"), set("Set", "SCORE.max"))+lost),
			[]string{"*Agree | Disagree"},
		},
		{"an opinion", bbItem("Opinion Scale", lid("r", "Single", "A", "B"), "", when(equal("r", "A"), set("Set", "SCORE.max"))), []string{"skipped q.xml:1 (_7_1): an opinion: no answer to it is right"}},
		{"a formula", bbItem("Calculated", `<response_str ident="r"><render_fib/></response_str>`, "", when(equal("r", "A"), set("Set", "SCORE.max"))), []string{"a formula with numbers drawn by lot"}},
		{"drawn from a pool", `<section><selection_ordering><selection><or_selection><selection_metadata mdname="bbmd_questionid">_9_1</selection_metadata></or_selection></selection></selection_ordering></section>`, []string{"0 imported, 1 skipped\n", "drawn from a pool that isn't in this file"}},
		{"an introduction", `<presentation_material><flow_mat>` + bbText("&lt;p&gt;Take your time.&lt;/p&gt;") + `</flow_mat></presentation_material>`, []string{`an introduction ("Take your time.")`}},
		{"an empty introduction", `<presentation_material><flow_mat>` + bbText("") + `</flow_mat></presentation_material>`, []string{"0 imported, 0 skipped"}},
	}, classicFile)
}

// d2lItem is an item as Brightspace writes it.
func d2lItem(kind, responses, processing, feedback string) string {
	return `<item ident="OBJ_1" label="QUES_1" title=""><itemmetadata><qtimetadata><qti_metadatafield><fieldlabel>qmd_questiontype</fieldlabel><fieldentry>` + kind + `</fieldentry></qti_metadatafield><qti_metadatafield><fieldlabel>qmd_weighting</fieldlabel><fieldentry>3.000</fieldentry></qti_metadatafield></qtimetadata></itemmetadata>` +
		`<presentation><flow><material><mattext texttype="text/html">Which?</mattext></material>` + responses + `</flow></presentation><resprocessing>` + processing + `</resprocessing>` + feedback + `</item>`
}

func d2lGroup(respident, cardinality, prompt string) string {
	out := `<response_grp respident="` + respident + `" rcardinality="` + cardinality + `">`
	if prompt != "" {
		out += `<material><mattext>` + prompt + `</mattext></material>`
	}
	return out + strings.TrimPrefix(strings.Replace(lid("", cardinality, "A", "B", "C"), "</response_lid>", "</response_grp>", 1), `<response_lid ident="" rcardinality="`+cardinality+`">`)
}

func TestBrightspace(t *testing.T) {
	count := func(response, value, variable string) string {
		return when(equal(response, value), `<setvar varname="`+variable+`" action="Add">1.0</setvar>`)
	}
	without := func(value, variable string) string {
		return when("<not>"+equal("r", value)+"</not>", `<setvar varname="`+variable+`" action="Add">1.0</setvar>`)
	}
	both := equal("r", "Q_A1") + "<not>" + equal("r", "Q_A2") + equal("r", "Q_A3") + "</not>"
	options := strings.NewReplacer("\"A\"", "\"Q_A1\"", "\"B\"", "\"Q_A2\"", "\"C\"", "\"Q_A3\"").Replace(lid("r", "Multiple", "A", "B", "C"))
	check(t, []construct{
		{
			"a matching that counts mistakes too", d2lItem("Matching", d2lGroup("r1", "Single", "one")+d2lGroup("r2", "Single", "two"),
				count("r1", "A", "D2L_Correct")+count("r1", "B", "D2L_Incorrect")+count("r2", "A", "D2L_Incorrect")+count("r2", "B", "D2L_Correct"), ""),
			[]string{`matching "Which?" | text A | text B | text C | one=text A | two=text B`},
		},
		{
			"an ordering by the place of each step", d2lItem("Ordering", d2lGroup("r", "Ordered", ""), count("A", "2", "D2L_Correct")+count("B", "3", "D2L_Correct")+count("C", "1", "D2L_Correct"), ""),
			[]string{`ordering "Which?" | text C | text A | text B`},
		},
		{
			"an ordering with two steps in one place", d2lItem("Ordering", d2lGroup("r", "Ordered", ""), count("A", "2", "D2L_Correct")+count("B", "2", "D2L_Correct")+count("C", "1", "D2L_Correct"), ""),
			[]string{"skipped", "an ordering that leaves some of its steps out"},
		},
		{
			"several answers, each for itself", d2lItem("Multi-Select", lid("r", "Multiple", "A", "B", "C"),
				count("r", "A", "D2L_Correct")+without("A", "D2L_Incorrect")+count("r", "B", "D2L_Incorrect")+without("B", "D2L_Correct")+count("r", "C", "D2L_Correct")+without("C", "D2L_Incorrect"), ""),
			[]string{`multiple "Which?" | *text A | (-50%)text B | *text C`},
		},
		{
			"several answers at once, and comments on options", d2lItem("Multi-Select", options, when(both, set("Add", "1")), `<itemfeedback ident="Q_IF2"><material><mattext>not this</mattext></material></itemfeedback>`),
			[]string{`multiple "Which?" | *text A | !text B | text C`},
		},
		{"written", d2lItem("Long Answer", `<response_str ident="r"><render_fib/></response_str>`, when(equal("r", "x"), set("Set", "1")), ""), []string{"skipped q.xml:1 (OBJ_1): an essay"}},
		{"a poll", d2lItem("Likert", lid("r", "Single", "A", "B"), "", ""), []string{"an opinion"}},
	}, classicFile)
	if q := read(classicFile(d2lItem("Multi-Select", options, when(both, set("Add", "1")), "")), nil).Questions[0]; q.Points != 3 || q.SourceID != "OBJ_1" {
		t.Errorf("worth %v, from %q", q.Points, q.SourceID)
	}
}

func TestRespondus(t *testing.T) {
	item := func(worth string) string {
		comments := ""
		for _, id := range []string{"QUE_2_AC", "QUE_3_AIC", "QUE_4_C", "QUE_5_IC", "QUE_6_ALL"} {
			comments += `<itemfeedback ident="` + id + `"><material><mattext>said ` + id + `</mattext></material></itemfeedback>`
		}
		return strings.Replace(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", worth)+show("QUE_2_AC")+show("QUE_4_C")+show("QUE_6_ALL"))+
			when(equal("r", "B"), set("Add", "0")+show("QUE_3_AIC")+show("QUE_5_IC")+show("QUE_6_ALL"))), "</item>", comments+"</item>", 1)
	}
	for _, worth := range []string{"5", "0"} {
		doc := read(classicFile(item(worth)), nil)
		if len(doc.Questions) != 1 {
			t.Fatalf("worth %s: %s", worth, said(doc))
		}
		q := doc.Questions[0]
		if !q.Options[0].Key || q.Options[1].Key || q.Options[0].Rationale != "said QUE_2_AC" || q.Options[1].Rationale != "said QUE_3_AIC" ||
			q.Replies.Right != "said QUE_4_C" || q.Replies.Wrong != "said QUE_5_IC" || q.Explanation != "said QUE_6_ALL" {
			t.Errorf("worth %s: options %+v, replies %+v, explanation %q", worth, q.Options, q.Replies, q.Explanation)
		}
	}
}

func TestMaterialsThatItemsReferTo(t *testing.T) {
	shared := `<presentation_material><flow_mat><material label="map"><mattext>The map.</mattext></material><material><mattext label="note">A note.</mattext></material></flow_mat></presentation_material>`
	refer := func(to string) string {
		return strings.Replace(classicItem("", lid("r", "Single", "A", "B"), when(equal("r", "A"), set("Set", "1"))), "<presentation>", "<presentation>"+to, 1)
	}
	tests := []struct {
		name, reference, ask string
		warned               bool
	}{
		{"a material", `<material_ref linkrefid="map"/>`, "The map.\n\nWhich?", false},
		{"a text within one", `<flow><material><matref linkrefid="note"/></material></flow>`, "A note.\n\nWhich?", false},
		{"a text from outside", `<material_ref linkrefid="note"/>`, "A note.\n\nWhich?", false},
		{"what isn't there", `<material_ref linkrefid="gone"/>`, "Which?", true},
	}
	for _, c := range tests {
		doc := read(classicFile(shared+refer(c.reference)), nil)
		if len(doc.Questions) != 1 {
			t.Fatalf("%s: %s", c.name, said(doc))
		}
		q := doc.Questions[0]
		if got := strings.TrimSpace(q.Stem + "\n\n" + q.Ask); got != c.ask || (len(doc.Problems) == 1) != c.warned {
			t.Errorf("%s: asks %q, problems %v", c.name, got, doc.Problems)
		}
	}
}

func TestObjectsInABody(t *testing.T) {
	page := `<!DOCTYPE html><html><head><title>On hubs</title><style>p{}</style></head><body onload="x()"><p>A hub <b>routes</b>. <img src="hub.png" alt="a hub"></p></body></html>`
	beside := map[string]string{"shared/hubs.html": page, "shared/hub.png": png, "shared/notes.txt": "1. plain *text*", "shared/part.xml": "<qti-assessment-stimulus identifier='p'><qti-stimulus-body><p>Part two.</p></qti-stimulus-body></qti-assessment-stimulus>"}
	item := func(body string) string {
		return itemFile(declare("single", "identifier", "B") + strings.Replace(choices(`maxChoices="1"`, "A", "B"), "<itemBody>", "<itemBody>"+body, 1))
	}
	object := func(kind, data, inner string) string {
		return `<div><object type="` + kind + `" data="` + data + `">` + inner + `</object></div>`
	}
	tests := []struct{ name, body, title, text, stem, warning string }{
		{"a web page", object("text/html", "shared/hubs.html", ""), "On hubs", "A hub **routes**. ![a hub](media:", "Scenario.", ""},
		{"in front, for those who answer", `<rubricBlock view="candidate scorer">` + object("text/html", "shared/hubs.html", "") + `</rubricBlock>`, "On hubs", "A hub **routes**.", "Scenario.", ""},
		{"for markers only", `<rubricBlock view="scorer">` + object("text/html", "shared/hubs.html", "") + `</rubricBlock>`, "", "", "Scenario.", ""},
		{"a plain text", object("text/plain", "shared/notes.txt", ""), "", `1\. plain \*text\*`, "Scenario.", ""},
		{"two texts", object("text/html", "shared/hubs.html", "") + object("text/plain", "shared/notes.txt", ""), "On hubs", `\*text\*`, "Scenario.", ""},
		{"what isn't there", object("text/html", "gone.html", "<p>Instead of it.</p>"), "", "", "Instead of it.\n\nScenario.", "(gone.html) isn't beside it"},
		{"a picture", object("image/png", "shared/hub.png", "a hub"), "", "", "![a hub](media:", ""},
		{"a picture of a kind that isn't shown", object("image/eps", "shared/hub.eps", object("image/png", "shared/hub.png", "")), "", "", "![](media:", ""},
		{"pictures that aren't there", object("image/eps", "a.eps", object("image/png", "a.png", "<p>A hub in words.</p>")), "", "", "A hub in words.\n\nScenario.", ""},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			doc := read(item(c.body), beside)
			if len(doc.Questions) != 1 {
				t.Fatal(said(doc))
			}
			q := doc.Questions[0]
			set := exam.Stimulus{}
			if q.Stimulus != nil {
				set = *q.Stimulus
			}
			if set.Title != c.title || !strings.Contains(set.Text, c.text) || set.Text != "" && c.text == "" || !strings.HasPrefix(q.Stem, c.stem) {
				t.Errorf("case set %+v, stem %q", set, q.Stem)
			}
			if problems := fmt.Sprint(doc.Problems); !strings.Contains(problems, c.warning) || c.warning == "" && len(doc.Problems) > 0 {
				t.Errorf("problems %s", problems)
			}
		})
	}
}

func TestQuestionsOnOneTextShareItsCaseSet(t *testing.T) {
	item := itemFile(`<assessmentStimulusRef identifier="s1" href="../text.xml" title="Case"/><assessmentStimulusRef identifier="s2" href="../more.xml"/>` + declare("single", "identifier", "B") + choices(`maxChoices="1"`, "A", "B"))
	stimulus := func(text string) string {
		return `<assessmentStimulus identifier="x" title=""><stimulusBody><p>` + text + `</p></stimulusBody></assessmentStimulus>`
	}
	resource := func(kind, href string) string { return `<resource type="` + kind + `" href="` + href + `"/>` }
	doc := qti.ReadPackage(packed(t, map[string]string{
		// A text is declared as a test, as in packages that are about.
		"imsmanifest.xml": `<manifest><resources>` + resource("imsqti_test_xmlv3p0", "text.xml") + resource("imsqti_item_xmlv2p2", "items/1.xml") + resource("imsqti_item_xmlv2p2", "items/2.xml") + resource("imsqti_test_xmlv2p2", "unused.xml") + `</resources></manifest>`,
		"text.xml":        stimulus("Read this."), "more.xml": stimulus("And this."), "unused.xml": stimulus("Nobody asks."), "items/1.xml": item, "items/2.xml": item,
	}), "p.zip")
	if len(doc.Questions) != 2 || len(doc.Problems) != 0 || len(doc.Skipped) != 1 || !strings.Contains(doc.Skipped[0].Reason, "no question refers to") {
		t.Fatal(said(doc))
	}
	a, b := doc.Questions[0].Stimulus, doc.Questions[1].Stimulus
	if a == nil || a != b || a.Text != "Read this.\n\nAnd this." {
		t.Errorf("case sets %+v, %+v", a, b)
	}
	if doc := read(stimulus("Alone."), nil); len(doc.Faults()) != 1 || !strings.Contains(doc.Faults()[0].Message, "without questions") {
		t.Error(said(doc))
	}
}

func TestQTI2AsOthersWriteIt(t *testing.T) {
	check(t, []construct{
		{
			"HTML in CDATA", strings.NewReplacer("<p>Scenario.</p>", "<![CDATA[<div>Scenario<br>in HTML.</div>]]>", "text A", "<![CDATA[ <p>the <b>first</b></p> ]]>").Replace(declare("single", "identifier", "B") + choices(`shuffle="true" maxChoices="1"`, "A", "B")),
			[]string{`"Scenario\\ in HTML. Which?" | the **first** | *text B`},
		},
		{"tags as a text", strings.Replace(declare("single", "identifier", "B")+choices(`shuffle="true" maxChoices="1"`, "A", "B"), "text A", "&lt;p&gt;one&lt;/p&gt;", 1), []string{`| \<p>one\</p> |`}},
		{"marks without processing", mapped(declare("single", "identifier", "B"), "A=-0.5", "B=1") + choices(`shuffle="true" maxChoices="1"`, "A", "B") + "<responseProcessing/>", []string{"(-50%)text A | *text B"}},
	}, itemFile)
	item := strings.Replace(itemFile(declare("single", "identifier", "B")+choices(`maxChoices="1"`, "A", "B")), `title="T"`, `title="Hubs&amp;nbsp;&amp;amp; spokes"`, 1)
	if got := read(item, nil).Questions[0].Title; got != "Hubs & spokes" {
		t.Errorf("the title is %q", got)
	}
}

func TestPropertiesInAManifestAreNoCategory(t *testing.T) {
	path := func(entries ...string) string {
		out := "<taxonPath>"
		for _, e := range entries {
			out += "<taxon><entry><string>" + e + "</string></entry></taxon>"
		}
		return out + "</taxonPath>"
	}
	item := itemFile(declare("single", "identifier", "B") + choices(`maxChoices="1"`, "A", "B"))
	for paths, want := range map[string]string{path("Networks", "Hubs"): "Networks/Hubs", path("1.00") + path("2017-06-27") + path("Grade 3"): ""} {
		doc := qti.ReadPackage(packed(t, map[string]string{
			"imsmanifest.xml": `<manifest><resources><resource type="imsqti_item_xmlv2p1" href="1.xml"><metadata><lom><classification><purpose><value>discipline</value></purpose>` + paths + `</classification></lom></metadata></resource></resources></manifest>`,
			"1.xml":           item,
		}), "p.zip")
		if got := doc.Questions[0].Category; got != want {
			t.Errorf("%s is the category %q, want %q", paths, got, want)
		}
	}
}
