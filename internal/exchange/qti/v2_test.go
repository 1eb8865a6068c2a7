package qti_test

import (
	"strings"
	"testing"

	"sextant/internal/exchange/qti"
)

func itemFile(body string) string {
	return `<?xml version="1.0"?><assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="T" adaptive="false" timeDependent="false">` + body + "</assessmentItem>"
}

func declare(cardinality, base string, correct ...string) string {
	out := `<responseDeclaration identifier="RESPONSE" cardinality="` + cardinality + `" baseType="` + base + `"><correctResponse>`
	for _, v := range correct {
		out += "<value>" + v + "</value>"
	}
	return out + "</correctResponse></responseDeclaration>"
}

func choices(attributes string, ids ...string) string {
	out := `<itemBody><p>Scenario.</p><choiceInteraction responseIdentifier="RESPONSE" ` + attributes + `><prompt>Which?</prompt>`
	for _, id := range ids {
		out += `<simpleChoice identifier="` + id + `">text ` + id + "</simpleChoice>"
	}
	return out + "</choiceInteraction></itemBody>"
}

const (
	matchCorrect = `<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>`
	mapResponse  = `<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>`
)

func mapped(declaration string, entries ...string) string {
	out := `<mapping defaultValue="0">`
	for _, e := range entries {
		key, value, _ := strings.Cut(e, "=")
		out += `<mapEntry mapKey="` + key + `" mappedValue="` + value + `"/>`
	}
	return strings.Replace(declaration, "</responseDeclaration>", out+"</mapping></responseDeclaration>", 1)
}

func matchSets(left, right string) string {
	set := func(ids string) string {
		out := "<simpleMatchSet>"
		for id := range strings.FieldsSeq(ids) {
			out += `<simpleAssociableChoice identifier="` + id + `" matchMax="4">` + id + "</simpleAssociableChoice>"
		}
		return out + "</simpleMatchSet>"
	}
	return `<itemBody><matchInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Which?</prompt>` + set(left) + set(right) + "</matchInteraction></itemBody>"
}

