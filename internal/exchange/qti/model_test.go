package qti_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
	"sextant/internal/exchange/archive"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/qti"
	"sextant/internal/exchange/samples"
	embedded "sextant/questions"
)

// The content models of the specifications, as far as packages of ours go, by
// the names of QTI 2: what may stand in an element, in which order, and its
// attributes. Names beginning with # are those of groups; text says that it takes
// text; ordered that its children come in the order given. QTI 3 has the same
// models but for the contentBody in a comment.
type model struct {
	children   string
	attributes string
	text       bool
	ordered    bool
}

var groups = map[string]string{
	"#inline": "a b br code em i img span strong sub sup",
	"#block":  "blockquote div h1 h2 h3 h4 h5 h6 hr ol p pre table ul",
}

var models = map[string]model{
	"assessmentItem": {
		children:   "responseDeclaration outcomeDeclaration itemBody responseProcessing modalFeedback",
		attributes: "identifier title adaptive timeDependent toolName", ordered: true,
	},
	"responseDeclaration": {children: "correctResponse mapping", attributes: "identifier cardinality baseType", ordered: true},
	"outcomeDeclaration":  {children: "defaultValue", attributes: "identifier cardinality baseType normalMaximum"},
	"defaultValue":        {children: "value"}, "correctResponse": {children: "value"}, "value": {text: true},
	"mapping": {children: "mapEntry", attributes: "defaultValue"}, "mapEntry": {attributes: "mapKey mappedValue"},
	"itemBody":               {children: "#block choiceInteraction matchInteraction orderInteraction"},
	"choiceInteraction":      {children: "prompt simpleChoice", attributes: "responseIdentifier shuffle maxChoices minChoices", ordered: true},
	"orderInteraction":       {children: "prompt simpleChoice", attributes: "responseIdentifier shuffle", ordered: true},
	"matchInteraction":       {children: "prompt simpleMatchSet", attributes: "responseIdentifier shuffle maxAssociations", ordered: true},
	"prompt":                 {children: "#inline", text: true},
	"simpleChoice":           {children: "#inline #block", text: true, attributes: "identifier"},
	"simpleMatchSet":         {children: "simpleAssociableChoice"},
	"responseProcessing":     {children: "responseCondition setOutcomeValue", attributes: "template"},
	"simpleAssociableChoice": {children: "#inline #block", text: true, attributes: "identifier matchMax"},
	"responseCondition":      {children: "responseIf responseElseIf responseElse", ordered: true},
	"responseIf":             {children: "match gt setOutcomeValue responseCondition"}, "responseElseIf": {children: "match gt setOutcomeValue"},
	"responseElse": {children: "setOutcomeValue"}, "setOutcomeValue": {children: "variable baseValue multiple mapResponse", attributes: "identifier"},
	"match": {children: "variable correct"}, "gt": {children: "variable baseValue"}, "multiple": {children: "baseValue variable"},
	"variable": {attributes: "identifier"}, "correct": {attributes: "identifier"}, "mapResponse": {attributes: "identifier"},
	"baseValue": {attributes: "baseType", text: true},
	// QTI 3 wraps a comment's content in a contentBody.
	"modalFeedback":     {children: "#inline #block contentBody", attributes: "outcomeIdentifier identifier showHide title", text: true},
	"contentBody":       {children: "#inline #block", text: true},
	"assessmentTest":    {children: "outcomeDeclaration testPart", attributes: "identifier title", ordered: true},
	"testPart":          {children: "assessmentSection", attributes: "identifier navigationMode submissionMode"},
	"assessmentSection": {children: "assessmentItemRef", attributes: "identifier title visible"},
	"assessmentItemRef": {attributes: "identifier href"},
	// HTML as QTI has it
	"blockquote": {children: "#block"}, "div": {children: "#inline #block", text: true}, "hr": {}, "br": {},
	"ol": {children: "li"}, "ul": {children: "li"}, "li": {children: "#inline #block", text: true},
	"p": {children: "#inline", text: true}, "pre": {children: "#inline", text: true},
	"table": {children: "thead tbody", ordered: true}, "thead": {children: "tr"}, "tbody": {children: "tr"},
	"tr": {children: "td th"}, "td": {children: "#inline", text: true}, "th": {children: "#inline", text: true},
	"a": {children: "#inline", attributes: "href", text: true}, "img": {attributes: "src alt"},
}

