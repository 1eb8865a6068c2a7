package aiken_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/aiken"
	"sextant/internal/exchange/markup"
	"sextant/internal/exchange/samples"
)

func read(text string) *exchange.Document {
	return aiken.Read(exchange.Source{Name: "quiz.txt", Data: []byte(text)}, nil)
}

func TestReadingQuestions(t *testing.T) {
	file := "\ufeffIs a < b *here*?\r\nA) yes\r\nB.no\r\nC)\ta) b\r\nANSWER: B\r\n\r\nNext?\nA. x\nB. y\nanswer:a\nA third, at once?\nA) x\nB) y\nANSWER: B)\n"
	doc := read(file)
	if len(doc.Problems) > 0 {
		t.Fatalf("problems %v", doc.Problems)
	}
	option := func(id exam.OptionID, text string, key bool) exam.Option {
		return exam.Option{ID: id, Text: text, Key: key}
	}
	want := []*exam.Question{
		{Type: exam.Single, File: "quiz.txt", Line: 1, Ask: `Is a < b \*here\*?`, Options: []exam.Option{option("A", "yes", false), option("B", "no", true), option("C", "a) b", false)}},
		{Type: exam.Single, File: "quiz.txt", Line: 7, Ask: "Next?", Options: []exam.Option{option("A", "x", true), option("B", "y", false)}},
		{Type: exam.Single, File: "quiz.txt", Line: 11, Ask: "A third, at once?", Options: []exam.Option{option("A", "x", false), option("B", "y", true)}},
	}
	if diff := cmp.Diff(want, doc.Questions, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +read):\n%s", diff)
	}
}

func TestFaultsAreToldByLineAndLeaveTheQuestionsAroundThemAlone(t *testing.T) {
	const before, after = "Before?\nA) a\nB) b\nANSWER: A\n\n", "\nAfter?\nA) a\nB) b\nANSWER: B\n"
	tests := []struct {
		name, broken, message string
		line                  int
	}{
		{"no answer", "Which?\nA) a\nB) b\n", "no ANSWER line", 6},
		{"no options", "Which?\n", "no options", 6},
		{"an answer that is no option", "Which?\nA) a\nB) b\nANSWER: D\n", "the answer is D", 9},
		{"an answer in words", "Which?\nA) a\nB) b\nANSWER: BAD\n", `"BAD" is not one letter`, 9},
		{"several answers, one of them no option", "Which?\nA) a\nB) b\nANSWER: A, C\n", `"A, C" is not one letter`, 9},
		{"an option before its question", "A) a\nB) b\nANSWER: A\n", "before its question", 6},
		{"an answer alone", "ANSWER: A\n", "without a question", 6},
		{"a gap in the letters", "Which?\nA) a\nC) c\nANSWER: A\n", "option C stands where B is due", 6},
		{"one option", "Which?\nA) a\nANSWER: A\n", "2 to 26 options", 6},
		{"the same option twice", "Which?\nA) a\nB) a\nANSWER: A\n", "repeats an earlier option", 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(before + tt.broken + after)
			if len(doc.Questions) != 2 {
				t.Errorf("%d of the 2 questions around it came in", len(doc.Questions))
			}
			faults := doc.Faults()
			if len(faults) != 1 || !strings.Contains(faults[0].Message, tt.message) || faults[0].Where.Line != tt.line || faults[0].Remedy == "" {
				t.Errorf("faults %v", faults)
			}
		})
	}
}

func TestAQuestionWithoutAnAnswerLeavesTheOneDirectlyBelowAlone(t *testing.T) {
	doc := read("Which?\nA) a\nB) b\nAnd which?\nA) c\nB) d\nANSWER: A\n")
	if len(doc.Questions) != 1 || doc.Questions[0].Ask != "And which?" || doc.Questions[0].Line != 4 {
		t.Errorf("read %v", doc.Questions)
	}
	if faults := doc.Faults(); len(faults) != 1 || faults[0].Where.Line != 1 || !strings.Contains(faults[0].Message, "no ANSWER line") {
		t.Errorf("faults %v", faults)
	}
}