func TestQTI2(t *testing.T) {
	check(t, []construct{
		{"one right answer", declare("single", "identifier", "B") + choices(`shuffle="true" maxChoices="1"`, "A", "B") + matchCorrect, []string{`qti-2`, `single "Scenario. Which?" | text A | *text B` + "\n"}},
		{"not shuffled", declare("single", "identifier", "B") + choices(`maxChoices="1"`, "A", "B"), []string{"*text B | fixed"}},
		{"several", declare("multiple", "identifier", "A", "B") + choices(`shuffle="true" maxChoices="0"`, "A", "B", "C"), []string{"multiple", "*text A | *text B | text C"}},
		{"mapped marks", mapped(declare("single", "identifier", "B"), "A=1", "B=2") + choices(`shuffle="true" maxChoices="1"`, "A", "B") + mapResponse, []string{"(50%)text A | *text B"}},
		{"a mapping that isn't used", mapped(declare("single", "identifier", "B"), "A=1", "B=2") + choices(`shuffle="true" maxChoices="1"`, "A", "B") + matchCorrect, []string{"| text A | *text B"}},
		{"the key in the mapping only", mapped(declare("multiple", "identifier"), "A=1", "C=1", "B=-1") + choices(`shuffle="true" maxChoices="0"`, "A", "B", "C") + mapResponse, []string{"*text A | (-50%)text B | *text C"}},
		{"the key in the processing only", `<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"/>` + choices(`shuffle="true" maxChoices="1"`, "A", "B") +
			`<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/><baseValue baseType="identifier">B</baseValue></match><setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>`,
			[]string{"| text A | *text B"}},
		{"no key", choices(`maxChoices="1"`, "A", "B"), []string{"fault", "no option is marked as right"}},
		{"comments in the choices", strings.Replace(declare("single", "identifier", "B")+choices(`shuffle="true" maxChoices="1"`, "A", "B"), "text A", `text A<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">because</feedbackInline>`, 1), []string{"| !text A | *text B"}},
		{"matching", declare("multiple", "directedPair", "a Y", "b X") + matchSets("a b", "X Y Z"), []string{`matching "Which?" | X | Y | Z | a=Y | b=X`}},
		{"matching the other way round", declare("multiple", "directedPair", "a X", "a Y", "b Z") + matchSets("a b", "X Y Z"), []string{`matching "Which?" | a | b | X=a | Y=a | Z=b`}},
		{"matching of many with many", declare("multiple", "directedPair", "a X", "a Y", "b X") + matchSets("a b", "X Y"), []string{"skipped", "both sides have several partners"}},
		{"yes and no", declare("multiple", "directedPair", "a Yes", "b No") + matchSets("a b", "Yes No"), []string{"yes_no", "a=true | b=false"}},
		{"a row without a partner", declare("multiple", "directedPair", "a X", "b Y") + matchSets("a b c", "X Y"), []string{"a=X | b=Y", "1 rows without a right partner"}},
		{"ordering", declare("ordered", "identifier", "B", "C", "A") + strings.ReplaceAll(choices(`shuffle="true"`, "A", "B", "C"), "choiceInteraction", "orderInteraction"), []string{`ordering "Scenario. Which?" | text B | text C | text A` + "\n"}},
		{"ordering in part", declare("ordered", "identifier", "B") + strings.ReplaceAll(choices(``, "A", "B", "C"), "choiceInteraction", "orderInteraction"), []string{"leaves some of its steps out"}},
		{"words in gaps", declare("multiple", "directedPair", "w G1", "v G2") + `<itemBody><gapMatchInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Fill.</prompt><gapText identifier="v" matchMax="1">vale</gapText><gapText identifier="w" matchMax="1">wood</gapText><p>A <gap identifier="G1"/> and a <gap identifier="G2"/>.</p></gapMatchInteraction></itemBody>`,
			[]string{`"A [1] and a [2]. Fill."`, "[1]=wood | [2]=vale"}},
		{"a list in a line", strings.Replace(declare("single", "identifier", "b"), "RESPONSE", "R1", 1) + strings.Replace(declare("single", "identifier", "c"), "RESPONSE", "R2", 1) + `<itemBody><p>One <inlineChoiceInteraction responseIdentifier="R1" shuffle="true"><inlineChoice identifier="a">x</inlineChoice><inlineChoice identifier="b">y</inlineChoice></inlineChoiceInteraction> two <inlineChoiceInteraction responseIdentifier="R2"><inlineChoice identifier="c">x</inlineChoice><inlineChoice identifier="d">z</inlineChoice></inlineChoiceInteraction>?</p></itemBody>`,
			[]string{`matching "One [1] two [2]?" | x | y | z | [1]=y | [2]=x`, "a list of its own"}},
		{"one list in a line", declare("single", "identifier", "b") + `<itemBody><p>One <inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="true"><inlineChoice identifier="a">x</inlineChoice><inlineChoice identifier="b">y</inlineChoice></inlineChoiceInteraction>?</p></itemBody>`, []string{`single "One […]?" | x | *y`}},
		{"gaps in a text that asks nothing", declare("multiple", "directedPair", "w G1", "v G2") + `<itemBody><gapMatchInteraction responseIdentifier="RESPONSE" shuffle="true"><gapText identifier="v" matchMax="1">vale</gapText><gapText identifier="w" matchMax="1">wood</gapText><p>A <gap identifier="G1"/>.</p><p>A <gap identifier="G2"/>.</p></gapMatchInteraction></itemBody>`,
			[]string{`"A [1]. A [2]. Which choice belongs in …"`}},
		{"pairs in one set", declare("multiple", "pair", "a b", "c d") + `<itemBody><associateInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Pair.</prompt><simpleAssociableChoice identifier="a" matchMax="1">A</simpleAssociableChoice><simpleAssociableChoice identifier="b" matchMax="1">B</simpleAssociableChoice><simpleAssociableChoice identifier="c" matchMax="1">C</simpleAssociableChoice><simpleAssociableChoice identifier="d" matchMax="1">D</simpleAssociableChoice></associateInteraction></itemBody>`, []string{"matching", "A=B | C=D"}},
		{"pairs in a set within", declare("multiple", "pair", "a b", "c d") + `<itemBody><associateInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Pair.</prompt><simpleMatchSet><simpleAssociableChoice identifier="a">A</simpleAssociableChoice><simpleAssociableChoice identifier="b">B</simpleAssociableChoice><simpleAssociableChoice identifier="c">C</simpleAssociableChoice><simpleAssociableChoice identifier="d">D</simpleAssociableChoice></simpleMatchSet></associateInteraction></itemBody>`, []string{"A=B | C=D"}},
		{"one choice that keeps its place", declare("single", "identifier", "B") + strings.Replace(choices(`shuffle="true" maxChoices="1"`, "A", "B"), `identifier="B"`, `identifier="B" fixed="true"`, 1), []string{"*text B | fixed"}},
		{"words of a text", declare("multiple", "identifier", "h2") + `<itemBody><hottextInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Which is wrong?</prompt><p>A <hottext identifier="h1">b</hottext> c <hottext identifier="h2">d</hottext>.</p></hottextInteraction></itemBody>`, []string{`"A **b** c **d**. Which is wrong?"`, "| b | *d"}},
		{"text entry", `<itemBody><p>x <textEntryInteraction responseIdentifier="R"/></p></itemBody>`, []string{"skipped q.xml:1 (T): a short answer (textEntryInteraction)"}},
		{"unknown interaction", `<itemBody><p>x <dialInteraction responseIdentifier="R"/></p></itemBody>`, []string{"(dialInteraction)"}},
		{"two interactions", declare("single", "identifier", "B") + strings.Replace(choices("", "A", "B"), "</itemBody>", strings.TrimPrefix(choices("", "A", "B"), "<itemBody>"), 1), []string{"2 interactions in one item"}},
		{"drawn by lot", `<templateDeclaration identifier="X"/>` + declare("single", "identifier", "B") + choices("", "A", "B"), []string{"values drawn by lot"}},
		{"only a text", `<itemBody><p>x</p></itemBody>`, []string{"without a question"}},
		{"notes for markers", declare("single", "identifier", "B") + strings.Replace(choices("", "A", "B"), "<p>", `<rubricBlock view="scorer"><p>secret</p></rubricBlock><rubricBlock view="candidate"><p>Read.</p></rubricBlock><p>`, 1), []string{`"Read. Scenario. Which?"`}},
		{"MathML", declare("single", "identifier", "B") + strings.Replace(choices("", "A", "B"), "Scenario.", `<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math>`, 1), []string{`\\(x^{2}\\) Which?`}},
	}, itemFile)
}

