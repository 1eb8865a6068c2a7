package bank_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"sextant/internal/bank"
	"sextant/internal/exam"
)

func writeJSON(t interface {
	Helper()
	Fatalf(string, ...any)
}, questions []*exam.Question) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := bank.EncodeJSON(&out, questions); err != nil {
		t.Fatalf("EncodeJSON: %v", err)
	}
	return out.Bytes()
}

func parseJSON(data string) (*bank.Bank, []bank.Remark) {
	return bank.ParseJSON(bank.File{Name: "q.json", Data: []byte(data)}, "uploads", nil)
}

func TestJSONReadsBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := []*exam.Question{anyQuestion(t), anyQuestion(t), anyQuestion(t)}
		for i, q := range want {
			q.ID = exam.QuestionID("aws-any-0" + string(rune('1'+i)))
			if q.Stimulus != nil {
				q.Stimulus.ID = exam.StimulusID(q.ID) + "-case"
			}
		}
		if want[0].Stimulus != nil { // a set whose questions don't stand side by side
			want[2].Stimulus = want[0].Stimulus
		}
		for _, q := range want {
			q.Revision = bank.Revision(q)
		}
		data := writeJSON(t, want)
		b, remarks := bank.ParseJSON(bank.File{Name: "q.json", Data: data}, "uploads", nil)
		if bank.HasErrors(remarks) {
			t.Fatalf("what EncodeJSON wrote can't be read:\n%s\n%s", report(remarks), data)
		}
		if diff := cmp.Diff(want, b.Questions, ignorePlace, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-written +read):\n%s", diff)
		}
	})
}

func TestEntriesOfAJSONFileFollowTheSchema(t *testing.T) {
	schema := compileSchema(t)
	b, _ := bank.ParseFiles(append(sampleFiles(t, "good"), sampleFiles(t, "imported")...), "uploads")
	entries, err := jsonschema.UnmarshalJSON(bytes.NewReader(writeJSON(t, b.Questions)))
	if err != nil {
		t.Fatal(err)
	}
	list, ok := entries.([]any)
	if !ok || len(list) != 8 {
		t.Fatalf("%d entries, want 7 questions and a case set", len(list))
	}
	for _, entry := range list {
		if err := schema.Validate(entry); err != nil {
			t.Error(err)
		}
	}
	if got := string(writeJSON(t, nil)); !json.Valid([]byte(got)) {
		t.Errorf("no questions at all are written as %q", got)
	}
}

const yesOrNo = `"type": "single", "ask": "Is it?", "options": [{"text": "Yes", "key": true}, {"text": "No"}]`