// What other systems refuse is read where it is plain, and told.
func TestWhatIsPlainlyMeantIsRead(t *testing.T) {
	option := func(id exam.OptionID, text string, key bool) exam.Option {
		return exam.Option{ID: id, Text: text, Key: key}
	}
	tests := []struct {
		name, file string
		want       exam.Question
		warnings   []string
	}{
		{"small letters", "1. Which?\na) x\nb. y\nANSWER: b\n", exam.Question{Ask: `1\. Which?`, Options: []exam.Option{option("A", "x", false), option("B", "y", true)}}, []string{"small letters"}},
		{"letters in brackets", "Which?\n(A) x\n(B) y\nANSWER: (B)\n", exam.Question{Ask: "Which?", Options: []exam.Option{option("A", "x", false), option("B", "y", true)}}, nil},
		{"the answer with its text", "Which?\nA) x is it\nB) y\nANSWER: A) x is it.\n", exam.Question{Ask: "Which?", Options: []exam.Option{option("A", "x is it", true), option("B", "y", false)}}, nil},
		{"other words for ANSWER", "Which?\nA) x\nB) y\nCorrect answer: A\n", exam.Question{Ask: "Which?", Options: []exam.Option{option("A", "x", true), option("B", "y", false)}}, nil},
		{
			"several answers", "Which two?\nA) x\nB) y\nC) z\nANSWER: A and C\n",
			exam.Question{Type: exam.Multiple, Ask: "Which two?", Options: []exam.Option{option("A", "x", true), option("B", "y", false), option("C", "z", true)}},
			[]string{"2 options are named as right"},
		},
		{"an option over two lines", "Which?\nA) x\n  e.g. this\nB) y\nANSWER: B\n", exam.Question{Ask: "Which?", Options: []exam.Option{option("A", "x e.g. this", false), option("B", "y", true)}}, []string{"an option goes over several lines"}},
		{
			"an explanation", "Which?\nA) x\nB) y\nANSWER: B\nEXPLANATION: y is *it*,\nas ever.\n",
			exam.Question{Ask: "Which?", Explanation: `y is \*it\*, as ever.`, Options: []exam.Option{option("A", "x", false), option("B", "y", true)}}, nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := read(tt.file + "\nNext?\nA) x\nB) y\nANSWER: A\n")
			if len(doc.Questions) != 2 {
				t.Fatalf("%d questions, problems %v", len(doc.Questions), doc.Problems)
			}
			tt.want.File, tt.want.Line = "quiz.txt", 1
			if tt.want.Type == "" {
				tt.want.Type = exam.Single
			}
			if diff := cmp.Diff(&tt.want, doc.Questions[0], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +read):\n%s", diff)
			}
			if len(doc.Problems) != len(tt.warnings) || len(doc.Problems) == 1 && !strings.Contains(doc.Problems[0].Message, tt.warnings[0]) {
				t.Errorf("problems %v", doc.Problems)
			}
		})
	}
}

func TestAQuestionOverSeveralLinesIsJoined(t *testing.T) {
	doc := read("A team has data.\nWhich?\nA) a\nB) b\nANSWER: B\n")
	if len(doc.Questions) != 1 || doc.Questions[0].Ask != "A team has data. Which?" || len(doc.Problems) != 1 || doc.Problems[0].Severity != exchange.Warning {
		t.Errorf("%v, problems %v", doc.Questions, doc.Problems)
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	for name, file := range map[string]string{
		"nothing": "", "blank lines": "\n\n\n", "a NUL": "Which?\x00\nA) a\nB) b\nANSWER: A\n", "an endless line": strings.Repeat("x", 1<<22),
		"a million answers": strings.Repeat("ANSWER: A\n", 1<<17), "a million options": "Which?\n" + strings.Repeat("A) a\n", 1<<18) + "ANSWER: A\n",
	} {
		if doc := read(file); len(doc.Questions) != 0 || len(doc.Faults()) == 0 {
			t.Errorf("%s: %d questions, %d problems", name, len(doc.Questions), len(doc.Problems))
		}
	}
}

// What Aiken holds of a single choice is its plain text, on one line, and its key.
func TestWhatIsWrittenReadsBackAsFarAsAikenHoldsIt(t *testing.T) {
	line := func(markdown string) string { return strings.Join(strings.Fields(markup.ToPlain(markdown)), " ") }
	rapid.Check(t, func(t *rapid.T) {
		questions := samples.Questions(t)
		losses := aiken.Losses(questions)
		var file bytes.Buffer
		if err := aiken.Write(&file, questions, nil); err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, q := range questions {
			switch {
			case q.Type != exam.Single:
				continue
			case !distinct(q, line):
				return // options that differ in their layout alone can't both be written
			}
			summary := line(exchange.FullText(q))
			for _, o := range q.Options {
				summary += fmt.Sprintf("|%s %t", line(o.Text), o.Key)
			}
			want = append(want, summary)
		}
		for _, q := range read(file.String()).Questions {
			summary := strings.TrimPrefix(line(exchange.FullText(q)), "– ")
			for _, o := range q.Options {
				summary += fmt.Sprintf("|%s %t", line(o.Text), o.Key)
			}
			got = append(got, summary)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-written +read):\n%s\n%s", diff, file.String())
		}
		if len(losses) != len(questions)-len(want)+1 {
			t.Fatalf("%d losses for %d questions, %d written", len(losses), len(questions), len(want))
		}
	})
}

func distinct(q *exam.Question, line func(string) string) bool {
	seen := map[string]bool{}
	for _, o := range q.Options {
		seen[line(o.Text)] = true
	}
	return len(seen) == len(q.Options) && !seen[""] && line(exchange.FullText(q)) != ""
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"Which?\nA) a\nB) b\nANSWER: B\n", "A. a\n\nWhich\n\nA) a\nANSWER:", "a\nb\nA)b\nC)d\nanswer : c)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := read(text)
		if len(doc.Questions)+len(doc.Problems) == 0 {
			t.Error("nothing came in, and nothing was said")
		}
	})
}

// BenchmarkRead reads 10,000 questions: 0.2 s on two cores, 32 MB resident.
func BenchmarkRead(b *testing.B) {
	var file strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&file, "Which of these services runs model %d?\nA) one\nB) two\nC) three\nD) four\nANSWER: C\n\n", i)
	}
	src := exchange.Source{Name: "big.txt", Data: []byte(file.String())}
	b.ReportAllocs()
	for b.Loop() {
		if doc := aiken.Read(src, nil); len(doc.Questions) != 10_000 {
			b.Fatalf("%d questions, %v", len(doc.Questions), doc.Problems[:1])
		}
	}
}
