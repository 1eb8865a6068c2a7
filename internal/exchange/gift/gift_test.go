package gift_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/gift"
)

// dot is a PNG of one pixel.
var dot, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

func read(text string) *exchange.Document {
	return gift.Read(exchange.Source{Name: "quiz.gift", Data: []byte(text)}, nil)
}

func single(ask string, options ...exam.Option) *exam.Question {
	return &exam.Question{Type: exam.Single, Ask: ask, Options: options}
}

func TestReadingQuestions(t *testing.T) {
	wrong := func(id exam.OptionID, text string) exam.Option { return exam.Option{ID: id, Text: text} }
	key := func(id exam.OptionID, text string) exam.Option { return exam.Option{ID: id, Text: text, Key: true} }
	tests := []struct {
		name, file string
		want       *exam.Question
	}{
		{"single choice", "Which?{=a ~b ~c}", single("Which?", key("A", "a"), wrong("B", "b"), wrong("C", "c"))},
		{
			"feedback and partial credit", "Which?{=a#yes ~%50%b#nearly ~%-25%c#no ####in all}",
			&exam.Question{Type: exam.Single, Ask: "Which?", Explanation: "in all", Options: []exam.Option{
				{ID: "A", Text: "a", Key: true, Rationale: "yes"}, {ID: "B", Text: "b", Weight: 50, Rationale: "nearly"}, {ID: "C", Text: "c", Weight: -25, Rationale: "no"},
			}},
		},
		{
			"several may be chosen", "Which?{~%50%a ~%50%b ~%-100%c}",
			&exam.Question{Type: exam.Multiple, Ask: "Which?", Options: []exam.Option{key("A", "a"), key("B", "b"), {ID: "C", Text: "c", Weight: -100}}},
		},
		{
			"weights with a decimal comma", "Which?{~%33,33333%a ~%33,33333%b ~%33,33333%c ~d}",
			&exam.Question{Type: exam.Multiple, Ask: "Which?", Options: []exam.Option{key("A", "a"), key("B", "b"), key("C", "c"), wrong("D", "d")}},
		},
		{"missing word", "Snow is {=white ~black}.", single(`Snow is \_\_\_\_\_.`, key("A", "white"), wrong("B", "black"))},
		{
			"true or false", "Snow is white.{TRUE#look again#indeed####in all}",
			&exam.Question{Type: exam.Single, Ask: "Snow is white.", FixedOrder: true, Explanation: "in all", Options: []exam.Option{
				{ID: "A", Text: "True", Key: true, Rationale: "indeed"}, {ID: "B", Text: "False", Rationale: "look again"},
			}},
		},
		{
			"true or false, briefly", "Snow is black.{ F }",
			&exam.Question{Type: exam.Single, Ask: "Snow is black.", FixedOrder: true, Options: []exam.Option{wrong("A", "True"), key("B", "False")}},
		},
		{
			"matching with a shared and a spare option", "Where?{=Lyon -> France =Nice -> France =Bonn -> Germany = -> Spain}",
			&exam.Question{Type: exam.Matching, Ask: "Where?", Options: []exam.Option{wrong("A", "France"), wrong("B", "Germany"), wrong("C", "Spain")}, Prompts: []exam.Prompt{
				{Text: "Lyon", Match: "A"}, {Text: "Nice", Match: "A"}, {Text: "Bonn", Match: "B"},
			}},
		},
		{
			"ordering", "::Steps::Sort.{>3 ALL VERTICAL ABSOLUTE_POSITION SHOW NUM\nfirst\nsecond\nthird\n}",
			&exam.Question{Type: exam.Ordering, Title: "Steps", Ask: "Sort.", Options: []exam.Option{{ID: "A", Text: "first", Place: 1}, {ID: "B", Text: "second", Place: 2}, {ID: "C", Text: "third", Place: 3}}},
		},
		{
			"ordering on few settings", "Sort.{>2\nfirst\nsecond}",
			&exam.Question{Type: exam.Ordering, Ask: "Sort.", Options: []exam.Option{{ID: "A", Text: "first", Place: 1}, {ID: "B", Text: "second", Place: 2}}},
		},
		{
			"ordering with an absurd number", "Sort.{>99999999999999999999 ALL\nfirst\nsecond}",
			&exam.Question{Type: exam.Ordering, Ask: "Sort.", Options: []exam.Option{{ID: "A", Text: "first", Place: 1}, {ID: "B", Text: "second", Place: 2}}},
		},
		{"escapes", `Is \{a\: b\} \= \#1 \~ \\n?{=yes\:\= ~no}`, single(`Is {a: b} = #1 ~ \n?`, key("A", "yes:="), wrong("B", "no"))},
		{"a scenario and its question", `Two weeks.\n\nWhich?{=a ~b}`, &exam.Question{Type: exam.Single, Stem: "Two weeks.", Ask: "Which?", Options: []exam.Option{key("A", "a"), wrong("B", "b")}}},
		{"HTML", "[html]<p>Is <b>this</b> it?</p>{=<p>yes</p> ~[plain]a < b}", single("Is **this** it?", key("A", "yes"), wrong("B", "a < b"))},
		{"Markdown", `[markdown]Is *this*\n\n- a\n- b{=[plain]*yes* ~*no*}`, single("Is *this*\n\n- a\n- b", key("A", `\*yes\*`), wrong("B", "*no*"))},
		{"tags of HTML in Moodle's own format", "Is <b>this</b> it?{=a&nbsp;b ~List<T>}", single("Is **this** it?", key("A", "a\u00a0b"), wrong("B", `List\<T>`))},
		{"a blank line between the braces", "Which?{\n=a\n\n~b\n}", single("Which?", key("A", "a"), wrong("B", "b"))},
		{"a tilde before every option", "Which?{~a~=b~%0%c}", single("Which?", wrong("A", "a"), key("B", "b"), wrong("C", "c"))},
		{"a format in capitals", "[HTML]Is <b>this</b> it?{=a ~b}", single("Is **this** it?", key("A", "a"), wrong("B", "b"))},
		{"true or false before the end of a sentence", "Snow is white{T}.", &exam.Question{Type: exam.Single, Ask: "Snow is white.", FixedOrder: true, Options: []exam.Option{key("A", "True"), wrong("B", "False")}}},
		{
			"a category with spaces around its slashes", "$CATEGORY: $course$ / Storage / Buckets//Blobs\nWhich?{=a ~b}",
			&exam.Question{Type: exam.Single, Ask: "Which?", Category: "Storage/Buckets//Blobs", Options: []exam.Option{key("A", "a"), wrong("B", "b")}},
		},
		{
			"id, tags and category", "$CATEGORY: $course$/top/Unit 1: a/b\n\n// [id:q\\]1] [tag:one] [tag:two]\nWhich?{=a ~b}",
			&exam.Question{Type: exam.Single, Ask: "Which?", SourceID: "q]1", Category: "Unit 1: a/b", Tags: []string{"one", "two"}, Options: []exam.Option{key("A", "a"), wrong("B", "b")}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(tt.file)
			if len(doc.Faults()) > 0 || len(doc.Questions) != 1 {
				t.Fatalf("%d questions, problems %v", len(doc.Questions), doc.Problems)
			}
			if diff := cmp.Diff(tt.want, doc.Questions[0], apart, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +read):\n%s", diff)
			}
		})
	}
}