func TestQTI3IsReadByTheSameRules(t *testing.T) {
	doc := read(`<?xml version="1.0"?><qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i1" title="T">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>B</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="2"/>
<qti-item-body><p>Scenario with <b>marks</b>.</p><qti-choice-interaction response-identifier="RESPONSE" max-choices="1" shuffle="true"><qti-prompt>Which?</qti-prompt>
<qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice></qti-choice-interaction></qti-item-body>
<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
<qti-modal-feedback outcome-identifier="F" identifier="correct" show-hide="show"><qti-content-body><p>Well done.</p></qti-content-body></qti-modal-feedback></qti-assessment-item>`, nil)
	if got := said(doc); !strings.Contains(got, `qti-3, 1 imported`) || !strings.Contains(got, `"Scenario with **marks**. Which?" | a | *b | right`) || doc.Questions[0].Points != 2 {
		t.Error(got)
	}
}

func TestQTI2CommentsByWhatBringsThemUp(t *testing.T) {
	rule := func(value, id string) string {
		return `<responseCondition><responseIf><match><variable identifier="RESPONSE"/><baseValue baseType="identifier">` + value + `</baseValue></match><setOutcomeValue identifier="F"><multiple><variable identifier="F"/><baseValue baseType="identifier">` + id + `</baseValue></multiple></setOutcomeValue></responseIf><responseElse><setOutcomeValue identifier="F"><multiple><variable identifier="F"/><baseValue baseType="identifier">not` + id + `</baseValue></multiple></setOutcomeValue></responseElse></responseCondition>`
	}
	modal := func(id, hide string) string {
		return `<modalFeedback outcomeIdentifier="F" identifier="` + id + `" showHide="` + hide + `">said ` + id + `</modalFeedback>`
	}
	doc := read(itemFile(declare("single", "identifier", "A")+`<outcomeDeclaration identifier="F" cardinality="multiple" baseType="identifier"/>`+choices(`shuffle="true" maxChoices="1"`, "A", "B", "C")+
		"<responseProcessing>"+rule("B", "f1")+rule("A", "f2")+"</responseProcessing>"+modal("f1", "show")+modal("notf2", "show")+modal("f9", "hide")), nil)
	if len(doc.Questions) != 1 {
		t.Fatal(said(doc))
	}
	q := doc.Questions[0]
	if q.Options[1].Rationale != "said f1" || q.Replies.Wrong != "said notf2" || q.Explanation != "said f9" {
		t.Errorf("options %+v, replies %+v, explanation %q", q.Options, q.Replies, q.Explanation)
	}
}