func modelOf(name string) (model, bool) {
	m, ok := models[name]
	switch {
	case ok:
	case len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6', slices.Contains(strings.Fields(groups["#inline"]), name):
		m, ok = model{children: "#inline", text: true}, true
	}
	for group, members := range groups {
		m.children = strings.ReplaceAll(m.children, group, members)
	}
	m.attributes += " class xsi:schemaLocation xmlns xmlns:xsi"
	return m, ok
}

// required are the attributes an element can't do without.
var required = map[string]string{
	"img": "src alt", "a": "href", "simpleChoice": "identifier", "assessmentItem": "identifier title adaptive timeDependent",
	"modalFeedback": "outcomeIdentifier identifier showHide", "choiceInteraction": "responseIdentifier shuffle maxChoices", "mapEntry": "mapKey mappedValue",
}

// violation is the first place where a file of a package breaks the models; ""
// for none.
func violation(file []byte) string {
	type open struct {
		name  string
		model model
		last  int
		met   map[string]bool
	}
	stack := []open{{name: "the file", model: model{children: "assessmentItem assessmentTest"}}}
	ids := map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(file))
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return ""
		}
		if err != nil {
			return err.Error()
		}
		parent := &stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			name := v2Name(t.Name.Local)
			m, known := modelOf(name)
			allowed := strings.Fields(parent.model.children)
			at := slices.Index(allowed, name)
			switch {
			case !known, at < 0:
				return fmt.Sprintf("<%s> in <%s>", t.Name.Local, parent.name)
			case parent.model.ordered && at < parent.last:
				return fmt.Sprintf("<%s> in <%s> behind what must follow it", name, parent.name)
			}
			parent.last = max(parent.last, at)
			if parent.met == nil {
				parent.met = map[string]bool{}
			}
			parent.met[name] = true
			if wrong := attributesOf(t, name, m, ids); wrong != "" {
				return wrong
			}
			stack = append(stack, open{name: name, model: m})
		case xml.EndElement:
			if needs := map[string]string{"table": "tbody", "tbody": "tr"}[parent.name]; needs != "" && !parent.met[needs] {
				return "<" + parent.name + "> without <" + needs + ">"
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if !parent.model.text && strings.TrimSpace(string(t)) != "" {
				return fmt.Sprintf("text %.40q in <%s>", string(t), parent.name)
			}
		}
	}
}

func attributesOf(t xml.StartElement, name string, m model, ids map[string]bool) string {
	missing := strings.Fields(required[name])
	for _, a := range t.Attr {
		key := a.Name.Local
		if a.Name.Space != "" {
			key = a.Name.Space + ":" + key
		} else if strings.HasPrefix(t.Name.Local, "qti-") {
			key = v2Name("qti-" + key)
		}
		if !slices.Contains(strings.Fields(m.attributes), key) {
			return fmt.Sprintf("%s of <%s>", key, name)
		}
		missing = slices.DeleteFunc(missing, func(k string) bool { return k == key })
		if key == "identifier" && (name == "simpleChoice" || name == "simpleAssociableChoice") {
			if ids[a.Value] {
				return "the identifier " + a.Value + " twice"
			}
			ids[a.Value] = true
		}
	}
	if len(missing) > 0 {
		return fmt.Sprintf("<%s> without %s", name, missing[0])
	}
	return ""
}

// v2Name is a name of QTI 3 as QTI 2 spells it.
func v2Name(name string) string {
	rest, ok := strings.CutPrefix(name, "qti-")
	if !ok {
		return name
	}
	parts := strings.Split(rest, "-")
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
	}
	return strings.Join(parts, "")
}