func TestFaultsLeaveTheQuestionsAroundThemAlone(t *testing.T) {
	tests := []struct{ name, broken, message string }{
		{"no closing brace", "Which? {=a ~b", "don't end with }"},
		{"no opening brace", "Which? =a ~b}", "without having begun"},
		{"braces in the wrong order", "Which }? {=a ~b", "before the {"},
		{"a pair without an arrow", "Which?{=a -> b =c}", `"c" has no ->`},
		{"code with braces among the answers", "Which?{=f() { g() } ~h()}", "a { stands within the answers"},
		{"two gaps", "Ice is {=cold ~hot} and fire is {=hot ~cold}.", "two pairs of braces"},
		{"a weight over 100", "Which?{~%150%a ~b}", "weight is 150%"},
		{"no right option", "Which?{~a ~b}", "mark the right options"},
		{"one option", "Which?{~%100%a}", "2 to 26 options"},
		{"the same option twice", "Which?{=a ~b ~b}", "repeats an earlier option"},
		{"too many options", "Which?{=a" + strings.Repeat(" ~b", 26) + "}", "2 to 26 options"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read("::before::Is it?{T}\n\n::broken::" + tt.broken + "\n\n::after::Is it?{F}\n")
			if len(doc.Questions) != 2 {
				t.Errorf("%d of the 2 questions around it came in", len(doc.Questions))
			}
			faults := doc.Faults()
			if len(faults) == 0 || !strings.Contains(faults[0].Message, tt.message) || faults[0].Where.String() != "quiz.gift:3 (broken)" || faults[0].Remedy == "" {
				t.Errorf("faults %v", faults)
			}
		})
	}
}