func TestFaultsOfAJSONFileAreNamedWithTheirLine(t *testing.T) {
	good := "{\"id\": \"good-one\", " + yesOrNo + "}"
	cases := []struct {
		name, data string
		kept       int
		want       string // the errors, without the file's name
	}{
		{"good", "[" + good + "]", 1, ""},
		{"empty list", "[]", 0, ""},
		{"nothing", " \n", 0, "1: is empty; write a list of questions\n"},
		{"an object", "\n{}", 0, "2: a JSON file of questions is a list; put the questions between [ and ]\n"},
		{"an entry that is text", "[\n\"x\",\n" + good + "]", 1, "2: a question file is made of keys and values (id, platform, skill, …); this is \"x\"\n"},
		{"cut off", "[" + good + ",\n{\"id\": \"b", 1, "2: not read further: the list doesn't end; is part of the file missing?\n"},
		{"no bracket", "[" + good + "\n", 1, "2: not read further: the list doesn't end; is part of the file missing?\n"},
		{"a comma too many", "[" + good + ",\n]", 1, "2: not read further: invalid character ']' looking for beginning of value\n"},
		{"two lists", "[" + good + "]\n[]", 1, "2: not read further: something follows the list; write one list\n"},
		{"a typo", "[\n{\"id\": \"a-typo\",\n\"tittle\": \"x\", " + yesOrNo + "}]", 0, "3: \"tittle\" is not a key here; did you mean \"title\"?\n"},
		{"a number for text", "[{\"id\": \"a-number\",\n\"stem\": 7, " + yesOrNo + "}]", 0, "2: stem: 7 reads as a number; put it in quotes\n"},
		{"null", "[{\"id\": \"a-null\",\n\"stem\": null, " + yesOrNo + "}]", 0, "2: stem: is empty; write a value or remove the line\n"},
		{"a fraction", "[{\"id\": \"a-fraction\",\n\"difficulty\": 2.5, " + yesOrNo + "}]", 0, "2: difficulty: write a whole number, not a number\n"},
		{"an exponent", "[{\"id\": \"an-exponent\", \"points\": 1e1, " + yesOrNo + "}]", 1, ""},
		{"too large a number", "[{\"id\": \"too-large\",\n\"points\": 1e999, " + yesOrNo + "}]", 0, "2: points: write a number such as 50 or 33.3, not a number\n"},
		{"a key twice", "[{\"id\": \"a-key-twice\", \"stem\": \"a\",\n\"stem\": \"b\", " + yesOrNo + "}]", 0, "2: stem: is given twice (first on line 1); keep one\n"},
		{"an id twice", "[" + good + ",\n" + good + "]", 1, "2: id: good-one is already used at q.json:1; give each its own\n"},
		{"an escaped control character", "[{\"id\": \"a-bell\",\n\"stem\": \"\\u0007\", " + yesOrNo + "}]", 0, "2: stem: control character U+0007; remove it\n"},
		{"too deep", "[" + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "]", 0, "1: not read further: lists and objects are nested too deep; the format needs no such depth\n"},
		{"too many parts", "[{" + strings.Repeat("\"a\": 1, ", 30_000) + "\"b\": 1}]", 0, "1: not read further: a question has more parts than any needs\n"},
		{"Latin-1", "[\"\xe9\"]", 0, "1: byte 0xE9 is not UTF-8; save the file as UTF-8\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b, remarks := parseJSON(c.data)
			var got strings.Builder
			for _, r := range remarks {
				if r.Severity == bank.Error {
					got.WriteString(strings.TrimPrefix(r.String(), "q.json:") + "\n")
				}
			}
			if diff := cmp.Diff(c.want, got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(b.Questions) != c.kept {
				t.Errorf("kept %d questions, want %d", len(b.Questions), c.kept)
			}
		})
	}
}

func TestAJSONFileOfErrorsIsNotReadToItsEnd(t *testing.T) {
	_, remarks := parseJSON("[" + strings.Repeat("0, ", 1_000_000) + "0]")
	if last := remarks[len(remarks)-1]; len(remarks) > 2000 || !strings.Contains(last.Message, "more than 1000 errors") {
		t.Errorf("%d remarks, the last: %s", len(remarks), last)
	}
}

// FuzzParseJSON holds the reader of JSON to the promises of FuzzParse, and to
// reading back what is written of what it kept.
func FuzzParseJSON(f *testing.F) {
	b, _ := bank.ParseFiles(append(sampleFiles(f, "good"), sampleFiles(f, "imported")...), "uploads")
	f.Add(writeJSON(f, b.Questions))
	f.Add([]byte("[{\"id\": \"good-one\", " + yesOrNo + "}]"))
	f.Add([]byte(`[{"stimulus": {"id": "a-case", "title": "T", "text": "\ud83d\ude00"}, "questions": [{}, []]}, 1e5, null, [[[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, remarks := bank.ParseJSON(bank.File{Name: "fuzz.json", Data: data}, "uploads", nil)
		for _, r := range remarks {
			if r.File != "fuzz.json" || r.Line < 1 || r.Message == "" || r.Rule == "" {
				t.Errorf("incomplete remark %+v", r)
			}
		}
		for _, q := range b.Questions {
			if problems := q.Validate(); len(problems) > 0 {
				t.Errorf("kept an invalid question: %v", problems)
			}
		}
		again, remarks := bank.ParseJSON(bank.File{Name: "fuzz.json", Data: writeJSON(t, b.Questions)}, "uploads", nil)
		if diff := cmp.Diff(b.Questions, again.Questions, ignorePlace, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-kept +read again):\n%s\n%s", diff, report(remarks))
		}
	})
}