func violations(t failer, a *archive.Archive) {
	t.Helper()
	for _, name := range a.Names() {
		if name == "imsmanifest.xml" || !strings.HasSuffix(name, ".xml") {
			continue
		}
		data, err := a.Read(name)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if wrong := violation(data); wrong != "" {
			t.Fatalf("%s has %s\n%s", name, wrong, data)
		}
	}
}

func TestWhatIsWrittenKeepsToTheContentModels(t *testing.T) {
	b, _ := bank.Load(embedded.Bank(), exam.BuiltIn)
	for _, v := range []qti.Version{qti.V22, qti.V30} {
		violations(t, written(t, v, b.Questions, nil))
		rapid.Check(t, func(t *rapid.T) { violations(t, written(t, v, samples.Questions(t), nil)) })
	}
}

func TestTheModelsFindWhatBreaksThem(t *testing.T) {
	tests := map[string]string{
		`<assessmentItem identifier="i" title="t" adaptive="false" timeDependent="false"><itemBody>bare text</itemBody></assessmentItem>`:                             "text",
		`<assessmentItem identifier="i" title="t" adaptive="false" timeDependent="false"><itemBody><p><ul/></p></itemBody></assessmentItem>`:                          "<ul> in <p>",
		`<assessmentItem identifier="i" title="t" adaptive="false" timeDependent="false"><itemBody/><responseDeclaration/></assessmentItem>`:                          "behind",
		`<qti-assessment-item identifier="i" title="t" adaptive="false" time-dependent="false"><qti-item-body><p onclick="x"/></qti-item-body></qti-assessment-item>`: "onclick",
		`<assessmentItem identifier="i"/>`: "without title",
	}
	for file, want := range tests {
		if got := violation([]byte(file)); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

func TestEveryKindOfMarkdownKeepsToTheContentModels(t *testing.T) {
	texts := []string{
		"5. five\n6. six", "| a | b |\n|---|---|\n\n| c |\n|---|\n| d |", "> quoted\n>\n> - a list\n>\n> more", "a\\\nb", "a<br>b", "~~struck~~ and ~~**both**~~", "- [ ] a task\n- [x] done", "## Heading\n\ntext\n\n***",
		"- one\n\n  two\n- three\n  1. four\n     - five", "| a | b |\n|:-:|--:|\n| `x` | **y** ~~z~~ |", `[a link](https://example.com "with a title") and <https://example.com>`,
		"[by http](http://example.com)", "![missing](media:none.png)", "H<sub>2</sub>O<sup>+</sup>", "<div>raw</div>", "<script>alert(1)</script>", "```go\nx := 1\n```", "    indented", "\\(x<1\\) $$y>2$$", "&lt;b&gt; & &copy;", "",
	}
	for i, text := range texts {
		q := &exam.Question{
			ID: "aws-md-01", Type: exam.Single, Stem: text, Ask: text, Explanation: text, Remember: text, Replies: exam.Replies{Right: text, Wrong: text},
			Stimulus: &exam.Stimulus{ID: "aws-case-01", Title: "t", Text: text},
			Options:  []exam.Option{{ID: "A", Text: text, Key: true, Rationale: text}, {ID: "B", Text: "b", Weight: 50}},
		}
		m := &exam.Question{ID: "aws-md-02", Type: exam.Matching, Ask: text, Options: []exam.Option{{ID: "A", Text: text}, {ID: "B", Text: "b"}}, Prompts: []exam.Prompt{{Text: text, Match: "A"}, {Text: "p", Match: "B", Rationale: text}}}
		for _, v := range []qti.Version{qti.V22, qti.V30} {
			t.Run(fmt.Sprint(v, i), func(t *testing.T) {
				violations(t, written(t, v, []*exam.Question{q, m}, nil))
				if markup.Normal(text) != "" && !strings.Contains(text, "media:none") {
					thereAndBack(t, v, []*exam.Question{q, m}, nil)
				}
			})
		}
	}
}