func TestWhatHasNoPlaceIsNamed(t *testing.T) {
	tests := []struct{ file, reason string }{
		{"Write about it. {}", "an essay"},
		{"How many? {#3:1}", "a numerical question"},
		{"How many? {#=%50%3..4}", "a numerical question"},
		{"Who?{=no one =nobody}", "a short answer"},
		{"Who?{no one}", "a short answer"},
		{"Is it?{true}", "write TRUE or FALSE in capitals"},
		{"Read this first.", "a text without a question"},
	}
	for _, tt := range tests {
		doc := read(tt.file)
		if len(doc.Skipped) != 1 || !strings.Contains(doc.Skipped[0].Reason, tt.reason) || len(doc.Questions)+len(doc.Problems) != 0 {
			t.Errorf("%s: skipped %v, problems %v, %d questions", tt.file, doc.Skipped, doc.Problems, len(doc.Questions))
		}
	}
}

func TestWarnings(t *testing.T) {
	tests := []struct{ name, file, message string }{
		{"several right answers", "Which?{=a =b ~c}", "2 options are marked ="},
		{"a full mark beside the right answer", "Which?{=a ~%100%b ~c}", "2 options are marked ="},
		{"a missing image", `[html]Which? <img src\="@@PLUGINFILE@@/a.png" alt\="a">{=a ~b}`, "a.png isn't beside the file"},
		{"an image elsewhere", `[markdown]Which? ![a](https\://example.com/a.png){=a ~b}`, "is on another site"},
		{"a script", `[html]Which?<script>alert(1)</script>{=a ~b}`, "script"},
		{"a blank line between braces", "Which?{=a\n\n~b}", "a blank line"},
		{"an option without a text", "Which?{=a ~b ~}", "an option without a text was left out"},
		{"a case set without its text", "// [tag:sextant:case=aws-x]\nWhich?{=a ~b}", "aws-x isn't in the file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(tt.file)
			if len(doc.Questions) != 1 {
				t.Fatalf("%d questions, %v", len(doc.Questions), doc.Problems)
			}
			if len(doc.Problems) != 1 || doc.Problems[0].Severity != exchange.Warning || !strings.Contains(doc.Problems[0].Message, tt.message) {
				t.Errorf("problems %v", doc.Problems)
			}
			if strings.Contains(doc.Questions[0].Ask, "alert(1)") {
				t.Error("the script came in")
			}
		})
	}
}

func TestQuestionsWithoutABlankLineBetweenThemComeInApart(t *testing.T) {
	doc := read("// [tag:one]\n::first::Is it?{T}\n// [tag:two]\n::second::Which {=a\n~b} is\nit?\n$CATEGORY: top/Later\nWhich?\n{=c ~d}\nAnd which?\n{=e ~f}")
	type row struct {
		Line                 int
		Title, Category, Ask string
		Tags                 []string
	}
	var got []row
	for _, q := range doc.Questions {
		got = append(got, row{q.Line, q.Title, q.Category, q.Ask, q.Tags})
	}
	want := []row{
		{2, "first", "", "Is it?", []string{"one"}}, {4, "second", "", `Which \_\_\_\_\_ is it?`, []string{"two"}},
		{8, "", "Later", "Which?", nil}, {10, "", "Later", "And which?", nil},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +read):\n%s", diff)
	}
	if len(doc.Problems) != 2 || doc.Problems[0].Where.Line != 4 || doc.Problems[1].Where.Line != 10 || !strings.Contains(doc.Problems[0].Message, "no blank line") {
		t.Errorf("problems %v", doc.Problems)
	}
}

func TestImagesBesideTheFileComeAlong(t *testing.T) {
	beside := func(name string) ([]byte, bool) { return dot, name == "pics/a dot.png" }
	doc := gift.Read(exchange.Source{Name: "quiz.gift", Data: []byte(
		`[html]<img src\="@@PLUGINFILE@@/pics/a%20dot.png" alt\="a dot"> Which?{=[markdown]![same](pics/a%20dot.png) ~b}`)}, beside)
	if len(doc.Questions) != 1 || len(doc.Problems) != 0 || len(doc.Media) != 1 {
		t.Fatalf("%d questions, %d images, problems %v", len(doc.Questions), len(doc.Media), doc.Problems)
	}
	q := doc.Questions[0]
	if !strings.Contains(q.Ask+q.Stem, "![a dot](media:") || !strings.Contains(q.Options[0].Text, "![same](media:") {
		t.Errorf("the images stand as %q and %q", q.Stem+q.Ask, q.Options[0].Text)
	}
}