// A comment on wrong answers comes up with each of several keys chosen alone.
func TestACommentOnWrongAnswersIsNoExplanation(t *testing.T) {
	doc := read(itemFile(declare("multiple", "identifier", "A", "B")+`<outcomeDeclaration identifier="F" cardinality="single" baseType="identifier"/>`+choices(`shuffle="true" maxChoices="0"`, "A", "B", "C")+
		`<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match><setOutcomeValue identifier="F"><baseValue baseType="identifier">f1</baseValue></setOutcomeValue></responseIf>`+
		`<responseElse><setOutcomeValue identifier="F"><baseValue baseType="identifier">f2</baseValue></setOutcomeValue></responseElse></responseCondition></responseProcessing>`+
		`<modalFeedback outcomeIdentifier="F" identifier="f1" showHide="show">said 1</modalFeedback><modalFeedback outcomeIdentifier="F" identifier="f2" showHide="show">said 2</modalFeedback>`), nil)
	if len(doc.Questions) != 1 {
		t.Fatal(said(doc))
	}
	if q := doc.Questions[0]; q.Replies.Right != "said 1" || q.Replies.Wrong != "said 2" || q.Explanation != "" {
		t.Errorf("replies %+v, explanation %q", q.Replies, q.Explanation)
	}
}

func TestATextOfItsOwnFileBecomesACaseSet(t *testing.T) {
	item := itemFile(`<assessmentStimulusRef identifier="s1" href="s.xml" title="Case"/>` + declare("single", "identifier", "B") + choices(`maxChoices="1"`, "A", "B"))
	beside := map[string]string{
		"s.xml":       `<assessmentStimulus identifier="s1" title=""><stimulusBody><p>Read <em>this</em>.</p></stimulusBody></assessmentStimulus>`,
		"items/1.xml": strings.ReplaceAll(item, "s.xml", "../s.xml"), "items/2.xml": strings.ReplaceAll(item, "s.xml", "../s.xml"),
		"items/../s.xml": "", "../s.xml": "",
	}
	beside["items/../s.xml"] = beside["s.xml"]
	doc := read(`<assessmentTest title="Test"><testPart><assessmentSection title="Part 1"><assessmentItemRef href="items/1.xml"/><assessmentItemRef href="items/2.xml"/><assessmentItemRef href="items/9.xml"/></assessmentSection></testPart></assessmentTest>`, beside)
	if len(doc.Questions) != 2 || len(doc.Faults()) != 1 || doc.Title != "Test" {
		t.Fatal(said(doc))
	}
	a, b := doc.Questions[0], doc.Questions[1]
	if a.Stimulus == nil || a.Stimulus != b.Stimulus || a.Stimulus.Text != "Read *this*." || a.Stimulus.Title != "Case" || a.Category != "Part 1" {
		t.Errorf("%+v, category %q", a.Stimulus, a.Category)
	}
}

func TestRecognises(t *testing.T) {
	for text, want := range map[string]bool{
		classicFile(""): true, itemFile(""): true, "<!DOCTYPE x [<!ENTITY a 'b'>]>\n<!-- c --><qti-assessment-item/>": true,
		"<quiz></quiz>": false, "": false, "no XML": false, "<html><item/></html>": false,
	} {
		if got := qti.Recognises(text); got != want {
			t.Errorf("Recognises(%.60q) = %v", text, got)
		}
	}
}
