package httpd

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"sextant/internal/bank"
	"sextant/internal/catalogue"
	"sextant/internal/exam"
	"sextant/internal/richtext"
	"sextant/questions"
	"sextant/web"
)

// formHandler is what forms of questions need.
func formHandler(t *testing.T) *Handler {
	t.Helper()
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return &Handler{Deps: Deps{Catalogue: cat, Text: richtext.New()}}
}

// posted is what a browser sends for the question's form as it stands.
func posted(t *testing.T, h *Handler, q *exam.Question) url.Values {
	t.Helper()
	var page bytes.Buffer
	if err := web.QuestionFields(h.questionForm(q)).Render(context.Background(), &page); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader("<form>" + page.String() + "</form>"))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && attribute(n, "name") != "" {
			collect(form, n)
		}
	}
	return form
}

func collect(form url.Values, n *html.Node) {
	name := attribute(n, "name")
	switch n.Data {
	case "textarea":
		var text strings.Builder
		for c := range n.ChildNodes() {
			text.WriteString(c.Data)
		}
		form.Add(name, strings.ReplaceAll(text.String(), "\n", "\r\n"))
	case "select":
		for o := range n.ChildNodes() {
			if o.Type == html.ElementNode && has(o, "selected") {
				form.Add(name, attribute(o, "value"))
			}
		}
	case "input":
		kind := attribute(n, "type")
		if kind != "radio" && kind != "checkbox" || has(n, "checked") {
			form.Add(name, attribute(n, "value"))
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// Opening a question in the editor and saving it unchanged changes nothing, for
// every question there is.
func TestAFormSentUnchangedIsTheSameQuestion(t *testing.T) {
	h := formHandler(t)
	built, _ := bank.Load(questions.Bank(), exam.BuiltIn)
	for _, q := range built.Questions {
		got, err := readQuestion(posted(t, h, q))
		if err != nil {
			t.Fatalf("%s: %v", q.ID, err)
		}
		want := *q
		want.Bank, want.File, want.Line, want.Revision, want.Review = "", "", 0, "", exam.Review{}
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Fatalf("%s came back changed (-had +sent):\n%s", q.ID, diff)
		}
		if bank.Revision(got) != q.Revision {
			t.Fatalf("%s came back as another revision", q.ID)
		}
	}
}

func TestWhatImportsBringSurvivesTheForm(t *testing.T) {
	h := formHandler(t)
	want := &exam.Question{
		ID: "mine-one", Type: exam.Multiple, Title: "A <name>", Stem: "\"Quoted\" & <b>bold</b>\n\n    code", Ask: "Which?", FixedOrder: true,
		Explanation: "Because.", Replies: exam.Replies{Right: "Well done.", Partly: "Nearly.", Wrong: "No."}, Points: 2.5, Choose: 2,
		Category: "a/b", SourceID: "<id&1>", Tags: []string{"one, two", "three"},
		Options: []exam.Option{
			{ID: "A", Text: "a", Key: true, Weight: 66.66667}, {ID: "B", Text: "b", Key: true, Weight: 33.33333}, {ID: "C", Text: "c", Weight: -50},
		},
	}
	got, err := readQuestion(posted(t, h, want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-had +sent):\n%s", diff)
	}
}

func TestRowsAreAddedMovedAndTakenOut(t *testing.T) {
	texts := func(q *exam.Question) string {
		var list []string
		for _, o := range q.Options {
			list = append(list, string(o.ID)+o.Text)
		}
		for _, p := range q.Prompts {
			list = append(list, p.Text+">"+string(p.Match))
		}
		return strings.Join(list, " ")
	}
	for action, want := range map[string]string{
		"add_option":      "Ax By Cz D p>B r>",
		"remove_option.1": "Ax Bz p> r>",
		"remove_option.0": "Ay Bz p>A r>",
		"up_option.1":     "Ay Bx Cz p>A r>",
		"down_option.1":   "Ax Bz Cy p>C r>",
		"up_option.0":     "Ax By Cz p>B r>",
		"down_option.9":   "Ax By Cz p>B r>",
		"remove_prompt.0": "Ax By Cz r>",
		"add_prompt":      "Ax By Cz p>B r> >",
	} {
		q := &exam.Question{
			Type:    exam.Matching,
			Options: []exam.Option{{ID: "A", Text: "x"}, {ID: "B", Text: "y"}, {ID: "C", Text: "z"}},
			Prompts: []exam.Prompt{{Text: "p", Match: "B"}, {Text: "r"}},
		}
		if !rowAction(q, action) || texts(q) != want {
			t.Errorf("%s: %s, want %s", action, texts(q), want)
		}
	}
	for _, action := range []string{"", "save", "remove_option", "remove_option.x", "add_nothing"} {
		if rowAction(&exam.Question{}, action) {
			t.Errorf("%q was taken for an action on rows", action)
		}
	}
}

func TestWhatCannotBeANumberIsSaid(t *testing.T) {
	for field, value := range map[string]string{"difficulty": "hard", "points": "NaN", "choose": "two", "option.0.weight": "1e9", "type": "essay"} {
		form := url.Values{"type": {"multiple"}, "option.0.text": {"a"}}
		form.Set(field, value)
		if _, err := readQuestion(form); err == nil {
			t.Errorf("%s = %q went through", field, value)
		}
	}
}