func TestHostileFilesAreRefusedOrNeutralised(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	tests := []struct{ name, file string }{
		{"nothing", ""},
		{"comments only", "// nothing\n"},
		{"a NUL", "Which?{=a ~b\x00}"},
		{"not text", "PK\x03\x04\x00\x00"},
		{"an endless line", long + "{=" + long + " ~" + long},
		{"a million braces", strings.Repeat("{", 1<<20)},
		{"a million open questions", strings.Repeat("a{\n\n", 1<<18)},
		{"a million options", "Which?{" + strings.Repeat("~a", 1<<19) + "}"},
		{"a million pairs", "Which?{" + strings.Repeat("=a->b", 1<<18) + "~"},
		{"a million marks", "a" + strings.Repeat("####::[html]", 1<<18)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(tt.file)
			if len(doc.Questions) != 0 || len(doc.Problems)+len(doc.Skipped) == 0 {
				t.Errorf("%d questions, %d problems", len(doc.Questions), len(doc.Problems))
			}
		})
	}
}

func TestLossesAreNamed(t *testing.T) {
	keeps := single("Which?", exam.Option{ID: "A", Text: "a", Key: true}, exam.Option{ID: "B", Text: "b", Weight: 50})
	keeps.ID = "keeps"
	loses := &exam.Question{
		ID: "loses", Type: exam.Ordering, Ask: "Sort.", Explanation: "x", Points: 2, FixedOrder: true, Replies: exam.Replies{Right: "y"},
		Options: []exam.Option{{ID: "A", Text: "a", Place: 1}, {ID: "B", Text: "b", Place: 2}},
	}
	odd := single("Which?", exam.Option{ID: "A", Text: "a", Key: true, Weight: 80}, exam.Option{ID: "B", Text: "b"})
	odd.ID = "odd"
	count := map[exam.QuestionID]int{}
	for _, l := range gift.Losses([]*exam.Question{keeps, loses, odd}) {
		count[l.Question]++
	}
	if diff := cmp.Diff(map[exam.QuestionID]int{"loses": 4, "odd": 1}, count); diff != "" {
		t.Errorf("(-want +said):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"::n::[html]<p>a</p>{=b#c ~%50%d ####e}", "$CATEGORY: $course$/top/a\n\n// [id:1] [tag:b]\na{T#b#c}", "a{=b -> c = -> d}", "a{>3 ALL\nb\nc}",
		"// sextant:option-order=2,1\n// [tag:sextant:type=yes_no]\na{=b -> Yes =c -> No}", `a\{\n\\{#3:1}`, "a {=b ~c} d", "// sextant:ask-lines=9\na{\n\n=b ~c}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := read(text)
		for _, q := range doc.Questions {
			q.ID = ""
		}
		var file bytes.Buffer
		if err := gift.Write(&file, doc.Questions, doc.Media); err != nil {
			t.Fatal(err)
		}
		again := read(file.String())
		if len(again.Questions) != len(doc.Questions) {
			t.Errorf("%d of %d questions came back\n%s\n%v", len(again.Questions), len(doc.Questions), file.String(), again.Problems)
		}
	})
}

// BenchmarkRead reads 10,000 questions: 0.6 s on two cores, 59 MB resident.
func BenchmarkRead(b *testing.B) {
	var file strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&file, "// [id:%d] [tag:cloud]\n::Question %d::[html]<p>A team runs model %d.</p><p>Which <b>service</b>?</p>{\n=<p>a</p>#<p>yes</p>\n~b#no\n~c#no\n~d#no\n####In all.\n}\n\n", i, i, i)
	}
	src := exchange.Source{Name: "big.gift", Data: []byte(file.String())}
	b.ReportAllocs()
	for b.Loop() {
		if doc := gift.Read(src, nil); len(doc.Questions) != 10_000 {
			b.Fatalf("%d questions, %v", len(doc.Questions), doc.Problems[:1])
		}
	}
}
